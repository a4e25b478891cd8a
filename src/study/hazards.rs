//! When the hazards occur whose time a scenario gives: what plots over time mark.

use serde::{Deserialize, Serialize};

use crate::model::{Model, Occurs};
use crate::time::{MICROS_PER_SECOND, SimTime};

/// A hazard at a known time, or within one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HazardTime {
    /// Its name.
    pub hazard: String,
    /// Seconds from the start to the earliest time.
    pub from_s: f64,
    /// Seconds from the start to the latest time; the same where the time is known.
    pub to_s: f64,
}

/// Times of the hazards whose time the scenario gives, in order.
pub(super) fn hazard_times(model: &Model) -> Vec<HazardTime> {
    let seconds = |time: SimTime| time.micros() as f64 / MICROS_PER_SECOND as f64;
    let mut times = Vec::new();
    for hazard in &model.hazards {
        let mut add = |from: SimTime, to: SimTime| {
            let hazard = hazard.name.clone();
            times.push(HazardTime { hazard, from_s: seconds(from), to_s: seconds(to) });
        };
        match &hazard.occurs {
            Occurs::At(instants) => instants.iter().for_each(|at| add(*at, *at)),
            Occurs::Between(from, to) => add(*from, *to),
            Occurs::Every(_) | Occurs::When(_) => {}
        }
    }
    times.sort_by(|a, b| a.from_s.total_cmp(&b.from_s).then_with(|| a.hazard.cmp(&b.hazard)));
    times
}
