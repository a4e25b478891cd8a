//! A text read as `check` reads it: refused with findings, or a system that prints to itself.

use blackstart::report::{Page, findings, render_diagnostics, resolved_text};
use blackstart::scenario::{Diagnostics, Sources, load, print_tree, warn_of_unsourced};

/// Reads a text; panics where the program should not. True if it is a scenario.
pub fn read(text: &str) -> bool {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load("any.ron", text, &[], &mut sources, &mut found);
    assert_eq!(loaded.is_none(), found.has_errors());
    if let Some(loaded) = &loaded {
        warn_of_unsourced(&loaded.tree, &mut found);
        assert!(!resolved_text(loaded, Page::PLAIN).is_empty());
        let printed = print_tree(&loaded.tree);
        let again = load("printed.ron", &printed, &[], &mut Sources::new(), &mut Diagnostics::new());
        assert!(again.is_some_and(|again| again.model == loaded.model), "it prints to another system");
    }
    let list = found.into_vec();
    let said = render_diagnostics(&sources, &list, false);
    assert_eq!(said.is_empty(), list.is_empty());
    // Of very many findings only the first are shown.
    assert!(findings(&sources, &list).len() <= list.len());
    loaded.is_some()
}
