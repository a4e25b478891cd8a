//! What a day and a week look like, before they are laid out in time: demand of users, speed of failure clocks.

use super::profile::Profile;
use super::rhythm::Rhythm;

/// Quarters of an hour in a day.
const QUARTERS: usize = 96;
/// Days in a week.
const DAYS: usize = 7;

/// How a day differs by the hour, each figure being a `T`.
#[derive(Debug, Clone, PartialEq)]
pub enum Day<T> {
    /// The same at all hours.
    Flat,
    /// A cosine from 1 down to a trough half a day later.
    Peak {
        /// When it is 1, hours.
        at: f64,
        /// The least of it, as a share of the peak.
        trough: T,
    },
    /// A relative weight for each of 24 hours.
    Hourly(Vec<T>),
}

/// How a week differs by the day, each figure being a `T`.
#[derive(Debug, Clone, PartialEq)]
pub enum Days<T> {
    /// The same on all days.
    Flat,
    /// Saturday and Sunday, as a share of the other days.
    Weekend(T),
    /// A relative weight for each of 7 days from Monday.
    Each(Vec<T>),
}

/// How a week differs by hour and day.
#[derive(Debug, Clone, PartialEq)]
pub struct Week<T> {
    /// By hour.
    pub day: Day<T>,
    /// By day.
    pub days: Days<T>,
}

impl<T> Week<T> {
    /// The same week with other figures.
    pub fn map<U>(&self, figure: impl Fn(&T) -> U) -> Week<U> {
        let day = match &self.day {
            Day::Flat => Day::Flat,
            Day::Peak { at, trough } => Day::Peak { at: *at, trough: figure(trough) },
            Day::Hourly(hours) => Day::Hourly(hours.iter().map(&figure).collect()),
        };
        let days = match &self.days {
            Days::Flat => Days::Flat,
            Days::Weekend(share) => Days::Weekend(figure(share)),
            Days::Each(days) => Days::Each(days.iter().map(&figure).collect()),
        };
        Week { day, days }
    }

    /// All figures in it.
    pub fn figures(&self) -> impl Iterator<Item = &T> {
        let of_day = match &self.day {
            Day::Flat => &[],
            Day::Peak { trough, .. } => std::slice::from_ref(trough),
            Day::Hourly(hours) => hours.as_slice(),
        };
        let of_days = match &self.days {
            Days::Flat => &[],
            Days::Weekend(share) => std::slice::from_ref(share),
            Days::Each(days) => days.as_slice(),
        };
        of_day.iter().chain(of_days)
    }
}

impl Week<f64> {
    /// Its relative weights.
    #[must_use]
    pub fn weights(&self) -> Weights {
        Weights { day: self.day.weights(), week: self.days.weights() }
    }
}

impl Day<f64> {
    fn weights(&self) -> Vec<f64> {
        match self {
            Self::Flat => vec![1.0; QUARTERS],
            Self::Peak { at, trough } => {
                // The middle of each quarter of an hour on a cosine from peak to trough.
                let phase = |q: usize| std::f64::consts::TAU * ((q as f64 + 0.5) / 4.0 - at) / 24.0;
                let weight = |q: usize| trough + (1.0 - trough) * (1.0 + libm::cos(phase(q))) / 2.0;
                (0..QUARTERS).map(weight).collect()
            }
            Self::Hourly(hours) => {
                (0..QUARTERS).map(|q| hours.get(q / 4).copied().unwrap_or_default()).collect()
            }
        }
    }
}

impl Days<f64> {
    fn weights(&self) -> Vec<f64> {
        match self {
            Self::Flat => vec![1.0; DAYS],
            Self::Weekend(share) => vec![1.0, 1.0, 1.0, 1.0, 1.0, *share, *share],
            Self::Each(days) => days.clone(),
        }
    }
}

/// Relative weights by hour and by day.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Of each quarter of an hour of a day.
    pub day: Vec<f64>,
    /// Of each day from Monday.
    pub week: Vec<f64>,
}

impl Weights {
    /// The place in a week of a quarter of an hour.
    #[must_use]
    pub fn place(day: usize, quarter: usize) -> u16 {
        (day * QUARTERS + quarter) as u16
    }

