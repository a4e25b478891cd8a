//! Key figures: a row for each journey of a population.

use maud::{Markup, html};

use super::{places, shortened};
use crate::report::{mean_seconds, part, quantile_seconds};
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
                            th.n scope="col" { "90 %" }
                            th.n scope="col" { "99 %" }
                            th.n scope="col" { "Available" }
                            th.n scope="col" { "Objective" }
                            th.n scope="col" { "Users hit" }
                            th.n scope="col" { "User-minutes lost" }
                        }
                    }
                    tbody {
                        @for (journey, place) in summary.journeys.iter().zip(places) { (row(journey, place)) }
                    }
                }
            }
        }
    }
}

fn row(journey: &JourneySummary, (of_journey, of_population): (usize, usize)) -> Markup {
    let impact = &journey.impact;
    let hit = format!(
        "{} ({} to {})",
        part(impact.probability),
        part(impact.interval.low),
        part(impact.interval.high)
    );
    html! {
        tr data-j=(of_journey) data-p=(of_population) {
            th scope="row" { bdi { (shortened(&journey.journey)) } }
            td { bdi { (shortened(&journey.population)) } " (" (show_count(journey.users as u64)) ")" }
            td.n title=(format!("{} s", journey.down_s.mean)) { (mean_seconds(&journey.down_s)) }
            td.n { (quantile_seconds(journey.down_p50_s.value)) }
            td.n { (quantile_seconds(journey.down_p90_s.value)) }
            td.n { (quantile_seconds(journey.down_p99_s.value)) }
            td.n title=(journey.availability) { (show_percent(journey.availability)) }
            td.n { (objective(journey)) }
            td.n title="probability of any outage" { (hit) }
            td.n title=(journey.user_minutes_lost.mean) { (user_minutes(journey)) }
        }
    }
}

/// The objective, and how likely it is met in the month in which that is least likely.
fn objective(journey: &JourneySummary) -> String {
    let Some(objective) = journey.objective else { return "none".to_owned() };
    let months = journey.budget.iter().flat_map(|budget| &budget.months);
    let met = months.map(|month| month.met).fold(f64::INFINITY, f64::min);
    let said = if met.is_finite() { format!(", met with {}", part(met)) } else { String::new() };
    show_percent(objective) + &said
}

fn user_minutes(journey: &JourneySummary) -> String {
    let lost = &journey.user_minutes_lost;
    match lost.interval {
        Some(interval) => {
            format!("{} ±{}", show_short(lost.mean), show_short(0.5 * (interval.high - interval.low)))
        }
        None if lost.non_zero == 0 => "none seen".to_owned(),
        None => format!("{} few events", show_short(lost.mean)),
    }
}
