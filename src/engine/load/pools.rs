//! What comes back: retries waiting in pools, sessions that have ended, tokens of retry budgets.

use super::fluid::{Flow, Fluid};
use crate::engine::state::Engine;
use crate::model::{Model, UsageId};

/// Backoffs below this are taken to be over at once, seconds: such pools are at equilibrium.
pub(super) const AT_ONCE: f64 = 5.0;

/// A token bucket with less than this share of its size is empty.
pub(super) const EMPTY: f64 = 1e-9;

/// How exactly it is known what an empty bucket allows.
const ALLOWED_TO: f64 = 1e-13;

/// A pool of retries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pool {
    pub(super) backoff: f64,
    /// Its place in the state; `None`: at equilibrium.
    pub(super) y: Option<usize>,
}

/// A share of users who are signed in.
#[derive(Debug, Clone, Copy)]
pub(super) struct SessionSlot {
    pub(super) y: usize,
    /// Place of its call.
    pub(super) call: usize,
    pub(super) number: usize,
}

/// Where the state of a usage stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    pub(super) pools: Vec<Pool>,
    pub(super) tokens: Option<usize>,
    /// By call.
    pub(super) sessions: Vec<Option<SessionSlot>>,
}

/// What a place of the state means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Requests that wait for this many seconds in the mean.
    Pool(f64),
    /// Share of users signed in.
    Session,
    /// Tokens, of at most so many.
    Tokens(f64),
}

/// How one place of the state moves: towards `gain / decay` at the rate `decay`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Motion {
    pub(super) decay: f64,
    pub(super) gain: f64,
}

/// The places of all usages, and what stands in each.
pub(super) fn lay_out(model: &Model) -> (Vec<Slots>, Vec<(UsageId, Kind)>, usize) {
    let (mut all, mut kinds, mut sessions) = (Vec::new(), Vec::new(), 0);
    for (u, load) in model.load.usages.iter().enumerate() {
        let usage = UsageId::at(u);
        let mut slots = Slots::default();
        let mut place = |kind: Kind| {
            kinds.push((usage, kind));
            kinds.len() - 1
        };
        for backoff in &load.backoffs {
            let y = (*backoff >= AT_ONCE).then(|| place(Kind::Pool(*backoff)));
            slots.pools.push(Pool { backoff: *backoff, y });
        }
        slots.tokens = load.budget.map(|budget| place(Kind::Tokens(budget.most)));
        for (call, session) in load.sessions.iter().enumerate() {
            slots.sessions.push(session.as_ref().map(|_| {
                sessions += 1;
                SessionSlot { y: place(Kind::Session), call, number: sessions - 1 }
            }));
        }
        all.push(slots);
    }
    (all, kinds, sessions)
}

