//! The estimate of a mean over replications.

use serde::{Deserialize, Serialize};

use super::{Interval, Moments, Skewed, garwood, hall, student_t};

/// With fewer replications than this that are not zero, a mean gets no interval: it would be too narrow.
pub const FEW_EVENTS: u64 = 20;

/// The mean over replications, with an interval or a count of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeanEstimate {
    /// The mean over all replications; 0 if there were none.
    pub mean: f64,
    /// Replications whose value is not zero.
    pub non_zero: u64,
    /// All replications.
    pub replications: u64,
    /// Student's interval of the mean, or Hall's if it is skewed to one side of 0; nothing if events are few.
    pub interval: Option<Interval>,
    /// If events are few: Garwood's interval of `non_zero`, the number of replications with an event among so
    /// many. Zero events have an upper bound too.
    pub few_events: Option<Interval>,
    /// Set if there is an interval that may be too narrow, since it rests on few large values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skewed: Option<Skewed>,
}

impl MeanEstimate {
    /// The estimate from one value per replication, in replication order.
    ///
    /// Formula: Student's interval from [`FEW_EVENTS`] values on that are not zero, Hall's where
    /// Cochran's rule calls them skewed and all lie on one side of 0, and Garwood's below.
    ///
    /// # Examples
    ///
    /// ```
    /// use blackstart::stats::MeanEstimate;
    /// let quiet = MeanEstimate::of(&[0.0; 1000], 0.95);
    /// assert_eq!(quiet.interval, None);
    /// assert!(quiet.few_events.is_some_and(|events| events.high > 3.6));
    /// ```
    #[must_use]
    pub fn of(values: &[f64], confidence: f64) -> Self {
        let moments: Moments = values.iter().copied().collect();
        let non_zero = values.iter().filter(|value| **value != 0.0).count() as u64;
        let few = non_zero < FEW_EVENTS;
        let skewed = if few { None } else { Skewed::of(values) };
        let interval = match skewed {
            Some(skewed) if is_one_sided(values) => hall(&moments, skewed.skewness, confidence),
            _ => student_t(&moments, confidence),
        };
        Self {
            mean: moments.mean(),
            non_zero,
            replications: moments.count(),
            interval: interval.filter(|_| !few),
            few_events: few.then(|| garwood(non_zero, confidence)),
            skewed,
        }
    }

    /// Half of the interval; the longer part of one that goes farther on one side.
    #[must_use]
    pub fn half_width(&self) -> Option<f64> {
        let Interval { low, high } = self.interval?;
        let half = 0.5 * (high - low);
        Some(if self.skewed.is_some() { half.max(high - self.mean).max(self.mean - low) } else { half })
    }
}

/// Whether 0 is an end of all values: which way a long tail goes is then known, and not only seen in the sample.
fn is_one_sided(values: &[f64]) -> bool {
    values.iter().all(|value| *value >= 0.0) || values.iter().all(|value| *value <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_events(events: usize) -> MeanEstimate {
        let values: Vec<f64> = (0..100).map(|number| if number < events { 5.0 } else { 0.0 }).collect();
        MeanEstimate::of(&values, 0.95)
    }

    #[test]
    fn twenty_events_make_an_interval() {
        let (few, enough) = (with_events(19), with_events(20));
        assert_eq!((few.interval, few.few_events), (None, Some(garwood(19, 0.95))));
        assert_eq!((enough.non_zero, enough.replications, enough.few_events), (20, 100, None));
        let interval = enough.interval.unwrap();
        // Standard error sqrt(25 * 0.2 * 0.8 / 99), t of 99 degrees 1.984217.
        let half = 1.984_217 * (4.0_f64 / 99.0).sqrt();
        assert!((interval.low - (1.0 - half)).abs() < 1e-6 && (interval.high - (1.0 + half)).abs() < 1e-6);
    }

    #[test]
    fn what_is_skewed_reaches_farther() {
        let values: Vec<f64> = (0..1_000).map(|k| if k % 40 == 0 { f64::from(k) } else { 0.0 }).collect();
        let skewed = MeanEstimate::of(&values, 0.95);
        let student = student_t(&values.iter().copied().collect(), 0.95).unwrap();
        let interval = skewed.interval.unwrap();
        assert!(skewed.skewed.is_some() && interval.low > student.low && interval.high > student.high);
        let both: Vec<f64> = values.iter().map(|x| if *x == 40.0 { -*x } else { *x }).collect();
        let differences = MeanEstimate::of(&both, 0.95);
        assert!(differences.skewed.is_some());
        assert_eq!(differences.interval, student_t(&both.iter().copied().collect(), 0.95));
        assert_eq!(skewed.half_width(), Some(interval.high - skewed.mean));
        assert_eq!(with_events(50).half_width().map(|half| half > 0.0), Some(true));
    }

    #[test]
    fn no_event_is_an_upper_bound() {
        let none = with_events(0);
        assert_eq!((none.mean, none.interval), (0.0, None));
        assert!((none.few_events.unwrap().high - 3.688_879).abs() < 1e-6);
    }

    #[test]
    fn survives_json() {
        for estimate in [with_events(0), with_events(50)] {
            let text = serde_json::to_string(&estimate).unwrap();
            assert_eq!(serde_json::from_str::<MeanEstimate>(&text).unwrap(), estimate);
        }
    }
}
