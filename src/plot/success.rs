//! Success over time: one picture a journey, one panel a population, all panels on one axis of time.

use plotters::element::{PathElement, Polygon};
use plotters::series::DashedLineSeries;
use plotters::style::ShapeStyle;

use super::canvas::{Anchor, Canvas, HEADER, paint, pixels};
use super::frame::{BELOW, CONTEXT, Chart, Frame, within, y_label};
use super::groups::{Group, by_journey};
use super::hazards::{Marked, hazards, mark_hazards, named};
use super::legend::{Legend, Mark};
use super::style::{LEFT, MARGIN, PANEL, PLAIN, Palette, THIN_DASH, WIDTH, fill, stroke, text_width};
use super::text::{clean, fitted};
use super::ticks::Tick;
use super::time_ticks::{clock_time, times};
use super::{Picture, PlotError, Theme, names};
use crate::study::{CurvePoint, JourneySummary, Summary};
use crate::units::{show_percent, show_short};

/// Panels that one picture shows; the rest go on the next.
const MOST_PANELS: usize = 12;
/// Room above a panel for what it shows.
const ABOVE: f64 = 42.0;
/// Where the axis of success may begin, in percent: where little fails, little would be seen on all of it.
const BEGINS: [f64; 9] = [0.0, 50.0, 80.0, 90.0, 96.0, 98.0, 99.0, 99.6, 99.9];
/// Right of the panels: the axis of failing users.
const USERS: f64 = 96.0;
/// Under each panel: demand.
const DEMAND: f64 = 34.0;
/// Between a panel and its demand.
pub(super) const GAP: f64 = 21.0;
/// Characters of a label for which there is room.
const LONGEST_TICK: usize = 4;
const MEDIAN_WIDTH: f64 = 2.25;
/// Width of what a reader may point at.
const STRIP: f64 = 4.0;
const MEAN_WIDTH: f64 = 1.5;

/// Success over time of every journey whose run kept it.
pub(super) fn draw(summary: &Summary, theme: Theme) -> Result<Vec<Picture>, PlotError> {
    let kept = summary.journeys.iter().filter(|j| points(j).len() > 1);
    by_journey(kept, MOST_PANELS).iter().map(|group| picture(summary, group, theme)).collect()
}

fn points(figures: &JourneySummary) -> &[CurvePoint] {
    figures.curve.as_ref().map_or(&[], |curve| &curve.points)
}

fn picture(summary: &Summary, group: &Group<'_>, theme: Theme) -> Result<Picture, PlotError> {
    let palette = Palette::of(theme);
    let hazards = hazards(summary);
    let legend = Legend::new(marks(&palette))?;
    let numbers = Legend::new(named(&hazards))?;
    let numbered = if hazards.is_empty() { 0.0 } else { numbers.height };
    let panel = panel_height(group.members.len());
    let top = HEADER + legend.height + numbered;
    let bottom = top + (panel + ABOVE + DEMAND + GAP) * group.members.len() as f64;
    let title = format!("{}: requests that succeed over time{}", clean(group.journey), group.page_note());
    let note = match percents(group).0 {
        0.0 => String::new(),
        low => format!("; the axis begins at {low} %"),
    };
    let drawn = paint(bottom + BELOW + CONTEXT, theme, &title, |canvas| {
        canvas.header(&title, summary, &note)?;
        legend.draw(canvas, HEADER)?;
        numbers.draw(canvas, HEADER + legend.height)?;
        y_label(canvas, "share of requests that succeed (%)", (top + ABOVE, bottom))?;
        let middle = (top + ABOVE, bottom);
        users_label(canvas, "users whose requests fail", middle)?;
        panels(canvas, summary, &hazards, group, (top, panel))
    })?;
    Ok(drawn.named(names::stem("success", group.journey)))
}

/// A strip for each instant, none narrower than a pointer can tell apart.
fn spots(canvas: &Canvas<'_>, frame: &Frame, start_unix_s: f64, figures: &JourneySummary) {
    let mut last = f64::NEG_INFINITY;
    for point in points(figures).iter().filter(|p| p.at_s.is_finite()) {
        let x = frame.x_at(within(point.at_s, frame.x));
        if x - last < STRIP {
            continue;
        }
        last = x;
        let time =
            clock_time(start_unix_s + point.at_s).map_or(String::new(), |time| format!("{time} UTC: "));
        let [p5, p25, p50, p75, p95] =
            [point.p5, point.p25, point.p50, point.p75, point.p95].map(show_percent);
        let mean = show_percent(point.mean);
        let text = format!(
            "{}, {}, {time}median {p50}, mean {mean} of requests succeed; 50 % of replications {p25} to {p75}, \
             90 % {p5} to {p95}; {} requests/s",
            figures.journey,
            figures.population,
            show_short(point.demand)
        );
        canvas.spot((x - 0.5 * STRIP, frame.top), (x + 0.5 * STRIP, frame.bottom()), text);
    }
}

