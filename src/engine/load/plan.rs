//! When load is looked at next: finely while something moves, not at all while nothing can become too much.

use super::fluid::Fluid;
use super::marks::Marks;
use crate::engine::state::Engine;
use crate::model::{Profile, STEP_MICROS};
use crate::time::{MICROS_PER_SECOND, SimSpan, SimTime};

/// First step after anything has changed.
const FIRST_STEP: SimSpan = SimSpan::from_micros(10 * MICROS_PER_SECOND);
/// Longest step.
pub(super) const LONGEST_STEP: SimSpan = SimSpan::from_micros(STEP_MICROS);
/// Shortest step, and how exactly crossings of thresholds are dated.
const SHORTEST_STEP: SimSpan = SimSpan::from_micros(1_000);

/// How load goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Pace {
    /// Nothing is refused, nothing comes back, and loads follow the time of day.
    #[default]
    Calm,
    /// Nothing moves until demand does.
    Rest,
    /// Something moves.
    Moving,
}

impl Engine<'_> {
    /// Sets when load is looked at next, once an instant has settled in which it was looked at.
    #[inline(never)]
    pub(in crate::engine) fn plan_load(&mut self) {
        self.load.needs_plan = false;
        self.load.planned = None;
        let rests = self.find_rest();
        let ramps = self.something_ramps();
        let next = if !rests || ramps {
            self.load.pace = Pace::Moving;
            self.plan_step()
        } else if self.is_calm() {
            self.load.pace = Pace::Calm;
            self.next_overload().min(self.next_corner())
        } else {
            self.load.pace = Pace::Rest;
            self.next_rate_step().min(self.next_corner())
        };
        self.tell_network(self.load.pace == Pace::Calm);
        self.queue.set(self.slots.load, next);
    }

    /// When demand changes next with the time of day.
    pub(super) fn next_demand_step(&self) -> SimTime {
        let varies = self.model.populations.iter().any(|p| matches!(p.profile, Profile::Steps { .. }));
        if !varies {
            return SimTime::NEVER;
        }
        SimTime::from_micros((self.now.micros() / STEP_MICROS + 1) * STEP_MICROS)
    }

    /// When demand, or what else loads the network, changes next with the time of day.
    fn next_rate_step(&self) -> SimTime {
        self.next_demand_step().min(self.next_background_step())
    }

    /// Chooses a step whose error is tolerable and that ends where a threshold is crossed.
    fn plan_step(&mut self) -> SimTime {
        let limit = self.next_rate_step().min(self.next_corner());
        let mut load_end = std::mem::take(&mut self.load.end);
        let mut scratch = std::mem::take(&mut self.load.scratch);
        let mut y = std::mem::take(&mut self.load.end_y);
        let most = self.load.longest_step.min(limit - self.now);
        let mut h = self.load.next_step.min(most).max(SHORTEST_STEP).min(limit - self.now);
        loop {
            let error = self.step(self.now + h, &mut y, &mut load_end, &mut scratch);
            if error <= 1.0 || h <= SHORTEST_STEP {
                self.load.next_step = if error < 0.25 { double(h) } else { h };
                break;
            }
            let shorter = h.micros_f64() * (0.9 / libm::sqrt(error)).clamp(0.1, 0.7);
            h = SimSpan::from_micros_f64(shorter).max(SHORTEST_STEP);
        }
        let before = self.marks(&self.load.y, &self.load.now);
        if self.marks(&y, &load_end) != before {
            h = self.find_crossing(h, &before, &mut y, &mut load_end, &mut scratch);
            self.load.next_step = FIRST_STEP;
        }
        (self.load.end, self.load.scratch, self.load.end_y) = (load_end, scratch, y);
        self.load.planned = Some(self.now + h);
        self.now + h
    }

    /// The end of the first step after which a threshold has been crossed.
    fn find_crossing(
        &self,
        h: SimSpan,
        before: &Marks,
        y: &mut Vec<f64>,
        fluid: &mut Fluid,
        scratch: &mut super::step::Scratch,
    ) -> SimSpan {
        let (mut short, mut long) = (SimSpan::ZERO, h);
        while long.micros() - short.micros() > SHORTEST_STEP.micros() {
            let middle = SimSpan::from_micros((short.micros() + long.micros()) / 2);
            self.step(self.now + middle, y, fluid, scratch);
            if self.marks(y, fluid) == *before {
                short = middle;
            } else {
                long = middle;
            }
        }
        self.step(self.now + long, y, fluid, scratch);
        long
    }

    /// Brings pools, sessions and accounts up to `at`, with all else as it has been.
    #[inline(never)]
    pub(in crate::engine) fn advance_load(&mut self, at: SimTime) {
        if !self.load.is_on || at <= self.load.since {
            return;
        }
        match self.load.pace {
            Pace::Calm => self.book_calm(at),
            Pace::Rest => self.book(at, false),
            Pace::Moving => {
                if self.load.planned != Some(at) {
                    let mut end = std::mem::take(&mut self.load.end);
                    let mut scratch = std::mem::take(&mut self.load.scratch);
                    let mut y = std::mem::take(&mut self.load.end_y);
                    self.step(at, &mut y, &mut end, &mut scratch);
                    (self.load.end, self.load.scratch, self.load.end_y) = (end, scratch, y);
                }
                self.book(at, true);
                let load = &mut self.load;
                std::mem::swap(&mut load.y, &mut load.end_y);
                std::mem::swap(&mut load.now, &mut load.end);
                self.touch_load();
            }
        }
        self.load.since = at;
    }

    /// The next step is short, since something else has changed.
    pub(super) fn begin_steps_anew(&mut self) {
        self.load.next_step = FIRST_STEP;
    }
}

fn double(h: SimSpan) -> SimSpan {
    SimSpan::from_micros(h.micros() * 2)
}
