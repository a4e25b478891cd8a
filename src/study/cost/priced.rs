//! What the replications of one system cost: what is certain, and what differs from one to the other.

use super::CostPart;
use crate::model::{CostItem, Costs, Model};
use crate::stats::{FEW_EVENTS, MeanEstimate, Moments};
use crate::study::CONFIDENCE;
use crate::study::pairing::ROUNDING;
use crate::study::tally::ReplicationRow;
use crate::time::{MICROS_PER_SECOND, MICROS_PER_YEAR};

/// What a system costs whether or not anything fails, over the time that costs are for.
#[derive(Debug, Clone, Copy)]
pub(in crate::study) struct SystemCost {
    pub(super) capital: f64,
    /// Formula: capital x time / lifetime.
    pub(super) part: f64,
    pub(super) running: f64,
}

impl SystemCost {
    fn of(costs: &Costs, time_s: f64) -> Self {
        let capital = costs.items.iter().map(|item| item.capital).sum();
        let running = costs.items.iter().map(|item| item.running).sum::<f64>() * time_s;
        Self { capital, part: part(capital, costs, time_s), running }
    }

    pub(super) fn all(self) -> f64 {
        self.part + self.running
    }
}

fn part(capital: f64, costs: &Costs, time_s: f64) -> f64 {
    capital * time_s / (costs.lifetime.micros_f64() / MICROS_PER_SECOND as f64)
}

/// Prices of one system over the time that its costs are for, and what its replications cost.
pub(in crate::study) struct Priced<'r> {
    pub(super) costs: &'r Costs,
    pub(super) time_s: f64,
    /// What is seen in the horizon, times this, is for that time.
    pub(super) scale: f64,
    rows: &'r [ReplicationRow],
    /// With all prices known, or with the means of those that nobody knows.
    pub(super) nominal: SystemCost,
    /// By replication, where nobody knows a price.
    pub(super) drawn: Option<Vec<SystemCost>>,
}

impl<'r> Priced<'r> {
    /// For a year, or for the horizon: as its scenario asks, unless designs are compared of which one asks for the horizon.
    pub(super) fn of(model: &'r Model, rows: &'r [ReplicationRow], per_year: bool) -> Option<Self> {
        let costs = model.costs.as_ref()?;
        let horizon_s = model.horizon.micros() as f64 / MICROS_PER_SECOND as f64;
        let year_s = MICROS_PER_YEAR as f64 / MICROS_PER_SECOND as f64;
        let time_s = if per_year { year_s } else { horizon_s };
        let drawn = model.has_unknown_prices().then(|| {
            let mut known = costs.clone();
            let of_row = |row: &ReplicationRow| {
                model.make_prices_known(&row.unknowns, &mut known);
                SystemCost::of(&known, time_s)
            };
            rows.iter().map(of_row).collect()
        });
        let nominal = SystemCost::of(costs, time_s);
        Some(Self { costs, time_s, scale: time_s / horizon_s, rows, nominal, drawn })
    }

    /// A part of what the system costs: its mean, and how sure that is where it is not exact.
    pub(super) fn price(&self, of: fn(SystemCost) -> f64) -> (f64, Option<MeanEstimate>) {
        let Some(drawn) = &self.drawn else { return (of(self.nominal), None) };
        let values: Vec<f64> = drawn.iter().map(|cost| of(*cost)).collect();
        let estimate = MeanEstimate::of(&values, CONFIDENCE);
        (estimate.mean, Some(estimate))
    }

    /// What the system costs beyond the mean that stands in for it, replication by replication.
    fn beyond(&self, of: fn(SystemCost) -> f64) -> Vec<f64> {
        match &self.drawn {
            Some(drawn) => drawn.iter().map(|cost| of(*cost) - of(self.nominal)).collect(),
            None => vec![0.0; self.rows.len()],
        }
    }

