//! One step of pools, sessions and tokens: decays exactly, what flows in to second order.
//!
//! # Formula
//! With y' = g - l y, g known at both ends of a step h (at the second for a first guess that holds g): y(h) = y e^(-l h) +
//! g0 (1 - e^(-l h))/l + (g1 - g0) (l h - 1 + e^(-l h))/(l^2 h), an exponential Runge-Kutta method of order 2.
//!
//! # Source
//! Cox and Matthews (2002), "Exponential time differencing for stiff systems", ETD2RK.

use super::fluid::Fluid;
use super::pools::{AT_ONCE, EMPTY, Kind, Motion};
use crate::engine::state::Engine;
use crate::model::UsageId;
use crate::time::SimTime;

/// Largest difference between guess and correction, relative to the scale of each place.
pub(super) const TOLERANCE: f64 = 3e-4;

/// Largest change of users' success in a step.
const SHOWN_LATE: f64 = 0.02;

/// What a pool holds after this time is much, however long its requests wait, seconds.
const LONG: f64 = 3_600.0;

/// Motion below this share of a place's scale per its own time is rest.
const REST: f64 = 1e-6;

/// Scratch memory of steps.
#[derive(Debug, Clone, Default)]
pub(super) struct Scratch {
    pub(super) start: Vec<Motion>,
    end: Vec<Motion>,
    guess: Vec<f64>,
}

impl Scratch {
    pub(super) fn new(places: usize) -> Self {
        Self {
            start: vec![Motion::default(); places],
            end: vec![Motion::default(); places],
            guess: vec![0.0; places],
        }
    }
}

/// Integral of e^(-l (h - s)) over s from 0 to h.
fn held(decay: f64, h: f64) -> f64 {
    let z = decay * h;
    if z < 1e-8 { h } else { -libm::expm1(-z) / decay }
}

/// Integral of e^(-l (h - s)) s / h over s from 0 to h.
fn rising(decay: f64, h: f64) -> f64 {
    let z = decay * h;
    if z < 1e-3 { h * (0.5 - z / 6.0 + z * z / 24.0) } else { (z + libm::expm1(-z)) / (decay * z) }
}

impl Engine<'_> {
    /// Plays the state from now to `end` into `y` and `fluid`; returns the error of the step over what is tolerated.
    pub(super) fn step(
        &self,
        end: SimTime,
        y: &mut Vec<f64>,
        fluid: &mut Fluid,
        scratch: &mut Scratch,
    ) -> f64 {
        let load = &self.load;
        let h = (end - load.since).seconds();
        // Demand changes with the time of day at the end of the step, not before.
        let just_before = SimTime::from_micros(end.micros() - 1).max(load.since);
        for (place, motion) in scratch.start.iter().enumerate() {
            let moved = load.y[place] * libm::exp(-motion.decay * h) + motion.gain * held(motion.decay, h);
            scratch.guess[place] = self.bounded(place, moved);
        }
        fluid.copy_from(&load.now);
        self.solve_fluid(&scratch.guess, end, just_before, fluid);
        if load.y.is_empty() {
            return self.success_moved(fluid);
        }
        self.motions(&scratch.guess, fluid, &mut scratch.end);
        y.clear();
        let mut error = 0.0_f64;
        for (place, (start, last)) in scratch.start.iter().zip(&scratch.end).enumerate() {
            // What flows at the end beyond the decay that the step counts with.
            let guess = scratch.guess[place];
            let gain = last.gain + (start.decay - last.decay) * guess;
            // A bucket that runs dry or full in the step does so whatever the flow is afterwards.
            let is_at_end = match load.kinds[place].1 {
                Kind::Tokens(most) => guess <= 0.0 || guess >= most,
                Kind::Pool(_) | Kind::Session => false,
            };
            let correction = if is_at_end { 0.0 } else { (gain - start.gain) * rising(start.decay, h) };
            let corrected = self.bounded(place, guess + correction);
            error = error.max((corrected - guess).abs() / (self.scale(place, fluid) * load.tolerance));
            y.push(corrected);
        }
        if *y != scratch.guess {
            self.solve_fluid(y, end, just_before, fluid);
        }
        error.max(self.success_moved(fluid))
    }

    /// How far users' success moves in a step, over what may be shown late: who watches sees it at ends of steps only.
    fn success_moved(&self, end: &Fluid) -> f64 {
        let usages = (0..end.flows.len()).map(UsageId::at);
        let moved = |u: UsageId| (self.user_success(u, end) - self.user_success(u, &self.load.now)).abs();
        usages.map(moved).fold(0.0, f64::max) / SHOWN_LATE
    }

    /// Within what a place can hold.
    fn bounded(&self, place: usize, value: f64) -> f64 {
        let value = value.max(0.0);
        match self.load.kinds[place].1 {
            Kind::Pool(_) => value,
            Kind::Session => value.min(1.0),
            Kind::Tokens(most) if value < most * EMPTY => 0.0,
            Kind::Tokens(most) => value.min(most),
        }
    }

    /// What is much for a place: a pool of all requests, all users, all tokens.
    fn scale(&self, place: usize, fluid: &Fluid) -> f64 {
        let (usage, kind) = self.load.kinds[place];
        let fresh = fluid.demand[usage.index()].fresh;
        match kind {
            Kind::Pool(backoff) => (fresh * backoff.min(LONG)).max(1e-9),
            Kind::Session => 1.0,
            Kind::Tokens(most) => most.max(fresh * AT_ONCE),
        }
    }

    /// Works out how the state moves now; puts what hardly moves to rest, and returns whether all is.
    pub(super) fn find_rest(&mut self) -> bool {
        let mut scratch = std::mem::take(&mut self.load.scratch);
        self.motions(&self.load.y, &self.load.now, &mut scratch.start);
        let mut rests = true;
        for place in 0..self.load.y.len() {
            let Motion { decay, gain } = scratch.start[place];
            let y = self.load.y[place];
            let scale = self.scale(place, &self.load.now);
            let rate = if decay > 0.0 { decay } else { 1.0 / 60.0 };
            if (gain - decay * y).abs() > REST * rate * scale {
                rests = false;
            } else if decay > 0.0 {
                self.load.y[place] = self.bounded(place, gain / decay);
                self.book_rest(place, y - self.load.y[place]);
            }
        }
        self.load.scratch = scratch;
        rests
    }
}
