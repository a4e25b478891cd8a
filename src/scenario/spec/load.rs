//! What a scenario file says of load.

use super::{ExpressionSpec, OccurrenceSpec};
use crate::model::Waits;
use crate::scenario::decode::Spanned;
use crate::scenario::law_spec::LawSpec;
use crate::scenario::sources::Span;
use crate::scenario::unknowns::Figure;

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
    pub gamma: Figure,
    /// Time from a restart to full capacity, microseconds.
    pub warm_up: Figure,
    /// Set if overload takes parts of it down.
    pub trips: Option<TripsSpec>,
    /// Set if it follows load.
    pub autoscaling: Option<AutoscalingSpec>,
}

/// Requests per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::scenario) enum SizeSpec {
    /// Of each member.
    PerMember(Figure),
    /// Of all members of the service, or of those in a region.
    Total(Figure),
}

/// Parts that overload takes down.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct TripsSpec {
    /// Place of its text.
    pub span: Span,
    /// Utilisation beyond which parts are lost.
    pub at: Figure,
    /// Time from part to part, microseconds.
    pub after: Figure,
    /// Share of the whole that is lost each time.
    pub loses: Figure,
    /// Time until a lost part begins to restart.
    pub restart: LawSpec,
    /// Share of the whole that can restart per second.
    pub rate: Figure,
}

/// Capacity that follows load.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct AutoscalingSpec {
    /// Place of its text.
    pub span: Span,
    /// Utilisation that it aims at.
    pub target: Figure,
    /// From look to look, microseconds.
    pub every: Figure,
    /// From decision to capacity.
    pub lag: LawSpec,
    /// Largest growth at one look.
    pub step: Figure,
    /// Least of what is declared.
    pub least: Figure,
    /// Most of what is declared.
    pub most: Figure,
    /// Time that less must have sufficed, microseconds.
    pub down_after: Figure,
    /// What it needs; all of it.
    pub needs: Vec<ExpressionSpec>,
}

/// The load that a need carries.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct CarriesSpec {
    /// The service that is called.
    pub to: Spanned<String>,
    /// Calls for each call served.
    pub calls: Figure,
    /// What each takes of the capacity there.
    pub weight: Figure,
}

/// How users try again.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct RetriesSpec {
    /// Mean wait before each, seconds.
    pub waits: WaitsSpec,
    /// What limits them.
    pub budget: Option<BudgetSpec>,
}

/// Mean waits before retries, seconds: the first grows from try to try up to the longest.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) struct WaitsSpec {
    /// How many.
    pub tries: Figure,
    /// The first.
    pub first: Figure,
    /// What each is of the one before.
    pub grows: Figure,
    /// The longest; may be infinite.
    pub most: Figure,
}

impl WaitsSpec {
    /// Every way in which the lowest and the highest of all waits may come together, with as many tries as there may be.
    pub(in crate::scenario) fn corners(&self) -> impl Iterator<Item = Waits> + '_ {
        (0..8_usize).map(|corner| {
            let end = |figure: Figure, bit: usize| {
                if corner >> bit & 1 == 0 { figure.ends.0 } else { figure.ends.1 }
            };
            Waits {
                tries: self.tries.ends.1 as u32,
                first: end(self.first, 0),
                grows: end(self.grows, 1),
                most: end(self.most, 2),
            }
        })
    }

    /// As far as they are known, with what stands in where they are not.
    pub(in crate::scenario) fn nominal(&self) -> Waits {
        let value = |figure: Figure| figure.value;
        Waits {
            tries: self.tries.count(),
            first: value(self.first),
            grows: value(self.grows),
            most: value(self.most),
        }
    }

    /// True if one of them is not known.
    pub(in crate::scenario) fn is_unknown(&self) -> bool {
        [self.tries, self.first, self.grows, self.most].iter().any(|figure| figure.unknown.is_some())
    }
}

/// A token bucket.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) struct BudgetSpec {
    /// Tokens for each request that succeeds.
    pub ratio: Figure,
    /// Most tokens.
    pub most: MostSpec,
}

/// Whose tokens they are.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) enum MostSpec {
    /// Of all users who make the journey.
    Together(Figure),
    /// Of each user.
    Each(f64),
}

/// Users who stay signed in.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct SessionSpec {
    /// Place of its text.
    pub span: Span,
    /// Mean length, seconds.
    pub mean: Figure,
    /// The service that keeps them.
    pub kept_in: Spanned<String>,
    /// Wait before signing in is tried again, seconds.
    pub retry: Figure,
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
    pub above: Figure,
    /// How long it must hold, microseconds.
    pub holds_for: Figure,
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
    pub works: Figure,
    /// What it changes.
    pub does: Vec<ActSpec>,
    /// The calm upon which it is undone.
    pub undo: Option<CalmSpec>,
}

/// One change that a response makes.
#[derive(Debug, Clone)]
pub(in crate::scenario) enum ActSpec {
    /// Only this share of a journey's requests is let in.
    Admit(Spanned<String>, Figure),
    /// Members of a service have this capacity, requests per second: those in a region, or those that have no size by region.
    Capacity(Spanned<String>, Option<Spanned<String>>, Figure),
    /// No more than this share of a service's capacity is let in.
    Shed(Spanned<String>, Figure),
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
    pub below: Figure,
    /// How long it must hold, microseconds.
    pub holds_for: Figure,
}
