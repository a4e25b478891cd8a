//! When a run ends: at a number of replications, or earlier, once figures are as precise as was asked.
//!
//! Precision is looked at after fixed numbers of replications, whatever the machine. Looking after each one would
//! end runs at the moments when the spread happens to look small, and their intervals would hold the truth too
//! rarely; docs/statistics.md has what is left of that effect, measured.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::{Model, UsageId};
use crate::stats::MeanEstimate;

/// Replications that are played between two moments at which a run can end; the first look comes after so many.
pub(super) const BLOCK: u64 = 512;

/// A mean is not called precise while fewer replications than this are not zero.
///
/// The variance of few events is often underestimated just when their mean is, and such runs would end first.
pub const ENOUGH_EVENTS: u64 = 100;

/// What ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoppedBy {
    /// All replications asked for were played.
    Replications,
    /// Every figure was as precise as was asked.
    Precision,
    /// The time given was over.
    Time,
    /// The user interrupted it.
    Interrupted,
}

impl fmt::Display for StoppedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Replications => "replications",
            Self::Precision => "precision",
            Self::Time => "time",
            Self::Interrupted => "interrupted",
        })
    }
}

/// A figure whose precision can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// The largest mean downtime of all: that of a report's first sentence.
    Largest,
    /// Mean downtime of one journey of one population.
    Down(UsageId),
}

impl Figure {
    /// The figure that the command line calls `name`, such as "down:chat:gulf"; all of them, should two journeys of
    /// two populations be written the same.
    #[must_use]
    pub fn named(model: &Model, name: &str) -> Vec<Self> {
        let usages = (0..model.usages.len()).map(UsageId::at);
        usages.filter(|usage| usage_figure(model, *usage) == name).map(Self::Down).collect()
    }

    /// The names of all figures of single journeys, in the model's order.
    #[must_use]
    pub fn names(model: &Model) -> Vec<String> {
        (0..model.usages.len()).map(|usage| usage_figure(model, UsageId::at(usage))).collect()
    }

    /// The usage that this figure is about, where `down` gives each usage's mean downtime; nothing if there are none.
    fn usage(self, down: &[MeanEstimate]) -> Option<UsageId> {
        match self {
            Self::Down(usage) => Some(usage),
            Self::Largest => {
                let larger = |best: usize, next: usize| {
                    if down[next].mean > down[best].mean { next } else { best }
                };
                (0..down.len()).reduce(larger).map(UsageId::at)
            }
        }
    }
}

fn usage_figure(model: &Model, usage: UsageId) -> String {
    figure_name("down", model, usage)
}

/// What the command line calls a quantity of one journey of one population: "down:chat:gulf".
pub(super) fn figure_name(quantity: &str, model: &Model, usage: UsageId) -> String {
    let (journey, population) = model.usage_name(usage);
    format!("{quantity}:{journey}:{population}")
}

/// The names of all figures of some quantities, and of which journey of a population each is; `None`: of all.
pub(super) fn figures_of<Q: Copy>(
    quantities: &[(Q, &str)],
    model: &Model,
) -> Vec<(String, Q, Option<UsageId>)> {
    let usages = || (0..model.usages.len()).map(UsageId::at);
    let of = |(quantity, name): &(Q, &str)| {
        let single = |usage| (figure_name(name, model, usage), *quantity, Some(usage));
        let all = std::iter::once(((*name).to_owned(), *quantity, None));
        all.chain(usages().map(single)).collect::<Vec<_>>()
    };
    quantities.iter().flat_map(of).collect()
}

/// How precise a figure shall be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// The figure.
    pub figure: Figure,
    /// Half of its 95 % interval over its mean, at most.
    pub relative: f64,
}

/// How precise a figure is, beside what was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Precision {
    /// The figure, such as "down:chat:gulf"; nothing if no journey is described.
    pub figure: Option<String>,
    /// What was asked: half of the 95 % interval over the mean.
    pub asked: f64,
    /// What it is; nothing while events are few.
    pub is: Option<f64>,
    /// True if the interval may be too narrow, since few long outages make most of the mean.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skewed: bool,
    /// True if it is as precise as was asked, on at least [`ENOUGH_EVENTS`] replications with downtime, and not skewed.
    pub reached: bool,
}

impl Goal {
    /// How near the goal is, where `down` gives each usage's mean downtime.
    #[must_use]
    pub fn precision(&self, model: &Model, down: &[MeanEstimate]) -> Precision {
        let usage = self.figure.usage(down);
        let estimate = usage.and_then(|usage| down.get(usage.index()));
        Precision {
            figure: usage.map(|usage| usage_figure(model, usage)),
            asked: self.relative,
            is: estimate.and_then(relative_half_width),
            skewed: estimate.is_some_and(|estimate| estimate.skewed.is_some()),
            reached: self.is_met(down),
        }
    }

    /// True if the figure is as precise as was asked.
    pub(super) fn is_met(&self, down: &[MeanEstimate]) -> bool {
        let estimate = self.figure.usage(down).and_then(|usage| down.get(usage.index()));
        estimate.is_some_and(|estimate| is_precise(estimate, self.relative))
    }

