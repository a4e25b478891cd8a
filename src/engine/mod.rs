//! One replication: failures, repairs and everything they cascade into, event by event.
//!
//! No threads, no files, no statistics. The rules are those of docs/semantics.md; the reference engine under
//! tests/ follows them by recomputing everything at every event and must give the same story.

mod agenda;
mod causes;
mod darkness;
mod failover;
mod failures;
mod hazards;
mod holdovers;
mod landings;
mod levels;
mod load;
pub mod network;
mod observer;
mod part;
mod queue;
mod rank_set;
mod repairs;
mod replicas;
mod simple;
mod standbys;
mod state;
mod timeline;
mod units;
mod users;

pub use darkness::Restart;
pub use failover::Moving;
pub use load::{Books, UnitBooks, WavePhase};
pub use observer::{Blind, Observer};
pub use repairs::{ActiveFailure, Stage};
pub use replicas::Copying;
pub use standbys::StandbyPhase;
pub use state::{ChangedComponent, Engine};
pub use users::UserStage;

use std::fmt;

use self::agenda::Look;
use crate::random::Replication;
use crate::time::SimTime;

/// Rounds at one instant beyond which it will never settle.
const MOST_ROUNDS: u32 = 1_000;

/// Why a replication could not be played to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// Zero delays that cause each other without end.
    ZeroDelayLoop {
        /// When.
        at: SimTime,
        /// Who keeps changing.
        components: Vec<String>,
    },
    /// A response that is applied and undone again and again.
    Flapping {
        /// When.
        at: SimTime,
        /// Which.
        response: String,
    },
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroDelayLoop { at, components } => {
                write!(f, "at {at} zero delays cause each other without end: {}", components.join(", "))
            }
            Self::Flapping { at, response } => write!(
                f,
                "at {at} the response `{response}` has been applied 10,000 times in a row, each within 10 s of the last: let it take \
                 longer, by `decide`, `apply` or the `for` of its `Calm`"
            ),
        }
    }
}

impl std::error::Error for EngineError {}

impl Engine<'_> {
    /// Plays one replication from start to horizon.
    ///
    /// A pure function of the model and `replication`; memory is reused from call to call.
    ///
    /// # Errors
    /// [`EngineError::ZeroDelayLoop`] if an instant does not settle within 1,000 rounds, [`EngineError::Flapping`] if a response is
    /// applied 10,000 times in a row, each time within 10 s of the last.
    pub fn replicate(
        &mut self,
        replication: Replication,
        observer: &mut impl Observer,
    ) -> Result<(), EngineError> {
        self.reset(replication);
        self.settle()?;
        if self.load.needs_plan {
            self.plan_load();
        }
        observer.begin(self);
        let horizon = self.model.horizon;
        loop {
            let next = self.next();
            if next > horizon || !next.occurs() {
                break;
            }
            self.start_instant(next);
            self.settle()?;
            if self.load.needs_plan {
                self.refuse_flapping()?;
                self.plan_load();
            }
            observer.settled(self);
        }
        self.advance_load(horizon);
        observer.end(self, horizon);
        Ok(())
    }

    /// Applies what is due now and what that produces without delay, until nothing is left.
    ///
    /// Levels are solved after every set of events; what remembers them (darkness, holdovers, crews, hazards,
    /// failovers) reacts only once no zero delay is pending, so that a gap of no length leaves no trace.
    fn settle(&mut self) -> Result<(), EngineError> {
        let mut rounds = 0;
        self.apply_due();
        if self.is_quiet() {
            return Ok(());
        }
        loop {
            loop {
                self.propagate();
                self.demand_standbys();
                if self.solve_network() {
                    rounds += 1;
                    self.check_rounds(rounds)?;
                    continue;
                }
                if !self.is_due() {
                    break;
                }
                rounds += 1;
                self.check_rounds(rounds)?;
                self.apply_due();
            }
            self.react();
            let flows = self.agenda.has(Look::Network) || self.agenda.has(Look::Load);
            if !self.is_due() && !self.is_unsolved() && !flows {
                break;
            }
            rounds += 1;
            self.check_rounds(rounds)?;
            self.apply_due();
        }
        self.update_causes();
        if self.load.is_on {
            self.update_load_causes();
        }
        Ok(())
    }

    /// True if what was applied has settled by itself, as most failures of single parts do.
    fn is_quiet(&self) -> bool {
        self.agenda.is_empty() && !self.is_unsolved() && !self.is_due() && self.causes.are_settled()
    }

    fn is_due(&self) -> bool {
        self.next() <= self.now
    }

    fn react(&mut self) {
        self.react_components();
        self.react_announcements();
        self.react_holdovers();
        self.react_clocks();
        self.react_repairs();
        self.react_hazards();
        self.react_units();
        self.react_replicas();
        if self.agenda.has(Look::Load) {
            self.react_load();
        }
        self.react_users();
    }

    fn check_rounds(&self, rounds: u32) -> Result<(), EngineError> {
        if rounds < MOST_ROUNDS {
            return Ok(());
        }
        Err(EngineError::ZeroDelayLoop { at: self.now, components: self.restless() })
    }
}
