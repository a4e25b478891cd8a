//! From the lines of a cable to segments between sites.

use super::lines::Graph;
use super::pieces::join_pieces;
use crate::import::fragment::Segment;
use crate::import::sphere::Position;
use crate::import::text::some_of;

/// A landing point stands on the line that passes so near, km; from farther away a spur leads to it.
const ON_THE_LINE_KM: f64 = 25.0;

/// A spur of this length, km, is worth a warning.
const LONG_SPUR_KM: f64 = 200.0;

/// Landing points of a cable that more would not be a map.
const MOST_STOPS: usize = 1_000;

/// A landing point, or a point at which lines branch.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stop {
    /// What it is called.
    pub(super) name: String,
    /// Where it is.
    pub(super) at: Position,
}

/// How a cable runs.
#[derive(Debug)]
pub(super) struct Route {
    /// Ends of segments.
    pub(super) stops: Vec<Stop>,
    /// Segments, as long as they are drawn.
    pub(super) segments: Vec<Segment>,
    /// What was assumed.
    pub(super) warnings: Vec<String>,
}

/// The segments of a cable along its lines.
///
/// # Errors
///
/// More lines, vertices or landing points than a cable has.
pub(super) fn route(slug: &str, lines: &[Vec<Position>], landings: &[Stop]) -> Result<Route, String> {
    let mut graph = Graph::of(lines).map_err(|message| format!("{slug}: {message}"))?;
    if landings.len() > MOST_STOPS {
        return Err(format!("{slug}: {} landing points are more than a cable has", landings.len()));
    }
    let mut warnings = Vec::new();
    if graph.places.is_empty() {
        return Ok(Route { stops: Vec::new(), segments: Vec::new(), warnings });
    }
    let (names, far) = place_landings(&mut graph, landings);
    let pieces = join_pieces(&mut graph, |vertex| names[vertex].is_some());
    if pieces > 1 {
        warnings.push(format!("its lines are drawn in {pieces} pieces that do not meet"));
    }
    if !far.is_empty() {
        warnings.push(format!("landing points more than {LONG_SPUR_KM} km off its lines: {}", some_of(&far)));
    }
    let (stops, segments) = contract(&graph, slug, names, landings);
    Ok(Route { stops, segments, warnings })
}

/// Puts landing points on the lines, the nearest first: for each vertex the landing point that stands there; and
/// which of them are far off.
fn place_landings(graph: &mut Graph, landings: &[Stop]) -> (Vec<Option<usize>>, Vec<String>) {
    let vertices = graph.places.len();
    let nearest = |place: Position| {
        let all = (0..vertices).map(|vertex| (graph.place(vertex).km_to(place), vertex));
        all.min_by(|a, b| a.0.total_cmp(&b.0))
    };
    let found = landings.iter().enumerate().filter_map(|(number, stop)| Some((nearest(stop.at)?, number)));
    let mut found: Vec<((f64, usize), usize)> = found.collect();
    found.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    let (mut names, mut far) = (vec![None; vertices], Vec::new());
    for ((km, vertex), number) in found {
        if km <= ON_THE_LINE_KM && names[vertex].is_none() {
            names[vertex] = Some(number);
            continue;
        }
        let end = graph.add(landings[number].at);
        names.push(Some(number));
        graph.join(vertex, end);
        if km > LONG_SPUR_KM {
            far.push(landings[number].name.clone());
        }
    }
    (names, far)
}

/// Leaves out what leads nowhere, and joins stretches between landing points and branches into segments.
fn contract(
    graph: &Graph,
    slug: &str,
    names: Vec<Option<usize>>,
    landings: &[Stop],
) -> (Vec<Stop>, Vec<Segment>) {
    let at_each = without_dead_ends(graph, &names);
    let mut stops: Vec<Option<Stop>> = Vec::new();
    let mut branches = 0;
    for (vertex, landing) in names.into_iter().enumerate() {
        stops.push(match landing {
            Some(number) => Some(landings[number].clone()),
            None if at_each[vertex].len() > 2 => {
                branches += 1;
                Some(Stop { name: format!("{slug} branch {branches}"), at: graph.place(vertex) })
            }
            None => None,
        });
    }
    let segments = segments(graph, &at_each, &stops);
    let is_used = |stop: &Stop| segments.iter().any(|s| s.from == stop.name || s.to == stop.name);
    (stops.into_iter().flatten().filter(is_used).collect(), segments)
}

/// The stretches at each vertex, without those that lead to no landing point.
fn without_dead_ends(graph: &Graph, names: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut at_each = graph.at_each();
    let mut ends: Vec<usize> = (0..names.len()).collect();
    while let Some(end) = ends.pop() {
        let ([stretch], None) = (at_each[end].as_slice(), names[end]) else { continue };
        let stretch = *stretch;
        let next = graph.across(stretch, end);
        at_each[end].clear();
        at_each[next].retain(|other| *other != stretch);
        ends.push(next);
    }
    at_each
}

/// Walks from each stop along each of its stretches to the next stop.
fn segments(graph: &Graph, at_each: &[Vec<usize>], stops: &[Option<Stop>]) -> Vec<Segment> {
    let mut walked = vec![false; graph.stretches.len()];
    let mut segments = Vec::new();
    for (start, stop) in stops.iter().enumerate() {
        let Some(from) = stop else { continue };
        for first in &at_each[start] {
            let (mut here, mut stretch, mut km) = (start, *first, 0.0);
            while !walked[stretch] {
                walked[stretch] = true;
                km += graph.stretches[stretch].2;
                here = graph.across(stretch, here);
                if let Some(to) = &stops[here] {
                    // A loop that comes back carries nothing.
                    if here != start {
                        segments.push(Segment { from: from.name.clone(), to: to.name.clone(), km });
                    }
                    break;
                }
                let Some(next) = at_each[here].iter().find(|next| **next != stretch) else { break };
                stretch = *next;
            }
        }
    }
    segments
}
