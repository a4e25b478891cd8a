//! Settling, told as small stories: every expected instant and level is worked out on paper from
//! docs/semantics.md. The unit of time is the hour.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

mod story;

use blackstart::engine::{Blind, Engine, EngineError, Moving};
use blackstart::law::Law;
use blackstart::measure::{Meter, UsageFigures};
use blackstart::model::{
    Builder, CallTreeDraft, ClockDraft, CompId, ComponentDraft, Effect, Expression, FailoverDraft,
    HazardDraft, HoldId, ModeDraft, Model, Need, OccursDraft, RepairDraft, RouteId, StandbyDraft,
    StrikeDraft, UsageId, stuck_cycles,
};
use blackstart::random::Replication;
use blackstart::time::{SimSpan, SimTime};
use story::{
    assert_level, assert_numbers, assert_success, breaks, broken, capacity, errors, exp, fixed, hazard, held,
    history, history_of, hour, journey, levels, moved_users, need, quorum_unit, sound, standby, story,
    strict, strike, strikes, system,
};

fn up(component: CompId) -> Expression {
    need(Expression::Up(component))
}

/// Two parts that need each other.
fn pair(builder: &mut Builder, a: ComponentDraft, b: ComponentDraft) -> (CompId, CompId) {
    let (a, b) = (builder.component(a), builder.component(b));
    builder.component_mut(a).support = Some(up(b));
    builder.component_mut(b).support = Some(up(a));
    (a, b)
}

fn black_starting(draft: ComponentDraft, takes: f64) -> ComponentDraft {
    ComponentDraft { black_start: Some(fixed(takes)), ..draft }
}

fn restarting(draft: ComponentDraft, takes: f64) -> ComponentDraft {
    ComponentDraft { restart: fixed(takes), ..draft }
}

fn figures(model: &Model) -> UsageFigures {
    let mut meter = Meter::new(model, 0);
    Engine::new(model).replicate(Replication::new(1, 0), &mut meter).unwrap();
    meter.take().usages.remove(0)
}

fn span(h: f64) -> SimSpan {
    hour(h) - SimTime::START
}

// Cycles.

/// Each wants the other at 0.8 and makes do with 0.6 otherwise. a falls to 0.5 from 10 to 12, so b falls to 0.6.
/// At 12 both see each other below 0.8, but with both owns at 1 the greatest solution is 1 for both: degradation
/// does not keep itself alive.
#[test]
fn a_degraded_cycle_heals_with_its_cause() {
    let mut builder = story();
    let soft = |on| {
        let need = Need { on: Expression::Level(on), at_least: Some(0.8), holdover: None, otherwise: 0.6 };
        Expression::Need(Box::new(need))
    };
    let (a, b) = (builder.component(sound("a")), builder.component(sound("b")));
    builder.component_mut(a).support = Some(soft(b));
    builder.component_mut(b).support = Some(soft(a));
    strikes(&mut builder, "half", a, 10.0, capacity(0.5), RepairDraft::of(fixed(2.0)));
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.5), (12.0, 1.0)]);
    assert_level(&model, b, &[(0.0, 1.0), (10.0, 0.6), (12.0, 1.0)]);
}

/// a breaks at 10; b loses its need. Mended at 12, a is dark and so is b: nobody's need is met, for ever.
#[test]
fn a_dark_cycle_stays_dark_without_black_start() {
    let mut builder = story();
    let (a, b) = pair(&mut builder, sound("a"), sound("b"));
    breaks(&mut builder, a, &[(10.0, 2.0)]);
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0)]);
    assert_level(&model, b, &[(0.0, 1.0), (10.0, 0.0)]);
    let stuck = stuck_cycles(&model);
    assert_eq!(stuck.len(), 1);
    assert_eq!((stuck[0].stay_down.as_slice(), stuck[0].after_failure), ([a, b].as_slice(), false));
}

/// As before, but a can start against the dark in 3 h and b restarts in 1 h. While a is broken hope is 0. From 12
/// on a's clock runs: up at 15, seeing b at its hope. b's need is met from 15: up at 16.
#[test]
fn a_dark_cycle_comes_up_by_black_start() {
    let mut builder = story();
    let (a, b) = pair(&mut builder, black_starting(sound("a"), 3.0), restarting(sound("b"), 1.0));
    breaks(&mut builder, a, &[(10.0, 2.0)]);
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0), (15.0, 1.0)]);
    assert_level(&model, b, &[(0.0, 1.0), (10.0, 0.0), (16.0, 1.0)]);
    assert!(stuck_cycles(&model).is_empty());
}

/// b fails, not a: b broken 10 to 12, hope of both 0 until then; then a black-starts in 3 h and b, which restarts
/// in no time, is up in the same instant.
#[test]
fn hope_of_all_waits_for_a_mates_repair() {
    let mut builder = story();
    let (a, b) = pair(&mut builder, black_starting(sound("a"), 3.0), sound("b"));
    breaks(&mut builder, b, &[(10.0, 2.0)]);
    let model = builder.build().unwrap();
    for component in [a, b] {
        assert_level(&model, component, &[(0.0, 1.0), (10.0, 0.0), (15.0, 1.0)]);
    }
}

/// a broken 10 to 11; its 3 h clock runs from 11 to 12, when b breaks and hope is 0. b mended at 20: the 2 h that
/// are left run to 22.
#[test]
fn a_black_start_pauses_without_hope() {
    let mut builder = story();
    let (a, b) = pair(&mut builder, black_starting(sound("a"), 3.0), sound("b"));
    breaks(&mut builder, a, &[(10.0, 1.0)]);
    breaks(&mut builder, b, &[(12.0, 8.0)]);
    let model = builder.build().unwrap();
    for component in [a, b] {
        assert_level(&model, component, &[(0.0, 1.0), (10.0, 0.0), (22.0, 1.0)]);
    }
}

/// a broken 10 to 11, up by black start at 14, bridged: b restarts in 2 h. b breaks at 15, an hour into that: hope
/// is 0, a falls dark again. b mended at 18: a's new black start runs to 21. b has been dark all along, so its
/// restart goes on where it was: 1 h, up at 22.
#[test]
fn hope_lost_before_real_support_darkens_again() {
    let mut builder = story();
    let (a, b) = pair(&mut builder, black_starting(sound("a"), 3.0), restarting(sound("b"), 2.0));
    breaks(&mut builder, a, &[(10.0, 1.0)]);
    breaks(&mut builder, b, &[(15.0, 3.0)]);
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0), (14.0, 1.0), (15.0, 0.0), (21.0, 1.0)]);
    assert_level(&model, b, &[(0.0, 1.0), (10.0, 0.0), (22.0, 1.0)]);
    let dark = history(&model, |e| (e.is_dark(a), e.is_dark(b)));
    let expected = [
        (hour(0.0), (false, false)),
        (hour(10.0), (true, true)),
        (hour(14.0), (false, true)),
        (hour(15.0), (true, true)),
        (hour(21.0), (false, true)),
        (hour(22.0), (false, false)),
    ];
    assert_eq!(dark, expected);
}

/// a needs b or an emergency supply e. With e up, a's support is above 0: no black start is needed; a restarts in
/// 1 h once e is there. Everything breaks at 10 (a, e for 1 h): e is back at 11, so a runs its restart 11 to 12,
/// not its black start of 3 h.
#[test]
fn real_support_restarts_instead_of_black_starting() {
    let mut builder = story();
    let e = broken(&mut builder, "e", &[(10.0, 1.0)]);
    let draft = restarting(black_starting(sound("a"), 3.0), 1.0);
    let (a, b) = pair(&mut builder, draft, sound("b"));
    builder.component_mut(a).support =
        Some(need(Expression::Any(vec![Expression::Up(b), Expression::Up(e)])));
    breaks(&mut builder, a, &[(10.0, 1.0)]);
    let model = builder.build().unwrap();
    for component in [a, b] {
        assert_level(&model, component, &[(0.0, 1.0), (10.0, 0.0), (12.0, 1.0)]);
    }
}

// Holdovers.

/// Battery of 2 h that refills in 4 h. Feed out 10 to 11.5: 3/4 used, 1/4 left. An hour of charging adds 1/4. Out
/// again from 12.5: half a charge is 1 h, so the load falls at 13.5, until 16. From there on it charges from 0: out
/// at 18 with 1/2, the load falls at 19, until 20.
#[test]
fn a_holdover_refills_in_part() {
    let mut builder = story();
    let feed = broken(&mut builder, "feed", &[(10.0, 1.5), (12.5, 3.5), (18.0, 2.0)]);
    let load = builder.component(sound("load").needing(held(Expression::Level(feed), 2.0, Some(4.0))));
    let model = builder.build().unwrap();
    assert_level(&model, load, &[(0.0, 1.0), (13.5, 0.0), (16.0, 1.0), (19.0, 0.0), (20.0, 1.0)]);
}

