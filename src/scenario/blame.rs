//! Which edit of the command line leads to a mistake that is found elsewhere, such as in an architecture that the edit takes the
//! ground from.

use super::architectures::architectures;
use super::diagnostics::{Diagnostic, Diagnostics, Severity};
use super::edit::{Edit, apply};
use super::load::meaning;
use super::read;
use super::tree::Node;

/// Beyond so many edits nobody looks for the one that leads to a mistake.
const MOST_TRIED: usize = 20;

/// Points at the edits of `tree` that lead to errors which are found in other texts.
pub(super) fn tell_edits(tree: &Node, edits: &[Edit], found: &mut Diagnostics) {
    let wanted = |finding: &Diagnostic| {
        finding.severity == Severity::Error
            && !edits.iter().any(|edit| edit.span.source == finding.span.source)
    };
    let all = std::mem::take(found).into_vec();
    if edits.is_empty() || !all.iter().any(wanted) {
        all.into_iter().for_each(|finding| found.push(finding));
        return;
    }
    let untouched = found_with(tree, &[]);
    let without: Vec<Vec<Diagnostic>> = (0..edits.len().min(MOST_TRIED))
        .map(|left_out| {
            let others = edits.iter().enumerate().filter(|(at, _)| *at != left_out);
            found_with(tree, &others.map(|(_, edit)| edit.clone()).collect::<Vec<_>>())
        })
        .collect();
    for mut finding in all {
        if wanted(&finding) && !untouched.iter().any(|other| is_same(other, &finding)) {
            let is_blameless = |found: &Vec<Diagnostic>| found.iter().any(|other| is_same(other, &finding));
            let culprit = match edits {
                [only] => Some(only),
                _ => without.iter().rposition(|found| !is_blameless(found)).and_then(|at| edits.get(at)),
            };
            match culprit {
                Some(edit) => {
                    finding.also(edit.span, "this edit leads to it");
                }
                None => {
                    for edit in edits {
                        finding.also(edit.span, "these edits together lead to it");
                    }
                }
            }
        }
        found.push(finding);
    }
}

fn is_same(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.span == b.span && a.message == b.message
}

/// What is found in the whole scenario after some edits.
fn found_with(tree: &Node, edits: &[Edit]) -> Vec<Diagnostic> {
    let (mut tree, mut found) = (tree.clone(), Diagnostics::new());
    edits.iter().for_each(|edit| apply(&mut tree, edit, &mut found));
    let is_valid = meaning(&tree, &mut found).is_some();
    let given = read::architectures(&tree, &mut found);
    let _ = architectures(&tree, &given, is_valid, &mut found);
    found.into_vec()
}
