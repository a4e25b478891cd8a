//! The log-normal law.

use std::f64::consts::LOG2_E;

use super::error::{ordered, positive, within};
use super::{Distribution, Fixed, Law, LawError, normal};
use crate::random::Draw;

/// The standard normal law's 90 % quantile.
const NORMAL_P90: f64 = 1.281_551_565_544_600_4;

/// The largest sigma: its mean is already e^200 medians.
const SIGMA_LIMIT: f64 = 20.0;

/// The law of median * exp(sigma * Z), Z standard normal.
///
/// Formula: F(x) = Phi(ln(x / median) / sigma); mean median * exp(sigma^2 / 2).
#[derive(Debug, Clone, PartialEq)]
pub struct LogNormal {
    median: f64,
    sigma: f64,
}

impl Law {
    /// The log-normal law of a given median; `sigma` is the standard deviation of the logarithm.
    ///
    /// A sigma of 0 gives the fixed value `median`.
    ///
    /// Errors: `median` must be a finite number above 0, `sigma` from 0 to 20.
    pub fn log_normal(median: f64, sigma: f64) -> Result<Self, LawError> {
        let median = positive("LogNormal", "median", median)?;
        let in_range = (0.0..=SIGMA_LIMIT).contains(&sigma);
        let sigma = within("LogNormal", "sigma", sigma, in_range, "a number from 0 to 20")?;
        if sigma == 0.0 {
            return Ok(Self::Fixed(Fixed::of(median)));
        }
        Ok(Self::LogNormal(LogNormal { median, sigma }))
    }

    /// The log-normal law of a given median and 90 % quantile.
    ///
    /// Formula: sigma = ln(p90 / median) / 1.28155.
    ///
    /// Errors: both must be finite numbers above 0, `median` at most `p90`, sigma at most 20.
    ///
    /// # Examples
    ///
    /// ```
    /// use blackstart::law::Law;
    /// let minutes = Law::log_normal_p90(10.0, 120.0)?;
    /// assert!((minutes.mean() - 65.5).abs() < 0.1);
    /// # Ok::<(), blackstart::law::LawError>(())
    /// ```
    pub fn log_normal_p90(median: f64, p90: f64) -> Result<Self, LawError> {
        let median = positive("LogNormal", "median", median)?;
        let p90 = positive("LogNormal", "p90", p90)?;
        ordered("LogNormal", ("median", median), ("p90", p90))?;
        Self::log_normal(median, libm::log(p90 / median) / NORMAL_P90)
    }
}

impl LogNormal {
    #[inline]
    fn quantile_at(&self, median: f64, p: f64) -> f64 {
        // Not exp: exp2 takes no branches that depend on the draw, which makes a draw half as long.
        median * libm::exp2(self.sigma * LOG2_E * normal::quantile(p))
    }
}

impl Distribution for LogNormal {
    #[inline]
    fn draw(&self, draw: Draw) -> f64 {
        self.quantile_at(self.median, draw.uniform())
    }

    /// Formula: the log-normal law of the same sigma with its median raised to median * exp(sigma^2).
    fn draw_length_biased(&self, draw: Draw) -> f64 {
        self.quantile_at(self.median * libm::exp(self.sigma * self.sigma), draw.uniform())
    }

    fn quantile(&self, p: f64) -> f64 {
        self.quantile_at(self.median, p)
    }

    fn cdf(&self, x: f64) -> f64 {
        normal::cdf(libm::log(x / self.median) / self.sigma)
    }

    fn mean(&self) -> f64 {
        self.median * libm::exp(0.5 * self.sigma * self.sigma)
    }
}
