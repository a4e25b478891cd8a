//! Data at risk: how far copies lag, and what is lost for good with a region.

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use super::summary::QuantileSummary;
use crate::measure::DataFigures;
use crate::model::{CompId, Model};
use crate::stats::{Interval, MeanEstimate, QuantileEstimate, clopper_pearson};
use crate::time::MICROS_PER_SECOND;

const SECOND: f64 = MICROS_PER_SECOND as f64;

/// Data at risk, where regions copy their data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataSummary {
    /// By copy.
    pub copies: Vec<CopySummary>,
    /// By region whose data is copied.
    pub regions: Vec<DataLoss>,
}

/// The copy of one region's data in another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CopySummary {
    /// "me-central-1 to eu-west-1".
    pub copy: String,
    /// Age of the oldest data that the copy lacks, as a mean over time.
    pub exposure_s: MeanEstimate,
    /// The largest such age of a replication.
    pub peak_exposure_s: MeanEstimate,
    /// Its 99 % quantile.
    pub peak_exposure_p99_s: QuantileSummary,
    /// Time in which the copy was not current.
    pub not_current_s: MeanEstimate,
}

/// Data that is lost for good with a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataLoss {
    /// The region.
    pub region: String,
    /// Probability that it is lost for good.
    pub loss_probability: f64,
    /// Its interval.
    pub loss_interval: Interval,
    /// Data lost then, given such a loss, as time for which it was written; `None`: no such loss was seen.
    pub data_lost_s: Option<MeanEstimate>,
    /// Its 99 % quantile.
    pub data_lost_p99_s: QuantileSummary,
}

/// Sums over replications. Times in seconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DataTally {
    copies: Vec<CopyTally>,
    /// For each region whose data is copied: its copies, and what was lost with it in each replication that lost it.
    regions: Vec<(CompId, Vec<usize>, Vec<f64>)>,
    horizon: f64,
    replications: u64,
}

/// Values of a copy, one a replication.
#[derive(Debug, Clone, PartialEq, Default)]
struct CopyTally {
    exposure: Vec<f64>,
    peak: Vec<f64>,
    not_current: Vec<f64>,
}

impl DataTally {
    pub(super) fn new(model: &Model) -> Self {
        let mut regions: Vec<(CompId, Vec<usize>, Vec<f64>)> = Vec::new();
        for (number, replica) in model.replicas.iter().enumerate() {
            match regions.iter_mut().find(|(region, ..)| *region == replica.from.region) {
                Some((_, copies, _)) => copies.push(number),
                None => regions.push((replica.from.region, vec![number], Vec::new())),
            }
        }
        Self {
            copies: vec![CopyTally::default(); model.replicas.len()],
            regions,
            horizon: model.horizon.micros() as f64,
            replications: 0,
        }
    }

    pub(super) fn add(&mut self, figures: &[DataFigures]) {
        self.replications += 1;
        for (copy, figures) in self.copies.iter_mut().zip(figures) {
            copy.exposure.push(figures.exposure_integral / self.horizon.max(1.0) / SECOND);
            copy.peak.push(figures.peak.micros_f64() / SECOND);
            copy.not_current.push(figures.not_current.micros_f64() / SECOND);
        }
        for (_, copies, losses) in &mut self.regions {
            // What one of the copies has is not lost.
            let lost = copies.iter().filter_map(|copy| figures.get(*copy)?.lost).min();
            losses.extend(lost.map(|lost| lost.micros_f64() / SECOND));
        }
    }

    /// The estimates; `None` if no region copies its data.
    pub(super) fn summary(&self, model: &Model) -> Option<DataSummary> {
        if model.replicas.is_empty() {
            return None;
        }
        let copy = |(replica, tally): (&crate::model::Replica, &CopyTally)| CopySummary {
            copy: replica.name.clone(),
            exposure_s: MeanEstimate::of(&tally.exposure, CONFIDENCE),
            peak_exposure_s: MeanEstimate::of(&tally.peak, CONFIDENCE),
            peak_exposure_p99_s: p99(&tally.peak),
            not_current_s: MeanEstimate::of(&tally.not_current, CONFIDENCE),
        };
        let loss = |(region, _, losses): &(CompId, Vec<usize>, Vec<f64>)| DataLoss {
            region: model.components[region.index()].name.clone(),
            loss_probability: losses.len() as f64 / self.replications.max(1) as f64,
            loss_interval: clopper_pearson(losses.len() as u64, self.replications, CONFIDENCE),
            data_lost_s: (!losses.is_empty()).then(|| MeanEstimate::of(losses, CONFIDENCE)),
            data_lost_p99_s: p99(losses),
        };
        Some(DataSummary {
            copies: model.replicas.iter().zip(&self.copies).map(copy).collect(),
            regions: self.regions.iter().map(loss).collect(),
        })
    }
}

fn p99(values: &[f64]) -> QuantileSummary {
    let estimate = QuantileEstimate::of(&mut values.to_vec(), 0.99, CONFIDENCE);
    QuantileSummary { value: estimate.value, low: estimate.low, high: estimate.high }
}
