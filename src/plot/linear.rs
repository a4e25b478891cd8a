//! Marks on linear axes: durations in one unit, and plain numbers.

use super::PlotError;
use super::style::PLAIN;
use super::ticks::{Tick, choose};
use super::{style::text_width, ticks::Candidate};
use crate::units::show_count;

/// Units of durations: seconds of each, and up to how many of it.
const UNITS: [(&str, f64, f64); 4] =
    [("s", 1.0, 150.0), ("min", 60.0, 150.0), ("h", 3600.0, 100.0), ("d", 86_400.0, f64::INFINITY)];
/// Marks that an axis has at least, room given.
const FEWEST: f64 = 4.0;

/// The unit in which durations up to `largest` seconds read well, and its length in seconds.
pub(super) fn unit_for(largest: f64) -> (&'static str, f64) {
    let fits = UNITS.iter().find(|(_, seconds, most)| largest <= seconds * most);
    fits.map_or(("d", 86_400.0), |(name, seconds, _)| (*name, *seconds))
}

/// Marks from 0 to `largest` at round numbers.
pub(super) fn marks(largest: f64) -> Vec<Tick> {
    let step = round_step(largest);
    let decimals = (-libm::floor(libm::log10(step) + 1e-9)).clamp(0.0, 9.0) as usize;
    let label = |value: f64| match decimals {
        0 => show_count(value.round() as u64),
        _ => format!("{value:.decimals$}"),
    };
    let values = (0..100).map(|k| f64::from(k) * step).take_while(|value| *value <= largest * 1.000_001);
    values.map(|value| Tick::new(value, label(value))).collect()
}

/// 1, 2 or 5 times a power of ten, so that there are at least so many marks as are wanted.
fn round_step(largest: f64) -> f64 {
    if largest <= 0.0 || !largest.is_finite() {
        return 1.0;
    }
    let rough = largest / FEWEST;
    let decade = libm::pow(10.0, libm::floor(libm::log10(rough)));
    [5.0, 2.0, 1.0].into_iter().map(|m| m * decade).find(|step| *step <= rough).unwrap_or(decade)
}

/// Names at places of an axis, as many as have room; the first and the last come first.
pub(super) fn names(
    labels: &[(f64, String)],
    range: (f64, f64),
    length: f64,
) -> Result<Vec<Tick>, PlotError> {
    let last = labels.len().saturating_sub(1);
    let level = |index: usize| match index {
        0 => 0,
        index if index == last => 1,
        // Evenly thinned: every eighth before every fourth before every second.
        index => [8, 4, 2].iter().position(|n| index.is_multiple_of(*n)).map_or(5, |p| 2 + p as u8),
    };
    let candidate = |(index, (at, label)): (usize, &(f64, String))| {
        let mut label = super::text::clean(label);
        if text_width(&label, PLAIN)? > LONGEST_NAME {
            label = super::text::shortened(&label, PLAIN, LONGEST_NAME)?;
        }
        Ok(Candidate { tick: Tick::new(*at, label), level: level(index) })
    };
    let candidates = labels.iter().enumerate().map(candidate).collect::<Result<Vec<_>, PlotError>>()?;
    choose(candidates, range, length, |width| width + 14.0)
}

/// Longer names are shortened.
const LONGEST_NAME: f64 = 150.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(largest: f64) -> Vec<String> {
        marks(largest).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn marks_are_round() {
        assert_eq!(labels(10.0), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(labels(1.3), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "1.2"]);
        assert_eq!(labels(4_000.0), ["0", "1,000", "2,000", "3,000", "4,000"]);
        assert_eq!(labels(0.0), ["0"]);
        assert_eq!((unit_for(90.0).0, unit_for(9_000.0).0, unit_for(1e6).0), ("s", "min", "d"));
    }
}
