//! The story of one replication: what happened, when, and because of which initiating events, as data.

mod components;
mod copies;
mod failures;
mod holdovers;
mod load;
mod responses;
mod users;
mod ways;

use crate::engine::{Copying, Engine, Observer, Restart, StandbyPhase};
use crate::model::{
    CauseId, CompId, HoldId, Model, RepairId, ReplicaId, ResponseId, RouteId, ServiceId, SurgeId, UsageId,
};
use crate::time::{SimSpan, SimTime};
use components::ComponentWatch;
use copies::CopyWatch;
use failures::FailureWatch;
use holdovers::HoldWatch;
use load::LoadWatch;
use responses::ResponseWatch;
use users::UsersWatch;
use ways::WayWatch;

/// What happened in a replication, in order of time; at one instant causes stand before their effects.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Story {
    /// What happened.
    pub entries: Vec<Entry>,
    /// All initiating events by number; number 0 stands for "no initiating event".
    pub events: Vec<InitiatingEvent>,
    /// By usage where there is load: success from each time on, whenever it has clearly changed; else nothing.
    pub success: Vec<Vec<(SimTime, f64)>>,
}

/// A failure of a mode, or an occurrence of a hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InitiatingEvent {
    /// What attribution calls it.
    pub cause: CauseId,
    /// When it occurred.
    pub at: SimTime,
    /// True if it was among what made some users down or degraded.
    pub reached_users: bool,
    /// True if it is no failure, but what operators did about one.
    pub is_response: bool,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When.
    pub at: SimTime,
    /// What.
    pub happening: Happening,
    /// Level of the component, or success of the users' requests, before; where it has one.
    pub before: Option<f64>,
    /// The same after.
    pub after: Option<f64>,
    /// The initiating events because of which it happened, in order of number.
    pub events: Vec<u32>,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// An initiating event occurs.
    Begins {
        /// Its number.
        event: u32,
    },
    /// A failure takes effect on a component.
    Struck {
        /// Which.
        component: CompId,
        /// Share of its calls that fail because of it.
        errors: f64,
        /// True if it is the failure of one unit of several.
        of_a_unit: bool,
    },
    /// A repair comes to its next step.
    Repair {
        /// What is repaired.
        component: CompId,
        /// How.
        repair: RepairId,
        /// Which step.
        step: RepairStep,
    },
    /// A holdover begins to carry its need.
    Carries {
        /// Which.
        hold: HoldId,
    },
    /// A holdover is used up.
    RanOut {
        /// Which.
        hold: HoldId,
        /// How long it carried.
        carried: SimSpan,
    },
    /// What a holdover carried is met again.
    Relieved {
        /// Which.
        hold: HoldId,
        /// How long it carried.
        carried: SimSpan,
    },
    /// A standby is started, serves, or is no longer asked for.
    Standby {
        /// Which.
        component: CompId,
        /// What it does now.
        phase: StandbyPhase,
    },
    /// A component's level changes because of what it needs, or because it has come back.
    Level {
        /// Which.
        component: CompId,
        /// The way back that it was on before.
        restart: Restart,
    },
    /// A component that was out begins a way back, or waits for what it needs to start.
    Restart {
        /// Which.
        component: CompId,
        /// Which way.
        restart: Restart,
    },
    /// A unit re-forms after it lost or regained a member.
    Reforms {
        /// Which.
        unit: CompId,
        /// Share of calls that fail meanwhile.
        errors: f64,
    },
    /// A unit has re-formed.
    Reformed {
        /// Which.
        unit: CompId,
    },
    /// Replication from one region to another stands still, goes on, or has nothing left to copy.
    Copies {
        /// Which.
        replica: ReplicaId,
        /// What it does from now on.
        copying: Copying,
        /// Age of the oldest data that the copy lacks.
        lag: SimSpan,
    },
    /// Demand surges.
    Surge {
        /// Which.
        surge: SurgeId,
        /// Which step.
        step: SurgeStep,
        /// What its change comes to at its height.
        size: f64,
    },
    /// A unit's load, or what it makes of the unit's capacity, changes clearly.
    Load {
        /// Which.
        unit: CompId,
        /// How.
        step: LoadStep,
    },
    /// A way through the network is too full for the calls that take it, or has room again.
    Jam {
        /// The path.
        path: CompId,
        /// Share of calls that it drops from now on; 0 once it has room.
        dropped: f64,
    },
    /// Users lose their sessions, or have signed in again.
    SignedOut {
        /// Whose.
        usage: UsageId,
        /// How many are signed out from now on.
        users: f64,
        /// The same as a share of all.
        share: f64,
    },
    /// Retries pile up, or have drained.
    Retries {
        /// Whose.
        usage: UsageId,
        /// First calls a request from now on; 1 once they have drained.
        amplification: f64,
    },
    /// Operators respond.
    Response {
        /// What they do.
        response: ResponseId,
        /// Which step.
        step: ResponseStep,
    },
    /// A failover comes to its next step.
    Moves {
        /// Whose, and to which service.
        route: RouteId,
        /// Which step.
        step: RouteStep,
        /// The unit that serves them, or did until now.
        from: CompId,
        /// The unit that they move to; the same where there is none.
        to: CompId,
    },
    /// A journey turns to an alternative, or back from it.
    Switches {
        /// Whose.
        usage: UsageId,
        /// Services that refuse calls.
        from: Vec<ServiceId>,
        /// To which service.
        to: ServiceId,
        /// False if it turns back.
        on: bool,
    },
    /// Users are hit, hit otherwise, or recover.
    Users(UsersNow),
}

