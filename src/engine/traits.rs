//! What the hot paths ask of components and modes, packed densely: the model's records are too large to touch
//! at every event.

use crate::law::Law;
use crate::model::{Clock, CompId, Effect, Mode, Model};
use crate::random::StreamName;

/// Properties of one component.
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
    /// True if it stands for several units.
    pub(super) is_counted: bool,
    /// True if its units share one clock.
    pub(super) is_pooled: bool,
    /// True if nothing but its dependents reacts to its level.
    pub(super) is_inert: bool,
    /// True if its level is its own level and what it carries are its own active failures: it needs nothing,
    /// remembers nothing, and nobody's recovery depends on it and it on theirs.
    pub(super) is_leaf: bool,
}

impl Traits {
    /// Stands for "no node".
    pub(super) const NO_NODE: u32 = u32::MAX;

    pub(super) fn of(model: &Model, component: CompId, in_recovery_cycle: bool) -> Self {
        let c = &model.components[component.index()];
        let operating = model.modes[c.modes.clone()].iter().any(|m| m.clock == Clock::Operating);
        let remembers = c.remembers_darkness(model.graph.in_cycle(component));
        let paces_clocks = operating || c.pooled || c.standby.is_some();
        let is_called = c.unit_of.is_some() || c.member_of.is_some();
        Self {
            support: c.support.map_or(Self::NO_NODE, |n| n.0),
            remembers,
            is_standby: c.standby.is_some(),
            paces_clocks,
            is_called,
            is_counted: c.units > 1,
            is_pooled: c.pooled,
            is_inert: !(remembers || paces_clocks || is_called),
            // A member's set is wanted from before the instant, when its unit re-forms.
            is_leaf: c.support.is_none()
                && c.member_of.is_none()
                && c.standby.is_none()
                && !remembers
                && !in_recovery_cycle,
        }
    }
}

/// A failure mode of the simplest and commonest kind: it takes a component of one unit down, on a calendar
/// clock, and is mended after a time without detection, crew, travel or needs.
#[derive(Debug, Clone)]
pub(super) struct SimpleMode {
    pub(super) component: CompId,
    pub(super) every: Law,
    pub(super) every_stream: StreamName,
    pub(super) work: Law,
    pub(super) work_stream: StreamName,
    pub(super) cause: crate::model::CauseId,
}

impl SimpleMode {
    /// The mode, if it is so simple.
    pub(super) fn of(model: &Model, traits: &[Traits], mode: &Mode) -> Option<Self> {
        let repair = &model.repairs[mode.repair.index()];
        let at_once = repair.detect.is_zero() && repair.travel.is_zero();
        let alone = repair.crew.is_none() && repair.needs.is_none();
        let of_component = &traits[mode.component.index()];
        let plain = !of_component.is_counted && !of_component.paces_clocks && mode.clock == Clock::Calendar;
        (at_once && alone && plain && mode.effect == Effect::Down).then(|| Self {
            component: mode.component,
            every: mode.every.clone(),
            every_stream: mode.every_stream,
            work: repair.work.clone(),
            work_stream: mode.repair_streams.work,
            cause: mode.cause,
        })
    }
}
