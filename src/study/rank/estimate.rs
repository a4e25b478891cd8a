//! What replays tell: differences and ratios, replication by replication.

use serde::Serialize;

use crate::stats::{FEW_EVENTS, Interval, MeanEstimate, Moments, student_factor};
use crate::study::CONFIDENCE;
use crate::study::pairing::{ROUNDING, differences, variance_reduction};

/// A variant of the system beside the system as it is, on the same random draws.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replayed {
    /// Mean in the variant.
    pub value: f64,
    /// Mean of variant - system, replication by replication.
    pub difference: MeanEstimate,
    /// Probability that the variant has less in a replication.
    pub less: f64,
    /// Probability that it has more.
    pub more: f64,
    /// Variance of the difference of independent runs over that of the paired one, where that varies by more than rounding.
    pub variance_reduction: Option<f64>,
    /// True if the difference is the same in every replication, and not 0: it needs no interval.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub constant: bool,
}

/// A ratio of two means with its interval, unless events are few.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RatioEstimate {
    /// The ratio.
    pub value: f64,
    /// Its interval.
    pub interval: Option<Interval>,
}

impl Replayed {
    pub(super) fn of(system: &[f64], variant: &[f64]) -> Self {
        let differences = differences(system, variant);
        let n = differences.len().max(1) as f64;
        let moments = |values: &[f64]| values.iter().copied().collect::<Moments>();
        let (a, b, d) = (moments(system), moments(variant), moments(&differences));
        Self {
            value: b.mean(),
            less: differences.iter().filter(|d| **d < 0.0).count() as f64 / n,
            more: differences.iter().filter(|d| **d > 0.0).count() as f64 / n,
            constant: is_constant(&differences) && d.mean() != 0.0,
            variance_reduction: variance_reduction(&a, &b, &d),
            difference: MeanEstimate::of(&differences, CONFIDENCE),
        }
    }
}

/// True if at least two values are all the same, but for rounding.
pub(super) fn is_constant(values: &[f64]) -> bool {
    let first = values.first().copied().unwrap_or(0.0);
    values.len() > 1 && values.iter().all(|value| (value - first).abs() <= ROUNDING * first.abs())
}

/// The ratio of the means of two columns that belong together; `None` if the lower one is 0.
///
/// Where both columns are the same in every replication, so is the ratio: no events are missing for an interval, which has both
/// ends there. So it is where the upper one is always 0, and the lower one has events enough.
///
/// Formula: R = mean x / mean y; variance by linearisation, sum (x - R y)^2 / (n (n - 1)) / mean(y)^2.
///
/// Source: Cochran, Sampling Techniques (1977), chapter 6.
pub(super) fn ratio(upper: &[f64], lower: &[f64]) -> Option<RatioEstimate> {
    let mean = |values: &[f64]| values.iter().copied().collect::<Moments>().mean();
    let (x, y) = (mean(upper), mean(lower));
    if y <= 0.0 {
        return None;
    }
    let value = x / y;
    let left: Moments = upper.iter().zip(lower).map(|(x, y)| x - value * y).collect();
    let events = |values: &[f64]| values.iter().filter(|value| **value != 0.0).count() as u64;
    let is_enough = events(upper) >= FEW_EVENTS && events(lower) >= FEW_EVENTS;
    let half = left.standard_error().zip(student_factor(left.count(), CONFIDENCE));
    let lower_is_known = is_constant(lower) || x == 0.0 && events(lower) >= FEW_EVENTS;
    let exact = (is_constant(upper) && lower_is_known).then_some(0.0);
    let half = exact.or(half.filter(|_| is_enough).map(|(error, factor)| factor * error / y));
    Some(RatioEstimate { value, interval: half.map(|h| Interval { low: value - h, high: value + h }) })
}
