//! Who is blamed for what, and where the time goes: stories of about three events, worked out on paper from
//! section 10 of docs/semantics.md. The unit of time is the hour.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

mod story;

use blackstart::law::Law;
use blackstart::model::{
    Builder, CallTreeDraft, CompId, ComponentDraft, Effect, Expression, Kind, Model, Need, RepairDraft,
};
use blackstart::study::{CauseShare, Progress, RunOptions, run, summarize};
use story::{
    assert_level, breaks, broken, capacity, errors, fixed, hazard, held, journey, levels, moved_users, need,
    quorum_unit, sound, standby, story, strike, strikes, system,
};

/// Hours of downtime by cause (initiated, shared) and by stage.
struct Books {
    causes: Vec<(String, f64, f64)>,
    stages: Vec<(String, f64)>,
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1.0)
}

fn assert_adds_up(causes: &[CauseShare]) {
    assert!(near(causes.iter().map(|c| c.initiated).sum(), 1.0), "initiated: {causes:?}");
    assert!(near(causes.iter().map(|c| c.shared).sum(), 1.0), "shared: {causes:?}");
}

/// Plays one replication; both columns, of the journey and of all journeys, and the stages must add up.
fn books(model: &Model) -> Books {
    let options = RunOptions { replications: 1, seed: 1, threads: 1, curve_points: 0 };
    let summary = summarize(model, &run(model, options, &Progress::default()).unwrap());
    let journey = &summary.journeys[0];
    let down = journey.down_s.mean / 3600.0;
    assert!(down > 0.0, "no downtime");
    assert_adds_up(&journey.causes);
    assert_adds_up(&summary.causes);
    assert!(near(journey.stages.iter().map(|s| s.share).sum(), 1.0), "{:?}", journey.stages);
    let mut causes: Vec<(String, f64, f64)> =
        journey.causes.iter().map(|c| (c.cause.clone(), c.initiated * down, c.shared * down)).collect();
    causes.sort_by(|a, b| a.0.cmp(&b.0));
    Books { causes, stages: journey.stages.iter().map(|s| (s.stage.clone(), s.share * down)).collect() }
}

/// Builds the story and compares its books: causes by name, stages in the order of a recovery.
fn assert_books(builder: Builder, causes: &[(&str, f64, f64)], stages: &[(&str, f64)]) {
    let seen = books(&builder.build().unwrap());
    let same_causes = seen.causes.len() == causes.len()
        && seen.causes.iter().zip(causes).all(|(s, e)| s.0 == e.0 && near(s.1, e.1) && near(s.2, e.2));
    assert!(same_causes, "\n seen     {:?}\n expected {causes:?}", seen.causes);
    let same_stages = seen.stages.len() == stages.len()
        && seen.stages.iter().zip(stages).all(|(s, e)| s.0 == e.0 && near(s.1, e.1));
    assert!(same_stages, "\n seen     {:?}\n expected {stages:?}", seen.stages);
}

fn up(component: CompId) -> Expression {
    need(Expression::Up(component))
}

// Who is not blamed.

/// The system needs its feed and one of two links. A link breaks at 9 for good, something else at 11; only the feed's
/// loss, 10 to 12, takes the system down.
#[test]
fn a_failure_elsewhere_is_not_blamed() {
    let mut builder = story();
    let feed = broken(&mut builder, "feed", &[(10.0, 2.0)]);
    let links = [broken(&mut builder, "link 1", &[(9.0, 80.0)]), broken(&mut builder, "link 2", &[])];
    broken(&mut builder, "elsewhere", &[(11.0, 5.0)]);
    let support = Expression::All(vec![Expression::Level(feed), Expression::Any(levels(&links))]);
    system(&mut builder, support);
    assert_books(builder, &[("break feed", 2.0, 2.0)], &[("work", 2.0)]);
}

