//! Attribution: which initiating events each component carries.
//!
//! A component below 1 carries the events of what limits it at present: its own active failures, if they are
//! the limit, and what its limiting inputs carry. A dark component keeps all it has carried since it went
//! dark, until it has restarted: the tail belongs to whoever caused it. Whatever keeps a repair, a restart or
//! a shift from going on is carried too.

mod calls;
mod limits;
mod overload;

use self::overload::LoadCauses;
use super::part::Carries;
use super::rank_set::RankSet;
use super::state::Engine;
use crate::model::{CauseId, CompId, HoldId, Model, RepairId, Root, recovery_groups, root_of};
use crate::time::SimTime;

/// An initiating event.
#[derive(Debug, Clone, Copy)]
struct Event {
    cause: CauseId,
    at: SimTime,
    /// Repairs of it that are not over.
    jobs: u32,
    /// The last of them to begin; each job knows the one before it.
    job: u32,
}

/// Who carries which events.
#[derive(Debug, Clone)]
pub(super) struct Causes {
    events: Vec<Event>,
    /// Events that made a unit re-form.
    reform_sets: Vec<Vec<u32>>,
    reforming_now: Vec<CompId>,
    pub(super) was_dark: Vec<bool>,
    touched: Vec<CompId>,
    is_touched: Vec<bool>,
    /// Components by who can keep whom from recovering.
    groups: Vec<(Vec<CompId>, bool)>,
    group_of: Vec<u32>,
    pending: RankSet,
    hold_owner: Vec<Option<CompId>>,
    buffer: Vec<u32>,
    load: LoadCauses,
    ordinary_demand: CauseId,
}

impl Causes {
    pub(super) fn new(model: &Model) -> Self {
        let n = model.components.len();
        let groups = recovery_groups(model);
        let mut group_of = vec![0; n];
        for (index, (members, _)) in groups.iter().enumerate() {
            members.iter().for_each(|m| group_of[m.index()] = index as u32);
        }
        let hold_owner = model.holds.iter().map(|h| match root_of(&model.expressions, h.need) {
            Root::Support(component) | Root::StartsWith(component) => Some(component),
            _ => None,
        });
        Self {
            events: Vec::new(),
            reform_sets: vec![Vec::new(); n],
            reforming_now: Vec::new(),
            was_dark: vec![false; n],
            touched: Vec::new(),
            is_touched: vec![false; n],
            pending: RankSet::new(groups.len()),
            groups,
            group_of,
            hold_owner: hold_owner.collect(),
            buffer: Vec::new(),
            load: LoadCauses::new(model),
            ordinary_demand: model.ordinary_demand().unwrap_or(Model::NO_CAUSE),
        }
    }

    /// True if the component's recovery and another's depend on each other.
    pub(super) fn is_in_cycle(&self, component: CompId) -> bool {
        self.groups[self.group_of[component.index()] as usize].1
    }

    /// True if two components are the same, or the recovery of each depends on the other's.
    pub(super) fn are_mates(&self, a: CompId, b: CompId) -> bool {
        self.group_of[a.index()] == self.group_of[b.index()]
    }

    pub(super) fn reset(&mut self) {
        self.events.clear();
        // Event 0 stands for "no initiating event": a component that cannot be up from the start.
        self.events.push(Event { cause: Model::NO_CAUSE, at: SimTime::START, jobs: 0, job: 0 });
        self.reform_sets.iter_mut().for_each(Vec::clear);
        self.reforming_now.clear();
        self.was_dark.fill(false);
        self.touched.clear();
        self.is_touched.fill(false);
        self.pending.clear();
        self.load.reset();
    }

    /// A new initiating event.
    pub(super) fn begin(&mut self, cause: CauseId, at: SimTime) -> u32 {
        self.events.push(Event { cause, at, jobs: 0, job: 0 });
        self.events.len() as u32 - 1
    }

    /// A new initiating event whose only repair is `job`.
    #[inline]
    pub(super) fn begin_with_job(&mut self, cause: CauseId, at: SimTime, job: u32) -> u32 {
        self.events.push(Event { cause, at, jobs: 1, job });
        self.events.len() as u32 - 1
    }

    /// A further repair of an event; returns the one before it (none if it is the first, whatever is returned).
    pub(super) fn job_begins(&mut self, event: u32, job: u32) -> u32 {
        let event = &mut self.events[event as usize];
        event.jobs += 1;
        std::mem::replace(&mut event.job, job)
    }

    /// The last repair of an event to begin is to be another.
    pub(super) fn set_last_job(&mut self, event: u32, job: u32) {
        self.events[event as usize].job = job;
    }

    pub(super) fn job_ends(&mut self, event: u32) {
        self.events[event as usize].jobs -= 1;
    }

    /// The last repair of an event to begin, and how many are not over.
    pub(super) fn running_jobs(&self, event: u32) -> Option<(u32, u32)> {
        let event = &self.events[event as usize];
        (event.jobs > 0).then_some((event.job, event.jobs))
    }

