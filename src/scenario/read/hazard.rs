//! Hazards.

use super::component::effect;
use super::expression::condition;
use super::place::coordinates;
use super::profile::rhythm;
use super::repair::repair;
use super::{optional, share, time_law, time_law_or_zero, variant};
use crate::scenario::calendar;
use crate::scenario::decode::{
    Fields, Provenance, Spanned, boolean, distance, fraction01, list_of, map_of, positive, spanned, string,
};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::{LawKind, LawSpec};
use crate::scenario::spec::{
    EffectKind, EffectSpec, HazardSpec, Named, NearSpec, OccurrenceSpec, OccursSpec, StrikeSpec, TargetSpec,
};
use crate::scenario::tree::{Node, Value};
use crate::scenario::unknowns::{Figure, figure};

/// A hazard; `start` is needed for calendar instants.
pub(super) fn hazard(node: &Node, start_unix_micros: i64, found: &mut Diagnostics) -> Option<HazardSpec> {
    let mut fields = Fields::plain(node, "a hazard", found)?;
    let occurrence = occurrence(&mut fields, start_unix_micros, found);
    let strikes = fields.require_as("strikes", "what it strikes").and_then(|n| strikes(n, found));
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    let (strikes, one_of) = strikes?;
    if strikes.is_empty() {
        found.error(node.span, "a hazard that strikes nothing", "expected at least one strike");
        return None;
    }
    Some(HazardSpec { occurrence: occurrence?, strikes, one_of })
}

/// The fields that say when something occurs.
pub(super) fn occurrence(
    fields: &mut Fields<'_>,
    start_unix_micros: i64,
    found: &mut Diagnostics,
) -> Option<OccurrenceSpec> {
    let occurs = fields
        .require_as("occurs", "At, Between, Every or When")
        .and_then(|n| occurs(n, start_unix_micros, found));
    let probability = optional(fields.take("probability"), found, share);
    let only_while = optional(fields.take("only_while"), found, condition);
    let clusters = optional(fields.take("clusters"), found, clusters);
    let rhythm = optional(fields.take("rhythm"), found, rhythm);
    let clock = optional(fields.take("clock"), found, calendar::zone_name);
    let (occurs, rhythm) = (occurs?, rhythm?);
    if let (Some(rhythm), false) = (&rhythm, matches!(occurs, OccursSpec::Every(_))) {
        let label =
            "expected `occurs: Every(...)` beside it: At and Between say when, When waits for its condition";
        found.error(rhythm.span, "a rhythm of nothing that recurs by itself", label);
        return None;
    }
    Some(OccurrenceSpec {
        span: fields.span(),
        occurs,
        probability: probability?.unwrap_or(Figure::known(1.0)),
        only_while: only_while?,
        clusters: clusters?,
        rhythm,
        clock: clock?,
    })
}

fn clusters(node: &Node, found: &mut Diagnostics) -> Option<(Figure, LawSpec)> {
    let mut fields = Fields::plain(node, "a clustering", found)?;
    let offspring = fields
        .require_as("offspring", "the mean number of occurrences that each begets")
        .and_then(|n| figure(n, LawKind::Fraction, found, share_below_one));
    let after = fields.require_as("after", "the time to them").and_then(|n| time_law(n, found));
    fields.finish(found);
    Some((offspring?, after?))
}

/// From 1 on every occurrence would beget as many as itself for ever.
fn share_below_one(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let share = fraction01(node, found)?;
    if share >= 1.0 {
        let label = "expected less than 1: with more, occurrences would never end";
        found.error(node.span, "a cluster without end", label);
        return None;
    }
    Some(share)
}

