//! Load as it was understood: what units serve and call, how users ask, surges, responses.

use super::expression;
use crate::model::{
    Act, Autoscaling, Capacity, Change, CompId, Hazard, HazardId, Model, Occurs, Repair, Response, Session,
    Signal, Surge, Trips, UnitLoad, UsageId, UsageLoad, Watched,
};
use crate::units::{show_counted, show_percent, show_rate, show_short, show_span};

/// All of it, in lines; nothing if nothing depends on load.
pub(super) fn load(model: &Model) -> String {
    let load = &model.load;
    if load.is_empty() {
        return String::new();
    }
    let mut text = "\nload; laws by their means\n".to_owned();
    let says = |unit: &&UnitLoad| unit.capacity.is_some() || !unit.calls.is_empty();
    load.units.iter().filter(says).for_each(|unit| text.push_str(&of_unit(model, unit)));
    for index in 0..load.usages.len() {
        text.push_str(&of_usage(model, UsageId::at(index)));
    }
    load.signals.iter().for_each(|signal| text.push_str(&of_signal(model, signal)));
    load.surges.iter().for_each(|surge| text.push_str(&of_surge(model, surge)));
    load.responses.iter().for_each(|response| text.push_str(&of_response(model, response)));
    text
}

fn name(model: &Model, component: CompId) -> &str {
    model.components.get(component.index()).map_or("", |c| &c.name)
}

