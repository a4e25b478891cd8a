//! Variants of a model for replay: a subject that never fails, one that is out for a while, one that is out throughout.

use super::subject::{Subject, What};
use crate::law::Law;
use crate::model::{
    CompId, Effect, Hazard, HazardId, Model, Occurs, Repair, RepairId, RepairStreams, Strike, StrikeId,
    Target, UnknownNumber, UnknownPlace,
};
use crate::random::StreamName;
use crate::time::{SimSpan, SimTime};

/// What all forced events are called: their streams have one name, so that they come at the same time whatever they hit.
const FORCED: &str = "rank forced";

/// The system in which nothing ails the subject: a component has no failures and nothing strikes it, a hazard never occurs, of a
/// crew there is always another one.
pub(super) fn perfect(model: &Model, subject: &Subject) -> Model {
    let mut model = model.clone();
    match &subject.what {
        What::Components(components) => components.iter().for_each(|c| spare(&mut model, *c)),
        What::Hazard(hazard) => decide(&mut model, *hazard, 0.0),
        What::Crew(crew) => {
            model.crews[crew.index()].size = u32::MAX;
            model.unknowns.numbers.retain(|number| number.place != UnknownPlace::CrewSize(*crew));
        }
    }
    model.find_unknown_laws();
    model
}

/// Says whether occurrences of a hazard happen, also where nobody knows how probable that is.
fn decide(model: &mut Model, hazard: HazardId, probability: f64) {
    model.hazards[hazard.index()].probability = probability;
    let surges = &model.load.surges;
    model.unknowns.numbers.retain(|number| match number.place {
        UnknownPlace::Happens(known) => known != hazard,
        UnknownPlace::SurgeHappens(surge) => surges[surge.index()].hazard != hazard,
        _ => true,
    });
}

fn spare(model: &mut Model, component: CompId) {
    model.unknowns.numbers.retain(|number| number.place != UnknownPlace::FailsToStart(component));
    let c = &mut model.components[component.index()];
    if let Some(standby) = &mut c.standby {
        standby.fails_to_start = 0.0;
    }
    model.modes[c.modes.clone()].iter_mut().for_each(|mode| mode.every = Law::Never);
    for strike in &mut model.strikes {
        strike.targets.retain(|target| target.component != component);
    }
}

/// The system in which the subject fails once more than it does anyway; `None` for a crew.
///
/// Components are out together for `lasts` from an instant that is equally likely anywhere in the horizon but its last
/// `lasts`. A hazard that has times of its own surely occurs at them; any other occurs once more, equally likely anywhere.
pub(super) fn once_more(model: &Model, subject: &Subject, lasts: SimSpan) -> Option<Model> {
    let mut changed = model.clone();
    match &subject.what {
        What::Components(components) => {
            let last = SimTime::from_micros((model.horizon.micros() - lasts.micros()).max(0));
            let work = Law::fixed(lasts.micros_f64()).ok()?;
            strike_out(&mut changed, components, Occurs::Between(SimTime::START, last), work);
        }
        What::Hazard(id) => match model.hazards[id.index()].occurs {
            Occurs::At(_) | Occurs::Between(..) => decide(&mut changed, *id, 1.0),
            Occurs::Every(_) | Occurs::When(_) => occur_once_more(&mut changed, *id),
        },
        What::Crew(_) => return None,
    }
    changed.find_unknown_laws();
    Some(changed)
}

/// The system in which the components are out from the start to the end; `None` for hazards and crews.
pub(super) fn out_throughout(model: &Model, subject: &Subject) -> Option<Model> {
    let What::Components(components) = &subject.what else { return None };
    let mut changed = model.clone();
    strike_out(&mut changed, components, Occurs::At(vec![SimTime::START]), Law::Never);
    changed.find_unknown_laws();
    Some(changed)
}

/// Adds a hazard that takes the components down until its work is done.
fn strike_out(model: &mut Model, components: &[CompId], occurs: Occurs, work: Law) {
    let repair = RepairId::at(model.repairs.len());
    model.repairs.push(Repair {
        detect: Law::ZERO,
        crew: None,
        travel: Law::ZERO,
        work,
        needs: None,
        without_needs: None,
        priority: 0,
        name: FORCED.to_owned(),
    });
    let hazard = HazardId::at(model.hazards.len());
    let target = |component: &CompId| Target {
        component: *component,
        wave: 0,
        hit_stream: StreamName::new(FORCED, "hit"),
        delay_stream: StreamName::new(FORCED, "delay"),
        repair_streams: RepairStreams::of(FORCED),
        permits: Vec::new(),
    };
    let strikes = model.strikes.len()..model.strikes.len() + 1;
    model.strikes.push(Strike {
        name: FORCED.to_owned(),
        hazard,
        targets: components.iter().map(target).collect(),
        effect: Effect::Down,
        effect_stream: StreamName::new(FORCED, "effect"),
        hits: 1.0,
        delay: Law::ZERO,
        waves: None,
        waves_stream: StreamName::new(FORCED, "waves"),
        repair,
        each: false,
        repair_streams: RepairStreams::of(FORCED),
        permits: Vec::new(),
    });
    model.hazards.push(Hazard {
        name: FORCED.to_owned(),
        occurs,
        rhythm: None,
        probability: 1.0,
        only_while: None,
        clusters: None,
        strikes,
        one_of: None,
        surge: None,
        response: None,
        // Nobody asks who is to blame in a replay, and the list of causes keeps its order.
        cause: Model::NO_CAUSE,
        time_stream: StreamName::new(FORCED, "hazard time"),
        probability_stream: StreamName::new(FORCED, "hazard happens"),
        choice_stream: StreamName::new(FORCED, "hazard choice"),
    });
}

/// Adds one occurrence of a hazard, with draws of its own.
fn occur_once_more(model: &mut Model, id: HazardId) {
    let original = model.hazards[id.index()].clone();
    let first = model.strikes.len();
    for place in original.strikes.clone() {
        let strike = model.strikes[StrikeId::at(place).index()].clone();
        let name = format!("{FORCED} {}", strike.name);
        let targets = strike.targets.iter().map(|target| {
            let process = format!("{name} on {}", model.components[target.component.index()].name);
            Target {
                hit_stream: StreamName::new(&process, "hit"),
                delay_stream: StreamName::new(&process, "delay"),
                repair_streams: RepairStreams::of(&process),
                ..target.clone()
            }
        });
        let again = Strike {
            hazard: HazardId::at(model.hazards.len()),
            targets: targets.collect(),
            effect_stream: StreamName::new(&name, "effect"),
            waves_stream: StreamName::new(&name, "waves"),
            repair_streams: RepairStreams::of(&name),
            name,
            ..strike
        };
        model.strikes.push(again);
    }
    let again = HazardId::at(model.hazards.len());
    let hits = model.unknowns.numbers.iter().filter_map(|number| match number.place {
        UnknownPlace::Hits(hazard, strike) if hazard == id => {
            Some(UnknownNumber { place: UnknownPlace::Hits(again, strike), ..*number })
        }
        _ => None,
    });
    let hits: Vec<UnknownNumber> = hits.collect();
    model.unknowns.numbers.extend(hits);
    model.hazards.push(Hazard {
        occurs: Occurs::Between(SimTime::START, model.horizon),
        rhythm: None,
        probability: 1.0,
        only_while: None,
        clusters: None,
        strikes: first..model.strikes.len(),
        time_stream: StreamName::new(FORCED, "hazard time"),
        choice_stream: StreamName::new(FORCED, "hazard choice"),
        name: format!("{FORCED} {}", original.name),
        ..original
    });
}
