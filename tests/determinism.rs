//! Equal bits: results do not depend on threads, on the number of replications, or on what else is in the model.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

mod story;

use std::collections::BTreeMap;

use blackstart::engine::{Engine, Observer};
use blackstart::law::Law;
use blackstart::model::{
    Builder, CallDraft, CallTreeDraft, ClockDraft, CompId, ComponentDraft, Effect, Expression, FailoverDraft,
    HazardDraft, HazardId, Journey, Kind, ModeDraft, ModeId, Model, Month, Objective, OccursDraft,
    Population, Profile, RepairDraft, RouteDraft, StandbyDraft, StrikeDraft, UsageDraft,
};
use blackstart::random::Replication;
use blackstart::study::{
    Design, DesignComparison, Figure, Goal, Progress, RunOptions, RunOutput, StoppedBy, Verdict, compare,
    run, run_until, summarize,
};
use blackstart::time::{SimSpan, SimTime};
use story::{errors, exp, fixed, held, hour, levels, need, sound, strike};

const HORIZON: f64 = 1_500.0;

fn gamma(hours: f64, spread: f64) -> Law {
    Law::gamma(hours * 3.6e9, spread).unwrap()
}

fn log_normal(median: f64, sigma: f64) -> Law {
    Law::log_normal(median * 3.6e9, sigma).unwrap()
}

fn uniform(from: f64, to: f64) -> Law {
    Law::uniform(from * 3.6e9, to * 3.6e9).unwrap()
}

fn share(from: f64, to: f64) -> Law {
    Law::uniform(from, to).unwrap()
}

/// Two zones with parts of all kinds, a service in both, a cycle that holds its control plane, hazards, and users
/// with all that can move them. With `more`, an unrelated part and hazard stand before everything else.
fn everything(more: bool) -> Model {
    let mut builder = Builder::new("everything", hour(HORIZON));
    builder.months(vec![
        Month { label: "1970-01".into(), begins_micros: 0, length: hour(744.0) - SimTime::START },
        Month {
            label: "1970-02".into(),
            begins_micros: hour(744.0).micros(),
            length: hour(672.0) - SimTime::START,
        },
    ]);
    let crew = builder.crew("field", 1);
    if more {
        unrelated(&mut builder);
    }
    let control = builder.component(ComponentDraft {
        black_start: Some(log_normal(2.0, 0.5)),
        ..sound("control").failing(ModeDraft::down("bug", exp(400.0), log_normal(1.0, 1.0)))
    });
    let database = builder.component(ComponentDraft {
        restart: gamma(0.5, 0.8),
        ..sound("database").failing(ModeDraft::down("crash", exp(500.0), uniform(0.5, 3.0)))
    });
    builder.component_mut(control).support = Some(need(Expression::Up(database)));
    builder.component_mut(database).support = Some(need(Expression::Up(control)));
    let units: Vec<CompId> = (1..=2).map(|i| zone_with_unit(&mut builder, i, control, crew)).collect();
    let cache =
        ComponentDraft::new("cache", Kind::Unit).failing(ModeDraft::down("cold", exp(60.0), exp(1.0)));
    let cache = builder.component(cache);
    let twin = ComponentDraft::new("twin", Kind::Unit).failing(ModeDraft {
        effect: Effect::Errors(share(0.0, 0.5)),
        ..ModeDraft::down("flaky", exp(70.0), gamma(2.0, 1.5))
    });
    let twin = builder.component(twin);
    hazards(&mut builder, &units, crew);
    users(&mut builder, &units, cache, twin, control);
    builder.build().unwrap()
}

fn unrelated(builder: &mut Builder) {
    let part = sound("an unrelated part").failing(ModeDraft::down("failure", exp(20.0), exp(2.0)));
    let part = builder.component(part);
    let occurs = OccursDraft::Every(exp(50.0));
    let strikes = vec![StrikeDraft { hits: 0.5, delay: exp(1.0), ..strike(vec![part]) }];
    let name = "an unrelated hazard".into();
    builder.hazard(HazardDraft {
        name,
        occurs,
        probability: 0.7,
        strikes,
        one_of: None,
        only_while: None,
        clusters: None,
        rhythm: None,
    });
}

