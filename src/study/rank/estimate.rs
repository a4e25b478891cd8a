//! What replays tell: differences and ratios, replication by replication.

use serde::Serialize;

use crate::stats::{FEW_EVENTS, Interval, MeanEstimate, Moments, student_factor};
use crate::study::CONFIDENCE;

/// Values nearer to each other than this share of the larger one differ by rounding, and count as equal.
const ROUNDING: f64 = 1e-9;

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
    /// Variance of the difference of independent runs over that of the paired one, where both vary.
    pub variance_reduction: Option<f64>,
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
        let independent = a.variance().zip(b.variance()).map(|(a, b)| a + b);
        let paired = d.variance().filter(|variance| *variance > 0.0);
        Self {
            value: b.mean(),
            less: differences.iter().filter(|d| **d < 0.0).count() as f64 / n,
            more: differences.iter().filter(|d| **d > 0.0).count() as f64 / n,
            variance_reduction: independent.zip(paired).map(|(independent, paired)| independent / paired),
            difference: MeanEstimate::of(&differences, CONFIDENCE),
        }
    }
}

/// Second - first; 0 where they differ by rounding.
pub(super) fn differences(first: &[f64], second: &[f64]) -> Vec<f64> {
    let difference = |(a, b): (&f64, &f64)| {
        let difference = b - a;
        if difference.abs() <= ROUNDING * a.abs().max(b.abs()) { 0.0 } else { difference }
    };
    first.iter().zip(second).map(difference).collect()
}

/// The ratio of the means of two columns that belong together; `None` if the lower one is 0.
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
    let half = half.filter(|_| is_enough).map(|(error, factor)| factor * error / y);
    Some(RatioEstimate { value, interval: half.map(|h| Interval { low: value - h, high: value + h }) })
}
