//! Quantities of load: shares per time, and large counts.

use super::decimal::take_number;
use super::{UnitError, finite, fraction, span_unit};
use crate::time::MICROS_PER_SECOND;

/// The units of a share per time as error messages list them.
pub const SHARE_RATE_UNITS: &str = "percent and a unit of time, as in `10%/m`";
/// What may stand behind a large count, as error messages list it.
pub const AMOUNT_UNITS: &str = "k, M or G";

/// A share per time, in shares per second: "10%/m".
pub fn share_per_second(text: &str) -> Result<f64, UnitError> {
    let whole = text.trim();
    let Some((share, per)) = whole.split_once('/') else {
        return Err(match fraction(whole) {
            Ok(_) => UnitError::NoUnit { number: whole.to_owned(), units: SHARE_RATE_UNITS },
            Err(UnitError::NoUnit { number, .. }) => UnitError::NoUnit { number, units: SHARE_RATE_UNITS },
            Err(error) => error,
        });
    };
    let share = fraction(share)?;
    let micros = span_unit(per.trim()).map_err(|error| match error {
        UnitError::UnknownUnit { unit, meant, .. } => {
            UnitError::UnknownUnit { unit, units: SHARE_RATE_UNITS, meant }
        }
        other => other,
    })?;
    finite(share * MICROS_PER_SECOND as f64 / micros as f64, whole)
}

/// A large count: "100k", "2.5M".
pub fn amount(text: &str) -> Result<f64, UnitError> {
    let whole = text.trim();
    let (number, unit) = take_number(whole, whole, AMOUNT_UNITS, "`100k`")?;
    let shift = match unit {
        "" => 0,
        "k" => 3,
        "M" => 6,
        "G" => 9,
        _ => {
            let meant = match unit {
                "K" => Some("k"),
                "m" => Some("M"),
                _ => None,
            };
            return Err(UnitError::UnknownUnit { unit: unit.to_owned(), units: AMOUNT_UNITS, meant });
        }
    };
    finite(number.times(1, shift), whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_per_time_are_per_second() {
        assert_eq!(share_per_second("10%/s"), Ok(0.1));
        assert_eq!(share_per_second("60 % / m"), Ok(0.01));
        assert_eq!(share_per_second("360%/h"), Ok(0.001));
        for text in ["10%", "10", "10/m", "10%/x", "10%/", "", "-1%/m", "x"] {
            assert!(share_per_second(text).is_err(), "{text}");
        }
    }

    #[test]
    fn amounts_are_counts() {
        for (text, value) in [("100k", 1e5), ("2.5M", 2.5e6), ("7", 7.0), ("1 G", 1e9)] {
            assert_eq!(amount(text), Ok(value), "{text}");
        }
        for text in ["100 K", "1%", "k", "", "-2k"] {
            assert!(amount(text).is_err(), "{text}");
        }
    }
}
