//! Where the time goes: the stages of recovery that downtime is booked to.

use crate::engine::{Engine, Stage, UserStage};
use crate::model::UsageId;

/// Number of stages.
pub const STAGES: usize = 9;

/// Names of the stages, in the order of a recovery.
pub const STAGE_NAMES: [&str; STAGES] = [
    "detect",
    "failover detect",
    "failover shift",
    "failover waits for its needs",
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

/// The stage that the repair of an initiating event is in.
pub(super) fn of_event(engine: &Engine<'_>, event: u32) -> usize {
    match engine.stage_of(event) {
        Stage::Coming | Stage::Detect => 0,
        Stage::Crew => 4,
        Stage::Travel => 5,
        Stage::Work if engine.never_ends(event) => 7,
        Stage::Work => 6,
        Stage::Idle => 8,
    }
}
