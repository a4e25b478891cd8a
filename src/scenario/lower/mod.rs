//! From typed values to a model: names are resolved, zones and services unfolded, what cannot be is reported.

mod components;
mod costs;
mod expressions;
mod failures;
mod hazards;
mod laws;
mod limits;
mod load;
mod names;
mod near;
mod network;
mod profiles;
mod replicas;
mod rhythms;
mod users;
mod warnings;

pub(super) use laws::built;

use super::calendar;
use super::chart::Chart;
use super::diagnostics::Diagnostics;
use super::sources::Span;
use super::spec::{OccursSpec, ScenarioSpec};
use crate::model::{Builder, CompId, Model, ModelError, Unknown, stuck_cycles};
use crate::time::{SimSpan, SimTime};
use components::Components;
use names::Names;
use replicas::Replicas;
use rhythms::Rhythms;

/// Longest horizon for which a profile or rhythm is laid out, microseconds.
const LONGEST_PROFILE: f64 = 50.0 * crate::time::MICROS_PER_YEAR as f64;

/// Names of components in a message before the rest is only counted.
const SHOWN_NAMES: usize = 6;

/// Builds the model of a scenario, and what its readers want to know besides; `None` if anything in it is wrong.
pub(super) fn model(
    spec: &ScenarioSpec,
    unknowns: Vec<Unknown>,
    found: &mut Diagnostics,
) -> Option<(Model, Chart)> {
    let horizon = SimTime::from_micros(SimSpan::from_micros_f64(spec.horizon).micros());
    let mut builder = Builder::new(&spec.title, horizon);
    builder.starts_at(spec.start_unix_micros);
    builder.unknowns(unknowns);
    builder.months(calendar::months(spec.start_unix_micros, spec.horizon));
    builder.aged(spec.aged.unwrap_or_else(|| is_replay(spec)));
    let mut names = Names::new(spec);
    let mut components = Components::default();
    components.add_all(spec, &mut names, &mut builder, found);
    let mut rhythms = Rhythms::default();
    let chart = network::add_all(spec, &mut components, &mut names, &mut builder, found);
    names.joins = network::join(spec, &names, &mut builder, found);
    components.complete(spec, &names, &mut rhythms, &mut builder, found);
    load::add_units(spec, &names, components.units(), &mut builder, found);
    hazards::add_all(spec, &names, &mut rhythms, &mut builder, found);
    load::add_surges(spec, &names, &mut rhythms, &mut builder, found);
    let replicas = Replicas::add_all(spec, &names, &mut builder, found);
    let routes = users::add_all(spec, &names, &replicas, &mut builder, found);
    load::add_responses(&names, components.units(), &routes, &mut builder, found);
    network::add_traffic(spec, &mut builder, found);
    costs::add(spec, &components, &mut builder, found);
    if found.has_errors() {
        return None;
    }
    if spec.users.iter().all(|(_, population)| population.does.is_empty()) {
        let label = "expected `users` who do a journey: downtime is theirs";
        found.warning(spec.span, "nobody uses anything here, so nothing can be lost", label);
    }
    let spans = components.into_spans();
    limits::check_clocks(&builder, &spans, spec.span, found)?;
    let ways: Vec<(CompId, String)> = builder
        .network()
        .paths
        .iter()
        .map(|path| (path.component, builder.name_of(path.component).to_owned()))
        .collect();
    match builder.build() {
        Ok(model) => {
            limits::check_events(&model, spec, &spans, found)?;
            let model = no_cycle_is_stuck(model, &spans, found)?;
            warnings::warn(&model, spec, &spans, found);
            load::warn(&model, spec, found);
            network::warn(&model, &chart, spec, found);
            Some((model, chart))
        }
        Err(errors) => {
            errors.iter().for_each(|error| report(error, &spans, &names, &ways, found));
            None
        }
    }
}

/// A replay has hazards at known times; its components are years old.
fn is_replay(spec: &ScenarioSpec) -> bool {
    spec.hazards.iter().any(|(_, hazard)| is_known(&hazard.occurrence.occurs))
}

const fn is_known(occurs: &OccursSpec) -> bool {
    matches!(occurs, OccursSpec::At(_) | OccursSpec::Between(..))
}

/// True if anything happens at a known time.
fn has_known_event(spec: &ScenarioSpec) -> bool {
    is_replay(spec) || spec.surges.iter().any(|(_, surge)| is_known(&surge.occurrence.occurs))
}

