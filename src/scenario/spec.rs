//! What a scenario file says, typed but with names still unresolved.

use super::decode::Spanned;
use super::law_spec::LawSpec;
use super::sources::Span;
use super::unknowns::Figure;
use crate::model::Week;

mod load;

pub(super) use load::{
    ActSpec, AutoscalingSpec, BudgetSpec, CalmSpec, CapacitySpec, CarriesSpec, ChangeSpec, MostSpec,
    MovesSpec, ResponseSpec, RetriesSpec, SessionSpec, SizeSpec, StateSpec, SurgeSpec, TripsSpec, WaitsSpec,
    WatchesSpec,
};

/// Entries of a map with their names, in written order.
pub(super) type Named<T> = Vec<(Spanned<String>, T)>;

/// A scenario.
#[derive(Debug, Clone)]
pub(super) struct ScenarioSpec {
    /// Place of its name.
    pub span: Span,
    /// What it is called.
    pub title: String,
    /// Start of simulated time, microseconds since 1970.
    pub start_unix_micros: i64,
    /// Length of simulated time, microseconds.
    pub horizon: f64,
    /// Whether failure clocks start stationary; `None`: if it is a replay.
    pub aged: Option<bool>,
    /// What zones are built from.
    pub zone_kinds: Named<ZoneKindSpec>,
    /// Regions.
    pub regions: Named<RegionSpec>,
    /// Crew pools.
    pub crews: Named<CrewSpec>,
    /// Sites of the network.
    pub sites: Named<SiteSpec>,
    /// Corridors.
    pub corridors: Named<CorridorSpec>,
    /// Subsea cables.
    pub cables: Named<CableSpec>,
    /// Links.
    pub links: Named<LinkSpec>,
    /// Time from a change of a site or edge to the routes that take account of it.
    pub convergence: Option<LawSpec>,
    /// Background traffic.
    pub traffic: Named<FlowSpec>,
    /// Services.
    pub services: Named<ServiceSpec>,
    /// Journeys.
    pub journeys: Named<JourneySpec>,
    /// Populations.
    pub users: Named<PopulationSpec>,
    /// Hazards.
    pub hazards: Named<HazardSpec>,
    /// The currency of all money.
    pub currency: Option<String>,
    /// Time over which capital is spread, microseconds.
    pub lifetime: Option<Figure>,
    /// Surges.
    pub surges: Named<SurgeSpec>,
    /// Responses.
    pub responses: Named<ResponseSpec>,
}

/// What every component may say.
#[derive(Debug, Clone)]
pub(super) struct ComponentSpec {
    /// Place of its text.
    pub span: Span,
    /// Failure modes.
    pub failures: Named<ModeSpec>,
    /// Needs; all of them.
    pub needs: Vec<ExpressionSpec>,
    /// What its restart needs; all of it.
    pub starts_with: Vec<ExpressionSpec>,
    /// Time to restart.
    pub restart: LawSpec,
    /// Time to come up against a dark cycle.
    pub black_start: Option<LawSpec>,
    /// Identical units.
    pub count: Spanned<u32>,
    /// Units that suffice.
    pub enough: Option<Spanned<Figure>>,
    /// Set if it runs on demand.
    pub standby: Option<StandbySpec>,
    /// What it costs, each unit of it.
    pub cost: Option<CostSpec>,
}

/// An amount of money, or of money per second.
#[derive(Debug, Clone)]
pub(super) struct MoneySpec {
    /// How much.
    pub amount: Figure,
    /// In which currency.
    pub currency: String,
    /// Its place.
    pub span: Span,
}

/// What a component costs.
#[derive(Debug, Clone)]
pub(super) struct CostSpec {
    /// Once.
    pub capital: Option<MoneySpec>,
    /// All the time, per second.
    pub running: Option<MoneySpec>,
}

impl ComponentSpec {
    /// A component of which nothing is said.
    pub(super) fn silent(span: Span) -> Self {
        Self {
            span,
            failures: Vec::new(),
            needs: Vec::new(),
            starts_with: Vec::new(),
            restart: LawSpec::Fixed(0.0),
            black_start: None,
            count: Spanned { value: 1, span },
            enough: None,
            standby: None,
            cost: None,
        }
    }
}

