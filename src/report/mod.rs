//! Results and findings as bytes: pure, no files and no terminal.

mod comparison;
mod cost;
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
mod skewed;
mod story;
mod sweep;
mod swept;
mod table;
mod text;
mod uncertain;
mod wrap;

pub use comparison::{
    ComparisonFile, cause_cells, comparison_file, comparison_markdown, comparison_sentences, comparison_text,
    difference_cells, difference_precision_text, difference_skew_note, figure_name, listed_causes,
    size_texts,
};
pub use cost::cost_grid;
pub use csv::{journeys_csv, replications_csv};
pub use diagnostics::{render_diagnostics, render_diagnostics_within};
pub use findings::{Finding, FindingPlace, Related, findings};
pub use gate::{GateReport, unlike_text};
pub use grid::{Cell, Column, Grid, Holds};
pub use markdown::summary_markdown;
pub use page::Page;
pub use ranking::{RankingReport, ranking_sections, ranking_sentences};
pub use resolved::{network_in_short, resolved_text};
pub use sheet::Section;
pub use skewed::run_skew_note;
pub use story::{trace_json, trace_text};
pub use sweep::{sweep_csv, sweep_markdown, sweep_text};
pub use swept::{swept_sections, swept_sentences};
pub use table::{mean_seconds, quantile_seconds, share};
pub use text::{Chapter, TEXT_CURVE_POINTS, chapters, precision_text, summary_sentences, summary_text};
pub use uncertain::{cost_dependence_cells, dependence_cells, dependence_lines, dependence_sentences};
