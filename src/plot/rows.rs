//! Rows of a picture that has one for each journey of a population: their labels, and a scale beneath.

use super::PlotError;
use super::canvas::{Anchor, Canvas};
use super::frame::within;
use super::style::{MARGIN, PLAIN, ROW_TITLE, WIDTH, stroke};
use super::text::{clean, shortened, wrapped};
use super::ticks::Tick;

/// How high a row is.
pub(super) const ROW: f64 = 52.0;
/// Rows that one picture shows; the rest go on the next.
pub(super) const MOST_ROWS: usize = 30;
/// Where labels end.
pub(super) const LABEL_END: f64 = 330.0;
/// Where what a row shows begins.
pub(super) const BEGIN: f64 = 346.0;
/// Room under the rows for a scale with its name.
pub(super) const SCALE: f64 = 62.0;

/// The middle of a row.
pub(super) fn middle(top: f64, row: usize) -> f64 {
    top + ROW * (row as f64 + 0.5)
}

/// Two lines left of a row; three if the first is long.
pub(super) fn label(canvas: &Canvas<'_>, y: f64, [first, second]: [&str; 2]) -> Result<(), PlotError> {
    let room = LABEL_END - MARGIN;
    let (ink, faint) = (canvas.palette.ink, canvas.palette.faint);
    let lines = wrapped(&clean(first), ROW_TITLE, room)?;
    let titles = match lines.as_slice() {
        [title, rest @ ..] if !rest.is_empty() => {
            vec![title.clone(), shortened(&rest.join(" "), ROW_TITLE, room)?]
        }
        _ => vec![shortened(first, ROW_TITLE, room)?],
    };
    let pitch = if titles.len() > 1 { 17.0 } else { 20.0 };
    let mut at = y - 0.5 * pitch * titles.len() as f64;
    for title in titles {
        canvas.text(&title, ROW_TITLE, ink, (MARGIN, at), Anchor::Right)?;
        at += pitch;
    }
    canvas.text(&shortened(second, PLAIN, room)?, PLAIN, faint, (MARGIN, at), Anchor::Right)
}

/// A line between two rows.
pub(super) fn rule(canvas: &Canvas<'_>, y: f64) -> Result<(), PlotError> {
    canvas.line([(MARGIN, y), (WIDTH - MARGIN, y)], stroke(canvas.palette.grid, 1.0))
}

/// An axis for rows between `top` and `bottom`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Left and right edge on the sheet.
    pub place: (f64, f64),
    /// What is there.
    pub range: (f64, f64),
    /// Upper and lower edge of the rows.
    pub rows: (f64, f64),
}

impl Scale {
    /// Where a value is on the sheet; at the edge if it is beyond.
    pub(super) fn at(&self, value: f64) -> f64 {
        let (left, right) = self.place;
        let share = (value - self.range.0) / (self.range.1 - self.range.0);
        left + within(share, (0.0, 1.0)) * (right - left)
    }

    /// Grid lines, tick labels and the name of the axis.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, ticks: &[Tick], name: &str) -> Result<(), PlotError> {
        let (top, bottom) = self.rows;
        for tick in ticks {
            let x = self.at(tick.at);
            canvas.line([(x, top), (x, bottom + 5.0)], stroke(canvas.palette.grid, 1.0))?;
            canvas.text(&tick.label, PLAIN, canvas.palette.faint, (x, bottom + 18.0), Anchor::Middle)?;
        }
        let middle = 0.5 * (self.place.0 + self.place.1);
        canvas.text(name, PLAIN, canvas.palette.ink, (middle, bottom + 44.0), Anchor::Middle)
    }
}
