//! How demand varies over the day and the week.

use super::{holds_nothing, optional, variant};
use crate::scenario::calendar;
use crate::scenario::decode::{Fields, fraction01, list_of, number};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::RhythmSpec;
use crate::scenario::tree::{Node, Value};

/// The fields `clock`, `day` and `week`.
pub(super) fn rhythm(fields: &mut Fields<'_>, found: &mut Diagnostics) -> Option<RhythmSpec> {
    let clock = optional(fields.take("clock"), found, calendar::zone_name);
    let day = optional(fields.take("day"), found, day);
    let week = optional(fields.take("week"), found, week);
    Some(RhythmSpec {
        clock: clock?,
        day: day?.unwrap_or_else(|| vec![1.0; QUARTERS]),
        week: week?.unwrap_or_else(|| vec![1.0; 7]),
    })
}

/// Quarters of an hour in a day.
const QUARTERS: usize = 96;

/// `Flat`, `Peak(at, trough)` or `Hourly([...])`.
fn day(node: &Node, found: &mut Diagnostics) -> Option<Vec<f64>> {
    match variant(node, "daily profile", &["Flat", "Peak", "Hourly"], found)? {
        "Flat" => holds_nothing(node, found).map(|()| vec![1.0; QUARTERS]),
        "Peak" => {
            let mut fields =
                Fields::arguments(node, "`Peak(at: \"14:00\", trough: \"35%\")`", &["at", "trough"], found)?;
            let at = fields.require("at").and_then(|n| calendar::hour_of_day(n, found));
            let trough = fields.require("trough").and_then(|n| fraction01(n, found));
            fields.finish(found);
            let (at, trough) = (at?, trough?);
            // The middle of each quarter of an hour on a cosine from peak to trough.
            let phase = |q: usize| std::f64::consts::TAU * ((q as f64 + 0.5) / 4.0 - at) / 24.0;
            Some((0..QUARTERS).map(|q| trough + (1.0 - trough) * (1.0 + libm::cos(phase(q))) / 2.0).collect())
        }
        _ => {
            let hours = weights(node, "`Hourly([...])`", 24, found)?;
            Some((0..QUARTERS).map(|q| hours[q / 4]).collect())
        }
    }
}

/// `Flat`, `Weekend(share)` or `Days([...])` from Monday.
fn week(node: &Node, found: &mut Diagnostics) -> Option<Vec<f64>> {
    match variant(node, "weekly profile", &["Flat", "Weekend", "Days"], found)? {
        "Flat" => holds_nothing(node, found).map(|()| vec![1.0; 7]),
        "Weekend" => {
            let mut fields = Fields::arguments(node, "`Weekend(share)`", &["share"], found)?;
            let share = fields.require("share").and_then(|n| fraction01(n, found));
            fields.finish(found);
            let share = share?;
            Some(vec![1.0, 1.0, 1.0, 1.0, 1.0, share, share])
        }
        _ => weights(node, "`Days([...])`", 7, found),
    }
}

/// A fixed number of relative weights, not all 0.
fn weights(node: &Node, what: &'static str, wanted: usize, found: &mut Diagnostics) -> Option<Vec<f64>> {
    let mut fields = Fields::arguments(node, what, &["weights"], found)?;
    let list = fields.require("weights").and_then(|n| list_of(n, found, weight));
    fields.finish(found);
    let list = list?;
    if list.len() != wanted || list.iter().sum::<f64>() <= 0.0 {
        let message = format!("{} weights, adding up to {}", list.len(), list.iter().sum::<f64>());
        found.error(node.span, message, format!("expected {wanted} weights, not all 0"));
        return None;
    }
    Some(list)
}

pub(super) fn weight(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    if !matches!(node.value, Value::Number(_)) {
        return fraction01(node, found);
    }
    let value = number(node, found)?;
    if value < 0.0 {
        found.error(node.span, format!("`{value}` is negative"), "expected a weight of at least 0");
        return None;
    }
    Some(value)
}
