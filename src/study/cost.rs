//! What a system and its failures cost: estimates and paired differences.

mod priced;

use serde::{Deserialize, Serialize};

pub(super) use self::priced::CostColumn;
use self::priced::{Priced, SystemCost, price_differences};

use super::CONFIDENCE;
use super::tally::ReplicationRow;
use super::uncertain::{CostDependence, cost_dependences};
use crate::model::Model;
use crate::stats::{Interval, MeanEstimate};
use crate::time::MICROS_PER_SECOND;

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
    /// Set if nobody knows a price of the system: how sure the means are that stand in for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_prices: Option<UnknownPrices>,
}

/// What a system costs whether or not anything fails, where nobody knows its prices: over the replications that draw them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnknownPrices {
    /// Capital, as it is paid once.
    pub capital: MeanEstimate,
    /// Its part of the time that amounts are for.
    pub capital_part: MeanEstimate,
    /// Running cost.
    pub running: MeanEstimate,
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
    /// Set if nobody knows a price of either system: paired differences of capital, as it is paid once, and of capital spread
    /// over the lifetime with running cost. Else they are exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_differences: Option<[MeanEstimate; 2]>,
    /// How the difference of all of it hangs on what nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependences: Vec<CostDependence>,
}

/// A design as a point: what it costs and how long its users are down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostPoint {
    /// What it is called.
    pub design: String,
    /// Capital spread over the lifetime, and running cost.
    pub capital_and_running: f64,
    /// Its interval, where nobody knows a price of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capital_and_running_interval: Option<Interval>,
    /// With what failures cost.
    pub total: f64,
    /// Downtime in the horizon, a mean over users and their journeys, seconds.
    pub down_s: MeanEstimate,
    /// True if no other design costs no more and is down for no longer.
    pub on_front: bool,
}

/// The total cost of replications, if anything costs something.
pub(super) fn cost_column(model: &Model, rows: &[ReplicationRow]) -> Option<CostColumn> {
    Priced::of(model, rows, is_per_year([model])).map(|priced| priced.column())
}

/// What a system costs, if anything does.
pub(super) fn cost_summary(model: &Model, rows: &[ReplicationRow]) -> Option<CostSummary> {
    let priced = Priced::of(model, rows, is_per_year([model]))?;
    let estimate = |part: fn(&ReplicationRow) -> f64| {
        let values: Vec<f64> = rows.iter().map(|row| priced.scale * part(row)).collect();
        MeanEstimate::of(&values, CONFIDENCE)
    };
    let [capital, capital_part, running] =
        [|cost: SystemCost| cost.capital, |cost: SystemCost| cost.part, |cost: SystemCost| cost.running]
            .map(|of| priced.price(of));
    let unknown_prices = match (capital.1, capital_part.1, running.1) {
        (Some(capital), Some(capital_part), Some(running)) => {
            Some(UnknownPrices { capital, capital_part, running })
        }
        _ => None,
    };
    Some(CostSummary {
        currency: priced.costs.currency.clone(),
        time_s: priced.time_s,
        lifetime_s: priced.costs.lifetime.micros_f64() / MICROS_PER_SECOND as f64,
        capital: capital.0,
        capital_part: capital_part.0,
        running: running.0,
        users: estimate(|row| row.cost.users),
        crews: estimate(|row| row.cost.crews),
        total: priced.column().mean(),
        items: priced.items(model),
        unknown_prices,
    })
}

/// True if costs are those of a year: nothing in any of the systems happens at a known time.
pub(super) fn is_per_year<'m>(models: impl IntoIterator<Item = &'m Model>) -> bool {
    models.into_iter().filter_map(|model| model.costs.as_ref()).all(|costs| costs.per_year)
}

/// What two designs cost, if both have prices.
pub(super) fn cost_comparison(
    models: (&Model, &Model),
    rows: (&[ReplicationRow], &[ReplicationRow]),
    per_year: bool,
) -> Option<CostComparison> {
    let (first, second) = (Priced::of(models.0, rows.0, per_year)?, Priced::of(models.1, rows.1, per_year)?);
    let (a, b) = (first.column(), second.column());
    let mean = |values: &[f64]| MeanEstimate::of(values, CONFIDENCE).mean;
    let means = |of: fn(SystemCost) -> f64| [first.price(of).0, second.price(of).0];
    let system = means(SystemCost::all);
    let failures = [mean(&a.failures), mean(&b.failures)];
    let difference = CostColumn {
        failures: a.failures.iter().zip(&b.failures).map(|(a, b)| b - a).collect(),
        beyond: price_differences(&first, &second, SystemCost::all),
        certain: b.certain - a.certain,
        fails: a.failures.iter().zip(&b.failures).any(|(a, b)| a != b),
    };
    let of_prices = |of: fn(SystemCost) -> f64| {
        let certain = of(second.nominal) - of(first.nominal);
        let beyond = price_differences(&first, &second, of);
        MeanEstimate::of(&beyond.iter().map(|beyond| certain + beyond).collect::<Vec<_>>(), CONFIDENCE)
    };
    let are_unknown = first.drawn.is_some() || second.drawn.is_some();
    Some(CostComparison {
        currency: first.costs.currency.clone(),
        time_s: first.time_s,
        capital: means(|cost| cost.capital),
        capital_and_running: system,
        failures,
        total: [system[0] + failures[0], system[1] + failures[1]],
        total_difference: difference.mean(),
        failures_difference: MeanEstimate::of(&difference.failures, CONFIDENCE),
        price_differences: are_unknown.then(|| [of_prices(|cost| cost.capital), of_prices(SystemCost::all)]),
        dependences: cost_dependences(models, rows, &difference),
    })
}

/// Designs as points of cost and downtime; none if one of them has no prices.
pub(super) fn cost_points(designs: &[(&str, &Model, &[ReplicationRow])], per_year: bool) -> Vec<CostPoint> {
    let point = |(name, model, rows): &(&str, &Model, &[ReplicationRow])| {
        let priced = Priced::of(model, rows, per_year)?;
        let (system, estimate) = priced.price(SystemCost::all);
        let down_s = MeanEstimate::of(&mean_downtime(model, rows), CONFIDENCE);
        let failures = MeanEstimate::of(&priced.column().failures, CONFIDENCE).mean;
        let design = (*name).to_owned();
        Some(CostPoint {
            design,
            capital_and_running: system,
            capital_and_running_interval: estimate.and_then(|estimate| estimate.interval),
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
