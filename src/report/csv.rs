//! Figures as CSV. Times in seconds.

use csv::Writer;

use crate::study::{JourneySummary, RunOutput, Summary};

/// One line per replication, journey and population; with a few columns more where there is load.
///
/// # Errors
/// What the CSV writer reports; in memory it does not happen.
pub fn replications_csv(summary: &Summary, output: &RunOutput) -> Result<Vec<u8>, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    let has_load = summary.load.is_some();
    let mut header = vec![
        "replication",
        "journey",
        "population",
        "down_s",
        "censored",
        "degraded_s",
        "outages",
        "first_outage_s",
        "lost_requests",
        "user_minutes_lost",
        "peak_error",
    ];
    if has_load {
        header.extend(["requests", "shed_requests", "attempts", "overload_tail_s", "waiting_requests"]);
    }
    writer.write_record(header)?;
    for (number, row) in output.rows().iter().enumerate() {
        for (journey, usage) in summary.journeys.iter().zip(&row.usages) {
            let mut record = vec![
                number.to_string(),
                harmless(&journey.journey),
                harmless(&journey.population),
                usage.down_s.to_string(),
                usage.censored.to_string(),
                usage.degraded_s.to_string(),
                usage.outages.to_string(),
                usage.first_outage_s.map_or_else(String::new, |s| s.to_string()),
                usage.lost_requests.to_string(),
                usage.user_minutes_lost.to_string(),
                usage.peak_error.to_string(),
            ];
            if has_load {
                let of_load = [
                    usage.requests,
                    usage.shed_requests,
                    usage.attempts,
                    usage.tail_s,
                    usage.waiting_requests,
                ];
                record.extend(of_load.map(|value| value.to_string()));
            }
            writer.write_record(record)?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// One line per journey and population.
///
/// # Errors
/// What the CSV writer reports; in memory it does not happen.
pub fn journeys_csv(summary: &Summary) -> Result<Vec<u8>, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record([
        "journey",
        "population",
        "users",
        "replications",
        "down_mean_s",
        "down_low_s",
        "down_high_s",
        "replications_down",
        "availability",
        "degraded_mean_s",
        "outages_mean",
        "lost_requests_mean",
        "user_minutes_lost_mean",
        "peak_error_mean",
    ])?;
    for journey in &summary.journeys {
        writer.write_record(journey_record(journey))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn journey_record(journey: &JourneySummary) -> [String; 14] {
    let end = |f: fn(&crate::stats::Interval) -> f64| {
        journey.down_s.interval.as_ref().map_or_else(String::new, |i| f(i).to_string())
    };
    [
        harmless(&journey.journey),
        harmless(&journey.population),
        journey.users.to_string(),
        journey.down_s.replications.to_string(),
        journey.down_s.mean.to_string(),
        end(|i| i.low),
        end(|i| i.high),
        journey.down_s.non_zero.to_string(),
        journey.availability.to_string(),
        journey.degraded_s.mean.to_string(),
        journey.outages.mean.to_string(),
        journey.lost_requests.mean.to_string(),
        journey.user_minutes_lost.mean.to_string(),
        journey.peak_error.to_string(),
    ]
}

/// A name that no spreadsheet takes for a formula.
pub(super) fn harmless(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{name}") } else { name.to_owned() }
}
