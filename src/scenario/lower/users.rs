//! Journeys, populations, and the routes between them and the services.

use super::expressions::Resolver;
use super::laws::law;
use super::load::{self, RoutesOf, usage_load};
use super::names::{Names, Place};
use super::profiles::demand;
use super::replicas::Replicas;
use crate::law::Value;
use crate::model::{
    Builder, CallDraft, CallTreeDraft, CompId, Expression, FailoverDraft, Journey, JourneyId, MaxLag,
    Objective, Population, PopulationId, RouteDraft, RouteId, ServiceId, Split, SplitPlace, UnknownPlace,
    UsageDraft, UsageId, WeekPlace,
};
use crate::scenario::decode::{Spanned, unknown_name};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{
    CallTreeSpec, FailoverSpec, JourneySpec, PopulationSpec, RouteSpec, ScenarioSpec, Scope,
};
use crate::scenario::unknowns::Figure;
use crate::time::SimSpan;

/// Adds journeys, populations, routes and usages; the routes of each population are returned.
pub(super) fn add_all(
    spec: &ScenarioSpec,
    names: &Names<'_>,
    replicas: &Replicas<'_>,
    builder: &mut Builder,
    found: &mut Diagnostics,
) -> RoutesOf {
    for (name, journey) in &spec.journeys {
        let id = builder.journey(Journey { name: name.value.clone(), objective: objective(journey) });
        if let Some(bits) = journey.size.filter(|_| names.joins.is_some()) {
            builder.bits_per_call(id, bits.value);
            bits.unknown.into_iter().for_each(|n| builder.unknown_at(UnknownPlace::BitsPerCall(id), n));
        }
        load::say_unknown_tokens(id, (&name.value, journey), spec, builder);
        journey.calls.iter().for_each(|call| check_services(&call.to, names, found));
    }
    let mut routes = RoutesOf::new();
    for (index, (name, population)) in spec.users.iter().enumerate() {
        let demand = demand(&population.demand, population.span, spec, found);
        builder.population(Population {
            name: name.value.clone(),
            users: population.count.value,
            profile: demand.profile.clone(),
        });
        let id = PopulationId::at(index);
        demand.say_unknown(WeekPlace::Users(id), builder);
        say_unknown(id, population, spec, builder);
        let mut way = Way {
            spec,
            names,
            replicas,
            name: &name.value,
            id,
            population,
            routes: Vec::new(),
            units: Vec::new(),
        };
        way.check_regions(found);
        if !found.has_errors() {
            way.add_usages(builder, found);
        }
        routes.push(way.units);
    }
    routes
}

/// A share of a population that is at home in one region.
struct Home<'n> {
    weight: Figure,
    share: f64,
    /// Where it can be served, home first.
    regions: Vec<&'n str>,
}

impl<'n> Home<'n> {
    /// That of all users; none where there is no region.
    fn only(regions: Vec<&'n str>) -> Option<Self> {
        (!regions.is_empty()).then_some(Self { weight: Figure::known(1.0), share: 1.0, regions })
    }
}

/// Says which weights of a split nobody knows.
fn say_unknown_split<'f>(
    place: SplitPlace,
    weights: impl Iterator<Item = &'f Figure> + Clone,
    builder: &mut Builder,
) {
    if weights.clone().all(|weight| weight.unknown.is_none()) {
        return;
    }
    let all: f64 = weights.clone().map(|weight| weight.value).sum();
    let value = |weight: &Figure| weight.unknown.map_or(Value::Known(weight.value), Value::Unknown);
    builder.unknown_split(Split {
        place,
        weights: weights.clone().map(value).collect(),
        nominal: weights.map(|weight| weight.value / all).collect(),
    });
}

/// Says which figures of a usage's calls nobody knows.
fn say_unknown_calls(usage: UsageId, journey: &JourneySpec, builder: &mut Builder) {
    for (number, call) in journey.calls.iter().enumerate() {
        let times = call.times.unknown;
        times.into_iter().for_each(|n| builder.unknown_at(UnknownPlace::Times(usage, number), n));
        let mut mixtures = Vec::new();
        mixtures_of(&call.to, &mut mixtures);
        for (place, parts) in mixtures.into_iter().enumerate() {
            let shares = parts.iter().map(|(share, _)| share);
            say_unknown_split(SplitPlace::Call(usage, number, place), shares, builder);
        }
    }
}

/// The mixtures of a call from the top and the left.
fn mixtures_of<'s>(tree: &'s CallTreeSpec, all: &mut Vec<&'s [(Figure, CallTreeSpec)]>) {
    match tree {
        CallTreeSpec::Service(_) => {}
        CallTreeSpec::FirstOf { of, .. } => of.iter().for_each(|part| mixtures_of(part, all)),
        CallTreeSpec::Mix(parts) => {
            all.push(parts);
            parts.iter().for_each(|(_, part)| mixtures_of(part, all));
        }
    }
}

