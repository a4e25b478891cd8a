//! Routes: which unit serves users, and how they are moved when it fails.

use super::agenda::Look;
use super::failures::{real_time, used_up};
use super::state::Engine;
use super::users::{FAILING_AT, SLACK, UserStage};
use crate::model::{CompId, Failover, NodeId, RouteId};
use crate::time::{SimSpan, SimTime};

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
    /// Time that their calls spend on the network one way, nanoseconds.
    latency: f64,
    /// Share of calls that got to the unit and back when flows were solved last.
    reach: f64,
    /// The path that calls took then, where the network follows load: what it lets through is for flows to find.
    way: Option<CompId>,
}

impl Engine<'_> {
    /// A failover's timer ran out; it acts once levels have settled.
    pub(super) fn route_timer_due(&mut self, route: RouteId) {
        self.routes[route.index()].rang = true;
        self.agenda.add(Look::Routes, route.index());
    }

    pub(super) fn react_route(&mut self, id: RouteId) {
        let at_before = self.routes[id.index()].at;
        if !self.obey_operators(id)
            && let Some(failover) = &self.model.routes[id.index()].failover
        {
            let rang = std::mem::take(&mut self.routes[id.index()].rang);
            self.step_failover(id, failover, rang);
        }
        if self.load.is_on {
            self.note_reach(id, at_before);
        }
        let success = self.place_success(id, self.routes[id.index()].at);
        let latency = self.route_latency(id);
        let state = &mut self.routes[id.index()];
        (state.success, state.latency) = (success, latency);
        for k in 0..self.usages_by_route[id.index()].len() {
            self.agenda.add(Look::Usages, self.usages_by_route[id.index()][k] as usize);
        }
    }

    /// Flows change where users have been moved, or where more or fewer of their calls get through.
    fn note_reach(&mut self, id: RouteId, at_before: u32) {
        let follows = self.network_follows_load();
        let reach = if follows { 1.0 } else { self.route_reach(id) };
        let way = if follows { self.route_path(id) } else { None };
        let state = &mut self.routes[id.index()];
        if (state.at, state.reach, state.way) != (at_before, reach, way) {
            (state.reach, state.way) = (reach, way);
            self.touch_load();
        }
    }

    /// Users go where operators have sent them; without a failover of their own they go home once that is over.
    fn obey_operators(&mut self, id: RouteId) -> bool {
        let forced = self.forced_place(id.index());
        let state = &mut self.routes[id.index()];
        match forced {
            Some(place) => {
                (state.at, state.moving, state.quiet, state.rang) = (place, Moving::Settled, false, false);
                self.set_route_timer(id, SimTime::NEVER);
            }
            None if self.model.routes[id.index()].failover.is_none() => state.at = 0,
            None => {}
        }
        forced.is_some()
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
        self.parts[home.index()].level >= 1.0 && self.place_success(id, 0) >= 1.0 - SLACK
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
        let mut places = 0..self.model.routes[id.index()].units.len() as u32;
        places.find(|place| *place != at && self.is_place_up(id, *place) && self.is_fresh(id, *place))
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
        let lands_at = if self.is_place_up(id, state.target) {
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

    pub(super) fn route_moving(&self, route: RouteId) -> Option<UserStage> {
        let state = &self.routes[route.index()];
        let failing = 1.0 - state.success >= FAILING_AT - SLACK;
        match state.moving {
            Moving::Detecting => Some(UserStage::Detect),
            Moving::Shifting | Moving::Returning if failing && state.running => Some(UserStage::Shift),
            Moving::Shifting | Moving::Returning if failing => Some(UserStage::Stalled),
            _ => None,
        }
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

    /// True for a shift whose clock stands still because its needs are not met.
    #[must_use]
    pub fn is_shift_stalled(&self, route: RouteId) -> bool {
        let state = &self.routes[route.index()];
        matches!(state.moving, Moving::Shifting | Moving::Returning) && !state.running
    }

    /// What [`Engine::route_latency`] was when the route last looked.
    pub(super) fn latency_seen(&self, route: RouteId) -> f64 {
        self.routes[route.index()].latency
    }

    /// Share of calls that get through at a route's present unit.
    #[must_use]
    pub fn route_success(&self, route: RouteId) -> f64 {
        self.routes[route.index()].success
    }
}
