//! Minimal cut sets of order 1 and 2: which components, out of service alone or in pairs, stop a journey.
//!
//! They follow from structure alone. What buys time or needs time is set aside: holdovers are used up, standbys run,
//! alternatives have been turned to, nothing waits for a restart. Users stay at the unit that serves them at first; whether
//! moving would help is said beside.

use super::component::Kind;
use super::expression::Expressions;
use super::graph::root_of;
use super::ids::{CompId, HoldId, NodeId, RouteId, UsageId};
use super::network::Network;
use super::users::CallTree;
use super::{Model, Root};

/// Levels that the search for pairs may look at, over all journeys: their number grows with the cube of the components.
const MOST_WORK: usize = 100_000_000;

/// Components that stop a journey of a population when all of them are out of service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// One component or two, in order of id.
    pub components: Vec<CompId>,
    /// True if the journey comes back once its users have been moved to the other units of their routes.
    pub moving_helps: bool,
}

/// The minimal cut sets of one journey of one population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cuts {
    /// Whose.
    pub usage: UsageId,
    /// Everything that the journey depends on, in order of id.
    pub behind: Vec<CompId>,
    /// Single points of failure, in order of id.
    pub single: Vec<Cut>,
    /// Pairs without a single point of failure in them; `None` if there was too much to search.
    ///
    /// A pair that only repeats a pair of zones or regions, through what takes them down or what they take down, is left out.
    pub pairs: Option<Vec<Cut>>,
}

/// The minimal cut sets of order 1 and 2 of a journey of a population: with them out, it counts as down.
///
/// Source: Rausand and Hoyland, System Reliability Theory (2004), section 3.6.
#[must_use]
pub fn cuts(model: &Model, usage: UsageId) -> Cuts {
    let mut search = Search::new(model, usage);
    let behind = search.behind();
    // Signals and responses do not fail.
    let fails = |c: &CompId| !model.components[c.index()].kind.is_derived();
    let behind: Vec<CompId> = behind.into_iter().filter(fails).collect();
    let single: Vec<Cut> = behind.iter().filter_map(|c| search.cut(&[*c])).collect();
    let is_single = |c: &CompId| single.iter().any(|cut| cut.components == [*c]);
    let others: Vec<CompId> = behind.iter().copied().filter(|c| !is_single(c)).collect();
    let work = others.len() * others.len() * behind.len() * model.usages.len();
    let pairs = (work <= MOST_WORK).then(|| search.pairs(&others));
    Cuts { usage, behind, single, pairs }
}

/// For each component whether it is at 0 while only `component` is out, time aside as in [`cuts`].
#[must_use]
pub fn taken_down_by(model: &Model, component: CompId) -> Vec<bool> {
    let order = model.graph.ranked.iter().flatten().copied().collect();
    let level = vec![1.0; model.components.len()];
    Search { model, usage: UsageId::at(0), level, order }.taken_down_by(component)
}

/// Levels while some components are out.
struct Search<'m> {
    model: &'m Model,
    usage: UsageId,
    level: Vec<f64>,
    /// What is behind the journey, inputs first.
    order: Vec<CompId>,
}

impl<'m> Search<'m> {
    fn new(model: &'m Model, usage: UsageId) -> Self {
        Self { model, usage, level: vec![1.0; model.components.len()], order: Vec::new() }
    }

    /// Everything that the units behind the journey's routes depend on, themselves included, in order of id.
    fn behind(&mut self) -> Vec<CompId> {
        let model = self.model;
        let mut seen = vec![false; model.components.len()];
        let mut open: Vec<CompId> = Vec::new();
        let inputs = direct_inputs(model);
        for route in routes_of(model, self.usage) {
            let route = &model.routes[route.index()];
            open.extend(&route.units);
            open.extend(route.landings.iter().flatten().map(|landing| landing.path));
        }
        while let Some(component) = open.pop() {
            if !std::mem::replace(&mut seen[component.index()], true) {
                open.extend(&inputs[component.index()]);
            }
        }
        let ranked = model.graph.ranked.iter().flatten().copied();
        self.order = ranked.filter(|c| seen[c.index()]).collect();
        (0..seen.len()).filter(|i| seen[*i]).map(CompId::at).collect()
    }

