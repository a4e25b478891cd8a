//! The scenario as a whole.

use super::component::zone_kind;
use super::hazard::hazard;
use super::place::region;
use super::repair::crew;
use super::service::service;
use super::users::{journey, population};
use super::{optional, variant};
use crate::scenario::calendar;
use crate::scenario::decode::{self, Fields, map_of, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{Named, ScenarioSpec};
use crate::scenario::tree::Node;

/// A scenario: `Scenario(...)`.
pub(in crate::scenario) fn scenario(node: &Node, found: &mut Diagnostics) -> Option<ScenarioSpec> {
    variant(node, "file", &["Scenario"], found)?;
    let mut fields = Fields::of(node, "a scenario", found)?;
    let title = fields.require_as("title", "what it is about", found).and_then(|n| string(n, found));
    let start = fields
        .require_as("start", "a UTC time such as \"2026-03-01T00:00:00Z\"", found)
        .and_then(|n| calendar::timestamp(n, found));
    let horizon = fields
        .require_as("horizon", "how long to simulate, such as \"14d\"", found)
        .and_then(|n| horizon(n, found));
    let aged = optional(fields.take("components_start"), found, |n, f| {
        variant(n, "start of components", &["Aged", "New"], f).map(|v| v == "Aged")
    });
    // Times of hazards are read even where the start is wrong, so that their own mistakes are found.
    let origin = start.unwrap_or(0);
    let zone_kinds = map(fields.take("zone_kinds"), found, zone_kind);
    let regions = map(fields.take("regions"), found, region);
    let crews = map(fields.take("crews"), found, crew);
    let services = map(fields.take("services"), found, service);
    let journeys = map(fields.take("journeys"), found, journey);
    let users = map(fields.take("users"), found, population);
    let hazards = map(fields.take("hazards"), found, |n, f| hazard(n, origin, f));
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(ScenarioSpec {
        title: title?,
        start_unix_micros: start?,
        horizon: horizon?,
        aged: aged?,
        zone_kinds: zone_kinds?,
        regions: regions?,
        crews: crews?,
        services: services?,
        journeys: journeys?,
        users: users?,
        hazards: hazards?,
    })
}

fn map<T>(
    node: Option<&Node>,
    found: &mut Diagnostics,
    read: impl FnMut(&Node, &mut Diagnostics) -> Option<T>,
) -> Option<Named<T>> {
    node.map_or_else(|| Some(Vec::new()), |n| map_of(n, found, read))
}

/// A length that calendars can hold.
fn horizon(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    const MOST_YEARS: f64 = 5_000.0;
    let micros = decode::span(node, found)?;
    if micros < 1.0 || micros > MOST_YEARS * crate::time::MICROS_PER_YEAR as f64 {
        let label = format!("expected more than 0 and at most {MOST_YEARS} years");
        found.error(node.span, "there is nothing to simulate in this horizon", label);
        return None;
    }
    Some(micros)
}
