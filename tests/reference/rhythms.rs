//! Rhythms, by walking over their steps.

use blackstart::model::{RhythmId, STEP_MICROS};
use blackstart::time::{SimSpan, SimTime};

use super::Reference;

/// Millionths of a microsecond in a microsecond.
const MILLION: i128 = 1_000_000;

impl Reference<'_> {
    /// How much of the time from `since` to now counts for a mode's clock.
    pub(super) fn counted(&self, m: usize, since: SimTime) -> SimSpan {
        let Some(rhythm) = self.model.modes[m].rhythm else { return self.now - since };
        let mut millionths = 0;
        for (step, speed) in self.model.rhythms[rhythm.index()].speeds().iter().enumerate() {
            let begins = step as i64 * STEP_MICROS;
            let inside = (begins + STEP_MICROS).min(self.now.micros()) - begins.max(since.micros());
            millionths += i128::from(inside.max(0)) * i128::from(*speed);
        }
        let (whole, rest) = (millionths / MILLION, millionths % MILLION);
        let rounded = match (2 * rest).cmp(&MILLION) {
            std::cmp::Ordering::Less => whole,
            std::cmp::Ordering::Equal => whole + whole % 2,
            std::cmp::Ordering::Greater => whole + 1,
        };
        SimSpan::from_micros(rounded as i64)
    }

    /// The first instant from now on at which `span` has counted for a clock with that rhythm.
    pub(super) fn when_counted(&self, rhythm: Option<RhythmId>, span: SimSpan) -> SimTime {
        let Some(rhythm) = rhythm else { return self.now + span };
        if span == SimSpan::ZERO {
            return self.now;
        }
        let mut missing = i128::from(span.micros()) * MILLION;
        for (step, speed) in self.model.rhythms[rhythm.index()].speeds().iter().enumerate() {
            let (begins, speed) = (step as i64 * STEP_MICROS, i128::from(*speed));
            let from = begins.max(self.now.micros());
            let length = i128::from((begins + STEP_MICROS - from).max(0));
            if missing <= length * speed {
                // The first whole microsecond: upwards.
                let after = missing / speed + i128::from(missing % speed > 0);
                return SimTime::from_micros(from + after as i64);
            }
            missing -= length * speed;
        }
        SimTime::NEVER
    }
}
