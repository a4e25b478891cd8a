//! The dependency graph as a picture.

use super::super::canvas::{Anchor, Canvas, Drawn, HEADER, paint_sized};
use super::super::legend::{Legend, Mark as LegendMark};
use super::super::style::{
    MARGIN, NUMBER, PLAIN, Palette, ROW_TITLE, THIN_DASH, WIDTH, fill, stroke, text_width,
};
use super::super::text::{shortened, wrapped};
use super::super::{PlotError, Theme};
use super::{ChokePoints, DependencyGraph, Edge, Mark, Node, words};
use crate::units::show_counted;

const TITLE: &str = "What do users depend on, and where does it choke?";
/// From one box to the next in a column.
const PITCH: f64 = 32.0;
const BOX: f64 = 26.0;
/// Between columns, for the lines.
const GAP: f64 = 72.0;
/// Longer names are shortened.
const LONGEST: f64 = 420.0;
/// Room in a box beside its name.
const PAD: f64 = 8.0;
/// Room in a box for the order of its mark.
const BADGE: f64 = 16.0;
const LINE: f64 = 23.0;
/// Of what stands under a title.
const INDENT: f64 = 18.0;
/// Points of a curved line.
const CURVE: usize = 14;

/// Where a node stands.
#[derive(Debug, Clone)]
struct Place {
    left: f64,
    right: f64,
    y: f64,
    label: String,
}

pub(super) fn draw(graph: &DependencyGraph, theme: Theme) -> Result<Drawn, PlotError> {
    let palette = Palette::of(theme);
    let legend = Legend::new(marks(&palette))?;
    let top = HEADER + legend.height + 12.0;
    let (places, right, bottom) = places(graph, top)?;
    let width = (right + MARGIN).max(WIDTH);
    let text = text(graph, width - 2.0 * MARGIN)?;
    let height = bottom + 24.0 + LINE * text.len() as f64 + 12.0;
    paint_sized((width.ceil(), height.ceil()), theme, TITLE, |canvas| {
        canvas.heading([TITLE, &graph.title, &counts(graph)])?;
        legend.draw(canvas, HEADER)?;
        for edge in &graph.edges {
            draw_edge(canvas, graph, &places, *edge)?;
        }
        for (node, place) in graph.nodes.iter().zip(&places) {
            draw_node(canvas, node, place)?;
        }
        for (index, (line, is_title)) in text.iter().enumerate() {
            let indent = if *is_title { 0.0 } else { INDENT };
            let at = (MARGIN + indent, bottom + 24.0 + LINE * (index as f64 + 0.5));
            let font = if *is_title { ROW_TITLE } else { PLAIN };
            canvas.text(line, font, canvas.palette.ink, at, Anchor::Right)?;
        }
        Ok(())
    })
}

fn counts(graph: &DependencyGraph) -> String {
    let journeys = graph.nodes.iter().filter(|node| node.is_journey).count();
    let components = graph.components;
    let of_journeys = show_counted(journeys as u64, "journey");
    format!("{}, {of_journeys} of populations", show_counted(components as u64, "component"))
}

fn marks(palette: &Palette) -> Vec<(LegendMark, String)> {
    vec![
        (LegendMark::Band(fill(palette.second, 0.35)), "1: single point of failure of a journey".to_owned()),
        (LegendMark::Band(fill(palette.series[4], 0.35)), "2: stops a journey with one other".to_owned()),
        (LegendMark::Line(palette.faint, 1.5, None), "is needed by".to_owned()),
        (LegendMark::Line(palette.faint, 1.5, Some(THIN_DASH)), "if what is used at first fails".to_owned()),
    ]
}

/// Where all nodes stand, and where they end on the right and below.
fn places(graph: &DependencyGraph, top: f64) -> Result<(Vec<Place>, f64, f64), PlotError> {
    let most = graph.columns.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let nowhere = Place { left: 0.0, right: 0.0, y: 0.0, label: String::new() };
    let mut places = vec![nowhere; graph.nodes.len()];
    let mut left = MARGIN;
    for column in &graph.columns {
        let labels = column.iter().map(|n| shortened(&graph.nodes[*n].name, PLAIN, LONGEST));
        let labels = labels.collect::<Result<Vec<_>, _>>()?;
        let mut widest = 0.0_f64;
        for label in &labels {
            widest = widest.max(text_width(label, PLAIN)?);
        }
        let right = left + widest + 2.0 * PAD + BADGE;
        // Few boxes have more room between them.
        let pitch = (PITCH * most / column.len() as f64).min(3.0 * PITCH);
        let above = 0.5 * (PITCH * most - pitch * column.len() as f64);
        for (row, (node, label)) in column.iter().zip(labels).enumerate() {
            places[*node] = Place { left, right, y: top + above + pitch * (row as f64 + 0.5), label };
        }
        left = right + GAP;
    }
    Ok((places, left - GAP, top + PITCH * most))
}

