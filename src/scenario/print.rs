//! A tree as RON text again.

use std::fmt::Write as _;

use super::load::Loaded;
use super::tree::{Entry, Node, Struct, Value};

/// The tree as RON, one field a line.
#[must_use]
pub fn print_tree(tree: &Node) -> String {
    let mut text = String::new();
    print(tree, 0, &mut text);
    text.push('\n');
    text
}

/// The tree of a scenario as RON, one field a line, below the files that it was merged from.
#[must_use]
pub fn resolved_tree(loaded: &Loaded) -> String {
    merged_from(&loaded.files) + &print_tree(&loaded.tree)
}

/// A comment with the files that a scenario was merged from; nothing for a single one.
pub(super) fn merged_from(files: &[String]) -> String {
    if files.len() < 2 {
        return String::new();
    }
    let mut text = "// Merged from these files, each over those above it:\n".to_owned();
    for file in files {
        // In quotes: a name may hold the end of a line.
        let _ = writeln!(text, "//   {}", quoted(file));
    }
    text
}

fn print(node: &Node, depth: usize, text: &mut String) {
    if let Some(name) = bare_text(node) {
        return text.push_str(&quoted(name));
    }
    match &node.value {
        Value::Str(s) => text.push_str(&quoted(s)),
        Value::Number(n) => {
            let _ = write!(text, "{n}");
        }
        Value::Bool(b) => {
            let _ = write!(text, "{b}");
        }
        Value::Unit => text.push_str("()"),
        Value::List(items) => print_list(items, depth, text),
        Value::Map(pairs) => print_map(pairs, depth, text),
        Value::Struct(inner) => print_struct(inner, depth, text),
    }
}

/// A text that stood without quotes on a command line; what begins with a capital letter is a variant.
pub(super) fn bare_text(node: &Node) -> Option<&str> {
    node.bare_name().filter(|name| !name.starts_with(char::is_uppercase))
}

/// A text in RON's quotes.
pub(super) fn quoted(text: &str) -> String {
    ron::to_string(text).unwrap_or_else(|_| format!("{text:?}"))
}

fn line(depth: usize, text: &mut String) {
    text.push('\n');
    text.push_str(&"    ".repeat(depth));
}

fn print_list(items: &[Node], depth: usize, text: &mut String) {
    text.push('[');
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        print(item, depth + 1, text);
    }
    text.push(']');
}

fn print_map(pairs: &[(Node, Node)], depth: usize, text: &mut String) {
    if pairs.is_empty() {
        return text.push_str("{}");
    }
    text.push('{');
    for (key, value) in pairs {
        line(depth + 1, text);
        print(key, depth + 1, text);
        text.push_str(": ");
        print(value, depth + 1, text);
        text.push(',');
    }
    line(depth, text);
    text.push('}');
}

fn print_struct(inner: &Struct, depth: usize, text: &mut String) {
    if let Some((name, _)) = &inner.name {
        text.push_str(name);
        if inner.entries.is_empty() {
            return;
        }
    }
    text.push('(');
    let named = inner.entries.iter().all(|e| e.name.is_some());
    for (place, Entry { name, value }) in inner.entries.iter().enumerate() {
        if named && inner.entries.len() > 2 {
            line(depth + 1, text);
        } else if place > 0 {
            text.push(' ');
        }
        if let Some((name, _)) = name {
            let _ = write!(text, "{name}: ");
        }
        print(value, depth + 1, text);
        if place + 1 < inner.entries.len() || (named && inner.entries.len() > 2) {
            text.push(',');
        }
    }
    if named && inner.entries.len() > 2 {
        line(depth, text);
    }
    text.push(')');
}
