//! Lines and outlines cut at the edge of a map.

/// A point on the sheet.
pub(super) type Point = (f64, f64);

/// Left, top, right and bottom edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rectangle {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rectangle {
    /// Around a point.
    pub(super) fn around((x, y): Point, width: f64, height: f64) -> Self {
        let (half, high) = (0.5 * width, 0.5 * height);
        Self { left: x - half, top: y - high, right: x + half, bottom: y + high }
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    pub(super) fn middle(&self) -> Point {
        (0.5 * (self.left + self.right), 0.5 * (self.top + self.bottom))
    }

    /// The point of it that is nearest to another.
    pub(super) const fn nearest(&self, (x, y): Point) -> Point {
        (x.max(self.left).min(self.right), y.max(self.top).min(self.bottom))
    }

    /// True if any of a line lies inside.
    pub(super) fn meets(&self, line: &[Point]) -> bool {
        line.windows(2).any(|step| self.within(step[0], step[1]).is_some())
    }

    pub(super) fn contains(&self, other: &Self) -> bool {
        self.left <= other.left
            && other.right <= self.right
            && self.top <= other.top
            && other.bottom <= self.bottom
    }

    /// The share of a step at which it enters and leaves; `None` if it stays outside.
    ///
    /// Source: Liang and Barsky, A New Concept and Method for Line Clipping, 1984.
    fn within(&self, from: Point, to: Point) -> Option<(f64, f64)> {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
        for (step, room) in [
            (-dx, from.0 - self.left),
            (dx, self.right - from.0),
            (-dy, from.1 - self.top),
            (dy, self.bottom - from.1),
        ] {
            if step == 0.0 {
                if room < 0.0 {
                    return None;
                }
            } else if step < 0.0 {
                enters = enters.max(room / step);
            } else {
                leaves = leaves.min(room / step);
            }
        }
        (enters <= leaves).then_some((enters, leaves))
    }
}

/// The parts of a line that lie inside.
pub(super) fn line(points: &[Point], edge: &Rectangle) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    let mut goes_on = false;
    for step in points.windows(2) {
        let [from, to] = [step[0], step[1]];
        let Some((enters, leaves)) = edge.within(from, to) else {
            goes_on = false;
            continue;
        };
        let at = |share: f64| (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
        match parts.last_mut().filter(|_| goes_on && enters == 0.0) {
            Some(part) => part.push(at(leaves)),
            None => parts.push(vec![at(enters), at(leaves)]),
        }
        goes_on = leaves == 1.0;
    }
    parts
}

/// What of an area lies inside.
///
/// Source: Sutherland and Hodgman, Reentrant Polygon Clipping, 1974.
pub(super) fn area(points: &[Point], edge: &Rectangle) -> Vec<Point> {
    let mut area = points.to_vec();
    let sides: [fn(Point, &Rectangle) -> f64; 4] =
        [|p, e| p.0 - e.left, |p, e| e.right - p.0, |p, e| p.1 - e.top, |p, e| e.bottom - p.1];
    for inside in sides {
        let mut cut = Vec::with_capacity(area.len());
        for index in 0..area.len() {
            let (from, to) = (area[index], area[(index + 1) % area.len()]);
            let (a, b) = (inside(from, edge), inside(to, edge));
            if a >= 0.0 {
                cut.push(from);
            }
            if (a >= 0.0) != (b >= 0.0) {
                let share = a / (a - b);
                cut.push((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)));
            }
        }
        area = cut;
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGE: Rectangle = Rectangle { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    #[test]
    fn lines_end_at_the_edge() {
        assert_eq!(line(&[(-5.0, 5.0), (15.0, 5.0)], &EDGE), [[(0.0, 5.0), (10.0, 5.0)]]);
        assert_eq!(line(&[(-5.0, -5.0), (-1.0, 20.0)], &EDGE), Vec::<Vec<Point>>::new());
        let there_and_back = [(5.0, 5.0), (5.0, 15.0), (8.0, 15.0), (8.0, 5.0)];
        let parts = [[(5.0, 5.0), (5.0, 10.0)], [(8.0, 10.0), (8.0, 5.0)]];
        assert_eq!(line(&there_and_back, &EDGE), parts);
        let inside = [(1.0, 1.0), (2.0, 3.0), (4.0, 4.0)];
        assert_eq!(line(&inside, &EDGE), [inside.to_vec()]);
    }

    #[test]
    fn areas_end_at_the_edge() {
        let large = [(-5.0, -5.0), (15.0, -5.0), (15.0, 15.0), (-5.0, 15.0)];
        assert_eq!(area(&large, &EDGE).len(), 4);
        assert!(
            area(&large, &EDGE).iter().all(|(x, y)| (0.0..=10.0).contains(x) && (0.0..=10.0).contains(y))
        );
        assert!(area(&[(20.0, 20.0), (30.0, 20.0), (30.0, 30.0)], &EDGE).is_empty());
    }
}
