//! Prices that nobody knows: drawn once a replication, the same in every design, and their part of the total cost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use assert_cmd::Command;
use blackstart::model::Model;
use blackstart::page::ComparisonPage;
use blackstart::plot::{Theme, pareto_picture};
use blackstart::random::Replication;
use blackstart::report::{Page, comparison_text, cost_dependence_cells, resolved_text, summary_text};
use blackstart::scenario::{Diagnostics, Loaded, Sources, load};
use blackstart::study::{Comparison, Design, Progress, RunOptions, Summary, compare, run, summarize};

/// Nothing is broken into lines.
const WIDE: Page = Page { columns: 1_000, colour: false };

/// One flood at a known time, mended by one crew. Capital is spread over 1,000 d, of which 10 d are seen.
const FLOOD: &str = r#"Scenario(
    title: "One flood", start: "2026-01-01T00:00:00Z", horizon: "10d", currency: "GBP", lifetime: "1000d",
    zone_kinds: { "hall": (parts: { "power": (count: 2, cost: (capital: "20k GBP", running: "24 GBP/d")) }, needs: ["power"]) },
    regions: { "north": (zones: { "a": "hall" }) },
    services: { "shop": (scope: Regional) },
    crews: { "engineers": (size: 1, people: 20, cost: "90 GBP/h", work: Uniform("2h", "6h")) },
    journeys: { "buy": (calls: ["shop"], user_minute: "0.5 GBP") },
    users: { "all": (count: 100, does: { "buy": "1/h" }) },
    hazards: { "flood": (occurs: At("1d"), strikes: { "hall": (targets: ["north/a"], repair: "engineers") }) },
)"#;

/// The prices of the flood, each with the law of what nobody knows that has it for a mean.
const PRICES: [(&str, &str); 5] = [
    ("capital: \"20k GBP\"", "capital: Uncertain(Uniform(\"10k GBP\", \"30k GBP\"))"),
    ("running: \"24 GBP/d\"", "running: Uncertain(Uniform(\"1 GBP/h\", \"24 GBP/d\"))"),
    ("cost: \"90 GBP/h\"", "cost: Uncertain(Uniform(\"60 GBP/h\", \"120 GBP/h\"))"),
    ("user_minute: \"0.5 GBP\"", "user_minute: Uncertain(Uniform(\"0.1 GBP\", \"0.9 GBP\"))"),
    ("lifetime: \"1000d\"", "lifetime: Uncertain(Uniform(\"500d\", \"1500d\"))"),
];

fn with(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "no {from}");
        text.replacen(from, to, 1)
    })
}

fn loaded(text: &str) -> Loaded {
    let mut found = Diagnostics::new();
    let loaded = load("text", text, &[], &mut Sources::new(), &mut found);
    loaded.unwrap_or_else(|| panic!("{:?}", found.into_vec()))
}

fn options(replications: u64) -> RunOptions {
    RunOptions { replications, seed: 1, threads: 2, curve_points: 0 }
}

fn summary(model: &Model, options: RunOptions) -> Summary {
    summarize(model, &run(model, options, &Progress::default()).unwrap())
}

fn played(text: &str, replications: u64) -> Summary {
    summary(&loaded(text).model, options(replications))
}

fn compared(first: &str, second: &str, replications: u64) -> Comparison {
    let (first, second) = (loaded(first).model, loaded(second).model);
    let designs = [Design { name: "first", model: &first }, Design { name: "second", model: &second }];
    compare(&designs, options(replications), &[], &Progress::default()).unwrap()
}

#[track_caller]
fn assert_within(found: f64, expected: f64, bound: f64) {
    assert!((found - expected).abs() <= bound, "{found} instead of {expected} -+ {bound}");
}

/// Means of products of what is independent are products of means.
#[test]
fn means_are_products_of_means() {
    let cost = played(&with(FLOOD, &PRICES[..4]), 10_000).cost.unwrap();
    // 20 people x 90 GBP/h x 4 h. Mean squares 8,400 and 17.33: a standard deviation of 20 x 126.5 = 2,530, of the mean 25.3.
    assert_within(cost.crews.mean, 7_200.0, 4.0 * 25.3);
    // 0.5 GBP x 100 users x 240 min. Mean squares 0.3033 and 62,400: a standard deviation of 6,729, of the mean 67.3.
    assert_within(cost.users.mean, 12_000.0, 4.0 * 67.3);
    // Two units of 20,000 GBP, for 10 d of 1,000: a standard deviation of 0.01 x 2 x 20,000 / sqrt(12) = 115.5.
    assert_within(cost.capital, 40_000.0, 4.0 * 115.5);
    assert_within(cost.capital_part, 400.0, 4.0 * 1.155);
    // A GBP an hour is 24 GBP a day.
    assert_within(cost.running, 480.0, 1e-9 * 480.0);
    // Each of them is off by so much at most; together they are off by less than the sum.
    assert_within(cost.total.mean, 7_200.0 + 12_000.0 + 400.0 + 480.0, 4.0 * (25.3 + 67.3 + 1.155));
    assert_within(
        cost.total.mean,
        cost.capital_part + cost.running + cost.users.mean + cost.crews.mean,
        1e-6,
    );
    let items: f64 = cost.items.iter().map(|item| item.cost).sum();
    assert_within(items, cost.capital_part + cost.running, 1e-6);
    let unknown = cost.unknown_prices.clone().unwrap();
    let interval = unknown.capital.interval.unwrap();
    // Student's interval of 10,000: 1.96 standard errors, which are known to 1 % or so.
    assert_within(interval.high - interval.low, 2.0 * 1.96 * 115.5, 0.05 * 2.0 * 1.96 * 115.5);
    assert_eq!((unknown.capital.mean, unknown.running.mean), (cost.capital, cost.running));
}

