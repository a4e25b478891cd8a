//! Figures that nobody knows: drawn once a replication, the same in every design, and their part of the spread.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use blackstart::model::Model;
use blackstart::random::Replication;
use blackstart::report::{Page, RankingReport, comparison_text, resolved_text, summary_text};
use blackstart::scenario::{Diagnostics, Loaded, Sources, load};
use blackstart::study::{
    Comparison, Design, Progress, RankFigure, RankOptions, RunOptions, Summary, compare, rank, run,
    summarize, trace,
};
use blackstart::time::SimSpan;

/// Nothing is broken into lines.
const WIDE: Page = Page { columns: 1_000, colour: false };

/// Two floods of known time, each with a repair of its own whose length nobody knows.
const FLOODS: &str = r#"Scenario(
    title: "Two floods", start: "2026-01-01T00:00:00Z", horizon: "30d",
    zone_kinds: { "hall": () },
    regions: { "north": (zones: { "a": "hall" }) },
    services: { "shop": (scope: Regional) },
    journeys: { "buy": (calls: ["shop"]) },
    users: { "all": (count: 100, does: { "buy": "1/h" }) },
    hazards: {
        "first": (occurs: At("1d"), strikes: { "hall": (targets: ["north/a"], repair: Uncertain(Uniform("1h", "21h"))) }),
        "second": (occurs: At("11d"), strikes: { "hall": (targets: ["north/a"], repair: Uncertain(Uniform("5h", "15h"))) }),
        "third": (occurs: At("21d"), strikes: { "hall": (targets: ["north/a"], repair: Uniform("1h", "21h")) }),
    },
)"#;

fn loaded(text: &str) -> Loaded {
    let mut found = Diagnostics::new();
    let loaded = load("text", text, &[], &mut Sources::new(), &mut found);
    loaded.unwrap_or_else(|| panic!("{:?}", found.into_vec()))
}

fn model(text: &str) -> Model {
    loaded(text).model
}

fn options(replications: u64) -> RunOptions {
    RunOptions { replications, seed: 1, threads: 2, curve_points: 0 }
}

fn played(text: &str, replications: u64) -> Summary {
    let model = model(text);
    summarize(&model, &run(&model, options(replications), &Progress::default()).unwrap())
}

fn compared(first: &Model, second: &Model, replications: u64) -> Comparison {
    let designs = [Design { name: "first", model: first }, Design { name: "second", model: second }];
    compare(&designs, options(replications), &[], &Progress::default()).unwrap()
}

/// Downtime is a sum of three uniforms of widths 20 h, 10 h and 20 h: shares 4/9, 1/9, and 4/9 of chance.
#[test]
fn shares_of_the_spread_are_those_of_an_exact_system() {
    let summary = played(FLOODS, 20_000);
    let share = |unknown: usize| summary.unknowns[unknown].effects[0].share.unwrap();
    assert_eq!(summary.unknowns[0].unknown, "hazards.first.strikes.hall.repair");
    assert_eq!(summary.unknowns[0].law, "Uncertain(Uniform(\"1h\", \"21h\"))");
    // Standard error at most (1 - S) 2 sqrt(S / n) = 0.0053; 20 classes lose 1/400 of a linear effect.
    for (unknown, expected) in [(0, 4.0 / 9.0), (1, 1.0 / 9.0)] {
        let found = share(unknown);
        assert!((found - expected).abs() < 4.0 * 0.0053 + expected / 400.0, "{found} of {expected}");
        let interval = summary.unknowns[unknown].effects[0].interval.unwrap();
        assert!(interval.low < expected && expected < interval.high, "{interval:?} without {expected}");
    }
    // Thirds of the first: 1 h + 20 h x (1, 3, 5) / 6, beside 10 h and 11 h. The standard error of a third's mean is
    // sqrt((20/3)^2 / 12 + 100 / 12 + 400 / 12) h / sqrt(6666) = 0.083 h.
    for (third, place) in summary.unknowns[0].effects[0].thirds_s.iter().zip([1.0, 3.0, 5.0]) {
        let expected = 1.0 + 20.0 * place / 6.0 + 10.0 + 11.0;
        assert!(
            (third.mean / 3600.0 - expected).abs() < 4.0 * 0.083,
            "{} of {expected}",
            third.mean / 3600.0
        );
    }
    let text = summary_text(&summary, WIDE);
    assert!(
        text.contains("what we do not know") && text.contains("hazards.first.strikes.hall.repair"),
        "{text}"
    );
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let model = model(FLOODS);
    let with = |threads| {
        let options = RunOptions { threads, ..options(700) };
        summarize(&model, &run(&model, options, &Progress::default()).unwrap())
    };
    assert_eq!(with(1), with(3));
}

