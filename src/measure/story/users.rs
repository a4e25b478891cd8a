//! How users fare: journeys that go down, degrade and recover.

use std::collections::BTreeSet;

use super::ways::failing_ways;
use super::{Entry, Happening, UsersNow, UsersState, unite};
use crate::engine::Engine;
use crate::measure::verdict;
use crate::model::{CompId, Model, Objective, UsageId};
use crate::time::{SimSpan, SimTime};

/// Change of success, while users are down or degraded, that is worth a word.
const NOTABLE: f64 = 0.05;
/// Change of success that is worth drawing, where load lets it move all the time.
const DRAWN: f64 = 0.02;
/// Where load lets success move all the time: factor of what fails, or of what succeeds, that is worth a word.
const CLEARLY: f64 = 2.0;
/// Success below this counts as this much then: from all failing to nearly all is no news.
const LITTLE: f64 = 0.25;

/// Watches users.
#[derive(Debug, Clone)]
pub(super) struct UsersWatch {
    usages: Vec<Seen>,
    /// By usage, where there is load: success from each time on.
    success: Vec<Vec<(SimTime, f64)>>,
    /// Initiating events that made some users down or degraded.
    pub(super) reached: BTreeSet<u32>,
}

/// A usage as it was last seen.
#[derive(Debug, Clone)]
struct Seen {
    usage: UsageId,
    objective: Objective,
    state: UsersState,
    since: SimTime,
    /// What was told last: success, and because of what.
    success: f64,
    told: Vec<u32>,
    /// What has made its calls fail in the present state.
    events: Vec<u32>,
}

impl UsersWatch {
    pub(super) fn new(model: &Model) -> Self {
        let seen = |(index, usage): (usize, &crate::model::Usage)| Seen {
            usage: UsageId::at(index),
            objective: model.journeys[usage.journey.index()].objective,
            state: UsersState::Up,
            since: SimTime::START,
            success: 1.0,
            told: Vec::new(),
            events: Vec::new(),
        };
        Self {
            usages: model.usages.iter().enumerate().map(seen).collect(),
            success: vec![vec![(SimTime::START, 1.0)]; model.load.usages.len()],
            reached: BTreeSet::new(),
        }
    }

    pub(super) fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        for seen in &mut self.usages {
            seen.look(engine, &mut self.reached, out);
        }
        for (usage, course) in self.success.iter_mut().enumerate() {
            let now = engine.usage_success(UsageId::at(usage));
            let last = course.last().map_or(1.0, |(_, success)| *success);
            if (now - last).abs() >= DRAWN || (now != last && now >= 1.0) {
                course.push((engine.now(), now));
            }
        }
    }

    /// How success went, by usage; nothing where there is no load.
    pub(super) fn take_success(&mut self) -> Vec<Vec<(SimTime, f64)>> {
        std::mem::take(&mut self.success)
    }

    /// Tells what is still open at the horizon.
    pub(super) fn end(&mut self, horizon: SimTime, out: &mut Vec<Entry>) {
        for seen in self.usages.iter().filter(|s| s.state != UsersState::Up) {
            let now = UsersNow {
                usage: seen.usage,
                was: seen.state,
                is: seen.state,
                lasted: horizon - seen.since,
                at_horizon: true,
                failing: Vec::new(),
                initiator: 0,
            };
            out.push(Entry {
                at: horizon,
                happening: Happening::Users(now),
                before: Some(seen.success),
                after: Some(seen.success),
                events: seen.told.clone(),
            });
        }
    }
}

impl Seen {
    fn look(&mut self, engine: &Engine<'_>, reached: &mut BTreeSet<u32>, out: &mut Vec<Entry>) {
        let success = engine.usage_success(self.usage);
        let state = self.state_of(engine, 1.0 - success);
        if state == UsersState::Up && self.state == UsersState::Up {
            return;
        }
        let present = if state == UsersState::Up { Vec::new() } else { self.present(engine) };
        reached.extend(present.iter().filter(|event| **event > 0));
        let differs = self.is_notable(engine, success) || present.iter().all(|e| !self.told.contains(e));
        if state != self.state || differs {
            self.tell(engine, state, success, &present, out);
        }
        unite(&mut self.events, &present);
    }

    /// True if success has changed enough since it was told.
    fn is_notable(&self, engine: &Engine<'_>, success: f64) -> bool {
        let clearly = |a: f64, b: f64, least: f64| a.max(b) >= CLEARLY * a.min(b).max(least);
        (success - self.success).abs() >= NOTABLE
            && (engine.model().load.is_empty()
                || clearly(success, self.success, LITTLE)
                || clearly(1.0 - success, 1.0 - self.success, 0.0))
    }

    fn state_of(&self, engine: &Engine<'_>, error: f64) -> UsersState {
        if verdict::is_down(&self.objective, error) {
            UsersState::Down
        } else if self.is_degraded(engine, error) {
            UsersState::Degraded
        } else {
            UsersState::Up
        }
    }

    fn is_degraded(&self, engine: &Engine<'_>, error: f64) -> bool {
        let by_alternatives = engine.usage_degraded(self.usage);
        let is_slow = verdict::is_slow(&self.objective, engine.usage_latency(self.usage));
        verdict::is_degraded(&self.objective, error, by_alternatives, is_slow)
    }

    /// What makes calls fail at present; where none does, what makes users turn to alternatives.
    fn present(&self, engine: &Engine<'_>) -> Vec<u32> {
        let mut events = Vec::new();
        engine.failing_events(self.usage, &mut events);
        if events == [0] {
            let mut refused = Vec::new();
            for call in &engine.model().usages[self.usage.index()].calls {
                failing_ways(engine, &call.to, &mut |route| {
                    unite(&mut refused, &engine.events_of_route(route));
                });
            }
            if !refused.is_empty() {
                return refused;
            }
        }
        events
    }

    fn tell(
        &mut self,
        engine: &Engine<'_>,
        state: UsersState,
        success: f64,
        present: &[u32],
        out: &mut Vec<Entry>,
    ) {
        let now = engine.now();
        let mut failing: Vec<CompId> = Vec::new();
        for call in &engine.model().usages[self.usage.index()].calls {
            failing_ways(engine, &call.to, &mut |route| {
                let unit = engine.model().routes[route.index()].units[engine.route_position(route).0];
                if !failing.contains(&unit) {
                    failing.push(unit);
                }
            });
        }
        let lasted = if self.state == UsersState::Up { SimSpan::ZERO } else { now - self.since };
        let happening = Happening::Users(UsersNow {
            usage: self.usage,
            was: self.state,
            is: state,
            lasted,
            at_horizon: false,
            failing,
            initiator: verdict::initiator(engine, present),
        });
        let events =
            if state == UsersState::Up { std::mem::take(&mut self.events) } else { present.to_vec() };
        let (before, after) = (Some(self.success), Some(success));
        out.push(Entry { at: now, happening, before, after, events });
        if state != self.state {
            (self.state, self.since) = (state, now);
            self.events.clear();
        }
        self.success = success;
        self.told = present.to_vec();
    }
}
