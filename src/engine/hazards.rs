//! Hazards: occurrences, strikes, hits.

use super::agenda::Look;
use super::repairs::{Owner, Stage};
use super::state::Engine;
use crate::law::Law;
use crate::model::{Clusters, Hazard, HazardId, NodeId, Occurs, Strike, StrikeId};
use crate::random::DrawGenerator;
use crate::time::{SimSpan, SimTime};

/// The state of one hazard.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HazardState {
    /// Occurrence instants drawn so far.
    times: u32,
    /// Occurrences so far, those that did not happen included: numbers their draws.
    occurrences: u32,
    /// Whether the condition to occur held when it was last settled.
    held: bool,
    /// Due, and waiting until the instant has settled.
    asks: bool,
    /// Not called off.
    cleared: bool,
}

/// A hit on its way to its target.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    strike: StrikeId,
    target: usize,
    occurrence: u32,
    event: u32,
    effect: (f64, f64),
    /// The common repair that it belongs to.
    job: Option<u32>,
    /// When its wave starts.
    wave_at: SimTime,
}

/// A further occurrence that an occurrence begot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begotten {
    hazard: HazardId,
    /// Due, and waiting until the instant has settled.
    asks: bool,
    /// Not called off.
    cleared: bool,
}

/// The `u` quantile of the Poisson law of a small mean.
fn poisson(mean: f64, u: f64) -> u32 {
    let mut probability = libm::exp(-mean);
    let (mut sum, mut number) = (probability, 0);
    while sum < u && probability > 0.0 {
        number += 1;
        probability *= mean / f64::from(number);
        sum += probability;
    }
    number
}

/// The waves of one strike.
struct Waves {
    at: SimTime,
    number: u32,
    gaps: DrawGenerator,
}

impl Waves {
    /// When wave `number` starts; ask in order.
    fn start(&mut self, number: u32, gap: Option<&Law>) -> SimTime {
        while let Some(gap) = gap
            && self.number < number
        {
            self.at = self.at + SimSpan::from_micros_f64(gap.draw(self.gaps.draw()));
            self.number += 1;
        }
        self.at
    }
}

