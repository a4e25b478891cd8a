//! How downtime goes from value to value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Sweep;
use crate::stats::{FEW_EVENTS, MeanEstimate};
use crate::study::CONFIDENCE;

/// Differences smaller than this share of the larger value are rounding.
const ROUNDING: f64 = 1e-9;

/// Which way downtime goes as the first parameter moves on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// It is the same in every replication.
    Same,
    /// At least one step is a sure fall, and none a sure rise.
    Falls,
    /// At least one step is a sure rise, and none a sure fall.
    Rises,
    /// There are sure falls and sure rises: it goes in no one direction.
    Both,
    /// No step is sure.
    Uncertain,
}

/// The course of downtime of one journey of one population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CourseOf {
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// The number of the value of the second parameter, where there is one.
    pub second: Option<usize>,
    /// Its course.
    pub course: Course,
}

/// Downtime at the value before, replication by replication.
#[derive(Debug, Default)]
pub(super) struct Columns {
    before: BTreeMap<String, Vec<f64>>,
}

impl Columns {
    pub(super) fn forget(&mut self) {
        self.before.clear();
    }

    /// The paired difference from the value before.
    pub(super) fn step(&mut self, usage: &str, values: Vec<f64>) -> Option<MeanEstimate> {
        let step = self.before.get(usage).filter(|before| before.len() == values.len()).map(|before| {
            let difference = |(a, b): (&f64, &f64)| {
                let difference = b - a;
                if difference.abs() <= ROUNDING * a.abs().max(b.abs()) { 0.0 } else { difference }
            };
            let differences: Vec<f64> = before.iter().zip(&values).map(difference).collect();
            MeanEstimate::of(&differences, CONFIDENCE)
        });
        self.before.insert(usage.to_owned(), values);
        step
    }
}

/// The courses of all journeys, for each value of the second parameter.
pub(super) fn courses(sweep: &Sweep) -> Vec<CourseOf> {
    /// A journey, its population, and the steps.
    type Line<'s> = (String, String, Vec<&'s MeanEstimate>);
    let mut steps: BTreeMap<(Option<usize>, usize), Line<'_>> = BTreeMap::new();
    for point in &sweep.points {
        for (number, figure) in point.figures.iter().enumerate() {
            let entry = steps
                .entry((point.places.get(1).copied(), number))
                .or_insert_with(|| (figure.journey.clone(), figure.population.clone(), Vec::new()));
            entry.2.extend(&figure.step_s);
        }
    }
    let course = |((second, _), (journey, population, steps)): (_, Line<'_>)| CourseOf {
        journey,
        population,
        second,
        course: of_steps(&steps),
    };
    steps.into_iter().map(course).collect()
}

fn of_steps(steps: &[&MeanEstimate]) -> Course {
    if steps.iter().all(|step| step.non_zero == 0) {
        return Course::Same;
    }
    // Sure together (Bonferroni): a step of so many must not look sure by chance.
    let sure = |step: &&&MeanEstimate| step.non_zero >= FEW_EVENTS && is_sure(step, steps.len());
    let falls = steps.iter().filter(sure).any(|step| step.mean < 0.0);
    let rises = steps.iter().filter(sure).any(|step| step.mean > 0.0);
    match (falls, rises) {
        (false, false) => Course::Uncertain,
        (true, false) => Course::Falls,
        (false, true) => Course::Rises,
        (true, true) => Course::Both,
    }
}

/// Whether 0 lies outside Student's interval at 1 - 5 % / m.
fn is_sure(step: &MeanEstimate, steps: usize) -> bool {
    let confidence = 1.0 - (1.0 - CONFIDENCE) / steps.max(1) as f64;
    let factor = |confidence| crate::stats::student_factor(step.replications, confidence);
    let Some(half) = step.half_width() else { return false };
    let (Some(wide), Some(usual)) = (factor(confidence), factor(CONFIDENCE)) else { return false };
    step.mean.abs() > half * wide / usual
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(mean: f64) -> MeanEstimate {
        let values: Vec<f64> = (0..100).map(|k| mean + if k % 2 == 0 { 1.0 } else { -1.0 }).collect();
        MeanEstimate::of(&values, CONFIDENCE)
    }

    #[test]
    fn what_is_sure_is_told_from_chance() {
        // The standard error is 0.1: 0.21 is sure alone, but not among ten.
        let (up, down, none) = (step(0.5), step(-0.5), MeanEstimate::of(&[0.0; 100], CONFIDENCE));
        let little = step(0.21);
        assert_eq!(of_steps(&[&none, &none]), Course::Same);
        assert_eq!(of_steps(&[&up, &none]), Course::Rises);
        assert_eq!(of_steps(&[&down, &little]), Course::Falls);
        assert_eq!(of_steps(&[&down, &up]), Course::Both);
        assert_eq!(of_steps(&[&little]), Course::Rises);
        assert_eq!(of_steps(&[&little, &none, &none, &none, &none, &none]), Course::Uncertain);
    }
}
