//! The estimate of a quantile.

use serde::{Deserialize, Serialize};

use super::{Observation, Quantile, kaplan_meier, order_statistic_interval};

/// A quantile with the ends of its interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuantileEstimate {
    /// The quantile of the sample.
    pub value: Quantile,
    /// The lower end; nothing if open.
    pub low: Option<f64>,
    /// The upper end; nothing if open.
    pub high: Option<f64>,
}

impl QuantileEstimate {
    /// The `p` quantile of `observations`, which it sorts, with a two-sided interval.
    ///
    /// Formula: [`kaplan_meier`] and [`order_statistic_interval`].
    ///
    /// # Examples
    ///
    /// ```
    /// use blackstart::stats::{Observation, Quantile, QuantileEstimate};
    /// let mut observations: Vec<_> =
    ///     (1..=100).map(|k| Observation { value: f64::from(k), censored: false }).collect();
    /// let median = QuantileEstimate::of(&mut observations, 0.5, 0.95);
    /// assert_eq!(median.value, Quantile::At(50.0));
    /// assert_eq!((median.low, median.high), (Some(40.0), Some(61.0)));
    /// ```
    pub fn of(observations: &mut [Observation], p: f64, confidence: f64) -> Self {
        let value = kaplan_meier(observations).quantile(p);
        let (low, high) = order_statistic_interval(observations, p, confidence);
        Self { value, low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The point estimate is never outside of the interval, however observations are censored.
    #[test]
    fn the_interval_holds_the_estimate() {
        for every in [2, 3, 5, 1_000] {
            let observe = |k: u32| Observation { value: f64::from(k * k), censored: k % every == 1 };
            let mut observations: Vec<_> = (1..=500).rev().map(observe).collect();
            for p in [0.01, 0.1, 0.5, 0.9, 0.98] {
                let estimate = QuantileEstimate::of(&mut observations, p, 0.95);
                let value = match estimate.value {
                    Quantile::At(value) => value,
                    _ => f64::INFINITY,
                };
                assert!(estimate.low.is_none_or(|low| low <= value), "{every} {p}: {estimate:?}");
                assert!(estimate.high.is_none_or(|high| high >= value), "{every} {p}: {estimate:?}");
            }
        }
    }

    #[test]
    fn survives_json() {
        let mut observations = [Observation { value: 0.1, censored: true }];
        let estimate = QuantileEstimate::of(&mut observations, 0.5, 0.95);
        let text = serde_json::to_string(&estimate).unwrap();
        assert_eq!(serde_json::from_str::<QuantileEstimate>(&text).unwrap(), estimate);
    }
}
