//! From degrees to the sheet: equirectangular, true to scale along the middle latitude, fitted to what is there.

use super::clip::{self, Point, Rectangle};

/// Latitude and longitude, degrees.
pub(super) type Degrees = (f64, f64);

/// Degrees around what is shown, at least.
const LEAST_PAD: f64 = 1.2;
/// Share of the extent that stays free on each side.
const PAD: f64 = 0.09;
/// A map is no higher than this, pixels.
const HIGHEST: f64 = 640.0;
/// And at least this high.
pub(super) const LOWEST: f64 = 400.0;
/// From point to point of a line, degrees of arc.
const STEP: f64 = 1.5;

/// Where degrees are on the sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Projection {
    /// Longitude of the left edge.
    west: f64,
    /// Latitude of the upper edge.
    north: f64,
    /// Pixels for each degree of longitude and of latitude.
    scale: (f64, f64),
    /// The edge of the map.
    pub(super) edge: Rectangle,
}

impl Projection {
    /// Fitted to `places`, of which there is at least one, between `left` and `right` and from `top` down, `lowest` high or
    /// higher.
    pub(super) fn fitted(
        places: &[Degrees],
        lines: &[Vec<Degrees>],
        (left, right): (f64, f64),
        (top, lowest): (f64, f64),
    ) -> Self {
        let (mut west, mut east) = longitudes(places);
        let inside = |point: &&Degrees| (point.1 - west).rem_euclid(360.0) <= east - west;
        let shown = places.iter().chain(lines.iter().flatten().filter(inside));
        let (mut south, mut north) = shown.fold((90.0_f64, -90.0_f64), |(low, high), (latitude, _)| {
            (low.min(*latitude), high.max(*latitude))
        });
        (west, east) = wider((west, east), PAD * (east - west) + LEAST_PAD);
        (south, north) = wider((south, north), PAD * (north - south) + LEAST_PAD);
        let stretch = libm::cos((0.5 * (south + north)).to_radians()).max(0.4);
        let width = right - left;
        // Too high: more to the left and right; too low: more above and below.
        let most = width * (north - south) / stretch / HIGHEST;
        let missing = (most.min(360.0) - (east - west)).max(0.0);
        (west, east) = wider((west, east), 0.5 * missing);
        if east - west > 360.0 {
            let excess = east - west - 360.0;
            (west, east) = wider((west, east), -0.5 * excess);
        }
        let per_longitude = width / (east - west);
        let per_latitude = per_longitude / stretch;
        let missing = (lowest / per_latitude - (north - south)).max(0.0);
        (south, north) = wider((south, north), 0.5 * missing);
        (south, north) = (south.max(-90.0), north.min(90.0));
        let edge = Rectangle { left, top, right, bottom: top + per_latitude * (north - south) };
        Self { west, north, scale: (per_longitude, per_latitude), edge }
    }

    /// Where a place is on the sheet.
    pub(super) fn at(&self, (latitude, longitude): Degrees) -> Point {
        self.place(latitude, (longitude - self.west).rem_euclid(360.0))
    }

    /// Where a place is on the sheet, if the map shows it.
    pub(super) fn shown(&self, place: Degrees) -> Option<Point> {
        let at = self.at(place);
        self.edge.contains(&Rectangle::around(at, 0.0, 0.0)).then_some(at)
    }

    /// What a map that fills another edge shows, as a part of this one.
    pub(super) fn part(&self, other: &Self) -> Rectangle {
        let ((west, east), (south, north)) = other.range();
        let (left, top) = self.at((north, west));
        let (width, height) = ((east - west) * self.scale.0, (north - south) * self.scale.1);
        let Rectangle { left: l, top: t, right: r, bottom: b } = self.edge;
        Rectangle {
            left: left.max(l),
            top: top.max(t),
            right: (left + width).min(r),
            bottom: (top + height).min(b),
        }
    }

    /// How many times larger it draws than another.
    pub(super) fn zoom(&self, other: &Self) -> f64 {
        self.scale.0 / other.scale.0
    }

