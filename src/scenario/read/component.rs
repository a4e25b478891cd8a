//! What every component may say.

use super::cost::cost;
use super::expression::{condition, needs, needs_with_calls};
use super::profile::rhythm;
use super::repair::repair;
use super::{
    at_least_one, components_of, holds_nothing, optional, share, share_law, time_law, time_law_or_zero,
    uncertain_count, variant,
};
use crate::scenario::decode::{self, Fields, Spanned, map_of};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::LawKind;
use crate::scenario::sources::Span;
use crate::scenario::spec::{
    ClockSpec, ComponentSpec, EffectKind, EffectSpec, ModeSpec, Named, StandbySpec, ZoneKindSpec,
};
use crate::scenario::tree::Node;
use crate::scenario::unknowns::{Figure, figure};

/// Which of the component fields a kind of component has.
#[derive(Clone, Copy)]
pub(super) struct Has {
    pub(super) units: bool,
    pub(super) standby: bool,
    pub(super) needs: bool,
    /// True where needs may carry load.
    pub(super) calls: bool,
}

/// The fields that components share, taken from `fields`.
pub(super) fn component_fields(
    fields: &mut Fields<'_>,
    span: Span,
    has: Has,
    found: &mut Diagnostics,
) -> Option<ComponentSpec> {
    // All fields are taken before any mistake ends this: one that nobody takes counts as unknown.
    let mut take = |has: bool, name| if has { fields.take(name) } else { None };
    let failures = optional(take(true, "failures"), found, modes);
    let needed = take(has.needs, "needs");
    let needed = optional(needed, found, if has.calls { needs_with_calls } else { needs });
    let starts_with = optional(take(has.needs, "starts_with"), found, needs);
    let restart = time_law_or_zero(take(has.needs, "restart"), found);
    let black_start = optional(take(has.needs, "black_start"), found, time_law);
    let count = optional(take(has.units, "count"), found, at_least_one);
    let enough = optional(take(has.units, "enough"), found, uncertain_count);
    let standby = optional(take(has.standby, "standby"), found, standby);
    let cost = optional(take(true, "cost"), found, cost);
    let _ = decode::Provenance::take(fields, found);
    let component = ComponentSpec {
        span,
        failures: failures?.unwrap_or_default(),
        needs: needed?.unwrap_or_default(),
        starts_with: starts_with?.unwrap_or_default(),
        restart: restart?,
        black_start: black_start?,
        count: count?.unwrap_or(Spanned { value: 1, span }),
        enough: enough?,
        standby: standby?,
        cost: cost?,
    };
    check_enough(&component, found);
    Some(component)
}

/// Records an error where more units are wanted than there are.
fn check_enough(component: &ComponentSpec, found: &mut Diagnostics) {
    if let Some(enough) = &component.enough
        && enough.value.ends.1 > f64::from(component.count.value)
    {
        let (most, count) = (enough.value.ends.1, component.count.value);
        let message = format!("{most} of {count} units can never be enough");
        found.error(enough.span, message, format!("expected at most {}", component.count.value));
    }
}

fn modes(node: &Node, found: &mut Diagnostics) -> Option<Named<ModeSpec>> {
    map_of(node, found, mode)
}

fn mode(node: &Node, found: &mut Diagnostics) -> Option<ModeSpec> {
    let mut fields = Fields::plain(node, "a failure mode", found)?;
    let every = fields.require_as("every", "the time to failure").and_then(|n| time_law(n, found));
    let effect = optional(fields.take("effect"), found, effect);
    let clock = optional(fields.take("clock"), found, clock);
    let rhythm = optional(fields.take("rhythm"), found, rhythm);
    let inspection = optional(fields.take("inspection"), found, |n, f| figure(n, LawKind::Time, f, interval));
    let repair = fields.require_as("repair", "how it ends, or Never").and_then(|n| repair(n, found));
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(ModeSpec {
        every: every?,
        effect: effect?.unwrap_or(EffectSpec { kind: EffectKind::Down, span: node.span }),
        clock: clock?.unwrap_or(ClockSpec::Calendar),
        rhythm: rhythm?,
        inspection: inspection?,
        repair: repair?,
    })
}

/// A duration above zero.
fn interval(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let micros = decode::span(node, found)?;
    if micros < 1.0 {
        found.error(
            node.span,
            "an interval of no length",
            "expected a duration above zero, such as `\"30d\"`",
        );
        return None;
    }
    Some(micros)
}

/// `Down`, `Capacity(x)` or `Errors(x)`.
pub(super) fn effect(node: &Node, found: &mut Diagnostics) -> Option<EffectSpec> {
    let name = variant(node, "effect", &["Down", "Capacity", "Errors"], found)?;
    let kind = if name == "Down" {
        holds_nothing(node, found)?;
        EffectKind::Down
    } else {
        let what = "`Capacity(share)` or `Errors(share)`";
        let mut fields = Fields::arguments(node, what, &["share"], found)?;
        let share = fields.require("share").and_then(|n| share_law(n, found));
        fields.finish(found);
        if name == "Capacity" { EffectKind::Capacity(share?) } else { EffectKind::Errors(share?) }
    };
    Some(EffectSpec { kind, span: node.span })
}

fn clock(node: &Node, found: &mut Diagnostics) -> Option<ClockSpec> {
    Some(match variant(node, "clock", &["Calendar", "Operating", "While"], found)? {
        "Calendar" => holds_nothing(node, found).map(|()| ClockSpec::Calendar)?,
        "Operating" => holds_nothing(node, found).map(|()| ClockSpec::Operating)?,
        _ => {
            let mut fields = Fields::arguments(node, "`While(condition)`", &["condition"], found)?;
            let inner = fields.require("condition").and_then(|n| condition(n, found));
            fields.finish(found);
            ClockSpec::While(inner?)
        }
    })
}

fn standby(node: &Node, found: &mut Diagnostics) -> Option<StandbySpec> {
    let mut fields = Fields::plain(node, "a standby", found)?;
    let starts_in = time_law_or_zero(fields.take("starts_in"), found);
    let fails = optional(fields.take("fails_to_start"), found, share);
    let repair = optional(fields.take("repair"), found, repair);
    let dormancy = optional(fields.take("dormancy"), found, share);
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(StandbySpec {
        span: node.span,
        starts_in: starts_in?,
        fails_to_start: fails?.unwrap_or(Figure::known(0.0)),
        repair: repair?,
        dormancy: dormancy?.unwrap_or(Figure::known(0.0)),
    })
}

/// What zones are built from.
pub(super) fn zone_kind(node: &Node, found: &mut Diagnostics) -> Option<ZoneKindSpec> {
    let mut fields = Fields::plain(node, "a zone kind", found)?;
    let parts = optional(fields.take("parts"), found, |n, f| components_of(n, f, part));
    let has = Has { units: false, standby: false, needs: true, calls: false };
    let zone = component_fields(&mut fields, node.span, has, found);
    fields.finish(found);
    Some(ZoneKindSpec { parts: parts?.unwrap_or_default(), zone: zone? })
}

fn part(node: &Node, found: &mut Diagnostics) -> Option<ComponentSpec> {
    let mut fields = Fields::plain(node, "a part of a zone", found)?;
    let has = Has { units: true, standby: true, needs: true, calls: false };
    let part = component_fields(&mut fields, node.span, has, found);
    fields.finish(found);
    part
}
