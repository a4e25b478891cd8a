//! How long an outage lasts: the share of outages that are longer than a given length.

use super::canvas::{Canvas, HEADER, paint};
use super::frame::{BELOW, Frame, PLOT_WIDTH, within, y_label};
use super::groups::{Page, paged};
use super::legend::{Legend, Mark};
use super::log_ticks::durations;
use super::style::{DASHES, Palette, fill, stroke};
use super::ticks::Tick;
use super::{Picture, PlotError, Theme};
use crate::study::{OutageLengthPoint, Summary};
use crate::units::{show_percent, show_short, show_span};

const TITLE: &str = "How long does an outage last?";
/// Lines that one picture shows: more than that is a tangle.
const MOST_LINES: usize = 6;
const HEIGHT: f64 = 360.0;
const LINE: f64 = 2.5;
/// Half the width of what a reader may point at.
const REACH: f64 = 4.0;

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) label: String,
    pub(super) points: Vec<OutageLengthPoint>,
}

/// What the pictures show: a line for each journey of a population that had any outage.
pub(super) fn lines(summary: &Summary) -> Vec<Line> {
    let with_outages = summary.journeys.iter().filter(|j| !j.outage_lengths.is_empty());
    let label = |j: &crate::study::JourneySummary| {
        let outages = show_short(j.outages.mean);
        format!("{}, {} ({outages} a replication)", j.journey, j.population)
    };
    with_outages.map(|j| Line { label: label(j), points: j.outage_lengths.clone() }).collect()
}

/// Lengths of outages of all journeys that had any.
pub(super) fn draw(summary: &Summary, theme: Theme) -> Result<Vec<Picture>, PlotError> {
    let lines = lines(summary);
    paged(&lines, MOST_LINES).iter().map(|page| picture(summary, page, theme)).collect()
}

fn picture(summary: &Summary, page: &Page<'_, Line>, theme: Theme) -> Result<Picture, PlotError> {
    let palette = Palette::of(theme);
    let look = |index: usize| (palette.series[index % 7], DASHES[index % DASHES.len()]);
    let mark = |(index, line): (usize, &Line)| {
        let (color, dash) = look(index);
        (Mark::Line(color, LINE, dash), line.label.clone())
    };
    let legend = Legend::new(page.items.iter().enumerate().map(mark).collect())?;
    let title = format!("{TITLE}{}", page.note());
    let top = HEADER + legend.height + 16.0;
    let frame = Frame { width: PLOT_WIDTH, top, height: HEIGHT, x: range(page.items), y: (0.0, 101.0) };
    let drawn = paint(frame.bottom() + BELOW, theme, &title, |canvas| {
        let note = format!("; shaded: {} interval", show_percent(summary.confidence));
        canvas.header(&title, summary, &note)?;
        legend.draw(canvas, HEADER)?;
        let x = durations(frame.x, PLOT_WIDTH)?;
        let percents = [0.0, 25.0, 50.0, 75.0, 100.0].map(|p| Tick::new(p, p.to_string()));
        frame.grid(canvas, &x, &percents)?;
        for (index, line) in page.items.iter().enumerate() {
            let low = path(line, &frame, |p| p.interval.low);
            let high = path(line, &frame, |p| p.interval.high);
            let around: Vec<_> = low.into_iter().chain(high.into_iter().rev()).collect();
            canvas.polygon(&around, fill(look(index).0, palette.outer))?;
        }
        for (index, line) in page.items.iter().enumerate() {
            let (color, dash) = look(index);
            canvas.dashed(&path(line, &frame, |p| p.longer), stroke(color, LINE), dash)?;
            spots(canvas, &frame, line);
        }
        frame.foot(canvas)?;
        frame.x_labels(canvas, &x, "length of the outage")?;
        y_label(canvas, "share of outages that are longer (%)", (frame.top, frame.bottom()))
    })?;
    Ok(drawn.named("outages"))
}

/// A place for each point of a line that a pointer can tell from the one before it.
fn spots(canvas: &Canvas<'_>, frame: &Frame, line: &Line) {
    let mut last = f64::NEG_INFINITY;
    for point in &line.points {
        let x = frame.x_at(within(libm::log10(point.length_s), frame.x));
        let y = frame.y_at(within(100.0 * point.longer, (0.0, 100.0)));
        if x - last < 2.0 * REACH {
            continue;
        }
        last = x;
        let text = format!(
            "{}: {} of outages last longer than {} ({} to {})",
            line.label,
            show_percent(point.longer),
            show_span(point.length_s * 1e6),
            show_percent(point.interval.low),
            show_percent(point.interval.high)
        );
        canvas.spot((x - REACH, y - 2.0 * REACH), (x + REACH, y + 2.0 * REACH), text);
    }
}

/// On the sheet, from the left edge on.
fn path(line: &Line, frame: &Frame, value: fn(&OutageLengthPoint) -> f64) -> Vec<(f64, f64)> {
    let at = |point: &OutageLengthPoint| {
        let x = frame.x_at(within(libm::log10(point.length_s), frame.x));
        (x, frame.y_at(within(100.0 * value(point), (0.0, 100.0))))
    };
    let start = (frame.x_at(frame.x.0), frame.y_at(100.0));
    std::iter::once(start).chain(line.points.iter().map(at)).collect()
}

/// From below the shortest to above the longest, in log10 of seconds; at least a decade.
fn range(lines: &[Line]) -> (f64, f64) {
    let all = lines.iter().flat_map(|l| &l.points).map(|p| libm::log10(p.length_s)).filter(|x| x.is_finite());
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    if low > high {
        return (0.0, 1.0);
    }
    let pad = (0.04 * (high - low)).max(0.5 * (1.0 - (high - low)));
    (low - pad, high + pad)
}
