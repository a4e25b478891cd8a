//! How users are moved: failovers, and alternatives that journeys turn to.

use super::{Entry, Happening, RouteStep, entry, unite};
use crate::engine::{Engine, Moving};
use crate::model::{CallTree, Model, RouteId, ServiceId, SwitchId, UsageId};

/// Calls that get through to more than this share do not fail.
const WHOLE: f64 = 1.0 - 1e-12;

/// Watches routes and switches.
#[derive(Debug, Clone)]
pub(super) struct WayWatch {
    routes: Vec<RouteSeen>,
    alternatives: Vec<Alternative>,
}

/// A route as it was last seen.
#[derive(Debug, Clone, Default)]
struct RouteSeen {
    place: Place,
    /// What made its calls fail last.
    events: Vec<u32>,
    /// What made its users leave home.
    away: Vec<u32>,
}

/// Where a route stands.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    at: usize,
    moving: Moving,
    stalled: bool,
    shifts: u32,
}

/// An alternative that a journey may turn to.
#[derive(Debug, Clone)]
struct Alternative {
    usage: UsageId,
    switch: SwitchId,
    from: CallTree,
    to: ServiceId,
    on: bool,
    /// Services that refused when it was last on.
    refusing: Vec<ServiceId>,
    events: Vec<u32>,
}

impl WayWatch {
    pub(super) fn new(model: &Model) -> Self {
        let mut alternatives = Vec::new();
        for (index, usage) in model.usages.iter().enumerate() {
            for call in &usage.calls {
                collect(model, UsageId::at(index), &call.to, &mut alternatives);
            }
        }
        Self { routes: vec![RouteSeen::default(); model.routes.len()], alternatives }
    }

    pub(super) fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        for (index, seen) in self.routes.iter_mut().enumerate() {
            if engine.model().routes[index].failover.is_some() {
                seen.look(engine, RouteId::at(index), out);
            }
        }
        for alternative in &mut self.alternatives {
            alternative.look(engine, out);
        }
    }
}

impl RouteSeen {
    fn look(&mut self, engine: &Engine<'_>, route: RouteId, out: &mut Vec<Entry>) {
        let now = Place::of(engine, route);
        if (now.moving, now.at) != (Moving::Settled, 0) {
            let present = engine.events_of_route(route);
            if !present.is_empty() {
                self.events = present;
            }
        }
        if self.place.at == 0 && now.at != 0 {
            self.away.clone_from(&self.events);
        }
        let units = &engine.model().routes[route.index()].units;
        for step in now.steps_since(&self.place) {
            let (from, to) = match step {
                RouteStep::Moved | RouteStep::Back => (self.place.at, now.at),
                RouteStep::Shifts
                | RouteStep::ShiftsAgain
                | RouteStep::Returns
                | RouteStep::Stalls
                | RouteStep::GoesOn => (now.at, engine.route_target(route)),
                RouteStep::Detects | RouteStep::CalledOff | RouteStep::NoTarget | RouteStep::Stays => {
                    (now.at, now.at)
                }
            };
            let homewards = matches!(step, RouteStep::Returns | RouteStep::Back | RouteStep::Stays);
            let events = if homewards { self.away.clone() } else { self.events.clone() };
            let (from, to) = (units[from], units[to]);
            out.push(entry(engine.now(), Happening::Moves { route, step, from, to }, events));
        }
        self.place = now;
    }
}

impl Place {
    fn of(engine: &Engine<'_>, route: RouteId) -> Self {
        let (at, moving) = engine.route_position(route);
        Self { at, moving, stalled: engine.is_shift_stalled(route), shifts: engine.route_shifts(route) }
    }

    /// The steps from `before` to here; several may fall into one instant.
    fn steps_since(&self, before: &Self) -> Vec<RouteStep> {
        let mut steps = Vec::new();
        let has_moved = self.at != before.at;
        if has_moved {
            steps.push(if self.at == 0 { RouteStep::Back } else { RouteStep::Moved });
        }
        let was = if has_moved { Moving::Settled } else { before.moving };
        let is_shifting = matches!(self.moving, Moving::Shifting | Moving::Returning);
        let again = is_shifting && self.moving == was && self.shifts > before.shifts;
        if again {
            steps.push(RouteStep::ShiftsAgain);
        } else if self.moving != was {
            steps.push(self.turn_since(was));
        }
        let goes_on = is_shifting && self.moving == was && !again;
        match (before.stalled, self.stalled) {
            (false, true) => steps.push(RouteStep::Stalls),
            (true, true) if !goes_on => steps.push(RouteStep::Stalls),
            (true, false) if goes_on => steps.push(RouteStep::GoesOn),
            _ => {}
        }
        steps
    }

