//! Every file in `tests/bad_input/` holds one idea of what can be wrong; what is said about it is a snapshot.
//!
//! `INSTA_UPDATE=always cargo test --test bad_input` writes them anew: read them as a stranger would.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::Path;

use assert_cmd::Command;

/// What cannot be kept as a text file.
const ODD_FILES: [(&str, &[u8]); 2] = [("not_utf8", b"Scenario(title: \"caf\xe9\")\n"), ("zeros", &[0; 64])];

/// Findings that are no mistakes: the scenario is accepted, and what is odd about it is said.
const ACCEPTED: [&str; 25] = [
    "capacity_of_every_region",
    "capacity_that_nobody_calls",
    "copied_without_a_way",
    "corridor_without_segments",
    "faster_than_light",
    "hazard_after_the_end",
    "journey_that_nothing_can_interrupt",
    "law_with_a_far_mean",
    "law_without_a_mean",
    "need_without_a_way",
    "nobody_depends_on_it",
    "nothing_to_measure",
    "overloaded_without_a_limit",
    "permit_that_nobody_needs",
    "response_that_is_never_applied",
    "response_that_is_never_decided",
    "response_that_nothing_calls_for",
    "response_that_takes_no_time",
    "retries_without_capacity",
    "shorter_than_the_globe",
    "site_that_nothing_joins",
    "sites_without_cables",
    "surge_that_concerns_nobody",
    "surge_that_moves_nothing",
    "traffic_without_a_way",
];

#[test]
fn every_mistake_is_explained() {
    let mut names: Vec<String> = std::fs::read_dir("tests/bad_input")
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort_unstable();
    assert!(names.len() > 90, "only {} files", names.len());
    for name in names {
        let accepted = ACCEPTED.contains(&name.as_str());
        let path = format!("tests/bad_input/{name}.ron");
        let said = complaints(&path, if accepted { 0 } else { 2 }, accepted);
        let severity = if accepted { "warning: " } else { "error: " };
        assert!(said.starts_with(severity) && said.contains(&path), "{name}: {said}");
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, said) });
    }
}

#[test]
fn files_that_are_no_text_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in ODD_FILES {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        assert!(complaints(&path.display().to_string(), 2, false).starts_with("error: "), "{name}");
    }
}

/// Every scenario that the crate brings along is in order.
#[test]
fn no_complaint_about_what_is_right() {
    for entry in std::fs::read_dir("scenarios").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "ron") {
            assert_eq!(complaints(path.to_str().unwrap(), 0, true), "", "{}", path.display());
        }
    }
}

/// What `check` says on standard error.
fn complaints(path: &str, code: i32, prints: bool) -> String {
    let result = Command::new(assert_cmd::cargo::cargo_bin!("blackstart"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .args(["check", path])
        .output()
        .unwrap();
    let said = String::from_utf8(result.stderr).unwrap();
    assert_eq!(result.status.code(), Some(code), "{path}: {said}");
    assert_eq!(!result.stdout.is_empty(), prints, "{path}");
    assert!(!said.contains("panicked"), "{path}: {said}");
    said
}