    /// All that it costs, replication by replication.
    pub(super) fn column(&self) -> CostColumn {
        let is_free = |price: &f64| *price == 0.0;
        CostColumn {
            failures: self.rows.iter().map(|row| self.scale * (row.cost.users + row.cost.crews)).collect(),
            beyond: self.beyond(SystemCost::all),
            certain: self.nominal.all(),
            fails: !(self.costs.usages.iter().all(is_free) && self.costs.crews.iter().all(is_free)),
        }
    }

    /// What each component costs; its mean, where nobody knows it.
    pub(super) fn items(&self, model: &Model) -> Vec<CostPart> {
        let cost = |item: &CostItem, costs: &Costs| {
            part(item.capital, costs, self.time_s) + item.running * self.time_s
        };
        let mut items: Vec<CostPart> = self
            .costs
            .items
            .iter()
            .map(|item| CostPart { what: item.what.clone(), cost: cost(item, self.costs) })
            .collect();
        if self.drawn.is_some() {
            let mut known = self.costs.clone();
            let mut means = vec![Moments::default(); items.len()];
            for row in self.rows {
                model.make_prices_known(&row.unknowns, &mut known);
                means.iter_mut().zip(&known.items).for_each(|(mean, item)| mean.push(cost(item, &known)));
            }
            items.iter_mut().zip(&means).for_each(|(item, mean)| item.cost = mean.mean());
        }
        items.sort_by(|a, b| b.cost.total_cmp(&a.cost));
        items
    }
}

/// Costs of replications: what differs from one to the other, and what is certain.
pub(in crate::study) struct CostColumn {
    /// What failures cost.
    pub(super) failures: Vec<f64>,
    /// What the system costs beyond what is certain.
    pub(super) beyond: Vec<f64>,
    pub(super) certain: f64,
    /// True if failures cost anything at all.
    pub(super) fails: bool,
}

impl CostColumn {
    /// What is not certain, replication by replication.
    pub(in crate::study) fn values(&self) -> Vec<f64> {
        self.failures.iter().zip(&self.beyond).map(|(failures, beyond)| failures + beyond).collect()
    }

    /// The mean of some replications. However widely prices scatter: where few replications fail, nothing says how far off the mean is.
    pub(in crate::study) fn mean_of(&self, some: &[usize]) -> MeanEstimate {
        let failures: Vec<f64> = some.iter().filter_map(|at| self.failures.get(*at).copied()).collect();
        let beyond = some.iter().filter_map(|at| self.beyond.get(*at));
        let values: Vec<f64> =
            failures.iter().zip(beyond).map(|(failures, beyond)| failures + beyond).collect();
        let mut all = MeanEstimate::of(&values, CONFIDENCE);
        let of_failures = MeanEstimate::of(&failures, CONFIDENCE);
        if self.fails && of_failures.interval.is_none() {
            all = MeanEstimate { mean: all.mean, ..of_failures };
        }
        shifted(all, self.certain)
    }

    pub(super) fn mean(&self) -> MeanEstimate {
        self.mean_of(&(0..self.failures.len()).collect::<Vec<_>>())
    }

    /// True if so few replications fail that nothing can be said of how much the cost scatters.
    pub(in crate::study) fn is_rare(&self) -> bool {
        let events = self.failures.iter().filter(|cost| **cost != 0.0).count() as u64;
        self.fails && events < FEW_EVENTS
    }
}

/// The estimate with so much more that is certain: how sure it is depends on what varies alone.
fn shifted(mut estimate: MeanEstimate, by: f64) -> MeanEstimate {
    estimate.mean += by;
    if let Some(interval) = &mut estimate.interval {
        interval.low += by;
        interval.high += by;
    }
    estimate
}

/// What the second system costs beyond what is certain, less what the first does; 0 where that is rounding.
pub(super) fn price_differences(
    first: &Priced<'_>,
    second: &Priced<'_>,
    of: fn(SystemCost) -> f64,
) -> Vec<f64> {
    let larger = of(first.nominal).abs().max(of(second.nominal).abs());
    let difference = |(a, b): (f64, f64)| if (b - a).abs() <= ROUNDING * larger { 0.0 } else { b - a };
    first.beyond(of).into_iter().zip(second.beyond(of)).map(difference).collect()
}
