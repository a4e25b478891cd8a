//! What watches a replication.

use super::Engine;
use crate::time::SimTime;

/// Watches a replication: told once at the start, after every settled instant and at the end.
///
/// An observer sees only settled states, through the engine's read-only methods.
pub trait Observer {
    /// The state at the start has settled.
    fn begin(&mut self, engine: &Engine<'_>);
    /// An instant at which something happened has settled; `engine.now()` is its date.
    fn settled(&mut self, engine: &Engine<'_>);
    /// The horizon is reached.
    fn end(&mut self, engine: &Engine<'_>, horizon: SimTime);
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Blind;

impl Observer for Blind {
    fn begin(&mut self, _: &Engine<'_>) {}
    fn settled(&mut self, _: &Engine<'_>) {}
    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

/// Two that watch the same replication.
impl<A: Observer, B: Observer> Observer for (A, B) {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.0.begin(engine);
        self.1.begin(engine);
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        self.0.settled(engine);
        self.1.settled(engine);
    }

    fn end(&mut self, engine: &Engine<'_>, horizon: SimTime) {
        self.0.end(engine, horizon);
        self.1.end(engine, horizon);
    }
}