impl Engine<'_> {
    /// Sets when each hazard first occurs.
    pub(super) fn wind_hazards(&mut self) {
        for h in 0..self.model.hazards.len() {
            self.next_occurrence(HazardId::at(h));
        }
    }

    fn next_occurrence(&mut self, id: HazardId) {
        let hazard = &self.model.hazards[id.index()];
        let number = self.hazards[id.index()].times;
        self.hazards[id.index()].times += 1;
        let draw = self.draw(hazard.time_stream, number);
        let at = match &hazard.occurs {
            Occurs::At(times) => times.get(number as usize).copied().unwrap_or(SimTime::NEVER),
            Occurs::Between(from, to) if number == 0 => {
                *from + SimSpan::from_micros_f64((*to - *from).micros_f64() * draw.uniform())
            }
            Occurs::Every(law) => self.after(hazard.rhythm, SimSpan::from_micros_f64(law.draw(draw))),
            Occurs::Between(..) | Occurs::When(_) => SimTime::NEVER,
        };
        self.queue.set(self.slots.hazard + id.0, at);
    }

    /// A hazard's instant has come.
    pub(super) fn hazard_due(&mut self, id: HazardId) {
        let hazard = &self.model.hazards[id.index()];
        if hazard.only_while.is_some() && !std::mem::take(&mut self.hazards[id.index()].cleared) {
            // Whether it is called off is seen once all else that is due now has settled.
            self.hazards[id.index()].asks = true;
            self.agenda.add(Look::Hazards, id.index());
            return;
        }
        if !matches!(hazard.occurs, Occurs::When(_)) {
            self.next_occurrence(id);
        }
        self.occur(id);
    }

    fn occur(&mut self, id: HazardId) {
        let hazard = &self.model.hazards[id.index()];
        let occurrence = self.hazards[id.index()].occurrences;
        self.hazards[id.index()].occurrences += 1;
        if hazard.probability < 1.0
            && !self.draw(hazard.probability_stream, occurrence).happens(hazard.probability)
        {
            return;
        }
        if let Some(clusters) = &hazard.clusters {
            self.beget(id, clusters, occurrence);
        }
        let event = self.causes.begin(hazard.cause, self.now);
        if let Some(surge) = hazard.surge {
            self.surge_begins(surge, occurrence, event);
        }
        if let Some(response) = hazard.response {
            self.note_reasons(response);
        }
        match &hazard.one_of {
            Some(weights) => {
                let chosen = self.choose(hazard, weights, occurrence);
                self.strike(StrikeId::at(hazard.strikes.start + chosen), occurrence, event);
            }
            None => hazard.strikes.clone().for_each(|s| self.strike(StrikeId::at(s), occurrence, event)),
        }
    }

    /// Sets the further occurrences that one begets.
    fn beget(&mut self, hazard: HazardId, clusters: &Clusters, occurrence: u32) {
        let number = poisson(clusters.offspring, self.draw(clusters.offspring_stream, occurrence).uniform());
        let mut times = self.draw(clusters.after_stream, occurrence).generator();
        for _ in 0..number {
            let at = self.now + SimSpan::from_micros_f64(clusters.after.draw(times.draw()));
            let job = self.new_dynamic_job();
            self.jobs[job as usize].begotten = Some(Begotten { hazard, asks: false, cleared: false });
            self.queue.set(self.job_slot(job), at);
        }
    }

    fn begotten_due(&mut self, job: u32, begotten: Begotten) {
        if self.model.hazards[begotten.hazard.index()].only_while.is_some() && !begotten.cleared {
            self.jobs[job as usize].begotten = Some(Begotten { asks: true, ..begotten });
            self.agenda.add(Look::Hazards, begotten.hazard.index());
            return;
        }
        self.free_job(job);
        self.occur(begotten.hazard);
    }

    /// Answers the begotten occurrences of a hazard that wait to hear whether they are called off.
    fn clear_begotten(&mut self, hazard: HazardId, holds: bool) {
        for job in self.model.modes.len()..self.jobs.len() {
            let Some(begotten) = self.jobs[job].begotten else { continue };
            if begotten.hazard != hazard || !begotten.asks {
                continue;
            }
            if holds {
                self.jobs[job].begotten = Some(Begotten { asks: false, cleared: true, ..begotten });
                self.queue.set(self.job_slot(job as u32), self.now);
            } else {
                self.free_job(job as u32);
                self.hazards[hazard.index()].occurrences += 1;
            }
        }
    }

    fn choose(&self, hazard: &Hazard, weights: &[f64], occurrence: u32) -> usize {
        let total: f64 = weights.iter().sum();
        let mut left = self.draw(hazard.choice_stream, occurrence).uniform() * total;
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place;
            }
        }
        weights.len() - 1
    }

    fn strike(&mut self, id: StrikeId, occurrence: u32, event: u32) {
        let strike: &Strike = &self.model.strikes[id.index()];
        let effect = self.effect(&strike.effect, strike.effect_stream, occurrence);
        let mut common = None;
        let mut waves =
            Waves { at: self.now, number: 0, gaps: self.draw(strike.waves_stream, occurrence).generator() };
        for (place, target) in strike.targets.iter().enumerate() {
            if strike.hits < 1.0 && !self.draw(target.hit_stream, occurrence).happens(strike.hits) {
                continue;
            }
            let delay = self.delay(&strike.delay, place, id, occurrence);
            if !strike.each && common.is_none() {
                common = Some(self.common_repair(id, event, effect));
            }
            let wave_at = waves.start(target.wave, strike.waves.as_ref());
            let hit = Hit { strike: id, target: place, occurrence, event, effect, job: common, wave_at };
            if wave_at > self.now && common.is_some_and(|job| self.is_detected(job)) {
                continue;
            }
            if wave_at + delay == self.now {
                self.land(hit);
            } else {
                let pending = self.new_dynamic_job();
                self.jobs[pending as usize].hit = Some(hit);
                self.jobs[pending as usize].stage = Stage::Coming;
                self.queue.set(self.job_slot(pending), wave_at + delay);
            }
        }
    }

    fn delay(&self, law: &Law, place: usize, id: StrikeId, occurrence: u32) -> SimSpan {
        self.span(law, self.model.strikes[id.index()].targets[place].delay_stream, occurrence)
    }

    /// One repair for all targets; it begins with the first effect.
    fn common_repair(&mut self, id: StrikeId, event: u32, effect: (f64, f64)) -> u32 {
        let job = self.new_dynamic_job();
        let j = &mut self.jobs[job as usize];
        j.stage = Stage::Coming;
        j.owner = Owner::Strike(id);
        j.event = event;
        (j.level, j.success) = effect;
        j.hit = None;
        j.targets.clear();
        job
    }

    /// A hit takes effect.
    fn land(&mut self, hit: Hit) {
        let strike = &self.model.strikes[hit.strike.index()];
        let target = &strike.targets[hit.target];
        let owner = Owner::Strike(hit.strike);
        let job = match hit.job {
            Some(job) => {
                if self.jobs[job as usize].stage == Stage::Coming {
                    let streams = (strike.repair_streams, strike.permits.as_slice());
                    self.begin_job(job, owner, strike.repair, streams, hit.occurrence, hit.event, hit.effect);
                }
                job
            }
            None => {
                let job = self.new_dynamic_job();
                let streams = (target.repair_streams, target.permits.as_slice());
                self.begin_job(job, owner, strike.repair, streams, hit.occurrence, hit.event, hit.effect);
                job
            }
        };
        let state = &mut self.jobs[job as usize];
        state.targets.push(target.component);
        let (level, success) = (state.level, state.success);
        self.hit(target.component, job, level, success);
    }

    /// A timer of the dynamic jobs ran out: a hit lands, or a repair stage ends.
    pub(super) fn dynamic_due(&mut self, job: u32) {
        if let Some(begotten) = self.jobs[job as usize].begotten {
            return self.begotten_due(job, begotten);
        }
        match self.jobs[job as usize].hit {
            Some(hit) => {
                self.free_job(job);
                self.land(hit);
            }
            None => self.stage_ended(job),
        }
    }

    /// Hits that have not landed when their common repair ends never do: their cause is gone.
    pub(super) fn cancel_hits(&mut self, repair_job: u32) {
        for job in self.model.modes.len()..self.jobs.len() {
            if self.jobs[job].hit.is_some_and(|hit| hit.job == Some(repair_job)) {
                self.free_job(job as u32);
            }
        }
    }

    /// A strike has been detected by its first effects: no wave of it starts from now on.
    pub(super) fn stop_waves(&mut self, repair_job: u32) {
        let Owner::Strike(strike) = self.jobs[repair_job as usize].owner else { return };
        if self.model.strikes[strike.index()].waves.is_none() {
            return;
        }
        for job in self.model.modes.len()..self.jobs.len() {
            let to_come = |hit: Hit| hit.job == Some(repair_job) && hit.wave_at > self.now;
            if self.jobs[job].hit.is_some_and(to_come) {
                self.free_job(job as u32);
            }
        }
    }

    /// Hazards whose condition has just become true occur; those that are called off do not.
    pub(super) fn react_hazards(&mut self) {
        self.look_at(Look::Hazards, |engine, hazard| engine.react_hazard(HazardId(hazard)));
    }

    fn react_hazard(&mut self, hazard: HazardId) {
        let i = hazard.index();
        let Hazard { occurs, only_while, .. } = &self.model.hazards[i];
        if let Occurs::When(condition) = occurs {
            let holds = self.holds(*condition);
            self.hazards[i].asks |= holds && !self.hazards[i].held;
            self.hazards[i].held = holds;
        }
        let is_on = only_while.is_none_or(|condition| self.holds(condition));
        if self.model.hazards[i].clusters.is_some() {
            self.clear_begotten(hazard, is_on);
        }
        if !std::mem::take(&mut self.hazards[i].asks) {
            return;
        }
        if is_on {
            self.hazards[i].cleared = only_while.is_some();
            self.queue.set(self.slots.hazard + hazard.0, self.now);
        } else {
            self.hazards[i].occurrences += 1;
            if !matches!(occurs, Occurs::When(_)) {
                self.next_occurrence(hazard);
            }
        }
    }

    /// True while the condition of a `When` hazard holds.
    pub(super) fn hazard_holds(&self, hazard: HazardId) -> bool {
        self.hazards[hazard.index()].held
    }

    /// Lets a hazard occur once more now.
    pub(super) fn try_again(&mut self, hazard: HazardId) {
        self.queue.set(self.slots.hazard + hazard.0, self.now);
    }

    fn holds(&self, condition: NodeId) -> bool {
        self.nodes[condition.index()].value > 0.0
    }

    /// The name of what a dynamic timer belongs to.
    pub(super) fn dynamic_name(&self, job: u32) -> String {
        let job = &self.jobs[job as usize];
        if let Some(begotten) = job.begotten {
            return self.model.hazards[begotten.hazard.index()].name.clone();
        }
        match (job.hit, job.owner) {
            (Some(hit), _) => self.model.strikes[hit.strike.index()].name.clone(),
            (None, Owner::Strike(strike)) => self.model.strikes[strike.index()].name.clone(),
            (None, Owner::Mode(mode)) => self.model.modes[mode.index()].name.clone(),
        }
    }

    /// Number of times that a hazard has occurred so far, occurrences that did not happen included.
    #[must_use]
    pub fn occurrences_of(&self, hazard: HazardId) -> u32 {
        self.hazards[hazard.index()].occurrences
    }
}
