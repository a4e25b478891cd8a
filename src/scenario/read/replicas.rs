//! Where a region's data is copied to.

use super::{duration, optional, time_law, time_law_or_zero};
use crate::scenario::decode::{Fields, Provenance, list_of, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::ReplicatesSpec;
use crate::scenario::tree::{Node, Value};
use crate::scenario::unknowns::Figure;

/// One copy, or a list of them; none where nothing is said.
pub(super) fn replicates(node: Option<&Node>, found: &mut Diagnostics) -> Option<Vec<ReplicatesSpec>> {
    match node {
        None => Some(Vec::new()),
        Some(node) if matches!(node.value, Value::List(_)) => list_of(node, found, copy),
        Some(node) => copy(node, found).map(|copy| vec![copy]),
    }
}

fn copy(node: &Node, found: &mut Diagnostics) -> Option<ReplicatesSpec> {
    let mut fields = Fields::plain(node, "a replication", found)?;
    let to = fields.require_as("to", "another region").and_then(|n| spanned(n, found, string));
    let lag = fields.require_as("lag", "such as \"5s\"").and_then(|n| time_law(n, found));
    let catch_up = time_law_or_zero(fields.take("catch_up"), found);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(ReplicatesSpec { to: to?, lag: lag?, catch_up: catch_up? })
}

/// How far behind data may be, with its place.
pub(super) fn max_lag(
    node: Option<&Node>,
    found: &mut Diagnostics,
) -> Option<Option<crate::scenario::decode::Spanned<Figure>>> {
    optional(node, found, |n, f| spanned(n, f, duration))
}
