//! The exponential law.

use super::error::positive;
use super::{Distribution, Law, LawError};
use crate::random::Draw;

/// The exponential law of a given mean.
///
/// Formula: F(x) = 1 - exp(-x / mean).
#[derive(Debug, Clone, PartialEq)]
pub struct Exp {
    mean: f64,
}

impl Law {
    /// The exponential law of a given mean.
    ///
    /// Errors: `mean` must be a finite number above 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use blackstart::law::Law;
    /// let law = Law::exp(100.0)?;
    /// assert!((law.cdf(100.0) - 0.632).abs() < 1e-3);
    /// # Ok::<(), blackstart::law::LawError>(())
    /// ```
    pub fn exp(mean: f64) -> Result<Self, LawError> {
        Ok(Self::Exp(Exp { mean: positive("Exp", "mean", mean)? }))
    }
}

impl Distribution for Exp {
    #[inline]
    fn draw(&self, draw: Draw) -> f64 {
        self.quantile(draw.uniform())
    }

    /// Without memory, what is left has the law of the whole.
    fn draw_residual(&self, draw: Draw) -> f64 {
        self.draw(draw)
    }

    /// Formula: the sum of two independent values.
    fn draw_length_biased(&self, draw: Draw) -> f64 {
        let mut generator = draw.generator();
        self.quantile(generator.uniform()) + self.quantile(generator.uniform())
    }

    #[inline]
    fn quantile(&self, p: f64) -> f64 {
        // Not log1p(-p): 1 - u is exact for a draw, and log is faster.
        -self.mean * libm::log(1.0 - p)
    }

    fn cdf(&self, x: f64) -> f64 {
        -libm::expm1(-x / self.mean)
    }

    fn mean(&self) -> f64 {
        self.mean
    }
}
