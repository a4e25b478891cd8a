//! A scenario as RON again, with every default written out.

use std::collections::BTreeSet;

use super::architectures::without_architectures;
use super::law_spec::argument_names;
use super::load::Loaded;
use super::print::{bare_text, merged_from, quoted};
use super::schema::{self, Otherwise, Record, Shape, Step, step};
use super::tree::{Entry, Node, Struct, Value};

/// Columns of what is written.
const WIDTH: usize = 100;

/// What marks a value that the file does not hold.
const MARK: &str = " // default";

/// The scenario with every default written out, in RON: it means the same system.
///
/// Defaults are marked; those that no value can say are comments. Sources and guesses are left out, and so are
/// architectures: their edits are made for the scenario without its defaults.
#[must_use]
pub fn written_out(loaded: &Loaded) -> String {
    let writer = Writer { crews: schema::crews(&loaded.tree), aged: loaded.model.aged };
    let tree = without_architectures(&loaded.tree);
    let lines = writer.lines(&tree, Shape::Fields(&schema::SCENARIO), 0);
    let left_out = if loaded.architectures.is_empty() {
        ""
    } else {
        "// Without its architectures: --architecture NAME takes one.\n"
    };
    merged_from(&loaded.files) + left_out + &lines.join("\n") + "\n"
}

/// A law on one line, without its source, and without names where its values stand in their usual order.
pub(super) fn law_text(node: &Node) -> String {
    let Some((inner, name)) = node.as_struct().zip(node.variant().map(|(name, _)| name)) else {
        return flat(node);
    };
    let given: Vec<&Entry> = kept(inner).collect();
    let names: Vec<&str> = given.iter().filter_map(|e| e.name.as_ref().map(|(n, _)| n.as_str())).collect();
    if names.is_empty() || names != argument_names(name) {
        return flat(node);
    }
    format!("{name}({})", given.iter().map(|e| flat(&e.value)).collect::<Vec<_>>().join(", "))
}

struct Writer<'t> {
    crews: BTreeSet<&'t str>,
    aged: bool,
}

impl Writer<'_> {
    /// A value as lines; the first has no indentation, the others stand `depth` deep.
    fn lines(&self, node: &Node, shape: Shape, depth: usize) -> Vec<String> {
        if let (Shape::Objective, Value::Str(_) | Value::Number(_)) = (shape, &node.value) {
            return self.lines(&objective(node), shape, depth);
        }
        match step(shape, node, &self.crews) {
            Step::Fields(record) => self.record(node, record, depth),
            Step::Items(inner) => self.broken(node, inner, depth),
            Step::Leaf | Step::Law(_) if fits(&flat(node), depth) => vec![flat(node)],
            Step::Leaf | Step::Law(_) => self.broken(node, Shape::Plain, depth),
        }
    }

    /// What is inside, on one line if that is short and holds no comment, else a line each.
    fn broken(&self, node: &Node, shape: Shape, depth: usize) -> Vec<String> {
        let named = |name: &str, value: &Node| {
            let mut lines = self.lines(value, shape, depth + 1);
            if let Some(first) = lines.first_mut() {
                first.insert_str(0, name);
            }
            lines
        };
        let (open, items, close): (String, Vec<Vec<String>>, &str) = match &node.value {
            Value::List(list) => ("[".to_owned(), list.iter().map(|item| named("", item)).collect(), "]"),
            Value::Map(pairs) => {
                let pair = |(key, value): &(Node, Node)| named(&format!("{}: ", flat(key)), value);
                ("{".to_owned(), pairs.iter().map(pair).collect(), "}")
            }
            Value::Struct(inner) if !inner.entries.is_empty() => {
                let entry = |e: &Entry| {
                    let name = e.name.as_ref().map_or(String::new(), |(name, _)| format!("{name}: "));
                    named(&name, &e.value)
                };
                let name = inner.name.as_ref().map_or("", |(name, _)| name.as_str());
                (format!("{name}("), kept(inner).map(entry).collect(), ")")
            }
            _ => return vec![flat(node)],
        };
        let short = items.iter().map(|item| item.concat()).collect::<Vec<_>>().join(", ");
        let one_line = items.iter().all(|item| item.len() == 1) && !short.contains("// ");
        if one_line && fits(&short, depth + 2) {
            return vec![format!("{open}{short}{close}")];
        }
        if let [only] = items.as_slice()
            && matches!(node.value, Value::Struct(_))
        {
            return around(&open, only.clone(), close);
        }
        block(open, items.into_iter().map(with_comma).collect(), close, depth)
    }

    /// A struct's fields, those that are not there included.
    fn record(&self, node: &Node, record: &Record, depth: usize) -> Vec<String> {
        let entries: &[Entry] = node.as_struct().map_or(&[], |inner| &inner.entries);
        let given = |name: &str| entries.iter().find(|e| e.name.as_ref().is_some_and(|(n, _)| n == name));
        let mut items = Vec::new();
        for field in record.fields {
            if let Some(entry) = given(field.name) {
                let mut lines = self.lines(&entry.value, field.shape, depth + 1);
                if let Some(first) = lines.first_mut() {
                    first.insert_str(0, &format!("{}: ", field.name));
                }
                items.push(with_comma(lines));
                continue;
            }
            let start = if self.aged { "Aged" } else { "New" };
            items.extend(match field.otherwise {
                Otherwise::Nothing => None,
                Otherwise::Without(other, _) if given(other).is_some() => None,
                Otherwise::Value(text) | Otherwise::Without(_, text) => {
                    Some(vec![format!("{}: {text},{MARK}", field.name)])
                }
                Otherwise::Start => Some(vec![format!("{}: {start},{MARK}", field.name)]),
                Otherwise::Beside(other, _) if given(other).is_none() => None,
                Otherwise::Beside(_, words) | Otherwise::Words(words) => {
                    Some(vec![format!("// default {}: {words}", field.name)])
                }
            });
        }
        // Whatever the list of fields does not know is not lost.
        let known = |e: &&Entry| {
            e.name.as_ref().is_some_and(|(name, _)| record.fields.iter().any(|f| f.name == name))
        };
        let others = node.as_struct().into_iter().flat_map(kept).filter(|e| !known(e));
        items.extend(others.map(|e| vec![flat_entry(e) + ","]));
        let name = node.variant().map_or("", |(name, _)| name);
        block(format!("{name}("), items, ")", depth)
    }
}

