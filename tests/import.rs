//! `blackstart import`: what it makes of files in the layouts of others, and of files that are not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use blackstart::import::{CableFile, CableMapFiles, SourceText, cable_map, topology_zoo};
use blackstart::scenario::{Diagnostics, Sources, parse};
use proptest::prelude::*;
use tempfile::TempDir;

const ZOO: &str = include_str!("data/topology-zoo/Example.graphml");
const LINES: &str = include_str!("data/cable-map/cable/cable-geo.json");
const CABLE: &str = include_str!("data/cable-map/cable/example-east-west.json");
const RING: &str = include_str!("data/cable-map/cable/example-ring.json");
const PLACES: &str = include_str!("data/cable-map/landing-point/landing-point-geo.json");

/// A folder in which the command runs, with the test data in it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["map/cable", "map/landing-point"] {
            fs::create_dir_all(desk.folder.path().join(folder)).unwrap();
        }
        desk.put("zoo.graphml", ZOO);
        desk.put("map/cable/cable-geo.json", LINES);
        desk.put("map/cable/example-east-west.json", CABLE);
        desk.put("map/cable/example-ring.json", RING);
        desk.put("map/cable/all.json", "[]");
        desk.put("map/landing-point/landing-point-geo.json", PLACES);
        desk
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(cargo_bin!("blackstart"));
        command.current_dir(self.folder.path()).arg("import").args(args).output().unwrap()
    }

    /// Standard output and standard error of a command that must succeed.
    fn imports(&self, args: &[&str]) -> (String, String) {
        let output = self.run(args);
        let (out, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
        (out, said)
    }

    /// Standard error of a command that must be refused without printing or writing anything.
    fn refuses(&self, args: &[&str]) -> String {
        let before = names(self.folder.path());
        let output = self.run(args);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert_eq!(text(&output.stdout), "", "{args:?}");
        assert!(said.starts_with("error: ") && !said.contains("panicked"), "{args:?}: {said}");
        assert_eq!(names(self.folder.path()), before, "{args:?}");
        said
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn source(name: &str, text: &str) -> SourceText {
    SourceText { name: name.to_owned(), text: text.to_owned() }
}

/// Asserts that a fragment is RON in the form of a scenario.
fn assert_ron(fragment: &str) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let id = sources.add("fragment", fragment);
    let tree = parse::parse(id, fragment, &mut found);
    assert!(found.is_empty(), "{:?}\n{fragment}", found.into_vec());
    assert_eq!(
        tree.and_then(|tree| tree.variant().map(|(name, _)| name.to_owned())).as_deref(),
        Some("Scenario")
    );
}

#[test]
fn a_network_of_the_zoo_becomes_sites_and_links() {
    let (fragment, said) = Desk::new().imports(&["topology-zoo", "zoo.graphml"]);
    assert_ron(&fragment);
    insta::assert_snapshot!("zoo", format!("{fragment}--- standard error\n{said}"));
}

#[test]
fn a_cable_map_becomes_sites_and_cables() {
    let (fragment, said) = Desk::new().imports(&["cable-map", "map"]);
    assert_ron(&fragment);
    insta::assert_snapshot!("cable_map", format!("{fragment}--- standard error\n{said}"));
}

#[test]
fn only_the_cables_that_were_asked_for_are_imported() {
    let desk = Desk::new();
    // A cable that cannot be read does not matter while nobody asks for it.
    desk.put("map/cable/broken.json", "{");
    let (fragment, _) =
        desk.imports(&["cable-map", "map", "--cable", "example-ring", "--cable", "example-ring"]);
    assert!(fragment.contains("\"example-ring\"") && !fragment.contains("east-west"), "{fragment}");
    let said = desk.refuses(&["cable-map", "map", "--cable", "example-rink"]);
    assert_eq!(said, "error: there is no cable `example-rink` in map/cable; did you mean `example-ring`?\n");
    desk.refuses(&["cable-map", "map", "--cable", "../cable/example-ring"]);
    desk.refuses(&["cable-map", "map"]);
}

/// The antimeridian: the drawn lines from 170 east to 170 west are 20 degrees of latitude 10, not 340.
#[test]
fn lines_across_the_antimeridian_are_short() {
    let cable = CABLE.replace("5,400 km", "n.a.");
    let files = map(LINES, &cable);
    let fragment = cable_map(&files).unwrap().fragment;
    let lengths: f64 = fragment
        .lines()
        .filter_map(|line| line.split_once("length: \"")?.1.split_once(" km\"")?.0.parse::<f64>().ok())
        .sum();
    // 20 degrees of longitude at latitude 10 and 5 degrees of latitude, on a sphere of 6,371 km.
    let degree = std::f64::consts::TAU * 6_371.0 / 360.0;
    let expected = degree * (20.0 * 10_f64.to_radians().cos() + 5.0);
    assert!((lengths - expected).abs() < 0.001 * expected, "{lengths} against {expected}");
}

/// The stated length is shared: what the segments say adds up to it.
#[test]
fn segments_add_up_to_the_stated_length() {
    let fragment = cable_map(&map(LINES, CABLE)).unwrap().fragment;
    let lengths: f64 = fragment
        .lines()
        .filter_map(|line| line.split_once("length: \"")?.1.split_once(" km\"")?.0.parse::<f64>().ok())
        .sum();
    assert!((lengths - 5_400.0).abs() < 0.5, "{lengths}");
}

/// Newer versions of the map have slugs as `id`, and places in one file only.
#[test]
fn newer_versions_of_the_map_are_read_too() {
    let lines = LINES.replace("\"slug\"", "\"id\"");
    let cable = r#"{"id":"example-ring","name":"Example Ring","landing_points":[
        {"id":"southport-example","name":"Southport, Example","country":"Example","is_tbd":null},
        {"id":"weston-example","name":"Weston, Example","country":"Example","is_tbd":null}],
        "length":"900 km","rfs":null,"owners":null}"#;
    let places = r#"{"features":[
        {"geometry":{"coordinates":[170.0,-10.0]},"properties":{"id":"weston-example"}},
        {"geometry":{"coordinates":[175.0,-15.0,0.0]},"properties":{"id":"southport-example"}}]}"#;
    let cables = vec![CableFile { slug: "example-ring".to_owned(), source: source("ring.json", cable) }];
    let files =
        CableMapFiles { lines: source("lines", &lines), places: Some(source("places", places)), cables };
    let imported = cable_map(&files).unwrap();
    assert!(imported.fragment.contains("\"example-ring 2\""), "{}", imported.fragment);
}

