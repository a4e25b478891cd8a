//! What systems and their failures cost, against what can be worked out by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use blackstart::model::Model;
use blackstart::report::{Page, comparison_text, summary_text};
use blackstart::scenario::{Diagnostics, Sources, load};
use blackstart::study::{Comparison, Design, Progress, RunOptions, Summary, compare, run, summarize};

/// Nothing is broken into lines.
const WIDE: Page = Page { columns: 1_000, colour: false };

/// One hall fails once, at a known time, and is mended by one crew of 25 people, who work for 4 h.
const INCIDENT: &str = r#"Scenario(
    title: "One incident", start: "2026-01-01T00:00:00Z", horizon: "10d", currency: "GBP", lifetime: "1000d",
    zone_kinds: { "hall": (parts: { "power": (count: 2, cost: (capital: "10k GBP", running: "24 GBP/d")) }, needs: ["power"]) },
    regions: { "north": (zones: { "a": "hall", "b": "hall" }, cost: (capital: "2k GBP")) },
    services: { "shop": (scope: Regional, spread: Quorum(2), cost: (running: "1 GBP/h"), member: (cost: (running: "1 GBP/h"))) },
    crews: { "engineers": (size: 1, people: 25, cost: "90 GBP/h", work: "4h") },
    journeys: { "buy": (calls: ["shop"], user_minute: "0.5 GBP"), "look": (calls: ["shop"]) },
    users: { "all": (count: 100, does: { "buy": "1/h", "look": "1/h" }, user_minute: "0.25 GBP") },
    hazards: { "flood": (occurs: At("1d"), strikes: { "hall": (targets: ["north/a"], repair: "engineers") }) },
)"#;

fn model(text: &str) -> Model {
    let mut found = Diagnostics::new();
    let loaded = load("text", text, &[], &mut Sources::new(), &mut found);
    loaded.unwrap_or_else(|| panic!("{:?}", found.into_vec())).model
}

fn options(replications: u64) -> RunOptions {
    RunOptions { replications, seed: 1, threads: 2, curve_points: 0 }
}

fn played(text: &str, replications: u64) -> Summary {
    let model = model(text);
    summarize(&model, &run(&model, options(replications), &Progress::default()).unwrap())
}

fn compared(first: &str, second: &str, replications: u64) -> Comparison {
    let (first, second) = (model(first), model(second));
    let designs = [Design { name: "first", model: &first }, Design { name: "second", model: &second }];
    compare(&designs, options(replications), &[], &Progress::default()).unwrap()
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{found} instead of {expected}");
}

/// 25 engineers x 4 h x 90 GBP/h = 9,000 GBP; travel counts, waiting does not.
#[test]
fn engineers_cost_what_they_cost() {
    let cost = played(INCIDENT, 30).cost.unwrap();
    assert_near(cost.crews.mean, 9_000.0);
    let far = INCIDENT.replace("work: \"4h\"", "travel: \"2h\", work: \"4h\"");
    assert_near(played(&far, 30).cost.unwrap().crews.mean, 13_500.0);
    // Two halls at once, one crew: the second waits, and costs no more for that.
    let both = INCIDENT.replace("[\"north/a\"], repair", "[\"north/*\"], each: true, repair");
    assert_near(played(&both, 30).cost.unwrap().crews.mean, 18_000.0);
    // Still at work at the horizon: 6 h of it are seen.
    let cut = INCIDENT.replace("\"10d\"", "\"30h\"").replace("work: \"4h\"", "work: \"8h\"");
    assert_near(played(&cut, 30).cost.unwrap().crews.mean, 25.0 * 6.0 * 90.0);
}

/// 4 h x 60 x 100 users at 0.50 GBP for one journey, and at the 0.25 GBP of the users for the other.
#[test]
fn downtime_and_the_system_cost_what_they_cost() {
    let cost = played(INCIDENT, 30).cost.unwrap();
    assert_near(cost.users.mean, 4.0 * 60.0 * 100.0 * 0.75);
    // Four units of power and a region, spread over 1,000 d of which 10 d are seen.
    assert_near(cost.capital, 42_000.0);
    assert_near(cost.capital_part, 420.0);
    // Four times 24 GBP a day, one unit and two members for an hour each.
    assert_near(cost.running, 4.0 * 24.0 * 10.0 + 3.0 * 240.0);
    assert_near(cost.total.mean, 9_000.0 + 18_000.0 + 420.0 + 960.0 + 720.0);
    assert_near(cost.time_s, 864_000.0);
    assert!(summary_text(&played(INCIDENT, 30), WIDE).contains("cost in 10 d"));
}

/// Without a known event amounts are for a year: exponential outages, 6 h in 90 d, over half a year.
#[test]
fn costs_of_a_year() {
    let text = INCIDENT
        .replace(
            "hazards: { \"flood\": (occurs: At(\"1d\"),",
            "hazards: { \"flood\": (occurs: Every(Exp(\"90d\")),",
        )
        .replace("\"10d\"", "\"200d\"");
    let cost = played(&text, 20_000).cost.unwrap();
    assert_near(cost.capital_part, 42_000.0 * 365.25 / 1000.0);
    // Each repair takes one crew for 4 h; the mean number a year is 365.25 / 90, less what the horizon cuts off (below
    // 4 h of 200 d). The standard error of the mean of a Poisson count of 200 / 90 in 20,000 replications is 0.0105,
    // of 2.22; four of them are 1.9 %.
    let expected = 9_000.0 * 365.25 / 90.0;
    assert!((cost.crews.mean / expected - 1.0).abs() < 0.02, "{} of {expected}", cost.crews.mean);
}