/// How a journey of a population fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsersNow {
    /// Which.
    pub usage: UsageId,
    /// Before.
    pub was: UsersState,
    /// From now on.
    pub is: UsersState,
    /// How long it has been as it was before.
    pub lasted: SimSpan,
    /// True at the horizon, where the present state is still open.
    pub at_horizon: bool,
    /// Units whose calls fail.
    pub failing: Vec<CompId>,
    /// The event that an outage is booked to, at its beginning.
    pub initiator: u32,
}

/// What the objective calls a share of failing requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UsersState {
    /// Neither of the others.
    #[default]
    Up,
    /// Some requests fail, or are served by alternatives that count as degraded.
    Degraded,
    /// Enough requests fail.
    Down,
}

/// Steps of a repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepairStep {
    /// The failure has been noticed.
    Detected,
    /// A permit has been applied for.
    WaitsForPermit,
    /// No crew is free.
    WaitsForCrew,
    /// The crew is on its way.
    SetsOut,
    /// Work begins.
    Work,
    /// It stands still because of what it needs.
    Halts,
    /// It goes on.
    GoesOn,
    /// The failure is gone.
    Mended,
}

/// Steps of a surge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurgeStep {
    /// It begins to grow.
    Begins,
    /// It has its height.
    Peaks,
    /// Demand is as it was.
    Ends,
}

/// Changes of a unit's load, or of its capacity because of load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LoadStep {
    /// It is offered more than it can serve, much more, or no longer.
    Overload(Overload),
    /// This share of its capacity is out by overload; none: all is back.
    Tripped {
        /// The share.
        lost: f64,
    },
    /// Autoscaling has changed its capacity; as factors of what is declared.
    Scales {
        /// Before.
        from: f64,
        /// From now on.
        to: f64,
    },
}

/// How an overload goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Overload {
    /// It begins.
    Begins {
        /// Offered load over capacity.
        utilisation: f64,
        /// Share that is refused.
        refused: f64,
    },
    /// It has become clearly worse.
    Worse {
        /// Offered load over capacity.
        utilisation: f64,
        /// Share that is refused.
        refused: f64,
    },
    /// It is over.
    Ends {
        /// How long it lasted.
        lasted: SimSpan,
        /// Largest offered load over capacity.
        most: f64,
    },
}

/// Steps of what operators do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseStep {
    /// Its condition holds; nothing is decided yet.
    CalledFor,
    /// It is decided, and nobody is free to do it.
    WaitsForCrew,
    /// It is decided, and being done.
    Decided,
    /// It is in effect.
    Applied,
    /// It was done, and does not work.
    Fails,
    /// It is no longer in effect.
    Undone,
}

/// Steps of a failover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteStep {
    /// Calls fail; nothing is decided yet.
    Detects,
    /// Calls got through again before anything was decided.
    CalledOff,
    /// Nowhere to go.
    NoTarget,
    /// The shift begins.
    Shifts,
    /// The shift did not work, another begins.
    ShiftsAgain,
    /// The shift stands still because of what it needs.
    Stalls,
    /// It goes on.
    GoesOn,
    /// Users are served by another unit.
    Moved,
    /// Home has been whole for long enough: users begin to move back.
    Returns,
    /// Users are home again.
    Back,
    /// Home was down on arrival: users stay where they are.
    Stays,
}

