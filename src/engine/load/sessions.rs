//! Sessions end when the unit that keeps them is out, or when their users are moved to where another keeps them.

use crate::engine::state::Engine;
use crate::model::{CallTree, CompId, RouteId, UsageId};

impl Engine<'_> {
    /// Ends the sessions that nobody keeps any more; true if there were any.
    pub(super) fn end_sessions(&mut self) -> bool {
        let mut ended = false;
        for u in 0..self.load.slots.len() {
            for call in 0..self.load.slots[u].sessions.len() {
                let Some(slot) = self.load.slots[u].sessions[call] else { continue };
                let lost = self.share_lost(UsageId::at(u), call, slot.number);
                if lost > 0.0 && self.load.y[slot.y] > 0.0 {
                    self.load.y[slot.y] *= 1.0 - lost;
                    ended = true;
                }
            }
        }
        ended
    }

    /// Share of a call's users whose sessions end now; notes who keeps them from now on.
    fn share_lost(&mut self, usage: UsageId, call: usize, session: usize) -> f64 {
        let model = self.model;
        let Some(rule) = &model.load.usages[usage.index()].sessions[call] else { return 0.0 };
        let CallTree::Service(routes) = &model.usages[usage.index()].calls[call].to else { return 0.0 };
        let mut lost = 0.0;
        for (place, (route, share)) in routes.iter().enumerate() {
            let Some(keeper) = self.keeper(*route, &rule.kept_in) else { continue };
            let is_out = self.parts[keeper.index()].level <= 0.0;
            let before = self.load.keepers[session][place].replace(keeper).unwrap_or(keeper);
            if is_out || before != keeper {
                lost += share;
            }
        }
        lost
    }

    /// Share of a call's users whose sessions somebody keeps at present.
    pub(super) fn kept_share(&self, usage: UsageId, call: usize) -> f64 {
        let mut kept = 1.0;
        self.for_each_keeper_out(usage, call, |_, share| kept -= share);
        kept.max(0.0)
    }

    /// Calls `visit` with each unit that keeps sessions of a call and is out, and the share of users that it is of.
    pub(in crate::engine) fn for_each_keeper_out(
        &self,
        usage: UsageId,
        call: usize,
        mut visit: impl FnMut(CompId, f64),
    ) {
        let Some(rule) = self.model.load.usages[usage.index()].sessions.get(call).and_then(Option::as_ref)
        else {
            return;
        };
        let CallTree::Service(routes) = &self.model.usages[usage.index()].calls[call].to else { return };
        for (route, share) in routes {
            if let Some(keeper) = self.keeper(*route, &rule.kept_in)
                && self.parts[keeper.index()].level <= 0.0
            {
                visit(keeper, *share);
            }
        }
    }

    /// The unit that keeps the sessions of a route's users at present.
    fn keeper(&self, route: RouteId, kept_in: &[(RouteId, Vec<CompId>)]) -> Option<CompId> {
        let (at, _) = self.route_position(route);
        kept_in.iter().find(|(r, _)| *r == route).and_then(|(_, units)| units.get(at).copied())
    }

    /// Share of users who are signed in, where a call keeps sessions.
    pub(in crate::engine) fn signed_in_for(&self, usage: UsageId, call: usize) -> Option<f64> {
        let slot = self.load.slots.get(usage.index())?.sessions.get(call).copied().flatten()?;
        Some(self.load.y[slot.y])
    }

    /// Share of a usage's requests that succeed in the end, retries and refusals at the door included; `None` where a scenario
    /// says nothing of load.
    pub(in crate::engine) fn success_in_the_end(&self, usage: UsageId) -> Option<f64> {
        self.load.is_on.then(|| self.user_success(usage, &self.load.now))
    }

    /// Share of a usage's users who are signed in, of the call whose sessions most have lost; `None` where it keeps none.
    #[must_use]
    pub fn signed_in(&self, usage: UsageId) -> Option<f64> {
        let slots = self.load.slots.get(usage.index())?;
        slots.sessions.iter().flatten().map(|slot| self.load.y[slot.y]).reduce(f64::min)
    }
}
