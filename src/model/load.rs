//! Load: what units can serve, what users ask for, and who reacts to overload.

use super::expression::Expression;
use super::ids::{CompId, HazardId, JourneyId, NodeId, PopulationId, RouteId, ServiceId, SignalId, UsageId};
use crate::law::Law;
use crate::random::StreamName;
use crate::time::SimSpan;

/// Load and all that reacts to it; empty where a scenario says nothing of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Load {
    /// Units that serve only so much, or that call other units; whoever calls stands before whom it calls.
    pub units: Vec<UnitLoad>,
    /// How each usage asks; one entry a usage, or none at all where there is no load.
    pub usages: Vec<UsageLoad>,
    /// Priorities of usages, larger first.
    pub priorities: Vec<i64>,
    /// States that others react to.
    pub signals: Vec<Signal>,
    /// Changes of demand.
    pub surges: Vec<Surge>,
    /// What operators do.
    pub responses: Vec<Response>,
}

impl Load {
    /// True if nothing depends on load.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.usages.is_empty()
    }
}

/// A unit that serves only so much, or that calls others.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitLoad {
    /// The unit.
    pub unit: CompId,
    /// What it can serve; `None`: any load.
    pub capacity: Option<Capacity>,
    /// What it calls for each call that it serves.
    pub calls: Vec<UnitCall>,
}

/// What a unit can serve, and what overload does to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Capacity {
    /// Requests per second of each member at level 1; of the unit itself where it has no members. The mean where members differ.
    pub per_member: f64,
    /// The same by member, in their order, where they differ; else empty.
    pub by_member: Vec<f64>,
    /// How far overload eats capacity: served = k (k/a)^gamma of an offered load a above capacity k.
    pub gamma: f64,
    /// Time from a member's restart to its full capacity, which grows linearly.
    pub warm_up: SimSpan,
    /// Set if overload takes parts of it down.
    pub trips: Option<Trips>,
    /// Set if it follows load.
    pub scaling: Option<Autoscaling>,
}

impl Capacity {
    /// What one member can serve at level 1, by its place among them.
    ///
    /// Units: requests per second.
    #[must_use]
    pub fn of_member(&self, place: usize) -> f64 {
        self.by_member.get(place).copied().unwrap_or(self.per_member)
    }

    /// The mean of sizes, and all of them where they differ.
    #[must_use]
    pub fn mean_and_single(sizes: Vec<f64>) -> (f64, Vec<f64>) {
        match sizes.as_slice() {
            [] => (0.0, sizes),
            [first, others @ ..] if others.iter().all(|size| size == first) => (*first, Vec::new()),
            _ => (sizes.iter().sum::<f64>() / sizes.len() as f64, sizes),
        }
    }

    /// What a unit with so many members can serve while all of them are at level 1.
    ///
    /// Units: requests per second.
    #[must_use]
    pub fn of_all(&self, members: usize) -> f64 {
        if self.by_member.is_empty() {
            self.per_member * members.max(1) as f64
        } else {
            self.by_member.iter().sum()
        }
    }
}

/// Parts of a unit that overload takes down, and how they come back.
#[derive(Debug, Clone, PartialEq)]
pub struct Trips {
    /// Offered load over capacity beyond which parts are lost.
    pub at: f64,
    /// Time that it must stay there for the next part to be lost.
    pub after: SimSpan,
    /// Share of the unit's whole capacity that is lost each time.
    pub loses: f64,
    /// Time until a lost part begins to restart.
    pub restart: Law,
    /// Stream of `restart`.
    pub restart_stream: StreamName,
    /// Share of the unit's whole capacity that can restart per second.
    pub rate: f64,
}

