//! Replication between regions.

use super::{Entry, Happening, entry};
use crate::engine::{Copying, Engine};
use crate::model::{Model, Replica, ReplicaId};

/// Watches the copies.
#[derive(Debug, Clone)]
pub(super) struct CopyWatch {
    seen: Vec<Seen>,
}

/// A copy as it was last seen.
#[derive(Debug, Clone, Default)]
struct Seen {
    copying: Copying,
    /// What made replication stand still last.
    events: Vec<u32>,
}

impl CopyWatch {
    pub(super) fn new(model: &Model) -> Self {
        Self { seen: vec![Seen::default(); model.replicas.len()] }
    }

    pub(super) fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        for (index, (seen, replica)) in self.seen.iter_mut().zip(&engine.model().replicas).enumerate() {
            let id = ReplicaId::at(index);
            let copying = engine.copying(id);
            if copying == Copying::StandsStill || copying == Copying::Lost {
                seen.events = reasons(engine, replica);
            }
            if copying != seen.copying {
                let lag = engine.data_lag(id);
                let happening = Happening::Copies { replica: id, copying, lag };
                out.push(entry(engine.now(), happening, seen.events.clone()));
                seen.copying = copying;
            }
        }
    }
}

/// What keeps data from being copied: the events of what is out among regions, zones and the way.
fn reasons(engine: &Engine<'_>, replica: &Replica) -> Vec<u32> {
    let holders = replica.from.components().chain(replica.to.components());
    let out = holders.chain(replica.way).filter(|component| engine.level(*component) <= 0.0);
    let mut events: Vec<u32> = out.flat_map(|component| engine.events_of(component)).collect();
    events.sort_unstable();
    events.dedup();
    events
}
