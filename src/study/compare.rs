//! Two systems on common random numbers: the paired difference of their downtime.

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use super::run::RunOutput;
use super::stopping::StoppedBy;
use crate::model::{Model, UsageId};
use crate::stats::{MeanEstimate, Moments};

/// A comparison of two runs with the same seed and number of replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Replications of each.
    pub replications: u64,
    /// Seed of both.
    pub seed: u64,
    /// What ended both.
    pub stopped_by: StoppedBy,
    /// By journey and population that both have.
    pub differences: Vec<Difference>,
    /// "journey population" that only one of the two has.
    pub unmatched: Vec<String>,
}

/// Downtime of one journey of one population in both. Seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// Mean downtime in the first.
    pub first_s: f64,
    /// Mean downtime in the second.
    pub second_s: f64,
    /// Mean of second - first, replication by replication.
    pub difference_s: MeanEstimate,
    /// Probability that the second has less downtime in a replication.
    pub second_better: f64,
    /// Probability that the second has more.
    pub second_worse: f64,
    /// Variance of the difference of independent runs over that of the paired one, where both vary.
    pub variance_reduction: Option<f64>,
}

/// Compares two runs, journey by journey.
///
/// The runs must have been made with the same seed and number of replications: row k of one is paired with
/// row k of the other.
#[must_use]
pub fn compare(first: (&Model, &RunOutput), second: (&Model, &RunOutput)) -> Comparison {
    let mut differences = Vec::new();
    let mut unmatched = Vec::new();
    for u in 0..first.0.usages.len() {
        let name = first.0.usage_name(UsageId::at(u));
        match position(second.0, name) {
            Some(v) => differences.push(difference(name, column(first.1, u), column(second.1, v))),
            None => unmatched.push(format!("{} {}", name.0, name.1)),
        }
    }
    for v in 0..second.0.usages.len() {
        let name = second.0.usage_name(UsageId::at(v));
        if position(first.0, name).is_none() {
            unmatched.push(format!("{} {}", name.0, name.1));
        }
    }
    let (options, stopped_by) = (first.1.options, first.1.stopped_by);
    Comparison { replications: options.replications, seed: options.seed, stopped_by, differences, unmatched }
}

fn position(model: &Model, name: (&str, &str)) -> Option<usize> {
    (0..model.usages.len()).find(|u| model.usage_name(UsageId::at(*u)) == name)
}

fn column(output: &RunOutput, usage: usize) -> Vec<f64> {
    output.tally.rows.iter().map(|r| r.usages[usage].down_s).collect()
}

fn difference(name: (&str, &str), first: Vec<f64>, second: Vec<f64>) -> Difference {
    let paired: Vec<f64> = first.iter().zip(&second).map(|(a, b)| b - a).collect();
    let n = paired.len().max(1) as f64;
    let share = |test: fn(f64) -> bool| paired.iter().filter(|d| test(**d)).count() as f64 / n;
    let moments = |values: &[f64]| values.iter().copied().collect::<Moments>();
    let (a, b) = (moments(&first), moments(&second));
    let independent = a.variance().zip(b.variance()).map(|(a, b)| a + b);
    let variance = moments(&paired).variance().filter(|v| *v > 0.0);
    Difference {
        journey: name.0.to_owned(),
        population: name.1.to_owned(),
        first_s: a.mean(),
        second_s: b.mean(),
        second_better: share(|d| d < 0.0),
        second_worse: share(|d| d > 0.0),
        variance_reduction: independent.zip(variance).map(|(independent, paired)| independent / paired),
        difference_s: MeanEstimate::of(&paired, CONFIDENCE),
    }
}
