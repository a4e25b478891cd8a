//! A map as a picture.

use plotters::style::{Color as _, RGBColor, ShapeStyle};

use super::clip::{Point, Rectangle};
use super::labels::{self, Crowd, Label, Wanted};
use super::marks::{Mark, MarkKind, Shape, USERS};
use super::{Map, View, coast};
use crate::plot::canvas::{Anchor, Canvas, Drawn, HEADER, paint};
use crate::plot::legend::{self, Legend, readable_on};
use crate::plot::style::{MARGIN, PANEL, PLAIN, Palette, SMALL, WIDTH, fill, stroke};
use crate::plot::swimlane::{STATES, State, look};
use crate::plot::text::fitted;
use crate::plot::{PlotError, Theme};
use crate::scenario::Chart;

const TITLE: &str = "Where everything is";
/// Where a map begins if nothing is known of its legend.
pub(super) const TOP: f64 = HEADER + 92.0;
/// Room under a map: tick labels, the source of the coast.
const BELOW: f64 = 68.0;
/// Widths of a line that is whole, and of one that is not.
const WHOLE_LINE: f64 = 1.6;
const HIT_LINE: f64 = 3.6;
/// Radius of the sign of a state on a line or a site, pixels.
pub const SIGN: f64 = 8.0;
/// How much of the lines under a name its plate covers.
const PLATE: f64 = 0.75;
/// From a view to the next: tick labels and what the next one shows.
pub(super) const BETWEEN: f64 = 62.0;
/// So many lines of latitude at most.
const ROWS: f64 = 7.0;
/// Degrees between lines of the graticule.
const GRATICULE: [f64; 8] = [0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0];

/// Where a map begins: under its legend.
pub(super) fn top(chart: &Chart, has_states: bool) -> Option<f64> {
    let has =
        Has { states: has_states, lines: !chart.lengths.is_empty(), corridors: !chart.corridors.is_empty() };
    let legend = Legend::new(marks(&Palette::of(Theme::Light), has)).ok()?;
    Some(HEADER + legend.height + 10.0)
}

/// The map at an instant; without one what has a state is left out.
pub(super) fn draw(map: &Map, at: Option<f64>, theme: Theme) -> Result<Drawn, PlotError> {
    let palette = Palette::of(theme);
    let has = Has {
        states: map.source.is_some(),
        lines: map.marks.iter().any(|mark| mark.kind == MarkKind::Edge),
        corridors: map.views.iter().any(|view| !view.corridors.is_empty()),
    };
    let legend = Legend::new(marks(&palette, has))?;
    let time = at.and_then(|at| map.time(at));
    let title = match (&map.source, &time) {
        (Some(_), Some(time)) => format!("{TITLE}, {time}"),
        _ => TITLE.to_owned(),
    };
    let source = map.source.as_deref().unwrap_or("no replication: everything is whole");
    let bottom = map.views.iter().map(|view| view.projection.edge.bottom).fold(0.0, f64::max);
    paint(bottom + BELOW, theme, &title, |canvas| {
        canvas.heading([&title, &map.title, source])?;
        legend.draw(canvas, HEADER)?;
        let mut left_out = 0;
        for view in &map.views {
            left_out += draw_view(canvas, map, view, at)?;
        }
        foot(canvas, bottom, left_out)
    })
}

