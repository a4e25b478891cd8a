//! How often Student's interval of a skewed mean holds the truth, where Cochran's rule is silent and where it speaks.
//!
//! `cargo test --release --test tails -- --ignored --nocapture` measures the tables of docs/statistics.md with 2,000 seeds a
//! line. What runs by default is one small cell of them.

mod common;

use blackstart::law::Law;
use blackstart::random::{Replication, StreamName};
use blackstart::report::{Page, comparison_text, summary_text};
use blackstart::scenario::{Diagnostics, Sources, load};
use blackstart::stats::{Interval, MeanEstimate, Moments, student_factor, student_t};
use blackstart::study::{
    CONFIDENCE, Decision, Design, ENOUGH_EVENTS, Figure, Goal, Progress, RunOptions, StoppedBy,
    check_objectives, compare, is_precise, next_look, objectives, run_until, summarize,
};
use blackstart::units::show_count;
use common::over_seeds;

const SEEDS: u64 = 2_000;
/// A failure every 400 d in 90 d.
const RATE: f64 = 90.0 / 400.0;
/// That of `LogNormal(median: "10m", p90: "2h")`.
const SIGMA: f64 = 1.938_990;

/// Outages that begin by a Poisson process, as many in a replication on average, each of a length by this law.
struct Cell {
    name: &'static str,
    rate: f64,
    length: Law,
}

impl Cell {
    fn truth(&self) -> f64 {
        self.rate * self.length.mean()
    }

    /// The lengths of the outages of each replication.
    fn outages(&self, replications: std::ops::Range<u64>, seed: u64) -> Vec<Vec<f64>> {
        let gap = Law::exp(1.0 / self.rate).unwrap();
        let (gaps, lengths) = (StreamName::new("a", "gap"), StreamName::new("a", "length"));
        let play = |number: u64| {
            let replication = Replication::new(seed, number);
            let mut begins = (0..).scan(0.0, |at, k| {
                *at += gap.draw(replication.draw(gaps, k));
                Some(*at)
            });
            let count = begins.position(|at| at > 1.0).unwrap() as u32;
            (0..count).map(|k| self.length.draw(replication.draw(lengths, k))).collect()
        };
        replications.map(play).collect()
    }

    fn downtimes(&self, replications: std::ops::Range<u64>, seed: u64) -> Vec<f64> {
        self.outages(replications, seed).iter().map(|outages| outages.iter().sum()).collect()
    }
}

fn log_normal(name: &'static str, sigma: f64) -> Cell {
    Cell { name, rate: RATE, length: Law::log_normal(1.0, sigma).unwrap() }
}

fn cells() -> Vec<Cell> {
    let rare = RATE / 4.5;
    vec![
        Cell { name: "fixed, rare", rate: rare, length: Law::fixed(1.0).unwrap() },
        Cell { name: "exponential, rare", rate: rare, length: Law::exp(1.0).unwrap() },
        Cell { name: "exponential", rate: RATE, length: Law::exp(1.0).unwrap() },
        log_normal("log-normal, sigma 1", 1.0),
        log_normal("log-normal, sigma 1.94", SIGMA),
        log_normal("log-normal, sigma 2.5", 2.5),
    ]
}

fn holds(interval: Option<Interval>, truth: f64) -> bool {
    interval.is_some_and(|i| i.low <= truth && truth <= i.high)
}

/// What became of the interval in one run.
struct Outcome {
    has_interval: bool,
    speaks: bool,
    /// Of the interval that is given, and of others.
    holds: bool,
    student: bool,
    hall: bool,
    johnson: bool,
    /// The interval lies wholly nearer to 0 than the truth.
    understates: bool,
}