fn zone_with_unit(
    builder: &mut Builder,
    number: u32,
    control: CompId,
    crew: blackstart::model::CrewId,
) -> CompId {
    let name = |what: &str| format!("zone {number}/{what}");
    let by_crew = |work: Law| RepairDraft {
        detect: exp(0.2),
        crew: Some(crew),
        travel: uniform(0.5, 1.5),
        ..RepairDraft::of(work)
    };
    let utility = sound(&name("utility")).failing(ModeDraft {
        repair: by_crew(log_normal(2.0, 1.0)),
        ..ModeDraft::down("loss", exp(150.0), Law::ZERO)
    });
    let utility = builder.component(utility);
    let generator = builder.component(ComponentDraft {
        units: 2,
        enough: Some(1),
        standby: Some(StandbyDraft {
            starts_in: uniform(0.01, 0.05),
            fails_to_start: 0.1,
            repair: RepairDraft::of(exp(3.0)),
            dormancy: 0.1,
        }),
        ..sound(&name("generators")).failing(ModeDraft::down("wear", exp(80.0), exp(6.0)))
    });
    let chillers = builder.component(ComponentDraft {
        units: 3,
        enough: Some(2),
        ..sound(&name("chillers")).failing(ModeDraft {
            clock: ClockDraft::Operating,
            repair: RepairDraft {
                needs: Some(Expression::Up(control)),
                without_needs: Some(3.0),
                ..by_crew(gamma(4.0, 1.2))
            },
            ..ModeDraft::down("seized", Law::weibull(120.0 * 3.6e9, 1.5).unwrap(), Law::ZERO)
        })
    });
    let power = held(Expression::Any(levels(&[utility, generator])), 0.02, Some(5.0));
    let zone =
        ComponentDraft { restart: log_normal(0.5, 0.3), ..ComponentDraft::new(name("zone"), Kind::Zone) };
    let zone =
        builder.component(zone.needing(Expression::All(vec![power, need(Expression::Level(chillers))])));
    let members: Vec<CompId> = (1..=3)
        .map(|m| {
            let draft = ComponentDraft::new(name(&format!("member {m}")), Kind::Member)
                .needing(Expression::Level(zone))
                .failing(ModeDraft {
                    effect: Effect::Capacity(share(0.0, 0.9)),
                    ..ModeDraft::down("slow", exp(90.0), exp(2.0))
                })
                .failing(ModeDraft::down("crash", exp(100.0), short_or_long()));
            builder.component(draft)
        })
        .collect();
    let support = Expression::Quorum(2, levels(&members));
    let unit = ComponentDraft::new(name("unit"), Kind::Unit).needing(support);
    builder.component(ComponentDraft { members, reconfigure: Some((exp(0.2), share(0.0, 0.4))), ..unit })
}

fn short_or_long() -> Law {
    Law::mix(vec![(0.8, exp(0.5)), (0.2, Law::empirical(vec![3.6e9, 7.2e9, 5.0e10]).unwrap())]).unwrap()
}

fn hazards(builder: &mut Builder, units: &[CompId], crew: blackstart::model::CrewId) {
    let (first, second) = (units[0], units[1]);
    let repair = |work: Law| RepairDraft { crew: Some(crew), priority: 3, ..RepairDraft::of(work) };
    let both = StrikeDraft {
        hits: 0.8,
        delay: exp(0.3),
        repair: RepairDraft::of(uniform(0.2, 1.0)),
        ..strike(vec![first, second])
    };
    let rollout = |effect: Effect| StrikeDraft {
        name: "second".into(),
        effect,
        each: true,
        repair: repair(exp(1.0)),
        ..strike(vec![second, first])
    };
    let mut hazard = |name: &str, occurs: OccursDraft, probability: f64, strikes, one_of| {
        builder.hazard(HazardDraft {
            name: name.into(),
            occurs,
            probability,
            strikes,
            one_of,
            only_while: None,
            clusters: None,
            rhythm: None,
        });
    };
    hazard(
        "rollout",
        OccursDraft::Every(gamma(200.0, 1.2)),
        0.7,
        vec![both, rollout(errors(0.2))],
        Some(vec![2.0, 1.0]),
    );
    let spread = rollout(Effect::Capacity(share(0.0, 1.0)));
    hazard("overload", OccursDraft::When(Expression::Down(first)), 0.5, vec![spread], None);
    hazard("storm", OccursDraft::Between(hour(100.0), hour(900.0)), 1.0, vec![strike(vec![first])], None);
    hazard("release", OccursDraft::At(vec![hour(50.0), hour(700.0)]), 1.0, vec![strike(vec![second])], None);
}

