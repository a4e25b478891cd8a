//! Cost against downtime: the designs of a comparison, and which of them no other one beats in both.

use plotters::element::{Circle, PathElement};

use super::canvas::{Anchor, HEADER, paint, pixels};
use super::frame::{BELOW, Frame, PLOT_WIDTH, y_label};
use super::legend::{Legend, Mark};
use super::linear::{marks, unit_for};
use super::style::{NUMBER, Palette, fill, stroke};
use super::text::clean;
use super::ticks::Tick;
use super::{Picture, PlotError, Theme};
use crate::study::{Comparison, CostPoint};
use crate::units::{cost_time, show_counted, show_percent, show_span};

const TITLE: &str = "What does less downtime cost?";
const HEIGHT: f64 = 420.0;
/// Designs that are shown: more numbers cannot be told apart.
const MOST: usize = 30;
/// How far around a point it can be pointed at.
const REACH: f64 = 10.0;

/// Designs by cost and downtime; an error if the comparison has no prices.
///
/// # Errors
/// [`PlotError`] if it cannot be drawn.
pub fn pareto_picture(comparison: &Comparison, theme: Theme) -> Result<Picture, PlotError> {
    let points: Vec<&CostPoint> = comparison.cost_points.iter().take(MOST).collect();
    let palette = Palette::of(theme);
    let entries = points.iter().enumerate().map(|(n, point)| (Mark::Number(n + 1), point.design.clone()));
    let legend = Legend::new(entries.chain(kinds(&points, &palette)).collect())?;
    let frame = frame(&points, HEADER + legend.height + 16.0);
    let (unit, size) = unit_for(frame.y.1);
    let y = scaled(marks(frame.y.1 / size), size);
    let x = marks(frame.x.1);
    let drawn = paint(frame.bottom() + BELOW, theme, TITLE, |canvas| {
        let replications = show_counted(comparison.replications, "replication");
        let confidence = show_percent(comparison.confidence);
        let left_out = comparison.cost_points.len() - points.len();
        let more = if left_out > 0 { format!("; {left_out} more not shown") } else { String::new() };
        let source =
            format!("{replications} each, seed {}; bars: {confidence} interval{more}", comparison.seed);
        canvas.heading([TITLE, &clean(&comparison.baseline), &source])?;
        legend.draw(canvas, HEADER)?;
        frame.grid(canvas, &x, &y)?;
        let mut chart = frame.chart(canvas)?;
        chart.draw_series([PathElement::new(front(&points, &frame), stroke(palette.main, 2.0))])?;
        for point in &points {
            let (x, y) = (frame.x_at(point.capital_and_running), frame.y_at(point.down_s.mean));
            canvas.spot((x - REACH, y - REACH), (x + REACH, y + REACH), told(point));
            let color = if point.on_front { palette.main } else { palette.faint };
            if let Some(interval) = point.down_s.interval {
                let ends = vec![
                    (point.capital_and_running, interval.low.max(0.0)),
                    (point.capital_and_running, interval.high),
                ];
                chart.draw_series([PathElement::new(ends, stroke(color, 2.0))])?;
            }
            if let Some(interval) = point.capital_and_running_interval {
                let ends =
                    vec![(interval.low.max(0.0), point.down_s.mean), (interval.high, point.down_s.mean)];
                chart.draw_series([PathElement::new(ends, stroke(color, 2.0))])?;
            }
            // Hollow: nobody knows how far off it is.
            let style = if point.down_s.interval.is_some() { fill(color, 1.0) } else { stroke(color, 2.0) };
            chart.draw_series([Circle::new(
                (point.capital_and_running, point.down_s.mean),
                pixels(5.0),
                style,
            )])?;
        }
        for (number, place) in labels(&points, &frame) {
            canvas.text(&number, NUMBER, canvas.palette.ink, place, Anchor::Right)?;
        }
        frame.foot(canvas)?;
        let cost = comparison.designs.iter().find_map(|design| design.cost.as_ref());
        let (currency, time) =
            cost.map_or(("", String::new()), |cost| (&cost.currency, cost_time(cost.time_s)));
        let is_mean = points.iter().any(|point| point.capital_and_running_interval.is_some());
        let of_designs = if is_mean { "mean capital and running cost" } else { "capital and running cost" };
        frame.x_labels(canvas, &x, &format!("{of_designs} of the design {time} ({currency})"))?;
        let horizon = show_span(comparison.horizon_s * 1e6);
        let label = format!("mean downtime of a user in {horizon} ({unit})");
        y_label(canvas, &label, (frame.top, frame.bottom()))
    })?;
    Ok(drawn.named("pareto"))
}

