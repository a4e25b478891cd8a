//! `blackstart map`, and the map of a replication that `trace --map` draws.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;

use super::input::{ScenarioArg, design};
use super::output::{must_not_exist, print, write_new_file};
use super::plot::{ThemeArg, drawn_as};
use super::{Failure, Outcome};
use crate::model::Model;
use crate::plot::Map;
use crate::scenario::Loaded;
use crate::study::Trace;
use crate::units::span_micros;

/// Arguments of `map`.
#[derive(Debug, Args)]
pub(super) struct MapArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    /// Change the scenario before it is read: a path and a value
    #[arg(long = "set", value_name = "PATH=VALUE")]
    edits: Vec<String>,
    /// New file: .svg or .png
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Colours
    #[arg(long, value_enum, default_value_t = ThemeArg::Light)]
    theme: ThemeArg,
}

pub(super) fn map(args: &MapArgs) -> Result<Outcome, Failure> {
    must_not_exist(&args.out)?;
    let form = drawn_as(&args.out, &["svg", "png"])?;
    let loaded = design(&args.scenario, &args.edits)?;
    let svg = map_of(&loaded, None)?.svg(0.0, args.theme.into());
    let svg = svg.map_err(Failure::of)?;
    write_new_file(&args.out, &form.bytes(svg)?)?;
    print(format!("{}\n", args.out.display()).as_bytes())?;
    Ok(Outcome::Done)
}

/// The map of a scenario, with the states of a replication if there is one.
pub(super) fn map_of(loaded: &Loaded, trace: Option<&Trace>) -> Result<Map, Failure> {
    Map::of(&loaded.model, &loaded.chart, trace).ok_or_else(|| {
        Failure::Message(
            "the scenario does not say where anything is, so there is no map\n  \
             give regions, users or sites an `at: (latitude, longitude)`"
                .to_owned(),
        )
    })
}

/// The map of a replication at `time`, or when users suffer most, written to a new file.
pub(super) fn write_map(path: &Path, map: &Map, at: Option<f64>, theme: ThemeArg) -> Result<(), Failure> {
    let form = drawn_as(path, &["svg", "png"])?;
    let svg = map.svg(at.unwrap_or(map.worst()), theme.into());
    let svg = svg.map_err(Failure::of)?;
    write_new_file(path, &form.bytes(svg)?)
}

/// Seconds from the start of an instant: "2026-03-01T12:30:00Z", or a time since the start such as "12h30m".
pub(super) fn instant(model: &Model, text: &str) -> Result<f64, Failure> {
    let horizon = model.horizon.micros() as f64 / 1e6;
    let calendar = text.parse::<Timestamp>().map(|time| time.as_microsecond() - model.start_unix_micros);
    let seconds = match calendar {
        Ok(micros) => micros as f64 / 1e6,
        Err(_) => span_micros(text.trim_start_matches('+')).map(|micros| micros / 1e6).map_err(|error| {
            Failure::Message(format!(
                "cannot read the time `{text}`: {error}\n  \
                 give an instant, 2026-03-01T12:30:00Z, or a time since the start, 12h30m"
            ))
        })?,
    };
    if (0.0..=horizon).contains(&seconds) {
        return Ok(seconds);
    }
    let at = |micros: i64| Timestamp::from_microsecond(micros).map(|t| t.to_string()).unwrap_or_default();
    let (from, to) =
        (at(model.start_unix_micros), at(model.start_unix_micros.saturating_add(model.horizon.micros())));
    Err(Failure::Message(format!("{text} is outside the simulated time, {from} to {to}")))
}
