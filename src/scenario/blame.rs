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
    let is_told = |finding: &Diagnostic| {
        let mut places = finding.secondary.iter().map(|(span, _)| span).chain([&finding.span]);
        places.any(|place| edits.iter().any(|edit| edit.span.source == place.source))
    };
    let wanted = |finding: &Diagnostic| finding.severity == Severity::Error && !is_told(finding);
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
            match culprit(edits, &without, &finding) {
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

/// The last edit without which there is no such finding: rather one without which nothing is wrong at all.
fn culprit<'e>(edits: &'e [Edit], without: &[Vec<Diagnostic>], finding: &Diagnostic) -> Option<&'e Edit> {
    if let [only] = edits {
        return Some(only);
    }
    let is_clean = |found: &Vec<Diagnostic>| found.iter().all(|other| other.severity != Severity::Error);
    let is_absent = |found: &Vec<Diagnostic>| !found.iter().any(|other| is_same(other, finding));
    let at = without.iter().rposition(is_clean).or_else(|| without.iter().rposition(is_absent));
    edits.get(at?)
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
