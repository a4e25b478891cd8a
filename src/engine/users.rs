//! Users: which unit serves them, how they are moved when it fails, and how their journeys fare.

use super::agenda::Look;
use super::failures::{real_time, used_up};
use super::state::Engine;
use crate::model::{CallTree, Failover, Model, NodeId, RouteId, SwitchId, UsageId};
use crate::time::{SimSpan, SimTime};

/// Error share from which on calls count as failing for failover.
pub(super) const FAILING_AT: f64 = 0.05;
/// Slack against rounding in comparisons of shares.
pub(super) const SLACK: f64 = 1e-12;

/// Where a failover stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moving {
    /// Served where it is.
    #[default]
    Settled,
    /// Failing, not decided to move yet.
    Detecting,
    /// Decided, but there is nowhere to go.
    NoTarget,
    /// On the move.
    Shifting,
    /// On the move back home.
    Returning,
}

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

/// The state of one route.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RouteState {
    /// Place of the present unit; 0 is home.
    at: u32,
    moving: Moving,
    /// Place that the present move heads for.
    target: u32,
    /// Shift time left as of `since`, and whether its clock runs.
    left: SimSpan,
    since: SimTime,
    running: bool,
    /// True while home's quiet time is counted.
    quiet: bool,
    /// The timer ran out in this instant.
    rang: bool,
    detections: u32,
    shifts: u32,
    quiets: u32,
    /// What its users last saw.
    success: f64,
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
}

/// Success of a call, and how much of it alternatives gave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) success: f64,
    alternative: f64,
    degraded: f64,
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
        CallTree::FirstOf { of, switch, .. } => {
            (switch.index()..switch.index() + of.len() - 1).for_each(|s| by_switch[s].push(usage));
            of.iter().for_each(|t| list_uses(t, usage, by_route, by_switch));
        }
    }
}

