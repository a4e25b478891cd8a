//! Users: how their journeys fare at the units that serve them, and when calls turn to alternatives.

use super::agenda::Look;
use super::state::Engine;
use crate::model::{CallTree, Model, RouteId, SwitchId, UsageId};
use crate::time::SimTime;

/// Error share from which on calls count as failing for failover.
pub(super) const FAILING_AT: f64 = 0.05;
/// Slack against rounding in comparisons of shares.
pub(super) const SLACK: f64 = 1e-12;

/// What users who are being moved wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserStage {
    /// The failover has not decided yet.
    Detect,
    /// The shift, or the switch to an alternative, is under way.
    Shift,
    /// The shift waits for what it needs.
    Stalled,
}

/// The state of one alternative's switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct SwitchState {
    engaged: bool,
    switching: bool,
    switches: u32,
}

/// How a usage fares.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct UsageState {
    success: f64,
    /// Share of requests that alternatives served, and of those that count as degraded.
    alternative: f64,
    degraded: f64,
    /// Time that a request spends on the network, nanoseconds.
    latency: f64,
}

/// Success of a call, and how much of it alternatives gave.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outcome {
    pub(super) success: f64,
    alternative: f64,
    degraded: f64,
    /// Success times the time on the network, one way, nanoseconds.
    latency: f64,
}

/// Lists of ids by id.
type Lists = Vec<Vec<u32>>;

/// Routes by unit, usages by route and by switch.
pub(super) fn who_uses_what(model: &Model) -> (Lists, Lists, Lists) {
    let mut routes_by_unit = vec![Vec::new(); model.components.len()];
    for (r, route) in model.routes.iter().enumerate() {
        for unit in &route.units {
            routes_by_unit[unit.index()].push(r as u32);
        }
    }
    let mut by_route = vec![Vec::new(); model.routes.len()];
    let mut by_switch = vec![Vec::new(); model.switches.len()];
    for (u, usage) in model.usages.iter().enumerate() {
        for call in &usage.calls {
            list_uses(&call.to, u as u32, &mut by_route, &mut by_switch);
        }
    }
    (routes_by_unit, by_route, by_switch)
}

fn list_uses(tree: &CallTree, usage: u32, by_route: &mut [Vec<u32>], by_switch: &mut [Vec<u32>]) {
    match tree {
        CallTree::Service(routes) => routes.iter().for_each(|(r, _)| by_route[r.index()].push(usage)),
        CallTree::Mix(parts) => parts.iter().for_each(|(_, t)| list_uses(t, usage, by_route, by_switch)),
        CallTree::Moved { stays, moves, .. } => {
            [stays, moves].into_iter().for_each(|t| list_uses(t, usage, by_route, by_switch));
        }
        CallTree::FirstOf { of, switch, .. } => {
            (switch.index()..switch.index() + of.len() - 1).for_each(|s| by_switch[s].push(usage));
            of.iter().for_each(|t| list_uses(t, usage, by_route, by_switch));
        }
    }
}

