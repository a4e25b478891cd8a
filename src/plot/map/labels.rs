//! Names on a map, where there is room for them: none covers another, a mark, or the edge.

use super::clip::{Point, Rectangle};
use crate::plot::PlotError;
use crate::plot::style::{Font, PLAIN, ROW_TITLE, SMALL, text_width};
use crate::plot::text::shortened;

/// Longer names are shortened.
const LONGEST: f64 = 230.0;
/// Beside a name, and its height.
const GAP: f64 = 3.0;
const HEIGHT: f64 = 18.0;
/// How far from what it names a name may stand, with a line between them.
const STAND_OFF: [f64; 5] = [20.0, 40.0, 64.0, 96.0, 140.0];

/// How much a name is wanted, most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    Region,
    Users,
    Corridor,
    Site,
    Edge,
}

/// The name of something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name {
    pub(super) text: String,
    /// What it stands beside.
    pub(super) of: Rectangle,
    pub(super) wanted: Wanted,
}

/// A name with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub(super) text: String,
    pub(super) wanted: Wanted,
    /// What it covers.
    pub(super) place: Rectangle,
    /// From what it names to where it stands, if that is further away.
    pub(super) leader: Option<[Point; 2]>,
}

/// What is on a map already.
pub(super) struct Crowd<'a> {
    /// No name may stand there.
    pub(super) taken: Vec<Rectangle>,
    /// Names rather do not stand on these; those of sites and edges never.
    pub(super) lines: Vec<&'a [Point]>,
}

impl Wanted {
    pub(super) const fn font(self) -> Font {
        match self {
            Self::Region => ROW_TITLE,
            Self::Users | Self::Corridor => PLAIN,
            Self::Site | Self::Edge => SMALL,
        }
    }
}

/// Names that have room, and how many have none.
pub(super) fn placed(
    names: &[Name],
    mut crowd: Crowd<'_>,
    edge: &Rectangle,
) -> Result<(Vec<Label>, usize), PlotError> {
    let mut labels = Vec::new();
    let mut leaders: Vec<[Point; 2]> = Vec::new();
    let mut left_out = 0;
    for name in names {
        let font = name.wanted.font();
        let text = shortened(&name.text, font, LONGEST)?;
        let size = (text_width(&text, font)? + 2.0 * GAP, HEIGHT);
        let free = |place: &Rectangle| {
            edge.contains(place)
                && crowd.taken.iter().all(|other| !other.overlaps(place))
                && leaders.iter().all(|leader| !place.meets(leader))
        };
        // A line to a name leads past everything else.
        let can_be_led_to = |place: &Rectangle| {
            let leader = leader(&name.of, place);
            let others = crowd.taken.iter().filter(|other| !other.overlaps(&name.of));
            others.into_iter().all(|other| !other.meets(&leader))
        };
        let near: Vec<Rectangle> = around(&name.of, size, 0.0).into_iter().filter(free).collect();
        let is_clear = |place: &&Rectangle| crowd.lines.iter().all(|line| !place.meets(line));
        let far = || {
            let places = STAND_OFF.into_iter().flat_map(|off| around(&name.of, size, off));
            places.filter(free).filter(can_be_led_to)
        };
        let clear = near.iter().find(is_clear).copied();
        let off = || {
            far().find(|place| is_clear(&place)).or_else(|| near.first().copied()).or_else(|| far().next())
        };
        let place = match name.wanted {
            Wanted::Edge => clear,
            Wanted::Site => clear.or_else(|| far().find(|place| is_clear(&place))),
            _ => clear.or_else(off),
        };
        let Some(place) = place else {
            left_out += usize::from(name.wanted != Wanted::Edge);
            continue;
        };
        let leader = (!near.contains(&place)).then(|| leader(&name.of, &place));
        crowd.taken.push(place);
        leaders.extend(leader);
        labels.push(Label { text, wanted: name.wanted, leader, place });
    }
    Ok((labels, left_out))
}

/// A line from a mark to its name.
fn leader(of: &Rectangle, place: &Rectangle) -> [Point; 2] {
    [of.nearest(place.middle()), place.nearest(of.middle())]
}

/// Places beside, above and below a mark, `off` further out, the best first.
fn around(of: &Rectangle, (width, height): (f64, f64), off: f64) -> Vec<Rectangle> {
    let (x, y) = of.middle();
    let (right, left) = (of.right + 0.5 * width + off, of.left - 0.5 * width - off);
    let (above, below) = (of.top - 0.5 * height - off, of.bottom + 0.5 * height + off);
    [
        (right, y),
        (left, y),
        (x, above),
        (x, below),
        (right, above),
        (right, below),
        (left, above),
        (left, below),
        (x + 0.4 * width, above),
        (x - 0.4 * width, above),
        (x + 0.4 * width, below),
        (x - 0.4 * width, below),
    ]
    .map(|at| Rectangle::around(at, width, height))
    .to_vec()
}
