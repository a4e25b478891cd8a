//! Inverses of functions that have no formula for them.

/// The smallest number from `low` to `high` at which `reached` holds; `high` if it holds at none before.
///
/// `reached` must stay true once it is, and neither end be negative.
///
/// Formula: bisection down to neighbouring numbers, at most 63 steps.
pub(crate) fn smallest(low: f64, high: f64, reached: impl Fn(f64) -> bool) -> f64 {
    // The bits of numbers that are not negative are ordered as the numbers are.
    let bits = smallest_whole(low.to_bits(), high.to_bits(), |bits| reached(f64::from_bits(bits)));
    f64::from_bits(bits)
}

/// The smallest whole number from `low` to `high` at which `reached` holds; `high` if at none before.
pub(super) fn smallest_whole(mut low: u64, mut high: u64, reached: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if reached(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
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
