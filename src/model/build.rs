//! From drafts to a valid model: lays expressions flat, expands units, checks what the engine relies on.

use std::collections::BTreeSet;
use std::fmt;

use super::component::{
    Clock, Component, Crew, Effect, Hold, Mode, Reconfigure, Repair, RepairStreams, Standby, StandbyGroup,
};
use super::draft::{
    CallTreeDraft, ClockDraft, ComponentDraft, FailoverDraft, HazardDraft, ModeDraft, OccursDraft,
    RepairDraft, RouteDraft, StandbyDraft, StrikeDraft, UsageDraft,
};
use super::expression::{Expression, Expressions, Node, NodeKind, Parent, Root};
use super::graph::{Graph, root_of};
use super::hazard::{Clusters, Hazard, Occurs, Strike, Target};
use super::ids::{
    CauseId, CompId, CrewId, GroupId, HazardId, HoldId, JourneyId, ModeId, NodeId, PopulationId, RepairId,
    RhythmId, RouteId, ServiceId, SwitchId, UsageId,
};
use super::rhythm::Rhythm;
use super::users::{
    Call, CallTree, Failover, FailoverStreams, Journey, Population, Route, Service, Switch, Usage,
};
use super::{Model, Month};
use crate::law::Law;
use crate::random::StreamName;
use crate::time::SimTime;

/// Why drafts do not make a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelError {
    /// Two components of one name.
    DuplicateName(String),
    /// A need inside a cycle passes a level on, so that settling might never end.
    PassThroughInCycle {
        /// Who needs.
        component: CompId,
        /// What it needs.
        on: CompId,
    },
    /// `Down` or `Not` where levels are solved.
    ConditionAsNeed(CompId),
    /// A crew pool without crews.
    EmptyCrew(CrewId),
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateName(name) => write!(f, "two components are called {name:?}"),
            Self::PassThroughInCycle { .. } => write!(f, "a need inside a cycle must be met or not"),
            Self::ConditionAsNeed(_) => write!(f, "Down and Not are conditions, not needs"),
            Self::EmptyCrew(_) => write!(f, "a crew pool needs at least one crew"),
        }
    }
}

impl std::error::Error for ModelError {}

/// Collects drafts and turns them into a [`Model`].
#[derive(Debug, Clone)]
pub struct Builder {
    title: String,
    start_unix_micros: i64,
    horizon: SimTime,
    aged: bool,
    months: Vec<Month>,
    components: Vec<ComponentDraft>,
    crews: Vec<Crew>,
    rhythms: Vec<Rhythm>,
    hazards: Vec<HazardDraft>,
    services: Vec<Service>,
    journeys: Vec<Journey>,
    populations: Vec<Population>,
    routes: Vec<RouteDraft>,
    usages: Vec<UsageDraft>,
}

impl Builder {
    /// An empty system that is simulated up to `horizon`, its components new.
    #[must_use]
    pub fn new(title: impl Into<String>, horizon: SimTime) -> Self {
        Self {
            title: title.into(),
            start_unix_micros: 0,
            horizon,
            aged: false,
            months: Vec::new(),
            components: Vec::new(),
            crews: Vec::new(),
            rhythms: Vec::new(),
            hazards: Vec::new(),
            services: Vec::new(),
            journeys: Vec::new(),
            populations: Vec::new(),
            routes: Vec::new(),
            usages: Vec::new(),
        }
    }

    /// Sets the calendar time of the start.
    pub const fn starts_at(&mut self, unix_micros: i64) {
        self.start_unix_micros = unix_micros;
    }

    /// Lets failure clocks start stationary instead of new.
    pub const fn aged(&mut self, aged: bool) {
        self.aged = aged;
    }

    /// Sets the calendar months by which objectives are judged.
    pub fn months(&mut self, months: Vec<Month>) {
        self.months = months;
    }

    /// Adds a component.
    pub fn component(&mut self, draft: ComponentDraft) -> CompId {
        self.components.push(draft);
        CompId::at(self.components.len() - 1)
    }

    /// A component added before, to be completed (cycles need both to exist).
    pub fn component_mut(&mut self, id: CompId) -> &mut ComponentDraft {
        &mut self.components[id.index()]
    }

    /// Adds a crew pool.
    pub fn crew(&mut self, name: impl Into<String>, size: u32) -> CrewId {
        self.crews.push(Crew { name: name.into(), size });
        CrewId::at(self.crews.len() - 1)
    }

