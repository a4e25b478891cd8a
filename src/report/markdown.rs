//! Reports as Markdown, for pull requests and documents.

use std::fmt::Write as _;

use super::grid::{Grid, Holds};
use super::page::unmarked;
use super::sheet::Sheet;
use super::text::sheet;
use crate::study::Summary;

/// The report of a run as Markdown: what the text says, without bars and lines of characters.
#[must_use]
pub fn summary_markdown(summary: &Summary) -> String {
    let title = format!("## {}\n\n", escaped_line(&summary.title));
    title + &sheet(summary).markdown()
}

impl Sheet {
    /// For a document.
    pub(super) fn markdown(&self) -> String {
        let mut text = String::new();
        for line in &self.sentences {
            let _ = writeln!(text, "- **{}**", escaped(line));
        }
        text.push('\n');
        points(&self.head, &mut text);
        for section in &self.sections {
            text.push('\n');
            if !section.title.is_empty() {
                let _ = writeln!(text, "### {}\n", escaped_line(&section.title));
            }
            points(&section.lines, &mut text);
            for grid in &section.grids {
                if !text.ends_with("\n\n") {
                    text.push('\n');
                }
                grid.markdown(&mut text);
            }
            if !section.notes.is_empty() && !text.ends_with("\n\n") {
                text.push('\n');
            }
            points(&section.notes, &mut text);
        }
        text
    }
}

/// Lines as points, as deep as they are indented.
fn points(lines: &[String], text: &mut String) {
    for line in lines {
        let depth = line.len() - line.trim_start().len();
        let _ = writeln!(text, "{}- {}", " ".repeat(depth), escaped_line(line));
    }
}

impl Grid {
    fn markdown(&self, text: &mut String) {
        let shown = || self.columns.iter().enumerate().filter(|(_, column)| column.holds != Holds::Bars);
        let line = |cell: &dyn Fn(usize) -> String| {
            let cells: Vec<String> = shown().map(|(place, _)| escaped(&cell(place))).collect();
            format!("| {} |", cells.join(" | "))
        };
        let rule = |holds: Holds| if holds == Holds::Values { "---:" } else { "---" };
        let rules: Vec<&str> = shown().map(|(_, column)| rule(column.holds)).collect();
        let name =
            |place: usize| self.columns.get(place).map(|column| column.name.clone()).unwrap_or_default();
        let _ = writeln!(text, "{}\n|{}|", line(&name), rules.join("|"));
        for row in &self.rows {
            let _ = writeln!(
                text,
                "{}",
                line(&|place| row.get(place).map(|cell| cell.text.clone()).unwrap_or_default())
            );
        }
    }
}

/// Text in which Markdown finds nothing to act on.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in unmarked(text).chars() {
        match c {
            '\\' | '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '#' | '&' | '~' | '$' => {
                escaped.extend(['\\', c]);
            }
            // A line break would end the list or the row.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The same at the beginning of a line, where a list or a rule may begin.
fn escaped_line(text: &str) -> String {
    let text = escaped(text.trim_start());
    let number = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = text.split_at(number);
    let begins_list = rest.is_empty() || rest.starts_with(". ") || rest.starts_with(") ");
    match rest.chars().next() {
        Some('-' | '+' | '=') if number.is_empty() => format!("\\{rest}"),
        Some('.' | ')') if !number.is_empty() && begins_list => format!("{number}\\{rest}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_markdown() {
        assert_eq!(escaped("a|b`c`*d*_e_"), "a\\|b\\`c\\`\\*d\\*\\_e\\_");
        assert_eq!(escaped("<script>&amp;[x](y)"), "\\<script\\>\\&amp;\\[x\\](y)");
        assert_eq!(escaped("a\r\nb\u{2028}c"), "a  b c");
        assert_eq!(escaped("~~x~~ $y$ #1"), "\\~\\~x\\~\\~ \\$y\\$ \\#1");
        assert_eq!(escaped_line("- a"), "\\- a");
        assert_eq!(escaped_line("12. a"), "12\\. a");
        assert_eq!(escaped_line("1.5 h of a-b, in 12."), "1.5 h of a-b, in 12.");
    }
}
