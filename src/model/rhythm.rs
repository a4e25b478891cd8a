//! The speed of failure clocks over time: a daily and weekly pattern in local time, as a step function of whole numbers.
//!
//! A [`Profile`](super::Profile) weighs demand, where the last bit decides nothing. A rhythm decides when something fails,
//! so that it counts in whole numbers and is inverted without any rounding but that to the next microsecond.

use super::profile::STEP_MICROS;
use crate::time::{SimSpan, SimTime};

/// Millionths in 1.
const MILLION: i64 = 1_000_000;

/// Largest speed of a step: all of a week within two hours of it gives 84, within one step 672.
const FASTEST: f64 = 1_000.0;

/// Clock time in a step at a speed of a millionth, microseconds: a step has a whole number of them at every speed.
const STEP_AT_A_MILLIONTH: i64 = STEP_MICROS / MILLION;

/// Speed of a failure clock relative to its mean, in steps of 15 minutes from the scenario's start.
///
/// Units: millionths of a clock microsecond per microsecond. Beyond the last step the clock stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rhythm {
    /// Speed of each step.
    speeds: Vec<i64>,
    /// Clock microseconds up to the beginning of each step, and up to the end of the last.
    cumulative: Vec<i64>,
}

impl Rhythm {
    /// A rhythm from one factor a step, each rounded to the nearest millionth, half to even; negative ones and NaN are 0,
    /// those above 1,000 are 1,000.
    #[must_use]
    pub fn from_factors(factors: &[f64]) -> Self {
        // A NaN fails both comparisons of `clamp` and becomes 0 as a whole number.
        let speed = |f: &f64| (f.clamp(0.0, FASTEST) * MILLION as f64).round_ties_even() as i64;
        let speeds: Vec<i64> = factors.iter().map(speed).collect();
        let mut sum = 0_i64;
        let mut cumulative = Vec::with_capacity(speeds.len() + 1);
        cumulative.push(sum);
        for speed in &speeds {
            sum = sum.saturating_add(speed * STEP_AT_A_MILLIONTH);
            cumulative.push(sum);
        }
        Self { speeds, cumulative }
    }

    /// The speed of each step.
    ///
    /// Units: millionths.
    #[must_use]
    pub fn speeds(&self) -> &[i64] {
        &self.speeds
    }

