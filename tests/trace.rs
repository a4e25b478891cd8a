//! The story of a replication: it agrees with the figures, stands in order, and reads well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;
mod systems;

use std::cell::Cell;

use std::path::Path;

use blackstart::engine::Engine;
use blackstart::measure::{Entry, Happening, Meter, RepairStep, RouteStep, UsersState};
use blackstart::model::{Model, UsageId};
use blackstart::random::Replication;
use blackstart::report::{Page, render_diagnostics, trace_json, trace_text};
use blackstart::scenario::{Diagnostics, Sources, load, load_extending};
use blackstart::study::{
    Progress, Rank, ReplicationFigure, RunOptions, RunOutput, Trace, pick, run, trace, trace_picked,
};
use blackstart::time::{MICROS_PER_SECOND, SimSpan, SimTime};
use common::{extended, scenario_file};

fn loaded(text: &str) -> Model {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load("scenario.ron", text, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false))).model
}

fn scenario(path: &str) -> Model {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let file = scenario_file(Path::new(path)).unwrap();
    let loaded = load_extending(&file, &extended, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false))).model
}

const FLAGSHIP: &str = "scenarios/me-central-1.ron";

fn options(replications: u64) -> RunOptions {
    RunOptions { replications, seed: 1, threads: 0, curve_points: 0 }
}

fn figure(model: &Model, name: &str) -> ReplicationFigure {
    ReplicationFigure::all(model).into_iter().find(|(n, _)| n == name).unwrap().1
}

fn picked(model: &Model, rank: Rank, name: &str, replications: u64) -> Trace {
    let figure = (name, figure(model, name));
    trace_picked(model, options(replications), rank, figure, &Progress::default()).unwrap()
}

/// Downtime of a usage as its story tells it.
fn told_down(model: &Model, entries: &[Entry], usage: UsageId) -> SimSpan {
    let shortest = model.journeys[model.usages[usage.index()].journey.index()].objective.shortest_outage;
    let outage = |entry: &Entry| match &entry.happening {
        Happening::Users(u) if u.usage == usage && u.was == UsersState::Down => {
            let is_over = u.at_horizon || (u.is != UsersState::Down && u.lasted >= shortest);
            if is_over { u.lasted.micros() } else { 0 }
        }
        _ => 0,
    };
    SimSpan::from_micros(entries.iter().map(outage).sum())
}

#[test]
fn the_story_agrees_with_the_figures_to_the_microsecond() {
    let files =
        [FLAGSHIP, "scenarios/tutorial/05-storm-and-crew.ron", "scenarios/tutorial/07-second-provider.ron"];
    let (mut down, mut censored) = (0, 0);
    for model in files.map(scenario) {
        let mut meter = Meter::new(&model, 0);
        for number in 0..200 {
            Engine::new(&model).replicate(Replication::new(1, number), &mut meter).unwrap();
            let trace = trace(&model, 1, number).unwrap();
            // Watching changes nothing.
            assert_eq!(trace.figures, meter.take(), "{}, replication {number}", model.title);
            for (index, figures) in trace.figures.usages.iter().enumerate() {
                let told = told_down(&model, &trace.story.entries, UsageId::at(index));
                assert_eq!(told, figures.down, "{}, replication {number}, usage {index}", model.title);
                down += u32::from(told > SimSpan::ZERO);
                censored += u32::from(figures.censored);
            }
        }
    }
    assert!(down > 100 && censored > 0, "{down} with downtime, {censored} censored");
}

/// All scenarios of the repository.
fn all_scenarios() -> Vec<Model> {
    let folders = ["scenarios", "scenarios/tutorial", "scenarios/reference"];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let is_scenario = |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "ron");
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).filter(is_scenario).collect();
    paths.sort();
    paths.iter().map(|path| scenario(path.to_str().unwrap())).collect()
}

#[test]
fn every_scenario_can_be_told() {
    for model in all_scenarios() {
        for number in 0..3 {
            let told = trace(&model, 7, number).unwrap();
            for (index, figures) in told.figures.usages.iter().enumerate() {
                let told = told_down(&model, &told.story.entries, UsageId::at(index));
                assert_eq!(told, figures.down, "{}, replication {number}", model.title);
            }
            assert!(trace_text(&model, &told, true, Page::PLAIN).lines().count() >= told.story.entries.len());
            trace_json(&model, &told).unwrap();
            for entry in &told.story.entries {
                assert!(!entry.events.is_empty(), "{}, replication {number}: {entry:?}", model.title);
            }
        }
    }
}

