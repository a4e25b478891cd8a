//! Figures that nobody knows: drawn once for each replication, before it is played.

mod places;
mod prices;
mod sizes;
mod splits;
mod tokens;
mod weeks;

pub use places::{UnitFigure, UnknownNumber, UnknownPlace, UsageFigure};
pub use prices::Price;
pub use splits::{Split, SplitPlace};
pub use tokens::SharedTokens;
pub use weeks::{UnknownWeek, WeekPlace};

use super::expression::NodeFigure;
use super::load::Change;
use super::{Effect, Model, Occurs, Permit};
use crate::law::{Law, Uncertain};
use crate::random::{Replication, StreamName};

/// What a law may exceed with a probability that does not count.
pub const BEYOND: f64 = 1e-9;

/// A figure that nobody knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    /// Its path in the scenario: "users.gulf.count".
    pub name: String,
    /// What is thought of it.
    pub law: Law,
    /// Its law as it is written.
    pub text: String,
    /// Its stream.
    pub stream: StreamName,
}

/// All unknown figures of a model, and where they stand in it; empty where everything is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unknowns {
    /// The figures.
    pub figures: Vec<Unknown>,
    /// Plain numbers that follow from them.
    pub numbers: Vec<UnknownNumber>,
    /// Tokens of retries that follow from how many users there are.
    pub tokens: Vec<SharedTokens>,
    /// Splits whose weights are among them.
    pub splits: Vec<Split>,
    /// Profiles and rhythms that hold some of them.
    pub weeks: Vec<UnknownWeek>,
    /// Laws by their place in the order of [`for_each_law`].
    laws: Vec<(usize, Uncertain)>,
}

/// A plain number that was not known, once it is drawn.
#[derive(Debug, Clone, Copy)]
struct KnownNumber {
    place: UnknownPlace,
    value: f64,
    /// What stands in for it until it is drawn.
    nominal: f64,
}

impl KnownNumber {
    /// How many times what stands in for it it is.
    fn ratio(self) -> f64 {
        if self.nominal > 0.0 { self.value / self.nominal } else { 1.0 }
    }
}

impl Unknown {
    /// Its value in a replication.
    #[must_use]
    pub fn draw(&self, replication: Replication) -> f64 {
        self.law.draw(replication.draw(self.stream, 0))
    }

    /// What stands in for it until it is drawn: its mean, or its median where the mean is infinite.
    #[must_use]
    pub fn nominal(&self) -> f64 {
        nominal(&self.law)
    }
}

/// What stands in for an unknown figure of this law: its mean, or its median where the mean is infinite.
#[must_use]
pub fn nominal(law: &Law) -> f64 {
    let mean = law.mean();
    if mean.is_finite() { mean } else { law.quantile(0.5) }
}

impl Unknowns {
    /// True if nobody knows what some need asks for, or what is left of it when it is lost.
    #[must_use]
    pub fn are_in_needs(&self) -> bool {
        let of_need = |number: &UnknownNumber| match number.place {
            UnknownPlace::Node(_, figure) => figure != NodeFigure::RefillsIn,
            _ => false,
        };
        self.numbers.iter().any(of_need)
    }
}

impl Model {
    /// The values of its unknown figures in a replication.
    #[must_use]
    pub fn drawn(&self, replication: Replication) -> Vec<f64> {
        self.unknowns.figures.iter().map(|unknown| unknown.draw(replication)).collect()
    }

    /// The system of a replication: itself with these values of its unknown figures.
    #[must_use]
    pub fn with_known(&self, drawn: &[f64]) -> Self {
        let mut model = self.clone();
        self.make_known(drawn, &mut model);
        model
    }

    /// As [`Model::with_known`], into a copy that was made before.
    pub fn make_known(&self, drawn: &[f64], copy: &mut Self) {
        let mut laws = self.unknowns.laws.iter().peekable();
        let mut number = 0;
        for_each_law(copy, &mut |law| {
            if let Some((_, uncertain)) = laws.next_if(|(place, _)| *place == number) {
                *law = uncertain.known(drawn);
            }
            number += 1;
        });
        self.make_numbers_known(drawn, copy);
        self.unknowns.splits.iter().for_each(|split| split.make_known(drawn, copy));
        self.unknowns.weeks.iter().for_each(|week| week.make_known(drawn, self, copy));
    }

