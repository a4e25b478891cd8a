//! What a service can serve.

use super::expression::needs;
use super::{above_zero, duration, optional, time_law, time_law_or_zero};
use crate::scenario::decode::{
    self, Fields, Provenance, Spanned, fraction01, map_of, plain, ratio, share_rate,
};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::{LawKind, LawSpec};
use crate::scenario::spec::{AutoscalingSpec, CapacitySpec, SizeSpec, TripsSpec};
use crate::scenario::tree::Node;
use crate::scenario::unknowns::{Figure, figure};
use crate::time::{MICROS_PER_MINUTE, MICROS_PER_SECOND};

/// From one look at utilisation to the next, where nothing else is said.
const EVERY: f64 = 15.0 * MICROS_PER_SECOND as f64;
/// Largest growth at one look, where nothing else is said.
const STEP: f64 = 2.0;
/// Largest capacity, requests per second.
const MOST_RATE: f64 = 1e12;
/// Shortest time from look to look and from trip to trip: each is an event.
const SHORTEST: f64 = MICROS_PER_SECOND as f64;
/// How long less must have sufficed, where nothing else is said.
const DOWN_AFTER: f64 = 5.0 * MICROS_PER_MINUTE as f64;

/// Fields of a capacity that are the same in all regions.
const NOT_BY_REGION: [&str; 4] = ["gamma", "warm_up", "trips", "autoscaling"];

/// A capacity: `(per_member: "9k/s")` or `(total: "27k/s")`, another size in single regions, and what overload does to it.
pub(super) fn capacity(node: &Node, found: &mut Diagnostics) -> Option<CapacitySpec> {
    let mut fields = Fields::plain(node, "a capacity", found)?;
    let size = size(&mut fields, found);
    let in_regions = optional(fields.take("in_regions"), found, |n, f| map_of(n, f, in_region));
    let no_region = in_regions.as_ref().is_some_and(|map| map.as_ref().is_none_or(Vec::is_empty));
    if no_region && size == Some(None) {
        size_is_missing(node, found);
    }
    let gamma = optional(fields.take("gamma"), found, |n, f| figure(n, LawKind::Number, f, plain));
    let warm_up = optional(fields.take("warm_up"), found, duration);
    let trips = optional(fields.take("trips"), found, trips);
    let autoscaling = optional(fields.take("autoscaling"), found, autoscaling);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(CapacitySpec {
        span: node.span,
        size: size?,
        in_regions: in_regions?.unwrap_or_default(),
        gamma: gamma?.unwrap_or(Figure::known(0.0)),
        warm_up: warm_up?.unwrap_or(Figure::known(0.0)),
        trips: trips?,
        autoscaling: autoscaling?,
    })
}

/// A rate of requests above 0, which may be unknown.
pub(super) fn uncertain_rate(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::Rate, found, request_rate)
}

/// The one of `per_member` and `total` that is there, if any is; nothing where it is wrong.
fn size(fields: &mut Fields<'_>, found: &mut Diagnostics) -> Option<Option<Spanned<SizeSpec>>> {
    let (node, size): (_, fn(Figure) -> SizeSpec) = match (fields.take("per_member"), fields.take("total")) {
        (Some(per_member), None) => (per_member, SizeSpec::PerMember),
        (None, Some(total)) => (total, SizeSpec::Total),
        (None, None) => return Some(None),
        (Some(per_member), Some(total)) => {
            let message = "both `per_member` and `total` say how large it is";
            found
                .error(total.span, message, "expected only one of them")
                .also(per_member.span, "`per_member`");
            return None;
        }
    };
    let rate = uncertain_rate(node, found)?;
    Some(Some(Spanned { value: size(rate), span: node.span }))
}

fn size_is_missing(node: &Node, found: &mut Diagnostics) {
    let label = "expected `per_member: \"9k/s\"` or `total: \"27k/s\"`";
    found.error(node.span, "the size of this capacity is missing", label);
}

/// The size in one region.
fn in_region(node: &Node, found: &mut Diagnostics) -> Option<SizeSpec> {
    let mut fields = Fields::plain(node, "the capacity in a region", found)?;
    let size = size(&mut fields, found);
    let _ = Provenance::take(&mut fields, found);
    fields.elsewhere(&NOT_BY_REGION, "only the size differs by region: the rest stands in `capacity`");
    fields.finish(found);
    let size = size?;
    if size.is_none() {
        size_is_missing(node, found);
    }
    size.map(|size| size.value)
}

