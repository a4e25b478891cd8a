//! The lanes of a replication as a picture.

use plotters::style::RGBColor;

use super::super::canvas::{Anchor, Canvas, Drawn, HEADER, paint};
use super::super::frame::within;
use super::super::legend::{Legend, Mark, TWO_IN_A_ROW, striped};
use super::super::style::{MARGIN, NUMBER, PLAIN, Palette, ROW_TITLE, WIDTH, fill, stroke, text_width};
use super::super::text::{fitted, shortened};
use super::super::ticks::Tick;
use super::super::time_ticks::{clock_time, event_time, times};
use super::super::{PlotError, Theme};
use super::{Lane, State, Swimlane, UserLane};
use crate::units::{show_counted, show_percent};

const TITLE: &str = "One replication: who is out, and how users fare";
/// Where labels end and lanes begin.
const BEGIN: f64 = 356.0;
const END: f64 = WIDTH - 60.0;
/// Height of a lane, and of what it shows.
const LANE: f64 = 26.0;
const BAR: f64 = 16.0;
/// The same of users.
const USERS: f64 = 64.0;
const USERS_BAR: f64 = 44.0;
/// Room for the numbers of events above the lanes.
const NUMBERS: f64 = 24.0;
/// Numbers that stand together where lines are close; more are cut short.
const MOST_TOGETHER: usize = 3;
/// Under the lanes: times, dates and the name of the axis.
const BELOW: f64 = 92.0;
/// Narrower than this, nobody can point at it.
const NARROWEST: f64 = 2.0;

pub(in crate::plot) const STATES: [(State, &str); 6] = [
    (State::Down, "out"),
    (State::Degraded, "degraded"),
    (State::Overloaded, "overloaded"),
    (State::Waiting, "waiting for crew, permit, decision or needs"),
    (State::Restarting, "restarting, starting or being moved"),
    (State::Elsewhere, "users served elsewhere"),
];

/// Colour, and how much of a lane's height it fills: the state is seen without colour, too.
pub(in crate::plot) const fn look(palette: &Palette, state: State) -> (RGBColor, f64) {
    match state {
        State::Down => (palette.second, 1.0),
        State::Degraded => (palette.series[4], 0.62),
        State::Overloaded => (palette.more[3], 0.8),
        State::Waiting => (palette.series[3], 0.38),
        State::Restarting => (palette.main, 0.62),
        State::Elsewhere => (palette.series[2], 0.2),
    }
}

/// Where times are on the sheet.
struct Axis {
    window: (f64, f64),
}

impl Axis {
    fn at(&self, seconds: f64) -> f64 {
        let (from, to) = self.window;
        BEGIN + within((seconds - from) / (to - from), (0.0, 1.0)) * (END - BEGIN)
    }

    const fn shows(&self, seconds: f64) -> bool {
        self.window.0 <= seconds && seconds <= self.window.1
    }
}

/// Upper edge of the users' lanes, where they end, and the lower edge of all lanes.
struct Rows {
    legend: Legend,
    events: Legend,
    top: f64,
    of_users: f64,
    bottom: f64,
}

fn rows(view: &Swimlane, palette: &Palette) -> Result<Rows, PlotError> {
    let legend = Legend::new(marks(view, palette))?;
    let events = Legend::new(events(view)?)?;
    let events_height = if view.events.is_empty() { 0.0 } else { events.height };
    let top = HEADER + legend.height + events_height + NUMBERS;
    let of_users = top + USERS * view.users.len() as f64;
    let bottom = of_users + 12.0 + LANE * view.lanes.len() as f64;
    Ok(Rows { legend, events, top, of_users, bottom })
}

/// Where times are on the sheet: left and right edge, upper and lower edge.
pub(super) fn place(view: &Swimlane) -> Result<[f64; 4], PlotError> {
    let rows = rows(view, &Palette::of(Theme::Light))?;
    Ok([BEGIN, END, rows.top, rows.bottom])
}

pub(super) fn draw(view: &Swimlane, theme: Theme) -> Result<Drawn, PlotError> {
    let palette = Palette::of(theme);
    let Rows { legend, events, top, of_users, bottom } = rows(view, &palette)?;
    let axis = Axis { window: view.window };
    let note = note(view);
    let height = bottom + BELOW + if note.is_empty() { 0.0 } else { 24.0 };
    paint(height, theme, TITLE, |canvas| {
        canvas.heading([TITLE, &view.title, &view.source])?;
        legend.draw(canvas, HEADER)?;
        events.draw(canvas, HEADER + legend.height)?;
        let span = view.window.1 - view.window.0;
        let ticks = times(view.start_unix_s + view.window.0, span, END - BEGIN)?;
        grid(canvas, &axis, &ticks, (top, bottom))?;
        for (row, lane) in view.users.iter().enumerate() {
            draw_users(canvas, &axis, lane, top + USERS * (row as f64 + 0.5))?;
        }
        for (row, lane) in view.lanes.iter().enumerate() {
            draw_lane(canvas, &axis, lane, of_users + 12.0 + LANE * (row as f64 + 0.5))?;
        }
        draw_events(canvas, &axis, view, (top, bottom))?;
        spots(canvas, &axis, view, (top, of_users));
        let at = (0.5 * (BEGIN + END), bottom + 66.0);
        canvas.text("time (UTC)", PLAIN, canvas.palette.ink, at, Anchor::Middle)?;
        let at = (MARGIN, bottom + BELOW);
        canvas.text(
            &fitted(&note, PLAIN, WIDTH - 2.0 * MARGIN)?,
            PLAIN,
            canvas.palette.faint,
            at,
            Anchor::Right,
        )
    })
}

