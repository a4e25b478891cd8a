//! The static structure of a model: which failures, present together, take a journey down, as statements about independent
//! parts.
//!
//! As for cut sets, what buys time or takes time is set aside: holdovers are used up, standbys run, users have been moved.

use std::collections::BTreeMap;

use super::ExactError;
use super::closed::at_least;
use super::common_causes::{CommonCause, LeftOut, common_causes};
use super::structure::{Importance, Parts, Statement, importances};
use crate::law::Law;
use crate::model::{
    CallTree, CompId, Component, Effect, Expressions, HazardId, Mode, ModeId, Model, NodeId, NodeKind, Path,
    RouteId, UsageId, direct_inputs, routes_of,
};

/// Rounds in which a cycle of needs settles; each takes at least one component out.
const MOST_ROUNDS: usize = 10_000;
/// Routes of one journey above which there is no answer.
const MOST_ROUTES: usize = 24;
/// A level is at least a threshold also where rounding has taken so much of it.
const SLACK: f64 = 1e-12;

/// The static structure of some journeys, solved.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// Probability of being down; of several journeys the weighted mean.
    pub down: f64,
    /// Whatever can fail by itself, in order of id.
    pub parts: Vec<SolvedPart>,
    /// Strikes of hazards that take something down, in the order of the model.
    pub events: Vec<SolvedEvent>,
    /// Failure modes that are left out: they make calls fail or take a part of the capacity.
    pub partial_modes: Vec<ModeId>,
    /// Hazards and surges that are left out.
    pub left_out: Vec<(HazardId, LeftOut)>,
}

/// A strike in a static structure.
#[derive(Debug, Clone, PartialEq)]
pub struct SolvedEvent {
    /// "storm: halls".
    pub name: String,
    /// Probability that it is not mended yet.
    pub out: f64,
    /// What that has to do with being down.
    pub importance: Importance,
}

/// One component in a static structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SolvedPart {
    /// The component.
    pub component: CompId,
    /// Probability that it is out.
    pub out: f64,
    /// What that has to do with being down.
    pub importance: Importance,
}

/// Solves the static structure of journeys with their weights.
///
/// Failures of components and strikes of hazards are independent of each other and of time. A component is out with the
/// probability of [`unavailability`], or while a strike that took it down is not mended, with that of [`common_causes`].
///
/// # Errors
/// [`ExactError::TooLarge`], or [`ExactError::NotStatic`] where a need looks at levels between 0 and 1 in a way that is not
/// simply met or not.
pub fn solve(model: &Model, usages: &[(UsageId, f64)]) -> Result<Solved, ExactError> {
    let (causes, left_out) = common_causes(model);
    let with_hazards = solve_with(model, usages, &causes, &left_out);
    if causes.is_empty() || with_hazards != Err(ExactError::TooLarge) {
        return with_hazards;
    }
    // Strikes on many components make large diagrams: without them there may be an answer.
    let mut hazards: Vec<HazardId> = causes.iter().map(|cause| cause.hazard).collect();
    hazards.dedup();
    let too_large = hazards.into_iter().map(|hazard| (hazard, LeftOut::TooLarge));
    let mut left_out: Vec<(HazardId, LeftOut)> = left_out.into_iter().chain(too_large).collect();
    left_out.sort_by_key(|(hazard, _)| *hazard);
    solve_with(model, usages, &[], &left_out)
}

