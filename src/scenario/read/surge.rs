//! Surges: changes of demand.

use super::hazard::occurrence;
use super::{optional, share_law, time_law, time_law_or_zero};
use crate::scenario::decode::{self, Fields, Provenance, Spanned, list_of, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::{LawKind, LawSpec};
use crate::scenario::spec::{ChangeSpec, MovesSpec, SurgeSpec};
use crate::scenario::tree::Node;

/// A surge; `start` is needed for calendar instants.
pub(super) fn surge(node: &Node, start_unix_micros: i64, found: &mut Diagnostics) -> Option<SurgeSpec> {
    let mut fields = Fields::plain(node, "a surge", found)?;
    let occurrence = occurrence(&mut fields, start_unix_micros, found);
    let journeys = optional(fields.take("journeys"), found, some_names);
    let users = optional(fields.take("users"), found, some_names);
    let change = change(&mut fields, node, found);
    let ramp = time_law_or_zero(fields.take("ramp"), found);
    let lasts =
        fields.require_as("lasts", "how long it stays at its height").and_then(|n| time_law(n, found));
    let decay = time_law_or_zero(fields.take("decay"), found);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(SurgeSpec {
        span: node.span,
        occurrence: occurrence?,
        journeys: journeys?,
        users: users?,
        change: change?,
        ramp: ramp?,
        lasts: lasts?,
        decay: decay?,
    })
}

/// Names, at least one.
fn some_names(node: &Node, found: &mut Diagnostics) -> Option<Vec<Spanned<String>>> {
    let names = list_of(node, found, |n, f| spanned(n, f, string))?;
    if names.is_empty() {
        found.error(node.span, "a surge of nobody", "expected at least one name, or no such field for all");
        return None;
    }
    Some(names)
}

/// Exactly one of `factor`, `adds` and `moves`.
fn change(fields: &mut Fields<'_>, node: &Node, found: &mut Diagnostics) -> Option<ChangeSpec> {
    const LABEL: &str = "expected one of factor, adds, moves";
    let given = [fields.take("factor"), fields.take("adds"), fields.take("moves")];
    let [factor, adds, moved] = given;
    let changes: Vec<Option<ChangeSpec>> = [
        factor.map(|n| number_law(n, found).map(ChangeSpec::Factor)),
        adds.map(|n| number_law(n, found).map(ChangeSpec::Adds)),
        moved.map(|n| moves(n, found).map(|moves| ChangeSpec::Moves(Box::new(moves)))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut nodes = given.into_iter().flatten();
    match (nodes.next(), nodes.next()) {
        (None, _) => {
            found.error(node.span, "a surge that changes nothing", LABEL);
            None
        }
        (Some(first), Some(second)) => {
            let message = "a surge makes one change";
            found.error(second.span, message, LABEL).also(first.span, "the first one");
            None
        }
        (Some(_), None) => changes.into_iter().next().flatten(),
    }
}

/// A law of plain numbers.
fn number_law(node: &Node, found: &mut Diagnostics) -> Option<LawSpec> {
    decode::law_with_source(node, LawKind::Number, found).map(|(law, _)| law)
}

fn moves(node: &Node, found: &mut Diagnostics) -> Option<MovesSpec> {
    let mut fields = Fields::plain(node, "a move of calls", found)?;
    let from = fields.require_as("from", "the service that calls leave");
    let from = from.and_then(|n| spanned(n, found, string));
    let to = fields.require_as("to", "the service that they go to").and_then(|n| spanned(n, found, string));
    let share = fields.require_as("share", "how many of them").and_then(|n| share_law(n, found));
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    let (from, to) = (from?, to?);
    if from.value == to.value {
        found.error(to.span, "calls that move to where they are", "expected another service");
        return None;
    }
    Some(MovesSpec { from, to, share: share? })
}