/// The same without `refills_in`: full again in the instant in which the need is met. Only 12.5 to 16 is too long.
#[test]
fn a_holdover_refills_at_once_by_default() {
    let mut builder = story();
    let feed = broken(&mut builder, "feed", &[(10.0, 1.5), (12.5, 3.5), (18.0, 2.0)]);
    let load = builder.component(sound("load").needing(held(Expression::Level(feed), 2.0, None)));
    let model = builder.build().unwrap();
    assert_level(&model, load, &[(0.0, 1.0), (14.5, 0.0), (16.0, 1.0)]);
}

/// Feed at 0.5 from 10 to 30 (passes at once), out from 12 to 15. The battery of 1 h goes on giving 0.5 until 13.
#[test]
fn a_holdover_gives_what_it_gave_before() {
    let mut builder = story();
    let feed = broken(&mut builder, "feed", &[(12.0, 3.0)]);
    strikes(&mut builder, "half", feed, 10.0, capacity(0.5), RepairDraft::of(fixed(20.0)));
    let load = builder.component(sound("load").needing(held(Expression::Level(feed), 1.0, None)));
    let model = builder.build().unwrap();
    assert_level(&model, load, &[(0.0, 1.0), (10.0, 0.5), (13.0, 0.0), (15.0, 0.5), (30.0, 1.0)]);
}

/// A battery of exactly the length of the outage: it runs out in the instant in which the feed is back. The load
/// has a restart of an hour, and shows no trace of it.
#[test]
fn a_holdover_that_ends_with_the_outage_leaves_no_trace() {
    let mut builder = story();
    let feed = broken(&mut builder, "feed", &[(10.0, 2.0)]);
    let draft = sound("load").needing(held(Expression::Level(feed), 2.0, None));
    let load = builder.component(restarting(draft, 1.0));
    let model = builder.build().unwrap();
    assert_level(&model, load, &[(0.0, 1.0)]);
}

// Darkness outside cycles.

/// c broken 10 to 11, restart of 2 h from 11; at 12 its feed is lost until 14; the hour that is left runs to 15.
#[test]
fn a_restart_pauses_and_never_resets() {
    let mut builder = story();
    let feed = broken(&mut builder, "feed", &[(12.0, 2.0)]);
    let c = builder.component(restarting(sound("c").needing(need(Expression::Level(feed))), 2.0));
    breaks(&mut builder, c, &[(10.0, 1.0)]);
    let model = builder.build().unwrap();
    assert_level(&model, c, &[(0.0, 1.0), (10.0, 0.0), (15.0, 1.0)]);
}

/// A restart of 1 h that needs the configuration: c broken 10 to 11, the configuration out 10.5 to 13, so 13 to 14.
/// While c runs it needs no configuration: its loss at 20 changes nothing.
#[test]
fn starts_with_is_needed_to_start_only() {
    let mut builder = story();
    let config = broken(&mut builder, "config", &[(10.5, 2.5), (20.0, 5.0)]);
    let c = restarting(sound("c"), 1.0);
    let c = builder.component(ComponentDraft { starts_with: Some(Expression::Up(config)), ..c });
    breaks(&mut builder, c, &[(10.0, 1.0)]);
    let model = builder.build().unwrap();
    assert_level(&model, c, &[(0.0, 1.0), (10.0, 0.0), (14.0, 1.0)]);
}

/// Degradation without reaching 0 needs no restart.
#[test]
fn degradation_needs_no_restart() {
    let mut builder = story();
    let c = builder.component(restarting(sound("c"), 5.0));
    strikes(&mut builder, "half", c, 10.0, capacity(0.5), RepairDraft::of(fixed(1.0)));
    let model = builder.build().unwrap();
    assert_level(&model, c, &[(0.0, 1.0), (10.0, 0.5), (11.0, 1.0)]);
}

// One instant.

/// x out 10 to 12, y out 12 to 13: at 12 sharp one returns and the other fails. Applied as a set, one of the two is
/// always up: no darkness, no outage, and the battery is not touched, so that its only loss (both out 20 to 22)
/// finds it full: 1.5 h, down from 21.5.
#[test]
fn what_happens_at_one_instant_happens_at_once() {
    let mut builder = story();
    let x = broken(&mut builder, "x", &[(10.0, 2.0), (20.0, 2.0)]);
    let y = broken(&mut builder, "y", &[(12.0, 1.0), (20.0, 2.0)]);
    let either = held(Expression::Any(levels(&[x, y])), 1.5, Some(1000.0));
    let load = builder.component(restarting(sound("load").needing(either), 1.0));
    builder.watched_by_users(load, SimSpan::ZERO);
    let model = builder.build().unwrap();
    assert_level(&model, load, &[(0.0, 1.0), (21.5, 0.0), (23.0, 1.0)]);
    let carrying = history(&model, |e| e.is_carrying(HoldId(0)));
    assert_eq!(carrying, [(hour(0.0), false), (hour(20.0), true), (hour(21.5), false)]);
    assert_eq!(figures(&model).outages.len(), 1);
}

/// A part whose clock and repair take no time at all while the trigger is out never comes to rest.
#[test]
fn a_loop_without_delay_is_an_error_that_names_who() {
    let mut builder = story();
    let trigger = broken(&mut builder, "trigger", &[(10.0, 1.0)]);
    let mode = ModeDraft::down("flap", Law::ZERO, Law::ZERO);
    let clock = ClockDraft::While(Expression::Down(trigger));
    builder.component(sound("restless").failing(ModeDraft { clock, ..mode }));
    builder.component(sound("quiet"));
    let model = builder.build().unwrap();
    let error = Engine::new(&model).replicate(Replication::new(1, 0), &mut Blind).unwrap_err();
    let EngineError::ZeroDelayLoop { at, components } = error else { panic!("{error}") };
    assert_eq!(at, hour(10.0));
    assert_eq!(components, ["restless: flap"]);
}

// Repairs and crews.

/// One crew. a breaks at 10: travel 10 to 11, work from 11 (4 h), which needs the permit; that is withdrawn from 12
/// to 14. At 12 the crew is handed back with 1 h of work done, and goes to b (broken at 10.5, 1 h): b up at 13. c
/// breaks at 13.5 (2 h): the crew is free, c up at 15.5. d breaks at 14.5 (1 h) and waits, but a has waited since
/// 10: a goes first at 15.5, travels no more, and has 3 h left: up at 18.5. d then, up at 19.5.
#[test]
fn a_crew_is_handed_back_when_needs_are_lost() {
    let mut builder = story();
    let crew = Some(builder.crew("crew", 1));
    let permit = broken(&mut builder, "permit", &[(12.0, 2.0)]);
    let needy = RepairDraft {
        crew,
        travel: fixed(1.0),
        needs: Some(Expression::Up(permit)),
        ..RepairDraft::of(fixed(4.0))
    };
    let a = builder.component(sound("a"));
    strikes(&mut builder, "break a", a, 10.0, Effect::Down, needy);
    let mut breaks = |name: &str, at: f64, work: f64| {
        let part = builder.component(sound(name));
        let repair = RepairDraft { crew, ..RepairDraft::of(fixed(work)) };
        strikes(&mut builder, &format!("break {name}"), part, at, Effect::Down, repair);
        part
    };
    let (b, c, d) = (breaks("b", 10.5, 1.0), breaks("c", 13.5, 2.0), breaks("d", 14.5, 1.0));
    let model = builder.build().unwrap();
    for (part, from, to) in [(a, 10.0, 18.5), (b, 10.5, 13.0), (c, 13.5, 15.5), (d, 14.5, 19.5)] {
        assert_level(&model, part, &[(0.0, 1.0), (from, 0.0), (to, 1.0)]);
    }
}

/// Needs lost while travelling: half of the hour of travel is done at 10.5; from 12 the other half, then 1 h work.
#[test]
fn travel_is_not_repeated() {
    let mut builder = story();
    let crew = Some(builder.crew("crew", 1));
    let permit = broken(&mut builder, "permit", &[(10.5, 1.5)]);
    let needs = Some(Expression::Up(permit));
    let repair = RepairDraft { crew, travel: fixed(1.0), needs, ..RepairDraft::of(fixed(1.0)) };
    let a = builder.component(sound("a"));
    strikes(&mut builder, "break a", a, 10.0, Effect::Down, repair);
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0), (13.5, 1.0)]);
}