fn solve_with(
    model: &Model,
    usages: &[(UsageId, f64)],
    causes: &[CommonCause],
    left_out: &[(HazardId, LeftOut)],
) -> Result<Solved, ExactError> {
    let ids: Vec<UsageId> = usages.iter().map(|(usage, _)| *usage).collect();
    let mut needs = Needs::new(model, &ids, causes)?;
    let downs = ids.iter().map(|usage| needs.down(*usage)).collect::<Result<Vec<Statement>, _>>()?;
    let out = needs.probabilities();
    let weights: f64 = usages.iter().map(|(_, weight)| weight).sum();
    let mut sums = vec![(0.0, 0.0); out.len()];
    let mut down = 0.0;
    for (statement, (_, weight)) in downs.iter().zip(usages) {
        let share = weight / weights;
        down += share * statement.probability(&out);
        for (sum, importance) in sums.iter_mut().zip(importances(statement, &out)) {
            sum.0 += share * importance.if_out;
            sum.1 += share * importance.if_perfect;
        }
    }
    let solved: Vec<(f64, Importance)> = (out.iter().zip(sums))
        .map(|(out, (if_out, if_perfect))| (*out, Importance::of(down, if_out, if_perfect)))
        .collect();
    let (of_parts, of_events) = solved.split_at(needs.failing.len());
    let part = |(component, (out, importance)): (&CompId, &(f64, Importance))| SolvedPart {
        component: *component,
        out: *out,
        importance: *importance,
    };
    let event = |(cause, (out, importance)): (&CommonCause, &(f64, Importance))| SolvedEvent {
        name: cause.name.clone(),
        out: *out,
        importance: *importance,
    };
    let mut parts: Vec<SolvedPart> = needs.failing.iter().zip(of_parts).map(part).collect();
    parts.sort_by_key(|part| part.component);
    let is_partial = |mode: &Mode| !matches!(mode.effect, Effect::Down);
    let modes = needs.failing.iter().flat_map(|c| model.components[c.index()].modes.clone());
    Ok(Solved {
        down,
        parts,
        events: causes.iter().zip(of_events).map(event).collect(),
        partial_modes: modes.filter(|mode| is_partial(&model.modes[*mode])).map(ModeId::at).collect(),
        left_out: left_out.to_vec(),
    })
}

/// The probability that so many units of a component, or more, work: 1 - that of being out.
///
/// Formula: of a mode F(T) if it is never mended, T the horizon, else mttr / (mttf + mttr), with mttr the mean of detection
/// (the time until the inspection that finds it, too), the longest permit, travel and work; of a unit 1 - product of (1 - q) over its modes
/// that take it down, and over a standby's failure to start; of the component the binomial law.
///
/// Not in it: waits for crews and for what repairs need; clocks that run only while something else does count as running
/// always.
#[must_use]
pub fn unavailability(model: &Model, component: CompId, needed: usize) -> f64 {
    let c = &model.components[component.index()];
    let modes = model.modes[c.modes.clone()].iter().filter(|mode| c.pooled || mode.unit == 0);
    let works: f64 = modes.map(|mode| 1.0 - of_mode(model, mode)).product();
    let starts = c.standby.as_ref().map_or(1.0, |standby| 1.0 - standby.fails_to_start);
    let out = 1.0 - works * starts;
    let units = c.units.max(1) as usize;
    if units == 1 { out } else { at_least(units + 1 - needed.min(units), &vec![out; units]) }
}

fn of_mode(model: &Model, mode: &Mode) -> f64 {
    let mttf = mode.every.mean();
    if !matches!(mode.effect, Effect::Down) || !mttf.is_finite() {
        return 0.0;
    }
    let repair = &model.repairs[mode.repair.index()];
    if matches!(repair.work, Law::Never) {
        return mode.every.cdf(model.horizon.micros() as f64);
    }
    let permit = mode.permits.iter().map(|permit| permit.takes.mean()).fold(0.0, f64::max);
    let inspection = mode.inspection.map_or(0.0, |interval| unnoticed(&mode.every, interval.micros_f64()));
    let mttr = repair.detect.mean() + inspection + permit + repair.travel.mean() + repair.work.mean();
    mttr / (mttf + mttr)
}

/// Mean time from a failure to the inspection that finds it, after an inspection or repair that left it working.
///
/// Formula: T / (1 - exp(-T / mttf)) - mttf for exponential failures, T the interval; T / 2 for other laws, to which it tends where
/// failures are rare.
///
/// Source: M. Rausand, Reliability of Safety-Critical Systems (2014), section 8.2: unavailability 1 - (1 - exp(-T / mttf)) mttf / T.
fn unnoticed(failures: &Law, interval: f64) -> f64 {
    let known = match failures {
        Law::Uncertain(uncertain) => uncertain.nominal(),
        known => known,
    };
    let mttf = known.mean();
    let ratio = interval / mttf;
    // Where nearly all is lost in the difference, T / 2 is as good.
    if !matches!(known, Law::Exp(_)) || ratio < 1e-6 {
        return 0.5 * interval;
    }
    interval / -libm::expm1(-ratio) - mttf
}

