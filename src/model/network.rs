//! The network: sites, the edges between them, who joins where, the ways that somebody needs, and background traffic.

use petgraph::algo::dijkstra;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::unionfind::UnionFind;

use super::ids::{CompId, JourneyId, PlaceId, SiteId};
use super::profile::Profile;
use crate::law::Law;
use crate::random::StreamName;

/// Sites, edges and what goes over them. Without sites and edges everything reaches everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Network {
    /// Where edges meet.
    pub sites: Vec<Site>,
    /// Segments of cables, and links.
    pub edges: Vec<Edge>,
    /// Regions, populations and outside providers that join the network.
    pub places: Vec<Place>,
    /// The ways from place to place that somebody needs.
    pub paths: Vec<Path>,
    /// Traffic that is not of the scenario's users, in the order in which it is placed.
    pub traffic: Vec<Flow>,
    /// Bits that each call of a journey sends each way; those of other journeys are too few to count.
    pub bits_per_call: Vec<(JourneyId, f64)>,
    /// Time from a change of a site or edge to the routes that take account of it; `None`: at once.
    pub convergence: Option<Law>,
}

impl Network {
    /// True if nothing is said of a network: everything reaches everything.
    #[must_use]
    pub const fn is_perfect(&self) -> bool {
        self.sites.is_empty() && self.edges.is_empty()
    }

    /// The components of all sites and edges.
    pub fn elements(&self) -> impl Iterator<Item = CompId> {
        let sites = self.sites.iter().map(|site| site.component);
        sites.chain(self.edges.iter().map(|edge| edge.component))
    }

    /// True while the way that `component` stands for leads over elements that are up.
    #[must_use]
    pub fn has_way(&self, component: CompId, is_up: &impl Fn(CompId) -> bool) -> bool {
        let Some(path) = self.paths.iter().find(|path| path.component == component) else { return false };
        let stands = |site: SiteId| is_up(self.sites[site.index()].component);
        let mut joined = UnionFind::<usize>::new(self.sites.len());
        for edge in &self.edges {
            if is_up(edge.component) && stands(edge.ends.0) && stands(edge.ends.1) {
                joined.union(edge.ends.0.index(), edge.ends.1.index());
            }
        }
        let joins = |place: PlaceId| self.places[place.index()].joins.iter().map(|(site, _)| *site);
        joins(path.from)
            .filter(|from| stands(*from))
            .any(|from| joins(path.to).any(|to| stands(to) && joined.equiv(from.index(), to.index())))
    }

    /// Least latency from one place to another while everything is up, capacities aside; `None` if there is no way.
    ///
    /// Units: nanoseconds, one way.
    #[must_use]
    pub fn least_latency(&self, from: PlaceId, to: PlaceId) -> Option<u64> {
        let mut graph = UnGraph::<(), u64>::default();
        (0..=self.sites.len()).for_each(|_| {
            graph.add_node(());
        });
        let node = |site: SiteId| NodeIndex::new(site.index());
        for edge in &self.edges {
            graph.add_edge(node(edge.ends.0), node(edge.ends.1), edge.latency_nanos);
        }
        // The last node stands for the place itself.
        let here = NodeIndex::new(self.sites.len());
        for (site, latency) in &self.places[from.index()].joins {
            graph.add_edge(here, node(*site), *latency);
        }
        let reached = dijkstra(&graph, here, None, |edge| *edge.weight());
        let ends = self.places[to.index()].joins.iter();
        ends.filter_map(|(site, latency)| Some(reached.get(&node(*site))? + latency)).min()
    }
}

/// A landing point, branching unit or exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// What can fail there.
    pub component: CompId,
    /// Stream of convergence times.
    pub convergence_stream: StreamName,
}

/// A segment of a cable, or a link: it carries traffic both ways, each way with its own capacity.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// What can fail.
    pub component: CompId,
    /// The sites that it joins.
    pub ends: (SiteId, SiteId),
    /// Bits per second each way; infinite if nothing is said of it.
    pub capacity: f64,
    /// One way, nanoseconds.
    pub latency_nanos: u64,
    /// Stream of convergence times.
    pub convergence_stream: StreamName,
}

impl Edge {
    /// The other end, if `site` is one.
    #[must_use]
    pub fn across(&self, site: SiteId) -> Option<SiteId> {
        match self.ends {
            (a, b) if a == site => Some(b),
            (a, b) if b == site => Some(a),
            _ => None,
        }
    }
}

/// Somebody who joins the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// "region me-central-1", "users gulf".
    pub name: String,
    /// The sites that it joins, and the latency to each, one way, nanoseconds.
    pub joins: Vec<(SiteId, u64)>,
}

/// A way that somebody needs: a component that is up while there is a route over sites and edges that are up.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// From here.
    pub from: PlaceId,
    /// To there.
    pub to: PlaceId,
    /// What others depend on: level 1 while there is a way, its success the share of traffic that arrives.
    pub component: CompId,
}

/// Background traffic from one site to another, one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Its name.
    pub name: String,
    /// From here.
    pub from: SiteId,
    /// To there.
    pub to: SiteId,
    /// Mean, bits per second.
    pub rate: f64,
    /// Over time, relative to the mean.
    pub profile: Profile,
    /// Larger goes first, where capacity is short.
    pub priority: i64,
}
