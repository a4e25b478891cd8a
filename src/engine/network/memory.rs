//! Placements, and what arrives of traffic at its peak, remembered by what they are a function of.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::drops::{Drops, UserLoad, drops};
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
    carried: BTreeMap<Vec<u64>, Arc<Drops>>,
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
            carried: BTreeMap::new(),
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
        let mut key = Vec::new();
        add_levels(levels, &mut key);
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

    /// What arrives of traffic at its peak and of users' loads, as routes know the network and as it is.
    pub(super) fn carried(
        &mut self,
        announced: &Levels,
        real: &Levels,
        placement: &Placement,
        loads: &[UserLoad],
    ) -> Arc<Drops> {
        let mut key = Vec::new();
        add_levels(announced, &mut key);
        key.push(u64::MAX);
        add_levels(real, &mut key);
        key.push(u64::MAX);
        let sent = loads.iter().filter(|load| load.rate > 0.0);
        key.extend(sent.flat_map(|load| [u64::from(load.path.0), load.rate.to_bits()]));
        if let Some(known) = self.carried.get(&key) {
            return Arc::clone(known);
        }
        let carried = Arc::new(drops(&self.topology, real, placement, loads));
        if self.carried.len() >= MOST_PLACEMENTS {
            self.carried.clear();
        }
        self.carried.insert(key, Arc::clone(&carried));
        carried
    }

    /// The flows of a placement at the rates of a time; ways stay as they are.
    pub(super) fn flows_at(&self, placement: &Placement, time: SimTime) -> Vec<PlacedFlow> {
        let placed = placement.flows.iter().zip(self.traffic);
        placed.map(|(placed, flow)| placed.at_rate(flow.rate * flow.profile.factor(time))).collect()
    }
}

/// Adds the levels below 1, by element; no element has the number `u64::MAX`.
fn add_levels(levels: &Levels, key: &mut Vec<u64>) {
    let below = levels.sites.iter().chain(&levels.edges).enumerate().filter(|(_, level)| **level != 1.0);
    key.extend(below.flat_map(|(element, level)| [element as u64, level.to_bits()]));
}
