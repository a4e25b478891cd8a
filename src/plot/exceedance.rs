//! Exceedance of downtime: how likely is more downtime than a given length, on two logarithmic axes.

use plotters::element::{PathElement, Polygon};
use plotters::series::DashedLineSeries;
use plotters::style::RGBColor;

use super::allowed::{Allowed, ROW, allowed, mark_allowed};
use super::canvas::{Anchor, Canvas, Drawn, HEADER, paint, pixels};
use super::frame::{BELOW, Chart, Frame, PLOT_WIDTH, within, y_label};
use super::groups::{Group, by_journey, together};
use super::legend::{Legend, Mark};
use super::log_ticks::{durations, shares};
use super::style::{DASHES, Dash, PANEL, PLAIN, Palette, WIDTH, fill, stroke};
use super::{Picture, PlotError, Theme, names};
use crate::study::{ExceedancePoint, JourneySummary, Summary};
use crate::units::{show_count, show_percent, show_span};

/// Lines that one picture shows: more than that is a tangle.
const MOST_LINES: usize = 8;
const HEIGHT: f64 = 400.0;
const LINE_WIDTH: f64 = 2.5;
const TITLE: &str = "How likely is more downtime than a given length?";

/// Exceedance of downtime: in one picture if few lines do, otherwise in one a journey.
pub(super) fn draw(summary: &Summary, theme: Theme) -> Result<Vec<Picture>, PlotError> {
    let figures = &summary.journeys;
    let groups = match figures.len() {
        0 => Vec::new(),
        1..=MOST_LINES => vec![Group { journey: "", members: figures.iter().collect(), page: (1, 1) }],
        _ => together(by_journey(figures.iter(), MOST_LINES), MOST_LINES),
    };
    groups.iter().map(|group| picture(summary, group, theme)).collect()
}

fn picture(summary: &Summary, group: &Group<'_>, theme: Theme) -> Result<Picture, PlotError> {
    let drawn = if group.members.iter().all(|figures| figures.exceedance.is_empty()) {
        words(summary, group, theme)
    } else {
        plot(summary, group, theme)
    };
    Ok(drawn?.named(names::stem("exceedance", group.journey)))
}

/// No replication had any downtime: there is no line to draw, but something to say.
fn words(summary: &Summary, group: &Group<'_>, theme: Theme) -> Result<Drawn, PlotError> {
    let title = format!("{TITLE}{}", group.page_note());
    let count = show_count(summary.replications);
    let most = group.members.iter().map(|figures| figures.impact.interval.high).fold(0.0, f64::max);
    let bound = format!(
        "The probability of any is at most {} (upper end of the {} interval).",
        show_percent(most),
        show_percent(summary.confidence),
    );
    paint(HEADER + 160.0, theme, &title, |canvas| {
        canvas.header(&title, summary, "")?;
        let none = format!("No downtime in any of the {count} replications.");
        let Palette { ink, faint, .. } = canvas.palette;
        canvas.text(&none, PANEL, ink, (0.5 * WIDTH, HEADER + 50.0), Anchor::Middle)?;
        canvas.text(&bound, PLAIN, faint, (0.5 * WIDTH, HEADER + 82.0), Anchor::Middle)
    })
}

/// Half the width of what a reader may point at.
const REACH: f64 = 4.0;

/// One line of the picture, with a colour and dashes that no other has.
struct Line<'a> {
    points: &'a [ExceedancePoint],
    label: String,
    color: RGBColor,
    dash: Dash,
}

fn lines<'a>(group: &Group<'a>, palette: &Palette) -> Vec<Line<'a>> {
    let line = |(index, figures): (usize, &&'a JourneySummary)| {
        let none = if figures.exceedance.is_empty() { " (no downtime)" } else { "" };
        Line {
            points: &figures.exceedance,
            label: format!("{}, {}{none}", figures.journey, figures.population),
            color: palette.series[index % palette.series.len()],
            // Lines that cover each other must all show: by colour through the gaps of the upper one.
            dash: DASHES[index % DASHES.len()],
        }
    };
    group.members.iter().enumerate().map(line).collect()
}

impl Line<'_> {
    fn mark(&self) -> (Mark, String) {
        let mark = if self.points.is_empty() {
            Mark::Nothing
        } else {
            Mark::Line(self.color, LINE_WIDTH, self.dash)
        };
        (mark, self.label.clone())
    }
}

fn plot(summary: &Summary, group: &Group<'_>, theme: Theme) -> Result<Drawn, PlotError> {
    let palette = Palette::of(theme);
    let lines = lines(group, &palette);
    let allowed = allowed(group, summary.horizon_s);
    let legend = Legend::new(lines.iter().map(Line::mark).collect())?;
    let top = HEADER + legend.height + 16.0 + ROW * allowed.len() as f64;
    let frame = Frame {
        width: PLOT_WIDTH,
        top,
        height: HEIGHT,
        x: duration_range(&lines, &allowed),
        y: share_range(&lines),
    };
    let title = format!("{TITLE}{}", group.page_note());
    paint(frame.bottom() + BELOW, theme, &title, |canvas| {
        canvas.header(&title, summary, &note(summary, group))?;
        legend.draw(canvas, HEADER)?;
        let x = durations(frame.x, PLOT_WIDTH)?;
        frame.grid(canvas, &x, &shares(frame.y, HEIGHT)?)?;
        series(canvas, &frame, &lines)?;
        frame.foot(canvas)?;
        mark_allowed(canvas, &frame, &allowed)?;
        let label = format!("downtime in {}", show_span(summary.horizon_s * 1e6));
        frame.x_labels(canvas, &x, &label)?;
        y_label(canvas, "probability of more downtime (%)", (frame.top, frame.bottom()))
    })
}

