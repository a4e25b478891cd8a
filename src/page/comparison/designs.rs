//! The designs: what each says otherwise, how large it is, what it costs, and what its verdicts are.

use maud::{Markup, html};

use super::ComparisonPage;
use crate::page::shortened;
use crate::report::size_texts;
use crate::scenario::Changed;
use crate::study::{CostPoint, DesignComparison, Quantity, Verdict};
use crate::units::{cost_time, show_money};

/// Changes of a design that are shown; the rest is counted.
const LISTED: usize = 20;
/// Characters of a change that stand in the open; a longer one unfolds.
const LONGEST: usize = 160;

pub(super) fn section(page: &ComparisonPage<'_>) -> Markup {
    let comparison = page.comparison;
    let currency = comparison.designs.iter().find_map(|design| design.cost.as_ref());
    let costs = currency.filter(|_| !comparison.cost_points.is_empty());
    let is_mean = comparison.cost_points.iter().any(|point| point.capital_and_running_interval.is_some());
    let of_system = if is_mean { "Mean of capital and running, " } else { "Capital and running, " };
    let price = |amount: f64| costs.map_or(String::new(), |cost| show_money(amount, &cost.currency));
    let prices = |point: Option<&CostPoint>| {
        html! {
            @if let Some(point) = point {
                td.n title=(point.capital_and_running) { (price(point.capital_and_running)) }
                td.n title=(point.total) { (price(point.total)) }
            }
        }
    };
    html! {
        section #designs aria-labelledby="h-designs" {
            h2 #h-designs { "Designs" }
            div.wide tabindex="0" role="region" aria-labelledby="h-designs" {
                table {
                    caption {
                        "Each design is the baseline with these changes. More members are not more capacity: both are shown where they differ."
                    }
                    thead {
                        tr {
                            th scope="col" { "Design" }
                            th scope="col" { "Changes" }
                            th scope="col" { "Size" }
                            th scope="col" { "Downtime of journeys" }
                            @if let Some(cost) = costs {
                                th.n scope="col" { (of_system) (cost_time(cost.time_s)) }
                                th.n scope="col" { "With failures, " (cost_time(cost.time_s)) }
                            }
                        }
                    }
                    tbody {
                        tr {
                            th scope="row" { "baseline: " bdi { (shortened(&comparison.baseline)) } }
                            td { "-" }
                            td { (baseline_size(page)) }
                            td { "-" }
                            (prices(comparison.cost_points.first()))
                        }
                        @for (place, design) in comparison.designs.iter().enumerate() {
                            tr data-d=(place) {
                                th scope="row" { bdi { (shortened(&design.design)) } }
                                td { (changes(page.changes.get(place).map_or(&[][..], Vec::as_slice))) }
                                td { ul { @for text in size_texts(design) { li { (text.replace("->", "→")) } } } }
                                td { (verdicts(design)) }
                                (prices(comparison.cost_points.get(place + 1)))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// "members 31"
fn baseline_size(page: &ComparisonPage<'_>) -> String {
    let members = page.comparison.designs.first().and_then(|design| design.sizes.first());
    members.map_or(String::new(), |size| format!("{} {}", size.what, size.first))
}

fn changes(changes: &[Changed]) -> Markup {
    html! {
        @if changes.is_empty() { "none" }
        ul.changes {
            @for change in changes.iter().take(LISTED) { li { (shown(change)) } }
            @if changes.len() > LISTED { li { "and " (changes.len() - LISTED) " more" } }
        }
    }
}

/// The path, then what stood there and what stands there now.
fn shown(change: &Changed) -> Markup {
    let Changed { path, from, to } = change;
    let values = html! {
        @match (from, to) {
            (Some(from), Some(to)) => { code { bdi { (from) } } " → " code { bdi { (to) } } }
            (None, Some(to)) => { "added " code { bdi { (to) } } }
            (Some(from), None) => { "removed " code { bdi { (from) } } }
            (None, None) => {}
        }
    };
    let length = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
    html! {
        @if length(from) + length(to) > LONGEST {
            details { summary { bdi { (shortened(path)) } } (values) }
        } @else {
            bdi { (shortened(path)) } ": " (values)
        }
    }
}

/// Of how many journeys of populations the downtime is better, worse, not told apart, and exactly the same.
fn verdicts(design: &DesignComparison) -> Markup {
    let count = |verdict: Verdict| {
        design.differences.iter().filter(|d| d.figure == Quantity::Down && d.verdict == verdict).count()
    };
    let all = [
        (Verdict::Better, "better", Some("good")),
        (Verdict::Worse, "worse", Some("bad")),
        (Verdict::NotDetected, "not told apart", None),
        (Verdict::Equal, "the same", None),
    ];
    html! {
        ul {
            @for (verdict, word, class) in all {
                @let number = count(verdict);
                @if number > 0 { li class=[class] { (number) " " (word) } }
            }
        }
    }
}
