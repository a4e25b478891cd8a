//! The law of a single value.

use super::error::not_negative;
use super::{Distribution, Law, LawError};
use crate::random::Draw;

/// Always the same value.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed {
    value: f64,
}

impl Law {
    /// Always `value`.
    ///
    /// Errors: `value` must be a finite number, 0 or above; what never happens is [`Law::NEVER`].
    pub fn fixed(value: f64) -> Result<Self, LawError> {
        Ok(Self::Fixed(Fixed::of(not_negative("Fixed", "value", value)?)))
    }
}

impl Fixed {
    pub(super) const fn of(value: f64) -> Self {
        Self { value }
    }
}

impl Distribution for Fixed {
    fn draw_length_biased(&self, _draw: Draw) -> f64 {
        self.value
    }

    fn quantile(&self, _p: f64) -> f64 {
        self.value
    }

    fn cdf(&self, x: f64) -> f64 {
        if x >= self.value { 1.0 } else { 0.0 }
    }

    fn mean(&self) -> f64 {
        self.value
    }
}
