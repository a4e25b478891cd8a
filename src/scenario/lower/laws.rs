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
        LawSpec::Mix(parts) => {
            let laws: Result<Vec<_>, _> =
                parts.iter().map(|(w, part)| build(part).map(|l| (*w, l))).collect();
            Law::mix(laws?)
        }
        LawSpec::Never => Ok(Law::NEVER),
        LawSpec::Uncertain { form, values } => uncertain(*form, values),
    }
}

fn uncertain(form: Form, values: &[Argument]) -> Result<Law, LawError> {
    let most = values.iter().filter_map(|argument| argument.unknown).max().unwrap_or(0);
    let mut drawn = vec![0.0; most + 1];
    for argument in values {
        if let Some(place) = argument.unknown.and_then(|number| drawn.get_mut(number)) {
            *place = argument.value;
        }
    }
    let value = |argument: &Argument| argument.unknown.map_or(Value::Known(argument.value), Value::Unknown);
    let values = values.iter().map(value).collect();
    Uncertain::new(form, values, &drawn).map(|law| Law::Uncertain(Box::new(law)))
}
