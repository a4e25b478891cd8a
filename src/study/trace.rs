//! One replication told: which one, its story, its figures.

use serde::Serialize;

use super::run::{Progress, RunError, RunOptions, RunOutput, run};
use super::stopping::figures_of;
use super::tally::UsageRow;
use crate::engine::Engine;
use crate::measure::{Figures, Meter, Narrator, Story};
use crate::model::{Model, UsageId};
use crate::random::Replication;

/// Which of the replications of a study is looked for, in order of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// The largest value.
    Worst,
    /// The value that half of the replications do not exceed.
    Median,
    /// The value that 99 % of the replications do not exceed.
    P99,
}

/// A figure of a replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplicationFigure {
    quantity: Quantity,
    /// `None`: summed over all journeys and populations.
    usage: Option<UsageId>,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Down,
    Degraded,
    LostRequests,
    UserMinutesLost,
}

const QUANTITIES: [(Quantity, &str); 4] = [
    (Quantity::Down, "down"),
    (Quantity::Degraded, "degraded"),
    (Quantity::LostRequests, "lost_requests"),
    (Quantity::UserMinutesLost, "user_minutes_lost"),
];

impl ReplicationFigure {
    /// All figures of a model with their names: "down", "down:chat:gulf".
    #[must_use]
    pub fn all(model: &Model) -> Vec<(String, Self)> {
        let named = |(name, quantity, usage)| (name, Self { quantity, usage });
        figures_of(&QUANTITIES, model).into_iter().map(named).collect()
    }

    /// True for figures in seconds, false for counts.
    #[must_use]
    pub const fn is_time(self) -> bool {
        matches!(self.quantity, Quantity::Down | Quantity::Degraded)
    }

    fn of(self, rows: &[UsageRow]) -> f64 {
        let value = |row: &UsageRow| match self.quantity {
            Quantity::Down => row.down_s,
            Quantity::Degraded => row.degraded_s,
            Quantity::LostRequests => row.lost_requests,
            Quantity::UserMinutesLost => row.user_minutes_lost,
        };
        match self.usage {
            Some(usage) => rows.get(usage.index()).map_or(0.0, value),
            None => rows.iter().map(value).sum(),
        }
    }
}

/// Why a replication was picked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picked {
    /// Its rank.
    pub rank: Rank,
    /// Name of the figure that ranks.
    pub figure: String,
    /// Value of the figure in this replication: seconds, or a count.
    pub value: f64,
    /// True if the value is in seconds.
    #[serde(skip)]
    pub is_time: bool,
    /// Number of replications that it was picked from.
    pub replications: u64,
}

/// One replication, told.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Seed of the study.
    pub seed: u64,
    /// Its number.
    pub replication: u64,
    /// Why it was picked; `None`: asked for by number.
    pub picked: Option<Picked>,
    /// What happened.
    pub story: Story,
    /// What it amounts to: the same as in a run.
    pub figures: Figures,
}

/// The replication of `rank` in the order of a figure; of several with its value the first; none without replications.
///
/// Formula: the smallest value that at least the share 1/2 (99 %) of the replications do not exceed.
#[must_use]
pub fn pick(
    output: &RunOutput,
    rank: Rank,
    (name, figure): (&str, ReplicationFigure),
) -> Option<(u64, Picked)> {
    let values: Vec<f64> = output.rows().iter().map(|row| figure.of(&row.usages)).collect();
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let share = match rank {
        Rank::Worst => 1.0,
        Rank::Median => 0.5,
        Rank::P99 => 0.99,
    };
    let place = (libm::ceil(share * values.len() as f64) as usize).max(1);
    let value = *sorted.get(place - 1)?;
    let number = values.iter().position(|v| *v == value)? as u64;
    let replications = values.len() as u64;
    Some((number, Picked { rank, figure: name.to_owned(), value, is_time: figure.is_time(), replications }))
}

/// Plays the replications of `options` and tells the one that is picked.
///
/// # Errors
/// As [`run`].
pub fn trace_picked(
    model: &Model,
    options: RunOptions,
    rank: Rank,
    figure: (&str, ReplicationFigure),
    progress: &Progress,
) -> Result<Trace, RunError> {
    let output = run(model, options, progress)?;
    let Some((number, picked)) = pick(&output, rank, figure) else { return trace(model, options.seed, 0) };
    Ok(Trace { picked: Some(picked), ..trace(model, options.seed, number)? })
}

/// Tells one replication.
///
/// # Errors
/// [`RunError::Engine`] if it cannot be played.
pub fn trace(model: &Model, seed: u64, replication: u64) -> Result<Trace, RunError> {
    let drawn = model.drawn(Replication::new(seed, replication));
    let known = (!drawn.is_empty()).then(|| model.with_known(&drawn));
    let model = known.as_ref().unwrap_or(model);
    let mut observers = (Narrator::new(model), Meter::new(model, 0));
    Engine::new(model)
        .replicate(Replication::new(seed, replication), &mut observers)
        .map_err(|error| RunError::Engine { replication, error })?;
    let (mut narrator, mut meter) = observers;
    let figures = Figures { unknowns: drawn, ..meter.take() };
    Ok(Trace { seed, replication, picked: None, story: narrator.take(), figures })
}
