//! Load on the network: surges and retries fill cables, and what cables drop is tried again. Every expected value is worked out
//! on paper or by equations solved here.

use blackstart::engine::{Books, Engine, Observer};
use blackstart::measure::{Meter, STAGE_NAMES};
use blackstart::model::{EdgeId, Model, UsageId};
use blackstart::random::Replication;
use blackstart::report::{Page, render_diagnostics, trace_text};
use blackstart::scenario::{Diagnostics, Sources, load};
use blackstart::study::{Progress, RunOptions, run, trace};
use blackstart::time::SimTime;
use proptest::prelude::*;

fn model(text: &str) -> Model {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load("cable.ron", text, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false))).model
}

/// Users who ask for 800 calls a second over a cable that carries 1,000; the shop beyond it serves any load.
fn cable(journey: &str, users: &str, rest: &str) -> String {
    format!(
        r#"Scenario(
            title: "cable", start: "2026-03-02T00:00:00Z", horizon: "6h", components_start: New,
            zone_kinds: {{ "hall": () }},
            sites: {{ "west": (at: (0, 0)), "east": (at: (0, 10)) }},
            links: {{ "cable": (from: "west", to: "east", latency: "5 ms", capacity: "8 Mbps") }},
            regions: {{ "there": (attach: ["east"], zones: {{ "a": "hall" }}) }},
            services: {{ "shop": (scope: Regional) }},
            journeys: {{ "buy": (calls: ["shop"], size: "1 kB", {journey}) }},
            users: {{ "all": (count: 800, attach: ["west"], does: {{ "buy": "1/s" }}, route: Order(["there"]), {users}) }},
            {rest}
        )"#
    )
}

/// Twice the demand from 1:00 to 2:00, at once.
const RUSH: &str = r#"surges: { "rush": (occurs: At("2026-03-02T01:00:00Z"), factor: 2, lasts: "1h") },"#;

/// What is seen of the first usage, and of the network.
#[derive(Debug, Clone, PartialEq, Default)]
struct Seen {
    /// Seconds since the start, share of requests that succeed in the end, first calls over requests.
    history: Vec<(f64, f64, f64)>,
    books: Books,
    waiting: f64,
    /// Largest load of the first edge, bits per second.
    most: f64,
}

impl Seen {
    fn note(&mut self, engine: &Engine<'_>) {
        let usage = UsageId::at(0);
        let (success, tries) = (engine.usage_success(usage), engine.amplification(usage));
        self.history.push((engine.now().micros() as f64 / 1e6, success, tries));
        assert!(self.history.len() < 20_000, "does not come on: {}", engine.now());
        if !engine.model().network.edges.is_empty() {
            let [there, back] = engine.edge_load(EdgeId::at(0));
            self.most = self.most.max(there).max(back);
        }
    }

    /// As it was when the engine last looked before a time.
    fn at(&self, seconds: f64) -> (f64, f64) {
        let (_, success, tries) = self.history.iter().rfind(|(at, ..)| *at <= seconds).unwrap();
        (*success, *tries)
    }
}

impl Observer for Seen {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.note(engine);
    }
    fn settled(&mut self, engine: &Engine<'_>) {
        self.note(engine);
    }
    fn end(&mut self, engine: &Engine<'_>, _: SimTime) {
        if let Some((books, waiting)) = engine.books_of(UsageId::at(0)) {
            (self.books, self.waiting) = (books, waiting);
        }
        for usage in (0..engine.model().usages.len()).map(UsageId::at) {
            let Some((books, waiting)) = engine.books_of(usage) else { continue };
            let vanished = books.fresh - books.served - books.lost - waiting;
            assert!(vanished.abs() <= 1e-9 * books.fresh.max(1.0), "{vanished} vanish: {books:?}");
        }
    }
}

fn play(model: &Model, times_finer: f64) -> Seen {
    let mut engine = Engine::new(model);
    engine.refine_load(times_finer);
    let mut seen = Seen::default();
    engine.replicate(Replication::new(1, 0), &mut seen).unwrap();
    seen
}

fn seen(text: &str) -> Seen {
    play(&model(text), 1.0)
}

