//! The report as a file: whole, small, harmless, and the same every time. tests/report_in_browser.rs opens it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod desk;
mod html;

use std::fs;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use desk::Desk;
use html::assert_sound;

const FLAGSHIP: &str = "scenarios/me-central-1.ron";
/// A file that goes with a mail.
const LARGEST: usize = 2_000_000;

/// The report that a command writes to `name`.
fn report(desk: &Desk, args: &[&str], name: &str) -> String {
    desk.writes("report", args, "--out", name).1
}

#[test]
fn a_report_is_sound_small_and_always_the_same() {
    let desk = Desk::new();
    let one = report(&desk, &[FLAGSHIP, "-n", "300", "--threads", "1"], "one.html");
    let three = report(&desk, &[FLAGSHIP, "-n", "300", "--threads", "3"], "three.html");
    // Both name their own file in the commands.
    assert!(one.replace("one.html", "three.html") == three, "threads make a difference");
    assert_sound(&one);
    assert!(one.len() < LARGEST, "{} bytes", one.len());
    for part in [
        "Users in bahrain lose",
        "Key figures",
        "How available is each journey?",
        "What do users depend on",
        "Where everything is",
        "the worst of 300 by user_minutes_lost",
        "NREL REopt defaults",
        "blackstart run scenarios/me-central-1.ron -n 300 --seed 1",
        "blackstart report scenarios/me-central-1.ron -n 300 --seed 1 --pick worst --of user_minutes_lost --out one.html",
    ] {
        assert!(one.contains(part), "{part}");
    }
}

#[test]
fn all_scenarios_have_a_small_report() {
    let desk = Desk::new();
    for (index, name) in ["red-sea", "me-central-1-designs", "tutorial/06-cycle"].into_iter().enumerate() {
        let html = report(&desk, &[&format!("scenarios/{name}.ron"), "-n", "60"], &format!("{index}.html"));
        assert_sound(&html);
        assert!(html.len() < LARGEST, "{name}: {} bytes", html.len());
    }
    let without_places = fs::read_to_string(desk.path("2.html")).unwrap();
    assert!(without_places.contains("does not say where anything is, so there is no map"));
}

/// The report of a run directory is that of its scenario, but for the commands that lead to it.
#[test]
fn a_stored_run_has_the_same_report() {
    let desk = Desk::new();
    let run = desk.path("run");
    let run = run.to_str().unwrap();
    let args =
        ["run", FLAGSHIP, "-n", "200", "--seed", "5", "--set", "users.gulf.count=7654321", "--out", run];
    assert!(Command::new(cargo_bin!("blackstart")).args(args).output().unwrap().status.success());
    let from_run = report(&desk, &[run, "--pick", "median", "--of", "down"], "review.html");
    let again =
        ["-n", "200", "--seed", "5", "--set", "users.gulf.count=7654321", "--pick", "median", "--of", "down"];
    let from_scenario = report(&desk, &[&[FLAGSHIP][..], &again[..]].concat(), "again.html");
    let before = |html: &str| html.split("<section id=\"scenario\"").next().unwrap().to_owned();
    assert!(before(&from_run) == before(&from_scenario));
    assert!(from_scenario.contains("--set users.gulf.count=7654321"));

    for option in [&["-n", "10"][..], &["--set", "horizon=\"1d\""], &["--architecture", "x"]] {
        let out = desk.path("x.html");
        let args = [&["report", run][..], option, &["--out", out.to_str().unwrap()]].concat();
        assert!(desk.refuses(&args).contains("a run directory holds results"));
    }
    let resolved = desk.path("run").join("scenario.resolved.ron");
    let text = fs::read_to_string(&resolved).unwrap();
    fs::write(&resolved, text.replacen("count: 7654321", "count: 7654322", 1)).unwrap();
    let out = desk.path("changed.html");
    let said = desk.refuses(&["report", run, "--out", out.to_str().unwrap()]);
    assert!(said.contains("does not give the results beside it"), "{said}");
}

