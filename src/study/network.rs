//! What the network does over a run: latency and loss of ways, traffic lost, load of edges.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use crate::measure::{NetworkFigures, PathFigures};
use crate::model::{CauseId, CompId, Edge, Flow, Model, Path};
use crate::stats::{Interval, MeanEstimate, Moments, clopper_pearson};
use crate::time::MICROS_PER_SECOND;

const SECOND: f64 = MICROS_PER_SECOND as f64;
/// Nanoseconds one way in a millisecond there and back.
const ROUND_TRIP_MS: f64 = 2.0 / 1e6;
/// An edge is full from this share of its capacity on: a rounding error below all of it.
const FULL: f64 = 1.0 - 1e-9;

/// Sums over replications; nothing where the network is perfect.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct NetworkTally {
    paths: Vec<PathTally>,
    flows: Vec<FlowTally>,
    edges: Vec<EdgeTally>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct PathTally {
    /// Time at each latency, microseconds by nanoseconds one way.
    time_at: BTreeMap<u64, i64>,
    /// Replications by their largest latency.
    peaks: BTreeMap<u64, u64>,
    isolated_s: Vec<f64>,
    /// Seconds without a way and on a longer one, by cause.
    causes: BTreeMap<CauseId, [f64; 2]>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct FlowTally {
    sent_bits: f64,
    lost_shares: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct EdgeTally {
    peak_utilisation: Moments,
    full: u64,
}

impl NetworkTally {
    pub(super) fn new(model: &Model) -> Self {
        let network = &model.network;
        Self {
            paths: vec![PathTally::default(); network.paths.len()],
            flows: vec![FlowTally::default(); network.traffic.len()],
            edges: vec![EdgeTally::default(); network.edges.len()],
        }
    }

    /// Adds one replication over a horizon of so many seconds; to be called in their order.
    pub(super) fn add(&mut self, figures: &NetworkFigures, horizon_s: f64) {
        for (tally, path) in self.paths.iter_mut().zip(&figures.paths) {
            tally.add(path, horizon_s);
        }
        for (tally, flow) in self.flows.iter_mut().zip(&figures.flows) {
            tally.sent_bits += flow.sent_bits;
            let share = if flow.sent_bits > 0.0 { flow.lost_bits / flow.sent_bits } else { 0.0 };
            tally.lost_shares.push(share);
        }
        for (tally, used) in self.edges.iter_mut().zip(&figures.peak_utilisation) {
            tally.peak_utilisation.push(*used);
            tally.full += u64::from(*used >= FULL);
        }
    }
}

impl PathTally {
    fn add(&mut self, path: &PathFigures, horizon_s: f64) {
        let mut reached = 0;
        for (nanos, micros) in &path.time_at {
            *self.time_at.entry(*nanos).or_insert(0) += micros;
            reached += micros;
        }
        if let Some(peak) = path.time_at.keys().next_back() {
            *self.peaks.entry(*peak).or_insert(0) += 1;
        }
        let isolated = horizon_s - reached as f64 / SECOND;
        // Whole microseconds: less than half of one is a rounding error.
        self.isolated_s.push(if isolated < 0.5 / SECOND { 0.0 } else { isolated });
        for (cause, [isolated, detour]) in &path.causes {
            let sums = self.causes.entry(*cause).or_default();
            sums[0] += isolated / SECOND;
            sums[1] += detour / SECOND;
        }
    }
}

/// Estimates of the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkSummary {
    /// Ways from place to place.
    pub paths: Vec<PathSummary>,
    /// Background traffic.
    pub traffic: Vec<FlowSummary>,
    /// Segments and links.
    pub edges: Vec<EdgeSummary>,
}

/// Estimates of a way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathSummary {
    /// "users gulf to region eu-west-1".
    pub path: String,
    /// Time without a way.
    pub isolated_s: MeanEstimate,
    /// Probability of any such time.
    pub isolation_probability: f64,
    /// Its interval.
    pub isolation_interval: Interval,
    /// Median over time of the round trip on the network, while there is a way.
    pub round_trip_p50_ms: Option<f64>,
    /// 99 % quantile over time.
    pub round_trip_p99_ms: Option<f64>,
    /// Median over replications of the largest round trip of each.
    pub round_trip_peak_p50_ms: Option<f64>,
    /// The largest of all.
    pub round_trip_max_ms: Option<f64>,
    /// What keeps it from its shortest way, most isolation first.
    pub causes: Vec<PathCause>,
}

/// What a cause does to a way. Seconds per replication, in equal parts where there are several causes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathCause {
    /// Its name.
    pub cause: String,
    /// Without a way.
    pub isolated_s: f64,
    /// On a longer way.
    pub detour_s: f64,
}

