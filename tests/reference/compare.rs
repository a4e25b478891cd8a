//! Plays both engines and finds the first instant at which they tell different stories.

use std::fmt::Write as _;

use blackstart::engine::{Blind, Engine, Observer};
use blackstart::model::{CompId, HoldId, Model, PathId, RouteId, UsageId};
use blackstart::random::Replication;
use blackstart::time::SimTime;

use super::{Reference, SLACK, Snapshot};

/// Takes the same snapshots from the product's engine.
#[derive(Default)]
struct Recorder {
    story: Vec<Snapshot>,
}

impl Observer for Recorder {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.settled(engine);
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        self.story.push(snapshot(engine));
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

fn snapshot(engine: &Engine<'_>) -> Snapshot {
    let model = engine.model();
    let ids = || (0..model.components.len()).map(CompId::at);
    let cause = |event: u32| model.causes[engine.cause_of(event).index()].clone();
    let named = |events: &[u32]| {
        let mut list: Vec<_> = events.iter().map(|e| (cause(*e), engine.event_at(*e))).collect();
        list.sort();
        list
    };
    let failures_of = |c: CompId| {
        let mut list: Vec<_> = engine.active_failures(c).map(|(e, s)| (cause(e), format!("{s:?}"))).collect();
        list.sort();
        list
    };
    let usages: Vec<_> = (0..model.usages.len()).map(UsageId::at).collect();
    let failing = |u: &UsageId| {
        let mut events = Vec::new();
        if 1.0 - engine.usage_success(*u) >= 0.05 - SLACK {
            engine.failing_events(*u, &mut events);
        }
        named(&events)
    };
    let route = |r: usize| {
        let (at, moving) = engine.route_position(RouteId::at(r));
        (at, format!("{moving:?}"))
    };
    let outcome = |u: &UsageId| {
        [
            engine.usage_success(*u),
            engine.usage_alternative(*u),
            engine.usage_degraded(*u),
            engine.usage_latency(*u),
        ]
    };
    Snapshot {
        at: engine.now(),
        levels: ids().map(|c| engine.level(c)).collect(),
        dark: ids().map(|c| engine.is_dark(c)).collect(),
        carrying: (0..model.holds.len()).map(|h| engine.is_carrying(HoldId::at(h))).collect(),
        failures: ids().map(failures_of).collect(),
        events: ids().map(|c| named(&engine.events_of(c))).collect(),
        routes: (0..model.routes.len()).map(route).collect(),
        unit_success: ids()
            .filter(|c| model.components[c.index()].unit_of.is_some())
            .map(|c| engine.unit_success(c))
            .collect(),
        paths: (0..model.network.paths.len()).map(|p| engine.path_latency(PathId::at(p))).collect(),
        slack: super::slack(model),
        usages: usages.iter().map(outcome).collect(),
        failing: usages.iter().map(failing).collect(),
    }
}

/// Number of instants told alike, or the first difference between the two engines.
fn first_difference(model: &Model, seed: u64, replication: u64) -> Result<usize, String> {
    let draws = Replication::new(seed, replication);
    // Both play the system with what nobody knows drawn for this replication.
    let model = &model.with_known(&model.drawn(draws));
    let mut recorder = Recorder::default();
    // An engine that has played before must play on as a new one would.
    let mut engine = Engine::new(model);
    let _ = engine.replicate(Replication::new(seed.wrapping_add(1), replication), &mut Blind);
    let fast_ended = engine.replicate(draws, &mut recorder).is_ok();
    let (slow, slow_ended) = Reference::new(model, draws).play();
    // An instant that changes nothing is not part of the story.
    let (fast, slow) = (changes(recorder.story), changes(slow));
    let parts = (0..fast.len().max(slow.len())).find(|i| fast.get(*i) != slow.get(*i));
    let Some(at) = parts else {
        if fast_ended == slow_ended {
            return Ok(slow.len());
        }
        let text = format!("settles to the end: engine {fast_ended}, reference {slow_ended}");
        return Err(format!("{:?}, replication {replication}: {text}", model.title));
    };
    let mut text = format!("{:?}, seed {seed}, replication {replication}, instant {at}:\n", model.title);
    match (fast.get(at), slow.get(at)) {
        (Some(fast), Some(slow)) => text.push_str(&what_differs(model, fast, slow)),
        (fast, slow) => {
            let when = |s: Option<&Snapshot>| s.map_or("over".to_owned(), |s| s.at.to_string());
            let _ = writeln!(text, "  engine {}, reference {}", when(fast), when(slow));
        }
    }
    for back in (1..=3).rev().filter(|back| *back <= at) {
        let _ = writeln!(text, "before, {}", shown(model, &slow[at - back]));
    }
    if let Some(fast) = fast.get(at) {
        let _ = writeln!(text, "engine, {}", shown(model, fast));
    }
    if let Some(slow) = slow.get(at) {
        let _ = writeln!(text, "reference, {}", shown(model, slow));
    }
    Err(text)
}

fn changes(story: Vec<Snapshot>) -> Vec<Snapshot> {
    let mut kept: Vec<Snapshot> = Vec::new();
    for snapshot in story {
        let same = kept.last().is_some_and(|last| Snapshot { at: last.at, ..snapshot.clone() } == *last);
        if !same {
            kept.push(snapshot);
        }
    }
    kept
}

fn what_differs(model: &Model, fast: &Snapshot, slow: &Snapshot) -> String {
    let mut text = String::new();
    let mut tell = |what: &str, name: &str, fast: String, slow: String| {
        if fast != slow {
            let _ = writeln!(text, "  {what} {name}: engine {fast}, reference {slow}");
        }
    };
    tell("date of", "the instant", fast.at.to_string(), slow.at.to_string());
    for (i, c) in model.components.iter().enumerate() {
        tell("level of", &c.name, format!("{:?}", fast.levels[i]), format!("{:?}", slow.levels[i]));
        tell("darkness of", &c.name, fast.dark[i].to_string(), slow.dark[i].to_string());
        tell("failures of", &c.name, format!("{:?}", fast.failures[i]), format!("{:?}", slow.failures[i]));
        tell("events of", &c.name, format!("{:?}", fast.events[i]), format!("{:?}", slow.events[i]));
    }
    for (i, h) in model.holds.iter().enumerate() {
        tell("holdover", &h.owner, fast.carrying[i].to_string(), slow.carrying[i].to_string());
    }
    let units = model.components.iter().filter(|c| c.unit_of.is_some());
    for (i, c) in units.enumerate() {
        let (fast, slow) = (fast.unit_success[i], slow.unit_success[i]);
        tell("success of", &c.name, format!("{fast:?}"), format!("{slow:?}"));
    }
    for (i, r) in model.routes.iter().enumerate() {
        tell("route", &r.name, format!("{:?}", fast.routes[i]), format!("{:?}", slow.routes[i]));
    }
    for (i, p) in model.network.paths.iter().enumerate() {
        let name = &model.components[p.component.index()].name;
        tell("latency of", name, format!("{:?}", fast.paths[i]), format!("{:?}", slow.paths[i]));
    }
    for i in 0..model.usages.len() {
        let name = format!("{:?}", model.usage_name(UsageId::at(i)));
        tell("outcome of", &name, format!("{:?}", fast.usages[i]), format!("{:?}", slow.usages[i]));
        tell("failing", &name, format!("{:?}", fast.failing[i]), format!("{:?}", slow.failing[i]));
    }
    text
}

fn shown(model: &Model, s: &Snapshot) -> String {
    let mut text = format!("{}:", s.at);
    for (i, c) in model.components.iter().enumerate() {
        let dark = if s.dark[i] { " dark" } else { "" };
        let _ = write!(text, "\n    {} {}{dark}", c.name, s.levels[i]);
        for (what, stage) in &s.failures[i] {
            let _ = write!(text, " [{what}, {stage}]");
        }
        for (what, at) in &s.events[i] {
            let _ = write!(text, " ({what} {at})");
        }
    }
    let _ = write!(text, "\n    carrying {:?}, routes {:?}, usages {:?}", s.carrying, s.routes, s.usages);
    text
}

/// Plays `replications` in both engines; the number of instants compared, or the first difference.
pub(crate) fn same_story(model: &Model, seed: u64, replications: u64) -> Result<usize, String> {
    (0..replications).map(|replication| first_difference(model, seed, replication)).sum()
}

/// Plays `replications` in both engines; the number of instants compared.
///
/// Panics with the first difference.
pub(crate) fn assert_same_story(model: &Model, seed: u64, replications: u64) -> usize {
    match same_story(model, seed, replications) {
        Ok(instants) => instants,
        Err(text) => panic!("{text}\n{}", super::describe::describe(model)),
    }
}
