//! Findings for editors.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::scenario::sources::floor_boundary;
use crate::scenario::{Diagnostic, Severity, SourceId, Sources, Span};

/// One finding, as `check --format json` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// "error" or "warning".
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub place: FindingPlace,
    /// What was expected.
    pub label: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}

/// A range of characters in a text; lines and columns from 1, the end behind the last character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingPlace {
    /// The file as it was named, or "--set".
    pub file: String,
    /// First line.
    pub line: usize,
    /// First column, in characters.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// Column behind the last character.
    pub end_column: usize,
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Where.
    #[serde(flatten)]
    pub place: FindingPlace,
    /// What is there.
    pub label: String,
}

/// All findings, in the order in which they are given.
#[must_use]
pub fn findings(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<Finding> {
    let mut places = Places { sources, line_starts: BTreeMap::new() };
    let mut finding = |d: &Diagnostic| Finding {
        severity: match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: d.message.clone(),
        place: places.of(d.span),
        label: d.label.clone(),
        help: d.help.clone(),
        related: d
            .secondary
            .iter()
            .map(|(span, label)| Related { place: places.of(*span), label: label.clone() })
            .collect(),
    };
    diagnostics.iter().map(&mut finding).collect()
}

/// Finds lines by where they start, so that many findings in a long text take no time.
struct Places<'s> {
    sources: &'s Sources,
    line_starts: BTreeMap<SourceId, Vec<usize>>,
}

impl Places<'_> {
    fn of(&mut self, span: Span) -> FindingPlace {
        let (line, column) = self.line_column(span.source, span.start);
        let (end_line, end_column) = self.line_column(span.source, span.end.max(span.start));
        FindingPlace { file: self.sources.name(span.source).to_owned(), line, column, end_line, end_column }
    }

    /// Line and column of a byte, both from 1.
    fn line_column(&mut self, source: SourceId, at: usize) -> (usize, usize) {
        let text = self.sources.text(source);
        let at = floor_boundary(text, at);
        let starts = self.line_starts.entry(source).or_insert_with(|| {
            std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1)).collect()
        });
        let line = starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|before| starts.get(before)).copied().unwrap_or(0);
        (line, text.get(start..at).map_or(0, |before| before.chars().count()) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Diagnostics;

    #[test]
    fn places_are_in_characters_from_one() {
        let mut sources = Sources::new();
        let id = sources.add("a.ron", "ä: b\n  cd\n");
        let mut found = Diagnostics::new();
        found.error(Span::new(id, 4, 10), "m", "l").also(Span::new(id, 0, 2), "here").help("h");
        let all = findings(&sources, &found.into_vec());
        let numbers = |p: &FindingPlace| (p.line, p.column, p.end_line, p.end_column);
        assert_eq!(numbers(&all[0].place), (1, 4, 2, 5));
        assert_eq!(numbers(&all[0].related[0].place), (1, 1, 1, 2));
        assert_eq!((all[0].severity, all[0].help.as_deref()), ("error", Some("h")));
    }
}
