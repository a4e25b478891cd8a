//! Importance of components, and of strikes that take several down, in the static structure.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{INFINITE, INFINITE_WORTH, LISTED, grid, more, shows, significant};
use crate::exact::ExactError;
use crate::exact::common_causes::LeftOut;
use crate::exact::needs::{Solved, SolvedEvent};
use crate::exact::structure::Importance;
use crate::model::{CauseId, HazardId, Model};
use crate::report::sheet::Section;
use crate::report::table::part;
use crate::units::{show_count, show_counted};

/// What is said where figures are unknown.
pub(super) const AT_MEANS: &str = "unknown figures stand at their means, counts rounded";

/// Hazards that are named where they are left out; the rest is counted.
const NAMED: usize = 6;

/// Exact importances, or why there are none.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Structure {
    Solved {
        /// Probability of being down; over several journeys the mean, weighted by users.
        down: f64,
        parts: Vec<Part>,
        /// Strikes of hazards that take components down together.
        common_causes: Vec<Event>,
        /// Failure modes that make calls fail or take a part of the capacity: left out.
        partial_modes: usize,
        /// The one of them that initiates most downtime, with its share of it, by simulation.
        largest_partial_mode: Option<(String, f64)>,
        /// Hazards and surges that are left out, and why.
        left_out: Vec<LeftOutHazard>,
        /// Share of the simulated downtime that these modes, hazards and surges initiate.
        left_out_initiated: f64,
        /// True where figures are unknown: their means stand in for them.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        at_means: bool,
    },
    Unsolved {
        /// Why.
        reason: String,
    },
}

/// A component in the static structure.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    component: String,
    #[serde(flatten)]
    worth: Worth,
}

/// A strike in the static structure.
#[derive(Debug, Serialize)]
pub(super) struct Event {
    strike: String,
    #[serde(flatten)]
    worth: Worth,
}

/// A hazard or surge that is not in the static structure.
#[derive(Debug, Serialize)]
pub(super) struct LeftOutHazard {
    hazard: String,
    why: &'static str,
}

/// What something has to do with being down.
#[derive(Debug, Serialize)]
pub(super) struct Worth {
    /// Probability that it is out, or not mended yet.
    out: f64,
    birnbaum: f64,
    fussell_vesely: f64,
    achievement_worth: Option<f64>,
    reduction_worth: Option<f64>,
}

impl Worth {
    fn of(out: f64, importance: Importance) -> Self {
        Self {
            out,
            birnbaum: importance.birnbaum,
            fussell_vesely: importance.fussell_vesely,
            achievement_worth: importance.achievement_worth,
            reduction_worth: importance.reduction_worth,
        }
    }

    /// What has most to do with being down first.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        (other.fussell_vesely.total_cmp(&self.fussell_vesely)).then(other.birnbaum.total_cmp(&self.birnbaum))
    }
}

/// The hazards that are not in the structure, by name as far as there is room.
fn without_hazards(hazards: &[LeftOutHazard]) -> String {
    let named = hazards.iter().take(NAMED).map(|left| format!("{} ({})", left.hazard, left.why));
    let more = hazards.len().checked_sub(NAMED).filter(|more| *more > 0);
    let more = more.map(|more| format!("{} more", show_count(more as u64)));
    named.chain(more).collect::<Vec<_>>().join(", ")
}

impl Structure {
    /// `initiated` has for each cause of the model its share of the simulated downtime.
    pub(super) fn of(model: &Model, initiated: &[f64], solved: Result<Solved, ExactError>) -> Self {
        match solved {
            Ok(solved) => Self::of_solved(model, initiated, &solved),
            Err(error) => Self::Unsolved { reason: error.to_string() },
        }
    }

    fn of_solved(model: &Model, initiated: &[f64], solved: &Solved) -> Self {
        let mut parts: Vec<Part> = solved
            .parts
            .iter()
            .map(|part| Part {
                component: model.components[part.component.index()].name.clone(),
                worth: Worth::of(part.out, part.importance),
            })
            .collect();
        parts.sort_by(|a, b| a.worth.order(&b.worth).then_with(|| a.component.cmp(&b.component)));
        let event = |event: &SolvedEvent| Event {
            strike: event.name.clone(),
            worth: Worth::of(event.out, event.importance),
        };
        let mut events: Vec<Event> = solved.events.iter().map(event).collect();
        events.sort_by(|a, b| a.worth.order(&b.worth).then_with(|| a.strike.cmp(&b.strike)));
        let hazard = |(hazard, why): &(HazardId, LeftOut)| LeftOutHazard {
            hazard: model.hazards[hazard.index()].name.clone(),
            why: why.text(),
        };
        let share = |cause: CauseId| initiated.get(cause.index()).copied().unwrap_or(0.0);
        let modes = solved.partial_modes.iter().map(|mode| model.modes[mode.index()].cause);
        let hazards = solved.left_out.iter().map(|(hazard, _)| model.hazards[hazard.index()].cause);
        // Units of a component may have modes of their own with one cause.
        let causes: BTreeSet<CauseId> = modes.clone().chain(hazards).collect();
        let largest = modes.max_by(|a, b| share(*a).total_cmp(&share(*b)).then(b.cmp(a)));
        let largest = largest.map(|cause| (cause, share(cause))).filter(|(_, share)| *share > 0.0);
        Self::Solved {
            down: solved.down,
            parts,
            common_causes: events,
            partial_modes: solved.partial_modes.len(),
            largest_partial_mode: largest
                .and_then(|(cause, share)| Some((model.causes.get(cause.index())?.clone(), share))),
            left_out: solved.left_out.iter().map(hazard).collect(),
            left_out_initiated: causes.into_iter().map(share).sum(),
            at_means: !model.unknowns.figures.is_empty(),
        }
    }

