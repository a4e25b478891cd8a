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
    let (journey, population) = model.usage_name(usage);
    format!("down:{journey}:{population}")
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
    /// True if it is as precise as was asked, on at least [`ENOUGH_EVENTS`] replications with downtime.
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
        Some((estimate.replications as f64 * by_width.max(by_events)) as u64)
    }
}

/// True if half of the interval is at most `relative` of the mean, and events are many enough to believe it.
#[must_use]
pub fn is_precise(estimate: &MeanEstimate, relative: f64) -> bool {
    estimate.non_zero >= ENOUGH_EVENTS && relative_half_width(estimate).is_some_and(|half| half <= relative)
}

/// Half of the interval over the size of the mean.
fn relative_half_width(estimate: &MeanEstimate) -> Option<f64> {
    let interval = estimate.interval.as_ref()?;
    let half = 0.5 * (interval.high - interval.low);
    (estimate.mean != 0.0).then(|| half / estimate.mean.abs())
}

/// The number of replications at which precision is looked at next: half as many again, in whole blocks.
#[must_use]
pub fn next_look(after: u64) -> u64 {
    let more = (after / 2).div_ceil(BLOCK).max(1);
    after.saturating_add(more.saturating_mul(BLOCK))
}