/// A figure that can have one value only is that value, to the bit, and its trace is that of the run.
#[test]
fn a_certain_unknown_is_known() {
    let text = std::fs::read_to_string("scenarios/tutorial/05-storm-and-crew.ron").unwrap();
    let certain = text
        .replace("Exp(\"2y\")", "Exp(Uncertain(Fixed(\"2y\")))")
        .replace("median: \"8h\"", "median: Uncertain(Uniform(\"8h\", \"8h\"))")
        .replace("count: 100_000", "count: Uncertain(Fixed(100_000))")
        .replace("\"80%\"", "Uncertain(Fixed(\"80%\"))")
        .replace(
            "restart: LogNormal(median: \"20m\", p90: \"1h\")",
            "restart: LogNormal(median: \"20m\", p90: Uncertain(Fixed(\"1h\")))",
        )
        .replace("\"10/h\"", "Uncertain(Fixed(\"10/h\"))");
    let (known, unknown) = (played(&text, 600), played(&certain, 600));
    assert_eq!(unknown.unknowns.len(), 6);
    assert_eq!(known.journeys, unknown.journeys);
    let told = trace(&model(&certain), 1, 7).unwrap();
    assert_eq!(told.figures.usages, trace(&model(&text), 1, 7).unwrap().figures.usages);
}

/// A figure has a stream of its own, named by its path: others do not change what is drawn for it.
#[test]
fn draws_depend_on_the_path_alone() {
    let all = model(FLOODS);
    let fewer = model(&FLOODS.replace("Uncertain(Uniform(\"1h\", \"21h\"))", "\"11h\""));
    let draws = |model: &Model| -> Vec<f64> {
        (0..20).map(|n| *model.drawn(Replication::new(1, n)).last().unwrap()).collect()
    };
    assert_eq!((all.unknowns.figures.len(), fewer.unknowns.figures.len()), (2, 1));
    assert_eq!(draws(&all), draws(&fewer));
}