/// A standby.
#[derive(Debug, Clone)]
pub(super) struct StandbySpec {
    /// Place of its text.
    pub span: Span,
    /// Time from demand to service.
    pub starts_in: LawSpec,
    /// Probability that a start fails.
    pub fails_to_start: Figure,
    /// How that is mended.
    pub repair: Option<RepairSpec>,
    /// Clock speed while idle.
    pub dormancy: Figure,
}

/// A failure mode.
#[derive(Debug, Clone)]
pub(super) struct ModeSpec {
    /// Time to failure.
    pub every: LawSpec,
    /// What it does.
    pub effect: EffectSpec,
    /// When its clock runs.
    pub clock: ClockSpec,
    /// What its clock's speed is multiplied by.
    pub rhythm: Option<RhythmSpec>,
    /// From inspection to inspection, microseconds.
    pub inspection: Option<Figure>,
    /// How it ends.
    pub repair: RepairSpec,
}

/// What a failure does.
#[derive(Debug, Clone)]
pub(super) struct EffectSpec {
    /// Which effect.
    pub kind: EffectKind,
    /// Its place.
    pub span: Span,
}

/// Which effect.
#[derive(Debug, Clone)]
pub(super) enum EffectKind {
    /// Out.
    Down,
    /// A level is left.
    Capacity(LawSpec),
    /// A share of calls fails.
    Errors(LawSpec),
}

/// When a failure clock runs.
#[derive(Debug, Clone)]
pub(super) enum ClockSpec {
    /// Always.
    Calendar,
    /// While up.
    Operating,
    /// While a condition holds.
    While(ExpressionSpec),
}

/// The speed of a clock by hour of the week.
#[derive(Debug, Clone)]
pub(super) struct RhythmSpec {
    /// Place of its text.
    pub span: Span,
    /// Relative speed.
    pub week: Week<Figure>,
}

/// How a failure ends.
#[derive(Debug, Clone)]
pub(super) enum RepairSpec {
    /// After a time.
    Law(LawSpec),
    /// By a crew with its own travel and work, or after a time: a text may be either.
    Text(Spanned<String>),
    /// Step by step.
    Steps(Box<StepsSpec>),
}

/// The steps of a repair.
#[derive(Debug, Clone)]
pub(super) struct StepsSpec {
    /// Place of its text.
    pub span: Span,
    /// Time to notice.
    pub detect: LawSpec,
    /// Crew pool.
    pub crew: Option<Spanned<String>>,
    /// Time to get there.
    pub travel: Option<LawSpec>,
    /// Time to mend.
    pub work: Option<LawSpec>,
    /// What it needs; all of it.
    pub needs: Vec<ExpressionSpec>,
    /// How many times slower without.
    pub without_needs: Option<Figure>,
    /// Larger goes first.
    pub priority: i64,
}

/// An expression over components and services.
#[derive(Debug, Clone)]
pub(super) struct ExpressionSpec {
    /// Which.
    pub kind: ExpressionKind,
    /// Its place.
    pub span: Span,
}

/// Which expression.
#[derive(Debug, Clone)]
pub(super) enum ExpressionKind {
    /// A component or service.
    Name(Spanned<String>),
    /// Smallest.
    All(Vec<ExpressionSpec>),
    /// Largest.
    Any(Vec<ExpressionSpec>),
    /// k-th largest.
    AtLeast(Spanned<Figure>, Vec<ExpressionSpec>),
    /// Mean.
    Share(Vec<ExpressionSpec>),
    /// Above 0.
    Up(Box<ExpressionSpec>),
    /// At 0.
    Down(Box<ExpressionSpec>),
    /// Negation.
    Not(Box<ExpressionSpec>),
    /// The own region has a way to that region.
    Reach(Spanned<String>),
    /// A state of load.
    State(Box<StateSpec>),
    /// With what softens it.
    Entry(Box<EntrySpec>),
}