/// A component with the level from which on it is asked for; 0 stands for "above 0".
type Asked = (u32, CompId, u64);

struct Needs<'m> {
    model: &'m Model,
    parts: Parts,
    /// What can fail by itself, by number of its part.
    failing: Vec<CompId>,
    /// Number of the part of each component.
    part_of: Vec<Option<usize>>,
    /// Strikes that take components down; their parts come after those of components.
    causes: &'m [CommonCause],
    /// The numbers of those that hit each component.
    hit_by: Vec<Vec<usize>>,
    /// Units that each part is asked to have at work.
    needed: Vec<Option<usize>>,
    /// What is known of components so far, inputs first.
    known: BTreeMap<Asked, Statement>,
    ways: BTreeMap<CompId, Statement>,
    grew: bool,
}

impl<'m> Needs<'m> {
    fn new(model: &'m Model, usages: &[UsageId], causes: &'m [CommonCause]) -> Result<Self, ExactError> {
        let behind = behind(model, usages);
        let fails = |c: &CompId| {
            let component = &model.components[c.index()];
            !component.modes.is_empty()
                || component.standby.as_ref().is_some_and(|standby| standby.fails_to_start > 0.0)
        };
        let failing: Vec<CompId> = behind.iter().copied().filter(fails).collect();
        let mut part_of = vec![None; model.components.len()];
        for (number, component) in failing.iter().enumerate() {
            part_of[component.index()] = Some(number);
        }
        let mut hit_by = vec![Vec::new(); model.components.len()];
        for (number, cause) in causes.iter().enumerate() {
            cause.components.iter().for_each(|component| hit_by[component.index()].push(number));
        }
        let mut needs = Self {
            model,
            parts: Parts::new(failing.len() + causes.len())?,
            causes,
            hit_by,
            needed: vec![None; failing.len()],
            failing,
            part_of,
            known: BTreeMap::new(),
            ways: BTreeMap::new(),
            grew: false,
        };
        needs.find_ways(&behind)?;
        Ok(needs)
    }

    fn probabilities(&self) -> Vec<f64> {
        let all = self.failing.iter().zip(&self.needed);
        let of_parts = all.map(|(c, needed)| unavailability(self.model, *c, needed.unwrap_or(1)));
        of_parts.chain(self.causes.iter().map(|cause| cause.out)).collect()
    }

    /// "The journey is down", once users have been moved to the best units of their routes.
    fn down(&mut self, usage: UsageId) -> Result<Statement, ExactError> {
        let routes = routes_of(self.model, usage);
        if routes.len() > MOST_ROUTES {
            return Err(ExactError::TooLarge);
        }
        routes.iter().for_each(|route| self.ask_route(*route));
        self.settle()?;
        let serves: Vec<(RouteId, Statement)> = routes
            .iter()
            .map(|route| Ok((*route, self.route(*route)?)))
            .collect::<Result<_, ExactError>>()?;
        let mut up = vec![true; serves.len()];
        self.down_from(usage, &serves, 0, &mut up)
    }

    /// "Down", given whether each of the first routes serves.
    fn down_from(
        &self,
        usage: UsageId,
        serves: &[(RouteId, Statement)],
        decided: usize,
        up: &mut [bool],
    ) -> Result<Statement, ExactError> {
        // More routes that serve are never worse.
        up[decided..].fill(true);
        if self.is_down(usage, serves, up) {
            return Ok(self.parts.always());
        }
        up[decided..].fill(false);
        if !self.is_down(usage, serves, up) {
            return Ok(self.parts.never());
        }
        let Some((_, statement)) = serves.get(decided) else { return Ok(self.parts.never()) };
        up[decided] = true;
        let with = self.down_from(usage, serves, decided + 1, up)?;
        up[decided] = false;
        let without = self.down_from(usage, serves, decided + 1, up)?;
        statement.and(&with)?.or(&statement.not().and(&without)?)
    }