#[test]
fn differences_of_cost_are_paired() {
    let cheaper = INCIDENT.replace("work: \"4h\"", "work: \"3h\"").replace("capital: \"2k", "capital: \"12k");
    let comparison = compared(INCIDENT, &cheaper, 50);
    let cost = comparison.designs[0].cost.as_ref().unwrap();
    assert_eq!(cost.capital, [42_000.0, 52_000.0]);
    assert_near(cost.failures_difference.mean, -2_250.0 - 4_500.0);
    assert_near(cost.total_difference.mean, -6_750.0 + 100.0);
    let front: Vec<bool> = comparison.cost_points.iter().map(|point| point.on_front).collect();
    assert_eq!(front, [true, true]);
    let worse = INCIDENT.replace("work: \"4h\"", "work: \"5h\"").replace("capital: \"2k", "capital: \"12k");
    let front = compared(INCIDENT, &worse, 50).cost_points;
    assert_eq!(front.iter().map(|point| point.on_front).collect::<Vec<_>>(), [true, false]);
    assert!(comparison_text(&comparison, &[Vec::new()], WIDE).contains("cost in 10 d"));
}

/// 24 GBP a day for each of three teams that stand ready, over 10 d; being called out costs what it did.
#[test]
fn crews_that_stand_ready_cost_money() {
    let ready = INCIDENT.replace("(size: 1, people: 25", "(size: 3, running: \"24 GBP/d\", people: 25");
    let (before, with) = (played(INCIDENT, 30).cost.unwrap(), played(&ready, 30).cost.unwrap());
    assert_near(with.running - before.running, 720.0);
    assert_near(with.crews.mean, 9_000.0);
    assert!(with.items.iter().any(|item| item.what == "engineers" && (item.cost - 720.0).abs() < 1e-9));
    // Nobody knows how many there are, nor their price: 2 or 4 of 12 or 36 GBP a day. Each figure has its own stream, so the mean is
    // the product of the means, 3 x 24 x 10, within 4 standard errors: the variance of the product is 10 x 720 - 72^2 a day.
    let unknown = INCIDENT.replace(
        "(size: 1, people: 25",
        "(size: Uncertain(Empirical([2, 4])), running: Uncertain(Empirical([\"12 GBP/d\", \"36 GBP/d\"])), people: 25",
    );
    let n = 2_000.0_f64;
    let found = played(&unknown, n as u64).cost.unwrap().running - before.running;
    let (square, mean) = ((4.0 + 16.0) / 2.0 * (144.0 + 1_296.0) / 2.0, 72.0_f64);
    let error = 10.0 * ((square - mean * mean) / n).sqrt();
    assert!((found - 720.0).abs() < 4.0 * error, "{found} {error}");
}

/// An event at a known time in one of two designs: both are priced for the horizon, not one of them for a year.
#[test]
fn designs_are_priced_for_the_same_time() {
    let calm = INCIDENT.replace("occurs: At(\"1d\")", "occurs: Every(Exp(\"1000y\"))");
    let ten_days_s = 10.0 * 86_400.0;
    for (first, second) in [(INCIDENT, calm.as_str()), (&calm, INCIDENT)] {
        let compared = compared(first, second, 30);
        let cost = compared.designs[0].cost.as_ref().unwrap();
        assert_near(cost.time_s, ten_days_s);
        assert_eq!(cost.capital_and_running[0], cost.capital_and_running[1]);
    }
    assert_near(compared(&calm, &calm, 30).designs[0].cost.as_ref().unwrap().time_s, 365.25 * 86_400.0);
    // A surge at a known time does not come every year either.
    let surge = calm.replace(
        "    hazards:",
        "    surges: { \"launch\": (occurs: At(\"2d\"), factor: 2, lasts: \"1h\") },\n    hazards:",
    );
    assert_near(played(&surge, 30).cost.unwrap().time_s, ten_days_s);
}

#[test]
fn what_has_no_price_has_no_cost() {
    let free = INCIDENT
        .replace(", cost: (capital: \"10k GBP\", running: \"24 GBP/d\")", "")
        .replace(", cost: (capital: \"2k GBP\")", "")
        .replace(", cost: (running: \"1 GBP/h\"), member: (cost: (running: \"1 GBP/h\"))", "")
        .replace(", cost: \"90 GBP/h\"", "")
        .replace(", user_minute: \"0.5 GBP\"", "")
        .replace(", user_minute: \"0.25 GBP\"", "");
    let summary = played(&free, 10);
    assert_eq!(summary.cost, None);
    assert!(!summary_text(&summary, WIDE).contains("cost"));
    let comparison = compared(INCIDENT, &free, 10);
    assert!(comparison.designs[0].cost.is_none() && comparison.cost_points.is_empty());
}
