//! What one replication amounts to.

use super::cost::CostFigures;
use super::data::DataFigures;
use super::network::NetworkFigures;
use super::stages::STAGES;
use crate::engine::{Engine, UnitBooks};
use crate::model::CauseId;
use crate::time::{MICROS_PER_SECOND, SimSpan, SimTime};

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
    /// By unit with load, in the model's order.
    pub load: Vec<LoadFigures>,
    /// True if loads and success did not agree at some instant, so that flows were what was found last.
    pub is_unsettled: bool,
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
    /// Requests that failed, for good where they are tried again.
    pub lost_requests: f64,
    /// Of them those that were refused for lack of capacity, or at the door; the others met something broken.
    pub shed_requests: f64,
    /// First calls made, repetitions counted.
    pub attempts: f64,
    /// Requests that have failed and wait to be tried again: neither served nor lost so far.
    pub waiting_requests: f64,
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
    /// Requests made per second at the same instants, where surges may change that.
    pub demand: Vec<f32>,
}

/// What was asked of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LoadFigures {
    /// Largest offered load over capacity, while it could serve anything; what warms up or restarts counts as back.
    pub peak: f64,
    /// The same while any unit was impaired, or users were away from home.
    pub peak_impaired: f64,
    /// Time in which more was offered than it could serve.
    pub overloaded: SimSpan,
}

/// What was asked of each unit.
pub(super) fn load_figures(engine: &Engine<'_>) -> Vec<LoadFigures> {
    let figures = |books: &UnitBooks| LoadFigures {
        peak: books.peak,
        peak_impaired: books.peak_impaired,
        overloaded: SimSpan::from_micros_f64(books.overloaded_seconds * MICROS_PER_SECOND as f64),
    };
    engine.unit_books().map(|(_, books)| figures(books)).collect()
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
    // What operators do is no initiating event.
    for hazard in engine.model().hazards.iter().filter(|hazard| hazard.response.is_some()) {
        counts[hazard.cause.index()] = 0;
    }
    let occurred = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    occurred.map(|(cause, count)| (CauseId::at(cause), *count)).collect()
}