/// A rate of requests above 0.
fn request_rate(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let rate = decode::rate(node, found)?;
    if rate > MOST_RATE {
        found.error(node.span, "a capacity beyond all measure", "expected at most \"1000G/s\"");
        return None;
    }
    if rate <= 0.0 {
        found.error(node.span, "a capacity of nothing", "expected a rate above 0, such as `\"9k/s\"`");
        return None;
    }
    Some(rate)
}

fn trips(node: &Node, found: &mut Diagnostics) -> Option<TripsSpec> {
    let mut fields = Fields::plain(node, "trips of overload", found)?;
    let at = fields.require_as("at", "the load over capacity beyond which parts are lost");
    let at = at.and_then(|n| figure(n, LawKind::Ratio, found, at_least_whole));
    let after = fields.require_as("after", "how long it must last").and_then(|n| seconds(n, found));
    let loses = fields.require_as("loses", "the share of capacity that is lost each time");
    let loses = loses.and_then(|n| figure(n, LawKind::Fraction, found, part));
    let restart = time_law_or_zero(fields.take("restart"), found);
    let rate = fields.require_as("rate", "the share of capacity that can restart per time");
    let rate = rate.and_then(|n| figure(n, LawKind::ShareRate, found, share_rate_above_zero));
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(TripsSpec { span: node.span, at: at?, after: after?, loses: loses?, restart: restart?, rate: rate? })
}

/// A duration of at least one second, which may be unknown.
fn seconds(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::Time, found, a_second)
}

/// A duration of at least one second.
fn a_second(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let micros = above_zero(node, found)?;
    if micros < SHORTEST {
        found.error(node.span, "this happens more often than once a second", "expected at least \"1s\"");
        return None;
    }
    Some(micros)
}

/// Utilisation of at least 100 %.
fn at_least_whole(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let value = ratio(node, found)?;
    if value < 1.0 {
        let label = "expected at least \"100%\": load above capacity is what trips it";
        found.error(node.span, "below 100 % there is no overload", label);
        return None;
    }
    Some(value)
}

/// A share above 0.
fn part(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let value = fraction01(node, found)?;
    if value <= 0.0 {
        found.error(node.span, "a share of nothing", "expected a share above 0");
        return None;
    }
    Some(value)
}

fn share_rate_above_zero(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let value = share_rate(node, found)?;
    if value <= 0.0 {
        let label = "expected a share per time above 0, such as `\"10%/m\"`";
        found.error(node.span, "what trips would never come back", label);
        return None;
    }
    Some(value)
}

fn autoscaling(node: &Node, found: &mut Diagnostics) -> Option<AutoscalingSpec> {
    let mut fields = Fields::plain(node, "autoscaling", found)?;
    let target = fields.require_as("target", "the utilisation that it aims at");
    let target = target.and_then(|n| figure(n, LawKind::Fraction, found, part));
    let every = optional(fields.take("every"), found, seconds);
    let lag = fields.require_as("lag", "the time from a decision to the capacity");
    let lag: Option<LawSpec> = lag.and_then(|n| time_law(n, found));
    let step = optional(fields.take("step"), found, |n, f| figure(n, LawKind::Number, f, growth));
    let least = optional(fields.take("least"), found, uncertain_ratio);
    let most = fields.require_as("most", "a limit, as a share of the capacity that is declared");
    let most = most.and_then(|n| uncertain_ratio(n, found).map(|value| (value, n.span)));
    let down_after = optional(fields.take("down_after"), found, duration);
    let needed = optional(fields.take("needs"), found, needs);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    let (least, (most, most_span)) = (least?.unwrap_or(Figure::known(1.0)), most?);
    if most.ends.0 < least.ends.1 {
        found.error(most_span, "`most` is below `least`", "expected at least the value of `least`");
        return None;
    }
    Some(AutoscalingSpec {
        span: node.span,
        target: target?,
        every: every?.unwrap_or(Figure::known(EVERY)),
        lag: lag?,
        step: step?.unwrap_or(Figure::known(STEP)),
        least,
        most,
        down_after: down_after?.unwrap_or(Figure::known(DOWN_AFTER)),
        needs: needed?.unwrap_or_default(),
    })
}

fn uncertain_ratio(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::Ratio, found, above_zero_ratio)
}

fn above_zero_ratio(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let value = ratio(node, found)?;
    if value <= 0.0 {
        found.error(node.span, "a share of nothing", "expected a share above 0, such as `\"300%\"`");
        return None;
    }
    Some(value)
}

/// A factor above 1: with less it would never grow.
fn growth(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let value = decode::positive(node, found)?;
    if value <= 1.0 {
        let label = "expected a factor above 1, such as 2";
        found.error(node.span, "capacity that never grows", label);
        return None;
    }
    Some(value)
}
