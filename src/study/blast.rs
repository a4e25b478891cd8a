//! Blast radius: how far an initiating event reaches, given that it occurs.

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use super::tally::{CauseTally, Tally};
use crate::model::Model;
use crate::stats::{Interval, clopper_pearson};

/// What one occurrence of a cause does to the users of a journey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CauseHit {
    /// The cause.
    pub cause: String,
    /// Occurrences in all replications.
    pub occurrences: u64,
    /// Those that had a part in any downtime.
    pub hits: u64,
    /// Probability that an occurrence has a part in any downtime.
    pub hit_probability: f64,
    /// Its interval; occurrences count as independent.
    pub hit_interval: Interval,
    /// Mean user-minutes of downtime by its share, of each occurrence.
    ///
    /// Units: user-minutes.
    pub user_minutes_per_occurrence: f64,
}

/// The causes that hit users, by what they cost, the most first.
pub(super) fn hits(model: &Model, tally: &Tally, sums: &[CauseTally], users: f64) -> Vec<CauseHit> {
    let occurred = sums.iter().zip(&tally.occurrences).enumerate();
    let mut hits: Vec<CauseHit> = occurred
        .filter(|(_, (sum, occurrences))| sum.hits > 0 && **occurrences > 0)
        .map(|(cause, (sum, occurrences))| {
            let hits = sum.hits.min(*occurrences);
            CauseHit {
                cause: model.causes[cause].clone(),
                occurrences: *occurrences,
                hits,
                hit_probability: hits as f64 / *occurrences as f64,
                hit_interval: clopper_pearson(hits, *occurrences, CONFIDENCE),
                user_minutes_per_occurrence: users * sum.shared.sum() / *occurrences as f64 / 60.0,
            }
        })
        .collect();
    let total = |hit: &CauseHit| hit.user_minutes_per_occurrence * hit.occurrences as f64;
    hits.sort_by(|a, b| total(b).total_cmp(&total(a)).then(a.cause.cmp(&b.cause)));
    hits
}
