//! Quantiles of observations that may have been cut short.

use serde::{Deserialize, Serialize};

/// One observed value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// What was observed.
    pub value: f64,
    /// True if observation ended there: the true value is larger.
    pub censored: bool,
}

/// A quantile of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Quantile {
    /// The quantile itself.
    At(f64),
    /// At least the largest observed value, which is this.
    Beyond(f64),
    /// There was no observation.
    NoData,
}

/// The estimated distribution function of values that may be censored.
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    /// Uncensored values, rising, each with the share of values up to it.
    steps: Vec<(f64, f64)>,
    largest: Option<f64>,
}

/// The distribution function of `observations`, which it sorts: by value, uncensored ones first.
///
/// Formula: a censored value hands its weight in equal parts to the larger ones. Without censoring this is
/// the empirical distribution function, to the last bit.
///
/// Source: E. L. Kaplan and P. Meier, JASA 53 (1958) 457-481; B. Efron, Proc. 5th Berkeley Symp. 4 (1967)
/// 831-853 (the form with weights).
///
/// # Examples
///
/// ```
/// use blackstart::stats::{Observation, Quantile, kaplan_meier};
/// let mut observations = [3.0, 1.0, 2.0].map(|value| Observation { value, censored: value == 3.0 });
/// let estimate = kaplan_meier(&mut observations);
/// assert_eq!(estimate.quantile(0.5), Quantile::At(2.0));
/// assert_eq!(estimate.quantile(0.9), Quantile::Beyond(3.0));
/// ```
pub fn kaplan_meier(observations: &mut [Observation]) -> KaplanMeier {
    observations.sort_by(|a, b| a.value.total_cmp(&b.value).then(a.censored.cmp(&b.censored)));
    let mut steps: Vec<(f64, f64)> = Vec::new();
    // Since the last censored value: the share below, how many were left, how many of them have come.
    // One product for the whole stretch, where a factor per value would gather rounding errors.
    let (mut below, mut left, mut come) = (0.0, observations.len(), 0);
    for (index, observation) in observations.iter().enumerate() {
        if observation.censored {
            below = share(below, come, left);
            (left, come) = (observations.len() - index - 1, 0);
        } else {
            come += 1;
            steps.push((observation.value, share(below, come, left)));
        }
    }
    KaplanMeier { steps, largest: observations.last().map(|observation| observation.value) }
}

fn share(below: f64, come: usize, left: usize) -> f64 {
    match come {
        0 => below,
        // The last value of all: exactly 1, not nearly.
        _ if come == left => 1.0,
        _ => below + (1.0 - below) * (come as f64 / left as f64),
    }
}

impl KaplanMeier {
    /// The smallest value whose share reaches `p`.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Quantile {
        let index = self.steps.partition_point(|(_, share)| *share < p);
        match (self.steps.get(index), self.largest) {
            (Some((value, _)), _) => Quantile::At(*value),
            (None, Some(largest)) => Quantile::Beyond(largest),
            (None, None) => Quantile::NoData,
        }
    }

    /// The estimated probability of a value of at most `x`.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        let index = self.steps.partition_point(|(value, _)| *value <= x);
        index.checked_sub(1).map_or(0.0, |last| self.steps[last].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Remission of leukaemia under 6-MP in weeks (Freireich et al., 1963), 12 of 21 censored; survival after
    /// each event as printed in the textbooks.
    #[test]
    fn freireichs_data() {
        let events = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(|weeks| (weeks, false));
        let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(|weeks| (weeks, true));
        let observe = |(weeks, censored)| Observation { value: f64::from(weeks), censored };
        let mut observations: Vec<_> = events.into_iter().chain(censored).map(observe).collect();
        let estimate = kaplan_meier(&mut observations);
        for (weeks, survival) in [
            (5.0, 1.0),
            (6.0, 0.857_143),
            (7.0, 0.806_723),
            (10.0, 0.752_941),
            (13.0, 0.690_196),
            (16.0, 0.627_451),
            (22.0, 0.537_815),
            (23.0, 0.448_179),
            (40.0, 0.448_179),
        ] {
            assert!((1.0 - estimate.cdf(weeks) - survival).abs() < 1e-6, "{weeks}: {}", estimate.cdf(weeks));
        }
        assert_eq!(estimate.quantile(0.5), Quantile::At(23.0));
        assert_eq!(estimate.quantile(0.6), Quantile::Beyond(35.0));
    }

    #[test]
    fn without_censoring_it_is_the_empirical_function() {
        for count in [1_u32, 7, 49, 100, 999] {
            let mut observations: Vec<_> = (0..count)
                .map(|k| Observation { value: f64::from((k * 7) % count), censored: false })
                .collect();
            let estimate = kaplan_meier(&mut observations);
            for rank in 1..=count {
                let p = f64::from(rank) / f64::from(count);
                let expected = observations[rank as usize - 1].value;
                assert_eq!(estimate.quantile(p), Quantile::At(expected), "{rank} of {count}");
                assert_eq!(estimate.quantile(p - 0.5 / f64::from(count)), Quantile::At(expected));
            }
        }
    }

    #[test]
    fn nothing_and_nothing_but_censored() {
        assert_eq!(kaplan_meier(&mut []).quantile(0.5), Quantile::NoData);
        let mut censored = [2.0, 1.0].map(|value| Observation { value, censored: true });
        assert_eq!(kaplan_meier(&mut censored).quantile(0.01), Quantile::Beyond(2.0));
    }
}
