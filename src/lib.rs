//! blackstart estimates the user-facing downtime that failures of shared infrastructure cost.
pub mod random;
pub mod report;
pub mod scenario;
pub mod time;
pub mod units;
