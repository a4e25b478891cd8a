//! What a ranking says first: where most is to be gained, and what hurts most when it fails once more; only what is sure.

use super::{amount, turned, value};
use crate::report::table::{listed, part, seconds};
use crate::stats::Interval;
use crate::study::{ChokePoint, Ranking, Replayed, Standing, SubjectKind};

/// What is to be said first: where most is to be gained, and what hurts most when it fails once more.
///
/// Those that are not told apart from the first are named with it.
#[must_use]
pub fn ranking_sentences(ranking: &Ranking) -> Vec<String> {
    if !ranking.subjects.iter().any(|point| point.replayed) {
        return vec![
            "Nothing was replayed, so there is nothing to say of what would be saved or cost.".to_owned(),
        ];
    }
    let none = || "Nothing was found that would surely save anything by never failing.".to_owned();
    let saves = gain(ranking).unwrap_or_else(none);
    std::iter::once(saves).chain(hurt(ranking)).collect()
}

/// Where most is to be gained, if that is sure of anything.
fn gain(ranking: &Ranking) -> Option<String> {
    let leaders = Leaders::of(ranking, |point| point.saves_most)?;
    let replayed = leaders.first.if_perfect.as_ref()?;
    let (mean, interval) = turned(&replayed.difference);
    let (amount, sure) = sure(ranking, replayed, mean, interval);
    let of = leaders.first.fussell_vesely;
    let of = of.map_or_else(String::new, |fv| format!(", {} of all of it", part(fv.value)));
    let most = if may_be_beaten(ranking, leaders.first) { "Of what was replayed, most" } else { "Most" };
    Some(format!(
        "{most} is to be gained at {}: {}, {} would be {amount} less in {} ({sure}){of}.",
        leaders.names(),
        leaders.without(),
        ranking.figure,
        seconds(ranking.horizon_s),
    ))
}

/// What hurts most when it is out once more, if that is sure of anything.
fn hurt(ranking: &Ranking) -> Option<String> {
    let leaders = Leaders::of(ranking, |point| point.costs_most)?;
    let replayed = leaders.first.if_once_more.as_ref()?;
    let (mean, interval) = (replayed.difference.mean, replayed.difference.interval?);
    let (amount, sure) = sure(ranking, replayed, mean, interval);
    let first = if leaders.are_alike() { "" } else { "the first " };
    Some(format!(
        "What hurts most when it is out for {} once more: {}, {first}{amount} ({sure}).",
        seconds(ranking.outage_s),
        leaders.names(),
    ))
}

/// A difference, and how sure it is.
fn sure(ranking: &Ranking, replayed: &Replayed, mean: f64, interval: Interval) -> (String, String) {
    if replayed.constant {
        return (value(ranking.unit, mean), "the same in every replication".to_owned());
    }
    let (amount, ends) = amount(ranking.unit, mean, interval);
    (amount, format!("95 % interval {ends}"))
}

/// True if something was not replayed whose share of downtime is not surely smaller than that of the first.
fn may_be_beaten(ranking: &Ranking, first: &ChokePoint) -> bool {
    let shares = |point: &ChokePoint| {
        let of = |share: f64, interval: Option<Interval>| {
            interval.map_or((share, share), |ends| (ends.low, ends.high))
        };
        let shared = of(point.shared, point.shared_interval);
        point.initiated.map_or(shared, |share| {
            let initiated = of(share, point.initiated_interval);
            (shared.0.max(initiated.0), shared.1.max(initiated.1))
        })
    };
    let (least, _) = shares(first);
    ranking.subjects.iter().any(|point| {
        let (_, most) = shares(point);
        !point.replayed && most > 0.0 && most >= least
    })
}

/// The first of a list, and those that are not told apart from it.
struct Leaders<'r> {
    first: &'r ChokePoint,
    others: Vec<(&'r ChokePoint, Standing)>,
}

impl<'r> Leaders<'r> {
    fn of(ranking: &'r Ranking, standing: impl Fn(&ChokePoint) -> Option<Standing>) -> Option<Self> {
        let standing = |point: &'r ChokePoint| Some((point, standing(point)?));
        let all = || ranking.subjects.iter().filter_map(standing);
        let is_first = |(_, standing): &(&ChokePoint, Standing)| *standing == Standing::First;
        let (first, _) = all().find(is_first)?;
        Some(Self { first, others: all().filter(|leader| !is_first(leader)).collect() })
    }

    /// True if all have the same value in every replication.
    fn are_alike(&self) -> bool {
        self.others.iter().all(|(_, standing)| *standing == Standing::Same)
    }

    /// "north/a", "north and shop@north alike", "a, b or c, not told apart".
    fn names(&self) -> String {
        let names = std::iter::once(self.first).chain(self.others.iter().map(|(point, _)| *point));
        let names: Vec<String> = names.map(called).collect();
        match (names.len(), self.are_alike()) {
            (1, _) => names.concat(),
            (_, true) => format!("{} alike", listed(&names, "and")),
            (_, false) => format!("{}, not told apart", listed(&names, "or")),
        }
    }

    /// What would be if nothing ailed it, or the first of several.
    fn without(&self) -> String {
        let of = match (self.others.len(), self.are_alike()) {
            (0, _) => None,
            (_, true) => Some("one of them"),
            (_, false) => Some("the first"),
        };
        match (self.first.kind, of) {
            (SubjectKind::Crew, None) => "with one always free".to_owned(),
            (SubjectKind::Hazard | SubjectKind::Surge, None) => "if it never happened".to_owned(),
            (SubjectKind::Component | SubjectKind::Cable, None) => "without its failures".to_owned(),
            (SubjectKind::Crew, Some(of)) => format!("with another of {of} always free"),
            (SubjectKind::Hazard | SubjectKind::Surge, Some(of)) => format!("if {of} never happened"),
            (SubjectKind::Component | SubjectKind::Cable, Some(of)) => format!("without failures of {of}"),
        }
    }
}

fn called(point: &ChokePoint) -> String {
    match point.kind {
        SubjectKind::Component => point.name.clone(),
        SubjectKind::Cable => format!("cable {}", point.name),
        SubjectKind::Hazard => format!("hazard {}", point.name),
        SubjectKind::Surge => format!("surge {}", point.name),
        SubjectKind::Crew => format!("crew {}", point.name),
    }
}
