//! Exact answers: closed forms and small Markov chains, which share no code with the engine.
//!
//! Rates are per unit of time and times in that unit, whatever it is.

pub mod closed;
pub mod common_causes;
mod error;
pub mod markov;
pub mod needs;
pub mod repair;
pub mod structure;

#[cfg(test)]
mod tests;

pub use error::ExactError;
