//! Text from a scenario, made fit for a picture.

use super::PlotError;
use super::style::{Font, text_width};

/// More characters than this never fit, and measuring them takes time.
const LONGEST: usize = 200;

/// `text` on one line: control characters make an SVG invalid, and marks of direction could turn around what
/// stands beside them.
pub(super) fn clean(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_unseen(*c));
    let visible: String = visible.take(10 * LONGEST).collect();
    let mut line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

/// `text` cleaned and shortened with an ellipsis until it is no wider than `width`.
pub(super) fn fitted(text: &str, font: Font, width: f64) -> Result<String, PlotError> {
    let mut line = clean(text);
    while text_width(&line, font)? > width {
        line = line.trim_end_matches('…').to_owned();
        if line.pop().is_none() {
            break;
        }
        line.truncate(line.trim_end().len());
        line.push('…');
    }
    Ok(line)
}

/// `text` cleaned and shortened in the middle, where names differ least, until it is no wider than `width`.
pub(super) fn shortened(text: &str, font: Font, width: f64) -> Result<String, PlotError> {
    let whole = clean(text);
    if text_width(&whole, font)? <= width {
        return Ok(whole);
    }
    let characters: Vec<char> = whole.chars().collect();
    let with = |kept: usize| {
        let (head, tail) = (kept - kept / 2, kept / 2);
        let head: String = characters[..head].iter().collect();
        let tail: String = characters[characters.len() - tail..].iter().collect();
        format!("{}…{}", head.trim_end(), tail.trim_start())
    };
    // The most characters that fit, by halves.
    let (mut fits, mut too_many) = (0, characters.len());
    while too_many - fits > 1 {
        let kept = (fits + too_many) / 2;
        if text_width(&with(kept), font)? <= width {
            fits = kept;
        } else {
            too_many = kept;
        }
    }
    Ok(with(fits))
}

/// `text` in lines no wider than `width`, broken at spaces.
pub(super) fn wrapped(text: &str, font: Font, width: f64) -> Result<Vec<String>, PlotError> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if text_width(&longer, font)? <= width || line.is_empty() {
            *line = longer;
        } else {
            lines.push(word.to_owned());
        }
    }
    Ok(lines)
}

/// Marks of direction, joiners, byte order marks, and what XML does not allow.
const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'
            | '\u{ffff}'
    )
}
