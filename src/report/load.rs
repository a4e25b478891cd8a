//! Load, for the terminal: why requests fail, how full units get, what overload outlives. Printed only where there is load.

use std::fmt::Write as _;

use super::table::{mean_seconds, part, share, table};
use crate::study::{JourneyLoad, JourneySummary, PeakUtilisation, Summary, UnitLoadSummary};
use crate::units::{show_percent, show_short};

/// Units that are listed; the rest is in the JSON.
const LISTED: usize = 12;

/// Two tables and a sentence.
pub(super) fn load_text(summary: &Summary, text: &mut String) {
    let Some(load) = &summary.load else { return };
    *text += &journeys(summary);
    if load.units.is_empty() {
        return;
    }
    let mut units: Vec<&UnitLoadSummary> = load.units.iter().collect();
    units.sort_by(|a, b| b.peak.p50.total_cmp(&a.peak.p50).then(a.unit.cmp(&b.unit)));
    let more = units.len().saturating_sub(LISTED);
    let rows: Vec<Vec<String>> = units.iter().take(LISTED).map(|unit| unit_row(unit)).collect();
    let header = [
        "units under load",
        "peak, median",
        "p90",
        "p99",
        "above 100 %",
        "time in overload",
        "while impaired",
    ];
    let _ = write!(text, "\n{}", table(&header, &rows, 1));
    if more > 0 {
        let _ = writeln!(text, "{more} more in run.json");
    }
    tightest(&units, text);
}

fn journeys(summary: &Summary) -> String {
    let row = |j: &JourneySummary, load: &JourneyLoad| {
        vec![
            j.journey.clone(),
            j.population.clone(),
            part(load.shed_rate),
            part(load.broken_rate),
            show_short(j.lost_requests.mean),
            format!("{:.2}", load.amplification),
            share(load.tail_share, load.tail_share_interval),
            part(load.tail_probability),
        ]
    };
    let rows = summary.journeys.iter().filter_map(|j| j.load.as_ref().map(|load| row(j, load)));
    let rows: Vec<Vec<String>> = rows.collect();
    let header = ["load", "", "shed", "broken", "lost", "first calls a request", "overload tail", "any tail"];
    if rows.is_empty() { String::new() } else { format!("\n{}", table(&header, &rows, 2)) }
}

fn unit_row(unit: &UnitLoadSummary) -> Vec<String> {
    let impaired = unit.peak_impaired.as_ref().map_or("-".to_owned(), |peak| show_percent(peak.p50));
    vec![
        unit.unit.clone(),
        show_percent(unit.peak.p50),
        show_percent(unit.peak.p90),
        show_percent(unit.peak.p99),
        part(unit.peak.above_probability),
        mean_seconds(&unit.overloaded_s),
        impaired,
    ]
}

/// The unit that has least room once something else is lost.
fn tightest(units: &[&UnitLoadSummary], text: &mut String) {
    let impaired = units.iter().filter_map(|unit| unit.peak_impaired.as_ref().map(|peak| (unit, peak)));
    let fuller = |a: &PeakUtilisation, b: &PeakUtilisation| a.p50.total_cmp(&b.p50);
    let Some((unit, peak)) = impaired.max_by(|a, b| fuller(a.1, b.1).then(b.0.unit.cmp(&a.0.unit))) else {
        return;
    };
    let _ = writeln!(
        text,
        "tightest after failover: {}: {} of capacity (median; above 100 % in {} of replications with a failover or failure)",
        unit.unit,
        show_percent(peak.p50),
        part(peak.above_probability),
    );
}
