//! The page that a report is laid out for, and words that stand out on it.

use super::wrap::indented;

/// How wide a page is, and whether it shows colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Characters of a line.
    pub columns: usize,
    /// True for a terminal that shows colour.
    pub colour: bool,
}

impl Page {
    /// Fewer columns than this hold no table.
    pub const FEWEST_COLUMNS: usize = 60;
    /// Where nobody says how wide the page is, such as a file or a pipe.
    pub const PLAIN: Self = Self { columns: 100, colour: false };

    /// Lines of text that fit the page; what goes on in the next line stands two columns further in.
    #[must_use]
    pub fn paragraphs(self, text: &str) -> String {
        let paragraph = |line: &str| {
            let depth = line.len() - line.trim_start().len();
            indented(line, (depth, depth + 2), self.columns)
        };
        self.finished(&text.lines().map(paragraph).collect::<String>())
    }

    /// `text` with its marks as colour, or without them; whatever else a terminal would act on is replaced.
    pub(super) fn finished(self, text: &str) -> String {
        let mut finished = String::with_capacity(text.len());
        let mut is_open = false;
        for c in text.chars() {
            let tone = Tone::ALL.into_iter().find(|tone| tone.mark() == c);
            match (tone, c) {
                (Some(tone), _) if self.colour => {
                    finished.push_str(tone.code());
                    is_open = true;
                }
                (Some(_), _) | (None, END) if !self.colour => {}
                (None, END) => {
                    finished.push_str(if is_open { RESET } else { "" });
                    is_open = false;
                }
                (None, '\n') => {
                    finished.push_str(if is_open { RESET } else { "" });
                    finished.push('\n');
                    is_open = false;
                }
                (None, '\u{a0}') => finished.push(' '),
                (None, c) if c.is_control() || turns_text(c) => finished.push('\u{fffd}'),
                (_, c) => finished.push(c),
            }
        }
        finished
    }
}

/// Characters that change the direction of what follows, or end a line.
const fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Ends what stands out: an invisible character of no width, so that layout does not see it.
const END: char = '\u{2064}';
const RESET: &str = "\x1b[0m";

/// How words stand out on a terminal with colour. Nothing is said by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Headings.
    Strong,
    /// What is as it should be.
    Good,
    /// What is not.
    Bad,
    /// What is in between or not known.
    Unsure,
    /// Bars and lines drawn with characters.
    Drawn,
}

impl Tone {
    const ALL: [Self; 5] = [Self::Strong, Self::Good, Self::Bad, Self::Unsure, Self::Drawn];

    /// An invisible character of no width that begins it.
    const fn mark(self) -> char {
        match self {
            Self::Strong => '\u{2061}',
            Self::Good => '\u{2062}',
            Self::Bad => '\u{2063}',
            Self::Unsure => '\u{206a}',
            Self::Drawn => '\u{206b}',
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Strong => "\x1b[1m",
            Self::Good => "\x1b[32m",
            Self::Bad => "\x1b[1;31m",
            Self::Unsure => "\x1b[33m",
            Self::Drawn => "\x1b[36m",
        }
    }

    /// `text`, standing out.
    pub(super) fn of(self, text: &str) -> String {
        format!("{}{text}{END}", self.mark())
    }
}

/// `text` without what makes words stand out.
pub(super) fn unmarked(text: &str) -> String {
    text.chars().filter(|c| *c != END && Tone::ALL.iter().all(|tone| tone.mark() != *c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::wrap::columns;

    const COLOURED: Page = Page { columns: 80, colour: true };

    #[test]
    fn marks_are_colour_or_nothing_and_take_no_room() {
        let text = Tone::Good.of("passed") + " x";
        assert_eq!(Page::PLAIN.finished(&text), "passed x");
        assert_eq!(COLOURED.finished(&text), "\x1b[32mpassed\x1b[0m x");
        assert_eq!(unmarked(&text), "passed x");
        for tone in Tone::ALL {
            assert_eq!(columns(&tone.of("")), 0, "{tone:?}");
        }
    }

    /// No text can move the cursor, change colours beyond its line, or turn what follows round.
    #[test]
    fn names_cannot_act_on_the_terminal() {
        let text = "a\x1b[2Jb\u{7}\u{202e}c\u{2061}d\ne\n";
        assert_eq!(Page::PLAIN.finished(text), "a\u{fffd}[2Jb\u{fffd}\u{fffd}cd\ne\n");
        assert_eq!(COLOURED.finished(text), "a\u{fffd}[2Jb\u{fffd}\u{fffd}c\x1b[1md\x1b[0m\ne\n");
    }
}