    /// Adds a rhythm of clocks; none if it is flat, since such a clock goes as it would without.
    pub fn rhythm(&mut self, rhythm: Rhythm) -> Option<RhythmId> {
        if rhythm.is_flat() {
            return None;
        }
        self.rhythms.push(rhythm);
        Some(RhythmId::at(self.rhythms.len() - 1))
    }

    /// Adds a hazard.
    pub fn hazard(&mut self, draft: HazardDraft) -> HazardId {
        self.hazards.push(draft);
        HazardId::at(self.hazards.len() - 1)
    }

    /// Adds a service; its units are the components that name it.
    pub fn service(&mut self, name: impl Into<String>, plane: Option<String>) -> ServiceId {
        self.services.push(Service { name: name.into(), plane, units: Vec::new() });
        ServiceId::at(self.services.len() - 1)
    }

    /// Adds a journey.
    pub fn journey(&mut self, journey: Journey) -> JourneyId {
        self.journeys.push(journey);
        JourneyId::at(self.journeys.len() - 1)
    }

    /// Adds a population.
    pub fn population(&mut self, population: Population) -> PopulationId {
        self.populations.push(population);
        PopulationId::at(self.populations.len() - 1)
    }

    /// Adds a route.
    pub fn route(&mut self, draft: RouteDraft) -> RouteId {
        self.routes.push(draft);
        RouteId::at(self.routes.len() - 1)
    }

    /// Adds a usage.
    pub fn usage(&mut self, draft: UsageDraft) -> UsageId {
        self.usages.push(draft);
        UsageId::at(self.usages.len() - 1)
    }

    /// A journey of one population that calls one unit: what small systems are measured by.
    pub fn watched_by_users(&mut self, unit: CompId, shortest_outage: crate::time::SimSpan) -> UsageId {
        let name = self.components[unit.index()].name.clone();
        let service = self.service(&name, None);
        self.components[unit.index()].unit_of = Some(service);
        let objective = super::users::Objective { shortest_outage, ..Default::default() };
        let journey = self.journey(Journey { name: name.clone(), objective });
        let profile = super::profile::Profile::Flat;
        let population = self.population(Population { name: "users".into(), users: 1.0, profile });
        let units = vec![unit];
        let route = self.route(RouteDraft { name, population, service, units, failover: None });
        let calls =
            vec![super::draft::CallDraft { to: CallTreeDraft::Service(vec![(route, 1.0)]), times: 1.0 }];
        self.usage(UsageDraft { population, journey, requests_per_second: 1.0, calls })
    }

    /// How many failure clocks each component will have, in order of id.
    pub fn clocks(&self) -> impl Iterator<Item = u64> {
        self.components.iter().map(|draft| {
            let units = if units_share_a_clock(draft) { 1 } else { u64::from(draft.units) };
            let starts = draft.standby.as_ref().is_some_and(|s| s.fails_to_start > 0.0);
            units * (draft.modes.len() as u64 + u64::from(starts))
        })
    }

    /// The name of a component added before.
    #[must_use]
    pub fn name_of(&self, id: CompId) -> &str {
        self.components.get(id.index()).map_or("", |draft| &draft.name)
    }

