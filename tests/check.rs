//! `blackstart check`: warnings, strictness, findings for editors, the whole system with its defaults, and limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use blackstart::report::{Page, findings, render_diagnostics, resolved_text};
use blackstart::scenario::{
    Diagnostics, Loaded, Sources, figures, load, load_extending, print_tree, written_out,
};
use common::{extended, scenario_file};

/// A warning (nobody depends on `pump`) and figures without a source.
const WARNED: &str = "tests/bad_input/nobody_depends_on_it.ron";
const STORM: &str = "scenarios/tutorial/05-storm-and-crew.ron";

fn blackstart(args: &[&str]) -> Output {
    Command::new(cargo_bin!("blackstart"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What is said on standard error, the exit code being as given.
fn said(args: &[&str], code: i32) -> String {
    let output = blackstart(args);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

fn scenarios() -> Vec<PathBuf> {
    let root = PathBuf::from("scenarios");
    let folders = [root.clone(), root.join("tutorial"), root.join("reference")];
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|e| e == "ron"))
        .collect();
    files.sort();
    assert!(files.len() > 20);
    files
}

fn read(name: &str, scenario: &str, edits: &[&str]) -> Loaded {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let edits: Vec<String> = edits.iter().map(|edit| (*edit).to_owned()).collect();
    let loaded = load(name, scenario, &edits, &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false)))
}

fn file(path: &str) -> Loaded {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let file = scenario_file(Path::new(path)).unwrap();
    let loaded = load_extending(&file, &extended, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false)))
}

#[test]
fn warnings_are_said_and_are_no_failure() {
    assert!(said(&["check", WARNED], 0).starts_with("warning: "));
    let strict = blackstart(&["check", WARNED, "--strict"]);
    assert_eq!((strict.status.code(), text(&strict.stdout).as_str()), (Some(2), ""));
    assert!(text(&strict.stderr).starts_with("warning: "));
}

/// Who runs a scenario is told that there is something to see, and nothing else; results stay as they are.
#[test]
fn run_counts_warnings() {
    let output = blackstart(&["run", WARNED, "-n", "10"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), format!("2 warnings; blackstart check {WARNED} shows them\n"));
    assert!(!text(&output.stdout).contains("warning"));
    let edited = said(&["run", STORM, "-n", "10", "--set", "journeys.talk.calls=[chat]"], 0);
    assert_eq!(edited, "");
}

#[test]
fn strict_asks_where_every_figure_is_from() {
    let said = said(&["check", STORM, "--strict"], 2);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(said) });
}

/// The real cases say of every figure where it is from; the tutorial and the reference scenarios are made up.
#[test]
fn real_cases_say_where_every_figure_is_from() {
    let entries = std::fs::read_dir("scenarios").unwrap();
    let mut paths: Vec<String> = entries.map(|e| e.unwrap().path().display().to_string()).collect();
    paths.retain(|path| path.ends_with(".ron"));
    assert!(!paths.is_empty());
    for path in paths {
        let output = blackstart(&["check", &path, "--strict"]);
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{path}");
    }
}

#[test]
fn a_source_around_a_figure_is_one_for_it() {
    let strict = |from: &str, to: &str| {
        let scenario = std::fs::read_to_string("tests/bad_input/nobody_depends_on_it.ron").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ron");
        std::fs::write(&path, scenario.replace(from, to)).unwrap();
        said(&["check", path.to_str().unwrap(), "--strict"], 2).matches("nothing says where").count()
    };
    assert_eq!(strict("", ""), 2);
    assert_eq!(strict("horizon: \"30d\",", "horizon: \"30d\", guess: \"all of it\","), 0);
    assert_eq!(strict("\"pump\": (", "\"pump\": (source: \"NREL\", "), 1);
    // One law of two is not enough.
    assert_eq!(strict("Exp(\"9d\")", "Exp(mean: \"9d\", source: \"NREL\")"), 2);
}

#[test]
fn findings_for_editors() {
    let list = |args: &[&str], code: i32| {
        let output = blackstart(&[&["check", "--format", "json"], args].concat());
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(code), ""), "{args:?}");
        let again = blackstart(&[&["check", "--format", "json"], args].concat());
        assert_eq!(output.stdout, again.stdout);
        text(&output.stdout)
    };
    assert_eq!(list(&[STORM], 0), "[]\n");
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("json_of_warnings", list(&[WARNED], 0));
        insta::assert_snapshot!("json_of_errors", list(&["tests/bad_input/duplicate_key.ron"], 2));
    });
    let all = list(&["tests/bad_input/several_mistakes.ron", "--set", "titel=1"], 2);
    let all: Vec<serde_json::Value> = serde_json::from_str(&all).unwrap();
    assert!(all.len() > 2 && all.iter().all(|f| f["severity"] == "error"), "{all:?}");
    assert!(all.iter().any(|f| f["file"] == "--set" && f["line"] == 1 && f["column"] == 1), "{all:?}");
    assert_eq!(list(&[WARNED, "--strict"], 2).matches("\"warning\"").count(), 4);
}

