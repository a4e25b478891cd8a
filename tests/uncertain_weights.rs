//! Figures that nobody knows inside laws, as weights, and in profiles and rhythms: against exact systems, and against the same
//! system with what was drawn written into it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use blackstart::model::{Model, Profile, Unknowns};
use blackstart::random::Replication;
use blackstart::scenario::{Diagnostics, Sources, load};
use blackstart::study::{Progress, RunOptions, RunOutput, Summary, run, summarize};
use common::assert_mean;

/// Two regions in which a shop may be flooded; the first of January 2026 is a Thursday.
const SHOP: &str = r#"Scenario(
    title: "Floods", start: "2026-01-01T00:00:00Z", horizon: "30d",
    zone_kinds: { "hall": () },
    regions: { "north": (zones: { "a": "hall" }), "south": (zones: { "a": "hall" }) },
    services: { "shop": (scope: Regional, in: ["north", "south"]), "other": (scope: Outside) },
    journeys: { "buy": (calls: [CALL]) },
    users: { "all": (count: 100, does: { "buy": "1/h" }, ROUTE, WEEK) },
    hazards: { HAZARDS },
)"#;

fn shop(call: &str, route: &str, week: &str, hazards: &str) -> String {
    SHOP.replace("CALL", call)
        .replace("ROUTE", &format!("route: {route}"))
        .replace("WEEK", &format!("week: {week}"))
        .replace("HAZARDS", hazards)
}

/// A flood of the north on the second day.
fn flood(repair: &str) -> String {
    let hazards = format!(
        r#""flood": (occurs: At("1d"), strikes: {{ "hall": (targets: ["north/a"], repair: {repair}) }})"#
    );
    shop("\"shop\"", "Order([\"north\"])", "Flat", &hazards)
}

fn model(text: &str) -> Model {
    let mut found = Diagnostics::new();
    let loaded = load("text", text, &[], &mut Sources::new(), &mut found);
    loaded.unwrap_or_else(|| panic!("{:?}\n{text}", found.into_vec())).model
}

fn played(model: &Model, replications: u64, threads: usize) -> (RunOutput, Summary) {
    let options = RunOptions { replications, seed: 1, threads, curve_points: 0 };
    let output = run(model, options, &Progress::default()).unwrap();
    let summary = summarize(model, &output);
    (output, summary)
}

/// Hours of downtime by replication.
fn down(text: &str) -> Vec<f64> {
    let (output, _) = played(&model(text), 10_000, 0);
    output.rows().iter().map(|row| row.usages[0].down_s / 3600.0).collect()
}

/// Requests lost by replication, with the values of the unknown figures.
fn lost(text: &str, replications: u64) -> Vec<(f64, Vec<f64>)> {
    let (output, _) = played(&model(text), replications, 0);
    output.rows().iter().map(|row| (row.usages[0].lost_requests, row.unknowns.clone())).collect()
}

/// Each replication loses what its own figures say, and their mean is as expected within 4 standard errors.
fn assert_lost(text: &str, of: impl Fn(&[f64]) -> f64, mean: f64) {
    let lost = lost(text, 2_000);
    for (lost, drawn) in &lost {
        let expected = of(drawn);
        assert!((lost / expected - 1.0).abs() < 1e-9, "{lost} of {expected} at {drawn:?}");
    }
    let lost: Vec<f64> = lost.into_iter().map(|(lost, _)| lost).collect();
    assert_mean("lost requests", &lost, mean);
}

/// Mean of `of` over a uniform law, by the middle of 10,000 stretches.
fn mean_over(low: f64, high: f64, of: impl Fn(f64) -> f64) -> f64 {
    let points = (0..10_000).map(|k| low + (high - low) * (f64::from(k) + 0.5) / 10_000.0);
    points.map(of).sum::<f64>() / 10_000.0
}

/// The mean of w / (w + 1) for w between 1 and 3 is 1 - ln(2) / 2.
const OF_WEIGHT: f64 = 1.0 - std::f64::consts::LN_2 / 2.0;

