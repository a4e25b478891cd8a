//! The Weibull law.

use super::error::{positive, within};
use super::gamma::GammaSampler;
use super::{Distribution, Law, LawError};
use crate::random::Draw;

/// The Weibull law of given scale and shape.
///
/// Formula: F(x) = 1 - exp(-(x / scale)^shape); mean scale * Gamma(1 + 1/shape).
#[derive(Debug, Clone, PartialEq)]
pub struct Weibull {
    scale: f64,
    shape: f64,
    /// (X / scale)^shape of a length-biased X.
    biased: GammaSampler,
}

impl Law {
    /// The Weibull law; `scale` is its 63 % quantile, a `shape` above 1 means wear.
    ///
    /// Errors: `scale` must be a finite number above 0, `shape` from 0.05 to 1000.
    pub fn weibull(scale: f64, shape: f64) -> Result<Self, LawError> {
        let scale = positive("Weibull", "scale", scale)?;
        let in_range = (0.05..=1000.0).contains(&shape);
        let shape = within("Weibull", "shape", shape, in_range, "a number from 0.05 to 1000")?;
        Ok(Self::Weibull(Box::new(Weibull { scale, shape, biased: GammaSampler::new("Weibull", 1.0 + 1.0 / shape)? })))
    }
}

impl Weibull {
    /// The value at which (x / scale)^shape reaches `hazard`.
    fn at_hazard(&self, hazard: f64) -> f64 {
        self.scale * libm::pow(hazard, 1.0 / self.shape)
    }
}

impl Distribution for Weibull {
    /// Formula: scale * G^(1/shape), G a Gamma variable of shape 1 + 1/shape.
    fn draw_length_biased(&self, draw: Draw) -> f64 {
        self.at_hazard(self.biased.draw(draw))
    }

    fn quantile(&self, p: f64) -> f64 {
        self.at_hazard(-libm::log1p(-p))
    }

    fn cdf(&self, x: f64) -> f64 {
        -libm::expm1(-libm::pow(x / self.scale, self.shape))
    }

    fn mean(&self) -> f64 {
        self.scale * libm::tgamma(1.0 + 1.0 / self.shape)
    }
}