/// One view; returns how many names have no room.
fn draw_view(canvas: &Canvas<'_>, map: &Map, view: &View, at: Option<f64>) -> Result<usize, PlotError> {
    let edge = view.projection.edge;
    let crowd = crowd(view, &map.marks);
    let lines = crowd.lines.clone();
    let (labels, left_out) = labels::placed(&view.names, crowd, &edge)?;
    land(canvas, view)?;
    graticule(canvas, view)?;
    for band in &view.corridors {
        let color = canvas.palette.series[5].mix(0.28);
        let style = ShapeStyle { color, ..stroke(canvas.palette.grid, band.width) };
        band.parts.iter().try_for_each(|part| canvas.path(part, style))?;
    }
    for leader in &view.leaders {
        canvas.line(*leader, stroke(canvas.palette.faint, 1.0))?;
        canvas.disc(leader[0], 2.0, fill(canvas.palette.ink, 1.0))?;
    }
    if let Some(at) = at {
        let marks = map.marks.get(view.marks.clone()).unwrap_or_default();
        marks.iter().try_for_each(|mark| draw_mark(canvas, mark, mark.state(at)))?;
    }
    labels.iter().try_for_each(|label| draw_label(canvas, label, &lines))?;
    if let Some(part) = view.closer {
        canvas.frame((part.left, part.top), (part.right, part.bottom), stroke(canvas.palette.ink, 2.0))?;
        let at = (edge.left, edge.bottom + 42.0);
        canvas.text("the framed part, with its names", PANEL, canvas.palette.ink, at, Anchor::Right)?;
    }
    canvas.frame((edge.left, edge.top), (edge.right, edge.bottom), stroke(canvas.palette.faint, 1.0))?;
    Ok(left_out)
}

fn foot(canvas: &Canvas<'_>, bottom: f64, left_out: usize) -> Result<(), PlotError> {
    let missing = match left_out {
        0 => String::new(),
        1 => "; 1 name has no room".to_owned(),
        more => format!("; {more} names have no room"),
    };
    let note = format!("land: Natural Earth; equirectangular, true to scale in the middle latitude{missing}");
    let note = fitted(&note, PLAIN, WIDTH - 2.0 * MARGIN)?;
    canvas.text(&note, PLAIN, canvas.palette.faint, (MARGIN, bottom + 46.0), Anchor::Right)
}

/// What a map shows, and its legend explains.
#[derive(Debug, Clone, Copy)]
struct Has {
    states: bool,
    lines: bool,
    corridors: bool,
}

/// What stands for what; states, lines and corridors only if there are any.
fn marks(palette: &Palette, has: Has) -> Vec<(legend::Mark, String)> {
    let sign = |(state, label): &(State, &str)| (legend::Mark::Sign(*state), (*label).to_owned());
    // Units are overloaded, and have no place of their own.
    let shown = STATES.iter().filter(|(state, _)| has.states && *state != State::Overloaded);
    let mut marks: Vec<(legend::Mark, String)> = shown.map(sign).collect();
    let whole =
        if has.states { "whole: zones are squares, users discs" } else { "zones are squares, users discs" };
    marks.push((legend::Mark::Whole, whole.to_owned()));
    if has.lines {
        marks.push((legend::Mark::Line(palette.faint, WHOLE_LINE, None), "cable or link".to_owned()));
    }
    if has.corridors {
        marks.push((legend::Mark::Band(fill(palette.series[5], 0.28)), "corridor".to_owned()));
    }
    marks
}

/// Where names may not stand, and where they rather do not.
pub(super) fn crowd<'a>(view: &View, marks: &'a [Mark]) -> Crowd<'a> {
    let marks = marks.get(view.marks.clone()).unwrap_or_default();
    let room = |mark: &Mark| match &mark.shape {
        Shape::Square(at, side) => Some(Rectangle::around(*at, side + 2.0, side + 2.0)),
        Shape::Disc(at, radius) => Some(Rectangle::around(*at, 2.0 * radius, 2.0 * radius)),
        // Signs come and go on lines.
        Shape::Line(_) => {
            mark.middle().filter(|_| !mark.course.is_empty()).map(|at| Rectangle::around(at, 14.0, 14.0))
        }
    };
    let latitudes =
        latitudes(view).into_iter().map(|(_, (x, y))| Rectangle::around((x + 22.0, y), 46.0, 16.0));
    Crowd {
        taken: marks.iter().filter_map(room).chain(latitudes).collect(),
        lines: marks.iter().flat_map(Mark::parts).map(Vec::as_slice).collect(),
    }
}