#[test]
fn weights_of_a_mixture_are_drawn() {
    let expected = 2.0 * OF_WEIGHT + 10.0 * (1.0 - OF_WEIGHT);
    let plain = down(&flood("Mix([(Uncertain(Uniform(1, 3)), \"2h\"), (1, \"10h\")])"));
    assert_mean("hours down", &plain, expected);
    let shares = flood("Mix([(Uncertain(Uniform(\"20%\", \"60%\")), \"2h\"), (\"20%\", \"10h\")])");
    assert_mean("hours down", &down(&shares), expected);
    assert!(plain.iter().all(|hours| [2.0, 10.0].contains(hours)));
}

/// Formula: (3/4 x 2 h + 1/4 x 6 h) / 2 + (3 h + 8 h + 1 h) / 3 / 2.
#[test]
fn what_stands_in_the_parts_of_a_mixture_is_drawn() {
    let repair = r#"Mix([
        (1, Mix([(3, Fixed(Uncertain(Uniform("1h", "3h")))), (1, "6h")])),
        (1, Empirical([Uncertain(Uniform("2h", "4h")), "8h", "1h"])),
    ])"#;
    let down = down(&flood(repair));
    assert_mean("hours down", &down, 3.5);
    // 3/8 and 1/6 of the replications draw a value that is unknown: what is known occurs as often as it should, too.
    let of = |hours: f64| down.iter().filter(|down| **down == hours).count();
    common::assert_probability("6 h", of(6.0), down.len(), 1.0 / 8.0);
    common::assert_probability("8 h", of(8.0), down.len(), 1.0 / 6.0);
}

/// A value is drawn once for a replication: given it, all three repairs that draw it are as long.
#[test]
fn an_observation_is_the_same_throughout_a_replication() {
    let hazards = r#""flood": (occurs: At(["1d", "2d", "3d"]), strikes: { "hall": (targets: ["north/a"],
        repair: Empirical([Uncertain(Uniform("1h", "9h"))])) })"#;
    let text = shop("\"shop\"", "Order([\"north\"])", "Flat", hazards);
    let (output, summary) = played(&model(&text), 1_000, 0);
    for row in output.rows() {
        // Repairs end at whole microseconds.
        let each = row.unknowns[0] / 1e6;
        assert!((row.usages[0].down_s - 3.0 * each).abs() < 3e-6, "{} of {each}", row.usages[0].down_s);
    }
    // Classes of a twentieth lose 1/400 of a linear effect.
    assert!(summary.unknowns[0].effects[0].share.unwrap() > 0.99);
}

#[test]
fn weights_of_strikes_are_drawn() {
    let hazards = r#""storm": (occurs: At("1d"), strikes: OneOf({
        "rain": (weight: Uncertain(Uniform(1, 3)), targets: ["north/a"], repair: "2h"),
        "hail": (targets: ["north/a"], repair: "10h"),
    }))"#;
    let down = down(&shop("\"shop\"", "Order([\"north\"])", "Flat", hazards));
    assert_mean("hours down", &down, 2.0 * OF_WEIGHT + 10.0 * (1.0 - OF_WEIGHT));
}

#[test]
fn weights_of_routes_are_drawn() {
    let route = "Weighted({ \"north\": Uncertain(Uniform(1, 3)), \"south\": 1 })";
    let text = flood("\"4h\"").replace("Order([\"north\"])", route);
    assert_lost(&text, |drawn| 400.0 * drawn[0] / (drawn[0] + 1.0), 400.0 * OF_WEIGHT);
}

