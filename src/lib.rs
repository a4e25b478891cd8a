//! blackstart estimates the user-facing downtime that failures of shared infrastructure cost.
pub mod engine;
pub mod law;
pub mod measure;
pub mod model;
pub mod random;
pub mod stats;
pub mod study;
pub mod time;
