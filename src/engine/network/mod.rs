//! The network: what routes know of it, the ways that they give, and what those ways carry.
//!
//! Ways and placements are a pure function of the announced levels (and, where capacity is short, of the rates of
//! traffic at the time), so they are remembered.

mod announced;
mod blockers;
mod crossing;
mod drops;
mod loads;
mod memory;
mod placement;
mod routes;
mod sent;
mod sharing;
mod topology;
mod ways;

pub use drops::{Drops, UserLoad, drops};
pub use placement::{Levels, PlacedFlow, Placement, place};
pub(super) use sent::Passage;
pub use topology::Topology;
pub use ways::Way;

use std::sync::Arc;

use self::announced::Announcement;
use self::crossing::Crossing;
use self::memory::Memory;
use self::sent::Noted;
use super::agenda::Look;
use super::state::Engine;
use crate::model::{CompId, EdgeId, Model, PathId};
use crate::time::SimTime;

/// A component that is no part of the network.
const NONE: u32 = u32::MAX;

/// Share of dropped calls up to which they are taken to be as many at all times as at the peak.
const FEW_DROPS: f64 = 1e-4;

/// What the engine remembers of the network.
#[derive(Debug, Clone)]
pub(super) struct NetworkState<'m> {
    /// By component: its number among the elements (sites, then edges).
    element_of: Vec<u32>,
    /// By component: the path that it is.
    path_of: Vec<u32>,
    /// Routes by path.
    routes_by_path: Vec<Vec<u32>>,
    /// The levels that routes know of.
    announced: Levels,
    announcements: Vec<Announcement>,
    memory: Memory<'m>,
    placement: Arc<Placement>,
    carried: Arc<Drops>,
    /// Counts the changes of what is carried.
    version: u64,
    /// By path: the events that it carried before this instant.
    carried_before: Vec<Vec<u32>>,
    /// True if what users send depends on where members are up.
    loads_follow_members: bool,
    /// What users were last taken to send at the peaks of their profiles.
    peak_loads: Vec<UserLoad>,
    start: Option<Start>,
    /// True while what arrives is looked at every quarter of an hour.
    goes_by_steps: bool,
    /// True if what users send is what their present demand makes them send.
    follows_load: bool,
    /// By usage: bits that each of its calls sends each way.
    bits: Vec<f64>,
    /// What their calls meet, and what of it observers were last told, where it does.
    crossing: Crossing,
    noted: Option<Noted>,
}

impl<'m> NetworkState<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let network = &model.network;
        let sites = network.sites.iter().map(|s| s.component);
        let elements: Vec<CompId> = sites.chain(network.edges.iter().map(|e| e.component)).collect();
        let paths: Vec<CompId> = network.paths.iter().map(|p| p.component).collect();
        let path_of = numbers(&paths, model.components.len());
        let mut routes_by_path = vec![Vec::new(); paths.len()];
        for (r, route) in model.routes.iter().enumerate() {
            for landing in route.landings.iter().flatten() {
                routes_by_path[path_of[landing.path.index()] as usize].push(r as u32);
            }
        }
        Self {
            element_of: numbers(&elements, model.components.len()),
            path_of,
            routes_by_path,
            announced: Levels::whole(network),
            announcements: vec![Announcement::default(); elements.len()],
            memory: Memory::new(model),
            placement: Arc::default(),
            carried: Arc::default(),
            version: 0,
            carried_before: vec![Vec::new(); paths.len()],
            loads_follow_members: !network.bits_per_call.is_empty()
                && model
                    .routes
                    .iter()
                    .flat_map(|r| r.landings.iter().flatten())
                    .any(|l| !l.members.is_empty()),
            peak_loads: Vec::new(),
            start: None,
            goes_by_steps: false,
            follows_load: !network.is_perfect()
                && !network.bits_per_call.is_empty()
                && !model.load.is_empty(),
            bits: sent::bits_by_usage(model),
            crossing: Crossing::default(),
            noted: None,
        }
    }

    fn begin(&mut self, start: Start) {
        (self.placement, self.carried, self.peak_loads) = (start.placement, start.carried, start.peak_loads);
        self.goes_by_steps = false;
        self.version += 1;
    }

    fn element(&self, component: CompId) -> Option<usize> {
        let element = self.element_of[component.index()];
        (element != NONE).then_some(element as usize)
    }

    fn path(&self, component: CompId) -> Option<PathId> {
        let path = self.path_of[component.index()];
        (path != NONE).then_some(PathId(path))
    }
}

