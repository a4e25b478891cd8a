//! Downtime at the values of two parameters as a map with values, one panel for each journey.

use plotters::style::RGBColor;

use super::super::canvas::{Anchor, Canvas, HEADER, paint};
use super::super::legend::{Legend, Mark};
use super::super::style::{MARGIN, PANEL, PLAIN, Palette, SMALL, WIDTH, fill, stroke, text_width};
use super::super::text::{clean, shortened};
use super::super::{PlotError, Theme};
use super::{Subject, left_out, source, subjects};
use crate::study::{Decision, Sweep, SweepParameter};
use crate::units::{show_percent, show_span};

const TITLE: &str = "How does downtime change?";
/// Panels of one picture.
pub(super) const MOST_PANELS: usize = 6;
/// Where values of the first parameter end and the map begins.
const BEGIN: f64 = 190.0;
/// A wider cell shows nothing more.
const WIDEST: f64 = 190.0;
/// Height of a row, and of one where there are many.
const ROW: f64 = 48.0;
const LOW_ROW: f64 = 12.0;
/// From so many rows on they are low.
const MANY: usize = 30;
/// Room above a panel for its name, the names of both parameters and the values of the second.
const HEAD: f64 = 104.0;
const GAP: f64 = 18.0;
/// Room under the last panel.
pub(super) const FOOT: f64 = 14.0;
/// How much of a cell's page the largest downtime covers.
const DARKEST: f64 = 0.6;

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::plot) struct Panel {
    pub(in crate::plot) label: String,
    /// By value of the first parameter, then of the second.
    pub(in crate::plot) cells: Vec<Vec<Option<Cell>>>,
}

impl Panel {
    fn varies(&self) -> bool {
        let mut means = self.cells.iter().flatten().flatten().map(|cell| cell.mean);
        means.next().is_some_and(|first| means.any(|mean| mean != first))
    }
}

/// Mean downtime at a point with its interval, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::plot) struct Cell {
    pub(in crate::plot) mean: f64,
    /// `None` where events are few.
    pub(in crate::plot) interval: Option<(f64, f64)>,
}

/// The panels of a sweep.
pub(in crate::plot) fn panels(
    sweep: &Sweep,
    (first, second): (&SweepParameter, &SweepParameter),
) -> Vec<Panel> {
    let panel = |subject: &Subject<'_>| {
        let cell = |row: usize, column: usize| {
            let found = subject.at.iter().find(|(point, _)| point.places == [row, column]);
            found.map(|(_, figure)| Cell {
                mean: figure.down_s.mean,
                interval: figure.down_s.interval.map(|i| (i.low.max(0.0), i.high)),
            })
        };
        let row = |row: usize| (0..second.values.len()).map(|column| cell(row, column)).collect();
        Panel { label: subject.label.clone(), cells: (0..first.values.len()).map(row).collect() }
    };
    subjects(sweep).iter().map(panel).collect()
}

pub(super) fn picture(
    sweep: &Sweep,
    parameters: (&SweepParameter, &SweepParameter),
    theme: Theme,
) -> Result<String, PlotError> {
    let all = panels(sweep, parameters);
    // What is the same everywhere only takes room, unless all are.
    let mut shown: Vec<&Panel> = all.iter().filter(|panel| panel.varies()).collect();
    if shown.is_empty() {
        shown.extend(&all);
    }
    shown.truncate(MOST_PANELS);
    let layout = Layout::of(parameters);
    let legend = legend(sweep, all.len() - shown.len(), &Palette::of(theme))?;
    let top = HEADER + legend.as_ref().map_or(0.0, |legend| legend.height + 8.0);
    let height = top + layout.high() * shown.len().max(1) as f64 + FOOT;
    let drawn = paint(height, theme, TITLE, |canvas| {
        let note = format!("; {} intervals", show_percent(sweep.confidence));
        canvas.heading([TITLE, &clean(&sweep.title), &source(sweep, &note)])?;
        if let Some(legend) = &legend {
            legend.draw(canvas, HEADER)?;
        }
        for (number, panel) in shown.iter().enumerate() {
            let most = panel.cells.iter().flatten().flatten().map(|cell| cell.mean).fold(0.0, f64::max);
            let look = |row: usize, column: usize| {
                let cell = panel.cells.get(row)?.get(column).copied().flatten()?;
                Some(look_of(cell, most, is_met(sweep, [row, column]), &canvas.palette))
            };
            let label = format!("{}: mean downtime in {}", panel.label, show_span(sweep.horizon_s * 1e6));
            layout.draw(canvas, top + layout.high() * number as f64, &label, look)?;
        }
        Ok(())
    })?;
    Ok(drawn.svg)
}

/// What a frame means and what is not shown, if there is either.
fn legend(sweep: &Sweep, others: usize, palette: &Palette) -> Result<Option<Legend>, PlotError> {
    let mut entries = Vec::new();
    if !sweep.wishes.is_empty() {
        entries.push((Mark::Frame(stroke(palette.second, 2.0)), "surely meets the objective".to_owned()));
    }
    if others > 0 {
        entries.push((Mark::Nothing, left_out(others)));
    }
    if entries.is_empty() { Ok(None) } else { Legend::new(entries).map(Some) }
}

