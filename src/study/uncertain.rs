//! What nobody knows, and how much of the spread of downtime it makes.

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use super::compare::{Quantity, paired};
use super::cost::{CostColumn, cost_column};
use super::tally::ReplicationRow;
use crate::model::{Model, Unknown, UsageId};
use crate::random::Replication;
use crate::stats::{FEW_EVENTS, Interval, MeanEstimate, student_factor};

/// Classes into which replications are put by an unknown figure: fewer miss what it does, more are too small.
const CLASSES: usize = 20;
/// Groups of replications that are left out one after the other.
const GROUPS: usize = 20;
/// With fewer replications than this nothing is said.
const FEWEST: usize = 10 * CLASSES;

/// An unknown figure, and what it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnknownSummary {
    /// Its path in the scenario.
    pub unknown: String,
    /// Its law as it is written.
    pub law: String,
    /// What it does, by journey and population.
    pub effects: Vec<UnknownEffect>,
    /// What it does to the total cost, if the scenario has prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostEffect>,
}

/// What an unknown figure does to the total cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostEffect {
    /// Share of the variance of the cost that would be gone if the figure were known; nothing where events are few.
    pub share: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Mean cost in the lowest, the middle and the highest third of the figure, in the currency.
    pub thirds: Vec<MeanEstimate>,
}

/// How the difference of cost between two designs hangs on an unknown figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostDependence {
    /// The figure's path.
    pub unknown: String,
    /// Difference of the total cost in the lowest, the middle and the highest third of the figure, in the currency.
    pub thirds: Vec<MeanEstimate>,
    /// True if the design surely costs less in one third and surely more in another.
    pub turns: bool,
}

/// What an unknown figure does to the downtime of a journey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnknownEffect {
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// Share of the variance of downtime that would be gone if the figure were known; nothing where events are few.
    pub share: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Mean downtime in the lowest, the middle and the highest third of the figure, seconds.
    pub thirds_s: Vec<MeanEstimate>,
}

/// What an unknown figure does to the figure that a ranking is by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnknownShare {
    /// Its path in the scenario.
    pub unknown: String,
    /// Its law as it is written.
    pub law: String,
    /// Share of the variance that would be gone if it were known; nothing where events are few.
    pub share: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Means in its lowest, middle and highest third.
    pub thirds: Vec<MeanEstimate>,
}

/// How a difference between two designs hangs on an unknown figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dependence {
    /// The figure's path.
    pub unknown: String,
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// Difference of downtime in the lowest, the middle and the highest third of the figure, seconds.
    pub thirds_s: Vec<MeanEstimate>,
    /// True if the design is surely better in one third and surely worse in another.
    pub turns: bool,
}

/// All unknown figures of a model with what they do.
pub(super) fn unknown_summaries(model: &Model, rows: &[ReplicationRow]) -> Vec<UnknownSummary> {
    let figures = model.unknowns.figures.iter().enumerate();
    let cost = if model.unknowns.figures.is_empty() { None } else { cost_column(model, rows) };
    let summary = |(number, figure): (usize, &Unknown)| {
        let values = drawn(rows, number);
        let order = order(&values);
        let effect = |usage: usize| {
            let (journey, population) = model.usage_name(UsageId::at(usage));
            let down: Vec<f64> =
                rows.iter().map(|row| row.usages.get(usage).map_or(0.0, |u| u.down_s)).collect();
            let share = first_order(&order, &values, &down);
            UnknownEffect {
                journey: journey.to_owned(),
                population: population.to_owned(),
                share: share.map(|(share, _)| share),
                interval: share.and_then(|(_, interval)| interval),
                thirds_s: thirds(&order, &down),
            }
        };
        UnknownSummary {
            unknown: figure.name.clone(),
            law: figure.text.clone(),
            effects: (0..model.usages.len()).map(effect).collect(),
            cost: cost.as_ref().map(|cost| cost_effect(&order, &values, cost)),
        }
    };
    figures.map(summary).collect()
}

