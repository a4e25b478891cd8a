//! Edits of a tree as they are written: `--set services.'opus 4.6'.capacity=12k/s`.

use super::decode::{Spanned, string};
use super::diagnostics::Diagnostics;
use super::parse::parse_from;
use super::sources::{SourceId, Sources, Span};
use super::tree::{Node, Value};

pub use super::apply::apply;

/// Places in the tree and what happens there.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The names from the root to the places.
    pub path: Vec<Step>,
    /// What happens there.
    pub change: Change,
    /// Where the edit is written.
    pub span: Span,
}

/// What happens at the end of an edit's path.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// What is there is replaced by this value; a struct may get a new field.
    Set(Node),
    /// A map gets a new entry, a struct a new field, a list a new last entry.
    Add(Node),
    /// What is there goes away.
    Remove,
}

impl Change {
    /// The value that it brings along.
    pub(super) const fn value(&self) -> Option<&Node> {
        match self {
            Self::Set(value) | Self::Add(value) => Some(value),
            Self::Remove => None,
        }
    }
}

/// One name of a path; a number counts the entries of a list from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The name, or a wildcard such as `az*`.
    pub name: Spanned<String>,
    /// True for a name in quotes, which stands for itself.
    pub quoted: bool,
}

/// Reads `path=value` as a command line gives it; the text joins `sources` under the name "--set".
///
/// The value is RON in which words and quantities may stand without quotes. What is not RON and does not open
/// a bracket or a quote is a text: `--set title=Two zones lost`.
pub fn parse_edit(text: &str, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Edit> {
    let source = sources.add("--set", text);
    let Some(equals) = equals_sign(text) else {
        diagnostics
            .error(Span::new(source, 0, text.len()), "this edit has no `=`", "expected `path=value`")
            .help("as in `services.opus.capacity=12k/s`");
        return None;
    };
    let place = |at: usize| Span::new(source, at, at + 1);
    let path = split_path(&text[..equals], place, diagnostics);
    let value = read_value(text, equals + 1, source, diagnostics);
    let span = Span::new(source, 0, text.len());
    path.zip(value).map(|(path, value)| Edit { path, change: Change::Set(value), span })
}

/// Reads a path that stands in a scenario, as in `Set("services.opus.capacity", ...)`.
pub fn path_of(node: &Node, diagnostics: &mut Diagnostics) -> Option<Vec<Step>> {
    let text = string(node, diagnostics)?;
    let span = node.span;
    // With escapes or as a raw string, the places in the text are not those in the source.
    let literal = span.end - span.start == text.len() + 2;
    let place = |at: usize| {
        if literal { Span::new(span.source, span.start + 1 + at, span.start + 2 + at) } else { span }
    };
    split_path(&text, place, diagnostics)
}

/// The first `=` outside quotes.
pub(super) fn equals_sign(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, c)| {
        quoted ^= c == '\'';
        (c == '=' && !quoted).then_some(at)
    })
}

/// Splits a path at its dots; `place` gives the source's place of a byte of `text`.
pub(super) fn split_path(
    text: &str,
    place: impl Fn(usize) -> Span,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Step>> {
    let extent = |start: usize, end: usize| Span {
        end: if end > start { place(end - 1).end } else { place(start).start },
        ..place(start)
    };
    let mut path = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let (name, length) = match rest.strip_prefix('\'') {
            Some(inner) => match inner.find('\'') {
                Some(closing) => (&inner[..closing], closing + 2),
                None => {
                    let message = "a quoted name in this path is never closed";
                    diagnostics.error(extent(at, text.len()), message, "expected a closing `'`");
                    return None;
                }
            },
            None => {
                let length = rest.find('.').unwrap_or(rest.len());
                (rest[..length].trim(), length)
            }
        };
        let end = at + length;
        if name.is_empty() {
            diagnostics.error(extent(at, end), "a name in this path is empty", "expected a name").help(
                "a path reads `services.opus.capacity`; names with dots stand in single quotes: `'opus 4.6'`",
            );
            return None;
        }
        let name = Spanned { value: name.to_owned(), span: extent(at, end) };
        path.push(Step { name, quoted: rest.starts_with('\'') });
        if end == text.len() {
            return Some(path);
        }
        if !text[end..].starts_with('.') {
            diagnostics.error(
                extent(end, text.len()),
                "text behind a quoted name",
                "expected `.` or the end of the path",
            );
            return None;
        }
        at = end + 1;
    }
}