fn draw_edge(
    canvas: &Canvas<'_>,
    graph: &DependencyGraph,
    places: &[Place],
    edge: Edge,
) -> Result<(), PlotError> {
    let (from, to) = (&places[edge.from], &places[edge.to]);
    let Palette { second, faint, .. } = canvas.palette;
    let chokes = graph.nodes[edge.from].mark == Mark::Single;
    let style = if chokes { stroke(second, 1.5) } else { stroke(faint, 0.75) };
    let (start, end) = ((from.right, from.y), (to.left, to.y));
    let point = |step: usize| {
        let t = step as f64 / CURVE as f64;
        let smooth = t * t * (3.0 - 2.0 * t);
        (start.0 + t * (end.0 - start.0), start.1 + smooth * (end.1 - start.1))
    };
    let points: Vec<(f64, f64)> = (0..=CURVE).map(point).collect();
    canvas.dashed(&points, style, edge.is_spare.then_some(THIN_DASH))
}

fn draw_node(canvas: &Canvas<'_>, node: &Node, place: &Place) -> Result<(), PlotError> {
    let Palette { page, ink, faint, second, series, main, outer, .. } = canvas.palette;
    let half = 0.5 * BOX;
    let (from, to) = ((place.left, place.y - half), (place.right, place.y + half));
    canvas.rectangle(from, to, fill(page, 1.0))?;
    let order = match node.mark {
        Mark::Single => ": a single point of failure",
        Mark::Pair => ": stops a journey with one other",
        Mark::None => "",
    };
    canvas.spot(from, to, format!("{}{order}", node.name));
    let (shade, edge, badge) = match (node.is_journey, node.mark) {
        (true, _) => (fill(main, outer), stroke(main, 1.5), ""),
        (_, Mark::Single) => (fill(second, 0.3), stroke(second, 2.5), "1"),
        (_, Mark::Pair) => (fill(series[4], 0.2), stroke(series[4], 1.75), "2"),
        (_, Mark::None) => (fill(page, 1.0), stroke(faint, 1.0), ""),
    };
    canvas.rectangle(from, to, shade)?;
    canvas.frame(from, to, edge)?;
    canvas.text(&place.label, PLAIN, ink, (place.left + PAD, place.y), Anchor::Right)?;
    if badge.is_empty() {
        return Ok(());
    }
    canvas.text(badge, NUMBER, ink, (place.right - 5.0, place.y), Anchor::Left)
}

/// What stands under the graph, line by line; true for titles.
fn text(graph: &DependencyGraph, width: f64) -> Result<Vec<(String, bool)>, PlotError> {
    let mut lines: Vec<(String, bool)> = vec![("How to read it".to_owned(), true)];
    for line in words::reading(graph) {
        lines.extend(wrapped(&line, PLAIN, width - INDENT)?.into_iter().map(|line| (line, false)));
    }
    if !graph.choke_points.is_empty() {
        lines.extend([(String::new(), false), ("What stops a journey".to_owned(), true)]);
    }
    // Populations that choke at the same points share a paragraph.
    let mut said: Vec<(Vec<&ChokePoints>, Vec<String>)> = Vec::new();
    for points in &graph.choke_points {
        let words = words::of(points);
        match said.iter_mut().find(|(_, known)| *known == words) {
            Some((who, _)) => who.push(points),
            None => said.push((vec![points], words)),
        }
    }
    for (who, words) in said {
        let names: Vec<String> = who.iter().map(|p| format!("{}, {}", p.names[0], p.names[1])).collect();
        lines.extend(wrapped(&names.join("; "), ROW_TITLE, width)?.into_iter().map(|line| (line, true)));
        for line in words {
            lines.extend(wrapped(&line, PLAIN, width - INDENT)?.into_iter().map(|line| (line, false)));
        }
    }
    Ok(lines)
}
