//! What one scenario says otherwise than another.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::decode::text_of;
use super::tree::{Entry, Node, Struct, Value};
use super::written::flat;

/// Fields that say nothing of the system.
const OUTSIDE: [&str; 5] = ["title", "architectures", "extends", "source", "guess"];

/// A place at which two scenarios differ, in the form of an edit's path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The path.
    pub path: String,
    /// What the first says, in RON; nothing if it has no such place.
    pub from: Option<String>,
    /// What the second says.
    pub to: Option<String>,
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, from, to } = self;
        match (from, to) {
            (Some(from), Some(to)) => write!(f, "{path}: {from} -> {to}"),
            (None, Some(to)) => write!(f, "{path}: added {to}"),
            (Some(from), None) => write!(f, "{path}: removed {from}"),
            (None, None) => write!(f, "{path}"),
        }
    }
}

/// All places at which `second` differs from `first`; maps by key and structs by field, everything else as a whole.
#[must_use]
pub fn differences(first: &Node, second: &Node) -> Vec<Changed> {
    let mut changed = Vec::new();
    compare("", first, second, &mut changed);
    changed
}

fn compare(path: &str, first: &Node, second: &Node, changed: &mut Vec<Changed>) {
    let (a, b) = match (&first.value, &second.value) {
        (Value::Map(a), Value::Map(b)) => (pairs(a), pairs(b)),
        (Value::Struct(a), Value::Struct(b)) if variant(a) == variant(b) && is_named(a) && is_named(b) => {
            (fields(a), fields(b))
        }
        (Value::Struct(a), Value::Unit) if variant(a).is_none() && is_named(a) => (fields(a), Vec::new()),
        (Value::Unit, Value::Struct(b)) if variant(b).is_none() && is_named(b) => (Vec::new(), fields(b)),
        _ => {
            let (from, to) = (flat(first), flat(second));
            if from != to {
                changed.push(Changed { path: path.to_owned(), from: Some(from), to: Some(to) });
            }
            return;
        }
    };
    let below = |name: &str| if path.is_empty() { step(name) } else { format!("{path}.{}", step(name)) };
    let new: BTreeMap<&str, &Node> = b.iter().map(|(name, node)| (name.as_str(), *node)).collect();
    let old: BTreeSet<&str> = a.iter().map(|(name, _)| name.as_str()).collect();
    for (name, old) in &a {
        match new.get(name.as_str()) {
            Some(new) => compare(&below(name), old, new, changed),
            None => changed.push(Changed { path: below(name), from: Some(flat(old)), to: None }),
        }
    }
    for (name, new) in b.iter().filter(|(name, _)| !old.contains(name.as_str())) {
        changed.push(Changed { path: below(name), from: None, to: Some(flat(new)) });
    }
}

fn variant(inner: &Struct) -> Option<&str> {
    inner.name.as_ref().map(|(name, _)| name.as_str())
}

fn is_named(inner: &Struct) -> bool {
    inner.entries.iter().all(|entry| entry.name.is_some())
}

fn pairs(list: &[(Node, Node)]) -> Vec<(String, &Node)> {
    let name = |key: &Node| text_of(key).map_or_else(|| flat(key), str::to_owned);
    list.iter().map(|(key, value)| (name(key), value)).collect()
}

fn fields(inner: &Struct) -> Vec<(String, &Node)> {
    let field = |entry: &Entry| entry.name.as_ref().map(|(name, _)| name.clone());
    let all = inner.entries.iter().filter_map(|entry| Some((field(entry)?, &entry.value)));
    all.filter(|(name, _)| !OUTSIDE.contains(&name.as_str())).collect()
}

/// A name as it stands in a path.
fn step(name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    if plain { name.to_owned() } else { format!("'{name}'") }
}
