//! Levels: the greatest solution of the dependency equations, kept up to date incrementally.
//!
//! Every gate counts how many of its inputs are 1 and how many are above 0, so that a change of one input
//! usually decides the gate without looking at the others. Cycles are solved as a whole.

use super::agenda::Look;
use super::part::{NodeState, Reader, Traits};
use super::state::{ChangedComponent, Engine};
use crate::model::{
    CompId, Expressions, Model, NodeId, NodeKind, Parent, Root, gate_value, leaf_value, root_of, threshold,
};

/// For each expression node, the member of a cycle whose support it is part of.
pub(super) fn cycle_owners(model: &Model) -> Vec<Option<CompId>> {
    let owner = |node| match root_of(&model.expressions, node) {
        Root::Support(owner) if model.graph.in_cycle(owner) => Some(owner),
        _ => None,
    };
    (0..model.expressions.nodes.len()).map(|n| owner(NodeId::at(n))).collect()
}

impl Engine<'_> {
    /// Notes that a component's level must be solved again.
    #[inline]
    pub(super) fn unsolve(&mut self, component: CompId) {
        let rank = self.model.graph.rank[component.index()];
        if rank != self.solving {
            self.unsolved.add(rank);
        }
    }

    pub(super) fn is_unsolved(&self) -> bool {
        !self.unsolved.is_empty()
    }

    /// Solves all levels that may have changed, inputs first.
    pub(super) fn propagate(&mut self) {
        while let Some(rank) = self.unsolved.pop() {
            if self.model.graph.is_cycle[rank as usize] {
                self.solve_cycle(rank);
            } else {
                let component = self.model.graph.ranked[rank as usize][0];
                let level = self.ceiling(component).min(self.support(component));
                self.set_level(component, level);
            }
        }
    }

    /// The value of what a component needs.
    #[inline]
    pub(super) fn support(&self, component: CompId) -> f64 {
        let node = self.parts[component.index()].traits.support;
        if node == Traits::NO_NODE { 1.0 } else { self.nodes[node as usize].value }
    }

    /// The highest level that a component can have whatever it is given.
    #[inline]
    pub(super) fn ceiling(&self, component: CompId) -> f64 {
        let i = component.index();
        if self.dark[i].dark || self.is_idle(component) { 0.0 } else { self.parts[i].own }
    }

    pub(super) fn set_level(&mut self, component: CompId, level: f64) {
        let i = component.index();
        let part = &self.parts[i];
        if !part.traits.is_inert {
            self.agenda.add(Look::Components, i);
        }
        if !part.traits.is_leaf {
            self.causes.touch(component);
        }
        if part.level != level {
            if part.traits.is_wired {
                self.touch_network(component);
            }
            self.move_level(component, level);
        }
    }

    /// Sets a level that differs from what it was, and carries that on to all that read it.
    fn move_level(&mut self, component: CompId, level: f64) {
        let before = self.note_change(component, level);
        for r in self.parts[component.index()].readers() {
            self.read_level(self.readers[r], before, level);
        }
    }

    /// As [`Engine::set_own`] where what a component does is at once what it is, and nothing but its readers looks
    /// at it.
    pub(super) fn set_plain(&mut self, component: CompId, level: f64, success: f64) {
        let part = &mut self.parts[component.index()];
        (part.own, part.success) = (level, success);
        let readers = part.readers();
        if part.level == level {
            return self.pend_readers(component);
        }
        let before = self.note_change(component, level);
        for r in readers {
            let reader = self.readers[r];
            self.read_level(reader, before, level);
            self.pend_carrier(reader.carries, component);
        }
    }

    /// Sets a level and returns what it was.
    #[inline(always)]
    fn note_change(&mut self, component: CompId, level: f64) -> f64 {
        let part = &mut self.parts[component.index()];
        let before = std::mem::replace(&mut part.level, level);
        if part.changed_in != self.instant {
            part.changed_in = self.instant;
            self.changed.push(ChangedComponent { component, before });
        }
        before
    }

    #[inline(always)]
    fn read_level(&mut self, reader: Reader, before: f64, level: f64) {
        match reader.gate {
            Some(gate) => {
                self.nodes[reader.leaf.index()].value = level;
                self.input_changed(gate, before, level);
            }
            None => self.leaf_changed(reader.leaf, level),
        }
    }

    #[inline(never)]
    fn leaf_changed(&mut self, leaf: NodeId, level: f64) {
        let node = &self.model.expressions.nodes[leaf.index()];
        let new = leaf_value(node.kind, level);
        if new == self.nodes[leaf.index()].value {
            return;
        }
        if let Some(group) = node.group {
            self.agenda.add(Look::Groups, group.index());
        }
        // The support of a dark member may stay at 0 while its hope rises.
        if let Some(owner) = self.cycle_owner[leaf.index()] {
            self.unsolve(owner);
        }
        self.set_value(leaf, new);
    }

    /// Sets a node's value and carries the change up to the rule that the expression belongs to.
    #[inline(never)]
    pub(super) fn set_value(&mut self, node: NodeId, new: f64) {
        let old = std::mem::replace(&mut self.nodes[node.index()].value, new);
        match self.model.expressions.nodes[node.index()].parent {
            Parent::Root(root) => self.root_changed(root),
            Parent::Node(gate) => self.input_changed(gate, old, new),
        }
    }

    /// An input of a gate has changed: counts it, and carries on what becomes of the gate.
    #[inline(always)]
    fn input_changed(&mut self, gate: NodeId, old: f64, new: f64) {
        let state = &mut self.nodes[gate.index()];
        state.whole = state.whole + u32::from(new == 1.0) - u32::from(old == 1.0);
        state.live = state.live + u32::from(new > 0.0) - u32::from(old > 0.0);
        let before = state.value;
        let value = state.counted().unwrap_or_else(|| self.weigh(gate));
        if value != before {
            self.set_value(gate, value);
        }
    }

    /// A gate's value where the count of its inputs does not tell it.
    #[inline(never)]
    fn weigh(&mut self, gate: NodeId) -> f64 {
        let i = gate.index();
        let node = &self.model.expressions.nodes[i];
        let NodeState { whole, live, .. } = self.nodes[i];
        let met = |yes: bool| if yes { 1.0 } else { 0.0 };
        match node.kind {
            NodeKind::Need { .. } => self.need(gate),
            NodeKind::Quorum(k) => met(live >= k),
            NodeKind::Not => met(live == 0),
            NodeKind::Share if live == whole => f64::from(whole) / f64::from(node.child_count),
            kind => {
                let mut inputs = std::mem::take(&mut self.gate_inputs);
                inputs.clear();
                inputs.extend(
                    self.model.expressions.children(gate).iter().map(|c| self.nodes[c.index()].value),
                );
                let value = gate_value(kind, &mut inputs);
                self.gate_inputs = inputs;
                value
            }
        }
    }

    /// The value of a need, its holdover included.
    pub(super) fn need(&mut self, gate: NodeId) -> f64 {
        let NodeKind::Need { at_least, hold, otherwise } = self.model.expressions.kind(gate) else {
            return 1.0;
        };
        let met = threshold(at_least, self.nodes[self.model.expressions.children(gate)[0].index()].value);
        let Some(hold) = hold else { return if met > 0.0 { met } else { otherwise } };
        self.agenda.add(Look::Holds, hold.index());
        if met > 0.0 { met } else { self.held(hold).unwrap_or(otherwise) }
    }

    fn root_changed(&mut self, root: Root) {
        match root {
            Root::Support(component) => self.unsolve(component),
            Root::StartsWith(component) => {
                self.agenda.add(Look::Components, component.index());
                self.causes.touch(component);
            }
            Root::RepairNeeds(repair) => self.agenda.add(Look::Repairs, repair.index()),
            Root::Clock(mode) => self.agenda.add(Look::Clocks, mode.index()),
            Root::Hazard(hazard) => self.agenda.add(Look::Hazards, hazard.index()),
            Root::Failover(route) => self.agenda.add(Look::Routes, route.index()),
            Root::Scaling(_) => self.touch_load(),
        }
    }

    fn solve_cycle(&mut self, rank: u32) {
        let model = self.model;
        let members = &model.graph.ranked[rank as usize];
        if members.iter().any(|m| model.components[m.index()].black_start.is_some()) {
            self.solve_members(members, rank, false);
            members.iter().for_each(|m| self.hope[m.index()] = self.scratch[m.index()]);
        }
        self.solve_members(members, rank, true);
        self.solving = rank;
        for member in members {
            let level = self.scratch[member.index()];
            self.set_level(*member, level);
        }
        self.solving = u32::MAX;
    }

    /// Greatest solution within a cycle, into `scratch`: from the highest levels thinkable downwards until
    /// nothing moves. Every step is monotone and values are few (needs inside a cycle are met or not).
    fn solve_members(&mut self, members: &[CompId], rank: u32, with_darkness: bool) {
        for member in members {
            let i = member.index();
            self.scratch[i] =
                if with_darkness { self.ceiling(*member) } else { self.ceiling_if_lit(*member) };
        }
        loop {
            let mut moved = false;
            for member in members {
                let level = self.solve_member(*member, rank, with_darkness);
                if level != self.scratch[member.index()] {
                    self.scratch[member.index()] = level;
                    moved = true;
                }
            }
            if !moved {
                return;
            }
        }
    }

    fn solve_member(&self, member: CompId, rank: u32, with_darkness: bool) -> f64 {
        let i = member.index();
        let ceiling = if with_darkness { self.ceiling(member) } else { self.ceiling_if_lit(member) };
        let Some(support) = self.model.components[i].support else { return ceiling };
        let sees_hope = with_darkness && self.dark[i].bridged;
        let mates = if sees_hope { &self.hope } else { &self.scratch };
        let level = |c: CompId| {
            let inside = self.model.graph.rank[c.index()] == rank;
            if inside { mates[c.index()] } else { self.parts[c.index()].level }
        };
        ceiling.min(self.model.expressions.evaluate(support, &level, &|h| self.held(h)))
    }

    /// Support as the component sees it: if it is bridged, with its mates at their hope.
    pub(super) fn seen_support(&self, component: CompId) -> f64 {
        match self.model.components[component.index()].support {
            Some(node) if self.dark[component.index()].bridged => self.seen_value(component, node),
            _ => self.support(component),
        }
    }

    /// The value of an expression with the component's mates at their hope.
    pub(super) fn seen_value(&self, component: CompId, node: NodeId) -> f64 {
        let rank = &self.model.graph.rank;
        let level = |c: CompId| {
            let inside = rank[c.index()] == rank[component.index()];
            if inside { self.hope[c.index()] } else { self.parts[c.index()].level }
        };
        self.model.expressions.evaluate(node, &level, &|h| self.held(h))
    }

    fn ceiling_if_lit(&self, component: CompId) -> f64 {
        if self.is_idle(component) { 0.0 } else { self.parts[component.index()].own }
    }

    /// All values and levels from nothing: the start of a replication.
    pub(super) fn solve_from_scratch(&mut self) {
        self.parts.iter_mut().for_each(|part| part.level = 1.0);
        for rank in 0..self.model.graph.ranked.len() {
            self.unsolved.add(rank as u32);
        }
        for node in 0..self.nodes.len() {
            self.evaluate_afresh(NodeId::at(node));
        }
    }

    /// Children stand before their parents, so one pass in order evaluates all.
    fn evaluate_afresh(&mut self, node: NodeId) {
        let i = node.index();
        let expressions = &self.model.expressions;
        let kind = expressions.kind(node);
        if let Some(target) = Expressions::target(kind) {
            self.nodes[i].value = leaf_value(kind, self.parts[target.index()].level);
            return;
        }
        let children = expressions.children(node);
        self.nodes[i].whole = children.iter().filter(|c| self.nodes[c.index()].value == 1.0).count() as u32;
        self.nodes[i].live = children.iter().filter(|c| self.nodes[c.index()].value > 0.0).count() as u32;
        self.nodes[i].value = self.nodes[i].counted().unwrap_or_else(|| self.weigh(node));
    }
}
