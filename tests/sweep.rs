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
fn the_value_that_just_meets_an_objective() {
    let desk = desk();
    let at = desk.path();
    let vary = repairs("1h..5h by 1h");
    let found = sweep(at, 0, &["--vary", &vary, "--meets", "buy:all"]);
    insta::assert_snapshot!("meets", found);
    // The figure that helps: the longer until a loss, the better.
    let every = format!("{LOSS}.every.0=5d..80d by x2");
    let found = json(at, 0, &["--vary", &every, "--meets", "buy:all=99%", "--confidence", "99%"]);
    let answer = &found["answers"][0];
    assert_eq!(
        (&answer["kind"], &answer["value"], &answer["between"][1]),
        (&"smallest".into(), &2.into(), &4.into())
    );
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
    let answer = &found["answers"][0];
    assert_eq!(
        (&answer["kind"], &answer["value"], &answer["between"][1]),
        (&"all".into(), &Value::Null, &4.into())
    );
}

/// Where it gets harder with the value the answer is the largest, whatever the order in which values are given.
#[test]
fn the_largest_value_that_meets_an_objective() {
    let desk = desk();
    let at = desk.path();
    let meets = ["--meets", "buy:all"];
    let ask = |vary: &str| sweep(at, 0, &[&["--vary", vary], &meets[..]].concat()).replace("\n  ", " ");
    let told = ask(&repairs("1h..5h by 1h"));
    assert!(
        told.starts_with(&format!("{LOSS}.repair = 2h is the largest of 5 values that surely meets")),
        "{told}"
    );
    assert!(told.contains(" All from 1h to 2h do.\n"), "{told}");
    let told = ask(&repairs("[4h, 60m, 5h, 2h, 3h]"));
    assert!(
        told.starts_with(&format!("{LOSS}.repair = 2h is the largest of 5 values that surely meets")),
        "{told}"
    );
    assert!(told.contains(" All from 60m to 2h do.\n"), "{told}");
    let found = json(at, 0, &["--vary", &repairs("[4h, 60m, 5h, 2h, 3h]"), "--meets", "buy:all"]);
    let answer = &found["answers"][0];
    assert_eq!((&answer["kind"], &answer["value"]), (&"largest".into(), &3.into()));
    assert_eq!(answer["met"], serde_json::json!([1, 3]));
    assert_eq!(found["courses"][0]["course"], "rises");
    let told = ask(&repairs("1h..2h by 30m"));
    assert!(
        told.starts_with(&format!(
            "All 3 values of {LOSS}.repair, from 60m to 120m, surely meet buy all 99 %"
        )),
        "{told}"
    );
    // Laws have no order.
    let told = ask(&repairs("[Exp(1h), Exp(20h), Exp(90m)]"));
    assert!(
        told.contains("repair = Exp(\"1h\"), Exp(\"90m\"): 2 of 3 values surely meet buy all 99 %"),
        "{told}"
    );
    assert!(
        told.contains("Exp(\"20h\"): surely missed.") && told.contains("goes up and down in the order given"),
        "{told}"
    );
}

/// What a picture says of itself has room: of many journeys, with a long seed.
#[test]
fn nothing_under_the_title_is_cut_off() {
    let desk = desk();
    let at = desk.path();
    let of = |form: fn(usize) -> String| (1..=12).map(form).collect::<Vec<_>>().join(", ");
    let journeys = of(|number| format!("\"j{number}\": (calls: [\"shop\"])"));
    let does = of(|number| format!("\"j{number}\": \"1/h\""));
    let many = SHOP.replace("\"look\": (calls: [\"shop\"])", &journeys).replace("\"look\": \"2/h\"", &does);
    fs::write(at.join("many.ron"), many).unwrap();
    let other = format!("{LOSS}.every.0=[5d, 20d]");
    let (vary, seed) = (repairs("[1h, 2h]"), u64::MAX.to_string());
    let usual = ["sweep", "many.ron", "--vary", &vary, "--meets", "buy:all", "-n", "100", "--seed", &seed];
    for (file, more) in [("lines.svg", &[][..]), ("map.svg", &["--vary", &other])] {
        let output = blackstart(at, &[&usual[..], more, &["--plot", file]].concat());
        assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
        let svg = fs::read_to_string(at.join(file)).unwrap();
        assert!(
            !svg.contains('…') && svg.contains(&seed) && svg.contains("surely meets the objective"),
            "{file}"
        );
        assert!(svg.contains("more journeys not shown"), "{file}");
    }
}

/// A list in any order is judged from its smallest value to its largest.
#[test]
fn the_course_follows_the_numbers() {
    let desk = desk();
    let at = desk.path();
    let lost = |told: &str| told.lines().next().unwrap().to_owned();
    let rising = lost(&sweep(at, 0, &["--vary", &repairs("[1h, 2h, 3h]")]));
    assert!(rising.contains("rises from"), "{rising}");
    for values in ["[2h, 3h, 1h]", "[3h, 2h, 1h]", "[2h, 60m, 3h]"] {
        let told = lost(&sweep(at, 0, &["--vary", &repairs(values)]));
        assert_eq!(told.replace("60m", "1h"), rising, "{values}");
    }
}

/// What users lose may change although downtime does not.
#[test]
fn what_is_lost_is_shown_where_it_changes() {
    let desk = desk();
    let at = desk.path();
    let count = "users.all.count=[10, 20, 1000]";
    let told = sweep(at, 0, &["--vary", count]).replace("\n  ", " ");
    assert!(
        told.contains("is the same at all values: ") && told.contains("; requests lost go from "),
        "{told}"
    );
    assert!(told.contains("user-minutes lost go from ") && told.contains("\nbuy all\ncount "), "{told}");
    let told = sweep(at, 0, &["--vary", count, "--vary", &repairs("[1h, 2h]")]);
    assert!(!told.contains("requests lost"), "{told}");
    let told = sweep(at, 0, &["--vary", count, "--vary", "title=[a, b]"]);
    assert!(told.contains("buy all: requests lost") && told.contains("buy all: user-minutes lost"), "{told}");
}

/// Codes of two parameters: the worst of the answers for the values of the second.
#[test]
fn one_value_of_the_second_without_an_answer_is_enough() {
    let desk = desk();
    let count = "users.all.count=[10, 20]";
    for (values, code) in [("[1h, 2h]", 0), ("[1h, 144m]", 5), ("[1h, 5h]", 4), ("[144m, 5h]", 4)] {
        sweep(desk.path(), code, &["--vary", count, "--vary", &repairs(values), "--meets", "buy:all"]);
    }
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
        &["--vary", "users.all.count=[1]", "--confidence", "90%"],
        &["--vary", "users.all.count=[1]", "--meets", "look:all=99%", "--meets", "look:all=98%"],
        &["--vary", "users.all.count=[1]", "--vary", "users.all.count=[2, 3]"],
        &["--vary", "users.*.count=[1, 2]", "--vary", "users.all=[{}]"],
        &["--vary", "users.all.count=[1, 2, 1]"],
        &["--vary", "users.bob=[{}]"],
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
