//! Where the time goes: the stages of recovery that downtime is booked to.

use crate::engine::{Engine, Stage, UserStage};
use crate::model::UsageId;

/// Number of stages.
pub const STAGES: usize = 10;

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
/// Equal parts over its running repairs; once they are over, restart.
pub(super) fn of_event(engine: &Engine<'_>, event: u32, mut visit: impl FnMut(usize, f64)) {
    let mut repairs = 0_u32;
    engine.for_each_repair_of(event, |_, _| repairs += 1);
    if repairs == 0 {
        return visit(9, 1.0);
    }
    engine.for_each_repair_of(event, |stage, never| visit(of_repair(stage, never), 1.0 / f64::from(repairs)));
}

fn of_repair(stage: Stage, never: bool) -> usize {
    match stage {
        Stage::Coming | Stage::Detect => 0,
        Stage::Permit => 4,
        Stage::Crew => 5,
        Stage::Travel => 6,
        Stage::Work if never => 8,
        Stage::Work => 7,
        Stage::Idle => 9,
    }
}
