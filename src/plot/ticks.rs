//! Marks on an axis.

use super::PlotError;
use super::style::{PLAIN, text_width};

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// Where, in the axis's own numbers.
    pub at: f64,
    /// What it is.
    pub label: String,
    /// A second line: the date of an hour, the year of a day.
    pub context: Option<String>,
}

/// A mark that an axis may have; those of a lower level come first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    /// The mark.
    pub tick: Tick,
    /// How much it is wanted: 0 most.
    pub level: u8,
}

impl Tick {
    /// A mark without a second line.
    pub(super) fn new(at: f64, label: impl Into<String>) -> Self {
        Self { at, label: label.into(), context: None }
    }
}

/// The candidates in `range` whose labels have room on an axis `length` long, in order.
///
/// `room_for` turns the width of a label into the room that it needs.
pub(super) fn choose(
    mut candidates: Vec<Candidate>,
    range: (f64, f64),
    length: f64,
    room_for: fn(f64) -> f64,
) -> Result<Vec<Tick>, PlotError> {
    candidates.sort_by_key(|candidate| candidate.level);
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let mut chosen = Vec::new();
    for Candidate { tick, .. } in candidates {
        if tick.at < range.0 || tick.at > range.1 {
            continue;
        }
        let place = (tick.at - range.0) / (range.1 - range.0) * length;
        let room = room_for(text_width(&tick.label, PLAIN)?);
        if taken.iter().all(|(other, needed)| (place - other).abs() >= 0.5 * (room + needed)) {
            taken.push((place, room));
            chosen.push(tick);
        }
    }
    chosen.sort_by(|a, b| a.at.total_cmp(&b.at));
    Ok(chosen)
}
