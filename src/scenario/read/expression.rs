//! Needs and conditions.

use super::optional;
use super::state::{failing, overloaded};
use crate::scenario::decode::{self, Fields, expected, fraction01, list_of, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::LawKind;
use crate::scenario::spec::{CarriesSpec, EntrySpec, ExpressionKind, ExpressionSpec};
use crate::scenario::tree::{Node, Value};
use crate::scenario::unknowns::{Figure, figure};

const NEEDS: [&str; 5] = ["All", "Any", "AtLeast", "Share", "Reach"];
const CONDITIONS: [&str; 10] =
    ["All", "Any", "AtLeast", "Share", "Reach", "Up", "Down", "Not", "Failing", "Overloaded"];

/// A list of needs, or a single one.
pub(super) fn needs(node: &Node, found: &mut Diagnostics) -> Option<Vec<ExpressionSpec>> {
    match node.value {
        Value::List(_) => list_of(node, found, need),
        _ => need(node, found).map(|one| vec![one]),
    }
}

/// The needs of what serves calls, which may make calls of its own: entries may say how many.
pub(super) fn needs_with_calls(node: &Node, found: &mut Diagnostics) -> Option<Vec<ExpressionSpec>> {
    let read = |node: &Node, found: &mut Diagnostics| {
        if node.variant().is_some() || !matches!(node.value, Value::Struct(_)) {
            return need(node, found);
        }
        let entry = entry(node, &NEEDS, true, found)?;
        Some(ExpressionSpec { kind: ExpressionKind::Entry(Box::new(entry)), span: node.span })
    };
    match node.value {
        Value::List(_) => list_of(node, found, read),
        _ => read(node, found).map(|one| vec![one]),
    }
}

/// A need: a name, a gate over needs, `Reach(region)`, or `(on: ..., holdover: ...)`.
pub(super) fn need(node: &Node, found: &mut Diagnostics) -> Option<ExpressionSpec> {
    expression(node, &NEEDS, found)
}

/// A condition: also `Up`, `Down`, `Not`, and states of load.
pub(super) fn condition(node: &Node, found: &mut Diagnostics) -> Option<ExpressionSpec> {
    expression(node, &CONDITIONS, found)
}

fn expression(node: &Node, known: &[&str], found: &mut Diagnostics) -> Option<ExpressionSpec> {
    let span = node.span;
    if let Some((name, name_span)) = node.variant()
        && node.bare_name().is_none()
    {
        if CONDITIONS.contains(&name) && !known.contains(&name) {
            let label = format!("expected one of {}", known.join(", "));
            found
                .error(name_span, format!("`{name}` is a condition, not a need"), label)
                .help("name what must work; conditions belong to While(...) and When(...)");
            return None;
        }
        if !known.contains(&name) {
            decode::unknown_name(name, name_span, "gate", known, found);
            return None;
        }
        let kind = gate(name, node, known, found)?;
        return Some(ExpressionSpec { kind, span });
    }
    match node.value {
        Value::Str(_) => {
            spanned(node, found, string).map(|n| ExpressionSpec { kind: ExpressionKind::Name(n), span })
        }
        Value::Struct(_) | Value::Unit if node.bare_name().is_none() => {
            let entry = entry(node, known, false, found)?;
            Some(ExpressionSpec { kind: ExpressionKind::Entry(Box::new(entry)), span })
        }
        _ if node.bare_name().is_some() => {
            spanned(node, found, string).map(|n| ExpressionSpec { kind: ExpressionKind::Name(n), span })
        }
        _ => {
            let wanted = format!("a name in quotes, `(on: ...)`, or one of {}", known.join(", "));
            expected(node, &wanted, found);
            None
        }
    }
}

fn gate(name: &str, node: &Node, known: &[&str], found: &mut Diagnostics) -> Option<ExpressionKind> {
    let list = |node: &Node, found: &mut Diagnostics| {
        let list = list_of(node, found, |n, f| expression(n, known, f))?;
        if list.is_empty() {
            found.error(node.span, "a gate without inputs", "expected at least one name");
            return None;
        }
        Some(list)
    };
    match name {
        "AtLeast" => {
            let mut fields = Fields::arguments(node, "`AtLeast(k, [...])`", &["k", "of"], found)?;
            let k = fields.require("k").and_then(|n| super::uncertain_count(n, found));
            let of = fields.require("of").and_then(|n| list(n, found));
            fields.finish(found);
            let (k, of) = (k?, of?);
            let most = k.value.ends.1;
            if most > of.len() as f64 {
                let message = format!("`{most}` of {} inputs can never be met", of.len());
                found.error(k.span, message, format!("expected at most {}", of.len()));
                return None;
            }
            Some(ExpressionKind::AtLeast(k, of))
        }
        "Reach" => {
            let mut fields = Fields::arguments(node, "`Reach(\"region\")`", &["region"], found)?;
            let region = fields.require("region").and_then(|n| spanned(n, found, string));
            fields.finish(found);
            region.map(ExpressionKind::Reach)
        }
        "Failing" => failing(node, found).map(|state| ExpressionKind::State(Box::new(state))),
        "Overloaded" => overloaded(node, found).map(|state| ExpressionKind::State(Box::new(state))),
        "Up" | "Down" | "Not" => {
            let mut fields = Fields::arguments(node, "`Up(...)`, `Down(...)` or `Not(...)`", &["on"], found)?;
            let inner = fields.require("on").and_then(|n| expression(n, known, found));
            fields.finish(found);
            let inner = Box::new(inner?);
            Some(match name {
                "Up" => ExpressionKind::Up(inner),
                "Down" => ExpressionKind::Down(inner),
                _ => ExpressionKind::Not(inner),
            })
        }
        _ => {
            let mut fields =
                Fields::arguments(node, "`All([...])`, `Any([...])` or `Share([...])`", &["of"], found)?;
            let of = fields.require("of").and_then(|n| list(n, found));
            fields.finish(found);
            let of = of?;
            Some(match name {
                "All" => ExpressionKind::All(of),
                "Any" => ExpressionKind::Any(of),
                _ => ExpressionKind::Share(of),
            })
        }
    }
}

fn entry(node: &Node, known: &[&str], may_call: bool, found: &mut Diagnostics) -> Option<EntrySpec> {
    let mut fields = Fields::plain(node, "a need", found)?;
    let on = fields.require_as("on", "what is needed").and_then(|n| expression(n, known, found));
    let from = optional(fields.take("from"), found, |n, f| spanned(n, f, string));
    let at_least =
        optional(fields.take("at_least"), found, |n, f| figure(n, LawKind::Fraction, f, threshold));
    let holdover = optional(fields.take("holdover"), found, super::time_law);
    let refills_span = fields.take("refills_in").map(|node| node.span);
    let refills =
        optional(fields.take("refills_in"), found, |n, f| figure(n, LawKind::Time, f, decode::span));
    let otherwise = optional(fields.take("else"), found, super::share);
    let carries = if may_call { carries(&mut fields, found) } else { Some(None) };
    if !may_call {
        fields.elsewhere(
            &["calls", "weight"],
            "calls are made by services: they stand in the list `needs` of a `member` or of a service Outside",
        );
    }
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    let (holdover, refills_in) = (holdover?, refills?);
    if let (None, Some(span)) = (&holdover, refills_span) {
        let label = "expected a `holdover` beside it";
        found.error(span, "`refills_in` without a holdover has nothing to refill", label);
        return None;
    }
    Some(EntrySpec {
        on: on?,
        from: from?,
        at_least: at_least?,
        holdover,
        refills_in,
        otherwise: otherwise?.unwrap_or(Figure::known(0.0)),
        carries: carries?,
    })
}

/// The load that a need carries: `calls` and `weight` beside `on`.
fn carries(fields: &mut Fields<'_>, found: &mut Diagnostics) -> Option<Option<CarriesSpec>> {
    let calls = optional(fields.take("calls"), found, uncertain_factor)?;
    let weight = fields.take("weight");
    let Some(calls) = calls else {
        let Some(weight) = weight else { return Some(None) };
        found.error(weight.span, "`weight` of no calls", "expected `calls` beside it");
        return None;
    };
    let weight = optional(weight, found, uncertain_factor)?.unwrap_or(Figure::known(1.0));
    let on = fields.take("on")?;
    if on.variant().is_some() && on.bare_name().is_none() {
        let label = "expected the name of one service: write an entry for each that is called";
        found.error(on.span, "nobody can be called by a gate", label);
        return None;
    }
    let to = spanned(on, found, string)?;
    Some(Some(CarriesSpec { to, calls, weight }))
}

fn uncertain_factor(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::Number, found, many)
}

/// A factor that load can be multiplied with many times over.
fn many(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    const MOST: f64 = 1e6;
    let value = decode::positive(node, found)?;
    if value > MOST {
        found.error(node.span, format!("`{value}` is too many"), format!("expected at most {MOST}"));
        return None;
    }
    Some(value)
}

/// A level from which on a need is met: above 0, or it would be met always.
fn threshold(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let value = fraction01(node, found)?;
    if value <= 0.0 {
        found.error(node.span, "a need that is met at level 0 is always met", "expected a share above 0");
        return None;
    }
    Some(value)
}
