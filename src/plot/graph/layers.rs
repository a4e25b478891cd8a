//! In which column each node stands, and in which order.

use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::{Edge, Node};

/// Sweeps that bring neighbours close to each other.
const SWEEPS: usize = 12;

/// Columns of nodes: each as far right as those that need it allow, journeys last.
pub(super) fn columns(nodes: &[Node], edges: &[Edge]) -> Vec<Vec<usize>> {
    let distance = distances(nodes, edges);
    let last = distance.iter().copied().max().unwrap_or(0);
    let mut columns = vec![Vec::new(); if nodes.is_empty() { 0 } else { last + 1 }];
    for (node, distance) in distance.iter().enumerate() {
        columns[last - distance].push(node);
    }
    for column in &mut columns {
        column.sort_by(|a, b| nodes[*a].name.cmp(&nodes[*b].name));
    }
    for sweep in 0..SWEEPS {
        order(&mut columns, edges, sweep % 2 == 0);
    }
    columns
}

/// Steps from each node to the last column: one more than the farthest that needs it; members of a cycle share one.
fn distances(nodes: &[Node], edges: &[Edge]) -> Vec<usize> {
    let mut graph = DiGraph::<(), ()>::new();
    for _ in nodes {
        graph.add_node(());
    }
    for edge in edges {
        graph.add_edge(NodeIndex::new(edge.from), NodeIndex::new(edge.to), ());
    }
    let mut distance = vec![0; nodes.len()];
    // Tarjan's algorithm yields nodes only after all that they point at.
    for group in tarjan_scc(&graph) {
        let beyond = group.iter().flat_map(|node| graph.neighbors(*node)).filter(|n| !group.contains(n));
        // Journeys stand in a column of their own.
        let least = usize::from(group.iter().any(|node| !nodes[node.index()].is_journey));
        let steps = beyond.map(|node| distance[node.index()] + 1).max().unwrap_or(least).max(least);
        group.iter().for_each(|node| distance[node.index()] = steps);
    }
    distance
}

/// Orders each column by the mean place of its neighbours on one side.
fn order(columns: &mut [Vec<usize>], edges: &[Edge], from_users: bool) {
    let mut place: BTreeMap<usize, f64> = BTreeMap::new();
    let mut note = |column: &[usize]| {
        for (index, node) in column.iter().enumerate() {
            place.insert(*node, (index as f64 + 0.5) / column.len() as f64);
        }
    };
    columns.iter().for_each(|column| note(column));
    let sequence: Vec<usize> =
        if from_users { (0..columns.len()).rev().collect() } else { (0..columns.len()).collect() };
    for index in sequence {
        let mut keyed: Vec<(f64, usize)> = Vec::new();
        for node in &columns[index] {
            let ends = edges.iter().filter_map(|edge| match from_users {
                true if edge.from == *node => place.get(&edge.to),
                false if edge.to == *node => place.get(&edge.from),
                _ => None,
            });
            let ends: Vec<f64> = ends.copied().collect();
            let own = place.get(node).copied().unwrap_or(0.0);
            let mean = if ends.is_empty() { own } else { ends.iter().sum::<f64>() / ends.len() as f64 };
            keyed.push((mean, *node));
        }
        // Stable: equals stay in the order in which they were.
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        columns[index] = keyed.into_iter().map(|(_, node)| node).collect();
        for (at, node) in columns[index].iter().enumerate() {
            place.insert(*node, (at as f64 + 0.5) / columns[index].len() as f64);
        }
    }
}
