//! From recipes to models, one function for each thing that there is.

use std::cell::Cell;

use blackstart::law::Law;
use blackstart::model::{
    self, Builder, CallDraft, CallTreeDraft, ClockDraft, CompId, ComponentDraft, CrewId, Expression,
    FailoverDraft, HazardDraft, Kind, Landing, ModeDraft, Model, Objective, OccursDraft, PlaceId, Population,
    Profile, RepairDraft, RhythmId, RouteDraft, RouteId, STEP_MICROS, ServiceId, SiteId, StandbyDraft,
    StrikeDraft, UsageDraft,
};
use blackstart::time::{MICROS_PER_HOUR, MICROS_PER_MINUTE, SimSpan, SimTime};

use super::recipe::*;

const HOUR: f64 = MICROS_PER_HOUR as f64;
const GBPS: f64 = 1e9;
/// Nanoseconds.
const MILLISECOND: u64 = 1_000_000;

/// The model of a recipe. Any recipe makes one.
pub fn model(system: &System) -> Model {
    let mut plan = Plan::new();
    plan.b.aged(system.aged);
    for (i, size) in system.crews.iter().enumerate() {
        plan.crews.push(plan.b.crew(format!("crew {i}"), u32::from(*size).max(1)));
    }
    plan.add_rhythms(&system.rhythms);
    for (i, part) in system.parts.iter().enumerate() {
        plan.part(&format!("part {i}"), part);
    }
    plan.ring(&system.ring);
    plan.network(system.network.as_ref());
    plan.units(&system.units);
    for (i, hazard) in system.hazards.iter().enumerate() {
        plan.hazard(format!("hazard {i}"), hazard);
    }
    for (i, users) in system.users.iter().enumerate() {
        plan.users(i, users);
    }
    plan.b.build().unwrap_or_else(|errors| panic!("{errors:?}\n{system:?}"))
}

// ---------------------------------------------------------------------------------------------------------
// Numbers.

fn hour(h: u32) -> SimTime {
    SimTime::from_micros(i64::from(h) * MICROS_PER_HOUR)
}

fn speed(speed: &Speed) -> f64 {
    match speed {
        Speed::Stands => 0.0,
        Speed::Third => 1.0 / 3.0,
        Speed::Half => 0.5,
        Speed::Plain => 1.0,
        Speed::Double => 2.0,
    }
}

/// A duration whose usual length is `hours`.
fn time(time: &Time, hours: f64) -> Law {
    match time {
        Time::Zero => Law::ZERO,
        Time::Whole(n) => Law::fixed(f64::from(*n) * (hours / 2.0).ceil() * HOUR).unwrap(),
        Time::Exp => Law::exp(hours * HOUR).unwrap(),
        Time::Uniform => Law::uniform(0.0, 2.0 * hours * HOUR).unwrap(),
        Time::LogNormal => Law::log_normal(hours * HOUR, 1.0).unwrap(),
        Time::Never => Law::NEVER,
    }
}

fn every(every: &Every) -> Law {
    match every {
        Every::Tens(n) => Law::fixed(f64::from(*n).max(1.0) * 10.0 * HOUR).unwrap(),
        Every::Exp(n) => Law::exp((30.0 + f64::from(*n)) * HOUR).unwrap(),
        Every::Weibull => Law::weibull(80.0 * HOUR, 1.5).unwrap(),
    }
}

fn share(share: &Share) -> Law {
    match share {
        Share::Half => Law::fixed(0.5).unwrap(),
        Share::Fiftieth => Law::fixed(0.02).unwrap(),
        Share::Nothing => Law::ZERO,
        Share::Any => Law::uniform(0.0, 1.0).unwrap(),
    }
}

fn odds(odds: &Odds) -> f64 {
    match odds {
        Odds::Always => 1.0,
        Odds::Half => 0.5,
        Odds::Third => 0.3,
        Odds::Fifth => 0.2,
        Odds::Never => 0.0,
    }
}

fn threshold(threshold: &Threshold) -> f64 {
    match threshold {
        Threshold::Whole => 1.0,
        Threshold::Half => 0.5,
        Threshold::Third => 0.3,
    }
}

