//! A run's estimates: what reports print and files hold. Seconds unless a name says otherwise.

use serde::{Deserialize, Serialize};

use super::CONFIDENCE;
use super::blast::{CauseHit, hits};
use super::causes::CauseShare;
use super::cost::{CostSummary, cost_summary};
use super::curve::{Curve, ExceedancePoint, OutageLengthPoint, exceedance, outage_lengths};
use super::data::DataSummary;
use super::hazards::{HazardTime, hazard_times};
use super::load::{JourneyLoad, LoadSummary, journey_load};
use super::network::{NetworkSummary, network};
use super::run::RunOutput;
use super::stopping::{Precision, StoppedBy};
use super::tally::{CauseTally, Tally, UsageRow, UsageTally};
use super::uncertain::{UnknownSummary, unknown_summaries};
use crate::measure::STAGE_NAMES;
use crate::model::{Model, Usage, UsageId};
use crate::stats::{
    FEW_EVENTS, Interval, MeanEstimate, Moments, Quantile, QuantileEstimate, clopper_pearson,
};
use crate::time::{MICROS_PER_DAY, MICROS_PER_SECOND, SimTime};

/// Version of the form of run.json.
pub const RUN_FORMAT: u32 = 1;

/// Estimates of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Version of this form.
    pub format: u32,
    /// Version of blackstart that made it.
    pub blackstart: String,
    /// The scenario's title.
    pub title: String,
    /// Start of simulated time, seconds since 1970-01-01T00:00:00Z.
    pub start_unix_s: f64,
    /// Length of simulated time.
    pub horizon_s: f64,
    /// Seed of all draws.
    pub seed: u64,
    /// Replications played.
    pub replications: u64,
    /// What ended the run.
    pub stopped_by: StoppedBy,
    /// The precision of each figure for which one was asked.
    #[serde(default)]
    pub precision: Vec<Precision>,
    /// Confidence of every interval.
    pub confidence: f64,
    /// By journey and population.
    pub journeys: Vec<JourneySummary>,
    /// Hazards whose time the scenario gives.
    #[serde(default)]
    pub hazards: Vec<HazardTime>,
    /// Causes of downtime over all journeys, weighted by users; those without any left out.
    pub causes: Vec<CauseShare>,
    /// By component.
    pub components: Vec<ComponentSummary>,
    /// Data at risk, where regions copy their data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<DataSummary>,
    /// What nobody knows, and what that does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknowns: Vec<UnknownSummary>,
    /// What it costs, if the scenario has prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostSummary>,
    /// Of the network, if it is not perfect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkSummary>,
    /// Of units that serve only so much, where there is load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<LoadSummary>,
}

/// Estimates of one journey of one population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JourneySummary {
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// How many users that is.
    pub users: f64,
    /// Availability objective of each calendar month.
    pub objective: Option<f64>,
    /// Downtime of a replication.
    pub down_s: MeanEstimate,
    /// Its median.
    pub down_p50_s: QuantileSummary,
    /// Its 90 % quantile.
    pub down_p90_s: QuantileSummary,
    /// Its 99 % quantile.
    pub down_p99_s: QuantileSummary,
    /// Share of replications with an outage open at the horizon.
    pub censored: f64,
    /// Degraded time.
    pub degraded_s: MeanEstimate,
    /// Time in which requests spent longer on the network than `latency_limit`, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above_latency_limit_s: Option<MeanEstimate>,
    /// 1 - mean downtime / horizon.
    pub availability: f64,
    /// Number of outages.
    pub outages: MeanEstimate,
    /// Median length of an outage (Kaplan-Meier).
    pub outage_p50_s: Quantile,
    /// 90 % quantile of the length of an outage (Kaplan-Meier).
    pub outage_p90_s: Quantile,
    /// Whether and when users are hit.
    pub impact: Impact,
    /// Mean over replications of the largest share of failing requests.
    pub peak_error: f64,
    /// Mean number of requests.
    pub requests: f64,
    /// Failed requests.
    pub lost_requests: MeanEstimate,
    /// 1 - failed / made.
    pub request_availability: f64,
    /// Share of requests that alternatives served.
    pub served_by_alternatives: f64,
    /// User-minutes lost.
    pub user_minutes_lost: MeanEstimate,
    /// Calendar months, where there is an objective.
    pub budget: Option<BudgetUse>,
    /// Causes of its downtime.
    pub causes: Vec<CauseShare>,
    /// What an occurrence of each of them does, the costliest first.
    #[serde(default)]
    pub hits: Vec<CauseHit>,
    /// Where its downtime goes.
    pub stages: Vec<StageShare>,
    /// Success over time, if kept.
    pub curve: Option<Curve>,
    /// Exceedance of downtime.
    pub exceedance: Vec<ExceedancePoint>,
    /// Distribution of the length of an outage.
    #[serde(default)]
    pub outage_lengths: Vec<OutageLengthPoint>,
    /// What load does to it, where there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<JourneyLoad>,
}

