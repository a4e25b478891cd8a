//! scenarios/tutorial/09-metastable.ron: an outage that outlives its cause, and what ends it.
#![allow(clippy::unwrap_used, reason = "a scenario that cannot be read is a failed test")]

use blackstart::engine::Engine;
use blackstart::measure::{Figures, Meter};
use blackstart::model::Model;
use blackstart::random::Replication;
use blackstart::scenario::{Diagnostics, Loaded, Sources, load};

fn loaded(edits: &[&str]) -> Loaded {
    let text = include_str!("../scenarios/tutorial/09-metastable.ron");
    let edits: Vec<String> = edits.iter().map(|e| (*e).to_owned()).collect();
    load("09-metastable.ron", text, &edits, &mut Sources::new(), &mut Diagnostics::new()).unwrap()
}

fn figures(model: &Model) -> Figures {
    let mut meter = Meter::new(model, 0);
    Engine::new(model).replicate(Replication::new(1, 0), &mut meter).unwrap();
    meter.take()
}

fn down_minutes(model: &Model) -> f64 {
    figures(model).usages[0].down.micros() as f64 / 60e6
}

fn with(name: &str) -> f64 {
    down_minutes(&loaded(&[]).architectures.iter().find(|a| a.name == name).unwrap().model)
}

/// 90 requests a second of 100; tries after failures make 307 of them, of which 33 are served: x = 90 (1 + f + f^2 + f^3), f = 1 -
/// (100/x)^2.
#[test]
fn ten_minutes_that_never_end() {
    let figures = figures(&loaded(&[]).model);
    assert!(figures.usages[0].censored);
    // From 9:00 to midnight.
    assert_eq!(figures.usages[0].down.micros() as f64 / 60e6, 15.0 * 60.0);
}

#[test]
fn without_the_dip_nothing_happens() {
    assert_eq!(down_minutes(&loaded(&["hazards={}"]).model), 0.0);
}

/// 10 min until somebody looks, 20 to decide, 5 to apply; then the waiting tries drain.
#[test]
fn turning_users_away_ends_it() {
    let down = with("operators turn users away");
    assert!((35.0..60.0).contains(&down), "{down} min");
}

/// Tries for one in ten that succeed are 99 requests a second at most: less than the capacity.
#[test]
fn with_a_retry_budget_the_same_dip_heals() {
    let down = with("a retry budget");
    assert!((10.0..12.0).contains(&down), "{down} min");
}
