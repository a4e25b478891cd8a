//! Outlines of land, from Natural Earth; coast.md says how they were made.

use std::sync::OnceLock;

/// A closed outline, longitude and latitude in degrees.
#[derive(Debug)]
pub(super) struct Ring {
    pub(super) points: Vec<(f64, f64)>,
    /// True for a sea inside land.
    pub(super) is_water: bool,
}

/// All of them, land before the water in it.
pub(super) fn rings() -> &'static [Ring] {
    static RINGS: OnceLock<Vec<Ring>> = OnceLock::new();
    RINGS.get_or_init(|| include_str!("coast.txt").lines().map(ring).collect())
}

fn ring(line: &str) -> Ring {
    let rest = line.strip_prefix('~');
    let mut numbers = rest.unwrap_or(line).split_ascii_whitespace().filter_map(|n| n.parse::<i32>().ok());
    let (mut points, mut at) = (Vec::new(), (0, 0));
    while let (Some(east), Some(north)) = (numbers.next(), numbers.next()) {
        at = (at.0 + east, at.1 + north);
        points.push((f64::from(at.0) / 100.0, f64::from(at.1) / 100.0));
    }
    Ring { points, is_water: rest.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a place is on land, by how often a ray to the east meets an outline on its way around the globe; outlines
    /// may go on beyond 180 degrees.
    fn is_land(latitude: f64, longitude: f64) -> bool {
        let meets = |ring: &Ring, longitude: f64| {
            let next = ring.points.iter().cycle().skip(1);
            let crossed = ring.points.iter().zip(next).filter(|((x1, y1), (x2, y2))| {
                (y1 > &latitude) != (y2 > &latitude)
                    && longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
            });
            crossed.count()
        };
        let turns = [-360.0, 0.0, 360.0];
        let all = rings().iter().flat_map(|ring| turns.map(|turn| meets(ring, longitude + turn)));
        all.sum::<usize>() % 2 == 1
    }

    #[test]
    fn land_is_where_it_is() {
        for (place, latitude, longitude) in [
            ("Riyadh", 24.7, 46.7),
            ("Frankfurt", 50.1, 8.7),
            ("Sydney", -33.9, 150.5),
            ("Doha", 25.3, 51.3),
            ("South Pole", -89.0, 10.0),
        ] {
            assert!(is_land(latitude, longitude), "{place}");
        }
        for (place, latitude, longitude) in [
            ("Gulf", 26.5, 52.0),
            ("Red Sea", 20.0, 38.5),
            ("Caspian Sea", 42.0, 50.5),
            ("Pacific", 0.0, -150.0),
        ] {
            assert!(!is_land(latitude, longitude), "{place}");
        }
        let inside = |(x, y): &(f64, f64)| x.abs() <= 540.0 && y.abs() <= 90.0;
        assert!(rings().iter().all(|ring| ring.points.len() > 2 && ring.points.iter().all(inside)));
    }
}
