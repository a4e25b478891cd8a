//! Values of two systems on common random numbers: by how much they differ, and what pairing saves.

use crate::stats::Moments;

/// Values nearer to each other than this share of the larger one differ by rounding, and count as equal.
pub(in crate::study) const ROUNDING: f64 = 1e-9;

/// Second - first; 0 where they differ by rounding.
pub(in crate::study) fn differences(first: &[f64], second: &[f64]) -> Vec<f64> {
    let difference = |(a, b): (&f64, &f64)| {
        let difference = b - a;
        if difference.abs() <= ROUNDING * a.abs().max(b.abs()) { 0.0 } else { difference }
    };
    first.iter().zip(second).map(difference).collect()
}

/// The variance of the difference of independent runs over that of the paired one; nothing where the paired difference does not
/// vary, or by no more than rounding of the values that it is the difference of.
///
/// Formula: (Var a + Var b) / Var d; none if Var d <= (1e-9)^2 x the larger mean square of a and b.
pub(in crate::study) fn variance_reduction(
    first: &Moments,
    second: &Moments,
    difference: &Moments,
) -> Option<f64> {
    let (a, b, paired) = (first.variance()?, second.variance()?, difference.variance()?);
    let mean_square = |moments: &Moments, variance: f64| moments.mean() * moments.mean() + variance;
    let largest = mean_square(first, a).max(mean_square(second, b));
    (paired > ROUNDING * ROUNDING * largest).then(|| (a + b) / paired)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduction(first: &[f64], second: &[f64]) -> Option<f64> {
        let moments = |values: &[f64]| values.iter().copied().collect::<Moments>();
        let paired = differences(first, second);
        variance_reduction(&moments(first), &moments(second), &moments(&paired))
    }

    #[test]
    fn rounding_is_no_variance() {
        let first: Vec<f64> = (0..50).map(|k| f64::from(k * k) / 7.0 + 1e6).collect();
        let more = |by: f64| first.iter().map(|value| value + by).collect::<Vec<f64>>();
        // The difference is the same but for the last bits of the sums.
        assert!(differences(&first, &more(0.3)).iter().any(|d| *d != 0.3));
        assert_eq!(reduction(&first, &more(0.3)), None);
        assert_eq!(reduction(&first, &first), None);
        // One in 50 differs by a thousandth of the spread: that is a difference.
        let mut other = first.clone();
        other[7] += 0.1;
        assert!(reduction(&first, &other).is_some_and(|cut| cut > 1e4));
        assert_eq!(reduction(&[1.0], &[2.0]), None);
    }
}
