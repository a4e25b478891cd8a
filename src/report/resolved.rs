//! A scenario as it was understood: every default, every component, every law.

mod load;
mod network;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use self::network::network;
pub use self::network::network_in_short;
use super::page::Page;
use super::wrap::{columns, indented};
use crate::model::{CompId, Component, Kind, Model, NodeId, NodeKind};
use crate::scenario::law_spec::LawKind;
use crate::scenario::{Figure, Loaded, Origin, figures, written_out};
use crate::units::{show_counted, show_percent, show_short, show_span};

/// Columns of a law's field; longer ones have a line of their own, as have laws that are longer than what is left.
const FIELD: usize = 20;
/// Columns of a law's figures and source.
const FIGURES: usize = 50;

/// The whole system: the scenario with its defaults, components with what they need, laws with median, mean, p90, p99 and
/// source. All but the scenario fits the page.
#[must_use]
pub fn resolved_text(loaded: &Loaded, page: Page) -> String {
    let width = page.columns;
    let model = &loaded.model;
    let start = if model.aged {
        "Aged: failure clocks have run for ever before the start"
    } else {
        "New: failure clocks are wound at the start"
    };
    let mut text =
        format!("// Components start {start}.\n// Network: {}.\n", network_in_short(model, &loaded.chart));
    text.push_str(&written_out(loaded));
    let lists = [components(model, width), network(model, &loaded.chart, width)];
    text.push_str(&page.finished(&lists.concat()));
    text.push_str(&page.paragraphs(&load::load(model)));
    text.push_str(&page.finished(&laws(&figures(&loaded.tree), width)));
    text + &page.paragraphs(&unknowns(model))
}

/// Figures that nobody knows, with what is thought of them.
fn unknowns(model: &Model) -> String {
    let figures = &model.unknowns.figures;
    if figures.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", show_counted(figures.len() as u64, "unknown figure"));
    for figure in figures {
        let _ = writeln!(text, "  {}: {}", figure.name, figure.text);
    }
    text + "  each is drawn once for a replication; above, its mean stands in its place, that of a count rounded\n"
}

/// Every component with what it needs, by full names.
fn components(model: &Model, width: usize) -> String {
    // Ways are listed with the network that they lead through.
    let written: Vec<&Component> = model.components.iter().filter(|c| !c.kind.is_derived()).collect();
    let mut text = format!("\n{}\n", show_counted(written.len() as u64, "component"));
    for component in written {
        let units =
            if component.units > 1 { format!(" of {} units", component.units) } else { String::new() };
        let line = format!("{}: {}{units}{}", component.name, kind(component), clocks(component));
        text.push_str(&indented(&line, (2, 4), width));
        for (what, node) in [("needs", component.support), ("starts with", component.starts_with)] {
            if let Some(node) = node {
                text.push_str(&indented(&format!("{what} {}", expression(model, node)), (6, 8), width));
            }
        }
    }
    text
}

fn kind(component: &Component) -> &'static str {
    match component.kind {
        Kind::Region => "region",
        Kind::Zone => "zone",
        Kind::Part if component.standby.is_some() => "standby",
        Kind::Part => "part",
        Kind::Member => "member",
        Kind::Unit => "unit",
        Kind::Site => "site",
        Kind::Segment => "segment",
        Kind::Link => "link",
        Kind::Path => "way",
        Kind::Signal => "signal",
        Kind::Response => "response",
    }
}

fn clocks(component: &Component) -> String {
    match component.modes.len() {
        0 => String::new(),
        n => format!(", {}", show_counted(n as u64, "failure clock")),
    }
}

/// An expression with the names of components.
fn expression(model: &Model, node: NodeId) -> String {
    let name = |c: CompId| model.components[c.index()].name.as_str();
    let inner = || {
        let list: Vec<String> =
            model.expressions.children(node).iter().map(|child| expression(model, *child)).collect();
        list.join(", ")
    };
    let kind: NodeKind = model.expressions.kind(node);
    match kind {
        NodeKind::Level(c) => name(c).to_owned(),
        NodeKind::LevelAtLeast(c, level) => format!("{} (at least {})", name(c), show_percent(level)),
        NodeKind::Up(c) => format!("Up({})", name(c)),
        NodeKind::Down(c) => format!("Down({})", name(c)),
        NodeKind::All if model.expressions.children(node).is_empty() => "nothing".to_owned(),
        NodeKind::All => format!("All({})", inner()),
        NodeKind::Any => format!("Any({})", inner()),
        NodeKind::AtLeast(k) => format!("AtLeast({k}, {})", inner()),
        NodeKind::Share => format!("Share({})", inner()),
        NodeKind::Quorum(k) => format!("Quorum({k}, {})", inner()),
        NodeKind::Not => format!("Not({})", inner()),
        NodeKind::Need { at_least, hold, otherwise } => {
            let mut notes = Vec::new();
            notes.extend(at_least.map(|level| format!("at least {}", show_percent(level))));
            notes.extend(hold.map(|_| "held over".to_owned()));
            notes.extend((otherwise > 0.0).then(|| format!("else {}", show_percent(otherwise))));
            match notes.is_empty() {
                true => inner(),
                false => format!("{} ({})", inner(), notes.join(", ")),
            }
        }
    }
}

/// Laws by record, their origins below.
fn laws(figures: &[Figure], width: usize) -> String {
    let law_width = width.saturating_sub(FIGURES + FIELD).max(1);
    let mut text = format!("\n{}\n", show_counted(figures.len() as u64, "law"));
    let mut origins = Origins { width, ..Origins::default() };
    let _ = writeln!(
        text,
        "  {:FIELD$} {:law_width$} {:>8} {:>8} {:>8} {:>8}  source",
        "field", "law", "p50", "mean", "p90", "p99"
    );
    let mut record = None;
    for figure in figures {
        if record != Some(&figure.record) {
            text.push_str(&indented(&figure.record, (0, 2), width));
            record = Some(&figure.record);
        }
        let shown = |value: f64| match figure.kind {
            LawKind::Time => show_span(value),
            LawKind::Fraction => show_percent(value),
            _ => show_short(value),
        };
        let (mut field, mut law) = (figure.field.clone(), figure.text.replace('"', ""));
        if columns(&field) > FIELD || columns(&law) > law_width {
            text.push_str(&indented(&format!("{field} {law}"), (2, 4), width));
            (field, law) = (String::new(), String::new());
        }
        let _ = writeln!(
            text,
            "  {field:FIELD$} {law:law_width$} {:>8} {:>8} {:>8} {:>8}  {}",
            shown(figure.law.quantile(0.5)),
            shown(figure.law.mean()),
            shown(figure.law.quantile(0.9)),
            shown(figure.law.quantile(0.99)),
            origins.number(&figure.origin)
        );
    }
    text + &origins.list
}

/// Sources and guesses by number.
#[derive(Default)]
struct Origins {
    numbers: BTreeMap<String, usize>,
    list: String,
    width: usize,
}

impl Origins {
    /// `[3]`, or that there is none; a new one joins the list.
    fn number(&mut self, origin: &Origin) -> String {
        let said = match origin {
            Origin::Source(text) => format!("source: {text}"),
            Origin::Guess(text) => format!("guess: {text}"),
            Origin::Unknown => return "no source".to_owned(),
        };
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(said.clone()).or_insert(next);
        if number == next {
            if next == 1 {
                self.list.push_str("\nsources and guesses\n");
            }
            self.list.push_str(&indented(&format!("[{number}] {said}"), (2, 4), self.width));
        }
        format!("[{number}]")
    }
}
