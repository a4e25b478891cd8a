//! Pieces of lines that do not meet although they belong to one cable.

use petgraph::unionfind::UnionFind;

use super::lines::Graph;

/// A line that ends so near another one joins it, km.
const NEAR_KM: f64 = 100.0;

/// Joins lines that end without a landing point near another piece, the nearest first; the number of pieces left.
pub(super) fn join_pieces(graph: &mut Graph, has_landing: impl Fn(usize) -> bool) -> usize {
    let count = graph.places.len();
    let mut pieces = UnionFind::<usize>::new(count);
    for (a, b, _) in &graph.stretches {
        pieces.union(*a, *b);
    }
    let at_each = graph.at_each();
    let loose = (0..count).filter(|vertex| at_each[*vertex].len() < 2 && !has_landing(*vertex));
    let mut gaps: Vec<(f64, usize, usize)> =
        loose.filter_map(|end| nearest_elsewhere(graph, &pieces, end)).collect();
    gaps.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, end, other) in gaps {
        if pieces.union(end, other) {
            graph.join(end, other);
        }
    }
    (0..count).filter(|vertex| pieces.find(*vertex) == *vertex).count()
}

/// The nearest vertex of another piece, if it is near.
fn nearest_elsewhere(graph: &Graph, pieces: &UnionFind<usize>, end: usize) -> Option<(f64, usize, usize)> {
    let piece = pieces.find(end);
    let others = (0..graph.places.len()).filter(|other| pieces.find(*other) != piece);
    let near = others.map(|other| (graph.place(end).km_to(graph.place(other)), end, other));
    near.filter(|gap| gap.0 <= NEAR_KM).min_by(|a, b| a.0.total_cmp(&b.0))
}
