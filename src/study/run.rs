//! Plays replications in parallel and folds them in order.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::CONFIDENCE;
use super::stopping::{BLOCK, Goal, StoppedBy, next_look};
use super::tally::Tally;
use crate::engine::{Engine, EngineError};
use crate::measure::{Figures, Meter};
use crate::model::Model;
use crate::random::Replication;
use crate::stats::MeanEstimate;

/// What to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOptions {
    /// Number of replications; the most there may be if something else may end the run.
    pub replications: u64,
    /// Seed of all draws.
    pub seed: u64,
    /// Threads; 0: as many as the machine has.
    pub threads: usize,
    /// Instants of success over time to keep; 0: none.
    pub curve_points: usize,
}

/// Shared with whoever shows how far a run is, or wants to end it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Replications finished.
    pub done: AtomicU64,
    /// Replications that the run will probably take; 0 while that is not known.
    pub expected: AtomicU64,
    /// Set to end the run after the block of replications that it is playing; the first reason counts.
    pub stop: OnceLock<StoppedBy>,
}

/// Why a run gave no results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
    /// A replication could not be played.
    Engine {
        /// Its number.
        replication: u64,
        /// Why.
        error: EngineError,
    },
    /// The threads could not be started.
    Threads(String),
    /// As told, in one of several designs.
    In {
        /// What it is called.
        design: String,
        /// Why.
        error: Box<RunError>,
    },
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine { replication, error } => write!(f, "replication {replication}: {error}"),
            Self::Threads(reason) => write!(f, "cannot start threads: {reason}"),
            Self::In { design, error } => write!(f, "{design}: {error}"),
        }
    }
}

impl std::error::Error for RunError {}

/// What a run leaves: sums, and a row per replication.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOutput {
    /// How it was run, with the number of replications that were played.
    pub options: RunOptions,
    /// What ended it.
    pub stopped_by: StoppedBy,
    /// What precision was asked for.
    pub goals: Vec<Goal>,
    pub(super) tally: Tally,
}

/// Plays `options.replications` replications of `model`, or fewer if `progress.stop` is set.
///
/// The result depends on the model, the seed and the number of replications, not on threads.
///
/// # Errors
/// [`RunError`] if a replication cannot be played.
pub fn run(model: &Model, options: RunOptions, progress: &Progress) -> Result<RunOutput, RunError> {
    run_until(model, options, &[], progress)
}

/// Plays replications of `model` until all `goals` are met, but at most `options.replications`.
///
/// Goals are looked at after fixed numbers of replications ([`next_look`]) and at the last, so the result does not
/// depend on threads either. Without goals all replications are played. `progress.stop` ends a run after a whole
/// block of 512 replications; at least one is played.
///
/// # Errors
/// [`RunError`] if a replication cannot be played.
pub fn run_until(
    model: &Model,
    options: RunOptions,
    goals: &[Goal],
    progress: &Progress,
) -> Result<RunOutput, RunError> {
    let pool = pool(options)?;
    let mut study = Study::new(model, options);
    let mut look = BLOCK;
    if goals.is_empty() {
        progress.expected.store(options.replications, Ordering::Relaxed);
    }
    let stopped_by = loop {
        study.play_block(&pool, progress)?;
        if !goals.is_empty() && (study.played == look || study.is_at_end()) {
            let down = downtimes(model, &study.tally);
            if goals.iter().all(|goal| goal.is_met(&down)) {
                break StoppedBy::Precision;
            }
            look = next_look(look);
            progress.expected.store(expected(goals, &down, look, options.replications), Ordering::Relaxed);
        }
        if study.is_at_end() {
            break StoppedBy::Replications;
        }
        if let Some(reason) = progress.stop.get() {
            break *reason;
        }
    };
    Ok(study.output(stopped_by, goals))
}

/// Plays all replications of one system of several, on the caller's pool; `progress` counts those of all.
///
/// # Errors
/// [`RunError`] if a replication cannot be played.
pub(super) fn run_one_of_many(
    model: &Model,
    options: RunOptions,
    pool: &rayon::ThreadPool,
    progress: &Progress,
) -> Result<RunOutput, RunError> {
    let mut study = Study::new(model, options);
    loop {
        study.play_block(pool, progress)?;
        let stopped_by =
            if study.is_at_end() { Some(StoppedBy::Replications) } else { progress.stop.get().copied() };
        if let Some(stopped_by) = stopped_by {
            return Ok(study.output(stopped_by, &[]));
        }
    }
}

pub(super) fn pool(options: RunOptions) -> Result<rayon::ThreadPool, RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build();
    pool.map_err(|error| RunError::Threads(error.to_string()))
}

