//! What observers see of load beside the books: why requests fail, what is asked, how far surges are.

use super::demand::Wave;
use crate::engine::state::Engine;
use crate::model::{SurgeId, UsageId};

/// How far a surge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WavePhase {
    /// It grows.
    Grows,
    /// It has its height.
    Stays,
    /// It falls.
    Falls,
}

impl Engine<'_> {
    /// True if most of a usage's failing requests fail by load: they are shed, not let in, dropped on full ways of the network, or
    /// their users wait to sign in again.
    #[must_use]
    pub fn fails_by_load(&self, usage: UsageId) -> bool {
        let Some(flow) = self.load.now.flows.get(usage.index()) else { return false };
        let admit = self.load.admit[usage.index()];
        let refused = 1.0 - admit;
        let failing = admit * self.given_up(usage, flow);
        if refused + failing <= 0.0 {
            return false;
        }
        let by_load = (flow.shed + self.jammed_share(usage)).min(1.0);
        refused + failing * by_load >= 0.5 * (refused + failing)
    }

    /// True while an initiating event is demand that is still there: a surge under way, or ordinary demand.
    #[must_use]
    pub fn is_present_demand(&self, event: u32) -> bool {
        event != 0
            && (self.load.waves.iter().any(|wave| wave.event == event)
                || Some(self.cause_of(event)) == self.model.ordinary_demand())
    }

    /// True if an event is the call for a response, which is no failure.
    #[must_use]
    pub fn is_response_event(&self, event: u32) -> bool {
        let cause = self.cause_of(event);
        self.model.load.responses.iter().any(|r| self.model.hazards[r.hazard.index()].cause == cause)
    }

    /// How often in this replication loads and success did not agree after all rounds, so that flows are what was found last.
    #[must_use]
    pub const fn unsettled_flows(&self) -> u32 {
        self.load.unsettled
    }

    /// What a usage asks at an average time of day, surges included, and how many users that is; `None` where a scenario says
    /// nothing of load.
    ///
    /// Units: new requests per second; users.
    #[must_use]
    pub fn demand_of(&self, usage: UsageId) -> Option<(f64, f64)> {
        if !self.load.is_on {
            return None;
        }
        self.load.now.demand.get(usage.index()).map(|demand| (demand.mean, demand.users))
    }

    /// First calls of a usage over its new requests at present: above 1 while requests are tried again.
    #[must_use]
    pub fn amplification(&self, usage: UsageId) -> f64 {
        let flow = self.load.now.flows.get(usage.index()).copied().unwrap_or_default();
        if flow.fresh > 0.0 { flow.attempts / flow.fresh } else { 1.0 }
    }

    /// Surges under way: which, the initiating event of each, how far it is, and its size at its height.
    pub fn waves(&self) -> impl Iterator<Item = (SurgeId, u32, WavePhase, f64)> + '_ {
        self.load.waves.iter().map(|wave| (wave.surge, wave.event, self.phase(wave), wave.size))
    }

    fn phase(&self, wave: &Wave) -> WavePhase {
        if self.now < wave.top() {
            WavePhase::Grows
        } else if wave.is_changing(self.now) {
            WavePhase::Falls
        } else {
            WavePhase::Stays
        }
    }
}