/// A need with what softens it.
#[derive(Debug, Clone)]
pub(super) struct EntrySpec {
    /// What is needed.
    pub on: ExpressionSpec,
    /// Region (or zone) of the unit, where not the own one.
    pub from: Option<Spanned<String>>,
    /// Met from this level on.
    pub at_least: Option<Figure>,
    /// What carries it over a loss.
    pub holdover: Option<LawSpec>,
    /// Time from empty to full, microseconds.
    pub refills_in: Option<Figure>,
    /// Value when lost.
    pub otherwise: Figure,
    /// The load that it carries.
    pub carries: Option<CarriesSpec>,
}

/// A crew pool.
#[derive(Debug, Clone)]
pub(super) struct CrewSpec {
    /// How many.
    pub size: Figure,
    /// Its travel time, where a repair gives none.
    pub travel: Option<LawSpec>,
    /// Its working time, where a repair gives none.
    pub work: Option<LawSpec>,
    /// People of each crew.
    pub people: Figure,
    /// What each of them costs while busy, per second.
    pub cost: Option<MoneySpec>,
    /// What each crew costs all the time, per second.
    pub running: Option<MoneySpec>,
}

/// What zones are built from.
#[derive(Debug, Clone)]
pub(super) struct ZoneKindSpec {
    /// Parts.
    pub parts: Named<ComponentSpec>,
    /// The zone itself.
    pub zone: ComponentSpec,
}

/// A region.
#[derive(Debug, Clone)]
pub(super) struct RegionSpec {
    /// Latitude and longitude, degrees.
    pub at: Option<(f64, f64)>,
    /// Time zone.
    pub clock: Option<Spanned<String>>,
    /// Sites where it joins the network.
    pub attach: Vec<Spanned<String>>,
    /// Regions to which its data is copied.
    pub replicates: Vec<ReplicatesSpec>,
    /// Zones and their kinds.
    pub zones: Named<Spanned<String>>,
    /// The region itself.
    pub region: ComponentSpec,
}

/// The copy of a region's data in another.
#[derive(Debug, Clone)]
pub(super) struct ReplicatesSpec {
    /// A region.
    pub to: Spanned<String>,
    /// Age of the data that is under way.
    pub lag: LawSpec,
    /// Time to become current again.
    pub catch_up: LawSpec,
}

/// Where a service has units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// One per zone.
    Zonal,
    /// One per region.
    Regional,
    /// One.
    Global,
    /// A provider without place.
    Outside,
}

/// How members make a unit.
#[derive(Debug, Clone)]
pub(super) enum SpreadSpec {
    /// Mean of members.
    Proportional,
    /// k above 0.
    Quorum(Spanned<Figure>),
}

/// A service.
#[derive(Debug, Clone)]
pub(super) struct ServiceSpec {
    /// Where it has units.
    pub scope: Scope,
    /// Label for reports.
    pub plane: Option<String>,
    /// Time zone of a unit without a place.
    pub clock: Option<Spanned<String>>,
    /// Regions; `None`: all.
    pub regions: Option<Vec<Spanned<String>>>,
    /// How members make a unit.
    pub spread: SpreadSpec,
    /// Time to re-form and what it does meanwhile.
    pub reconfigures: Option<(LawSpec, LawSpec)>,
    /// The unit.
    pub unit: ComponentSpec,
    /// Each member.
    pub member: ComponentSpec,
    /// Sites where it joins the network, if `Outside`.
    pub attach: Vec<Spanned<String>>,
    /// What it can serve; `None`: any load.
    pub capacity: Option<CapacitySpec>,
}

/// A journey.
#[derive(Debug, Clone)]
pub(super) struct JourneySpec {
    /// Its calls.
    pub calls: Vec<CallSpec>,
    /// Its objective.
    pub objective: ObjectiveSpec,
    /// Time on the network above which a request is degraded, microseconds.
    pub latency_limit: Option<f64>,
    /// Bits that each call sends each way.
    pub size: Option<Figure>,
    /// What a user-minute lost costs.
    pub user_minute: Option<MoneySpec>,
    /// How users try again.
    pub retries: Option<RetriesSpec>,
    /// Larger is served first.
    pub priority: i64,
    /// Share of requests that are let in.
    pub admit: Figure,
}

