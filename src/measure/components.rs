//! How long components are not up.

use crate::engine::Engine;
use crate::model::{CompId, Model};
use crate::time::{SimSpan, SimTime};

/// Adds up the time that each component is not up.
#[derive(Debug, Clone)]
pub(super) struct ComponentMeter {
    components: Vec<Downtime>,
    /// Standbys may fail while idle, at level 0 before and after.
    standbys: Vec<CompId>,
}

/// How long a component has not been up.
#[derive(Debug, Clone, Copy)]
struct Downtime {
    /// Since when it is not up; NEVER while it is.
    since: SimTime,
    /// Before that.
    total: SimSpan,
}

impl Downtime {
    const NONE: Self = Self { since: SimTime::NEVER, total: SimSpan::ZERO };

    #[inline]
    fn look(&mut self, is_up: bool, now: SimTime) {
        if is_up && self.since.occurs() {
            self.total = SimSpan::from_micros(self.total.micros() + (now - self.since).micros());
            self.since = SimTime::NEVER;
        } else if !is_up && !self.since.occurs() {
            self.since = now;
        }
    }
}

impl ComponentMeter {
    pub(super) fn new(model: &Model) -> Self {
        let ids = (0..model.components.len()).map(CompId::at);
        Self {
            components: vec![Downtime::NONE; model.components.len()],
            standbys: ids.filter(|c| model.components[c.index()].standby.is_some()).collect(),
        }
    }

    pub(super) fn begin(&mut self, engine: &Engine<'_>) {
        self.components.fill(Downtime::NONE);
        for (i, downtime) in self.components.iter_mut().enumerate() {
            downtime.look(engine.is_up(CompId::at(i)), engine.now());
        }
    }

    #[inline]
    pub(super) fn settled(&mut self, engine: &Engine<'_>) {
        for changed in engine.changed_components() {
            let component = changed.component;
            self.components[component.index()].look(engine.is_up(component), engine.now());
        }
        for component in &self.standbys {
            self.components[component.index()].look(engine.is_up(*component), engine.now());
        }
    }

    pub(super) fn end(&mut self, horizon: SimTime) -> Vec<SimSpan> {
        self.components.iter_mut().for_each(|c| c.look(true, horizon));
        self.components.iter().map(|c| c.total).collect()
    }
}
