//! Responses of operators.

use super::place_of;
use super::signals::{Level, position, signal, watched};
use super::sizes::parts_of;
use super::surges::refuse_name_of;
use crate::law::Law;
use crate::model::{
    ActDraft, Builder, CompId, HazardId, JourneyId, RepairDraft, ResponseDraft, ResponseId, RouteId,
    ServiceId, SignalId, UnknownPlace,
};
use crate::scenario::decode::{Spanned, unknown_name};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::components::UnitOf;
use crate::scenario::lower::expressions::Resolver;
use crate::scenario::lower::laws::law;
use crate::scenario::lower::names::{Names, Place};
use crate::scenario::spec::{ActSpec, CalmSpec, ExpressionKind, ExpressionSpec, ResponseSpec, StateSpec};

/// The routes of each population, with their units, home first.
pub(in crate::scenario::lower) type RoutesOf = Vec<Vec<(RouteId, Vec<CompId>)>>;

/// Adds all responses.
pub(in crate::scenario::lower) fn add_responses(
    names: &Names<'_>,
    units: &[UnitOf],
    routes: &RoutesOf,
    builder: &mut Builder,
    found: &mut Diagnostics,
) {
    let spec = names.spec;
    for (name, response) in &spec.responses {
        refuse_name_of(name, &spec.hazards, "hazard", found);
        refuse_name_of(name, &spec.surges, "surge", found);
        let when =
            Resolver::new(names, Place::default(), &name.value, builder, found).condition(&response.when);
        let repair = repair(response, names, found);
        let acts = response.does.iter().filter_map(|spec| act(spec, names, units, routes, found)).collect();
        let undo = response.undo.as_ref().and_then(|calm| undo(calm, response, names, builder, found));
        if let Some(when) = when {
            let name = name.value.clone();
            let works = response.works.value;
            let id = builder.response(ResponseDraft { name, when, repair, works, acts, undo });
            say_unknown(id, response, builder);
        }
    }
}

/// Says which of its figures nobody knows.
fn say_unknown(id: ResponseId, response: &ResponseSpec, builder: &mut Builder) {
    let mut all = vec![(UnknownPlace::ResponseWorks(id), response.works)];
    for (number, act) in response.does.iter().enumerate() {
        match act {
            ActSpec::Admit(_, size) | ActSpec::Capacity(_, _, size) | ActSpec::Shed(_, size) => {
                all.push((UnknownPlace::Act(id, number), *size));
            }
            ActSpec::Route(..) | ActSpec::RollBack(_) => {}
        }
    }
    for (place, figure) in all {
        figure.unknown.into_iter().for_each(|number| builder.unknown_at(place, number));
    }
}

/// Who decides and applies it, and how long that takes.
fn repair(response: &ResponseSpec, names: &Names<'_>, found: &mut Diagnostics) -> RepairDraft {
    let crew = response.crew.as_ref().and_then(|crew| names.crew_or_error(crew, found));
    RepairDraft {
        detect: law(&response.decide, response.span, found),
        crew,
        travel: Law::ZERO,
        ..RepairDraft::of(law(&response.apply, response.span, found))
    }
}

fn act(
    spec: &ActSpec,
    names: &Names<'_>,
    units: &[UnitOf],
    routes: &RoutesOf,
    found: &mut Diagnostics,
) -> Option<ActDraft> {
    let scenario = names.spec;
    Some(match spec {
        ActSpec::Admit(name, share) => {
            ActDraft::Admit(JourneyId::at(position(name, "journey", &scenario.journeys, found)?), share.value)
        }
        ActSpec::Capacity(name, region, rate) => {
            let service = with_capacity(name, names, found)?;
            let members = members_to_change((name, service), region.as_ref(), units, names, found)?;
            ActDraft::Capacity(members, rate.value)
        }
        ActSpec::Shed(name, share) => ActDraft::Shed(with_capacity(name, names, found)?, share.value),
        ActSpec::Route(name, regions) => {
            let population = position(name, "population", &scenario.users, found)?;
            ActDraft::Route(places(name, routes.get(population)?, regions, names, found)?)
        }
        ActSpec::RollBack(name) => {
            ActDraft::RollBack(HazardId::at(position(name, "hazard", &scenario.hazards, found)?))
        }
    })
}

/// A service whose capacity is limited, so that it can be changed.
fn with_capacity(name: &Spanned<String>, names: &Names<'_>, found: &mut Diagnostics) -> Option<ServiceId> {
    let service = position(name, "service", &names.spec.services, found)?;
    if names.spec.services[service].1.capacity.is_none() {
        let message = format!("`{}` can serve any load, so there is no capacity to change", name.value);
        found.error(name.span, message, "expected a service with a `capacity`");
        return None;
    }
    Some(ServiceId::at(service))
}

