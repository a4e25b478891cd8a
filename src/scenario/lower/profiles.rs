//! Demand over time.

use crate::model::Profile;
use crate::scenario::calendar;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::sources::Span;
use crate::scenario::spec::{RhythmSpec, ScenarioSpec};

/// Longest horizon for which a profile is laid out, microseconds.
const LONGEST_PROFILE: f64 = 50.0 * crate::time::MICROS_PER_YEAR as f64;

/// A rhythm over the scenario's whole time; what is wrong with it is reported at `span`.
pub(super) fn profile(
    rhythm: &RhythmSpec,
    span: Span,
    spec: &ScenarioSpec,
    found: &mut Diagnostics,
) -> Profile {
    let flat = |list: &[f64]| list.iter().all(|v| *v == list[0]);
    if flat(&rhythm.day) && flat(&rhythm.week) {
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
    let clock = rhythm.clock.as_ref().map_or("UTC", |c| c.value.as_str());
    let (day, week) = (&rhythm.day, &rhythm.week);
    Profile::from_factors(calendar::profile_factors(spec.start_unix_micros, spec.horizon, clock, day, week))
}