fn note(summary: &Summary, group: &Group<'_>) -> String {
    let open = group.members.iter().any(|figures| figures.censored > 0.0);
    let open = if open { "; outages open at the end count up to it" } else { "" };
    format!("; shaded: {} interval{open}", show_percent(summary.confidence))
}

fn series(canvas: &Canvas<'_>, frame: &Frame, lines: &[Line<'_>]) -> Result<(), PlotError> {
    let mut chart = frame.chart(canvas)?;
    let drawn = || lines.iter().filter(|line| !line.points.is_empty());
    for line in drawn() {
        let low = path(line.points, frame, |p| p.interval.low);
        let high = path(line.points, frame, |p| p.interval.high);
        let around: Vec<(f64, f64)> = low.into_iter().chain(high.into_iter().rev()).collect();
        chart.draw_series([Polygon::new(around, fill(line.color, canvas.palette.outer))])?;
    }
    drawn().for_each(|line| spots(canvas, frame, line));
    drawn().try_for_each(|line| draw_line(&mut chart, frame, line))
}

/// A place for each point of a line that a pointer can tell from the one before it.
fn spots(canvas: &Canvas<'_>, frame: &Frame, line: &Line<'_>) {
    let mut last = f64::NEG_INFINITY;
    for point in line.points.iter().filter(|p| p.down_s > 0.0 && p.probability > 0.0) {
        let x = frame.x_at(within(libm::log10(point.down_s), frame.x));
        let y = frame.y_at(within(libm::log10(point.probability), frame.y));
        if x - last < 2.0 * REACH {
            continue;
        }
        last = x;
        let text = format!(
            "{}: more than {} down with probability {} ({} to {}); exactly {}",
            line.label,
            show_span(point.down_s * 1e6),
            show_percent(point.probability),
            show_percent(point.interval.low),
            show_percent(point.interval.high),
            point.probability
        );
        canvas.spot((x - REACH, y - 2.0 * REACH), (x + REACH, y + 2.0 * REACH), text);
    }
}

fn draw_line(chart: &mut Chart<'_>, frame: &Frame, line: &Line<'_>) -> Result<(), PlotError> {
    let mut points = path(line.points, frame, |p| p.probability);
    // No replication had more than the last: there the line ends, straight down.
    points.extend(points.last().map(|(x, _)| (*x, frame.y.0)));
    let style = stroke(line.color, LINE_WIDTH);
    match line.dash {
        None => chart.draw_series([PathElement::new(points, style)])?,
        Some((dash, gap)) => {
            chart.draw_series(DashedLineSeries::new(points, pixels(dash), pixels(gap), style))?
        }
    };
    Ok(())
}

/// A line in log10 of seconds and share, from the left edge: below the smallest downtime, the probability of
/// more is that of any. What is below the lower edge ends there.
fn path(points: &[ExceedancePoint], frame: &Frame, value: fn(&ExceedancePoint) -> f64) -> Vec<(f64, f64)> {
    let at = |p: &ExceedancePoint| {
        let (x, y) = (libm::log10(p.down_s), libm::log10(value(p)));
        (within(x, frame.x), within(y, frame.y))
    };
    let mut line: Vec<(f64, f64)> = points.iter().map(at).collect();
    if let [.., (_, before), (x, _)] = line[..] {
        // At the largest downtime the probability of more jumps to 0; before, it is what it was.
        line.insert(line.len() - 1, (x, before));
    }
    let start = line.first().map(|(_, y)| (frame.x.0, *y));
    start.into_iter().chain(line).collect()
}

/// From below the smallest downtime to above the largest, in log10 of seconds; at least a decade.
fn duration_range(lines: &[Line<'_>], allowed: &[Allowed]) -> (f64, f64) {
    let observed = lines.iter().flat_map(|line| line.points).map(|p| p.down_s);
    let all = observed.chain(allowed.iter().map(|a| a.seconds)).filter(|s| *s > 0.0).map(libm::log10);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    let pad = (0.04 * (high - low)).max(0.5 * (1.0 - (high - low)));
    (low - pad, high + pad)
}

/// From below the smallest share to the decade above the largest, in log10; at least two decades.
fn share_range(lines: &[Line<'_>]) -> (f64, f64) {
    let all = || lines.iter().flat_map(|line| line.points);
    let largest = all().map(|p| p.interval.high).fold(0.0, f64::max);
    let smallest = all().map(|p| p.probability).filter(|p| *p > 0.0).fold(1.0, f64::min);
    let top = libm::ceil(libm::log10(largest) - 1e-9).min(0.0);
    // Half a step below one replication.
    let bottom = libm::log10(0.5 * smallest).min(top - 2.0);
    (bottom, top + 0.01 * (top - bottom))
}
