//! Whether the verdicts hang on what nobody knows.

use maud::{Markup, html};

use super::Lists;
use crate::page::shortened;
use crate::page::tables::{Of, Row, Table, cell};
use crate::report::{Cell, Column, Holds, cost_dependence_cells, dependence_cells, dependence_lines};
use crate::study::{Comparison, Dependence, DesignComparison};

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
    let of_cost = |design: &DesignComparison| design.cost.iter().any(|cost| !cost.dependences.is_empty());
    if !comparison.designs.iter().any(|design| !design.dependences.is_empty() || of_cost(design)) {
        return None;
    }
    let columns: Vec<Column> =
        COLUMNS.iter().map(|(name, holds)| Column { name: (*name).to_owned(), holds: *holds }).collect();
    let mut rows = Vec::new();
    for (place, design) in comparison.designs.iter().enumerate() {
        let mut add = |cells: &[Cell], usage: Option<(usize, usize)>| {
            let name =
                html! { th scope="row" data-v=(design.design) { bdi { (shortened(&design.design)) } } };
            let cells =
                COLUMNS.iter().skip(1).zip(cells).map(|((_, holds), found)| cell(found, *holds, false));
            rows.push(Row {
                cells: std::iter::once(name).chain(cells).collect(),
                of: Of { design: Some(place), usage, ..Of::default() },
            });
        };
        for dependence in design.dependences.iter().filter(|d| differs(d)) {
            let usage = lists.usage(&dependence.journey, &dependence.population);
            add(&dependence_cells(dependence), usage);
        }
        for (cells, _) in cost_dependence_cells(design).into_iter().filter(|(_, differs)| *differs) {
            add(&cells, None);
        }
    }
    let subject = match comparison.designs.iter().any(of_cost) {
        true => "Mean difference of downtime, and of the total cost,",
        false => "Mean difference of downtime,",
    };
    let caption = html! {
        caption { span { (subject) " with its interval, in the replications that drew the figure low, in the middle and high." } }
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
