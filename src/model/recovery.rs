//! Proof that nothing is stuck: every cycle of dependencies must be able to come back by the rules.

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::component::Kind;
use super::expression::{Expressions, NodeFigure, Root};
use super::graph::root_of;
use super::ids::{CompId, NodeId};
use super::unknown::{BEYOND, Unknown, UnknownPlace};
use super::{Model, Repair};
use crate::law::Law;

/// A cycle that does not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// Who stays down, in order of id.
    pub stay_down: Vec<CompId>,
    /// True if they stay down after all of them failed; false if being dark is enough.
    pub after_failure: bool,
}

/// Every cycle of needs, `starts_with`, repair `needs` and ways through the network that cannot come back once
/// all its members are dark or failed while everything else is whole.
///
/// Where numbers of needs are not known, it is asked of the values that make coming back hardest.
#[must_use]
pub fn stuck_cycles(model: &Model) -> Vec<Stuck> {
    if model.unknowns.figures.is_empty() {
        return stuck_in(model);
    }
    stuck_in(&model.with_known(&hardest(model)))
}

/// For each unknown figure its value at which needs are hardest to meet; the end of a law but for what does not count.
fn hardest(model: &Model) -> Vec<f64> {
    let unknowns = &model.unknowns;
    let mut values: Vec<f64> = unknowns.figures.iter().map(Unknown::nominal).collect();
    for number in &unknowns.numbers {
        let (Some(value), Some(figure)) =
            (values.get_mut(number.figure), unknowns.figures.get(number.figure))
        else {
            continue;
        };
        match number.place {
            UnknownPlace::Node(_, NodeFigure::Count | NodeFigure::Threshold) => {
                *value = figure.law.quantile(1.0 - BEYOND);
            }
            UnknownPlace::Node(_, NodeFigure::Otherwise) => *value = figure.law.quantile(BEYOND),
            _ => {}
        }
    }
    values
}

fn stuck_in(model: &Model) -> Vec<Stuck> {
    let mut found = Vec::new();
    // Whether there is a way depends on all that may carry it.
    let network = &model.network;
    let ways = network.paths.iter().map(|path| path.component);
    let carried = ways.flat_map(|way| network.elements().map(move |element| (way, element)));
    let groups = groups(model, &carried.collect::<Vec<_>>());
    for (members, _) in groups.into_iter().filter(|(_, is_cycle)| *is_cycle) {
        for after_failure in [false, true] {
            let stay_down = Recovery::new(model, &members, after_failure).run();
            if !stay_down.is_empty() {
                found.push(Stuck { stay_down, after_failure });
                break;
            }
        }
    }
    found
}

/// Components grouped by who can keep whom from recovering (needs, `starts_with`, repair `needs`), inputs
/// first; the flag marks groups that are cycles.
#[must_use]
pub fn recovery_groups(model: &Model) -> Vec<(Vec<CompId>, bool)> {
    groups(model, &[])
}

/// As [`recovery_groups`], where `more` components each depend on what stands beside them, too.
fn groups(model: &Model, more: &[(CompId, CompId)]) -> Vec<(Vec<CompId>, bool)> {
    let mut graph = DiGraph::<(), ()>::new();
    for _ in &model.components {
        graph.add_node(());
    }
    for (index, node) in model.expressions.nodes.iter().enumerate() {
        let Some(target) = Expressions::target(node.kind) else { continue };
        for owner in owners(model, root_of(&model.expressions, NodeId::at(index))) {
            graph.add_edge(NodeIndex::new(owner.index()), NodeIndex::new(target.index()), ());
        }
    }
    // Paths depend on all of the network, through one node that stands for it.
    let network = graph.add_node(());
    for path in &model.network.paths {
        graph.add_edge(NodeIndex::new(path.component.index()), network, ());
    }
    let sites = model.network.sites.iter().map(|site| site.component);
    for component in sites.chain(model.network.edges.iter().map(|edge| edge.component)) {
        graph.add_edge(network, NodeIndex::new(component.index()), ());
    }
    for (owner, target) in more {
        graph.add_edge(NodeIndex::new(owner.index()), NodeIndex::new(target.index()), ());
    }
    let is_cycle = |group: &[NodeIndex]| group.len() > 1 || graph.contains_edge(group[0], group[0]);
    let mut groups = Vec::new();
    for group in tarjan_scc(&graph) {
        let cycle = is_cycle(&group);
        let components = group.into_iter().filter(|node| *node != network);
        let mut members: Vec<CompId> = components.map(|n| CompId::at(n.index())).collect();
        members.sort_unstable();
        if !members.is_empty() {
            groups.push((members, cycle));
        }
    }
    groups
}