fn cost_effect(order: &[usize], drawn: &[f64], cost: &CostColumn) -> CostEffect {
    let share = if cost.is_rare() { None } else { first_order(order, drawn, &cost.values()) };
    CostEffect {
        share: share.map(|(share, _)| share),
        interval: share.and_then(|(_, interval)| interval),
        thirds: in_thirds(order, |third| cost.mean_of(third)),
    }
}

/// What each unknown figure does to values of replications 0, 1, 2 and so on of a seed; the largest share first.
pub(super) fn unknown_shares(model: &Model, seed: u64, found: &[f64]) -> Vec<UnknownShare> {
    let numbers = 0..found.len() as u64;
    let drawn: Vec<Vec<f64>> = numbers.map(|n| model.drawn(Replication::new(seed, n))).collect();
    let figures = model.unknowns.figures.iter().enumerate();
    let share = |(number, figure): (usize, &Unknown)| {
        let values: Vec<f64> = drawn.iter().filter_map(|values| values.get(number).copied()).collect();
        let order = order(&values);
        let share = first_order(&order, &values, found);
        UnknownShare {
            unknown: figure.name.clone(),
            law: figure.text.clone(),
            share: share.map(|(share, _)| share),
            interval: share.and_then(|(_, interval)| interval),
            thirds: thirds(&order, found),
        }
    };
    let mut all: Vec<UnknownShare> = figures.map(share).collect();
    all.sort_by(|a, b| b.share.unwrap_or(0.0).total_cmp(&a.share.unwrap_or(0.0)));
    all
}

/// How the differences of downtime between two designs hang on what nobody knows.
pub(super) fn dependences(
    models: (&Model, &Model),
    pairs: &[(UsageId, UsageId)],
    rows: (&[ReplicationRow], &[ReplicationRow]),
) -> Vec<Dependence> {
    let mut all = Vec::new();
    for (name, values) in unknowns_of_both(models, rows) {
        let order = order(&values);
        for pair in pairs {
            let (.., differences) = paired(Quantity::Down, *pair, rows);
            let thirds_s = thirds(&order, &differences);
            let (journey, population) = models.0.usage_name(pair.0);
            all.push(Dependence {
                unknown: name.clone(),
                journey: journey.to_owned(),
                population: population.to_owned(),
                turns: turns(&thirds_s),
                thirds_s,
            });
        }
    }
    all
}

/// How the difference of cost between two designs hangs on what nobody knows.
pub(super) fn cost_dependences(
    models: (&Model, &Model),
    rows: (&[ReplicationRow], &[ReplicationRow]),
    difference: &CostColumn,
) -> Vec<CostDependence> {
    let dependence = |(unknown, values): (String, Vec<f64>)| {
        let thirds = in_thirds(&order(&values), |third| difference.mean_of(third));
        CostDependence { unknown, turns: turns(&thirds), thirds }
    };
    unknowns_of_both(models, rows).into_iter().map(dependence).collect()
}

/// Figures that either design does not know, with their values; one of the same name has the same values in both, if the same
/// is thought of it.
fn unknowns_of_both(
    models: (&Model, &Model),
    rows: (&[ReplicationRow], &[ReplicationRow]),
) -> Vec<(String, Vec<f64>)> {
    let of = |model: &Model, rows: &[ReplicationRow]| -> Vec<(String, Vec<f64>)> {
        let figures = model.unknowns.figures.iter().enumerate();
        figures.map(|(number, figure)| (figure.name.clone(), drawn(rows, number))).collect()
    };
    let mut all = of(models.0, rows.0);
    let second = of(models.1, rows.1);
    all.extend(
        second.into_iter().filter(|(name, _)| models.0.unknowns.figures.iter().all(|f| f.name != *name)),
    );
    all
}

