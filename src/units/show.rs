//! Numbers to text for reports: few digits, one unit.

use crate::time::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, MICROS_PER_YEAR};

/// A duration for a report, in one unit that reads well: "35 s", "6.1 h", "1.3 y"; "never" for infinity.
#[must_use]
pub fn show_span(micros: f64) -> String {
    /// Each unit with the value from which the next one reads better.
    const STEPS: [(&str, i64, f64); 7] = [
        ("us", 1, 1_000.0),
        ("ms", 1_000, 1_000.0),
        ("s", MICROS_PER_SECOND, 100.0),
        ("min", MICROS_PER_MINUTE, 100.0),
        ("h", MICROS_PER_HOUR, 48.0),
        ("d", MICROS_PER_DAY, 365.25),
        ("y", MICROS_PER_YEAR, f64::INFINITY),
    ];
    if micros.is_nan() {
        return "unknown".to_owned();
    }
    if micros.is_infinite() {
        return "never".to_owned();
    }
    if micros == 0.0 {
        return "0".to_owned();
    }
    let sign = if micros < 0.0 { "-" } else { "" };
    let size = micros.abs();
    let step = STEPS.iter().find(|(_, unit, limit)| round_as_shown(size / *unit as f64) < *limit);
    let (name, unit, _) = step.unwrap_or(&STEPS[6]);
    format!("{sign}{} {name}", show_number(size / *unit as f64))
}

/// A share as a percentage: "71 %", "0.012 %", "99.95 %".
#[must_use]
pub fn show_percent(fraction: f64) -> String {
    let percent = fraction * 100.0;
    if !percent.is_finite() {
        return "unknown".to_owned();
    }
    let missing = 100.0 - percent;
    if percent > 99.0 && missing > 0.0 {
        // Near 100 % what is missing carries the meaning.
        return if missing < 1e-6 {
            "> 99.999999 %".to_owned()
        } else {
            format!("{} %", without_zeros(&format!("{percent:.*}", decimals_for_two(missing))))
        };
    }
    if percent != 0.0 && percent.abs() < 1e-4 {
        return format!("{percent:.1e} %");
    }
    let sign = if percent < 0.0 { "-" } else { "" };
    format!("{sign}{} %", show_number(percent.abs()))
}

/// A count with commas between thousands: "10,000".
#[must_use]
pub fn show_count(count: u64) -> String {
    with_commas(&count.to_string())
}

/// A count with its noun: "1 replication", "10,000 replications".
#[must_use]
pub fn show_counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", show_count(count), if count == 1 { "" } else { "s" })
}

/// A large count in few digits: "12 k", "3.4 M".
#[must_use]
pub fn show_short(value: f64) -> String {
    const STEPS: [(f64, &str); 3] = [(1e9, " G"), (1e6, " M"), (1e3, " k")];
    match STEPS.iter().find(|(size, _)| value.abs() >= *size) {
        Some((size, letter)) => {
            format!("{:.*}{letter}", usize::from(value.abs() / size < 9.95), value / size)
        }
        None if value == 0.0 || value.abs() >= 9.95 => show_count(value.round().abs() as u64),
        None => format!("{value:.2}"),
    }
}

/// A data rate in one unit that reads well: "20 Tbps"; "no limit" for infinity.
#[must_use]
pub fn show_data_rate(bps: f64) -> String {
    const STEPS: [(&str, f64); 6] =
        [("bps", 1.0), ("kbps", 1e3), ("Mbps", 1e6), ("Gbps", 1e9), ("Tbps", 1e12), ("Pbps", 1e15)];
    if bps.is_infinite() {
        return "no limit".to_owned();
    }
    let step = STEPS.iter().find(|(_, unit)| round_as_shown(bps / unit) < 1_000.0);
    let (name, unit) = step.unwrap_or(&STEPS[5]);
    format!("{} {name}", show_number(bps / unit))
}

/// Requests per second in few digits: "350/s", "27 k/s".
#[must_use]
pub fn show_rate(per_second: f64) -> String {
    const STEPS: [(f64, &str); 3] = [(1e9, " G/s"), (1e6, " M/s"), (1e3, " k/s")];
    let step = STEPS.iter().find(|(size, _)| per_second >= *size);
    let (size, unit) = step.unwrap_or(&(1.0, "/s"));
    format!("{}{unit}", show_number(per_second / size))
}

