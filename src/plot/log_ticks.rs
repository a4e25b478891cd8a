//! Marks on logarithmic axes: durations that people say, and shares in percent. Axes count in log10.

use super::PlotError;
use super::ticks::{Candidate, Tick, choose};

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;
const DAY: f64 = 86_400.0;
const YEAR: f64 = 365.25 * DAY;

/// Durations in seconds by what they are called, with their level.
const DURATIONS: [(f64, &str, u8); 43] = [
    (1e-6, "1 us", 0),
    (1e-5, "10 us", 1),
    (1e-4, "100 us", 1),
    (1e-3, "1 ms", 0),
    (1e-2, "10 ms", 1),
    (0.1, "100 ms", 1),
    (1.0, "1 s", 0),
    (2.0, "2 s", 3),
    (5.0, "5 s", 3),
    (10.0, "10 s", 1),
    (20.0, "20 s", 3),
    (30.0, "30 s", 2),
    (MINUTE, "1 min", 0),
    (2.0 * MINUTE, "2 min", 3),
    (3.0 * MINUTE, "3 min", 4),
    (5.0 * MINUTE, "5 min", 3),
    (10.0 * MINUTE, "10 min", 1),
    (20.0 * MINUTE, "20 min", 3),
    (30.0 * MINUTE, "30 min", 2),
    (45.0 * MINUTE, "45 min", 4),
    (HOUR, "1 h", 0),
    (1.5 * HOUR, "1.5 h", 4),
    (2.0 * HOUR, "2 h", 3),
    (3.0 * HOUR, "3 h", 2),
    (4.0 * HOUR, "4 h", 4),
    (6.0 * HOUR, "6 h", 1),
    (8.0 * HOUR, "8 h", 4),
    (12.0 * HOUR, "12 h", 2),
    (DAY, "1 d", 0),
    (2.0 * DAY, "2 d", 2),
    (3.0 * DAY, "3 d", 3),
    (5.0 * DAY, "5 d", 4),
    (7.0 * DAY, "7 d", 1),
    (14.0 * DAY, "14 d", 2),
    (30.0 * DAY, "30 d", 1),
    (60.0 * DAY, "60 d", 3),
    (90.0 * DAY, "90 d", 2),
    (180.0 * DAY, "180 d", 3),
    (YEAR, "1 y", 0),
    (2.0 * YEAR, "2 y", 3),
    (5.0 * YEAR, "5 y", 2),
    (10.0 * YEAR, "10 y", 1),
    (100.0 * YEAR, "100 y", 1),
];

/// Decades of shares that can be marked, down to 1e-12.
const DECADES: i32 = 12;

/// Marks of an axis of seconds.
pub(super) fn durations(range: (f64, f64), length: f64) -> Result<Vec<Tick>, PlotError> {
    let candidates = DURATIONS
        .iter()
        .map(|(seconds, label, level)| Candidate {
            tick: Tick::new(libm::log10(*seconds), *label),
            level: *level,
        })
        .collect();
    choose(candidates, range, length, |width| width + 18.0)
}

/// Marks of an axis of shares, in percent.
pub(super) fn shares(range: (f64, f64), length: f64) -> Result<Vec<Tick>, PlotError> {
    let candidate = |(decade, digit, level): (i32, i32, u8)| {
        // Divided, not multiplied: 0.2 / 10 has the digits of 0.02, 0.2 * 0.1 has not.
        let share = f64::from(digit) / libm::pow(10.0, f64::from(decade));
        // As few decimals as say the one digit exactly: "20", "0.05".
        let decimals = usize::try_from(decade - 2).unwrap_or(0);
        let label = format!("{:.decimals$}", 100.0 * share);
        Candidate { tick: Tick::new(libm::log10(share), label), level }
    };
    let candidates = (0..=DECADES)
        .flat_map(|decade| [(1, 0), (5, 1), (2, 2)].map(|(digit, level)| (decade, digit, level)));
    choose(candidates.map(candidate).collect(), range, length, |_| 27.0)
}
