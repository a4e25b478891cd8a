//! Units of services: their members, re-forming after a loss, and how many calls get through.

use super::agenda::Look;
use super::state::Engine;
use crate::model::CompId;
use crate::time::SimTime;

/// The state of one unit (or member).
#[derive(Debug, Clone, Copy)]
pub(super) struct UnitState {
    /// Whether the component was above 0 when last settled (members).
    pub(super) was_up: bool,
    /// End of the present re-forming.
    until: SimTime,
    /// Share of calls that get through while re-forming.
    reforming: f64,
    reformings: u32,
    /// The instant of the last one, so that several losses at once are one change.
    changed_at: SimTime,
    /// Share of calls that get through.
    pub(super) success: f64,
}

impl Default for UnitState {
    fn default() -> Self {
        Self {
            was_up: true,
            until: SimTime::START,
            reforming: 1.0,
            reformings: 0,
            changed_at: SimTime::NEVER,
            success: 1.0,
        }
    }
}

impl Engine<'_> {
    pub(super) fn reset_units(&mut self) {
        self.units.fill(UnitState::default());
    }

    /// A member that is lost or returns lets its unit re-form.
    pub(super) fn react_membership(&mut self, component: CompId) {
        self.note_restart(component);
        let i = component.index();
        let c = &self.model.components[i];
        if c.unit_of.is_some() {
            self.agenda.add(Look::Units, i);
        }
        let Some(unit) = c.member_of else { return };
        self.agenda.add(Look::Units, unit.index());
        let up = self.parts[i].level > 0.0;
        if up != self.units[i].was_up {
            self.units[i].was_up = up;
            self.reform(unit);
        }
    }

    fn reform(&mut self, unit: CompId) {
        let i = unit.index();
        let Some(rule) = &self.model.components[i].reconfigure else { return };
        if self.units[i].changed_at == self.now {
            return;
        }
        let number = self.units[i].reformings;
        let takes = self.span(&rule.takes, rule.takes_stream, number);
        let errors = rule.errors.draw(self.draw(rule.errors_stream, number)).clamp(0.0, 1.0);
        let state = &mut self.units[i];
        let before = if state.until > self.now { state.reforming } else { 1.0 };
        state.changed_at = self.now;
        state.reformings += 1;
        state.until = state.until.max(self.now + takes);
        state.reforming = before.min(1.0 - errors);
        let until = state.until;
        self.queue.set(self.slots.reconfigure[i], until);
        self.causes.reforms(unit);
    }

    /// A unit has re-formed.
    pub(super) fn reconfigured(&mut self, unit: CompId) {
        self.units[unit.index()].reforming = 1.0;
        self.causes.reformed(unit);
        self.agenda.add(Look::Units, unit.index());
    }

    /// True if a unit is re-forming beyond this instant, whatever share of calls fails meanwhile.
    pub(super) fn goes_on_reforming(&self, unit: CompId) -> bool {
        self.units[unit.index()].until > self.now
    }

    /// Works out how many calls get through units that may have changed.
    pub(super) fn react_units(&mut self) {
        self.look_at(Look::Units, |engine, unit| engine.react_unit(CompId(unit)));
    }

    fn react_unit(&mut self, unit: CompId) {
        let i = unit.index();
        let success = if self.parts[i].level > 0.0 {
            self.parts[i].success * self.units[i].reforming * self.served(unit)
        } else {
            0.0
        };
        self.units[i].success = success;
        self.touch_load();
        for k in 0..self.routes_by_unit[i].len() {
            self.agenda.add(Look::Routes, self.routes_by_unit[i][k] as usize);
        }
    }

    /// Mean success of the members above 0, weighted by level.
    fn served(&self, unit: CompId) -> f64 {
        let members = &self.model.components[unit.index()].members;
        let up = || members.iter().map(|m| m.index()).filter(|m| self.parts[*m].level > 0.0);
        if up().all(|m| self.parts[m].success == 1.0) {
            return 1.0;
        }
        let weight: f64 = up().map(|m| self.parts[m].level).sum();
        up().map(|m| self.parts[m].level * self.parts[m].success).sum::<f64>() / weight
    }

    /// Share of calls that get through a unit.
    #[must_use]
    pub fn unit_success(&self, unit: CompId) -> f64 {
        self.units[unit.index()].success
    }

    /// Share of calls that fail because a unit re-forms; `None` if it does not.
    #[must_use]
    pub fn reforming_errors(&self, unit: CompId) -> Option<f64> {
        self.goes_on_reforming(unit).then(|| 1.0 - self.units[unit.index()].reforming)
    }
}
