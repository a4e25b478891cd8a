//! Speed of placement: `cargo bench --bench network`.
//!
//! 120 sites on a ring with 80 chords, so 200 edges, and 50 flows between sites that are drawn with a fixed seed: 1 to
//! 2 Tbps each where an edge carries 4, so that some need a second way. Eight places with a path between any two.

use std::hint::black_box;

use blackstart::engine::Engine;
use blackstart::engine::network::{Levels, Topology, UserLoad, drops, place};
use blackstart::law::Law;
use blackstart::measure::Meter;
use blackstart::model::{
    Builder, CompId, ComponentDraft, Expression, Flow, Kind, ModeDraft, Model, PathId, PlaceId, Profile,
    SiteId,
};
use blackstart::random::Replication;
use blackstart::time::{MICROS_PER_HOUR, SimSpan, SimTime};
use divan::Bencher;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

const SITES: usize = 120;
const EDGES: usize = 200;
const FLOWS: usize = 50;
const PLACES: usize = 8;

fn main() {
    divan::main();
}

fn model() -> Model {
    let mut builder = Builder::new("ring with chords", SimTime::from_micros(1));
    add_network(&mut builder);
    builder.build().unwrap()
}

/// Adds the network; its first edge is returned.
fn add_network(builder: &mut Builder) -> CompId {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let sites: Vec<_> = (0..SITES)
        .map(|i| {
            let component = builder.component(ComponentDraft::new(format!("site {i}"), Kind::Site));
            builder.site(component)
        })
        .collect();
    let mut any_site = || sites[rng.random_range(0..SITES)];
    let mut first = None;
    for i in 0..EDGES {
        let (ends, latency) = if i < SITES {
            ((sites[i], sites[(i + 1) % SITES]), 2_000_000 + 10_000 * (i as u64 % 7))
        } else {
            ((any_site(), any_site()), 15_000_000 + 100_000 * (i as u64 % 11))
        };
        let component = builder.component(ComponentDraft::new(format!("edge {i}"), Kind::Link));
        builder.edge(component, ends, 4e12, latency);
        first = first.or(Some(component));
    }
    for i in 0..FLOWS {
        let (from, to): (SiteId, SiteId) = (any_site(), any_site());
        let name = format!("flow {i}");
        let (rate, profile) = (1e12 + 1e11 * (i % 10) as f64, Profile::Flat);
        builder.flow(Flow { name, from, to, rate, profile, priority: 0 });
    }
    for i in 0..PLACES {
        builder.place(format!("place {i}"), vec![(any_site(), 0), (any_site(), 1_000_000)]);
    }
    for from in 0..PLACES {
        for to in (0..PLACES).filter(|to| *to != from) {
            builder.path(PlaceId::at(from), PlaceId::at(to));
        }
    }
    first.unwrap()
}

/// A year of 98 of 100 parts, beside the network or without it; with it one edge may be cut again and again.
fn year(network: bool, cuts: bool) -> Model {
    let mut builder = Builder::new("a year", SimTime::from_micros(8_760 * MICROS_PER_HOUR));
    let hour = MICROS_PER_HOUR as f64;
    let mode = |every: f64, repair: f64| {
        ModeDraft::down("failure", Law::exp(every * hour).unwrap(), Law::exp(repair * hour).unwrap())
    };
    let parts: Vec<CompId> = (0..100)
        .map(|i| {
            builder
                .component(ComponentDraft::new(format!("part {i}"), Kind::Part).failing(mode(1_000.0, 5.0)))
        })
        .collect();
    let support = Expression::AtLeast(98, parts.into_iter().map(Expression::Level).collect());
    let unit = builder.component(ComponentDraft::new("system", Kind::Unit).needing(support));
    builder.watched_by_users(unit, SimSpan::ZERO);
    if network {
        let edge = add_network(&mut builder);
        if cuts {
            builder.component_mut(edge).modes.push(mode(6.0, 2.0));
        }
    }
    builder.build().unwrap()
}

/// Replications of a year, with all measures: how much a network adds in which nothing changes, and one of which an edge
/// goes and comes some 2,000 times, so that its two placements are remembered.
#[divan::bench(args = ["no network", "no edge changes", "one edge comes and goes"])]
fn replicate(bencher: Bencher<'_, '_>, what: &str) {
    let model = year(what != "no network", what == "one edge comes and goes");
    let mut engine = Engine::new(&model);
    let mut meter = Meter::new(&model, 0);
    let mut number = 0;
    bencher.bench_local(|| {
        number += 1;
        engine.replicate(Replication::new(1, number), &mut meter).unwrap();
        meter.take()
    });
}

/// With some edges out.
fn levels(cut: usize) -> Levels {
    let edges = (0..EDGES).map(|i| if i % 40 == 5 && i / 40 < cut { 0.0 } else { 1.0 }).collect();
    Levels { sites: vec![1.0; SITES], edges }
}

fn rates(model: &Model) -> Vec<f64> {
    model.network.traffic.iter().map(|flow| flow.rate).collect()
}

#[divan::bench]
fn lay_out(bencher: Bencher<'_, '_>) {
    let model = model();
    bencher.bench_local(|| Topology::new(black_box(&model)));
}

#[divan::bench(args = [0, 3])]
fn place_anew(bencher: Bencher<'_, '_>, cut: usize) {
    let model = model();
    let (topology, levels, rates) = (Topology::new(&model), levels(cut), rates(&model));
    bencher.bench_local(|| place(black_box(&topology), &levels, &rates));
}

/// With 10 Gbps of users on each path.
#[divan::bench(args = [0, 3])]
fn drop_with_edges_cut(bencher: Bencher<'_, '_>, cut: usize) {
    let model = model();
    let (topology, levels) = (Topology::new(&model), levels(cut));
    let placement = place(&topology, &levels, &rates(&model));
    let user = |path| UserLoad { path: PathId::at(path), rate: 1e10, priority: 0 };
    let users: Vec<_> = (0..model.network.paths.len()).map(user).collect();
    bencher.bench_local(|| drops(black_box(&topology), &levels, &placement, &users));
}
