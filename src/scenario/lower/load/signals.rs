//! States of load as components that others react to.

use crate::model::{Builder, CompId, Expression, JourneyId, Kind, PopulationId, SignalId, Watched};
use crate::scenario::decode::{Spanned, unknown_name};
use crate::scenario::diagnostics::{Diagnostics, excerpt, suggest};
use crate::scenario::lower::expressions::Resolver;
use crate::scenario::lower::names::Names;
use crate::scenario::spec::{Named, StateSpec, WatchesSpec};
use crate::scenario::unknowns::Figure;
use crate::time::SimSpan;
use crate::units::{show_percent, show_span};

impl Resolver<'_, '_> {
    /// A state as a condition: up while it holds.
    pub(in crate::scenario::lower) fn state(&mut self, state: &StateSpec) -> Option<Expression> {
        let watches = watched(&state.watches, self.names, self.found)?;
        let level = Level { threshold: state.above, below: false, holds_for: state.holds_for };
        let (_, component) = signal(&state.watches, watches, level, self.builder);
        Some(Expression::Up(component))
    }
}

/// What a state is called.
pub(in crate::scenario::lower) fn state_name(state: &StateSpec) -> String {
    let level = Level { threshold: state.above, below: false, holds_for: state.holds_for };
    name_of(&state.watches, level)
}

/// On which side of which threshold, and for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    pub(super) threshold: Figure,
    pub(super) below: bool,
    pub(super) holds_for: Figure,
}

/// The signal of a state; one that looks at what nobody knows is called after that, too.
pub(super) fn signal(
    spec: &WatchesSpec,
    watches: Watched,
    level: Level,
    builder: &mut Builder,
) -> (SignalId, CompId) {
    let unknown = [level.threshold.unknown, level.holds_for.unknown];
    let figures: Vec<&str> = unknown.into_iter().flatten().map(|n| builder.name_of_unknown(n)).collect();
    let name = match figures.as_slice() {
        [] => name_of(spec, level),
        figures => format!("{} ({})", name_of(spec, level), figures.join(", ")),
    };
    let holds_for = SimSpan::from_micros_f64(level.holds_for.value);
    builder.signal_of_unknown(name, watches, (level.threshold.value, level.below), holds_for, unknown)
}

/// "chat failing above 50 % for 10 m".
fn name_of(watches: &WatchesSpec, level: Level) -> String {
    let (threshold, below, holds_for) = (level.threshold.value, level.below, level.holds_for.value);
    let what = match watches {
        WatchesSpec::Failing(journey, None) => format!("{} failing", journey.value),
        WatchesSpec::Failing(journey, Some(users)) => format!("{} of {} failing", journey.value, users.value),
        WatchesSpec::Overloaded(unit) => format!("{} loaded", unit.value),
    };
    let side = if below { "below" } else { "above" };
    let holds = if holds_for > 0.0 { format!(" for {}", show_span(holds_for)) } else { String::new() };
    format!("{what} {side} {}{holds}", show_percent(threshold))
}

/// What a state watches.
pub(super) fn watched(spec: &WatchesSpec, names: &Names<'_>, found: &mut Diagnostics) -> Option<Watched> {
    match spec {
        WatchesSpec::Failing(journey, users) => failing(journey, users.as_ref(), names, found),
        WatchesSpec::Overloaded(unit) => units(unit, names, found).map(Watched::Utilisation),
    }
}

fn failing(
    journey: &Spanned<String>,
    users: Option<&Spanned<String>>,
    names: &Names<'_>,
    found: &mut Diagnostics,
) -> Option<Watched> {
    let spec = names.spec;
    let place = position(journey, "journey", &spec.journeys, found);
    let population = users.map(|users| position(users, "population", &spec.users, found));
    let (place, population) = (place?, population.map_or(Some(None), |p| p.map(Some))?);
    if let (Some(users), Some(population)) = (users, population)
        && spec.users[population].1.does.iter().all(|(name, _)| name.value != journey.value)
    {
        let message = format!("`{}` never do `{}`, so it cannot fail for them", users.value, journey.value);
        found.error(users.span, message, "expected users with this journey in `does`");
        return None;
    }
    Some(Watched::Failing { journey: JourneyId::at(place), population: population.map(PopulationId::at) })
}

/// The place of a name in a map; an error if it is not there.
pub(super) fn position<T>(
    name: &Spanned<String>,
    what: &str,
    map: &Named<T>,
    found: &mut Diagnostics,
) -> Option<usize> {
    let place = map.iter().position(|(known, _)| known.value == name.value);
    if place.is_none() {
        let known: Vec<&str> = map.iter().map(|(known, _)| known.value.as_str()).collect();
        unknown_name(&name.value, name.span, what, &known, found);
    }
    place
}

/// The units that a name stands for: all of a service, or one.
fn units(name: &Spanned<String>, names: &Names<'_>, found: &mut Diagnostics) -> Option<Vec<CompId>> {
    let is_unit = |c: &CompId| names.kind(*c) == Kind::Unit;
    if let Some(unit) = names.path(&name.value).filter(is_unit) {
        return Some(vec![unit]);
    }
    let prefix = format!("{}@", name.value);
    let all = || names.all_of(Kind::Unit);
    let of_service: Vec<CompId> =
        all().filter(|path| path.starts_with(&prefix)).filter_map(|path| names.path(path)).collect();
    if !of_service.is_empty() {
        return Some(of_service);
    }
    let services = names.spec.services.iter().map(|(name, _)| name.value.as_str());
    let meant = if found.is_crowded() { None } else { suggest(&name.value, services.chain(all())) };
    let message = format!("there is no service or unit `{}`", excerpt(&name.value));
    found
        .error(name.span, message, "expected a service, or one of its units such as \"service@region\"")
        .did_you_mean(meant);
    None
}