impl Happening {
    /// 0 for initiating events, 1 for what they strike and its repair, 2 for what follows in components, 3 for how
    /// users are moved, 4 for how users fare.
    #[must_use]
    pub const fn depth(&self) -> u8 {
        match self {
            Self::Begins { .. } => 0,
            Self::Struck { .. } | Self::Repair { .. } => 1,
            Self::Carries { .. }
            | Self::RanOut { .. }
            | Self::Relieved { .. }
            | Self::Standby { .. }
            | Self::Level { .. }
            | Self::Restart { .. }
            | Self::Reforms { .. }
            | Self::Reformed { .. }
            | Self::Copies { .. }
            | Self::Surge { .. }
            | Self::Load { .. }
            | Self::Jam { .. } => 2,
            Self::Moves { .. }
            | Self::Switches { .. }
            | Self::SignedOut { .. }
            | Self::Retries { .. }
            | Self::Response { .. } => 3,
            Self::Users(_) => 4,
        }
    }

    /// Place among what happens at one instant: causes before effects.
    const fn order(&self) -> u8 {
        match self {
            Self::Repair { step: RepairStep::Mended, .. } => 0,
            Self::Begins { .. } => 1,
            Self::Struck { .. }
            | Self::Repair {
                step:
                    RepairStep::Detected
                    | RepairStep::WaitsForPermit
                    | RepairStep::WaitsForCrew
                    | RepairStep::SetsOut
                    | RepairStep::Work,
                ..
            } => 2,
            Self::RanOut { .. } | Self::Surge { .. } => 3,
            Self::Standby { .. } => 4,
            Self::Level { .. } => 5,
            Self::Relieved { .. } => 6,
            Self::Carries { .. } => 7,
            Self::Restart { .. } => 8,
            Self::Repair { .. } => 9,
            Self::Reforms { .. }
            | Self::Reformed { .. }
            | Self::Copies { .. }
            | Self::Load { .. }
            | Self::Jam { .. } => 10,
            Self::Moves { .. }
            | Self::Switches { .. }
            | Self::SignedOut { .. }
            | Self::Retries { .. }
            | Self::Response { .. } => 11,
            Self::Users(_) => 12,
        }
    }
}

/// Watches a replication and tells its story; it sees settled instants only, and changes nothing.
#[derive(Debug, Clone)]
pub struct Narrator {
    failures: FailureWatch,
    components: ComponentWatch,
    holdovers: HoldWatch,
    copies: CopyWatch,
    load: LoadWatch,
    responses: ResponseWatch,
    ways: WayWatch,
    users: UsersWatch,
    story: Story,
}

impl Narrator {
    /// A narrator of replications of `model`.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        Self {
            failures: FailureWatch::default(),
            components: ComponentWatch::new(model),
            holdovers: HoldWatch::new(model),
            copies: CopyWatch::new(model),
            load: LoadWatch::new(model),
            responses: ResponseWatch::new(model),
            ways: WayWatch::new(model),
            users: UsersWatch::new(model),
            story: Story::default(),
        }
    }

    /// The story of the replication that was observed last.
    pub fn take(&mut self) -> Story {
        std::mem::take(&mut self.story)
    }

    fn look(&mut self, engine: &Engine<'_>) {
        let first = self.story.entries.len();
        let out = &mut self.story.entries;
        self.failures.look(engine, out);
        self.holdovers.look(engine, out);
        self.components.look(engine, &self.failures.struck, out);
        self.copies.look(engine, out);
        self.load.look(engine, out);
        self.responses.look(engine, out);
        self.ways.look(engine, out);
        self.users.look(engine, out);
        self.story.entries[first..].sort_by_key(|entry| entry.happening.order());
    }
}

impl Observer for Narrator {
    fn begin(&mut self, engine: &Engine<'_>) {
        *self = Self::new(engine.model());
        self.look(engine);
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        self.look(engine);
    }

    fn end(&mut self, engine: &Engine<'_>, horizon: SimTime) {
        self.users.end(horizon, &mut self.story.entries);
        self.story.success = self.users.take_success();
        let event = |number: usize| InitiatingEvent {
            cause: engine.cause_of(number as u32),
            at: engine.event_at(number as u32),
            reached_users: self.users.reached.contains(&(number as u32)),
            is_response: engine.is_response_event(number as u32),
        };
        self.story.events = (0..engine.event_count()).map(event).collect();
    }
}

/// An entry without levels.
fn entry(at: SimTime, happening: Happening, events: Vec<u32>) -> Entry {
    Entry { at, happening, before: None, after: None, events }
}

/// Adds the events of `more` that are not in `events`, which is kept in order.
fn unite(events: &mut Vec<u32>, more: &[u32]) {
    events.extend_from_slice(more);
    events.sort_unstable();
    events.dedup();
}
