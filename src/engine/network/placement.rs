//! Background traffic and users' ways, as a function of what is announced.

use super::routes::{Routes, still_shortest};
use super::topology::{Open, Topology, lane_index};
use super::ways::{Search, Way};
use crate::model::Network;

/// Levels of the network's elements: 0 out, 1 whole.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Levels {
    /// Of each site; it carries all or nothing.
    pub sites: Vec<f64>,
    /// Of each edge.
    ///
    /// Formula: what it can carry = its capacity x its level.
    pub edges: Vec<f64>,
}

impl Levels {
    /// Everything up.
    #[must_use]
    pub fn whole(network: &Network) -> Self {
        Self { sites: vec![1.0; network.sites.len()], edges: vec![1.0; network.edges.len()] }
    }
}

/// Where traffic goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placement {
    /// One for each flow of the network, in written order.
    pub flows: Vec<PlacedFlow>,
    /// Background traffic on each edge: from its first end to its second, and back.
    ///
    /// Units: bits per second.
    pub load: Vec<[f64; 2]>,
    /// One for each path of the network; `None` if there is no way.
    pub ways: Vec<Option<Way>>,
}

/// Where a flow goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlacedFlow {
    /// The ways that it takes and what goes on each, shortest first.
    ///
    /// Units: bits per second.
    pub parts: Vec<(Way, f64)>,
    /// What found no way.
    ///
    /// Formula: rate - sum over the parts.
    ///
    /// Units: bits per second.
    pub lost: f64,
}

impl PlacedFlow {
    /// The flow at a lower rate: it goes by the same ways, the shorter ones first.
    ///
    /// Units: bits per second.
    #[must_use]
    pub fn at_rate(&self, rate: f64) -> Self {
        let (mut parts, mut rest) = (Vec::with_capacity(self.parts.len()), rate);
        for (way, most) in &self.parts {
            let part = most.min(rest);
            rest -= part;
            parts.push((way.clone(), part));
        }
        Self { parts, lost: rest }
    }

    /// What was to be placed.
    ///
    /// Formula: sum over the parts + what is lost.
    ///
    /// Units: bits per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.parts.iter().map(|(_, part)| part).sum::<f64>() + self.lost
    }
}

/// Places background traffic and users' ways on what is announced.
///
/// Formula: flow by flow (larger priority first, then as written), the shortest way on which there is capacity left is filled
/// until all is placed or there is no such way. Then each path takes the shortest way on which there is capacity left, or
/// if there is none, the shortest of all. Shorter is less latency, then fewer edges, then first by name of the first
/// site, and of the next site and the edge at each step.
///
/// Units: `rates` in bits per second, one for each flow.
#[must_use]
pub fn place(topology: &Topology<'_>, levels: &Levels, rates: &[f64]) -> Placement {
    let network = topology.network;
    let routes = Routes::new(topology, levels);
    let mut residual = Residual::new(&routes);
    let mut flows = vec![PlacedFlow::default(); network.traffic.len()];
    for flow in &topology.order {
        flows[*flow] = residual.fill(topology, *flow, rates[*flow]);
    }
    let ways = residual.user_ways(topology);
    Placement { flows, load: residual.load, ways }
}

/// What the flows so far have left.
struct Residual<'a> {
    routes: &'a Routes,
    /// Of each lane, bits per second.
    left: Vec<f64>,
    /// Where something is left.
    open: Open,
    load: Vec<[f64; 2]>,
}

impl<'a> Residual<'a> {
    fn new(routes: &'a Routes) -> Self {
        let left = routes.capacities.clone();
        let mut open = routes.usable.clone();
        // Joins stand after the lanes and have no limit.
        for (arc, left) in open.arcs.iter_mut().zip(&left) {
            *arc = *left > 0.0;
        }
        let load = vec![[0.0; 2]; left.len() / 2];
        Self { routes, left, open, load }
    }

    /// Places one flow. Each turn but the last uses up a lane, so that it ends.
    fn fill(&mut self, topology: &Topology<'_>, flow: usize, rate: f64) -> PlacedFlow {
        let (mut parts, mut rest) = (Vec::new(), rate);
        let known = &self.routes.shortest.flows[flow];
        while rest > 0.0 {
            let search = || Search::new(topology, &self.open).flow(&topology.network.traffic[flow]);
            let Some(way) = still_shortest(known, &self.open, search) else { break };
            let part = self.least_on(&way).min(rest);
            self.take(&way, part);
            rest -= part;
            parts.push((way, part));
        }
        PlacedFlow { parts, lost: rest }
    }

    /// The way of each path: around full edges where that is possible.
    fn user_ways(&self, topology: &Topology<'_>) -> Vec<Option<Way>> {
        let mut search = Search::new(topology, &self.open);
        let paths = topology.network.paths.iter().zip(&self.routes.shortest.paths);
        let mut around = |path, known| still_shortest(known, &self.open, || search.path(path));
        paths.map(|(path, known)| around(path, known).or_else(|| known.clone())).collect()
    }

    fn least_on(&self, way: &Way) -> f64 {
        let left = way.edges.iter().map(|(edge, forward)| self.left[lane_index(*edge, *forward)]);
        left.fold(f64::INFINITY, f64::min)
    }

    fn take(&mut self, way: &Way, part: f64) {
        for (edge, forward) in &way.edges {
            let lane = lane_index(*edge, *forward);
            self.left[lane] -= part;
            self.load[edge.index()][lane % 2] += part;
            self.open.arcs[lane] = self.left[lane] > 0.0;
        }
    }
}
