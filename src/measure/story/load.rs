//! Load: overload, full ways, surges, users who are signed out, retries, parts that trip, autoscaling.
//!
//! Load moves in many small steps; a change is told when it begins, when it has become clearly worse, and when it is over.

use super::{Entry, Happening, LoadStep, Overload, SurgeStep, entry};
use crate::engine::{Engine, WavePhase};
use crate::model::{CompId, Model, PathId, SurgeId, UsageId};
use crate::time::SimTime;

/// What has grown by this factor since it was told is worth another word.
const CLEARLY: f64 = 2.0;
/// Share of users signed out, or of capacity lost, that is worth a word.
const NOTABLE: f64 = 0.05;
/// First calls a request from which on retries are told, and below which they are drained.
const PILED_UP: f64 = 1.5;
const DRAINED: f64 = 1.1;
/// Change of capacity by autoscaling, as a factor, that is worth a word.
const SCALED: f64 = 1.25;
/// Share refused from which on an overload is told.
const REFUSED: f64 = 0.02;
/// Offered load over capacity beyond which it does not matter how much it is: a unit that has lost nearly all of its capacity.
const MOST: f64 = 100.0;

/// Watches load.
#[derive(Debug, Clone)]
pub(super) struct LoadWatch {
    units: Vec<UnitSeen>,
    paths: Vec<PathSeen>,
    usages: Vec<UsageSeen>,
    surges: Vec<SurgeSeen>,
}

/// A unit as it was last told of.
#[derive(Debug, Clone)]
struct UnitSeen {
    unit: CompId,
    over: Option<Over>,
    /// Share of capacity that was lost by trips, and what autoscaling had made of it.
    lost: f64,
    scale: f64,
    /// What overloaded it last.
    events: Vec<u32>,
}

/// A way through the network as it was last told of.
#[derive(Debug, Clone)]
struct PathSeen {
    path: PathId,
    dropped: f64,
    /// What filled it last.
    events: Vec<u32>,
}

/// An overload under way.
#[derive(Debug, Clone, Copy)]
struct Over {
    since: SimTime,
    utilisation: f64,
    refused: f64,
    most: f64,
}

/// A usage as it was last told of.
#[derive(Debug, Clone)]
struct UsageSeen {
    usage: UsageId,
    signed_out: f64,
    amplification: f64,
    /// What made its requests fail last.
    events: Vec<u32>,
}

/// A surge under way.
#[derive(Debug, Clone, Copy)]
struct SurgeSeen {
    surge: SurgeId,
    event: u32,
    size: f64,
    phase: WavePhase,
}

impl LoadWatch {
    pub(super) fn new(model: &Model) -> Self {
        let unit = |unit: CompId| UnitSeen { unit, over: None, lost: 0.0, scale: 1.0, events: Vec::new() };
        let usage = |usage: usize| UsageSeen {
            usage: UsageId::at(usage),
            signed_out: 0.0,
            amplification: 1.0,
            events: Vec::new(),
        };
        Self {
            units: model.load.units.iter().filter(|u| u.capacity.is_some()).map(|u| unit(u.unit)).collect(),
            paths: (0..model.network.paths.len())
                .map(|path| PathSeen { path: PathId::at(path), dropped: 0.0, events: Vec::new() })
                .collect(),
            usages: (0..model.load.usages.len()).map(usage).collect(),
            surges: Vec::new(),
        }
    }

    pub(super) fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        if engine.model().load.is_empty() {
            return;
        }
        self.look_at_surges(engine, out);
        self.units.iter_mut().for_each(|unit| unit.look(engine, out));
        self.paths.iter_mut().for_each(|path| path.look(engine, out));
        self.usages.iter_mut().for_each(|usage| usage.look(engine, out));
    }

    fn look_at_surges(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        let now = engine.now();
        let mut tell = |seen: SurgeSeen, step: SurgeStep| {
            let happening = Happening::Surge { surge: seen.surge, step, size: seen.size };
            out.push(entry(now, happening, vec![seen.event]));
        };
        let before = std::mem::take(&mut self.surges);
        for (surge, event, phase, size) in engine.waves() {
            let seen = SurgeSeen { surge, event, size, phase };
            match (before.iter().find(|b| b.event == event).map(|b| b.phase), phase) {
                (None, WavePhase::Grows) => tell(seen, SurgeStep::Begins),
                (None | Some(WavePhase::Grows), WavePhase::Stays | WavePhase::Falls) => {
                    tell(seen, SurgeStep::Peaks)
                }
                _ => {}
            }
            self.surges.push(seen);
        }
        for seen in before.iter().filter(|b| self.surges.iter().all(|s| s.event != b.event)) {
            tell(*seen, SurgeStep::Ends);
        }
    }
}

