//! `blackstart compare`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::input::{PlayArgs, scenario};
use super::output::print;
use super::progress::run_pair_with_bar;
use super::run::{json, options};
use super::{Failure, Outcome};
use crate::report::comparison_text;
use crate::study::{StoppedBy, compare as compare_runs};

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Baseline scenario
    first: PathBuf,
    /// Scenario to compare with it
    second: PathBuf,
    #[command(flatten)]
    play: PlayArgs,
    /// Change only the second scenario, so that a file can be compared with a variant of itself
    #[arg(long = "set-second", value_name = "PATH=VALUE")]
    second_edits: Vec<String>,
    /// Form of what is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// All estimates
    Json,
}

pub(super) fn compare(args: &CompareArgs) -> Result<Outcome, Failure> {
    // Both are read before either is played, so that the mistakes of both are seen.
    let second_edits = [args.play.edits.clone(), args.second_edits.clone()].concat();
    let (first, second) = (scenario(&args.first, &args.play.edits), scenario(&args.second, &second_edits));
    let (first, second) = (first?, second?);
    let options = options(&args.play, false);
    let outputs = run_pair_with_bar((&first.model, &second.model), options)?;
    let comparison = compare_runs((&first.model, &outputs.0), (&second.model, &outputs.1));
    match args.format {
        Format::Json => print(&json(&comparison)?)?,
        Format::Text => {
            let edited =
                |name: String| args.second_edits.iter().fold(name, |name, edit| name + " with " + edit);
            let names = (args.first.display().to_string(), edited(args.second.display().to_string()));
            print(comparison_text(&comparison, &names.0, &names.1).as_bytes())?;
        }
    }
    Ok(match comparison.stopped_by {
        StoppedBy::Interrupted => Outcome::Interrupted,
        _ => Outcome::Done,
    })
}