/// Of a gate's inputs those count that are no better than the gate: p stands at 0.5 from 9 to 20, q at 0 from 10 to
/// 12, r at 0.5 from 11. The system needs all, so it is q that takes it down.
#[test]
fn a_better_input_is_not_blamed() {
    let mut builder = story();
    let parts: Vec<CompId> = ["p", "q", "r"].map(|name| builder.component(sound(name))).to_vec();
    strikes(&mut builder, "half p", parts[0], 9.0, capacity(0.5), RepairDraft::of(fixed(11.0)));
    breaks(&mut builder, parts[1], &[(10.0, 2.0)]);
    strikes(&mut builder, "half r", parts[2], 11.0, capacity(0.5), RepairDraft::of(fixed(5.0)));
    system(&mut builder, Expression::All(levels(&parts)));
    assert_books(builder, &[("break q", 2.0, 2.0)], &[("work", 2.0)]);
}

/// Of what one component suffers, the worst counts: at 0.5 since 9, its feed lost 10 to 12, at 0.2 since 11.
#[test]
fn own_failures_count_only_if_they_are_the_limit() {
    let mut builder = story();
    let feed = broken(&mut builder, "feed", &[(10.0, 2.0)]);
    let system = system(&mut builder, Expression::Level(feed));
    strikes(&mut builder, "half", system, 9.0, capacity(0.5), RepairDraft::of(fixed(20.0)));
    strikes(&mut builder, "fifth", system, 11.0, capacity(0.2), RepairDraft::of(fixed(20.0)));
    assert_books(builder, &[("break feed", 2.0, 2.0)], &[("work", 2.0)]);
}

/// One of two zones is out from 5 to 50; a bad release lets 30 % of calls fail from 10 to 11. What fails calls is the
/// release: the zone that is missing all the time is not blamed.
#[test]
fn what_is_missing_all_the_time_is_not_blamed_for_a_blip() {
    let mut builder = story();
    let zones = [broken(&mut builder, "zone 1", &[(5.0, 45.0)]), broken(&mut builder, "zone 2", &[])];
    let system = system(&mut builder, Expression::Share(levels(&zones)));
    strikes(&mut builder, "bad release", system, 10.0, errors(0.3), RepairDraft::of(fixed(1.0)));
    assert_books(builder, &[("bad release", 1.0, 1.0)], &[("work", 1.0)]);
}

/// 30 % of calls fail at one of three members, another one is out: 0.3 x 1/2 = 15 % fail because of the first alone.
#[test]
fn members_that_are_out_do_not_fail_calls() {
    let mut builder = story();
    let members = vec![
        broken(&mut builder, "m1", &[]),
        broken(&mut builder, "m2", &[(8.0, 10.0)]),
        broken(&mut builder, "m3", &[]),
    ];
    strikes(&mut builder, "flaky", members[0], 10.0, errors(0.3), RepairDraft::of(fixed(1.0)));
    quorum_unit(&mut builder, 1, members);
    assert_books(builder, &[("flaky", 1.0, 1.0)], &[("work", 1.0)]);
}

// Overlaps.

/// x out 10 to 14, y out 12 to 16, both needed. x alone 2 h, both 2 h, y alone 2 h. The outage began with x.
#[test]
fn causes_share_each_instant() {
    let mut builder = story();
    let x = broken(&mut builder, "x", &[(10.0, 4.0)]);
    let y = broken(&mut builder, "y", &[(12.0, 4.0)]);
    system(&mut builder, Expression::All(levels(&[x, y])));
    assert_books(builder, &[("break x", 6.0, 3.0), ("break y", 0.0, 3.0)], &[("work", 6.0)]);
}