    fn is_down(&self, usage: UsageId, serves: &[(RouteId, Statement)], up: &[bool]) -> bool {
        let usage = &self.model.usages[usage.index()];
        let of_route = |route: RouteId| {
            let place = serves.iter().position(|(known, _)| *known == route);
            f64::from(u8::from(place.is_some_and(|place| up[place])))
        };
        let success: f64 =
            usage.calls.iter().map(|call| libm::pow(success(&call.to, &of_route), call.times)).product();
        1.0 - success >= self.model.journeys[usage.journey.index()].objective.down_at - SLACK
    }

    fn ask_route(&mut self, route: RouteId) {
        let model = self.model;
        let route = &model.routes[route.index()];
        for unit in &route.units {
            self.level(*unit, 0.0);
        }
        for landing in route.landings.iter().flatten() {
            landing.members.iter().for_each(|member| {
                self.level(*member, 0.0);
            });
        }
    }

    /// "The route leads to a unit that is up"; to its first unit only where users stay there.
    fn route(&mut self, route: RouteId) -> Result<Statement, ExactError> {
        let model = self.model;
        let route = &model.routes[route.index()];
        let places = if route.failover.is_some() { route.units.len() } else { 1 };
        let mut serves = Vec::new();
        for (place, unit) in route.units.iter().enumerate().take(places) {
            let up = self.level(*unit, 0.0);
            let landings = route.landings.get(place).map_or(&[][..], Vec::as_slice);
            if landings.is_empty() {
                serves.push(up);
                continue;
            }
            let mut lands = Vec::new();
            for landing in landings {
                let way = self.level(landing.path, 0.0);
                let members: Vec<Statement> = landing.members.iter().map(|m| self.level(*m, 0.0)).collect();
                lands.push(if members.is_empty() { way } else { way.and(&self.parts.any(&members)?)? });
            }
            serves.push(up.and(&self.parts.any(&lands)?)?);
        }
        self.parts.any(&serves)
    }

    /// Solves all that is asked for: the greatest solution, as the engine's.
    fn settle(&mut self) -> Result<(), ExactError> {
        for _ in 0..MOST_ROUNDS {
            self.grew = false;
            let asked: Vec<Asked> = self.known.keys().copied().collect();
            let mut changed = false;
            for key in asked {
                let (_, component, bits) = key;
                let found = self.component(component, f64::from_bits(bits))?;
                changed |= self.known.insert(key, found.clone()).is_some_and(|before| before != found);
            }
            if !changed && !self.grew {
                return Ok(());
            }
        }
        Err(ExactError::TooLarge)
    }

    /// What is known of "the component's level is at least `from`", or above 0 if `from` is 0.
    fn level(&mut self, component: CompId, from: f64) -> Statement {
        if let Some(way) = self.ways.get(&component) {
            return way.clone();
        }
        let key = (self.model.graph.rank[component.index()], component, from.to_bits());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        self.grew = true;
        let always = self.parts.always();
        self.known.insert(key, always.clone());
        always
    }

    fn component(&mut self, component: CompId, from: f64) -> Result<Statement, ExactError> {
        let model = self.model;
        let c = &model.components[component.index()];
        let spared = self.spared(component)?;
        let own = self.own(component, c, from)?.and(&spared)?;
        match c.support {
            Some(support) => own.and(&self.value(support, from)?),
            None => Ok(own),
        }
    }

    /// "No strike holds it down."
    fn spared(&self, component: CompId) -> Result<Statement, ExactError> {
        let strikes = self.hit_by[component.index()].iter();
        let mended: Vec<Statement> =
            strikes.map(|cause| self.parts.works(self.failing.len() + cause)).collect();
        self.parts.all(&mended)
    }

