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
    /// All of its values.
    Empirical,
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
            Self::Empirical => Law::empirical(values.to_vec()),
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

impl Value {
    /// It, where the unknown figures are `drawn`; one that is missing is infinite.
    #[must_use]
    pub fn among(self, drawn: &[f64]) -> f64 {
        match self {
            Self::Known(value) => value,
            Self::Unknown(number) => drawn.get(number).copied().unwrap_or(f64::INFINITY),
        }
    }
}

/// A law with values that are not known. Until they are, it is the law with their means.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    recipe: Recipe,
    nominal: Law,
}

/// How the law is made once its values are known.
#[derive(Debug, Clone, PartialEq)]
enum Recipe {
    /// From values alone.
    Of(Form, Vec<Value>),
    /// By weight from laws that may themselves be uncertain.
    Mix(Vec<(Value, Law)>),
}

impl Recipe {
    fn law(&self, drawn: &[f64]) -> Result<Law, LawError> {
        let among = |value: &Value| value.among(drawn);
        match self {
            Self::Of(form, values) => form.law(&values.iter().map(among).collect::<Vec<_>>()),
            Self::Mix(parts) => {
                let part = |(weight, law): &(Value, Law)| (among(weight), law.known(drawn));
                Law::mix(parts.iter().map(part).collect())
            }
        }
    }

    /// The law until anything is drawn: known parts in place of uncertain ones.
    fn nominal(&self, drawn: &[f64]) -> Result<Law, LawError> {
        let Self::Mix(parts) = self else { return self.law(drawn) };
        let part = |(weight, law): &(Value, Law)| match law {
            Law::Uncertain(uncertain) => (weight.among(drawn), uncertain.nominal.clone()),
            known => (weight.among(drawn), known.clone()),
        };
        Law::mix(parts.iter().map(part).collect())
    }
}

impl Law {
    /// This law with these values of the unknown figures; itself where it has none.
    #[must_use]
    pub fn known(&self, drawn: &[f64]) -> Self {
        match self {
            Self::Uncertain(uncertain) => uncertain.known(drawn),
            known => known.clone(),
        }
    }
}

impl Uncertain {
    /// A law with these values; `drawn` are values of the unknown figures that stand in until they are drawn.
    ///
    /// # Errors
    /// [`LawError`] if these values make no law.
    pub fn new(form: Form, values: Vec<Value>, drawn: &[f64]) -> Result<Self, LawError> {
        Self::of(Recipe::Of(form, values), drawn)
    }

    /// A mixture by `(weight, law)`, in which weights and laws may be unknown; `drawn` as above, for the weights.
    ///
    /// # Errors
    /// [`LawError`] if these weights make no law.
    pub fn mix(parts: Vec<(Value, Law)>, drawn: &[f64]) -> Result<Self, LawError> {
        Self::of(Recipe::Mix(parts), drawn)
    }

    fn of(recipe: Recipe, drawn: &[f64]) -> Result<Self, LawError> {
        let nominal = recipe.nominal(drawn)?;
        Ok(Self { recipe, nominal })
    }

    /// The law with these values of the unknown figures.
    ///
    /// Where they make no law, which the reader of scenarios excludes up to a probability of 1e-9, it is the law with the means.
    #[must_use]
    pub fn known(&self, drawn: &[f64]) -> Law {
        self.recipe.law(drawn).unwrap_or_else(|_| self.nominal.clone())
    }

    /// The law that stands in.
    #[must_use]
    pub const fn nominal(&self) -> &Law {
        &self.nominal
    }
}
