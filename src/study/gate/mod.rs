//! A gate: whether a system meets its objectives, and whether it is no worse than before, each with an answer that may
//! also be "not certain yet".

mod change;
mod objective;
mod same;

use serde::{Deserialize, Serialize};

pub use self::change::{changes_from_comparison, changes_from_run};
pub use self::objective::{ObjectiveOf, check_objectives, check_objectives_of, objectives};
pub use self::same::{Identity, StandsIn, Unlike, Unmatched, unmatched};

/// What is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is as it should be.
    Passed,
    /// It is not as it should be.
    Failed,
    /// Too few replications to tell.
    Undecided,
}

/// What was checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An objective in a calendar month.
    Objective {
        /// The availability that is asked for.
        availability: f64,
        /// "2026-03".
        month: String,
    },
    /// The difference from a baseline.
    Change {
        /// What the baseline is called.
        baseline: String,
    },
}

/// One check of a gate, about downtime. Seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub subject: Subject,
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// Mean downtime in the month; of a change, mean difference from the baseline.
    pub mean_s: f64,
    /// Lower end of what it may be, with the confidence of all checks of this kind together; nothing if it is not known.
    pub low_s: Option<f64>,
    /// Upper end.
    pub high_s: Option<f64>,
    /// What it may be at most: downtime that the objective allows; of a change, the margin, if one is given.
    pub allowed_s: Option<f64>,
    /// True if few long outages make most of the mean, so that it may be above `high_s`: nothing passes by that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skewed: bool,
    /// What is certain.
    pub decision: Decision,
}

/// What all checks together come to: failed if one has, else undecided if one is.
#[must_use]
pub fn decided(checks: &[Check]) -> Decision {
    let any = |decision| checks.iter().any(|check| check.decision == decision);
    [Decision::Failed, Decision::Undecided].into_iter().find(|d| any(*d)).unwrap_or(Decision::Passed)
}
