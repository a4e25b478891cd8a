//! How calls get to a unit: over the quickest way that is up and ends where a member of it is.

use super::state::Engine;
use crate::model::{CompId, Landing, RouteId};

impl Engine<'_> {
    /// The landing that calls to a route's unit take at present; `None` if there is none, or none is needed.
    fn landing(&self, route: RouteId, place: u32) -> Option<&Landing> {
        let landings = self.model.routes[route.index()].landings.get(place as usize)?.iter();
        let usable = landings.filter_map(|landing| {
            let serves = landing.members.is_empty()
                || landing.members.iter().any(|m| self.parts[m.index()].level > 0.0);
            self.latency_of(landing.path).filter(|_| serves).map(|latency| (latency, landing))
        });
        // The first of equals.
        usable.min_by_key(|(latency, _)| *latency).map(|(_, landing)| landing)
    }

    pub(super) fn needs_landing(&self, route: RouteId, place: u32) -> bool {
        let landings = &self.model.routes[route.index()].landings;
        landings.get(place as usize).is_some_and(|landings| !landings.is_empty())
    }

    /// Share of calls that get to a route's unit and back.
    fn reach(&self, route: RouteId, place: u32) -> f64 {
        if !self.needs_landing(route, place) {
            return 1.0;
        }
        self.landing(route, place).and_then(|landing| self.path_success(landing.path)).unwrap_or(0.0)
    }

    /// Share of calls that get to a route's present unit and back.
    pub(super) fn route_reach(&self, route: RouteId) -> f64 {
        let (at, _) = self.route_position(route);
        self.reach(route, at as u32)
    }

    /// Share of calls that get through at one place of a route, load aside.
    fn place_success_unloaded(&self, route: RouteId, place: u32) -> f64 {
        let unit = self.model.routes[route.index()].units[place as usize];
        self.units[unit.index()].success * self.reach(route, place)
    }

    /// Share of calls that get through at one place of a route, of the class by which the route is judged.
    pub(super) fn place_success(&self, route: RouteId, place: u32) -> f64 {
        let unit = self.model.routes[route.index()].units[place as usize];
        let success = self.place_success_unloaded(route, place);
        success * self.load_factor(unit, self.class_of_route(route))
    }

    /// Share of calls of a class that get through at a route's present unit.
    pub(super) fn class_success(&self, route: RouteId, class: usize) -> f64 {
        if !self.load.is_on {
            return self.route_success(route);
        }
        let (at, _) = self.route_position(route);
        let unit = self.model.routes[route.index()].units[at];
        self.place_success_unloaded(route, at as u32) * self.load_factor(unit, class)
    }

    /// True if a route's unit is up and there is a way to it.
    pub(super) fn is_place_up(&self, route: RouteId, place: u32) -> bool {
        let unit = self.model.routes[route.index()].units[place as usize];
        let reached = !self.needs_landing(route, place) || self.landing(route, place).is_some();
        self.parts[unit.index()].level > 0.0 && reached
    }

    /// The way that calls of a route take through the network at present.
    pub(super) fn route_path(&self, route: RouteId) -> Option<CompId> {
        let (at, _) = self.route_position(route);
        self.landing(route, at as u32).map(|landing| landing.path)
    }

    /// Time that calls of a route spend on the network one way at present, and answers the other; 0 on a perfect one.
    ///
    /// Units: nanoseconds.
    #[must_use]
    pub fn route_latency(&self, route: RouteId) -> f64 {
        self.route_path(route).and_then(|path| self.latency_of(path)).map_or(0.0, |nanos| nanos as f64)
    }
}