    /// Notes that what a component carries may have changed.
    #[inline]
    pub(super) fn touch(&mut self, component: CompId) {
        if !self.is_touched[component.index()] {
            self.is_touched[component.index()] = true;
            self.touched.push(component);
        }
    }

    /// A component goes dark: what it carries begins anew, even if it was lit in this very instant.
    pub(super) fn goes_dark(&mut self, component: CompId) {
        self.was_dark[component.index()] = false;
        self.touch(component);
    }

    /// True if nobody may carry something else now.
    #[inline]
    pub(super) fn are_settled(&self) -> bool {
        self.touched.is_empty() && self.pending.is_empty()
    }

    pub(super) fn touch_all(&mut self, components: &[CompId]) {
        components.iter().for_each(|c| self.touch(*c));
    }

    pub(super) fn reforms(&mut self, unit: CompId) {
        self.reforming_now.push(unit);
    }

    pub(super) fn reformed(&mut self, unit: CompId) {
        self.reform_sets[unit.index()].clear();
    }

    pub(super) fn owner_of_hold(&self, hold: HoldId) -> Option<CompId> {
        self.hold_owner[hold.index()]
    }

    #[inline]
    fn pend(&mut self, component: CompId) {
        self.pending.add(self.group_of[component.index()]);
    }
}

fn unite(set: &mut Vec<u32>, more: &[u32]) {
    // What is added mostly stands in the set already, in the same order: the next place is looked at first.
    let mut next = 0;
    for event in more {
        if set.get(next) == Some(event) {
            next += 1;
            continue;
        }
        match set.binary_search(event) {
            Ok(place) => next = place + 1,
            Err(place) => {
                set.insert(place, *event);
                next = place + 1;
            }
        }
    }
}

/// The events that `add` collects, each once.
pub(super) fn in_order(add: impl FnOnce(&mut Vec<u32>)) -> Vec<u32> {
    let mut events = Vec::new();
    add(&mut events);
    events.sort_unstable();
    events.dedup();
    events
}