/// A call is split in proportion to what is drawn, and made as many times.
#[test]
fn shares_and_times_of_calls_are_drawn() {
    let call = r#"(on: Mix({ "other": "40%", "shop": Uncertain(Uniform("40%", "80%")) }), times: Uncertain(Uniform(1, 2)))"#;
    let text = flood("\"4h\"").replace("calls: [\"shop\"]", &format!("calls: [{call}]"));
    let of = |share: f64, times: f64| 400.0 * (1.0 - libm::pow(0.4 / (0.4 + share), times));
    let mean = mean_over(0.4, 0.8, |share| {
        // The mean over times of (1 - s)^t is that of an exponential function.
        let rest = 0.4 / (0.4 + share);
        400.0 * (1.0 - (rest * rest - rest) / libm::log(rest))
    });
    assert_lost(&text, |drawn| of(drawn[0], drawn[1]), mean);
    // The same in the second place of alternatives, the first of which is as often refused.
    let inner = r#"FirstOf(of: [Mix({ "shop": "100%" }), Mix({ "other": "40%", "shop": Uncertain(Uniform("40%", "80%")) })])"#;
    let text = flood("\"4h\"").replace("calls: [\"shop\"]", &format!("calls: [{inner}]"));
    assert_lost(&text, |drawn| of(drawn[0], 1.0), mean_over(0.4, 0.8, |share| of(share, 1.0)));
}

/// On a Sunday is 7 S / (5 + 2 S) of the mean demand.
fn sunday(share: f64) -> f64 {
    7.0 * share / (5.0 + 2.0 * share)
}

#[test]
fn profiles_are_drawn() {
    let text = flood("\"24h\"").replace("At(\"1d\")", "At(\"3d\")");
    let text = text.replace("week: Flat", "week: Weekend(Uncertain(Uniform(\"20%\", \"80%\")))");
    assert_lost(&text, |drawn| 2_400.0 * sunday(drawn[0]), 2_400.0 * mean_over(0.2, 0.8, sunday));
    // One hour of a day that has 23 others of weight 1.
    let hours = format!("Hourly([Uncertain(Uniform(0.5, 4)){}])", ", 1".repeat(23));
    let text = flood("\"1h\"").replace("week: Flat", &format!("day: {hours}"));
    let of = |weight: f64| 2_400.0 * weight / (weight + 23.0);
    assert_lost(&text, |drawn| of(drawn[0]), mean_over(0.5, 4.0, of));
}

/// A weekend in which something fails for good: hours down = H - (1 - exp(-r H)) / r, r being the rate on these days.
#[test]
fn rhythms_are_drawn() {
    let rhythm = "rhythm: (week: Weekend(Uncertain(Uniform(\"20%\", \"80%\"))))";
    let hazards = format!(
        r#""decay": (occurs: Every(Exp("4d")), {rhythm}, strikes: {{ "hall": (targets: ["north/a"], repair: Never) }})"#
    );
    let of = |share: f64| {
        let rate = sunday(share) / 96.0;
        48.0 - (1.0 - libm::exp(-rate * 48.0)) / rate
    };
    let text = shop("\"shop\"", "Order([\"north\"])", "Flat", &hazards)
        .replace("2026-01-01", "2026-01-03")
        .replace("\"30d\"", "\"2d\"");
    assert_mean("hours down", &down(&text), mean_over(0.2, 0.8, of));
    // The same of a failure clock.
    let failure = format!("(failures: {{ \"decay\": (every: Exp(\"4d\"), {rhythm}, repair: Never) }})");
    let text = shop("\"shop\"", "Order([\"north\"])", "Flat", "")
        .replace("2026-01-01", "2026-01-03")
        .replace("\"30d\"", "\"2d\"")
        .replace("\"hall\": ()", &format!("\"hall\": {failure}"));
    assert_mean("hours down", &down(&text), mean_over(0.2, 0.8, of));
}

