//! Typed values out of the tree, every mistake recorded where it stands.
//!
//! Each decoder takes a node and the findings, and gives nothing when it has recorded an error.

use super::diagnostics::{Diagnostic, Diagnostics, excerpt, is_invisible, suggest};
use super::sources::Span;
use super::tree::{Node, Struct, Value};
use super::unknowns::{WHERE, is_uncertain};
use crate::units::{self, Money, UnitError};

pub use super::fields::Fields;
pub use super::read_law::{law, law_with_source};

/// A value with the place it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// Where a figure comes from, or that it is a guess.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// What the figure was taken from.
    pub source: Option<Spanned<String>>,
    /// Why it was guessed so.
    pub guess: Option<Spanned<String>>,
}

impl Provenance {
    /// Reads the fields `source` and `guess`, which may stand beside any figure.
    pub fn take(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Self {
        let source = fields.take("source").and_then(|node| spanned(node, diagnostics, string));
        let guess = fields.take("guess").and_then(|node| spanned(node, diagnostics, string));
        if let (Some(source), Some(guess)) = (&source, &guess) {
            diagnostics
                .error(
                    guess.span,
                    "a figure is either from a source or a guess",
                    "expected only one of the two",
                )
                .also(source.span, "its source");
        }
        Self { source, guess }
    }
}

/// Records that `node` is not what was `wanted`, which reads like "a duration".
pub fn expected<'d>(node: &Node, wanted: &str, diagnostics: &'d mut Diagnostics) -> &'d mut Diagnostic {
    let message = format!("{} does not belong here", node.describe());
    let error = diagnostics.error(node.span, message, format!("expected {wanted}"));
    match node.variant() {
        _ if is_uncertain(node) => error.help(WHERE),
        Some((name, _)) => error.did_you_mean(suggest(name, ["Uncertain"].into_iter())),
        None => error,
    }
}

/// Records that a name is none of the `known` ones: "there is no {what} `name`".
pub fn unknown_name<'d>(
    name: &str,
    span: Span,
    what: &str,
    known: &[&str],
    diagnostics: &'d mut Diagnostics,
) -> &'d mut Diagnostic {
    let label = match known {
        [] => format!("there is no {what} at all"),
        [only] => format!("expected {only}"),
        // A long list hides what was meant.
        _ if known.len() > 20 => format!("expected the name of one of {} others", known.len()),
        _ => format!("expected one of {}", known.join(", ")),
    };
    let meant = if diagnostics.is_crowded() { None } else { suggest(name, known.iter().copied()) };
    diagnostics.error(span, format!("there is no {what} `{}`", excerpt(name)), label).did_you_mean(meant)
}

/// Reads a value and keeps its place.
pub fn spanned<T>(
    node: &Node,
    diagnostics: &mut Diagnostics,
    read: impl FnOnce(&Node, &mut Diagnostics) -> Option<T>,
) -> Option<Spanned<T>> {
    read(node, diagnostics).map(|value| Spanned { value, span: node.span })
}

/// The text of a node, without recording anything; on a command line also that of a lone word.
pub(super) fn text_of(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Str(text) => Some(text),
        _ if node.bare => node.lone_name(),
        _ => None,
    }
}

/// A text.
pub fn string(node: &Node, diagnostics: &mut Diagnostics) -> Option<String> {
    if let Some(text) = text_of(node) {
        return Some(text.to_owned());
    }
    let name = node.lone_name();
    let error = expected(node, "a text in quotes", diagnostics);
    if let Some(name) = name {
        error.help(format!("write `\"{}\"`", excerpt(name)));
    }
    None
}

const SPAN_WANTED: &str = "a duration such as \"4h\", \"1h30m\" or \"20d\"";

/// A duration, in microseconds.
pub fn span(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    quantity(node, SPAN_WANTED, units::SPAN_UNITS, units::span_micros, diagnostics)
}

/// Records why `text` is no duration, where it stands for one.
pub(super) fn not_a_span(text: &str, span: Span, diagnostics: &mut Diagnostics) {
    if let Err(error) = units::span_micros(text) {
        no_quantity(text, &error, span, SPAN_WANTED, diagnostics);
    }
}