fn occurs(node: &Node, start: i64, found: &mut Diagnostics) -> Option<OccursSpec> {
    let name = variant(node, "way to occur", &["At", "Between", "Every", "When"], found)?;
    let instant = |n: &Node, f: &mut Diagnostics| spanned(n, f, |n, f| calendar::instant(n, start, f));
    match name {
        "At" => {
            let mut fields = Fields::arguments(node, "`At(time)` or `At([time, ...])`", &["time"], found)?;
            let times = fields.require("time").and_then(|n| match n.value {
                Value::List(_) => list_of(n, found, instant),
                _ => instant(n, found).map(|one| vec![one]),
            });
            fields.finish(found);
            times.map(OccursSpec::At)
        }
        "Between" => {
            let mut fields = Fields::arguments(node, "`Between(from, to)`", &["from", "to"], found)?;
            let from = fields.require("from").and_then(|n| instant(n, found));
            let to = fields.require("to").and_then(|n| instant(n, found));
            fields.finish(found);
            between(from?, to?, found)
        }
        "Every" => {
            let mut fields = Fields::arguments(node, "`Every(law)`", &["law"], found)?;
            let law = fields.require("law").and_then(|n| time_law(n, found));
            fields.finish(found);
            law.map(OccursSpec::Every)
        }
        _ => {
            let mut fields = Fields::arguments(node, "`When(condition)`", &["condition"], found)?;
            let inner = fields.require("condition").and_then(|n| condition(n, found));
            fields.finish(found);
            inner.map(OccursSpec::When)
        }
    }
}

fn between(from: Spanned<f64>, to: Spanned<f64>, found: &mut Diagnostics) -> Option<OccursSpec> {
    if to.value < from.value {
        found
            .error(to.span, "the end lies before the beginning", "expected a later time")
            .also(from.span, "beginning");
        return None;
    }
    Some(OccursSpec::Between(from, to))
}

fn strikes(node: &Node, found: &mut Diagnostics) -> Option<(Named<StrikeSpec>, bool)> {
    if node.variant().is_none() {
        return map_of(node, found, |n, f| strike(n, false, f)).map(|strikes| (strikes, false));
    }
    variant(node, "choice of strikes", &["OneOf"], found)?;
    let mut fields = Fields::arguments(node, "`OneOf({...})`", &["of"], found)?;
    let of = fields.require("of").and_then(|n| map_of(n, found, |n, f| strike(n, true, f)));
    fields.finish(found);
    of.map(|strikes| (strikes, true))
}

fn target(node: &Node, found: &mut Diagnostics) -> Option<TargetSpec> {
    if node.variant().is_none() {
        return spanned(node, found, string).map(TargetSpec::Named);
    }
    variant(node, "target", &["Near"], found)?;
    let mut fields = Fields::arguments(node, "`Near(at, within)`", &["at", "within"], found)?;
    let at = fields.require("at").and_then(|n| coordinates(n, found));
    let within = fields.require("within").and_then(|n| distance(n, found));
    fields.finish(found);
    Some(TargetSpec::Near(NearSpec { span: node.span, at: at?, within_km: within? }))
}

/// A weight of what happens at times.
fn weight(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::Number, found, positive)
}

fn strike(node: &Node, weighted: bool, found: &mut Diagnostics) -> Option<StrikeSpec> {
    let mut fields = Fields::plain(node, "a strike", found)?;
    let weight = if weighted { optional(fields.take("weight"), found, weight) } else { Some(None) };
    let targets = fields.require_as("targets", "what it may hit").and_then(|n| list_of(n, found, target));
    let effect = optional(fields.take("effect"), found, effect);
    let probability = optional(fields.take("probability"), found, share);
    let delay = time_law_or_zero(fields.take("delay"), found);
    let repair = fields.require_as("repair", "how it ends, or Never").and_then(|n| repair(n, found));
    let waves = optional(fields.take("waves"), found, time_law);
    let each = optional(fields.take("each"), found, boolean);
    let _ = Provenance::take(&mut fields, found);
    fields.elsewhere(&["weight"], "weights are for strikes of which one happens: `strikes: OneOf({ ... })`");
    fields.finish(found);
    Some(StrikeSpec {
        span: node.span,
        weight: weight?.unwrap_or(Figure::known(1.0)),
        targets: targets?,
        effect: effect?.unwrap_or(EffectSpec { kind: EffectKind::Down, span: node.span }),
        probability: probability?.unwrap_or(Figure::known(1.0)),
        delay: delay?,
        repair: repair?,
        each: each?.unwrap_or(false),
        waves: waves?,
    })
}
