//! Shares of downtime by cause, with intervals.

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use crate::stats::{Interval, Moments, student_t};

/// Sums for the ratio of two totals over replications, x over y, where x is often absent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RatioMoments {
    sum_x: f64,
    sum_xx: f64,
    sum_xy: f64,
}

impl RatioMoments {
    /// Adds a replication in which x is not zero.
    pub fn add(&mut self, x: f64, y: f64) {
        self.sum_x += x;
        self.sum_xx += x * x;
        self.sum_xy += x * y;
    }

    /// The sum of x.
    #[must_use]
    pub const fn sum(&self) -> f64 {
        self.sum_x
    }

    /// The ratio of the sums and its interval, given the moments of y over all replications.
    ///
    /// Formula: R = sum x / sum y; variance by linearisation, sum (x - R y)^2 / (n (n - 1)) / mean(y)^2.
    ///
    /// Source: Cochran, Sampling Techniques (1977), chapter 6.
    #[must_use]
    pub fn ratio(&self, y: &Moments, few_events: bool) -> (f64, Option<Interval>) {
        let n = y.count() as f64;
        let sum_y = y.mean() * n;
        if sum_y <= 0.0 {
            return (0.0, None);
        }
        let ratio = self.sum_x / sum_y;
        let Some(variance_y) = y.variance().filter(|_| !few_events) else { return (ratio, None) };
        let sum_yy = variance_y * (n - 1.0) + n * y.mean() * y.mean();
        let squares = (self.sum_xx - 2.0 * ratio * self.sum_xy + ratio * ratio * sum_yy).max(0.0);
        let error = libm::sqrt(squares / (n * (n - 1.0))) / y.mean();
        // Half width of an interval for a mean with standard error 1, with the same number of replications.
        let Some(half) = unit_half_width(y) else { return (ratio, None) };
        let interval =
            Interval { low: (ratio - half * error).max(0.0), high: (ratio + half * error).min(1.0) };
        (ratio, Some(interval))
    }
}

/// Student-t quantile for the replications of `y`.
fn unit_half_width(y: &Moments) -> Option<f64> {
    let interval = student_t(y, CONFIDENCE)?;
    let error = y.standard_error()?;
    (error > 0.0).then(|| (interval.high - interval.low) / 2.0 / error)
}

/// What one cause costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CauseShare {
    /// Its name.
    pub cause: String,
    /// Share of downtime in outages that it initiated.
    pub initiated: f64,
    /// Interval of `initiated`.
    pub initiated_interval: Option<Interval>,
    /// Its share of every instant of downtime.
    pub shared: f64,
    /// Interval of `shared`.
    pub shared_interval: Option<Interval>,
    /// Probability that it has a part in any downtime.
    pub impact_probability: f64,
    /// Interval of `impact_probability`.
    pub impact_interval: Interval,
    /// Mean user-minutes of downtime by its share.
    pub user_minutes_down: f64,
    /// Mean number of occurrences in a replication.
    pub events: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_share_has_no_spread() {
        let mut y = Moments::default();
        let mut x = RatioMoments::default();
        for k in 1..=100 {
            let value = f64::from(k);
            y.push(value);
            x.add(0.25 * value, value);
        }
        let (ratio, interval) = x.ratio(&y, false);
        assert!((ratio - 0.25).abs() < 1e-12);
        let interval = interval.unwrap();
        assert!(interval.high - interval.low < 1e-6, "{interval:?}");
    }
}