fn users(builder: &mut Builder, units: &[CompId], cache: CompId, twin: CompId, control: CompId) {
    let services = ["app", "cache", "twin"].map(|name| builder.service(name, None));
    for (unit, service) in [(units[0], 0), (units[1], 0), (cache, 1), (twin, 2)] {
        builder.component_mut(unit).unit_of = Some(services[service]);
    }
    let shortest_outage = SimSpan::from_micros(60_000_000);
    let objective = Objective { availability: Some(0.999), shortest_outage, ..Objective::default() };
    let journey = builder.journey(Journey { name: "chat".into(), objective });
    for (name, order) in [("north", [0, 1]), ("south", [1, 0])] {
        let factors = (0..2_000).map(|step| 1.0 + 0.5 * f64::from(step % 96) / 95.0).collect();
        let profile = Profile::from_factors(factors);
        let population = builder.population(Population { name: name.into(), users: 1_000.0, profile });
        let failover = FailoverDraft {
            detect: exp(0.05),
            shift: log_normal(0.1, 0.7),
            works: 0.9,
            quiet: uniform(0.5, 1.0),
            needs: vec![Some(Expression::Up(control)), None],
            needs_at_target: false,
        };
        let mut route = |service: usize, units: Vec<CompId>, failover| {
            let name = format!("{name} to {service}");
            builder.route(RouteDraft { name, population, service: services[service], units, failover })
        };
        let app = route(0, order.map(|i| units[i]).to_vec(), Some(failover));
        let fixed_app = route(0, vec![units[order[0]]], None);
        let (cache, twin) = (route(1, vec![cache], None), route(2, vec![twin], None));
        let to = |route| CallTreeDraft::Service(vec![(route, 1.0)]);
        let first_of =
            CallTreeDraft::FirstOf { of: vec![to(cache), to(twin)], switch: exp(0.1), degraded: true };
        let mix = CallTreeDraft::Mix(vec![
            (0.9, CallTreeDraft::Service(vec![(app, 0.75), (fixed_app, 0.25)])),
            (0.1, to(twin)),
        ]);
        let calls = vec![CallDraft { to: mix, times: 2.0 }, CallDraft { to: first_of, times: 1.0 }];
        builder.usage(UsageDraft { population, journey, requests_per_second: 10.0, calls });
    }
}

fn play(model: &Model, replications: u64, threads: usize) -> RunOutput {
    let options = RunOptions { replications, seed: 7, threads, curve_points: 25 };
    run(model, options, &Progress::default()).unwrap()
}

/// One, two and seven threads, over more than one block of replications.
#[test]
fn results_do_not_depend_on_threads() {
    let model = everything(false);
    let text = |threads| serde_json::to_string(&summarize(&model, &play(&model, 600, threads))).unwrap();
    let alone = text(1);
    assert!(alone.len() > 10_000);
    for threads in [2, 7] {
        assert!(alone == text(threads), "{threads} threads give other bits");
    }
}

/// A run to a precision: the same number of replications on any number of threads, and what a run of so many gives.
#[test]
fn stopping_by_precision_does_not_depend_on_threads() {
    let model = everything(false);
    let until_precise = |threads| {
        let options = RunOptions { replications: 100_000, seed: 7, threads, curve_points: 0 };
        let goals = [Goal { figure: Figure::Largest, relative: 0.01 }];
        run_until(&model, options, &goals, &Progress::default()).unwrap()
    };
    let alone = until_precise(1);
    assert_eq!(alone.stopped_by, StoppedBy::Precision);
    let played = alone.options.replications;
    assert!(played > 512 && played < 100_000, "{played}");
    for threads in [2, 7] {
        let other = until_precise(threads);
        assert_eq!((other.options.replications, other.rows()), (played, alone.rows()));
        assert_eq!(summarize(&model, &other).precision, summarize(&model, &alone).precision);
    }
    let options = RunOptions { replications: played, seed: 7, threads: 2, curve_points: 0 };
    let plain = run(&model, options, &Progress::default()).unwrap();
    assert_eq!(summarize(&model, &plain).journeys, summarize(&model, &alone).journeys);
}

