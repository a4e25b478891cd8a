//! Bars and lines of characters.

use super::page::Tone;

/// Eighths of a character, from the left.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
/// Heights of a character.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Characters of a bar of 100 %.
const BAR: f64 = 10.0;

/// A share of a whole as a bar; what rounds to nothing is none.
pub(super) fn bar(share: f64) -> String {
    let eighths = (8.0 * BAR * share.clamp(0.0, 1.0)).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.extend((eighths % 8).checked_sub(1).and_then(|place| EIGHTHS.get(place)));
    if bar.is_empty() { bar } else { Tone::Drawn.of(&bar) }
}

/// Values from 0 to `most` as a line of as many characters; 0 is a space at which no line breaks.
pub(super) fn line(values: &[f64], most: f64) -> String {
    let height = |value: &f64| {
        let place = (8.0 * value / most).ceil().clamp(1.0, 8.0) as usize;
        if *value > 0.0 && most > 0.0 {
            HEIGHTS.get(place.saturating_sub(1)).copied().unwrap_or('█')
        } else {
            '\u{a0}'
        }
    };
    let line: String = values.iter().map(height).collect();
    Tone::Drawn.of(&line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::page::unmarked;

    #[test]
    fn bars_are_as_long_as_shares() {
        let bar = |share| unmarked(&bar(share));
        assert_eq!(bar(1.0), "██████████");
        assert_eq!(bar(0.5), "█████");
        assert_eq!(bar(0.0125), "▏");
        assert_eq!(bar(0.001), "");
        assert_eq!(bar(f64::NAN), "");
    }

    #[test]
    fn lines_are_as_high_as_values() {
        let line = |values: &[f64], most| unmarked(&line(values, most));
        assert_eq!(line(&[0.0, 0.1, 0.5, 1.0], 1.0), "\u{a0}▁▄█");
        assert_eq!(line(&[0.0, 0.0], 0.0), "\u{a0}\u{a0}");
    }
}
