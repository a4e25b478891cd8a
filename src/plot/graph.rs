//! The dependency graph in layers, from what everything stands on to the users, with its choke points marked.

mod dot;
mod layers;
mod picture;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use super::text::clean;
use super::{Picture, PlotError, Theme};
use crate::model::{
    CallTree, CompId, Cuts, Expressions, Kind, Model, NodeId, UsageId, cuts, direct_inputs, routes_of,
    taken_down_by,
};
use crate::units::show_count;

/// With more components than this, zone parts and service members that are no single point of failure are left out; if
/// that is not enough, everything but units of services and choke points.
const MOST_NODES: usize = 220;

/// A dependency graph, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct DependencyGraph {
    pub(super) title: String,
    pub(super) nodes: Vec<Node>,
    /// From what is needed to what needs it, by place in `nodes`.
    pub(super) edges: Vec<Edge>,
    /// Columns of places in `nodes`, what everything stands on first.
    pub(super) columns: Vec<Vec<usize>>,
    /// Choke points by journey, in words.
    pub(super) choke_points: Vec<ChokePoints>,
    /// All components of the scenario.
    pub(super) components: usize,
    /// Components that are not shown, parts of the network aside.
    pub(super) left_out: usize,
    /// True where nobody knows what needs ask for: means stand in.
    pub(super) at_means: bool,
}

/// A component, or a journey of a population.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) is_journey: bool,
    pub(super) mark: Mark,
}

/// What a component is to the journeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Alone and with any one other nothing stops.
    None,
    /// It stops a journey together with another one.
    Pair,
    /// Alone it stops a journey.
    Single,
}

/// Who needs whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// True where users only go if what they use at first fails.
    pub(super) is_spare: bool,
}

/// Choke points of a journey of a population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChokePoints {
    pub(super) names: [String; 2],
    /// Single points of failure.
    pub(super) single: Vec<String>,
    /// Those whose loss moving the users makes good.
    pub(super) until_moved: Vec<String>,
    /// Pairs, and those that moving the users makes good; `None` if they were not searched.
    pub(super) pairs: Option<[Vec<String>; 2]>,
}

impl DependencyGraph {
    /// The graph of everything that users depend on.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let all: Vec<Cuts> = (0..model.usages.len()).map(|u| cuts(model, UsageId::at(u))).collect();
        let marks = marks(model, &all);
        let shown = shown(model, &marks);
        let place: BTreeMap<CompId, usize> = shown.iter().enumerate().map(|(place, c)| (*c, place)).collect();
        let component = |c: &CompId| Node {
            name: clean(&model.components[c.index()].name),
            is_journey: false,
            mark: marks[c.index()],
        };
        let mut nodes: Vec<Node> = shown.iter().map(component).collect();
        let mut edges = needs(model, &place);
        let wires = wires(model);
        if !wires.is_empty() {
            let hidden = wires.iter().filter(|wire| !place.contains_key(wire)).count();
            edges.extend(ways(model, &wires, &place, nodes.len()));
            nodes.push(Node { name: rest_of_network(hidden), is_journey: false, mark: Mark::None });
        }
        for usage in (0..model.usages.len()).map(UsageId::at) {
            edges.extend(uses(model, usage, &place, nodes.len()));
            let (journey, population) = model.usage_name(usage);
            let name = clean(&format!("{journey}, {population}"));
            nodes.push(Node { name, is_journey: true, mark: Mark::None });
        }
        let columns = layers::columns(&nodes, &edges);
        let choke_points = all.iter().map(|cuts| choke_points(model, cuts)).collect();
        let is_wire = |c: &&crate::model::Component| is_wire(c.kind);
        let wires_shown = shown.iter().filter(|c| is_wire(&&model.components[c.index()])).count();
        let wires = model.components.iter().filter(is_wire).count();
        let components = model.components.iter().filter(|c| !c.kind.is_derived()).count();
        let left_out = (components - wires) - (shown.len() - wires_shown);
        let title = model.title.clone();
        let at_means = model.unknowns.are_in_needs();
        Self { title, nodes, edges, columns, choke_points, components, left_out, at_means }
    }

    /// As an SVG document.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn svg(&self, theme: Theme) -> Result<String, PlotError> {
        Ok(picture::draw(self, theme)?.svg)
    }

    /// As a picture.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn picture(&self, theme: Theme) -> Result<Picture, PlotError> {
        Ok(picture::draw(self, theme)?.named("graph"))
    }

    /// As a text in the DOT language of Graphviz.
    #[must_use]
    pub fn dot(&self) -> String {
        dot::text(self)
    }
}

