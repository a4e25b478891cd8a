//! Places on the globe, and how far they are from each other.

use crate::units::great_circle_km;

/// A place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Position {
    /// Degrees, north positive.
    pub(super) latitude: f64,
    /// Degrees, east positive, from -180 to below 180.
    pub(super) longitude: f64,
}

impl Position {
    /// The place of these degrees. Lines that cross the antimeridian are often drawn on beyond 180 degrees.
    ///
    /// # Errors
    ///
    /// What is wrong with the degrees.
    pub(super) fn new(latitude: f64, longitude: f64) -> Result<Self, String> {
        // Written so that NaN is wrong too.
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(format!("latitude {latitude} is not between -90 and 90"));
        }
        if !(-360.0..=360.0).contains(&longitude) {
            return Err(format!("longitude {longitude} is not between -360 and 360"));
        }
        let longitude = match longitude {
            l if l < -180.0 => l + 360.0,
            l if l >= 180.0 => l - 360.0,
            l => l,
        };
        Ok(Self { latitude, longitude })
    }

    /// Distance along the great circle, km.
    pub(super) fn km_to(self, other: Self) -> f64 {
        great_circle_km((self.latitude, self.longitude), (other.latitude, other.longitude))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_antimeridian_is_no_border() {
        let at = |latitude, longitude| Position::new(latitude, longitude).unwrap();
        assert_eq!(at(0.0, 180.0), at(0.0, -180.0));
        assert_eq!(at(0.0, 190.0), at(0.0, -170.0));
    }

    #[test]
    fn places_beyond_the_globe_are_refused() {
        for (latitude, longitude) in [(91.0, 0.0), (f64::NAN, 0.0), (0.0, 361.0), (0.0, f64::INFINITY)] {
            assert!(Position::new(latitude, longitude).is_err(), "{latitude} {longitude}");
        }
    }
}
