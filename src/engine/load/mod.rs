//! Load: what is offered to units, what they serve of it, and what comes back.
//!
//! A fluid between events. While nothing is refused and nothing comes back, loads follow the time of day and nothing needs to be
//! done (`calm`); else pools, sessions and tokens are played in steps (`plan`, `step`), whose flows are solved together
//! with the shares that units let in (`fluid`, `walk`). Where a scenario says nothing of load, all of this is left out.

mod adapt;
mod books;
mod cables;
mod calm;
mod capacity;
mod demand;
mod fluid;
mod marks;
mod overload;
mod plan;
mod pools;
mod responses;
mod sessions;
mod signals;
mod step;
mod views;
mod walk;
mod waves;

pub use books::{Books, UnitBooks};
pub use views::WavePhase;

use self::capacity::UnitState;
use self::fluid::Fluid;
use self::plan::Pace;
use self::pools::{Kind, SessionSlot, Slots};
use self::responses::Flaps;
use self::signals::SignalState;
use self::step::Scratch;
use self::waves::Waves;
use super::agenda::Look;
use super::state::Engine;
use super::users::SLACK;
use crate::model::{CallTree, CompId, Model, ResponseId, RouteId, UsageId};
use crate::time::{SimSpan, SimTime};

const NOWHERE: u32 = u32::MAX;

/// What the engine remembers of load.
#[derive(Debug, Clone)]
pub(super) struct LoadState {
    pub(super) is_on: bool,
    /// By component: its place among the units with load.
    place_of: Vec<u32>,
    /// By route: the class of the least important usage on it.
    route_class: Vec<usize>,
    /// By surge: users of the populations that it concerns.
    users_of_surge: Vec<f64>,
    slots: Vec<Slots>,
    kinds: Vec<(UsageId, Kind)>,

    /// Pools, sessions, tokens.
    y: Vec<f64>,
    end_y: Vec<f64>,
    /// The flows now and at the end of the present step.
    now: Fluid,
    end: Fluid,
    scratch: Scratch,
    /// Up to when all is played and booked.
    since: SimTime,
    pace: Pace,
    planned: Option<SimTime>,
    pub(super) needs_plan: bool,
    next_step: SimSpan,
    pub(super) longest_step: SimSpan,
    pub(super) tolerance: f64,
    /// By unit and population: load at an average time of day, while calm; by unit: what does not follow it.
    calm_loads: Vec<f64>,
    calm_constant: Vec<f64>,
    /// By path: bits per second sent at the peaks of users' profiles, while calm.
    calm_sent: Vec<f64>,
    is_impaired: bool,
    /// Solutions taken although loads and success did not agree.
    unsettled: u32,

    waves: Waves,
    units: Vec<UnitState>,
    /// By component: whether it was up when last looked at, and since when it is up again.
    was_up: Vec<bool>,
    warm_since: Vec<SimTime>,
    admit: Vec<f64>,
    /// By route: the place that operators have set.
    forced: Vec<Option<u32>>,
    /// By session, and by route of its call: the unit that keeps the sessions of its users.
    keepers: Vec<Vec<Option<CompId>>>,
    signals: Vec<SignalState>,
    /// By response: whether it is in effect, and how often it has been tried.
    applied: Vec<bool>,
    tries: Vec<u32>,
    flaps: Vec<Flaps>,
    /// By response: the events upon which it was applied.
    reasons: Vec<Vec<u32>>,
    /// Responses that a crew has just finished.
    done: Vec<ResponseId>,
    /// True once something has changed that flows depend on.
    is_changed: bool,
    books: Vec<Books>,
    unit_books: Vec<UnitBooks>,
}

