//! Small random systems that use the whole language, each a pure function of its seed.

use blackstart::law::Law;
use blackstart::model::{
    Builder, CallDraft, CallTreeDraft, ClockDraft, CompId, ComponentDraft, CrewId, Effect, Expression,
    FailoverDraft, HazardDraft, Holdover, Journey, Kind, ModeDraft, Model, Need, OccursDraft, Population,
    Profile, RepairDraft, Rhythm, RhythmId, RouteDraft, RouteId, STEP_MICROS, ServiceId, StandbyDraft,
    StrikeDraft, UsageDraft,
};
use blackstart::random::{Replication, StreamName};
use blackstart::time::{MICROS_PER_HOUR, SimSpan, SimTime};

const HOUR: f64 = MICROS_PER_HOUR as f64;
const HORIZON: SimTime = SimTime::from_micros(600 * MICROS_PER_HOUR);

/// Random choices, one draw each.
struct Dice {
    draws: Replication,
    stream: StreamName,
    thrown: u32,
    /// Rhythms that modes may have.
    rhythms: Vec<RhythmId>,
}

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.thrown += 1;
        self.draws.draw(self.stream, self.thrown).uniform()
    }

    fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// A whole number from 0 up to, not including, `n`.
    fn below(&mut self, n: usize) -> usize {
        (self.uniform() * n as f64) as usize
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// A duration around `hours`; often none at all, often a whole number of hours so that events coincide.
    fn time(&mut self, hours: f64) -> Law {
        match self.below(24) {
            0 => Law::NEVER,
            1..=4 => Law::ZERO,
            5..=11 => Law::fixed((1 + self.below(4)) as f64 * (hours / 2.0).ceil() * HOUR).unwrap(),
            12..=15 => Law::exp(hours * HOUR).unwrap(),
            16..=19 => Law::uniform(0.0, 2.0 * hours * HOUR).unwrap(),
            _ => Law::log_normal(hours * HOUR, 1.0).unwrap(),
        }
    }

    fn share(&mut self) -> Law {
        match self.below(4) {
            0 => Law::fixed(0.5).unwrap(),
            1 => Law::fixed(0.02).unwrap(),
            2 => Law::ZERO,
            _ => Law::uniform(0.0, 1.0).unwrap(),
        }
    }

    fn probability(&mut self) -> f64 {
        self.pick(&[1.0, 1.0, 0.5, 0.2])
    }

    fn effect(&mut self) -> Effect {
        match self.below(4) {
            0 | 1 => Effect::Down,
            2 => Effect::Capacity(self.share()),
            _ => Effect::Errors(self.share()),
        }
    }

    fn leaf(&mut self, of: &[CompId]) -> Expression {
        let c = self.pick(of);
        match self.below(4) {
            0 => Expression::Up(c),
            1 => Expression::LevelAtLeast(c, self.pick(&[0.3, 0.5, 1.0])),
            _ => Expression::Level(c),
        }
    }

    fn gate(&mut self, of: &[CompId], deep: bool) -> Expression {
        let inputs: Vec<Expression> = (0..1 + self.below(3))
            .map(|_| if deep && self.chance(0.4) { self.need(of, true) } else { self.leaf(of) })
            .collect();
        let k = 1 + self.below(inputs.len());
        match self.below(7) {
            0 => Expression::All(inputs),
            1 | 2 => Expression::Any(inputs),
            3 => Expression::AtLeast(k, inputs),
            4 => Expression::Share(inputs),
            5 => Expression::Quorum(k, inputs),
            _ => inputs[0].clone(),
        }
    }

    fn need(&mut self, of: &[CompId], nested: bool) -> Expression {
        let on = self.gate(of, !nested);
        let at_least = self.chance(0.4).then(|| self.pick(&[0.3, 0.5, 1.0]));
        let holdover = self.chance(0.35).then(|| Holdover {
            length: self.time(6.0),
            refills_in: match self.below(3) {
                0 => None,
                1 => Some(SimSpan::from_micros_f64(20.0 * HOUR)),
                _ => Some(SimSpan::from_micros_f64(HOUR * self.uniform())),
            },
            name: format!("holdover {}", self.thrown),
        });
        let otherwise = self.pick(&[0.0, 0.0, 0.0, 0.7]);
        Expression::Need(Box::new(Need { on, at_least, holdover, otherwise }))
    }

    /// What a rule asks for (`starts_with`, repair and failover needs): seldom with needs inside.
    fn rule(&mut self, of: &[CompId]) -> Expression {
        if self.chance(0.2) { self.need(of, false) } else { self.gate(of, false) }
    }

    /// A need that is met or not, as cycles ask for.
    fn cyclic_need(&mut self, on: &[CompId]) -> Expression {
        let mut leaves: Vec<Expression> = on.iter().map(|c| Expression::Up(*c)).collect();
        if self.chance(0.3) {
            leaves.truncate(1);
        }
        let on = if self.chance(0.3) { Expression::Any(leaves) } else { Expression::All(leaves) };
        let holdover = self.chance(0.2).then(|| Holdover {
            length: self.time(4.0),
            refills_in: None,
            name: format!("holdover {}", self.thrown),
        });
        Expression::Need(Box::new(Need { on, at_least: Some(1.0), holdover, otherwise: 0.0 }))
    }

    fn condition(&mut self, of: &[CompId]) -> Expression {
        let c = self.pick(of);
        match self.below(4) {
            0 => Expression::Down(c),
            1 => Expression::Not(Box::new(self.leaf(of))),
            2 => Expression::All(vec![Expression::Down(c), Expression::Up(self.pick(of))]),
            _ => self.rule(of),
        }
    }

    fn repair(&mut self, of: &[CompId], crews: &[CrewId], hours: f64) -> RepairDraft {
        let needs = (!of.is_empty() && self.chance(0.3)).then(|| self.rule(of));
        RepairDraft {
            detect: if self.chance(0.5) { Law::ZERO } else { self.time(1.0) },
            crew: (!crews.is_empty() && self.chance(0.5)).then(|| self.pick(crews)),
            travel: if self.chance(0.5) { Law::ZERO } else { self.time(2.0) },
            work: if self.chance(0.02) { Law::NEVER } else { self.time(hours) },
            without_needs: (needs.is_some() && self.chance(0.4)).then(|| self.pick(&[1.0, 2.0, 3.0, 4.0])),
            needs,
            priority: self.below(3) as i64,
        }
    }

    fn standby(&mut self, of: &[CompId], crews: &[CrewId]) -> StandbyDraft {
        StandbyDraft {
            starts_in: self.time(1.0),
            fails_to_start: self.pick(&[0.0, 0.3, 1.0]),
            repair: self.repair(of, crews, 4.0),
            dormancy: self.pick(&[0.0, 0.3, 1.0]),
        }
    }

    fn rhythm(&mut self) -> Option<RhythmId> {
        (!self.rhythms.is_empty() && self.chance(0.5)).then(|| self.pick(&self.rhythms.clone()))
    }

    fn mode(&mut self, name: &str, of: &[CompId], crews: &[CrewId]) -> ModeDraft {
        let every = match self.below(5) {
            0 => Law::fixed((10 * (1 + self.below(8))) as f64 * HOUR).unwrap(),
            1 => Law::weibull(80.0 * HOUR, 1.5).unwrap(),
            _ => Law::exp((30 + self.below(200)) as f64 * HOUR).unwrap(),
        };
        let clock = match self.below(6) {
            0 => ClockDraft::Operating,
            1 if !of.is_empty() => ClockDraft::While(self.condition(of)),
            _ => ClockDraft::Calendar,
        };
        let effect = self.effect();
        let hours = SimSpan::from_micros((20.0 * HOUR) as i64);
        let inspection = self.chance(0.2).then_some(hours);
        let repair = self.repair(of, crews, 10.0);
        let rhythm = self.rhythm();
        ModeDraft { name: name.to_owned(), every, effect, clock, rhythm, inspection, repair }
    }
}

