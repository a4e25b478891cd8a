//! Text in lines of a given width, measured as a terminal shows it.

use unicode_width::UnicodeWidthStr;

/// Columns that a text takes on a terminal.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// `text` in lines that are no wider than `width`, the first behind `first` spaces and the others behind `rest`, each
/// with a line break.
pub(super) fn indented(text: &str, (first, rest): (usize, usize), width: usize) -> String {
    let room = |indent: usize| width.saturating_sub(indent).max(1);
    let lines = broken(text, room(first), room(rest));
    let indent = |place: usize| " ".repeat(if place == 0 { first } else { rest });
    lines.iter().enumerate().map(|(place, line)| indent(place) + line + "\n").collect()
}

/// `text` in lines that are no wider than `width`; at least one.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    broken(text, width.max(1), width.max(1))
}

/// Columns of the widest word that may not be broken.
pub(super) fn longest_word(text: &str) -> usize {
    words(text).iter().map(|word| columns(word)).max().unwrap_or(0)
}

/// Breaks at spaces, and within words that are wider than a line.
fn broken(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let mut word = word.as_str();
        loop {
            let room = if lines.len() == 1 { first } else { rest };
            let Some(line) = lines.last_mut() else { break };
            let gap = usize::from(!line.is_empty());
            if columns(line) + gap + columns(word) <= room {
                line.push_str(if gap == 1 { " " } else { "" });
                line.push_str(word);
                break;
            }
            if line.is_empty() {
                let (piece, left) = cut(word, room);
                line.push_str(piece);
                word = left;
            }
            if word.is_empty() {
                break;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// Words between spaces; a number stays with its unit.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|c: char| c == ' ' || c.is_control()).filter(|word| !word.is_empty()) {
        match words.last_mut().filter(|before| belongs_to(word, before)) {
            Some(before) => *before = format!("{before} {word}"),
            None => words.push(word.to_owned()),
        }
    }
    words
}

/// True for a unit after a number, and for what stands beside a value.
fn belongs_to(word: &str, before: &str) -> bool {
    const UNITS: [&str; 12] = ["%", "s", "ms", "us", "min", "h", "d", "y", "k", "M", "G", "T"];
    let bare = word.trim_end_matches([',', ';', ':', '.', ')']);
    let after_number = before.ends_with(|c: char| c.is_ascii_digit());
    (after_number && UNITS.contains(&bare)) || (word.starts_with('±') && word.len() > '±'.len_utf8())
}

/// As much of a word as fits, at least a character, and what is left: rather after a sign that separates.
fn cut(word: &str, room: usize) -> (&str, &str) {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    let fitting: Vec<usize> = ends.take_while(|end| columns(&word[..*end]) <= room).collect();
    let one = word.chars().next().map_or(0, char::len_utf8);
    let most = fitting.last().copied().unwrap_or(one);
    let separates = |end: &usize| word[..*end].ends_with(['/', '-', ',', '.', ':', '_', ' ', '=', ')']);
    let at = fitting.iter().rev().copied().find(separates).filter(|at| 2 * at >= most).unwrap_or(most);
    let (piece, left) = word.split_at(at);
    (piece.trim_end(), left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_numbers_keep_their_units() {
        assert_eq!(wrapped("a bc def", 4), ["a bc", "def"]);
        assert_eq!(wrapped("lose 15.02 h of it", 10), ["lose", "15.02 h of", "it"]);
        assert_eq!(wrapped("35.9 min ±4.0, work 96 %", 14), ["35.9 min ±4.0,", "work 96 %"]);
        assert_eq!(wrapped("", 10), [""]);
        assert_eq!(indented("ab cd ef", (2, 4), 7), "  ab cd\n    ef\n");
    }

    #[test]
    fn long_words_break_after_signs_or_anywhere() {
        assert_eq!(wrapped("me-central-1/az1/model", 12), ["me-central-", "1/az1/model"]);
        assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
        // A character that is wider than the line has a line of its own.
        assert_eq!(wrapped("停停", 1), ["停", "停"]);
    }

    #[test]
    fn widths_are_those_of_a_terminal() {
        assert_eq!(columns("停电"), 4);
        assert_eq!(wrapped("停电停电", 5), ["停电", "停电"]);
        assert_eq!(columns("e\u{301}"), 1);
    }
}