    pub(super) fn section(&self) -> Section {
        let title = "importance, exact, of the static structure".to_owned();
        let (down, parts, events, at_means) = match self {
            Self::Unsolved { reason } => {
                return Section { title, lines: vec![format!("none: {reason}")], ..Section::default() };
            }
            Self::Solved { down, parts, common_causes, at_means, .. } => {
                (down, parts, common_causes, *at_means)
            }
        };
        let mut lines = vec![
            "failures of components, and strikes that take several down together, independent of each other; holdovers used up, standbys running, users moved".to_owned(),
            "out: of a component F(T) if never mended, else mttr / (mttf + mttr); of a strike 1 - exp(-rate x mttr); without waits for crews".to_owned(),
            "Birnbaum = P(down | out) - P(down | perfect); Fussell-Vesely = (P(down) - P(down | perfect)) / P(down)".to_owned(),
            "RAW = P(down | out) / P(down); RRW = P(down) / P(down | perfect)".to_owned(),
            format!("P(down) = {}", significant(*down)),
        ];
        lines.extend(at_means.then(|| AT_MEANS.to_owned()));
        lines.extend(self.left_out());
        let of_parts = parts.iter().map(|part| (&part.component, &part.worth, "component"));
        let of_events = events.iter().map(|event| (&event.strike, &event.worth, "hazard"));
        let mut all: Vec<(&String, &Worth, &str)> = of_parts.chain(of_events).collect();
        all.sort_by(|a, b| a.1.order(b.1));
        let matter = || all.iter().filter(|(_, worth, _)| worth.birnbaum > 0.0);
        let without = all.len() - matter().count();
        if without > 0 {
            lines.push(format!("no importance at all: {}", show_counted(without as u64, "event")));
        }
        lines.extend(more(matter().count()));
        // What is divided by 0: nothing of P(down) is left.
        let nothing = if *down > 0.0 { INFINITE } else { "-" };
        let worth = |worth: Option<f64>| worth.map_or(nothing.to_owned(), significant);
        let row = |(name, of, kind): &(&String, &Worth, &str)| {
            vec![
                (*name).clone(),
                (*kind).to_owned(),
                significant(of.out),
                significant(of.birnbaum),
                significant(of.fussell_vesely),
                worth(of.achievement_worth),
                worth(of.reduction_worth),
            ]
        };
        let header = ["", "", "out", "Birnbaum", "Fussell-Vesely", "RAW", "RRW"];
        let rows: Vec<Vec<String>> = matter().take(LISTED).map(row).collect();
        let mut notes = Vec::new();
        if shows(&rows, "-") {
            notes.push("-: not defined, since P(down) is 0".to_owned());
        }
        if shows(&rows, INFINITE) {
            notes.push(INFINITE_WORTH.to_owned());
        }
        notes.extend(self.unseen());
        Section { title, lines, grids: grid(&header, rows, 2), notes }
    }

    /// What is left out, in words.
    fn left_out(&self) -> Option<String> {
        let Self::Solved { partial_modes, largest_partial_mode, left_out, .. } = self else { return None };
        let largest = largest_partial_mode.as_ref().map_or_else(String::new, |(name, share)| {
            format!(" (the largest: \"{name}\", which initiates {} of the simulated downtime)", part(*share))
        });
        let modes = match partial_modes {
            0 => None,
            1 => Some(format!(
                "1 failure mode that makes calls fail or takes a part of the capacity rather than take anything down{}",
                largest.replace("(the largest: ", "(")
            )),
            more => Some(format!(
                "{} failure modes that make calls fail or take a part of the capacity rather than take anything down{largest}",
                show_count(*more as u64)
            )),
        };
        let hazards = (!left_out.is_empty()).then(|| without_hazards(left_out));
        let all: Vec<String> = hazards.into_iter().chain(modes).collect();
        (!all.is_empty()).then(|| format!("left out: {}", all.join(", ")))
    }

    /// How much of the simulated downtime these measures cannot see.
    fn unseen(&self) -> Option<String> {
        let Self::Solved { left_out_initiated: share @ 0.0005.., .. } = self else { return None };
        Some(format!(
            "These measures see only what is in the static structure: {} of the simulated downtime is initiated by what it leaves out.",
            part(*share)
        ))
    }
}
