//! What a system and its failures cost.

use super::grid::{Cell, Column, Grid};
use super::sheet::Section;
use super::table::{first_of, seconds};
use crate::stats::MeanEstimate;
use crate::study::{CostComparison, CostPart, CostSummary};
use crate::units::{cost_time, show_money};

/// What is said beside prices that nobody knows.
const MEANS: &str = "prices that nobody knows count as they are drawn: shown are means";
/// Components that are listed by name.
const LISTED: usize = 6;

/// The section of a run.
pub(super) fn section(cost: &CostSummary) -> Section {
    let shown = |amount: f64| show_money(amount, &cost.currency);
    let exact = |amount: f64| Cell::value(shown(amount), amount, "");
    let name = |name: &str| Cell::from(name.to_owned());
    let unknown = cost.unknown_prices.as_ref();
    let of_price = |estimate: Option<&MeanEstimate>| {
        estimate.and_then(|estimate| price_interval(estimate, &cost.currency))
    };
    let beside =
        |parts: [Option<String>; 2]| Cell::from(parts.into_iter().flatten().collect::<Vec<_>>().join("; "));
    let capital = beside([of_price(unknown.map(|unknown| &unknown.capital_part)), spread(cost)]);
    let running = beside([of_price(unknown.map(|unknown| &unknown.running)), None]);
    let mut rows = vec![
        vec![name("capital"), exact(cost.capital_part), capital],
        vec![name("running"), exact(cost.running), running],
    ];
    for (what, estimate) in
        [("user-minutes lost", &cost.users), ("crews while out", &cost.crews), ("total", &cost.total)]
    {
        rows.push(vec![name(what), exact(estimate.mean), interval(estimate, &cost.currency).into()]);
    }
    let head = format!("cost {}", cost_time(cost.time_s));
    let columns = vec![Column::names(&head), Column::values(""), Column::values("95 % interval")];
    let means = unknown.map(|_| MEANS.to_owned());
    Section::of(Grid::of(columns, rows), means.into_iter().chain(items(cost)).collect())
}

/// The interval of a mean price; nothing of what is exact.
fn price_interval(estimate: &MeanEstimate, currency: &str) -> Option<String> {
    let is_exact = estimate.non_zero == 0 || estimate.interval.is_some_and(|i| i.low == i.high);
    (!is_exact).then(|| interval(estimate, currency))
}

/// What the system is made of, by what it costs.
fn items(cost: &CostSummary) -> Option<String> {
    let item = |item: &CostPart| format!("{} {}", item.what, show_money(item.cost, &cost.currency));
    let all: Vec<String> = cost.items.iter().map(item).collect();
    (!all.is_empty()).then(|| format!("capital and running: {}", first_of(&all, LISTED)))
}

/// "of 10,000 GBP over 5 y"
fn spread(cost: &CostSummary) -> Option<String> {
    let capital = show_money(cost.capital, &cost.currency);
    (cost.capital != 0.0).then(|| format!("of {capital} over {}", seconds(cost.lifetime_s)))
}

fn interval(estimate: &MeanEstimate, currency: &str) -> String {
    match &estimate.interval {
        Some(i) => format!("{} to {}", show_money(i.low, currency), show_money(i.high, currency)),
        None if estimate.non_zero == 0 => "none seen".to_owned(),
        None => "few events".to_owned(),
    }
}

/// The table of a design beside its baseline.
#[must_use]
pub fn cost_grid(cost: &CostComparison) -> Grid {
    let shown = |amount: f64| Cell::value(show_money(amount, &cost.currency), amount, "");
    let row = |name: &str, [first, second]: [f64; 2], difference: f64, interval: String| {
        vec![name.to_owned().into(), shown(first), shown(second), shown(difference), interval.into()]
    };
    let price = |name: &str, both: [f64; 2], difference: Option<&MeanEstimate>| {
        let interval = difference.and_then(|difference| price_interval(difference, &cost.currency));
        let name = if cost.price_differences.is_some() { format!("{name}, mean") } else { name.to_owned() };
        let difference = difference.map_or(both[1] - both[0], |difference| difference.mean);
        row(&name, both, difference, interval.unwrap_or_else(|| "exactly".to_owned()))
    };
    let [of_capital, of_both] =
        cost.price_differences.as_ref().map_or([None; 2], |[a, b]| [Some(a), Some(b)]);
    let estimated = |name: &str, both: [f64; 2], difference: &MeanEstimate| {
        let is_constant = difference.non_zero == 0 || difference.interval.is_some_and(|i| i.low == i.high);
        let interval =
            if is_constant { "the same in all".to_owned() } else { interval(difference, &cost.currency) };
        row(name, both, difference.mean, interval)
    };
    let columns = vec![
        Column::names(&format!("cost {}", cost_time(cost.time_s))),
        Column::values("baseline"),
        Column::values("design"),
        Column::values("difference"),
        Column::values("95 % interval"),
    ];
    let rows = vec![
        price("capital, paid once", cost.capital, of_capital),
        price("capital spread, and running", cost.capital_and_running, of_both),
        estimated("user-minutes and crews", cost.failures, &cost.failures_difference),
        estimated("total", cost.total, &cost.total_difference),
    ];
    Grid::of(columns, rows)
}
