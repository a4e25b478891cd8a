//! Which initiating events keep a path from being whole.

use super::placement::Levels;
use super::ways::Way;
use crate::engine::causes::in_order;
use crate::engine::state::Engine;
use crate::model::{CompId, Network, PathId, PlaceId, SiteId};

impl Engine<'_> {
    /// The initiating events that a path carries: of what is down on its way; where there is no way, of what is down
    /// next to either end's side of the cut; where edges are overloaded, of all that is out of the network.
    pub(in crate::engine) fn add_path_events(&self, component: CompId, out: &mut Vec<u32>) {
        let Some(path) = self.network.path(component) else { return };
        let blockers = match self.way(path) {
            Some(way) if self.is_passable(way) => {
                return self.add_impaired_events(out);
            }
            Some(way) => {
                let is_out = |e: &usize| self.real_level(*e) <= 0.0;
                self.elements_of(way).into_iter().filter(is_out).collect()
            }
            None => cut(&self.model.network, &self.network.announced, path),
        };
        for element in blockers {
            if self.real_level(element) < 1.0 {
                self.add_set(self.element(element).0, out);
            } else {
                // Mended, but not announced: the path stays out because of what it has carried.
                out.extend_from_slice(&self.network.carried_before[path.index()]);
            }
        }
    }

    /// The initiating events that keep a path from its shortest way of all, in order: those that it carries if it is down;
    /// if it takes a longer way, those of what is impaired on the shortest, or if nothing is, of all that is `impaired`
    /// (see [`Engine::impaired_elements`]).
    #[must_use]
    pub fn events_of_path(&self, path: PathId, impaired: &[usize]) -> Vec<u32> {
        let component = self.model.network.paths[path.index()].component;
        in_order(|events| match self.path_latency(path) {
            None => self.add_set(component, events),
            Some(nanos) if Some(nanos) > self.shortest_latency(path) => {
                self.add_detour_events(path, impaired, events)
            }
            Some(_) => {}
        })
    }

    /// Latency of a path while everything is up, one way.
    ///
    /// Units: nanoseconds.
    #[must_use]
    pub fn shortest_latency(&self, path: PathId) -> Option<u64> {
        let shortest = &self.network.memory.topology().whole.paths;
        shortest[path.index()].as_ref().map(|way| way.latency_nanos)
    }

    fn add_detour_events(&self, path: PathId, impaired: &[usize], out: &mut Vec<u32>) {
        let shortest = self.network.memory.topology().whole.paths[path.index()].as_ref();
        let on_it = shortest.map_or_else(Vec::new, |way| self.elements_of(way));
        let is_there = impaired.iter().any(|element| on_it.contains(element));
        for element in impaired.iter().filter(|element| !is_there || on_it.contains(element)) {
            self.add_set(self.element(*element).0, out);
        }
    }

    /// Sites and edges of a way.
    fn elements_of(&self, way: &Way) -> Vec<usize> {
        let network = &self.model.network;
        let edges = way.edges.iter().map(|(edge, _)| edge.index());
        let ends = edges.clone().flat_map(|edge| {
            let (a, b) = network.edges[edge].ends;
            [a.index(), b.index()]
        });
        let sites = ends.chain([way.first.index()]);
        sites.chain(edges.map(|edge| network.sites.len() + edge)).collect()
    }

    /// Numbers of the sites and edges below level 1: sites first, then edges.
    #[must_use]
    pub fn impaired_elements(&self) -> Vec<usize> {
        let is_below = |e: &usize| self.real_level(*e) < 1.0;
        (0..self.network.announcements.len()).filter(is_below).collect()
    }

    /// The initiating events of all that is out of the network.
    pub(in crate::engine) fn add_impaired_events(&self, out: &mut Vec<u32>) {
        self.impaired_elements().into_iter().for_each(|e| self.add_set(self.element(e).0, out));
    }

    /// The path that a component is.
    pub(in crate::engine) fn path_of(&self, component: CompId) -> Option<PathId> {
        self.network.path(component)
    }

    /// Notes what a path carries before that is worked out anew.
    pub(in crate::engine) fn note_carried(&mut self, component: CompId) {
        if self.parts[component.index()].traits.is_path
            && let Some(path) = self.network.path(component)
        {
            self.network.carried_before[path.index()].clone_from(&self.parts[component.index()].events);
        }
    }

    fn real_level(&self, element: usize) -> f64 {
        self.parts[self.element(element).0.index()].level
    }
}

/// Elements (sites, then edges) known to be down that lie next to what one end of a path can reach, and from which
/// the other end could be reached if all were up.
fn cut(network: &Network, levels: &Levels, path: PathId) -> Vec<usize> {
    let path = &network.paths[path.index()];
    let mut found = next_to(network, levels, path.from, path.to);
    found.extend(next_to(network, levels, path.to, path.from));
    found.sort_unstable();
    found.dedup();
    found
}

fn next_to(network: &Network, levels: &Levels, here: PlaceId, there: PlaceId) -> Vec<usize> {
    let site_up = |s: usize| levels.sites[s] > 0.0;
    let joins = |place: PlaceId| network.places[place.index()].joins.iter().map(|(s, _)| s.index());
    let near = reached(network, joins(here).filter(|s| site_up(*s)), |edge, to| {
        levels.edges[edge] > 0.0 && site_up(to)
    });
    let far = reached(network, joins(there).filter(|s| !near[*s]), |_, to| !near[to]);
    let mut found: Vec<usize> = joins(here).filter(|s| !site_up(*s) && far[*s]).collect();
    for (number, edge) in network.edges.iter().enumerate() {
        let (a, b) = (edge.ends.0.index(), edge.ends.1.index());
        for (inside, outside) in [(a, b), (b, a)] {
            if near[inside] && far[outside] {
                if levels.edges[number] <= 0.0 {
                    found.push(network.sites.len() + number);
                }
                if !site_up(outside) {
                    found.push(outside);
                }
            }
        }
    }
    found
}

/// Sites that can be reached from some of them, over edges that `passes` lets through to a site.
fn reached(
    network: &Network,
    from: impl Iterator<Item = usize>,
    passes: impl Fn(usize, usize) -> bool,
) -> Vec<bool> {
    let mut reached = vec![false; network.sites.len()];
    let mut open: Vec<usize> = from.collect();
    open.iter().for_each(|site| reached[*site] = true);
    while let Some(site) = open.pop() {
        for (number, edge) in network.edges.iter().enumerate() {
            let Some(to) = edge.across(SiteId::at(site)).map(|s| s.index()) else { continue };
            if !reached[to] && passes(number, to) {
                reached[to] = true;
                open.push(to);
            }
        }
    }
    reached
}
