//! What the failures of a replication cost.

use super::figures::UsageFigures;
use crate::engine::Engine;
use crate::model::{Costs, CrewId, Model};
use crate::time::{MICROS_PER_SECOND, SimTime};

/// What the failures of one replication cost, in the scenario's currency.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CostFigures {
    /// User-minutes lost.
    pub users: f64,
    /// Crews while they were out.
    pub crews: f64,
}

/// Watches crews that cost something.
#[derive(Debug, Clone)]
pub(super) struct CostMeter {
    costs: Option<Costs>,
    /// Crew pools with their cost per crew and microsecond, and how many crews are out.
    crews: Vec<(CrewId, f64, u32)>,
    since: SimTime,
    spent: f64,
}

impl CostMeter {
    pub(super) fn new(model: &Model) -> Self {
        let crews = model.costs.iter().flat_map(|costs| costs.crews.iter().enumerate());
        let per_micro = |(crew, cost): (usize, &f64)| (CrewId::at(crew), cost / MICROS_PER_SECOND as f64, 0);
        Self {
            costs: model.costs.clone(),
            crews: crews.filter(|(_, cost)| **cost > 0.0).map(per_micro).collect(),
            since: SimTime::START,
            spent: 0.0,
        }
    }

    pub(super) fn begin(&mut self, engine: &Engine<'_>) {
        (self.since, self.spent) = (SimTime::START, 0.0);
        self.look(engine);
    }

    pub(super) fn settled(&mut self, engine: &Engine<'_>) {
        if !self.crews.is_empty() {
            self.account(engine.now());
            self.look(engine);
        }
    }

    pub(super) fn end(&mut self, usages: &[UsageFigures], horizon: SimTime) -> CostFigures {
        self.account(horizon);
        let Some(costs) = &self.costs else { return CostFigures::default() };
        let lost = costs.usages.iter().zip(usages).map(|(cost, usage)| cost * usage.user_minutes_lost);
        CostFigures { users: lost.sum(), crews: self.spent }
    }

    fn account(&mut self, now: SimTime) {
        let micros = (now - self.since).micros_f64();
        self.spent += self.crews.iter().map(|(_, cost, busy)| cost * f64::from(*busy) * micros).sum::<f64>();
        self.since = now;
    }

    fn look(&mut self, engine: &Engine<'_>) {
        self.crews.iter_mut().for_each(|(crew, _, busy)| *busy = engine.busy_crews(*crew));
    }
}
