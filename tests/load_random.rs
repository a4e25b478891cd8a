//! Load in random systems: nothing vanishes, whatever meets what; and halved steps of the shipped scenarios change next to nothing.

use blackstart::engine::{Engine, Observer};
use blackstart::model::{Model, UsageId};
use blackstart::random::Replication;
use blackstart::report::render_diagnostics;
use blackstart::scenario::{Diagnostics, Sources, load, load_extending};
use blackstart::time::SimTime;
use proptest::prelude::*;

mod common;

/// One system: numbers that its text is made of.
#[derive(Debug, Clone)]
struct Recipe {
    demand: (u32, u32),
    capacity: (u32, u32),
    gamma: f64,
    tries: u32,
    backoff: f64,
    budget: Option<(u32, u32)>,
    session: Option<(u32, u32)>,
    priority: i64,
    surge: (f64, u32, u32),
    weight: u32,
    response: u8,
    adapts: u8,
    outage: (u32, u32),
}

fn recipe() -> impl Strategy<Value = Recipe> {
    (
        ((10_u32..200, 10_u32..200), (20_u32..200, 20_u32..300), prop_oneof![Just(0.0), 0.1..3.0]),
        (0_u32..4, prop_oneof![0.2..4.0, 6.0..400.0], proptest::option::of((1_u32..50, 1_u32..5_000))),
        (proptest::option::of((1_u32..600, 5_u32..300)), -1_i64..2, (0.0..6.0, 0_u32..60, 1_u32..240)),
        (1_u32..5, 0_u8..5, 0_u8..4, (0_u32..300, 1_u32..90)),
    )
        .prop_map(
            |((demand, capacity, gamma), (tries, backoff, budget), (session, priority, surge), rest)| {
                let (weight, response, adapts, outage) = rest;
                Recipe {
                    demand,
                    capacity,
                    gamma,
                    tries,
                    backoff,
                    budget,
                    session,
                    priority,
                    surge,
                    weight,
                    response,
                    adapts,
                    outage,
                }
            },
        )
}

impl Recipe {
    fn text(&self) -> String {
        let budget = self
            .budget
            .map_or(String::new(), |(ratio, most)| format!(r#", budget: (ratio: "{ratio}%", most: {most})"#));
        let sign_in = self.session.map_or(String::new(), |(mean, retry)| {
            format!(r#"(on: "front", session: (mean: "{mean}m", kept_in: "store", retry: "{retry}s")),"#)
        });
        let response = match self.response {
            1 => r#"does: [Set("journeys.buy.admit", "50%")], undo: Calm(below: "70%", for: "10m")"#,
            2 => r#"does: [Set("services.shop.shed", "80%")]"#,
            3 => r#"does: [Set("services.shop.capacity.per_member", "150/s")], undo: Calm(below: "90%")"#,
            4 => r#"does: [Set("users.all.route", Order(["there"]))], undo: Calm(below: "60%", for: "20m")"#,
            _ => "",
        };
        let responses = if response.is_empty() {
            String::new()
        } else {
            format!(
                r#"responses: {{ "act": (when: Overloaded(unit: "shop", for: "2m"), decide: "3m", works: "80%", {response}) }},"#
            )
        };
        let adapts = match self.adapts {
            1 => r#", trips: (at: "150%", after: "1m", loses: "20%", restart: "2m", rate: "10%/m")"#,
            2 => r#", autoscaling: (target: "70%", every: "30s", lag: "2m", most: "300%")"#,
            3 => r#", warm_up: "15m""#,
            _ => "",
        };
        format!(
            r#"Scenario(
                title: "random", start: "2026-03-02T00:00:00Z", horizon: "9h", components_start: New,
                zone_kinds: {{ "hall": () }},
                regions: {{ "here": (zones: {{ "a": "hall", "b": "hall" }}), "there": (zones: {{ "a": "hall" }}) }},
                services: {{
                    "store": (scope: Global, in: ["here"], capacity: (total: "{}/s")),
                    "front": (scope: Global, in: ["there"], capacity: (total: "30/s", gamma: 0.5)),
                    "shop": (
                        scope: Regional, capacity: (per_member: "{}/s", gamma: {:.3}{adapts}),
                        member: (needs: [(on: "store", calls: 1, weight: {}), ], restart: "3m"),
                    ),
                }},
                journeys: {{
                    "buy": (
                        calls: [{sign_in} "shop"], priority: {},
                        retries: Retries(tries: {}, backoff: "{:.1}s", grows: 1.5{budget}),
                    ),
                    "look": (calls: [FirstOf(of: ["shop", "store"], switch: "20s")]),
                }},
                users: {{ "all": (
                    count: 100, does: {{ "buy": "{}/m", "look": "{}/m" }}, day: Peak(at: "06:00", trough: "40%"),
                    route: Order(["here", "there"]), failover: (detect: "2m", shift: "5m", quiet: "20m"),
                ) }},
                hazards: {{ "outage": (
                    occurs: At("2026-03-02T0{}:{:02}:00Z"),
                    strikes: {{ "it": (targets: ["here/a", "store"], effect: Capacity("30%"), repair: "{}m") }},
                ) }},
                surges: {{ "rush": (
                    occurs: At("2026-03-02T02:00:00Z"), factor: {:.3}, ramp: "{}m", lasts: "{}m", decay: "10m",
                ) }},
                {responses}
            )"#,
            self.capacity.1,
            self.capacity.0,
            self.gamma,
            self.weight,
            self.priority,
            self.tries.max(1),
            self.backoff,
            self.demand.0,
            self.demand.1,
            self.outage.0 / 60,
            self.outage.0 % 60,
            self.outage.1,
            self.surge.0,
            self.surge.1,
            self.surge.2,
        )
    }

    fn model(&self) -> Model {
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let loaded = load("random.ron", &self.text(), &[], &mut sources, &mut found);
        loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false))).model
    }
}

