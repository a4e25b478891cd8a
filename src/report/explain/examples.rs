//! Examples of fields and variants: the shortest that the RON blocks of the reference hold.

use std::collections::BTreeMap;

use super::markdown::{Part, Section};
use crate::scenario::parse::parse;
use crate::scenario::{Diagnostics, Entry, Node, Sources, Span, Value};

/// Columns that an example may take.
const WIDTH: usize = 74;
/// Columns by which what is inside brackets stands farther right.
const STEP: usize = 4;

/// The shortest example of each field and each variant.
#[derive(Debug, Default)]
pub(super) struct Examples {
    /// By the field or variant that a struct stands in, and the field in it.
    fields: BTreeMap<(String, String), String>,
    /// By the field that a variant stands in, and its name.
    variants: BTreeMap<(String, String), String>,
}

impl Examples {
    /// All examples of a document.
    pub(super) fn of(sections: &[Section]) -> Self {
        let mut examples = Self::default();
        for part in sections.iter().flat_map(|section| &section.parts) {
            let Part::Block(language, text) = part else { continue };
            if language == "ron" {
                examples.read(text);
            }
        }
        examples
    }

    /// An example of a field; `record` is the path of the record that it belongs to.
    pub(super) fn field(&self, record: &str, field: &str) -> Option<&String> {
        self.fields.get(&(last(record).to_owned(), field.to_owned()))
    }

    /// An example of a field, whatever record it belongs to.
    pub(super) fn anywhere(&self, field: &str) -> Option<&String> {
        shortest(self.fields.iter().filter(|((_, name), _)| name == field).map(|(_, text)| text))
    }

    /// An example of a variant that stands in one of these fields; in any field if none is named.
    pub(super) fn variant(&self, places: &[&str], name: &str) -> Option<&String> {
        let fits = |(place, variant): &(String, String)| {
            variant == name && (places.is_empty() || places.contains(&place.as_str()))
        };
        shortest(self.variants.iter().filter(|(key, _)| fits(key)).map(|(_, text)| text))
    }

    /// Notes what a block shows: a scenario, or fields of one.
    fn read(&mut self, block: &str) {
        let whole = block.trim_start().starts_with("Scenario(");
        let text = if whole { block.to_owned() } else { format!("Scenario({block}\n)") };
        let source = Sources::new().add("example", &text);
        if let Some(tree) = parse(source, &text, &mut Diagnostics::new()) {
            self.visit(&tree, "", &text);
        }
    }

    /// Notes the fields and variants in `node`, which stands in the field or variant `place`.
    fn visit(&mut self, node: &Node, place: &str, text: &str) {
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| self.visit(item, place, text)),
            Value::Map(pairs) => pairs.iter().for_each(|(_, value)| self.visit(value, place, text)),
            Value::Struct(inner) => {
                let variant = inner.name.as_ref().map(|(name, _)| name.as_str());
                if let Some(variant) = variant {
                    let shown = shown("", node, text);
                    keep(&mut self.variants, place, variant, shown);
                }
                inner.entries.iter().for_each(|entry| self.visit_entry(entry, variant, place, text));
            }
            Value::Str(_) | Value::Number(_) | Value::Bool(_) | Value::Unit => {}
        }
    }

    fn visit_entry(&mut self, entry: &Entry, variant: Option<&str>, place: &str, text: &str) {
        // What has no name stands where its variant stands: the gate in a list of needs, the law in `Fixed`.
        let Some((name, _)) = &entry.name else { return self.visit(&entry.value, place, text) };
        let record = variant.unwrap_or(place);
        keep(&mut self.fields, record, name, shown(&format!("{name}: "), &entry.value, text));
        // Alternatives in `of`, and needs in `on`, are still those of the field outside.
        let inside = if matches!(name.as_str(), "of" | "on") { place } else { name };
        self.visit(&entry.value, inside, text);
    }
}

/// The shortest text; of several the first.
pub(super) fn shortest<'t>(texts: impl Iterator<Item = &'t String>) -> Option<&'t String> {
    texts.min_by_key(|text| text.len())
}

fn keep(map: &mut BTreeMap<(String, String), String>, place: &str, name: &str, text: String) {
    let known = map.entry((place.to_owned(), name.to_owned())).or_insert_with(|| text.clone());
    if text.len() < known.len() {
        *known = text;
    }
}

/// A value in lines of at most [`WIDTH`] columns, as far as its texts allow.
fn shown(label: &str, node: &Node, text: &str) -> String {
    let whole = format!("{label}{}", laid_out(node, text, label.len(), 0));
    match &node.value {
        // One entry shows the form of a long map.
        Value::Map(pairs) if pairs.len() > 1 && whole.contains('\n') => {
            let first = Node { value: Value::Map(pairs.iter().take(1).cloned().collect()), ..node.clone() };
            format!("{label}{}", laid_out(&first, text, label.len(), 0))
        }
        _ => whole,
    }
}

/// A value on one line if it fits behind `used` columns; otherwise each entry on a line of its own.
fn laid_out(node: &Node, text: &str, used: usize, indent: usize) -> String {
    let (open, entries, close) = pieces(node, text);
    let flat: Vec<String> =
        entries.iter().map(|(label, inner)| format!("{label}{}", laid_out(inner, text, 0, indent))).collect();
    let (before, after) = if open.ends_with('{') { (" ", " ") } else { ("", "") };
    let line = match flat.as_slice() {
        [] => format!("{open}{close}"),
        _ => format!("{open}{before}{}{after}{close}", flat.join(", ")),
    };
    if let [(label, only)] = entries.as_slice()
        && label.is_empty()
    {
        // `OneOf({`, not two lines: what is inside begins where it would anyway.
        return format!("{open}{}{close}", laid_out(only, text, used + open.len() + close.len(), indent));
    }
    if entries.is_empty() || (!line.contains('\n') && used + indent + line.len() < WIDTH) {
        return line;
    }
    let deeper = indent + STEP;
    let lines = entries.iter().map(|(label, inner)| {
        let value = laid_out(inner, text, label.len(), deeper);
        format!("\n{}{label}{value},", " ".repeat(deeper))
    });
    format!("{open}{}\n{}{close}", lines.collect::<String>(), " ".repeat(indent))
}

/// What a value begins with, what it holds, each with its label, and what it ends with.
fn pieces<'n>(node: &'n Node, text: &str) -> (String, Vec<(String, &'n Node)>, &'static str) {
    let written = |span: Span| text.get(span.start..span.end).unwrap_or("").to_owned();
    match &node.value {
        Value::List(items) => ("[".to_owned(), items.iter().map(|item| (String::new(), item)).collect(), "]"),
        Value::Map(pairs) => {
            let pair = |(key, value): &'n (Node, Node)| (format!("{}: ", written(key.span)), value);
            ("{".to_owned(), pairs.iter().map(pair).collect(), "}")
        }
        Value::Struct(inner) if !inner.entries.is_empty() => {
            let name = inner.name.as_ref().map_or("", |(name, _)| name.as_str());
            let label =
                |entry: &Entry| entry.name.as_ref().map_or_else(String::new, |(n, _)| format!("{n}: "));
            let entries = inner.entries.iter().map(|entry| (label(entry), &entry.value)).collect();
            (format!("{name}("), entries, ")")
        }
        _ => (written(node.span), Vec::new(), ""),
    }
}

/// The last name of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
