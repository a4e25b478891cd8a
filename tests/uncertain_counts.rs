//! Counts and numbers of needs that nobody knows: whole, the same in all of a replication, and with the values of exact systems.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use blackstart::exact::closed::{at_least, renewal_availability};
use blackstart::exact::repair::MachineRepair;
use blackstart::model::Model;
use blackstart::random::Replication;
use blackstart::report::{Page, RankingReport, resolved_text, summary_text};
use blackstart::scenario::{Diagnostics, Loaded, Sources, load};
use blackstart::study::{
    Progress, RankFigure, RankOptions, Ranking, RunOptions, Summary, rank, run, summarize, trace,
};
use blackstart::time::SimSpan;

/// Nothing is broken into lines.
const WIDE: Page = Page { columns: 1_000, colour: false };

/// All of them, uncertain.
const ALL: &str = include_str!("uncertain_needs.ron");

/// Their paths in that file, a value of each, and another one that makes another system.
const FIGURES: [(&str, &str, &str); 10] = [
    ("crews.hands.size", "2", "1"),
    ("crews.hands.people", "2", "1"),
    ("zone_kinds.hall.parts.fans.enough", "4", "3"),
    ("zone_kinds.hall.parts.pump a.failures.stop.repair.without_needs", "6", "2"),
    ("zone_kinds.hall.needs.0.refills_in", "5d", "1h"),
    ("zone_kinds.hall.needs.1.at_least", "\"80%\"", "\"50%\""),
    ("zone_kinds.hall.needs.2.0", "1", "2"),
    ("zone_kinds.hall.needs.3.else", "\"40%\"", "\"0%\""),
    ("services.shop.spread.0", "2", "3"),
    ("journeys.buy.retries.tries", "1", "3"),
];

fn loaded_with(text: &str, set: &[String]) -> Loaded {
    let mut found = Diagnostics::new();
    let loaded = load("text", text, set, &mut Sources::new(), &mut found);
    loaded.unwrap_or_else(|| panic!("{:?}", found.into_vec()))
}

fn model(text: &str) -> Model {
    loaded_with(text, &[]).model
}

fn options(replications: u64) -> RunOptions {
    RunOptions { replications, seed: 1, threads: 2, curve_points: 0 }
}

fn summary(model: &Model, options: RunOptions) -> Summary {
    summarize(model, &run(model, options, &Progress::default()).unwrap())
}

fn played(text: &str, replications: u64) -> Summary {
    summary(&model(text), options(replications))
}

/// The system in which these figures have these values; `certain`: nobody says that they are known.
fn with_values<'v>(values: impl Iterator<Item = (&'v str, &'v str)>, certain: bool) -> Model {
    let edit = |(path, value): (&str, &str)| {
        if certain {
            format!("{path}=Uncertain(Fixed({}))", quoted(value))
        } else {
            format!("{path}={value}")
        }
    };
    loaded_with(ALL, &values.map(edit).collect::<Vec<_>>()).model
}

/// A quantity in quotes, as it stands inside a law.
fn quoted(value: &str) -> String {
    if value.ends_with(char::is_alphabetic) { format!("\"{value}\"") } else { value.to_owned() }
}

/// A figure that can have one value only is that value, to the bit; and another value of each makes another system.
#[test]
fn what_is_certain_is_known() {
    let values = || FIGURES.iter().map(|(path, value, _)| (*path, *value));
    let seen = |model: &Model| {
        let summary = summary(model, options(60));
        (summary.journeys, summary.causes, summary.load, summary.cost)
    };
    let (known, certain) = (with_values(values(), false), with_values(values(), true));
    assert_eq!((known.unknowns.figures.len(), certain.unknowns.figures.len()), (0, FIGURES.len()));
    let wanted = seen(&known);
    assert_eq!(wanted, seen(&certain));
    assert_eq!(trace(&known, 1, 7).unwrap().figures.usages, trace(&certain, 1, 7).unwrap().figures.usages);
    for (changed, _, other) in FIGURES {
        let values = values().map(|(path, value)| (path, if path == changed { other } else { value }));
        let (known, certain) = (with_values(values.clone(), false), with_values(values, true));
        let found = seen(&certain);
        assert_ne!(wanted, found, "{changed}");
        assert_eq!(found, seen(&known), "{changed}");
    }
}

