//! A scenario file and its edits, read as a whole.

use super::architectures::{Architecture, architectures};
use super::blame::tell_edits;
use super::chart::Chart;
use super::diagnostics::Diagnostics;
use super::extends::{Merged, ReadFile, SourceFile, merged};
use super::figures::warn_of_means;
use super::sources::Sources;
use super::tree::Node;
use super::unknowns::numbered;
use super::{edit, lower, read};
use crate::model::Model;

/// A scenario that was read without errors.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The system.
    pub model: Model,
    /// The tree of all texts, merged, edits applied.
    pub tree: Node,
    /// The files that it was read from, in the order in which they were applied; the scenario's own is the last.
    pub files: Vec<String>,
    /// Lengths and corridors of its network, and where everything is.
    pub chart: Chart,
    /// The alternatives to it that it holds, in their order.
    pub architectures: Vec<Architecture>,
}

impl Loaded {
    /// The scenario with the edits of one of its architectures applied; nothing if it has none of that name.
    #[must_use]
    pub fn architecture(&self, name: &str) -> Option<Self> {
        let Architecture { model, tree, chart, .. } = self.architectures.iter().find(|a| a.name == name)?;
        let (model, tree, chart) = (model.clone(), tree.clone(), chart.clone());
        Some(Self { model, tree, files: self.files.clone(), chart, architectures: Vec::new() })
    }
}

/// Reads the text `text`, called `name`, that extends no file, and applies the edits `path=value`.
///
/// All texts are added to `sources`, all findings to `found`; nothing is returned if one of them is an error.
pub fn load(
    name: &str,
    text: &str,
    edits: &[String],
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Loaded> {
    let file = SourceFile { path: name.into(), identity: name.into(), text: text.to_owned() };
    let nothing =
        |_: &SourceFile, wanted: &str| Err(format!("cannot read {wanted}: this text stands in no folder"));
    load_extending(&file, &nothing, edits, sources, found)
}

/// Reads a scenario's file and, through `read`, the files that it extends; applies the edits `path=value`.
///
/// All texts are added to `sources`, all findings to `found`; nothing is returned if one of them is an error.
pub fn load_extending(
    file: &SourceFile,
    read: &ReadFile<'_>,
    edits: &[String],
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Loaded> {
    let merged = merged(file, read, sources, found);
    let edits: Vec<edit::Edit> = edits.iter().filter_map(|e| edit::parse_edit(e, sources, found)).collect();
    let Merged { mut tree, files } = merged?;
    let untouched = if edits.is_empty() { None } else { Some(tree.clone()) };
    edits.iter().for_each(|e| edit::apply(&mut tree, e, found));
    let meant = meaning(&tree, found);
    let given = read::architectures(&tree, found);
    let architectures = architectures(&tree, &given, meant.is_some(), found);
    if let Some(untouched) = untouched.filter(|_| found.has_errors()) {
        tell_edits(&untouched, &edits, found);
    }
    let (model, chart) = meant.filter(|_| !found.has_errors())?;
    Some(Loaded { model, tree, files, chart, architectures })
}

/// The system that a tree describes, if nothing is wrong with it; all that is wrong or odd is added to `found`.
pub(super) fn meaning(tree: &Node, found: &mut Diagnostics) -> Option<(Model, Chart)> {
    let numbered = numbered(tree);
    let (numbered, unknowns) = numbered.map_or_else(|| (None, Vec::new()), |(tree, all)| (Some(tree), all));
    let spec = read::scenario(numbered.as_ref().unwrap_or(tree), found)?;
    if found.has_errors() {
        return None;
    }
    let meant = lower::model(&spec, unknowns, found)?;
    warn_of_means(tree, found);
    Some(meant)
}