#[test]
fn what_cannot_be_reported_is_refused() {
    let desk = Desk::new();
    fs::write(desk.path("there.html"), "mine").unwrap();
    fs::create_dir(desk.path("folder")).unwrap();
    let at = |name: &str| desk.path(name).to_str().unwrap().to_owned();
    for (args, words) in [
        (vec![FLAGSHIP, "--out", &at("there.html")], "exists already"),
        (vec![FLAGSHIP, "--out", &at("review.pdf")], "give"),
        (vec![FLAGSHIP, "--out", &at("there.html/x.html")], "cannot write"),
        (vec![FLAGSHIP, "--of", "downn", "--out", &at("a.html")], "did you mean `down`?"),
        (vec![FLAGSHIP, "--architecture", "none", "--out", &at("a.html")], "there is no architecture `none`"),
        (vec!["nowhere.ron", "--out", &at("a.html")], "there is no such file"),
        (vec![&at("folder"), "--out", &at("a.html")], "cannot read"),
    ] {
        let said = desk.refuses(&[&["report"][..], &args].concat());
        assert!(said.contains(words), "{args:?}: {said}");
    }
    assert_eq!(fs::read_to_string(desk.path("there.html")).unwrap(), "mine");
}

#[test]
fn maps_are_drawn_or_refused() {
    let desk = Desk::new();
    let at = |name: &str| desk.path(name).to_str().unwrap().to_owned();
    let run = |args: &[&str]| {
        let output = Command::new(cargo_bin!("blackstart")).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["map", "scenarios/red-sea.ron", "--out", &at("whole.svg")]);
    run(&["trace", FLAGSHIP, "--map", &at("worst.svg"), "--plot", &at("lanes.svg")]);
    run(&["trace", FLAGSHIP, "--map", &at("then.svg"), "--at", "2026-03-01T12:31:00Z"]);
    run(&["trace", FLAGSHIP, "--map", &at("since.svg"), "--at", "12h31m"]);
    run(&["trace", FLAGSHIP, "--map", &at("start.png"), "--at", "0s", "--theme", "dark"]);
    let text = |name: &str| fs::read_to_string(desk.path(name)).unwrap();
    assert!(text("whole.svg").contains("no replication") && text("whole.svg").contains("bab-el-mandeb"));
    assert_eq!(text("then.svg"), text("since.svg"));
    assert!(text("then.svg").contains("Where everything is, 1 Mar 2026 12:31 UTC"));
    assert_ne!(text("then.svg"), text("worst.svg"));
    assert!(fs::read(desk.path("start.png")).unwrap().starts_with(b"\x89PNG"));

    let no_places = "scenarios/tutorial/01-one-zone.ron";
    for (args, words) in [
        (vec!["map", no_places, "--out", &at("a.svg")], "does not say where anything is"),
        (vec!["trace", no_places, "--map", &at("a.svg")], "does not say where anything is"),
        (vec!["map", FLAGSHIP, "--out", &at("whole.svg")], "exists already"),
        (vec!["map", FLAGSHIP, "--out", &at("a.gif")], "cannot tell the form"),
        (vec!["trace", FLAGSHIP, "--map", &at("a.svg"), "--at", "noon"], "cannot read the time `noon`"),
        (vec!["trace", FLAGSHIP, "--map", &at("a.svg"), "--at", "15d"], "outside the simulated time"),
        (
            vec!["trace", FLAGSHIP, "--map", &at("a.svg"), "--at", "1970-01-01T00:00:00Z"],
            "outside the simulated time",
        ),
        (vec!["trace", FLAGSHIP, "--map", &at("a.svg"), "--plot", &at("a.svg")], "name the same file"),
    ] {
        let said = desk.refuses(&args);
        assert!(said.contains(words), "{args:?}: {said}");
    }
}

/// What only some scenarios have is in the report of those.
#[test]
fn load_cost_network_and_unknown_figures_are_told() {
    let desk = Desk::new();
    let cases: [(&str, &[&str]); 4] = [
        (
            "scenarios/tutorial/11-cost.ron",
            &["<h2 id=\"h-cost\">Cost", "capital and running: north/a/power 380,000 GBP"],
        ),
        (
            "scenarios/tutorial/10-not-known.ron",
            &["What we do not know", "generators.standby.fails_to_start", "of the spread"],
        ),
        (
            "scenarios/tutorial/09-metastable.ron",
            &["<h2 id=\"h-load\">Load", "units under load", "first calls a request"],
        ),
        (
            "scenarios/red-sea.ron",
            &["<h2 id=\"h-network\">Network", "busiest segments and links", "round trip"],
        ),
    ];
    for (index, (scenario, parts)) in cases.into_iter().enumerate() {
        let html = report(&desk, &[scenario, "-n", "200"], &format!("{index}.html"));
        assert_sound(&html);
        for part in parts {
            assert!(html.contains(part), "{scenario}: {part}");
        }
    }
    let without = report(&desk, &["scenarios/tutorial/01-one-zone.ron", "-n", "60"], "without.html");
    for id in ["h-cost", "h-load", "h-network", "h-what-we-do-not-know"] {
        assert!(!without.contains(id), "{id}");
    }
}