/// Fewer panels are higher; the label of the y axis must fit beside one.
const fn panel_height(panels: usize) -> f64 {
    match panels {
        0 | 1 => 320.0,
        2 => 220.0,
        _ => 170.0,
    }
}

fn marks(palette: &Palette) -> Vec<(Mark, String)> {
    vec![
        (Mark::Line(palette.main, MEDIAN_WIDTH, None), "median".to_owned()),
        (Mark::Line(palette.second, MEAN_WIDTH, Some(THIN_DASH)), "mean".to_owned()),
        (
            Mark::Band(fill(palette.main, palette.inner + palette.outer)),
            "middle 50 % of replications".to_owned(),
        ),
        (Mark::Band(fill(palette.main, palette.outer)), "middle 90 %".to_owned()),
        (Mark::Band(fill(palette.faint, palette.inner)), "demand, requests per second".to_owned()),
    ]
}

fn panels(
    canvas: &Canvas<'_>,
    summary: &Summary,
    hazards: &[Marked],
    group: &Group<'_>,
    (top, height): (f64, f64),
) -> Result<(), PlotError> {
    // A horizon of nothing still needs an axis.
    let horizon =
        if summary.horizon_s > 0.0 && summary.horizon_s.is_finite() { summary.horizon_s } else { 1.0 };
    let width = WIDTH - LEFT - USERS;
    let ticks = times(summary.start_unix_s, horizon, width)?;
    let mut frame = Frame { width, top: top + ABOVE, height, x: (0.0, horizon), y: percents(group) };
    for (index, figures) in group.members.iter().enumerate() {
        frame.top = top + ABOVE + (height + ABOVE + DEMAND + GAP) * index as f64;
        caption(canvas, &frame, figures)?;
        panel(canvas, &frame, points(figures), &ticks)?;
        users_axis(canvas, &frame, figures.users)?;
        mark_hazards(canvas, &frame, hazards)?;
        spots(canvas, &frame, summary.start_unix_s, figures);
        demand(canvas, &frame, points(figures))?;
    }
    frame.height += DEMAND + GAP;
    frame.x_labels(canvas, &ticks, "time (UTC)")
}

/// The range of the axis of success, in percent: down to what the 5 % quantile and the mean come to at worst, and a little
/// more than 100, or a line there would lie half outside.
fn percents(group: &Group<'_>) -> (f64, f64) {
    let all = group.members.iter().flat_map(|figures| points(figures));
    let worst = all.flat_map(|p| [p.p5, p.mean]).fold(1.0, f64::min);
    let low = BEGINS.into_iter().rfind(|low| *low <= 100.0 * worst).unwrap_or(0.0);
    (low, 100.0 + 0.025 * (100.0 - low))
}

/// Five percentages from the foot to 100, as few digits as they have.
fn quarters(frame: &Frame) -> [f64; 5] {
    let low = frame.y.0;
    [0.0, 1.0, 2.0, 3.0, 4.0].map(|k| ((low + k * (100.0 - low) / 4.0) * 1e4).round() / 1e4)
}

/// Whose panel it is, and what its figures come to.
fn caption(canvas: &Canvas<'_>, frame: &Frame, figures: &JourneySummary) -> Result<(), PlotError> {
    let y = frame.top - 14.0;
    let mut note = format!("available {} of the time", show_percent(figures.availability));
    if let Some(objective) = figures.objective {
        note += &format!(", objective {}", show_percent(objective));
    }
    let room = frame.width - text_width(&note, PLAIN)? - 24.0;
    let name = fitted(&figures.population, PANEL, room)?;
    canvas.text(&name, PANEL, canvas.palette.ink, (LEFT, y), Anchor::Right)?;
    canvas.text(&note, PLAIN, canvas.palette.faint, (LEFT + frame.width, y), Anchor::Left)
}

