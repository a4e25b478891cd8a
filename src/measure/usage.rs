//! How a journey of a population fares over a replication.

use super::figures::{OutageLength, UsageFigures};
use super::load::UsageLoad;
use super::outage::{CausePlaces, OpenOutage};
use super::verdict;
use crate::engine::Engine;
use crate::model::{Model, Objective, Profile, UsageId};
use crate::time::{MICROS_PER_MINUTE, SimSpan, SimTime};

/// Watches one usage.
#[derive(Debug, Clone)]
pub(super) struct UsageMeter {
    usage: UsageId,
    objective: Objective,
    profile: Profile,
    requests_per_micro: f64,
    users: f64,
    horizon: SimTime,
    months: Vec<(SimTime, SimTime)>,
    curve_points: usize,

    since: SimTime,
    error: f64,
    alternative: f64,
    degraded_share: f64,
    is_slow: bool,
    /// `None` where a scenario says nothing of load.
    load: Option<UsageLoad>,
    outage: OpenOutage,
    figures: UsageFigures,
    places: CausePlaces,
    events: Vec<u32>,
}

impl UsageMeter {
    pub(super) fn new(model: &Model, usage: usize, curve_points: usize) -> Self {
        let u = &model.usages[usage];
        let population = &model.populations[u.population.index()];
        let bounds = |begins: i64, length: SimSpan| {
            let from = begins.clamp(0, model.horizon.micros());
            let to = (begins + length.micros()).clamp(0, model.horizon.micros());
            (SimTime::from_micros(from), SimTime::from_micros(to))
        };
        Self {
            usage: UsageId::at(usage),
            objective: model.journeys[u.journey.index()].objective,
            profile: population.profile.clone(),
            requests_per_micro: u.requests_per_second / 1e6,
            users: population.users,
            horizon: model.horizon,
            months: model.months.iter().map(|m| bounds(m.begins_micros, m.length)).collect(),
            curve_points,
            since: SimTime::START,
            error: 0.0,
            alternative: 0.0,
            degraded_share: 0.0,
            is_slow: false,
            load: (!model.load.is_empty()).then(|| UsageLoad::new(model)),
            outage: OpenOutage::none(),
            figures: UsageFigures::default(),
            places: CausePlaces::new(model),
            events: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, engine: &Engine<'_>) {
        if let Some(load) = &mut self.load {
            *load = UsageLoad::new(engine.model());
        }
        let requests = self.requests_per_micro * self.profile.weighted_micros(self.horizon);
        self.figures = UsageFigures {
            requests,
            attempts: requests,
            monthly_down: vec![SimSpan::ZERO; self.months.len()],
            curve: Vec::with_capacity(self.curve_points),
            ..UsageFigures::default()
        };
        self.places.clear();
        self.outage.is_open = false;
        self.since = SimTime::START;
        (self.error, self.alternative, self.degraded_share, self.is_slow) = (0.0, 0.0, 0.0, false);
        self.changed(engine);
        self.look_at_demand(engine);
    }

    /// Success, or the alternatives' part in it, has changed.
    pub(super) fn changed(&mut self, engine: &Engine<'_>) {
        let now = engine.now();
        self.account(engine, now);
        let was_down = self.is_down();
        self.error = 1.0 - engine.usage_success(self.usage);
        self.alternative = engine.usage_alternative(self.usage);
        self.degraded_share = engine.usage_degraded(self.usage);
        self.is_slow = verdict::is_slow(&self.objective, engine.usage_latency(self.usage));
        self.figures.peak_error = self.figures.peak_error.max(self.error);
        match (was_down, self.is_down()) {
            (false, true) => self.outage.open(engine, self.usage, &mut self.events),
            (true, false) => self.close(now, false),
            _ => {}
        }
    }

    /// Something happened somewhere: an open outage may have other causes or stages now.
    #[inline]
    pub(super) fn refresh(&mut self, engine: &Engine<'_>) {
        if self.outage.is_open && self.outage.booked < engine.now() {
            self.outage.book(engine.now());
            self.outage.look(engine, self.usage, &mut self.events);
        }
    }

    /// Where there is load: what is asked may have changed, though success has not.
    pub(super) fn look_at_demand(&mut self, engine: &Engine<'_>) {
        let demand = engine.demand_of(self.usage);
        if self.load.as_ref().is_some_and(|load| demand.is_some_and(|now| now != load.demand)) {
            self.account(engine, engine.now());
            if let (Some(load), Some(demand)) = (&mut self.load, demand) {
                load.demand = demand;
            }
        }
    }

    pub(super) fn end(&mut self, engine: &Engine<'_>, horizon: SimTime) -> UsageFigures {
        self.account(engine, horizon);
        if self.is_down() {
            self.close(horizon, true);
        }
        self.fill_curve(None);
        std::mem::take(&mut self.figures)
    }

    fn is_down(&self) -> bool {
        verdict::is_down(&self.objective, self.error)
    }

    fn is_degraded(&self) -> bool {
        verdict::is_degraded(&self.objective, self.error, self.degraded_share, self.is_slow)
    }

    /// Books the time since the last change.
    fn account(&mut self, engine: &Engine<'_>, now: SimTime) {
        self.fill_curve(Some(now));
        let span = now - self.since;
        if let Some(load) = &mut self.load {
            let users_failing = load.demand.1 * self.error;
            self.figures.user_minutes_lost += users_failing * span.micros_f64() / MICROS_PER_MINUTE as f64;
            load.account(engine, self.usage, (1.0 - self.error, self.alternative), &mut self.figures);
        } else if self.error > 0.0 || self.alternative > 0.0 {
            let demand = self.requests_per_micro
                * (self.profile.weighted_micros(now) - self.profile.weighted_micros(self.since));
            self.figures.lost_requests += demand * self.error;
            self.figures.alternative_requests += demand * self.alternative;
            self.figures.user_minutes_lost +=
                self.users * self.error * span.micros_f64() / MICROS_PER_MINUTE as f64;
        }
        if self.is_slow {
            self.figures.slow = add(self.figures.slow, span);
        }
        if self.is_degraded() {
            self.figures.degraded = add(self.figures.degraded, span);
        }
        self.since = now;
    }

    fn close(&mut self, now: SimTime, censored: bool) {
        let outage = &mut self.outage;
        outage.book(now);
        outage.is_open = false;
        let length = now - outage.since;
        if length < self.objective.shortest_outage && !censored {
            self.figures.degraded = add(self.figures.degraded, length);
            return;
        }
        let figures = &mut self.figures;
        figures.down = add(figures.down, length);
        figures.censored |= censored;
        figures.outages.push(OutageLength { length, censored });
        figures.first_outage = figures.first_outage.or(Some(outage.since));
        // Months follow each other; a long horizon has many, an outage touches few.
        let first = self.months.partition_point(|(_, to)| *to <= outage.since);
        let touched = self.months[first..].iter().take_while(|(from, _)| *from < now);
        for (down, (from, to)) in figures.monthly_down[first..].iter_mut().zip(touched) {
            *down = add(*down, now.min(*to) - outage.since.max(*from));
        }
        outage.commit(length, figures, &mut self.places);
    }

    /// Samples of success up to `now` (`None`: to the end).
    fn fill_curve(&mut self, now: Option<SimTime>) {
        while self.figures.curve.len() < self.curve_points {
            let at = curve_time(self.figures.curve.len(), self.curve_points, self.horizon);
            if now.is_some_and(|now| at >= now) {
                return;
            }
            self.figures.curve.push((1.0 - self.error) as f32);
            if let Some(load) = self.load.as_ref().filter(|load| load.has_surges) {
                self.figures.demand.push((load.demand.0 * self.profile.factor(at)) as f32);
            }
        }
    }
}

/// The instant of sample `index` of a curve.
fn curve_time(index: usize, points: usize, horizon: SimTime) -> SimTime {
    let share = index as f64 / (points.max(2) - 1) as f64;
    SimTime::from_micros((horizon.micros() as f64 * share) as i64)
}

fn add(a: SimSpan, b: SimSpan) -> SimSpan {
    SimSpan::from_micros(a.micros() + b.micros())
}
