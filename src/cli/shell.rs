//! Commands as a reader can type them again.

use std::path::Path;

/// "blackstart run scenario.ron --seed 1"
pub(super) fn command_line<'w>(command: &'w str, words: impl Iterator<Item = &'w String>) -> String {
    let begin = ["blackstart", command].into_iter();
    begin.chain(words.map(String::as_str)).map(quoted).collect::<Vec<_>>().join(" ")
}

/// An option before each of its values.
pub(super) fn repeated(option: &str, values: &[String]) -> Vec<String> {
    values.iter().flat_map(|value| [option.to_owned(), value.clone()]).collect()
}

/// The name of a file without the folders above it, which others do not have.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or("report.html".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,%+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