/// In whatever law it stands, a figure is known once it is drawn.
#[test]
fn nothing_stays_unknown_in_a_replication() {
    let text = r#"Scenario(
        title: "x", start: "2026-01-01T00:00:00Z", horizon: "30d",
        zone_kinds: { "hall": (
            parts: {
                "power": (
                    failures: { "loss": (every: Weibull(Uncertain(Uniform("5d", "9d")), 2), effect: Capacity(Uncertain(Uniform("10%", "20%"))),
                        repair: (detect: Uncertain(Uniform("1m", "2m")), crew: "hands", travel: Triangular("1h", "2h", Uncertain(Uniform("3h", "4h"))), work: Gamma(Uncertain(Uniform("1h", "2h")), 0.5))) },
                    restart: Uncertain(Exp("1h")),
                    standby: (starts_in: Uncertain(Uniform("1m", "2m")), fails_to_start: Uncertain(Uniform("1%", "5%")), repair: "1h"),
                ),
            },
            needs: [(on: "power", at_least: "50%", holdover: Uniform("1m", Uncertain(Uniform("2m", "3m"))))],
            black_start: Uncertain(Uniform("1h", "2h")),
        ) },
        crews: { "hands": (size: 1) },
        regions: { "north": (zones: { "a": "hall" }), "south": (zones: { "a": "hall" }, replicates: (to: "north", lag: Uncertain(Uniform("1s", "2s")), catch_up: Uncertain(Uniform("1s", "2s")))) },
        services: { "shop": (scope: Regional, reconfigures: (in: Uncertain(Uniform("1s", "2s")), meanwhile: Errors(Uncertain(Uniform("1%", "2%"))))), "other": (scope: Outside) },
        journeys: { "buy": (calls: [FirstOf(of: ["shop", "other"], switch: Uncertain(Uniform("1s", "2s")))]) },
        users: { "all": (count: Uncertain(Uniform(10, 20)), does: { "buy": Uncertain(Uniform("1/h", "3/h")) }, route: Order(["north", "south"]),
            failover: (detect: Uncertain(Uniform("1s", "2s")), shift: Uncertain(Uniform("1s", "2s")), works: Uncertain(Uniform("50%", "90%")), quiet: Uncertain(Uniform("1s", "2s")))) },
        hazards: { "storm": (occurs: Every(Exp(Uncertain(Uniform("1d", "2d")))), probability: Uncertain(Uniform("20%", "40%")), clusters: (offspring: 0.1, after: Uncertain(Uniform("1h", "2h"))),
            strikes: { "hall": (targets: ["*/a"], probability: Uncertain(Uniform("20%", "40%")), delay: Uncertain(Uniform("1h", "2h")), waves: Uncertain(Uniform("1h", "2h")), repair: Uncertain(Uniform("1h", "2h"))) }) },
    )"#;
    let loaded = loaded(text);
    let model = &loaded.model;
    assert_eq!(model.unknowns.figures.len(), text.matches("Uncertain").count());
    assert!(format!("{:?}{:?}", model.modes, model.repairs).contains("Uncertain"));
    let mut known = model.with_known(&model.drawn(Replication::new(1, 0)));
    known.unknowns = blackstart::model::Unknowns::default();
    assert!(!format!("{known:?}").contains("Uncertain"));
    let (users, hits) = (known.populations[0].users, known.strikes[0].hits);
    assert!(users > 10.0 && users < 20.0 && users != model.populations[0].users);
    assert!(hits > 0.2 && hits < 0.4 && known.hazards[0].probability != hits);
    let rate = known.usages[0].requests_per_second * 3600.0 / users;
    assert!(rate > 1.0 && rate < 3.0, "{rate}");
    // A copy is used again and again: nothing of the replication before is left in it.
    let mut again = model.clone();
    for number in [3, 0] {
        model.make_known(&model.drawn(Replication::new(1, number)), &mut again);
    }
    again.unknowns = blackstart::model::Unknowns::default();
    assert_eq!(again, known);
    let resolved = resolved_text(&loaded, WIDE);
    assert!(resolved.contains("users.all.count: Uncertain(Uniform(10, 20))"), "{resolved}");
    run(model, options(300), &Progress::default()).unwrap();
}

/// Better or worse, depending on what nobody knows.
#[test]
fn a_verdict_may_hang_on_what_nobody_knows() {
    let fixed = FLOODS.replace("Uncertain(Uniform(\"1h\", \"21h\"))", "\"11h\"");
    let comparison = compared(&model(FLOODS), &model(&fixed), 2_000);
    let [first, second] = comparison.designs[0].dependences.as_slice() else { panic!("two figures") };
    assert!(first.turns && !second.turns, "{first:?} {second:?}");
    assert!(first.thirds_s[0].mean > 0.0 && first.thirds_s[2].mean < 0.0);
    let text = comparison_text(&comparison, &[Vec::new()], WIDE);
    assert!(text.contains("what we do not know decides down buy all"), "{text}");
    let faster = FLOODS.replace("Uniform(\"5h\", \"15h\")", "Uniform(\"1h\", \"2h\")");
    let comparison = compared(&model(FLOODS), &model(&faster), 2_000);
    assert!(comparison.designs[0].dependences.iter().all(|dependence| !dependence.turns));
    assert!(
        comparison_text(&comparison, &[Vec::new()], WIDE)
            .contains("no third of an unknown figure surely turns")
    );
}

