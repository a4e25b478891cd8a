//! What one replication amounts to.

use super::cost::CostFigures;
use super::data::DataFigures;
use super::network::NetworkFigures;
use super::stages::STAGES;
use crate::engine::Engine;
use crate::model::CauseId;
use crate::time::{SimSpan, SimTime};

/// Figures of one replication.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// By usage.
    pub usages: Vec<UsageFigures>,
    /// Time that each component was not up.
    pub component_down: Vec<SimSpan>,
    /// Of the network.
    pub network: NetworkFigures,
    /// By copy of a region's data.
    pub data: Vec<DataFigures>,
    /// Values of the figures that nobody knows, as they were drawn for it.
    pub unknowns: Vec<f64>,
    /// What its failures cost.
    pub cost: CostFigures,
    /// Initiating events by cause, those without any left out.
    pub occurrences: Vec<(CauseId, u32)>,
}

/// Figures of one journey of one population.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UsageFigures {
    /// Total length of outages.
    pub down: SimSpan,
    /// True if an outage is open at the horizon: `down` is a lower bound.
    pub censored: bool,
    /// Time that was neither up nor down.
    pub degraded: SimSpan,
    /// Time in which requests spent longer on the network than the journey's limit, whatever else.
    pub slow: SimSpan,
    /// Outages in order.
    pub outages: Vec<OutageLength>,
    /// Beginning of the first outage.
    pub first_outage: Option<SimTime>,
    /// Requests made.
    pub requests: f64,
    /// Requests that failed.
    pub lost_requests: f64,
    /// Requests that alternatives served.
    pub alternative_requests: f64,
    /// Users x error, integrated.
    pub user_minutes_lost: f64,
    /// Largest error share.
    pub peak_error: f64,
    /// Downtime by calendar month of the model.
    pub monthly_down: Vec<SimSpan>,
    /// Downtime by cause.
    pub causes: Vec<CauseTime>,
    /// Downtime by recovery stage, microseconds.
    pub stages: [f64; STAGES],
    /// Success at equally spaced instants, if asked for.
    pub curve: Vec<f32>,
}

/// One outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutageLength {
    /// Its length, or its length so far.
    pub length: SimSpan,
    /// True if it is open at the horizon.
    pub censored: bool,
}

/// Downtime booked to a cause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CauseTime {
    /// The cause.
    pub cause: CauseId,
    /// Downtime of the outages that it initiated, microseconds.
    pub initiated: f64,
    /// Its share of every instant of downtime, microseconds.
    pub shared: f64,
    /// Initiating events of it that had a part in any downtime.
    pub hits: u32,
}

/// Counts initiating events by cause; `counts` has a place for every cause.
pub(super) fn occurrences(engine: &Engine<'_>, counts: &mut [u32]) -> Vec<(CauseId, u32)> {
    counts.fill(0);
    // Event 0 stands for "no initiating event".
    for event in 1..engine.event_count() as u32 {
        counts[engine.cause_of(event).index()] += 1;
    }
    let occurred = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    occurred.map(|(cause, count)| (CauseId::at(cause), *count)).collect()
}