/// What ends a run from outside ends it after a whole block; at least one is played, and the limit comes first.
#[test]
fn a_stopped_run_holds_whole_blocks() {
    let model = everything(false);
    let stopped = |replications| {
        let progress = Progress::default();
        progress.stop.set(StoppedBy::Interrupted).unwrap();
        let options = RunOptions { replications, seed: 7, threads: 2, curve_points: 0 };
        let output = run_until(&model, options, &[], &progress).unwrap();
        (output.stopped_by, output.options.replications, output.rows().len())
    };
    assert_eq!(stopped(2_000), (StoppedBy::Interrupted, 512, 512));
    assert_eq!(stopped(100), (StoppedBy::Replications, 100, 100));
}

/// Replication k is a function of the model, the seed and k.
#[test]
fn a_replication_does_not_depend_on_how_many_there_are() {
    let model = everything(false);
    let (few, many) = (play(&model, 10, 2), play(&model, 1_000, 2));
    assert_eq!(few.rows(), &many.rows()[..10]);
    // And not on what the engine played before: the last of many by itself.
    let mut meter = blackstart::measure::Meter::new(&model, 0);
    Engine::new(&model).replicate(Replication::new(7, 999), &mut meter).unwrap();
    let down: Vec<f64> = meter.take().usages.iter().map(|u| u.down.micros_f64() / 1e6).collect();
    assert_eq!(down, many.rows()[999].usages.iter().map(|u| u.down_s).collect::<Vec<f64>>());
}

/// By name: when each mode failed, each hazard occurred, and how each level moved.
type History = BTreeMap<String, Vec<(SimTime, u64)>>;

#[derive(Default)]
struct Historian(History);

impl Historian {
    fn note(&mut self, name: String, at: SimTime, value: u64) {
        let history = self.0.entry(name).or_default();
        if history.last().is_none_or(|(_, before)| *before != value) {
            history.push((at, value));
        }
    }

    fn look(&mut self, engine: &Engine<'_>) {
        let (model, now) = (engine.model(), engine.now());
        for (i, mode) in model.modes.iter().enumerate() {
            self.note(
                format!("failures of {}", mode.name),
                now,
                u64::from(engine.failures_of(ModeId::at(i))),
            );
        }
        for (i, hazard) in model.hazards.iter().enumerate() {
            let count = u64::from(engine.occurrences_of(HazardId::at(i)));
            self.note(format!("occurrences of {}", hazard.name), now, count);
        }
        for (i, component) in model.components.iter().enumerate() {
            self.note(format!("level of {}", component.name), now, engine.level(CompId::at(i)).to_bits());
        }
        for usage in 0..model.usages.len() {
            let usage = blackstart::model::UsageId::at(usage);
            let name = format!("success of {:?}", model.usage_name(usage));
            self.note(name, now, engine.usage_success(usage).to_bits());
        }
    }
}