fn effect(effect: &Effect) -> model::Effect {
    match effect {
        Effect::Down => model::Effect::Down,
        Effect::Capacity(level) => model::Effect::Capacity(share(level)),
        Effect::Errors(of_calls) => model::Effect::Errors(share(of_calls)),
    }
}

/// `all[n]`, counted round and round.
fn at<T: Copy>(all: &[T], n: u8) -> Option<T> {
    all.get(usize::from(n).checked_rem(all.len())?).copied()
}

/// Several of `all`, each once, in the order in which they are named.
fn some_of<T: Copy + PartialEq>(all: &[T], which: &[u8]) -> Vec<T> {
    let mut chosen = Vec::new();
    for one in which.iter().filter_map(|n| at(all, *n)) {
        if !chosen.contains(&one) {
            chosen.push(one);
        }
    }
    chosen
}

// ---------------------------------------------------------------------------------------------------------
// What refers to components: `of` is what there is to refer to. With nothing there, nothing is asked for.

/// What drafts may refer to.
struct Scope<'a> {
    of: &'a [CompId],
    crews: &'a [CrewId],
    rhythms: &'a [RhythmId],
    /// Numbers the holdovers, whose draws go by name.
    holdovers: &'a Cell<u32>,
}

impl Scope<'_> {
    fn leaf(&self, leaf: &Leaf) -> Option<Expression> {
        Some(match leaf {
            Leaf::Level(n) => Expression::Level(at(self.of, *n)?),
            Leaf::Up(n) => Expression::Up(at(self.of, *n)?),
            Leaf::AtLeast(x, n) => Expression::LevelAtLeast(at(self.of, *n)?, threshold(x)),
        })
    }

    fn gate(&self, gate: &Gate) -> Option<Expression> {
        let input = |input: &Input| match input {
            Input::Leaf(leaf) => self.leaf(leaf),
            Input::Need(need) => self.need(need),
        };
        let mut inputs: Vec<Expression> = gate.inputs.iter().filter_map(input).collect();
        if inputs.is_empty() {
            return None;
        }
        let of_them = |k: u8| 1 + usize::from(k) % inputs.len();
        Some(match gate.kind {
            GateKind::One => inputs.swap_remove(0),
            GateKind::All => Expression::All(inputs),
            GateKind::Any => Expression::Any(inputs),
            GateKind::AtLeast(k) => Expression::AtLeast(of_them(k), inputs),
            GateKind::Share => Expression::Share(inputs),
            GateKind::Quorum(k) => Expression::Quorum(of_them(k), inputs),
        })
    }

    fn need(&self, need: &Need) -> Option<Expression> {
        Some(wrapped(model::Need {
            on: self.gate(&need.on)?,
            at_least: need.at_least.as_ref().map(threshold),
            holdover: need.holdover.as_ref().map(|h| self.holdover(h, 6.0)),
            otherwise: if need.soft { 0.7 } else { 0.0 },
        }))
    }

    fn holdover(&self, holdover: &Holdover, hours: f64) -> model::Holdover {
        let number = self.holdovers.get();
        self.holdovers.set(number + 1);
        let refills_in =
            holdover.refills_in.map(|min| SimSpan::from_micros(i64::from(min) * MICROS_PER_MINUTE));
        model::Holdover {
            length: time(&holdover.length, hours),
            refills_in,
            name: format!("holdover {number}"),
        }
    }

    /// A need that is met or not, of neighbours in a ring.
    fn ring_need(&self, part: &RingPart) -> Expression {
        let mut neighbours: Vec<Expression> = self.of.iter().map(|c| Expression::Up(*c)).collect();
        if part.next_alone {
            neighbours.truncate(1);
        }
        let on = if part.any { Expression::Any(neighbours) } else { Expression::All(neighbours) };
        let holdover = part
            .holdover
            .as_ref()
            .map(|length| self.holdover(&Holdover { length: length.clone(), refills_in: None }, 4.0));
        wrapped(model::Need { on, at_least: Some(1.0), holdover, otherwise: 0.0 })
    }

    fn rule(&self, rule: &Rule) -> Option<Expression> {
        match rule {
            Rule::Gate(gate) => self.gate(gate),
            Rule::Need(need) => self.need(need),
        }
    }

    fn condition(&self, condition: &Condition) -> Option<Expression> {
        Some(match condition {
            Condition::Down(n) => Expression::Down(at(self.of, *n)?),
            Condition::Not(leaf) => Expression::Not(Box::new(self.leaf(leaf)?)),
            Condition::DownWhileUp(down, up) => Expression::All(vec![
                Expression::Down(at(self.of, *down)?),
                Expression::Up(at(self.of, *up)?),
            ]),
            Condition::Rule(rule) => self.rule(rule)?,
        })
    }

    fn repair(&self, repair: &Repair, hours: f64) -> RepairDraft {
        let needs = repair.needs.as_ref().and_then(|rule| self.rule(rule));
        let slower = needs.is_some() && repair.without_needs > 0;
        RepairDraft {
            detect: time(&repair.detect, 1.0),
            crew: repair.crew.and_then(|n| at(self.crews, n)),
            travel: time(&repair.travel, 2.0),
            work: time(&repair.work, hours),
            without_needs: slower.then(|| f64::from(repair.without_needs)),
            unknown_without_needs: None,
            needs,
            priority: i64::from(repair.priority),
        }
    }

    fn standby(&self, standby: &Standby) -> StandbyDraft {
        StandbyDraft {
            starts_in: time(&standby.starts_in, 1.0),
            fails_to_start: odds(&standby.fails_to_start),
            repair: self.repair(&standby.repair, 4.0),
            dormancy: odds(&standby.dormancy),
        }
    }

    fn clock(&self, clock: &Clock) -> ClockDraft {
        match clock {
            Clock::Calendar => ClockDraft::Calendar,
            Clock::Operating => ClockDraft::Operating,
            Clock::While(condition) => {
                self.condition(condition).map_or(ClockDraft::Calendar, ClockDraft::While)
            }
        }
    }

    fn mode(&self, name: &str, mode: &Mode) -> ModeDraft {
        ModeDraft {
            name: name.to_owned(),
            every: every(&mode.every),
            effect: effect(&mode.effect),
            clock: self.clock(&mode.clock),
            rhythm: self.rhythm(mode.rhythm),
            inspection: mode.hidden.then(|| hour(20) - SimTime::START),
            repair: self.repair(&mode.repair, 10.0),
        }
    }

    fn rhythm(&self, number: Option<u8>) -> Option<RhythmId> {
        number.and_then(|n| self.rhythms.get(usize::from(n) % self.rhythms.len().max(1)).copied())
    }

    fn part(&self, name: &str, part: &Part) -> ComponentDraft {
        let mut draft = ComponentDraft::new(name, Kind::Part);
        let modes = part.modes.iter().enumerate();
        draft.modes = modes.map(|(m, mode)| self.mode(&format!("mode {m}"), mode)).collect();
        if let Some(count) = &part.count {
            counted(&mut draft, count);
        }
        draft.standby = part.standby.as_ref().map(|s| self.standby(s));
        draft.support = all(part.needs.iter().filter_map(|need| self.need(need)).collect());
        draft.starts_with = part.starts_with.as_ref().and_then(|rule| self.rule(rule));
        draft.restart = part.restart.as_ref().map_or(Law::ZERO, |t| time(t, 1.0));
        draft
    }

    fn member(&self, name: String, member: &Member) -> ComponentDraft {
        let mut draft = ComponentDraft::new(name, Kind::Member);
        draft.modes.extend(member.crash.as_ref().map(|mode| self.mode("crash", mode)));
        draft.support = member.on.as_ref().and_then(|leaf| self.leaf(leaf));
        draft.restart = member.restart.as_ref().map_or(Law::ZERO, |t| time(t, 1.0));
        draft.standby = member.standby.as_ref().map(|s| self.standby(s));
        draft
    }

    /// A strike on some of `all`.
    fn strike(&self, all: &[CompId], name: String, strike: &Strike) -> StrikeDraft {
        let targets = some_of(all, &strike.targets);
        let wave = |place: usize| place as u32 / 2;
        StrikeDraft {
            name,
            waves: strike.waves.as_ref().map(|t| (time(t, 3.0), (0..targets.len()).map(wave).collect())),
            targets,
            effect: effect(&strike.effect),
            hits: odds(&strike.hits),
            delay: time(&strike.delay, 2.0),
            repair: self.repair(&strike.repair, 20.0),
            each: strike.each,
        }
    }

    fn occurs(&self, occurs: &Occurs) -> OccursDraft {
        match occurs {
            Occurs::At(first, second) => {
                let first = u32::from(*first);
                let second = first + u32::from(*second);
                let mut at = vec![first, second, first + 20];
                at.sort_unstable();
                OccursDraft::At(at.into_iter().map(hour).collect())
            }
            Occurs::Between(from, to) => OccursDraft::Between(hour((*from).into()), hour((*to).into())),
            Occurs::Every => OccursDraft::Every(Law::exp(100.0 * HOUR).unwrap()),
            Occurs::When(condition) => {
                self.condition(condition).map_or(OccursDraft::At(vec![hour(10)]), OccursDraft::When)
            }
        }
    }

    fn failover(&self, failover: &Failover, places: usize) -> FailoverDraft {
        let need = |place: usize| failover.needs.get(place)?.as_ref().and_then(|rule| self.rule(rule));
        FailoverDraft {
            detect: time(&failover.detect, 1.0),
            shift: time(&failover.shift, 1.0),
            works: odds(&failover.works),
            quiet: time(&failover.quiet, 3.0),
            needs: (0..places).map(need).collect(),
            needs_at_target: failover.needs_at_target,
        }
    }
}

