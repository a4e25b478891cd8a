//! The law of observed values.

use super::error::not_negative;
use super::{Distribution, Law, LawError};
use crate::random::Draw;

/// One of several values, each equally likely.
#[derive(Debug, Clone, PartialEq)]
pub struct Empirical {
    sorted: Vec<f64>,
    /// Sums of the values up to and with each.
    sums: Vec<f64>,
}

impl Law {
    /// One of `values`, each equally likely; a value that occurs twice is twice as likely.
    ///
    /// Errors: at least one value; all must be finite numbers, 0 or above.
    pub fn empirical(values: Vec<f64>) -> Result<Self, LawError> {
        if values.is_empty() {
            return Err(LawError::Empty { law: "Empirical", parameter: "values" });
        }
        let mut sorted = values;
        for value in &sorted {
            not_negative("Empirical", "value", *value)?;
        }
        sorted.sort_by(f64::total_cmp);
        let sums = running_sums(sorted.iter().copied());
        Ok(Self::Empirical(Empirical { sorted, sums }))
    }
}

/// Sums of the terms up to and with each.
pub(super) fn running_sums(terms: impl Iterator<Item = f64>) -> Vec<f64> {
    let add = |sum: &mut f64, term: f64| {
        *sum += term;
        Some(*sum)
    };
    terms.scan(0.0, add).collect()
}

/// The index of the term in which the share `u` of the whole sum falls.
pub(super) fn falls_in(sums: &[f64], u: f64) -> usize {
    let last = sums.len().saturating_sub(1);
    let target = u * sums.get(last).copied().unwrap_or(0.0);
    sums.partition_point(|sum| *sum <= target).min(last)
}

impl Empirical {
    /// Its values, the smallest first.
    pub(super) fn values(&self) -> &[f64] {
        &self.sorted
    }
}

impl Distribution for Empirical {
    /// Formula: each value is chosen with a probability proportional to itself.
    fn draw_length_biased(&self, draw: Draw) -> f64 {
        self.sorted[falls_in(&self.sums, draw.uniform())]
    }

    fn quantile(&self, p: f64) -> f64 {
        let count = self.sorted.len() as f64;
        let reaches = |rank: f64| rank / count >= p;
        // The product is rounded, so the rank may be one off either way.
        let near = (p * count).ceil();
        let rank = [near - 1.0, near].into_iter().find(|rank| reaches(*rank)).unwrap_or(near + 1.0);
        let index = (rank.max(1.0) as usize - 1).min(self.sorted.len() - 1);
        self.sorted[index]
    }

    fn cdf(&self, x: f64) -> f64 {
        let at_most = self.sorted.partition_point(|value| *value <= x);
        at_most as f64 / self.sorted.len() as f64
    }

    fn mean(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0) / self.sorted.len() as f64
    }
}
