//! Says which mark stands for what, in rows under the header.

use plotters::style::{RGBColor, ShapeStyle};

use super::PlotError;
use super::canvas::{Anchor, Canvas};
use super::map::{SIGN, draw_sign};
use super::style::{Dash, MARGIN, NUMBER, PLAIN, WIDTH, fill, stroke, text_width};
use super::swimlane::{State, look};
use super::text::shortened;

const ROW: f64 = 27.0;
const SAMPLE: f64 = 34.0;
const GAP: f64 = 28.0;
/// Longer labels are shortened: two of them fit in a row.
pub(super) const TWO_IN_A_ROW: f64 = 400.0;
/// So few labels may take a row each.
const FEW: usize = 8;
/// Between the stripes of a band, pixels.
pub(super) const STRIPES: f64 = 6.0;

/// What a legend shows of a series.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    /// A line of a width.
    Line(RGBColor, f64, Dash),
    /// A band.
    Band(ShapeStyle),
    /// A bar of a height.
    Bar(ShapeStyle, f64),
    /// A band with a number on it.
    Numbered(RGBColor, usize),
    /// A bar of a height with stripes of another colour.
    Striped(ShapeStyle, f64, RGBColor),
    /// An arrow to the right.
    Arrow(RGBColor),
    /// The edge of a box.
    Frame(ShapeStyle),
    /// A disc, or a ring.
    Disc(ShapeStyle),
    /// A number.
    Number(usize),
    /// The sign of a state on its colour.
    Sign(State),
    /// A square and a disc that are whole.
    Whole,
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
        let mut entries = Vec::with_capacity(marks.len());
        let mut widths = Vec::with_capacity(marks.len());
        let whole_row = WIDTH - 2.0 * MARGIN - SAMPLE - 8.0;
        let longest = if marks.len() <= FEW { whole_row } else { TWO_IN_A_ROW };
        for (mark, label) in marks {
            let label = shortened(&label, PLAIN, longest)?;
            widths.push(SAMPLE + 8.0 + text_width(&label, PLAIN)? + GAP);
            entries.push(Entry { mark, label, x: 0.0, y: 0.0 });
        }
        let rows = place(&mut entries, &widths);
        Ok(Self { entries, height: ROW * rows as f64 })
    }

    /// Draws it with its upper edge at `top`.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, top: f64) -> Result<(), PlotError> {
        for Entry { mark, label, x, y } in &self.entries {
            let (x, y) = (*x, top + y);
            let line = [(x, y), (x + SAMPLE, y)];
            match *mark {
                Mark::Line(color, width, dash) => canvas.dashes(line, stroke(color, width), dash)?,
                Mark::Band(style) => canvas.rectangle((x, y - 8.0), (x + SAMPLE, y + 8.0), style)?,
                Mark::Bar(style, height) => {
                    let half = 0.5 * height;
                    canvas.rectangle((x, y - half), (x + SAMPLE, y + half), style)?;
                }
                Mark::Numbered(color, number) => {
                    canvas.rectangle((x, y - 8.0), (x + SAMPLE, y + 8.0), fill(color, 1.0))?;
                    let at = (x + 0.5 * SAMPLE, y);
                    canvas.text(&number.to_string(), NUMBER, readable_on(color), at, Anchor::Middle)?;
                }
                Mark::Striped(style, height, stripe) => {
                    let half = 0.5 * height;
                    striped(canvas, (x, y - half), (x + SAMPLE, y + half), style, stripe)?;
                }
                Mark::Arrow(color) => {
                    let (left, right) = (x + 0.5 * SAMPLE - 6.0, x + 0.5 * SAMPLE + 6.0);
                    canvas.polygon(&[(left, y - 7.0), (right, y), (left, y + 7.0)], fill(color, 1.0))?;
                }
                Mark::Frame(style) => canvas.frame((x, y - 8.0), (x + SAMPLE, y + 8.0), style)?,
                Mark::Disc(style) => canvas.disc((x + 0.5 * SAMPLE, y), 5.0, style)?,
                Mark::Number(number) => {
                    let at = (x + SAMPLE, y);
                    canvas.text(&number.to_string(), NUMBER, canvas.palette.ink, at, Anchor::Left)?;
                }
                Mark::Sign(state) => {
                    let at = (x + 0.5 * SAMPLE, y);
                    canvas.disc(at, SIGN, fill(look(&canvas.palette, state).0, 1.0))?;
                    draw_sign(canvas, state, at, SIGN)?;
                }
                Mark::Whole => {
                    let ink = stroke(canvas.palette.ink, 1.4);
                    canvas.frame((x + 1.0, y - 7.0), (x + 15.0, y + 7.0), ink)?;
                    canvas.disc((x + 26.0, y), 8.0, ink)?;
                }
                Mark::Nothing => {}
            }
            canvas.text(label, PLAIN, canvas.palette.ink, (x + SAMPLE + 8.0, y), Anchor::Right)?;
        }
        Ok(())
    }
}

/// A bar with upright stripes, which tell it from others without colour.
pub(super) fn striped(
    canvas: &Canvas<'_>,
    (left, top): (f64, f64),
    (right, bottom): (f64, f64),
    style: ShapeStyle,
    stripe: RGBColor,
) -> Result<(), PlotError> {
    canvas.rectangle((left, top), (right, bottom), style)?;
    // At the same places in all bars, so that neighbours are alike.
    let first = libm::ceil((left + 2.0) / STRIPES) as i64;
    let last = libm::floor((right - 2.0) / STRIPES) as i64;
    for count in first..=last {
        let x = STRIPES * count as f64;
        canvas.line([(x, top), (x, bottom)], stroke(stripe, 1.5))?;
    }
    Ok(())
}

/// Black or white, whichever can be read on a colour.
pub(super) fn readable_on(color: RGBColor) -> RGBColor {
    if brightness(color) > 120.0 { RGBColor(10, 12, 16) } else { RGBColor(255, 255, 255) }
}

/// How bright a colour looks, 0 to 255.
fn brightness(RGBColor(r, g, b): RGBColor) -> f64 {
    0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b)
}

/// Side by side if that fits in a row, otherwise in columns of one width; returns the number of rows.
fn place(entries: &mut [Entry], widths: &[f64]) -> usize {
    let room = WIDTH - 2.0 * MARGIN + GAP;
    let one_row = widths.iter().sum::<f64>() <= room;
    let column = widths.iter().copied().fold(1.0, f64::max);
    let most = if one_row { entries.len().max(1) } else { (room / column).floor().max(1.0) as usize };
    let rows = entries.len().div_ceil(most).max(1);
    // No more columns than these rows need: 3 and 3 instead of 5 and 1.
    let columns = entries.len().div_ceil(rows).max(1);
    for (index, entry) in entries.iter_mut().enumerate() {
        let before = if one_row { widths[..index].iter().sum() } else { column * (index % columns) as f64 };
        entry.x = MARGIN + before;
        entry.y = ROW * ((index / columns) as f64 + 0.5);
    }
    rows
}
