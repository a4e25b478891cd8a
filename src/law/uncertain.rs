//! Laws some of whose values nobody knows: they are drawn once for a whole replication.

use super::{Law, LawError};

/// Which law the values belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Its mean.
    Exp,
    /// Its median and 90 % quantile.
    LogNormalP90,
    /// Its median and the standard deviation of its logarithm.
    LogNormalSigma,
    /// Its scale and shape.
    Weibull,
    /// Its mean and coefficient of variation.
    Gamma,
    /// Its value.
    Fixed,
    /// Its ends.
    Uniform,
    /// Its ends with the most likely value between them.
    Triangular,
}

impl Form {
    /// The law with these values.
    ///
    /// # Errors
    /// [`LawError`] if there is no such law; a value that is missing is infinite.
    pub fn law(self, values: &[f64]) -> Result<Law, LawError> {
        let [a, b, c] = std::array::from_fn(|at| values.get(at).copied().unwrap_or(f64::INFINITY));
        match self {
            Self::Exp => Law::exp(a),
            Self::LogNormalP90 => Law::log_normal_p90(a, b),
            Self::LogNormalSigma => Law::log_normal(a, b),
            Self::Weibull => Law::weibull(a, b),
            Self::Gamma => Law::gamma(a, b),
            Self::Fixed => Law::fixed(a),
            Self::Uniform => Law::uniform(a, b),
            Self::Triangular => Law::triangular(a, b, c),
        }
    }
}

/// A value of a law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// This.
    Known(f64),
    /// The unknown figure of this number.
    Unknown(usize),
}

/// A law with values that are not known. Until they are, it is the law with their means.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    form: Form,
    values: Vec<Value>,
    nominal: Law,
}

impl Uncertain {
    /// A law with these values; `drawn` are values of the unknown figures that stand in until they are drawn.
    ///
    /// # Errors
    /// [`LawError`] if these values make no law.
    pub fn new(form: Form, values: Vec<Value>, drawn: &[f64]) -> Result<Self, LawError> {
        let nominal = form.law(&filled(&values, drawn))?;
        Ok(Self { form, values, nominal })
    }

    /// The law with these values of the unknown figures.
    ///
    /// Where they make no law, which the reader of scenarios excludes up to a probability of 1e-9, it is the law with the means.
    #[must_use]
    pub fn known(&self, drawn: &[f64]) -> Law {
        self.form.law(&filled(&self.values, drawn)).unwrap_or_else(|_| self.nominal.clone())
    }

    /// The law that stands in.
    #[must_use]
    pub const fn nominal(&self) -> &Law {
        &self.nominal
    }
}

fn filled(values: &[Value], drawn: &[f64]) -> Vec<f64> {
    let value = |value: &Value| match value {
        Value::Known(value) => *value,
        Value::Unknown(number) => drawn.get(*number).copied().unwrap_or(f64::INFINITY),
    };
    values.iter().map(value).collect()
}
