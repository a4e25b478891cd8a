//! `blackstart import`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::input::text_of;
use super::output::{must_not_exist, note, print, write_new_file};
use super::{Failure, Outcome};
use crate::import::{CableFile, CableMapFiles, Imported, SourceText, cable_map, topology_zoo};
use crate::scenario::diagnostics::suggest;
use crate::units::show_counted;

/// All files of a map together, bytes.
const LARGEST_MAP: u64 = 256 << 20;

/// What stands in each of its files.
const MAP_FILE: &str = "a JSON file of the cable map";

/// Warnings that are printed.
const SHOWN_WARNINGS: usize = 20;

/// Files beside those of the cables that hold no cable.
const NO_CABLES: [&str; 3] = ["all", "cable-geo", "search"];

/// Arguments of `import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    from: From,
}

/// What can be imported.
#[derive(Debug, Subcommand)]
enum From {
    /// Submarine cables from the files of the TeleGeography map (CC BY-NC-SA 3.0)
    CableMap(CableMapArgs),
    /// A network of the Internet Topology Zoo, GraphML (CC BY 4.0)
    TopologyZoo(TopologyZooArgs),
}

/// Arguments of `import cable-map`.
#[derive(Debug, Args)]
struct CableMapArgs {
    /// Directory with cable-geo.json and the other files, as in the repository of the map (public/api/v2)
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Import this cable, by the name of its file without ".json"; several times for several [default: all]
    #[arg(long = "cable", value_name = "SLUG")]
    cables: Vec<String>,
    /// Write to this file, which must not exist [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Arguments of `import topology-zoo`.
#[derive(Debug, Args)]
struct TopologyZooArgs {
    /// GraphML file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write to this file, which must not exist [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn import(args: &ImportArgs) -> Result<Outcome, Failure> {
    let out = match &args.from {
        From::CableMap(args) => args.out.as_deref(),
        From::TopologyZoo(args) => args.out.as_deref(),
    };
    out.map_or(Ok(()), must_not_exist)?;
    let imported = match &args.from {
        From::CableMap(args) => cable_map(&map_files(&args.directory, &args.cables)?),
        From::TopologyZoo(args) => topology_zoo(&read(&args.file, "a GraphML file")?),
    };
    let imported = imported.map_err(Failure::of)?;
    match out {
        Some(path) => write_new_file(path, imported.fragment.as_bytes())?,
        None => print(imported.fragment.as_bytes())?,
    }
    say_about(&imported);
    Ok(Outcome::Done)
}

/// Says where the data is from, and what was left out.
fn say_about(imported: &Imported) {
    note(imported.licence);
    for warning in imported.warnings.iter().take(SHOWN_WARNINGS) {
        note(&format!("warning: {warning}"));
    }
    if let Some(more @ 1..) = imported.warnings.len().checked_sub(SHOWN_WARNINGS) {
        note(&format!("{} more not shown", show_counted(more as u64, "warning")));
    }
}

/// The files of the map that the wanted cables need.
fn map_files(directory: &Path, wanted: &[String]) -> Result<CableMapFiles, Failure> {
    let cables = directory.join("cable");
    let beside = directory.join("cable-geo.json");
    let lines = read(&if beside.exists() { beside } else { cables.join("cable-geo.json") }, MAP_FILE)?;
    let places = directory.join("landing-point").join("landing-point-geo.json");
    let places = places.exists().then(|| read(&places, MAP_FILE)).transpose()?;
    let known = cable_names(&cables)?;
    let wanted = if wanted.is_empty() { &known } else { wanted };
    let (mut files, mut bytes) = (Vec::new(), 0);
    for slug in wanted {
        if !known.contains(slug) {
            return Err(unknown_cable(slug, &known, &cables));
        }
        let source = read(&cables.join(format!("{slug}.json")), MAP_FILE)?;
        bytes += source.text.len() as u64;
        if bytes > LARGEST_MAP {
            let message = format!("cannot read {}: more than {} MB", cables.display(), LARGEST_MAP >> 20);
            return Err(Failure::Message(message));
        }
        // The same cable asked for twice is one.
        if files.iter().all(|file: &CableFile| file.slug != *slug) {
            files.push(CableFile { slug: slug.clone(), source });
        }
    }
    Ok(CableMapFiles { lines, places, cables: files })
}

/// The cables that have a file, in alphabetical order.
fn cable_names(directory: &Path) -> Result<Vec<String>, Failure> {
    let fail = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => cannot_read(directory, "there is no such directory"),
        _ => cannot_read(directory, &error.to_string()),
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(fail)? {
        let name = entry.map_err(fail)?.file_name();
        let slug = name.to_str().and_then(|name| name.strip_suffix(".json"));
        names.extend(slug.filter(|slug| !NO_CABLES.contains(slug)).map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}

fn unknown_cable(slug: &str, known: &[String], directory: &Path) -> Failure {
    let mut text = format!("there is no cable `{slug}` in {}", directory.display());
    if let Some(meant) = suggest(slug, known.iter().map(String::as_str)) {
        text += &format!("; did you mean `{meant}`?");
    }
    Failure::Message(text)
}

fn read(path: &Path, expected: &str) -> Result<SourceText, Failure> {
    let text = text_of(path, expected).map_err(|reason| cannot_read(path, &reason))?;
    // A mark of the byte order may stand in front of either format.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(SourceText { name: path.display().to_string(), text })
}

fn cannot_read(path: &Path, reason: &str) -> Failure {
    Failure::Message(format!("cannot read {}: {reason}", path.display()))
}