/// Without a crew a repair just pauses: 1 h of 2 done at 11, paused until 13, up at 14. One whose needs are not met
/// when it begins (broken at 12) begins at 13.
#[test]
fn a_repair_without_crew_pauses() {
    let mut builder = story();
    let permit = broken(&mut builder, "permit", &[(11.0, 2.0)]);
    let repair = RepairDraft { needs: Some(Expression::Up(permit)), ..RepairDraft::of(fixed(2.0)) };
    let (a, b) = (builder.component(sound("a")), builder.component(sound("b")));
    strikes(&mut builder, "break a", a, 10.0, Effect::Down, repair.clone());
    strikes(&mut builder, "break b", b, 12.0, Effect::Down, repair);
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0), (14.0, 1.0)]);
    assert_level(&model, b, &[(0.0, 1.0), (12.0, 0.0), (15.0, 1.0)]);
}

/// 2 h of work from 10, four times slower while the permit is out (11 to 13): 1 h done at 11, another half hour by
/// 13, the rest by 13.5. The crew is not handed back meanwhile: b (broken at 10.5, 1 h) waits until 13.5.
#[test]
fn without_needs_work_slows_down() {
    let mut builder = story();
    let crew = Some(builder.crew("crew", 1));
    let permit = broken(&mut builder, "permit", &[(11.0, 2.0)]);
    let (a, b) = (builder.component(sound("a")), builder.component(sound("b")));
    let slow = RepairDraft {
        crew,
        needs: Some(Expression::Up(permit)),
        without_needs: Some(4.0),
        ..RepairDraft::of(fixed(2.0))
    };
    strikes(&mut builder, "break a", a, 10.0, Effect::Down, slow);
    strikes(
        &mut builder,
        "break b",
        b,
        10.5,
        Effect::Down,
        RepairDraft { crew, ..RepairDraft::of(fixed(1.0)) },
    );
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0), (13.5, 1.0)]);
    assert_level(&model, b, &[(0.0, 1.0), (10.5, 0.0), (14.5, 1.0)]);
}

/// x holds the only crew from 10 to 15. Requests: a at 11, b at 12 with priority 5, c and d at 13. Served: b (its
/// priority), a (its waiting time), c before d (their names, though d was written first), 1 h each.
#[test]
fn crews_go_by_priority_waiting_time_and_name() {
    let mut builder = story();
    let crew = Some(builder.crew("crew", 1));
    let mut breaks = |name: &str, at: f64, work: f64, priority: i64| {
        let part = builder.component(sound(name));
        let repair = RepairDraft { crew, priority, ..RepairDraft::of(fixed(work)) };
        strikes(&mut builder, &format!("break {name}"), part, at, Effect::Down, repair);
        part
    };
    let d = breaks("d", 13.0, 1.0, 0);
    let c = breaks("c", 13.0, 1.0, 0);
    let b = breaks("b", 12.0, 1.0, 5);
    let a = breaks("a", 11.0, 1.0, 0);
    let x = breaks("x", 10.0, 5.0, 0);
    let model = builder.build().unwrap();
    for (part, from, to) in
        [(x, 10.0, 15.0), (b, 12.0, 16.0), (a, 11.0, 17.0), (c, 13.0, 18.0), (d, 13.0, 19.0)]
    {
        assert_level(&model, part, &[(0.0, 1.0), (from, 0.0), (to, 1.0)]);
    }
}

/// One strike with a repair for each of its targets, one crew, 1 h each: they ask at the same instant with the same
/// priority, so their names decide: p, q, r, s, in whatever order they are written.
#[test]
fn repairs_of_one_strike_go_by_name() {
    let mut builder = story();
    let crew = Some(builder.crew("crew", 1));
    let [s, q, p, r] = ["s", "q", "p", "r"].map(|name| builder.component(sound(name)));
    let repair = RepairDraft { crew, ..RepairDraft::of(fixed(1.0)) };
    builder.hazard(hazard("flood", 10.0, StrikeDraft { each: true, repair, ..strike(vec![s, q, p, r]) }));
    let model = builder.build().unwrap();
    for (part, to) in [(p, 11.0), (q, 12.0), (r, 13.0), (s, 14.0)] {
        assert_level(&model, part, &[(0.0, 1.0), (10.0, 0.0), (to, 1.0)]);
    }
}

// Failure clocks.

/// Both fail after 10 h and take 1 h to mend. The feed of both is out from 4 to 7. On a calendar clock: failed 10
/// to 11, 21 to 22. Operating: 4 h by 4, 6 more from 7: failed 13 to 14, 24 to 25.
#[test]
fn an_operating_clock_pauses() {
    let mut builder = Builder::new("story", hour(30.0));
    let feed = broken(&mut builder, "feed", &[(4.0, 3.0)]);
    let mut part = |name: &str, clock: ClockDraft| {
        let mode = ModeDraft { clock, ..ModeDraft::down("wear", fixed(10.0), fixed(1.0)) };
        builder.component(sound(name).needing(need(Expression::Level(feed))).failing(mode))
    };
    let (a, b) = (part("a", ClockDraft::Operating), part("b", ClockDraft::Calendar));
    let model = builder.build().unwrap();
    let dark = |from: f64, to: f64| [(from, 0.0), (to, 1.0)];
    assert_level(
        &model,
        a,
        &[&[(0.0, 1.0)], &dark(4.0, 7.0)[..], &dark(13.0, 14.0), &dark(24.0, 25.0)].concat(),
    );
    assert_level(
        &model,
        b,
        &[&[(0.0, 1.0)], &dark(4.0, 7.0)[..], &dark(10.0, 11.0), &dark(21.0, 22.0)].concat(),
    );
}

/// Two modes have two clocks: the first fails at 10 (5 h), the second at 12 (1 h) although the part is out: it is
/// mended at 13, and fails again at 25, since its own repair rewinds it. The first fails again at 25 as well.
#[test]
fn modes_have_their_own_clocks() {
    let mut builder = Builder::new("story", hour(32.0));
    let draft = sound("a")
        .failing(ModeDraft::down("first", fixed(10.0), fixed(5.0)))
        .failing(ModeDraft::down("second", fixed(12.0), fixed(1.0)));
    let a = builder.component(draft);
    let model = builder.build().unwrap();
    let failed = history(&model, |e| e.active_failures(a).count());
    let expected = [(0.0, 0), (10.0, 1), (12.0, 2), (13.0, 1), (15.0, 0), (25.0, 2), (26.0, 1), (30.0, 0)];
    assert_eq!(failed, expected.map(|(at, n)| (hour(at), n)));
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0), (15.0, 1.0), (25.0, 0.0), (30.0, 1.0)]);
}

// Standbys.

/// Utility out 10 to 14, generator up after half an hour. At 14 the demand ends, and the load notices nothing.
#[test]
fn a_standby_leaves_a_gap() {
    let mut builder = story();
    let utility = broken(&mut builder, "utility", &[(10.0, 4.0)]);
    let generator = builder.component(standby("generator", 0.5));
    let load = builder.component(sound("load").needing(need(Expression::Any(levels(&[utility, generator])))));
    let model = builder.build().unwrap();
    assert_level(&model, generator, &[(0.0, 0.0), (10.5, 1.0), (14.0, 0.0)]);
    assert_level(&model, load, &[(0.0, 1.0), (10.0, 0.0), (10.5, 1.0)]);
    // A ready standby counts as up; it is not while it starts.
    let up = history(&model, |e| e.is_up(generator));
    assert_eq!(up, [(hour(0.0), true), (hour(10.0), false), (hour(10.5), true)]);
}

/// A hidden failure: broken at 30, but found at the second inspection only, at 48; 2 h of work. The clock begins anew
/// at 50: broken at 80, found at 96.
#[test]
fn an_inspection_finds_what_nobody_noticed() {
    let mut builder = story();
    let inspection = Some(hour(24.0) - hour(0.0));
    let a = builder.component(
        sound("a").failing(ModeDraft { inspection, ..ModeDraft::down("stuck", fixed(30.0), fixed(2.0)) }),
    );
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (30.0, 0.0), (50.0, 1.0), (80.0, 0.0), (98.0, 1.0)]);
}

