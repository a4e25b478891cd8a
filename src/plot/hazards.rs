//! Hazards whose time the scenario gives, marked in plots over time.

use super::PlotError;
use super::canvas::{Anchor, Canvas};
use super::frame::{Frame, within};
use super::legend::Mark;
use super::style::{LEFT, NUMBER, Palette, fill, stroke, text_width};
use super::success::GAP;
use super::time_ticks::clock_time;
use crate::study::Summary;

/// Hazards that are marked.
const MOST_HAZARDS: usize = 20;

/// A hazard that panels mark.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Marked {
    /// Its number in the picture.
    pub(super) number: usize,
    /// Its time and name: "1 Mar 2026 12:30 UTC: strike on az2".
    pub(super) label: String,
    /// Seconds from the start, earliest and latest.
    pub(super) at: (f64, f64),
}

/// The hazards whose time the scenario gives, numbered in order of time.
pub(super) fn hazards(summary: &Summary) -> Vec<Marked> {
    let first = summary.hazards.iter().take(MOST_HAZARDS).enumerate();
    let label = |name: &str, from: f64, to: f64| {
        let clock = |at: f64| clock_time(summary.start_unix_s + at);
        let time = match (clock(from), clock(to)) {
            (Some(from), Some(to)) if from == to => format!("{from} UTC: "),
            (Some(from), Some(to)) if same_day(&from, &to) => format!("{from} to {} UTC: ", last_word(&to)),
            (Some(from), Some(to)) => format!("{from} to {to} UTC: "),
            _ => String::new(),
        };
        format!("{time}{name}")
    };
    first
        .map(|(index, h)| Marked {
            number: index + 1,
            label: label(&h.hazard, h.from_s, h.to_s),
            at: (h.from_s, h.to_s),
        })
        .collect()
}

/// True for clock times of one day.
fn same_day(a: &str, b: &str) -> bool {
    a.rsplit_once(' ').map(|(day, _)| day) == b.rsplit_once(' ').map(|(day, _)| day)
}

fn last_word(text: &str) -> &str {
    text.rsplit(' ').next().unwrap_or(text)
}

/// What the legend says of them.
pub(super) fn named(hazards: &[Marked]) -> Vec<(Mark, String)> {
    hazards.iter().map(|hazard| (Mark::Number(hazard.number), hazard.label.clone())).collect()
}

/// Lines or bands at hazards; numbers that would overlap stand together.
pub(super) fn mark_hazards(canvas: &Canvas<'_>, frame: &Frame, hazards: &[Marked]) -> Result<(), PlotError> {
    let Palette { ink, faint, outer, .. } = canvas.palette;
    let mut numbers: Vec<(f64, String)> = Vec::new();
    for hazard in hazards {
        let (from, to) = (within(hazard.at.0, frame.x), within(hazard.at.1, frame.x));
        let (left, right) = (frame.x_at(from), frame.x_at(to));
        if right - left > 1.5 {
            canvas.rectangle((left, frame.top), (right, frame.bottom()), fill(faint, outer))?;
        }
        canvas.dashes([(left, frame.top), (left, frame.bottom())], stroke(ink, 1.2), Some((3.0, 4.0)))?;
        match numbers.last_mut() {
            Some((x, text)) if left - *x < 10.0 * text.chars().count() as f64 + 8.0 => {
                *text += &format!(",{}", hazard.number);
            }
            _ => numbers.push((left, hazard.number.to_string())),
        }
    }
    for (x, text) in numbers {
        // Inside the panel's width, or it would cover the labels of the axes.
        let half = 0.5 * text_width(&text, NUMBER)?;
        let x = x.min(LEFT + frame.width - half).max(LEFT + half);
        // Between the panel and its demand no curve crosses it.
        canvas.text(&text, NUMBER, ink, (x, frame.bottom() + 0.5 * GAP), Anchor::Middle)?;
    }
    Ok(())
}
