//! Calendar times: the only place that knows about time zones and months.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::decode::{Spanned, expected, spanned, string};
use super::diagnostics::Diagnostics;
use super::tree::Node;
use crate::model::{Month, STEP_MICROS, Weights};
use crate::time::SimSpan;
use crate::units;

/// A UTC time, in microseconds since 1970.
pub(super) fn timestamp(node: &Node, found: &mut Diagnostics) -> Option<i64> {
    const WANTED: &str = "a time such as \"2026-03-01T12:30:00Z\"";
    let text = string(node, found)?;
    match text.parse::<Timestamp>() {
        Ok(time) => Some(time.as_microsecond()),
        Err(_) => {
            no_time(node, &text, WANTED, found);
            None
        }
    }
}

/// An instant as microseconds since `start`: a UTC time, or a duration since the start.
pub(super) fn instant(node: &Node, start_unix_micros: i64, found: &mut Diagnostics) -> Option<f64> {
    let text = string(node, found)?;
    if let Ok(micros) = units::span_micros(&text) {
        return Some(micros);
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some((time.as_microsecond() - start_unix_micros) as f64);
    }
    let wanted = "a time such as \"2026-03-01T12:30:00Z\", or a duration since the start such as \"6h\"";
    no_time(node, &text, wanted, found);
    None
}

/// Records that a text is no time, and what it lacks.
fn no_time(node: &Node, text: &str, wanted: &str, found: &mut Diagnostics) {
    let error = expected(node, wanted, found);
    if let Ok(local) = text.parse::<DateTime>() {
        error.help(format!("a time needs its zone: write `{local}Z` for UTC"));
    } else if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('-') {
        error.help("a time needs a day that exists, a time of day, and its zone: `Z` for UTC");
    }
}

/// A time of day such as "14:00", in hours.
pub(super) fn hour_of_day(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let text = string(node, found)?;
    let parsed =
        text.split_once(':').and_then(|(h, m)| Some((h.parse::<u32>().ok()?, m.parse::<u32>().ok()?)));
    match parsed {
        Some((hours, minutes)) if hours < 24 && minutes < 60 => {
            Some(f64::from(hours) + f64::from(minutes) / 60.0)
        }
        _ => {
            expected(node, "a time of day such as \"14:00\"", found);
            None
        }
    }
}

/// The name of a time zone of the bundled database.
pub(super) fn zone_name(node: &Node, found: &mut Diagnostics) -> Option<Spanned<String>> {
    let name = spanned(node, found, string)?;
    if TimeZone::get(&name.value).is_err() {
        let names: Vec<String> = jiff::tz::db().available().map(|n| n.as_str().to_owned()).collect();
        let meant = super::diagnostics::suggest(&name.value, names.iter().map(String::as_str));
        found
            .error(
                node.span,
                format!("there is no time zone `{}`", super::diagnostics::excerpt(&name.value)),
                "expected a name such as \"Asia/Dubai\"",
            )
            .did_you_mean(meant);
        return None;
    }
    Some(name)
}

/// For each step of 15 minutes from the start its place in a week of local time.
pub(super) fn steps_of_week(start_unix_micros: i64, horizon: f64, clock: &str) -> Vec<u16> {
    let zone = TimeZone::get(clock).unwrap_or(TimeZone::UTC);
    let steps = (horizon / STEP_MICROS as f64).ceil() as i64;
    (0..steps)
        .map(|step| {
            let middle = start_unix_micros + step * STEP_MICROS + STEP_MICROS / 2;
            let local = Timestamp::from_microsecond(middle).unwrap_or_default().to_zoned(zone.clone());
            let quarter = local.hour() as usize * 4 + local.minute() as usize / 15;
            Weights::place(local.weekday().to_monday_zero_offset() as usize, quarter)
        })
        .collect()
}

/// The calendar months (UTC) that the horizon touches.
pub(super) fn months(start_unix_micros: i64, horizon: f64) -> Vec<Month> {
    let end = start_unix_micros.saturating_add(horizon as i64);
    let first =
        Timestamp::from_microsecond(start_unix_micros).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    let mut months = Vec::new();
    let mut begin = first.first_of_month();
    while let (Some(from), Ok(next)) = (unix_micros(begin), begin.checked_add(1.month())) {
        if from >= end {
            break;
        }
        let Some(to) = unix_micros(next) else { break };
        months.push(Month {
            label: format!("{:04}-{:02}", begin.year(), begin.month()),
            begins_micros: from - start_unix_micros,
            length: SimSpan::from_micros(to - from),
        });
        begin = next;
    }
    months
}

fn unix_micros(date: Date) -> Option<i64> {
    date.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_their_full_length() {
        let start = "2026-02-20T00:00:00Z".parse::<Timestamp>().unwrap().as_microsecond();
        let day = crate::time::MICROS_PER_DAY;
        let months = months(start, 14.0 * day as f64);
        let seen: Vec<_> = months
            .iter()
            .map(|m| (m.label.as_str(), m.begins_micros / day, m.length.micros() / day))
            .collect();
        assert_eq!(seen, [("2026-02", -19, 28), ("2026-03", 9, 31)]);
    }

    #[test]
    fn profiles_follow_local_time() {
        let start = "2026-03-02T00:00:00Z".parse::<Timestamp>().unwrap().as_microsecond();
        let mut day = vec![0.0; 96];
        day[14 * 4] = 1.0; // 14:00 in Dubai is 10:00 UTC
        let weights = Weights { day, week: vec![1.0; 7] };
        let factors = weights.factors(&steps_of_week(start, 86_400e6, "Asia/Dubai"));
        let at = factors.iter().position(|f| *f > 0.0).unwrap();
        assert_eq!(at, 10 * 4);
        assert_eq!(factors[at], 96.0);
    }
}