    /// The cut that these components make; `None` if the journey goes on without them.
    fn cut(&mut self, out: &[CompId]) -> Option<Cut> {
        self.solve(out);
        if !self.is_down(false) {
            return None;
        }
        Some(Cut { components: out.to_vec(), moving_helps: !self.is_down(true) })
    }

    fn pairs(&mut self, others: &[CompId]) -> Vec<Cut> {
        // What goes out with each: a pair within one of these is that one alone.
        let mut pairs = Vec::new();
        for (index, first) in others.iter().enumerate() {
            for second in &others[index + 1..] {
                pairs.extend(self.cut(&[*first, *second]));
            }
        }
        let takes_down: Vec<Vec<bool>> = others.iter().map(|c| self.taken_down_by(*c)).collect();
        let place = |c: CompId| others.binary_search(&c).unwrap_or_default();
        let related =
            |a: CompId, b: CompId| takes_down[place(a)][b.index()] || takes_down[place(b)][a.index()];
        let is_place = |c: CompId| matches!(self.model.components[c.index()].kind, Kind::Zone | Kind::Region);
        let repeats = |cut: &Cut, better: &Cut| {
            let ([a, b], [x, y]) = (cut.components.as_slice(), better.components.as_slice()) else {
                return false;
            };
            let stands_for = |of: CompId, by: CompId| of == by || (is_place(by) && related(of, by));
            let all_places = |cut: &Cut| cut.components.iter().filter(|c| is_place(**c)).count();
            all_places(better) > all_places(cut)
                && ((stands_for(*a, *x) && stands_for(*b, *y)) || (stands_for(*a, *y) && stands_for(*b, *x)))
        };
        let of_places: Vec<Cut> =
            pairs.iter().filter(|c: &&Cut| c.components.iter().any(|c| is_place(*c))).cloned().collect();
        pairs.retain(|cut| !of_places.iter().any(|better| repeats(cut, better)));
        pairs
    }

    /// What is at 0 while only `component` is out.
    fn taken_down_by(&mut self, component: CompId) -> Vec<bool> {
        self.solve(&[component]);
        self.level.iter().map(|level| *level <= 0.0).collect()
    }

    /// The greatest solution of the dependency equations with these components at 0.
    fn solve(&mut self, out: &[CompId]) {
        self.level.fill(1.0);
        for component in out {
            self.level[component.index()] = 0.0;
        }
        let mut changed = true;
        while changed {
            changed = false;
            for place in 0..self.order.len() {
                let component = self.order[place];
                let level = self.level[component.index()].min(self.support(component));
                if level < self.level[component.index()] {
                    self.level[component.index()] = level;
                    changed = true;
                }
            }
            changed |= self.solve_network();
        }
    }

    fn support(&self, component: CompId) -> f64 {
        let Some(node) = self.model.components[component.index()].support else { return 1.0 };
        let nothing = |_: HoldId| None;
        self.model.expressions.evaluate(node, &|c: CompId| self.level[c.index()], &nothing)
    }

    /// Puts the ways at 0 whose ends no longer reach each other; true if there are any.
    fn solve_network(&mut self) -> bool {
        let network = &self.model.network;
        if network.is_perfect() {
            return false;
        }
        let mut changed = false;
        let regions = connected(network, &self.level);
        for path in &network.paths {
            let level = &mut self.level[path.component.index()];
            let ends = [path.from, path.to].map(|place| {
                let joins = network.places[place.index()].joins.iter();
                joins.filter_map(|(site, _)| regions[site.index()]).collect::<Vec<_>>()
            });
            let reached = ends[0].iter().any(|region| ends[1].contains(region));
            if *level > 0.0 && !reached {
                *level = 0.0;
                changed = true;
            }
        }
        changed
    }

    /// True if so many requests fail that the journey counts as down; `moved`: at the best units of their routes.
    fn is_down(&self, moved: bool) -> bool {
        let usage = &self.model.usages[self.usage.index()];
        let mut success = 1.0;
        for call in &usage.calls {
            success *= libm::pow(self.success(&call.to, moved), call.times);
        }
        1.0 - success >= self.model.journeys[usage.journey.index()].objective.down_at - 1e-12
    }