impl Engine<'_> {
    /// Lets routes, then usages, react to what their units do now.
    pub(super) fn react_users(&mut self) {
        self.look_at(Look::Routes, |engine, route| engine.react_route(RouteId(route)));
        self.look_at(Look::Usages, |engine, usage| engine.react_usage(UsageId(usage)));
    }

    /// A failover's timer ran out; it acts once levels have settled.
    pub(super) fn route_timer_due(&mut self, route: RouteId) {
        self.routes[route.index()].rang = true;
        self.agenda.add(Look::Routes, route.index());
    }

    fn react_route(&mut self, id: RouteId) {
        if let Some(failover) = &self.model.routes[id.index()].failover {
            let rang = std::mem::take(&mut self.routes[id.index()].rang);
            self.step_failover(id, failover, rang);
        }
        let success = self.place_success(id, self.routes[id.index()].at);
        self.routes[id.index()].success = success;
        for k in 0..self.usages_by_route[id.index()].len() {
            self.agenda.add(Look::Usages, self.usages_by_route[id.index()][k] as usize);
        }
    }

    fn step_failover(&mut self, id: RouteId, failover: &Failover, rang: bool) {
        let state = self.routes[id.index()];
        let failing = 1.0 - self.place_success(id, state.at) >= FAILING_AT - SLACK;
        match state.moving {
            Moving::Settled if failing => self.detect(id, failover),
            Moving::Settled => self.watch_home(id, failover, rang),
            Moving::Detecting if !failing => self.calm(id),
            Moving::Detecting if rang => self.set_off(id, failover),
            Moving::Detecting => {}
            Moving::NoTarget if failing => self.set_off(id, failover),
            Moving::NoTarget => self.calm(id),
            Moving::Shifting | Moving::Returning if rang => self.arrive(id, failover),
            Moving::Shifting | Moving::Returning => self.pace_shift(id, failover),
        }
    }

    fn detect(&mut self, id: RouteId, failover: &Failover) {
        let number = self.routes[id.index()].detections;
        let takes = self.span(&failover.detect, failover.streams.detect, number);
        let state = &mut self.routes[id.index()];
        state.detections += 1;
        (state.moving, state.quiet) = (Moving::Detecting, false);
        self.set_route_timer(id, self.now + takes);
    }

    fn calm(&mut self, id: RouteId) {
        self.routes[id.index()].moving = Moving::Settled;
        self.set_route_timer(id, SimTime::NEVER);
        // Away from home the quiet time may begin at this very instant.
        self.settle_route_again(id);
    }

    /// Away from home: once home has been whole for the quiet time, move back.
    fn watch_home(&mut self, id: RouteId, failover: &Failover, rang: bool) {
        let state = self.routes[id.index()];
        if state.at == 0 {
            return;
        }
        if !self.is_home_whole(id) {
            self.routes[id.index()].quiet = false;
            self.set_route_timer(id, SimTime::NEVER);
        } else if state.quiet && rang {
            self.begin_shift(id, failover, Moving::Returning, 0);
        } else if !state.quiet {
            let takes = self.span(&failover.quiet, failover.streams.quiet, state.quiets);
            self.routes[id.index()].quiets += 1;
            self.routes[id.index()].quiet = true;
            self.set_route_timer(id, self.now + takes);
        }
    }

    fn is_home_whole(&self, id: RouteId) -> bool {
        let home = self.model.routes[id.index()].units[0];
        self.parts[home.index()].level >= 1.0 && self.units[home.index()].success >= 1.0 - SLACK
    }

    /// Decided to move: to the first unit in order that is up, if there is one.
    fn set_off(&mut self, id: RouteId, failover: &Failover) {
        match self.first_target(id) {
            Some(target) => self.begin_shift(id, failover, Moving::Shifting, target),
            None => {
                self.routes[id.index()].moving = Moving::NoTarget;
                self.set_route_timer(id, SimTime::NEVER);
            }
        }
    }

    fn first_target(&self, id: RouteId) -> Option<u32> {
        let at = self.routes[id.index()].at;
        let mut places = self.model.routes[id.index()].units.iter().enumerate();
        places
            .find(|(place, unit)| *place as u32 != at && self.parts[unit.index()].level > 0.0)
            .map(|(place, _)| place as u32)
    }

    fn begin_shift(&mut self, id: RouteId, failover: &Failover, moving: Moving, target: u32) {
        let number = self.routes[id.index()].shifts;
        let left = self.span(&failover.shift, failover.streams.shift, number);
        let state = &mut self.routes[id.index()];
        state.shifts += 1;
        (state.moving, state.target, state.left) = (moving, target, left);
        (state.since, state.running, state.quiet) = (self.now, false, false);
        self.set_route_timer(id, SimTime::NEVER);
        self.pace_shift(id, failover);
    }

    /// The shift's clock runs while its needs are met.
    fn pace_shift(&mut self, id: RouteId, failover: &Failover) {
        let state = self.routes[id.index()];
        let runs = self.shift_needs_of(&state, failover).is_none_or(|n| self.nodes[n.index()].value > 0.0);
        if runs == state.running {
            return;
        }
        let state = &mut self.routes[id.index()];
        if state.running {
            state.left = used_up(state.left, self.now - state.since, 1.0);
        }
        (state.since, state.running) = (self.now, runs);
        let due = self.now + real_time(state.left, if runs { 1.0 } else { 0.0 });
        self.set_route_timer(id, due);
    }

    fn shift_needs_of(&self, state: &RouteState, failover: &Failover) -> Option<NodeId> {
        let decides = if failover.needs_at_target { state.target } else { state.at };
        failover.needs.get(decides as usize).copied().flatten()
    }

    /// What a route's present shift needs.
    pub(super) fn shift_needs(&self, id: RouteId) -> Option<NodeId> {
        let failover = self.model.routes[id.index()].failover.as_ref()?;
        self.shift_needs_of(&self.routes[id.index()], failover)
    }

    /// The shift is done, if it worked and its target is up.
    fn arrive(&mut self, id: RouteId, failover: &Failover) {
        let state = self.routes[id.index()];
        if !self.draw(failover.streams.works, state.shifts - 1).happens(failover.works) {
            return self.begin_shift(id, failover, state.moving, state.target);
        }
        let up =
            |place: u32| self.parts[self.model.routes[id.index()].units[place as usize].index()].level > 0.0;
        let lands_at = if up(state.target) {
            Some(state.target)
        } else if state.moving == Moving::Returning {
            None
        } else {
            self.first_target(id)
        };
        let stays = lands_at.is_none() && state.moving == Moving::Shifting;
        let state = &mut self.routes[id.index()];
        state.running = false;
        state.moving = if stays { Moving::NoTarget } else { Moving::Settled };
        state.at = lands_at.unwrap_or(state.at);
        self.set_route_timer(id, SimTime::NEVER);
        self.settle_route_again(id);
    }

    /// Lets a route that has come to rest look at once at what it meets there.
    fn settle_route_again(&mut self, id: RouteId) {
        if let Some(failover) = &self.model.routes[id.index()].failover {
            self.step_failover(id, failover, false);
        }
    }

    fn set_route_timer(&mut self, id: RouteId, at: SimTime) {
        self.queue.set(self.slots.route + id.0, at);
    }

    fn place_success(&self, id: RouteId, place: u32) -> f64 {
        self.units[self.model.routes[id.index()].units[place as usize].index()].success
    }

    /// A switch to the next alternative is done.
    pub(super) fn switch_due(&mut self, id: SwitchId) {
        let state = &mut self.switches[id.index()];
        (state.engaged, state.switching) = (true, false);
        for k in 0..self.usages_by_switch[id.index()].len() {
            self.agenda.add(Look::Usages, self.usages_by_switch[id.index()][k] as usize);
        }
    }

    fn react_usage(&mut self, id: UsageId) {
        let model = self.model;
        let mut all = UsageState { success: 1.0, alternative: 0.0, degraded: 0.0 };
        let (mut not_alternative, mut not_degraded) = (1.0, 1.0);
        for call in &model.usages[id.index()].calls {
            self.set_switches(&call.to, true);
            let outcome = self.outcome(&call.to);
            let share = |part: f64| if outcome.success > 0.0 { 1.0 - part / outcome.success } else { 1.0 };
            all.success *= power(outcome.success, call.times);
            not_alternative *= power(share(outcome.alternative), call.times);
            not_degraded *= power(share(outcome.degraded), call.times);
        }
        all.alternative = all.success * (1.0 - not_alternative);
        all.degraded = all.success * (1.0 - not_degraded);
        if all != self.usages[id.index()] {
            self.usages[id.index()] = all;
            self.changed_usages.add(id.index());
        }
    }

    /// Starts and ends switches between alternatives, of calls that are `offered` to a tree or not.
    fn set_switches(&mut self, tree: &CallTree, offered: bool) {
        match tree {
            CallTree::Service(_) => {}
            CallTree::Mix(parts) => parts.iter().for_each(|(_, part)| self.set_switches(part, offered)),
            CallTree::FirstOf { of, switch, .. } => {
                let mut open = offered;
                for (place, part) in of.iter().enumerate() {
                    self.set_switches(part, open);
                    if place + 1 < of.len() {
                        let refuses = open && 1.0 - self.outcome(part).success > SLACK;
                        open = self.refuse(SwitchId(switch.0 + place as u32), refuses);
                    }
                }
            }
        }
    }

    pub(super) fn outcome(&self, tree: &CallTree) -> Outcome {
        let mut sum = Outcome { success: 0.0, alternative: 0.0, degraded: 0.0 };
        match tree {
            CallTree::Service(routes) => {
                for (route, share) in routes {
                    sum.success += share * self.routes[route.index()].success;
                }
            }
            CallTree::Mix(parts) => {
                for (weight, part) in parts {
                    let part = self.outcome(part);
                    sum.success += weight * part.success;
                    sum.alternative += weight * part.alternative;
                    sum.degraded += weight * part.degraded;
                }
            }
            CallTree::FirstOf { of, switch, degraded } => return self.first_of(of, *switch, *degraded),
        }
        sum
    }

    /// What alternative i refuses is offered to i + 1 once the switch has been made.
    fn first_of(&self, of: &[CallTree], first: SwitchId, counts: bool) -> Outcome {
        let mut sum = Outcome { success: 0.0, alternative: 0.0, degraded: 0.0 };
        let mut offered = 1.0;
        for (place, tree) in of.iter().enumerate() {
            let part = self.outcome(tree);
            let is_alternative = place > 0;
            sum.success += offered * part.success;
            sum.alternative += offered * if is_alternative { part.success } else { part.alternative };
            sum.degraded += offered * if is_alternative && counts { part.success } else { part.degraded };
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
            CallTree::FirstOf { of, switch, .. } => {
                let switching = (0..of.len() - 1).any(|i| self.switches[switch.index() + i].switching);
                if switching { Some(UserStage::Shift) } else { of.iter().find_map(|t| self.tree_moving(t)) }
            }
        }
    }

    fn route_moving(&self, route: RouteId) -> Option<UserStage> {
        let state = &self.routes[route.index()];
        let failing = 1.0 - state.success >= FAILING_AT - SLACK;
        match state.moving {
            Moving::Detecting => Some(UserStage::Detect),
            Moving::Shifting | Moving::Returning if failing && state.running => Some(UserStage::Shift),
            Moving::Shifting | Moving::Returning if failing => Some(UserStage::Stalled),
            _ => None,
        }
    }

    /// Share of a usage's requests that succeed.
    #[must_use]
    pub fn usage_success(&self, usage: UsageId) -> f64 {
        self.usages[usage.index()].success
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

    /// Where a route stands: the place of its unit (0 is home) and its movement.
    #[must_use]
    pub fn route_position(&self, route: RouteId) -> (usize, Moving) {
        let state = &self.routes[route.index()];
        (state.at as usize, state.moving)
    }

    /// The place that a route's present move heads for.
    #[must_use]
    pub fn route_target(&self, route: RouteId) -> usize {
        self.routes[route.index()].target as usize
    }

    /// Number of shifts that a route has begun; one that did not work is followed by another.
    #[must_use]
    pub fn route_shifts(&self, route: RouteId) -> u32 {
        self.routes[route.index()].shifts
    }

    /// True once what an alternative refuses goes to the next.
    #[must_use]
    pub fn is_switched(&self, switch: SwitchId) -> bool {
        self.switches[switch.index()].engaged
    }

    /// True for a shift whose clock stands still because its needs are not met.
    #[must_use]
    pub fn is_shift_stalled(&self, route: RouteId) -> bool {
        let state = &self.routes[route.index()];
        matches!(state.moving, Moving::Shifting | Moving::Returning) && !state.running
    }

    /// Share of calls that get through at a route's present unit.
    #[must_use]
    pub fn route_success(&self, route: RouteId) -> f64 {
        self.routes[route.index()].success
    }
}

fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 1.0 { base } else { libm::pow(base, exponent) }
}
