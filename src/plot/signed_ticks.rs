//! Marks on an axis that runs from less to more.

use super::PlotError;
use super::ticks::{Candidate, Tick, choose};
use crate::units::show_short;

/// What an axis counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AxisUnit {
    /// Seconds.
    Seconds,
    /// Shares of a whole.
    Shares,
    /// Numbers of something.
    Counts,
}

/// Marks for which there is room on an axis `length` long: 0, and whole multiples of 1, 2 or 5 of a unit.
pub(super) fn signed(range: (f64, f64), length: f64, unit: AxisUnit) -> Result<Vec<Tick>, PlotError> {
    let most = range.0.abs().max(range.1.abs());
    let (size, name) = size(unit, most);
    let step = nice((range.1 - range.0) / 6.0 / size) * size;
    if !step.is_finite() || step <= 0.0 {
        return Ok(vec![Tick::new(0.0, "0")]);
    }
    let (from, to) = (libm::ceil(range.0 / step - 1e-9) as i64, libm::floor(range.1 / step + 1e-9) as i64);
    let decimals = (-libm::floor(libm::log10(step / size))).clamp(0.0, 6.0) as usize;
    let label = |at: f64| match unit {
        _ if at == 0.0 => "0".to_owned(),
        AxisUnit::Counts if at < 0.0 => format!("-{}", show_short(-at)),
        AxisUnit::Counts => show_short(at),
        _ => format!("{:.decimals$} {name}", at / size),
    };
    // 0 stays where there is no room for all.
    let candidate = |number: i64| {
        let at = number as f64 * step;
        Candidate { tick: Tick::new(at, label(at)), level: u8::from(number != 0) }
    };
    choose((from..=to).map(candidate).collect(), range, length, |width| width + 16.0)
}

/// An axis that is linear near 0 and logarithmic far from it, so that seconds and days are both seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    /// Where the one passes into the other.
    pub(super) near: f64,
}

impl Stretch {
    /// Where a value stands on the stretched axis.
    ///
    /// Formula: asinh(x / near).
    pub(super) fn at(self, value: f64) -> f64 {
        libm::asinh(value / self.near)
    }

    /// Marks for times: 0 and round ones to both sides, where there is room.
    pub(super) fn times(self, range: (f64, f64), length: f64) -> Result<Vec<Tick>, PlotError> {
        const ROUND: [(f64, &str, u8); 12] = [
            (1.0, "1 s", 2),
            (10.0, "10 s", 3),
            (60.0, "1 min", 2),
            (600.0, "10 min", 3),
            (3_600.0, "1 h", 1),
            (21_600.0, "6 h", 3),
            (86_400.0, "1 d", 1),
            (864_000.0, "10 d", 2),
            (8_640_000.0, "100 d", 2),
            (31_557_600.0, "1 y", 2),
            (315_576_000.0, "10 y", 2),
            (3_155_760_000.0, "100 y", 2),
        ];
        let mut all = vec![Candidate { tick: Tick::new(0.0, "0"), level: 0 }];
        for (seconds, label, level) in ROUND {
            let at = self.at(seconds);
            all.push(Candidate { tick: Tick::new(at, label), level });
            all.push(Candidate { tick: Tick::new(-at, format!("-{label}")), level });
        }
        choose(all, range, length, |width| width + 16.0)
    }
}

/// A mean of seconds and its interval, with as many digits as that allows: "-10.1 min", "-14.9 to -5.2 min".
pub(super) fn told(mean: f64, (low, high): (f64, f64)) -> (String, String) {
    // In the unit of whichever is larger: "-26 to 28 min", not "-1559 to 1664 s".
    let (size, name) = size(AxisUnit::Seconds, mean.abs().max(0.5 * (high - low)));
    let half = 0.5 * (high - low) / size;
    let decimals =
        if half > 0.0 { (1.0 - libm::floor(libm::log10(half))).clamp(0.0, 4.0) as usize } else { 1 };
    let number = |seconds: f64| format!("{:.decimals$}", seconds / size);
    (format!("{} {name}", number(mean)), format!("{} to {} {name}", number(low), number(high)))
}

/// The unit in which values of this size are told.
fn size(unit: AxisUnit, most: f64) -> (f64, &'static str) {
    match unit {
        AxisUnit::Shares => (0.01, "%"),
        AxisUnit::Counts => (1.0, ""),
        AxisUnit::Seconds if most >= 2.0 * 86_400.0 => (86_400.0, "d"),
        AxisUnit::Seconds if most >= 7_200.0 => (3_600.0, "h"),
        AxisUnit::Seconds if most >= 120.0 => (60.0, "min"),
        AxisUnit::Seconds => (1.0, "s"),
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is at least this.
fn nice(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(least)));
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    steps.into_iter().find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(range: (f64, f64), unit: AxisUnit) -> Vec<String> {
        signed(range, 500.0, unit).unwrap().into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn seconds_and_days_stand_on_one_axis() {
        let stretch = Stretch { near: 60.0 };
        let range = (stretch.at(-10.0 * 86_400.0), stretch.at(3_600.0));
        let labels: Vec<String> =
            stretch.times(range, 500.0).unwrap().into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["-10 d", "-1 d", "-1 h", "0", "10 min", "1 h"]);
        assert_eq!(told(-605.0, (-894.0, -312.0)), ("-10.1 min".to_owned(), "-14.9 to -5.2 min".to_owned()));
        assert_eq!(told(3.0, (3.0, 3.0)), ("3.0 s".to_owned(), "3.0 to 3.0 s".to_owned()));
    }

    #[test]
    fn marks_are_round_and_have_units() {
        assert_eq!(
            labels((-7_200.0, 10_800.0), AxisUnit::Seconds),
            ["-2 h", "-1 h", "0", "1 h", "2 h", "3 h"]
        );
        assert_eq!(
            labels((-0.2, 0.1), AxisUnit::Shares),
            ["-20 %", "-15 %", "-10 %", "-5 %", "0", "5 %", "10 %"]
        );
        assert_eq!(
            labels((0.0, 3e6), AxisUnit::Counts),
            ["0", "500 k", "1.0 M", "1.5 M", "2.0 M", "2.5 M", "3.0 M"]
        );
        assert_eq!(labels((0.0, 0.0), AxisUnit::Counts), ["0"]);
    }
}
