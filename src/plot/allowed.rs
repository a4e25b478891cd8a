//! The downtime that objectives allow, as upright lines across a plot of downtime.

use super::PlotError;
use super::canvas::{Anchor, Canvas};
use super::frame::Frame;
use super::groups::Group;
use super::style::{PLAIN, Palette, THIN_DASH, WIDTH, fill, stroke, text_width};
use crate::units::{show_percent, show_span};

/// Room above a plot for the label of one line.
pub(super) const ROW: f64 = 26.0;

/// From this horizon on it is longer than any month, seconds.
const LONGER_THAN_A_MONTH_S: f64 = 31.0 * 86_400.0 + 1.0;

/// An objective and the downtime that it allows: in the shortest of the months that are judged, or over a horizon that
/// is longer than a month.
pub(super) struct Allowed {
    objective: f64,
    /// The downtime.
    pub seconds: f64,
    /// "a month", "in 365 d".
    over: String,
}

impl Allowed {
    fn label(&self) -> String {
        let (objective, span) = (show_percent(self.objective), show_span(self.seconds * 1e6));
        format!("objective {objective}: {span} {}", self.over)
    }
}

/// What the objectives of a group allow, each once, the most first.
///
/// Formula: (1 - objective) x the month, or x the horizon.
pub(super) fn allowed(group: &Group<'_>, horizon_s: f64) -> Vec<Allowed> {
    let is_long = horizon_s >= LONGER_THAN_A_MONTH_S;
    let over = if is_long { format!("in {}", show_span(horizon_s * 1e6)) } else { "a month".to_owned() };
    let mut all: Vec<Allowed> = Vec::new();
    for figures in &group.members {
        let (Some(objective), Some(budget)) = (figures.objective, &figures.budget) else { continue };
        let in_a_month = || budget.months.iter().map(|month| month.allowed_s).fold(f64::INFINITY, f64::min);
        let seconds = if is_long { (1.0 - objective) * horizon_s } else { in_a_month() };
        let known = all.iter().any(|other| other.objective == objective && other.seconds == seconds);
        // An objective of 100 % allows nothing, which has no place on a logarithmic axis.
        if !known && seconds > 0.0 && seconds.is_finite() {
            all.push(Allowed { objective, seconds, over: over.clone() });
        }
    }
    // The leftmost comes last and highest: lower down, lines right of it would cross its label.
    all.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    all
}

/// Marks `allowed` in a plot with a logarithmic axis of seconds; labels stand above it, one a row.
pub(super) fn mark_allowed(canvas: &Canvas<'_>, frame: &Frame, allowed: &[Allowed]) -> Result<(), PlotError> {
    let Palette { ink, page, .. } = canvas.palette;
    let row_y = |row: usize| frame.top - ROW * (row as f64 + 0.5);
    let x_of = |allowed: &Allowed| frame.x_at(libm::log10(allowed.seconds));
    for (row, allowed) in allowed.iter().enumerate() {
        let x = x_of(allowed);
        canvas.dashes([(x, row_y(row) - 10.0), (x, frame.bottom())], stroke(ink, 1.5), Some(THIN_DASH))?;
    }
    // After all lines: a label interrupts the lines of others instead of being crossed by them.
    for (row, allowed) in allowed.iter().enumerate() {
        let (x, y, text) = (x_of(allowed), row_y(row), allowed.label());
        let width = text_width(&text, PLAIN)?;
        let leftward = x + width + 16.0 > WIDTH;
        let (near, far) = if leftward { (x - 8.0, x - 12.0 - width) } else { (x + 8.0, x + 12.0 + width) };
        canvas.rectangle((near.min(far), y - 10.0), (near.max(far), y + 10.0), fill(page, 1.0))?;
        let anchor = if leftward { Anchor::Left } else { Anchor::Right };
        canvas.text(&text, PLAIN, ink, (near, y), anchor)?;
    }
    Ok(())
}
