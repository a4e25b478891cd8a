//! The state of a replication: flat arrays indexed by typed ids, reused from replication to replication.

use super::agenda::{Agenda, Look, Once};
use super::causes::Causes;
use super::darkness::DarkState;
use super::failover::RouteState;
use super::failures::ClockState;
use super::hazards::HazardState;
use super::holdovers::HoldState;
use super::load::LoadState;
use super::network::NetworkState;
use super::part::{NodeState, Part, Reader, parts};
use super::queue::Queue;
use super::rank_set::RankSet;
use super::repairs::{CrewState, Job};
use super::replicas::{ReplicaReaders, ReplicaState};
use super::simple::{SimpleMode, Target};
use super::standbys::StandbyState;
use super::timeline::Timeline;
use super::units::UnitState;
use super::users::{SwitchState, UsageState};
use crate::model::{
    CompId, HazardId, HoldId, ModeId, Model, RepairId, ReplicaId, RouteId, SwitchId, UsageId,
};
use crate::random::Replication;
use crate::time::SimTime;

/// What a timer slot stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timer {
    /// A mode's clock while it works, its repair while it does not.
    Mode(ModeId),
    /// A restart clock.
    Restart(CompId),
    /// A black-start clock.
    BlackStart(CompId),
    /// A standby starting.
    Start(CompId),
    /// A unit re-forming.
    Reconfigure(CompId),
    /// A holdover running out.
    Hold(HoldId),
    /// A hazard's next occurrence.
    Hazard(HazardId),
    /// A failover's present clock.
    Route(RouteId),
    /// A switch to the next alternative.
    Switch(SwitchId),
    /// Routes learning of a site or edge.
    Announcement(u32),
    /// Traffic changing its rate.
    Rates,
    /// A copy becoming current again.
    Replica(ReplicaId),
    /// A step of load, or a change of demand.
    Load,
    /// A state of load that has held for long enough.
    Signal(u32),
    /// A job or a delayed hit beyond the fixed ones.
    Dynamic(u32),
}

/// A slot number that no timer has.
pub(super) const NO_SLOT: u32 = u32::MAX;

/// Where each kind of timer finds its slot.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    pub(super) timers: Vec<Timer>,
    pub(super) restart: Vec<u32>,
    pub(super) black_start: Vec<u32>,
    pub(super) start: Vec<u32>,
    pub(super) reconfigure: Vec<u32>,
    pub(super) hold: u32,
    pub(super) hazard: u32,
    pub(super) route: u32,
    pub(super) switch: u32,
    pub(super) announcement: u32,
    pub(super) rates: u32,
    pub(super) replica: u32,
    pub(super) load: u32,
    pub(super) signal: u32,
    pub(super) dynamic: u32,
}

impl Slots {
    fn new(model: &Model) -> Self {
        let mut timers: Vec<Timer> = (0..model.modes.len()).map(|m| Timer::Mode(ModeId::at(m))).collect();
        let mut per_component = |has: &dyn Fn(CompId) -> bool, timer: fn(CompId) -> Timer| -> Vec<u32> {
            let ids = (0..model.components.len()).map(CompId::at);
            ids.map(|c| {
                if !has(c) {
                    return NO_SLOT;
                }
                timers.push(timer(c));
                timers.len() as u32 - 1
            })
            .collect()
        };
        let component = |c: CompId| &model.components[c.index()];
        let remembers = |c: CompId| component(c).remembers_darkness(model.graph.in_cycle(c));
        let restart = per_component(&remembers, Timer::Restart);
        let black_start = per_component(&|c| component(c).black_start.is_some(), Timer::BlackStart);
        let start = per_component(&|c| component(c).standby.is_some(), Timer::Start);
        let reconfigure = per_component(&|c| component(c).reconfigure.is_some(), Timer::Reconfigure);
        let hold = timers.len() as u32;
        timers.extend((0..model.holds.len()).map(|h| Timer::Hold(HoldId::at(h))));
        let hazard = timers.len() as u32;
        timers.extend((0..model.hazards.len()).map(|h| Timer::Hazard(HazardId::at(h))));
        let route = timers.len() as u32;
        timers.extend((0..model.routes.len()).map(|r| Timer::Route(RouteId::at(r))));
        let switch = timers.len() as u32;
        timers.extend((0..model.switches.len()).map(|s| Timer::Switch(SwitchId::at(s))));
        let announcement = timers.len() as u32;
        let elements = model.network.sites.len() + model.network.edges.len();
        timers.extend((0..elements as u32).map(Timer::Announcement));
        let rates = timers.len() as u32;
        timers.push(Timer::Rates);
        let replica = timers.len() as u32;
        timers.extend((0..model.replicas.len()).map(|r| Timer::Replica(ReplicaId::at(r))));
        let load = timers.len() as u32;
        timers.push(Timer::Load);
        let signal = timers.len() as u32;
        timers.extend((0..model.load.signals.len() as u32).map(Timer::Signal));
        let dynamic = timers.len() as u32;
        Self {
            timers,
            restart,
            black_start,
            start,
            reconfigure,
            hold,
            hazard,
            route,
            switch,
            announcement,
            rates,
            replica,
            load,
            signal,
            dynamic,
        }
    }
}

