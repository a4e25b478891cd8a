//! Scenario files from disk, with their edits.

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::output::{note, say};
use super::screen::error_page;
use crate::report::render_diagnostics_within;
use crate::scenario::diagnostics::suggest;
use crate::scenario::{Diagnostic, Diagnostics, Loaded, SourceFile, Sources, load_extending};
use crate::units::show_counted;

/// The largest file that is read, bytes.
const LARGEST_FILE: u64 = 64 << 20;

/// Names that an error message lists.
const LISTED: usize = 20;

/// Replications that are played if nobody says how many.
pub(super) const USUAL_REPLICATIONS: u64 = 10_000;

/// How often and how to play.
#[derive(Debug, Clone, Args)]
pub(super) struct PlayArgs {
    /// Number of replications [default: 10000]
    #[arg(long, short = 'n', allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(super) replications: Option<u64>,
    /// Seed of all random draws
    #[arg(long, allow_negative_numbers = true, default_value_t = 1)]
    pub(super) seed: u64,
    /// Threads; 0 takes as many as the machine has. Results do not depend on it
    #[arg(long, allow_negative_numbers = true, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=1024))]
    pub(super) threads: u64,
    /// Change the scenario before it is read: a path and a value, such as users.gulf.count=5000000
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) edits: Vec<String>,
}

/// A scenario that was read, and what was found in it.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) sources: Sources,
    pub(super) found: Diagnostics,
    /// `None` if something is wrong with it.
    pub(super) loaded: Option<Loaded>,
}

/// Reads a scenario and keeps what is found in it.
pub(super) fn reading(path: &Path, edits: &[String]) -> Result<Reading, Failure> {
    let file = read(path)?;
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load_extending(&file, &extended, edits, &mut sources, &mut found);
    Ok(Reading { sources, found, loaded })
}

/// Reads a scenario that is to be played: mistakes are printed to standard error, warnings are only counted.
pub(super) fn scenario(path: &Path, edits: &[String]) -> Result<Loaded, Failure> {
    let Reading { sources, found, loaded } = reading(path, edits)?;
    let findings = found.into_vec();
    let Some(loaded) = loaded else {
        say_findings(&sources, &findings);
        return Err(Failure::Reported);
    };
    if !findings.is_empty() {
        let count = show_counted(findings.len() as u64, "warning");
        let edited = if edits.is_empty() { "" } else { " with the same --set" };
        let shows = if findings.len() == 1 { "shows it" } else { "shows them" };
        note(&format!("{count}; blackstart check {}{edited} {shows}", path.display()));
    }
    Ok(loaded)
}

/// Reads a scenario, or one of its architectures, that is to be played.
pub(super) fn design(arg: &ScenarioArg, edits: &[String]) -> Result<Loaded, Failure> {
    let loaded = scenario(&arg.scenario, edits)?;
    arg.of(loaded)
}

/// The architecture of that name.
pub(super) fn architecture(loaded: &Loaded, name: &str) -> Result<Loaded, Failure> {
    let known: Vec<String> = loaded.architectures.iter().map(|a| a.name.clone()).collect();
    loaded.architecture(name).ok_or_else(|| unknown_architecture(name, &known))
}

fn unknown_architecture(name: &str, known: &[String]) -> Failure {
    let mut text = format!("there is no architecture `{name}`");
    if let Some(meant) = suggest(name, known.iter().map(String::as_str)) {
        text += &format!("; did you mean `{meant}`?");
    }
    text += if known.is_empty() {
        "\n  the scenario describes none in `architectures`"
    } else {
        "\n  architectures:"
    };
    text += &listed(known);
    Failure::Message(text)
}

/// Prints findings to standard error.
pub(super) fn say_findings(sources: &Sources, findings: &[Diagnostic]) {
    if !findings.is_empty() {
        let (width, colour) = error_page();
        say(&render_diagnostics_within(sources, findings, colour, width));
    }
}

/// The message about a figure that does not exist among those of the scenario.
pub(super) fn unknown_figure(name: &str, known: &[String]) -> Failure {
    let mut text = format!("there is no figure `{name}`");
    if let Some(meant) = suggest(name, known.iter().map(String::as_str)) {
        text += &format!("; did you mean `{meant}`?");
    }
    text += if known.is_empty() {
        "\n  the scenario describes no users, so there are none"
    } else {
        "\n  figures:"
    };
    text += &listed(known);
    Failure::Message(text)
}

/// The first names of a list, and how many more there are.
fn listed(known: &[String]) -> String {
    let mut text = String::new();
    for name in known.iter().take(LISTED) {
        text += &format!(" `{name}`");
    }
    if let Some(more @ 1..) = known.len().checked_sub(LISTED) {
        text += &format!(" and {more} more");
    }
    text
}

/// The file that `file` names in its `extends`.
fn extended(file: &SourceFile, name: &str) -> Result<SourceFile, String> {
    read(&file.path.with_file_name(name))
}

/// Reads a scenario file; the error says which file it is and what is wrong with it.
fn read(path: &Path) -> Result<SourceFile, String> {
    let text = text_of(path, "a scenario file")
        .map_err(|reason| format!("cannot read {}: {reason}", path.display()))?;
    // A file that is there has a path without links; if not, it is at least not taken for another one.
    let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    Ok(SourceFile { path: path.to_owned(), identity, text })
}

/// The text of a file, or why there is none; `expected` says what stands in it.
pub(super) fn text_of(path: &Path, expected: &str) -> Result<String, String> {
    if path.is_dir() {
        return Err(format!("it is a directory, expected {expected}"));
    }
    let file = std::fs::File::open(path).map_err(|e| match e.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => e.to_string(),
    })?;
    // Not by the size that the file system tells: devices and pipes have none.
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(format!("it is larger than {} MB", LARGEST_FILE >> 20));
    }
    String::from_utf8(bytes)
        .map_err(|e| format!("it is not UTF-8 text at byte {}", e.utf8_error().valid_up_to()))
}

/// A scenario file's path, and which of its systems is meant.
#[derive(Debug, Clone, Args)]
pub(super) struct ScenarioArg {
    /// Scenario file (RON)
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: PathBuf,
    /// Take this architecture of the scenario instead of its baseline
    #[arg(long, value_name = "NAME")]
    pub(super) architecture: Option<String>,
}

impl ScenarioArg {
    /// The system that is meant.
    pub(super) fn of(&self, loaded: Loaded) -> Result<Loaded, Failure> {
        match &self.architecture {
            Some(name) => architecture(&loaded, name),
            None => Ok(loaded),
        }
    }
}
