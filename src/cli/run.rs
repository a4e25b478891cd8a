//! `blackstart run`.

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::input::{PlayArgs, ScenarioArg, USUAL_REPLICATIONS, design};
use super::output::{can_be_created, must_not_exist, note, print, print_report, say, write_directory};
use super::progress::run_with_bar_until;
use super::screen::page;
use super::until::UntilArgs;
use super::{Failure, Outcome};
use crate::model::{Model, Occurs};
use crate::plot::Theme;
use crate::report::{
    TEXT_CURVE_POINTS, journeys_csv, precision_text, replications_csv, summary_markdown, summary_text,
};
use crate::scenario::{Loaded, resolved_tree};
use crate::study::{CURVE_POINTS, RunOptions, RunOutput, StoppedBy, Summary, summarize};

/// Arguments of `run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    #[command(flatten)]
    play: PlayArgs,
    #[command(flatten)]
    until: UntilArgs,
    /// Write run.json, scenario.resolved.ron and replications.csv to this new directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Draw all pictures, as SVG and PNG, into this new directory
    #[arg(long, value_name = "DIR")]
    plots: Option<PathBuf>,
    /// Form of what is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading
    Text,
    /// For a pull request or another document
    Markdown,
    /// All estimates
    Json,
    /// A line per journey and population
    Csv,
}

/// What run.json holds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RunFile {
    /// Estimates: the same bits for the same scenario, seed and version.
    pub(super) run: Summary,
    /// The files that the scenario was read from, as they were named, in the order in which they were applied.
    #[serde(default)]
    pub(super) files: Vec<String>,
    /// The architecture of the scenario that was played; nothing for its baseline.
    #[serde(default)]
    pub(super) architecture: Option<String>,
    /// What depends on the machine, and is outside that promise.
    pub(super) host: Host,
}

/// The machine's part.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Host {
    /// Operating system.
    os: String,
    /// Processor architecture.
    arch: String,
    /// Threads asked for; 0: all.
    threads: u64,
    /// Wall-clock seconds of the simulation.
    elapsed_s: f64,
}

pub(super) fn run(args: &RunArgs) -> Result<Outcome, Failure> {
    for out in [&args.out, &args.plots].into_iter().flatten() {
        must_not_exist(out)?;
    }
    if args.out.is_some() && args.out == args.plots {
        return Err(Failure::Message("--out and --plots name the same directory".to_owned()));
    }
    let loaded = design(&args.scenario, &args.play.edits)?;
    let until = args.until.of(&loaded.model)?;
    for out in [&args.out, &args.plots].into_iter().flatten() {
        can_be_created(out)?;
    }
    let begun = Instant::now();
    let keep_curves = args.out.is_some() || args.plots.is_some() || args.format == Format::Json;
    let replications = args.until.most_replications(args.play.replications, USUAL_REPLICATIONS);
    let mut options = RunOptions { replications, ..options(&args.play, keep_curves) };
    let tells_when = matches!(args.format, Format::Text | Format::Markdown) && has_dates(&loaded.model);
    if tells_when && options.curve_points == 0 {
        options.curve_points = TEXT_CURVE_POINTS;
    }
    let output = run_with_bar_until(&loaded.model, options, &until)?;
    let summary = summarize(&loaded.model, &output);
    if let Some(out) = &args.out {
        let host = Host {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            threads: args.play.threads,
            elapsed_s: begun.elapsed().as_secs_f64(),
        };
        write_directory(
            out,
            &files(&loaded, args.scenario.architecture.clone(), summary.clone(), &output, host)?,
        )?;
    }
    if let Some(plots) = &args.plots {
        let files = super::plot::files(&summary, Theme::Light)?;
        if files.is_empty() {
            note("the scenario describes no users, so there is nothing to draw");
        } else {
            write_directory(plots, &files)?;
        }
    }
    match args.format {
        Format::Text => print_report(&summary_text(&summary, page()))?,
        Format::Markdown => print(summary_markdown(&summary).as_bytes())?,
        Format::Json => print(&json(&summary)?)?,
        Format::Csv => {
            print(&journeys_csv(&summary).map_err(Failure::of)?)?;
        }
    }
    Ok(outcome(&summary))
}

/// Whether the run is what was asked for; where it is not precise enough, that is said on standard error.
fn outcome(summary: &Summary) -> Outcome {
    if summary.stopped_by == StoppedBy::Interrupted {
        return Outcome::Interrupted;
    }
    let missed: Vec<String> =
        summary.precision.iter().filter(|goal| !goal.reached).map(precision_text).collect();
    if missed.is_empty() {
        return Outcome::Done;
    }
    say(&format!("not converged when stopped by {}: {}", summary.stopped_by, missed.join("; ")));
    Outcome::NotConverged
}

/// How a study plays what the command line asked for.
pub(super) fn options(play: &PlayArgs, keep_curves: bool) -> RunOptions {
    RunOptions {
        replications: play.replications.unwrap_or(USUAL_REPLICATIONS),
        seed: play.seed,
        threads: play.threads as usize,
        curve_points: if keep_curves { CURVE_POINTS } else { 0 },
    }
}

/// True if the scenario says when something happens, so that reports tell when users are hit.
fn has_dates(model: &Model) -> bool {
    model.hazards.iter().any(|hazard| matches!(hazard.occurs, Occurs::At(_) | Occurs::Between(..)))
}

/// Pretty JSON with a final line break.
pub(super) fn json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(Failure::of)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn files(
    loaded: &Loaded,
    architecture: Option<String>,
    run: Summary,
    output: &RunOutput,
    host: Host,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let rows = replications_csv(&run, output).map_err(Failure::of)?;
    let resolved = resolved_tree(loaded);
    let file = RunFile { run, files: loaded.files.clone(), architecture, host };
    Ok(vec![
        ("run.json".to_owned(), json(&file)?),
        ("scenario.resolved.ron".to_owned(), resolved.into_bytes()),
        ("replications.csv".to_owned(), rows),
    ])
}
