//! Signals: components at level 1 once a state of load has held for long enough.

use crate::engine::agenda::Look;
use crate::engine::state::Engine;
use crate::time::SimTime;

/// Where a signal stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SignalState {
    holds: bool,
    pub(super) is_on: bool,
}

impl Engine<'_> {
    /// Notes which states hold now; those that have just begun to are on after a while.
    pub(super) fn watch_signals(&mut self) {
        for place in 0..self.model.load.signals.len() {
            let holds = self.is_past_threshold(place, &self.load.now);
            let state = self.load.signals[place];
            if holds == state.holds {
                continue;
            }
            self.load.signals[place].holds = holds;
            let wait = self.model.load.signals[place].holds_for;
            let at = if holds { self.now + wait } else { SimTime::NEVER };
            self.queue.set(self.slots.signal + place as u32, at);
            if !holds && state.is_on {
                self.set_signal(place, false);
            }
        }
    }

    /// A state has held for long enough.
    pub(in crate::engine) fn signal_due(&mut self, place: u32) {
        self.set_signal(place as usize, true);
    }

    fn set_signal(&mut self, place: usize, on: bool) {
        self.load.signals[place].is_on = on;
        let component = self.model.load.signals[place].component;
        self.set_own(component, f64::from(u8::from(on)), 1.0);
        // An undo may wait for it.
        self.agenda.add(Look::Load, 0);
    }
}
