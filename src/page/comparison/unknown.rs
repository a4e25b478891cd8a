//! Whether the verdicts hang on what nobody knows.

use maud::{Markup, html};

use super::Lists;
use crate::page::shortened;
use crate::page::tables::{Of, Row, Table, cell};
use crate::report::{Column, Holds, dependence_cells, dependence_lines};
use crate::study::{Comparison, Dependence};

const COLUMNS: [(&str, Holds); 7] = [
    ("Design", Holds::Text),
    ("Unknown figure", Holds::Text),
    ("Journey", Holds::Text),
    ("Users", Holds::Text),
    ("In its lowest third", Holds::Values),
    ("in its middle third", Holds::Values),
    ("in its highest third", Holds::Values),
];

/// Nothing where everything is known.
pub(super) fn section(comparison: &Comparison, lists: &Lists<'_>) -> Option<Markup> {
    if comparison.designs.iter().all(|design| design.dependences.is_empty()) {
        return None;
    }
    let columns: Vec<Column> =
        COLUMNS.iter().map(|(name, holds)| Column { name: (*name).to_owned(), holds: *holds }).collect();
    let mut rows = Vec::new();
    for (place, design) in comparison.designs.iter().enumerate() {
        for dependence in design.dependences.iter().filter(|d| differs(d)) {
            let name =
                html! { th scope="row" data-v=(design.design) { bdi { (shortened(&design.design)) } } };
            let cells = dependence_cells(dependence);
            let cells =
                COLUMNS.iter().skip(1).zip(&cells).map(|((_, holds), found)| cell(found, *holds, false));
            rows.push(Row {
                cells: std::iter::once(name).chain(cells).collect(),
                of: Of {
                    design: Some(place),
                    usage: lists.usage(&dependence.journey, &dependence.population),
                    ..Of::default()
                },
            });
        }
    }
    let caption = html! {
        caption { span { "Mean difference of downtime, with its interval, in the replications that drew the figure low, in the middle and high." } }
    };
    let table = Table { id: "unknown-table", label: "What we do not know", caption, columns: &columns, rows };
    let lines = comparison.designs.iter().enumerate();
    Some(html! {
        section #unknown aria-labelledby="h-unknown" {
            h2 #h-unknown { "What we do not know" }
            @for (place, design) in lines {
                @for line in dependence_lines(design) {
                    p data-d=(place) { b { bdi { (shortened(&design.design)) } } ": " bdi { (line) } "." }
                }
            }
            @if !table.rows.is_empty() { (table.html()) }
        }
    })
}

/// True unless the difference is 0 throughout.
fn differs(dependence: &Dependence) -> bool {
    dependence.thirds_s.iter().any(|third| third.non_zero > 0)
}
