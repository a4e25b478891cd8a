//! The tree of a RON text: everything that was written, with its place.

use super::sources::Span;

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What was written.
    pub value: Value,
    /// Where; for a named struct from its name to its closing bracket.
    pub span: Span,
    /// True on a command line, where words and quantities may stand without quotes.
    pub bare: bool,
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string or a character.
    Str(String),
    /// A number; infinity and NaN as well.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
    /// `()`, also the empty form of a struct.
    Unit,
    /// `[a, b]`.
    List(Vec<Node>),
    /// `{ key: value }`.
    Map(Vec<(Node, Node)>),
    /// `Name`, `Name(...)` or `(...)`.
    Struct(Struct),
}

/// `Name`, `Name(...)` or `(...)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Struct {
    /// The name, with its own place.
    pub name: Option<(String, Span)>,
    /// What stands between the brackets, in order.
    pub entries: Vec<Entry>,
}

/// One entry of a struct.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The field's name; a positional entry has none.
    pub name: Option<(String, Span)>,
    /// The field's value.
    pub value: Node,
}

impl Node {
    /// The struct, where this is one; `()` is not.
    #[must_use]
    pub fn as_struct(&self) -> Option<&Struct> {
        if let Value::Struct(inner) = &self.value { Some(inner) } else { None }
    }

    /// The name of a struct or variant, with its place.
    #[must_use]
    pub fn variant(&self) -> Option<(&str, Span)> {
        self.as_struct()?.name.as_ref().map(|(name, span)| (name.as_str(), *span))
    }

    /// The name, where this is a name alone such as `Nearest`.
    #[must_use]
    pub fn lone_name(&self) -> Option<&str> {
        let inner = self.as_struct()?;
        if inner.entries.is_empty() { inner.name.as_ref().map(|(name, _)| name.as_str()) } else { None }
    }

    /// The name, where this is a text without quotes on a command line: `--set ...=utility`.
    #[must_use]
    pub fn bare_name(&self) -> Option<&str> {
        if self.bare { self.lone_name() } else { None }
    }

    /// What this is, for messages: "a list", "the text `x`", "`Exp(...)`".
    #[must_use]
    pub fn describe(&self) -> String {
        use super::diagnostics::{excerpt, quoted};
        match &self.value {
            Value::Str(text) => format!("the text \"{}\"", excerpt(text)),
            Value::Number(number) => format!("the number {}", excerpt(&number.to_string())),
            Value::Bool(value) => format!("`{value}`"),
            Value::Unit => "`()`".to_owned(),
            Value::List(_) => "a list `[...]`".to_owned(),
            Value::Map(_) => "a map `{...}`".to_owned(),
            Value::Struct(Struct { name: None, .. }) => "a struct `(...)`".to_owned(),
            Value::Struct(Struct { name: Some((name, _)), entries }) if entries.is_empty() => quoted(name),
            Value::Struct(Struct { name: Some((name, _)), .. }) => format!("`{}(...)`", excerpt(name)),
        }
    }

    /// How deep the values inside are nested; 0 for a scalar.
    #[must_use]
    pub fn depth(&self) -> usize {
        match &self.value {
            Value::List(items) => items.iter().map(Self::depth).max().unwrap_or(0) + 1,
            Value::Map(pairs) => {
                pairs.iter().map(|(key, value)| key.depth().max(value.depth())).max().unwrap_or(0) + 1
            }
            Value::Struct(inner) => {
                inner.entries.iter().map(|entry| entry.value.depth()).max().map_or(0, |d| d + 1)
            }
            Value::Str(_) | Value::Number(_) | Value::Bool(_) | Value::Unit => 0,
        }
    }
}
