//! What can be simulated of a network, but perhaps says something else than was meant.

use petgraph::unionfind::UnionFind;

use crate::law::Law;
use crate::model::{CompId, Model, SiteId};
use crate::scenario::chart::{Chart, Corridor};
use crate::scenario::decode::Spanned;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::ScenarioSpec;

/// Records all warnings about the network.
pub(in crate::scenario::lower) fn warn(
    model: &Model,
    chart: &Chart,
    spec: &ScenarioSpec,
    found: &mut Diagnostics,
) {
    if model.network.is_perfect() {
        warn_of_perfection(spec, found);
        return;
    }
    warn_of_lonely_sites(model, spec, found);
    warn_of_traffic(model, spec, found);
    warn_of_missing_ways(model, spec, found);
    for (corridor, (name, _)) in chart.corridors.iter().zip(&spec.corridors) {
        warn_of_corridor(corridor, name, model, found);
    }
}

/// What is said of a network that is none.
fn warn_of_perfection(spec: &ScenarioSpec, found: &mut Diagnostics) {
    let sites = spec.sites.first().map(|(name, _)| name);
    let corridors = spec.corridors.first().map(|(name, _)| name);
    let traffic = spec.traffic.first().map(|(name, _)| name);
    if let Some(first) = sites.or(corridors).or(traffic) {
        let label = "expected `cables` or `links`; until then everything reaches everything";
        found.warning(first.span, "no cable and no link joins anything: the network is perfect", label);
    }
}

fn warn_of_lonely_sites(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    for (index, (name, _)) in spec.sites.iter().enumerate() {
        let site = SiteId::at(index);
        let has_edge = model.network.edges.iter().any(|edge| edge.across(site).is_some());
        let has_place = model.network.places.iter().any(|p| p.joins.iter().any(|(join, _)| *join == site));
        if !has_edge && !has_place {
            let label = "expected a segment, a link or an `attach` that names it";
            found.warning(name.span, format!("nothing joins the site `{}`", name.value), label);
        }
    }
}

fn warn_of_traffic(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    let mut joined = UnionFind::<usize>::new(model.network.sites.len());
    for edge in &model.network.edges {
        joined.union(edge.ends.0.index(), edge.ends.1.index());
    }
    for flow in &model.network.traffic {
        let named = spec.traffic.iter().find(|(name, _)| name.value == flow.name);
        if let Some((_, written)) = named.filter(|_| !joined.equiv(flow.from.index(), flow.to.index())) {
            let message =
                format!("no cables and links lead from `{}` to `{}`", written.from.value, written.to.value);
            found.warning(written.to.span, message, "all of this traffic is lost, always");
        }
    }
}

/// Ways between regions, or to providers, that something needs and that no cables and links make.
fn warn_of_missing_ways(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    for path in &model.network.paths {
        let is_needed = !model.graph.readers(path.component).is_empty();
        if !is_needed || model.network.least_latency(path.from, path.to).is_some() {
            continue;
        }
        let from = &model.network.places[path.from.index()].name;
        let region = spec.regions.iter().find(|(name, _)| *from == format!("region {}", name.value));
        if let Some((name, _)) = region {
            let message =
                format!("no cables and links lead from {}", model.components[path.component.index()].name);
            found.warning(name.span, message, "what needs that way never has it");
        }
    }
}

fn warn_of_corridor(corridor: &Corridor, name: &Spanned<String>, model: &Model, found: &mut Diagnostics) {
    if corridor.edges.is_empty() {
        let message = format!("nothing lies on the corridor `{}`", corridor.name);
        found.warning(name.span, message, "expected a segment or link with it in `on`");
        return;
    }
    let takes_time = corridor.permit.as_ref().is_some_and(|permit| *permit != Law::ZERO);
    let components = corridor.edges.iter().map(|edge| model.network.edges[edge.index()].component);
    if takes_time && !components.into_iter().any(|component| is_repaired(model, component)) {
        let message = format!("nobody asks for a permit for `{}`", corridor.name);
        let label = "expected `faults`, `failures` or a hazard on something that lies on it";
        found.warning(name.span, message, label);
    }
}

/// True if the component can need a repair.
fn is_repaired(model: &Model, component: CompId) -> bool {
    let fails =
        model.modes[model.components[component.index()].modes.clone()].iter().any(|m| m.every != Law::NEVER);
    fails || model.strikes.iter().any(|s| s.targets.iter().any(|t| t.component == component))
}
