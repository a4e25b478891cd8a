//! How downtime goes from value to value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Sweep, SweepParameter};
use crate::stats::{FEW_EVENTS, MeanEstimate};
use crate::study::CONFIDENCE;
use crate::study::pairing::differences;

/// Which way downtime goes as the first parameter grows; as it moves on in the order given, where its values are no numbers.
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

/// Steps of downtime from the smallest value to the largest, by value of the second parameter and by journey of a population, where
/// values are given in another order.
pub(super) type RisingSteps = BTreeMap<(Option<usize>, String), Vec<MeanEstimate>>;

/// Downtime at the value before, replication by replication.
#[derive(Debug, Default)]
pub(super) struct Columns {
    before: BTreeMap<String, Vec<f64>>,
    /// The numbers of the values from the smallest to the largest, unless they are given so.
    rising: Option<Vec<usize>>,
    second: Option<usize>,
    /// All columns at one value of the second parameter, by journey and by number of the value; only if they are to be sorted.
    line: BTreeMap<String, BTreeMap<usize, Vec<f64>>>,
    steps: RisingSteps,
}

impl Columns {
    /// For a sweep over these values.
    pub(super) fn of(parameter: Option<&SweepParameter>) -> Self {
        let rising = parameter.and_then(SweepParameter::rising);
        Self { rising: rising.filter(|order| !order.is_sorted()), ..Self::default() }
    }

    /// Begins with another value of the second parameter.
    pub(super) fn begin(&mut self, second: Option<usize>) {
        self.before.clear();
        self.sort_line();
        self.second = second;
    }

    /// The paired difference from the value before, of the value of this number.
    pub(super) fn step(&mut self, usage: &str, place: usize, values: Vec<f64>) -> Option<MeanEstimate> {
        let step = self.before.get(usage).and_then(|before| difference(before, &values));
        if self.rising.is_some() {
            self.line.entry(usage.to_owned()).or_default().insert(place, values.clone());
        }
        self.before.insert(usage.to_owned(), values);
        step
    }

    /// The steps from small to large.
    pub(super) fn done(mut self) -> RisingSteps {
        self.sort_line();
        self.steps
    }

    fn sort_line(&mut self) {
        let Some(rising) = &self.rising else { return };
        for (usage, columns) in std::mem::take(&mut self.line) {
            let sorted: Vec<&Vec<f64>> = rising.iter().filter_map(|place| columns.get(place)).collect();
            let steps = sorted.windows(2).filter_map(|pair| match pair {
                [before, after] => difference(before, after),
                _ => None,
            });
            self.steps.insert((self.second, usage), steps.collect());
        }
    }
}

/// The paired difference of two columns.
fn difference(before: &[f64], after: &[f64]) -> Option<MeanEstimate> {
    if before.len() != after.len() {
        return None;
    }
    Some(MeanEstimate::of(&differences(before, after), CONFIDENCE))
}

/// What a journey of a population is called among the columns.
pub(super) fn column_name(journey: &str, population: &str) -> String {
    format!("{journey}:{population}")
}

/// The courses of all journeys, for each value of the second parameter.
pub(super) fn courses(sweep: &Sweep, rising: &RisingSteps) -> Vec<CourseOf> {
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
    let course = |((second, _), (journey, population, steps)): (_, Line<'_>)| {
        let sorted = rising.get(&(second, column_name(&journey, &population)));
        let steps = sorted.map_or(steps, |sorted| sorted.iter().collect());
        CourseOf { journey, population, second, course: of_steps(&steps) }
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