    fn turn_since(&self, was: Moving) -> RouteStep {
        match (was, self.moving) {
            (_, Moving::Detecting) => RouteStep::Detects,
            (_, Moving::NoTarget) => RouteStep::NoTarget,
            (_, Moving::Shifting) => RouteStep::Shifts,
            (_, Moving::Returning) => RouteStep::Returns,
            (Moving::Returning | Moving::Shifting, Moving::Settled) => RouteStep::Stays,
            (_, Moving::Settled) => RouteStep::CalledOff,
        }
    }
}

impl Alternative {
    fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        let on = engine.is_switched(self.switch);
        if on {
            self.look_at_reasons(engine);
        }
        if on != std::mem::replace(&mut self.on, on) {
            let (usage, to, from) = (self.usage, self.to, self.refusing.clone());
            out.push(entry(engine.now(), Happening::Switches { usage, from, to, on }, self.events.clone()));
        }
    }

    /// Who refuses calls, and because of what.
    fn look_at_reasons(&mut self, engine: &Engine<'_>) {
        let (mut services, mut events) = (Vec::new(), Vec::new());
        failing_ways(engine, &self.from, &mut |route| {
            let service = engine.model().routes[route.index()].service;
            if !services.contains(&service) {
                services.push(service);
            }
            unite(&mut events, &engine.events_of_route(route));
        });
        if !services.is_empty() {
            (self.refusing, self.events) = (services, events);
        }
    }
}

/// Calls `visit` with every route of a call whose calls fail.
pub(super) fn failing_ways(engine: &Engine<'_>, tree: &CallTree, visit: &mut impl FnMut(RouteId)) {
    match tree {
        CallTree::Service(routes) => {
            routes.iter().map(|(r, _)| *r).filter(|r| engine.route_success(*r) < WHOLE).for_each(visit);
        }
        CallTree::Mix(parts) => parts.iter().for_each(|(_, part)| failing_ways(engine, part, visit)),
        CallTree::FirstOf { of, .. } => of.iter().for_each(|part| failing_ways(engine, part, visit)),
        CallTree::Moved { stays, moves, .. } => {
            [stays, moves].into_iter().for_each(|part| failing_ways(engine, part, visit));
        }
    }
}

fn collect(model: &Model, usage: UsageId, tree: &CallTree, out: &mut Vec<Alternative>) {
    match tree {
        CallTree::Service(_) => {}
        CallTree::Mix(parts) => parts.iter().for_each(|(_, part)| collect(model, usage, part, out)),
        CallTree::Moved { stays, moves, .. } => {
            [stays, moves].into_iter().for_each(|part| collect(model, usage, part, out));
        }
        CallTree::FirstOf { of, switch, .. } => {
            of.iter().for_each(|part| collect(model, usage, part, out));
            for (place, pair) in of.windows(2).enumerate() {
                let [from, to] = pair else { continue };
                if let Some(to) = service_of(model, to) {
                    let switch = SwitchId::at(switch.index() + place);
                    let (from, refusing, events) = (from.clone(), Vec::new(), Vec::new());
                    out.push(Alternative { usage, switch, from, to, on: false, refusing, events });
                }
            }
        }
    }
}

/// The first service that a call may reach.
fn service_of(model: &Model, tree: &CallTree) -> Option<ServiceId> {
    match tree {
        CallTree::Service(routes) => routes.first().map(|(r, _)| model.routes[r.index()].service),
        CallTree::Mix(parts) => parts.iter().find_map(|(_, part)| service_of(model, part)),
        CallTree::FirstOf { of, .. } => of.iter().find_map(|part| service_of(model, part)),
        CallTree::Moved { stays, .. } => service_of(model, stays),
    }
}