/// The same in a hot standby that is demanded at 35: whoever starts it finds it broken, and mends it by 37.
#[test]
fn a_start_finds_what_no_inspection_has() {
    let mut builder = story();
    let utility = broken(&mut builder, "utility", &[(35.0, 20.0)]);
    let inspection = Some(hour(24.0) - hour(0.0));
    let mut draft = standby("generator", 0.0)
        .failing(ModeDraft { inspection, ..ModeDraft::down("stuck", fixed(30.0), fixed(2.0)) });
    if let Some(standby) = &mut draft.standby {
        standby.dormancy = 1.0;
    }
    let generator = builder.component(draft);
    let load = builder.component(sound("load").needing(need(Expression::Any(levels(&[utility, generator])))));
    let model = builder.build().unwrap();
    assert_level(&model, load, &[(0.0, 1.0), (35.0, 0.0), (37.0, 1.0)]);
}

/// A switch that takes no time is no gap at all: the load, which would take 5 h to restart, stays up.
#[test]
fn a_gap_of_no_length_leaves_no_trace() {
    let mut builder = story();
    let utility = broken(&mut builder, "utility", &[(10.0, 4.0)]);
    let generator = builder.component(standby("generator", 0.0));
    let draft = sound("load").needing(need(Expression::Any(levels(&[utility, generator]))));
    let load = builder.component(restarting(draft, 5.0));
    let model = builder.build().unwrap();
    assert_level(&model, generator, &[(0.0, 0.0), (10.0, 1.0), (14.0, 0.0)]);
    assert_level(&model, load, &[(0.0, 1.0)]);
}

/// Two standbys, 1 h and 0.25 h to start. Utility out 10 to 14. Both are demanded at 10, since the first is at 0: the
/// second runs from 10.25 until the first does, at 11. The first breaks from 12 to 13: the second starts anew, runs
/// 12.25 to 13. The first is demanded all the time and needs no new start at 13.
#[test]
fn a_later_standby_fills_in_for_an_earlier_one() {
    let mut builder = story();
    let utility = broken(&mut builder, "utility", &[(10.0, 4.0)]);
    let first = builder.component(standby("first", 1.0));
    let second = builder.component(standby("second", 0.25));
    breaks(&mut builder, first, &[(12.0, 1.0)]);
    let any = Expression::Any(levels(&[utility, first, second]));
    let load = builder.component(sound("load").needing(need(any)));
    let model = builder.build().unwrap();
    assert_level(&model, first, &[(0.0, 0.0), (11.0, 1.0), (12.0, 0.0), (13.0, 1.0), (14.0, 0.0)]);
    assert_level(&model, second, &[(0.0, 0.0), (10.25, 1.0), (11.0, 0.0), (12.25, 1.0), (13.0, 0.0)]);
    assert_level(&model, load, &[(0.0, 1.0), (10.0, 0.0), (10.25, 1.0), (12.0, 0.0), (12.25, 1.0)]);
}

/// Utility out for 12 minutes only: the start of half an hour is broken off. The next demand starts from nothing.
#[test]
fn a_demand_that_ends_breaks_off_the_start() {
    let mut builder = story();
    let utility = broken(&mut builder, "utility", &[(10.0, 0.2), (10.4, 1.0)]);
    let generator = builder.component(standby("generator", 0.5));
    let load = builder.component(sound("load").needing(need(Expression::Any(levels(&[utility, generator])))));
    let model = builder.build().unwrap();
    assert_level(&model, generator, &[(0.0, 0.0), (10.9, 1.0), (11.4, 0.0)]);
    assert_level(&model, load, &[(0.0, 1.0), (10.0, 0.0), (10.2, 1.0), (10.4, 0.0), (10.9, 1.0)]);
}

/// It always fails to start: demanded at 10, found out at 10.5, mended in 2 h, and runs from 12.5 without another
/// start. The next demand, at 30, fails again: 30.5, mended at 32.5, but the demand has ended at 31.
#[test]
fn a_standby_that_fails_to_start_runs_once_mended() {
    let mut builder = story();
    let utility = broken(&mut builder, "utility", &[(10.0, 10.0), (30.0, 1.0)]);
    let draft = StandbyDraft {
        starts_in: fixed(0.5),
        fails_to_start: 1.0,
        repair: RepairDraft::of(fixed(2.0)),
        dormancy: 0.0,
    };
    let generator = builder.component(ComponentDraft { standby: Some(draft), ..sound("generator") });
    let load = builder.component(sound("load").needing(need(Expression::Any(levels(&[utility, generator])))));
    let model = builder.build().unwrap();
    assert_level(&model, generator, &[(0.0, 0.0), (12.5, 1.0), (20.0, 0.0)]);
    assert_level(&model, load, &[(0.0, 1.0), (10.0, 0.0), (12.5, 1.0), (30.0, 0.0), (31.0, 1.0)]);
    let up = history(&model, |e| e.is_up(generator));
    let expected = [(0.0, true), (10.0, false), (12.5, true), (30.0, false), (32.5, true)];
    assert_eq!(up, expected.map(|(at, is_up)| (hour(at), is_up)));
}

/// Two generators that share a clock (one exponential mode): both fail to start at 10.5 and are mended at 12.5.
#[test]
fn counted_standbys_fail_to_start_one_by_one() {
    let mut builder = story();
    let utility = broken(&mut builder, "utility", &[(10.0, 10.0)]);
    let draft = StandbyDraft {
        starts_in: fixed(0.5),
        fails_to_start: 1.0,
        repair: RepairDraft::of(fixed(2.0)),
        dormancy: 0.0,
    };
    let wear = ModeDraft::down("wear", exp(1e9), fixed(1.0));
    let draft = ComponentDraft { units: 2, standby: Some(draft), ..sound("generators") };
    let generators = builder.component(draft.failing(wear));
    builder.component(sound("load").needing(need(Expression::Any(levels(&[utility, generators])))));
    let model = builder.build().unwrap();
    assert_level(&model, generators, &[(0.0, 0.0), (12.5, 1.0), (20.0, 0.0)]);
    let failed = history(&model, |e| e.active_failures(generators).count());
    assert_eq!(failed, at_hours(&[(0.0, 0), (10.5, 2), (12.5, 0)]));
}

/// A generator that two loads need: utility 1 out 10 to 12, utility 2 out 11 to 14. It starts once, at 10, and runs
/// for whoever demands it until 14: load 2 has no gap.
#[test]
fn a_standby_runs_while_any_need_demands_it() {
    let mut builder = story();
    let utilities = [broken(&mut builder, "u1", &[(10.0, 2.0)]), broken(&mut builder, "u2", &[(11.0, 3.0)])];
    let generator = builder.component(standby("generator", 0.5));
    let loads = ["load 1", "load 2"].iter().zip(utilities).map(|(name, utility)| {
        let any = Expression::Any(levels(&[utility, generator]));
        builder.component(sound(name).needing(need(any)))
    });
    let loads: Vec<CompId> = loads.collect();
    let model = builder.build().unwrap();
    assert_level(&model, generator, &[(0.0, 0.0), (10.5, 1.0), (14.0, 0.0)]);
    assert_level(&model, loads[0], &[(0.0, 1.0), (10.0, 0.0), (10.5, 1.0)]);
    assert_level(&model, loads[1], &[(0.0, 1.0)]);
}

/// Where the holdover is on the whole need (utility or generator), the generator is demanded at once: running at
/// 10.5, the battery bridges the gap. Where it is on the utility alone, the utility's need is as good as met until
/// 11: only then is the generator demanded, and the load misses 11 to 11.5.
#[test]
fn a_holdover_inside_the_need_delays_the_demand() {
    for (inside, gap) in [(false, None), (true, Some((11.0, 11.5)))] {
        let mut builder = story();
        let utility = broken(&mut builder, "utility", &[(10.0, 5.0)]);
        let generator = builder.component(standby("generator", 0.5));
        let either = |utility| Expression::Any(vec![utility, Expression::Level(generator)]);
        let level = Expression::Level(utility);
        let support =
            if inside { need(either(held(level, 1.0, None))) } else { held(either(level), 1.0, None) };
        let load = builder.component(sound("load").needing(support));
        let model = builder.build().unwrap();
        let mut expected = vec![(0.0, 1.0)];
        expected.extend(gap.iter().flat_map(|(from, to)| [(*from, 0.0), (*to, 1.0)]));
        assert_level(&model, load, &expected);
        let runs_from = gap.map_or(10.5, |(_, to)| to);
        assert_level(&model, generator, &[(0.0, 0.0), (runs_from, 1.0), (15.0, 0.0)]);
    }
}