/// Redundant parts: x out 9 to 14, y 10 to 13, z 11 to 12, any of which would do. Down 11 to 12; the three share the
/// hour, and the latest, z, initiated it.
#[test]
fn the_latest_event_initiates() {
    let mut builder = story();
    let x = broken(&mut builder, "x", &[(9.0, 5.0)]);
    let y = broken(&mut builder, "y", &[(10.0, 3.0)]);
    let z = broken(&mut builder, "z", &[(11.0, 1.0)]);
    system(&mut builder, Expression::Any(levels(&[z, y, x])));
    let third = 1.0 / 3.0;
    let causes = [("break x", 0.0, third), ("break y", 0.0, third), ("break z", 1.0, third)];
    assert_books(builder, &causes, &[("work", 1.0)]);
}

/// y and x break in one instant, y for 3 h and x for 2 h: of the two the first by name is said to have initiated the
/// 3 h, although it was over an hour earlier. Shared: 2 h in halves, 1 h y alone.
#[test]
fn ties_go_by_name() {
    let mut builder = story();
    let y = broken(&mut builder, "y", &[(10.0, 3.0)]);
    let x = broken(&mut builder, "x", &[(10.0, 2.0)]);
    system(&mut builder, Expression::All(levels(&[x, y])));
    assert_books(builder, &[("break x", 3.0, 1.0), ("break y", 0.0, 2.0)], &[("work", 3.0)]);
}

/// One hazard that strikes three parts is one event; its outage (10 to 12) and that of a later one (20 to 21) are
/// booked apart.
#[test]
fn an_occurrence_is_one_event() {
    let mut builder = story();
    let parts: Vec<CompId> = ["p", "q", "r"].map(|name| builder.component(sound(name))).to_vec();
    let repair = RepairDraft::of(fixed(2.0));
    builder.hazard(hazard("storm", 10.0, blackstart::model::StrikeDraft { repair, ..strike(parts.clone()) }));
    breaks(&mut builder, parts[1], &[(20.0, 1.0)]);
    system(&mut builder, Expression::All(levels(&parts)));
    assert_books(builder, &[("break q", 1.0, 1.0), ("storm", 2.0, 2.0)], &[("work", 3.0)]);
}

/// Three ways of losing a need with a threshold: of `Share` all that are below 1 count. Three zones, two thirds
/// needed: z1 out 9 to 20, z2 at 0.5 10 to 12, so 0.5 in the mean: down. z3 whole.
#[test]
fn a_share_below_its_threshold_blames_all_that_lack() {
    let mut builder = story();
    let zones: Vec<CompId> = ["z1", "z2", "z3"].map(|name| builder.component(sound(name))).to_vec();
    breaks(&mut builder, zones[0], &[(9.0, 11.0)]);
    strikes(&mut builder, "half", zones[1], 10.0, capacity(0.5), RepairDraft::of(fixed(2.0)));
    let share = Need {
        on: Expression::Share(levels(&zones)),
        at_least: Some(2.0 / 3.0 - 1e-9),
        holdover: None,
        otherwise: 0.0,
    };
    system(&mut builder, Expression::Need(Box::new(share)));
    assert_books(builder, &[("break z1", 0.0, 1.0), ("half", 2.0, 1.0)], &[("work", 2.0)]);
}

// Tails.

/// c broken 10 to 12 with a restart of 1 h: the hour after the repair still belongs to its cause. What breaks
/// elsewhere meanwhile has no part in it.
#[test]
fn the_tail_belongs_to_its_cause() {
    let mut builder = story();
    let c = builder.component(ComponentDraft { restart: fixed(1.0), ..sound("c") });
    breaks(&mut builder, c, &[(10.0, 2.0)]);
    broken(&mut builder, "elsewhere", &[(12.5, 5.0)]);
    system(&mut builder, Expression::Level(c));
    assert_books(builder, &[("break c", 3.0, 3.0)], &[("work", 2.0), ("restart", 1.0)]);
}

