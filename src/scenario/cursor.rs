//! Walking over the characters of a RON text.

/// A place in a text that moves forward.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    /// The byte that comes next; always at a character boundary.
    pub(super) at: usize,
}

/// A comment that is never closed, by its opening.
#[derive(Debug, Clone, Copy)]
pub(super) struct UnclosedComment(pub(super) usize);

impl<'t> Cursor<'t> {
    /// Starts at byte `at` of `text`, or at its end where `at` lies inside a character.
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at: if text.is_char_boundary(at) { at } else { text.len() } }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// What is still to come.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Steps over `expected` if it comes next.
    pub(super) fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Steps over characters as long as `test` holds.
    pub(super) fn eat_while(&mut self, test: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !test(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    /// Steps over an identifier.
    pub(super) fn eat_name(&mut self) -> Option<&'t str> {
        if self.rest().starts_with("r#") {
            let mut ahead = *self;
            ahead.at += 2;
            let name = ahead.eat_while(|c| is_name_char(c) || matches!(c, '.' | '+' | '-'));
            if !name.is_empty() {
                *self = ahead;
                return Some(name);
            }
        }
        self.peek().filter(|c| is_name_start(*c)).map(|_| self.eat_while(is_name_char))
    }

    /// Steps over blanks and comments; an unclosed comment ends the text.
    pub(super) fn skip_blank(&mut self) -> Result<(), UnclosedComment> {
        loop {
            self.eat_while(is_blank);
            if self.eat("//") {
                self.eat_while(|c| c != '\n');
            } else if self.rest().starts_with("/*") {
                self.skip_block_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    fn skip_block_comment(&mut self) -> Result<(), UnclosedComment> {
        let opened = self.at;
        let mut depth = 0_usize;
        loop {
            if self.eat("/*") {
                depth += 1;
            } else if self.eat("*/") {
                depth -= 1;
                if depth == 0 {
                    return Ok(());
                }
            } else if self.bump().is_none() {
                return Err(UnclosedComment(opened));
            }
        }
    }

    /// Where the string that starts here ends, its closing quotes included; raw strings as well.
    pub(super) fn string_end(&self) -> Option<usize> {
        let rest = self.rest();
        if let Some(raw) = rest.strip_prefix('r') {
            let fences = raw.len() - raw.trim_start_matches('#').len();
            let inner = raw[fences..].strip_prefix('"')?;
            let closing = format!("\"{}", "#".repeat(fences));
            return inner.find(&closing).map(|at| self.at + 2 + fences + at + closing.len());
        }
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return Some(self.at + at + 1),
                _ => {}
            }
        }
        None
    }

    /// True where a string starts, raw or not.
    pub(super) fn at_string(&self) -> bool {
        let rest = self.rest();
        rest.starts_with('"')
            || rest.strip_prefix('r').is_some_and(|raw| raw.trim_start_matches('#').starts_with('"'))
    }

    /// The end of the line that byte `at` lies in, without its line break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        at + line.trim_end_matches('\r').len()
    }
}

/// The blanks that RON knows.
pub(super) fn is_blank(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t'
            | '\n'
            | '\r'
            | '\u{b}'
            | '\u{c}'
            | '\u{85}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'
            | '\u{2029}'
    )
}

pub(super) fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

pub(super) fn is_name_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
