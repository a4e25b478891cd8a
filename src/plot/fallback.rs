//! Fonts of this machine, for characters that the bundled font lacks. Without such characters nothing here looks at any font.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

use resvg::usvg::fontdb::{Database, FaceInfo, ID, Stretch, Style};
use resvg::usvg::roxmltree::{Document, Node};
use ttf_parser::Face;

use super::glyphs::{is_bundled, joins};
use super::style::FAMILY_IN_FILE;

/// An SVG document whose texts name a font for each character, as far as this machine has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Furnished {
    /// The document, with elements around what another font than the bundled one draws; `None`: nothing to change.
    pub(super) svg: Option<String>,
    /// Families that it names.
    pub(super) families: BTreeSet<String>,
    /// What no font has.
    pub(super) missing: BTreeSet<char>,
}

/// Characters in a row, of one text, that go to one font.
struct Run<'a> {
    range: Range<usize>,
    text: &'a str,
    bold: bool,
    /// True for the first run of a text in which marks join letters.
    is_first_joined: bool,
    /// Where the whole text begins.
    begin: usize,
}

/// A character that is not seen.
const NO_WIDTH: char = '\u{200b}';
/// What keeps a part from left to right apart from the rest, in the order of letters on a line; it is not seen either.
const APART: (&str, &str) = ("\u{202a}", "\u{202c}");

/// Names fonts of this machine for what the bundled font lacks. A text that is no SVG document stays as it is.
pub(super) fn furnished(svg: &str) -> Furnished {
    let Ok(document) = Document::parse(svg) else { return Furnished::default() };
    let runs: Vec<Run<'_>> = document.descendants().flat_map(|node| runs(svg, &node)).collect();
    let lacking: BTreeSet<char> = runs.iter().flat_map(|run| lacking(run.text, run.bold)).collect();
    if lacking.is_empty() {
        return Furnished::default();
    }
    let families = families(&lacking);
    let had: BTreeSet<char> = families.values().flatten().copied().collect();
    let mut named = BTreeSet::new();
    let mut insertions: Vec<(usize, String)> = Vec::new();
    for run in &runs {
        if let Some(family) = best(&families, run) {
            let opening = format!("<tspan font-family=\"'{family}'\">");
            // Letters that join to fewer or more shapes are laid out right only by the font that comes first, and only apart
            // from other scripts.
            if run.is_first_joined {
                insertions.push((run.begin, format!("{opening}{NO_WIDTH}</tspan>")));
            }
            let (apart, end) = if run.text.chars().any(joins) { APART } else { ("", "") };
            insertions.push((run.range.start, opening + apart));
            insertions.push((run.range.end, format!("{end}</tspan>")));
            named.insert(family.to_owned());
        }
    }
    insertions.sort_by_key(|(place, _)| *place);
    let mut changed = svg.to_owned();
    // From the end on, so that places before stay where they are.
    for (place, text) in insertions.iter().rev() {
        changed.insert_str(*place, text);
    }
    Furnished { svg: Some(changed), families: named, missing: lacking.difference(&had).copied().collect() }
}

/// Adds the upright faces of `families` to the bundled ones.
pub(super) fn add(families: &BTreeSet<String>, fonts: &mut Database) {
    for face in system().faces().filter(|face| is_usable(face)) {
        if family(face).is_some_and(|name| families.contains(name)) {
            fonts.push_face_info(face.clone());
        }
    }
}

/// Runs beyond ASCII in a piece of text that the bundled font cannot draw alone: a word stays in one font.
fn runs<'a>(svg: &'a str, node: &Node<'_, '_>) -> Vec<Run<'a>> {
    let text = node.parent().filter(|parent| node.is_text() && parent.has_tag_name("text"));
    let Some(parent) = text else { return Vec::new() };
    let bold = parent.attribute("font-weight") == Some("bold");
    // Elements within a CDATA section would be shown as they are written.
    let source = svg.get(node.range()).filter(|source| !source.contains('<')).unwrap_or_default();
    // Behind the line break that a document may have there, which would become a space.
    let begin = node.range().start + source.len() - source.trim_start().len();
    let is_end = |c: char| c.is_ascii() || c == '…';
    let mut runs = Vec::new();
    for part in source.split(is_end).filter(|part| !lacking(part, bold).is_empty()) {
        let from = node.range().start + (part.as_ptr() as usize - source.as_ptr() as usize);
        let is_first_joined =
            part.chars().any(joins) && !runs.iter().any(|run: &Run<'_>| run.is_first_joined);
        runs.push(Run { range: from..from + part.len(), text: part, bold, is_first_joined, begin });
    }
    runs
}

fn lacking(text: &str, bold: bool) -> BTreeSet<char> {
    text.chars().filter(|c| !is_bundled(*c, bold)).collect()
}

