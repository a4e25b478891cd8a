//! Units as users see them, routes, failover and alternatives.

use super::{Moving, Reference, SLACK, Switching, Watch};
use blackstart::model::{CallTree, Failover};

impl Reference<'_> {
    /// What its own error effects let through.
    fn passes_errors(&self, c: usize) -> f64 {
        self.state.failures.iter().filter(|f| f.component == c).map(|f| f.success).product()
    }

    /// Share of calls that get through a unit.
    pub(super) fn unit_success(&self, c: usize) -> f64 {
        if self.state.levels[c] <= 0.0 {
            return 0.0;
        }
        let reforming = self.state.comps[c].reform.map_or(1.0, |(_, errors)| 1.0 - errors);
        let mut weight = 0.0;
        let mut passed = 0.0;
        for member in &self.model.components[c].members {
            let level = self.state.levels[member.index()];
            if level > 0.0 {
                weight += level;
                passed += level * self.passes_errors(member.index());
            }
        }
        let members = if weight > 0.0 { passed / weight } else { 1.0 };
        self.passes_errors(c) * reforming * members
    }

    pub(super) fn route_success(&self, r: usize) -> f64 {
        self.place_success(r, self.state.routes[r].at)
    }

    /// Share of calls that get through at one place of a route.
    fn place_success(&self, r: usize, place: usize) -> f64 {
        self.unit_success(self.model.routes[r].units[place].index()) * self.reach(r, place).unwrap_or(0.0)
    }

    pub(super) fn move_users(&mut self) {
        for r in 0..self.model.routes.len() {
            if let Some(failover) = &self.model.routes[r].failover {
                self.move_route(r, failover);
            }
        }
        for u in 0..self.model.usages.len() {
            for call in &self.model.usages[u].calls {
                self.turn_switches(&call.to, true);
            }
        }
    }

    fn move_route(&mut self, r: usize, failover: &Failover) {
        let mut route = self.state.routes[r].clone();
        let units = &self.model.routes[r].units;
        let failing = 1.0 - self.route_success(r) >= 0.05 - SLACK;
        let up =
            |place: usize| self.state.levels[units[place].index()] > 0.0 && self.reach(r, place).is_some();
        let rang = std::mem::replace(&mut route.rang, false);
        let target = (0..units.len()).find(|place| *place != route.at && up(*place));
        let shift = |number: u32| self.span(&failover.shift, failover.streams.shift, number);
        let mut set_out = None;
        let arrives = rang && matches!(route.moving, Moving::Shifting | Moving::Returning);
        match route.moving {
            Moving::Settled if failing => {
                route.moving = Moving::Detecting;
                let takes = self.span(&failover.detect, failover.streams.detect, route.detects);
                route.detects += 1;
                let mut watch = Watch::stopped(takes, self.now);
                watch.run(1.0, self.now);
                route.watch = Some(watch);
            }
            Moving::Detecting | Moving::NoTarget if !failing => {
                route.moving = Moving::Settled;
                route.watch = None;
            }
            Moving::Detecting if rang => {
                route.moving = Moving::NoTarget;
                set_out = target.map(|t| (Moving::Shifting, t));
            }
            Moving::NoTarget => set_out = target.map(|t| (Moving::Shifting, t)),
            Moving::Shifting | Moving::Returning if rang => {
                if !self.happens(failover.works, failover.streams.works, route.shifts - 1) {
                    set_out = Some((route.moving, route.target));
                } else if up(route.target) {
                    route.at = route.target;
                    route.moving = Moving::Settled;
                } else if route.moving == Moving::Returning {
                    route.moving = Moving::Settled;
                } else if let Some(other) = target {
                    route.at = other;
                    route.moving = Moving::Settled;
                } else {
                    route.moving = Moving::NoTarget;
                }
            }
            _ => {}
        }
        if arrives && set_out.is_none() {
            // What it meets there it sees at once.
            self.state.routes[r] = route;
            return self.move_route(r, failover);
        }
        self.wait_for_quiet(r, &mut route, failover);
        if route.was_quiet {
            set_out = Some((Moving::Returning, 0));
        }
        if let Some((moving, target)) = set_out {
            route.moving = moving;
            route.target = target;
            route.watch = Some(Watch::stopped(shift(route.shifts), self.now));
            route.shifts += 1;
            route.quiet = None;
            route.was_quiet = false;
        }
        if matches!(route.moving, Moving::Shifting | Moving::Returning) {
            let runs =
                self.shift_needs(r, &route).is_none_or(|n| self.value(n, &|c| self.state.levels[c]) > 0.0);
            if let Some(watch) = &mut route.watch {
                watch.run(f64::from(runs), self.now);
            }
        }
        self.state.routes[r] = route;
    }

    /// The clock of "home has been whole for a while", which runs while users are settled away from home.
    fn wait_for_quiet(&self, r: usize, route: &mut super::RouteState, failover: &Failover) {
        let home = self.model.routes[r].units[0].index();
        let whole = self.state.levels[home] >= 1.0 && self.place_success(r, 0) >= 1.0 - SLACK;
        let fails = 1.0 - self.place_success(r, route.at) >= 0.05 - SLACK;
        let settled = route.moving == Moving::Settled && !fails;
        if !(route.at != 0 && whole && settled) {
            route.quiet = None;
            route.was_quiet = false;
        } else if route.quiet.is_none() && !route.was_quiet {
            route.quiet = Some(self.now + self.span(&failover.quiet, failover.streams.quiet, route.quiets));
            route.quiets += 1;
        }
    }

    pub(super) fn shift_needs(
        &self,
        r: usize,
        route: &super::RouteState,
    ) -> Option<blackstart::model::NodeId> {
        let failover = self.model.routes[r].failover.as_ref()?;
        let place = if failover.needs_at_target { route.target } else { route.at };
        failover.needs.get(place).copied().flatten()
    }

    /// Opens and closes the ways to alternatives.
    fn turn_switches(&mut self, tree: &CallTree, offered: bool) {
        match tree {
            CallTree::Service(_) => {}
            CallTree::Mix(parts) => parts.iter().for_each(|(_, part)| self.turn_switches(part, offered)),
            CallTree::Moved { stays, .. } => self.turn_switches(stays, offered),
            CallTree::FirstOf { of, switch, .. } => {
                let mut offered = offered;
                for (i, alternative) in of.iter().enumerate() {
                    self.turn_switches(alternative, offered);
                    if i + 1 == of.len() {
                        break;
                    }
                    let s = switch.index() + i;
                    let refuses = offered && self.outcome(alternative).0 < 1.0 - SLACK;
                    let (state, drawn) = self.state.switches[s];
                    if !refuses {
                        self.state.switches[s].0 = Switching::Closed;
                    } else if state == Switching::Closed {
                        let takes =
                            self.span(&self.model.switches[s].takes, self.model.switches[s].stream, drawn);
                        self.state.switches[s] = (Switching::Until(self.now + takes), drawn + 1);
                    }
                    offered = refuses && self.state.switches[s].0 == Switching::Open;
                }
            }
        }
    }

    /// Shares of calls that succeed, that alternatives serve, and that they serve as degraded.
    pub(super) fn outcome(&self, tree: &CallTree) -> (f64, f64, f64) {
        match tree {
            CallTree::Service(routes) => {
                let success = routes.iter().map(|(r, share)| share * self.route_success(r.index())).sum();
                (success, 0.0, 0.0)
            }
            CallTree::Mix(parts) => parts.iter().fold((0.0, 0.0, 0.0), |sum, (weight, part)| {
                let o = self.outcome(part);
                (sum.0 + weight * o.0, sum.1 + weight * o.1, sum.2 + weight * o.2)
            }),
            CallTree::Moved { stays, .. } => self.outcome(stays),
            CallTree::FirstOf { of, switch, degraded } => {
                let mut sum = (0.0, 0.0, 0.0);
                let mut offered = 1.0;
                for (i, alternative) in of.iter().enumerate() {
                    let o = self.outcome(alternative);
                    sum.0 += offered * o.0;
                    sum.1 += offered * if i > 0 { o.0 } else { o.1 };
                    sum.2 += offered * if i > 0 && *degraded { o.0 } else { o.2 };
                    let open =
                        i + 1 < of.len() && self.state.switches[switch.index() + i].0 == Switching::Open;
                    offered *= if open { 1.0 - o.0 } else { 0.0 };
                }
                sum
            }
        }
    }

    /// Success of a journey, what alternatives serve of it, and its nanoseconds on the network, there and back.
    ///
    /// Formula: success = product of s^n; alternatives = success (1 - product of (1 - a / s)^n).
    pub(super) fn usage_outcome(&self, u: usize) -> [f64; 4] {
        let calls = &self.model.usages[u].calls;
        let product = |of: &dyn Fn((f64, f64, f64)) -> f64| -> f64 {
            calls.iter().map(|call| libm::pow(of(self.outcome(&call.to)), call.times)).product()
        };
        let success = product(&|o| o.0);
        let by = |share: &dyn Fn((f64, f64, f64)) -> f64| {
            success * (1.0 - product(&|o| if o.0 > 0.0 { 1.0 - share(o) / o.0 } else { 1.0 }))
        };
        let latency = calls.iter().map(|call| match self.outcome(&call.to).0 {
            served if served > 0.0 => 2.0 * call.times * self.latency(&call.to) / served,
            _ => 0.0,
        });
        [success, by(&|o| o.1), by(&|o| o.2), latency.sum()]
    }

    /// Nanoseconds that calls which succeed spend on the network one way, times their share.
    fn latency(&self, tree: &CallTree) -> f64 {
        match tree {
            CallTree::Service(routes) => routes
                .iter()
                .map(|(r, share)| share * self.route_success(r.index()) * self.route_latency(r.index()))
                .sum(),
            CallTree::Mix(parts) => parts.iter().map(|(weight, part)| weight * self.latency(part)).sum(),
            CallTree::Moved { stays, .. } => self.latency(stays),
            CallTree::FirstOf { of, switch, .. } => {
                let (mut sum, mut offered) = (0.0, 1.0);
                for (i, alternative) in of.iter().enumerate() {
                    sum += offered * self.latency(alternative);
                    let open =
                        i + 1 < of.len() && self.state.switches[switch.index() + i].0 == Switching::Open;
                    offered *= if open { 1.0 - self.outcome(alternative).0 } else { 0.0 };
                }
                sum
            }
        }
    }
}
