//! One request of a usage on its way through its calls, as a flow.

use super::fluid::{Fluid, SignIn, ratio};
use super::pools::SessionSlot;
use crate::engine::network::Passage;
use crate::engine::state::Engine;
use crate::engine::users::SLACK;
use crate::model::{CallTree, RouteId, Session, SwitchId, UsageId};

/// How calls fare: the share that succeeds, and the share that is shed.
#[derive(Debug, Clone, Copy, Default)]
struct Calls {
    success: f64,
    shed: f64,
}

impl Calls {
    fn add(&mut self, weight: f64, other: Self) {
        self.success += weight * other.success;
        self.shed += weight * other.shed;
    }
}

/// The walk of a class of requests.
pub(super) struct Walk<'w, 'm> {
    pub(super) engine: &'w Engine<'m>,
    pub(super) class: usize,
    /// Bits that each call sends each way.
    pub(super) bits: f64,
    /// Pools, sessions, tokens.
    pub(super) y: &'w [f64],
}

impl Walk<'_, '_> {
    /// Sends a usage's attempts over its calls, each loaded by what the earlier ones let through, and those who sign in; returns
    /// the share of attempts that fails, and the share of these that is shed.
    pub(super) fn usage(&self, usage: UsageId, attempts: f64, fluid: &mut Fluid) -> (f64, f64) {
        let model = self.engine.model;
        let rules = &model.load.usages[usage.index()].sessions;
        for (place, call) in model.usages[usage.index()].calls.iter().enumerate() {
            if let (Some(session), Some(rule)) = (self.engine.load.session(usage, place), &rules[place]) {
                self.sign_in(usage, &call.to, (session, rule, call.times), fluid);
            }
        }
        self.calls(usage, attempts, fluid)
    }

    /// The same by the present success, without any attempt being made.
    pub(super) fn fate(&self, usage: UsageId, fluid: &mut Fluid) -> (f64, f64) {
        self.calls(usage, 0.0, fluid)
    }

    fn calls(&self, usage: UsageId, attempts: f64, fluid: &mut Fluid) -> (f64, f64) {
        let (mut success, mut shed) = (1.0, 0.0);
        for (place, call) in self.engine.model.usages[usage.index()].calls.iter().enumerate() {
            if self.engine.load.session(usage, place).is_some() {
                continue;
            }
            let calls = self.tree(&call.to, attempts * success * call.times, fluid);
            let passes = power(calls.success, call.times);
            let of_them_shed = ratio(calls.shed, 1.0 - calls.success);
            shed += success * (1.0 - passes) * of_them_shed;
            success *= passes;
        }
        // What rounding takes is no failure.
        let failing = if 1.0 - success < SLACK { 0.0 } else { 1.0 - success };
        (failing, ratio(shed, failing))
    }

    /// Sends those who sign in, because a session has ended or because they wait to try again.
    fn sign_in(
        &self,
        usage: UsageId,
        to: &CallTree,
        (session, rule, times): (SessionSlot, &Session, f64),
        fluid: &mut Fluid,
    ) {
        let signed_in = self.y[session.y];
        let users = fluid.demand[usage.index()].users;
        let tries = users * (signed_in / rule.mean + (1.0 - signed_in) / rule.retry);
        let calls = self.tree(to, tries * times, fluid);
        let failing = 1.0 - calls.success;
        fluid.sign_in[session.number] = SignIn {
            // A session that nobody keeps is over at once.
            success: power(calls.success, times) * self.engine.kept_share(usage, session.call),
            // Whoever still waits though signing in works again waits for capacity.
            shed: if failing > 0.0 { ratio(calls.shed, failing) } else { 1.0 },
        };
    }

    fn tree(&self, tree: &CallTree, rate: f64, fluid: &mut Fluid) -> Calls {
        let mut sum = Calls::default();
        match tree {
            CallTree::Service(routes) => {
                for (route, share) in routes {
                    let calls = self.route(*route, rate * share, fluid);
                    sum.add(*share, calls);
                }
            }
            CallTree::Mix(parts) => {
                for (weight, part) in parts {
                    let calls = self.tree(part, rate * weight, fluid);
                    sum.add(*weight, calls);
                }
            }
            CallTree::Moved { surge, stays, moves } => {
                let share = fluid.moved[surge.index()];
                let stay = self.tree(stays, rate * (1.0 - share), fluid);
                sum.add(1.0 - share, stay);
                if share > 0.0 {
                    let moved = self.tree(moves, rate * share, fluid);
                    sum.add(share, moved);
                }
            }
            CallTree::FirstOf { of, switch, .. } => return self.first_of(of, *switch, rate, fluid),
        }
        sum
    }

    /// What one alternative refuses is offered to the next; what the last one sheds has been shed.
    fn first_of(&self, of: &[CallTree], first: SwitchId, rate: f64, fluid: &mut Fluid) -> Calls {
        let mut sum = Calls::default();
        let mut offered = 1.0;
        for (place, tree) in of.iter().enumerate() {
            let calls = self.tree(tree, rate * offered, fluid);
            sum.success += offered * calls.success;
            sum.shed = offered * calls.shed;
            offered *= 1.0 - calls.success;
            if !self.engine.is_engaged(first, place, of.len()) {
                break;
            }
        }
        sum
    }

    fn route(&self, route: RouteId, rate: f64, fluid: &mut Fluid) -> Calls {
        let (at, _) = self.engine.route_position(route);
        let unit = self.engine.model.routes[route.index()].units[at];
        let follows_load = self.engine.network_follows_load();
        let arrives =
            if follows_load { self.cross(route, rate, fluid) } else { self.engine.route_reach(route) };
        let Some(place) = self.engine.load.place_of(unit) else { return Calls::default() };
        let cell = place * self.engine.model.load.priorities.len() + self.class;
        fluid.offered[cell] += rate * arrives;
        Calls { success: arrives * fluid.success[cell], shed: arrives * fluid.shed[cell] }
    }

    /// Share of a route's calls that get to its unit and back; what is sent loads the way.
    #[inline(never)]
    fn cross(&self, route: RouteId, rate: f64, fluid: &mut Fluid) -> f64 {
        match self.engine.passage(route) {
            Passage::Free => 1.0,
            Passage::Path(path) => {
                fluid.sent[path] += rate * self.bits;
                fluid.reach[path]
            }
            Passage::Cut => 0.0,
        }
    }
}

pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 1.0 || base == 1.0 || base <= 0.0 && exponent > 0.0 {
        return base.max(0.0);
    }
    // A few calls are the rule, and multiply faster.
    if exponent == 2.0 {
        base * base
    } else if exponent == 3.0 {
        base * base * base
    } else {
        libm::pow(base.max(0.0), exponent)
    }
}