/// An objective that says only its availability, with a field for it.
fn objective(availability: &Node) -> Node {
    let name = Some(("availability".to_owned(), availability.span));
    let entries = vec![Entry { name, value: availability.clone() }];
    Node { value: Value::Struct(Struct { name: None, entries }), span: availability.span, bare: false }
}

/// A struct's entries that mean something.
fn kept(inner: &Struct) -> impl Iterator<Item = &Entry> {
    let is_origin = |e: &Entry| e.name.as_ref().is_some_and(|(n, _)| n == "source" || n == "guess");
    inner.entries.iter().filter(move |e| !is_origin(e))
}

fn with_comma(mut lines: Vec<String>) -> Vec<String> {
    if let Some(last) = lines.last_mut() {
        last.push(',');
    }
    lines
}

/// Brackets on lines of their own, items between them.
fn block(open: String, items: Vec<Vec<String>>, close: &str, depth: usize) -> Vec<String> {
    if items.is_empty() {
        return vec![open + close];
    }
    let mut lines = vec![open];
    for item in items {
        for (place, line) in item.into_iter().enumerate() {
            // Only the first line of a value is not indented yet.
            lines.push(if place == 0 { indented(&line, depth + 1) } else { line });
        }
    }
    lines.push(indented(close, depth));
    lines
}

/// Brackets close around the only item: `OneOf({ ... })`.
fn around(open: &str, mut item: Vec<String>, close: &str) -> Vec<String> {
    let last = item.len().saturating_sub(1);
    for (place, line) in item.iter_mut().enumerate() {
        if place > 0 {
            *line = line.strip_prefix("    ").unwrap_or(line).to_owned();
        }
        if place == 0 {
            line.insert_str(0, open);
        }
        if place == last {
            line.push_str(close);
        }
    }
    item
}

fn indented(line: &str, depth: usize) -> String {
    format!("{}{line}", "    ".repeat(depth))
}

fn fits(text: &str, depth: usize) -> bool {
    4 * depth + text.chars().count() + 20 <= WIDTH
}

/// A value on one line.
pub(super) fn flat(node: &Node) -> String {
    if let Some(name) = bare_text(node) {
        return quoted(name);
    }
    let list = |items: Vec<String>| items.join(", ");
    match &node.value {
        Value::Str(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Unit => "()".to_owned(),
        Value::List(items) => format!("[{}]", list(items.iter().map(flat).collect())),
        Value::Map(pairs) if pairs.is_empty() => "{}".to_owned(),
        Value::Map(pairs) => {
            format!(
                "{{ {} }}",
                list(pairs.iter().map(|(k, v)| format!("{}: {}", flat(k), flat(v))).collect())
            )
        }
        Value::Struct(inner) => {
            let name = inner.name.as_ref().map_or("", |(name, _)| name.as_str());
            let entries: Vec<String> = kept(inner).map(flat_entry).collect();
            if entries.is_empty() && !name.is_empty() {
                return name.to_owned();
            }
            format!("{name}({})", list(entries))
        }
    }
}

fn flat_entry(entry: &Entry) -> String {
    match &entry.name {
        Some((name, _)) => format!("{name}: {}", flat(&entry.value)),
        None => flat(&entry.value),
    }
}
