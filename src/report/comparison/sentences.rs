//! What a comparison says of a design first: what it saves or costs for sure, and what goes against that.

use super::because::because;
use super::value_text;
use crate::report::skewed::aside;
use crate::report::table::{seconds, with_interval};
use crate::stats::{Interval, MeanEstimate, clopper_pearson};
use crate::study::{CONFIDENCE, Constant, DesignComparison, Difference, Quantity, Verdict};
use crate::units::{show_count, show_counted, show_percent};

/// What is to be said of a design first: the largest saving and the largest cost of downtime that are sure, or that there
/// is none; then what goes against that, and what is not compared.
pub(super) fn sentences(design: &DesignComparison, horizon: &str) -> Vec<String> {
    let down = || design.differences.iter().filter(|d| d.figure == Quantity::Down);
    let largest = |verdict: Verdict| {
        let sure = down().filter(move |d| d.verdict == verdict);
        sure.max_by(|a, b| weight(design, a).total_cmp(&weight(design, b)))
    };
    let mut sure: Vec<&Difference> =
        [Verdict::Better, Verdict::Worse].into_iter().filter_map(largest).collect();
    // What matters to more users comes first.
    sure.sort_by(|a, b| weight(design, b).total_cmp(&weight(design, a)));
    let mut all: Vec<String> =
        sure.iter().map(|difference| sentence(&design.design, difference, horizon)).collect();
    if all.is_empty() {
        all.push(format!("{}: {}.", design.design, nothing_sure(design)));
    }
    all.extend(although(design));
    if !design.unmatched.is_empty() {
        let names = design.unmatched.join(", ");
        all.push(format!("{}: not compared, as only one of the two has it: {names}.", design.design));
    }
    all
}

/// How much a difference of downtime matters, by users: user-minutes, else time.
fn weight(design: &DesignComparison, down: &Difference) -> f64 {
    let found = beside(design, down, Quantity::UserMinutesLost).filter(|d| d.difference.mean != 0.0);
    found.unwrap_or(down).difference.mean.abs()
}

/// Another figure of the same journey of the same users.
fn beside<'d>(design: &'d DesignComparison, of: &Difference, figure: Quantity) -> Option<&'d Difference> {
    let is_it =
        |d: &&Difference| d.figure == figure && d.journey == of.journey && d.population == of.population;
    design.differences.iter().find(is_it)
}

/// What can be said where no difference of downtime is sure.
fn nothing_sure(design: &DesignComparison) -> String {
    let down = || design.differences.iter().filter(|d| d.figure == Quantity::Down);
    if down().next().is_none() {
        return "no journey has users in both designs, so there is no downtime to compare".to_owned();
    }
    if down().all(|d| d.verdict == Verdict::Equal) {
        return no_difference(down());
    }
    let most = down().filter_map(|d| d.excluded_above).fold(0.0, f64::max);
    match down().find(|d| d.verdict == Verdict::NotDetected && d.excluded_above.is_none()) {
        Some(few) => format!(
            "no difference in downtime detected; {} of {} differ in {}, too few for an interval",
            show_count(few.difference.non_zero),
            show_counted(few.difference.replications, "replication"),
            users(few)
        ),
        None => format!("no difference in downtime above {} detected", seconds(most)),
    }
}

/// What is said of downtime that is the same in all replications that were played: that there are no others, or how rare they are.
fn no_difference<'d>(mut down: impl Iterator<Item = &'d Difference>) -> String {
    let Some(seen) = down.find(|difference| difference.constant.is_none()) else {
        return "no difference in downtime, exactly 0".to_owned();
    };
    let played = seen.difference.replications;
    format!(
        "no difference in downtime in {} (the probability of one with a difference is below {})",
        show_counted(played, "replication"),
        show_percent(clopper_pearson(0, played, CONFIDENCE).high)
    )
}

/// Where requests or user-minutes surely go the other way than downtime of the same journey; if no downtime surely differs, where
/// they surely differ at all. The one that matters most.
fn although(design: &DesignComparison) -> Option<String> {
    let is_sure = |verdict| matches!(verdict, Verdict::Better | Verdict::Worse);
    let down = || design.differences.iter().filter(|d| d.figure == Quantity::Down);
    let none_sure = !down().any(|d| is_sure(d.verdict));
    let lost = |down| {
        let both = [Quantity::UserMinutesLost, Quantity::LostRequests].map(|f| beside(design, down, f));
        both.into_iter().flatten().map(move |lost| (down, lost))
    };
    let goes_against = |(down, lost): &(&Difference, &Difference)| {
        is_sure(lost.verdict) && if is_sure(down.verdict) { down.verdict != lost.verdict } else { none_sure }
    };
    let found = down().flat_map(lost).filter(goes_against);
    let (down, lost) = found.max_by(|a, b| weight(design, a.0).total_cmp(&weight(design, b.0)))?;
    let what = if lost.figure == Quantity::LostRequests { "requests" } else { "user-minutes" };
    let though = match down.verdict {
        Verdict::Better => "it is down for less time",
        Verdict::Worse => "it is down for more time",
        Verdict::NotDetected | Verdict::Equal => "no difference of its downtime is detected",
    };
    Some(format!(
        "{}: {} of {} users loses {} {what} instead of {}, although {though}.",
        design.design,
        down.journey,
        down.population,
        value_text(lost.figure, lost.second),
        value_text(lost.figure, lost.first)
    ))
}

/// "saves 3.1 h of chat downtime of gulf users in 14 d (95 % interval 2.7 to 3.5), mostly because ..."
fn sentence(design: &str, difference: &Difference, horizon: &str) -> String {
    let estimate = &difference.difference;
    let verb = if estimate.mean < 0.0 { "saves" } else { "costs" };
    let (mean, sure) = match difference.constant {
        Some(Constant::Certain) => {
            (seconds(estimate.mean.abs()), "exact: nothing in either is left to chance".to_owned())
        }
        Some(Constant::Seen) => {
            let number = show_counted(estimate.replications, "replication");
            (seconds(estimate.mean.abs()), format!("the same in each of {number}"))
        }
        None => amount(estimate),
    };
    format!("{design} {verb} {mean} of {} in {horizon} ({sure}){}.", users(difference), because(difference))
}

/// "chat downtime of gulf users"
fn users(difference: &Difference) -> String {
    format!("{} downtime of {} users", difference.journey, difference.population)
}

/// The size of a difference, and how sure it is.
fn amount(estimate: &MeanEstimate) -> (String, String) {
    let Some(interval) = &estimate.interval else {
        let sure = format!(
            "few events: {} of {} differ",
            show_count(estimate.non_zero),
            show_counted(estimate.replications, "replication")
        );
        return (seconds(estimate.mean.abs()), sure);
    };
    let turned =
        if estimate.mean < 0.0 { Interval { low: -interval.high, high: -interval.low } } else { *interval };
    let (mean, ends) = with_interval(estimate.mean.abs(), &turned);
    (mean, format!("95 % interval {ends}{}", aside(estimate)))
}
