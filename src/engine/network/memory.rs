//! Placements remembered by what they are a function of.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::placement::{Levels, Placement, place};
use super::topology::Topology;
use crate::model::{Flow, Model, Profile, STEP_MICROS};
use crate::time::SimTime;

/// Placements that are remembered; then all are forgotten, so that memory is bounded.
const MOST_PLACEMENTS: usize = 1_024;

/// Placements by announced levels and rates.
#[derive(Debug, Clone)]
pub(super) struct Memory<'m> {
    topology: Topology<'m>,
    traffic: &'m [Flow],
    /// Rates at the peak of each flow.
    peaks: Vec<f64>,
    has_profiles: bool,
    known: BTreeMap<Vec<u64>, Known>,
}

#[derive(Debug, Clone)]
struct Known {
    placement: Arc<Placement>,
    /// True if every flow has its shortest way for itself: so it has at lower rates, by the same ways.
    is_calm: bool,
}

impl<'m> Memory<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let network = &model.network;
        let profiles = || {
            let flows = network.traffic.iter().map(|flow| &flow.profile);
            let of_users = !network.bits_per_call.is_empty();
            flows.chain(model.populations.iter().filter(move |_| of_users).map(|p| &p.profile))
        };
        Self {
            topology: Topology::new(model),
            traffic: &network.traffic,
            peaks: network.traffic.iter().map(|flow| flow.rate * flow.profile.peak()).collect(),
            has_profiles: profiles().any(|profile| *profile != Profile::Flat),
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

    /// The placement that holds at all times if there is one, else that of now; true if it is that of now.
    pub(super) fn placement(&mut self, levels: &Levels, now: SimTime) -> (Arc<Placement>, bool) {
        let peaks = std::mem::take(&mut self.peaks);
        let known = self.recall(levels, &peaks);
        self.peaks = peaks;
        if known.is_calm || !self.has_profiles {
            return (known.placement, false);
        }
        (self.placement_now(levels, now), true)
    }

    /// The placement at the rates of now.
    pub(super) fn placement_now(&mut self, levels: &Levels, now: SimTime) -> Arc<Placement> {
        let rates: Vec<f64> = self.traffic.iter().map(|flow| flow.rate * flow.profile.factor(now)).collect();
        self.recall(levels, &rates).placement
    }

    fn recall(&mut self, levels: &Levels, rates: &[f64]) -> Known {
        let key = key(levels, rates);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let placement = place(&self.topology, levels, rates);
        let is_calm = self.is_calm(levels, &placement);
        let known = Known { placement: Arc::new(placement), is_calm };
        if self.known.len() >= MOST_PLACEMENTS {
            self.known.clear();
        }
        self.known.insert(key, known.clone());
        known
    }

    fn is_calm(&self, levels: &Levels, placement: &Placement) -> bool {
        let at_ease = placement.flows.iter().all(|flow| flow.parts.len() <= 1 && flow.lost <= 0.0);
        let edges = self.topology.network.edges.iter().zip(&levels.edges).zip(&placement.load);
        at_ease
            && edges.into_iter().all(|((edge, level), [there, back])| {
                let most = there.max(*back);
                most <= 0.0 || most < edge.capacity * level
            })
    }
}

/// What a placement is a function of: announced levels below 1 by element, then rates.
fn key(levels: &Levels, rates: &[f64]) -> Vec<u64> {
    let below = levels.sites.iter().chain(&levels.edges).enumerate().filter(|(_, level)| **level != 1.0);
    let levels = below.flat_map(|(element, level)| [element as u64, level.to_bits()]);
    // No element has this number, so that rates are told apart from levels.
    levels.chain([u64::MAX]).chain(rates.iter().map(|rate| rate.to_bits())).collect()
}
