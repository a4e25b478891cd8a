//! Topics as text of at most 80 columns, and as Markdown.

use std::fmt::Write as _;

use super::examples::last;
use super::markdown::{is_point, plain};
use super::topic::{Group, Topic};
use crate::report::page::{Page, Tone};
use crate::report::wrap::{columns, indented};

/// Longer lines are hard to read.
const LONGEST: usize = 80;
/// Columns before all but names.
const INDENT: usize = 2;
/// Columns that labels may take before what they say begins on the next line.
const LABEL: usize = 24;

/// A topic for the terminal.
#[must_use]
pub fn topic_text(topic: &Topic, page: Page) -> String {
    let width = page.columns.min(LONGEST);
    let mut text = Tone::Strong.of(&topic.name) + "\n";
    let mut in_list = false;
    for paragraph in &topic.text {
        if !(in_list && is_point(paragraph)) {
            text.push('\n');
        }
        in_list = is_point(paragraph);
        let rest = if in_list { INDENT + 2 } else { INDENT };
        text += &indented(&plain(paragraph, false), (INDENT, rest), width);
    }
    labelled(&topic.facts, width, &mut text);
    if let Some(example) = &topic.example {
        text += "\n  example\n";
        example.lines().for_each(|line| text += &format!("    {line}\n"));
    }
    labelled(&topic.parts, width, &mut text);
    page.finished(&text)
}

/// Lines with labels, all beginning in one column.
fn labelled(lines: &[(String, String)], page_width: usize, text: &mut String) {
    let width =
        lines.iter().map(|(label, _)| columns(label)).filter(|width| *width <= LABEL).max().unwrap_or(LABEL);
    let column = INDENT + width + 2;
    if !lines.is_empty() {
        text.push('\n');
    }
    for (label, says) in lines {
        let says = indented(&plain(says, false), (column, column), page_width);
        if columns(label) <= width {
            let gap = " ".repeat(width - columns(label));
            let _ = write!(text, "  {label}{gap}  {}", says.trim_start());
        } else {
            let _ = write!(text, "  {label}\n{says}");
        }
    }
}

/// All topics by their groups, for the terminal.
#[must_use]
pub fn topic_list(topics: &[Topic], page: Page) -> String {
    let width = page.columns.min(LONGEST);
    let head = "blackstart explain TOPIC prints one of these; the end of a name will do.";
    let mut text = indented(head, (0, 0), width);
    for group in Group::ALL {
        let _ = write!(text, "\n{}\n", Tone::Strong.of(group.heading()));
        text += &match group {
            Group::Fields => records(topics, width),
            Group::Forms | Group::Laws | Group::Quantities => by_owner(topics, group, width),
            Group::Measures | Group::Chapters => {
                let names: Vec<&str> =
                    topics.iter().filter(|t| t.group == group).map(|t| t.name.as_str()).collect();
                indented(&names.join(", "), (INDENT, INDENT), width)
            }
        };
    }
    page.finished(&text)
}

/// Each record with its fields.
fn records(topics: &[Topic], width: usize) -> String {
    let mut lines = String::new();
    for topic in topics.iter().filter(|topic| matches!(topic.group, Group::Fields | Group::Forms)) {
        let is_field =
            |name: &&str| name.starts_with(char::is_lowercase) && !name.contains(char::is_whitespace);
        let fields: Vec<&str> = topic.parts.iter().map(|(name, _)| name.as_str()).filter(is_field).collect();
        if !fields.is_empty() {
            let line = format!("{}: {}", topic.name, fields.join(", "));
            lines += &indented(&line, (INDENT, INDENT + 2), width);
        }
    }
    lines
}

/// Each owner with what belongs to it.
fn by_owner(topics: &[Topic], group: Group, width: usize) -> String {
    let mut owners: Vec<(&str, Vec<&str>)> = Vec::new();
    for topic in topics.iter().filter(|topic| topic.group == group) {
        let Some((owner, _)) = topic.name.rsplit_once('.') else { continue };
        match owners.iter_mut().find(|(name, _)| *name == owner) {
            Some((_, names)) => names.push(last(&topic.name)),
            None => owners.push((owner, vec![last(&topic.name)])),
        }
    }
    let line = |(owner, names): &(&str, Vec<&str>)| {
        indented(&format!("{owner}: {}", names.join(", ")), (INDENT, INDENT + 2), width)
    };
    owners.iter().map(line).collect()
}

/// A topic as Markdown, under a heading of the third level.
#[must_use]
pub fn topic_markdown(topic: &Topic) -> String {
    let mut text = format!("### {}\n", topic.name);
    let mut in_list = false;
    for paragraph in &topic.text {
        text += if in_list && is_point(paragraph) { "" } else { "\n" };
        in_list = is_point(paragraph);
        let _ = writeln!(text, "{}", plain(paragraph, true));
    }
    let mut points = |lines: &[(String, String)], code: bool| {
        text += if lines.is_empty() { "" } else { "\n" };
        for (label, says) in lines {
            let label = if code { format!("`{label}`") } else { format!("**{label}**") };
            let _ = writeln!(text, "- {label}: {}", plain(says, true));
        }
    };
    points(&topic.facts, false);
    points(&topic.parts, true);
    if let Some(example) = &topic.example {
        let _ = write!(text, "\n```ron\n{example}\n```\n");
    }
    text
}

/// All topics as Markdown, by their groups.
#[must_use]
pub fn topics_markdown(topics: &[Topic]) -> String {
    let mut text = String::from("# Topics of blackstart explain\n");
    for group in Group::ALL {
        let _ = write!(text, "\n## {}\n", group.heading());
        for topic in topics.iter().filter(|topic| topic.group == group) {
            let _ = write!(text, "\n{}", topic_markdown(topic));
        }
    }
    text
}
