//! The paired difference of one figure, and what can be said of it.

use serde::{Deserialize, Serialize};

use super::causes::{CauseBook, CauseDifference};
use super::matching;
use crate::model::{Model, UsageId};
use crate::stats::{FEW_EVENTS, MeanEstimate, Moments, holm, sign_test, student_factor, student_test};
use crate::study::CONFIDENCE;
use crate::study::pairing;
use crate::study::tally::{ReplicationRow, UsageRow};

/// A mean difference of at most this share of the larger mean is rounding that has added up, and gets no verdict.
const ADDED_ROUNDING: f64 = 1e-8;

/// Nor does one of at most this share of all that there could be of the figure.
const ROUNDING_OF_ALL: f64 = 1e-12;

/// What is compared; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Downtime, seconds.
    Down,
    /// Failed requests.
    LostRequests,
    /// User-minutes lost.
    UserMinutesLost,
    /// Time above the limit of latency, seconds.
    AboveLatencyLimit,
    /// Share of a flow's bits that is lost.
    LostTraffic,
    /// Age of the oldest data that a copy lacks, as a mean over time, seconds.
    DataExposure,
    /// Data lost for good with a region, as time for which it was written, seconds; 0 where it is not lost.
    DataLost,
}

impl Quantity {
    /// Those that every journey of a population has, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Down, Self::LostRequests, Self::UserMinutesLost];

    /// What files and the command line call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::LostRequests => "lost_requests",
            Self::UserMinutesLost => "user_minutes_lost",
            Self::AboveLatencyLimit => "above_latency_limit",
            Self::LostTraffic => "lost_traffic",
            Self::DataExposure => "data_exposure",
            Self::DataLost => "data_lost",
        }
    }

    /// Its value for a journey of a population; 0 of what journeys do not have.
    pub(in crate::study) const fn of(self, row: &UsageRow) -> f64 {
        match self {
            Self::Down => row.down_s,
            Self::LostRequests => row.lost_requests,
            Self::UserMinutesLost => row.user_minutes_lost,
            Self::AboveLatencyLimit => row.slow_s,
            Self::LostTraffic | Self::DataExposure | Self::DataLost => 0.0,
        }
    }
}

/// What can be said of a difference, with all others of the comparison in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The design has less of it than the baseline.
    Better,
    /// It has more.
    Worse,
    /// The difference, if there is one, is not told from chance.
    NotDetected,
    /// It is exactly 0 in every replication.
    Equal,
}

/// Why a difference is the same in every replication, 0 included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constant {
    /// The two are the same, or nothing is drawn in either system: there is no other replication.
    Certain,
    /// It is not 0, and was so in all replications that were played.
    Seen,
}

/// One figure of one journey of one population, in the baseline and in a design.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The figure.
    pub figure: Quantity,
    /// The journey; of traffic the flow, of data the copy or the region.
    pub journey: String,
    /// Whose; nothing of traffic and data.
    pub population: String,
    /// Mean in the baseline; downtime in seconds.
    pub first: f64,
    /// Mean in the design.
    pub second: f64,
    /// Mean of second - first, replication by replication.
    pub difference: MeanEstimate,
    /// Second over first, where the first is above 0.
    pub ratio: Option<f64>,
    /// Probability that the design has less in a replication.
    pub better: f64,
    /// Probability that it has more.
    pub worse: f64,
    /// Variance of the difference of independent runs over that of the paired one, where that varies by more than rounding.
    pub variance_reduction: Option<f64>,
    /// Probability of such a difference by chance, adjusted for all differences of the comparison (Holm).
    pub p_value: f64,
    /// What can be said of it.
    pub verdict: Verdict,
    /// Set if it is the same in every replication; where it was 0 in all that were played, only if it is so in all there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constant: Option<Constant>,
    /// A larger difference, in either direction, can be excluded together with those of all other figures; nothing
    /// where events are few.
    pub excluded_above: Option<f64>,
    /// Where the difference of downtime comes from, seconds; empty for other figures.
    pub causes: Vec<CauseDifference>,
}

