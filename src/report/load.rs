//! Load, for the terminal: why requests fail, how full units get, what overload outlives. Printed only where there is load.

use super::grid::{Cell, Column, Grid};
use super::sheet::Section;
use super::table::{mean_seconds, part, share};
use crate::study::{JourneyLoad, JourneySummary, LoadSummary, PeakUtilisation, Summary, UnitLoadSummary};
use crate::units::{show_count, show_counted, show_percent, show_short};

/// Units that are listed; the rest is in the JSON.
const LISTED: usize = 12;

/// Tables and a sentence.
pub(super) fn sections(summary: &Summary) -> Vec<Section> {
    let Some(load) = &summary.load else { return Vec::new() };
    [journeys(summary), waiting(summary), units(load)].into_iter().flatten().collect()
}

/// Flows of which nothing better is known are said to be so.
fn unsettled(load: &LoadSummary) -> Option<String> {
    let number = load.unsettled_replications;
    (number > 0).then(|| {
        format!(
            "in {} loads and success did not agree after all rounds at some instant: there, flows are what was found last",
            show_counted(number, "replication")
        )
    })
}

fn units(load: &LoadSummary) -> Option<Section> {
    let mut units: Vec<&UnitLoadSummary> = load.units.iter().collect();
    units.sort_by(|a, b| b.peak.p50.total_cmp(&a.peak.p50).then(a.unit.cmp(&b.unit)));
    let more = units.len().saturating_sub(LISTED);
    let rows: Vec<Vec<Cell>> = units.iter().take(LISTED).map(|unit| unit_row(unit)).collect();
    let columns = vec![
        Column::names("units under load"),
        Column::values("peak, median"),
        Column::values("p90"),
        Column::values("p99"),
        Column::values("above 100 %"),
        Column::values("time in overload"),
        Column::values("while impaired"),
    ];
    let more = (more > 0).then(|| format!("{more} more in run.json"));
    let notes = more.into_iter().chain(tightest(&units)).chain(unsettled(load)).collect();
    (!rows.is_empty()).then(|| Section::of(Grid::of(columns, rows), notes))
}

fn journeys(summary: &Summary) -> Option<Section> {
    let row = |j: &JourneySummary, load: &JourneyLoad| {
        vec![
            j.journey.clone().into(),
            j.population.clone().into(),
            Cell::value(part(load.shed_rate), load.shed_rate, ""),
            Cell::value(part(load.broken_rate), load.broken_rate, ""),
            Cell::value(show_short(j.lost_requests.mean), j.lost_requests.mean, "requests"),
            Cell::value(format!("{:.2}", load.amplification), load.amplification, ""),
            Cell::value(share(load.tail_share, load.tail_share_interval), load.tail_share, ""),
            Cell::value(part(load.tail_probability), load.tail_probability, ""),
        ]
    };
    let rows = summary.journeys.iter().filter_map(|j| j.load.as_ref().map(|load| row(j, load)));
    let rows: Vec<Vec<Cell>> = rows.collect();
    let columns = vec![
        Column::names("load"),
        Column::names(""),
        Column::values("shed"),
        Column::values("broken"),
        Column::values("lost"),
        Column::values("first calls a request"),
        Column::values("overload tail"),
        Column::values("any tail"),
    ];
    (!rows.is_empty()).then(|| Section::of(Grid::of(columns, rows), Vec::new()))
}

/// What has become of all requests, where some still wait at the horizon: made = served + lost + waiting.
fn waiting(summary: &Summary) -> Option<Section> {
    let row = |j: &JourneySummary| {
        let waiting = j.load.as_ref()?.waiting_requests.as_ref()?.mean.round();
        let (made, lost) = (j.requests.round(), j.lost_requests.mean.round());
        // As whole requests the columns add up.
        let figures = [made, (made - lost - waiting).max(0.0), lost, waiting];
        let figures = figures.map(|n| Cell::value(show_count(n as u64), n, "requests"));
        let names = [&j.journey, &j.population].map(|name| Cell::from(name.clone()));
        Some(names.into_iter().chain(figures).collect())
    };
    let rows: Vec<Vec<Cell>> = summary.journeys.iter().filter_map(row).collect();
    let columns = vec![
        Column::names("requests"),
        Column::names(""),
        Column::values("made"),
        Column::values("served"),
        Column::values("lost"),
        Column::values("waiting at the horizon"),
    ];
    (!rows.is_empty()).then(|| Section::of(Grid::of(columns, rows), Vec::new()))
}

fn unit_row(unit: &UnitLoadSummary) -> Vec<Cell> {
    let peak = |share: f64| Cell::value(show_percent(share), share, "");
    let impaired = unit.peak_impaired.as_ref().map_or_else(|| "-".to_owned().into(), |of| peak(of.p50));
    vec![
        unit.unit.clone().into(),
        peak(unit.peak.p50),
        peak(unit.peak.p90),
        peak(unit.peak.p99),
        Cell::value(part(unit.peak.above_probability), unit.peak.above_probability, ""),
        Cell::value(mean_seconds(&unit.overloaded_s), unit.overloaded_s.mean, "s"),
        impaired,
    ]
}

/// The unit that has least room once something else is lost.
fn tightest(units: &[&UnitLoadSummary]) -> Option<String> {
    let impaired = units.iter().filter_map(|unit| unit.peak_impaired.as_ref().map(|peak| (unit, peak)));
    let fuller = |a: &PeakUtilisation, b: &PeakUtilisation| a.p50.total_cmp(&b.p50);
    let (unit, peak) = impaired.max_by(|a, b| fuller(a.1, b.1).then(b.0.unit.cmp(&a.0.unit)))?;
    Some(format!(
        "tightest after failover: {}: {} of capacity (median; above 100 % in {} of replications with a failover or failure)",
        unit.unit,
        show_percent(peak.p50),
        part(peak.above_probability),
    ))
}
