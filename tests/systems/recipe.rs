//! What a generated system is made of, as plain choices.
//!
//! Whom a thing refers to is a number, taken modulo the number of what there is to refer to: any recipe makes a
//! system, and one from which things are left out still does. A field that is left out stands for the plainest choice.

use serde::{Deserialize, Serialize};

/// A whole system.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct System {
    /// Seed of its draws.
    pub seed: u16,
    pub aged: bool,
    /// Sizes of the crew pools.
    pub crews: Vec<u8>,
    /// Rhythms that clocks may have.
    pub rhythms: Vec<Rhythm>,
    pub parts: Vec<Part>,
    /// Parts that need each other.
    pub ring: Vec<RingPart>,
    pub network: Option<Network>,
    pub units: Vec<Unit>,
    pub hazards: Vec<Hazard>,
    pub users: Vec<Users>,
}

/// Speeds that follow each other, each for a while, again and again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rhythm {
    pub each: Stretch,
    pub speeds: Vec<Speed>,
}

/// How long a speed holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Stretch {
    /// A quarter of an hour.
    #[default]
    Step,
    Hour,
    Day,
}

/// How fast a clock runs, relative to other times.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Speed {
    #[default]
    Stands,
    Third,
    Half,
    Plain,
    Double,
}

/// A duration; how long it is in hours comes from where it stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Time {
    #[default]
    Zero,
    /// So many times half the usual length, rounded up to hours, so that events coincide.
    Whole(u8),
    Exp,
    Uniform,
    LogNormal,
    Never,
}

/// Time from failure to failure.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Every {
    /// Always so many times ten hours.
    Tens(u8),
    /// Exponential, 30 hours and so many in the mean.
    Exp(u8),
    #[default]
    Weibull,
}

/// A level or a share of calls.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Share {
    #[default]
    Half,
    Fiftieth,
    Nothing,
    Any,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Odds {
    #[default]
    Always,
    Half,
    Third,
    Fifth,
    Never,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Effect {
    #[default]
    Down,
    Capacity(Share),
    Errors(Share),
}

/// Least level that will do.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Threshold {
    #[default]
    Whole,
    Half,
    Third,
}

