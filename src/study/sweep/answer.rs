//! Which values meet what was asked.

use serde::{Deserialize, Serialize};

use super::Sweep;
use crate::study::gate::Decision;

/// What can be said of the values of the first parameter, for one value of the second. Values are told by their numbers, from
/// the smallest to the largest; in the order in which they were given where they are no numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The number of the value of the second parameter, where there is one.
    pub second: Option<usize>,
    /// What the answer is.
    pub kind: AnswerKind,
    /// The smallest or the largest value that surely meets what was asked, where that is the answer.
    pub value: Option<usize>,
    /// The first and the last of the first values that surely meet it without a gap.
    pub between: Option<(usize, usize)>,
    /// All that surely meet it.
    pub met: Vec<usize>,
    /// All that surely do not.
    pub missed: Vec<usize>,
    /// All of which it is not certain.
    pub undecided: Vec<usize>,
    /// Found, missed at all values, or not certain.
    pub decision: Decision,
}

/// Which values meet what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// All of them.
    All,
    /// From the smallest that does, on.
    Smallest,
    /// Up to the largest that does.
    Largest,
    /// Those in between: smaller and larger ones surely miss it.
    Between,
    /// Some, with others between them, or without an order.
    Some,
    /// Surely none of them, or none surely.
    Nothing,
}

/// The number of a value, and whether it meets what was asked.
type Met = (usize, Decision);

/// For each value of the second parameter, which values of the first meet what was asked.
pub(super) fn answers(sweep: &Sweep) -> Vec<Answer> {
    if sweep.wishes.is_empty() {
        return Vec::new();
    }
    let mut groups: Vec<(Option<usize>, Vec<Met>)> = Vec::new();
    for point in &sweep.points {
        let (Some(first), Some(meets)) = (point.places.first(), point.meets) else { continue };
        let second = point.places.get(1).copied();
        match groups.last_mut().filter(|(known, _)| *known == second) {
            Some((_, points)) => points.push((*first, meets)),
            None => groups.push((second, vec![(*first, meets)])),
        }
    }
    let rising = sweep.parameters.first().and_then(super::SweepParameter::rising);
    let sorted = |points: Vec<Met>| match &rising {
        None => points,
        Some(order) => {
            order.iter().filter_map(|place| points.iter().find(|(is, _)| is == place).copied()).collect()
        }
    };
    let of = |(second, points): (_, Vec<Met>)| of_points(second, &sorted(points), rising.is_some());
    groups.into_iter().map(of).collect()
}

fn of_points(second: Option<usize>, points: &[Met], is_ordered: bool) -> Answer {
    let with = |decision: Decision| -> Vec<usize> {
        points.iter().filter(|(_, meets)| *meets == decision).map(|(place, _)| *place).collect()
    };
    let [met, missed, undecided] = [Decision::Passed, Decision::Failed, Decision::Undecided].map(with);
    let is_met = |(_, meets): &Met| *meets == Decision::Passed;
    let first = points.iter().position(is_met);
    let (before, rest) = points.split_at(first.unwrap_or(points.len()));
    let (run, behind) = rest.split_at(rest.iter().take_while(|point| is_met(point)).count());
    let between = run.first().zip(run.last()).map(|((from, _), (until, _))| (*from, *until));
    let kind = match between {
        None => AnswerKind::Nothing,
        Some(_) if met.len() == points.len() => AnswerKind::All,
        Some(_) if !is_ordered => AnswerKind::Some,
        Some(_) => kind_of(before, behind),
    };
    Answer {
        second,
        kind,
        value: between.and_then(|(from, until)| match kind {
            AnswerKind::Smallest => Some(from),
            AnswerKind::Largest => Some(until),
            _ => None,
        }),
        between,
        decision: match between {
            Some(_) => Decision::Passed,
            None if undecided.is_empty() => Decision::Failed,
            None => Decision::Undecided,
        },
        met,
        missed,
        undecided,
    }
}

/// What those before and behind the first run of values that meet it say: whether it gets easier or harder with the value.
fn kind_of(before: &[Met], behind: &[Met]) -> AnswerKind {
    let has = |points: &[Met], decision| points.iter().any(|(_, meets)| *meets == decision);
    let (missed_before, missed_behind) = (has(before, Decision::Failed), has(behind, Decision::Failed));
    match has(behind, Decision::Passed) {
        _ if before.is_empty() => AnswerKind::Largest,
        _ if !missed_behind => AnswerKind::Smallest,
        true => AnswerKind::Some,
        false if missed_before => AnswerKind::Between,
        false => AnswerKind::Largest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decision::{Failed as F, Passed as P, Undecided as U};

    /// The kind, the value, and the decision.
    fn answer_of(decisions: &[Decision]) -> (AnswerKind, Option<usize>, Decision) {
        let points: Vec<_> = decisions.iter().copied().enumerate().collect();
        let found = of_points(None, &points, true);
        assert_eq!(found.met.len() + found.missed.len() + found.undecided.len(), decisions.len());
        (found.kind, found.value, found.decision)
    }

    #[test]
    fn the_end_at_which_it_is_harder_is_the_answer() {
        for (decisions, kind, value) in [
            (&[P, P, P][..], AnswerKind::All, None),
            (&[F, P, P], AnswerKind::Smallest, Some(1)),
            (&[F, U, P], AnswerKind::Smallest, Some(2)),
            (&[F, P, U], AnswerKind::Smallest, Some(1)),
            (&[U, P, U], AnswerKind::Smallest, Some(1)),
            (&[P, P, F], AnswerKind::Largest, Some(1)),
            (&[P, P, U], AnswerKind::Largest, Some(1)),
            (&[U, P, P, F], AnswerKind::Largest, Some(2)),
            (&[P, F, P], AnswerKind::Largest, Some(0)),
            (&[F, P, P, F], AnswerKind::Between, None),
            (&[F, P, F, P], AnswerKind::Some, None),
        ] {
            assert_eq!(answer_of(decisions), (kind, value, P), "{decisions:?}");
        }
        assert_eq!(answer_of(&[F, F]), (AnswerKind::Nothing, None, F));
        assert_eq!(answer_of(&[F, U]), (AnswerKind::Nothing, None, U));
    }

    #[test]
    fn without_an_order_there_is_no_smallest() {
        let points = [(0, P), (1, F), (2, P)];
        let found = of_points(None, &points, false);
        assert_eq!((found.kind, found.value, found.met), (AnswerKind::Some, None, vec![0, 2]));
    }
}
