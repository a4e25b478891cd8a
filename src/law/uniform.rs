//! The uniform law.

use super::error::{not_negative, ordered};
use super::{Distribution, Law, LawError};
use crate::random::Draw;

/// Equally likely between two ends.
///
/// Formula: F(x) = (x - low) / (high - low).
#[derive(Debug, Clone, PartialEq)]
pub struct Uniform {
    low: f64,
    high: f64,
}

impl Law {
    /// Equally likely between `low` and `high`, which may be equal.
    ///
    /// Errors: both must be finite numbers, 0 or above, `low` at most `high`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, LawError> {
        let low = not_negative("Uniform", "low", low)?;
        let high = not_negative("Uniform", "high", high)?;
        ordered("Uniform", ("low", low), ("high", high))?;
        Ok(Self::Uniform(Uniform { low, high }))
    }
}

impl Distribution for Uniform {
    /// Formula: sqrt(low^2 + u (high^2 - low^2)).
    fn draw_length_biased(&self, draw: Draw) -> f64 {
        let (low, high) = (self.low * self.low, self.high * self.high);
        libm::sqrt(low + draw.uniform() * (high - low))
    }

    fn quantile(&self, p: f64) -> f64 {
        self.low + p * (self.high - self.low)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x >= self.high {
            1.0
        } else if x <= self.low {
            0.0
        } else {
            (x - self.low) / (self.high - self.low)
        }
    }

    fn mean(&self) -> f64 {
        0.5 * (self.low + self.high)
    }
}
