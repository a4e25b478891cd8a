//! Success over time: one picture a journey, one panel a population, all panels on one axis of time.

use plotters::element::{PathElement, Polygon};
use plotters::series::DashedLineSeries;
use plotters::style::ShapeStyle;

use super::canvas::{Anchor, Canvas, HEADER, paint, pixels};
use super::frame::{BELOW, CONTEXT, Chart, Frame, PLOT_WIDTH, within, y_label};
use super::groups::{Group, by_journey};
use super::legend::{Legend, Mark};
use super::style::{LEFT, PANEL, PLAIN, Palette, RIGHT, THIN_DASH, WIDTH, fill, stroke, text_width};
use super::text::{clean, fitted};
use super::ticks::Tick;
use super::time_ticks::times;
use super::{Picture, PlotError, Theme, names};
use crate::study::{CurvePoint, JourneySummary, Summary};
use crate::units::show_percent;

/// Panels that one picture shows; the rest go on the next.
const MOST_PANELS: usize = 12;
/// Room above a panel for what it shows.
const ABOVE: f64 = 42.0;
/// A little more than 0 to 100, or a line at 100 would lie half outside.
const PERCENT: (f64, f64) = (0.0, 102.5);
const MEDIAN_WIDTH: f64 = 2.25;
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
    let legend = Legend::new(marks(&Palette::of(theme)))?;
    let panel = panel_height(group.members.len());
    let top = HEADER + legend.height;
    let bottom = top + (panel + ABOVE) * group.members.len() as f64;
    let title = format!("{}: requests that succeed over time{}", clean(group.journey), group.page_note());
    let svg = paint(bottom + BELOW + CONTEXT, theme, &title, |canvas| {
        canvas.header(&title, summary, "")?;
        legend.draw(canvas, HEADER)?;
        y_label(canvas, "share of requests that succeed (%)", (top + ABOVE, bottom))?;
        panels(canvas, summary, group, (top, panel))
    })?;
    Ok(Picture { name: names::stem("success", group.journey), svg })
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
    ]
}

fn panels(
    canvas: &Canvas<'_>,
    summary: &Summary,
    group: &Group<'_>,
    (top, height): (f64, f64),
) -> Result<(), PlotError> {
    // A horizon of nothing still needs an axis.
    let horizon =
        if summary.horizon_s > 0.0 && summary.horizon_s.is_finite() { summary.horizon_s } else { 1.0 };
    let ticks = times(summary.start_unix_s, horizon, PLOT_WIDTH)?;
    let mut frame = Frame { top: top + ABOVE, height, x: (0.0, horizon), y: PERCENT };
    for (index, figures) in group.members.iter().enumerate() {
        frame.top = top + ABOVE + (height + ABOVE) * index as f64;
        caption(canvas, &frame, figures)?;
        panel(canvas, &frame, points(figures), &ticks)?;
    }
    frame.x_labels(canvas, &ticks, "time (UTC)")
}

/// Whose panel it is, and what its figures come to.
fn caption(canvas: &Canvas<'_>, frame: &Frame, figures: &JourneySummary) -> Result<(), PlotError> {
    let y = frame.top - 14.0;
    let mut note = format!("available {} of the time", show_percent(figures.availability));
    if let Some(objective) = figures.objective {
        note += &format!(", objective {}", show_percent(objective));
    }
    let room = PLOT_WIDTH - text_width(&note, PLAIN)? - 24.0;
    let name = fitted(&figures.population, PANEL, room)?;
    canvas.text(&name, PANEL, canvas.palette.ink, (LEFT, y), Anchor::Right)?;
    canvas.text(&note, PLAIN, canvas.palette.faint, (WIDTH - RIGHT, y), Anchor::Left)
}

fn panel(canvas: &Canvas<'_>, frame: &Frame, points: &[CurvePoint], x: &[Tick]) -> Result<(), PlotError> {
    let percents = [0.0, 25.0, 50.0, 75.0, 100.0].map(|p| Tick::new(p, p.to_string()));
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
        let percent = within(100.0 * value(point), (0.0, 100.0));
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