#[track_caller]
fn near(found: f64, expected: f64, by: f64) {
    assert!((found - expected).abs() <= by, "{found} instead of {expected}");
}

/// 1,600 calls a second over a cable for 1,000: 62.5 % come there, and as many back. In an hour 600 x 3,600 are lost.
#[test]
fn a_surge_fills_a_cable() {
    let seen = seen(&cable("", "", RUSH));
    near(seen.at(3_599.0).0, 1.0, 0.0);
    near(seen.at(3_600.0).0, 0.625, 1e-9);
    near(seen.at(7_199.0).0, 0.625, 1e-9);
    near(seen.at(7_200.0).0, 1.0, 0.0);
    near(seen.books.lost, 2_160_000.0, 1e-3);
    near(seen.books.shed, 0.0, 1e-6);
    near(seen.most, 8e6, 1e-3);
}

/// Added users load it as well: 800 + 400 a second, of which 1,000 arrive.
#[test]
fn added_users_fill_a_cable() {
    let added = r#"surges: { "guests": (occurs: At("2026-03-02T01:00:00Z"), adds: 400, lasts: "1h") },"#;
    let seen = seen(&cable("", "", added));
    near(seen.at(4_000.0).0, 1_000.0 / 1_200.0, 1e-9);
    near(seen.books.lost, 200.0 * 3_600.0, 1e-3);
}

/// Demand that grows over 30 min from 800 to 1,600 a second fills the cable after a quarter of that time; drops show once there
/// are more than 1 in 10,000.
#[test]
fn a_cable_fills_when_demand_reaches_its_capacity() {
    let ramp =
        r#"surges: { "rush": (occurs: At("2026-03-02T01:00:00Z"), factor: 2, ramp: "30m", lasts: "1h") },"#;
    let seen = seen(&cable("", "", ramp));
    let first = seen.history.iter().find(|(_, success, _)| *success < 1.0 - 1e-9).unwrap().0;
    near(first, 3_600.0 + 1_800.0 * (1_000.0 / 0.9999 / 800.0 - 1.0), 0.002);
    // A triangle of 600 a second over 1,350 s, then an hour: the fluid is exact, since what is served is steady.
    near(seen.books.lost, 0.5 * 600.0 * 1_350.0 + 600.0 * 3_600.0, 1.0);
}

