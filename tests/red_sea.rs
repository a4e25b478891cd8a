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

/// Share of each flow that is lost, by name.
fn lost_of(model: &Model, figures: &Figures, name: &str) -> f64 {
    let number = model.network.traffic.iter().position(|flow| flow.name == name).unwrap();
    let flow = figures.network.flows[number];
    flow.lost_bits / flow.sent_bits
}

/// The longest latency of the way of that name, ms one way.
fn latency_of(model: &Model, figures: &Figures, name: &str) -> f64 {
    let is_it = |path: &&blackstart::model::Path| model.components[path.component.index()].name == name;
    let number = model.network.paths.iter().position(|path| is_it(&path)).unwrap();
    latencies(figures)[number]
}

/// AAE-1 is the widest of the cables: without it calls from Europe to Mumbai go round the Cape, and nothing is lost beyond
/// the minutes until routes have converged. No other cable alone costs more than half a percent of traffic.
#[test]
fn one_cable_costs_latency_and_no_traffic() {
    let whole = with("{}");
    // Calls of the scenario's users share cables that background traffic fills at its peak.
    assert!(lost(&figures(&whole)) < 1e-6);
    let before = latency_of(&whole, &figures(&whole), "users europe to region ap-south-1");
    let names = cables(&whole);
    assert!(names.len() >= 8, "{names:?}");
    for cable in &names {
        let model = cut(&format!("\"{cable}/*\""));
        let after = figures(&model);
        assert!(lost(&after) < 0.005, "{cable}: {}", lost(&after));
        if cable == "aae-1" {
            assert!(lost(&after) < 1e-4, "{}", lost(&after));
            let round_the_cape = latency_of(&model, &after, "users europe to region ap-south-1");
            assert!(round_the_cape > 2.0 * before, "{round_the_cape} ms after {before} ms");
        }
    }
}

/// All of the strait: a fifth of all traffic is lost, what hangs on the Red Sea altogether, and calls from the Gulf to Europe
/// take twice as long or longer, though every server stands.
#[test]
fn a_corridor_costs_traffic_and_latency() {
    let model = cut("\"bab-el-mandeb\"");
    let after = figures(&model);
    assert!(lost(&after) > 0.15, "{}", lost(&after));
    for cut_off in ["europe to djibouti", "europe to east africa", "europe to pakistan"] {
        assert!(lost_of(&model, &after, cut_off) > 0.95, "{cut_off}");
    }
    assert!(lost_of(&model, &after, "europe to saudi arabia") < 0.01);
    let before = latency_of(&model, &figures(&with("{}")), "users gulf to region eu-central-1");
    let round = latency_of(&model, &after, "users gulf to region eu-central-1");
    assert!(round > 2.0 * before, "{round} ms after {before} ms");
}

/// Four branches lead to Djibouti: any one of them carries all that it needs, and without them it is cut off.
#[test]
fn what_has_no_other_way_is_isolated() {
    let branches =
        ["seamewe-5", "eig", "aae-1", "seacom"].map(|name| format!("\"{name}/{name} aden-djibouti\""));
    for kept in 0..branches.len() {
        let others = branches.iter().enumerate().filter(|(number, _)| *number != kept);
        let model = cut(&others.map(|(_, branch)| branch.as_str()).collect::<Vec<_>>().join(", "));
        let lost = lost_of(&model, &figures(&model), "europe to djibouti");
        assert!(lost < 0.01, "with {} alone: {lost}", branches[kept]);
    }
    let model = cut(&branches.join(", "));
    assert!(lost_of(&model, &figures(&model), "europe to djibouti") > 0.98);
}

/// With the strait cut, ways to Djibouti are left, even without the cable to the south; it is their room that others take.
#[test]
fn what_comes_late_finds_the_other_way_full() {
    let mut model = cut("\"bab-el-mandeb\", \"seacom/*\"");
    assert!(lost_of(&model, &figures(&model), "europe to djibouti") > 0.98);
    model.network.traffic.retain(|flow| flow.name == "europe to djibouti");
    let alone = lost_of(&model, &figures(&model), "europe to djibouti");
    assert!(alone < 1e-4, "{alone}");
}

/// The cuts of 24 February 2024 and one ship: permits run side by side, the ship takes one cable after the other.
#[test]
fn the_second_and_third_repair_wait_for_the_ship() {
    let cuts = "\"aae-1/aae-1 aden-aae-1 hanish\", \"eig/eig aden-eig hanish\", \"seacom/seacom aden-seacom hanish\"";
    let mut model = with(&format!(
        "{{\"cut\": (occurs: At(\"1d\"), strikes: {{\"cut\": (targets: [{cuts}], each: true, repair: (crew: \"cable ship\"))}})}}"
    ));
    model.horizon = blackstart::time::SimTime::from_micros(400 * blackstart::time::MICROS_PER_DAY);
    // Repairs do not depend on what the cables carry.
    model.network.traffic.clear();
    model.network.bits_per_call.clear();
    let days = |ships: u32| -> Vec<[f64; 3]> {
        let mut model = model.clone();
        model.crews.iter_mut().for_each(|crew| crew.size = ships);
        (0..200).map(|number| repair_days(&model, number)).collect()
    };
    let (one, three) = (days(1), days(3));
    for (alone, together) in one.iter().zip(&three) {
        // The same permits, voyages and work: whoever waits for a ship is later, and nobody is earlier.
        assert!(alone.iter().zip(together).all(|(a, t)| a >= t), "{alone:?} {together:?}");
    }
    let mean = |list: &[[f64; 3]], k: usize| list.iter().map(|days| days[k]).sum::<f64>() / list.len() as f64;
    // Sorted by length: the last waits longest. A voyage and its work take 13 days in the mean.
    assert!(mean(&one, 2) > mean(&three, 2) + 5.0, "{} {}", mean(&one, 2), mean(&three, 2));
    // Published repairs of several cables in conflict-free waters took 23 to 57 days, near Yemen up to 150: weeks, out of permits,
    // voyages and work alone.
    let mut all: Vec<f64> = three.into_iter().flatten().collect();
    all.sort_by(f64::total_cmp);
    let median = all[all.len() / 2];
    println!("median repair {median:.1} d, 10 to 90 %: {:.1} to {:.1} d", all[60], all[540]);
    assert!((14.0..60.0).contains(&median), "{median}");
}

/// Days that the three cut segments were out, shortest first.
fn repair_days(model: &Model, number: u64) -> [f64; 3] {
    let mut meter = Meter::new(model, 0);
    Engine::new(model).replicate(Replication::new(1, number), &mut meter).unwrap();
    let down = meter.take().component_down;
    let day = blackstart::time::MICROS_PER_DAY as f64;
    let segments =
        model.components.iter().zip(&down).filter(|(c, d)| c.kind == Kind::Segment && d.micros() > 0);
    let mut days: Vec<f64> = segments.map(|(_, d)| d.micros() as f64 / day).collect();
    days.sort_by(f64::total_cmp);
    days.try_into().unwrap()
}
