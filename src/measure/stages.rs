//! Where the time goes: the stages of recovery that downtime is booked to.

use crate::engine::{Engine, Stage, UserStage};
use crate::model::UsageId;

/// Number of stages.
pub const STAGES: usize = 13;

/// The stage of overload that outlives the repairs of what caused it.
pub const OVERLOAD_TAIL: usize = 11;

const RESTART: usize = 9;
const OVERLOAD: usize = 10;
const NOTHING_TO_MEND: usize = 12;

/// Names of the stages, in the order of a recovery.
pub const STAGE_NAMES: [&str; STAGES] = [
    "detect",
    "failover detect",
    "failover shift",
    "failover waits for its needs",
    "wait for permit",
    "wait for crew",
    "travel",
    "work",
    "never mended",
    "restart",
    "overload",
    "overload tail",
    "nothing to mend",
];

/// The stage of users who are being moved.
pub(super) fn of_users(engine: &Engine<'_>, usage: UsageId) -> Option<usize> {
    engine.usage_moving(usage).map(|stage| match stage {
        UserStage::Detect => 1,
        UserStage::Shift => 2,
        UserStage::Stalled => 3,
    })
}

/// Calls `visit` with the stages that recovery from an initiating event is in, and the part of each.
///
/// Equal parts over its running repairs. Where it has none: overload, while it is demand that is still there; overload tail, if
/// calls fail `by_load`; else restart. Where no event is to blame there is nothing to mend.
pub(super) fn of_event(engine: &Engine<'_>, event: u32, by_load: bool, mut visit: impl FnMut(usize, f64)) {
    if event == 0 {
        return visit(NOTHING_TO_MEND, 1.0);
    }
    let mut repairs = 0_u32;
    engine.for_each_repair_of(event, |_, _| repairs += 1);
    if repairs > 0 {
        let part = 1.0 / f64::from(repairs);
        return engine.for_each_repair_of(event, |stage, never| visit(of_repair(stage, never), part));
    }
    let stage = match by_load {
        _ if engine.is_present_demand(event) => OVERLOAD,
        true => OVERLOAD_TAIL,
        false => RESTART,
    };
    visit(stage, 1.0);
}

fn of_repair(stage: Stage, never: bool) -> usize {
    match stage {
        Stage::Coming | Stage::Detect => 0,
        Stage::Permit => 4,
        Stage::Crew => 5,
        Stage::Travel => 6,
        Stage::Work if never => 8,
        Stage::Work => 7,
        Stage::Idle => RESTART,
    }
}
