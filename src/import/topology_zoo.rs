//! The Internet Topology Zoo: GraphML to sites and links.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use super::error::ImportError;
use super::fragment::{Fragment, Link, Site};
use super::sphere::Position;
use super::text::{Names, counted, name, one_line, some_of};
use super::{Imported, SourceText};

const LICENCE: &str = "Data: the Internet Topology Zoo (S. Knight et al., IEEE JSAC 29(9), 2011, \
http://www.topology-zoo.org). Licence: CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/): name the source \
wherever the fragment is passed on, and that it was changed.";

/// A network of the Internet Topology Zoo (GraphML) as a fragment.
///
/// Nodes become sites and edges become links. A node without coordinates has no place, and its links no length: both
/// are left out, with a warning.
///
/// # Errors
///
/// Text that is not GraphML, coordinates beyond the globe, edges to nodes that do not exist, or no node with a place.
pub fn topology_zoo(source: &SourceText) -> Result<Imported, ImportError> {
    let document = Document::parse(&source.text).map_err(|error| not_xml(&source.name, error))?;
    let reader = Reader::new(&source.name, &document)?;
    let mut warnings = reader.warnings_of_the_graph();
    let sites = reader.sites(&mut warnings)?;
    let links = reader.links(&sites, &mut warnings)?;
    if sites.placed.is_empty() {
        return Err(ImportError::of(&source.name, "no node has coordinates, so that nothing has a place"));
    }
    let head = reader.head();
    let fragment = Fragment { head, sites: sites.placed, cables: Vec::new(), links };
    Ok(Imported { fragment: fragment.into_text(), licence: LICENCE, warnings })
}

/// The nodes of a graph.
struct Sites {
    /// Those with a place.
    placed: Vec<Site>,
    /// By the id of the node, the number of its site; `None` without a place.
    by_id: BTreeMap<String, Option<usize>>,
}

/// The graph of a file, and how its data is called.
struct Reader<'d> {
    file: &'d str,
    document: &'d Document<'d>,
    graph: Node<'d, 'd>,
    /// Name of each piece of data, by what it is for and by its key.
    keys: BTreeMap<(&'d str, &'d str), &'d str>,
}

impl<'d> Reader<'d> {
    fn new(file: &'d str, document: &'d Document<'d>) -> Result<Self, ImportError> {
        let root = document.root_element();
        if root.tag_name().name() != "graphml" {
            let message = format!("this is no GraphML: it begins with <{}>", root.tag_name().name());
            return Err(error_at(file, document, root, message));
        }
        let Some(graph) = children(root, "graph").next() else {
            return Err(error_at(file, document, root, "there is no <graph> in it"));
        };
        let keys = children(root, "key").filter_map(|key| {
            let place = (key.attribute("for")?, key.attribute("id")?);
            Some((place, key.attribute("attr.name")?))
        });
        Ok(Self { file, document, graph, keys: keys.collect() })
    }

    fn error(&self, node: Node<'_, '_>, message: impl Into<String>) -> ImportError {
        error_at(self.file, self.document, node, message)
    }

    /// What stands in an element under a name, and where; nothing where it is blank.
    fn data(&self, element: Node<'d, 'd>, wanted: &str) -> Option<(&'d str, Node<'d, 'd>)> {
        let kind = element.tag_name().name();
        let called = |data: &Node<'d, 'd>| {
            let key = data.attribute("key").unwrap_or_default();
            let name = self.keys.get(&(kind, key)).or_else(|| self.keys.get(&("all", key)));
            name.is_some_and(|name| *name == wanted)
        };
        let data = children(element, "data").find(called)?;
        let text = data.text()?.trim();
        (!text.is_empty()).then_some((text, data))
    }