fn land(canvas: &Canvas<'_>, view: &View) -> Result<(), PlotError> {
    let Palette { faint, page, .. } = canvas.palette;
    for ring in coast::rings() {
        for area in view.projection.areas(&ring.points) {
            let style = if ring.is_water { fill(page, 1.0) } else { fill(faint, 0.17) };
            canvas.polygon(&area, style)?;
        }
    }
    Ok(())
}

/// Lines at round degrees, with what they are at the left and the lower edge.
fn graticule(canvas: &Canvas<'_>, view: &View) -> Result<(), PlotError> {
    let edge = view.projection.edge;
    let ((west, east), (south, north)) = view.projection.range();
    let style = stroke(canvas.palette.grid, 1.0);
    for longitude in multiples(step_for(east - west, 9.0), west, east) {
        let x = edge.left + (longitude - west) / (east - west) * (edge.right - edge.left);
        canvas.line([(x, edge.top), (x, edge.bottom)], style)?;
        let turned = (longitude + 180.0).rem_euclid(360.0) - 180.0;
        if x > edge.left + 24.0 && x < edge.right - 24.0 {
            let at = (x, edge.bottom + 16.0);
            canvas.text(&degrees(turned, ["E", "W"]), PLAIN, canvas.palette.faint, at, Anchor::Middle)?;
        }
    }
    for latitude in multiples(step_for(north - south, ROWS), south, north) {
        let y = edge.top + (north - latitude) / (north - south) * (edge.bottom - edge.top);
        canvas.line([(edge.left, y), (edge.right, y)], style)?;
    }
    for (label, at) in latitudes(view) {
        canvas.text(&label, SMALL, canvas.palette.faint, at, Anchor::Right)?;
    }
    Ok(())
}

/// The step that gives at most `most` lines.
fn step_for(range: f64, most: f64) -> f64 {
    GRATICULE.into_iter().find(|step| range / step <= most).unwrap_or(60.0)
}

/// What the lines of latitude are, and where that stands: at the left edge, above them.
fn latitudes(view: &View) -> Vec<(String, Point)> {
    let edge = view.projection.edge;
    let (_, (south, north)) = view.projection.range();
    let at = |latitude: f64| {
        let y = edge.top + (north - latitude) / (north - south) * (edge.bottom - edge.top);
        (degrees(latitude, ["N", "S"]), (edge.left + 4.0, y - 9.0))
    };
    let all = multiples(step_for(north - south, ROWS), south, north).map(at);
    all.filter(|(_, (_, y))| *y > edge.top + 11.0 && *y < edge.bottom - 14.0).collect()
}

fn multiples(step: f64, from: f64, to: f64) -> impl Iterator<Item = f64> {
    let (first, last) = ((from / step).ceil() as i64, (to / step).floor() as i64);
    (first..=last).map(move |count| count as f64 * step)
}

fn degrees(value: f64, [positive, negative]: [&str; 2]) -> String {
    let side = if value == 0.0 || value.abs() == 180.0 {
        ""
    } else if value > 0.0 {
        positive
    } else {
        negative
    };
    format!("{}°{side}", value.abs())
}

fn draw_label(canvas: &Canvas<'_>, label: &Label, lines: &[&[Point]]) -> Result<(), PlotError> {
    let Palette { ink, faint, page, .. } = canvas.palette;
    let color = if matches!(label.wanted, Wanted::Site | Wanted::Edge) { faint } else { ink };
    if let Some(leader) = label.leader {
        canvas.line(leader, stroke(faint, 1.0))?;
    }
    if lines.iter().any(|line| label.place.meets(line)) {
        let Rectangle { left, top, right, bottom } = label.place;
        canvas.rectangle((left, top), (right, bottom), fill(page, PLATE))?;
    }
    canvas.text(&label.text, label.wanted.font(), color, label.place.middle(), Anchor::Middle)
}

