//! blackstart estimates the user-facing downtime that failures of shared infrastructure cost.
//!
//! A scenario file describes regions, zones, services and users as a dependency graph; a parallel Monte Carlo
//! discrete-event engine plays failures on it. The rooms below stand in the order in which they may use each
//! other; see ARCHITECTURE.md.
// No panic is reachable from input, and only the command line prints. Tests may do both.
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

pub mod time;
pub mod units;

pub mod random;
pub mod stats;

pub mod law;

pub mod model;

pub mod scenario;

pub mod import;

pub mod exact;

pub mod engine;

pub mod measure;

pub mod study;

pub mod report;

pub mod plot;

pub mod page;

pub mod cli;
