//! What a map shows, where it stands on the sheet, and the states that it goes through.

use std::collections::BTreeMap;

use super::clip::{Point, Rectangle};
use super::fares;
use super::labels::{Name, Wanted};
use super::projection::{Degrees, Projection, great_circle};
use crate::measure::UsersState;
use crate::model::{CompId, Kind, Model};
use crate::plot::swimlane::{Segment, State, Who, courses, seconds};
use crate::plot::text::clean;
use crate::scenario::{Chart, Place, PlaceKind};
use crate::study::Trace;
use crate::units::{show_counted, show_short};

/// Side of a zone's square, and from one to the next.
pub(super) const ZONE: f64 = 14.0;
const PITCH: f64 = 16.0;
/// Zones beside each other.
const ZONES_IN_A_ROW: usize = 6;
/// Radius of a population's disc, and of a site's.
pub(super) const USERS: f64 = 10.0;
const SITE: f64 = 3.5;
/// Between lines with the same ends, and how far all of them reach at most.
const BESIDE: f64 = 4.0;
const FAN: f64 = 48.0;
/// How far a mark may step aside.
const STEPS: [f64; 6] = [0.0, 18.0, 26.0, 36.0, 48.0, 64.0];
/// So many cables and links have their names beside them even while they are whole.
const FEW_EDGES: usize = 12;
/// Names that stand together.
const NAMED: usize = 2;

/// What a mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// A zone, or a region without any.
    Zone,
    /// A population.
    Users,
    /// A landing point, branching unit or exchange.
    Site,
    /// A segment of a cable, or a link.
    Edge,
}

/// What a mark looks like; pixels of the sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Middle and side.
    Square((f64, f64), f64),
    /// Middle and radius.
    Disc((f64, f64), f64),
    /// The parts of a line that the map shows.
    Line(Vec<Vec<(f64, f64)>>),
}

/// Something that has a state.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it stands for.
    pub kind: MarkKind,
    /// What it is called: "zone me-central-1/az1", "users gulf, 5,000,000".
    pub name: String,
    /// What it looks like.
    pub shape: Shape,
    /// When it is not whole.
    pub(in crate::plot) course: Vec<Segment>,
}

impl Mark {
    /// The parts of a line; none of anything else.
    pub(super) fn parts(&self) -> &[Vec<Point>] {
        match &self.shape {
            Shape::Line(parts) => parts,
            _ => &[],
        }
    }

    /// When it is not whole: from, to (seconds from the start), and how it fares meanwhile.
    pub fn course(&self) -> impl Iterator<Item = (f64, f64, State)> {
        self.course.iter().map(|s| (s.from, s.to, s.state))
    }

    /// Where its state is shown: the middle of what it looks like; nothing for a line that the map does not show.
    #[must_use]
    pub fn middle(&self) -> Option<(f64, f64)> {
        match &self.shape {
            Shape::Square(at, _) | Shape::Disc(at, _) => Some(*at),
            Shape::Line(parts) => {
                let longest = parts.iter().max_by(|a, b| length(a).total_cmp(&length(b)))?;
                along(longest, 0.5)
            }
        }
    }
}

/// What lies in a corridor.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Band {
    pub(super) parts: Vec<Vec<Point>>,
    pub(super) width: f64,
}

/// Edges with the same ends, which are rounded to some pixels.
type Beside = BTreeMap<((i64, i64), (i64, i64)), Vec<usize>>;

/// What a scenario says of places, and what a replication says of states.
pub(super) struct Found<'a> {
    model: &'a Model,
    chart: &'a Chart,
    courses: BTreeMap<Who, Vec<Segment>>,
    users: Vec<Vec<Segment>>,
}

/// Everything with its place on the sheet.
pub(super) struct Laid {
    pub(super) marks: Vec<Mark>,
    pub(super) names: Vec<Name>,
    pub(super) leaders: Vec<[Point; 2]>,
    pub(super) corridors: Vec<Band>,
}

impl<'a> Found<'a> {
    /// `None` if no place is known.
    pub(super) fn of(model: &'a Model, chart: &'a Chart, trace: Option<&Trace>) -> Option<Self> {
        if chart.places.is_empty() {
            return None;
        }
        let horizon = seconds(model.horizon);
        let courses = trace.map(|trace| courses(&trace.story, horizon)).unwrap_or_default();
        let users = trace.map_or_else(
            || vec![Vec::new(); model.populations.len()],
            |trace| users(model, trace, &courses, horizon),
        );
        Some(Self { model, chart, courses, users })
    }

    /// All places.
    pub(super) fn degrees(&self) -> Vec<Degrees> {
        self.chart.places.iter().map(|place| place.at).collect()
    }

