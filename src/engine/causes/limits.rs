//! What holds a component or an expression below 1 at present, and which initiating events it carries.

use crate::engine::state::Engine;
use crate::model::{CompId, Expressions, NodeId, NodeKind};

/// True if whatever keeps any input of a gate below 1 limits the gate.
fn takes_all(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Share | NodeKind::Need { .. })
}

impl Engine<'_> {
    pub(super) fn add_holders(&self, component: CompId, out: &mut Vec<u32>) {
        let i = component.index();
        let c = &self.model.components[i];
        let (own, support) = (self.parts[i].own, self.seen_support(component));
        let limit = own.min(support);
        if limit < 1.0 && own <= limit {
            self.add_own_events(component, own, out);
        }
        if limit < 1.0
            && support <= limit
            && let Some(node) = c.support
        {
            if self.dark[i].bridged {
                self.add_limits(node, &|n| self.seen_value(component, n), out);
            } else {
                self.add_node_holders(node, out);
            }
        }
        if self.dark[i].dark
            && limit > 0.0
            && let Some(node) = c.starts_with
            && self.nodes[node.index()].value <= 0.0
        {
            self.add_node_holders(node, out);
        }
    }

    pub(super) fn add_own_events(&self, component: CompId, own: f64, out: &mut Vec<u32>) {
        if self.parts[component.index()].traits.is_path {
            return self.add_path_events(component, out);
        }
        // Failures of single units limit only if what they leave together is no more than what strikes leave.
        let units_limit = self.units_level(component) <= own;
        for job in &self.parts[component.index()].active {
            let job = &self.jobs[*job as usize];
            let limits = if job.unit.is_some() { units_limit && job.level < 1.0 } else { job.level <= own };
            if limits {
                out.push(job.event);
                if let Some(needs) = self.model.repairs[job.repair.index()].needs
                    && self.nodes[needs.index()].value <= 0.0
                {
                    self.add_node_holders(needs, out);
                }
            }
        }
    }

    /// What holds an expression below 1, at present levels: see [`Engine::add_limits`].
    pub(super) fn add_node_holders(&self, node: NodeId, out: &mut Vec<u32>) {
        let reached = self.nodes[node.index()].value;
        if reached >= 1.0 {
            return;
        }
        let kind = self.model.expressions.kind(node);
        if let Some(target) = Expressions::target(kind) {
            return self.add_set(target, out);
        }
        let worst = if takes_all(kind) { 1.0 } else { reached };
        let children = self.model.expressions.children(node);
        let (Some(first), Some(last)) = (children.first(), children.last()) else { return };
        if last.index() - first.index() + 1 == children.len() {
            // Wide gates are lists of leaves laid side by side: a scan of them is most of what attribution costs.
            let side_by_side = self.nodes[first.index()..=last.index()].iter().enumerate();
            for (place, _) in side_by_side.filter(|(_, child)| child.value <= worst) {
                self.add_node_holders(NodeId(first.0 + place as u32), out);
            }
        } else {
            let limiting = children.iter().filter(|child| self.nodes[child.index()].value <= worst);
            limiting.for_each(|child| self.add_node_holders(*child, out));
        }
    }

    /// What holds an expression below 1: of a gate's inputs those that are no better than the gate itself.
    ///
    /// `value` tells a node's value as whoever asks sees it (a bridged component sees its mates at their hope).
    fn add_limits(&self, node: NodeId, value: &impl Fn(NodeId) -> f64, out: &mut Vec<u32>) {
        let reached = value(node);
        if reached >= 1.0 {
            return;
        }
        let kind = self.model.expressions.kind(node);
        if let Some(target) = Expressions::target(kind) {
            self.add_set(target, out);
            return;
        }
        let worst = if takes_all(kind) { 1.0 } else { reached };
        for child in self.model.expressions.children(node) {
            if value(*child) <= worst {
                self.add_limits(*child, value, out);
            }
        }
    }
}