#[test]
fn generated_systems_can_be_told() {
    let down = Cell::new(0);
    systems::check(300, 3, "tests/proptest-regressions/trace.txt", |system| {
        let model = systems::model(system);
        // Some have zero delays without end.
        let Ok(told) = trace(&model, system.seed.into(), 0) else { return Ok(()) };
        if !told.story.entries.is_sorted_by_key(|entry| entry.at) {
            return Err("entries in disorder".into());
        }
        for (index, figures) in told.figures.usages.iter().enumerate() {
            let told = told_down(&model, &told.story.entries, UsageId::at(index));
            if told != figures.down {
                return Err(format!("usage {index}: {told:?} told, {:?} measured", figures.down));
            }
            down.set(down.get() + u32::from(told > SimSpan::ZERO));
        }
        let texts = [false, true].map(|full| trace_text(&model, &told, full, Page::PLAIN));
        trace_json(&model, &told).map_err(|error| error.to_string())?;
        if texts.iter().any(String::is_empty) { Err("nothing told".into()) } else { Ok(()) }
    });
    assert!(down.get() > 50, "{}", down.get());
}

#[test]
fn the_story_stands_in_order_and_effects_follow_causes() {
    let model = scenario(FLAGSHIP);
    for number in 0..50 {
        let story = trace(&model, 1, number).unwrap().story;
        assert!(story.entries.is_sorted_by_key(|entry| entry.at));
        let begun: Vec<&Entry> =
            story.entries.iter().filter(|e| matches!(e.happening, Happening::Begins { .. })).collect();
        assert_eq!(begun.len(), story.events.len() - 1);
        for entry in &story.entries {
            assert!(!entry.events.is_empty(), "replication {number}: {entry:?}");
            for event in &entry.events {
                let event = story.events.get(*event as usize).unwrap();
                assert!(event.at <= entry.at, "replication {number}: {entry:?}");
            }
        }
    }
}

#[test]
fn events_that_reached_users_are_those_that_downtime_is_booked_to() {
    let model = scenario(FLAGSHIP);
    for number in 0..50 {
        let trace = trace(&model, 1, number).unwrap();
        let reached = |cause| trace.story.events.iter().any(|e| e.cause == cause && e.reached_users);
        for cause in trace.figures.usages.iter().flat_map(|u| &u.causes).filter(|c| c.shared > 0.0) {
            assert!(reached(cause.cause), "replication {number}: {}", model.causes[cause.cause.index()]);
        }
    }
}

fn values(output: &RunOutput) -> Vec<f64> {
    output.rows().iter().map(|row| row.usages[0].down_s).collect()
}

#[test]
fn a_replication_is_picked_by_rank() {
    let model = scenario(FLAGSHIP);
    let name = "down:chat:gulf";
    let output = run(&model, options(200), &Progress::default()).unwrap();
    let values = values(&output);
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    for (rank, place) in [(Rank::Worst, 199), (Rank::Median, 99), (Rank::P99, 197)] {
        let (number, picked) = pick(&output, rank, (name, figure(&model, name))).unwrap();
        assert_eq!(picked.value, sorted[place]);
        // Of several the first.
        assert_eq!(number as usize, values.iter().position(|v| *v == sorted[place]).unwrap());
        let trace = trace(&model, 1, number).unwrap();
        assert_eq!(trace.figures.usages[0].down.micros_f64() / MICROS_PER_SECOND as f64, picked.value);
    }
    let total: f64 = output.rows()[7].usages.iter().map(|u| u.down_s).sum();
    let one = run(&model, RunOptions { replications: 8, ..options(8) }, &Progress::default()).unwrap();
    let (_, worst) = pick(&one, Rank::Worst, ("down", figure(&model, "down"))).unwrap();
    assert!(worst.value >= total);
}

/// A part that waits for the only crew while a storm blocks the road; its zone starts only with a key service.
const ROAD: &str = r#"Scenario(
    title: "One crew and a blocked road",
    start: "2026-01-01T00:00:00Z",
    horizon: "3d",
    crews: { "hands": (size: 1) },
    zone_kinds: {
        "hall": (
            parts: {
                "road": (),
                "power": (),
            },
            needs: [(on: "power", holdover: Fixed("30m"))],
            restart: Fixed("10m"),
        ),
    },
    regions: { "north": (zones: { "a": "hall" }), "south": (zones: { "b": "hall" }) },
    services: { "shop": (scope: Regional) },
    journeys: { "buy": (calls: ["shop"]) },
    users: {
        "all": (
            count: 1000,
            does: { "buy": "1/h" },
            route: Order(["north", "south"]),
            failover: (detect: Fixed("5m"), shift: Fixed("20m"), quiet: Fixed("1h")),
        ),
    },
    hazards: {
        "fire": (
            occurs: At("2026-01-01T06:00:00Z"),
            strikes: { "power": (
                targets: ["north/a/power"],
                repair: (detect: Fixed("10m"), crew: "hands", travel: Fixed("1h"), work: Fixed("2h"), needs: ["north/a/road"]),
            ) },
        ),
        "snow": (
            occurs: At("2026-01-01T06:30:00Z"),
            strikes: { "road": (targets: ["north/a/road"], repair: Fixed("3h")) },
        ),
    },
)
"#;