    /// Checks the drafts and lays them flat.
    ///
    /// # Errors
    /// All reasons why they do not make a model.
    pub fn build(self) -> Result<Model, Vec<ModelError>> {
        let mut errors = self.draft_errors();
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut flat = Flat::default();
        flat.causes.push("no initiating event".to_owned());
        for (index, draft) in self.components.into_iter().enumerate() {
            flat.add_component(CompId::at(index), draft);
        }
        for draft in self.hazards {
            flat.add_hazard(draft);
        }
        let routes =
            self.routes.into_iter().enumerate().map(|(i, r)| flat.route(RouteId::at(i), r)).collect();
        let journeys = self.journeys;
        let populations = self.populations;
        let usages = self.usages.into_iter().map(|u| flat.usage(u, &journeys, &populations)).collect();
        let mut services = self.services;
        for (index, component) in flat.components.iter().enumerate() {
            if let Some(service) = component.unit_of {
                services[service.index()].units.push(CompId::at(index));
            }
        }
        for unit in 0..flat.components.len() {
            for member in flat.components[unit].members.clone() {
                flat.components[member.index()].member_of = Some(CompId::at(unit));
            }
        }
        flat.find_standby_groups();
        let graph = Graph::new(&flat.components, &flat.expressions);
        errors.extend(pass_through_in_cycles(&flat.expressions, &graph));
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Model {
            title: self.title,
            start_unix_micros: self.start_unix_micros,
            horizon: self.horizon,
            aged: self.aged,
            months: self.months,
            components: flat.components,
            modes: flat.modes,
            rhythms: self.rhythms,
            repairs: flat.repairs,
            crews: self.crews,
            expressions: flat.expressions,
            holds: flat.holds,
            groups: flat.groups,
            hazards: flat.hazards,
            strikes: flat.strikes,
            services,
            journeys,
            populations,
            usages,
            routes,
            switches: flat.switches,
            causes: flat.causes,
            graph,
        })
    }

    fn draft_errors(&self) -> Vec<ModelError> {
        let mut errors = Vec::new();
        let mut names = BTreeSet::new();
        for (index, component) in self.components.iter().enumerate() {
            if !names.insert(&component.name) {
                errors.push(ModelError::DuplicateName(component.name.clone()));
            }
            if component.support.as_ref().is_some_and(Expression::is_condition) {
                errors.push(ModelError::ConditionAsNeed(CompId::at(index)));
            }
        }
        let empty = self.crews.iter().enumerate().filter(|(_, crew)| crew.size == 0);
        errors.extend(empty.map(|(index, _)| ModelError::EmptyCrew(CrewId::at(index))));
        errors
    }
}

/// Needs that pass a level on to somebody in their own cycle. What is implied (a member needs its zone) is
/// not wrapped in a need and cannot close a cycle by itself.
fn pass_through_in_cycles(expressions: &Expressions, graph: &Graph) -> Vec<ModelError> {
    let mut errors = Vec::new();
    for (index, node) in expressions.nodes.iter().enumerate() {
        let NodeKind::Level(on) = node.kind else { continue };
        let Root::Support(component) = root_of(expressions, NodeId::at(index)) else { continue };
        let same_cycle = graph.rank[component.index()] == graph.rank[on.index()] && graph.in_cycle(component);
        if same_cycle && passes_on_through_need(expressions, node.parent) {
            errors.push(ModelError::PassThroughInCycle { component, on });
        }
    }
    errors
}

fn passes_on_through_need(expressions: &Expressions, mut parent: Parent) -> bool {
    let mut needed = false;
    while let Parent::Node(id) = parent {
        let node = &expressions.nodes[id.index()];
        match node.kind {
            NodeKind::Need { at_least: Some(_), .. } | NodeKind::Quorum(_) => return false,
            NodeKind::Need { .. } => needed = true,
            _ => {}
        }
        parent = node.parent;
    }
    needed
}

#[derive(Default)]
struct Flat {
    components: Vec<Component>,
    modes: Vec<Mode>,
    repairs: Vec<Repair>,
    expressions: Expressions,
    holds: Vec<Hold>,
    groups: Vec<StandbyGroup>,
    hazards: Vec<Hazard>,
    strikes: Vec<Strike>,
    switches: Vec<Switch>,
    causes: Vec<String>,
}

impl Flat {
    fn cause(&mut self, name: String) -> CauseId {
        self.causes.push(name);
        CauseId::at(self.causes.len() - 1)
    }

    fn add_component(&mut self, id: CompId, draft: ComponentDraft) {
        let pooled = draft.units > 1 && units_share_a_clock(&draft);
        let clocks = if pooled { 1 } else { draft.units };
        let first = self.modes.len();
        for mode in draft.modes {
            self.add_mode(id, &draft.name, mode, clocks);
        }
        let standby = draft.standby.map(|s| self.standby(id, &draft.name, s, clocks));
        let support = draft.support.map(|e| self.root(e, Root::Support(id), &draft.name));
        let starts_with = draft.starts_with.map(|e| self.root(e, Root::StartsWith(id), &draft.name));
        let reconfigure = draft.reconfigure.map(|(takes, errors)| Reconfigure {
            takes,
            takes_stream: StreamName::new(&draft.name, "reconfigures in"),
            errors,
            errors_stream: StreamName::new(&draft.name, "reconfigures with"),
        });
        self.components.push(Component {
            kind: draft.kind,
            units: draft.units,
            enough: draft.enough,
            pooled,
            modes: first..self.modes.len(),
            support,
            starts_with,
            restart: draft.restart,
            restart_stream: StreamName::new(&draft.name, "restart"),
            black_start: draft.black_start,
            black_start_stream: StreamName::new(&draft.name, "black start"),
            standby,
            reconfigure,
            members: draft.members,
            member_of: None,
            unit_of: draft.unit_of,
            name: draft.name,
        });
    }

