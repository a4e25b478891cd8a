//! Repairs and crews.

use super::cost::per_time;
use super::{optional, time_law, time_law_or_zero, uncertain_count};
use crate::scenario::decode::{self, Fields, Spanned, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::{LAW_NAMES, LawKind};
use crate::scenario::spec::{CrewSpec, RepairSpec, StepsSpec};
use crate::scenario::tree::{Node, Value};
use crate::scenario::unknowns::{Figure, figure};

/// A repair: a law, the name of a crew, or its steps.
pub(super) fn repair(node: &Node, found: &mut Diagnostics) -> Option<RepairSpec> {
    if let Some(name) = node.bare_name().filter(|name| !LAW_NAMES.contains(name)) {
        return Some(RepairSpec::Text(Spanned { value: name.to_owned(), span: node.span }));
    }
    match &node.value {
        Value::Str(text) => Some(RepairSpec::Text(Spanned { value: text.clone(), span: node.span })),
        Value::Struct(inner) if inner.name.is_none() => {
            steps(node, found).map(|s| RepairSpec::Steps(Box::new(s)))
        }
        _ => time_law(node, found).map(RepairSpec::Law),
    }
}

fn steps(node: &Node, found: &mut Diagnostics) -> Option<StepsSpec> {
    let mut fields = Fields::plain(node, "a repair", found)?;
    let detect = time_law_or_zero(fields.take("detect"), found);
    let crew = optional(fields.take("crew"), found, |n, f| spanned(n, f, string));
    let travel = optional(fields.take("travel"), found, time_law);
    let work = optional(fields.take("work"), found, time_law);
    let needs = optional(fields.take("needs"), found, super::expression::needs);
    let without = optional(fields.take("without_needs"), found, |n, f| figure(n, LawKind::Number, f, slower));
    let without_span = fields.take("without_needs").map(|n| n.span);
    let priority = optional(fields.take("priority"), found, whole);
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    let (needs, without_needs) = (needs?.unwrap_or_default(), without?);
    if let (true, Some(span)) = (needs.is_empty(), without_span) {
        found.error(span, "`without_needs` has no needs to be without", "expected `needs` beside it");
        return None;
    }
    Some(StepsSpec {
        span: node.span,
        detect: detect?,
        crew: crew?,
        travel: travel?,
        work: work?,
        needs,
        without_needs,
        priority: priority?.unwrap_or(0),
    })
}

fn slower(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let value = decode::positive(node, found)?;
    if value < 1.0 {
        let label = "expected a number of at least 1: how many times slower it goes";
        found.error(node.span, format!("`{value}` would make it faster"), label);
        return None;
    }
    Some(value)
}

pub(super) fn whole(node: &Node, found: &mut Diagnostics) -> Option<i64> {
    let value = decode::number(node, found)?;
    if value.fract() != 0.0 || value.abs() > 1e9 {
        found.error(
            node.span,
            format!("`{value}` is no priority"),
            "expected a whole number; larger goes first",
        );
        return None;
    }
    Some(value as i64)
}

/// A crew pool.
pub(super) fn crew(node: &Node, found: &mut Diagnostics) -> Option<CrewSpec> {
    let mut fields = Fields::plain(node, "a crew pool", found)?;
    let size = fields.require_as("size", "how many crews there are").and_then(|n| uncertain_count(n, found));
    let travel = optional(fields.take("travel"), found, time_law);
    let work = optional(fields.take("work"), found, time_law);
    let people = optional(fields.take("people"), found, uncertain_count);
    let cost = optional(fields.take("cost"), found, per_time);
    let running = optional(fields.take("running"), found, per_time);
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(CrewSpec {
        size: size?.value,
        travel: travel?,
        work: work?,
        people: people?.map_or(Figure::known(1.0), |people| people.value),
        cost: cost?,
        running: running?,
    })
}
