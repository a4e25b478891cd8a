//! Demand over time: a daily and weekly profile in local time, as a step function.

use crate::time::{MICROS_PER_MINUTE, SimTime};

/// Length of a step of a profile.
pub const STEP_MICROS: i64 = 15 * MICROS_PER_MINUTE;

/// Demand relative to its mean, in steps of 15 minutes from the scenario's start.
#[derive(Debug, Clone, PartialEq)]
pub enum Profile {
    /// The same at all times.
    Flat,
    /// One factor a step, and their running sum: `cumulative[i]` covers the steps before i.
    Steps {
        /// Factor of each step.
        factors: Vec<f64>,
        /// Microseconds weighted by factor, up to the beginning of each step.
        cumulative: Vec<f64>,
        /// The largest factor.
        peak: f64,
    },
}

impl Profile {
    /// A profile from one factor a step; the last goes on beyond the end.
    #[must_use]
    pub fn from_factors(factors: Vec<f64>) -> Self {
        let mut sum = 0.0;
        let mut cumulative = Vec::with_capacity(factors.len() + 1);
        cumulative.push(0.0);
        for factor in &factors {
            sum += factor * STEP_MICROS as f64;
            cumulative.push(sum);
        }
        let peak = factors.iter().copied().reduce(f64::max).unwrap_or(1.0);
        Self::Steps { factors, cumulative, peak }
    }

    /// The factor at `time`.
    #[must_use]
    pub fn factor(&self, time: SimTime) -> f64 {
        let Self::Steps { factors, .. } = self else { return 1.0 };
        let step = (time.micros() / STEP_MICROS).max(0) as usize;
        factors.get(step).or(factors.last()).copied().unwrap_or(1.0)
    }

    /// The largest factor.
    #[must_use]
    pub const fn peak(&self) -> f64 {
        let Self::Steps { peak, .. } = self else { return 1.0 };
        *peak
    }

    /// Integral of the factor from the start to `time`.
    ///
    /// Units: microseconds, as if demand had been at its mean.
    #[must_use]
    pub fn weighted_micros(&self, time: SimTime) -> f64 {
        let Self::Steps { factors, cumulative, .. } = self else { return time.micros() as f64 };
        let Some(last) = factors.len().checked_sub(1) else { return time.micros() as f64 };
        let step = ((time.micros() / STEP_MICROS).max(0) as usize).min(last);
        let inside = (time.micros() - step as i64 * STEP_MICROS) as f64;
        cumulative[step] + inside * factors[step]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_integrated_within_its_steps() {
        let profile = Profile::from_factors(vec![1.0, 3.0]);
        let at = |steps: f64| SimTime::from_micros((steps * STEP_MICROS as f64) as i64);
        let step = STEP_MICROS as f64;
        assert_eq!(profile.weighted_micros(at(0.5)), 0.5 * step);
        assert_eq!(profile.weighted_micros(at(1.5)), 2.5 * step);
        assert_eq!(profile.weighted_micros(at(3.0)), 7.0 * step);
        assert_eq!(Profile::Flat.weighted_micros(at(2.0)), 2.0 * step);
        assert_eq!([0.0, 0.9, 1.0, 7.0].map(|steps| profile.factor(at(steps))), [1.0, 1.0, 3.0, 3.0]);
        assert_eq!((profile.peak(), Profile::Flat.factor(at(2.0))), (3.0, 1.0));
    }
}
