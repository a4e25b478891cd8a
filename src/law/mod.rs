//! Probability laws: one file a law, all behind [`Law`].
//!
//! Values are plain numbers that are never negative, in whatever unit the caller uses.

mod empirical;
mod error;
mod exp;
mod fixed;
mod gamma;
mod log_normal;
mod mix;
mod never;
mod normal;
mod triangular;
mod uncertain;
mod uniform;
mod weibull;

#[cfg(test)]
mod tests;

pub use empirical::Empirical;
pub use error::LawError;
pub use exp::Exp;
pub use fixed::Fixed;
pub use gamma::Gamma;
pub use log_normal::LogNormal;
pub use mix::Mix;
pub use triangular::Triangular;
pub use uncertain::{Form, Uncertain, Value};
pub use uniform::Uniform;
pub use weibull::Weibull;

use crate::random::Draw;
use never::Forever;

/// A probability law of values that are never negative.
///
/// Each law's constructor stands in the law's own file.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// Exponential: without memory.
    Exp(Exp),
    /// The exponential of a normal variable: human work.
    LogNormal(LogNormal),
    /// Weibull: wear (shape above 1) or teething troubles (below 1).
    Weibull(Box<Weibull>),
    /// Gamma, by mean and coefficient of variation.
    ///
    /// Boxed, as Weibull, for what their samplers keep ready: the engine reads laws at every event, and the
    /// common ones should not take a large one's room.
    Gamma(Box<Gamma>),
    /// Always the same value.
    Fixed(Fixed),
    /// Equally likely between two ends.
    Uniform(Uniform),
    /// Between two ends with a most likely value.
    Triangular(Triangular),
    /// One of several observed values, each equally likely.
    Empirical(Empirical),
    /// One of several laws, by weight.
    Mix(Mix),
    /// Always infinite.
    Never,
    /// With values that are drawn for each replication, and stand for their means until then.
    Uncertain(Box<Uncertain>),
}

/// What every law can do; the contract of each method stands at [`Law`]'s method of the same name.
trait Distribution {
    fn draw(&self, draw: Draw) -> f64 {
        self.quantile(draw.uniform())
    }

    fn draw_residual(&self, draw: Draw) -> f64 {
        let mut generator = draw.generator();
        generator.uniform() * self.draw_length_biased(generator.draw())
    }

    /// A value drawn with probability proportional to the law's density times the value.
    fn draw_length_biased(&self, draw: Draw) -> f64;

    fn quantile(&self, p: f64) -> f64;

    fn cdf(&self, x: f64) -> f64;

    fn mean(&self) -> f64;
}

impl Law {
    /// The law of what never happens.
    pub const NEVER: Self = Self::Never;
    /// The law of what takes no time.
    pub const ZERO: Self = Self::Fixed(Fixed::of(0.0));

    /// The list of laws: a new one is a line here, a variant above and a file.
    fn distribution(&self) -> &dyn Distribution {
        match self {
            Self::Exp(law) => law,
            Self::LogNormal(law) => law,
            Self::Weibull(law) => law.as_ref(),
            Self::Gamma(law) => law.as_ref(),
            Self::Fixed(law) => law,
            Self::Uniform(law) => law,
            Self::Triangular(law) => law,
            Self::Empirical(law) => law,
            Self::Mix(law) => law,
            Self::Never => &Forever,
            Self::Uncertain(law) => law.nominal().distribution(),
        }
    }

    /// A value of this law; the same for the same `draw`.
    ///
    /// Formula: quantile(u), u the draw's uniform number, except that Gamma rejects and Mix chooses within
    /// the draw's own generator.
    #[inline]
    #[must_use]
    pub fn draw(&self, draw: Draw) -> f64 {
        match self {
            // These two are nearly all draws of a run, so they are worth their own inlined paths.
            Self::Exp(law) => law.draw(draw),
            Self::LogNormal(law) => law.draw(draw),
            other => other.distribution().draw(draw),
        }
    }

    /// The time left until the next event of a renewal process of this law that has run for ever.
    ///
    /// Formula: u times a length-biased draw; its mean is E\[X^2\] / (2 E\[X\]). Exp gives itself.
    ///
    /// Source: D. R. Cox, Renewal Theory (1962), chapter 5.
    #[must_use]
    pub fn draw_residual(&self, draw: Draw) -> f64 {
        self.distribution().draw_residual(draw)
    }

    /// The smallest x with cdf(x) >= p; `p` beyond 0 or 1 counts as 0 or 1.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        // Adding 0 turns the -0 that some formulas give at p = 0 into 0.
        self.distribution().quantile(p.clamp(0.0, 1.0)) + 0.0
    }

    /// The probability of a value of at most `x`.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { self.distribution().cdf(x) }
    }

    /// The mean value; infinite if the value may be.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.distribution().mean()
    }

    /// All values that it may have, where these are single ones: of Fixed, of Empirical, and of mixtures of them.
    #[must_use]
    pub fn values(&self) -> Option<Vec<f64>> {
        match self {
            Self::Fixed(_) => Some(vec![self.mean()]),
            Self::Empirical(law) => Some(law.values().to_vec()),
            Self::Mix(law) => {
                law.parts().map(Self::values).collect::<Option<Vec<_>>>().map(|lists| lists.concat())
            }
            _ => None,
        }
    }

    /// True if every value is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        match self {
            // Asked at every repair: these can never be zero, and their means cost an exponential.
            Self::Exp(_) | Self::LogNormal(_) | Self::Weibull(_) | Self::Gamma(_) | Self::Never => false,
            // No value is negative, so nothing cancels in the mean.
            _ => self.mean() == 0.0,
        }
    }

    /// The mean, if this is the exponential law.
    #[must_use]
    pub fn is_exponential(&self) -> Option<f64> {
        match self {
            Self::Exp(law) => Some(law.mean()),
            Self::Uncertain(law) => law.nominal().is_exponential(),
            _ => None,
        }
    }
}
