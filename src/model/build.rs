//! From drafts to a valid model: lays expressions flat, expands units, checks what the engine relies on.

mod checks;
mod expressions;
mod flat;
mod load;
mod network;
mod standby_groups;
mod users;

use std::fmt;
use std::sync::Arc;

use self::checks::{network_that_needs_itself, pass_through_in_cycles};
use self::flat::{Flat, units_share_a_clock};
use self::load::LoadDrafts;
use super::component::Crew;
use super::costs::Costs;
use super::draft::{CallTreeDraft, ComponentDraft, HazardDraft, RouteDraft, UsageDraft};
use super::graph::Graph;
use super::ids::{
    CompId, CrewId, HazardId, JourneyId, PopulationId, ReplicaId, RhythmId, RouteId, ServiceId, UsageId,
};
use super::network::Network;
use super::replicas::{MaxLag, Replica};
use super::rhythm::Rhythm;
use super::unknown::{
    SharedTokens, Split, Unknown, UnknownNumber, UnknownPlace, UnknownWeek, Unknowns, WeekPlace,
};
use super::users::{Journey, Landing, Population, Route, Service, Usage};
use super::week::Week;
use super::{Model, Month};
use crate::law::Value;
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
    /// Units whose calls to each other form a cycle, in which load would never settle.
    CallsInCycle(Vec<CompId>),
    /// A site, segment or link is up only while there is a way through the network.
    NetworkNeedsItself {
        /// The site, segment or link.
        component: CompId,
        /// What it needs, what that needs, and so on, up to the way.
        chain: Vec<CompId>,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateName(name) => write!(f, "two components are called {name:?}"),
            Self::PassThroughInCycle { .. } => write!(f, "a need inside a cycle must be met or not"),
            Self::ConditionAsNeed(_) => write!(f, "Down and Not are conditions, not needs"),
            Self::CallsInCycle(_) => write!(f, "services that call each other form a cycle"),
            Self::EmptyCrew(_) => write!(f, "a crew pool needs at least one crew"),
            Self::NetworkNeedsItself { .. } => write!(f, "the network would need itself"),
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
    network: Network,
    landings: Vec<Vec<Vec<Landing>>>,
    replicas: Vec<Replica>,
    max_lags: Vec<(RouteId, MaxLag)>,
    costs: Option<Costs>,
    unknowns: Unknowns,
    load: LoadDrafts,
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
            network: Network::default(),
            landings: Vec::new(),
            replicas: Vec::new(),
            max_lags: Vec::new(),
            costs: None,
            unknowns: Unknowns::default(),
            load: LoadDrafts::default(),
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

    /// Says which figures nobody knows.
    pub fn unknowns(&mut self, figures: Vec<Unknown>) {
        self.unknowns.figures = figures;
    }

    /// Says that a plain number is the unknown figure of this number.
    pub fn unknown_at(&mut self, place: UnknownPlace, figure: usize) {
        self.unknown_times(place, figure, (1.0, 1.0));
    }

    /// As [`Builder::unknown_at`], of a number that is so many times the figure, over so many: in another unit, or a part of it.
    pub fn unknown_times(&mut self, place: UnknownPlace, figure: usize, times: (f64, f64)) {
        self.unknowns.numbers.push(UnknownNumber { place, figure, times });
    }

    /// Says that tokens of retries follow from figures that nobody knows.
    pub fn unknown_tokens(&mut self, tokens: SharedTokens) {
        self.unknowns.tokens.push(tokens);
    }

    /// Says that something is split by weights that are unknown figures.
    pub fn unknown_split(&mut self, split: Split) {
        self.unknowns.splits.push(split);
    }

    /// Says that a profile or rhythm holds unknown figures.
    pub fn unknown_week(&mut self, week: UnknownWeek) {
        self.unknowns.weeks.push(week);
    }

    /// What an unknown figure is called.
    #[must_use]
    pub fn name_of_unknown(&self, figure: usize) -> &str {
        self.unknowns.figures.get(figure).map_or("", |unknown| &unknown.name)
    }

    /// Says what the system costs.
    pub fn costs(&mut self, costs: Costs) {
        self.costs = Some(costs);
    }

    /// Adds a rhythm of clocks; none if it is flat, since such a clock goes as it would without.
    pub fn rhythm(&mut self, rhythm: Rhythm) -> Option<RhythmId> {
        if rhythm.is_flat() {
            return None;
        }
        self.rhythms.push(rhythm);
        Some(RhythmId::at(self.rhythms.len() - 1))
    }

    /// Adds a rhythm that is not known: flat or not, it is another one in each replication.
    pub fn unknown_rhythm(&mut self, nominal: Rhythm, week: Week<Value>, steps: Arc<[u16]>) -> RhythmId {
        self.rhythms.push(nominal);
        let id = RhythmId::at(self.rhythms.len() - 1);
        self.unknown_week(UnknownWeek { place: WeekPlace::Rhythm(id), week, steps });
        id
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
        self.landings.push(Vec::new());
        RouteId::at(self.routes.len() - 1)
    }

    /// Adds the copy of one region's data in another.
    pub fn replica(&mut self, replica: Replica) -> ReplicaId {
        self.replicas.push(replica);
        ReplicaId::at(self.replicas.len() - 1)
    }

    /// Lets users of a route be moved only to where home's data does not lag too far behind.
    pub fn max_lag(&mut self, route: RouteId, max_lag: MaxLag) {
        self.max_lags.push((route, max_lag));
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
        let mut routes: Vec<Route> =
            self.routes.into_iter().enumerate().map(|(i, r)| flat.route(RouteId::at(i), r)).collect();
        routes.iter_mut().zip(self.landings).for_each(|(route, landings)| route.landings = landings);
        for (route, max_lag) in self.max_lags {
            routes[route.index()].max_lag = Some(max_lag);
        }
        let journeys = self.journeys;
        let populations = self.populations;
        let usages: Vec<Usage> =
            self.usages.into_iter().map(|u| flat.usage(u, &journeys, &populations)).collect();
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
        let services_units = |service: ServiceId| services[service.index()].units.clone();
        let load = match self.load.build(&mut flat, &usages, &routes, &services_units) {
            Ok(load) => load,
            Err(error) => {
                errors.push(error);
                super::load::Load::default()
            }
        };
        if !load.is_empty() {
            flat.causes.push(Model::ORDINARY_DEMAND.to_owned());
        }
        flat.find_standby_groups();
        let graph = Graph::new(&flat.components, &flat.expressions);
        errors.extend(pass_through_in_cycles(&flat.expressions, &graph));
        errors.extend(network_that_needs_itself(&self.network, &flat.expressions, &graph));
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut unknowns = self.unknowns;
        unknowns.numbers.extend(flat.unknowns);
        let mut model = Model {
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
            network: self.network,
            replicas: self.replicas,
            costs: self.costs,
            unknowns,
            load,
            causes: flat.causes,
            graph,
        };
        model.find_unknown_laws();
        Ok(model)
    }
}
