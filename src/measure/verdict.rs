//! When users are down, and which event an outage is booked to.

use crate::engine::Engine;
use crate::model::Objective;

/// Slack of a rounding error: an effect of exactly 5 % is down.
const SLACK: f64 = 1e-12;

/// True if a journey with this share of failing requests is down.
#[inline]
pub(super) fn is_down(objective: &Objective, error: f64) -> bool {
    error >= objective.down_at - SLACK
}

/// True if it is not down, but degraded; `by_alternatives`: share of requests whose service counts as degraded, `is_slow`: they
/// take longer than the limit.
#[inline]
pub(super) fn is_degraded(objective: &Objective, error: f64, by_alternatives: f64, is_slow: bool) -> bool {
    let above = objective.degraded_above + SLACK;
    !is_down(objective, error) && (error > above || by_alternatives > above || is_slow)
}

/// True if requests that spend so long on the network, in nanoseconds, exceed the journey's limit.
#[inline]
pub(super) fn is_slow(objective: &Objective, nanos: f64) -> bool {
    objective.latency_limit.is_some_and(|limit| nanos > limit.micros_f64() * 1e3)
}

/// The event that an outage is booked to: the latest; of several at one instant the first by name.
pub(super) fn initiator(engine: &Engine<'_>, events: &[u32]) -> u32 {
    let name = |event: &u32| engine.model().causes[engine.cause_of(*event).index()].as_str();
    let later = |a: &&u32, b: &&u32| {
        engine.event_at(**a).cmp(&engine.event_at(**b)).then_with(|| name(b).cmp(name(a)))
    };
    events.iter().max_by(later).map_or(0, |e| *e)
}
