//! Comparisons on common random numbers against pairs of systems that can be solved exactly.
//!
//! `cargo test --release --test comparisons -- --ignored --nocapture` measures the tables of docs/statistics.md with
//! 2,000 seeds a line. What runs by default is a small cell of each.

mod common;

use std::path::Path;

use blackstart::exact::markov::Chain;
use blackstart::model::{Builder, ComponentDraft, Expression, Kind, ModeDraft, Model, RepairDraft};
use blackstart::report::{Page, comparison_text};
use blackstart::scenario::{Diagnostics, Sources, load, load_extending};
use blackstart::study::{
    CauseDifference, Comparison, Constant, DataSummary, Design, JourneySummary, OnlyIn, Progress, Quantity,
    RunOptions, Serves, Summary, Verdict, compare,
};
use blackstart::units::show_count;
use common::{exp, extended, hours, over_seeds, scenario_file, watched};

const SEEDS: u64 = 2_000;

/// Nothing is broken into lines.
const WIDE: Page = Page { columns: 1_000, colour: false };

/// Machines of which some must run, mended by few crews. Times in hours.
#[derive(Clone, Copy)]
struct Machines {
    number: usize,
    needed: usize,
    crews: usize,
    mttf: f64,
    mttr: f64,
    horizon: f64,
}

impl Machines {
    /// The system; `prefix` gives its machines names, and thereby draws, of their own.
    fn model(self, prefix: &str) -> Model {
        let mut builder = Builder::new("machines", hours(self.horizon));
        let crew = (self.crews < self.number).then(|| builder.crew("crew", self.crews as u32));
        let repair = RepairDraft { crew, ..RepairDraft::of(exp(self.mttr)) };
        let machines: Vec<_> = (0..self.number)
            .map(|number| {
                let mode = ModeDraft {
                    repair: repair.clone(),
                    ..ModeDraft::down("trip", exp(self.mttf), exp(self.mttr))
                };
                builder.component(ComponentDraft::new(format!("{prefix}{number}"), Kind::Part).failing(mode))
            })
            .map(Expression::Level)
            .collect();
        watched(&mut builder, Expression::AtLeast(self.needed, machines));
        builder.build().unwrap()
    }

    /// Mean downtime from new, seconds: state k has k failed machines.
    fn down_s(self) -> f64 {
        let steps = (0..self.number).flat_map(|failed| {
            let fails = (failed, failed + 1, (self.number - failed) as f64 / self.mttf);
            let mended = (failed + 1, failed, (failed + 1).min(self.crews) as f64 / self.mttr);
            [fails, mended]
        });
        let chain = Chain::new(steps.collect()).unwrap();
        let mut new = vec![0.0; self.number + 1];
        new[0] = 1.0;
        let spent = chain.occupancy(&new, self.horizon).unwrap();
        3600.0 * spent[self.number - self.needed + 1..].iter().sum::<f64>()
    }
}

