//! The validated system as flat arrays with typed ids.
//!
//! A [`Model`] comes only from [`Builder::build`], so it cannot be invalid: every id points into its array,
//! levels can be solved, and needs inside a cycle are met or not.

mod build;
mod certain;
mod component;
mod costs;
mod cuts;
mod draft;
mod expression;
mod graph;
mod hazard;
mod ids;
mod load;
mod network;
mod profile;
mod recovery;
mod replicas;
mod rhythm;
mod unknown;
mod users;
mod week;

pub use build::{Builder, ModelError};
pub use component::{
    Clock, Component, Crew, Effect, Hold, Kind, Mode, Permit, Reconfigure, Repair, RepairStreams, Standby,
    StandbyGroup,
};
pub use costs::{CostItem, Costs};
pub use cuts::{Cut, Cuts, cuts, direct_inputs, routes_of, taken_down_by};
pub use draft::{
    CallDraft, CallTreeDraft, ClockDraft, ComponentDraft, FailoverDraft, HazardDraft, ModeDraft, OccursDraft,
    RepairDraft, RouteDraft, StandbyDraft, StrikeDraft, TargetDraft, UsageDraft,
};
pub use expression::{
    Expression, Expressions, Holdover, Need, Node, NodeFigure, NodeKind, Parent, Root, UncertainGate,
    gate_value, leaf_value, threshold,
};
pub use graph::{Graph, root_of};
pub use hazard::{Clusters, Hazard, Occurs, Strike, Target};
pub use ids::{
    CauseId, CompId, CrewId, EdgeId, GroupId, HazardId, HoldId, JourneyId, ModeId, NodeId, PathId, PlaceId,
    PopulationId, RepairId, ReplicaId, ResponseId, RhythmId, RouteId, ServiceId, SignalId, SiteId, StrikeId,
    SurgeId, SwitchId, UsageId,
};
pub use load::{
    Act, ActDraft, Autoscaling, Capacity, Change, Load, Response, ResponseDraft, RetryBudget, Session,
    Signal, Surge, SurgeDraft, Trips, UnitCall, UnitLoad, UnitLoadDraft, UsageLoad, UsageLoadDraft, Waits,
    Watched,
};
pub use network::{Edge, Flow, Network, Path, Place, Site};
pub use profile::{Profile, STEP_MICROS};
pub use recovery::{Stuck, recovery_groups, stuck_cycles};
pub use replicas::{Holder, MaxLag, Replica};
pub use rhythm::Rhythm;
pub use unknown::{
    BEYOND, Price, SharedTokens, Split, SplitPlace, UnitFigure, Unknown, UnknownNumber, UnknownPlace,
    UnknownWeek, Unknowns, UsageFigure, WeekPlace, nominal,
};
pub use users::{
    Call, CallTree, Failover, FailoverStreams, Journey, Landing, Objective, Population, Route, Service,
    Switch, Usage,
};
pub use week::{Day, Days, Week, Weights};

use crate::time::{SimSpan, SimTime};

/// A calendar month, UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// "2026-03".
    pub label: String,
    /// When it begins, in microseconds since the scenario's start; negative if before.
    pub begins_micros: i64,
    /// Its full length.
    pub length: SimSpan,
}

/// A system whose failures can be simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What the scenario is called.
    pub title: String,
    /// Start of simulated time: microseconds since 1970-01-01T00:00:00Z.
    pub start_unix_micros: i64,
    /// End of simulated time; events at it still happen.
    pub horizon: SimTime,
    /// True: failure clocks have run for ever (stationary); false: they start with the scenario.
    pub aged: bool,
    /// The calendar months (UTC) that the horizon touches.
    pub months: Vec<Month>,
    /// Everything that can fail.
    pub components: Vec<Component>,
    /// Ways of failing.
    pub modes: Vec<Mode>,
    /// Rhythms of failure clocks and hazards.
    pub rhythms: Vec<Rhythm>,
    /// Repair procedures.
    pub repairs: Vec<Repair>,
    /// Crew pools.
    pub crews: Vec<Crew>,
    /// Needs and conditions.
    pub expressions: Expressions,
    /// Holdovers.
    pub holds: Vec<Hold>,
    /// Standbys by the need that they stand in.
    pub groups: Vec<StandbyGroup>,
    /// Common causes.
    pub hazards: Vec<Hazard>,
    /// What they strike.
    pub strikes: Vec<Strike>,
    /// Services.
    pub services: Vec<Service>,
    /// Journeys.
    pub journeys: Vec<Journey>,
    /// Populations.
    pub populations: Vec<Population>,
    /// Journeys by population.
    pub usages: Vec<Usage>,
    /// Ways to services.
    pub routes: Vec<Route>,
    /// Switch times of alternatives.
    pub switches: Vec<Switch>,
    /// The network.
    pub network: Network,
    /// Copies that regions keep of each other's data.
    pub replicas: Vec<Replica>,
    /// What it costs, if anything does.
    pub costs: Option<Costs>,
    /// Load, and who reacts to it.
    pub load: Load,
    /// Figures that nobody knows.
    pub unknowns: Unknowns,
    /// Names of causes; the first stands for "no initiating event".
    pub causes: Vec<String>,
    /// Who depends on whom.
    pub graph: Graph,
}

impl Model {
    /// The component of that name.
    #[must_use]
    pub fn component_named(&self, name: &str) -> Option<CompId> {
        self.components.iter().position(|c| c.name == name).map(CompId::at)
    }

    /// "chat gulf": the journey and the population of a usage.
    #[must_use]
    pub fn usage_name(&self, usage: UsageId) -> (&str, &str) {
        let u = &self.usages[usage.index()];
        (&self.journeys[u.journey.index()].name, &self.populations[u.population.index()].name)
    }

    /// The cause that stands for ordinary demand, where load matters.
    #[must_use]
    pub fn ordinary_demand(&self) -> Option<CauseId> {
        let is_last = self.causes.last().is_some_and(|name| name == Self::ORDINARY_DEMAND);
        (is_last && !self.load.is_empty()).then(|| CauseId::at(self.causes.len() - 1))
    }

    /// What attribution calls demand that nothing has raised, where it is too much for a system of which nothing is impaired.
    pub const ORDINARY_DEMAND: &'static str = "ordinary demand";

    /// The cause that stands for "no initiating event".
    pub const NO_CAUSE: CauseId = CauseId(0);
}
