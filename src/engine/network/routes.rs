//! The shortest ways while nothing is on them: they depend on levels alone.

use super::placement::Levels;
use super::topology::{Open, Topology};
use super::ways::{Search, Way};

/// What the levels of the network's elements say of every flow and path, whatever the traffic.
///
/// What is shortest stays so while there is capacity left on it, since traffic only takes other ways away. So one of
/// these serves at all times of day.
#[derive(Debug, Clone)]
pub struct Routes {
    /// Where there is a way at all.
    pub(super) usable: Open,
    /// Of each lane, bits per second.
    pub(super) capacities: Vec<f64>,
    pub(super) flows: Vec<Option<Way>>,
    pub(super) paths: Vec<Option<Way>>,
}

impl Routes {
    /// Finds the shortest way of every flow and path.
    #[must_use]
    pub fn new(topology: &Topology<'_>, levels: &Levels) -> Self {
        let usable = topology.usable(levels);
        let capacities = topology.capacities(levels, &usable);
        let mut search = Search::new(topology, &usable);
        let flows = topology.network.traffic.iter().map(|flow| search.flow(flow)).collect();
        let paths = topology.network.paths.iter().map(|path| search.path(path)).collect();
        Self { usable, capacities, flows, paths }
    }
}
