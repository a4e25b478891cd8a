//! From the tree to typed values, one file a part of the language. Every mistake is recorded.

mod architecture;
mod capacity;
mod component;
mod cost;
mod expression;
mod hazard;
mod network;
mod place;
mod profile;
mod repair;
mod replicas;
mod response;
mod retries;
mod service;
mod state;
mod surge;
mod top;
mod traffic;
mod users;

pub(super) use network::FAULT;
pub(super) use top::{architectures, is_scenario, scenario};

use super::decode::{self, Spanned, expected};
use super::diagnostics::Diagnostics;
use super::law_spec::{LawKind, LawSpec};
use super::sources::Span;
use super::spec::Named;
use super::tree::{Node, Value};
use super::unknown_counts;
use super::unknowns::{Figure, figure};

/// A law of durations; where it stands its source may stand too.
fn time_law(node: &Node, found: &mut Diagnostics) -> Option<LawSpec> {
    decode::law_with_source(node, LawKind::Time, found).map(|(law, _)| law)
}

/// A probability, which may be unknown.
fn share(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::Fraction, found, decode::fraction01)
}

/// A duration that may be unknown.
fn duration(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    figure(node, LawKind::Time, found, decode::span)
}

/// A duration above zero that may be unknown, in seconds.
fn seconds_above_zero(node: &Node, found: &mut Diagnostics) -> Option<Figure> {
    let micros = figure(node, LawKind::Time, found, above_zero)?;
    Some(micros.in_unit(crate::time::MICROS_PER_SECOND as f64))
}

/// A law of shares.
fn share_law(node: &Node, found: &mut Diagnostics) -> Option<LawSpec> {
    decode::law_with_source(node, LawKind::Fraction, found).map(|(law, _)| law)
}

/// A law, or the one that takes no time where there is none.
fn time_law_or_zero(node: Option<&Node>, found: &mut Diagnostics) -> Option<LawSpec> {
    node.map_or(Some(LawSpec::Fixed(0.0)), |n| time_law(n, found))
}

/// An optional field: absent is fine, wrong is not.
fn optional<T>(
    node: Option<&Node>,
    found: &mut Diagnostics,
    read: impl FnOnce(&Node, &mut Diagnostics) -> Option<T>,
) -> Option<Option<T>> {
    match node {
        None => Some(None),
        Some(node) => read(node, found).map(Some),
    }
}

/// A duration above zero.
fn above_zero(node: &Node, found: &mut Diagnostics) -> Option<f64> {
    let micros = decode::span(node, found)?;
    if micros <= 0.0 {
        found.error(node.span, "a duration of no length", "expected a duration above zero");
        return None;
    }
    Some(micros)
}

/// A whole number that fits 32 bits, with its place.
fn small_count(node: &Node, found: &mut Diagnostics) -> Option<Spanned<u32>> {
    const MOST: u64 = 1_000_000;
    let value = decode::count(node, found)?;
    if value > MOST {
        found.error(node.span, format!("`{value}` is too many"), format!("expected at most {MOST}"));
        return None;
    }
    Some(Spanned { value: value as u32, span: node.span })
}

/// A whole number of at least 1 that may be `Uncertain(law)`.
fn uncertain_count(node: &Node, found: &mut Diagnostics) -> Option<Spanned<Figure>> {
    unknown_counts::count(node, found, at_least_one)
}

/// A whole number of at least 1.
fn at_least_one(node: &Node, found: &mut Diagnostics) -> Option<Spanned<u32>> {
    let count = small_count(node, found)?;
    if count.value == 0 {
        found.error(node.span, "`0` is not enough", "expected a whole number of at least 1");
        return None;
    }
    Some(count)
}

/// Every value of a map of regions, zones, parts or services: their names are steps of paths.
fn components_of<T>(
    node: &Node,
    found: &mut Diagnostics,
    read: impl FnMut(&Node, &mut Diagnostics) -> Option<T>,
) -> Option<Named<T>> {
    const RESERVED: [char; 8] = ['/', '@', '*', '?', '[', ']', '{', '}'];
    if let Value::Map(pairs) = &node.value {
        for (key, _) in pairs {
            let Value::Str(name) = &key.value else { continue };
            if let Some(odd) = name.chars().find(|c| RESERVED.contains(c)) {
                found
                    .error(key.span, format!("this name holds `{odd}`"), "expected a name without / @ * ? [ ] { }")
                    .help("paths such as \"region/zone/part\" and \"service@region\" and wildcards are made with them");
            }
        }
    }
    decode::map_of(node, found, read)
}

/// The name of a variant among `known` that hold nothing.
fn plain_variant<'n>(node: &'n Node, what: &str, known: &[&str], found: &mut Diagnostics) -> Option<&'n str> {
    let name = variant(node, what, known, found)?;
    holds_nothing(node, found)?;
    Some(name)
}

/// Records an error where a variant such as `Nearest` has values in brackets behind it.
fn holds_nothing(node: &Node, found: &mut Diagnostics) -> Option<()> {
    let Some(inner) = node.as_struct() else { return Some(()) };
    let (Some(first), Some(last), Some((name, _))) =
        (inner.entries.first(), inner.entries.last(), &inner.name)
    else {
        return Some(());
    };
    let start = first.name.as_ref().map_or(first.value.span, |(_, span)| *span).start;
    let span = Span { start, ..last.value.span };
    found.error(span, format!("`{name}` takes no values"), format!("expected `{name}` alone"));
    None
}

/// The name of a variant among `known`; what is none of them is an error.
fn variant<'n>(node: &'n Node, what: &str, known: &[&str], found: &mut Diagnostics) -> Option<&'n str> {
    let bare = match &node.value {
        Value::Str(text) if node.bare => Some(text.as_str()),
        _ => None,
    };
    let (name, span) = match (node.variant(), bare) {
        (Some(variant), _) => variant,
        (None, Some(text)) => (text, node.span),
        (None, None) => {
            expected(node, &format!("{what}: {}", known.join(", ")), found);
            return None;
        }
    };
    if !known.contains(&name) {
        decode::unknown_name(name, span, what, known, found);
        return None;
    }
    Some(name)
}