    /// The ways of all segments and links.
    pub(super) fn lines(&self) -> Vec<Vec<Degrees>> {
        self.edges().map(|(_, from, to)| great_circle(from, to)).collect()
    }

    /// Segments and links between places that are known, by place among the model's edges.
    fn edges(&self) -> impl Iterator<Item = (usize, Degrees, Degrees)> {
        let at = |site: crate::model::SiteId| {
            let component = self.model.network.sites.get(site.index())?.component;
            let name = &self.model.components.get(component.index())?.name;
            self.places(PlaceKind::Site).find(|place| place.name == *name).map(|place| place.at)
        };
        let ends = move |(index, edge): (usize, &crate::model::Edge)| {
            Some((index, at(edge.ends.0)?, at(edge.ends.1)?))
        };
        self.model.network.edges.iter().enumerate().filter_map(ends)
    }

    fn places(&self, kind: PlaceKind) -> impl Iterator<Item = &'a Place> {
        self.chart.places.iter().filter(move |place| place.kind == kind)
    }

    fn course(&self, component: CompId) -> Vec<Segment> {
        self.courses.get(&Who::Component(component)).cloned().unwrap_or_default()
    }

    fn mark(&self, kind: MarkKind, what: &str, component: CompId, shape: Shape) -> Option<Mark> {
        let name = &self.model.components.get(component.index())?.name;
        let name = clean(&format!("{what} {name}"));
        Some(Mark { kind, name, shape, course: self.course(component) })
    }

    /// Lines below, marks above, each at its place or beside it.
    pub(super) fn laid_out(&self, map: &Projection) -> Laid {
        let mut laid =
            Laid { marks: Vec::new(), names: Vec::new(), leaders: Vec::new(), corridors: Vec::new() };
        self.lay_edges(map, &mut laid);
        self.lay_sites(map, &mut laid);
        let mut taken = Vec::new();
        for place in self.places(PlaceKind::Region) {
            self.lay_region(place, map, &mut taken, &mut laid);
        }
        for place in self.places(PlaceKind::Users) {
            self.lay_users(place, map, &mut taken, &mut laid);
        }
        laid.names.sort_by_key(|name| name.wanted);
        laid
    }

    /// A block of zones, if the map shows where it is.
    fn lay_region(&self, place: &Place, map: &Projection, taken: &mut Vec<Rectangle>, laid: &mut Laid) {
        let zones: Vec<CompId> = self
            .model
            .components
            .iter()
            .enumerate()
            .filter(|(_, c)| {
                c.kind == Kind::Zone && c.name.rsplit_once('/').is_some_and(|(r, _)| r == place.name)
            })
            .map(|(index, _)| CompId::at(index))
            .collect();
        if map.shown(place.at).is_none() {
            return;
        }
        let (columns, rows) =
            (zones.len().clamp(1, ZONES_IN_A_ROW), zones.len().div_ceil(ZONES_IN_A_ROW).max(1));
        let block = block(map, place.at, (PITCH * columns as f64, PITCH * rows as f64), taken, laid);
        for (index, zone) in zones.into_iter().enumerate() {
            let (column, row) = (index % ZONES_IN_A_ROW, index / ZONES_IN_A_ROW);
            let at = (block.left + PITCH * (column as f64 + 0.5), block.top + PITCH * (row as f64 + 0.5));
            laid.marks.extend(self.mark(MarkKind::Zone, "zone", zone, Shape::Square(at, ZONE)));
        }
        laid.names.push(Name { text: clean(&place.name), of: block, wanted: Wanted::Region });
    }

    fn lay_users(&self, place: &Place, map: &Projection, taken: &mut Vec<Rectangle>, laid: &mut Laid) {
        let Some(index) = self.model.populations.iter().position(|p| p.name == place.name) else { return };
        if map.shown(place.at).is_none() {
            return;
        }
        let block = block(map, place.at, (2.0 * USERS, 2.0 * USERS), taken, laid);
        let at = (0.5 * (block.left + block.right), 0.5 * (block.top + block.bottom));
        let count = self.model.populations.get(index).map_or(0.0, |p| p.users);
        laid.marks.push(Mark {
            kind: MarkKind::Users,
            name: clean(&format!("users {}, {}", place.name, show_short(count))),
            shape: Shape::Disc(at, USERS),
            course: self.users.get(index).cloned().unwrap_or_default(),
        });
        laid.names.push(Name { text: clean(&place.name), of: block, wanted: Wanted::Users });
    }

    /// Sites at one place share a name.
    fn lay_sites(&self, map: &Projection, laid: &mut Laid) {
        let mut together: Vec<(Point, Vec<String>)> = Vec::new();
        for place in self.places(PlaceKind::Site) {
            let Some(at) = map.shown(place.at) else { continue };
            let site = self.model.component_named(&place.name);
            laid.marks
                .extend(site.and_then(|site| self.mark(MarkKind::Site, "site", site, Shape::Disc(at, SITE))));
            match together.iter_mut().find(|(other, _)| near(*other, at, 3.0)) {
                Some((_, names)) => names.push(clean(&place.name)),
                None => together.push((at, vec![clean(&place.name)])),
            }
        }
        for (at, names) in together {
            let of = Rectangle::around(at, 2.0 * SITE, 2.0 * SITE);
            laid.names.push(Name { text: common(&names), of, wanted: Wanted::Site });
        }
    }

    fn lay_edges(&self, map: &Projection, laid: &mut Laid) {
        let edges: Vec<_> = self.edges().collect();
        let key = |from: Degrees, to: Degrees| {
            let (a, b) = (map.at(from), map.at(to));
            let round = |(x, y): Point| ((x / 3.0).round() as i64, (y / 3.0).round() as i64);
            let (a, b) = (round(a), round(b));
            if a < b { (a, b) } else { (b, a) }
        };
        let mut beside = Beside::new();
        for (index, from, to) in &edges {
            beside.entry(key(*from, *to)).or_default().push(*index);
        }
        self.lay_corridors(map, &edges, &beside, laid);
        for (index, from, to) in edges {
            let together = beside.get(&key(from, to)).map_or(&[][..], Vec::as_slice);
            let place = together.iter().position(|other| *other == index).unwrap_or(0) as f64;
            let between = BESIDE.min(FAN / together.len().max(1) as f64);
            let mut offset = (place - 0.5 * (together.len() as f64 - 1.0)) * between;
            // All of them see the same side as the same.
            if map.at(from) > map.at(to) {
                offset = -offset;
            }
            let Some(edge) = self.model.network.edges.get(index) else { continue };
            let parts = map.arc(from, to, offset);
            if parts.is_empty() {
                continue;
            }
            let kind = self.model.components.get(edge.component.index()).map(|c| c.kind);
            let what = if kind == Some(Kind::Link) { "link" } else { "cable" };
            laid.marks.extend(self.mark(MarkKind::Edge, what, edge.component, Shape::Line(parts)));
        }
        // Where there are many, only those that were hit.
        let few = laid.marks.len() <= FEW_EDGES;
        let edges: Vec<Mark> = laid.marks.iter().filter(|m| few || !m.course.is_empty()).cloned().collect();
        for mark in &edges {
            let Some(at) = mark.middle() else { continue };
            let text = mark.name.split_once(' ').map_or(mark.name.as_str(), |(_, name)| name).to_owned();
            laid.names.push(Name { text, of: Rectangle::around(at, 4.0, 4.0), wanted: Wanted::Edge });
        }
    }

    fn lay_corridors(
        &self,
        map: &Projection,
        edges: &[(usize, Degrees, Degrees)],
        beside: &Beside,
        laid: &mut Laid,
    ) {
        for corridor in &self.chart.corridors {
            let inside = |index: &usize| corridor.edges.iter().any(|edge| edge.index() == *index);
            let mut longest: Option<(f64, Point)> = None;
            for together in beside.values() {
                let members: Vec<usize> = together.iter().copied().filter(inside).collect();
                let Some((_, from, to)) = edges.iter().find(|(index, ..)| members.first() == Some(index))
                else {
                    continue;
                };
                let parts = map.arc(*from, *to, 0.0);
                for part in &parts {
                    let middle = along(part, 0.5).map(|at| (length(part), at));
                    longest = [longest, middle].into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0));
                }
                let width = (BESIDE * together.len() as f64).min(FAN) + 12.0;
                laid.corridors.push(Band { parts, width });
            }
            if let Some((_, at)) = longest {
                let of = Rectangle::around(at, 18.0, 18.0);
                laid.names.push(Name { text: clean(&corridor.name), of, wanted: Wanted::Corridor });
            }
        }
    }
}

