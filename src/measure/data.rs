//! How much data is in one region alone, and how much is lost for good with a region.

use crate::engine::{Copying, Engine};
use crate::model::{Model, ReplicaId};
use crate::time::{SimSpan, SimTime};

/// Figures of a copy in one replication.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DataFigures {
    /// Age of the oldest data that the copy lacks, integrated over time; microseconds squared.
    pub exposure_integral: f64,
    /// The largest such age.
    pub peak: SimSpan,
    /// Time in which the copy was not current.
    pub not_current: SimSpan,
    /// Data lost for good with the region whose data it is, as far as this copy goes, if that region was lost.
    pub lost: Option<SimSpan>,
}

/// Watches the copies.
#[derive(Debug, Clone)]
pub(super) struct DataMeter {
    version: u64,
    since: SimTime,
    seen: Vec<Seen>,
    figures: Vec<DataFigures>,
}

/// A copy since it was last looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    lag: SimSpan,
    grows: bool,
    copying: Copying,
}

impl DataMeter {
    pub(super) fn new(model: &Model) -> Self {
        let seen = vec![Seen::default(); model.replicas.len()];
        Self { version: 0, since: SimTime::START, seen, figures: Vec::new() }
    }

    pub(super) fn begin(&mut self, engine: &Engine<'_>) {
        self.figures = vec![DataFigures::default(); self.seen.len()];
        self.since = SimTime::START;
        self.look(engine);
    }

    #[inline]
    pub(super) fn settled(&mut self, engine: &Engine<'_>) {
        if engine.replicas_version() != self.version {
            self.account(engine.now());
            self.look(engine);
        }
    }

    pub(super) fn end(&mut self, engine: &Engine<'_>, horizon: SimTime) -> Vec<DataFigures> {
        self.account(horizon);
        for (replica, figures) in self.figures.iter_mut().enumerate() {
            figures.lost = engine.data_lost(ReplicaId::at(replica));
        }
        std::mem::take(&mut self.figures)
    }

    fn look(&mut self, engine: &Engine<'_>) {
        self.version = engine.replicas_version();
        for (replica, seen) in self.seen.iter_mut().enumerate() {
            let replica = ReplicaId::at(replica);
            *seen = Seen {
                lag: engine.data_lag(replica),
                grows: engine.data_lag_grows(replica),
                copying: engine.copying(replica),
            };
        }
    }

    fn account(&mut self, now: SimTime) {
        let lasted = now - self.since;
        self.since = now;
        if lasted == SimSpan::ZERO {
            return;
        }
        for (figures, seen) in self.figures.iter_mut().zip(&self.seen) {
            // What was lost is no longer at risk.
            if seen.copying == Copying::Lost {
                continue;
            }
            let grown = if seen.grows { lasted } else { SimSpan::ZERO };
            let mean = seen.lag.micros_f64() + grown.micros_f64() / 2.0;
            figures.exposure_integral += mean * lasted.micros_f64();
            figures.peak = figures.peak.max(plus(seen.lag, grown));
            if seen.copying != Copying::Current {
                figures.not_current = plus(figures.not_current, lasted);
            }
        }
    }
}

fn plus(a: SimSpan, b: SimSpan) -> SimSpan {
    SimSpan::from_micros(a.micros().saturating_add(b.micros()))
}
