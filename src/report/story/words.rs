//! What happened, in words: who, and what of it.

use super::load_words::{jam_words, load_kind, load_words, response_words, surge_words};
use super::names::{seen_from, together};
use crate::measure::{
    Copying, Entry, Happening, RepairStep, Restart, RouteStep, StandbyPhase, Story, UsersNow, UsersState,
};
use crate::model::{
    CompId, Expressions, HoldId, Model, NodeId, RepairId, Root, RouteId, ServiceId, UsageId, root_of,
};
use crate::time::SimSpan;
use crate::units::{show_percent, show_short, show_span};

/// What is said of a failure that has been noticed.
pub(super) const DETECTED: &str = ": detected";

/// Kind of an entry, as JSON calls it.
pub(super) const fn kind(happening: &Happening) -> &'static str {
    match happening {
        Happening::Begins { .. } => "initiating_event",
        Happening::Struck { .. } => "struck",
        Happening::Repair { step, .. } => match step {
            RepairStep::Detected => "detected",
            RepairStep::WaitsForPermit => "repair_waits_for_permit",
            RepairStep::WaitsForCrew => "repair_waits_for_crew",
            RepairStep::SetsOut => "crew_sets_out",
            RepairStep::Work => "repair_work",
            RepairStep::Halts => "repair_halts",
            RepairStep::GoesOn => "repair_goes_on",
            RepairStep::Mended => "mended",
        },
        Happening::Carries { .. } => "holdover_carries",
        Happening::RanOut { .. } => "holdover_ran_out",
        Happening::Relieved { .. } => "holdover_relieved",
        Happening::Standby { phase, .. } => match phase {
            StandbyPhase::Starting => "standby_starts",
            StandbyPhase::Running => "standby_runs",
            StandbyPhase::Idle => "standby_stops",
        },
        Happening::Level { .. } => "level",
        Happening::Restart { restart, .. } => match restart {
            Restart::Waits => "restart_waits",
            Restart::BlackStarts => "black_start",
            Restart::Restarts | Restart::No => "restart",
        },
        Happening::Reforms { .. } => "reforms",
        Happening::Reformed { .. } => "reformed",
        Happening::Copies { copying, .. } => match copying {
            Copying::StandsStill => "replication_stands_still",
            Copying::CatchesUp => "replication_catches_up",
            Copying::Current => "replication_current",
            Copying::Lost => "data_lost",
        },
        Happening::Surge { .. }
        | Happening::Load { .. }
        | Happening::Jam { .. }
        | Happening::SignedOut { .. }
        | Happening::Retries { .. }
        | Happening::Response { .. } => load_kind(happening),
        Happening::Moves { step, .. } => match step {
            RouteStep::Detects => "failover_detects",
            RouteStep::CalledOff => "failover_called_off",
            RouteStep::NoTarget => "failover_no_target",
            RouteStep::Shifts => "failover_shifts",
            RouteStep::ShiftsAgain => "failover_shifts_again",
            RouteStep::Stalls => "failover_stalls",
            RouteStep::GoesOn => "failover_goes_on",
            RouteStep::Moved => "failover_moved",
            RouteStep::Returns => "failover_returns",
            RouteStep::Back => "failover_back",
            RouteStep::Stays => "failover_stays",
        },
        Happening::Switches { on: true, .. } => "turns_to_alternative",
        Happening::Switches { on: false, .. } => "turns_back",
        Happening::Users(UsersNow { at_horizon: true, .. }) => "users_at_horizon",
        Happening::Users(users) => match users.is {
            UsersState::Up => "users_up",
            UsersState::Degraded => "users_degraded",
            UsersState::Down => "users_down",
        },
    }
}

