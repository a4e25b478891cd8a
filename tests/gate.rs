//! `gate`: the exit code is the answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// One part that is down for 4 h once in 10 days on average: 99 % allows 7.4 h in January, and it is down for 12 h.
const SHOP: &str = r#"Scenario(
    title: "A \"shop\" & more",
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
    journeys: { "buy": (calls: ["shop"], objective: "99%") },
    users: { "all": (count: 1000, does: { "buy": "1/h" }) },
    architectures: {
        "quick": [Set("zone_kinds.hall.parts.power.failures.loss.repair", "1h")],
        "slow": [Set("zone_kinds.hall.parts.power.failures.loss.repair", "5h")],
    },
)
"#;

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

/// What a gate prints that ends with this code and says nothing on standard error.
#[track_caller]
fn gate(folder: &Path, code: i32, args: &[&str]) -> String {
    let output = blackstart(folder, &[&["gate", "shop.ron", "-n", "1000", "--width", "200"], args].concat());
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(code), ""), "{args:?}");
    text(&output.stdout)
}

#[track_caller]
fn refuses(folder: &Path, args: &[&str]) -> String {
    let output = blackstart(folder, &[&["gate"], args].concat());
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""), "{args:?}: {said}");
    said
}

#[test]
fn objectives_are_met_missed_or_not_certain() {
    let desk = desk();
    let at = desk.path();
    assert!(gate(at, 4, &[]).starts_with("Gate failed: 1 failed.\n"));
    assert!(gate(at, 0, &["--architecture", "quick"]).starts_with("Gate passed: 1 passed.\n"));
    assert!(gate(at, 0, &["--objective", "buy:all=98%"]).contains("down in 2026-01 within 98 %"));
    // 12 h of 744 h are 1.61 %.
    assert!(gate(at, 5, &["--objective", "buy:all=98.4%"]).starts_with("Gate undecided: 1 undecided.\n"));
    // With few replications nothing is certain, but what is down in all of them is.
    let few = |replications: &str, objective: &str| {
        let args = ["gate", "shop.ron", "-n", replications, "--objective", objective];
        blackstart(at, &args).status.code()
    };
    assert_eq!((few("10", "buy:all=98%"), few("25", "buy:all=50%")), (Some(5), Some(0)));
}

#[test]
fn changes_are_worse_or_not() {
    let desk = desk();
    let at = desk.path();
    assert_eq!(blackstart(at, &["run", "shop.ron", "-n", "1000", "--out", "before"]).status.code(), Some(0));
    let met = "buy:all=90%";
    for baseline in ["shop.ron", "before", "before/run.json"] {
        let check = |code, more: &[&str]| {
            gate(at, code, &[&["--objective", met, "--baseline", baseline], more].concat())
        };
        assert!(check(0, &[]).contains(&format!("change from {baseline}")), "{baseline}");
        assert!(check(4, &["--architecture", "slow"]).contains("failed  buy      all    change from"));
        check(0, &["--architecture", "quick"]);
        // An increase of 3 h may be allowed, or may be too much, or be near the limit.
        check(0, &["--architecture", "slow", "--margin", "5h"]);
        check(4, &["--architecture", "slow", "--margin", "1h"]);
    }
    // A margin so small that nothing is certain yet.
    let same = ["--objective", met, "--baseline", "before", "--seed", "2", "--margin", "1s"];
    assert!(gate(at, 5, &same).contains("undecided"));
}

/// The same system cannot differ from itself; another one that has not differed yet may.
#[test]
fn no_change_is_no_question_of_replications() {
    let desk = desk();
    let margin = ["--objective", "buy:all=90%", "--baseline", "shop.ron", "--margin", "1s"];
    assert!(gate(desk.path(), 0, &margin).contains("exactly 0"));
    let other = [&margin[..], &["--set", "users.all.count=7"]].concat();
    assert!(!gate(desk.path(), 5, &other).contains("exactly 0"));
}

