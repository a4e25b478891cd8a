//! `extends`: files over files mean what one file with all of it means, and mistakes are shown where they stand.
//!
//! Every folder in `tests/extends/` holds a `main.ron` with a mistake in it or in what it extends; what is said about it
//! is a snapshot. `INSTA_UPDATE=always cargo test --test extends` writes them anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use blackstart::scenario::{Diagnostics, Loaded, Sources, load, load_extending, print_tree};
use blackstart::study::CURVE_POINTS;
use common::{extended, scenario_file};
use tempfile::TempDir;

fn blackstart(folder: &Path, args: &[&str]) -> Output {
    Command::new(cargo_bin!("blackstart")).current_dir(folder).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a command prints that has nothing to complain about.
#[track_caller]
fn prints(folder: &Path, args: &[&str]) -> String {
    let output = blackstart(folder, args);
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{args:?}");
    text(&output.stdout)
}

/// What is said about a scenario that must be refused.
#[track_caller]
fn refuses(folder: &Path, args: &[&str]) -> String {
    let output = blackstart(folder, args);
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""), "{args:?}: {said}");
    assert!(said.starts_with("error: ") && !said.contains("panicked"), "{args:?}: {said}");
    said
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn loaded(path: &Path) -> Loaded {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load_extending(&scenario_file(path).unwrap(), &extended, &[], &mut sources, &mut found);
    assert!(found.is_empty(), "{found:?}");
    loaded.unwrap()
}

#[test]
fn every_mistake_is_shown_where_it_stands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> = std::fs::read_dir(root.join("tests/extends"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert!(names.len() > 10, "only {} folders", names.len());
    for name in names {
        let said = refuses(root, &["check", &format!("tests/extends/{name}/main.ron")]);
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, said) });
    }
}

/// What every system below has in common.
const POWER: &str = r#"Scenario(
    // A fragment: nothing in it is a scenario by itself.
    zone_kinds: {
        "hall": (
            parts: {
                "utility": (
                    failures: { "fault": (every: Exp("90d"), repair: LogNormal(median: "1h", p90: "9h")) },
                    guess: "as elsewhere",
                ),
                "cooling": (failures: { "trip": (every: Exp("1y"), repair: "3h") }),
            },
            needs: ["utility", "cooling"],
        ),
    },
)"#;

const BASE: &str = r#"Scenario(
    extends: "parts/power.ron",
    title: "Base",
    start: "2026-01-01T00:00:00Z",
    horizon: "1y",
    regions: { "north": (zones: { "a": "hall", "b": "hall" }) },
    services: { "chat": (scope: Regional, spread: Quorum(1)) },
    journeys: { "talk": (calls: ["chat"], objective: "99.9%") },
    users: { "town": (count: 1_000, does: { "talk": "10/h" }) },
)"#;

const MAIN: &str = r#"Scenario(
    extends: ["base.ron", "parts/storm.ron"],
    title: "Over the base",
    zone_kinds: {
        "hall": (
            parts: {
                "utility": (
                    failures: { "fault": (repair: Exp("5h")), "theft": (every: Exp("2y"), repair: "1d") },
                    source: "the utility's own report",
                ),
            },
            needs: [(on: "utility", holdover: "10m"), "cooling"],
        ),
    },
    regions: { "north": (zones: { "c": "hall" }), "south": (zones: { "a": "hall" }) },
    users: { "town": (count: 5_000, route: Order(["north", "south"])) },
)"#;

const STORM: &str = r#"Scenario(
    extends: "power.ron",
    hazards: { "storm": (occurs: Every(Exp("1y")), strikes: { "lines": (targets: ["*/*/utility"], repair: "7h") }) },
    users: { "town": (count: 2, does: { "talk": "20/h" }) },
)"#;