/// A dormant clock: fails after 10 h of running, a quarter as fast while idle. Idle 0 to 20: 5 h used. Utility out
/// from 20: the generator runs (starts in no time) and fails after the other 5 h, at 25.
#[test]
fn dormancy_slows_the_clock_of_an_idle_standby() {
    let mut builder = story();
    let utility = broken(&mut builder, "utility", &[(20.0, 8.0)]);
    let mut draft = standby("generator", 0.0).failing(ModeDraft::down("wear", fixed(10.0), Law::NEVER));
    draft.standby.as_mut().unwrap().dormancy = 0.25;
    let generator = builder.component(draft);
    let load = builder.component(sound("load").needing(need(Expression::Any(levels(&[utility, generator])))));
    let model = builder.build().unwrap();
    assert_level(&model, load, &[(0.0, 1.0), (25.0, 0.0), (28.0, 1.0)]);
}

// Several units, members.

/// Four units that fail after 10 h, one crew, 1 h each: all out at 10, back one by one from 11 to 14; so the next
/// failures are at 21, 22, 23 and 24, never two at a time. The level is the mean, or 1 from three units on.
#[test]
fn enough_units_are_whole() {
    let mean = [(10.0, 0.0), (11.0, 0.25), (12.0, 0.5), (13.0, 0.75), (14.0, 1.0), (21.0, 0.75), (25.0, 1.0)];
    let enough = [(10.0, 0.0), (11.0, 0.25), (12.0, 0.5), (13.0, 1.0)];
    for (k, expected) in [(None, mean.as_slice()), (Some(3), enough.as_slice())] {
        let mut builder = Builder::new("story", hour(30.0));
        let crew = Some(builder.crew("crew", 1));
        let repair = RepairDraft { crew, ..RepairDraft::of(fixed(1.0)) };
        let mode = ModeDraft { repair, ..ModeDraft::down("wear", fixed(10.0), Law::ZERO) };
        let draft = ComponentDraft { units: 4, enough: k, ..sound("chillers") };
        let chillers = builder.component(draft.failing(mode));
        let model = builder.build().unwrap();
        assert_level(&model, chillers, &[&[(0.0, 1.0)], expected].concat());
    }
}

/// Whatever random failures do: with n of 4 units out the level is (4 - n) / 4, or 1 from 3 on, whether units share
/// a clock (one mode, Down, exponential) or have their own.
#[test]
fn counted_units_add_up() {
    for (law, k) in [(exp(5.0), None), (exp(5.0), Some(3)), (Law::uniform(0.0, 3.6e10).unwrap(), Some(3))] {
        let mut builder = Builder::new("story", hour(500.0));
        let draft = ComponentDraft { units: 4, enough: k, ..sound("chillers") };
        let chillers = builder.component(draft.failing(ModeDraft::down("wear", law, exp(5.0))));
        let model = builder.build().unwrap();
        let seen = history(&model, |e| (e.active_failures(chillers).count(), e.level(chillers)));
        assert!(seen.len() > 100);
        for (_, (out, level)) in seen {
            let working = 4 - out;
            let whole = k.is_some_and(|k| working >= k as usize);
            assert_eq!(level, if whole { 1.0 } else { working as f64 / 4.0 });
        }
    }
}

/// A strike hits a counted component as a whole.
#[test]
fn a_strike_hits_all_units() {
    let mut builder = story();
    let chillers = builder.component(ComponentDraft { units: 4, enough: Some(3), ..sound("chillers") });
    strikes(&mut builder, "half", chillers, 10.0, capacity(0.5), RepairDraft::of(fixed(1.0)));
    let model = builder.build().unwrap();
    assert_level(&model, chillers, &[(0.0, 1.0), (10.0, 0.5), (11.0, 1.0)]);
}

/// Quorum of 2 in 3: one lost from 10 to 14 is no matter; a second one from 12 to 13 is.
#[test]
fn a_quorum_of_two_survives_one_loss() {
    let mut builder = story();
    let members = vec![
        broken(&mut builder, "m1", &[(10.0, 4.0)]),
        broken(&mut builder, "m2", &[(12.0, 1.0)]),
        broken(&mut builder, "m3", &[]),
    ];
    let unit = quorum_unit(&mut builder, 2, members);
    let model = builder.build().unwrap();
    assert_level(&model, unit, &[(0.0, 1.0), (12.0, 0.0), (13.0, 1.0)]);
}

/// Quorum of 3 in 5, re-forming for 1 h with 30 % of calls failing. m1 lost at 10, m2 at 10.5: the second prolongs the
/// first, to 11.5. Both return at 20 sharp: one change, 20 to 21. m3 is merely degraded at 30: no change of members.
#[test]
fn re_forming_gives_errors_and_is_prolonged() {
    let mut builder = story();
    let members = vec![
        broken(&mut builder, "m1", &[(10.0, 10.0)]),
        broken(&mut builder, "m2", &[(10.5, 9.5)]),
        broken(&mut builder, "m3", &[]),
        broken(&mut builder, "m4", &[]),
        broken(&mut builder, "m5", &[]),
    ];
    strikes(&mut builder, "half", members[2], 30.0, capacity(0.5), RepairDraft::of(fixed(1.0)));
    let unit = quorum_unit(&mut builder, 3, members);
    builder.component_mut(unit).reconfigure = Some((fixed(1.0), Law::fixed(0.3).unwrap()));
    let model = builder.build().unwrap();
    assert_level(&model, unit, &[(0.0, 1.0)]);
    assert_success(&model, &[(0.0, 1.0), (10.0, 0.7), (11.5, 1.0), (20.0, 0.7), (21.0, 1.0)]);
}

/// A member's errors count by its part: 30 % of one of two members is 15 %; with the other one at level 0.5 it is
/// 0.3 x 1 / 1.5 = 20 %. The unit's own errors multiply: 0.8 x 0.5.
#[test]
fn errors_of_members_and_units_multiply() {
    let mut builder = story();
    let members: Vec<CompId> = ["m1", "m2"].map(|name| builder.component(sound(name))).to_vec();
    strikes(&mut builder, "flaky", members[0], 10.0, errors(0.3), RepairDraft::of(fixed(10.0)));
    strikes(&mut builder, "half", members[1], 12.0, capacity(0.5), RepairDraft::of(fixed(8.0)));
    let unit = quorum_unit(&mut builder, 1, members);
    strikes(&mut builder, "bad release", unit, 14.0, errors(0.5), RepairDraft::of(fixed(1.0)));
    let model = builder.build().unwrap();
    let expected = [(0.0, 1.0), (10.0, 0.85), (12.0, 0.8), (14.0, 0.4), (15.0, 0.8), (20.0, 1.0)];
    assert_success(&model, &expected);
}

// Failover: detect 0.5 h, shift 1 h, quiet 2 h.

fn positions(model: &Model) -> Vec<(SimTime, (usize, Moving))> {
    history(model, |e| e.route_position(RouteId(0)))
}

fn at_hours<T: Copy>(expected: &[(f64, T)]) -> Vec<(SimTime, T)> {
    expected.iter().map(|(at, value)| (hour(*at), *value)).collect()
}

use Moving::{Detecting, NoTarget, Returning, Settled, Shifting};

/// Home out for a quarter of an hour: back before the detection of half an hour is over.
#[test]
fn recovery_cancels_a_detection() {
    let mut builder = story();
    let units = [broken(&mut builder, "home", &[(10.0, 0.25)]), broken(&mut builder, "away", &[])];
    moved_users(&mut builder, &units, Vec::new());
    let model = builder.build().unwrap();
    let expected = [(0.0, (0, Settled)), (10.0, (0, Detecting)), (10.25, (0, Settled))];
    assert_eq!(positions(&model), at_hours(&expected));
    assert_success(&model, &[(0.0, 1.0), (10.0, 0.0), (10.25, 1.0)]);
}

/// Home back in the very instant in which detection ends: recovery wins, since levels are solved first.
#[test]
fn recovery_at_the_end_of_detection_still_cancels_it() {
    let mut builder = story();
    let units = [broken(&mut builder, "home", &[(10.0, 0.5)]), broken(&mut builder, "away", &[])];
    moved_users(&mut builder, &units, Vec::new());
    let model = builder.build().unwrap();
    let expected = [(0.0, (0, Settled)), (10.0, (0, Detecting)), (10.5, (0, Settled))];
    assert_eq!(positions(&model), at_hours(&expected));
}

