//! Lines: what happens to several components at one instant for the same reason is one of them.

use super::names::together;
use super::words::{DETECTED, predicate, subject};
use crate::measure::{Entry, Happening, Story, UsersState};
use crate::model::Model;
use crate::time::SimTime;

/// Components beyond which their number comes first.
const MANY: usize = 3;

/// A line of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: SimTime,
    pub(super) depth: u8,
    pub(super) events: Vec<u32>,
    /// What happened is the initiating event of this number.
    pub(super) begins: Option<u32>,
    /// The event that an outage is booked to, where one begins.
    pub(super) initiator: Option<u32>,
    /// True if users recover.
    pub(super) is_relief: bool,
    subjects: Vec<String>,
    predicate: String,
}

impl Line {
    fn new(model: &Model, story: &Story, entry: &Entry) -> Self {
        let happening = &entry.happening;
        Self {
            at: entry.at,
            depth: happening.depth(),
            events: entry.events.clone(),
            begins: match happening {
                Happening::Begins { event } => Some(*event),
                _ => None,
            },
            initiator: match happening {
                Happening::Users(u) if u.is == UsersState::Down && u.was != UsersState::Down => {
                    Some(u.initiator)
                }
                _ => None,
            },
            is_relief: matches!(happening, Happening::Users(u) if u.is == UsersState::Up),
            subjects: vec![subject(model, story, entry)],
            predicate: predicate(model, entry),
        }
    }

    /// The line in words.
    pub(super) fn words(&self) -> String {
        let subjects: Vec<&str> = self.subjects.iter().map(String::as_str).collect();
        let (names, predicate) = (together(&subjects), &self.predicate);
        if subjects.len() > MANY && predicate.starts_with(' ') {
            return format!("{} components{predicate}: {names}", subjects.len());
        }
        format!("{names}{predicate}")
    }

    fn may_join(&self, other: &Self) -> bool {
        // Failovers are few.
        (self.begins.is_none() && self.depth != 3)
            && (self.at, self.depth, &self.events) == (other.at, other.depth, &other.events)
            && (self.initiator, &self.predicate) == (other.initiator, &other.predicate)
    }

    /// True for the step of a repair that follows at once upon detection.
    fn continues(&self, detected: &Self) -> bool {
        detected.predicate == DETECTED
            && self.predicate.starts_with(':')
            && (self.at, self.depth, &self.events, &self.subjects)
                == (detected.at, detected.depth, &detected.events, &detected.subjects)
    }

    /// True if a component is back in the instant in which it was mended: that goes without saying.
    fn says_already(&self, other: &Self) -> bool {
        self.predicate == " mended"
            && other.predicate == " back"
            && other.subjects.iter().all(|subject| self.subjects.contains(subject))
    }

    /// True if `other` tells what this initiating event does to the very component that it is named after.
    fn is_completed_by(&self, other: &Self) -> bool {
        let is_named_in = |cause: &str| {
            let rest = other.subjects.first().and_then(|subject| cause.strip_prefix(subject.as_str()));
            rest.is_some_and(|rest| rest.starts_with(": "))
        };
        self.begins.is_some()
            && other.depth == 1
            && self.predicate.is_empty()
            && self.events == other.events
            && self.subjects.first().is_some_and(|cause| is_named_in(cause))
    }
}

/// The story's lines. Unless `full`, those of events that never reached users are left out, and the rest is folded.
pub(super) fn lines(model: &Model, story: &Story, full: bool) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for entry in &story.entries {
        let line = Line::new(model, story, entry);
        if full {
            lines.push(line);
        } else if concerns_users(story, &line) {
            fold(line, &mut lines);
        }
    }
    if full { lines } else { with_steps_joined(lines) }
}

/// "detected" and what follows at once as one line.
fn with_steps_joined(lines: Vec<Line>) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(last) if line.continues(last) => {
                last.predicate = format!("{DETECTED},{}", line.predicate.trim_start_matches(':'));
            }
            _ => joined.push(line),
        }
    }
    joined
}

fn concerns_users(story: &Story, line: &Line) -> bool {
    let reached = |event: &u32| story.events.get(*event as usize).is_some_and(|e| e.reached_users);
    // How users are moved and how they fare always concerns them; so does what no event explains.
    line.depth > 2 || line.events == [0] || line.events.iter().any(reached)
}

fn fold(line: Line, lines: &mut Vec<Line>) {
    // At one instant: lines stand in order of time.
    for mate in lines.iter_mut().rev().take_while(|l| l.at == line.at) {
        if mate.may_join(&line) {
            mate.subjects.extend(line.subjects);
            return;
        }
        if mate.says_already(&line) {
            return;
        }
        if mate.is_completed_by(&line) {
            mate.predicate = line.predicate;
            if !mate.predicate.starts_with(':') {
                mate.predicate.insert(0, ',');
            }
            return;
        }
    }
    lines.push(line);
}
