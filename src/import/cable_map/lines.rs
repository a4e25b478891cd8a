//! The lines of a cable as a graph of vertices.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::sphere::Position;

/// Vertices of a cable's lines that more would not be a map.
const MOST_VERTICES: usize = 50_000;

/// Lines of a cable that more would not be a map.
const MOST_LINES: usize = 1_000;

/// Vertices, and stretches between them.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// Where each vertex is.
    pub(super) places: Vec<Position>,
    /// Two vertices and the length between them, km.
    pub(super) stretches: Vec<(usize, usize, f64)>,
    joined: BTreeSet<(usize, usize)>,
}

impl Graph {
    /// The graph of some lines: where two of them have a vertex at the same place they meet.
    ///
    /// # Errors
    ///
    /// More lines or vertices than a map has.
    pub(super) fn of(lines: &[Vec<Position>]) -> Result<Self, String> {
        let vertices: usize = lines.iter().map(Vec::len).sum();
        if vertices > MOST_VERTICES || lines.len() > MOST_LINES {
            return Err(format!("{} lines with {vertices} vertices are more than a cable has", lines.len()));
        }
        let (mut graph, mut known) = (Self::default(), BTreeMap::new());
        for line in lines {
            let mut before = None;
            for place in line {
                let here = *known.entry(cell(*place)).or_insert_with(|| graph.add(*place));
                if let Some(before) = before {
                    graph.join(before, here);
                }
                before = Some(here);
            }
        }
        Ok(graph)
    }

    /// Adds a vertex.
    pub(super) fn add(&mut self, place: Position) -> usize {
        self.places.push(place);
        self.places.len() - 1
    }

    /// Adds a stretch; the same one drawn twice is one.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        if a != b && self.joined.insert((a.min(b), a.max(b))) {
            let km = self.place(a).km_to(self.place(b));
            self.stretches.push((a, b, km));
        }
    }

    /// Where a vertex is.
    pub(super) fn place(&self, vertex: usize) -> Position {
        self.places[vertex]
    }

    /// The stretches at each vertex.
    pub(super) fn at_each(&self) -> Vec<Vec<usize>> {
        let mut at_each = vec![Vec::new(); self.places.len()];
        for (stretch, (a, b, _)) in self.stretches.iter().enumerate() {
            at_each[*a].push(stretch);
            at_each[*b].push(stretch);
        }
        at_each
    }

    /// The other end of a stretch.
    pub(super) fn across(&self, stretch: usize, from: usize) -> usize {
        let (a, b, _) = self.stretches[stretch];
        if a == from { b } else { a }
    }
}

/// The square that a place lies in, ten-thousandths of a degree (11 m) wide: lines meet whose places round alike.
fn cell(place: Position) -> (i64, i64) {
    let round = |degrees: f64| (degrees * 1e4).round() as i64;
    let longitude = round(place.longitude);
    // What rounds up to 180 degrees is at -180.
    (round(place.latitude), if longitude == 1_800_000 { -1_800_000 } else { longitude })
}
