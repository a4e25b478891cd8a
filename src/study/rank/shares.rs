//! Shares of downtime by subject, from attribution: what is cheap, and decides what is worth replaying.

use super::subject::{Subject, What};
use crate::measure::{Figures, STAGE_NAMES};
use crate::model::{Model, UsageId};
use crate::stats::{FEW_EVENTS, Interval, Moments};
use crate::study::RatioMoments;
use crate::time::MICROS_PER_SECOND;

const SECOND: f64 = MICROS_PER_SECOND as f64;

/// A share of downtime with its interval, unless events are few.
pub(super) type Share = (f64, Option<Interval>);

/// Sums over replications.
pub(super) struct Shares {
    /// Subjects by cause.
    of_cause: Vec<Vec<usize>>,
    initiated: Vec<RatioMoments>,
    shared: Vec<RatioMoments>,
    /// Replications in which each subject has a part.
    parts: Vec<u64>,
    /// Downtime that each cause initiates.
    causes: Vec<f64>,
    crews: Vec<usize>,
    crew_stage: usize,
    down: Moments,
}

impl Shares {
    pub(super) fn new(model: &Model, subjects: &[Subject]) -> Self {
        let mut of_cause = vec![Vec::new(); model.causes.len()];
        for (number, subject) in subjects.iter().enumerate() {
            subject.causes.iter().for_each(|cause| of_cause[cause.index()].push(number));
        }
        let is_crew = |subject: &Subject| matches!(subject.what, What::Crew(_));
        Self {
            of_cause,
            initiated: vec![RatioMoments::default(); subjects.len()],
            shared: vec![RatioMoments::default(); subjects.len()],
            parts: vec![0; subjects.len()],
            causes: vec![0.0; model.causes.len()],
            crews: (0..subjects.len()).filter(|number| is_crew(&subjects[*number])).collect(),
            crew_stage: STAGE_NAMES.iter().position(|name| *name == "wait for crew").unwrap_or(0),
            down: Moments::default(),
        }
    }

    /// Adds a replication; to be called in their order.
    pub(super) fn add(&mut self, usages: &[(UsageId, f64)], figures: &Figures) {
        let mut sums: Vec<(usize, f64, f64)> = Vec::new();
        let (mut total, mut waiting) = (0.0, 0.0);
        for (usage, users) in usages {
            let Some(found) = figures.usages.get(usage.index()) else { continue };
            total += users * found.down.micros_f64() / SECOND;
            waiting += users * found.stages.get(self.crew_stage).copied().unwrap_or(0.0) / SECOND;
            for part in &found.causes {
                let (initiated, shared) = (users * part.initiated / SECOND, users * part.shared / SECOND);
                self.causes[part.cause.index()] += initiated;
                for subject in &self.of_cause[part.cause.index()] {
                    match sums.iter_mut().find(|(known, ..)| known == subject) {
                        Some((_, i, s)) => (*i, *s) = (*i + initiated, *s + shared),
                        None => sums.push((*subject, initiated, shared)),
                    }
                }
            }
        }
        self.down.push(total);
        sums.extend(self.crews.iter().filter(|_| waiting > 0.0).map(|crew| (*crew, 0.0, waiting)));
        for (subject, initiated, shared) in sums {
            self.initiated[subject].add(initiated, total);
            self.shared[subject].add(shared, total);
            self.parts[subject] += u64::from(shared > 0.0);
        }
    }

    /// Initiated and shared; of a crew all the time in which users wait for any crew.
    pub(super) fn of(&self, subject: usize) -> [Share; 2] {
        let few = self.parts[subject] < FEW_EVENTS;
        [&self.initiated, &self.shared].map(|sums| sums[subject].ratio(&self.down, few))
    }

    /// The share of downtime that each cause initiates, in the order of the model.
    pub(super) fn of_causes(&self) -> Vec<f64> {
        let all = self.down.mean() * self.down.count() as f64;
        self.causes.iter().map(|sum| if all > 0.0 { sum / all } else { 0.0 }).collect()
    }
}
