//! Figures that nobody knows, `Uncertain(law)`: found in the tree and numbered before it is read.

use super::decode::{self, Fields, law, text_of};
use super::diagnostics::Diagnostics;
use super::law_spec::{LawKind, LawSpec};
use super::lower::built;
use super::tree::{Entry, Node, Value};
use super::written::law_text;
use crate::law::Law;
use crate::model::{BEYOND, Unknown};
use crate::random::StreamName;
use crate::units;

/// What stands for a figure that nobody knows.
const NAME: &str = "Uncertain";
/// The field that holds its number in a tree that has been numbered; nobody can write it.
const NUMBER: &str = "#";
/// What a figure may be, each told from the others by its unit.
const KINDS: [LawKind; 12] = [
    LawKind::Time,
    LawKind::Rate,
    LawKind::Number,
    LawKind::Ratio,
    LawKind::ShareRate,
    LawKind::Distance,
    LawKind::DataRate,
    LawKind::DataSize,
    LawKind::FaultRate,
    LawKind::Amount,
    LawKind::Money,
    LawKind::MoneyRate,
];

/// What may be uncertain, for messages.
pub(super) const WHERE: &str = "`Uncertain` may stand for a duration that is a law, for what stands in laws, for weights, for probabilities of what happens or works, and for most figures of needs, crews, users, load, the network and costs (docs/uncertainty.md lists them). What makes it another system, such as how many parts there are, must be known: write `architectures` and compare them";

/// True for `Uncertain(...)`.
pub(super) fn is_uncertain(node: &Node) -> bool {
    node.variant().is_some_and(|(name, _)| name == NAME)
}

/// The tree with its unknown figures numbered, and these figures; nothing if there are none.
pub(super) fn numbered(tree: &Node) -> Option<(Node, Vec<Unknown>)> {
    let mut found = Vec::new();
    let mut numbered = tree.clone();
    number(&mut numbered, "", &mut found);
    (!found.is_empty()).then_some((numbered, found))
}

fn number(node: &mut Node, path: &str, found: &mut Vec<Unknown>) {
    let below = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    let is_it = is_uncertain(node);
    if is_it {
        found.push(unknown(node, path));
    }
    match &mut node.value {
        Value::List(items) => {
            items.iter_mut().enumerate().for_each(|(at, item)| number(item, &below(&at.to_string()), found));
        }
        Value::Map(pairs) => {
            for (key, value) in pairs {
                let name = text_of(key).unwrap_or_default();
                let step = if name.contains('.') { format!("'{name}'") } else { name.to_owned() };
                number(value, &below(&step), found);
            }
        }
        Value::Struct(inner) if is_it => {
            let span = node.span;
            let value = Node { value: Value::Number(found.len() as f64 - 1.0), span, bare: false };
            inner.entries.push(Entry { name: Some((NUMBER.to_owned(), span)), value });
        }
        Value::Struct(inner) => {
            for (at, entry) in inner.entries.iter_mut().enumerate() {
                let step = entry.name.as_ref().map_or_else(|| at.to_string(), |(name, _)| name.clone());
                // Architectures are read with the whole that each of them makes.
                if !(path.is_empty() && step == "architectures") {
                    number(&mut entry.value, &below(&step), found);
                }
            }
        }
        Value::Str(_) | Value::Number(_) | Value::Bool(_) | Value::Unit => {}
    }
}

/// The figure at `path`. What is wrong with its law is told where it is read.
fn unknown(node: &Node, path: &str) -> Unknown {
    // Its units say what it is; without one, a share is the number that it is.
    let of_kind = |kind: &LawKind| inner(node, *kind, &mut Diagnostics::new());
    let read = KINDS.iter().find_map(of_kind);
    Unknown {
        name: path.to_owned(),
        law: read.unwrap_or(Law::NEVER),
        text: law_text(node),
        stream: StreamName::new(path, "unknown figure"),
    }
}

/// The law of an unknown figure.
pub(super) fn inner(node: &Node, kind: LawKind, found: &mut Diagnostics) -> Option<Law> {
    let mut plain = node.clone();
    if let Value::Struct(inner) = &mut plain.value {
        inner.entries.retain(|entry| entry.name.as_ref().is_none_or(|(name, _)| name != NUMBER));
    }
    let mut fields = Fields::arguments(&plain, "`Uncertain(law)`", &["law"], found)?;
    let of = fields.require_as("law", "what is thought of it");
    let spec = of.and_then(|n| law(n, kind, found).map(|spec| (n.span, spec)));
    let _ = decode::Provenance::take(&mut fields, found);
    fields.finish(found);
    let (span, spec) = spec?;
    if spec == LawSpec::Never || of.is_some_and(holds_uncertain) {
        found.error(
            span,
            "an unknown figure needs a law of what it may be",
            "expected a law without `Uncertain` or `Never`",
        );
        return None;
    }
    let law = built(&spec);
    if law.is_none() {
        found.error(span, "this law cannot be drawn from", "expected a law that values can be drawn from");
    }
    law
}

fn holds_uncertain(node: &Node) -> bool {
    is_uncertain(node)
        || match &node.value {
            Value::List(items) => items.iter().any(holds_uncertain),
            Value::Map(pairs) => pairs.iter().any(|(_, value)| holds_uncertain(value)),
            Value::Struct(inner) => inner.entries.iter().any(|entry| holds_uncertain(&entry.value)),
            Value::Str(_) | Value::Number(_) | Value::Bool(_) | Value::Unit => false,
        }
}

