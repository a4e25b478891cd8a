//! Components, their failures and hazards, laid flat.

use crate::law::Law;
use crate::model::component::{
    Clock, Component, Effect, Hold, Mode, Permit, Reconfigure, Repair, RepairStreams, Standby, StandbyGroup,
};
use crate::model::draft::{
    ClockDraft, ComponentDraft, HazardDraft, ModeDraft, OccursDraft, RepairDraft, StandbyDraft, StrikeDraft,
};
use crate::model::expression::{Expressions, Root};
use crate::model::hazard::{Clusters, Hazard, Occurs, Strike, Target};
use crate::model::ids::{CauseId, CompId, HazardId, ModeId, RepairId};
use crate::model::unknown::{UnknownNumber, UnknownPlace};
use crate::model::users::Switch;
use crate::random::StreamName;

/// The arrays of a model under way.
#[derive(Default)]
pub(super) struct Flat {
    pub(super) components: Vec<Component>,
    pub(super) modes: Vec<Mode>,
    pub(super) repairs: Vec<Repair>,
    pub(super) expressions: Expressions,
    pub(super) holds: Vec<Hold>,
    pub(super) groups: Vec<StandbyGroup>,
    pub(super) hazards: Vec<Hazard>,
    pub(super) strikes: Vec<Strike>,
    pub(super) switches: Vec<Switch>,
    pub(super) causes: Vec<String>,
    /// Numbers that nobody knows, of what only has its place once it is laid flat.
    pub(super) unknowns: Vec<UnknownNumber>,
    /// The corridors that each component lies in.
    corridors: Vec<Vec<Corridor>>,
}

/// A corridor and the time that a permit to work there takes.
type Corridor = (String, Law);

/// The permits that process `name` needs.
fn permits(corridors: &[Corridor], name: &str) -> Vec<Permit> {
    let permit = |(corridor, takes): &Corridor| Permit {
        takes: takes.clone(),
        stream: StreamName::new(name, &format!("permit {corridor}")),
    };
    corridors.iter().filter(|(_, takes)| !takes.is_zero()).map(permit).collect()
}

impl Flat {
    /// Says that a plain number is the unknown figure of this number.
    pub(super) fn unknown_at(&mut self, place: UnknownPlace, figure: usize) {
        self.unknowns.push(UnknownNumber { place, figure, times: (1.0, 1.0) });
    }

    fn cause(&mut self, name: String) -> CauseId {
        self.causes.push(name);
        CauseId::at(self.causes.len() - 1)
    }

    pub(super) fn add_component(&mut self, id: CompId, draft: ComponentDraft) {
        let pooled = draft.units > 1 && units_share_a_clock(&draft);
        let clocks = if pooled { 1 } else { draft.units };
        let first = self.modes.len();
        for mode in draft.modes {
            self.add_mode(id, &draft.name, mode, clocks, &draft.permits);
        }
        let standby = draft.standby.map(|s| self.standby(id, &draft.name, s, clocks));
        let support = draft.support.map(|e| self.root(e, Root::Support(id)));
        let starts_with = draft.starts_with.map(|e| self.root(e, Root::StartsWith(id)));
        let reconfigure = draft.reconfigure.map(|(takes, errors)| Reconfigure {
            takes,
            takes_stream: StreamName::new(&draft.name, "reconfigures in"),
            errors,
            errors_stream: StreamName::new(&draft.name, "reconfigures with"),
        });
        self.corridors.push(draft.permits);
        self.components.push(Component {
            kind: draft.kind,
            units: draft.units,
            enough: draft.enough,
            pooled,
            modes: first..self.modes.len(),
            support,
            starts_with,
            restart: draft.restart,
            restart_stream: StreamName::new(&draft.name, "restart"),
            black_start: draft.black_start,
            black_start_stream: StreamName::new(&draft.name, "black start"),
            standby,
            reconfigure,
            members: draft.members,
            member_of: None,
            unit_of: draft.unit_of,
            name: draft.name,
        });
    }

    fn add_mode(
        &mut self,
        component: CompId,
        owner: &str,
        draft: ModeDraft,
        clocks: u32,
        corridors: &[Corridor],
    ) {
        let name = format!("{owner}: {}", draft.name);
        let cause = self.cause(name.clone());
        for unit in 0..clocks {
            let process = if clocks == 1 { name.clone() } else { format!("{name} #{}", unit + 1) };
            let mode = ModeId::at(self.modes.len());
            let repair = self.repair(draft.repair.clone(), &process);
            let clock = match draft.clock.clone() {
                ClockDraft::Calendar => Clock::Calendar,
                ClockDraft::Operating => Clock::Operating,
                ClockDraft::While(condition) => Clock::While(self.root(condition, Root::Clock(mode))),
            };
            self.modes.push(Mode {
                component,
                unit,
                every: draft.every.clone(),
                effect: draft.effect.clone(),
                clock,
                rhythm: draft.rhythm,
                repair,
                cause,
                inspection: draft.inspection,
                every_stream: StreamName::new(&process, "fail"),
                effect_stream: StreamName::new(&process, "effect"),
                repair_streams: RepairStreams::of(&process),
                permits: permits(corridors, &process),
                name: process,
            });
        }
    }

