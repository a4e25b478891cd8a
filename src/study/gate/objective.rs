//! Whether mean downtime is within what objectives allow in each calendar month.

use super::{Check, Decision, Subject};
use crate::model::{Model, Month, UsageId};
use crate::stats::{FEW_EVENTS, Moments, Skewed, garwood, student_t, upper_of_bounded};
use crate::study::CONFIDENCE;
use crate::study::run::RunOutput;

/// The availability that a journey of a population shall have in each calendar month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObjectiveOf {
    /// The journey and the population.
    pub usage: UsageId,
    /// Share of each month in which it is not down.
    pub availability: f64,
}

/// The objectives that a model describes.
#[must_use]
pub fn objectives(model: &Model) -> Vec<ObjectiveOf> {
    let usages = (0..model.usages.len()).map(UsageId::at);
    let availability =
        |usage: UsageId| model.journeys[model.usages[usage.index()].journey.index()].objective.availability;
    usages.filter_map(|usage| Some(ObjectiveOf { usage, availability: availability(usage)? })).collect()
}

/// Checks the mean downtime of each month against each objective.
///
/// Formula: an interval of the mean at 1 - 5 % / m for m checks (Bonferroni), Student's; with fewer than 20 replications
/// that are down from 0 to Garwood's upper end of their number x the part of the month within the horizon / n. Where values are too
/// skewed for Student's, the upper end is one that holds for all laws within the month. Above
/// what is allowed it has failed, below it has passed, around it nothing is certain.
#[must_use]
pub fn check_objectives(model: &Model, output: &RunOutput, objectives: &[ObjectiveOf]) -> Vec<Check> {
    check_objectives_of(model, output, objectives, CONFIDENCE, 1)
}

/// As [`check_objectives`], with a confidence for all checks of so many systems together.
#[must_use]
pub fn check_objectives_of(
    model: &Model,
    output: &RunOutput,
    objectives: &[ObjectiveOf],
    confidence: f64,
    systems: usize,
) -> Vec<Check> {
    let checks = (objectives.len() * model.months.len() * systems).max(1) as f64;
    let confidence = 1.0 - (1.0 - confidence) / checks;
    let mut all = Vec::new();
    for objective in objectives {
        let Some(usage) = output.tally.usages.get(objective.usage.index()) else { continue };
        for (month, down) in model.months.iter().zip(&usage.monthly_down_s) {
            all.push(check(model, *objective, month, down, confidence));
        }
    }
    all
}

fn check(model: &Model, objective: ObjectiveOf, month: &Month, down: &[f32], confidence: f64) -> Check {
    let down: Vec<f64> = down.iter().map(|down| f64::from(*down)).collect();
    let moments: Moments = down.iter().copied().collect();
    let non_zero = down.iter().filter(|down| **down != 0.0).count() as u64;
    let skewed = non_zero >= FEW_EVENTS && Skewed::of(&down).is_some();
    let (low, high) = if non_zero >= FEW_EVENTS {
        let interval = student_t(&moments, confidence);
        // Student's interval of what is skewed lies too low: its lower end is safe, its upper end is not.
        let bound = || upper_of_bounded(&moments, covered_s(model, month), confidence);
        let high = interval.map(|i| if skewed { i.high.max(bound()) } else { i.high });
        (interval.map(|i| i.low), high)
    } else {
        let share = garwood(non_zero, confidence).high / moments.count().max(1) as f64;
        (Some(0.0), Some(share.min(1.0) * covered_s(model, month)))
    };
    let allowed = (1.0 - objective.availability) * month.length.micros_f64() / 1e6;
    let (journey, population) = model.usage_name(objective.usage);
    Check {
        subject: Subject::Objective { availability: objective.availability, month: month.label.clone() },
        journey: journey.to_owned(),
        population: population.to_owned(),
        mean_s: moments.mean(),
        low_s: low,
        high_s: high,
        allowed_s: Some(allowed),
        skewed,
        decision: match (low, high) {
            (Some(low), _) if low > allowed => Decision::Failed,
            (_, Some(high)) if high <= allowed => Decision::Passed,
            _ => Decision::Undecided,
        },
    }
}

/// The part of a month that is simulated, seconds.
fn covered_s(model: &Model, month: &Month) -> f64 {
    let begins = month.begins_micros.max(0);
    let ends = month.begins_micros.saturating_add(month.length.micros()).min(model.horizon.micros());
    (ends - begins).max(0) as f64 / 1e6
}