/// What the network is at the start of every replication, if users lose nothing then, nor would at the peak.
#[derive(Debug, Clone)]
struct Start {
    placement: Arc<Placement>,
    carried: Arc<Drops>,
    peak_loads: Vec<UserLoad>,
}

/// By component: its place in a list.
fn numbers(list: &[CompId], components: usize) -> Vec<u32> {
    let mut numbers = vec![NONE; components];
    list.iter().enumerate().for_each(|(number, c)| numbers[c.index()] = number as u32);
    numbers
}

impl Engine<'_> {
    /// All announced as it is, and the ways of the whole network.
    pub(super) fn reset_network(&mut self) {
        if self.model.network.is_perfect() {
            return;
        }
        self.network.announced.sites.fill(1.0);
        self.network.announced.edges.fill(1.0);
        self.network.announcements.fill(Announcement::default());
        // Every replication begins alike, with all users at home.
        if let Some(start) = self.network.start.clone() {
            return self.network.begin(start);
        }
        self.agenda.add(Look::Network, 0);
        self.solve_network();
        let network = &self.network;
        if network.follows_load {
            return;
        }
        // Where users lose anything at the peak, each replication must look step by step.
        let never_short =
            !network.goes_by_steps && network.carried.users.iter().all(|arrives| *arrives >= 1.0);
        let (placement, carried) = (Arc::clone(&network.placement), Arc::clone(&network.carried));
        let peak_loads = network.peak_loads.clone();
        self.network.start = never_short.then_some(Start { placement, carried, peak_loads });
    }

    /// Notes that a site or edge may have another level.
    #[inline(never)]
    pub(super) fn touch_network(&mut self, component: CompId) {
        if let Some(element) = self.network.element(component) {
            self.agenda.add(Look::Network, 0);
            // What nobody looks at would keep instants from being quiet.
            let known = self.model.network.convergence.is_none();
            self.agenda.add(if known { Look::Elements } else { Look::Announcements }, element);
        }
    }

    /// Brings ways and what they carry up to date; true if a way was lost or found, or carries another share.
    pub(super) fn solve_network(&mut self) -> bool {
        if self.network.loads_follow_members {
            self.loads_change();
        }
        let Some(list) = self.agenda.take(Look::Network) else { return false };
        self.agenda.recycle(Look::Network, list);
        if self.model.network.convergence.is_none() {
            self.look_at(Look::Elements, |engine, element| engine.announce(element as usize));
        }
        self.carry();
        let moved = (0..self.model.network.paths.len())
            .fold(false, |moved, path| self.solve_path(PathId::at(path)) | moved);
        // Calls may have other ways than those that they were taken to load; nobody shall react to that load.
        self.loads_change();
        moved || self.agenda.has(Look::Network)
    }

    /// Background traffic or users' loads have other rates from now on.
    pub(super) fn rates_change(&mut self) {
        self.agenda.add(Look::Network, 0);
    }

    /// Users may have moved to other ways, or turned to alternatives.
    pub(super) fn loads_change(&mut self) {
        // Where there is load, it is told of whatever moves users, and is solved with the network.
        let sized = !self.model.network.bits_per_call.is_empty() && !self.network.follows_load;
        if sized && self.user_loads(None) != self.network.peak_loads {
            self.agenda.add(Look::Network, 0);
        }
    }

    /// Places traffic and works out what arrives of it. Where users lose anything at the peak of all profiles, what
    /// arrives is looked at step by step; else nothing of theirs is lost at any other time either.
    fn carry(&mut self) {
        let levels = self.real_levels();
        self.network.placement = self.network.memory.placement(&self.network.announced);
        if self.network.follows_load {
            return self.lay_crossing(&levels);
        }
        self.network.peak_loads = self.user_loads(None);
        let placement = Arc::clone(&self.network.placement);
        let NetworkState { memory, announced, peak_loads, .. } = &mut self.network;
        self.network.carried = memory.carried(announced, &levels, &placement, peak_loads);
        let mut next = SimTime::NEVER;
        self.network.goes_by_steps = self.network.memory.has_profiles() && self.users_lose();
        if self.network.goes_by_steps {
            let (flows, loads) =
                (self.network.memory.flows_at(&placement, self.now), self.user_loads(Some(self.now)));
            let present = Placement { flows, load: Vec::new(), ways: placement.ways.clone() };
            self.network.carried = Arc::new(drops(self.network.memory.topology(), &levels, &present, &loads));
            next = self.network.memory.next_step(self.now);
        }
        self.network.version += 1;
        self.queue.set(self.slots.rates, next);
    }

    /// True if calls over a way that is up are dropped, more than so few that time of day does not matter.
    fn users_lose(&self) -> bool {
        let paths = (0..self.model.network.paths.len()).map(PathId::at);
        let passable = |path: PathId| self.way(path).is_some_and(|way| self.is_passable(way));
        paths
            .zip(&self.network.carried.users)
            .any(|(path, arrives)| 1.0 - arrives > FEW_DROPS && passable(path))
    }

    fn real_levels(&self) -> Levels {
        let level = |component: CompId| self.parts[component.index()].level;
        let network = &self.model.network;
        Levels {
            sites: network.sites.iter().map(|s| level(s.component)).collect(),
            edges: network.edges.iter().map(|e| level(e.component)).collect(),
        }
    }

    /// Sets a path's level from its way; true if its level or success is another.
    fn solve_path(&mut self, path: PathId) -> bool {
        let component = self.model.network.paths[path.index()].component;
        let up = self.way(path).is_some_and(|way| self.is_passable(way));
        let own = if up { 1.0 } else { 0.0 };
        let success = if up { self.success_of_way(path) } else { 0.0 };
        // Its latency may be another even where its level is not.
        for k in 0..self.network.routes_by_path[path.index()].len() {
            self.agenda.add(Look::Routes, self.network.routes_by_path[path.index()][k] as usize);
        }
        let part = &self.parts[component.index()];
        if (part.own, part.success) == (own, success) {
            // Another way may be blocked by others.
            self.causes.touch(component);
            return false;
        }
        self.set_own(component, own, success);
        true
    }

    /// Share of calls that a way which is up lets through; where there is load, as it was until load is solved.
    fn success_of_way(&self, path: PathId) -> f64 {
        if !self.network.follows_load {
            return self.network.carried.users[path.index()];
        }
        let part = &self.parts[self.model.network.paths[path.index()].component.index()];
        if part.own > 0.0 { part.success } else { 1.0 }
    }

    fn way(&self, path: PathId) -> Option<&Way> {
        self.network.placement.ways.get(path.index())?.as_ref()
    }

    /// True if all sites and edges of a way are really up.
    fn is_passable(&self, way: &Way) -> bool {
        let network = &self.model.network;
        let up = |component: CompId| self.parts[component.index()].level > 0.0;
        let site_up = |site: crate::model::SiteId| up(network.sites[site.index()].component);
        site_up(way.first)
            && way.edges.iter().all(|(edge, _)| {
                let edge = &network.edges[edge.index()];
                up(edge.component) && site_up(edge.ends.0) && site_up(edge.ends.1)
            })
    }

    /// Whether a path is up, and the share of what is sent over it that comes there and back.
    pub(super) fn path_success(&self, component: CompId) -> Option<f64> {
        let part = &self.parts[component.index()];
        (part.own > 0.0).then_some(part.success)
    }

    /// Time that a path takes one way, if there is a way that is up.
    ///
    /// Units: nanoseconds.
    #[must_use]
    pub fn path_latency(&self, path: PathId) -> Option<u64> {
        self.path_success(self.model.network.paths[path.index()].component)?;
        self.way(path).map(|way| way.latency_nanos)
    }

    /// The latency of a path by its component; see [`Engine::path_latency`].
    pub(super) fn latency_of(&self, component: CompId) -> Option<u64> {
        self.path_latency(self.network.path(component)?)
    }

    /// A number that is another whenever ways or what they carry may have changed.
    #[must_use]
    pub const fn network_version(&self) -> u64 {
        self.network.version
    }

    /// The parts of a flow of background traffic: what each way has room for, and the share of it that arrives.
    ///
    /// Units: bits per second.
    pub fn flow_parts(&self, flow: usize) -> impl Iterator<Item = (f64, f64)> + '_ {
        let placed = self.network.placement.flows.get(flow).into_iter().flat_map(|placed| &placed.parts);
        let shares = self.network.carried.parts.get(flow).into_iter().flatten();
        placed.zip(shares).map(|((_, room), share)| (*room, *share))
    }

    /// What an edge carries, each way: at the peak of all profiles, or at present where users lose anything then, or where load
    /// is more than the time of day.
    ///
    /// Units: bits per second.
    #[must_use]
    pub fn edge_load(&self, edge: EdgeId) -> [f64; 2] {
        self.network.carried.load.get(edge.index()).copied().unwrap_or_default()
    }
}