/// Says which of its figures nobody knows.
fn say_unknown(id: PopulationId, population: &PopulationSpec, spec: &ScenarioSpec, builder: &mut Builder) {
    let works = population.failover.as_ref().and_then(|failover| failover.works.unknown);
    let failover = population.failover.as_ref();
    let max_lag = failover.and_then(|failover| failover.max_lag.as_ref()).and_then(|lag| lag.value.unknown);
    let mut all = vec![
        (UnknownPlace::Users(id), population.count.unknown),
        (UnknownPlace::Works(id), works),
        (UnknownPlace::MaxLag(id), max_lag),
    ];
    for (name, rate) in &population.does {
        if let Some(journey) = spec.journeys.iter().position(|(known, _)| known.value == name.value) {
            all.push((UnknownPlace::Requests(id, JourneyId::at(journey)), rate.unknown));
        }
    }
    for (place, figure) in all {
        figure.into_iter().for_each(|figure| builder.unknown_at(place, figure));
    }
}

fn objective(journey: &JourneySpec) -> Objective {
    let spec = &journey.objective;
    let default = Objective::default();
    Objective {
        availability: spec.availability,
        down_at: spec.down_at.unwrap_or(default.down_at),
        shortest_outage: spec.shortest_outage.map_or(default.shortest_outage, SimSpan::from_micros_f64),
        degraded_above: spec.degraded_above.unwrap_or(default.degraded_above),
        latency_limit: journey.latency_limit.map(SimSpan::from_micros_f64),
    }
}

/// Every service that a journey calls must exist and have units that users can reach.
fn check_services(tree: &CallTreeSpec, names: &Names<'_>, found: &mut Diagnostics) {
    match tree {
        CallTreeSpec::Service(name) => check_service(name, names, found),
        CallTreeSpec::FirstOf { of, .. } => of.iter().for_each(|t| check_services(t, names, found)),
        CallTreeSpec::Mix(parts) => parts.iter().for_each(|(_, t)| check_services(t, names, found)),
    }
}

/// Reports a service that users cannot call.
pub(super) fn check_service(name: &Spanned<String>, names: &Names<'_>, found: &mut Diagnostics) {
    match names.service(&name.value) {
        None => {
            let known: Vec<&str> = names.spec.services.iter().map(|(n, _)| n.value.as_str()).collect();
            unknown_name(&name.value, name.span, "service", &known, found);
        }
        Some(service) if names.scope(service) == Scope::Zonal => {
            let message = format!("`{}` is Zonal, and users cannot call a zone", name.value);
            found.error(name.span, message, "expected a Regional, Global or Outside service");
        }
        Some(_) => {}
    }
}

/// The way of one population.
pub(super) struct Way<'w, 's> {
    pub(super) spec: &'w ScenarioSpec,
    pub(super) names: &'w Names<'s>,
    replicas: &'w Replicas<'w>,
    pub(super) name: &'w str,
    id: PopulationId,
    pub(super) population: &'w PopulationSpec,
    /// Routes made so far, by service.
    routes: Vec<(ServiceId, Vec<(RouteId, f64)>)>,
    /// The units of each of them, home first.
    units: Vec<(RouteId, Vec<CompId>)>,
}

impl Way<'_, '_> {
    fn check_regions(&self, found: &mut Diagnostics) {
        let known: Vec<&str> = self.spec.regions.iter().map(|(n, _)| n.value.as_str()).collect();
        let named: Vec<&Spanned<String>> = match &self.population.route {
            RouteSpec::Nearest(_) => Vec::new(),
            RouteSpec::Order(list) => list.iter().collect(),
            RouteSpec::Weighted(list) => list.iter().map(|(name, _)| name).collect(),
        };
        for name in named {
            if !known.contains(&name.value.as_str()) {
                unknown_name(&name.value, name.span, "region", &known, found);
            }
        }
        let journeys: Vec<&str> = self.spec.journeys.iter().map(|(n, _)| n.value.as_str()).collect();
        for (name, _) in &self.population.does {
            if !journeys.contains(&name.value.as_str()) {
                unknown_name(&name.value, name.span, "journey", &journeys, found);
            }
        }
    }

