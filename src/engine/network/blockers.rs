//! Which initiating events keep a path from being whole.

use super::placement::Levels;
use crate::engine::state::Engine;
use crate::model::{CompId, Network, PathId, PlaceId, SiteId};

impl Engine<'_> {
    /// The initiating events that a path carries: of what is down on its way; where there is no way, of what is down
    /// next to either end's side of the cut; where edges are overloaded, of all that is out of the network.
    pub(in crate::engine) fn add_path_events(&self, component: CompId, out: &mut Vec<u32>) {
        let Some(path) = self.network.path(component) else { return };
        let is_below = |e: &usize| self.real_level(*e) < 1.0;
        let blockers = match self.way(path) {
            Some(way) if self.is_passable(way) => {
                let below = (0..self.network.announcements.len()).filter(is_below);
                return below.for_each(|e| self.add_set(self.element(e).0, out));
            }
            Some(way) => {
                let ends = |edge: usize| {
                    let ends = self.model.network.edges[edge].ends;
                    [ends.0.index(), ends.1.index()]
                };
                let edges = way.edges.iter().map(|(edge, _)| edge.index());
                let sites = edges.clone().flat_map(ends).chain([way.first.index()]);
                let edges = edges.map(|edge| self.model.network.sites.len() + edge);
                sites.chain(edges).filter(|e| self.real_level(*e) <= 0.0).collect()
            }
            None => cut(&self.model.network, &self.network.announced, path),
        };
        for element in blockers {
            if is_below(&element) {
                self.add_set(self.element(element).0, out);
            } else {
                // Mended, but not announced: the path stays out because of what it has carried.
                out.extend_from_slice(&self.network.carried_before[path.index()]);
            }
        }
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