/// Home out 10 to 11. Decided at 10.5, so the users arrive at 11.5 although home serves them again from 11.
#[test]
fn recovery_does_not_cancel_a_shift() {
    let mut builder = story();
    let units = [broken(&mut builder, "home", &[(10.0, 1.0)]), broken(&mut builder, "away", &[])];
    moved_users(&mut builder, &units, Vec::new());
    let model = builder.build().unwrap();
    let expected = [(0.0, (0, Settled)), (10.0, (0, Detecting)), (10.5, (0, Shifting)), (11.5, (1, Settled))];
    assert_eq!(positions(&model)[..4], at_hours(&expected));
    assert_success(&model, &[(0.0, 1.0), (10.0, 0.0), (11.0, 1.0)]);
}

/// Home out 10 to 13. Away from 11.5; home whole from 13, but broken again 14 to 14.5, so its quiet 2 h are 14.5 to
/// 16.5; then a shift back, at home at 17.5. Errors at home do not count as whole: none here, see below.
#[test]
fn users_return_after_quiet() {
    let mut builder = story();
    let units =
        [broken(&mut builder, "home", &[(10.0, 3.0), (14.0, 0.5)]), broken(&mut builder, "away", &[])];
    moved_users(&mut builder, &units, Vec::new());
    let model = builder.build().unwrap();
    let expected = [
        (0.0, (0, Settled)),
        (10.0, (0, Detecting)),
        (10.5, (0, Shifting)),
        (11.5, (1, Settled)),
        (16.5, (1, Returning)),
        (17.5, (0, Settled)),
    ];
    assert_eq!(positions(&model), at_hours(&expected));
    assert_success(&model, &[(0.0, 1.0), (10.0, 0.0), (11.5, 1.0)]);
}

/// Home up at 13 but with 1 % errors until 15: whole only then; return decided at 17, done at 18. Home fails again at
/// 17.5, so that they find it down on arrival and stay. Home is back at 19: 21, and at home at 22.
#[test]
fn users_stay_if_home_is_down_on_arrival() {
    let mut builder = story();
    let units =
        [broken(&mut builder, "home", &[(10.0, 3.0), (17.5, 1.5)]), broken(&mut builder, "away", &[])];
    strikes(&mut builder, "flaky", units[0], 12.0, errors(0.01), RepairDraft::of(fixed(3.0)));
    moved_users(&mut builder, &units, Vec::new());
    let model = builder.build().unwrap();
    let expected = [
        (0.0, (0, Settled)),
        (10.0, (0, Detecting)),
        (10.5, (0, Shifting)),
        (11.5, (1, Settled)),
        (17.0, (1, Returning)),
        (18.0, (1, Settled)),
        (21.0, (1, Returning)),
        (22.0, (0, Settled)),
    ];
    assert_eq!(positions(&model), at_hours(&expected));
}

/// The shift needs home's control plane, which is out 10.75 to 12: a quarter of the hour is done, the rest runs from
/// 12 to 12.75.
#[test]
fn a_shift_stops_without_its_needs() {
    let mut builder = story();
    let units = [broken(&mut builder, "home", &[(10.0, 30.0)]), broken(&mut builder, "away", &[])];
    let control = broken(&mut builder, "control", &[(10.75, 1.25)]);
    moved_users(&mut builder, &units, vec![Some(Expression::Up(control)), None]);
    let model = builder.build().unwrap();
    assert_success(&model, &[(0.0, 1.0), (10.0, 0.0), (12.75, 1.0)]);
    let stalled = history(&model, |e| e.is_shift_stalled(RouteId(0)));
    assert_eq!(stalled, at_hours(&[(0.0, false), (10.75, true), (12.0, false)]));
}

/// The same with the needs of the target: home's own do not matter.
#[test]
fn a_shift_may_need_what_its_target_needs() {
    let mut builder = story();
    let units = [broken(&mut builder, "home", &[(10.0, 95.0)]), broken(&mut builder, "away", &[])];
    let ours = broken(&mut builder, "control at home", &[(10.0, 95.0)]);
    let theirs = broken(&mut builder, "control away", &[(10.75, 1.25)]);
    let failover = FailoverDraft {
        detect: fixed(0.5),
        shift: fixed(1.0),
        works: 1.0,
        quiet: fixed(2.0),
        needs: vec![Some(Expression::Up(ours)), Some(Expression::Up(theirs))],
        needs_at_target: true,
    };
    journey(&mut builder, &[units.to_vec()], Some(&failover), |r| to(r[0]));
    let model = builder.build().unwrap();
    assert_success(&model, &[(0.0, 1.0), (10.0, 0.0), (12.75, 1.0)]);
}

/// Shifts of 1 h of which half work: users arrive at 11.5 or any whole number of hours later, and in 64 replications
/// not always at the first attempt nor always at a later one.
#[test]
fn a_shift_that_does_not_work_is_drawn_again() {
    let mut builder = story();
    let units = [broken(&mut builder, "home", &[(10.0, 95.0)]), broken(&mut builder, "away", &[])];
    let failover = FailoverDraft {
        detect: fixed(0.5),
        shift: fixed(1.0),
        works: 0.5,
        quiet: fixed(2.0),
        needs: Vec::new(),
        needs_at_target: false,
    };
    journey(&mut builder, &[units.to_vec()], Some(&failover), |r| to(r[0]));
    let model = builder.build().unwrap();
    let arrivals: Vec<SimTime> =
        (0..64).map(|k| history_of(&model, k, |e| e.route_position(RouteId(0)).0)[1].0).collect();
    assert!(arrivals.iter().all(|at| (*at - hour(10.5)).micros() % hour(1.0).micros() == 0));
    let first = arrivals.iter().filter(|at| **at == hour(11.5)).count();
    assert!((16..=48).contains(&first), "{first} of 64");
}

/// The first alternative is out when the move is decided: straight to the second.
#[test]
fn a_target_that_is_down_is_skipped() {
    let mut builder = story();
    let units = [
        broken(&mut builder, "home", &[(10.0, 95.0)]),
        broken(&mut builder, "near", &[(10.0, 95.0)]),
        broken(&mut builder, "far", &[]),
    ];
    moved_users(&mut builder, &units, Vec::new());
    let model = builder.build().unwrap();
    let expected = [(0.0, (0, Settled)), (10.0, (0, Detecting)), (10.5, (0, Shifting)), (11.5, (2, Settled))];
    assert_eq!(positions(&model), at_hours(&expected));
}

/// The first alternative fails during the shift: the users arrive at the second, at the same instant.
#[test]
fn a_target_that_goes_down_is_passed_over_on_arrival() {
    let mut builder = story();
    let units = [
        broken(&mut builder, "home", &[(10.0, 95.0)]),
        broken(&mut builder, "near", &[(11.0, 95.0)]),
        broken(&mut builder, "far", &[]),
    ];
    moved_users(&mut builder, &units, Vec::new());
    let model = builder.build().unwrap();
    let expected = [(0.0, (0, Settled)), (10.0, (0, Detecting)), (10.5, (0, Shifting)), (11.5, (2, Settled))];
    assert_eq!(positions(&model), at_hours(&expected));
}

/// Nowhere to go at 10.5: the users wait until the other unit is back at 12, and arrive at 13. In the second story
/// the only target fails during the shift (11) and returns at 14: on arrival at 11.5 they wait, a new shift is drawn
/// at 14, and they arrive at 15.
#[test]
fn users_wait_for_a_target() {
    for (spell, waits, goes) in [((10.0, 2.0), 10.5, 12.0), ((11.0, 3.0), 11.5, 14.0)] {
        let mut builder = story();
        let units = [broken(&mut builder, "home", &[(10.0, 95.0)]), broken(&mut builder, "away", &[spell])];
        moved_users(&mut builder, &units, Vec::new());
        let model = builder.build().unwrap();
        let mut expected = vec![(0.0, (0, Settled)), (10.0, (0, Detecting)), (10.5, (0, Shifting))];
        if waits == 10.5 {
            expected.pop();
        }
        expected.extend([(waits, (0, NoTarget)), (goes, (0, Shifting)), (goes + 1.0, (1, Settled))]);
        assert_eq!(positions(&model), at_hours(&expected));
    }
}

/// Users are away from 11.5; home is whole from 13. Away flickers from 13.5 to 13.75, a detection that is cancelled.
/// Whether the quiet 2 h count from 13 or anew from 13.75, they are over by 15.75 and the users home by 16.75: not
/// only when something else happens somewhere, as the part at 50 does.
#[test]
fn a_cancelled_detection_does_not_keep_users_away() {
    let mut builder = story();
    let units = [broken(&mut builder, "home", &[(10.0, 3.0)]), broken(&mut builder, "away", &[(13.5, 0.25)])];
    broken(&mut builder, "elsewhere", &[(50.0, 1.0)]);
    moved_users(&mut builder, &units, Vec::new());
    let model = builder.build().unwrap();
    let home = positions(&model).last().copied().unwrap();
    assert_eq!(home.1, (0, Settled));
    assert!(home.0 <= hour(16.75), "home at {}", home.0);
}

