//! Closed forms.

/// Long-run availability of one component, whatever its laws.
///
/// Formula: mttf / (mttf + mttr).
///
/// Source: the renewal reward theorem.
///
/// # Examples
///
/// ```
/// use blackstart::exact::closed::renewal_availability;
/// assert!((renewal_availability(1000.0, 1.0) - 0.999_000_999).abs() < 1e-9);
/// ```
#[must_use]
pub fn renewal_availability(mttf: f64, mttr: f64) -> f64 {
    mttf / (mttf + mttr)
}

/// The probability that a component, new at 0 and exponential in failure and repair, is up at `time`.
///
/// Formula: A(t) = mu / (l + mu) + l / (l + mu) exp(-(l + mu) t), l the failure rate, mu the repair rate.
#[must_use]
pub fn point_availability(failure_rate: f64, repair_rate: f64, time: f64) -> f64 {
    let both = failure_rate + repair_rate;
    (repair_rate + failure_rate * libm::exp(-both * time)) / both
}

/// The mean share of the time from 0 to `horizon` in which such a component is up.
///
/// Formula: mu / (l + mu) + l / (l + mu)^2 (1 - exp(-(l + mu) T)) / T.
#[must_use]
pub fn average_availability(failure_rate: f64, repair_rate: f64, horizon: f64) -> f64 {
    let both = failure_rate + repair_rate;
    let early = -libm::expm1(-both * horizon) / (both * horizon);
    (repair_rate + failure_rate * early) / both
}

/// Availability of independent components that are all needed.
///
/// Formula: their product.
#[must_use]
pub fn series(availabilities: &[f64]) -> f64 {
    availabilities.iter().product()
}

/// Availability of independent components of which any one is enough.
///
/// Formula: 1 - product of (1 - a).
#[must_use]
pub fn parallel(availabilities: &[f64]) -> f64 {
    1.0 - availabilities.iter().map(|a| 1.0 - a).product::<f64>()
}

/// Availability of independent components, not necessarily equal, of which `needed` are needed.
///
/// Formula: component by component, P(j up) becomes P(j up)(1 - a) + P(j - 1 up) a.
///
/// Source: R. E. Barlow and K. D. Heidtmann, IEEE Trans. Reliability 33 (1984) 322-323.
#[must_use]
pub fn at_least(needed: usize, availabilities: &[f64]) -> f64 {
    let mut up = vec![0.0; availabilities.len() + 1];
    up[0] = 1.0;
    for (seen, a) in availabilities.iter().enumerate() {
        for count in (1..=seen + 1).rev() {
            up[count] = up[count] * (1.0 - a) + up[count - 1] * a;
        }
        up[0] *= 1.0 - a;
    }
    up.iter().skip(needed).sum()
}

/// The probability that two components survive `time_1` and `time_2`, where shocks strike either one at
/// rates `own_1` and `own_2` and both at rate `common`, and nothing is repaired.
///
/// Formula: exp(-l1 t1 - l2 t2 - l12 max(t1, t2)).
///
/// Source: A. W. Marshall and I. Olkin, JASA 62 (1967) 30-44.
#[must_use]
pub fn marshall_olkin(own_1: f64, own_2: f64, common: f64, time_1: f64, time_2: f64) -> f64 {
    libm::exp(-own_1 * time_1 - own_2 * time_2 - common * time_1.max(time_2))
}

/// How often a dependent is out and for how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outages {
    /// Outages per unit of time.
    pub rate: f64,
    /// Mean length of an outage.
    pub mean_length: f64,
}

/// Outages of a dependent behind a holdover of fixed length h that refills at once: of each outage of the
/// need, of length D, it sees what exceeds h.
///
/// `outlasting` is P(D > h), `excess` the mean of D - h where it is above 0 and of 0 elsewhere.
///
/// Formula: rate outlasting / (mttf + mttr), mean length excess / outlasting.
#[must_use]
pub fn behind_holdover(mttf: f64, mttr: f64, outlasting: f64, excess: f64) -> Outages {
    Outages { rate: outlasting / (mttf + mttr), mean_length: excess / outlasting }
}