    /// How many replications it will probably take; nothing while events are few.
    pub(super) fn replications_needed(&self, down: &[MeanEstimate]) -> Option<u64> {
        let estimate = down.get(self.figure.usage(down)?.index())?;
        let half = relative_half_width(estimate)?;
        let by_width = (half / self.relative) * (half / self.relative);
        let by_events = ENOUGH_EVENTS as f64 / estimate.non_zero.max(1) as f64;
        let by_skewness = estimate.skewed.map_or(0, |skewed| skewed.replications_needed);
        Some(((estimate.replications as f64 * by_width.max(by_events)) as u64).max(by_skewness))
    }
}

/// True if half of the interval is at most `relative` of the mean, and events are many enough to believe it, also for
/// how skewed they are.
#[must_use]
pub fn is_precise(estimate: &MeanEstimate, relative: f64) -> bool {
    let is_sure = estimate.non_zero >= ENOUGH_EVENTS && estimate.skewed.is_none();
    is_sure && relative_half_width(estimate).is_some_and(|half| half <= relative)
}

/// Half of the interval over the size of the mean.
fn relative_half_width(estimate: &MeanEstimate) -> Option<f64> {
    let half = estimate.half_width()?;
    (estimate.mean != 0.0).then(|| half / estimate.mean.abs())
}

/// The number of replications at which precision is looked at next: half as many again, in whole blocks.
#[must_use]
pub fn next_look(after: u64) -> u64 {
    let more = (after / 2).div_ceil(BLOCK).max(1);
    after.saturating_add(more.saturating_mul(BLOCK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Interval, Skewed};

    /// A mean of 10 with this half-width, from so many replications with events.
    fn estimate(half: f64, non_zero: u64) -> MeanEstimate {
        let interval = Some(Interval { low: 10.0 - half, high: 10.0 + half });
        MeanEstimate { mean: 10.0, non_zero, replications: 1_000, interval, few_events: None, skewed: None }
    }

    fn skewed(estimate: MeanEstimate) -> MeanEstimate {
        let skewed = Some(Skewed { skewness: 20.0, replications_needed: 10_001 });
        MeanEstimate { skewed, ..estimate }
    }

    #[test]
    fn looks_grow_by_half_in_whole_blocks() {
        let looks: Vec<u64> = std::iter::successors(Some(BLOCK), |n| Some(next_look(*n))).take(40).collect();
        assert_eq!(looks[..8], [512, 1_024, 1_536, 2_560, 4_096, 6_144, 9_216, 13_824]);
        for pair in looks.windows(2) {
            let growth = pair[1] as f64 / pair[0] as f64;
            assert!(pair[1] % BLOCK == 0 && (1.5..=2.0).contains(&growth), "{pair:?}");
        }
        assert_eq!(next_look(u64::MAX), u64::MAX);
    }

    #[test]
    fn precise_is_narrow_and_on_enough_events() {
        assert!(is_precise(&estimate(0.5, 100), 0.05));
        assert!(!is_precise(&estimate(0.5, 100), 0.049));
        assert!(!is_precise(&estimate(0.5, 99), 0.05));
        assert!(!is_precise(&skewed(estimate(0.5, 100)), 0.05));
        // No spread at all is as precise as can be, and no interval is not precise.
        assert!(is_precise(&estimate(0.0, 1_000), 1e-9));
        assert!(!is_precise(&MeanEstimate { interval: None, ..estimate(0.0, 1_000) }, 1.0));
        assert!(!is_precise(&MeanEstimate::of(&[0.0; 1_000], 0.95), 1.0));
        // Differences may be negative.
        let negative = MeanEstimate::of(&[-1.0, -1.2].repeat(500), 0.95);
        assert!(is_precise(&negative, 0.01) && !is_precise(&negative, 0.001));
    }

    #[test]
    fn the_largest_is_the_first_of_the_largest_means() {
        let down = |means: &[f64]| -> Vec<MeanEstimate> {
            means.iter().map(|mean| MeanEstimate { mean: *mean, ..estimate(0.1, 500) }).collect()
        };
        let largest = |means: &[f64]| Figure::Largest.usage(&down(means)).map(UsageId::index);
        assert_eq!(largest(&[]), None);
        assert_eq!(largest(&[1.0, 3.0, 2.0]), Some(1));
        assert_eq!(largest(&[0.0, 2.0, 2.0]), Some(1));
    }

    #[test]
    fn what_is_needed_follows_from_width_and_events() {
        let goal = Goal { figure: Figure::Largest, relative: 0.05 };
        // Half the width takes four times as many.
        assert_eq!(goal.replications_needed(&[estimate(1.0, 500)]), Some(4_000));
        assert_eq!(goal.replications_needed(&[estimate(0.5, 25)]), Some(4_000));
        assert_eq!(goal.replications_needed(&[skewed(estimate(0.5, 500))]), Some(10_001));
        assert_eq!(goal.replications_needed(&[MeanEstimate { interval: None, ..estimate(0.5, 5) }]), None);
    }

    #[test]
    fn reasons_are_written_as_they_are_said() {
        for reason in [StoppedBy::Replications, StoppedBy::Precision, StoppedBy::Time, StoppedBy::Interrupted]
        {
            assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{reason}\""));
        }
    }
}