/// Who or what an entry is about.
pub(super) fn subject(model: &Model, story: &Story, entry: &Entry) -> String {
    let name = |c: CompId| model.components[c.index()].name.clone();
    match &entry.happening {
        Happening::Begins { event } => cause(model, story, *event).to_owned(),
        Happening::Struck { component, .. }
        | Happening::Repair { component, .. }
        | Happening::Standby { component, .. }
        | Happening::Level { component, .. }
        | Happening::Restart { component, .. } => name(*component),
        Happening::Reforms { unit, .. } | Happening::Reformed { unit } => name(*unit),
        Happening::Carries { hold } | Happening::RanOut { hold, .. } | Happening::Relieved { hold, .. } => {
            owner_of(model, *hold)
        }
        Happening::Copies { replica, .. } => {
            format!("replication of {}", model.replicas[replica.index()].name)
        }
        Happening::Surge { surge, .. } => model.load.surges[surge.index()].name.clone(),
        Happening::Load { unit, .. } => name(*unit),
        Happening::Jam { path, .. } => name(*path),
        Happening::SignedOut { usage, .. } | Happening::Retries { usage, .. } => usage_name(model, *usage),
        Happening::Response { response, .. } => model.load.responses[response.index()].name.clone(),
        Happening::Moves { route, .. } => model.routes[route.index()].name.clone(),
        Happening::Switches { usage, .. } => usage_name(model, *usage),
        Happening::Users(users) => usage_name(model, users.usage),
    }
}

/// What attribution calls an initiating event.
pub(super) fn cause<'m>(model: &'m Model, story: &Story, event: u32) -> &'m str {
    let cause = story.events.get(event as usize).map_or(Model::NO_CAUSE, |e| e.cause);
    &model.causes[cause.index()]
}

fn usage_name(model: &Model, usage: UsageId) -> String {
    let (journey, population) = model.usage_name(usage);
    format!("{journey} {population}")
}

/// What happens to it. Starts with what follows the subject: a space, or a colon.
pub(super) fn predicate(model: &Model, entry: &Entry) -> String {
    let (before, after) = (entry.before.unwrap_or(1.0), entry.after.unwrap_or(1.0));
    match &entry.happening {
        Happening::Begins { .. } => String::new(),
        Happening::Struck { component, errors, of_a_unit } => {
            struck(model, *component, *errors, *of_a_unit, (before, after))
        }
        Happening::Repair { repair, step, .. } => repair_step(model, *repair, *step),
        Happening::Carries { hold } => format!(": holdover carries on without {}", needed(model, *hold)),
        Happening::RanOut { hold, carried } => {
            format!(": holdover for {} used up after {}", needed(model, *hold), span(carried))
        }
        Happening::Relieved { hold, carried } => {
            format!(": {} there again, holdover carried it for {}", needed(model, *hold), span(carried))
        }
        Happening::Standby { phase, .. } => standby(*phase, after).to_owned() + &of_its_capacity(after),
        Happening::Level { restart, .. } => level(*restart, before, after),
        Happening::Restart { component, restart } => match restart {
            Restart::Waits => {
                let needs = model.components[component.index()].starts_with;
                format!(": ready to restart, but that needs {}", all_of(model, needs))
            }
            Restart::BlackStarts => ": black start begins".to_owned(),
            Restart::Restarts | Restart::No => ": restart begins".to_owned(),
        },
        Happening::Reforms { errors, .. } if *errors > 0.0 => {
            format!(": re-forming, {} of calls fail meanwhile", show_percent(*errors))
        }
        Happening::Reforms { .. } => ": re-forming".to_owned(),
        Happening::Reformed { .. } => ": re-formed".to_owned(),
        Happening::Copies { copying, lag, .. } => copies(*copying, *lag),
        Happening::Surge { surge, step, size } => surge_words(model, *surge, *step, *size),
        Happening::Load { step, .. } => load_words(step),
        Happening::Jam { dropped, .. } => jam_words(*dropped),
        Happening::SignedOut { users, .. } if *users > 0.0 => {
            format!(": {} users signed out", show_short(*users))
        }
        Happening::SignedOut { .. } => ": users have signed in again".to_owned(),
        Happening::Retries { amplification, .. } if *amplification > 1.0 => {
            format!(": retries pile up, {amplification:.1} first calls a request")
        }
        Happening::Retries { .. } => ": retries have drained".to_owned(),
        Happening::Response { step, .. } => response_words(*step).to_owned(),
        Happening::Moves { route, step, from, to } => moves(model, *route, *step, (*from, *to)),
        Happening::Switches { from, to, on, .. } => {
            let name = |s: &ServiceId| model.services[s.index()].name.as_str();
            let refused = from.iter().map(name).collect::<Vec<_>>().join(", ");
            if *on {
                format!(": calls that {refused} refuses go to {}", name(to))
            } else {
                format!(": {refused} takes calls again, none go to {} any more", name(to))
            }
        }
        Happening::Users(users) => fare(model, users, 1.0 - after),
    }
}

