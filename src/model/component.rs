//! Components, their failure modes and how these are repaired.

use std::ops::Range;

use super::ids::{CauseId, CompId, CrewId, GroupId, NodeId, RepairId, RhythmId, ServiceId};
use crate::law::Law;
use crate::random::StreamName;
use crate::time::SimSpan;

/// What a component is, for reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A cloud region.
    Region,
    /// An availability zone.
    Zone,
    /// A part of a zone: feed, generator, cooling, fabric.
    Part,
    /// A member of a service in a zone.
    Member,
    /// A unit of a service: what calls go to.
    Unit,
    /// A landing point, branching unit or exchange of the network.
    Site,
    /// A segment of a subsea cable.
    Segment,
    /// A direct link between two sites.
    Link,
    /// A way through the network from one place to another.
    Path,
    /// A state of load that others react to.
    Signal,
    /// What a crew works at while operators respond to a state.
    Response,
}

impl Kind {
    /// True for what no scenario names as a thing that can fail: it only stands for a state of others.
    #[must_use]
    pub const fn is_derived(self) -> bool {
        matches!(self, Self::Path | Self::Signal | Self::Response)
    }
}

/// Everything that can fail.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Path, unique: "me-central-1/az2/utility".
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Identical units that it stands for.
    pub units: u32,
    /// Working units that make it whole, where fewer than all do.
    pub enough: Option<u32>,
    /// True where the units share one clock that runs as fast as units work (Exp only).
    pub pooled: bool,
    /// Its failure modes.
    pub modes: Range<usize>,
    /// What it needs to be up; `None` needs nothing.
    pub support: Option<NodeId>,
    /// What must be above 0 for its restart clock to run.
    pub starts_with: Option<NodeId>,
    /// Time to restart after having been out.
    pub restart: Law,
    /// Stream of `restart`.
    pub restart_stream: StreamName,
    /// Time to come up against a dark cycle, where it can.
    pub black_start: Option<Law>,
    /// Stream of `black_start`.
    pub black_start_stream: StreamName,
    /// Set where it runs only on demand.
    pub standby: Option<Standby>,
    /// Set where losing or regaining a member disturbs it.
    pub reconfigure: Option<Reconfigure>,
    /// Its members, if it is a unit.
    pub members: Vec<CompId>,
    /// The unit that it is a member of.
    pub member_of: Option<CompId>,
    /// The service that it is a unit of.
    pub unit_of: Option<ServiceId>,
}

impl Component {
    /// True if being out leaves a trace: it must restart before it is up again.
    ///
    /// Outside cycles a component with no restart time and no `starts_with` is up as soon as its inputs are,
    /// so its flag could never be seen.
    #[must_use]
    pub fn remembers_darkness(&self, in_cycle: bool) -> bool {
        in_cycle || self.starts_with.is_some() || !self.restart.is_zero()
    }
}

/// How a standby is brought into service.
#[derive(Debug, Clone, PartialEq)]
pub struct Standby {
    /// Time from demand to service.
    pub starts_in: Law,
    /// Stream of `starts_in`.
    pub starts_in_stream: StreamName,
    /// Probability that a start fails, per unit.
    pub fails_to_start: f64,
    /// Stream of the failures to start.
    pub fails_stream: StreamName,
    /// Modes that a failed start activates: one, or one a unit where units have clocks of their own.
    pub start_modes: Range<usize>,
    /// Speed of its failure clocks while it does not run.
    pub dormancy: f64,
    /// The needs that it stands in, with its place among their standbys.
    pub groups: Vec<GroupId>,
}

/// What happens to a unit while its members re-form.
#[derive(Debug, Clone, PartialEq)]
pub struct Reconfigure {
    /// Time to re-form.
    pub takes: Law,
    /// Stream of `takes`.
    pub takes_stream: StreamName,
    /// Share of calls that fail meanwhile.
    pub errors: Law,
    /// Stream of `errors`.
    pub errors_stream: StreamName,
}

/// What an active failure does to its component.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Level 0.
    Down,
    /// Level x, drawn per occurrence.
    Capacity(Law),
    /// A share x of calls fails, drawn per occurrence; the level stays 1.
    Errors(Law),
}

/// When a failure clock runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clock {
    /// Always, other active modes notwithstanding.
    Calendar,
    /// While the component's level is above 0.
    Operating,
    /// While the condition holds.
    While(NodeId),
}

/// One way of failing, with its clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Mode {
    /// "me-central-1/az2/utility: grid loss".
    pub name: String,
    /// What fails.
    pub component: CompId,
    /// Which unit of it, where units have clocks of their own.
    pub unit: u32,
    /// Time to failure, repair not included; `Never` for failures to start.
    pub every: Law,
    /// What it does.
    pub effect: Effect,
    /// When its clock runs.
    pub clock: Clock,
    /// What its clock's speed is multiplied by, where it has a rhythm.
    pub rhythm: Option<RhythmId>,
    /// Set where nobody notices the failure by itself: time from inspection to inspection, the first after one
    /// whole interval.
    pub inspection: Option<SimSpan>,
    /// How it ends.
    pub repair: RepairId,
    /// What attribution calls it.
    pub cause: CauseId,
    /// Stream of times to failure.
    pub every_stream: StreamName,
    /// Stream of effects.
    pub effect_stream: StreamName,
    /// Streams of its repairs.
    pub repair_streams: RepairStreams,
    /// What must be granted before a crew may set out.
    pub permits: Vec<Permit>,
}

/// A permit to work in a corridor; those of several corridors are applied for side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Permit {
    /// Time from application to grant.
    pub takes: Law,
    /// Its stream.
    pub stream: StreamName,
}

/// The streams that one repair process draws from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepairStreams {
    /// Times to detect.
    pub detect: StreamName,
    /// Travel times.
    pub travel: StreamName,
    /// Working times.
    pub work: StreamName,
}

impl RepairStreams {
    /// The repair streams of process `name`.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self {
            detect: StreamName::new(name, "detect"),
            travel: StreamName::new(name, "travel"),
            work: StreamName::new(name, "work"),
        }
    }
}

/// A repair: detect, wait for a crew, travel, work.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// Time to notice.
    pub detect: Law,
    /// The crew it takes, if any.
    pub crew: Option<CrewId>,
    /// Time to get there.
    pub travel: Law,
    /// Time to mend; `Never` means that it stays broken.
    pub work: Law,
    /// What must be above 0 for travel and work to go on.
    pub needs: Option<NodeId>,
    /// How many times slower it goes while its needs are not met, instead of stopping.
    pub without_needs: Option<f64>,
    /// Larger goes first.
    pub priority: i64,
    /// Name by which equal requests are ordered.
    pub name: String,
}

/// A pool of equal repair crews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crew {
    /// Its name.
    pub name: String,
    /// How many there are.
    pub size: u32,
}

/// A holdover: what carries a need over its loss.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    /// Full length, drawn at each loss.
    pub length: Law,
    /// Stream of `length`.
    pub stream: StreamName,
    /// Time from empty to full once the need is met again; `None`: at once.
    pub refills_in: Option<SimSpan>,
    /// The need that it belongs to.
    pub need: NodeId,
    /// Whose need it is, for the trace.
    pub owner: String,
}

/// Standbys that stand in one need, in written order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandbyGroup {
    /// The need's expression.
    pub expression: NodeId,
    /// The standbys.
    pub standbys: Vec<CompId>,
}
