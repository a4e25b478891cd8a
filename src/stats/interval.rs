//! Confidence intervals for a mean, a probability and a count.
//!
//! The distribution functions come from `statrs`; they are inverted here by bisection, since the library's
//! own inverses can loop for ever.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta::checked_beta_reg;
use statrs::function::gamma::checked_gamma_lr;

use super::{Moments, smallest};

/// A range that holds the truth with the confidence asked for.
///
/// Units: those of the estimate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// What lies beyond either end.
pub(super) fn tail(confidence: f64) -> f64 {
    0.5 * (1.0 - confidence.clamp(0.0, 1.0))
}

/// The interval for a mean; nothing below two observations.
///
/// Formula: mean -+ t * standard error, t the Student quantile of n - 1 degrees of freedom.
///
/// Source: Student, Biometrika 6 (1908) 1-25.
#[must_use]
pub fn student_t(moments: &Moments, confidence: f64) -> Option<Interval> {
    let error = moments.standard_error()?;
    let half = student_quantile(moments.count() - 1, tail(confidence))? * error;
    Some(Interval { low: moments.mean() - half, high: moments.mean() + half })
}

/// Half of the interval for a mean of `count` values over its standard error; nothing below two values.
#[must_use]
pub fn student_factor(count: u64, confidence: f64) -> Option<f64> {
    student_quantile(count.checked_sub(1).filter(|freedom| *freedom > 0)?, tail(confidence))
}

/// The value that a Student variable exceeds with probability `tail`.
fn student_quantile(freedom: u64, tail: f64) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, freedom as f64).ok()?;
    Some(smallest(0.0, f64::MAX, |t| student.sf(t) <= tail))
}

/// The exact interval for a probability after `successes` in `trials`; more successes than trials count as
/// trials, and without trials it is everything.
///
/// Formula: low solves P(X >= successes) = (1 - confidence) / 2, high solves P(X <= successes) = the same, X
/// binomial.
///
/// Source: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413.
///
/// # Examples
///
/// ```
/// use blackstart::stats::clopper_pearson;
/// let rule_of_three = clopper_pearson(0, 300, 0.9);
/// assert_eq!(rule_of_three.low, 0.0);
/// assert!((rule_of_three.high - 0.01).abs() < 1e-4);
/// ```
#[must_use]
pub fn clopper_pearson(successes: u64, trials: u64, confidence: f64) -> Interval {
    let (tail, successes) = (tail(confidence), successes.min(trials));
    let (hits, misses) = (successes as f64, (trials - successes) as f64);
    Interval {
        low: if successes == 0 { 0.0 } else { beta_quantile(hits, misses + 1.0, tail) },
        high: if successes == trials { 1.0 } else { beta_quantile(hits + 1.0, misses, 1.0 - tail) },
    }
}

fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    smallest(0.0, 1.0, |x| checked_beta_reg(a, b, x).is_ok_and(|cdf| cdf >= p))
}

/// The exact interval for the mean of a Poisson variable of which `count` was seen.
///
/// Formula: low solves P(X >= count) = (1 - confidence) / 2, high solves P(X <= count) = the same.
///
/// Source: F. Garwood, Biometrika 28 (1936) 437-442.
#[must_use]
pub fn garwood(count: u64, confidence: f64) -> Interval {
    let (tail, count) = (tail(confidence), count as f64);
    Interval {
        low: if count == 0.0 { 0.0 } else { gamma_quantile(count, tail) },
        high: gamma_quantile(count + 1.0, 1.0 - tail),
    }
}

fn gamma_quantile(shape: f64, p: f64) -> f64 {
    // The function refuses 0 itself, where the cdf is 0.
    smallest(0.0, f64::MAX, |x| checked_gamma_lr(shape, x).is_ok_and(|cdf| cdf >= p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(interval: Interval, low: f64, high: f64, digits: f64) {
        let near = (interval.low - low).abs() < digits && (interval.high - high).abs() < digits;
        assert!(near, "{interval:?} instead of {low} to {high}");
    }

    /// Table of R. A. Fisher and F. Yates, two-sided.
    #[test]
    fn student_gives_the_tables() {
        for (freedom, confidence, t) in [
            (1, 0.95, 12.706_205),
            (4, 0.99, 4.604_095),
            (9, 0.95, 2.262_157),
            (30, 0.95, 2.042_272),
            (120, 0.99, 2.617_421),
            (1_000_000, 0.95, 1.959_966),
        ] {
            let found = student_quantile(freedom, tail(confidence)).unwrap();
            assert!((found - t).abs() < 1e-6, "{freedom} degrees: {found}");
        }
    }

    /// Student's sleep data (1908): differences of mean 1.58, 95 % interval 0.70 to 2.46.
    #[test]
    fn student_of_the_sleep_data() {
        let moments: Moments = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4].into_iter().collect();
        assert_near(student_t(&moments, 0.95).unwrap(), 0.700_114, 2.459_886, 1e-6);
        assert_eq!(student_t(&[1.0].into_iter().collect(), 0.95), None);
    }

    /// Values of R's binom.test.
    #[test]
    fn clopper_pearson_gives_published_values() {
        assert_near(clopper_pearson(0, 10, 0.95), 0.0, 0.308_497_1, 1e-7);
        assert_near(clopper_pearson(1, 10, 0.95), 0.002_528_579, 0.445_016_1, 1e-7);
        assert_near(clopper_pearson(5, 10, 0.95), 0.187_086_0, 0.812_914_0, 1e-7);
        assert_near(clopper_pearson(10, 100, 0.95), 0.049_004_69, 0.176_222_6, 1e-7);
        assert_near(clopper_pearson(10, 10, 0.95), 1.0 - 0.308_497_1, 1.0, 1e-7);
        assert_eq!(clopper_pearson(0, 0, 0.95), Interval { low: 0.0, high: 1.0 });
    }

    /// With none in n the upper end is 1 - tail^(1/n), however large n is.
    #[test]
    fn clopper_pearson_of_rare_events() {
        for trials in [1_000_u64, 1_000_000, 1_000_000_000] {
            let high = -libm::expm1(libm::log(0.025) / trials as f64);
            let interval = clopper_pearson(0, trials, 0.95);
            assert!((interval.high / high - 1.0).abs() < 1e-5, "{trials}: {} {high}", interval.high);
        }
    }

    /// Garwood's table: chi-square quantiles over 2.
    #[test]
    fn garwood_gives_the_table() {
        assert_near(garwood(0, 0.95), 0.0, 3.688_879, 1e-6);
        assert_near(garwood(1, 0.95), 0.025_318, 5.571_643, 1e-6);
        assert_near(garwood(5, 0.95), 1.623_486, 11.668_332, 1e-6);
        assert_near(garwood(10, 0.95), 4.795_389, 18.390_356, 1e-6);
        assert_near(garwood(20, 0.95), 12.216_523, 30.888_380, 1e-5);
        assert_near(garwood(3, 0.99), 0.337_863, 10.977_481, 1e-5);
    }

    /// Far from zero both ends approach count -+ 1.96 sqrt(count), and nothing loops.
    #[test]
    fn garwood_of_many() {
        let interval = garwood(1_000_000, 0.95);
        assert_near(interval, 1e6 - 1959.0, 1e6 + 1962.0, 3.0);
    }
}
