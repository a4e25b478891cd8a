//! The fold over replications: rows to take quantiles of, and sums of what would be too much to keep.

use super::causes::RatioMoments;
use super::curve::CurveTally;
use super::data::DataTally;
use super::load::LoadTally;
use super::network::NetworkTally;
use crate::measure::{CostFigures, DataFigures, Figures, FlowFigures, OVERLOAD_TAIL, STAGES, UsageFigures};
use crate::model::{CauseId, Model};
use crate::stats::{Moments, Observation};
use crate::time::MICROS_PER_SECOND;

/// One line of replications.csv.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReplicationRow {
    /// By usage, in the model's order.
    pub usages: Vec<UsageRow>,
    /// Values of the figures that nobody knows.
    pub unknowns: Vec<f64>,
    /// What failures cost.
    pub cost: CostFigures,
    /// Share of its bits that each flow of background traffic lost.
    pub lost_traffic: Vec<f64>,
    /// Age of the oldest data that each copy lacked, as a mean over time, seconds.
    pub exposure_s: Vec<f64>,
    /// By copy: data lost for good with the region whose it is, as far as this copy goes, if that region was lost; seconds.
    pub data_lost_s: Vec<Option<f64>>,
}

impl ReplicationRow {
    /// What is kept of a replication.
    pub(super) fn of(figures: &Figures, horizon_s: f64) -> Self {
        let lost = |flow: &FlowFigures| {
            if flow.sent_bits > 0.0 { flow.lost_bits / flow.sent_bits } else { 0.0 }
        };
        let exposure =
            |copy: &DataFigures| copy.exposure_integral / (SECOND * SECOND) / horizon_s.max(1.0 / SECOND);
        Self {
            usages: figures.usages.iter().map(row).collect(),
            unknowns: figures.unknowns.clone(),
            cost: figures.cost,
            lost_traffic: figures.network.flows.iter().map(lost).collect(),
            exposure_s: figures.data.iter().map(exposure).collect(),
            data_lost_s: figures.data.iter().map(|copy| Some(copy.lost?.micros_f64() / SECOND)).collect(),
        }
    }
}

/// What is kept of a usage in one replication. Times in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct UsageRow {
    /// Downtime.
    pub down_s: f64,
    /// True if an outage is open at the horizon.
    pub censored: bool,
    /// Degraded time.
    pub degraded_s: f64,
    /// Number of outages.
    pub outages: u32,
    /// Beginning of the first outage.
    pub first_outage_s: Option<f64>,
    /// Failed requests.
    pub lost_requests: f64,
    /// User-minutes lost.
    pub user_minutes_lost: f64,
    /// Largest error share.
    pub peak_error: f64,
    /// Time in which requests spent longer on the network than the journey's limit.
    pub slow_s: f64,
    /// Requests made.
    pub requests: f64,
    /// Failed requests that were refused for lack of capacity, or at the door.
    pub shed_requests: f64,
    /// First calls made.
    pub attempts: f64,
    /// Downtime by overload that outlived the repairs.
    pub tail_s: f64,
    /// Requests that wait at the horizon to be tried again.
    pub waiting_requests: f64,
}

/// Sums over replications.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tally {
    pub(super) rows: Vec<ReplicationRow>,
    pub(super) usages: Vec<UsageTally>,
    /// Downtime x users by cause, of the total over usages.
    pub(super) causes: Vec<CauseTally>,
    /// Downtime x users.
    pub(super) total: Moments,
    pub(super) replications_down: u64,
    pub(super) component_down_s: Vec<Moments>,
    pub(super) network: NetworkTally,
    horizon_s: f64,
    /// Initiating events by cause.
    pub(super) occurrences: Vec<u64>,
    pub(super) data: DataTally,
    pub(super) load: LoadTally,
    users: Vec<f64>,
}

/// Sums of one usage.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UsageTally {
    pub(super) outage_lengths: Vec<Observation>,
    pub(super) requests: f64,
    pub(super) alternative_requests: f64,
    /// Time above the limit of latency.
    pub(super) slow_s: Vec<f64>,
    has_limit: bool,
    pub(super) monthly_down_s: Vec<Vec<f32>>,
    pub(super) causes: Vec<CauseTally>,
    pub(super) stages_s: [f64; STAGES],
    pub(super) curve: CurveTally,
}

/// Sums of one cause.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct CauseTally {
    pub(super) initiated: RatioMoments,
    pub(super) shared: RatioMoments,
    /// Replications in which it had a part in downtime.
    pub(super) impacts: u64,
    /// Initiating events of it that had a part in downtime; of one usage only.
    pub(super) hits: u64,
}

const SECOND: f64 = MICROS_PER_SECOND as f64;