fn struck(
    model: &Model,
    component: CompId,
    errors: f64,
    of_a_unit: bool,
    (before, after): (f64, f64),
) -> String {
    if errors > 0.0 {
        return format!(": {} of calls fail", show_percent(errors));
    }
    let standby = model.components[component.index()].standby.is_some();
    if after < before {
        level(Restart::No, before, after)
    } else if of_a_unit {
        format!(": one of {} units fails", model.components[component.index()].units)
    } else if standby {
        " struck while not running".to_owned()
    } else if after <= 0.0 {
        " struck while out".to_owned()
    } else {
        " struck, no effect yet".to_owned()
    }
}

fn repair_step(model: &Model, repair: RepairId, step: RepairStep) -> String {
    let crew = model.repairs[repair.index()].crew.map(|c| model.crews[c.index()].name.as_str());
    match step {
        RepairStep::Detected => DETECTED.to_owned(),
        RepairStep::WaitsForPermit => ": waiting for a permit".to_owned(),
        RepairStep::WaitsForCrew => format!(": waiting for a crew ({})", crew.unwrap_or("none")),
        RepairStep::SetsOut => match crew {
            Some(crew) => format!(": crew sets out ({crew})"),
            None => ": help sets out".to_owned(),
        },
        RepairStep::Work => ": repair begins".to_owned(),
        RepairStep::Halts => {
            format!(": repair stands still, it needs {}", all_of(model, model.repairs[repair.index()].needs))
        }
        RepairStep::GoesOn => ": repair goes on".to_owned(),
        RepairStep::Mended => " mended".to_owned(),
    }
}

const fn standby(phase: StandbyPhase, after: f64) -> &'static str {
    match phase {
        StandbyPhase::Starting => ": starting",
        StandbyPhase::Running if after <= 0.0 => ": failed to come up",
        StandbyPhase::Running => ": running",
        StandbyPhase::Idle => ": no longer needed, stopped",
    }
}

fn of_its_capacity(level: f64) -> String {
    if level > 0.0 && level < 1.0 { format!(" at {}", show_percent(level)) } else { String::new() }
}

fn level(restart: Restart, before: f64, after: f64) -> String {
    if after <= 0.0 {
        " out".to_owned()
    } else if after < before {
        format!(" down to {} of capacity", show_percent(after))
    } else {
        let how = match restart {
            Restart::BlackStarts => " back by black start",
            Restart::Restarts => " back after restart",
            Restart::No | Restart::Waits => " back",
        };
        how.to_owned() + &of_its_capacity(after)
    }
}

fn copies(copying: Copying, lag: SimSpan) -> String {
    match copying {
        Copying::StandsStill => " stands still".to_owned(),
        Copying::CatchesUp => format!(" catches up, {} behind", span(&lag)),
        Copying::Current => ": caught up".to_owned(),
        Copying::Lost => format!(": its source is lost for good, the copy lacks {} of data", span(&lag)),
    }
}

fn moves(model: &Model, route: RouteId, step: RouteStep, places: (CompId, CompId)) -> String {
    let name = |c: CompId| model.components[c.index()].name.as_str();
    let (from, to) = (name(places.0), name(places.1));
    match step {
        RouteStep::Detects => format!(": calls to {from} fail, failover has yet to decide"),
        RouteStep::CalledOff => format!(": calls to {from} get through again, nobody is moved"),
        RouteStep::NoTarget => ": nowhere to move to".to_owned(),
        RouteStep::Shifts => format!(": failover to {to} begins"),
        RouteStep::ShiftsAgain => format!(": failover to {to} did not work, is tried again"),
        RouteStep::Stalls => {
            let needs = shift_needs(model, route, places);
            format!(": failover to {to} stands still, it needs {}", all_of(model, needs))
        }
        RouteStep::GoesOn => format!(": failover to {to} goes on"),
        RouteStep::Moved => format!(": moved from {from} to {to}"),
        RouteStep::Returns => format!(": {to} has been whole for long enough, the way back begins"),
        RouteStep::Back => format!(": back from {from} to {to}"),
        RouteStep::Stays => format!(": home was out on arrival, they stay at {from}"),
    }
}

