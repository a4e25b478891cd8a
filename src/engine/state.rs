//! The state of a replication: flat arrays indexed by typed ids, reused from replication to replication.

use super::causes::Causes;
use super::darkness::DarkState;
use super::failures::ClockState;
use super::hazards::HazardState;
use super::holdovers::HoldState;
use super::queue::Queue;
use super::rank_set::RankSet;
use super::repairs::{CrewState, Job};
use super::standbys::StandbyState;
use super::traits::{SimpleMode, Traits};
use super::units::UnitState;
use super::users::{RouteState, SwitchState, UsageState};
use crate::model::{CompId, GroupId, HazardId, HoldId, ModeId, Model, RepairId, RouteId, SwitchId, UsageId};
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
        let dynamic = timers.len() as u32;
        Self { timers, restart, black_start, start, reconfigure, hold, hazard, route, switch, dynamic }
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

/// A list that holds each of its members once until it is drained.
#[derive(Debug, Clone, Default)]
pub(super) struct Once {
    pub(super) list: Vec<u32>,
    on: Vec<bool>,
}

impl Once {
    fn new(size: usize) -> Self {
        Self { list: Vec::with_capacity(size), on: vec![false; size] }
    }

    #[inline]
    pub(super) fn add(&mut self, item: usize) {
        if !self.on[item] {
            self.on[item] = true;
            self.list.push(item as u32);
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes the list in order of id, leaving an empty one; hand it back with [`Once::recycle`].
    #[inline]
    pub(super) fn take(&mut self) -> Vec<u32> {
        for item in &self.list {
            self.on[*item as usize] = false;
        }
        let mut list = std::mem::take(&mut self.list);
        match list.as_mut_slice() {
            [] | [_] => {}
            [a, b] => {
                if *a > *b {
                    std::mem::swap(a, b);
                }
            }
            many => many.sort_unstable(),
        }
        list
    }

    /// Keeps the memory of a list taken before.
    #[inline]
    pub(super) fn recycle(&mut self, mut list: Vec<u32>) {
        list.clear();
        if self.list.is_empty() {
            self.list = list;
        }
    }

    fn clear(&mut self) {
        self.on.fill(false);
        self.list.clear();
    }
}

/// Plays replications of one model, one at a time.
#[derive(Debug, Clone)]
pub struct Engine<'m> {
    pub(super) model: &'m Model,
    pub(super) slots: Slots,
    pub(super) replication: Replication,
    pub(super) now: SimTime,
    pub(super) queue: Queue,
    pub(super) due: Vec<u32>,
    /// Slots that produced something for the present instant while it was applied.
    pub(super) due_again: Vec<u32>,

    /// min over active failure modes and strikes, per component.
    pub(super) own: Vec<f64>,
    /// Share of calls that active error effects let through, per component.
    pub(super) success: Vec<f64>,
    /// Solved levels.
    pub(super) level: Vec<f64>,
    /// Values of expression nodes.
    pub(super) value: Vec<f64>,
    /// Inputs of each gate that are 1, and that are above 0.
    pub(super) whole_inputs: Vec<u32>,
    pub(super) live_inputs: Vec<u32>,
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
    /// Active jobs of each component.
    pub(super) active: Vec<Vec<u32>>,
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
    pub(super) causes: Causes,

    /// Work lists of the present round.
    pub(super) touched: Once,
    pub(super) touched_holds: Once,
    pub(super) touched_clocks: Once,
    pub(super) touched_repairs: Once,
    pub(super) touched_crews: Once,
    pub(super) touched_hazards: Once,
    pub(super) touched_groups: Once,
    pub(super) touched_units: Once,
    pub(super) touched_routes: Once,
    pub(super) touched_usages: Once,

    /// What has changed in the present instant.
    pub(super) changed: Vec<ChangedComponent>,
    pub(super) is_changed: Vec<bool>,
    pub(super) changed_usages: Once,

    /// Routes that lead to each unit, usages that use each route or switch.
    pub(super) routes_by_unit: Vec<Vec<u32>>,
    pub(super) usages_by_route: Vec<Vec<u32>>,
    pub(super) usages_by_switch: Vec<Vec<u32>>,
    /// What the hot paths ask of components.
    pub(super) traits: Vec<Traits>,
    /// The modes that are simple.
    pub(super) simple_modes: Vec<Option<SimpleMode>>,
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
        let nodes = model.expressions.nodes.len();
        let (routes_by_unit, usages_by_route, usages_by_switch) = super::users::who_uses_what(model);
        let causes = Causes::new(model);
        let ids = (0..n).map(CompId::at);
        let traits: Vec<Traits> = ids.map(|c| Traits::of(model, c, causes.is_in_cycle(c))).collect();
        let jobs = model.modes.iter().map(|m| Job::of_repair(m.repair)).collect();
        Self {
            queue: Queue::new(slots.timers.len()),
            slots,
            replication: Replication::new(0, 0),
            now: SimTime::START,
            due: Vec::new(),
            due_again: Vec::new(),
            own: vec![1.0; n],
            success: vec![1.0; n],
            level: vec![1.0; n],
            value: vec![1.0; nodes],
            whole_inputs: vec![0; nodes],
            live_inputs: vec![0; nodes],
            hope: vec![1.0; n],
            scratch: vec![0.0; n],
            gate_inputs: Vec::new(),
            unsolved: RankSet::new(model.graph.ranked.len()),
            solving: u32::MAX,
            dark: vec![DarkState::default(); n],
            clocks: vec![ClockState::default(); model.modes.len()],
            jobs,
            free_dynamic: Vec::new(),
            active: vec![Vec::new(); n],
            jobs_with_needs: vec![Vec::new(); model.repairs.len()],
            crews: vec![CrewState::default(); model.crews.len()],
            holds: vec![HoldState::default(); model.holds.len()],
            standbys: vec![StandbyState::default(); n],
            hazards: vec![HazardState::default(); model.hazards.len()],
            units: vec![UnitState::default(); n],
            routes: vec![RouteState::default(); model.routes.len()],
            switches: vec![SwitchState::default(); model.switches.len()],
            usages: vec![UsageState::default(); model.usages.len()],
            causes,
            touched: Once::new(n),
            touched_holds: Once::new(model.holds.len()),
            touched_clocks: Once::new(model.modes.len()),
            touched_repairs: Once::new(model.repairs.len()),
            touched_crews: Once::new(model.crews.len()),
            touched_hazards: Once::new(model.hazards.len()),
            touched_groups: Once::new(model.groups.len()),
            touched_units: Once::new(n),
            touched_routes: Once::new(model.routes.len()),
            touched_usages: Once::new(model.usages.len()),
            changed: Vec::with_capacity(n),
            is_changed: vec![false; n],
            changed_usages: Once::new(model.usages.len()),
            routes_by_unit,
            usages_by_route,
            usages_by_switch,
            simple_modes: model.modes.iter().map(|m| SimpleMode::of(model, &traits, m)).collect(),
            traits,
            cycle_owner: super::levels::cycle_owners(model),
            holds_over_standby: super::standbys::holds_over_standby(model),
            model,
        }
    }