impl LoadState {
    pub(super) fn new(model: &Model) -> Self {
        let load = &model.load;
        let mut place_of = vec![NOWHERE; model.components.len()];
        load.units.iter().enumerate().for_each(|(place, u)| place_of[u.unit.index()] = place as u32);
        let (slots, kinds, sessions) = pools::lay_out(model);
        let users_of_surge = load.surges.iter().map(|surge| {
            let mut all: Vec<usize> =
                surge.usages.iter().map(|u| model.usages[u.index()].population.index()).collect();
            all.sort_unstable();
            all.dedup();
            all.iter().map(|p| model.populations[*p].users).sum::<f64>().max(1.0)
        });
        Self {
            is_on: !load.is_empty(),
            place_of,
            route_class: route_classes(model),
            users_of_surge: users_of_surge.collect(),
            y: vec![0.0; kinds.len()],
            end_y: Vec::with_capacity(kinds.len()),
            now: Fluid::new(model, sessions),
            end: Fluid::new(model, sessions),
            scratch: Scratch::new(kinds.len()),
            slots,
            kinds,
            since: SimTime::START,
            pace: Pace::Calm,
            planned: None,
            needs_plan: false,
            next_step: plan::LONGEST_STEP,
            longest_step: plan::LONGEST_STEP,
            tolerance: step::TOLERANCE,
            calm_loads: Vec::new(),
            calm_constant: Vec::new(),
            calm_sent: Vec::new(),
            is_impaired: false,
            unsettled: 0,
            waves: Waves::new(model),
            units: vec![UnitState::new(); load.units.len()],
            was_up: vec![true; if load.is_empty() { 0 } else { model.components.len() }],
            warm_since: if load.is_empty() {
                Vec::new()
            } else {
                vec![SimTime::NEVER; model.components.len()]
            },
            admit: load.usages.iter().map(|u| u.admit).collect(),
            forced: vec![None; if load.is_empty() { 0 } else { model.routes.len() }],
            keepers: keepers(model),
            signals: vec![SignalState::default(); load.signals.len()],
            applied: vec![false; load.responses.len()],
            tries: vec![0; load.responses.len()],
            flaps: vec![Flaps::default(); load.responses.len()],
            reasons: vec![Vec::new(); load.responses.len()],
            done: Vec::new(),
            is_changed: false,
            books: vec![Books::default(); load.usages.len()],
            unit_books: vec![UnitBooks::default(); load.units.len()],
        }
    }

    fn place_of(&self, unit: CompId) -> Option<usize> {
        let place = *self.place_of.get(unit.index())?;
        (place != NOWHERE).then_some(place as usize)
    }

    /// True while pools, sessions or tokens move, or demand or capacity ramp.
    #[inline]
    pub(super) fn is_moving(&self) -> bool {
        self.pace == Pace::Moving
    }

    fn session(&self, usage: UsageId, call: usize) -> Option<SessionSlot> {
        self.slots[usage.index()].sessions.get(call).copied().flatten()
    }

    /// What responses change, as the scenario has it.
    fn reset_acts(&mut self, model: &Model) {
        self.admit.iter_mut().zip(&model.load.usages).for_each(|(admit, u)| *admit = u.admit);
        self.forced.fill(None);
        for (state, unit) in self.units.iter_mut().zip(&model.load.units) {
            state.reset_sizes(unit.capacity.as_ref());
            state.shed_limit = None;
        }
    }

    fn reset(&mut self, model: &Model) {
        self.units.fill(UnitState::new());
        self.reset_acts(model);
        for (y, (_, kind)) in self.y.iter_mut().zip(&self.kinds) {
            *y = match kind {
                Kind::Pool(_) => 0.0,
                Kind::Session => 1.0,
                Kind::Tokens(most) => *most,
            };
        }
        self.now.reset();
        (self.since, self.pace, self.planned) = (SimTime::START, Pace::Calm, None);
        self.needs_plan = true;
        self.unsettled = 0;
        self.waves.clear();
        self.was_up.fill(true);
        self.warm_since.fill(SimTime::NEVER);
        self.keepers.iter_mut().for_each(|routes| routes.fill(None));
        self.signals.fill(SignalState::default());
        self.applied.fill(false);
        self.tries.fill(0);
        self.flaps.fill(Flaps::default());
        self.done.clear();
        self.reasons.iter_mut().for_each(Vec::clear);
        self.books.fill(Books::default());
        self.unit_books.fill(UnitBooks::default());
    }
}

