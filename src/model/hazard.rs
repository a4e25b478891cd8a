//! Hazards: initiating events that strike several components.

use std::ops::Range;

use super::component::{Effect, Permit, RepairStreams};
use super::ids::{CauseId, CompId, HazardId, NodeId, RepairId, ResponseId, RhythmId, SurgeId};
use crate::law::Law;
use crate::random::StreamName;
use crate::time::SimTime;

/// When a hazard occurs.
#[derive(Debug, Clone, PartialEq)]
pub enum Occurs {
    /// At these instants, in order.
    At(Vec<SimTime>),
    /// Once, anywhere between two instants.
    Between(SimTime, SimTime),
    /// Again and again, the law being the time from occurrence to occurrence.
    Every(Law),
    /// Whenever the condition becomes true.
    When(NodeId),
}

/// An initiating event.
#[derive(Debug, Clone, PartialEq)]
pub struct Hazard {
    /// Its name.
    pub name: String,
    /// When it occurs.
    pub occurs: Occurs,
    /// Rhythm in which the time from occurrence to occurrence passes, where it has one; `Every` only.
    pub rhythm: Option<RhythmId>,
    /// Probability that an occurrence happens at all.
    pub probability: f64,
    /// Condition without which an occurrence is called off: planned work waits for nobody, but is not begun in trouble.
    pub only_while: Option<NodeId>,
    /// Set if each occurrence that happens begets others.
    pub clusters: Option<Clusters>,
    /// Its strikes.
    pub strikes: Range<usize>,
    /// Weights by which one of the strikes is drawn; `None`: all of them strike.
    pub one_of: Option<Vec<f64>>,
    /// The change of demand that it brings.
    pub surge: Option<SurgeId>,
    /// The response that it calls for.
    pub response: Option<ResponseId>,
    /// What attribution calls it.
    pub cause: CauseId,
    /// Stream of occurrence times.
    pub time_stream: StreamName,
    /// Stream of whether an occurrence happens.
    pub probability_stream: StreamName,
    /// Stream of which strike is drawn.
    pub choice_stream: StreamName,
}

/// How occurrences cluster: each begets further ones (a Hawkes process).
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// Mean number of occurrences that one begets, Poisson; below 1, or they would never end.
    pub offspring: f64,
    /// Time from an occurrence to one that it begets.
    pub after: Law,
    /// Stream of their numbers.
    pub offspring_stream: StreamName,
    /// Stream of their times.
    pub after_stream: StreamName,
}

/// One strike: what it hits, what that does, how it is mended.
#[derive(Debug, Clone, PartialEq)]
pub struct Strike {
    /// "hazard: strike".
    pub name: String,
    /// Whose strike it is.
    pub hazard: HazardId,
    /// What it may hit.
    pub targets: Vec<Target>,
    /// What it does to each target hit.
    pub effect: Effect,
    /// Stream of effects.
    pub effect_stream: StreamName,
    /// Probability that a target is hit, drawn per target.
    pub hits: f64,
    /// Time from occurrence to effect, drawn per target.
    pub delay: Law,
    /// Set if it strikes in waves: the time from wave to wave, each drawn. None starts once the first effect has been detected.
    pub waves: Option<Law>,
    /// Stream of the times between waves.
    pub waves_stream: StreamName,
    /// How it ends.
    pub repair: RepairId,
    /// True: a repair per target; false: one for all.
    pub each: bool,
    /// Streams of the common repair.
    pub repair_streams: RepairStreams,
    /// What must be granted before the common repair may set out.
    pub permits: Vec<Permit>,
}

/// A component that a strike may hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The component.
    pub component: CompId,
    /// The wave that hits it, from 0.
    pub wave: u32,
    /// Stream of whether it is hit.
    pub hit_stream: StreamName,
    /// Stream of its delay.
    pub delay_stream: StreamName,
    /// Streams of its own repair (`each`).
    pub repair_streams: RepairStreams,
    /// What must be granted before its own repair may set out.
    pub permits: Vec<Permit>,
}
