//! Checked quantities: text with a unit to numbers, and (in `show`) numbers to text for reports.
//!
//! Decimal points are moved in the text, not by division: "99.9%" is the double nearest to 0.999.

mod decimal;
mod globe;
mod load;
mod money;
mod network;
mod show;

use std::fmt;

use self::decimal::take_number;
use crate::time::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, MICROS_PER_YEAR};

pub use globe::{EARTH_KM, great_circle_km};
pub use load::{AMOUNT_UNITS, SHARE_RATE_UNITS, amount, share_per_second};
pub use money::{
    MONEY_RATE_UNITS, MONEY_UNITS, Money, NO_CURRENCY, cost_time, is_currency, money, money_rate, show_money,
};
pub use network::{
    DATA_RATE_UNITS, DATA_SIZE_UNITS, FAULT_RATE_UNITS, data_rate_bps, data_size_bits, faults_per_km_year,
};
pub use show::{
    show_count, show_counted, show_data_rate, show_km, show_percent, show_rate, show_short, show_span,
};

/// The units of time as error messages list them.
pub const SPAN_UNITS: &str = "us, ms, s, m, h, d, w or y";
/// The forms of a rate as error messages list them.
pub const RATE_UNITS: &str = "/s, /m, /h, /d, /w or /y, after k, M or G where it is large";

/// The units of distance as error messages list them.
pub const DISTANCE_UNITS: &str = "m or km";

/// What follows the number of a rate.
const RATE_FORMS: [&str; 6] = ["/s", "/m", "/h", "/d", "/w", "/y"];

/// Time units: how they are written, and how many microseconds they are.
const SPANS: [(&str, i64); 10] = [
    ("us", 1),
    ("µs", 1),
    ("ms", 1_000),
    ("s", MICROS_PER_SECOND),
    ("m", MICROS_PER_MINUTE),
    ("min", MICROS_PER_MINUTE),
    ("h", MICROS_PER_HOUR),
    ("d", MICROS_PER_DAY),
    ("w", 7 * MICROS_PER_DAY),
    ("y", MICROS_PER_YEAR),
];

/// What people write for a unit, and what it is called here.
const SPAN_ALIASES: [(&str, &str); 10] = [
    ("microsecond", "us"),
    ("millisecond", "ms"),
    ("second", "s"),
    ("minute", "m"),
    ("hour", "h"),
    ("hr", "h"),
    ("day", "d"),
    ("week", "w"),
    ("year", "y"),
    ("yr", "y"),
];

/// Why a text is not the quantity that was wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitError {
    /// There is no text.
    Empty {
        /// The units that would have been understood.
        units: &'static str,
    },
    /// A number stands alone.
    NoUnit {
        /// The number as written.
        number: String,
        /// The units that are meant.
        units: &'static str,
    },
    /// The number has a unit that does not exist here.
    UnknownUnit {
        /// The unit as written.
        unit: String,
        /// The units that exist.
        units: &'static str,
        /// The unit that was probably meant.
        meant: Option<&'static str>,
    },
    /// What stands where the number should is not one.
    Malformed {
        /// The text as written.
        text: String,
        /// What a right text looks like.
        example: &'static str,
    },
    /// The parts of a compound duration do not go from large to small.
    Order {
        /// The text as written.
        text: String,
    },
    /// Infinity, NaN, or a number too large to hold.
    NotFinite {
        /// The text as written.
        text: String,
    },
    /// The number is below zero.
    Negative {
        /// The text as written.
        text: String,
    },
    /// A probability above 100 %.
    AboveOne {
        /// The text as written.
        text: String,
    },
}

impl UnitError {
    /// What was probably meant, for the "did you mean" of a diagnostic.
    #[must_use]
    pub fn meant(&self) -> Option<&'static str> {
        if let Self::UnknownUnit { meant, .. } = self { *meant } else { None }
    }
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { units } => write!(f, "there is no text; a number with a unit is wanted ({units})"),
            Self::NoUnit { number, units } => write!(f, "`{}` has no unit ({units})", shortened(number)),
            Self::UnknownUnit { unit, units, .. } => {
                write!(f, "there is no unit `{}` here ({units})", shortened(unit))
            }
            Self::Malformed { text, example } => {
                write!(f, "`{}` is not a number with a unit such as {example}", shortened(text))
            }
            Self::Order { text } => {
                write!(f, "`{}` must go from large to small units, each once", shortened(text))
            }
            Self::NotFinite { text } => write!(f, "`{}` is not a finite number", shortened(text)),
            Self::Negative { text } => write!(f, "`{}` is negative", shortened(text)),
            Self::AboveOne { text } => write!(f, "`{}` is more than 100%", shortened(text)),
        }
    }
}

