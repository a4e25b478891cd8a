//! The standard normal distribution, which [`LogNormal`](super::LogNormal) is made of.

use std::f64::consts::FRAC_1_SQRT_2;

/// The value that a standard normal variable stays below with probability `p`.
///
/// Formula: three rational approximations, of which |p - 1/2| and sqrt(-ln min(p, 1 - p)) choose; relative
/// error about 1e-16.
///
/// Source: M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477-484.
///
/// Units: none; minus infinity at 0, infinity at 1.
#[inline]
pub(super) fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(&CENTRE, 0.180_625 - q * q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return f64::INFINITY.copysign(q);
    }
    let r = libm::sqrt(-libm::log(tail));
    let distance = if r <= 5.0 { ratio(&MIDDLE, r - 1.6) } else { ratio(&FAR, r - 5.0) };
    distance.copysign(q)
}

/// The probability that a standard normal variable is at most `z`.
///
/// Formula: erfc(-z / sqrt 2) / 2.
pub(super) fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// Coefficients of numerator and denominator, from the constant term on.
type Ratio = [[f64; 8]; 2];

#[inline]
fn ratio(coefficients: &Ratio, x: f64) -> f64 {
    let [numerator, denominator] = coefficients;
    polynomial(numerator, x) / polynomial(denominator, x)
}

#[inline]
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[allow(clippy::excessive_precision, reason = "digits as published")]
const CENTRE: Ratio = [
    [
        3.3871328727963666080,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ],
    [
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ],
];

#[allow(clippy::excessive_precision, reason = "digits as published")]
const MIDDLE: Ratio = [
    [
        1.42343711074968357734,
        4.63033784615654529590,
        5.76949722146069140550,
        3.64784832476320460504,
        1.27045825245236838258,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187,
        1.67638483018380384940,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
];

#[allow(clippy::excessive_precision, reason = "digits as published")]
const FAR: Ratio = [
    [
        6.65790464350110377720,
        5.46378491116411436990,
        1.78482653991729133580,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The test values printed with the algorithm.
    #[test]
    fn quantile_gives_the_published_values() {
        for (p, z) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
        ] {
            let relative: f64 = quantile(p) / z - 1.0;
            assert!(relative.abs() < 4e-16, "{p}: {} instead of {z}", quantile(p));
        }
        assert_eq!(quantile(0.5), 0.0);
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(quantile(1.0), f64::INFINITY);
    }

    /// Over the three ranges and their seams: every coefficient takes part.
    #[test]
    fn quantile_undoes_the_cdf() {
        for step in -280..=60 {
            let z = f64::from(step) / 10.0;
            let back = quantile(cdf(z));
            // Near p = 1 the cdf itself has few digits left: an error of 1e-16 in p is 1e-16 / density in z.
            let density = libm::exp(-0.5 * z * z) / 2.5;
            let tolerance = 1e-14 * z.abs().max(1.0) + if z > 0.0 { 2e-16 / density } else { 0.0 };
            assert!((back - z).abs() < tolerance, "{z}: {back}");
        }
    }
}