/// The family that has most of a run, then most of the whole picture, then the plainest.
fn best<'a>(families: &'a BTreeMap<String, BTreeSet<char>>, run: &Run<'_>) -> Option<&'a str> {
    let wanted = lacking(run.text, run.bold);
    let score = |(name, has): &(&'a String, &BTreeSet<char>)| {
        let plain = name.contains("Sans") && !name.contains("Mono");
        (has.intersection(&wanted).count(), has.len(), plain, std::cmp::Reverse(*name))
    };
    let best = families.iter().max_by_key(score)?;
    (!best.1.is_disjoint(&wanted)).then_some(best.0.as_str())
}

/// The families of this machine that have any of `wanted`, and which.
fn families(wanted: &BTreeSet<char>) -> BTreeMap<String, BTreeSet<char>> {
    static KNOWN: Mutex<BTreeMap<char, BTreeSet<String>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let unknown: BTreeSet<char> = wanted.iter().filter(|c| !known.contains_key(c)).copied().collect();
    if !unknown.is_empty() {
        known.extend(unknown.iter().map(|c| (*c, BTreeSet::new())));
        for face in system().faces().filter(|face| is_usable(face)) {
            let Some(name) = family(face) else { continue };
            for character in drawn_by(face.id, &unknown) {
                known.entry(character).or_default().insert(name.to_owned());
            }
        }
    }
    let mut families = BTreeMap::<String, BTreeSet<char>>::new();
    for character in wanted {
        for name in known.get(character).into_iter().flatten() {
            families.entry(name.clone()).or_default().insert(*character);
        }
    }
    families
}

/// What of `wanted` a face has an outline for: pictures of letters made of pixels cannot be drawn.
fn drawn_by(face: ID, wanted: &BTreeSet<char>) -> Vec<char> {
    let has = |data: &[u8], index: u32| {
        let Ok(face) = Face::parse(data, index) else { return Vec::new() };
        let outlined =
            |c: &char| face.glyph_index(*c).and_then(|glyph| face.glyph_bounding_box(glyph)).is_some();
        wanted.iter().copied().filter(outlined).collect()
    };
    system().with_face_data(face, has).unwrap_or_default()
}

/// The bundled family is not taken from the machine, whose version may differ.
fn is_usable(face: &FaceInfo) -> bool {
    face.style == Style::Normal && face.stretch == Stretch::Normal && family(face) != Some(FAMILY_IN_FILE)
}

/// Names in quotes cannot be named in an attribute.
fn family(face: &FaceInfo) -> Option<&str> {
    let name = face.families.first().map(|(name, _)| name.as_str())?;
    (!name.contains(['"', '\'', '<', '&'])).then_some(name)
}

fn system() -> &'static Database {
    static FONTS: OnceLock<Database> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        fonts
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><text font-weight=\"bold\">\n{text}\n</text></svg>"
        )
    }

    /// So they are the same on every machine.
    #[test]
    fn documents_of_bundled_characters_stay_as_they_are() {
        for text in ["chat &amp; api", "Χρήστες, пользователи", "مستخدمو‎, 5", "a… –"]
        {
            assert_eq!(furnished(&document(text)), Furnished::default(), "{text}");
        }
        assert_eq!(furnished("<svg"), Furnished::default());
    }

    /// U+10FFFD is for private use.
    #[test]
    fn what_no_font_has_is_missing() {
        let found = furnished(&document("chat \u{10fffd}\u{10fffd}, api"));
        assert_eq!(found.missing, BTreeSet::from(['\u{10fffd}']));
        assert_eq!(
            (found.svg, found.families),
            (Some(document("chat \u{10fffd}\u{10fffd}, api")), BTreeSet::new())
        );
    }

    #[test]
    fn runs_are_words_beyond_ascii() {
        let svg = document("chat, 利用者 x हिन्दी: Ελλάδα");
        let document = Document::parse(&svg).unwrap();
        let all: Vec<Run<'_>> = document.descendants().flat_map(|node| runs(&svg, &node)).collect();
        let told: Vec<_> = all.iter().map(|run| (&svg[run.range.clone()], run.is_first_joined)).collect();
        assert_eq!(told, [("利用者", false), ("हिन्दी", true)]);
        assert!(all.iter().all(|run| svg[run.begin..].starts_with("chat")));
    }

    #[test]
    fn the_family_with_most_of_a_run_is_best() {
        let has = |text: &str| text.chars().collect::<BTreeSet<char>>();
        let families = BTreeMap::from([
            ("A Serif".to_owned(), has("会話長")),
            ("B Sans".to_owned(), has("会話長")),
            ("C Sans".to_owned(), has("会話")),
            ("D".to_owned(), has("ก")),
        ]);
        let run = |text| Run { range: 0..0, text, bold: false, is_first_joined: false, begin: 0 };
        assert_eq!(best(&families, &run("会話")), Some("B Sans"));
        assert_eq!(best(&families, &run("ก")), Some("D"));
        assert_eq!(best(&families, &run("高")), None);
    }
}
