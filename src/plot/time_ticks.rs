//! Marks on an axis of time: round hours, days, months or years of the calendar, in UTC.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::strtime};

use super::PlotError;
use super::style::{PLAIN, text_width};
use super::ticks::Tick;

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;
/// 1970-01-05, the first Monday of Unix time.
const MONDAY: i64 = 4 * DAY;
/// Seconds of Unix time beyond this, either way, have no date.
const LAST_DATE: f64 = 2.5e11;
/// More marks than this do not fit.
const MOST: f64 = 9.0;
/// Room between two labels.
const GAP: f64 = 12.0;

/// From mark to mark.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// So many seconds, from an instant on.
    Seconds(i64, i64),
    /// So many months.
    Months(i64),
}

const STEPS: [Step; 29] = [
    Step::Seconds(1, 0),
    Step::Seconds(5, 0),
    Step::Seconds(15, 0),
    Step::Seconds(MINUTE, 0),
    Step::Seconds(2 * MINUTE, 0),
    Step::Seconds(5 * MINUTE, 0),
    Step::Seconds(10 * MINUTE, 0),
    Step::Seconds(15 * MINUTE, 0),
    Step::Seconds(30 * MINUTE, 0),
    Step::Seconds(HOUR, 0),
    Step::Seconds(2 * HOUR, 0),
    Step::Seconds(3 * HOUR, 0),
    Step::Seconds(6 * HOUR, 0),
    Step::Seconds(12 * HOUR, 0),
    Step::Seconds(DAY, 0),
    Step::Seconds(2 * DAY, 0),
    Step::Seconds(7 * DAY, MONDAY),
    Step::Seconds(14 * DAY, MONDAY),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(600),
    Step::Months(2400),
    Step::Months(24_000),
];

/// Marks from `start_unix_s` on for `horizon_s`, on an axis `length` long that counts seconds since the start.
pub(super) fn times(start_unix_s: f64, horizon_s: f64, length: f64) -> Result<Vec<Tick>, PlotError> {
    let end = start_unix_s + horizon_s;
    if !(start_unix_s.abs() < LAST_DATE && end.abs() < LAST_DATE) {
        return Ok(Vec::new());
    }
    let fits = |step: &&Step| step.seconds() * MOST >= horizon_s;
    let Some(step) = STEPS.iter().find(fits).or(STEPS.last()) else { return Ok(Vec::new()) };
    let instants = step.instants(start_unix_s, end);
    let ticks = instants.into_iter().filter_map(|at| step.tick(at, start_unix_s)).collect();
    without_repeats(ticks, length / horizon_s)
}

impl Step {
    fn seconds(self) -> f64 {
        match self {
            Self::Seconds(step, _) => step as f64,
            Self::Months(step) => step as f64 * 30.4 * DAY as f64,
        }
    }

    /// The instants between `from` and `to` where marks stand.
    fn instants(self, from: f64, to: f64) -> Vec<i64> {
        let all: Vec<i64> = match self {
            Self::Seconds(step, origin) => {
                let first = (from.floor() as i64 - origin).div_euclid(step);
                let last = (to.ceil() as i64 - origin).div_euclid(step);
                (first..=last).map(|count| origin + count * step).collect()
            }
            Self::Months(step) => {
                let count =
                    |unix_s: f64| date_at(unix_s as i64).map(|d| months_of(d.date()).div_euclid(step));
                let (Some(first), Some(last)) = (count(from), count(to)) else { return Vec::new() };
                (first..=last).filter_map(|count| month_start(count * step)).collect()
            }
        };
        all.into_iter().filter(|at| *at as f64 >= from && *at as f64 <= to).collect()
    }

    fn tick(self, at: i64, start_unix_s: f64) -> Option<Tick> {
        let (label, context) = match self {
            Self::Seconds(step, _) if step < MINUTE => ("%H:%M:%S", "%-d %b %Y"),
            Self::Seconds(step, _) if step < DAY => ("%H:%M", "%-d %b %Y"),
            Self::Seconds(..) => ("%-d %b", "%Y"),
            Self::Months(step) if step < 12 => ("%b", "%Y"),
            Self::Months(_) => ("%Y", ""),
        };
        let date = date_at(at)?;
        let show = |format: &str| strtime::format(format, date).ok();
        let context = show(context).filter(|text| !text.is_empty());
        Some(Tick { at: at as f64 - start_unix_s, label: show(label)?, context })
    }
}

