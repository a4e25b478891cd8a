//! Overload is caused by what raised demand and what took capacity, and keeps those causes for as long as it lasts.
//!
//! Requests that wait to be tried again, and users who wait to sign in again, keep the causes of the failures that they come
//! from until none waits. Where neither anything is impaired nor demand is raised, ordinary demand is itself an event.

use super::{Event, unite};
use crate::engine::state::Engine;
use crate::engine::users::SLACK;
use crate::model::{CallTree, CompId, Model, PathId, RouteId, UsageId, routes_of};
use crate::time::SimTime;

/// Who carries what because of load.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct LoadCauses {
    /// By unit with load: the events of its overload.
    overload: Vec<Vec<u32>>,
    /// By path: the events because of which it drops calls, where the network follows load.
    congestion: Vec<Vec<u32>>,
    /// By usage: the events that made requests wait, or users sign in again.
    waiting: Vec<Vec<u32>>,
    /// By route: the events that made operators or the failover move its users.
    moved: Vec<Vec<u32>>,
    was_home: Vec<bool>,
    /// By usage: the units that its calls may load, at all.
    routes: Vec<Vec<RouteId>>,
    /// By component: what a member carried when it was out, for as long as it is cold.
    cold: Vec<Vec<u32>>,
    buffer: Vec<u32>,
}

impl LoadCauses {
    pub(super) fn new(model: &Model) -> Self {
        if model.load.is_empty() {
            return Self::default();
        }
        Self {
            overload: vec![Vec::new(); model.load.units.len()],
            congestion: vec![Vec::new(); model.network.paths.len()],
            waiting: vec![Vec::new(); model.usages.len()],
            moved: vec![Vec::new(); model.routes.len()],
            was_home: vec![true; model.routes.len()],
            routes: (0..model.usages.len()).map(|u| routes_of(model, UsageId::at(u))).collect(),
            cold: vec![Vec::new(); model.components.len()],
            buffer: Vec::new(),
        }
    }

    pub(super) fn reset(&mut self) {
        let lists = self.overload.iter_mut().chain(&mut self.waiting).chain(&mut self.moved);
        lists.chain(&mut self.cold).chain(&mut self.congestion).for_each(Vec::clear);
        self.was_home.fill(true);
    }
}