#[test]
fn the_whole_system_reads_like_this() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("resolved_tutorial_02", resolved_text(&file("scenarios/tutorial/02-ups-and-generators.ron"), Page::PLAIN));
        let flagship = resolved_text(&file("scenarios/me-central-1.ron"), Page::PLAIN);
        let hazards = flagship.find("\n    hazards: {").unwrap();
        let components = flagship.find(" components\n").unwrap();
        let unit = flagship.find("  model@me-central-1: unit").unwrap();
        let laws = flagship.find(" laws\n").unwrap();
        let part = format!(
            "{}\n...\n{}\n...\n{}\n...\n{}",
            &flagship[..flagship.find("\n    zone_kinds: {").unwrap()],
            &flagship[hazards..components + 12],
            &flagship[unit..flagship[unit..].find("other model").map_or(flagship.len(), |at| unit + at)],
            &flagship[laws..],
        );
        insta::assert_snapshot!("resolved_flagship", part);
    });
}

/// What is written out is the same system, and its text fits 100 columns.
#[test]
fn written_out_defaults_mean_the_same() {
    for path in scenarios() {
        let name = path.display().to_string();
        let loaded = file(&name);
        let written = written_out(&loaded);
        let again = read(&name, &written, &[]);
        assert!(loaded.model == again.model, "{name} is written out as another system:\n{written}");
        let (before, after) = (figures(&loaded.tree), figures(&again.tree));
        for figure in &before {
            let same =
                |f: &&blackstart::scenario::Figure| f.record == figure.record && f.field == figure.field;
            assert!(after.iter().find(same).is_some_and(|f| f.law == figure.law), "{name}: {figure:?}");
        }
        assert!(
            resolved_text(&loaded, Page::PLAIN).lines().all(|line| line.chars().count() <= 100),
            "{name}"
        );
    }
}

/// What stood without quotes on a command line has them in a file.
#[test]
fn edits_are_written_out_as_a_file_has_them() {
    let edits = [
        "zone_kinds.hall.needs=utility",
        "hazards.ice storm.strikes.lines.repair=12h",
        "services.chat.scope=Global",
    ];
    let loaded = read("storm", &std::fs::read_to_string(STORM).unwrap(), &edits);
    assert!(read("written", &written_out(&loaded), &[]).model == loaded.model);
    assert!(read("printed", &print_tree(&loaded.tree), &[]).model == loaded.model);
}

/// The path of a figure is the one that `--set` takes.
#[test]
fn paths_of_figures_can_be_set() {
    let path = "scenarios/me-central-1.ron";
    let text = std::fs::read_to_string(path).unwrap();
    let loaded = read(path, &text, &[]);
    let plain: Vec<_> = figures(&loaded.tree)
        .into_iter()
        // Edits do not reach into `OneOf(...)`, nor do they know names with a quote in them.
        .filter(|f| !f.record.starts_with("hazards.strike on az3") && !f.record.contains('\''))
        .filter(|f| ["every", "repair", "work", "restart", "shift", "holdover"].contains(&f.field.as_str()))
        .collect();
    assert!(plain.len() > 20);
    for figure in plain {
        let edit = format!("{}.{}=\"7h\"", figure.record, figure.field);
        assert!(read(path, &text, &[&edit]).model != loaded.model, "{edit}");
    }
}

/// A list of needs of which none exists.
fn without_end(count: usize) -> String {
    let names: Vec<String> = (0..count).map(|n| format!("\"name {n}\"")).collect();
    std::fs::read_to_string(WARNED)
        .unwrap()
        .replace("\"hall\": (", &format!("\"hall\": (needs: [{}],", names.join(",\n")))
}

#[test]
fn of_thousands_of_errors_the_first_are_shown() {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    assert!(load("a.ron", &without_end(3_000), &[], &mut sources, &mut found).is_none());
    let list = found.into_vec();
    let shown = render_diagnostics(&sources, &list, false);
    assert_eq!(shown.matches("error: ").count(), 100);
    assert!(shown.ends_with("\n3000 errors; the first 100 are shown, 2900 more are not\n"), "{shown}");
    assert_eq!(findings(&sources, &list).len(), 3_000);
}

#[test]
fn odd_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let deep = format!("Scenario(title: {}{})", "[".repeat(10_000), "]".repeat(10_000));
    let files: [(&str, &[u8], &str); 3] = [
        ("deep.ron", deep.as_bytes(), "more than 128 brackets inside each other"),
        ("program", &[0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0xff, 0xfe], "it is not UTF-8 text at byte 8"),
        ("zeros", &[0; 4096], "error: "),
    ];
    for (name, bytes, message) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let said = said(&["check", path.to_str().unwrap()], 2);
        assert!(said.starts_with("error: ") && said.contains(message), "{name}: {said}");
        assert!(said.lines().count() < 12, "{name}: {said}");
    }
    assert!(said(&["check", folder.path().to_str().unwrap()], 2).contains("it is a directory"));
}
