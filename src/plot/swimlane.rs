//! One replication as lanes: how users fare, how they are moved, and what is out, impaired, waiting or coming back.

mod lanes;
mod picture;

use std::collections::BTreeMap;

use super::text::clean;
use super::{Picture, PlotError, Theme};
use crate::measure::{Happening, Story, UsersState};
use crate::model::Model;
use crate::study::Trace;
use crate::time::SimTime;
pub(super) use lanes::{Who, courses};
pub(super) use picture::{STATES, look};

/// Initiating events that are named.
const MOST_EVENTS: usize = 16;
/// Lanes that are shown; those that tell least are left out.
const MOST_LANES: usize = 44;
/// With more journeys than this, only those that were hit are shown.
const ALL_USERS: usize = 8;
/// Journeys that are shown.
const MOST_USERS: usize = 24;

/// A replication, ready to be drawn. Times in seconds from the start.
#[derive(Debug, Clone, PartialEq)]
pub struct Swimlane {
    pub(super) title: String,
    /// Which replication, and why.
    pub(super) source: String,
    pub(super) start_unix_s: f64,
    /// The part of the horizon that is shown.
    pub(super) window: (f64, f64),
    /// True if something lies outside it.
    pub(super) is_cut: bool,
    /// Initiating events that reached users, with their numbers in the trace.
    pub(super) events: Vec<EventMark>,
    /// Events that reached users and are not named.
    pub(super) more_events: usize,
    pub(super) users: Vec<UserLane>,
    /// Journeys that are not shown.
    pub(super) more_users: usize,
    pub(super) lanes: Vec<Lane>,
    /// Lanes that are not shown.
    pub(super) more_lanes: usize,
}

/// An initiating event.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventMark {
    pub(super) number: usize,
    pub(super) cause: String,
    pub(super) at: f64,
}

/// A journey of a population.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UserLane {
    pub(super) names: [String; 2],
    /// From when on which share of requests succeeds.
    pub(super) success: Vec<(f64, f64)>,
    /// When it is down.
    pub(super) down: Vec<(f64, f64)>,
}

/// Components, or ways of users, that go through the same states at the same times.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lane {
    pub(super) names: Vec<String>,
    pub(super) segments: Vec<Segment>,
}

/// A state from one instant to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segment {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) state: State,
}

/// States that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nothing gets through.
    Down,
    /// Below its full level, or a share of calls fails.
    Degraded,
    /// Offered more than it can serve.
    Overloaded,
    /// For a crew, a permit, a decision, or what it needs to start.
    Waiting,
    /// Restarting, starting up, or being moved.
    Restarting,
    /// Users served away from home, or by an alternative.
    Elsewhere,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Down, Self::Degraded, Self::Overloaded, Self::Waiting, Self::Restarting, Self::Elsewhere];

    /// What it is called in programs: "down".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Degraded => "degraded",
            Self::Overloaded => "overloaded",
            Self::Waiting => "waiting",
            Self::Restarting => "restarting",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// What it is called in a legend.
    #[must_use]
    pub fn words(self) -> &'static str {
        STATES.iter().find(|(state, _)| *state == self).map_or("", |(_, words)| words)
    }
}

impl Swimlane {
    /// The lanes of a replication of `model`.
    #[must_use]
    pub fn of(model: &Model, trace: &Trace) -> Self {
        let story = &trace.story;
        let horizon = seconds(model.horizon);
        let mut users = users(model, story, horizon);
        let mut lanes = lanes::of(model, story, horizon);
        let told = told(story, horizon);
        let window = window(story, &users, horizon);
        lanes.retain(|lane| lane.segments.iter().any(|s| s.from < window.1 && s.to > window.0));
        let more_users = keep_those_hit(&mut users);
        let more_lanes = lanes::keep_most_telling(&mut lanes, MOST_LANES);
        let reached: Vec<usize> =
            (1..story.events.len()).filter(|number| story.events[*number].reached_users).collect();
        let mark = |number: &usize| EventMark {
            number: *number,
            cause: clean(&model.causes[story.events[*number].cause.index()]),
            at: seconds(story.events[*number].at),
        };
        Self {
            title: clean(&model.title),
            source: source(trace),
            start_unix_s: model.start_unix_micros as f64 / 1e6,
            is_cut: told.0 < window.0 || told.1 > window.1,
            window,
            more_events: reached.len().saturating_sub(MOST_EVENTS),
            events: reached.iter().take(MOST_EVENTS).map(mark).collect(),
            users,
            more_users,
            lanes,
            more_lanes,
        }
    }