impl Observer for Historian {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.look(engine);
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        self.look(engine);
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

fn history(model: &Model, number: u64) -> History {
    let mut historian = Historian::default();
    Engine::new(model).replicate(Replication::new(7, number), &mut historian).unwrap();
    historian.0
}

/// A part and a hazard more, written before all others, leave every failure, level and call as it was.
#[test]
fn what_is_unrelated_changes_nothing() {
    let (without, with) = (everything(false), everything(true));
    for number in 0..20 {
        let (before, mut after) = (history(&without, number), history(&with, number));
        let more = after.extract_if(.., |name, _| name.contains("unrelated")).count();
        assert_eq!(more, 3, "its mode, its hazard, its level");
        assert!(before.values().map(Vec::len).sum::<usize>() > 500);
        for (name, events) in &before {
            assert_eq!(Some(events), after.get(name), "{name}");
        }
        assert_eq!(before.len(), after.len());
    }
}

/// A model against itself on common random numbers: no difference, without any spread.
#[test]
fn a_model_does_not_differ_from_itself() {
    let model = everything(false);
    let compared = compared(&model, &model);
    assert_eq!((compared.differences.len(), compared.unmatched.len()), (6, 0));
    assert_eq!(compared.causes, []);
    for difference in compared.differences {
        assert!(difference.first > 0.0 && difference.first == difference.second);
        let estimate = &difference.difference;
        assert_eq!((estimate.mean, estimate.non_zero), (0.0, 0));
        assert_eq!((difference.better, difference.worse), (0.0, 0.0));
        assert_eq!((difference.verdict, difference.p_value), (Verdict::Equal, 1.0));
        // A variance of exactly 0 cannot divide that of independent runs.
        assert_eq!(difference.variance_reduction, None);
    }
}

/// Common random numbers: doubling a battery leaves every failure where it was, so the downtime of no replication
/// grows. (Nothing here waits for a crew, where an improvement may cost somebody else.)
#[test]
fn an_improvement_never_hurts_on_common_random_numbers() {
    let model = |battery: f64| {
        let mut builder = Builder::new("battery", hour(HORIZON));
        let feed = sound("feed").failing(ModeDraft::down("loss", exp(50.0), exp(2.0)));
        let feed = builder.component(feed);
        story::system(&mut builder, held(Expression::Level(feed), battery, None));
        builder.build().unwrap()
    };
    let (small, large) = (model(1.0), model(2.0));
    let difference = compared(&small, &large).differences.swap_remove(0);
    assert_eq!((difference.worse, difference.verdict), (0.0, Verdict::Better));
    assert!(difference.better > 0.9 && difference.variance_reduction.unwrap() > 1.0);
}

/// Two systems in 200 replications, the same on any number of threads.
fn compared(first: &Model, second: &Model) -> DesignComparison {
    let designs = [("first", first), ("second", second)].map(|(name, model)| Design { name, model });
    let played = |threads| {
        let options = RunOptions { replications: 200, seed: 1, threads, curve_points: 0 };
        compare(&designs, options, &[], &Progress::default()).unwrap()
    };
    let mut comparison = played(1);
    assert_eq!(comparison, played(3));
    comparison.designs.swap_remove(0)
}

/// The bits of one small model's downtime. What changes them changes every published figure: a change of this test
/// is value-breaking, and belongs in CHANGELOG.md.
#[test]
fn values_are_stable() {
    let mut builder = Builder::new("stable", hour(1_000.0));
    let crew = Some(builder.crew("crew", 1));
    let repair = RepairDraft { crew, travel: uniform(0.5, 1.5), ..RepairDraft::of(log_normal(2.0, 0.8)) };
    let parts: Vec<CompId> = [exp(40.0), gamma(60.0, 0.7), Law::weibull(50.0 * 3.6e9, 1.4).unwrap()]
        .into_iter()
        .enumerate()
        .map(|(i, every)| {
            let mode = ModeDraft { repair: repair.clone(), ..ModeDraft::down("failure", every, fixed(0.0)) };
            builder.component(sound(&format!("part {i}")).failing(mode))
        })
        .collect();
    story::system(&mut builder, Expression::AtLeast(2, levels(&parts)));
    let model = builder.build().unwrap();
    let bits: Vec<String> =
        play(&model, 4, 1).rows().iter().map(|r| format!("{:016x}", r.usages[0].down_s.to_bits())).collect();
    assert_eq!(bits, ["40ee681fd2780779", "40ec20a984ee7c4a", "40fda01cb9de481f", "40f740610e768598"]);
}

/// Users who overload a cable in their busy hours and nothing else: nothing is random, so every replication is the same, whoever
/// plays it after whichever.
#[test]
fn busy_hours_are_those_of_every_replication() {
    let text = r#"Scenario(
        title: "busy hours", start: "2026-01-01T00:00:00Z", horizon: "2d",
        zone_kinds: { "hall": () }, sites: { "a": (at: (0, 0)), "b": (at: (0, 10)) },
        cables: { "one": (capacity: "4 Gbps", segments: [(from: "a", to: "b", length: "1200 km")]) },
        regions: { "r": (attach: ["b"], zones: { "z": "hall" }) }, services: { "s": (scope: Regional) },
        journeys: { "j": (calls: ["s"], size: "1 MB") },
        users: { "u": (count: 1000, attach: ["a"], does: { "j": "3600/h" }, route: Order(["r"]), day: Peak(at: "12:00", trough: "0%")) },
    )"#;
    let mut found = blackstart::scenario::Diagnostics::new();
    let loaded =
        blackstart::scenario::load("busy", text, &[], &mut blackstart::scenario::Sources::new(), &mut found);
    let model = loaded.unwrap().model;
    for threads in [1, 3] {
        let options = RunOptions { replications: 40, seed: 1, threads, curve_points: 0 };
        let output = run(&model, options, &Progress::default()).unwrap();
        // 8 Gbps in the mean, 16 at noon: above 4.2 Gbps from 4:00 to 20:00 on both days, to the quarter of an hour.
        assert!(output.rows().iter().all(|row| row.usages[0].down_s == 32.0 * 3_600.0), "{threads} threads");
    }
}