/// When a journey is down.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ObjectiveSpec {
    /// Availability per month.
    pub availability: Option<f64>,
    /// Error share from which on it is down.
    pub down_at: Option<f64>,
    /// Shortest outage, microseconds.
    pub shortest_outage: Option<f64>,
    /// Error share above which it is degraded.
    pub degraded_above: Option<f64>,
}

/// A call.
#[derive(Debug, Clone)]
pub(super) struct CallSpec {
    /// Where to.
    pub to: CallTreeSpec,
    /// Calls per request.
    pub times: Figure,
    /// Set where it keeps users signed in.
    pub session: Option<SessionSpec>,
}

/// Where a call goes.
#[derive(Debug, Clone)]
pub(super) enum CallTreeSpec {
    /// To a service.
    Service(Spanned<String>),
    /// To the first that does not refuse.
    FirstOf {
        /// The alternatives.
        of: Vec<CallTreeSpec>,
        /// Switch time.
        switch: LawSpec,
        /// Whether alternatives count as degraded.
        degraded: bool,
    },
    /// To several by weight.
    Mix(Vec<(Figure, CallTreeSpec)>),
}

/// A population.
#[derive(Debug, Clone)]
pub(super) struct PopulationSpec {
    /// Place of its text.
    pub span: Span,
    /// Latitude and longitude, degrees.
    pub at: Option<(f64, f64)>,
    /// Sites where they join the network.
    pub attach: Vec<Spanned<String>>,
    /// Number of users.
    pub count: Figure,
    /// Requests per second and user, by journey.
    pub does: Named<Figure>,
    /// How demand varies.
    pub demand: DemandSpec,
    /// Way to regional services.
    pub route: RouteSpec,
    /// How users are moved.
    pub failover: Option<FailoverSpec>,
    /// What a user-minute lost costs, where the journey gives nothing.
    pub user_minute: Option<MoneySpec>,
}

/// Way to regional services.
#[derive(Debug, Clone)]
pub(super) enum RouteSpec {
    /// The nearest region.
    Nearest(Span),
    /// Regions in order.
    Order(Vec<Spanned<String>>),
    /// Regions by weight.
    Weighted(Named<Figure>),
}

/// How users are moved.
#[derive(Debug, Clone)]
pub(super) struct FailoverSpec {
    /// Time that calls must fail.
    pub detect: LawSpec,
    /// Time that a move takes.
    pub shift: LawSpec,
    /// Probability that it works.
    pub works: Figure,
    /// Time that home must be whole.
    pub quiet: LawSpec,
    /// What a move needs; all of it.
    pub needs: Vec<ExpressionSpec>,
    /// Whether the target's needs count.
    pub needs_at_target: bool,
    /// How far home's data may lag where they are moved to, microseconds.
    pub max_lag: Option<Spanned<Figure>>,
}

/// A hazard.
#[derive(Debug, Clone)]
pub(super) struct HazardSpec {
    /// When it occurs.
    pub occurrence: OccurrenceSpec,
    /// Its strikes.
    pub strikes: Named<StrikeSpec>,
    /// True if one of the strikes is drawn.
    pub one_of: bool,
}

/// When hazards and surges occur.
#[derive(Debug, Clone)]
pub(super) struct OccurrenceSpec {
    /// Place of the text.
    pub span: Span,
    /// When.
    pub occurs: OccursSpec,
    /// Probability of each occurrence.
    pub probability: Figure,
    /// Condition without which an occurrence is called off.
    pub only_while: Option<ExpressionSpec>,
    /// Mean number of occurrences that each begets, and the time to them.
    pub clusters: Option<(Figure, LawSpec)>,
    /// Rhythm of the time from occurrence to occurrence.
    pub rhythm: Option<RhythmSpec>,
    /// Time zone of that.
    pub clock: Option<Spanned<String>>,
}

/// When a hazard occurs; instants in microseconds since the start.
#[derive(Debug, Clone)]
pub(super) enum OccursSpec {
    /// At these instants.
    At(Vec<Spanned<f64>>),
    /// Between two.
    Between(Spanned<f64>, Spanned<f64>),
    /// From occurrence to occurrence.
    Every(LawSpec),
    /// When a condition becomes true.
    When(ExpressionSpec),
}

