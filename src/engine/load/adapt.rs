//! Units that react to their own load: trips of parts of them, and autoscaling.

use crate::engine::state::Engine;
use crate::model::{Autoscaling, Trips};
use crate::time::{SimSpan, SimTime};

/// A change of capacity smaller than this share of it is not worth making.
const WORTH_SCALING: f64 = 0.01;

impl Engine<'_> {
    /// Lets units that are overloaded trip, and those that scale look at their load; true if a capacity has changed.
    pub(super) fn adapt_units(&mut self) -> bool {
        let mut changed = false;
        for place in 0..self.model.load.units.len() {
            let Some(capacity) = &self.model.load.units[place].capacity else { continue };
            if let Some(trips) = &capacity.trips {
                changed |= self.restart_parts(place, trips);
                changed |= self.trip(place, trips);
            }
            if let Some(scaling) = &capacity.scaling {
                changed |= self.rescale(place, scaling);
            }
        }
        changed
    }

    /// Parts whose restart begins now join those that restart.
    fn restart_parts(&mut self, place: usize, trips: &Trips) -> bool {
        let now = self.now;
        let state = &mut self.load.units[place];
        let ready: f64 = state.tripped.iter().filter(|(at, _)| *at <= now).map(|(_, share)| share).sum();
        if ready <= 0.0 {
            return false;
        }
        state.tripped.retain(|(at, _)| *at > now);
        state.restarting = (now, state.restarting_at(now, trips.rate) + ready);
        true
    }

    /// Overload beyond the limit for long enough takes a part away; if it stays, the next one after as long.
    fn trip(&mut self, place: usize, trips: &Trips) -> bool {
        let classes = self.model.load.priorities.len();
        let strained =
            self.load.now.utilisation(place, classes) > trips.at && self.load.now.capacity[place] > 0.0;
        let now = self.now;
        let state = &mut self.load.units[place];
        let Some(since) = state.strained_since.filter(|_| strained) else {
            state.strained_since = strained.then_some(now);
            return strained && trips.after == SimSpan::ZERO && self.lose_part(place, trips);
        };
        if now < since + trips.after {
            return false;
        }
        self.lose_part(place, trips)
    }

    fn lose_part(&mut self, place: usize, trips: &Trips) -> bool {
        let number = self.load.units[place].trips;
        let restart = self.span(&trips.restart, trips.restart_stream, number);
        let now = self.now;
        let state = &mut self.load.units[place];
        let share = trips.loses.min(1.0 - state.lost_at(now, trips.rate));
        state.trips += 1;
        state.strained_since = Some(now);
        if share <= 0.0 {
            return false;
        }
        state.tripped.push((now + restart, share));
        true
    }

    /// Aims at the wanted utilisation, by steps, within limits, and down only after a while.
    fn rescale(&mut self, place: usize, rule: &Autoscaling) -> bool {
        let now = self.now;
        if let Some((at, scale)) = self.load.units[place].scaling_to
            && at <= now
        {
            self.load.units[place].scale = scale;
            self.load.units[place].scaling_to = None;
            // What it is used by now is to be seen before the next look.
            return true;
        }
        let state = &self.load.units[place];
        let looks_now = now.micros() % rule.every.micros().max(1) == 0 && state.looked_at != now;
        let may = rule.needs.is_none_or(|needs| self.nodes[needs.index()].value > 0.0);
        if !looks_now || !may || state.scaling_to.is_some() {
            return false;
        }
        self.load.units[place].looked_at = now;
        let Some(wanted) = self.wanted_scale(place, rule) else { return false };
        let number = self.load.units[place].scalings;
        let lag = self.span(&rule.lag, rule.lag_stream, number);
        let state = &mut self.load.units[place];
        state.scalings += 1;
        if lag == SimSpan::ZERO {
            state.scale = wanted;
            return true;
        }
        state.scaling_to = Some((now + lag, wanted));
        false
    }

    /// The capacity that a look at utilisation asks for, if it is worth a change.
    fn wanted_scale(&mut self, place: usize, rule: &Autoscaling) -> Option<f64> {
        let classes = self.model.load.priorities.len();
        let utilisation = self.load.now.utilisation(place, classes);
        let state = &mut self.load.units[place];
        let present = state.scale;
        let (least, most) = rule.between;
        let ideal = if utilisation.is_finite() { present * utilisation / rule.target } else { most };
        let wanted = ideal.min(present * rule.step).clamp(least, most);
        state.sufficed_at = None;
        if (wanted - present).abs() < WORTH_SCALING * present {
            (state.ample_since, state.sufficed_at) = (None, Some(utilisation));
            return None;
        }
        if wanted > present {
            state.ample_since = None;
            return Some(wanted);
        }
        let since = *state.ample_since.get_or_insert(self.now);
        (self.now >= since + rule.down_after).then_some(wanted)
    }

    /// When a unit trips, begins to restart, or looks at its load next.
    pub(super) fn next_unit_event(&self) -> SimTime {
        let mut next = SimTime::NEVER;
        for (place, (unit, state)) in self.model.load.units.iter().zip(&self.load.units).enumerate() {
            let Some(capacity) = &unit.capacity else { continue };
            if let Some(trips) = &capacity.trips {
                let ready = state.tripped.iter().map(|(at, _)| *at);
                let trip = state.strained_since.map(|since| since + trips.after);
                next = ready.chain(trip).filter(|at| *at > self.now).fold(next, SimTime::min);
            }
            if let Some(rule) = &capacity.scaling {
                let every = rule.every.micros().max(1);
                let look = SimTime::from_micros((self.now.micros() / every + 1).saturating_mul(every));
                let there = state.scaling_to.map(|(at, _)| at);
                next = next.min(self.next_look(place, look, rule)).min(there.unwrap_or(SimTime::NEVER));
            }
        }
        next
    }

    /// The next look that could change anything, `look` being the next at all.
    fn next_look(&self, place: usize, look: SimTime, rule: &Autoscaling) -> SimTime {
        let state = &self.load.units[place];
        let may = rule.needs.is_none_or(|needs| self.nodes[needs.index()].value > 0.0);
        if !may || state.scaling_to.is_some() {
            return SimTime::NEVER;
        }
        if let Some(since) = state.ample_since {
            let every = rule.every.micros().max(1);
            let due = (since + rule.down_after).micros();
            let first = due.saturating_add(every - 1) / every * every;
            return look.max(SimTime::from_micros(first));
        }
        let classes = self.model.load.priorities.len();
        let same = state.sufficed_at == Some(self.load.now.utilisation(place, classes));
        if same { SimTime::NEVER } else { look }
    }

    /// Share of a unit's capacity that overload has taken.
    #[must_use]
    pub fn tripped(&self, unit: crate::model::CompId) -> f64 {
        let Some(place) = self.load.place_of(unit) else { return 0.0 };
        let trips = self.model.load.units[place].capacity.as_ref().and_then(|c| c.trips.as_ref());
        trips.map_or(0.0, |trips| self.load.units[place].lost_at(self.now, trips.rate))
    }

    /// What autoscaling has made of a unit's declared capacity, as a factor.
    #[must_use]
    pub fn scale_of(&self, unit: crate::model::CompId) -> f64 {
        self.load.place_of(unit).map_or(1.0, |place| self.load.units[place].scale)
    }
}