/// The same, merged by hand.
const BY_HAND: &str = r#"Scenario(
    zone_kinds: {
        "hall": (
            parts: {
                "utility": (
                    failures: {
                        "fault": (every: Exp("90d"), repair: Exp("5h")),
                        "theft": (every: Exp("2y"), repair: "1d"),
                    },
                    source: "the utility's own report",
                ),
                "cooling": (failures: { "trip": (every: Exp("1y"), repair: "3h") }),
            },
            needs: [(on: "utility", holdover: "10m"), "cooling"],
        ),
    },
    title: "Over the base",
    start: "2026-01-01T00:00:00Z",
    horizon: "1y",
    regions: {
        "north": (zones: { "a": "hall", "b": "hall", "c": "hall" }),
        "south": (zones: { "a": "hall" }),
    },
    services: { "chat": (scope: Regional, spread: Quorum(1)) },
    journeys: { "talk": (calls: ["chat"], objective: "99.9%") },
    users: { "town": (count: 5_000, does: { "talk": "20/h" }, route: Order(["north", "south"])) },
    hazards: { "storm": (occurs: Every(Exp("1y")), strikes: { "lines": (targets: ["*/*/utility"], repair: "7h") }) },
)"#;

/// `main.ron` over `base.ron` and `parts/storm.ron`, both of them over `parts/power.ron`.
fn desk() -> TempDir {
    folder(&[
        ("main.ron", MAIN),
        ("base.ron", BASE),
        ("parts/power.ron", POWER),
        ("parts/storm.ron", STORM),
        ("by_hand.ron", BY_HAND),
    ])
}

#[test]
fn the_same_as_merged_by_hand() {
    let desk = desk();
    let merged = loaded(&desk.path().join("main.ron"));
    let by_hand = loaded(&desk.path().join("by_hand.ron"));
    assert!(merged.model == by_hand.model);
    assert_eq!(print_tree(&merged.tree), print_tree(&by_hand.tree));
    let names: Vec<_> = merged.files.iter().map(|name| name.rsplit(['/', '\\']).next().unwrap()).collect();
    // Each file once, after those that it extends.
    assert_eq!(names, ["power.ron", "base.ron", "storm.ron", "main.ron"]);
    for format in ["json", "csv", "text"] {
        let run = |file| prints(desk.path(), &["run", file, "-n", "200", "--format", format, "--seed", "3"]);
        assert!(run("main.ron") == run("by_hand.ron"), "{format}");
    }
    let folder = desk.path();
    let told = |file| prints(folder, &["trace", file, "--replication", "5", "--full"]);
    assert_eq!(told("main.ron"), told("by_hand.ron"));
    let compared = prints(folder, &["compare", "main.ron", "by_hand.ron", "-n", "50"]);
    assert!(compared.contains("no difference in downtime, exactly 0"), "{compared}");
    let drawn = |file, out| {
        prints(folder, &["plot", file, "-n", "50", "--out", out]);
        let mut files: Vec<_> = std::fs::read_dir(folder.join(out)).unwrap().map(|e| e.unwrap()).collect();
        files.sort_by_key(std::fs::DirEntry::file_name);
        files.iter().map(|e| (e.file_name(), std::fs::read(e.path()).unwrap())).collect::<Vec<_>>()
    };
    assert!(drawn("main.ron", "a") == drawn("by_hand.ron", "b"));
}