impl Engine<'_> {
    /// Brings what overload and waiting requests carry up to date once an instant has settled.
    #[inline(never)]
    pub(in crate::engine) fn update_load_causes(&mut self) {
        self.note_moves();
        self.note_cold();
        for unit in 0..self.model.load.units.len() {
            self.update_overload(unit);
        }
        if self.network_follows_load() {
            (0..self.model.network.paths.len()).for_each(|path| self.update_congestion(PathId::at(path)));
        }
        for usage in 0..self.model.usages.len() {
            self.update_waiting(UsageId::at(usage));
        }
    }

    /// Users who have just left home take the events with them because of which they were moved.
    fn note_moves(&mut self) {
        for r in 0..self.model.routes.len() {
            let is_home = self.route_position(RouteId::at(r)).0 == 0;
            let was_home = std::mem::replace(&mut self.causes.load.was_home[r], is_home);
            if is_home {
                self.causes.load.moved[r].clear();
            } else if was_home {
                let home = self.model.routes[r].units[0];
                let mut events = std::mem::take(&mut self.causes.load.moved[r]);
                self.add_unit_events(home, &mut events);
                in_place(&mut events);
                self.causes.load.moved[r] = events;
            }
        }
    }

    /// Members that are out keep what they carry until they are warm again.
    fn note_cold(&mut self) {
        for place in 0..self.model.load.units.len() {
            if !self.warms_up(place) {
                continue;
            }
            let unit = self.model.load.units[place].unit;
            let members = &self.model.components[unit.index()].members;
            for component in members.iter().copied().chain([unit]) {
                let mut events = std::mem::take(&mut self.causes.load.cold[component.index()]);
                if self.parts[component.index()].level <= 0.0 {
                    events.clear();
                    self.add_set(component, &mut events);
                } else if !self.is_cold(place, component) {
                    events.clear();
                }
                self.causes.load.cold[component.index()] = events;
            }
        }
    }

    fn update_overload(&mut self, unit: usize) {
        if !self.is_overloaded(unit) {
            return self.causes.load.overload[unit].clear();
        }
        let mut found = std::mem::take(&mut self.causes.load.buffer);
        found.clear();
        self.add_takers(self.model.load.units[unit].unit, &mut found);
        for usage in (0..self.model.usages.len()).map(UsageId::at) {
            if self.usage_loads(usage, unit) {
                self.add_raisers(usage, self.model.load.units[unit].unit, &mut found);
            }
        }
        in_place(&mut found);
        if found.is_empty() && self.causes.load.overload[unit].is_empty() {
            found.push(self.causes.ordinary_demand(self.now));
        }
        unite(&mut self.causes.load.overload[unit], &found);
        self.causes.load.buffer = found;
    }

    /// A path that drops calls carries what is out of the network, and what makes those who meet it there ask for more.
    fn update_congestion(&mut self, path: PathId) {
        if !self.is_congested(path) {
            return self.causes.load.congestion[path.index()].clear();
        }
        let mut found = std::mem::take(&mut self.causes.load.buffer);
        found.clear();
        self.add_impaired_events(&mut found);
        for usage in (0..self.model.usages.len()).map(UsageId::at).filter(|u| self.bits_of(*u) > 0.0) {
            for route in self.causes.routes_of(usage).iter().filter(|route| self.meets_path(**route, path)) {
                let (at, _) = self.route_position(*route);
                self.add_raisers(usage, self.model.routes[route.index()].units[at], &mut found);
            }
        }
        in_place(&mut found);
        if found.is_empty() {
            let before = &self.causes.load.congestion[path.index()];
            let goes_on = before.iter().copied().find(|event| self.causes.is_ordinary_demand(*event));
            found.push(goes_on.unwrap_or_else(|| self.causes.ordinary_demand(self.now)));
        }
        std::mem::swap(&mut self.causes.load.congestion[path.index()], &mut found);
        self.causes.load.buffer = found;
    }

    /// What has taken capacity from a unit.
    fn add_takers(&self, unit: CompId, out: &mut Vec<u32>) {
        let members = &self.model.components[unit.index()].members;
        let impaired = members.iter().chain([&unit]).filter(|c| self.parts[c.index()].level < 1.0);
        impaired.for_each(|c| self.add_set(*c, out));
        for component in members.iter().chain([&unit]) {
            out.extend_from_slice(&self.causes.load.cold[component.index()]);
        }
    }

    /// What makes a usage ask for more, or here instead of elsewhere.
    fn add_raisers(&self, usage: UsageId, unit: CompId, out: &mut Vec<u32>) {
        self.add_raising_surges(usage, unit, out);
        out.extend_from_slice(&self.causes.load.waiting[usage.index()]);
        for route in &self.causes.load.routes[usage.index()] {
            out.extend_from_slice(&self.causes.load.moved[route.index()]);
        }
        for call in &self.model.usages[usage.index()].calls {
            self.add_refusers(&call.to, out);
        }
    }

    /// What makes calls turn to alternatives.
    fn add_refusers(&self, tree: &CallTree, out: &mut Vec<u32>) {
        let CallTree::FirstOf { of, switch, .. } = tree else { return };
        for (place, part) in of.iter().enumerate() {
            if !self.is_engaged(*switch, place, of.len()) {
                break;
            }
            if let CallTree::Service(routes) = part {
                for (route, _) in routes {
                    let (at, _) = self.route_position(*route);
                    let unit = self.model.routes[route.index()].units[at];
                    if self.parts[unit.index()].level < 1.0 {
                        self.add_set(unit, out);
                    }
                }
            }
        }
    }

    /// Requests that wait keep what made them fail, until none waits.
    fn update_waiting(&mut self, usage: UsageId) {
        if !self.is_anyone_waiting(usage) {
            return self.causes.load.waiting[usage.index()].clear();
        }
        if self.usage_success(usage) >= 1.0 - SLACK && !self.causes.load.waiting[usage.index()].is_empty() {
            return;
        }
        let mut found = std::mem::take(&mut self.causes.load.buffer);
        self.failing_events(usage, &mut found);
        found.retain(|event| *event != 0);
        unite(&mut self.causes.load.waiting[usage.index()], &found);
        self.causes.load.buffer = found;
    }

    /// The events of a unit's overload; empty where it is not overloaded.
    #[must_use]
    pub fn overload_events(&self, unit: CompId) -> &[u32] {
        self.load_place(unit)
            .and_then(|place| self.causes.load.overload.get(place))
            .map_or(&[], Vec::as_slice)
    }

    /// The events because of which a path drops calls, where the network follows load.
    #[must_use]
    pub fn congestion_of(&self, path: PathId) -> &[u32] {
        self.causes.load.congestion.get(path.index()).map_or(&[], Vec::as_slice)
    }

    /// The same of the path that a component is.
    pub(super) fn congestion_events(&self, path: CompId) -> &[u32] {
        self.path_of(path).map_or(&[], |path| self.congestion_of(path))
    }

    /// The events that a usage's waiting requests and users carry.
    pub(super) fn waiting_events(&self, usage: UsageId) -> &[u32] {
        self.causes.load.waiting.get(usage.index()).map_or(&[], Vec::as_slice)
    }
}

impl super::Causes {
    /// The routes of a usage's calls.
    pub(in crate::engine) fn routes_of(&self, usage: UsageId) -> &[RouteId] {
        &self.load.routes[usage.index()]
    }

    fn is_ordinary_demand(&self, event: u32) -> bool {
        self.events[event as usize].cause == self.ordinary_demand
    }

    /// Ordinary demand as an event: what overloads a system of which nothing is impaired.
    fn ordinary_demand(&mut self, at: SimTime) -> u32 {
        self.events.push(Event { cause: self.ordinary_demand, at, jobs: 0, job: 0 });
        self.events.len() as u32 - 1
    }
}

fn in_place(events: &mut Vec<u32>) {
    events.sort_unstable();
    events.dedup();
}
