//! What the hot paths read and write of components and expression nodes, side by side in memory: the model's
//! records are too large to touch at every event.

use std::ops::Range;

use super::causes::Causes;
use super::replicas::ReplicaReaders;
use crate::model::{Clock, CompId, Kind, Model, Node, NodeId, NodeKind, Parent, RepairId, Root, root_of};

/// What of a component never changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits {
    /// Node of its support; [`Traits::NO_NODE`] if it needs nothing.
    pub(super) support: u32,
    /// True if being out leaves a trace.
    pub(super) remembers: bool,
    /// True if it runs on demand only.
    pub(super) is_standby: bool,
    /// True if some failure clock depends on its level, its demand or its working units.
    pub(super) paces_clocks: bool,
    /// True if it is a unit of a service, or a member of one.
    pub(super) is_called: bool,
    /// True if it is a site or an edge of the network.
    pub(super) is_wired: bool,
    /// True if copies of data depend on it.
    pub(super) is_copied: bool,
    /// True if it is a way through the network.
    pub(super) is_path: bool,
    /// True if it stands for several units.
    pub(super) is_counted: bool,
    /// True if its units share one clock.
    pub(super) is_pooled: bool,
    /// True if nothing but its dependents reacts to its level.
    pub(super) is_inert: bool,
    /// True if its level is its own level and what it carries are its own active failures: it needs nothing,
    /// remembers nothing, and nobody's recovery depends on it and it on theirs.
    pub(super) is_leaf: bool,
    /// True if it is both: nothing but its dependents looks at it, and what it does is at once what it is.
    pub(super) is_plain: bool,
}

impl Traits {
    /// Stands for "no node".
    pub(super) const NO_NODE: u32 = u32::MAX;

    pub(super) fn of(model: &Model, component: CompId, in_recovery_cycle: bool, is_copied: bool) -> Self {
        let c = &model.components[component.index()];
        let operating = model.modes[c.modes.clone()].iter().any(|m| m.clock == Clock::Operating);
        let remembers = c.remembers_darkness(model.graph.in_cycle(component));
        let paces_clocks = operating || c.pooled || c.standby.is_some();
        let is_called = c.unit_of.is_some() || c.member_of.is_some();
        let is_wired = matches!(c.kind, Kind::Site | Kind::Segment | Kind::Link);
        let is_path = c.kind == Kind::Path;
        let is_inert = !(remembers || paces_clocks || is_called || is_wired || is_copied);
        // A member's set is wanted from before the instant, when its unit re-forms.
        let is_leaf = c.support.is_none()
            && c.member_of.is_none()
            && c.standby.is_none()
            && !is_path
            && !remembers
            && !in_recovery_cycle;
        Self {
            support: c.support.map_or(Self::NO_NODE, |n| n.0),
            remembers,
            is_standby: c.standby.is_some(),
            paces_clocks,
            is_called,
            is_wired,
            is_copied,
            is_path,
            is_counted: c.units > 1,
            is_pooled: c.pooled,
            is_inert,
            is_leaf,
            is_plain: is_inert && is_leaf,
        }
    }
}

/// A component as the engine plays it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Minimum over active failure modes and strikes.
    pub(super) own: f64,
    /// Solved level.
    pub(super) level: f64,
    /// Share of calls that active error effects let through.
    pub(super) success: f64,
    /// Number of the last instant in which its level has changed.
    pub(super) changed_in: u64,
    pub(super) traits: Traits,
    /// Active jobs.
    pub(super) active: Vec<u32>,
    /// Initiating events that it carries, in order; those of leaves are read off their jobs instead.
    pub(super) events: Vec<u32>,
    /// Its [`Reader`]s in the list of all.
    first_reader: u32,
    end_reader: u32,
}

impl Part {
    /// As it is at the start.
    pub(super) fn reset(&mut self) {
        (self.own, self.level, self.success, self.changed_in) = (1.0, 1.0, 1.0, 0);
        self.active.clear();
        self.events.clear();
    }

