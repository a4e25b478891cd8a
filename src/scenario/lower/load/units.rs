//! What units serve, and which units they call.

use std::collections::BTreeMap;

use super::place_of;
use super::sizes::{Size, parts_of, sizes};
use crate::model::{
    Autoscaling, Builder, Capacity, CompId, Expression, ServiceId, Trips, UnitCall, UnitFigure, UnitLoad,
    UnitLoadDraft, UnknownPlace,
};
use crate::random::StreamName;
use crate::scenario::decode::Spanned;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::components::UnitOf;
use crate::scenario::lower::expressions::Resolver;
use crate::scenario::lower::laws::law;
use crate::scenario::lower::names::{Meaning, Names};
use crate::scenario::spec::{
    AutoscalingSpec, CapacitySpec, CarriesSpec, ExpressionKind, ExpressionSpec, ScenarioSpec, TripsSpec,
};
use crate::time::SimSpan;

/// Says of every unit of which the scenario says anything what it serves and calls.
pub(in crate::scenario::lower) fn add_units(
    spec: &ScenarioSpec,
    names: &Names<'_>,
    units: &[UnitOf],
    builder: &mut Builder,
    found: &mut Diagnostics,
) {
    let size_of = all_sizes(spec, names, units, found);
    for unit in units {
        let (_, service) = &spec.services[unit.service.index()];
        let capacity = service.capacity.as_ref();
        let draft = capacity.map(|capacity| laid_out(capacity, unit, &size_of, names, builder, found));
        if let Some(capacity) = capacity {
            say_unknown(capacity, unit.id, builder);
            say_unknown_sizes(unit, &size_of, builder);
        }
        let (capacity, scaling_needs) =
            draft.map_or((None, None), |(capacity, needs)| (Some(capacity), needs));
        let calls = calls(unit, &service.member.needs, &service.unit.needs, names, builder, found);
        if capacity.is_some() || !calls.is_empty() {
            builder.unit_load(UnitLoadDraft {
                load: UnitLoad { unit: unit.id, capacity, calls },
                scaling_needs,
            });
        }
    }
}

/// What each member can serve, and each unit without members, of all services with a capacity.
fn all_sizes(
    spec: &ScenarioSpec,
    names: &Names<'_>,
    units: &[UnitOf],
    found: &mut Diagnostics,
) -> BTreeMap<CompId, Size> {
    let mut all = BTreeMap::new();
    for (index, (name, service)) in spec.services.iter().enumerate() {
        if let Some(capacity) = &service.capacity {
            let parts = parts_of(ServiceId::at(index), units, names);
            all.extend(sizes(name, capacity, &parts, names, found));
        }
    }
    all
}

/// The capacity of one unit, and what its changes need.
fn laid_out(
    spec: &CapacitySpec,
    unit: &UnitOf,
    size_of: &BTreeMap<CompId, Size>,
    names: &Names<'_>,
    builder: &mut Builder,
    found: &mut Diagnostics,
) -> (Capacity, Option<Expression>) {
    let owner = names.of(unit.id);
    let needs = spec.autoscaling.as_ref().and_then(|scaling| {
        Resolver::new(names, place_of(names, unit.id), owner, builder, found).all(&scaling.needs)
    });
    let (per_member, by_member) =
        Capacity::mean_and_single(sizes_of(unit, size_of).map(|size| size.value).collect());
    let capacity = Capacity {
        per_member,
        by_member,
        gamma: spec.gamma.value,
        warm_up: SimSpan::from_micros_f64(spec.warm_up.value),
        trips: spec.trips.as_ref().map(|spec| trips(spec, owner, found)),
        scaling: spec.autoscaling.as_ref().map(|spec| scaling(spec, owner, found)),
    };
    (capacity, needs)
}

/// Says which figures of a unit nobody knows.
fn say_unknown(spec: &CapacitySpec, unit: CompId, builder: &mut Builder) {
    let mut all = vec![(UnitFigure::Gamma, spec.gamma), (UnitFigure::WarmUp, spec.warm_up)];
    if let Some(trips) = &spec.trips {
        all.extend([
            (UnitFigure::TripsAt, trips.at),
            (UnitFigure::TripsAfter, trips.after),
            (UnitFigure::TripsLose, trips.loses),
            (UnitFigure::TripsRate, trips.rate),
        ]);
    }
    if let Some(scaling) = &spec.autoscaling {
        all.extend([
            (UnitFigure::Target, scaling.target),
            (UnitFigure::Every, scaling.every),
            (UnitFigure::Step, scaling.step),
            (UnitFigure::Least, scaling.least),
            (UnitFigure::Most, scaling.most),
            (UnitFigure::DownAfter, scaling.down_after),
        ]);
    }
    for (place, figure) in all {
        figure.unknown.into_iter().for_each(|n| builder.unknown_at(UnknownPlace::Unit(unit, place), n));
    }
}