/// Estimates of background traffic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowSummary {
    /// Its name.
    pub flow: String,
    /// Bits sent in a replication.
    pub sent_bits: f64,
    /// Share of them that is lost.
    pub lost_share: MeanEstimate,
}

/// Estimates of a segment or link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EdgeSummary {
    /// Its name.
    pub edge: String,
    /// Mean over replications of the largest share of its capacity in use, at the peak of traffic.
    pub peak_utilisation: f64,
    /// Probability that it is full at any time.
    pub full_probability: f64,
    /// Its interval.
    pub full_interval: Interval,
}

/// The network of a run of so many replications; `None` if it is perfect.
pub(super) fn network(model: &Model, tally: &NetworkTally, replications: u64) -> Option<NetworkSummary> {
    let network = &model.network;
    let name = |component: CompId| model.components[component.index()].name.clone();
    let paths = network.paths.iter().zip(&tally.paths);
    let edges = network.edges.iter().zip(&tally.edges);
    (!network.is_perfect()).then(|| NetworkSummary {
        paths: paths.map(|(path, sums)| summary_of_path(model, path, sums, replications)).collect(),
        traffic: network.traffic.iter().zip(&tally.flows).map(|(f, sums)| flow(f, sums)).collect(),
        edges: edges.map(|(e, sums)| edge(name(e.component), e, sums, replications)).collect(),
    })
}

fn summary_of_path(model: &Model, path: &Path, sums: &PathTally, replications: u64) -> PathSummary {
    let isolated_s = MeanEstimate::of(&sums.isolated_s, CONFIDENCE);
    let ms = |nanos: u64| nanos as f64 * ROUND_TRIP_MS;
    let n = replications.max(1) as f64;
    let cause = |(cause, [isolated, detour]): (&CauseId, &[f64; 2])| PathCause {
        cause: model.causes[cause.index()].clone(),
        isolated_s: isolated / n,
        detour_s: detour / n,
    };
    let mut causes: Vec<PathCause> = sums.causes.iter().map(cause).collect();
    causes.sort_by(|a, b| {
        b.isolated_s
            .total_cmp(&a.isolated_s)
            .then(b.detour_s.total_cmp(&a.detour_s))
            .then(a.cause.cmp(&b.cause))
    });
    PathSummary {
        path: model.components[path.component.index()].name.clone(),
        isolation_probability: isolated_s.non_zero as f64 / n,
        isolation_interval: clopper_pearson(isolated_s.non_zero, replications, CONFIDENCE),
        isolated_s,
        round_trip_p50_ms: weighted_quantile(&sums.time_at, 0.5).map(ms),
        round_trip_p99_ms: weighted_quantile(&sums.time_at, 0.99).map(ms),
        round_trip_peak_p50_ms: weighted_quantile(&sums.peaks, 0.5).map(ms),
        round_trip_max_ms: sums.peaks.keys().next_back().copied().map(ms),
        causes,
    }
}

/// The least key up to which a share p of all weight lies.
fn weighted_quantile<W: Copy + Into<i128>>(weights: &BTreeMap<u64, W>, p: f64) -> Option<u64> {
    let total: i128 = weights.values().map(|weight| (*weight).into()).sum();
    let mut sum = 0_i128;
    weights.iter().find_map(|(key, weight)| {
        sum += (*weight).into();
        (sum as f64 >= p * total as f64).then_some(*key)
    })
}

fn flow(flow: &Flow, sums: &FlowTally) -> FlowSummary {
    FlowSummary {
        flow: flow.name.clone(),
        sent_bits: sums.sent_bits / sums.lost_shares.len().max(1) as f64,
        lost_share: MeanEstimate::of(&sums.lost_shares, CONFIDENCE),
    }
}

fn edge(name: String, edge: &Edge, sums: &EdgeTally, replications: u64) -> EdgeSummary {
    let full = if edge.capacity.is_finite() { sums.full } else { 0 };
    EdgeSummary {
        edge: name,
        peak_utilisation: sums.peak_utilisation.mean(),
        full_probability: full as f64 / replications.max(1) as f64,
        full_interval: clopper_pearson(full, replications, CONFIDENCE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_go_by_weight() {
        let weights: BTreeMap<u64, i64> = [(10, 98), (20, 1), (30, 1)].into();
        let at = |p| weighted_quantile(&weights, p);
        assert_eq!((at(0.5), at(0.98), at(0.99), at(1.0)), (Some(10), Some(10), Some(20), Some(30)));
        assert_eq!(weighted_quantile(&BTreeMap::<u64, i64>::new(), 0.5), None);
    }
}
