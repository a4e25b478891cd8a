//! Needs and conditions, laid flat.

use super::flat::Flat;
use crate::model::component::Hold;
use crate::model::expression::{Expression, Node, NodeKind, Parent, Root};
use crate::model::ids::{HoldId, NodeId};
use crate::model::unknown::UnknownPlace;
use crate::random::StreamName;

impl Flat {
    pub(super) fn root(&mut self, expression: Expression, root: Root) -> NodeId {
        let id = self.lay(expression);
        self.expressions.nodes[id.index()].parent = Parent::Root(root);
        id
    }

    /// Lays an expression flat, children first; the caller sets the parent.
    fn lay(&mut self, expression: Expression) -> NodeId {
        match expression {
            Expression::Level(c) => self.push(NodeKind::Level(c), Vec::new()),
            Expression::LevelAtLeast(c, x) => self.push(NodeKind::LevelAtLeast(c, x), Vec::new()),
            Expression::Up(c) => self.push(NodeKind::Up(c), Vec::new()),
            Expression::Down(c) => self.push(NodeKind::Down(c), Vec::new()),
            Expression::All(list) => self.gate(NodeKind::All, list),
            Expression::Any(list) => self.gate(NodeKind::Any, list),
            Expression::AtLeast(k, list) => self.gate(NodeKind::AtLeast(k as u32), list),
            Expression::Share(list) => self.gate(NodeKind::Share, list),
            Expression::Quorum(k, list) => self.gate(NodeKind::Quorum(k as u32), list),
            Expression::Not(inner) => self.gate(NodeKind::Not, vec![*inner]),
            Expression::Need(need) => {
                let child = self.lay(need.on);
                let hold = need.holdover.map(|h| {
                    self.holds.push(Hold {
                        length: h.length,
                        stream: StreamName::new(&h.name, "holdover"),
                        refills_in: h.refills_in,
                        need: NodeId(0),
                        owner: h.name,
                    });
                    HoldId::at(self.holds.len() - 1)
                });
                let kind = NodeKind::Need { at_least: need.at_least, hold, otherwise: need.otherwise };
                let id = self.push(kind, vec![child]);
                if let Some(hold) = hold {
                    self.holds[hold.index()].need = id;
                }
                id
            }
            Expression::Uncertain(gate) => {
                let id = self.lay(gate.of);
                for (which, figure) in gate.figures {
                    self.unknown_at(UnknownPlace::Node(id, which), figure);
                }
                id
            }
        }
    }

    fn gate(&mut self, kind: NodeKind, list: Vec<Expression>) -> NodeId {
        let children = list.into_iter().map(|e| self.lay(e)).collect();
        self.push(kind, children)
    }

    fn push(&mut self, kind: NodeKind, children: Vec<NodeId>) -> NodeId {
        let id = NodeId::at(self.expressions.nodes.len());
        for child in &children {
            self.expressions.nodes[child.index()].parent = Parent::Node(id);
        }
        let node = Node {
            kind,
            parent: Parent::Node(id),
            first_child: self.expressions.children.len() as u32,
            child_count: children.len() as u32,
            group: None,
        };
        self.expressions.children.extend(children);
        self.expressions.nodes.push(node);
        id
    }
}
