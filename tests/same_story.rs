//! The engine and the reference engine tell the same story, instant by instant.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, clippy::print_stderr)]

mod reference;

use blackstart::law::Law;
use blackstart::model::{Builder, ComponentDraft, Expression, Kind, ModeDraft, Model};
use blackstart::time::{MICROS_PER_HOUR, SimSpan, SimTime};

const H: f64 = MICROS_PER_HOUR as f64;

fn assert_same_story(model: &Model, seed: u64, replications: u64) -> usize {
    (0..replications)
        .map(|r| reference::first_difference(model, seed, r).unwrap_or_else(|d| panic!("{}", d.0)))
        .sum()
}

fn hours(h: f64) -> SimTime {
    SimTime::from_micros((h * H) as i64)
}

#[test]
fn one_component() {
    let mut b = Builder::new("one", hours(1000.0));
    let zone = b.component(ComponentDraft::new("zone", Kind::Zone).failing(ModeDraft::down(
        "outage",
        Law::exp(50.0 * H).unwrap(),
        Law::exp(5.0 * H).unwrap(),
    )));
    let unit = b.component(ComponentDraft::new("api", Kind::Unit).needing(Expression::Level(zone)));
    b.watched_by_users(unit, SimSpan::ZERO);
    let n = assert_same_story(&b.build().unwrap(), 1, 3);
    assert!(n > 20);
}

/// A survey of where the engines part over many random models (for work on the reference).
#[test]
fn survey() {
    let from: u64 = std::env::var("FROM").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
    let to: u64 = std::env::var("TO").ok().and_then(|s| s.parse().ok()).unwrap_or(50);
    let (mut built, mut same, mut instants, mut shown) = (0, 0, 0, 0);
    for seed in from..to {
        let Some(model) = reference::random_model(seed) else { continue };
        built += 1;
        let t = std::time::Instant::now();
        match reference::first_difference(&model, 1, 0) {
            Ok(n) => {
                same += 1;
                instants += n;
            }
            Err(d) => {
                shown += 1;
                if shown <= 3 {
                    eprintln!("{}", d.0);
                } else {
                    eprintln!("{}", d.0.lines().take(3).collect::<Vec<_>>().join("\n"));
                }
            }
        }
        if t.elapsed().as_secs_f64() > 1.0 {
            eprintln!("slow: {seed} {:?}", t.elapsed());
        }
    }
    eprintln!("built {built} same {same} instants {instants}");
}
