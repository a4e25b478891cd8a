//! RON text to a [`Node`] tree by recursive descent.
//!
//! ron's own parser stops at the first mistake and drops variant names and duplicate keys. This one knows
//! delimiters, commas and names, and leaves the inside of strings and numbers to ron. After a mistake it goes
//! on behind the next comma or before the next closing bracket.

use super::cursor::{Cursor, UnclosedComment, is_blank, is_name_char, is_name_start};
use super::diagnostics::{Diagnostic, Diagnostics, excerpt, suggest};
use super::shape;
use super::sources::{SourceId, Span};
use super::tree::{Entry, Node, Struct, Value};

/// How deep brackets may be nested; deeper text would need a deeper stack.
pub const DEPTH_LIMIT: usize = 128;
/// How many syntax errors are reported; a file with more is no scenario.
const ERROR_LIMIT: usize = 50;

/// The tree of `text`, or `None` once anything in it is wrong.
pub fn parse(source: SourceId, text: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    parse_from(source, text, 0, false, diagnostics)
}

/// The tree of what `text` holds from byte `start` on; in `bare` text words and quantities need no quotes.
pub(super) fn parse_from(
    source: SourceId,
    text: &str,
    start: usize,
    bare: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let (node, errors) = tree_and_errors(source, text, start, bare, diagnostics);
    if errors == 0 { node } else { None }
}

/// What could be read of `text`, whatever is wrong elsewhere in it: no more than enough to look for further files.
pub(super) fn parse_partly(source: SourceId, text: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    tree_and_errors(source, text, 0, false, diagnostics).0
}

/// What could be read, and how many errors there were.
fn tree_and_errors(
    source: SourceId,
    text: &str,
    start: usize,
    bare: bool,
    diagnostics: &mut Diagnostics,
) -> (Option<Node>, usize) {
    let cursor = Cursor::new(text, start);
    let mut parser = Parser {
        source,
        cursor,
        bare,
        open: Vec::new(),
        odd_pair: None,
        errors: 0,
        stopped: false,
        ignored: Diagnostics::new(),
        diagnostics,
    };
    let node = parser.document();
    (node, parser.errors)
}

/// A bracket that is not closed yet.
#[derive(Clone, Copy)]
struct Open {
    bracket: char,
    at: usize,
}

impl Open {
    fn closing(self) -> char {
        closing(self.bracket)
    }
}

pub(super) struct Parser<'t, 'd> {
    pub(super) source: SourceId,
    pub(super) cursor: Cursor<'t>,
    /// Command-line text.
    pub(super) bare: bool,
    open: Vec<Open>,
    /// The first pair of brackets whose lines are indented differently: where a bracket may be missing.
    odd_pair: Option<(usize, usize)>,
    errors: usize,
    /// Nothing more can be learnt from the text.
    stopped: bool,
    /// What the way out of the open brackets finds after that.
    ignored: Diagnostics,
    diagnostics: &'d mut Diagnostics,
}

