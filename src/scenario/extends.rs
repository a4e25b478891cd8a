//! `extends`: the files that a scenario builds on, found, read, and laid over each other.
//!
//! Files are applied one after the other, each once and after those that it extends itself; the scenario's own file
//! comes last.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::decode::{Fields, Spanned, expected, printable, text_of};
use super::diagnostics::Diagnostics;
use super::merge::merge_scenarios;
use super::parse::parse_partly;
use super::read::is_scenario;
use super::sources::{Sources, Span};
use super::tree::{Node, Value};

/// How many files may extend each other in a row, the scenario's own included.
const MOST_IN_A_ROW: usize = 16;

/// How many names of files a scenario and the files that it extends may hold.
const MOST_EXTENDED: usize = 100;

/// A scenario's file, or one that it extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As it was named; the names in its `extends` start from its folder.
    pub path: PathBuf,
    /// The same for all names of one file: it tells whether a file has been read already.
    pub identity: PathBuf,
    /// What is written in it.
    pub text: String,
}

impl SourceFile {
    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// Reads the file that another one names in its `extends`; the error is a sentence with the file's name.
pub type ReadFile<'r> = dyn Fn(&SourceFile, &str) -> Result<SourceFile, String> + 'r;

/// A scenario with all that it extends.
#[derive(Debug)]
pub(super) struct Merged {
    /// The tree of all files, without `extends`.
    pub(super) tree: Node,
    /// The names of the files, in the order in which they were applied.
    pub(super) files: Vec<String>,
}

/// Reads `file` and all that it extends; nothing if one of them cannot be read or is no RON.
pub(super) fn merged(
    file: &SourceFile,
    read: &ReadFile<'_>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Merged> {
    let mut walk = Walk {
        read,
        sources,
        found: Diagnostics::new(),
        open: Vec::new(),
        seen: BTreeSet::new(),
        extended: 0,
        layers: Vec::new(),
    };
    walk.file(file);
    let Walk { found: mistakes, layers, .. } = walk;
    let is_whole = !mistakes.has_errors();
    found.append(mistakes);
    let (files, trees): (Vec<String>, Vec<Node>) = layers.into_iter().unzip();
    let tree = trees.into_iter().reduce(merge_scenarios)?;
    is_whole.then_some(Merged { tree, files })
}

/// A walk from the scenario's own file to all that it extends.
struct Walk<'w> {
    read: &'w ReadFile<'w>,
    sources: &'w mut Sources,
    found: Diagnostics,
    /// Identity and name of the files on the way from the scenario's own to the one that is looked at.
    open: Vec<(PathBuf, String)>,
    /// Identities of files that were read, or are being read.
    seen: BTreeSet<PathBuf>,
    /// How many names in `extends` were followed.
    extended: usize,
    /// Name and tree of each file, in the order in which they are applied.
    layers: Vec<(String, Node)>,
}

impl Walk<'_> {
    /// Adds the layers of a file: first those of what it extends, then its own.
    fn file(&mut self, file: &SourceFile) {
        // Before anything can go wrong: what is wrong with it is said once.
        self.seen.insert(file.identity.clone());
        let source = self.sources.add(file.name(), &file.text);
        let Some(mut tree) = parse_partly(source, &file.text, &mut self.found) else { return };
        let extends = take_extends(&mut tree);
        // What is wrong with a scenario that stands alone is seen when it is read as a whole.
        if (extends.is_some() || !self.open.is_empty()) && !can_be_merged(&tree, &mut self.found) {
            return;
        }
        self.open.push((file.identity.clone(), file.name()));
        if let Some(extends) = extends {
            self.bases(file, &extends);
        }
        self.open.pop();
        self.layers.push((file.name(), tree));
    }

    /// Follows the names in the `extends` of a file.
    fn bases(&mut self, file: &SourceFile, extends: &Node) {
        let mut named: Vec<(PathBuf, Span)> = Vec::new();
        for name in names(extends, &mut self.found) {
            let Some(base) = self.opened(file, &name) else { continue };
            if let Some((_, first)) = named.iter().find(|(identity, _)| *identity == base.identity) {
                let message = format!("{} stands twice in this list", base.name());
                self.found.error(name.span, message, "expected it once").also(*first, "first here");
                continue;
            }
            named.push((base.identity.clone(), name.span));
            if !self.seen.contains(&base.identity) {
                self.file(&base);
            }
        }
    }

    /// The file of that name, unless it cannot be read or is one of those that extend it.
    fn opened(&mut self, file: &SourceFile, name: &Spanned<String>) -> Option<SourceFile> {
        self.extended += 1;
        if self.extended > MOST_EXTENDED {
            // Said once.
            if self.extended == MOST_EXTENDED + 1 {
                let message = format!("more than {MOST_EXTENDED} files are extended");
                self.found.error(name.span, message, "this file and all after it were not read");
            }
            return None;
        }
        if self.open.len() >= MOST_IN_A_ROW {
            let message = format!("more than {MOST_IN_A_ROW} files extend each other in a row");
            self.found.error(name.span, message, "this file was not read");
            return None;
        }
        let base = match (self.read)(file, &name.value) {
            Ok(base) => base,
            Err(reason) => {
                self.found.error(name.span, reason, "expected the name of a scenario file").help(
                    "names of files start from the folder of the file that holds them, and have `/` between folders",
                );
                return None;
            }
        };
        let Some(first) = self.open.iter().position(|(identity, _)| *identity == base.identity) else {
            return Some(base);
        };
        let mut circle: Vec<String> = self.open.iter().skip(first).map(|(_, name)| name.clone()).collect();
        circle.push(base.name());
        let message = match circle.as_slice() {
            [_, _] => format!("this file extends itself: {}", circle.join(" -> ")),
            _ => format!("these files extend each other in a circle: {}", circle.join(" -> ")),
        };
        self.found.error(name.span, message, "expected a file that does not extend this one");
        None
    }
}

/// Takes the field `extends` out of a scenario's tree.
fn take_extends(tree: &mut Node) -> Option<Node> {
    let Value::Struct(inner) = &mut tree.value else { return None };
    let named = |name: &Option<(String, Span)>| name.as_ref().is_some_and(|(name, _)| name == "extends");
    let place = inner.entries.iter().position(|entry| named(&entry.name))?;
    Some(inner.entries.remove(place).value)
}

/// Records an error where a file is no `Scenario(...)` of named fields.
fn can_be_merged(tree: &Node, found: &mut Diagnostics) -> bool {
    is_scenario(tree, found) && Fields::of(tree, "a scenario", found).is_some()
}

/// The names of files that `extends` holds.
fn names(extends: &Node, found: &mut Diagnostics) -> Vec<Spanned<String>> {
    let items = if let Value::List(items) = &extends.value {
        items.as_slice()
    } else {
        std::slice::from_ref(extends)
    };
    items.iter().filter_map(|item| name(item, found)).collect()
}

fn name(node: &Node, found: &mut Diagnostics) -> Option<Spanned<String>> {
    if text_of(node).is_none() {
        expected(node, "the name of a file such as \"base.ron\", or a list of names", found);
        return None;
    }
    let value = printable(node, found)?;
    if value.trim().is_empty() {
        found.error(node.span, "this name of a file is empty", "expected a name such as \"base.ron\"");
        return None;
    }
    Some(Spanned { value, span: node.span })
}
