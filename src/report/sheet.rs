//! A report of sentences and tables, laid out for a terminal or for a document.

use std::fmt::Write as _;

use super::table::table;

/// Sentences, then what they rest on.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) sentences: Vec<String>,
    pub(super) head: Vec<String>,
    pub(super) sections: Vec<Section>,
}

/// One subject of a report.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    pub(super) grids: Vec<Grid>,
}

/// A table, the first `left` columns to the left.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) left: usize,
}

impl Sheet {
    /// For a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for line in self.sentences.iter().chain(&self.head) {
            let _ = writeln!(text, "{line}");
        }
        for section in &self.sections {
            let _ = writeln!(text, "\n{}", section.title);
            for line in &section.lines {
                let _ = writeln!(text, "  {line}");
            }
            for grid in &section.grids {
                let header: Vec<&str> = grid.header.iter().map(String::as_str).collect();
                let _ = write!(text, "\n{}", table(&header, &grid.rows, grid.left));
            }
        }
        text
    }

    /// For a document.
    pub(super) fn markdown(&self) -> String {
        let mut text = String::new();
        for line in &self.sentences {
            let _ = writeln!(text, "- **{}**", escaped(line));
        }
        text.push('\n');
        for line in &self.head {
            let _ = writeln!(text, "- {}", escaped(line));
        }
        for section in &self.sections {
            let _ = writeln!(text, "\n### {}\n", escaped(&section.title));
            for line in &section.lines {
                let depth = line.len() - line.trim_start().len();
                let _ = writeln!(text, "{}- {}", " ".repeat(depth), escaped(line.trim_start()));
            }
            for grid in &section.grids {
                if !text.ends_with("\n\n") {
                    text.push('\n');
                }
                grid.markdown(&mut text);
            }
        }
        text
    }
}

impl Grid {
    fn markdown(&self, text: &mut String) {
        let line = |cells: &[String]| {
            format!("| {} |", cells.iter().map(|c| escaped(c)).collect::<Vec<_>>().join(" | "))
        };
        let rule = |column: usize| if column < self.left { "---" } else { "---:" };
        let rules: Vec<&str> = (0..self.header.len()).map(rule).collect();
        let _ = writeln!(text, "{}\n|{}|", line(&self.header), rules.join("|"));
        for row in &self.rows {
            let _ = writeln!(text, "{}", line(row));
        }
    }
}

/// Text in which Markdown finds nothing to act on.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '#') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
