//! Whether a baseline is one of the same system: what only one of the two has, and what tells that they are two.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{Model, UsageId};
use crate::study::summary::Summary;

/// A journey of a population that only one of the two has, so that its change cannot be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmatched {
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// Which of the two has it.
    pub stands_in: StandsIn,
}

/// Which of two systems has something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandsIn {
    /// It is gone: nobody can say that it has not become worse.
    Baseline,
    /// It is new: there is nothing that it could be worse than.
    Scenario,
}

/// What tells one system from another, whatever its figures are: those are what a change changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    title: String,
    start_unix_s: f64,
    /// Journeys of populations.
    usages: Vec<(String, String)>,
    components: BTreeSet<String>,
}

impl Identity {
    /// Of a system.
    #[must_use]
    pub fn of_model(model: &Model) -> Self {
        let usage = |usage: usize| {
            let (journey, population) = model.usage_name(UsageId::at(usage));
            (journey.to_owned(), population.to_owned())
        };
        // Those that a run's results name.
        let components = model.components.iter().filter(|component| !component.kind.is_derived());
        Self {
            title: model.title.clone(),
            start_unix_s: model.start_unix_micros as f64 / 1e6,
            usages: (0..model.usages.len()).map(usage).collect(),
            components: components.map(|component| component.name.clone()).collect(),
        }
    }

    /// Of the system that was run.
    #[must_use]
    pub fn of_run(run: &Summary) -> Self {
        Self {
            title: run.title.clone(),
            start_unix_s: run.start_unix_s,
            usages: run.journeys.iter().map(|j| (j.journey.clone(), j.population.clone())).collect(),
            components: run.components.iter().map(|c| c.component.clone()).collect(),
        }
    }

    /// True if the two have a journey of a population in common.
    #[must_use]
    pub fn shares_a_journey(&self, other: &Self) -> bool {
        self.usages.iter().any(|usage| other.usages.contains(usage))
    }

    /// By what `now` may be another system than this one.
    #[must_use]
    pub fn unlike(&self, now: &Self) -> Vec<Unlike> {
        let mut all = Vec::new();
        if self.title != now.title {
            all.push(Unlike::Title { was: self.title.clone(), is: now.title.clone() });
        }
        if self.start_unix_s != now.start_unix_s {
            all.push(Unlike::Start { was_unix_s: self.start_unix_s, is_unix_s: now.start_unix_s });
        }
        let kept = self.components.intersection(&now.components).count();
        if 2 * kept < self.components.len() {
            all.push(Unlike::Components { kept: kept as u64, of: self.components.len() as u64 });
        }
        all
    }
}

/// Something by which the baseline may be of another system.
#[derive(Debug, Clone, PartialEq)]
pub enum Unlike {
    /// It is called otherwise.
    Title {
        /// In the baseline.
        was: String,
        /// Now.
        is: String,
    },
    /// It begins at another time, seconds since 1970-01-01T00:00:00Z.
    Start {
        /// In the baseline.
        was_unix_s: f64,
        /// Now.
        is_unix_s: f64,
    },
    /// Less than half of the baseline's components are there.
    Components {
        /// How many are.
        kept: u64,
        /// Of how many.
        of: u64,
    },
}

/// What only one of the two has, that of the baseline first.
#[must_use]
pub fn unmatched(baseline: &Identity, now: &Identity) -> Vec<Unmatched> {
    let only = |of: &Identity, other: &Identity, stands_in: StandsIn| -> Vec<Unmatched> {
        let usages = of.usages.iter().filter(|usage| !other.usages.contains(usage));
        usages
            .map(|(journey, population)| Unmatched {
                journey: journey.clone(),
                population: population.clone(),
                stands_in,
            })
            .collect()
    };
    [only(baseline, now, StandsIn::Baseline), only(now, baseline, StandsIn::Scenario)].concat()
}
