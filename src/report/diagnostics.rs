//! Findings as text, each with its line underlined.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::scenario::sources::floor_boundary;
use crate::scenario::{Diagnostic, Severity, SourceId, Sources, Span};

/// All findings, each with file, line, column, the line underlined, what was expected and what to write
/// instead; then how many there are. Empty for no findings.
#[must_use]
pub fn render_diagnostics(sources: &Sources, diagnostics: &[Diagnostic], colour: bool) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[group(sources, diagnostic)]));
        text.push_str("\n\n");
    }
    text.push_str(&count_line(diagnostics));
    text.push('\n');
    text
}

/// "3 errors, 1 warning"
fn count_line(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
    let shown = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    [shown(errors, "error"), shown(warnings, "warning")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A place to underline, with its label.
struct Mark {
    span: Span,
    label: String,
    kind: AnnotationKind,
}

fn group(sources: &Sources, diagnostic: &Diagnostic) -> Group<'static> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(printable(&diagnostic.message)));
    let primary = (diagnostic.span, &diagnostic.label, AnnotationKind::Primary);
    let others = diagnostic.secondary.iter().map(|(span, label)| (*span, label, AnnotationKind::Context));
    let mut by_source: BTreeMap<SourceId, Vec<Mark>> = BTreeMap::new();
    for (span, label, kind) in std::iter::once(primary).chain(others) {
        by_source.entry(span.source).or_default().push(Mark { span, label: printable(label), kind });
    }
    // The text with the mistake comes before the others that belong to it.
    if let Some(marks) = by_source.remove(&diagnostic.span.source) {
        group = group.element(snippet(sources, diagnostic.span.source, marks));
    }
    for (source, marks) in by_source {
        group = group.element(snippet(sources, source, marks));
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(printable(help))),
        None => group,
    }
}

/// The lines of one text that have marks.
fn snippet(
    sources: &Sources,
    source: SourceId,
    marks: Vec<Mark>,
) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
    let text = sources.text(source);
    let places: Vec<Place> = marks.iter().map(|mark| Place::of(text, mark.span)).collect();
    let first = places.iter().map(|place| place.line).min().unwrap_or(0);
    let last = places.iter().map(|place| place.line).max().unwrap_or(0);
    let mut excerpt = String::new();
    let mut starts = BTreeMap::new();
    for (number, line) in text.split('\n').enumerate().skip(first).take(last - first + 1) {
        starts.insert(number, excerpt.len());
        // Lines far from every mark are folded: their text is not needed.
        if places.iter().any(|place| place.line.abs_diff(number) <= 1) {
            excerpt.push_str(&printable_line(line.trim_end_matches('\r')));
        }
        excerpt.push('\n');
    }
    let annotations = marks.into_iter().zip(&places).map(|(mark, place)| {
        let start = starts.get(&place.line).copied().unwrap_or(0);
        let range = start + place.columns.start..start + place.columns.end;
        mark.kind.span(range).label((!mark.label.is_empty()).then_some(mark.label))
    });
    Snippet::source(excerpt.clone())
        .path(printable(sources.name(source)))
        .line_start(first + 1)
        .annotations(annotations.collect::<Vec<_>>())
}

/// Where a span starts: its line from 0, and the bytes it covers of that line once it is printable.
struct Place {
    line: usize,
    columns: Range<usize>,
}

impl Place {
    /// A span over several lines is shown by its first one.
    fn of(text: &str, span: Span) -> Self {
        let start = floor_boundary(text, span.start);
        let end = floor_boundary(text, span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line_end = line_start + text[line_start..line_end].trim_end_matches('\r').len();
        let (start, end) = (start.min(line_end), end.min(line_end));
        let width = |range: Range<usize>| printable_line(&text[range]).len();
        let before = width(line_start..start);
        Self { line: text[..start].matches('\n').count(), columns: before..before + width(start..end) }
    }
}

/// One line with every character that a terminal would act on replaced by one that it shows.
///
/// Character for character, so that columns stay what they are; tabs are left to the renderer.
fn printable_line(line: &str) -> String {
    line.chars().map(|c| if c == '\t' { c } else { visible(c) }).collect()
}

/// A message with every character that a terminal would act on replaced, line breaks excepted.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { c } else { visible(c) }).collect()
}

fn visible(c: char) -> char {
    match c {
        // The pictures of the control characters stand in their order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        // Second control set, zero-width and direction marks, separators that some terminals break lines at.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => '\u{fffd}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Diagnostics;
    use crate::scenario::parse::parse;

    fn rendered(text: &str) -> String {
        let mut sources = Sources::new();
        let id = sources.add("a.ron", text);
        let mut found = Diagnostics::new();
        let node = parse(id, text, &mut found);
        assert_eq!(node.is_none(), found.has_errors());
        render_diagnostics(&sources, &found.into_vec(), false)
    }

    #[test]
    fn odd_texts() {
        let long = format!("(a: \"{}\" b: 2, c: \"{}\")", "x".repeat(10_000), "y".repeat(10_000));
        for text in [
            "(\r\n\ta: 4h,\r\n\tb: 2\r\n]",
            &long,
            "(é: \u{9b}31m, 日本: 3 4)",
            "(a: \u{200b}3",
            "\u{feff}(a: 4h)",
        ] {
            println!("{}", rendered(text));
        }
    }
}