/// Adds accounts up at every instant, and at the end.
#[derive(Default)]
struct Accounts {
    lost: f64,
    fresh: f64,
    instants: u64,
    unsettled: u32,
}

impl Observer for Accounts {
    fn begin(&mut self, _: &Engine<'_>) {}

    fn settled(&mut self, engine: &Engine<'_>) {
        self.instants += 1;
        assert!(self.instants < 60_000, "does not come on: {}", engine.now());
        for usage in (0..engine.model().usages.len()).map(UsageId::at) {
            let success = engine.usage_success(usage);
            assert!((0.0..=1.0 + 1e-9).contains(&success), "{success}");
        }
    }

    fn end(&mut self, engine: &Engine<'_>, _: SimTime) {
        self.unsettled = engine.unsettled_flows();
        for usage in (0..engine.model().usages.len()).map(UsageId::at) {
            let (books, waiting) = engine.books_of(usage).unwrap();
            let vanished = books.fresh - books.served - books.lost - waiting;
            assert!(vanished.abs() <= 1e-9 * books.fresh.max(1.0), "{vanished} vanish: {books:?}");
            assert!(books.lost >= -1e-6 && books.served >= -1e-6 * books.fresh, "{books:?}");
            assert!(books.shed <= books.lost * (1.0 + 1e-6) + 1e-6, "{books:?}");
            self.lost += books.lost;
            self.fresh += books.fresh;
        }
    }
}

fn accounts(model: &Model, replications: u64, times_finer: f64) -> Vec<Accounts> {
    let mut engine = Engine::new(model);
    engine.refine_load(times_finer);
    (0..replications)
        .map(|number| {
            let mut accounts = Accounts::default();
            engine.replicate(Replication::new(1, number), &mut accounts).unwrap();
            accounts
        })
        .collect()
}

/// The largest load over capacity of each unit.
#[derive(Default)]
struct Peaks(Vec<f64>);

impl Observer for Peaks {
    fn begin(&mut self, _: &Engine<'_>) {}
    fn settled(&mut self, _: &Engine<'_>) {}
    fn end(&mut self, engine: &Engine<'_>, _: SimTime) {
        self.0 = engine.unit_books().map(|(_, books)| books.peak).collect();
    }
}

/// A unit that restarts from nothing, cold or after it has tripped as a whole, while users come back: how full it gets does not depend
/// on when the engine looks first.
#[test]
fn peaks_do_not_depend_on_the_size_of_steps() {
    let with = |adapts: &str, waits: &str| {
        let text = format!(
            r#"Scenario(
            title: "Cold", start: "2026-03-02T00:00:00Z", horizon: "12h", zone_kinds: {{ "hall": () }},
            regions: {{ "here": (zones: {{ "a": "hall", "b": "hall" }}) }},
            services: {{ "shop": (scope: Global, capacity: (per_member: "50/s", gamma: 0.5{adapts})) }},
            journeys: {{ "buy": (calls: ["shop"], retries: Retries(tries: 2, backoff: "{waits}")) }},
            users: {{ "all": (count: 80, does: {{ "buy": "1/s" }}) }},
            surges: {{ "rush": (occurs: At("2026-03-02T04:00:00Z"), factor: 3.0, ramp: "7m", lasts: "5m", decay: "9m") }},
            hazards: {{ "loss": (occurs: At("2026-03-02T01:00:00Z"), strikes: {{ "it": (targets: ["here"], repair: "10m") }}) }},
            )"#
        );
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let loaded = load("cold.ron", &text, &[], &mut sources, &mut found);
        loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false))).model
    };
    let peaks = |model: &Model, times_finer: f64| {
        let mut engine = Engine::new(model);
        engine.refine_load(times_finer);
        let mut peaks = Peaks::default();
        engine.replicate(Replication::new(1, 0), &mut peaks).unwrap();
        peaks.0[0]
    };
    let warm_up = r#", warm_up: "20m""#;
    let trips = r#", trips: (at: "120%", after: "1m", loses: "100%", restart: "5m", rate: "2%/m")"#;
    for (adapts, waits) in [(warm_up, "1s"), (warm_up, "2m"), (trips, "1s")] {
        let model = with(adapts, waits);
        let (whole, halved) = (peaks(&model, 1.0), peaks(&model, 2.0));
        println!("{adapts} {waits}: {whole}, {halved}");
        assert!((whole - halved).abs() < 1e-3 * whole, "{adapts} {waits}: {whole} and {halved}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 40, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn no_request_vanishes(recipe in recipe()) {
        let model = recipe.model();
        let played = accounts(&model, 2, 1.0);
        // An engine that has played before does as a fresh one does.
        let again = accounts(&model, 2, 1.0);
        for (one, other) in played.iter().zip(&again) {
            prop_assert_eq!(one.lost.to_bits(), other.lost.to_bits());
            prop_assert!(one.instants < 60_000, "{} instants", one.instants);
            prop_assert!(u64::from(one.unsettled) * 100 <= one.instants, "{} unsettled", one.unsettled);
        }
    }
}

/// A shipped scenario.
fn shipped(name: &str) -> Model {
    let path = std::path::PathBuf::from(format!("scenarios/{name}.ron"));
    let file = common::scenario_file(&path).unwrap();
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load_extending(&file, &common::extended, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false))).model
}

#[test]
fn halved_steps_change_lost_requests_of_shipped_scenarios_by_less_than_a_thousandth() {
    for (name, replications) in
        [("claude-2026-03-02", 12), ("me-central-1-load", 40), ("tutorial/09-metastable", 1)]
    {
        let model = shipped(name);
        let sum = |times_finer: f64| -> f64 {
            let played = accounts(&model, replications, times_finer);
            assert!(played.iter().all(|one| one.unsettled == 0), "{name}: loads and success do not agree");
            played.iter().map(|one| one.lost).sum()
        };
        let (whole, halved) = (sum(1.0), sum(2.0));
        let moved = (whole - halved).abs() / halved;
        println!("{name}: {whole:.1} and {halved:.1} lost, {moved:.1e}");
        assert!(moved < 1e-3, "{name}: {whole} and {halved} lost");
    }
}
