//! How precisely a difference shall be known.

use serde::{Deserialize, Serialize};

use super::difference::{Quantity, paired};
use super::{Design, position};
use crate::model::{Model, UsageId};
use crate::stats::{MeanEstimate, garwood};
use crate::study::CONFIDENCE;
use crate::study::stopping::{ENOUGH_EVENTS, figure_name, is_precise};
use crate::study::tally::ReplicationRow;

/// How precise a difference shall be: half of its interval, at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted {
    /// In the unit of the figure: seconds, requests, user-minutes.
    Absolute(f64),
    /// Over the size of the difference.
    Relative(f64),
}

/// A difference that shall be known.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceGoal {
    /// The figure.
    pub quantity: Quantity,
    /// The journey and the population of the baseline.
    pub usage: UsageId,
    /// How precisely.
    pub wanted: Wanted,
}

/// How precisely a difference is known, beside what was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DifferencePrecision {
    /// The design that is compared with the baseline.
    pub design: String,
    /// The figure, such as "down:chat:gulf".
    pub figure: String,
    /// What was asked: half of the 95 % interval, in the figure's unit or over the difference.
    pub asked: f64,
    /// True if that is a share of the difference.
    pub is_share: bool,
    /// What it is; nothing while events are few.
    pub is: Option<f64>,
    /// True if the interval may be too narrow, since few long outages make most of the difference.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skewed: bool,
    /// True if it is as precise as was asked, and not skewed.
    pub reached: bool,
}

impl DifferenceGoal {
    /// The quantities and usages of a model with their names, such as "down:chat:gulf".
    #[must_use]
    pub fn figures(model: &Model) -> Vec<(String, Quantity, UsageId)> {
        let usages = || (0..model.usages.len()).map(UsageId::at);
        let of = |quantity: Quantity| {
            usages().map(move |usage| (figure_name(quantity.name(), model, usage), quantity, usage))
        };
        Quantity::ALL.into_iter().flat_map(of).collect()
    }

    /// How near the goal is; nothing where the design has no such journey.
    pub(super) fn precision(
        &self,
        first: (&Design<'_>, &[ReplicationRow]),
        second: (&Design<'_>, &[ReplicationRow]),
    ) -> Option<DifferencePrecision> {
        let model = first.0.model;
        let other = position(second.0.model, model.usage_name(self.usage))?;
        let (_, _, differences) = paired(self.quantity, (self.usage, other), (first.1, second.1));
        let estimate = MeanEstimate::of(&differences, CONFIDENCE);
        if super::is_certain(model, second.0.model) {
            let is_share = matches!(self.wanted, Wanted::Relative(_));
            let (Wanted::Absolute(asked) | Wanted::Relative(asked)) = self.wanted;
            let figure = figure_name(self.quantity.name(), model, self.usage);
            let design = second.0.name.to_owned();
            return Some(DifferencePrecision {
                design,
                figure,
                asked,
                is_share,
                is: Some(0.0),
                skewed: false,
                reached: true,
            });
        }
        let skewed = estimate.skewed.is_some();
        let half = estimate.half_width();
        let (asked, is_share, is, reached) = match self.wanted {
            Wanted::Relative(share) => {
                let is = half.filter(|_| estimate.mean != 0.0).map(|half| half / estimate.mean.abs());
                (share, true, is, is_precise(&estimate, share))
            }
            Wanted::Absolute(wanted) => {
                let known =
                    if estimate.non_zero >= ENOUGH_EVENTS { half } else { self.bound(model, &estimate) };
                let is_sure = !skewed || estimate.non_zero < ENOUGH_EVENTS;
                (wanted, false, known, is_sure && known.is_some_and(|known| known <= wanted))
            }
        };
        let figure = figure_name(self.quantity.name(), model, self.usage);
        Some(DifferencePrecision {
            design: second.0.name.to_owned(),
            figure,
            asked,
            is_share,
            is,
            skewed,
            reached,
        })
    }

    /// How far the mean of few differences can be from 0: so many replications differ at most, by the whole horizon.
    fn bound(&self, model: &Model, estimate: &MeanEstimate) -> Option<f64> {
        if self.quantity != Quantity::Down {
            return None;
        }
        let most = garwood(estimate.non_zero, CONFIDENCE).high / estimate.replications.max(1) as f64;
        Some(most.min(1.0) * model.horizon.micros() as f64 / 1e6)
    }
}