/// A gate that checks nothing would pass whatever a change does.
#[test]
fn what_only_one_of_the_two_has_is_told() {
    let desk = desk();
    let at = desk.path();
    let free = SHOP.replace(", objective: \"99%\"", "");
    fs::write(at.join("free.ron"), &free).unwrap();
    fs::write(at.join("town.ron"), free.replace("\"all\"", "\"town\"")).unwrap();
    fs::write(
        at.join("nobody.ron"),
        SHOP.replace("users: { \"all\": (count: 1000, does: { \"buy\": \"1/h\" }) },", ""),
    )
    .unwrap();
    let look = free
        .replace("\"buy\": (calls", "\"look\": (calls: [\"shop\"]), \"buy\": (calls")
        .replace("\"buy\": \"1/h\"", "\"buy\": \"1/h\", \"look\": \"1/h\"");
    fs::write(at.join("look.ron"), look).unwrap();
    blackstart(at, &["run", "town.ron", "-n", "1000", "--out", "town"]);
    blackstart(at, &["run", "look.ron", "-n", "1000", "--out", "look"]);
    for args in [["free.ron", "town.ron"], ["free.ron", "town"], ["nobody.ron", "shop.ron"]] {
        let said = refuses(at, &[args[0], "--baseline", args[1]]);
        assert!(said.contains("there is nothing to check"), "{args:?}: {said}");
    }
    assert!(
        refuses(at, &["free.ron", "--baseline", "town"])
            .contains("give an objective (--objective buy:all=99.9%)")
    );
    for baseline in ["town.ron", "town"] {
        let with = |code, more: &[&str]| {
            gate(at, code, &[&["--objective", "buy:all=90%", "--baseline", baseline], more].concat())
        };
        let text = with(5, &[]);
        assert!(text.starts_with("Gate undecided: 1 undecided, 1 passed.\n"), "{text}");
        assert!(
            text.contains(&format!(
                "undecided  buy      town   only {baseline} has it: whether it is worse is not known"
            )),
            "{text}"
        );
        assert!(text.contains(&format!("new        buy      all    {baseline} does not have it")), "{text}");
        assert!(with(5, &["--format", "markdown"]).contains("| undecided | buy | town | only"));
        let value: serde_json::Value = serde_json::from_str(&with(5, &["--format", "json"])).unwrap();
        assert_eq!((&value["decision"], &value["stopped_by"]), (&"undecided".into(), &"replications".into()));
        assert_eq!(value["unmatched"][0]["stands_in"], "baseline");
        assert_eq!(value["unmatched"][1]["stands_in"], "scenario");
        let xml = with(5, &["--format", "junit"]);
        assert!(xml.contains("tests=\"3\" failures=\"0\" errors=\"1\" skipped=\"1\""), "{xml}");
    }
    // The journey that is left is checked beside the one that is gone.
    let text = gate(at, 5, &["--objective", "buy:all=90%", "--baseline", "look"]);
    assert!(text.starts_with("Gate undecided: 1 undecided, 2 passed.\n"), "{text}");
}

/// Names and horizon may match although the system is another one.
#[test]
fn the_run_of_another_scenario_is_told() {
    let desk = desk();
    let at = desk.path();
    fs::write(at.join("other.ron"), SHOP.replace("& more", "and less").replace("2026-01-01", "2026-02-01"))
        .unwrap();
    fs::write(at.join("parts.ron"), SHOP.replace("\"a\": \"hall\"", "\"z\": \"hall\"")).unwrap();
    for scenario in ["shop", "other", "parts"] {
        let file = format!("{scenario}.ron");
        blackstart(at, &["run", &file, "-n", "1000", "--out", scenario]);
    }
    let against = |baseline: &str, form: &str| {
        // Other names of parts have other draws.
        gate(
            at,
            0,
            &["--objective", "buy:all=90%", "--baseline", baseline, "--margin", "5h", "--format", form],
        )
    };
    assert!(!against("shop", "text").contains("note:"));
    for form in ["text", "markdown", "json", "junit"] {
        let told = against("other", form);
        assert!(told.contains("other is of a scenario with another title: "), "{told}");
        assert!(
            told.contains(
                "other is of a scenario with another start: 2026-02-01 00:00 UTC, not 2026-01-01 00:00 UTC"
            ),
            "{told}"
        );
        assert!(!told.contains("may be of another scenario"), "{told}");
    }
    assert!(against("parts", "text").contains("parts may be of another scenario: of its "));
    // Another scenario file is another one by its name.
    assert!(!against("parts.ron", "text").contains("note:"));
    assert!(
        against("other.ron", "text").contains("another start")
            && !against("other.ron", "text").contains("title:")
    );
}

