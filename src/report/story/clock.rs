//! Calendar time and time since the start.

use jiff::Timestamp;

use crate::model::Model;
use crate::time::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, SimTime};

/// "2026-03-01T12:30:00Z", with as many digits behind the second as there are; `None` beyond the calendar.
pub(super) fn calendar(model: &Model, at: SimTime) -> Option<String> {
    let micros = model.start_unix_micros.checked_add(at.micros())?;
    Timestamp::from_microsecond(micros).ok().map(|t| t.to_string())
}

/// "2026-03-01 12:30:00", to the second below.
pub(super) fn calendar_seconds(model: &Model, at: SimTime) -> Option<String> {
    let exact = calendar(model, at)?;
    let seconds = exact.split(['.', 'Z']).next()?;
    Some(seconds.replacen('T', " ", 1))
}

/// "+1d 06:20:10", to the second below.
pub(super) fn since_start(at: SimTime) -> String {
    let (days, rest) = (at.micros() / MICROS_PER_DAY, at.micros() % MICROS_PER_DAY);
    let (hours, rest) = (rest / MICROS_PER_HOUR, rest % MICROS_PER_HOUR);
    let (minutes, rest) = (rest / MICROS_PER_MINUTE, rest % MICROS_PER_MINUTE);
    format!("+{days}d {hours:02}:{minutes:02}:{:02}", rest / MICROS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Builder;

    #[test]
    fn times_are_cut_to_the_second() {
        let mut builder = Builder::new("times", SimTime::from_micros(MICROS_PER_DAY));
        builder.starts_at(1_772_323_200 * MICROS_PER_SECOND);
        let model = builder.build().unwrap();
        let at = SimTime::from_micros(MICROS_PER_DAY + MICROS_PER_HOUR + 61 * MICROS_PER_SECOND + 999_999);
        assert_eq!(calendar(&model, at).unwrap(), "2026-03-02T01:01:01.999999Z");
        assert_eq!(calendar_seconds(&model, at).unwrap(), "2026-03-02 01:01:01");
        assert_eq!(since_start(at), "+1d 01:01:01");
        assert_eq!(calendar(&model, SimTime::NEVER), None);
    }
}
