//! Designs on common random numbers: what differs from the baseline, by how much, how surely, and because of what.

mod causes;
mod difference;
mod goal;
mod others;
mod play;
mod sizes;

use serde::{Deserialize, Serialize};

use self::causes::CauseBook;
pub(super) use self::difference::{adjust, downtime_differences, p_value, paired};
use self::difference::{differences, is_certain};
use self::play::play;
use super::CONFIDENCE;
use super::cost::{CostComparison, CostPoint, cost_comparison, cost_points, is_per_year};
use super::run::{Progress, RunError, RunOptions};
use super::stopping::StoppedBy;
use super::tally::ReplicationRow;
use super::uncertain::{Dependence, dependences};
use crate::model::{Model, UsageId};

pub use self::causes::{CauseDifference, OnlyIn, Part};
pub use self::difference::{Constant, Difference, Quantity, Verdict};
pub use self::goal::{DifferenceGoal, DifferencePrecision, Wanted};
pub use self::sizes::{CapacityOf, Serves, Size};

/// Version of the form of a comparison in JSON.
const FORMAT_VERSION: u32 = 1;

/// A system with the name that a comparison gives it.
#[derive(Debug, Clone, Copy)]
pub struct Design<'m> {
    /// What it is called.
    pub name: &'m str,
    /// The system.
    pub model: &'m Model,
}

/// Designs beside a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Version of this form.
    pub format: u32,
    /// Version of blackstart that made it.
    pub blackstart: String,
    /// What the baseline is called.
    pub baseline: String,
    /// Length of simulated time of the baseline, seconds.
    pub horizon_s: f64,
    /// Seed of all draws of all designs.
    pub seed: u64,
    /// Replications of each design.
    pub replications: u64,
    /// What ended the comparison.
    pub stopped_by: StoppedBy,
    /// The precision of each difference for which one was asked.
    pub precision: Vec<DifferencePrecision>,
    /// Confidence of every interval, and of all verdicts together.
    pub confidence: f64,
    /// Differences that verdicts are adjusted for.
    pub tests: u64,
    /// The designs, in the order in which they were given.
    pub designs: Vec<DesignComparison>,
    /// All of them, the baseline first, as points of cost and downtime; empty if one has no prices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cost_points: Vec<CostPoint>,
}

/// One design beside the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DesignComparison {
    /// What it is called.
    pub design: String,
    /// How large the two systems are: what both have the same number of is left out, except all members.
    pub sizes: Vec<Size>,
    /// What each service can serve whose capacity is limited in one of the two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacities: Vec<CapacityOf>,
    /// By figure, journey and population that both have.
    pub differences: Vec<Difference>,
    /// Where the difference of downtime comes from, over all journeys and weighted by users: user-seconds.
    pub causes: Vec<CauseDifference>,
    /// How differences of downtime hang on what nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependences: Vec<Dependence>,
    /// What the two cost, if both have prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostComparison>,
    /// "journey population", flow of traffic or copy of data that only one of the two has.
    pub unmatched: Vec<String>,
}

/// Plays all designs with the same draws and compares each with the first, which is the baseline.
///
/// Replication k of one is paired with replication k of every other. Goals are looked at as by
/// [`run_until`](super::run_until); every design must reach each of them. Nothing to compare gives a comparison
/// without designs.
///
/// # Errors
/// [`RunError`] if a replication cannot be played.
pub fn compare(
    designs: &[Design<'_>],
    options: RunOptions,
    goals: &[DifferenceGoal],
    progress: &Progress,
) -> Result<Comparison, RunError> {
    let played = play(designs, options, goals, progress)?;
    let mut compared = Vec::new();
    let per_year = is_per_year(designs.iter().map(|design| design.model));
    if let (Some((baseline, others)), Some((first, rows))) =
        (designs.split_first(), played.rows.split_first())
    {
        for ((design, rows), causes) in others.iter().zip(rows).zip(&played.causes) {
            let pairs = matching(baseline.model, design.model);
            let is_certain = is_certain(baseline.model, design.model);
            let mut all = differences((baseline.model, is_certain), &pairs, (first, rows), causes);
            let models = (baseline.model, design.model);
            all.extend(others::differences(models, &pairs, (first, rows), is_certain));
            compared.push(DesignComparison {
                design: design.name.to_owned(),
                sizes: sizes::sizes(baseline.model, design.model),
                capacities: sizes::capacities(baseline.model, design.model),
                differences: all,
                causes: causes.total(played.replications),
                dependences: dependences((baseline.model, design.model), &pairs, (first, rows)),
                cost: cost_comparison((baseline.model, design.model), (first, rows), per_year),
                unmatched: unmatched(baseline.model, design.model),
            });
        }
    }
    let points: Vec<(&str, &Model, &[ReplicationRow])> =
        designs.iter().zip(&played.rows).map(|(d, rows)| (d.name, d.model, rows.as_slice())).collect();
    let cost_points = cost_points(&points, per_year);
    let tests = adjust(compared.iter_mut().flat_map(|design| &mut design.differences).collect());
    let baseline = designs.first();
    Ok(Comparison {
        format: FORMAT_VERSION,
        blackstart: env!("CARGO_PKG_VERSION").to_owned(),
        baseline: baseline.map_or(String::new(), |design| design.name.to_owned()),
        horizon_s: baseline.map_or(0.0, |design| design.model.horizon.micros() as f64 / 1e6),
        seed: options.seed,
        replications: played.replications,
        stopped_by: played.stopped_by,
        precision: played.precision,
        confidence: CONFIDENCE,
        tests,
        designs: compared,
        cost_points,
    })
}

/// The usages that both have, by name.
fn matching(first: &Model, second: &Model) -> Vec<(UsageId, UsageId)> {
    let usages = (0..first.usages.len()).map(UsageId::at);
    usages.filter_map(|usage| Some((usage, position(second, first.usage_name(usage))?))).collect()
}

fn position(model: &Model, name: (&str, &str)) -> Option<UsageId> {
    (0..model.usages.len()).map(UsageId::at).find(|usage| model.usage_name(*usage) == name)
}

fn unmatched(first: &Model, second: &Model) -> Vec<String> {
    let only = |model: &Model, other: &Model| -> Vec<String> {
        let names = (0..model.usages.len()).map(|usage| model.usage_name(UsageId::at(usage)));
        names.filter(|name| position(other, *name).is_none()).map(|(j, p)| format!("{j} {p}")).collect()
    };
    [only(first, second), only(second, first), others::unmatched(first, second)].concat()
}

impl CauseBook {
    /// A book for two designs.
    fn of(first: &Model, second: &Model) -> Self {
        Self::new(first, second, &matching(first, second))
    }
}
