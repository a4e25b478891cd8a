//! A report of sentences and tables, before it is laid out for a terminal or for a document.

use super::grid::Grid;
use super::page::{Page, Tone};
use super::wrap::indented;

/// Sentences, then what they rest on.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) sentences: Vec<String>,
    pub(super) head: Vec<String>,
    pub(super) sections: Vec<Section>,
}

/// One subject of a report.
#[derive(Debug, Default)]
pub struct Section {
    /// Nothing where the first column's name says it.
    pub title: String,
    /// What stands before the tables; leading spaces say how deep in a list.
    pub lines: Vec<String>,
    /// The tables.
    pub grids: Vec<Grid>,
    /// What stands after them.
    pub notes: Vec<String>,
}

impl Section {
    /// A table with notes under it.
    pub(super) fn of(grid: Grid, notes: Vec<String>) -> Self {
        Self { grids: vec![grid], notes, ..Self::default() }
    }

    /// A table with a heading.
    pub(super) fn titled(title: &str, grid: Grid) -> Self {
        Self { title: title.to_owned(), grids: vec![grid], ..Self::default() }
    }
}

impl Sheet {
    /// For a terminal.
    pub(super) fn text(&self, page: Page) -> String {
        let width = page.columns;
        let paragraph = |line: &String| indented(line, (0, 2), width);
        let mut text: String = self.sentences.iter().map(paragraph).collect();
        text.extend(self.head.iter().map(paragraph));
        for section in &self.sections {
            text.push('\n');
            let depth = if section.title.is_empty() { 0 } else { 2 };
            if !section.title.is_empty() {
                text += &indented(&Tone::Strong.of(&section.title), (0, 2), width);
            }
            for line in &section.lines {
                let depth = depth + line.len() - line.trim_start().len();
                text += &indented(line, (depth, depth + 2), width);
            }
            for (place, grid) in section.grids.iter().enumerate() {
                // A heading stands on its table, lines do not.
                text += if place > 0 || !section.lines.is_empty() { "\n" } else { "" };
                text += &grid.text(width);
            }
            text.extend(section.notes.iter().map(paragraph));
        }
        page.finished(&text)
    }
}