impl<'t> Parser<'t, '_> {
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    pub(super) fn node(&self, value: Value, start: usize) -> Node {
        Node { value, span: self.span(start, self.cursor.at), bare: self.bare }
    }

    pub(super) fn error(
        &mut self,
        start: usize,
        end: usize,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        let span = Span::new(self.source, start, end);
        if self.stopped {
            return self.ignored.error(span, message, label);
        }
        self.errors += 1;
        if self.errors >= ERROR_LIMIT {
            self.stopped = true;
        }
        self.diagnostics.error(span, message, label)
    }

    fn document(&mut self) -> Option<Node> {
        self.cursor.eat("\u{feff}");
        self.skip_blank();
        while self.cursor.peek() == Some('#') && !self.stopped {
            self.attribute();
            self.skip_blank();
        }
        if self.stopped {
            return None;
        }
        let Some(node) = self.value("a value such as `Scenario(...)`") else {
            // Without a first bracket there is no structure to go on with.
            return None;
        };
        self.skip_blank();
        if !self.stopped && self.cursor.peek().is_some() {
            let at = self.cursor.at;
            let end = self.cursor.line_end(at).max(at + 1);
            let found = self.found();
            self.error(
                at,
                end,
                format!("found {found} behind the end of the text"),
                "nothing may follow the value that ends before",
            );
        }
        if self.errors >= ERROR_LIMIT {
            let end = self.span(self.cursor.at, self.cursor.at);
            self.diagnostics.error(end, "too many syntax errors", "the text from here on was not read");
        }
        Some(node)
    }

    /// `#![enable(implicit_some)]`: accepted, since the tree looks the same with every extension of RON.
    fn attribute(&mut self) {
        const KNOWN: [&str; 4] =
            ["implicit_some", "unwrap_newtypes", "unwrap_variant_newtypes", "explicit_struct_names"];
        let start = self.cursor.at;
        for part in ["#", "!", "[", "enable", "("] {
            self.skip_blank();
            if !self.cursor.eat(part) {
                return self.broken_attribute(start);
            }
        }
        let mut count = 0;
        loop {
            self.skip_blank();
            let at = self.cursor.at;
            let Some(name) = self.cursor.eat_name() else { break };
            count += 1;
            if !KNOWN.contains(&name) {
                let end = self.cursor.at;
                self.error(at, end, format!("RON has no extension `{}`", excerpt(name)), "unknown extension")
                    .did_you_mean(suggest(name, KNOWN.into_iter()));
            }
            self.skip_blank();
            if !self.cursor.eat(",") {
                break;
            }
        }
        for part in [")", "]"] {
            self.skip_blank();
            if count == 0 || !self.cursor.eat(part) {
                return self.broken_attribute(start);
            }
        }
    }

    fn broken_attribute(&mut self, start: usize) {
        let end = self.cursor.line_end(start);
        self.error(start, end, "a malformed attribute", "expected `#![enable(implicit_some)]` or the like");
        self.cursor.at = end;
    }

    /// One value; `wanted` says in messages what is expected here.
    pub(super) fn value(&mut self, wanted: &str) -> Option<Node> {
        self.skip_blank();
        let start = self.cursor.at;
        if self.cursor.at_string() {
            return self.string();
        }
        match self.cursor.peek() {
            Some('(') => self.structure(None, start),
            Some('[') => {
                let items = self.sequence(|parser| parser.value("a value"));
                Some(self.node(Value::List(items), start))
            }
            Some('{') => {
                let pairs = self.sequence(Self::pair);
                shape::check_keys(self, &pairs);
                Some(self.node(Value::Map(pairs), start))
            }
            Some('\'') => self.character(),
            Some(c) if c.is_ascii_digit() || matches!(c, '+' | '-' | '.') => self.number(),
            Some(c) if is_name_start(c) => self.word(),
            _ => {
                let end = start + self.cursor.peek().map_or(0, char::len_utf8);
                let found = self.found();
                let curly = matches!(self.cursor.peek(), Some('\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}'));
                let message = format!("found {found} where a value belongs");
                let error = self.error(start, end, message, format!("expected {wanted}"));
                if curly {
                    error.help("texts stand in straight quotes: `\"...\"`");
                }
                None
            }
        }
    }

    /// What starts with a letter: a name, `true`, `inf`, `Some(...)`, a struct, or a bare word.
    fn word(&mut self) -> Option<Node> {
        let start = self.cursor.at;
        if self.bare {
            let word = self.bare_word();
            if !word.chars().all(is_name_char) {
                return Some(self.node(Value::Str(word.to_owned()), start));
            }
            self.cursor.at = start;
        }
        let name = self.cursor.eat_name()?;
        match name {
            "true" => return Some(self.node(Value::Bool(true), start)),
            "false" => return Some(self.node(Value::Bool(false), start)),
            "inf" | "inff32" | "inff64" => return Some(self.node(Value::Number(f64::INFINITY), start)),
            "NaN" | "NaNf32" | "NaNf64" => return Some(self.node(Value::Number(f64::NAN), start)),
            "b" | "br" if self.cursor.rest().starts_with(['"', '\'', '#']) => return self.byte_string(start),
            _ => {}
        }
        let named = Some((name.to_owned(), self.span(start, self.cursor.at)));
        let behind = self.cursor;
        self.skip_blank();
        if self.cursor.peek() == Some('(') {
            return self.structure(named, start);
        }
        // The blanks belong to what follows.
        self.cursor = behind;
        if name == "Some" {
            let end = self.cursor.at;
            self.error(start, end, "`Some` holds exactly one value without a name", "expected `Some(value)`");
        }
        Some(self.node(Value::Struct(Struct { name: named, entries: Vec::new() }), start))
    }

    /// The brackets of a struct; `start` is where its name starts.
    fn structure(&mut self, name: Option<(String, Span)>, start: usize) -> Option<Node> {
        let errors = self.errors;
        let entries = self.sequence(Self::entry);
        let intact = errors == self.errors;
        if name.is_none() && entries.is_empty() {
            return Some(self.node(Value::Unit, start));
        }
        let inner = Struct { name, entries };
        if inner.name.as_ref().is_some_and(|(name, _)| name == "Some") {
            return self.optional(inner, start, intact);
        }
        if inner.name.as_ref().is_some_and(|(name, _)| name == "None") {
            let end = self.cursor.at;
            self.error(start, end, "`None` holds nothing", "expected `None` alone");
        }
        shape::check_names(self, &inner);
        if intact {
            shape::check_mixture(self, &inner);
        }
        Some(self.node(Value::Struct(inner), start))
    }

    /// `Some(x)` is x.
    fn optional(&mut self, inner: Struct, start: usize, intact: bool) -> Option<Node> {
        let mut entries = inner.entries;
        match entries.pop() {
            Some(Entry { name: None, value }) if entries.is_empty() => Some(value),
            _ => {
                if intact {
                    let end = self.cursor.at;
                    self.error(
                        start,
                        end,
                        "`Some` holds exactly one value without a name",
                        "expected `Some(value)`",
                    );
                }
                Some(self.node(Value::Unit, start))
            }
        }
    }

    fn entry(&mut self) -> Option<Entry> {
        let start = self.cursor.at;
        let name = self.field_name();
        let errors = self.errors;
        let value = self.value(if name.is_some() { "the field's value" } else { "a field or a value" })?;
        let behind = self.cursor;
        self.skip_blank();
        let text_alone = matches!(value.value, Value::Str(_)) && name.is_none();
        if text_alone && self.cursor.peek() == Some(':') {
            // A text that is wrong in itself has been reported.
            if errors == self.errors {
                let end = value.span.end;
                self.error(start, end, "a field's name stands in quotes", "names of fields have no quotes")
                    .help("names of your own belong in a map: `{ \"name\": value }`");
            }
            return None;
        }
        // The separator wants to know where the value ended.
        self.cursor = behind;
        Some(Entry { name, value })
    }

    /// Steps over `name:`; anything else is left where it is.
    fn field_name(&mut self) -> Option<(String, Span)> {
        let before = self.cursor;
        let name = self.cursor.eat_name()?;
        let span = self.span(before.at, self.cursor.at);
        self.skip_blank();
        match self.cursor.peek() {
            Some(':') => {}
            Some('=') => self.equals_sign("a field and its value"),
            _ => {
                self.cursor = before;
                return None;
            }
        }
        self.cursor.bump();
        Some((name.to_owned(), span))
    }

    fn pair(&mut self) -> Option<(Node, Node)> {
        let key = self.value("a key in quotes")?;
        self.skip_blank();
        match self.cursor.peek() {
            Some(':') => {}
            Some('=') => self.equals_sign("a key and its value"),
            _ => {
                let found = self.found();
                let at = self.cursor.at;
                let end = at + self.cursor.peek().map_or(0, char::len_utf8);
                self.error(
                    at,
                    end,
                    format!("found {found} behind a key"),
                    "expected `:` and the key's value",
                )
                .also(key.span, "this key");
                return None;
            }
        }
        self.cursor.bump();
        let value = self.value("the key's value")?;
        Some((key, value))
    }

    fn equals_sign(&mut self, between: &str) {
        let at = self.cursor.at;
        self.error(at, at + 1, format!("found `=` between {between}"), "expected `:`");
    }

    /// Everything between two brackets, read by `item` and separated by commas.
    fn sequence<T>(&mut self, item: impl Fn(&mut Self) -> Option<T>) -> Vec<T> {
        let mut items = Vec::new();
        let at = self.cursor.at;
        let Some(bracket) = self.cursor.bump() else { return items };
        let open = Open { bracket, at };
        if self.open.len() >= DEPTH_LIMIT {
            self.error(
                at,
                at + 1,
                format!("more than {DEPTH_LIMIT} brackets inside each other"),
                "this one is too deep",
            );
            self.stopped = true;
            return items;
        }
        self.open.push(open);
        loop {
            self.skip_blank();
            if self.stopped || self.sequence_ends(open) {
                break;
            }
            let before = self.cursor.at;
            match item(self) {
                Some(value) => {
                    items.push(value);
                    self.separator(open);
                }
                None => self.recover(),
            }
            if self.cursor.at == before {
                self.cursor.bump();
            }
        }
        self.open.pop();
        items
    }

    /// True at the end of a sequence, with its closing bracket behind; also where that is missing.
    fn sequence_ends(&mut self, open: Open) -> bool {
        let at = self.cursor.at;
        match self.cursor.peek() {
            None => {
                self.never_closed(open);
                self.stopped = true;
                true
            }
            Some(found @ (')' | ']' | '}')) => {
                if found == open.closing() {
                    self.cursor.bump();
                    self.note_indentation(open.at, at);
                } else if let Some(outer) = self.open.iter().rev().find(|o| o.closing() == found).copied() {
                    let (opened, closed) = (self.span(outer.at, outer.at + 1), self.span(at, at + 1));
                    self.error(
                        open.at,
                        open.at + 1,
                        format!("this `{}` is never closed", open.bracket),
                        format!("expected a `{}` for it", open.closing()),
                    )
                    .also(closed, format!("before this `{found}`"))
                    .also(opened, "which belongs to this one");
                } else {
                    let opened = self.span(open.at, open.at + 1);
                    self.error(
                        at,
                        at + 1,
                        format!("found `{found}` where `{}` belongs", open.closing()),
                        format!("expected `{}`", open.closing()),
                    )
                    .also(opened, "to close this one");
                    self.cursor.bump();
                }
                true
            }
            Some(_) => false,
        }
    }

    fn never_closed(&mut self, open: Open) {
        let odd = self.odd_pair.map(|(start, end)| (self.span(start, start + 1), self.span(end, end + 1)));
        let error = self.error(
            open.at,
            open.at + 1,
            format!("this `{}` is never closed", open.bracket),
            format!("expected a `{}` for it before the end of the text", open.closing()),
        );
        if let Some((start, end)) = odd {
            error
                .also(start, "perhaps this one lacks its closing bracket")
                .also(end, "since this one is indented differently");
        }
    }

    /// Remembers the first pair of brackets that starts lines with different indentation.
    fn note_indentation(&mut self, start: usize, end: usize) {
        if self.odd_pair.is_some() {
            return;
        }
        let text = self.cursor.text();
        // A line indented by more than 200 columns tells nothing, and one-line files stay linear.
        let indentation = |at: usize| {
            let from = super::sources::floor_boundary(text, at.saturating_sub(200));
            let line = &text[from + text[from..at].rfind('\n')? + 1..];
            let width = line.len() - line.trim_start_matches([' ', '\t']).len();
            Some((width, at - (text.len() - line.len())))
        };
        let (Some((opened, _)), Some((closed, column))) = (indentation(start), indentation(end)) else {
            return;
        };
        if opened != closed && closed == column && text[start..end].contains('\n') {
            self.odd_pair = Some((start, end));
        }
    }

    /// The comma behind an entry, or the end of the sequence.
    fn separator(&mut self, open: Open) {
        let end = self.cursor.at;
        self.skip_blank();
        let at = self.cursor.at;
        match self.cursor.peek() {
            Some(',') => {
                self.cursor.bump();
            }
            None | Some(')' | ']' | '}') => {}
            Some(c) if is_name_char(c) || matches!(c, '"' | '\'' | '(' | '[' | '{' | '-' | '+' | '.') => {
                let before = last_line(&self.cursor.text()[..end]);
                self.error(end, end, "a comma is missing between two entries", "expected `,` here")
                    .help(format!("write `{before},`"));
            }
            Some(c) => {
                let found = self.found();
                let expected = format!("expected `,` or `{}`", open.closing());
                self.error(at, at + c.len_utf8(), format!("found {found} behind an entry"), expected);
                self.recover();
            }
        }
    }

    /// Goes on behind the next comma of this level, or before its closing bracket.
    fn recover(&mut self) {
        let mut depth = 0_usize;
        loop {
            self.skip_blank();
            if self.cursor.at_string() {
                self.cursor.at =
                    self.cursor.string_end().unwrap_or_else(|| self.cursor.line_end(self.cursor.at));
                continue;
            }
            match self.cursor.peek() {
                None => return,
                Some(',') if depth == 0 => {
                    self.cursor.bump();
                    return;
                }
                Some(')' | ']' | '}') if depth == 0 => return,
                Some('(' | '[' | '{') => depth += 1,
                Some(')' | ']' | '}') => depth -= 1,
                Some(_) => {}
            }
            self.cursor.bump();
        }
    }

    pub(super) fn skip_blank(&mut self) {
        if let Err(UnclosedComment(at)) = self.cursor.skip_blank() {
            self.error(at, at + 2, "this comment is never closed", "expected a `*/` for it");
            self.stopped = true;
        }
    }

    /// What comes next, for messages.
    fn found(&self) -> String {
        match self.cursor.peek() {
            None => "the end of the text".to_owned(),
            Some(c) if c.is_control() || c.is_whitespace() || !c.is_ascii() => {
                format!("the character {} (U+{:04X})", c.escape_debug(), u32::from(c))
            }
            Some(c) if is_name_start(c) || c.is_ascii_digit() => {
                let mut ahead = self.cursor;
                format!(
                    "`{}`",
                    excerpt(ahead.eat_while(|c| !is_blank(c) && !matches!(c, ',' | ')' | ']' | '}')))
                )
            }
            Some(c) => format!("`{c}`"),
        }
    }
}

