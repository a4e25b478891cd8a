//! A plot's place on the sheet, its coordinates and axes.

use plotters::backend::SVGBackend;
use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;

use super::PlotError;
use super::canvas::{Anchor, Canvas, pixels};
use super::style::{LEFT, MARGIN, PLAIN, RIGHT, WIDTH, stroke};
use super::ticks::Tick;

/// Where series are drawn, in the axes' own numbers.
pub(super) type Chart<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Width of every plot between its margins.
pub(super) const PLOT_WIDTH: f64 = WIDTH - LEFT - RIGHT;

/// Room under a plot for tick labels of one line and the axis label.
pub(super) const BELOW: f64 = 68.0;
/// Room for a second line of tick labels.
pub(super) const CONTEXT: f64 = 20.0;

/// A plot's place on the sheet and its coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// How wide it is.
    pub width: f64,
    /// Upper edge.
    pub top: f64,
    /// How high it is.
    pub height: f64,
    /// What is at the left and the right edge.
    pub x: (f64, f64),
    /// What is at the lower and the upper edge.
    pub y: (f64, f64),
}

impl Frame {
    /// Its lower edge.
    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Where a value of x is on the sheet.
    pub(super) fn x_at(&self, x: f64) -> f64 {
        LEFT + (x - self.x.0) / (self.x.1 - self.x.0) * self.width
    }

    /// Where a value of y is on the sheet.
    pub(super) fn y_at(&self, y: f64) -> f64 {
        self.bottom() - (y - self.y.0) / (self.y.1 - self.y.0) * self.height
    }

    /// Where series are drawn.
    pub(super) fn chart<'a>(&self, canvas: &Canvas<'a>) -> Result<Chart<'a>, PlotError> {
        let place = (pixels(LEFT), pixels(self.top));
        let size = (pixels(self.width) as u32, pixels(self.height) as u32);
        let area = canvas.root.clone().shrink(place, size);
        Ok(ChartBuilder::on(&area).build_cartesian_2d(self.x.0..self.x.1, self.y.0..self.y.1)?)
    }

    /// Grid lines, and labels of the y axis.
    pub(super) fn grid(&self, canvas: &Canvas<'_>, x: &[Tick], y: &[Tick]) -> Result<(), PlotError> {
        let style = stroke(canvas.palette.grid, 1.0);
        for tick in x {
            let at = self.x_at(tick.at);
            canvas.line([(at, self.top), (at, self.bottom())], style)?;
        }
        for tick in y {
            let at = self.y_at(tick.at);
            canvas.line([(LEFT, at), (LEFT + self.width, at)], style)?;
            canvas.text(&tick.label, PLAIN, canvas.palette.faint, (LEFT - 10.0, at), Anchor::Left)?;
        }
        Ok(())
    }

    /// The line at the foot, over whatever series drew there.
    pub(super) fn foot(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let line = [(LEFT, self.bottom()), (LEFT + self.width, self.bottom())];
        canvas.line(line, stroke(canvas.palette.faint, 1.0))
    }

    /// Tick labels and the label of the x axis.
    pub(super) fn x_labels(&self, canvas: &Canvas<'_>, ticks: &[Tick], label: &str) -> Result<(), PlotError> {
        let color = canvas.palette.faint;
        let mut y = self.bottom() + 18.0;
        for tick in ticks {
            let at = self.x_at(tick.at);
            canvas.line([(at, self.bottom()), (at, self.bottom() + 5.0)], stroke(color, 1.0))?;
            canvas.text(&tick.label, PLAIN, color, (at, y), Anchor::Middle)?;
            if let Some(context) = &tick.context {
                canvas.text(context, PLAIN, color, (at, y + CONTEXT), Anchor::Middle)?;
            }
        }
        if ticks.iter().any(|tick| tick.context.is_some()) {
            y += CONTEXT;
        }
        let middle = LEFT + 0.5 * self.width;
        canvas.text(label, PLAIN, canvas.palette.ink, (middle, y + 28.0), Anchor::Middle)
    }
}

/// `value` inside `range`; the lower end if it is no number.
pub(super) const fn within(value: f64, range: (f64, f64)) -> f64 {
    // `clamp` passes on what is no number, and a pixel cannot be that.
    value.max(range.0).min(range.1)
}

/// The label of the y axis of plots between `top` and `bottom`.
pub(super) fn y_label(canvas: &Canvas<'_>, label: &str, (top, bottom): (f64, f64)) -> Result<(), PlotError> {
    canvas.text(label, PLAIN, canvas.palette.ink, (MARGIN + 2.0, 0.5 * (top + bottom)), Anchor::Upward)
}