/// What the node is called that stands for the parts of the network that have none of their own.
fn rest_of_network(hidden: usize) -> String {
    match hidden {
        0 => "the network".to_owned(),
        1 => "rest of the network (1 site or edge)".to_owned(),
        many => format!("rest of the network ({} sites and edges)", show_count(many as u64)),
    }
}

fn marks(model: &Model, all: &[Cuts]) -> Vec<Mark> {
    let mut marks = vec![Mark::None; model.components.len()];
    let mut set = |component: &CompId, mark: Mark| {
        let known = &mut marks[component.index()];
        *known = mark.max(*known);
    };
    for cuts in all {
        cuts.pairs.iter().flatten().flat_map(|cut| &cut.components).for_each(|c| set(c, Mark::Pair));
        cuts.single.iter().flat_map(|cut| &cut.components).for_each(|c| set(c, Mark::Single));
    }
    marks
}

/// All components, or the most telling ones if there are very many.
fn shown(model: &Model, marks: &[Mark]) -> Vec<CompId> {
    // The network has a node of its own, beside those of its parts that are choke points.
    let stands_apart =
        |c: &CompId| !is_wire(model.components[c.index()].kind) || marks[c.index()] != Mark::None;
    // Signals and responses do not fail.
    let fails = |c: &CompId| !model.components[c.index()].kind.is_derived();
    let all = (0..model.components.len()).map(CompId::at).filter(stands_apart).filter(fails);
    let many = all.clone().count() > MOST_NODES;
    let detail = |c: &CompId| matches!(model.components[c.index()].kind, Kind::Part | Kind::Member);
    let mut shown: Vec<CompId> =
        all.filter(|c| !many || !detail(c) || marks[c.index()] == Mark::Single).collect();
    if shown.len() > MOST_NODES {
        let is_unit = |c: &CompId| model.components[c.index()].kind == Kind::Unit;
        shown.retain(|c| is_unit(c) || marks[c.index()] != Mark::None);
    }
    shown
}

/// True for parts of the network.
const fn is_wire(kind: Kind) -> bool {
    matches!(kind, Kind::Site | Kind::Segment | Kind::Link)
}

/// The parts of the network.
fn wires(model: &Model) -> Vec<CompId> {
    let all = (0..model.components.len()).map(CompId::at);
    all.filter(|c| is_wire(model.components[c.index()].kind)).collect()
}

/// From the network to the ways through it, and from its choke points to the ways that none but they can close.
fn ways(model: &Model, wires: &[CompId], place: &BTreeMap<CompId, usize>, network: usize) -> Vec<Edge> {
    let paths: Vec<(CompId, usize)> =
        model.network.paths.iter().filter_map(|p| Some((p.component, *place.get(&p.component)?))).collect();
    let edge = |from: usize, to: usize| Edge { from, to, is_spare: false };
    let mut edges: Vec<Edge> = paths.iter().map(|(_, to)| edge(network, *to)).collect();
    for (wire, from) in wires.iter().filter_map(|wire| Some((wire, *place.get(wire)?))) {
        let down = taken_down_by(model, *wire);
        let closed: Vec<usize> =
            paths.iter().filter(|(path, _)| down[path.index()]).map(|(_, to)| *to).collect();
        if closed.is_empty() {
            edges.push(edge(from, network));
        }
        edges.extend(closed.into_iter().map(|to| edge(from, to)));
    }
    edges
}

