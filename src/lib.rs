//! blackstart estimates the user-facing downtime that failures of shared infrastructure cost.
pub mod exact;
pub mod law;
pub mod random;
pub mod stats;
pub mod time;
