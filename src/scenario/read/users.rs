//! Journeys and the populations that make them.

use super::cost::amount;
use super::expression::needs;
use super::network::attach;
use super::place::coordinates;
use super::profile::{demand, sums, weight};
use super::repair::whole;
use super::replicas::max_lag;
use super::retries::retries;
use super::{
    above_zero, holds_nothing, optional, plain_variant, seconds_above_zero, share, time_law,
    time_law_or_zero, variant,
};
use crate::scenario::decode::{
    self, Fields, Provenance, expected, fraction01, list_of, map_of, positive, rate, spanned, string,
};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::{LawKind, LawSpec};
use crate::scenario::sources::Span;
use crate::scenario::spec::{
    CallSpec, CallTreeSpec, FailoverSpec, JourneySpec, ObjectiveSpec, PopulationSpec, RouteSpec, SessionSpec,
};
use crate::scenario::tree::{Node, Value};
use crate::scenario::unknowns::{self, Figure, figure, is_uncertain};

/// A journey.
pub(super) fn journey(node: &Node, found: &mut Diagnostics) -> Option<JourneySpec> {
    let mut fields = Fields::plain(node, "a journey", found)?;
    let calls = fields.require_as("calls", "the services it calls, in order");
    let calls = calls.and_then(|n| list_of(n, found, call).map(|list| (n.span, list)));
    let objective = optional(fields.take("objective"), found, objective);
    let latency_limit = optional(fields.take("latency_limit"), found, above_zero);
    let size =
        optional(fields.take("size"), found, |n, f| figure(n, LawKind::DataSize, f, decode::data_size));
    let user_minute = optional(fields.take("user_minute"), found, amount);
    let retries = optional(fields.take("retries"), found, retries);
    let priority = optional(fields.take("priority"), found, whole);
    let admit = optional(fields.take("admit"), found, share);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    let (span, calls) = calls?;
    if calls.is_empty() {
        found.error(span, "a journey without calls can never fail", "expected at least one service");
        return None;
    }
    Some(JourneySpec {
        calls,
        objective: objective?.unwrap_or_default(),
        latency_limit: latency_limit?,
        size: size?,
        user_minute: user_minute?,
        retries: retries?,
        priority: priority?.unwrap_or(0),
        admit: admit?.unwrap_or(Figure::known(1.0)),
    })
}

fn call(node: &Node, found: &mut Diagnostics) -> Option<CallSpec> {
    if node.variant().is_some() || matches!(node.value, Value::Str(_)) {
        return call_tree(node, found).map(|to| CallSpec { to, times: Figure::known(1.0), session: None });
    }
    let mut fields = Fields::plain(node, "a call", found)?;
    let to = fields.require_as("on", "the service").and_then(|n| call_tree(n, found));
    let times = optional(fields.take("times"), found, |n, f| figure(n, LawKind::Number, f, positive));
    let beside = (fields.take("on"), fields.take("times"));
    let session = optional(fields.take("session"), found, |n, f| session(n, beside, f));
    fields.finish(found);
    Some(CallSpec { to: to?, times: times?.unwrap_or(Figure::known(1.0)), session: session? })
}

/// Users who stay signed in, by a call to `on` that is made when a session has ended.
fn session(
    node: &Node,
    (on, times): (Option<&Node>, Option<&Node>),
    found: &mut Diagnostics,
) -> Option<SessionSpec> {
    let mut fields = Fields::plain(node, "a session", found)?;
    let mean = fields.require_as("mean", "its mean length").and_then(|n| seconds_above_zero(n, found));
    let kept_in = fields.require_as("kept_in", "the service that keeps it");
    let kept_in = kept_in.and_then(|n| spanned(n, found, string));
    let retry = fields.require_as("retry", "the wait before signing in is tried again");
    let retry = retry.and_then(|n| seconds_above_zero(n, found));
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    if let Some(on) = on.filter(|on| on.variant().is_some() && on.bare_name().is_none()) {
        found.error(
            on.span,
            "a session is with one service",
            "expected the name of a service beside `session`",
        );
        return None;
    }
    if let Some(times) = times {
        let label = "expected no `times`: users sign in when their session has ended";
        found.error(times.span, "with a session, signing in goes by no number of requests", label);
        return None;
    }
    Some(SessionSpec { span: node.span, mean: mean?, kept_in: kept_in?, retry: retry? })
}

