//! Plays designs block by block, all with the same draws.

use super::Design;
use super::causes::CauseBook;
use super::goal::{DifferenceGoal, DifferencePrecision};
use crate::measure::Figures;
use crate::study::run::{Progress, RunError, RunOptions, play_block};
use crate::study::stopping::{BLOCK, StoppedBy, next_look};
use crate::study::tally::ReplicationRow;

/// What playing leaves.
pub(super) struct Played {
    /// By design, then by replication.
    pub(super) rows: Vec<Vec<ReplicationRow>>,
    /// By design but the first.
    pub(super) causes: Vec<CauseBook>,
    pub(super) precision: Vec<DifferencePrecision>,
    pub(super) replications: u64,
    pub(super) stopped_by: StoppedBy,
}

pub(super) fn play(
    designs: &[Design<'_>],
    options: RunOptions,
    goals: &[DifferenceGoal],
    progress: &Progress,
) -> Result<Played, RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build();
    let pool = pool.map_err(|error| RunError::Threads(error.to_string()))?;
    let mut rows: Vec<Vec<ReplicationRow>> = vec![Vec::new(); designs.len()];
    let others = || designs.iter().skip(1);
    let mut causes: Vec<CauseBook> = designs.first().map_or_else(Vec::new, |first| {
        others().map(|other| CauseBook::of(first.model, other.model)).collect()
    });
    let (mut played, mut look) = (0, BLOCK);
    loop {
        let last = (played + BLOCK).min(options.replications);
        let mut baseline: Vec<Figures> = Vec::new();
        for (number, (design, rows)) in designs.iter().zip(&mut rows).enumerate() {
            let block = pool.install(|| play_block(design.model, options, played..last, progress));
            let block = block
                .map_err(|error| RunError::In { design: design.name.to_owned(), error: Box::new(error) })?;
            let horizon_s = design.model.horizon.micros() as f64 / 1e6;
            rows.extend(block.iter().map(|figures| ReplicationRow::of(figures, horizon_s)));
            match number.checked_sub(1).and_then(|other| causes.get_mut(other)) {
                Some(book) => baseline.iter().zip(&block).for_each(|(first, second)| book.add(first, second)),
                None => baseline = block,
            }
        }
        played = last;
        let at_end = played >= options.replications;
        let interrupted = progress.stop.get().copied();
        let looks = !goals.is_empty() && (played == look || at_end || interrupted.is_some());
        let precision = if looks { precisions(designs, &rows, goals) } else { Vec::new() };
        if played == look {
            look = next_look(look);
        }
        let stopped_by = match interrupted {
            _ if looks && precision.iter().all(|goal| goal.reached) => Some(StoppedBy::Precision),
            _ if at_end => Some(StoppedBy::Replications),
            reason => reason,
        };
        if let Some(stopped_by) = stopped_by {
            return Ok(Played { rows, causes, precision, replications: played, stopped_by });
        }
    }
}

/// How precise each difference is for which that was asked, design by design.
fn precisions(
    designs: &[Design<'_>],
    rows: &[Vec<ReplicationRow>],
    goals: &[DifferenceGoal],
) -> Vec<DifferencePrecision> {
    let Some((baseline, others)) = designs.split_first() else { return Vec::new() };
    let Some((first, rest)) = rows.split_first() else { return Vec::new() };
    let all = others.iter().zip(rest);
    all.flat_map(|(design, second)| {
        goals.iter().filter_map(move |goal| goal.precision((baseline, first), (design, second)))
    })
    .collect()
}
