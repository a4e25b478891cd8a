//! What must hold within one struct or map: names once, and positional or named values but not both.

use std::collections::BTreeMap;

use super::decode::text_of;
use super::diagnostics::{excerpt, quoted};
use super::law_spec::argument_names;
use super::parse::Parser;
use super::tree::{Entry, Node, Struct};

/// Reports keys that a map has twice.
pub(super) fn check_keys(parser: &mut Parser<'_, '_>, pairs: &[(Node, Node)]) {
    let mut seen = BTreeMap::new();
    for (key, _) in pairs {
        let written = &parser.cursor.text()[key.span.start..key.span.end];
        // Text is compared as decoded, everything else as written.
        let identity = match text_of(key) {
            Some(text) => (true, text),
            None => (false, written),
        };
        match seen.get(&identity) {
            Some(first) => {
                let first = *first;
                parser
                    .error(
                        key.span.start,
                        key.span.end,
                        format!("the key {} stands twice in this map", excerpt(written)),
                        "expected a name that is not taken",
                    )
                    .also(first, "first here");
            }
            None => {
                seen.insert(identity, key.span);
            }
        }
    }
}

/// Reports fields that a struct has twice.
pub(super) fn check_names(parser: &mut Parser<'_, '_>, inner: &Struct) {
    let mut seen = BTreeMap::new();
    for (name, span) in inner.entries.iter().filter_map(|entry| entry.name.as_ref()) {
        match seen.get(name.as_str()) {
            Some(first) => {
                let first = *first;
                parser
                    .error(
                        span.start,
                        span.end,
                        format!("the field {} stands twice", quoted(name)),
                        "expected it once",
                    )
                    .also(first, "first here");
            }
            None => {
                seen.insert(name.as_str(), *span);
            }
        }
    }
}

/// Reports values with and without names side by side.
pub(super) fn check_mixture(parser: &mut Parser<'_, '_>, inner: &Struct) {
    let Some(first) = inner.entries.first() else { return };
    let Some(other) = inner.entries.iter().find(|entry| entry.name.is_some() != first.name.is_some()) else {
        return;
    };
    let text = parser.cursor.text();
    let name = inner.name.as_ref().map_or("", |(name, _)| name.as_str());
    let what = if name.is_empty() { "a struct" } else { "a variant" };
    let known = argument_names(name);
    let named = |(position, entry): (usize, &Entry)| match &entry.name {
        Some((field, _)) => format!("{field}: {}", written(text, entry)),
        None => format!("{}: {}", known.get(position).unwrap_or(&"name"), written(text, entry)),
    };
    let with_names: Vec<String> = inner.entries.iter().enumerate().map(named).collect();
    let without: Vec<String> = inner.entries.iter().map(|entry| written(text, entry)).collect();
    let label = if other.name.is_some() { "this value has a name" } else { "this value has none" };
    let first_label = if first.name.is_some() { "this one has a name" } else { "this one has none" };
    let (start, end) = extent(other);
    let (first_start, first_end) = extent(first);
    let first_span = parser.span(first_start, first_end);
    parser
        .error(start, end, format!("{what} takes positional or named values, never both"), label)
        .also(first_span, first_label)
        .help(format!("write `{name}({})` or `{name}({})`", with_names.join(", "), without.join(", ")));
}

/// An entry's value as it was written, on one line.
fn written(text: &str, entry: &Entry) -> String {
    excerpt(&text[entry.value.span.start..entry.value.span.end])
}

fn extent(entry: &Entry) -> (usize, usize) {
    let start = entry.name.as_ref().map_or(entry.value.span.start, |(_, span)| span.start);
    (start, entry.value.span.end)
}