/// Capacity that follows load.
#[derive(Debug, Clone, PartialEq)]
pub struct Autoscaling {
    /// Utilisation that it aims at.
    pub target: f64,
    /// Time from one look at utilisation to the next.
    pub every: SimSpan,
    /// Time from a decision to the capacity being there.
    pub lag: Law,
    /// Stream of `lag`.
    pub lag_stream: StreamName,
    /// Largest growth at one look, as a factor of present capacity.
    pub step: f64,
    /// Least and most capacity, as a factor of what is declared.
    pub between: (f64, f64),
    /// Time that less must have sufficed before it shrinks.
    pub down_after: SimSpan,
    /// What must be above 0 for capacity to change.
    pub needs: Option<NodeId>,
}

/// What a unit calls for each call that it serves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitCall {
    /// The member whose need it is: its part of the unit's calls makes them. `None`: all.
    pub member: Option<CompId>,
    /// The unit that is called.
    pub to: CompId,
    /// Calls for each call served.
    pub calls: f64,
    /// What each takes of the capacity of the unit that is called.
    pub weight: f64,
}

/// How a usage asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UsageLoad {
    /// Place of its priority in [`Load::priorities`].
    pub class: usize,
    /// Share of requests that are let in at all.
    pub admit: f64,
    /// Waits before each retry, seconds; empty: none is made.
    pub backoffs: Vec<f64>,
    /// What these follow from, where it is not known.
    pub waits: Option<Waits>,
    /// Set if retries are limited.
    pub budget: Option<RetryBudget>,
    /// By call: set where it keeps users signed in.
    pub sessions: Vec<Option<Session>>,
}

/// How the waits between tries grow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waits {
    /// Retries of a request.
    pub tries: u32,
    /// The first wait, seconds.
    pub first: f64,
    /// What each is of the one before.
    pub grows: f64,
    /// The longest, seconds; may be infinite.
    pub most: f64,
}

impl Waits {
    /// The wait before each retry, seconds.
    ///
    /// Formula: min(first x grows^k, most), k from 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use blackstart::model::Waits;
    /// let waits = Waits { tries: 6, first: 0.5, grows: 2.0, most: 8.0 };
    /// assert_eq!(waits.all(), [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]);
    /// let even = Waits { tries: 2, first: 2.0, grows: 1.0, most: f64::INFINITY };
    /// assert_eq!(even.all(), [2.0, 2.0]);
    /// ```
    #[must_use]
    pub fn all(&self) -> Vec<f64> {
        (0..self.tries).map(|k| (self.first * libm::pow(self.grows, f64::from(k))).min(self.most)).collect()
    }
}

/// A token bucket from which each retry takes one token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryBudget {
    /// Tokens for each request that succeeds.
    pub ratio: f64,
    /// Most tokens of all users together, who start with as many.
    pub most: f64,
}

/// Users who stay signed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Mean length, seconds; exponential.
    pub mean: f64,
    /// Wait before signing in is tried again, seconds.
    pub retry: f64,
    /// The units that keep sessions: by route of the call and place on it. A session ends when its unit is out, or when its users
    /// are moved to where another keeps them.
    pub kept_in: Vec<(RouteId, Vec<CompId>)>,
}

/// A state that others react to: a component at level 1 once the state has held for a time, else at 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// What others depend on.
    pub component: CompId,
    /// What it watches.
    pub watches: Watched,
    /// True while what is watched is above this; with `below`, while it is below.
    pub threshold: f64,
    /// Which side of the threshold counts.
    pub below: bool,
    /// How long it must hold.
    pub holds_for: SimSpan,
}

/// What a signal watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// Share of requests of a journey that fail, of one population or the mean of all.
    Failing {
        /// The journey.
        journey: JourneyId,
        /// The population, if one is named.
        population: Option<PopulationId>,
    },
    /// Offered load over capacity, of the worst unit.
    Utilisation(Vec<CompId>),
}

/// A change of demand.
#[derive(Debug, Clone, PartialEq)]
pub struct Surge {
    /// Its name.
    pub name: String,
    /// When it occurs.
    pub hazard: HazardId,
    /// What it does at its height.
    pub change: Change,
    /// Whose demand changes.
    pub usages: Vec<UsageId>,
    /// Time from nothing to its height.
    pub ramp: Law,
    /// Time at its height.
    pub lasts: Law,
    /// Time from its height to nothing.
    pub decay: Law,
    /// Streams of factor, ramp, length and decay.
    pub streams: [StreamName; 4],
}