#[test]
fn a_run_directory_needs_no_other_file() {
    let desk = desk();
    let printed = prints(desk.path(), &["run", "./main.ron", "-n", "100", "--format", "json", "--out", "x"]);
    let resolved = std::fs::read_to_string(desk.path().join("x/scenario.resolved.ron")).unwrap();
    let head = "// Merged from these files, each over those above it:\n//   \"./parts/power.ron\"\n\
        //   \"./base.ron\"\n//   \"./parts/storm.ron\"\n//   \"./main.ron\"\nScenario(\n";
    assert!(resolved.starts_with(head), "{resolved}");
    assert!(!resolved.contains("extends"));
    let elsewhere = folder(&[("alone.ron", &resolved)]);
    let alone = ["run", "alone.ron", "-n", "100", "--format", "json"];
    assert_eq!(prints(elsewhere.path(), &alone), printed);
    let file = std::fs::read_to_string(desk.path().join("x/run.json")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    let names = ["./parts/power.ron", "./base.ron", "./parts/storm.ron", "./main.ron"];
    assert_eq!(file["files"], serde_json::json!(names));
    assert_eq!(file["run"]["journeys"][0]["curve"].as_array().map_or(CURVE_POINTS, Vec::len), CURVE_POINTS);
    // The whole system can be read again as well.
    let system = prints(desk.path(), &["check", "main.ron", "--resolved"]);
    assert!(system.contains("//   \"parts/storm.ron\"\n") && !system.contains("extends"), "{system}");
    let end = system.find("\n)\n").unwrap() + 3;
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let again = load("again", &system[..end], &[], &mut sources, &mut found).unwrap();
    assert!(again.model == loaded(&desk.path().join("main.ron")).model);
}

/// Architectures are a map: a name that both files have means the later one's edits, done on the whole.
#[test]
fn architectures_are_merged_by_name() {
    let base = BASE.replace(
        "journeys:",
        r#"architectures: {
            "slower": [Set("zone_kinds.hall.parts.cooling.failures.trip.repair", "6h")],
            "larger": [Add("regions.north.zones.x", "hall")],
        },
        journeys:"#,
    );
    let main = MAIN.replace(
        "title: \"Over the base\",",
        r#"title: "Over the base", architectures: { "larger": [Add("regions.south.zones.x", "hall")] },"#,
    );
    let desk = desk();
    std::fs::write(desk.path().join("base.ron"), base).unwrap();
    std::fs::write(desk.path().join("main.ron"), main).unwrap();
    let loaded = loaded(&desk.path().join("main.ron"));
    let names: Vec<&str> = loaded.architectures.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["slower", "larger"]);
    let has = |name: &str| loaded.architectures[1].model.component_named(name).is_some();
    assert!(has("south/x") && has("north/c") && !has("north/x"));
}

/// A run directory of a version without `files` can be drawn.
#[test]
fn older_results_can_be_drawn() {
    let desk = desk();
    prints(desk.path(), &["run", "main.ron", "-n", "50", "--out", "x"]);
    let path = desk.path().join("x/run.json");
    let mut file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    file.as_object_mut().unwrap().remove("files").unwrap();
    std::fs::write(&path, file.to_string()).unwrap();
    prints(desk.path(), &["plot", "x", "--out", "y"]);
}

#[test]
fn names_start_from_the_file_that_holds_them() {
    let desk = desk();
    std::fs::create_dir(desk.path().join("elsewhere")).unwrap();
    let here = prints(desk.path(), &["check", "main.ron"]);
    assert_eq!(prints(&desk.path().join("elsewhere"), &["check", "../main.ron"]), here);
    assert_eq!(prints(Path::new("/"), &["check", desk.path().join("main.ron").to_str().unwrap()]), here);
    let base = desk.path().join("base.ron").display().to_string().replace('\\', "/");
    let absolute = format!("Scenario(extends: \"{base}\")");
    let other = folder(&[("main.ron", &absolute)]);
    assert!(prints(other.path(), &["check", "main.ron"]).starts_with("ok: Base\n"));
}

#[test]
fn edits_come_after_all_files() {
    let desk = desk();
    let edited = |edit| prints(desk.path(), &["check", "main.ron", "--set", edit]);
    assert!(edited("title=Edited").starts_with("ok: Edited\n"));
    // An edit replaces a map, which a file cannot.
    assert!(edited("hazards={}").contains(" 0 hazards"));
    let said = refuses(desk.path(), &["check", "main.ron", "--set", "extends=base.ron"]);
    assert!(said.contains("an edit cannot extend files") && said.contains("--> --set:1:9"), "{said}");
    // Wrong edits and wrong files are told together.
    std::fs::write(desk.path().join("base.ron"), "Scenario(title)").unwrap();
    let said = refuses(desk.path(), &["check", "main.ron", "--set", "title"]);
    assert!(said.contains("--> base.ron:1:") && said.contains("--> --set:1:1"), "{said}");
}

