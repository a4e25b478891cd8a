//! Load over a run: why requests fail, how often they are tried again, how full units get, what overload outlives.

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use super::causes::RatioMoments;
use super::tally::UsageRow;
use crate::measure::LoadFigures;
use crate::model::{Model, UnitLoad};
use crate::stats::{FEW_EVENTS, Interval, MeanEstimate, Moments, clopper_pearson};
use crate::time::MICROS_PER_SECOND;

/// What is less is the rest of a fluid, and no request.
const ONE_WAITS: f64 = 0.5;

/// Estimates of one journey of one population, where there is load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JourneyLoad {
    /// Requests lost because they were refused for lack of capacity, or at the door.
    pub shed_requests: MeanEstimate,
    /// Requests lost because they met something broken.
    pub broken_requests: MeanEstimate,
    /// Mean of the first over mean requests.
    pub shed_rate: f64,
    /// Mean of the second over mean requests.
    pub broken_rate: f64,
    /// Requests that wait at the horizon to be tried again, if any do: neither served nor lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_requests: Option<MeanEstimate>,
    /// First calls over requests: 1 if nothing is tried again.
    pub amplification: f64,
    /// Share of downtime in the overload tail.
    pub tail_share: f64,
    /// Its interval.
    pub tail_share_interval: Option<Interval>,
    /// Probability of any overload tail.
    pub tail_probability: f64,
    /// Its interval.
    pub tail_interval: Interval,
}

/// Estimates of the units that serve only so much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadSummary {
    /// By unit.
    pub units: Vec<UnitLoadSummary>,
    /// Replications in which loads and success did not agree at some instant.
    #[serde(default)]
    pub unsettled_replications: u64,
}

/// Estimates of one unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitLoadSummary {
    /// The unit.
    pub unit: String,
    /// Largest offered load over capacity of a replication; what warms up or restarts counts as back.
    pub peak: PeakUtilisation,
    /// The same while any unit was impaired or users were away from home, over the replications in which that was so.
    pub peak_impaired: Option<PeakUtilisation>,
    /// Time in which it was offered more than it could serve.
    pub overloaded_s: MeanEstimate,
}

/// The distribution over replications of the largest offered load over capacity. Shares of capacity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PeakUtilisation {
    /// 5 % quantile.
    pub p5: f64,
    /// 25 % quantile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75 % quantile.
    pub p75: f64,
    /// 90 % quantile.
    pub p90: f64,
    /// 95 % quantile.
    pub p95: f64,
    /// 99 % quantile.
    pub p99: f64,
    /// Probability to be above capacity.
    pub above_probability: f64,
    /// Its interval.
    pub above_interval: Interval,
}

/// Values of units, one a replication.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct LoadTally {
    units: Vec<UnitTally>,
    unsettled: u64,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct UnitTally {
    peaks: Vec<f64>,
    peaks_impaired: Vec<f64>,
    overloaded_s: Vec<f64>,
}

impl LoadTally {
    pub(super) fn new(model: &Model) -> Self {
        Self { units: vec![UnitTally::default(); model.load.units.len()], unsettled: 0 }
    }

    /// Adds one replication; to be called in their order.
    pub(super) fn add(&mut self, figures: &[LoadFigures], is_unsettled: bool) {
        self.unsettled += u64::from(is_unsettled);
        for (tally, unit) in self.units.iter_mut().zip(figures) {
            tally.peaks.push(unit.peak);
            tally.peaks_impaired.extend((unit.peak_impaired > 0.0).then_some(unit.peak_impaired));
            tally.overloaded_s.push(unit.overloaded.micros_f64() / MICROS_PER_SECOND as f64);
        }
    }