/// A run under way, block by block.
struct Study<'m> {
    model: &'m Model,
    options: RunOptions,
    tally: Tally,
    played: u64,
}

impl<'m> Study<'m> {
    fn new(model: &'m Model, options: RunOptions) -> Self {
        Self { model, options, tally: Tally::new(model, options.curve_points), played: 0 }
    }

    fn play_block(&mut self, pool: &rayon::ThreadPool, progress: &Progress) -> Result<(), RunError> {
        let last = (self.played + BLOCK).min(self.options.replications);
        let numbers = self.played..last;
        let block = pool.install(|| play_block(self.model, self.options, numbers, progress))?;
        block.iter().for_each(|figures| self.tally.add(figures));
        self.played = last;
        Ok(())
    }

    const fn is_at_end(&self) -> bool {
        self.played >= self.options.replications
    }

    fn output(self, stopped_by: StoppedBy, goals: &[Goal]) -> RunOutput {
        let options = RunOptions { replications: self.played, ..self.options };
        RunOutput { options, stopped_by, goals: goals.to_vec(), tally: self.tally }
    }
}

/// Mean downtime by usage.
fn downtimes(model: &Model, tally: &Tally) -> Vec<MeanEstimate> {
    let column = |usage: usize| tally.rows.iter().map(|row| row.usages[usage].down_s).collect::<Vec<f64>>();
    (0..model.usages.len()).map(|usage| MeanEstimate::of(&column(usage), CONFIDENCE)).collect()
}

/// Replications that it will probably take: the look at which all goals are met, the next one at `look`.
fn expected(goals: &[Goal], down: &[MeanEstimate], look: u64, limit: u64) -> u64 {
    let needed = |goal: &Goal| goal.replications_needed(down).unwrap_or(limit);
    let needed = goals.iter().map(needed).max().unwrap_or(limit).min(limit);
    let mut looks = std::iter::successors(Some(look), |look| Some(next_look(*look)));
    looks.find(|look| *look >= needed).unwrap_or(limit).min(limit)
}

/// Plays replications of these numbers, in parallel on the threads of the caller's pool.
pub(super) fn play_block(
    model: &Model,
    options: RunOptions,
    numbers: std::ops::Range<u64>,
    progress: &Progress,
) -> Result<Vec<Figures>, RunError> {
    if !model.unknowns.figures.is_empty() {
        return play_unknown_block(model, options, numbers, progress);
    }
    let worker = || (Engine::new(model), Meter::new(model, options.curve_points));
    each(numbers, progress, worker, |(engine, meter): &mut (Engine<'_>, Meter), number| {
        engine.replicate(Replication::new(options.seed, number), meter)?;
        Ok(meter.take())
    })
}

/// As [`play_block`], where figures are drawn for each replication: it is played by an engine of its own.
fn play_unknown_block(
    model: &Model,
    options: RunOptions,
    numbers: std::ops::Range<u64>,
    progress: &Progress,
) -> Result<Vec<Figures>, RunError> {
    each(
        numbers,
        progress,
        || model.clone(),
        |known, number| {
            let replication = Replication::new(options.seed, number);
            let drawn = model.drawn(replication);
            model.make_known(&drawn, known);
            let mut meter = Meter::new(known, options.curve_points);
            Engine::new(known).replicate(replication, &mut meter)?;
            Ok(Figures { unknowns: drawn, ..meter.take() })
        },
    )
}

/// Plays replications in parallel, each worker with what `worker` gives it.
fn each<W: Send>(
    numbers: std::ops::Range<u64>,
    progress: &Progress,
    worker: impl Fn() -> W + Sync + Send,
    replicate: impl Fn(&mut W, u64) -> Result<Figures, EngineError> + Sync + Send,
) -> Result<Vec<Figures>, RunError> {
    // The first replication that fails is named, not the first that a thread happened upon: only what comes after one
    // that has failed is left out.
    let failed = AtomicU64::new(u64::MAX);
    let play = |worker: &mut W, number: u64| {
        if number > failed.load(Ordering::Relaxed) {
            return None;
        }
        let played = replicate(worker, number);
        progress.done.fetch_add(1, Ordering::Relaxed);
        Some(match played {
            Ok(figures) => Ok(figures),
            Err(error) => {
                failed.fetch_min(number, Ordering::Relaxed);
                Err(RunError::Engine { replication: number, error })
            }
        })
    };
    let block: Vec<Option<Result<Figures, RunError>>> =
        numbers.into_par_iter().map_init(worker, play).collect();
    block.into_iter().flatten().collect()
}
