//! Quantities of networks: data rates, sizes of messages, fault rates of cables.

use super::decimal::{Decimal, take_number};
use super::{UnitError, finite, span_unit};
use crate::time::MICROS_PER_YEAR;

/// The units of data rates as error messages list them.
pub const DATA_RATE_UNITS: &str = "bps, kbps, Mbps, Gbps, Tbps or Pbps";
/// The units of sizes of data as error messages list them.
pub const DATA_SIZE_UNITS: &str = "B, kB, MB, GB or TB";
/// The forms of a fault rate as error messages list them.
pub const FAULT_RATE_UNITS: &str = "/1000km/y, or after / any number of km and a unit of time";

/// Data rates: how they are written, and the power of ten of bits per second.
const DATA_RATES: [(&str, i32); 6] =
    [("bps", 0), ("kbps", 3), ("Mbps", 6), ("Gbps", 9), ("Tbps", 12), ("Pbps", 15)];

/// Sizes: how they are written, and the power of ten of bytes.
const DATA_SIZES: [(&str, i32); 5] = [("B", 0), ("kB", 3), ("MB", 6), ("GB", 9), ("TB", 12)];

/// A data rate in bits per second: "10 Gbps", "2.6 Tbps".
pub fn data_rate_bps(text: &str) -> Result<f64, UnitError> {
    scaled(text, &DATA_RATES, DATA_RATE_UNITS, "`10 Gbps`", 1)
}

/// A size of data in bits: "40 kB" is 320,000 bits (decimal bytes of 8 bits).
pub fn data_size_bits(text: &str) -> Result<f64, UnitError> {
    scaled(text, &DATA_SIZES, DATA_SIZE_UNITS, "`40 kB`", 8)
}

/// A number with one of several units, each a power of ten, times `factor`.
fn scaled(
    text: &str,
    known: &[(&'static str, i32)],
    units: &'static str,
    example: &'static str,
    factor: i64,
) -> Result<f64, UnitError> {
    let whole = text.trim();
    let (number, unit) = take_number(whole, whole, units, example)?;
    if unit.is_empty() {
        return Err(UnitError::NoUnit { number: number.text(), units });
    }
    match known.iter().find(|(name, _)| *name == unit) {
        Some((_, shift)) => finite(number.times(factor, *shift), whole),
        None => {
            // "Gb/s" and "Gbit/s" say the same as "Gbps".
            let plain = unit.to_lowercase().replace("bit/s", "bps").replace("b/s", "bps");
            let meant = known.iter().find(|(name, _)| name.to_lowercase() == plain).map(|(name, _)| *name);
            Err(UnitError::UnknownUnit { unit: unit.to_owned(), units, meant })
        }
    }
}

/// A fault rate, in faults per kilometre and year: "0.10/1000km/y", "1e-4 / km / y".
pub fn faults_per_km_year(text: &str) -> Result<f64, UnitError> {
    const EXAMPLE: &str = "`0.10/1000km/y`";
    let whole = text.trim();
    let (number, per) = take_number(whole, whole, FAULT_RATE_UNITS, EXAMPLE)?;
    let unknown = |meant| UnitError::UnknownUnit { unit: per.to_owned(), units: FAULT_RATE_UNITS, meant };
    if per.is_empty() {
        return Err(UnitError::NoUnit { number: number.text(), units: FAULT_RATE_UNITS });
    }
    let parts = per.strip_prefix('/').and_then(|rest| rest.split_once('/'));
    let Some((length, time)) = parts else { return Err(unknown(Some("/1000km/y"))) };
    let length = length.trim();
    let km = match length.strip_suffix("km").map(str::trim_end) {
        Some("") => 1.0,
        Some(count) => match take_number(count, whole, FAULT_RATE_UNITS, EXAMPLE)? {
            (km, "") => km.times(1, 0),
            _ => return Err(unknown(Some("/1000km/y"))),
        },
        None => return Err(unknown(Some("/1000km/y"))),
    };
    let micros = span_unit(time.trim()).map_err(|_| unknown(Some("/1000km/y")))?;
    finite(per_year(&number, micros) / km, whole)
}

/// A number of times in `micros` as a number of times a year.
fn per_year(number: &Decimal, micros: i64) -> f64 {
    number.times(MICROS_PER_YEAR, 0) / micros as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_rates_are_bits_per_second() {
        for (text, rate) in [
            ("10 Gbps", 1e10),
            ("2.6Tbps", 2.6e12),
            ("0.1 Pbps", 1e14),
            ("9600 bps", 9600.0),
            ("3 Mbps", 3e6),
        ] {
            assert_eq!(data_rate_bps(text), Ok(rate), "{text}");
        }
        assert_eq!(data_rate_bps("10 gbps").unwrap_err().meant(), Some("Gbps"));
        assert_eq!(data_rate_bps("10 Gbit/s").unwrap_err().meant(), Some("Gbps"));
        assert_eq!(data_rate_bps("10 Tb/s").unwrap_err().meant(), Some("Tbps"));
        assert_eq!(
            data_rate_bps("10").unwrap_err().to_string(),
            "`10` has no unit (bps, kbps, Mbps, Gbps, Tbps or Pbps)"
        );
    }

    #[test]
    fn sizes_are_decimal_bytes() {
        for (text, bits) in [("40 kB", 320_000.0), ("1B", 8.0), ("1.5 MB", 1.2e7), ("2GB", 1.6e10)] {
            assert_eq!(data_size_bits(text), Ok(bits), "{text}");
        }
        assert_eq!(data_size_bits("40 KB").unwrap_err().meant(), Some("kB"));
    }

    #[test]
    fn fault_rates_are_per_km_and_year() {
        for (text, rate) in [
            ("0.10/1000km/y", 1e-4),
            ("0.10/1000 km/y", 1e-4),
            ("0.1 / 1000 km / y", 1e-4),
            ("2/km/y", 2.0),
            ("1/100km/d", 3.6525),
            ("0/1000km/y", 0.0),
        ] {
            let read = faults_per_km_year(text).unwrap();
            assert!((read - rate).abs() <= 1e-15 * rate, "{text}: {read}");
        }
        for text in ["0.1/y", "0.1/km", "0.1/1000/y", "0.1/1000 miles/y", "0.1/1000km/month", "0.1 km", "1"] {
            assert!(faults_per_km_year(text).is_err(), "{text}");
        }
        for text in ["1/0km/y", "inf/km/y", "1/infkm/y"] {
            assert!(matches!(faults_per_km_year(text), Err(UnitError::NotFinite { .. })), "{text}");
        }
        assert!(matches!(faults_per_km_year("-1/km/y"), Err(UnitError::Negative { .. })));
        assert!(matches!(faults_per_km_year("1/-5km/y"), Err(UnitError::Negative { .. })));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[-+0-9._eE/ kMGTPBbpskmy]{0,16}") {
            for result in [data_rate_bps(&text), data_size_bits(&text), faults_per_km_year(&text)] {
                match result {
                    Ok(value) => assert!(value.is_finite() && value >= 0.0, "{text} gave {value}"),
                    Err(error) => assert!(!error.to_string().is_empty()),
                }
            }
        }
    }
}
