//! Results of earlier runs, read back.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Failure;
use super::run::RunFile;
use crate::study::RUN_FORMAT;

/// True for what `run --out` has written, by its name: a directory, or a .json file.
pub(super) fn is_stored(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|extension| extension == "json")
}

/// Reads the run.json of a run directory, or the file itself.
pub(super) fn stored(path: &Path) -> Result<RunFile, Failure> {
    let path: PathBuf = if path.is_dir() { path.join("run.json") } else { path.to_owned() };
    let fail = |reason: String| Failure::Message(format!("cannot read {}: {reason}", path.display()));
    let bytes = std::fs::read(&path).map_err(|error| fail(error.to_string()))?;
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
