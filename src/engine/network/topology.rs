//! The network laid out for searching: made once for a model, so that a search compares no names.

use std::cmp::Reverse;
use std::ops::Add;

use petgraph::graph::{DiGraph, NodeIndex};

use super::placement::Levels;
use super::routes::Shortest;
use super::ways::Way;
use crate::model::{Edge, EdgeId, Model, Network, PlaceId, SiteId};

/// Who is next to whom, in the order in which ties are broken.
#[derive(Debug, Clone)]
pub struct Topology<'m> {
    /// What it was made from.
    pub(super) network: &'m Network,
    /// Lanes and joins turned round, since distances are searched from the target: sites, then places.
    pub(super) back: DiGraph<(), Cost>,
    /// The lanes that leave each site, by the name of the next site, then that of the edge.
    pub(super) leaving: Vec<Vec<Lane>>,
    /// Where each place joins, by the name of the site.
    pub(super) joins: Vec<Vec<(SiteId, u64)>>,
    /// Background traffic, in the order in which it is placed.
    pub(super) order: Vec<usize>,
    /// The ways while everything is up.
    pub(super) whole: Shortest,
}

/// One direction of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) edge: EdgeId,
    /// True from the edge's first end to its second.
    pub(super) forward: bool,
    /// The site that it leads to.
    pub(super) to: SiteId,
}

impl Lane {
    /// Its place in arrays over lanes.
    pub(super) const fn index(self) -> usize {
        lane_index(self.edge, self.forward)
    }
}

/// The place of one direction of an edge in arrays over lanes.
pub(super) const fn lane_index(edge: EdgeId, forward: bool) -> usize {
    edge.index() * 2 + if forward { 0 } else { 1 }
}

/// What ways are compared by, before names: latency, then the number of edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Cost {
    /// Nanoseconds, one way.
    pub(super) latency: u64,
    pub(super) edges: u32,
}

impl Cost {
    /// Latency of a join, which is no edge.
    pub(super) const fn join(latency: u64) -> Self {
        Self { latency, edges: 0 }
    }

    pub(super) const fn edge(edge: &Edge) -> Self {
        Self { latency: edge.latency_nanos, edges: 1 }
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { latency: self.latency.saturating_add(other.latency), edges: self.edges + other.edges }
    }
}

/// Which sites, and which arcs of the turned graph, a search may use.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) sites: Vec<bool>,
    /// Lanes first, at [`lane_index`]; then the joins.
    pub(super) arcs: Vec<bool>,
}

impl Open {
    /// True if all of a way is open.
    pub(super) fn passes(&self, way: &Way) -> bool {
        let mut edges = way.edges.iter();
        self.sites[way.first.index()] && edges.all(|(edge, forward)| self.arcs[lane_index(*edge, *forward)])
    }
}

impl<'m> Topology<'m> {
    /// Lays out the network of a model.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        let network = &model.network;
        let site_name = |site: SiteId| name(model, network.sites[site.index()].component);
        let edge_name = |edge: EdgeId| name(model, network.edges[edge.index()].component);
        let mut leaving = vec![Vec::new(); network.sites.len()];
        for (edge, (a, b)) in network.edges.iter().enumerate().map(|(e, edge)| (EdgeId::at(e), edge.ends)) {
            leaving[a.index()].push(Lane { edge, forward: true, to: b });
            leaving[b.index()].push(Lane { edge, forward: false, to: a });
        }
        for lanes in &mut leaving {
            lanes.sort_by_key(|lane| (site_name(lane.to), edge_name(lane.edge)));
        }
        let mut joins: Vec<_> = network.places.iter().map(|place| place.joins.clone()).collect();
        joins.iter_mut().for_each(|sites| sites.sort_by_key(|(site, _)| site_name(*site)));
        let mut order: Vec<_> = (0..network.traffic.len()).collect();
        order.sort_by_key(|flow| Reverse(network.traffic[*flow].priority));
        let whole = Shortest::default();
        let mut topology = Self { network, back: turned(network), leaving, joins, order, whole };
        topology.whole = Shortest::whole(&topology);
        topology
    }

    /// What may be used at all: sites above 0, and edges above 0 between such sites.
    pub(super) fn usable(&self, levels: &Levels) -> Open {
        let sites: Vec<bool> = levels.sites.iter().map(|level| *level > 0.0).collect();
        let up = |site: SiteId| sites[site.index()];
        let edges = self.network.edges.iter().zip(&levels.edges);
        let lanes = edges.flat_map(|(edge, level)| [*level > 0.0 && up(edge.ends.0) && up(edge.ends.1); 2]);
        let joins = self.network.places.iter().flat_map(|place| &place.joins).map(|(site, _)| up(*site));
        let arcs = lanes.chain(joins).collect();
        Open { sites, arcs }
    }

    /// Bits per second that each lane can carry; 0 where it is not usable.
    pub(super) fn capacities(&self, levels: &Levels, usable: &Open) -> Vec<f64> {
        let lanes = usable.arcs.iter().take(self.network.edges.len() * 2).enumerate();
        lanes
            .map(|(lane, usable)| {
                let edge = lane / 2;
                // An edge without limit at level 0 has no product.
                if *usable { self.network.edges[edge].capacity * levels.edges[edge] } else { 0.0 }
            })
            .collect()
    }

    pub(super) fn site_node(site: SiteId) -> NodeIndex {
        NodeIndex::new(site.index())
    }

    pub(super) fn place_node(&self, place: PlaceId) -> NodeIndex {
        NodeIndex::new(self.network.sites.len() + place.index())
    }
}

fn name(model: &Model, component: crate::model::CompId) -> &str {
    &model.components[component.index()].name
}

/// Arcs against the direction of traffic, numbered as [`Open::arcs`] says.
fn turned(network: &Network) -> DiGraph<(), Cost> {
    let mut graph = DiGraph::default();
    for _ in 0..network.sites.len() + network.places.len() {
        graph.add_node(());
    }
    let site_node = |site: SiteId| NodeIndex::new(site.index());
    for edge in &network.edges {
        let (a, b) = (site_node(edge.ends.0), site_node(edge.ends.1));
        graph.add_edge(b, a, Cost::edge(edge));
        graph.add_edge(a, b, Cost::edge(edge));
    }
    for (place, joined) in network.places.iter().enumerate() {
        let place = NodeIndex::new(network.sites.len() + place);
        for (site, latency) in &joined.joins {
            graph.add_edge(place, site_node(*site), Cost::join(*latency));
        }
    }
    graph
}
