//! Profiles and rhythms of which some figures are not known: laid out in time anew once these are drawn.

use std::sync::Arc;

use crate::law::Value;
use crate::model::Model;
use crate::model::ids::{PopulationId, RhythmId};
use crate::model::week::Week;

/// What goes by such a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeekPlace {
    /// Demand of a population.
    Users(PopulationId),
    /// Background traffic, by number.
    Traffic(usize),
    /// The speed of clocks.
    Rhythm(RhythmId),
}

/// A week of which some figures are not known.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownWeek {
    /// What goes by it.
    pub place: WeekPlace,
    /// Its figures.
    pub week: Week<Value>,
    /// For each step from the scenario's start its place in a week.
    pub steps: Arc<[u16]>,
}

impl UnknownWeek {
    /// Lays it out in `copy` with these values; as in `own` where they make no week, which the reader of scenarios excludes up
    /// to a probability of 1e-9.
    pub(super) fn make_known(&self, drawn: &[f64], own: &Model, copy: &mut Model) {
        let weights = self.week.map(|figure| figure.among(drawn)).weights();
        let can_be = weights.have_a_mean();
        let profile = || weights.profile(&self.steps);
        match self.place {
            WeekPlace::Users(id) => {
                let place = id.index();
                let known = if can_be { profile() } else { own.populations[place].profile.clone() };
                copy.populations[place].profile = known;
            }
            WeekPlace::Traffic(place) => {
                if let (Some(flow), Some(own)) =
                    (copy.network.traffic.get_mut(place), own.network.traffic.get(place))
                {
                    flow.profile = if can_be { profile() } else { own.profile.clone() };
                }
            }
            WeekPlace::Rhythm(id) => {
                let place = id.index();
                let known = if can_be { weights.rhythm(&self.steps) } else { own.rhythms[place].clone() };
                copy.rhythms[place] = known;
            }
        }
    }
}
