//! How much units can serve: members and their levels, warm-up, autoscaling, trips, and what operators have set.

use super::fluid::Fluid;
use crate::engine::state::Engine;
use crate::model::{Capacity, CompId, Trips};
use crate::time::{SimSpan, SimTime};

/// What members that warm up, and parts that restart, are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cold {
    /// As much as they can serve by now.
    IsCold,
    /// As much as they will.
    CountsAsWarm,
}

/// The state of one unit's capacity.
#[derive(Debug, Clone)]
pub(super) struct UnitState {
    /// What autoscaling has made of the declared capacity, as a factor; and what it will be.
    pub(super) scale: f64,
    pub(super) scaling_to: Option<(SimTime, f64)>,
    /// Since when less would suffice.
    pub(super) ample_since: Option<SimTime>,
    /// When it was last looked at.
    pub(super) looked_at: SimTime,
    /// The utilisation at which a look found nothing to change.
    pub(super) sufficed_at: Option<f64>,
    /// Number of changes of capacity so far: numbers their draws.
    pub(super) scalings: u32,
    /// Requests per second of a member, where operators have set it for all.
    pub(super) per_member: Option<f64>,
    /// The same by member, where it is not the same for all; else empty.
    pub(super) by_member: Vec<f64>,
    /// Share of capacity that is let in at most, where operators have set it.
    pub(super) shed_limit: Option<f64>,
    /// Shares of capacity that overload has taken, until they begin to restart.
    pub(super) tripped: Vec<(SimTime, f64)>,
    /// Share that restarts, as of a time.
    pub(super) restarting: (SimTime, f64),
    pub(super) trips: u32,
    /// Since when it has been overloaded beyond its trip level.
    pub(super) strained_since: Option<SimTime>,
}

impl UnitState {
    pub(super) fn new() -> Self {
        Self {
            scale: 1.0,
            scaling_to: None,
            ample_since: None,
            looked_at: SimTime::NEVER,
            sufficed_at: None,
            scalings: 0,
            per_member: None,
            by_member: Vec::new(),
            shed_limit: None,
            tripped: Vec::new(),
            restarting: (SimTime::START, 0.0),
            trips: 0,
            strained_since: None,
        }
    }

    /// Sizes as the scenario has them.
    pub(super) fn reset_sizes(&mut self, capacity: Option<&Capacity>) {
        self.per_member = None;
        self.by_member.clear();
        self.by_member.extend(capacity.into_iter().flat_map(|capacity| &capacity.by_member));
    }

    /// Operators set the size of one member, given its place among so many.
    pub(super) fn set_size(&mut self, (place, members): (usize, usize), rate: f64, declared: f64) {
        if self.by_member.is_empty() {
            self.by_member.resize(members, self.per_member.unwrap_or(declared));
        }
        if let Some(size) = self.by_member.get_mut(place) {
            *size = rate;
        }
        if self.by_member.iter().all(|size| *size == rate) {
            self.per_member = Some(rate);
            self.by_member.clear();
        }
    }

    /// Share of capacity that restarts at `at`, of what restarts at `rate` per second.
    pub(super) fn restarting_at(&self, at: SimTime, rate: f64) -> f64 {
        let (since, share) = self.restarting;
        (share - rate * (at - since).seconds().max(0.0)).max(0.0)
    }

    /// Share of capacity that overload has taken and that is not back at `at`.
    pub(super) fn lost_at(&self, at: SimTime, rate: f64) -> f64 {
        (self.waiting_to_restart() + self.restarting_at(at, rate)).min(1.0)
    }

    /// Of it what has not even begun to come back.
    fn waiting_to_restart(&self) -> f64 {
        self.tripped.iter().map(|(_, share)| share).sum()
    }
}

