//! Edits applied to a tree.

use globset::{GlobBuilder, GlobMatcher};

use super::decode::{Spanned, text_of, unknown_name};
use super::diagnostics::{Diagnostics, excerpt, quoted};
use super::edit::{Change, Edit, Step};
use super::parse::DEPTH_LIMIT;
use super::tree::{Entry, Node, Struct, Value};

/// Does what an edit says.
///
/// Every name on the way must exist. To set is to replace, or to give a struct a new field, but not a map a new key:
/// that would hide a slip in the name. A wildcard stands for all names that it matches; places at which the rest of
/// the path leads nowhere are passed over as long as there is one at which it leads somewhere. Values keep their
/// places in the edit's text.
pub fn apply(tree: &mut Node, edit: &Edit, diagnostics: &mut Diagnostics) {
    if let Some(value) = edit.change.value()
        && edit.path.len() + value.depth() > DEPTH_LIMIT
    {
        let message = format!("more than {DEPTH_LIMIT} brackets inside each other");
        diagnostics.error(value.span, message, "this value is too deep for its place");
        return;
    }
    let mut missed = Diagnostics::new();
    if !walk(tree, &edit.path, &edit.change, &mut missed) {
        diagnostics.append(missed);
    }
}

/// Makes the change at all places that `path` leads to from `place`; false if there are none.
fn walk(place: &mut Node, path: &[Step], change: &Change, missed: &mut Diagnostics) -> bool {
    let Some((step, rest)) = path.split_first() else { return false };
    let mut changed = false;
    // The last one first: what is taken out of a list moves only those behind it.
    for name in names(place, step, missed).iter().rev() {
        changed |= match rest {
            [] => change_at(place, name, change, missed),
            _ => child(place, name, missed).is_some_and(|next| walk(next, rest, change, missed)),
        };
    }
    changed
}

/// The places that a path leads to, by their names from the root; what it would add to a struct is one of them.
pub(super) fn places(tree: &Node, path: &[Step]) -> Vec<Vec<String>> {
    fn at(place: &mut Node, path: &[Step]) -> Vec<Vec<String>> {
        let Some((step, rest)) = path.split_first() else { return vec![Vec::new()] };
        let mut missed = Diagnostics::new();
        let mut all = Vec::new();
        for name in names(place, step, &mut missed) {
            let behind = match rest {
                [] => vec![Vec::new()],
                _ => child(place, &name, &mut missed).map_or_else(Vec::new, |next| at(next, rest)),
            };
            all.extend(behind.into_iter().map(|behind| [vec![name.value.clone()], behind].concat()));
        }
        all
    }
    at(&mut tree.clone(), path)
}

/// The names that a step stands for: itself, or those in `place` that match it.
fn names(place: &Node, step: &Step, missed: &mut Diagnostics) -> Vec<Spanned<String>> {
    let Spanned { value: name, span } = &step.name;
    let known = children(place);
    if step.quoted || !name.contains(['*', '?']) || known.contains(name) {
        return vec![step.name.clone()];
    }
    let Some(wildcard) = wildcard(&step.name, missed) else { return Vec::new() };
    let matching = |known: &String| wildcard.is_match(known);
    let found: Vec<String> = known.iter().filter(|known| matching(known)).cloned().collect();
    if found.is_empty() {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let label = match known.as_slice() {
            [] => "there is nothing here".to_owned(),
            _ => format!("expected a match of {}", excerpt(&known.join(", "))),
        };
        missed.error(*span, format!("no name here matches {}", quoted(name)), label);
    }
    found.into_iter().map(|value| Spanned { value, span: *span }).collect()
}

fn wildcard(name: &Spanned<String>, missed: &mut Diagnostics) -> Option<GlobMatcher> {
    match GlobBuilder::new(&name.value).build() {
        Ok(glob) => Some(glob.compile_matcher()),
        Err(error) => {
            let message = format!("the wildcard {} cannot be read: {}", quoted(&name.value), error.kind());
            missed.error(name.span, message, "expected a name, or `*` for any part of one");
            None
        }
    }
}

/// The names of what a value holds.
fn children(node: &Node) -> Vec<String> {
    match &node.value {
        Value::Map(pairs) => pairs.iter().filter_map(|(key, _)| text_of(key)).map(str::to_owned).collect(),
        Value::Struct(inner) => {
            let name = |(place, entry): (usize, &Entry)| match &entry.name {
                Some((name, _)) => name.clone(),
                None => place.to_string(),
            };
            inner.entries.iter().enumerate().map(name).collect()
        }
        Value::List(items) => (0..items.len()).map(|place| place.to_string()).collect(),
        Value::Str(_) | Value::Number(_) | Value::Bool(_) | Value::Unit => Vec::new(),
    }
}

/// Makes the change at `name` in `place`; false if it cannot be made there.
fn change_at(place: &mut Node, name: &Spanned<String>, change: &Change, missed: &mut Diagnostics) -> bool {
    match change {
        Change::Set(value) => set(place, name, value, missed),
        Change::Add(value) => add(place, name, value, missed),
        Change::Remove => remove(place, name, missed),
    }
}

