//! How recipes are chosen, and made smaller: the plainest choice stands first.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use super::recipe::*;

/// Any system: 1 to 5 parts, sometimes a ring of 2 or 3, as often a network, 1 to 4 units, up to 2 hazards, 1 or 2 groups of users.
pub fn system() -> BoxedStrategy<System> {
    let ring = prop_oneof![3 => Just(Vec::new()), 2 => vec(ring_part(), 2..=3)];
    let parts = (
        vec(part(), 1..=5),
        ring,
        weighted(0.6, network()),
        vec(unit(), 1..=4),
        vec(hazard(), 0..=2),
        vec(users(), 1..=2),
    );
    let rhythms = prop_oneof![Just(Vec::new()), vec(rhythm(), 1..=2)];
    (0..1_000_u16, yes(0.3), vec(1..=2_u8, 0..=2), rhythms, parts)
        .prop_map(|(seed, aged, crews, rhythms, (parts, ring, network, units, hazards, users))| System {
            seed,
            aged,
            crews,
            rhythms,
            parts,
            ring,
            network,
            units,
            hazards,
            users,
        })
        .boxed()
}

fn rhythm() -> BoxedStrategy<Rhythm> {
    let speed = || {
        prop_oneof![
            2 => Just(Speed::Stands),
            2 => Just(Speed::Third),
            1 => Just(Speed::Half),
            1 => Just(Speed::Plain),
            1 => Just(Speed::Double),
        ]
    };
    // Days of odd length, days and nights, long stretches at two speeds.
    prop_oneof![
        vec(speed(), 7).prop_map(|speeds| Rhythm { each: Stretch::Step, speeds }),
        vec(speed(), 24).prop_map(|speeds| Rhythm { each: Stretch::Hour, speeds }),
        vec(speed(), 2).prop_map(|speeds| Rhythm { each: Stretch::Day, speeds }),
    ]
    .boxed()
}

fn yes(p: f64) -> BoxedStrategy<bool> {
    proptest::bool::weighted(p).boxed()
}

/// Some component, unit or crew.
fn who() -> BoxedStrategy<u8> {
    (0..16_u8).boxed()
}

fn time() -> BoxedStrategy<Time> {
    prop_oneof![
        4 => Just(Time::Zero),
        7 => (1..=4_u8).prop_map(Time::Whole),
        4 => Just(Time::Exp),
        4 => Just(Time::Uniform),
        4 => Just(Time::LogNormal),
        1 => Just(Time::Never),
    ]
    .boxed()
}

/// Often none at all.
fn short() -> BoxedStrategy<Time> {
    prop_oneof![Just(Time::Zero), time()].boxed()
}

fn share() -> BoxedStrategy<Share> {
    prop_oneof![Just(Share::Half), Just(Share::Fiftieth), Just(Share::Nothing), Just(Share::Any)].boxed()
}

fn odds() -> BoxedStrategy<Odds> {
    prop_oneof![2 => Just(Odds::Always), 1 => Just(Odds::Half), 1 => Just(Odds::Fifth)].boxed()
}

fn any_odds() -> BoxedStrategy<Odds> {
    prop_oneof![Just(Odds::Never), Just(Odds::Third), Just(Odds::Always)].boxed()
}

fn effect() -> BoxedStrategy<Effect> {
    prop_oneof![
        2 => Just(Effect::Down),
        1 => share().prop_map(Effect::Capacity),
        1 => share().prop_map(Effect::Errors),
    ]
    .boxed()
}

fn threshold() -> BoxedStrategy<Threshold> {
    prop_oneof![Just(Threshold::Whole), Just(Threshold::Half), Just(Threshold::Third)].boxed()
}

fn leaf() -> BoxedStrategy<Leaf> {
    prop_oneof![
        2 => who().prop_map(Leaf::Level),
        1 => who().prop_map(Leaf::Up),
        1 => (threshold(), who()).prop_map(|(x, of)| Leaf::AtLeast(x, of)),
    ]
    .boxed()
}

fn gate(deep: bool) -> BoxedStrategy<Gate> {
    let plain = leaf().prop_map(Input::Leaf).boxed();
    let input = if deep {
        prop_oneof![3 => plain, 2 => need(true).prop_map(|n| Input::Need(Box::new(n)))].boxed()
    } else {
        plain
    };
    let kind = prop_oneof![
        1 => Just(GateKind::One),
        1 => Just(GateKind::All),
        2 => Just(GateKind::Any),
        1 => (0..3_u8).prop_map(GateKind::AtLeast),
        1 => Just(GateKind::Share),
        1 => (0..3_u8).prop_map(GateKind::Quorum),
    ];
    (kind, vec(input, 1..=3)).prop_map(|(kind, inputs)| Gate { kind, inputs }).boxed()
}

fn holdover() -> BoxedStrategy<Holdover> {
    let refills_in = prop_oneof![Just(None), Just(Some(1_200)), (0..60_u16).prop_map(Some)];
    (time(), refills_in).prop_map(|(length, refills_in)| Holdover { length, refills_in }).boxed()
}

