//! What can be a choke point: components, cables, hazards, crews.

use serde::Serialize;

use crate::law::Law;
use crate::model::{CauseId, CompId, CrewId, HazardId, Kind, Model};

/// What kind of thing is ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A component.
    Component,
    /// All segments of a cable.
    Cable,
    /// A hazard.
    Hazard,
    /// A change of demand.
    Surge,
    /// A pool of repair crews.
    Crew,
}

/// Something that is ranked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subject {
    pub(super) kind: SubjectKind,
    pub(super) name: String,
    pub(super) what: What,
    /// What attribution calls its failures.
    pub(super) causes: Vec<CauseId>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Components(Vec<CompId>),
    Hazard(HazardId),
    Crew(CrewId),
}

/// Everything that can be ranked: components that can fail, be struck or carry others, cables of several segments, hazards and crews.
pub(super) fn subjects(model: &Model) -> Vec<Subject> {
    let mut all: Vec<Subject> = (0..model.components.len())
        .map(CompId::at)
        .filter(|c| !model.components[c.index()].kind.is_derived())
        .map(|c| of_components(model, SubjectKind::Component, &model.components[c.index()].name, vec![c]))
        .collect();
    for (name, segments) in cables(model).into_iter().filter(|(_, segments)| segments.len() > 1) {
        all.push(of_components(model, SubjectKind::Cable, name, segments));
    }
    // What operators do in answer is no hazard.
    for (number, hazard) in model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.response.is_none()) {
        all.push(Subject {
            kind: if hazard.surge.is_some() { SubjectKind::Surge } else { SubjectKind::Hazard },
            name: hazard.name.clone(),
            what: What::Hazard(HazardId::at(number)),
            causes: vec![hazard.cause],
        });
    }
    for (number, crew) in model.crews.iter().enumerate() {
        all.push(Subject {
            kind: SubjectKind::Crew,
            name: crew.name.clone(),
            what: What::Crew(CrewId::at(number)),
            causes: Vec::new(),
        });
    }
    all
}

fn of_components(model: &Model, kind: SubjectKind, name: &str, components: Vec<CompId>) -> Subject {
    let modes = components.iter().flat_map(|c| &model.modes[model.components[c.index()].modes.clone()]);
    let mut causes: Vec<CauseId> = modes.map(|mode| mode.cause).collect();
    causes.sort_unstable();
    causes.dedup();
    Subject { kind, name: name.to_owned(), what: What::Components(components), causes }
}

/// The segments of each cable, which stand before the slash in their names.
fn cables(model: &Model) -> Vec<(&str, Vec<CompId>)> {
    let mut cables: Vec<(&str, Vec<CompId>)> = Vec::new();
    for (number, component) in model.components.iter().enumerate() {
        if component.kind != Kind::Segment {
            continue;
        }
        let Some((cable, _)) = component.name.split_once('/') else { continue };
        match cables.iter_mut().find(|(name, _)| *name == cable) {
            Some((_, segments)) => segments.push(CompId::at(number)),
            None => cables.push((cable, vec![CompId::at(number)])),
        }
    }
    cables
}

impl Subject {
    /// True if it could fail or be struck, so that being perfect may change something.
    pub(super) fn can_fail(&self, model: &Model) -> bool {
        let What::Components(components) = &self.what else { return true };
        let fails = |c: &CompId| {
            let component = &model.components[c.index()];
            let clocks = model.modes[component.modes.clone()].iter().any(|m| !matches!(m.every, Law::Never));
            let starts = component.standby.as_ref().is_some_and(|standby| standby.fails_to_start > 0.0);
            let struck = || model.strikes.iter().flat_map(|s| &s.targets).any(|t| t.component == *c);
            clocks || starts || struck()
        };
        components.iter().any(fails)
    }

    /// Its components; none if it is a hazard or a crew.
    pub(super) fn components(&self) -> &[CompId] {
        match &self.what {
            What::Components(components) => components,
            What::Hazard(_) | What::Crew(_) => &[],
        }
    }
}