fn call_tree(node: &Node, found: &mut Diagnostics) -> Option<CallTreeSpec> {
    if matches!(node.value, Value::Str(_)) || node.bare_name().is_some() {
        return spanned(node, found, string).map(CallTreeSpec::Service);
    }
    if let Some(session) = session_inside(node) {
        let message = "no fallback around a session";
        let label = "expected the name of a service here: users who are signed out ask for nothing, so none of them turns elsewhere";
        found.error(session, message, label).help(
            "a call with a `session` stands in the `calls` of the journey itself; a surge upon `Failing(...)` can say what users do instead",
        );
        return None;
    }
    match variant(node, "kind of call", &["FirstOf", "Mix"], found)? {
        "FirstOf" => first_of(node, found),
        _ => mix(node, found),
    }
}

/// The place of a session that stands inside `FirstOf` or `Mix`.
fn session_inside(node: &Node) -> Option<Span> {
    let entries = &node.as_struct().filter(|inner| inner.name.is_none())?.entries;
    let mut names = entries.iter().filter_map(|entry| entry.name.as_ref());
    names.find(|(name, _)| name == "session").map(|(_, span)| *span)
}

fn first_of(node: &Node, found: &mut Diagnostics) -> Option<CallTreeSpec> {
    let mut fields = Fields::of(node, "`FirstOf(of: [...], switch: ..., counts: ...)`", found)?;
    let of =
        fields.require_as("of", "the alternatives, best first").and_then(|n| list_of(n, found, call_tree));
    let switch = time_law_or_zero(fields.take("switch"), found);
    let counts = optional(fields.take("counts"), found, |n, f| {
        plain_variant(n, "way to count", &["Up", "Degraded"], f).map(|v| v == "Degraded")
    });
    fields.finish(found);
    let of = of?;
    if of.is_empty() {
        found.error(node.span, "no alternatives at all", "expected at least one in `of`");
        return None;
    }
    Some(CallTreeSpec::FirstOf { of, switch: switch?, degraded: counts?.unwrap_or(false) })
}

fn mix(node: &Node, found: &mut Diagnostics) -> Option<CallTreeSpec> {
    let mut fields = Fields::arguments(node, "`Mix({ \"service\": \"30%\", ... })`", &["parts"], found)?;
    let map = fields.require("parts");
    let parts = map.and_then(|n| map_of(n, found, share));
    fields.finish(found);
    let parts = parts?;
    let sum: f64 = parts.iter().map(|(_, share)| share.value).sum();
    if (sum - 1.0).abs() > 1e-6 {
        let message = format!("the parts of a mix add up to {}", crate::units::show_percent(sum));
        found.error(node.span, message, "expected shares that add up to 100 %");
        return None;
    }
    if sums(parts.iter().map(|(_, share)| share)).0 <= 0.0 {
        found.error(node.span, "the parts of a mix may all be 0 %", "expected shares that are not all 0 %");
        return None;
    }
    Some(CallTreeSpec::Mix(
        parts.into_iter().map(|(name, share)| (share, CallTreeSpec::Service(name))).collect(),
    ))
}

fn objective(node: &Node, found: &mut Diagnostics) -> Option<ObjectiveSpec> {
    if !matches!(node.value, Value::Struct(_)) {
        let availability = Some(fraction01(node, found)?);
        return Some(ObjectiveSpec { availability, ..ObjectiveSpec::default() });
    }
    let mut fields = Fields::plain(node, "an objective", found)?;
    let availability = optional(fields.take("availability"), found, fraction01);
    let down_at = optional(fields.take("down_at"), found, fraction01);
    let shortest = optional(fields.take("shortest_outage"), found, decode::span);
    let degraded = optional(fields.take("degraded_above"), found, fraction01);
    fields.finish(found);
    Some(ObjectiveSpec {
        availability: availability?,
        down_at: down_at?,
        shortest_outage: shortest?,
        degraded_above: degraded?,
    })
}