    #[inline]
    pub(super) fn readers(&self) -> Range<usize> {
        self.first_reader as usize..self.end_reader as usize
    }
}

/// A leaf of an expression that reads a component's level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub(super) leaf: NodeId,
    /// The gate that its value goes into, if it is the level itself and concerns nobody but that gate.
    pub(super) gate: Option<NodeId>,
    pub(super) carries: Carries,
}

/// Who may carry other initiating events when the component that a leaf reads does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Carries {
    Nobody,
    /// The component whose rule the leaf is part of.
    Component(CompId),
    /// The targets of a repair whose needs the leaf is part of.
    Targets(RepairId),
}

/// All components, whole, and the leaves that read them.
pub(super) fn parts(
    model: &Model,
    cycle_owner: &[Option<CompId>],
    causes: &Causes,
    replicas: &ReplicaReaders,
) -> (Vec<Part>, Vec<Reader>) {
    let mut readers = Vec::new();
    let part = |c: CompId| {
        let first_reader = readers.len() as u32;
        for leaf in model.graph.readers(c) {
            let gate = only_gate(model, cycle_owner, *leaf);
            readers.push(Reader { leaf: *leaf, gate, carries: carries(model, causes, c, *leaf) });
        }
        let traits = Traits::of(model, c, causes.is_in_cycle(c), replicas.is_read(c));
        let end_reader = readers.len() as u32;
        Part {
            own: 1.0,
            level: 1.0,
            success: 1.0,
            changed_in: 0,
            traits,
            active: Vec::new(),
            events: Vec::new(),
            first_reader,
            end_reader,
        }
    };
    let parts = (0..model.components.len()).map(CompId::at).map(part).collect();
    (parts, readers)
}

fn only_gate(model: &Model, cycle_owner: &[Option<CompId>], leaf: NodeId) -> Option<NodeId> {
    let node = &model.expressions.nodes[leaf.index()];
    let is_level = matches!(node.kind, NodeKind::Level(_));
    match node.parent {
        Parent::Node(gate) if is_level && node.group.is_none() && cycle_owner[leaf.index()].is_none() => {
            Some(gate)
        }
        _ => None,
    }
}

fn carries(model: &Model, causes: &Causes, read: CompId, leaf: NodeId) -> Carries {
    match root_of(&model.expressions, leaf) {
        // Mates of one cycle are solved together and need no second look.
        Root::Support(owner) | Root::StartsWith(owner) if causes.are_mates(owner, read) => Carries::Nobody,
        Root::Support(owner) | Root::StartsWith(owner) => Carries::Component(owner),
        Root::RepairNeeds(repair) => Carries::Targets(repair),
        Root::Clock(_) | Root::Hazard(_) | Root::Failover(_) | Root::Scaling(_) => Carries::Nobody,
    }
}

/// An expression node as the engine plays it.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeState {
    pub(super) value: f64,
    /// Inputs that are 1, of a gate.
    pub(super) whole: u32,
    /// Inputs that are above 0.
    pub(super) live: u32,
    /// k, of a gate that gives its k-th largest input: All, Any and AtLeast; 0 for other nodes.
    pub(super) kth: u32,
}

impl NodeState {
    pub(super) fn of(node: &Node) -> Self {
        let kth = match node.kind {
            NodeKind::All => node.child_count,
            NodeKind::Any => 1,
            NodeKind::AtLeast(k) => k,
            _ => 0,
        };
        Self { value: 1.0, whole: 0, live: 0, kth }
    }

    /// The k-th largest input, where it is known from the counts alone.
    #[inline]
    pub(super) fn counted(&self) -> Option<f64> {
        match self.kth {
            0 => None,
            k if self.whole >= k => Some(1.0),
            k if self.live < k => Some(0.0),
            _ => None,
        }
    }
}
