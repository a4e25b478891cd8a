//! Why there is no exact answer.

use std::fmt;

/// Why a chain cannot be built or asked.
#[derive(Debug, Clone, PartialEq)]
pub enum ExactError {
    /// There is no transition.
    NoTransitions,
    /// A transition leads to its own state, or its rate is not a finite number above 0.
    Transition {
        /// The state it leaves.
        from: usize,
        /// The state it enters.
        to: usize,
        /// Its rate.
        rate: f64,
    },
    /// The chain has no single steady state, or it does not contain state 0.
    NoWayBack {
        /// A state from which state 0 cannot be reached.
        state: usize,
    },
    /// The initial distribution has not one probability per state, or they do not add up to 1.
    Initial,
    /// The time is not a finite number, 0 or above.
    Time(f64),
    /// No unit is needed, or more than there are.
    Units {
        /// Units that must work.
        needed: usize,
        /// Units there are.
        units: usize,
    },
    /// A structure has too many parts or states.
    TooLarge,
    /// A structure depends on more than which parts are out.
    NotStatic {
        /// Where, and on what.
        reason: String,
    },
}

impl fmt::Display for ExactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTransitions => write!(f, "the chain has no transition"),
            Self::Transition { from, to, rate } => {
                write!(f, "transition {from} to {to} at rate {rate}: states must differ, the rate be above 0")
            }
            Self::NoWayBack { state } => write!(f, "state 0 cannot be reached from state {state}"),
            Self::Initial => {
                write!(f, "the initial distribution must have one probability per state, in all 1")
            }
            Self::Time(time) => write!(f, "time is {time}, but must be a finite number, 0 or above"),
            Self::Units { needed, units } => {
                write!(f, "{needed} of {units} units needed: must be at least 1 and no more than there are")
            }
            Self::TooLarge => write!(f, "the structure is too large for a decision diagram"),
            Self::NotStatic { reason } => write!(f, "{reason}"),
        }
    }
}

impl std::error::Error for ExactError {}