/// A frequency, in events per second.
pub fn rate(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a rate such as \"14/h\" or \"12k/s\"";
    quantity(node, WANTED, units::RATE_UNITS, units::rate_per_second, diagnostics)
}

/// A distance, in kilometres.
pub fn distance(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a distance such as \"50 km\"";
    quantity(node, WANTED, units::DISTANCE_UNITS, units::distance_km, diagnostics)
}

/// A data rate, in bits per second.
pub fn data_rate(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a data rate such as \"10 Gbps\"";
    quantity(node, WANTED, units::DATA_RATE_UNITS, units::data_rate_bps, diagnostics)
}

/// A size of data, in bits.
pub fn data_size(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a size such as \"40 kB\"";
    quantity(node, WANTED, units::DATA_SIZE_UNITS, units::data_size_bits, diagnostics)
}

/// A fault rate, in faults per kilometre and year.
pub fn fault_rate(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a fault rate such as \"0.10/1000km/y\"";
    quantity(node, WANTED, units::FAULT_RATE_UNITS, units::faults_per_km_year, diagnostics)
}

/// A share between 0 and 1: a percentage, or a bare number.
pub fn fraction01(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a share from \"0%\" to \"100%\", or a number from 0 to 1";
    let Value::Number(value) = node.value else {
        return quantity(node, WANTED, "", units::probability, diagnostics);
    };
    let value = finite(node, value, WANTED, diagnostics)?;
    if (0.0..=1.0).contains(&value) {
        return Some(value);
    }
    let error = diagnostics.error(
        node.span,
        format!("`{}` is not between 0 and 1", shown(value)),
        format!("expected {WANTED}"),
    );
    if (1.0..=100.0).contains(&value) {
        error.help(format!("for {value} percent write `\"{value}%\"`"));
    }
    None
}

/// A share that may exceed 1: a percentage, or a bare number of at least 0.
pub fn ratio(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a share such as \"80%\" or \"150%\", or a number of at least 0";
    let Value::Number(_) = node.value else {
        return quantity(node, WANTED, "", units::fraction, diagnostics);
    };
    at_least_zero(node, WANTED, diagnostics)
}

/// A share per time, in shares per second.
pub fn share_rate(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a share per time such as \"10%/m\"";
    quantity(node, WANTED, units::SHARE_RATE_UNITS, units::share_per_second, diagnostics)
}

/// A large count: a whole number, or "100k".
pub fn amount(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a count such as 2_000_000 or \"100k\"";
    let Value::Number(_) = node.value else {
        return quantity(node, WANTED, units::AMOUNT_UNITS, units::amount, diagnostics);
    };
    at_least_zero(node, WANTED, diagnostics)
}

/// An amount of money.
pub fn money(node: &Node, diagnostics: &mut Diagnostics) -> Option<Money> {
    const WANTED: &str = "an amount such as \"9k GBP\"";
    quantity(node, WANTED, units::MONEY_UNITS, units::money, diagnostics)
}

/// An amount of money per time, per second.
pub fn money_rate(node: &Node, diagnostics: &mut Diagnostics) -> Option<Money> {
    const WANTED: &str = "an amount per time such as \"90 GBP/h\"";
    quantity(node, WANTED, units::MONEY_RATE_UNITS, units::money_rate, diagnostics)
}

/// A plain number of at least 0.
pub fn plain(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    at_least_zero(node, "a number of at least 0", diagnostics)
}

fn at_least_zero(node: &Node, wanted: &str, diagnostics: &mut Diagnostics) -> Option<f64> {
    let value = finite_number(node, wanted, diagnostics)?;
    if value >= 0.0 {
        return Some(value);
    }
    diagnostics.error(node.span, format!("`{}` is negative", shown(value)), format!("expected {wanted}"));
    None
}

/// A whole number of at least 0.
pub fn count(node: &Node, diagnostics: &mut Diagnostics) -> Option<u64> {
    const WANTED: &str = "a whole number of at least 0";
    /// Beyond this a double skips whole numbers.
    const LIMIT: f64 = (1_u64 << 53) as f64;
    let value = finite_number(node, WANTED, diagnostics)?;
    let problem = match value {
        _ if value < 0.0 => "is negative",
        _ if value.fract() != 0.0 => "is not a whole number",
        _ if value > LIMIT => "is too large to count exactly",
        _ => return Some(value as u64),
    };
    let message = format!("`{}` {problem}", shown(value));
    diagnostics.error(node.span, message, format!("expected {WANTED}"));
    None
}

