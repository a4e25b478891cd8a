//! Holdovers: what begins to carry, runs out, or is relieved.

use super::{Entry, Happening, entry};
use crate::engine::Engine;
use crate::model::{HoldId, Model};
use crate::time::SimTime;

/// Watches holdovers.
#[derive(Debug, Clone)]
pub(super) struct HoldWatch {
    /// For each holdover since when it carries, and because of what.
    carrying: Vec<Option<(SimTime, Vec<u32>)>>,
}

impl HoldWatch {
    pub(super) fn new(model: &Model) -> Self {
        Self { carrying: vec![None; model.holds.len()] }
    }

    pub(super) fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        let now = engine.now();
        for (index, carrying) in self.carrying.iter_mut().enumerate() {
            let hold = HoldId::at(index);
            match (engine.is_carrying(hold), carrying.take()) {
                (true, None) => {
                    let events = engine.events_of_hold(hold);
                    out.push(entry(now, Happening::Carries { hold }, events.clone()));
                    *carrying = Some((now, events));
                }
                (true, Some((since, events))) => {
                    // What keeps the need unmet may have changed.
                    let present = engine.events_of_hold(hold);
                    *carrying = Some((since, if present.is_empty() { events } else { present }));
                }
                (false, Some((since, events))) => {
                    let carried = now - since;
                    let happening = if engine.is_spent(hold) {
                        Happening::RanOut { hold, carried }
                    } else {
                        Happening::Relieved { hold, carried }
                    };
                    out.push(entry(now, happening, events));
                }
                (false, None) => {}
            }
        }
    }
}