fn set(place: &mut Node, name: &Spanned<String>, value: &Node, missed: &mut Diagnostics) -> bool {
    if add_field(place, name, value) {
        return true;
    }
    let Some(old) = child(place, name, missed) else { return false };
    *old = value.clone();
    true
}

fn add(place: &mut Node, name: &Spanned<String>, value: &Node, missed: &mut Diagnostics) -> bool {
    if children(place).contains(&name.value) {
        return match child(place, name, missed).map(|old| &mut old.value) {
            Some(Value::List(items)) => {
                items.push(value.clone());
                true
            }
            Some(_) => {
                let message = format!("{} is there already", quoted(&name.value));
                missed
                    .error(name.span, message, "expected a new name, or the name of a list")
                    .help("`Set` replaces what is there");
                false
            }
            None => false,
        };
    }
    if let Value::Map(pairs) = &mut place.value {
        let key = Node { value: Value::Str(name.value.clone()), span: name.span, bare: false };
        pairs.push((key, value.clone()));
        return true;
    }
    add_field(place, name, value) || child(place, name, missed).is_some()
}

fn remove(place: &mut Node, name: &Spanned<String>, missed: &mut Diagnostics) -> bool {
    // What is not there is told as everywhere else.
    if child(place, name, missed).is_none() {
        return false;
    }
    let Some(at) = children(place).iter().position(|known| *known == name.value) else { return false };
    match &mut place.value {
        Value::Map(pairs) => pairs.retain(|(key, _)| text_of(key) != Some(name.value.as_str())),
        Value::Struct(inner) => drop(inner.entries.remove(at)),
        Value::List(items) => drop(items.remove(at)),
        Value::Str(_) | Value::Number(_) | Value::Bool(_) | Value::Unit => return false,
    }
    true
}

/// Adds a value as a new field, where `place` is a struct without such a field.
fn add_field(place: &mut Node, name: &Spanned<String>, value: &Node) -> bool {
    let is_new = match &place.value {
        Value::Unit => true,
        Value::Struct(inner) => {
            let positional = inner.entries.iter().any(|entry| entry.name.is_none());
            !positional && find_field(inner, &name.value).is_none()
        }
        _ => false,
    };
    if !is_new || !name.value.starts_with(|c: char| c == '_' || c.is_alphabetic()) {
        return false;
    }
    let entry = Entry { name: Some((name.value.clone(), name.span)), value: value.clone() };
    match &mut place.value {
        Value::Struct(inner) => inner.entries.push(entry),
        other => *other = Value::Struct(Struct { name: None, entries: vec![entry] }),
    }
    true
}

pub(super) fn find_field(inner: &Struct, name: &str) -> Option<usize> {
    inner.entries.iter().position(|entry| match &entry.name {
        Some((field, _)) => field == name,
        None => false,
    })
}

/// What `node` holds under `name`; an error where there is nothing.
pub(super) fn child<'n>(
    node: &'n mut Node,
    name: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) -> Option<&'n mut Node> {
    let description = node.describe();
    let (wanted, span) = (name.value.as_str(), name.span);
    match &mut node.value {
        Value::Map(pairs) => {
            let found = pairs.iter().position(|(key, _)| text_of(key) == Some(wanted));
            let Some(found) = found else {
                let known: Vec<&str> = pairs.iter().filter_map(|(key, _)| text_of(key)).collect();
                unknown_name(wanted, span, "entry", &known, diagnostics);
                return None;
            };
            pairs.get_mut(found).map(|(_, value)| value)
        }
        Value::Struct(inner) => {
            let found = find_field(inner, wanted).or_else(|| {
                let index = wanted.parse::<usize>().ok()?;
                inner.entries.get(index).filter(|entry| entry.name.is_none()).map(|_| index)
            });
            let Some(found) = found else {
                let known: Vec<&str> = inner
                    .entries
                    .iter()
                    .filter_map(|entry| entry.name.as_ref())
                    .map(|(name, _)| name.as_str())
                    .collect();
                unknown_name(wanted, span, "field", &known, diagnostics);
                return None;
            };
            inner.entries.get_mut(found).map(|entry| &mut entry.value)
        }
        Value::List(items) => {
            let length = items.len();
            let found = wanted.parse::<usize>().ok().and_then(|index| items.get_mut(index));
            if found.is_none() {
                let expected = match length {
                    0 => "the list is empty".to_owned(),
                    1 => "expected 0: the list has one element".to_owned(),
                    _ => format!("expected a number from 0 to {}", length - 1),
                };
                diagnostics.error(span, format!("the list has no element `{}`", excerpt(wanted)), expected);
            }
            found
        }
        _ => {
            diagnostics.error(
                span,
                format!("{description} holds nothing named `{}`", excerpt(wanted)),
                "expected the path to end before this name",
            );
            None
        }
    }
}
