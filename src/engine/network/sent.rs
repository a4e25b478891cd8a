//! What users send where there is load: what their present demand and their retries make it, solved with the flows of requests.

use std::sync::Arc;

use super::crossing::Crossing;
use super::drops::{UserLoad, drops};
use super::placement::{Levels, Placement};
use crate::engine::state::Engine;
use crate::engine::users::SLACK;
use crate::model::{Model, PathId, Profile, RouteId, STEP_MICROS, UsageId};
use crate::time::SimTime;

/// What observers were last told of: bits per second over each path, and the step of profiles; none for all peaks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Noted {
    sent: Vec<f64>,
    step: Option<i64>,
}

/// How calls of a route get to its present unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Passage {
    /// Over no network.
    Free,
    /// Over a path.
    Path(usize),
    /// Not at all.
    Cut,
}

/// By usage: bits that each of its calls sends each way.
pub(super) fn bits_by_usage(model: &Model) -> Vec<f64> {
    let sizes = &model.network.bits_per_call;
    let of_journey = |journey| sizes.iter().filter(|(j, _)| *j == journey).map(|(_, bits)| bits).sum();
    model.usages.iter().map(|usage| of_journey(usage.journey)).collect()
}

impl Engine<'_> {
    /// True if what users send over the network is what their present demand makes them send.
    #[inline]
    pub(in crate::engine) fn network_follows_load(&self) -> bool {
        self.network.follows_load
    }

    /// Bits that each call of a usage sends each way.
    pub(in crate::engine) fn bits_of(&self, usage: UsageId) -> f64 {
        self.network.bits[usage.index()]
    }

    /// What users' calls meet on the network.
    pub(in crate::engine) const fn crossing(&self) -> &Crossing {
        &self.network.crossing
    }

    /// How calls of a route get to its present unit.
    pub(in crate::engine) fn passage(&self, route: RouteId) -> Passage {
        let (at, _) = self.route_position(route);
        if !self.needs_landing(route, at as u32) {
            return Passage::Free;
        }
        let path = self.route_path(route).and_then(|path| self.network.path(path));
        path.map_or(Passage::Cut, |path| Passage::Path(path.index()))
    }

    /// Ways or levels have changed: flows meet another network.
    pub(super) fn lay_crossing(&mut self, levels: &Levels) {
        let network = &mut self.network;
        network.crossing = Crossing::new(network.memory.topology(), levels, &network.placement);
        network.noted = None;
        network.version += 1;
        self.touch_load();
    }

    /// Brings background traffic up to the time of day.
    pub(in crate::engine) fn update_background(&mut self) {
        let network = &mut self.network;
        if network.crossing.is_out_of_date(self.now) {
            let flows = network.memory.flows_at(&network.placement, self.now);
            network.crossing.set_background(&flows, self.now);
        }
    }

    /// When background traffic changes next with the time of day.
    pub(in crate::engine) fn next_background_step(&self) -> SimTime {
        let varies = self.model.network.traffic.iter().any(|flow| flow.profile != Profile::Flat);
        if self.network.follows_load && varies {
            self.network.memory.next_step(self.now)
        } else {
            SimTime::NEVER
        }
    }

    /// Lets all who ask for a path's success see the share that flows have found.
    pub(in crate::engine) fn set_path_success(&mut self, shares: &[f64]) {
        for (path, share) in self.model.network.paths.iter().zip(shares) {
            let part = &mut self.parts[path.component.index()];
            if part.own > 0.0 {
                part.success = *share;
            }
        }
    }

    /// Works out what edges carry and what arrives of background traffic, for observers: users send `sent` bits per second over
    /// each path, now or at all peaks.
    pub(in crate::engine) fn note_sent(&mut self, sent: &[f64], at: Option<SimTime>) {
        let noted = Noted { sent: sent.to_vec(), step: at.map(|at| at.micros() / STEP_MICROS) };
        if self.network.noted.as_ref() == Some(&noted) {
            return;
        }
        let levels = self.real_levels();
        let network = &mut self.network;
        let users = sent.iter().enumerate().map(|(path, rate)| UserLoad {
            path: PathId::at(path),
            rate: *rate,
            priority: UserLoad::PRIORITY,
        });
        let users: Vec<UserLoad> = users.collect();
        let topology = network.memory.topology();
        network.carried = Arc::new(match at {
            None => drops(topology, &levels, &network.placement, &users),
            Some(at) => {
                let flows = network.memory.flows_at(&network.placement, at);
                let present = Placement { flows, load: Vec::new(), ways: network.placement.ways.clone() };
                drops(topology, &levels, &present, &users)
            }
        });
        network.noted = Some(noted);
        network.version += 1;
    }

    /// True while a path that is up drops calls.
    pub(in crate::engine) fn is_congested(&self, path: PathId) -> bool {
        let component = self.model.network.paths[path.index()].component;
        self.path_success(component).is_some_and(|success| 1.0 - success > SLACK)
    }
}
