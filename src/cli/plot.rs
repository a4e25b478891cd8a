//! `blackstart plot`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::input::{PlayArgs, scenario};
use super::output::{can_be_created, must_not_exist, print, say, write_directory};
use super::progress::run_with_bar;
use super::run::options;
use super::stored::stored;
use super::{Failure, Outcome, interrupt};
use crate::plot::{Picture, Theme, pictures, png};
use crate::study::{Summary, summarize};

/// Pixels per unit of the drawing in PNG files.
const PNG_SCALE: f32 = 2.0;

/// Arguments of `plot`.
#[derive(Debug, Args)]
pub(super) struct PlotArgs {
    /// Scenario file, or a directory that `run --out` has written
    #[arg(value_name = "SCENARIO|RUN")]
    input: PathBuf,
    #[command(flatten)]
    play: PlayArgs,
    /// New directory for the pictures
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Colours
    #[arg(long, value_enum, default_value_t = ThemeArg::Light)]
    theme: ThemeArg,
}

/// Colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ThemeArg {
    /// For paper and light screens
    Light,
    /// For dark screens
    Dark,
}

pub(super) fn plot(args: &PlotArgs) -> Result<Outcome, Failure> {
    must_not_exist(&args.out)?;
    let summary = if args.input.is_dir() { saved(args)? } else { simulated(args)? };
    let theme = match args.theme {
        ThemeArg::Light => Theme::Light,
        ThemeArg::Dark => Theme::Dark,
    };
    let drawn = pictures(&summary, theme).map_err(|e| Failure::Message(e.to_string()))?;
    if drawn.is_empty() {
        return Err(Failure::Message(
            "the scenario describes no users, so there is nothing to draw".to_owned(),
        ));
    }
    let files = drawn.iter().map(both_forms).collect::<Result<Vec<_>, _>>()?.concat();
    // Pictures of a part of the replications would look like those of all.
    if interrupt::seen() {
        say("nothing was drawn");
        return Ok(Outcome::Interrupted);
    }
    write_directory(&args.out, &files)?;
    let list = files
        .iter()
        .fold(String::new(), |all, (name, _)| all + &args.out.join(name).display().to_string() + "\n");
    print(list.as_bytes())?;
    Ok(Outcome::Done)
}

/// The results of an earlier run.
fn saved(args: &PlotArgs) -> Result<Summary, Failure> {
    if !args.play.edits.is_empty() {
        return Err(Failure::Message("--set changes a scenario; a run directory holds results".to_owned()));
    }
    Ok(stored(&args.input)?.run)
}

fn simulated(args: &PlotArgs) -> Result<Summary, Failure> {
    let loaded = scenario(Path::new(&args.input), &args.play.edits)?;
    can_be_created(&args.out)?;
    let output = run_with_bar(&loaded.model, options(&args.play, true))?;
    Ok(summarize(&loaded.model, &output))
}

fn both_forms(picture: &Picture) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let png = png(&picture.svg, PNG_SCALE).map_err(|e| Failure::Message(e.to_string()))?;
    Ok(vec![
        (format!("{}.svg", picture.name), picture.svg.clone().into_bytes()),
        (format!("{}.png", picture.name), png),
    ])
}