/// A text in which some values, each behind what stands before it, can have one value only, but nobody says so.
fn uncertain(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (before, value)| {
        let known = format!("{before}{value}");
        assert!(text.contains(&known), "no {known}");
        text.replacen(&known, &format!("{before}Uncertain(Fixed({value}))"), 1)
    })
}

/// Every figure of load that may be uncertain, with what stands before it in tests/load_language.ron.
const OF_LOAD: [(&str, &str); 38] = [
    ("total: ", "\"27k/s\""),
    ("gamma: ", "1.5"),
    ("warm_up: ", "\"5m\""),
    ("trips: (at: ", "\"150%\""),
    ("after: ", "\"1m\""),
    ("loses: ", "\"25%\""),
    ("rate: ", "\"10%/m\""),
    ("per_member: ", "\"9k/s\""),
    ("target: ", "\"70%\""),
    ("lag: Exp(", "\"3m\""),
    ("most: ", "\"300%\""),
    ("calls: ", "8.0"),
    ("weight: ", "2.0"),
    ("calls: ", "0.5"),
    ("total: ", "\"1M/h\""),
    ("total: ", "\"2k/s\""),
    ("mean: ", "\"7d\""),
    ("retry: ", "\"30s\""),
    ("backoff: ", "\"500ms\""),
    ("grows: ", "2.0"),
    ("most: ", "\"3s\""),
    ("ratio: ", "\"10%\""),
    ("most: ", "\"100k\""),
    ("admit: ", "\"90%\""),
    ("probability: ", "\"80%\""),
    ("factor: Uniform(", "1"),
    ("ramp: ", "\"5h\""),
    ("decay: ", "\"1d\""),
    ("users: \"gulf people\", above: ", "\"50%\""),
    ("for: ", "\"10m\""),
    ("share: ", "\"40%\""),
    ("adds: ", "50_000"),
    ("above: ", "\"120%\""),
    ("works: ", "\"70%\""),
    ("admit\", ", "\"60%\""),
    ("per_member\", ", "\"12k/s\""),
    ("opus.shed\", ", "\"90%\""),
    ("below: ", "\"80%\""),
];

/// A figure that can have one value only is that value, to the bit.
#[test]
fn figures_of_load_that_are_certain_are_known() {
    let text = include_str!("load_language.ron");
    let values = |value: &str| text.replace("most: \"300%\"", value);
    let text = values("every: \"20s\", step: 3, least: \"50%\", down_after: \"2m\", most: \"300%\"");
    let more = [("every: ", "\"20s\""), ("step: ", "3"), ("least: ", "\"50%\""), ("down_after: ", "\"2m\"")];
    let certain = uncertain(&uncertain(&text, &OF_LOAD), &more);
    let (known, unknown) = (played(&text, 60), played(&certain, 60));
    assert_eq!(unknown.unknowns.len(), OF_LOAD.len() + more.len());
    assert_eq!(known.journeys, unknown.journeys);
    assert_eq!(known.load, unknown.load);
    assert!(known.journeys.iter().any(|journey| journey.down_s.mean > 0.0));
}

/// The same of the network, with links that fail by their length.
#[test]
fn figures_of_the_network_that_are_certain_are_known() {
    let text = include_str!("network_language.ron");
    let values = [
        ("capacity: ", "\"20 Tbps\""),
        ("rate: ", "\"0.10/1000km/y\""),
        ("length: ", "\"5200 km\""),
        ("capacity: ", "\"5 Tbps\""),
        ("latency: ", "\"12 ms\""),
        ("capacity: ", "\"1 Tbps\""),
        ("length: ", "\"7000 km\""),
        ("rate: ", "\"1/1000km/y\""),
        ("rate: ", "\"1 Tbps\""),
        ("rate: ", "\"2.6 Tbps\""),
        ("size: ", "\"40 kB\""),
    ];
    let certain = uncertain(text, &values);
    let (known, unknown) = (played(text, 60), played(&certain, 60));
    assert_eq!(unknown.unknowns.len(), values.len());
    assert_eq!(known.journeys, unknown.journeys);
    let (known, unknown) = (known.network.unwrap(), unknown.network.unwrap());
    assert_eq!((known.edges, known.traffic), (unknown.edges, unknown.traffic));
}

