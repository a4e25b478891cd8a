//! What users want at a time: population, rate, time of day, surges.

use super::fluid::Fluid;
use crate::engine::state::Engine;
use crate::model::{CallTree, Change, CompId, RouteId, SurgeId, UsageId};
use crate::time::{SimSpan, SimTime};

/// No demand is larger, so that sums of it are numbers.
pub(super) const MOST: f64 = 1e15;

/// What one usage wants.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Demand {
    /// New requests per second.
    pub(super) fresh: f64,
    /// New requests per second if the time of day were an average one.
    pub(super) mean: f64,
    /// Users.
    pub(super) users: f64,
}

/// A surge under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wave {
    pub(super) surge: SurgeId,
    /// The initiating event that it is.
    pub(super) event: u32,
    began: SimTime,
    ramp: SimSpan,
    lasts: SimSpan,
    decay: SimSpan,
    pub(super) size: f64,
    /// By how much demand grows at its height, and of how much of it: so many users of so many.
    growth: (f64, f64),
}

impl Wave {
    /// How much of its height it has reached: 0 to 1.
    fn height(&self, at: SimTime) -> f64 {
        let [_, top, falls, over] = self.corners();
        let share = |from: SimTime, to: SimTime| (at - from).micros_f64() / (to - from).micros_f64();
        if at >= over {
            0.0
        } else if at >= falls {
            1.0 - share(falls, over)
        } else if at >= top {
            1.0
        } else {
            share(self.began, top)
        }
    }

    /// When it begins, when it has its height, when it begins to fall, and when it is over.
    pub(super) fn corners(&self) -> [SimTime; 4] {
        let top = self.began + self.ramp;
        let falls = top + self.lasts;
        [self.began, top, falls, falls + self.decay]
    }

    /// What demand is multiplied by.
    pub(super) fn factor(&self, height: f64) -> f64 {
        let (more, of) = self.growth;
        1.0 + more * height / of
    }

    /// Share of calls that are not moved.
    pub(super) fn stays(&self, height: f64) -> f64 {
        1.0 - (self.size * height).min(1.0)
    }

    /// When it has its height.
    pub(super) fn top(&self) -> SimTime {
        self.corners()[1]
    }

    pub(super) fn is_over(&self, at: SimTime) -> bool {
        at >= self.corners()[3]
    }

    /// True while it grows or falls.
    pub(super) fn is_changing(&self, at: SimTime) -> bool {
        let [_, top, falls, over] = self.corners();
        at < top || (at >= falls && at < over)
    }
}

impl Engine<'_> {
    /// A surge begins.
    pub(in crate::engine) fn surge_begins(&mut self, id: SurgeId, occurrence: u32, event: u32) {
        let surge = &self.model.load.surges[id.index()];
        let [size_stream, ramp, lasts, decay] = surge.streams;
        let size = surge.change.size().draw(self.draw(size_stream, occurrence)).max(0.0);
        let growth = match surge.change {
            Change::Factor(_) => (size - 1.0, 1.0),
            Change::Adds(_) => (size, self.load.users_of_surge[id.index()]),
            Change::Moves(_) => (0.0, 1.0),
        };
        let wave = Wave {
            surge: id,
            event,
            began: self.now,
            ramp: self.span(&surge.ramp, ramp, occurrence),
            lasts: self.span(&surge.lasts, lasts, occurrence),
            decay: self.span(&surge.decay, decay, occurrence),
            size,
            growth,
        };
        self.load.waves.begin(wave);
        self.touch_load();
    }

    /// What is wanted: surges as at `at`, time of day as at `demand_at`.
    pub(super) fn find_demand(&self, at: SimTime, demand_at: SimTime, fluid: &mut Fluid) {
        for (usage, demand) in self.model.usages.iter().zip(&mut fluid.demand) {
            let population = &self.model.populations[usage.population.index()];
            demand.users = population.users;
            demand.mean = usage.requests_per_second;
            demand.fresh = demand.mean * population.profile.factor(demand_at);
        }
        fluid.moved.fill(0.0);
        for (surge, product) in self.load.waves.standing() {
            self.apply_wave(surge, product, fluid);
        }
        for wave in self.load.waves.changing() {
            let height = wave.height(at);
            let is_move = matches!(self.model.load.surges[wave.surge.index()].change, Change::Moves(_));
            let part = if is_move { wave.stays(height) } else { wave.factor(height) };
            self.apply_wave(wave.surge, part, fluid);
        }
    }

    /// Multiplies demand by a part, or for a surge that moves calls the share of those that stay.
    fn apply_wave(&self, id: SurgeId, factor: f64, fluid: &mut Fluid) {
        let surge = &self.model.load.surges[id.index()];
        if matches!(surge.change, Change::Moves(_)) {
            let moved = &mut fluid.moved[id.index()];
            *moved = 1.0 - (1.0 - *moved) * factor;
            return;
        }
        for usage in &surge.usages {
            let demand = &mut fluid.demand[usage.index()];
            for rate in [&mut demand.fresh, &mut demand.mean, &mut demand.users] {
                *rate = (*rate * factor).min(MOST);
            }
        }
    }

    /// Share of calls that a surge moves elsewhere at present.
    pub(in crate::engine) fn moved_share(&self, surge: SurgeId) -> f64 {
        self.load.now.moved.get(surge.index()).copied().unwrap_or(0.0)
    }

    /// The initiating events of surges under way by which a usage asks more of a unit.
    pub(in crate::engine) fn add_raising_surges(&self, usage: UsageId, unit: CompId, out: &mut Vec<u32>) {
        for wave in self.load.waves.iter() {
            let surge = &self.model.load.surges[wave.surge.index()];
            let raises = match surge.change {
                Change::Factor(_) => wave.size > 1.0,
                Change::Adds(_) => wave.size > 0.0,
                Change::Moves(_) => wave.size > 0.0 && self.is_moved_to(usage, wave.surge, unit),
            };
            if raises && surge.usages.contains(&usage) {
                out.push(wave.event);
            }
        }
    }

    /// True if a surge moves calls of a usage to a unit, or to one that calls it.
    fn is_moved_to(&self, usage: UsageId, surge: SurgeId, unit: CompId) -> bool {
        let calls = self.model.usages[usage.index()].calls.iter();
        calls.map(|call| &call.to).any(|tree| self.tree_moves_to(tree, surge, unit, false))
    }

    fn tree_moves_to(&self, tree: &CallTree, surge: SurgeId, unit: CompId, is_moved: bool) -> bool {
        let inside = |part: &CallTree| self.tree_moves_to(part, surge, unit, is_moved);
        match tree {
            CallTree::Service(routes) => {
                let present = |route: RouteId| {
                    let (at, _) = self.route_position(route);
                    self.model.routes[route.index()].units[at]
                };
                is_moved && routes.iter().any(|(route, _)| self.reaches(present(*route), unit))
            }
            CallTree::Mix(parts) => parts.iter().any(|(_, part)| inside(part)),
            CallTree::FirstOf { of, .. } => of.iter().any(inside),
            CallTree::Moved { surge: other, stays, moves } => {
                inside(stays) || self.tree_moves_to(moves, surge, unit, is_moved || *other == surge)
            }
        }
    }
}