fn note(view: &Swimlane) -> String {
    let mut notes = Vec::new();
    if view.is_cut {
        notes.push("shown: the time around what reached users".to_owned());
    }
    match view.more_lanes {
        0 => {}
        1 => notes.push("1 more lane with little in it is not shown".to_owned()),
        more => notes.push(format!("{more} more lanes with little in them are not shown")),
    }
    if view.more_users > 0 {
        notes.push(format!("not shown: {}", show_counted(view.more_users as u64, "journey")));
    }
    if view.more_events > 0 {
        notes.push(format!("{} more events reached users", view.more_events));
    }
    notes.join("; ")
}

fn marks(view: &Swimlane, palette: &Palette) -> Vec<(Mark, String)> {
    let overloads = view.lanes.iter().flat_map(|lane| &lane.segments).any(|s| s.state == State::Overloaded);
    let mark = |(state, label): &(State, &str)| {
        let (color, share) = look(palette, *state);
        let (style, height) = (fill(color, 1.0), BAR * share);
        let striped = *state == State::Overloaded;
        let mark =
            if striped { Mark::Striped(style, height, palette.page) } else { Mark::Bar(style, height) };
        (mark, (*label).to_owned())
    };
    let users =
        (Mark::Band(fill(palette.second, palette.inner)), "users: share of requests that fail".to_owned());
    let shown = STATES.iter().filter(|(state, _)| *state != State::Overloaded || overloads);
    shown.map(mark).chain([users]).collect()
}

/// What the numbers stand for, with the time whole; the axis tells its zone.
fn events(view: &Swimlane) -> Result<Vec<(Mark, String)>, PlotError> {
    let (from, to) = (view.start_unix_s + view.window.0, view.start_unix_s + view.window.1);
    let label = |event: &super::EventMark| {
        let time = event_time(view.start_unix_s + event.at, (from, to)).map(|time| format!("{time}: "));
        let time = time.unwrap_or_default();
        let room = TWO_IN_A_ROW - text_width(&time, PLAIN)? - 6.0;
        Ok((Mark::Number(event.number), format!("{time}{}", shortened(&event.cause, PLAIN, room)?)))
    };
    view.events.iter().map(label).collect()
}

fn grid(
    canvas: &Canvas<'_>,
    axis: &Axis,
    ticks: &[Tick],
    (top, bottom): (f64, f64),
) -> Result<(), PlotError> {
    let Palette { grid, faint, .. } = canvas.palette;
    for tick in ticks {
        let x = axis.at(axis.window.0 + tick.at);
        canvas.line([(x, top), (x, bottom + 5.0)], stroke(grid, 1.0))?;
        canvas.text(&tick.label, PLAIN, faint, (x, bottom + 18.0), Anchor::Middle)?;
        if let Some(context) = &tick.context {
            canvas.text(context, PLAIN, faint, (x, bottom + 38.0), Anchor::Middle)?;
        }
    }
    canvas.line([(BEGIN, bottom), (END, bottom)], stroke(faint, 1.0))
}

/// Success as a line from 0 at the foot to 100 % at the top, what fails filled, outages marked beneath.
fn draw_users(canvas: &Canvas<'_>, axis: &Axis, lane: &UserLane, y: f64) -> Result<(), PlotError> {
    let Palette { ink, faint, second, main, inner, .. } = canvas.palette;
    let (top, bottom) = (y - 0.5 * USERS_BAR, y + 0.5 * USERS_BAR);
    let room = BEGIN - MARGIN - 58.0;
    canvas.text(
        &shortened(&lane.names[0], ROW_TITLE, room)?,
        ROW_TITLE,
        ink,
        (MARGIN, y - 10.0),
        Anchor::Right,
    )?;
    canvas.text(&shortened(&lane.names[1], PLAIN, room)?, PLAIN, faint, (MARGIN, y + 10.0), Anchor::Right)?;
    for (label, y) in [("100 %", top + 5.0), ("0 %", bottom - 4.0)] {
        canvas.text(label, PLAIN, faint, (BEGIN - 6.0, y), Anchor::Left)?;
    }
    let level = |success: f64| bottom - (bottom - top) * within(success, (0.0, 1.0));
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (at, success) in &lane.success {
        let (x, y) = (axis.at(*at), level(*success));
        if let Some((_, before)) = points.last().copied() {
            points.push((x, before));
        }
        points.push((x, y));
    }
    points.extend(points.last().map(|(_, y)| (END, *y)));
    let mut failing = points.clone();
    failing.extend([(END, top), (BEGIN, top)]);
    canvas.polygon(&failing, fill(second, inner))?;
    canvas.path(&points, stroke(main, 2.0))?;
    for (from, to) in &lane.down {
        canvas.rectangle((axis.at(*from), bottom + 1.0), (axis.at(*to), bottom + 5.0), fill(second, 1.0))?;
    }
    Ok(())
}

