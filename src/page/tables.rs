//! Sections of reports as HTML: lines, tables that sort where their values are known, notes.

use maud::{Markup, html};

use crate::report::{Cell, Column, Grid, Holds, Section};

/// An interval has two ends, so its column does not sort.
const INTERVAL: &str = "95 % interval";

/// A row, and what it belongs to: places in the lists to choose from.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<Markup>,
    pub(super) of: Of,
}

/// Where a row belongs.
#[derive(Debug, Clone, Default)]
pub(super) struct Of {
    pub(super) design: Option<usize>,
    /// Journey and population.
    pub(super) usage: Option<(usize, usize)>,
    pub(super) figure: Option<usize>,
    /// Shown only for this choice of a journey and a population, "all" for none.
    pub(super) only: Option<String>,
}

/// A table of rows that are known by what they belong to.
pub(super) struct Table<'t> {
    pub(super) id: &'t str,
    pub(super) label: &'t str,
    pub(super) caption: Markup,
    pub(super) columns: &'t [Column],
    pub(super) rows: Vec<Row>,
}

impl Table<'_> {
    pub(super) fn html(&self) -> Markup {
        html! {
            div.wide tabindex="0" role="region" aria-label=(self.label) {
                table.sorts id=(self.id) {
                    (self.caption)
                    thead { tr { @for column in self.columns { (head(column, column.name != INTERVAL)) } } }
                    tbody {
                        @for row in &self.rows {
                            tr data-d=[row.of.design] data-j=[row.of.usage.map(|(j, _)| j)]
                                data-p=[row.of.usage.map(|(_, p)| p)] data-f=[row.of.figure]
                                data-u=[row.of.only.as_ref()]
                                hidden[row.of.only.as_ref().is_some_and(|only| only != "all")] {
                                @for cell in &row.cells { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Columns by their names and what they hold.
pub(super) fn columns(all: &[(&str, Holds)]) -> Vec<Column> {
    all.iter().map(|(name, holds)| Column { name: (*name).to_owned(), holds: *holds }).collect()
}

/// A section with its heading one step below that of the page's sections.
pub(super) fn section(section: &Section) -> Markup {
    html! {
        @if !section.title.is_empty() { h3 { bdi { (section.title) } } }
        @for line in &section.lines { p { (line.trim()) } }
        @for grid in &section.grids { (plain(grid)) }
        @for note in &section.notes { p { (note.trim()) } }
    }
}

/// A table of a report; its columns of values sort.
fn plain(grid: &Grid) -> Markup {
    let shown: Vec<(usize, &Column)> =
        grid.columns.iter().enumerate().filter(|(_, column)| column.holds != Holds::Bars).collect();
    let sorts = |place: usize| {
        grid.rows.len() > 1
            && grid.rows.iter().any(|row| row.get(place).is_some_and(|cell| cell.exact.is_some()))
    };
    let label = shown.iter().map(|(_, column)| column.name.as_str()).find(|name| !name.is_empty());
    html! {
        div.wide tabindex="0" role="region" aria-label=(label.unwrap_or("Table")) {
            table.sorts {
                thead { tr { @for (place, column) in &shown { (head(column, sorts(*place))) } } }
                tbody {
                    @for row in &grid.rows {
                        tr {
                            @for (place, column) in &shown {
                                @if let Some(found) = row.get(*place) { (cell(found, column.holds, *place == 0)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn head(column: &Column, sorts: bool) -> Markup {
    let class = (column.holds == Holds::Values).then_some("n");
    let kind = if column.holds == Holds::Values { "number" } else { "text" };
    html! {
        @if column.name.is_empty() {
            td class=[class] {}
        } @else if sorts {
            // On paper the name stands in the place of the button, which a browser does not repeat on the next page.
            th scope="col" class=[class] data-h=(column.name) { button type="button" data-kind=(kind) { (column.name) } }
        } @else {
            th scope="col" class=[class] { (column.name) }
        }
    }
}

/// A cell: what is shown, and the exact value for the pointer and for sorting.
pub(super) fn cell(cell: &Cell, holds: Holds, names_row: bool) -> Markup {
    let text = cell.plain();
    let exact = cell.exact.map(|(value, unit)| format!("{value} {unit}").trim_end().to_owned());
    let sorted = match (cell.exact, holds) {
        (Some((value, _)), _) => Some(value.to_string()),
        (None, Holds::Values) => None,
        (None, _) => Some(text.clone()),
    };
    html! {
        @if names_row {
            th scope="row" data-v=[sorted] title=[exact] { bdi { (text) } }
        } @else if holds == Holds::Values {
            td.n data-v=[sorted] title=[exact] { (text) }
        } @else {
            td.t data-v=[sorted] { bdi { (text) } }
        }
    }
}
