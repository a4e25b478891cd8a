//! What every component may say.

use super::expression::{condition, needs};
use super::repair::repair;
use super::{at_least_one, optional, share_law, time_law, time_law_or_zero, variant};
use crate::scenario::decode::{self, Fields, Spanned, fraction01, map_of};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::LawSpec;
use crate::scenario::sources::Span;
use crate::scenario::spec::{
    ClockSpec, ComponentSpec, EffectKind, EffectSpec, ModeSpec, Named, StandbySpec, ZoneKindSpec,
};
use crate::scenario::tree::Node;

/// Which of the component fields a kind of component has.
#[derive(Clone, Copy)]
pub(super) struct Has {
    pub(super) units: bool,
    pub(super) standby: bool,
    pub(super) needs: bool,
}

/// The fields that components share, taken from `fields`.
pub(super) fn component_fields(
    fields: &mut Fields<'_>,
    span: Span,
    has: Has,
    found: &mut Diagnostics,
) -> Option<ComponentSpec> {
    let failures = optional(fields.take("failures"), found, modes);
    let mut empty = ComponentSpec {
        span,
        failures: failures?.unwrap_or_default(),
        needs: Vec::new(),
        starts_with: Vec::new(),
        restart: LawSpec::Fixed(0.0),
        black_start: None,
        count: Spanned { value: 1, span },
        enough: None,
        standby: None,
    };
    if has.needs {
        let needed = optional(fields.take("needs"), found, needs);
        let starts_with = optional(fields.take("starts_with"), found, needs);
        let restart = time_law_or_zero(fields.take("restart"), found);
        let black_start = optional(fields.take("black_start"), found, time_law);
        empty.needs = needed?.unwrap_or_default();
        empty.starts_with = starts_with?.unwrap_or_default();
        (empty.restart, empty.black_start) = (restart?, black_start?);
    }
    if has.units {
        let count = optional(fields.take("count"), found, at_least_one);
        let enough = optional(fields.take("enough"), found, at_least_one);
        empty.count = count?.unwrap_or(empty.count);
        empty.enough = enough?;
        check_enough(&empty, found)?;
    }
    if has.standby {
        empty.standby = optional(fields.take("standby"), found, standby)?;
    }
    let _ = decode::Provenance::take(fields, found);
    Some(empty)
}

fn check_enough(component: &ComponentSpec, found: &mut Diagnostics) -> Option<()> {
    if let Some(enough) = &component.enough
        && enough.value > component.count.value
    {
        let message = format!("{} of {} units can never be enough", enough.value, component.count.value);
        found.error(enough.span, message, format!("expected at most {}", component.count.value));
        return None;
    }
    Some(())
}

fn modes(node: &Node, found: &mut Diagnostics) -> Option<Named<ModeSpec>> {
    map_of(node, found, mode)
}

fn mode(node: &Node, found: &mut Diagnostics) -> Option<ModeSpec> {
    let mut fields = Fields::plain(node, "a failure mode", found)?;
    let every = fields.require_as("every", "the time to failure", found).and_then(|n| time_law(n, found));
    let effect = optional(fields.take("effect"), found, effect);
    let clock = optional(fields.take("clock"), found, clock);
    let repair = fields.require_as("repair", "how it ends, or Never", found).and_then(|n| repair(n, found));
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(ModeSpec {
        every: every?,
        effect: effect?.unwrap_or(EffectSpec { kind: EffectKind::Down, span: node.span }),
        clock: clock?.unwrap_or(ClockSpec::Calendar),
        repair: repair?,
    })
}

/// `Down`, `Capacity(x)` or `Errors(x)`.
pub(super) fn effect(node: &Node, found: &mut Diagnostics) -> Option<EffectSpec> {
    let name = variant(node, "effect", &["Down", "Capacity", "Errors"], found)?;
    let kind = if name == "Down" {
        EffectKind::Down
    } else {
        let what = "`Capacity(share)` or `Errors(share)`";
        let mut fields = Fields::arguments(node, what, &["share"], found)?;
        let share = fields.require("share", found).and_then(|n| share_law(n, found));
        fields.finish(found);
        if name == "Capacity" { EffectKind::Capacity(share?) } else { EffectKind::Errors(share?) }
    };
    Some(EffectSpec { kind, span: node.span })
}

fn clock(node: &Node, found: &mut Diagnostics) -> Option<ClockSpec> {
    Some(match variant(node, "clock", &["Calendar", "Operating", "While"], found)? {
        "Calendar" => ClockSpec::Calendar,
        "Operating" => ClockSpec::Operating,
        _ => {
            let mut fields = Fields::arguments(node, "`While(condition)`", &["condition"], found)?;
            let inner = fields.require("condition", found).and_then(|n| condition(n, found));
            fields.finish(found);
            ClockSpec::While(inner?)
        }
    })
}

fn standby(node: &Node, found: &mut Diagnostics) -> Option<StandbySpec> {
    let mut fields = Fields::plain(node, "a standby", found)?;
    let starts_in = time_law_or_zero(fields.take("starts_in"), found);
    let fails = optional(fields.take("fails_to_start"), found, fraction01);
    let repair = optional(fields.take("repair"), found, repair);
    let dormancy = optional(fields.take("dormancy"), found, fraction01);
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(StandbySpec {
        span: node.span,
        starts_in: starts_in?,
        fails_to_start: fails?.unwrap_or(0.0),
        repair: repair?,
        dormancy: dormancy?.unwrap_or(0.0),
    })
}

/// What zones are built from.
pub(super) fn zone_kind(node: &Node, found: &mut Diagnostics) -> Option<ZoneKindSpec> {
    let mut fields = Fields::plain(node, "a zone kind", found)?;
    let parts = optional(fields.take("parts"), found, |n, f| map_of(n, f, part));
    let has = Has { units: false, standby: false, needs: true };
    let zone = component_fields(&mut fields, node.span, has, found);
    fields.finish(found);
    Some(ZoneKindSpec { parts: parts?.unwrap_or_default(), zone: zone? })
}

fn part(node: &Node, found: &mut Diagnostics) -> Option<ComponentSpec> {
    let mut fields = Fields::plain(node, "a part of a zone", found)?;
    let has = Has { units: true, standby: true, needs: true };
    let part = component_fields(&mut fields, node.span, has, found);
    fields.finish(found);
    part
}
