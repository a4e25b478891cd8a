//! Which subject leads, and which are not told apart from it: a leader by chance is none.

use serde::Serialize;

use crate::stats::{MeanEstimate, Moments};
use crate::study::CONFIDENCE;
use crate::study::compare::p_value;
use crate::study::pairing::differences;

/// How a subject stands to the one with the largest sure mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is that one.
    First,
    /// It has the same value as that one in every replication.
    Same,
    /// It may have more than that one: the paired difference is not told from chance.
    NotToldApart,
}

/// A subject with a column of what its variant does, one value per replication.
pub(super) struct Candidate {
    /// Which subject.
    pub(super) subject: usize,
    /// The mean difference from the system as it is, as something of which more leads.
    pub(super) mean: f64,
    /// True if that mean is surely more than 0.
    pub(super) is_sure: bool,
    /// The figure in the variant.
    pub(super) values: Vec<f64>,
}

impl Candidate {
    /// Of a subject whose variant differs by `difference`, with `sign` -1 where less leads.
    pub(super) fn new(subject: usize, sign: f64, difference: &MeanEstimate, values: Vec<f64>) -> Self {
        let ends = difference.interval.map(|interval| (sign * interval.low, sign * interval.high));
        Self {
            subject,
            mean: sign * difference.mean,
            is_sure: ends.is_some_and(|(a, b)| a > 0.0 && b > 0.0),
            values,
        }
    }
}

/// Candidates that are kept; of more the one with the least mean is dropped, so that memory does not grow with their number.
const MOST: usize = 100;

/// What is replayed, as far as it may lead.
#[derive(Default)]
pub(super) struct Candidates(Vec<Candidate>);

impl Candidates {
    pub(super) fn add(&mut self, candidate: Candidate) {
        self.0.push(candidate);
        let least = (0..self.0.len()).min_by(|a, b| self.0[*a].mean.total_cmp(&self.0[*b].mean));
        if let Some(least) = least.filter(|_| self.0.len() > MOST) {
            self.0.swap_remove(least);
        }
    }

    pub(super) fn standings(&self) -> Vec<(usize, Standing)> {
        standings(&self.0)
    }
}

/// How candidates stand to the one with the largest sure mean; nothing if none is sure. Those that are surely less, and those
/// whose mean is not above 0, are left out.
///
/// Formula: paired tests of the leader against each other one by the rule of comparisons, the smallest probability first, each
/// times the number r (r - 1) / 2 of pairs of the r candidates that are left. The first that is above 5 % and all behind it
/// are not told apart.
///
/// All pairs count, not only those with the leader, since the same values have chosen the leader: with equal candidates one of
/// them is left out in at most 5 % of all runs.
///
/// Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
fn standings(candidates: &[Candidate]) -> Vec<(usize, Standing)> {
    let leads = |a: &&Candidate, b: &&Candidate| a.mean.total_cmp(&b.mean).then(b.subject.cmp(&a.subject));
    let Some(first) = candidates.iter().filter(|c| c.is_sure).max_by(leads) else { return Vec::new() };
    let others = candidates.iter().filter(|c| c.subject != first.subject && c.mean > 0.0);
    let mut tested: Vec<(f64, usize, Standing)> = others.map(|other| against(first, other)).collect();
    tested.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let number = tested.len();
    let is_apart = |(place, (p, ..)): &(usize, &(f64, usize, Standing))| {
        let left = (number - place + 1) as f64;
        p * left * (left - 1.0) / 2.0 <= 1.0 - CONFIDENCE
    };
    let apart = tested.iter().enumerate().take_while(is_apart).count();
    let rest = tested.into_iter().skip(apart).map(|(_, subject, standing)| (subject, standing));
    std::iter::once((first.subject, Standing::First)).chain(rest).collect()
}

/// The probability of so large a paired difference by chance, and what there is to say if that is large.
fn against(first: &Candidate, other: &Candidate) -> (f64, usize, Standing) {
    let paired = differences(&first.values, &other.values);
    let below = paired.iter().filter(|d| **d < 0.0).count() as u64;
    let above = paired.iter().filter(|d| **d > 0.0).count() as u64;
    if below + above == 0 {
        return (1.0, other.subject, Standing::Same);
    }
    // It is not sure by itself, or it would lead.
    if other.mean > first.mean {
        return (1.0, other.subject, Standing::NotToldApart);
    }
    let moments: Moments = paired.into_iter().collect();
    (p_value(&moments, below, above), other.subject, Standing::NotToldApart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Replication, StreamName};

    /// Values 100 + uniform in 50 replications, each candidate more by its own amount.
    fn candidates(seed: u64, more: &[f64]) -> Vec<Candidate> {
        let of = |(subject, more): (usize, &f64)| {
            let stream = StreamName::new(&format!("c{subject}"), "leaders");
            let value = |n: u64| more + 100.0 + Replication::new(seed, n).draw(stream, 0).uniform();
            let values: Vec<f64> = (0..50).map(value).collect();
            let difference = MeanEstimate::of(&values, CONFIDENCE);
            Candidate::new(subject, 1.0, &difference, values)
        };
        more.iter().enumerate().map(of).collect()
    }

    /// Standard error of a difference of two means: sqrt(2 / 12 / 50) = 0.058. A lead of 1 is 17 of them.
    #[test]
    fn a_sure_leader_stands_alone() {
        assert_eq!(standings(&candidates(1, &[0.0, 1.0, 0.0])), [(1, Standing::First)]);
        assert_eq!(standings(&[]), []);
    }

    #[test]
    fn equal_values_stand_together() {
        let mut all = candidates(1, &[1.0, 0.0, 1.0]);
        all[2].values = all[0].values.clone();
        all[2].mean = all[0].mean;
        assert_eq!(standings(&all), [(0, Standing::First), (2, Standing::Same)]);
    }

    /// Of four equal ones all are named in at least 95 % of 400 runs, less 4 standard errors sqrt(0.05 x 0.95 / 400) = 0.011; and
    /// hardly ever one alone: three wrong calls at once, below 5 % all the more.
    #[test]
    fn a_leader_by_chance_is_not_named_alone() {
        let found: Vec<usize> = (0..400).map(|seed| standings(&candidates(seed, &[0.0; 4])).len()).collect();
        let share = |of: &dyn Fn(usize) -> bool| {
            found.iter().filter(|names| of(**names)).count() as f64 / found.len() as f64
        };
        assert!(share(&|names| names == 4) >= 0.95 - 4.0 * 0.011, "{}", share(&|names| names == 4));
        assert!(share(&|names| names == 1) <= 0.005, "{}", share(&|names| names == 1));
    }

    #[test]
    fn what_is_not_sure_does_not_lead() {
        let mut all = candidates(1, &[1.0, 0.0]);
        all[0].is_sure = false;
        assert_eq!(standings(&all), [(1, Standing::First), (0, Standing::NotToldApart)]);
        all[1].is_sure = false;
        assert_eq!(standings(&all), []);
    }
}
