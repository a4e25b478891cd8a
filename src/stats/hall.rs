//! An interval of the mean of skewed values.

use super::{Interval, Moments, student_factor};

/// The interval for a mean of values of this skewness, the longer way on the side of the long tail; nothing below two
/// values.
///
/// Formula: mean - standard error x T(+-t), t Student's quantile, T(z) = 3 ((1 + a (z - a / 6))^(1/3) - 1) / a, a = skewness /
/// sqrt(n).
///
/// Where values lie on both sides of 0 their sample skewness is often chance, and Student's interval is better.
///
/// Source: P. Hall, Journal of the Royal Statistical Society B 54 (1992) 221-228.
#[must_use]
pub fn hall(moments: &Moments, skewness: f64, confidence: f64) -> Option<Interval> {
    let error = moments.standard_error()?;
    let factor = student_factor(moments.count(), confidence)?;
    let end = |z: f64| moments.mean() - error * studentised(relative(moments, skewness), z);
    Some(Interval { low: end(factor), high: end(-factor) })
}

/// Skewness of the mean itself.
fn relative(moments: &Moments, skewness: f64) -> f64 {
    skewness / libm::sqrt(moments.count() as f64)
}

/// The studentised mean that the cubic takes to `z`.
fn studentised(a: f64, z: f64) -> f64 {
    if a == 0.0 { z } else { 3.0 * (libm::cbrt(1.0 + a * (z - a / 6.0)) - 1.0) / a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::student_t;

    fn rare() -> Moments {
        (0..400).map(|k| if k % 20 == 0 { 40.0 } else { 1.0 }).collect()
    }

    #[test]
    fn without_skewness_it_is_students() {
        let moments = rare();
        assert_eq!(hall(&moments, 0.0, 0.95), student_t(&moments, 0.95));
        assert_eq!(hall(&[1.0].into_iter().collect(), 3.0, 0.95), None);
    }

    /// n = 400 and skewness 10: a = 0.5. z = -1.965927 gives 3 (cbrt(1 - 0.5 x 2.049260) - 1) / 0.5 = -7.748.
    #[test]
    fn it_reaches_to_the_long_tail() {
        let moments = rare();
        let error = moments.standard_error().unwrap();
        let found = hall(&moments, 10.0, 0.95).unwrap();
        assert!(((found.high - moments.mean()) / error - 7.748).abs() < 1e-2, "{found:?}");
        let mirrored = hall(&moments, -10.0, 0.95).unwrap();
        let (right, left) = (found.high - moments.mean(), moments.mean() - mirrored.low);
        assert!((right - left).abs() < 1e-12 && found.low > student_t(&moments, 0.95).unwrap().low);
    }
}
