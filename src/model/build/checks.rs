//! What drafts and needs must satisfy before the engine may rely on them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Builder, ModelError};
use crate::model::expression::{Expression, Expressions, NodeKind, Parent, Root};
use crate::model::graph::{Graph, root_of};
use crate::model::ids::{CompId, CrewId, NodeId};
use crate::model::network::Network;

impl Builder {
    pub(super) fn draft_errors(&self) -> Vec<ModelError> {
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
pub(super) fn pass_through_in_cycles(expressions: &Expressions, graph: &Graph) -> Vec<ModelError> {
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

/// Sites, segments and links that depend on a way through the network: which ways there are depends on them in turn,
/// and levels are solved before routes.
pub(super) fn network_that_needs_itself(
    network: &Network,
    expressions: &Expressions,
    graph: &Graph,
) -> Vec<ModelError> {
    // For everybody who depends on a way: the next step towards it.
    let mut towards = BTreeMap::new();
    let mut open: Vec<CompId> = network.paths.iter().map(|path| path.component).collect();
    while let Some(next) = open.pop() {
        for reader in graph.readers(next) {
            if let Root::Support(owner) = root_of(expressions, *reader)
                && !towards.contains_key(&owner)
            {
                towards.insert(owner, next);
                open.push(owner);
            }
        }
    }
    let chain = |component: CompId| {
        let steps = std::iter::successors(towards.get(&component), |step| towards.get(step));
        steps.copied().collect::<Vec<CompId>>()
    };
    network
        .elements()
        .map(|component| ModelError::NetworkNeedsItself { component, chain: chain(component) })
        .filter(|error| matches!(error, ModelError::NetworkNeedsItself { chain, .. } if !chain.is_empty()))
        .collect()
}