/// c, with a restart of 2 h, needs feed and cooling. Feed out 10 to 11: restart from 11. Cooling out 12 to 12.5: the
/// restart pauses and ends at 13.5. c keeps both from 12 on. Shared: feed 2 + 0.75, cooling 0.75. Stages: feed's
/// work 10 to 11, its restart 11 to 12; 12 to 12.5 half feed's restart, half cooling's work; then an hour of restart.
#[test]
fn a_restart_keeps_all_that_held_it() {
    let mut builder = story();
    let feed = broken(&mut builder, "feed", &[(10.0, 1.0)]);
    let cooling = broken(&mut builder, "cooling", &[(12.0, 0.5)]);
    let c = sound("c").needing(need(Expression::All(levels(&[feed, cooling]))));
    let c = builder.component(ComponentDraft { restart: fixed(2.0), ..c });
    system(&mut builder, Expression::Level(c));
    assert_books(
        builder,
        &[("break cooling", 0.0, 0.75), ("break feed", 3.5, 2.75)],
        &[("work", 1.25), ("restart", 2.25)],
    );
}

/// c broken 10 to 11; it restarts in 1 h with the configuration, which is out from 11 to 13: up at 14. The broken
/// configuration is carried from 11 until c is lit: c 1 + 1.5, configuration 1.5. Stages: work 1; 11 to 13 half
/// restart (c is mended), half work; 13 to 14 restart.
#[test]
fn what_keeps_a_restart_waiting_is_carried() {
    let mut builder = story();
    let config = broken(&mut builder, "config", &[(11.0, 2.0)]);
    let starts_with = Some(Expression::Up(config));
    let c = builder.component(ComponentDraft { restart: fixed(1.0), starts_with, ..sound("c") });
    breaks(&mut builder, c, &[(10.0, 1.0)]);
    system(&mut builder, Expression::Level(c));
    assert_books(
        builder,
        &[("break c", 4.0, 2.5), ("break config", 0.0, 1.5)],
        &[("work", 2.0), ("restart", 2.0)],
    );
}

/// c breaks at 10 (1 h) and would be lit at 12 after a restart of 1 h, but breaks again in that very instant (1 h).
/// It is lit and goes dark anew: from 12 on it carries the second failure only, until 14.
#[test]
fn a_new_darkness_begins_a_new_set() {
    let mut builder = story();
    let c = builder.component(ComponentDraft { restart: fixed(1.0), ..sound("c") });
    breaks(&mut builder, c, &[(10.0, 1.0), (12.0, 1.0)]);
    let system = system(&mut builder, Expression::Level(c));
    assert_level(&builder.clone().build().unwrap(), system, &[(0.0, 1.0), (10.0, 0.0), (14.0, 1.0)]);
    assert_books(
        builder,
        &[("break c", 4.0, 2.0), ("break c 2", 0.0, 2.0)],
        &[("work", 2.0), ("restart", 2.0)],
    );
}

/// The battery carries the loss of the feed (10 to 14) for 2 h. When it ends, something else breaks; but the cause
/// of 12 to 14 is the lost feed.
#[test]
fn behind_a_holdover_the_cause_is_the_lost_need() {
    let mut builder = story();
    let feed = broken(&mut builder, "feed", &[(10.0, 4.0)]);
    broken(&mut builder, "elsewhere", &[(12.0, 1.0)]);
    let c = builder.component(sound("c").needing(held(Expression::Level(feed), 2.0, None)));
    system(&mut builder, Expression::Level(c));
    assert_books(builder, &[("break feed", 2.0, 2.0)], &[("work", 2.0)]);
}

/// While the generator starts (10 to 10.5), the cause is the lost utility; it breaks at 11 (until 12), and both are
/// to blame. The generator's failure initiates the second outage.
#[test]
fn a_gap_belongs_to_what_called_the_standby() {
    let mut builder = story();
    let utility = broken(&mut builder, "utility", &[(10.0, 5.0)]);
    let generator = builder.component(standby("generator", 0.5));
    breaks(&mut builder, generator, &[(11.0, 1.0)]);
    system(&mut builder, Expression::Any(levels(&[utility, generator])));
    assert_books(builder, &[("break generator", 1.0, 0.5), ("break utility", 0.5, 1.0)], &[("work", 1.5)]);
}