/// Room for a mark at its place, or where there is some beside it.
fn block(
    map: &Projection,
    place: Degrees,
    (width, height): (f64, f64),
    taken: &mut Vec<Rectangle>,
    laid: &mut Laid,
) -> Rectangle {
    let home = map.at(place);
    let around = |(dx, dy): (f64, f64)| Rectangle::around((home.0 + dx, home.1 + dy), width, height);
    let turns = [
        (0.0, 1.0),
        (0.0, -1.0),
        (1.0, 0.0),
        (-1.0, 0.0),
        (0.7, 0.7),
        (-0.7, 0.7),
        (0.7, -0.7),
        (-0.7, -0.7),
    ];
    let beside = STEPS.iter().flat_map(|step| {
        turns.map(|(x, y)| (x * (step + if *step > 0.0 { 0.4 * width } else { 0.0 }), y * step))
    });
    let is_free = |block: &Rectangle| map.edge.contains(block) && taken.iter().all(|t| !t.overlaps(block));
    let step = beside.into_iter().find(|step| is_free(&around(*step))).unwrap_or((0.0, 0.0));
    let block = around(step);
    taken.push(block);
    if step != (0.0, 0.0) {
        laid.leaders.push([home, (home.0 + step.0, home.1 + step.1)]);
    }
    block
}

