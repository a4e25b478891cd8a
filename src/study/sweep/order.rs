//! The order of values: from small to large where they are numbers.

use super::SweepParameter;
use crate::units::{quantity, ratio_of_units};

impl SweepParameter {
    /// The values as numbers in one unit; nothing of names, laws, lists, and what does not measure the same.
    #[must_use]
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let (_, unit) = quantity(self.values.first()?)?;
        let number = |text: &String| {
            let (number, own) = quantity(text)?;
            let ratio = if own == unit { 1.0 } else { ratio_of_units(own, unit)? };
            Some(number * ratio)
        };
        self.values.iter().map(number).collect()
    }

    /// The numbers of the values from the smallest to the largest, if they are numbers.
    #[must_use]
    pub fn rising(&self) -> Option<Vec<usize>> {
        let numbers = self.numbers()?;
        let mut places: Vec<usize> = (0..numbers.len()).collect();
        places.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
        Some(places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rising(values: &[&str]) -> Option<Vec<usize>> {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        SweepParameter { name: "a".to_owned(), values, grows: false }.rising()
    }

    #[test]
    fn numbers_of_one_measure_are_sorted() {
        assert_eq!(rising(&["5", "1", "3"]), Some(vec![1, 2, 0]));
        assert_eq!(rising(&["1h", "90s", "1h30m", "2m"]), Some(vec![1, 3, 0, 2]));
        assert_eq!(rising(&["285k", "1M", "100k", "5"]), Some(vec![3, 2, 0, 1]));
        for no_order in [&["1h", "5%"][..], &["1", "1h"], &["Exp(\"2y\")"], &["a", "b"], &[]] {
            assert_eq!(rising(no_order), None, "{no_order:?}");
        }
    }
}
