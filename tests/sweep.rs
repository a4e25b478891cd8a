//! `blackstart sweep` from outside: values, answers, files, and what it refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use tempfile::TempDir;

const SHOP: &str = r#"Scenario(
    title: "The <shop> & more",
    start: "2026-01-01T00:00:00Z",
    horizon: "31d",
    zone_kinds: {
        "hall": (
            parts: { "power": (failures: { "loss": (every: Exp("10d"), repair: "4h") }) },
            needs: ["power"],
        ),
    },
    regions: { "north": (zones: { "a": "hall" }) },
    services: { "shop": (scope: Regional) },
    journeys: { "buy": (calls: ["shop"], objective: "99%"), "look": (calls: ["shop"]) },
    users: { "all": (count: 1000, does: { "buy": "1/h", "look": "2/h" }) },
    architectures: { "rare": [Set("zone_kinds.hall.parts.power.failures.loss.every", Exp("30d"))] },
)
"#;

/// The path of the part's failures.
const LOSS: &str = "zone_kinds.hall.parts.power.failures.loss";

fn desk() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shop.ron"), SHOP).unwrap();
    folder
}

fn blackstart(folder: &Path, args: &[&str]) -> Output {
    Command::new(cargo_bin!("blackstart")).current_dir(folder).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a sweep prints that ends with this code and says nothing on standard error.
#[track_caller]
fn sweep(folder: &Path, code: i32, args: &[&str]) -> String {
    let output = blackstart(folder, &[&["sweep", "shop.ron", "-n", "1000"], args].concat());
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(code), ""), "{args:?}");
    text(&output.stdout)
}

#[track_caller]
fn json(folder: &Path, code: i32, args: &[&str]) -> Value {
    serde_json::from_str(&sweep(folder, code, &[args, &["--format", "json"]].concat())).unwrap()
}

fn repairs(values: &str) -> String {
    format!("{LOSS}.repair={values}")
}

/// Every point has the figures of a run of its own with `--set`, and the step is their difference.
#[test]
fn a_point_is_a_run_with_that_value() {
    let desk = desk();
    let at = desk.path();
    let found = json(at, 0, &["--vary", &repairs("1h..3h by 1h"), "--seed", "7"]);
    let mean = |point: usize| found["points"][point]["figures"][0]["down_s"]["mean"].as_f64().unwrap();
    for (point, value) in ["1h", "2h", "3h"].into_iter().enumerate() {
        let set = repairs(value);
        let args = ["run", "shop.ron", "-n", "1000", "--seed", "7", "--format", "json", "--set", &set];
        let run: Value = serde_json::from_slice(&blackstart(at, &args).stdout).unwrap();
        assert_eq!(run["journeys"][0]["down_s"], found["points"][point]["figures"][0]["down_s"], "{value}");
    }
    let step = found["points"][2]["figures"][0]["step_s"]["mean"].as_f64().unwrap();
    assert!((step - (mean(2) - mean(1))).abs() < 1e-6 * step);
    assert!(found["points"][0]["figures"][0]["step_s"].is_null());
    assert_eq!(found["courses"][0]["course"], "rises");
    // Each of about 3 outages in 31 d takes an hour more: the paired interval is narrow beside that of the means.
    let width = |interval: &Value| interval["high"].as_f64().unwrap() - interval["low"].as_f64().unwrap();
    let figure = &found["points"][2]["figures"][0];
    assert!(width(&figure["step_s"]["interval"]) < 0.5 * width(&figure["down_s"]["interval"]));
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let desk = desk();
    let args = ["--vary", &repairs("1h..3h by 1h"), "--vary", &format!("{LOSS}.every.0=[5d, 20d]")];
    let [one, three] =
        ["1", "3"].map(|threads| sweep(desk.path(), 0, &[&args[..], &["--threads", threads]].concat()));
    assert_eq!(one, three);
    insta::assert_snapshot!("two_parameters", one);
}