/// a and b need each other; a black-starts in 3 h. a broken 10 to 12; its clock runs 12 to 13, when b breaks, until
/// 13.5; up at 15.5. Both carry a's failure throughout and b's from 13 on. Stages: a's work 2, its restart 1; 13 to
/// 13.5 half b's work, half restart; then 2 h restart.
#[test]
fn a_dark_cycle_carries_what_darkened_it_and_no_more() {
    let mut builder = story();
    broken(&mut builder, "elsewhere", &[(9.0, 20.0)]);
    let a = builder.component(ComponentDraft { black_start: Some(fixed(3.0)), ..sound("a") });
    let b = builder.component(sound("b"));
    builder.component_mut(a).support = Some(up(b));
    builder.component_mut(b).support = Some(up(a));
    breaks(&mut builder, a, &[(10.0, 2.0)]);
    breaks(&mut builder, b, &[(13.0, 0.5)]);
    system(&mut builder, Expression::Level(a));
    assert_books(
        builder,
        &[("break a", 5.5, 4.25), ("break b", 0.0, 1.25)],
        &[("work", 2.25), ("restart", 3.25)],
    );
}

// Repairs that are kept waiting.

/// The only crew mends something else from 9 to 12, so x, broken at 10 with 1 h of work, is up at 13. Waiting for a
/// crew is a stage of x's own repair: what the crew mends meanwhile does not hold the system down.
#[test]
fn waiting_for_a_crew_is_a_stage() {
    let mut builder = story();
    let crew = Some(builder.crew("crew", 1));
    let (o, x) = (builder.component(sound("other")), builder.component(sound("x")));
    strikes(&mut builder, "other", o, 9.0, Effect::Down, RepairDraft { crew, ..RepairDraft::of(fixed(3.0)) });
    strikes(
        &mut builder,
        "break x",
        x,
        10.0,
        Effect::Down,
        RepairDraft { crew, ..RepairDraft::of(fixed(1.0)) },
    );
    system(&mut builder, Expression::Level(x));
    assert_books(builder, &[("break x", 3.0, 3.0)], &[("wait for crew", 2.0), ("work", 1.0)]);
}

/// x broken at 10, 2 h of work that needs the permit, which is out from 11 to 14: up at 15. 10 to 11 and 14 to 15 x
/// alone, 11 to 14 both. With a crew, x's half of that time is waiting for one; without, x's work just stands.
#[test]
fn a_stalled_repair_carries_the_blocker() {
    for with_crew in [false, true] {
        let mut builder = story();
        let crew = with_crew.then(|| builder.crew("crew", 1));
        let permit = broken(&mut builder, "permit", &[(11.0, 3.0)]);
        let x = builder.component(sound("x"));
        let needs = Some(Expression::Up(permit));
        let repair = RepairDraft { crew, needs, ..RepairDraft::of(fixed(2.0)) };
        strikes(&mut builder, "break x", x, 10.0, Effect::Down, repair);
        broken(&mut builder, "elsewhere", &[(12.0, 1.0)]);
        system(&mut builder, Expression::Level(x));
        let stages: &[(&str, f64)] =
            if with_crew { &[("wait for crew", 1.5), ("work", 3.5)] } else { &[("work", 5.0)] };
        assert_books(builder, &[("break permit", 0.0, 1.5), ("break x", 5.0, 3.5)], stages);
    }
}