    fn add_usages(&mut self, builder: &mut Builder, found: &mut Diagnostics) {
        for (name, rate) in &self.population.does {
            let position = self.spec.journeys.iter().position(|(n, _)| n.value == name.value);
            let Some(journey) = position else { continue };
            let spec: &JourneySpec = &self.spec.journeys[journey].1;
            let (mut calls, mut sessions) = (Vec::new(), Vec::new());
            for call in &spec.calls {
                if let Some(to) = self.call_tree(&call.to, &name.value, builder, found) {
                    sessions.push(self.session(call, &to, &name.value, found));
                    calls.push(CallDraft { to, times: call.times.value });
                }
            }
            let usage = builder.usage(UsageDraft {
                population: self.id,
                journey: JourneyId::at(journey),
                requests_per_second: rate.value * self.population.count.value,
                calls,
            });
            let load = usage_load(self.spec, (&name.value, spec), self.population, sessions);
            load.into_iter().for_each(|load| builder.usage_load(usage, load));
            say_unknown_calls(usage, spec, builder);
            load::say_unknown(usage, (&name.value, spec), (self.spec, self.population), builder);
        }
    }

    fn call_tree(
        &mut self,
        tree: &CallTreeSpec,
        journey: &str,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> Option<CallTreeDraft> {
        match tree {
            CallTreeSpec::Service(name) => {
                let service = self.names.service(&name.value)?;
                let stays = self.routes_to(service, name, builder, found).map(CallTreeDraft::Service)?;
                self.moved(name, journey, stays, builder, found)
            }
            CallTreeSpec::Mix(parts) => {
                let all: f64 = parts.iter().map(|(share, _)| share.value).sum();
                let part = |(share, t): &(Figure, CallTreeSpec)| {
                    self.call_tree(t, journey, builder, found).map(|t| (share.value / all, t))
                };
                let parts: Option<Vec<_>> = parts.iter().map(part).collect();
                parts.map(CallTreeDraft::Mix)
            }
            CallTreeSpec::FirstOf { of, switch, degraded } => {
                let of: Option<Vec<_>> =
                    of.iter().map(|t| self.call_tree(t, journey, builder, found)).collect();
                let switch = law(switch, self.population.span, found);
                of.map(|of| CallTreeDraft::FirstOf { of, switch, degraded: *degraded })
            }
        }
    }

    /// The units of a route, home first.
    pub(super) fn units_of(&self, route: RouteId) -> &[CompId] {
        self.units.iter().find(|(known, _)| *known == route).map_or(&[], |(_, units)| units)
    }

    /// The routes to a service with their shares, made once.
    pub(super) fn routes_to(
        &mut self,
        service: ServiceId,
        name: &Spanned<String>,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> Option<Vec<(RouteId, f64)>> {
        if let Some((_, routes)) = self.routes.iter().find(|(s, _)| *s == service) {
            return Some(routes.clone());
        }
        let title = format!("{} to {}", self.name, name.value);
        let made = if self.names.scope(service) == Scope::Regional {
            self.regional_routes(service, &title, name, builder, found)?
        } else {
            let units = vec![self.names.unit(service, Place::default())?];
            vec![(self.add_route(title, service, units.clone(), None, builder, found), 1.0, units)]
        };
        let routes: Vec<(RouteId, f64)> = made.iter().map(|(route, share, _)| (*route, *share)).collect();
        self.units.extend(made.into_iter().map(|(route, _, units)| (route, units)));
        self.routes.push((service, routes.clone()));
        Some(routes)
    }

    fn regional_routes(
        &self,
        service: ServiceId,
        title: &str,
        name: &Spanned<String>,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> Option<Vec<(RouteId, f64, Vec<CompId>)>> {
        let homes = self.homes(service, builder, found)?;
        if homes.is_empty() {
            let message = format!("users \"{}\" have no way to `{}`", self.name, name.value);
            found
                .error(self.population.span, message, "expected a route to a region that has it")
                .also(name.span, "called here");
            return None;
        }
        let several = homes.len() > 1;
        let weights: Vec<Figure> = homes.iter().map(|home| home.weight).collect();
        let mut routes = Vec::new();
        for Home { share, regions, .. } in homes {
            let units: Vec<CompId> =
                regions.iter().filter_map(|r| self.names.unit(service, Place::region(r))).collect();
            let home = regions.first().copied().unwrap_or_default();
            let title = if several { format!("{title} from {home}") } else { title.to_owned() };
            let failover = self.failover(&regions, &title, builder, found);
            let max_lag = self.max_lag(&regions, found);
            let route = self.add_route(title, service, units.clone(), failover, builder, found);
            max_lag.into_iter().for_each(|max_lag| builder.max_lag(route, max_lag));
            routes.push((route, share, units));
        }
        let of = SplitPlace::Routes(routes.iter().map(|(route, _, _)| *route).collect());
        say_unknown_split(of, weights.iter(), builder);
        Some(routes)
    }

    fn add_route(
        &self,
        name: String,
        service: ServiceId,
        units: Vec<CompId>,
        failover: Option<FailoverDraft>,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> RouteId {
        let failover = failover.filter(|_| units.len() > 1);
        let landings = self.landings(&units, failover.is_some(), builder, found);
        let route = builder.route(RouteDraft { name, population: self.id, service, units, failover });
        if let Some(landings) = landings {
            builder.landings(route, landings);
        }
        route
    }

    /// Shares of the population and, for each, the regions that have the service, home first.
    fn homes(&self, service: ServiceId, builder: &Builder, found: &mut Diagnostics) -> Option<Vec<Home<'_>>> {
        let has = |region: &&str| self.names.unit(service, Place::region(region)).is_some();
        match &self.population.route {
            RouteSpec::Order(list) => {
                let regions: Vec<&str> = list.iter().map(|r| r.value.as_str()).filter(has).collect();
                Some(Home::only(regions).into_iter().collect())
            }
            RouteSpec::Nearest(span) => {
                let mut regions: Vec<&str> =
                    self.spec.regions.iter().map(|(n, _)| n.value.as_str()).filter(has).collect();
                match self.names.joins.is_some() {
                    true => self.sort_by_latency(&mut regions, builder),
                    false if regions.len() > 1 => self.sort_by_distance(&mut regions, *span, found)?,
                    false => {}
                }
                Some(Home::only(regions).into_iter().collect())
            }
            RouteSpec::Weighted(list) => {
                let homes: Vec<(Figure, &str)> = list
                    .iter()
                    .map(|(n, weight)| (*weight, n.value.as_str()))
                    .filter(|(weight, r)| weight.value > 0.0 && has(r))
                    .collect();
                let total: f64 = homes.iter().map(|(weight, _)| weight.value).sum();
                // Users who must move go where most others are.
                let mut largest_first = homes.clone();
                largest_first.sort_by(|(a, _), (b, _)| b.value.total_cmp(&a.value));
                let from = |home: &str| {
                    largest_first.iter().map(|(_, r)| *r).filter(|r| *r != home).collect::<Vec<_>>()
                };
                let regions = |home| [vec![home], from(home)].concat();
                let home = |(weight, home): (Figure, _)| Home {
                    weight,
                    share: weight.value / total,
                    regions: regions(home),
                };
                Some(homes.into_iter().map(home).collect())
            }
        }
    }

    /// Nearest first: without a network, latency grows with distance.
    fn sort_by_distance(
        &self,
        regions: &mut [&str],
        span: crate::scenario::Span,
        found: &mut Diagnostics,
    ) -> Option<()> {
        let place_of = |name: &str| {
            self.spec.regions.iter().find(|(n, _)| n.value == name).and_then(|(_, region)| region.at)
        };
        let Some(here) = self.population.at else {
            let label = "expected `at: (latitude, longitude)` beside it, or `route: Order([...])`";
            found.error(
                span,
                format!("users \"{}\" have no place, so no region is nearest", self.name),
                label,
            );
            return None;
        };
        if let Some(unplaced) = regions.iter().find(|r| place_of(r).is_none()) {
            let message = format!("region `{unplaced}` has no place, so it cannot be told how near it is");
            found.error(
                span,
                message,
                "expected `at: (latitude, longitude)` in the region, or `route: Order([...])`",
            );
            return None;
        }
        let distance = |name: &str| {
            place_of(name).map_or(f64::INFINITY, |there| crate::units::great_circle_km(here, there))
        };
        regions.sort_by(|a, b| distance(a).total_cmp(&distance(b)).then(a.cmp(b)));
        Some(())
    }

    fn max_lag(&self, regions: &[&str], found: &mut Diagnostics) -> Option<MaxLag> {
        let most = self.population.failover.as_ref()?.max_lag.as_ref()?;
        (regions.len() > 1).then(|| self.replicas.max_lag(most, regions, found))?
    }

    fn failover(
        &self,
        regions: &[&str],
        owner: &str,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> Option<FailoverDraft> {
        let spec: &FailoverSpec = self.population.failover.as_ref()?;
        let span = self.population.span;
        let needs: Vec<Option<Expression>> = regions
            .iter()
            .map(|region| {
                Resolver::new(self.names, Place::region(region), owner, builder, found).all(&spec.needs)
            })
            .collect();
        Some(FailoverDraft {
            detect: law(&spec.detect, span, found),
            shift: law(&spec.shift, span, found),
            works: spec.works.value,
            quiet: law(&spec.quiet, span, found),
            needs,
            needs_at_target: spec.needs_at_target,
        })
    }
}