impl Engine<'_> {
    /// What of a usage's new requests is let in.
    ///
    /// Whoever is not signed in does not ask at all: his tries fail together, however often he tries, until he is in.
    pub(super) fn let_in(&self, usage: UsageId, y: &[f64], before: Flow, fluid: &Fluid) -> Flow {
        let fresh = fluid.demand[usage.index()].fresh;
        let admit = self.load.admit[usage.index()];
        let (mut gate, mut kept_out) = (admit, 1.0 - admit);
        for session in self.load.slots[usage.index()].sessions.iter().flatten() {
            let signed_in = y[session.y];
            kept_out += gate * (1.0 - signed_in) * fluid.sign_in[session.number].shed;
            gate *= signed_in;
        }
        let gate_shed = super::fluid::ratio(kept_out, 1.0 - gate);
        Flow { fresh, admitted: fresh * gate, gate, gate_shed, ..before }
    }

    /// First calls of a usage: of new requests and of retries.
    pub(super) fn attempts(&self, usage: UsageId, y: &[f64], flow: &Flow) -> f64 {
        let mut all = 0.0;
        self.for_each_try(usage, y, flow, |attempts, _| all += attempts);
        all
    }

    /// True if some of a usage's retries follow at once, so that what is asked depends on what fails now.
    pub(super) fn comes_back_at_once(&self, usage: UsageId) -> bool {
        self.load.slots[usage.index()].pools.iter().any(|pool| pool.y.is_none())
    }

    /// Calls `visit` with the attempts per second of each try, and whether another may follow.
    pub(super) fn for_each_try(
        &self,
        usage: UsageId,
        y: &[f64],
        flow: &Flow,
        mut visit: impl FnMut(f64, bool),
    ) {
        let pools = &self.load.slots[usage.index()].pools;
        let mut attempts = flow.admitted;
        visit(attempts, !pools.is_empty());
        for (number, pool) in pools.iter().enumerate() {
            attempts = match pool.y {
                Some(place) => y[place] / pool.backoff,
                None => attempts * flow.failing * flow.allowed,
            };
            visit(attempts, number + 1 < pools.len());
        }
    }

    /// What is served and what is given up, by the share of attempts that fails and what the budget allows.
    pub(super) fn settle_flow(&self, usage: UsageId, y: &[f64], flow: &mut Flow) {
        let (mut served, mut lost) = (0.0, flow.fresh - flow.admitted);
        let (failing, allowed) = (flow.failing, flow.allowed);
        self.for_each_try(usage, y, flow, |attempts, goes_on| {
            served += attempts * (1.0 - failing);
            lost += attempts * failing * if goes_on { 1.0 - allowed } else { 1.0 };
        });
        (flow.served, flow.lost) = (served, lost);
    }

    /// Share of wanted retries that there are tokens for: of an empty bucket as many as come in.
    ///
    /// # Formula
    /// The q with q wanted(q) = ratio served(q). More retries at once want more of them, and serve more, but never by more than
    /// what they cost, so there is one q at most; if there is none up to 1, all are allowed.
    pub(super) fn allowed(&self, usage: UsageId, y: &[f64], flow: &Flow) -> f64 {
        let budget = self.model.load.usages[usage.index()].budget;
        let (Some(budget), Some(place)) = (budget, self.load.slots[usage.index()].tokens) else { return 1.0 };
        if y[place] > 0.0 || flow.failing <= 0.0 {
            return 1.0;
        }
        let suffices = |allowed: f64| {
            let (wanted, served) = self.wanted(usage, y, &Flow { allowed, ..*flow });
            budget.ratio * served >= allowed * wanted
        };
        if suffices(1.0) {
            return 1.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        while high - low > ALLOWED_TO {
            let middle = 0.5 * (low + high);
            if suffices(middle) { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }

    /// Retries wanted per second, and requests that succeed.
    fn wanted(&self, usage: UsageId, y: &[f64], flow: &Flow) -> (f64, f64) {
        let (mut wanted, mut served) = (0.0, 0.0);
        let failing = flow.failing;
        self.for_each_try(usage, y, flow, |attempts, goes_on| {
            wanted += if goes_on { attempts * failing } else { 0.0 };
            served += attempts * (1.0 - failing);
        });
        (wanted, served)
    }

    /// How all places of the state move.
    pub(super) fn motions(&self, y: &[f64], fluid: &Fluid, motions: &mut [Motion]) {
        for (u, slots) in self.load.slots.iter().enumerate() {
            let (usage, flow) = (UsageId::at(u), &fluid.flows[u]);
            if slots.pools.iter().any(|pool| pool.y.is_some()) {
                let mut number = 0;
                self.for_each_try(usage, y, flow, |attempts, goes_on| {
                    if goes_on && let Some(place) = slots.pools[number].y {
                        let gain = attempts * flow.failing * flow.allowed;
                        motions[place] = Motion { decay: 1.0 / slots.pools[number].backoff, gain };
                    }
                    number += 1;
                });
            }
            if let (Some(place), Some(budget)) = (slots.tokens, self.model.load.usages[u].budget) {
                let (wanted, served) = self.wanted(usage, y, flow);
                let gain = budget.ratio * served - wanted * flow.allowed;
                let full = y[place] >= budget.most && gain > 0.0;
                // Where tokens go out as they come in, none are left over.
                let dry = y[place] <= 0.0 && (flow.allowed < 1.0 || gain < 0.0);
                motions[place] = Motion { decay: 0.0, gain: if full || dry { 0.0 } else { gain } };
            }
            for (call, slot) in slots.sessions.iter().enumerate() {
                let (Some(slot), Some(rule)) = (slot, &self.model.load.usages[u].sessions[call]) else {
                    continue;
                };
                let success = fluid.sign_in[slot.number].success;
                let returns = success / rule.retry;
                motions[slot.y] = Motion { decay: returns + (1.0 - success) / rule.mean, gain: returns };
            }
        }
    }

    /// Share of a usage's requests that are given up for good, of which a share `failing` of attempts fails.
    ///
    /// # Formula
    /// L_0 = f, L_k = f ((1 - q) + q L_(k-1)), with q the share of retries that the budget allows; the k of all retries counts.
    pub(super) fn given_up(&self, usage: UsageId, flow: &Flow) -> f64 {
        let tries = self.load.slots[usage.index()].pools.len();
        (0..tries).fold(flow.failing, |lost, _| flow.failing * ((1.0 - flow.allowed) + flow.allowed * lost))
    }
}
