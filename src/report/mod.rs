//! Results and findings as bytes: pure, no files and no terminal.

mod comparison;
mod csv;
mod data;
pub mod diagnostics;
pub mod explain;
mod findings;
mod gate;
mod load;
mod network;
mod resolved;
mod sheet;
mod story;
mod table;
mod text;

pub use comparison::{
    ComparisonFile, comparison_file, comparison_markdown, comparison_sentences, comparison_text,
    difference_precision_text,
};
pub use csv::{journeys_csv, replications_csv};
pub use diagnostics::render_diagnostics;
pub use findings::{Finding, FindingPlace, Related, findings};
pub use gate::GateReport;
pub use resolved::{network_in_short, resolved_text};
pub use story::{trace_json, trace_text};
pub use text::{precision_text, summary_text};
