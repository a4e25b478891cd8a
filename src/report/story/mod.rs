//! The story of one replication, as text and as JSON.

mod clock;
mod fold;
mod json;
mod load_words;
mod names;
mod text;
mod words;

pub use json::trace_json;
pub use text::trace_text;