/// All stages of known length: noticed after 1 h (11); the crew comes free at 12, travels 2 h, works 3 h; then the
/// component restarts for half an hour. 7.5 h in all, then an outage without repair from 95 on: 5 h.
#[test]
fn the_stages_of_a_repair() {
    let mut builder = story();
    let crew = Some(builder.crew("crew", 1));
    let o = builder.component(sound("other"));
    strikes(&mut builder, "other", o, 9.0, Effect::Down, RepairDraft { crew, ..RepairDraft::of(fixed(3.0)) });
    let x = builder.component(ComponentDraft { restart: fixed(0.5), ..sound("x") });
    let repair = RepairDraft { detect: fixed(1.0), crew, travel: fixed(2.0), ..RepairDraft::of(fixed(3.0)) };
    strikes(&mut builder, "break x", x, 10.0, Effect::Down, repair);
    strikes(&mut builder, "end of x", x, 95.0, Effect::Down, RepairDraft::of(Law::NEVER));
    system(&mut builder, Expression::Level(x));
    let stages = [
        ("detect", 1.0),
        ("wait for crew", 1.0),
        ("travel", 2.0),
        ("work", 3.0),
        ("never mended", 5.0),
        ("restart", 0.5),
    ];
    assert_books(builder, &[("break x", 7.5, 7.5), ("end of x", 5.0, 5.0)], &stages);
}

// Users.

/// Home out from 10; decided at 10.5; the shift of 1 h needs home's control plane, out from 11 to 12: half an hour is
/// done, the rest 12 to 12.5. Home shares 11 to 12 with the control plane.
#[test]
fn a_stalled_shift_carries_the_blocker() {
    let mut builder = story();
    let units = [broken(&mut builder, "home", &[(10.0, 95.0)]), broken(&mut builder, "away", &[])];
    let control = broken(&mut builder, "control", &[(11.0, 1.0)]);
    broken(&mut builder, "elsewhere", &[(11.5, 1.0)]);
    moved_users(&mut builder, &units, vec![Some(Expression::Up(control)), None]);
    assert_books(
        builder,
        &[("break control", 0.0, 0.5), ("break home", 2.5, 2.0)],
        &[("failover detect", 0.5), ("failover shift", 1.0), ("failover waits for its needs", 1.0)],
    );
}

/// No unit to go to from 10.5 to 12: the users wait for one of the two to be mended. Home's failure alone fails their
/// calls; that of the other unit only matters to where they could go.
#[test]
fn users_without_a_target_wait_for_a_repair() {
    let mut builder = story();
    let units = [broken(&mut builder, "home", &[(10.0, 95.0)]), broken(&mut builder, "away", &[(9.0, 3.0)])];
    moved_users(&mut builder, &units, Vec::new());
    assert_books(
        builder,
        &[("break home", 3.0, 3.0)],
        &[("failover detect", 0.5), ("failover shift", 1.0), ("work", 1.5)],
    );
}

/// A unit of three members re-forms for 1 h, failing 30 % of calls, when m1 is lost at 10 and when it returns at 15.
/// Both hours belong to m1's failure; the second one when it is long mended. m2 flickers at half its level: no part.
#[test]
fn re_forming_belongs_to_the_member() {
    let mut builder = story();
    let members = vec![
        broken(&mut builder, "m1", &[(10.0, 5.0)]),
        broken(&mut builder, "m2", &[]),
        broken(&mut builder, "m3", &[]),
    ];
    strikes(&mut builder, "half m2", members[1], 10.5, capacity(0.5), RepairDraft::of(fixed(10.0)));
    let unit = quorum_unit(&mut builder, 2, members);
    builder.component_mut(unit).reconfigure = Some((fixed(1.0), Law::fixed(0.3).unwrap()));
    assert_books(builder, &[("break m1", 2.0, 2.0)], &[("work", 1.0), ("restart", 1.0)]);
}

/// Two losses, half an hour apart, of 5 members with a quorum of 3: m1 alone 10 to 10.5, both 10.5 to 11.5.
#[test]
fn overlapping_re_forming_belongs_to_both_members() {
    let mut builder = story();
    let members = vec![
        broken(&mut builder, "m1", &[(10.0, 95.0)]),
        broken(&mut builder, "m2", &[(10.5, 95.0)]),
        broken(&mut builder, "m3", &[]),
        broken(&mut builder, "m4", &[]),
        broken(&mut builder, "m5", &[]),
    ];
    let unit = quorum_unit(&mut builder, 3, members);
    builder.component_mut(unit).reconfigure = Some((fixed(1.0), Law::fixed(0.3).unwrap()));
    assert_books(builder, &[("break m1", 1.5, 1.0), ("break m2", 0.0, 0.5)], &[("work", 1.5)]);
}

