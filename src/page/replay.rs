//! One replication to play: a slider over time, the map and the lanes at that time.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use super::json::data;
use super::themes::{Colors, escaped};
use super::{Page, places};
use crate::measure::UsersState;
use crate::model::UsageId;
use crate::plot::{Map, Mark, MarkKind, PlotError, SIGN, Shape, State, Swimlane, Theme, fares};
use crate::study::Rank;
use crate::units::show_count;

/// Units of the drawing in a pixel.
const FINE: f64 = 4.0;

/// What the script needs to know.
#[derive(Debug, Serialize)]
struct Replay {
    /// Start of simulated time, seconds since 1970.
    start_unix_s: f64,
    /// What the slider covers, seconds from the start.
    window: (f64, f64),
    /// Where the slider stands at first.
    at: f64,
    /// Left and right edge of the window in the lanes, upper and lower edge; units of the drawing.
    place: [f64; 4],
    /// By place among the marks of the map: what they are called and when they are not whole.
    marks: Vec<Course>,
    /// How users fare.
    users: Vec<Fare>,
    /// The lines of each state's sign.
    signs: Vec<(&'static str, String, &'static str)>,
}

#[derive(Debug, Serialize)]
struct Course {
    name: String,
    course: Vec<(f64, f64, &'static str)>,
}

/// A journey of a population.
#[derive(Debug, Serialize)]
struct Fare {
    journey: String,
    population: String,
    /// Places in the lists to choose from.
    of: (usize, usize),
    /// From when on, in which state, with which share of requests that succeed.
    course: Vec<(f64, &'static str, f64)>,
}

pub(super) fn section(page: &Page<'_>, colors: &mut Colors) -> Result<Markup, PlotError> {
    let model = &page.loaded.model;
    let lanes = Swimlane::of(model, page.trace);
    let map = Map::of(model, &page.loaded.chart, Some(page.trace));
    let window = lanes.window();
    let at = map.as_ref().map_or(window.0, Map::worst).clamp(window.0, window.1);
    let replay = Replay {
        start_unix_s: model.start_unix_micros as f64 / 1e6,
        window,
        at,
        place: lanes.place()?.map(|v| (v * FINE).round()),
        marks: map.iter().flat_map(Map::marks).map(course).collect(),
        users: users(page),
        signs: State::ALL.map(|state| (state.name(), path(state), state.words())).to_vec(),
    };
    let cursor = "<line class=\"cursor\" x1=\"0\" x2=\"0\" y1=\"0\" y2=\"0\"/>";
    let lanes = colors.merged(&lanes.picture(Theme::Light)?, &lanes.picture(Theme::Dark)?, cursor);
    let drawn = match &map {
        Some(map) => Some(colors.merged(&map.base(Theme::Light)?, &map.base(Theme::Dark)?, &marks(map, at))),
        None => None,
    };
    let why = page.trace.picked.as_ref().map_or(String::new(), |picked| {
        let rank = match picked.rank {
            Rank::Worst => "worst",
            Rank::Median => "median",
            Rank::P99 => "99 % quantile",
        };
        format!(", the {rank} of {} by {}", show_count(picked.replications), picked.figure)
    });
    Ok(html! {
        section #replay aria-labelledby="h-replay" {
            h2 #h-replay { "One replication" }
            p { "Replication " (page.trace.replication) " of seed " (page.trace.seed) (why) ": one course of events among many, not the mean." }
            div.player {
                button #play type="button" { "Play" }
                button #before type="button" aria-label="To the change before" { "◀" }
                button #after type="button" aria-label="To the next change" { "▶" }
                label for="time" { "Time" }
                input #time type="range" min=(window.0) max=(window.1) step="any" value=(at) aria-describedby="clock";
                output #clock for="time" {}
            }
            div #now aria-live="off" {}
            @match drawn {
                Some(svg) => figure data-name="map" {
                    (PreEscaped(svg))
                    figcaption { "Where everything is, and how it fares at the time of the slider." }
                },
                None => p { "The scenario does not say where anything is, so there is no map." },
            }
            figure data-name="swimlane" {
                (PreEscaped(lanes))
                figcaption { "Who is out, degraded, waiting or restarting, and how users fare; the line is the time of the slider." }
            }
            (data("replay-data", &replay))
        }
    })
}

fn course(mark: &Mark) -> Course {
    let course = mark.course().map(|(from, to, state)| (from, to, state.name()));
    Course { name: mark.name.clone(), course: course.collect() }
}

fn users(page: &Page<'_>) -> Vec<Fare> {
    let model = &page.loaded.model;
    let fares = fares(model, page.trace);
    let name = |state: UsersState| match state {
        UsersState::Up => "up",
        UsersState::Degraded => "degraded",
        UsersState::Down => "down",
    };
    // Journeys of a summary stand in the order of the model.
    fares
        .into_iter()
        .zip(places(page.summary))
        .enumerate()
        .map(|(index, (course, of))| {
            let (journey, population) = model.usage_name(UsageId::at(index));
            Fare {
                journey: journey.to_owned(),
                population: population.to_owned(),
                of,
                course: course.into_iter().map(|(at, state, success)| (at, name(state), success)).collect(),
            }
        })
        .collect()
}

/// All marks as they are at `at`; the script moves them on.
fn marks(map: &Map, at: f64) -> String {
    let mut text = "<g class=\"marks\">".to_owned();
    for (index, mark) in map.marks().iter().enumerate() {
        let state = mark.state(at);
        let class = state.map_or(String::new(), |state| format!(" s-{} hit", state.name()));
        let kind = match mark.kind {
            MarkKind::Zone => "zone",
            MarkKind::Users => "users",
            MarkKind::Site => "site",
            MarkKind::Edge => "edge",
        };
        let words = state.map_or("whole", State::words);
        let told = escaped(&format!("{}: {words}", mark.name));
        let _ = write!(text, "<g class=\"m {kind}{class}\" data-m=\"{index}\" data-t=\"{told}\">");
        text += &shape(mark, state);
        text += "</g>";
    }
    text + "</g>"
}

fn shape(mark: &Mark, state: Option<State>) -> String {
    let sign = |(x, y): (f64, f64), radius: f64, back: &str| {
        let lines = state.map_or(String::new(), path);
        let (x, y, radius) = (fine(x), fine(y), fine(radius));
        format!(
            "<g class=\"sg\" transform=\"translate({x} {y}) scale({radius})\">{back}<path d=\"{lines}\"/></g>"
        )
    };
    match &mark.shape {
        Shape::Square(at, side) => {
            sign(*at, 0.5 * side, "<rect class=\"b\" x=\"-1\" y=\"-1\" width=\"2\" height=\"2\"/>")
        }
        Shape::Disc(at, radius) if mark.kind == MarkKind::Site => {
            let dot = format!("<circle class=\"dot\" r=\"{}\"/>", radius / SIGN);
            sign(*at, SIGN, &format!("{dot}<circle class=\"b\" r=\"1\"/>"))
        }
        Shape::Disc(at, radius) => sign(*at, *radius, "<circle class=\"b\" r=\"1\"/>"),
        Shape::Line(parts) => {
            let lines = parts.iter().map(|part| line(part)).collect::<String>();
            let sign =
                mark.middle().map_or(String::new(), |at| sign(at, SIGN, "<circle class=\"b\" r=\"1\"/>"));
            format!("<path class=\"l\" d=\"{lines}\"/>{sign}")
        }
    }
}

fn fine(length: f64) -> f64 {
    (length * FINE * 10.0).round() / 10.0
}

fn line(points: &[(f64, f64)]) -> String {
    let step = |(index, (x, y)): (usize, &(f64, f64))| {
        let (x, y) = ((x * FINE).round(), (y * FINE).round());
        format!("{}{x} {y}", if index == 0 { 'M' } else { 'L' })
    };
    points.iter().enumerate().map(step).collect()
}

/// The lines of a sign in a square from -1 to 1.
fn path(state: State) -> String {
    let line = |points: &&[(f64, f64)]| {
        let step =
            |(index, (x, y)): (usize, &(f64, f64))| format!("{}{x} {y}", if index == 0 { 'M' } else { 'L' });
        points.iter().enumerate().map(step).collect::<String>()
    };
    state.sign().iter().map(line).collect()
}
