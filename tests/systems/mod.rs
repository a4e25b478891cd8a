//! Small random systems that use the whole language, and checks of any number of them.
//!
//! A system is a plain recipe that proptest chooses; where a check fails it makes the recipe smaller and writes the
//! seed to `tests/proptest-regressions/`, which every later run tries first. The message holds the recipe in RON: kept
//! in `tests/kept_systems/`, it is compared for good, also when recipes are chosen otherwise one day.
#![allow(dead_code, unreachable_pub, clippy::panic, reason = "each test file uses its own part")]

mod build;
pub mod recipe;
mod strategy;

use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseError, TestError, TestRunner};
use ron::ser::PrettyConfig;

pub use build::model;
pub use recipe::System;

/// Times that a failing system is made smaller, at most.
const SHRINKS: u32 = 20_000;

/// Chooses `cases` systems, the same ones for the same seed, and checks each.
///
/// `regressions`: the file that remembers what failed.
pub fn check(cases: u32, seed: u64, regressions: &'static str, test: impl Fn(&System) -> Result<(), String>) {
    let config = Config {
        cases,
        max_shrink_iters: SHRINKS,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(regressions))),
        source_file: Some(file!()),
        ..Config::default()
    };
    let checked =
        TestRunner::new(config).run(&strategy::system(), |system| test(&system).map_err(TestCaseError::fail));
    match checked {
        Ok(()) => {}
        Err(TestError::Fail(why, system)) => panic!("{why}\nThe smallest such system:\n{}", written(&system)),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

/// How the plainest choices are written: `Default` of the types in `recipe`.
const PLAINEST: [&str; 9] = ["None", "[]", "false", "0", "Zero", "Down", "Always", "Calendar", "One"];

/// The recipe in RON, without what stands for the plainest choice anyway.
pub fn written(system: &System) -> String {
    let text = ron::ser::to_string_pretty(system, PrettyConfig::new()).unwrap();
    let says_something = |line: &&str| {
        let value = line.split_once(": ").and_then(|(_, value)| value.strip_suffix(','));
        value.is_none_or(|value| !PLAINEST.contains(&value))
    };
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().filter(says_something) {
        match lines.last_mut() {
            // Nothing is left between the brackets.
            Some(last) if last.ends_with('(') && line.trim_start().starts_with(')') => {
                last.push_str(line.trim())
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

/// The recipe that `text` holds.
pub fn read(text: &str) -> System {
    ron::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
