//! A comparison of designs for the terminal, for a document and for programs.

mod because;
mod sentences;
mod sizes;

use serde::Serialize;

use self::sentences::sentences;
pub use self::sizes::size_texts;
use self::sizes::{capacity_grid, capacity_line, sizes};
use super::cost::cost_grid;
use super::grid::{Cell, Column, Grid};
use super::page::{Page, Tone};
use super::sheet::{Section, Sheet};
use super::skewed::skew_note;
use super::table::{pairing_text, part, seconds};
use super::text::partial;
use super::uncertain::dependence_lines;
use crate::scenario::Changed;
use crate::study::{
    CauseDifference, Comparison, Constant, DesignComparison, Difference, DifferencePrecision, Part, Quantity,
    Verdict,
};
use crate::units::{show_counted, show_percent, show_short};

/// Changes that are listed by name; the rest is counted.
const LISTED_CHANGES: usize = 20;
/// Causes that are listed by name.
const LISTED_CAUSES: usize = 8;
/// Share of the difference that a cause must have, in either column, to be listed.
const LISTED_SHARE: f64 = 0.01;
/// A larger ratio is not printed.
const LARGEST_RATIO: f64 = 1_000.0;

/// The comparison as plain text; `changes` says of each design what it says otherwise than the baseline.
#[must_use]
pub fn comparison_text(comparison: &Comparison, changes: &[Vec<Changed>], page: Page) -> String {
    sheet(comparison, changes).text(page)
}

/// The comparison as Markdown.
#[must_use]
pub fn comparison_markdown(comparison: &Comparison, changes: &[Vec<Changed>]) -> String {
    sheet(comparison, changes).markdown()
}

/// The comparison with what changes, for JSON.
#[derive(Debug, Serialize)]
pub struct ComparisonFile<'c> {
    /// All estimates.
    #[serde(flatten)]
    comparison: &'c Comparison,
    /// By design, what it says otherwise than the baseline.
    changes: Vec<DesignChanges<'c>>,
}

/// What a design says otherwise than the baseline.
#[derive(Debug, Serialize)]
struct DesignChanges<'c> {
    /// What it is called.
    design: &'c str,
    /// The places.
    changed: &'c [Changed],
}

/// The comparison with what changes.
#[must_use]
pub fn comparison_file<'c>(comparison: &'c Comparison, changes: &'c [Vec<Changed>]) -> ComparisonFile<'c> {
    let designs = comparison.designs.iter().zip(changes);
    let changes =
        designs.map(|(design, changed)| DesignChanges { design: &design.design, changed }).collect();
    ComparisonFile { comparison, changes }
}

/// A precision that was asked for, and what it is.
#[must_use]
pub fn difference_precision_text(goal: &DifferencePrecision) -> String {
    let shown = |value: f64| match goal.figure.split(':').next() {
        _ if goal.is_share => show_percent(value),
        Some("down") => seconds(value),
        _ => show_short(value),
    };
    let is = goal.is.map_or("too few events".to_owned(), |is| format!("±{}", shown(is)));
    let perhaps = if goal.skewed { ", perhaps more, as it rests on few long outages" } else { "" };
    format!("{} of {}: {is}{perhaps} (asked {})", goal.figure, goal.design, shown(goal.asked))
}

/// What a comparison says first: a sentence or two on each design.
#[must_use]
pub fn comparison_sentences(comparison: &Comparison) -> Vec<String> {
    let horizon = seconds(comparison.horizon_s);
    comparison.designs.iter().flat_map(|design| sentences(design, &horizon)).collect()
}

fn sheet(comparison: &Comparison, changes: &[Vec<Changed>]) -> Sheet {
    let mut head = vec![
        format!(
            "{} each on common random numbers, seed {}, {}, stopped by: {}{}",
            show_counted(comparison.replications, "replication"),
            comparison.seed,
            seconds(comparison.horizon_s),
            comparison.stopped_by,
            partial(comparison.stopped_by)
        ),
        format!("baseline: {}", comparison.baseline),
    ];
    if comparison.tests > 0 {
        head.push(format!(
            "verdicts hold with 95 % confidence for all {} together (Holm); intervals are 95 % each",
            show_counted(comparison.tests, "difference")
        ));
    }
    let precision =
        comparison.precision.iter().map(|goal| format!("precision: {}", difference_precision_text(goal)));
    let sections = comparison
        .designs
        .iter()
        .enumerate()
        .map(|(place, design)| section(design, changes.get(place).map_or(&[][..], Vec::as_slice)));
    Sheet {
        sentences: comparison_sentences(comparison),
        head: head.into_iter().chain(precision).collect(),
        sections: sections.collect(),
    }
}