/// Pairs of systems with the name of what is compared.
fn pairs() -> [(&'static str, Machines, Machines); 3] {
    let base = Machines { number: 3, needed: 2, crews: 4, mttf: 100.0, mttr: 5.0, horizon: 2_000.0 };
    let crews = Machines { number: 4, needed: 3, crews: 1, mttf: 100.0, mttr: 8.0, horizon: 2_000.0 };
    let rare = Machines { horizon: 200.0, ..base };
    [
        ("2 of 3 against 2 of 4", base, Machines { number: 4, ..base }),
        ("2 of 3 against 2 of 4, a tenth of the time", rare, Machines { number: 4, ..rare }),
        ("3 of 4, one crew against two", crews, Machines { crews: 2, ..crews }),
    ]
}

fn compared(models: &[&Model], replications: u64, seed: u64) -> Comparison {
    let designs: Vec<Design<'_>> = models.iter().map(|model| Design { name: "machines", model }).collect();
    let options = RunOptions { replications, seed, threads: 1, curve_points: 0 };
    compare(&designs, options, &[], &Progress::default()).unwrap()
}

fn share(of: &[bool]) -> f64 {
    of.iter().filter(|is| **is).count() as f64 / of.len() as f64
}

/// Share of seeds whose interval holds the exact difference, and the mean reduction of variance.
fn coverage(first: Machines, second: Machines, replications: u64, seeds: u64) -> (f64, f64) {
    let truth = second.down_s() - first.down_s();
    let models = (first.model("m"), second.model("m"));
    let found = over_seeds(seeds, |seed| {
        let down = compared(&[&models.0, &models.1], replications, seed)
            .designs
            .swap_remove(0)
            .differences
            .swap_remove(0);
        let interval = down.difference.interval.unwrap();
        (interval.low <= truth && truth <= interval.high, down.variance_reduction.unwrap())
    });
    let held: Vec<bool> = found.iter().map(|(held, _)| *held).collect();
    (share(&held), found.iter().map(|(_, cut)| cut).sum::<f64>() / seeds as f64)
}

/// Share of seeds in which equal systems with other draws get any verdict but "not detected".
fn false_verdicts(replications: u64, seeds: u64) -> f64 {
    let (_, base, _) = pairs()[0];
    let models = ["a", "b", "c", "d", "e"].map(|prefix| base.model(prefix));
    let models: Vec<&Model> = models.iter().collect();
    let wrong = over_seeds(seeds, |seed| {
        let comparison = compared(&models, replications, seed);
        assert_eq!(comparison.tests, 12);
        let mut all = comparison.designs.iter().flat_map(|design| &design.differences);
        all.any(|difference| difference.verdict != Verdict::NotDetected)
    });
    share(&wrong)
}

/// 400 seeds: the standard error of a share of 95 % is 1.1 %, and the share is nowhere more than 4 of them away.
#[test]
fn paired_intervals_hold_the_exact_difference() {
    for (name, first, second) in pairs() {
        let (covered, cut) = coverage(first, second, 300, 400);
        assert!((0.906..=0.994).contains(&covered), "{name}: {covered}");
        assert!(cut > 1.0, "{name}: {cut}");
    }
}

/// 400 seeds: at 5 % the standard error is 1.1 %; 4 of them above that is 9.4 %.
#[test]
fn equal_systems_are_seldom_called_different() {
    let wrong = false_verdicts(100, 400);
    assert!(wrong <= 0.094, "{wrong}");
}

#[test]
fn pairing_cuts_the_variance_of_a_small_change() {
    for (_, first, _) in pairs() {
        let second = Machines { mttr: 0.99 * first.mttr, ..first };
        let comparison = compared(&[&first.model("m"), &second.model("m")], 2_000, 1);
        let down = &comparison.designs[0].differences[0];
        assert!(down.variance_reduction.unwrap() >= 10.0, "{down:?}");
    }
}

/// Fewer than 20 replications that differ: the sign test, which 6 of 6 pass for a single figure, but not for six.
#[test]
fn few_events_are_judged_by_their_signs() {
    let (_, base, more) = pairs()[0];
    let (base, more) = (Machines { horizon: 20.0, ..base }, Machines { horizon: 20.0, ..more });
    let mut seen = 0;
    for seed in 1..=40 {
        let comparison = compared(&[&base.model("m"), &more.model("m")], 120, seed);
        for down in comparison.designs[0].differences.iter().filter(|d| d.difference.non_zero < 20) {
            let (below, above) = ((120.0 * down.better).round() as u32, (120.0 * down.worse).round() as u32);
            assert_eq!(u64::from(below + above), down.difference.non_zero);
            assert_eq!((down.difference.interval, down.excluded_above), (None, None));
            // Three figures that are alike: the smallest adjusted probability is three times that of the sign test.
            let p = 2.0 * 0.5_f64.powi(below as i32);
            if above == 0 && below > 0 && 3.0 * p <= 0.05 {
                assert_eq!(down.verdict, Verdict::Better, "{down:?}");
                seen += 1;
            }
            if below <= 5 && below + above > 0 {
                assert_eq!(down.verdict, Verdict::NotDetected, "{down:?}");
            }
        }
    }
    assert!(seen > 0);
}

/// What causes initiate, and what they have a share in, adds up to the difference of each journey and of all users.
#[test]
fn causes_add_up_to_the_difference() {
    let path = Path::new("scenarios/me-central-1-designs.ron");
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let file = scenario_file(path).unwrap();
    let loaded = load_extending(&file, &extended, &[], &mut sources, &mut found).unwrap();
    let models: Vec<&Model> =
        std::iter::once(&loaded.model).chain(loaded.architectures.iter().map(|a| &a.model)).collect();
    let comparison = compared(&models, 300, 1);
    let mut differ = 0;
    for design in &comparison.designs {
        let sums = |causes: &[CauseDifference]| {
            causes.iter().fold((0.0, 0.0), |(a, b), cause| (a + cause.initiated.mean, b + cause.shared.mean))
        };
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + a.abs());
        let mut all = 0.0;
        for (place, down) in design.differences.iter().enumerate().take(loaded.model.usages.len()) {
            let (initiated, shared) = sums(&down.causes);
            let mean = down.difference.mean;
            assert!(
                near(initiated, mean) && near(shared, mean),
                "{}: {initiated} {shared} {mean}",
                design.design
            );
            let population = loaded.model.usages[place].population.index();
            all += mean * loaded.model.populations[population].users;
            differ += usize::from(mean != 0.0);
            for cause in &down.causes {
                assert!(near(cause.initiated.second - cause.initiated.first, cause.initiated.mean));
            }
        }
        let (initiated, shared) = sums(&design.causes);
        assert!(near(initiated, all) && near(shared, all), "{}: {initiated} {shared} {all}", design.design);
    }
    assert!(differ >= 6, "{differ}");
}

