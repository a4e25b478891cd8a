//! Scenarios mutilated at random: whatever the text says, it is read or refused, never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use blackstart::report::render_diagnostics;
use blackstart::scenario::{Diagnostics, SourceFile, Sources, load_extending};
use blackstart::study::{Progress, RunOptions, run, summarize};
use proptest::prelude::*;

const TEXT: &str = include_str!("../scenarios/me-central-1.ron");
const NETWORK: &str = include_str!("network_language.ron");

/// Lies over the scenario: maps, structs, lists and variants of it are merged or replaced.
const OVER: &str = r#"Scenario(
    extends: ["base.ron", "fragment.ron"],
    title: "Over another scenario",
    zone_kinds: { "hyperscale": (restart: Exp("1h"), parts: { "utility": (guess: "none") }) },
    regions: { "me-central-1": (at: (25.2, 55.3), zones: { "az4": "hyperscale" }) },
    services: { "object store": (scope: Regional, spread: Quorum(2)) },
    users: { "gulf": (count: 5) },
)"#;

/// What one cut does to a text: both places are shares of its length.
#[derive(Debug, Clone)]
enum Cut {
    /// Bytes between two places go.
    Delete(f64, f64),
    /// Bytes between two places stand twice.
    Repeat(f64, f64),
    /// Bytes between two places give way to a text.
    Replace(f64, f64, String),
    /// Two tokens change places.
    Swap(f64, f64),
    /// One token gives way to another one.
    Copy(f64, f64),
}

fn cut() -> impl Strategy<Value = Cut> {
    let place = || 0.0..1.0_f64;
    let width = || 0.0..0.01_f64;
    prop_oneof![
        (place(), width()).prop_map(|(at, width)| Cut::Delete(at, width)),
        (place(), width()).prop_map(|(at, width)| Cut::Repeat(at, width)),
        (place(), width(), "\\PC{0,6}|[()\\[\\]{}:,\"]{1,2}|-?[0-9]{1,12}(h|d|y|%|/h)?")
            .prop_map(|(at, width, text)| Cut::Replace(at, width, text)),
        (place(), place()).prop_map(|(a, b)| Cut::Swap(a, b)),
        (place(), place()).prop_map(|(a, b)| Cut::Copy(a, b)),
    ]
}

/// Words, texts and numbers; what stands between them stays.
fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        let in_token =
            |c: char| if first == '"' { c != '"' && c != '\n' } else { c.is_alphanumeric() || c == '_' };
        if first != '"' && !in_token(first) {
            continue;
        }
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = rest.next_if(|(_, c)| in_token(*c)) {
            end = at + c.len_utf8();
        }
        if first == '"' && rest.next_if(|(_, c)| *c == '"').is_some() {
            end += 1;
        }
        tokens.push(start..end);
    }
    tokens
}

fn apply(text: &str, cut: &Cut) -> String {
    let place =
        |share: f64| (0..=(text.len() as f64 * share) as usize).rev().find(|at| text.is_char_boundary(*at));
    let span = |at: f64, width: f64| (place(at).unwrap(), place((at + width).min(1.0)).unwrap());
    let tokens = tokens(text);
    let token = |share: f64| tokens.get((tokens.len() as f64 * share) as usize).cloned().unwrap_or(0..0);
    match cut {
        Cut::Delete(at, width) => {
            let (from, to) = span(*at, *width);
            format!("{}{}", &text[..from], &text[to..])
        }
        Cut::Repeat(at, width) => {
            let (from, to) = span(*at, *width);
            format!("{}{}", &text[..to], &text[from..])
        }
        Cut::Replace(at, width, new) => {
            let (from, to) = span(*at, *width);
            format!("{}{new}{}", &text[..from], &text[to..])
        }
        Cut::Swap(a, b) => {
            let (a, b) = (token(a.min(*b)), token(a.max(*b)));
            if a.end > b.start {
                return text.to_owned();
            }
            [&text[..a.start], &text[b.clone()], &text[a.end..b.start], &text[a], &text[b.end..]].concat()
        }
        Cut::Copy(a, b) => {
            let (from, to) = (token(*a), token(*b));
            [&text[..to.start], &text[from], &text[to.end..]].concat()
        }
    }
}

