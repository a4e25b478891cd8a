//! Which characters the bundled font has, and how wide those are that it lacks.

use std::borrow::Cow;

use ttf_parser::Face;
use unicode_width::UnicodeWidthChar as _;

/// Width of a character that takes two columns of a terminal (Chinese, Japanese, Korean), em. Emoji are a little wider.
const WIDE: f64 = 1.0;
const EMOJI: f64 = 1.3;
/// Width of any other: letters of India and South-East Asia are wider than Latin ones.
const OTHER: f64 = 0.9;
/// Width of what stands above, below or beside another.
const MARK: f64 = 0.4;

/// True if the bundled font has `character`.
pub(super) fn is_bundled(character: char, bold: bool) -> bool {
    let font = if bold { dejavu::sans::bold() } else { dejavu::sans::regular() };
    character.is_ascii() || Face::parse(font, 0).is_ok_and(|face| face.glyph_index(character).is_some())
}

/// The characters of `text` that the bundled font has, and a width of the others that is not less than theirs, em.
pub(super) fn bundled_part(text: &str, bold: bool) -> (Cow<'_, str>, f64) {
    if text.chars().all(|c| is_bundled(c, bold)) {
        return (Cow::Borrowed(text), 0.0);
    }
    let (bundled, others): (String, String) = text.chars().partition(|c| is_bundled(*c, bold));
    (Cow::Owned(bundled), others.chars().map(width).sum())
}

/// True for scripts whose letters change their shape and order beside others, in India and South-East Asia, and for marks.
pub(super) fn joins(character: char) -> bool {
    matches!(character, '\u{900}'..='\u{109f}' | '\u{1700}'..='\u{1aff}') || character.width() == Some(0)
}

/// Of a character that the bundled font lacks, em.
fn width(character: char) -> f64 {
    match character.width() {
        Some(2) if matches!(character, '\u{1f000}'..='\u{1ffff}') => EMOJI,
        Some(2) => WIDE,
        Some(0) | None => MARK,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_of_what_is_missing_are_added_up() {
        assert_eq!(
            bundled_part("chat, Χρήστες, العربية", false),
            (Cow::Borrowed("chat, Χρήστες, العربية"), 0.0)
        );
        let (bundled, others) = bundled_part("chat 会話", true);
        assert_eq!((bundled.as_ref(), others), ("chat ", 2.0 * WIDE));
        // Two letters and a mark.
        let (bundled, others) = bundled_part("न\u{94d}द", false);
        assert_eq!((bundled.as_ref(), others), ("", 2.0 * OTHER + MARK));
    }
}