fn no_cycle_is_stuck(model: Model, spans: &[Span], found: &mut Diagnostics) -> Option<Model> {
    let help = if model.unknowns.are_in_needs() {
        "give one of them a `black_start`, or something outside the cycle to start from; what needs ask for counts with the values that are hardest to meet"
    } else {
        "give one of them a `black_start`, or something outside the cycle to start from"
    };
    for stuck in stuck_cycles(&model) {
        let Some(first) = stuck.stay_down.first() else { continue };
        let list: Vec<&str> =
            stuck.stay_down.iter().map(|c| model.components[c.index()].name.as_str()).collect();
        let shown = list[..list.len().min(SHOWN_NAMES)].join(", ");
        let more = if list.len() > SHOWN_NAMES {
            format!(" and {} more", list.len() - SHOWN_NAMES)
        } else {
            String::new()
        };
        let cause = if stuck.after_failure { "have all failed" } else { "are all dark" };
        let span = spans.get(first.index()).or(spans.first()).copied();
        found
            .error(
                span.unwrap_or(Span::new(super::SourceId(0), 0, 0)),
                format!("this cycle never comes back once its members {cause}"),
                format!("stay down: {shown}{more}"),
            )
            .help(help);
    }
    (!found.has_errors()).then_some(model)
}

fn report(
    error: &ModelError,
    spans: &[Span],
    names: &Names<'_>,
    ways: &[(CompId, String)],
    found: &mut Diagnostics,
) {
    let whole = spans.first().copied().unwrap_or(Span::new(super::SourceId(0), 0, 0));
    let span = |c: &CompId| spans.get(c.index()).copied().unwrap_or(whole);
    match error {
        ModelError::PassThroughInCycle { component, on } => {
            let (owner, on) = (names.of(*component), names.of(*on));
            let message = format!("`{owner}` needs the level of `{on}`, which depends on it in turn");
            // Within a zone its parts are called by their last name.
            let (zone, _) = owner.rsplit_once('/').unwrap_or((owner, ""));
            let short = on.strip_prefix(zone).and_then(|rest| rest.strip_prefix('/')).unwrap_or(on);
            found
                .error(span(component), message, "expected a need that is met or not")
                .help(format!("write the need with a threshold: `(on: \"{short}\", at_least: \"50%\")`"));
        }
        ModelError::ConditionAsNeed(component) => {
            found.error(span(component), error.to_string(), "expected names, All, Any, AtLeast or Share");
        }
        ModelError::DuplicateName(name) => {
            let mut places = spans.iter().enumerate().filter(|(i, _)| names.of(CompId::at(*i)) == name);
            let (first, second) = (places.next(), places.next());
            let message = format!("a second component is called `{name}`");
            match (first, second) {
                (Some((_, first)), Some((_, second))) => {
                    found
                        .error(*second, message, "expected a name that is not taken")
                        .also(*first, "the first one");
                }
                // The other one is a way through the network, which nobody has written.
                (Some((_, span)), None) => {
                    found.error(*span, message, "expected a name that no way from place to place has");
                }
                (None, _) => {
                    found.error(whole, message, "expected names that make no two ways alike");
                }
            }
        }
        ModelError::NetworkNeedsItself { component, chain } => {
            let way = |c: &CompId| ways.iter().find(|(way, _)| way == c).map(|(_, name)| name.as_str());
            let step = |c: &CompId| match way(c) {
                Some(way) => format!("a way from {way}"),
                None => format!("`{}`", names.of(*c)),
            };
            let steps: Vec<String> = chain.iter().map(step).collect();
            let message = format!(
                "the network would need itself: `{}` depends on a way through it",
                names.of(*component)
            );
            found
                .error(
                    span(component),
                    message,
                    "expected needs that depend on no service and on no other region",
                )
                .help(format!("it needs {}", steps.join(", which needs ")));
        }
        ModelError::CallsInCycle(units) => {
            let list: Vec<String> = units.iter().map(|unit| format!("`{}`", names.of(*unit))).collect();
            let message = format!("services call each other in a circle: {}", list.join(", "));
            let first = units.first().map_or(whole, span);
            found.error(first, message, "expected calls that lead to services which do not call back");
        }
        ModelError::EmptyCrew(_) => {
            found.error(whole, error.to_string(), "expected a valid system");
        }
    }
}