/// A piece of line that stops short of the trunk belongs to it.
#[test]
fn lines_that_nearly_meet_are_joined() {
    let lines = LINES.replace("[[175.0, -10.0], [175.0, -15.0]]", "[[175.0, -10.5], [175.0, -15.0]]");
    let imported = cable_map(&map(&lines, CABLE)).unwrap();
    assert!(imported.fragment.contains("to: \"southport-example\""), "{}", imported.fragment);
    let lines = LINES.replace("[[175.0, -10.0], [175.0, -15.0]]", "[[175.0, -13.0], [175.0, -15.0]]");
    let imported = cable_map(&map(&lines, CABLE)).unwrap();
    assert!(!imported.fragment.contains("to: \"southport-example\""), "{}", imported.fragment);
    assert!(
        imported.warnings.iter().any(|w| w.contains("2 pieces that do not meet")),
        "{:?}",
        imported.warnings
    );
}

#[test]
fn files_are_written_whole_and_never_over_others() {
    let desk = Desk::new();
    let (printed, _) = desk.imports(&["topology-zoo", "zoo.graphml"]);
    let (out, said) = desk.imports(&["topology-zoo", "zoo.graphml", "--out", "new/zoo.ron"]);
    assert_eq!(out, "");
    assert!(said.starts_with("Data: the Internet Topology Zoo"), "{said}");
    assert_eq!(fs::read_to_string(desk.folder.path().join("new/zoo.ron")).unwrap(), printed);
    assert_eq!(names(&desk.folder.path().join("new")), ["zoo.ron"]);
    let said = desk.refuses(&["topology-zoo", "zoo.graphml", "--out", "new/zoo.ron"]);
    assert_eq!(said, "error: new/zoo.ron exists already, and nothing is overwritten: give another name\n");
    desk.put("broken.graphml", "<graphml>");
    desk.refuses(&["topology-zoo", "broken.graphml", "--out", "broken.ron"]);
}

