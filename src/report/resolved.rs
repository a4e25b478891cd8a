//! A scenario as it was understood: every default, every component, every law.

mod load;
mod network;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use self::network::network;
pub use self::network::network_in_short;
use crate::model::{CompId, Component, Kind, Model, NodeId, NodeKind};
use crate::scenario::law_spec::LawKind;
use crate::scenario::{Figure, Loaded, Origin, figures, written_out};
use crate::units::{show_counted, show_percent, show_short, show_span};

/// Columns of the text.
const WIDTH: usize = 100;
/// Columns of a law's field, and of the law; longer ones have a line of their own.
const FIELD: usize = 20;
const LAW: usize = 30;

/// The whole system, in 100 columns: the scenario with its defaults, components with what they need, laws with
/// median, mean, p90, p99 and source.
#[must_use]
pub fn resolved_text(loaded: &Loaded) -> String {
    let model = &loaded.model;
    let start = if model.aged {
        "Aged: failure clocks have run for ever before the start"
    } else {
        "New: failure clocks are wound at the start"
    };
    let mut text =
        format!("// Components start {start}.\n// Network: {}.\n", network_in_short(model, &loaded.chart));
    text.push_str(&written_out(loaded));
    text.push_str(&components(model));
    text.push_str(&network(model, &loaded.chart));
    text.push_str(&load::load(model));
    text.push_str(&laws(&figures(&loaded.tree)));
    text.push_str(&unknowns(model));
    text
}

/// Figures that nobody knows, with what is thought of them.
fn unknowns(model: &Model) -> String {
    let figures = &model.unknowns.figures;
    if figures.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", show_counted(figures.len() as u64, "unknown figure"));
    for figure in figures {
        text.push_str(&wrapped(&format!("{}: {}", figure.name, figure.text), 2));
    }
    text + "  each is drawn once for a replication; above, laws have their means in its place\n"
}

/// Every component with what it needs, by full names.
fn components(model: &Model) -> String {
    // Ways are listed with the network that they lead through.
    let written: Vec<&Component> = model.components.iter().filter(|c| !c.kind.is_derived()).collect();
    let mut text = format!("\n{}\n", show_counted(written.len() as u64, "component"));
    for component in written {
        let units =
            if component.units > 1 { format!(" of {} units", component.units) } else { String::new() };
        let _ = writeln!(text, "  {}: {}{units}{}", component.name, kind(component), clocks(component));
        for (what, node) in [("needs", component.support), ("starts with", component.starts_with)] {
            if let Some(node) = node {
                text.push_str(&wrapped(&format!("{what} {}", expression(model, node)), 6));
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
fn laws(figures: &[Figure]) -> String {
    let mut text = format!("\n{}\n", show_counted(figures.len() as u64, "law"));
    let mut origins = Origins::default();
    let _ = writeln!(
        text,
        "  {:FIELD$} {:LAW$} {:>8} {:>8} {:>8} {:>8}  source",
        "field", "law", "p50", "mean", "p90", "p99"
    );
    let mut record = None;
    for figure in figures {
        if record != Some(&figure.record) {
            text.push_str(&wrapped(&figure.record, 0));
            record = Some(&figure.record);
        }
        let shown = |value: f64| match figure.kind {
            LawKind::Time => show_span(value),
            LawKind::Fraction => show_percent(value),
            LawKind::Number | LawKind::Rate => show_short(value),
        };
        let (mut field, mut law) = (figure.field.clone(), figure.text.replace('"', ""));
        if field.chars().count() > FIELD || law.chars().count() > LAW {
            text.push_str(&wrapped(&format!("{field} {law}"), 2));
            (field, law) = (String::new(), String::new());
        }
        let _ = writeln!(
            text,
            "  {field:FIELD$} {law:LAW$} {:>8} {:>8} {:>8} {:>8}  {}",
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
            self.list.push_str(&wrapped(&format!("[{number}] {said}"), 2));
        }
        format!("[{number}]")
    }
}

/// Lines of at most 100 columns, broken at spaces; those after the first stand two columns further in.
fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = String::new();
    let mut line = " ".repeat(indent);
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(lines, "{line}");
            line = " ".repeat(indent + 2);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines + &line + "\n"
}
