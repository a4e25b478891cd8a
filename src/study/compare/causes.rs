//! Where a difference of downtime comes from: the causes that a design removes or adds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::measure::{CauseTime, Figures};
use crate::model::{Model, UsageId};
use crate::stats::{FEW_EVENTS, Interval, Moments, student_factor, student_t};
use crate::study::CONFIDENCE;
use crate::time::MICROS_PER_SECOND;

const SECOND: f64 = MICROS_PER_SECOND as f64;

/// What one cause has to do with a difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CauseDifference {
    /// Its name.
    pub cause: String,
    /// Downtime of the outages that it initiates.
    pub initiated: Part,
    /// Its share of every instant of downtime.
    pub shared: Part,
    /// Set if only one of the two has it.
    #[serde(default)]
    pub only_in: Option<OnlyIn>,
}

/// The one design that knows a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnlyIn {
    /// The baseline: the design takes it away.
    Baseline,
    /// The design adds it.
    Design,
}

/// A cause's part of downtime in both designs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Mean in the baseline.
    pub first: f64,
    /// Mean in the design.
    pub second: f64,
    /// Mean of second - first, replication by replication.
    pub mean: f64,
    /// Interval of the difference, unless events are few.
    pub interval: Option<Interval>,
    /// Its part of the whole difference, where there is one: causes may also work against each other.
    pub share: Option<f64>,
    /// Interval of the share.
    pub share_interval: Option<Interval>,
}

/// Books the differences of downtime to causes.
#[derive(Debug, Clone)]
pub(super) struct CauseBook {
    /// Names of all causes of both designs.
    names: Vec<String>,
    /// Place among `names` of each cause of the baseline and of the design.
    places: [Vec<usize>; 2],
    /// By name, true if the design has it.
    in_design: Vec<bool>,
    pairs: Vec<(UsageId, UsageId)>,
    /// Users of each pair in the baseline and in the design.
    users: Vec<[f64; 2]>,
    usages: Vec<Page>,
    total: Page,
}

/// The differences of one journey, or of all.
#[derive(Debug, Clone, Default)]
struct Page {
    whole: Moments,
    causes: BTreeMap<usize, [Line; 2]>,
}

/// Sums of one cause, initiated or shared, over the replications in which it has a part in either design.
#[derive(Debug, Clone, Default)]
struct Line {
    sums: [f64; 2],
    difference: Moments,
    non_zero: u64,
    /// Sum of its difference x the whole difference.
    cross: f64,
}

/// Initiated and shared downtime of causes in the two designs.
type Booked = BTreeMap<usize, [[f64; 2]; 2]>;

impl CauseBook {
    pub(super) fn new(first: &Model, second: &Model, pairs: &[(UsageId, UsageId)]) -> Self {
        let mut names = first.causes.clone();
        let known: BTreeMap<&str, usize> =
            first.causes.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let place = |name: &String| {
            known.get(name.as_str()).copied().unwrap_or_else(|| {
                names.push(name.clone());
                names.len() - 1
            })
        };
        let second_places: Vec<usize> = second.causes.iter().map(place).collect();
        let mut in_design = vec![false; names.len()];
        for place in &second_places {
            if let Some(has) = in_design.get_mut(*place) {
                *has = true;
            }
        }
        let users = |model: &Model, usage: UsageId| {
            let usage = &model.usages[usage.index()];
            model.populations[usage.population.index()].users
        };
        Self {
            places: [(0..first.causes.len()).collect(), second_places],
            names,
            in_design,
            users: pairs.iter().map(|(a, b)| [users(first, *a), users(second, *b)]).collect(),
            usages: vec![Page::default(); pairs.len()],
            pairs: pairs.to_vec(),
            total: Page::default(),
        }
    }

