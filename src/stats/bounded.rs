//! What the mean of bounded values can be at most, whatever their law.

use super::{Moments, interval::tail};

/// The upper end for a mean of values between 0 and `most`, as low as that of an interval of this confidence; `most`
/// below two values.
///
/// Formula: mean + sqrt(2 V ln(2 / d) / n) + 7 most ln(2 / d) / (3 (n - 1)), V the unbiased variance, d = (1 - confidence) / 2;
/// `most` if that is less.
///
/// Source: A. Maurer and M. Pontil, 22nd Conference on Learning Theory (2009), theorem 4.
///
/// # Examples
///
/// ```
/// use blackstart::stats::{Moments, upper_of_bounded};
/// // Never down in 10,000 months: at most 43 min of each, whatever may happen in them.
/// let never: Moments = vec![0.0; 10_000].into_iter().collect();
/// let high = upper_of_bounded(&never, 30.0 * 1_440.0, 0.95);
/// assert!((high - 44.17).abs() < 0.01);
/// ```
#[must_use]
pub fn upper_of_bounded(moments: &Moments, most: f64, confidence: f64) -> f64 {
    let Some(error) = moments.standard_error() else { return most };
    let log = libm::log(2.0 / tail(confidence));
    let rest = 7.0 * most * log / (3.0 * (moments.count() - 1) as f64);
    (moments.mean() + error * libm::sqrt(2.0 * log) + rest).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_values_bound_nothing() {
        for values in [vec![], vec![1.0], vec![0.0, 3.0]] {
            let moments: Moments = values.into_iter().collect();
            assert_eq!(upper_of_bounded(&moments, 7.0, 0.95), 7.0);
        }
    }

    /// A tenth of a million: mean 0.1, error 0.0003, ln(2 / 0.025) = 4.382, rest 1.02e-5.
    #[test]
    fn many_values_bound_it_well() {
        let moments: Moments = (0..1_000_000).map(|k| f64::from(u8::from(k % 10 == 0))).collect();
        let expected = 0.1 + 3e-4 * (2.0_f64 * 4.382_027).sqrt() + 7.0 * 4.382_027 / 3e6;
        assert!((upper_of_bounded(&moments, 1.0, 0.95) - expected).abs() < 1e-9);
    }
}
