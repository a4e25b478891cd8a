//! The law of what never happens.

use super::Distribution;
use crate::random::Draw;

/// Every value is infinite.
pub(super) struct Forever;

impl Distribution for Forever {
    fn draw_length_biased(&self, _draw: Draw) -> f64 {
        f64::INFINITY
    }

    fn quantile(&self, _p: f64) -> f64 {
        f64::INFINITY
    }

    fn cdf(&self, x: f64) -> f64 {
        if x == f64::INFINITY { 1.0 } else { 0.0 }
    }

    fn mean(&self) -> f64 {
        f64::INFINITY
    }
}
