//! Initiating events, what they strike, and the steps of its repair.

use std::collections::BTreeMap;

use super::responses::is_response;
use super::{Entry, Happening, RepairStep, entry};
use crate::engine::{ActiveFailure, Engine, Stage};
use crate::model::{CompId, RepairId};

/// Watches active failures.
#[derive(Debug, Clone, Default)]
pub(super) struct FailureWatch {
    /// Initiating events told so far, that which stands for none included.
    told: usize,
    /// Active failures by job and event: a job's place is used again.
    active: BTreeMap<(usize, u32), Seen>,
    /// Components struck in the present instant.
    pub(super) struck: Vec<CompId>,
}

/// A failure as it was last seen.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    stage: Stage,
    is_halted: bool,
    repair: RepairId,
    targets: Vec<CompId>,
}

impl Seen {
    fn new(failure: &ActiveFailure<'_>) -> Self {
        Self {
            stage: failure.stage,
            is_halted: failure.is_halted,
            repair: failure.repair,
            targets: failure.targets.to_vec(),
        }
    }

    /// True if it has been noticed since `before`.
    fn is_detected_since(&self, before: &Self) -> bool {
        before.stage == Stage::Detect && self.stage != Stage::Detect
    }

    /// The step that has been taken since `before`, detection aside.
    fn step_since(&self, before: Option<&Self>) -> Option<RepairStep> {
        let is_new = before.is_none_or(|b| b.stage != self.stage);
        let was_halted = before.is_some_and(|b| b.is_halted);
        match self.stage {
            _ if self.is_halted => (!was_halted).then_some(RepairStep::Halts),
            Stage::Permit if is_new => Some(RepairStep::WaitsForPermit),
            Stage::Crew if is_new || was_halted => Some(RepairStep::WaitsForCrew),
            Stage::Travel if is_new => Some(RepairStep::SetsOut),
            // A repair that is nothing but work begins with its failure.
            Stage::Work if is_new && before.is_some() => Some(RepairStep::Work),
            Stage::Travel | Stage::Work if was_halted => Some(RepairStep::GoesOn),
            _ => None,
        }
    }
}

impl FailureWatch {
    pub(super) fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        let now = engine.now();
        let begun = (self.told.max(1)..engine.event_count()).filter(|e| !engine.is_response_event(*e as u32));
        for event in begun {
            out.push(entry(now, Happening::Begins { event: event as u32 }, vec![event as u32]));
        }
        self.told = engine.event_count();
        self.struck.clear();
        let mut before = std::mem::take(&mut self.active);
        for failure in engine.failures().filter(|failure| !is_response(engine, failure)) {
            let seen = Seen::new(&failure);
            let was = before.remove(&(failure.job, failure.event));
            self.tell_struck(engine, &failure, was.as_ref(), out);
            if was.as_ref().is_some_and(|was| seen.is_detected_since(was)) {
                tell_step(engine, &seen, failure.event, RepairStep::Detected, out);
            }
            if let Some(step) = seen.step_since(was.as_ref()) {
                tell_step(engine, &seen, failure.event, step, out);
            }
            self.active.insert((failure.job, failure.event), seen);
        }
        for ((_, event), seen) in &before {
            tell_step(engine, seen, *event, RepairStep::Mended, out);
        }
    }

    fn tell_struck(
        &mut self,
        engine: &Engine<'_>,
        failure: &ActiveFailure<'_>,
        was: Option<&Seen>,
        out: &mut Vec<Entry>,
    ) {
        // Delayed hits come after the first one.
        let known = was.map_or(0, |w| w.targets.len());
        for component in failure.targets.iter().skip(known) {
            let after = engine.level(*component);
            let changed = engine.changed_components().find(|c| c.component == *component);
            let (component, errors, of_a_unit) = (*component, failure.errors, failure.of_a_unit);
            let happening = Happening::Struck { component, errors, of_a_unit };
            let before = Some(changed.map_or(after, |c| c.before));
            out.push(Entry {
                at: engine.now(),
                happening,
                before,
                after: Some(after),
                events: vec![failure.event],
            });
            self.struck.push(component);
        }
    }
}

fn tell_step(engine: &Engine<'_>, seen: &Seen, event: u32, step: RepairStep, out: &mut Vec<Entry>) {
    for component in &seen.targets {
        let happening = Happening::Repair { component: *component, repair: seen.repair, step };
        out.push(entry(engine.now(), happening, vec![event]));
    }
}