/// The mean of capital over an unknown lifetime is no ratio of means: E[1 / L] = ln 3 / 1,000 d.
#[test]
fn a_lifetime_that_nobody_knows() {
    let cost = played(&with(FLOOD, &PRICES[4..]), 10_000).cost.unwrap();
    assert_eq!(cost.capital, 40_000.0);
    let expected = 400.0 * libm::log(3.0);
    // E[1 / L^2] = 1 / (500 d x 1,500 d): a standard deviation of 400 x sqrt(1.3333 - 1.2069) = 142.2, of the mean 1.42.
    assert_within(cost.capital_part, expected, 4.0 * 1.42);
}

/// A figure that can have one value only is that value, to the bit.
#[test]
fn certain_prices_are_known() {
    let certain = PRICES.map(|(from, _)| {
        let (field, value) = from.split_once(": ").unwrap();
        (from, format!("{field}: Uncertain(Fixed({value}))"))
    });
    let changes: Vec<(&str, &str)> = certain.iter().map(|(from, to)| (*from, to.as_str())).collect();
    let certain = with(FLOOD, &changes);
    let (known, mut unknown) = (played(FLOOD, 60), played(&certain, 60));
    assert_eq!(unknown.unknowns.len(), PRICES.len());
    let prices = unknown.cost.as_mut().unwrap().unknown_prices.take().unwrap();
    assert_eq!(prices.capital.interval.map(|interval| interval.low), Some(40_000.0));
    assert_eq!((known.journeys, known.cost), (unknown.journeys, unknown.cost));
    let faster = |text: &str| text.replace("\"6h\"", "\"3h\"").replace("count: 2", "count: 3");
    let known = compared(FLOOD, &faster(FLOOD), 60);
    let mut unknown = compared(&certain, &faster(&certain), 60);
    let cost = unknown.designs[0].cost.as_mut().unwrap();
    assert_eq!(cost.price_differences.take().unwrap().map(|price| price.mean), [20_000.0, 440.0]);
    cost.dependences.clear();
    assert_eq!(known.designs[0].cost, unknown.designs[0].cost);
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let model = loaded(&with(FLOOD, &PRICES)).model;
    let with = |threads| summary(&model, RunOptions { threads, ..options(700) });
    assert_eq!(with(1), with(3));
}

/// All that is drawn reaches its place, and nothing of a replication is left in the next.
#[test]
fn drawn_prices_stand_where_they_belong() {
    let loaded = loaded(&with(FLOOD, &PRICES));
    let model = &loaded.model;
    let figure = |drawn: &[f64], end: &str| {
        drawn[model.unknowns.figures.iter().position(|unknown| unknown.name.ends_with(end)).unwrap()]
    };
    let mut copy = model.clone();
    for number in [3, 0] {
        let drawn = model.drawn(Replication::new(1, number));
        model.make_known(&drawn, &mut copy);
        let costs = copy.costs.as_ref().unwrap();
        assert_eq!(costs.items[0].capital, 2.0 * figure(&drawn, "capital"));
        assert_eq!(costs.items[0].running, 2.0 * figure(&drawn, "running"));
        let crew = 20.0 * figure(&drawn, "engineers.cost");
        assert_within(costs.crews[0], crew, 1e-12 * crew);
        assert_eq!(costs.usages, [figure(&drawn, "user_minute")]);
        assert_within(costs.lifetime.micros_f64(), figure(&drawn, "lifetime"), 1.0);
    }
    let resolved = resolved_text(&loaded, WIDE);
    for (_, price) in PRICES {
        let (field, law) = price.split_once(": ").unwrap();
        assert!(resolved.contains(&format!("{field}: {law}")), "{price} in {resolved}");
    }
    assert!(
        resolved.contains(
            "zone_kinds.hall.parts.power.cost.capital: Uncertain(Uniform(\"10k GBP\", \"30k GBP\"))"
        )
    );
}

