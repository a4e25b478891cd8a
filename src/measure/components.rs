//! How long components are not up.

use crate::engine::Engine;
use crate::model::{CompId, Model};
use crate::time::{SimSpan, SimTime};

/// Adds up the time that each component is not up.
#[derive(Debug, Clone)]
pub(super) struct ComponentMeter {
    /// Since when each component has not been up; NEVER while it is.
    down_since: Vec<SimTime>,
    down: Vec<SimSpan>,
    /// Standbys may fail while idle, at level 0 before and after.
    standbys: Vec<CompId>,
}

impl ComponentMeter {
    pub(super) fn new(model: &Model) -> Self {
        let ids = (0..model.components.len()).map(CompId::at);
        Self {
            down_since: vec![SimTime::NEVER; model.components.len()],
            down: vec![SimSpan::ZERO; model.components.len()],
            standbys: ids.filter(|c| model.components[c.index()].standby.is_some()).collect(),
        }
    }

    pub(super) fn begin(&mut self, engine: &Engine<'_>) {
        self.down_since.fill(SimTime::NEVER);
        self.down.fill(SimSpan::ZERO);
        for component in 0..self.down.len() {
            self.look(engine, CompId::at(component));
        }
    }

    pub(super) fn settled(&mut self, engine: &Engine<'_>) {
        for changed in engine.changed_components() {
            self.look(engine, changed.component);
        }
        for k in 0..self.standbys.len() {
            self.look(engine, self.standbys[k]);
        }
    }

    #[inline]
    fn look(&mut self, engine: &Engine<'_>, component: CompId) {
        let i = component.index();
        let (up, was_up) = (engine.is_up(component), !self.down_since[i].occurs());
        if up && !was_up {
            self.close(i, engine.now());
        } else if !up && was_up {
            self.down_since[i] = engine.now();
        }
    }

    fn close(&mut self, i: usize, now: SimTime) {
        let added = now - self.down_since[i];
        self.down[i] = SimSpan::from_micros(self.down[i].micros() + added.micros());
        self.down_since[i] = SimTime::NEVER;
    }

    pub(super) fn end(&mut self, horizon: SimTime) -> Vec<SimSpan> {
        for i in 0..self.down.len() {
            if self.down_since[i].occurs() {
                self.close(i, horizon);
            }
        }
        self.down.clone()
    }
}