/// Surely better in one third and surely worse in another: intervals at 1 - 5 % / 3 (Bonferroni).
fn turns(thirds: &[MeanEstimate]) -> bool {
    let sure = |third: &MeanEstimate| -> Option<bool> {
        let half = third.half_width().filter(|_| third.non_zero >= FEW_EVENTS)?;
        let wide = student_factor(third.replications, 1.0 - (1.0 - CONFIDENCE) / 3.0)?;
        let usual = student_factor(third.replications, CONFIDENCE)?;
        (third.mean.abs() > half * wide / usual).then_some(third.mean > 0.0)
    };
    let signs: Vec<bool> = thirds.iter().filter_map(sure).collect();
    signs.contains(&true) && signs.contains(&false)
}

/// The values of an unknown figure, replication by replication.
fn drawn(rows: &[ReplicationRow], number: usize) -> Vec<f64> {
    rows.iter().map(|row| row.unknowns.get(number).copied().unwrap_or(0.0)).collect()
}

/// The numbers of the replications in the order of a figure's values.
fn order(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    order
}

/// Means of what was found in thirds of the replications, by the figure's order; of those with the same value the first come first.
fn thirds(order: &[usize], found: &[f64]) -> Vec<MeanEstimate> {
    in_thirds(order, |third| {
        let values: Vec<f64> = third.iter().map(|at| found[*at]).collect();
        MeanEstimate::of(&values, CONFIDENCE)
    })
}

/// Estimates of the replications in thirds of an order.
fn in_thirds(order: &[usize], estimate: impl Fn(&[usize]) -> MeanEstimate) -> Vec<MeanEstimate> {
    let third = |place: usize| estimate(&order[order.len() * place / 3..order.len() * (place + 1) / 3]);
    if order.len() < 3 { Vec::new() } else { (0..3).map(third).collect() }
}

/// The first-order index of Sobol, from the replications that there are, with its interval; nothing where events are few.
///
/// Formula: S = Var(E[Y | X]) / Var(Y). Replications in order of X make k = 20 classes of equal size, or one for each value where X
/// has no more than 20; with SSB the sum of squares between them, SSW that within and SST that of all,
/// S = (SSB - (k - 1) SSW / (n - k)) / SST, which takes off what chance alone would make (Kelley's epsilon squared). The interval
/// is Student's with 19 degrees of freedom around it, from leaving out each of 20 groups of replications (jackknife), cut at 0 and 1.
///
/// Source: I. M. Sobol, Mathematics and Computers in Simulation 55 (2001) 271-280; E. Plischke, E. Borgonovo and C. L. Smith,
/// European Journal of Operational Research 226 (2013) 536-550; T. L. Kelley, PNAS 21 (1935) 554-559.
fn first_order(order: &[usize], values: &[f64], found: &[f64]) -> Option<(f64, Option<Interval>)> {
    let events = found.iter().filter(|value| **value != 0.0).count() as u64;
    if order.len() < FEWEST || events < FEW_EVENTS {
        return None;
    }
    let pair = |at: &usize| (values[*at], found[*at]);
    let all = between(&order.iter().map(pair).collect::<Vec<_>>())?;
    let without = |group: usize| {
        let kept = order.iter().filter(|at| **at % GROUPS != group).map(pair);
        between(&kept.collect::<Vec<_>>())
    };
    let left: Option<Vec<f64>> = (0..GROUPS).map(without).collect();
    let interval = left.and_then(|left| {
        let mean = left.iter().sum::<f64>() / GROUPS as f64;
        let squares: f64 = left.iter().map(|value| (value - mean) * (value - mean)).sum();
        let error = libm::sqrt(squares * (GROUPS - 1) as f64 / GROUPS as f64);
        let half = student_factor(GROUPS as u64, CONFIDENCE)? * error;
        Some(Interval { low: (all - half).clamp(0.0, 1.0), high: (all + half).clamp(0.0, 1.0) })
    });
    Some((all.clamp(0.0, 1.0), interval))
}

