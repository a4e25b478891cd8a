//! The estimate of a quantile.

use serde::{Deserialize, Serialize};

use super::bisect::smallest_whole;
use super::{Quantile, order_statistic_interval};

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
    /// The `p` quantile of values, all of which are known, with a two-sided interval; sorts them.
    ///
    /// Formula: the smallest value that a share `p` of all does not exceed; [`order_statistic_interval`]. For lengths that may go on
    /// beyond what was seen there is [`kaplan_meier`](super::kaplan_meier).
    ///
    /// # Examples
    ///
    /// ```
    /// use blackstart::stats::{Quantile, QuantileEstimate};
    /// let mut values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
    /// let median = QuantileEstimate::of(&mut values, 0.5, 0.95);
    /// assert_eq!(median.value, Quantile::At(50.0));
    /// assert_eq!((median.low, median.high), (Some(40.0), Some(61.0)));
    /// ```
    pub fn of(values: &mut [f64], p: f64, confidence: f64) -> Self {
        values.sort_by(f64::total_cmp);
        let count = values.len() as u64;
        let rank = smallest_whole(1, count, |rank| rank as f64 / count as f64 >= p);
        let value =
            values.get(rank.max(1) as usize - 1).map_or(Quantile::NoData, |value| Quantile::At(*value));
        let (low, high) = order_statistic_interval(values, p, confidence);
        Self { value, low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The point estimate is never outside of the interval.
    #[test]
    fn the_interval_holds_the_estimate() {
        let mut values: Vec<f64> = (1..=500).rev().map(|k| f64::from(k * k)).collect();
        for p in [0.01, 0.1, 0.5, 0.9, 0.98] {
            let estimate = QuantileEstimate::of(&mut values, p, 0.95);
            let Quantile::At(value) = estimate.value else { panic!("{estimate:?}") };
            assert_eq!(value, libm::pow((500.0 * p).ceil(), 2.0), "{p}");
            assert!(estimate.low.is_none_or(|low| low <= value), "{p}: {estimate:?}");
            assert!(estimate.high.is_none_or(|high| high >= value), "{p}: {estimate:?}");
        }
        assert_eq!(QuantileEstimate::of(&mut [], 0.5, 0.95).value, Quantile::NoData);
        assert_eq!(QuantileEstimate::of(&mut [7.0], 0.99, 0.95).value, Quantile::At(7.0));
    }

    #[test]
    fn survives_json() {
        let estimate = QuantileEstimate::of(&mut [0.1], 0.5, 0.95);
        let text = serde_json::to_string(&estimate).unwrap();
        assert_eq!(serde_json::from_str::<QuantileEstimate>(&text).unwrap(), estimate);
    }
}
