//! The network, as the builder is told of it.

use super::Builder;
use crate::law::Law;
use crate::model::component::Kind;
use crate::model::draft::ComponentDraft;
use crate::model::ids::{CompId, EdgeId, JourneyId, PlaceId, RouteId, SiteId};
use crate::model::network::{Edge, Flow, Network, Path, Place, Site};
use crate::model::users::Landing;
use crate::random::StreamName;

impl Builder {
    /// Says over which ways each unit of a route is reached.
    pub fn landings(&mut self, route: RouteId, landings: Vec<Vec<Landing>>) {
        self.landings[route.index()] = landings;
    }

    /// The network as far as it has been told.
    #[must_use]
    pub const fn network(&self) -> &Network {
        &self.network
    }

    /// Adds a site, whose failures are those of `component`.
    pub fn site(&mut self, component: CompId) -> SiteId {
        let convergence_stream = StreamName::new(self.name_of(component), "convergence");
        self.network.sites.push(Site { component, convergence_stream });
        SiteId::at(self.network.sites.len() - 1)
    }

    /// Adds an edge between two sites, whose failures are those of `component`.
    ///
    /// Units: bits per second each way (infinite: no limit); nanoseconds one way.
    pub fn edge(
        &mut self,
        component: CompId,
        ends: (SiteId, SiteId),
        capacity: f64,
        latency_nanos: u64,
    ) -> EdgeId {
        let convergence_stream = StreamName::new(self.name_of(component), "convergence");
        self.network.edges.push(Edge { component, ends, capacity, latency_nanos, convergence_stream });
        EdgeId::at(self.network.edges.len() - 1)
    }

    /// Adds somebody who joins the network.
    pub fn place(&mut self, name: impl Into<String>, joins: Vec<(SiteId, u64)>) -> PlaceId {
        self.network.places.push(Place { name: name.into(), joins });
        PlaceId::at(self.network.places.len() - 1)
    }

    /// The way from one place to another: the component that stands for it, made once.
    pub fn path(&mut self, from: PlaceId, to: PlaceId) -> CompId {
        let known = self.network.paths.iter().find(|p| (p.from, p.to) == (from, to));
        if let Some(path) = known {
            return path.component;
        }
        let name = |place: PlaceId| &self.network.places[place.index()].name;
        let name = format!("{} to {}", name(from), name(to));
        let component = self.component(ComponentDraft::new(name, Kind::Path));
        self.network.paths.push(Path { from, to, component });
        component
    }

    /// Adds background traffic; it is placed in the order in which it is added.
    pub fn flow(&mut self, flow: Flow) {
        self.network.traffic.push(flow);
    }

    /// Sets the time from a change of a site or edge to the routes that take account of it.
    pub fn convergence(&mut self, takes: Law) {
        self.network.convergence = (!takes.is_zero()).then_some(takes);
    }

    /// Says how much each call of a journey sends each way.
    ///
    /// Units: bits.
    pub fn bits_per_call(&mut self, journey: JourneyId, bits: f64) {
        self.network.bits_per_call.push((journey, bits));
    }
}
