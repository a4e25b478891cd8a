//! States of components and of the ways of users over a replication.

use std::collections::{BTreeMap, BTreeSet};

use super::super::text::clean;
use super::{Lane, Segment, State, seconds};
use crate::measure::{
    Entry, Happening, LoadStep, Overload, RepairStep, Restart, RouteStep, StandbyPhase, Story,
};
use crate::model::{CompId, Model, RouteId, UsageId};

/// Who has a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plot) enum Who {
    /// Users who are moved.
    Way(RouteId),
    /// Users who turn to an alternative: usage and service.
    Alternative(UsageId, u32),
    Component(CompId),
}

/// What is known of a component at an instant.
#[derive(Debug, Clone, Default)]
struct Component {
    level: Option<f64>,
    /// Events because of which calls fail, or which wait to be mended.
    errors: BTreeSet<u32>,
    waiting: BTreeSet<u32>,
    struck: BTreeSet<u32>,
    restart: Restart,
    is_reforming: bool,
    is_overloaded: bool,
    standby: Option<StandbyPhase>,
}

impl Component {
    fn state(&self) -> Option<State> {
        let level = self.level.unwrap_or(1.0);
        let idle = self.standby == Some(StandbyPhase::Idle) && self.struck.is_empty();
        match (self.restart, self.standby) {
            _ if idle => None,
            (Restart::Waits, _) => Some(State::Waiting),
            (Restart::Restarts | Restart::BlackStarts, _) => Some(State::Restarting),
            _ if level < 1.0 && !self.waiting.is_empty() => Some(State::Waiting),
            (_, Some(StandbyPhase::Starting)) => Some(State::Restarting),
            _ if level <= 0.0 => Some(State::Down),
            _ if self.is_overloaded => Some(State::Overloaded),
            _ if level < 1.0 || !self.errors.is_empty() || self.is_reforming => Some(State::Degraded),
            _ => None,
        }
    }
}

/// Lanes in order: ways of users first, then components by name; those with the same course share one.
pub(super) fn of(model: &Model, story: &Story, horizon: f64) -> Vec<Lane> {
    together(model, courses(story, horizon))
}

/// The states that each of them goes through, where it is not whole.
pub(in crate::plot) fn courses(story: &Story, horizon: f64) -> BTreeMap<Who, Vec<Segment>> {
    let mut components: BTreeMap<CompId, Component> = BTreeMap::new();
    let mut open: BTreeMap<Who, (f64, State)> = BTreeMap::new();
    let mut courses: BTreeMap<Who, Vec<Segment>> = BTreeMap::new();
    let mut set = |who: Who, at: f64, state: Option<State>| {
        let before = open.get(&who).copied();
        if before.map(|(_, state)| state) == state {
            return;
        }
        if let Some((from, state)) = before {
            open.remove(&who);
            if at > from {
                courses.entry(who).or_default().push(Segment { from, to: at, state });
            }
        }
        if let Some(state) = state {
            open.insert(who, (at, state));
        }
    };
    for entry in &story.entries {
        let at = seconds(entry.at);
        if let Some((who, state)) = of_users(entry) {
            set(who, at, state);
        }
        if let Some(id) = component_of(&entry.happening) {
            let component = components.entry(id).or_default();
            note(component, entry);
            set(Who::Component(id), at, component.state());
        }
    }
    for (who, (from, state)) in open {
        if horizon > from {
            courses.entry(who).or_default().push(Segment { from, to: horizon, state });
        }
    }
    courses
}

/// The state of users on a way, if that is what an entry tells.
fn of_users(entry: &Entry) -> Option<(Who, Option<State>)> {
    match &entry.happening {
        Happening::Moves { route, step, .. } => {
            let state = match step {
                RouteStep::Detects | RouteStep::NoTarget | RouteStep::Stalls => Some(State::Waiting),
                RouteStep::Shifts | RouteStep::ShiftsAgain | RouteStep::GoesOn | RouteStep::Returns => {
                    Some(State::Restarting)
                }
                RouteStep::Moved | RouteStep::Stays => Some(State::Elsewhere),
                RouteStep::CalledOff | RouteStep::Back => None,
            };
            Some((Who::Way(*route), state))
        }
        Happening::Switches { usage, to, on, .. } => {
            Some((Who::Alternative(*usage, to.0), on.then_some(State::Elsewhere)))
        }
        _ => None,
    }
}