    /// "Enough of its units work."
    fn own(&mut self, component: CompId, c: &Component, from: f64) -> Result<Statement, ExactError> {
        let Some(part) = self.part_of[component.index()] else { return Ok(self.parts.always()) };
        let share = (libm::ceil(from * f64::from(c.units) - SLACK) as usize).max(1);
        let units = c.enough.map_or(share, |enough| share.min(enough.max(1) as usize));
        let needed = *self.needed[part].get_or_insert(units);
        if needed != units {
            let reason = format!("{} is needed in two strengths, {needed} and {units} units", c.name);
            return Err(ExactError::NotStatic { reason });
        }
        Ok(self.parts.works(part))
    }

    /// "The value of the expression is at least `from`", or above 0.
    fn value(&mut self, node: NodeId, from: f64) -> Result<Statement, ExactError> {
        let model = self.model;
        let kind = model.expressions.kind(node);
        if let Some(target) = Expressions::target(kind) {
            return Ok(match kind {
                NodeKind::LevelAtLeast(_, x) if x > 0.0 => self.level(target, x),
                NodeKind::LevelAtLeast(..) => self.parts.always(),
                NodeKind::Up(_) => self.level(target, 0.0),
                NodeKind::Down(_) => self.level(target, 0.0).not(),
                _ => self.level(target, from),
            });
        }
        let children = model.expressions.children(node);
        match kind {
            NodeKind::All => self.gate(children, from, Parts::all),
            NodeKind::Any => self.gate(children, from, Parts::any),
            NodeKind::AtLeast(k) => self.gate(children, from, |parts, of| parts.at_least(k as usize, of)),
            NodeKind::Quorum(k) => self.gate(children, 0.0, |parts, of| parts.at_least(k as usize, of)),
            NodeKind::Share if from == 0.0 => self.gate(children, 0.0, Parts::any),
            NodeKind::Share => self.share(children, from),
            NodeKind::Not => Ok(self.gate(children, 0.0, Parts::all)?.not()),
            NodeKind::Need { at_least, otherwise, .. } => {
                let Some(inner) = children.first() else { return Ok(self.parts.always()) };
                self.need(*inner, at_least, otherwise, from)
            }
            _ => Ok(self.parts.always()),
        }
    }

    fn gate(
        &mut self,
        inputs: &[NodeId],
        from: f64,
        join: impl FnOnce(&Parts, &[Statement]) -> Result<Statement, ExactError>,
    ) -> Result<Statement, ExactError> {
        let values: Result<Vec<Statement>, ExactError> =
            inputs.iter().map(|node| self.value(*node, from)).collect();
        join(&self.parts, &values?)
    }

    /// Met, or what stands in for it is enough.
    fn need(
        &mut self,
        inner: NodeId,
        at_least: Option<f64>,
        otherwise: f64,
        from: f64,
    ) -> Result<Statement, ExactError> {
        let is_enough = if from > 0.0 { otherwise >= from } else { otherwise > 0.0 };
        match at_least {
            Some(x) if x <= 0.0 => Ok(self.parts.always()),
            Some(_) if is_enough => Ok(self.parts.always()),
            Some(x) => self.value(inner, x),
            None if is_enough => {
                let lost = self.value(inner, 0.0)?.not();
                self.value(inner, from)?.or(&lost)
            }
            None => self.value(inner, from),
        }
    }

    /// The mean of values that are 0 or 1 each.
    fn share(&mut self, nodes: &[NodeId], from: f64) -> Result<Statement, ExactError> {
        if let Some(node) = nodes.iter().find(|node| !self.is_met_or_not(**node, 0)) {
            let named = Expressions::target(self.model.expressions.kind(*node));
            let name = named.map_or("a need".to_owned(), |c| self.model.components[c.index()].name.clone());
            let reason = format!("{name} passes a level between 0 and 1 on to a mean");
            return Err(ExactError::NotStatic { reason });
        }
        let needed = libm::ceil(from * nodes.len() as f64 - SLACK) as usize;
        self.gate(nodes, 0.0, |parts, of| parts.at_least(needed, of))
    }