/// A scenario with edits.
fn edited(path: &str, edits: &[&str]) -> Model {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let edits: Vec<String> = edits.iter().map(|edit| (*edit).to_owned()).collect();
    let file = scenario_file(Path::new(path)).unwrap();
    load_extending(&file, &extended, &edits, &mut sources, &mut found).unwrap().model
}

/// Lost traffic, time above the limit of latency and data at risk: differences of what both runs report.
#[test]
fn figures_of_the_network_and_of_data_are_compared() {
    let (limit, slower) = ("journeys.talk.latency_limit=60ms", "cables.west.capacity=\"1.2 Tbps\"");
    let network = "tests/network_language.ron";
    let models = [edited(network, &[limit]), edited(network, &[limit, slower])];
    let found = compared(&[&models[0], &models[1]], 40, 3);
    let runs = models.each_ref().map(|model| common::play(model, 40, 3).1);
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()));
    let mut seen = 0;
    for difference in &found.designs[0].differences {
        if matches!(difference.figure, Quantity::Down | Quantity::LostRequests | Quantity::UserMinutesLost) {
            continue;
        }
        let mean = |run: &Summary| match difference.figure {
            Quantity::LostTraffic => {
                let traffic = &run.network.as_ref().unwrap().traffic;
                traffic.iter().find(|flow| flow.flow == difference.journey).unwrap().lost_share.mean
            }
            Quantity::AboveLatencyLimit => {
                let is_it = |j: &&JourneySummary| {
                    j.journey == difference.journey && j.population == difference.population
                };
                run.journeys.iter().find(is_it).unwrap().above_latency_limit_s.as_ref().unwrap().mean
            }
            other => panic!("{other:?}"),
        };
        let [first, second] = runs.each_ref().map(mean);
        assert!(near(difference.first, first) && near(difference.second, second), "{difference:?}");
        seen += usize::from(first > 0.0 && difference.difference.non_zero > 0);
    }
    assert!(seen >= 2, "{seen}");
    assert_eq!(found.tests, 2 * 3 + 2 + 3);
}

#[test]
fn data_at_risk_is_compared() {
    let copies = "tests/replication.ron";
    let models =
        [edited(copies, &[]), edited(copies, &["regions.eu.replicates=(to: \"gulf\", lag: \"10s\")"])];
    let found = compared(&[&models[0], &models[1]], 40, 3);
    let runs = models.each_ref().map(|model| common::play(model, 40, 3).1.data.unwrap());
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()));
    let (mut exposures, mut losses) = (0, 0);
    for difference in &found.designs[0].differences {
        let means = match difference.figure {
            Quantity::DataExposure => {
                exposures += 1;
                let of = |data: &DataSummary| {
                    data.copies.iter().find(|copy| copy.copy == difference.journey).unwrap().exposure_s.mean
                };
                runs.each_ref().map(of)
            }
            Quantity::DataLost => {
                losses += 1;
                let of = |data: &DataSummary| {
                    let loss = data.regions.iter().find(|loss| loss.region == difference.journey).unwrap();
                    loss.data_lost_s.as_ref().map_or(0.0, |lost| lost.mean * loss.loss_probability)
                };
                runs.each_ref().map(of)
            }
            _ => continue,
        };
        assert!(near(difference.first, means[0]) && near(difference.second, means[1]), "{difference:?}");
        assert_eq!(difference.population, "");
    }
    assert_eq!((exposures, losses), (2, 2));
    let changed = found.designs[0].differences.iter().find(|d| d.journey == "eu to gulf").unwrap();
    assert!(changed.worse > 0.9 && changed.verdict == Verdict::Worse, "{changed:?}");
}

