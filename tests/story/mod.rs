//! What the hand-worked stories share: components that break at known hours, and histories to compare with.
#![allow(dead_code, reason = "each test file uses its own part")]

use blackstart::engine::{Engine, Observer};
use blackstart::law::Law;
use blackstart::model::{
    Builder, CallDraft, CallTreeDraft, CompId, ComponentDraft, Effect, Expression, FailoverDraft,
    HazardDraft, HazardId, Holdover, Journey, Kind, Model, Need, Objective, OccursDraft, Population, Profile,
    RepairDraft, RouteDraft, RouteId, StandbyDraft, StrikeDraft, UsageDraft, UsageId,
};
use blackstart::random::Replication;
use blackstart::time::{MICROS_PER_HOUR, SimSpan, SimTime};

/// Hour `h` of the story.
pub(crate) fn hour(h: f64) -> SimTime {
    SimTime::from_micros((h * MICROS_PER_HOUR as f64).round() as i64)
}

/// Always `h` hours.
pub(crate) fn fixed(h: f64) -> Law {
    Law::fixed(h * MICROS_PER_HOUR as f64).unwrap()
}

/// Exponential with a mean of `h` hours.
pub(crate) fn exp(h: f64) -> Law {
    Law::exp(h * MICROS_PER_HOUR as f64).unwrap()
}

/// A story of 100 hours.
pub(crate) fn story() -> Builder {
    Builder::new("story", hour(100.0))
}

/// A part that never fails by itself.
pub(crate) fn sound(name: &str) -> ComponentDraft {
    ComponentDraft::new(name, Kind::Part)
}

/// A part that breaks from hour `at` for `lasts` hours, as told by the hazard "break <name>".
pub(crate) fn broken(builder: &mut Builder, name: &str, spells: &[(f64, f64)]) -> CompId {
    let part = builder.component(sound(name));
    breaks(builder, part, spells);
    part
}

/// Breaks a component from `at` for `lasts` hours, each a hazard of its own: "break <name>", "break <name> 2".
pub(crate) fn breaks(builder: &mut Builder, part: CompId, spells: &[(f64, f64)]) {
    let name = builder.component_mut(part).name.clone();
    for (number, (at, lasts)) in spells.iter().enumerate() {
        let name = if number == 0 { format!("break {name}") } else { format!("break {name} {}", number + 1) };
        strikes(builder, &name, part, *at, Effect::Down, RepairDraft::of(fixed(*lasts)));
    }
}

/// A hazard that strikes one component at one hour.
pub(crate) fn strikes(
    builder: &mut Builder,
    name: &str,
    part: CompId,
    at: f64,
    effect: Effect,
    repair: RepairDraft,
) -> HazardId {
    builder.hazard(hazard(name, at, StrikeDraft { effect, repair, ..strike(vec![part]) }))
}

/// A strike that takes its targets down for an hour, at once.
pub(crate) fn strike(targets: Vec<CompId>) -> StrikeDraft {
    StrikeDraft::down("hit", targets, RepairDraft::of(fixed(1.0)))
}

/// A hazard of one strike at one hour.
pub(crate) fn hazard(name: &str, at: f64, strike: StrikeDraft) -> HazardDraft {
    HazardDraft::new(name, OccursDraft::At(vec![hour(at)]), vec![strike])
}

/// A share of calls that fails.
pub(crate) fn errors(share: f64) -> Effect {
    Effect::Errors(Law::fixed(share).unwrap())
}

/// A level that is left.
pub(crate) fn capacity(level: f64) -> Effect {
    Effect::Capacity(Law::fixed(level).unwrap())
}

/// A need that passes its value on.
pub(crate) fn need(on: Expression) -> Expression {
    Expression::Need(Box::new(Need { on, at_least: None, holdover: None, otherwise: 0.0 }))
}

/// A need with a holdover.
pub(crate) fn held(on: Expression, length: f64, refills_in: Option<f64>) -> Expression {
    let refills_in = refills_in.map(|h| hour(h) - SimTime::START);
    let holdover = Holdover { length: fixed(length), refills_in, name: "battery".into() };
    Expression::Need(Box::new(Need { on, at_least: None, holdover: Some(holdover), otherwise: 0.0 }))
}

/// The levels of components, as inputs of a gate.
pub(crate) fn levels(parts: &[CompId]) -> Vec<Expression> {
    parts.iter().map(|c| Expression::Level(*c)).collect()
}

/// A standby that takes `starts_in` hours to start and never fails to.
pub(crate) fn standby(name: &str, starts_in: f64) -> ComponentDraft {
    let standby = StandbyDraft {
        starts_in: fixed(starts_in),
        fails_to_start: 0.0,
        repair: RepairDraft::of(Law::NEVER),
        dormancy: 0.0,
    };
    ComponentDraft { standby: Some(standby), ..sound(name) }
}