/// A system with every such figure, each by a letter.
const ALL: &str = r#"Scenario(
    title: "All", start: "2026-01-01T00:00:00Z", horizon: "60d",
    zone_kinds: { "hall": (parts: { "power": (failures: { "loss": (
        every: Mix([(<A>, Exp("9d")), (1, Mix([(2, Weibull("9d", <B>)), (<C>, Gamma("20d", 0.5))]))]),
        effect: Capacity(Empirical([<D>, "0%", "50%"])),
        rhythm: (day: Peak(at: "11:00", trough: <E>), week: Days([1, 1, <F>, 1, 1, 0, 0])),
        repair: "6h",
    ) }) }, needs: [(on: "power", at_least: "40%")]) },
    regions: { "north": (zones: { "a": "hall" }, attach: ["n"]), "south": (zones: { "a": "hall", "b": "hall" }, attach: ["s"]) },
    sites: { "n": (), "s": () },
    links: { "ns": (from: "n", to: "s", length: "100 km", capacity: "1 Gbps") },
    traffic: {
        "small": (from: "n", to: "s", rate: "300 Mbps", day: Hourly([<G>, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])),
        "large": (from: "n", to: "s", rate: "800 Mbps", week: Weekend(<H>), priority: 2),
    },
    services: { "shop": (scope: Regional), "desk": (scope: Regional), "other": (scope: Outside, attach: ["s"], failures: { "x": (every: Exp("9d"), repair: "3h") }) },
    journeys: {
        "buy": (calls: ["desk", (on: FirstOf(of: ["desk", Mix({ "shop": <I>, "other": "50%" })]), times: <J>)]),
        "look": (calls: ["shop", Mix({ "desk": "50%", "other": <K> })]),
    },
    users: { "all": (attach: ["n"], count: 100, does: { "buy": "1/h", "look": "3/h" }, clock: "Asia/Dubai",
        route: Weighted({ "north": <L>, "south": <M> }), day: Peak(at: "14:00", trough: <N>), week: Days([1, 1, <O>, 1, 1, 0, 0]),
        failover: (detect: "10m", shift: "20m")) },
    hazards: { "storm": (
        occurs: Every(Exp("5d")), rhythm: (day: Hourly([<P>, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])),
        strikes: OneOf({ "rain": (weight: <Q>, targets: ["north/*"], repair: "2h"), "hail": (weight: <R>, targets: ["*/a"], repair: "9h") }),
    ) },
)"#;

/// Each figure with a law of what it may be, and what it is where it is known. Parts of a mix of calls cannot be written as they are
/// drawn, since what is written adds up to 100 %.
const FIGURES: [(&str, &str, &str); 18] = [
    ("A", "Uniform(0.5, 3)", "1"),
    ("B", "Uniform(0.8, 2)", "1.5"),
    ("C", "Exp(2)", "1"),
    ("D", "Uniform(0.1, 0.6)", "0.3"),
    ("E", "Uniform(0.05, 0.5)", "0.2"),
    ("F", "Triangular(0, 1, 2)", "0.7"),
    ("G", "Uniform(1, 3)", "2"),
    ("H", "Uniform(0.5, 1)", "0.9"),
    ("I", "Fixed(0.5)", "0.5"),
    ("J", "Uniform(1, 2)", "1.5"),
    ("K", "Fixed(0.5)", "0.5"),
    ("L", "LogNormal(1, 3)", "3"),
    ("M", "Empirical([1, 2, 4])", "2"),
    ("N", "Uniform(0.2, 0.5)", "0.35"),
    ("O", "Uniform(0, 2)", "1.5"),
    ("P", "Uniform(1, 9)", "4"),
    ("Q", "Gamma(2, 0.3)", "3"),
    ("R", "Uniform(1, 2)", "1"),
];

fn all(figure: impl Fn(usize) -> String) -> String {
    let put = |text: String, (number, (name, _, _)): (usize, &(&str, &str, &str))| {
        text.replace(&format!("<{name}>"), &figure(number))
    };
    FIGURES.iter().enumerate().fold(ALL.to_owned(), put)
}

fn unknown() -> Model {
    model(&all(|number| format!("Uncertain({})", FIGURES[number].1)))
}