impl Engine<'_> {
    /// Brings what components carry up to date once an instant has settled.
    pub(super) fn update_causes(&mut self) {
        if self.causes.are_settled() {
            return;
        }
        let reforming = std::mem::take(&mut self.causes.reforming_now);
        self.unite_reform_sets(&reforming, false);
        let mut touched = std::mem::take(&mut self.causes.touched);
        for component in &touched {
            self.causes.is_touched[component.index()] = false;
            self.causes.pend(*component);
        }
        while let Some(group) = self.causes.pending.pop() {
            self.update_group(group as usize);
        }
        for component in touched.drain(..) {
            self.causes.was_dark[component.index()] = self.dark[component.index()].dark;
        }
        self.causes.touched = touched;
        self.unite_reform_sets(&reforming, true);
        self.causes.reforming_now = reforming;
        self.causes.reforming_now.clear();
    }

    /// A unit re-forms because of what its changed members carry: those that return, from before this
    /// instant; those that are lost, from after it.
    fn unite_reform_sets(&mut self, reforming: &[CompId], lost: bool) {
        for unit in reforming {
            if !self.goes_on_reforming(*unit) {
                continue;
            }
            for member in &self.model.components[unit.index()].members {
                let Some(change) = self.changed.iter().find(|c| c.component == *member) else { continue };
                let is_up = self.parts[member.index()].level > 0.0;
                if (change.before > 0.0) != is_up && is_up != lost {
                    let more = std::mem::take(&mut self.parts[member.index()].events);
                    unite(&mut self.causes.reform_sets[unit.index()], &more);
                    self.parts[member.index()].events = more;
                }
            }
        }
    }

    fn update_group(&mut self, group: usize) {
        if let (&[component], false) = (self.causes.groups[group].0.as_slice(), self.causes.groups[group].1) {
            let is_leaf = self.parts[component.index()].traits.is_leaf;
            if is_leaf || self.update_set(component) || self.has_changed(component) {
                self.pend_readers(component);
            }
            return;
        }
        let (members, is_cycle) = std::mem::take(&mut self.causes.groups[group]);
        self.update_cycle(&members);
        self.causes.groups[group] = (members, is_cycle);
    }

    /// Least sets that satisfy the rule within a cycle: from nothing (or what darkness keeps) upwards.
    fn update_cycle(&mut self, members: &[CompId]) {
        let impaired = |e: &Self, m: &CompId| e.parts[m.index()].level < 1.0;
        let before: Vec<(CompId, Vec<u32>)> = members
            .iter()
            .filter(|m| impaired(self, m) || !self.parts[m.index()].events.is_empty())
            .map(|m| (*m, self.parts[m.index()].events.clone()))
            .collect();
        for (member, _) in &before {
            self.note_carried(*member);
            if !self.keeps_set(*member) {
                self.parts[member.index()].events.clear();
            }
        }
        loop {
            let mut grew = false;
            for (member, _) in &before {
                grew |= self.grow_set(*member);
            }
            if !grew {
                break;
            }
        }
        for member in members {
            let changed = before.iter().any(|(m, set)| m == member && *set != self.parts[m.index()].events);
            if changed || self.has_changed(*member) {
                self.pend_readers(*member);
            }
        }
    }

    /// Adds what holds a component down at present; true if that was more than it had.
    fn grow_set(&mut self, component: CompId) -> bool {
        if self.parts[component.index()].level >= 1.0 {
            return false;
        }
        let mut found = std::mem::take(&mut self.causes.buffer);
        found.clear();
        self.add_holders(component, &mut found);
        let set = &mut self.parts[component.index()].events;
        let size = set.len();
        unite(set, &found);
        let grew = set.len() > size;
        self.causes.buffer = found;
        grew
    }

    fn keeps_set(&self, component: CompId) -> bool {
        self.dark[component.index()].dark && self.causes.was_dark[component.index()]
    }

    /// Works out a component's set outside cycles; true if it changed.
    fn update_set(&mut self, component: CompId) -> bool {
        let i = component.index();
        if self.parts[i].level >= 1.0 && self.parts[i].events.is_empty() {
            return false;
        }
        self.note_carried(component);
        let mut set = std::mem::take(&mut self.causes.buffer);
        set.clear();
        if self.parts[i].level < 1.0 {
            if self.keeps_set(component) {
                set.extend_from_slice(&self.parts[i].events);
            }
            self.add_holders(component, &mut set);
            // Runs that are sorted already: the stable sort merges them, however many failures a long darkness has seen.
            set.sort();
            set.dedup();
        }
        let changed = set != self.parts[i].events;
        std::mem::swap(&mut set, &mut self.parts[i].events);
        self.causes.buffer = set;
        changed
    }

    /// Whoever reads this component and is itself impaired may carry something else now; whoever is first
    /// impaired in this instant looks by itself.
    pub(super) fn pend_readers(&mut self, component: CompId) {
        for r in self.parts[component.index()].readers() {
            self.pend_carrier(self.readers[r].carries, component);
        }
        if self.parts[component.index()].traits.is_wired {
            self.pend_paths(component);
        }
    }

    /// Whoever is not whole because of the network may carry something else now.
    #[inline(never)]
    fn pend_paths(&mut self, because_of: CompId) {
        for path in &self.model.network.paths {
            // Mates of one cycle are solved together and need no second look, which would ask for a third.
            if !self.causes.are_mates(path.component, because_of) {
                self.pend_if_impaired(path.component);
            }
        }
    }

    #[inline]
    pub(super) fn pend_carrier(&mut self, carrier: Carries, because_of: CompId) {
        match carrier {
            Carries::Component(owner) => self.pend_if_impaired(owner),
            Carries::Targets(repair) => self.pend_targets(repair, because_of),
            Carries::Nobody => {}
        }
    }

    #[inline(never)]
    fn pend_targets(&mut self, repair: RepairId, because_of: CompId) {
        for job in &self.jobs_with_needs[repair.index()] {
            for target in &self.jobs[*job as usize].targets {
                if !self.causes.are_mates(*target, because_of) && self.is_impaired(*target) {
                    self.causes.pend(*target);
                }
            }
        }
    }

    #[inline]
    fn pend_if_impaired(&mut self, component: CompId) {
        if self.is_impaired(component) {
            self.causes.pend(component);
        }
    }

    #[inline]
    fn is_impaired(&self, component: CompId) -> bool {
        let i = component.index();
        self.parts[i].level < 1.0 || !self.parts[i].events.is_empty()
    }

    /// The events that a component carries. Those of leaves are not kept but read off their failures.
    pub(super) fn add_set(&self, component: CompId, out: &mut Vec<u32>) {
        let i = component.index();
        if !self.parts[i].traits.is_leaf {
            out.extend_from_slice(&self.parts[i].events);
        } else if self.parts[i].level < 1.0 {
            self.add_own_events(component, self.parts[i].own, out);
        }
    }

    /// The initiating events that a component carries, in order.
    #[must_use]
    pub fn events_of(&self, component: CompId) -> Vec<u32> {
        in_order(|events| self.add_set(component, events))
    }

    /// The initiating events that keep a holdover's need from being met, in order.
    #[must_use]
    pub fn events_of_hold(&self, hold: HoldId) -> Vec<u32> {
        let children = self.model.expressions.children(self.model.holds[hold.index()].need);
        in_order(|events| children.iter().for_each(|child| self.add_node_holders(*child, events)))
    }

    /// The initiating events because of which a unit re-forms, in order.
    #[must_use]
    pub fn reforming_events(&self, unit: CompId) -> &[u32] {
        &self.causes.reform_sets[unit.index()]
    }

    /// What attribution calls an event.
    #[must_use]
    pub fn cause_of(&self, event: u32) -> CauseId {
        self.causes.events[event as usize].cause
    }

    /// When an event occurred.
    #[must_use]
    pub fn event_at(&self, event: u32) -> SimTime {
        self.causes.events[event as usize].at
    }

    /// Number of initiating events so far, counting the one that stands for none.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.causes.events.len()
    }
}
