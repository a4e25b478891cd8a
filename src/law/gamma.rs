//! The Gamma law.

use rand_distr::Distribution as _;
use statrs::distribution::{ContinuousCDF, Gamma as GammaFunctions};

use super::error::{positive, within};
use super::{Distribution, Fixed, Law, LawError};
use crate::random::Draw;
use crate::stats::smallest;

/// The Gamma law of given mean and coefficient of variation.
///
/// Formula: shape = 1 / cv^2, scale = mean / shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Gamma {
    mean: f64,
    scale: f64,
    plain: GammaSampler,
    biased: GammaSampler,
    functions: GammaFunctions,
}

impl Law {
    /// The Gamma law of a given mean; `cv` is the standard deviation as a share of the mean.
    ///
    /// A `cv` of 0 gives the fixed value `mean`; 1 gives the exponential law's probabilities.
    ///
    /// Errors: `mean` must be a finite number above 0, `cv` 0 or from 0.001 to 100.
    pub fn gamma(mean: f64, cv: f64) -> Result<Self, LawError> {
        const ALLOWED: &str = "0 or a number from 0.001 to 100";
        let mean = positive("Gamma", "mean", mean)?;
        let cv = within("Gamma", "cv", cv, cv == 0.0 || (0.001..=100.0).contains(&cv), ALLOWED)?;
        if cv == 0.0 {
            return Ok(Self::Fixed(Fixed::of(mean)));
        }
        let shape = 1.0 / (cv * cv);
        let refused = |_| LawError::OutOfRange { law: "Gamma", parameter: "cv", value: cv, allowed: ALLOWED };
        Ok(Self::Gamma(Box::new(Gamma {
            mean,
            scale: mean / shape,
            plain: GammaSampler::new("Gamma", shape)?,
            biased: GammaSampler::new("Gamma", shape + 1.0)?,
            functions: GammaFunctions::new(shape, 1.0).map_err(refused)?,
        })))
    }
}

impl Distribution for Gamma {
    fn draw(&self, draw: Draw) -> f64 {
        self.scale * self.plain.draw(draw)
    }

    /// Formula: the Gamma law of the same scale with its shape raised by 1.
    fn draw_length_biased(&self, draw: Draw) -> f64 {
        self.scale * self.biased.draw(draw)
    }

    /// Formula: bisection on the cdf; the library's own inverse stops at nine digits.
    fn quantile(&self, p: f64) -> f64 {
        if p >= 1.0 {
            return f64::INFINITY;
        }
        self.scale * smallest(0.0, f64::MAX, |x| self.functions.cdf(x) >= p)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.functions.cdf(x / self.scale)
    }

    fn mean(&self) -> f64 {
        self.mean
    }
}

/// Draws from the Gamma law of scale 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GammaSampler {
    sampler: rand_distr::Gamma<f64>,
    /// 1 / shape, where the shape is at most 1.
    boost: Option<f64>,
}

impl GammaSampler {
    /// A sampler of a given shape, on behalf of `law`.
    ///
    /// Formula: up to a shape of 1, a value of shape + 1 times u^(1/shape). The sampling crate would do the
    /// same below 1, but with a power function whose last bits depend on the platform.
    ///
    /// Source: G. Marsaglia and W. W. Tsang, ACM TOMS 26 (2000) 363-372, section 6.
    pub(super) fn new(law: &'static str, shape: f64) -> Result<Self, LawError> {
        let boost = (shape <= 1.0).then_some(1.0 / shape);
        let sampled = if boost.is_some() { shape + 1.0 } else { shape };
        let refused =
            |_| LawError::OutOfRange { law, parameter: "shape", value: shape, allowed: "a number above 0" };
        Ok(Self { sampler: rand_distr::Gamma::new(sampled, 1.0).map_err(refused)?, boost })
    }

    pub(super) fn draw(&self, draw: Draw) -> f64 {
        let mut generator = draw.generator();
        let factor = self.boost.map_or(1.0, |power| libm::pow(generator.uniform(), power));
        factor * self.sampler.sample(&mut generator)
    }
}
