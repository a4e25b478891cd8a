//! What nobody knows: how much of the spread it makes, and whether a verdict hangs on it.

mod cost;

use super::grid::{Cell, Column, Grid};
use super::sheet::Section;
use super::table::{seconds, share, with_interval};
use crate::stats::MeanEstimate;
use crate::study::{CostDependence, Dependence, DesignComparison, Quantity, Summary, Verdict};

/// Unknown figures of a journey that are listed.
const LISTED: usize = 8;
/// Below this share of the spread a figure is not listed where others have more.
const LISTED_SHARE: f64 = 0.005;

/// The section of a run: for each journey, what of the spread of its downtime each unknown figure makes.
pub(super) fn section(summary: &Summary) -> Option<Section> {
    if summary.unknowns.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    for (place, journey) in summary.journeys.iter().enumerate() {
        let effects =
            summary.unknowns.iter().filter_map(|unknown| Some((unknown, unknown.effects.get(place)?)));
        let mut effects: Vec<_> = effects.collect();
        effects.sort_by(|a, b| b.1.share.unwrap_or(0.0).total_cmp(&a.1.share.unwrap_or(0.0)));
        let shares: Vec<Option<f64>> = effects.iter().map(|(_, effect)| effect.share).collect();
        for (unknown, effect) in effects.iter().take(listed(&shares)) {
            let of_spread = effect.share.map_or_else(
                || "few events".to_owned().into(),
                |value| Cell::value(share(value, effect.interval), value, ""),
            );
            rows.push(vec![
                journey.journey.clone().into(),
                journey.population.clone().into(),
                unknown.unknown.clone().into(),
                inner(&unknown.law).to_owned().into(),
                of_spread,
                thirds(&effect.thirds_s).into(),
            ]);
        }
    }
    let columns = vec![
        Column::names(""),
        Column::names(""),
        Column::names("figure"),
        Column::text("law"),
        Column::values("of the spread"),
        Column::values("down in its thirds"),
    ];
    let hidden = summary.journeys.len() * summary.unknowns.len() - rows.len();
    let mut grids = vec![Grid::of(columns, rows)];
    let (of_cost, hidden_of_cost) = cost::grid(summary).unzip();
    grids.extend(of_cost);
    let note = |hidden: usize, of: &str| {
        (hidden > 0).then(|| format!("not listed: {hidden} with less than 0.5 % of the spread{of}"))
    };
    let of_downtime = if hidden_of_cost.is_some() { " of downtime" } else { "" };
    let notes = [note(hidden, of_downtime), hidden_of_cost.and_then(|hidden| note(hidden, " of cost"))];
    let title = "what we do not know".to_owned();
    Some(Section { title, grids, notes: notes.into_iter().flatten().collect(), lines: Vec::new() })
}

/// How many figures are listed of so many with these shares, the largest first: the first, and those that matter.
fn listed(shares: &[Option<f64>]) -> usize {
    let matters = |share: &&Option<f64>| share.is_some_and(|share| share >= LISTED_SHARE);
    shares.iter().take(LISTED).take_while(matters).count().max(shares.len().min(1))
}

/// The law in `Uncertain(law)`: that it is uncertain, the heading says.
pub(super) fn inner(law: &str) -> &str {
    law.strip_prefix("Uncertain(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(law)
}

/// "1.2 h, 2.3 h, 3.1 h"
fn thirds(thirds: &[MeanEstimate]) -> String {
    thirds.iter().map(|third| seconds(third.mean)).collect::<Vec<_>>().join(", ")
}

/// Whether the verdicts of a design hang on what nobody knows; nothing where everything is known.
#[must_use]
pub fn dependence_lines(design: &DesignComparison) -> Vec<String> {
    [downtime_lines(design), cost::lines(design)].concat()
}

fn downtime_lines(design: &DesignComparison) -> Vec<String> {
    if design.dependences.is_empty() {
        return Vec::new();
    }
    let turning: Vec<&Dependence> = design.dependences.iter().filter(|d| d.turns).collect();
    if turning.is_empty() {
        let differs =
            |d: &&crate::study::Difference| d.figure == Quantity::Down && d.verdict != Verdict::Equal;
        let differs = design.differences.iter().any(|d| differs(&d));
        let said = "no third of an unknown figure surely turns a difference of downtime around";
        return if differs { vec![format!("what we do not know: {said}")] } else { Vec::new() };
    }
    let line = |d: &Dependence| {
        format!(
            "what we do not know decides down {} {}: {} in the lowest, middle and highest third of {}",
            d.journey,
            d.population,
            thirds(&d.thirds_s),
            d.unknown
        )
    };
    turning.into_iter().map(line).collect()
}

/// How a difference hangs on an unknown figure, as a row: the figure, the journey, whose, and the difference in the lowest, the
/// middle and the highest third of the figure.
#[must_use]
pub fn dependence_cells(dependence: &Dependence) -> Vec<Cell> {
    let names = [&dependence.unknown, &dependence.journey, &dependence.population];
    let third = |third: &MeanEstimate| Cell::value(with_ends(third), third.mean, "s");
    names_and_thirds(names.map(Clone::clone), dependence.thirds_s.iter().map(third))
}

/// The same of the difference of the total cost, for each unknown figure: beside the row whether it is other than 0.
#[must_use]
pub fn cost_dependence_cells(design: &DesignComparison) -> Vec<(Vec<Cell>, bool)> {
    let Some(cost) = &design.cost else { return Vec::new() };
    let differs = |dependence: &CostDependence| dependence.thirds.iter().any(|third| third.mean != 0.0);
    cost.dependences.iter().map(|dependence| (cost::cells(dependence, cost), differs(dependence))).collect()
}

fn names_and_thirds(names: [String; 3], thirds: impl Iterator<Item = Cell>) -> Vec<Cell> {
    names.into_iter().map(Cell::from).chain(thirds).collect()
}

/// "-3.1 h (-3.5 to -2.7)"
fn with_ends(estimate: &MeanEstimate) -> String {
    match &estimate.interval {
        Some(interval) => {
            let (mean, ends) = with_interval(estimate.mean, interval);
            format!("{mean} ({ends})")
        }
        None if estimate.non_zero == 0 => "exactly 0".to_owned(),
        None => format!("{} (few events)", seconds(estimate.mean)),
    }
}

/// What stands beside the verdicts of designs whose difference turns around: on which unknown figures that hangs.
#[must_use]
pub fn dependence_sentences(designs: &[DesignComparison]) -> Vec<String> {
    let sentence = |design: &DesignComparison| {
        let mut unknowns: Vec<&str> = Vec::new();
        for dependence in design.dependences.iter().filter(|d| d.turns) {
            if !unknowns.contains(&dependence.unknown.as_str()) {
                unknowns.push(&dependence.unknown);
            }
        }
        let listed = unknowns.join(", ");
        (!unknowns.is_empty()).then(|| {
            format!("{}: whether it is better or worse hangs on what nobody knows: {listed}.", design.design)
        })
    };
    designs.iter().flat_map(|design| [sentence(design), cost::sentence(design)]).flatten().collect()
}
