//! Laws out of the tree: `Exp("2y")`, `LogNormal(median: "10m", p90: "2h")`, or a plain quantity.

use super::decode::{
    Fields, Provenance, amount, data_rate, data_size, distance, expected, fault_rate, fraction01, list_of,
    money, money_rate, plain, positive, rate, ratio, share_rate, span, unknown_name,
};
use super::diagnostics::Diagnostics;
use super::law_spec::{Argument, LAW_NAMES, LawKind, LawSpec, Spread, argument_names, form};
use super::tree::{Node, Value};
use super::unknowns::{Figure, Guessed, guessed, is_uncertain, weight};
use crate::law::Form;

/// A law; a plain quantity is `Fixed`.
pub fn law(node: &Node, kind: LawKind, diagnostics: &mut Diagnostics) -> Option<LawSpec> {
    read(node, kind, None, diagnostics)
}

/// A law that may have `source:` or `guess:` among its named values.
pub fn law_with_source(
    node: &Node,
    kind: LawKind,
    diagnostics: &mut Diagnostics,
) -> Option<(LawSpec, Provenance)> {
    let mut provenance = Provenance::default();
    let law = read(node, kind, Some(&mut provenance), diagnostics)?;
    Some((law, provenance))
}

fn read(
    node: &Node,
    kind: LawKind,
    provenance: Option<&mut Provenance>,
    diagnostics: &mut Diagnostics,
) -> Option<LawSpec> {
    if matches!(node.value, Value::Str(_) | Value::Number(_)) {
        return value(node, kind, diagnostics).map(LawSpec::Fixed);
    }
    if is_uncertain(node) {
        let guessed = guessed(node, kind, diagnostics)?;
        return Some(with_unknown(LawSpec::Fixed(guessed.nominal), &[("value", guessed)]));
    }
    let Some((name, name_span)) = node.variant() else {
        expected(node, "a law such as `Exp(...)`, or a plain quantity", diagnostics)
            .help("a law starts with its name: `LogNormal(median: ..., p90: ...)`");
        return None;
    };
    let Some(name) = LAW_NAMES.into_iter().find(|known| *known == name) else {
        unknown_name(name, name_span, "law", &LAW_NAMES, diagnostics);
        return None;
    };
    let mut fields = Fields::arguments(node, form(name), argument_names(name), diagnostics)?;
    let mut reader = Reader { kind, fields: &mut fields, diagnostics, unknown: Vec::new() };
    let law = reader.law(name, node);
    let unknown = std::mem::take(&mut reader.unknown);
    let law = law.and_then(|law| {
        if unknown.is_empty() { Some(law) } else { made_unknown(law, &unknown, node, diagnostics) }
    });
    if let Some(provenance) = provenance {
        *provenance = Provenance::take(&mut fields, diagnostics);
    }
    fields.finish(diagnostics);
    law
}

/// A value of a law.
fn value(node: &Node, kind: LawKind, diagnostics: &mut Diagnostics) -> Option<f64> {
    match kind {
        LawKind::Time => span(node, diagnostics),
        LawKind::Fraction => fraction01(node, diagnostics),
        LawKind::Number | LawKind::Count => plain(node, diagnostics),
        LawKind::Rate => rate(node, diagnostics),
        LawKind::Ratio => ratio(node, diagnostics),
        LawKind::ShareRate => share_rate(node, diagnostics),
        LawKind::Distance => distance(node, diagnostics),
        LawKind::DataRate => data_rate(node, diagnostics),
        LawKind::DataSize => data_size(node, diagnostics),
        LawKind::FaultRate => fault_rate(node, diagnostics),
        LawKind::Amount => amount(node, diagnostics),
        LawKind::Money => money(node, diagnostics).map(|money| money.amount),
        LawKind::MoneyRate => money_rate(node, diagnostics).map(|money| money.amount),
    }
}

