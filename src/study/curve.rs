//! Success over time and exceedance of downtime: what plots are drawn from.

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use crate::stats::{Interval, KaplanMeier, clopper_pearson};

/// Instants of success over time that a run keeps.
pub const CURVE_POINTS: usize = 385;
/// Success is counted in this many classes, half a percent each.
const CLASSES: usize = 201;

/// Counts of success by instant and class.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CurveTally {
    points: usize,
    counts: Vec<u32>,
    sums: Vec<f64>,
    /// Sums of requests per second; none where no surge changes them.
    demand: Vec<f64>,
    replications: u32,
}

/// Success over time over replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Equally spaced instants from start to horizon.
    pub points: Vec<CurvePoint>,
}

/// Success at one instant. Quantiles to half a percent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Seconds since the start.
    pub at_s: f64,
    /// Mean success.
    pub mean: f64,
    /// 5 % quantile.
    pub p5: f64,
    /// 25 % quantile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75 % quantile.
    pub p75: f64,
    /// 95 % quantile.
    pub p95: f64,
    /// Requests that users make then, in the mean where surges change that.
    ///
    /// Units: requests per second.
    #[serde(default)]
    pub demand: f64,
}

impl CurveTally {
    pub(super) fn new(points: usize) -> Self {
        Self {
            points,
            counts: vec![0; points * CLASSES],
            sums: vec![0.0; points],
            demand: Vec::new(),
            replications: 0,
        }
    }

    pub(super) fn add(&mut self, curve: &[f32]) {
        self.replications += 1;
        for (point, success) in curve.iter().enumerate().take(self.points) {
            let class = (f64::from(*success) * (CLASSES - 1) as f64).round() as usize;
            self.counts[point * CLASSES + class.min(CLASSES - 1)] += 1;
            self.sums[point] += f64::from(*success);
        }
    }

    pub(super) fn add_demand(&mut self, demand: &[f32]) {
        self.demand.resize(self.demand.len().max(demand.len()), 0.0);
        self.demand.iter_mut().zip(demand).for_each(|(sum, now)| *sum += f64::from(*now));
    }

    /// Mean requests per second at an instant; `None` where no surge changes them.
    pub(super) fn mean_demand(&self, point: usize) -> Option<f64> {
        self.demand.get(point).map(|sum| sum / f64::from(self.replications))
    }

    /// The curve; `None` if none was kept.
    pub(super) fn curve(&self, horizon_s: f64) -> Option<Curve> {
        if self.points < 2 || self.replications == 0 {
            return None;
        }
        let points = (0..self.points).map(|point| {
            let quantile = |p: f64| self.quantile(point, p);
            CurvePoint {
                at_s: horizon_s * point as f64 / (self.points - 1) as f64,
                mean: self.sums[point] / f64::from(self.replications),
                p5: quantile(0.05),
                p25: quantile(0.25),
                p50: quantile(0.5),
                p75: quantile(0.75),
                p95: quantile(0.95),
                demand: 0.0,
            }
        });
        Some(Curve { points: points.collect() })
    }

    fn quantile(&self, point: usize, p: f64) -> f64 {
        let wanted = (p * f64::from(self.replications)).ceil().max(1.0) as u32;
        let mut seen = 0;
        for class in 0..CLASSES {
            seen += self.counts[point * CLASSES + class];
            if seen >= wanted {
                return class as f64 / (CLASSES - 1) as f64;
            }
        }
        1.0
    }
}

/// Probability that downtime exceeds a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ExceedancePoint {
    /// Downtime, seconds.
    pub down_s: f64,
    /// Probability of more than that.
    pub probability: f64,
    /// Its interval.
    pub interval: Interval,
}

/// Number of values at which exceedance is evaluated.
const EXCEEDANCE_POINTS: usize = 120;

/// Exceedance of downtime at values equally spaced in logarithm over what was observed.
///
/// Downtimes that are censored are lower bounds; so is the curve beyond the smallest of them.
pub(super) fn exceedance(down_s: &[f64]) -> Vec<ExceedancePoint> {
    let mut sorted: Vec<f64> = down_s.to_vec();
    sorted.sort_by(f64::total_cmp);
    let positive: Vec<f64> = sorted.iter().copied().filter(|v| *v > 0.0).collect();
    let (Some(low), Some(high)) = (positive.first(), positive.last()) else { return Vec::new() };
    let n = sorted.len() as u64;
    // From just below the smallest, so that the curve begins at the probability of any downtime.
    let (from, to) = (libm::log(low * 0.999), libm::log(*high));
    let last = EXCEEDANCE_POINTS - 1;
    // The end itself, not its rounding: nothing exceeds the largest.
    let value =
        |i: usize| if i == last { *high } else { libm::exp(from + (to - from) * i as f64 / last as f64) };
    (0..EXCEEDANCE_POINTS)
        .map(value)
        .map(|down_s| {
            let above = n - sorted.partition_point(|v| *v <= down_s) as u64;
            let interval = clopper_pearson(above, n, CONFIDENCE);
            ExceedancePoint { down_s, probability: above as f64 / n as f64, interval }
        })
        .collect()
}

/// Probability that an outage is longer than a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OutageLengthPoint {
    /// Length, seconds.
    pub length_s: f64,
    /// Share of outages that are longer (Kaplan-Meier).
    pub longer: f64,
    /// Its interval; outages count as independent and as whole.
    pub interval: Interval,
}

/// The share of outages that are longer than each of some lengths, equally spaced in logarithm over those observed.
///
/// Formula: Kaplan-Meier; its interval is that of Clopper and Pearson for as many of `count` outages.
pub(super) fn outage_lengths(
    lengths: &KaplanMeier,
    count: usize,
    (shortest, longest): (f64, f64),
) -> Vec<OutageLengthPoint> {
    if count == 0 || shortest <= 0.0 || !longest.is_finite() {
        return Vec::new();
    }
    let (from, to) = (libm::log(shortest * 0.999), libm::log(longest));
    let last = EXCEEDANCE_POINTS - 1;
    let value =
        |i: usize| if i == last { longest } else { libm::exp(from + (to - from) * i as f64 / last as f64) };
    let point = |length_s: f64| {
        let longer = 1.0 - lengths.cdf(length_s);
        let above = (longer * count as f64).round() as u64;
        OutageLengthPoint { length_s, longer, interval: clopper_pearson(above, count as u64, CONFIDENCE) }
    };
    (0..EXCEEDANCE_POINTS).map(value).map(point).collect()
}
