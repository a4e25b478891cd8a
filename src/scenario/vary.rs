//! What a sweep varies, as it is written: `--vary "services.auth.capacity=6k/s..20k/s by 2k/s"`.

use std::collections::BTreeSet;

use super::apply::places;
use super::architectures::{Told, edited, without_architectures};
use super::diagnostics::{Diagnostics, Severity, excerpt, quoted};
use super::edit::{Change, Edit, Step, equals_sign, read_value, split_path};
use super::load::Loaded;
use super::print::print_tree;
use super::sources::{SourceId, Sources, Span};
use super::tree::{Node, Value};
use crate::model::Model;
use crate::units::{quantity, ratio_of_units};

/// Values that one parameter takes at most.
const MOST_VALUES: usize = 1_000;

/// What to do about an entry that does not exist: on the command line there is nothing that makes one.
const NO_NEW_ENTRY: &str = "`--vary` changes what is there: write the entry into the scenario, or `Add` it in an architecture \
                            and vary it with `--architecture`";

/// A place of a scenario and the values that it takes one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Vary {
    /// The path as it was written.
    pub name: String,
    /// The values, in their order.
    pub values: Vec<Varied>,
    /// True for a range, whose values grow.
    pub grows: bool,
    path: Vec<Step>,
    span: Span,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq)]
pub struct Varied {
    /// As it would be written: "6k/s".
    pub text: String,
    node: Node,
}

/// Reads `path=values`; the text joins `sources` under the name "--vary".
///
/// Values are a range, `1..100 by 1`, `6k/s..20k/s by 2k/s` or, each a multiple of the one before, `1s..1h by x2`; or a
/// list of what `--set` would take, `[a, b, c]`. A range ends at the last step that is not beyond its end.
pub fn parse_vary(text: &str, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Vary> {
    let source = sources.add("--vary", text);
    let span = Span::new(source, 0, text.len());
    let Some(equals) = equals_sign(text) else {
        diagnostics
            .error(span, "there is no `=`", "expected `path=values`")
            .help("as in `services.auth.restart=1m..10m by 1m`");
        return None;
    };
    let place = |at: usize| Span::new(source, at, at + 1);
    let path = split_path(&text[..equals], place, diagnostics);
    let rest = &text[equals + 1..];
    let begin = equals + 1 + (rest.len() - rest.trim_start().len());
    let written = Written { text: rest.trim(), begin, source };
    let is_list = written.text.starts_with('[');
    let values = if is_list { written.list(text, diagnostics) } else { written.range(diagnostics) };
    let (path, values) = path.zip(values)?;
    if values.len() > MOST_VALUES {
        let message = format!("these are more than {MOST_VALUES} values");
        diagnostics.error(written.span(), message, "expected fewer values, or larger steps");
        return None;
    }
    Some(Vary { name: text[..equals].trim().to_owned(), values, grows: !is_list, path, span })
}

/// The values as they are written, and where.
#[derive(Clone, Copy)]
struct Written<'t> {
    text: &'t str,
    begin: usize,
    source: SourceId,
}

impl<'t> Written<'t> {
    const fn span(self) -> Span {
        Span::new(self.source, self.begin, self.begin + self.text.len())
    }

    /// A part of it, without the blanks around.
    fn part(self, from: usize, to: usize) -> Self {
        let slice = self.text.get(from..to).unwrap_or("");
        let blanks = slice.len() - slice.trim_start().len();
        Self { text: slice.trim(), begin: self.begin + from + blanks, source: self.source }
    }

    fn list(self, whole: &str, diagnostics: &mut Diagnostics) -> Option<Vec<Varied>> {
        let node = read_value(whole, self.begin, self.source, diagnostics)?;
        let Value::List(items) = node.value else { return None };
        if items.is_empty() {
            diagnostics.error(self.span(), "this list is empty", "expected at least one value");
            return None;
        }
        each_once(&items, diagnostics)?;
        Some(items.into_iter().map(|node| Varied { text: shown(&node), node }).collect())
    }

