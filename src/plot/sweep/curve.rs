//! Downtime against the values of one parameter, with bands.

use plotters::element::{Circle, PathElement, Polygon};
use plotters::series::DashedLineSeries;
use plotters::style::RGBColor;

use super::super::canvas::{HEADER, paint, pixels};
use super::super::frame::{BELOW, Chart, Frame, PLOT_WIDTH, y_label};
use super::super::legend::{Legend, Mark};
use super::super::linear::{marks, names, unit_for};
use super::super::style::{DASHES, Dash, Palette, fill, stroke};
use super::super::text::clean;
use super::super::{PlotError, Theme};
use super::{Subject, left_out, source, subjects};
use crate::plot::canvas::{Canvas, Drawn};
use crate::study::{Course, Decision, PointFigure, Sweep, SweepParameter, SweepPoint};
use crate::units::{show_percent, show_span, split_unit};

const TITLE: &str = "How does downtime change?";
/// How far around a point it can be pointed at.
const REACH: f64 = 8.0;
/// Lines that the picture shows: more than that is a tangle.
pub(super) const MOST_LINES: usize = 8;
const HEIGHT: f64 = 420.0;
const LINE_WIDTH: f64 = 2.5;
/// How much of the page the values that meet the objective cover.
const MET: f64 = 0.08;

/// What a line shows: places on the axis with mean and interval, seconds.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::plot) struct Line {
    pub(in crate::plot) label: String,
    pub(in crate::plot) points: Vec<Dot>,
}

/// One point of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::plot) struct Dot {
    pub(in crate::plot) x: f64,
    pub(in crate::plot) mean: f64,
    /// Lower and upper end; nothing where events are few.
    pub(in crate::plot) interval: Option<(f64, f64)>,
}

/// Where each value stands: a list of growing numbers in one unit to scale, all else one beside the other.
fn places(parameter: &SweepParameter) -> Vec<f64> {
    let parts: Option<Vec<(f64, &str)>> = parameter.values.iter().map(|value| split_unit(value)).collect();
    let beside = || (0..parameter.values.len()).map(|place| place as f64).collect();
    match parts {
        Some(parts) if !parameter.grows => {
            let same = parts.iter().all(|(_, unit)| parts.first().is_some_and(|(_, first)| first == unit));
            let grow = parts.windows(2).all(|pair| pair[0].0 < pair[1].0);
            if same && grow { parts.into_iter().map(|(number, _)| number).collect() } else { beside() }
        }
        // The steps of a range are all alike, as sums or as multiples.
        _ => beside(),
    }
}

/// The points of a journey, by where each value stands.
fn dots(subject: &Subject<'_>, at: &[f64]) -> Vec<Dot> {
    let dot = |(point, figure): &(&SweepPoint, &PointFigure)| {
        let x = *at.get(*point.places.first()?)?;
        let interval = figure.down_s.interval.map(|i| (i.low.max(0.0), i.high));
        Some(Dot { x, mean: figure.down_s.mean, interval })
    };
    subject.at.iter().filter_map(dot).collect()
}

/// The line of one journey of each of several systems that were swept over the same values.
pub(super) fn line_of(label: &str, sweep: &Sweep, subject: &Subject<'_>) -> Line {
    let at = sweep.parameters.first().map_or_else(Vec::new, places);
    Line { label: label.to_owned(), points: dots(subject, &at) }
}

/// The lines of a sweep, and how many more there would be.
pub(in crate::plot) fn lines(sweep: &Sweep) -> (Vec<Line>, usize) {
    let at = sweep.parameters.first().map_or_else(Vec::new, places);
    let line = |subject: &Subject<'_>| Line { label: subject.label.clone(), points: dots(subject, &at) };
    // What is the same at all values would only press the others together.
    let is_same = |subject: &Subject<'_>| {
        let of = |c: &&crate::study::CourseOf| subject.label == format!("{}, {}", c.journey, c.population);
        sweep.courses.iter().any(|c| of(&c) && c.course == Course::Same)
    };
    let mut all = subjects(sweep);
    if !all.iter().all(is_same) {
        all.retain(|subject| !is_same(subject));
    }
    (all.iter().take(MOST_LINES).map(line).collect(), all.len().saturating_sub(MOST_LINES))
}