#[test]
#[ignore = "minutes in release mode; see the top of the file"]
fn measure_paired_coverage() {
    println!("| pair | replications | difference | pairing | interval holds the difference |");
    println!("|---|---|---|---|---|");
    for (name, first, second) in pairs() {
        for replications in [200, 1_000] {
            let (covered, cut) = coverage(first, second, replications, SEEDS);
            let truth = (second.down_s() - first.down_s()) / 60.0;
            println!(
                "| {name} | {} | {truth:.1} min | x{cut:.1} | {:.1} % |",
                show_count(replications),
                100.0 * covered
            );
            assert!((0.93..=0.97).contains(&covered), "{name}: {covered}");
        }
    }
    let wrong = false_verdicts(200, SEEDS);
    println!("any verdict among 12 differences of equal systems: {:.1} %", 100.0 * wrong);
    assert!(wrong <= 0.06, "{wrong}");
}

/// A shop of three members, which a known flood takes down for `repair`.
fn flooded(capacity: &str, repair: &str) -> Model {
    let text = r#"Scenario(
        title: "A flood", start: "2026-01-01T00:00:00Z", horizon: "30d",
        zone_kinds: { "hall": () },
        regions: { "north": (zones: { "a": "hall", "b": "hall", "c": "hall" }) },
        services: {
            "shop": (scope: Regional, CAPACITY),
            "store": (scope: Regional, capacity: (total: "900/s")),
        },
        journeys: { "buy": (calls: ["shop", "store"]) },
        users: { "all": (count: 100, does: { "buy": "1/h" }) },
        hazards: { "flood": (occurs: At("1d"), strikes: { "halls": (targets: ["north/*"], repair: REPAIR) }) },
    )"#;
    let text = text.replace("CAPACITY", capacity).replace("REPAIR", repair);
    let mut found = Diagnostics::new();
    let loaded = load("text", &text, &[], &mut Sources::new(), &mut found);
    loaded.unwrap_or_else(|| panic!("{:?}", found.into_vec())).model
}

/// Three members of 100/s each; a total is what it says; without a capacity nothing limits it.
#[test]
fn total_capacity_is_told_apart_from_redundancy() {
    let base = flooded("capacity: (per_member: \"100/s\")", "\"4h\"");
    let text_against = |capacity: &str| {
        let comparison = compared(&[&base, &flooded(capacity, "\"4h\"")], 2, 1);
        let [shop, store] = comparison.designs[0].capacities.as_slice() else { panic!("two services") };
        assert_eq!((store.first, store.second), (Serves::UpTo(900.0), Serves::UpTo(900.0)));
        assert_eq!(shop.first, Serves::UpTo(300.0));
        (shop.second, comparison_text(&comparison, &[Vec::new()], WIDE))
    };
    let (same, text) = text_against("capacity: (total: \"300/s\")");
    assert_eq!(same, Serves::UpTo(300.0));
    assert!(text.contains("total capacity: the same in both"), "{text}");
    let (more, text) = text_against("capacity: (total: \"450/s\")");
    assert_eq!(more, Serves::UpTo(450.0));
    assert!(
        text.contains("total capacity changes, so what follows is an effect of size, too: shop can serve 450/s instead of 300/s"),
        "{text}"
    );
    assert!(text.contains("shop               300/s   450/s  1.500"), "{text}");
    let (any, text) = text_against("plane: Data");
    assert_eq!(any, Serves::AnyLoad);
    assert!(text.contains("shop can serve any load instead of 300/s"), "{text}");
}