    fn range(self, diagnostics: &mut Diagnostics) -> Option<Vec<Varied>> {
        let Some(dots) = self.text.find("..") else {
            diagnostics
                .error(self.span(), "these are no values to vary over", "expected a range or a list")
                .help("write `1m..10m by 1m`, `1..100 by x10` or `[1m, 5m, 1h]`");
            return None;
        };
        let Some(by) = self.text.find(" by ").filter(|by| *by > dots) else {
            diagnostics
                .error(self.span(), "this range has no steps", "expected `by` and the length of a step")
                .help("as in `1m..10m by 1m`, or `1m..10m by x2` for values that double");
            return None;
        };
        let (low, high) = (self.part(0, dots), self.part(dots + 2, by));
        let step = self.part(by + 4, self.text.len());
        let factor = step.text.strip_prefix(['x', '×']);
        let (low, high) = (low.quantity(diagnostics), high.quantity(diagnostics));
        let number = match factor {
            Some(factor) => Written { text: factor.trim(), ..step }.quantity(diagnostics),
            None => step.quantity(diagnostics),
        };
        let ((low, high), number) = low.zip(high).zip(number)?;
        let values = match factor {
            Some(_) => self.multiples(&low, &high, &number, step, diagnostics)?,
            None => self.sums(&low, &high, &number, step, diagnostics)?,
        };
        Some(values.into_iter().map(|text| self.varied(text)).collect())
    }

    /// low, low + step, ...; in the smallest unit of the three, so that all are whole where they are written so.
    fn sums(
        self,
        low: &Quantity<'_>,
        high: &Quantity<'_>,
        step: &Quantity<'_>,
        at: Self,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<String>> {
        let is_smaller = |a: &str, b: &str| ratio_of_units(a, b).is_some_and(|ratio| ratio < 1.0);
        let unit = if is_smaller(low.unit, step.unit) { low.unit } else { step.unit };
        let unit = if is_smaller(high.unit, unit) { high.unit } else { unit };
        let [first, last, step] = [low, high, step].map(|quantity| self.in_unit(quantity, unit, diagnostics));
        let ((first, last), step) = first.zip(last).zip(step)?;
        if step <= 0.0 {
            diagnostics.error(at.span(), "a step of 0 leads nowhere", "expected a step of more than 0");
            return None;
        }
        self.not_empty(first, last, diagnostics)?;
        let value = |k: usize| first + k as f64 * step;
        Some(self.until(last, value).map(|value| written(value, unit)).collect())
    }

    /// low, low x factor, ...; in the unit of the lower end.
    fn multiples(
        self,
        low: &Quantity<'_>,
        high: &Quantity<'_>,
        factor: &Quantity<'_>,
        at: Self,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<String>> {
        let last = self.in_unit(high, low.unit, diagnostics)?;
        if factor.number <= 1.0 || !factor.unit.is_empty() {
            diagnostics.error(
                at.span(),
                "this factor makes nothing larger",
                "expected a factor above 1, as in `x2`",
            );
            return None;
        }
        if low.number <= 0.0 {
            diagnostics.error(
                self.span(),
                "multiples of 0 are all 0",
                "expected a range that begins above 0",
            );
            return None;
        }
        self.not_empty(low.number, last, diagnostics)?;
        let value = |k: usize| low.number * libm::pow(factor.number, k as f64);
        Some(self.until(last, value).map(|value| written(value, low.unit)).collect())
    }

    /// The values up to `last`; one more than there may be is enough to refuse them.
    fn until(self, last: f64, value: impl Fn(usize) -> f64) -> impl Iterator<Item = f64> {
        let end = last * (1.0 + 1e-9);
        (0..=MOST_VALUES).map(value).take_while(move |value| *value <= end)
    }

    fn not_empty(self, first: f64, last: f64, diagnostics: &mut Diagnostics) -> Option<()> {
        if first <= last {
            return Some(());
        }
        diagnostics
            .error(self.span(), "this range ends before it begins", "expected the smaller value first")
            .help("a list takes its values in any order: `[10m, 5m, 1m]`");
        None
    }

    fn quantity(self, diagnostics: &mut Diagnostics) -> Option<Quantity<'t>> {
        let Some((number, unit)) = quantity(self.text) else {
            let message = format!("{} is not a number with a unit", quoted(self.text));
            diagnostics
                .error(self.span(), message, "expected a number such as `10`, or a quantity such as `90s`")
                .help("other values can be listed: `path=[a, b, c]`");
            return None;
        };
        Some(Quantity { number, unit, span: self.span() })
    }

    /// The number of a quantity in another unit.
    fn in_unit(self, quantity: &Quantity<'_>, unit: &str, diagnostics: &mut Diagnostics) -> Option<f64> {
        if quantity.unit == unit {
            return Some(quantity.number);
        }
        let ratio = ratio_of_units(quantity.unit, unit);
        if ratio.is_none() {
            let name = |unit: &str| if unit.is_empty() { "no unit".to_owned() } else { quoted(unit) };
            let message = format!("{} and {} do not go together", name(quantity.unit), name(unit));
            diagnostics.error(quantity.span, message, "expected the same unit at both ends and in the step");
        }
        ratio.map(|ratio| quantity.number * ratio)
    }

    fn varied(self, text: String) -> Varied {
        let value = match text.parse::<f64>() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::Str(text.clone()),
        };
        Varied { text, node: Node { value, span: self.span(), bare: true } }
    }
}

