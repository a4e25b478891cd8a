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
    let (mut built, mut same, mut instants) = (0, 0, 0);
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
                let full = std::env::var("FULL").is_ok();
                if full { eprintln!("{}", reference::describe(&model)); }
                let lines = d.0.lines().take_while(|l| full || !l.starts_with("before") && !l.starts_with("engine,"));
                eprintln!("{}", lines.take(if full { 999 } else { 4 }).collect::<Vec<_>>().join("\n"));
            }
        }
        if t.elapsed().as_secs_f64() > 1.0 {
            eprintln!("slow: {seed} {:?}", t.elapsed());
        }
    }
    eprintln!("built {built} same {same} instants {instants}");
}

#[test]
fn dbg_start() {
    use blackstart::model::*;
    use blackstart::random::*;
    let mut b = Builder::new("one", hours(1000.0));
    let a = b.component(
        ComponentDraft::new("a", Kind::Part)
            .failing(ModeDraft::down("outage", Law::fixed(50.0 * H).unwrap(), Law::fixed(5.0 * H).unwrap())),
    );
    let mut s = ComponentDraft::new("s", Kind::Part);
    s.standby = Some(StandbyDraft {
        starts_in: Law::ZERO,
        fails_to_start: 1.0,
        dormancy: 0.0,
        repair: RepairDraft::of(Law::exp(2.0 * H).unwrap()),
    });
    let s = b.component(s);
    let need = Expression::Need(Box::new(Need {
        on: Expression::Any(vec![Expression::Level(a), Expression::Level(s)]),
        at_least: None,
        holdover: None,
        otherwise: 0.0,
    }));
    let unit = b.component(ComponentDraft::new("api", Kind::Unit).needing(need));
    b.watched_by_users(unit, SimSpan::ZERO);
    let m = b.build().unwrap();
    for k in 0..4 {
        let d = Replication::new(1, 0).draw(StreamName::new("s: start", "work"), k);
        eprintln!("{k} {}", hours(50.0) + SimSpan::from_micros_f64(Law::exp(2.0 * H).unwrap().draw(d)));
    }
    eprintln!("{}", reference::first_difference(&m, 1, 0).unwrap_err().0);
}