/// The law with its unknown values; an error where these might make no law.
fn made_unknown(
    law: LawSpec,
    unknown: &[(&'static str, Guessed)],
    node: &Node,
    diagnostics: &mut Diagnostics,
) -> Option<LawSpec> {
    // Whatever is lowest and highest, in all combinations: there are at most three.
    for corner in 0..1_usize << unknown.len() {
        let end = |(at, (_, guessed)): (usize, &(_, Guessed))| {
            if corner >> at & 1 == 0 { guessed.ends.0 } else { guessed.ends.1 }
        };
        let ends: Vec<f64> = unknown.iter().enumerate().map(end).collect();
        let LawSpec::Uncertain { form, values } = with_unknown(law.clone(), unknown) else { continue };
        let value = |argument: &Argument, name: &str| {
            let at = unknown.iter().position(|(known, _)| *known == name);
            at.and_then(|at| ends.get(at).copied()).unwrap_or(argument.value)
        };
        let names = names_of(&law);
        let values: Vec<f64> =
            values.iter().zip(names).map(|(argument, name)| value(argument, name)).collect();
        if form.law(&values).is_err() {
            let message = "these unknown values may make no law";
            let label = "expected values that fit each other, whatever they are";
            diagnostics.error(node.span, message, label);
            return None;
        }
    }
    Some(with_unknown(law, unknown))
}

/// The names of a law's values, in the order of its form.
const fn names_of(law: &LawSpec) -> &'static [&'static str] {
    match law {
        LawSpec::Exp { .. } => &["mean"],
        LawSpec::LogNormal { spread: Spread::P90(_), .. } => &["median", "p90"],
        LawSpec::LogNormal { spread: Spread::Sigma(_), .. } => &["median", "sigma"],
        LawSpec::Weibull { .. } => &["scale", "shape"],
        LawSpec::Gamma { .. } => &["mean", "cv"],
        LawSpec::Fixed(_) => &["value"],
        LawSpec::Uniform { .. } => &["low", "high"],
        LawSpec::Triangular { .. } => &["low", "mode", "high"],
        _ => &[],
    }
}

/// The law with those of its values unknown that have a number; as it is where its tree has not been numbered.
fn with_unknown(law: LawSpec, unknown: &[(&'static str, Guessed)]) -> LawSpec {
    let (form, values) = match &law {
        LawSpec::Exp { mean } => (Form::Exp, vec![*mean]),
        LawSpec::LogNormal { median, spread: Spread::P90(p90) } => (Form::LogNormalP90, vec![*median, *p90]),
        LawSpec::LogNormal { median, spread: Spread::Sigma(sigma) } => {
            (Form::LogNormalSigma, vec![*median, *sigma])
        }
        LawSpec::Weibull { scale, shape } => (Form::Weibull, vec![*scale, *shape]),
        LawSpec::Gamma { mean, cv } => (Form::Gamma, vec![*mean, *cv]),
        LawSpec::Fixed(value) => (Form::Fixed, vec![*value]),
        LawSpec::Uniform { low, high } => (Form::Uniform, vec![*low, *high]),
        LawSpec::Triangular { low, mode, high } => (Form::Triangular, vec![*low, *mode, *high]),
        _ => return law,
    };
    if unknown.iter().any(|(_, guessed)| guessed.number.is_none()) {
        return law;
    }
    let number = |name: &str| unknown.iter().find(|(known, _)| *known == name).and_then(|(_, g)| g.number);
    let argument = |(value, name): (f64, &&str)| Argument { value, unknown: number(name) };
    LawSpec::Uncertain { form, values: values.into_iter().zip(names_of(&law)).map(argument).collect() }
}

/// A value with the node it was read from, for errors about how values compare.
type Read<'n> = (f64, &'n Node);

struct Reader<'r, 'n> {
    kind: LawKind,
    fields: &'r mut Fields<'n>,
    diagnostics: &'r mut Diagnostics,
    /// Values that nobody knows.
    unknown: Vec<(&'static str, Guessed)>,
}

impl<'n> Reader<'_, 'n> {
    fn law(&mut self, name: &str, node: &Node) -> Option<LawSpec> {
        match name {
            "Exp" => self.above_zero("mean").map(|mean| LawSpec::Exp { mean }),
            "LogNormal" => self.log_normal(node),
            "Weibull" => {
                let (scale, shape) = (self.above_zero("scale"), self.plain_number("shape"));
                Some(LawSpec::Weibull { scale: scale?, shape: shape? })
            }
            "Gamma" => {
                let (mean, cv) = (self.above_zero("mean"), self.plain_number("cv"));
                Some(LawSpec::Gamma { mean: mean?, cv: cv? })
            }
            "Fixed" => self.quantity("value").map(|(value, _)| LawSpec::Fixed(value)),
            "Uniform" => {
                let (low, high) = (self.quantity("low"), self.quantity("high"));
                let (low, high) = (low?, high?);
                self.ascending(low, high, "low", "high")?;
                Some(LawSpec::Uniform { low: low.0, high: high.0 })
            }
            "Triangular" => self.triangular(),
            "Empirical" => self.empirical(),
            "Mix" => self.mix(),
            _ => self.never(node),
        }
    }

    fn require(&mut self, name: &'static str) -> Option<&'n Node> {
        self.fields.require(name)
    }

    fn quantity(&mut self, name: &'static str) -> Option<Read<'n>> {
        let node = self.require(name)?;
        self.value(name, node).map(|value| (value, node))
    }

    /// A value, or what stands in for one that nobody knows.
    fn value(&mut self, name: &'static str, node: &Node) -> Option<f64> {
        if !is_uncertain(node) {
            return value(node, self.kind, self.diagnostics);
        }
        let guessed = guessed(node, self.kind, self.diagnostics)?;
        self.unknown.push((name, guessed));
        Some(guessed.nominal)
    }

    fn above_zero(&mut self, name: &'static str) -> Option<f64> {
        let (value, node) = self.quantity(name)?;
        self.check_above_zero(value, node, name)
    }

    fn check_above_zero(&mut self, value: f64, node: &Node, name: &str) -> Option<f64> {
        if value > 0.0 {
            return Some(value);
        }
        self.diagnostics.error(node.span, format!("`{name}` is not above 0"), "expected a value above 0");
        None
    }

    /// A number above 0 that has no unit: a shape, not a size.
    fn shape(&mut self, name: &'static str, node: &Node) -> Option<f64> {
        if !is_uncertain(node) {
            return positive(node, self.diagnostics);
        }
        let guessed = guessed(node, LawKind::Number, self.diagnostics)?;
        self.unknown.push((name, guessed));
        Some(guessed.nominal)
    }

    fn plain_number(&mut self, name: &'static str) -> Option<f64> {
        let node = self.require(name)?;
        self.shape(name, node)
    }

    /// Records an error where `high` is below `low`.
    fn ascending(&mut self, low: Read<'_>, high: Read<'_>, low_name: &str, high_name: &str) -> Option<()> {
        if low.0 <= high.0 {
            return Some(());
        }
        self.diagnostics
            .error(
                high.1.span,
                format!("`{high_name}` is below `{low_name}`"),
                format!("expected at least the value of `{low_name}`"),
            )
            .also(low.1.span, format!("`{low_name}`"));
        None
    }

    fn log_normal(&mut self, node: &Node) -> Option<LawSpec> {
        let median = self.quantity("median");
        let (p90, sigma) = (self.fields.take("p90"), self.fields.take("sigma"));
        let spread = match (p90, sigma) {
            (Some(p90), Some(sigma)) => {
                self.diagnostics
                    .error(
                        sigma.span,
                        "both `p90` and `sigma` say how far it scatters",
                        "expected only one of them",
                    )
                    .also(p90.span, "`p90`");
                None
            }
            (Some(p90), None) => self.value("p90", p90).map(Spread::P90),
            (None, Some(sigma)) => self.shape("sigma", sigma).map(Spread::Sigma),
            (None, None) => {
                self.diagnostics.error(
                    node.span,
                    "how far this `LogNormal` scatters is missing",
                    "expected a field `p90`, or `sigma`",
                );
                None
            }
        };
        let (median, median_node) = median?;
        let median = self.check_above_zero(median, median_node, "median")?;
        let spread = spread?;
        if let (Spread::P90(value), Some(p90)) = (spread, p90)
            && value <= median
        {
            self.diagnostics
                .error(
                    p90.span,
                    "`p90` is not above the median",
                    "expected more: 9 of 10 values lie below p90",
                )
                .also(median_node.span, "the median");
            return None;
        }
        Some(LawSpec::LogNormal { median, spread })
    }

    fn triangular(&mut self) -> Option<LawSpec> {
        let (low, mode, high) = (self.quantity("low"), self.quantity("mode"), self.quantity("high"));
        let (low, mode, high) = (low?, mode?, high?);
        let first = self.ascending(low, mode, "low", "mode");
        let second = self.ascending(mode, high, "mode", "high");
        first.and(second).map(|()| LawSpec::Triangular { low: low.0, mode: mode.0, high: high.0 })
    }

    fn empirical(&mut self) -> Option<LawSpec> {
        let node = self.require("values")?;
        let kind = self.kind;
        let values = list_of(node, self.diagnostics, |item, diagnostics| observed(item, kind, diagnostics))?;
        let values = self.not_empty(node, values)?;
        if values.iter().all(|value| value.unknown.is_none()) {
            return Some(LawSpec::Empirical(values.iter().map(|value| value.value).collect()));
        }
        let values = values.iter().map(|value| Argument { value: value.value, unknown: value.unknown });
        Some(LawSpec::Uncertain { form: Form::Empirical, values: values.collect() })
    }

    fn mix(&mut self) -> Option<LawSpec> {
        let node = self.require("parts")?;
        let kind = self.kind;
        let parts = list_of(node, self.diagnostics, |item, diagnostics| part(item, kind, diagnostics))?;
        self.not_empty(node, parts).map(LawSpec::Mix)
    }

    fn not_empty<T>(&mut self, node: &Node, list: Vec<T>) -> Option<Vec<T>> {
        if list.is_empty() {
            self.diagnostics.error(node.span, "the list is empty", "expected at least one value");
            return None;
        }
        Some(list)
    }

    fn never(&mut self, node: &Node) -> Option<LawSpec> {
        if self.kind == LawKind::Time {
            return Some(LawSpec::Never);
        }
        let what = if self.kind == LawKind::Fraction { "shares" } else { "numbers" };
        expected(node, &format!("a law of {what}: `Never` is a time"), self.diagnostics);
        None
    }
}

/// An observed value, which need not be known.
fn observed(node: &Node, kind: LawKind, diagnostics: &mut Diagnostics) -> Option<Figure> {
    if !is_uncertain(node) {
        return value(node, kind, diagnostics).map(Figure::known);
    }
    let guessed = guessed(node, kind, diagnostics)?;
    if !guessed.ends.1.is_finite() {
        let label = "expected a law whose values are finite";
        diagnostics.error(node.span, "this unknown value may be beyond all numbers", label);
        return None;
    }
    Some(Figure { value: guessed.nominal, unknown: guessed.number, ends: guessed.ends })
}

/// `(weight, law)` in a mixture.
fn part(node: &Node, kind: LawKind, diagnostics: &mut Diagnostics) -> Option<(Argument, LawSpec)> {
    const WHAT: &str = "a part of `Mix`, written `(weight, law)`";
    let mut fields = Fields::arguments(node, WHAT, &["weight", "law"], diagnostics)?;
    let figure = fields.require("weight");
    let inner = fields.require("law");
    let figure = figure.and_then(|node| weight(node, diagnostics, above_zero));
    let inner = inner.and_then(|node| law(node, kind, diagnostics));
    fields.finish(diagnostics);
    let figure = figure.map(|figure| Argument { value: figure.value, unknown: figure.unknown });
    figure.zip(inner)
}

/// A weight of a part that happens at times: a share, or a plain number.
fn above_zero(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    if !matches!(node.value, Value::Str(_)) {
        return positive(node, diagnostics);
    }
    let share = fraction01(node, diagnostics)?;
    if share > 0.0 {
        return Some(share);
    }
    diagnostics.error(node.span, "the weight is not above 0", "expected a weight above 0");
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse::parse;
    use crate::scenario::{Diagnostic, Sources};

    const MINUTE: f64 = 60e6;
    const HOUR: f64 = 60.0 * MINUTE;

    fn read_as(text: &str, kind: LawKind) -> Result<LawSpec, Vec<Diagnostic>> {
        let mut found = Diagnostics::new();
        let node =
            parse(Sources::new().add("test", text), text, &mut found).unwrap_or_else(|| panic!("{text}"));
        let law = law(&node, kind, &mut found);
        assert!(law.is_some() || found.has_errors(), "{text}");
        if found.is_empty() { law.ok_or_else(Vec::new) } else { Err(found.into_vec()) }
    }

    fn time(text: &str) -> Result<LawSpec, Vec<Diagnostic>> {
        read_as(text, LawKind::Time)
    }

    fn error(text: &str) -> (String, String, Option<String>) {
        let first = time(text).unwrap_err().swap_remove(0);
        (first.message, first.label, first.help)
    }

    #[test]
    fn positional_and_named_forms_mean_the_same() {
        for (forms, law) in [
            (["Exp(\"2h\")", "Exp(mean: \"2h\")"], LawSpec::Exp { mean: 2.0 * HOUR }),
            (
                ["LogNormal(\"10m\", \"2h\")", "LogNormal(p90: \"2h\", median: \"10m\")"],
                LawSpec::LogNormal { median: 10.0 * MINUTE, spread: Spread::P90(2.0 * HOUR) },
            ),
            (
                ["Weibull(\"1h\", 1.5)", "Weibull(scale: \"1h\", shape: 1.5)"],
                LawSpec::Weibull { scale: HOUR, shape: 1.5 },
            ),
            (["Gamma(\"1h\", 2.2)", "Gamma(mean: \"1h\", cv: 2.2)"], LawSpec::Gamma { mean: HOUR, cv: 2.2 }),
            (["Fixed(\"1h\")", "\"1h\""], LawSpec::Fixed(HOUR)),
            (
                ["Uniform(\"1m\", \"1h\")", "Uniform(low: \"1m\", high: \"1h\")"],
                LawSpec::Uniform { low: MINUTE, high: HOUR },
            ),
            (
                ["Triangular(\"1m\", \"2m\", \"1h\")", "Triangular(low: \"1m\", mode: \"2m\", high: \"1h\")"],
                LawSpec::Triangular { low: MINUTE, mode: 2.0 * MINUTE, high: HOUR },
            ),
            (
                ["Empirical([\"1m\", \"1h\"])", "Empirical(values: [\"1m\", \"1h\"])"],
                LawSpec::Empirical(vec![MINUTE, HOUR]),
            ),
            (
                [
                    "Mix([(1, \"1h\"), (\"25%\", Never)])",
                    "Mix(parts: [(weight: 1, law: \"1h\"), (0.25, Never())])",
                ],
                LawSpec::Mix(vec![
                    (Argument::known(1.0), LawSpec::Fixed(HOUR)),
                    (Argument::known(0.25), LawSpec::Never),
                ]),
            ),
            (["Never", "Never()"], LawSpec::Never),
        ] {
            for form in forms {
                assert_eq!(time(form), Ok(law.clone()), "{form}");
            }
        }
        assert_eq!(
            time("LogNormal(median: \"1h\", sigma: 0.8)"),
            Ok(LawSpec::LogNormal { median: HOUR, spread: Spread::Sigma(0.8) })
        );
    }

    #[test]
    fn laws_of_shares() {
        assert_eq!(
            read_as("Empirical([\"2%\", 0.1])", LawKind::Fraction),
            Ok(LawSpec::Empirical(vec![0.02, 0.1]))
        );
        assert_eq!(read_as("0.3", LawKind::Fraction), Ok(LawSpec::Fixed(0.3)));
        for text in ["\"4h\"", "Fixed(1.2)", "Never", "Uniform(\"10%\", \"110%\")"] {
            assert!(read_as(text, LawKind::Fraction).is_err(), "{text}");
        }
    }

    #[test]
    fn wrong_names_and_numbers_of_values() {
        let (message, _, help) = error("Lognormal(\"1h\", \"2h\")");
        assert_eq!(
            (message.as_str(), help.as_deref()),
            ("there is no law `Lognormal`", Some("did you mean `LogNormal`?"))
        );
        let (message, label, _) = error("LogNormal(\"1h\")");
        assert_eq!(message, "`LogNormal` takes 2 values, found 1");
        assert_eq!(label, "expected `LogNormal(median, p90)`");
        assert_eq!(error("Exp()").0, "the field `mean` of `Exp(mean)` is missing");
        let (message, _, help) = error("Exp(maen: \"1h\")");
        assert_eq!(message, "unknown field `maen` of `Exp(mean)`");
        assert_eq!(help.as_deref(), Some("did you mean `mean`?"));
        assert_eq!(time("Exp(maen: \"1h\")").unwrap_err().len(), 1);
        assert_eq!(error("Exp(mean: \"1h\", source: \"x\")").0, "unknown field `source` of `Exp(mean)`");
        assert_eq!(error("(median: \"1h\")").0, "a struct `(...)` does not belong here");
        assert_eq!(error("Never(\"1h\")").0, "`Never` has values with names only");
    }

    #[test]
    fn values_that_no_law_has() {
        for (text, message) in [
            ("Exp(\"0s\")", "`mean` is not above 0"),
            ("LogNormal(\"0s\", \"1h\")", "`median` is not above 0"),
            ("LogNormal(\"1h\", \"1h\")", "`p90` is not above the median"),
            ("LogNormal(median: \"1h\", sigma: 0)", "`0` is not above 0"),
            ("LogNormal(median: \"1h\")", "how far this `LogNormal` scatters is missing"),
            (
                "LogNormal(median: \"1h\", p90: \"2h\", sigma: 1)",
                "both `p90` and `sigma` say how far it scatters",
            ),
            ("Weibull(\"1h\", -1)", "`-1` is not above 0"),
            ("Uniform(\"2h\", \"1h\")", "`high` is below `low`"),
            ("Triangular(\"1h\", \"3h\", \"2h\")", "`high` is below `mode`"),
            ("Triangular(\"2h\", \"1h\", \"2h\")", "`mode` is below `low`"),
            ("Mix([(0, \"1h\")])", "`0` is not above 0"),
            ("Mix([(\"0%\", \"1h\")])", "the weight is not above 0"),
            ("Mix([])", "the list is empty"),
            ("Empirical([])", "the list is empty"),
            ("Exp(2)", "`2` has no unit (us, ms, s, m, h, d, w or y)"),
            ("Exp(\"inf\")", "`inf` is not a finite number"),
        ] {
            assert_eq!(error(text).0, message, "{text}");
        }
    }

    #[test]
    fn all_values_of_a_law_are_looked_at() {
        assert_eq!(time("Triangular(1, 2, 3)").unwrap_err().len(), 3);
        assert_eq!(time("Mix([(0, Exp(1)), (\"x\", Foo)])").unwrap_err().len(), 4);
    }

    #[test]
    fn a_law_may_name_its_source() {
        let text = "Exp(mean: \"2h\", source: \"NREL\")";
        let mut found = Diagnostics::new();
        let node = parse(Sources::new().add("test", text), text, &mut found).unwrap();
        let (law, provenance) = law_with_source(&node, LawKind::Time, &mut found).unwrap();
        assert!(found.is_empty());
        assert_eq!(law, LawSpec::Exp { mean: 2.0 * HOUR });
        assert_eq!(provenance.source.unwrap().value, "NREL");
    }
}
