//! The mixture of other laws.

use super::empirical::{falls_in, running_sums};
use super::error::positive;
use super::{Distribution, Law, LawError};
use crate::random::Draw;
use crate::stats::smallest;

/// One of several laws, chosen by weight for every value.
///
/// Formula: F(x) = sum of weight * F_i(x), weights adding up to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix {
    parts: Vec<(f64, Law)>,
    /// Running sums of the weights.
    weights: Vec<f64>,
    /// Running sums of weight times mean.
    shares: Vec<f64>,
}

impl Law {
    /// One of several laws by `(weight, law)`; only the ratios of the weights matter.
    ///
    /// Errors: at least one part; every weight must be a finite number above 0.
    pub fn mix(parts: Vec<(f64, Self)>) -> Result<Self, LawError> {
        if parts.is_empty() {
            return Err(LawError::Empty { law: "Mix", parameter: "parts" });
        }
        for (weight, _) in &parts {
            positive("Mix", "weight", *weight)?;
        }
        // Halves first: the sum of finite weights may be infinite.
        let half: f64 = parts.iter().map(|(weight, _)| 0.5 * weight).sum();
        let parts: Vec<_> = parts.into_iter().map(|(weight, law)| (0.5 * weight / half, law)).collect();
        let weights = running_sums(parts.iter().map(|(weight, _)| *weight));
        let shares = running_sums(parts.iter().map(|(weight, law)| weight * law.mean()));
        Ok(Self::Mix(Mix { parts, weights, shares }))
    }
}

impl Mix {
    /// The laws that it chooses from.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Law> {
        self.parts.iter().map(|(_, law)| law)
    }

    /// The least and the greatest of the parts' quantiles, which enclose the mixture's.
    fn bracket(&self, p: f64) -> (f64, f64) {
        let quantiles = self.parts.iter().map(|(_, law)| law.quantile(p));
        quantiles.fold((f64::INFINITY, 0.0), |(low, high), x| (low.min(x), high.max(x)))
    }
}

impl Distribution for Mix {
    fn draw(&self, draw: Draw) -> f64 {
        let mut generator = draw.generator();
        let (_, law) = &self.parts[falls_in(&self.weights, generator.uniform())];
        law.draw(generator.draw())
    }

    /// Formula: parts are chosen by weight times mean, and the part's own length-biased value is drawn.
    fn draw_length_biased(&self, draw: Draw) -> f64 {
        let mean = self.mean();
        if mean == 0.0 || mean == f64::INFINITY {
            return mean;
        }
        let mut generator = draw.generator();
        let (_, law) = &self.parts[falls_in(&self.shares, generator.uniform())];
        law.distribution().draw_length_biased(generator.draw())
    }

    /// Formula: bisection between the parts' quantiles.
    fn quantile(&self, p: f64) -> f64 {
        let (low, high) = self.bracket(p);
        // Near its end the cdf is rounded to 1 too early.
        if p >= 1.0 { high } else { smallest(low, high, |x| self.cdf(x) >= p) }
    }

    fn cdf(&self, x: f64) -> f64 {
        let sum: f64 = self.parts.iter().map(|(weight, law)| weight * law.cdf(x)).sum();
        sum.min(1.0)
    }

    fn mean(&self) -> f64 {
        self.shares.last().copied().unwrap_or(0.0)
    }
}