    fn place(&self, latitude: f64, east: f64) -> Point {
        (self.edge.left + east * self.scale.0, self.edge.top + (self.north - latitude) * self.scale.1)
    }

    /// Longitudes of both edges, the right one larger, and latitudes of the lower and the upper one.
    pub(super) fn range(&self) -> ((f64, f64), (f64, f64)) {
        let width = (self.edge.right - self.edge.left) / self.scale.0;
        let height = (self.edge.bottom - self.edge.top) / self.scale.1;
        ((self.west, self.west + width), (self.north - height, self.north))
    }

    /// The shortest way over the globe, bent aside by `offset` pixels in its middle, as far as the map shows it.
    pub(super) fn arc(&self, from: Degrees, to: Degrees, offset: f64) -> Vec<Vec<Point>> {
        let way = great_circle(from, to);
        let first =
            way.first().map_or(0.0, |(_, longitude)| (longitude - self.west).rem_euclid(360.0) - longitude);
        let turns = [-360.0, 0.0, 360.0];
        let along = |turn: f64| {
            let place = |(latitude, longitude): &Degrees| self.place(*latitude, longitude + first + turn);
            bent(&way.iter().map(place).collect::<Vec<_>>(), offset)
        };
        turns.into_iter().flat_map(|turn| clip::line(&along(turn), &self.edge)).collect()
    }

    /// An outline of land, as far as the map shows it; several where it shows it more than once.
    pub(super) fn areas(&self, ring: &[(f64, f64)]) -> Vec<Vec<Point>> {
        // Longitudes of an outline may go on beyond 180.
        let turns = [-720.0, -360.0, 0.0, 360.0, 720.0];
        let shown = |turn: f64| {
            let place =
                |(longitude, latitude): &(f64, f64)| self.place(*latitude, longitude - self.west + turn);
            let area = clip::area(&ring.iter().map(place).collect::<Vec<_>>(), &self.edge);
            thinned(&area)
        };
        turns.into_iter().map(shown).filter(|area| area.len() > 2).collect()
    }
}

fn wider((low, high): (f64, f64), by: f64) -> (f64, f64) {
    (low - by, high + by)
}

/// The shortest range of longitudes that holds all places; the upper end may be beyond 180.
fn longitudes(places: &[Degrees]) -> (f64, f64) {
    let mut all: Vec<f64> = places.iter().map(|(_, longitude)| longitude.rem_euclid(360.0)).collect();
    all.sort_by(f64::total_cmp);
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return (-180.0, 180.0) };
    // The widest gap stays outside.
    let mut range = (*first, *last);
    for pair in all.windows(2) {
        if pair[0] + 360.0 - pair[1] < range.1 - range.0 {
            range = (pair[1], pair[0] + 360.0);
        }
    }
    if range.0 > 180.0 { (range.0 - 360.0, range.1 - 360.0) } else { range }
}

/// Points of the great circle from one place to another; longitudes go on beyond 180 instead of jumping.
pub(super) fn great_circle(from: Degrees, to: Degrees) -> Vec<Degrees> {
    let (a, b) = (vector(from), vector(to));
    let angle = libm::acos((a[0] * b[0] + a[1] * b[1] + a[2] * b[2]).clamp(-1.0, 1.0));
    let steps = (angle.to_degrees() / STEP).ceil().max(1.0);
    let sine = libm::sin(angle);
    let mut way = vec![from];
    for step in 1..steps as usize {
        let share = step as f64 / steps;
        // Opposite places have no one way.
        if sine.abs() < 1e-9 {
            break;
        }
        let (left, right) = (libm::sin((1.0 - share) * angle) / sine, libm::sin(share * angle) / sine);
        let point = [0, 1, 2].map(|axis| left * a[axis] + right * b[axis]);
        let latitude = libm::asin(point[2].clamp(-1.0, 1.0)).to_degrees();
        way.push((latitude, libm::atan2(point[1], point[0]).to_degrees()));
    }
    way.push(to);
    for index in 1..way.len() {
        let turn = (way[index].1 - way[index - 1].1 + 180.0).rem_euclid(360.0) - 180.0;
        way[index].1 = way[index - 1].1 + turn;
    }
    way
}