/// What a shift from one unit to another needs.
fn shift_needs(model: &Model, route: RouteId, (from, to): (CompId, CompId)) -> Option<NodeId> {
    let route = &model.routes[route.index()];
    let failover = route.failover.as_ref()?;
    let decides = if failover.needs_at_target { to } else { from };
    let place = route.units.iter().position(|unit| *unit == decides)?;
    failover.needs.get(place).copied().flatten()
}

/// What an expression reads, by name.
fn all_of(model: &Model, node: Option<NodeId>) -> String {
    let mut components = Vec::new();
    if let Some(node) = node {
        leaves(model, node, &mut components);
    }
    let names: Vec<&str> = components.iter().map(|c| model.components[c.index()].name.as_str()).collect();
    together(&names)
}

/// How users fare, in words that stand out.
fn fare(model: &Model, users: &UsersNow, error: f64) -> String {
    let word = |state: UsersState| match state {
        UsersState::Up => "UP",
        UsersState::Degraded => "DEGRADED",
        UsersState::Down => "DOWN",
    };
    if users.at_horizon {
        return format!(": still {} at the horizon, for {} by then", word(users.is), span(&users.lasted));
    }
    let mut text = if users.is == users.was {
        format!(": still {}", word(users.is))
    } else {
        format!(": {}", word(users.is))
    };
    if users.is != users.was && users.was != UsersState::Up {
        text += &format!(" after {} {}", span(&users.lasted), word(users.was).to_lowercase());
        let shortest =
            model.journeys[model.usages[users.usage.index()].journey.index()].objective.shortest_outage;
        if users.was == UsersState::Down && users.lasted < shortest {
            text += &format!(" (under {}, counts as degraded)", span(&shortest));
        }
    }
    if users.is == UsersState::Up {
        return text;
    }
    let failing: Vec<&str> =
        users.failing.iter().map(|c| model.components[c.index()].name.as_str()).collect();
    let failing = together(&failing);
    text += &if error > 1e-12 {
        let at = if failing.is_empty() { String::new() } else { format!(" (calls to {failing})") };
        format!(", {} of requests fail{at}", show_percent(error))
    } else if failing.is_empty() {
        ", served by an alternative".to_owned()
    } else {
        format!(", served by an alternative to {failing}")
    };
    text
}

fn span(span: &SimSpan) -> String {
    show_span(span.micros_f64())
}

/// Whose need a holdover carries.
fn owner_of(model: &Model, hold: HoldId) -> String {
    let hold = &model.holds[hold.index()];
    match root_of(&model.expressions, hold.need) {
        Root::Support(c) | Root::StartsWith(c) => model.components[c.index()].name.clone(),
        Root::Clock(mode) => model.modes[mode.index()].name.clone(),
        Root::Hazard(hazard) => model.hazards[hazard.index()].name.clone(),
        Root::Failover(route) => model.routes[route.index()].name.clone(),
        Root::Scaling(unit) => {
            let unit = model.load.units.get(unit as usize).map(|u| u.unit);
            unit.map_or(String::new(), |unit| model.components[unit.index()].name.clone())
        }
        Root::RepairNeeds(repair) => model.repairs[repair.index()].name.clone(),
    }
}

/// What the need is on, as its owner sees it.
fn needed(model: &Model, hold: HoldId) -> String {
    let mut components = Vec::new();
    leaves(model, model.holds[hold.index()].need, &mut components);
    let owner = owner_of(model, hold);
    let names: Vec<&str> =
        components.iter().map(|c| seen_from(&owner, &model.components[c.index()].name)).collect();
    together(&names)
}

fn leaves(model: &Model, node: NodeId, out: &mut Vec<CompId>) {
    if let Some(target) = Expressions::target(model.expressions.kind(node))
        && !out.contains(&target)
    {
        out.push(target);
    }
    model.expressions.children(node).iter().for_each(|child| leaves(model, *child, out));
}