pub(super) fn picture(sweep: &Sweep, theme: Theme) -> Result<String, PlotError> {
    let (lines, others) = lines(sweep);
    let left_out = left_out(others);
    let curves = Curves { title: TITLE.to_owned(), of: &sweep.title, sweep, lines, left_out };
    Ok(curves.draw(theme)?.svg)
}

/// Lines over the values of one parameter.
pub(super) struct Curves<'s> {
    /// What the picture shows.
    pub(super) title: String,
    /// Of which system.
    pub(super) of: &'s str,
    /// Values, replications and seed that all lines have.
    pub(super) sweep: &'s Sweep,
    pub(super) lines: Vec<Line>,
    /// What is said of lines that are not shown.
    pub(super) left_out: String,
}

impl Curves<'_> {
    pub(super) fn draw(&self, theme: Theme) -> Result<Drawn, PlotError> {
        let Self { title, of, sweep, lines, left_out } = self;
        let palette = Palette::of(theme);
        let look = |index: usize| -> (RGBColor, Dash) {
            // Lines that cover each other show through each other's gaps.
            (palette.series[index % palette.series.len()], DASHES[index % DASHES.len()])
        };
        let parameter = sweep.parameters.first();
        let at = parameter.map_or_else(Vec::new, places);
        let met = met(sweep, &at);
        let mut entries: Vec<(Mark, String)> = lines
            .iter()
            .enumerate()
            .map(|(index, line)| {
                let (color, dash) = look(index);
                (Mark::Line(color, LINE_WIDTH, dash), line.label.clone())
            })
            .collect();
        if !met.is_empty() {
            entries.push((Mark::Band(fill(palette.ink, MET)), "surely meets the objective".to_owned()));
        }
        if lines.iter().flat_map(|line| &line.points).any(|dot| dot.interval.is_none()) {
            entries.push((Mark::Disc(stroke(palette.faint, 2.0)), "few events, no interval".to_owned()));
        }
        if !left_out.is_empty() {
            entries.push((Mark::Nothing, left_out.clone()));
        }
        let legend = Legend::new(entries)?;
        let frame = frame(lines, &at, HEADER + legend.height + 16.0);
        let (unit, size) = unit_for(frame.y.1);
        let ticks: Vec<_> = marks(frame.y.1 / size)
            .into_iter()
            .map(|mut tick| {
                tick.at *= size;
                tick
            })
            .collect();
        let labels: Vec<(f64, String)> =
            at.iter().copied().zip(parameter.iter().flat_map(|p| p.values.iter().cloned())).collect();
        let x = names(&labels, frame.x, PLOT_WIDTH)?;
        paint(frame.bottom() + BELOW, theme, title, |canvas| {
            let note = format!("; bands: {} interval", show_percent(sweep.confidence));
            canvas.heading([title, &clean(of), &source(sweep, &note)])?;
            legend.draw(canvas, HEADER)?;
            frame.grid(canvas, &x, &ticks)?;
            for (from, to) in met {
                let (from, to) = (frame.x_at(from) - 5.0, frame.x_at(to) + 5.0);
                canvas.rectangle((from, frame.top), (to, frame.bottom()), fill(palette.ink, MET))?;
            }
            let mut chart = frame.chart(canvas)?;
            for (index, line) in lines.iter().enumerate() {
                band(&mut chart, line, look(index).0, palette.outer)?;
            }
            for (index, line) in lines.iter().enumerate() {
                draw_line(&mut chart, line, look(index))?;
                spots(canvas, &frame, line, parameter);
            }
            frame.foot(canvas)?;
            let name = clean(parameter.map_or("", |p| p.name.as_str()));
            frame.x_labels(canvas, &x, &name)?;
            let horizon = show_span(sweep.horizon_s * 1e6);
            y_label(canvas, &format!("mean downtime in {horizon} ({unit})"), (frame.top, frame.bottom()))
        })
    }
}

