//! Every scenario file of the repository loads, prints to the same system, and can be played.

mod common;

use std::path::{Path, PathBuf};

use blackstart::report::render_diagnostics;
use blackstart::scenario::{Diagnostics, Loaded, Sources, load, load_extending, print_tree};
use blackstart::study::{Progress, RunOptions, run};
use common::{extended, scenario_file};

fn files() -> Vec<PathBuf> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "ron") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut found);
    found.sort();
    assert!(found.len() > 20, "scenarios are missing: {found:?}");
    found
}

/// The scenario of `text`, or its findings as they would be printed.
fn read(name: &str, text: &str, edits: &[&str]) -> Result<Loaded, String> {
    let (loaded, findings) = read_with_findings(name, text, edits);
    if findings.is_empty() { loaded.ok_or(findings) } else { Err(findings) }
}

/// The scenario of `text` as far as it has one, and its findings as they would be printed.
fn read_with_findings(name: &str, text: &str, edits: &[&str]) -> (Option<Loaded>, String) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let edits: Vec<String> = edits.iter().map(|e| (*e).to_owned()).collect();
    let loaded = load(name, text, &edits, &mut sources, &mut found);
    (loaded, render_diagnostics(&sources, &found.into_vec(), false))
}

/// The scenario of a file and of all that it extends, or its findings as they would be printed.
fn read_file(path: &Path) -> Result<Loaded, String> {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let file = scenario_file(path)?;
    let loaded = load_extending(&file, &extended, &[], &mut sources, &mut found);
    let findings = render_diagnostics(&sources, &found.into_vec(), false);
    if findings.is_empty() { loaded.ok_or(findings) } else { Err(findings) }
}

fn tutorial(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/tutorial").join(file);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn every_file_loads_without_findings() {
    for path in files() {
        if let Err(findings) = read_file(&path) {
            panic!("{findings}");
        }
    }
}

#[test]
fn the_printed_form_is_the_same_system() {
    for path in files() {
        let loaded = read_file(&path).unwrap();
        let printed = print_tree(&loaded.tree);
        let again = read("printed", &printed, &[]).unwrap_or_else(|e| panic!("{}:\n{e}", path.display()));
        assert!(loaded.model == again.model, "{} prints to another system", path.display());
        assert_eq!(printed, print_tree(&again.tree), "{}", path.display());
    }
}

#[test]
fn every_file_can_be_played() {
    for path in files() {
        let loaded = read_file(&path).unwrap();
        let options = RunOptions { replications: 20, seed: 1, threads: 0, curve_points: 0 };
        let output = run(&loaded.model, options, &Progress::default());
        assert_eq!(output.unwrap_or_else(|e| panic!("{}: {e}", path.display())).rows().len(), 20);
    }
}

/// Tutorial files are read aloud: they stay short.
#[test]
fn tutorial_files_are_small() {
    for path in files().iter().filter(|p| p.components().any(|c| c.as_os_str() == "tutorial")) {
        let lines = std::fs::read_to_string(path).unwrap().lines().count();
        assert!(lines <= 70, "{} has {lines} lines", path.display());
    }
}

#[test]
fn edits_hold_gates_calls_and_crews() {
    for (file, edit, changes) in [
        ("02-ups-and-generators.ron", "zone_kinds.hall.needs=[Any([\"utility\", \"generators\"])]", true),
        ("02-ups-and-generators.ron", "zone_kinds.hall.needs=Any([utility, generators])", true),
        ("02-ups-and-generators.ron", "zone_kinds.hall.needs=utility", true),
        (
            "02-ups-and-generators.ron",
            "zone_kinds.hall.parts.generators.failures.trip.clock=While(Down(utility))",
            false,
        ),
        ("05-storm-and-crew.ron", "hazards.ice storm.occurs=When(Down(north/a/utility))", true),
        ("05-storm-and-crew.ron", "hazards.ice storm.strikes.lines.repair=line crew", false),
        (
            "07-second-provider.ron",
            "journeys.chat.calls=[Mix({\"large model\": 0.3, \"small model\": 0.7})]",
            true,
        ),
        (
            "07-second-provider.ron",
            "journeys.chat.calls=[FirstOf(of: [\"large model\", \"other provider\"])]",
            true,
        ),
    ] {
        let text = tutorial(file);
        let before = read(file, &text, &[]).unwrap();
        // An edit may leave a component that nobody depends on: that is a warning.
        let (after, findings) = read_with_findings(file, &text, &[edit]);
        let after = after.unwrap_or_else(|| panic!("{edit}:\n{findings}"));
        assert_eq!(before.model != after.model, changes, "{edit}");
    }
    let text = tutorial("05-storm-and-crew.ron").replace("\"line crew\"", "\"linesmen\"");
    let by_name = read("crew", &text, &["hazards.ice storm.strikes.lines.repair=linesmen"]).unwrap();
    assert!(by_name.model == read("crew", &text, &[]).unwrap().model);
}

/// A mistake in one field of a component is not followed by others that are none.
#[test]
fn one_mistake_is_one_finding() {
    for (file, edit) in [
        ("02-ups-and-generators.ron", "zone_kinds.hall.parts.generators.failures.trip.repair=linesmen"),
        ("02-ups-and-generators.ron", "zone_kinds.hall.parts.generators.failures.trip.every=5"),
        ("02-ups-and-generators.ron", "zone_kinds.hall.parts.generators.count=0"),
        ("06-cycle.ron", "services.database.member.restart=Exp(0s)"),
        ("06-cycle.ron", "services.database.spread=Quorum(0)"),
    ] {
        let findings = read(file, &tutorial(file), &[edit]).unwrap_err();
        assert_eq!(findings.matches("error:").count(), 1, "{edit}:\n{findings}");
    }
}

/// Stockholm to Oslo is 417 km: the zones of both are within 500 km of Stockholm, those of Oslo not within 300, and
/// Madrid's, which is 2,590 km away, never.
#[test]
fn near_targets_are_the_zones_within_the_distance() {
    for (within, expected) in [
        ("500 km", vec!["oslo/a", "stockholm/a", "stockholm/b"]),
        ("300 km", vec!["stockholm/a", "stockholm/b"]),
    ] {
        let text = format!(
            r#"Scenario(
                title: "Storm", start: "2026-01-01T00:00:00Z", horizon: "30d",
                zone_kinds: {{ "hall": () }},
                regions: {{
                    "oslo": (at: (59.91, 10.75), zones: {{ "a": "hall" }}),
                    "stockholm": (at: (59.33, 18.07), zones: {{ "a": "hall", "b": "hall" }}),
                    "madrid": (at: (40.42, -3.70), zones: {{ "a": "hall" }}),
                }},
                services: {{ "shop": (scope: Regional) }},
                journeys: {{ "buy": (calls: ["shop"]) }},
                users: {{ "all": (count: 10, at: (59.33, 18.07), does: {{ "buy": "1/h" }}) }},
                hazards: {{ "storm": (occurs: Every(Exp("1y")), strikes: {{
                    "wind": (targets: [Near(at: (59.33, 18.07), within: "{within}")], repair: "4h"),
                }}) }},
            )"#
        );
        let model = read("storm", &text, &[]).unwrap().model;
        let name = |c: blackstart::model::CompId| model.components[c.index()].name.as_str();
        let mut hit: Vec<&str> = model.strikes[0].targets.iter().map(|t| name(t.component)).collect();
        hit.sort_unstable();
        assert_eq!(hit, expected);
    }
}