/// Whether and when users are hit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// Probability of any outage.
    pub probability: f64,
    /// Its interval.
    pub interval: Interval,
    /// Median time to the first outage, given one.
    pub time_p50_s: Option<f64>,
    /// 90 % quantile of the time to the first outage, given one.
    pub time_p90_s: Option<f64>,
}

/// A quantile with its interval; an end that is not there is open.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QuantileSummary {
    /// The quantile.
    pub value: Quantile,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// How much of its error budget a journey uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BudgetUse {
    /// Mean downtime in the worst month over what the objective allows in it.
    pub worst_month: f64,
    /// The calendar months.
    pub months: Vec<MonthSummary>,
}

/// One calendar month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthSummary {
    /// "2026-03".
    pub month: String,
    /// Downtime that the objective allows, of the full month whatever part the horizon covers.
    pub allowed_s: f64,
    /// Mean downtime.
    pub down_s: f64,
    /// Probability that the objective is met.
    pub met: f64,
    /// Its interval.
    pub met_interval: Interval,
}

/// Share of downtime that recovery spends in a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageShare {
    /// The stage.
    pub stage: String,
    /// Share of downtime.
    pub share: f64,
}

/// One component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComponentSummary {
    /// Its path.
    pub component: String,
    /// Mean share of time that it is not up.
    pub unavailability: f64,
    /// Standard error of `unavailability`.
    pub standard_error: Option<f64>,
}

/// Turns what a run left into estimates.
#[must_use]
pub fn summarize(model: &Model, output: &RunOutput) -> Summary {
    let tally = &output.tally;
    let horizon_s = model.horizon.micros() as f64 / 1e6;
    let journeys: Vec<JourneySummary> =
        (0..model.usages.len()).map(|u| journey(model, tally, UsageId::at(u), horizon_s)).collect();
    let down: Vec<MeanEstimate> = journeys.iter().map(|j| j.down_s.clone()).collect();
    Summary {
        format: RUN_FORMAT,
        blackstart: env!("CARGO_PKG_VERSION").to_owned(),
        title: model.title.clone(),
        start_unix_s: model.start_unix_micros as f64 / 1e6,
        horizon_s,
        seed: output.options.seed,
        replications: output.options.replications,
        stopped_by: output.stopped_by,
        precision: output.goals.iter().map(|goal| goal.precision(model, &down)).collect(),
        confidence: CONFIDENCE,
        journeys,
        hazards: hazard_times(model),
        causes: causes(model, tally, &tally.causes, &tally.total, tally.replications_down, 1.0),
        components: components(model, tally, horizon_s),
        data: tally.data.summary(model),
        unknowns: unknown_summaries(model, &tally.rows),
        cost: cost_summary(model, &tally.rows),
        network: network(model, &tally.network, tally.rows.len() as u64),
        load: tally.load.summary(model),
    }
}