/// All are listed, drawn for each replication, and nothing of one is left in the next.
#[test]
fn drawn_figures_stand_where_they_belong() {
    let loaded = loaded_with(ALL, &[]);
    let model = &loaded.model;
    let names: Vec<&str> = model.unknowns.figures.iter().map(|figure| figure.name.as_str()).collect();
    let mut wanted: Vec<&str> = FIGURES.iter().map(|(path, ..)| *path).collect();
    let mut sorted = names.clone();
    wanted.sort_unstable();
    sorted.sort_unstable();
    assert_eq!(sorted, wanted);
    let resolved = resolved_text(&loaded, WIDE);
    for line in ["crews.hands.size: Uncertain(Empirical([1, 2, 2, 3]))", "its mean stands in its place"] {
        assert!(resolved.contains(line), "{resolved}");
    }
    let mut copy = model.clone();
    let mut sizes = Vec::new();
    for number in 0..40 {
        let drawn = model.drawn(Replication::new(1, number));
        model.make_known(&drawn, &mut copy);
        assert_eq!(copy, model.with_known(&drawn));
        let figure = |path: &str| drawn[names.iter().position(|name| *name == path).unwrap()];
        assert_eq!(f64::from(copy.crews[0].size), figure("crews.hands.size"));
        let wages = copy.costs.as_ref().unwrap().crews[0] * 3600.0;
        assert!((wages - 60.0 * figure("crews.hands.people")).abs() < 1e-9, "{wages}");
        assert_eq!(copy.load.usages[0].backoffs.len() as f64, figure("journeys.buy.retries.tries"));
        assert_eq!(
            copy.holds[1].refills_in.unwrap().micros_f64(),
            figure("zone_kinds.hall.needs.0.refills_in").round()
        );
        let slower: Vec<f64> = copy.repairs.iter().filter_map(|repair| repair.without_needs).collect();
        let path = "zone_kinds.hall.parts.pump a.failures.stop.repair.without_needs";
        assert_eq!(slower, vec![figure(path); 3]);
        sizes.push(copy.crews[0].size);
    }
    sizes.sort_unstable();
    sizes.dedup();
    assert_eq!(sizes, [1, 2, 3]);
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let model = model(ALL);
    let with = |threads| summary(&model, RunOptions { threads, ..options(250) });
    let (one, three) = (with(1), with(3));
    assert_eq!(one, three);
    let text = summary_text(&one, WIDE);
    assert!(text.contains("what we do not know") && text.contains("crews.hands.size"), "{text}");
}

/// Another design draws the same for a figure of the same path, whatever else is changed.
#[test]
fn designs_draw_the_same_for_the_same_path() {
    let all = model(ALL);
    let other = with_values([("crews.hands.size", "2"), ("services.shop.spread.0", "1")].into_iter(), false);
    assert_eq!((all.unknowns.figures.len(), other.unknowns.figures.len()), (10, 8));
    let drawn = |model: &Model, path: &str| {
        let place = model.unknowns.figures.iter().position(|figure| figure.name == path).unwrap();
        (0..20).map(|n| model.drawn(Replication::new(1, n))[place]).collect::<Vec<f64>>()
    };
    for figure in &other.unknowns.figures {
        assert_eq!(drawn(&all, &figure.name), drawn(&other, &figure.name), "{}", figure.name);
    }
}

