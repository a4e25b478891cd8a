//! The rhythms of failure clocks and hazards, laid out in local time.

use std::collections::BTreeMap;

use super::LONGEST_PROFILE;
use super::names::Place;
use crate::law::Value;
use crate::model::{Builder, RhythmId, Week};
use crate::scenario::calendar;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{RhythmSpec, ScenarioSpec};
use crate::scenario::unknowns::Figure;

/// Where no clock is said, it shows this.
pub(super) const DEFAULT_CLOCK: &str = "UTC";

/// Rhythms made so far: components with the same one share it, since it covers the whole horizon.
#[derive(Default)]
pub(super) struct Rhythms {
    made: BTreeMap<Made, Option<RhythmId>>,
}

/// What a rhythm is known by: its clock, its weights, and the numbers of its unknown figures.
type Made = (String, Vec<u64>, Vec<usize>);

/// The figures of a week some of which are unknown; `None` if it is known.
pub(super) fn unknown_values(week: &Week<Figure>) -> Option<Week<Value>> {
    let value = |figure: &Figure| figure.unknown.map_or(Value::Known(figure.value), Value::Unknown);
    week.figures().any(|figure| figure.unknown.is_some()).then(|| week.map(value))
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
        let weights = rhythm.week.map(|figure| figure.value).weights().scaled();
        let unknown = unknown_values(&rhythm.week);
        if weights.are_flat() && unknown.is_none() {
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
        let bits = weights.day.iter().chain(&weights.week).map(|weight| weight.to_bits()).collect();
        let numbers = rhythm.week.figures().filter_map(|figure| figure.unknown).collect();
        *self.made.entry((clock.to_owned(), bits, numbers)).or_insert_with(|| {
            let steps = calendar::steps_of_week(spec.start_unix_micros, spec.horizon, clock);
            let nominal = weights.rhythm(&steps);
            match unknown {
                Some(week) => Some(builder.unknown_rhythm(nominal, week, steps.into())),
                None => builder.rhythm(nominal),
            }
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