    /// Books a pair of replications; to be called in their order.
    pub(super) fn add(&mut self, first: &Figures, second: &Figures) {
        let (mut all, mut whole) = (Booked::new(), 0.0);
        let Self { places, pairs, users, usages, total, .. } = self;
        for ((pair, users), page) in pairs.iter().zip(users.iter()).zip(usages) {
            let (Some(a), Some(b)) = (first.usages.get(pair.0.index()), second.usages.get(pair.1.index()))
            else {
                continue;
            };
            let mut booked = Booked::new();
            for (side, usage) in [a, b].into_iter().enumerate() {
                for part in &usage.causes {
                    let Some(place) = places[side].get(part.cause.index()) else { continue };
                    for (way, value) in ways(part).into_iter().enumerate() {
                        booked.entry(*place).or_default()[way][side] += value;
                        all.entry(*place).or_default()[way][side] += value * users[side];
                    }
                }
            }
            let down = [a, b].map(|usage| usage.down.micros_f64() / SECOND);
            page.add(&booked, down[1] - down[0]);
            whole += down[1] * users[1] - down[0] * users[0];
        }
        total.add(&all, whole);
    }

    /// Causes of the difference of one journey, by its place among those that both have; seconds.
    pub(super) fn of_usage(&self, place: usize, replications: u64) -> Vec<CauseDifference> {
        self.usages.get(place).map_or_else(Vec::new, |page| page.causes(self, replications))
    }

    /// Causes of the difference of all journeys; user-seconds.
    pub(super) fn total(&self, replications: u64) -> Vec<CauseDifference> {
        self.total.causes(self, replications)
    }

    /// The one design that has a cause, by its place among the names.
    fn only_in(&self, place: usize) -> Option<OnlyIn> {
        // The baseline's names come first.
        match (place < self.places[0].len(), self.in_design.get(place).copied().unwrap_or(false)) {
            (true, false) => Some(OnlyIn::Baseline),
            (false, true) => Some(OnlyIn::Design),
            _ => None,
        }
    }
}

/// Initiated and shared downtime, seconds.
fn ways(part: &CauseTime) -> [f64; 2] {
    [part.initiated / SECOND, part.shared / SECOND]
}

impl Page {
    fn add(&mut self, booked: &Booked, whole: f64) {
        self.whole.push(whole);
        for (place, values) in booked {
            for (line, [first, second]) in self.causes.entry(*place).or_default().iter_mut().zip(values) {
                let difference = second - first;
                line.sums[0] += first;
                line.sums[1] += second;
                line.difference.push(difference);
                line.non_zero += u64::from(difference != 0.0);
                line.cross += difference * whole;
            }
        }
    }

    /// Causes with any difference, the largest initiated one first.
    fn causes(&self, book: &CauseBook, replications: u64) -> Vec<CauseDifference> {
        let mut causes: Vec<CauseDifference> = Vec::new();
        for (place, [initiated, shared]) in &self.causes {
            if initiated.non_zero + shared.non_zero == 0 {
                continue;
            }
            causes.push(CauseDifference {
                cause: book.names.get(*place).cloned().unwrap_or_default(),
                only_in: book.only_in(*place),
                initiated: initiated.part(&self.whole, replications),
                shared: shared.part(&self.whole, replications),
            });
        }
        let size = |cause: &CauseDifference| cause.initiated.mean.abs().max(cause.shared.mean.abs());
        causes.sort_by(|a, b| size(b).total_cmp(&size(a)));
        causes
    }
}

impl Line {
    /// Formula of the share: R = sum x / sum y; variance by linearisation, that of x - R y over n and mean(y)^2.
    fn part(&self, whole: &Moments, replications: u64) -> Part {
        let n = replications.max(1) as f64;
        let moments = self.difference.with_zeros(replications.saturating_sub(self.difference.count()));
        let mean = moments.mean();
        let is_enough = self.non_zero >= FEW_EVENTS;
        let share = (whole.mean() != 0.0).then(|| mean / whole.mean());
        let error = share.filter(|_| is_enough).and_then(|share| {
            let covariance = (self.cross - n * mean * whole.mean()) / (n - 1.0);
            let variance = moments.variance()? + share * share * whole.variance()? - 2.0 * share * covariance;
            let half = student_factor(replications, CONFIDENCE)?;
            Some(half * libm::sqrt(variance.max(0.0) / n) / whole.mean().abs())
        });
        Part {
            first: self.sums[0] / n,
            second: self.sums[1] / n,
            mean,
            interval: if is_enough { student_t(&moments, CONFIDENCE) } else { None },
            share,
            share_interval: share.zip(error).map(|(share, e)| Interval { low: share - e, high: share + e }),
        }
    }
}