fn outcome(values: &[f64], truth: f64) -> Outcome {
    let estimate = MeanEstimate::of(values, CONFIDENCE);
    let moments: Moments = values.iter().copied().collect();
    let n = values.len() as f64;
    let spread = moments.variance().unwrap().sqrt();
    let skewness = values.iter().map(|x| (x - moments.mean()).powi(3)).sum::<f64>() / n / spread.powi(3);
    let (t, a) = ((moments.mean() - truth) * n.sqrt() / spread, skewness / n.sqrt());
    let factor = student_factor(values.len() as u64, CONFIDENCE).unwrap();
    // P. Hall, Journal of the Royal Statistical Society B 54 (1992) 221-228: a cubic that takes the skewness out of t.
    let hall = t + a * t * t / 3.0 + a * a * t.powi(3) / 27.0 + a / 6.0;
    // N. J. Johnson, Journal of the American Statistical Association 73 (1978) 536-544.
    let johnson = t + a / 6.0;
    Outcome {
        has_interval: estimate.interval.is_some(),
        speaks: estimate.skewed.is_some(),
        holds: holds(estimate.interval, truth),
        student: t.abs() <= factor,
        hall: hall.abs() <= factor,
        johnson: johnson.abs() <= factor,
        understates: estimate
            .interval
            .is_some_and(|i| if truth < 0.0 { i.low > truth } else { i.high < truth }),
    }
}

/// Shares in percent of runs with an interval.
struct Shares {
    few: f64,
    holds: f64,
    student: f64,
    speaks: f64,
    silent_holds: Option<f64>,
    speaks_holds: Option<f64>,
    wrong_in_silence: f64,
    understates: f64,
    hall: f64,
    johnson: f64,
}

fn shares(all: &[Outcome]) -> Shares {
    let with: Vec<&Outcome> = all.iter().filter(|o| o.has_interval).collect();
    let part = |of: &dyn Fn(&Outcome) -> bool| {
        100.0 * with.iter().filter(|o| of(o)).count() as f64 / with.len().max(1) as f64
    };
    let speaks = part(&|o| o.speaks);
    let given = |speaking: bool, share: f64| {
        (share > 0.0).then(|| 100.0 * part(&|o| o.speaks == speaking && o.holds) / share)
    };
    Shares {
        few: 100.0 - 100.0 * with.len() as f64 / all.len() as f64,
        holds: part(&|o| o.holds),
        student: part(&|o| o.student),
        speaks,
        silent_holds: given(false, 100.0 - speaks),
        speaks_holds: given(true, speaks),
        wrong_in_silence: part(&|o| !o.speaks && !o.holds),
        understates: part(&|o| o.understates),
        hall: part(&|o| o.hall),
        johnson: part(&|o| o.johnson),
    }
}

fn print_line(name: &str, replications: u64, s: &Shares) {
    let given = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{share:.1} %"));
    let few = if s.few > 0.0 { format!("{:.1} %", s.few) } else { "-".to_owned() };
    println!(
        "| {name} | {} | {few} | {:.1} % | {:.1} % | {:.1} % | {:.1} % | {} | {} | {:.1} % | {:.1} % | {:.1} % |",
        show_count(replications),
        s.student,
        s.johnson,
        s.hall,
        s.speaks,
        given(s.silent_holds),
        given(s.speaks_holds),
        s.wrong_in_silence,
        s.understates,
        s.holds
    );
}

const HEAD: &str = "| length of outages | replications | few events | Student | Johnson | Hall | rule speaks | holds, silent | holds, speaking | wrong in silence | too small | given interval |
|---|---|---|---|---|---|---|---|---|---|---|---|";

/// Of all runs at most so many have an interval that is wrong and no word of it, beyond the 5 % of a true 95 % interval: measured 5.9 %
/// at most, and the standard error with 2,000 seeds is 0.5 %.
const WRONG_IN_SILENCE: f64 = 7.0;