/// The first alternative is out 10 to 12: down until the switch is made at 10.5. The second one is out 11 to 11.5:
/// then both fail the call, and the second one's failure is the later.
#[test]
fn alternatives_carry_what_refuses() {
    let mut builder = story();
    let one = broken(&mut builder, "one", &[(10.0, 2.0)]);
    let two = broken(&mut builder, "two", &[(11.0, 0.5)]);
    broken(&mut builder, "elsewhere", &[(10.25, 1.0)]);
    journey(&mut builder, &[vec![one], vec![two]], None, |routes| {
        let of = routes.iter().map(|r| CallTreeDraft::Service(vec![(*r, 1.0)])).collect();
        CallTreeDraft::FirstOf { of, switch: fixed(0.5), degraded: false }
    });
    assert_books(
        builder,
        &[("break one", 0.5, 0.75), ("break two", 0.5, 0.25)],
        &[("failover shift", 0.5), ("work", 0.5)],
    );
}

/// Two parts are needed and there is one: a system that can never be up. Its outage has no initiating event. While
/// the part is out, 10 to 15, that is what holds the system down.
#[test]
fn a_system_that_cannot_be_up_has_no_cause() {
    let mut builder = story();
    let x = broken(&mut builder, "x", &[(10.0, 5.0)]);
    system(&mut builder, Expression::AtLeast(2, levels(&[x])));
    let seen = books(&builder.build().unwrap());
    let expected = [("break x", 0.0, 5.0), ("no initiating event", 100.0, 95.0)];
    assert_eq!(seen.causes, expected.map(|(name, initiated, shared)| (name.to_owned(), initiated, shared)));
}

/// Two journeys of 1 and of 3 users' worth: over all journeys causes are weighted by users, and still add up.
#[test]
fn all_journeys_are_weighted_by_users() {
    let mut builder = story();
    let x = broken(&mut builder, "x", &[(10.0, 3.0)]);
    let y = broken(&mut builder, "y", &[(20.0, 1.0)]);
    for (part, users) in [(x, 1.0), (y, 3.0)] {
        let unit =
            ComponentDraft::new(format!("unit {users}"), Kind::Unit).needing(need(Expression::Level(part)));
        let unit = builder.component(unit);
        let profile = blackstart::model::Profile::Flat;
        let name = format!("users {users}");
        let population =
            builder.population(blackstart::model::Population { name: name.clone(), users, profile });
        let objective = story::strict();
        let journey = builder.journey(blackstart::model::Journey { name: name.clone(), objective });
        let service = builder.service(&name, None);
        builder.component_mut(unit).unit_of = Some(service);
        let units = vec![unit];
        let route =
            builder.route(blackstart::model::RouteDraft { name, population, service, units, failover: None });
        let to = CallTreeDraft::Service(vec![(route, 1.0)]);
        let calls = vec![blackstart::model::CallDraft { to, times: 1.0 }];
        let usage = blackstart::model::UsageDraft { population, journey, requests_per_second: 1.0, calls };
        builder.usage(usage);
    }
    let model = builder.build().unwrap();
    let options = RunOptions { replications: 1, seed: 1, threads: 1, curve_points: 0 };
    let summary = summarize(&model, &run(&model, options, &Progress::default()).unwrap());
    assert_adds_up(&summary.causes);
    // 3 h x 1 user and 1 h x 3 users.
    for cause in &summary.causes {
        assert!(near(cause.shared, 0.5) && near(cause.initiated, 0.5), "{cause:?}");
        assert!(near(cause.user_minutes_down, 180.0), "{cause:?}");
    }
}
