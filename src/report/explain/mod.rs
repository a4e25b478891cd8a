//! Definitions of measures and entries of the language's reference, looked up in the documents themselves.
//!
//! The documents are part of the program, so that what it explains and what they say cannot differ.

mod examples;
mod find;
mod markdown;
mod measures;
mod reference;
mod render;
mod topic;

pub use find::{NotFound, find};
pub use render::{topic_list, topic_markdown, topic_text, topics_markdown};
pub use topic::{Group, Topic};

const LANGUAGE: &str = include_str!("../../../docs/scenario.md");
const MEASURES: &str = include_str!("../../../docs/measures.md");

/// Everything that can be explained: measures, then the reference in its order.
#[must_use]
pub fn topics() -> Vec<Topic> {
    let mut topics = measures::measures(&markdown::sections(MEASURES));
    topics.extend(reference::reference(&markdown::sections(LANGUAGE)));
    topics
}
