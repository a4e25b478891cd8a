//! Estimates from samples: moments, quantiles, intervals. Knows nothing of what the numbers mean.
//!
//! A confidence is a share between 0 and 1, such as 0.95; beyond them it counts as the nearer one.

mod bisect;
mod bounded;
mod hall;
mod interval;
mod mean;
mod moments;
mod order;
mod quantile;
mod skew;
mod survival;
mod test;

pub(crate) use bisect::smallest;
pub use bounded::upper_of_bounded;
pub use hall::hall;
pub use interval::{Interval, clopper_pearson, garwood, student_factor, student_t};
pub use mean::{FEW_EVENTS, MeanEstimate};
pub use moments::Moments;
pub use order::order_statistic_interval;
pub use quantile::QuantileEstimate;
pub use skew::Skewed;
pub use survival::{KaplanMeier, Observation, Quantile, kaplan_meier};
pub use test::{holm, rate_test, sign_test, student_test, welch_test};
