//! Exact answers: closed forms and small Markov chains, which share no code with the engine.
//!
//! Rates are per unit of time and times in that unit, whatever it is.

pub mod closed;
mod error;
pub mod markov;
pub mod repair;

#[cfg(test)]
mod tests;

pub use error::ExactError;
