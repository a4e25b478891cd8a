//! Choke points: what costs most, what would be won without it, and what one more failure of it would cost.

mod contingency;
mod estimate;
mod figure;
mod leaders;
mod replay;
mod shares;
mod subject;

use std::sync::atomic::Ordering;

use serde::Serialize;

use self::contingency::contingencies;
use self::estimate::{is_constant, ratio};
use self::leaders::{Candidate, Candidates};
use self::shares::Shares;
use self::subject::{Subject, subjects};
use super::CONFIDENCE;
use super::pairing::differences;
use super::run::{Progress, RunError, RunOptions, play_block};
use super::stopping::{BLOCK, StoppedBy};
use super::uncertain::{UnknownShare, unknown_shares};
use crate::model::{Model, UsageId};
use crate::stats::{Interval, MeanEstimate};
use crate::time::SimSpan;

pub use self::contingency::{Contingencies, Contingency, Hit};
pub use self::estimate::{RatioEstimate, Replayed};
pub use self::figure::{RankFigure, RankUnit};
pub use self::leaders::Standing;
pub use self::subject::SubjectKind;

/// Version of the form of a ranking in JSON.
const FORMAT_VERSION: u32 = 1;

/// What to rank by, and how much of it to replay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankOptions<'n> {
    /// The figure, with its name.
    pub figure: (&'n str, RankFigure),
    /// How many subjects are replayed for their share of downtime, and how many more as single points of failure.
    pub top: usize,
    /// How long a component is out for once.
    pub outage: SimSpan,
    /// How to play.
    pub run: RunOptions,
}

/// Choke points of a system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranking {
    /// Version of this form.
    pub format: u32,
    /// Version of blackstart that made it.
    pub blackstart: String,
    /// The scenario's title.
    pub title: String,
    /// What is ranked by: "down", "down:chat:gulf".
    pub figure: String,
    /// What that is counted in.
    pub unit: RankUnit,
    /// Length of simulated time.
    pub horizon_s: f64,
    /// Seed of all draws.
    pub seed: u64,
    /// Replications of the system, and of each variant.
    pub replications: u64,
    /// What ended it; after an interruption fewer subjects are replayed.
    pub stopped_by: StoppedBy,
    /// Confidence of every interval.
    pub confidence: f64,
    /// How long a component is out for once.
    pub outage_s: f64,
    /// The figure as the system is.
    pub system: MeanEstimate,
    /// True if that is the same in every replication, and not 0.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub constant: bool,
    /// Replayed ones first, those that would save most without their failures first of these.
    pub subjects: Vec<ChokePoint>,
    /// Subjects without any share of downtime that take nobody down alone: not listed, not replayed.
    pub others: u64,
    /// Single components and pairs that take journeys down.
    pub contingencies: Contingencies,
    /// What nobody knows, and how much of the spread of the figure it makes; the largest share first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknowns: Vec<UnknownShare>,
    /// Share of downtime that each cause of the model initiates, by its id.
    #[serde(skip)]
    pub initiated_by: Vec<f64>,
}

/// What a component, cable, hazard or crew costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChokePoint {
    /// What it is.
    pub kind: SubjectKind,
    /// Its name.
    pub name: String,
    /// Share of downtime in outages that it initiates; nothing for crews.
    pub initiated: Option<f64>,
    /// Its interval.
    pub initiated_interval: Option<Interval>,
    /// Its share of every instant of downtime; of a crew the share in which users wait for any crew.
    pub shared: f64,
    /// Its interval.
    pub shared_interval: Option<Interval>,
    /// Users whom its loss alone takes down, journey by journey; 0 for hazards and crews.
    pub users_down_alone: f64,
    /// True if it was replayed.
    pub replayed: bool,
    /// Set if without its failures most would be saved, or if others with more are not told apart from it.
    pub saves_most: Option<Standing>,
    /// Set if one more failure of it would cost most, of all components and cables, or if it is not told apart from such.
    pub costs_most: Option<Standing>,
    /// If nothing ever ailed it; `None`: nothing can, or not replayed.
    pub if_perfect: Option<Replayed>,
    /// If it failed once more, at a typical time; `None` for crews.
    pub if_once_more: Option<Replayed>,
    /// If it were out from the start to the end; components and cables only.
    pub if_out: Option<Replayed>,
    /// Formula: (x out throughout - x perfect) / the most that x can be.
    pub birnbaum: Option<RatioEstimate>,
    /// Formula: (x - x perfect) / x.
    pub fussell_vesely: Option<RatioEstimate>,
    /// Formula: x out throughout / x.
    pub achievement_worth: Option<RatioEstimate>,
    /// Formula: x / x perfect.
    pub reduction_worth: Option<RatioEstimate>,
}

