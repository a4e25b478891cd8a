//! Demand over time.

use std::sync::Arc;

use super::LONGEST_PROFILE;
use super::rhythms::{DEFAULT_CLOCK, unknown_values};
use crate::law::Value;
use crate::model::{Builder, Profile, UnknownWeek, Week, WeekPlace};
use crate::scenario::calendar;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::sources::Span;
use crate::scenario::spec::{DemandSpec, ScenarioSpec};

/// Demand over the scenario's whole time.
pub(super) struct Demand {
    /// It, or what stands in for it.
    pub(super) profile: Profile,
    /// Its figures where some of them are unknown, and the steps at which they are laid out.
    unknown: Option<(Week<Value>, Arc<[u16]>)>,
}

impl Demand {
    /// What is known of it from the start on.
    const fn known(profile: Profile) -> Self {
        Self { profile, unknown: None }
    }

    /// Says what of it nobody knows.
    pub(super) fn say_unknown(self, place: WeekPlace, builder: &mut Builder) {
        if let Some((week, steps)) = self.unknown {
            builder.unknown_week(UnknownWeek { place, week, steps });
        }
    }
}

/// Demand over the scenario's whole time; what is wrong with it is reported at `span`.
pub(super) fn demand(
    demand: &DemandSpec,
    span: Span,
    spec: &ScenarioSpec,
    found: &mut Diagnostics,
) -> Demand {
    let weights = demand.week.map(|figure| figure.value).weights();
    let unknown = unknown_values(&demand.week);
    if weights.are_flat() && unknown.is_none() {
        return Demand::known(Profile::Flat);
    }
    if spec.horizon > LONGEST_PROFILE {
        found.error(
            span,
            "a profile over a horizon of more than 50 years",
            "expected a shorter horizon, or day and week Flat",
        );
        return Demand::known(Profile::Flat);
    }
    let clock = demand.clock.as_ref().map_or(DEFAULT_CLOCK, |c| c.value.as_str());
    let steps = calendar::steps_of_week(spec.start_unix_micros, spec.horizon, clock);
    let profile = weights.profile(&steps);
    Demand { profile, unknown: unknown.map(|week| (week, steps.into())) }
}
