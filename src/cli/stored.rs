//! Results of earlier runs, read back.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Failure;
use super::input::text_of;
use super::run::RunFile;
use crate::study::RUN_FORMAT;

/// True for what `run --out` has written, by its name: a directory, or a .json file.
pub(super) fn is_stored(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|extension| extension == "json")
}

/// Refuses a file that is neither a scenario nor what `run --out` has written; `option` names it.
///
/// Only its beginning is looked at: what is wrong with a scenario is told by reading it.
pub(super) fn scenario_or_stored(option: &str, path: &Path) -> Result<(), Failure> {
    // A pipe can be read only once.
    if !path.is_file() || is_stored(path) {
        return Ok(());
    }
    let Ok(text) = text_of(path, "a scenario") else { return Ok(()) };
    let mut begin = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
    let begin = begin.find(|line| !line.is_empty() && !line.starts_with("//")).unwrap_or("");
    let behind_name = begin.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').trim_start();
    // A comment, an attribute, or a name and its bracket.
    if begin.is_empty()
        || begin.starts_with("/*")
        || begin.starts_with('#')
        || behind_name.is_empty()
        || behind_name.starts_with('(')
    {
        return Ok(());
    }
    let name = path.display();
    Err(Failure::Message(if begin.starts_with('{') {
        format!(
            "cannot use {option} {name}: results of a run are read from a directory or a file whose name ends in .json"
        )
    } else {
        format!(
            "cannot use {option} {name}: it is no scenario, which begins with `Scenario(`, and results of a run are \
             a directory or a file whose name ends in .json"
        )
    }))
}

/// Reads the run.json of a run directory, or the file itself.
pub(super) fn stored(path: &Path) -> Result<RunFile, Failure> {
    let fail = |reason: String| Failure::Message(format!("cannot read {}: {reason}", path.display()));
    let file: PathBuf = if path.is_dir() { path.join("run.json") } else { path.to_owned() };
    if path.is_dir() && file.symlink_metadata().is_err() {
        return Err(fail(
            "it is a directory without a run.json, which `blackstart run --out` writes".to_owned(),
        ));
    }
    let path = file;
    let fail = |reason: String| Failure::Message(format!("cannot read {}: {reason}", path.display()));
    let bytes = std::fs::read(&path).map_err(|error| {
        fail(match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            kind => kind.to_string(),
        })
    })?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| fail(error.to_string()))?;
    let run = value.get("run");
    let Some(format) = run.and_then(|run| run.get("format")).and_then(Value::as_u64) else {
        return Err(fail("it is no run.json, which `blackstart run --out` writes".to_owned()));
    };
    if format != u64::from(RUN_FORMAT) {
        let by =
            run.and_then(|run| run.get("blackstart")).and_then(Value::as_str).unwrap_or("of unknown version");
        return Err(Failure::Message(format!(
            "cannot use {}: blackstart {by} wrote it in form {format}, and blackstart {} reads form {RUN_FORMAT}\n  \
             play it again with this version, `blackstart run SCENARIO --out DIR`, or use the version that wrote it",
            path.display(),
            env!("CARGO_PKG_VERSION"),
        )));
    }
    serde_json::from_value(value).map_err(|error| fail(error.to_string()))
}
