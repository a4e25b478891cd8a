//! The reference engine: the rules of docs/semantics.md played the slow and obvious way.
//!
//! Everything is recomputed at every event. It shares with the product the model, the draws, simulated time
//! and the laws, and nothing else.

mod causes;
mod compare;
mod describe;
mod failures;
mod levels;
mod network;
mod rhythms;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use blackstart::engine::network::Levels;
use blackstart::law::Law;
use blackstart::model::{CauseId, Clock, Effect, Model, Occurs, RepairId, RepairStreams};
use blackstart::random::{Replication, StreamName};
use blackstart::time::{SimSpan, SimTime};

use self::network::{Element, PathState};
use crate::slow_placement::Placed;

pub(crate) use compare::{assert_same_story, same_story};

/// Rounds at one instant beyond which it will never settle.
const MOST_ROUNDS: u32 = 1_000;
/// Slack against rounding where shares are compared.
const SLACK: f64 = 1e-12;

/// The whole visible state after an instant.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) at: SimTime,
    pub(crate) levels: Vec<f64>,
    pub(crate) dark: Vec<bool>,
    pub(crate) carrying: Vec<bool>,
    pub(crate) failures: Vec<Vec<(String, String)>>,
    pub(crate) events: Vec<Vec<(String, SimTime)>>,
    pub(crate) routes: Vec<(usize, String)>,
    pub(crate) unit_success: Vec<f64>,
    /// Latency of each path, nanoseconds.
    pub(crate) paths: Vec<Option<u64>>,
    /// Success, share of alternatives and degraded share, and nanoseconds on the network.
    pub(crate) usages: Vec<[f64; 4]>,
    /// How far numbers of usages may lie apart: 0, or where traffic is dropped a little, relative to 1 or the number.
    pub(crate) slack: f64,
    pub(crate) failing: Vec<Vec<(String, SimTime)>>,
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= self.slack * a.abs().max(1.0);
        self.at == other.at
            && self.levels == other.levels
            && self.dark == other.dark
            && self.carrying == other.carrying
            && self.failures == other.failures
            && self.events == other.events
            && self.routes == other.routes
            && self.unit_success == other.unit_success
            && self.paths == other.paths
            && self.failing == other.failing
            && self.usages.as_flattened().iter().zip(other.usages.as_flattened()).all(near)
    }
}

/// How far numbers of usages may lie apart.
fn slack(model: &Model) -> f64 {
    if model.network.is_perfect() { 0.0 } else { 1e-9 }
}

/// An amount of clock time that is used up at some speed.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Watch {
    left: SimSpan,
    speed: f64,
    since: SimTime,
}

impl Watch {
    const fn stopped(left: SimSpan, now: SimTime) -> Self {
        Self { left, speed: 0.0, since: now }
    }

    fn run(&mut self, speed: f64, now: SimTime) {
        self.run_after(now - self.since, speed, now);
    }

    /// As `run`, where so much of time has counted since the last change.
    fn run_after(&mut self, counted: SimSpan, speed: f64, now: SimTime) {
        if speed == self.speed {
            return;
        }
        if self.left.ends() {
            let used = SimSpan::from_micros_f64(counted.micros_f64() * self.speed);
            self.left = SimSpan::from_micros(self.left.micros() - used.micros());
        }
        self.speed = speed;
        self.since = now;
    }

    fn rings_at(&self) -> SimTime {
        self.since + self.rings_after()
    }

