//! Counts that nobody knows: `Uncertain(law)` of a law that has single values, all of them whole.

use super::decode::{Spanned, spanned};
use super::diagnostics::Diagnostics;
use super::law_spec::LawKind;
use super::tree::{Node, Value};
use super::unknowns::{Figure, inner, is_uncertain, number_of};
use crate::model::nominal;

/// Reads a count that may be `Uncertain(law)`; `read` reads it where it is known.
pub(super) fn count(
    node: &Node,
    found: &mut Diagnostics,
    read: impl Fn(&Node, &mut Diagnostics) -> Option<Spanned<u32>>,
) -> Option<Spanned<Figure>> {
    if !is_uncertain(node) {
        let known = read(node, found)?;
        return Some(Spanned { value: Figure::known(f64::from(known.value)), span: known.span });
    }
    spanned(node, found, |node, found| unknown_count(node, found, read))
}

fn unknown_count(
    node: &Node,
    found: &mut Diagnostics,
    read: impl Fn(&Node, &mut Diagnostics) -> Option<Spanned<u32>>,
) -> Option<Figure> {
    let law = inner(node, LawKind::Number, found)?;
    let Some(values) = law.values() else {
        let label = "expected a law of whole numbers, such as `Empirical([1, 2, 2, 3])`";
        found
            .error(node.span, "this count may become a number that is not whole", label)
            .help("`Empirical` draws one of its values, `Fixed` has one, and a `Mix` of these weighs them");
        return None;
    };
    // What a known count may not be, an unknown one may not become.
    for value in &values {
        let stand_in = Node { value: Value::Number(*value), span: node.span, bare: node.bare };
        let mut complaints = Diagnostics::new();
        if read(&stand_in, &mut complaints).is_none() {
            let first = complaints.into_vec().into_iter().next();
            let label = first.map_or_else(|| "expected other values".to_owned(), |f| f.label);
            found.error(node.span, format!("this count may become {value}"), label);
            return None;
        }
    }
    let ends = values.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), x| (low.min(*x), high.max(*x)));
    Some(Figure { value: nominal(&law), unknown: number_of(node), ends })
}
