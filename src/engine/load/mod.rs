//! Load: what is offered to units, what they serve of it, and what comes back.

use super::state::Engine;
use crate::model::SurgeId;

impl Engine<'_> {
    /// Share of calls that a surge moves elsewhere at present.
    pub(super) fn moved_share(&self, _surge: SurgeId) -> f64 {
        0.0
    }
}