/// The same of standbys, inspections, clusters and copies.
#[test]
fn other_figures_that_are_certain_are_known() {
    let text = r#"Scenario(
        title: "x", start: "2026-01-01T00:00:00Z", horizon: "300d",
        zone_kinds: { "hall": (
            parts: {
                "grid": (failures: { "loss": (every: Exp("20d"), repair: "5h") }),
                "generator": (
                    count: 2, enough: 1,
                    failures: { "engine": (every: Weibull("30d", 2), repair: "3d"), "fuel": (every: Gamma("40d", 0.5), inspection: "9d", repair: "3d") },
                    standby: (starts_in: "1m", fails_to_start: "5%", dormancy: "30%", repair: "1d"),
                ),
            },
            needs: [Any(["grid", "generator"])],
        ) },
        regions: { "north": (zones: { "a": "hall" }, replicates: (to: "south", lag: Exp("30s"))), "south": (zones: { "a": "hall" }) },
        services: { "shop": (scope: Regional, capacity: (per_member: "150/h")) },
        journeys: { "buy": (calls: ["shop"]) },
        users: { "all": (count: 100, does: { "buy": "1/h" }, route: Order(["north", "south"]), failover: (detect: "10m", max_lag: "20s")) },
        hazards: { "quake": (occurs: Every(Exp("60d")), clusters: (offspring: "40%", after: Exp("2d")), strikes: { "all": (targets: ["*/a"], repair: "2h") }) },
        surges: { "sale": (occurs: Every(Exp("60d")), clusters: (offspring: "30%", after: Exp("2d")), factor: 4, lasts: "1d") },
    )"#;
    let values = [
        ("Weibull(\"30d\", ", "2"),
        ("Gamma(\"40d\", ", "0.5"),
        ("inspection: ", "\"9d\""),
        ("dormancy: ", "\"30%\""),
        ("max_lag: ", "\"20s\""),
        ("offspring: ", "\"40%\""),
        ("offspring: ", "\"30%\""),
    ];
    let (known, unknown) = (played(text, 100), played(&uncertain(text, &values), 100));
    assert_eq!(unknown.unknowns.len(), values.len());
    assert_eq!(known.journeys, unknown.journeys);
    assert_eq!(known.causes, unknown.causes);
    // Another value of each makes another system.
    for ((before, value), other) in
        values.into_iter().zip(["1", "2", "\"90d\"", "\"90%\"", "\"2s\"", "\"10%\"", "\"90%\""])
    {
        let changed =
            text.replacen(&format!("{before}{value}"), &format!("{before}Uncertain(Fixed({other}))"), 1);
        assert_ne!(known.causes, played(&changed, 100).causes, "{before}");
    }
}

/// What is drawn reaches the place that it is for, and nothing of a replication is left in the next.
#[test]
fn drawn_figures_stand_where_they_belong() {
    let text = include_str!("network_language.ron")
        .replace("\"5200 km\"", "Uncertain(Uniform(\"5200 km\", \"10400 km\"))")
        .replace("\"0.10/1000km/y\"", "Uncertain(Uniform(\"0.1/1000km/y\", \"0.2/1000km/y\"))")
        .replace("\"2.6 Tbps\"", "Uncertain(Uniform(\"1 Tbps\", \"2 Tbps\"))");
    let model = model(&text);
    let mut copy = model.clone();
    for number in [5, 0] {
        model.make_known(&model.drawn(Replication::new(1, number)), &mut copy);
    }
    let drawn = model.drawn(Replication::new(1, 0));
    let figure = |end: &str| {
        let is_it = |unknown: &blackstart::model::Unknown| unknown.name.ends_with(end);
        drawn[model.unknowns.figures.iter().position(is_it).unwrap()]
    };
    let (km, rate) = (figure("length"), figure("faults.rate"));
    let edge = &copy.network.edges[0];
    assert_eq!(edge.latency_nanos, (km * 4.9e3).round() as u64);
    let fault = &copy.modes[copy.components[edge.component.index()].modes.start];
    let wanted = 365.25 * 86_400e6 / (km * rate);
    assert!((fault.every.mean() / wanted - 1.0).abs() < 1e-12, "{} of {wanted}", fault.every.mean());
    assert_eq!(copy.network.traffic[0].rate, figure("asia.rate"));
    assert!(copy.network.traffic[0].rate >= 1e12 && copy.network.traffic[0].priority == 3);
}

