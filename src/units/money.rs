//! Money: an amount in a currency, and an amount per time.

use super::decimal::take_number;
use super::{UnitError, finite, show_span, span_unit};
use crate::time::{MICROS_PER_SECOND, MICROS_PER_YEAR};

/// How money is written, as error messages list it.
pub const MONEY_UNITS: &str =
    "a currency of three capital letters, as in `9k GBP`, after k or M where it is large";
/// How money per time is written, as error messages list it.
pub const MONEY_RATE_UNITS: &str = "a currency per time, as in `90 GBP/h`: /s, /m, /h, /d, /w, /month or /y";

/// The code of ISO 4217 for no currency, where any will do.
pub const NO_CURRENCY: &str = "XXX";

/// An amount of money.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    /// How much; of a rate, per second.
    pub amount: f64,
    /// "GBP".
    pub currency: String,
}

/// An amount: "9k GBP", "0.02 EUR".
pub fn money(text: &str) -> Result<Money, UnitError> {
    let whole = text.trim();
    let (number, rest) = take_number(whole, whole, MONEY_UNITS, "`9k GBP`")?;
    let (shift, currency) = multiple(rest);
    let currency = currency_of(currency, number.text(), MONEY_UNITS)?;
    Ok(Money { amount: finite(number.times(1, shift), whole)?, currency })
}

/// An amount per time, per second: "90 GBP/h"; a month is a twelfth of a year.
pub fn money_rate(text: &str) -> Result<Money, UnitError> {
    let whole = text.trim();
    let (number, rest) = take_number(whole, whole, MONEY_RATE_UNITS, "`90 GBP/h`")?;
    let no_unit = || UnitError::NoUnit { number: whole.to_owned(), units: MONEY_RATE_UNITS };
    let (money, per) = rest.split_once('/').ok_or_else(no_unit)?;
    let (shift, currency) = multiple(money.trim_end());
    let currency = currency_of(currency, number.text(), MONEY_RATE_UNITS)?;
    let micros = match per.trim() {
        "" => return Err(no_unit()),
        "month" => MICROS_PER_YEAR / 12,
        unit => span_unit(unit).map_err(|error| match error {
            UnitError::UnknownUnit { unit, meant, .. } => {
                UnitError::UnknownUnit { unit, units: MONEY_RATE_UNITS, meant }
            }
            other => other,
        })?,
    };
    let amount = finite(number.times(MICROS_PER_SECOND, shift) / micros as f64, whole)?;
    Ok(Money { amount, currency })
}

/// True for three capital letters, as ISO 4217 has them.
#[must_use]
pub fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// The time that a cost is for, in seconds: "a year", "in 14 d".
#[must_use]
pub fn cost_time(time_s: f64) -> String {
    let year_s = MICROS_PER_YEAR as f64 / MICROS_PER_SECOND as f64;
    if time_s == year_s { "a year".to_owned() } else { format!("in {}", show_span(time_s * 1e6)) }
}

/// An amount with a few digits: "9,000 GBP", "1,200 M GBP".
#[must_use]
pub fn show_money(amount: f64, currency: &str) -> String {
    let sign = if amount < 0.0 { "-" } else { "" };
    let size = amount.abs();
    let number = match size {
        s if s >= 99_999_999.5 => format!("{} M", super::show_count((s / 1e6).round() as u64)),
        s if s >= 99.95 => super::show_count(s.round() as u64),
        s if s >= 1.0 => format!("{s:.2}").trim_end_matches('0').trim_end_matches('.').to_owned(),
        0.0 => "0".to_owned(),
        s => format!("{s:.4}").trim_end_matches('0').trim_end_matches('.').to_owned(),
    };
    format!("{sign}{number} {currency}")
}

/// The power of ten of a leading k, M or G, and what stands behind it.
fn multiple(text: &str) -> (i32, &str) {
    let (first, rest) = text.split_at(usize::from(text.starts_with(['k', 'M', 'G'])));
    let rest = rest.trim_start();
    // A currency may begin with such a letter, as `GBP` does.
    match first {
        "k" if is_currency(rest) => (3, rest),
        "M" if is_currency(rest) => (6, rest),
        "G" if is_currency(rest) => (9, rest),
        _ => (0, text),
    }
}

fn currency_of(text: &str, number: String, units: &'static str) -> Result<String, UnitError> {
    match text {
        "" => Err(UnitError::NoUnit { number, units }),
        code if is_currency(code) => Ok(code.to_owned()),
        other => Err(UnitError::UnknownUnit { unit: other.to_owned(), units, meant: None }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_rates() {
        let pound = |amount| Ok(Money { amount, currency: "GBP".to_owned() });
        assert_eq!(money("9_000 GBP"), pound(9000.0));
        assert_eq!(money("9k GBP"), pound(9000.0));
        assert_eq!(money("1.5 M GBP"), pound(1.5e6));
        assert_eq!(money("3 MXN").map(|m| (m.amount, m.currency)), Ok((3.0, "MXN".to_owned())));
        assert_eq!(money_rate("90 GBP/h"), pound(0.025));
        assert_eq!(money_rate("12 GBP / month"), money_rate("144 GBP/y"));
        for text in ["9000", "GBP 9000", "9 gbp", "9 POUND", "9 GBP/h", "-9 GBP", "inf GBP", ""] {
            assert!(money(text).is_err(), "{text}");
        }
        for text in ["90 GBP", "90/h", "90 GBP/", "90 GBP/hour", "90 £/h"] {
            assert!(money_rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn amounts_read_well() {
        for (amount, text) in [
            (9000.0, "9,000 GBP"),
            (0.02, "0.02 GBP"),
            (-1.5, "-1.5 GBP"),
            (1_234_567.0, "1,234,567 GBP"),
            (1_234_567_890.0, "1,235 M GBP"),
            (0.0, "0 GBP"),
            (123.4, "123 GBP"),
        ] {
            assert_eq!(show_money(amount, "GBP"), text);
        }
    }
}
