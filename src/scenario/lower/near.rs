//! What lies near a place.

use super::names::Names;
use crate::model::CompId;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::NearSpec;
use crate::units::{EARTH_KM, great_circle_km};

/// Latitude and longitude, degrees.
type Place = (f64, f64);

/// Distance of a place from the arc of the great circle between two others, km.
///
/// Formula: asin |p . n| for the unit normal n of the circle, if the foot of the perpendicular lies on the arc; else
/// the distance to the nearer end.
fn distance_to_arc_km(place: Place, ends: (Place, Place)) -> f64 {
    let to_end = great_circle_km(place, ends.0).min(great_circle_km(place, ends.1));
    let (a, b, p) = (unit(ends.0), unit(ends.1), unit(place));
    let normal = cross(a, b);
    let length = libm::sqrt(dot(normal, normal));
    // Ends in one place, or opposite each other, have no one circle through them.
    if length < 1e-12 {
        return to_end;
    }
    let beyond_a = dot(cross(normal, a), p) < 0.0;
    let beyond_b = dot(cross(b, normal), p) < 0.0;
    if beyond_a || beyond_b {
        return to_end;
    }
    to_end.min(EARTH_KM * libm::asin((dot(p, normal).abs() / length).min(1.0)))
}

type Vector = [f64; 3];

fn unit(place: Place) -> Vector {
    let (latitude, longitude) = (place.0.to_radians(), place.1.to_radians());
    let level = libm::cos(latitude);
    [level * libm::cos(longitude), level * libm::sin(longitude), libm::sin(latitude)]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The zones whose region lies within the radius, the sites that do, and the segments and links that pass: what
/// depends on them suffers through its needs.
pub(super) fn all_near(near: &NearSpec, names: &Names<'_>, found: &mut Diagnostics) -> Vec<CompId> {
    let mut hit = Vec::new();
    let mut nearest: Option<(f64, &str)> = None;
    let mut is_near = |km: f64, what: &'static str| {
        if nearest.is_none_or(|(least, _)| km < least) {
            nearest = Some((km, what));
        }
        km <= near.within_km
    };
    for (name, region) in &names.spec.regions {
        if region.at.is_some_and(|at| is_near(great_circle_km(at, near.at), "region")) {
            let paths = region.zones.iter().map(|(zone, _)| format!("{}/{}", name.value, zone.value));
            hit.extend(paths.filter_map(|path| names.path(&path)));
        }
    }
    for (name, site) in &names.spec.sites {
        if site.at.is_some_and(|at| is_near(great_circle_km(at, near.at), "site")) {
            hit.extend(names.path(&name.value));
        }
    }
    for arc in &names.arcs {
        if is_near(distance_to_arc_km(near.at, arc.ends), "segment or link") {
            hit.push(arc.component);
        }
    }
    if hit.is_empty() {
        let label = match nearest {
            Some((km, what)) => format!("the nearest {what} is {km:.0} km away"),
            None => "no region says where it is: give regions an `at`".to_owned(),
        };
        let message = match names.spec.sites.is_empty() {
            true => "there is no zone near this place",
            false => "there is no zone, site, segment or link near this place",
        };
        found.error(near.span, message, label);
    }
    hit
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One degree of a great circle is 111.2 km.
    #[test]
    fn arcs_are_met_at_their_nearest_point() {
        let degree = EARTH_KM.to_radians();
        let equator = ((0.0, 10.0), (0.0, 20.0));
        for (place, km) in [
            ((1.0, 15.0), degree),
            ((-2.0, 12.0), 2.0 * degree),
            ((0.0, 15.0), 0.0),
            ((0.0, 23.0), 3.0 * degree),
            ((0.0, 9.0), degree),
            ((0.0, -170.0), 170.0 * degree),
        ] {
            let found = distance_to_arc_km(place, equator);
            assert!((found - km).abs() < 1e-6 * (1.0 + km), "{place:?}: {found} for {km}");
        }
        let one_place = ((5.0, 5.0), (5.0, 5.0));
        assert!((distance_to_arc_km((6.0, 5.0), one_place) - degree).abs() < 1e-6);
        // Across the antimeridian.
        assert!((distance_to_arc_km((1.0, 180.0), ((0.0, 175.0), (0.0, -175.0))) - degree).abs() < 1e-6);
    }
}