/// Retries that are over at once: with r of them 1 - f^(r + 1) of 1,600 a second must be the 1,000 that the cable carries, so
/// that f = 0.375^(1/(r + 1)) of calls fail, while 1 + f + ... + f^r are made for each request.
#[test]
fn quick_retries_load_the_cable_again() {
    for tries in 1..6 {
        let retries = format!(r#"retries: Retries(tries: {tries}, backoff: "500ms")"#);
        let seen = seen(&cable(&retries, "", RUSH));
        let failing = libm::pow(0.375, 1.0 / f64::from(tries + 1));
        let (success, made) = seen.at(5_000.0);
        near(success, 0.625, 1e-8);
        near(made, 0.625 / (1.0 - failing), 1e-6);
        near(seen.at(7_200.0).0, 1.0, 0.0);
    }
}

/// One retry after a minute. In equilibrium a = d (1 + f) calls are made and f = 1 - c/a fail, so f^2 = 1 - c/d: of 1,600 calls a
/// second over a cable for 1,000, f = sqrt(0.375).
#[test]
fn retries_load_the_cable_until_they_fail_as_often_as_they_are_made() {
    let seen = seen(&cable(r#"retries: Retries(tries: 1, backoff: "1m")"#, "", RUSH));
    let failing = libm::sqrt(0.375);
    let (success, made) = seen.at(7_100.0);
    println!("{success} succeed, {made} calls a request; {} instants", seen.history.len());
    near(made, 1.0 + failing, 1e-4);
    near(success, 0.625, 1e-4);
    // All that waits when the rush is over is tried again and overloads the cable for a while, until it has room.
    near(seen.at(20_000.0).0, 1.0, 0.0);
    near(seen.waiting, 0.0, 1e-6);
}

/// Requests lost by the differential equations of one pool: y' = f d - y/b, lost f y/b, f = 1 - min(1, c/(d + y/b)).
fn lost_by_equations(demand: impl Fn(f64) -> f64, capacity: f64, backoff: f64) -> f64 {
    let slope = |t: f64, y: f64| {
        let (d, returns) = (demand(t), y / backoff);
        let failing = 1.0 - (capacity / (d + returns)).min(1.0);
        (failing * d - returns, failing * returns)
    };
    let (h, mut y, mut lost) = (0.05, 0.0, 0.0);
    for step in 0..(21_600.0 / h) as usize {
        // Midpoints keep the four looks of a step on one side of a jump of demand.
        let t = (step as f64 + 0.5) * h;
        let k1 = slope(t, y);
        let k2 = slope(t, y + h / 2.0 * k1.0);
        let k3 = slope(t, y + h / 2.0 * k2.0);
        let k4 = slope(t, y + h * k3.0);
        y += h / 6.0 * (k1.0 + 2.0 * k2.0 + 2.0 * k3.0 + k4.0);
        lost += h / 6.0 * (k1.1 + 2.0 * k2.1 + 2.0 * k3.1 + k4.1);
    }
    lost
}

#[test]
fn lost_requests_are_those_of_the_differential_equations_and_halved_steps_change_nothing() {
    for backoff in [20.0, 60.0, 600.0] {
        for factor in [1.5, 2.0, 10.0] {
            let retries = format!(r#"retries: Retries(tries: 1, backoff: "{backoff}s")"#);
            let rush = RUSH.replace("factor: 2", &format!("factor: {factor}"));
            let model = model(&cable(&retries, "", &rush));
            let rush = |t: f64| 800.0 * if (3_600.0..7_200.0).contains(&t) { factor } else { 1.0 };
            let expected = lost_by_equations(rush, 1_000.0, backoff);
            let (whole, halved) = (play(&model, 1.0), play(&model, 2.0));
            let (lost, finer) = (whole.books.lost, halved.books.lost);
            println!(
                "x {factor}, {backoff} s: {lost:.1}, halved {finer:.1}, equations {expected:.1}; {} and {} instants",
                whole.history.len(),
                halved.history.len()
            );
            assert!((lost - finer).abs() < 1e-4 * finer, "{lost} and {finer}");
            assert!((lost - expected).abs() < 1e-4 * expected, "{lost} instead of {expected}");
        }
    }
}

/// Operators let in half of the requests 10 min after a third of them has failed: 800 calls a second fit through the cable, so
/// that half of the requests succeed, and after the rush all that are let in.
#[test]
fn admission_limits_relieve_the_cable() {
    let rest = format!(
        r#"{RUSH} responses: {{ "limit": (
            when: Failing(journey: "buy", above: "33%", for: "5m"), decide: "2m", apply: "3m",
            does: [Set("journeys.buy.admit", "50%")], undo: Calm(below: "10%", for: "30m"),
        ) }},"#
    );
    let seen = seen(&cable(r#"retries: Retries(tries: 1, backoff: "1m")"#, "", &rest));
    let (success, made) = seen.at(4_100.0);
    near(success, 0.625, 1e-3);
    near(made, 1.0 + libm::sqrt(0.375), 1e-2);
    // Limited after 600 s. What waits is tried once more within some backoffs; then half of 1,600 is let in and arrives.
    let (success, made) = seen.at(6_500.0);
    near(success, 0.5, 1e-9);
    near(made, 0.5, 1e-6);
    near(seen.at(7_300.0).0, 0.5, 1e-9);
}

type Shares<N> = Vec<(N, f64)>;

/// Downtime of the first usage by cause, and by stage, seconds.
fn books(text: &str) -> (Shares<String>, Shares<&'static str>) {
    let model = model(text);
    let mut meter = Meter::new(&model, 0);
    Engine::new(&model).replicate(Replication::new(1, 0), &mut meter).unwrap();
    let figures = meter.take().usages.remove(0);
    let seconds = |micros: f64| (micros / 1e3).round() / 1e3;
    let causes =
        figures.causes.iter().map(|c| (model.causes[c.cause.index()].clone(), seconds(c.shared))).collect();
    let stages = STAGE_NAMES.into_iter().zip(figures.stages.map(seconds)).filter(|(_, s)| *s > 0.0).collect();
    (causes, stages)
}

/// What fills a cable is to blame: a rush while it lasts, or if there is none, ordinary demand.
#[test]
fn what_fills_a_cable_is_to_blame() {
    let (causes, stages) = books(&cable("", "", RUSH));
    assert_eq!(causes, [("rush".to_owned(), 3_600.0)]);
    assert_eq!(stages, [("overload", 3_600.0)]);
    let (causes, stages) =
        books(&cable(r#"retries: Retries(tries: 1, backoff: "1m")"#, "", "").replace("800", "1200"));
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].0, "ordinary demand");
    assert_eq!(stages, [("overload", causes[0].1)]);
}

/// The story says which way is full, by how much, and why.
#[test]
fn a_full_way_is_told() {
    let model = model(&cable(r#"retries: Retries(tries: 1, backoff: "10m")"#, "", RUSH));
    let text = trace_text(&model, &trace(&model, 1, 0).unwrap(), false, Page { columns: 200, colour: false });
    assert!(text.lines().count() <= 40, "{text}");
    insta::assert_snapshot!("full_way_story", text);
}

/// Retries of a service that serves any load are no idle words where they fill a cable.
#[test]
fn retries_that_fill_a_cable_need_no_capacity() {
    let warnings = |text: &str| {
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        load("cable.ron", text, &[], &mut sources, &mut found).unwrap();
        render_diagnostics(&sources, &found.into_vec(), false)
    };
    let text = cable(r#"retries: Retries(tries: 1, backoff: "10m")"#, "", "");
    assert!(!warnings(&text).contains("retries overload nothing"));
    assert!(warnings(&text.replace(r#", capacity: "8 Mbps""#, "")).contains("retries overload nothing"));
}

/// Half of the cable is lost from 1:15 to 1:45: both the rush and the anchor are to blame then.
#[test]
fn a_rush_and_a_loss_of_capacity_share_the_blame() {
    let anchor = r#"hazards: { "anchor": (
        occurs: At("2026-03-02T01:15:00Z"),
        strikes: { "it": (targets: ["cable"], effect: Capacity("50%"), repair: "30m") },
    ) },"#;
    let (mut causes, stages) = books(&cable("", "", &format!("{RUSH} {anchor}")));
    causes.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(causes, [("anchor".to_owned(), 900.0), ("rush".to_owned(), 2_700.0)]);
    assert_eq!(stages.iter().map(|(_, seconds)| seconds).sum::<f64>(), 3_600.0);
}

/// What waits to be tried again keeps the cable full when the rush, or the cut, is over; this is the tail of the same event.
#[test]
fn retries_that_keep_a_cable_full_are_an_overload_tail() {
    let retries = r#"retries: Retries(tries: 1, backoff: "10m")"#;
    let (causes, stages) = books(&cable(retries, "", RUSH));
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert_eq!(causes[0].0, "rush");
    assert_eq!(stages.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["overload", "overload tail"]);
    let anchor = r#"hazards: { "anchor": (
        occurs: At("2026-03-02T01:00:00Z"),
        strikes: { "it": (targets: ["cable"], effect: Capacity("20%"), repair: "1h") },
    ) }, surges: { "never": (occurs: At("2026-03-02T05:59:00Z"), factor: 1, lasts: "1s") },"#;
    let (causes, stages) = books(&cable(retries, "", anchor));
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert_eq!(causes[0].0, "anchor");
    assert_eq!(stages.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["work", "overload tail"]);
}

/// The busy hours of users without a surge are those of the network without load, and so are the edges' loads.
#[test]
fn load_that_is_no_more_than_the_time_of_day_is_that_of_profiles() {
    let day = r#"day: Peak(at: "04:00", trough: "20%")"#;
    let traffic = r#"traffic: {
        "to the east": (from: "west", to: "east", rate: "3 Mbps", day: Peak(at: "03:00", trough: "50%")),
        "to the west": (from: "east", to: "west", rate: "1 Mbps", priority: -1),
    },"#;
    let without = cable("", day, traffic);
    let with = without.replace("(scope: Regional)", r#"(scope: Regional, capacity: (total: "1M/s"))"#);
    assert_ne!(with, without);
    let (without, with) = (model(&without), model(&with));
    assert!(without.load.is_empty() && !with.load.is_empty());
    let (before, after) = (play(&without, 1.0), play(&with, 1.0));
    assert!(before.history.iter().any(|(_, success, _)| *success < 0.9));
    for quarter in 0..24 {
        let seconds = 900.0 * f64::from(quarter);
        near(after.at(seconds).0, before.at(seconds).0, 1e-9);
    }
    let figures = |model: &Model| {
        let options = RunOptions { replications: 1, seed: 1, threads: 1, curve_points: 0 };
        run(model, options, &Progress::default()).unwrap().rows()[0].clone()
    };
    let (before, after) = (figures(&without), figures(&with));
    near(after.usages[0].down_s, before.usages[0].down_s, 1e-6);
    near(after.usages[0].lost_requests / before.usages[0].lost_requests, 1.0, 1e-9);
}

#[derive(Debug, Clone)]
struct Recipe {
    demand: u32,
    capacity: u32,
    size: u32,
    tries: u32,
    backoff: f64,
    surge: (f64, u32, u32),
    traffic: (u32, i64),
    cut: Option<(u32, u32)>,
    shop: u32,
    admit: bool,
    day: bool,
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let cut = proptest::option::of((0_u32..180, 1_u32..120));
    (
        (100_u32..2_000, 1_u32..16, 1_u32..3, 0_u32..4, prop_oneof![0.2..4.0, 6.0..400.0]),
        ((0.0..12.0, 0_u32..60, 1_u32..120), (0_u32..8, -1_i64..2), cut, 200_u32..4_000),
        (any::<bool>(), any::<bool>()),
    )
        .prop_map(
            |((demand, capacity, size, tries, backoff), (surge, traffic, cut, shop), (admit, day))| Recipe {
                demand,
                capacity,
                size,
                tries,
                backoff,
                surge,
                traffic,
                cut,
                shop,
                admit,
                day,
            },
        )
}

impl Recipe {
    fn text(&self) -> String {
        let cut = self.cut.map_or(String::new(), |(at, lasts)| {
            format!(
                r#"hazards: {{ "anchor": (
                    occurs: At("2026-03-02T0{}:{:02}:00Z"),
                    strikes: {{ "it": (targets: ["direct"], effect: Down, repair: "{lasts}m") }},
                ) }},"#,
                at / 60,
                at % 60
            )
        });
        let admit = if self.admit {
            r#"responses: { "limit": (
                when: Failing(journey: "buy", above: "20%", for: "2m"), decide: "2m", apply: "3m",
                does: [Set("journeys.buy.admit", "50%")], undo: Calm(below: "10%", for: "10m"),
            ) },"#
        } else {
            ""
        };
        let day = if self.day { r#"day: Peak(at: "02:00", trough: "30%"),"# } else { "" };
        format!(
            r#"Scenario(
                title: "random", start: "2026-03-02T00:00:00Z", horizon: "6h", components_start: New,
                zone_kinds: {{ "hall": () }},
                sites: {{ "west": (at: (0, 0)), "east": (at: (0, 10)), "south": (at: (-5, 5)) }},
                links: {{
                    "direct": (from: "west", to: "east", latency: "5 ms", capacity: "{} Mbps"),
                    "west-south": (from: "west", to: "south", latency: "5 ms", capacity: "{} Mbps"),
                    "south-east": (from: "south", to: "east", latency: "5 ms", capacity: "6 Mbps"),
                }},
                traffic: {{ "others": (from: "west", to: "east", rate: "{} Mbps", day: Peak(at: "03:00", trough: "40%"), priority: {}) }},
                regions: {{
                    "there": (attach: ["east"], zones: {{ "a": "hall" }}),
                    "elsewhere": (attach: ["south"], zones: {{ "a": "hall" }}),
                }},
                services: {{ "shop": (scope: Regional, capacity: (total: "{}/s")), "spare": (scope: Global, in: ["elsewhere"]) }},
                journeys: {{
                    "buy": (calls: ["shop", FirstOf(of: ["shop", "spare"], switch: "20s")], size: "{} kB",
                        retries: Retries(tries: {}, backoff: "{:.1}s", grows: 1.5)),
                    "look": (calls: ["shop"]),
                }},
                users: {{
                    "all": (count: {}, attach: ["west"], does: {{ "buy": "1/s", "look": "1/s" }}, {day}
                        route: Order(["there", "elsewhere"]), failover: (detect: "2m", shift: "5m", quiet: "20m")),
                    "east": (count: 100, attach: ["east"], does: {{ "buy": "2/s" }}, route: Order(["elsewhere", "there"])),
                }},
                surges: {{ "rush": (occurs: At("2026-03-02T01:00:00Z"), factor: {:.3}, ramp: "{}m", lasts: "{}m", decay: "10m") }},
                {cut} {admit}
            )"#,
            self.capacity,
            self.capacity / 2 + 1,
            self.traffic.0.max(1),
            self.traffic.1,
            self.shop,
            self.size,
            self.tries.max(1),
            self.backoff,
            self.demand,
            self.surge.0,
            self.surge.1,
            self.surge.2,
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 40, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// Whatever meets what: nothing vanishes, an engine that has played before does as a fresh one does, and no edge carries
    /// more than it can.
    #[test]
    fn no_request_vanishes_on_the_network(recipe in recipe()) {
        let model = model(&recipe.text());
        let mut engine = Engine::new(&model);
        let mut played = [Seen::default(), Seen::default()];
        for seen in &mut played {
            engine.replicate(Replication::new(1, 0), seen).unwrap();
        }
        prop_assert_eq!(&played[0], &played[1]);
        prop_assert_eq!(&played[0], &play(&model, 1.0));
        let [first, _] = played;
        prop_assert!(first.most <= f64::from(recipe.capacity) * 1e6 * (1.0 + 1e-9), "{}", first.most);
    }
}

/// Systems whose flows settle so slowly that a threshold was crossed anew at every look.
#[test]
fn flows_that_settle_slowly_come_on() {
    let recipe = |demand, capacity, size, backoff, surge, traffic, shop, admit| Recipe {
        demand,
        capacity,
        size,
        tries: 3,
        backoff,
        surge,
        traffic,
        cut: None,
        shop,
        admit,
        day: !admit,
    };
    for recipe in [
        recipe(904, 2, 2, 0.768_361_097_140_39, (10.507_290_772_739_152, 42, 111), (1, 0), 585, true),
        recipe(1_634, 7, 1, 1.074_472_206_952_413_3, (1.794_727_748_177_797_7, 57, 20), (0, 1), 2_258, false),
        recipe(354, 2, 1, 1.630_467_226_952_483_5, (6.535_824_686_653_058, 25, 61), (5, -1), 1_110, true),
    ] {
        let instants = seen(&recipe.text()).history.len();
        assert!(instants < 2_000, "{instants} instants");
    }
}

/// The same bits on any number of threads, whoever plays which replication after whichever.
#[test]
fn threads_make_no_difference() {
    let rest = r#"
        surges: { "rush": (occurs: Every(Exp("2h")), factor: Uniform(1, 4), ramp: "5m", lasts: Exp("30m"), decay: "10m") },
        hazards: { "anchor": (
            occurs: Every(Exp("3h")),
            strikes: { "it": (targets: ["cable"], effect: Capacity("40%"), repair: Exp("30m")) },
        ) },"#;
    let text = cable(
        r#"retries: Retries(tries: 2, backoff: "40s")"#,
        r#"day: Peak(at: "03:00", trough: "40%")"#,
        rest,
    );
    let model = model(&text);
    let played = |threads| {
        let options = RunOptions { replications: 60, seed: 7, threads, curve_points: 0 };
        run(&model, options, &Progress::default()).unwrap().rows().to_vec()
    };
    let one = played(1);
    assert!(one.iter().filter(|row| row.usages[0].lost_requests > 0.0).count() > 30);
    for threads in [2, 3, 5] {
        assert_eq!(played(threads), one, "{threads} threads");
    }
}
