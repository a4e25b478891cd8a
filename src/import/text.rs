//! Words of others as names, comments and quantities of a scenario.

use std::collections::BTreeSet;

use crate::scenario::diagnostics::is_invisible;

/// `text` on one line, without characters that nobody sees, and at most so many characters long.
pub(super) fn one_line(text: &str, longest: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_invisible(c)).filter(|word| !word.is_empty());
    let mut line = String::new();
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if let Some((end, _)) = line.char_indices().nth(longest) {
            line.truncate(end);
            line.push_str("...");
            break;
        }
    }
    line
}

/// `text` as a name: on one line, and without what paths and wildcards are made of.
pub(super) fn name(text: &str) -> String {
    one_line(text, 100).replace(['/', '@', '*', '?', '[', ']', '{', '}'], "-")
}

/// `text` in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Names that are taken: each new one is numbered until it differs.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// `wanted`, or "wanted 2", "wanted 3" and so on where that is taken.
    pub(super) fn give(&mut self, wanted: &str) -> String {
        let mut given = wanted.to_owned();
        let mut number = 2_u64;
        while !self.taken.insert(given.clone()) {
            given = format!("{wanted} {number}");
            number += 1;
        }
        given
    }
}

/// A number with at most so many decimals, and no zeros at the end.
pub(super) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A length in kilometres: "170 km"; not below 100 m, the last digit that is shown.
pub(super) fn length(km: f64) -> String {
    format!("{} km", number(km.max(0.1), 1))
}

/// A capacity: "2.5 Gbps".
pub(super) fn capacity(bits_per_second: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e12, "Tbps"), (1e9, "Gbps"), (1e6, "Mbps"), (1e3, "kbps")];
    let (size, unit) = UNITS.into_iter().find(|(size, _)| bits_per_second >= *size).unwrap_or((1.0, "bps"));
    format!("{} {unit}", number(bits_per_second / size, 6))
}

/// A count with its noun: "1 node", "3 nodes".
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The first few of many names: "a, b, c and 4 more".
pub(super) fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{shown} and {more} more"),
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_become_harmless() {
        assert_eq!(one_line(" a\n// b\u{202e}\tc ", 100), "a // b c");
        assert_eq!(one_line(&"x".repeat(10), 4), "xxxx...");
        assert_eq!(name("A/B"), "A-B");
        assert_eq!(quoted(r#"a"b\c"#), r#""a\"b\\c""#);
    }

    #[test]
    fn equal_names_are_numbered() {
        let mut names = Names::default();
        let given: Vec<_> = ["a", "a 2", "a", "a"].into_iter().map(|name| names.give(name)).collect();
        assert_eq!(given, ["a", "a 2", "a 3", "a 4"]);
    }

    #[test]
    fn quantities_are_short() {
        assert_eq!(length(170.0), "170 km");
        assert_eq!(length(0.004), "0.1 km");
        assert_eq!(capacity(155e6), "155 Mbps");
        assert_eq!(capacity(2.5e9), "2.5 Gbps");
        assert_eq!(capacity(64.0), "64 bps");
        assert_eq!(number(-0.000_000_1, 5), "0");
    }
}
