//! A reader for the Markdown of the documents: sections, paragraphs, lists, tables, blocks of code.

/// A section: what stands under a heading of the second level.
#[derive(Debug, Default)]
pub(super) struct Section {
    pub(super) heading: String,
    pub(super) parts: Vec<Part>,
}

/// What a section is made of, in order.
#[derive(Debug)]
pub(super) enum Part {
    /// A paragraph.
    Text(String),
    /// A point of a list, with its mark: "- " or "1. ".
    Point(String),
    /// A table.
    Table(Table),
    /// A fenced block: its language, and its text.
    Block(String, String),
}

/// A table.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    /// The cell of `row` in the column with this header; empty where there is none.
    pub(super) fn cell<'t>(&'t self, row: &'t [String], header: &str) -> &'t str {
        let place = self.header.iter().position(|name| name == header);
        place.and_then(|at| row.get(at)).map_or("", String::as_str)
    }

    /// The first header.
    pub(super) fn subject(&self) -> &str {
        self.header.first().map_or("", String::as_str)
    }
}

/// The sections of a document; the first is what stands before any heading.
pub(super) fn sections(document: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut lines = document.lines();
    // A part goes on until an empty line, or one of another kind.
    let mut open = false;
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            sections.push(Section { heading: heading.to_owned(), parts: Vec::new() });
            open = false;
            continue;
        }
        let Some(section) = sections.last_mut() else { continue };
        if let Some(language) = line.strip_prefix("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            section.parts.push(Part::Block(language.to_owned(), code.join("\n")));
            open = false;
        } else if line.starts_with('|') {
            let in_table = open && matches!(section.parts.last(), Some(Part::Table(_)));
            add_row(&mut section.parts, line, !in_table);
            open = true;
        } else if line.trim().is_empty() || line.starts_with('#') {
            open = false;
        } else if is_point(line) {
            section.parts.push(Part::Point(line.to_owned()));
            open = true;
        } else {
            match section.parts.last_mut() {
                Some(Part::Text(text) | Part::Point(text)) if open => {
                    text.push(' ');
                    text.push_str(line.trim());
                }
                _ => section.parts.push(Part::Text(line.trim().to_owned())),
            }
            open = true;
        }
    }
    sections
}

/// True for a paragraph that begins with the mark of a list.
pub(super) fn is_point(text: &str) -> bool {
    let is_number = |mark: &str| !mark.is_empty() && mark.chars().all(|c| c.is_ascii_digit());
    text.starts_with("- ") || text.split_once(". ").is_some_and(|(mark, _)| is_number(mark))
}

/// Adds a line of a table: its header, the rule below it, or a row; the first two only where `is_new`.
fn add_row(parts: &mut Vec<Part>, line: &str, is_new: bool) {
    let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
    let cells: Vec<String> = inner.split('|').map(|cell| cell.trim().to_owned()).collect();
    let is_rule = cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| c == '-'));
    match parts.last_mut() {
        Some(Part::Table(_)) if !is_new && is_rule => {}
        Some(Part::Table(table)) if !is_new => table.rows.push(cells),
        _ => parts.push(Part::Table(Table { header: cells, rows: Vec::new() })),
    }
}

/// Text without emphasis and links; without the marks of code too, unless `code` asks for them.
pub(super) fn plain(text: &str, code: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = match first {
            '`' => {
                let (inside, behind) = after.split_once('`').unwrap_or((after, ""));
                let mark = if code { "`" } else { "" };
                out += &format!("{mark}{inside}{mark}");
                behind
            }
            '[' => {
                match after.split_once("](").and_then(|(shown, to)| Some((shown, to.split_once(')')?.1))) {
                    Some((shown, behind)) => {
                        out += &plain(shown, code);
                        behind
                    }
                    None => {
                        out.push('[');
                        after
                    }
                }
            }
            '*' => after,
            _ => {
                out.push(first);
                after
            }
        };
    }
    out
}

/// The texts between marks of code, in order.
pub(super) fn code_spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Where the first link of a text within its document points to: `#components`.
pub(super) fn anchor(text: &str) -> Option<&str> {
    text.split_once("](#").and_then(|(_, to)| to.split_once(')')).map(|(to, _)| to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_code_stays_as_it_is() {
        let text = "A *dark* part, **all** of [it](#part): `\"*/az[12]\"`, [ab]";
        assert_eq!(plain(text, false), "A dark part, all of it: \"*/az[12]\", [ab]");
        assert_eq!(plain(text, true), "A dark part, all of it: `\"*/az[12]\"`, [ab]");
        assert_eq!(plain("an open `mark", false), "an open mark");
        assert_eq!(code_spans("`a`, `b c`: d"), ["a", "b c"]);
        assert_eq!(anchor("see [Components](#components)."), Some("components"));
    }

    #[test]
    fn sections_hold_paragraphs_points_tables_and_blocks() {
        let text = "# T\n\n## One\n\na\nb\n\n- p\n  q\n\n| X | Y |\n|---|---|\n| `x` | y |\n\n| Z |\n|---|\n\n```ron\n## no\n```\n## Two\n";
        let found = sections(text);
        let headings: Vec<&str> = found.iter().map(|s| s.heading.as_str()).collect();
        assert_eq!(headings, ["", "One", "Two"]);
        let shown = format!("{:?}", found[1].parts);
        assert!(shown.starts_with("[Text(\"a b\"), Point(\"- p q\"), Table("), "{shown}");
        assert!(shown.ends_with("Block(\"ron\", \"## no\")]"), "{shown}");
        let tables = found[1].parts.iter().filter(|p| matches!(p, Part::Table(_))).count();
        assert_eq!(tables, 2);
    }
}
