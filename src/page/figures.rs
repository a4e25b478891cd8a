//! Key figures: a row for each journey of a population.

use maud::{Markup, html};

use super::{places, shortened};
use crate::report::{mean_seconds, quantile_seconds, run_skew_note, share};
use crate::study::{JourneySummary, Summary};
use crate::units::{show_count, show_percent, show_short};

pub(super) fn section(summary: &Summary) -> Markup {
    let places = places(summary);
    html! {
        section #figures aria-labelledby="h-figures" {
            h2 #h-figures { "Key figures" }
            div.wide tabindex="0" role="region" aria-labelledby="h-figures" {
                table {
                    caption { "± is half the " (show_percent(summary.confidence)) " interval." }
                    thead {
                        tr {
                            th scope="col" { "Journey" }
                            th scope="col" { "Users" }
                            th.n scope="col" { "Down, mean" }
                            th.n scope="col" { "median" }
                            th.n scope="col" { "p90" }
                            th.n scope="col" { "p99" }
                            th.n scope="col" { "Available" }
                            th.n scope="col" { "Objective" }
                            th.n scope="col" { "Met" }
                            th.n scope="col" { "Users hit" }
                            th.n scope="col" { "User-minutes lost" }
                        }
                    }
                    tbody {
                        @for (journey, place) in summary.journeys.iter().zip(places) { (row(journey, place)) }
                    }
                }
            }
            @if let Some(note) = run_skew_note(summary) { p.note { (note) "." } }
        }
    }
}

fn row(journey: &JourneySummary, (of_journey, of_population): (usize, usize)) -> Markup {
    let impact = &journey.impact;
    let hit = share(impact.probability, Some(impact.interval));
    html! {
        tr data-j=(of_journey) data-p=(of_population) {
            th scope="row" { bdi { (shortened(&journey.journey)) } }
            td { bdi { (shortened(&journey.population)) } " (" (show_count(journey.users as u64)) ")" }
            td.n title=(format!("{} s", journey.down_s.mean)) { (mean_seconds(&journey.down_s)) }
            td.n { (quantile_seconds(journey.down_p50_s.value)) }
            td.n { (quantile_seconds(journey.down_p90_s.value)) }
            td.n { (quantile_seconds(journey.down_p99_s.value)) }
            td.n title=(journey.availability) { (show_percent(journey.availability)) }
            td.n { (journey.objective.map_or("none".to_owned(), show_percent)) }
            td.n title="probability that the objective is met, in the month in which that is least" { (met(journey)) }
            td.n title="probability of any outage" { (hit) }
            td.n title=(journey.user_minutes_lost.mean) { (user_minutes(journey)) }
        }
    }
}

/// How likely the objective is met in the month in which that is least likely.
fn met(journey: &JourneySummary) -> String {
    let months = journey.budget.iter().flat_map(|budget| &budget.months);
    let least = months.min_by(|a, b| a.met.total_cmp(&b.met));
    least.map_or("-".to_owned(), |month| share(month.met, Some(month.met_interval)))
}

fn user_minutes(journey: &JourneySummary) -> String {
    let lost = &journey.user_minutes_lost;
    match lost.interval {
        Some(ends) if lost.skewed.is_some() => {
            format!("{} ({} to {})", show_short(lost.mean), show_short(ends.low), show_short(ends.high))
        }
        Some(interval) => {
            format!("{} ±{}", show_short(lost.mean), show_short(0.5 * (interval.high - interval.low)))
        }
        None if lost.non_zero == 0 => "none seen".to_owned(),
        None => format!("{} few events", show_short(lost.mean)),
    }
}