/// A population.
pub(super) fn population(node: &Node, found: &mut Diagnostics) -> Option<PopulationSpec> {
    let mut fields = Fields::plain(node, "a population", found)?;
    let at = optional(fields.take("at"), found, coordinates);
    let attach = attach(fields.take("attach"), found);
    let count = fields
        .require_as("count", "how many users there are")
        .and_then(|n| figure(n, LawKind::Count, found, |n, f| decode::count(n, f).map(|count| count as f64)));
    let does = fields
        .require_as("does", "requests per user, by journey")
        .and_then(|n| map_of(n, found, |n, f| figure(n, LawKind::Rate, f, rate)));
    let demand = demand(&mut fields, found);
    let route = optional(fields.take("route"), found, route);
    let failover = optional(fields.take("failover"), found, failover);
    let user_minute = optional(fields.take("user_minute"), found, amount);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(PopulationSpec {
        span: node.span,
        at: at?,
        attach: attach?,
        count: count?,
        does: does?,
        demand: demand?,
        route: route?.unwrap_or(RouteSpec::Nearest(node.span)),
        failover: failover?,
        user_minute: user_minute?,
    })
}

pub(super) fn route(node: &Node, found: &mut Diagnostics) -> Option<RouteSpec> {
    match variant(node, "route", &["Nearest", "Order", "Weighted"], found)? {
        "Nearest" => holds_nothing(node, found).map(|()| RouteSpec::Nearest(node.span)),
        "Order" => {
            let mut fields = Fields::arguments(node, "`Order([...])`", &["regions"], found)?;
            let regions =
                fields.require("regions").and_then(|n| list_of(n, found, |n, f| spanned(n, f, string)));
            fields.finish(found);
            let regions = regions?;
            if regions.is_empty() {
                expected(node, "at least one region", found);
                return None;
            }
            Some(RouteSpec::Order(regions))
        }
        _ => {
            let mut fields = Fields::arguments(node, "`Weighted({...})`", &["regions"], found)?;
            let regions = fields.require("regions").and_then(|n| map_of(n, found, route_weight));
            fields.finish(found);
            let regions = regions?;
            if sums(regions.iter().map(|(_, weight)| weight)).0 <= 0.0 {
                found.error(node.span, "no region has any weight", "expected weights, not all 0");
                return None;
            }
            Some(RouteSpec::Weighted(regions))
        }
    }
}

/// A weight of a region: 0 for one that is nobody's, which must be known.
fn route_weight(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    let is_unknown = is_uncertain(node);
    unknowns::weight(node, found, |n, f| {
        let weight = weight(n, f)?;
        if is_unknown && weight <= 0.0 {
            f.error(n.span, "a region that is nobody's at times", "expected weights above 0");
            return None;
        }
        Some(weight)
    })
}

fn failover(node: &Node, found: &mut Diagnostics) -> Option<FailoverSpec> {
    let mut fields = Fields::plain(node, "a failover", found)?;
    let detect = time_law_or_zero(fields.take("detect"), found);
    let shift = time_law_or_zero(fields.take("shift"), found);
    let works = optional(fields.take("works"), found, |n, f| {
        figure(n, LawKind::Fraction, f, |n, f| likely(n, "a shift", f))
    });
    let quiet = optional(fields.take("quiet"), found, time_law);
    let needed = optional(fields.take("needs"), found, needs);
    let at_target = optional(fields.take("needs_at"), found, |n, f| {
        plain_variant(n, "place of the needs", &["Left", "Target"], f).map(|v| v == "Target")
    });
    let max_lag = max_lag(fields.take("max_lag"), found);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(FailoverSpec {
        detect: detect?,
        shift: shift?,
        works: works?.unwrap_or(Figure::known(1.0)),
        quiet: quiet?.unwrap_or(LawSpec::Fixed(0.0)),
        needs: needed?.unwrap_or_default(),
        needs_at_target: at_target?.unwrap_or(false),
        max_lag: max_lag?,
    })
}

/// A probability above 0: what never works would be tried for ever.
pub(super) fn likely(node: &Node, what: &str, found: &mut Diagnostics) -> Option<f64> {
    let value = fraction01(node, found)?;
    if value <= 0.0 {
        let without = if what == "a shift" { "; without failover leave the field out" } else { "" };
        let label = format!("expected a probability above 0{without}");
        found.error(node.span, format!("{what} that never works is tried for ever"), label);
        return None;
    }
    Some(value)
}
