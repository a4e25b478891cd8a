//! Expressions over component levels: needs, start conditions, clock and hazard conditions.

use super::ids::{CompId, GroupId, HazardId, HoldId, ModeId, NodeId, RepairId, RouteId};
use crate::law::Law;
use crate::time::SimSpan;

/// An expression as it is written, before it is laid flat.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// The level of a component.
    Level(CompId),
    /// 1 if the component's level is at least the number, else 0.
    LevelAtLeast(CompId, f64),
    /// 1 if the component's level is above 0, else 0.
    Up(CompId),
    /// 1 if the component's level is 0, else 0. Only in conditions.
    Down(CompId),
    /// Smallest value.
    All(Vec<Expression>),
    /// Largest value.
    Any(Vec<Expression>),
    /// k-th largest value.
    AtLeast(usize, Vec<Expression>),
    /// Mean value.
    Share(Vec<Expression>),
    /// 1 if at least k values are above 0, else 0.
    Quorum(usize, Vec<Expression>),
    /// 1 if the value is 0, else 0. Only in conditions.
    Not(Box<Expression>),
    /// A need with its threshold, holdover or alternative.
    Need(Box<Need>),
    /// A gate or need with numbers that nobody knows.
    Uncertain(Box<UncertainGate>),
}

/// A gate or need of whose numbers some are not known: what stands in for them stands in it.
#[derive(Debug, Clone, PartialEq)]
pub struct UncertainGate {
    /// The gate or need.
    pub of: Expression,
    /// Which of its numbers are which unknown figures.
    pub figures: Vec<(NodeFigure, usize)>,
}

/// Which number of a gate or need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeFigure {
    /// k, of `AtLeast` and `Quorum`.
    Count,
    /// The value from which on a need is met.
    Threshold,
    /// The value of a need that is lost and not held over.
    Otherwise,
    /// The time in which the holdover of a need refills, microseconds.
    RefillsIn,
}

/// A need with what softens it.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// What is needed.
    pub on: Expression,
    /// Met (1) from this value on, else not (0); `None` passes the value on.
    pub at_least: Option<f64>,
    /// What carries it over a loss.
    pub holdover: Option<Holdover>,
    /// Value of a need that is lost and not held over.
    pub otherwise: f64,
}

/// A holdover as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Holdover {
    /// Full length, drawn at each loss.
    pub length: Law,
    /// Time from empty to full; `None`: at once.
    pub refills_in: Option<SimSpan>,
    /// Names its stream: the need's owner and text.
    pub name: String,
}

impl Expression {
    /// Calls `visit` with every component that the expression reads.
    pub fn for_each_component(&self, visit: &mut impl FnMut(CompId)) {
        match self {
            Self::Level(c) | Self::LevelAtLeast(c, _) | Self::Up(c) | Self::Down(c) => visit(*c),
            Self::All(list)
            | Self::Any(list)
            | Self::AtLeast(_, list)
            | Self::Share(list)
            | Self::Quorum(_, list) => list.iter().for_each(|e| e.for_each_component(visit)),
            Self::Not(inner) => inner.for_each_component(visit),
            Self::Need(need) => need.on.for_each_component(visit),
            Self::Uncertain(gate) => gate.of.for_each_component(visit),
        }
    }

    /// True if the expression reads a component's absence: not allowed where levels are solved.
    #[must_use]
    pub fn is_condition(&self) -> bool {
        match self {
            Self::Down(_) | Self::Not(_) => true,
            Self::Level(_) | Self::LevelAtLeast(..) | Self::Up(_) => false,
            Self::All(list)
            | Self::Any(list)
            | Self::AtLeast(_, list)
            | Self::Share(list)
            | Self::Quorum(_, list) => list.iter().any(Self::is_condition),
            Self::Need(need) => need.on.is_condition(),
            Self::Uncertain(gate) => gate.of.is_condition(),
        }
    }

    /// The gate or need with `figures` that nobody knows; itself where there are none.
    #[must_use]
    pub fn uncertain(self, figures: Vec<(NodeFigure, usize)>) -> Self {
        if figures.is_empty() { self } else { Self::Uncertain(Box::new(UncertainGate { of: self, figures })) }
    }

    /// True for a need with its threshold, holdover or alternative.
    #[must_use]
    pub fn is_need(&self) -> bool {
        match self {
            Self::Need(_) => true,
            Self::Uncertain(gate) => gate.of.is_need(),
            _ => false,
        }
    }
}

/// What a flat node computes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NodeKind {
    /// A component's level.
    Level(CompId),
    /// 1 from a level on.
    LevelAtLeast(CompId, f64),
    /// 1 above level 0.
    Up(CompId),
    /// 1 at level 0.
    Down(CompId),
    /// Smallest.
    All,
    /// Largest.
    Any,
    /// k-th largest.
    AtLeast(u32),
    /// Mean.
    Share,
    /// k above 0.
    Quorum(u32),
    /// Negation.
    Not,
    /// Threshold, holdover, alternative.
    Need {
        /// Met from this value on.
        at_least: Option<f64>,
        /// Its holdover.
        hold: Option<HoldId>,
        /// Value when lost.
        otherwise: f64,
    },
}