/// Calls that fail at 5 % exactly count as failing; at 4.9 % they do not.
#[test]
fn failover_begins_at_five_per_cent() {
    for (share, moves) in [(0.05, true), (0.049, false)] {
        let mut builder = story();
        let units = [broken(&mut builder, "home", &[]), broken(&mut builder, "away", &[])];
        strikes(&mut builder, "flaky", units[0], 10.0, errors(share), RepairDraft::of(fixed(5.0)));
        moved_users(&mut builder, &units, Vec::new());
        let model = builder.build().unwrap();
        assert_eq!(positions(&model).len() > 1, moves, "{share}");
    }
}

// Alternatives.

fn first_of(of: Vec<CallTreeDraft>) -> CallTreeDraft {
    CallTreeDraft::FirstOf { of, switch: fixed(0.5), degraded: true }
}

fn to(route: RouteId) -> CallTreeDraft {
    CallTreeDraft::Service(vec![(route, 1.0)])
}

/// The first alternative is out 10 to 12: calls fail until the switch is made at 10.5; back at once at 12. Out again
/// 20 to 20.25: back before the switch. It refuses 40 % from 30 to 31: from 30.5 on these go to the second.
#[test]
fn alternatives_take_a_switch_at_each_onset() {
    let mut builder = story();
    let one = broken(&mut builder, "one", &[(10.0, 2.0), (20.0, 0.25)]);
    let two = broken(&mut builder, "two", &[]);
    strikes(&mut builder, "flaky", one, 30.0, errors(0.4), RepairDraft::of(fixed(1.0)));
    journey(&mut builder, &[vec![one], vec![two]], None, |r| first_of(vec![to(r[0]), to(r[1])]));
    let model = builder.build().unwrap();
    assert_success(
        &model,
        &[(0.0, 1.0), (10.0, 0.0), (10.5, 1.0), (20.0, 0.0), (20.25, 1.0), (30.0, 0.6), (30.5, 1.0)],
    );
    let by_second = [(0.0, 0.0), (10.5, 1.0), (12.0, 0.0), (30.5, 0.4), (31.0, 0.0)];
    assert_numbers(&model, |e| e.usage_alternative(UsageId(0)), &by_second);
    // Down 0.5 + 0.25 + 0.5 h; served by an alternative that counts as degraded 1.5 + 0.5 h.
    let figures = figures(&model);
    assert_eq!((figures.down, figures.degraded), (span(1.25), span(2.0)));
}

/// Three alternatives, flat or nested. The second is out from 5 to 20, which nobody notices. The first goes out at
/// 10: offered to the second from 10.5, which refuses; offered to the third from 11.
#[test]
fn a_switch_begins_only_when_calls_are_offered() {
    for nested in [false, true] {
        let mut builder = story();
        let one = broken(&mut builder, "one", &[(10.0, 2.0)]);
        let two = broken(&mut builder, "two", &[(5.0, 15.0)]);
        let three = broken(&mut builder, "three", &[]);
        journey(&mut builder, &[vec![one], vec![two], vec![three]], None, |r| {
            if nested {
                first_of(vec![to(r[0]), first_of(vec![to(r[1]), to(r[2])])])
            } else {
                first_of(vec![to(r[0]), to(r[1]), to(r[2])])
            }
        });
        let model = builder.build().unwrap();
        assert_success(&model, &[(0.0, 1.0), (10.0, 0.0), (11.0, 1.0)]);
    }
}

/// A mix of 75 % and 25 %: the loss of the smaller part costs a quarter.
#[test]
fn a_mix_is_a_weighted_mean() {
    let mut builder = story();
    let one = broken(&mut builder, "one", &[]);
    let two = broken(&mut builder, "two", &[(10.0, 1.0)]);
    journey(&mut builder, &[vec![one], vec![two]], None, |r| {
        CallTreeDraft::Mix(vec![(0.75, to(r[0])), (0.25, to(r[1]))])
    });
    let model = builder.build().unwrap();
    assert_success(&model, &[(0.0, 1.0), (10.0, 0.75), (11.0, 1.0)]);
}

// Hazards.

/// Two strikes of which one is drawn, by weights 0 and 1: always the second. A hazard of probability 0 never strikes.
#[test]
fn one_of_several_strikes_is_drawn_by_weight() {
    for probability in [0.0, 1.0] {
        let mut builder = story();
        let (a, b) = (builder.component(sound("a")), builder.component(sound("b")));
        let strikes = vec![strike(vec![a]), StrikeDraft { name: "second".into(), ..strike(vec![b]) }];
        let occurs = OccursDraft::At(vec![hour(10.0), hour(20.0)]);
        let one_of = Some(vec![0.0, 1.0]);
        builder.hazard(HazardDraft {
            name: "storm".into(),
            occurs,
            probability,
            strikes,
            one_of,
            only_while: None,
            clusters: None,
            rhythm: None,
        });
        let model = builder.build().unwrap();
        assert_level(&model, a, &[(0.0, 1.0)]);
        let hit = [(0.0, 1.0), (10.0, 0.0), (11.0, 1.0), (20.0, 0.0), (21.0, 1.0)];
        assert_level(&model, b, if probability > 0.0 { &hit } else { &hit[..1] });
    }
}

/// Planned work on `a` at 10, 20 and 30, only while `b` is up. At 20 `b` fails in the same instant: called off. At 30 it
/// returns in the same instant: done.
#[test]
fn work_is_called_off_in_trouble() {
    let mut builder = story();
    let a = builder.component(sound("a"));
    let b = broken(&mut builder, "b", &[(20.0, 1.0), (29.0, 1.0)]);
    let occurs = OccursDraft::At(vec![hour(10.0), hour(20.0), hour(30.0)]);
    let only_while = Some(Expression::Up(b));
    builder.hazard(HazardDraft { occurs, only_while, ..hazard("work", 0.0, strike(vec![a])) });
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0), (11.0, 1.0), (30.0, 0.0), (31.0, 1.0)]);
}

/// A wave every 2 h from 10 on. The first effect is detected at 13: the wave at 14 does not start, and an hour later the
/// first two are mended.
#[test]
fn a_roll_out_stops_once_it_is_detected() {
    let mut builder = story();
    let parts = ["a", "b", "c"].map(|name| builder.component(sound(name)));
    let repair = RepairDraft { detect: fixed(3.0), ..RepairDraft::of(fixed(1.0)) };
    let waves = Some((fixed(2.0), vec![0, 1, 2]));
    builder.hazard(hazard("release", 10.0, StrikeDraft { waves, repair, ..strike(parts.to_vec()) }));
    let model = builder.build().unwrap();
    assert_level(&model, parts[0], &[(0.0, 1.0), (10.0, 0.0), (14.0, 1.0)]);
    assert_level(&model, parts[1], &[(0.0, 1.0), (12.0, 0.0), (14.0, 1.0)]);
    assert_level(&model, parts[2], &[(0.0, 1.0)]);
}

/// Without detection time only the first wave starts; a repair of each hit does not stop the others.
#[test]
fn a_roll_out_that_is_noticed_at_once_or_never() {
    for (each, second) in [(false, vec![(0.0, 1.0)]), (true, vec![(0.0, 1.0), (12.0, 0.0), (13.0, 1.0)])] {
        let mut builder = story();
        let parts = ["a", "b"].map(|name| builder.component(sound(name)));
        let waves = Some((fixed(2.0), vec![0, 1]));
        builder.hazard(hazard("release", 10.0, StrikeDraft { waves, each, ..strike(parts.to_vec()) }));
        let model = builder.build().unwrap();
        assert_level(&model, parts[0], &[(0.0, 1.0), (10.0, 0.0), (11.0, 1.0)]);
        assert_level(&model, parts[1], &second);
    }
}

/// An effect two hours after the occurrence; the repair of an hour begins with it.
#[test]
fn a_delayed_effect_begins_its_repair() {
    let mut builder = story();
    let a = builder.component(sound("a"));
    builder.hazard(hazard("storm", 10.0, StrikeDraft { delay: fixed(2.0), ..strike(vec![a]) }));
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (12.0, 0.0), (13.0, 1.0)]);
}

