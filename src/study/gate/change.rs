//! Whether downtime is no worse than that of a baseline.

use super::{Check, Decision, Subject};
use crate::stats::{MeanEstimate, garwood, holm, rate_test, student_factor, welch_test};
use crate::study::CONFIDENCE;
use crate::study::compare::{Comparison, Constant, Difference, Quantity, Verdict};
use crate::study::summary::{JourneySummary, Summary};

/// Of more replications than this share a worsening could have escaped: what passes must leave fewer.
const MOST_UNSEEN: f64 = 0.1;

/// If few long outages make most of a mean, a run that is more than so many times as long as a stored one finds "worse" what is not:
/// the shorter run has too few of these outages, and does not know it.
const MOST_LONGER: f64 = 1.5;

/// What a mean difference may be, seconds.
#[derive(Clone, Copy)]
struct Reach {
    low: f64,
    high: f64,
    /// Whether a worsening of some size would have been seen.
    is_enough: bool,
}

impl Reach {
    const fn exactly(mean: f64) -> Self {
        Self { low: mean, high: mean, is_enough: true }
    }

    /// Without an upper end, if few long outages make the means that it rests on: it may lie too low.
    fn trusted(self, means: &[&MeanEstimate]) -> Self {
        let is_skewed = means.iter().any(|mean| mean.skewed.is_some());
        Self { high: if is_skewed { f64::INFINITY } else { self.high }, ..self }
    }
}

/// Checks the differences of a comparison with its baseline: what is surely worse fails, and what nobody could have seen is undecided.
/// With a margin in seconds, so is what may be worse by more than that. `unchanged`: the system says nothing otherwise than its
/// baseline, so that their difference on the same draws is 0 whatever is drawn.
#[must_use]
pub fn changes_from_comparison(
    comparison: &Comparison,
    margin_s: Option<f64>,
    unchanged: bool,
) -> Vec<Check> {
    let differences = comparison.designs.iter().flat_map(|design| &design.differences);
    let down = differences.filter(|difference| difference.figure == Quantity::Down);
    let check = |difference: &Difference| {
        let reach = match difference.constant {
            Some(Constant::Certain) => Reach::exactly(difference.difference.mean),
            _ if unchanged && difference.verdict == Verdict::Equal => Reach::exactly(0.0),
            _ => paired(difference, comparison),
        };
        Check {
            subject: Subject::Change { baseline: comparison.baseline.clone() },
            journey: difference.journey.clone(),
            population: difference.population.clone(),
            mean_s: difference.difference.mean,
            low_s: Some(reach.low),
            high_s: Some(reach.high),
            allowed_s: margin_s,
            skewed: difference.difference.skewed.is_some(),
            decision: decision(
                difference.verdict == Verdict::Worse,
                reach.trusted(&[&difference.difference]),
                margin_s,
            ),
        }
    };
    down.map(check).collect()
}

/// With all others in view: the mean -+ half of the wider interval. Where few replications differ, as many as may be better, or
/// worse, each by the whole horizon.
fn paired(difference: &Difference, comparison: &Comparison) -> Reach {
    let mean = difference.difference.mean;
    if let Some(above) = difference.excluded_above {
        let half = above - mean.abs();
        return Reach { low: mean - half, high: mean + half, is_enough: true };
    }
    let (played, confidence) = (difference.difference.replications, together(comparison.tests));
    let at_most = |share: f64| most((share * played as f64).round() as u64, played, confidence);
    let (better, worse) = (at_most(difference.better), at_most(difference.worse));
    let horizon = comparison.horizon_s;
    Reach { low: -better * horizon, high: worse * horizon, is_enough: worse <= MOST_UNSEEN }
}

/// Share of replications that may be so at most, of which `seen` are.
fn most(seen: u64, played: u64, confidence: f64) -> f64 {
    (garwood(seen, confidence).high / played.max(1) as f64).min(1.0)
}

/// The confidence of each of so many checks that have 95 % together.
fn together(checks: u64) -> f64 {
    1.0 - (1.0 - CONFIDENCE) / checks.max(1) as f64
}

fn decision(is_worse: bool, reach: Reach, margin_s: Option<f64>) -> Decision {
    match margin_s {
        // What is worse for sure, but by less than the margin, is allowed.
        Some(margin) if reach.high <= margin => Decision::Passed,
        _ if is_worse => Decision::Failed,
        None if reach.is_enough => Decision::Passed,
        _ => Decision::Undecided,
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
    let confidence = together(both.len() as u64);
    let check = |((a, b), p): (&(&JourneySummary, &JourneySummary), f64)| {
        let mean = b.down_s.mean - a.down_s.mean;
        let known = [(&a.down_s, stored.confidence), (&b.down_s, now.confidence)];
        let reach = half_width(known, confidence)
            .map(|half| Reach { low: mean - half, high: mean + half, is_enough: true })
            .unwrap_or_else(|| apart(known, confidence, now.horizon_s));
        let (means, played) = ([&a.down_s, &b.down_s], b.down_s.replications as f64);
        let is_skewed = means.iter().any(|mean| mean.skewed.is_some());
        let is_blind = is_skewed && played > MOST_LONGER * a.down_s.replications as f64;
        let is_worse = p <= 1.0 - CONFIDENCE && mean > 0.0;
        let decision = match is_worse && is_blind {
            true => Decision::Undecided,
            false => decision(is_worse, reach.trusted(&means), margin_s),
        };
        Check {
            subject: Subject::Change { baseline: name.to_owned() },
            journey: b.journey.clone(),
            population: b.population.clone(),
            mean_s: mean,
            low_s: Some(reach.low),
            high_s: Some(reach.high),
            allowed_s: margin_s,
            skewed: is_skewed,
            decision,
        }
    };
    both.iter().zip(holm(&p)).map(check).collect()
}

/// From the least that one mean may be to the most of the other, where one of them has few events.
fn apart([first, second]: [Known<'_>; 2], confidence: f64, horizon_s: f64) -> Reach {
    // An end of the difference takes an end of both means.
    let confidence = 0.5 * (1.0 + confidence);
    let (a, b) = (alone(first, confidence, horizon_s), alone(second, confidence, horizon_s));
    Reach { low: b.low - a.high, high: b.high - a.low, is_enough: a.is_enough && b.is_enough }
}

/// What one mean may be.
fn alone(known: Known<'_>, confidence: f64, horizon_s: f64) -> Reach {
    let MeanEstimate { mean, replications, non_zero, .. } = *known.0;
    let half =
        standard_error(known).and_then(|error| Some(error * student_factor(replications, confidence)?));
    if let Some(half) = half {
        return Reach { low: (mean - half).max(0.0), high: mean + half, is_enough: true };
    }
    let share = most(non_zero, replications, confidence);
    Reach { low: 0.0, high: share * horizon_s, is_enough: share <= MOST_UNSEEN }
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

/// Half of the interval of the difference of two means that have one each.
fn half_width([first, second]: [Known<'_>; 2], confidence: f64) -> Option<f64> {
    let (a, b) = (standard_error(first)?, standard_error(second)?);
    let fewest = first.0.replications.min(second.0.replications);
    Some(student_factor(fewest, confidence)? * libm::sqrt(a * a + b * b))
}
