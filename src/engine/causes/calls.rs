//! Which initiating events make calls fail.
//!
//! For each unit that users are sent to: what holds it down if it is down, else whatever makes it or its
//! members let calls fail or makes it re-form; and what keeps users from being moved.

use super::in_order;
use crate::engine::state::Engine;
use crate::engine::users::{FAILING_AT, SLACK};
use crate::model::{CallTree, CompId, Landing, RouteId, UsageId};

impl Engine<'_> {
    /// The initiating events that make a usage's calls fail at present, in order; never empty.
    ///
    /// Calls that fail at 5 % or more count; where none does, all that fail at all.
    pub fn failing_events(&self, usage: UsageId, out: &mut Vec<u32>) {
        out.clear();
        let calls = &self.model.usages[usage.index()].calls;
        let class = self.class_of(usage);
        let error = |tree: &CallTree| 1.0 - self.outcome(tree, class).success;
        let bad = calls.iter().any(|c| error(&c.to) >= FAILING_AT - SLACK);
        for (place, call) in calls.iter().enumerate() {
            if let Some(signed_in) = self.signed_in_for(usage, place) {
                // Who is not signed in has lost the session before, and cannot sign in now.
                if 1.0 - signed_in > SLACK {
                    out.extend_from_slice(self.waiting_events(usage));
                    self.for_each_keeper_out(usage, place, |keeper, _| self.add_set(keeper, out));
                    self.add_call_events(&call.to, class, out);
                }
                continue;
            }
            if error(&call.to) >= if bad { FAILING_AT - SLACK } else { SLACK } {
                self.add_call_events(&call.to, class, out);
            }
        }
        if self.admitted(usage) < 1.0 {
            self.add_response_events(usage, out);
        }
        out.sort_unstable();
        out.dedup();
        if out.is_empty() {
            out.push(0);
        }
    }

    fn add_call_events(&self, tree: &CallTree, class: usize, out: &mut Vec<u32>) {
        match tree {
            CallTree::Service(routes) => {
                for (route, _) in routes.iter().filter(|(r, _)| self.routes_fail(*r, class)) {
                    self.add_route_events(*route, out);
                }
            }
            CallTree::Mix(parts) => parts.iter().for_each(|(_, part)| self.add_call_events(part, class, out)),
            CallTree::Moved { surge, stays, moves } => {
                self.add_call_events(stays, class, out);
                if self.moved_share(*surge) > 0.0 {
                    self.add_call_events(moves, class, out);
                }
            }
            CallTree::FirstOf { of, switch, .. } => {
                for (place, part) in of.iter().enumerate() {
                    self.add_call_events(part, class, out);
                    if !self.is_engaged(*switch, place, of.len()) {
                        break;
                    }
                }
            }
        }
    }

    fn routes_fail(&self, route: RouteId, class: usize) -> bool {
        1.0 - self.class_success(route, class) > SLACK
    }

    fn add_route_events(&self, id: RouteId, out: &mut Vec<u32>) {
        let route = &self.model.routes[id.index()];
        let (at, _) = self.route_position(id);
        self.add_unit_events(route.units[at], out);
        if let Some(landings) = route.landings.get(at) {
            self.add_landing_events(id, landings, out);
        }
        if self.is_shift_stalled(id)
            && let Some(needs) = self.shift_needs(id)
        {
            self.add_node_holders(needs, out);
        }
    }

    /// What keeps calls from getting to a unit: what is wrong with the way that they take, or if there is none, with all.
    fn add_landing_events(&self, id: RouteId, landings: &[Landing], out: &mut Vec<u32>) {
        if let Some(path) = self.route_path(id) {
            let dropped = self.path_success(path).map_or(0.0, |success| 1.0 - success);
            let (at, _) = self.route_position(id);
            let refused = 1.0 - self.unit_success(self.model.routes[id.index()].units[at]);
            // A few drops are no reason where the unit itself fails calls.
            let is_bad = |share: f64| share >= FAILING_AT - SLACK;
            if is_bad(dropped) || (dropped > SLACK && !is_bad(refused)) {
                self.add_path_events(path, out);
                out.extend_from_slice(self.congestion_events(path));
            }
            return;
        }
        for landing in landings {
            self.add_set(landing.path, out);
            landing.members.iter().for_each(|member| self.add_set(*member, out));
        }
    }

    /// What makes calls to a unit fail, or to those that it calls in turn.
    pub(super) fn add_unit_events(&self, unit: CompId, out: &mut Vec<u32>) {
        let i = unit.index();
        if self.parts[i].level <= 0.0 {
            self.add_set(unit, out);
            return;
        }
        out.extend_from_slice(self.overload_events(unit));
        for called in self.called_units(unit) {
            if self.unit_fails(called) {
                self.add_unit_events(called, out);
            }
        }
        self.add_error_events(unit, out);
        out.extend_from_slice(&self.causes.reform_sets[i]);
        for member in self.model.components[i].members.iter().filter(|m| self.parts[m.index()].level > 0.0) {
            self.add_error_events(*member, out);
        }
    }

    fn add_error_events(&self, component: CompId, out: &mut Vec<u32>) {
        let jobs = self.parts[component.index()].active.iter().map(|j| &self.jobs[*j as usize]);
        out.extend(jobs.filter(|j| j.success < 1.0).map(|j| j.event));
    }

    /// The initiating events that make a route's calls fail, or keep its move from going on, in order.
    #[must_use]
    pub fn events_of_route(&self, route: RouteId) -> Vec<u32> {
        in_order(|events| self.add_route_events(route, events))
    }
}
