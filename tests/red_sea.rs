//! The cables through the Red Sea: what one cable costs, what a corridor costs, what repairs wait for.
//!
//! Each test plays the shipped scenario with its random failures taken out and one event put in.
#![allow(clippy::unwrap_used, reason = "a scenario that cannot be read is a failed test")]

use std::collections::BTreeSet;

use blackstart::engine::Engine;
use blackstart::law::Law;
use blackstart::measure::{Figures, Meter};
use blackstart::model::{Kind, Model};
use blackstart::random::Replication;
use blackstart::scenario::{Diagnostics, Sources, load};

const TEXT: &str = include_str!("../scenarios/red-sea.ron");

/// The scenario without failures, and with one hazard.
fn with(hazards: &str) -> Model {
    let mut found = Diagnostics::new();
    let edits = [format!("hazards={hazards}"), "horizon=60d".to_owned()];
    let loaded = load("red-sea.ron", TEXT, &edits, &mut Sources::new(), &mut found);
    let mut model = loaded.unwrap_or_else(|| panic!("{:?}", found.into_vec())).model;
    model.modes.iter_mut().for_each(|mode| mode.every = Law::NEVER);
    model
}

fn figures(model: &Model) -> Figures {
    let mut meter = Meter::new(model, 0);
    Engine::new(model).replicate(Replication::new(1, 0), &mut meter).unwrap();
    meter.take()
}

fn cut(targets: &str) -> Model {
    with(&format!(
        "{{\"cut\": (occurs: At(\"1d\"), strikes: {{\"cut\": (targets: [{targets}], repair: Never)}})}}"
    ))
}

/// Names of all cables.
fn cables(model: &Model) -> BTreeSet<String> {
    let segments = model.components.iter().filter(|c| c.kind == Kind::Segment);
    segments.filter_map(|c| c.name.split_once('/')).map(|(cable, _)| cable.to_owned()).collect()
}

fn lost(figures: &Figures) -> f64 {
    figures.network.flows.iter().map(|f| f.lost_bits).sum::<f64>()
        / figures.network.flows.iter().map(|f| f.sent_bits).sum::<f64>()
}

/// Longest latency of each path, ms one way.
fn latencies(figures: &Figures) -> Vec<f64> {
    let longest = figures.network.paths.iter().map(|p| p.time_at.keys().next_back());
    longest.map(|nanos| nanos.map_or(f64::NAN, |n| *n as f64 / 1e6)).collect()
}

#[test]
fn explore() {
    let whole = with("{}");
    let base = figures(&whole);
    println!("whole: lost {:.4}, {:?}", lost(&base), latencies(&base));
    for cable in cables(&whole) {
        let f = figures(&cut(&format!("\"{cable}/*\"")));
        println!("{cable}: lost {:.4}, {:?}", lost(&f), latencies(&f));
    }
    for corridor in ["bab-el-mandeb", "gulf of suez", "hormuz", "saudi waters", "indian waters"] {
        let f = figures(&cut(&format!("\"{corridor}\"")));
        println!("{corridor}: lost {:.4}, {:?}", lost(&f), latencies(&f));
        for (flow, x) in f.network.flows.iter().zip(&whole.network.traffic) {
            println!("   {} {:.3}", x.name, flow.lost_bits / flow.sent_bits);
        }
    }
}
