//! Failure modes of the simplest and commonest kind, which run by themselves.

use super::part::Part;
use super::state::Engine;
use super::timeline::Transition;
use crate::law::Law;
use crate::model::{CauseId, Clock, CompId, Effect, Mode, ModeId, Model};
use crate::random::{Replication, StreamName};
use crate::time::{SimSpan, SimTime};

/// A mode that takes a component of one unit down, on a calendar clock without a rhythm, and is mended after
/// a time without detection, inspection, permit, crew, travel or needs.
///
/// Nothing can stop its clock or its repair, so its history needs no event queue: it is drawn ahead (see
/// [`Timeline`](super::timeline::Timeline)). The same draws and the same story as for any other mode.
#[derive(Debug, Clone)]
pub(super) struct SimpleMode {
    mode: ModeId,
    /// When it fails or is mended next; NEVER if it has been handed over to the event queue.
    next: SimTime,
    /// True if it fails then.
    fails: bool,
    /// Failures drawn so far.
    failures: u32,
    /// From the end of the present repair to the next failure.
    ahead: SimSpan,
    every: Law,
    every_stream: StreamName,
    work: Law,
    work_stream: StreamName,
}

impl SimpleMode {
    /// The mode, if it is so simple.
    pub(super) fn of(model: &Model, parts: &[Part], id: ModeId) -> Option<Self> {
        let mode: &Mode = &model.modes[id.index()];
        let repair = &model.repairs[mode.repair.index()];
        let at_once = repair.detect.is_zero() && repair.travel.is_zero() && mode.inspection.is_none();
        let alone = repair.crew.is_none() && repair.needs.is_none() && mode.permits.is_empty();
        let of_component = &parts[mode.component.index()].traits;
        let plain = !of_component.is_counted
            && !of_component.paces_clocks
            && mode.clock == Clock::Calendar
            && mode.rhythm.is_none();
        (at_once && alone && plain && mode.effect == Effect::Down).then(|| Self {
            mode: id,
            next: SimTime::NEVER,
            fails: true,
            failures: 0,
            ahead: SimSpan::ZERO,
            every: mode.every.clone(),
            every_stream: mode.every_stream,
            work: repair.work.clone(),
            work_stream: mode.repair_streams.work,
        })
    }

    /// The mode's id.
    pub(super) const fn mode(&self) -> ModeId {
        self.mode
    }

    /// When it fails or is mended next.
    pub(super) const fn next(&self) -> SimTime {
        self.next
    }

    /// Transitions per microsecond, as medians tell: at most about twice as many will occur.
    pub(super) fn usual_rate(&self) -> f64 {
        2.0 / (self.every.quantile(0.5) + self.work.quantile(0.5)).max(1.0)
    }

    /// Winds the clock: the first failure is due at `first`.
    pub(super) fn start(&mut self, first: SimTime) {
        (self.next, self.fails, self.failures) = (first, true, 0);
    }

    /// Stops for this replication.
    pub(super) fn stop(&mut self) {
        self.next = SimTime::NEVER;
    }

    /// Calls `visit` with what happens before `until`, in order.
    ///
    /// A transition whose successor is due at once or never is for the event queue, as is all that follows: this
    /// returns when.
    #[inline]
    pub(super) fn run(
        &mut self,
        replication: Replication,
        until: SimTime,
        mut visit: impl FnMut(SimTime, bool),
    ) -> Option<SimTime> {
        let every = replication.stream(self.every_stream);
        let work = replication.stream(self.work_stream);
        while self.next < until {
            if self.fails {
                // Both draws of a cycle at once: neither has to wait for the other.
                let lasts = SimSpan::from_micros_f64(self.work.draw(work.draw(self.failures)));
                self.failures += 1;
                self.ahead = SimSpan::from_micros_f64(self.every.draw(every.draw(self.failures)));
                if lasts == SimSpan::ZERO || !lasts.ends() {
                    return Some(self.hand_over());
                }
                visit(self.next, true);
                self.next = self.next + lasts;
                self.fails = false;
            }
            if self.next < until {
                if self.ahead == SimSpan::ZERO {
                    return Some(self.hand_over());
                }
                visit(self.next, false);
                self.next = self.next + self.ahead;
                self.fails = true;
            }
        }
        None
    }

    fn hand_over(&mut self) -> SimTime {
        std::mem::replace(&mut self.next, SimTime::NEVER)
    }
}

/// What of a simple mode a transition looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) mode: ModeId,
    component: CompId,
    cause: CauseId,
}

impl Target {
    pub(super) fn of(model: &Model, id: ModeId) -> Self {
        let mode = &model.modes[id.index()];
        Self { mode: id, component: mode.component, cause: mode.cause }
    }
}

impl Engine<'_> {
    /// Applies a failure or the end of a repair of a simple mode.
    #[inline]
    pub(super) fn apply_transition(&mut self, transition: Transition) {
        let Target { mode, component, cause } = self.simple_targets[transition.who as usize];
        let (m, fails) = (mode.index(), transition.fails);
        let job = &mut self.jobs[m];
        if fails {
            self.clocks[m].failures += 1;
            job.begin_simply(mode, component, self.causes.begin_with_job(cause, self.now, mode.0));
        } else {
            self.clocks[m].draws += 1;
            job.end_simply();
            self.causes.job_ends(job.event);
        }
        let part = &mut self.parts[component.index()];
        let others = part.active.len() - usize::from(!fails);
        if others == 0 && part.traits.is_plain {
            // The only failure of a plain component decides it.
            part.active.clear();
            part.active.extend(fails.then_some(mode.0));
            self.set_plain(component, if fails { 0.0 } else { 1.0 }, 1.0);
        } else if fails {
            self.hit(component, mode.0, 0.0, 1.0);
        } else {
            self.relieve(component, mode.0);
        }
    }
}