    fn make_numbers_known(&self, drawn: &[f64], copy: &mut Self) {
        places::reset(self, &self.unknowns.numbers, copy);
        sizes::reset(self, &self.unknowns.numbers, copy);
        self.known_numbers(drawn).for_each(|number| places::set(number, self, copy));
        sizes::finish(self, &self.unknowns.numbers, copy);
        self.unknowns.tokens.iter().for_each(|tokens| tokens.share_out(drawn, copy));
    }

    /// Plain numbers that are known once their figures are.
    fn known_numbers(&self, drawn: &[f64]) -> impl Iterator<Item = KnownNumber> {
        self.unknowns.numbers.iter().filter_map(|number| {
            let value = number.of(*drawn.get(number.figure)?);
            let nominal = number.of(self.unknowns.figures.get(number.figure)?.nominal());
            Some(KnownNumber { place: number.place, value, nominal })
        })
    }

    /// Finds the laws with unknown values: once the model is whole, and after each change of what has laws.
    pub(crate) fn find_unknown_laws(&mut self) {
        let (mut found, mut number) = (Vec::new(), 0);
        for_each_law(self, &mut |law| {
            if let Law::Uncertain(uncertain) = law {
                found.push((number, uncertain.as_ref().clone()));
            }
            number += 1;
        });
        self.unknowns.laws = found;
    }
}

/// Visits every law of a model, always in the same order.
pub(super) fn for_each_law(model: &mut Model, visit: &mut dyn FnMut(&mut Law)) {
    for component in &mut model.components {
        visit(&mut component.restart);
        component.black_start.iter_mut().for_each(&mut *visit);
        if let Some(standby) = &mut component.standby {
            visit(&mut standby.starts_in);
        }
        if let Some(reconfigure) = &mut component.reconfigure {
            visit(&mut reconfigure.takes);
            visit(&mut reconfigure.errors);
        }
    }
    for mode in &mut model.modes {
        visit(&mut mode.every);
        effect(&mut mode.effect, visit);
        permits(&mut mode.permits, visit);
    }
    for repair in &mut model.repairs {
        [&mut repair.detect, &mut repair.travel, &mut repair.work].into_iter().for_each(&mut *visit);
    }
    model.holds.iter_mut().for_each(|hold| visit(&mut hold.length));
    for hazard in &mut model.hazards {
        if let Occurs::Every(every) = &mut hazard.occurs {
            visit(every);
        }
        if let Some(clusters) = &mut hazard.clusters {
            visit(&mut clusters.after);
        }
    }
    for strike in &mut model.strikes {
        effect(&mut strike.effect, visit);
        visit(&mut strike.delay);
        strike.waves.iter_mut().for_each(&mut *visit);
        permits(&mut strike.permits, visit);
        strike.targets.iter_mut().for_each(|target| permits(&mut target.permits, visit));
    }
    for failover in model.routes.iter_mut().filter_map(|route| route.failover.as_mut()) {
        [&mut failover.detect, &mut failover.shift, &mut failover.quiet].into_iter().for_each(&mut *visit);
    }
    model.switches.iter_mut().for_each(|switch| visit(&mut switch.takes));
    model.network.convergence.iter_mut().for_each(&mut *visit);
    for replica in &mut model.replicas {
        visit(&mut replica.lag);
        visit(&mut replica.catch_up);
    }
    of_load(model, visit);
}

fn of_load(model: &mut Model, visit: &mut dyn FnMut(&mut Law)) {
    for capacity in model.load.units.iter_mut().filter_map(|unit| unit.capacity.as_mut()) {
        if let Some(trips) = &mut capacity.trips {
            visit(&mut trips.restart);
        }
        if let Some(scaling) = &mut capacity.scaling {
            visit(&mut scaling.lag);
        }
    }
    for surge in &mut model.load.surges {
        match &mut surge.change {
            Change::Factor(law) | Change::Adds(law) | Change::Moves(law) => visit(law),
        }
        [&mut surge.ramp, &mut surge.lasts, &mut surge.decay].into_iter().for_each(&mut *visit);
    }
}

fn effect(effect: &mut Effect, visit: &mut dyn FnMut(&mut Law)) {
    match effect {
        Effect::Down => {}
        Effect::Capacity(law) | Effect::Errors(law) => visit(law),
    }
}

fn permits(permits: &mut [Permit], visit: &mut dyn FnMut(&mut Law)) {
    permits.iter_mut().for_each(|permit| visit(&mut permit.takes));
}
