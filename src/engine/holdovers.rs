//! Holdovers: what goes on giving after a need is lost.

use super::agenda::Look;
use super::state::Engine;
use crate::model::{HoldId, NodeId, NodeKind, Root, root_of, threshold};
use crate::time::{SimSpan, SimTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Phase {
    /// The need is met (or its loss has not settled yet).
    #[default]
    Ready,
    /// Carrying the need.
    Carrying,
    /// Used up; the need is lost.
    Spent,
}

/// The state of one holdover.
#[derive(Debug, Clone, Copy)]
pub(super) struct HoldState {
    phase: Phase,
    /// What the need gave when it was last settled and met.
    given: f64,
    /// Charge as of `since`, from 0 to 1.
    charge: f64,
    since: SimTime,
    /// Full length, drawn at the present loss.
    length: SimSpan,
    losses: u32,
}

impl Default for HoldState {
    fn default() -> Self {
        let length = SimSpan::ZERO;
        Self { phase: Phase::Ready, given: 0.0, charge: 1.0, since: SimTime::START, length, losses: 0 }
    }
}

impl Engine<'_> {
    /// What a holdover gives if its need is lost; `None`: nothing.
    pub(super) fn held(&self, hold: HoldId) -> Option<f64> {
        let state = &self.holds[hold.index()];
        let carries = match state.phase {
            Phase::Ready => self.charge(hold) > 0.0,
            Phase::Carrying => true,
            Phase::Spent => false,
        };
        (carries && state.given > 0.0).then_some(state.given)
    }

    /// The charge of a holdover that is not carrying.
    fn charge(&self, hold: HoldId) -> f64 {
        let state = &self.holds[hold.index()];
        match self.model.holds[hold.index()].refills_in {
            None => 1.0,
            Some(full) => {
                let gained = (self.now - state.since).micros_f64() / full.micros_f64().max(1.0);
                (state.charge + gained).min(1.0)
            }
        }
    }

    /// Before anything has happened, what holdovers will give and which members are up.
    pub(super) fn note_what_is_whole(&mut self) {
        for hold in (0..self.holds.len()).map(HoldId::at) {
            self.holds[hold.index()].given = self.hold_input(hold);
        }
        for i in 0..self.units.len() {
            self.units[i].was_up = self.parts[i].level > 0.0;
        }
    }

    /// Starts and ends holdovers once their needs have settled.
    pub(super) fn react_holdovers(&mut self) {
        self.look_at(Look::Holds, |engine, hold| engine.react_holdover(HoldId(hold)));
    }

    fn react_holdover(&mut self, hold: HoldId) {
        let i = hold.index();
        let met = self.hold_input(hold);
        match (self.holds[i].phase, met > 0.0) {
            (Phase::Ready, true) => self.holds[i].given = met,
            (Phase::Ready, false) => self.begin_carrying(hold),
            (Phase::Carrying, true) => {
                let state = &mut self.holds[i];
                let used = (self.now - state.since).micros_f64() / state.length.micros_f64().max(1.0);
                let left = if state.length.ends() { (state.charge - used).max(0.0) } else { state.charge };
                *state =
                    HoldState { phase: Phase::Ready, given: met, charge: left, since: self.now, ..*state };
                self.queue.set(self.slots.hold + hold.0, SimTime::NEVER);
            }
            (Phase::Spent, true) => {
                let state = &mut self.holds[i];
                *state = HoldState { phase: Phase::Ready, given: met, since: self.now, ..*state };
            }
            (Phase::Carrying | Phase::Spent, false) => {}
        }
    }

    fn begin_carrying(&mut self, hold: HoldId) {
        let i = hold.index();
        let rule = &self.model.holds[i];
        let charge = self.charge(hold);
        let number = self.holds[i].losses;
        self.holds[i].losses += 1;
        self.holds[i].charge = charge;
        self.holds[i].since = self.now;
        if charge <= 0.0 || self.holds[i].given <= 0.0 {
            self.holds[i].phase = Phase::Spent;
            return;
        }
        let length = self.span(&rule.length, rule.stream, number);
        let state = &mut self.holds[i];
        (state.phase, state.length) = (Phase::Carrying, length);
        let lasts =
            if length.ends() { SimSpan::from_micros_f64(charge * length.micros_f64()) } else { length };
        self.queue.set(self.slots.hold + hold.0, self.now + lasts);
    }

    /// A holdover has run out.
    pub(super) fn hold_ran_out(&mut self, hold: HoldId) {
        let state = &mut self.holds[hold.index()];
        if state.phase != Phase::Carrying {
            return;
        }
        (state.phase, state.charge, state.since) = (Phase::Spent, 0.0, self.now);
        let need = self.model.holds[hold.index()].need;
        let value = self.need(need);
        if let Some(owner) = self.causes.owner_of_hold(hold) {
            self.causes.touch(owner);
            self.unsolve(owner);
        }
        if let Root::RepairNeeds(repair) = root_of(&self.model.expressions, need) {
            // What keeps the repair's needs unmet may be something else now.
            for k in 0..self.jobs_with_needs[repair.index()].len() {
                let job = self.jobs_with_needs[repair.index()][k] as usize;
                for t in 0..self.jobs[job].targets.len() {
                    self.causes.touch(self.jobs[job].targets[t]);
                }
            }
        }
        if value != self.nodes[need.index()].value {
            self.set_value(need, value);
        }
        self.touch_group_of(need);
    }

    /// Standbys that stand in the same outermost need are asked for as soon as a holdover within it has run out.
    fn touch_group_of(&mut self, need: NodeId) {
        let mut leaf = need;
        while let Some(child) = self.model.expressions.children(leaf).first() {
            leaf = *child;
        }
        if let Some(group) = self.model.expressions.nodes[leaf.index()].group {
            self.agenda.add(Look::Groups, group.index());
        }
    }

    /// What the need is given, holdover aside.
    fn hold_input(&self, hold: HoldId) -> f64 {
        let need = self.model.holds[hold.index()].need;
        let NodeKind::Need { at_least, .. } = self.model.expressions.kind(need) else { return 1.0 };
        threshold(at_least, self.nodes[self.model.expressions.children(need)[0].index()].value)
    }

    /// True while a holdover carries its need.
    #[must_use]
    pub fn is_carrying(&self, hold: HoldId) -> bool {
        self.holds[hold.index()].phase == Phase::Carrying
    }

    /// True once a holdover is used up and its need is still lost.
    #[must_use]
    pub fn is_spent(&self, hold: HoldId) -> bool {
        self.holds[hold.index()].phase == Phase::Spent
    }
}