/// A sweep over a figure that nobody knows plays its values, as `--set` does; what is left unknown is drawn alike.
#[test]
fn a_sweep_knows_what_it_varies() {
    for (path, values, at) in [
        ("crews.hands.size", "1..3 by 1", "3"),
        ("zone_kinds.hall.needs.1.at_least", "40%..80% by 20%", "80%"),
        (
            "journeys.buy.retries.tries",
            "[0, 2, Uncertain(Empirical([1, 2]))]",
            "Uncertain(Empirical([1, 2]))",
        ),
    ] {
        let blackstart = |what: [&str; 3]| {
            let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("blackstart"));
            let [name, option, value] = what;
            command.args([name, "tests/uncertain_needs.ron", "-n", "60", "--format", "json", option, value]);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
        };
        let swept = blackstart(["sweep", "--vary", &format!("{path}={values}")]);
        let run = blackstart(["run", "--set", &format!("{path}={at}")]);
        assert_eq!(swept["points"][2]["figures"][0]["down_s"], run["journeys"][0]["down_s"], "{path}");
    }
}

/// A hall with parts, some of its needs, and users who notice every outage.
fn hall(parts: &str, needs: &str, rest: &str) -> String {
    format!(
        r#"Scenario(
        title: "A hall", start: "2026-01-01T00:00:00Z", horizon: "2000d",
        zone_kinds: {{ "hall": (parts: {{ {parts} }}, needs: [{needs}]) }},
        regions: {{ "north": (zones: {{ "a": "hall" }}) }},
        journeys: {{ "buy": (calls: ["shop"], objective: (shortest_outage: "0s")) }},
        users: {{ "all": (count: 100, does: {{ "buy": "1/h" }}) }},
        {rest}
    )"#
    )
}

const SHOP: &str = r#"services: { "shop": (scope: Regional) },"#;

/// Share of time in which the shop is down, and its standard error.
fn unavailability(text: &str, replications: u64) -> (f64, f64) {
    let summary = played(text, replications);
    let down = &summary.journeys[0].down_s;
    let half = 0.5 * (down.interval.unwrap().high - down.interval.unwrap().low);
    (down.mean / summary.horizon_s, half / 1.96 / summary.horizon_s)
}

/// Within 4 standard errors; all is new at first, which takes less than 60 h of 48,000 h off: 0.125 %.
#[track_caller]
fn near(text: &str, expected: f64) {
    let (found, error) = unavailability(text, 2_000);
    assert!((found - expected).abs() < 4.0 * error + 0.00125 * expected, "{found} +- {error} of {expected}");
}