fn panel(canvas: &Canvas<'_>, frame: &Frame, points: &[CurvePoint], x: &[Tick]) -> Result<(), PlotError> {
    let mut percents = quarters(frame).map(|p| Tick::new(p, p.to_string())).to_vec();
    // Longer labels would reach the label of the axis.
    if percents.iter().any(|tick| tick.label.len() > LONGEST_TICK) {
        percents = percents.into_iter().step_by(2).collect();
    }
    frame.grid(canvas, x, &percents)?;
    let mut chart = frame.chart(canvas)?;
    let Palette { main, second, inner, outer, .. } = canvas.palette;
    let line = |value| steps(points, frame, value);
    band(&mut chart, line(|p| p.p5), line(|p| p.p95), fill(main, outer))?;
    band(&mut chart, line(|p| p.p25), line(|p| p.p75), fill(main, inner))?;
    chart.draw_series([PathElement::new(line(|p| p.p50), stroke(main, MEDIAN_WIDTH))])?;
    let mean = line(|p| p.mean);
    let (dash, gap) = (pixels(THIN_DASH.0), pixels(THIN_DASH.1));
    let dashes = DashedLineSeries::new(mean, dash, gap, stroke(second, MEAN_WIDTH));
    chart.draw_series(dashes)?;
    frame.foot(canvas)
}

/// The area between two lines.
fn band(
    chart: &mut Chart<'_>,
    low: Vec<(f64, f64)>,
    high: Vec<(f64, f64)>,
    style: ShapeStyle,
) -> Result<(), PlotError> {
    let around: Vec<(f64, f64)> = low.into_iter().chain(high.into_iter().rev()).collect();
    chart.draw_series([Polygon::new(around, style)])?;
    Ok(())
}

/// What users see changes at events and stays until the next: a line of steps, in percent.
fn steps(points: &[CurvePoint], frame: &Frame, value: fn(&CurvePoint) -> f64) -> Vec<(f64, f64)> {
    let mut line: Vec<(f64, f64)> = Vec::new();
    for point in points {
        let at = within(point.at_s, frame.x);
        let percent = within(100.0 * value(point), (frame.y.0, 100.0));
        match line.last() {
            Some((_, before)) if *before == percent => {}
            Some((_, before)) => line.extend([(at, *before), (at, percent)]),
            None => line.push((at, percent)),
        }
    }
    if let (Some((_, percent)), Some(last)) = (line.last().copied(), points.last()) {
        line.push((within(last.at_s, frame.x), percent));
    }
    line
}

/// Failing users at the right edge: none at the top.
fn users_axis(canvas: &Canvas<'_>, frame: &Frame, users: f64) -> Result<(), PlotError> {
    let x = LEFT + frame.width;
    let [low, _, middle, _, high] = quarters(frame);
    for percent in [low, middle, high] {
        let failing = show_short(users * (1.0 - percent / 100.0));
        let at = (x + 10.0, frame.y_at(percent));
        canvas.text(&failing, PLAIN, canvas.palette.faint, at, Anchor::Right)?;
    }
    Ok(())
}

/// The label of the right axis.
fn users_label(canvas: &Canvas<'_>, label: &str, (top, bottom): (f64, f64)) -> Result<(), PlotError> {
    let at = (WIDTH - 0.75 * MARGIN, 0.5 * (top + bottom));
    canvas.text(label, PLAIN, canvas.palette.ink, at, Anchor::Upward)
}

/// Requests per second under a panel, from 0 to their peak.
fn demand(canvas: &Canvas<'_>, frame: &Frame, points: &[CurvePoint]) -> Result<(), PlotError> {
    let peak = points.iter().map(|p| p.demand).fold(0.0, f64::max);
    if peak <= 0.0 || !peak.is_finite() {
        return Ok(());
    }
    let (top, bottom) = (frame.bottom() + GAP, frame.bottom() + GAP + DEMAND);
    let Palette { faint, inner, .. } = canvas.palette;
    let at = |p: &CurvePoint| {
        let x = frame.x_at(within(p.at_s, frame.x));
        (x, bottom - (bottom - top) * within(p.demand / peak, (0.0, 1.0)))
    };
    let line: Vec<(f64, f64)> = points.iter().map(at).collect();
    let mut around = line.clone();
    let ends = [(LEFT + frame.width, bottom), (LEFT, bottom)];
    around.extend(ends);
    canvas.polygon(&around, fill(faint, inner))?;
    canvas.path(&line, stroke(faint, 1.0))?;
    canvas.line([(LEFT, bottom), (LEFT + frame.width, bottom)], stroke(faint, 1.0))?;
    let text = format!("{}/s", show_short(peak));
    canvas.text(&text, PLAIN, faint, (LEFT + frame.width + 10.0, top + 8.0), Anchor::Right)?;
    canvas.text("0", PLAIN, faint, (LEFT + frame.width + 10.0, bottom - 4.0), Anchor::Right)
}
