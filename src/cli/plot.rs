//! `blackstart plot`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::input::{PlayArgs, ScenarioArg, design};
use super::output::{can_be_created, must_not_exist, note, print_report, write_directory};
use super::progress::run_with_bar;
use super::run::options;
use super::stored::stored;
use super::{Failure, Outcome, interrupt};
use crate::plot::{Picture, Png, Theme, pictures, png};
use crate::study::{Summary, summarize};

/// Pixels per unit of the drawing in PNG files.
const PNG_SCALE: f32 = 2.0;
/// Characters without a font that a note names.
const MOST_MISSING: usize = 8;

/// Arguments of `plot`.
#[derive(Debug, Args)]
pub(super) struct PlotArgs {
    /// Scenario file, or a directory that `run --out` has written
    #[arg(value_name = "SCENARIO|RUN")]
    input: PathBuf,
    /// Take this architecture of the scenario instead of its baseline
    #[arg(long, value_name = "NAME")]
    architecture: Option<String>,
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
pub(super) enum ThemeArg {
    /// For paper and light screens
    Light,
    /// For dark screens
    Dark,
}

pub(super) fn plot(args: &PlotArgs) -> Result<Outcome, Failure> {
    must_not_exist(&args.out)?;
    let summary = if args.input.is_dir() { saved(args)? } else { simulated(args)? };
    let files = files(&summary, args.theme.into())?;
    if files.is_empty() {
        return Err(Failure::Message(
            "the scenario describes no users, so there is nothing to draw".to_owned(),
        ));
    }
    // Pictures of a part of the replications would look like those of all.
    if interrupt::seen() {
        note("nothing was drawn");
        return Ok(Outcome::Interrupted);
    }
    write_directory(&args.out, &files)?;
    let list = files
        .iter()
        .fold(String::new(), |all, (name, _)| all + &args.out.join(name).display().to_string() + "\n");
    print_report(&list)?;
    Ok(Outcome::Done)
}

/// All pictures of a summary as files, each as SVG and as PNG; none if nothing is described to draw.
pub(super) fn files(summary: &Summary, theme: Theme) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let drawn = pictures(summary, theme).map_err(Failure::of)?;
    // PNG takes most of the time.
    let pngs: Vec<Png> =
        drawn.par_iter().map(|p| png(&p.svg, PNG_SCALE).map_err(Failure::of)).collect::<Result<_, _>>()?;
    note_missing(&pngs.iter().flat_map(|png| png.missing.iter().copied()).collect());
    Ok(drawn.into_iter().zip(pngs).flat_map(both_forms).collect())
}

/// Says which characters no font has, so that nobody wonders about the boxes.
fn note_missing(missing: &BTreeSet<char>) {
    let shown: Vec<String> =
        missing.iter().take(MOST_MISSING).map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect();
    let more = match missing.len().saturating_sub(MOST_MISSING) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if !missing.is_empty() {
        note(&format!(
            "note: no font of this machine has {}{more}: PNG files show boxes there, SVG files what the viewer's fonts have",
            shown.join(", ")
        ));
    }
}

impl From<ThemeArg> for Theme {
    fn from(theme: ThemeArg) -> Self {
        match theme {
            ThemeArg::Light => Self::Light,
            ThemeArg::Dark => Self::Dark,
        }
    }
}

/// Form of a single picture's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawn {
    /// Text.
    Svg,
    /// Pixels.
    Png,
}

/// The form that a file name asks for.
pub(super) fn drawn_as(path: &Path, known: &[&str]) -> Result<Drawn, Failure> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("svg") => Ok(Drawn::Svg),
        Some("png") => Ok(Drawn::Png),
        _ => Err(Failure::Message(format!(
            "cannot tell the form of {}: give it one of the endings .{}",
            path.display(),
            known.join(", .")
        ))),
    }
}

/// A picture that can be written to `path`: the form that its name asks for.
pub(super) fn new_picture(path: &Path) -> Result<(&Path, Drawn), Failure> {
    must_not_exist(path)?;
    let form = drawn_as(path, &["svg", "png"])?;
    can_be_created(path)?;
    Ok((path, form))
}

impl Drawn {
    /// An SVG document in this form.
    pub(super) fn bytes(self, svg: String) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Svg => Ok(svg.into_bytes()),
            Self::Png => {
                let png = png(&svg, PNG_SCALE).map_err(Failure::of)?;
                note_missing(&png.missing);
                Ok(png.bytes)
            }
        }
    }
}

/// The results of an earlier run.
fn saved(args: &PlotArgs) -> Result<Summary, Failure> {
    if !args.play.edits.is_empty() {
        return Err(Failure::Message("--set changes a scenario; a run directory holds results".to_owned()));
    }
    if args.architecture.is_some() {
        return Err(Failure::Message(
            "--architecture takes one of a scenario; a run directory holds the results of what was played"
                .to_owned(),
        ));
    }
    Ok(stored(&args.input)?.run)
}

fn simulated(args: &PlotArgs) -> Result<Summary, Failure> {
    let arg = ScenarioArg { scenario: args.input.clone(), architecture: args.architecture.clone() };
    let loaded = design(&arg, &args.play.edits)?;
    can_be_created(&args.out)?;
    let output = run_with_bar(&loaded.model, options(&args.play, true))?;
    Ok(summarize(&loaded.model, &output))
}

fn both_forms((picture, png): (Picture, Png)) -> [(String, Vec<u8>); 2] {
    let Picture { name, svg, .. } = picture;
    [(format!("{name}.svg"), svg.into_bytes()), (format!("{name}.png"), png.bytes)]
}
