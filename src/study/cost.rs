//! What a system and its failures cost: estimates and paired differences.

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use super::tally::ReplicationRow;
use crate::model::{Costs, Model};
use crate::stats::MeanEstimate;
use crate::time::{MICROS_PER_SECOND, MICROS_PER_YEAR};

/// What a system costs in a year, or in the horizon of a known event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostSummary {
    /// The currency of all amounts.
    pub currency: String,
    /// The time that amounts are for, seconds.
    pub time_s: f64,
    /// Time over which capital is spread, seconds.
    pub lifetime_s: f64,
    /// Capital, as it is paid once.
    pub capital: f64,
    /// Its part of this time.
    pub capital_part: f64,
    /// Running cost.
    pub running: f64,
    /// User-minutes lost.
    pub users: MeanEstimate,
    /// Crews while they are out.
    pub crews: MeanEstimate,
    /// All of it.
    pub total: MeanEstimate,
    /// What the system itself is made of, the costliest first.
    pub items: Vec<CostPart>,
}

/// A component's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostPart {
    /// The component.
    pub what: String,
    /// Its part of capital, and its running cost.
    pub cost: f64,
}

/// The costs of two designs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostComparison {
    /// The currency of all amounts.
    pub currency: String,
    /// The time that amounts are for, seconds.
    pub time_s: f64,
    /// Capital, as it is paid once, of the baseline and of the design.
    pub capital: [f64; 2],
    /// Capital spread over the lifetime, and running cost.
    pub capital_and_running: [f64; 2],
    /// Mean cost of failures: user-minutes and crews.
    pub failures: [f64; 2],
    /// All of it.
    pub total: [f64; 2],
    /// Paired difference of the cost of failures.
    pub failures_difference: MeanEstimate,
    /// Paired difference of all of it.
    pub total_difference: MeanEstimate,
}

/// A design as a point: what it costs and how long its users are down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostPoint {
    /// What it is called.
    pub design: String,
    /// Capital spread over the lifetime, and running cost.
    pub capital_and_running: f64,
    /// With what failures cost.
    pub total: f64,
    /// Downtime in the horizon, a mean over users and their journeys, seconds.
    pub down_s: MeanEstimate,
    /// True if no other design costs no more and is down for no longer.
    pub on_front: bool,
}

/// Prices of one system over the time that its costs are for.
struct Priced<'m> {
    costs: &'m Costs,
    time_s: f64,
    /// What is seen in the horizon, times this, is for that time.
    scale: f64,
}

impl<'m> Priced<'m> {
    fn of(model: &'m Model) -> Option<Self> {
        let costs = model.costs.as_ref()?;
        let horizon_s = model.horizon.micros() as f64 / MICROS_PER_SECOND as f64;
        let year_s = MICROS_PER_YEAR as f64 / MICROS_PER_SECOND as f64;
        let time_s = if costs.per_year { year_s } else { horizon_s };
        Some(Self { costs, time_s, scale: time_s / horizon_s })
    }

    fn capital(&self) -> f64 {
        self.costs.items.iter().map(|item| item.capital).sum()
    }

    /// Formula: capital x time / lifetime.
    fn part(&self, capital: f64) -> f64 {
        capital * self.time_s / (self.costs.lifetime.micros_f64() / MICROS_PER_SECOND as f64)
    }

    fn running(&self) -> f64 {
        self.costs.items.iter().map(|item| item.running).sum::<f64>() * self.time_s
    }

    fn system(&self) -> f64 {
        self.part(self.capital()) + self.running()
    }

    /// What failures cost, replication by replication.
    fn failures(&self, rows: &[ReplicationRow]) -> Vec<f64> {
        rows.iter().map(|row| self.scale * (row.cost.users + row.cost.crews)).collect()
    }
}