/// A surge to twice the load takes the shop down if it can serve less than 198 requests a second: half of the replications lose
/// 10 h. A flood takes 1 to 21 h, by chance. So capacity makes 25 h^2 of 25 + 33.3 h^2.
#[test]
fn the_share_of_a_capacity_is_that_of_an_exact_system() {
    let text = r#"Scenario(
        title: "A surge and a flood", start: "2026-01-01T00:00:00Z", horizon: "30d",
        zone_kinds: { "hall": () },
        regions: { "north": (zones: { "a": "hall" }) },
        services: { "shop": (scope: Regional, capacity: (total: Uncertain(Uniform("100/s", "296/s")))) },
        journeys: { "buy": (calls: ["shop"], objective: (down_at: "1%")) },
        users: { "all": (count: 36_000, does: { "buy": "10/h" }) },
        surges: { "sale": (occurs: At("2d"), factor: 2, lasts: "10h") },
        hazards: { "flood": (occurs: At("11d"), strikes: { "hall": (targets: ["north/a"], repair: Uniform("1h", "21h")) }) },
    )"#;
    let summary = played(text, 10_000);
    let effect = &summary.unknowns[0].effects[0];
    let expected = 25.0 / (25.0 + 400.0 / 12.0);
    // Standard error at most (1 - S) 2 sqrt(S / n) = 0.0075.
    let found = effect.share.unwrap();
    assert!((found - expected).abs() < 4.0 * 0.0075, "{found} of {expected}");
    // Thirds: 10 h surely, half of them, none; beside 11 h. Standard error of a third sqrt(33.3 + 25) h / sqrt(3333) = 0.13 h.
    for (third, surge) in effect.thirds_s.iter().zip([10.0, 5.0, 0.0]) {
        let found = third.mean / 3600.0;
        assert!((found - surge - 11.0).abs() < 4.0 * 0.13, "{found} of {}", surge + 11.0);
    }
}

/// A ranking by downtime says what a run says.
#[test]
fn a_ranking_has_the_shares_of_a_run() {
    let model = model(FLOODS);
    let (name, figure) =
        RankFigure::all(&model).into_iter().find(|(name, _)| name == "down:buy:all").unwrap();
    let outage = SimSpan::from_micros_f64(3.6e9);
    let options = RankOptions { figure: (&name, figure), top: 0, outage, run: options(2_000) };
    let ranking = rank(&model, options, &Progress::default()).unwrap();
    let summary = played(FLOODS, 2_000);
    assert_eq!(ranking.unknowns.len(), 2);
    for (found, wanted) in ranking.unknowns.iter().zip(&summary.unknowns) {
        let effect = &wanted.effects[0];
        assert_eq!(
            (&found.unknown, found.share, found.interval),
            (&wanted.unknown, effect.share, effect.interval)
        );
        assert_eq!(found.thirds, effect.thirds_s);
    }
    assert!(ranking.unknowns[0].share.unwrap() > 0.35);
    let solved = blackstart::exact::needs::solve(&model, &figure.usages(&model));
    let text = RankingReport::new(&model, &ranking, solved).text(WIDE);
    assert!(text.contains("of the spread") && text.contains("down:buy:all in its thirds"), "{text}");
}

