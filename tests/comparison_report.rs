//! The report of a comparison as a file: whole, small, harmless, the same every time, and true to what `compare` prints.
//! tests/comparison_in_browser.rs opens it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod desk;
mod html;

use std::fs;

use desk::Desk;
use html::{assert_sound, visible_text};
use serde_json::Value;

const COST: &str = "scenarios/tutorial/11-cost.ron";
const UNKNOWN: &str = "scenarios/tutorial/10-not-known.ron";
/// A file that goes with a mail.
const LARGEST: usize = 2_000_000;

/// What `compare` prints, and the report that it writes to `name`.
fn compared(desk: &Desk, args: &[&str], name: &str) -> (String, String) {
    desk.writes("compare", args, "--report", name)
}

fn report(desk: &Desk, args: &[&str], name: &str) -> String {
    let (_, html) = compared(desk, args, name);
    assert_sound(&html);
    assert!(html.len() < LARGEST, "{args:?}: {} bytes", html.len());
    html
}

#[test]
fn the_same_on_any_number_of_threads() {
    let desk = Desk::new();
    let args = [COST, "-n", "300", "--rank", "--vary", "crews.engineers.travel=[5m, 1h]"];
    let one = report(&desk, &[&args[..], &["--threads", "1"]].concat(), "one.html");
    let three = report(&desk, &[&args[..], &["--threads", "3"]].concat(), "three.html");
    // Both name their own file in the commands.
    assert!(one.replace("one.html", "three.html") == three, "threads make a difference");
    for part in [
        "How much downtime does each design save?",
        "What does less downtime cost?",
        "Where are the choke points?",
        "How does downtime of the designs change?",
        "blackstart compare scenarios/tutorial/11-cost.ron -n 300 --seed 1 --rank --vary &#39;crews.engineers.travel=[5m, 1h]&#39; --report one.html",
    ] {
        assert!(one.contains(part) || one.contains(&part.replace("&#39;", "'")), "{part}");
    }
}

/// What a reader sees, in words.
#[test]
fn it_reads_like_this() {
    let desk = Desk::new();
    let args = [COST, "-n", "400", "--rank", "--vary", "crews.engineers.travel=[5m, 1h]"];
    let html = report(&desk, &args, "cost.html");
    let sections = ["designs", "differences", "causes", "cost", "choke-points", "sweep", "reproduce"];
    insta::assert_snapshot!("comparison_report_cost", sections.map(|id| visible_text(&html, id)).join("\n"));
    let html = report(&desk, &[UNKNOWN, "-n", "600"], "unknown.html");
    insta::assert_snapshot!("comparison_report_unknown", visible_text(&html, "unknown"));
}

/// The report begins with the sentences that the terminal begins with.
#[test]
fn sentences_are_those_of_the_terminal() {
    let desk = Desk::new();
    let args = ["scenarios/me-central-1-designs.ron", "-n", "300", "--format", "markdown"];
    let (markdown, html) = compared(&desk, &args, "designs.html");
    let sentences: Vec<&str> =
        markdown.lines().filter_map(|l| l.strip_prefix("- **")?.strip_suffix("**")).collect();
    assert_eq!(sentences.len(), 6, "{markdown}");
    for sentence in sentences {
        let escaped = sentence.replace('\\', "").replace('"', "&quot;");
        assert!(html.contains(&escaped), "{escaped}");
    }
}

/// Every difference stands in the report with all its digits, and every design with its changes.
#[test]
fn values_are_those_of_the_json() {
    let desk = Desk::new();
    let (json, html) = compared(&desk, &[COST, "-n", "300", "--format", "json"], "cost.html");
    let json: Value = serde_json::from_str(&json).unwrap();
    for design in json["designs"].as_array().unwrap() {
        for difference in design["differences"].as_array().unwrap() {
            let unit = match difference["figure"].as_str().unwrap() {
                "down" => "s",
                "lost_requests" => "requests",
                _ => "user-minutes",
            };
            if difference["verdict"] == "equal" {
                continue;
            }
            for value in [&difference["first"], &difference["second"], &difference["difference"]["mean"]] {
                let title = format!("title=\"{} {unit}\"", value.as_f64().unwrap());
                assert!(html.contains(&title), "{title}");
            }
        }
        for amount in design["cost"]["total"].as_array().unwrap() {
            assert!(html.contains(&format!("title=\"{}\"", amount.as_f64().unwrap())), "{amount}");
        }
    }
    for changes in json["changes"].as_array().unwrap() {
        for change in changes["changed"].as_array().unwrap() {
            assert!(html.contains(change["path"].as_str().unwrap()), "{change}");
        }
    }
}

#[test]
fn all_kinds_of_comparisons_have_a_report() {
    let desk = Desk::new();
    let load = [
        "scenarios/claude-2026-03-02.ron",
        "-n",
        "2",
        "--architecture",
        "sign-in in two regions, equal capacity",
        "--architecture",
        "twice the sign-in capacity",
    ];
    let html = report(&desk, &load, "load.html");
    // More members, but no more capacity; and more capacity with as many members.
    assert!(html.contains("members of sign-in 3 → 6") && html.contains("capacity of sign-in 860/s in both"));
    assert!(html.contains("sign-in can serve 1.7 k/s instead of 860/s"));
    let two = [COST, COST, "-n", "100", "--set-second", "crews.engineers.travel=5m"];
    assert!(report(&desk, &two, "two.html").contains("11-cost.ron with crews.engineers.travel=5m"));
    let network =
        ["scenarios/red-sea.ron", "scenarios/red-sea.ron", "-n", "5", "--set-second", "users.*.count=1000"];
    assert!(report(&desk, &network, "network.html").contains("users."));
    let html = report(&desk, &[UNKNOWN, "-n", "600"], "unknown.html");
    assert!(html.contains("whether it is better or worse hangs on what nobody knows"));
    // Nothing differs at all.
    let same = [COST, COST, "-n", "50"];
    let html = report(&desk, &same, "same.html");
    assert!(html.contains("Nothing differs.") && html.contains("No downtime differs"));
}

