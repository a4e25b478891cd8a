//! What can be simulated, but perhaps says something else than was meant.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CompId, Kind, Model, NodeId, Root, root_of};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::sources::Span;
use crate::scenario::spec::ScenarioSpec;

/// Records all warnings about a model.
pub(super) fn warn(model: &Model, spec: &ScenarioSpec, spans: &[Span], found: &mut Diagnostics) {
    // Without users everything is without effect, and that has been said.
    if model.usages.is_empty() {
        return;
    }
    warn_of_useless(model, spans, found);
    warn_of_perfect(model, spec, found);
}

/// Components that nobody depends on. What a text describes several times, once in every zone, is of use if one of
/// them is.
fn warn_of_useless(model: &Model, spans: &[Span], found: &mut Diagnostics) {
    let sessions = model.load.usages.iter().flat_map(|usage| usage.sessions.iter().flatten());
    let keepers = sessions.flat_map(|session| session.kept_in.iter().flat_map(|(_, units)| units));
    let served = model.routes.iter().flat_map(|route| &route.units);
    let called: BTreeSet<CompId> = served.chain(keepers).copied().collect();
    let mut texts: BTreeMap<(Span, Kind), (Vec<CompId>, bool)> = BTreeMap::new();
    for (index, component) in model.components.iter().enumerate() {
        let id = CompId::at(index);
        let used = called.contains(&id) || !model.graph.readers(id).is_empty();
        // Ways are nobody's text, and what carries them is of use to whoever goes there.
        let is_of_network = matches!(component.kind, Kind::Site | Kind::Segment | Kind::Link);
        let Some(span) = spans.get(index).filter(|_| !is_of_network) else { continue };
        let text = texts.entry((*span, component.kind)).or_default();
        text.0.push(id);
        text.1 |= used;
    }
    for ((span, kind), (components, used)) in texts {
        let Some(first) = components.first().filter(|_| !used) else { continue };
        let others = match components.len() - 1 {
            0 => String::new(),
            1 => " (and 1 more like it)".to_owned(),
            n => format!(" (and {n} more like it)"),
        };
        let message = format!("nobody depends on `{}`{others}", model.components[first.index()].name);
        let label = match kind {
            Kind::Unit => "expected a journey that calls it, or something that needs it",
            Kind::Zone => "expected a service with members in it, or something that needs it",
            _ => "expected something that needs it",
        };
        found.warning(span, message, label);
    }
}

/// Journeys that nothing can interrupt.
fn warn_of_perfect(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    let fallible = fallible(model);
    for (index, (name, _)) in spec.journeys.iter().enumerate() {
        let mut routes = Vec::new();
        let of_journey = model.usages.iter().filter(|u| u.journey.index() == index);
        of_journey.flat_map(|u| &u.calls).for_each(|call| routes_of(&call.to, &mut routes));
        let units = routes.iter().flat_map(|route| &model.routes[*route].units);
        let landings = routes.iter().flat_map(|route| model.routes[*route].landings.iter().flatten());
        let mut needed = units.chain(landings.map(|landing| &landing.path));
        if !routes.is_empty() && needed.all(|component| !fallible[component.index()]) {
            let label = "expected a failure or a hazard somewhere among what it depends on";
            found.warning(name.span, format!("nothing can interrupt `{}`", name.value), label);
        }
    }
}

fn routes_of(tree: &crate::model::CallTree, routes: &mut Vec<usize>) {
    use crate::model::CallTree;
    match tree {
        CallTree::Service(list) => routes.extend(list.iter().map(|(route, _)| route.index())),
        CallTree::FirstOf { of, .. } => of.iter().for_each(|t| routes_of(t, routes)),
        CallTree::Mix(parts) => parts.iter().for_each(|(_, t)| routes_of(t, routes)),
        CallTree::Moved { stays, moves, .. } => [stays, moves].into_iter().for_each(|t| routes_of(t, routes)),
    }
}

/// For each component whether it can fail, by itself or by what it depends on.
fn fallible(model: &Model) -> Vec<bool> {
    let mut fallible = vec![false; model.components.len()];
    let by_itself = |(_, c): &(usize, &crate::model::Component)| {
        let starts = c.standby.as_ref().is_some_and(|s| !s.start_modes.is_empty());
        starts || model.modes[c.modes.clone()].iter().any(|m| m.every != crate::law::Law::NEVER)
    };
    let failing = model.components.iter().enumerate().filter(by_itself).map(|(index, _)| CompId::at(index));
    let struck = model.strikes.iter().flat_map(|s| s.targets.iter().map(|t| t.component));
    // Load may be more than a unit can serve.
    let limited = model.load.units.iter().filter(|u| u.capacity.is_some()).map(|u| u.unit);
    let mut open: Vec<CompId> = failing.chain(struck).chain(limited).collect();
    let network = &model.network;
    let ways = || network.paths.iter().map(|path| path.component);
    let elements: BTreeSet<CompId> = network.elements().collect();
    // Traffic may fill a way.
    if !network.traffic.is_empty() || !network.bits_per_call.is_empty() {
        open.extend(ways());
    }
    while let Some(next) = open.pop() {
        if std::mem::replace(&mut fallible[next.index()], true) {
            continue;
        }
        if elements.contains(&next) {
            open.extend(ways());
        }
        open.extend(model.graph.readers(next).iter().filter_map(|node| dependent(model, *node)));
    }
    fallible
}

/// The component that a leaf's value matters to.
fn dependent(model: &Model, node: NodeId) -> Option<CompId> {
    match root_of(&model.expressions, node) {
        Root::Support(component) | Root::StartsWith(component) => Some(component),
        _ => None,
    }
}
