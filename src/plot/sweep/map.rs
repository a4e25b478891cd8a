//! Downtime at the values of two parameters as a map with values, one panel for each journey.

use super::super::canvas::{Anchor, Canvas, HEADER, paint};
use super::super::style::{MARGIN, PANEL, PLAIN, Palette, SMALL, WIDTH, fill, stroke, text_width};
use super::super::text::{clean, shortened};
use super::super::{PlotError, Theme};
use super::{Subject, left_out, source, subjects};
use crate::study::{Decision, Sweep, SweepParameter};
use crate::units::{show_percent, show_span};

const TITLE: &str = "How does downtime change?";
/// Panels of one picture.
const MOST_PANELS: usize = 6;
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
    let row = if parameters.0.values.len() > MANY { LOW_ROW } else { ROW };
    let high = HEAD + row * parameters.0.values.len() as f64 + GAP;
    let height = HEADER + high * shown.len().max(1) as f64 + 14.0;
    let drawn = paint(height, theme, TITLE, |canvas| {
        let marks = if sweep.wishes.is_empty() { "" } else { "; framed: surely meets the objective" };
        let confidence = show_percent(sweep.confidence);
        let note = format!("; {confidence} intervals{marks}{}", left_out(all.len() - shown.len()));
        canvas.heading([TITLE, &clean(&sweep.title), &source(sweep, &note)])?;
        for (number, panel) in shown.iter().enumerate() {
            let layout = Layout { top: HEADER + high * number as f64, row, parameters };
            layout.draw(canvas, sweep, panel)?;
        }
        Ok(())
    })?;
    Ok(drawn.svg)
}

struct Layout<'s> {
    top: f64,
    row: f64,
    parameters: (&'s SweepParameter, &'s SweepParameter),
}

impl Layout<'_> {
    fn draw(&self, canvas: &Canvas<'_>, sweep: &Sweep, panel: &Panel) -> Result<(), PlotError> {
        let (first, second) = self.parameters;
        let Palette { ink, faint, .. } = canvas.palette;
        let horizon = show_span(sweep.horizon_s * 1e6);
        let label = format!("{}: mean downtime in {horizon}", panel.label);
        let label = shortened(&label, PANEL, WIDTH - 2.0 * MARGIN)?;
        canvas.text(&label, PANEL, ink, (MARGIN, self.top + 14.0), Anchor::Right)?;
        for (axis, parameter, y) in [("down", first, 39.0), ("across", second, 60.0)] {
            let text = shortened(&format!("{axis}: {}", parameter.name), PLAIN, WIDTH - 2.0 * MARGIN)?;
            canvas.text(&text, PLAIN, ink, (MARGIN, self.top + y), Anchor::Right)?;
        }
        let columns = second.values.len().max(1);
        let column = ((WIDTH - MARGIN - BEGIN) / columns as f64).min(WIDEST);
        // As many names as have room.
        let widest = 60.0;
        let every = (widest / column).ceil().max(1.0) as usize;
        for (index, value) in second.values.iter().enumerate().step_by(every) {
            let room = column * every as f64 - 6.0;
            let x = BEGIN + column * (index as f64 + 0.5);
            let at = (x, self.top + 87.0);
            canvas.text(&shortened(value, PLAIN, room)?, PLAIN, faint, at, Anchor::Middle)?;
        }
        let most = panel.cells.iter().flatten().flatten().map(|cell| cell.mean).fold(0.0, f64::max);
        let rows = if self.row < ROW { 2 } else { 1 };
        for (index, cells) in panel.cells.iter().enumerate() {
            let top = self.top + HEAD + self.row * index as f64;
            if let Some(value) = first.values.get(index).filter(|_| index.is_multiple_of(rows)) {
                let at = (BEGIN - 10.0, top + 0.5 * self.row);
                let text = shortened(value, PLAIN, BEGIN - MARGIN - 10.0)?;
                canvas.text(&text, PLAIN, faint, at, Anchor::Left)?;
            }
            for (place, cell) in cells.iter().enumerate() {
                let left = BEGIN + column * place as f64;
                let meets = is_met(sweep, [index, place]);
                self.cell(canvas, (left, top, column), *cell, most, meets)?;
            }
        }
        Ok(())
    }

    fn cell(
        &self,
        canvas: &Canvas<'_>,
        (left, top, width): (f64, f64, f64),
        cell: Option<Cell>,
        most: f64,
        meets: bool,
    ) -> Result<(), PlotError> {
        let Palette { ink, main, second, .. } = canvas.palette;
        let Some(Cell { mean, interval }) = cell else { return Ok(()) };
        let share = if most > 0.0 { mean / most } else { 0.0 };
        let (from, to) = ((left + 2.0, top + 2.0), (left + width - 2.0, top + self.row - 2.0));
        canvas.rectangle(from, to, fill(main, 0.05 + (DARKEST - 0.05) * share.clamp(0.0, 1.0)))?;
        if meets {
            canvas.frame(from, to, stroke(second, 2.0))?;
        }
        let text = show_span(mean * 1e6);
        let font = if text_width(&text, PLAIN)? > width - 4.0 { SMALL } else { PLAIN };
        if self.row < ROW || text_width(&text, font)? > width - 4.0 {
            return Ok(());
        }
        let (x, y) = (left + 0.5 * width, top + 0.5 * self.row);
        let between = match interval {
            Some((low, high)) => format!("{} to {}", show_span(low * 1e6), show_span(high * 1e6)),
            None if mean > 0.0 => "few events".to_owned(),
            None => "none seen".to_owned(),
        };
        if text_width(&between, SMALL)? > width - 6.0 {
            return canvas.text(&text, font, ink, (x, y), Anchor::Middle);
        }
        canvas.text(&text, font, ink, (x, y - 9.0), Anchor::Middle)?;
        canvas.text(&between, SMALL, ink, (x, y + 10.0), Anchor::Middle)
    }
}

fn is_met(sweep: &Sweep, places: [usize; 2]) -> bool {
    sweep.points.iter().any(|point| point.places == places && point.meets == Some(Decision::Passed))
}