/// A number and its unit, which may be none.
struct Quantity<'t> {
    number: f64,
    unit: &'t str,
    span: Span,
}

/// Refuses a value that stands in a list twice, also if it is written in another unit.
fn each_once(items: &[Node], diagnostics: &mut Diagnostics) -> Option<()> {
    let texts: Vec<String> = items.iter().map(shown).collect();
    let is_same = |a: &str, b: &str| {
        let number = || {
            let ((a, first), (b, second)) = quantity(a).zip(quantity(b))?;
            let ratio = if first == second { 1.0 } else { ratio_of_units(second, first)? };
            Some((a - b * ratio).abs() <= 1e-12 * a)
        };
        a == b || number().unwrap_or(false)
    };
    let twice = texts.iter().zip(items).enumerate().find_map(|(at, (text, item))| {
        let before = texts.iter().zip(items).take(at);
        let same = before.into_iter().find(|(other, _)| is_same(other, text))?;
        Some((same, (text, item)))
    });
    let Some(((other, first), (text, item))) = twice else { return Some(()) };
    let message = if other == text {
        format!("{} stands in this list twice", quoted(text))
    } else {
        format!("{} is the same as {}, which stands in this list already", quoted(text), quoted(other))
    };
    diagnostics
        .error(item.span, message, "expected each value once")
        .also(first.span, "it stands here already");
    None
}

/// A value as a scenario would have it, without the last digits that steps leave behind.
fn written(value: f64, unit: &str) -> String {
    let rounded: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    format!("{rounded}{unit}")
}

/// A value of a list as it would be written after `--set path=`.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::Str(text) => text.clone(),
        _ => print_tree(node).split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

impl Loaded {
    /// Records an error where two parameters change the same place, so that one of them would have no effect.
    pub fn check_apart(&self, varied: &[Vary], found: &mut Diagnostics) {
        let [first, second] = varied else { return };
        let of =
            |vary: &Vary| -> BTreeSet<Vec<String>> { places(&self.tree, &vary.path).into_iter().collect() };
        let (a, b) = (of(first), of(second));
        let inside = |outer: &BTreeSet<Vec<String>>, inner: &BTreeSet<Vec<String>>| {
            let mut starts = inner.iter().flat_map(|place| (1..=place.len()).filter_map(|n| place.get(..n)));
            starts.find(|start| outer.contains(*start)).map(|start| start.join("."))
        };
        let Some(place) = inside(&a, &b).or_else(|| inside(&b, &a)) else { return };
        let message = format!("both parameters change {}", quoted(&place));
        found
            .error(second.span, message, "expected another place than that of the first")
            .also(first.span, "this changes it, too");
    }

