//! A model in the making: what the builder is told, with expressions still as trees.

use super::component::{Effect, Kind};
use super::expression::Expression;
use super::ids::{CompId, CrewId, JourneyId, PopulationId, RhythmId, RouteId, ServiceId, SurgeId};
use crate::law::Law;
use crate::time::{SimSpan, SimTime};

/// A component to be.
#[derive(Debug, Clone)]
pub struct ComponentDraft {
    /// Unique path.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Identical units.
    pub units: u32,
    /// Units that suffice.
    pub enough: Option<u32>,
    /// What it needs.
    pub support: Option<Expression>,
    /// What its restart needs.
    pub starts_with: Option<Expression>,
    /// Time to restart.
    pub restart: Law,
    /// Time to come up against a dark cycle.
    pub black_start: Option<Law>,
    /// Set if it runs on demand.
    pub standby: Option<StandbyDraft>,
    /// Time to re-form and share of failing calls meanwhile.
    pub reconfigure: Option<(Law, Law)>,
    /// Ways of failing.
    pub modes: Vec<ModeDraft>,
    /// Members, if it is a unit.
    pub members: Vec<CompId>,
    /// The service that it is a unit of.
    pub unit_of: Option<ServiceId>,
    /// Corridors in which it lies, and the time that a permit to work there takes.
    pub permits: Vec<(String, Law)>,
}

impl ComponentDraft {
    /// A component that never fails and needs nothing.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            units: 1,
            enough: None,
            support: None,
            starts_with: None,
            restart: Law::ZERO,
            black_start: None,
            standby: None,
            reconfigure: None,
            modes: Vec::new(),
            members: Vec::new(),
            unit_of: None,
            permits: Vec::new(),
        }
    }

    /// Adds a failure mode.
    #[must_use]
    pub fn failing(mut self, mode: ModeDraft) -> Self {
        self.modes.push(mode);
        self
    }

    /// Sets what it needs.
    #[must_use]
    pub fn needing(mut self, support: Expression) -> Self {
        self.support = Some(support);
        self
    }
}

/// A standby to be.
#[derive(Debug, Clone)]
pub struct StandbyDraft {
    /// Time from demand to service.
    pub starts_in: Law,
    /// Probability that a start fails.
    pub fails_to_start: f64,
    /// How a failure to start is mended.
    pub repair: RepairDraft,
    /// Clock speed while idle.
    pub dormancy: f64,
}

/// A failure mode to be.
#[derive(Debug, Clone)]
pub struct ModeDraft {
    /// Its name.
    pub name: String,
    /// Time to failure.
    pub every: Law,
    /// What it does.
    pub effect: Effect,
    /// When its clock runs.
    pub clock: ClockDraft,
    /// Rhythm of its clock.
    pub rhythm: Option<RhythmId>,
    /// Time from inspection to inspection, where nobody notices the failure otherwise.
    pub inspection: Option<SimSpan>,
    /// How it ends.
    pub repair: RepairDraft,
}

impl ModeDraft {
    /// A failure that takes its component down, on a calendar clock, mended in `work`.
    #[must_use]
    pub fn down(name: impl Into<String>, every: Law, work: Law) -> Self {
        Self {
            name: name.into(),
            every,
            effect: Effect::Down,
            clock: ClockDraft::Calendar,
            rhythm: None,
            inspection: None,
            repair: RepairDraft::of(work),
        }
    }
}

/// A clock to be.
#[derive(Debug, Clone)]
pub enum ClockDraft {
    /// Always.
    Calendar,
    /// While its component is above 0.
    Operating,
    /// While the condition holds.
    While(Expression),
}

/// A repair to be.
#[derive(Debug, Clone)]
pub struct RepairDraft {
    /// Time to notice.
    pub detect: Law,
    /// Crew pool.
    pub crew: Option<CrewId>,
    /// Time to get there.
    pub travel: Law,
    /// Time to mend.
    pub work: Law,
    /// What it needs to go on.
    pub needs: Option<Expression>,
    /// How many times slower without them, instead of stopping.
    pub without_needs: Option<f64>,
    /// The number of the unknown figure that this is.
    pub unknown_without_needs: Option<usize>,
    /// Larger goes first.
    pub priority: i64,
}

impl RepairDraft {
    /// A repair that begins at once and needs nothing but `work`.
    #[must_use]
    pub fn of(work: Law) -> Self {
        Self {
            detect: Law::ZERO,
            crew: None,
            travel: Law::ZERO,
            work,
            needs: None,
            without_needs: None,
            unknown_without_needs: None,
            priority: 0,
        }
    }
}