impl std::error::Error for UnitError {}

/// A duration in microseconds: "4h", "1h30m", "1h 30m", "1.5 h", "200ms", "2y" (a year has 365.25 days).
pub fn span_micros(text: &str) -> Result<f64, UnitError> {
    const EXAMPLE: &str = "`4h`, `1h30m` or `20d`";
    let whole = text.trim();
    let mut rest = whole;
    let mut sum = 0.0;
    let mut previous = i64::MAX;
    loop {
        let (number, after) = take_number(rest, whole, SPAN_UNITS, EXAMPLE)?;
        let end = after.find(|c: char| !is_unit_char(c)).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        if unit.is_empty() {
            return Err(match after {
                "" => UnitError::NoUnit { number: number.text(), units: SPAN_UNITS },
                _ => malformed(whole, EXAMPLE),
            });
        }
        let micros = span_unit(unit)?;
        if micros >= previous {
            return Err(UnitError::Order { text: whole.to_owned() });
        }
        previous = micros;
        sum += number.times(micros, 0);
        rest = after.trim_start();
        if rest.is_empty() {
            return finite(sum, whole);
        }
    }
}

/// The number and the unit of a quantity, whatever it measures: "6k/s" is 6 and "k/s", "7" is 7 and "".
///
/// Nothing where there is no number, or one below 0, or where more than a unit stands behind it.
#[must_use]
pub fn split_unit(text: &str) -> Option<(f64, &str)> {
    let whole = text.trim();
    let (number, unit) = take_number(whole, whole, "", "").ok()?;
    let fits = unit.chars().all(|c| is_unit_char(c) || matches!(c, '%' | '/' | ' '));
    let value = number.times(1, 0);
    (fits && value.is_finite()).then_some((value, unit))
}

/// As [`split_unit`], and of durations with several units in the last of them: "1h30m" is 90 and "m".
#[must_use]
pub fn quantity(text: &str) -> Option<(f64, &str)> {
    split_unit(text).or_else(|| {
        let whole = text.trim();
        let unit = whole.get(whole.trim_end_matches(is_unit_char).len()..)?;
        let size = span_unit(unit).ok()? as f64;
        Some((span_micros(whole).ok()? / size, unit))
    })
}

/// How many of the second unit one of the first is; nothing if they do not measure the same.
#[must_use]
pub fn ratio_of_units(first: &str, second: &str) -> Option<f64> {
    type Measure = fn(&str) -> Result<f64, UnitError>;
    const MEASURES: [Measure; 10] = [
        amount,
        span_micros,
        fraction,
        rate_per_second,
        distance_km,
        data_rate_bps,
        data_size_bits,
        faults_per_km_year,
        |text| money(text).map(|money| money.amount),
        |text| money_rate(text).map(|money| money.amount),
    ];
    let size = |measure: &Measure, unit: &str| measure(&format!("1{unit}")).ok();
    let ratios = MEASURES.iter().filter_map(|m| Some((size(m, first)?, size(m, second)?)));
    ratios.map(|(first, second)| first / second).find(|ratio| ratio.is_finite())
}

/// A share written in percent: "99.9%" is 0.999. It may exceed 1.
pub fn fraction(text: &str) -> Result<f64, UnitError> {
    const UNITS: &str = "percent, as in `30%`";
    let whole = text.trim();
    let (number, unit) = take_number(whole, whole, UNITS, "`30%`")?;
    match unit {
        "%" => finite(number.times(1, -2), whole),
        "" => Err(UnitError::NoUnit { number: number.text(), units: UNITS }),
        _ => Err(UnitError::UnknownUnit {
            unit: unit.to_owned(),
            units: UNITS,
            meant: unit.to_lowercase().starts_with("perc").then_some("%"),
        }),
    }
}

/// A share in percent that is at most "100%".
pub fn probability(text: &str) -> Result<f64, UnitError> {
    match fraction(text)? {
        value if value > 1.0 => Err(UnitError::AboveOne { text: text.trim().to_owned() }),
        value => Ok(value),
    }
}

