//! Shortest ways: least latency, then fewest edges, then first by name.

use petgraph::algo::dijkstra;
use petgraph::graph::NodeIndex;
use petgraph::visit::{EdgeFiltered, EdgeRef};

use super::placement::Levels;
use super::topology::{Cost, Lane, Open, Topology};
use crate::model::{EdgeId, Network, Path, PlaceId, SiteId};

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

/// Costs of the shortest ways from each site to one target.
#[derive(Debug, Clone)]
pub(super) struct Costs {
    from: Vec<Option<Cost>>,
}

impl Topology<'_> {
    /// Costs to a site.
    pub(super) fn costs_to_site(&self, site: SiteId, open: &Open) -> Costs {
        if open.sites[site.index()] {
            self.costs_to(Self::site_node(site), open)
        } else {
            Costs { from: vec![None; self.leaving.len()] }
        }
    }

    /// Costs to a place, by whichever of the sites that it joins.
    pub(super) fn costs_to_place(&self, place: PlaceId, open: &Open) -> Costs {
        self.costs_to(self.place_node(place), open)
    }

    fn costs_to(&self, target: NodeIndex, open: &Open) -> Costs {
        let passable = EdgeFiltered::from_fn(&self.back, |arc| open.arcs[arc.id().index()]);
        let reached = dijkstra(&passable, target, None, |arc| *arc.weight());
        let mut from = vec![None; self.leaving.len()];
        for (node, cost) in reached {
            // Places stand after the sites.
            if let Some(site) = from.get_mut(node.index()) {
                *site = Some(cost);
            }
        }
        Costs { from }
    }

    /// The shortest way from a site to the target of `costs`.
    pub(super) fn way_from_site(&self, site: SiteId, costs: &Costs, open: &Open) -> Option<Way> {
        let cost = costs.from[site.index()]?;
        Some(self.walk(site, cost, cost.latency, costs, open))
    }

    /// The shortest way of a path to the place that `costs` are to.
    pub(super) fn way_of_path(&self, path: &Path, costs: &Costs, open: &Open) -> Option<Way> {
        let joins = self.joins[path.from.index()].iter();
        let starts = joins.filter_map(|(site, latency)| {
            let rest = costs.from[site.index()]?;
            Some((Cost::join(*latency) + rest, *site, rest))
        });
        // Joins stand in order of name, and the first of equals is taken.
        let (whole, site, rest) = starts.min_by_key(|(whole, ..)| *whole)?;
        Some(self.walk(site, rest, whole.latency, costs, open))
    }

    /// Follows the costs down to the target. Each step has fewer edges before it, so that it ends.
    fn walk(&self, first: SiteId, mut cost: Cost, latency_nanos: u64, costs: &Costs, open: &Open) -> Way {
        let mut edges = Vec::with_capacity(cost.edges as usize);
        let mut at = first;
        while cost.edges > 0 {
            let Some((lane, rest)) = self.step(at, cost, costs, open) else { break };
            edges.push((lane.edge, lane.forward));
            (at, cost) = (lane.to, rest);
        }
        Way { first, edges, latency_nanos }
    }

    /// The first lane by name that lies on a shortest way, and the cost after it.
    fn step(&self, at: SiteId, cost: Cost, costs: &Costs, open: &Open) -> Option<(Lane, Cost)> {
        self.leaving[at.index()].iter().filter(|lane| open.arcs[lane.index()]).find_map(|lane| {
            let rest = costs.from[lane.to.index()]?;
            let whole = Cost::edge(&self.network.edges[lane.edge.index()]) + rest;
            (whole == cost).then_some((*lane, rest))
        })
    }
}