fn section(design: &DesignComparison, changes: &[Changed]) -> Section {
    let mut lines = Vec::new();
    match changes {
        [] => lines.push("changes: none".to_owned()),
        _ => lines.push("changes".to_owned()),
    }
    lines.extend(changes.iter().take(LISTED_CHANGES).map(|change| format!("  {change}")));
    if let Some(more @ 1..) = changes.len().checked_sub(LISTED_CHANGES) {
        lines.push(format!("  and {more} more"));
    }
    lines.push(format!("size: {}", sizes(design).join("; ")));
    lines.extend(capacity_line(design));
    if !design.unmatched.is_empty() {
        lines.push(format!("only in one of the two: {}", design.unmatched.join(", ")));
    }
    for (words, is_known) in [("no difference, exactly 0", true), ("no difference in any replication", false)]
    {
        let equal = design.differences.iter().filter(|d| d.verdict == Verdict::Equal);
        let equal: Vec<String> = equal.filter(|d| d.constant.is_some() == is_known).map(subject).collect();
        if !equal.is_empty() {
            lines.push(format!("{words}: {}", equal.join(", ")));
        }
    }
    lines.extend(dependence_lines(design));
    let columns = vec![
        Column::names(""),
        Column::names(""),
        Column::names(""),
        Column::values("baseline"),
        Column::values("design"),
        Column::values("difference"),
        Column::values("95 % interval"),
        Column::text("verdict"),
        Column::values("ratio"),
        Column::values("better"),
        Column::values("worse"),
        Column::values("pairing"),
    ];
    let rows: Vec<Vec<Cell>> =
        design.differences.iter().filter(|d| d.verdict != Verdict::Equal).map(difference_cells).collect();
    let mut grids = Vec::new();
    if !rows.is_empty() {
        grids.push(Grid::of(columns, rows));
    }
    grids.extend(capacity_grid(&design.capacities));
    grids.extend(design.cost.as_ref().map(cost_grid));
    grids.extend(causes(design));
    Section {
        title: design.design.clone(),
        lines,
        grids,
        notes: difference_skew_note(design).into_iter().collect(),
    }
}

/// One line on differences whose intervals may be too narrow.
#[must_use]
pub fn difference_skew_note(design: &DesignComparison) -> Option<String> {
    skew_note(design.differences.iter().map(|difference| (subject(difference), &difference.difference)))
}

/// A difference as a row: the figure, the journey, whose, both values, the difference with its interval, the verdict, the ratio, how
/// often it goes better and worse, and what pairing saves.
#[must_use]
pub fn difference_cells(difference: &Difference) -> Vec<Cell> {
    let estimate = &difference.difference;
    let value = |value: f64| value_text(difference.figure, value);
    let exact = |of: f64| Cell::value(value(of), of, unit(difference.figure));
    let interval = match &estimate.interval {
        _ if difference.constant == Some(Constant::Certain) => "exact".to_owned(),
        None if difference.constant.is_some() => "always the same".to_owned(),
        Some(i) => format!("{} to {}", value(i.low), value(i.high)),
        None => "few events".to_owned(),
    };
    let probability = |share: f64| Cell::value(show_percent(share), share, "");
    vec![
        figure_name(difference.figure).to_owned().into(),
        difference.journey.clone().into(),
        difference.population.clone().into(),
        exact(difference.first),
        exact(difference.second),
        exact(estimate.mean),
        interval.into(),
        verdict_shown(difference).into(),
        optional(difference.ratio, ratio_text),
        probability(difference.better),
        probability(difference.worse),
        optional(difference.variance_reduction, pairing_text),
    ]
}

/// A number that there may not be.
fn optional(value: Option<f64>, shown: impl Fn(f64) -> String) -> Cell {
    value.map_or_else(|| "-".to_owned().into(), |value| Cell::value(shown(value), value, ""))
}

/// Where the baseline has next to nothing, how often it goes into the design says no more.
fn ratio_text(ratio: f64) -> String {
    if ratio < LARGEST_RATIO { format!("{ratio:.3}") } else { format!("> {}", show_short(LARGEST_RATIO)) }
}

const fn unit(figure: Quantity) -> &'static str {
    match figure {
        Quantity::Down | Quantity::AboveLatencyLimit | Quantity::DataExposure | Quantity::DataLost => "s",
        Quantity::LostRequests => "requests",
        Quantity::UserMinutesLost => "user-minutes",
        Quantity::LostTraffic => "",
    }
}

/// "down chat gulf"
fn subject(difference: &Difference) -> String {
    let subject =
        format!("{} {} {}", figure_name(difference.figure), difference.journey, difference.population);
    subject.trim_end().to_owned()
}

/// What a report calls a figure.
#[must_use]
pub const fn figure_name(figure: Quantity) -> &'static str {
    match figure {
        Quantity::Down => "down",
        Quantity::LostRequests => "requests lost",
        Quantity::UserMinutesLost => "user-minutes lost",
        Quantity::AboveLatencyLimit => "above latency limit",
        Quantity::LostTraffic => "traffic lost",
        Quantity::DataExposure => "data at risk",
        Quantity::DataLost => "data lost for good",
    }
}

fn value_text(figure: Quantity, value: f64) -> String {
    match figure {
        Quantity::Down | Quantity::AboveLatencyLimit | Quantity::DataExposure | Quantity::DataLost => {
            seconds(value)
        }
        Quantity::LostTraffic => {
            let sign = if value < 0.0 { "-" } else { "" };
            format!("{sign}{}", show_percent(value.abs()))
        }
        Quantity::LostRequests | Quantity::UserMinutesLost => signed_count(value),
    }
}

