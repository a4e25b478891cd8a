//! Conservation of time, in every replication of generated systems and of all scenario files: up, degraded and down
//! make up the horizon; both columns of attribution, "where the time goes", the outages and the months make up the
//! downtime.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;
mod systems;

use std::cell::Cell;
use std::path::{Path, PathBuf};

use blackstart::engine::{Engine, Observer};
use blackstart::measure::{Meter, UsageFigures};
use blackstart::model::{Model, Objective, UsageId};
use blackstart::random::Replication;
use blackstart::report::render_diagnostics;
use blackstart::scenario::{Diagnostics, Sources, load_extending};
use blackstart::time::SimTime;
use common::{extended, scenario_file};

const SYSTEMS: u32 = 500;
const REPLICATIONS: u64 = 3;
/// Microseconds, and share of the downtime, by which a sum of shares may miss it. The longest horizon here is 100,000 h,
/// 3.6e14 microseconds: the last bit of such a number is 0.06 microseconds, and each of some thousand additions may
/// lose half of it.
const ROUNDING_MICROS: f64 = 1.0;
const ROUNDING_SHARE: f64 = 1e-12;

/// Time that a usage is up, booked by itself, without the product's meter.
struct UpTime {
    objectives: Vec<Objective>,
    since: SimTime,
    is_up: Vec<bool>,
    up: Vec<i64>,
}

impl UpTime {
    fn new(model: &Model) -> Self {
        let objectives: Vec<Objective> =
            model.usages.iter().map(|u| model.journeys[u.journey.index()].objective).collect();
        let (is_up, up) = (vec![true; objectives.len()], vec![0; objectives.len()]);
        Self { objectives, since: SimTime::START, is_up, up }
    }

    fn book(&mut self, now: SimTime) {
        for (up, is_up) in self.up.iter_mut().zip(&self.is_up) {
            *up += if *is_up { (now - self.since).micros() } else { 0 };
        }
        self.since = now;
    }

    fn look(&mut self, engine: &Engine<'_>) {
        for (u, objective) in self.objectives.iter().enumerate() {
            let usage = UsageId::at(u);
            let worst = (1.0 - engine.usage_success(usage)).max(engine.usage_degraded(usage));
            // The slack of a rounding error that docs/semantics.md allows.
            let slow =
                objective.latency_limit.is_some_and(|l| engine.usage_latency(usage) > l.micros_f64() * 1e3);
            self.is_up[u] = worst <= objective.degraded_above + 1e-12 && !slow;
        }
    }
}

impl Observer for UpTime {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.look(engine);
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        self.book(engine.now());
        self.look(engine);
    }

    fn end(&mut self, _: &Engine<'_>, horizon: SimTime) {
        self.book(horizon);
    }
}

/// What does not add up in the books of a usage.
fn adds_up(model: &Model, usage: &UsageFigures, up: i64) -> Result<(), String> {
    let (down, degraded) = (usage.down.micros(), usage.degraded.micros());
    let horizon = model.horizon.micros();
    if up + degraded + down != horizon {
        return Err(format!("up {up} + degraded {degraded} + down {down} is not {horizon} us"));
    }
    let outages: i64 = usage.outages.iter().map(|o| o.length.micros()).sum();
    let by_month: i64 = usage.monthly_down.iter().map(|d| d.micros()).sum();
    if outages != down || (!model.months.is_empty() && by_month != down) {
        return Err(format!("down {down} us, outages {outages} us, by month {by_month} us"));
    }
    let sums = [
        ("initiated", usage.causes.iter().map(|c| c.initiated).sum::<f64>()),
        ("shared", usage.causes.iter().map(|c| c.shared).sum()),
        ("stages", usage.stages.iter().sum()),
    ];
    for (name, sum) in sums {
        if (sum - down as f64).abs() > ROUNDING_MICROS + ROUNDING_SHARE * down as f64 {
            return Err(format!("{name}: {sum} us of {down} us downtime"));
        }
    }
    let mut parts = usage.causes.iter().flat_map(|c| [c.initiated, c.shared]).chain(usage.stages);
    if parts.any(|part| part < 0.0) {
        return Err(format!("less than nothing: {:?} {:?}", usage.causes, usage.stages));
    }
    Ok(())
}

/// Checks a replication; how many usages had downtime.
fn replication_adds_up(model: &Model, seed: u64, number: u64) -> Result<u32, String> {
    let mut watch = (Meter::new(model, 0), UpTime::new(model));
    // Some generated systems have zero delays without end.
    let Ok(()) = Engine::new(model).replicate(Replication::new(seed, number), &mut watch) else {
        return Ok(0);
    };
    let figures = watch.0.take();
    let mut down = 0;
    for (index, (usage, up)) in figures.usages.iter().zip(&watch.1.up).enumerate() {
        adds_up(model, usage, *up).map_err(|why| format!("replication {number}, usage {index}: {why}"))?;
        down += u32::from(usage.down.micros() > 0);
    }
    Ok(down)
}

#[test]
fn in_generated_systems() {
    let down = Cell::new(0);
    systems::check(SYSTEMS, 4, "tests/proptest-regressions/time_adds_up.txt", |system| {
        let model = systems::model(system);
        for number in 0..REPLICATIONS {
            down.set(down.get() + replication_adds_up(&model, system.seed.into(), number)?);
        }
        Ok(())
    });
    assert!(down.get() > 1_000, "only {} usages with downtime", down.get());
}

fn scenario_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scenario_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "ron") {
            found.push(path);
        }
    }
}

#[test]
fn in_every_scenario_file() {
    let mut files = Vec::new();
    scenario_files(Path::new("scenarios"), &mut files);
    let mut down = 0;
    for file in &files {
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let file_and_text = scenario_file(file).unwrap();
        let loaded = load_extending(&file_and_text, &extended, &[], &mut sources, &mut found);
        let findings = || render_diagnostics(&sources, &found.into_vec(), false);
        let model = loaded.unwrap_or_else(|| panic!("{}", findings())).model;
        for number in 0..20 {
            down += replication_adds_up(&model, 1, number)
                .unwrap_or_else(|why| panic!("{}, {why}", file.display()));
        }
    }
    assert!(files.len() > 20 && down > 100, "{} files, {down} usages with downtime", files.len());
}