    fn add_mode(&mut self, component: CompId, owner: &str, draft: ModeDraft, clocks: u32) {
        let name = format!("{owner}: {}", draft.name);
        let cause = self.cause(name.clone());
        for unit in 0..clocks {
            let process = if clocks == 1 { name.clone() } else { format!("{name} #{}", unit + 1) };
            let mode = ModeId::at(self.modes.len());
            let repair = self.repair(draft.repair.clone(), &process);
            let clock = match draft.clock.clone() {
                ClockDraft::Calendar => Clock::Calendar,
                ClockDraft::Operating => Clock::Operating,
                ClockDraft::While(condition) => {
                    Clock::While(self.root(condition, Root::Clock(mode), &process))
                }
            };
            self.modes.push(Mode {
                component,
                unit,
                every: draft.every.clone(),
                effect: draft.effect.clone(),
                clock,
                rhythm: draft.rhythm,
                repair,
                cause,
                inspection: draft.inspection,
                every_stream: StreamName::new(&process, "fail"),
                effect_stream: StreamName::new(&process, "effect"),
                repair_streams: RepairStreams::of(&process),
                name: process,
            });
        }
    }

    fn standby(&mut self, component: CompId, owner: &str, draft: StandbyDraft, clocks: u32) -> Standby {
        let first = self.modes.len();
        if draft.fails_to_start > 0.0 {
            let mode = ModeDraft {
                name: "start".into(),
                every: Law::Never,
                effect: Effect::Down,
                clock: ClockDraft::Calendar,
                rhythm: None,
                inspection: None,
                repair: draft.repair,
            };
            self.add_mode(component, owner, mode, clocks);
        }
        Standby {
            starts_in: draft.starts_in,
            starts_in_stream: StreamName::new(owner, "starts in"),
            fails_to_start: draft.fails_to_start,
            fails_stream: StreamName::new(owner, "fails to start"),
            start_modes: first..self.modes.len(),
            dormancy: draft.dormancy,
            groups: Vec::new(),
        }
    }

    fn repair(&mut self, draft: RepairDraft, name: &str) -> RepairId {
        let id = RepairId::at(self.repairs.len());
        let needs = draft.needs.map(|e| self.root(e, Root::RepairNeeds(id), name));
        self.repairs.push(Repair {
            detect: draft.detect,
            crew: draft.crew,
            travel: draft.travel,
            work: draft.work,
            needs,
            without_needs: draft.without_needs,
            priority: draft.priority,
            name: name.to_owned(),
        });
        id
    }

    fn add_hazard(&mut self, draft: HazardDraft) {
        let id = HazardId::at(self.hazards.len());
        let cause = self.cause(draft.name.clone());
        let occurs = match draft.occurs {
            OccursDraft::At(times) => Occurs::At(times),
            OccursDraft::Between(from, to) => Occurs::Between(from, to),
            OccursDraft::Every(law) => Occurs::Every(law),
            OccursDraft::When(e) => Occurs::When(self.root(e, Root::Hazard(id), &draft.name)),
        };
        let only_while = draft.only_while.map(|e| self.root(e, Root::Hazard(id), &draft.name));
        let clusters = draft.clusters.map(|(offspring, after)| Clusters {
            offspring,
            after,
            offspring_stream: StreamName::new(&draft.name, "hazard offspring"),
            after_stream: StreamName::new(&draft.name, "hazard offspring after"),
        });
        let first = self.strikes.len();
        for strike in draft.strikes {
            self.add_strike(id, &draft.name, strike);
        }
        self.hazards.push(Hazard {
            occurs,
            rhythm: draft.rhythm,
            probability: draft.probability,
            only_while,
            clusters,
            strikes: first..self.strikes.len(),
            one_of: draft.one_of,
            cause,
            time_stream: StreamName::new(&draft.name, "hazard time"),
            probability_stream: StreamName::new(&draft.name, "hazard happens"),
            choice_stream: StreamName::new(&draft.name, "hazard choice"),
            name: draft.name,
        });
    }

