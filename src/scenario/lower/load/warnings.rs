//! What is said of load that changes nothing.

use std::collections::BTreeSet;

use crate::law::Law;
use crate::model::{CallTree, Change, CompId, HazardId, Model, NodeId, NodeKind, Occurs, Watched};
use crate::scenario::decode::Spanned;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{CapacitySpec, ChangeSpec, ScenarioSpec};

/// Records all warnings about load.
pub(in crate::scenario::lower) fn warn(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    if model.load.is_empty() {
        return;
    }
    warn_of_uncalled(model, spec, found);
    warn_of_retries(model, spec, found);
    warn_of_surges(model, spec, found);
    warn_of_states(model, spec, found);
    warn_of_responses(model, spec, found);
    warn_of_flapping(model, spec, found);
}

/// Responses that are never decided on, or never applied.
fn warn_of_responses(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    for ((name, _), response) in spec.responses.iter().zip(&model.load.responses) {
        let strikes = model.hazards[response.hazard.index()].strikes.clone();
        let repair = model.strikes.get(strikes.start).map(|strike| &model.repairs[strike.repair.index()]);
        let Some(repair) = repair else { continue };
        let never = match (&repair.detect, &repair.work) {
            (Law::Never, _) => "decided on",
            (_, Law::Never) => "applied",
            _ => continue,
        };
        let message = format!("the response `{}` is never {never}, so it changes nothing", name.value);
        found.warning(name.span, message, "expected a time, or no such response");
    }
}

/// Responses of which nothing takes time: what they do ends what calls for them, and so on.
fn warn_of_flapping(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    for ((name, spec), response) in spec.responses.iter().zip(&model.load.responses) {
        let strikes = &model.hazards[response.hazard.index()].strikes;
        let repair = &model.repairs[model.strikes[strikes.start].repair.index()];
        let at_once = (&repair.detect, &repair.work) == (&Law::ZERO, &Law::ZERO);
        if at_once && spec.undo.as_ref().is_some_and(|calm| calm.holds_for.ends.0 <= 0.0) {
            let message = format!(
                "nothing about `{}` takes time: it may be applied and undone without end",
                name.value
            );
            found.warning(name.span, message, "expected `decide` or `apply`, or `for` in its `Calm`");
        }
    }
}

/// Units that users or other units call.
fn called(model: &Model) -> BTreeSet<CompId> {
    let by_users = model.routes.iter().flat_map(|route| route.units.iter().copied());
    let by_units = model.load.units.iter().flat_map(|unit| unit.calls.iter().map(|call| call.to));
    by_users.chain(by_units).collect()
}

/// Capacity of what nobody calls: its load is 0.
fn warn_of_uncalled(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    let called = called(model);
    for (index, (name, service)) in spec.services.iter().enumerate() {
        let Some(capacity) = &service.capacity else { continue };
        let units = model.services.get(index).map_or(&[][..], |service| &service.units);
        if units.iter().any(|unit| called.contains(unit)) {
            continue;
        }
        let what = of_what(capacity);
        let message = format!("nobody calls `{}`, so its {what} changes nothing", name.value);
        let label = "expected a journey that calls it, or a need with `calls`";
        found.warning(name.span, message, label);
    }
}

fn of_what(capacity: &CapacitySpec) -> &'static str {
    match (&capacity.trips, &capacity.autoscaling) {
        (_, Some(_)) => "autoscaling",
        (Some(_), None) => "overload",
        (None, None) => "capacity",
    }
}

fn has_capacity(model: &Model) -> impl Fn(CompId) -> bool {
    let with = model.load.units.iter().filter(|unit| unit.capacity.is_some());
    let with: BTreeSet<CompId> = with.map(|unit| unit.unit).collect();
    move |unit| with.contains(&unit)
}

/// Retries where no load does anything: all that they change is how often users try.
fn warn_of_retries(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    let network = &model.network;
    let fills_cables =
        !network.bits_per_call.is_empty() && network.edges.iter().any(|edge| edge.capacity.is_finite());
    if fills_cables || model.load.units.iter().any(|unit| unit.capacity.is_some()) {
        return;
    }
    let retrying = spec.journeys.iter().find(|(_, journey)| journey.retries.is_some());
    if let Some((name, _)) = retrying {
        let message = "retries overload nothing, since no service has a `capacity`";
        found.warning(name.span, message, "they only try again; expected a `capacity` of what is called");
    }
}

fn warn_of_surges(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    for ((name, spec), surge) in spec.surges.iter().zip(&model.load.surges) {
        if surge.usages.is_empty() {
            let label = "expected a journey that one of these populations does";
            found.warning(name.span, format!("the surge `{}` concerns nobody", name.value), label);
            continue;
        }
        let mut calls = surge.usages.iter().flat_map(|usage| &model.usages[usage.index()].calls);
        if let (Change::Moves(_), ChangeSpec::Moves(moves)) = (&surge.change, &spec.change)
            && !calls.any(|call| is_moved(&call.to))
        {
            let message =
                format!("nobody calls `{}`, so the surge `{}` moves nothing", moves.from.value, name.value);
            found.warning(moves.from.span, message, "expected a service that these journeys call");
        }
    }
}

/// True if an expression reads a component of which `is_it` holds.
fn reads(model: &Model, node: NodeId, is_it: &impl Fn(CompId) -> bool) -> bool {
    match model.expressions.kind(node) {
        NodeKind::Level(c) | NodeKind::LevelAtLeast(c, _) | NodeKind::Up(c) | NodeKind::Down(c) => is_it(c),
        _ => model.expressions.children(node).iter().any(|child| reads(model, *child, is_it)),
    }
}

fn is_moved(tree: &CallTree) -> bool {
    match tree {
        CallTree::Moved { .. } => true,
        CallTree::Service(_) => false,
        CallTree::FirstOf { of, .. } => of.iter().any(is_moved),
        CallTree::Mix(parts) => parts.iter().any(|(_, tree)| is_moved(tree)),
    }
}

/// States that never hold, since what they watch can serve any load.
fn warn_of_states(model: &Model, spec: &ScenarioSpec, found: &mut Diagnostics) {
    let has_capacity = has_capacity(model);
    let never = |component: CompId| {
        model.load.signals.iter().any(|signal| match &signal.watches {
            Watched::Utilisation(units) => {
                signal.component == component && !units.iter().any(|unit| has_capacity(*unit))
            }
            Watched::Failing { .. } => false,
        })
    };
    let mut say = |name: &Spanned<String>, what: &str| {
        let message = format!("what the {what} `{}` waits for can serve any load", name.value);
        found.warning(name.span, message, "expected a service with a `capacity` in `Overloaded(...)`");
    };
    let waits = |hazard: HazardId| match model.hazards[hazard.index()].occurs {
        Occurs::When(node) => reads(model, node, &never),
        _ => false,
    };
    for ((name, _), surge) in spec.surges.iter().zip(&model.load.surges) {
        if waits(surge.hazard) {
            say(name, "surge");
        }
    }
    for ((name, _), response) in spec.responses.iter().zip(&model.load.responses) {
        if waits(response.hazard) {
            say(name, "response");
        }
    }
}
