//! Darkness: what was out must restart; a dark cycle needs somebody who can start against it.

use super::agenda::Look;
use super::failures::{real_time, used_up};
use super::part::Traits;
use super::state::{Engine, NO_SLOT};
use crate::model::CompId;
use crate::time::{SimSpan, SimTime};

/// A clock that pauses and never resets.
#[derive(Debug, Clone, Copy, Default)]
struct Pausing {
    drawn: bool,
    running: bool,
    left: SimSpan,
    since: SimTime,
}

/// How far a component that was out is with coming back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Restart {
    /// It is not out, or what it needs is not there yet.
    #[default]
    No,
    /// What it needs to run is there, what it needs to start is not.
    Waits,
    /// It restarts.
    Restarts,
    /// It comes up against a dark cycle.
    BlackStarts,
}

/// What a component remembers of having been out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DarkState {
    pub(super) dark: bool,
    /// Up by black start, seeing its mates at their hope.
    pub(super) bridged: bool,
    restart: Pausing,
    restarts: u32,
    black_start: Pausing,
    black_starts: u32,
}

impl Engine<'_> {
    /// Lets every component that was touched react to its new level.
    pub(super) fn react_components(&mut self) {
        self.look_at(Look::Components, |engine, component| engine.react_component(CompId(component)));
    }

    fn react_component(&mut self, component: CompId) {
        let Traits { remembers, paces_clocks, is_called, is_copied, .. } =
            self.parts[component.index()].traits;
        if remembers {
            self.react_darkness(component);
        }
        if paces_clocks {
            self.touch_paced_clocks(component);
        }
        if is_called {
            self.react_membership(component);
        }
        if is_copied {
            self.touch_replicas(component);
        }
    }

    fn react_darkness(&mut self, component: CompId) {
        let i = component.index();
        let support = self.support(component);
        if self.dark[i].bridged && support > 0.0 {
            self.dark[i].bridged = false;
            self.unsolve(component);
        }
        if !self.dark[i].dark && self.is_out(component) {
            let state = &mut self.dark[i];
            (state.dark, state.bridged) = (true, false);
            (state.restart, state.black_start) = (Pausing::default(), Pausing::default());
            self.causes.goes_dark(component);
        }
        if self.dark[i].dark {
            self.run_restart(component, support);
            self.run_black_start(component, support);
        }
    }

    /// True if a component stands at 0 other than by being an idle standby.
    fn is_out(&self, component: CompId) -> bool {
        let i = component.index();
        if self.is_idle(component) {
            self.parts[i].own.min(self.seen_support(component)) <= 0.0
        } else {
            self.parts[i].level <= 0.0
        }
    }

    fn run_restart(&mut self, component: CompId, support: f64) {
        let i = component.index();
        let c = &self.model.components[i];
        let may = c.starts_with.is_none_or(|n| self.nodes[n.index()].value > 0.0);
        let runs = self.parts[i].own.min(support) > 0.0 && may;
        let mut clock = self.dark[i].restart;
        if runs && !clock.drawn {
            clock.left = self.span(&c.restart, c.restart_stream, self.dark[i].restarts);
            clock.drawn = true;
            self.dark[i].restarts += 1;
        }
        self.dark[i].restart = self.run_or_pause(clock, runs, self.slots.restart[i]);
    }

    fn run_black_start(&mut self, component: CompId, support: f64) {
        let i = component.index();
        let c = &self.model.components[i];
        let Some(law) = &c.black_start else { return };
        let runs = support <= 0.0 && self.hope_of(component) > 0.0;
        let mut clock = self.dark[i].black_start;
        if runs && !clock.drawn {
            clock.left = self.span(law, c.black_start_stream, self.dark[i].black_starts);
            clock.drawn = true;
            self.dark[i].black_starts += 1;
        }
        self.dark[i].black_start = self.run_or_pause(clock, runs, self.slots.black_start[i]);
    }

    /// Outside a cycle nobody else's darkness is in the way: hope is what support allows.
    fn hope_of(&self, component: CompId) -> f64 {
        if self.model.graph.in_cycle(component) { self.hope[component.index()] } else { 0.0 }
    }

    fn run_or_pause(&mut self, mut clock: Pausing, runs: bool, slot: u32) -> Pausing {
        if runs == clock.running {
            return clock;
        }
        if clock.running {
            clock.left = used_up(clock.left, self.now - clock.since, 1.0);
        }
        clock.since = self.now;
        clock.running = runs;
        self.queue.set(slot, self.now + real_time(clock.left, if runs { 1.0 } else { 0.0 }));
        clock
    }

    /// A restart clock ran out.
    pub(super) fn restarted(&mut self, component: CompId) {
        self.lit(component, false);
    }

    /// A black-start clock ran out.
    pub(super) fn black_started(&mut self, component: CompId) {
        self.lit(component, true);
    }

    fn lit(&mut self, component: CompId, bridged: bool) {
        let i = component.index();
        let state = &mut self.dark[i];
        if !state.dark {
            return;
        }
        (state.dark, state.bridged) = (false, bridged);
        self.causes.was_dark[i] = false;
        let state = &mut self.dark[i];
        (state.restart, state.black_start) = (Pausing::default(), Pausing::default());
        for slot in [self.slots.restart[i], self.slots.black_start[i]] {
            if slot != NO_SLOT {
                self.queue.set(slot, SimTime::NEVER);
            }
        }
        self.unsolve(component);
    }

    /// True if a component was out and has not restarted.
    #[must_use]
    pub fn is_dark(&self, component: CompId) -> bool {
        self.dark[component.index()].dark
    }

    /// How far a component that was out is with coming back.
    #[must_use]
    pub fn restart_of(&self, component: CompId) -> Restart {
        let state = &self.dark[component.index()];
        if !state.dark {
            Restart::No
        } else if state.black_start.running {
            Restart::BlackStarts
        } else if state.restart.running {
            Restart::Restarts
        } else if self.parts[component.index()].own.min(self.support(component)) > 0.0 {
            Restart::Waits
        } else {
            Restart::No
        }
    }
}