fn journey(model: &Model, tally: &Tally, id: UsageId, horizon_s: f64) -> JourneySummary {
    let usage = &model.usages[id.index()];
    let sums = &tally.usages[id.index()];
    let population = &model.populations[usage.population.index()];
    let column = |f: fn(&UsageRow) -> f64| -> Vec<f64> {
        tally.rows.iter().map(|r| f(&r.usages[id.index()])).collect()
    };
    let estimate = |f| MeanEstimate::of(&column(f), CONFIDENCE);
    let rows = || tally.rows.iter().map(|r| &r.usages[id.index()]);
    let n = tally.rows.len().max(1) as f64;
    let down = column(|r| r.down_s);
    let down_s = MeanEstimate::of(&down, CONFIDENCE);
    // All of it is known, also where an outage goes on after the horizon: that is not in it.
    let mut downtimes = down.clone();
    let lost_requests = estimate(|r| r.lost_requests);
    let requests = sums.requests / n;
    let load = || journey_load(&rows().collect::<Vec<&UsageRow>>());
    let mut lengths = sums.outage_lengths.clone();
    let distribution = crate::stats::kaplan_meier(&mut lengths);
    // Sorted by now.
    let ends = lengths.first().zip(lengths.last()).map_or((0.0, 0.0), |(a, b)| (a.value, b.value));
    let moments: Moments = down.iter().copied().collect();
    let objective = model.journeys[usage.journey.index()].objective.availability;
    JourneySummary {
        journey: model.usage_name(id).0.to_owned(),
        population: model.usage_name(id).1.to_owned(),
        users: population.users,
        objective,
        down_p50_s: quantile(&mut downtimes, 0.5),
        down_p90_s: quantile(&mut downtimes, 0.9),
        down_p99_s: quantile(&mut downtimes, 0.99),
        censored: rows().filter(|r| r.censored).count() as f64 / n,
        degraded_s: estimate(|r| r.degraded_s),
        above_latency_limit_s: (!sums.slow_s.is_empty()).then(|| MeanEstimate::of(&sums.slow_s, CONFIDENCE)),
        availability: 1.0 - down_s.mean / horizon_s,
        outages: estimate(|r| f64::from(r.outages)),
        outage_p50_s: distribution.quantile(0.5),
        outage_p90_s: distribution.quantile(0.9),
        impact: impact(tally, id),
        peak_error: column(|r| r.peak_error).iter().sum::<f64>() / n,
        requests,
        request_availability: if requests > 0.0 { 1.0 - lost_requests.mean / requests } else { 1.0 },
        lost_requests,
        served_by_alternatives: if requests > 0.0 { sums.alternative_requests / n / requests } else { 0.0 },
        user_minutes_lost: estimate(|r| r.user_minutes_lost),
        budget: objective.map(|o| budget(model, sums, o)),
        causes: causes(model, tally, &sums.causes, &moments, down_s.non_zero, population.users),
        stages: stages(sums),
        hits: hits(model, tally, &sums.causes, population.users),
        curve: curve(model, sums, usage, horizon_s),
        outage_lengths: outage_lengths(&distribution, lengths.len(), ends),
        exceedance: exceedance(&down),
        load: (!model.load.is_empty()).then(load),
        down_s,
    }
}

/// Success over time with the demand of each instant; `None` if none was kept.
fn curve(model: &Model, sums: &UsageTally, usage: &Usage, horizon_s: f64) -> Option<Curve> {
    let profile = &model.populations[usage.population.index()].profile;
    let mut curve = sums.curve.curve(horizon_s)?;
    for (number, point) in curve.points.iter_mut().enumerate() {
        let at = SimTime::from_micros((point.at_s * MICROS_PER_SECOND as f64) as i64);
        let ordinary = || usage.requests_per_second * profile.factor(at);
        point.demand = sums.curve.mean_demand(number).unwrap_or_else(ordinary);
    }
    Some(curve)
}

fn quantile(values: &mut [f64], p: f64) -> QuantileSummary {
    let estimate = QuantileEstimate::of(values, p, CONFIDENCE);
    QuantileSummary { value: estimate.value, low: estimate.low, high: estimate.high }
}