/// A number above 0.
pub fn positive(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    const WANTED: &str = "a number above 0";
    let value = finite_number(node, WANTED, diagnostics)?;
    if value > 0.0 {
        return Some(value);
    }
    let message = format!("`{}` is not above 0", shown(value));
    diagnostics.error(node.span, message, format!("expected {WANTED}"));
    None
}

/// Any finite number.
pub fn number(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    finite_number(node, "a number", diagnostics)
}

/// `true` or `false`.
pub fn boolean(node: &Node, diagnostics: &mut Diagnostics) -> Option<bool> {
    if let Value::Bool(value) = node.value {
        return Some(value);
    }
    expected(node, "`true` or `false`", diagnostics);
    None
}

/// Every element of a list, read by `read`; nothing when one of them is wrong, but all are looked at.
pub fn list_of<T>(
    node: &Node,
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(&Node, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let Value::List(items) = &node.value else {
        let error = expected(node, "a list `[...]`", diagnostics);
        if let Some(text) = text_of(node) {
            error.help(format!("write `[\"{}\"]`", excerpt(text)));
        }
        return None;
    };
    all(items.iter().map(|item| read(item, diagnostics)))
}

/// Every value of a map with its name, in the order of the text; nothing when one of them is wrong.
pub fn map_of<T>(
    node: &Node,
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(&Node, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<(Spanned<String>, T)>> {
    let Value::Map(pairs) = &node.value else {
        let error = expected(node, "a map `{ \"name\": value }`", diagnostics);
        match &node.value {
            Value::Unit => {
                error.help("an empty map is written `{}`");
            }
            Value::Struct(Struct { name: None, .. }) => {
                error.help(
                    "names of your own stand in curly brackets and in quotes; round brackets hold fields",
                );
            }
            _ => {}
        }
        return None;
    };
    all(pairs.iter().map(|(key, value)| {
        let name = spanned(key, diagnostics, name);
        // The value is looked at even where its name is wrong.
        let value = read(value, diagnostics);
        name.zip(value)
    }))
}

/// A text that is not empty and can be printed.
fn name(node: &Node, diagnostics: &mut Diagnostics) -> Option<String> {
    let name = printable(node, diagnostics)?;
    if name.trim().is_empty() {
        diagnostics.error(node.span, "a name is empty", "expected a name");
        return None;
    }
    Some(name)
}

/// A text of one line without characters that a terminal would act on or nobody sees: reports print it.
pub fn printable(node: &Node, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = string(node, diagnostics)?;
    // Joiners belong to the spelling of some languages.
    let is_odd = |c: &char| is_invisible(*c) && !matches!(c, '\u{200c}' | '\u{200d}');
    let Some(odd) = text.chars().find(is_odd) else { return Some(text) };
    let message = format!("this text holds the invisible character U+{:04X}", u32::from(odd));
    diagnostics.error(node.span, message, "expected a text of one line that can be printed");
    None
}

/// All values, or nothing; every item is produced before it is known which.
fn all<T>(items: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    items.collect::<Vec<_>>().into_iter().collect()
}

/// A quantity with its unit, read by `read`.
pub(super) fn quantity<T>(
    node: &Node,
    wanted: &str,
    units: &'static str,
    read: impl FnOnce(&str) -> Result<T, UnitError>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    if let Value::Number(value) = node.value {
        let value = finite(node, value, wanted, diagnostics)?;
        let number = shown(value);
        let message = UnitError::NoUnit { number, units }.to_string();
        diagnostics.error(node.span, message, format!("expected {wanted}"));
        return None;
    }
    let Some(text) = text_of(node) else {
        expected(node, wanted, diagnostics);
        return None;
    };
    match read(text) {
        Ok(value) => Some(value),
        Err(error) => {
            no_quantity(text, &error, node.span, wanted, diagnostics);
            None
        }
    }
}

/// Records why a text is no quantity.
fn no_quantity(text: &str, error: &UnitError, span: Span, wanted: &str, diagnostics: &mut Diagnostics) {
    let entry = diagnostics.error(span, error.to_string(), format!("expected {wanted}"));
    if let (Some(meant), UnitError::UnknownUnit { unit, .. }) = (error.meant(), error) {
        entry.help(format!("did you mean `{}`?", excerpt(&text.replacen(unit.as_str(), meant, 1))));
    }
}

fn finite_number(node: &Node, wanted: &str, diagnostics: &mut Diagnostics) -> Option<f64> {
    if let Value::Number(value) = node.value {
        return finite(node, value, wanted, diagnostics);
    }
    let text = text_of(node).filter(|text| text.parse::<f64>().is_ok());
    let error = expected(node, wanted, diagnostics);
    if let Some(text) = text {
        error.help(format!("write {} without quotes", excerpt(text)));
    }
    None
}

fn finite(node: &Node, value: f64, wanted: &str, diagnostics: &mut Diagnostics) -> Option<f64> {
    if value.is_finite() {
        return Some(value);
    }
    diagnostics.error(node.span, format!("`{value}` is not a finite number"), format!("expected {wanted}"));
    None
}

fn shown(value: f64) -> String {
    excerpt(&value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Sources;
    use crate::scenario::parse::parse_from;

    pub(crate) fn node(text: &str) -> Node {
        let source = Sources::new().add("test", text);
        let mut found = Diagnostics::new();
        parse_from(source, text, 0, false, &mut found).unwrap_or_else(|| panic!("{text}: {found:?}"))
    }

    /// The value, or the error's message and help.
    fn read<T>(
        text: &str,
        decoder: impl FnOnce(&Node, &mut Diagnostics) -> Option<T>,
    ) -> Result<T, (String, Option<String>)> {
        let mut found = Diagnostics::new();
        let value = decoder(&node(text), &mut found);
        assert_eq!(value.is_some(), found.is_empty(), "{text}: {found:?}");
        value.ok_or_else(|| {
            let first = found.into_vec().swap_remove(0);
            (first.message, first.help)
        })
    }

    fn message<T: std::fmt::Debug>(
        text: &str,
        decoder: impl FnOnce(&Node, &mut Diagnostics) -> Option<T>,
    ) -> String {
        read(text, decoder).unwrap_err().0
    }

    #[test]
    fn scalars_have_their_types() {
        assert_eq!(read("\"a\"", string), Ok("a".to_owned()));
        assert_eq!(read("\"4h\"", span), Ok(1.44e10));
        assert_eq!(read("\"99.9%\"", fraction01), Ok(0.999));
        assert_eq!(read("0.3", fraction01), Ok(0.3));
        assert_eq!(read("2_000_000", count), Ok(2_000_000));
        assert_eq!(read("\"36k/h\"", rate), Ok(10.0));
        assert_eq!(read("2.5", positive), Ok(2.5));
        assert_eq!(read("-6.3", number), Ok(-6.3));
        assert_eq!(read("true", boolean), Ok(true));
        assert_eq!(read("[1, 2]", |n, d| list_of(n, d, count)), Ok(vec![1, 2]));
        let pairs = read("{ \"b\": 1, \"a\": 2 }", |n, d| map_of(n, d, count)).unwrap();
        let pairs: Vec<_> =
            pairs.into_iter().map(|(key, value)| (key.value, key.span.start, value)).collect();
        assert_eq!(pairs, [("b".to_owned(), 2, 1), ("a".to_owned(), 10, 2)]);
    }

    #[test]
    fn wrong_scalars_say_why() {
        assert_eq!(message("4", span), "`4` has no unit (us, ms, s, m, h, d, w or y)");
        assert_eq!(message("inf", span), "`inf` is not a finite number");
        assert_eq!(message("[4]", span), "a list `[...]` does not belong here");
        assert_eq!(
            read("\"4 hours\"", span).unwrap_err(),
            (
                "there is no unit `hours` here (us, ms, s, m, h, d, w or y)".to_owned(),
                Some("did you mean `4 h`?".to_owned())
            )
        );
        assert_eq!(
            read("30", fraction01).unwrap_err(),
            ("`30` is not between 0 and 1".to_owned(), Some("for 30 percent write `\"30%\"`".to_owned()))
        );
        assert_eq!(message("\"120%\"", fraction01), "`120%` is more than 100%");
        assert_eq!(message("-0.1", fraction01), "`-0.1` is not between 0 and 1");
        assert_eq!(message("-1", count), "`-1` is negative");
        assert_eq!(message("1.5", count), "`1.5` is not a whole number");
        assert_eq!(message("1e300", count).len(), 95);
        assert_eq!(message("NaN", number), "`NaN` is not a finite number");
        assert_eq!(message("0", positive), "`0` is not above 0");
        assert_eq!(
            read("Nearest", string).unwrap_err(),
            ("`Nearest` does not belong here".to_owned(), Some("write `\"Nearest\"`".to_owned()))
        );
        assert_eq!(read("\"3\"", count).unwrap_err().1.as_deref(), Some("write 3 without quotes"));
        assert_eq!(message("{ \" \": 1 }", |n, d| map_of(n, d, count)), "a name is empty");
    }

    #[test]
    fn every_element_is_looked_at() {
        let mut found = Diagnostics::new();
        assert_eq!(list_of(&node("[\"1h\", 2, \"x\"]"), &mut found, span), None);
        assert_eq!(map_of(&node("{ \"a\": 1, b: -2, \"c\": \"3\" }"), &mut found, count), None);
        assert_eq!(found.into_vec().len(), 5);
    }

    #[test]
    fn fields_are_known_by_being_asked_for() {
        let mut found = Diagnostics::new();
        let text = node("(detect: \"5m\", wrok: \"3h\", colour: 1)");
        let mut fields = Fields::plain(&text, "a repair", &mut found).unwrap();
        assert!(fields.take("detect").is_some());
        assert!(fields.take("crew").is_none());
        assert!(fields.require_as("work", "how long it takes").is_none());
        assert!(fields.require_as("priority", "who goes first").is_none());
        fields.finish(&mut found);
        let found = found.into_vec();
        let said: Vec<_> =
            found.iter().map(|d| (d.message.as_str(), d.label.as_str(), d.help.as_deref())).collect();
        assert_eq!(
            said,
            [
                (
                    "the field `priority` of a repair is missing",
                    "expected a field `priority`: who goes first",
                    None
                ),
                (
                    "unknown field `wrok` of a repair",
                    "expected one of detect, crew, work, priority",
                    Some("did you mean `work`?")
                ),
                ("unknown field `colour` of a repair", "expected one of detect, crew, work, priority", None),
            ]
        );
    }

    #[test]
    fn structs_of_the_wrong_shape() {
        let of = |text: &str| {
            let mut found = Diagnostics::new();
            assert!(Fields::plain(&node(text), "a repair", &mut found).is_none());
            found.into_vec().swap_remove(0).message
        };
        assert_eq!(of("(1, 2)"), "a repair has values with names only");
        assert_eq!(of("{ \"work\": 1 }"), "a map `{...}` does not belong here");
        assert_eq!(of("Exp(work: 1)"), "`Exp(...)` does not belong here");
        assert_eq!(of("\"x\""), "the text \"x\" does not belong here");
        assert!(Fields::plain(&node("()"), "a repair", &mut Diagnostics::new()).is_some());
    }

    #[test]
    fn words_without_quotes_only_on_the_command_line() {
        let mut word = node("chillers");
        assert_eq!(string(&word, &mut Diagnostics::new()), None);
        word.bare = true;
        assert_eq!(string(&word, &mut Diagnostics::new()), Some("chillers".to_owned()));
    }

    #[test]
    fn a_figure_has_a_source_or_is_a_guess() {
        let provenance = |text: &str| {
            let mut found = Diagnostics::new();
            let node = node(text);
            let mut fields = Fields::of(&node, "a figure", &mut found).unwrap();
            let provenance = Provenance::take(&mut fields, &mut found);
            fields.finish(&mut found);
            (provenance.source.map(|s| s.value), provenance.guess.map(|s| s.value), found.has_errors())
        };
        assert_eq!(provenance("(source: \"NREL\")"), (Some("NREL".to_owned()), None, false));
        assert!(provenance("(source: \"NREL\", guess: \"so\")").2);
    }
}
