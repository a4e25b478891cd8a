//! Strings, characters, numbers and bare words: their extent is found here, ron decodes them.

use super::diagnostics::excerpt;
use super::parse::Parser;
use super::tree::{Node, Value};

impl<'t> Parser<'t, '_> {
    /// A string in double quotes, raw or not.
    pub(super) fn string(&mut self) -> Option<Node> {
        let start = self.cursor.at;
        let Some(end) = self.cursor.string_end().filter(|end| !self.swallows_lines(start, *end)) else {
            let end = self.text_before_punctuation(start);
            self.error(start, end, "this text is never closed", "expected a closing `\"` for it");
            self.cursor.at = end;
            return Some(self.node(Value::Str(String::new()), start));
        };
        let slice = &self.cursor.text()[start..end];
        self.cursor.at = end;
        let text = match ron::from_str::<String>(slice) {
            Ok(text) => text,
            Err(error) => {
                self.error(start, end, format!("this text cannot be read: {}", error.code), "expected a string")
                    .help("a backslash is written `\\\\`, a quote `\\\"`; raw strings `r\"...\"` take both as they are");
                String::new()
            }
        };
        Some(self.node(Value::Str(text), start))
    }

    /// True where a string runs over several lines and right into a word: its closing quote is then the
    /// opening one of the next string.
    fn swallows_lines(&self, start: usize, end: usize) -> bool {
        let text = self.cursor.text();
        text[start..end].contains('\n') && text[end..].starts_with(|c: char| c.is_alphanumeric())
    }

    /// The end of the line that starts at `start`, before the brackets and the comma that end it.
    fn text_before_punctuation(&self, start: usize) -> usize {
        let line = &self.cursor.text()[start..self.cursor.line_end(start)];
        start + line.trim_end_matches([',', ')', ']', '}', ' ', '\t']).len().max(1)
    }

    /// A character in single quotes; more than one is a string in the wrong quotes.
    pub(super) fn character(&mut self) -> Option<Node> {
        let start = self.cursor.at;
        let rest = self.cursor.rest();
        let line = &rest[1..self.cursor.line_end(start) - start];
        let mut escaped = false;
        let closing = line.char_indices().find(|(at, c)| {
            let closes = *c == '\'' && !escaped && (*at > 0 || !line[1..].starts_with('\''));
            escaped = *c == '\\' && !escaped;
            closes
        });
        let length = closing.map_or(1, |(at, _)| at + 2);
        let end = start + length;
        let slice = &self.cursor.text()[start..end];
        self.cursor.at = end;
        let value = match ron::from_str::<char>(slice) {
            Ok(character) => character.to_string(),
            Err(_) => {
                let inner = excerpt(slice.trim_matches('\''));
                self.error(start, end, "text stands in single quotes", "expected double quotes")
                    .help(format!("write `\"{inner}\"`"));
                closing?;
                String::new()
            }
        };
        Some(self.node(Value::Str(value), start))
    }

    pub(super) fn byte_string(&mut self, start: usize) -> Option<Node> {
        let end = self.cursor.at;
        self.error(start, end, "a byte string", "expected text: leave out the `b`");
        None
    }

    /// A number, or what was meant as a quantity.
    pub(super) fn number(&mut self) -> Option<Node> {
        let start = self.cursor.at;
        if self.cursor.rest().starts_with(['+', '-']) {
            self.cursor.bump();
        }
        self.bare_word();
        let slice = &self.cursor.text()[start..self.cursor.at];
        let unit = self.unit_behind_blank();
        if let (Some(number), true) = (read_number(slice), unit.is_empty()) {
            return Some(self.node(Value::Number(number), start));
        }
        self.cursor.at += unit.len();
        let slice = &self.cursor.text()[start..self.cursor.at];
        if self.bare {
            return Some(self.node(Value::Str(slice.to_owned()), start));
        }
        let end = self.cursor.at;
        let has_unit = slice.contains(|c: char| c.is_alphabetic() || matches!(c, '%' | '/' | '-'));
        if has_unit && slice.starts_with(|c: char| c.is_ascii_digit()) {
            self.error(
                start,
                end,
                format!("`{}` stands without quotes", excerpt(slice)),
                "expected a number, or a quantity in quotes",
            )
            .help(format!("write `\"{}\"`", excerpt(slice)));
        } else {
            self.error(
                start,
                end,
                format!("`{}` is not a number", excerpt(slice)),
                "expected a number such as 12, 2_000_000 or 0.5",
            );
        }
        Some(self.node(Value::Number(0.0), start))
    }

    /// The unit in `4 h`, with the blanks before it; empty where there is none.
    fn unit_behind_blank(&self) -> &'t str {
        let rest = self.cursor.rest();
        let mut ahead = self.cursor;
        ahead.eat_while(|c| c == ' ');
        let from = ahead.at;
        ahead.eat_while(|c| c.is_alphanumeric() || matches!(c, '%' | '/'));
        let unit = &self.cursor.text()[from..ahead.at];
        // `1 a: 2` lacks a comma, not quotes.
        let names_a_field = ahead.rest().trim_start_matches(' ').starts_with([':', '(', '"']);
        let is_unit = unit.starts_with(|c: char| c.is_alphabetic() || c == '%')
            && !unit.contains("//")
            && !names_a_field;
        if is_unit { &rest[..ahead.at - self.cursor.at] } else { "" }
    }

    /// Steps over everything that a word or quantity without quotes may hold, up to a comment.
    pub(super) fn bare_word(&mut self) -> &'t str {
        let start = self.cursor.at;
        loop {
            self.cursor.eat_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '%'));
            let rest = self.cursor.rest();
            let joins =
                rest.starts_with(['-', '+', '/']) && !rest.starts_with("//") && !rest.starts_with("/*");
            if !joins || !rest[1..].starts_with(|c: char| c.is_alphanumeric()) {
                return &self.cursor.text()[start..self.cursor.at];
            }
            self.cursor.bump();
        }
    }
}

/// A number in any form that RON has: decimal, hexadecimal, with underscores, with a type's name behind.
fn read_number(slice: &str) -> Option<f64> {
    ron::from_str::<f64>(slice).ok().or_else(|| match ron::from_str::<ron::Value>(slice) {
        Ok(ron::Value::Number(number)) => Some(number.into_f64()),
        _ => None,
    })
}