fn draw_mark(canvas: &Canvas<'_>, mark: &Mark, state: Option<State>) -> Result<(), PlotError> {
    let Palette { ink, faint, page, .. } = canvas.palette;
    match (&mark.shape, state) {
        (Shape::Line(parts), state) => {
            let (color, width) =
                state.map_or((faint, WHOLE_LINE), |s| (look(&canvas.palette, s).0, HIT_LINE));
            parts.iter().try_for_each(|part| canvas.path(part, stroke(color, width)))?;
            match (state, mark.middle()) {
                (Some(state), Some(at)) => {
                    canvas.disc(at, SIGN, fill(color, 1.0))?;
                    draw_sign(canvas, state, at, SIGN)
                }
                _ => Ok(()),
            }
        }
        (Shape::Square(at, side), state) => {
            let color = state.map_or(page, |s| look(&canvas.palette, s).0);
            let half = 0.5 * side;
            let (from, to) = ((at.0 - half, at.1 - half), (at.0 + half, at.1 + half));
            canvas.rectangle(from, to, fill(color, 1.0))?;
            canvas.frame(from, to, stroke(ink, 1.4))?;
            state.map_or(Ok(()), |s| draw_sign(canvas, s, *at, half))
        }
        (Shape::Disc(at, radius), state) => {
            let small = mark.kind == MarkKind::Site;
            let whole = if small { faint } else { page };
            let color = state.map_or(whole, |s| look(&canvas.palette, s).0);
            let radius = if small && state.is_some() { SIGN } else { *radius };
            canvas.disc(*at, radius, fill(color, 1.0))?;
            if radius > 0.5 * USERS {
                canvas.disc(*at, radius, stroke(ink, 1.4))?;
            }
            state.map_or(Ok(()), |s| draw_sign(canvas, s, *at, radius))
        }
    }
}

/// The sign of a state, for those who see no colours: a cross, a bar, a pause, a caret, an arrow.
pub(in crate::plot) fn draw_sign(
    canvas: &Canvas<'_>,
    state: State,
    (x, y): Point,
    radius: f64,
) -> Result<(), PlotError> {
    let ink = readable_on(look(&canvas.palette, state).0);
    for line in sign(state) {
        let line: Vec<Point> = line.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius)).collect();
        canvas.path(&line, stroke(ink, 2.2))?;
    }
    Ok(())
}

impl State {
    /// The lines of its sign, in a square from -1 to 1.
    #[must_use]
    pub const fn sign(self) -> &'static [&'static [(f64, f64)]] {
        sign(self)
    }

    /// Its colour, and that of the sign on it, as "#rrggbb".
    #[must_use]
    pub fn colors(self, theme: Theme) -> [String; 2] {
        let color = look(&Palette::of(theme), self).0;
        [color, readable_on(color)].map(|RGBColor(r, g, b)| format!("#{r:02x}{g:02x}{b:02x}"))
    }
}

const fn sign(state: State) -> &'static [&'static [Point]] {
    match state {
        State::Down => &[&[(-0.5, -0.5), (0.5, 0.5)], &[(-0.5, 0.5), (0.5, -0.5)]],
        State::Degraded => &[&[(-0.6, 0.0), (0.6, 0.0)]],
        State::Overloaded => &[&[(0.0, -0.6), (0.0, 0.15)], &[(0.0, 0.4), (0.0, 0.6)]],
        State::Waiting => &[&[(-0.28, -0.5), (-0.28, 0.5)], &[(0.28, -0.5), (0.28, 0.5)]],
        State::Restarting => &[&[(-0.5, 0.3), (0.0, -0.4), (0.5, 0.3)]],
        State::Elsewhere => &[&[(-0.6, 0.0), (0.55, 0.0)], &[(0.1, -0.4), (0.55, 0.0), (0.1, 0.4)]],
    }
}
