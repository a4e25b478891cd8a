//! Responses: what operators do about a state.

use super::capacity::uncertain_rate;
use super::expression::condition;
use super::users::{likely, route};
use super::{duration, optional, share, time_law_or_zero, variant};
use crate::scenario::decode::{Fields, Provenance, Spanned, list_of, ratio, spanned, string};
use crate::scenario::diagnostics::{Diagnostics, excerpt, suggest};
use crate::scenario::edit::path_of;
use crate::scenario::law_spec::LawKind;
use crate::scenario::spec::{ActSpec, CalmSpec, ResponseSpec, RouteSpec};
use crate::scenario::tree::Node;
use crate::scenario::unknowns::{Figure, figure};

/// A response.
pub(super) fn response(node: &Node, found: &mut Diagnostics) -> Option<ResponseSpec> {
    let mut fields = Fields::plain(node, "a response", found)?;
    let when = fields.require_as("when", "the state that calls for it").and_then(|n| condition(n, found));
    let crew = optional(fields.take("crew"), found, |n, f| spanned(n, f, string));
    let decide = time_law_or_zero(fields.take("decide"), found);
    let apply = time_law_or_zero(fields.take("apply"), found);
    let works = optional(fields.take("works"), found, |n, f| {
        figure(n, LawKind::Fraction, f, |n, f| likely(n, "a response", f))
    });
    let does = fields.require_as("does", "what it changes").and_then(|n| acts(n, found));
    let undo = optional(fields.take("undo"), found, undo);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(ResponseSpec {
        span: node.span,
        when: when?,
        crew: crew?,
        decide: decide?,
        apply: apply?,
        works: works?.unwrap_or(Figure::known(1.0)),
        does: does?,
        undo: undo?,
    })
}

fn acts(node: &Node, found: &mut Diagnostics) -> Option<Vec<ActSpec>> {
    let acts = list_of(node, found, act)?;
    if acts.is_empty() {
        found.error(node.span, "a response that does nothing", "expected at least one change");
        return None;
    }
    Some(acts)
}

fn act(node: &Node, found: &mut Diagnostics) -> Option<ActSpec> {
    if variant(node, "change of a response", &["Set", "RollBack"], found)? == "RollBack" {
        let mut fields = Fields::arguments(node, "`RollBack(\"hazard\")`", &["hazard"], found)?;
        let hazard = fields.require("hazard").and_then(|n| spanned(n, found, string));
        fields.finish(found);
        return hazard.map(ActSpec::RollBack);
    }
    let mut fields = Fields::arguments(node, "`Set(path, value)`", &["path", "value"], found)?;
    let (path, value) = (fields.require("path"), fields.require("value"));
    fields.finish(found);
    set(path?, value?, found)
}

/// `Set(path, value)`: paths are those of edits, but only few of them can be changed while time goes on.
fn set(path: &Node, value: &Node, found: &mut Diagnostics) -> Option<ActSpec> {
    let steps = path_of(path, found)?;
    let names: Vec<&str> = steps.iter().map(|step| step.name.value.as_str()).collect();
    let name = || steps.get(1).map(|step| step.name.clone());
    match names.as_slice() {
        ["journeys", _, "admit"] => Some(ActSpec::Admit(name()?, share(value, found)?)),
        ["services", _, "capacity", "per_member"] => {
            Some(ActSpec::Capacity(name()?, None, uncertain_rate(value, found)?))
        }
        ["services", _, "capacity", "in_regions", _, "per_member"] => {
            let region = steps.get(4).map(|step| step.name.clone());
            Some(ActSpec::Capacity(name()?, region, uncertain_rate(value, found)?))
        }
        ["services", _, "shed"] => Some(ActSpec::Shed(name()?, share(value, found)?)),
        ["users", _, "route"] => Some(ActSpec::Route(name()?, order(value, found)?)),
        _ => {
            no_such_change(path, &names, found);
            None
        }
    }
}

/// Where users are sent: an order, of which the first region that serves them counts.
fn order(node: &Node, found: &mut Diagnostics) -> Option<Vec<Spanned<String>>> {
    match route(node, found)? {
        RouteSpec::Order(regions) => Some(regions),
        RouteSpec::Nearest(_) | RouteSpec::Weighted(_) => {
            let label = "expected `Order([...])`: the region that all of them are sent to";
            found.error(node.span, "operators send users to a region", label);
            None
        }
    }
}

fn no_such_change(path: &Node, names: &[&str], found: &mut Diagnostics) {
    let name = match names {
        [_, name, ..] if name.contains('.') => format!("'{name}'"),
        [_, name, ..] => (*name).to_owned(),
        _ => "NAME".to_owned(),
    };
    let known = [
        format!("journeys.{name}.admit"),
        format!("services.{name}.capacity.per_member"),
        format!("services.{name}.capacity.in_regions.REGION.per_member"),
        format!("services.{name}.shed"),
        format!("users.{name}.route"),
    ];
    let written = names.join(".");
    // With the name in it every path would be like every other: only what is around it is compared.
    let around = |path: &str| path.replacen(&name, "", 1);
    let arounds: Vec<String> = known.iter().map(|path| around(path)).collect();
    let meant = suggest(&around(&written), arounds.iter().map(String::as_str));
    let meant = meant.and_then(|meant| arounds.iter().position(|path| path == meant));
    let label = format!("expected one of {}", known.join(", "));
    let message = format!("no response can change `{}`", excerpt(&written));
    found.error(path.span, message, label).did_you_mean(meant.map(|place| known[place].as_str()));
}

fn undo(node: &Node, found: &mut Diagnostics) -> Option<CalmSpec> {
    variant(node, "way to undo", &["Calm"], found)?;
    let mut fields = Fields::of(node, "`Calm(below: ..., for: ...)`", found)?;
    let below =
        fields.require_as("below", "what is calm").and_then(|n| figure(n, LawKind::Ratio, found, ratio));
    let holds_for = optional(fields.take("for"), found, duration);
    fields.finish(found);
    Some(CalmSpec { span: node.span, below: below?, holds_for: holds_for?.unwrap_or(Figure::known(0.0)) })
}
