//! `blackstart trace`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::input::{ScenarioArg, design, unknown_figure};
use super::map::{instant, map_of, write_map};
use super::output::{must_not_exist, print, print_report, write_new_file};
use super::plot::{ThemeArg, drawn_as};
use super::progress::with_bar;
use super::screen::page;
use super::{Failure, Outcome};
use crate::model::Model;
use crate::plot::Swimlane;
use crate::report::{trace_json, trace_text};
use crate::study::{Rank, ReplicationFigure, RunOptions, trace, trace_picked};

/// Replications that are picked from, unless told: as many as `run` plays.
const REPLICATIONS: u64 = 10_000;

/// Arguments of `trace`.
#[derive(Debug, Args)]
pub(super) struct TraceArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    /// Number of the replication to tell, counted from 0
    #[arg(long, allow_negative_numbers = true, default_value_t = 0, conflicts_with_all = ["pick", "of", "replications"], value_parser = clap::value_parser!(u64).range(0..100_000_000))]
    replication: u64,
    /// Tell the replication of this rank among all that `run` would play
    #[arg(long, value_enum, requires = "of")]
    pick: Option<Pick>,
    /// ReplicationFigure that ranks: down, degraded, lost_requests or user_minutes_lost, alone (summed) or as
    /// down:JOURNEY:POPULATION
    #[arg(long, value_name = "FIGURE", requires = "pick")]
    of: Option<String>,
    /// Number of replications to pick from [default: 10000]
    #[arg(long, short = 'n', allow_negative_numbers = true, requires = "pick", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    replications: Option<u64>,
    /// Seed of all random draws
    #[arg(long, allow_negative_numbers = true, default_value_t = 1)]
    seed: u64,
    /// Change the scenario before it is read: a path and a value
    #[arg(long = "set", value_name = "PATH=VALUE")]
    edits: Vec<String>,
    /// Tell also what never reached users, and every component on a line of its own
    #[arg(long)]
    full: bool,
    /// Draw it to this new file, .svg or .png: who is out, degraded, waiting or restarting, and how users fare
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Draw a map of it to this new file, .svg or .png: where everything is, and how it fares at one instant
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Instant of the map, such as 2026-03-01T12:30:00Z, or time since the start, such as 12h30m [default: when most
    /// users' requests fail]
    #[arg(long, value_name = "TIME", requires = "map")]
    at: Option<String>,
    /// Colours of the pictures
    #[arg(long, value_enum, default_value_t = ThemeArg::Light)]
    theme: ThemeArg,
    /// Form of what is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Rank of a replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Pick {
    /// The largest value of the figure
    Worst,
    /// The value that half of the replications do not exceed
    Median,
    /// The value that 99 % of the replications do not exceed
    P99,
}

/// Form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// All that happened, for programs
    Json,
}

pub(super) fn trace_command(args: &TraceArgs) -> Result<Outcome, Failure> {
    let draw_as = match &args.plot {
        Some(path) => {
            must_not_exist(path)?;
            Some((path, drawn_as(path, &["svg", "png"])?))
        }
        None => None,
    };
    if let Some(path) = &args.map {
        must_not_exist(path)?;
        drawn_as(path, &["svg", "png"])?;
        if args.plot.as_ref() == Some(path) {
            return Err(Failure::Message("--plot and --map name the same file".to_owned()));
        }
    }
    let loaded = design(&args.scenario, &args.edits)?;
    let model = &loaded.model;
    let at = args.at.as_deref().map(|text| instant(model, text)).transpose()?;
    if args.map.is_some() {
        // Said before all replications have been played.
        map_of(&loaded, None)?;
    }
    let told = match (args.pick, &args.of) {
        (Some(pick), Some(name)) => {
            let options = RunOptions {
                replications: args.replications.unwrap_or(REPLICATIONS),
                seed: args.seed,
                threads: 0,
                curve_points: 0,
            };
            let (rank, figure) = (rank(pick), (name.as_str(), figure(model, name)?));
            with_bar(options.replications, |progress| trace_picked(model, options, rank, figure, progress))
        }
        _ => trace(model, args.seed, args.replication),
    };
    let told = told.map_err(Failure::of)?;
    if let Some((path, form)) = draw_as {
        let svg = Swimlane::of(model, &told).svg(args.theme.into());
        let svg = svg.map_err(Failure::of)?;
        write_new_file(path, &form.bytes(svg)?)?;
    }
    if let Some(path) = &args.map {
        write_map(path, &map_of(&loaded, Some(&told))?, at, args.theme)?;
    }
    match args.format {
        Format::Text => print_report(&trace_text(model, &told, args.full, page()))?,
        Format::Json => {
            print(&trace_json(model, &told).map_err(Failure::of)?)?;
        }
    }
    Ok(Outcome::Done)
}

const fn rank(pick: Pick) -> Rank {
    match pick {
        Pick::Worst => Rank::Worst,
        Pick::Median => Rank::Median,
        Pick::P99 => Rank::P99,
    }
}

/// The figure of that name.
fn figure(model: &Model, name: &str) -> Result<ReplicationFigure, Failure> {
    let (names, figures): (Vec<String>, Vec<_>) = ReplicationFigure::all(model).into_iter().unzip();
    let place = names.iter().position(|known| known == name);
    place.map(|place| figures[place]).ok_or_else(|| unknown_figure(name, &names))
}
