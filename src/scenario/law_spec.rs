//! Probability laws as a scenario writes them.

use crate::law::Form;

/// The names of all laws.
pub const LAW_NAMES: [&str; 10] =
    ["Exp", "LogNormal", "Weibull", "Gamma", "Fixed", "Uniform", "Triangular", "Empirical", "Mix", "Never"];

/// How a law is written, for messages.
#[must_use]
pub fn form(law: &str) -> &'static str {
    match law {
        "Exp" => "`Exp(mean)`",
        "LogNormal" => "`LogNormal(median, p90)`",
        "Weibull" => "`Weibull(scale, shape)`",
        "Gamma" => "`Gamma(mean, cv)`",
        "Fixed" => "`Fixed(value)`",
        "Uniform" => "`Uniform(low, high)`",
        "Triangular" => "`Triangular(low, mode, high)`",
        "Empirical" => "`Empirical([value, ...])`",
        "Mix" => "`Mix([(weight, law), ...])`",
        _ => "`Never`",
    }
}

/// The names of a law's values in positional order; empty for what is no law.
#[must_use]
pub fn argument_names(law: &str) -> &'static [&'static str] {
    match law {
        "Exp" => &["mean"],
        "LogNormal" => &["median", "p90"],
        "Weibull" => &["scale", "shape"],
        "Gamma" => &["mean", "cv"],
        "Fixed" => &["value"],
        "Uniform" => &["low", "high"],
        "Triangular" => &["low", "mode", "high"],
        "Empirical" => &["values"],
        "Mix" => &["parts"],
        _ => &[],
    }
}

/// What the values of a law are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LawKind {
    /// Durations.
    Time,
    /// Shares between 0 and 1.
    Fraction,
    /// Plain numbers of at least 0.
    Number,
    /// Rates, per second.
    Rate,
    /// Whole numbers of at least 0.
    Count,
    /// Shares that may exceed 1.
    Ratio,
    /// Shares per second.
    ShareRate,
    /// Lengths, km.
    Distance,
    /// Bits per second.
    DataRate,
    /// Bits.
    DataSize,
    /// Faults per km and year.
    FaultRate,
    /// Large counts.
    Amount,
    /// Amounts of money, all in one currency.
    Money,
    /// The same per second.
    MoneyRate,
}

/// A law, its values in microseconds or as fractions.
#[derive(Debug, Clone, PartialEq)]
pub enum LawSpec {
    /// Exponential.
    Exp {
        /// The mean.
        mean: f64,
    },
    /// Lognormal.
    LogNormal {
        /// The median.
        median: f64,
        /// How far it scatters.
        spread: Spread,
    },
    /// Weibull.
    Weibull {
        /// The scale: the 63 % quantile.
        scale: f64,
        /// The shape.
        shape: f64,
    },
    /// Gamma.
    Gamma {
        /// The mean.
        mean: f64,
        /// Standard deviation over mean.
        cv: f64,
    },
    /// Always the same value.
    Fixed(f64),
    /// Every value between two is as likely.
    Uniform {
        /// The smallest value.
        low: f64,
        /// The largest value.
        high: f64,
    },
    /// Triangular.
    Triangular {
        /// The smallest value.
        low: f64,
        /// The likeliest value.
        mode: f64,
        /// The largest value.
        high: f64,
    },
    /// One of the listed values, each as likely.
    Empirical(Vec<f64>),
    /// One of several laws, by weight.
    Mix(Vec<(Argument, LawSpec)>),
    /// It does not happen.
    Never,
    /// A law of one form with values that nobody knows; a mixture of which something is unknown stays a `Mix`.
    Uncertain {
        /// Which law.
        form: Form,
        /// Its values.
        values: Vec<Argument>,
    },
}

/// A value of a law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Argument {
    /// It, or what stands in for it.
    pub value: f64,
    /// The number of the unknown figure that it is.
    pub unknown: Option<usize>,
}

impl Argument {
    /// A value that is known.
    #[must_use]
    pub const fn known(value: f64) -> Self {
        Self { value, unknown: None }
    }
}

/// How far a lognormal law scatters, as the scenario says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// By its 90 % quantile.
    P90(f64),
    /// By the standard deviation of its logarithm.
    Sigma(f64),
}