struct Parts {
    b: Builder,
    dice: Dice,
    crews: Vec<CrewId>,
    all: Vec<CompId>,
    units: Vec<CompId>,
}

/// The system of a seed; `None` if the drafts do not make a model.
pub(crate) fn random_model(seed: u64) -> Option<Model> {
    let dice = Dice {
        draws: Replication::new(seed, 0),
        stream: StreamName::new("models", "dice"),
        thrown: 0,
        rhythms: Vec::new(),
    };
    let b = Builder::new(format!("random model {seed}"), HORIZON);
    let mut p = Parts { b, dice, crews: Vec::new(), all: Vec::new(), units: Vec::new() };
    let aged = p.dice.chance(0.3);
    p.b.aged(aged);
    for i in 0..p.dice.below(3) {
        let size = 1 + p.dice.below(2) as u32;
        p.crews.push(p.b.crew(format!("crew {i}"), size));
    }
    p.add_rhythms();
    for i in 0..2 + p.dice.below(4) {
        p.add_component(&format!("part {i}"));
    }
    if p.dice.chance(0.4) {
        p.add_cycle();
    }
    p.add_units();
    for i in 0..p.dice.below(3) {
        p.add_hazard(&format!("hazard {i}"));
    }
    p.add_users();
    p.b.build().ok()
}