/// How the users of each population fare: as the journey that fares worst, or served elsewhere.
fn users(
    model: &Model,
    trace: &Trace,
    courses: &BTreeMap<Who, Vec<Segment>>,
    horizon: f64,
) -> Vec<Vec<Segment>> {
    let fares = fares(model, trace);
    let of = |population: usize| {
        let is_theirs = |(usage, _): &(&crate::model::Usage, _)| usage.population.index() == population;
        let mine: Vec<_> = model.usages.iter().zip(&fares).filter(is_theirs).map(|(_, fare)| fare).collect();
        let is_way = |who: &Who| match who {
            Who::Way(route) => {
                model.routes.get(route.index()).is_some_and(|route| route.population.index() == population)
            }
            Who::Alternative(usage, _) => {
                model.usages.get(usage.index()).is_some_and(|usage| usage.population.index() == population)
            }
            Who::Component(_) => false,
        };
        let ways: Vec<&Segment> =
            courses.iter().filter(|(who, _)| is_way(who)).flat_map(|(_, c)| c).collect();
        let mut times: Vec<f64> = mine.iter().flat_map(|fare| fare.iter().map(|(at, ..)| *at)).collect();
        times.extend(ways.iter().flat_map(|way| [way.from, way.to]));
        times.push(0.0);
        times.sort_by(f64::total_cmp);
        times.dedup();
        let state = |at: f64| {
            let now = |fare: &&Vec<(f64, UsersState, f64)>| {
                fare.iter().rfind(|(from, ..)| *from <= at).map(|n| n.1)
            };
            let fares: Vec<UsersState> = mine.iter().filter_map(now).collect();
            let is_elsewhere =
                |way: &&Segment| way.state == State::Elsewhere && way.from <= at && at < way.to;
            if fares.contains(&UsersState::Down) {
                Some(State::Down)
            } else if fares.contains(&UsersState::Degraded) {
                Some(State::Degraded)
            } else {
                ways.iter().copied().any(|way| is_elsewhere(&way)).then_some(State::Elsewhere)
            }
        };
        merged(&times, horizon, state)
    };
    (0..model.populations.len()).map(of).collect()
}

/// Segments of equal state between the times at which it may change.
fn merged(times: &[f64], horizon: f64, state: impl Fn(f64) -> Option<State>) -> Vec<Segment> {
    let mut course: Vec<Segment> = Vec::new();
    for (index, from) in times.iter().enumerate() {
        let to = times.get(index + 1).copied().unwrap_or(horizon);
        let Some(state) = state(*from).filter(|_| to > *from) else { continue };
        match course.last_mut().filter(|last| last.to == *from && last.state == state) {
            Some(last) => last.to = to,
            None => course.push(Segment { from: *from, to, state }),
        }
    }
    course
}

/// What several sites at one place are called: the word that all of them end in, or the first of them.
fn common(names: &[String]) -> String {
    let last = |name: &String| name.rsplit(' ').next().unwrap_or_default().to_owned();
    let [first, rest @ ..] = names else { return String::new() };
    if rest.is_empty() || names.len() <= NAMED {
        return names.join(", ");
    }
    let word = last(first);
    if rest.iter().all(|name| last(name) == word) {
        return format!("{word} ({})", show_counted(names.len() as u64, "site"));
    }
    format!("{first} and {} more", rest.len())
}

fn near(a: Point, b: Point, by: f64) -> bool {
    (a.0 - b.0).abs() < by && (a.1 - b.1).abs() < by
}

fn length(points: &[Point]) -> f64 {
    points.windows(2).map(|step| distance(step[0], step[1])).sum()
}

fn distance(a: Point, b: Point) -> f64 {
    libm::sqrt((b.0 - a.0) * (b.0 - a.0) + (b.1 - a.1) * (b.1 - a.1))
}

/// The point at a share of a line's length.
fn along(points: &[Point], share: f64) -> Option<Point> {
    let mut rest = share * length(points);
    for step in points.windows(2) {
        let [from, to] = [step[0], step[1]];
        let long = distance(from, to);
        if rest <= long && long > 0.0 {
            let part = rest / long;
            return Some((from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1)));
        }
        rest -= long;
    }
    points.last().copied()
}
