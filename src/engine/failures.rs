//! Failure clocks and what an active failure does to its component.

use super::repairs::{Owner, Stage};
use super::state::Engine;
use crate::law::Law;
use crate::model::{Clock, CompId, Component, Effect, Mode, ModeId};
use crate::random::{Draw, StreamName};
use crate::time::{SimSpan, SimTime};

/// The clock of one failure mode.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ClockState {
    /// Clock time left to failure, as of `since`.
    left: SimSpan,
    since: SimTime,
    /// Clock microseconds per microsecond.
    speed: f64,
    /// Draws made so far.
    draws: u32,
    /// Failures so far: numbers the draws of effects and repairs.
    pub(super) failures: u32,
    /// True while the mode is failed and its own repair has not ended.
    pub(super) stopped: bool,
}

/// `left` clock microseconds at `speed`, in real time.
pub(super) fn real_time(left: SimSpan, speed: f64) -> SimSpan {
    if speed == 1.0 || !left.ends() {
        left
    } else if speed <= 0.0 {
        SimSpan::NEVER
    } else {
        SimSpan::from_micros_f64(left.micros_f64() / speed)
    }
}

/// What is left of `left` after `elapsed` at `speed`.
pub(super) fn used_up(left: SimSpan, elapsed: SimSpan, speed: f64) -> SimSpan {
    if !left.ends() {
        return left;
    }
    let used = if speed == 1.0 { elapsed } else { SimSpan::from_micros_f64(elapsed.micros_f64() * speed) };
    SimSpan::from_micros(left.micros() - used.micros())
}