fn wrapped(need: model::Need) -> Expression {
    Expression::Need(Box::new(need))
}

fn all(needs: Vec<Expression>) -> Option<Expression> {
    (!needs.is_empty()).then_some(Expression::All(needs))
}

fn counted(draft: &mut ComponentDraft, count: &Count) {
    draft.units = u32::from(count.units).max(1);
    draft.enough = count.enough.map(|n| 1 + u32::from(n) % draft.units);
    if count.pooled {
        draft.modes.truncate(1);
        for mode in &mut draft.modes {
            mode.every = Law::exp(60.0 * HOUR).unwrap();
            mode.effect = model::Effect::Down;
        }
    }
}

// ---------------------------------------------------------------------------------------------------------
// What stands in the system.

struct Plan {
    b: Builder,
    crews: Vec<CrewId>,
    rhythms: Vec<RhythmId>,
    /// The same speeds, as the demand of users and traffic.
    profiles: Vec<Profile>,
    places: Vec<PlaceId>,
    /// Where units are, as chosen.
    units_at: Vec<Vec<u8>>,
    /// What there is to refer to so far.
    all: Vec<CompId>,
    units: Vec<CompId>,
    services: [ServiceId; 2],
    holdovers: Cell<u32>,
}

impl Plan {
    fn new() -> Self {
        let mut b = Builder::new("generated", hour(600));
        let services = [b.service("service 0", None), b.service("service 1", None)];
        Self {
            b,
            crews: Vec::new(),
            rhythms: Vec::new(),
            profiles: Vec::new(),
            places: Vec::new(),
            units_at: Vec::new(),
            all: Vec::new(),
            units: Vec::new(),
            services,
            holdovers: Cell::new(0),
        }
    }

