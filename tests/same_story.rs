//! The engine and the reference engine tell the same story, instant by instant, bit for bit.

mod reference;
mod slow_placement;
mod systems;

use std::cell::Cell;

use blackstart::engine::{Blind, Engine};
use blackstart::law::Law;
use blackstart::model::{
    Builder, CallDraft, CallTreeDraft, ClockDraft, CompId, ComponentDraft, CrewId, Effect, Expression,
    FailoverDraft, HazardDraft, Holdover, Journey, Kind, ModeDraft, Need, OccursDraft, Population,
    PopulationId, Profile, RepairDraft, Rhythm, RouteDraft, RouteId, ServiceId, StandbyDraft, StrikeDraft,
    UsageDraft,
};
use blackstart::random::Replication;
use blackstart::time::{MICROS_PER_HOUR, SimSpan, SimTime};
use reference::assert_same_story;

const HOUR: f64 = MICROS_PER_HOUR as f64;
/// Generated systems that are compared, and replications of each.
const SYSTEMS: u32 = 300;
const REPLICATIONS: u64 = 3;
const REGRESSIONS: &str = "tests/proptest-regressions/same_story.txt";

/// Compares `count` generated systems; the number of instants compared.
fn compare_generated(count: u32, seed: u64) -> usize {
    let instants = Cell::new(0);
    systems::check(count, seed, REGRESSIONS, |system| {
        let alike = reference::same_story(&systems::model(system), system.seed.into(), REPLICATIONS)?;
        instants.set(instants.get() + alike);
        Ok(())
    });
    instants.get()
}

#[test]
fn generated_systems() {
    let instants = compare_generated(SYSTEMS, 1);
    assert!(instants > 100 * SYSTEMS as usize, "only {instants} instants");
}

/// Other systems than above; PROPTEST_CASES sets how many, PROPTEST_RNG_SEED which.
#[test]
#[ignore = "minutes: run in release mode after a change of the engine, see CONTRIBUTING.md"]
fn ten_thousand_generated_systems() {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
    };
    let (count, seed) = (number("PROPTEST_CASES", 10_000), number("PROPTEST_RNG_SEED", 2));
    let instants = compare_generated(u32::try_from(count).unwrap(), seed);
    println!("{count} systems x {REPLICATIONS} replications, {instants} instants, no difference");
}

/// Systems that once told two stories, with the engine as it was or as it was broken on purpose, as
/// `generated_systems` printed them.
#[test]
fn kept_systems() {
    let mut kept = 0;
    for file in std::fs::read_dir("tests/kept_systems").unwrap() {
        let path = file.unwrap().path();
        let system = systems::read(&std::fs::read_to_string(&path).unwrap());
        assert_same_story(&systems::model(&system), system.seed.into(), 20);
        kept += 1;
    }
    assert!(kept > 0);
}

// ---------------------------------------------------------------------------------------------------------
// Small systems by hand. Times are hours.

fn hours(h: f64) -> SimTime {
    SimTime::from_micros((h * HOUR) as i64)
}

fn fixed(h: f64) -> Law {
    Law::fixed(h * HOUR).unwrap()
}

fn exp(h: f64) -> Law {
    Law::exp(h * HOUR).unwrap()
}

fn human(h: f64) -> Law {
    Law::log_normal(h * HOUR, 1.0).unwrap()
}

fn between(from: f64, to: f64) -> Law {
    Law::uniform(from * HOUR, to * HOUR).unwrap()
}

fn share(x: f64) -> Law {
    Law::fixed(x).unwrap()
}

fn level(c: CompId) -> Expression {
    Expression::Level(c)
}

fn up(c: CompId) -> Expression {
    Expression::Up(c)
}

fn need(on: Expression) -> Need {
    Need { on, at_least: None, holdover: None, otherwise: 0.0 }
}

fn wrap(need: Need) -> Expression {
    Expression::Need(Box::new(need))
}

fn needs(on: Expression) -> Expression {
    wrap(need(on))
}

/// A need that is met or not.
fn met(on: Expression) -> Expression {
    wrap(Need { at_least: Some(1.0), ..need(on) })
}

fn held(on: Expression, length: Law, refills_in: Option<f64>, name: &str) -> Expression {
    let refills_in = refills_in.map(|h| SimSpan::from_micros_f64(h * HOUR));
    wrap(Need { holdover: Some(Holdover { length, refills_in, name: name.into() }), ..need(on) })
}

fn all(list: &[Expression]) -> Expression {
    Expression::All(list.to_vec())
}

fn any(list: &[Expression]) -> Expression {
    Expression::Any(list.to_vec())
}

fn part(name: &str) -> ComponentDraft {
    ComponentDraft::new(name, Kind::Part)
}

fn mode(name: &str, every: Law, effect: Effect, repair: RepairDraft) -> ModeDraft {
    let clock = ClockDraft::Calendar;
    ModeDraft { name: name.into(), every, effect, clock, rhythm: None, inspection: None, repair }
}

fn broken_at(b: &mut Builder, name: &str, at: &[f64], targets: &[CompId], effect: Effect, work: Law) {
    let occurs = OccursDraft::At(at.iter().map(|h| hours(*h)).collect());
    hazard(b, name, occurs, vec![strike(targets, effect, RepairDraft::of(work))]);
}

fn hazard(b: &mut Builder, name: &str, occurs: OccursDraft, strikes: Vec<StrikeDraft>) {
    b.hazard(HazardDraft {
        name: name.into(),
        occurs,
        probability: 1.0,
        strikes,
        one_of: None,
        only_while: None,
        clusters: None,
        rhythm: None,
    });
}

