//! Sweeps: one system at many values of one or two parameters, on common random numbers.

mod answer;
mod course;
mod designs;
mod order;

use std::fmt;

use serde::{Deserialize, Serialize};

use self::answer::answers;
use self::course::{Columns, column_name, courses};
use super::CONFIDENCE;
use super::compare::Quantity;
use super::gate::{Check, Decision, ObjectiveOf, check_objectives_of, decided};
use super::run::{Progress, RunError, RunOptions, RunOutput, pool, run_one_of_many};
use super::stopping::StoppedBy;
use crate::model::{Model, UsageId};
use crate::stats::MeanEstimate;

pub use self::answer::{Answer, AnswerKind};
pub use self::course::{Course, CourseOf};
pub use self::designs::{DesignSweeps, sweep_designs};

/// Version of the form of a sweep in JSON.
const FORMAT_VERSION: u32 = 1;

/// A parameter and its values, as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepParameter {
    /// Its path.
    pub name: String,
    /// Its values, in their order.
    pub values: Vec<String>,
    /// True if they grow from value to value.
    pub grows: bool,
}

impl SweepParameter {
    /// The end of the path, for where there is little room: "repair", or "every.0".
    #[must_use]
    pub fn short_name(&self) -> &str {
        // A quoted name may hold dots.
        let mut quoted = false;
        let is_dot = |(at, c): (usize, char)| {
            quoted ^= c == '\'';
            (c == '.' && !quoted).then_some(at)
        };
        let dots: Vec<usize> = self.name.char_indices().filter_map(is_dot).collect();
        let from = |dot: Option<&usize>| dot.and_then(|at| self.name.get(at + 1..)).unwrap_or(&self.name);
        let last = from(dots.last());
        if last.bytes().all(|b| b.is_ascii_digit()) { from(dots.iter().rev().nth(1)) } else { last }
    }
}

/// An objective that is to be met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// Share of each calendar month in which it is not down.
    pub availability: f64,
}

/// What is to be played.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepPlan {
    /// One or two parameters.
    pub parameters: Vec<SweepParameter>,
    /// What each point is to meet; nothing if that is not asked.
    pub wishes: Vec<Wish>,
    /// Confidence of the answer to that.
    pub confidence: f64,
}

/// A system at many values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// Version of this form.
    pub format: u32,
    /// Version of blackstart that made it.
    pub blackstart: String,
    /// The scenario's title.
    pub title: String,
    /// Length of simulated time, seconds.
    pub horizon_s: f64,
    /// Seed of all draws of all points.
    pub seed: u64,
    /// Replications of each point.
    pub replications: u64,
    /// What ended the sweep.
    pub stopped_by: StoppedBy,
    /// Confidence of every interval.
    pub confidence: f64,
    /// The parameters.
    pub parameters: Vec<SweepParameter>,
    /// What was asked to be met.
    pub wishes: Vec<Wish>,
    /// Confidence of all answers to that together.
    pub meets_confidence: f64,
    /// All points, the first parameter running fastest.
    pub points: Vec<SweepPoint>,
    /// How downtime goes along the first parameter, by journey and by value of the second.
    pub courses: Vec<CourseOf>,
    /// Which values of the first parameter meet what was asked, by value of the second.
    pub answers: Vec<Answer>,
}

/// The system at one value of each parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// The number of the value of each parameter.
    pub places: Vec<usize>,
    /// The values.
    pub values: Vec<String>,
    /// By journey and population.
    pub figures: Vec<PointFigure>,
    /// What was asked to be met, by month.
    pub checks: Vec<Check>,
    /// Whether all of it is met, if anything was asked.
    pub meets: Option<Decision>,
}

/// Figures of one journey of one population at one point. Seconds, requests, user-minutes per replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointFigure {
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// Downtime.
    pub down_s: MeanEstimate,
    /// Failed requests.
    pub lost_requests: MeanEstimate,
    /// User-minutes lost.
    pub user_minutes_lost: MeanEstimate,
    /// Paired difference of downtime from the value before of the first parameter.
    pub step_s: Option<MeanEstimate>,
}

/// Why a sweep gave no results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SweepError<E> {
    /// There is no system at a point.
    Model(E),
    /// A replication could not be played.
    Run(RunError),
}

impl<E: fmt::Display> fmt::Display for SweepError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(error) => error.fmt(f),
            Self::Run(error) => error.fmt(f),
        }
    }
}

/// Plays the system that `model` gives for each point, all with the same draws.
///
/// `progress.stop` ends it after a whole block of replications; the point that was being played is left out then.
///
/// # Errors
/// What `model` says of a point, or [`RunError`] if a replication cannot be played.
pub fn sweep<E>(
    plan: &SweepPlan,
    options: RunOptions,
    model: impl Fn(&[usize]) -> Result<Model, E>,
    progress: &Progress,
) -> Result<Sweep, SweepError<E>> {
    let pool = pool(options).map_err(SweepError::Run)?;
    let mut under_way = UnderWay::new(plan, options);
    for places in &places(&plan.parameters) {
        if under_way.is_stopped(progress) {
            break;
        }
        let model = model(places).map_err(SweepError::Model)?;
        let output = run_one_of_many(&model, options, &pool, progress).map_err(SweepError::Run)?;
        if !under_way.add(places, &model, &output) {
            break;
        }
    }
    Ok(under_way.done())
}