    /// Half the horizon or more may pass at one speed, or with a clock that stands.
    fn add_rhythms(&mut self, rhythms: &[Rhythm]) {
        for rhythm in rhythms.iter().filter(|r| !r.speeds.is_empty()) {
            let run = match rhythm.each {
                Stretch::Step => 1,
                Stretch::Hour => 4,
                Stretch::Day => 96,
            };
            let steps = (hour(600).micros() / STEP_MICROS) as usize + 1;
            let of_step = |step: usize| speed(&rhythm.speeds[step / run % rhythm.speeds.len()]);
            let factors: Vec<f64> = (0..steps).map(of_step).collect();
            self.rhythms.extend(self.b.rhythm(model::Rhythm::from_factors(&factors)));
            self.profiles.push(Profile::from_factors(factors));
        }
    }

    fn scope<'a>(&'a self, of: &'a [CompId]) -> Scope<'a> {
        Scope { of, crews: &self.crews, rhythms: &self.rhythms, holdovers: &self.holdovers }
    }

    fn part(&mut self, name: &str, part: &Part) -> CompId {
        let draft = self.scope(&self.all).part(name, part);
        let id = self.b.component(draft);
        self.all.push(id);
        id
    }

    fn ring(&mut self, ring: &[RingPart]) {
        let outside = self.all.clone();
        let ids: Vec<CompId> =
            ring.iter().enumerate().map(|(i, r)| self.part(&format!("ring {i}"), &r.part)).collect();
        for (i, recipe) in ring.iter().enumerate() {
            // In a ring of one it needs itself, in a ring of two its neighbour and itself.
            let neighbours = [ids[(i + 1) % ids.len()], ids[(i + 2) % ids.len()]];
            let mut needs = vec![self.scope(&neighbours).ring_need(recipe)];
            needs.extend(recipe.part.needs.iter().filter_map(|need| self.scope(&outside).need(need)));
            let draft = self.b.component_mut(ids[i]);
            draft.support = all(needs);
            draft.black_start = recipe.black_start.as_ref().map(|t| time(t, 2.0));
        }
    }

