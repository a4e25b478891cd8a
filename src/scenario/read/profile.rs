//! What a day and a week look like: the demand of users, and the rhythm of failure clocks.

use super::{holds_nothing, optional, share, variant};
use crate::model::{Day, Days, Week};
use crate::scenario::calendar;
use crate::scenario::decode::{Fields, Provenance, fraction01, list_of, number};
use crate::scenario::diagnostics::{Diagnostics, excerpt};
use crate::scenario::spec::{DemandSpec, RhythmSpec};
use crate::scenario::tree::{Node, Value};
use crate::scenario::unknowns::{self, Figure};

/// The fields `clock`, `day` and `week` of demand.
pub(super) fn demand(fields: &mut Fields<'_>, found: &mut Diagnostics) -> Option<DemandSpec> {
    let clock = optional(fields.take("clock"), found, calendar::zone_name);
    let week = week(fields, found);
    Some(DemandSpec { clock: clock?, week: week? })
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
    let week = week(&mut fields, found);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(RhythmSpec { span: node.span, week: week? })
}

/// The fields `day` and `week`.
fn week(fields: &mut Fields<'_>, found: &mut Diagnostics) -> Option<Week<Figure>> {
    let day = optional(fields.take("day"), found, day);
    let days = optional(fields.take("week"), found, days);
    Some(Week { day: day?.unwrap_or(Day::Flat), days: days?.unwrap_or(Days::Flat) })
}

/// `Flat`, `Peak(at, trough)` or `Hourly([...])`.
fn day(node: &Node, found: &mut Diagnostics) -> Option<Day<Figure>> {
    match variant(node, "daily profile", &["Flat", "Peak", "Hourly"], found)? {
        "Flat" => holds_nothing(node, found).map(|()| Day::Flat),
        "Peak" => {
            let mut fields =
                Fields::arguments(node, "`Peak(at: \"14:00\", trough: \"35%\")`", &["at", "trough"], found)?;
            let at = fields.require("at").and_then(|n| calendar::hour_of_day(n, found));
            let trough = fields.require("trough").and_then(|n| share(n, found));
            fields.finish(found);
            Some(Day::Peak { at: at?, trough: trough? })
        }
        _ => weights(node, "`Hourly([...])`", 24, found).map(Day::Hourly),
    }
}

/// `Flat`, `Weekend(share)` or `Days([...])` from Monday.
fn days(node: &Node, found: &mut Diagnostics) -> Option<Days<Figure>> {
    match variant(node, "weekly profile", &["Flat", "Weekend", "Days"], found)? {
        "Flat" => holds_nothing(node, found).map(|()| Days::Flat),
        "Weekend" => {
            let mut fields = Fields::arguments(node, "`Weekend(share)`", &["share"], found)?;
            let weekend = fields.require("share").and_then(|n| share(n, found));
            fields.finish(found);
            weekend.map(Days::Weekend)
        }
        _ => weights(node, "`Days([...])`", 7, found).map(Days::Each),
    }
}

/// A fixed number of relative weights, not all 0 and with a finite sum, whatever the unknown ones are.
fn weights(node: &Node, what: &'static str, wanted: usize, found: &mut Diagnostics) -> Option<Vec<Figure>> {
    let mut fields = Fields::arguments(node, what, &["weights"], found)?;
    let list = fields
        .require("weights")
        .and_then(|n| list_of(n, found, |n, found| unknowns::weight(n, found, weight)));
    fields.finish(found);
    let list = list?;
    let (least, most) = sums(list.iter());
    if !most.is_finite() {
        found.error(
            node.span,
            "these weights are too large to be added up",
            "expected smaller ones: only proportions count",
        );
        return None;
    }
    if list.len() != wanted || least <= 0.0 {
        let added = match most > least {
            true if least > 0.0 => String::new(),
            true => ", which may all be 0".to_owned(),
            false => format!(", adding up to {least}"),
        };
        let message = format!("{} weights{added}", list.len());
        found.error(node.span, message, format!("expected {wanted} weights, not all 0"));
        return None;
    }
    Some(list)
}

/// What weights add up to, at least and at most.
pub(super) fn sums<'f>(weights: impl Iterator<Item = &'f Figure> + Clone) -> (f64, f64) {
    (weights.clone().map(|weight| weight.ends.0).sum(), weights.map(|weight| weight.ends.1).sum())
}

/// A weight, 0 for what does not happen.
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