/// A length in kilometres: "5,200 km", "0.80 km".
#[must_use]
pub fn show_km(km: f64) -> String {
    format!("{} km", show_number(km))
}

/// A number of at least 0 with two significant digits, or all digits before the point where those are more.
fn show_number(value: f64) -> String {
    let text = format!("{value:.*}", decimals_for_two(value));
    // A whole value has no need to show how precise it is.
    if (value - value.round()).abs() <= 1e-9 * value {
        with_commas(&format!("{value:.0}"))
    } else {
        with_commas(&text)
    }
}

/// The value that [`show_number`] prints.
fn round_as_shown(value: f64) -> f64 {
    format!("{value:.*}", decimals_for_two(value)).parse().unwrap_or(value)
}

/// Decimals that leave two significant digits of `value`.
fn decimals_for_two(value: f64) -> usize {
    // 9.95 is shown as "10", not as "9.9" or "10.0".
    let mut limit = 9.95;
    let mut decimals = 0;
    while value < limit && decimals < 12 {
        limit /= 10.0;
        decimals += 1;
    }
    decimals
}

fn without_zeros(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

fn with_commas(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut text = String::with_capacity(number.len() + whole.len() / 3);
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: f64 = 3.6e9;

    #[test]
    fn durations_read_well() {
        for (micros, text) in [
            (0.0, "0"),
            (35e6, "35 s"),
            (12.0 * 60e6, "12 min"),
            (6.1 * HOUR, "6.1 h"),
            (2.94 * HOUR, "2.9 h"),
            (14.0 * HOUR, "14 h"),
            (12.2 * 24.0 * HOUR, "12 d"),
            (1.3 * 8766.0 * HOUR, "1.3 y"),
            (65.0 * 60e6, "65 min"),
            (5.0 * 60e6, "5 min"),
            (4.98 * 60e6, "5.0 min"),
            (999_700.0, "1.0 s"),
            (99.7e6, "1.7 min"),
            (0.25, "0.25 us"),
            (120.0 * 24.0 * HOUR, "120 d"),
            (5000.0 * 8766.0 * HOUR, "5,000 y"),
            (-90e6, "-90 s"),
            (f64::INFINITY, "never"),
            (f64::NAN, "unknown"),
        ] {
            assert_eq!(show_span(micros), text);
        }
    }

    #[test]
    fn shares_read_well() {
        for (share, text) in [
            (0.71, "71 %"),
            (0.000_12, "0.012 %"),
            (0.9995, "99.95 %"),
            (0.999, "99.9 %"),
            (0.999_53, "99.953 %"),
            (1.0, "100 %"),
            (2.12, "212 %"),
            (0.0, "0 %"),
            (0.053, "5.3 %"),
            (0.02, "2 %"),
            (0.987, "99 %"),
            (1e-9, "1.0e-7 %"),
            (1.0 - 1e-12, "> 99.999999 %"),
            (12.34, "1,234 %"),
        ] {
            assert_eq!(show_percent(share), text);
        }
    }

    #[test]
    fn data_rates_and_lengths_read_well() {
        let rates: Vec<String> =
            [2e13, 2.6e12, 1e10, 999.0, 0.0, f64::INFINITY, 1e19].into_iter().map(show_data_rate).collect();
        assert_eq!(rates, ["20 Tbps", "2.6 Tbps", "10 Gbps", "999 bps", "0 bps", "no limit", "10,000 Pbps"]);
        assert_eq!([5_200.0, 0.8, 62.3].map(show_km), ["5,200 km", "0.80 km", "62 km"]);
    }

    #[test]
    fn counts_have_commas() {
        let shown: Vec<String> = [0, 999, 1_000, 10_000, 1_234_567].into_iter().map(show_count).collect();
        assert_eq!(shown, ["0", "999", "1,000", "10,000", "1,234,567"]);
    }

    proptest::proptest! {
        #[test]
        fn every_number_can_be_shown(bits: u64) {
            let value = f64::from_bits(bits);
            assert!(!show_span(value).is_empty() && !show_percent(value).is_empty());
            assert!(!show_data_rate(value).is_empty() && !show_km(value).is_empty());
        }
    }
}