/// What a surge does.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Demand times this; drawn per occurrence.
    Factor(Law),
    /// Users more of each usage's population, spread over them by size.
    Adds(Law),
    /// This share of the calls to one service goes to another; see [`super::CallTree::Moved`].
    Moves(Law),
}

/// What operators do about a state.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Its name.
    pub name: String,
    /// What its crew works at: struck when the condition becomes true, mended when it is applied.
    pub component: CompId,
    /// Strikes `component` when the condition becomes true.
    pub hazard: HazardId,
    /// Probability that it works; else it is tried anew while the condition holds.
    pub works: f64,
    /// Stream of whether it works.
    pub works_stream: StreamName,
    /// What it changes.
    pub acts: Vec<Act>,
    /// The calm upon which it is undone.
    pub undo: Option<SignalId>,
}

/// One change that a response makes.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Only this share of requests is let in.
    Admit(Vec<UsageId>, f64),
    /// These members, or units without members, have this capacity, requests per second.
    Capacity(Vec<CompId>, f64),
    /// No more than this share of capacity is let in, so that the rest costs the unit nothing.
    Shed(Vec<CompId>, f64),
    /// Users go to this place of their route.
    Route(Vec<(RouteId, u32)>),
    /// All that the hazard's strikes hold down is mended.
    RollBack(HazardId),
}

/// A surge to be.
#[derive(Debug, Clone)]
pub struct SurgeDraft {
    /// When it occurs: a hazard without strikes, of the surge's name.
    pub hazard: super::HazardDraft,
    /// What it does.
    pub change: Change,
    /// Journeys whose demand changes; empty: all.
    pub journeys: Vec<JourneyId>,
    /// Populations whose demand changes; empty: all.
    pub populations: Vec<PopulationId>,
    /// Time from nothing to its height.
    pub ramp: Law,
    /// Time at its height.
    pub lasts: Law,
    /// Time from its height to nothing.
    pub decay: Law,
}

/// A response to be.
#[derive(Debug, Clone)]
pub struct ResponseDraft {
    /// Its name.
    pub name: String,
    /// Its condition, over signals and components.
    pub when: Expression,
    /// Its times: `detect` to decide, `work` to apply, and the crew.
    pub repair: super::RepairDraft,
    /// Probability that it works.
    pub works: f64,
    /// What it changes.
    pub acts: Vec<ActDraft>,
    /// The calm upon which it is undone.
    pub undo: Option<SignalId>,
}

/// A change to be.
#[derive(Debug, Clone)]
pub enum ActDraft {
    /// Only this share of a journey's requests is let in.
    Admit(JourneyId, f64),
    /// These members, or units without members, have this capacity, requests per second.
    Capacity(Vec<CompId>, f64),
    /// No more than this share of a service's capacity is let in.
    Shed(ServiceId, f64),
    /// Users go to this place of their route.
    Route(Vec<(RouteId, u32)>),
    /// All that the hazard's strikes hold down is mended.
    RollBack(HazardId),
}

/// A unit's load to be; `capacity` has no needs yet.
#[derive(Debug, Clone)]
pub struct UnitLoadDraft {
    /// What the unit serves and calls.
    pub load: UnitLoad,
    /// What must be above 0 for autoscaling to change its capacity.
    pub scaling_needs: Option<Expression>,
}

/// How a usage to be asks.
#[derive(Debug, Clone)]
pub struct UsageLoadDraft {
    /// Larger is served first.
    pub priority: i64,
    /// All but `class`.
    pub load: UsageLoad,
}

impl Default for UsageLoadDraft {
    fn default() -> Self {
        Self { priority: 0, load: UsageLoad { admit: 1.0, ..UsageLoad::default() } }
    }
}
