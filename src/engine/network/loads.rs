//! What users send over the network.

use super::drops::UserLoad;
use crate::engine::state::Engine;
use crate::model::{Call, CallTree, PathId, Usage};
use crate::time::SimTime;

impl Engine<'_> {
    /// One load for each path: at a time, or at the peaks of users' profiles. Calls of journeys without a size are too
    /// small to count.
    pub(super) fn user_loads(&self, at: Option<SimTime>) -> Vec<UserLoad> {
        let paths = (0..self.model.network.paths.len()).map(PathId::at);
        let mut loads: Vec<UserLoad> =
            paths.map(|path| UserLoad { path, rate: 0.0, priority: UserLoad::PRIORITY }).collect();
        for (journey, bits) in &self.model.network.bits_per_call {
            for (u, usage) in self.model.usages.iter().enumerate().filter(|(_, u)| u.journey == *journey) {
                let factor = self.demand_factor(usage, at);
                let requests = usage.requests_per_second * factor;
                let class = self.model.load.usages.get(u).map_or(0, |usage| usage.class);
                usage.calls.iter().for_each(|call| self.add_call(call, requests * bits, class, &mut loads));
            }
        }
        loads
    }

    fn demand_factor(&self, usage: &Usage, at: Option<SimTime>) -> f64 {
        let profile = &self.model.populations[usage.population.index()].profile;
        at.map_or_else(|| profile.peak(), |at| profile.factor(at))
    }

    fn add_call(&self, call: &Call, rate: f64, class: usize, loads: &mut [UserLoad]) {
        self.add_tree(&call.to, rate * call.times, class, loads);
    }

    /// What is offered to each alternative goes over its path, whether it is served or not.
    fn add_tree(&self, tree: &CallTree, rate: f64, class: usize, loads: &mut [UserLoad]) {
        match tree {
            CallTree::Service(routes) => {
                for (route, share) in routes {
                    if let Some(path) = self.route_path(*route).and_then(|path| self.network.path(path)) {
                        loads[path.index()].rate += rate * share;
                    }
                }
            }
            CallTree::Mix(parts) => {
                parts.iter().for_each(|(weight, part)| self.add_tree(part, rate * weight, class, loads));
            }
            CallTree::Moved { surge, stays, moves } => {
                let share = self.moved_share(*surge);
                self.add_tree(stays, rate * (1.0 - share), class, loads);
                self.add_tree(moves, rate * share, class, loads);
            }
            CallTree::FirstOf { of, switch, .. } => {
                let mut offered = rate;
                for (place, part) in of.iter().enumerate() {
                    self.add_tree(part, offered, class, loads);
                    if !self.is_engaged(*switch, place, of.len()) {
                        break;
                    }
                    offered *= 1.0 - self.outcome(part, class).success;
                }
            }
        }
    }
}