impl Tally {
    pub(super) fn new(model: &Model, curve_points: usize) -> Self {
        let causes = || vec![CauseTally::default(); model.causes.len()];
        let usage = |u: &crate::model::Usage| UsageTally {
            outage_lengths: Vec::new(),
            requests: 0.0,
            alternative_requests: 0.0,
            slow_s: Vec::new(),
            has_limit: model.journeys[u.journey.index()].objective.latency_limit.is_some(),
            monthly_down_s: vec![Vec::new(); model.months.len()],
            causes: causes(),
            stages_s: [0.0; STAGES],
            curve: CurveTally::new(curve_points),
        };
        Self {
            rows: Vec::new(),
            usages: model.usages.iter().map(usage).collect(),
            causes: causes(),
            total: Moments::default(),
            replications_down: 0,
            component_down_s: vec![Moments::default(); model.components.len()],
            network: NetworkTally::new(model),
            horizon_s: model.horizon.micros() as f64 / SECOND,
            occurrences: vec![0; model.causes.len()],
            data: DataTally::new(model),
            load: LoadTally::new(model),
            users: model.usages.iter().map(|u| model.populations[u.population.index()].users).collect(),
        }
    }

    /// Adds one replication; to be called in their order.
    pub(super) fn add(&mut self, figures: &Figures) {
        self.rows.push(ReplicationRow::of(figures, self.horizon_s));
        for (tally, usage) in self.usages.iter_mut().zip(&figures.usages) {
            tally.add(usage);
        }
        self.add_causes(figures);
        self.data.add(&figures.data);
        self.load.add(&figures.load, figures.is_unsettled);
        for (sum, down) in self.component_down_s.iter_mut().zip(&figures.component_down) {
            sum.push(down.micros_f64() / SECOND);
        }
        self.network.add(&figures.network, self.horizon_s);
        for (cause, count) in &figures.occurrences {
            self.occurrences[cause.index()] += u64::from(*count);
        }
    }

    /// Books downtime, weighted by users, to causes over all usages.
    fn add_causes(&mut self, figures: &Figures) {
        let weighted = || self.users.iter().zip(&figures.usages);
        let total: f64 = weighted().map(|(users, usage)| users * usage.down.micros_f64() / SECOND).sum();
        let mut by_cause: Vec<(CauseId, f64, f64)> = Vec::new();
        for (users, usage) in weighted() {
            for part in &usage.causes {
                let (initiated, shared) = (users * part.initiated / SECOND, users * part.shared / SECOND);
                match by_cause.iter_mut().find(|(cause, ..)| *cause == part.cause) {
                    Some((_, i, s)) => (*i, *s) = (*i + initiated, *s + shared),
                    None => by_cause.push((part.cause, initiated, shared)),
                }
            }
        }
        self.total.push(total);
        self.replications_down += u64::from(total > 0.0);
        for (cause, initiated, shared) in by_cause {
            self.causes[cause.index()].add(initiated, shared, total);
        }
    }
}

impl UsageTally {
    fn add(&mut self, usage: &UsageFigures) {
        let length = |o: &crate::measure::OutageLength| Observation {
            value: o.length.micros_f64() / SECOND,
            censored: o.censored,
        };
        self.outage_lengths.extend(usage.outages.iter().map(length));
        self.requests += usage.requests;
        self.alternative_requests += usage.alternative_requests;
        if self.has_limit {
            self.slow_s.push(usage.slow.micros_f64() / SECOND);
        }
        for (all, down) in self.monthly_down_s.iter_mut().zip(&usage.monthly_down) {
            all.push((down.micros_f64() / SECOND) as f32);
        }
        let down = usage.down.micros_f64() / SECOND;
        for part in &usage.causes {
            self.causes[part.cause.index()].add(part.initiated / SECOND, part.shared / SECOND, down);
            self.causes[part.cause.index()].hits += u64::from(part.hits);
        }
        for (sum, stage) in self.stages_s.iter_mut().zip(usage.stages) {
            *sum += stage / SECOND;
        }
        self.curve.add(&usage.curve);
        self.curve.add_demand(&usage.demand);
    }
}

impl CauseTally {
    fn add(&mut self, initiated: f64, shared: f64, total: f64) {
        self.initiated.add(initiated, total);
        self.shared.add(shared, total);
        self.impacts += u64::from(shared > 0.0);
    }
}

fn row(usage: &UsageFigures) -> UsageRow {
    UsageRow {
        down_s: usage.down.micros_f64() / SECOND,
        censored: usage.censored,
        degraded_s: usage.degraded.micros_f64() / SECOND,
        outages: usage.outages.len() as u32,
        first_outage_s: usage.first_outage.map(|t| t.micros() as f64 / SECOND),
        lost_requests: usage.lost_requests,
        user_minutes_lost: usage.user_minutes_lost,
        peak_error: usage.peak_error,
        slow_s: usage.slow.micros_f64() / SECOND,
        requests: usage.requests,
        shed_requests: usage.shed_requests,
        attempts: usage.attempts,
        tail_s: usage.stages[OVERLOAD_TAIL] / SECOND,
        waiting_requests: usage.waiting_requests,
    }
}
