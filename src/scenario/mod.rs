//! Scenario files: RON text to a spanned tree, typed values and edits, with every mistake collected.

pub mod decode;
pub mod diagnostics;
pub mod edit;
pub mod law_spec;
pub mod parse;
pub mod sources;
pub mod tree;

mod apply;
mod architectures;
mod blame;
mod calendar;
mod chart;
mod cursor;
mod difference;
mod extends;
mod fields;
mod figures;
mod load;
mod lower;
mod merge;
mod print;
mod read;
mod read_law;
mod scalar;
mod schema;
mod shape;
mod spec;
mod unknown_counts;
mod unknowns;
mod vary;
mod written;

pub use architectures::Architecture;
pub use chart::{Chart, Corridor, Place, PlaceKind};
pub use diagnostics::{Diagnostic, Diagnostics, Severity};
pub use difference::{Changed, differences};
pub use extends::{ReadFile, SourceFile};
pub use figures::{Figure, Origin, figures, warn_of_unsourced};
pub use load::{Loaded, load, load_extending};
pub use print::{print_tree, resolved_tree};
pub use sources::{SourceId, Sources, Span};
pub use tree::{Entry, Node, Struct, Value};
pub use vary::{Varied, Vary, parse_vary};
pub use written::written_out;