/// What a difference is measured by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// All that there could be of the figure, in its unit.
    pub(super) all: f64,
    /// True if the two systems are the same, or nothing is drawn in either.
    pub(super) is_certain: bool,
}

/// The differences of all figures, not yet adjusted for each other.
pub(super) fn differences(
    (model, is_certain): (&Model, bool),
    pairs: &[(UsageId, UsageId)],
    rows: (&[ReplicationRow], &[ReplicationRow]),
    causes: &CauseBook,
) -> Vec<Difference> {
    let mut all = Vec::new();
    for quantity in Quantity::ALL {
        for (place, pair) in pairs.iter().enumerate() {
            let measure = Measure { all: all_of(quantity, model, pair.0), is_certain };
            let columns = paired(quantity, *pair, rows);
            let mut found = difference(quantity, model.usage_name(pair.0), measure, columns);
            if quantity == Quantity::Down {
                found.causes = causes.of_usage(place, rows.0.len() as u64);
            }
            all.push(found);
        }
    }
    all
}

/// True if there is only one replication to compare: nothing is drawn in either system, or they are the same.
pub(super) fn is_certain(first: &Model, second: &Model) -> bool {
    first == second || (first.is_certain() && second.is_certain())
}

/// The difference of downtime of each journey of a population that both have, not yet adjusted for others.
pub(in crate::study) fn downtime_differences(
    (first, second): (&Model, &Model),
    rows: (&[ReplicationRow], &[ReplicationRow]),
) -> Vec<Difference> {
    let is_certain = is_certain(first, second);
    let of = |pair: (UsageId, UsageId)| {
        let measure = Measure { all: all_of(Quantity::Down, first, pair.0), is_certain };
        let columns = paired(Quantity::Down, pair, rows);
        difference(Quantity::Down, first.usage_name(pair.0), measure, columns)
    };
    matching(first, second).into_iter().map(of).collect()
}

/// All that there could be of a figure of a journey.
fn all_of(quantity: Quantity, model: &Model, usage: UsageId) -> f64 {
    let time_s = model.horizon.micros() as f64 / 1e6;
    let usage = &model.usages[usage.index()];
    match quantity {
        Quantity::LostRequests => usage.requests_per_second * time_s,
        Quantity::UserMinutesLost => model.populations[usage.population.index()].users * time_s / 60.0,
        Quantity::LostTraffic => 1.0,
        Quantity::Down | Quantity::AboveLatencyLimit | Quantity::DataExposure | Quantity::DataLost => time_s,
    }
}

/// Values in the baseline, in the design, and second - first.
pub(in crate::study) fn paired(
    quantity: Quantity,
    (a, b): (UsageId, UsageId),
    (first, second): (&[ReplicationRow], &[ReplicationRow]),
) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let column = |rows: &[ReplicationRow], usage: UsageId| -> Vec<f64> {
        rows.iter().map(|row| row.usages.get(usage.index()).map_or(0.0, |row| quantity.of(row))).collect()
    };
    with_differences(column(first, a), column(second, b))
}

/// Both columns, and second - first; 0 where they differ by rounding.
pub(super) fn with_differences(first: Vec<f64>, second: Vec<f64>) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let differences = pairing::differences(&first, &second);
    (first, second, differences)
}