/// One crew, an hour of work: the repair is one for both targets (both up at 11), or one each (11 and 12).
#[test]
fn a_strike_has_one_repair_or_one_each() {
    for (each, second) in [(false, 11.0), (true, 12.0)] {
        let mut builder = story();
        let crew = Some(builder.crew("crew", 1));
        let (a, b) = (builder.component(sound("a")), builder.component(sound("b")));
        let repair = RepairDraft { crew, ..RepairDraft::of(fixed(1.0)) };
        builder.hazard(hazard("storm", 10.0, StrikeDraft { each, repair, ..strike(vec![a, b]) }));
        let model = builder.build().unwrap();
        assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0), (11.0, 1.0)]);
        assert_level(&model, b, &[(0.0, 1.0), (10.0, 0.0), (second, 1.0)]);
    }
}

/// Delays of 0 or 5 h, one repair of 2 h for both. Both at once: out 10 to 12. Both late: 15 to 17. One of each: the
/// early one is out 10 to 12, and the late one is spared, since the cause is gone by then. With a repair each, the
/// late one is out 15 to 17.
#[test]
fn a_common_repair_drops_hits_that_have_not_landed() {
    for each in [false, true] {
        let mut builder = story();
        let (a, b) = (builder.component(sound("a")), builder.component(sound("b")));
        let delay = Law::empirical(vec![0.0, 1.8e10]).unwrap();
        let repair = RepairDraft::of(fixed(2.0));
        builder.hazard(hazard("storm", 10.0, StrikeDraft { each, repair, delay, ..strike(vec![a, b]) }));
        let model = builder.build().unwrap();
        let mut seen = [0; 3];
        for number in 0..64 {
            let outs = [a, b].map(|c| history_of(&model, number, |e| e.level(c)));
            let early: Vec<bool> = outs.iter().map(|o| o.get(1).is_some_and(|s| s.0 == hour(10.0))).collect();
            let early_ones = early.iter().filter(|e| **e).count();
            seen[early_ones] += 1;
            for (out, early) in outs.iter().zip(&early) {
                let spared = !each && !early && early_ones == 1;
                let begin = if *early { 10.0 } else { 15.0 };
                let whole = [(hour(0.0), 1.0), (hour(begin), 0.0), (hour(begin + 2.0), 1.0)];
                assert_eq!(*out, if spared { &whole[..1] } else { &whole[..] });
            }
        }
        assert!(seen.iter().all(|n| *n > 0), "{seen:?}");
    }
}

/// Overlapping strikes are separate failures and the least level counts: 0.5 from 10 to 14, 0.2 from 11 to 12.
#[test]
fn of_overlapping_strikes_the_least_level_counts() {
    let mut builder = story();
    let a = builder.component(sound("a"));
    strikes(&mut builder, "half", a, 10.0, capacity(0.5), RepairDraft::of(fixed(4.0)));
    strikes(&mut builder, "fifth", a, 11.0, capacity(0.2), RepairDraft::of(fixed(1.0)));
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.5), (11.0, 0.2), (12.0, 0.5), (14.0, 1.0)]);
}

/// `When` occurs each time its condition becomes true, the start included.
#[test]
fn a_hazard_occurs_when_its_condition_becomes_true() {
    let mut builder = story();
    let trigger = broken(&mut builder, "trigger", &[(10.0, 1.0), (20.0, 5.0)]);
    let (a, b) = (builder.component(sound("a")), builder.component(sound("b")));
    for (name, condition, target) in
        [("on loss", Expression::Down(trigger), a), ("while whole", Expression::Up(trigger), b)]
    {
        let occurs = OccursDraft::When(condition);
        builder.hazard(HazardDraft { occurs, ..hazard(name, 0.0, strike(vec![target])) });
    }
    let model = builder.build().unwrap();
    assert_level(&model, a, &[(0.0, 1.0), (10.0, 0.0), (11.0, 1.0), (20.0, 0.0), (21.0, 1.0)]);
    let expected = [(0.0, 0.0), (1.0, 1.0), (11.0, 0.0), (12.0, 1.0), (25.0, 0.0), (26.0, 1.0)];
    assert_level(&model, b, &expected);
}

// Measures.

/// A unit watched with the default objective: 5 %, 0.1 %, one minute.
fn judged(builder: &mut Builder, unit: CompId) {
    builder.watched_by_users(unit, strict_minute());
}

fn strict_minute() -> SimSpan {
    let default = blackstart::model::Objective::default();
    assert_eq!((default.down_at, default.degraded_above), (strict().down_at, strict().degraded_above));
    default.shortest_outage
}

/// 59 s out counts as degraded, 60 s as an outage.
#[test]
fn outages_below_a_minute_count_as_degraded() {
    let mut builder = story();
    let unit = broken(&mut builder, "unit", &[(10.0, 59.0 / 3600.0), (20.0, 60.0 / 3600.0)]);
    judged(&mut builder, unit);
    let figures = figures(&builder.build().unwrap());
    assert_eq!(figures.outages.len(), 1);
    assert_eq!((figures.down, figures.degraded), (span(60.0 / 3600.0), span(59.0 / 3600.0)));
    assert_eq!(figures.first_outage, Some(hour(20.0)));
}

/// 5 % is down, 4.9 % degraded, 0.11 % degraded, 0.1 % neither.
#[test]
fn thresholds_count_as_written() {
    for (share, down, degraded) in
        [(0.05, 2.0, 0.0), (0.049, 0.0, 2.0), (0.0011, 0.0, 2.0), (0.001, 0.0, 0.0)]
    {
        let mut builder = story();
        let unit = builder.component(sound("unit"));
        strikes(&mut builder, "flaky", unit, 10.0, errors(share), RepairDraft::of(fixed(2.0)));
        judged(&mut builder, unit);
        let figures = figures(&builder.build().unwrap());
        assert_eq!((figures.down, figures.degraded), (span(down), span(degraded)), "{share}");
        // 2 h of one request a second.
        assert!((figures.lost_requests - 7200.0 * share).abs() < 1e-6, "{share}");
        assert!((figures.user_minutes_lost - 120.0 * share).abs() < 1e-9, "{share}");
    }
}

/// A capacity of 0.3 is no error: the level is capacity, and what is above 0 is up.
#[test]
fn a_level_above_zero_is_up() {
    let mut builder = story();
    let unit = builder.component(sound("unit"));
    strikes(&mut builder, "small", unit, 10.0, capacity(0.3), RepairDraft::of(fixed(2.0)));
    judged(&mut builder, unit);
    let figures = figures(&builder.build().unwrap());
    assert_eq!((figures.down, figures.degraded), (SimSpan::ZERO, SimSpan::ZERO));
}

/// A repair that ends at the horizon ends the outage there; a failure at the horizon happens, and its outage is
/// open; one that is open counts however short it is so far.
#[test]
fn events_at_the_horizon_happen() {
    let half_a_minute = 0.5 / 60.0;
    for (at, lasts, down, censored) in [
        (90.0, 10.0, 10.0, false),
        (100.0, 1.0, 0.0, true),
        (95.0, 50.0, 5.0, true),
        (100.0 - half_a_minute, 1.0, half_a_minute, true),
    ] {
        let mut builder = story();
        let unit = broken(&mut builder, "unit", &[(at, lasts)]);
        judged(&mut builder, unit);
        let model = builder.build().unwrap();
        let figures = figures(&model);
        assert_eq!(figures.outages.len(), 1, "{at}");
        assert_eq!((figures.down, figures.censored), (span(down), censored), "{at}");
        assert_eq!((figures.outages[0].length, figures.outages[0].censored), (span(down), censored), "{at}");
        let level = if censored { 0.0 } else { 1.0 };
        assert_eq!(history(&model, |e| e.level(unit)).last().unwrap().1, level, "{at}");
    }
}

/// The start is an instant like any other: what is struck at it is out from the start, and restarts afterwards.
#[test]
fn events_at_the_start_happen() {
    let mut builder = story();
    let c = builder.component(restarting(sound("c"), 1.0));
    breaks(&mut builder, c, &[(0.0, 2.0)]);
    builder.watched_by_users(c, SimSpan::ZERO);
    let model = builder.build().unwrap();
    assert_level(&model, c, &[(0.0, 0.0), (3.0, 1.0)]);
    let figures = figures(&model);
    assert_eq!((figures.down, figures.first_outage), (span(3.0), Some(hour(0.0))));
}

/// An event after the horizon does not happen.
#[test]
fn nothing_happens_after_the_horizon() {
    let mut builder = story();
    let x = broken(&mut builder, "x", &[(100.000_001, 1.0)]);
    system(&mut builder, Expression::Level(x));
    let model = builder.build().unwrap();
    assert_level(&model, x, &[(0.0, 1.0)]);
    assert_eq!(figures(&model).outages.len(), 0);
}
