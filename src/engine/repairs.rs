//! Repairs: detect, wait for a permit and for a crew, travel, work.

mod crews;

pub(super) use self::crews::CrewState;
use super::agenda::Look;
use super::failures::{real_time, used_up};
use super::state::{Engine, Timer};
use crate::model::{CompId, CrewId, ModeId, Permit, RepairId, RepairStreams, StrikeId};
use crate::random::StreamName;
use crate::time::{SimSpan, SimTime};

/// Where a repair stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Stage {
    /// No failure to repair.
    #[default]
    Idle,
    /// Struck, effects still to come: the repair begins with the first of them.
    Coming,
    /// Not noticed yet.
    Detect,
    /// Waiting for a permit.
    Permit,
    /// Waiting for a crew.
    Crew,
    /// The crew is on its way.
    Travel,
    /// Being mended.
    Work,
}

/// An active failure, as those see it who watch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActiveFailure<'e> {
    /// Its place; another failure may have it after this one.
    pub job: usize,
    /// The initiating event.
    pub event: u32,
    /// Where its repair stands.
    pub stage: Stage,
    /// How it is repaired.
    pub repair: RepairId,
    /// True if the repair stands still because of what it needs.
    pub is_halted: bool,
    /// Share of calls that fail because of it.
    pub errors: f64,
    /// True if it is the failure of one unit of several.
    pub of_a_unit: bool,
    /// What it strikes.
    pub targets: &'e [CompId],
}

/// Whose failure a job mends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Mode(ModeId),
    Strike(StrikeId),
}

/// An active failure and its repair.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) stage: Stage,
    pub(super) owner: Owner,
    pub(super) repair: RepairId,
    streams: RepairStreams,
    /// Number of the draws that this repair makes.
    number: u32,
    /// The initiating event.
    pub(super) event: u32,
    /// The repair of the same event that began before this one, if there is one.
    before: u32,
    /// Level that the failure leaves.
    pub(super) level: f64,
    /// Share of calls that it lets through.
    pub(super) success: f64,
    /// The unit that failed, where units are told apart or counted; strikes hit all.
    pub(super) unit: Option<u32>,
    /// Components that it holds down.
    pub(super) targets: Vec<CompId>,
    permit: SimSpan,
    travel: SimSpan,
    work: SimSpan,
    since: SimTime,
    speed: f64,
    queued: SimTime,
    has_crew: bool,
    /// A delayed hit instead of a repair.
    pub(super) hit: Option<super::hazards::Hit>,
    /// A further occurrence of a hazard instead of a repair.
    pub(super) begotten: Option<super::hazards::Begotten>,
}

impl Default for Job {
    fn default() -> Self {
        let none = StreamName::new("", "");
        Self {
            stage: Stage::Idle,
            owner: Owner::Mode(ModeId(0)),
            repair: RepairId(0),
            streams: RepairStreams { detect: none, travel: none, work: none },
            number: 0,
            event: 0,
            before: 0,
            level: 1.0,
            success: 1.0,
            unit: None,
            targets: Vec::new(),
            permit: SimSpan::ZERO,
            travel: SimSpan::ZERO,
            work: SimSpan::ZERO,
            since: SimTime::START,
            speed: 0.0,
            queued: SimTime::START,
            has_crew: false,
            hit: None,
            begotten: None,
        }
    }
}

impl Job {
    /// The job of a mode that has not failed yet.
    pub(super) fn of_repair(repair: RepairId) -> Self {
        Self { repair, ..Self::default() }
    }

    /// Begins the repair of a simple mode: nothing but work, which nothing interrupts and which ends.
    #[inline]
    pub(super) fn begin_simply(&mut self, mode: ModeId, component: CompId, event: u32) {
        if self.targets.is_empty() {
            self.targets.push(component);
        }
        (self.stage, self.owner, self.event) = (Stage::Work, Owner::Mode(mode), event);
        (self.level, self.work) = (0.0, SimSpan::ZERO);
    }

    /// True for a failure that leaves nothing, and whose repair never ends.
    pub(super) fn never_ends(&self) -> bool {
        self.level <= 0.0 && !self.work.ends()
    }

    /// Ends it.
    #[inline]
    pub(super) fn end_simply(&mut self) {
        self.stage = Stage::Idle;
    }
}

/// The first multiple of `interval` after `now`.
fn next_multiple(interval: SimSpan, now: SimTime) -> SimTime {
    let interval = interval.micros().max(1);
    SimTime::from_micros((now.micros() / interval + 1).saturating_mul(interval))
}

