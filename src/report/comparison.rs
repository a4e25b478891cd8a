//! A comparison for the terminal.

use std::fmt::Write as _;

use super::table::{seconds, table, with_interval};
use crate::stats::Interval;
use crate::study::{Comparison, Difference, StoppedBy};
use crate::units::{show_count, show_counted, show_percent};

/// What is said of a comparison that the user ended.
const PARTIAL: &str = ", stopped by: interrupted (partial results)";

/// The comparison of `first` and `second`, named so, as plain text.
#[must_use]
pub fn comparison_text(comparison: &Comparison, first: &str, second: &str) -> String {
    let mut text = String::new();
    let largest = comparison.differences.iter().max_by(|a, b| size(a).total_cmp(&size(b)));
    if let Some(largest) = largest {
        let _ = writeln!(text, "{}.", sentence(largest, second));
    }
    let _ = writeln!(
        text,
        "{} each on common random numbers, seed {}{}\n  first:  {first}\n  second: {second}\n",
        show_counted(comparison.replications, "replication"),
        comparison.seed,
        if comparison.stopped_by == StoppedBy::Interrupted { PARTIAL } else { "" }
    );
    let header =
        ["", "", "down in first", "in second", "second - first", "95 % interval", "second better", "worse"];
    let rows: Vec<Vec<String>> = comparison.differences.iter().map(row).collect();
    text.push_str(&table(&header, &rows, 2));
    if !comparison.unmatched.is_empty() {
        let _ = writeln!(text, "only in one of the two: {}", comparison.unmatched.join(", "));
    }
    text
}

fn size(difference: &Difference) -> f64 {
    difference.difference_s.mean.abs()
}

fn sentence(largest: &Difference, second: &str) -> String {
    let estimate = &largest.difference_s;
    let who = format!("{} for users in {}", largest.journey, largest.population);
    if estimate.non_zero == 0 {
        return "No replication differs between the two".to_owned();
    }
    let Some(interval) = &estimate.interval else {
        return format!(
            "Only {} of {} differ in {who}: too few events for an interval",
            show_count(estimate.non_zero),
            show_counted(estimate.replications, "replication")
        );
    };
    let (low, high) = (interval.low, interval.high);
    if low <= 0.0 && high >= 0.0 {
        return format!(
            "No difference is shown for {who} (95 % interval {} to {})",
            seconds(low),
            seconds(high)
        );
    }
    let saves = estimate.mean < 0.0;
    let turned = if saves { Interval { low: -high, high: -low } } else { *interval };
    let (mean, ends) = with_interval(estimate.mean.abs(), &turned);
    let verb = if saves { "saves" } else { "costs" };
    format!("{second} {verb} {mean} of downtime in {who} (95 % interval {ends})")
}

fn row(difference: &Difference) -> Vec<String> {
    let estimate = &difference.difference_s;
    let interval = match &estimate.interval {
        Some(i) => format!("{} to {}", seconds(i.low), seconds(i.high)),
        None if estimate.non_zero == 0 => "equal in all".to_owned(),
        None => "few events".to_owned(),
    };
    vec![
        difference.journey.clone(),
        difference.population.clone(),
        seconds(difference.first_s),
        seconds(difference.second_s),
        seconds(estimate.mean),
        interval,
        show_percent(difference.second_better),
        show_percent(difference.second_worse),
    ]
}
