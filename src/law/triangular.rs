//! The triangular law.

use super::error::{not_negative, ordered};
use super::{Distribution, Law, LawError};
use crate::random::Draw;

/// Between two ends, with a density that rises to a most likely value and falls from it.
///
/// Formula: F(x) = (x - low)^2 / ((high - low)(mode - low)) up to the mode, and
/// 1 - (high - x)^2 / ((high - low)(high - mode)) from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Triangular {
    low: f64,
    mode: f64,
    high: f64,
}

impl Law {
    /// From `low` to `high`, most likely at `mode`; they may be equal.
    ///
    /// Errors: all must be finite numbers, 0 or above, in this order.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, LawError> {
        let low = not_negative("Triangular", "low", low)?;
        let mode = not_negative("Triangular", "mode", mode)?;
        let high = not_negative("Triangular", "high", high)?;
        ordered("Triangular", ("low", low), ("mode", mode))?;
        ordered("Triangular", ("mode", mode), ("high", high))?;
        Ok(Self::Triangular(Triangular { low, mode, high }))
    }
}

impl Distribution for Triangular {
    /// Formula: a value x is kept with probability x / high (on average at least 1/3), else drawn anew.
    fn draw_length_biased(&self, draw: Draw) -> f64 {
        if self.high == 0.0 {
            return 0.0;
        }
        let mut generator = draw.generator();
        loop {
            let value = self.quantile(generator.uniform());
            if generator.uniform() * self.high < value {
                return value;
            }
        }
    }

    fn quantile(&self, p: f64) -> f64 {
        let (range, rise, fall) = (self.high - self.low, self.mode - self.low, self.high - self.mode);
        if p * range <= rise {
            self.low + libm::sqrt(p * range * rise)
        } else {
            self.high - libm::sqrt((1.0 - p) * range * fall)
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        let (range, rise, fall) = (self.high - self.low, self.mode - self.low, self.high - self.mode);
        if x >= self.high {
            1.0
        } else if x <= self.low {
            0.0
        } else if x <= self.mode {
            (x - self.low) / range * ((x - self.low) / rise)
        } else {
            1.0 - (self.high - x) / range * ((self.high - x) / fall)
        }
    }

    fn mean(&self) -> f64 {
        (self.low + self.mode + self.high) / 3.0
    }
}