    /// The text alone.
    fn text(&self, element: Node<'d, 'd>, wanted: &str) -> Option<&'d str> {
        self.data(element, wanted).map(|(text, _)| text)
    }

    /// A number in an element.
    fn number(&self, element: Node<'d, 'd>, wanted: &str) -> Result<Option<f64>, ImportError> {
        let Some((text, place)) = self.data(element, wanted) else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(value) => Ok(Some(value)),
            Err(_) => {
                Err(self.error(place, format!("{wanted} is \"{}\", expected a number", one_line(text, 60))))
            }
        }
    }

    fn head(&self) -> Vec<String> {
        let of_graph = |wanted| self.text(self.graph, wanted);
        let network = of_graph("Network").or_else(|| of_graph("label")).unwrap_or("a network without a name");
        let date = of_graph("NetworkDate").map(|date| format!(", as of {date}")).unwrap_or_default();
        let mut head = vec![
            format!("{network}{date}: sites and links for a scenario that extends this file."),
            LICENCE.to_owned(),
            "Changed: nodes without coordinates and their links are left out, equal names are numbered."
                .to_owned(),
            "Links have no length: it follows from the places of their ends.".to_owned(),
        ];
        head.extend(of_graph("Source").map(|source| format!("Drawn by the Zoo from {source}")));
        head
    }

    fn warnings_of_the_graph(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.graph.attribute("edgedefault") == Some("directed") {
            warnings.push(
                "the graph is directed: each of its edges becomes a link that carries both ways".to_owned(),
            );
        }
        let graphs = children(self.document.root_element(), "graph").count();
        if graphs > 1 {
            warnings.push(format!("there are {graphs} graphs in the file: only the first is imported"));
        }
        warnings
    }

    fn sites(&self, warnings: &mut Vec<String>) -> Result<Sites, ImportError> {
        let mut sites = Sites { placed: Vec::new(), by_id: BTreeMap::new() };
        let (mut names, mut unplaced) = (Names::default(), Vec::new());
        for node in children(self.graph, "node") {
            let id = node.attribute("id").ok_or_else(|| self.error(node, "this node has no id"))?;
            if sites.by_id.contains_key(id) {
                return Err(self.error(node, format!("the node \"{}\" stands twice", one_line(id, 60))));
            }
            let label = self.label(node, id);
            let Some(at) = self.place(node)? else {
                sites.by_id.insert(id.to_owned(), None);
                unplaced.push(label);
                continue;
            };
            sites.by_id.insert(id.to_owned(), Some(sites.placed.len()));
            sites.placed.push(Site { name: names.give(&label), at, comment: self.remarks_on_node(node) });
        }
        if !unplaced.is_empty() {
            let count = counted(unplaced.len(), "node");
            warnings.push(format!("{count} without coordinates left out: {}", some_of(&unplaced)));
        }
        Ok(sites)
    }

    /// What a node is called: its label, unless that says nothing.
    fn label(&self, node: Node<'d, 'd>, id: &str) -> String {
        match self.text(node, "label").unwrap_or_default().trim() {
            "" | "?" | "None" => name(&format!("node {id}")),
            label => name(label),
        }
    }

    fn place(&self, node: Node<'d, 'd>) -> Result<Option<Position>, ImportError> {
        let (latitude, longitude) = (self.number(node, "Latitude")?, self.number(node, "Longitude")?);
        let (Some(latitude), Some(longitude)) = (latitude, longitude) else { return Ok(None) };
        let at = self.data(node, "Latitude").map_or(node, |(_, place)| place);
        Position::new(latitude, longitude).map(Some).map_err(|message| self.error(at, message))
    }

    fn remarks_on_node(&self, node: Node<'d, 'd>) -> String {
        let country = self.text(node, "Country").map(str::to_owned);
        let outside = self.text(node, "Internal") == Some("0");
        let outside = outside.then(|| "belongs to another network".to_owned());
        country.into_iter().chain(outside).collect::<Vec<_>>().join("; ")
    }

    fn links(&self, sites: &Sites, warnings: &mut Vec<String>) -> Result<Vec<Link>, ImportError> {
        let (mut links, mut names) = (Vec::new(), Names::default());
        // No two sites and links may be called the same.
        for site in &sites.placed {
            names.give(&site.name);
        }
        let (mut without_place, mut loops) = (0, BTreeSet::new());
        for edge in children(self.graph, "edge") {
            let (from, to) = (self.end(edge, "source", sites)?, self.end(edge, "target", sites)?);
            let (Some(from), Some(to)) = (from, to) else {
                without_place += 1;
                continue;
            };
            if from.name == to.name {
                loops.insert(from.name.clone());
                continue;
            }
            links.push(Link {
                name: names.give(&format!("{} - {}", from.name, to.name)),
                from: from.name.clone(),
                to: to.name.clone(),
                capacity: self.capacity(edge, warnings)?,
                comment: self.remarks_on_edge(edge),
            });
        }
        if without_place > 0 {
            let count = counted(without_place, "edge");
            warnings.push(format!("{count} left out because an end has no coordinates"));
        }
        if !loops.is_empty() {
            let names = some_of(&loops.into_iter().collect::<Vec<_>>());
            warnings.push(format!("edges from a node to itself left out: {names}"));
        }
        Ok(links)
    }

    /// The site at an end of an edge; `None` if it has no place.
    fn end<'s>(
        &self,
        edge: Node<'d, 'd>,
        which: &str,
        sites: &'s Sites,
    ) -> Result<Option<&'s Site>, ImportError> {
        let id =
            edge.attribute(which).ok_or_else(|| self.error(edge, format!("this edge has no {which}")))?;
        match sites.by_id.get(id) {
            Some(number) => Ok(number.and_then(|number| sites.placed.get(number))),
            None => Err(self.error(edge, format!("there is no node \"{}\"", one_line(id, 60)))),
        }
    }

    /// Bits per second, where known.
    fn capacity(&self, edge: Node<'d, 'd>, warnings: &mut Vec<String>) -> Result<Option<f64>, ImportError> {
        let Some(bits) = self.number(edge, "LinkSpeedRaw")? else { return Ok(None) };
        if bits.is_finite() && bits >= 1.0 {
            return Ok(Some(bits));
        }
        let row = self.document.text_pos_at(edge.range().start).row;
        warnings.push(format!("line {row}: a speed of {bits} bit/s is none; the link has no limit"));
        Ok(None)
    }

    fn remarks_on_edge(&self, edge: Node<'d, 'd>) -> String {
        let remarks =
            ["LinkLabel", "LinkType", "LinkNote"].into_iter().filter_map(|key| self.text(edge, key));
        remarks.collect::<Vec<_>>().join("; ")
    }
}

/// The elements of that name right inside another one.
fn children<'d>(parent: Node<'d, 'd>, name: &'static str) -> impl Iterator<Item = Node<'d, 'd>> {
    parent.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn error_at(
    file: &str,
    document: &Document<'_>,
    node: Node<'_, '_>,
    message: impl Into<String>,
) -> ImportError {
    let place = document.text_pos_at(node.range().start);
    ImportError::at(file, place.row as usize, place.col as usize, message)
}

fn not_xml(file: &str, error: roxmltree::Error) -> ImportError {
    use roxmltree::Error::{UnclosedRootNode, UnexpectedEndOfStream};
    if matches!(error, UnclosedRootNode | UnexpectedEndOfStream) {
        return ImportError::of(file, "the file ends in the middle: is it complete?");
    }
    let (place, text) = (error.pos(), error.to_string());
    let message = text.strip_suffix(&format!(" at {}:{}", place.row, place.col)).unwrap_or(&text);
    ImportError::at(file, place.row as usize, place.col as usize, format!("this is not XML: {message}"))
}
