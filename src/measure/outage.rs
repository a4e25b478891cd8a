//! An outage under way: its beginning, and what its time is booked to until it is known to count.

use super::figures::{CauseTime, UsageFigures};
use super::stages::{self, STAGES};
use super::verdict;
use crate::engine::Engine;
use crate::model::{CauseId, Model, UsageId};
use crate::time::{SimSpan, SimTime};

/// An outage under way; its memory serves one outage after the other.
#[derive(Debug, Clone)]
pub(super) struct OpenOutage {
    pub(super) is_open: bool,
    pub(super) since: SimTime,
    initiator: CauseId,
    /// Up to when its time is booked.
    pub(super) booked: SimTime,
    /// The set present since then: causes, stages and the part of each.
    present: Vec<(CauseId, usize, f64)>,
    /// Its initiating events, with their causes.
    events: Vec<(u32, CauseId)>,
    /// Initiating events that have had a part in it, with their causes.
    hits: Vec<(u32, CauseId)>,
    users_stage: Option<usize>,
    shared: Vec<(CauseId, f64)>,
    stages: [f64; STAGES],
}

impl OpenOutage {
    /// None under way.
    pub(super) fn none() -> Self {
        Self {
            is_open: false,
            since: SimTime::START,
            initiator: Model::NO_CAUSE,
            booked: SimTime::START,
            present: Vec::new(),
            events: Vec::new(),
            hits: Vec::new(),
            users_stage: None,
            shared: Vec::new(),
            stages: [0.0; STAGES],
        }
    }

    /// Opens an outage now.
    pub(super) fn open(&mut self, engine: &Engine<'_>, usage: UsageId, events: &mut Vec<u32>) {
        engine.failing_events(usage, events);
        let initiator = verdict::initiator(engine, events);
        self.is_open = true;
        (self.since, self.booked) = (engine.now(), engine.now());
        self.initiator = engine.cause_of(initiator);
        self.shared.clear();
        self.hits.clear();
        self.stages = [0.0; STAGES];
        self.note(engine, usage, events);
    }

    /// Books the time since the last look to what was present then.
    pub(super) fn book(&mut self, now: SimTime) {
        let span = (now - self.booked).micros_f64();
        self.booked = now;
        if span <= 0.0 {
            return;
        }
        for (event, cause) in &self.events {
            if let Err(place) = self.hits.binary_search_by_key(event, |(known, _)| *known) {
                self.hits.insert(place, (*event, *cause));
            }
        }
        for (cause, stage, part) in &self.present {
            let time = span * part;
            match self.shared.iter_mut().find(|(c, _)| c == cause) {
                Some((_, sum)) => *sum += time,
                None => self.shared.push((*cause, time)),
            }
            self.stages[self.users_stage.unwrap_or(*stage)] += time;
        }
    }

    /// Notes what is present from now on.
    pub(super) fn look(&mut self, engine: &Engine<'_>, usage: UsageId, events: &mut Vec<u32>) {
        engine.failing_events(usage, events);
        self.note(engine, usage, events);
    }

    fn note(&mut self, engine: &Engine<'_>, usage: UsageId, events: &[u32]) {
        self.present.clear();
        self.events.clear();
        let part = 1.0 / events.len() as f64;
        let by_load = engine.fails_by_load(usage);
        for event in events {
            let cause = engine.cause_of(*event);
            self.events.push((*event, cause));
            let present = &mut self.present;
            stages::of_event(engine, *event, by_load, |stage, share| {
                present.push((cause, stage, part * share))
            });
        }
        self.users_stage = stages::of_users(engine, usage);
    }

    /// Adds a finished outage that counts to the figures.
    pub(super) fn commit(&self, length: SimSpan, figures: &mut UsageFigures, places: &mut CausePlaces) {
        for (cause, shared) in &self.shared {
            places.of(*cause, &mut figures.causes).shared += shared;
        }
        places.of(self.initiator, &mut figures.causes).initiated += length.micros_f64();
        for (event, cause) in &self.hits {
            let is_new = places.is_new(*event);
            places.of(*cause, &mut figures.causes).hits += u32::from(is_new);
        }
        for (sum, stage) in figures.stages.iter_mut().zip(self.stages) {
            *sum += stage;
        }
    }
}

/// Where each cause stands in a usage's figures, since there may be many causes, and which events have been counted.
#[derive(Debug, Clone)]
pub(super) struct CausePlaces {
    places: Vec<u32>,
    /// Initiating events that have had a part in downtime, in order.
    hits: Vec<u32>,
}

impl CausePlaces {
    const NONE: u32 = u32::MAX;

    /// None stands anywhere yet.
    pub(super) fn new(model: &Model) -> Self {
        Self { places: vec![Self::NONE; model.causes.len()], hits: Vec::new() }
    }

    /// As at first.
    pub(super) fn clear(&mut self) {
        self.places.fill(Self::NONE);
        self.hits.clear();
    }

    /// Counts an event; false if it has been counted before.
    fn is_new(&mut self, event: u32) -> bool {
        match self.hits.binary_search(&event) {
            Ok(_) => false,
            Err(place) => {
                self.hits.insert(place, event);
                true
            }
        }
    }

    fn of<'a>(&mut self, cause: CauseId, causes: &'a mut Vec<CauseTime>) -> &'a mut CauseTime {
        let place = &mut self.places[cause.index()];
        if *place == Self::NONE {
            *place = causes.len() as u32;
            causes.push(CauseTime { cause, initiated: 0.0, shared: 0.0, hits: 0 });
        }
        &mut causes[*place as usize]
    }
}