/// A component whose level differs from what it was before the instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangedComponent {
    /// Which.
    pub component: CompId,
    /// Its level before.
    pub before: f64,
}

/// Plays replications of one model, one at a time.
#[derive(Debug, Clone)]
pub struct Engine<'m> {
    pub(super) model: &'m Model,
    pub(super) slots: Slots,
    pub(super) replication: Replication,
    pub(super) now: SimTime,
    /// Number of the present instant, counted from 1.
    pub(super) instant: u64,
    pub(super) queue: Queue,
    pub(super) due: Vec<u32>,

    /// Components and expression nodes as they are now, and who reads whom.
    pub(super) parts: Vec<Part>,
    pub(super) nodes: Vec<NodeState>,
    pub(super) readers: Vec<Reader>,
    /// Levels in the greatest solution without darkness, for members of cycles.
    pub(super) hope: Vec<f64>,
    pub(super) scratch: Vec<f64>,
    pub(super) gate_inputs: Vec<f64>,
    pub(super) unsolved: RankSet,
    /// The cycle whose solution is being written back.
    pub(super) solving: u32,

    pub(super) dark: Vec<DarkState>,
    pub(super) clocks: Vec<ClockState>,
    pub(super) jobs: Vec<Job>,
    pub(super) free_dynamic: Vec<u32>,
    /// Active jobs of each repair that has needs.
    pub(super) jobs_with_needs: Vec<Vec<u32>>,
    pub(super) crews: Vec<CrewState>,
    pub(super) holds: Vec<HoldState>,
    pub(super) standbys: Vec<StandbyState>,
    pub(super) hazards: Vec<HazardState>,
    pub(super) units: Vec<UnitState>,
    pub(super) routes: Vec<RouteState>,
    pub(super) switches: Vec<SwitchState>,
    pub(super) usages: Vec<UsageState>,
    pub(super) network: NetworkState<'m>,
    pub(super) replicas: Vec<ReplicaState>,
    pub(super) replica_readers: ReplicaReaders,
    /// Counts the changes of copies.
    pub(super) replicas_version: u64,
    pub(super) load: LoadState,
    pub(super) causes: Causes,

    /// What has yet to react in the present round.
    pub(super) agenda: Agenda,

    /// What has changed in the present instant.
    pub(super) changed: Vec<ChangedComponent>,
    pub(super) changed_usages: Once,

    /// Routes that lead to each unit, usages that use each route or switch.
    pub(super) routes_by_unit: Vec<Vec<u32>>,
    pub(super) usages_by_route: Vec<Vec<u32>>,
    pub(super) usages_by_switch: Vec<Vec<u32>>,
    /// What simple modes will do, and what they do it to.
    pub(super) timeline: Timeline,
    pub(super) simple_targets: Vec<Target>,
    /// For each expression node, the member of a cycle whose support it is part of.
    pub(super) cycle_owner: Vec<Option<CompId>>,
    /// For each holdover, whether a standby stands in its need.
    pub(super) holds_over_standby: Vec<bool>,
}

