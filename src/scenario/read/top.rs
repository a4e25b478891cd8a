//! The scenario as a whole.

use super::architecture::architecture;
use super::component::zone_kind;
use super::cost::currency;
use super::hazard::hazard;
use super::network::{cable, corridor, link, network, site};
use super::place::region;
use super::repair::crew;
use super::response::response;
use super::service::service;
use super::surge::surge;
use super::traffic::flow;
use super::users::{journey, population};
use super::{above_zero, components_of, optional, plain_variant};
use crate::scenario::calendar;
use crate::scenario::decode::{self, Fields, map_of, printable};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::edit::Edit;
use crate::scenario::law_spec::LawKind;
use crate::scenario::spec::{Named, ScenarioSpec};
use crate::scenario::tree::{Entry, Node};
use crate::scenario::unknowns::figure;

/// Records an error where a file holds something else than `Scenario(...)`.
pub(in crate::scenario) fn is_scenario(node: &Node, found: &mut Diagnostics) -> bool {
    let is_scenario = node.variant().is_some_and(|(name, _)| name == "Scenario");
    if !is_scenario {
        let message = format!("this file holds {}, not a scenario", node.describe());
        let span = node.variant().map_or(node.span, |(_, span)| span);
        found.error(span, message, "expected `Scenario(title: ..., start: ..., horizon: ..., ...)`");
    }
    is_scenario
}

/// A scenario: `Scenario(...)`.
pub(in crate::scenario) fn scenario(node: &Node, found: &mut Diagnostics) -> Option<ScenarioSpec> {
    if !is_scenario(node, found) {
        return None;
    }
    let mut fields = Fields::of(node, "a scenario", found)?;
    // Files are merged before anything is read: only an edit can have put it there.
    if let Some(extends) = fields.take("extends") {
        let message = "an edit cannot extend files, since they are merged before it";
        found.error(extends.span, message, "expected `extends` in the scenario's file");
    }
    let title = fields.require_as("title", "what it is about").and_then(|n| printable(n, found));
    let start = fields
        .require_as("start", "a UTC time such as \"2026-03-01T00:00:00Z\"")
        .and_then(|n| calendar::timestamp(n, found));
    let horizon =
        fields.require_as("horizon", "how long to simulate, such as \"14d\"").and_then(|n| horizon(n, found));
    let aged = optional(fields.take("components_start"), found, |n, f| {
        plain_variant(n, "start of components", &["Aged", "New"], f).map(|v| v == "Aged")
    });
    // Times of hazards are read even where the start is wrong, so that their own mistakes are found.
    let origin = start.unwrap_or(0);
    let currency = optional(fields.take("currency"), found, currency);
    let lifetime = optional(fields.take("lifetime"), found, |n, f| figure(n, LawKind::Time, f, above_zero));
    let zone_kinds = map(fields.take("zone_kinds"), found, zone_kind);
    let regions = optional(fields.take("regions"), found, |n, f| components_of(n, f, region));
    let crews = map(fields.take("crews"), found, crew);
    let sites = optional(fields.take("sites"), found, |n, f| components_of(n, f, site));
    let corridors = optional(fields.take("corridors"), found, |n, f| components_of(n, f, corridor));
    let cables = optional(fields.take("cables"), found, |n, f| components_of(n, f, cable));
    let links = optional(fields.take("links"), found, |n, f| components_of(n, f, link));
    let network = optional(fields.take("network"), found, network);
    let traffic = map(fields.take("traffic"), found, flow);
    let services = optional(fields.take("services"), found, |n, f| components_of(n, f, service));
    let journeys = map(fields.take("journeys"), found, journey);
    let users = map(fields.take("users"), found, population);
    let hazards = map(fields.take("hazards"), found, |n, f| hazard(n, origin, f));
    let surges = map(fields.take("surges"), found, |n, f| surge(n, origin, f));
    let responses = map(fields.take("responses"), found, response);
    // They are read on their own, also where something is wrong with the rest.
    let _ = fields.take("architectures");
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(ScenarioSpec {
        span: node.variant().map_or(node.span, |(_, span)| span),
        title: title?,
        start_unix_micros: start?,
        horizon: horizon?,
        aged: aged?,
        zone_kinds: zone_kinds?,
        regions: regions?.unwrap_or_default(),
        crews: crews?,
        sites: sites?.unwrap_or_default(),
        corridors: corridors?.unwrap_or_default(),
        cables: cables?.unwrap_or_default(),
        links: links?.unwrap_or_default(),
        convergence: network?.flatten(),
        traffic: traffic?,
        services: services?.unwrap_or_default(),
        journeys: journeys?,
        users: users?,
        hazards: hazards?,
        currency: currency?,
        lifetime: lifetime?,
        surges: surges?,
        responses: responses?,
    })
}

/// The architectures of a scenario, as far as they can be read.
pub(in crate::scenario) fn architectures(tree: &Node, found: &mut Diagnostics) -> Named<Vec<Edit>> {
    let entries = tree.as_struct().map_or(&[][..], |inner| &inner.entries);
    let is_it = |entry: &&Entry| entry.name.as_ref().is_some_and(|(name, _)| name == "architectures");
    map(entries.iter().find(is_it).map(|entry| &entry.value), found, architecture).unwrap_or_default()
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
    let most = MOST_YEARS * crate::time::MICROS_PER_YEAR as f64;
    let message = match micros {
        _ if micros < 1.0 => "there is nothing to simulate in this horizon",
        _ if micros > most => "this horizon is too long",
        _ => return Some(micros),
    };
    found.error(node.span, message, format!("expected more than 0 and at most {MOST_YEARS} years"));
    None
}
