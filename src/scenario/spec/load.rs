//! What a scenario file says of load.

use super::{ExpressionSpec, OccurrenceSpec};
use crate::scenario::decode::Spanned;
use crate::scenario::law_spec::LawSpec;
use crate::scenario::sources::Span;

/// What a service can serve.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct CapacitySpec {
    /// Place of its text.
    pub span: Span,
    /// How much; `None` where every region has a size of its own.
    pub size: Option<Spanned<SizeSpec>>,
    /// How much in single regions.
    pub in_regions: Vec<(Spanned<String>, SizeSpec)>,
    /// How far overload eats it.
    pub gamma: f64,
    /// Time from a restart to full capacity, microseconds.
    pub warm_up: f64,
    /// Set if overload takes parts of it down.
    pub trips: Option<TripsSpec>,
    /// Set if it follows load.
    pub autoscaling: Option<AutoscalingSpec>,
}

/// Requests per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::scenario) enum SizeSpec {
    /// Of each member.
    PerMember(f64),
    /// Of all members of the service, or of those in a region.
    Total(f64),
}

/// Parts that overload takes down.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct TripsSpec {
    /// Place of its text.
    pub span: Span,
    /// Utilisation beyond which parts are lost.
    pub at: f64,
    /// Time from part to part, microseconds.
    pub after: f64,
    /// Share of the whole that is lost each time.
    pub loses: f64,
    /// Time until a lost part begins to restart.
    pub restart: LawSpec,
    /// Share of the whole that can restart per second.
    pub rate: f64,
}

/// Capacity that follows load.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct AutoscalingSpec {
    /// Place of its text.
    pub span: Span,
    /// Utilisation that it aims at.
    pub target: f64,
    /// From look to look, microseconds.
    pub every: f64,
    /// From decision to capacity.
    pub lag: LawSpec,
    /// Largest growth at one look.
    pub step: f64,
    /// Least of what is declared.
    pub least: f64,
    /// Most of what is declared.
    pub most: f64,
    /// Time that less must have sufficed, microseconds.
    pub down_after: f64,
    /// What it needs; all of it.
    pub needs: Vec<ExpressionSpec>,
}

/// The load that a need carries.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct CarriesSpec {
    /// The service that is called.
    pub to: Spanned<String>,
    /// Calls for each call served.
    pub calls: f64,
    /// What each takes of the capacity there.
    pub weight: f64,
}

/// How users try again.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct RetriesSpec {
    /// Mean wait before each, seconds.
    pub backoffs: Vec<f64>,
    /// What limits them.
    pub budget: Option<BudgetSpec>,
}

/// A token bucket.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) struct BudgetSpec {
    /// Tokens for each request that succeeds.
    pub ratio: f64,
    /// Most tokens.
    pub most: MostSpec,
}

/// Whose tokens they are.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) enum MostSpec {
    /// Of all users who make the journey.
    Together(f64),
    /// Of each user.
    Each(f64),
}

/// Users who stay signed in.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct SessionSpec {
    /// Place of its text.
    pub span: Span,
    /// Mean length, seconds.
    pub mean: f64,
    /// The service that keeps them.
    pub kept_in: Spanned<String>,
    /// Wait before signing in is tried again, seconds.
    pub retry: f64,
}

/// A change of demand.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct SurgeSpec {
    /// Place of its text.
    pub span: Span,
    /// When it occurs.
    pub occurrence: OccurrenceSpec,
    /// Journeys concerned; `None`: all.
    pub journeys: Option<Vec<Spanned<String>>>,
    /// Populations concerned; `None`: all.
    pub users: Option<Vec<Spanned<String>>>,
    /// What it does.
    pub change: ChangeSpec,
    /// From nothing to its height.
    pub ramp: LawSpec,
    /// At its height.
    pub lasts: LawSpec,
    /// From its height to nothing.
    pub decay: LawSpec,
}

/// What a surge does.
#[derive(Debug, Clone)]
pub(in crate::scenario) enum ChangeSpec {
    /// Demand times this.
    Factor(LawSpec),
    /// Users more.
    Adds(LawSpec),
    /// Calls go elsewhere.
    Moves(Box<MovesSpec>),
}

/// Calls that go elsewhere.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct MovesSpec {
    /// The service that they leave.
    pub from: Spanned<String>,
    /// The service that they go to.
    pub to: Spanned<String>,
    /// How many of them.
    pub share: LawSpec,
}

/// A state of load that others react to.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct StateSpec {
    /// What is watched.
    pub watches: WatchesSpec,
    /// Above what.
    pub above: f64,
    /// How long it must hold, microseconds.
    pub holds_for: f64,
}

/// What is watched.
#[derive(Debug, Clone)]
pub(in crate::scenario) enum WatchesSpec {
    /// A journey's failing share, of one population or of all.
    Failing(Spanned<String>, Option<Spanned<String>>),
    /// Utilisation of the units of a service, or of one unit.
    Overloaded(Spanned<String>),
}

/// What operators do about a state.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct ResponseSpec {
    /// Place of its text.
    pub span: Span,
    /// The state.
    pub when: ExpressionSpec,
    /// Crew pool.
    pub crew: Option<Spanned<String>>,
    /// Time to decide.
    pub decide: LawSpec,
    /// Time to apply.
    pub apply: LawSpec,
    /// Probability that it works.
    pub works: f64,
    /// What it changes.
    pub does: Vec<ActSpec>,
    /// The calm upon which it is undone.
    pub undo: Option<CalmSpec>,
}

/// One change that a response makes.
#[derive(Debug, Clone)]
pub(in crate::scenario) enum ActSpec {
    /// Only this share of a journey's requests is let in.
    Admit(Spanned<String>, f64),
    /// Members of a service have this capacity, requests per second: those in a region, or those that have no size by region.
    Capacity(Spanned<String>, Option<Spanned<String>>, f64),
    /// No more than this share of a service's capacity is let in.
    Shed(Spanned<String>, f64),
    /// Users go to the first of these regions that serves them.
    Route(Spanned<String>, Vec<Spanned<String>>),
    /// What a hazard holds down is mended.
    RollBack(Spanned<String>),
}

/// When a response is undone.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) struct CalmSpec {
    /// Place of its text.
    pub span: Span,
    /// Below what.
    pub below: f64,
    /// How long it must hold, microseconds.
    pub holds_for: f64,
}