impl Engine<'_> {
    pub(super) fn reset_repairs(&mut self) {
        let fixed = self.model.modes.len();
        for job in &mut self.jobs {
            job.stage = Stage::Idle;
            job.targets.clear();
            (job.hit, job.begotten) = (None, None);
            job.has_crew = false;
        }
        self.free_dynamic.clear();
        self.free_dynamic.extend((fixed as u32..self.jobs.len() as u32).rev());
        self.jobs_with_needs.iter_mut().for_each(Vec::clear);
        for crew in &mut self.crews {
            crew.reset();
        }
    }

    /// A job beyond those that modes own.
    pub(super) fn new_dynamic_job(&mut self) -> u32 {
        if let Some(job) = self.free_dynamic.pop() {
            return job;
        }
        let job = self.jobs.len() as u32;
        self.jobs.push(Job::default());
        self.slots.timers.push(Timer::Dynamic(job));
        self.queue.grow(self.slots.timers.len());
        job
    }

    /// The timer slot of a job.
    pub(super) fn job_slot(&self, job: u32) -> u32 {
        let fixed = self.model.modes.len() as u32;
        if job < fixed { job } else { self.slots.dynamic + (job - fixed) }
    }

    /// Makes `job` an active failure whose repair begins now.
    #[allow(clippy::too_many_arguments, reason = "they are the fields of one record")]
    pub(super) fn begin_job(
        &mut self,
        job: u32,
        owner: Owner,
        repair: RepairId,
        (streams, permits): (RepairStreams, &[Permit]),
        number: u32,
        event: u32,
        (level, success): (f64, f64),
    ) {
        let permit = self.all_granted(permits, number);
        let j = &mut self.jobs[job as usize];
        (j.owner, j.repair, j.streams, j.number, j.event) = (owner, repair, streams, number, event);
        (j.level, j.success) = (level, success);
        (j.permit, j.speed, j.has_crew) = (permit, 0.0, false);
        j.targets.clear();
        j.unit = match owner {
            Owner::Mode(mode) => {
                let mode = &self.model.modes[mode.index()];
                j.targets.push(mode.component);
                self.parts[mode.component.index()].traits.is_counted.then_some(mode.unit)
            }
            Owner::Strike(_) => None,
        };
        if self.repair_has_needs(repair) {
            self.jobs_with_needs[repair.index()].push(job);
        }
        self.jobs[job as usize].before = self.causes.job_begins(event, job);
        self.begin_detection(job);
    }

    /// The time until the last of several permits is granted; they are applied for side by side.
    fn all_granted(&self, permits: &[Permit], number: u32) -> SimSpan {
        permits.iter().map(|p| self.span(&p.takes, p.stream, number)).max().unwrap_or(SimSpan::ZERO)
    }

    pub(super) fn begin_detection(&mut self, job: u32) {
        let j = &self.jobs[job as usize];
        let repair = &self.model.repairs[j.repair.index()];
        let detect = self.span(&repair.detect, j.streams.detect, j.number);
        let travel = self.span(&repair.travel, j.streams.travel, j.number);
        let work = self.span(&repair.work, j.streams.work, j.number);
        let found = self.next_inspection(j.owner);
        let j = &mut self.jobs[job as usize];
        (j.travel, j.work, j.stage, j.since) = (travel, work, Stage::Detect, found);
        if found + detect == self.now {
            self.detected(job);
        } else {
            self.queue.set(self.job_slot(job), found + detect);
        }
    }

    /// When a failure can be noticed: at once, or at the next inspection after now.
    fn next_inspection(&self, owner: Owner) -> SimTime {
        let Owner::Mode(mode) = owner else { return self.now };
        match self.model.modes[mode.index()].inspection {
            Some(interval) => next_multiple(interval, self.now),
            None => self.now,
        }
    }

    /// Whoever starts a standby finds the failures that no inspection has found yet.
    pub(super) fn reveal_failures(&mut self, standby: CompId) {
        for k in 0..self.parts[standby.index()].active.len() {
            let job = self.parts[standby.index()].active[k];
            let j = &self.jobs[job as usize];
            if j.stage == Stage::Detect && j.since > self.now {
                let detect =
                    self.span(&self.model.repairs[j.repair.index()].detect, j.streams.detect, j.number);
                self.jobs[job as usize].since = self.now;
                self.queue.set(self.job_slot(job), self.now + detect);
            }
        }
    }

    /// True once somebody knows of the failure.
    pub(super) fn is_detected(&self, job: u32) -> bool {
        !matches!(self.jobs[job as usize].stage, Stage::Coming | Stage::Detect)
    }

    fn detected(&mut self, job: u32) {
        self.stop_waves(job);
        let j = &mut self.jobs[job as usize];
        j.stage = Stage::Permit;
        if j.permit == SimSpan::ZERO {
            self.permitted(job);
        } else {
            let granted = self.now + j.permit;
            self.queue.set(self.job_slot(job), granted);
        }
    }

    fn permitted(&mut self, job: u32) {
        let j = &mut self.jobs[job as usize];
        j.queued = self.now;
        let repair = &self.model.repairs[j.repair.index()];
        if let Some(crew) = repair.crew {
            j.stage = Stage::Crew;
            self.crews[crew.index()].queue(job);
            self.agenda.add(Look::Crews, crew.index());
        } else {
            self.set_out(job);
            if repair.needs.is_some() {
                self.agenda.add(Look::Repairs, self.jobs[job as usize].repair.index());
            } else {
                self.run_at(job, 1.0);
            }
        }
    }

    /// Travel, or what is left of it; else work.
    fn set_out(&mut self, job: u32) {
        let j = &mut self.jobs[job as usize];
        j.stage = if j.travel > SimSpan::ZERO { Stage::Travel } else { Stage::Work };
        j.since = self.now;
        j.speed = 0.0;
    }

    /// Lets travel or work go on at `speed`.
    fn run_at(&mut self, job: u32, speed: f64) {
        let now = self.now;
        let slot = self.job_slot(job);
        let j = &mut self.jobs[job as usize];
        let elapsed = now - j.since;
        let left = if j.stage == Stage::Travel { &mut j.travel } else { &mut j.work };
        *left = used_up(*left, elapsed, j.speed);
        let due = now + real_time(*left, speed);
        (j.since, j.speed) = (now, speed);
        self.queue.set(slot, due);
    }

    /// The present stage of a repair has run its time.
    pub(super) fn stage_ended(&mut self, job: u32) {
        match self.jobs[job as usize].stage {
            Stage::Detect => self.detected(job),
            Stage::Permit => self.permitted(job),
            Stage::Travel => {
                let j = &mut self.jobs[job as usize];
                let speed = j.speed;
                (j.travel, j.stage, j.since, j.speed) = (SimSpan::ZERO, Stage::Work, self.now, 0.0);
                self.run_at(job, speed);
            }
            Stage::Work => self.mended(job),
            Stage::Idle | Stage::Coming | Stage::Crew => {}
        }
    }

    fn mended(&mut self, job: u32) {
        let targets = std::mem::take(&mut self.jobs[job as usize].targets);
        let j = &mut self.jobs[job as usize];
        j.stage = Stage::Idle;
        let (owner, repair, event) = (j.owner, j.repair, j.event);
        if std::mem::take(&mut j.has_crew) {
            self.release(repair);
        }
        if self.repair_has_needs(repair) {
            self.jobs_with_needs[repair.index()].retain(|other| *other != job);
        }
        self.take_off_event(event, job);
        for target in &targets {
            self.relieve(*target, job);
        }
        self.jobs[job as usize].targets = targets;
        match owner {
            Owner::Mode(mode) if job == mode.0 => self.rewind(mode),
            Owner::Mode(_) => self.free_job(job),
            Owner::Strike(strike) => {
                self.cancel_hits(job);
                self.free_job(job);
                let hazard = self.model.strikes[strike.index()].hazard;
                if let Some(response) = self.model.hazards[hazard.index()].response {
                    self.response_done(response);
                }
            }
        }
    }

    /// Ends what a strike holds down, wherever its repair stands.
    pub(super) fn end_repair(&mut self, job: u32) {
        let state = &self.jobs[job as usize];
        if state.hit.is_some() || state.begotten.is_some() {
            return;
        }
        match state.stage {
            Stage::Idle => return,
            Stage::Coming => {
                self.cancel_hits(job);
                return self.free_job(job);
            }
            Stage::Crew => {
                if let Some(crew) = self.model.repairs[state.repair.index()].crew {
                    self.crews[crew.index()].leave(job);
                }
            }
            Stage::Detect | Stage::Permit | Stage::Travel | Stage::Work => {}
        }
        self.mended(job);
    }

    pub(super) fn free_job(&mut self, job: u32) {
        let slot = self.job_slot(job);
        self.queue.set(slot, SimTime::NEVER);
        let j = &mut self.jobs[job as usize];
        j.stage = Stage::Idle;
        (j.hit, j.begotten) = (None, None);
        j.targets.clear();
        self.free_dynamic.push(job);
    }

    /// Pauses, slows, resumes or hands back what depends on repair needs; then hands out crews: releases have
    /// all been made, requests go by priority, waiting time, name.
    pub(super) fn react_repairs(&mut self) {
        self.look_at(Look::Repairs, |engine, repair| engine.needs_changed(RepairId(repair)));
        self.look_at(Look::Crews, |engine, crew| engine.hand_out(CrewId(crew)));
    }

    fn needs_changed(&mut self, repair: RepairId) {
        let jobs = std::mem::take(&mut self.jobs_with_needs[repair.index()]);
        for job in &jobs {
            self.causes.touch_all(&self.jobs[*job as usize].targets);
            match self.jobs[*job as usize].stage {
                Stage::Crew => self.touch_crew_of(repair),
                Stage::Travel | Stage::Work => self.needs_changed_under_way(*job),
                Stage::Idle | Stage::Coming | Stage::Detect | Stage::Permit => {}
            }
        }
        self.jobs_with_needs[repair.index()] = jobs;
    }

    fn needs_changed_under_way(&mut self, job: u32) {
        let speed = self.repair_speed(job);
        if speed == self.jobs[job as usize].speed {
            return;
        }
        self.run_at(job, speed);
        let (repair, has_crew) = (self.jobs[job as usize].repair, self.jobs[job as usize].has_crew);
        if let Some(crew) = self.model.repairs[repair.index()].crew
            && speed == 0.0
            && has_crew
        {
            let j = &mut self.jobs[job as usize];
            (j.has_crew, j.stage) = (false, Stage::Crew);
            self.release(repair);
            self.crews[crew.index()].queue(job);
        }
    }

    /// 1 if a repair's needs are met, else how fast it goes without them.
    fn repair_speed(&self, job: u32) -> f64 {
        let repair = &self.model.repairs[self.jobs[job as usize].repair.index()];
        match (repair.needs, repair.without_needs) {
            (Some(needs), _) if self.nodes[needs.index()].value > 0.0 => 1.0,
            (Some(_), Some(times_slower)) => 1.0 / times_slower,
            (Some(_), None) => 0.0,
            (None, _) => 1.0,
        }
    }

    /// A repair of an event is over.
    fn take_off_event(&mut self, event: u32, job: u32) {
        let before = self.jobs[job as usize].before;
        let Some((last, count)) = self.causes.running_jobs(event) else { return };
        self.causes.job_ends(event);
        if last == job {
            return self.causes.set_last_job(event, before);
        }
        let mut after = last;
        for _ in 1..count {
            let next = self.jobs[after as usize].before;
            if next == job {
                self.jobs[after as usize].before = before;
                return;
            }
            after = next;
        }
    }

    /// Calls `visit` with each running repair of an initiating event: its stage, and whether it never ends.
    ///
    /// One repair, unless a hazard struck several components with a repair each; none once all are over.
    pub fn for_each_repair_of(&self, event: u32, mut visit: impl FnMut(Stage, bool)) {
        let Some((mut job, count)) = self.causes.running_jobs(event) else { return };
        for _ in 0..count {
            let j = &self.jobs[job as usize];
            visit(j.stage, j.stage == Stage::Work && !j.work.ends());
            job = j.before;
        }
    }

    /// All active failures.
    pub fn failures(&self) -> impl Iterator<Item = ActiveFailure<'_>> + '_ {
        let active = |j: &Job| !matches!(j.stage, Stage::Idle | Stage::Coming) && j.hit.is_none();
        self.jobs.iter().enumerate().filter(move |(_, j)| active(j)).map(|(job, j)| {
            let needs = self.model.repairs[j.repair.index()].needs;
            let lacks = needs.is_some_and(|n| self.nodes[n.index()].value <= 0.0);
            ActiveFailure {
                job,
                event: j.event,
                stage: j.stage,
                repair: j.repair,
                is_halted: lacks
                    && !matches!(j.stage, Stage::Detect | Stage::Permit)
                    && self.repair_speed(job as u32) <= 0.0,
                errors: 1.0 - j.success,
                of_a_unit: j.unit.is_some(),
                targets: &j.targets,
            }
        })
    }

    /// The active failures of a component: initiating event and stage of repair.
    pub fn active_failures(&self, component: CompId) -> impl Iterator<Item = (u32, Stage)> + '_ {
        self.parts[component.index()].active.iter().map(|j| {
            let job = &self.jobs[*j as usize];
            (job.event, job.stage)
        })
    }
}
