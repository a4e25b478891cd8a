//! Attribution: who carries which initiating events.

use std::collections::BTreeSet;

use blackstart::model::{CallTree, Expressions, NodeId, NodeKind};

use super::{Moving, Reference, SLACK, Switching};

type Events = BTreeSet<usize>;

impl Reference<'_> {
    /// Brings all sets up to date once an instant has settled.
    ///
    /// Formula: the least sets that satisfy the rules, by iteration from what dark components have kept.
    pub(super) fn attribute(&mut self) {
        let before = self.sets.clone();
        for c in 0..self.sets.len() {
            let comp = &self.state.comps[c];
            self.sets[c] = if comp.dark { comp.kept.clone() } else { Events::new() };
        }
        loop {
            let old = self.sets.clone();
            for (c, mut set) in old.iter().cloned().enumerate() {
                self.add_limits(c, &before[c], &mut set);
                self.sets[c] = set;
            }
            if self.sets == old {
                break;
            }
        }
        for c in 0..self.sets.len() {
            if self.state.comps[c].dark {
                self.state.comps[c].kept = self.sets[c].clone();
            }
        }
        for (unit, member) in self.state.member_news.clone() {
            let set = match (self.settled[member] > 0.0, self.state.levels[member] > 0.0) {
                (true, false) => &self.sets[member],
                (false, true) => &before[member],
                _ => continue,
            };
            if self.state.comps[unit].reform.is_some() {
                self.state.comps[unit].reform_events.extend(set);
            }
        }
        self.settled = self.state.levels.clone();
    }

    /// `before`: what it carried before this instant.
    fn add_limits(&self, c: usize, before: &Events, set: &mut Events) {
        if self.state.levels[c] >= 1.0 {
            return;
        }
        if let Some(path) = self.path_of(c) {
            return self.add_path_events(path, before, set);
        }
        let (own, support) = (self.own(c), self.seen_support(c));
        if own <= support && own < 1.0 {
            let component = &self.model.components[c];
            for failure in self.state.failures.iter().filter(|f| f.component == c) {
                let limits = match failure.mode {
                    // Single units limit only if what they leave together is no more than own.
                    Some(_) if component.units > 1 => failure.level < 1.0 && self.own_of_units(c) <= own,
                    _ => failure.level <= own,
                };
                if limits {
                    set.insert(failure.event);
                    let job = &self.state.jobs[&failure.job];
                    if !self.needs_are_met(job) {
                        self.add_repair_blockers(job.repair.index(), set);
                    }
                }
            }
        }
        if support <= own
            && support < 1.0
            && let Some(node) = self.model.components[c].support
        {
            self.add_inputs(node, &|i| self.seen_level(c, i), set);
        }
        // Where something else holds it down, `starts_with` is not what it waits for.
        if self.state.comps[c].dark
            && own.min(support) > 0.0
            && let Some(node) = self.model.components[c].starts_with
            && self.value(node, &|i| self.state.levels[i]) <= 0.0
        {
            self.add_inputs(node, &|i| self.state.levels[i], set);
        }
    }

    fn add_repair_blockers(&self, repair: usize, set: &mut Events) {
        if let Some(node) = self.model.repairs[repair].needs {
            self.add_inputs(node, &|i| self.state.levels[i], set);
        }
    }

    /// Adds what keeps an expression below 1.
    fn add_inputs(&self, node: NodeId, level: &dyn Fn(usize) -> f64, set: &mut Events) {
        let value = self.value(node, level);
        if value >= 1.0 {
            return;
        }
        let kind = self.model.expressions.kind(node);
        if let Some(c) = Expressions::target(kind) {
            if !matches!(kind, NodeKind::Down(_)) {
                set.extend(&self.sets[c.index()]);
            }
            return;
        }
        for child in self.model.expressions.children(node) {
            let input = self.value(*child, level);
            let counts = match kind {
                NodeKind::Share | NodeKind::Need { at_least: Some(_), .. } => input < 1.0,
                _ => input <= value,
            };
            if counts {
                self.add_inputs(*child, level, set);
            }
        }
    }

    /// The events that make a usage's calls fail.
    pub(super) fn failing_events(&self, u: usize) -> Events {
        let calls = &self.model.usages[u].calls;
        let error = |tree: &CallTree| 1.0 - self.outcome(tree).0;
        let mut counting: Vec<_> = calls.iter().filter(|c| error(&c.to) >= 0.05 - SLACK).collect();
        if counting.is_empty() {
            counting = calls.iter().filter(|c| error(&c.to) > SLACK).collect();
        }
        let mut set = Events::new();
        counting.into_iter().for_each(|call| self.add_call_events(&call.to, &mut set));
        if set.is_empty() {
            set.insert(0);
        }
        set
    }

    fn add_call_events(&self, tree: &CallTree, set: &mut Events) {
        match tree {
            CallTree::Service(routes) => {
                for (r, share) in routes {
                    if *share > 0.0 && self.route_success(r.index()) < 1.0 - SLACK {
                        self.add_route_events(r.index(), set);
                    }
                }
            }
            CallTree::Mix(parts) => {
                for (weight, part) in parts {
                    if *weight > 0.0 {
                        self.add_call_events(part, set);
                    }
                }
            }
            // Load is left out here.
            CallTree::Moved { stays, .. } => self.add_call_events(stays, set),
            CallTree::FirstOf { of, switch, .. } => {
                for (i, alternative) in of.iter().enumerate() {
                    self.add_call_events(alternative, set);
                    let open =
                        i + 1 < of.len() && self.state.switches[switch.index() + i].0 == Switching::Open;
                    if !open {
                        break;
                    }
                }
            }
        }
    }

    fn add_route_events(&self, r: usize, set: &mut Events) {
        let route = &self.state.routes[r];
        let unit = self.model.routes[r].units[route.at].index();
        if self.state.levels[unit] <= 0.0 {
            set.extend(&self.sets[unit]);
        } else {
            self.add_error_events(unit, set);
            for member in &self.model.components[unit].members {
                if self.state.levels[member.index()] > 0.0 {
                    self.add_error_events(member.index(), set);
                }
            }
            set.extend(&self.state.comps[unit].reform_events);
        }
        self.add_landing_events(r, set);
        if matches!(route.moving, Moving::Shifting | Moving::Returning)
            && let Some(node) = self.shift_needs(r, route)
            && self.value(node, &|i| self.state.levels[i]) <= 0.0
        {
            self.add_inputs(node, &|i| self.state.levels[i], set);
        }
    }

    fn add_error_events(&self, c: usize, set: &mut Events) {
        let erring = self.state.failures.iter().filter(|f| f.component == c && f.success < 1.0);
        set.extend(erring.map(|f| f.event));
    }
}