/// A distance in kilometres: "50 km", "800m".
pub fn distance_km(text: &str) -> Result<f64, UnitError> {
    let whole = text.trim();
    let (number, unit) = take_number(whole, whole, DISTANCE_UNITS, "`50 km`")?;
    match unit {
        "km" => Ok(number.times(1, 0)),
        "m" => Ok(number.times(1, -3)),
        "" => Err(UnitError::NoUnit { number: whole.to_owned(), units: DISTANCE_UNITS }),
        _ => {
            let meant = unit.eq_ignore_ascii_case("km").then_some("km");
            Err(UnitError::UnknownUnit { unit: unit.to_owned(), units: DISTANCE_UNITS, meant })
        }
    }
}

/// A frequency, in events per second: "14/h", "12k/s", "3/min", "2M/s", "1/y".
pub fn rate_per_second(text: &str) -> Result<f64, UnitError> {
    let whole = text.trim();
    let (number, after) = take_number(whole, whole, RATE_UNITS, "`14/h` or `12k/s`")?;
    let Some((multiple, per)) = after.split_once('/') else {
        return Err(match after {
            "" | "k" | "M" | "G" => UnitError::NoUnit { number: whole.to_owned(), units: RATE_UNITS },
            _ => {
                let known = SPANS.iter().find(|(name, _)| *name == after);
                let meant = known.and_then(|(name, _)| RATE_FORMS.iter().find(|form| form[1..] == **name));
                UnitError::UnknownUnit { unit: after.to_owned(), units: RATE_UNITS, meant: meant.copied() }
            }
        });
    };
    let multiple = multiple.trim_end();
    let shift = match multiple {
        "" => 0,
        "k" => 3,
        "M" => 6,
        "G" => 9,
        _ => {
            let meant = match multiple {
                "K" => Some("k"),
                "m" => Some("M"),
                _ => None,
            };
            return Err(UnitError::UnknownUnit { unit: multiple.to_owned(), units: RATE_UNITS, meant });
        }
    };
    let per = per.trim_start();
    if per.is_empty() {
        return Err(UnitError::NoUnit { number: whole.to_owned(), units: RATE_UNITS });
    }
    let micros = span_unit(per).map_err(|error| match error {
        UnitError::UnknownUnit { unit, meant, .. } => {
            UnitError::UnknownUnit { unit, units: RATE_UNITS, meant }
        }
        other => other,
    })?;
    finite(number.times(MICROS_PER_SECOND, shift) / micros as f64, whole)
}

fn span_unit(unit: &str) -> Result<i64, UnitError> {
    if let Some((_, micros)) = SPANS.iter().find(|(name, _)| *name == unit) {
        return Ok(*micros);
    }
    let lower = unit.to_lowercase();
    let word = if lower.chars().count() > 2 { lower.trim_end_matches('s') } else { &lower };
    let meant = SPANS.iter().find(|(name, _)| *name == lower).map(|(name, _)| *name);
    let alias = || {
        let exact = SPAN_ALIASES.iter().find(|(name, _)| *name == word);
        let start = || SPAN_ALIASES.iter().find(|(name, _)| word.len() >= 3 && name.starts_with(word));
        exact.or_else(start).map(|(_, name)| *name)
    };
    let meant = meant.or_else(alias);
    Err(UnitError::UnknownUnit { unit: unit.to_owned(), units: SPAN_UNITS, meant })
}

fn is_unit_char(c: char) -> bool {
    c.is_alphabetic()
}

fn malformed(text: &str, example: &'static str) -> UnitError {
    UnitError::Malformed { text: text.to_owned(), example }
}

fn finite(value: f64, text: &str) -> Result<f64, UnitError> {
    if value.is_finite() { Ok(value) } else { Err(UnitError::NotFinite { text: text.to_owned() }) }
}

