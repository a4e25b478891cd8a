//! Architectures: alternatives to the scenario, as edits of it.

use super::variant;
use crate::scenario::decode::{Fields, list_of};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::edit::{Change, Edit, path_of};
use crate::scenario::tree::Node;

/// The edits of an architecture.
pub(super) fn architecture(node: &Node, found: &mut Diagnostics) -> Option<Vec<Edit>> {
    list_of(node, found, edit)
}

/// `Set(path, value)`, `Add(path, value)` or `Remove(path)`; the value stays as it is written until its place is known.
fn edit(node: &Node, found: &mut Diagnostics) -> Option<Edit> {
    let kind = variant(node, "edit", &["Set", "Add", "Remove"], found)?;
    let positional: &[&'static str] = if kind == "Remove" { &["path"] } else { &["path", "value"] };
    let mut fields = Fields::arguments(node, "an edit", positional, found)?;
    let path = fields.require_as("path", "what it changes").and_then(|n| path_of(n, found));
    let value = if kind == "Remove" { None } else { fields.require_as("value", "what stands there then") };
    fields.finish(found);
    let change = match (kind, value) {
        ("Remove", _) => Change::Remove,
        ("Set", Some(value)) => Change::Set(value.clone()),
        (_, Some(value)) => Change::Add(value.clone()),
        (_, None) => return None,
    };
    Some(Edit { path: path?, change, span: node.span })
}