/// At each value the verdict of the report is the one that a comparison with that value gives, as far as it is not adjusted
/// for other values: differences that are sure by far, and those that are exactly 0.
#[test]
fn a_sweep_says_where_a_design_is_better() {
    let desk = Desk::new();
    let (first, second) = ("crews.engineers.travel", "zone_kinds.hall.parts.power.failures.loss.every.0");
    let vary = [format!("{first}=[5m, 90m]"), format!("{second}=[20d, 60d, 1y]")];
    let args = [COST, "-n", "300", "--vary", &vary[0], "--vary", &vary[1]];
    let html = report(&desk, &args, "two.html");
    let text = visible_text(&html, "sweep");
    insta::assert_snapshot!("comparison_report_two_parameters", text);
    // A picture of what differs, with a cell for each pair of values in words for each design.
    assert!(html.contains("Where is which design better?"));
    for value in ["5m and 20d", "90m and 20d", "5m and 60d", "90m and 60d", "5m and 1y", "90m and 1y"] {
        assert!(html.contains(&format!("a second hall at {value}: -")), "{value}");
    }
    for (travel, every) in [("5m", "20d"), ("90m", "1y")] {
        let at = [format!("{first}=\"{travel}\""), format!("{second}=\"{every}\"")];
        let args = [COST, "-n", "300", "--set", &at[0], "--set", &at[1], "--format", "json"];
        let (json, _) = compared(&desk, &args, &format!("{travel}-{every}.html"));
        let compared: Value = serde_json::from_str(&json).unwrap();
        // The first design, which says nothing of these figures: its downtime of the only journey.
        let down = &compared["designs"][0]["differences"][0];
        let mean = down["difference"]["mean"].as_f64().unwrap();
        assert_eq!(down["verdict"], "better");
        assert!(html.contains(&format!("a second hall at {travel} and {every}: -")), "{travel} {every}");
        assert!(html.contains(&format!(", better; exactly {mean} s")), "{mean}");
    }
}

/// Names of everything that a comparison shows, as hostile as they can be.
#[test]
fn hostile_names_stay_text() {
    let evil = r#"</script><script>x</script>'&lt;\" onclick=\"a 日本 عربي"#;
    // Parts of paths are refused where they hold a slash.
    let part = r#"<script>x'&lt;\" onclick=\"a 日本 عربي"#;
    let text = format!(
        r#"Scenario(
    title: "{evil}",
    start: "2026-01-01T00:00:00Z",
    horizon: "30d",
    currency: "GBP",
    zone_kinds: {{
        "hall": (
            parts: {{ "{part}": (
                failures: {{ "{evil}": (every: Exp(Uncertain(Uniform("1d", "9d"))), repair: Fixed("4h")) }},
                cost: (capital: "1k GBP"),
            ) }},
            needs: ["{part}"],
        ),
    }},
    regions: {{ "north": (zones: {{ "a": "hall" }}) }},
    services: {{ "shop": (scope: Regional, spread: Quorum(1)) }},
    journeys: {{ "{evil}": (calls: ["shop"]) }},
    users: {{ "{evil}": (count: 1000, does: {{ "{evil}": "1/h" }}) }},
    architectures: {{ "{evil}": [Add("regions.north.zones.b", "hall")] }},
)
"#
    );
    let desk = Desk::new();
    let scenario = desk.path("evil.ron");
    fs::write(&scenario, text).unwrap();
    let args = [scenario.to_str().unwrap(), "-n", "300", "--rank", "--vary", "users.*.count=[10, 1000]"];
    let html = report(&desk, &args, "evil.html");
    assert_eq!(html.matches("<script").count(), 1);
}

#[test]
fn what_cannot_be_reported_is_refused() {
    let desk = Desk::new();
    fs::write(desk.path("there.html"), "mine").unwrap();
    let at = |name: &str| desk.path(name).to_str().unwrap().to_owned();
    let out = at("a.html");
    for (args, words) in [
        (vec![COST, "--report", &at("there.html")], "exists already"),
        (vec![COST, "--report", &at("review.pdf")], "give"),
        (vec![COST, "--report", &at("there.html/x.html")], "cannot write"),
        (vec![COST, "--rank"], "--report"),
        (vec![COST, "--vary", "crews.engineers.travel=[1h]"], "--report"),
        (vec![COST, "--report", &out, "--vary", "crews.engineer.travel=[1h]"], "did you mean"),
        (vec![COST, "--report", &out, "--vary", "crews.engineers.travel"], "--vary"),
        (vec![COST, "--report", &out, "--vary", "crews.engineers.travel=[1h, \"x\"]"], "x"),
        // In one of the designs only.
        (vec![COST, "--report", &out, "--vary", "regions.north.zones.b=[\"hall\"]"], "error"),
        (
            vec![COST, "--report", &out, "--vary", "a=[1]", "--vary", "b=[1]", "--vary", "c=[1]"],
            "give --vary once or twice",
        ),
        (vec![COST, "--report", &out, "--architecture", "none"], "there is no architecture `none`"),
    ] {
        let said = desk.refuses(&[&["compare"][..], &args].concat());
        assert!(said.contains(words), "{args:?}: {said}");
    }
    assert_eq!(fs::read_to_string(desk.path("there.html")).unwrap(), "mine");
}
