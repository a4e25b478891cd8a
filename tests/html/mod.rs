//! HTML as tests look at it: where a browser would have to guess, or to fetch something, they fail.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

/// Elements that have no end.
const VOID: [&str; 3] = ["meta", "input", "br"];

/// A tag with its attributes, or the text between two tags.
#[derive(Debug)]
pub enum Piece<'a> {
    Opens(&'a str, Vec<(&'a str, &'a str)>, bool),
    Closes(&'a str),
    Text(&'a str),
}

/// The pieces of a page; fails where a browser would have to guess.
pub fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = html.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    while let Some(at) = rest.find('<') {
        if at > 0 {
            pieces.push(Piece::Text(&rest[..at]));
        }
        rest = &rest[at + 1..];
        if let Some(closing) = rest.strip_prefix('/') {
            let end = closing.find('>').unwrap();
            pieces.push(Piece::Closes(&closing[..end]));
            rest = &closing[end + 1..];
            continue;
        }
        let end = rest.find([' ', '>', '/']).unwrap();
        let name = &rest[..end];
        assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()), "<{name}");
        rest = &rest[end..];
        let mut attributes = Vec::new();
        let is_empty = loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix("/>") {
                rest = after;
                break true;
            }
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break VOID.contains(&name);
            }
            let end = rest.find(['=', ' ', '>']).unwrap();
            let attribute = &rest[..end];
            assert!(
                attribute.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == ':'),
                "{attribute}"
            );
            if let Some(value) = rest[end..].strip_prefix("=\"") {
                let close = value.find('"').unwrap();
                assert!(!value[..close].contains('<'), "{}", &value[..close]);
                attributes.push((attribute, &value[..close]));
                rest = &value[close + 1..];
            } else {
                attributes.push((attribute, ""));
                rest = &rest[end..];
            }
        };
        let is_raw = name == "script" || name == "style";
        pieces.push(Piece::Opens(name, attributes, is_empty));
        if is_raw {
            let end = rest.find(&format!("</{name}>")).unwrap();
            pieces.push(Piece::Text(&rest[..end]));
            rest = &rest[end..];
        }
    }
    assert_eq!(rest.trim(), "");
    pieces
}

/// Every element ends where it should, ids are unique, and nothing is fetched.
pub fn assert_sound(html: &str) {
    let (mut open, mut ids) = (Vec::new(), Vec::new());
    for piece in pieces(html) {
        match piece {
            Piece::Opens(name, attributes, is_empty) => {
                for (attribute, value) in attributes {
                    assert!(!["src", "srcset", "xlink:href", "action"].contains(&attribute), "{attribute}");
                    assert!(!attribute.starts_with("on"), "{attribute}");
                    assert!(attribute != "href" || value.starts_with('#'), "{value}");
                    assert!(!value.contains("url("), "{value}");
                    if attribute == "id" {
                        ids.push(value.to_owned());
                    }
                }
                assert!(
                    !["link", "img", "iframe", "object", "embed", "base", "image", "use"].contains(&name),
                    "{name}"
                );
                if !is_empty {
                    open.push(name);
                }
            }
            Piece::Closes(name) => assert_eq!(open.pop(), Some(name)),
            Piece::Text(text) if matches!(open.last(), Some(&"style")) => {
                assert!(!text.contains("@import") && !text.contains("url("));
            }
            Piece::Text(text) if matches!(open.last(), Some(&"script")) => {
                assert!(!text.contains("http") && !text.contains("fetch(") && !text.contains("innerHTML"));
            }
            Piece::Text(_) => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands twice");
}

/// What a reader sees of an element, a line for each row, heading and paragraph; cells are parted by bars.
pub fn visible_text(html: &str, id: &str) -> String {
    let (mut open, mut inside, mut text) = (Vec::new(), None, String::new());
    for piece in pieces(html) {
        match piece {
            Piece::Opens(name, attributes, is_empty) => {
                if attributes.contains(&("id", id)) {
                    inside = Some(open.len());
                }
                if !is_empty {
                    open.push((name, attributes.iter().any(|(name, _)| *name == "hidden")));
                }
            }
            Piece::Closes(name) => {
                open.pop();
                let is_cell = matches!(name, "td" | "th" | "li");
                let is_line =
                    matches!(name, "tr" | "p" | "h2" | "h3" | "figcaption" | "caption" | "dt" | "dd");
                if inside.is_some() && !open.iter().any(|(_, hidden)| *hidden) {
                    text += if is_cell { " | " } else { "" };
                    text += if is_line { "\n" } else { "" };
                }
                if inside == Some(open.len()) {
                    inside = None;
                }
            }
            Piece::Text(words) => {
                let seen =
                    !open.iter().any(|(name, hidden)| *hidden || ["svg", "script", "style"].contains(name));
                if inside.is_some() && seen {
                    text += words;
                }
            }
        }
    }
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}
