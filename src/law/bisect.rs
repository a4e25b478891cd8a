//! Quantiles of laws that have no formula for them.

/// The smallest number from `low` to `high` at which `reached` holds; `high` if it holds at none before.
///
/// `reached` must stay true once it is, and neither end be negative.
///
/// Formula: bisection down to neighbouring numbers, at most 63 steps.
pub(super) fn smallest(low: f64, high: f64, reached: impl Fn(f64) -> bool) -> f64 {
    // The bits of numbers that are not negative are ordered as the numbers are.
    let (mut low, mut high) = (low.to_bits(), high.to_bits());
    while low < high {
        let middle = low + (high - low) / 2;
        if reached(f64::from_bits(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    f64::from_bits(high)
}

#[cfg(test)]
mod tests {
    use super::smallest;

    #[test]
    fn smallest_is_exact() {
        for target in [0.0, f64::MIN_POSITIVE, 0.3, 1e300, f64::INFINITY] {
            assert_eq!(smallest(0.0, f64::INFINITY, |x| x >= target), target);
        }
        assert_eq!(smallest(1.0, 2.0, |_| false), 2.0);
    }
}
