//! Where differences of downtime come from: of all journeys, and of each.

use maud::{Markup, html};

use super::Lists;
use crate::page::shortened;
use crate::page::tables::{Of, Row, Table, cell, columns};
use crate::report::{Holds, cause_cells, listed_causes};
use crate::study::{CauseDifference, Comparison, DesignComparison};

const COLUMNS: [(&str, Holds); 6] = [
    ("Design", Holds::Text),
    ("Cause", Holds::Text),
    ("Initiates", Holds::Values),
    ("share of the difference", Holds::Values),
    ("Has a part in", Holds::Values),
    ("share of the difference", Holds::Values),
];

pub(super) fn section(comparison: &Comparison, lists: &Lists<'_>) -> Markup {
    let columns = columns(&COLUMNS);
    let rows: Vec<Row> = comparison
        .designs
        .iter()
        .enumerate()
        .flat_map(|(place, design)| rows((place, design), lists))
        .collect();
    let table = Table {
        id: "causes-table",
        label: "Causes",
        caption: html! { caption { span #causes-of { "All journeys, weighted by users" } } },
        columns: &columns,
        rows,
    };
    html! {
        section #causes aria-labelledby="h-causes" {
            h2 #h-causes { "Where the differences come from" }
            @if table.rows.is_empty() {
                p { "No downtime differs, so nothing makes a difference." }
            } @else {
                p {
                    "Downtime that each cause begins (initiates) and its part of all downtime (has a part in), in the design less in the baseline. "
                    "Causes may work against each other: then shares are above 100 % and below 0. "
                    span.hint { "Choose a journey and its users above to see theirs alone." }
                }
                (table.html())
            }
        }
    }
}

/// Rows of a design over all journeys, then of each journey, unseen until it is chosen.
fn rows((place, design): (usize, &DesignComparison), lists: &Lists<'_>) -> Vec<Row> {
    let all = |causes: &[CauseDifference], over_all: bool, only: &str| -> Vec<Row> {
        let row = |cause: &&CauseDifference| row((place, design), cause, over_all, only);
        listed_causes(causes).iter().map(row).collect()
    };
    let mut rows = all(&design.causes, true, "all");
    for difference in &design.differences {
        if let Some((j, p)) = lists.usage(&difference.journey, &difference.population) {
            rows.extend(all(&difference.causes, false, &format!("{j}-{p}")));
        }
    }
    rows
}

fn row(
    (place, design): (usize, &DesignComparison),
    cause: &CauseDifference,
    over_all: bool,
    only: &str,
) -> Row {
    let cells = cause_cells(cause, over_all);
    let cells = COLUMNS.iter().skip(1).zip(&cells).map(|((_, holds), found)| cell(found, *holds, false));
    let name = html! { th scope="row" data-v=(design.design) { bdi { (shortened(&design.design)) } } };
    Row {
        cells: std::iter::once(name).chain(cells).collect(),
        of: Of { design: Some(place), only: Some(only.to_owned()), ..Of::default() },
    }
}
