//! Speed of the engine: `cargo bench`.
//!
//! The model is 98 of 100: exponential failures of mean 1000 h, lognormal repairs of median 4 h and sigma 0.8, over
//! 8,760 h. What it is compared with is the least that could compute its unavailability: a binary heap, rand_distr and
//! xoshiro256++ in a loop. The ratio printed at the end is measured in turn in one run: quote that, not the times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;

use blackstart::engine::{Blind, Engine};
use blackstart::law::Law;
use blackstart::measure::Meter;
use blackstart::model::{Builder, ComponentDraft, Expression, Kind, ModeDraft, Model, Need};
use blackstart::random::Replication;
use blackstart::time::{MICROS_PER_HOUR, SimSpan, SimTime};
use divan::Bencher;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Exp, LogNormal};

const HOUR: f64 = MICROS_PER_HOUR as f64;
const HORIZON_HOURS: f64 = 8_760.0;
/// Transitions of one replication, on average (known answer).
const TRANSITIONS: u64 = 1_742;

fn main() {
    divan::main();
    // With a filter on the command line only what it names is measured.
    if !std::env::args().skip(1).any(|a| !a.starts_with('-')) {
        report_ratio();
    }
}

fn model(components: usize, needed: usize) -> Model {
    let horizon = SimTime::from_micros((HORIZON_HOURS * HOUR) as i64);
    let mut builder = Builder::new("98 of 100", horizon);
    let every = Law::exp(1000.0 * HOUR).unwrap();
    let repair = Law::log_normal(4.0 * HOUR, 0.8).unwrap();
    let parts: Vec<_> = (0..components)
        .map(|i| {
            let mode = ModeDraft::down("failure", every.clone(), repair.clone());
            builder.component(ComponentDraft::new(format!("part {i}"), Kind::Part).failing(mode))
        })
        .collect();
    let on = Expression::AtLeast(needed, parts.into_iter().map(Expression::Level).collect());
    let need = Expression::Need(Box::new(Need { on, at_least: None, holdover: None, otherwise: 0.0 }));
    let unit = builder.component(ComponentDraft::new("system", Kind::Unit).needing(need));
    builder.watched_by_users(unit, SimSpan::ZERO);
    builder.build().unwrap()
}

/// The plain loop; returns the share of time with fewer than `needed` parts up.
fn plain(components: usize, needed: usize, rng: &mut Xoshiro256PlusPlus) -> f64 {
    let every = Exp::new(1.0 / 1000.0).unwrap();
    let repair = LogNormal::new(libm::log(4.0), 0.8).unwrap();
    let mut heap = BinaryHeap::with_capacity(components);
    let key = |time: f64| Reverse(time.to_bits());
    for part in 0..components {
        heap.push((key(every.sample(rng)), part as u32));
    }
    let mut up = vec![true; components];
    let (mut working, mut down, mut since) = (components, 0.0, 0.0);
    while let Some((Reverse(bits), part)) = heap.pop() {
        let now = f64::from_bits(bits);
        if now > HORIZON_HOURS {
            break;
        }
        if working < needed {
            down += now - since;
        }
        since = now;
        let part_up = &mut up[part as usize];
        *part_up = !*part_up;
        let next = if *part_up {
            working += 1;
            every.sample(rng)
        } else {
            working -= 1;
            repair.sample(rng)
        };
        heap.push((key(now + next), part));
    }
    down / HORIZON_HOURS
}

#[divan::bench(args = [100, 1_000])]
fn engine_with_all_measures(bencher: Bencher<'_, '_>, components: usize) {
    let model = model(components, components * 98 / 100);
    let (mut engine, mut meter) = (Engine::new(&model), Meter::new(&model, 0));
    let mut number = 0;
    bencher.counter(events(components)).bench_local(|| {
        number += 1;
        engine.replicate(Replication::new(1, number), &mut meter).unwrap();
        black_box(meter.take())
    });
}

#[divan::bench(args = [100, 1_000])]
fn engine_unobserved(bencher: Bencher<'_, '_>, components: usize) {
    let model = model(components, components * 98 / 100);
    let mut engine = Engine::new(&model);
    let mut number = 0;
    bencher.counter(events(components)).bench_local(|| {
        number += 1;
        engine.replicate(Replication::new(1, number), &mut Blind).unwrap();
    });
}

#[divan::bench(args = [100, 1_000])]
fn plain_loop(bencher: Bencher<'_, '_>, components: usize) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    bencher
        .counter(events(components))
        .bench_local(|| black_box(plain(components, components * 98 / 100, &mut rng)));
}

fn events(components: usize) -> divan::counter::ItemsCount {
    divan::counter::ItemsCount::new(TRANSITIONS * components as u64 / 100)
}

/// Both in turn, several times; also whether both are right.
fn report_ratio() {
    const ROUNDS: usize = 15;
    const REPLICATIONS: u64 = 200;
    let model = model(100, 98);
    let (mut engine, mut meter) = (Engine::new(&model), Meter::new(&model, 0));
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let (mut ratios, mut ours, mut theirs) = (Vec::new(), 0.0, 0.0);
    for round in 0..ROUNDS as u64 {
        let begun = Instant::now();
        for number in 0..REPLICATIONS {
            let replication = Replication::new(1, round * REPLICATIONS + number);
            engine.replicate(replication, &mut meter).unwrap();
            ours += meter.take().usages[0].down.hours() / HORIZON_HOURS;
        }
        let engine_time = begun.elapsed();
        let begun = Instant::now();
        for _ in 0..REPLICATIONS {
            theirs += plain(100, 98, &mut rng);
        }
        ratios.push(begun.elapsed().as_secs_f64() / engine_time.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    let n = (ROUNDS as u64 * REPLICATIONS) as f64;
    println!(
        "\nspeed of the engine with all measures over the plain loop: {:.2} (median of {ROUNDS}; {:.2} to {:.2})",
        ratios[ROUNDS / 2],
        ratios[0],
        ratios[ROUNDS - 1]
    );
    println!("unavailability: engine {:.6}, plain loop {:.6}, truth 0.017911", ours / n, theirs / n);
}