/// Share of variance between classes of what was found, beside the values of a figure in whose order it stands, corrected for chance.
fn between(sorted: &[(f64, f64)]) -> Option<f64> {
    let n = sorted.len();
    let mean = sorted.iter().map(|(_, found)| found).sum::<f64>() / n as f64;
    let total: f64 = sorted.iter().map(|(_, found)| (found - mean) * (found - mean)).sum();
    if total <= 0.0 || n <= CLASSES {
        return None;
    }
    let classes = classes(sorted);
    let squares = |class: &&[(f64, f64)]| {
        let own = class.iter().map(|(_, found)| found).sum::<f64>() / class.len().max(1) as f64;
        class.len() as f64 * (own - mean) * (own - mean)
    };
    let explained: f64 = classes.iter().map(squares).sum();
    let chance = (classes.len() - 1) as f64 * (total - explained) / (n - classes.len()) as f64;
    Some((explained - chance) / total)
}

/// One class for each value where there are few, as of a count; else classes of equal size.
fn classes(sorted: &[(f64, f64)]) -> Vec<&[(f64, f64)]> {
    let by_value: Vec<_> = sorted.chunk_by(|a, b| a.0 == b.0).take(CLASSES + 1).collect();
    if by_value.len() <= CLASSES {
        return by_value;
    }
    let n = sorted.len();
    (0..CLASSES).map(|place| &sorted[n * place / CLASSES..n * (place + 1) / CLASSES]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamName;

    /// Y = a X1 + b X2 + c E of uniforms: shares of a^2, b^2 and c^2 in their sum.
    #[test]
    fn shares_of_a_sum_are_exact() {
        let (a, b, c) = (2.0, 1.0, 2.0);
        let streams = ["x1", "x2", "e"].map(|name| StreamName::new(name, "test"));
        let draw = |number: u64| streams.map(|s| Replication::new(3, number).draw(s, 0).uniform());
        let rows: Vec<[f64; 3]> = (0..20_000).map(draw).collect();
        let y: Vec<f64> = rows.iter().map(|[x, z, e]| 10.0 + a * x + b * z + c * e).collect();
        for (place, expected) in [(0, 4.0 / 9.0), (1, 1.0 / 9.0), (2, 4.0 / 9.0)] {
            let values: Vec<f64> = rows.iter().map(|row| row[place]).collect();
            let (share, interval) = first_order(&order(&values), &values, &y).unwrap();
            // Classes lose 1 / 400 of a linear effect. The standard error is below (1 - S) 2 sqrt(S / n): 0.0053 at most.
            assert!((share - expected).abs() < 4.0 * 0.0053 + expected / 400.0, "{share} of {expected}");
            let interval = interval.unwrap();
            assert!(interval.low < share && share < interval.high && interval.high - interval.low < 0.06);
        }
    }

    #[test]
    fn what_does_nothing_has_no_share() {
        let (x, y) = (StreamName::new("x", "test"), StreamName::new("y", "test"));
        let draw =
            |name| (0..2_000).map(|n| Replication::new(5, n).draw(name, 0).uniform()).collect::<Vec<_>>();
        let x = draw(x);
        let (share, interval) = first_order(&order(&x), &x, &draw(y)).unwrap();
        // Chance alone makes 19 / 2000 without the correction; the standard error is about sqrt(2 x 19) / 2000 = 0.003.
        assert!(share < 4.0 * 0.003 && interval.unwrap().low == 0.0, "{share}");
        assert_eq!(first_order(&order(&[1.0; 100]), &[1.0; 100], &[0.5; 100]), None);
        assert_eq!(first_order(&order(&[1.0; 1000]), &[1.0; 1000], &[0.0; 1000]), None);
    }

    /// Of a figure with few values each is a class: a figure with one value explains nothing, and one of which all hangs explains all.
    #[test]
    fn values_of_a_count_are_its_classes() {
        let y: Vec<f64> = (0..1_000_u32).map(|n| f64::from(n * 37 % 3)).collect();
        assert_eq!(first_order(&order(&[2.0; 1_000]), &[2.0; 1_000], &y).unwrap().0, 0.0);
        assert_eq!(first_order(&order(&y), &y, &y).unwrap().0, 1.0);
    }
}
