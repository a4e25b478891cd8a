//! A closer view of where a map is crowded: some names have no room, and most places lie close together.

use super::View;
use super::clip::{Point, Rectangle};
use super::labels;
use super::marks::{Found, Laid, Mark};
use super::picture::{BETWEEN, crowd};
use super::projection::{Degrees, LOWEST, Projection};

/// How wide the closer part is at most, as a share of the whole.
const SHARE: f64 = 0.3;
/// It has at least so many places.
const LEAST_PLACES: usize = 6;
/// And is drawn at least so many times larger.
const LEAST_ZOOM: f64 = 1.8;
/// Above it, the whole needs no more height than this, pixels.
const WHOLE_HEIGHT: f64 = 300.0;
/// So many places are tried as a corner.
const TRIED: usize = 60;

/// The whole, a closer view below it if names have no room, and the marks of both.
pub(super) fn views(found: &Found<'_>, sides: (f64, f64), top: f64) -> (Vec<View>, Vec<Mark>) {
    let places = found.degrees();
    let fitted = |lowest: f64| Projection::fitted(&places, &found.lines(), sides, (top, lowest));
    let mut marks = Vec::new();
    let whole = view(found, fitted(LOWEST), &mut marks);
    let left_out = labels::placed(&whole.names, crowd(&whole, &marks), &whole.projection.edge)
        .map_or(0, |(_, count)| count);
    let low = fitted(WHOLE_HEIGHT);
    let close = if left_out == 0 { None } else { closer(&places, &low, sides) };
    let Some(close) = close else { return (vec![whole], marks) };
    marks.clear();
    let mut whole = view(found, low, &mut marks);
    let part = low.part(&close);
    // One name, one place to stand.
    whole.names.retain(|name| !part.contains(&middle(&name.of)));
    whole.closer = Some(part);
    let close = view(found, close, &mut marks);
    (vec![whole, close], marks)
}

fn middle(of: &Rectangle) -> Rectangle {
    let (x, y): Point = of.middle();
    Rectangle::around((x, y), 0.0, 0.0)
}

fn view(found: &Found<'_>, projection: Projection, marks: &mut Vec<Mark>) -> View {
    let Laid { marks: more, names, leaders, corridors } = found.laid_out(&projection);
    let first = marks.len();
    marks.extend(more);
    View { projection, marks: first..marks.len(), names, leaders, corridors, closer: None }
}

/// The part of a map that has most places, drawn larger; nothing if it does not get much larger.
fn closer(places: &[Degrees], whole: &Projection, sides: (f64, f64)) -> Option<Projection> {
    let on: Vec<(Degrees, Point)> = places.iter().map(|place| (*place, whole.at(*place))).collect();
    let edge = whole.edge;
    let (width, height) = (SHARE * (edge.right - edge.left), 0.8 * SHARE * (edge.right - edge.left));
    let tried = || on.iter().step_by(on.len().div_ceil(TRIED).max(1));
    let mut best: Vec<Degrees> = Vec::new();
    for (_, (left, _)) in tried() {
        for (_, (_, top)) in tried() {
            let part = Rectangle { left: *left, top: *top, right: left + width, bottom: top + height };
            let inside = on.iter().filter(|(_, at)| part.contains(&Rectangle::around(*at, 0.0, 0.0)));
            let inside: Vec<Degrees> = inside.map(|(place, _)| *place).collect();
            if inside.len() > best.len() {
                best = inside;
            }
        }
    }
    if best.len() < LEAST_PLACES || best.len() == places.len() {
        return None;
    }
    let close = Projection::fitted(&best, &[], sides, (edge.bottom + BETWEEN, LOWEST));
    (close.zoom(whole) >= LEAST_ZOOM).then_some(close)
}
