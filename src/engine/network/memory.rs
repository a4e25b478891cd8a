//! Placements remembered by what they are a function of.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::placement::{Levels, PlacedFlow, Placement, place};
use super::topology::Topology;
use crate::model::{Flow, Model, Profile, STEP_MICROS};
use crate::time::SimTime;

/// Placements that are remembered; then all are forgotten, so that memory is bounded.
const MOST_PLACEMENTS: usize = 1_024;

/// Placements by announced levels.
#[derive(Debug, Clone)]
pub(super) struct Memory<'m> {
    topology: Topology<'m>,
    traffic: &'m [Flow],
    /// Rates at the peak of each flow: what its ways are sized for.
    peaks: Vec<f64>,
    has_profiles: bool,
    known: BTreeMap<Vec<u64>, Arc<Placement>>,
}

impl<'m> Memory<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let network = &model.network;
        let of_flows = network.traffic.iter().map(|flow| &flow.profile);
        let mut profiles = of_flows.chain(model.populations.iter().map(|population| &population.profile));
        Self {
            topology: Topology::new(model),
            traffic: &network.traffic,
            peaks: network.traffic.iter().map(|flow| flow.rate * flow.profile.peak()).collect(),
            has_profiles: profiles.any(|profile| *profile != Profile::Flat),
            known: BTreeMap::new(),
        }
    }

    pub(super) const fn topology(&self) -> &Topology<'m> {
        &self.topology
    }

    /// True if any traffic changes with time.
    pub(super) const fn has_profiles(&self) -> bool {
        self.has_profiles
    }

    /// When rates change next.
    pub(super) const fn next_step(&self, now: SimTime) -> SimTime {
        SimTime::from_micros((now.micros() / STEP_MICROS + 1) * STEP_MICROS)
    }

    /// The placement of traffic at its peak.
    pub(super) fn placement(&mut self, levels: &Levels) -> Arc<Placement> {
        let key = key(levels);
        if let Some(known) = self.known.get(&key) {
            return Arc::clone(known);
        }
        let placement = Arc::new(place(&self.topology, levels, &self.peaks));
        if self.known.len() >= MOST_PLACEMENTS {
            self.known.clear();
        }
        self.known.insert(key, Arc::clone(&placement));
        placement
    }

    /// The flows of a placement at the rates of a time; ways stay as they are.
    pub(super) fn flows_at(&self, placement: &Placement, time: SimTime) -> Vec<PlacedFlow> {
        let placed = placement.flows.iter().zip(self.traffic);
        placed.map(|(placed, flow)| placed.at_rate(flow.rate * flow.profile.factor(time))).collect()
    }
}

/// What a placement is a function of: announced levels below 1, by element.
fn key(levels: &Levels) -> Vec<u64> {
    let below = levels.sites.iter().chain(&levels.edges).enumerate().filter(|(_, level)| **level != 1.0);
    below.flat_map(|(element, level)| [element as u64, level.to_bits()]).collect()
}
