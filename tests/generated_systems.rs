//! What generated systems cover: every rule of docs/semantics.md stands in some of them and makes a difference there,
//! and everything that a trace can tell happens in some of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod systems;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use blackstart::engine::{Engine, Observer};
use blackstart::law::Law;
use blackstart::measure::Happening;
use blackstart::model::{
    CallTree, Clock, CompId, Effect, Landing, Model, Network, NodeKind, Occurs, Profile, UsageId,
};
use blackstart::random::Replication;
use blackstart::study::trace;
use blackstart::time::SimTime;

/// As many as `cargo test` compares with the reference engine, and the same ones.
const SYSTEMS: u32 = 300;
const REPLICATIONS: u64 = 3;
/// Systems in which a rule must make a difference. The rarest of them did in 12.
const LEAST: u32 = 10;
const REGRESSIONS: &str = "tests/proptest-regressions/generated_systems.txt";

/// A rule, and how to make of a model one without it. The model stays as it is where it has nothing to take away.
type Rule = (&'static str, fn(&mut Model));

const RULES: [Rule; 74] = [
    ("aged clocks", |m| m.aged = false),
    // Failure modes.
    ("effect Capacity", |m| effects(m, |e| matches!(e, Effect::Capacity(_)))),
    ("effect Errors", |m| effects(m, |e| matches!(e, Effect::Errors(_)))),
    ("Operating clocks", |m| clocks(m, |c| matches!(c, Clock::Operating))),
    ("While clocks", |m| clocks(m, |c| matches!(c, Clock::While(_)))),
    ("rhythm", |m| m.modes.iter_mut().for_each(|mode| mode.rhythm = None)),
    ("rhythm of hazards", |m| m.hazards.iter_mut().for_each(|hazard| hazard.rhythm = None)),
    ("inspection", |m| m.modes.iter_mut().for_each(|mode| mode.inspection = None)),
    ("failures of counted units", |m| silence(m, |c| c.units > 1 && !c.pooled)),
    ("failures of pooled units", |m| silence(m, |c| c.pooled)),
    ("enough of counted units", |m| m.components.iter_mut().for_each(|c| c.enough = None)),
    // Repairs.
    ("detection", |m| m.repairs.iter_mut().for_each(|r| r.detect = Law::ZERO)),
    ("crews", |m| m.repairs.iter_mut().for_each(|r| r.crew = None)),
    ("crews of several", |m| m.crews.iter_mut().for_each(|c| c.size = 1)),
    ("priorities", |m| m.repairs.iter_mut().for_each(|r| r.priority = 0)),
    ("travel", |m| m.repairs.iter_mut().for_each(|r| r.travel = Law::ZERO)),
    ("repair needs", |m| m.repairs.iter_mut().for_each(|r| r.needs = None)),
    ("without_needs", |m| m.repairs.iter_mut().for_each(|r| r.without_needs = None)),
    ("repairs without end", |m| {
        m.repairs.iter_mut().filter(|r| r.work == Law::NEVER).for_each(|r| r.work = Law::ZERO);
    }),
    // Hazards.
    ("At", |m| calm(m, |o| matches!(o, Occurs::At(_)))),
    ("Between", |m| calm(m, |o| matches!(o, Occurs::Between(..)))),
    ("Every", |m| calm(m, |o| matches!(o, Occurs::Every(_)))),
    ("When", |m| calm(m, |o| matches!(o, Occurs::When(_)))),
    ("probability of hazards", |m| m.hazards.iter_mut().for_each(|h| h.probability = 1.0)),
    ("only_while", |m| m.hazards.iter_mut().for_each(|h| h.only_while = None)),
    ("clusters", |m| m.hazards.iter_mut().for_each(|h| h.clusters = None)),
    ("one_of", |m| m.hazards.iter_mut().for_each(|h| h.one_of = None)),
    ("waves", |m| m.strikes.iter_mut().for_each(|s| s.waves = None)),
    ("delay", |m| m.strikes.iter_mut().for_each(|s| s.delay = Law::ZERO)),
    ("hits", |m| m.strikes.iter_mut().for_each(|s| s.hits = 1.0)),
    ("each", |m| m.strikes.iter_mut().for_each(|s| s.each = false)),
    // Needs.
    ("LevelAtLeast", |m| {
        nodes(m, |k| {
            if let NodeKind::LevelAtLeast(c, _) = *k {
                *k = NodeKind::Level(c)
            }
        })
    }),
    ("All", |m| gates(m, |k| matches!(k, NodeKind::All), NodeKind::Any)),
    ("Any", |m| gates(m, |k| matches!(k, NodeKind::Any), NodeKind::All)),
    ("AtLeast", |m| gates(m, |k| matches!(k, NodeKind::AtLeast(2..)), NodeKind::AtLeast(1))),
    ("Share", |m| gates(m, |k| matches!(k, NodeKind::Share), NodeKind::Any)),
    ("Quorum", |m| gates(m, |k| matches!(k, NodeKind::Quorum(2..)), NodeKind::Quorum(1))),
    ("at_least", |m| needs(m, |at_least, _| *at_least = None)),
    ("otherwise", |m| needs(m, |_, otherwise| *otherwise = 0.0)),
    ("holdovers", |m| m.holds.iter_mut().for_each(|h| h.length = Law::ZERO)),
    ("refills_in", |m| m.holds.iter_mut().for_each(|h| h.refills_in = None)),
    // Standbys.
    ("starts_in", |m| standbys(m, |s| s.starts_in = Law::ZERO)),
    ("failures to start", |m| standbys(m, |s| s.fails_to_start = 0.0)),
    ("dormancy", |m| standbys(m, |s| s.dormancy = 1.0)),
    // Coming back.
    ("restart", |m| m.components.iter_mut().for_each(|c| c.restart = Law::ZERO)),
    ("starts_with", |m| m.components.iter_mut().for_each(|c| c.starts_with = None)),
    ("black starts", |m| m.components.iter_mut().for_each(|c| c.black_start = None)),
    ("reconfiguration", |m| m.components.iter_mut().for_each(|c| c.reconfigure = None)),
    // Users.
    ("failovers", |m| m.routes.iter_mut().for_each(|r| r.failover = None)),
    ("failover detection", |m| failovers(m, |f| f.detect = Law::ZERO)),
    ("failover shift", |m| failovers(m, |f| f.shift = Law::ZERO)),
    ("failovers that do not work", |m| failovers(m, |f| f.works = 1.0)),
    ("quiet", |m| failovers(m, |f| f.quiet = Law::ZERO)),
    ("failover needs", |m| failovers(m, |f| f.needs.iter_mut().for_each(|n| *n = None))),
    ("needs_at_target", |m| failovers(m, |f| f.needs_at_target = false)),
    ("switch times", |m| m.switches.iter_mut().for_each(|s| s.takes = Law::ZERO)),
    ("calls per request", |m| m.usages.iter_mut().flat_map(|u| &mut u.calls).for_each(|c| c.times = 1.0)),
    ("FirstOf", |m| calls(m, first_alternative)),
    ("alternatives that count as degraded", |m| calls(m, no_worse)),
    ("several routes", |m| calls(m, first_route)),
    ("Mix", |m| calls(m, unmixed)),
    // Network.
    ("network", |m| {
        m.network = Network::default();
        m.routes.iter_mut().for_each(|r| r.landings.clear());
    }),
    ("convergence", |m| m.network.convergence = None),
    ("permits", no_permits),
    ("landings", |m| m.routes.iter_mut().for_each(|r| r.landings.clear())),
    ("members of landings", |m| landings(m, |l| l.members.clear())),
    ("several joins", |m| m.network.places.iter_mut().for_each(|p| p.joins.truncate(1))),
    ("latency of edges", |m| m.network.edges.iter_mut().for_each(|e| e.latency_nanos = 0)),
    ("names of sites and edges", other_names),
    ("capacity of edges", |m| m.network.edges.iter_mut().for_each(|e| e.capacity = f64::INFINITY)),
    ("background traffic", |m| m.network.traffic.clear()),
    ("priorities of traffic", |m| m.network.traffic.iter_mut().for_each(|f| f.priority = 0)),
    ("sizes of calls", |m| m.network.bits_per_call.clear()),
    ("profiles of traffic", |m| {
        m.network.traffic.iter_mut().for_each(|f| f.profile = Profile::Flat);
        m.populations.iter_mut().for_each(|p| p.profile = Profile::Flat);
    }),
];

fn no_permits(model: &mut Model) {
    model.modes.iter_mut().for_each(|m| m.permits.clear());
    for strike in &mut model.strikes {
        strike.permits.clear();
        strike.targets.iter_mut().for_each(|t| t.permits.clear());
    }
}

fn landings(model: &mut Model, change: fn(&mut Landing)) {
    model.routes.iter_mut().flat_map(|r| &mut r.landings).flatten().for_each(change);
}

/// Names in the opposite order.
fn other_names(model: &mut Model) {
    let elements: Vec<CompId> = model.network.elements().collect();
    for element in elements {
        let name = &mut model.components[element.index()].name;
        let (what, number) = name.split_once(' ').unwrap();
        *name = format!("{what} {}", 9 - number.parse::<u32>().unwrap());
    }
}

fn effects(model: &mut Model, which: fn(&Effect) -> bool) {
    let of_modes = model.modes.iter_mut().map(|m| &mut m.effect);
    let of_strikes = model.strikes.iter_mut().map(|s| &mut s.effect);
    of_modes.chain(of_strikes).filter(|e| which(e)).for_each(|e| *e = Effect::Down);
}

fn clocks(model: &mut Model, which: fn(&Clock) -> bool) {
    model.modes.iter_mut().filter(|m| which(&m.clock)).for_each(|m| m.clock = Clock::Calendar);
}

fn silence(model: &mut Model, which: fn(&blackstart::model::Component) -> bool) {
    for mode in &mut model.modes {
        if which(&model.components[mode.component.index()]) {
            mode.every = Law::NEVER;
        }
    }
}

fn calm(model: &mut Model, which: fn(&Occurs) -> bool) {
    model.hazards.iter_mut().filter(|h| which(&h.occurs)).for_each(|h| h.occurs = Occurs::At(Vec::new()));
}

fn nodes(model: &mut Model, change: fn(&mut NodeKind)) {
    model.expressions.nodes.iter_mut().for_each(|n| change(&mut n.kind));
}

fn gates(model: &mut Model, which: fn(&NodeKind) -> bool, other: NodeKind) {
    model.expressions.nodes.iter_mut().filter(|n| which(&n.kind)).for_each(|n| n.kind = other);
}

fn needs(model: &mut Model, change: fn(&mut Option<f64>, &mut f64)) {
    for node in &mut model.expressions.nodes {
        if let NodeKind::Need { at_least, otherwise, .. } = &mut node.kind {
            change(at_least, otherwise);
        }
    }
}

fn standbys(model: &mut Model, change: fn(&mut blackstart::model::Standby)) {
    model.components.iter_mut().filter_map(|c| c.standby.as_mut()).for_each(change);
}

fn failovers(model: &mut Model, change: fn(&mut blackstart::model::Failover)) {
    model.routes.iter_mut().filter_map(|r| r.failover.as_mut()).for_each(change);
}

/// Applies `change` to every call, alternatives and parts of mixtures included.
fn calls(model: &mut Model, change: fn(&mut CallTree)) {
    fn walk(call: &mut CallTree, change: fn(&mut CallTree)) {
        change(call);
        match call {
            CallTree::FirstOf { of, .. } => of.iter_mut().for_each(|c| walk(c, change)),
            CallTree::Mix(of) => of.iter_mut().for_each(|(_, c)| walk(c, change)),
            CallTree::Service(_) | CallTree::Moved { .. } => {}
        }
    }
    model.usages.iter_mut().flat_map(|u| &mut u.calls).for_each(|c| walk(&mut c.to, change));
}

fn first_alternative(call: &mut CallTree) {
    while let CallTree::FirstOf { of, .. } = call {
        *call = of.swap_remove(0);
    }
}

fn no_worse(call: &mut CallTree) {
    if let CallTree::FirstOf { degraded, .. } = call {
        *degraded = false;
    }
}

fn first_route(call: &mut CallTree) {
    if let CallTree::Service(routes) = call {
        routes.truncate(1);
        routes.iter_mut().for_each(|(_, share)| *share = 1.0);
    }
}

fn unmixed(call: &mut CallTree) {
    while let CallTree::Mix(of) = call {
        *call = of.swap_remove(0).1;
    }
}

/// Levels of components; success, parts of alternatives, and time on the network of usages.
#[derive(PartialEq)]
struct Instant {
    at: SimTime,
    levels: Vec<f64>,
    usages: Vec<[f64; 4]>,
}

/// What users and components see of a replication.
#[derive(Default, PartialEq)]
struct Seen {
    instants: Vec<Instant>,
    all: bool,
}

impl Observer for Seen {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.settled(engine);
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        let model = engine.model();
        let levels = (0..model.components.len()).map(|c| engine.level(CompId::at(c))).collect();
        let fared = |u: UsageId| {
            [
                engine.usage_success(u),
                engine.usage_alternative(u),
                engine.usage_degraded(u),
                engine.usage_latency(u),
            ]
        };
        let usages = (0..model.usages.len()).map(|u| fared(UsageId::at(u))).collect();
        let now = Instant { at: engine.now(), levels, usages };
        if self.instants.last().is_none_or(|last| last.levels != now.levels || last.usages != now.usages) {
            self.instants.push(now);
        }
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {
        self.all = true;
    }
}

fn seen(model: &Model, seed: u64, number: u64) -> Seen {
    let mut seen = Seen::default();
    // An instant that never settles ends what is seen.
    let _ = Engine::new(model).replicate(Replication::new(seed, number), &mut seen);
    seen
}

/// How many systems have something, and in how many of them it makes a difference.
type Counts = BTreeMap<&'static str, (u32, u32)>;

fn count_rules(model: &Model, seed: u64, counts: &mut Counts) {
    let before: Vec<Seen> = (0..REPLICATIONS).map(|r| seen(model, seed, r)).collect();
    for (name, take_away) in RULES {
        let mut without = model.clone();
        take_away(&mut without);
        if without == *model {
            continue;
        }
        let count = counts.entry(name).or_default();
        count.0 += 1;
        count.1 += u32::from((0..REPLICATIONS).any(|r| seen(&without, seed, r) != before[r as usize]));
    }
}

#[test]
fn every_rule_makes_a_difference() {
    let counts = RefCell::new(Counts::new());
    systems::check(SYSTEMS, 1, REGRESSIONS, |system| {
        count_rules(&systems::model(system), system.seed.into(), &mut counts.borrow_mut());
        Ok(())
    });
    let counts = counts.into_inner();
    let mut seldom = Vec::new();
    for (name, _) in RULES {
        let (has, acts) = counts.get(name).copied().unwrap_or_default();
        println!("{name:36} {has:4} systems, makes a difference in {acts:4}");
        if acts < LEAST {
            seldom.push(name);
        }
    }
    assert!(seldom.is_empty(), "in fewer than {LEAST} of {SYSTEMS} systems: {seldom:?}");
}

/// All that a trace can tell, with the steps of repairs and failovers and the ways back.
const HAPPENINGS: [&str; 42] = [
    "begins",
    "struck",
    "struck a unit of several",
    "repair Detected",
    "repair WaitsForPermit",
    "repair WaitsForCrew",
    "repair SetsOut",
    "repair Work",
    "repair Halts",
    "repair GoesOn",
    "repair Mended",
    "carries",
    "ran out",
    "relieved",
    "standby Starting",
    "standby Running",
    "standby Idle",
    "level after No",
    "level after Waits",
    "level after Restarts",
    "level after BlackStarts",
    "restart Waits",
    "restart Restarts",
    "restart BlackStarts",
    "reforms",
    "reformed",
    "route Detects",
    "route CalledOff",
    "route NoTarget",
    "route Shifts",
    "route ShiftsAgain",
    "route Stalls",
    "route GoesOn",
    "route Moved",
    "route Returns",
    "route Back",
    "route Stays",
    "switches on",
    "switches back",
    "users Up",
    "users Degraded",
    "users Down",
];

fn told(happening: &Happening) -> String {
    match happening {
        Happening::Begins { .. } => "begins".into(),
        Happening::Struck { of_a_unit: false, .. } => "struck".into(),
        Happening::Struck { of_a_unit: true, .. } => "struck a unit of several".into(),
        Happening::Repair { step, .. } => format!("repair {step:?}"),
        Happening::Carries { .. } => "carries".into(),
        Happening::RanOut { .. } => "ran out".into(),
        Happening::Relieved { .. } => "relieved".into(),
        Happening::Standby { phase, .. } => format!("standby {phase:?}"),
        Happening::Level { restart, .. } => format!("level after {restart:?}"),
        Happening::Restart { restart, .. } => format!("restart {restart:?}"),
        Happening::Reforms { .. } => "reforms".into(),
        Happening::Reformed { .. } => "reformed".into(),
        // No region copies its data there.
        Happening::Copies { copying, .. } => format!("replication {copying:?}"),
        Happening::Moves { step, .. } => format!("route {step:?}"),
        Happening::Switches { on: true, .. } => "switches on".into(),
        Happening::Switches { on: false, .. } => "switches back".into(),
        Happening::Users(now) => format!("users {:?}", now.is),
        // Nothing there says how much it can serve.
        Happening::Surge { .. }
        | Happening::Load { .. }
        | Happening::Jam { .. }
        | Happening::SignedOut { .. }
        | Happening::Retries { .. }
        | Happening::Response { .. } => "load".into(),
    }
}

#[test]
fn everything_that_can_be_told_happens() {
    let counts = RefCell::new(BTreeMap::<String, u32>::new());
    systems::check(SYSTEMS, 1, REGRESSIONS, |system| {
        let model = systems::model(system);
        for number in 0..REPLICATIONS {
            // Some have zero delays without end.
            let Ok(trace) = trace(&model, system.seed.into(), number) else { continue };
            for entry in &trace.story.entries {
                *counts.borrow_mut().entry(told(&entry.happening)).or_default() += 1;
            }
        }
        Ok(())
    });
    let counts = counts.into_inner();
    counts.iter().for_each(|(what, count)| println!("{what:28} {count:7}"));
    let never: Vec<_> = HAPPENINGS.iter().filter(|what| !counts.contains_key(**what)).collect();
    assert!(never.is_empty(), "never in {SYSTEMS} systems: {never:?}");
    let unknown: Vec<_> = counts.keys().filter(|what| !HAPPENINGS.contains(&what.as_str())).collect();
    assert!(unknown.is_empty(), "not in the list: {unknown:?}");
}

/// A cycle that is dark as a whole, as black starts are for.
#[test]
fn rings_go_dark() {
    let (rings, dark) = (Cell::new(0), Cell::new(0));
    systems::check(SYSTEMS, 1, REGRESSIONS, |system| {
        let model = systems::model(system);
        let ring: Vec<CompId> =
            (0..model.components.len()).map(CompId::at).filter(|c| model.graph.in_cycle(*c)).collect();
        if !ring.is_empty() {
            let mut watch = Dark { ring, seen: false };
            let _ = Engine::new(&model).replicate(Replication::new(system.seed.into(), 0), &mut watch);
            rings.set(rings.get() + 1);
            dark.set(dark.get() + u32::from(watch.seen));
        }
        Ok(())
    });
    println!("{} systems with a ring, {} of them dark as a whole at some time", rings.get(), dark.get());
    assert!(dark.get() >= 20);
}

struct Dark {
    ring: Vec<CompId>,
    seen: bool,
}

impl Observer for Dark {
    fn begin(&mut self, _: &Engine<'_>) {}

    fn settled(&mut self, engine: &Engine<'_>) {
        self.seen |= self.ring.iter().all(|c| engine.is_dark(*c));
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

/// What a message shows can be pasted.
#[test]
fn a_recipe_can_be_written_and_read() {
    systems::check(SYSTEMS, 1, REGRESSIONS, |system| {
        let text = systems::written(system);
        if systems::read(&text) == *system { Ok(()) } else { Err("read otherwise".into()) }
    });
}