fn impact(tally: &Tally, id: UsageId) -> Impact {
    let mut times: Vec<f64> = tally.rows.iter().filter_map(|r| r.usages[id.index()].first_outage_s).collect();
    times.sort_by(f64::total_cmp);
    let n = tally.rows.len() as u64;
    let at = |p: f64| {
        let rank = (p * times.len() as f64).ceil().max(1.0) as usize;
        times.get(rank - 1).copied()
    };
    Impact {
        probability: times.len() as f64 / n.max(1) as f64,
        interval: clopper_pearson(times.len() as u64, n, CONFIDENCE),
        time_p50_s: at(0.5),
        time_p90_s: at(0.9),
    }
}

fn budget(model: &Model, sums: &UsageTally, objective: f64) -> BudgetUse {
    let months: Vec<MonthSummary> = model
        .months
        .iter()
        .zip(&sums.monthly_down_s)
        .map(|(month, down)| {
            let allowed_s = (1.0 - objective) * month.length.micros_f64() / 1e6;
            let n = down.len().max(1) as u64;
            let met = down.iter().filter(|d| f64::from(**d) <= allowed_s).count() as u64;
            MonthSummary {
                month: month.label.clone(),
                allowed_s,
                down_s: down.iter().map(|d| f64::from(*d)).sum::<f64>() / n as f64,
                met: met as f64 / n as f64,
                met_interval: clopper_pearson(met, n, CONFIDENCE),
            }
        })
        .collect();
    let used = |m: &MonthSummary| if m.allowed_s > 0.0 { m.down_s / m.allowed_s } else { f64::INFINITY };
    let worst = months.iter().filter(|m| m.down_s > 0.0).map(used).fold(0.0, f64::max);
    BudgetUse { worst_month: worst, months }
}

/// Causes with any downtime, largest share first; `users` turns seconds of downtime into user-seconds.
fn causes(
    model: &Model,
    tally: &Tally,
    sums: &[CauseTally],
    total: &Moments,
    non_zero: u64,
    users: f64,
) -> Vec<CauseShare> {
    let n = tally.rows.len().max(1) as u64;
    let few = non_zero < FEW_EVENTS;
    let mut shares: Vec<CauseShare> = sums
        .iter()
        .enumerate()
        .filter(|(_, sum)| sum.impacts > 0)
        .map(|(cause, sum)| {
            let (initiated, initiated_interval) = sum.initiated.ratio(total, few);
            let (shared, shared_interval) = sum.shared.ratio(total, few);
            CauseShare {
                cause: model.causes[cause].clone(),
                initiated,
                initiated_interval,
                shared,
                shared_interval,
                impact_probability: sum.impacts as f64 / n as f64,
                impact_interval: clopper_pearson(sum.impacts, n, CONFIDENCE),
                user_minutes_down: users * sum.shared.sum() / n as f64 / 60.0,
                events: tally.occurrences[cause] as f64 / n as f64,
            }
        })
        .collect();
    shares.sort_by(|a, b| {
        b.initiated.total_cmp(&a.initiated).then(b.shared.total_cmp(&a.shared)).then(a.cause.cmp(&b.cause))
    });
    shares
}

fn stages(sums: &UsageTally) -> Vec<StageShare> {
    let total: f64 = sums.stages_s.iter().sum();
    STAGE_NAMES
        .iter()
        .zip(sums.stages_s)
        .filter(|(_, time)| *time > 0.0)
        .map(|(stage, time)| StageShare { stage: (*stage).to_owned(), share: time / total })
        .collect()
}

fn components(model: &Model, tally: &Tally, horizon_s: f64) -> Vec<ComponentSummary> {
    let horizon_s = if horizon_s > 0.0 { horizon_s } else { MICROS_PER_DAY as f64 };
    let summary = |(component, down): (&crate::model::Component, &Moments)| ComponentSummary {
        component: component.name.clone(),
        unavailability: down.mean() / horizon_s,
        standard_error: down.standard_error().map(|e| e / horizon_s),
    };
    let all = model.components.iter().zip(&tally.component_down_s);
    // Signals and responses do not fail.
    all.filter(|(component, _)| !component.kind.is_derived()).map(summary).collect()
}

impl RunOutput {
    /// The rows, one a replication, in order.
    #[must_use]
    pub fn rows(&self) -> &[super::ReplicationRow] {
        &self.tally.rows
    }
}
