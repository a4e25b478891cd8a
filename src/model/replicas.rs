//! Copies that regions keep of each other's data.

use super::ids::{CompId, ReplicaId};
use crate::law::Law;
use crate::random::StreamName;
use crate::time::SimSpan;

/// A region that holds data, in each of its zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The region.
    pub region: CompId,
    /// Its zones: it stands while one of them is above 0.
    pub zones: Vec<CompId>,
}

impl Holder {
    /// The region and its zones.
    pub fn components(&self) -> impl Iterator<Item = CompId> + '_ {
        std::iter::once(self.region).chain(self.zones.iter().copied())
    }
}

/// The copy of one region's data in another.
#[derive(Debug, Clone, PartialEq)]
pub struct Replica {
    /// "me-central-1 to eu-west-1".
    pub name: String,
    /// Where data is written.
    pub from: Holder,
    /// Where it is copied to.
    pub to: Holder,
    /// The way there; `None` if the network is perfect.
    pub way: Option<CompId>,
    /// Age of the data that is under way, drawn each time the copy becomes current.
    pub lag: Law,
    /// Stream of `lag`.
    pub lag_stream: StreamName,
    /// Time to become current again once there is a way again.
    pub catch_up: Law,
    /// Stream of `catch_up`.
    pub catch_up_stream: StreamName,
}

impl Replica {
    /// A copy named after both regions.
    #[must_use]
    pub fn new(name: impl Into<String>, from: Holder, to: Holder, lag: Law) -> Self {
        let name = name.into();
        let stream = |what: &str| StreamName::new(&format!("replication {name}"), what);
        let (lag_stream, catch_up_stream) = (stream("lag"), stream("catch-up"));
        Self { name, from, to, way: None, lag, lag_stream, catch_up: Law::ZERO, catch_up_stream }
    }
}

/// How far behind a copy may be where users are moved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaxLag {
    /// The most that the home region's data may lag there.
    pub most: SimSpan,
    /// The home region's copy at each place of the route; `None`: there is none. Home itself is not looked at.
    pub replicas: Vec<Option<ReplicaId>>,
}