fn strike(targets: &[CompId], effect: Effect, repair: RepairDraft) -> StrikeDraft {
    let targets = targets.to_vec();
    StrikeDraft {
        name: "strike".into(),
        targets,
        effect,
        hits: 1.0,
        delay: Law::ZERO,
        repair,
        each: false,
        waves: None,
    }
}

fn standby(starts_in: Law, fails_to_start: f64, dormancy: f64, mended_in: Law) -> StandbyDraft {
    StandbyDraft { starts_in, fails_to_start, repair: RepairDraft::of(mended_in), dormancy }
}

fn crewed(crew: CrewId, priority: i64, travel: Law, work: Law) -> RepairDraft {
    RepairDraft { crew: Some(crew), priority, travel, ..RepairDraft::of(work) }
}

fn builder(title: &str) -> Builder {
    Builder::new(title, hours(1_500.0))
}

fn same_story(b: Builder) {
    let instants = assert_same_story(&b.build().unwrap(), 7, 8);
    assert!(instants > 0);
}

#[test]
fn modes_and_clocks() {
    for aged in [false, true] {
        let mut b = builder("modes and clocks");
        b.aged(aged);
        let zone = b.component(part("zone").failing(ModeDraft::down("outage", exp(90.0), human(6.0))));
        let mut c = part("server").needing(needs(level(zone)));
        c.modes.push(mode("slow", exp(40.0), Effect::Capacity(Law::uniform(0.2, 0.9).unwrap()), {
            RepairDraft { detect: human(0.5), travel: exp(1.0), ..RepairDraft::of(human(4.0)) }
        }));
        c.modes.push(mode("buggy", human(60.0), Effect::Errors(Law::uniform(0.0, 1.0).unwrap()), {
            RepairDraft::of(exp(3.0))
        }));
        c.modes
            .push(ModeDraft { clock: ClockDraft::Operating, ..ModeDraft::down("wear", exp(50.0), exp(5.0)) });
        let busy = ClockDraft::While(all(&[up(zone), Expression::LevelAtLeast(CompId::at(1), 0.5)]));
        c.modes.push(ModeDraft { clock: busy, ..ModeDraft::down("rush", between(5.0, 80.0), Law::ZERO) });
        c.modes.push(ModeDraft::down("for good", exp(2_000.0), Law::NEVER));
        let server = b.component(c);
        b.watched_by_users(server, SimSpan::ZERO);
        same_story(b);
    }
}

/// Clocks with a rhythm that stop and go for other reasons too.
#[test]
fn rhythms() {
    for aged in [false, true] {
        let mut b = builder("rhythms");
        b.aged(aged);
        // Working hours, at speeds that divide nothing evenly, and nights at which nothing moves.
        let busy = |step: usize| if (32..72).contains(&(step % 96)) { 7.0 / 3.0 } else { 1.0 / 24.0 };
        let by_day = |step: usize| if (40..60).contains(&(step % 96)) { 4.8 } else { 0.0 };
        let steps = 6_001;
        let busy = b.rhythm(Rhythm::from_factors(&(0..steps).map(busy).collect::<Vec<_>>()));
        let by_day = b.rhythm(Rhythm::from_factors(&(0..steps).map(by_day).collect::<Vec<_>>()));
        let zone = b.component(
            part("zone")
                .failing(ModeDraft { rhythm: busy, ..ModeDraft::down("outage", exp(90.0), human(6.0)) }),
        );
        let mut spare = part("spare");
        for (name, rhythm) in [("busy", busy), ("by day", by_day)] {
            spare.modes.push(ModeDraft { rhythm, ..ModeDraft::down(name, human(30.0), exp(4.0)) });
        }
        spare.standby = Some(StandbyDraft {
            starts_in: fixed(0.1),
            fails_to_start: 0.1,
            repair: RepairDraft::of(exp(5.0)),
            dormancy: 0.3,
        });
        let spare = b.component(spare);
        let mut pool = part("pool")
            .failing(ModeDraft { rhythm: by_day, ..ModeDraft::down("crash", exp(70.0), exp(9.0)) });
        (pool.units, pool.enough) = (5, Some(3));
        let pool = b.component(pool);
        let mut c =
            part("server").needing(all(&[needs(any(&[level(zone), level(spare)])), needs(level(pool))]));
        let wear = ModeDraft::down("wear", fixed(50.0), exp(5.0));
        c.modes.push(ModeDraft { clock: ClockDraft::Operating, rhythm: busy, ..wear });
        let rush = ModeDraft::down("rush", between(5.0, 80.0), Law::ZERO);
        c.modes.push(ModeDraft { clock: ClockDraft::While(up(zone)), rhythm: by_day, ..rush });
        let server = b.component(c);
        let strikes = vec![strike(&[server, zone], Effect::Down, RepairDraft::of(exp(2.0)))];
        b.hazard(HazardDraft {
            name: "release".into(),
            occurs: OccursDraft::Every(exp(60.0)),
            probability: 0.8,
            strikes,
            one_of: None,
            only_while: Some(up(zone)),
            clusters: Some((0.3, exp(5.0))),
            rhythm: by_day,
        });
        b.watched_by_users(server, SimSpan::ZERO);
        same_story(b);
    }
}

