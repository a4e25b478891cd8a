//! On which side of the thresholds that matter everything stands.

use super::fluid::Fluid;
use crate::engine::state::Engine;
use crate::engine::users::{FAILING_AT, SLACK};
use crate::model::{RouteId, UsageId, Watched};

/// One bit a threshold.
pub(super) type Marks = Vec<bool>;

impl Engine<'_> {
    pub(super) fn marks(&self, y: &[f64], fluid: &Fluid) -> Marks {
        let mut marks = Vec::new();
        let classes = self.model.load.priorities.len();
        for (place, unit) in self.model.load.units.iter().enumerate() {
            let Some(capacity) = &unit.capacity else { continue };
            let utilisation = fluid.utilisation(place, classes);
            marks.push(utilisation > 1.0 + SLACK);
            if let Some(trips) = &capacity.trips {
                marks.push(utilisation > trips.at);
            }
        }
        for usage in (0..fluid.flows.len()).map(UsageId::at) {
            let journey = self.model.usages[usage.index()].journey;
            let objective = &self.model.journeys[journey.index()].objective;
            let error = 1.0 - self.user_success(usage, fluid);
            marks.push(error >= objective.down_at - SLACK);
            marks.push(error > objective.degraded_above + SLACK);
        }
        for (r, route) in self.model.routes.iter().enumerate().filter(|(_, r)| r.failover.is_some()) {
            let (at, _) = self.route_position(RouteId::at(r));
            let unit = route.units[at];
            let reach = self.units[unit.index()].success * self.reach_in(RouteId::at(r), fluid);
            let success = reach * self.load_factor_in(fluid, unit, self.load.route_class[r]);
            marks.push(1.0 - success >= FAILING_AT - SLACK);
        }
        for signal in 0..self.model.load.signals.len() {
            marks.push(self.is_past_threshold(signal, fluid));
        }
        self.add_congestion_marks(fluid, &mut marks);
        for place in self.load.slots.iter().filter_map(|slots| slots.tokens) {
            marks.push(y[place] > 0.0);
        }
        marks
    }

    /// What a signal watches: a share of requests that fail, or offered load over capacity.
    pub(super) fn watched(&self, watches: &Watched, fluid: &Fluid) -> f64 {
        match watches {
            Watched::Utilisation(units) => {
                let classes = self.model.load.priorities.len();
                let places = units.iter().filter_map(|unit| self.load.place_of(*unit));
                places.map(|place| fluid.utilisation(place, classes)).fold(0.0, f64::max)
            }
            Watched::Failing { journey, population } => {
                let (mut failing, mut all) = (0.0, 0.0);
                for (u, usage) in self.model.usages.iter().enumerate() {
                    if usage.journey == *journey && population.is_none_or(|p| p == usage.population) {
                        let fresh = fluid.flows[u].fresh;
                        failing += fresh * (1.0 - self.user_success(UsageId::at(u), fluid));
                        all += fresh;
                    }
                }
                if all > 0.0 { failing / all } else { 0.0 }
            }
        }
    }

    pub(super) fn is_past_threshold(&self, signal: usize, fluid: &Fluid) -> bool {
        let signal = &self.model.load.signals[signal];
        let value = self.watched(&signal.watches, fluid);
        if signal.below { value < signal.threshold } else { value > signal.threshold }
    }

    /// Share of a usage's requests that succeed in the end.
    pub(super) fn user_success(&self, usage: UsageId, fluid: &Fluid) -> f64 {
        let flow = &fluid.flows[usage.index()];
        flow.gate * (1.0 - self.given_up(usage, flow))
    }
}