fn need(nested: bool) -> BoxedStrategy<Need> {
    (gate(!nested), weighted(0.4, threshold()), weighted(0.35, holdover()), yes(0.25))
        .prop_map(|(on, at_least, holdover, soft)| Need { on, at_least, holdover, soft })
        .boxed()
}

/// Seldom with needs inside.
fn rule() -> BoxedStrategy<Rule> {
    prop_oneof![4 => gate(false).prop_map(Rule::Gate), 1 => need(false).prop_map(Rule::Need)].boxed()
}

fn condition() -> BoxedStrategy<Condition> {
    prop_oneof![
        who().prop_map(Condition::Down),
        leaf().prop_map(Condition::Not),
        (who(), who()).prop_map(|(down, up)| Condition::DownWhileUp(down, up)),
        rule().prop_map(Condition::Rule),
    ]
    .boxed()
}

fn repair() -> BoxedStrategy<Repair> {
    let work = prop_oneof![49 => time(), 1 => Just(Time::Never)];
    let without = prop_oneof![3 => Just(0), 2 => 1..=4_u8];
    let times = (short(), short(), work);
    (times, weighted(0.5, who()), weighted(0.3, rule()), without, 0..3_u8)
        .prop_map(|((detect, travel, work), crew, needs, without_needs, priority)| Repair {
            detect,
            crew,
            travel,
            work,
            needs,
            without_needs,
            priority,
        })
        .boxed()
}

fn standby() -> BoxedStrategy<Standby> {
    (time(), any_odds(), any_odds(), repair())
        .prop_map(|(starts_in, fails_to_start, dormancy, repair)| Standby {
            starts_in,
            fails_to_start,
            dormancy,
            repair,
        })
        .boxed()
}

fn clock() -> BoxedStrategy<Clock> {
    prop_oneof![
        4 => Just(Clock::Calendar),
        1 => Just(Clock::Operating),
        1 => condition().prop_map(Clock::While),
    ]
    .boxed()
}

fn mode() -> BoxedStrategy<Mode> {
    let every = prop_oneof![
        1 => (1..=8_u8).prop_map(Every::Tens),
        3 => (0..200_u8).prop_map(Every::Exp),
        1 => Just(Every::Weibull),
    ];
    (every, effect(), clock(), weighted(0.5, who()), yes(0.2), repair())
        .prop_map(|(every, effect, clock, rhythm, hidden, repair)| Mode {
            every,
            effect,
            clock,
            rhythm,
            hidden,
            repair,
        })
        .boxed()
}

fn count() -> BoxedStrategy<Count> {
    (2..=4_u8, weighted(0.5, 0..4_u8), yes(0.5))
        .prop_map(|(units, enough, pooled)| Count { units, enough, pooled })
        .boxed()
}

fn part() -> BoxedStrategy<Part> {
    let needs = prop_oneof![3 => Just(Vec::new()), 7 => vec(need(false), 1..=2)];
    (
        vec(mode(), 0..=2),
        weighted(0.25, count()),
        weighted(0.3, standby()),
        needs,
        weighted(0.2, rule()),
        weighted(0.4, time()),
    )
        .prop_map(|(modes, count, standby, needs, starts_with, restart)| Part {
            modes,
            count,
            standby,
            needs,
            starts_with,
            restart,
        })
        .boxed()
}

fn ring_part() -> BoxedStrategy<RingPart> {
    (part(), yes(0.3), yes(0.3), weighted(0.2, time()), weighted(0.6, time()))
        .prop_map(|(part, any, next_alone, holdover, black_start)| RingPart {
            part,
            any,
            next_alone,
            holdover,
            black_start,
        })
        .boxed()
}

/// Sites and edges mostly work; what they need is outside the network.
fn wired() -> BoxedStrategy<Part> {
    let needs = prop_oneof![3 => Just(Vec::new()), 1 => vec(need(false), 1..=1)];
    (vec(mode(), 0..=2), needs, weighted(0.1, rule()), weighted(0.2, time()))
        .prop_map(|(modes, needs, starts_with, restart)| Part {
            modes,
            needs,
            starts_with,
            restart,
            ..Part::default()
        })
        .boxed()
}

/// Few latencies and capacities, so that ways are equally long and edges are full.
fn edge() -> BoxedStrategy<Edge> {
    let capacity = prop_oneof![1 => Just(None), 4 => (1..=2_u8).prop_map(Some)];
    (wired(), who(), who(), 0..3_u8, capacity, vec(who(), 0..=2))
        .prop_map(|(part, from, to, latency, capacity, on)| Edge { part, from, to, latency, capacity, on })
        .boxed()
}

fn flow() -> BoxedStrategy<Flow> {
    (who(), who(), 1..=4_u8, weighted(0.5, who()), prop_oneof![3 => Just(2_u8), 1 => 0..2_u8])
        .prop_map(|(from, to, rate, profile, priority)| Flow { from, to, rate, profile, priority })
        .boxed()
}