/// Nobody yet, for each session and each route of its call.
fn keepers(model: &Model) -> Vec<Vec<Option<CompId>>> {
    let mut all = Vec::new();
    for (usage, load) in model.usages.iter().zip(&model.load.usages) {
        for (call, _) in usage.calls.iter().zip(&load.sessions).filter(|(_, session)| session.is_some()) {
            let routes = if let CallTree::Service(routes) = &call.to { routes.len() } else { 0 };
            all.push(vec![None; routes]);
        }
    }
    all
}

/// By route: the class of the least important usage that it serves.
fn route_classes(model: &Model) -> Vec<usize> {
    let mut classes = vec![0; if model.load.is_empty() { 0 } else { model.routes.len() }];
    for (u, load) in model.load.usages.iter().enumerate() {
        for route in crate::model::routes_of(model, UsageId::at(u)) {
            classes[route.index()] = load.class.max(classes[route.index()]);
        }
    }
    classes
}

impl Engine<'_> {
    /// Everybody signed in, nothing waiting, signals off.
    pub(super) fn reset_load(&mut self) {
        let model = self.model;
        // Also where nobody asks for anything.
        for signal in &model.load.signals {
            self.set_own(signal.component, 0.0, 1.0);
        }
        if !self.load.is_on {
            return;
        }
        self.load.reset(model);
        self.touch_load();
    }

    /// Lets steps be `times` shorter at most, and as much more exact: what a figure depends on the size of steps is seen from that.
    pub fn refine_load(&mut self, times: f64) {
        self.load.longest_step = SimSpan::from_micros_f64(self.load.longest_step.micros_f64() / times);
        self.load.tolerance /= times;
    }

    /// Notes that flows may have changed.
    #[inline]
    pub(super) fn touch_load(&mut self) {
        if self.load.is_on {
            self.load.is_changed = true;
            self.agenda.add(Look::Load, 0);
        }
    }

    /// Solves flows anew, and lets all that watches them react.
    #[inline(never)]
    pub(super) fn react_load(&mut self) {
        let Some(list) = self.agenda.take(Look::Load) else { return };
        self.agenda.recycle(Look::Load, list);
        let now = self.now;
        self.advance_load(now);
        self.react_responses();
        let any_over = self.load.waves.pass(now, self.model);
        self.end_sessions();
        if std::mem::take(&mut self.load.is_changed) || any_over {
            self.begin_steps_anew_unless_moving();
        }
        if self.network_follows_load() {
            self.update_background();
        }
        self.solve_now();
        while self.adapt_units() {
            self.solve_now();
        }
        self.show_reach();
        self.watch_signals();
        self.load.needs_plan = true;
        self.agenda.add_all(Look::Routes);
        self.agenda.add_all(Look::Usages);
    }

    fn begin_steps_anew_unless_moving(&mut self) {
        if self.load.pace != Pace::Moving {
            self.begin_steps_anew();
        }
    }

    fn solve_now(&mut self) {
        let mut fluid = std::mem::take(&mut self.load.now);
        let y = std::mem::take(&mut self.load.y);
        self.solve_fluid(&y, self.now, self.now, &mut fluid);
        self.load.unsettled += u32::from(!fluid.is_settled);
        (self.load.now, self.load.y) = (fluid, y);
        self.note_peaks();
    }

    /// Notes how much units are asked now, and whether anything is impaired.
    fn note_peaks(&mut self) {
        let units = self.model.load.units.iter();
        let down = units.map(|u| u.unit).any(|unit| {
            let members = &self.model.components[unit.index()].members;
            self.parts[unit.index()].level < 1.0 || members.iter().any(|m| self.parts[m.index()].level < 1.0)
        });
        let away = (0..self.model.routes.len()).any(|r| self.route_position(RouteId::at(r)).0 > 0);
        self.load.is_impaired = down || away;
        for unit in 0..self.model.load.units.len() {
            let utilisation = self.utilisation_of_size(unit, self.now, &self.load.now);
            self.note_peak(unit, utilisation);
        }
    }

    /// Share of calls that reach a unit which succeed, of a class, over what its errors alone would let through.
    fn load_factor_in(&self, fluid: &Fluid, unit: CompId, class: usize) -> f64 {
        let whole = self.units[unit.index()].success;
        let Some(place) = self.load.place_of(unit) else { return 1.0 };
        let cell = place * self.model.load.priorities.len() + class;
        if whole > 0.0 { (fluid.success[cell] / whole).min(1.0) } else { fluid.share[cell] }
    }

    /// What load leaves of the calls of a class to a unit: 1 where a scenario says nothing of load.
    pub(super) fn load_factor(&self, unit: CompId, class: usize) -> f64 {
        if self.load.is_on { self.load_factor_in(&self.load.now, unit, class) } else { 1.0 }
    }

    /// The class of a usage's requests.
    pub(super) fn class_of(&self, usage: UsageId) -> usize {
        self.model.load.usages.get(usage.index()).map_or(0, |u| u.class)
    }

    /// The class by which a route's users are judged.
    pub(super) fn class_of_route(&self, route: RouteId) -> usize {
        self.load.route_class.get(route.index()).copied().unwrap_or(0)
    }

    pub(super) fn load_place(&self, unit: CompId) -> Option<usize> {
        self.load.place_of(unit)
    }

    /// True while a unit is offered more than it can serve, or refuses what it is offered.
    pub(super) fn is_overloaded(&self, place: usize) -> bool {
        let classes = self.model.load.priorities.len();
        let level = self.parts[self.model.load.units[place].unit.index()].level;
        level > 0.0
            && (self.load.now.utilisation(place, classes) > 1.0 + SLACK
                || self.load.now.share[place * classes..(place + 1) * classes]
                    .iter()
                    .any(|s| *s < 1.0 - SLACK))
    }

    /// The units that a unit calls.
    pub(super) fn called_units(&self, unit: CompId) -> impl Iterator<Item = CompId> + '_ {
        let calls = self.load.place_of(unit).map_or(&[][..], |place| &self.model.load.units[place].calls);
        calls.iter().map(|call| call.to)
    }

    /// True if calls to a unit fail, for whatever reason.
    pub(super) fn unit_fails(&self, unit: CompId) -> bool {
        let classes = self.model.load.priorities.len();
        let Some(place) = self.load.place_of(unit) else { return false };
        self.load.now.success[place * classes..(place + 1) * classes].iter().any(|s| 1.0 - *s > SLACK)
    }

    /// True if a usage's calls load a unit at present, by themselves or through other units.
    pub(super) fn usage_loads(&self, usage: UsageId, place: usize) -> bool {
        let target = self.model.load.units[place].unit;
        self.causes.routes_of(usage).iter().any(|route| {
            let (at, _) = self.route_position(*route);
            self.reaches(self.model.routes[route.index()].units[at], target)
        })
    }

    pub(super) fn reaches(&self, from: CompId, to: CompId) -> bool {
        from == to || self.called_units(from).any(|next| self.reaches(next, to))
    }

    /// True while requests of a usage wait to be tried again, or users to sign in again.
    pub(super) fn is_anyone_waiting(&self, usage: UsageId) -> bool {
        let slots = &self.load.slots[usage.index()];
        let tries_again = !slots.pools.is_empty() && self.load.now.flows[usage.index()].failing > SLACK;
        let waits = slots.pools.iter().filter_map(|p| p.y).any(|place| self.load.y[place] > 0.0);
        let signed_out = slots.sessions.iter().flatten().any(|slot| self.load.y[slot.y] < 1.0 - SLACK);
        tries_again || waits || signed_out
    }
}
