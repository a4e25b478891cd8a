//! While nothing is refused and nothing comes back, loads follow the time of day, and it is known beforehand when one becomes
//! too much.

use super::fluid::Fluid;
use super::walk::Walk;
use crate::engine::state::Engine;
use crate::model::{STEP_MICROS, UsageId};
use crate::time::SimTime;

/// Quarters of an hour that are looked ahead at most; then it is looked again.
const LOOK_AHEAD: i64 = 4 * 24 * 7;

impl Engine<'_> {
    /// True if nothing is refused for lack of capacity, nothing waits, everybody is signed in, nobody watches how much is asked, and
    /// what is sent over the network is dropped at no time of day.
    pub(super) fn is_calm(&mut self) -> bool {
        let load = &self.load;
        let classes = self.model.load.priorities.len();
        let fits = (0..self.model.load.units.len()).all(|unit| load.now.utilisation(unit, classes) <= 1.0);
        let waits = load.kinds.iter().zip(&load.y).any(|((_, kind), y)| match kind {
            super::pools::Kind::Pool(_) => *y > 0.0,
            super::pools::Kind::Session => *y < 1.0,
            super::pools::Kind::Tokens(most) => *y < *most,
        });
        let comes_back = load.slots.iter().zip(&load.now.flows).any(|(slots, flow)| {
            flow.failing > 0.0 && (slots.tokens.is_some() || slots.pools.iter().any(|p| p.y.is_some()))
        });
        let is_watched = load.applied.iter().any(|applied| *applied)
            || self.model.load.units.iter().any(|u| u.capacity.as_ref().is_some_and(|c| c.scaling.is_some()));
        if !fits || waits || comes_back || is_watched {
            return false;
        }
        self.find_calm_loads();
        let is_whole = |unit: usize| !self.is_asked(unit) || self.lets_all_in(unit);
        (0..self.model.load.units.len()).all(is_whole)
            && (!self.network_follows_load() || self.crossing().has_room_at_peak(&self.load.calm_sent))
    }

    fn lets_all_in(&self, unit: usize) -> bool {
        let classes = self.model.load.priorities.len();
        self.load.now.share[unit * classes..(unit + 1) * classes].iter().all(|share| *share >= 1.0)
    }

    /// True if a unit is asked for anything at any time of day. One that is down and that all users have left is not.
    fn is_asked(&self, unit: usize) -> bool {
        let populations = self.model.populations.len();
        let loads = &self.load.calm_loads[unit * populations..(unit + 1) * populations];
        self.load.calm_constant[unit] > 0.0 || loads.iter().any(|load| *load > 0.0)
    }

    /// What each population asks of each unit at an average time of day, and what is asked at any time.
    fn find_calm_loads(&mut self) {
        let populations = self.model.populations.len();
        let units = self.model.load.units.len();
        let classes = self.model.load.priorities.len();
        let mut fluid = std::mem::take(&mut self.load.end);
        let mut loads = std::mem::take(&mut self.load.calm_loads);
        let mut sent = std::mem::take(&mut self.load.calm_sent);
        sent.clear();
        sent.resize(fluid.sent.len(), 0.0);
        fluid.copy_from(&self.load.now);
        loads.clear();
        loads.resize(units * populations, 0.0);
        self.load.calm_constant.clear();
        self.load.calm_constant.resize(units, 0.0);
        for population in 0..populations {
            // Sign-ins of users who stay do not follow the time of day.
            for (share, sign) in [(1.0, 1.0), (0.0, -1.0)] {
                self.ask_calmly(population, share, &mut fluid);
                let peak = self.model.populations[population].profile.peak();
                let weight = if share == 0.0 { 1.0 - peak } else { peak };
                sent.iter_mut().zip(&fluid.sent).for_each(|(sum, sent)| *sum += weight * sent);
                for unit in 0..units {
                    let offered = fluid.offered_to(unit, classes);
                    loads[unit * populations + population] += sign * offered;
                    if share == 0.0 {
                        self.load.calm_constant[unit] += offered;
                    }
                }
            }
        }
        (self.load.end, self.load.calm_loads, self.load.calm_sent) = (fluid, loads, sent);
    }

    /// Lets one population ask for a share of what it does at an average time of day.
    fn ask_calmly(&self, population: usize, share: f64, fluid: &mut Fluid) {
        fluid.forget_loads();
        for (u, usage) in self.model.usages.iter().enumerate() {
            if usage.population.index() == population {
                let (demand, flow) = (self.load.now.demand[u], self.load.now.flows[u]);
                let tries = if flow.admitted > 0.0 { flow.attempts / flow.admitted } else { 1.0 };
                let class = self.model.load.usages[u].class;
                let attempts = share * demand.mean * self.load.admit[u] * tries;
                let usage = UsageId::at(u);
                let walk = Walk { engine: self, class, bits: self.bits_of(usage), y: &self.load.y };
                walk.usage(usage, attempts, fluid);
            }
        }
        self.pass_on(fluid);
    }

    /// What is offered to a unit in the quarter of an hour of `at`.
    pub(super) fn calm_load(&self, unit: usize, at: SimTime) -> f64 {
        let populations = self.model.populations.len();
        let loads = &self.load.calm_loads[unit * populations..(unit + 1) * populations];
        let by_time = loads.iter().zip(&self.model.populations).map(|(load, p)| load * p.profile.factor(at));
        self.load.calm_constant[unit] + by_time.sum::<f64>()
    }

    /// The next quarter of an hour in which a unit is offered more than it can serve, or than others wait for.
    pub(super) fn next_overload(&self) -> SimTime {
        let next = self.next_demand_step();
        if !next.occurs() {
            return SimTime::NEVER;
        }
        let alarms = self.alarms();
        let could = |unit: usize| {
            let populations = self.model.populations.len();
            let loads = &self.load.calm_loads[unit * populations..(unit + 1) * populations];
            let peak: f64 =
                loads.iter().zip(&self.model.populations).map(|(l, p)| l * p.profile.peak()).sum();
            peak + self.load.calm_constant[unit] > alarms[unit]
        };
        let tight: Vec<usize> = (0..alarms.len()).filter(|unit| could(*unit)).collect();
        if tight.is_empty() {
            return SimTime::NEVER;
        }
        let step_time = |step: i64| SimTime::from_micros(next.micros() + step * STEP_MICROS);
        let over =
            |step: &i64| tight.iter().any(|unit| self.calm_load(*unit, step_time(*step)) > alarms[*unit]);
        // Where it is not found, looking stops for now.
        step_time((0..LOOK_AHEAD).find(over).unwrap_or(LOOK_AHEAD))
    }

    /// Requests per second beyond which each unit is overloaded, or a signal watches it.
    fn alarms(&self) -> Vec<f64> {
        let units = self.model.load.units.iter().enumerate();
        units
            .map(|(place, unit)| {
                let watching = self.model.load.signals.iter().filter(|signal| {
                    !signal.below
                        && matches!(&signal.watches, crate::model::Watched::Utilisation(all) if all.contains(&unit.unit))
                });
                let share = watching.map(|signal| signal.threshold).fold(1.0, f64::min);
                self.load.now.capacity[place] * share
            })
            .collect()
    }
}