impl Parts {
    /// None in half of all systems; else days of odd length with pauses, or long stretches at two speeds.
    fn add_rhythms(&mut self) {
        if self.dice.chance(0.5) {
            return;
        }
        let steps = (HORIZON.micros() / STEP_MICROS) as usize + 1;
        for _ in 0..1 + self.dice.below(2) {
            let (run, kinds) = self.dice.pick(&[(1, 7), (4, 24), (96, 2)]);
            let speeds: Vec<f64> =
                (0..kinds).map(|_| self.dice.pick(&[0.0, 0.0, 0.3, 0.5, 1.0, 2.0, 1.0 / 3.0])).collect();
            let factors: Vec<f64> = (0..steps).map(|step| speeds[step / run % kinds]).collect();
            let rhythm = self.b.rhythm(Rhythm::from_factors(&factors));
            self.dice.rhythms.extend(rhythm);
        }
    }

    fn add_component(&mut self, name: &str) {
        let before = self.all.clone();
        let dice = &mut self.dice;
        let mut c = ComponentDraft::new(name, Kind::Part);
        for m in 0..dice.below(3) {
            c.modes.push(dice.mode(&format!("mode {m}"), &before, &self.crews));
        }
        if dice.chance(0.25) {
            c.units = 2 + dice.below(3) as u32;
            c.enough = dice.chance(0.5).then(|| 1 + dice.below(c.units as usize) as u32);
            if dice.chance(0.5) {
                c.modes.truncate(1);
                for mode in &mut c.modes {
                    mode.every = Law::exp(60.0 * HOUR).unwrap();
                    mode.effect = Effect::Down;
                }
            }
        }
        if dice.chance(0.3) {
            c.standby = Some(dice.standby(&before, &self.crews));
        }
        if !before.is_empty() {
            if dice.chance(0.7) {
                let needs = (0..1 + dice.below(2)).map(|_| dice.need(&before, false)).collect();
                c.support = Some(Expression::All(needs));
            }
            if dice.chance(0.2) {
                c.starts_with = Some(dice.rule(&before));
            }
        }
        if dice.chance(0.4) {
            c.restart = dice.time(1.0);
        }
        self.all.push(self.b.component(c));
    }

    fn add_cycle(&mut self) {
        let outside = self.all.clone();
        let size = 2 + self.dice.below(2);
        let mut ring = Vec::new();
        for i in 0..size {
            self.add_component(&format!("ring {i}"));
            ring.extend(self.all.last().copied());
        }
        for (i, id) in ring.iter().enumerate() {
            let others = [ring[(i + 1) % size], ring[(i + 2) % size]];
            let mut needs = vec![self.dice.cyclic_need(&others)];
            if self.dice.chance(0.5) {
                needs.push(self.dice.need(&outside, false));
            }
            let black_start = self.dice.chance(0.6).then(|| self.dice.time(2.0));
            let draft = self.b.component_mut(*id);
            draft.support = Some(Expression::All(needs));
            draft.black_start = black_start;
        }
    }

    fn add_units(&mut self) {
        for i in 0..1 + self.dice.below(4) {
            let mut unit = ComponentDraft::new(format!("unit {i}"), Kind::Unit);
            let zones = self.all.clone();
            if self.dice.chance(0.5) {
                for m in 0..2 + self.dice.below(2) {
                    let mut member = ComponentDraft::new(format!("unit {i}/member {m}"), Kind::Member);
                    if self.dice.chance(0.7) {
                        member.modes.push(self.dice.mode("crash", &zones, &self.crews));
                    }
                    if self.dice.chance(0.8) {
                        member.support = Some(self.dice.leaf(&zones));
                    }
                    if self.dice.chance(0.3) {
                        member.restart = self.dice.time(1.0);
                    }
                    if self.dice.chance(0.1) {
                        member.standby = Some(self.dice.standby(&zones, &self.crews));
                    }
                    unit.members.push(self.b.component(member));
                }
                let spread: Vec<_> = unit.members.iter().map(|m| Expression::Level(*m)).collect();
                unit.support = Some(match self.dice.below(2) {
                    0 => Expression::Share(spread),
                    _ => Expression::Quorum(1 + self.dice.below(spread.len()), spread),
                });
                if self.dice.chance(0.7) {
                    unit.reconfigure = Some((self.dice.time(2.0), self.dice.share()));
                }
            } else {
                unit.support = Some(self.dice.need(&zones, false));
            }
            if self.dice.chance(0.5) {
                unit.modes.push(self.dice.mode("bug", &zones, &self.crews));
            }
            let members = unit.members.clone();
            self.units.push(self.b.component(unit));
            self.all.extend(members);
        }
        self.all.extend(self.units.clone());
    }