/// A figure that can have one value only is that value, to the bit, where load matters, too.
#[test]
fn what_is_certain_is_known() {
    let shop = "\"shop\": (scope: Regional";
    for capacity in ["", ", capacity: (total: \"300/h\", gamma: 1)"] {
        let of = |text: String| model(&text.replacen(shop, &format!("{shop}{capacity}"), 1));
        let known = of(all(|number| FIGURES[number].2.to_owned()));
        let certain = of(all(|number| format!("Uncertain(Fixed({}))", FIGURES[number].2)));
        assert_eq!(certain.unknowns.figures.len(), FIGURES.len());
        assert_eq!(known.load.is_empty(), capacity.is_empty());
        let ((_, known), (_, certain)) = (played(&known, 300, 0), played(&certain, 300, 0));
        assert_eq!((&known.journeys, &known.causes), (&certain.journeys, &certain.causes));
        assert_eq!(known.load, certain.load);
        assert_eq!(known.network.unwrap().traffic, certain.network.unwrap().traffic);
        assert!(known.journeys.iter().all(|journey| journey.down_s.mean > 0.0));
    }
}

/// A flat week that nobody knows is a flat week.
#[test]
fn what_is_certainly_flat_is_flat() {
    let storm = |rhythm: &str| {
        let hazards = format!(
            r#""storm": (occurs: Every(Exp("3d")), {rhythm} strikes: {{ "hall": (targets: ["*/a"], repair: Exp("5h")) }})"#
        );
        shop("\"shop\"", "Order([\"north\", \"south\"])", "Flat", &hazards)
    };
    let flat = storm("rhythm: (week: Weekend(Uncertain(Fixed(1)))),");
    let flat = flat.replace("week: Flat", "week: Days([3, 3, 3, 3, 3, 3, Uncertain(Fixed(3))])");
    let ((_, known), (_, unknown)) = (played(&model(&storm("")), 300, 0), played(&model(&flat), 300, 0));
    assert_eq!((known.journeys, known.causes), (unknown.journeys, unknown.causes));
    let flat = model(&flat);
    assert_eq!(flat.with_known(&flat.drawn(Replication::new(1, 0))).populations[0].profile, Profile::Flat);
}

/// What a replication plays is the system in whose text its drawn figures stand, and nothing of another replication is left in it.
#[test]
fn drawn_figures_stand_where_they_belong() {
    let model_of = unknown();
    let mut copy = model_of.clone();
    for number in [4, 7, 0] {
        let drawn = model_of.drawn(Replication::new(1, number));
        model_of.make_known(&drawn, &mut copy);
        // Figures are numbered as they are written.
        let mut expected = model(&all(|number| {
            let at = |name: &str| ALL.find(&format!("<{name}>")).unwrap();
            let before = FIGURES.iter().filter(|(name, ..)| at(name) < at(FIGURES[number].0)).count();
            format!("{:?}", drawn[before])
        }));
        let mut known = copy.clone();
        for model in [&mut known, &mut expected] {
            model.unknowns = Unknowns::default();
        }
        assert_eq!(known.modes, expected.modes);
        assert_eq!(known.rhythms, expected.rhythms);
        assert_eq!(known.hazards, expected.hazards);
        assert_eq!(known.usages, expected.usages);
        assert_eq!(known.populations, expected.populations);
        assert_eq!(known.network.traffic, expected.network.traffic);
        // Where users go who must move depends on what stands in for weights.
        known.routes.clone_from(&expected.routes);
        assert_eq!(known, expected);
    }
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let model = unknown();
    let (one, three) = (played(&model, 300, 1), played(&model, 300, 3));
    assert_eq!(one.1, three.1);
    assert_eq!(one.0.rows(), three.0.rows());
}

