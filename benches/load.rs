//! Speed of load: `cargo bench --bench load`.
//!
//! Whole replications with all measures: shipped scenarios with load, and beside them the same without.

use std::path::PathBuf;

use blackstart::engine::Engine;
use blackstart::measure::Meter;
use blackstart::model::{Load, Model};
use blackstart::random::Replication;
use blackstart::scenario::{Diagnostics, SourceFile, Sources, load_extending};
use divan::Bencher;

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
    bencher.bench_local(|| {
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