/// From where to where values surely meet what was asked, without a gap on the axis.
fn met(sweep: &Sweep, at: &[f64]) -> Vec<(f64, f64)> {
    let is_met = |place: &usize| {
        let point = sweep.points.iter().find(|point| point.places.first() == Some(place));
        point.is_some_and(|point| point.meets == Some(Decision::Passed))
    };
    let places: Vec<usize> = (0..at.len()).collect();
    let runs = places.chunk_by(|a, b| is_met(a) == is_met(b)).filter(|run| run.first().is_some_and(is_met));
    let ends = |run: &[usize]| at.get(*run.first()?).copied().zip(at.get(*run.last()?).copied());
    runs.filter_map(ends).collect()
}

/// Each point in words, with its downtime as the results hold it.
fn spots(canvas: &Canvas<'_>, frame: &Frame, line: &Line, parameter: Option<&SweepParameter>) {
    let at = parameter.map_or_else(Vec::new, places);
    for dot in &line.points {
        let value = at.iter().position(|x| *x == dot.x).and_then(|place| parameter?.values.get(place));
        let (x, y) = (frame.x_at(dot.x), frame.y_at(dot.mean));
        let interval = match dot.interval {
            Some((low, high)) => format!("{} to {}", show_span(low * 1e6), show_span(high * 1e6)),
            None => "few events".to_owned(),
        };
        let told = format!(
            "{} at {}: down {} ({interval}); exactly {} s",
            line.label,
            value.map_or("", String::as_str),
            show_span(dot.mean * 1e6),
            dot.mean
        );
        canvas.spot((x - REACH, y - REACH), (x + REACH, y + REACH), told);
    }
}

fn frame(lines: &[Line], at: &[f64], top: f64) -> Frame {
    let dots = || lines.iter().flat_map(|line| &line.points);
    let most = dots().map(|dot| dot.interval.map_or(dot.mean, |(_, high)| high)).fold(0.0, f64::max);
    let (low, high) = at.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let pad = if high > low { 0.03 * (high - low) } else { 0.5 };
    let most = if most > 0.0 { 1.06 * most } else { 1.0 };
    Frame { width: PLOT_WIDTH, top, height: HEIGHT, x: (low - pad, high + pad), y: (0.0, most) }
}

/// Bands between points that both have an interval.
fn band(chart: &mut Chart<'_>, line: &Line, color: RGBColor, cover: f64) -> Result<(), PlotError> {
    for pair in line.points.windows(2) {
        if let [Dot { x: a, interval: Some(first), .. }, Dot { x: b, interval: Some(second), .. }] = pair {
            let around = vec![(*a, first.0), (*b, second.0), (*b, second.1), (*a, first.1)];
            chart.draw_series([Polygon::new(around, fill(color, cover))])?;
        }
    }
    Ok(())
}

fn draw_line(chart: &mut Chart<'_>, line: &Line, (color, dash): (RGBColor, Dash)) -> Result<(), PlotError> {
    let path: Vec<(f64, f64)> = line.points.iter().map(|dot| (dot.x, dot.mean)).collect();
    let style = stroke(color, LINE_WIDTH);
    match dash {
        None => chart.draw_series([PathElement::new(path, style)])?,
        Some((dash, gap)) => {
            chart.draw_series(DashedLineSeries::new(path, pixels(dash), pixels(gap), style))?
        }
    };
    // Hollow: nobody knows how far off it is.
    let known = |dot: &&Dot| dot.interval.is_some();
    let place = |dot: &Dot| (dot.x, dot.mean);
    let dots = |style, wanted: bool| {
        let of = line.points.iter().filter(move |dot| known(dot) == wanted).map(place);
        of.map(move |at| Circle::new(at, pixels(4.0), style)).collect::<Vec<_>>()
    };
    chart.draw_series(dots(fill(color, 1.0), true))?;
    chart.draw_series(dots(stroke(color, 2.0), false))?;
    Ok(())
}