/// Who needs whom, through those that are not shown; the network aside.
fn needs(model: &Model, place: &BTreeMap<CompId, usize>) -> Vec<Edge> {
    let mut inputs = direct_inputs(model);
    for path in &model.network.paths {
        inputs[path.component.index()].retain(|input| !is_wire(model.components[input.index()].kind));
    }
    let mut edges = Vec::new();
    for (component, to) in place {
        let mut seen = BTreeSet::new();
        let mut open: Vec<CompId> = inputs[component.index()].clone();
        while let Some(input) = open.pop() {
            if !seen.insert(input) {
                continue;
            }
            match place.get(&input) {
                Some(from) if from != to => edges.push(Edge { from: *from, to: *to, is_spare: false }),
                Some(_) => {}
                None => open.extend(&inputs[input.index()]),
            }
        }
    }
    edges.sort_by_key(|edge| (edge.to, edge.from));
    edges
}

/// What a journey uses at first, what it goes to if that fails, and what it takes to get there.
fn uses(model: &Model, usage: UsageId, place: &BTreeMap<CompId, usize>, to: usize) -> Vec<Edge> {
    fn collect(tree: &CallTree, is_spare: bool, model: &Model, all: &mut Vec<(CompId, bool)>) {
        match tree {
            CallTree::Service(routes) => {
                for (route, _) in routes {
                    let route = &model.routes[route.index()];
                    let units = route.units.iter().enumerate();
                    all.extend(units.map(|(place, unit)| (*unit, is_spare || place > 0)));
                    for (place, landings) in route.landings.iter().enumerate() {
                        all.extend(landings.iter().map(|landing| (landing.path, is_spare || place > 0)));
                    }
                }
            }
            CallTree::Mix(parts) => parts.iter().for_each(|(_, part)| collect(part, is_spare, model, all)),
            CallTree::Moved { stays, moves, .. } => {
                collect(stays, is_spare, model, all);
                collect(moves, true, model, all);
            }
            CallTree::FirstOf { of, .. } => {
                of.iter().enumerate().for_each(|(i, part)| collect(part, is_spare || i > 0, model, all));
            }
        }
    }
    let mut units = moved_with(model, usage);
    model.usages[usage.index()].calls.iter().for_each(|call| collect(&call.to, false, model, &mut units));
    // Used at first and as a spare: what counts is the first.
    units.sort_unstable();
    units.dedup_by_key(|(unit, _)| *unit);
    let edge = |(unit, is_spare): (CompId, bool)| Some(Edge { from: *place.get(&unit)?, to, is_spare });
    units.into_iter().filter_map(edge).collect()
}

/// What moving the users of a journey needs.
fn moved_with(model: &Model, usage: UsageId) -> Vec<(CompId, bool)> {
    let mut needed = Vec::new();
    for route in routes_of(model, usage) {
        let needs = model.routes[route.index()].failover.iter().flat_map(|failover| &failover.needs);
        let mut open: Vec<NodeId> = needs.flatten().copied().collect();
        while let Some(node) = open.pop() {
            needed
                .extend(Expressions::target(model.expressions.kind(node)).map(|component| (component, true)));
            open.extend(model.expressions.children(node));
        }
    }
    needed
}

fn choke_points(model: &Model, cuts: &Cuts) -> ChokePoints {
    let name = |c: &CompId| clean(&model.components[c.index()].name);
    let words = |cut: &crate::model::Cut| cut.components.iter().map(name).collect::<Vec<_>>().join(" + ");
    let split = |all: &[crate::model::Cut]| {
        let of = |helps: bool| all.iter().filter(|c| c.moving_helps == helps).map(words).collect::<Vec<_>>();
        [of(false), of(true)]
    };
    let [single, until_moved] = split(&cuts.single);
    let (journey, population) = model.usage_name(cuts.usage);
    ChokePoints {
        names: [clean(journey), clean(population)],
        single,
        until_moved,
        pairs: cuts.pairs.as_deref().map(split),
    }
}

#[cfg(test)]
mod tests {
    use super::rest_of_network;

    #[test]
    fn nothing_is_counted_that_is_not_there() {
        assert_eq!(rest_of_network(0), "the network");
        assert_eq!(rest_of_network(1), "rest of the network (1 site or edge)");
        assert_eq!(rest_of_network(1_234), "rest of the network (1,234 sites and edges)");
    }
}