pub(super) fn difference(
    figure: Quantity,
    name: (&str, &str),
    measure: Measure,
    (first, second, paired): (Vec<f64>, Vec<f64>, Vec<f64>),
) -> Difference {
    let n = paired.len().max(1) as f64;
    let moments = |values: &[f64]| values.iter().copied().collect::<Moments>();
    let (a, b, d) = (moments(&first), moments(&second), moments(&paired));
    let below = paired.iter().filter(|d| **d < 0.0).count() as u64;
    let above = paired.iter().filter(|d| **d > 0.0).count() as u64;
    let is_zero = below + above == 0;
    let is_rounding = d.mean().abs() <= rounding(a.mean().abs().max(b.mean().abs()), measure.all);
    let constant = match is_zero {
        true => measure.is_certain.then_some(Constant::Certain),
        false => constant(&paired, &d, measure.is_certain).filter(|_| !is_rounding),
    };
    let p_value = match constant {
        _ if is_rounding => 1.0,
        Some(Constant::Certain) => 0.0,
        Some(Constant::Seen) | None => p_value(&d, below, above),
    };
    Difference {
        figure,
        journey: name.0.to_owned(),
        population: name.1.to_owned(),
        first: a.mean(),
        second: b.mean(),
        ratio: (a.mean() > 0.0).then(|| b.mean() / a.mean()),
        better: below as f64 / n,
        worse: above as f64 / n,
        variance_reduction: pairing::variance_reduction(&a, &b, &d),
        p_value,
        verdict: Verdict::NotDetected,
        constant,
        excluded_above: None,
        causes: Vec::new(),
        difference: MeanEstimate::of(&paired, CONFIDENCE),
    }
}

/// What is too small a mean difference to be anything but rounding.
fn rounding(larger: f64, all: f64) -> f64 {
    (ADDED_ROUNDING * larger).max(ROUNDING_OF_ALL * all)
}

/// Why all differences are alike, if they are and are not 0.
fn constant(paired: &[f64], moments: &Moments, is_certain: bool) -> Option<Constant> {
    let mean = moments.mean();
    let is_same = |value: &f64| (value - mean).abs() <= ADDED_ROUNDING * mean.abs();
    if mean == 0.0 || !paired.iter().all(is_same) {
        return None;
    }
    match (is_certain, paired.len()) {
        (true, _) => Some(Constant::Certain),
        (false, 2..) => Some(Constant::Seen),
        (false, _) => None,
    }
}

/// Student's test of the mean; while events are few, the sign test, if the mean goes where most of them go.
pub(in crate::study) fn p_value(differences: &Moments, below: u64, above: u64) -> f64 {
    if below + above >= FEW_EVENTS {
        return student_test(differences).unwrap_or(1.0);
    }
    let agree = (differences.mean() < 0.0) == (below > above);
    if agree { sign_test(below, above) } else { 1.0 }
}

/// Gives differences their verdicts, adjusted for being so many; the number of them.
pub(in crate::study) fn adjust(mut all: Vec<&mut Difference>) -> u64 {
    let adjusted = holm(&all.iter().map(|difference| difference.p_value).collect::<Vec<f64>>());
    let tests = adjusted.len();
    let share = (1.0 - CONFIDENCE) / tests.max(1) as f64;
    for (difference, p_value) in all.iter_mut().zip(adjusted) {
        difference.p_value = p_value;
        difference.verdict = match difference.difference.mean {
            _ if difference.difference.non_zero == 0 => Verdict::Equal,
            mean if p_value <= 1.0 - CONFIDENCE && mean < 0.0 => Verdict::Better,
            mean if p_value <= 1.0 - CONFIDENCE && mean > 0.0 => Verdict::Worse,
            _ => Verdict::NotDetected,
        };
        difference.excluded_above = widened(&difference.difference, share);
    }
    tests as u64
}

/// The farther end of the interval that leaves `share` outside.
///
/// Formula: that of the 95 % interval with its half-width times the ratio of Student's quantiles (Bonferroni).
fn widened(estimate: &MeanEstimate, share: f64) -> Option<f64> {
    let half = estimate.half_width()?;
    let factor = |confidence: f64| student_factor(estimate.replications, confidence);
    let wider = factor(1.0 - share)? / factor(CONFIDENCE)?;
    Some(estimate.mean.abs() + half * wider)
}
