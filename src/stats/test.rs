//! Tests of "no difference", and what is left of them when many are made at once.

use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta::checked_beta_reg;

use super::Moments;

/// The probability of a mean at least so far from 0, in either direction, where the true mean is 0; nothing below two
/// values.
///
/// Formula: P(|T| >= |mean| / standard error), T Student with n - 1 degrees of freedom.
///
/// Source: Student, Biometrika 6 (1908) 1-25.
#[must_use]
pub fn student_test(moments: &Moments) -> Option<f64> {
    let error = moments.standard_error()?;
    let mean = moments.mean().abs();
    if mean == 0.0 || error == 0.0 {
        return Some(if mean == 0.0 { 1.0 } else { 0.0 });
    }
    let student = StudentsT::new(0.0, 1.0, (moments.count() - 1) as f64).ok()?;
    Some((2.0 * student.sf(mean / error)).min(1.0))
}

/// The probability of two means at least so far apart where the true ones are equal: mean, standard error and number of
/// values of each.
///
/// Formula: t = difference / sqrt(e1^2 + e2^2) with (e1^2 + e2^2)^2 / (e1^4 / (n1 - 1) + e2^4 / (n2 - 1)) degrees of freedom.
///
/// Source: B. L. Welch, Biometrika 34 (1947) 28-35.
#[must_use]
pub fn welch_test(first: (f64, f64, u64), second: (f64, f64, u64)) -> f64 {
    let (a, b) = (first.1 * first.1, second.1 * second.1);
    let difference = (second.0 - first.0).abs();
    if difference == 0.0 || a + b == 0.0 {
        return if difference == 0.0 { 1.0 } else { 0.0 };
    }
    let part = |square: f64, count: u64| square * square / count.saturating_sub(1).max(1) as f64;
    let freedom = (a + b) * (a + b) / (part(a, first.2) + part(b, second.2));
    StudentsT::new(0.0, 1.0, freedom).map_or(1.0, |t| (2.0 * t.sf(difference / libm::sqrt(a + b))).min(1.0))
}

/// The probability of so uneven a split of `below` + `above` differences that are not 0, if each is as likely to be
/// below 0 as above.
///
/// Formula: min(1, 2 P(X <= min(below, above))), X binomial with probability 1/2.
///
/// Source: W. J. Dixon and A. M. Mood, Journal of the American Statistical Association 41 (1946) 557-566.
///
/// # Examples
///
/// ```
/// use blackstart::stats::sign_test;
/// assert!((sign_test(0, 6) - 2.0 / 64.0).abs() < 1e-12);
/// assert_eq!(sign_test(3, 3), 1.0);
/// ```
#[must_use]
pub fn sign_test(below: u64, above: u64) -> f64 {
    rate_test((below, 1.0), (above, 1.0))
}

/// The probability of two counts of rare events at least so uneven, if both have the same rate in their exposures.
///
/// Formula: given the sum of both, each is binomial with its share of the exposure; min(1, 2 P(so few or fewer)), or
/// so many or more.
///
/// Source: J. Przyborowski and H. Wilenski, Biometrika 31 (1940) 313-323.
#[must_use]
pub fn rate_test(first: (u64, f64), second: (u64, f64)) -> f64 {
    let (all, exposure) = (first.0 + second.0, first.1 + second.1);
    if all == 0 || exposure <= 0.0 {
        return 1.0;
    }
    let share = first.1 / exposure;
    let tail = at_most(first.0, all, share).min(at_most(second.0, all, 1.0 - share));
    (2.0 * tail).min(1.0)
}

/// P(X <= successes), X binomial.
fn at_most(successes: u64, trials: u64, p: f64) -> f64 {
    if successes >= trials {
        return 1.0;
    }
    let (hits, misses) = (successes as f64 + 1.0, (trials - successes) as f64);
    checked_beta_reg(misses, hits, 1.0 - p).unwrap_or(1.0)
}

/// Probabilities of tests, adjusted for being so many: those at most a level may all be called significant at it, and
/// the probability of any wrong call is at most the level, however the tests depend on each other.
///
/// Formula: in rising order, the largest (m - j + 1) p_j so far, at most 1; m tests, j from 1.
///
/// Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
///
/// # Examples
///
/// ```
/// use blackstart::stats::holm;
/// assert_eq!(holm(&[0.5, 0.0125]), [0.5, 0.025]);
/// ```
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = p.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut adjusted = vec![1.0; p.len()];
    let mut largest = 0.0_f64;
    for (rank, (place, p)) in order.iter().enumerate() {
        largest = largest.max((order.len() - rank) as f64 * p).min(1.0);
        if let Some(adjusted) = adjusted.get_mut(*place) {
            *adjusted = largest;
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Student's sleep data (1908): R's t.test gives t = 4.0621 and p = 0.002833.
    #[test]
    fn student_of_the_sleep_data() {
        let moments: Moments = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4].into_iter().collect();
        assert!((student_test(&moments).unwrap() - 0.002_833).abs() < 1e-6);
        let of = |values: &[f64]| student_test(&values.iter().copied().collect());
        assert_eq!(
            (of(&[1.0]), of(&[0.0, 0.0]), of(&[2.0, 2.0]), of(&[-1.0, 1.0])),
            (None, Some(1.0), Some(0.0), Some(1.0))
        );
    }

    /// Equal variances and numbers: Student's test with 2 (n - 1) degrees of freedom; t of 18 degrees, 5 %, is 2.100922.
    #[test]
    fn welch_of_equal_variances_is_student() {
        let p = welch_test((0.0, 1.0, 10), (2.100_922 * 2.0_f64.sqrt(), 1.0, 10));
        assert!((p - 0.05).abs() < 1e-6, "{p}");
        assert_eq!(
            (welch_test((1.0, 0.0, 9), (1.0, 0.0, 9)), welch_test((1.0, 0.0, 9), (2.0, 0.0, 9))),
            (1.0, 0.0)
        );
    }

    /// Values of R's binom.test and poisson.test.
    #[test]
    fn exact_tests_give_published_values() {
        assert!((sign_test(2, 10) - 0.038_574).abs() < 1e-6);
        assert!((sign_test(10, 2) - 0.038_574).abs() < 1e-6);
        assert_eq!(sign_test(0, 0), 1.0);
        assert!((sign_test(1, 0) - 1.0).abs() < 1e-12);
        // Twice the tail P(X <= 1), X binomial (11, 1/2): 2 x 12 / 2048.
        assert!((rate_test((1, 5.0), (10, 5.0)) - 24.0 / 2048.0).abs() < 1e-12);
        // A tenth of the exposure, none of 10: 2 x 0.9^10.
        assert!((rate_test((0, 1.0), (10, 9.0)) - 2.0 * 0.9_f64.powi(10)).abs() < 1e-12);
    }

    /// R's p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") in another order.
    #[test]
    fn holm_gives_what_r_gives() {
        let adjusted = holm(&[0.05, 0.01, 0.04, 0.02, 0.03]);
        for (found, wanted) in adjusted.iter().zip([0.09, 0.05, 0.09, 0.08, 0.09]) {
            assert!((found - wanted).abs() < 1e-12, "{adjusted:?}");
        }
        assert!(holm(&[]).is_empty());
    }
}
