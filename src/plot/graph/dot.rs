//! The dependency graph in the DOT language.

use std::fmt::Write as _;

use super::{DependencyGraph, Mark};

/// The whole graph; nodes are named by their place, labels are quoted.
pub(super) fn text(graph: &DependencyGraph) -> String {
    let mut text = String::from("digraph dependencies {\n");
    let _ = writeln!(text, "  label={};", quoted(&graph.title));
    text.push_str("  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
    for (place, node) in graph.nodes.iter().enumerate() {
        let look = match (node.is_journey, node.mark) {
            (true, _) => ", shape=ellipse",
            (_, Mark::Single) => ", color=\"#d55e00\", penwidth=3, xlabel=\"1\"",
            (_, Mark::Pair) => ", color=\"#e69f00\", penwidth=2, style=dashed, xlabel=\"2\"",
            (_, Mark::None) => "",
        };
        let _ = writeln!(text, "  n{place} [label={}{look}];", quoted(&node.name));
    }
    for edge in &graph.edges {
        let look = if edge.is_spare { " [style=dashed]" } else { "" };
        let _ = writeln!(text, "  n{} -> n{}{look};", edge.from, edge.to);
    }
    for column in &graph.columns {
        let names: Vec<String> = column.iter().map(|place| format!("n{place}")).collect();
        let _ = writeln!(text, "  {{ rank=same; {}; }}", names.join("; "));
    }
    text.push_str("}\n");
    text
}

/// A quoted string of DOT.
fn quoted(text: &str) -> String {
    let text = super::clean(text);
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