/// The total is a sum of three uniforms of widths 20,000, 10,000 and 20,000 GBP: shares 4/9, 1/9, and 4/9 of chance.
#[test]
fn shares_of_the_cost_are_those_of_an_exact_system() {
    let text = with(
        FLOOD,
        &[
            ("count: 2, ", ""),
            ("\"20k GBP\"", "Uncertain(Uniform(\"1M GBP\", \"3M GBP\"))"),
            ("\"24 GBP/d\"", "Uncertain(Uniform(\"1k GBP/d\", \"2k GBP/d\"))"),
            (
                "people: 20, cost: \"90 GBP/h\", work: Uniform(\"2h\", \"6h\")",
                "cost: \"1k GBP/h\", work: Uniform(\"1h\", \"21h\")",
            ),
            (", user_minute: \"0.5 GBP\"", ""),
        ],
    );
    let summary = played(&text, 20_000);
    for (unknown, expected) in summary.unknowns.iter().zip([4.0 / 9.0, 1.0 / 9.0]) {
        let cost = unknown.cost.as_ref().unwrap();
        let (share, interval) = (cost.share.unwrap(), cost.interval.unwrap());
        // Standard error at most (1 - S) 2 sqrt(S / n) = 0.0053; 20 classes lose 1/400 of a linear effect.
        assert_within(share, expected, 4.0 * 0.0053 + expected / 400.0);
        assert!(interval.low < expected && expected < interval.high, "{interval:?} without {expected}");
        assert!(unknown.effects[0].share.unwrap() < 0.01);
    }
    // Thirds of capital: 10,000 GBP + 20,000 x (1, 3, 5) / 6, beside 15,000 and 11,000. The standard error of a third's mean is
    // 10,000 GBP x sqrt((4/9 + 1 + 4) / 12 / 6,666) = 83 GBP.
    for (third, place) in summary.unknowns[0].cost.as_ref().unwrap().thirds.iter().zip([1.0, 3.0, 5.0]) {
        assert_within(third.mean, 36_000.0 + 20_000.0 * place / 6.0, 4.0 * 83.0);
    }
    let text = summary_text(&summary, WIDE);
    for said in [
        "total cost in 10 d in its thirds",
        "prices that nobody knows count as they are drawn",
        "not listed: ",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
}

/// Where few replications lose anything, nothing says how far off the mean is, however widely prices scatter.
#[test]
fn few_failures_have_no_interval_whatever_prices_do() {
    let text = with(
        &with(FLOOD, &PRICES[..1]),
        &[("occurs: At(\"1d\")", "occurs: At(\"1d\"), probability: \"1%\"")],
    );
    let summary = played(&text, 600);
    let cost = summary.cost.unwrap();
    assert!((1..20).contains(&cost.users.non_zero), "{}", cost.users.non_zero);
    assert_eq!((cost.total.interval, cost.total.non_zero), (None, cost.users.non_zero));
    assert!(cost.unknown_prices.unwrap().capital.interval.is_some());
    let effect = summary.unknowns[0].cost.as_ref().unwrap();
    assert_eq!((effect.share, effect.thirds.len()), (None, 3));
    // Failures that cost nothing are none.
    let free = with(
        &text,
        &[("cost: \"90 GBP/h\", ", ""), (", user_minute: \"0.5 GBP\"", ""), ("people: 20, ", "")],
    );
    let summary = played(&free, 600);
    assert!(summary.cost.unwrap().total.interval.is_some());
    assert!(summary.unknowns[0].cost.as_ref().unwrap().share.unwrap() > 0.99);
}

/// A figure of the same path has the same value in both designs.
#[test]
fn what_is_the_same_in_both_designs_makes_no_difference() {
    let text = with(FLOOD, &PRICES);
    let other = with(&text, &[("title: \"One flood\"", "title: \"The same flood\"")]);
    let comparison = compared(&text, &other, 100);
    let cost = comparison.designs[0].cost.as_ref().unwrap();
    assert_eq!((cost.total_difference.mean, cost.total_difference.non_zero), (0.0, 0));
    assert!(
        cost.dependences.len() == PRICES.len() && cost.dependences.iter().all(|dependence| !dependence.turns)
    );
    // Another known price beside unknown ones makes a difference that is exact.
    let text = with(FLOOD, &PRICES[..4]);
    let dearer = with(
        &text,
        &[(
            "zones: { \"a\": \"hall\" }",
            "zones: { \"a\": \"hall\" }, cost: (capital: \"5k GBP\", running: \"1 GBP/d\")",
        )],
    );
    let comparison = compared(&text, &dearer, 100);
    let cost = comparison.designs[0].cost.as_ref().unwrap();
    let [capital, both] = cost.price_differences.as_ref().unwrap();
    assert_eq!(capital.interval.map(|interval| (interval.low, interval.high)), Some((5_000.0, 5_000.0)));
    assert_within(both.mean, 60.0, 1e-9);
    assert_within(cost.total_difference.mean, 60.0, 1e-9);
    let rows = cost_dependence_cells(&comparison.designs[0]);
    assert!(
        rows.iter().all(|(cells, differs)| *differs && cells[3].plain() == "60 GBP (exactly)"),
        "{rows:?}"
    );
    let text = comparison_text(&comparison, &[Vec::new()], WIDE);
    assert!(text.contains("capital, paid once, mean") && text.contains("exactly"), "{text}");
}

/// A second hall ends downtime; what it costs, nobody knows.
#[test]
fn which_design_costs_less_may_hang_on_a_price() {
    let spare = with(
        FLOOD,
        &[
            (
                "services: { \"shop\": (scope: Regional) }",
                "services: { \"shop\": (scope: Regional, spread: Quorum(1)) }",
            ),
            ("\"a\": \"hall\" }", "\"a\": \"hall\", \"b\": \"spare\" }"),
            (
                "zone_kinds: { ",
                "zone_kinds: { \"spare\": (cost: (capital: Uncertain(Uniform(\"0.2M GBP\", \"2.2M GBP\")))), ",
            ),
        ],
    );
    let comparison = compared(FLOOD, &spare, 1_000);
    let cost = comparison.designs[0].cost.as_ref().unwrap();
    let [dependence] = cost.dependences.as_slice() else { panic!("one figure") };
    assert_eq!(dependence.unknown, "zone_kinds.spare.cost.capital");
    assert!(dependence.turns, "{dependence:?}");
    // 12,000 GBP of downtime less, for 2,000 + 20,000 x (1, 3, 5) / 6 GBP. The standard error of a third's mean is
    // sqrt((20,000 / 3)^2 / 12 + 3,464^2) / sqrt(333) = 217 GBP: 50 GBP x 60 / h of work have a standard deviation of 3,464 GBP.
    for (third, place) in dependence.thirds.iter().zip([1.0, 3.0, 5.0]) {
        assert_within(third.mean, -12_000.0 + 2_000.0 + 20_000.0 * place / 6.0, 4.0 * 217.0);
    }
    assert!(comparison.designs[0].dependences.iter().all(|dependence| !dependence.turns));
    let text = comparison_text(&comparison, &[Vec::new()], WIDE);
    assert!(text.contains("what we do not know decides total cost in 10 d: -"), "{text}");
    let baseline = loaded(FLOOD);
    let (changes, comparison) = (&[Vec::new()], &comparison);
    let page = ComparisonPage {
        comparison,
        changes,
        baseline: &baseline,
        ranking: None,
        swept: None,
        commands: &[],
    };
    let html = page.html().unwrap();
    for said in
        ["whether it costs less or more hangs on what nobody knows", "Mean of capital and running, in 10 d"]
    {
        assert!(html.contains(said), "no {said}");
    }
    // The picture has a bar across for what is not exact.
    let point = &comparison.cost_points[1];
    assert!(point.capital_and_running_interval.is_some() && point.on_front);
    let picture = pareto_picture(comparison, Theme::Light).unwrap();
    assert!(picture.svg.contains("mean capital and running cost"));
    // What costs little either way decides nothing.
    let cheap = spare.replace("\"2.2M GBP\"", "\"0.3M GBP\"");
    let comparison = compared(FLOOD, &cheap, 1_000);
    let text = comparison_text(&comparison, &[Vec::new()], WIDE);
    assert!(
        text.contains("no third of an unknown figure surely turns the difference of cost around"),
        "{text}"
    );
}

/// Prices are set and varied like anything else.
#[test]
fn prices_are_set_and_varied_on_the_command_line() {
    let out = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("blackstart").unwrap();
        let output = command.args(arguments).args(["--replications", "200"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    const PATH: &str = "zone_kinds.hall.parts.power.cost.capital";
    let set = format!("{PATH}=Uncertain(Uniform(\"1M GBP\", \"3M GBP\"))");
    let scenario = "scenarios/tutorial/11-cost.ron";
    let text = out(&["run", scenario, "--set", &set]);
    assert!(text.contains("total cost a year in its thirds") && text.contains("shown are means"), "{text}");
    let vary = format!("{PATH}.0.1=[\"2M GBP\", \"3M GBP\"]");
    let text = out(&["sweep", scenario, "--set", &set, "--vary", &vary]);
    assert!(text.contains("2 points of 200") && text.contains("capital.0.1"), "{text}");
}
