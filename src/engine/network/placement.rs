//! Background traffic and users' ways, as a function of what is announced.

use super::topology::{Open, Topology, lane_index};
use super::ways::{Costs, Way};
use crate::model::{Flow, Network, PlaceId};

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
    let usable = topology.usable(levels);
    let mut residual = Residual::new(topology, levels, &usable);
    let mut flows = vec![PlacedFlow::default(); network.traffic.len()];
    for flow in &topology.order {
        flows[*flow] = residual.fill(topology, &network.traffic[*flow], rates[*flow]);
    }
    let ways = user_ways(topology, &residual.open, &usable);
    Placement { flows, load: residual.load, ways }
}

/// What the flows so far have left.
struct Residual {
    /// Of each lane, bits per second.
    left: Vec<f64>,
    /// Where something is left.
    open: Open,
    load: Vec<[f64; 2]>,
}

impl Residual {
    fn new(topology: &Topology<'_>, levels: &Levels, usable: &Open) -> Self {
        let left = topology.capacities(levels, usable);
        let mut open = usable.clone();
        // Joins stand after the lanes and have no limit.
        for (arc, left) in open.arcs.iter_mut().zip(&left) {
            *arc = *left > 0.0;
        }
        Self { left, open, load: vec![[0.0; 2]; topology.network.edges.len()] }
    }

    /// Places one flow. Each turn but the last uses up a lane, so that it ends.
    fn fill(&mut self, topology: &Topology<'_>, flow: &Flow, rate: f64) -> PlacedFlow {
        let (mut parts, mut rest) = (Vec::new(), rate);
        while rest > 0.0 {
            let costs = topology.costs_to_site(flow.to, &self.open);
            let Some(way) = topology.way_from_site(flow.from, &costs, &self.open) else { break };
            let part = self.least_on(&way).min(rest);
            self.take(&way, part);
            rest -= part;
            parts.push((way, part));
        }
        PlacedFlow { parts, lost: rest }
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

/// The way of each path: around full edges where that is possible.
fn user_ways(topology: &Topology<'_>, open: &Open, usable: &Open) -> Vec<Option<Way>> {
    let mut with_room = Known::new(topology, open);
    let mut any = Known::new(topology, usable);
    let paths = topology.network.paths.iter();
    paths
        .map(|path| {
            let way = topology.way_of_path(path, with_room.costs_to(path.to), open);
            way.or_else(|| topology.way_of_path(path, any.costs_to(path.to), usable))
        })
        .collect()
}

/// Costs to places, each searched once.
struct Known<'a> {
    topology: &'a Topology<'a>,
    open: &'a Open,
    costs: Vec<Option<Costs>>,
}

impl<'a> Known<'a> {
    fn new(topology: &'a Topology<'a>, open: &'a Open) -> Self {
        Self { topology, open, costs: vec![None; topology.network.places.len()] }
    }

    fn costs_to(&mut self, place: PlaceId) -> &Costs {
        self.costs[place.index()].get_or_insert_with(|| self.topology.costs_to_place(place, self.open))
    }
}