/// What is read of a component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Leaf {
    Level(u8),
    Up(u8),
    AtLeast(Threshold, u8),
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum GateKind {
    /// The first input alone.
    #[default]
    One,
    All,
    Any,
    AtLeast(u8),
    Share,
    Quorum(u8),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Input {
    Leaf(Leaf),
    Need(Box<Need>),
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Gate {
    pub kind: GateKind,
    pub inputs: Vec<Input>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Need {
    pub on: Gate,
    pub at_least: Option<Threshold>,
    pub holdover: Option<Holdover>,
    /// True: 0.7 is left when it is lost.
    pub soft: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Holdover {
    pub length: Time,
    /// Minutes from empty to full; at once, if not set.
    pub refills_in: Option<u16>,
}

/// What repairs, starts and failovers ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    Gate(Gate),
    Need(Need),
}

/// When a clock runs or a hazard occurs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    Down(u8),
    Not(Leaf),
    DownWhileUp(u8, u8),
    Rule(Rule),
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Repair {
    pub detect: Time,
    pub crew: Option<u8>,
    pub travel: Time,
    pub work: Time,
    pub needs: Option<Rule>,
    /// How many times slower without its needs; 0: it stops.
    pub without_needs: u8,
    pub priority: u8,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Clock {
    #[default]
    Calendar,
    Operating,
    While(Condition),
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mode {
    pub every: Every,
    pub effect: Effect,
    pub clock: Clock,
    pub rhythm: Option<u8>,
    /// Nobody notices it before the next inspection.
    pub hidden: bool,
    pub repair: Repair,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Standby {
    pub starts_in: Time,
    pub fails_to_start: Odds,
    pub dormancy: Odds,
    pub repair: Repair,
}

/// Sites, edges between them, who joins where, and what goes over them. Without sites there is none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Network {
    /// Times that permits take.
    pub corridors: Vec<Time>,
    pub sites: Vec<Part>,
    pub edges: Vec<Edge>,
    pub convergence: Time,
    /// Users and units are at some of these.
    pub places: Vec<Place>,
    /// Ways that somebody may need, from place to place.
    pub paths: Vec<(u8, u8)>,
    /// What needs the ways.
    pub parts: Vec<Part>,
    pub flows: Vec<Flow>,
}

/// An edge between two sites.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Edge {
    pub part: Part,
    pub from: u8,
    pub to: u8,
    /// Milliseconds.
    pub latency: u8,
    /// Gigabits per second; no limit, if not set.
    pub capacity: Option<u8>,
    /// Corridors.
    pub on: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Sites, and milliseconds to each.
    pub joins: Vec<(u8, u8)>,
}

/// Background traffic.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Flow {
    pub from: u8,
    pub to: u8,
    /// Gigabits per second.
    pub rate: u8,
    /// A rhythm.
    pub profile: Option<u8>,
    pub priority: u8,
}

/// Identical units under one name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Count {
    pub units: u8,
    pub enough: Option<u8>,
    /// One exponential failure mode, so that they share a clock.
    pub pooled: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    pub modes: Vec<Mode>,
    pub count: Option<Count>,
    pub standby: Option<Standby>,
    pub needs: Vec<Need>,
    pub starts_with: Option<Rule>,
    pub restart: Option<Time>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RingPart {
    /// Its needs are outside the ring.
    pub part: Part,
    /// True: any one of its neighbours will do.
    pub any: bool,
    /// True: it needs the next one alone.
    pub next_alone: bool,
    pub holdover: Option<Time>,
    pub black_start: Option<Time>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Member {
    pub crash: Option<Mode>,
    pub on: Option<Leaf>,
    pub restart: Option<Time>,
    pub standby: Option<Standby>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Spread {
    pub members: Vec<Member>,
    pub quorum: Option<u8>,
    pub reconfigures: Option<(Time, Share)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Support {
    Need(Need),
    Spread(Spread),
}

/// A unit of one of two services.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Unit {
    pub support: Option<Support>,
    pub bug: Option<Mode>,
    pub second_service: bool,
    /// Places where it is, if there is a network.
    pub at: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Occurs {
    /// At three hours: the first, so many after it, and 20 after it.
    At(u8, u8),
    Between(u8, u8),
    Every,
    When(Condition),
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Strike {
    pub targets: Vec<u8>,
    /// Time from wave to wave of two targets.
    pub waves: Option<Time>,
    pub effect: Effect,
    pub hits: Odds,
    pub delay: Time,
    pub repair: Repair,
    pub each: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hazard {
    pub occurs: Occurs,
    #[serde(default)]
    pub strikes: Vec<Strike>,
    #[serde(default)]
    pub one_of: bool,
    #[serde(default)]
    pub probability: Odds,
    #[serde(default)]
    pub only_while: Option<Condition>,
    #[serde(default)]
    pub clusters: bool,
    #[serde(default)]
    pub rhythm: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Failover {
    pub detect: Time,
    pub shift: Time,
    pub works: Odds,
    pub quiet: Time,
    /// By place of the unit that decides.
    pub needs: Vec<Option<Rule>>,
    pub needs_at_target: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Route {
    /// Home first.
    pub units: Vec<u8>,
    pub failover: Option<Failover>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum To {
    Route(u8),
    /// A quarter over the first route, the rest over the second.
    BothRoutes,
    FirstOf(Vec<To>, Time, bool),
    Mix(Box<To>, Box<To>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub to: To,
    /// Half calls per request.
    pub halves: u8,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Users {
    pub routes: Vec<Route>,
    pub journeys: Vec<Journey>,
    /// Place where they are, if there is a network.
    pub at: u8,
    /// A rhythm.
    pub profile: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Journey {
    pub calls: Vec<Call>,
    /// Every outage counts, however short.
    pub strict: bool,
    /// Gigabits of each call, if none can turn to alternatives.
    pub size: u8,
}