/// A sweep that is being played.
struct UnderWay<'p> {
    plan: &'p SweepPlan,
    found: Sweep,
    columns: Columns,
}

impl<'p> UnderWay<'p> {
    fn new(plan: &'p SweepPlan, options: RunOptions) -> Self {
        let found = Sweep {
            format: FORMAT_VERSION,
            blackstart: env!("CARGO_PKG_VERSION").to_owned(),
            title: String::new(),
            horizon_s: 0.0,
            seed: options.seed,
            replications: options.replications,
            stopped_by: StoppedBy::Replications,
            confidence: CONFIDENCE,
            parameters: plan.parameters.clone(),
            wishes: plan.wishes.clone(),
            meets_confidence: plan.confidence,
            points: Vec::new(),
            courses: Vec::new(),
            answers: Vec::new(),
        };
        Self { plan, found, columns: Columns::of(plan.parameters.first()) }
    }

    /// True if the sweep was stopped after a point, and so before the next.
    fn is_stopped(&mut self, progress: &Progress) -> bool {
        let reason = progress.stop.get().filter(|_| !self.found.points.is_empty());
        self.found.stopped_by = reason.copied().unwrap_or(self.found.stopped_by);
        reason.is_some()
    }

    /// Adds a point that was played; false if it was not played to its end, which ends the sweep.
    fn add(&mut self, places: &[usize], model: &Model, output: &RunOutput) -> bool {
        let (plan, found) = (self.plan, &mut self.found);
        if output.stopped_by != StoppedBy::Replications {
            found.stopped_by = output.stopped_by;
            return false;
        }
        found.title.clone_from(&model.title);
        found.horizon_s = model.horizon.micros() as f64 / 1e6;
        // A value's neighbour is the one before, unless the second parameter has just moved on.
        if places.first() == Some(&0) {
            self.columns.begin(places.get(1).copied());
        }
        let values = plan.parameters.iter().zip(places);
        let points = plan.parameters.iter().map(|parameter| parameter.values.len()).product();
        let objectives = objectives(model, &plan.wishes);
        let checks = check_objectives_of(model, output, &objectives, plan.confidence, points);
        found.points.push(SweepPoint {
            places: places.to_vec(),
            values: values.filter_map(|(p, place)| p.values.get(*place).cloned()).collect(),
            figures: figures((model, output), places.first().copied().unwrap_or(0), &mut self.columns),
            meets: (!plan.wishes.is_empty()).then(|| meets(&checks)),
            checks,
        });
        true
    }

    fn done(mut self) -> Sweep {
        self.found.courses = courses(&self.found, &self.columns.done());
        self.found.answers = answers(&self.found);
        self.found
    }
}

/// The number of the value of each parameter at each point, the first running fastest.
fn places(parameters: &[SweepParameter]) -> Vec<Vec<usize>> {
    parameters.iter().fold(vec![Vec::new()], |outer, parameter| {
        // Each further parameter goes through all that was there once for each of its values.
        let values = 0..parameter.values.len();
        values
            .flat_map(|value| outer.iter().map(move |places| [places.as_slice(), &[value]].concat()))
            .collect()
    })
}

fn objectives(model: &Model, wishes: &[Wish]) -> Vec<ObjectiveOf> {
    let usage = |wish: &Wish| {
        let mut usages = (0..model.usages.len()).map(UsageId::at);
        usages.find(|usage| model.usage_name(*usage) == (wish.journey.as_str(), wish.population.as_str()))
    };
    let of = |wish: &Wish| Some(ObjectiveOf { usage: usage(wish)?, availability: wish.availability });
    wishes.iter().filter_map(of).collect()
}

/// What was asked and does not exist at a point is not met there.
fn meets(checks: &[Check]) -> Decision {
    if checks.is_empty() { Decision::Failed } else { decided(checks) }
}

fn figures((model, output): (&Model, &RunOutput), place: usize, columns: &mut Columns) -> Vec<PointFigure> {
    let estimate = |usage: usize, quantity: Quantity| {
        let column =
            |row: &super::tally::ReplicationRow| row.usages.get(usage).map_or(0.0, |u| quantity.of(u));
        let values: Vec<f64> = output.rows().iter().map(column).collect();
        (MeanEstimate::of(&values, CONFIDENCE), values)
    };
    let figure = |usage: usize| {
        let (journey, population) = model.usage_name(UsageId::at(usage));
        let (down_s, values) = estimate(usage, Quantity::Down);
        PointFigure {
            journey: journey.to_owned(),
            population: population.to_owned(),
            step_s: columns.step(&column_name(journey, population), place, values),
            down_s,
            lost_requests: estimate(usage, Quantity::LostRequests).0,
            user_minutes_lost: estimate(usage, Quantity::UserMinutesLost).0,
        }
    };
    (0..model.usages.len()).map(figure).collect()
}