    fn network(&mut self, network: Option<&Network>) {
        let Some(network) = network.filter(|n| !n.sites.is_empty()) else { return };
        let outside = self.all.clone();
        let elements = self.wire(network);
        for place in &network.places {
            let name = format!("place {}", self.places.len());
            let site = |n: u8| SiteId::at(usize::from(n) % network.sites.len());
            let mut joins: Vec<(SiteId, u64)> = Vec::new();
            for (at, latency) in &place.joins {
                if !joins.iter().any(|(known, _)| *known == site(*at)) {
                    joins.push((site(*at), u64::from(*latency) * MILLISECOND));
                }
            }
            self.places.push(self.b.place(name, joins));
        }
        for (from, to) in &network.paths {
            if let (Some(from), Some(to)) = (at(&self.places, *from), at(&self.places, *to)) {
                let path = self.b.path(from, to);
                self.all.extend((!self.all.contains(&path)).then_some(path));
            }
        }
        let recipes: Vec<&Part> = network.sites.iter().chain(network.edges.iter().map(|e| &e.part)).collect();
        for (element, recipe) in elements.iter().zip(recipes) {
            // Its levels must not depend on the ways, but its repairs may.
            let needs = recipe.needs.iter().filter_map(|need| self.scope(&outside).need(need)).collect();
            let recipe = Part { needs: Vec::new(), ..recipe.clone() };
            let draft = self.scope(&self.all).part("", &recipe);
            let element = self.b.component_mut(*element);
            (element.modes, element.starts_with, element.restart) =
                (draft.modes, draft.starts_with, draft.restart);
            element.support = all(needs);
        }
        for (i, part) in network.parts.iter().enumerate() {
            self.part(&format!("remote part {i}"), part);
        }
        self.all.extend(elements);
        self.flows(network);
    }

    /// Sites and edges as yet without failures. Names are not in the order in which things stand.
    fn wire(&mut self, network: &Network) -> Vec<CompId> {
        let (mut elements, mut sites) = (Vec::new(), Vec::new());
        for i in 0..network.sites.len() {
            let site = self.b.component(ComponentDraft::new(format!("site {}", 7 * i % 5), Kind::Site));
            elements.push(site);
            sites.push(self.b.site(site));
        }
        for (i, edge) in network.edges.iter().enumerate().filter(|_| sites.len() > 1) {
            let name = format!("link {}", 5 * i % 7);
            let from = usize::from(edge.from) % sites.len();
            let to = (from + 1 + usize::from(edge.to) % (sites.len() - 1)) % sites.len();
            let mut draft = ComponentDraft::new(name, Kind::Link);
            let corridors: Vec<usize> = (0..network.corridors.len()).collect();
            let permit = |c: usize| (format!("corridor {c}"), time(&network.corridors[c], 5.0));
            draft.permits = some_of(&corridors, &edge.on).into_iter().map(permit).collect();
            let link = self.b.component(draft);
            elements.push(link);
            let capacity = edge.capacity.map_or(f64::INFINITY, |gbps| f64::from(gbps) * GBPS);
            let latency = u64::from(edge.latency) * MILLISECOND;
            self.b.edge(link, (sites[from], sites[to]), capacity, latency);
        }
        self.b.convergence(time(&network.convergence, 1.0));
        elements
    }