/// Reads a text; what can be read is played twice. True if it can.
fn survives(text: &str) -> bool {
    survives_over(text, "")
}

/// Reads a text that may extend another one, whatever it calls it.
fn survives_over(text: &str, base: &str) -> bool {
    let mut sources = Sources::new();
    let mut found = Diagnostics::new();
    let file = |name: &str, text: &str| SourceFile {
        path: name.into(),
        identity: name.into(),
        text: text.to_owned(),
    };
    let read = |_: &SourceFile, name: &str| match name {
        "fragment.ron" => Ok(file(name, "Scenario()")),
        _ => Ok(file(name, base)),
    };
    let loaded = load_extending(&file("any.ron", text), &read, &[], &mut sources, &mut found);
    assert_eq!(loaded.is_none(), found.has_errors());
    let said = render_diagnostics(&sources, &found.into_vec(), false);
    let Some(loaded) = loaded else {
        // Findings come in the order of their places, so that a warning may be the first.
        assert!(said.starts_with("error: ") || said.contains("\nerror: "), "{said}");
        return false;
    };
    let options = RunOptions { replications: 2, seed: 1, threads: 1, curve_points: 0 };
    // Zero delays without end are an error, which is no panic.
    if let Ok(output) = run(&loaded.model, options, &Progress::default()) {
        let _ = summarize(&loaded.model, &output);
    }
    true
}

#[test]
fn tokens_are_words_and_texts() {
    let found: Vec<_> = tokens("a_1: (\"b c\", 2.5)").into_iter().collect();
    assert_eq!(found, [0..3, 6..11, 13..14, 15..16]);
    assert!(survives(TEXT) && survives(NETWORK));
    assert!(survives_over(OVER, TEXT));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Anything at all: mostly refused by the syntax.
    #[test]
    fn cuts_anywhere(cuts in proptest::collection::vec(cut(), 1..4)) {
        let text = cuts.iter().fold(TEXT.to_owned(), |text, cut| apply(&text, cut));
        survives(&text);
    }

    /// Whole tokens: often right in syntax and wrong in meaning, sometimes even right.
    #[test]
    fn tokens_anywhere(places in proptest::collection::vec((0.0..1.0_f64, 0.0..1.0_f64, any::<bool>()), 1..3)) {
        let cut = |(a, b, swap): &(f64, f64, bool)| if *swap { Cut::Swap(*a, *b) } else { Cut::Copy(*a, *b) };
        let text = places.iter().map(cut).fold(TEXT.to_owned(), |text, cut| apply(&text, &cut));
        survives(&text);
    }

    /// Two texts, one over the other, with mistakes in both.
    #[test]
    fn cuts_in_a_base_and_over_it(
        above in proptest::collection::vec(cut(), 0..3),
        below in proptest::collection::vec(cut(), 0..2),
    ) {
        let over = above.iter().fold(OVER.to_owned(), |text, cut| apply(&text, cut));
        let base = below.iter().fold(TEXT.to_owned(), |text, cut| apply(&text, cut));
        survives_over(&over, &base);
    }

    #[test]
    fn tokens_of_a_network_anywhere(
        places in proptest::collection::vec((0.0..1.0_f64, 0.0..1.0_f64, any::<bool>()), 1..3),
    ) {
        let cut = |(a, b, swap): &(f64, f64, bool)| if *swap { Cut::Swap(*a, *b) } else { Cut::Copy(*a, *b) };
        let text = places.iter().map(cut).fold(NETWORK.to_owned(), |text, cut| apply(&text, &cut));
        survives(&text);
    }
}
