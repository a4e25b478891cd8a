//! The texts a scenario comes from, and places in them.

/// One input text: the scenario file, a file it extends, or a command-line edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(pub u16);

/// A range of bytes in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The text it lies in.
    pub source: SourceId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last one; equal to `start` for a place between two characters.
    pub end: usize,
}

impl Span {
    /// The range `start..end` of `source`.
    #[must_use]
    pub const fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, start, end }
    }
}

/// All input texts with their names.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    list: Vec<(String, String)>,
}

impl Sources {
    /// No texts yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Keeps a text under the name that diagnostics show, such as a path or "--set".
    ///
    /// Beyond 65,535 texts the last id is given again: such a text is read, only its diagnostics show another.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u16::try_from(self.list.len()).unwrap_or(u16::MAX));
        self.list.push((name.into(), text.into()));
        id
    }

    /// The name of a text; empty for an id from elsewhere.
    #[must_use]
    pub fn name(&self, id: SourceId) -> &str {
        self.list.get(usize::from(id.0)).map_or("", |(name, _)| name)
    }

    /// A text; empty for an id from elsewhere.
    #[must_use]
    pub fn text(&self, id: SourceId) -> &str {
        self.list.get(usize::from(id.0)).map_or("", |(_, text)| text)
    }

    /// The text that a span covers; empty where the span does not fit its text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.source).get(span.start..span.end).unwrap_or("")
    }

    /// Line and column of the span's start, both from 1, the column in characters.
    #[must_use]
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let text = self.text(span.source);
        let before = &text[..floor_boundary(text, span.start)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// The nearest character boundary of `text` that is not behind `at`.
#[must_use]
pub fn floor_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let mut sources = Sources::new();
        let id = sources.add("a.ron", "äb\r\nxyz\n");
        let at = |start| sources.line_column(Span::new(id, start, start));
        assert_eq!(
            [at(0), at(1), at(2), at(5), at(7), at(99)],
            [(1, 1), (1, 1), (1, 2), (2, 1), (2, 3), (3, 1)]
        );
        assert_eq!(sources.slice(Span::new(id, 0, 2)), "ä");
        assert_eq!(sources.slice(Span::new(id, 1, 2)), "");
        assert_eq!(sources.text(SourceId(7)), "");
    }
}