/// Times that may be nothing or have no end, at modes that need no event queue otherwise.
#[test]
fn times_of_nothing_and_without_end() {
    let law = |values: &[f64]| Law::empirical(values.iter().map(|h| h * HOUR).collect()).unwrap();
    let sometimes_for_good = Law::mix(vec![(0.95, law(&[0.0, 2.0, 3.0])), (0.05, Law::NEVER)]).unwrap();
    for aged in [false, true] {
        let mut b = builder("nothing and no end");
        b.aged(aged);
        let laws = [
            (law(&[0.0, 5.0, 40.0]), law(&[0.0, 1.0])),
            (law(&[0.0, 0.0, 70.0]), fixed(2.0)),
            (exp(20.0), Law::ZERO),
            (Law::ZERO, exp(30.0)),
            (exp(30.0), sometimes_for_good.clone()),
            (Law::NEVER, fixed(1.0)),
            (fixed(10.0), fixed(10.0)),
        ];
        let mut list = Vec::new();
        for (k, (every, work)) in laws.into_iter().enumerate() {
            let mut c = part(&format!("part {k}")).failing(ModeDraft::down("failure", every, work));
            c.modes.push(ModeDraft::down("other", exp(50.0), law(&[0.0, 4.0])));
            list.push(b.component(c));
        }
        let unit = b.component(
            part("unit").needing(needs(Expression::AtLeast(5, list.iter().map(|c| level(*c)).collect()))),
        );
        b.watched_by_users(unit, SimSpan::ZERO);
        same_story(b);
    }
}

