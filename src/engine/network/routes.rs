//! The shortest ways while nothing is on them: they depend on levels alone.

use super::placement::Levels;
use super::topology::{Open, Topology};
use super::ways::{Search, Way};
use crate::model::Network;

/// What the levels of the network's elements say of every flow and path before any traffic is placed.
///
/// What is shortest stays so while there is capacity left on it.
#[derive(Debug, Clone)]
pub(super) struct Routes {
    /// Where there is a way at all.
    pub(super) usable: Open,
    /// Of each lane, bits per second.
    pub(super) capacities: Vec<f64>,
    pub(super) shortest: Shortest,
}

impl Routes {
    /// Finds the shortest way of every flow and path.
    pub(super) fn new(topology: &Topology<'_>, levels: &Levels) -> Self {
        let usable = topology.usable(levels);
        let capacities = topology.capacities(levels, &usable);
        let mut search = Search::new(topology, &usable);
        let Network { traffic, paths, .. } = topology.network;
        let flows = traffic.iter().zip(&topology.whole.flows);
        let flows = flows.map(|(flow, known)| still_shortest(known, &usable, || search.flow(flow))).collect();
        let paths = paths.iter().zip(&topology.whole.paths);
        let paths = paths.map(|(path, known)| still_shortest(known, &usable, || search.path(path))).collect();
        Self { usable, capacities, shortest: Shortest { flows, paths } }
    }
}

/// The shortest way of each flow and path.
#[derive(Debug, Clone, Default)]
pub(super) struct Shortest {
    pub(super) flows: Vec<Option<Way>>,
    pub(super) paths: Vec<Option<Way>>,
}

impl Shortest {
    /// While everything is up.
    pub(super) fn whole(topology: &Topology<'_>) -> Self {
        let open = topology.usable(&Levels::whole(topology.network));
        let mut search = Search::new(topology, &open);
        let flows = topology.network.traffic.iter().map(|flow| search.flow(flow)).collect();
        let paths = topology.network.paths.iter().map(|path| search.path(path)).collect();
        Self { flows, paths }
    }
}

/// The shortest way, if `known` was it when more was open: ways were only taken away, so it still is unless it is
/// one of those. Where there was none, there is none.
pub(super) fn still_shortest(
    known: &Option<Way>,
    open: &Open,
    search: impl FnOnce() -> Option<Way>,
) -> Option<Way> {
    let known = known.as_ref()?;
    if open.passes(known) { Some(known.clone()) } else { search() }
}