fn network() -> BoxedStrategy<Network> {
    // Who joins other sites needs the edges between them.
    let joins = prop_oneof![2 => vec((who(), 0..2_u8), 1), 1 => vec((who(), 0..2_u8), 2)];
    let place = joins.prop_map(|joins| Place { joins });
    (
        vec(time(), 0..=2),
        vec(wired(), 2..=5),
        vec(edge(), 1..=7),
        short(),
        vec(place, 2..=3),
        vec((who(), who()), 0..=2),
        vec(part(), 0..=2),
        vec(flow(), 1..=4),
    )
        .prop_map(|(corridors, sites, edges, convergence, places, paths, parts, flows)| Network {
            corridors,
            sites,
            edges,
            convergence,
            places,
            paths,
            parts,
            flows,
        })
        .boxed()
}

fn member() -> BoxedStrategy<Member> {
    (weighted(0.7, mode()), weighted(0.8, leaf()), weighted(0.3, time()), weighted(0.1, standby()))
        .prop_map(|(crash, on, restart, standby)| Member { crash, on, restart, standby })
        .boxed()
}

fn spread() -> BoxedStrategy<Spread> {
    (vec(member(), 1..=3), weighted(0.5, 0..3_u8), weighted(0.7, (time(), share())))
        .prop_map(|(members, quorum, reconfigures)| Spread { members, quorum, reconfigures })
        .boxed()
}

fn unit() -> BoxedStrategy<Unit> {
    let support = prop_oneof![need(false).prop_map(Support::Need), spread().prop_map(Support::Spread)];
    (weighted(0.95, support), weighted(0.5, mode()), yes(0.5), vec(who(), 1..=2))
        .prop_map(|(support, bug, second_service, at)| Unit { support, bug, second_service, at })
        .boxed()
}

fn strike() -> BoxedStrategy<Strike> {
    (vec(who(), 1..=6), weighted(0.3, time()), effect(), odds(), time(), repair(), yes(0.3))
        .prop_map(|(targets, waves, effect, hits, delay, repair, each)| Strike {
            targets,
            waves,
            effect,
            hits,
            delay,
            repair,
            each,
        })
        .boxed()
}

fn hazard() -> BoxedStrategy<Hazard> {
    let first = prop_oneof![Just(0), 0..200_u8];
    let occurs = prop_oneof![
        (first, 0..10_u8).prop_map(|(first, second)| Occurs::At(first, second)),
        (0..50_u8, 50..250_u8).prop_map(|(from, to)| Occurs::Between(from, to)),
        Just(Occurs::Every),
        condition().prop_map(Occurs::When),
    ];
    (
        occurs,
        vec(strike(), 1..=2),
        yes(0.3),
        odds(),
        weighted(0.3, condition()),
        yes(0.3),
        weighted(0.9, who()),
    )
        .prop_map(|(occurs, strikes, one_of, probability, only_while, clusters, rhythm)| Hazard {
            occurs,
            strikes,
            one_of,
            probability,
            only_while,
            clusters,
            rhythm,
        })
        .boxed()
}

fn failover() -> BoxedStrategy<Failover> {
    (time(), time(), odds(), time(), vec(weighted(0.3, rule()), 0..=4), yes(0.5))
        .prop_map(|(detect, shift, works, quiet, needs, needs_at_target)| Failover {
            detect,
            shift,
            works,
            quiet,
            needs,
            needs_at_target,
        })
        .boxed()
}

fn route() -> BoxedStrategy<Route> {
    (vec(who(), 1..=4), weighted(0.8, failover()))
        .prop_map(|(units, failover)| Route { units, failover })
        .boxed()
}

fn to(depth: u32) -> BoxedStrategy<To> {
    let plain = prop_oneof![who().prop_map(To::Route), Just(To::BothRoutes)].boxed();
    if depth == 0 {
        return plain;
    }
    prop_oneof![
        2 => plain,
        1 => (vec(to(depth - 1), 2..=3), time(), yes(0.5)).prop_map(|(of, takes, d)| To::FirstOf(of, takes, d)),
        1 => (to(depth - 1), to(depth - 1)).prop_map(|(a, b)| To::Mix(Box::new(a), Box::new(b))),
    ]
    .boxed()
}

fn users() -> BoxedStrategy<Users> {
    let halves = prop_oneof![Just(2_u8), Just(4), Just(1)];
    let call = (to(2), halves).prop_map(|(to, halves)| Call { to, halves });
    let journey = (vec(call, 1..=2), yes(0.5), prop_oneof![1 => Just(0), 3 => 1..=4_u8])
        .prop_map(|(calls, strict, size)| Journey { calls, strict, size });
    (vec(route(), 1..=3), vec(journey, 1..=2), who(), weighted(0.5, who()))
        .prop_map(|(routes, journeys, at, profile)| Users { routes, journeys, at, profile })
        .boxed()
}