#[test]
fn counted_units() {
    let mut b = builder("counted units");
    let mut list = Vec::new();
    for (name, enough, shared) in
        [("pool", None, true), ("spares", Some(3), true), ("told apart", Some(2), false)]
    {
        let mut c = part(name).failing(ModeDraft::down("crash", exp(60.0), human(8.0)));
        if !shared {
            c.modes.push(mode("slow", exp(80.0), Effect::Capacity(share(0.5)), RepairDraft::of(exp(30.0))));
            c.modes.push(mode("odd", exp(90.0), Effect::Errors(share(0.3)), RepairDraft::of(exp(30.0))));
        }
        (c.units, c.enough) = (4, enough);
        list.push(b.component(c));
    }
    broken_at(&mut b, "surge", &[100.0, 105.0], &list, Effect::Capacity(share(0.4)), fixed(20.0));
    let unit = b.component(part("unit").needing(Expression::Share(list.iter().map(|c| level(*c)).collect())));
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

#[test]
fn standbys_cold_and_warm() {
    for (starts_in, dormancy, units) in [(Law::ZERO, 0.0, 1), (exp(0.5), 0.3, 3), (fixed(1.0), 1.0, 2)] {
        let mut b = builder("standbys");
        let utility = b.component(part("utility").failing(ModeDraft::down("loss", exp(50.0), human(5.0))));
        let mut c = part("generator").failing(ModeDraft::down("stop", exp(30.0), exp(10.0)));
        (c.standby, c.units, c.restart) =
            (Some(standby(starts_in, 0.4, dormancy, exp(6.0))), units, fixed(0.25));
        let generator = b.component(c);
        let power = wrap(Need {
            holdover: Some(Holdover { length: between(0.1, 2.0), refills_in: None, name: "battery".into() }),
            ..need(any(&[level(utility), level(generator)]))
        });
        let zone = b.component(part("zone").needing(power));
        b.watched_by_users(zone, SimSpan::ZERO);
        same_story(b);
    }
}

#[test]
fn two_of_two_and_two_standbys() {
    let mut b = builder("two of four");
    let mut list = Vec::new();
    for name in ["a", "b", "c", "d"] {
        let mut c = part(name).failing(ModeDraft::down("stop", exp(40.0), exp(15.0)));
        if name > "b" {
            c.standby = Some(standby(if name == "c" { fixed(0.5) } else { Law::ZERO }, 0.3, 0.5, exp(4.0)));
        }
        list.push(level(b.component(c)));
    }
    let first = b.component(part("first").needing(needs(Expression::AtLeast(2, list.clone()))));
    let other = b.component(part("other").needing(needs(Expression::AtLeast(1, list[1..].to_vec()))));
    let unit = b.component(part("unit").needing(all(&[level(first), level(other)])));
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

/// Two needs want the standby one after the other, at the same instant: it goes on running.
#[test]
fn demand_passes_from_need_to_need() {
    let mut b = builder("passed demand");
    let other = b.component(part("other").failing(ModeDraft::down("stop", fixed(30.0), fixed(10.0))));
    let main = b.component(part("main"));
    let mut c = part("spare");
    c.standby = Some(standby(fixed(1.0), 0.0, 0.0, Law::ZERO));
    let spare = b.component(c);
    broken_at(&mut b, "loss", &[20.0], &[main], Effect::Down, fixed(40.0));
    // The first wants the spare only while `other` is up, the second only while it is down.
    b.component(part("first").needing(needs(all(&[any(&[level(main), level(spare)]), level(other)]))));
    let second = b.component(part("second").needing(needs(any(&[level(spare), level(other)]))));
    b.watched_by_users(second, SimSpan::ZERO);
    same_story(b);
}

/// A battery inside the need does not keep the generator from running.
#[test]
fn holdover_beside_a_standby() {
    let mut b = builder("battery inside the need");
    let utility = b.component(part("utility").failing(ModeDraft::down("loss", exp(50.0), human(5.0))));
    let mut c = part("generator");
    c.standby = Some(standby(fixed(0.2), 0.3, 0.0, exp(3.0)));
    let generator = b.component(c);
    let inner = held(any(&[level(utility), level(generator)]), fixed(0.5), Some(10.0), "battery");
    let zone = b.component(part("zone").needing(needs(all(&[inner]))));
    b.watched_by_users(zone, SimSpan::ZERO);
    same_story(b);
}

#[test]
fn gates_thresholds_and_soft_needs() {
    let mut b = builder("gates");
    let mut list = Vec::new();
    for i in 0..4 {
        let c = part(&format!("input {i}"))
            .failing(ModeDraft::down("stop", exp(40.0), exp(12.0)))
            .failing(mode("slow", exp(30.0), Effect::Capacity(share(0.5)), RepairDraft::of(exp(12.0))));
        list.push(level(b.component(c)));
    }
    let gates = [
        Expression::All(list.clone()),
        Expression::Any(list.clone()),
        Expression::AtLeast(2, list.clone()),
        Expression::Share(list.clone()),
        Expression::Quorum(3, list.clone()),
        Expression::All(vec![Expression::Any(list[..2].to_vec()), Expression::Share(list[2..].to_vec())]),
    ];
    let mut outer = Vec::new();
    for (i, gate) in gates.into_iter().enumerate() {
        let plain = needs(gate.clone());
        let strict = wrap(Need { at_least: Some(0.6), ..need(gate.clone()) });
        let soft = wrap(Need { otherwise: 0.7, ..need(gate.clone()) });
        let both = wrap(Need { at_least: Some(1.0), otherwise: 0.3, ..need(gate) });
        for (kind, e) in [("plain", plain), ("strict", strict), ("soft", soft), ("both", both)] {
            outer.push(level(b.component(part(&format!("{kind} {i}")).needing(e))));
        }
    }
    let unit = b.component(part("unit").needing(Expression::Share(outer)));
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

#[test]
fn holdovers_in_layers() {
    let mut b = builder("holdovers");
    let utility =
        b.component(part("utility").failing(ModeDraft::down("loss", exp(20.0), human(3.0))).failing(mode(
            "brownout",
            exp(30.0),
            Effect::Capacity(share(0.6)),
            RepairDraft::of(exp(4.0)),
        )));
    let power =
        b.component(part("power").needing(held(level(utility), between(0.5, 4.0), Some(12.0), "battery")));
    let cooling = b.component(
        part("cooling").needing(held(up(power), fixed(0.25), None, "flywheel")).failing(ModeDraft::down(
            "leak",
            exp(100.0),
            exp(5.0),
        )),
    );
    let heat = wrap(Need {
        at_least: Some(1.0),
        holdover: Some(Holdover {
            length: exp(2.0),
            refills_in: Some(SimSpan::ZERO),
            name: "inertia".into(),
        }),
        otherwise: 0.4,
        ..need(level(cooling))
    });
    let nothing = held(level(power), Law::ZERO, Some(5.0), "empty");
    let for_ever = held(level(cooling), Law::NEVER, Some(5.0), "cached");
    let hall = b.component(part("hall").needing(all(&[level(power), heat])));
    let other = b.component(part("other").needing(any(&[nothing, for_ever])));
    let unit = b.component(part("unit").needing(all(&[level(hall), level(other)])));
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

#[test]
fn restarts_and_what_they_wait_for() {
    let mut b = builder("restarts");
    let zone = b.component(part("zone").failing(ModeDraft::down("outage", exp(60.0), exp(5.0))));
    let mut registry =
        part("registry").needing(level(zone)).failing(ModeDraft::down("bug", exp(50.0), exp(4.0)));
    registry.restart = human(1.0);
    let registry = b.component(registry);
    let pool = b.component({
        let mut c = part("pool").failing(ModeDraft::down("crash", exp(20.0), exp(30.0)));
        c.units = 3;
        c
    });
    let mut server =
        part("server").needing(level(zone)).failing(ModeDraft::down("crash", exp(40.0), human(1.0)));
    (server.restart, server.starts_with) = (between(0.0, 3.0), Some(all(&[up(registry), level(pool)])));
    let server = b.component(server);
    let mut eager = part("eager").needing(level(zone));
    eager.starts_with = Some(level(server));
    let eager = b.component(eager);
    b.watched_by_users(eager, SimSpan::ZERO);
    same_story(b);
}

/// It is lit and struck at the same instant: it goes dark anew, and what it carried before is forgotten.
#[test]
fn lit_and_dark_at_once() {
    let mut b = builder("lit and dark at once");
    let mut c = part("server");
    c.restart = fixed(1.0);
    let server = b.component(c);
    broken_at(&mut b, "first", &[10.0, 30.0], &[server], Effect::Down, fixed(1.0));
    broken_at(&mut b, "second", &[12.0, 31.5], &[server], Effect::Down, fixed(1.0));
    b.watched_by_users(server, SimSpan::ZERO);
    same_story(b);
}

fn ring(b: &mut Builder, outside: CompId, members: &[(&str, Option<Law>, Law)]) -> Vec<CompId> {
    let ids: Vec<CompId> = members
        .iter()
        .map(|(name, black_start, restart)| {
            let mut c = part(name).failing(ModeDraft::down("bug", exp(200.0), exp(6.0)));
            c.modes.push(mode("slow", exp(150.0), Effect::Capacity(share(0.5)), RepairDraft::of(exp(20.0))));
            (c.black_start, c.restart) = (black_start.clone(), restart.clone());
            b.component(c)
        })
        .collect();
    for (i, id) in ids.iter().enumerate() {
        let next = met(up(ids[(i + 1) % ids.len()]));
        let place = if i == 0 { vec![next, level(outside)] } else { vec![next] };
        b.component_mut(*id).support = Some(Expression::All(place));
    }
    ids
}

#[test]
fn cycles() {
    let quick = || Some(fixed(1.0));
    let members: [Vec<(&str, Option<Law>, Law)>; 5] = [
        vec![("auth", None, Law::ZERO), ("database", None, human(1.0))],
        vec![("auth", quick(), Law::ZERO), ("database", None, human(1.0))],
        vec![
            ("auth", quick(), exp(1.0)),
            ("database", Some(exp(1.0)), Law::ZERO),
            ("queue", None, fixed(0.5)),
        ],
        vec![("auth", None, Law::ZERO), ("database", Some(Law::ZERO), Law::ZERO), ("queue", None, Law::ZERO)],
        vec![
            ("auth", Some(fixed(1.0)), fixed(1.0)),
            ("database", quick(), fixed(1.0)),
            ("queue", quick(), exp(1.0)),
        ],
    ];
    for list in members {
        let mut b = builder("cycle");
        let zone =
            b.component(part("zone").failing(ModeDraft::down("outage", exp(100.0), exp(3.0))).failing(mode(
                "slow",
                exp(50.0),
                Effect::Capacity(share(0.4)),
                RepairDraft::of(exp(9.0)),
            )));
        let ids = ring(&mut b, zone, &list);
        let fed = held(up(ids[0]), fixed(2.0), Some(8.0), "tokens");
        let unit = b.component(part("unit").needing(all(&[fed, level(ids[1])])));
        b.watched_by_users(unit, SimSpan::ZERO);
        same_story(b);
    }
}

/// Hope returns with the zone that only one member needs, although no support rises.
#[test]
fn hope_returns_from_outside() {
    let mut b = builder("hope returns");
    let zone = b.component(part("zone"));
    broken_at(&mut b, "loss", &[10.0, 50.0], &[zone], Effect::Down, fixed(5.0));
    let list = [("auth", None, Law::ZERO), ("database", Some(fixed(1.0)), Law::ZERO)];
    let ids = ring(&mut b, zone, &list);
    ids.iter().for_each(|id| b.component_mut(*id).modes.clear());
    b.watched_by_users(ids[0], SimSpan::ZERO);
    same_story(b);
}

/// A member lives by its bridge and is degraded: it carries its own failure, not its mates'.
#[test]
fn degraded_on_the_bridge() {
    let mut b = builder("degraded on the bridge");
    let zone = b.component(part("zone"));
    broken_at(&mut b, "loss", &[10.0], &[zone], Effect::Down, fixed(5.0));
    let list = [("auth", None, fixed(20.0)), ("database", Some(fixed(1.0)), Law::ZERO)];
    let ids = ring(&mut b, zone, &list);
    ids.iter().for_each(|id| b.component_mut(*id).modes.clear());
    broken_at(&mut b, "slow", &[20.0], &[ids[1]], Effect::Capacity(share(0.5)), fixed(3.0));
    b.watched_by_users(ids[1], SimSpan::ZERO);
    same_story(b);
}

#[test]
fn crews_priorities_and_needs() {
    let mut b = builder("crews");
    let crew = b.crew("crew", 1);
    let pair = b.crew("pair", 2);
    let road = b.component(part("road").failing(ModeDraft::down("snow", exp(30.0), human(6.0))));
    let mut list = Vec::new();
    for i in 0..5 {
        let travel = if i % 2 == 0 { fixed(2.0) } else { Law::ZERO };
        let repair = RepairDraft {
            detect: if i == 3 { Law::ZERO } else { human(0.5) },
            needs: (i > 0).then(|| up(road)),
            without_needs: (i == 4).then_some(3.0),
            ..crewed(if i == 2 { pair } else { crew }, i % 3, travel, exp(9.0))
        };
        let c = part(&format!("machine {i}")).failing(mode("break", exp(50.0), Effect::Down, repair));
        list.push(b.component(c));
    }
    let alone = RepairDraft { needs: Some(all(&[level(list[0]), up(road)])), ..RepairDraft::of(exp(5.0)) };
    let slowly = RepairDraft { without_needs: Some(4.0), ..alone.clone() };
    list.push(b.component(part("paused").failing(mode("break", exp(60.0), Effect::Down, alone))));
    list.push(b.component(part("slowed").failing(mode("break", exp(60.0), Effect::Down, slowly))));
    let mut many =
        part("many").failing(mode("break", exp(60.0), Effect::Down, crewed(pair, 0, exp(1.0), exp(9.0))));
    many.units = 5;
    list.push(b.component(many));
    let unit = b.component(part("unit").needing(Expression::Share(list.iter().map(|c| level(*c)).collect())));
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

/// Repairs of one strike that wait for one crew at the same instant go by the names of what they mend.
#[test]
fn equal_requests_for_a_crew() {
    let mut b = builder("equal requests");
    let crew = b.crew("crew", 1);
    let list: Vec<CompId> = ["d", "b", "c", "a"].iter().map(|name| b.component(part(name))).collect();
    let each =
        StrikeDraft { each: true, ..strike(&list, Effect::Down, crewed(crew, 0, fixed(1.0), fixed(3.0))) };
    let occurs = OccursDraft::At(vec![hours(1.0), hours(2.0), hours(40.0)]);
    hazard(&mut b, "flood", occurs, vec![each]);
    let unit = b.component(part("unit").needing(Expression::Share(list.iter().map(|c| level(*c)).collect())));
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

#[test]
fn hazards_of_each_kind() {
    let mut b = builder("hazards");
    let crew = b.crew("crew", 1);
    let room = b.component(part("battery room").failing(ModeDraft::down("fire", exp(150.0), human(9.0))));
    let list: Vec<CompId> = (0..4).map(|i| b.component(part(&format!("rack {i}")))).collect();
    broken_at(&mut b, "works", &[100.0, 110.0, 110.0], &list[..2], Effect::Down, fixed(30.0));
    let delayed = StrikeDraft {
        hits: 0.6,
        delay: between(0.0, 8.0),
        ..strike(&list, Effect::Capacity(Law::uniform(0.1, 0.9).unwrap()), RepairDraft::of(human(4.0)))
    };
    hazard(&mut b, "storm", OccursDraft::Between(hours(200.0), hours(900.0)), vec![delayed.clone()]);
    let each = StrikeDraft { each: true, name: "each".into(), ..delayed.clone() };
    let errors = StrikeDraft {
        name: "errors".into(),
        ..strike(&list[1..], Effect::Errors(share(0.4)), crewed(crew, 1, exp(1.0), exp(5.0)))
    };
    b.hazard(HazardDraft {
        only_while: None,
        clusters: None,
        rhythm: None,
        name: "roll-out".into(),
        occurs: OccursDraft::Every(exp(70.0)),
        probability: 0.6,
        strikes: vec![each.clone(), errors],
        one_of: Some(vec![1.0, 3.0]),
    });
    let spreads =
        StrikeDraft { hits: 0.5, delay: exp(1.0), ..strike(&list, Effect::Down, RepairDraft::of(exp(9.0))) };
    hazard(&mut b, "spread", OccursDraft::When(Expression::Down(room)), vec![spreads, each]);
    let calm = Expression::Not(Box::new(any(&[up(list[0]), up(list[1])])));
    hazard(&mut b, "panic", OccursDraft::When(calm), vec![delayed]);
    let unit =
        b.component(part("unit").needing(Expression::Quorum(3, list.iter().map(|c| level(*c)).collect())));
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

/// What strikes at the start finds everything whole: batteries hold, and units re-form.
#[test]
fn struck_at_the_start() {
    let mut b = builder("struck at the start");
    let utility = b.component(part("utility"));
    let zone = b.component(part("zone").needing(held(level(utility), fixed(2.0), Some(5.0), "battery")));
    let members: Vec<CompId> =
        (0..3).map(|i| b.component(ComponentDraft::new(format!("member {i}"), Kind::Member))).collect();
    let mut c = part("unit")
        .needing(all(&[level(zone), Expression::Share(members.iter().map(|m| level(*m)).collect())]));
    (c.members, c.reconfigure) = (members.clone(), Some((fixed(1.0), share(0.3))));
    let unit = b.component(c);
    broken_at(&mut b, "incident", &[0.0], &[utility, members[0]], Effect::Down, fixed(6.0));
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

/// A service with one unit of three members in three zones.
fn regional(b: &mut Builder, name: &str, service: ServiceId, reforms: (Law, Law)) -> CompId {
    let mut members = Vec::new();
    for i in 0..3 {
        let zone = part(&format!("{name}/zone {i}"))
            .failing(ModeDraft::down("outage", exp(120.0), exp(8.0)))
            .failing(mode("slow", exp(90.0), Effect::Capacity(share(0.5)), RepairDraft::of(exp(8.0))));
        let zone = b.component(zone);
        let mut member = ComponentDraft::new(format!("{name}/member {i}"), Kind::Member).needing(level(zone));
        member.modes.push(mode("bug", exp(100.0), Effect::Errors(share(0.6)), RepairDraft::of(human(3.0))));
        member.restart = if i == 0 { Law::ZERO } else { human(0.5) };
        members.push(b.component(member));
    }
    let spread = members.iter().map(|m| level(*m)).collect();
    let mut unit = ComponentDraft::new(name, Kind::Unit).needing(Expression::Quorum(2, spread));
    unit.modes.push(mode("bug", exp(200.0), Effect::Errors(share(0.02)), RepairDraft::of(human(3.0))));
    unit.modes.push(ModeDraft::down("bad release", exp(150.0), human(2.0)));
    (unit.members, unit.reconfigure, unit.unit_of) = (members, Some(reforms), Some(service));
    b.component(unit)
}

fn users(b: &mut Builder, name: &str) -> PopulationId {
    b.population(Population { name: name.into(), users: 1.0, profile: Profile::Flat })
}

fn usage(b: &mut Builder, name: &str, population: PopulationId, calls: Vec<(CallTreeDraft, f64)>) {
    let journey = b.journey(Journey { name: name.into(), objective: Default::default() });
    let calls = calls.into_iter().map(|(to, times)| CallDraft { to, times }).collect();
    b.usage(UsageDraft { population, journey, requests_per_second: 1.0, calls });
}

fn route(
    b: &mut Builder,
    name: &str,
    who: (PopulationId, ServiceId),
    units: &[CompId],
    f: FailoverDraft,
) -> RouteId {
    let (population, service) = who;
    b.route(RouteDraft { name: name.into(), population, service, units: units.to_vec(), failover: Some(f) })
}

fn failover(detect: Law, shift: Law, works: f64, quiet: Law) -> FailoverDraft {
    FailoverDraft { detect, shift, works, quiet, needs: Vec::new(), needs_at_target: false }
}

#[test]
fn units_re_form() {
    for reforms in
        [(human(1.0), share(0.3)), (fixed(10.0), Law::uniform(0.0, 1.0).unwrap()), (Law::ZERO, share(1.0))]
    {
        let mut b = builder("units re-form");
        let service = b.service("api", None);
        let unit = regional(&mut b, "api", service, reforms);
        let who = users(&mut b, "users");
        let units = vec![unit];
        let to = b.route(RouteDraft { name: "way".into(), population: who, service, units, failover: None });
        usage(&mut b, "journey", who, vec![(CallTreeDraft::Service(vec![(to, 1.0)]), 1.0)]);
        same_story(b);
    }
}

/// A member returns degraded by another event: its unit re-forms because of the first, not of the second.
#[test]
fn a_member_returns_degraded() {
    let mut b = builder("returns degraded");
    let members: Vec<CompId> =
        (0..2).map(|i| b.component(ComponentDraft::new(format!("member {i}"), Kind::Member))).collect();
    broken_at(&mut b, "down", &[10.0], &members[..1], Effect::Down, fixed(5.0));
    broken_at(&mut b, "slow", &[12.0], &members[..1], Effect::Capacity(share(0.5)), fixed(9.0));
    let mut c = part("unit").needing(Expression::Quorum(1, members.iter().map(|m| level(*m)).collect()));
    (c.members, c.reconfigure) = (members, Some((fixed(1.0), share(0.5))));
    let unit = b.component(c);
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

#[test]
fn failovers() {
    for (detect, shift, works, quiet) in [
        (fixed(0.1), human(0.5), 0.5, fixed(2.0)),
        (Law::ZERO, Law::ZERO, 1.0, Law::ZERO),
        (exp(1.0), exp(1.0), 0.7, exp(5.0)),
    ] {
        let mut b = builder("failovers");
        let service = b.service("api", None);
        let units: Vec<CompId> = (0..3)
            .map(|i| regional(&mut b, &format!("api {i}"), service, (human(0.5), share(0.2))))
            .collect();
        let dns = b.component(part("dns").failing(ModeDraft::down("bug", exp(30.0), exp(10.0))));
        let who = users(&mut b, "users");
        let base = failover(detect, shift, works, quiet);
        let needy = |needs_at_target| FailoverDraft {
            needs: vec![Some(up(dns)), None, Some(Expression::Down(dns))],
            needs_at_target,
            ..base.clone()
        };
        let two = route(&mut b, "two", (who, service), &units[..2], base.clone());
        let three = route(&mut b, "three", (who, service), &units, needy(false));
        let back = route(&mut b, "back", (who, service), &[units[2], units[0], units[1]], needy(true));
        let all = vec![(two, 0.5), (three, 0.25), (back, 0.25)];
        let calls = vec![
            (CallTreeDraft::Service(all), 1.0),
            (CallTreeDraft::Service(vec![(three, 1.0)]), 2.5),
            (CallTreeDraft::Service(vec![(two, 0.75), (back, 0.25)]), 0.5),
        ];
        usage(&mut b, "weighted", who, calls);
        same_story(b);
    }
}

#[test]
fn alternatives() {
    for switch in [Law::ZERO, fixed(0.5), exp(2.0)] {
        let mut b = builder("alternatives");
        let service = b.service("model", None);
        let who = users(&mut b, "users");
        let routes: Vec<RouteId> = (0..4)
            .map(|i| {
                let unit = regional(&mut b, &format!("model {i}"), service, (human(0.5), share(0.2)));
                let f = failover(fixed(0.2), fixed(0.1), 1.0, fixed(1.0));
                route(&mut b, &format!("way {i}"), (who, service), &[unit], f)
            })
            .collect();
        let one = |i: usize| CallTreeDraft::Service(vec![(routes[i], 1.0)]);
        let first = |of: Vec<CallTreeDraft>, degraded| CallTreeDraft::FirstOf {
            of,
            switch: switch.clone(),
            degraded,
        };
        let mixed = CallTreeDraft::Mix(vec![(0.75, first(vec![one(0), one(1)], true)), (0.25, one(2))]);
        let nested = first(vec![mixed.clone(), first(vec![one(3), one(0), one(2)], false), one(1)], true);
        usage(&mut b, "mixed", who, vec![(mixed, 2.0)]);
        usage(&mut b, "nested", who, vec![(nested, 1.0), (one(3), 0.5)]);
        same_story(b);
    }
}

/// An alternative that is offered no calls does not refuse any: its own switch begins once it is.
#[test]
fn a_switch_inside_an_alternative() {
    let mut b = builder("nested switch");
    let service = b.service("model", None);
    let who = users(&mut b, "users");
    let mut one = |name: &str| {
        let mut c = ComponentDraft::new(name, Kind::Unit);
        c.unit_of = Some(service);
        let unit = b.component(c);
        let draft =
            RouteDraft { name: name.into(), population: who, service, units: vec![unit], failover: None };
        (unit, CallTreeDraft::Service(vec![(b.route(draft), 1.0)]))
    };
    let ((a, to_a), (c, to_c), (_, to_d)) = (one("a"), one("b"), one("c"));
    broken_at(&mut b, "loss", &[10.0], &[a, c], Effect::Down, fixed(9.0));
    let switch = fixed(1.0);
    let inner = CallTreeDraft::FirstOf { of: vec![to_c, to_d], switch: switch.clone(), degraded: false };
    let outer = CallTreeDraft::FirstOf { of: vec![to_a, inner], switch, degraded: false };
    usage(&mut b, "journey", who, vec![(outer, 1.0)]);
    same_story(b);
}

/// The quiet time begins at the instant in which users away from home stop detecting.
#[test]
fn quiet_begins_with_calm() {
    let mut b = builder("quiet begins with calm");
    let service = b.service("api", None);
    let who = users(&mut b, "users");
    let units: Vec<CompId> = ["home", "away"]
        .iter()
        .map(|name| {
            let mut c = ComponentDraft::new(*name, Kind::Unit);
            c.unit_of = Some(service);
            b.component(c)
        })
        .collect();
    broken_at(&mut b, "at home", &[10.0], &units[..1], Effect::Down, fixed(10.0));
    broken_at(&mut b, "away", &[19.5], &units[1..], Effect::Down, fixed(1.0));
    broken_at(&mut b, "elsewhere", &[21.7], &[], Effect::Down, fixed(1.0));
    let way = route(&mut b, "way", (who, service), &units, failover(fixed(2.0), fixed(0.5), 1.0, fixed(3.0)));
    usage(&mut b, "journey", who, vec![(CallTreeDraft::Service(vec![(way, 1.0)]), 1.0)]);
    same_story(b);
}

/// A holdover inside a repair's needs runs out: what keeps the needs unmet is something else from then on.
#[test]
fn holdover_in_repair_needs() {
    let mut b = builder("holdover in repair needs");
    let badge = b.component(part("badge system"));
    let road = b.component(part("road"));
    let unit = b.component(part("unit"));
    broken_at(&mut b, "badges", &[10.0], &[badge], Effect::Down, fixed(40.0));
    broken_at(&mut b, "snow", &[11.0], &[road], Effect::Down, fixed(30.0));
    let access = all(&[held(level(badge), fixed(10.0), None, "keys"), level(road)]);
    let repair = RepairDraft { needs: Some(access), ..RepairDraft::of(fixed(1.0)) };
    hazard(&mut b, "loss", OccursDraft::At(vec![hours(12.0)]), vec![strike(&[unit], Effect::Down, repair)]);
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

/// Everything takes whole hours or no time at all, so that nearly all events coincide.
#[test]
fn no_time_at_all() {
    for every in [1.0, 2.0, 3.0] {
        let mut b = Builder::new("no time at all", hours(200.0));
        let crew = b.crew("crew", 1);
        let service = b.service("api", None);
        let who = users(&mut b, "users");
        let utility = b.component(part("utility").failing(ModeDraft::down("loss", fixed(every), Law::ZERO)));
        let mut spare = part("spare").failing(ModeDraft::down("stop", fixed(4.0), fixed(1.0)));
        (spare.standby, spare.restart) = (Some(standby(Law::ZERO, 0.5, 1.0, Law::ZERO)), Law::ZERO);
        let spare = b.component(spare);
        let power = b.component(part("power").needing(needs(any(&[level(utility), level(spare)]))));
        let crewed = mode("stop", fixed(2.0), Effect::Down, crewed(crew, 0, Law::ZERO, Law::ZERO));
        let slow = mode("slow", fixed(6.0), Effect::Capacity(share(0.5)), RepairDraft::of(fixed(6.0)));
        let held = held(level(power), Law::ZERO, None, "nothing");
        let list: Vec<CompId> = (0..2)
            .map(|i| {
                let mut c = ComponentDraft::new(format!("unit {i}"), Kind::Unit).needing(held.clone());
                c.modes = if i == 0 { vec![crewed.clone()] } else { vec![slow.clone(), crewed.clone()] };
                (c.starts_with, c.unit_of) = (Some(up(power)), Some(service));
                b.component(c)
            })
            .collect();
        let ids = ring(&mut b, power, &[("auth", Some(Law::ZERO), Law::ZERO), ("database", None, Law::ZERO)]);
        let dark = OccursDraft::When(Expression::Down(ids[0]));
        hazard(
            &mut b,
            "echo",
            dark,
            vec![strike(&list, Effect::Errors(share(0.5)), RepairDraft::of(Law::ZERO))],
        );
        let way = route(&mut b, "way", (who, service), &list, failover(Law::ZERO, Law::ZERO, 0.5, Law::ZERO));
        let back =
            route(&mut b, "back", (who, service), &list[1..], failover(Law::ZERO, Law::ZERO, 1.0, Law::ZERO));
        let of = vec![CallTreeDraft::Service(vec![(way, 1.0)]), CallTreeDraft::Service(vec![(back, 1.0)])];
        usage(
            &mut b,
            "journey",
            who,
            vec![(CallTreeDraft::FirstOf { of, switch: Law::ZERO, degraded: true }, 2.0)],
        );
        same_story(b);
    }
}

/// Many components fail and are mended at the same instants.
#[test]
fn simultaneous_events() {
    let mut b = builder("simultaneous");
    let crew = b.crew("crew", 2);
    let list: Vec<CompId> = (0..6)
        .map(|i| {
            let repair = RepairDraft { detect: fixed(1.0), ..crewed(crew, i % 2, fixed(1.0), fixed(4.0)) };
            let mut c =
                part(&format!("machine {i}")).failing(mode("stop", fixed(20.0), Effect::Down, repair));
            c.restart = fixed((i % 3) as f64);
            b.component(c)
        })
        .collect();
    broken_at(&mut b, "shake", &[20.0, 40.0, 40.0, 60.0], &list[2..4], Effect::Down, fixed(5.0));
    let quorum = Expression::Quorum(3, list.iter().map(|c| level(*c)).collect());
    let unit = b.component(part("unit").needing(held(quorum, fixed(1.0), Some(10.0), "cache")));
    b.watched_by_users(unit, SimSpan::ZERO);
    same_story(b);
}

/// Figures that nobody knows are drawn before either engine begins.
#[test]
fn unknown_figures() {
    let text = std::fs::read_to_string("scenarios/tutorial/10-not-known.ron").unwrap();
    // Load is not in the reference engine.
    let needs = include_str!("uncertain_needs.ron")
        .replace("capacity: (total: \"100/s\"),", "")
        .replace("retries: Retries(tries: Uncertain(Empirical([0, 1, 3])), backoff: \"2s\", grows: 2),", "");
    for text in [text, needs] {
        let (mut sources, mut found) =
            (blackstart::scenario::Sources::new(), blackstart::scenario::Diagnostics::new());
        let loaded = blackstart::scenario::load("text", &text, &[], &mut sources, &mut found).unwrap();
        assert!(loaded.model.load.is_empty() && !loaded.model.unknowns.figures.is_empty());
        assert!(assert_same_story(&loaded.model, 1, 100) > 1_000);
    }
}

/// Kept as a model that both engines give up on in the same way.
#[test]
fn an_instant_that_never_settles() {
    let mut b = Builder::new("never settles", hours(100.0));
    let a = b.component(part("a").failing(ModeDraft::down("stop", fixed(10.0), Law::ZERO)));
    let mut c = part("b");
    c.modes
        .push(ModeDraft { clock: ClockDraft::While(up(a)), ..ModeDraft::down("flap", Law::ZERO, Law::ZERO) });
    let c = b.component(c);
    b.watched_by_users(c, SimSpan::ZERO);
    let model = b.build().unwrap();
    assert!(Engine::new(&model).replicate(Replication::new(1, 0), &mut Blind).is_err());
    assert_same_story(&model, 1, 1);
}