fn vector((latitude, longitude): Degrees) -> [f64; 3] {
    let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
    let level = libm::cos(latitude);
    [level * libm::cos(longitude), level * libm::sin(longitude), libm::sin(latitude)]
}

/// A line bent aside, most in its middle, so that lines with the same ends lie beside each other.
fn bent(points: &[Point], offset: f64) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let (dx, dy) = (last.0 - first.0, last.1 - first.1);
    let length = libm::sqrt(dx * dx + dy * dy);
    if offset == 0.0 || length < 1.0 {
        return points.to_vec();
    }
    let mut points = points.to_vec();
    // A short way has two points, which cannot be bent.
    if points.len() < 12 {
        points = (0..=12)
            .map(|k| (first.0 + dx * f64::from(k) / 12.0, first.1 + dy * f64::from(k) / 12.0))
            .collect();
    }
    let count = (points.len() - 1) as f64;
    let aside = |(index, (x, y)): (usize, &Point)| {
        let share = (index as f64 / count * 5.0).min(5.0 - index as f64 / count * 5.0).min(1.0);
        (x - offset * share * dy / length, y + offset * share * dx / length)
    };
    points.iter().enumerate().map(aside).collect()
}

/// Without points that cannot be told apart.
fn thinned(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        let is_far = |last: &Point| (point.0 - last.0).abs() + (point.1 - last.1).abs() > 0.8;
        if kept.last().is_none_or(is_far) {
            kept.push(*point);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(places: &[Degrees]) -> Projection {
        Projection::fitted(places, &[], (0.0, 950.0), (100.0, LOWEST))
    }

    #[test]
    fn everything_lies_on_the_map() {
        for places in [
            vec![(24.4, 54.4)],
            vec![(24.4, 54.4), (53.3, -6.3), (26.1, 50.5)],
            vec![(-17.7, 178.0), (-13.8, -171.8)],
            vec![(80.0, 0.0), (-80.0, 180.0), (0.0, 90.0), (0.0, -90.0)],
            vec![(90.0, 0.0), (-90.0, -180.0)],
        ] {
            let map = map(&places);
            for place in places {
                let (x, y) = map.at(place);
                let edge = map.edge;
                assert!(
                    (edge.left..=edge.right).contains(&x) && (edge.top..=edge.bottom).contains(&y),
                    "{place:?}"
                );
            }
            assert!(map.edge.bottom - map.edge.top >= 300.0);
        }
    }

    /// Fiji and Samoa are 10 degrees apart, not 350.
    #[test]
    fn the_antimeridian_does_not_tear_a_map() {
        let map = map(&[(-17.7, 178.0), (-13.8, -171.8)]);
        let ((west, east), _) = map.range();
        assert!(east - west < 40.0, "{west} to {east}");
        let parts = map.arc((-17.7, 178.0), (-13.8, -171.8), 0.0);
        assert_eq!(parts.len(), 1);
        let land = super::super::coast::rings().iter().flat_map(|ring| map.areas(&ring.points)).count();
        assert!(land > 3, "{land} outlines");
    }

    /// What leaves a map on the one side comes back on the other.
    #[test]
    fn a_way_around_the_back_is_shown_twice() {
        let map = map(&[(34.0, -118.2), (50.0, 8.0), (1.3, 103.8)]);
        let parts = map.arc((1.3, 103.8), (34.0, -118.2), 0.0);
        assert_eq!(parts.len(), 2, "{parts:?}");
        assert!(parts.iter().flatten().any(|(x, _)| *x == map.edge.left));
        assert!(parts.iter().flatten().any(|(x, _)| *x == map.edge.right));
    }

    #[test]
    fn the_shortest_way_bends_to_the_pole() {
        let way = great_circle((50.0, -60.0), (50.0, 60.0));
        let top = way.iter().map(|(latitude, _)| *latitude).fold(0.0, f64::max);
        // tan of the highest latitude = tan 50 / cos 60.
        assert!((top - 67.24).abs() < 0.1, "{top}");
        assert_eq!(great_circle((0.0, 0.0), (0.0, 0.0)).len(), 2);
    }
}