/// Mean downtime in 31 d is near 31 d x repair / (10 d + repair): 1 % of January, 7.44 h, is reached at 2.4 h.
#[test]
fn the_smallest_value_that_meets_an_objective() {
    let desk = desk();
    let at = desk.path();
    let vary = repairs("1h..5h by 1h");
    let found = sweep(at, 0, &["--vary", &vary, "--meets", "buy:all"]);
    insta::assert_snapshot!("meets", found);
    // The figure that helps: the longer until a loss, the better.
    let every = format!("{LOSS}.every.0=5d..80d by x2");
    let found = json(at, 0, &["--vary", &every, "--meets", "buy:all=99%", "--confidence", "99%"]);
    assert_eq!((&found["least"][0]["value"], &found["least"][0]["until"]), (&2.into(), &4.into()));
    assert_eq!(found["courses"][0]["course"], "falls");
    // None does, or that is not certain.
    assert!(
        sweep(at, 4, &["--vary", &repairs("3h..5h by 1h"), "--meets", "buy:all"])
            .replace("\n  ", " ")
            .starts_with(&format!(
                "No value of {LOSS}.repair meets buy all 99 % in every month: all of them surely miss it.\n"
            ))
    );
    let few = blackstart(
        at,
        &["sweep", "shop.ron", "-n", "25", "--vary", &repairs("[144m, 150m]"), "--meets", "buy:all"],
    );
    assert_eq!(few.status.code(), Some(5));
    assert!(
        text(&few.stdout)
            .replace("\n  ", " ")
            .contains("surely meets buy all 99 % in every month with 95 % confidence")
    );
    // Two at once, and an architecture of its own.
    let both = ["--vary", &vary, "--meets", "buy:all", "--meets", "look:all=99.9%"];
    sweep(at, 4, &both);
    let found = json(at, 0, &["--vary", &vary, "--meets", "buy:all", "--architecture", "rare"]);
    assert_eq!(found["least"][0]["until"], 4);
}

#[test]
fn what_nothing_depends_on_changes_nothing() {
    let desk = desk();
    let found = json(desk.path(), 0, &["--vary", "users.all.count=[10, 1000]"]);
    assert_eq!(found["courses"][0]["course"], "same");
    assert_eq!(found["points"][1]["figures"][0]["step_s"]["mean"], 0.0);
}

#[test]
fn files_are_written_once() {
    let desk = desk();
    let at = desk.path();
    let vary = repairs("1h..5h by 1h");
    let files = ["--out", "a.csv", "--plot", "a.svg"];
    sweep(at, 0, &[&["--vary", &vary, "--meets", "buy:all"], &files[..]].concat());
    let csv = fs::read_to_string(at.join("a.csv")).unwrap();
    assert_eq!(csv.lines().count(), 11);
    assert!(
        csv.starts_with(&format!("{LOSS}.repair,journey,population,")) && csv.contains("\n5h,look,all,1000,")
    );
    let svg = fs::read_to_string(at.join("a.svg")).unwrap();
    assert!(svg.contains("The &lt;shop&gt; &amp; more") && svg.contains("meets the objective"));
    let again = blackstart(at, &["sweep", "shop.ron", "--vary", &vary, "--out", "a.csv"]);
    assert_eq!(again.status.code(), Some(2));
    sweep(at, 0, &["--vary", &vary, "--vary", "users.all.count=[1, 9]", "--plot", "map.png"]);
    assert!(fs::read(at.join("map.png")).unwrap().starts_with(b"\x89PNG"));
    insta::assert_snapshot!("markdown", sweep(at, 0, &["--vary", &vary, "--format", "markdown"]));
}

#[test]
fn what_cannot_be_varied_is_refused() {
    let desk = desk();
    let at = desk.path();
    let mut said = String::new();
    for args in [
        &["--vary", "users.all.cont=1..10 by 1"][..],
        &["--vary", "users.al.count=1..10 by 1"],
        &["--vary", "users.all.count=1..10"],
        &["--vary", "users.all.count=10..1 by 1"],
        &["--vary", "users.all.count=1..10 by 2h"],
        &["--vary", "users.all.count=1h..10h by 1h"],
        &["--vary", "users.all.count=1..10 by x0.5"],
        &["--vary", "users.all.count"],
        &["--vary", "users.all.count=[1, 2"],
        &["--vary", "users.all.count=1..10000000 by 1"],
        &["--vary", "users.all.count=1..100 by 1", "--vary", &repairs("1h..20h by 1h")],
        &["--vary", "users.all.count=[1]", "--vary", "users.all.count=[2]", "--vary", "users.all.count=[3]"],
        &["--vary", "horizon=[1d, 2d]"],
        &["--vary", "zone_kinds.hall.needs=[[\"power\"], [\"water\"]]"],
        &["--vary", "users.all.count=[1]", "--meets", "buy:al"],
        &["--vary", "users.all.count=[1]", "--meets", "look:all"],
        &["--vary", "users.all.count=[1]", "--meets", "look:all=100"],
        &["--vary", "users.all.count=[1]", "--confidence", "100%"],
        &["--vary", "users.all.count=[1]", "--plot", "a.pdf"],
        &["--vary", "users.all.count=[1]", "--out", "a.svg", "--plot", "a.svg"],
        &[],
    ] {
        let output = blackstart(at, &[&["sweep", "shop.ron"], args].concat());
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""), "{args:?}");
        said += &format!("$ blackstart sweep shop.ron {}\n{}\n", args.join(" "), text(&output.stderr));
    }
    assert_eq!(fs::read_dir(at).unwrap().count(), 1);
    insta::assert_snapshot!("refused", said);
}