    fn add_strike(&mut self, hazard: HazardId, hazard_name: &str, draft: StrikeDraft) {
        let name = format!("{hazard_name}: {}", draft.name);
        let repair = self.repair(draft.repair, &name);
        let (waves, wave_of) = draft.waves.map_or((None, Vec::new()), |(gap, of)| (Some(gap), of));
        let targets = draft.targets.into_iter().enumerate().map(|(place, component)| {
            let process = format!("{name} on {}", self.components[component.index()].name);
            Target {
                component,
                wave: wave_of.get(place).copied().unwrap_or(0),
                hit_stream: StreamName::new(&process, "hit"),
                delay_stream: StreamName::new(&process, "delay"),
                repair_streams: RepairStreams::of(&process),
            }
        });
        let strike = Strike {
            hazard,
            targets: targets.collect(),
            effect: draft.effect,
            effect_stream: StreamName::new(&name, "effect"),
            hits: draft.hits,
            delay: draft.delay,
            waves,
            waves_stream: StreamName::new(&name, "waves"),
            repair,
            each: draft.each,
            repair_streams: RepairStreams::of(&name),
            name,
        };
        self.strikes.push(strike);
    }

    fn route(&mut self, id: RouteId, draft: RouteDraft) -> Route {
        let streams = FailoverStreams::of(&draft.name);
        let failover = draft.failover.map(|f: FailoverDraft| Failover {
            detect: f.detect,
            shift: f.shift,
            works: f.works,
            quiet: f.quiet,
            needs: f
                .needs
                .into_iter()
                .map(|e| e.map(|e| self.root(e, Root::Failover(id), &draft.name)))
                .collect(),
            needs_at_target: f.needs_at_target,
            streams,
        });
        Route {
            name: draft.name,
            population: draft.population,
            service: draft.service,
            units: draft.units,
            failover,
        }
    }

    fn usage(&mut self, draft: UsageDraft, journeys: &[Journey], populations: &[Population]) -> Usage {
        let name = format!(
            "{} of {}",
            journeys[draft.journey.index()].name,
            populations[draft.population.index()].name
        );
        let mut calls = Vec::new();
        for (place, call) in draft.calls.into_iter().enumerate() {
            let to = self.call_tree(call.to, &format!("{name}, call {}", place + 1));
            calls.push(Call { to, times: call.times });
        }
        Usage {
            population: draft.population,
            journey: draft.journey,
            requests_per_second: draft.requests_per_second,
            calls,
        }
    }

    fn call_tree(&mut self, draft: CallTreeDraft, name: &str) -> CallTree {
        match draft {
            CallTreeDraft::Service(routes) => CallTree::Service(routes),
            CallTreeDraft::Mix(parts) => CallTree::Mix(
                parts
                    .into_iter()
                    .enumerate()
                    .map(|(i, (weight, part))| {
                        (weight, self.call_tree(part, &format!("{name}, part {}", i + 1)))
                    })
                    .collect(),
            ),
            CallTreeDraft::FirstOf { of, switch, degraded } => {
                let first = SwitchId::at(self.switches.len());
                for i in 1..of.len() {
                    let stream = StreamName::new(&format!("{name}, alternative {i}"), "switch");
                    self.switches.push(Switch { takes: switch.clone(), stream });
                }
                let named = |i: usize| format!("{name}, alternative {}", i + 1);
                let of = of.into_iter().enumerate().map(|(i, t)| self.call_tree(t, &named(i))).collect();
                CallTree::FirstOf { of, switch: first, degraded }
            }
        }
    }

    fn root(&mut self, expression: Expression, root: Root, owner: &str) -> NodeId {
        let id = self.lay(expression, owner);
        self.expressions.nodes[id.index()].parent = Parent::Root(root);
        id
    }

