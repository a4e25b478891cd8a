//! What the designs cost, and what their failures cost.

use maud::{Markup, html};

use crate::page::shortened;
use crate::page::tables::{Of, Row, Table, cell};
use crate::report::{Column, Holds, cost_grid};
use crate::study::{Comparison, DesignComparison};

/// Nothing unless all of them have prices.
pub(super) fn section(comparison: &Comparison) -> Option<Markup> {
    let mut columns = Vec::new();
    let mut rows = Vec::new();
    for (place, design) in comparison.designs.iter().enumerate() {
        let Some(cost) = &design.cost else { continue };
        let grid = cost_grid(cost);
        for row in &grid.rows {
            let name =
                html! { th scope="row" data-v=(design.design) { bdi { (shortened(&design.design)) } } };
            let cells = grid.columns.iter().zip(row).map(|(column, found)| cell(found, column.holds, false));
            let cells = std::iter::once(name).chain(cells).collect();
            rows.push(Row { cells, of: Of { design: Some(place), ..Of::default() } });
        }
        columns = grid.columns;
    }
    if rows.is_empty() {
        return None;
    }
    columns.insert(0, Column { name: "Design".to_owned(), holds: Holds::Text });
    let has_means =
        |design: &DesignComparison| design.cost.as_ref().is_some_and(|cost| cost.price_differences.is_some());
    let caption = html! {
        caption {
            span {
                "Less is better. What does not depend on chance is known exactly."
                @if comparison.designs.iter().any(has_means) {
                    " Prices that nobody knows count as they are drawn: means are shown."
                }
            }
        }
    };
    let table = Table { id: "cost-table", label: "Cost", caption, columns: &columns, rows };
    Some(html! {
        section #cost aria-labelledby="h-cost" {
            h2 #h-cost { "Cost" }
            (table.html())
        }
    })
}