impl<'m> Engine<'m> {
    /// An engine with memory for `model`.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        let slots = Slots::new(model);
        let n = model.components.len();
        let (routes_by_unit, usages_by_route, usages_by_switch) = super::users::who_uses_what(model);
        let causes = Causes::new(model);
        let cycle_owner = super::levels::cycle_owners(model);
        let replica_readers = ReplicaReaders::new(model);
        let (parts, readers) = parts(model, &cycle_owner, &causes, &replica_readers);
        let modes = (0..model.modes.len()).map(ModeId::at);
        let simple_modes: Vec<SimpleMode> = modes.filter_map(|m| SimpleMode::of(model, &parts, m)).collect();
        let jobs = model.modes.iter().map(|m| Job::of_repair(m.repair)).collect();
        Self {
            queue: Queue::new(slots.timers.len()),
            slots,
            replication: Replication::new(0, 0),
            now: SimTime::START,
            instant: 0,
            due: Vec::new(),
            simple_targets: simple_modes.iter().map(|m| Target::of(model, m.mode())).collect(),
            timeline: Timeline::new(simple_modes),
            parts,
            readers,
            nodes: model.expressions.nodes.iter().map(NodeState::of).collect(),
            hope: vec![1.0; n],
            scratch: vec![0.0; n],
            gate_inputs: Vec::new(),
            unsolved: RankSet::new(model.graph.ranked.len()),
            solving: u32::MAX,
            dark: vec![DarkState::default(); n],
            clocks: vec![ClockState::default(); model.modes.len()],
            jobs,
            free_dynamic: Vec::new(),
            jobs_with_needs: vec![Vec::new(); model.repairs.len()],
            crews: vec![CrewState::default(); model.crews.len()],
            holds: vec![HoldState::default(); model.holds.len()],
            standbys: vec![StandbyState::default(); n],
            hazards: vec![HazardState::default(); model.hazards.len()],
            units: vec![UnitState::default(); n],
            routes: vec![RouteState::default(); model.routes.len()],
            switches: vec![SwitchState::default(); model.switches.len()],
            usages: vec![UsageState::default(); model.usages.len()],
            network: NetworkState::new(model),
            replicas: vec![ReplicaState::default(); model.replicas.len()],
            replica_readers,
            replicas_version: 0,
            load: LoadState::new(model),
            causes,
            agenda: Agenda::new(model),
            changed: Vec::with_capacity(n),
            changed_usages: Once::new(model.usages.len()),
            routes_by_unit,
            usages_by_route,
            usages_by_switch,
            cycle_owner,
            holds_over_standby: super::standbys::holds_over_standby(model),
            model,
        }
    }

    /// Everything whole, clocks wound, at the start of `replication`.
    pub(super) fn reset(&mut self, replication: Replication) {
        self.replication = replication;
        self.now = SimTime::START;
        self.instant = 1;
        self.queue.clear();
        self.clear_work_lists();
        self.parts.iter_mut().for_each(Part::reset);
        self.dark.fill(DarkState::default());
        self.holds.fill(HoldState::default());
        self.standbys.fill(StandbyState::default());
        self.hazards.fill(HazardState::default());
        self.routes.fill(RouteState::default());
        self.switches.fill(SwitchState::default());
        self.reset_repairs();
        self.causes.reset();
        self.reset_units();
        self.usages.fill(UsageState::default());
        self.wind_clocks();
        self.wind_hazards();
        self.solve_from_scratch();
        self.propagate();
        self.reset_network();
        self.reset_replicas();
        self.reset_load();
        self.propagate();
        self.note_what_is_whole();
        // What is not at 1 although all is whole (idle standbys) has not changed.
        self.start_instant(SimTime::START);
        self.touch_everything();
    }

    fn clear_work_lists(&mut self) {
        self.agenda.clear();
        self.changed_usages.clear();
        self.changed.clear();
        self.unsolved.clear();
    }

    /// Lets everything of a kind that has to react do so, in order of id.
    #[inline]
    pub(super) fn look_at(&mut self, kind: Look, react: impl Fn(&mut Self, u32)) {
        if let Some(list) = self.agenda.take(kind) {
            list.iter().for_each(|item| react(self, *item));
            self.agenda.recycle(kind, list);
        }
    }

    /// At the start everything must look at its first levels once.
    fn touch_everything(&mut self) {
        let reacting = [
            Look::Components,
            Look::Holds,
            Look::Clocks,
            Look::Hazards,
            Look::Groups,
            Look::Replicas,
            Look::Routes,
            Look::Usages,
        ];
        reacting.into_iter().for_each(|kind| self.agenda.add_all(kind));
        // What is whole carries nothing.
        let impaired = self.parts.iter().enumerate().filter(|(_, part)| part.level < 1.0);
        impaired.for_each(|(c, _)| self.causes.touch(CompId::at(c)));
    }

    /// Begins the instant `time`.
    pub(super) fn start_instant(&mut self, time: SimTime) {
        if self.load.is_moving() {
            self.advance_load(time);
        }
        self.now = time;
        self.instant += 1;
        self.changed.clear();
        if !self.changed_usages.is_empty() {
            let usages = self.changed_usages.take();
            self.changed_usages.recycle(usages);
        }
    }

    #[inline]
    pub(super) fn has_changed(&self, component: CompId) -> bool {
        self.parts[component.index()].changed_in == self.instant
    }

    /// Applies all events due now, as a set: those they produce for now come in the next round.
    pub(super) fn apply_due(&mut self) {
        // Simple modes touch nothing but their own component, so they may be applied before the rest is collected.
        while self.timeline.next() <= self.now {
            let transition = self.timeline.pop();
            self.apply_transition(transition);
            if self.timeline.is_used_up(self.model.horizon) {
                self.draw_timeline();
            }
        }
        if self.queue.next() <= self.now {
            self.apply_queue();
        }
    }

    fn apply_queue(&mut self) {
        self.due.clear();
        while self.queue.next() <= self.now {
            let slot = self.queue.first();
            self.queue.set(slot, SimTime::NEVER);
            self.due.push(slot);
        }
        // Within an instant order decides nothing but in which order floating-point numbers are multiplied.
        self.due.sort_unstable();
        for k in 0..self.due.len() {
            self.apply(self.slots.timers[self.due[k] as usize]);
        }
    }

    /// Draws what simple modes do next.
    pub(super) fn draw_timeline(&mut self) {
        let queue = &mut self.queue;
        let hand_over = |mode: ModeId, at: SimTime| queue.set(mode.0, at);
        self.timeline.draw(self.replication, self.model.horizon, hand_over);
    }

    /// When something is due next.
    #[inline]
    pub(super) fn next(&self) -> SimTime {
        self.queue.next().min(self.timeline.next())
    }

    fn apply(&mut self, timer: Timer) {
        match timer {
            Timer::Mode(mode) => self.mode_due(mode),
            Timer::Restart(c) => self.restarted(c),
            Timer::BlackStart(c) => self.black_started(c),
            Timer::Start(c) => self.standby_started(c),
            Timer::Reconfigure(c) => self.reconfigured(c),
            Timer::Hold(h) => self.hold_ran_out(h),
            Timer::Hazard(h) => self.hazard_due(h),
            Timer::Route(r) => self.route_timer_due(r),
            Timer::Switch(s) => self.switch_due(s),
            Timer::Announcement(element) => self.announced(element),
            Timer::Rates => self.rates_change(),
            Timer::Replica(r) => self.replica_due(r),
            Timer::Load => self.touch_load(),
            Timer::Signal(place) => self.signal_due(place),
            Timer::Dynamic(k) => self.dynamic_due(k),
        }
    }

    /// Names of what changed in the present round, for the message about a loop.
    pub(super) fn restless(&self) -> Vec<String> {
        let mut names: Vec<String> = self.due.iter().map(|slot| self.timer_name(*slot)).collect();
        names.sort();
        names.dedup();
        names
    }

    fn timer_name(&self, slot: u32) -> String {
        let component = |c: CompId| self.model.components[c.index()].name.clone();
        match self.slots.timers[slot as usize] {
            Timer::Mode(m) => self.model.modes[m.index()].name.clone(),
            Timer::Restart(c) | Timer::BlackStart(c) | Timer::Start(c) | Timer::Reconfigure(c) => {
                component(c)
            }
            Timer::Hold(h) => self.model.holds[h.index()].owner.clone(),
            Timer::Hazard(h) => self.model.hazards[h.index()].name.clone(),
            Timer::Route(r) => self.model.routes[r.index()].name.clone(),
            Timer::Switch(_) => "a switch to an alternative".to_owned(),
            Timer::Announcement(element) => self.name_of_element(element),
            Timer::Rates => "traffic of the network".to_owned(),
            Timer::Replica(r) => self.model.replicas[r.index()].name.clone(),
            Timer::Load => "load".to_owned(),
            Timer::Signal(place) => component(self.model.load.signals[place as usize].component),
            Timer::Dynamic(k) => self.dynamic_name(k),
        }
    }

    /// The repair's jobs, where it has needs.
    pub(super) fn repair_has_needs(&self, repair: RepairId) -> bool {
        self.model.repairs[repair.index()].needs.is_some()
    }

    /// The system being played.
    #[must_use]
    pub const fn model(&self) -> &'m Model {
        self.model
    }

    /// The present instant.
    #[must_use]
    pub const fn now(&self) -> SimTime {
        self.now
    }

    /// A component's level.
    #[must_use]
    pub fn level(&self, component: CompId) -> f64 {
        self.parts[component.index()].level
    }

    /// Components whose level differs from what it was before this instant.
    pub fn changed_components(&self) -> impl Iterator<Item = ChangedComponent> + '_ {
        self.changed.iter().copied().filter(|c| self.parts[c.component.index()].level != c.before)
    }

    /// Usages whose success or whose alternatives' share may differ from what it was before this instant.
    pub fn changed_usages(&self) -> impl Iterator<Item = UsageId> + '_ {
        self.changed_usages.list.iter().map(|u| UsageId(*u))
    }
}