/// Plays the system, takes the subjects with the largest shares of downtime and those that take users down alone, and replays
/// them on the same random draws.
///
/// Once `progress.stop` is set, the variant under way is dropped and no other begun.
///
/// # Errors
/// [`RunError`] if a replication cannot be played.
pub fn rank(model: &Model, options: RankOptions<'_>, progress: &Progress) -> Result<Ranking, RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.run.threads).build();
    let pool = pool.map_err(|error| RunError::Threads(error.to_string()))?;
    let subjects = subjects(model);
    let usages = options.figure.1.usages(model);
    let mut study = Study {
        options,
        usages,
        pool,
        progress,
        saving: Candidates::default(),
        costing: Candidates::default(),
    };
    let mut shares = Shares::new(model, &subjects);
    let system = study.play_system(model, &mut shares)?;
    study.options.run.replications = system.len() as u64;
    let (contingencies, users) = contingencies(model);
    let mut points: Vec<(usize, ChokePoint)> = Vec::new();
    for (number, subject) in subjects.iter().enumerate() {
        let point = unplayed(subject, shares.of(number), &users);
        if point.shared > 0.0
            || point.initiated.is_some_and(|share| share > 0.0)
            || point.users_down_alone > 0.0
        {
            points.push((number, point));
        }
    }
    let others = (subjects.len() - points.len()) as u64;
    let chosen = chosen(&points, options.top);
    let variants: u64 = chosen.iter().map(|place| study.variants(model, &subjects[points[*place].0])).sum();
    progress.expected.store(system.len() as u64 * (1 + variants), Ordering::Relaxed);
    for place in chosen {
        let (number, point) = &mut points[place];
        if !study.replay(model, (place, &subjects[*number]), &system, point)? {
            break;
        }
    }
    for (place, standing) in study.saving.standings() {
        points[place].1.saves_most = Some(standing);
    }
    for (place, standing) in study.costing.standings() {
        points[place].1.costs_most = Some(standing);
    }
    let mut points: Vec<ChokePoint> = points.into_iter().map(|(_, point)| point).collect();
    points.sort_by(ChokePoint::order);
    Ok(Ranking {
        format: FORMAT_VERSION,
        blackstart: env!("CARGO_PKG_VERSION").to_owned(),
        title: model.title.clone(),
        figure: options.figure.0.to_owned(),
        unit: options.figure.1.unit(),
        horizon_s: model.horizon.micros() as f64 / 1e6,
        seed: options.run.seed,
        replications: system.len() as u64,
        stopped_by: progress.stop.get().copied().unwrap_or(StoppedBy::Replications),
        confidence: CONFIDENCE,
        outage_s: options.outage.micros_f64() / 1e6,
        system: MeanEstimate::of(&system, CONFIDENCE),
        constant: is_constant(&system) && system.first().is_some_and(|value| *value != 0.0),
        subjects: points,
        others,
        contingencies,
        unknowns: unknown_shares(model, options.run.seed, &system),
        initiated_by: shares.of_causes(),
    })
}

/// A subject of which only shares are known.
fn unplayed(subject: &Subject, [initiated, shared]: [shares::Share; 2], users: &[f64]) -> ChokePoint {
    let alone = subject.components().iter().map(|c| users[c.index()]).fold(0.0, f64::max);
    let is_crew = subject.kind == SubjectKind::Crew;
    ChokePoint {
        kind: subject.kind,
        name: subject.name.clone(),
        initiated: (!is_crew).then_some(initiated.0),
        initiated_interval: initiated.1.filter(|_| !is_crew),
        shared: shared.0,
        shared_interval: shared.1,
        users_down_alone: alone,
        replayed: false,
        saves_most: None,
        costs_most: None,
        if_perfect: None,
        if_once_more: None,
        if_out: None,
        birnbaum: None,
        fussell_vesely: None,
        achievement_worth: None,
        reduction_worth: None,
    }
}

/// The places of what is worth replaying: the largest shares of downtime, then the single points of failure with most users.
fn chosen(points: &[(usize, ChokePoint)], top: usize) -> Vec<usize> {
    let share = |place: &usize| points[*place].1.share();
    let users = |place: &usize| points[*place].1.users_down_alone;
    let ordered = |of: &dyn Fn(&usize) -> f64| {
        let mut places: Vec<usize> = (0..points.len()).filter(|place| of(place) > 0.0).collect();
        places.sort_by(|a, b| of(b).total_cmp(&of(a)).then(a.cmp(b)));
        places.truncate(top);
        places
    };
    let mut chosen = ordered(&share);
    for place in ordered(&users) {
        if !chosen.contains(&place) {
            chosen.push(place);
        }
    }
    chosen
}

impl ChokePoint {
    fn share(&self) -> f64 {
        self.initiated.unwrap_or(0.0).max(self.shared)
    }

