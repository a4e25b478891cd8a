//! Means that a few large values make: where Student's interval is too narrow.

use serde::{Deserialize, Serialize};

/// Cochran's factor: with fewer values than this times the square of their skewness, 95 % intervals fail in more than 6 %.
const COCHRAN: f64 = 25.0;

/// Spread below this share of the mean is rounding.
const ROUNDING: f64 = 1e-9;

/// Said of a mean whose interval cannot be trusted, since too few values are known of so skewed a law.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Skewed {
    /// Fisher's skewness of the values, G1; that of a heavy tail is larger, since its largest values have not been seen.
    pub skewness: f64,
    /// Replications that would be enough for this skewness; a lower bound, as the skewness is.
    pub replications_needed: u64,
}

impl Skewed {
    /// Whether values are too few for their skewness; nothing where they are enough, or all alike, or where the long tail
    /// ends at 0, as that of downtime which is nearly always the same and seldom less.
    ///
    /// Formula: n <= 25 G1^2, where G1 = mean((x - mean)^3) / mean((x - mean)^2)^(3/2).
    ///
    /// Source: W. G. Cochran, Sampling Techniques, 3rd ed. (1977), section 2.15.
    ///
    /// # Examples
    ///
    /// ```
    /// use blackstart::stats::Skewed;
    /// let hours = |long: usize| [vec![0.1; 980], vec![100.0; long]].concat();
    /// // Two long outages make nearly all of the mean, two hundred are enough to tell how many there are.
    /// assert!(Skewed::of(&hours(2)).is_some_and(|skewed| skewed.replications_needed > 10_000));
    /// assert_eq!(Skewed::of(&hours(200)), None);
    /// ```
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let skewness = skewness(values).filter(|skewness| !ends_at_zero(values, *skewness))?;
        let needed = COCHRAN * skewness * skewness;
        // Less by rounding is not less.
        let is_enough = values.len() as f64 > needed * (1.0 + ROUNDING);
        (!is_enough).then(|| Self { skewness, replications_needed: libm::floor(needed) as u64 + 1 })
    }
}

/// True if the long tail goes to 0 and no farther: then nothing is beyond what has been seen.
fn ends_at_zero(values: &[f64], skewness: f64) -> bool {
    match skewness {
        below if below < 0.0 => values.iter().all(|value| *value >= 0.0),
        _ => values.iter().all(|value| *value <= 0.0),
    }
}

/// Fisher's skewness; nothing where all values are alike.
fn skewness(values: &[f64]) -> Option<f64> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let (squares, cubes) = values.iter().fold((0.0, 0.0), |(squares, cubes), value| {
        let from = value - mean;
        (squares + from * from, cubes + from * from * from)
    });
    let deviation = libm::sqrt(squares / count);
    let found = cubes / count / (deviation * deviation * deviation);
    (deviation > ROUNDING * mean.abs() && found.is_finite()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a probability p it is (1 - 2 p) / sqrt(p (1 - p)): 9/4 and -9/4 of a tenth and nine, 0 of a half.
    #[test]
    fn skewness_of_a_probability() {
        let of = |hits: usize| -> Vec<f64> { (0..100).map(|k| f64::from(u8::from(k < hits))).collect() };
        for (hits, expected) in [(10, 0.8 / 0.3), (50, 0.0), (90, -0.8 / 0.3)] {
            let found = skewness(&of(hits)).unwrap();
            assert!((found - expected).abs() < 1e-12, "{hits}: {found}");
        }
    }

    /// 25 x (8/3)^2 = 177.8: a tenth is skewed in 100 values and in 170, but not in 180.
    #[test]
    fn enough_values_are_enough() {
        let tenth =
            |count: usize| -> Vec<f64> { (0..count).map(|k| f64::from(u8::from(k % 10 == 0))).collect() };
        for count in [100, 170] {
            let skewed = Skewed::of(&tenth(count)).unwrap();
            assert_eq!(skewed.replications_needed, 178);
        }
        assert_eq!(Skewed::of(&tenth(180)), None);
        let less: Vec<f64> = tenth(100).iter().map(|x| -x).collect();
        assert!(Skewed::of(&less).is_some_and(|skewed| skewed.skewness < 0.0), "savings are skewed as well");
    }

    #[test]
    fn a_tail_to_zero_is_short() {
        let seldom = |value: f64, rare: f64| [vec![value; 190], vec![rare; 10]].concat();
        assert_eq!([Skewed::of(&seldom(5.0, 0.0)), Skewed::of(&seldom(-5.0, 0.0))], [None, None]);
        assert!(Skewed::of(&seldom(5.0, -1.0)).is_some() && Skewed::of(&seldom(5.0, 9.0)).is_some());
    }

    #[test]
    fn what_does_not_vary_is_not_skewed() {
        for values in
            [vec![], vec![3.0], vec![0.0; 50], vec![0.1 + 0.2; 49].into_iter().chain([0.3]).collect()]
        {
            assert_eq!(Skewed::of(&values), None, "{values:?}");
        }
    }
}
