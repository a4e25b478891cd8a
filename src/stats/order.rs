//! Intervals for quantiles that assume nothing about the distribution.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::bisect::smallest_whole;
use super::interval::tail;

/// The two-sided interval for the `p` quantile from `sorted` values, rising; an end is nothing (open) where they are too
/// few.
///
/// Formula: the number of n values up to the quantile is binomial (n, p). The lower end is the value of the
/// largest rank r with P(fewer than r) < (1 - confidence) / 2, the upper one that of the smallest rank with
/// P(as many or more) at most the same.
///
/// Source: W. J. Conover, Practical Nonparametric Statistics, section 3.2.
#[must_use]
pub fn order_statistic_interval(sorted: &[f64], p: f64, confidence: f64) -> (Option<f64>, Option<f64>) {
    let (low, high) = ranks(sorted.len() as u64, p, tail(confidence));
    let at = |rank: u64| sorted.get(rank as usize - 1).copied();
    (low.and_then(at), high.and_then(at))
}

/// Ranks from 1 of the two ends.
fn ranks(count: u64, p: f64, tail: f64) -> (Option<u64>, Option<u64>) {
    let Ok(below) = Binomial::new(p, count) else { return (None, None) };
    let low = smallest_whole(0, count, |number| below.cdf(number) >= tail);
    let high = smallest_whole(0, count, |number| below.sf(number) <= tail) + 1;
    ((low > 0).then_some(low), (high <= count).then_some(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranks for the median at 95 %, from the tables.
    #[test]
    fn median_ranks_give_the_tables() {
        for (count, low, high) in [(6, 1, 6), (8, 1, 8), (10, 2, 9), (20, 6, 15), (30, 10, 21), (100, 40, 61)]
        {
            assert_eq!(ranks(count, 0.5, 0.025), (Some(low), Some(high)), "{count}");
        }
        assert_eq!(ranks(5, 0.5, 0.025), (None, None));
    }

    /// 0.99^367 = 0.02501, 0.99^368 = 0.02476.
    #[test]
    fn a_99_per_cent_quantile_needs_368_observations() {
        assert_eq!(ranks(367, 0.99, 0.025).1, None);
        assert_eq!(ranks(368, 0.99, 0.025).1, Some(368));
    }

    /// The exact coverage of the chosen ranks, summed term by term, is at least what was asked for, and with
    /// either rank one nearer it would not be.
    #[test]
    fn ranks_are_the_tightest() {
        for (count, p) in [(50_u64, 0.5), (400, 0.99), (997, 0.9), (10_000, 0.99)] {
            let tails = |rank: u64| -> (f64, f64) {
                let mut mass = libm::exp(count as f64 * libm::log1p(-p));
                let (mut fewer, mut more) = (0.0, 0.0);
                if mass == 0.0 {
                    // Too small to start from: sum in logarithms instead.
                    let log = |k: u64| {
                        libm::lgamma(count as f64 + 1.0)
                            - libm::lgamma(k as f64 + 1.0)
                            - libm::lgamma((count - k) as f64 + 1.0)
                            + k as f64 * libm::log(p)
                            + (count - k) as f64 * libm::log1p(-p)
                    };
                    for k in 0..=count {
                        *(if k < rank { &mut fewer } else { &mut more }) += libm::exp(log(k));
                    }
                } else {
                    for k in 0..=count {
                        *(if k < rank { &mut fewer } else { &mut more }) += mass;
                        mass *= (count - k) as f64 / (k + 1) as f64 * (p / (1.0 - p));
                    }
                }
                (fewer, more)
            };
            let (low, high) = ranks(count, p, 0.025);
            let (low, high) = (low.unwrap(), high.unwrap());
            assert!(tails(low).0 <= 0.025 && tails(low + 1).0 > 0.025, "{count} {p}: low {low}");
            assert!(tails(high).1 <= 0.025 && tails(high - 1).1 > 0.025, "{count} {p}: high {high}");
        }
    }

    #[test]
    fn an_end_is_open_where_values_are_too_few() {
        let sorted: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(order_statistic_interval(&sorted, 0.5, 0.95), (Some(40.0), Some(61.0)));
        assert_eq!(order_statistic_interval(&sorted, 0.99, 0.95), (Some(97.0), None));
        assert_eq!(order_statistic_interval(&[], 0.5, 0.95), (None, None));
    }
}
