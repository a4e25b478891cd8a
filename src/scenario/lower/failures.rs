//! Failure modes, repairs and standbys.

use super::expressions::Resolver;
use super::laws::law;
use super::names::{Names, Place};
use crate::model::{Builder, ClockDraft, Effect, Kind, ModeDraft, RepairDraft, StandbyDraft};
use crate::scenario::decode::not_a_span;
use crate::scenario::diagnostics::{Diagnostics, excerpt, suggest};
use crate::scenario::law_spec::LawSpec;
use crate::scenario::read::FAULT;
use crate::scenario::sources::Span;
use crate::scenario::spec::{
    ClockSpec, ComponentSpec, EffectKind, EffectSpec, FaultsSpec, ModeSpec, RepairSpec, ScenarioSpec,
    StandbySpec, StepsSpec,
};
use crate::scenario::unknowns::Figure;
use crate::time::{MICROS_PER_YEAR, SimSpan};

/// Failure modes, repairs and standbys of one owner.
pub(super) struct Parts<'p, 's> {
    pub(super) spec: &'p ScenarioSpec,
    pub(super) names: &'p Names<'s>,
    pub(super) place: Place<'p>,
    pub(super) owner: &'p str,
}

impl Parts<'_, '_> {
    /// A failure mode without its rhythm.
    pub(super) fn mode(
        &self,
        name: &str,
        mode: &ModeSpec,
        kind: Kind,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> ModeDraft {
        if !matches!(kind, Kind::Unit | Kind::Member) {
            refuse_errors(&mode.effect, self.owner, found);
        }
        let clock = match &mode.clock {
            ClockSpec::Calendar => ClockDraft::Calendar,
            ClockSpec::Operating => ClockDraft::Operating,
            ClockSpec::While(condition) => {
                let mut resolver = Resolver::new(self.names, self.place, self.owner, builder, found);
                resolver.condition(condition).map_or(ClockDraft::Calendar, ClockDraft::While)
            }
        };
        ModeDraft {
            name: name.to_owned(),
            every: law(&mode.every, mode.effect.span, found),
            effect: effect(&mode.effect, found),
            clock,
            rhythm: None,
            inspection: mode.inspection.map(|interval| SimSpan::from_micros_f64(interval.value)),
            repair: self.repair(&mode.repair, mode.effect.span, builder, found),
        }
    }

    /// The failure mode of something so many km long.
    ///
    /// Formula: mean time to failure = 1 / (rate x length).
    pub(super) fn faults(
        &self,
        faults: &FaultsSpec,
        km: Figure,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> ModeDraft {
        let mean = MICROS_PER_YEAR as f64 / (faults.rate.value * km.value);
        let every = if mean.is_finite() { LawSpec::Exp { mean } } else { LawSpec::Never };
        ModeDraft {
            name: FAULT.to_owned(),
            every: law(&every, faults.span, found),
            effect: Effect::Down,
            clock: ClockDraft::Calendar,
            rhythm: None,
            inspection: None,
            repair: self.repair(&faults.repair, faults.span, builder, found),
        }
    }

    /// A repair; `span` is where its laws are reported.
    pub(super) fn repair(
        &self,
        repair: &RepairSpec,
        span: Span,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> RepairDraft {
        match repair {
            RepairSpec::Law(spec) => RepairDraft::of(law(spec, span, found)),
            RepairSpec::Steps(steps) => self.steps(steps, builder, found),
            RepairSpec::Text(text) => {
                match (self.names.crew(&text.value), crate::units::span_micros(&text.value)) {
                    (None, Err(_))
                        if text.value.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '-') =>
                    {
                        not_a_span(&text.value, text.span, found);
                        RepairDraft::of(crate::law::Law::NEVER)
                    }
                    (Some(_), _) => {
                        let steps = StepsSpec {
                            span: text.span,
                            detect: LawSpec::Fixed(0.0),
                            crew: Some(text.clone()),
                            travel: None,
                            work: None,
                            needs: Vec::new(),
                            without_needs: None,
                            priority: 0,
                        };
                        self.steps(&steps, builder, found)
                    }
                    (None, Ok(micros)) => RepairDraft::of(law(&LawSpec::Fixed(micros), text.span, found)),
                    (None, Err(_)) => {
                        let crews: Vec<&str> =
                            self.spec.crews.iter().map(|(name, _)| name.value.as_str()).collect();
                        let message = format!("`{}` is neither a duration nor a crew", excerpt(&text.value));
                        let list = if crews.is_empty() {
                            String::new()
                        } else {
                            format!(", or the crew {}", crews.join(" or "))
                        };
                        let label = format!("expected a law, a duration such as \"4h\"{list}");
                        found
                            .error(text.span, message, label)
                            .did_you_mean(suggest(&text.value, crews.into_iter()));
                        RepairDraft::of(crate::law::Law::NEVER)
                    }
                }
            }
        }
    }

    fn steps(&self, steps: &StepsSpec, builder: &mut Builder, found: &mut Diagnostics) -> RepairDraft {
        let crew = steps.crew.as_ref().and_then(|name| self.names.crew_or_error(name, found));
        let pool = crew.map(|c| &self.spec.crews[c.index()].1);
        let zero = LawSpec::Fixed(0.0);
        let travel = steps.travel.as_ref().or_else(|| pool.and_then(|p| p.travel.as_ref())).unwrap_or(&zero);
        let work = steps.work.as_ref().or_else(|| pool.and_then(|p| p.work.as_ref()));
        if work.is_none() && (steps.crew.is_none() || crew.is_some()) {
            let label = "expected `work` here, or a crew that has one";
            found.error(steps.span, "this repair says nothing of how long the work takes", label);
        }
        let needs = Resolver::new(self.names, self.place, self.owner, builder, found).all(&steps.needs);
        RepairDraft {
            detect: law(&steps.detect, steps.span, found),
            crew,
            travel: law(travel, steps.span, found),
            work: law(work.unwrap_or(&zero), steps.span, found),
            needs,
            without_needs: steps.without_needs.map(|slower| slower.value),
            unknown_without_needs: steps.without_needs.and_then(|slower| slower.unknown),
            priority: steps.priority,
        }
    }

    pub(super) fn standby(
        &self,
        standby: &StandbySpec,
        component: &ComponentSpec,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> Option<StandbyDraft> {
        // A failure to start is mended like the only other failure, if nothing else is said.
        let only = match component.failures.as_slice() {
            [(_, mode)] => Some(&mode.repair),
            _ => None,
        };
        let repair = match standby.repair.as_ref().or(only) {
            Some(repair) => self.repair(repair, standby.span, builder, found),
            None if standby.fails_to_start.value > 0.0 => {
                let label =
                    "expected `repair` here, since there is not exactly one failure mode to take it from";
                found.error(standby.span, "nothing says how a failure to start is mended", label);
                return None;
            }
            None => RepairDraft::of(crate::law::Law::ZERO),
        };
        Some(StandbyDraft {
            starts_in: law(&standby.starts_in, standby.span, found),
            fails_to_start: standby.fails_to_start.value,
            repair,
            dormancy: standby.dormancy.value,
        })
    }
}

/// An effect with its law.
pub(super) fn effect(spec: &EffectSpec, found: &mut Diagnostics) -> Effect {
    match &spec.kind {
        EffectKind::Down => Effect::Down,
        EffectKind::Capacity(share) => Effect::Capacity(law(share, spec.span, found)),
        EffectKind::Errors(share) => Effect::Errors(law(share, spec.span, found)),
    }
}

/// Only what is called can let calls fail.
pub(super) fn refuse_errors(effect: &EffectSpec, name: &str, found: &mut Diagnostics) {
    if matches!(effect.kind, EffectKind::Errors(_)) {
        found
            .error(
                effect.span,
                format!("nobody calls `{name}`, so its calls cannot fail"),
                "expected Down or Capacity",
            )
            .help("Errors belongs to a service (a unit) or its members");
    }
}