const fn component_of(happening: &Happening) -> Option<CompId> {
    match happening {
        Happening::Struck { component, .. }
        | Happening::Repair { component, .. }
        | Happening::Standby { component, .. }
        | Happening::Level { component, .. }
        | Happening::Restart { component, .. } => Some(*component),
        Happening::Reforms { unit, .. } | Happening::Reformed { unit } | Happening::Load { unit, .. } => {
            Some(*unit)
        }
        _ => None,
    }
}

fn note(component: &mut Component, entry: &Entry) {
    let events = || entry.events.iter().copied();
    if entry.after.is_some_and(|level| level <= 0.0) {
        component.is_overloaded = false;
    }
    match &entry.happening {
        Happening::Struck { errors, .. } => {
            component.level = entry.after;
            component.struck.extend(events());
            if *errors > 0.0 {
                component.errors.extend(events());
            }
        }
        Happening::Repair { step, .. } => match step {
            RepairStep::WaitsForPermit | RepairStep::WaitsForCrew | RepairStep::Halts => {
                component.waiting.extend(events());
            }
            RepairStep::Mended => events().for_each(|event| {
                component.waiting.remove(&event);
                component.errors.remove(&event);
                component.struck.remove(&event);
            }),
            _ => events().for_each(|event| {
                component.waiting.remove(&event);
            }),
        },
        Happening::Standby { phase, .. } => {
            component.standby = Some(*phase);
            component.level = entry.after;
        }
        Happening::Level { .. } => {
            component.level = entry.after;
            component.restart = Restart::No;
        }
        Happening::Restart { restart, .. } => component.restart = *restart,
        Happening::Reforms { errors, .. } => component.is_reforming = *errors > 0.0,
        Happening::Reformed { .. } => component.is_reforming = false,
        Happening::Load { step: LoadStep::Overload(step), .. } => {
            component.is_overloaded = !matches!(step, Overload::Ends { .. });
        }
        _ => {}
    }
}

fn together(model: &Model, courses: BTreeMap<Who, Vec<Segment>>) -> Vec<Lane> {
    let name = |who: Who| match who {
        Who::Way(route) => clean(&model.routes[route.index()].name),
        Who::Alternative(usage, service) => {
            let (journey, population) = model.usage_name(usage);
            clean(&format!("{journey} {population} to {}", model.services[service as usize].name))
        }
        Who::Component(component) => clean(&model.components[component.index()].name),
    };
    let mut lanes: Vec<(bool, Lane)> = Vec::new();
    for (who, segments) in courses {
        let (is_component, name) = (matches!(who, Who::Component(_)), name(who));
        let same = |(kind, lane): &&mut (bool, Lane)| *kind == is_component && lane.segments == segments;
        match lanes.iter_mut().find(same) {
            Some((_, lane)) => lane.names.push(name),
            None => lanes.push((is_component, Lane { names: vec![name], segments })),
        }
    }
    lanes.into_iter().map(|(_, lane)| lane).collect()
}

/// Keeps the lanes with most time in any state, in their order; returns how many are left out.
pub(super) fn keep_most_telling(lanes: &mut Vec<Lane>, most: usize) -> usize {
    let time = |lane: &Lane| lane.segments.iter().map(|s| s.to - s.from).sum::<f64>();
    let mut times: Vec<f64> = lanes.iter().map(time).collect();
    times.sort_by(|a, b| b.total_cmp(a));
    let before = lanes.len();
    if let Some(least) = times.get(most) {
        let least = *least;
        lanes.retain(|lane| time(lane) > least);
    }
    before - lanes.len()
}
