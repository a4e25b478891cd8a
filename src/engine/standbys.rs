//! Standbys: started once per demand.

use super::agenda::Look;
use super::failures::real_time;
use super::state::Engine;
use crate::model::{CompId, Expressions, GroupId, HoldId, ModeId, Model, NodeId};
use crate::time::SimTime;

/// What a standby is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StandbyPhase {
    /// Not demanded.
    #[default]
    Idle,
    /// Demanded, not in service yet.
    Starting,
    /// In service.
    Running,
}

/// The state of one standby.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StandbyState {
    phase: StandbyPhase,
    /// Bit per need that demands it.
    demanded_by: u64,
    starts: u32,
}

/// For each holdover, whether a standby stands in its need.
pub(super) fn holds_over_standby(model: &Model) -> Vec<bool> {
    model.holds.iter().map(|hold| a_standby_stands_in(model, hold.need)).collect()
}

fn a_standby_stands_in(model: &Model, node: NodeId) -> bool {
    let target = Expressions::target(model.expressions.kind(node));
    target.is_some_and(|c| model.components[c.index()].standby.is_some())
        || model.expressions.children(node).iter().any(|child| a_standby_stands_in(model, *child))
}

impl Engine<'_> {
    /// True for a standby that is not in service.
    #[inline]
    pub(super) fn is_idle(&self, component: CompId) -> bool {
        let i = component.index();
        self.parts[i].traits.is_standby && self.standbys[i].phase != StandbyPhase::Running
    }

    /// Decides anew which standbys are demanded, where an input of their need has changed.
    pub(super) fn demand_standbys(&mut self) {
        while let Some(touched) = self.agenda.take(Look::Groups) {
            for group in &touched {
                self.demand_group(GroupId(*group));
            }
            // Only now, so that a demand that passes from one need to another does not stop the standby.
            for group in &touched {
                for standby in &self.model.groups[*group as usize].standbys {
                    self.heed_demand(*standby);
                }
            }
            self.agenda.recycle(Look::Groups, touched);
            self.propagate();
        }
    }

    fn demand_group(&mut self, id: GroupId) {
        let model = self.model;
        let group = &model.groups[id.index()];
        for (place, standby) in group.standbys.iter().enumerate() {
            let later = &group.standbys[place + 1..];
            let without = self.value_with(group.expression, *standby, 0.0, later);
            let with = self.value_with(group.expression, *standby, 1.0, later);
            self.set_demand(*standby, id, without < with);
        }
    }

    /// The need's value with a standby at `level` and later ones at 0.
    fn value_with(&self, expression: NodeId, standby: CompId, level: f64, later: &[CompId]) -> f64 {
        let levels = |c: CompId| {
            if c == standby {
                level
            } else if later.contains(&c) {
                0.0
            } else {
                self.parts[c.index()].level
            }
        };
        // A battery that carries a need in which the standby stands, or could, must not keep it from running.
        let held = |h: HoldId| if self.holds_over_standby[h.index()] { None } else { self.held(h) };
        self.model.expressions.evaluate(expression, &levels, &held)
    }

    fn set_demand(&mut self, component: CompId, group: GroupId, demanded: bool) {
        let i = component.index();
        let Some(standby) = &self.model.components[i].standby else { return };
        let place = standby.groups.iter().position(|g| *g == group).unwrap_or(0);
        let bit = 1_u64 << (place % 64);
        let state = &mut self.standbys[i];
        state.demanded_by = if demanded { state.demanded_by | bit } else { state.demanded_by & !bit };
    }

    fn heed_demand(&mut self, component: CompId) {
        let state = &self.standbys[component.index()];
        match (state.phase, state.demanded_by != 0) {
            (StandbyPhase::Idle, true) => self.start(component),
            (StandbyPhase::Starting | StandbyPhase::Running, false) => self.stop(component),
            _ => {}
        }
    }

    fn start(&mut self, component: CompId) {
        let i = component.index();
        let Some(standby) = &self.model.components[i].standby else { return };
        let takes = self.span(&standby.starts_in, standby.starts_in_stream, self.standbys[i].starts);
        self.standbys[i].phase = StandbyPhase::Starting;
        self.standbys[i].starts += 1;
        self.queue.set(self.slots.start[i], self.now + real_time(takes, 1.0));
        self.reveal_failures(component);
        self.agenda.add(Look::Components, i);
    }

    fn stop(&mut self, component: CompId) {
        let i = component.index();
        self.standbys[i].phase = StandbyPhase::Idle;
        self.queue.set(self.slots.start[i], SimTime::NEVER);
        self.agenda.add(Look::Components, i);
        self.unsolve(component);
    }

    /// A standby's starting time is over: each unit is in service, or has failed to start.
    pub(super) fn standby_started(&mut self, component: CompId) {
        let i = component.index();
        let c = &self.model.components[i];
        let Some(standby) = &c.standby else { return };
        if self.standbys[i].phase != StandbyPhase::Starting {
            return;
        }
        self.standbys[i].phase = StandbyPhase::Running;
        let first = (self.standbys[i].starts - 1) * c.units;
        let units = if c.pooled { self.unfailed_units(component) } else { c.units };
        for unit in 0..units {
            if standby.fails_to_start > 0.0
                && self.draw(standby.fails_stream, first + unit).happens(standby.fails_to_start)
            {
                self.fail_to_start(component, unit);
            }
        }
        self.agenda.add(Look::Components, i);
        self.unsolve(component);
    }

    fn fail_to_start(&mut self, component: CompId, unit: u32) {
        let c = &self.model.components[component.index()];
        let Some(standby) = &c.standby else { return };
        let modes = standby.start_modes.clone();
        let mode = ModeId::at(if c.pooled { modes.start } else { modes.start + unit as usize });
        // A unit whose last failure to start is not mended yet has not been started at all.
        if c.pooled || self.jobs[mode.index()].stage == super::Stage::Idle {
            self.activate(mode);
            if !c.pooled {
                // Its clock and its repair share a timer: the clock must not touch it any more.
                self.clocks[mode.index()].stopped = true;
            }
        }
    }

    /// What a standby is doing; of no meaning for other components.
    #[must_use]
    pub fn standby_phase(&self, standby: CompId) -> StandbyPhase {
        self.standbys[standby.index()].phase
    }

    /// True if a component serves, or is a standby that would: what its figures call up.
    #[inline]
    #[must_use]
    pub fn is_up(&self, component: CompId) -> bool {
        let part = &self.parts[component.index()];
        part.level > 0.0 || (part.traits.is_standby && self.is_ready(component))
    }

    fn is_ready(&self, standby: CompId) -> bool {
        let i = standby.index();
        self.standbys[i].demanded_by == 0 && self.parts[i].own > 0.0 && self.support(standby) > 0.0
    }
}