/// What nobody could have seen has not passed.
#[test]
fn few_replications_tell_of_no_change() {
    let desk = desk();
    let at = desk.path();
    blackstart(at, &["run", "shop.ron", "-n", "3", "--out", "short"]);
    blackstart(at, &["run", "shop.ron", "-n", "1000", "--out", "long"]);
    let rare = SHOP.replace("Exp(\"10d\")", "Exp(\"2000d\")");
    fs::write(at.join("rare.ron"), &rare).unwrap();
    blackstart(at, &["run", "rare.ron", "-n", "1000", "--out", "seldom"]);
    let check = |scenario: &str, baseline: &str, replications: &str| {
        let args =
            ["gate", scenario, "--baseline", baseline, "-n", replications, "--objective", "buy:all=1%"];
        let other = ["--set", "users.all.count=7", "--width", "200"];
        let output = blackstart(at, &[&args[..], &other].concat());
        (output.status.code(), text(&output.stdout))
    };
    for (scenario, baseline, replications, code) in [
        ("shop.ron", "shop.ron", "3", 5),
        ("shop.ron", "shop.ron", "20", 5),
        // Of 60 replications 4.8 may differ at most, with 95 % confidence for three figures together.
        ("shop.ron", "shop.ron", "60", 0),
        ("shop.ron", "long", "3", 5),
        ("shop.ron", "short", "1000", 5),
        ("shop.ron", "long", "1000", 0),
        ("rare.ron", "seldom", "1000", 0),
        ("rare.ron", "seldom", "20", 5),
    ] {
        let (found, told) = check(scenario, baseline, replications);
        let change = told.lines().find(|line| line.contains("change from")).unwrap();
        // The objective has its own answer: it may be undecided, too.
        let expected = if code == 0 { "passed" } else { "undecided" };
        assert!(change.starts_with(expected), "{scenario} {baseline} {replications}: {found:?} {told}");
        assert!(change.contains(" to "), "{change}");
        if code == 5 {
            assert_eq!(found, Some(5), "{told}");
        }
    }
}

#[test]
fn a_set_that_breaks_an_architecture_is_named() {
    let desk = desk();
    let at = desk.path();
    let parts = "zone_kinds.hall.parts={ water: (failures: { loss: (every: Exp(10d), repair: 4h) }) }";
    let needs = "zone_kinds.hall.needs=[water]";
    for command in ["gate", "run", "check"] {
        let said = text(
            &blackstart(at, &[command, "shop.ron", "--set", "title=x", "--set", parts, "--set", needs])
                .stderr,
        );
        assert!(said.contains("architecture \"quick\": there is no entry `power`"), "{said}");
        assert!(
            said.contains("zone_kinds.hall.parts={ water") && said.contains("this edit leads to it"),
            "{said}"
        );
        assert!(!said.contains("title=x"), "{said}");
    }
}

#[test]
fn pipelines_can_read_it() {
    let desk = desk();
    let at = desk.path();
    insta::assert_snapshot!("junit", gate(at, 4, &["--baseline", "shop.ron", "--format", "junit"]));
    insta::assert_snapshot!(
        "markdown",
        gate(at, 5, &["--objective", "buy:all=98.4%", "--format", "markdown"])
    );
    let value: serde_json::Value = serde_json::from_str(&gate(at, 4, &["--format", "json"])).unwrap();
    assert_eq!(value["decision"], "failed");
    assert_eq!(value["checks"][0]["subject"]["objective"]["month"], "2026-01");
}