/// Where a node's value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// Into another node.
    Node(NodeId),
    /// Into the rule that the expression belongs to.
    Root(Root),
}

/// The rule that an expression belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// A component's support.
    Support(CompId),
    /// A component's `starts_with`.
    StartsWith(CompId),
    /// A repair's `needs`.
    RepairNeeds(RepairId),
    /// A failure clock's condition.
    Clock(ModeId),
    /// A hazard's condition.
    Hazard(HazardId),
    /// A failover's `needs`, at one place of a route.
    Failover(RouteId),
    /// The `needs` of the autoscaling of a unit, by its place in [`super::Load::units`].
    Scaling(u32),
}

/// A node laid flat.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it computes.
    pub kind: NodeKind,
    /// Where its value goes.
    pub parent: Parent,
    /// First of its children in [`Expressions::children`].
    pub first_child: u32,
    /// Number of children.
    pub child_count: u32,
    /// The standby group whose demand depends on it (leaves only).
    pub group: Option<GroupId>,
}

/// All expressions of a model, laid flat.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expressions {
    /// Nodes, children before parents.
    pub nodes: Vec<Node>,
    /// Child lists, back to back.
    pub children: Vec<NodeId>,
}

impl Expressions {
    /// A node's children in written order.
    #[inline]
    #[must_use]
    pub fn children(&self, node: NodeId) -> &[NodeId] {
        let n = &self.nodes[node.index()];
        &self.children[n.first_child as usize..(n.first_child + n.child_count) as usize]
    }

    /// What a node computes.
    #[inline]
    #[must_use]
    pub fn kind(&self, node: NodeId) -> NodeKind {
        self.nodes[node.index()].kind
    }

    /// The component that a leaf reads.
    #[must_use]
    pub const fn target(kind: NodeKind) -> Option<CompId> {
        match kind {
            NodeKind::Level(c) | NodeKind::LevelAtLeast(c, _) | NodeKind::Up(c) | NodeKind::Down(c) => {
                Some(c)
            }
            _ => None,
        }
    }
}

/// What a leaf of `kind` makes of its component's level.
#[inline]
#[must_use]
pub fn leaf_value(kind: NodeKind, level: f64) -> f64 {
    let met = |yes: bool| if yes { 1.0 } else { 0.0 };
    match kind {
        NodeKind::Level(_) => level,
        NodeKind::LevelAtLeast(_, x) => met(level >= x),
        NodeKind::Up(_) => met(level > 0.0),
        NodeKind::Down(_) => met(level <= 0.0),
        _ => 0.0,
    }
}

/// What a gate of `kind` makes of its inputs; `Need` gates know more and are not decided here.
///
/// Formula: All min, Any max, AtLeast(k) k-th largest, Share mean, Quorum(k) 1 from k inputs above 0 on,
/// Not 1 at 0.
#[must_use]
pub fn gate_value(kind: NodeKind, inputs: &mut [f64]) -> f64 {
    let met = |yes: bool| if yes { 1.0 } else { 0.0 };
    match kind {
        NodeKind::All => inputs.iter().copied().fold(1.0, f64::min),
        NodeKind::Any => inputs.iter().copied().fold(0.0, f64::max),
        NodeKind::AtLeast(k) => {
            inputs.sort_unstable_by(|a, b| b.total_cmp(a));
            (k as usize).checked_sub(1).map_or(1.0, |i| inputs.get(i).copied().unwrap_or(0.0))
        }
        NodeKind::Share => inputs.iter().sum::<f64>() / inputs.len() as f64,
        NodeKind::Quorum(k) => met(inputs.iter().filter(|v| **v > 0.0).count() >= k as usize),
        NodeKind::Not => met(inputs.first().is_none_or(|v| *v <= 0.0)),
        _ => inputs.first().copied().unwrap_or(1.0),
    }
}

impl Expressions {
    /// The value of a node from given component levels, by plain recursion.
    ///
    /// `held` is asked what a holdover gives when its need is lost; `None`: nothing.
    pub fn evaluate(
        &self,
        node: NodeId,
        level: &impl Fn(CompId) -> f64,
        held: &impl Fn(HoldId) -> Option<f64>,
    ) -> f64 {
        let kind = self.kind(node);
        if let Some(target) = Self::target(kind) {
            return leaf_value(kind, level(target));
        }
        let children = self.children(node);
        if let NodeKind::Need { at_least, hold, otherwise } = kind {
            let raw = self.evaluate(children[0], level, held);
            let met = threshold(at_least, raw);
            return if met > 0.0 { met } else { hold.and_then(held).unwrap_or(otherwise) };
        }
        let mut inputs: Vec<f64> = children.iter().map(|c| self.evaluate(*c, level, held)).collect();
        gate_value(kind, &mut inputs)
    }
}

/// What a need makes of the value of its expression, holdover aside.
#[inline]
#[must_use]
pub fn threshold(at_least: Option<f64>, value: f64) -> f64 {
    match at_least {
        Some(x) if value >= x => 1.0,
        Some(_) => 0.0,
        None => value,
    }
}