/// When a hazard to be occurs.
#[derive(Debug, Clone)]
pub enum OccursDraft {
    /// At known instants.
    At(Vec<SimTime>),
    /// Once between two.
    Between(SimTime, SimTime),
    /// Repeatedly.
    Every(Law),
    /// On a condition.
    When(Expression),
}

/// A hazard to be.
#[derive(Debug, Clone)]
pub struct HazardDraft {
    /// Its name.
    pub name: String,
    /// When it occurs.
    pub occurs: OccursDraft,
    /// Probability that an occurrence happens.
    pub probability: f64,
    /// Its strikes.
    pub strikes: Vec<StrikeDraft>,
    /// Weights, if one of the strikes is drawn.
    pub one_of: Option<Vec<f64>>,
    /// Condition without which an occurrence is called off.
    pub only_while: Option<Expression>,
    /// Mean number of further occurrences that each begets, and the time to them.
    pub clusters: Option<(f64, Law)>,
    /// Rhythm of the time from occurrence to occurrence.
    pub rhythm: Option<RhythmId>,
}

impl HazardDraft {
    /// A hazard whose strikes all strike at each of its occurrences, each of which happens.
    #[must_use]
    pub fn new(name: impl Into<String>, occurs: OccursDraft, strikes: Vec<StrikeDraft>) -> Self {
        Self {
            name: name.into(),
            occurs,
            probability: 1.0,
            strikes,
            one_of: None,
            only_while: None,
            clusters: None,
            rhythm: None,
        }
    }
}

/// A strike to be.
#[derive(Debug, Clone)]
pub struct StrikeDraft {
    /// Its name.
    pub name: String,
    /// What it may hit, wave by wave.
    pub targets: Vec<TargetDraft>,
    /// Time from wave to wave and the wave of each target, in order, if it strikes in waves.
    pub waves: Option<(Law, Vec<u32>)>,
    /// What it does.
    pub effect: Effect,
    /// Probability of hitting a target.
    pub hits: f64,
    /// Time from occurrence to effect.
    pub delay: Law,
    /// How it ends.
    pub repair: RepairDraft,
    /// A repair per target.
    pub each: bool,
}

impl StrikeDraft {
    /// A strike that takes all its targets down at once, with one repair for all.
    #[must_use]
    pub fn down(name: impl Into<String>, targets: Vec<TargetDraft>, repair: RepairDraft) -> Self {
        Self {
            name: name.into(),
            targets,
            waves: None,
            effect: Effect::Down,
            hits: 1.0,
            delay: Law::ZERO,
            repair,
            each: false,
        }
    }
}

/// A target to be.
pub type TargetDraft = CompId;

/// A route to be.
#[derive(Debug, Clone)]
pub struct RouteDraft {
    /// Unique name.
    pub name: String,
    /// Whose.
    pub population: PopulationId,
    /// To which service.
    pub service: ServiceId,
    /// Units, home first.
    pub units: Vec<CompId>,
    /// How it moves.
    pub failover: Option<FailoverDraft>,
}

/// A failover to be.
#[derive(Debug, Clone)]
pub struct FailoverDraft {
    /// Detection time.
    pub detect: Law,
    /// Shift time.
    pub shift: Law,
    /// Probability that a shift works.
    pub works: f64,
    /// Time that home must be whole.
    pub quiet: Law,
    /// Needs by place of the unit that decides.
    pub needs: Vec<Option<Expression>>,
    /// Whether the target's needs count.
    pub needs_at_target: bool,
}

/// A usage to be.
#[derive(Debug, Clone)]
pub struct UsageDraft {
    /// Who.
    pub population: PopulationId,
    /// What.
    pub journey: JourneyId,
    /// Mean requests per second.
    pub requests_per_second: f64,
    /// Calls.
    pub calls: Vec<CallDraft>,
}

/// A call to be.
#[derive(Debug, Clone)]
pub struct CallDraft {
    /// Where to.
    pub to: CallTreeDraft,
    /// Calls per request.
    pub times: f64,
}

/// Where a call to be goes.
#[derive(Debug, Clone)]
pub enum CallTreeDraft {
    /// To a service over routes with shares.
    Service(Vec<(RouteId, f64)>),
    /// To the first alternative that does not refuse.
    FirstOf {
        /// The alternatives.
        of: Vec<CallTreeDraft>,
        /// Switch time.
        switch: Law,
        /// Whether alternatives count as degraded.
        degraded: bool,
    },
    /// To several by weight.
    Mix(Vec<(f64, CallTreeDraft)>),
    /// To one, and while a surge moves calls a share to another.
    Moved {
        /// The surge: its place in the order in which surges are added.
        surge: SurgeId,
        /// Where calls go otherwise.
        stays: Box<CallTreeDraft>,
        /// Where the share goes.
        moves: Box<CallTreeDraft>,
    },
}
