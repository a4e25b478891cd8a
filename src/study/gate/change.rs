//! Whether downtime is no worse than that of a baseline.

use super::{Check, Decision, Subject};
use crate::stats::{MeanEstimate, garwood, holm, rate_test, student_factor, welch_test};
use crate::study::CONFIDENCE;
use crate::study::compare::{Comparison, Constant, Quantity, Verdict};
use crate::study::summary::{JourneySummary, Summary};

/// Checks the differences of a comparison with its baseline: only "worse" fails. With a margin in seconds, what may be
/// worse by more than that is undecided. `unchanged`: the system says nothing otherwise than its baseline, so that
/// their difference on the same draws is 0 whatever is drawn.
#[must_use]
pub fn changes_from_comparison(
    comparison: &Comparison,
    margin_s: Option<f64>,
    unchanged: bool,
) -> Vec<Check> {
    let differences = comparison.designs.iter().flat_map(|design| &design.differences);
    let down = differences.filter(|difference| difference.figure == Quantity::Down);
    let check = |difference: &crate::study::Difference| {
        let estimate = &difference.difference;
        // With all others in view: the mean -+ half of the wider interval, or as many replications as there may be.
        let half = match difference.excluded_above {
            _ if unchanged && difference.verdict == Verdict::Equal => 0.0,
            _ if difference.constant == Some(Constant::Certain) => 0.0,
            Some(above) => above - estimate.mean.abs(),
            None => few(estimate, comparison.tests) * comparison.horizon_s,
        };
        let (low, high) = (estimate.mean - half, estimate.mean + half);
        Check {
            subject: Subject::Change { baseline: comparison.baseline.clone() },
            journey: difference.journey.clone(),
            population: difference.population.clone(),
            mean_s: estimate.mean,
            low_s: Some(low),
            high_s: Some(high),
            allowed_s: margin_s,
            skewed: estimate.skewed.is_some(),
            decision: decision(difference.verdict == Verdict::Worse, trusted(high, &[estimate]), margin_s),
        }
    };
    down.map(check).collect()
}

/// Share of replications that may differ at most, beyond those of which the mean speaks.
fn few(estimate: &MeanEstimate, tests: u64) -> f64 {
    let confidence = 1.0 - (1.0 - CONFIDENCE) / tests.max(1) as f64;
    (garwood(estimate.non_zero, confidence).high / estimate.replications.max(1) as f64).min(1.0)
}

/// The upper end of an interval, unless few long outages make the means that it rests on: then it may lie too low.
fn trusted(high: f64, means: &[&MeanEstimate]) -> f64 {
    if means.iter().any(|mean| mean.skewed.is_some()) { f64::INFINITY } else { high }
}

fn decision(is_worse: bool, high: f64, margin_s: Option<f64>) -> Decision {
    match margin_s {
        // What is worse for sure, but by less than the margin, is allowed.
        Some(margin) if high <= margin => Decision::Passed,
        _ if is_worse => Decision::Failed,
        Some(_) => Decision::Undecided,
        None => Decision::Passed,
    }
}

/// Checks mean downtime against that of a stored run, without pairing.
///
/// Formula: Welch's test of the two means; where either has few events, the exact test of two rates of replications
/// with downtime. Holm over all journeys that both have.
#[must_use]
pub fn changes_from_run(stored: &Summary, now: &Summary, name: &str, margin_s: Option<f64>) -> Vec<Check> {
    let same =
        |a: &JourneySummary, b: &JourneySummary| a.journey == b.journey && a.population == b.population;
    let both: Vec<(&JourneySummary, &JourneySummary)> = now
        .journeys
        .iter()
        .filter_map(|journey| Some((stored.journeys.iter().find(|other| same(other, journey))?, journey)))
        .collect();
    let p: Vec<f64> = both
        .iter()
        .map(|(a, b)| p_value((&a.down_s, stored.confidence), (&b.down_s, now.confidence)))
        .collect();
    let tests = both.len();
    let check = |((a, b), p): (&(&JourneySummary, &JourneySummary), f64)| {
        let mean = b.down_s.mean - a.down_s.mean;
        let half = half_width((&a.down_s, stored.confidence), (&b.down_s, now.confidence), tests);
        let is_worse = p <= 1.0 - CONFIDENCE && mean > 0.0;
        Check {
            subject: Subject::Change { baseline: name.to_owned() },
            journey: b.journey.clone(),
            population: b.population.clone(),
            mean_s: mean,
            low_s: half.map(|half| mean - half),
            high_s: half.map(|half| mean + half),
            allowed_s: margin_s,
            skewed: a.down_s.skewed.or(b.down_s.skewed).is_some(),
            decision: decision(
                is_worse,
                trusted(half.map_or(f64::INFINITY, |half| mean + half), &[&a.down_s, &b.down_s]),
                margin_s,
            ),
        }
    };
    both.iter().zip(holm(&p)).map(check).collect()
}

/// A mean with the confidence of its interval.
type Known<'e> = (&'e MeanEstimate, f64);

fn p_value(first: Known<'_>, second: Known<'_>) -> f64 {
    match (standard_error(first), standard_error(second)) {
        (Some(a), Some(b)) => {
            welch_test((first.0.mean, a, first.0.replications), (second.0.mean, b, second.0.replications))
        }
        _ => {
            let seen = |known: Known<'_>| (known.0.non_zero, known.0.replications as f64);
            rate_test(seen(first), seen(second))
        }
    }
}

/// The standard error that an interval was made of; nothing where events are few.
fn standard_error((estimate, confidence): Known<'_>) -> Option<f64> {
    Some(estimate.half_width()? / student_factor(estimate.replications, confidence)?)
}

/// Half of the interval of the difference at the confidence of so many together.
fn half_width(first: Known<'_>, second: Known<'_>, tests: usize) -> Option<f64> {
    let (a, b) = (standard_error(first)?, standard_error(second)?);
    let confidence = 1.0 - (1.0 - CONFIDENCE) / tests.max(1) as f64;
    let fewest = first.0.replications.min(second.0.replications);
    Some(student_factor(fewest, confidence)? * libm::sqrt(a * a + b * b))
}