/// The bracket that closes `bracket`.
const fn closing(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// The last line of `text` without its indentation, cut to its last 40 characters.
fn last_line(text: &str) -> String {
    let line = text.rsplit('\n').next().unwrap_or("").trim_start();
    match line.char_indices().rev().nth(39) {
        Some((0, _)) | None => line.to_owned(),
        Some((at, _)) => format!("...{}", &line[at..]),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::Sources;

    const SAMPLE: &str = r##"#![enable(implicit_some)]
// A scenario.
Scenario(
    title: "ME-CENTRAL-1 loses \"a\" zone \u{e9}", /* nested /* comment */ */
    raw: r#"a "b" \n"#,
    letter: 'x',
    zone_kinds: {
        "hyperscale": (
            parts: {
                "utility": (failures: { "grid loss": (every: Exp("2y"), repair: LogNormal(median: "1h30m", p90: "8h")) }),
                "generators": (count: 4, enough: 0x3, clock: While(Down("utility")), fails: "0.94%", at: (24.4, -54.4e0)),
            },
            needs: [(on: Any(["utility", "generators",]), refills_in: Some("4h"))],
        ),
    },
    hormuz: (),
    count: 2_000_000,
    works: true,
    route: Nearest,
    other: None,
    mix: Mix([(0.5, Never), (0.5, Fixed("1h"))]),
)
"##;

    fn read(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
        let mut sources = Sources::new();
        let mut found = Diagnostics::new();
        let node = parse(sources.add("test", text), text, &mut found);
        (node, found.into_vec())
    }

    fn field<'n>(node: &'n Node, name: &str) -> &'n Value {
        let entries = &node.as_struct().unwrap().entries;
        let matches = |entry: &&Entry| entry.name.as_ref().is_some_and(|(field, _)| field == name);
        &entries.iter().find(matches).unwrap().value.value
    }

    fn messages(text: &str) -> Vec<String> {
        let (node, found) = read(text);
        assert_eq!(node.is_none(), !found.is_empty(), "{text}");
        found.into_iter().map(|d| d.message).collect()
    }

    #[test]
    fn everything_that_was_written_is_in_the_tree() {
        let (node, found) = read(SAMPLE);
        assert_eq!(found, []);
        let node = node.unwrap();
        assert_eq!(node.variant().unwrap().0, "Scenario");
        assert_eq!(*field(&node, "title"), Value::Str("ME-CENTRAL-1 loses \"a\" zone é".to_owned()));
        assert_eq!(*field(&node, "raw"), Value::Str("a \"b\" \\n".to_owned()));
        assert_eq!(*field(&node, "letter"), Value::Str("x".to_owned()));
        assert_eq!(*field(&node, "count"), Value::Number(2e6));
        assert_eq!(*field(&node, "hormuz"), Value::Unit);
        let Value::Map(kinds) = field(&node, "zone_kinds") else { panic!("no map") };
        let Value::List(needs) = field(&kinds[0].1, "needs") else { panic!("no list") };
        assert_eq!(*field(&needs[0], "refills_in"), Value::Str("4h".to_owned()));
        let Value::Struct(mix) = field(&node, "mix") else { panic!("no struct") };
        let span = mix.entries[0].value.span;
        assert_eq!(&SAMPLE[span.start..span.end], "[(0.5, Never), (0.5, Fixed(\"1h\"))]");
        assert_eq!(node.depth(), 8);
    }

    #[test]
    fn ron_accepts_the_sample_as_well() {
        let _: ron::Value = ron::from_str(SAMPLE).unwrap();
    }

    #[test]
    fn several_mistakes_are_found_at_once() {
        let text = "(\n  a: 4h,\n  b = 2,\n  c: [1 2],\n  d: { \"x\" 3, \"y\": 1, \"y\": 2 },\n  e: 'abc',\n  \"f\": 1,\n  g: @,\n  a: 1,\n)";
        assert_eq!(
            messages(text),
            [
                "`4h` stands without quotes",
                "found `=` between a field and its value",
                "a comma is missing between two entries",
                "found `3` behind a key",
                "the key \"y\" stands twice in this map",
                "text stands in single quotes",
                "a field's name stands in quotes",
                "found `@` where a value belongs",
                "the field `a` stands twice",
            ]
        );
    }

    #[test]
    fn brackets_that_do_not_match() {
        assert_eq!(messages("(a: [1, 2)"), ["this `[` is never closed"]);
        assert_eq!(messages("(a: [1, 2}, b: 3)"), ["found `}` where `]` belongs"]);
        assert_eq!(messages("(a: [1, 2],"), ["this `(` is never closed"]);
        assert_eq!(messages("(a: 1))"), ["found `)` behind the end of the text"]);
        assert_eq!(messages(""), ["found the end of the text where a value belongs"]);
        assert_eq!(messages("(a: 1 /* b"), ["this comment is never closed"]);
    }

    #[test]
    fn the_bracket_that_is_missing_is_where_the_indentation_breaks() {
        let text = "(\n  a: {\n    \"x\": (\n      b: 1,\n    \"y\": (),\n  },\n  c: 1,\n)\n";
        assert_eq!(messages(text), ["this `(` is never closed", "a field's name stands in quotes"]);
        let text = "(\n  a: (\n    b: (\n      c: 1,\n  ),\n  d: 1,\n)\n";
        let (_, found) = read(text);
        assert_eq!(found[0].message, "this `(` is never closed");
        assert_eq!(found[0].secondary[0].0.start, text.find("b: (").unwrap() + 3);
    }

    #[test]
    fn an_unclosed_text_does_not_swallow_the_file() {
        assert_eq!(messages("(\n a: \"abc,\n b: \"x\",\n c: \"y\",\n)"), ["this text is never closed"]);
        assert_eq!(messages("(\n a: f(\"abc),\n b: 3,\n)"), ["this text is never closed"]);
    }

    #[test]
    fn quantities_without_quotes() {
        for text in ["4h", "99.9%", "4 h", "14/h", "12k/s", "2026-03-01"] {
            let (_, found) = read(&format!("(a: {text}, b: 1)"));
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].help, Some(format!("write `\"{text}\"`")));
        }
    }

    #[test]
    fn positional_beside_named_shows_both_forms() {
        let (_, found) = read("(every: Exp(\"2y\", source: \"x\"))");
        assert_eq!(found[0].message, "a variant takes positional or named values, never both");
        assert_eq!(
            found[0].help.as_deref(),
            Some("write `Exp(mean: \"2y\", source: \"x\")` or `Exp(\"2y\", \"x\")`")
        );
    }

    #[test]
    fn deep_nesting_is_an_error() {
        for (open, close) in [("(", ")"), ("[", "]"), ("{1:", "}"), ("Some(", ")"), ("(a:", ")")] {
            let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
            assert_eq!(read(&nested(DEPTH_LIMIT)).1, [], "{open}");
            assert_eq!(
                messages(&nested(DEPTH_LIMIT + 1)),
                ["more than 128 brackets inside each other"],
                "{open}"
            );
            assert_eq!(messages(&open.repeat(100_000)).len(), 1);
        }
    }

    #[test]
    fn reports_end_at_some_point() {
        assert_eq!(messages(&format!("[{}]", "@,".repeat(10_000))).len(), ERROR_LIMIT + 1);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[\\[\\](){}:,=\"'#rba1.%/*\\\\ \n-]{0,60}") {
            let (node, found) = read(&text);
            prop_assert_eq!(node.is_none(), !found.is_empty());
            for place in found.iter().flat_map(|d| std::iter::once(d.span).chain(d.secondary.iter().map(|s| s.0))) {
                prop_assert!(place.start <= place.end && text.get(place.start..place.end).is_some());
            }
        }

        #[test]
        fn no_broken_sample_panics(at in 0..SAMPLE.len(), length in 0..30_usize, put in "[\\[\\](){}:,\"'#r1h/*\\\\é]{0,3}") {
            let end = (at + length).min(SAMPLE.len());
            prop_assume!(SAMPLE.is_char_boundary(at) && SAMPLE.is_char_boundary(end));
            let text = format!("{}{put}{}", &SAMPLE[..at], &SAMPLE[end..]);
            let (node, found) = read(&text);
            prop_assert_eq!(node.is_none(), !found.is_empty());
            // What this parser accepts is RON.
            if node.is_some() {
                prop_assert!(ron::from_str::<ron::Value>(&text).is_ok(), "{}", text);
            }
        }
    }
}