#[test]
fn every_stage_of_a_repair_and_of_a_failover_is_told() {
    let model = loaded(ROAD);
    let told = trace(&model, 1, 0).unwrap();
    let hours = |at: SimTime| at.micros() as f64 / 3.6e9;
    let repairs: Vec<(RepairStep, f64)> = told
        .story
        .entries
        .iter()
        .filter_map(|e| match e.happening {
            Happening::Repair { component, step, .. }
                if model.components[component.index()].name.ends_with("power") =>
            {
                Some((step, hours(e.at)))
            }
            _ => None,
        })
        .collect();
    let minutes = |h: f64, m: f64| h + m / 60.0;
    // Under way when the snow falls: the crew is handed back, 40 min of travel are left when the road is clear.
    let expected = [
        (RepairStep::Detected, minutes(6.0, 10.0)),
        (RepairStep::SetsOut, minutes(6.0, 10.0)),
        (RepairStep::Halts, minutes(6.0, 30.0)),
        (RepairStep::SetsOut, minutes(9.0, 30.0)),
        (RepairStep::Work, minutes(10.0, 10.0)),
        (RepairStep::Mended, minutes(12.0, 10.0)),
    ];
    assert_eq!(repairs.len(), expected.len(), "{repairs:?}");
    for (seen, wanted) in repairs.iter().zip(expected) {
        assert!(seen.0 == wanted.0 && (seen.1 - wanted.1).abs() < 1e-9, "{seen:?}, expected {wanted:?}");
    }
    let steps: Vec<RouteStep> = told
        .story
        .entries
        .iter()
        .filter_map(|e| match e.happening {
            Happening::Moves { step, .. } => Some(step),
            _ => None,
        })
        .collect();
    use RouteStep::{Back, Detects, Moved, Returns, Shifts};
    assert_eq!(steps, [Detects, Shifts, Moved, Returns, Back]);
    insta::assert_snapshot!(trace_text(&model, &told, false, Page::PLAIN));
}

#[test]
fn the_flagships_worst_replication_reads_like_this() {
    let model = scenario(FLAGSHIP);
    insta::assert_snapshot!(trace_text(
        &model,
        &picked(&model, Rank::Worst, "down:api:gulf", 1_000),
        false,
        Page::PLAIN
    ));
}

#[test]
fn a_black_start_reads_like_this() {
    let model = scenario("scenarios/tutorial/06-cycle.ron");
    insta::assert_snapshot!(trace_text(
        &model,
        &picked(&model, Rank::Worst, "down", 100),
        false,
        Page::PLAIN
    ));
}

#[test]
fn standbys_and_batteries_read_like_this() {
    let model = scenario("scenarios/tutorial/02-ups-and-generators.ron");
    insta::assert_snapshot!(trace_text(
        &model,
        &picked(&model, Rank::Worst, "down", 1_000),
        false,
        Page::PLAIN
    ));
}

#[test]
fn in_full_every_entry_has_a_line() {
    let model = scenario(FLAGSHIP);
    let trace = trace(&model, 1, 0).unwrap();
    let lines = |full| trace_text(&model, &trace, full, Page::PLAIN).lines().count();
    assert!(lines(true) > trace.story.entries.len());
    assert!(lines(false) < lines(true));
}

#[test]
fn json_holds_everything() {
    let model = scenario(FLAGSHIP);
    let told = picked(&model, Rank::Worst, "down:chat:gulf", 100);
    let json: serde_json::Value = serde_json::from_slice(&trace_json(&model, &told).unwrap()).unwrap();
    let entries = json["entries"].as_array().unwrap();
    assert_eq!(entries.len(), told.story.entries.len());
    assert_eq!(json["initiating_events"].as_array().unwrap().len(), told.story.events.len() - 1);
    assert_eq!(json["picked"]["rank"], "worst");
    assert_eq!(json["picked"]["figure"], "down:chat:gulf");
    assert_eq!(json["replication"], told.replication);
    for (value, entry) in entries.iter().zip(&told.story.entries) {
        assert_eq!(value["at_s"].as_f64().unwrap(), entry.at.micros() as f64 / 1e6);
        assert!(value["clock"].as_str().unwrap().starts_with("2026-03-"));
        let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        for key in ["at_s", "clock", "kind", "what", "text", "before", "after", "events", "depth"] {
            assert!(keys.contains(&key), "{key}");
        }
    }
    for (value, figures) in json["journeys"].as_array().unwrap().iter().zip(&told.figures.usages) {
        assert_eq!(value["down_s"].as_f64().unwrap(), figures.down.micros() as f64 / 1e6);
    }
}

#[test]
fn a_quiet_replication_says_so() {
    let model = scenario("scenarios/tutorial/01-one-zone.ron");
    let quiet = (0..100).map(|n| trace(&model, 1, n).unwrap()).find(|t| t.story.events.len() == 1).unwrap();
    let text = trace_text(&model, &quiet, false, Page::PLAIN);
    assert!(text.contains("No user was down or degraded."), "{text}");
}
