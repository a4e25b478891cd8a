//! The network of a run for the terminal: who is cut off, how long calls take, what traffic is lost, what is full.

use super::grid::{Cell, Column, Grid};
use super::sheet::Section;
use super::table::{mean_seconds, part, share};
use crate::stats::MeanEstimate;
use crate::study::{NetworkSummary, PathCause, PathSummary};
use crate::units::show_count;

/// Rows of each table; the rest is in the JSON.
const LISTED: usize = 12;
/// Share of capacity in use from which an edge is listed.
const BUSY: f64 = 0.5;

/// Three tables, each left out if it is empty.
pub(super) fn sections(network: &NetworkSummary) -> Vec<Section> {
    [ways(network), traffic(network), edges(network)].into_iter().flatten().collect()
}

/// Ways by how long they are cut off, then by how much longer they get.
fn ways(network: &NetworkSummary) -> Option<Section> {
    let mut paths: Vec<&PathSummary> = network.paths.iter().collect();
    let growth = |p: &PathSummary| p.round_trip_max_ms.unwrap_or(0.0) - p.round_trip_p50_ms.unwrap_or(0.0);
    paths.sort_by(|a, b| {
        b.isolated_s.mean.total_cmp(&a.isolated_s.mean).then(growth(b).total_cmp(&growth(a)))
    });
    let more = paths.len().saturating_sub(LISTED);
    let row = |p: &&PathSummary| {
        vec![
            p.way.clone().into(),
            Cell::value(mean_seconds(&p.isolated_s), p.isolated_s.mean, "s"),
            Cell::value(part(p.isolation_probability), p.isolation_probability, ""),
            millis(p.round_trip_p50_ms),
            millis(p.round_trip_p99_ms),
            millis(p.round_trip_max_ms),
            mostly(p).into(),
        ]
    };
    let rows: Vec<Vec<Cell>> = paths.iter().take(LISTED).map(row).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        Column::names("ways"),
        Column::values("cut off, mean"),
        Column::values("ever"),
        Column::values("round trip"),
        Column::values("p99 of time"),
        Column::values("max"),
        Column::text("mostly because of"),
    ];
    let notes = if more > 0 { vec![format!("and {more} more")] } else { Vec::new() };
    Some(Section::of(Grid::of(columns, rows), notes))
}

fn millis(value: Option<f64>) -> Cell {
    match value {
        None => "-".to_owned().into(),
        Some(ms) if ms < 9.95 => Cell::value(format!("{ms:.1} ms"), ms, "ms"),
        Some(ms) => Cell::value(format!("{ms:.0} ms"), ms, "ms"),
    }
}

/// The cause of most isolation, or if there is none, of most time on longer ways.
fn mostly(path: &PathSummary) -> String {
    let isolated: f64 = path.causes.iter().map(|c| c.isolated_s).sum();
    let of: fn(&PathCause) -> f64 = if isolated > 0.0 { |c| c.isolated_s } else { |c| c.detour_s };
    let total: f64 = path.causes.iter().map(of).sum();
    let most = path.causes.iter().max_by(|a, b| of(a).total_cmp(&of(b)).then(b.cause.cmp(&a.cause)));
    match most {
        Some(cause) if total > 0.0 => format!("{} {}", cause.cause, part(of(cause) / total)),
        _ => "-".to_owned(),
    }
}

fn traffic(network: &NetworkSummary) -> Option<Section> {
    let rows: Vec<Vec<Cell>> = network
        .traffic
        .iter()
        .filter(|flow| flow.lost_share.non_zero > 0)
        .take(LISTED)
        .map(|flow| {
            let lost = Cell::value(lost(&flow.lost_share), flow.lost_share.mean, "");
            vec![flow.flow.clone().into(), lost, ever(&flow.lost_share)]
        })
        .collect();
    if network.traffic.is_empty() {
        return None;
    }
    if rows.is_empty() {
        return Some(Section {
            notes: vec!["no background traffic is lost".to_owned()],
            ..Section::default()
        });
    }
    let columns =
        vec![Column::names("background traffic"), Column::values("lost, mean"), Column::values("ever")];
    Some(Section::of(Grid::of(columns, rows), Vec::new()))
}

fn lost(lost: &MeanEstimate) -> String {
    match lost.interval {
        Some(interval) => share(lost.mean, Some(interval)),
        None => format!("{} few events", part(lost.mean)),
    }
}

fn ever(share: &MeanEstimate) -> Cell {
    let ever = share.non_zero as f64 / share.replications.max(1) as f64;
    Cell::value(part(ever), ever, "")
}

fn edges(network: &NetworkSummary) -> Option<Section> {
    let busy = network.edges.iter().filter(|edge| edge.peak_utilisation >= BUSY);
    // Traffic fills the shortest cables first, so many are full whatever happens: those are counted.
    let (always, mut busy): (Vec<_>, Vec<_>) = busy.partition(|edge| edge.full_probability >= 1.0);
    busy.sort_by(|a, b| {
        b.full_probability
            .total_cmp(&a.full_probability)
            .then(b.peak_utilisation.total_cmp(&a.peak_utilisation))
            .then(a.edge.cmp(&b.edge))
    });
    let share = |share: f64| Cell::value(part(share), share, "");
    let rows: Vec<Vec<Cell>> = busy
        .iter()
        .take(LISTED)
        .map(|edge| {
            vec![edge.edge.clone().into(), share(edge.peak_utilisation), share(edge.full_probability)]
        })
        .collect();
    let full = match always.len() as u64 {
        0 => None,
        1 => Some("1 segment or link is full at the peak of traffic in every replication".to_owned()),
        count => {
            let count = show_count(count);
            Some(format!("{count} segments and links are full at the peak of traffic in every replication"))
        }
    };
    let notes: Vec<String> = full.into_iter().collect();
    if rows.is_empty() {
        return (!notes.is_empty()).then(|| Section { notes, ..Section::default() });
    }
    let columns = vec![
        Column::names("busiest segments and links"),
        Column::values("peak use, mean"),
        Column::values("ever full"),
    ];
    Some(Section::of(Grid::of(columns, rows), notes))
}
