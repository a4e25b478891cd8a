//! Shortest ways: least latency, then fewest edges, then first by name.

use petgraph::algo::dijkstra;
use petgraph::graph::NodeIndex;
use petgraph::visit::{EdgeFiltered, EdgeRef};

use super::placement::Levels;
use super::topology::{Cost, Lane, Open, Topology};
use crate::model::{EdgeId, Flow, Network, Path, SiteId};

/// A way over the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The site where it begins.
    pub first: SiteId,
    /// Its edges in order, each with true if it is taken from its first end to its second; none if it ends where it begins.
    pub edges: Vec<(EdgeId, bool)>,
    /// From end to end, joins included.
    ///
    /// Formula: latency of the join at the source + sum over the edges + latency of the join at the target.
    ///
    /// Units: nanoseconds, one way.
    pub latency_nanos: u64,
}

impl Way {
    /// True if every site and edge on it is above 0.
    #[must_use]
    pub fn carries(&self, network: &Network, levels: &Levels) -> bool {
        let up = |site: SiteId| levels.sites[site.index()] > 0.0;
        up(self.first)
            && self.edges.iter().all(|(edge, _)| {
                let (a, b) = network.edges[edge.index()].ends;
                levels.edges[edge.index()] > 0.0 && up(a) && up(b)
            })
    }
}

/// Shortest ways while the same is open: each target is searched once.
pub(super) struct Search<'a> {
    topology: &'a Topology<'a>,
    open: &'a Open,
    /// To each node of the topology, once somebody has asked.
    costs: Vec<Option<Costs>>,
}

/// Costs of the shortest ways from each site to one target.
type Costs = Vec<Option<Cost>>;

impl<'a> Search<'a> {
    pub(super) fn new(topology: &'a Topology<'a>, open: &'a Open) -> Self {
        Self { topology, open, costs: vec![None; topology.back.node_count()] }
    }

    /// The shortest way of a flow.
    pub(super) fn flow(&mut self, flow: &Flow) -> Option<Way> {
        // A flow that stays where it is needs its site too.
        if !self.open.sites[flow.to.index()] {
            return None;
        }
        let ways = self.ways_to(Topology::site_node(flow.to));
        let cost = ways.costs[flow.from.index()]?;
        Some(Way { first: flow.from, edges: ways.walk(flow.from, cost), latency_nanos: cost.latency })
    }

    /// The shortest way of a path, by whichever of the sites that its ends join.
    pub(super) fn path(&mut self, path: &Path) -> Option<Way> {
        let joins = &self.topology.joins[path.from.index()];
        let ways = self.ways_to(self.topology.place_node(path.to));
        let starts = joins.iter().filter_map(|(site, latency)| {
            let rest = ways.costs[site.index()]?;
            Some((Cost::join(*latency) + rest, *site, rest))
        });
        // Joins stand in order of name, and the first of equals is taken.
        let (whole, first, rest) = starts.min_by_key(|(whole, ..)| *whole)?;
        Some(Way { first, edges: ways.walk(first, rest), latency_nanos: whole.latency })
    }

    fn ways_to(&mut self, target: NodeIndex) -> WaysTo<'_> {
        let (topology, open) = (self.topology, self.open);
        let costs = self.costs[target.index()].get_or_insert_with(|| costs_to(target, topology, open));
        WaysTo { topology, open, costs }
    }
}

fn costs_to(target: NodeIndex, topology: &Topology<'_>, open: &Open) -> Costs {
    let passable = EdgeFiltered::from_fn(&topology.back, |arc| open.arcs[arc.id().index()]);
    let mut costs = vec![None; topology.leaving.len()];
    for (node, cost) in dijkstra(&passable, target, None, |arc| *arc.weight()) {
        // Places stand after the sites.
        if let Some(site) = costs.get_mut(node.index()) {
            *site = Some(cost);
        }
    }
    costs
}

/// The shortest ways to one target.
struct WaysTo<'a> {
    topology: &'a Topology<'a>,
    open: &'a Open,
    costs: &'a Costs,
}

impl WaysTo<'_> {
    /// Follows the costs down to the target. Each step leaves fewer edges to go, so that it ends.
    fn walk(&self, first: SiteId, mut cost: Cost) -> Vec<(EdgeId, bool)> {
        let mut edges = Vec::with_capacity(cost.edges as usize);
        let mut at = first;
        while cost.edges > 0 {
            let Some((lane, rest)) = self.step(at, cost) else { break };
            edges.push((lane.edge, lane.forward));
            (at, cost) = (lane.to, rest);
        }
        edges
    }

    /// The first lane by name that lies on a shortest way, and the cost after it.
    fn step(&self, at: SiteId, cost: Cost) -> Option<(Lane, Cost)> {
        let lanes = self.topology.leaving[at.index()].iter();
        lanes.filter(|lane| self.open.arcs[lane.index()]).find_map(|lane| {
            let rest = self.costs[lane.to.index()]?;
            let whole = Cost::edge(&self.topology.network.edges[lane.edge.index()]) + rest;
            (whole == cost).then_some((*lane, rest))
        })
    }
}