/// What a reader needs of an unknown figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Guessed {
    /// Its number, in a tree that has been numbered.
    pub number: Option<usize>,
    /// What stands in for it.
    pub nominal: f64,
    /// What it may be at least and at most, but for a probability that does not count.
    pub ends: (f64, f64),
}

/// The number of an unknown figure, in a tree that has been numbered.
pub(super) fn number_of(node: &Node) -> Option<usize> {
    let entries = node.as_struct().map_or(&[][..], |inner| &inner.entries);
    let number = entries.iter().find(|e| e.name.as_ref().is_some_and(|(name, _)| name == NUMBER));
    number.and_then(|entry| match entry.value.value {
        Value::Number(number) => Some(number as usize),
        _ => None,
    })
}

/// Reads `Uncertain(law)` of values of a kind.
pub(super) fn guessed(node: &Node, kind: LawKind, found: &mut Diagnostics) -> Option<Guessed> {
    let law = inner(node, kind, found)?;
    let number = number_of(node);
    let ends = (law.quantile(BEYOND), law.quantile(1.0 - BEYOND));
    // Its unit is all that tells what a figure is before it is read.
    if kind == LawKind::Distance && inner(node, LawKind::Time, &mut Diagnostics::new()).is_some() {
        found.error(node.span, "an uncertain length in m", "expected km: `m` is a minute here");
        return None;
    }
    if kind == LawKind::Fraction && ends.1 > 1.0 {
        found.error(
            node.span,
            "this share may be more than 100 %",
            "expected a law that ends at 100 % or below",
        );
        return None;
    }
    Some(Guessed { number, nominal: crate::model::nominal(&law), ends })
}

/// A plain figure that may be unknown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    /// Its value, or what stands in for it.
    pub value: f64,
    /// The number of the unknown figure that it is.
    pub unknown: Option<usize>,
    /// What it may be at least and at most; the same where it is known.
    pub ends: (f64, f64),
}

impl Figure {
    /// A figure that is known.
    pub(super) const fn known(value: f64) -> Self {
        Self { value, unknown: None, ends: (value, value) }
    }

    /// Its value as a count: what stands in for an unknown one is rounded.
    pub(super) fn count(self) -> u32 {
        self.value.round() as u32
    }

    /// The same figure in a unit that is `larger` times this one.
    pub(super) fn in_unit(self, larger: f64) -> Self {
        let (low, high) = self.ends;
        Self { value: self.value / larger, unknown: self.unknown, ends: (low / larger, high / larger) }
    }
}

/// Reads a plain figure that may be `Uncertain(law)`; `read` reads it where it is known.
pub(super) fn figure(
    node: &Node,
    kind: LawKind,
    found: &mut Diagnostics,
    read: impl Fn(&Node, &mut Diagnostics) -> Option<f64>,
) -> Option<Figure> {
    if !is_uncertain(node) {
        return read(node, found).map(Figure::known);
    }
    let guessed = guessed(node, kind, found)?;
    // What a known figure may not be, an unknown one may not become.
    for end in [guessed.ends.0, guessed.ends.1] {
        let stand_in = Node { value: stand_in(end, kind), ..node.clone() };
        let mut complaints = Diagnostics::new();
        if read(&stand_in, &mut complaints).is_none() {
            let first = complaints.into_vec().into_iter().next();
            let label = first.map_or_else(|| "expected other values".to_owned(), |f| f.label);
            found.error(node.span, "this figure may become what it cannot be", label);
            return None;
        }
    }
    Some(Figure { value: guessed.nominal, unknown: guessed.number, ends: guessed.ends })
}

/// Reads a weight that may be `Uncertain(law)`: a plain number, or a share where its law is one of shares.
pub(super) fn weight(
    node: &Node,
    found: &mut Diagnostics,
    read: impl Fn(&Node, &mut Diagnostics) -> Option<f64>,
) -> Option<Figure> {
    let kind = if is_in_percent(node) { LawKind::Fraction } else { LawKind::Number };
    figure(node, kind, found, read)
}

fn is_in_percent(node: &Node) -> bool {
    match &node.value {
        Value::Str(text) => text.trim_end().ends_with('%'),
        Value::List(items) => items.iter().any(is_in_percent),
        Value::Struct(inner) => inner.entries.iter().any(|entry| is_in_percent(&entry.value)),
        Value::Map(_) | Value::Number(_) | Value::Bool(_) | Value::Unit => false,
    }
}

/// What a reader is given in place of a figure that is drawn: itself, in the unit that it stands in.
fn stand_in(value: f64, kind: LawKind) -> Value {
    let text = match kind {
        // A count that is drawn need not be whole.
        LawKind::Count => return Value::Number(value.round()),
        LawKind::Number | LawKind::Fraction | LawKind::Ratio | LawKind::Amount => {
            return Value::Number(value);
        }
        LawKind::Time => format!("{value}us"),
        LawKind::Rate => format!("{value}/s"),
        LawKind::ShareRate => format!("{}%/s", 100.0 * value),
        LawKind::Distance => format!("{value} km"),
        LawKind::DataRate => format!("{value} bps"),
        LawKind::DataSize => format!("{} B", value / 8.0),
        LawKind::FaultRate => format!("{value}/1km/y"),
        LawKind::Money => format!("{value} {}", units::NO_CURRENCY),
        LawKind::MoneyRate => format!("{value} {}/s", units::NO_CURRENCY),
    };
    Value::Str(text)
}