/// What a system costs, if anything does.
pub(super) fn cost_summary(model: &Model, rows: &[ReplicationRow]) -> Option<CostSummary> {
    let priced = Priced::of(model)?;
    let estimate = |part: fn(&ReplicationRow) -> f64| {
        let values: Vec<f64> = rows.iter().map(|row| priced.scale * part(row)).collect();
        MeanEstimate::of(&values, CONFIDENCE)
    };
    let mut items: Vec<CostPart> = priced
        .costs
        .items
        .iter()
        .map(|item| CostPart {
            what: item.what.clone(),
            cost: priced.part(item.capital) + item.running * priced.time_s,
        })
        .collect();
    items.sort_by(|a, b| b.cost.total_cmp(&a.cost));
    Some(CostSummary {
        currency: priced.costs.currency.clone(),
        time_s: priced.time_s,
        lifetime_s: priced.costs.lifetime.micros_f64() / MICROS_PER_SECOND as f64,
        capital: priced.capital(),
        capital_part: priced.part(priced.capital()),
        running: priced.running(),
        users: estimate(|row| row.cost.users),
        crews: estimate(|row| row.cost.crews),
        total: shifted(estimate(|row| row.cost.users + row.cost.crews), priced.system()),
        items,
    })
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

/// What two designs cost, if both have prices.
pub(super) fn cost_comparison(
    models: (&Model, &Model),
    rows: (&[ReplicationRow], &[ReplicationRow]),
) -> Option<CostComparison> {
    let (first, second) = (Priced::of(models.0)?, Priced::of(models.1)?);
    let (a, b) = (first.failures(rows.0), second.failures(rows.1));
    let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| b - a).collect();
    let mean = |values: &[f64]| MeanEstimate::of(values, CONFIDENCE).mean;
    let (system, failures) = ([first.system(), second.system()], [mean(&a), mean(&b)]);
    let failures_difference = MeanEstimate::of(&differences, CONFIDENCE);
    Some(CostComparison {
        currency: first.costs.currency.clone(),
        time_s: first.time_s,
        capital: [first.capital(), second.capital()],
        capital_and_running: system,
        failures,
        total: [system[0] + failures[0], system[1] + failures[1]],
        total_difference: shifted(failures_difference.clone(), system[1] - system[0]),
        failures_difference,
    })
}

/// Designs as points of cost and downtime; none if one of them has no prices.
pub(super) fn cost_points(designs: &[(&str, &Model, &[ReplicationRow])]) -> Vec<CostPoint> {
    let point = |(name, model, rows): &(&str, &Model, &[ReplicationRow])| {
        let priced = Priced::of(model)?;
        let system = priced.system();
        let down_s = MeanEstimate::of(&mean_downtime(model, rows), CONFIDENCE);
        let failures = MeanEstimate::of(&priced.failures(rows), CONFIDENCE).mean;
        let design = (*name).to_owned();
        Some(CostPoint {
            design,
            capital_and_running: system,
            total: system + failures,
            down_s,
            on_front: false,
        })
    };
    let points: Option<Vec<CostPoint>> = designs.iter().map(point).collect();
    let mut points = points.unwrap_or_default();
    let place = |point: &CostPoint| (point.capital_and_running, point.down_s.mean);
    let places: Vec<(f64, f64)> = points.iter().map(place).collect();
    for (point, own) in points.iter_mut().zip(&places) {
        let beats = |other: &&(f64, f64)| other.0 <= own.0 && other.1 <= own.1 && *other != own;
        point.on_front = !places.iter().any(|other| beats(&other));
    }
    points
}

/// Downtime of each replication, a mean over users and their journeys.
fn mean_downtime(model: &Model, rows: &[ReplicationRow]) -> Vec<f64> {
    let users: Vec<f64> =
        model.usages.iter().map(|usage| model.populations[usage.population.index()].users).collect();
    let all = users.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let mean = |row: &ReplicationRow| {
        users.iter().zip(&row.usages).map(|(users, usage)| users * usage.down_s).sum::<f64>() / all
    };
    rows.iter().map(mean).collect()
}
