//! What the statistical tests share: small systems, runs of them, z-scores.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use blackstart::law::Law;
use blackstart::model::{
    Builder, CompId, ComponentDraft, Expression, Kind, ModeDraft, Model, Need, RepairDraft,
};
use blackstart::scenario::SourceFile;
use blackstart::study::{Progress, RunOptions, RunOutput, Summary, run, summarize};
use blackstart::time::{MICROS_PER_HOUR, SimSpan, SimTime};

/// A scenario file, for `load_extending`.
pub fn scenario_file(path: &Path) -> Result<SourceFile, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    Ok(SourceFile { path: path.to_owned(), identity: path.canonicalize().unwrap(), text })
}

/// The file that another one extends, for `load_extending`.
pub fn extended(file: &SourceFile, name: &str) -> Result<SourceFile, String> {
    scenario_file(&file.path.with_file_name(name))
}

/// Microseconds in an hour.
pub const HOUR: f64 = MICROS_PER_HOUR as f64;

pub fn hours(h: f64) -> SimTime {
    SimTime::from_micros((h * HOUR).round() as i64)
}

pub fn exp(mean_hours: f64) -> Law {
    Law::exp(mean_hours * HOUR).unwrap()
}

pub fn fixed(hours: f64) -> Law {
    Law::fixed(hours * HOUR).unwrap()
}

/// A part that fails as a whole and is mended by its own crew.
pub fn part(name: &str, every: Law, repair: Law) -> ComponentDraft {
    ComponentDraft::new(name, Kind::Part).failing(ModeDraft::down("failure", every, repair))
}

/// A need that passes levels on.
pub fn need(on: Expression) -> Expression {
    Expression::Need(Box::new(Need { on, at_least: None, holdover: None, otherwise: 0.0 }))
}

/// A need that is met or not.
pub fn met(on: CompId) -> Expression {
    need(Expression::Up(on))
}

pub fn levels(parts: &[CompId]) -> Vec<Expression> {
    parts.iter().map(|c| Expression::Level(*c)).collect()
}

/// A unit that needs `support`, watched by users without a shortest outage.
pub fn watched(builder: &mut Builder, support: Expression) -> CompId {
    let unit = builder.component(ComponentDraft::new("system", Kind::Unit).needing(need(support)));
    builder.watched_by_users(unit, SimSpan::ZERO);
    unit
}

pub fn repair(work: Law) -> RepairDraft {
    RepairDraft::of(work)
}

pub fn play(model: &Model, replications: u64, seed: u64) -> (RunOutput, Summary) {
    let options = RunOptions { replications, seed, threads: 0, curve_points: 0 };
    let output = run(model, options, &Progress::default()).unwrap();
    let summary = summarize(model, &output);
    (output, summary)
}

/// What `of` gives for each of `seeds` seeds, on all processors.
pub fn over_seeds<T: Send>(seeds: u64, of: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(1);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > seeds {
                        return;
                    }
                    let result = of(seed);
                    results.lock().unwrap().push(result);
                }
            });
        }
    });
    results.into_inner().unwrap()
}

/// Asserts that the mean of `values` is within 4 standard errors of `truth`.
///
/// An engine that is right fails a check with probability 6e-5; seeds are fixed, so it either does or not.
pub fn assert_mean(what: &str, values: &[f64], truth: f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt();
    let z = (mean - truth) / error;
    println!("{what}: {mean:.9} against {truth:.9}, standard error {error:.2e}, z {z:+.2}");
    assert!(z.abs() <= 4.0, "{what}: {mean} is {z:+.2} standard errors ({error:.3e}) from {truth}");
}

/// Asserts that a count of successes is within 4 standard errors of `truth`.
pub fn assert_probability(what: &str, successes: usize, trials: usize, truth: f64) {
    let error = (truth * (1.0 - truth) / trials as f64).sqrt();
    let share = successes as f64 / trials as f64;
    let z = (share - truth) / error;
    println!("{what}: {share:.6} against {truth:.6}, standard error {error:.2e}, z {z:+.2}");
    assert!(z.abs() <= 4.0, "{what}: {share} is {z:+.2} standard errors ({error:.3e}) from {truth}");
}

/// Share of the horizon that the watched users were down, per replication.
pub fn down_shares(model: &Model, output: &RunOutput) -> Vec<f64> {
    let horizon = model.horizon.micros() as f64 / 1e6;
    output.rows().iter().map(|r| r.usages[0].down_s / horizon).collect()
}