#[test]
fn editors_learn_the_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = blackstart(root, &["check", "--format", "json", "tests/extends/mistakes_in_both/main.ron"]);
    let list: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let files: Vec<&str> = list.iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert!(files.contains(&"tests/extends/mistakes_in_both/base.ron"), "{files:?}");
    assert!(files.contains(&"tests/extends/mistakes_in_both/main.ron"), "{files:?}");
}

#[test]
fn what_is_no_text_is_shown_at_its_name() {
    let desk = folder(&[("main.ron", "Scenario(\n    extends: \"odd\",\n)")]);
    let odd = desk.path().join("odd");
    for (bytes, reason) in [
        (b"Scenario(title: \"caf\xe9\")".to_vec(), "cannot read odd: it is not UTF-8 text at byte 20"),
        (vec![b' '; (64 << 20) + 1], "cannot read odd: it is larger than 64 MB"),
        (vec![0; 64], "found the character \\0"),
    ] {
        std::fs::write(&odd, &bytes).unwrap();
        for command in ["check", "run", "trace"] {
            let said = refuses(desk.path(), &[command, "main.ron"]);
            let place = if bytes[0] == 0 { "--> odd:1:1" } else { "--> main.ron:2:14" };
            assert!(said.contains(reason) && said.contains(place), "{said}");
        }
    }
    let said = refuses(desk.path(), &["run", "main.ron", "--out", "x"]);
    assert!(!desk.path().join("x").exists(), "{said}");
}

/// The scenario's own file and 15 others in a row are read, a row of one more is not.
#[test]
fn rows_and_numbers_of_files_end_somewhere() {
    let row = |length: usize| {
        let desk = desk();
        for number in 1..length {
            let next =
                if number + 1 == length { "power.ron".to_owned() } else { format!("{}.ron", number + 1) };
            let path = desk.path().join(format!("parts/{number}.ron"));
            std::fs::write(path, format!("Scenario(extends: \"{next}\")")).unwrap();
        }
        std::fs::write(desk.path().join("base.ron"), BASE.replace("power", "1")).unwrap();
        std::fs::write(desk.path().join("main.ron"), MAIN).unwrap();
        desk
    };
    // Besides these there are main.ron, base.ron and power.ron.
    assert_eq!(prints(row(14).path(), &["check", "main.ron"]), prints(desk().path(), &["check", "main.ron"]));
    let said = refuses(row(15).path(), &["check", "main.ron"]);
    assert!(said.contains("more than 16 files extend each other in a row"), "{said}");
    assert!(said.contains("--> parts/14.ron:1:19") && said.contains("1 error\n"), "{said}");

    let list = |length: usize| {
        let desk = desk();
        let names: String = (0..length).map(|number| format!("\"{number}.ron\", ")).collect();
        for number in 0..length {
            std::fs::write(desk.path().join(format!("{number}.ron")), "Scenario()").unwrap();
        }
        std::fs::write(
            desk.path().join("list.ron"),
            BY_HAND.replace("Scenario(", &format!("Scenario(extends: [{names}],")),
        )
        .unwrap();
        desk
    };
    prints(list(100).path(), &["check", "list.ron"]);
    let said = refuses(list(1_000).path(), &["check", "list.ron"]);
    assert!(said.contains("more than 100 files are extended") && said.contains("1 error\n"), "{said}");
}

/// Another name of the same file is the same file.
#[cfg(unix)]
#[test]
fn links_do_not_hide_a_circle() {
    let desk = folder(&[("main.ron", "Scenario(extends: \"link.ron\")")]);
    std::os::unix::fs::symlink("main.ron", desk.path().join("link.ron")).unwrap();
    let said = refuses(desk.path(), &["check", "main.ron"]);
    assert!(said.contains("this file extends itself: main.ron -> link.ron"), "{said}");
}
