//! Laws as the file has them to laws that can be drawn from.

use crate::law::{Form, Law, LawError, Uncertain, Value};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::{Argument, LawSpec, Spread};
use crate::scenario::sources::Span;

/// The law; one that cannot be drawn from is reported at `span`, and `Never` stands in for it.
pub(super) fn law(spec: &LawSpec, span: Span, found: &mut Diagnostics) -> Law {
    build(spec).unwrap_or_else(|error| {
        found.error(span, error.to_string(), "expected a law that values can be drawn from");
        Law::NEVER
    })
}

/// The law; `None` for one that cannot be drawn from.
pub(in crate::scenario) fn built(spec: &LawSpec) -> Option<Law> {
    build(spec).ok()
}

fn build(spec: &LawSpec) -> Result<Law, LawError> {
    match spec {
        LawSpec::Exp { mean } => Law::exp(*mean),
        LawSpec::LogNormal { median, spread: Spread::P90(p90) } => Law::log_normal_p90(*median, *p90),
        LawSpec::LogNormal { median, spread: Spread::Sigma(sigma) } => Law::log_normal(*median, *sigma),
        LawSpec::Weibull { scale, shape } => Law::weibull(*scale, *shape),
        LawSpec::Gamma { mean, cv } => Law::gamma(*mean, *cv),
        LawSpec::Fixed(value) => Law::fixed(*value),
        LawSpec::Uniform { low, high } => Law::uniform(*low, *high),
        LawSpec::Triangular { low, mode, high } => Law::triangular(*low, *mode, *high),
        LawSpec::Empirical(values) => Law::empirical(values.clone()),
        LawSpec::Mix(parts) => mix(parts),
        LawSpec::Never => Ok(Law::NEVER),
        LawSpec::Uncertain { form, values } => uncertain(*form, values),
    }
}

/// A mixture, which is uncertain where a weight or a part is.
fn mix(parts: &[(Argument, LawSpec)]) -> Result<Law, LawError> {
    let laws: Result<Vec<_>, _> = parts.iter().map(|(_, part)| build(part)).collect();
    let laws = laws?;
    let weights: Vec<Argument> = parts.iter().map(|(weight, _)| *weight).collect();
    let is_unknown = weights.iter().any(|weight| weight.unknown.is_some())
        || laws.iter().any(|law| matches!(law, Law::Uncertain(_)));
    if !is_unknown {
        return Law::mix(weights.iter().map(|weight| weight.value).zip(laws).collect());
    }
    let parts = weights.iter().map(value).zip(laws).collect();
    Uncertain::mix(parts, &stand_ins(&weights)).map(|law| Law::Uncertain(Box::new(law)))
}

fn uncertain(form: Form, values: &[Argument]) -> Result<Law, LawError> {
    let drawn = stand_ins(values);
    Uncertain::new(form, values.iter().map(value).collect(), &drawn).map(|law| Law::Uncertain(Box::new(law)))
}

fn value(argument: &Argument) -> Value {
    argument.unknown.map_or(Value::Known(argument.value), Value::Unknown)
}

/// Values of unknown figures, by number, until they are drawn.
fn stand_ins(arguments: &[Argument]) -> Vec<f64> {
    let most = arguments.iter().filter_map(|argument| argument.unknown).max().unwrap_or(0);
    let mut drawn = vec![0.0; most + 1];
    for argument in arguments {
        if let Some(place) = argument.unknown.and_then(|number| drawn.get_mut(number)) {
            *place = argument.value;
        }
    }
    drawn
}