fn signed_count(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}", show_short(value.abs()))
}

/// The verdict as it stands out on a terminal.
fn verdict_shown(difference: &Difference) -> String {
    match difference.verdict {
        Verdict::Better => Tone::Good.of(&verdict(difference)),
        Verdict::Worse => Tone::Bad.of(&verdict(difference)),
        Verdict::Equal | Verdict::NotDetected => verdict(difference),
    }
}

/// The verdict in words.
#[must_use]
pub(super) fn verdict(difference: &Difference) -> String {
    match (difference.verdict, difference.excluded_above) {
        (Verdict::Better, _) => "better".to_owned(),
        (Verdict::Worse, _) => "worse".to_owned(),
        (Verdict::Equal, _) if difference.constant.is_some() => "no difference, exactly 0".to_owned(),
        (Verdict::Equal, _) => "no difference in any replication".to_owned(),
        (Verdict::NotDetected, Some(above)) => {
            format!("no difference above {} detected", value_text(difference.figure, above))
        }
        (Verdict::NotDetected, None) => "no difference detected (few events)".to_owned(),
    }
}

/// The causes of a difference, by users; nothing where there is no difference. Of a difference that is not sure nobody can say how
/// much of it anything makes.
fn causes(design: &DesignComparison) -> Option<Grid> {
    let listed = listed_causes(&design.causes);
    if listed.is_empty() {
        return None;
    }
    let is_sure = |d: &Difference| matches!(d.verdict, Verdict::Better | Verdict::Worse);
    let shares = design.differences.iter().any(|d| d.figure == Quantity::Down && is_sure(d));
    let kept = |cells: Vec<Cell>| -> Vec<Cell> {
        let is_kept = |place: usize| shares || (place != 2 && place != 4);
        cells.into_iter().enumerate().filter(|(place, _)| is_kept(*place)).map(|(_, cell)| cell).collect()
    };
    let mut columns = vec![
        Column::names("where the difference comes from, by users"),
        Column::values("initiated"),
        Column::values("share"),
        Column::values("shared"),
        Column::values("share"),
    ];
    if !shares {
        columns.retain(|column| column.name != "share");
    }
    let mut rows: Vec<Vec<Cell>> = listed.iter().map(|cause| kept(cause_cells(cause, true))).collect();
    let others = design.causes.iter().filter(|cause| !listed.iter().any(|known| known.cause == cause.cause));
    let others: Vec<&CauseDifference> = others.collect();
    if !others.is_empty() {
        rows.push(kept(other_cells(&others)));
    }
    Some(Grid::of(columns, rows))
}

/// What is not listed, together.
fn other_cells(others: &[&CauseDifference]) -> Vec<Cell> {
    let sum = |of: fn(&CauseDifference) -> &Part| {
        let parts = || others.iter().map(|cause| of(cause));
        Part {
            first: parts().map(|part| part.first).sum(),
            second: parts().map(|part| part.second).sum(),
            mean: parts().map(|part| part.mean).sum(),
            share: parts().map(|part| part.share).sum(),
            interval: None,
            share_interval: None,
        }
    };
    let together = CauseDifference {
        only_in: None,
        cause: show_counted(others.len() as u64, "other"),
        initiated: sum(|cause| &cause.initiated),
        shared: sum(|cause| &cause.shared),
    };
    cause_cells(&together, true)
}

/// The causes that are worth a row.
#[must_use]
pub fn listed_causes(causes: &[CauseDifference]) -> Vec<&CauseDifference> {
    let share = |part: &Part| part.share.unwrap_or(0.0).abs();
    let is_listed =
        |cause: &&CauseDifference| share(&cause.initiated).max(share(&cause.shared)) >= LISTED_SHARE;
    causes.iter().filter(is_listed).take(LISTED_CAUSES).collect()
}

/// A cause as a row: what it is, then the difference that it initiates and that it has a share in, each with its share of the whole
/// difference. Over all journeys it is in user-minutes, for one in time.
#[must_use]
pub fn cause_cells(cause: &CauseDifference, over_all: bool) -> Vec<Cell> {
    let cells = |part: &Part| {
        let mean = if over_all {
            let minutes = part.mean / 60.0;
            Cell::value(format!("{} user-min", signed_count(minutes)), minutes, "user-minutes")
        } else {
            Cell::value(seconds(part.mean), part.mean, "s")
        };
        [mean, optional(part.share, share_text)]
    };
    let name: Cell = cause.cause.clone().into();
    std::iter::once(name).chain(cells(&cause.initiated)).chain(cells(&cause.shared)).collect()
}

/// A share of a difference, which may be negative or above 100 %.
fn share_text(value: f64) -> String {
    match value {
        v if v < 0.0 && v > -0.001 => "> -0.1 %".to_owned(),
        v if v < 0.0 => format!("-{}", share_text(-v)),
        v if v > 1.0 => format!("{:.0} %", 100.0 * v),
        v => part(v),
    }
}
