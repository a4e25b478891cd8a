//! Every figure: both values, the paired difference, and what can be said of it.

use maud::{Markup, html};

use super::{Lists, is_of_users};
use crate::page::shortened;
use crate::page::tables::{Of, Row, Table, cell, columns};
use crate::report::{Holds, difference_cells, difference_skew_note, figure_name};
use crate::study::{Comparison, DesignComparison, Difference, Verdict};
use crate::units::{show_counted, show_percent};

/// Names of the columns, and what they hold.
const COLUMNS: [(&str, Holds); 13] = [
    ("Design", Holds::Text),
    ("Figure", Holds::Text),
    ("Journey", Holds::Text),
    ("Users", Holds::Text),
    ("Baseline", Holds::Values),
    ("In the design", Holds::Values),
    ("Difference", Holds::Values),
    ("95 % interval", Holds::Values),
    ("Verdict", Holds::Text),
    ("Ratio", Holds::Values),
    ("Better in", Holds::Values),
    ("Worse in", Holds::Values),
    ("Pairing", Holds::Values),
];
/// Where the verdict stands.
const VERDICT: usize = 8;

pub(super) fn section(comparison: &Comparison, lists: &Lists<'_>) -> Markup {
    let columns = columns(&COLUMNS);
    let rows: Vec<Row> = comparison
        .designs
        .iter()
        .enumerate()
        .flat_map(|(place, design)| {
            let differ = design.differences.iter().filter(|d| d.verdict != Verdict::Equal);
            differ.map(move |difference| row((place, design), difference, lists))
        })
        .collect();
    let table = Table {
        id: "differences-table",
        label: "Differences",
        caption: html! {
            caption { span { "Means of a replication; less is better in all of them. Better in, worse in: share of replications." } }
        },
        columns: &columns,
        rows,
    };
    html! {
        section #differences aria-labelledby="h-differences" {
            h2 #h-differences { "Differences" }
            @if comparison.tests > 0 {
                p {
                    "Verdicts hold with " (show_percent(comparison.confidence)) " confidence for all "
                    (show_counted(comparison.tests, "difference")) " together (Holm's method), so an interval that excludes 0 need not be a verdict. "
                    "Pairing: as many times more replications would be needed without common random draws."
                }
            }
            @if table.rows.is_empty() { p { "Nothing differs." } } @else { (table.html()) }
            @for (place, design) in comparison.designs.iter().enumerate() { (equal(place, design)) }
        }
    }
}

fn row((place, design): (usize, &DesignComparison), difference: &Difference, lists: &Lists<'_>) -> Row {
    let cells = difference_cells(difference);
    let tone = match difference.verdict {
        Verdict::Better => "t good",
        Verdict::Worse => "t bad",
        Verdict::NotDetected | Verdict::Equal => "t",
    };
    let cells = COLUMNS.iter().skip(1).zip(&cells).enumerate().map(|(at, ((_, holds), found))| {
        if at + 1 == VERDICT {
            let text = found.plain();
            html! { td class=(tone) data-v=(text) { (text) } }
        } else {
            cell(found, *holds, false)
        }
    });
    let name = html! { th scope="row" data-v=(design.design) { bdi { (shortened(&design.design)) } } };
    Row {
        cells: std::iter::once(name).chain(cells).collect(),
        of: Of {
            design: Some(place),
            usage: lists
                .usage(&difference.journey, &difference.population)
                .filter(|_| is_of_users(difference)),
            figure: lists.figures.iter().position(|figure| *figure == difference.figure),
            only: None,
        },
    }
}

/// What a design does not change at all, and what it has alone.
fn equal(place: usize, design: &DesignComparison) -> Markup {
    let equal = equal_names(design);
    html! {
        @if let Some(note) = difference_skew_note(design) {
            p.note data-d=(place) { b { bdi { (shortened(&design.design)) } } ": " bdi { (note) } "." }
        }
        @if !equal.is_empty() {
            p.note data-d=(place) {
                b { bdi { (shortened(&design.design)) } } ": exactly the same in every replication: "
                @if design.differences.iter().all(is_equal) { "all figures." } @else { bdi { (equal.join(", ")) } "." }
            }
        }
        @if !design.unmatched.is_empty() {
            p.note data-d=(place) {
                b { bdi { (shortened(&design.design)) } } ": only in one of the two, so not compared: "
                bdi { (design.unmatched.join(", ")) } "."
            }
        }
    }
}

fn is_equal(difference: &Difference) -> bool {
    difference.verdict == Verdict::Equal
}

/// Journeys of which everything is equal by their names, all else figure by figure.
fn equal_names(design: &DesignComparison) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for difference in design.differences.iter().filter(|d| is_equal(d)) {
        let Difference { journey, population, .. } = difference;
        let whole = is_of_users(difference)
            && design
                .differences
                .iter()
                .filter(|d| (&d.journey, &d.population) == (journey, population))
                .all(is_equal);
        let figure = if whole { "all of" } else { figure_name(difference.figure) };
        let name = format!("{figure} {journey} {population}").trim().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
