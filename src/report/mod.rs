//! Results and findings as bytes: pure, no files and no terminal.

mod comparison;
mod csv;
pub mod diagnostics;
pub mod explain;
mod story;
mod table;
mod text;

pub use comparison::comparison_text;
pub use csv::{journeys_csv, replications_csv};
pub use diagnostics::render_diagnostics;
pub use story::{trace_json, trace_text};
pub use text::{precision_text, summary_text};
