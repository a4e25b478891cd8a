//! Hazards with their targets resolved.

use std::collections::BTreeSet;

use super::expressions::Resolver;
use super::failures::{Parts, effect, refuse_errors};
use super::laws::law;
use super::names::{Names, Place};
use super::near::all_near;
use super::rhythms::{DEFAULT_CLOCK, Rhythms};
use crate::model::{Builder, CompId, HazardDraft, Kind, OccursDraft, StrikeDraft, UnknownPlace};
use crate::scenario::decode::Spanned;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{
    ExpressionSpec, OccurrenceSpec, OccursSpec, ScenarioSpec, StrikeSpec, TargetSpec,
};
use crate::time::{SimSpan, SimTime};
use crate::units::show_span;

/// Adds all hazards.
pub(super) fn add_all(
    spec: &ScenarioSpec,
    names: &Names<'_>,
    rhythms: &mut Rhythms,
    builder: &mut Builder,
    found: &mut Diagnostics,
) {
    for (name, hazard) in &spec.hazards {
        let strikes = hazard.strikes.iter();
        let strikes: Vec<StrikeDraft> =
            strikes.map(|(n, s)| strike(&n.value, s, spec, names, builder, found)).collect();
        let one_of = hazard.one_of.then(|| hazard.strikes.iter().map(|(_, s)| s.weight.value).collect());
        let when = occurrence(&name.value, &hazard.occurrence, spec, names, rhythms, builder, found);
        if let Some(draft) = when {
            let id = builder.hazard(HazardDraft { strikes, one_of, ..draft });
            let strikes = hazard.strikes.iter().enumerate();
            let hits = strikes.map(|(n, (_, s))| (UnknownPlace::Hits(id, n), s.probability.unknown));
            let strikes = hazard.strikes.iter().enumerate();
            let weights = strikes.map(|(n, (_, s))| (UnknownPlace::StrikeWeight(id, n), s.weight.unknown));
            let happens = (UnknownPlace::Happens(id), hazard.occurrence.probability.unknown);
            let clusters = &hazard.occurrence.clusters;
            let begets = clusters.as_ref().and_then(|(offspring, _)| offspring.unknown);
            for (place, figure) in hits.chain(weights).chain([happens, (UnknownPlace::Offspring(id), begets)])
            {
                figure.into_iter().for_each(|figure| builder.unknown_at(place, figure));
            }
        }
    }
}

/// A hazard that strikes nothing.
pub(super) fn occurrence(
    name: &str,
    when: &OccurrenceSpec,
    spec: &ScenarioSpec,
    names: &Names<'_>,
    rhythms: &mut Rhythms,
    builder: &mut Builder,
    found: &mut Diagnostics,
) -> Option<HazardDraft> {
    if let OccursSpec::At(times) = &when.occurs {
        times.iter().for_each(|at| warn_of_end(at, spec.horizon, found));
    } else if let OccursSpec::Between(from, _) = &when.occurs {
        warn_of_end(from, spec.horizon, found);
    }
    let clock = when.clock.as_ref().map_or(DEFAULT_CLOCK, |clock| clock.value.as_str());
    let rhythm = when.rhythm.as_ref().and_then(|r| rhythms.add(r, clock, spec, builder, found));
    let mut condition = |spec: &ExpressionSpec| {
        Resolver::new(names, Place::default(), name, builder, &mut *found).condition(spec)
    };
    let only_while = match &when.only_while {
        Some(spec) => Some(condition(spec)?),
        None => None,
    };
    let occurs = match &when.occurs {
        OccursSpec::At(times) => {
            let mut times: Vec<SimTime> = times.iter().filter_map(|t| instant(t, found)).collect();
            times.sort_unstable();
            OccursDraft::At(times)
        }
        OccursSpec::Between(from, to) => OccursDraft::Between(instant(from, found)?, instant(to, found)?),
        OccursSpec::Every(every) => OccursDraft::Every(law(every, when.span, found)),
        OccursSpec::When(spec) => OccursDraft::When(condition(spec)?),
    };
    let clusters =
        when.clusters.as_ref().map(|(offspring, after)| (offspring.value, law(after, when.span, found)));
    Some(HazardDraft {
        name: name.to_owned(),
        occurs,
        probability: when.probability.value,
        strikes: Vec::new(),
        one_of: None,
        only_while,
        clusters,
        rhythm,
    })
}

/// A hazard behind the horizon is no mistake, since horizons are shortened to try things, but it does nothing.
fn warn_of_end(at: &Spanned<f64>, horizon: f64, found: &mut Diagnostics) {
    if at.value > horizon {
        let label = format!("the horizon ends {} before", show_span(at.value - horizon));
        found.warning(at.span, "this never happens", label);
    }
}

/// An instant at or after the start.
fn instant(at: &Spanned<f64>, found: &mut Diagnostics) -> Option<SimTime> {
    if at.value < 0.0 {
        found.error(
            at.span,
            "this lies before the start of the scenario",
            "expected a time at or after `start`",
        );
        return None;
    }
    Some(SimTime::from_micros(SimSpan::from_micros_f64(at.value).micros()))
}

fn strike(
    name: &str,
    strike: &StrikeSpec,
    spec: &ScenarioSpec,
    names: &Names<'_>,
    builder: &mut Builder,
    found: &mut Diagnostics,
) -> StrikeDraft {
    let mut targets: Vec<CompId> = Vec::new();
    let mut wave_of = Vec::new();
    let mut seen = BTreeSet::new();
    for (wave, target) in strike.targets.iter().enumerate() {
        let meant = match target {
            TargetSpec::Named(name) => names.targets(name, found),
            TargetSpec::Near(near) => all_near(near, names, found),
        };
        for component in meant {
            if seen.insert(component) {
                targets.push(component);
                wave_of.push(wave as u32);
            }
        }
    }
    let waves = strike.waves.as_ref().map(|gap| (law(gap, strike.span, found), wave_of));
    if strike.targets.is_empty() {
        found.error(strike.span, "a strike without targets", "expected at least one name in `targets`");
    }
    for target in &targets {
        if !matches!(names.kind(*target), Kind::Unit | Kind::Member) {
            refuse_errors(&strike.effect, names.of(*target), found);
        }
    }
    let parts = Parts { spec, names, place: Place::default(), owner: name };
    StrikeDraft {
        name: name.to_owned(),
        targets,
        waves,
        effect: effect(&strike.effect, found),
        hits: strike.probability.value,
        delay: law(&strike.delay, strike.span, found),
        repair: parts.repair(&strike.repair, strike.span, builder, found),
        each: strike.each,
    }
}