impl Engine<'_> {
    /// What each unit can serve at `at`.
    pub(super) fn set_capacities(&self, at: SimTime, fluid: &mut Fluid) {
        for place in 0..self.model.load.units.len() {
            fluid.capacity[place] = self.capacity_of(place, at);
        }
    }

    fn capacity_of(&self, place: usize, at: SimTime) -> f64 {
        self.capacity_while(place, at, Cold::IsCold)
    }

    /// Offered load over capacity as far as it is about size: what warms up or restarts counts as back.
    ///
    /// From nothing capacity grows evenly, so that load over it has no largest value: the first look would decide.
    pub(super) fn utilisation_of_size(&self, place: usize, at: SimTime, fluid: &Fluid) -> f64 {
        let grows = |c: &Capacity| c.warm_up > SimSpan::ZERO || c.trips.is_some();
        let classes = self.model.load.priorities.len();
        if !self.model.load.units[place].capacity.as_ref().is_some_and(grows) {
            return fluid.utilisation(place, classes);
        }
        let offered = fluid.offered_to(place, classes);
        if offered <= 0.0 { 0.0 } else { offered / self.capacity_while(place, at, Cold::CountsAsWarm) }
    }

    fn capacity_while(&self, place: usize, at: SimTime, cold: Cold) -> f64 {
        let unit = &self.model.load.units[place];
        let level = self.parts[unit.unit.index()].level;
        let Some(capacity) = &unit.capacity else {
            return if level > 0.0 { f64::INFINITY } else { 0.0 };
        };
        if level <= 0.0 {
            return 0.0;
        }
        let state = &self.load.units[place];
        let members = &self.model.components[unit.unit.index()].members;
        let is_cold = cold == Cold::IsCold;
        let warmth = |m: CompId| if is_cold { self.warmth(m, capacity.warm_up, at) } else { 1.0 };
        let of_member = |m: &CompId| self.parts[m.index()].level * warmth(*m);
        let size = state.per_member.unwrap_or(capacity.per_member);
        let whole = if members.is_empty() {
            level * warmth(unit.unit) * size
        } else if state.by_member.is_empty() {
            members.iter().map(of_member).sum::<f64>() * size
        } else {
            members.iter().zip(&state.by_member).map(|(m, size)| of_member(m) * size).sum()
        };
        let lost_by = |trips: &Trips| {
            if is_cold { state.lost_at(at, trips.rate) } else { state.waiting_to_restart().min(1.0) }
        };
        let lost = capacity.trips.as_ref().map_or(0.0, lost_by);
        whole * state.scale * (1.0 - lost)
    }

    /// How far a component that has restarted is from its full capacity: 1 is all of it.
    fn warmth(&self, component: CompId, warm_up: SimSpan, at: SimTime) -> f64 {
        let since = self.load.warm_since[component.index()];
        if warm_up == SimSpan::ZERO || !since.occurs() {
            return 1.0;
        }
        ((at - since).micros_f64() / warm_up.micros_f64()).clamp(0.0, 1.0)
    }

    /// Notes that a member may be up again, and cold.
    pub(in crate::engine) fn note_restart(&mut self, component: CompId) {
        if !self.load.is_on {
            return;
        }
        let is_up = self.parts[component.index()].level > 0.0;
        if is_up != self.load.was_up[component.index()] {
            self.load.was_up[component.index()] = is_up;
            self.load.warm_since[component.index()] = if is_up { self.now } else { SimTime::NEVER };
        }
        self.touch_load();
    }

    /// True for a unit whose members need time to warm up.
    pub(in crate::engine) fn warms_up(&self, place: usize) -> bool {
        self.model.load.units[place].capacity.as_ref().is_some_and(|c| c.warm_up > SimSpan::ZERO)
    }

    /// True while a component of such a unit is not warm yet.
    pub(in crate::engine) fn is_cold(&self, place: usize, component: CompId) -> bool {
        let warm_up = self.model.load.units[place].capacity.as_ref().map_or(SimSpan::ZERO, |c| c.warm_up);
        self.warmth(component, warm_up, self.now) < 1.0
    }

    /// The part of a unit's calls that a member makes.
    pub(super) fn part_of_member(&self, place: usize, member: CompId) -> f64 {
        let members = &self.model.components[self.model.load.units[place].unit.index()].members;
        let level = |m: &CompId| self.parts[m.index()].level;
        let all: f64 = members.iter().map(level).sum();
        if all > 0.0 { level(&member) / all } else { 0.0 }
    }

    pub(super) fn shed_limit(&self, place: usize) -> Option<f64> {
        self.load.units[place].shed_limit
    }

    /// True while capacity grows or shrinks by itself.
    pub(super) fn something_ramps(&self) -> bool {
        self.load.waves.changing().next().is_some() || self.is_warming() || self.is_restarting()
    }

    fn is_warming(&self) -> bool {
        self.warming_ends().any(|end| end > self.now)
    }

    /// When members that have restarted have their full capacity.
    fn warming_ends(&self) -> impl Iterator<Item = SimTime> + '_ {
        let units = self.model.load.units.iter();
        units.filter_map(|u| u.capacity.as_ref().map(|c| (u.unit, c.warm_up))).flat_map(
            move |(unit, warm_up)| {
                let members = &self.model.components[unit.index()].members;
                let own = if members.is_empty() { Some(unit) } else { None };
                members.iter().copied().chain(own).filter_map(move |m| {
                    let since = self.load.warm_since[m.index()];
                    (since.occurs() && warm_up > SimSpan::ZERO).then(|| since + warm_up)
                })
            },
        )
    }

    fn is_restarting(&self) -> bool {
        self.restarts_end().any(|end| end > self.now)
    }

    /// When what overload has taken, and restarts by now, is back.
    fn restarts_end(&self) -> impl Iterator<Item = SimTime> + '_ {
        self.model.load.units.iter().zip(&self.load.units).filter_map(|(unit, state)| {
            let trips = unit.capacity.as_ref()?.trips.as_ref()?;
            let (since, share) = state.restarting;
            (share > 0.0).then(|| since + SimSpan::from_micros_f64(1e6 * share / trips.rate))
        })
    }

    /// The next time at which demand or capacity begins or ceases to change by itself, or somebody looks.
    pub(super) fn next_corner(&self) -> SimTime {
        let later = |at: &SimTime| *at > self.now;
        let warm = self.warming_ends().filter(later);
        let back = self.restarts_end().filter(later);
        let next = warm.chain(back).min().unwrap_or(SimTime::NEVER);
        next.min(self.load.waves.next_corner()).min(self.next_unit_event())
    }

    /// What a unit can serve, requests per second; infinite without a limit.
    #[must_use]
    pub fn capacity(&self, unit: CompId) -> f64 {
        self.load.place_of(unit).map_or(f64::INFINITY, |place| self.load.now.capacity[place])
    }

    /// Offered load of a unit over its capacity; 0 of nothing.
    #[must_use]
    pub fn utilisation(&self, unit: CompId) -> f64 {
        let classes = self.model.load.priorities.len();
        self.load.place_of(unit).map_or(0.0, |place| self.load.now.utilisation(place, classes))
    }

    /// Share of what a unit is offered that it refuses.
    #[must_use]
    pub fn refused(&self, unit: CompId) -> f64 {
        let classes = self.model.load.priorities.len();
        let Some(place) = self.load.place_of(unit) else { return 0.0 };
        let offered = self.load.now.offered_to(place, classes);
        let cells = place * classes..(place + 1) * classes;
        let let_in: f64 = cells.map(|cell| self.load.now.offered[cell] * self.load.now.share[cell]).sum();
        if offered > 0.0 { 1.0 - let_in / offered } else { 0.0 }
    }
}