    fn flows(&mut self, network: &Network) {
        for (i, flow) in network.flows.iter().enumerate() {
            let site = |n: u8| SiteId::at(usize::from(n) % network.sites.len());
            self.b.flow(model::Flow {
                name: format!("flow {i}"),
                from: site(flow.from),
                to: site(flow.to),
                rate: f64::from(flow.rate) * GBPS,
                profile: self.profile(flow.profile),
                priority: i64::from(flow.priority) - 1,
            });
        }
    }

    fn profile(&self, number: Option<u8>) -> Profile {
        let known = number.filter(|_| !self.profiles.is_empty());
        known.map_or(Profile::Flat, |n| self.profiles[usize::from(n) % self.profiles.len()].clone())
    }

    /// How users at a place get to a unit: its members are where it is in turn.
    fn landings(&mut self, from: PlaceId, unit: CompId) -> Vec<Landing> {
        let number = self.units.iter().position(|u| *u == unit).unwrap_or(0);
        let at = some_of(&self.places, &self.units_at[number]);
        let members = self.b.component_mut(unit).members.clone();
        let mut landings = Vec::new();
        for (i, place) in at.iter().enumerate() {
            let of = members.iter().copied().enumerate().filter(|(m, _)| m % at.len() == i);
            let there: Vec<CompId> = of.map(|(_, member)| member).collect();
            if there.is_empty() != members.is_empty() {
                continue;
            }
            landings.push(Landing { path: self.b.path(from, *place), members: there });
        }
        landings
    }

    fn units(&mut self, units: &[Unit]) {
        for (i, unit) in units.iter().enumerate() {
            let name = format!("unit {i}");
            let mut draft = ComponentDraft::new(&name, Kind::Unit);
            match &unit.support {
                Some(Support::Need(need)) => draft.support = self.scope(&self.all).need(need),
                Some(Support::Spread(spread)) => self.spread(&name, &mut draft, spread),
                None => {}
            }
            draft.modes.extend(unit.bug.as_ref().map(|mode| self.scope(&self.all).mode("bug", mode)));
            draft.unit_of = Some(self.services[usize::from(unit.second_service)]);
            let members = draft.members.clone();
            self.units.push(self.b.component(draft));
            self.units_at.push(unit.at.clone());
            self.all.extend(members);
        }
        self.all.extend(&self.units);
    }

    fn spread(&mut self, unit: &str, draft: &mut ComponentDraft, spread: &Spread) {
        for (m, member) in spread.members.iter().enumerate() {
            let member = self.scope(&self.all).member(format!("{unit}/member {m}"), member);
            draft.members.push(self.b.component(member));
        }
        let levels: Vec<Expression> = draft.members.iter().map(|m| Expression::Level(*m)).collect();
        if !levels.is_empty() {
            draft.support = Some(match spread.quorum {
                Some(k) => Expression::Quorum(1 + usize::from(k) % levels.len(), levels),
                None => Expression::Share(levels),
            });
        }
        draft.reconfigure = spread.reconfigures.as_ref().map(|(takes, of)| (time(takes, 2.0), share(of)));
    }

