//! A map: where regions, zones, cables, corridors and users are, and how they fare at an instant of a replication.

mod clip;
mod closer;
mod coast;
mod hover;
mod labels;
mod marks;
mod picture;
mod projection;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::style::{MARGIN, WIDTH};
use super::swimlane::{State, seconds, source};
use super::text::clean;
use super::time_ticks::clock_time;
use super::{Picture, PlotError, Theme};
use crate::measure::UsersState;
use crate::model::Model;
use crate::scenario::Chart;
use crate::study::Trace;
use clip::{Point, Rectangle};
pub use marks::{Mark, MarkKind, Shape};
pub use picture::SIGN;
pub(super) use picture::draw_sign;
use projection::Projection;

/// A map of a scenario that says where at least one region, population or site is.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    pub(super) title: String,
    pub(super) start_unix_s: f64,
    /// Which replication; `None`: everything is whole.
    pub(super) source: Option<String>,
    /// The whole, and a closer view of where that is crowded.
    views: Vec<View>,
    /// What the views show and has a state, view by view, from below to above.
    pub(super) marks: Vec<Mark>,
    /// When users suffer most, seconds from the start.
    worst: f64,
}

/// A part of the world and what is drawn there.
#[derive(Debug, Clone, PartialEq)]
struct View {
    projection: Projection,
    /// Which of the map's marks it shows.
    marks: Range<usize>,
    /// Names, best first.
    names: Vec<labels::Name>,
    /// Lines from a mark that had to step aside to its place.
    leaders: Vec<[Point; 2]>,
    corridors: Vec<marks::Band>,
    /// What the next view shows more closely: there, and not here, stand the names.
    closer: Option<Rectangle>,
}

impl Map {
    /// The map of a scenario, with the states of a replication if there is one; nothing if no place is known.
    #[must_use]
    pub fn of(model: &Model, chart: &Chart, trace: Option<&Trace>) -> Option<Self> {
        let found = marks::Found::of(model, chart, trace)?;
        let top = picture::top(chart, trace.is_some()).unwrap_or(picture::TOP);
        let (views, marks) = closer::views(&found, (MARGIN, WIDTH - MARGIN), top);
        Some(Self {
            title: clean(&model.title),
            start_unix_s: model.start_unix_micros as f64 / 1e6,
            source: trace.map(source),
            views,
            marks,
            worst: trace.map_or(0.0, |trace| worst(model, trace)),
        })
    }

    /// The first instant at which most users' requests fail, seconds from the start.
    #[must_use]
    pub const fn worst(&self) -> f64 {
        self.worst
    }

    /// As an SVG document, `at` seconds from the start; pointing at a mark tells its name, also where that has no room.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn svg(&self, at: f64, theme: Theme) -> Result<String, PlotError> {
        Ok(hover::with_titles(&picture::draw(self, Some(at), theme)?.svg, &self.marks, at))
    }

    /// As a picture of what does not change: without the marks.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn base(&self, theme: Theme) -> Result<Picture, PlotError> {
        Ok(picture::draw(self, None, theme)?.named("map"))
    }

    /// What has a state, from below to above.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// What stands at `at` seconds from the start in the head.
    fn time(&self, at: f64) -> Option<String> {
        self.source.as_ref()?;
        clock_time(self.start_unix_s + at).map(|time| format!("{time} UTC"))
    }
}

impl Mark {
    /// Its state at an instant, seconds from the start; nothing if it is whole.
    #[must_use]
    pub fn state(&self, at: f64) -> Option<State> {
        self.course.iter().find(|s| s.from <= at && at < s.to).map(|s| s.state)
    }
}

/// How the users of each journey of a population fare in a replication, in order of id: from when on (seconds from the
/// start), in which state, with which share of requests that succeed. Before the first instant they are up.
#[must_use]
pub fn fares(model: &Model, trace: &Trace) -> Vec<Vec<(f64, UsersState, f64)>> {
    let mut fares = vec![Vec::new(); model.usages.len()];
    for entry in &trace.story.entries {
        let crate::measure::Happening::Users(now) = &entry.happening else { continue };
        if let Some(course) = fares.get_mut(now.usage.index()).filter(|_| !now.at_horizon) {
            course.push((seconds(entry.at), now.is, entry.after.unwrap_or(1.0)));
        }
    }
    fares
}

fn worst(model: &Model, trace: &Trace) -> f64 {
    let fares = fares(model, trace);
    let mut times: Vec<f64> = fares.iter().flatten().map(|(at, ..)| *at).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let failing = |at: f64| -> f64 {
        let of = |(usage, course): (&crate::model::Usage, &Vec<(f64, UsersState, f64)>)| {
            let now = course.iter().rfind(|(from, ..)| *from <= at).map_or(1.0, |(.., success)| *success);
            model.populations.get(usage.population.index()).map_or(0.0, |p| p.users) * (1.0 - now)
        };
        model.usages.iter().zip(&fares).map(of).sum()
    };
    let mut worst = (0.0, 0.0);
    for at in times {
        let now = failing(at);
        if now > worst.1 {
            worst = (at, now);
        }
    }
    worst.0
}