    /// How much time must count from the last change on.
    fn rings_after(&self) -> SimSpan {
        if self.speed <= 0.0 || !self.left.ends() {
            return SimSpan::NEVER;
        }
        SimSpan::from_micros_f64(self.left.micros_f64() / self.speed)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Phase {
    #[default]
    Idle,
    Starting(SimTime),
    Running,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Comp {
    dark: bool,
    bridged: bool,
    restart: Option<Watch>,
    black_start: Option<Watch>,
    restarts: u32,
    black_starts: u32,
    phase: Phase,
    starts: u32,
    /// What it has carried since it went dark.
    kept: BTreeSet<usize>,
    /// As of the last look: above 0.
    was_up: bool,
    reform: Option<(SimTime, f64)>,
    reforms: u32,
    reform_seen: Option<SimTime>,
    reform_events: BTreeSet<usize>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct ModeState {
    watch: Option<Watch>,
    /// When that rings, in time as the mode's rhythm counts it.
    rings: SimTime,
    wound: u32,
    failures: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Coming,
    Detect,
    Permit,
    Travel,
    Work,
}

/// One repair process, from the failure (or the first effect of a strike) on.
#[derive(Debug, Clone, PartialEq)]
struct Job {
    repair: RepairId,
    streams: RepairStreams,
    number: u32,
    mode: Option<usize>,
    event: usize,
    stage: Stage,
    watch: Watch,
    permit: SimSpan,
    travel: SimSpan,
    work: SimSpan,
    queued: Option<SimTime>,
    has_crew: bool,
    /// When it can be noticed.
    found: SimTime,
    /// Hits that have not landed: when, on whom, and when their wave starts.
    coming: Vec<(SimTime, usize, SimTime)>,
    level: f64,
    success: f64,
}

/// An active failure.
#[derive(Debug, Clone, PartialEq)]
struct Failure {
    component: usize,
    /// Set if it is a failure of one of the component's units.
    mode: Option<usize>,
    level: f64,
    success: f64,
    event: usize,
    job: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Holding {
    Met,
    Carrying { h: SimSpan, until: SimTime },
    UsedUp,
}

#[derive(Debug, Clone, PartialEq)]
struct HoldState {
    given: f64,
    charge: f64,
    since: SimTime,
    losses: u32,
    holding: Holding,
}

#[derive(Debug, Clone, PartialEq)]
struct HazardState {
    next: SimTime,
    occurrences: u32,
    condition: bool,
    /// Due, unless it is called off.
    asks: bool,
    /// Dates set so far, not counting those that were begotten.
    dates: u32,
    /// When further occurrences that it begot are due.
    begotten: Vec<SimTime>,
    /// How many of these are due, unless they are called off.
    begotten_ask: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moving {
    Settled,
    Detecting,
    NoTarget,
    Shifting,
    Returning,
}

#[derive(Debug, Clone, PartialEq)]
struct RouteState {
    at: usize,
    moving: Moving,
    target: usize,
    watch: Option<Watch>,
    rang: bool,
    quiet: Option<SimTime>,
    was_quiet: bool,
    detects: u32,
    shifts: u32,
    quiets: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Switching {
    Closed,
    Until(SimTime),
    Open,
}

#[derive(Debug, Clone, PartialEq)]
struct State {
    comps: Vec<Comp>,
    modes: Vec<ModeState>,
    jobs: BTreeMap<usize, Job>,
    failures: Vec<Failure>,
    holds: Vec<HoldState>,
    hazards: Vec<HazardState>,
    routes: Vec<RouteState>,
    switches: Vec<(Switching, u32)>,
    /// Sites, then edges.
    elements: Vec<Element>,
    paths: Vec<PathState>,
    /// When traffic changes its rate.
    rates_due: SimTime,
    levels: Vec<f64>,
    /// (unit, member) that was lost or returned at this instant.
    member_news: Vec<(usize, usize)>,
}

/// Something that is due.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Due {
    Hazard(usize),
    Begotten(usize, SimTime),
    Clock(usize),
    Landing(usize, usize),
    Job(usize),
    Restart(usize),
    BlackStart(usize),
    Start(usize),
    Reform(usize),
    Hold(usize),
    Route(usize),
    Quiet(usize),
    Switch(usize),
    News(usize),
    Rates,
}

/// Plays one replication of a model.
pub(crate) struct Reference<'m> {
    model: &'m Model,
    draws: Replication,
    now: SimTime,
    /// Components by cycle, inputs first.
    order: Vec<Vec<usize>>,
    in_cycle: Vec<bool>,
    state: State,
    jobs_made: usize,
    events: Vec<(CauseId, SimTime)>,
    sets: Vec<BTreeSet<usize>>,
    /// Where traffic goes at these announced levels.
    placed: Option<(Levels, Placed)>,
    /// Levels when the last instant had settled.
    settled: Vec<f64>,
}

impl<'m> Reference<'m> {
    pub(crate) fn new(model: &'m Model, draws: Replication) -> Self {
        let (order, in_cycle) = levels::cycles(model);
        let start = SimTime::START;
        let hold = HoldState { given: 0.0, charge: 1.0, since: start, losses: 0, holding: Holding::Met };
        let route = RouteState {
            at: 0,
            moving: Moving::Settled,
            target: 0,
            watch: None,
            rang: false,
            quiet: None,
            was_quiet: false,
            detects: 0,
            shifts: 0,
            quiets: 0,
        };
        let hazard = HazardState {
            next: SimTime::NEVER,
            occurrences: 0,
            condition: false,
            asks: false,
            dates: 1,
            begotten: Vec::new(),
            begotten_ask: 0,
        };
        let state = State {
            comps: vec![Comp::default(); model.components.len()],
            modes: vec![ModeState::default(); model.modes.len()],
            jobs: BTreeMap::new(),
            failures: Vec::new(),
            holds: vec![hold; model.holds.len()],
            hazards: vec![hazard; model.hazards.len()],
            routes: vec![route; model.routes.len()],
            switches: vec![(Switching::Closed, 0); model.switches.len()],
            elements: vec![Element::WHOLE; model.network.elements().count()],
            paths: vec![PathState::WHOLE; model.network.paths.len()],
            rates_due: SimTime::NEVER,
            levels: vec![1.0; model.components.len()],
            member_news: Vec::new(),
        };
        let events = vec![(Model::NO_CAUSE, start)];
        let sets = vec![BTreeSet::new(); model.components.len()];
        let settled = state.levels.clone();
        Self {
            model,
            draws,
            now: start,
            order,
            in_cycle,
            state,
            jobs_made: 0,
            events,
            sets,
            placed: None,
            settled,
        }
    }

    /// All snapshots up to the horizon; false if an instant did not settle.
    pub(crate) fn play(mut self) -> (Vec<Snapshot>, bool) {
        let mut story = Vec::new();
        self.begin();
        loop {
            if !self.instant() {
                return (story, false);
            }
            story.push(self.snapshot());
            let next = self.pending().iter().map(|p| p.0).min().unwrap_or(SimTime::NEVER);
            if !next.occurs() || next > self.model.horizon {
                return (story, true);
            }
            self.now = next;
        }
    }

    /// Everything is whole: needs that are met are noted, and clocks are wound.
    fn begin(&mut self) {
        self.solve();
        self.find_ways();
        self.solve();
        self.settled = self.state.levels.clone();
        for h in 0..self.model.holds.len() {
            self.state.holds[h].given = self.need_input(h);
        }
        for c in 0..self.model.components.len() {
            self.state.comps[c].was_up = self.state.levels[c] > 0.0;
        }
        for m in 0..self.model.modes.len() {
            self.wind(m);
        }
        for h in 0..self.model.hazards.len() {
            let stream = self.model.hazards[h].time_stream;
            self.state.hazards[h].next = match &self.model.hazards[h].occurs {
                Occurs::At(times) => times.first().copied().unwrap_or(SimTime::NEVER),
                Occurs::Between(from, to) => {
                    let u = self.draws.draw(stream, 0).uniform();
                    *from + SimSpan::from_micros_f64(u * (*to - *from).micros_f64())
                }
                Occurs::Every(law) => {
                    self.when_counted(self.model.hazards[h].rhythm, self.span(law, stream, 0))
                }
                Occurs::When(_) => SimTime::NEVER,
            };
        }
    }

    /// Plays the instant `now` until it has settled; false if it never does.
    fn instant(&mut self) -> bool {
        self.state.member_news.clear();
        for _ in 0..MOST_ROUNDS {
            let mut sets = 0;
            while sets == 0 || !self.due().is_empty() {
                self.apply_due();
                self.solve();
                sets += 1;
                if sets > MOST_ROUNDS || !self.decide_standbys_and_ways() {
                    return false;
                }
            }
            let before = self.state.clone();
            self.react();
            if self.state == before && self.due().is_empty() {
                self.attribute();
                return true;
            }
        }
        false
    }

    /// Standbys, then ways, until neither changes; false if that never ends.
    fn decide_standbys_and_ways(&mut self) -> bool {
        for _ in 0..MOST_ROUNDS {
            if !self.decide_standbys() {
                return false;
            }
            if !self.find_ways() {
                return true;
            }
            self.solve();
        }
        false
    }

    fn react(&mut self) {
        self.darkness();
        self.note_changes();
        self.holdovers();
        self.pace_clocks();
        self.repair_needs_and_crews();
        self.hazard_conditions();
        self.reforming();
        self.move_users();
    }

    /// All that is going to happen unless something changes.
    fn pending(&self) -> Vec<(SimTime, Due)> {
        let mut list = Vec::new();
        for (h, hazard) in self.state.hazards.iter().enumerate() {
            list.push((hazard.next, Due::Hazard(h)));
            list.extend(hazard.begotten.iter().map(|at| (*at, Due::Begotten(h, *at))));
        }
        for (m, mode) in self.state.modes.iter().enumerate() {
            list.extend(mode.watch.map(|_| (mode.rings, Due::Clock(m))));
        }
        for (&j, job) in &self.state.jobs {
            list.extend(job.coming.iter().map(|(at, c, _)| (*at, Due::Landing(j, *c))));
            if job.stage != Stage::Coming {
                list.push((job.watch.rings_at(), Due::Job(j)));
            }
        }
        for (c, comp) in self.state.comps.iter().enumerate() {
            list.extend(comp.restart.map(|w| (w.rings_at(), Due::Restart(c))));
            list.extend(comp.black_start.map(|w| (w.rings_at(), Due::BlackStart(c))));
            list.extend(comp.reform.map(|r| (r.0, Due::Reform(c))));
            if let Phase::Starting(until) = comp.phase {
                list.push((until, Due::Start(c)));
            }
        }
        for (h, hold) in self.state.holds.iter().enumerate() {
            if let Holding::Carrying { until, .. } = hold.holding {
                list.push((until, Due::Hold(h)));
            }
        }
        for (r, route) in self.state.routes.iter().enumerate() {
            list.extend(route.watch.map(|w| (w.rings_at(), Due::Route(r))));
            list.extend(route.quiet.map(|at| (at, Due::Quiet(r))));
        }
        for (s, switch) in self.state.switches.iter().enumerate() {
            if let Switching::Until(until) = switch.0 {
                list.push((until, Due::Switch(s)));
            }
        }
        list.extend(self.state.elements.iter().enumerate().map(|(e, element)| (element.news, Due::News(e))));
        list.push((self.state.rates_due, Due::Rates));
        list
    }

    fn due(&self) -> Vec<Due> {
        self.pending().into_iter().filter(|(at, _)| *at <= self.now).map(|(_, due)| due).collect()
    }

    fn apply_due(&mut self) {
        for due in self.due() {
            match due {
                Due::Hazard(h) => self.hazard_is_due(h),
                Due::Begotten(h, at) => self.begotten_is_due(h, at),
                Due::Clock(m) => self.fail(m),
                Due::Landing(j, c) => self.land(j, c),
                Due::Job(j) => self.stage_ends(j),
                Due::Restart(c) => self.light(c),
                Due::BlackStart(c) => {
                    self.light(c);
                    self.state.comps[c].bridged = true;
                }
                Due::Start(c) => self.started(c),
                Due::Reform(c) => {
                    self.state.comps[c].reform = None;
                    self.state.comps[c].reform_events.clear();
                }
                Due::Hold(h) => {
                    let hold = &mut self.state.holds[h];
                    hold.holding = Holding::UsedUp;
                    hold.charge = 0.0;
                    hold.since = self.now;
                }
                Due::Route(r) => {
                    self.state.routes[r].watch = None;
                    self.state.routes[r].rang = true;
                }
                Due::Quiet(r) => {
                    self.state.routes[r].quiet = None;
                    self.state.routes[r].was_quiet = true;
                }
                Due::Switch(s) => self.state.switches[s].0 = Switching::Open,
                Due::News(e) => self.announce(e),
                Due::Rates => self.state.rates_due = SimTime::NEVER,
            }
        }
    }

    fn number(&self, law: &Law, stream: StreamName, number: u32) -> f64 {
        if law.is_zero() { 0.0 } else { law.draw(self.draws.draw(stream, number)) }
    }

    fn span(&self, law: &Law, stream: StreamName, number: u32) -> SimSpan {
        SimSpan::from_micros_f64(self.number(law, stream, number))
    }

    fn happens(&self, p: f64, stream: StreamName, number: u32) -> bool {
        p >= 1.0 || self.draws.draw(stream, number).happens(p)
    }

    /// Level and success that an effect leaves.
    fn effect(&self, effect: &Effect, stream: StreamName, number: u32) -> (f64, f64) {
        match effect {
            Effect::Down => (0.0, 1.0),
            Effect::Capacity(law) => (self.number(law, stream, number).clamp(0.0, 1.0), 1.0),
            Effect::Errors(law) => (1.0, 1.0 - self.number(law, stream, number).clamp(0.0, 1.0)),
        }
    }

    fn snapshot(&self) -> Snapshot {
        let model = self.model;
        let all = 0..model.components.len();
        let named = |set: &BTreeSet<usize>| {
            let cause = |e: &usize| (model.causes[self.events[*e].0.index()].clone(), self.events[*e].1);
            let mut list: Vec<_> = set.iter().map(cause).collect();
            list.sort();
            list
        };
        let failures_of = |c: usize| {
            let mine = self.state.failures.iter().filter(|f| f.component == c);
            let shown = |f: &Failure| {
                let cause = model.causes[self.events[f.event].0.index()].clone();
                (cause, self.stage_name(&self.state.jobs[&f.job]))
            };
            let mut list: Vec<_> = mine.map(shown).collect();
            list.sort();
            list
        };
        let usages: Vec<_> = (0..model.usages.len()).map(|u| self.usage_outcome(u)).collect();
        let failing = |(u, outcome): (usize, &[f64; 4])| {
            if 1.0 - outcome[0] >= 0.05 - SLACK { named(&self.failing_events(u)) } else { Vec::new() }
        };
        Snapshot {
            at: self.now,
            levels: self.state.levels.clone(),
            dark: self.state.comps.iter().map(|c| c.dark).collect(),
            carrying: self
                .state
                .holds
                .iter()
                .map(|h| matches!(h.holding, Holding::Carrying { .. }))
                .collect(),
            failures: all.clone().map(failures_of).collect(),
            events: self.sets.iter().map(named).collect(),
            routes: self.state.routes.iter().map(|r| (r.at, format!("{:?}", r.moving))).collect(),
            unit_success: all
                .filter(|c| model.components[*c].unit_of.is_some())
                .map(|c| self.unit_success(c))
                .collect(),
            paths: (0..model.network.paths.len()).map(|p| self.path_latency(p)).collect(),
            slack: slack(model),
            failing: usages.iter().enumerate().map(failing).collect(),
            usages,
        }
    }

    fn clock_speed(&self, m: usize) -> f64 {
        let mode = &self.model.modes[m];
        let c = mode.component.index();
        let component = &self.model.components[c];
        let mut speed = match mode.clock {
            Clock::Calendar => 1.0,
            Clock::Operating => f64::from(self.state.levels[c] > 0.0),
            Clock::While(condition) => f64::from(self.value(condition, &|c| self.state.levels[c]) > 0.0),
        };
        if component.pooled {
            speed *= f64::from(self.working_units(c));
        }
        if let Some(standby) = &component.standby
            && self.state.comps[c].phase != Phase::Running
        {
            speed *= standby.dormancy;
        }
        speed
    }
}
