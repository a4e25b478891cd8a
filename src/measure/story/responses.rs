//! What operators do: called for, decided, applied, undone.

use super::{Entry, Happening, ResponseStep, entry, unite};
use crate::engine::{ActiveFailure, Engine, Stage};
use crate::model::{Kind, Model, ResponseId};

/// Watches responses.
#[derive(Debug, Clone)]
pub(super) struct ResponseWatch {
    responses: Vec<Seen>,
}

/// A response as it was last seen.
#[derive(Debug, Clone, Default)]
struct Seen {
    /// Where the crew's work stands, while there is any.
    stage: Option<Stage>,
    is_applied: bool,
    /// What it answers.
    events: Vec<u32>,
}

/// True for the work at a response, which is no failure.
pub(super) fn is_response(engine: &Engine<'_>, failure: &ActiveFailure<'_>) -> bool {
    let is_response = |c: &crate::model::CompId| engine.model().components[c.index()].kind == Kind::Response;
    failure.targets.first().is_some_and(is_response)
}

impl ResponseWatch {
    pub(super) fn new(model: &Model) -> Self {
        Self { responses: vec![Seen::default(); model.load.responses.len()] }
    }

    pub(super) fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        if self.responses.is_empty() {
            return;
        }
        let mut stages = vec![None; self.responses.len()];
        for failure in engine.failures() {
            let of = |r: &crate::model::Response| failure.targets.first() == Some(&r.component);
            if let Some(place) = engine.model().load.responses.iter().position(of) {
                stages[place] = Some(failure.stage);
            }
        }
        for (place, (seen, stage)) in self.responses.iter_mut().zip(stages).enumerate() {
            seen.look(engine, ResponseId::at(place), stage, out);
        }
    }
}

impl Seen {
    fn look(&mut self, engine: &Engine<'_>, id: ResponseId, stage: Option<Stage>, out: &mut Vec<Entry>) {
        let before = std::mem::replace(&mut self.stage, stage);
        let was_applied = std::mem::replace(&mut self.is_applied, engine.is_applied(id));
        if stage.is_some() && before.is_none() {
            self.events = reasons(engine);
        }
        let mut tell = |step: ResponseStep| {
            out.push(entry(engine.now(), Happening::Response { response: id, step }, self.events.clone()));
        };
        match (was_applied, self.is_applied) {
            (false, true) => tell(ResponseStep::Applied),
            (true, false) => tell(ResponseStep::Undone),
            (false, false) if before.is_some() && (stage.is_none() || stage < before) => {
                tell(ResponseStep::Fails)
            }
            _ => {}
        }
        if stage != before {
            match stage {
                Some(Stage::Detect) => tell(ResponseStep::CalledFor),
                Some(Stage::Crew) => tell(ResponseStep::WaitsForCrew),
                Some(Stage::Travel | Stage::Work) if !matches!(before, Some(Stage::Travel)) => {
                    tell(ResponseStep::Decided);
                }
                _ => {}
            }
        }
    }
}

/// The events of all that is overloaded, else of all that fails.
fn reasons(engine: &Engine<'_>) -> Vec<u32> {
    let mut events = Vec::new();
    for (unit, _) in engine.unit_books() {
        unite(&mut events, engine.overload_events(unit));
    }
    if events.is_empty() {
        for usage in (0..engine.model().usages.len()).map(crate::model::UsageId::at) {
            if engine.usage_success(usage) < 1.0 - 1e-9 {
                let mut failing = Vec::new();
                engine.failing_events(usage, &mut failing);
                unite(&mut events, &failing);
            }
        }
    }
    events
}
