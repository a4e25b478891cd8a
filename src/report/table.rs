//! The numbers in tables and sentences.

use crate::stats::{Interval, MeanEstimate, Quantile};
use crate::units::{show_count, show_short, show_span};

/// Seconds as a duration.
pub(super) fn seconds(s: f64) -> String {
    show_span(s * 1e6)
}

/// Seconds as a duration with four digits, for values that are held against each other.
pub(super) fn precise_seconds(s: f64) -> String {
    if s == 0.0 || !s.is_finite() {
        return seconds(s);
    }
    let (unit, size) = unit_of(s);
    let value = s / size;
    let decimals = (3.0 - libm::floor(libm::log10(value.abs()))).clamp(0.0, 3.0) as usize;
    format!("{value:.decimals$} {unit}")
}

/// A mean of seconds with half its interval, or both ends of one that goes farther on one side, or the word that there is
/// none.
#[must_use]
pub fn mean_seconds(estimate: &MeanEstimate) -> String {
    match &estimate.interval {
        Some(interval) => {
            let (unit, size) = unit_of(estimate.mean);
            let half = (interval.high - interval.low) / 2.0 / size;
            let decimals = decimals_for(half);
            if estimate.skewed.is_some() {
                let [mean, low, high] = [estimate.mean, interval.low, interval.high].map(|s| s / size);
                return format!("{mean:.decimals$} {unit} ({low:.decimals$} to {high:.decimals$})");
            }
            format!("{:.decimals$} {unit} ±{half:.decimals$}", estimate.mean / size)
        }
        None if estimate.non_zero == 0 => "none seen".to_owned(),
        None => format!("{} few events", seconds(estimate.mean)),
    }
}

/// A value in seconds with as many digits as its interval allows, and the interval: "6.1 h", "5.8 to 6.4".
pub(super) fn with_interval(mean: f64, interval: &Interval) -> (String, String) {
    let (unit, size) = unit_of(mean);
    let decimals = decimals_for((interval.high - interval.low) / 2.0 / size);
    let number = |s: f64| format!("{:.decimals$}", s / size);
    (format!("{} {unit}", number(mean)), format!("{} to {}", number(interval.low), number(interval.high)))
}

/// The unit that a report gives to a number of seconds, and its size in seconds.
fn unit_of(s: f64) -> (String, f64) {
    let shown = seconds(s);
    let unit = shown.rsplit(' ').next().unwrap_or("s");
    let micros = crate::units::span_micros(&format!("1{unit}")).unwrap_or(1e6);
    if shown.contains(' ') { (unit.to_owned(), micros / 1e6) } else { ("s".to_owned(), 1.0) }
}

/// Decimals that leave two digits of a half-width.
fn decimals_for(half: f64) -> usize {
    if half <= 0.0 || !half.is_finite() {
        return 1;
    }
    (1.0 - libm::floor(libm::log10(half))).clamp(0.0, 6.0) as usize
}

/// A quantile of seconds; a censored one as "> 12 d".
#[must_use]
pub fn quantile_seconds(quantile: Quantile) -> String {
    match quantile {
        Quantile::At(s) => seconds(s),
        Quantile::Beyond(s) => format!("> {}", seconds(s)),
        Quantile::NoData => "-".to_owned(),
    }
}

/// What pairing saves, as a factor of the variance: "x1.8", "x46 k", "> x1 M".
pub(super) fn pairing_text(cut: f64) -> String {
    match cut {
        // A larger factor says no more; this one would be shown as 1,000 k.
        cut if cut >= 999_500.0 => "> x1 M".to_owned(),
        cut if cut < 9.95 => format!("x{cut:.1}"),
        cut => format!("x{}", show_short(cut)),
    }
}

/// Names that a sentence has room for; the rest is counted.
pub(super) const MOST_NAMES: usize = 4;

/// The first of a list, and how many there are besides: "a, b, c and 2 more".
pub(super) fn first_of(names: &[impl AsRef<str>], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    match names.len().checked_sub(most) {
        Some(more @ 1..) => format!("{} and {} more", shown.join(", "), show_count(more as u64)),
        _ => shown.join(", "),
    }
}

/// Names in a sentence: "a, b and c", "a, b, c, d and 3 more".
pub(super) fn listed(names: &[String], last: &str) -> String {
    let more = names.len().checked_sub(MOST_NAMES).filter(|more| *more > 0);
    let more = more.map(|more| format!("{} more", show_count(more as u64)));
    let mut all: Vec<String> = names.iter().take(MOST_NAMES).cloned().chain(more).collect();
    match all.pop() {
        Some(end) if all.is_empty() => end,
        Some(end) => format!("{} {last} {end}", all.join(", ")),
        None => String::new(),
    }
}

/// A share of a whole in few digits: "71 %", "3.2 %", "< 0.1 %".
pub(super) fn part(value: f64) -> String {
    match value {
        v if v >= 0.9995 => "100 %".to_owned(),
        v if v >= 0.1 => format!("{:.0} %", 100.0 * v),
        v if v >= 0.001 => format!("{:.1} %", 100.0 * v),
        v if v > 0.0 => "< 0.1 %".to_owned(),
        _ => "0 %".to_owned(),
    }
}

/// A share with its interval: "71 % (69-73)".
#[must_use]
pub fn share(value: f64, interval: Option<Interval>) -> String {
    match interval {
        Some(i) if value >= 0.001 => format!("{} ({}-{})", part(value), bare_part(i.low), bare_part(i.high)),
        _ => part(value),
    }
}

fn bare_part(value: f64) -> String {
    part(value).trim_end_matches(" %").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_room_for_four_names() {
        let of = |number: usize| {
            let names: Vec<String> = (0..number).map(|k| format!("n{k}")).collect();
            listed(&names, "or")
        };
        let said = [0, 1, 2, 4, 5, 7].map(of);
        assert_eq!(
            said,
            [
                "",
                "n0",
                "n0 or n1",
                "n0, n1, n2 or n3",
                "n0, n1, n2, n3 or 1 more",
                "n0, n1, n2, n3 or 3 more"
            ]
        );
    }

    #[test]
    fn pairing_is_shown_up_to_a_million() {
        let shown = [0.94, 9.96, 2_400.0, 999_400.0, 3e32].map(pairing_text);
        assert_eq!(shown, ["x0.9", "x10", "x2.4 k", "x999 k", "> x1 M"]);
    }
}