    /// The system with each parameter at one of its values; what is wrong with it is added to `found`.
    ///
    /// `places` has the number of the value of each of `varied`.
    pub fn at(&self, varied: &[Vary], places: &[usize], found: &mut Diagnostics) -> Option<Model> {
        let base = without_architectures(&self.tree);
        let chosen: Vec<(&Vary, &Varied)> = varied
            .iter()
            .zip(places)
            .filter_map(|(vary, place)| vary.values.get(*place).map(|value| (vary, value)))
            .collect();
        let edit = |(vary, value): &(&Vary, &Varied)| Edit {
            path: vary.path.clone(),
            change: Change::Set(value.node.clone()),
            span: vary.span,
        };
        let edits: Vec<Edit> = chosen.iter().map(edit).collect();
        let mut mistakes = Diagnostics::new();
        let (_, meant) = edited(&base, ("a sweep", &edits), true, &mut mistakes);
        let name = |(vary, value): &(&Vary, &Varied)| format!("{} at {}", vary.name, value.text);
        let whole = excerpt(&chosen.iter().map(name).collect::<Vec<_>>().join(", "));
        let span = chosen.first()?.0.span;
        let told = Told::new(&base, (whole, span), &edits).with_help(NO_NEW_ENTRY);
        let errors = mistakes.into_vec().into_iter().filter(|f| f.severity == Severity::Error);
        errors.for_each(|finding| found.push(told.told(finding)));
        meant.map(|(model, _)| model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        let mut found = Diagnostics::new();
        let vary = parse_vary(&format!("a.b={text}"), &mut Sources::new(), &mut found);
        assert!(found.is_empty(), "{text}: {found:?}");
        vary.unwrap().values.into_iter().map(|value| value.text).collect()
    }

    fn mistake(text: &str) -> (String, usize) {
        let mut found = Diagnostics::new();
        assert!(parse_vary(text, &mut Sources::new(), &mut found).is_none(), "{text}");
        let finding = found.into_vec().swap_remove(0);
        (finding.message, finding.span.start)
    }

    #[test]
    fn ranges_and_lists() {
        for (text, expected) in [
            ("1..4 by 1", &["1", "2", "3", "4"][..]),
            ("0.1..0.4 by 0.1", &["0.1", "0.2", "0.3", "0.4"]),
            ("6k/s..10k/s by 2k/s", &["6k/s", "8k/s", "10k/s"]),
            ("500/s..1k/s by 250/s", &["500/s", "750/s", "1000/s"]),
            ("1m..10m by 4m", &["1m", "5m", "9m"]),
            ("1h..3h by 1d", &["1h"]),
            ("30s..2m by 30s", &["30s", "60s", "90s", "120s"]),
            ("1 s .. 1 m by x10", &["1s", "10s"]),
            ("1..100 by x10", &["1", "10", "100"]),
            ("10%..30% by 10%", &["10%", "20%", "30%"]),
            ("1Tbps..2Tbps by 500Gbps", &["1000Gbps", "1500Gbps", "2000Gbps"]),
            ("5m..5m by 1m", &["5m"]),
            ("1h..1h30m by 7m", &["60m", "67m", "74m", "81m", "88m"]),
            ("1m30s..2m by 15s", &["90s", "105s", "120s"]),
            ("1h30m..6h by x2", &["90m", "180m", "360m"]),
            ("1d12h..2d by 6h", &["36h", "42h", "48h"]),
            ("[1h, 5m, \"2 d\"]", &["1h", "5m", "2 d"]),
            ("[Exp(2y), Never]", &["Exp(\"2y\")", "Never"]),
            ("[[a, b], [c]]", &["[\"a\", \"b\"]", "[\"c\"]"]),
        ] {
            assert_eq!(values(text), expected, "{text}");
        }
        assert_eq!(values("1..1000 by 1").len(), 1000);
    }

    #[test]
    fn mistakes_have_their_place() {
        for (text, message, at) in [
            ("a.b", "there is no `=`", 0),
            ("a..b=1..2 by 1", "a name in this path is empty", 2),
            ("a=", "these are no values to vary over", 2),
            ("a=5", "these are no values to vary over", 2),
            ("a=1..2", "this range has no steps", 2),
            ("a=2..1 by 1", "this range ends before it begins", 2),
            ("a=1..2 by 0", "a step of 0 leads nowhere", 10),
            ("a=1..2 by x1", "this factor makes nothing larger", 10),
            ("a=0..2 by x2", "multiples of 0 are all 0", 2),
            ("a=1h..2% by 1h", "`%` and `h` do not go together", 6),
            ("a=1..2h by 1h", "no unit and `h` do not go together", 2),
            ("a=1..two by 1", "`two` is not a number with a unit", 5),
            ("a=1..2000 by 1", "these are more than 1000 values", 2),
            ("a=1..1e300 by 1e-300", "these are more than 1000 values", 2),
            ("a=[1, 2, 1]", "`1` stands in this list twice", 9),
            ("a=[60s, 5m, 1m]", "`1m` is the same as `60s`, which stands in this list already", 12),
            ("a=1m30s30s..2m by 1s", "`1m30s30s` is not a number with a unit", 2),
            ("a=[]", "this list is empty", 2),
            ("a=[1, 2", "this `[` is never closed", 2),
        ] {
            assert_eq!(mistake(text), (message.to_owned(), at), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|(a|=|[0-9.]|\\.\\.| by |x|[hms%]|k/s|\\[|\\]|,|é){0,14}") {
            let _ = parse_vary(&text, &mut Sources::new(), &mut Diagnostics::new());
        }
    }
}
