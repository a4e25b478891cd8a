//! Measures, from docs/measures.md: a section each, with a list of its definition, formula and so on.

use super::markdown::{Part, Section, code_spans};
use super::topic::{Group, Topic};

/// One topic a section.
pub(super) fn measures(sections: &[Section]) -> Vec<Topic> {
    sections.iter().filter(|section| !section.heading.is_empty()).map(measure).collect()
}

fn measure(section: &Section) -> Topic {
    let mut topic = Topic::new(Group::Measures, &section.heading.to_lowercase());
    for part in &section.parts {
        let Part::Point(point) = part else { continue };
        let Some((label, text)) = point.strip_prefix("- **").and_then(|p| p.split_once("**: ")) else {
            continue;
        };
        if label == "Names" {
            topic.other_names = code_spans(text).into_iter().map(ToOwned::to_owned).collect();
        }
        topic.facts.push((label.to_lowercase(), text.to_owned()));
    }
    topic
}