/// Nothing is drawn: one replication is all of them.
#[test]
fn what_is_certain_needs_no_test() {
    let model = |repair: &str| flooded("plane: Data", repair);
    let (first, second) = (model("\"4h\""), model("\"3h\""));
    assert!(first.is_certain());
    let comparison = compared(&[&first, &second], 1, 1);
    let down = &comparison.designs[0].differences[0];
    assert_eq!((down.difference.mean, down.verdict), (-3600.0, Verdict::Better));
    assert_eq!((down.constant, down.p_value), (Some(Constant::Certain), 0.0));
    let text = comparison_text(&comparison, &[Vec::new()], WIDE);
    assert!(
        text.contains(
            "saves 60 min of buy downtime of all users in 30 d (exact: nothing in either is left to chance)"
        ),
        "{text}"
    );
    assert!(!text.contains("few events"), "{text}");
    assert_eq!(compared(&[&second, &first], 1, 1).designs[0].differences[0].verdict, Verdict::Worse);
    // What is drawn anywhere may make another replication another one.
    let chance = model("Uniform(\"3h\", \"3h\")");
    assert!(!chance.is_certain());
    let down = &compared(&[&first, &chance], 1, 1).designs[0].differences[0];
    assert_eq!((down.verdict, down.constant), (Verdict::NotDetected, None));
    // Three figures: 3 x 2 (1/2)^n is above 5 % for 6 replications and below for 7.
    for (replications, verdict) in [(6, Verdict::NotDetected), (7, Verdict::Better)] {
        let comparison = compared(&[&first, &chance], replications, 1);
        let down = &comparison.designs[0].differences[0];
        assert_eq!((down.verdict, down.constant), (verdict, Some(Constant::Seen)), "{replications}");
        let text = comparison_text(&comparison, &[Vec::new()], WIDE);
        assert!(text.contains("always the same") && !text.contains("exact:"), "{text}");
    }
}

/// A difference of 5e-9 in every replication is what adding up in another order makes.
#[test]
fn rounding_gets_no_verdict() {
    for (repair, verdict) in [("400000.002s", Verdict::NotDetected), ("400001s", Verdict::Worse)] {
        let models = ["\"400000s\"", &format!("\"{repair}\"")].map(|repair| flooded("plane: Data", repair));
        let found = compared(&[&models[0], &models[1]], 30, 1);
        for difference in found.designs[0].differences.iter().filter(|d| d.verdict != Verdict::Equal) {
            assert_eq!(difference.verdict, verdict, "{repair} {difference:?}");
        }
    }
}

/// Four machines with the same law: chance puts one of them first, and none is what the second crew saves time by. Intervals of two
/// of them overlap up to 2.8 standard errors of their difference, and six pairs in 12 runs are within that but for one or two.
#[test]
fn equal_causes_are_named_together() {
    let (_, first, second) = pairs()[2];
    let models = [first.model("m"), second.model("m")];
    let mut together = 0;
    for seed in 1..=12 {
        let text = comparison_text(&compared(&[&models[0], &models[1]], 300, seed), &[Vec::new()], WIDE);
        let because = text.lines().next().unwrap();
        assert!(!because.contains("because \"m0: trip\" initiates"), "{because}");
        let all = [
            "\"m0: trip\", \"m1: trip\", \"m2: trip\" and \"m3: trip\" together initiate",
            "mostly",
            "(100 %",
        ];
        together += usize::from(all.iter().all(|words| because.contains(words)));
    }
    assert!(together >= 10, "{together}");
}

/// A region is lost: whoever comes too many initiates the downtime, but without the loss there would be none.
#[test]
fn what_a_design_adds_is_named_among_its_causes() {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let file = scenario_file(Path::new("scenarios/claude-2026-03-02.ron")).unwrap();
    let loaded = load_extending(&file, &extended, &[], &mut sources, &mut found).unwrap();
    let lost = loaded.architectures.iter().find(|design| design.name.starts_with("B:")).unwrap();
    let comparison = compared(&[&loaded.model, &lost.model], 20, 1);
    let only: Vec<(&str, OnlyIn)> = comparison.designs[0]
        .causes
        .iter()
        .filter_map(|cause| Some((cause.cause.as_str(), cause.only_in?)))
        .collect();
    assert_eq!(only, [("remote region lost", OnlyIn::Design)]);
    let text = comparison_text(&comparison, &[Vec::new()], WIDE);
    assert!(text.contains("\"remote region lost\", only in the design, shares"), "{text}");
}
