//! `blackstart report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::input::{PlayArgs, ScenarioArg, design, scenario, unknown_figure};
use super::output::{must_be_html, must_not_exist, print, say, write_new_file};
use super::progress::run_with_bar;
use super::run::options;
use super::shell::{command_line, file_name, repeated};
use super::stored::stored;
use super::{Failure, Outcome, interrupt};
use crate::model::Model;
use crate::page::Page;
use crate::scenario::Loaded;
use crate::study::{
    JourneySummary, Rank, ReplicationFigure, RunOptions, RunOutput, Summary, Trace, pick, summarize, trace,
};

/// Arguments of `report`.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Scenario file, or a directory that `run --out` has written
    #[arg(value_name = "SCENARIO|RUN")]
    input: PathBuf,
    /// Take this architecture of the scenario instead of its baseline
    #[arg(long, value_name = "NAME")]
    architecture: Option<String>,
    #[command(flatten)]
    play: PlayArgs,
    /// New file, .html
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Rank of the replication that the report plays
    #[arg(long, value_enum, default_value_t = Pick::Worst)]
    pick: Pick,
    /// Figure that ranks: down, degraded, lost_requests or user_minutes_lost, alone (summed) or as
    /// down:JOURNEY:POPULATION
    #[arg(long, value_name = "FIGURE", default_value = "user_minutes_lost")]
    of: String,
}

/// Rank of a replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Pick {
    /// The largest value of the figure
    Worst,
    /// The value that half of the replications do not exceed
    Median,
    /// The value that 99 % of the replications do not exceed
    P99,
}

impl From<Pick> for Rank {
    fn from(pick: Pick) -> Self {
        match pick {
            Pick::Worst => Self::Worst,
            Pick::Median => Self::Median,
            Pick::P99 => Self::P99,
        }
    }
}

/// A run with its system.
struct Played {
    loaded: Loaded,
    summary: Summary,
    output: RunOutput,
    /// What a command line names to play it again.
    source: Vec<String>,
}

pub(super) fn report(args: &ReportArgs) -> Result<Outcome, Failure> {
    must_not_exist(&args.out)?;
    must_be_html(&args.out)?;
    let played = if args.input.is_dir() { saved(args)? } else { simulated(args)? };
    let Played { loaded, summary, output, source } = &played;
    // A report on a part of the replications would look like one on all.
    if interrupt::seen() {
        say("no report was written");
        return Ok(Outcome::Interrupted);
    }
    let told = told(args, &loaded.model, output)?;
    let commands = commands(args, source, summary, &told);
    let page = Page { summary, loaded, trace: &told, commands: &commands };
    let html = page.html().map_err(Failure::of)?;
    write_new_file(&args.out, html.as_bytes())?;
    print(format!("{}\n", args.out.display()).as_bytes())?;
    Ok(Outcome::Done)
}

fn simulated(args: &ReportArgs) -> Result<Played, Failure> {
    let which = ScenarioArg { scenario: args.input.clone(), architecture: args.architecture.clone() };
    let loaded = design(&which, &args.play.edits)?;
    check(args, &loaded.model)?;
    let output = run_with_bar(&loaded.model, options(&args.play, true))?;
    let mut source = vec![args.input.display().to_string()];
    source.extend(repeated("--set", &args.play.edits));
    source.extend(repeated("--architecture", args.architecture.as_slice()));
    Ok(Played { summary: summarize(&loaded.model, &output), loaded, output, source })
}

/// An earlier run: its figures as they are stored, its replications played again.
fn saved(args: &ReportArgs) -> Result<Played, Failure> {
    let asked = [
        (!args.play.edits.is_empty(), "--set"),
        (args.architecture.is_some(), "--architecture"),
        (args.play.replications.is_some(), "--replications"),
    ];
    if let Some((_, option)) = asked.into_iter().find(|(given, _)| *given) {
        return Err(Failure::Message(format!(
            "{option} changes what is played; a run directory holds results"
        )));
    }
    let file = stored(&args.input)?;
    let path = args.input.join("scenario.resolved.ron");
    let loaded = Loaded { files: file.files, ..scenario(&path, &[])? };
    check(args, &loaded.model)?;
    let again = RunOptions {
        replications: file.run.replications,
        seed: file.run.seed,
        threads: args.play.threads as usize,
        curve_points: 0,
    };
    let output = run_with_bar(&loaded.model, again)?;
    if !interrupt::seen() && !is_the_same(&file.run, &summarize(&loaded.model, &output)) {
        return Err(Failure::Message(format!(
            "{} does not give the results beside it: it was changed, or another version wrote them\n  \
             play it again, `blackstart run SCENARIO --out DIR`",
            path.display()
        )));
    }
    Ok(Played { summary: file.run, loaded, output, source: vec![path.display().to_string()] })
}

/// True if two runs found the same, bit by bit; success over time is kept by only one of them.
fn is_the_same(a: &Summary, b: &Summary) -> bool {
    let figures = |summary: &Summary| -> Vec<JourneySummary> {
        summary.journeys.iter().map(|j| JourneySummary { curve: None, ..j.clone() }).collect()
    };
    a.title == b.title && a.components == b.components && figures(a) == figures(b)
}

/// What can be said before anything is played.
fn check(args: &ReportArgs, model: &Model) -> Result<(), Failure> {
    if model.usages.is_empty() {
        return Err(Failure::Message(
            "the scenario describes no users, so there is nothing to report".to_owned(),
        ));
    }
    figure(model, &args.of).map(|_| ())
}

/// The figure of that name.
fn figure(model: &Model, name: &str) -> Result<ReplicationFigure, Failure> {
    let (names, figures): (Vec<String>, Vec<_>) = ReplicationFigure::all(model).into_iter().unzip();
    let place = names.iter().position(|known| known == name);
    place.and_then(|place| figures.get(place).copied()).ok_or_else(|| unknown_figure(name, &names))
}

/// The replication that the report plays.
fn told(args: &ReportArgs, model: &Model, output: &RunOutput) -> Result<Trace, Failure> {
    let picked = pick(output, args.pick.into(), (&args.of, figure(model, &args.of)?));
    let number = picked.as_ref().map_or(0, |(number, _)| *number);
    let told = trace(model, output.options.seed, number).map_err(Failure::of)?;
    Ok(Trace { picked: picked.map(|(_, picked)| picked), ..told })
}

/// Commands that give the figures, the replication and the report again.
fn commands(args: &ReportArgs, source: &[String], summary: &Summary, told: &Trace) -> Vec<(String, String)> {
    let line = |command: &str, rest: &[String]| command_line(command, source.iter().chain(rest));
    let seed = ["--seed".to_owned(), summary.seed.to_string()];
    let many = [["-n".to_owned(), summary.replications.to_string()], seed.clone()].concat();
    let rank = match args.pick {
        Pick::Worst => "worst",
        Pick::Median => "median",
        Pick::P99 => "p99",
    };
    let ranked = ["--pick", rank, "--of", &args.of].map(str::to_owned);
    let file = file_name(&args.out);
    let one = [["--replication".to_owned(), told.replication.to_string()], seed].concat();
    vec![
        ("The figures".to_owned(), line("run", &many)),
        ("The replication".to_owned(), line("trace", &one)),
        (
            "This report".to_owned(),
            line("report", &[many, ranked.to_vec(), vec!["--out".to_owned(), file]].concat()),
        ),
    ]
}
