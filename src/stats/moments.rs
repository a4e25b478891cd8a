//! Mean and variance in one pass.

/// Count, mean and variance of values fed one by one.
///
/// The same values in another order may give other last bits.
///
/// Source: B. P. Welford, Technometrics 4 (1962) 419-420.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// Sum of the squared distances from the mean.
    squares: f64,
}

impl Moments {
    /// Takes in one more value.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
    }

    /// The moments with so many zeros among the values as well.
    ///
    /// Source: T. F. Chan, G. H. Golub and R. J. LeVeque, The American Statistician 37 (1983) 242-247.
    #[must_use]
    pub fn with_zeros(&self, zeros: u64) -> Self {
        let count = self.count + zeros;
        if count == 0 {
            return Self::default();
        }
        let share = self.count as f64 / count as f64;
        Self {
            count,
            mean: self.mean * share,
            squares: self.squares + self.mean * self.mean * share * zeros as f64,
        }
    }

    /// How many values there were.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; 0 if there were none.
    #[must_use]
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// The unbiased estimate of their variance; nothing below two values.
    ///
    /// Formula: sum of (x - mean)^2 / (n - 1).
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.count >= 2).then(|| self.squares / (self.count - 1) as f64)
    }

    /// The standard error of the mean; nothing below two values.
    ///
    /// Formula: sqrt(variance / n).
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(|variance| libm::sqrt(variance / self.count as f64))
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        values.into_iter().fold(Self::default(), |mut moments, value| {
            moments.push(value);
            moments
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_a_small_sample() {
        let moments: Moments = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter().collect();
        assert_eq!((moments.count(), moments.mean()), (8, 5.0));
        assert_eq!(moments.variance(), Some(32.0 / 7.0));
        assert_eq!(moments.standard_error(), Some((4.0_f64 / 7.0).sqrt()));
    }

    #[test]
    fn zeros_may_come_later() {
        let some: Moments = [2.0, 4.0, 9.0].into_iter().collect();
        let all: Moments = [2.0, 0.0, 4.0, 0.0, 9.0].into_iter().collect();
        let zeros = some.with_zeros(2);
        assert_eq!((zeros.count(), zeros.mean()), (5, 3.0));
        assert!((zeros.variance().unwrap() - all.variance().unwrap()).abs() < 1e-12);
        assert_eq!(Moments::default().with_zeros(0), Moments::default());
    }

    #[test]
    fn one_value_has_no_variance() {
        let moments: Moments = [3.0].into_iter().collect();
        assert_eq!((moments.mean(), moments.variance(), moments.standard_error()), (3.0, None, None));
        assert_eq!(Moments::default().mean(), 0.0);
    }

    /// Where the sum of squares loses every digit: 1e9 + {4, 7, 13, 16} has variance 30.
    #[test]
    fn a_large_offset_costs_nothing() {
        let moments: Moments = [4.0, 7.0, 13.0, 16.0].into_iter().map(|x| x + 1e9).collect();
        assert_eq!((moments.mean(), moments.variance()), (1e9 + 10.0, Some(30.0)));
    }
}