/// The docs' own example of a repair, 1,000 replications of 0.225 outages: 82 % of Student's intervals hold the truth and 91 % of
/// Hall's, and the rule speaks in 99.9 %.
///
/// With 200 seeds, standard errors at 82 %, 91 % and 99 % are 2.7 %, 2.0 % and 0.7 %; three of them are allowed.
#[test]
fn a_heavy_tail_is_told() {
    let cell = log_normal("", SIGMA);
    let all = over_seeds(200, |seed| outcome(&cell.downtimes(0..1_000, seed), cell.truth()));
    let shares = shares(&all);
    assert!(shares.student < 82.0 + 3.0 * 2.7, "{}", shares.student);
    assert!(shares.speaks > 99.0 - 3.0 * 0.7, "{}", shares.speaks);
    assert!(shares.holds > 91.0 - 3.0 * 2.0, "{}", shares.holds);
}

/// One part whose repairs are those of the docs' example.
fn scenario(failures: &str) -> blackstart::model::Model {
    let text = format!(
        r#"Scenario(title: "Heavy", start: "2026-01-01T00:00:00Z", horizon: "90d",
        zone_kinds: {{ "hall": (failures: {{ {failures} }}) }},
        regions: {{ "north": (zones: {{ "a": "hall" }}) }},
        services: {{ "shop": (scope: Regional, spread: Quorum(1)) }},
        journeys: {{ "buy": (calls: ["shop"], objective: (availability: "99.9%", shortest_outage: "0s")) }},
        users: {{ "town": (count: 100, does: {{ "buy": "6/h" }}) }})"#
    );
    load("heavy.ron", &text, &[], &mut Sources::new(), &mut Diagnostics::new()).unwrap().model
}

