//! Components: levels, ways back, standbys, re-forming units.

use std::collections::BTreeSet;

use super::{Entry, Happening, entry, unite};
use crate::engine::{Engine, Restart, StandbyPhase};
use crate::model::{CompId, Expressions, Model, NodeId};

/// Watches components.
#[derive(Debug, Clone)]
pub(super) struct ComponentWatch {
    /// Components below 1 when last seen.
    impaired: BTreeSet<CompId>,
    /// What each carried then.
    carried: Vec<Vec<u32>>,
    restarts: Vec<Restart>,
    /// Standbys, what each does, and why.
    standbys: Vec<(CompId, StandbyPhase, Vec<u32>)>,
    /// Units that can re-form: the share of calls that fails, and why.
    units: Vec<(CompId, Option<f64>, Vec<u32>)>,
}

impl ComponentWatch {
    pub(super) fn new(model: &Model) -> Self {
        let ids = || (0..model.components.len()).map(CompId::at);
        let standbys = ids().filter(|c| model.components[c.index()].standby.is_some());
        let units = ids().filter(|c| model.components[c.index()].reconfigure.is_some());
        Self {
            impaired: BTreeSet::new(),
            carried: vec![Vec::new(); model.components.len()],
            restarts: vec![Restart::No; model.components.len()],
            standbys: standbys.map(|c| (c, StandbyPhase::Idle, Vec::new())).collect(),
            units: units.map(|c| (c, None, Vec::new())).collect(),
        }
    }

    /// `struck`: components whose change has been told with what struck them.
    pub(super) fn look(&mut self, engine: &Engine<'_>, struck: &[CompId], out: &mut Vec<Entry>) {
        let started = self.look_at_standbys(engine, out);
        let mut changed: Vec<_> = engine.changed_components().collect();
        let rank = |c: CompId| engine.model().graph.rank[c.index()];
        changed.sort_by_key(|c| (rank(c.component), c.component));
        for change in changed {
            let component = change.component;
            // Signals and what operators do are told otherwise.
            if engine.model().components[component.index()].kind.is_derived() {
                continue;
            }
            let after = engine.level(component);
            if after < 1.0 {
                self.impaired.insert(component);
            }
            if struck.contains(&component) || started.contains(&component) {
                continue;
            }
            let mut events = engine.events_of(component);
            if after > change.before {
                unite(&mut events, &self.carried[component.index()]);
            }
            let restart = self.restarts[component.index()];
            let happening = Happening::Level { component, restart };
            let (before, after) = (Some(change.before), Some(after));
            out.push(Entry { at: engine.now(), happening, before, after, events });
        }
        self.look_at_impaired(engine, out);
        self.look_at_units(engine, out);
    }

    /// Ways back, and what is carried from now on.
    fn look_at_impaired(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        for component in &self.impaired {
            let i = component.index();
            let restart = engine.restart_of(*component);
            let events = engine.events_of(*component);
            if restart != std::mem::replace(&mut self.restarts[i], restart) && restart != Restart::No {
                let happening = Happening::Restart { component: *component, restart };
                out.push(entry(engine.now(), happening, events.clone()));
            }
            self.carried[i] = events;
        }
        self.impaired.retain(|c| engine.level(*c) < 1.0);
    }

    /// Standbys whose state has changed.
    fn look_at_standbys(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) -> Vec<CompId> {
        let mut told = Vec::new();
        for (standby, phase, events) in &mut self.standbys {
            let now = engine.standby_phase(*standby);
            if now != StandbyPhase::Idle {
                let reasons = reasons_of(engine, *standby);
                if !reasons.is_empty() {
                    *events = reasons;
                }
            }
            if now == std::mem::replace(phase, now) {
                continue;
            }
            let after = engine.level(*standby);
            let change = engine.changed_components().find(|c| c.component == *standby);
            let mut because = events.clone();
            unite(&mut because, &engine.events_of(*standby));
            out.push(Entry {
                at: engine.now(),
                happening: Happening::Standby { component: *standby, phase: now },
                before: Some(change.map_or(after, |c| c.before)),
                after: Some(after),
                events: because,
            });
            told.push(*standby);
        }
        told
    }

    fn look_at_units(&mut self, engine: &Engine<'_>, out: &mut Vec<Entry>) {
        for (unit, reforming, events) in &mut self.units {
            let errors = engine.reforming_errors(*unit);
            let before = std::mem::replace(reforming, errors);
            if let Some(errors) = errors {
                *events = engine.reforming_events(*unit).to_vec();
                if before != Some(errors) {
                    let happening = Happening::Reforms { unit: *unit, errors };
                    out.push(entry(engine.now(), happening, events.clone()));
                }
            } else if before.is_some() {
                out.push(entry(engine.now(), Happening::Reformed { unit: *unit }, events.clone()));
            }
        }
    }
}

/// What holds down the rest of the needs that a standby stands in.
fn reasons_of(engine: &Engine<'_>, standby: CompId) -> Vec<u32> {
    let model = engine.model();
    let mut events = Vec::new();
    if let Some(rule) = &model.components[standby.index()].standby {
        for group in &rule.groups {
            let mut components = Vec::new();
            components_of(model, model.groups[group.index()].expression, &mut components);
            for component in components.iter().filter(|c| **c != standby) {
                unite(&mut events, &engine.events_of(*component));
            }
        }
    }
    events
}

fn components_of(model: &Model, node: NodeId, out: &mut Vec<CompId>) {
    out.extend(Expressions::target(model.expressions.kind(node)));
    model.expressions.children(node).iter().for_each(|child| components_of(model, *child, out));
}
