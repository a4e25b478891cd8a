//! What operators do: a change of admission, capacity, shedding or routes, or a roll-back, and its undoing.

use crate::engine::EngineError;
use crate::engine::agenda::Look;
use crate::engine::repairs::Owner;
use crate::engine::state::Engine;
use crate::model::{Act, Expressions, HazardId, NodeId, Occurs, ResponseId, StrikeId, UsageId, Watched};
use crate::time::{MICROS_PER_SECOND, SimSpan, SimTime};

/// Times that a response is applied in a row, each soon after the last, beyond which it is refused.
const MOST_FLAPS: u32 = 10_000;

/// What is soon.
const SOON: SimSpan = SimSpan::from_micros(10 * MICROS_PER_SECOND);

/// How often a response has been applied in a row, each time soon after the last.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flaps {
    times: u32,
    last: SimTime,
}

impl Flaps {
    fn note(&mut self, now: SimTime) {
        self.times = if now - self.last <= SOON { self.times + 1 } else { 1 };
        self.last = now;
    }
}

impl Engine<'_> {
    /// Refuses a response that is applied and undone all the time: each is an event, and there would be millions of them.
    pub(in crate::engine) fn refuse_flapping(&self) -> Result<(), EngineError> {
        let Some(place) = self.load.flaps.iter().position(|flaps| flaps.times >= MOST_FLAPS) else {
            return Ok(());
        };
        let response = self.model.load.responses[place].name.clone();
        Err(EngineError::Flapping { at: self.now, response })
    }

    /// A crew has done what a response asks for.
    pub(in crate::engine) fn response_done(&mut self, id: ResponseId) {
        self.load.done.push(id);
        self.agenda.add(Look::Load, 0);
    }

    /// Responses that work take effect; others are tried anew while their condition holds. Those whose calm has come are undone.
    pub(super) fn react_responses(&mut self) {
        let mut done = std::mem::take(&mut self.load.done);
        for id in done.drain(..) {
            let response = &self.model.load.responses[id.index()];
            let tries = self.load.tries[id.index()];
            self.load.tries[id.index()] += 1;
            let works =
                response.works >= 1.0 || self.draw(response.works_stream, tries).happens(response.works);
            if works {
                self.note_reasons(id);
                self.load.applied[id.index()] = true;
                self.load.flaps[id.index()].note(self.now);
                self.load.is_changed = true;
                self.set_acts();
                self.roll_back(id);
            } else if self.hazard_holds(response.hazard) {
                self.try_again(response.hazard);
            }
        }
        self.load.done = done;
        self.undo_responses();
    }

    fn undo_responses(&mut self) {
        for place in 0..self.model.load.responses.len() {
            let response = &self.model.load.responses[place];
            let calm = response.undo.is_some_and(|signal| self.load.signals[signal.index()].is_on);
            if self.load.applied[place] && calm {
                self.load.applied[place] = false;
                self.load.reasons[place].clear();
                self.load.is_changed = true;
                self.set_acts();
                // What had been held back may be too much at once.
                if self.hazard_holds(response.hazard) {
                    self.try_again(response.hazard);
                }
            }
        }
    }

    /// Sets all that responses change from those that are in effect, in written order.
    fn set_acts(&mut self) {
        let model = self.model;
        self.load.reset_acts(model);
        for (place, response) in model.load.responses.iter().enumerate() {
            if self.load.applied[place] {
                response.acts.iter().for_each(|act| self.set_act(act));
            }
        }
        let routes = self.load.forced.iter().enumerate().filter(|(_, forced)| forced.is_some());
        let routes: Vec<usize> = routes.map(|(route, _)| route).collect();
        routes.into_iter().for_each(|route| self.agenda.add(Look::Routes, route));
    }

    fn set_act(&mut self, act: &Act) {
        match act {
            Act::Admit(usages, share) => usages.iter().for_each(|u| self.load.admit[u.index()] = *share),
            Act::Capacity(members, rate) => members.iter().for_each(|m| self.set_size(*m, *rate)),
            Act::Shed(units, most) => self.for_each_place(units, |unit| unit.shed_limit = Some(*most)),
            Act::Route(routes) => {
                routes.iter().for_each(|(route, place)| self.load.forced[route.index()] = Some(*place));
            }
            Act::RollBack(_) => {}
        }
    }

    fn for_each_place(
        &mut self,
        units: &[crate::model::CompId],
        set: impl Fn(&mut super::capacity::UnitState),
    ) {
        for unit in units {
            if let Some(place) = self.load.place_of(*unit) {
                set(&mut self.load.units[place]);
            }
        }
    }

    /// Sets what a member, or a unit without members, can serve.
    fn set_size(&mut self, member: crate::model::CompId, rate: f64) {
        let components = &self.model.components;
        let unit = components[member.index()].member_of.unwrap_or(member);
        let Some(place) = self.load.place_of(unit) else { return };
        let members = &components[unit.index()].members;
        let number = members.iter().position(|m| *m == member).unwrap_or(0);
        let declared = self.model.load.units[place].capacity.as_ref().map_or(0.0, |c| c.per_member);
        self.load.units[place].set_size((number, members.len().max(1)), rate, declared);
    }

    /// Ends all that a hazard's strikes hold down.
    fn roll_back(&mut self, id: ResponseId) {
        let hazards: Vec<HazardId> = self.model.load.responses[id.index()]
            .acts
            .iter()
            .filter_map(|act| if let Act::RollBack(hazard) = act { Some(*hazard) } else { None })
            .collect();
        for hazard in hazards {
            for job in self.model.modes.len()..self.jobs.len() {
                let of_hazard = |strike: StrikeId| self.model.strikes[strike.index()].hazard == hazard;
                if matches!(self.jobs[job].owner, Owner::Strike(strike) if of_hazard(strike)) {
                    self.end_repair(job as u32);
                }
            }
            // Who is relieved looks at it in another round.
            self.touch_load();
        }
    }

    /// The place that operators have sent a route's users to.
    pub(in crate::engine) fn forced_place(&self, route: usize) -> Option<u32> {
        self.load.forced.get(route).copied().flatten()
    }

    /// True while what a response changes is in effect.
    #[must_use]
    pub fn is_applied(&self, response: ResponseId) -> bool {
        self.load.applied.get(response.index()).copied().unwrap_or(false)
    }

    /// Share of a usage's requests that are let in at all.
    #[must_use]
    pub fn admitted(&self, usage: UsageId) -> f64 {
        self.load.admit.get(usage.index()).copied().unwrap_or(1.0)
    }

    /// Notes the events upon which operators respond: those of what their condition watches.
    pub(in crate::engine) fn note_reasons(&mut self, id: ResponseId) {
        let hazard = self.model.load.responses[id.index()].hazard;
        let Occurs::When(condition) = self.model.hazards[hazard.index()].occurs else { return };
        let mut events = std::mem::take(&mut self.load.reasons[id.index()]);
        self.add_watched_events(condition, &mut events);
        events.sort_unstable();
        events.dedup();
        self.load.reasons[id.index()] = events;
    }

    fn add_watched_events(&self, node: NodeId, out: &mut Vec<u32>) {
        let kind = self.model.expressions.kind(node);
        if let Some(target) = Expressions::target(kind) {
            match self.model.load.signals.iter().find(|signal| signal.component == target) {
                Some(signal) => self.add_signal_events(&signal.watches, out),
                None => self.add_set(target, out),
            }
        }
        self.model.expressions.children(node).iter().for_each(|child| self.add_watched_events(*child, out));
    }

    fn add_signal_events(&self, watches: &Watched, out: &mut Vec<u32>) {
        match watches {
            Watched::Utilisation(units) => {
                units.iter().for_each(|unit| out.extend_from_slice(self.overload_events(*unit)));
            }
            Watched::Failing { journey, population } => {
                let mut events = Vec::new();
                for (u, usage) in self.model.usages.iter().enumerate() {
                    if usage.journey == *journey && population.is_none_or(|p| p == usage.population) {
                        self.failing_events(UsageId::at(u), &mut events);
                        out.extend(events.iter().filter(|event| **event != 0));
                    }
                }
            }
        }
    }

    /// The events because of which a usage's requests are refused at the door.
    pub(in crate::engine) fn add_response_events(&self, usage: UsageId, out: &mut Vec<u32>) {
        for (place, response) in self.model.load.responses.iter().enumerate() {
            let admits = |act: &Act| matches!(act, Act::Admit(usages, _) if usages.contains(&usage));
            if self.load.applied[place] && response.acts.iter().any(admits) {
                out.extend_from_slice(&self.load.reasons[place]);
            }
        }
    }
}