fn list(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn of_unit(model: &Model, unit: &UnitLoad) -> String {
    let name_of_unit = name(model, unit.unit);
    let members = model.components.get(unit.unit.index()).map_or(0, |c| c.members.len());
    let mut text = match &unit.capacity {
        None => line_of(&format!("{name_of_unit}: serves any load"), 2),
        Some(capacity) => {
            let all = show_rate(capacity.of_all(members));
            let members = match members {
                0 => "without members".to_owned(),
                1 => "by its only member".to_owned(),
                n if capacity.by_member.is_empty() => {
                    let each = show_rate(capacity.per_member);
                    format!("{each} for each of {}", show_counted(n as u64, "member"))
                }
                _ => by_region(model, unit.unit, capacity),
            };
            line_of(&format!("{name_of_unit}: serves {all}, {members}{}", overload(capacity)), 2)
        }
    };
    if let Some(capacity) = &unit.capacity {
        let more = [
            capacity.trips.as_ref().map(trips),
            capacity.scaling.as_ref().map(|scaling| autoscaling(model, scaling)),
        ];
        more.into_iter().flatten().for_each(|line| text.push_str(&line_of(&line, 6)));
    }
    for call in &unit.calls {
        let by = call.member.map_or(String::new(), |member| format!("{} ", name(model, member)));
        let line = format!(
            "{by}calls {}: {} for each call served, each of weight {}",
            name(model, call.to),
            show_number(call.calls),
            show_number(call.weight)
        );
        text.push_str(&line_of(&line, 6));
    }
    text
}

/// What members can serve, where those of one region differ from those of another.
fn by_region(model: &Model, unit: CompId, capacity: &Capacity) -> String {
    let members = model.components.get(unit.index()).map_or(&[][..], |c| &c.members);
    let mut regions: Vec<(&str, f64, u64)> = Vec::new();
    for (place, member) in members.iter().enumerate() {
        let region = name(model, *member).split('/').next().unwrap_or_default();
        match regions.iter_mut().find(|(known, ..)| *known == region) {
            Some((.., count)) => *count += 1,
            None => regions.push((region, capacity.of_member(place), 1)),
        }
    }
    let said = |(region, each, count): (&str, f64, u64)| {
        format!("{} for each of {} in {region}", show_rate(each), show_counted(count, "member"))
    };
    list(regions.into_iter().map(said))
}

/// As written: 0.1, 8, 1.5.
fn show_number(value: f64) -> String {
    value.to_string()
}

fn overload(capacity: &Capacity) -> String {
    let gamma = match capacity.gamma {
        gamma if gamma > 0.0 => format!("; overload eats it with gamma {}", show_number(gamma)),
        _ => "; what is above is shed".to_owned(),
    };
    let micros = capacity.warm_up.micros_f64();
    let warm_up = if micros > 0.0 { format!("; warm-up {}", show_span(micros)) } else { String::new() };
    gamma + &warm_up
}

fn trips(trips: &Trips) -> String {
    format!(
        "above {} for {} it loses {}, which restarts after {}, {} a minute",
        show_percent(trips.at),
        show_span(trips.after.micros_f64()),
        show_percent(trips.loses),
        show_span(trips.restart.mean()),
        show_percent(trips.rate * 60.0)
    )
}

fn autoscaling(model: &Model, scaling: &Autoscaling) -> String {
    let needs = scaling.needs.map_or(String::new(), |node| format!("; needs {}", expression(model, node)));
    format!(
        "scales to {} utilisation, from {} to {} of that, looking every {}, at most times {} at a look, lag {}, \
         down after {}{needs}",
        show_percent(scaling.target),
        show_percent(scaling.between.0),
        show_percent(scaling.between.1),
        show_span(scaling.every.micros_f64()),
        show_number(scaling.step),
        show_span(scaling.lag.mean()),
        show_span(scaling.down_after.micros_f64())
    )
}

/// "chat of gulf".
fn usage_name(model: &Model, usage: UsageId) -> String {
    let Some(usage) = model.usages.get(usage.index()) else { return String::new() };
    let journey = model.journeys.get(usage.journey.index()).map_or("", |j| &j.name);
    let population = model.populations.get(usage.population.index()).map_or("", |p| &p.name);
    format!("{journey} of {population}")
}

fn of_usage(model: &Model, id: UsageId) -> String {
    let Some(usage) = model.load.usages.get(id.index()) else { return String::new() };
    let rate = model.usages.get(id.index()).map_or(0.0, |usage| usage.requests_per_second);
    let priority = model.load.priorities.get(usage.class).copied().unwrap_or(0);
    let line = format!(
        "{}: {}, as a mean; priority {priority}; {} let in; {}",
        usage_name(model, id),
        show_rate(rate),
        show_percent(usage.admit),
        retries(usage)
    );
    let sessions = usage.sessions.iter().enumerate();
    let sessions = sessions.filter_map(|(call, s)| Some(session(model, id, call, s.as_ref()?)));
    line_of(&line, 2) + &sessions.collect::<String>()
}

fn retries(usage: &UsageLoad) -> String {
    if usage.backoffs.is_empty() {
        return "no retries".to_owned();
    }
    let waits = list(usage.backoffs.iter().map(|seconds| show_span(seconds * 1e6)));
    let count = usage.backoffs.len() as u64;
    let count = if count == 1 { "1 retry".to_owned() } else { format!("{count} retries") };
    let budget = usage.budget.map_or(String::new(), |budget| {
        let (ratio, most) = (show_number(budget.ratio), show_short(budget.most));
        format!("; a budget of {ratio} for each success, at most {most}")
    });
    format!("{count} after {waits}{budget}")
}

fn session(model: &Model, usage: UsageId, call: usize, session: &Session) -> String {
    let mut text = String::new();
    for (route, keepers) in &session.kept_in {
        let route = model.routes.get(route.index()).map_or("", |route| &route.name);
        let keepers = list(keepers.iter().map(|unit| name(model, *unit).to_owned()));
        let line = format!(
            "call {} of {}: sessions of {}, kept in {keepers} ({route}), retried after {}",
            call + 1,
            usage_name(model, usage),
            show_span(session.mean * 1e6),
            show_span(session.retry * 1e6)
        );
        text.push_str(&line_of(&line, 6));
    }
    text
}

fn of_signal(model: &Model, signal: &Signal) -> String {
    let watched = match &signal.watches {
        Watched::Failing { .. } => "the failing share of requests".to_owned(),
        Watched::Utilisation(units) => {
            format!("the highest load of {}", list(units.iter().map(|u| name(model, *u).to_owned())))
        }
    };
    line_of(&format!("state {}: watches {watched}", name(model, signal.component)), 2)
}

fn hazard(model: &Model, hazard: HazardId) -> Option<&Hazard> {
    model.hazards.get(hazard.index())
}

/// When a hazard occurs, in a few words.
fn occurs(model: &Model, id: HazardId) -> String {
    let Some(hazard) = hazard(model, id) else { return String::new() };
    let when = match &hazard.occurs {
        Occurs::At(times) => format!("at {}", list(times.iter().map(|t| show_span(t.micros() as f64)))),
        Occurs::Between(from, to) => {
            format!("between {} and {}", show_span(from.micros() as f64), show_span(to.micros() as f64))
        }
        Occurs::Every(law) => format!("every {}", show_span(law.mean())),
        Occurs::When(node) => format!("when {}", expression(model, *node)),
    };
    match hazard.probability {
        p if p < 1.0 => format!("{when}, with {} probability", show_percent(p)),
        _ => when,
    }
}

fn of_surge(model: &Model, surge: &Surge) -> String {
    let mean = surge.change.size().mean();
    let change = match &surge.change {
        Change::Factor(_) => format!("demand times {}", show_short(mean)),
        Change::Adds(_) => format!("{} users more", show_short(mean)),
        Change::Moves(_) => format!("{} of calls move", show_percent(mean)),
    };
    let usages = match surge.usages.len() {
        0 => "concerns nobody".to_owned(),
        _ => list(surge.usages.iter().map(|usage| usage_name(model, *usage))),
    };
    let line = format!(
        "surge {}: {}: {change} for {usages}; ramp {}, lasts {}, decay {}",
        surge.name,
        occurs(model, surge.hazard),
        show_span(surge.ramp.mean()),
        show_span(surge.lasts.mean()),
        show_span(surge.decay.mean())
    );
    line_of(&line, 2)
}

fn of_response(model: &Model, response: &Response) -> String {
    let repair = hazard(model, response.hazard)
        .and_then(|hazard| model.strikes.get(hazard.strikes.start))
        .and_then(|strike| model.repairs.get(strike.repair.index()));
    let crew = |repair: &Repair| {
        let crew = repair.crew.and_then(|crew| model.crews.get(crew.index()));
        crew.map_or(String::new(), |crew| format!("waits for {}, ", crew.name))
    };
    let takes = repair.map_or(String::new(), |repair| {
        let (decide, apply) = (show_span(repair.detect.mean()), show_span(repair.work.mean()));
        format!("decides in {decide}, {}applies in {apply}", crew(repair))
    });
    let undo = match response.undo.and_then(|undo| model.load.signals.get(undo.index())) {
        Some(signal) => format!("undone once {}", name(model, signal.component)),
        None => "never undone".to_owned(),
    };
    let line = format!(
        "response {}: {}; {takes}; works with {}; {undo}",
        response.name,
        occurs(model, response.hazard),
        show_percent(response.works)
    );
    let acts = response.acts.iter().map(|act| line_of(&of_act(model, act), 6));
    line_of(&line, 2) + &acts.collect::<String>()
}

fn of_act(model: &Model, act: &Act) -> String {
    let units = |units: &[CompId]| list(units.iter().map(|unit| name(model, *unit).to_owned()));
    match act {
        Act::Admit(usages, share) => {
            let usages = list(usages.iter().map(|usage| usage_name(model, *usage)));
            format!("lets in {} of {usages}", show_percent(*share))
        }
        Act::Capacity(members, rate) => {
            format!("gives members of {} {}", holders(model, members), show_rate(*rate))
        }
        Act::Shed(list, most) => format!("lets in {} of what {} can serve", show_percent(*most), units(list)),
        Act::Route(places) => {
            let place = |(route, place): &(crate::model::RouteId, u32)| {
                let route = model.routes.get(route.index())?;
                let unit = route.units.get(*place as usize)?;
                Some(format!("{} to {}", route.name, name(model, *unit)))
            };
            format!("sends {}", list(places.iter().filter_map(place)))
        }
        Act::RollBack(id) => format!("rolls back {}", hazard(model, *id).map_or("", |hazard| &hazard.name)),
    }
}

/// The units of members, and where those of some regions only are meant the regions: "sign-in in north".
fn holders(model: &Model, members: &[CompId]) -> String {
    let mut units: Vec<(CompId, Vec<CompId>)> = Vec::new();
    for member in members {
        let unit = model.components.get(member.index()).and_then(|c| c.member_of).unwrap_or(*member);
        match units.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, some)) => some.push(*member),
            None => units.push((unit, vec![*member])),
        }
    }
    let said = |(unit, some): (CompId, Vec<CompId>)| {
        let all = model.components.get(unit.index()).map_or(0, |c| c.members.len());
        let region = |member: &CompId| name(model, *member).split('/').next().unwrap_or_default().to_owned();
        let mut regions: Vec<String> = some.iter().map(region).collect();
        regions.dedup();
        let place = if some.len() < all { format!(" in {}", regions.join(" and ")) } else { String::new() };
        format!("{}{place}", name(model, unit))
    };
    list(units.into_iter().map(said))
}

/// A line; the page breaks it.
fn line_of(text: &str, indent: usize) -> String {
    format!("{:indent$}{text}\n", "")
}
