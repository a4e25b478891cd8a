//! Who depends on whom: the order in which levels are solved, and the cycles.

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::component::Component;
use super::expression::{Expressions, Parent, Root};
use super::ids::{CompId, NodeId};

/// The dependency graph of components, through their supports.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Graph {
    /// Position in an order in which inputs come first; members of a cycle share one.
    pub rank: Vec<u32>,
    /// Components by rank: one each, or the members of a cycle in order of id.
    pub ranked: Vec<Vec<CompId>>,
    /// True for the ranks that are cycles.
    pub is_cycle: Vec<bool>,
    /// Leaves that read each component, back to back.
    readers: Vec<NodeId>,
    /// Where each component's readers begin.
    reader_start: Vec<u32>,
}

impl Graph {
    /// Sorts the components so that inputs come first.
    #[must_use]
    pub(super) fn new(components: &[Component], expressions: &Expressions) -> Self {
        let inputs = support_inputs(components.len(), expressions);
        let mut graph = DiGraph::<(), ()>::new();
        for _ in components {
            graph.add_node(());
        }
        for (owner, targets) in inputs.iter().enumerate() {
            for target in targets {
                graph.add_edge(NodeIndex::new(owner), NodeIndex::new(target.index()), ());
            }
        }
        // Tarjan's algorithm yields components of the graph only after all that they point at.
        let mut rank = vec![0; components.len()];
        let mut ranked = Vec::new();
        let mut is_cycle = Vec::new();
        for (position, group) in tarjan_scc(&graph).into_iter().enumerate() {
            let mut members: Vec<CompId> = group.into_iter().map(|n| CompId::at(n.index())).collect();
            members.sort_unstable();
            members.iter().for_each(|m| rank[m.index()] = position as u32);
            is_cycle.push(members.len() > 1 || members.iter().any(|m| inputs[m.index()].contains(m)));
            ranked.push(members);
        }
        let (readers, reader_start) = readers(components.len(), expressions);
        Self { rank, ranked, is_cycle, readers, reader_start }
    }

    /// The leaves that read a component's level.
    #[inline]
    #[must_use]
    pub fn readers(&self, component: CompId) -> &[NodeId] {
        let i = component.index();
        &self.readers[self.reader_start[i] as usize..self.reader_start[i + 1] as usize]
    }

    /// True if the component is part of a cycle of needs.
    #[must_use]
    pub fn in_cycle(&self, component: CompId) -> bool {
        self.is_cycle[self.rank[component.index()] as usize]
    }
}

/// The rule that a node's value ends in.
#[must_use]
pub fn root_of(expressions: &Expressions, node: NodeId) -> Root {
    let mut at = node;
    loop {
        match expressions.nodes[at.index()].parent {
            Parent::Node(parent) => at = parent,
            Parent::Root(root) => return root,
        }
    }
}

fn support_inputs(components: usize, expressions: &Expressions) -> Vec<Vec<CompId>> {
    let mut inputs = vec![Vec::new(); components];
    for (index, node) in expressions.nodes.iter().enumerate() {
        if let Some(target) = Expressions::target(node.kind)
            && let Root::Support(owner) = root_of(expressions, NodeId::at(index))
        {
            inputs[owner.index()].push(target);
        }
    }
    inputs
}

fn readers(components: usize, expressions: &Expressions) -> (Vec<NodeId>, Vec<u32>) {
    let mut by_component = vec![Vec::new(); components];
    for (index, node) in expressions.nodes.iter().enumerate() {
        if let Some(target) = Expressions::target(node.kind) {
            by_component[target.index()].push(NodeId::at(index));
        }
    }
    let mut flat = Vec::new();
    let mut start = vec![0];
    for list in by_component {
        flat.extend(list);
        start.push(flat.len() as u32);
    }
    (flat, start)
}
