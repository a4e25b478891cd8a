//! Decimal numbers in text: read digit by digit, scaled before they are rounded to a double.

use super::{UnitError, malformed, span_unit};

/// A decimal number still in digits, so that it can be scaled before it is rounded to a double.
pub(super) struct Decimal {
    /// The digits without point or underscores.
    digits: String,
    /// The power of ten that the digits are to be multiplied with.
    power: i32,
}

impl Decimal {
    /// The double nearest to this number times `factor` times 10^`shift`.
    pub(super) fn times(&self, factor: i64, shift: i32) -> f64 {
        let power = self.power.saturating_add(shift);
        let exact =
            self.digits.parse::<i128>().ok().and_then(|digits| digits.checked_mul(i128::from(factor)));
        match exact {
            Some(product) => nearest(&product.to_string(), power),
            // More digits than a double holds: the second rounding is below its precision.
            None => nearest(&self.digits, power) * factor as f64,
        }
    }

    pub(super) fn text(&self) -> String {
        nearest(&self.digits, self.power).to_string()
    }
}

/// The double nearest to `digits` times 10^`power`.
fn nearest(digits: &str, power: i32) -> f64 {
    format!("{digits}e{power}").parse().unwrap_or(f64::NAN)
}

/// Splits a number from what follows it, blanks between them dropped.
pub(super) fn take_number<'t>(
    rest: &'t str,
    whole: &str,
    units: &'static str,
    example: &'static str,
) -> Result<(Decimal, &'t str), UnitError> {
    if rest.is_empty() {
        return Err(UnitError::Empty { units });
    }
    if says_infinite(rest) {
        return Err(UnitError::NotFinite { text: whole.to_owned() });
    }
    if let Some(positive) = rest.strip_prefix(['-', '\u{2212}']) {
        return Err(match positive.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            true => UnitError::Negative { text: whole.to_owned() },
            false => malformed(whole, example),
        });
    }
    let end = number_end(rest);
    let (text, after) = rest.split_at(end);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (before, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let well_formed = before.starts_with(|c: char| c.is_ascii_digit())
        && all_digits(before)
        && all_digits(behind)
        && !mantissa.ends_with(['_', '.']);
    if !well_formed {
        return Err(malformed(whole, example));
    }
    // An exponent beyond i32 is beyond every double as well.
    let exponent: i32 =
        exponent.parse().unwrap_or(if exponent.starts_with('-') { i32::MIN / 2 } else { i32::MAX / 2 });
    let count = |part: &str| i32::try_from(part.bytes().filter(|b| *b != b'_').count()).unwrap_or(i32::MAX);
    let digits = mantissa.chars().filter(char::is_ascii_digit).collect();
    let power = exponent.saturating_sub(count(behind));
    Ok((Decimal { digits, power }, after.trim_start()))
}

/// Where the number at the start of `text` ends; the `e` of an exponent counts only before digits.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_number = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_'));
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let run = |mut at: usize, test: &dyn Fn(usize) -> bool| {
        while test(at) {
            at += 1;
        }
        at
    };
    let end = run(0, &is_number);
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if is_digit(end + 1 + sign) {
            return run(end + 1 + sign, &is_digit);
        }
    }
    end
}

/// True for "inf", "-inf", "NaN" and their longer forms, also before a unit.
fn says_infinite(text: &str) -> bool {
    let word = text.trim_start_matches(['-', '+']).to_ascii_lowercase();
    let rest = ["infinity", "inf", "nan"].iter().find_map(|name| word.strip_prefix(name));
    rest.is_some_and(|rest| {
        let rest = rest.trim();
        rest.is_empty() || rest.starts_with(['%', '/']) || span_unit(rest).is_ok()
    })
}