    /// True if the value is 0 or 1; a component within a cycle always is.
    fn is_met_or_not(&self, node: NodeId, depth: usize) -> bool {
        let expressions = &self.model.expressions;
        match expressions.kind(node) {
            NodeKind::Level(component) => {
                let c = &self.model.components[component.index()];
                let support = |support| depth > 64 || self.is_met_or_not(support, depth + 1);
                c.units == 1 && c.support.is_none_or(support)
            }
            NodeKind::Share => false,
            NodeKind::Need { at_least: Some(_), otherwise, .. } => otherwise == 0.0 || otherwise == 1.0,
            NodeKind::Need { otherwise, .. } if otherwise > 0.0 && otherwise < 1.0 => false,
            NodeKind::All | NodeKind::Any | NodeKind::AtLeast(_) | NodeKind::Need { .. } => {
                expressions.children(node).iter().all(|child| self.is_met_or_not(*child, depth))
            }
            _ => true,
        }
    }

    /// "There is a way" for each path behind the journeys: what carries the network needs none of them.
    fn find_ways(&mut self, behind: &[CompId]) -> Result<(), ExactError> {
        let model = self.model;
        let is_behind = |path: &&Path| behind.contains(&path.component);
        let paths: Vec<&Path> = model.network.paths.iter().filter(is_behind).collect();
        if paths.is_empty() {
            return Ok(());
        }
        model.network.elements().for_each(|element| {
            self.level(element, 0.0);
        });
        self.settle()?;
        for path in paths {
            let way = self.way(path)?;
            self.ways.insert(path.component, way);
        }
        Ok(())
    }

    /// "One end reaches the other", by the least solution: a site is reached that stands and has an edge from one that is.
    fn way(&mut self, path: &Path) -> Result<Statement, ExactError> {
        let network = &self.model.network;
        let joins = |place: crate::model::PlaceId| network.places[place.index()].joins.iter();
        let sites: Vec<Statement> =
            network.sites.iter().map(|site| self.level(site.component, 0.0)).collect();
        let edges: Vec<Statement> =
            network.edges.iter().map(|edge| self.level(edge.component, 0.0)).collect();
        let mut reached = vec![self.parts.never(); sites.len()];
        for (site, _) in joins(path.from) {
            reached[site.index()] = sites[site.index()].clone();
        }
        let mut changed = true;
        while changed {
            changed = false;
            for (edge, works) in network.edges.iter().zip(&edges) {
                let (a, b) = (edge.ends.0.index(), edge.ends.1.index());
                for (here, there) in [(a, b), (b, a)] {
                    let over = reached[here].and(works)?.and(&sites[there])?;
                    let either = reached[there].or(&over)?;
                    if either != reached[there] {
                        reached[there] = either;
                        changed = true;
                    }
                }
            }
        }
        let ends: Vec<Statement> = joins(path.to).map(|(site, _)| reached[site.index()].clone()).collect();
        self.parts.any(&ends)
    }
}

/// Success of a call, given that of each route.
fn success(tree: &CallTree, of_route: &impl Fn(RouteId) -> f64) -> f64 {
    match tree {
        CallTree::Service(routes) => routes.iter().map(|(route, share)| share * of_route(*route)).sum(),
        CallTree::Mix(parts) => parts.iter().map(|(weight, part)| weight * success(part, of_route)).sum(),
        // Without a surge nobody is moved.
        CallTree::Moved { stays, .. } => success(stays, of_route),
        CallTree::FirstOf { of, .. } => {
            1.0 - of.iter().map(|part| 1.0 - success(part, of_route)).product::<f64>()
        }
    }
}

/// Everything that the journeys depend on, what belongs together near each other.
fn behind(model: &Model, usages: &[UsageId]) -> Vec<CompId> {
    let inputs = direct_inputs(model);
    let mut seen = vec![false; model.components.len()];
    let mut order = Vec::new();
    let mut open: Vec<CompId> = Vec::new();
    for usage in usages {
        for route in routes_of(model, *usage) {
            let route = &model.routes[route.index()];
            open.extend(&route.units);
            open.extend(route.landings.iter().flatten().map(|landing| landing.path));
        }
        open.reverse();
        while let Some(component) = open.pop() {
            if !std::mem::replace(&mut seen[component.index()], true) {
                order.push(component);
                open.extend(inputs[component.index()].iter().rev());
            }
        }
    }
    order
}