    fn standby(&mut self, component: CompId, owner: &str, draft: StandbyDraft, clocks: u32) -> Standby {
        let first = self.modes.len();
        if draft.fails_to_start > 0.0 {
            let mode = ModeDraft {
                name: "start".into(),
                every: Law::Never,
                effect: Effect::Down,
                clock: ClockDraft::Calendar,
                rhythm: None,
                inspection: None,
                repair: draft.repair,
            };
            self.add_mode(component, owner, mode, clocks, &[]);
        }
        Standby {
            starts_in: draft.starts_in,
            starts_in_stream: StreamName::new(owner, "starts in"),
            fails_to_start: draft.fails_to_start,
            fails_stream: StreamName::new(owner, "fails to start"),
            start_modes: first..self.modes.len(),
            dormancy: draft.dormancy,
            groups: Vec::new(),
        }
    }

    fn repair(&mut self, draft: RepairDraft, name: &str) -> RepairId {
        let id = RepairId::at(self.repairs.len());
        let needs = draft.needs.map(|e| self.root(e, Root::RepairNeeds(id)));
        if let Some(figure) = draft.unknown_without_needs {
            self.unknown_at(UnknownPlace::WithoutNeeds(id), figure);
        }
        self.repairs.push(Repair {
            detect: draft.detect,
            crew: draft.crew,
            travel: draft.travel,
            work: draft.work,
            needs,
            without_needs: draft.without_needs,
            priority: draft.priority,
            name: name.to_owned(),
        });
        id
    }

    pub(super) fn add_hazard(&mut self, draft: HazardDraft) {
        let id = HazardId::at(self.hazards.len());
        let cause = self.cause(draft.name.clone());
        let occurs = match draft.occurs {
            OccursDraft::At(times) => Occurs::At(times),
            OccursDraft::Between(from, to) => Occurs::Between(from, to),
            OccursDraft::Every(law) => Occurs::Every(law),
            OccursDraft::When(e) => Occurs::When(self.root(e, Root::Hazard(id))),
        };
        let only_while = draft.only_while.map(|e| self.root(e, Root::Hazard(id)));
        let clusters = draft.clusters.map(|(offspring, after)| Clusters {
            offspring,
            after,
            offspring_stream: StreamName::new(&draft.name, "hazard offspring"),
            after_stream: StreamName::new(&draft.name, "hazard offspring after"),
        });
        let first = self.strikes.len();
        for strike in draft.strikes {
            self.add_strike(id, &draft.name, strike);
        }
        self.hazards.push(Hazard {
            occurs,
            rhythm: draft.rhythm,
            probability: draft.probability,
            only_while,
            clusters,
            strikes: first..self.strikes.len(),
            one_of: draft.one_of,
            surge: None,
            response: None,
            cause,
            time_stream: StreamName::new(&draft.name, "hazard time"),
            probability_stream: StreamName::new(&draft.name, "hazard happens"),
            choice_stream: StreamName::new(&draft.name, "hazard choice"),
            name: draft.name,
        });
    }

    fn add_strike(&mut self, hazard: HazardId, hazard_name: &str, draft: StrikeDraft) {
        let name = format!("{hazard_name}: {}", draft.name);
        let repair = self.repair(draft.repair, &name);
        let (waves, wave_of) = draft.waves.map_or((None, Vec::new()), |(gap, of)| (Some(gap), of));
        let mut corridors: Vec<Corridor> = Vec::new();
        for corridor in draft.targets.iter().flat_map(|t| &self.corridors[t.index()]) {
            if !corridors.iter().any(|(name, _)| *name == corridor.0) {
                corridors.push(corridor.clone());
            }
        }
        let targets = draft.targets.into_iter().enumerate().map(|(place, component)| {
            let process = format!("{name} on {}", self.components[component.index()].name);
            Target {
                component,
                wave: wave_of.get(place).copied().unwrap_or(0),
                hit_stream: StreamName::new(&process, "hit"),
                delay_stream: StreamName::new(&process, "delay"),
                repair_streams: RepairStreams::of(&process),
                permits: permits(&self.corridors[component.index()], &process),
            }
        });
        let strike = Strike {
            hazard,
            targets: targets.collect(),
            effect: draft.effect,
            effect_stream: StreamName::new(&name, "effect"),
            hits: draft.hits,
            delay: draft.delay,
            waves,
            waves_stream: StreamName::new(&name, "waves"),
            repair,
            each: draft.each,
            repair_streams: RepairStreams::of(&name),
            permits: permits(&corridors, &name),
            name,
        };
        self.strikes.push(strike);
    }
}

/// Exponential times to failure have no memory, so n units can share one clock that runs as fast as units
/// work; that needs a single mode that takes a unit down, or it would matter which unit is hit.
pub(super) fn units_share_a_clock(draft: &ComponentDraft) -> bool {
    let [mode] = draft.modes.as_slice() else { return draft.modes.is_empty() };
    mode.every.is_exponential().is_some() && mode.effect == Effect::Down
}
