//! Flows of requests on the network: what usages send fills cables, and what cables drop comes back as retries.
//!
//! What each path lets through is one more share that flows are solved with (`fluid`), so that there is no step between a load
//! on the network and its answer to it.

use super::fluid::{Fluid, ratio};
use super::walk::power;
use crate::engine::network::Passage;
use crate::engine::state::Engine;
use crate::engine::users::SLACK;
use crate::model::{CallTree, PathId, RouteId, UsageId};

/// Moves of a path's share that are made at once, so that what is whole is exactly so.
const SMALL: f64 = 1e-9;

impl Engine<'_> {
    /// Lets the network carry what is sent; returns how far the share of any path has moved.
    pub(super) fn cross_network(&self, damping: f64, fluid: &mut Fluid) -> f64 {
        if !self.network_follows_load() {
            return 0.0;
        }
        let Fluid { sent, lanes, arrives, reach, share, moves, .. } = fluid;
        let moves = moves.iter_mut().skip(share.len());
        self.crossing().find_arrivals(sent, lanes, arrives);
        let mut most = 0.0_f64;
        for ((reach, arrives), moved) in reach.iter_mut().zip(arrives).zip(moves) {
            let move_by = *arrives - *reach;
            *moved = move_by;
            most = most.max(move_by.abs());
            *reach = if move_by.abs() <= SMALL { *arrives } else { *reach + damping * move_by };
        }
        most
    }

    /// Share of a route's calls that get to its present unit and back, if flows are these.
    pub(super) fn reach_in(&self, route: RouteId, fluid: &Fluid) -> f64 {
        if !self.network_follows_load() {
            return self.route_reach(route);
        }
        match self.passage(route) {
            Passage::Free => 1.0,
            Passage::Path(path) => fluid.reach[path],
            Passage::Cut => 0.0,
        }
    }

    /// Shows what paths let through to all who ask for it.
    pub(super) fn show_reach(&mut self) {
        if self.network_follows_load() {
            let reach = std::mem::take(&mut self.load.now.reach);
            self.set_path_success(&reach);
            self.load.now.reach = reach;
        }
    }

    /// Tells observers of the network what is sent: at the peaks of profiles while load is calm.
    pub(super) fn tell_network(&mut self, is_calm: bool) {
        if self.network_follows_load() {
            let calm_sent = std::mem::take(&mut self.load.calm_sent);
            let sent = std::mem::take(&mut self.load.now.sent);
            if is_calm {
                self.note_sent(&calm_sent, None);
            } else {
                self.note_sent(&sent, Some(self.now));
            }
            (self.load.calm_sent, self.load.now.sent) = (calm_sent, sent);
        }
    }

    /// Share of calls that a path drops which users take at present; 0 where the network does not follow load.
    #[must_use]
    pub fn dropped_on(&self, path: PathId) -> f64 {
        let is_taken = self.network_follows_load() && self.load.now.sent[path.index()] > 0.0;
        if is_taken && self.is_congested(path) { 1.0 - self.load.now.reach[path.index()] } else { 0.0 }
    }

    /// Share of a usage's failing attempts that full ways of the network drop.
    pub(super) fn jammed_share(&self, usage: UsageId) -> f64 {
        if !self.network_follows_load() {
            return 0.0;
        }
        let class = self.class_of(usage);
        let (mut success, mut jammed) = (1.0, 0.0);
        for (place, call) in self.model.usages[usage.index()].calls.iter().enumerate() {
            if self.signed_in_for(usage, place).is_none() {
                let succeeds = self.outcome(&call.to, class).success;
                let passes = power(succeeds, call.times);
                jammed += success * (1.0 - passes) * ratio(self.jammed(&call.to, class), 1.0 - succeeds);
                success *= passes;
            }
        }
        ratio(jammed, 1.0 - success)
    }

    /// Share of calls that full ways drop; of alternatives those to the last one that is turned to.
    fn jammed(&self, tree: &CallTree, class: usize) -> f64 {
        match tree {
            CallTree::Service(routes) => {
                let dropped = |route: RouteId| match self.passage(route) {
                    Passage::Path(path) => 1.0 - self.load.now.reach[path],
                    Passage::Free | Passage::Cut => 0.0,
                };
                routes.iter().map(|(route, share)| share * dropped(*route)).sum()
            }
            CallTree::Mix(parts) => {
                parts.iter().map(|(weight, part)| weight * self.jammed(part, class)).sum()
            }
            CallTree::Moved { surge, stays, moves } => {
                let share = self.moved_share(*surge);
                (1.0 - share) * self.jammed(stays, class) + share * self.jammed(moves, class)
            }
            CallTree::FirstOf { of, switch, .. } => {
                let mut offered = 1.0;
                for (place, part) in of.iter().enumerate() {
                    if !self.is_engaged(*switch, place, of.len()) {
                        return offered * self.jammed(part, class);
                    }
                    offered *= 1.0 - self.outcome(part, class).success;
                }
                0.0
            }
        }
    }

    /// Which paths drop calls, one bit each.
    pub(super) fn add_congestion_marks(&self, fluid: &Fluid, marks: &mut Vec<bool>) {
        if self.network_follows_load() {
            marks.extend(fluid.reach.iter().map(|reach| *reach < 1.0 - SLACK));
        }
    }

    /// True if a route's calls take a way at present that has a lane in common with a path's.
    pub(in crate::engine) fn meets_path(&self, route: RouteId, path: PathId) -> bool {
        match self.passage(route) {
            Passage::Path(other) => self.crossing().meet(path, PathId::at(other)),
            Passage::Free | Passage::Cut => false,
        }
    }
}
