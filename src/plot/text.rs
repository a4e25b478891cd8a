//! Text from a scenario, made fit for a picture.

use super::PlotError;
use super::style::{Font, text_width};

/// More characters than this never fit, and measuring them takes time.
const LONGEST: usize = 200;

/// The mark of direction that makes what follows it read from left to right.
const LEFT_TO_RIGHT: char = '\u{200e}';

/// `text` on one line: control characters make an SVG invalid, and marks of direction could turn around what
/// stands beside them. Names that read from right to left stay in their place among others, and end before a comma or a bracket.
pub(super) fn clean(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_unseen(*c));
    let visible: String = visible.take(10 * LONGEST).collect();
    let mut line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(cut);
        line.push('…');
    }
    held_in_place(&line)
}

/// With a mark that is not seen behind each name that reads from right to left, so that the number behind it does not
/// go before it.
fn held_in_place(line: &str) -> String {
    let mut held = String::with_capacity(line.len());
    let mut is_rightward = true;
    for c in line.chars() {
        if !is_rightward && matches!(c, ',' | ':' | ';' | '(' | ')' | '/' | '|' | '=' | '…') {
            held.push(LEFT_TO_RIGHT);
            is_rightward = true;
        }
        if reads_leftward(c) {
            is_rightward = false;
        } else if c.is_alphabetic() {
            is_rightward = true;
        }
        held.push(c);
    }
    if !is_rightward {
        held.push(LEFT_TO_RIGHT);
    }
    held
}

/// Letters of Hebrew, Arabic and the other scripts from right to left.
const fn reads_leftward(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Without the mark, what is behind such a name would stand before it.
    #[test]
    fn names_from_right_to_left_stay_in_their_place() {
        assert_eq!(clean("users الخليج, 5"), "users الخليج\u{200e}, 5");
        assert_eq!(clean("الخليج"), "الخليج\u{200e}");
        assert_eq!(clean("الخليج 2 (גמר) a"), "الخليج 2 \u{200e}(גמר\u{200e}) a");
        for text in ["users الخليج, 5", "chat", "a, b"] {
            assert_eq!(clean(&clean(text)), clean(text));
        }
        assert_eq!(clean("a\u{202e}b\u{2067}c"), "abc");
    }
}