    /// The estimates; `None` where a scenario says nothing of load.
    pub(super) fn summary(&self, model: &Model) -> Option<LoadSummary> {
        let summary = |(unit, tally): (&UnitLoad, &UnitTally)| UnitLoadSummary {
            unit: model.components[unit.unit.index()].name.clone(),
            peak: peak_utilisation(&tally.peaks),
            peak_impaired: (!tally.peaks_impaired.is_empty())
                .then(|| peak_utilisation(&tally.peaks_impaired)),
            overloaded_s: MeanEstimate::of(&tally.overloaded_s, CONFIDENCE),
        };
        let limited = model.load.units.iter().zip(&self.units).filter(|(unit, _)| unit.capacity.is_some());
        let mut units: Vec<UnitLoadSummary> = limited.map(summary).collect();
        // The engine's order follows from who calls whom; readers look for names.
        units.sort_by(|a, b| a.unit.cmp(&b.unit));
        (!model.load.is_empty()).then_some(LoadSummary { units, unsettled_replications: self.unsettled })
    }
}

fn peak_utilisation(peaks: &[f64]) -> PeakUtilisation {
    let mut sorted = peaks.to_vec();
    sorted.sort_by(f64::total_cmp);
    let quantile = |p: f64| {
        let rank = (p * sorted.len() as f64).ceil().max(1.0) as usize;
        sorted.get(rank - 1).copied().unwrap_or(0.0)
    };
    let n = sorted.len() as u64;
    // A rounding error above capacity is none.
    let above = sorted.iter().filter(|peak| **peak > 1.0 + 1e-9).count() as u64;
    PeakUtilisation {
        p5: quantile(0.05),
        p25: quantile(0.25),
        p50: quantile(0.5),
        p75: quantile(0.75),
        p90: quantile(0.9),
        p95: quantile(0.95),
        p99: quantile(0.99),
        above_probability: above as f64 / n.max(1) as f64,
        above_interval: clopper_pearson(above, n, CONFIDENCE),
    }
}

/// What load does to a journey whose replications these are.
pub(super) fn journey_load(rows: &[&UsageRow]) -> JourneyLoad {
    let column = |f: &dyn Fn(&UsageRow) -> f64| rows.iter().map(|row| f(row)).collect::<Vec<f64>>();
    let sum = |f: &dyn Fn(&UsageRow) -> f64| rows.iter().map(|row| f(row)).sum::<f64>();
    let requests = sum(&|r| r.requests);
    let rate = |part: f64| if requests > 0.0 { part / requests } else { 0.0 };
    let broken = |r: &UsageRow| (r.lost_requests - r.shed_requests).max(0.0);
    let tails = rows.iter().filter(|row| row.tail_s > 0.0).count() as u64;
    let n = rows.len() as u64;
    let down: Moments = rows.iter().map(|row| row.down_s).collect();
    let few = (rows.iter().filter(|row| row.down_s > 0.0).count() as u64) < FEW_EVENTS;
    let mut ratio = RatioMoments::default();
    rows.iter().for_each(|row| ratio.add(row.tail_s, row.down_s));
    let (tail_share, tail_share_interval) = ratio.ratio(&down, few);
    let attempts = sum(&|r| r.attempts);
    let waiting = column(&|r| r.waiting_requests);
    let most_waiting = waiting.iter().copied().fold(0.0, f64::max);
    JourneyLoad {
        shed_requests: MeanEstimate::of(&column(&|r| r.shed_requests), CONFIDENCE),
        broken_requests: MeanEstimate::of(&column(&broken), CONFIDENCE),
        shed_rate: rate(sum(&|r| r.shed_requests)),
        broken_rate: rate(sum(&broken)),
        waiting_requests: (most_waiting >= ONE_WAITS).then(|| MeanEstimate::of(&waiting, CONFIDENCE)),
        amplification: if requests > 0.0 { attempts / requests } else { 1.0 },
        tail_share,
        tail_share_interval,
        tail_probability: tails as f64 / n.max(1) as f64,
        tail_interval: clopper_pearson(tails, n, CONFIDENCE),
    }
}
