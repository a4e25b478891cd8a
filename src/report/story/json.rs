//! The story for programs: docs/trace.md describes the fields.

use serde::Serialize;

use super::clock::calendar;
use super::words::{cause, kind, predicate, subject};
use crate::measure::Entry;
use crate::model::{Model, UsageId};
use crate::study::{Picked, Trace};
use crate::time::{MICROS_PER_SECOND, SimSpan, SimTime};

/// Version of this layout.
const FORMAT: u32 = 1;

#[derive(Debug, Serialize)]
struct Document<'t> {
    format: u32,
    blackstart: &'static str,
    title: &'t str,
    start: Option<String>,
    horizon_s: f64,
    seed: u64,
    replication: u64,
    picked: Option<&'t Picked>,
    initiating_events: Vec<Initiating<'t>>,
    entries: Vec<Told>,
    journeys: Vec<Journey<'t>>,
}

#[derive(Debug, Serialize)]
struct Initiating<'t> {
    number: usize,
    cause: &'t str,
    at_s: f64,
    clock: Option<String>,
    reached_users: bool,
}

#[derive(Debug, Serialize)]
struct Told {
    at_s: f64,
    clock: Option<String>,
    kind: &'static str,
    what: String,
    text: String,
    before: Option<f64>,
    after: Option<f64>,
    events: Vec<u32>,
    depth: u8,
}

#[derive(Debug, Serialize)]
struct Journey<'t> {
    journey: &'t str,
    population: &'t str,
    down_s: f64,
    /// True if an outage is open at the horizon.
    censored: bool,
    degraded_s: f64,
    outages: usize,
}

/// The story of a replication as pretty JSON with a final line break.
///
/// # Errors
/// None that is known; serde's in principle.
pub fn trace_json(model: &Model, trace: &Trace) -> Result<Vec<u8>, serde_json::Error> {
    let story = &trace.story;
    let told = |entry: &Entry| {
        let what = subject(model, story, entry);
        Told {
            at_s: since_start_s(entry.at),
            clock: calendar(model, entry.at),
            kind: kind(&entry.happening),
            text: format!("{what}{}", predicate(model, entry)),
            what,
            before: entry.before,
            after: entry.after,
            events: entry.events.iter().copied().filter(|e| *e > 0).collect(),
            depth: entry.happening.depth(),
        }
    };
    let events = story.events.iter().enumerate().skip(1).filter(|(_, event)| !event.is_response);
    let journeys = trace.figures.usages.iter().enumerate().map(|(index, figures)| {
        let (journey, population) = model.usage_name(UsageId::at(index));
        Journey {
            journey,
            population,
            down_s: span_s(figures.down),
            censored: figures.censored,
            degraded_s: span_s(figures.degraded),
            outages: figures.outages.len(),
        }
    });
    let document = Document {
        format: FORMAT,
        blackstart: env!("CARGO_PKG_VERSION"),
        title: &model.title,
        start: calendar(model, SimTime::START),
        horizon_s: since_start_s(model.horizon),
        seed: trace.seed,
        replication: trace.replication,
        picked: trace.picked.as_ref(),
        initiating_events: events
            .map(|(number, event)| Initiating {
                number,
                cause: cause(model, story, number as u32),
                at_s: since_start_s(event.at),
                clock: calendar(model, event.at),
                reached_users: event.reached_users,
            })
            .collect(),
        entries: story.entries.iter().map(told).collect(),
        journeys: journeys.collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn since_start_s(at: SimTime) -> f64 {
    at.micros() as f64 / MICROS_PER_SECOND as f64
}

fn span_s(span: SimSpan) -> f64 {
    span.micros_f64() / MICROS_PER_SECOND as f64
}
