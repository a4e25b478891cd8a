//! Results and findings as bytes: pure, no files and no terminal.

mod comparison;
mod csv;
mod data;
pub mod diagnostics;
mod drawn;
pub mod explain;
mod findings;
mod gate;
mod grid;
mod load;
mod markdown;
mod network;
mod page;
mod ranking;
mod resolved;
mod sheet;
mod story;
mod table;
mod text;
mod wrap;

pub use comparison::{
    ComparisonFile, comparison_file, comparison_markdown, comparison_sentences, comparison_text,
    difference_precision_text,
};
pub use csv::{journeys_csv, replications_csv};
pub use diagnostics::{render_diagnostics, render_diagnostics_within};
pub use findings::{Finding, FindingPlace, Related, findings};
pub use gate::GateReport;
pub use markdown::summary_markdown;
pub use page::Page;
pub use ranking::RankingReport;
pub use resolved::{network_in_short, resolved_text};
pub use story::{trace_json, trace_text};
pub use table::{mean_seconds, quantile_seconds, share};
pub use text::{TEXT_CURVE_POINTS, precision_text, summary_sentences, summary_text};
