//! The laws of a scenario: where each stands, what it is, and where it is from.

use std::collections::BTreeSet;

use super::decode::{Provenance, law_with_source, text_of};
use super::diagnostics::Diagnostics;
use super::law_spec::LawKind;
use super::lower::built;
use super::schema::{self, Shape, Step, step};
use super::sources::Span;
use super::tree::{Node, Value};
use crate::law::Law;
use crate::units::show_span;

/// From how many medians on a mean is far from what a law's values look like.
const FAR_MEAN: f64 = 100.0;

/// Where a figure is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It was taken from there.
    Source(String),
    /// It was guessed, and why so.
    Guess(String),
    /// Nothing says it.
    Unknown,
}

/// A law that a scenario has written.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The record that it stands in, as `--set` names it (which does not reach into `OneOf`): "zone_kinds.hall.failures.outage".
    pub record: String,
    /// Its field in that record: "every".
    pub field: String,
    /// Its place.
    pub span: Span,
    /// What its values are.
    pub kind: LawKind,
    /// The law, as written.
    pub text: String,
    /// The law; values in microseconds, or shares.
    pub law: Law,
    /// Where it is from: what stands in the law itself, else in the closest record around it.
    pub origin: Origin,
}

/// All laws of a tree that was read without errors, in written order.
#[must_use]
pub fn figures(tree: &Node) -> Vec<Figure> {
    survey(tree).figures
}

/// Warns of laws whose mean says little about their values.
pub(super) fn warn_of_means(tree: &Node, found: &mut Diagnostics) {
    for figure in figures(tree) {
        let (mean, median) = (figure.law.mean(), figure.law.quantile(0.5));
        if figure.law == Law::NEVER || figure.kind != LawKind::Time {
            continue;
        }
        if mean.is_infinite() {
            let label = format!("its median is {}", show_span(median));
            let warning = found.warning(figure.span, "the mean of this law is infinite", label);
            warning.help("a law without a mean has an average that grows with the number of replications");
        } else if median > 0.0 && mean > FAR_MEAN * median {
            let message = format!(
                "the mean of this law is {}, {:.0} times its median of {}",
                show_span(mean),
                mean / median,
                show_span(median)
            );
            found.warning(figure.span, message, "rare values of great size make most of the mean");
        }
    }
}

/// Warns of records with figures that have neither `source` nor `guess`, in themselves or around them.
pub fn warn_of_unsourced(tree: &Node, found: &mut Diagnostics) {
    for (path, span) in survey(tree).unsourced {
        let message = format!("nothing says where the figures of `{path}` are from");
        found.warning(span, message, "expected `source: \"...\"` or `guess: \"...\"` in here or around it");
    }
}

fn survey(tree: &Node) -> Survey<'_> {
    let mut survey = Survey { crews: schema::crews(tree), ..Survey::default() };
    survey.visit(tree, Shape::Fields(&schema::SCENARIO), &Place::default(), &Origin::Unknown);
    survey
}

/// Where a walk is.
#[derive(Debug, Clone, Default)]
struct Place {
    record: String,
    field: String,
}

impl Place {
    /// The place of a field or list entry.
    fn field(&self, name: &str) -> Self {
        Self { record: self.record.clone(), field: joined(&self.field, name) }
    }

    /// The record that stands here.
    fn entered(&self) -> Self {
        Self { record: joined(&self.record, &self.field), field: String::new() }
    }
}

fn joined(path: &str, step: &str) -> String {
    if path.is_empty() || step.is_empty() { format!("{path}{step}") } else { format!("{path}.{step}") }
}

#[derive(Default)]
struct Survey<'t> {
    crews: BTreeSet<&'t str>,
    figures: Vec<Figure>,
    unsourced: Vec<(String, Span)>,
    /// True once the record under way has a law that is from nowhere.
    has_unsourced: bool,
}

impl<'t> Survey<'t> {
    fn visit(&mut self, node: &'t Node, shape: Shape, place: &Place, origin: &Origin) {
        match step(shape, node, &self.crews) {
            Step::Leaf => {}
            Step::Law(kind) => self.law(node, kind, place, origin),
            Step::Fields(record) => self.record(node, record, place, origin),
            Step::Items(inner) => self.items(node, inner, place, origin),
        }
    }

    fn items(&mut self, node: &'t Node, shape: Shape, place: &Place, origin: &Origin) {
        match &node.value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.visit(item, shape, &place.field(&index.to_string()), origin);
                }
            }
            Value::Map(pairs) => {
                for (key, value) in pairs {
                    self.visit(value, shape, &place.field(&step_of(key)), origin);
                }
            }
            // The values of a variant stand where the variant stands.
            Value::Struct(inner) => {
                inner.entries.iter().for_each(|entry| self.visit(&entry.value, shape, place, origin));
            }
            _ => {}
        }
    }

    fn record(&mut self, node: &'t Node, record: &'static schema::Record, place: &Place, around: &Origin) {
        let place = place.entered();
        let entries = node.as_struct().map_or(&[][..], |inner| &inner.entries);
        let origin = own_origin(node).unwrap_or_else(|| around.clone());
        let outer = std::mem::replace(&mut self.has_unsourced, record.is_figure && origin == Origin::Unknown);
        let before = self.unsourced.len();
        for entry in entries {
            let Some((name, _)) = &entry.name else { continue };
            if let Some(field) = record.fields.iter().find(|f| f.name == name) {
                self.visit(&entry.value, field.shape, &place.field(name), &origin);
            }
        }
        if std::mem::replace(&mut self.has_unsourced, outer) {
            // Said once, at the outermost record: a source there is one for all inside.
            self.unsourced.truncate(before);
            self.unsourced.push((place.record, node.span));
        }
    }

    fn law(&mut self, node: &Node, kind: LawKind, place: &Place, around: &Origin) {
        // The tree has been read before: nothing new can be found.
        let mut found = Diagnostics::new();
        let Some((spec, provenance)) = law_with_source(node, kind, &mut found) else { return };
        let Some(law) = built(&spec) else { return };
        let origin = origin_of(provenance).unwrap_or_else(|| around.clone());
        self.has_unsourced |= origin == Origin::Unknown && law != Law::NEVER;
        self.figures.push(Figure {
            record: place.record.clone(),
            field: place.field.clone(),
            span: node.span,
            kind,
            text: super::written::law_text(node),
            law,
            origin,
        });
    }
}

/// A step of a path as `--set` reads it.
fn step_of(key: &Node) -> String {
    let name = text_of(key).unwrap_or_default();
    if name.contains('.') { format!("'{name}'") } else { name.to_owned() }
}

fn origin_of(provenance: Provenance) -> Option<Origin> {
    let source = provenance.source.map(|s| Origin::Source(s.value));
    source.or_else(|| provenance.guess.map(|g| Origin::Guess(g.value)))
}

/// What a struct says of its own figures.
fn own_origin(node: &Node) -> Option<Origin> {
    let text = |wanted: &str| {
        let named = |e: &&super::tree::Entry| e.name.as_ref().is_some_and(|(name, _)| name == wanted);
        let entry = node.as_struct()?.entries.iter().find(named)?;
        text_of(&entry.value).map(ToOwned::to_owned)
    };
    text("source").map(Origin::Source).or_else(|| text("guess").map(Origin::Guess))
}
