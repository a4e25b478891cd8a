//! What lies near a place.

use super::names::Names;
use crate::model::CompId;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::NearSpec;

/// Mean radius of the Earth, km. Source: IUGG (R1 of GRS 80).
const EARTH_KM: f64 = 6_371.008_8;

/// Angle between two places on the globe, radians.
///
/// Source: the haversine formula.
pub(super) fn great_circle(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat1, lat2) = (a.0.to_radians(), b.0.to_radians());
    let half = |d: f64| libm::sin(d / 2.0) * libm::sin(d / 2.0);
    let h = half(lat2 - lat1) + libm::cos(lat1) * libm::cos(lat2) * half((b.1 - a.1).to_radians());
    2.0 * libm::asin(libm::sqrt(h.min(1.0)))
}

/// The zones whose region lies within the radius; what is inside them suffers through its needs.
pub(super) fn zones_near(near: &NearSpec, names: &Names<'_>, found: &mut Diagnostics) -> Vec<CompId> {
    let mut zones = Vec::new();
    let mut nearest = f64::INFINITY;
    for (name, region) in &names.spec.regions {
        let Some(at) = region.at else { continue };
        let km = EARTH_KM * great_circle(at, near.at);
        nearest = nearest.min(km);
        if km <= near.within_km {
            let paths = region.zones.iter().map(|(zone, _)| format!("{}/{}", name.value, zone.value));
            zones.extend(paths.filter_map(|path| names.path(&path)));
        }
    }
    if zones.is_empty() {
        let label = if nearest.is_finite() {
            format!("the nearest region is {nearest:.0} km away")
        } else {
            "no region says where it is: give regions an `at`".to_owned()
        };
        found.error(near.span, "there is no zone near this place", label);
    }
    zones
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Dubai to Frankfurt airport: 4,840 km by air charts.
    #[test]
    fn distances_are_those_of_charts() {
        let km = EARTH_KM * great_circle((25.253, 55.364), (50.033, 8.570));
        assert!((km - 4_840.0).abs() < 20.0, "{km}");
        assert_eq!(great_circle((10.0, 20.0), (10.0, 20.0)), 0.0);
    }
}