/// The sizes of a unit's members, or its own where it has none.
fn sizes_of<'s>(unit: &UnitOf, size_of: &'s BTreeMap<CompId, Size>) -> impl Iterator<Item = &'s Size> {
    let parts = if unit.members.is_empty() { std::slice::from_ref(&unit.id) } else { &unit.members };
    parts.iter().filter_map(|part| size_of.get(part))
}

/// Says which sizes nobody knows: one figure where it is that of all members, else all figures of each member.
fn say_unknown_sizes(unit: &UnitOf, size_of: &BTreeMap<CompId, Size>, builder: &mut Builder) {
    let sizes: Vec<&Size> = sizes_of(unit, size_of).collect();
    if let [first, others @ ..] = sizes.as_slice()
        && let [(number, times)] = first.unknown.as_slice()
        && first.is_one_figure
        && others.iter().all(|other| other == first)
    {
        builder.unknown_times(UnknownPlace::Unit(unit.id, UnitFigure::PerMember), *number, *times);
        return;
    }
    for (place, size) in sizes.into_iter().enumerate() {
        for (number, times) in &size.unknown {
            builder.unknown_times(UnknownPlace::Member(unit.id, place), *number, *times);
        }
    }
}

fn trips(spec: &TripsSpec, owner: &str, found: &mut Diagnostics) -> Trips {
    Trips {
        at: spec.at.value,
        after: SimSpan::from_micros_f64(spec.after.value),
        loses: spec.loses.value,
        restart: law(&spec.restart, spec.span, found),
        restart_stream: StreamName::new(owner, "trip restart"),
        rate: spec.rate.value,
    }
}

fn scaling(spec: &AutoscalingSpec, owner: &str, found: &mut Diagnostics) -> Autoscaling {
    Autoscaling {
        target: spec.target.value,
        every: SimSpan::from_micros_f64(spec.every.value),
        lag: law(&spec.lag, spec.span, found),
        lag_stream: StreamName::new(owner, "autoscaling lag"),
        step: spec.step.value,
        between: (spec.least.value, spec.most.value),
        down_after: SimSpan::from_micros_f64(spec.down_after.value),
        needs: None,
    }
}

/// What a unit calls: each member what its needs carry, a provider without members what its own do.
fn calls(
    unit: &UnitOf,
    of_member: &[ExpressionSpec],
    of_unit: &[ExpressionSpec],
    names: &Names<'_>,
    builder: &mut Builder,
    found: &mut Diagnostics,
) -> Vec<UnitCall> {
    let mut calls = Vec::new();
    let members = unit.members.iter().map(|member| (Some(*member), of_member));
    for (member, needs) in members.chain([(None, of_unit)]) {
        for (carries, from) in carried(needs) {
            let Some(call) = call(unit.id, member, carries, from, names, found) else { continue };
            let places = [
                (UnknownPlace::Calls(unit.id, calls.len()), carries.calls),
                (UnknownPlace::Weight(unit.id, calls.len()), carries.weight),
            ];
            for (place, figure) in places {
                figure.unknown.into_iter().for_each(|number| builder.unknown_at(place, number));
            }
            calls.push(call);
        }
    }
    calls
}

/// The needs that carry load, and where they say that their units are.
fn carried(needs: &[ExpressionSpec]) -> impl Iterator<Item = (&CarriesSpec, Option<&Spanned<String>>)> {
    needs.iter().filter_map(|need| match &need.kind {
        ExpressionKind::Entry(entry) => Some((entry.carries.as_ref()?, entry.from.as_ref())),
        _ => None,
    })
}

fn call(
    unit: CompId,
    member: Option<CompId>,
    spec: &CarriesSpec,
    from: Option<&Spanned<String>>,
    names: &Names<'_>,
    found: &mut Diagnostics,
) -> Option<UnitCall> {
    // What is wrong with the name itself has been said of the need.
    let mut said_before = Diagnostics::new();
    let place = place_of(names, member.unwrap_or(unit));
    let to = match names.resolve(&spec.to, from, place, &mut said_before)? {
        Meaning::Unit(to) => to,
        Meaning::Component(_) => {
            let message = format!("`{}` is no service, so nobody can call it", spec.to.value);
            found.error(spec.to.span, message, "expected a service, or no `calls`");
            return None;
        }
    };
    if to == unit {
        let message = format!("`{}` would call itself", names.of(unit));
        found.error(spec.to.span, message, "expected another service");
        return None;
    }
    Some(UnitCall { member, to, calls: spec.calls.value, weight: spec.weight.value })
}
