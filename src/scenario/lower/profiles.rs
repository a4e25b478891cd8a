//! Demand over time.

use super::LONGEST_PROFILE;
use super::rhythms::DEFAULT_CLOCK;
use crate::model::Profile;
use crate::scenario::calendar;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::sources::Span;
use crate::scenario::spec::{DemandSpec, ScenarioSpec};

/// Demand over the scenario's whole time; what is wrong with it is reported at `span`.
pub(super) fn profile(
    demand: &DemandSpec,
    span: Span,
    spec: &ScenarioSpec,
    found: &mut Diagnostics,
) -> Profile {
    let flat = |list: &[f64]| list.iter().all(|v| *v == list[0]);
    if flat(&demand.day) && flat(&demand.week) {
        return Profile::Flat;
    }
    if spec.horizon > LONGEST_PROFILE {
        found.error(
            span,
            "a profile over a horizon of more than 50 years",
            "expected a shorter horizon, or day and week Flat",
        );
        return Profile::Flat;
    }
    let clock = demand.clock.as_ref().map_or(DEFAULT_CLOCK, |c| c.value.as_str());
    let (day, week) = (&demand.day, &demand.week);
    Profile::from_factors(calendar::profile_factors(spec.start_unix_micros, spec.horizon, clock, day, week))
}
