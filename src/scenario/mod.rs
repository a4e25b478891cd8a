//! Scenario files: RON text to a spanned tree, typed values and edits, with every mistake collected.

pub mod decode;
pub mod diagnostics;
pub mod edit;
pub mod law_spec;
pub mod parse;
pub mod sources;
pub mod tree;

mod calendar;
mod cursor;
mod fields;
mod load;
mod lower;
mod print;
mod read;
mod read_law;
mod scalar;
mod shape;
mod spec;

pub use diagnostics::{Diagnostic, Diagnostics, Severity};
pub use load::{Loaded, load};
pub use print::print_tree;
pub use sources::{SourceId, Sources, Span};
pub use tree::{Entry, Node, Struct, Value};
