//! Scenarios of the repository, changed field by field: read or refused, and what is read is played to its end.
//!
//! The fuzz targets under fuzz/ do the same without end, on a nightly compiler.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod mutation;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use mutation::play::{Fate, play};
use mutation::read::read;
use mutation::{Dice, Mutator};

/// Texts that are read, and texts that are played.
const READ: u64 = 4_000;
const PLAYED: u64 = 2_000;

/// Calls `test` with the changed texts of the seeds `0..cases`; one that panics is printed.
fn on_changed_texts(cases: u64, test: impl Fn(&str)) {
    let mutator = Mutator::of_repository(Path::new(env!("CARGO_MANIFEST_DIR")));
    let scenarios: Vec<&String> = mutator.corpus.iter().filter(|text| read(text)).collect();
    assert!(scenarios.len() > 30, "scenarios are missing");
    for seed in 0..cases {
        let mut dice = Dice::new(seed);
        let text = mutator.mutate(scenarios[dice.below(scenarios.len())], &mut dice);
        if catch_unwind(AssertUnwindSafe(|| test(&text))).is_err() {
            panic!("seed {seed}:\n{text}");
        }
    }
}

#[test]
fn changed_texts_are_read_or_refused() {
    let scenarios = std::cell::Cell::new(0);
    on_changed_texts(READ, |text| scenarios.set(scenarios.get() + u64::from(read(text))));
    // Otherwise the changes are too wild to test more than the syntax.
    assert!(scenarios.get() > READ / 10, "{} of {READ}", scenarios.get());
}

#[test]
fn changed_systems_are_played_to_their_end() {
    let finished = std::cell::Cell::new(0);
    on_changed_texts(PLAYED, |text| finished.set(finished.get() + u64::from(play(text) == Fate::Finished)));
    assert!(finished.get() > PLAYED / 10, "{} of {PLAYED}", finished.get());
}

/// What the fuzz targets have found; some of these took minutes.
#[test]
fn what_was_found_once_is_played() {
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/found")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(read(&text), "{}", path.display());
        assert_ne!(play(&text), Fate::Refused, "{}", path.display());
    }
}
