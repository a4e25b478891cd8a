//! What is wrong with a file that cannot be imported.

use std::fmt;

use super::text::one_line;

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    file: String,
    /// Line and column, counted from 1, where known.
    at: Option<(usize, usize)>,
    message: String,
}

impl ImportError {
    /// A mistake whose place is the file as a whole.
    pub(super) fn of(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), at: None, message: message.into() }
    }

    /// A mistake at a line and a column, counted from 1.
    pub(super) fn at(file: &str, line: usize, column: usize, message: impl Into<String>) -> Self {
        // Readers say 0 where they do not know.
        let at = (line > 0 && column > 0).then_some((line, column));
        Self { file: file.to_owned(), at, message: message.into() }
    }

    /// What is wrong with a JSON file.
    pub(super) fn json(file: &str, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let message = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text);
        let message = match error.classify() {
            serde_json::error::Category::Eof => "the file ends in the middle: is it complete?".to_owned(),
            serde_json::error::Category::Syntax => format!("this is not JSON: {message}"),
            _ => format!("this is not the layout of the cable map: {message}"),
        };
        Self::at(file, line, column, message)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", one_line(&self.file, 300))?;
        if let Some((line, column)) = self.at {
            write!(f, ", line {line}, column {column}")?;
        }
        write!(f, ": {}", one_line(&self.message, 300))
    }
}

impl std::error::Error for ImportError {}
