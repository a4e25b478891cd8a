//! Which standbys stand in for which need.

use super::flat::Flat;
use crate::model::component::StandbyGroup;
use crate::model::expression::{Expressions, NodeKind, Parent, Root};
use crate::model::ids::{CompId, GroupId, NodeId};

impl Flat {
    /// A group for every outermost need that a standby stands in.
    pub(super) fn find_standby_groups(&mut self) {
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