    fn success(&self, tree: &CallTree, moved: bool) -> f64 {
        match tree {
            CallTree::Service(routes) => {
                routes.iter().map(|(route, share)| share * self.route_success(*route, moved)).sum()
            }
            CallTree::Mix(parts) => {
                parts.iter().map(|(weight, part)| weight * self.success(part, moved)).sum()
            }
            CallTree::FirstOf { of, .. } => {
                1.0 - of.iter().map(|part| 1.0 - self.success(part, moved)).product::<f64>()
            }
            // Without a surge nobody is moved.
            CallTree::Moved { stays, .. } => self.success(stays, moved),
        }
    }

    fn route_success(&self, route: RouteId, moved: bool) -> f64 {
        let route = &self.model.routes[route.index()];
        let places = if moved && route.failover.is_some() { route.units.len() } else { 1 };
        let serves = |(place, unit): (usize, &CompId)| {
            let up = |c: &CompId| self.level[c.index()] > 0.0;
            let landings = route.landings.get(place).map_or(&[][..], Vec::as_slice);
            let lands = landings.is_empty()
                || landings.iter().any(|l| up(&l.path) && (l.members.is_empty() || l.members.iter().any(up)));
            up(unit) && lands
        };
        if route.units.iter().enumerate().take(places).any(serves) { 1.0 } else { 0.0 }
    }
}

/// For each site that is up, a number that it shares with all sites that it reaches.
fn connected(network: &Network, level: &[f64]) -> Vec<Option<usize>> {
    let up = |component: CompId| level[component.index()] > 0.0;
    let mut region: Vec<Option<usize>> = vec![None; network.sites.len()];
    for start in 0..network.sites.len() {
        if region[start].is_some() || !up(network.sites[start].component) {
            continue;
        }
        let mut open = vec![start];
        while let Some(site) = open.pop() {
            if region[site].replace(start).is_some() {
                continue;
            }
            for edge in network.edges.iter().filter(|edge| up(edge.component)) {
                let (a, b) = (edge.ends.0.index(), edge.ends.1.index());
                for (here, there) in [(a, b), (b, a)] {
                    if here == site && region[there].is_none() && up(network.sites[there].component) {
                        open.push(there);
                    }
                }
            }
        }
    }
    region
}

/// What each component's level depends on directly.
#[must_use]
pub fn direct_inputs(model: &Model) -> Vec<Vec<CompId>> {
    let mut inputs = vec![Vec::new(); model.components.len()];
    for (index, node) in model.expressions.nodes.iter().enumerate() {
        if let Some(target) = Expressions::target(node.kind)
            && let Root::Support(owner) = root_of(&model.expressions, NodeId::at(index))
        {
            inputs[owner.index()].push(target);
        }
    }
    let network = &model.network;
    let wires: Vec<CompId> = network
        .sites
        .iter()
        .map(|site| site.component)
        .chain(network.edges.iter().map(|edge| edge.component))
        .collect();
    for path in &network.paths {
        inputs[path.component.index()].extend(&wires);
    }
    for list in &mut inputs {
        list.sort_unstable();
        list.dedup();
    }
    inputs
}

/// The routes of a journey's calls, in order, each once.
#[must_use]
pub fn routes_of(model: &Model, usage: UsageId) -> Vec<RouteId> {
    fn collect(tree: &CallTree, all: &mut Vec<RouteId>) {
        match tree {
            CallTree::Service(routes) => all.extend(routes.iter().map(|(route, _)| *route)),
            CallTree::Mix(parts) => parts.iter().for_each(|(_, part)| collect(part, all)),
            CallTree::FirstOf { of, .. } => of.iter().for_each(|part| collect(part, all)),
            CallTree::Moved { stays, moves, .. } => [stays, moves].into_iter().for_each(|p| collect(p, all)),
        }
    }
    let mut all = Vec::new();
    model.usages[usage.index()].calls.iter().for_each(|call| collect(&call.to, &mut all));
    let mut seen = Vec::new();
    all.retain(|route| {
        !seen.contains(route) && {
            seen.push(*route);
            true
        }
    });
    all
}
