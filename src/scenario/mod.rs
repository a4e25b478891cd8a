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
mod load;
mod lower;
mod print;
mod read;
mod spec;
mod fields;
mod read_law;
mod scalar;
mod shape;

pub use print::print_tree;
pub use load::{Loaded, load};
pub use diagnostics::{Diagnostic, Diagnostics, Severity};
pub use sources::{SourceId, Sources, Span};
pub use tree::{Entry, Node, Struct, Value};
