//! The network as it was understood: sites, edges, corridors, traffic, and the ways that somebody needs.

use crate::law::Law;
use crate::model::{CompId, Edge, Kind, Model, Place, SiteId};
use crate::report::grid::{Column, Grid};
use crate::report::wrap::indented;
use crate::scenario::Chart;
use crate::units::{show_counted, show_data_rate, show_km, show_span};

/// The network in a few words: what there is of each, or that it is perfect.
#[must_use]
pub fn network_in_short(model: &Model, chart: &Chart) -> String {
    if model.network.is_perfect() {
        let has_sites = model.components.iter().any(|c| c.kind == Kind::Site);
        let missing = if has_sites { "no cable and no link" } else { "none" };
        return format!("perfect, since {missing} is described");
    }
    let count = |kind: Kind| model.components.iter().filter(|c| c.kind == kind).count() as u64;
    [
        show_counted(count(Kind::Site), "site"),
        show_counted(count(Kind::Segment), "segment"),
        show_counted(count(Kind::Link), "link"),
        show_counted(chart.corridors.len() as u64, "corridor"),
        show_counted(model.network.traffic.len() as u64, "background flow"),
    ]
    .join(", ")
}

/// All of it, in lines; nothing if the network is perfect.
pub(super) fn network(model: &Model, chart: &Chart, width: usize) -> String {
    if model.network.is_perfect() {
        return String::new();
    }
    let convergence = match &model.network.convergence {
        None => "at once".to_owned(),
        Some(law) => format!("after {}, as a mean", show_span(law.mean())),
    };
    let mut text = format!("\nnetwork: routes change {convergence}\n");
    text.push_str(&places(model, width));
    text.push_str(&edges(model, chart, width));
    text.push_str(&corridors(model, chart, width));
    text.push_str(&traffic(model, width));
    text + &ways(model, width)
}

fn name(model: &Model, component: CompId) -> &str {
    model.components.get(component.index()).map_or("", |c| &c.name)
}

fn site(model: &Model, site: SiteId) -> &str {
    model.network.sites.get(site.index()).map_or("", |site| name(model, site.component))
}

/// One way.
fn latency(nanos: u64) -> String {
    show_span(nanos as f64 / 1e3)
}

/// Who joins where.
fn places(model: &Model, width: usize) -> String {
    let joins = |place: &Place| {
        let join = |(id, nanos): &(SiteId, u64)| format!("{} ({})", site(model, *id), latency(*nanos));
        place.joins.iter().map(join).collect::<Vec<_>>().join(", ")
    };
    let line = |place: &Place| indented(&format!("{} joins {}", place.name, joins(place)), (2, 4), width);
    model.network.places.iter().map(line).collect()
}

fn edges(model: &Model, chart: &Chart, width: usize) -> String {
    let row = |(index, edge): (usize, &Edge)| {
        let length = chart.lengths.get(index).copied().flatten().map_or("-".to_owned(), show_km);
        vec![
            name(model, edge.component).to_owned(),
            length,
            latency(edge.latency_nanos),
            show_data_rate(edge.capacity),
            faults(model, edge),
            format!("{}, {}", site(model, edge.ends.0), site(model, edge.ends.1)),
        ]
    };
    let columns = vec![
        Column::names("segment or link"),
        Column::values("length"),
        Column::values("latency"),
        Column::values("capacity"),
        Column::values("faults"),
        Column::text("from, to"),
    ];
    let rows = model.network.edges.iter().enumerate().map(row).collect();
    let table = Grid::of(columns, rows).text(width.saturating_sub(2));
    table.lines().map(|line| format!("  {line}\n")).collect()
}

/// Mean time to failure, all its failures together, or "never".
fn faults(model: &Model, edge: &Edge) -> String {
    let Some(component) = model.components.get(edge.component.index()) else { return String::new() };
    let modes = model.modes.get(component.modes.clone()).unwrap_or_default();
    let rate: f64 = modes.iter().filter(|m| m.every != Law::NEVER).map(|m| 1.0 / m.every.mean()).sum();
    show_span(1.0 / rate)
}

fn corridors(model: &Model, chart: &Chart, width: usize) -> String {
    let mut text = String::new();
    for corridor in &chart.corridors {
        let permit = match &corridor.permit {
            None => "no permit".to_owned(),
            Some(law) => format!("a permit takes {}, as a mean", show_span(law.mean())),
        };
        let edges: Vec<&str> = corridor
            .edges
            .iter()
            .filter_map(|edge| model.network.edges.get(edge.index()))
            .map(|edge| name(model, edge.component))
            .collect();
        let line = format!("corridor {}: {permit}; {}", corridor.name, edges.join(", "));
        text.push_str(&indented(line.trim_end_matches("; "), (2, 4), width));
    }
    text
}

/// Background traffic, in the order in which it is placed.
fn traffic(model: &Model, width: usize) -> String {
    let line = |flow: &crate::model::Flow| {
        let (from, to) = (site(model, flow.from), site(model, flow.to));
        let rate = show_data_rate(flow.rate);
        let line = format!("traffic {}: {rate} from {from} to {to}, priority {}", flow.name, flow.priority);
        indented(&line, (2, 4), width)
    };
    model.network.traffic.iter().map(line).collect()
}

/// The ways that somebody needs, and their latencies while everything is up.
fn ways(model: &Model, width: usize) -> String {
    let line = |path: &crate::model::Path| {
        let least = match model.network.least_latency(path.from, path.to) {
            Some(nanos) => latency(nanos),
            None => "no way".to_owned(),
        };
        indented(&format!("way {}: {least}", name(model, path.component)), (2, 4), width)
    };
    model.network.paths.iter().map(line).collect()
}
