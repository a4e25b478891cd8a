//! What happens on the network over a replication: latency of ways, traffic lost, load of edges.

use std::collections::BTreeMap;

use crate::engine::Engine;
use crate::model::{CauseId, EdgeId, Flow, Model, PathId, STEP_MICROS};
use crate::time::{MICROS_PER_SECOND, SimTime};

/// Figures of the network in one replication.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NetworkFigures {
    /// By path.
    pub paths: Vec<PathFigures>,
    /// By flow of background traffic.
    pub flows: Vec<FlowFigures>,
    /// Largest share of each edge's capacity that was in use, in the fuller direction; at the peak of all profiles.
    pub peak_utilisation: Vec<f64>,
}

/// A path in one replication.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PathFigures {
    /// Time at each latency, microseconds by nanoseconds one way; none while there was no way.
    pub time_at: BTreeMap<u64, i64>,
    /// Time without a way, and time on a way longer than the shortest of all, by cause in equal parts, microseconds.
    pub causes: BTreeMap<CauseId, [f64; 2]>,
}

/// A flow of background traffic in one replication.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FlowFigures {
    /// Bits sent.
    pub sent_bits: f64,
    /// Bits that did not arrive.
    pub lost_bits: f64,
}

/// Watches the network.
#[derive(Debug, Clone)]
pub(super) struct NetworkMeter {
    version: u64,
    since: SimTime,
    /// Latency of each path since then, if there was a way.
    latencies: Vec<Option<u64>>,
    /// Latency of each path while everything is up.
    shortest: Vec<Option<u64>>,
    /// What keeps each path from its shortest way since then.
    causes: Vec<Vec<CauseId>>,
    /// Room and arriving share of each part of each flow since then; `None`: all of the flow arrives.
    flows: Vec<Option<Vec<(f64, f64)>>>,
    figures: NetworkFigures,
}

impl NetworkMeter {
    pub(super) fn new(model: &Model) -> Self {
        let network = &model.network;
        Self {
            version: 0,
            since: SimTime::START,
            latencies: vec![None; network.paths.len()],
            shortest: Vec::new(),
            causes: vec![Vec::new(); network.paths.len()],
            flows: vec![None; network.traffic.len()],
            figures: NetworkFigures::default(),
        }
    }

    pub(super) fn begin(&mut self, engine: &Engine<'_>) {
        let network = &engine.model().network;
        self.figures = NetworkFigures {
            paths: vec![PathFigures::default(); network.paths.len()],
            flows: vec![FlowFigures::default(); network.traffic.len()],
            peak_utilisation: vec![0.0; network.edges.len()],
        };
        self.since = SimTime::START;
        if self.shortest.is_empty() {
            let paths = (0..network.paths.len()).map(PathId::at);
            self.shortest = paths.map(|path| engine.shortest_latency(path)).collect();
        }
        self.look(engine);
    }

    #[inline]
    pub(super) fn settled(&mut self, engine: &Engine<'_>) {
        if engine.network_version() != self.version {
            self.account(engine, engine.now());
            self.look(engine);
        }
    }

    pub(super) fn end(&mut self, engine: &Engine<'_>, horizon: SimTime) -> NetworkFigures {
        self.account(engine, horizon);
        std::mem::take(&mut self.figures)
    }

    fn look(&mut self, engine: &Engine<'_>) {
        self.version = engine.network_version();
        let network = &engine.model().network;
        let mut impaired = None;
        for (path, latency) in self.latencies.iter_mut().enumerate() {
            *latency = engine.path_latency(PathId::at(path));
            self.causes[path].clear();
            if *latency != self.shortest[path] {
                let impaired = impaired.get_or_insert_with(|| engine.impaired_elements());
                let events = engine.events_of_path(PathId::at(path), impaired);
                self.causes[path].extend(events.iter().map(|event| engine.cause_of(*event)));
            }
        }
        for (number, (parts, flow)) in self.flows.iter_mut().zip(&network.traffic).enumerate() {
            *parts = is_short(flow, engine.flow_parts(number)).then(|| engine.flow_parts(number).collect());
        }
        for (number, (most, edge)) in self.figures.peak_utilisation.iter_mut().zip(&network.edges).enumerate()
        {
            let [there, back] = engine.edge_load(EdgeId::at(number));
            *most = most.max(there.max(back) / edge.capacity);
        }
    }

    fn account(&mut self, engine: &Engine<'_>, now: SimTime) {
        let micros = (now - self.since).micros();
        if micros > 0 {
            let paths = self.figures.paths.iter_mut().zip(&self.latencies).zip(&self.causes);
            for ((figures, latency), causes) in paths {
                if let Some(nanos) = latency {
                    *figures.time_at.entry(*nanos).or_insert(0) += micros;
                }
                let part = micros as f64 / causes.len().max(1) as f64;
                for cause in causes {
                    let sums = figures.causes.entry(*cause).or_default();
                    sums[usize::from(latency.is_some())] += part;
                }
            }
            let traffic = &engine.model().network.traffic;
            for ((figures, parts), flow) in self.figures.flows.iter_mut().zip(&self.flows).zip(traffic) {
                let weighted = flow.profile.weighted_micros(now) - flow.profile.weighted_micros(self.since);
                figures.sent_bits += flow.rate * weighted / MICROS_PER_SECOND as f64;
                if let Some(parts) = parts {
                    figures.lost_bits += lost(flow, parts, self.since, now);
                }
            }
        }
        self.since = now;
    }
}

/// True if not all of a flow that has these parts arrives at all times.
fn is_short(flow: &Flow, parts: impl Iterator<Item = (f64, f64)>) -> bool {
    let add = |(sum, all): (f64, bool), (room, share): (f64, f64)| (sum + room, all && share >= 1.0);
    let (room, all_arrives) = parts.fold((0.0, true), add);
    // A rounding error of the sum is no loss.
    !all_arrives || room < flow.rate * flow.profile.peak() * (1.0 - 1e-12)
}

/// Bits of a flow lost from one time to another: step by step of its profile, since what has no room depends on the rate.
fn lost(flow: &Flow, parts: &[(f64, f64)], from: SimTime, to: SimTime) -> f64 {
    let mut lost = 0.0;
    let mut at = from;
    while at < to {
        let step_ends = match flow.profile {
            crate::model::Profile::Flat => to,
            crate::model::Profile::Steps { .. } => {
                SimTime::from_micros((at.micros() / STEP_MICROS + 1) * STEP_MICROS).min(to)
            }
        };
        let mut rest = flow.rate * flow.profile.factor(at);
        let mut lost_now = 0.0;
        for (room, share) in parts {
            let part = room.min(rest);
            rest -= part;
            lost_now += part * (1.0 - share);
        }
        lost += (lost_now + rest) * (step_ends - at).micros_f64() / MICROS_PER_SECOND as f64;
        at = step_ends;
    }
    lost
}