/// The point in words, with its values as the results hold them.
fn told(point: &CostPoint) -> String {
    let CostPoint { design, capital_and_running, total, down_s, on_front, .. } = point;
    let front = if *on_front { "no other is as good in both" } else { "another is as good in both" };
    let down = show_span(down_s.mean * 1e6);
    // A price that nobody knows counts with its mean.
    let mean = if point.capital_and_running_interval.is_some() { "a mean of " } else { "" };
    format!(
        "{design}: {down} down, {front}; exactly {} s, capital and running {mean}{capital_and_running}, with failures {total}",
        down_s.mean
    )
}

/// What colours and shapes of points say, as far as there are such.
fn kinds(points: &[&CostPoint], palette: &Palette) -> Vec<(Mark, String)> {
    let mut kinds = vec![(Mark::Line(palette.main, 2.0, None), "no other is as good in both".to_owned())];
    if points.iter().any(|point| !point.on_front) {
        kinds.push((
            Mark::Disc(fill(palette.faint, 1.0)),
            "another is as good in both, and better in one".to_owned(),
        ));
    }
    if points.iter().any(|point| point.down_s.interval.is_none()) {
        kinds.push((Mark::Disc(stroke(palette.main, 2.0)), "few events, no interval".to_owned()));
    }
    kinds
}

fn scaled(ticks: Vec<Tick>, size: f64) -> Vec<Tick> {
    ticks.into_iter().map(|tick| Tick { at: tick.at * size, ..tick }).collect()
}

fn frame(points: &[&CostPoint], top: f64) -> Frame {
    let high = |point: &&&CostPoint| point.down_s.interval.map_or(point.down_s.mean, |i| i.high);
    let largest = |values: &mut dyn Iterator<Item = f64>| {
        let most = values.fold(0.0, f64::max);
        if most > 0.0 { 1.08 * most } else { 1.0 }
    };
    Frame {
        width: PLOT_WIDTH,
        top,
        height: HEIGHT,
        x: (0.0, largest(&mut points.iter().map(|point| costliest(point)))),
        y: (0.0, largest(&mut points.iter().map(|point| high(&point)))),
    }
}

/// The right end of a point's bar.
fn costliest(point: &CostPoint) -> f64 {
    point.capital_and_running_interval.map_or(point.capital_and_running, |interval| interval.high)
}

/// The front as steps: with so much money, no design is down for less.
fn front(points: &[&CostPoint], frame: &Frame) -> Vec<(f64, f64)> {
    let mut on: Vec<(f64, f64)> =
        points.iter().filter(|p| p.on_front).map(|p| (p.capital_and_running, p.down_s.mean)).collect();
    on.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut path = Vec::new();
    for (x, y) in on {
        if let Some((_, before)) = path.last().copied() {
            path.push((x, before));
        }
        path.push((x, y));
    }
    path.extend(path.last().map(|(_, y)| (frame.x.1, *y)));
    path
}

/// Numbers beside the points; where one would cover another, they stand in a row.
fn labels(points: &[&CostPoint], frame: &Frame) -> Vec<(String, (f64, f64))> {
    const NEAR: f64 = 16.0;
    let mut all: Vec<(String, (f64, f64))> = Vec::new();
    for (number, point) in points.iter().enumerate() {
        let at = (frame.x_at(point.capital_and_running) + 9.0, frame.y_at(point.down_s.mean) - 11.0);
        let near =
            |(_, (x, y)): &&mut (String, (f64, f64))| (x - at.0).abs() < NEAR && (y - at.1).abs() < NEAR;
        match all.iter_mut().find(near) {
            Some((text, _)) => *text += &format!(", {}", number + 1),
            None => all.push(((number + 1).to_string(), at)),
        }
    }
    all
}
