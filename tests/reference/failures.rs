//! Failure clocks, repairs, crews, hazards and re-forming units.

use std::cmp::Reverse;

use blackstart::model::{Occurs, Permit, RepairId, RepairStreams};
use blackstart::time::{SimSpan, SimTime};

use super::{Failure, Job, Reference, Stage, Watch};

impl Reference<'_> {
    /// Units of a pooled component that neither failed nor failed to start.
    pub(super) fn working_units(&self, c: usize) -> u32 {
        let failed =
            self.state.failures.iter().filter(|f| f.component == c && f.mode.is_some()).count() as u32;
        self.model.components[c].units - failed
    }

    /// What the failures of a component's units leave of it.
    pub(super) fn own_of_units(&self, c: usize) -> f64 {
        let component = &self.model.components[c];
        let mine = || self.state.failures.iter().filter(|f| f.component == c);
        let sum = if component.pooled {
            f64::from(self.working_units(c))
        } else {
            let unit_of = |f: &Failure| f.mode.map(|m| self.model.modes[m].unit);
            let unit =
                |u: u32| mine().filter(|f| unit_of(f) == Some(u)).fold(1.0, |a: f64, f| a.min(f.level));
            (0..component.units).map(unit).sum::<f64>()
        };
        match component.enough {
            Some(enough) if sum >= f64::from(enough) => 1.0,
            _ => sum / f64::from(component.units),
        }
    }

    pub(super) fn own(&self, c: usize) -> f64 {
        if let Some(path) = self.path_of(c) {
            return f64::from(self.state.paths[path].up);
        }
        let strikes = self.state.failures.iter().filter(|f| f.component == c && f.mode.is_none());
        strikes.fold(self.own_of_units(c), |a, f| a.min(f.level))
    }

    pub(super) fn wind(&mut self, m: usize) {
        let mode = &self.model.modes[m];
        let number = self.state.modes[m].wound;
        let left = if number == 0 && self.model.aged && !mode.every.is_zero() {
            SimSpan::from_micros_f64(mode.every.draw_residual(self.draws.draw(mode.every_stream, 0)))
        } else {
            self.span(&mode.every, mode.every_stream, number)
        };
        self.state.modes[m].wound += 1;
        self.state.modes[m].watch = Some(Watch::stopped(left, self.now));
        self.state.modes[m].rings = SimTime::NEVER;
    }

    pub(super) fn pace_clocks(&mut self) {
        for m in 0..self.model.modes.len() {
            let speed = self.clock_speed(m);
            let Some(mut watch) = self.state.modes[m].watch else { continue };
            if watch.speed == speed {
                continue;
            }
            watch.run_after(self.counted(m, watch.since), speed, self.now);
            self.state.modes[m].watch = Some(watch);
            self.state.modes[m].rings = self.when_counted(self.model.modes[m].rhythm, watch.rings_after());
        }
    }

    pub(super) fn fail(&mut self, m: usize) {
        let mode = &self.model.modes[m];
        let number = self.state.modes[m].failures;
        self.state.modes[m].failures += 1;
        self.state.modes[m].watch = None;
        let (level, success) = self.effect(&mode.effect, mode.effect_stream, number);
        self.events.push((mode.cause, self.now));
        let event = self.events.len() - 1;
        let job = self.add_job(
            mode.repair,
            (mode.repair_streams, &mode.permits),
            number,
            Some(m),
            event,
            (level, success),
        );
        self.begin_repair(job);
        let component = mode.component.index();
        self.state.failures.push(Failure { component, mode: Some(m), level, success, event, job });
        if self.model.components[component].pooled {
            self.wind(m);
        }
    }

    fn add_job(
        &mut self,
        repair: RepairId,
        (streams, permits): (RepairStreams, &[Permit]),
        number: u32,
        mode: Option<usize>,
        event: usize,
        (level, success): (f64, f64),
    ) -> usize {
        let grants = permits.iter().map(|p| self.span(&p.takes, p.stream, number));
        let permit = grants.max().unwrap_or(SimSpan::ZERO);
        let job = Job {
            repair,
            streams,
            number,
            mode,
            event,
            stage: Stage::Coming,
            watch: Watch::stopped(SimSpan::ZERO, self.now),
            permit,
            travel: SimSpan::ZERO,
            work: SimSpan::ZERO,
            queued: None,
            has_crew: false,
            found: self.now,
            coming: Vec::new(),
            level,
            success,
        };
        self.jobs_made += 1;
        self.state.jobs.insert(self.jobs_made, job);
        self.jobs_made
    }

    fn begin_repair(&mut self, j: usize) {
        let mut job = self.state.jobs[&j].clone();
        let repair = &self.model.repairs[job.repair.index()];
        job.stage = Stage::Detect;
        let inspection = job.mode.and_then(|m| self.model.modes[m].inspection);
        let mut hidden = 0;
        if let Some(interval) = inspection {
            // Inspections are at whole intervals from the start on; one at this very instant comes too early.
            hidden = interval.micros() - self.now.micros() % interval.micros();
        }
        job.found = self.now + SimSpan::from_micros(hidden);
        let detect = self.span(&repair.detect, job.streams.detect, job.number);
        job.watch = Watch::stopped(SimSpan::from_micros(hidden.saturating_add(detect.micros())), self.now);
        job.watch.run(1.0, self.now);
        job.travel = self.span(&repair.travel, job.streams.travel, job.number);
        job.work = self.span(&repair.work, job.streams.work, job.number);
        self.state.jobs.insert(j, job);
    }

    /// A standby that is started shows what is broken in it.
    pub(super) fn start_shows_failures(&mut self, c: usize) {
        for job in self.state.jobs.values_mut() {
            let mine = job.mode.is_some_and(|m| self.model.modes[m].component.index() == c);
            if mine && job.stage == Stage::Detect && job.found > self.now {
                let repair = &self.model.repairs[job.repair.index()];
                let law = &repair.detect;
                let drawn = if law.is_zero() {
                    0.0
                } else {
                    law.draw(self.draws.draw(job.streams.detect, job.number))
                };
                job.found = self.now;
                job.watch = Watch::stopped(SimSpan::from_micros_f64(drawn), self.now);
                job.watch.run(1.0, self.now);
            }
        }
    }

    /// Detection, travel or work is over.
    pub(super) fn stage_ends(&mut self, j: usize) {
        let Some(mut job) = self.state.jobs.get(&j).cloned() else { return };
        let repair = &self.model.repairs[job.repair.index()];
        match job.stage {
            Stage::Coming => {}
            Stage::Detect if job.permit > SimSpan::ZERO => {
                job.stage = Stage::Permit;
                job.watch = Watch::stopped(job.permit, self.now);
                job.watch.run(1.0, self.now);
                let now = self.now;
                job.coming.retain(|(_, _, wave)| *wave <= now);
                self.state.jobs.insert(j, job);
            }
            Stage::Detect | Stage::Permit => {
                let detected = job.stage == Stage::Detect;
                let (stage, left) = match job.travel {
                    SimSpan::ZERO => (Stage::Work, job.work),
                    travel => (Stage::Travel, travel),
                };
                job.stage = stage;
                job.watch = Watch::stopped(left, self.now);
                job.queued = Some(self.now);
                let now = self.now;
                // Without waves every wave has started with the occurrence.
                job.coming.retain(|(_, _, wave)| !detected || *wave <= now);
                if repair.crew.is_none() && repair.needs.is_none() {
                    job.watch.run(1.0, self.now);
                }
                self.state.jobs.insert(j, job);
            }
            Stage::Travel => {
                let speed = job.watch.speed;
                job.stage = Stage::Work;
                job.watch = Watch::stopped(job.work, self.now);
                job.watch.run(speed, self.now);
                self.state.jobs.insert(j, job);
            }
            Stage::Work => {
                self.state.jobs.remove(&j);
                self.state.failures.retain(|f| f.job != j);
                if let Some(m) = job.mode
                    && !self.model.components[self.model.modes[m].component.index()].pooled
                {
                    self.wind(m);
                }
            }
        }
    }

    /// The stage as reports call it.
    pub(super) fn stage_name(&self, job: &Job) -> String {
        let waits = self.model.repairs[job.repair.index()].crew.is_some() && !job.has_crew;
        match job.stage {
            Stage::Travel | Stage::Work if waits => "Crew".to_owned(),
            stage => format!("{stage:?}"),
        }
    }

    pub(super) fn needs_are_met(&self, job: &Job) -> bool {
        let needs = self.model.repairs[job.repair.index()].needs;
        needs.is_none_or(|n| self.value(n, &|c| self.state.levels[c]) > 0.0)
    }

    pub(super) fn repair_needs_and_crews(&mut self) {
        // Releases.
        for j in self.detected_jobs() {
            let mut job = self.state.jobs[&j].clone();
            let repair = &self.model.repairs[job.repair.index()];
            if job.has_crew && repair.without_needs.is_none() && !self.needs_are_met(&job) {
                job.has_crew = false;
                job.watch.run(0.0, self.now);
                self.state.jobs.insert(j, job);
            }
        }
        // Requests.
        for (index, crew) in self.model.crews.iter().enumerate() {
            let of_crew =
                |job: &Job| self.model.repairs[job.repair.index()].crew.map(|c| c.index()) == Some(index);
            let busy = self.state.jobs.values().filter(|job| of_crew(job) && job.has_crew).count();
            let mut waiting = self.detected_jobs();
            waiting.retain(|j| {
                let job = &self.state.jobs[j];
                let slowed = self.model.repairs[job.repair.index()].without_needs.is_some();
                of_crew(job) && !job.has_crew && (slowed || self.needs_are_met(job))
            });
            waiting.sort_by_key(|j| {
                let job = &self.state.jobs[j];
                let repair = &self.model.repairs[job.repair.index()];
                let mine = self.state.failures.iter().filter(|f| f.job == *j);
                let target = mine.map(|f| &self.model.components[f.component].name).min();
                (Reverse(repair.priority), job.queued, repair.name.clone(), job.number, target.cloned())
            });
            for j in waiting.into_iter().take((crew.size as usize).saturating_sub(busy)) {
                if let Some(job) = self.state.jobs.get_mut(&j) {
                    job.has_crew = true;
                }
            }
        }
        // Paces.
        for j in self.detected_jobs() {
            let mut job = self.state.jobs[&j].clone();
            let repair = &self.model.repairs[job.repair.index()];
            let manned = repair.crew.is_none() || job.has_crew;
            let pace = match (self.needs_are_met(&job), repair.without_needs) {
                (true, _) => 1.0,
                (false, Some(slower)) => 1.0 / slower,
                (false, None) => 0.0,
            };
            job.watch.run(if manned { pace } else { 0.0 }, self.now);
            self.state.jobs.insert(j, job);
        }
    }

    fn detected_jobs(&self) -> Vec<usize> {
        let detected = |job: &Job| matches!(job.stage, Stage::Travel | Stage::Work);
        self.state.jobs.iter().filter(|(_, job)| detected(job)).map(|(j, _)| *j).collect()
    }

    /// An occurrence at a time that was drawn or given: sets the next, then strikes.
    pub(super) fn hazard_is_due(&mut self, h: usize) {
        if self.model.hazards[h].only_while.is_some() {
            self.state.hazards[h].next = SimTime::NEVER;
            self.state.hazards[h].asks = true;
            return;
        }
        self.set_next(h);
        self.occur(h);
        self.land_at_once();
    }

    /// Hits without delay belong to the same set of events.
    fn land_at_once(&mut self) {
        let now = self.now;
        let hits =
            |(j, job): (&usize, &Job)| job.coming.iter().map(|(at, c, _)| (*j, *at, *c)).collect::<Vec<_>>();
        let coming: Vec<_> = self.state.jobs.iter().flat_map(hits).collect();
        for (j, _, component) in coming.into_iter().filter(|(_, at, _)| *at <= now) {
            self.land(j, component);
        }
    }

    /// An occurrence that another begot.
    pub(super) fn begotten_is_due(&mut self, h: usize, at: SimTime) {
        let list = &mut self.state.hazards[h].begotten;
        if let Some(place) = list.iter().position(|other| *other == at) {
            list.remove(place);
        }
        if self.model.hazards[h].only_while.is_some() {
            self.state.hazards[h].begotten_ask += 1;
        } else {
            self.occur(h);
            self.land_at_once();
        }
    }

    fn set_next(&mut self, h: usize) {
        let hazard = &self.model.hazards[h];
        let next = self.state.hazards[h].dates;
        self.state.hazards[h].dates += 1;
        self.state.hazards[h].next = match &hazard.occurs {
            Occurs::At(times) => times.get(next as usize).copied().unwrap_or(SimTime::NEVER),
            Occurs::Every(law) => self.when_counted(hazard.rhythm, self.span(law, hazard.time_stream, next)),
            _ => SimTime::NEVER,
        };
    }

    pub(super) fn hazard_conditions(&mut self) {
        for h in 0..self.model.hazards.len() {
            if let Occurs::When(condition) = self.model.hazards[h].occurs {
                let holds = self.value(condition, &|c| self.state.levels[c]) > 0.0;
                let held = std::mem::replace(&mut self.state.hazards[h].condition, holds);
                self.state.hazards[h].asks |= holds && !held;
            }
            if std::mem::replace(&mut self.state.hazards[h].asks, false) {
                let only_while = self.model.hazards[h].only_while;
                if only_while.is_some() {
                    self.set_next(h);
                }
                if only_while.is_none_or(|n| self.value(n, &|c| self.state.levels[c]) > 0.0) {
                    self.occur(h);
                } else {
                    self.state.hazards[h].occurrences += 1;
                }
            }
            for _ in 0..std::mem::replace(&mut self.state.hazards[h].begotten_ask, 0) {
                let only_while = self.model.hazards[h].only_while;
                if only_while.is_none_or(|n| self.value(n, &|c| self.state.levels[c]) > 0.0) {
                    self.occur(h);
                } else {
                    self.state.hazards[h].occurrences += 1;
                }
            }
        }
    }

    fn occur(&mut self, h: usize) {
        let hazard = &self.model.hazards[h];
        let number = self.state.hazards[h].occurrences;
        self.state.hazards[h].occurrences += 1;
        if !self.happens(hazard.probability, hazard.probability_stream, number) {
            return;
        }
        if let Some(clusters) = &hazard.clusters {
            // Poisson: the least n with P(N <= n) >= u.
            let u = self.draws.draw(clusters.offspring_stream, number).uniform();
            let (mut n, mut term) = (0_u32, libm::exp(-clusters.offspring));
            let mut cumulated = term;
            while cumulated < u {
                n += 1;
                term *= clusters.offspring / f64::from(n);
                cumulated += term;
            }
            let mut times = self.draws.draw(clusters.after_stream, number).generator();
            for _ in 0..n {
                let at = self.now + SimSpan::from_micros_f64(clusters.after.draw(times.draw()));
                self.state.hazards[h].begotten.push(at);
            }
        }
        self.events.push((hazard.cause, self.now));
        let event = self.events.len() - 1;
        let strikes = match &hazard.one_of {
            None => hazard.strikes.clone(),
            Some(weights) => {
                let mut left =
                    self.draws.draw(hazard.choice_stream, number).uniform() * weights.iter().sum::<f64>();
                let drawn = weights.iter().position(|w| {
                    left -= w;
                    left < 0.0
                });
                let one = hazard.strikes.start + drawn.unwrap_or(weights.len() - 1);
                one..one + 1
            }
        };
        for s in strikes {
            let strike = &self.model.strikes[s];
            let effect = self.effect(&strike.effect, strike.effect_stream, number);
            let mut hits = Vec::new();
            let mut gaps = self.draws.draw(strike.waves_stream, number).generator();
            let mut starts = vec![self.now];
            for target in &strike.targets {
                while let Some(gap) = &strike.waves
                    && starts.len() <= target.wave as usize
                {
                    let gap = SimSpan::from_micros_f64(gap.draw(gaps.draw()));
                    starts.push(starts[starts.len() - 1] + gap);
                }
                if self.happens(strike.hits, target.hit_stream, number) {
                    let delay = self.span(&strike.delay, target.delay_stream, number);
                    let wave = if strike.waves.is_some() { starts[target.wave as usize] } else { self.now };
                    let own = (target.repair_streams, target.permits.as_slice());
                    hits.push((wave + delay, target.component.index(), own, wave));
                }
            }
            if strike.each {
                for (at, component, streams, wave) in hits {
                    let j = self.add_job(strike.repair, streams, number, None, event, effect);
                    self.state.jobs.entry(j).and_modify(|job| job.coming.push((at, component, wave)));
                }
            } else if !hits.is_empty() {
                let j = self.add_job(
                    strike.repair,
                    (strike.repair_streams, &strike.permits),
                    number,
                    None,
                    event,
                    effect,
                );
                let coming = hits.into_iter().map(|(at, component, _, wave)| (at, component, wave));
                self.state.jobs.entry(j).and_modify(|job| job.coming.extend(coming));
            }
        }
    }

    /// A strike takes effect on a target, unless its repair is already over.
    pub(super) fn land(&mut self, j: usize, component: usize) {
        let Some(mut job) = self.state.jobs.get(&j).cloned() else { return };
        let now = self.now;
        let Some(place) = job.coming.iter().position(|(at, c, _)| *at <= now && *c == component) else {
            return;
        };
        job.coming.remove(place);
        let (level, success, event) = (job.level, job.success, job.event);
        let first = job.stage == Stage::Coming;
        self.state.jobs.insert(j, job);
        self.state.failures.push(Failure { component, mode: None, level, success, event, job: j });
        if first {
            self.begin_repair(j);
        }
    }

    /// Notices members that were lost or have returned.
    pub(super) fn reforming(&mut self) {
        for unit in 0..self.model.components.len() {
            let changed = |m: &usize| self.state.comps[*m].was_up != (self.state.levels[*m] > 0.0);
            let members = self.model.components[unit].members.iter().map(|m| m.index());
            let news: Vec<usize> = members.filter(changed).collect();
            let Some(reconfigure) = &self.model.components[unit].reconfigure else { continue };
            if news.is_empty() {
                continue;
            }
            self.state.member_news.extend(news.into_iter().map(|m| (unit, m)));
            if self.state.comps[unit].reform_seen == Some(self.now) {
                continue;
            }
            let number = self.state.comps[unit].reforms;
            let takes = self.span(&reconfigure.takes, reconfigure.takes_stream, number);
            let errors = self.number(&reconfigure.errors, reconfigure.errors_stream, number).clamp(0.0, 1.0);
            let comp = &mut self.state.comps[unit];
            comp.reforms += 1;
            comp.reform_seen = Some(self.now);
            let until = self.now + takes;
            comp.reform =
                Some(comp.reform.map_or((until, errors), |old| (old.0.max(until), old.1.max(errors))));
        }
        for c in 0..self.model.components.len() {
            self.state.comps[c].was_up = self.state.levels[c] > 0.0;
        }
    }
}
