//! How long an edge is, and how long light takes along it.

use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{EdgeSpec, SiteSpec};
use crate::scenario::unknowns::Figure;
use crate::units::great_circle_km;
use crate::units::{show_km, show_span};

/// Time that light takes in fibre, microseconds per km, one way: 4.9 us is c / 1.47.
///
/// Source: group index of standard single-mode fibre at 1550 nm (ITU-T G.652: 1.468).
const FIBRE_MICROS_PER_KM: f64 = 4.9;

const NANOS_PER_MICRO: f64 = 1e3;

/// A fibre is longer than the great circle between its ends: it goes around land, shoals and borders.
const DETOUR: f64 = 1.2;

/// An edge's length and latency.
pub(super) struct Course {
    /// Length, km; `None`: only the latency is known.
    pub(super) km: Option<Figure>,
    /// One way.
    pub(super) latency_nanos: u64,
    /// The unknown figure that the latency follows from, and nanoseconds for each unit of that.
    pub(super) unknown_latency: Option<(usize, f64)>,
}

/// Latency of a fibre, or of a way that somebody takes to a site, in nanoseconds.
pub(super) fn fibre_nanos(km: f64) -> u64 {
    nanos(km * FIBRE_MICROS_PER_KM)
}

/// Latency between two places that are joined by nothing more than is usual, in nanoseconds.
pub(super) fn nanos_between(a: (f64, f64), b: (f64, f64)) -> u64 {
    fibre_nanos(great_circle_km(a, b) * DETOUR)
}

fn nanos(micros: f64) -> u64 {
    // Lengths and latencies are limited where they are read.
    (micros * NANOS_PER_MICRO).round() as u64
}

/// The course of an edge between two sites; `None` if something is wrong with it.
pub(super) fn course(
    edge: &EdgeSpec,
    ends: (&SiteSpec, &SiteSpec),
    has_faults: bool,
    found: &mut Diagnostics,
) -> Option<Course> {
    let straight = ends.0.at.zip(ends.1.at).map(|(a, b)| great_circle_km(a, b));
    let shortest = || straight.map(|km| Figure::known(km * DETOUR));
    let km = edge.length.as_ref().map(|l| l.value).or_else(shortest);
    if km.is_none() && has_faults {
        let label = "expected `length` here, or `at` in both sites";
        found.error(edge.span, "this fails with its length, which nothing says", label);
        return None;
    }
    if let Some(straight) = straight {
        warn_of_shortcuts(edge, straight, found);
    }
    let given = edge.latency.as_ref().map(|l| (nanos(l.value.value), l.value.unknown, NANOS_PER_MICRO));
    let follows = || km.map(|km| (fibre_nanos(km.value), km.unknown, FIBRE_MICROS_PER_KM * NANOS_PER_MICRO));
    let Some((latency_nanos, unknown, times)) = given.or_else(follows) else {
        let label = "expected `length` or `latency` here, or `at` in both sites";
        found.error(edge.span, "nothing says how long this is", label);
        return None;
    };
    Some(Course { km, latency_nanos, unknown_latency: unknown.map(|number| (number, times)) })
}

/// What is shorter than the great circle is a slip, or one of the sites stands elsewhere.
fn warn_of_shortcuts(edge: &EdgeSpec, straight: f64, found: &mut Diagnostics) {
    if let Some(length) = edge.length.as_ref().filter(|l| l.value.ends.0 < straight) {
        let label = format!("its ends are {} apart on a great circle", show_km(straight));
        found.warning(length.span, "this is shorter than the globe allows", label);
    }
    let least = straight * FIBRE_MICROS_PER_KM;
    if let Some(latency) = edge.latency.as_ref().filter(|l| l.value.ends.0 < least) {
        let label =
            format!("light in fibre takes {} over the great circle between its ends", show_span(least));
        found.warning(latency.span, "this is faster than light in fibre", label);
    }
}
