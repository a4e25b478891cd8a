//! The text of a scenario fragment.

use super::sphere::Position;
use super::text::{capacity, length, number, one_line, quoted};

/// Longest comment behind an entry, characters.
const LONGEST_COMMENT: usize = 200;

/// Width of the comments at the head, characters.
const COMMENT_WIDTH: usize = 118;

/// What a fragment holds, in the order in which it is written.
#[derive(Debug, Default)]
pub(super) struct Fragment {
    /// Lines of comment at the head.
    pub(super) head: Vec<String>,
    /// Sites.
    pub(super) sites: Vec<Site>,
    /// Cables.
    pub(super) cables: Vec<Cable>,
    /// Links.
    pub(super) links: Vec<Link>,
}

/// A site.
#[derive(Debug)]
pub(super) struct Site {
    /// Its name.
    pub(super) name: String,
    /// Where it is.
    pub(super) at: Position,
    /// What else is known of it.
    pub(super) comment: String,
}

/// A cable.
#[derive(Debug)]
pub(super) struct Cable {
    /// Its name.
    pub(super) name: String,
    /// What else is known of it, line by line.
    pub(super) comments: Vec<String>,
    /// Its segments.
    pub(super) segments: Vec<Segment>,
}

/// A segment of a cable.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// Site at one end.
    pub(super) from: String,
    /// Site at the other.
    pub(super) to: String,
    /// Its length, km.
    pub(super) km: f64,
}

/// A link.
#[derive(Debug)]
pub(super) struct Link {
    /// Its name.
    pub(super) name: String,
    /// Site at one end.
    pub(super) from: String,
    /// Site at the other.
    pub(super) to: String,
    /// Bits per second, where known.
    pub(super) capacity: Option<f64>,
    /// What else is known of it.
    pub(super) comment: String,
}

impl Fragment {
    /// Its text; empty maps are left out.
    pub(super) fn into_text(self) -> String {
        let mut text = String::new();
        for line in &self.head {
            write_wrapped(&mut text, &one_line(line, 1_000));
        }
        text += "Scenario(\n";
        write_map(&mut text, "sites", &self.sites, write_site);
        write_map(&mut text, "cables", &self.cables, write_cable);
        write_map(&mut text, "links", &self.links, write_link);
        text += ")\n";
        text
    }
}

/// A comment over as many lines as it needs.
fn write_wrapped(text: &mut String, comment: &str) {
    let mut column = 0;
    for word in comment.split(' ') {
        if column == 0 || column + 1 + word.chars().count() > COMMENT_WIDTH {
            *text += if column == 0 { "//" } else { "\n//" };
            column = 2;
        }
        *text += &format!(" {word}");
        column += 1 + word.chars().count();
    }
    text.push('\n');
}

fn write_map<T>(text: &mut String, field: &str, entries: &[T], write: fn(&mut String, &T)) {
    if entries.is_empty() {
        return;
    }
    *text += &format!("    {field}: {{\n");
    for entry in entries {
        write(text, entry);
    }
    *text += "    },\n";
}

fn write_site(text: &mut String, site: &Site) {
    // A ten-thousandth of a degree is 11 m.
    let (latitude, longitude) = (number(site.at.latitude, 4), number(site.at.longitude, 4));
    *text += &format!("        {}: (at: ({latitude}, {longitude})),", quoted(&site.name));
    write_comment(text, &site.comment);
}

fn write_cable(text: &mut String, cable: &Cable) {
    for line in &cable.comments {
        *text += &format!("        // {}\n", one_line(line, LONGEST_COMMENT));
    }
    *text += &format!("        {}: (segments: [\n", quoted(&cable.name));
    for segment in &cable.segments {
        let (from, to) = (quoted(&segment.from), quoted(&segment.to));
        *text += &format!("            (from: {from}, to: {to}, length: \"{}\"),\n", length(segment.km));
    }
    *text += "        ]),\n";
}

fn write_link(text: &mut String, link: &Link) {
    let (name, from, to) = (quoted(&link.name), quoted(&link.from), quoted(&link.to));
    *text += &format!("        {name}: (from: {from}, to: {to}");
    if let Some(bits) = link.capacity {
        *text += &format!(", capacity: \"{}\"", capacity(bits));
    }
    *text += "),";
    write_comment(text, &link.comment);
}

/// Ends a line, with a comment if there is one.
fn write_comment(text: &mut String, comment: &str) {
    let comment = one_line(comment, LONGEST_COMMENT);
    if !comment.is_empty() {
        *text += &format!(" // {comment}");
    }
    text.push('\n');
}