/// The members of a service that a path means: those in a region with a size of its own, or those in all other regions.
fn members_to_change(
    (name, service): (&Spanned<String>, ServiceId),
    region: Option<&Spanned<String>>,
    units: &[UnitOf],
    names: &Names<'_>,
    found: &mut Diagnostics,
) -> Option<Vec<CompId>> {
    let (_, spec) = &names.spec.services[service.index()];
    let in_regions = spec.capacity.as_ref().map_or(&[][..], |capacity| &capacity.in_regions);
    let with_own: Vec<&str> = in_regions.iter().map(|(region, _)| region.value.as_str()).collect();
    if let Some(region) = region
        && !with_own.contains(&region.value.as_str())
    {
        unknown_name(&region.value, region.span, "region with its own size", &with_own, found);
        return None;
    }
    let is_meant = |place: Option<&str>| match region {
        Some(region) => place == Some(region.value.as_str()),
        None => place.is_none_or(|place| !with_own.contains(&place)),
    };
    let parts = parts_of(service, units, names).into_iter();
    let members: Vec<CompId> = parts.filter(|(_, place)| is_meant(*place)).map(|(part, _)| part).collect();
    if members.is_empty() && !with_own.is_empty() {
        let message = format!("every region of `{}` has a size of its own", name.value);
        found.error(
            name.span,
            message,
            "expected the path of one of them, `...capacity.in_regions.REGION.per_member`",
        );
        return None;
    }
    Some(members)
}

/// On each route of a population the place of the first of the regions that it leads to.
fn places(
    users: &Spanned<String>,
    routes: &[(RouteId, Vec<CompId>)],
    regions: &[Spanned<String>],
    names: &Names<'_>,
    found: &mut Diagnostics,
) -> Option<Vec<(RouteId, u32)>> {
    let known: Vec<&str> = names.spec.regions.iter().map(|(name, _)| name.value.as_str()).collect();
    for region in regions.iter().filter(|region| !known.contains(&region.value.as_str())) {
        unknown_name(&region.value, region.span, "region", &known, found);
    }
    let place = |units: &[CompId]| {
        regions.iter().find_map(|region| {
            units.iter().position(|unit| place_of(names, *unit).region == Some(region.value.as_str()))
        })
    };
    let places: Vec<(RouteId, u32)> =
        routes.iter().filter_map(|(route, units)| Some((*route, place(units)? as u32))).collect();
    let Some(first) = regions.first().filter(|_| places.is_empty()) else { return Some(places) };
    if known.contains(&first.value.as_str()) {
        let message = format!("users \"{}\" have no way to `{}`", users.value, first.value);
        let label = "expected a region in their `route`, with a Regional service that they call";
        found.error(first.span, message, label);
    }
    None
}

/// The signal of the calm: it watches what the response's condition watches first.
fn undo(
    calm: &CalmSpec,
    response: &ResponseSpec,
    names: &Names<'_>,
    builder: &mut Builder,
    found: &mut Diagnostics,
) -> Option<SignalId> {
    let Some(state) = first_state(&response.when) else {
        let label = "expected `Failing(...)` or `Overloaded(...)` in `when`, which is what it watches";
        found.error(calm.span, "`Calm` has nothing to watch", label);
        return None;
    };
    if calm.below.ends.1 > state.above.ends.0 {
        let message = "calm begins above where trouble does";
        found.error(calm.span, message, "expected `below` to be at most the `above` of what is watched");
        return None;
    }
    // What is wrong with it has been said of the condition.
    let watches = watched(&state.watches, names, &mut Diagnostics::new())?;
    let level = Level { threshold: calm.below, below: true, holds_for: calm.holds_for };
    Some(signal(&state.watches, watches, level, builder).0)
}

fn first_state(condition: &ExpressionSpec) -> Option<&StateSpec> {
    match &condition.kind {
        ExpressionKind::State(state) => Some(state),
        ExpressionKind::All(list)
        | ExpressionKind::Any(list)
        | ExpressionKind::Share(list)
        | ExpressionKind::AtLeast(_, list) => list.iter().find_map(first_state),
        ExpressionKind::Up(inner) | ExpressionKind::Down(inner) | ExpressionKind::Not(inner) => {
            first_state(inner)
        }
        ExpressionKind::Entry(entry) => first_state(&entry.on),
        ExpressionKind::Name(_) | ExpressionKind::Reach(_) => None,
    }
}
