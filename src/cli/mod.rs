//! The command line: the only room that touches files, terminal and wall clock. One file per command.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this room speaks to the terminal")]

mod check;
mod compare;
mod explain;
mod gate;
mod graph;
mod import;
mod input;
mod interrupt;
mod map;
mod output;
mod plot;
mod progress;
mod rank;
mod report;
mod review;
mod run;
mod screen;
mod shell;
mod stored;
mod sweep;
mod trace;
mod until;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Estimates the user-facing downtime that failures of shared infrastructure cost an AI service.
#[derive(Debug, Parser)]
#[command(name = "blackstart", version, about, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    screen: screen::ScreenArgs,
}

/// What can be asked for: a new command is a file and a line here.
#[derive(Debug, Subcommand)]
enum Command {
    /// Simulate a scenario and report downtime with causes and intervals
    Run(run::RunArgs),
    /// Read a scenario and report every mistake, without simulating it
    Check(check::CheckArgs),
    /// Draw what a run found: availability, success over time, causes, blast radius and more (SVG and PNG)
    Plot(plot::PlotArgs),
    /// Write one HTML file for a review: words, figures, all pictures, one replication to play
    Report(report::ReportArgs),
    /// Draw what users depend on, with single points of failure and pairs (SVG, PNG or DOT)
    Graph(graph::GraphArgs),
    /// Draw where everything is: regions, zones, cables, corridors, users (SVG or PNG)
    Map(map::MapArgs),
    /// Compare a scenario with its architectures, or with other scenarios, on common random numbers
    Compare(compare::CompareArgs),
    /// Check objectives, and a change against a baseline, for a pipeline: the exit code is the answer
    Gate(gate::GateArgs),
    /// Play a scenario at many values of one or two figures, and find which meet an objective
    Sweep(sweep::SweepArgs),
    /// Find the choke points: what costs most, what would be saved without it, what one more failure of it would cost
    Rank(rank::RankArgs),
    /// Explain a measure, a field of the language or a law
    Explain(explain::ExplainArgs),
    /// Turn a cable map or a network drawing of others into a file that a scenario can extend
    Import(import::ImportArgs),
    /// Tell the story of one replication: what failed, what followed, why users were down
    Trace(trace::TraceArgs),
}

const EXIT_CODES: &str = "\
Exit codes:
  0    ok
  2    bad input: a mistake in a scenario, an argument or a file; nothing is written
  3    not converged: --precision was not reached; what was found is printed and written
  4    gate: an objective is missed, or a change is worse than the baseline; sweep --meets: no value does (of two
       parameters: for a value of the second, no value of the first does)
  5    gate, sweep --meets: undecided, more replications are needed; gate: a journey of the baseline is gone
  130  interrupted; what was found until then is printed and written, but nothing is drawn";

/// How a command ended that has given its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// As it was asked.
    Done,
    /// Less precise than was asked.
    NotConverged,
    /// What a gate checks is not as it should be.
    GateFailed,
    /// A gate cannot tell yet.
    Undecided,
    /// With what there was when the user interrupted it; a plot with nothing.
    Interrupted,
}

impl Outcome {
    /// Its exit code.
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NotConverged => 3,
            Self::GateFailed => 4,
            Self::Undecided => 5,
            Self::Interrupted => 130,
        }
    }
}

/// Why a command ended without its result; all of them exit with code 2.
#[derive(Debug)]
enum Failure {
    /// The findings have been printed.
    Reported,
    /// To be printed.
    Message(String),
}

impl Failure {
    /// What an error of another room says.
    fn of(error: impl std::fmt::Display) -> Self {
        Self::Message(error.to_string())
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

/// Runs the command of this process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let Cli { command, screen } = Cli::parse();
    screen::set(screen);
    let result = match command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::check(&args),
        Command::Plot(args) => plot::plot(&args),
        Command::Report(args) => report::report(&args),
        Command::Graph(args) => graph::graph(&args),
        Command::Map(args) => map::map(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Gate(args) => gate::gate(&args),
        Command::Sweep(args) => sweep::sweep(&args),
        Command::Rank(args) => rank::rank(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Import(args) => import::import(&args),
        Command::Trace(args) => trace::trace_command(&args),
    };
    match result {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(Failure::Reported) => ExitCode::from(2),
        Err(Failure::Message(message)) => {
            output::say(&format!("error: {message}"));
            ExitCode::from(2)
        }
    }
}
