//! The least value that meets what was asked.

use serde::{Deserialize, Serialize};

use super::Sweep;
use crate::study::gate::Decision;

/// What can be said of the values of the first parameter, for one value of the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Least {
    /// The number of the value of the second parameter, where there is one.
    pub second: Option<usize>,
    /// The number of the first value that surely meets what was asked.
    pub value: Option<usize>,
    /// The last of those behind it that surely meet it without a gap.
    pub until: Option<usize>,
    /// Values before it, or all if there is none, of which it is not certain.
    pub undecided: Vec<usize>,
    /// Values behind it that surely miss it: what was asked is not met from there on.
    pub missed_beyond: Vec<usize>,
    /// Values behind it of which it is not certain.
    pub undecided_beyond: Vec<usize>,
    /// Found, missed at all values, or not certain.
    pub decision: Decision,
}

/// The number of a value, and whether it meets what was asked.
type Met = (usize, Decision);

/// For each value of the second parameter, the first value of the first that meets what was asked.
pub(super) fn least(sweep: &Sweep) -> Vec<Least> {
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
    groups.into_iter().map(|(second, points)| of_points(second, &points)).collect()
}

fn of_points(second: Option<usize>, points: &[Met]) -> Least {
    let found = points.iter().position(|(_, meets)| *meets == Decision::Passed);
    let (before, behind) = points.split_at(found.unwrap_or(points.len()));
    let with = |points: &[Met], decision: Decision| -> Vec<usize> {
        points.iter().filter(|(_, meets)| *meets == decision).map(|(place, _)| *place).collect()
    };
    let undecided = with(before, Decision::Undecided);
    Least {
        second,
        until: behind
            .iter()
            .take_while(|(_, meets)| *meets == Decision::Passed)
            .last()
            .map(|(place, _)| *place),
        value: found.and_then(|at| points.get(at)).map(|(place, _)| *place),
        decision: match found {
            Some(_) => Decision::Passed,
            None if undecided.is_empty() => Decision::Failed,
            None => Decision::Undecided,
        },
        undecided,
        missed_beyond: with(behind, Decision::Failed),
        undecided_beyond: with(behind, Decision::Undecided),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decision::{Failed, Passed, Undecided};

    fn least_of(decisions: &[Decision]) -> (Option<usize>, Decision, [usize; 3]) {
        let points: Vec<_> = decisions.iter().copied().enumerate().collect();
        let found = of_points(None, &points);
        let counts = [found.undecided.len(), found.missed_beyond.len(), found.undecided_beyond.len()];
        (found.value, found.decision, counts)
    }

    #[test]
    fn the_first_that_passes_and_what_stands_in_the_way() {
        assert_eq!(least_of(&[Failed, Passed, Passed]), (Some(1), Passed, [0, 0, 0]));
        assert_eq!(least_of(&[Failed, Undecided, Passed]), (Some(2), Passed, [1, 0, 0]));
        assert_eq!(least_of(&[Passed, Failed, Undecided]), (Some(0), Passed, [0, 1, 1]));
        assert_eq!(least_of(&[Failed, Failed]), (None, Failed, [0, 0, 0]));
        assert_eq!(least_of(&[Failed, Undecided]), (None, Undecided, [1, 0, 0]));
    }
}
