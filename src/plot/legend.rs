//! Says which mark stands for what, in rows under the header.

use plotters::style::{RGBColor, ShapeStyle};

use super::PlotError;
use super::canvas::{Anchor, Canvas};
use super::style::{MARGIN, PLAIN, WIDTH, stroke, text_width};
use super::text::fitted;

const ROW: f64 = 27.0;
const SAMPLE: f64 = 34.0;
const GAP: f64 = 28.0;
/// Longer labels are shortened: two of them fit in a row.
const LONGEST: f64 = 400.0;

/// What a legend shows of a series.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    /// A line of a width.
    Line(RGBColor, f64),
    /// The same, dashed.
    Dashes(RGBColor, f64),
    /// A band.
    Band(ShapeStyle),
    /// Nothing is drawn of it.
    Nothing,
}

/// A legend laid out in rows.
#[derive(Debug)]
pub(super) struct Legend {
    entries: Vec<Entry>,
    /// How high it is.
    pub height: f64,
}

#[derive(Debug)]
struct Entry {
    mark: Mark,
    label: String,
    x: f64,
    y: f64,
}

impl Legend {
    /// Lays out `marks` with their labels.
    pub(super) fn new(marks: Vec<(Mark, String)>) -> Result<Self, PlotError> {
        let (mut x, mut y) = (MARGIN, 0.5 * ROW);
        let mut entries = Vec::with_capacity(marks.len());
        for (mark, label) in marks {
            let label = fitted(&label, PLAIN, LONGEST)?;
            let width = SAMPLE + 8.0 + text_width(&label, PLAIN)?;
            if x > MARGIN && x + width > WIDTH - MARGIN {
                (x, y) = (MARGIN, y + ROW);
            }
            entries.push(Entry { mark, label, x, y });
            x += width + GAP;
        }
        Ok(Self { entries, height: y + 0.5 * ROW })
    }

    /// Draws it with its upper edge at `top`.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, top: f64) -> Result<(), PlotError> {
        for Entry { mark, label, x, y } in &self.entries {
            let (x, y) = (*x, top + y);
            let line = [(x, y), (x + SAMPLE, y)];
            match *mark {
                Mark::Line(color, width) => canvas.line(&line, stroke(color, width))?,
                Mark::Dashes(color, width) => canvas.dashes(&line, stroke(color, width))?,
                Mark::Band(style) => canvas.rectangle((x, y - 8.0), (x + SAMPLE, y + 8.0), style)?,
                Mark::Nothing => {}
            }
            canvas.text(label, PLAIN, canvas.palette.ink, (x + SAMPLE + 8.0, y), Anchor::Right)?;
        }
        Ok(())
    }
}
