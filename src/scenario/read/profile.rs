//! What a day and a week look like: the demand of users, and the rhythm of failure clocks.

use super::{holds_nothing, optional, variant};
use crate::scenario::calendar;
use crate::scenario::decode::{Fields, Provenance, fraction01, list_of, number};
use crate::scenario::diagnostics::{Diagnostics, excerpt};
use crate::scenario::spec::{DemandSpec, RhythmSpec};
use crate::scenario::tree::{Node, Value};

/// Quarters of an hour in a day.
const QUARTERS: usize = 96;

/// Every quarter of an hour the same.
fn flat_day() -> Vec<f64> {
    vec![1.0; QUARTERS]
}

/// Every day the same.
fn flat_week() -> Vec<f64> {
    vec![1.0; 7]
}

/// The fields `clock`, `day` and `week` of demand.
pub(super) fn demand(fields: &mut Fields<'_>, found: &mut Diagnostics) -> Option<DemandSpec> {
    let clock = optional(fields.take("clock"), found, calendar::zone_name);
    let day = optional(fields.take("day"), found, day);
    let week = optional(fields.take("week"), found, week);
    Some(DemandSpec {
        clock: clock?,
        day: day?.unwrap_or_else(flat_day),
        week: week?.unwrap_or_else(flat_week),
    })
}

/// A rhythm: `(day: ..., week: ...)`, as for users.
pub(super) fn rhythm(node: &Node, found: &mut Diagnostics) -> Option<RhythmSpec> {
    if let Some((name, _)) = node.variant() {
        let label = match name {
            "Peak" | "Hourly" => format!("expected `(day: {name}(...))`"),
            "Weekend" | "Days" => format!("expected `(week: {name}(...))`"),
            _ => "expected `(day: ..., week: ...)`, or no rhythm".to_owned(),
        };
        found.error(node.span, format!("`{}` alone is no rhythm", excerpt(name)), label);
        return None;
    }
    let mut fields = Fields::plain(node, "a rhythm", found)?;
    let day = optional(fields.take("day"), found, day);
    let week = optional(fields.take("week"), found, week);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(RhythmSpec {
        span: node.span,
        day: scaled(day?.unwrap_or_else(flat_day)),
        week: scaled(week?.unwrap_or_else(flat_week)),
    })
}

/// Relative weights with 1 as the largest, so that no product of them overflows.
fn scaled(weights: Vec<f64>) -> Vec<f64> {
    let most = weights.iter().copied().fold(0.0, f64::max);
    weights.iter().map(|weight| weight / most).collect()
}

/// `Flat`, `Peak(at, trough)` or `Hourly([...])`.
fn day(node: &Node, found: &mut Diagnostics) -> Option<Vec<f64>> {
    match variant(node, "daily profile", &["Flat", "Peak", "Hourly"], found)? {
        "Flat" => holds_nothing(node, found).map(|()| flat_day()),
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
        "Flat" => holds_nothing(node, found).map(|()| flat_week()),
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

/// A fixed number of relative weights, not all 0 and with a finite sum.
fn weights(node: &Node, what: &'static str, wanted: usize, found: &mut Diagnostics) -> Option<Vec<f64>> {
    let mut fields = Fields::arguments(node, what, &["weights"], found)?;
    let list = fields.require("weights").and_then(|n| list_of(n, found, weight));
    fields.finish(found);
    let list = list?;
    let sum = list.iter().sum::<f64>();
    if !sum.is_finite() {
        found.error(
            node.span,
            "these weights are too large to be added up",
            "expected smaller ones: only proportions count",
        );
        return None;
    }
    if list.len() != wanted || sum <= 0.0 {
        let message = format!("{} weights, adding up to {sum}", list.len());
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
