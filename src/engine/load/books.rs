//! Accounts: requests made, served and given up, and how much units were offered at most.

use super::fluid::Flow;
use crate::engine::state::Engine;
use crate::model::{CompId, Profile, STEP_MICROS, UsageId};
use crate::time::SimTime;

/// Rates that differ by less than this share are steady.
const STEADY: f64 = 1e-9;

/// What has become of a usage's requests so far.
///
/// Units: requests.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Books {
    /// Made, repetitions not counted.
    pub fresh: f64,
    /// Succeeded.
    pub served: f64,
    /// Given up.
    pub lost: f64,
    /// Of the lost those that were refused for lack of capacity, or at the door.
    pub shed: f64,
    /// First calls made, repetitions counted.
    pub attempts: f64,
}

/// How much was asked of a unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct UnitBooks {
    /// Largest offered load over capacity, what warms up or restarts counted as back.
    pub peak: f64,
    /// The same while any unit was impaired or users were away from home.
    pub peak_impaired: f64,
    /// Time in which more was offered than it could serve, while it could serve anything, seconds.
    pub overloaded_seconds: f64,
}

impl Engine<'_> {
    /// Books the time up to `at`; where something moves, rates go from those of now to those at the step's end.
    pub(super) fn book(&mut self, at: SimTime, moves: bool) {
        let seconds = (at - self.load.since).seconds();
        for usage in 0..self.load.books.len() {
            let before = self.load.now.flows[usage];
            let after = if moves { self.load.end.flows[usage] } else { before };
            let mean = |rate: &dyn Fn(&Flow) -> f64| 0.5 * (rate(&before) + rate(&after)) * seconds;
            let fresh = mean(&|f| f.fresh);
            let refused = mean(&|f| f.fresh - f.admitted);
            let attempts = mean(&|f| f.attempts);
            let waiting = if moves {
                self.waiting(usage, &self.load.end_y) - self.waiting(usage, &self.load.y)
            } else {
                0.0
            };
            let most = (fresh - waiting).max(0.0);
            // A unit that sheds cleanly serves at a steady rate: then what is served is known best, else what is given up.
            let fails = before.failing.max(after.failing) > 0.0;
            let is_steady = (after.served - before.served).abs() <= STEADY * before.served;
            let lost = if fails && is_steady {
                (most - mean(&|f| f.served)).clamp(refused.min(most), most)
            } else if moves {
                (refused + self.given_up_in_step(usage, seconds)).clamp(0.0, most)
            } else {
                before.lost * seconds
            };
            let shed = refused * 0.5 * (before.gate_shed + after.gate_shed)
                + (lost - refused).max(0.0) * 0.5 * (before.shed + after.shed);
            let books = &mut self.load.books[usage];
            books.fresh += fresh;
            books.lost += lost;
            books.shed += shed;
            books.attempts += attempts;
            // What was neither given up nor waits now has been served: nothing is lost between two steps.
            books.served += fresh - lost - waiting;
        }
        let classes = self.model.load.priorities.len();
        for unit in 0..self.load.unit_books.len() {
            let utilisation = self.load.now.utilisation(unit, classes);
            let is_over = utilisation > 1.0 && utilisation.is_finite();
            if moves {
                let end = self.utilisation_of_size(unit, at, &self.load.end);
                self.note_peak(unit, end);
            }
            let begin = self.utilisation_of_size(unit, self.load.since, &self.load.now);
            self.note_peak(unit, begin);
            if is_over {
                self.load.unit_books[unit].overloaded_seconds += seconds;
            }
        }
    }

    /// Requests given up in the present step.
    ///
    /// What flows out of a pool is what flowed in less what it has grown by: exact however steeply it decays in the step.
    fn given_up_in_step(&self, usage: usize, seconds: f64) -> f64 {
        let id = UsageId::at(usage);
        let (before, after) = (&self.load.now.flows[usage], &self.load.end.flows[usage]);
        let mut rates = [Vec::new(), Vec::new()];
        self.for_each_try(id, &self.load.y, before, |attempts, _| rates[0].push(attempts));
        self.for_each_try(id, &self.load.end_y, after, |attempts, _| rates[1].push(attempts));
        let mean = |a: f64, b: f64| 0.5 * (a + b);
        let failing = mean(before.failing, after.failing);
        let not_allowed =
            mean(before.failing * (1.0 - before.allowed), after.failing * (1.0 - after.allowed));
        let mut tried = mean(rates[0][0], rates[1][0]) * seconds;
        let mut given_up = 0.0;
        for (number, pool) in self.load.slots[usage].pools.iter().enumerate() {
            given_up += tried * not_allowed;
            let inflow = |flow: &Flow, rate: f64| rate * flow.failing * flow.allowed;
            let joined = mean(inflow(before, rates[0][number]), inflow(after, rates[1][number])) * seconds;
            tried = match pool.y {
                Some(place) => (joined - (self.load.end_y[place] - self.load.y[place])).max(0.0),
                None => mean(rates[0][number + 1], rates[1][number + 1]) * seconds,
            };
        }
        given_up + tried * failing
    }

    /// Books the few requests by which a pool is put to rest.
    pub(super) fn book_rest(&mut self, place: usize, requests: f64) {
        let (usage, kind) = self.load.kinds[place];
        if matches!(kind, super::pools::Kind::Pool(_)) {
            self.load.books[usage.index()].served += requests;
        }
    }

    /// Books a calm time up to `at`: all follows the time of day.
    pub(super) fn book_calm(&mut self, at: SimTime) {
        let since = self.load.since;
        for usage in 0..self.load.books.len() {
            let population = self.model.usages[usage].population;
            let profile = &self.model.populations[population.index()].profile;
            let fresh = self.load.now.demand[usage].mean
                * (profile.weighted_micros(at) - profile.weighted_micros(since))
                / 1e6;
            let flow = self.load.now.flows[usage];
            let admit = self.load.admit[usage];
            let lost = fresh * (1.0 - admit * (1.0 - self.given_up(UsageId::at(usage), &flow)));
            let refused = fresh * (1.0 - admit);
            let tries = if flow.fresh > 0.0 { flow.attempts / flow.fresh } else { 1.0 };
            let books = &mut self.load.books[usage];
            books.fresh += fresh;
            books.lost += lost;
            books.shed += refused + (lost - refused) * flow.shed;
            books.attempts += fresh * tries;
            books.served += fresh - lost;
        }
        self.note_calm_peaks(at);
    }

    /// Notes a peak, unless the unit can serve nothing at all.
    pub(super) fn note_peak(&mut self, unit: usize, utilisation: f64) {
        if !utilisation.is_finite() {
            return;
        }
        let is_impaired = self.load.is_impaired;
        let books = &mut self.load.unit_books[unit];
        books.peak = books.peak.max(utilisation);
        if is_impaired {
            books.peak_impaired = books.peak_impaired.max(utilisation);
        }
    }

    /// Peaks of units while all loads follow the time of day.
    fn note_calm_peaks(&mut self, at: SimTime) {
        let varies = self.model.populations.iter().any(|p| matches!(p.profile, Profile::Steps { .. }));
        let first = self.load.since.micros() / STEP_MICROS;
        // A step that begins only at `at` is none of this time.
        let last = if varies { (at.micros() - 1).max(0) / STEP_MICROS } else { first };
        for unit in 0..self.load.unit_books.len() {
            if !self.load.now.capacity[unit].is_finite() {
                continue;
            }
            let step_time = |step: i64| SimTime::from_micros(step * STEP_MICROS);
            let most = (first..=last).map(|step| self.calm_load(unit, step_time(step))).fold(0.0, f64::max);
            if most > 0.0 {
                self.note_peak(unit, most / self.load.now.capacity[unit]);
            }
        }
    }

    /// Requests of a usage that wait to be tried again.
    fn waiting(&self, usage: usize, y: &[f64]) -> f64 {
        self.load.slots[usage].pools.iter().filter_map(|pool| pool.y).map(|place| y[place]).sum()
    }

    /// What has become of a usage's requests up to now, and how many wait to be tried again; `None` where a scenario says
    /// nothing of load.
    #[must_use]
    pub fn books_of(&self, usage: UsageId) -> Option<(Books, f64)> {
        let books = self.load.books.get(usage.index())?;
        Some((*books, self.waiting(usage.index(), &self.load.y)))
    }

    /// How much was asked of each unit so far.
    pub fn unit_books(&self) -> impl Iterator<Item = (CompId, &UnitBooks)> + '_ {
        self.model.load.units.iter().map(|unit| unit.unit).zip(&self.load.unit_books)
    }
}