/// Leaves a second line only where it changes, and only where it has room before the next one.
fn without_repeats(mut ticks: Vec<Tick>, scale: f64) -> Result<Vec<Tick>, PlotError> {
    let mut next: Option<(f64, f64)> = None;
    for index in (0..ticks.len()).rev() {
        let repeated = index > 0 && ticks[index].context == ticks[index - 1].context;
        let width = text_width(ticks[index].context.as_deref().unwrap_or_default(), PLAIN)?;
        let place = ticks[index].at * scale;
        let crowded = next.is_some_and(|(other, taken)| other - place < 0.5 * (width + taken) + GAP);
        if repeated || crowded {
            ticks[index].context = None;
        } else {
            next = Some((place, width));
        }
    }
    Ok(ticks)
}

/// "1 Mar 2026 12:30" of an instant, UTC; `None` if it has no date.
pub(super) fn clock_time(unix_s: f64) -> Option<String> {
    if unix_s.abs() >= LAST_DATE || unix_s.is_nan() {
        return None;
    }
    strtime::format("%-d %b %Y %H:%M", date_at(unix_s as i64)?).ok()
}

/// "1 Mar 12:30" of an instant, UTC, with its year where what is shown lies in several; `None` if it has no date.
pub(super) fn event_time(unix_s: f64, (from, to): (f64, f64)) -> Option<String> {
    let year = |at: f64| date_at(at as i64).map(|date| date.year());
    let whole = clock_time(unix_s)?;
    let Some(within) = year(from).filter(|first| year(to) == Some(*first)) else { return Some(whole) };
    Some(whole.replacen(&format!(" {within} "), " ", 1))
}

fn date_at(unix_s: i64) -> Option<DateTime> {
    Some(Timestamp::from_second(unix_s).ok()?.to_zoned(TimeZone::UTC).datetime())
}

/// Months since the year 0.
fn months_of(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// When a month begins, by its number since the year 0.
fn month_start(months: i64) -> Option<i64> {
    let year = i16::try_from(months.div_euclid(12)).ok()?;
    let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
    let first = Date::new(year, month, 1).ok()?;
    Some(first.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-01 00:00 UTC, a Sunday.
    const START: f64 = 1_772_323_200.0;

    fn labels(start: f64, horizon: i64) -> Vec<(String, Option<String>)> {
        times(start, horizon as f64, 856.0).unwrap().into_iter().map(|t| (t.label, t.context)).collect()
    }

    fn shown(start: f64, horizon: i64) -> String {
        let show = |(label, context): (String, Option<String>)| match context {
            Some(context) => format!("{label} / {context}"),
            None => label,
        };
        labels(start, horizon).into_iter().map(show).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn steps_are_those_of_the_calendar() {
        for (horizon, text) in [
            (HOUR, "00:00 / 1 Mar 2026, 00:10, 00:20, 00:30, 00:40, 00:50, 01:00"),
            (DAY, "00:00 / 1 Mar 2026, 03:00, 06:00, 09:00, 12:00, 15:00, 18:00, 21:00, 00:00 / 2 Mar 2026"),
            (30 * DAY, "2 Mar / 2026, 9 Mar, 16 Mar, 23 Mar, 30 Mar"),
            (365 * DAY, "Mar / 2026, May, Jul, Sep, Nov, Jan / 2027, Mar"),
            (3650 * DAY, "2028, 2030, 2032, 2034, 2036"),
        ] {
            assert_eq!(shown(START, horizon), text);
        }
    }

    #[test]
    fn a_date_gives_way_to_the_next() {
        let text = shown(START + 23.5 * 3600.0, 4 * HOUR);
        assert_eq!(text, "23:30, 00:00 / 2 Mar 2026, 00:30, 01:00, 01:30, 02:00, 02:30, 03:00, 03:30");
    }

    #[test]
    fn no_time_is_too_far() {
        for start in [f64::NAN, f64::INFINITY, -1e300, 1e12, -2.4e11, 2.4e11] {
            for horizon in [1, DAY, 4_000_000 * DAY] {
                assert!(labels(start, horizon).len() <= 12);
            }
        }
    }
}