/// The value of an edit, from byte `start` of `text` on.
pub(super) fn read_value(
    text: &str,
    start: usize,
    source: SourceId,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let written = text[start..].trim();
    let start = start + (text[start..].len() - text[start..].trim_start().len());
    let span = Span::new(source, start, start + written.len());
    if written.is_empty() {
        diagnostics
            .error(span, "this edit has no value", "expected a value")
            .help("an empty text is written `\"\"`");
        return None;
    }
    let opens = written.starts_with(['(', '[', '{', '"', '\'']);
    let plain = Node { value: Value::Str(written.to_owned()), span, bare: true };
    if !opens && (written.contains("//") || written.contains("/*")) {
        // In RON the rest would be a comment: `source=https://example.org`.
        return Some(plain);
    }
    let mut found = Diagnostics::new();
    let node = parse_from(source, text, start, true, &mut found);
    let is_call = written.ends_with(')') && written.find('(').is_some_and(|at| is_name(&written[..at]));
    if node.is_none() && !opens && !is_call {
        return Some(plain);
    }
    diagnostics.append(found);
    node
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::apply::{child, find_field};
    use crate::scenario::decode::{list_of, span, text_of};
    use crate::scenario::parse::parse;

    const TEXT: &str = r#"(
    title: "t",
    services: {
        "opus 4.6": (capacity: "9k/s", in: ["a", "b"]),
        "haiku": (),
    },
    law: Exp("2y"),
    list: [1, (x: 1)],
)"#;

    /// What `field` reads after the edit, as written in Rust, or the errors.
    fn edited(edit: &str) -> Result<Node, Vec<(String, Option<String>)>> {
        let mut sources = Sources::new();
        let mut found = Diagnostics::new();
        let mut tree = parse(sources.add("a.ron", TEXT), TEXT, &mut found).unwrap();
        if let Some(edit) = parse_edit(edit, &mut sources, &mut found) {
            apply(&mut tree, &edit, &mut found);
        }
        if found.is_empty() {
            return Ok(tree);
        }
        Err(found.into_vec().into_iter().map(|d| (d.message, d.help)).collect())
    }

    fn error(edit: &str) -> (String, Option<String>) {
        edited(edit).unwrap_err().swap_remove(0)
    }

    fn value(text: &str) -> Value {
        let mut found = Diagnostics::new();
        let edit = parse_edit(&format!("a={text}"), &mut Sources::new(), &mut found);
        assert!(found.is_empty(), "{text}: {found:?}");
        let Change::Set(node) = edit.unwrap().change else { panic!("{text}") };
        assert!(node.bare);
        node.value
    }

    fn at<'n>(mut node: &'n Node, path: &[&str]) -> &'n Node {
        for name in path {
            let mut copy = node.clone();
            let segment = Spanned { value: (*name).to_owned(), span: node.span };
            assert!(child(&mut copy, &segment, &mut Diagnostics::new()).is_some(), "{name}");
            node = match &node.value {
                Value::Map(pairs) => &pairs.iter().find(|(key, _)| text_of(key) == Some(name)).unwrap().1,
                Value::Struct(inner) => match find_field(inner, name) {
                    Some(index) => &inner.entries[index].value,
                    None => &inner.entries[name.parse::<usize>().unwrap()].value,
                },
                Value::List(items) => &items[name.parse::<usize>().unwrap()],
                _ => panic!("{name}"),
            };
        }
        node
    }

    #[test]
    fn words_and_quantities_lose_their_quotes() {
        for text in [
            "10m",
            "99%",
            "12k/s",
            "eu-west-1",
            "a/b/c",
            "https://a.b//c",
            "*/az*/x",
            "Two zones lost",
            "2026-03-01T06:00:00Z",
            "4 h",
        ] {
            assert_eq!(value(text), Value::Str(text.to_owned()), "{text}");
        }
        assert_eq!(value("\"10m\""), Value::Str("10m".to_owned()));
        assert_eq!(value("3"), Value::Number(3.0));
        assert_eq!(value(" true "), Value::Bool(true));
        assert!(matches!(value("Nearest"), Value::Struct(inner) if inner.entries.is_empty()));
        let Value::Struct(law) = value("LogNormal(median: 10m, p90: \"2h\")") else { panic!("no struct") };
        assert_eq!(law.entries[0].value.value, Value::Str("10m".to_owned()));
        let Value::Map(pairs) = value("{ a: 1 }") else { panic!("no map") };
        assert_eq!(text_of(&pairs[0].0), Some("a"));
        let Value::List(items) = value("[eu-west-1, us]") else { panic!("no list") };
        let node = Node { value: Value::List(items), span: Span::new(SourceId(0), 0, 0), bare: true };
        assert_eq!(list_of(&node, &mut Diagnostics::new(), string).unwrap(), ["eu-west-1", "us"]);
    }

    #[test]
    fn places_are_found_by_field_key_and_number() {
        for (edit, path, wanted) in [
            ("title=3", &["title"][..], Value::Number(3.0)),
            (
                "services.'opus 4.6'.capacity=12k/s",
                &["services", "opus 4.6", "capacity"],
                Value::Str("12k/s".into()),
            ),
            ("services.haiku.capacity=12k/s", &["services", "haiku", "capacity"], Value::Str("12k/s".into())),
            ("services.'opus 4.6'.in.1=c-d", &["services", "opus 4.6", "in", "1"], Value::Str("c-d".into())),
            ("law.0=3y", &["law", "0"], Value::Str("3y".into())),
            ("list.1.new=2", &["list", "1", "new"], Value::Number(2.0)),
            ("horizon = 14d", &["horizon"], Value::Str("14d".into())),
            ("title='='", &["title"], Value::Str("=".into())),
        ] {
            assert_eq!(at(&edited(edit).unwrap(), path).value, wanted, "{edit}");
        }
    }

    #[test]
    fn mistakes_in_edits() {
        for (edit, message, help) in [
            ("title", "this edit has no `=`", Some("as in `services.opus.capacity=12k/s`")),
            ("title=", "this edit has no value", Some("an empty text is written `\"\"`")),
            ("services.haku.capacity=1", "there is no entry `haku`", Some("did you mean `haiku`?")),
            ("servces.haiku=1", "there is no field `servces`", Some("did you mean `services`?")),
            ("services.sonnet=()", "there is no entry `sonnet`", None),
            ("list.7=1", "the list has no element `7`", None),
            ("list.x=1", "the list has no element `x`", None),
            ("title.x=1", "the text \"t\" holds nothing named `x`", None),
            ("law.mean=1", "there is no field `mean`", None),
            ("services.'opus=1", "this edit has no `=`", Some("as in `services.opus.capacity=12k/s`")),
            ("services.'a'b=1", "text behind a quoted name", None),
            ("title=[1, 2", "this `[` is never closed", None),
            ("title=Exp(,)", "found `,` where a value belongs", None),
        ] {
            assert_eq!(error(edit), (message.to_owned(), help.map(str::to_owned)), "{edit}");
        }
        assert_eq!(error("a..b=1").0, "a name in this path is empty");
        let deep = format!("title={}{}", "[".repeat(128), "]".repeat(128));
        assert_eq!(error(&deep).0, "more than 128 brackets inside each other");
    }

    #[test]
    fn type_errors_point_into_the_edit() {
        let tree = edited("services.haiku.switch=4 hours").unwrap();
        let node = at(&tree, &["services", "haiku", "switch"]);
        let mut found = Diagnostics::new();
        assert_eq!(span(node, &mut found), None);
        assert_eq!(found.into_vec()[0].span, Span::new(SourceId(1), 22, 29));
    }

    #[test]
    fn paths_in_scenarios_have_places() {
        let text = r#"["services.'opus 4.6'.capacity", "a\\.b"]"#;
        let mut found = Diagnostics::new();
        let node = parse(SourceId(0), text, &mut found).unwrap();
        let paths = list_of(&node, &mut found, path_of).unwrap();
        let places: Vec<_> =
            paths[0].iter().map(|step| &text[step.name.span.start..step.name.span.end]).collect();
        assert_eq!(places, ["services", "'opus 4.6'", "capacity"]);
        assert_eq!(paths[1][1].name.span, Span::new(SourceId(0), 33, 40));
    }

    proptest! {
        #[test]
        fn no_edit_panics(edit in "\\PC*|(title|services|law|list|'haiku'|[0-2.=' \"(){},/é]){0,12}") {
            let _ = edited(&edit);
        }
    }
}
