//! Network data of others to a scenario fragment: text in, text out.
//!
//! A fragment holds sites, cables and links alone; a scenario extends it. What a reader could not use it says in a
//! warning, and what cannot be right is an error with its place.

mod cable_map;
mod error;
mod fragment;
mod sphere;
mod text;
mod topology_zoo;

pub use cable_map::{CableFile, CableMapFiles, cable_map};
pub use error::ImportError;
pub use topology_zoo::topology_zoo;

/// A file that was read: what errors call it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// What errors call it.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// A fragment, with what its reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The fragment's text (RON).
    pub fragment: String,
    /// Where the data is from and under which licence, a sentence or two.
    pub licence: &'static str,
    /// What was left out or assumed, in the order in which it was met.
    pub warnings: Vec<String>,
}