    /// As an SVG document.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn svg(&self, theme: Theme) -> Result<String, PlotError> {
        Ok(picture::draw(self, theme)?.svg)
    }

    /// The part of the horizon that is shown, seconds from the start.
    #[must_use]
    pub const fn window(&self) -> (f64, f64) {
        self.window
    }

    /// Where the window is in the picture: its left and right edge, and the upper and lower edge of the lanes.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be laid out.
    pub fn place(&self) -> Result<[f64; 4], PlotError> {
        picture::place(self)
    }

    /// As a picture.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn picture(&self, theme: Theme) -> Result<Picture, PlotError> {
        Ok(picture::draw(self, theme)?.named("swimlane"))
    }
}

/// Leaves out journeys that nothing happened to, if there are many; returns how many are left out.
fn keep_those_hit(users: &mut Vec<UserLane>) -> usize {
    let before = users.len();
    if before > ALL_USERS {
        let is_hit = |lane: &UserLane| lane.success.len() > 1;
        let any = users.iter().any(is_hit);
        users.retain(|lane| !any || is_hit(lane));
        // Lanes in which nothing happens are all alike.
        users.truncate(if any { MOST_USERS } else { ALL_USERS });
    }
    before - users.len()
}

pub(super) fn seconds(time: SimTime) -> f64 {
    time.micros() as f64 / 1e6
}

pub(super) fn source(trace: &Trace) -> String {
    let picked = trace.picked.as_ref().map(|p| {
        let rank = match p.rank {
            crate::study::Rank::Worst => "the worst",
            crate::study::Rank::Median => "the median",
            crate::study::Rank::P99 => "the 99 % quantile",
        };
        format!(", {rank} of {} by {}", crate::units::show_count(p.replications), p.figure)
    });
    format!("replication {}, seed {}{}", trace.replication, trace.seed, picked.unwrap_or_default())
}

/// The first and the last instant at which something happens.
fn told(story: &Story, horizon: f64) -> (f64, f64) {
    let at = |entry: Option<&crate::measure::Entry>| entry.map(|e| seconds(e.at));
    (at(story.entries.first()).unwrap_or(0.0), at(story.entries.last()).unwrap_or(horizon))
}

/// From before the first event that reached users until after they have recovered; all if none did.
fn window(story: &Story, users: &[UserLane], horizon: f64) -> (f64, f64) {
    let reached = story.events.iter().skip(1).filter(|e| e.reached_users).map(|e| seconds(e.at));
    let changes = users.iter().flat_map(|u| u.success.iter().skip(1).map(|(at, _)| *at));
    let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
    for at in reached.chain(changes) {
        (from, to) = (from.min(at), to.max(at));
    }
    if from > to {
        return (0.0, horizon.max(1.0));
    }
    let pad = (0.06 * (to - from)).max(600.0);
    ((from - pad).max(0.0), (to + pad).min(horizon).max(from + 1.0))
}

/// How each journey of each population fares.
fn users(model: &Model, story: &Story, horizon: f64) -> Vec<UserLane> {
    let mut lanes: BTreeMap<usize, UserLane> = BTreeMap::new();
    for usage in 0..model.usages.len() {
        let (journey, population) = model.usage_name(crate::model::UsageId::at(usage));
        let names = [clean(journey), clean(population)];
        lanes.insert(usage, UserLane { names, success: vec![(0.0, 1.0)], down: Vec::new() });
    }
    let mut since: BTreeMap<usize, f64> = BTreeMap::new();
    for entry in &story.entries {
        let Happening::Users(now) = &entry.happening else { continue };
        let (at, usage) = (seconds(entry.at), now.usage.index());
        let Some(lane) = lanes.get_mut(&usage) else { continue };
        if now.at_horizon {
            continue;
        }
        if story.success.is_empty() {
            lane.success.push((at, entry.after.unwrap_or(1.0)));
        }
        if now.is == UsersState::Down {
            since.entry(usage).or_insert(at);
        } else if let Some(from) = since.remove(&usage) {
            lane.down.push((from, at));
        }
    }
    for (usage, from) in since {
        if let Some(lane) = lanes.get_mut(&usage) {
            lane.down.push((from, horizon));
        }
    }
    // Where load lets success move all the time.
    for (lane, course) in lanes.values_mut().zip(&story.success) {
        lane.success = course.iter().map(|(at, success)| (seconds(*at), *success)).collect();
    }
    lanes.into_values().collect()
}
