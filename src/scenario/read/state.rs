//! States of load: `Failing(...)` and `Overloaded(...)`.

use super::{duration, optional};
use crate::scenario::decode::{Fields, fraction01, ratio, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::LawKind;
use crate::scenario::spec::{StateSpec, WatchesSpec};
use crate::scenario::tree::Node;
use crate::scenario::unknowns::{Figure, figure};

/// A journey that fails for users.
pub(super) fn failing(node: &Node, found: &mut Diagnostics) -> Option<StateSpec> {
    let mut fields = Fields::of(node, "`Failing(journey: ..., above: ...)`", found)?;
    let journey = fields.require_as("journey", "what fails").and_then(|n| spanned(n, found, string));
    let users = optional(fields.take("users"), found, |n, f| spanned(n, f, string));
    let above = fields.require_as("above", "the share of requests that fail");
    let above = above.and_then(|n| figure(n, LawKind::Fraction, found, below_all));
    let holds_for = optional(fields.take("for"), found, duration);
    fields.finish(found);
    Some(StateSpec {
        watches: WatchesSpec::Failing(journey?, users?),
        above: above?,
        holds_for: holds_for?.unwrap_or(Figure::known(0.0)),
    })
}

/// A share below 1: no more than all can fail.
fn below_all(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let share = fraction01(node, found)?;
    if share >= 1.0 {
        let label = "expected a share below 100 %";
        found.error(node.span, "more than all requests can never fail", label);
        return None;
    }
    Some(share)
}

/// A unit with more load than it can serve.
pub(super) fn overloaded(node: &Node, found: &mut Diagnostics) -> Option<StateSpec> {
    let mut fields = Fields::of(node, "`Overloaded(unit: ..., above: ...)`", found)?;
    let unit = fields.require_as("unit", "a service or one of its units");
    let unit = unit.and_then(|n| spanned(n, found, string));
    let above = optional(fields.take("above"), found, |n, f| figure(n, LawKind::Ratio, f, ratio));
    let holds_for = optional(fields.take("for"), found, duration);
    fields.finish(found);
    Some(StateSpec {
        watches: WatchesSpec::Overloaded(unit?),
        above: above?.unwrap_or(Figure::known(1.0)),
        holds_for: holds_for?.unwrap_or(Figure::known(0.0)),
    })
}