/// At most 40 characters of `text`: a pasted page must not fill the screen.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: f64 = 3.6e9;

    #[test]
    fn durations_are_exact() {
        for (text, micros) in [
            ("4h", 4.0 * HOUR),
            ("1h30m", 1.5 * HOUR),
            ("1h 30m", 1.5 * HOUR),
            ("1.5h", 1.5 * HOUR),
            (" 20 d ", 480.0 * HOUR),
            ("15s", 15e6),
            ("200ms", 200e3),
            ("10us", 10.0),
            ("10µs", 10.0),
            ("2y", 2.0 * 8766.0 * HOUR),
            ("2w", 336.0 * HOUR),
            ("0.1s", 100e3),
            ("1e3s", 1e9),
            ("1_100h", 1100.0 * HOUR),
            ("1100h", 1100.0 * HOUR),
            ("3min", 180e6),
            ("0s", 0.0),
            ("0.3us", 0.3),
        ] {
            assert_eq!(span_micros(text), Ok(micros), "{text}");
        }
    }

    #[test]
    fn shares_are_the_nearest_double() {
        for (text, share) in
            [("99.9%", 0.999), ("0.94%", 0.0094), ("30 %", 0.3), ("100%", 1.0), ("120%", 1.2), ("7%", 0.07)]
        {
            assert_eq!(fraction(text), Ok(share), "{text}");
        }
        assert_eq!(probability("100%"), Ok(1.0));
        assert!(matches!(probability("100.1%"), Err(UnitError::AboveOne { .. })));
    }

    #[test]
    fn rates_are_per_second() {
        for (text, rate) in [
            ("14/h", 14.0 / 3600.0),
            ("12k/s", 12_000.0),
            ("3/min", 0.05),
            ("5/d", 5.0 / 86_400.0),
            ("2M/s", 2e6),
            ("1/y", 1.0 / 31_557_600.0),
            ("0.5 / d", 0.5 / 86_400.0),
        ] {
            assert_eq!(rate_per_second(text), Ok(rate), "{text}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_error() {
        let said = |error: UnitError| error.to_string();
        assert_eq!(
            said(span_micros("").unwrap_err()),
            "there is no text; a number with a unit is wanted (us, ms, s, m, h, d, w or y)"
        );
        assert_eq!(said(span_micros("4").unwrap_err()), "`4` has no unit (us, ms, s, m, h, d, w or y)");
        assert_eq!(
            said(span_micros("4 hours").unwrap_err()),
            "there is no unit `hours` here (us, ms, s, m, h, d, w or y)"
        );
        assert_eq!(
            said(span_micros("h").unwrap_err()),
            "`h` is not a number with a unit such as `4h`, `1h30m` or `20d`"
        );
        assert_eq!(
            said(span_micros("30m1h").unwrap_err()),
            "`30m1h` must go from large to small units, each once"
        );
        assert_eq!(said(span_micros("-4h").unwrap_err()), "`-4h` is negative");
        assert_eq!(said(fraction("0.3").unwrap_err()), "`0.3` has no unit (percent, as in `30%`)");
        for text in ["inf", "-inf", "NaN", "infinity", "infh", "1e999h", "nan%"] {
            let errors = [span_micros(text).err(), fraction(&text.replace('h', "%")).err()];
            assert!(
                errors.iter().any(|e| matches!(e, Some(UnitError::NotFinite { .. }))),
                "{text}: {errors:?}"
            );
        }
        for text in ["1..5h", "1.h", ".5h", "_1h", "1_h", "4h,", "4h-3m", "1h 30", "ꙮ", "4 h h"] {
            assert!(span_micros(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_unit_that_was_meant() {
        for (text, meant) in [
            ("4 hours", "h"),
            ("3 secs", "s"),
            ("3H", "h"),
            ("20 days", "d"),
            ("5 Minutes", "m"),
            ("1 yr", "y"),
        ] {
            assert_eq!(span_micros(text).unwrap_err().meant(), Some(meant), "{text}");
        }
        assert_eq!(rate_per_second("3/hour").unwrap_err().meant(), Some("h"));
        assert_eq!(rate_per_second("3h").unwrap_err().meant(), Some("/h"));
        assert_eq!(rate_per_second("3K/h").unwrap_err().meant(), Some("k"));
        assert_eq!(fraction("3 percent").unwrap_err().meant(), Some("%"));
        assert_eq!(span_micros("4 fortnights").unwrap_err().meant(), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[-+0-9._eE%/ kMGhdmsuwy]{0,12}") {
            for result in [span_micros(&text), fraction(&text), probability(&text), rate_per_second(&text)] {
                match result {
                    Ok(value) => assert!(value.is_finite() && value >= 0.0, "{text} gave {value}"),
                    Err(error) => assert!(!error.to_string().is_empty()),
                }
            }
        }
    }
}
