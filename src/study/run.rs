//! Plays replications in parallel and folds them in order.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::tally::Tally;
use crate::engine::{Engine, EngineError};
use crate::measure::{Figures, Meter};
use crate::model::Model;
use crate::random::Replication;

/// Replications that are played before they are folded: bounds memory, changes no figure.
const BLOCK: u64 = 512;

/// What to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOptions {
    /// Number of replications.
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
    /// Set to end the run early.
    pub stop: AtomicBool,
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
    /// It was stopped before a block of replications was finished.
    Stopped,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine { replication, error } => write!(f, "replication {replication}: {error}"),
            Self::Threads(reason) => write!(f, "cannot start threads: {reason}"),
            Self::Stopped => write!(f, "stopped before any result"),
        }
    }
}

impl std::error::Error for RunError {}

/// What a run leaves: sums, and a row per replication.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOutput {
    /// How it was run.
    pub options: RunOptions,
    pub(super) tally: Tally,
}

/// Plays `options.replications` replications of `model`.
///
/// The result depends on the model, the seed and the number of replications, not on threads.
///
/// # Errors
/// [`RunError`] if a replication cannot be played, or none was before the run was stopped.
pub fn run(model: &Model, options: RunOptions, progress: &Progress) -> Result<RunOutput, RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build();
    let pool = pool.map_err(|error| RunError::Threads(error.to_string()))?;
    let mut tally = Tally::new(model, options.curve_points);
    let mut first = 0;
    while first < options.replications && !progress.stop.load(Ordering::Relaxed) {
        let last = (first + BLOCK).min(options.replications);
        let block = pool.install(|| play_block(model, options, first..last, progress))?;
        block.iter().for_each(|figures| tally.add(figures));
        first = last;
    }
    if first == 0 && options.replications > 0 {
        return Err(RunError::Stopped);
    }
    Ok(RunOutput { options: RunOptions { replications: first, ..options }, tally })
}

fn play_block(
    model: &Model,
    options: RunOptions,
    numbers: std::ops::Range<u64>,
    progress: &Progress,
) -> Result<Vec<Figures>, RunError> {
    let worker = || (Engine::new(model), Meter::new(model, options.curve_points));
    let all: Vec<Result<Figures, RunError>> = numbers
        .into_par_iter()
        .map_init(worker, |(engine, meter), number| {
            let replication = Replication::new(options.seed, number);
            engine
                .replicate(replication, meter)
                .map_err(|error| RunError::Engine { replication: number, error })?;
            progress.done.fetch_add(1, Ordering::Relaxed);
            Ok(meter.take())
        })
        .collect();
    // In order, so that the first failing replication is named, not the one that some thread met first.
    all.into_iter().collect()
}
