//! Crews: who waits for one, and who is served next.

use crate::engine::agenda::Look;
use crate::engine::state::Engine;
use crate::model::{CrewId, RepairId};

/// A crew pool.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct CrewState {
    busy: u32,
    waiting: Vec<u32>,
}

impl CrewState {
    /// Nobody is out and nobody waits.
    pub(super) fn reset(&mut self) {
        self.busy = 0;
        self.waiting.clear();
    }

    /// A job begins to wait.
    pub(super) fn queue(&mut self, job: u32) {
        self.waiting.push(job);
    }

    /// A job waits no longer.
    pub(super) fn leave(&mut self, job: u32) {
        self.waiting.retain(|other| *other != job);
    }
}

impl Engine<'_> {
    /// The crew of a repair is free again.
    pub(super) fn release(&mut self, repair: RepairId) {
        if let Some(crew) = self.model.repairs[repair.index()].crew {
            self.crews[crew.index()].busy -= 1;
            self.agenda.add(Look::Crews, crew.index());
        }
    }

    /// How many crews of a pool are out: on their way or at work.
    #[must_use]
    pub fn busy_crews(&self, crew: CrewId) -> u32 {
        self.crews[crew.index()].busy
    }

    pub(super) fn touch_crew_of(&mut self, repair: RepairId) {
        if let Some(crew) = self.model.repairs[repair.index()].crew {
            self.agenda.add(Look::Crews, crew.index());
        }
    }

    /// Sends crews out, as long as one is free and somebody can make use of it.
    pub(super) fn hand_out(&mut self, crew: CrewId) {
        while self.crews[crew.index()].busy < self.model.crews[crew.index()].size {
            let Some(place) = self.next_request(crew) else { return };
            let job = self.crews[crew.index()].waiting.swap_remove(place);
            self.crews[crew.index()].busy += 1;
            self.jobs[job as usize].has_crew = true;
            self.set_out(job);
            self.run_at(job, self.repair_speed(job));
        }
    }

    /// Place of the request that goes first among those whose needs are met.
    fn next_request(&self, crew: CrewId) -> Option<usize> {
        let waiting = self.crews[crew.index()].waiting.iter().enumerate();
        let able = waiting.filter(|(_, job)| self.repair_speed(**job) > 0.0);
        let order = |job: u32| {
            let j = &self.jobs[job as usize];
            let repair = &self.model.repairs[j.repair.index()];
            // Repairs of the targets of one strike share name and number.
            let target = j.targets.first().map(|c| self.model.components[c.index()].name.as_str());
            (std::cmp::Reverse(repair.priority), j.queued, repair.name.as_str(), j.number, target)
        };
        able.min_by(|(_, a), (_, b)| order(**a).cmp(&order(**b))).map(|(place, _)| place)
    }
}
