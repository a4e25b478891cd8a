//! Lines: what happens to several components at one instant for the same reason is one of them.

use super::names::together;
use super::words::{predicate, subject};
use crate::measure::{Happening, Story};
use crate::model::Model;
use crate::time::SimTime;

/// A line of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: SimTime,
    pub(super) depth: u8,
    pub(super) events: Vec<u32>,
    /// What happened is the initiating event of this number.
    pub(super) begins: Option<u32>,
    subjects: Vec<String>,
    predicate: String,
}

impl Line {
    /// The line in words.
    pub(super) fn words(&self) -> String {
        let subjects: Vec<&str> = self.subjects.iter().map(String::as_str).collect();
        let count =
            if subjects.len() > 3 { format!("{} components, ", subjects.len()) } else { String::new() };
        format!("{count}{}{}", together(&subjects), self.predicate)
    }

    fn may_join(&self, other: &Self) -> bool {
        (1..=2).contains(&self.depth)
            && (self.at, self.depth, &self.events) == (other.at, other.depth, &other.events)
            && self.predicate == other.predicate
    }
}

/// The story's lines. Unless `full`, those that no user was touched by are left out, and the rest is folded.
pub(super) fn lines(model: &Model, story: &Story, full: bool) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for entry in &story.entries {
        let line = Line {
            at: entry.at,
            depth: entry.happening.depth(),
            events: entry.events.clone(),
            begins: match entry.happening {
                Happening::Begins { event } => Some(event),
                _ => None,
            },
            subjects: vec![subject(model, story, entry)],
            predicate: predicate(model, story, entry),
        };
        if full {
            lines.push(line);
        } else if concerns_users(story, &line) {
            fold(line, &mut lines);
        }
    }
    lines
}

fn concerns_users(story: &Story, line: &Line) -> bool {
    let reached = |event: &u32| story.events.get(*event as usize).is_some_and(|e| e.reached_users);
    // How users are moved and how they fare always concerns them; so does what no event explains.
    line.depth > 2 || line.events == [0] || line.events.iter().any(reached)
}

fn fold(line: Line, lines: &mut Vec<Line>) {
    // Nearby, since lines stand in order of time and kind.
    let mates = lines.iter_mut().rev().take_while(|l| l.at == line.at);
    for mate in mates {
        if mate.may_join(&line) {
            mate.subjects.extend(line.subjects);
            return;
        }
        if completes(mate, &line) {
            mate.predicate.clone_from(&line.predicate);
            if !mate.predicate.starts_with(':') {
                mate.predicate.insert(0, ',');
            }
            return;
        }
    }
    lines.push(line);
}

/// True if a line tells what an initiating event does to the very component that it is named after.
fn completes(begins: &Line, line: &Line) -> bool {
    let named = |subject: &String| {
        line.subjects
            .first()
            .is_some_and(|s| subject.strip_prefix(s).is_some_and(|rest| rest.starts_with(": ")))
    };
    begins.begins.is_some()
        && line.depth == 1
        && begins.predicate.is_empty()
        && begins.events == line.events
        && begins.subjects.first().is_some_and(named)
}