/// An objective that counts every outage, however short.
pub(crate) fn strict() -> Objective {
    Objective { shortest_outage: SimSpan::ZERO, ..Objective::default() }
}

/// A unit of the service "system" with a journey of its own that counts every outage.
pub(crate) fn system(builder: &mut Builder, support: Expression) -> CompId {
    let unit = builder.component(ComponentDraft::new("system", Kind::Unit).needing(need(support)));
    builder.watched_by_users(unit, SimSpan::ZERO);
    unit
}

/// A unit of members, whole while `quorum` of them are above 0.
pub(crate) fn quorum_unit(builder: &mut Builder, quorum: usize, members: Vec<CompId>) -> CompId {
    let support = Expression::Quorum(quorum, levels(&members));
    let unit = ComponentDraft::new("system", Kind::Unit).needing(support);
    let unit = builder.component(ComponentDraft { members, ..unit });
    builder.watched_by_users(unit, SimSpan::ZERO);
    unit
}

/// One route per unit list, each to a service of its own, of one population; and their journey.
pub(crate) fn journey(
    builder: &mut Builder,
    services: &[Vec<CompId>],
    failover: Option<&FailoverDraft>,
    call: impl FnOnce(&[RouteId]) -> CallTreeDraft,
) -> UsageId {
    let profile = Profile::Flat;
    let population = builder.population(Population { name: "users".into(), users: 1.0, profile });
    let journey = builder.journey(Journey { name: "journey".into(), objective: strict() });
    let mut routes = Vec::new();
    for (number, units) in services.iter().enumerate() {
        let name = format!("service {number}");
        let service = builder.service(&name, None);
        for unit in units {
            builder.component_mut(*unit).unit_of = Some(service);
        }
        let (units, failover) = (units.clone(), failover.cloned());
        routes.push(builder.route(RouteDraft { name, population, service, units, failover }));
    }
    let calls = vec![CallDraft { to: call(&routes), times: 1.0 }];
    builder.usage(UsageDraft { population, journey, requests_per_second: 1.0, calls })
}

/// Users of one service with several units and a failover: detect 0.5 h, shift 1 h, quiet 2 h.
pub(crate) fn moved_users(
    builder: &mut Builder,
    units: &[CompId],
    needs: Vec<Option<Expression>>,
) -> UsageId {
    let failover = FailoverDraft {
        detect: fixed(0.5),
        shift: fixed(1.0),
        works: 1.0,
        quiet: fixed(2.0),
        needs,
        needs_at_target: false,
    };
    journey(builder, &[units.to_vec()], Some(&failover), |routes| {
        CallTreeDraft::Service(vec![(routes[0], 1.0)])
    })
}

/// Records what `look` sees whenever it differs from what it saw before.
struct Recorder<T, F> {
    look: F,
    seen: Vec<(SimTime, T)>,
}

impl<T: PartialEq, F: Fn(&Engine<'_>) -> T> Observer for Recorder<T, F> {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.seen.push((engine.now(), (self.look)(engine)));
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        let now = (self.look)(engine);
        if self.seen.last().is_none_or(|(_, before)| *before != now) {
            self.seen.push((engine.now(), now));
        }
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

/// Everything that `look` sees over replication `number`, with the instants at which it changes.
pub(crate) fn history_of<T: PartialEq>(
    model: &Model,
    number: u64,
    look: impl Fn(&Engine<'_>) -> T,
) -> Vec<(SimTime, T)> {
    let mut recorder = Recorder { look, seen: Vec::new() };
    Engine::new(model).replicate(Replication::new(1, number), &mut recorder).unwrap();
    recorder.seen
}

/// The history of the first replication.
pub(crate) fn history<T: PartialEq>(model: &Model, look: impl Fn(&Engine<'_>) -> T) -> Vec<(SimTime, T)> {
    history_of(model, 0, look)
}

/// Asserts a history of numbers: instants to the microsecond, values to rounding errors.
pub(crate) fn assert_numbers(model: &Model, look: impl Fn(&Engine<'_>) -> f64, expected: &[(f64, f64)]) {
    let seen = history(model, look);
    let as_hours = || -> Vec<(f64, f64)> {
        seen.iter().map(|(at, value)| (at.micros() as f64 / MICROS_PER_HOUR as f64, *value)).collect()
    };
    let same = seen.len() == expected.len()
        && seen.iter().zip(expected).all(|(s, e)| s.0 == hour(e.0) && (s.1 - e.1).abs() < 1e-12);
    assert!(same, "\n seen     {:?}\n expected {expected:?}", as_hours());
}

/// Asserts the history of a component's level.
pub(crate) fn assert_level(model: &Model, component: CompId, expected: &[(f64, f64)]) {
    assert_numbers(model, |engine| engine.level(component), expected);
}

/// Asserts the history of the first usage's success.
pub(crate) fn assert_success(model: &Model, expected: &[(f64, f64)]) {
    assert_numbers(model, |engine| engine.usage_success(UsageId(0)), expected);
}