    /// Lays an expression flat, children first; the caller sets the parent.
    fn lay(&mut self, expression: Expression, owner: &str) -> NodeId {
        match expression {
            Expression::Level(c) => self.push(NodeKind::Level(c), Vec::new()),
            Expression::LevelAtLeast(c, x) => self.push(NodeKind::LevelAtLeast(c, x), Vec::new()),
            Expression::Up(c) => self.push(NodeKind::Up(c), Vec::new()),
            Expression::Down(c) => self.push(NodeKind::Down(c), Vec::new()),
            Expression::All(list) => self.gate(NodeKind::All, list, owner),
            Expression::Any(list) => self.gate(NodeKind::Any, list, owner),
            Expression::AtLeast(k, list) => self.gate(NodeKind::AtLeast(k as u32), list, owner),
            Expression::Share(list) => self.gate(NodeKind::Share, list, owner),
            Expression::Quorum(k, list) => self.gate(NodeKind::Quorum(k as u32), list, owner),
            Expression::Not(inner) => self.gate(NodeKind::Not, vec![*inner], owner),
            Expression::Need(need) => {
                let child = self.lay(need.on, owner);
                let hold = need.holdover.map(|h| {
                    self.holds.push(Hold {
                        length: h.length,
                        stream: StreamName::new(&h.name, "holdover"),
                        refills_in: h.refills_in,
                        need: NodeId(0),
                        owner: h.name,
                    });
                    HoldId::at(self.holds.len() - 1)
                });
                let kind = NodeKind::Need { at_least: need.at_least, hold, otherwise: need.otherwise };
                let id = self.push(kind, vec![child]);
                if let Some(hold) = hold {
                    self.holds[hold.index()].need = id;
                }
                id
            }
        }
    }

    fn gate(&mut self, kind: NodeKind, list: Vec<Expression>, owner: &str) -> NodeId {
        let children = list.into_iter().map(|e| self.lay(e, owner)).collect();
        self.push(kind, children)
    }

    fn push(&mut self, kind: NodeKind, children: Vec<NodeId>) -> NodeId {
        let id = NodeId::at(self.expressions.nodes.len());
        for child in &children {
            self.expressions.nodes[child.index()].parent = Parent::Node(id);
        }
        let node = Node {
            kind,
            parent: Parent::Node(id),
            first_child: self.expressions.children.len() as u32,
            child_count: children.len() as u32,
            group: None,
        };
        self.expressions.children.extend(children);
        self.expressions.nodes.push(node);
        id
    }

    /// A group for every outermost need that a standby stands in.
    fn find_standby_groups(&mut self) {
        let tops: Vec<NodeId> = (0..self.expressions.nodes.len())
            .map(NodeId::at)
            .filter(|n| is_outermost_need(&self.expressions, *n))
            .collect();
        for top in tops {
            let mut leaves = Vec::new();
            collect_leaves(&self.expressions, top, &mut leaves);
            let mut standbys: Vec<CompId> = Vec::new();
            for leaf in &leaves {
                if let Some(c) = Expressions::target(self.expressions.kind(*leaf))
                    && self.components[c.index()].standby.is_some()
                    && !standbys.contains(&c)
                {
                    standbys.push(c);
                }
            }
            if standbys.is_empty() {
                continue;
            }
            let id = GroupId::at(self.groups.len());
            for leaf in leaves {
                self.expressions.nodes[leaf.index()].group = Some(id);
            }
            for c in &standbys {
                if let Some(standby) = &mut self.components[c.index()].standby {
                    standby.groups.push(id);
                }
            }
            let expression = self.expressions.children(top)[0];
            self.groups.push(StandbyGroup { expression, standbys });
        }
    }
}

fn is_outermost_need(expressions: &Expressions, node: NodeId) -> bool {
    if !matches!(expressions.kind(node), NodeKind::Need { .. }) {
        return false;
    }
    let mut parent = expressions.nodes[node.index()].parent;
    loop {
        match parent {
            Parent::Root(root) => return matches!(root, Root::Support(_)),
            Parent::Node(id) => {
                if matches!(expressions.kind(id), NodeKind::Need { .. }) {
                    return false;
                }
                parent = expressions.nodes[id.index()].parent;
            }
        }
    }
}

fn collect_leaves(expressions: &Expressions, node: NodeId, leaves: &mut Vec<NodeId>) {
    let children = expressions.children(node);
    if children.is_empty() {
        leaves.push(node);
    }
    children.iter().for_each(|child| collect_leaves(expressions, *child, leaves));
}

/// Exponential times to failure have no memory, so n units can share one clock that runs as fast as units
/// work; that needs a single mode that takes a unit down, or it would matter which unit is hit.
fn units_share_a_clock(draft: &ComponentDraft) -> bool {
    let [mode] = draft.modes.as_slice() else { return draft.modes.is_empty() };
    mode.every.is_exponential().is_some() && mode.effect == Effect::Down
}
