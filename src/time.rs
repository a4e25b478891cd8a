//! Simulated time: whole microseconds since the start of the scenario.

use std::fmt;
use std::ops::{Add, Sub};

/// Microseconds in a second.
pub const MICROS_PER_SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MICROS_PER_MINUTE: i64 = 60 * MICROS_PER_SECOND;
/// Microseconds in an hour.
pub const MICROS_PER_HOUR: i64 = 60 * MICROS_PER_MINUTE;
/// Microseconds in a day.
pub const MICROS_PER_DAY: i64 = 24 * MICROS_PER_HOUR;
/// Microseconds in a year of 365.25 days.
pub const MICROS_PER_YEAR: i64 = 8766 * MICROS_PER_HOUR;

/// An instant of simulated time.
///
/// Units: whole microseconds since the scenario's `start`. [`SimTime::NEVER`] stands for "no such instant".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimTime(i64);

/// A length of simulated time.
///
/// Units: whole microseconds, never negative. [`SimSpan::NEVER`] stands for "without end".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimSpan(i64);

impl SimTime {
    /// The scenario's start.
    pub const START: Self = Self(0);
    /// Later than every instant that can occur.
    pub const NEVER: Self = Self(i64::MAX);

    /// The instant `micros` microseconds after the start.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// True for an instant that can occur.
    #[must_use]
    pub const fn occurs(self) -> bool {
        self.0 != i64::MAX
    }
}

impl SimSpan {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// A span without end.
    pub const NEVER: Self = Self(i64::MAX);

    /// A span of `micros` microseconds; negative values become zero.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(if micros < 0 { 0 } else { micros })
    }

    /// The nearest whole microsecond to `micros`, ties to the even one; values beyond 2^62 (or infinite)
    /// become [`SimSpan::NEVER`], negative ones and NaN zero.
    #[must_use]
    pub fn from_micros_f64(micros: f64) -> Self {
        const LIMIT: f64 = (1_u64 << 62) as f64;
        const WHOLE: f64 = (1_u64 << 52) as f64;
        if micros > 0.0 && micros < WHOLE {
            // At this size a number has no fraction bits left, so that adding it rounds as wanted; cheaper than
            // a call where the processor at hand need not have the instruction.
            Self(((micros + WHOLE) - WHOLE) as i64)
        } else if micros >= LIMIT {
            Self::NEVER
        } else if micros > 0.0 {
            Self(micros as i64)
        } else {
            Self::ZERO
        }
    }

    /// Microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Microseconds as a floating-point number.
    #[must_use]
    pub const fn micros_f64(self) -> f64 {
        self.0 as f64
    }

    /// Seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / MICROS_PER_SECOND as f64
    }

    /// Hours.
    #[must_use]
    pub fn hours(self) -> f64 {
        self.0 as f64 / MICROS_PER_HOUR as f64
    }

    /// True for a span that ends.
    #[must_use]
    pub const fn ends(self) -> bool {
        self.0 != i64::MAX
    }
}

impl Add<SimSpan> for SimTime {
    type Output = Self;

    /// Saturates at [`SimTime::NEVER`].
    fn add(self, span: SimSpan) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for SimTime {
    type Output = SimSpan;

    fn sub(self, earlier: Self) -> SimSpan {
        SimSpan::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.0.div_euclid(MICROS_PER_DAY), self.0.rem_euclid(MICROS_PER_DAY));
        let (hours, rest) = (rest / MICROS_PER_HOUR, rest % MICROS_PER_HOUR);
        let (minutes, rest) = (rest / MICROS_PER_MINUTE, rest % MICROS_PER_MINUTE);
        write!(f, "{days}d {hours:02}:{minutes:02}:{:09.6}", rest as f64 / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_round_half_to_even() {
        assert_eq!(SimSpan::from_micros_f64(0.5).micros(), 0);
        assert_eq!(SimSpan::from_micros_f64(1.5).micros(), 2);
        assert_eq!(SimSpan::from_micros_f64(2.5).micros(), 2);
        for micros in [0.499, 4.5e15 + 0.5, 4_503_599_627_370_495.5, 4_503_599_627_370_497.0, 1e18] {
            assert_eq!(
                SimSpan::from_micros_f64(micros).micros(),
                micros.round_ties_even() as i64,
                "{micros}"
            );
        }
        assert_eq!(SimSpan::from_micros_f64(f64::INFINITY), SimSpan::NEVER);
        assert_eq!(SimSpan::from_micros_f64(f64::NAN), SimSpan::ZERO);
    }

    #[test]
    fn never_absorbs_what_is_added() {
        assert_eq!(SimTime::from_micros(5) + SimSpan::NEVER, SimTime::NEVER);
        assert_eq!(SimTime::NEVER + SimSpan::from_micros(1), SimTime::NEVER);
    }
}