/// Each mistake with what is said of it.
#[test]
fn mistakes_are_told_with_their_places() {
    let desk = Desk::new();
    let mut all = String::new();
    let nothing_placed = ZOO.replace("attr.name=\"Latitude\"", "attr.name=\"latitude\"");
    for (what, text) in [
        ("empty", ""),
        ("another format", "{}"),
        ("another document", "<html></html>"),
        ("no graph", "<graphml/>"),
        ("truncated", &ZOO[..3000]),
        ("a definition of entities", "<!DOCTYPE graphml [<!ENTITY a \"b\">]><graphml/>"),
        ("beyond the pole", &ZOO.replace("59.33", "91")),
        ("beyond the globe", &ZOO.replace("18.06", "1806")),
        ("not a number", &ZOO.replace("59.33", "59°20'")),
        ("infinite", &ZOO.replace("59.33", "inf")),
        ("an unknown node", &ZOO.replace("target=\"3\"", "target=\"33\"")),
        ("an edge without an end", &ZOO.replace("target=\"3\"", "")),
        ("a node twice", &ZOO.replace("<node id=\"1\">", "<node id=\"0\">")),
        ("a node without id", &ZOO.replace("<node id=\"1\">", "<node>")),
        ("no coordinates", &nothing_placed),
    ] {
        desk.put("mistake.graphml", text);
        all += &format!("{what}\n  {}", desk.refuses(&["topology-zoo", "mistake.graphml"]));
    }
    for (what, file, text) in [
        ("empty", "cable/cable-geo.json", ""),
        ("another layout", "cable/cable-geo.json", "[]"),
        ("truncated", "cable/cable-geo.json", &LINES[..500]),
        ("beyond the pole", "cable/cable-geo.json", &LINES.replacen("-10.0", "-100.0", 1)),
        ("a lone number", "cable/cable-geo.json", &LINES.replacen("[170.0, -10.0]", "[170.0]", 1)),
        ("text for a number", "cable/cable-geo.json", &LINES.replacen("170.0", "\"170\"", 1)),
        ("no lines", "cable/cable-geo.json", "{\"features\": []}"),
        ("not JSON", "cable/example-ring.json", "{\"name\" \"Ring\"}"),
        ("no landing points", "cable/example-ring.json", "{\"name\": \"Ring\"}"),
        ("beyond the pole", "cable/example-ring.json", &RING.replace("-15.05,", "91,")),
        ("not a place", "cable/example-ring.json", &RING.replace("-15.05,175.0", "15S 175E")),
        ("beyond the pole", "landing-point/landing-point-geo.json", &PLACES.replace("-15.05", "-95.05")),
    ] {
        let desk = Desk::new();
        desk.put(&format!("map/{file}"), text);
        all += &format!("{what} in {file}\n  {}", desk.refuses(&["cable-map", "map"]));
    }
    all += &format!("no file\n  {}", desk.refuses(&["topology-zoo", "none.graphml"]));
    all += &format!("a directory\n  {}", desk.refuses(&["topology-zoo", "map"]));
    all += &format!("no directory\n  {}", desk.refuses(&["cable-map", "none"]));
    all += &format!("a file\n  {}", desk.refuses(&["cable-map", "zoo.graphml"]));
    insta::assert_snapshot!("mistakes", all);
}

