//! The rhythms of failure clocks and hazards, laid out in local time.

use std::collections::BTreeMap;

use super::LONGEST_PROFILE;
use super::names::Place;
use crate::model::{Builder, Rhythm, RhythmId};
use crate::scenario::calendar;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{RhythmSpec, ScenarioSpec};

/// Where no clock is said, it shows this.
pub(super) const DEFAULT_CLOCK: &str = "UTC";

/// Rhythms made so far: components with the same one share it, since it covers the whole horizon.
#[derive(Default)]
pub(super) struct Rhythms {
    made: BTreeMap<(String, Vec<u64>), Option<RhythmId>>,
}

impl Rhythms {
    /// The rhythm in the local time of `clock`; `None` if it is flat, or cannot be laid out.
    pub(super) fn add(
        &mut self,
        rhythm: &RhythmSpec,
        clock: &str,
        spec: &ScenarioSpec,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> Option<RhythmId> {
        let flat = |weights: &[f64]| weights.iter().all(|weight| *weight == weights[0]);
        if flat(&rhythm.day) && flat(&rhythm.week) {
            return None;
        }
        if spec.horizon > LONGEST_PROFILE {
            found.error(
                rhythm.span,
                "a rhythm over a horizon of more than 50 years",
                "expected a shorter horizon, or no rhythm",
            );
            return None;
        }
        let weights = rhythm.day.iter().chain(&rhythm.week).map(|weight| weight.to_bits()).collect();
        *self.made.entry((clock.to_owned(), weights)).or_insert_with(|| {
            let (start, horizon) = (spec.start_unix_micros, spec.horizon);
            let factors = calendar::profile_factors(start, horizon, clock, &rhythm.day, &rhythm.week);
            builder.rhythm(Rhythm::from_factors(&factors))
        })
    }
}

/// The time zone of a component: that of its region, or of its service where it is in no region.
pub(super) fn clock_of<'s>(spec: &'s ScenarioSpec, place: Place<'_>, owner: &str) -> &'s str {
    let clock = match place.region {
        Some(region) => {
            let region = spec.regions.iter().find(|(name, _)| name.value == region);
            region.and_then(|(_, region)| region.clock.as_ref())
        }
        // The only unit of such a service has its name.
        None => {
            let service = spec.services.iter().find(|(name, _)| name.value == owner);
            service.and_then(|(_, service)| service.clock.as_ref())
        }
    };
    clock.map_or(DEFAULT_CLOCK, |clock| clock.value.as_str())
}
