//! The network: what routes know, ways found by listing all there are, what overloaded edges drop, and landings.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use blackstart::engine::network::{Levels, Way};
use blackstart::model::{CallTree, CompId, Landing, PlaceId, Profile, STEP_MICROS, SiteId};
use blackstart::random::StreamName;
use blackstart::time::SimTime;

use super::Reference;
use crate::slow_placement::{Placed, Slow};

/// Share of dropped calls up to which time of day does not matter.
const FEW_DROPS: f64 = 1e-4;

/// What is known of a site or edge.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    noted: f64,
    announced: f64,
    /// When routes learn of what was noted.
    pub(super) news: SimTime,
    changes: u32,
}

impl Element {
    pub(super) const WHOLE: Self = Self { noted: 1.0, announced: 1.0, news: SimTime::NEVER, changes: 0 };
}

/// What has become of a path.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct PathState {
    way: Option<Way>,
    pub(super) up: bool,
    /// Share of calls that come there and back.
    success: f64,
}

impl PathState {
    pub(super) const WHOLE: Self = Self { way: None, up: true, success: 1.0 };
}

/// An edge (its number), and true if it is gone along from its first end to its second.
type Lane = (usize, bool);

impl Reference<'_> {
    /// Component and stream of each site, then of each edge.
    pub(super) fn elements(&self) -> Vec<(usize, StreamName)> {
        let network = &self.model.network;
        let sites = network.sites.iter().map(|s| (s.component.index(), s.convergence_stream));
        sites.chain(network.edges.iter().map(|e| (e.component.index(), e.convergence_stream))).collect()
    }

    pub(super) fn path_of(&self, component: usize) -> Option<usize> {
        self.model.network.paths.iter().position(|p| p.component.index() == component)
    }

    /// News of changes sets out; newer news replaces older.
    pub(super) fn note_changes(&mut self) {
        let Some(takes) = &self.model.network.convergence else { return };
        for (e, (component, stream)) in self.elements().into_iter().enumerate() {
            let level = self.state.levels[component];
            if self.state.elements[e].noted != level {
                let span = self.span(takes, stream, self.state.elements[e].changes);
                let element = &mut self.state.elements[e];
                element.noted = level;
                element.changes += 1;
                element.news = self.now + span;
            }
        }
    }

    pub(super) fn announce(&mut self, e: usize) {
        let element = &mut self.state.elements[e];
        element.announced = element.noted;
        element.news = SimTime::NEVER;
    }

    /// Finds all ways anew and what they carry; true if a path is up that was not, is down that was not, or lets
    /// another share of calls through.
    pub(super) fn find_ways(&mut self) -> bool {
        if self.model.network.is_perfect() {
            return false;
        }
        if self.model.network.convergence.is_none() {
            for (e, (component, _)) in self.elements().into_iter().enumerate() {
                self.state.elements[e].announced = self.state.levels[component];
            }
        }
        let before = self.state.paths.clone();
        let announced = self.sides(&|e| self.state.elements[e].announced);
        if self.placed.as_ref().is_none_or(|(levels, _)| *levels != announced) {
            let peaks = self.model.network.traffic.iter().map(|f| f.rate * f.profile.peak());
            let peaks: Vec<f64> = peaks.collect();
            let placed = Slow { model: self.model, levels: &announced }.place(&peaks);
            self.placed = Some((announced, placed));
        }
        let Some((_, placed)) = &self.placed else { return false };
        for (path, way) in self.state.paths.iter_mut().zip(&placed.ways) {
            path.way = way.clone();
        }
        let peak = self.arriving(placed, None);
        let up: Vec<bool> = placed.ways.iter().map(|w| w.as_ref().is_some_and(|w| self.carries(w))).collect();
        let loses = up.iter().zip(&peak).any(|(up, arrives)| *up && 1.0 - arrives > FEW_DROPS);
        let traffic = self.model.network.traffic.iter().map(|f| &f.profile);
        let mut profiles = traffic.chain(self.model.populations.iter().map(|p| &p.profile));
        let stepwise = loses && profiles.any(|p| *p != Profile::Flat);
        let arriving = if stepwise { self.arriving(placed, Some(self.now)) } else { peak };
        let step = self.now.micros() / STEP_MICROS + 1;
        self.state.rates_due =
            if stepwise { SimTime::from_micros(step * STEP_MICROS) } else { SimTime::NEVER };
        for (p, path) in self.state.paths.iter_mut().enumerate() {
            path.up = up[p];
            path.success = if up[p] { arriving[p] } else { 0.0 };
        }
        before.iter().zip(&self.state.paths).any(|(a, b)| (a.up, a.success) != (b.up, b.success))
    }

    /// Levels of sites, and of edges.
    fn sides(&self, level: &dyn Fn(usize) -> f64) -> Levels {
        let (sites, edges) = (self.model.network.sites.len(), self.model.network.edges.len());
        Levels { sites: (0..sites).map(level).collect(), edges: (sites..sites + edges).map(level).collect() }
    }

    fn real(&self, component: CompId) -> f64 {
        self.state.levels[component.index()]
    }

    fn site_stands(&self, site: SiteId) -> bool {
        self.real(self.model.network.sites[site.index()].component) > 0.0
    }

    fn edge_stands(&self, edge: usize) -> bool {
        let edge = &self.model.network.edges[edge];
        self.real(edge.component) > 0.0 && self.site_stands(edge.ends.0) && self.site_stands(edge.ends.1)
    }

    fn carries(&self, way: &Way) -> bool {
        self.site_stands(way.first) && way.edges.iter().all(|(e, _)| self.edge_stands(e.index()))
    }

    /// Share of calls over each path that come there and back: at a time, or at all peaks.
    fn arriving(&self, placed: &Placed, at: Option<SimTime>) -> Vec<f64> {
        let network = &self.model.network;
        let mut streams: Vec<(Vec<Lane>, f64, i64)> = Vec::new();
        let lanes = |way: &Way| way.edges.iter().map(|(e, fwd)| (e.index(), *fwd)).collect::<Vec<Lane>>();
        for ((parts, _), flow) in placed.flows.iter().zip(&network.traffic) {
            let mut rest = at.map_or(f64::INFINITY, |at| flow.rate * flow.profile.factor(at));
            for (way, most) in parts {
                let rate = most.min(rest);
                rest -= rate;
                streams.push((lanes(way), rate, flow.priority));
            }
        }
        let loads = self.loads(at);
        let first = streams.len();
        for (way, load) in placed.ways.iter().zip(loads) {
            let there = way.as_ref().map(lanes).unwrap_or_default();
            let back: Vec<Lane> = there.iter().rev().map(|(e, fwd)| (*e, !fwd)).collect();
            streams.push((there.into_iter().chain(back).collect(), load, 0));
        }
        let pass = self.shares(&streams);
        let users = placed.ways.iter().zip(&streams[first..]);
        users
            .map(|(way, (lanes, _, _))| match way {
                Some(way) if self.site_stands(way.first) => {
                    lanes.iter().map(|lane| pass[&(*lane, Reverse(0))]).product()
                }
                _ => 0.0,
            })
            .collect()
    }

    /// What each priority passes on each lane.
    fn shares(&self, streams: &[(Vec<Lane>, f64, i64)]) -> BTreeMap<(Lane, Reverse<i64>), f64> {
        let mut pass = BTreeMap::new();
        for (lanes, _, priority) in streams {
            pass.extend(lanes.iter().map(|lane| ((*lane, Reverse(*priority)), 1.0)));
        }
        for round in 0..100 {
            let mut offered: BTreeMap<(Lane, Reverse<i64>), f64> = BTreeMap::new();
            for (lanes, rate, priority) in streams {
                let mut rate = *rate;
                for lane in lanes {
                    let class = (*lane, Reverse(*priority));
                    *offered.entry(class).or_default() += rate;
                    rate *= pass[&class];
                }
            }
            let mut left: BTreeMap<Lane, f64> = BTreeMap::new();
            let mut most = 0.0_f64;
            let step = [1.0, 0.5, 0.25, 0.125][round / 25];
            // Each lane's larger priorities come first.
            for (class, offered) in offered {
                let edge = &self.model.network.edges[class.0.0];
                let room = || {
                    if self.edge_stands(class.0.0) { edge.capacity * self.real(edge.component) } else { 0.0 }
                };
                let left = left.entry(class.0).or_insert_with(room);
                let share = if *left <= 0.0 {
                    0.0
                } else if offered <= *left {
                    1.0
                } else {
                    *left / offered
                };
                *left = if share < 1.0 { 0.0 } else { *left - offered };
                if let Some(pass) = pass.get_mut(&class) {
                    most = most.max((share - *pass).abs());
                    *pass = *pass * (1.0 - step) + share * step;
                }
            }
            if most < 1e-12 {
                break;
            }
        }
        pass
    }

    /// What users send over each path.
    fn loads(&self, at: Option<SimTime>) -> Vec<f64> {
        let mut loads = vec![0.0; self.model.network.paths.len()];
        for (journey, bits) in &self.model.network.bits_per_call {
            for usage in self.model.usages.iter().filter(|u| u.journey == *journey) {
                let profile = &self.model.populations[usage.population.index()].profile;
                let factor = at.map_or_else(|| profile.peak(), |at| profile.factor(at));
                for call in &usage.calls {
                    let rate = usage.requests_per_second * factor * bits * call.times;
                    self.add_load(&call.to, rate, &mut loads);
                }
            }
        }
        loads
    }

    /// Where a call may turn to alternatives its first one stands for all: such systems are not generated.
    fn add_load(&self, tree: &CallTree, rate: f64, loads: &mut [f64]) {
        match tree {
            CallTree::Service(routes) => {
                for (r, share) in routes {
                    let at = self.state.routes[r.index()].at;
                    if let Some(path) = self.landing(r.index(), at).and_then(|l| self.path_of(l.path.index()))
                    {
                        loads[path] += rate * share;
                    }
                }
            }
            CallTree::Mix(parts) => {
                parts.iter().for_each(|(weight, part)| self.add_load(part, rate * weight, loads));
            }
            CallTree::FirstOf { of, .. } => self.add_load(&of[0], rate, loads),
            CallTree::Moved { stays, .. } => self.add_load(stays, rate, loads),
        }
    }

    /// Latency of a path that is up.
    pub(super) fn path_latency(&self, path: usize) -> Option<u64> {
        let path = &self.state.paths[path];
        path.way.as_ref().filter(|_| path.up).map(|way| way.latency_nanos)
    }

    /// The landing that calls to a place of a route take.
    pub(super) fn landing(&self, r: usize, place: usize) -> Option<&Landing> {
        let mut best: Option<(u64, &Landing)> = None;
        for landing in self.model.routes[r].landings.get(place).into_iter().flatten() {
            let serves = landing.members.is_empty() || landing.members.iter().any(|m| self.real(*m) > 0.0);
            let latency = self.path_of(landing.path.index()).and_then(|p| self.path_latency(p));
            if let Some(latency) = latency.filter(|_| serves)
                && best.is_none_or(|(least, _)| latency < least)
            {
                best = Some((latency, landing));
            }
        }
        best.map(|(_, landing)| landing)
    }

    /// Share of calls that get to a place of a route and back; `None` if there is no way.
    pub(super) fn reach(&self, r: usize, place: usize) -> Option<f64> {
        if self.model.routes[r].landings.get(place).is_none_or(Vec::is_empty) {
            return Some(1.0);
        }
        let path = self.path_of(self.landing(r, place)?.path.index())?;
        Some(self.state.paths[path].success)
    }

    /// Nanoseconds that calls of a route spend on the network one way.
    pub(super) fn route_latency(&self, r: usize) -> f64 {
        let landing = self.landing(r, self.state.routes[r].at);
        let path = landing.and_then(|l| self.path_of(l.path.index()));
        path.and_then(|p| self.path_latency(p)).map_or(0.0, |nanos| nanos as f64)
    }

    /// The events that keep a path from being up, where it is not. `before`: what it carried before this instant.
    pub(super) fn add_path_events(&self, path: usize, before: &BTreeSet<usize>, set: &mut BTreeSet<usize>) {
        let elements = self.elements();
        let blocks = match &self.state.paths[path].way {
            Some(way) => {
                let network = &self.model.network;
                let mut on = BTreeSet::from([way.first.index()]);
                for (e, _) in &way.edges {
                    let (a, b) = network.edges[e.index()].ends;
                    on.extend([a.index(), b.index(), network.sites.len() + e.index()]);
                }
                on.retain(|e| self.state.levels[elements[*e].0] <= 0.0);
                on
            }
            None => self.cut(path),
        };
        for e in blocks {
            let component = elements[e].0;
            set.extend(if self.state.levels[component] < 1.0 { &self.sets[component] } else { before });
        }
    }

    /// The events of all that is below 1 in the network.
    fn add_all_events(&self, set: &mut BTreeSet<usize>) {
        for (component, _) in self.elements().into_iter().filter(|(c, _)| self.state.levels[*c] < 1.0) {
            set.extend(&self.sets[component]);
        }
    }

    /// What is wrong on the way to where a route points.
    pub(super) fn add_landing_events(&self, r: usize, set: &mut BTreeSet<usize>) {
        let at = self.state.routes[r].at;
        let Some(landings) = self.model.routes[r].landings.get(at).filter(|l| !l.is_empty()) else { return };
        match self.reach(r, at) {
            Some(success) => {
                let unit = self.model.routes[r].units[at].index();
                let unit_fails = 1.0 - self.unit_success(unit) >= 0.05 - super::SLACK;
                let many = 1.0 - success >= 0.05 - super::SLACK;
                if many || (!unit_fails && 1.0 - success > super::SLACK) {
                    self.add_all_events(set);
                }
            }
            None => {
                for landing in landings {
                    set.extend(&self.sets[landing.path.index()]);
                    landing.members.iter().for_each(|m| set.extend(&self.sets[m.index()]));
                }
            }
        }
    }

    /// Sites and edges, known to be down, at which what either end reaches stops short of the other's side.
    fn cut(&self, path: usize) -> BTreeSet<usize> {
        let path = &self.model.network.paths[path];
        let mut cut = self.front(path.from, path.to);
        cut.extend(self.front(path.to, path.from));
        cut
    }

    fn front(&self, here: PlaceId, there: PlaceId) -> BTreeSet<usize> {
        let network = &self.model.network;
        let sites = network.sites.len();
        let known = |e: usize| self.state.elements[e].announced > 0.0;
        let joins = |p: PlaceId| network.places[p.index()].joins.iter().map(|(s, _)| s.index());
        let ends: Vec<(usize, usize)> =
            network.edges.iter().map(|e| (e.ends.0.index(), e.ends.1.index())).collect();
        // Along edges known to be up, over sites known to be up.
        let mut near: BTreeSet<usize> = joins(here).filter(|s| known(*s)).collect();
        // Then along any edge, over any sites that are not near.
        let spread = |from: &mut BTreeSet<usize>, passes: &dyn Fn(usize, usize) -> bool| {
            for _ in 0..sites {
                for (e, (a, b)) in ends.iter().enumerate() {
                    for (tail, head) in [(*a, *b), (*b, *a)] {
                        if from.contains(&tail) && passes(e, head) {
                            from.insert(head);
                        }
                    }
                }
            }
        };
        spread(&mut near, &|e, head| known(sites + e) && known(head));
        let mut far: BTreeSet<usize> = joins(there).filter(|s| !near.contains(s)).collect();
        spread(&mut far, &|_, head| !near.contains(&head));
        let mut front: BTreeSet<usize> = joins(here).filter(|s| !known(*s) && far.contains(s)).collect();
        for (e, (a, b)) in ends.iter().enumerate() {
            for (tail, head) in [(*a, *b), (*b, *a)] {
                if near.contains(&tail) && far.contains(&head) {
                    front.extend([sites + e, head].into_iter().filter(|e| !known(*e)));
                }
            }
        }
        front
    }
}