/// Elements or lists without end do not exhaust the stack.
#[test]
fn deep_nesting_is_refused_or_read() {
    let deep = format!("<graphml>{}</graphml>", "<a>".repeat(200_000) + &"</a>".repeat(200_000));
    assert!(topology_zoo(&source("deep", &deep)).is_err());
    let deep = format!("{{\"features\": {}", "[".repeat(200_000));
    assert!(cable_map(&map(&deep, CABLE)).is_err());
}

fn map(lines: &str, cable: &str) -> CableMapFiles {
    CableMapFiles {
        lines: source("cable-geo.json", lines),
        places: Some(source("landing-point-geo.json", PLACES)),
        cables: vec![CableFile { slug: "example-east-west".to_owned(), source: source("cable.json", cable) }],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is cut out of a file, it is either read or refused, and what is read is RON.
    #[test]
    fn damaged_files_do_no_harm(start in 0..6_000_usize, length in 0..400_usize, put in "[ -~äß\u{202e}]{0,6}") {
        let damage = |text: &str| -> String {
            let end = |at: usize| text.char_indices().map(|(i, _)| i).find(|i| *i >= at).unwrap_or(text.len());
            format!("{}{put}{}", &text[..end(start)], &text[end(start + length)..])
        };
        if let Ok(imported) = topology_zoo(&source("zoo", &damage(ZOO))) {
            assert_ron(&imported.fragment);
        }
        for files in [map(&damage(LINES), CABLE), map(LINES, &damage(CABLE))] {
            if let Ok(imported) = cable_map(&files) {
                assert_ron(&imported.fragment);
            }
        }
    }
}

/// A network of the Zoo as it is there becomes the ground that a scenario stands on: two cities of it talk, and one link of
/// their ring is cut for good, so that calls go the other way round.
#[test]
fn a_scenario_extends_what_was_imported() {
    let desk = Desk::new();
    desk.put("serbia.graphml", include_str!("data/topology-zoo/BackboneSerbiaMontenegro.graphml"));
    desk.put(
        "talk.ron",
        r#"Scenario(
            extends: "serbia.ron", title: "Talk", start: "2026-01-01T00:00:00Z", horizon: "1d",
            zone_kinds: { "hall": () },
            regions: { "nis": (attach: ["Nis"], zones: { "a": "hall" }) },
            services: { "talk": (scope: Regional) },
            journeys: { "call": (calls: ["talk"]) },
            users: { "belgrade": (attach: ["Belgrade"], count: 1000, does: { "call": "1/h" }) },
            hazards: { "digger": (occurs: At("6h"), strikes: { "cut": (targets: ["Kragujevac - Nis"], repair: Never) }) },
        )"#,
    );
    let (_, said) = desk.imports(&["topology-zoo", "serbia.graphml", "--out", "serbia.ron"]);
    assert!(said.contains("CC BY 4.0"), "{said}");
    let mut run = Command::new(cargo_bin!("blackstart"));
    let run = run.current_dir(desk.folder.path()).args(["run", "talk.ron", "-n", "1", "--format", "json"]);
    let output = run.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let way = &summary["network"]["paths"][0];
    assert_eq!(way["way"], "users belgrade to region nis");
    let (usual, longest) = (&way["round_trip_p50_ms"], &way["round_trip_max_ms"]);
    // By the rest of the ring: 70.1 + 315.9 + 210.6 + 54.0 km of great circles (spherical law of cosines); x 1.2 x 4.9 us, there and back.
    let close =
        |value: &serde_json::Value, km: f64| (value.as_f64().unwrap() - km * 1.2 * 4.9e-3 * 2.0).abs() < 1e-3;
    assert!(close(longest, 650.65), "{longest}");
    assert!(
        close(usual, 650.65),
        "a cut at a quarter of the day leaves three quarters on the long way: {usual}"
    );
    assert_eq!(way["causes"][0]["cause"], "digger");
}