impl Engine<'_> {
    /// Lets routes, then usages, react to what their units do now.
    ///
    /// What they send may then be another load on the network.
    pub(super) fn react_users(&mut self) {
        let loads_change = self.agenda.has(Look::Routes) || self.agenda.has(Look::Usages);
        self.look_at(Look::Routes, |engine, route| engine.react_route(RouteId(route)));
        self.look_at(Look::Usages, |engine, usage| engine.react_usage(UsageId(usage)));
        if loads_change {
            self.loads_change();
        }
    }

    /// A switch to the next alternative is done.
    pub(super) fn switch_due(&mut self, id: SwitchId) {
        let state = &mut self.switches[id.index()];
        (state.engaged, state.switching) = (true, false);
        self.touch_load();
        for k in 0..self.usages_by_switch[id.index()].len() {
            self.agenda.add(Look::Usages, self.usages_by_switch[id.index()][k] as usize);
        }
    }

    fn react_usage(&mut self, id: UsageId) {
        let model = self.model;
        let class = self.class_of(id);
        let mut all = UsageState { success: 1.0, ..UsageState::default() };
        let (mut not_alternative, mut not_degraded) = (1.0, 1.0);
        for (place, call) in model.usages[id.index()].calls.iter().enumerate() {
            self.set_switches(&call.to, true, class);
            // Whoever is signed in does not call; whoever is not does nothing at all.
            if self.signed_in_for(id, place).is_some() {
                continue;
            }
            let outcome = self.outcome(&call.to, class);
            let share = |part: f64| if outcome.success > 0.0 { 1.0 - part / outcome.success } else { 1.0 };
            all.success *= power(outcome.success, call.times);
            not_alternative *= power(share(outcome.alternative), call.times);
            not_degraded *= power(share(outcome.degraded), call.times);
            if outcome.success > 0.0 {
                // There and back, for each of the calls.
                all.latency += 2.0 * call.times * outcome.latency / outcome.success;
            }
        }
        all.alternative = all.success * (1.0 - not_alternative);
        all.degraded = all.success * (1.0 - not_degraded);
        self.count_retries(id, &mut all);
        if all != self.usages[id.index()] {
            self.usages[id.index()] = all;
            self.changed_usages.add(id.index());
        }
    }

    /// What users get in the end, who try again and may not be let in at all.
    fn count_retries(&self, id: UsageId, all: &mut UsageState) {
        let Some(in_the_end) = self.success_in_the_end(id) else { return };
        let by_attempt = if all.success > 0.0 { in_the_end / all.success } else { 0.0 };
        all.alternative *= by_attempt;
        all.degraded *= by_attempt;
        all.success = in_the_end;
    }

    /// Starts and ends switches between alternatives, of calls of a class that are `offered` to a tree or not.
    fn set_switches(&mut self, tree: &CallTree, offered: bool, class: usize) {
        match tree {
            CallTree::Service(_) => {}
            CallTree::Mix(parts) => {
                parts.iter().for_each(|(_, part)| self.set_switches(part, offered, class))
            }
            CallTree::Moved { surge, stays, moves } => {
                self.set_switches(stays, offered, class);
                self.set_switches(moves, offered && self.moved_share(*surge) > 0.0, class);
            }
            CallTree::FirstOf { of, switch, .. } => {
                let mut open = offered;
                for (place, part) in of.iter().enumerate() {
                    self.set_switches(part, open, class);
                    if place + 1 < of.len() {
                        let refuses = open && 1.0 - self.outcome(part, class).success > SLACK;
                        open = self.refuse(SwitchId(switch.0 + place as u32), refuses);
                    }
                }
            }
        }
    }

    /// How calls of a class fare.
    pub(super) fn outcome(&self, tree: &CallTree, class: usize) -> Outcome {
        let mut sum = Outcome::default();
        match tree {
            CallTree::Service(routes) => {
                for (route, share) in routes {
                    let success = share * self.class_success(*route, class);
                    sum.success += success;
                    sum.latency += success * self.latency_seen(*route);
                }
            }
            CallTree::Mix(parts) => {
                for (weight, part) in parts {
                    let part = self.outcome(part, class);
                    sum.success += weight * part.success;
                    sum.alternative += weight * part.alternative;
                    sum.degraded += weight * part.degraded;
                    sum.latency += weight * part.latency;
                }
            }
            CallTree::Moved { surge, stays, moves } => {
                let share = self.moved_share(*surge);
                for (weight, part) in [(1.0 - share, stays), (share, moves)] {
                    let part = self.outcome(part, class);
                    sum.success += weight * part.success;
                    sum.alternative += weight * part.alternative;
                    sum.degraded += weight * part.degraded;
                    sum.latency += weight * part.latency;
                }
            }
            CallTree::FirstOf { of, switch, degraded } => {
                return self.first_of(of, *switch, *degraded, class);
            }
        }
        sum
    }

    /// What alternative i refuses is offered to i + 1 once the switch has been made.
    fn first_of(&self, of: &[CallTree], first: SwitchId, counts: bool, class: usize) -> Outcome {
        let mut sum = Outcome::default();
        let mut offered = 1.0;
        for (place, tree) in of.iter().enumerate() {
            let part = self.outcome(tree, class);
            let is_alternative = place > 0;
            sum.success += offered * part.success;
            sum.alternative += offered * if is_alternative { part.success } else { part.alternative };
            sum.degraded += offered * if is_alternative && counts { part.success } else { part.degraded };
            sum.latency += offered * part.latency;
            offered *= 1.0 - part.success;
            if !self.is_engaged(first, place, of.len()) {
                break;
            }
        }
        sum
    }

    /// True if what alternative `place` refuses goes to the next.
    pub(super) fn is_engaged(&self, first: SwitchId, place: usize, alternatives: usize) -> bool {
        place + 1 < alternatives && self.switches[first.index() + place].engaged
    }

    /// Notes whether an alternative refuses; true once what it refuses goes to the next.
    fn refuse(&mut self, id: SwitchId, refuses: bool) -> bool {
        let state = self.switches[id.index()];
        let slot = self.slots.switch + id.0;
        if !refuses {
            if state.engaged {
                self.touch_load();
            }
            if state.engaged || state.switching {
                self.switches[id.index()] =
                    SwitchState { switches: state.switches, ..SwitchState::default() };
                self.queue.set(slot, SimTime::NEVER);
            }
            return false;
        }
        if !state.engaged && !state.switching {
            let switch = &self.model.switches[id.index()];
            let takes = self.span(&switch.takes, switch.stream, state.switches);
            self.switches[id.index()] =
                SwitchState { engaged: false, switching: true, switches: state.switches + 1 };
            self.queue.set(slot, self.now + takes);
        }
        state.engaged
    }

    /// What users are waiting for, where they are being moved or turned to an alternative.
    #[must_use]
    pub fn usage_moving(&self, usage: UsageId) -> Option<UserStage> {
        let calls = &self.model.usages[usage.index()].calls;
        calls.iter().find_map(|call| self.tree_moving(&call.to))
    }

    fn tree_moving(&self, tree: &CallTree) -> Option<UserStage> {
        match tree {
            CallTree::Service(routes) => routes.iter().find_map(|(route, _)| self.route_moving(*route)),
            CallTree::Mix(parts) => parts.iter().find_map(|(_, part)| self.tree_moving(part)),
            CallTree::Moved { stays, moves, .. } => {
                self.tree_moving(stays).or_else(|| self.tree_moving(moves))
            }
            CallTree::FirstOf { of, switch, .. } => {
                let switching = (0..of.len() - 1).any(|i| self.switches[switch.index() + i].switching);
                if switching { Some(UserStage::Shift) } else { of.iter().find_map(|t| self.tree_moving(t)) }
            }
        }
    }

    /// Share of a usage's requests that succeed.
    #[must_use]
    pub fn usage_success(&self, usage: UsageId) -> f64 {
        self.usages[usage.index()].success
    }

    /// Time that a request of a usage spends on the network: its calls there and back, of those that succeed the mean.
    ///
    /// Units: nanoseconds.
    #[must_use]
    pub fn usage_latency(&self, usage: UsageId) -> f64 {
        self.usages[usage.index()].latency
    }

    /// Share of a usage's requests that alternatives serve.
    #[must_use]
    pub fn usage_alternative(&self, usage: UsageId) -> f64 {
        self.usages[usage.index()].alternative
    }

    /// Share of a usage's requests served by alternatives that count as degraded.
    #[must_use]
    pub fn usage_degraded(&self, usage: UsageId) -> f64 {
        self.usages[usage.index()].degraded
    }

    /// True once what an alternative refuses goes to the next.
    #[must_use]
    pub fn is_switched(&self, switch: SwitchId) -> bool {
        self.switches[switch.index()].engaged
    }
}

fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 1.0 { base } else { libm::pow(base, exponent) }
}
