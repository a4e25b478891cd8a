//! The network: sites, corridors, cables, links, and who joins where.

use super::component::{Has, component_fields};
use super::place::coordinates;
use super::repair::repair;
use super::{optional, time_law};
use crate::scenario::decode::{
    self, Fields, Provenance, Spanned, data_rate, fault_rate, list_of, spanned, string,
};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::{LawKind, LawSpec};
use crate::scenario::sources::Span;
use crate::scenario::spec::{
    CableSpec, ComponentSpec, CorridorSpec, EdgeSpec, FaultsSpec, LinkSpec, SegmentSpec, SiteSpec,
};
use crate::scenario::tree::Node;
use crate::scenario::unknowns::{Figure, figure};

/// Longest segment or link: two and a half times around the globe.
const MOST_KM: f64 = 100_000.0;

/// Longest latency: far more than to any satellite.
const MOST_LATENCY: f64 = crate::time::MICROS_PER_MINUTE as f64;

/// The component fields of sites and links.
const HAS: Has = Has { units: false, standby: false, needs: true, calls: false };

/// Sites where somebody joins the network; none where nothing is said.
pub(super) fn attach(node: Option<&Node>, found: &mut Diagnostics) -> Option<Vec<Spanned<String>>> {
    node.map_or_else(|| Some(Vec::new()), |n| names(n, found))
}

fn names(node: &Node, found: &mut Diagnostics) -> Option<Vec<Spanned<String>>> {
    list_of(node, found, |n, f| spanned(n, f, string))
}

/// A site.
pub(super) fn site(node: &Node, found: &mut Diagnostics) -> Option<SiteSpec> {
    let mut fields = Fields::plain(node, "a site", found)?;
    let at = optional(fields.take("at"), found, coordinates);
    let site = component_fields(&mut fields, node.span, HAS, found);
    fields.finish(found);
    Some(SiteSpec { at: at?, site: site? })
}

/// A corridor.
pub(super) fn corridor(node: &Node, found: &mut Diagnostics) -> Option<CorridorSpec> {
    let mut fields = Fields::plain(node, "a corridor", found)?;
    let permit = optional(fields.take("permit"), found, time_law);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(CorridorSpec { span: node.span, permit: permit? })
}

/// A cable.
pub(super) fn cable(node: &Node, found: &mut Diagnostics) -> Option<CableSpec> {
    let mut fields = Fields::plain(node, "a cable", found)?;
    let capacity = optional(fields.take("capacity"), found, capacity);
    let faults = optional(fields.take("faults"), found, faults);
    let segments = fields
        .require_as("segments", "the stretches from site to site")
        .and_then(|n| list_of(n, found, segment));
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    let segments = segments?;
    if segments.is_empty() {
        found.error(node.span, "a cable without segments", "expected at least one segment");
        return None;
    }
    Some(CableSpec { capacity: capacity?, faults: faults?, segments })
}

fn segment(node: &Node, found: &mut Diagnostics) -> Option<SegmentSpec> {
    let mut fields = Fields::plain(node, "a segment of a cable", found)?;
    let edge = edge_fields(&mut fields, node.span, found);
    let _ = Provenance::take(&mut fields, found);
    fields.elsewhere(
        &["failures", "needs"],
        "a segment fails with its length, by `faults`; a link may have `failures` and `needs`",
    );
    fields.finish(found);
    Some(SegmentSpec { edge: edge?, segment: ComponentSpec::silent(node.span) })
}

/// A link.
pub(super) fn link(node: &Node, found: &mut Diagnostics) -> Option<LinkSpec> {
    let mut fields = Fields::plain(node, "a link", found)?;
    let edge = edge_fields(&mut fields, node.span, found);
    let link = component_fields(&mut fields, node.span, HAS, found);
    fields.finish(found);
    let (edge, link) = (edge?, link?);
    let same = link.failures.iter().find(|(name, _)| name.value == FAULT);
    if let (Some((name, _)), Some(faults)) = (same, &edge.faults) {
        let label = "expected another name: what `faults` makes is called `fault`";
        found.error(name.span, "two failures of one name", label).also(faults.span, "the other one");
        return None;
    }
    Some(LinkSpec { edge, link })
}

/// What the failure is called that `faults` makes.
pub(in crate::scenario) const FAULT: &str = "fault";

/// The fields that segments and links share, taken from `fields`.
fn edge_fields(fields: &mut Fields<'_>, span: Span, found: &mut Diagnostics) -> Option<EdgeSpec> {
    let from = fields.require_as("from", "a site").and_then(|n| spanned(n, found, string));
    let to = fields.require_as("to", "another site").and_then(|n| spanned(n, found, string));
    let length = optional(fields.take("length"), found, |n, f| spanned(n, f, uncertain_length));
    let latency = optional(fields.take("latency"), found, |n, f| spanned(n, f, uncertain_latency));
    let capacity = optional(fields.take("capacity"), found, capacity);
    let faults = optional(fields.take("faults"), found, faults);
    let on = optional(fields.take("on"), found, names);
    Some(EdgeSpec {
        span,
        from: from?,
        to: to?,
        length: length?,
        latency: latency?,
        capacity: capacity?,
        faults: faults?,
        on: on?.unwrap_or_default(),
    })
}

fn uncertain_length(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::Distance, found, length)
}

fn uncertain_latency(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::Time, found, latency)
}

fn length(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let km = decode::distance(node, found)?;
    if km > MOST_KM {
        found.error(node.span, "this is too long", format!("expected at most {MOST_KM} km"));
        return None;
    }
    Some(km)
}

fn latency(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let micros = decode::span(node, found)?;
    if micros > MOST_LATENCY {
        found.error(node.span, "this is too long", "expected at most a minute, one way");
        return None;
    }
    Some(micros)
}

fn capacity(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::DataRate, found, known_capacity)
}

/// A capacity above 0: what carries nothing is left out.
fn known_capacity(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let rate = data_rate(node, found)?;
    if rate <= 0.0 {
        found.error(node.span, "this carries nothing", "expected a data rate above 0, or no such segment");
        return None;
    }
    Some(rate)
}

fn faults(node: &Node, found: &mut Diagnostics) -> Option<FaultsSpec> {
    let mut fields = Fields::plain(node, "faults by length", found)?;
    let rate = fields
        .require_as("rate", "such as \"0.10/1000km/y\"")
        .and_then(|n| figure(n, LawKind::FaultRate, found, fault_rate));
    let repair = fields.require_as("repair", "how each ends, or Never").and_then(|n| repair(n, found));
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(FaultsSpec { span: node.span, rate: rate?, repair: repair? })
}

/// The network as a whole: the time to new routes.
pub(super) fn network(node: &Node, found: &mut Diagnostics) -> Option<Option<LawSpec>> {
    let mut fields = Fields::plain(node, "the network", found)?;
    let convergence = optional(fields.take("convergence"), found, time_law);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    convergence
}