/// Mean of `of` over a uniform law, by the middle of 10,000 stretches.
fn mean_over(low: f64, high: f64, of: impl Fn(f64) -> f64) -> f64 {
    let points = (0..10_000).map(|k| low + (high - low) * (f64::from(k) + 0.5) / 10_000.0);
    points.map(of).sum::<f64>() / 10_000.0
}

/// A repair of median 4 h scatters by an unknown sigma: its mean given sigma is 4 h exp(sigma^2 / 2), its mean square 16 h^2
/// exp(2 sigma^2).
#[test]
fn the_share_of_a_shape_is_that_of_an_exact_system() {
    let text = r#"Scenario(
        title: "A flood", start: "2026-01-01T00:00:00Z", horizon: "90d",
        zone_kinds: { "hall": () },
        regions: { "north": (zones: { "a": "hall" }) },
        services: { "shop": (scope: Regional) },
        journeys: { "buy": (calls: ["shop"]) },
        users: { "all": (count: 100, does: { "buy": "1/h" }) },
        hazards: { "flood": (occurs: At("1d"), strikes: { "hall": (targets: ["north/a"],
            repair: LogNormal(median: "4h", sigma: Uncertain(Uniform(0.1, 1.0)))) }) },
    )"#;
    let summary = played(text, 20_000);
    let effect = &summary.unknowns[0].effects[0];
    let mean = |sigma: f64| 4.0 * libm::exp(0.5 * sigma * sigma);
    let square = |sigma: f64| 16.0 * libm::exp(2.0 * sigma * sigma);
    let whole = mean_over(0.1, 1.0, mean);
    let explained = mean_over(0.1, 1.0, |sigma| mean(sigma) * mean(sigma)) - whole * whole;
    let expected = explained / (mean_over(0.1, 1.0, square) - whole * whole);
    // Standard error at most (1 - S) 2 sqrt(S / n), here 0.0024.
    let found = effect.share.unwrap();
    assert!((found - expected).abs() < 4.0 * 0.0024, "{found} of {expected}");
    for (place, third) in effect.thirds_s.iter().enumerate() {
        let (low, high) = (0.1 + 0.3 * place as f64, 0.4 + 0.3 * place as f64);
        let expected = mean_over(low, high, mean);
        let variance = mean_over(low, high, square) - expected * expected;
        let error = (variance / 6_666.0).sqrt();
        let found = third.mean / 3600.0;
        assert!((found - expected).abs() < 4.0 * error, "{found} of {expected} -+ {error}");
    }
}

/// Replays leave unknown figures where they are: as if what is certain had been known.
#[test]
fn a_replay_knows_no_more_than_the_system() {
    let text = FLOODS.replace(
        "occurs: At(\"11d\"), strikes: { \"hall\": (",
        "occurs: At(\"11d\"), probability: \"50%\", strikes: { \"hall\": (probability: \"90%\", ",
    );
    let certain = text
        .replace("Uncertain(Uniform(\"1h\", \"21h\"))", "\"9h\"")
        .replace("Uncertain(Uniform(\"5h\", \"15h\"))", "\"7h\"");
    let uncertain = certain
        .replace("\"9h\"", "Uncertain(Fixed(\"9h\"))")
        .replace("\"7h\"", "Uncertain(Fixed(\"7h\"))")
        .replace("\"50%\"", "Uncertain(Fixed(\"50%\"))")
        .replace("\"90%\"", "Uncertain(Fixed(\"90%\"))");
    let ranked = |text: &str| {
        let model = model(text);
        let all = RankFigure::all(&model);
        let options = RankOptions {
            figure: (&all[0].0, all[0].1),
            top: 10,
            outage: SimSpan::from_micros_f64(3.6e9),
            run: options(400),
        };
        rank(&model, options, &Progress::default()).unwrap()
    };
    assert_eq!(model(&uncertain).unknowns.figures.len(), 4);
    assert_eq!(ranked(&certain).subjects, ranked(&uncertain).subjects);
}