/// An entry of the targets of a strike.
#[derive(Debug, Clone)]
pub(super) enum TargetSpec {
    /// A name or wildcard.
    Named(Spanned<String>),
    /// What lies near a place.
    Near(NearSpec),
}

/// A circle on the globe.
#[derive(Debug, Clone)]
pub(super) struct NearSpec {
    /// Place of its text.
    pub span: Span,
    /// Latitude and longitude of its centre, degrees.
    pub at: (f64, f64),
    /// Its radius.
    pub within_km: f64,
}

/// A strike.
#[derive(Debug, Clone)]
pub(super) struct StrikeSpec {
    /// Place of its text.
    pub span: Span,
    /// Weight among strikes of which one is drawn.
    pub weight: Figure,
    /// Names and wildcards.
    pub targets: Vec<TargetSpec>,
    /// What it does.
    pub effect: EffectSpec,
    /// Probability of hitting a target.
    pub probability: Figure,
    /// Time to effect.
    pub delay: LawSpec,
    /// How it ends.
    pub repair: RepairSpec,
    /// A repair per target.
    pub each: bool,
    /// Time from wave to wave, each entry of `targets` being one.
    pub waves: Option<LawSpec>,
}

/// A site of the network.
#[derive(Debug, Clone)]
pub(super) struct SiteSpec {
    /// Latitude and longitude, degrees.
    pub at: Option<(f64, f64)>,
    /// The site itself.
    pub site: ComponentSpec,
}

/// A stretch of sea or land in which one authority grants permits.
#[derive(Debug, Clone)]
pub(super) struct CorridorSpec {
    /// Place of its text.
    pub span: Span,
    /// Time from application to grant.
    pub permit: Option<LawSpec>,
}

/// A subsea cable.
#[derive(Debug, Clone)]
pub(super) struct CableSpec {
    /// Bits per second each way, where a segment gives none.
    pub capacity: Option<Figure>,
    /// Faults, where a segment gives none.
    pub faults: Option<FaultsSpec>,
    /// Its segments.
    pub segments: Vec<SegmentSpec>,
}

/// What a segment of a cable and a link have in common.
#[derive(Debug, Clone)]
pub(super) struct EdgeSpec {
    /// Place of its text.
    pub span: Span,
    /// A site.
    pub from: Spanned<String>,
    /// Another site.
    pub to: Spanned<String>,
    /// Length, km.
    pub length: Option<Spanned<Figure>>,
    /// One way, microseconds.
    pub latency: Option<Spanned<Figure>>,
    /// Bits per second each way.
    pub capacity: Option<Figure>,
    /// Faults by length.
    pub faults: Option<FaultsSpec>,
    /// Corridors that it lies in.
    pub on: Vec<Spanned<String>>,
}

/// A segment of a cable.
#[derive(Debug, Clone)]
pub(super) struct SegmentSpec {
    /// What it says.
    pub edge: EdgeSpec,
    /// The component, which says nothing of its own.
    pub segment: ComponentSpec,
}

/// A link between two sites.
#[derive(Debug, Clone)]
pub(super) struct LinkSpec {
    /// What it says of its course.
    pub edge: EdgeSpec,
    /// The link itself.
    pub link: ComponentSpec,
}

/// Faults that come with length.
#[derive(Debug, Clone)]
pub(super) struct FaultsSpec {
    /// Place of its text.
    pub span: Span,
    /// Faults per km and year.
    pub rate: Figure,
    /// How each ends.
    pub repair: RepairSpec,
}

/// Background traffic.
#[derive(Debug, Clone)]
pub(super) struct FlowSpec {
    /// Place of its text.
    pub span: Span,
    /// A site.
    pub from: Spanned<String>,
    /// Another site.
    pub to: Spanned<String>,
    /// Mean, bits per second.
    pub rate: Figure,
    /// How it varies.
    pub demand: DemandSpec,
    /// Larger goes first.
    pub priority: i64,
}

/// How demand varies by local time.
#[derive(Debug, Clone)]
pub(super) struct DemandSpec {
    /// Time zone.
    pub clock: Option<Spanned<String>>,
    /// Relative demand.
    pub week: Week<Figure>,
}