/// Four machines and nobody knows how many crews: the mixture of what a Markov chain says for each number.
#[test]
fn an_unknown_number_of_crews_is_a_mixture() {
    let crews = |laws: &str| {
        let machines = r#""machines": (count: 4, enough: 3, failures: { "wear": (every: Exp("100h"), repair: "hands") })"#;
        let rest = format!(r#"{SHOP} crews: {{ "hands": (size: {laws}, work: Exp("20h")) }},"#);
        hall(machines, r#"(on: "machines", at_least: "100%")"#, &rest)
    };
    let with = |crews: usize| {
        let chain = MachineRepair { machines: 4, failure_rate: 0.01, repair_rate: 0.05, crews, needed: 3 };
        1.0 - chain.long_run().unwrap().availability
    };
    near(&crews("Uncertain(Empirical([1, 2, 2, 3]))"), 0.25 * with(1) + 0.5 * with(2) + 0.25 * with(3));
    near(&crews("Uncertain(Mix([(3, Fixed(1)), (1, Fixed(4))]))"), 0.75 * with(1) + 0.25 * with(4));
}

/// k of n, however it is written: the mixture of what each k makes of independent parts.
#[test]
fn an_unknown_k_of_n_is_a_mixture() {
    let of = |n: usize, k: usize| 1.0 - at_least(k, &vec![renewal_availability(100.0, 25.0); n]);
    let failing = r#"failures: { "loss": (every: Exp("100h"), repair: Exp("25h")) }"#;
    let three = format!(r#""x": ({failing}), "y": ({failing}), "z": ({failing})"#);
    let gate = r#"AtLeast(Uncertain(Empirical([1, 2, 3, 3])), ["x", "y", "z"])"#;
    near(&hall(&three, gate, SHOP), 0.25 * of(3, 1) + 0.25 * of(3, 2) + 0.5 * of(3, 3));
    let enough = format!(r#""fans": (count: 5, enough: Uncertain(Empirical([2, 4])), {failing})"#);
    near(&hall(&enough, r#"(on: "fans", at_least: "100%")"#, SHOP), 0.5 * of(5, 2) + 0.5 * of(5, 4));
    // Of five units 3, 4 or 5 must work, as for known shares from 40 to 60, from 60 to 80 and from 80 to 100 %.
    let five = format!(r#""fans": (count: 5, {failing})"#);
    let share = r#"(on: "fans", at_least: Uncertain(Uniform("45%", "95%")))"#;
    near(&hall(&five, share, SHOP), 0.3 * of(5, 3) + 0.4 * of(5, 4) + 0.3 * of(5, 5));
    // A share that five units can have exactly is met by it.
    let share = r#"(on: "fans", at_least: Uncertain(Empirical(["60%", "80%"])))"#;
    near(&hall(&five, share, SHOP), 0.5 * of(5, 3) + 0.5 * of(5, 4));
    let one = format!(r#""x": ({failing})"#);
    let quorum = r#"services: { "shop": (scope: Regional, spread: Quorum(Uncertain(Empirical([1, 3])))) },"#;
    let zones =
        hall(&one, r#""x""#, quorum).replace(r#""a": "hall""#, r#""a": "hall", "b": "hall", "c": "hall""#);
    near(&zones, 0.5 * of(3, 1) + 0.5 * of(3, 3));
}

/// What is left of a need decides half of the time whether the shop still has the half that it needs.
#[test]
fn an_unknown_rest_of_a_need_is_enough_or_not() {
    let switch = r#""switch": (failures: { "loss": (every: Exp("100h"), repair: Exp("25h")) })"#;
    let need = r#"(on: "switch", at_least: "50%", else: Uncertain(Uniform("0%", "100%")))"#;
    let services = r#"services: {
        "racks": (scope: Regional),
        "shop": (scope: Regional, member: (needs: [(on: "racks", at_least: "50%")])),
    },"#;
    near(&hall(switch, need, services), 0.5 * 0.2);
}

/// Mean hours of downtime, and the standard error.
fn hours_down(text: &str) -> (f64, f64) {
    let (share, error) = unavailability(text, 4_000);
    (share * 48_000.0, error * 48_000.0)
}

/// A battery of one hour is used up, and charges for four hours before the next loss: of R hours that it takes it has min(4/R, 1).
///
/// Of R uniform from 2 h to 8 h that is 1/3 + 2/3 ln 2 in the mean; beyond it the losses of two hours each are downtime.
#[test]
fn an_unknown_time_to_refill() {
    let need = r#"(on: "grid", holdover: Fixed("1h"), refills_in: Uncertain(Uniform("2h", "8h")))"#;
    let losses = r#"hazards: {
        "first": (occurs: At("1d"), strikes: { "grid": (targets: ["north/a/grid"], repair: "2h") }),
        "second": (occurs: At("1d6h"), strikes: { "grid": (targets: ["north/a/grid"], repair: "2h") }),
    },"#;
    let (found, error) = hours_down(&hall(r#""grid": ()"#, need, &format!("{SHOP} {losses}")));
    let expected = 3.0 - (1.0 + 2.0 * std::f64::consts::LN_2) / 3.0;
    assert!((found - expected).abs() < 4.0 * error, "{found} +- {error} of {expected}");
}

/// A repair of two hours without what it needs takes as many times longer as nobody knows, and all of the spread is from there.
#[test]
fn an_unknown_slowness_without_needs() {
    let fire = r#"hazards: {
        "fire": (occurs: At("1d"), strikes: { "hall": (targets: ["north/a"],
            repair: (work: "2h", needs: ["north/a/road"], without_needs: Uncertain(Uniform(1, 5)))) }),
        "snow": (occurs: At("1h"), strikes: { "road": (targets: ["north/a/road"], repair: "20d") }),
    },"#;
    let text = hall(r#""road": ()"#, "", &format!("{SHOP} {fire}"));
    let (found, error) = hours_down(&text);
    assert!((found - 6.0).abs() < 4.0 * error, "{found} +- {error} of 6");
    // 20 classes lose 1/400 of a linear effect.
    let share = played(&text, 4_000).unknowns[0].effects[0].share.unwrap();
    assert!((share - (1.0 - 1.0 / 400.0)).abs() < 1e-3, "{share}");
}

/// Half of all calls fail, each anew: a request is lost with probability 1/2 without another try, with 1/8 after two.
#[test]
fn an_unknown_number_of_tries() {
    let rest = r#"services: { "shop": (scope: Regional, capacity: (total: "1k/s")) },
        hazards: { "release": (occurs: At("0s"), strikes: { "shop": (targets: ["shop@north"], effect: Errors("50%"), repair: Never) }) },"#;
    let retries = r#"calls: ["shop"], retries: Retries(tries: Uncertain(Empirical([0, 2])), backoff: "1s"),"#;
    let text = hall("", "", rest).replace(r#"calls: ["shop"],"#, retries).replace("2000d", "30d");
    let summary = played(&text, 2_000);
    let journey = &summary.journeys[0];
    let lost = journey.lost_requests.mean / journey.requests;
    // Either 1/2 or 1/8, so the standard error is 3/16 / sqrt(2000); those who wait at the end are less than 1 s of 30 d.
    let expected = 0.5 * (0.5 + 0.125);
    assert!((lost - expected).abs() < 4.0 * 0.1875 / 2_000.0_f64.sqrt(), "{lost} of {expected}");
}

fn ranked(model: &Model, replications: u64) -> Ranking {
    let all = RankFigure::all(model);
    let outage = SimSpan::from_micros_f64(3.6e9);
    let options = RankOptions { figure: (&all[0].0, all[0].1), top: 10, outage, run: options(replications) };
    rank(model, options, &Progress::default()).unwrap()
}

/// A replay changes nothing but its subject: of a crew of unknown size there is always another one.
#[test]
fn a_crew_of_unknown_size_is_replayed_with_enough_of_them() {
    let values = || FIGURES.iter().map(|(path, value, _)| (*path, *value));
    let (known, certain) = (with_values(values(), false), with_values(values(), true));
    assert_eq!(ranked(&known, 100).subjects, ranked(&certain, 100).subjects);
    let uncertain = model(ALL);
    let ranking = ranked(&uncertain, 200);
    let crew = ranking.subjects.iter().find(|subject| subject.name == "hands").unwrap();
    let perfect = crew.if_perfect.as_ref().unwrap().value;
    let many = summary(&loaded_with(ALL, &["crews.hands.size=1000".to_owned()]).model, options(200));
    // All journeys together are ranked by, in minutes of 100 users.
    let expected = many.journeys[0].down_s.mean * 100.0 / 60.0;
    assert!((perfect / expected - 1.0).abs() < 1e-9, "{perfect} of {expected}");
    assert!(perfect < ranking.system.mean);
    let solved =
        blackstart::exact::needs::solve(&uncertain, &RankFigure::all(&uncertain)[0].1.usages(&uncertain));
    let text = RankingReport::new(&uncertain, &ranking, solved).text(WIDE);
    assert!(
        text.contains("crews.hands.size")
            && text.matches("unknown figures stand at their means").count() >= 2,
        "{text}"
    );
}
