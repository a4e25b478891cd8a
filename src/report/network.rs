//! The network of a run for the terminal: who is cut off, how long calls take, what traffic is lost, what is full.

use super::table::{mean_seconds, part, table};
use crate::stats::MeanEstimate;
use crate::study::{NetworkSummary, PathCause, PathSummary};
use crate::units::show_count;

/// Rows of each table; the rest is in the JSON.
const LISTED: usize = 12;
/// Share of capacity in use from which an edge is listed.
const BUSY: f64 = 0.5;

/// Three tables, each left out if it is empty.
pub(super) fn network_text(network: &NetworkSummary) -> String {
    let mut text = ways(network);
    text += &traffic(network);
    text += &edges(network);
    text
}

/// Ways by how long they are cut off, then by how much longer they get.
fn ways(network: &NetworkSummary) -> String {
    let mut paths: Vec<&PathSummary> = network.paths.iter().collect();
    let growth = |p: &PathSummary| p.round_trip_max_ms.unwrap_or(0.0) - p.round_trip_p50_ms.unwrap_or(0.0);
    paths.sort_by(|a, b| {
        b.isolated_s.mean.total_cmp(&a.isolated_s.mean).then(growth(b).total_cmp(&growth(a)))
    });
    let more = paths.len().saturating_sub(LISTED);
    let row = |p: &&PathSummary| {
        vec![
            p.way.clone(),
            mean_seconds(&p.isolated_s),
            part(p.isolation_probability),
            millis(p.round_trip_p50_ms),
            millis(p.round_trip_p99_ms),
            millis(p.round_trip_max_ms),
            mostly(p),
        ]
    };
    let rows: Vec<Vec<String>> = paths.iter().take(LISTED).map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let header = ["ways", "cut off, mean", "ever", "round trip", "p99 of time", "max", "mostly because of"];
    let rest = if more > 0 { format!("and {more} more\n") } else { String::new() };
    format!("\n{}{rest}", table(&header, &rows, 1))
}

fn millis(value: Option<f64>) -> String {
    match value {
        None => "-".to_owned(),
        Some(ms) if ms < 9.95 => format!("{ms:.1} ms"),
        Some(ms) => format!("{ms:.0} ms"),
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

fn traffic(network: &NetworkSummary) -> String {
    let rows: Vec<Vec<String>> = network
        .traffic
        .iter()
        .filter(|flow| flow.lost_share.non_zero > 0)
        .take(LISTED)
        .map(|flow| vec![flow.flow.clone(), lost(&flow.lost_share), ever(&flow.lost_share)])
        .collect();
    if network.traffic.is_empty() {
        return String::new();
    }
    if rows.is_empty() {
        return "\nno background traffic is lost\n".to_owned();
    }
    format!("\n{}", table(&["background traffic", "lost, mean", "ever"], &rows, 1))
}

fn lost(share: &MeanEstimate) -> String {
    match &share.interval {
        Some(interval) => format!("{} ({}-{})", part(share.mean), part(interval.low), part(interval.high)),
        None => format!("{} few events", part(share.mean)),
    }
}

fn ever(share: &MeanEstimate) -> String {
    part(share.non_zero as f64 / share.replications.max(1) as f64)
}

fn edges(network: &NetworkSummary) -> String {
    let busy = network.edges.iter().filter(|edge| edge.peak_utilisation >= BUSY);
    // Traffic fills the shortest cables first, so many are full whatever happens: those are counted.
    let (always, mut busy): (Vec<_>, Vec<_>) = busy.partition(|edge| edge.full_probability >= 1.0);
    busy.sort_by(|a, b| {
        b.full_probability
            .total_cmp(&a.full_probability)
            .then(b.peak_utilisation.total_cmp(&a.peak_utilisation))
            .then(a.edge.cmp(&b.edge))
    });
    let rows: Vec<Vec<String>> = busy
        .iter()
        .take(LISTED)
        .map(|edge| vec![edge.edge.clone(), part(edge.peak_utilisation), part(edge.full_probability)])
        .collect();
    let full = match always.len() as u64 {
        0 => String::new(),
        1 => "1 segment or link is full at the peak of traffic in every replication\n".to_owned(),
        count => {
            format!(
                "{} segments and links are full at the peak of traffic in every replication\n",
                show_count(count)
            )
        }
    };
    if rows.is_empty() {
        return if full.is_empty() { full } else { format!("\n{full}") };
    }
    format!("\n{}{full}", table(&["busiest segments and links", "peak use, mean", "ever full"], &rows, 1))
}