/// Darker is more downtime.
fn look_of(cell: Cell, most: f64, meets: bool, palette: &Palette) -> Look {
    let share = if most > 0.0 { cell.mean / most } else { 0.0 };
    let note = match cell.interval {
        Some((low, high)) => format!("{} to {}", show_span(low * 1e6), show_span(high * 1e6)),
        None if cell.mean > 0.0 => "few events".to_owned(),
        None => "none seen".to_owned(),
    };
    Look {
        cover: (palette.main, share),
        frame: meets.then_some(palette.second),
        value: show_span(cell.mean * 1e6),
        note,
        told: None,
    }
}

/// What a cell of a map looks like.
pub(super) struct Look {
    /// Its colour, and how much of the darkest it has: 0 to 1.
    pub(super) cover: (RGBColor, f64),
    pub(super) frame: Option<RGBColor>,
    pub(super) value: String,
    /// Under the value, where there is room.
    pub(super) note: String,
    /// What it says when pointed at.
    pub(super) told: Option<String>,
}

/// Where the cells of a panel stand.
pub(super) struct Layout<'s> {
    row: f64,
    parameters: (&'s SweepParameter, &'s SweepParameter),
}

impl<'s> Layout<'s> {
    pub(super) fn of(parameters: (&'s SweepParameter, &'s SweepParameter)) -> Self {
        Self { row: if parameters.0.values.len() > MANY { LOW_ROW } else { ROW }, parameters }
    }

    /// How high a panel is.
    pub(super) fn high(&self) -> f64 {
        HEAD + self.row * self.parameters.0.values.len() as f64 + GAP
    }

    pub(super) fn draw(
        &self,
        canvas: &Canvas<'_>,
        top: f64,
        label: &str,
        look: impl Fn(usize, usize) -> Option<Look>,
    ) -> Result<(), PlotError> {
        let (first, second) = self.parameters;
        let Palette { ink, faint, .. } = canvas.palette;
        let label = shortened(label, PANEL, WIDTH - 2.0 * MARGIN)?;
        canvas.text(&label, PANEL, ink, (MARGIN, top + 14.0), Anchor::Right)?;
        for (axis, parameter, y) in [("down", first, 39.0), ("across", second, 60.0)] {
            let text = shortened(&format!("{axis}: {}", parameter.name), PLAIN, WIDTH - 2.0 * MARGIN)?;
            canvas.text(&text, PLAIN, ink, (MARGIN, top + y), Anchor::Right)?;
        }
        let columns = second.values.len().max(1);
        let column = ((WIDTH - MARGIN - BEGIN) / columns as f64).min(WIDEST);
        // As many names as have room.
        let widest = 60.0;
        let every = (widest / column).ceil().max(1.0) as usize;
        for (index, value) in second.values.iter().enumerate().step_by(every) {
            let room = column * every as f64 - 6.0;
            let x = BEGIN + column * (index as f64 + 0.5);
            let at = (x, top + 87.0);
            canvas.text(&shortened(value, PLAIN, room)?, PLAIN, faint, at, Anchor::Middle)?;
        }
        let rows = if self.row < ROW { 2 } else { 1 };
        for (index, value) in first.values.iter().enumerate() {
            let above = top + HEAD + self.row * index as f64;
            if index.is_multiple_of(rows) {
                let at = (BEGIN - 10.0, above + 0.5 * self.row);
                let text = shortened(value, PLAIN, BEGIN - MARGIN - 10.0)?;
                canvas.text(&text, PLAIN, faint, at, Anchor::Left)?;
            }
            for place in 0..second.values.len() {
                if let Some(look) = look(index, place) {
                    self.cell(canvas, (BEGIN + column * place as f64, above, column), look)?;
                }
            }
        }
        Ok(())
    }

    fn cell(
        &self,
        canvas: &Canvas<'_>,
        (left, top, width): (f64, f64, f64),
        look: Look,
    ) -> Result<(), PlotError> {
        let ink = canvas.palette.ink;
        let (from, to) = ((left + 2.0, top + 2.0), (left + width - 2.0, top + self.row - 2.0));
        let (color, share) = look.cover;
        canvas.rectangle(from, to, fill(color, 0.05 + (DARKEST - 0.05) * share.clamp(0.0, 1.0)))?;
        if let Some(color) = look.frame {
            canvas.frame(from, to, stroke(color, 2.0))?;
        }
        if let Some(told) = look.told {
            canvas.spot(from, to, told);
        }
        let font = if text_width(&look.value, PLAIN)? > width - 4.0 { SMALL } else { PLAIN };
        if self.row < ROW || text_width(&look.value, font)? > width - 4.0 {
            return Ok(());
        }
        let (x, y) = (left + 0.5 * width, top + 0.5 * self.row);
        if text_width(&look.note, SMALL)? > width - 6.0 {
            return canvas.text(&look.value, font, ink, (x, y), Anchor::Middle);
        }
        canvas.text(&look.value, font, ink, (x, y - 9.0), Anchor::Middle)?;
        canvas.text(&look.note, SMALL, ink, (x, y + 10.0), Anchor::Middle)
    }
}

fn is_met(sweep: &Sweep, places: [usize; 2]) -> bool {
    sweep.points.iter().any(|point| point.places == places && point.meets == Some(Decision::Passed))
}
