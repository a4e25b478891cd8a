//! What nobody knows, and the total cost: how much of its spread it makes, and whether it decides which design costs less.

use super::{inner, names_and_thirds};
use crate::report::grid::{Cell, Column, Grid};
use crate::report::table::share;
use crate::stats::MeanEstimate;
use crate::study::{
    CostComparison, CostDependence, CostEffect, CostSummary, DesignComparison, Summary, UnknownSummary,
};
use crate::units::{cost_time, show_money};

/// The table of a run: what of the spread of the total cost each unknown figure makes, the largest share first; and how many are
/// left out.
pub(super) fn grid(summary: &Summary) -> Option<(Grid, usize)> {
    let cost = summary.cost.as_ref()?;
    let mut all: Vec<(&UnknownSummary, &CostEffect)> =
        summary.unknowns.iter().filter_map(|unknown| Some((unknown, unknown.cost.as_ref()?))).collect();
    all.sort_by(|a, b| b.1.share.unwrap_or(0.0).total_cmp(&a.1.share.unwrap_or(0.0)));
    let shares: Vec<Option<f64>> = all.iter().map(|(_, effect)| effect.share).collect();
    let listed = super::listed(&shares);
    let rows: Vec<Vec<Cell>> =
        all.iter().take(listed).map(|(unknown, effect)| row(cost, unknown, effect)).collect();
    let thirds = format!("total cost {} in its thirds", cost_time(cost.time_s));
    let columns = vec![
        Column::names("figure"),
        Column::text("law"),
        Column::values("of the spread"),
        Column::values(&thirds),
    ];
    (!rows.is_empty()).then(|| (Grid::of(columns, rows), all.len() - listed))
}

fn row(cost: &CostSummary, unknown: &UnknownSummary, effect: &CostEffect) -> Vec<Cell> {
    let of_spread = effect.share.map_or_else(
        || "few events".to_owned().into(),
        |value| Cell::value(share(value, effect.interval), value, ""),
    );
    vec![
        unknown.unknown.clone().into(),
        inner(&unknown.law).to_owned().into(),
        of_spread,
        thirds(&effect.thirds, &cost.currency).into(),
    ]
}

/// "1,200 GBP, 2,300 GBP, 3,100 GBP"
fn thirds(thirds: &[MeanEstimate], currency: &str) -> String {
    thirds.iter().map(|third| show_money(third.mean, currency)).collect::<Vec<_>>().join(", ")
}

/// The figures that decide which of two designs costs less.
fn turning(cost: &CostComparison) -> impl Iterator<Item = &CostDependence> {
    cost.dependences.iter().filter(|dependence| dependence.turns)
}

/// Whether the difference of cost hangs on what nobody knows: a line for each figure, or one that it does not; nothing where there
/// is nothing to say.
pub(super) fn lines(design: &DesignComparison) -> Vec<String> {
    let Some(cost) = design.cost.as_ref().filter(|cost| !cost.dependences.is_empty()) else {
        return Vec::new();
    };
    let line = |dependence: &CostDependence| {
        format!(
            "what we do not know decides total cost {}: {} in the lowest, middle and highest third of {}",
            cost_time(cost.time_s),
            thirds(&dependence.thirds, &cost.currency),
            dependence.unknown
        )
    };
    let lines: Vec<String> = turning(cost).map(line).collect();
    if lines.is_empty() && cost.total_difference.mean != 0.0 {
        return vec![
            "what we do not know: no third of an unknown figure surely turns the difference of cost around"
                .to_owned(),
        ];
    }
    lines
}

/// How a difference of cost hangs on an unknown figure, as a row beside those of downtime.
pub(super) fn cells(dependence: &CostDependence, cost: &CostComparison) -> Vec<Cell> {
    let third = |third: &MeanEstimate| {
        let shown = |amount: f64| show_money(amount, &cost.currency);
        let ends = match &third.interval {
            Some(interval) => format!(" ({} to {})", shown(interval.low), shown(interval.high)),
            None if third.non_zero == 0 => " (exactly)".to_owned(),
            None => " (few events)".to_owned(),
        };
        Cell::value(format!("{}{ends}", shown(third.mean)), third.mean, "")
    };
    let names = [dependence.unknown.clone(), "total cost".to_owned(), cost_time(cost.time_s)];
    names_and_thirds(names, dependence.thirds.iter().map(third))
}

/// On which unknown figures it hangs whether a design costs less or more.
pub(super) fn sentence(design: &DesignComparison) -> Option<String> {
    let unknowns: Vec<&str> =
        turning(design.cost.as_ref()?).map(|turning| turning.unknown.as_str()).collect();
    let listed = unknowns.join(", ");
    (!unknowns.is_empty()).then(|| {
        format!("{}: whether it costs less or more hangs on what nobody knows: {listed}.", design.design)
    })
}