/// What is skewed is said in the sentence and under the table, no precision is reached, and no gate passes.
#[test]
fn reports_and_gates_heed_it() {
    const WORDS: &str = "few long outages";
    let heavy = scenario(r#""loss": (every: Exp("400d"), repair: LogNormal(median: "10m", p90: "2h"))"#);
    let options = RunOptions { replications: 1_000, seed: 1, threads: 0, curve_points: 0 };
    let goals = [Goal { figure: Figure::Largest, relative: 10.0 }];
    let output = run_until(&heavy, options, &goals, &Progress::default()).unwrap();
    let summary = summarize(&heavy, &output);
    assert_eq!(summary.stopped_by, StoppedBy::Replications, "ten times the mean is not reached either");
    let text = summary_text(&summary, Page::PLAIN);
    assert_eq!(text.replace("\n  ", " ").matches(WORDS).count(), 3, "{text}");
    let json = serde_json::to_string(&summary).unwrap();
    assert!(json.contains("\"replications_needed\":") && json.contains("\"skewed\":true"), "{json}");
    let checks = check_objectives(&heavy, &output, &objectives(&heavy));
    let skewed: Vec<_> = checks.iter().filter(|check| check.skewed).collect();
    assert!(!skewed.is_empty() && skewed.iter().all(|check| check.decision == Decision::Undecided));
    let calm = scenario("");
    let designs = [("heavy", &heavy), ("calm", &calm)].map(|(name, model)| Design { name, model });
    let found = compare(&designs, options, &[], &Progress::default()).unwrap();
    let text = comparison_text(&found, &[vec![]], Page::PLAIN);
    assert_eq!(text.replace("\n  ", " ").matches(WORDS).count(), 2, "{text}");
}

/// Exponential repairs with as many events say nothing of the kind.
#[test]
fn what_is_known_well_has_no_note() {
    let calm = scenario(r#""loss": (every: Exp("40d"), repair: Exp("1h"))"#);
    let options = RunOptions { replications: 1_000, seed: 1, threads: 0, curve_points: 0 };
    let summary = summarize(&calm, &run_until(&calm, options, &[], &Progress::default()).unwrap());
    assert_eq!(summary.journeys[0].down_s.skewed, None);
    assert!(!summary_text(&summary, Page::PLAIN).contains("few long"));
}

#[test]
#[ignore = "a minute in release mode; see the top of the file"]
fn measure_skewed_means() {
    println!("{HEAD}");
    for cell in cells() {
        for replications in [100, 200, 1_000, 10_000] {
            let all = over_seeds(SEEDS, |seed| outcome(&cell.downtimes(0..replications, seed), cell.truth()));
            let shares = shares(&all);
            if shares.few < 90.0 {
                print_line(cell.name, replications, &shares);
                assert!(shares.wrong_in_silence <= WRONG_IN_SILENCE);
            }
        }
    }
}

/// A design whose outages are half as long on the same draws, and one that is equal to the baseline but for its draws.
#[test]
#[ignore = "a minute in release mode; see the top of the file"]
fn measure_skewed_differences() {
    println!("{HEAD}");
    for cell in [&cells()[2], &cells()[4]] {
        for replications in [200, 1_000, 10_000] {
            let all = over_seeds(SEEDS, |seed| {
                let first = cell.downtimes(0..replications, seed);
                let second = cell.downtimes(0..replications, seed + 1_000_000);
                let shorter: Vec<f64> = first.iter().map(|down| -0.5 * down).collect();
                let equal: Vec<f64> = first.iter().zip(&second).map(|(a, b)| b - a).collect();
                (outcome(&shorter, -0.5 * cell.truth()), outcome(&equal, 0.0))
            });
            let (shorter, equal): (Vec<Outcome>, Vec<Outcome>) = all.into_iter().unzip();
            for (what, outcomes) in [("half as long", shorter), ("equal", equal)] {
                let shares = shares(&outcomes);
                print_line(&format!("{}: {what}", cell.name), replications, &shares);
                assert!(shares.wrong_in_silence <= WRONG_IN_SILENCE);
            }
        }
    }
}

/// Replications, interval, and whether it was precise, of a run that ends at the first look that finds it so.
fn stopped(cell: &Cell, precision: f64, seed: u64, heeds: bool) -> (u64, Option<Interval>, bool) {
    const LIMIT: u64 = 1_000_000;
    let (mut values, mut look) = (Vec::new(), 512);
    loop {
        values.extend(cell.downtimes(values.len() as u64..look, seed));
        let estimate = MeanEstimate::of(&values, CONFIDENCE);
        let student = || student_t(&values.iter().copied().collect(), CONFIDENCE);
        let heard =
            if heeds { estimate } else { MeanEstimate { skewed: None, interval: student(), ..estimate } };
        let reached = is_precise(&heard, precision);
        if reached || look >= LIMIT {
            return (look, heard.interval, reached);
        }
        look = next_look(look).min(LIMIT);
    }
}

#[test]
#[ignore = "a minute in release mode; see the top of the file"]
fn measure_skewed_precision() {
    println!(
        "| length of outages | precision | without the rule: replications, mean | holds the truth \
         | with the rule: replications, mean | reached | holds the truth where reached |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (cell, precisions) in [
        (&cells()[2], &[0.2, 0.1][..]),
        (&cells()[3], &[0.2, 0.1]),
        (&cells()[4], &[0.5, 0.2, 0.1]),
        (&cells()[5], &[0.5]),
    ] {
        for precision in precisions {
            let both = [false, true].map(|heeds| {
                let runs = over_seeds(500, |seed| stopped(cell, *precision, seed, heeds));
                let played = runs.iter().map(|(n, ..)| *n as f64).sum::<f64>() / runs.len() as f64;
                let reached: Vec<_> = runs.iter().filter(|(.., reached)| *reached).collect();
                let held = reached.iter().filter(|(_, interval, _)| holds(*interval, cell.truth())).count();
                let percent = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
                let (all, ended) = (runs.len(), reached.len());
                (show_count(played.round() as u64), percent(ended, all), percent(held, ended))
            });
            let [(before, _, held_before), (after, reached, held_after)] = both;
            println!(
                "| {} | {:.0} % | {before} | {held_before:.1} % | {after} | {reached:.1} % | {held_after:.1} % |",
                cell.name,
                100.0 * precision
            );
        }
    }
    assert_eq!(ENOUGH_EVENTS, 100, "the table is of this rule");
}