    /// What is saved without its failures.
    #[must_use]
    pub fn saved(&self) -> f64 {
        self.if_perfect.as_ref().map_or(0.0, |replayed| -replayed.difference.mean)
    }

    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let cost =
            |point: &Self| point.if_once_more.as_ref().map_or(0.0, |replayed| replayed.difference.mean);
        (other.replayed.cmp(&self.replayed))
            .then(other.saved().total_cmp(&self.saved()))
            .then(cost(other).total_cmp(&cost(self)))
            .then(other.share().total_cmp(&self.share()))
            .then_with(|| self.name.cmp(&other.name))
    }
}

/// What plays the system and its variants.
struct Study<'r> {
    options: RankOptions<'r>,
    usages: Vec<(UsageId, f64)>,
    pool: rayon::ThreadPool,
    progress: &'r Progress,
    /// What may save most without its failures.
    saving: Candidates,
    /// What may cost most by one more.
    costing: Candidates,
}

impl Study<'_> {
    /// The values of the figure by replication; fewer if it is stopped.
    fn play_system(&self, model: &Model, shares: &mut Shares) -> Result<Vec<f64>, RunError> {
        let mut values = Vec::new();
        while (values.len() as u64) < self.options.run.replications {
            if !values.is_empty() && self.progress.stop.get().is_some() {
                break;
            }
            for figures in self.block(model, values.len() as u64)? {
                shares.add(&self.usages, &figures);
                values.push(self.options.figure.1.of(&self.usages, &figures));
            }
        }
        Ok(values)
    }

    /// The values of the figure in a variant; `None` if it is stopped.
    fn play(&self, variant: &Model) -> Result<Option<Vec<f64>>, RunError> {
        let mut values = Vec::new();
        while (values.len() as u64) < self.options.run.replications {
            if self.progress.stop.get().is_some() {
                return Ok(None);
            }
            let block = self.block(variant, values.len() as u64)?;
            values.extend(block.iter().map(|figures| self.options.figure.1.of(&self.usages, figures)));
        }
        Ok(Some(values))
    }

    fn block(&self, model: &Model, from: u64) -> Result<Vec<crate::measure::Figures>, RunError> {
        let numbers = from..(from + BLOCK).min(self.options.run.replications);
        self.pool.install(|| play_block(model, self.options.run, numbers, self.progress))
    }

    /// How many variants of the system a subject asks for.
    fn variants(&self, model: &Model, subject: &Subject) -> u64 {
        let out = if subject.components().is_empty() { 0 } else { 1 };
        let once = u64::from(subject.kind != SubjectKind::Crew);
        u64::from(subject.can_fail(model)) + once + out
    }

    /// Replays a subject; false if it is stopped.
    fn replay(
        &mut self,
        model: &Model,
        (place, subject): (usize, &Subject),
        system: &[f64],
        point: &mut ChokePoint,
    ) -> Result<bool, RunError> {
        let mut played = Vec::new();
        let perfect = subject.can_fail(model).then(|| replay::perfect(model, subject));
        let once_more = replay::once_more(model, subject, self.options.outage);
        let out = replay::out_throughout(model, subject);
        for variant in [perfect, once_more, out] {
            played.push(match variant {
                None => None,
                Some(variant) => match self.play(&variant)? {
                    None => return Ok(false),
                    values => values,
                },
            });
        }
        let [perfect, once_more, out] = [0, 1, 2].map(|place| played.get_mut(place).and_then(Option::take));
        let replayed = |values: &Option<Vec<f64>>| values.as_ref().map(|values| Replayed::of(system, values));
        point.replayed = true;
        point.if_perfect = replayed(&perfect);
        point.if_once_more = replayed(&once_more);
        point.if_out = replayed(&out);
        if let Some(perfect) = &perfect {
            point.fussell_vesely = ratio(&differences(perfect, system), system);
            point.reduction_worth = ratio(system, perfect);
        }
        // What cannot fail is perfect as it is.
        let best = perfect.as_deref().unwrap_or(system);
        if let Some(out) = &out {
            point.achievement_worth = ratio(out, system);
            point.birnbaum = self.options.figure.1.whole(model).map(|whole| {
                let between = differences(best, out);
                let mean = MeanEstimate::of(&between, CONFIDENCE);
                let part = |ends: Interval| Interval { low: ends.low / whole, high: ends.high / whole };
                let exact = is_constant(&between).then_some(Interval { low: mean.mean, high: mean.mean });
                RatioEstimate { value: mean.mean / whole, interval: exact.or(mean.interval).map(part) }
            });
        }
        if let Some((replayed, values)) = point.if_perfect.as_ref().zip(perfect) {
            self.saving.add(Candidate::new(place, -1.0, &replayed.difference, values));
        }
        // A hazard lasts as long as it does: it is not held against what is out for a given time.
        let lasts_as_asked = matches!(subject.kind, SubjectKind::Component | SubjectKind::Cable);
        let once_more = once_more.filter(|_| lasts_as_asked);
        if let Some((replayed, values)) = point.if_once_more.as_ref().zip(once_more) {
            self.costing.add(Candidate::new(place, 1.0, &replayed.difference, values));
        }
        Ok(true)
    }
}
