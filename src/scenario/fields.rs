//! The fields of one struct: which are asked for, which are missing, which nobody knows.

use super::decode::expected;
use super::diagnostics::{Diagnostics, quoted, suggest};
use super::sources::Span;
use super::tree::{Entry, Node, Value};

/// The fields of one struct.
///
/// The known fields are those that `take` and `require` were called with; `finish` reports the others.
#[derive(Debug)]
#[must_use = "call `finish`, or unknown fields go unnoticed"]
pub struct Fields<'n> {
    what: &'static str,
    span: Span,
    fields: Vec<(&'n str, Span, &'n Node)>,
    known: Vec<&'static str>,
    /// Required fields that are not there, with what they mean.
    missing: Vec<(&'static str, String)>,
    /// Fields that belong elsewhere, with where.
    elsewhere: Vec<(&'static [&'static str], &'static str)>,
}

impl<'n> Fields<'n> {
    /// The fields of a struct or of a variant, all with names; `what` reads like "a zone kind".
    ///
    /// A variant's name is not looked at: see [`Node::variant`] and [`Fields::plain`].
    pub fn of(node: &'n Node, what: &'static str, diagnostics: &mut Diagnostics) -> Option<Self> {
        Self::arguments(node, what, &[], diagnostics)
    }

    /// The fields of a struct that may not have a name.
    pub fn plain(node: &'n Node, what: &'static str, diagnostics: &mut Diagnostics) -> Option<Self> {
        if node.variant().is_some() {
            expected(node, &format!("{what}, a struct `(...)` without a name"), diagnostics);
            return None;
        }
        Self::of(node, what, diagnostics)
    }

    /// The values of a struct or variant, either all with names or all `positional`, in that order.
    pub fn arguments(
        node: &'n Node,
        what: &'static str,
        positional: &[&'static str],
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let mut fields = Self {
            what,
            span: node.span,
            fields: Vec::new(),
            known: Vec::new(),
            missing: Vec::new(),
            elsewhere: Vec::new(),
        };
        let entries: &[Entry] = match &node.value {
            Value::Unit => &[],
            Value::Struct(inner) => &inner.entries,
            _ => {
                let error = expected(node, &format!("{what}, a struct `(field: value)`"), diagnostics);
                if matches!(node.value, Value::Map(_)) {
                    error.help(
                        "fields stand in round brackets and without quotes; maps hold names of your own",
                    );
                }
                return None;
            }
        };
        let unnamed: Vec<&Entry> = entries.iter().filter(|entry| entry.name.is_none()).collect();
        if !unnamed.is_empty() && unnamed.len() != positional.len() {
            report_positional(&unnamed, node, what, positional, diagnostics);
            return None;
        }
        fields.known.extend(if unnamed.is_empty() { &[] } else { positional });
        let mut names = positional.iter();
        for entry in entries {
            match &entry.name {
                Some((name, span)) => fields.fields.push((name, *span, &entry.value)),
                None => {
                    fields.fields.extend(names.next().map(|name| (*name, entry.value.span, &entry.value)))
                }
            }
        }
        Some(fields)
    }

    /// The value of field `name`, where it was given.
    pub fn take(&mut self, name: &'static str) -> Option<&'n Node> {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        self.fields.iter().find(|(field, ..)| *field == name).map(|(.., value)| *value)
    }

    /// The value of field `name`; `finish` reports it where it is missing.
    pub fn require(&mut self, name: &'static str) -> Option<&'n Node> {
        self.require_as(name, "")
    }

    /// As [`Fields::require`]; `meaning` says in the error what the field is: "how long a repair takes".
    pub fn require_as(&mut self, name: &'static str, meaning: &str) -> Option<&'n Node> {
        let found = self.take(name);
        if found.is_none() {
            let meaning = if meaning.is_empty() { String::new() } else { format!(": {meaning}") };
            self.missing.push((name, meaning));
        }
        found
    }

    /// Says where fields belong that people may look for here.
    pub fn elsewhere(&mut self, names: &'static [&'static str], place: &'static str) {
        self.elsewhere.push((names, place));
    }

    /// The struct's own place.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Reports every field that was never asked for, and every required one that is missing.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        let absent: Vec<&str> = self
            .known
            .iter()
            .filter(|known| self.fields.iter().all(|(name, ..)| name != *known))
            .copied()
            .collect();
        let label = match self.known.as_slice() {
            [] => format!("{} has no fields", self.what),
            [only] => format!("expected `{only}`"),
            several => format!("expected one of {}", several.join(", ")),
        };
        let mut misspelt = Vec::new();
        for (name, span, _) in self.fields.iter().filter(|(name, ..)| !self.known.contains(name)) {
            // A field that is still missing was more likely meant than one that is there already.
            let meant =
                suggest(name, absent.iter().copied()).or_else(|| suggest(name, self.known.iter().copied()));
            misspelt.extend(meant);
            let error = diagnostics
                .error(*span, format!("unknown field {} of {}", quoted(name), self.what), label.clone())
                .did_you_mean(meant);
            if let Some((_, place)) = self.elsewhere.iter().find(|(names, _)| names.contains(name)) {
                error.help(*place);
            }
        }
        // What is there under another name is one mistake, not two.
        for (name, meaning) in self.missing.iter().filter(|(name, _)| !misspelt.contains(name)) {
            diagnostics.error(
                self.span,
                format!("the field `{name}` of {} is missing", self.what),
                format!("expected a field `{name}`{meaning}"),
            );
        }
    }
}

fn report_positional(
    unnamed: &[&Entry],
    node: &Node,
    what: &str,
    positional: &[&str],
    diagnostics: &mut Diagnostics,
) {
    let Some(first) = unnamed.first() else { return };
    let Some((name, _)) = node.variant().filter(|_| !positional.is_empty()) else {
        let message = format!("{what} has values with names only");
        diagnostics.error(first.value.span, message, "expected `field: value`");
        return;
    };
    let values = |count: usize| if count == 1 { "1 value".to_owned() } else { format!("{count} values") };
    diagnostics.error(
        node.span,
        format!("{} takes {}, found {}", quoted(name), values(positional.len()), unnamed.len()),
        format!("expected `{name}({})`", positional.join(", ")),
    );
}
