//! Distances on the globe.

/// Mean radius of the Earth, km. Source: IUGG (R1 of GRS 80).
pub const EARTH_KM: f64 = 6_371.008_8;

/// Length of the great circle between two places, each latitude and longitude in degrees.
///
/// Formula: 2 R asin sqrt(h), with h the haversine of the angle.
///
/// Source: the haversine formula.
///
/// Units: km.
///
/// # Examples
///
/// ```
/// use blackstart::units::great_circle_km;
/// // A quarter of the equator.
/// assert!((great_circle_km((0.0, 0.0), (0.0, 90.0)) - 10_007.56).abs() < 0.01);
/// ```
#[must_use]
pub fn great_circle_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat1, lat2) = (a.0.to_radians(), b.0.to_radians());
    let half = |d: f64| libm::sin(d / 2.0) * libm::sin(d / 2.0);
    let h = half(lat2 - lat1) + libm::cos(lat1) * libm::cos(lat2) * half((b.1 - a.1).to_radians());
    2.0 * EARTH_KM * libm::asin(libm::sqrt(h.min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Dubai to Frankfurt airport: 4,840 km by air charts.
    #[test]
    fn distances_are_those_of_charts() {
        let km = great_circle_km((25.253, 55.364), (50.033, 8.570));
        assert!((km - 4_840.0).abs() < 20.0, "{km}");
        assert_eq!(great_circle_km((10.0, 20.0), (10.0, 20.0)), 0.0);
    }

    /// One degree of the equator, over the antimeridian.
    #[test]
    fn the_antimeridian_is_no_border() {
        let degree = std::f64::consts::TAU * EARTH_KM / 360.0;
        assert!((great_circle_km((0.0, 179.5), (0.0, -179.5)) - degree).abs() < 1e-6);
    }
}
