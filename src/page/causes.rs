//! Causes of downtime, of all journeys and of each: a table that sorts.

use maud::{Markup, html};

use super::{places, shortened};
use crate::report::share;
use crate::study::{CauseShare, Summary};
use crate::units::show_short;

/// Causes of one journey that are listed; a file for a mail holds no more.
const MOST: usize = 60;

pub(super) fn section(summary: &Summary) -> Markup {
    let columns = [
        ("Cause", "text", ""),
        ("Initiated", "number", "share of downtime in outages that it began"),
        ("Shared", "number", "share of downtime that it had a part in, divided among all that had"),
        ("Takes part", "number", "probability that it has a part in any downtime"),
        ("User-minutes down", "number", "by its share, mean of a replication"),
        ("Events", "number", "mean number in a replication"),
    ];
    html! {
        section #causes aria-labelledby="h-causes" {
            h2 #h-causes { "Causes" }
            @if summary.causes.is_empty() {
                p { "No downtime was seen, so nothing caused any." }
            } @else {
                p.hint { "Choose a journey and its users above to see their causes alone. Columns sort at a click." }
                div.wide tabindex="0" role="region" aria-labelledby="h-causes" {
                    table.sorts #causes-table {
                        caption #causes-of { "All journeys, weighted by users" }
                        thead {
                            tr {
                                @for (index, (name, kind, title)) in columns.iter().enumerate() {
                                    th scope="col" data-h=(name) class=[(index > 0).then_some("n")]
                                        aria-sort=[(index == 1).then_some("descending")] {
                                        button type="button" data-kind=(kind) title=(title) { (name) }
                                    }
                                }
                            }
                        }
                        tbody {
                            @for cause in summary.causes.iter().take(MOST) { (row(cause, None)) }
                            @for (figures, place) in summary.journeys.iter().zip(places(summary)) {
                                @for cause in figures.causes.iter().take(MOST) { (row(cause, Some(place))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A row; that of a journey is unseen until it is chosen.
fn row(cause: &CauseShare, of: Option<(usize, usize)>) -> Markup {
    html! {
        tr data-u=(of.map_or("all".to_owned(), |(j, p)| format!("{j}-{p}"))) hidden[of.is_some()] {
            th scope="row" data-v=(cause.cause) { bdi { (shortened(&cause.cause)) } }
            td.n data-v=(cause.initiated) { (share(cause.initiated, cause.initiated_interval)) }
            td.n data-v=(cause.shared) { (share(cause.shared, cause.shared_interval)) }
            td.n data-v=(cause.impact_probability) { (share(cause.impact_probability, Some(cause.impact_interval))) }
            td.n data-v=(cause.user_minutes_down) { (show_short(cause.user_minutes_down)) }
            td.n data-v=(cause.events) { (show_short(cause.events)) }
        }
    }
}