    /// Everything whole, clocks wound, at the start of `replication`.
    pub(super) fn reset(&mut self, replication: Replication) {
        self.replication = replication;
        self.now = SimTime::START;
        self.queue.clear();
        self.clear_work_lists();
        self.own.fill(1.0);
        self.success.fill(1.0);
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
        self.note_what_is_whole();
        // What is not at 1 although all is whole (idle standbys) has not changed.
        self.changed.clear();
        self.is_changed.fill(false);
        self.touch_everything();
    }

    fn clear_work_lists(&mut self) {
        for list in [
            &mut self.touched,
            &mut self.touched_holds,
            &mut self.touched_clocks,
            &mut self.touched_repairs,
            &mut self.touched_crews,
            &mut self.touched_hazards,
            &mut self.touched_groups,
            &mut self.touched_units,
            &mut self.touched_routes,
            &mut self.touched_usages,
            &mut self.changed_usages,
        ] {
            list.clear();
        }
        self.changed.clear();
        self.is_changed.fill(false);
        self.unsolved.clear();
    }

    /// At the start everything must look at its first levels once.
    fn touch_everything(&mut self) {
        (0..self.model.components.len()).for_each(|c| self.touched.add(c));
        (0..self.model.holds.len()).for_each(|h| self.touched_holds.add(h));
        (0..self.model.modes.len()).for_each(|m| self.touched_clocks.add(m));
        (0..self.model.hazards.len()).for_each(|h| self.touched_hazards.add(h));
        (0..self.model.groups.len()).for_each(|g| self.touched_groups.add(GroupId::at(g).index()));
        (0..self.model.routes.len()).for_each(|r| self.touched_routes.add(RouteId::at(r).index()));
        (0..self.model.usages.len()).for_each(|u| self.touched_usages.add(UsageId::at(u).index()));
        (0..self.model.components.len()).for_each(|c| self.causes.touch(CompId::at(c)));
    }

    /// Begins the instant `time`.
    pub(super) fn start_instant(&mut self, time: SimTime) {
        self.now = time;
        for changed in self.changed.drain(..) {
            self.is_changed[changed.component.index()] = false;
        }
        if !self.changed_usages.is_empty() {
            let usages = self.changed_usages.take();
            self.changed_usages.recycle(usages);
        }
    }

    /// Applies all events due now, as a set: those they produce for now come in the next round.
    pub(super) fn apply_due(&mut self) {
        if self.queue.next() > self.now {
            return;
        }
        let mut due = std::mem::take(&mut self.due);
        due.clear();
        // Simple modes touch nothing but their own component, so they may be applied while the rest is collected.
        while self.queue.next() <= self.now {
            let slot = self.queue.first();
            if self.simple_modes.get(slot as usize).is_some_and(Option::is_some) {
                self.simple_mode_due(ModeId(slot));
            } else {
                self.queue.set(slot, SimTime::NEVER);
                due.push(slot);
            }
        }
        for slot in &due {
            self.apply(self.slots.timers[*slot as usize]);
        }
        self.due = due;
        for k in 0..self.due_again.len() {
            let slot = self.due_again[k];
            self.queue.set(slot, self.now);
            self.due.push(slot);
        }
        self.due_again.clear();
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
        self.level[component.index()]
    }

    /// Components whose level differs from what it was before this instant.
    pub fn changed_components(&self) -> impl Iterator<Item = ChangedComponent> + '_ {
        self.changed.iter().copied().filter(|c| self.level[c.component.index()] != c.before)
    }

    /// Usages whose success or whose alternatives' share may differ from what it was before this instant.
    pub fn changed_usages(&self) -> impl Iterator<Item = UsageId> + '_ {
        self.changed_usages.list.iter().map(|u| UsageId(*u))
    }
}