/// Results of an earlier run cannot be paired; those of another version are not even read.
#[test]
fn compare_says_why_it_takes_no_results() {
    let desk = desk();
    let at = desk.path();
    blackstart(at, &["run", "shop.ron", "-n", "10", "--out", "now"]);
    let run = fs::read_to_string(at.join("now/run.json")).unwrap();
    let later = run
        .replace("\"format\": 1,", "\"format\": 7,")
        .replace("\"blackstart\": \"0.", "\"blackstart\": \"9.");
    fs::write(at.join("later.json"), later).unwrap();
    fs::write(at.join("other.json"), "{}").unwrap();
    for (args, message) in [
        (
            ["shop.ron", "now"],
            "compare the scenario that it was run from, or check a change against it: blackstart gate",
        ),
        (["now/run.json", "shop.ron"], "now/run.json holds the results of a run"),
        (
            ["shop.ron", "later.json"],
            "blackstart 9.1.0 wrote it in form 7, and blackstart 0.1.0 reads form 1",
        ),
        (["shop.ron", "other.json"], "it is no run.json"),
        (["shop.ron", "."], "it is a directory, expected a scenario file"),
    ] {
        let output = blackstart(at, &[&["compare"], &args[..], &["--plot", "picture.svg"]].concat());
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}: {said}");
        assert!(said.contains(message), "{args:?}: {said}");
        assert!(!at.join("picture.svg").exists());
    }
}

#[test]
fn what_cannot_be_checked_is_refused() {
    let desk = desk();
    let at = desk.path();
    fs::write(at.join("free.ron"), SHOP.replace(", objective: \"99%\"", "")).unwrap();
    fs::write(at.join("long.ron"), SHOP.replace("31d", "60d")).unwrap();
    fs::write(at.join("empty.json"), "{}").unwrap();
    fs::write(at.join("users.csv"), "root:x:0:0:root:/root:/bin/bash\n").unwrap();
    fs::write(at.join("run.txt"), "{}").unwrap();
    blackstart(at, &["run", "shop.ron", "-n", "10", "--out", "now"]);
    let run = fs::read_to_string(at.join("now/run.json")).unwrap();
    let later = run
        .replace("\"format\": 1,", "\"format\": 7,")
        .replace("\"blackstart\": \"0.", "\"blackstart\": \"9.");
    fs::write(at.join("later.json"), later).unwrap();
    fs::write(at.join("broken.json"), run.replace("\"horizon_s\"", "\"horizon\"")).unwrap();
    for (args, message) in [
        (&["free.ron"][..], "there is nothing to check"),
        (&["shop.ron", "--objective", "buy:all"], "as in `chat:gulf=99.9%`"),
        (&["shop.ron", "--objective", "buy:al=99%"], "did you mean `buy:all`?"),
        (&["shop.ron", "--objective", "buy:all=101%"], "is more than 100%"),
        (
            &["shop.ron", "--objective", "buy:all=99%", "--objective", "buy:all=98%"],
            "--objective is given twice for buy:all: give it once",
        ),
        (&["shop.ron", "--margin", "5m"], "--baseline"),
        (&["shop.ron", "--baseline", "shop.ron", "--margin", "-5m"], "`-5m` is negative"),
        (&["shop.ron", "--baseline", "none.ron"], "cannot read none.ron: there is no such file"),
        (&["shop.ron", "--baseline", "none.json"], "cannot read none.json: there is no such file"),
        (&["shop.ron", "--baseline", "."], "cannot read .: it is a directory without a run.json"),
        (
            &["shop.ron", "--baseline", "users.csv"],
            "cannot use --baseline users.csv: it is no scenario, which begins with `Scenario(`",
        ),
        (
            &["shop.ron", "--baseline", "run.txt"],
            "results of a run are read from a directory or a file whose name ends in .json",
        ),
        (&["shop.ron", "--baseline", "empty.json"], "it is no run.json"),
        (&["shop.ron", "--baseline", "broken.json"], "missing field `horizon_s`"),
        (&["shop.ron", "--baseline", "later.json"], "wrote it in form 7, and blackstart"),
        (&["shop.ron", "--baseline", "long.ron"], "different horizons cannot be compared"),
        (
            &["long.ron", "--baseline", "now"],
            "different horizons cannot be compared: now has 31 d, the scenario 60 d",
        ),
    ] {
        let said = refuses(at, args);
        assert!(said.contains(message), "{args:?}: {said}");
    }
}
