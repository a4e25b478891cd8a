//! Several designs at the same values, each beside the baseline: whether what is better here is better there.

use super::{SweepError, SweepPlan, UnderWay, places};
use crate::model::Model;
use crate::study::compare::{Difference, adjust, downtime_differences};
use crate::study::run::{Progress, RunOptions, pool, run_one_of_many};
use crate::study::stopping::StoppedBy;
use crate::study::sweep::Sweep;

/// Designs at the values of one or two parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignSweeps {
    /// What each design does at each value, the baseline first.
    pub sweeps: Vec<Sweep>,
    /// Paired differences of downtime from the baseline: by point, then by design without the baseline, then by journey of a
    /// population that both have; seconds per replication. Verdicts hold for all of them together.
    pub differences: Vec<Vec<Vec<Difference>>>,
    /// What ended them.
    pub stopped_by: StoppedBy,
}

/// Plays `designs` systems, which `model` gives by number for each point, all with the same draws; the first is the baseline.
///
/// As [`sweep`](super::sweep), but that objectives are not looked for.
///
/// # Errors
/// What `model` says of a point, or [`RunError`](crate::study::RunError) if a replication cannot be played.
pub fn sweep_designs<E>(
    designs: usize,
    plan: &SweepPlan,
    options: RunOptions,
    model: impl Fn(usize, &[usize]) -> Result<Model, E>,
    progress: &Progress,
) -> Result<DesignSweeps, SweepError<E>> {
    let pool = pool(options).map_err(SweepError::Run)?;
    let mut sweeps: Vec<UnderWay<'_>> = (0..designs).map(|_| UnderWay::new(plan, options)).collect();
    let mut differences: Vec<Vec<Vec<Difference>>> = Vec::new();
    let mut stopped_by = StoppedBy::Replications;
    'points: for places in &places(&plan.parameters) {
        let (mut baseline, mut at_point) = (None, Vec::new());
        for (design, sweep) in sweeps.iter_mut().enumerate() {
            if sweep.is_stopped(progress) {
                stopped_by = sweep.found.stopped_by;
                break 'points;
            }
            let model = model(design, places).map_err(SweepError::Model)?;
            let output = run_one_of_many(&model, options, &pool, progress).map_err(SweepError::Run)?;
            if !sweep.add(places, &model, &output) {
                stopped_by = output.stopped_by;
                break 'points;
            }
            let Some((first, rows)) = &baseline else {
                baseline = Some((model, output));
                continue;
            };
            at_point.push(downtime_differences((first, &model), (rows.rows(), output.rows())));
        }
        differences.push(at_point);
    }
    adjust(differences.iter_mut().flatten().flatten().collect());
    Ok(DesignSweeps { sweeps: sweeps.into_iter().map(UnderWay::done).collect(), differences, stopped_by })
}
