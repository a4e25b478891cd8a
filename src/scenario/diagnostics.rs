//! Mistakes as data: what is wrong, where, what was expected, what was probably meant.

use std::collections::BTreeSet;

use super::sources::Span;

/// How many findings a reader is shown: whoever has more has one mistake many times.
pub const MOST_SHOWN: usize = 100;

/// How many findings get a suggestion: among 100,000 names each takes a tenth of a second.
const MOST_SUGGESTED: usize = 20;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be used.
    Error,
    /// The scenario can be used, but perhaps says something else than was meant.
    Warning,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What was expected; stands under the underlined text.
    pub label: String,
    /// Other places that belong to it, each with its own label.
    pub secondary: Vec<(Span, String)>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Points at another place as well.
    pub fn also(&mut self, span: Span, label: impl Into<String>) -> &mut Self {
        self.secondary.push((span, label.into()));
        self
    }

    /// Says what to write instead.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Says how many other findings are like this one.
    fn with_others(mut self, others: usize) -> Self {
        if others > 0 {
            self.message.push_str(&format!(" (and {others} more like this)"));
        }
        self
    }

    /// Says what was probably meant, when that is known.
    pub fn did_you_mean(&mut self, name: Option<&str>) -> &mut Self {
        if let Some(name) = name {
            self.help(format!("did you mean `{name}`?"));
        }
        self
    }
}

/// Collects findings.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Nothing found yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Records an error; the result takes further places and the help.
    pub fn error(
        &mut self,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        self.record(Severity::Error, span, message.into(), label.into())
    }

    /// Records a warning; the result takes further places and the help.
    pub fn warning(
        &mut self,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        self.record(Severity::Warning, span, message.into(), label.into())
    }

    fn record(&mut self, severity: Severity, span: Span, message: String, label: String) -> &mut Diagnostic {
        let at = self.list.len();
        self.list.push(Diagnostic { severity, message, span, label, secondary: Vec::new(), help: None });
        &mut self.list[at]
    }

    /// Takes over a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.list.push(finding);
    }

    /// Takes over all findings of `other`.
    pub fn append(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// True once an error was recorded.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// True once there are so many findings that what makes one more helpful is not worth its time.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.list.len() >= MOST_SUGGESTED
    }

    /// True while nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All findings in the order of their places, each once.
    #[must_use]
    pub fn sorted(&self) -> Vec<Diagnostic> {
        self.clone().into_vec()
    }

    /// All findings in the order of their places, each once.
    ///
    /// One mistake is often seen from many sides, such as from every zone of a kind: of findings that expect the
    /// same at the same place only the first is kept, with the number of the others.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Diagnostic> {
        // The sort is stable: findings at one place keep the order in which they were made.
        self.list.sort_by_key(|d| d.span);
        let mut kept: Vec<(Diagnostic, BTreeSet<String>)> = Vec::new();
        for next in self.list {
            let here = kept.iter_mut().rev().take_while(|(first, _)| first.span == next.span);
            let same = here
                .into_iter()
                .find(|(first, _)| first.severity == next.severity && first.label == next.label);
            match same {
                Some((first, _)) if first.message == next.message => {}
                Some((_, others)) => {
                    others.insert(next.message);
                }
                None => kept.push((next, BTreeSet::new())),
            }
        }
        kept.into_iter().map(|(first, others)| first.with_others(others.len())).collect()
    }
}

/// The known name that `name` is probably a slip for.
pub fn suggest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let length = name.chars().count();
    if length > 100 {
        return None;
    }
    let lower = name.to_lowercase();
    // One slip for short names, one more for every six characters.
    let allowed = 1 + length / 6;
    let mut best: Option<(usize, f64, &str)> = None;
    for candidate in known {
        let other = candidate.to_lowercase();
        if candidate == name || other.chars().count() > 200 {
            continue;
        }
        let slips = strsim::damerau_levenshtein(&lower, &other);
        let likeness = strsim::jaro_winkler(&lower, &other);
        // A single character is like every other one.
        let close =
            (slips <= allowed && slips < length.max(1)) || likeness >= 0.9 || is_start(&lower, &other);
        let better =
            best.is_none_or(|(fewest, most, _)| slips < fewest || (slips == fewest && likeness > most));
        if close && better {
            best = Some((slips, likeness, candidate));
        }
    }
    best.map(|(_, _, candidate)| candidate)
}

/// True where one name continues the other: "Exponential" for "Exp".
fn is_start(a: &str, b: &str) -> bool {
    let shorter = a.chars().count().min(b.chars().count());
    shorter >= 3 && (a.starts_with(b) || b.starts_with(a))
}

/// True for characters that terminals act on, and for those that take no room: control characters, soft
/// hyphens, zero-width and direction marks, separators of lines.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
        )
}

/// `text` in backticks, on one line and at most 60 characters long.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("`{}`", excerpt(text))
}

/// `text` on one line and at most 60 characters long.
#[must_use]
pub fn excerpt(text: &str) -> String {
    // Read no more of a long text than is shown.
    let start: String = text.chars().take(600).collect();
    let line = start.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::SourceId;

    #[test]
    fn suggestions_need_likeness() {
        let known =
            || ["repair", "every", "clock", "holdover", "Nearest", "p90", "on", "Exp", "north"].into_iter();
        for (name, meant) in [
            ("repiar", Some("repair")),
            ("Repair", Some("repair")),
            ("nearest", Some("Nearest")),
            ("evry", Some("every")),
            ("hold_over", Some("holdover")),
            ("p99", Some("p90")),
            ("Exponential", Some("Exp")),
            ("south", None),
            ("source", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(suggest(name, known()), meant, "{name}");
        }
    }

    #[test]
    fn findings_come_in_the_order_of_their_places() {
        let mut found = Diagnostics::new();
        let at = |start| Span::new(SourceId(0), start, start + 1);
        found.error(at(9), "late", "");
        found.warning(at(2), "early", "");
        found.error(at(9), "late", "");
        let messages: Vec<_> = found.into_vec().into_iter().map(|d| d.message).collect();
        assert_eq!(messages, ["early", "late"]);
    }

    #[test]
    fn findings_that_expect_the_same_at_one_place_are_one() {
        let mut found = Diagnostics::new();
        let at = |start| Span::new(SourceId(0), start, start + 1);
        for (start, message, label) in [
            (1, "zone a", "x"),
            (1, "zone b", "x"),
            (1, "zone b", "x"),
            (1, "other", "y"),
            (2, "zone c", "x"),
        ] {
            found.error(at(start), message, label);
        }
        let messages: Vec<_> = found.into_vec().into_iter().map(|d| d.message).collect();
        assert_eq!(messages, ["zone a (and 1 more like this)", "other", "zone c"]);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(quoted("a\n  b"), "`a b`");
        assert_eq!(excerpt(&"ä".repeat(10_000)).chars().count(), 63);
    }
}
