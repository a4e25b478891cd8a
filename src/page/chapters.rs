//! What a report says only of scenarios that have it: latency, load, network, what nobody knows, cost, data.

use maud::{Markup, html};

use super::tables;
use crate::report::Chapter;

pub(super) fn sections(chapters: &[Chapter]) -> Markup {
    html! {
        @for chapter in chapters {
            section id=(id(chapter)) aria-labelledby=(format!("h-{}", id(chapter))) {
                h2 id=(format!("h-{}", id(chapter))) { (chapter.title) }
                @for section in &chapter.sections { (tables::section(section)) }
            }
        }
    }
}

/// Links to them.
pub(super) fn links(chapters: &[Chapter]) -> Markup {
    html! { @for chapter in chapters { a href=(format!("#{}", id(chapter))) { (chapter.title) } } }
}

/// "what-we-do-not-know"
fn id(chapter: &Chapter) -> String {
    chapter.title.to_lowercase().replace(' ', "-")
}
