//! Who uses what: services, journeys, populations and their ways to the services.

use super::ids::{CompId, JourneyId, NodeId, PopulationId, RouteId, ServiceId, SurgeId, SwitchId};
use super::profile::Profile;
use super::replicas::MaxLag;
use crate::law::Law;
use crate::random::StreamName;
use crate::time::SimSpan;

/// A service and its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Label for reports, without behaviour.
    pub plane: Option<String>,
    /// Its units.
    pub units: Vec<CompId>,
}

/// From when on users count as down or degraded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objective {
    /// Share of each calendar month in which the journey shall not be down.
    pub availability: Option<f64>,
    /// Error share from which on it is down.
    pub down_at: f64,
    /// Outages shorter than this count as degraded.
    pub shortest_outage: SimSpan,
    /// Error share above which it is degraded.
    pub degraded_above: f64,
    /// Time that a request spends on the network above which it counts as degraded.
    pub latency_limit: Option<SimSpan>,
}

impl Default for Objective {
    fn default() -> Self {
        Self {
            availability: None,
            down_at: 0.05,
            shortest_outage: SimSpan::from_micros(crate::time::MICROS_PER_MINUTE),
            degraded_above: 0.001,
            latency_limit: None,
        }
    }
}

/// What a user does.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// Its name.
    pub name: String,
    /// When it counts as down.
    pub objective: Objective,
}

/// A group of users in one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// Its name.
    pub name: String,
    /// Number of users.
    pub users: f64,
    /// Demand over time, relative to its mean.
    pub profile: Profile,
}

/// A journey as made by one population.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    /// Who.
    pub population: PopulationId,
    /// What.
    pub journey: JourneyId,
    /// Mean requests per second of the whole population.
    pub requests_per_second: f64,
    /// Its calls, in order.
    pub calls: Vec<Call>,
}

/// One call of a journey.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Where it goes.
    pub to: CallTree,
    /// Calls per request.
    pub times: f64,
}

/// Where a call goes.
#[derive(Debug, Clone, PartialEq)]
pub enum CallTree {
    /// To a service, over routes with shares that add up to 1.
    Service(Vec<(RouteId, f64)>),
    /// To the first alternative that does not refuse.
    FirstOf {
        /// The alternatives, best first.
        of: Vec<CallTree>,
        /// Its state: one entry for each alternative but the last, from here on.
        switch: SwitchId,
        /// True if being served by an alternative counts as degraded.
        degraded: bool,
    },
    /// To several, by weights that add up to 1.
    Mix(Vec<(f64, CallTree)>),
    /// To one service, but while a surge moves calls a share of them to another.
    Moved {
        /// The surge, and so the share.
        surge: SurgeId,
        /// Where calls go otherwise.
        stays: Box<CallTree>,
        /// Where that share goes.
        moves: Box<CallTree>,
    },
}

/// The time it takes to turn to the next alternative.
#[derive(Debug, Clone, PartialEq)]
pub struct Switch {
    /// Switch time, drawn at each onset of refusal.
    pub takes: Law,
    /// Its stream.
    pub stream: StreamName,
}

/// The way of (a share of) a population to one service.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// "gulf to opus".
    pub name: String,
    /// Whose.
    pub population: PopulationId,
    /// To which service.
    pub service: ServiceId,
    /// The units it may use, home first.
    pub units: Vec<CompId>,
    /// How it moves between them; `None`: it stays at home.
    pub failover: Option<Failover>,
    /// For each unit the ways to it through the network; empty if the network is perfect.
    pub landings: Vec<Vec<Landing>>,
    /// How far behind home's data may be where users are moved to; `None`: no matter how far.
    pub max_lag: Option<MaxLag>,
}

/// A way through the network to a unit of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// The way.
    pub path: CompId,
    /// The unit's members where it ends; one of them must be above 0. A provider without members has none.
    pub members: Vec<CompId>,
}

/// How users are moved from a failing unit to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Failover {
    /// Time that calls must fail before a move begins.
    pub detect: Law,
    /// Time that a move takes.
    pub shift: Law,
    /// Probability that a move works.
    pub works: f64,
    /// Time that home must be whole before users move back.
    pub quiet: Law,
    /// What must be above 0 for a move to go on, by the place of the unit that decides.
    pub needs: Vec<Option<NodeId>>,
    /// True if `needs` are those of the target, false if of the unit left.
    pub needs_at_target: bool,
    /// Streams.
    pub streams: FailoverStreams,
}

/// The streams that a failover draws from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FailoverStreams {
    /// Detection times.
    pub detect: StreamName,
    /// Shift times.
    pub shift: StreamName,
    /// Whether a shift works.
    pub works: StreamName,
    /// Quiet times.
    pub quiet: StreamName,
}

impl FailoverStreams {
    /// The streams of the route `name`.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self {
            detect: StreamName::new(name, "failover detect"),
            shift: StreamName::new(name, "failover shift"),
            works: StreamName::new(name, "failover works"),
            quiet: StreamName::new(name, "failover quiet"),
        }
    }
}
