//! A scenario file and its edits, read as a whole.

use super::chart::Chart;
use super::diagnostics::Diagnostics;
use super::figures::warn_of_means;
use super::sources::Sources;
use super::tree::Node;
use super::{edit, lower, parse, read};
use crate::model::Model;

/// A scenario that was read without errors.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The system.
    pub model: Model,
    /// The text's tree, edits applied.
    pub tree: Node,
    /// Lengths and corridors of its network.
    pub chart: Chart,
}

/// Reads the text `text` of the file `name` and applies the edits `path=value`.
///
/// All texts are added to `sources`, all findings to `found`; nothing is returned if one of them is an error.
pub fn load(
    name: &str,
    text: &str,
    edits: &[String],
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Loaded> {
    let source = sources.add(name, text);
    let tree = parse::parse(source, text, found);
    let edits: Vec<edit::Edit> = edits.iter().filter_map(|e| edit::parse_edit(e, sources, found)).collect();
    let mut tree = tree?;
    edits.iter().for_each(|e| edit::apply(&mut tree, e, found));
    let spec = read::scenario(&tree, found)?;
    if found.has_errors() {
        return None;
    }
    let (model, chart) = lower::model(&spec, found)?;
    warn_of_means(&tree, found);
    Some(Loaded { model, tree, chart })
}