impl UnitSeen {
    fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        let present = engine.overload_events(self.unit);
        if !present.is_empty() {
            self.events = present.to_vec();
        }
        self.look_at_overload(engine, out);
        let lost = engine.tripped(self.unit);
        let is_back = lost < 1e-9 && self.lost > 0.0;
        if is_back || (lost >= NOTABLE && lost >= CLEARLY * self.lost) {
            self.lost = if is_back { 0.0 } else { lost };
            self.tell(engine, LoadStep::Tripped { lost: self.lost }, out);
        }
        let scale = engine.scale_of(self.unit);
        let change = scale / self.scale;
        if change >= SCALED || change <= 1.0 / SCALED {
            let from = std::mem::replace(&mut self.scale, scale);
            self.tell(engine, LoadStep::Scales { from, to: scale }, out);
        }
    }

    fn look_at_overload(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        if engine.level(self.unit) <= 0.0 {
            // That it is out is told otherwise.
            self.over = None;
            return;
        }
        let (utilisation, refused) = (engine.utilisation(self.unit).min(MOST), engine.refused(self.unit));
        let is_over = utilisation > 1.0 && (self.over.is_some() || refused >= REFUSED);
        match &mut self.over {
            None if is_over => {
                let since = engine.now();
                self.over = Some(Over { since, utilisation, refused, most: utilisation });
                self.tell(engine, LoadStep::Overload(Overload::Begins { utilisation, refused }), out);
            }
            Some(over) if is_over => {
                over.most = over.most.max(utilisation);
                let is_worse = refused >= over.refused + NOTABLE
                    && (refused >= CLEARLY * over.refused || utilisation >= CLEARLY * over.utilisation);
                if is_worse {
                    (over.utilisation, over.refused) = (utilisation, refused);
                    self.tell(engine, LoadStep::Overload(Overload::Worse { utilisation, refused }), out);
                }
            }
            Some(over) => {
                let (lasted, most) = (engine.now() - over.since, over.most);
                self.over = None;
                self.tell(engine, LoadStep::Overload(Overload::Ends { lasted, most }), out);
            }
            None => {}
        }
    }

    fn tell(&self, engine: &Engine<'_>, step: LoadStep, out: &mut Vec<Entry>) {
        let unit = self.unit;
        out.push(entry(engine.now(), Happening::Load { unit, step }, self.events.clone()));
    }
}

impl PathSeen {
    fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        let dropped = engine.dropped_on(self.path);
        if dropped > 0.0 {
            self.events = engine.congestion_of(self.path).to_vec();
        }
        let has_room = dropped <= 0.0 && self.dropped > 0.0;
        let is_worse = dropped >= CLEARLY * self.dropped && dropped >= self.dropped + NOTABLE;
        if has_room || is_worse || (self.dropped <= 0.0 && dropped >= REFUSED) {
            self.dropped = dropped;
            let path = engine.model().network.paths[self.path.index()].component;
            out.push(entry(engine.now(), Happening::Jam { path, dropped }, self.events.clone()));
        }
    }
}

impl UsageSeen {
    fn look(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        if engine.usage_success(self.usage) < 1.0 - 1e-9 {
            let mut events = Vec::new();
            engine.failing_events(self.usage, &mut events);
            self.events = events;
        }
        let users = engine.demand_of(self.usage).map_or(0.0, |(_, users)| users);
        let signed_out = 1.0 - engine.signed_in(self.usage).unwrap_or(1.0);
        let are_back = signed_out < 0.01 && self.signed_out > 0.0;
        if are_back || (signed_out >= NOTABLE && signed_out >= CLEARLY * self.signed_out) {
            self.signed_out = if are_back { 0.0 } else { signed_out };
            let happening = Happening::SignedOut {
                usage: self.usage,
                users: users * self.signed_out,
                share: self.signed_out,
            };
            out.push(entry(engine.now(), happening, self.events.clone()));
        }
        let amplification = engine.amplification(self.usage);
        let are_drained = amplification < DRAINED && self.amplification > 1.0;
        let have_grown =
            amplification >= PILED_UP && amplification - 1.0 >= CLEARLY * (self.amplification - 1.0);
        if are_drained || have_grown {
            self.amplification = if are_drained { 1.0 } else { amplification };
            let happening = Happening::Retries { usage: self.usage, amplification: self.amplification };
            out.push(entry(engine.now(), happening, self.events.clone()));
        }
    }
}