    fn add_hazard(&mut self, name: &str) {
        let dice = &mut self.dice;
        let hour = |h: usize| SimTime::from_micros((h as f64 * HOUR) as i64);
        let occurs = match dice.below(4) {
            0 => {
                let first = dice.below(2) * dice.below(200);
                OccursDraft::At(vec![hour(first), hour(first + dice.below(10)), hour(first + 20)])
            }
            1 => OccursDraft::Between(hour(dice.below(50)), hour(50 + dice.below(200))),
            2 => OccursDraft::Every(Law::exp(100.0 * HOUR).unwrap()),
            _ => OccursDraft::When(dice.condition(&self.all)),
        };
        let strikes: Vec<StrikeDraft> = (0..1 + dice.below(2))
            .map(|s| {
                let mut targets = self.all.clone();
                targets.retain(|_| dice.chance(0.4));
                let wave = |place: usize| place as u32 / 2;
                let waves =
                    dice.chance(0.3).then(|| (dice.time(3.0), (0..targets.len()).map(wave).collect()));
                StrikeDraft {
                    name: format!("strike {s}"),
                    waves,
                    targets,
                    effect: dice.effect(),
                    hits: dice.probability(),
                    delay: dice.time(2.0),
                    repair: dice.repair(&self.all, &self.crews, 20.0),
                    each: dice.chance(0.3),
                }
            })
            .collect();
        let one_of = dice.chance(0.3).then(|| strikes.iter().map(|_| 1.0 + dice.below(3) as f64).collect());
        let probability = dice.probability();
        let only_while = dice.chance(0.3).then(|| dice.condition(&self.all));
        let clusters = dice.chance(0.3).then(|| (0.6, Law::exp(15.0 * HOUR).unwrap()));
        let name = name.to_owned();
        let rhythm = dice.rhythm().filter(|_| matches!(occurs, OccursDraft::Every(_)));
        self.b.hazard(HazardDraft {
            name,
            occurs,
            probability,
            strikes,
            one_of,
            only_while,
            clusters,
            rhythm,
        });
    }

    fn add_users(&mut self) {
        let services: Vec<ServiceId> = (0..2).map(|s| self.b.service(format!("service {s}"), None)).collect();
        for unit in self.units.clone() {
            self.b.component_mut(unit).unit_of = Some(self.dice.pick(&services));
        }
        for i in 0..1 + self.dice.below(2) {
            let name = format!("users {i}");
            let population = self.b.population(Population { name, users: 1.0, profile: Profile::Flat });
            let mut routes = Vec::new();
            for r in 0..2 + self.dice.below(2) {
                let mut units: Vec<CompId> = Vec::new();
                for _ in 0..4 {
                    let unit = self.dice.pick(&self.units);
                    if !units.contains(&unit) {
                        units.push(unit);
                    }
                }
                let failover = self.dice.chance(0.8).then(|| FailoverDraft {
                    detect: self.dice.time(1.0),
                    shift: self.dice.time(1.0),
                    works: self.dice.probability(),
                    quiet: self.dice.time(3.0),
                    needs: units
                        .iter()
                        .map(|_| self.dice.chance(0.3).then(|| self.dice.rule(&self.all)))
                        .collect(),
                    needs_at_target: self.dice.chance(0.5),
                });
                let name = format!("route {i}.{r}");
                routes.push(self.b.route(RouteDraft {
                    name,
                    population,
                    service: services[0],
                    units,
                    failover,
                }));
            }
            for j in 0..1 + self.dice.below(2) {
                let journey = self
                    .b
                    .journey(Journey { name: format!("journey {i}.{j}"), objective: Default::default() });
                let calls = (0..1 + self.dice.below(2))
                    .map(|_| CallDraft { to: self.call(&routes, 2), times: self.dice.pick(&[1.0, 2.0, 0.5]) })
                    .collect();
                self.b.usage(UsageDraft { population, journey, requests_per_second: 1.0, calls });
            }
        }
    }

    fn call(&mut self, routes: &[RouteId], depth: usize) -> CallTreeDraft {
        match self.dice.below(if depth == 0 { 2 } else { 4 }) {
            0 => CallTreeDraft::Service(vec![(self.dice.pick(routes), 1.0)]),
            1 => CallTreeDraft::Service(vec![(routes[0], 0.25), (routes[1], 0.75)]),
            2 => {
                let of = (0..2 + self.dice.below(2)).map(|_| self.call(routes, depth - 1)).collect();
                CallTreeDraft::FirstOf { of, switch: self.dice.time(0.5), degraded: self.dice.chance(0.5) }
            }
            _ => CallTreeDraft::Mix(vec![
                (0.5, self.call(routes, depth - 1)),
                (0.5, self.call(routes, depth - 1)),
            ]),
        }
    }
}