/// A design that has a figure at the same path draws the same value, whatever else is unknown in it.
#[test]
fn draws_depend_on_the_path_alone() {
    let all_unknown = unknown();
    let fewer = model(&all(|number| {
        let (name, law, value) = FIGURES[number];
        if "ALQ".contains(name) { format!("Uncertain({law})") } else { value.to_owned() }
    }));
    assert_eq!(fewer.unknowns.figures.len(), 3);
    let names: Vec<&str> = fewer.unknowns.figures.iter().map(|figure| figure.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "zone_kinds.hall.parts.power.failures.loss.every.0.0.0",
            "users.all.route.0.north",
            "hazards.storm.strikes.0.rain.weight",
        ]
    );
    for number in 0..20 {
        let replication = Replication::new(1, number);
        let (many, few) = (all_unknown.drawn(replication), fewer.drawn(replication));
        for (figure, value) in fewer.unknowns.figures.iter().zip(few) {
            let same = all_unknown.unknowns.figures.iter().position(|other| other.name == figure.name);
            assert_eq!(many[same.unwrap()], value);
        }
    }
}

fn blackstart(folder: &Path, args: &[&str]) -> String {
    let output = Command::new(cargo_bin!("blackstart")).current_dir(folder).args(args).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{args:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// Listed, attributed, set and varied by their paths.
#[test]
fn reports_name_them_and_edits_reach_them() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path();
    let hazards = r#""storm": (occurs: At("1d"), strikes: OneOf({
        "rain": (weight: Uncertain(Uniform(1, 3)), targets: ["north/a"], repair: Empirical([Uncertain(Uniform("1h", "2h"))])),
        "hail": (targets: ["north/a"], repair: Mix([(Uncertain(Uniform(1, 9)), "10h"), (1, "90h")])),
    }))"#;
    let route = "Weighted({ \"north\": Uncertain(Uniform(1, 3)), \"south\": 1 })";
    let text = shop("\"shop\"", route, "Weekend(Uncertain(Uniform(\"20%\", \"80%\")))", hazards);
    std::fs::write(folder.join("shop.ron"), text).unwrap();
    let resolved = blackstart(folder, &["check", "shop.ron", "--resolved"]);
    for line in [
        "5 unknown figures",
        "hazards.storm.strikes.0.rain.weight: Uncertain(Uniform(1, 3))",
        "hazards.storm.strikes.0.rain.repair.0.0: Uncertain(Uniform(\"1h\", \"2h\"))",
        "hazards.storm.strikes.0.hail.repair.0.0.0: Uncertain(Uniform(1, 9))",
        "users.all.route.0.north: Uncertain(Uniform(1, 3))",
        "users.all.week.0: Uncertain(Uniform(\"20%\", \"80%\"))",
    ] {
        assert!(resolved.contains(line), "{line} in {resolved}");
    }
    let options = ["-n", "2000", "--seed", "1"];
    let with = |args: &[&str]| blackstart(folder, &[args, &options].concat());
    let ran = with(&["run", "shop.ron", "--format", "json"]);
    let ranked = with(&["rank", "shop.ron", "--format", "json"]);
    for said in [&ran, &ranked] {
        for path in ["hazards.storm.strikes.0.hail.repair.0.0.0", "users.all.route.0.north"] {
            assert!(said.contains(path), "{path} in {said}");
        }
    }
    let known = blackstart(
        folder,
        &[
            "check",
            "shop.ron",
            "--resolved",
            "--set",
            "hazards.storm.strikes.0.rain.weight=2",
            "--set",
            "hazards.storm.strikes.0.hail.repair.0.0.0=Uncertain(Uniform(2, 3))",
            "--set",
            "users.all.week.0=Uncertain(Uniform(10%, 20%))",
        ],
    );
    for line in [
        "4 unknown figures",
        "hazards.storm.strikes.0.hail.repair.0.0.0: Uncertain(Uniform(2, 3))",
        "users.all.week.0: Uncertain(Uniform(\"10%\", \"20%\"))",
    ] {
        assert!(known.contains(line), "{line} in {known}");
    }
    for vary in [
        "hazards.storm.strikes.0.rain.weight=1..9 by 4",
        "hazards.storm.strikes.0.hail.repair.0.0.0=1..9 by 4",
        "users.all.week.0.0.1=40%..80% by 20%",
    ] {
        let swept = with(&["sweep", "shop.ron", "--vary", vary]);
        assert!(swept.contains(vary.split('=').next().unwrap()), "{swept}");
    }
}