/// The components whose recovery an expression decides.
fn owners(model: &Model, root: Root) -> Vec<CompId> {
    match root {
        Root::Support(c) | Root::StartsWith(c) => vec![c],
        Root::RepairNeeds(repair) => {
            let by_mode = model.modes.iter().filter(|m| m.repair == repair).map(|m| m.component);
            let by_strike = model.strikes.iter().filter(|s| s.repair == repair);
            by_mode.chain(by_strike.flat_map(|s| s.targets.iter().map(|t| t.component))).collect()
        }
        Root::Clock(_) | Root::Hazard(_) | Root::Failover(_) | Root::Scaling(_) => Vec::new(),
    }
}

struct Recovery<'m> {
    model: &'m Model,
    members: &'m [CompId],
    up: Vec<bool>,
    failed: Vec<bool>,
}

impl<'m> Recovery<'m> {
    fn new(model: &'m Model, members: &'m [CompId], after_failure: bool) -> Self {
        let mut up = vec![true; model.components.len()];
        let mut failed = vec![false; model.components.len()];
        for member in members {
            up[member.index()] = false;
            failed[member.index()] = after_failure && repairs_of(model, *member).next().is_some();
        }
        Self { model, members, up, failed }
    }

    /// Applies the rules until nothing changes; returns who is still down.
    fn run(mut self) -> Vec<CompId> {
        loop {
            let mut changed = false;
            for &member in self.members {
                let i = member.index();
                if self.failed[i] && repairs_of(self.model, member).all(|r| self.can_finish(r)) {
                    self.failed[i] = false;
                    changed = true;
                }
                if !self.up[i] && !self.failed[i] && self.can_come_up(member) {
                    self.up[i] = true;
                    changed = true;
                }
            }
            if !changed {
                return self.members.iter().copied().filter(|m| !self.up[m.index()]).collect();
            }
        }
    }

    fn can_finish(&self, repair: &Repair) -> bool {
        repair.without_needs.is_some() || repair.needs.is_none_or(|needs| self.value(needs) > 0.0)
    }

    fn can_come_up(&self, member: CompId) -> bool {
        let component = &self.model.components[member.index()];
        if component.kind == Kind::Path {
            return self.model.network.has_way(member, &|c| self.up[c.index()]);
        }
        let supported = component.support.is_none_or(|n| self.value(n) > 0.0);
        let may_start = component.starts_with.is_none_or(|n| self.value(n) > 0.0);
        let black_start = component.black_start.as_ref().is_some_and(|law| !matches!(law, Law::Never));
        (supported && may_start) || (black_start && self.hope(member))
    }

    fn value(&self, node: NodeId) -> f64 {
        let level = |c: CompId| if self.up[c.index()] { 1.0 } else { 0.0 };
        self.model.expressions.evaluate(node, &level, &|_| None)
    }

    /// True if the component would be up if nobody of its cycle of needs were dark.
    fn hope(&self, member: CompId) -> bool {
        let rank = self.model.graph.rank[member.index()];
        let mates = &self.model.graph.ranked[rank as usize];
        let mut up = self.up.clone();
        mates.iter().for_each(|m| up[m.index()] = !self.failed[m.index()]);
        loop {
            let before = up.clone();
            for mate in mates {
                let level = |c: CompId| if before[c.index()] { 1.0 } else { 0.0 };
                let support = self.model.components[mate.index()].support;
                let supported =
                    support.is_none_or(|n| self.model.expressions.evaluate(n, &level, &|_| None) > 0.0);
                up[mate.index()] &= supported;
            }
            if up == before {
                return up[member.index()];
            }
        }
    }
}

/// The repairs that end the component's failures, those that never end left out: such a failure is meant to
/// stay.
fn repairs_of(model: &Model, component: CompId) -> impl Iterator<Item = &Repair> {
    let by_mode = model.components[component.index()].modes.clone().map(|m| model.modes[m].repair);
    let by_strike = model
        .strikes
        .iter()
        .filter(move |s| s.targets.iter().any(|t| t.component == component))
        .map(|s| s.repair);
    by_mode.chain(by_strike).map(|r| &model.repairs[r.index()]).filter(|r| !matches!(r.work, Law::Never))
}
