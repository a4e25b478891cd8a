//! Choke points in words.

use super::{ChokePoints, DependencyGraph};
use crate::units::show_counted;

/// Names that are listed before "and 3 more".
const LISTED: usize = 14;

/// What is said of one journey of a population.
pub(super) fn of(points: &ChokePoints) -> Vec<String> {
    let mut lines = Vec::new();
    let mut say = |what: &str, names: &[String]| {
        if !names.is_empty() {
            lines.push(format!("{what}: {}", listed(names)));
        }
    };
    say("alone", &points.single);
    say("alone, until users are moved", &points.until_moved);
    match &points.pairs {
        Some([lasting, until_moved]) => {
            say("in pairs", lasting);
            say("in pairs, until users are moved", until_moved);
        }
        None => lines.push("pairs: not searched, too many components".to_owned()),
    }
    if lines.is_empty() {
        lines.push("no single point of failure, and no pair".to_owned());
    }
    lines
}

fn listed(names: &[String]) -> String {
    let shown = if names.len() > LISTED + 1 { LISTED } else { names.len() };
    let list = names[..shown].join(", ");
    match names.len() - shown {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

/// How the marks are to be understood.
pub(super) fn reading(graph: &DependencyGraph) -> Vec<String> {
    let mut lines = vec![
        "Read from left to right: what is needed, then who needs it; dashed: only once what is used at first has failed."
            .to_owned(),
        "A mark says that users are down with this out of service and all else whole, once holdovers are used up;"
            .to_owned(),
        "standbys count as running, alternatives as turned to; users stay where they are served at first unless moved."
            .to_owned(),
    ];
    if graph.at_means {
        lines.push(
            "What needs ask for is not all known: unknown figures stand at their means, counts rounded."
                .to_owned(),
        );
    }
    if graph.left_out > 0 {
        let count = show_counted(graph.left_out as u64, "component");
        lines.push(format!("Not shown: {count} of the many; what needs them is joined to what they need."));
    }
    lines
}
