//! What is said of means that few long outages make.

use super::table::first_of;
use crate::stats::MeanEstimate;
use crate::study::Summary;
use crate::units::show_count;

/// Figures that a note names; the rest is counted.
pub(super) const NAMED: usize = 3;

/// What is added to an interval in a sentence, if it may be too narrow.
pub(super) const fn aside(estimate: &MeanEstimate) -> &'static str {
    if estimate.skewed.is_some() { "; it rests on few long outages and may be too narrow" } else { "" }
}

/// One line on figures whose intervals may be too narrow, each with its name; nothing if there are none.
pub(super) fn skew_note<'e>(figures: impl IntoIterator<Item = (String, &'e MeanEstimate)>) -> Option<String> {
    let skewed = |(name, estimate): (String, &MeanEstimate)| Some((name, estimate.skewed?));
    let found: Vec<_> = figures.into_iter().filter_map(skewed).collect();
    let needed = found.iter().map(|(_, skewed)| skewed.replications_needed).max()?;
    Some(format!(
        "rests on few long outages, so the interval may be too narrow: {} (at least {} replications are needed)",
        first_of(&found.iter().map(|(name, _)| name).collect::<Vec<_>>(), NAMED),
        show_count(two_digits(needed))
    ))
}

/// The line on the figures of a run: downtime, and what is reckoned in time beside it.
#[must_use]
pub fn run_skew_note(summary: &Summary) -> Option<String> {
    let down = summary.journeys.iter().map(|j| (format!("down {} {}", j.journey, j.population), &j.down_s));
    let slow = summary.journeys.iter().filter_map(|j| {
        let name = format!("slower than the limit {} {}", j.journey, j.population);
        Some((name, j.above_latency_limit_s.as_ref()?))
    });
    let copies = summary.data.iter().flat_map(|data| &data.copies);
    let exposure = copies.map(|copy| (format!("exposure {}", copy.copy), &copy.exposure_s));
    let cost = summary.cost.iter().map(|cost| ("cost".to_owned(), &cost.total));
    skew_note(down.chain(slow).chain(exposure).chain(cost))
}

/// Rounded up to two digits: it is a lower bound.
fn two_digits(count: u64) -> u64 {
    let digits = count.checked_ilog10().unwrap_or(0).saturating_sub(1);
    let size = 10_u64.saturating_pow(digits);
    count.div_ceil(size).saturating_mul(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_bounds_are_rounded_up() {
        assert_eq!([0, 7, 99, 101, 12_001, 250_000].map(two_digits), [0, 7, 99, 110, 13_000, 250_000]);
        assert!(two_digits(u64::MAX) >= u64::MAX / 2);
    }

    #[test]
    fn a_note_names_what_it_is_about() {
        let of = |long: f64| MeanEstimate::of(&[vec![1.0; 97], vec![long; 3]].concat(), 0.95);
        let (quiet, heavy) = (of(2.0).mean, of(500.0));
        assert!(quiet > 0.0 && heavy.skewed.is_some());
        let calm = MeanEstimate::of(&[1.0, 2.0].repeat(50), 0.95);
        assert_eq!(skew_note([("calm".to_owned(), &calm)]), None);
        let all = ["a", "b", "c", "d", "e"].map(|name| (name.to_owned(), &heavy));
        let note = skew_note(all.into_iter().chain([("calm".to_owned(), &calm)])).unwrap();
        assert!(note.contains(": a, b, c and 2 more (at least 760 replications"), "{note}");
    }
}
