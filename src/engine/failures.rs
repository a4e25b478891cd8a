//! Failure clocks and what an active failure does to its component.

use super::agenda::Look;
use super::part::Traits;
use super::repairs::{Owner, Stage};
use super::simple::Target;
use super::state::Engine;
use crate::law::Law;
use crate::model::{Clock, CompId, Component, Effect, Mode, ModeId, RhythmId};
use crate::random::{Draw, StreamName};
use crate::time::{SimSpan, SimTime};

/// The clock of one failure mode; that of a mode which the timeline plays only counts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ClockState {
    /// Clock time left to failure, as of `since`.
    left: SimSpan,
    since: SimTime,
    /// Clock microseconds per microsecond, rhythm aside.
    speed: f64,
    /// Draws made so far.
    pub(super) draws: u32,
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

    /// Starts all clocks, stopped until [`Engine::react_clocks`] sets their speeds; those of simple modes are
    /// played by the timeline, except where the first failure is due at once.
    pub(super) fn wind_clocks(&mut self) {
        for (index, mode) in self.model.modes.iter().enumerate() {
            let draw = self.draw(mode.every_stream, 0);
            let left = if self.model.aged { mode.every.draw_residual(draw) } else { mode.every.draw(draw) };
            let left = SimSpan::from_micros_f64(left);
            self.clocks[index] = ClockState { left, draws: 1, ..ClockState::default() };
        }
        for Target { mode, .. } in &self.simple_targets {
            let clock = &mut self.clocks[mode.index()];
            clock.stopped = clock.left > SimSpan::ZERO;
        }
        let clocks = &self.clocks;
        self.timeline.start(|mode| {
            let clock = &clocks[mode.index()];
            clock.stopped.then(|| SimTime::START + clock.left)
        });
        self.draw_timeline();
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

    fn fail(&mut self, id: ModeId) {
        let mode = &self.model.modes[id.index()];
        let pooled = self.parts[mode.component.index()].traits.is_pooled;
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
        let pooled = self.parts[mode.component.index()].traits.is_pooled;
        if !pooled {
            let clock = &mut self.clocks[id.index()];
            (clock.stopped, clock.speed) = (true, 0.0);
        }
        let job = if pooled { self.new_dynamic_job() } else { id.0 };
        let event = self.causes.begin(mode.cause, self.now);
        let effect = self.effect(&mode.effect, mode.effect_stream, number);
        let streams = (mode.repair_streams, mode.permits.as_slice());
        self.begin_job(job, Owner::Mode(id), mode.repair, streams, number, event, effect);
        self.hit(mode.component, job, effect.0, effect.1);
    }

    /// What an occurrence of an effect does: the level it leaves and the share of calls it lets through.
    pub(super) fn effect(&self, effect: &Effect, stream: StreamName, number: u32) -> (f64, f64) {
        match effect {
            Effect::Down => (0.0, 1.0),
            Effect::Capacity(law) => (law.draw(self.draw(stream, number)).clamp(0.0, 1.0), 1.0),
            Effect::Errors(law) => (1.0, 1.0 - law.draw(self.draw(stream, number)).clamp(0.0, 1.0)),
        }
    }

    /// Adds an active job to a component, which leaves it `level` and `success`.
    pub(super) fn hit(&mut self, component: CompId, job: u32, level: f64, success: f64) {
        let part = &mut self.parts[component.index()];
        part.active.push(job);
        if part.active.len() == 1 && !part.traits.is_counted {
            self.set_own(component, level, success);
        } else {
            self.own_changed(component);
        }
    }

    /// Takes a job off a component.
    pub(super) fn relieve(&mut self, component: CompId, job: u32) {
        self.parts[component.index()].active.retain(|other| *other != job);
        self.own_changed(component);
    }

    fn own_changed(&mut self, component: CompId) {
        let (own, success) = self.own_state(component);
        self.set_own(component, own, success);
    }

    pub(super) fn set_own(&mut self, component: CompId, own: f64, success: f64) {
        let part = &mut self.parts[component.index()];
        let Traits { is_plain, is_inert, is_leaf, .. } = part.traits;
        if is_plain {
            return self.set_plain(component, own, success);
        }
        let before = std::mem::replace(&mut part.own, own);
        part.success = success;
        if own != before {
            self.unsolve(component);
        }
        if !is_inert {
            self.agenda.add(Look::Components, component.index());
        }
        if is_leaf {
            self.pend_readers(component);
        } else {
            self.causes.touch(component);
        }
    }

    /// A component's own level and success from its active jobs.
    fn own_state(&self, component: CompId) -> (f64, f64) {
        let i = component.index();
        let active = &self.parts[i].active;
        if active.is_empty() {
            return (1.0, 1.0);
        }
        let jobs = || active.iter().map(|j| &self.jobs[*j as usize]);
        if !self.parts[i].traits.is_counted {
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
        if !self.parts[component.index()].traits.is_counted {
            return 1.0;
        }
        let c = &self.model.components[component.index()];
        enough(c, self.working_units(c, component).0)
    }

    /// Sum of unit levels, and mean of unit successes.
    fn working_units(&self, c: &Component, component: CompId) -> (f64, f64) {
        let jobs = || self.parts[component.index()].active.iter().map(|j| &self.jobs[*j as usize]);
        if c.pooled {
            let failed = jobs().filter(|j| j.unit.is_some()).count();
            return ((f64::from(c.units) - failed as f64).max(0.0), 1.0);
        }
        // Unit by unit, each failure looked at once: many units may be down together. The sort keeps the order of the
        // failures of one unit.
        let mut failed: Vec<(u32, f64, f64)> =
            jobs().filter_map(|j| Some((j.unit?, j.level, j.success))).collect();
        failed.sort_by_key(|(unit, ..)| *unit);
        let mut failed = failed.into_iter().peekable();
        let (mut working, mut served) = (0.0, 0.0);
        for unit in 0..c.units {
            let (mut level, mut success) = (1.0_f64, 1.0);
            while let Some((_, left, served)) = failed.next_if(|(of, ..)| *of == unit) {
                level = level.min(left);
                success *= served;
            }
            working += level;
            served += success;
        }
        (working, served / f64::from(c.units))
    }

    /// Units of a pooled component that have not failed.
    pub(super) fn unfailed_units(&self, component: CompId) -> u32 {
        let c = &self.model.components[component.index()];
        let jobs = self.parts[component.index()].active.iter().map(|j| &self.jobs[*j as usize]);
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
            self.agenda.add(Look::Clocks, id.index());
        }
        self.queue.set(id.0, self.after(mode.rhythm, real_time(left, speed)));
    }

    fn runs_plainly(&self, mode: &Mode) -> bool {
        mode.clock == Clock::Calendar && !self.parts[mode.component.index()].traits.paces_clocks
    }

    /// Sets the speeds of clocks whose conditions may have changed.
    pub(super) fn react_clocks(&mut self) {
        self.look_at(Look::Clocks, |engine, mode| engine.pace(ModeId(mode)));
    }

    /// Marks the clocks that depend on a component's level, demand or working units.
    pub(super) fn touch_paced_clocks(&mut self, component: CompId) {
        for mode in self.model.components[component.index()].modes.clone() {
            self.agenda.add(Look::Clocks, mode);
        }
    }

    fn pace(&mut self, id: ModeId) {
        let mode = &self.model.modes[id.index()];
        let speed = self.speed(mode);
        let clock = &self.clocks[id.index()];
        if clock.stopped || clock.speed == speed {
            return;
        }
        let left = used_up(clock.left, self.elapsed(mode, clock.since), clock.speed);
        let clock = &mut self.clocks[id.index()];
        *clock = ClockState { left, since: self.now, speed, ..*clock };
        self.queue.set(id.0, self.after(mode.rhythm, real_time(left, speed)));
    }

    /// Time from `since` to now, as the mode's rhythm counts it.
    fn elapsed(&self, mode: &Mode, since: SimTime) -> SimSpan {
        match mode.rhythm {
            None => self.now - since,
            Some(rhythm) => self.model.rhythms[rhythm.index()].passed(since, self.now),
        }
    }

    /// When `span` from now is over, as a rhythm counts it.
    pub(super) fn after(&self, rhythm: Option<RhythmId>, span: SimSpan) -> SimTime {
        match rhythm {
            None => self.now + span,
            Some(rhythm) => self.model.rhythms[rhythm.index()].reached(self.now, span),
        }
    }

    fn speed(&self, mode: &Mode) -> f64 {
        let i = mode.component.index();
        let runs = match mode.clock {
            Clock::Calendar => true,
            Clock::Operating => self.parts[i].level > 0.0,
            Clock::While(condition) => self.nodes[condition.index()].value > 0.0,
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