    /// True if the clock goes at speed 1 throughout, as it would without a rhythm.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        self.speeds.iter().all(|speed| *speed == MILLION)
    }

    /// Clock time between two instants.
    ///
    /// Formula: the integral of the speed, to the nearest microsecond, half to even.
    #[must_use]
    pub fn passed(&self, from: SimTime, to: SimTime) -> SimSpan {
        let millionths = (self.integral(to) - self.integral(from)).max(0);
        let (whole, rest) = (millionths / i128::from(MILLION), millionths % i128::from(MILLION));
        let half = i128::from(MILLION / 2);
        let up = rest > half || (rest == half && whole % 2 == 1);
        SimSpan::from_micros((whole + i128::from(up)) as i64)
    }

    /// The first instant at which at least `span` of clock time has passed since `from`; NEVER if that does not come
    /// before the last step ends.
    #[must_use]
    pub fn reached(&self, from: SimTime, span: SimSpan) -> SimTime {
        if span == SimSpan::ZERO {
            return from;
        }
        if !span.ends() || !from.occurs() {
            return SimTime::NEVER;
        }
        let wanted = self.integral(from) + i128::from(span.micros()) * i128::from(MILLION);
        // The step in which it is reached ends with at least that much, the one before with less.
        let is_less = |cumulated: &i64| i128::from(*cumulated) * i128::from(MILLION) < wanted;
        let end = self.cumulative.partition_point(is_less);
        let Some(step) = end.checked_sub(1).filter(|_| end < self.cumulative.len()) else {
            return SimTime::NEVER;
        };
        let speed = i128::from(self.speeds[step]);
        let missing = wanted - i128::from(self.cumulative[step]) * i128::from(MILLION);
        let inside = (missing + speed - 1) / speed.max(1);
        SimTime::from_micros(step as i64 * STEP_MICROS + inside as i64)
    }

    /// Clock time from the start to `time`, in millionths of a microsecond.
    fn integral(&self, time: SimTime) -> i128 {
        let step = (time.micros() / STEP_MICROS).max(0) as usize;
        let inside = i128::from(time.micros() % STEP_MICROS);
        match (self.cumulative.get(step), self.speeds.get(step)) {
            (Some(before), Some(speed)) => {
                i128::from(*before) * i128::from(MILLION) + inside * i128::from(*speed)
            }
            _ => i128::from(self.cumulative.last().copied().unwrap_or(0)) * i128::from(MILLION),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: i64 = STEP_MICROS;

    fn at(micros: i64) -> SimTime {
        SimTime::from_micros(micros)
    }

    fn span(micros: i64) -> SimSpan {
        SimSpan::from_micros(micros)
    }

    #[test]
    fn clock_time_is_the_integral_of_speed() {
        let rhythm = Rhythm::from_factors(&[1.0, 0.0, 0.5, 2.5]);
        assert_eq!(rhythm.passed(at(0), at(STEP / 2)), span(STEP / 2));
        assert_eq!(rhythm.passed(at(STEP / 2), at(2 * STEP)), span(STEP / 2));
        assert_eq!(rhythm.passed(at(STEP), at(2 * STEP)), span(0));
        assert_eq!(rhythm.passed(at(0), at(4 * STEP)), span(4 * STEP));
        assert_eq!(rhythm.passed(at(0), at(9 * STEP)), span(4 * STEP));
        // 0.5 and 1.5 microseconds, half to even.
        assert_eq!(rhythm.passed(at(2 * STEP), at(2 * STEP + 1)), span(0));
        assert_eq!(rhythm.passed(at(2 * STEP), at(2 * STEP + 3)), span(2));
    }

    #[test]
    fn an_amount_is_reached_at_the_first_instant_that_has_it() {
        let rhythm = Rhythm::from_factors(&[1.0, 0.0, 0.5, 2.5]);
        assert_eq!(rhythm.reached(at(7), span(0)), at(7));
        assert_eq!(rhythm.reached(at(7), span(5)), at(12));
        // What the first step holds exactly is reached at its end, not after the pause.
        assert_eq!(rhythm.reached(at(0), span(STEP)), at(STEP));
        assert_eq!(rhythm.reached(at(0), span(STEP + 1)), at(2 * STEP + 2));
        assert_eq!(rhythm.reached(at(STEP + 5), span(1)), at(2 * STEP + 2));
        assert_eq!(rhythm.reached(at(STEP), span(STEP / 2 + 1)), at(3 * STEP + 1));
        assert_eq!(rhythm.reached(at(0), span(4 * STEP)), at(4 * STEP));
        assert_eq!(rhythm.reached(at(0), span(4 * STEP + 1)), SimTime::NEVER);
        assert_eq!(rhythm.reached(at(0), SimSpan::NEVER), SimTime::NEVER);
        assert_eq!(rhythm.reached(at(9 * STEP), span(1)), SimTime::NEVER);
    }

    #[test]
    fn both_directions_agree() {
        let factors: Vec<f64> = (0..200).map(|k| f64::from(k * 7 % 11) / 4.7).collect();
        let rhythm = Rhythm::from_factors(&factors);
        for k in 0..2_000 {
            let (from, amount) = (at(k * 71_234_567 % (100 * STEP)), span(1 + k * 9_876_541 % (50 * STEP)));
            let end = rhythm.reached(from, amount);
            assert!(rhythm.passed(from, end) >= amount, "{k}");
            let gained = rhythm.integral(at(end.micros() - 1)) - rhythm.integral(from);
            assert!(gained < i128::from(amount.micros()) * 1_000_000, "{k}: an earlier instant has it");
        }
    }

    #[test]
    fn odd_factors_do_no_harm() {
        let rhythm = Rhythm::from_factors(&[f64::NAN, f64::INFINITY, -1.0, 1.0]);
        assert_eq!(rhythm.speeds(), [0, 1_000_000_000, 0, 1_000_000]);
        let nothing = Rhythm::from_factors(&[]);
        assert_eq!(nothing.passed(at(0), at(STEP)), span(0));
        assert_eq!(nothing.reached(at(0), span(1)), SimTime::NEVER);
        assert!(Rhythm::from_factors(&[1.0, 1.000_000_1]).is_flat());
    }
}