    fn hazard(&mut self, name: String, hazard: &Hazard) {
        let scope = self.scope(&self.all);
        let paths = self.b.network().paths.iter().map(|p| p.component);
        let paths: Vec<CompId> = paths.collect();
        let struck: Vec<CompId> = self.all.iter().copied().filter(|c| !paths.contains(c)).collect();
        let strike = |(s, r)| scope.strike(&struck, format!("strike {s}"), r);
        let strikes: Vec<StrikeDraft> = hazard.strikes.iter().enumerate().map(strike).collect();
        let draft = HazardDraft {
            name,
            occurs: scope.occurs(&hazard.occurs),
            probability: odds(&hazard.probability),
            one_of: (hazard.one_of && !strikes.is_empty())
                .then(|| (0..strikes.len()).map(|s| 1.0 + s as f64).collect()),
            strikes,
            only_while: hazard.only_while.as_ref().and_then(|c| scope.condition(c)),
            clusters: hazard.clusters.then(|| (0.6, Law::exp(15.0 * HOUR).unwrap())),
            rhythm: scope.rhythm(hazard.rhythm).filter(|_| hazard.occurs == Occurs::Every),
        };
        self.b.hazard(draft);
    }

    fn users(&mut self, i: usize, users: &Users) {
        let name = format!("users {i}");
        let profile = self.profile(users.profile);
        let population = self.b.population(Population { name, users: 1.0, profile });
        let mut routes = Vec::new();
        for (r, recipe) in users.routes.iter().enumerate() {
            let units = some_of(&self.units, &recipe.units);
            if units.is_empty() {
                continue;
            }
            let failover = recipe.failover.as_ref().map(|f| self.scope(&self.all).failover(f, units.len()));
            let name = format!("route {i}.{r}");
            let service = self.services[r % 2];
            let here = at(&self.places, users.at);
            let landings = here.map(|here| units.iter().map(|u| self.landings(here, *u)).collect());
            let route = self.b.route(RouteDraft { name, population, service, units, failover });
            landings.into_iter().for_each(|landings| self.b.landings(route, landings));
            routes.push(route);
        }
        if routes.is_empty() {
            return;
        }
        for (j, recipe) in users.journeys.iter().enumerate() {
            let shortest_outage =
                if recipe.strict { SimSpan::ZERO } else { Objective::default().shortest_outage };
            let objective = Objective { shortest_outage, ..Objective::default() };
            let journey = self.b.journey(model::Journey { name: format!("journey {i}.{j}"), objective });
            if recipe.size > 0 && !recipe.calls.iter().any(|c| has_alternatives(&c.to)) {
                self.b.bits_per_call(journey, f64::from(recipe.size) * GBPS);
            }
            let calls = recipe.calls.iter().map(|c| call(c, &routes)).collect();
            self.b.usage(UsageDraft { population, journey, requests_per_second: 1.0, calls });
        }
    }
}

/// What is sent to an alternative depends on what others drop, which depends on what is sent: two engines that go there
/// in other steps need not meet.
fn has_alternatives(to: &To) -> bool {
    match to {
        To::FirstOf(..) => true,
        To::Mix(a, b) => has_alternatives(a) || has_alternatives(b),
        To::Route(_) | To::BothRoutes => false,
    }
}

fn call(call: &Call, routes: &[RouteId]) -> CallDraft {
    CallDraft { to: to(&call.to, routes), times: f64::from(call.halves.max(1)) / 2.0 }
}

fn to(call: &To, routes: &[RouteId]) -> CallTreeDraft {
    match call {
        To::BothRoutes if routes.len() > 1 => {
            CallTreeDraft::Service(vec![(routes[0], 0.25), (routes[1], 0.75)])
        }
        To::BothRoutes => CallTreeDraft::Service(vec![(routes[0], 1.0)]),
        To::Route(n) => CallTreeDraft::Service(vec![(routes[usize::from(*n) % routes.len()], 1.0)]),
        To::FirstOf(of, switch, degraded) => CallTreeDraft::FirstOf {
            of: of.iter().map(|t| to(t, routes)).collect(),
            switch: time(switch, 0.5),
            degraded: *degraded,
        },
        To::Mix(a, b) => CallTreeDraft::Mix(vec![(0.5, to(a, routes)), (0.5, to(b, routes))]),
    }
}
