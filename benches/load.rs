//! Speed of load: `cargo bench --bench load`.
//!
//! Whole replications with all measures: shipped scenarios with load, and beside them the same without. Then the settle step: the
//! same replications without measures, by instants, at each of which flows are solved, thresholds watched and the next step is chosen.

use std::path::PathBuf;

use blackstart::engine::{Blind, Engine, Observer};
use blackstart::measure::Meter;
use blackstart::model::{Load, Model};
use blackstart::random::Replication;
use blackstart::scenario::{Diagnostics, SourceFile, Sources, load_extending};
use blackstart::time::SimTime;
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

fn file(path: &std::path::Path) -> Result<SourceFile, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    Ok(SourceFile { path: path.to_owned(), identity: path.to_owned(), text })
}

fn model(name: &str) -> Model {
    let path = PathBuf::from(format!("scenarios/{name}.ron"));
    let extended = |of: &SourceFile, name: &str| file(&of.path.with_file_name(name));
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load_extending(&file(&path).unwrap(), &extended, &[], &mut sources, &mut found);
    loaded.expect("a shipped scenario is read").model
}

/// Replications one after the other, by one engine.
fn replicate(bencher: Bencher<'_, '_>, model: &Model) {
    let mut engine = Engine::new(model);
    let mut meter = Meter::new(model, 0);
    let mut number = 0;
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
        number += 1;
        engine.replicate(Replication::new(1, number), &mut meter).unwrap();
        meter.take()
    });
}

const SCENARIOS: [&str; 3] = ["me-central-1-load", "claude-2026-03-02", "tutorial/09-metastable"];

#[divan::bench(args = SCENARIOS)]
fn with_load(bencher: Bencher<'_, '_>, name: &str) {
    replicate(bencher, &model(name));
}

/// The same failures and users, of which nothing is said that load could come from.
#[divan::bench(args = SCENARIOS)]
fn without_load(bencher: Bencher<'_, '_>, name: &str) {
    let mut model = model(name);
    model.load = Load::default();
    model.hazards.iter_mut().for_each(|hazard| (hazard.surge, hazard.response) = (None, None));
    replicate(bencher, &model);
}

/// Counts instants.
struct Instants(u32);

impl Observer for Instants {
    fn begin(&mut self, _: &Engine<'_>) {}
    fn settled(&mut self, _: &Engine<'_>) {
        self.0 += 1;
    }
    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

/// The first replication; items are instants.
#[divan::bench(args = SCENARIOS)]
fn settle_step(bencher: Bencher<'_, '_>, name: &str) {
    let model = model(name);
    let mut engine = Engine::new(&model);
    let mut instants = Instants(0);
    engine.replicate(Replication::new(1, 1), &mut instants).unwrap();
    bencher
        .counter(ItemsCount::new(instants.0))
        .bench_local(|| engine.replicate(Replication::new(1, 1), &mut Blind).unwrap());
}