fn draw_lane(canvas: &Canvas<'_>, axis: &Axis, lane: &Lane, y: f64) -> Result<(), PlotError> {
    let Palette { ink, grid, .. } = canvas.palette;
    let label = label(&lane.names, BEGIN - MARGIN - 12.0)?;
    canvas.text(&label, PLAIN, ink, (MARGIN, y), Anchor::Right)?;
    canvas.line([(BEGIN, y), (END, y)], stroke(grid, 1.0))?;
    for segment in &lane.segments {
        let (left, right) = (axis.at(segment.from), axis.at(segment.to));
        if segment.to <= axis.window.0 || segment.from >= axis.window.1 {
            continue;
        }
        let (color, share) = look(&canvas.palette, segment.state);
        let half = 0.5 * BAR * share;
        // However short, it can be seen.
        let right = right.max(left + 1.5);
        let (from, to) = ((left, y - half), (right, y + half));
        if segment.state == State::Overloaded {
            striped(canvas, from, to, fill(color, 1.0), canvas.palette.page)?;
        } else {
            canvas.rectangle(from, to, fill(color, 1.0))?;
        }
    }
    Ok(())
}

/// What is shown where; what is too short to point at is left out.
fn spots(canvas: &Canvas<'_>, axis: &Axis, view: &Swimlane, (top, of_users): (f64, f64)) {
    let clock = |at: f64| clock_time(view.start_unix_s + at).unwrap_or_default();
    let spot = |from: f64, to: f64, y: f64, height: f64, what: String| {
        let (left, right) = (axis.at(from), axis.at(to));
        if right - left >= NARROWEST {
            let text = format!("{what}, {} to {} UTC", clock(from), clock(to));
            canvas.spot((left, y - 0.5 * height), (right, y + 0.5 * height), text);
        }
    };
    for (row, lane) in view.users.iter().enumerate() {
        let y = top + USERS * (row as f64 + 0.5);
        for (index, (from, success)) in lane.success.iter().enumerate() {
            let to = lane.success.get(index + 1).map_or(view.window.1, |(to, _)| *to);
            let [journey, population] = &lane.names;
            let what = format!("{journey}, {population}: {} of requests succeed", show_percent(*success));
            spot(*from, to, y, USERS_BAR, what);
        }
    }
    for (row, lane) in view.lanes.iter().enumerate() {
        let y = of_users + 12.0 + LANE * (row as f64 + 0.5);
        for segment in &lane.segments {
            spot(
                segment.from,
                segment.to,
                y,
                LANE,
                format!("{}: {}", lane.names.join(", "), segment.state.words()),
            );
        }
    }
}

/// The first name and how many share its lane: "a and 3 more", if they do not all fit.
fn label(names: &[String], room: f64) -> Result<String, PlotError> {
    let all = names.join(", ");
    let [first, rest @ ..] = names else { return Ok(String::new()) };
    if rest.is_empty() || text_width(&all, PLAIN)? <= room {
        return shortened(&all, PLAIN, room);
    }
    let more = format!(" and {} more", rest.len());
    Ok(shortened(first, PLAIN, room - text_width(&more, PLAIN)?)? + &more)
}

/// Lines at initiating events, over everything; numbers that would overlap stand together.
fn draw_events(
    canvas: &Canvas<'_>,
    axis: &Axis,
    view: &Swimlane,
    (top, bottom): (f64, f64),
) -> Result<(), PlotError> {
    let ink = canvas.palette.ink;
    let mut numbers: Vec<(f64, String)> = Vec::new();
    let mut in_order: Vec<_> = view.events.iter().filter(|event| axis.shows(event.at)).collect();
    in_order.sort_by(|a, b| a.at.total_cmp(&b.at));
    for event in in_order {
        let x = axis.at(event.at);
        canvas.dashes([(x, top - 4.0), (x, bottom)], stroke(ink, 1.2), Some((3.0, 4.0)))?;
        let text = event.number.to_string();
        match numbers.last_mut() {
            Some((before, list)) if x - *before < 10.0 * (list.chars().count() as f64 + 1.0) => {
                if list.split(',').count() < MOST_TOGETHER {
                    *list += &format!(",{text}");
                } else if !list.ends_with('…') {
                    list.push('…');
                }
            }
            _ => numbers.push((x, text)),
        }
    }
    for (x, text) in numbers {
        canvas.text(&text, NUMBER, ink, (x - 3.0, top - 14.0), Anchor::Right)?;
    }
    Ok(())
}
