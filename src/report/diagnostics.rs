//! Findings as text, each with its line underlined.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::scenario::diagnostics::{MOST_SHOWN, is_invisible};
use crate::scenario::sources::floor_boundary;
use crate::scenario::{Diagnostic, Severity, SourceId, Sources, Span};

/// All findings, each with file, line, column, the line underlined, what was expected and what to write
/// instead; then how many there are. Empty for no findings.
#[must_use]
pub fn render_diagnostics(sources: &Sources, diagnostics: &[Diagnostic], colour: bool) -> String {
    render_diagnostics_within(sources, diagnostics, colour, None)
}

/// The same on a page of so many columns: longer source lines are cut around what is underlined.
#[must_use]
pub fn render_diagnostics_within(
    sources: &Sources,
    diagnostics: &[Diagnostic],
    colour: bool,
    width: Option<usize>,
) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = width.into_iter().fold(renderer, |renderer, width| renderer.term_width(width));
    let mut text = String::new();
    for diagnostic in shown(diagnostics) {
        text.push_str(&renderer.render(&[group(sources, diagnostic)]));
        text.push_str("\n\n");
    }
    text.push_str(&count_line(diagnostics));
    text.push('\n');
    text
}

/// The findings that are shown: all, or as many as help, errors before warnings.
fn shown(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let of = |severity| diagnostics.iter().filter(move |d| d.severity == severity);
    if diagnostics.len() <= MOST_SHOWN {
        return diagnostics.iter().collect();
    }
    of(Severity::Error).chain(of(Severity::Warning)).take(MOST_SHOWN).collect()
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
    let counts = [shown(errors, "error"), shown(warnings, "warning")];
    let mut line = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = diagnostics.len().checked_sub(MOST_SHOWN) {
        line.push_str(&format!("; the first {MOST_SHOWN} are shown, {more} more are not"));
    }
    line
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
        _ if is_invisible(c) => '\u{fffd}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::decode::{Fields, count, fraction01, law, list_of, map_of, rate, span, string};
    use crate::scenario::edit::{apply, parse_edit};
    use crate::scenario::law_spec::LawKind;
    use crate::scenario::parse::parse;
    use crate::scenario::{Diagnostics, Node};

    /// Reads a small scenario of its own and renders what is wrong with it.
    fn rendered(text: &str, edits: &[&str]) -> String {
        let mut sources = Sources::new();
        let id = sources.add("a.ron", text);
        let mut found = Diagnostics::new();
        let mut node = parse(id, text, &mut found);
        assert_eq!(node.is_none(), found.has_errors());
        for edit in edits {
            if let (Some(edit), Some(tree)) = (parse_edit(edit, &mut sources, &mut found), &mut node) {
                apply(tree, &edit, &mut found);
            }
        }
        if let Some(node) = node {
            decode(&node, &mut found);
        }
        render_diagnostics(&sources, &found.into_vec(), false)
    }

    fn decode(node: &Node, found: &mut Diagnostics) {
        let Some(mut fields) = Fields::of(node, "a scenario", found) else { return };
        fields.require_as("title", "what a report calls it").map(|node| string(node, found));
        fields.take("horizon").map(|node| span(node, found));
        fields.take("share").map(|node| fraction01(node, found));
        fields.take("calls").map(|node| rate(node, found));
        fields.take("regions").map(|node| map_of(node, found, |node, found| list_of(node, found, count)));
        fields.take("every").map(|node| law(node, LawKind::Time, found));
        if fields.take("old").is_some() {
            found.warning(node.span, "`old` has no effect", "leave it out");
        }
        fields.finish(found);
    }

    #[test]
    fn broken_inputs() {
        let inputs: &[(&str, &[&str])] = &[
            ("", &[]),
            ("Scenario(\n    title: \"a\",\n    horizon: 14d,\n)", &[]),
            ("(\n    title: \"a\"\n    horizon: \"14d\",\n    share: '30%',\n)", &[]),
            ("(\n    title: \"a,\n    horizon: \"14d\",\n)", &[]),
            ("(\n    title: \"a\",\n    every: Exp(\"2y\", source: \"NREL\"),\n)", &[]),
            (
                "(\n    title: \"a\",\n    title: \"b\",\n    regions: { \"x\": [1], \"y\": [2], \"x\": [3] },\n)",
                &[],
            ),
            ("(\n    title: \"a\",\n    regions: {\n        \"x\": [1, 2,\n    },\n)", &[]),
            ("(\n    title: \"a\",\n    regions: {\n        \"x\": [1],\n    horizon: \"14d\",\n)\n", &[]),
            ("(title = \"a\", 'horizon': \"14d\", \"share\": 1)", &[]),
            ("(title: \"a\\q\", share: 1.2.3, /* open", &[]),
            ("(\n    title: a,\n    horzon: \"14d\",\n    share: 30,\n    calls: \"12K/h\",\n)", &[]),
            (
                "(\n    horizon: \"4 hours\",\n    calls: 5,\n    every: LogNormal(median: \"2h\", p90: \"10m\"),\n)",
                &[],
            ),
            (
                "(title: \"a\", every: Lognormal(\"10m\", \"2h\"), regions: { x: [1], \"y\": [1, -2, 0.5], \"z\": 1 })",
                &[],
            ),
            ("(title: \"a\", every: Mix([(0, \"1h\"), (1, Exp(\"1h\", \"2h\"))]), old: 1)", &[]),
            ("(\r\n\ttitle: 4h,\r\n\tshare: @,\r\n]", &[]),
            ("(日本: 3 4, title: \"\u{202e}é\u{9b}31m\", \u{a0}share: \u{200b}1)", &[]),
            (
                "(title: \"a\")",
                &["titel.x=1", "horizon=4 hours", "every=Exp(0s)", "share", "regions={x: [1,}"],
            ),
            ("[[[[1, 2], 3)], ]]", &[]),
            ("(title: \"a\")\n)", &[]),
            ("{ \"title\": \"a\" }", &[]),
            ("#![enable(implicit_sone)]\n(title: Some(), horizon: inf)", &[]),
        ];
        let mut text = String::new();
        for (input, edits) in inputs {
            text.push_str(&rendered(input, edits));
            text.push_str("----------------\n");
        }
        insta::assert_snapshot!(text);
    }

    #[test]
    fn long_lines_are_cut() {
        let text =
            format!("(title: \"{}\" share: 2, calls: \"{}\")", "x".repeat(10_000), "é\t".repeat(5_000));
        for text in [text.clone(), text.replacen('"', "", 1)] {
            let shown = rendered(&text, &[]);
            assert!(shown.lines().all(|line| line.chars().count() < 300), "{shown}");
        }
    }

    #[test]
    fn nothing_found_is_nothing_said() {
        assert_eq!(rendered("(title: \"a\")", &[]), "");
    }

    #[test]
    fn colour_is_a_choice() {
        let mut sources = Sources::new();
        let mut found = Diagnostics::new();
        found.error(Span::new(sources.add("a", "x"), 0, 1), "m", "l");
        let found = found.into_vec();
        assert!(render_diagnostics(&sources, &found, true).contains('\u{1b}'));
        assert!(!render_diagnostics(&sources, &found, false).contains('\u{1b}'));
    }

    /// Text with what terminals and underlining find hard.
    fn odd_text() -> impl Strategy<Value = String> {
        "([\r\n\t a\u{0}\u{1b}\u{9b}\u{200b}\u{202e}\u{feff}é日\u{301}👩\u{200d}]|\r\n|[ -~]{200}|日{100}){0,12}"
    }

    /// Text made of what scenarios are made of, in no order.
    fn shuffled() -> impl Strategy<Value = String> {
        let parts =
            "title|share|every|regions|calls|Exp|Mix|LogNormal|median|p90|\"4h\"|\"x\"|3|-1|inf|'|\"|=|//|\n";
        proptest::string::string_regex(&format!("\\(({parts}|[():,{{}}\\[\\]]){{0,25}}")).unwrap()
    }

    proptest! {
        #[test]
        fn no_scenario_panics(text in shuffled(), edit in shuffled(), named in "title: \"a\", (every|regions|share): ") {
            rendered(&text, &[&edit]);
            rendered(&format!("({named}{})", &text[1..]), &[&format!("every={edit}")]);
        }

        #[test]
        fn no_place_breaks_the_rendering(
            text in odd_text(),
            other in odd_text(),
            message in odd_text(),
            places in proptest::collection::vec((0..2_u16, 0..400_usize, 0..400_usize), 1..6),
        ) {
            let mut sources = Sources::new();
            sources.add("a\u{1b}.ron", text);
            sources.add("b.ron", other);
            let mut spans = places.into_iter().map(|(source, start, end)| Span::new(SourceId(source), start, end));
            let mut found = Diagnostics::new();
            let error = found.error(spans.next().unwrap(), message.clone(), message.clone());
            error.help(message.clone());
            for span in spans {
                error.also(span, message.clone());
            }
            let shown = render_diagnostics(&sources, &found.into_vec(), false);
            prop_assert!(shown.ends_with("\n1 error\n"));
            prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
        }
    }
}