    /// True if all hours and all days are alike.
    #[must_use]
    pub fn are_flat(&self) -> bool {
        let flat = |weights: &[f64]| weights.windows(2).all(|pair| pair[0] == pair[1]);
        flat(&self.day) && flat(&self.week)
    }

    /// The same with 1 as the largest, so that no product of them overflows.
    #[must_use]
    pub fn scaled(&self) -> Self {
        let scale = |weights: &[f64]| {
            let most = weights.iter().copied().fold(0.0, f64::max);
            weights.iter().map(|weight| weight / most).collect()
        };
        Self { day: scale(&self.day), week: scale(&self.week) }
    }

    /// Factors whose mean over a week is 1, for steps that lie at these [places](Self::place) of it.
    #[must_use]
    pub fn factors(&self, steps: &[u16]) -> Vec<f64> {
        let in_reach = self.mean().is_normal();
        let of_week = if in_reach { self.of_week() } else { self.scaled().of_week() };
        steps.iter().map(|step| of_week.get(usize::from(*step)).copied().unwrap_or(1.0)).collect()
    }

    /// A factor for each place in a week.
    fn of_week(&self) -> Vec<f64> {
        let mean = self.mean();
        let factor = |day: f64| self.day.iter().map(move |quarter| quarter * day / mean);
        self.week.iter().flat_map(|day| factor(*day)).collect()
    }

    /// The mean over a week; infinite or 0 where the weights are too large or too small to be multiplied.
    fn mean(&self) -> f64 {
        mean(&self.day) * self.week.iter().sum::<f64>() / self.week.len() as f64
    }

    /// Demand over steps of the calendar.
    #[must_use]
    pub fn profile(&self, steps: &[u16]) -> Profile {
        if self.are_flat() { Profile::Flat } else { Profile::from_factors(self.factors(steps)) }
    }

    /// The speed of a clock over steps of the calendar.
    #[must_use]
    pub fn rhythm(&self, steps: &[u16]) -> Rhythm {
        Rhythm::from_factors(&self.scaled().factors(steps))
    }

    /// True if a mean can be made of them.
    #[must_use]
    pub fn have_a_mean(&self) -> bool {
        let has = |weights: &[f64]| {
            let mean = mean(weights);
            mean > 0.0 && mean.is_finite()
        };
        has(&self.day) && has(&self.week)
    }
}

fn mean(weights: &[f64]) -> f64 {
    weights.iter().sum::<f64>() / weights.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_have_a_mean_of_one_over_a_week() {
        let week = Week {
            day: Day::Peak { at: 14.0, trough: 0.35 },
            days: Days::Each(vec![5.0, 5.0, 5.0, 5.0, 4.0, 2.0, 0.0]),
        };
        let steps: Vec<u16> = (0..DAYS * QUARTERS).map(|step| step as u16).collect();
        let factors = week.weights().factors(&steps);
        assert!((mean(&factors) - 1.0).abs() < 1e-12);
        let monday = factors[usize::from(Weights::place(0, 56))];
        assert_eq!(factors.iter().copied().fold(0.0, f64::max), monday);
        assert_eq!(factors[usize::from(Weights::place(6, 3))], 0.0);
        assert_eq!(week.figures().count(), 8);
        assert_eq!(week.map(|figure| *figure), week);
    }

    #[test]
    fn only_proportions_count() {
        let of = |size: f64| {
            let hours = (0..24).map(|hour| f64::from(hour) * size).collect();
            let days = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0].map(|day| day * size).to_vec();
            Week { day: Day::Hourly(hours), days: Days::Each(days) }.weights().factors(&[0, 50, 95, 671])
        };
        let plain = of(1.0);
        for size in [1e200, 1e-200] {
            assert!(of(size).iter().zip(&plain).all(|(found, wanted)| (found - wanted).abs() < 1e-12));
        }
    }

    #[test]
    fn weights_that_nothing_can_be_made_of() {
        let of = |days: Vec<f64>| Week { day: Day::Flat, days: Days::Each(days) }.weights();
        assert!(of(vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]).have_a_mean());
        assert!(!of(vec![0.0; 7]).have_a_mean() && !of(vec![f64::INFINITY; 7]).have_a_mean());
        assert!(of(vec![3.0; 7]).are_flat() && of(vec![3.0; 7]).profile(&[0, 1]) == Profile::Flat);
    }
}