impl Engine<'_> {
    /// Draw `number` of a stream in this replication.
    #[inline]
    pub(super) fn draw(&self, stream: StreamName, number: u32) -> Draw {
        self.replication.draw(stream, number)
    }

    /// A span drawn from a law.
    #[inline]
    pub(super) fn span(&self, law: &Law, stream: StreamName, number: u32) -> SimSpan {
        if law.is_zero() {
            SimSpan::ZERO
        } else {
            SimSpan::from_micros_f64(law.draw(self.draw(stream, number)))
        }
    }

    /// Starts all clocks, stopped until [`Engine::react_clocks`] sets their speeds.
    pub(super) fn wind_clocks(&mut self) {
        for (index, mode) in self.model.modes.iter().enumerate() {
            let draw = self.draw(mode.every_stream, 0);
            let left = if self.model.aged { mode.every.draw_residual(draw) } else { mode.every.draw(draw) };
            let left = SimSpan::from_micros_f64(left);
            self.clocks[index] = ClockState { left, draws: 1, ..ClockState::default() };
        }
    }

    /// A mode's timer ran out: its clock if it works, the present stage of its repair if not.
    pub(super) fn mode_due(&mut self, mode: ModeId) {
        let job = mode.index();
        if self.jobs[job].stage == Stage::Idle {
            self.fail(mode);
        } else {
            self.stage_ended(job as u32);
        }
    }

    /// Sets the slot of the event being applied to its next date; what is due at once comes in the next round.
    #[inline]
    fn reschedule(&mut self, slot: u32, after: SimSpan) {
        if after == SimSpan::ZERO {
            self.due_again.push(slot);
            self.queue.set(slot, SimTime::NEVER);
        } else {
            self.queue.set(slot, self.now + after);
        }
    }

    /// Applies what is due of a simple mode, which sets its own slot anew.
    #[inline]
    pub(super) fn simple_mode_due(&mut self, mode: ModeId) {
        if self.jobs[mode.index()].stage == Stage::Idle {
            self.fail_simply(mode)
        } else {
            self.mend_simply(mode)
        }
    }

    /// As [`Engine::fail`], for simple modes: the same draws, the same story, less to look at.
    fn fail_simply(&mut self, id: ModeId) {
        let m = id.index();
        let Some(mode) = &self.simple_modes[m] else { return };
        let clock = &mut self.clocks[m];
        let number = clock.failures;
        clock.failures += 1;
        (clock.stopped, clock.speed) = (true, 0.0);
        let draw = self.replication.draw(mode.work_stream, number);
        let work =
            if mode.work.is_zero() { SimSpan::ZERO } else { SimSpan::from_micros_f64(mode.work.draw(draw)) };
        let (component, event) = (mode.component, self.causes.begin(mode.cause, self.now));
        self.causes.job_begins(event, id.0);
        self.jobs[m].begin_simply(id, component, event, work, self.now);
        self.reschedule(id.0, work);
        self.hit(component, id.0);
    }

    /// As the end of a repair and [`Engine::rewind`], for simple modes.
    fn mend_simply(&mut self, id: ModeId) {
        let m = id.index();
        let Some(mode) = &self.simple_modes[m] else { return };
        let component = mode.component;
        let clock = &mut self.clocks[m];
        let draw = self.replication.draw(mode.every_stream, clock.draws);
        let left = SimSpan::from_micros_f64(mode.every.draw(draw));
        *clock = ClockState {
            left,
            since: self.now,
            speed: 1.0,
            draws: clock.draws + 1,
            stopped: false,
            ..*clock
        };
        self.jobs[m].stage = Stage::Idle;
        self.causes.job_ends(self.jobs[m].event);
        self.reschedule(id.0, left);
        self.relieve(component, id.0);
    }

    fn fail(&mut self, id: ModeId) {
        let mode = &self.model.modes[id.index()];
        let pooled = self.traits[mode.component.index()].is_pooled;
        self.activate(id);
        if pooled {
            self.rewind(id);
        }
    }

    /// Makes a mode active: an initiating event, its effect, its repair. Its clock stands still until that ends
    /// (one that units share goes on), since they share a timer.
    pub(super) fn activate(&mut self, id: ModeId) {
        let mode = &self.model.modes[id.index()];
        let number = self.clocks[id.index()].failures;
        self.clocks[id.index()].failures += 1;
        let pooled = self.traits[mode.component.index()].is_pooled;
        if !pooled {
            let clock = &mut self.clocks[id.index()];
            (clock.stopped, clock.speed) = (true, 0.0);
        }
        let job = if pooled { self.new_dynamic_job() } else { id.0 };
        let event = self.causes.begin(mode.cause, self.now);
        let effect = self.effect(&mode.effect, mode.effect_stream, number);
        self.begin_job(job, Owner::Mode(id), mode.repair, mode.repair_streams, number, event, effect);
        self.hit(mode.component, job);
    }

    /// What an occurrence of an effect does: the level it leaves and the share of calls it lets through.
    pub(super) fn effect(&self, effect: &Effect, stream: StreamName, number: u32) -> (f64, f64) {
        match effect {
            Effect::Down => (0.0, 1.0),
            Effect::Capacity(law) => (law.draw(self.draw(stream, number)).clamp(0.0, 1.0), 1.0),
            Effect::Errors(law) => (1.0, 1.0 - law.draw(self.draw(stream, number)).clamp(0.0, 1.0)),
        }
    }

    /// Adds an active job to a component.
    pub(super) fn hit(&mut self, component: CompId, job: u32) {
        let i = component.index();
        self.active[i].push(job);
        let (level, success) = (self.jobs[job as usize].level, self.jobs[job as usize].success);
        if self.active[i].len() == 1 && !self.traits[i].is_counted {
            self.set_own(component, level, success);
        } else {
            self.own_changed(component);
        }
    }

    /// Takes a job off a component.
    pub(super) fn relieve(&mut self, component: CompId, job: u32) {
        let active = &mut self.active[component.index()];
        if let Some(place) = active.iter().position(|j| *j == job) {
            active.remove(place);
        }
        if active.is_empty() {
            self.set_own(component, 1.0, 1.0);
        } else {
            self.own_changed(component);
        }
    }

    fn own_changed(&mut self, component: CompId) {
        let (own, success) = self.own_state(component);
        self.set_own(component, own, success);
    }

    #[inline]
    fn set_own(&mut self, component: CompId, own: f64, success: f64) {
        let i = component.index();
        if own != self.own[i] {
            self.own[i] = own;
            if self.traits[i].is_leaf && self.traits[i].is_inert {
                self.set_level(component, own);
            } else {
                self.unsolve(component);
            }
        }
        self.success[i] = success;
        if !self.traits[i].is_inert {
            self.touched.add(i);
        }
        self.own_causes_changed(component);
    }

    /// A component's own level and success from its active jobs.
    fn own_state(&self, component: CompId) -> (f64, f64) {
        let i = component.index();
        let active = &self.active[i];
        if active.is_empty() {
            return (1.0, 1.0);
        }
        let jobs = || active.iter().map(|j| &self.jobs[*j as usize]);
        if !self.traits[i].is_counted {
            return (jobs().map(|j| j.level).fold(1.0, f64::min), jobs().map(|j| j.success).product());
        }
        let c = &self.model.components[i];
        let strikes = || jobs().filter(|j| j.unit.is_none());
        let struck = strikes().map(|j| j.level).fold(1.0, f64::min);
        let (working, served) = self.working_units(c, component);
        let success: f64 = strikes().map(|j| j.success).product();
        (struck.min(enough(c, working)), success * served)
    }

    /// The level that failures of single units leave; 1 for a component of one unit.
    pub(super) fn units_level(&self, component: CompId) -> f64 {
        if !self.traits[component.index()].is_counted {
            return 1.0;
        }
        let c = &self.model.components[component.index()];
        enough(c, self.working_units(c, component).0)
    }

    /// Sum of unit levels, and mean of unit successes.
    fn working_units(&self, c: &Component, component: CompId) -> (f64, f64) {
        let jobs = || self.active[component.index()].iter().map(|j| &self.jobs[*j as usize]);
        if c.pooled {
            let failed = jobs().filter(|j| j.unit.is_some()).count();
            return ((f64::from(c.units) - failed as f64).max(0.0), 1.0);
        }
        let mut working = 0.0;
        let mut served = 0.0;
        for unit in 0..c.units {
            working += jobs().filter(|j| j.unit == Some(unit)).map(|j| j.level).fold(1.0, f64::min);
            served += jobs().filter(|j| j.unit == Some(unit)).map(|j| j.success).product::<f64>();
        }
        (working, served / f64::from(c.units))
    }

    /// Units of a pooled component that have not failed.
    pub(super) fn unfailed_units(&self, component: CompId) -> u32 {
        let c = &self.model.components[component.index()];
        let jobs = self.active[component.index()].iter().map(|j| &self.jobs[*j as usize]);
        c.units - (jobs.filter(|j| j.unit.is_some()).count() as u32).min(c.units)
    }

    /// A clock begins anew, at the speed that the next reaction gives it.
    pub(super) fn rewind(&mut self, id: ModeId) {
        let mode = &self.model.modes[id.index()];
        let clock = &self.clocks[id.index()];
        let left = SimSpan::from_micros_f64(mode.every.draw(self.draw(mode.every_stream, clock.draws)));
        let speed = if self.runs_plainly(mode) { 1.0 } else { 0.0 };
        let clock = &mut self.clocks[id.index()];
        *clock =
            ClockState { left, since: self.now, speed, draws: clock.draws + 1, stopped: false, ..*clock };
        if speed == 0.0 {
            self.touched_clocks.add(id.index());
        }
        self.queue.set(id.0, self.now + real_time(left, speed));
    }

    fn runs_plainly(&self, mode: &Mode) -> bool {
        mode.clock == Clock::Calendar && !self.traits[mode.component.index()].paces_clocks
    }

    /// Sets the speeds of clocks whose conditions may have changed.
    pub(super) fn react_clocks(&mut self) {
        if self.touched_clocks.is_empty() {
            return;
        }
        let touched = self.touched_clocks.take();
        for mode in &touched {
            self.pace(ModeId(*mode));
        }
        self.touched_clocks.recycle(touched);
    }

    /// Marks the clocks that depend on a component's level, demand or working units.
    pub(super) fn touch_paced_clocks(&mut self, component: CompId) {
        for mode in self.model.components[component.index()].modes.clone() {
            self.touched_clocks.add(mode);
        }
    }

    fn pace(&mut self, id: ModeId) {
        let speed = self.speed(&self.model.modes[id.index()]);
        let clock = &mut self.clocks[id.index()];
        if clock.stopped || clock.speed == speed {
            return;
        }
        clock.left = used_up(clock.left, self.now - clock.since, clock.speed);
        clock.since = self.now;
        clock.speed = speed;
        self.queue.set(id.0, self.now + real_time(clock.left, speed));
    }

    fn speed(&self, mode: &Mode) -> f64 {
        let i = mode.component.index();
        let runs = match mode.clock {
            Clock::Calendar => true,
            Clock::Operating => self.level[i] > 0.0,
            Clock::While(condition) => self.value[condition.index()] > 0.0,
        };
        if !runs {
            return 0.0;
        }
        let c = &self.model.components[i];
        let units = if c.pooled { f64::from(self.unfailed_units(mode.component)) } else { 1.0 };
        let idle = self.is_idle(mode.component);
        let dormancy = c.standby.as_ref().filter(|_| idle).map_or(1.0, |s| s.dormancy);
        units * dormancy
    }

    /// Number of times that each mode has failed so far, for the component that it belongs to.
    #[must_use]
    pub fn failures_of(&self, mode: ModeId) -> u32 {
        self.clocks[mode.index()].failures
    }
}

/// The level of a component of several units.
fn enough(c: &Component, working: f64) -> f64 {
    match c.enough {
        Some(k) if working >= f64::from(k) => 1.0,
        _ => working / f64::from(c.units),
    }
}
