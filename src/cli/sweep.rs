//! `blackstart sweep`.

use std::path::PathBuf;

use clap::Args;

use super::gate::wished;
use super::input::{PlayArgs, ScenarioArg, say_findings, to_play};
use super::output::{Format, can_be_created, must_not_exist, print, print_report, write_new_file};
use super::plot::{Drawn, ThemeArg, drawn_as};
use super::progress::watched;
use super::run::{json, options};
use super::screen::page;
use super::until::{Until, relative};
use super::{Failure, Outcome};
use crate::model::Model;
use crate::plot::sweep_picture;
use crate::report::{sweep_csv, sweep_markdown, sweep_text};
use crate::scenario::{Diagnostics, Loaded, Sources, Vary, parse_vary};
use crate::study::{
    CONFIDENCE, Decision, DesignSweeps, ObjectiveOf, Progress, RunOptions, StoppedBy, Sweep, SweepError,
    SweepParameter, SweepPlan, Wish, sweep as play_sweep, sweep_designs,
};
use crate::units::show_count;

/// Points that a sweep has at most.
const MOST_POINTS: u64 = 1_000;

/// Arguments of `sweep`.
#[derive(Debug, Args)]
pub(super) struct SweepArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    #[command(flatten)]
    play: PlayArgs,
    /// A path as of --set and its values: a range (services.auth.restart=1m..10m by 1m), multiples (1m..1h by x2) or a
    /// list ([1m, 5m, 1h]); once or twice
    #[arg(long = "vary", value_name = "PATH=VALUES", required = true)]
    vary: Vec<String>,
    /// Find the smallest value of the first parameter that meets an objective, or the largest where that gets harder with the
    /// value: of a journey of a population as the scenario has it (chat:gulf), or another (chat:gulf=99.9%). May be repeated:
    /// all must be met
    #[arg(long = "meets", value_name = "JOURNEY:USERS[=SHARE]")]
    meets: Vec<String>,
    /// Confidence of what --meets finds, for all values together
    #[arg(long, value_name = "SHARE", default_value = "95%", requires = "meets", value_parser = confidence)]
    confidence: f64,
    /// Write a line for each point, journey and population to this new CSV file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Draw downtime against the values into this new file, .svg or .png: as lines, or as a map of two parameters
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Colours of the picture
    #[arg(long, value_enum, default_value_t = ThemeArg::Light)]
    theme: ThemeArg,
    /// Form of what is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn sweep(args: &SweepArgs) -> Result<Outcome, Failure> {
    for file in [&args.out, &args.plot].into_iter().flatten() {
        must_not_exist(file)?;
    }
    if args.out.is_some() && args.out == args.plot {
        return Err(Failure::Message("--out and --plot name the same file".to_owned()));
    }
    let drawn = args.plot.as_ref().map(|path| drawn_as(path, &["svg", "png"])).transpose()?;
    let (mut sources, loaded) = to_play(&args.scenario.scenario, &args.play.edits)?;
    let loaded = args.scenario.of(loaded)?;
    let vary = varied(&args.vary, &mut sources)?;
    let wishes = wishes(&loaded, &args.meets)?;
    check_points(&loaded, &vary, &sources)?;
    for file in [&args.out, &args.plot].into_iter().flatten() {
        can_be_created(file)?;
    }
    let found = played(&loaded, &vary, (wishes, args.confidence), options(&args.play, false))?;
    if found.points.is_empty() {
        return Ok(Outcome::Interrupted);
    }
    let interrupted = found.stopped_by == StoppedBy::Interrupted;
    if let Some(out) = &args.out {
        write_new_file(out, &sweep_csv(&found).map_err(Failure::of)?)?;
    }
    // A part of the points would look like all of them.
    if let (Some((path, form)), false) = (args.plot.as_ref().zip(drawn), interrupted) {
        write_new_file(path, &picture(&found, form, args.theme)?)?;
    }
    match args.format {
        Format::Text => print_report(&sweep_text(&found, page()))?,
        Format::Markdown => print(sweep_markdown(&found).as_bytes())?,
        Format::Json => print(&json(&found)?)?,
    }
    Ok(if interrupted { Outcome::Interrupted } else { outcome(&found) })
}

fn picture(sweep: &Sweep, form: Drawn, theme: ThemeArg) -> Result<Vec<u8>, Failure> {
    form.bytes(sweep_picture(sweep, theme.into()).map_err(Failure::of)?)
}

/// Found for every value of the second parameter, surely missed by all values of the first for one of them, or not certain.
fn outcome(sweep: &Sweep) -> Outcome {
    let any = |decision| sweep.answers.iter().any(|answer| answer.decision == decision);
    match () {
        () if any(Decision::Failed) => Outcome::GateFailed,
        () if any(Decision::Undecided) => Outcome::Undecided,
        () => Outcome::Done,
    }
}

/// Reads what is to be varied.
pub(super) fn varied(texts: &[String], sources: &mut Sources) -> Result<Vec<Vary>, Failure> {
    if texts.len() > 2 {
        return Err(Failure::Message(
            "a sweep varies one or two parameters: give --vary once or twice".to_owned(),
        ));
    }
    let mut found = Diagnostics::new();
    let vary: Vec<Vary> = texts.iter().filter_map(|text| parse_vary(text, sources, &mut found)).collect();
    if found.has_errors() {
        say_findings(sources, &found.into_vec());
        return Err(Failure::Reported);
    }
    let points = points(&vary);
    if points > MOST_POINTS {
        return Err(Failure::Message(format!(
            "these are {} points, and a sweep has at most {}: take larger steps",
            show_count(points),
            show_count(MOST_POINTS)
        )));
    }
    Ok(vary)
}

/// Reads the system at every point before any is played, so that all mistakes are seen.
pub(super) fn check_points(loaded: &Loaded, vary: &[Vary], sources: &Sources) -> Result<(), Failure> {
    let mut found = Diagnostics::new();
    loaded.check_apart(vary, &mut found);
    if !found.has_errors() {
        for places in all_places(vary) {
            let _ = loaded.at(vary, &places, &mut found);
        }
    }
    if found.has_errors() {
        say_findings(sources, &found.into_vec());
        return Err(Failure::Reported);
    }
    Ok(())
}

/// The number of the value of each parameter at each point.
fn all_places(vary: &[Vary]) -> Vec<Vec<usize>> {
    let values = |place: usize| 0..vary.get(place).map_or(1, |vary| vary.values.len());
    let of = |first: usize, second: usize| [first, second].into_iter().take(vary.len()).collect();
    values(1).flat_map(|second| values(0).map(move |first| of(first, second))).collect()
}

/// What is to be met: the scenario's own objective where no other is given.
fn wishes(loaded: &Loaded, texts: &[String]) -> Result<Vec<Wish>, Failure> {
    let model = &loaded.model;
    let wish = |objective: &ObjectiveOf| {
        let (journey, population) = model.usage_name(objective.usage);
        Wish {
            journey: journey.to_owned(),
            population: population.to_owned(),
            availability: objective.availability,
        }
    };
    Ok(wished(model, texts)?.iter().map(wish).collect())
}

/// Plays a system at all points, under watch; `wishes` are to be met with a confidence.
fn played(
    loaded: &Loaded,
    vary: &[Vary],
    (wishes, confidence): (Vec<Wish>, f64),
    options: RunOptions,
) -> Result<Sweep, Failure> {
    let plan = plan(vary, (wishes, confidence));
    let model = |places: &[usize]| system(loaded, vary, places);
    let work = |progress: &Progress| play_sweep(&plan, options, model, progress);
    watched(options.replications.saturating_mul(points(vary)), &until_interrupted(), work)?.map_err(failure)
}

/// Plays designs, each with what is varied in it, at all points, under watch; the first is the baseline.
pub(super) fn played_designs(
    designs: &[(&Loaded, Vec<Vary>)],
    options: RunOptions,
) -> Result<DesignSweeps, Failure> {
    let vary = designs.first().map_or(&[][..], |(_, vary)| vary.as_slice());
    let plan = plan(vary, (Vec::new(), CONFIDENCE));
    let model = |design: usize, places: &[usize]| {
        let design = designs.get(design).ok_or_else(unreadable)?;
        system(design.0, &design.1, places)
    };
    let work = |progress: &Progress| sweep_designs(designs.len(), &plan, options, model, progress);
    let runs = points(vary).saturating_mul(designs.len() as u64);
    watched(options.replications.saturating_mul(runs), &until_interrupted(), work)?.map_err(failure)
}

fn until_interrupted() -> Until {
    Until { interrupted: true, ..Until::default() }
}

fn plan(vary: &[Vary], (wishes, confidence): (Vec<Wish>, f64)) -> SweepPlan {
    let parameter = |vary: &Vary| SweepParameter {
        name: vary.name.clone(),
        values: vary.values.iter().map(|value| value.text.clone()).collect(),
        grows: vary.grows,
    };
    SweepPlan { parameters: vary.iter().map(parameter).collect(), wishes, confidence }
}

fn points(vary: &[Vary]) -> u64 {
    vary.iter().map(|vary| vary.values.len() as u64).product()
}

/// The system at a point, which has been read before without an error.
fn system(loaded: &Loaded, vary: &[Vary], places: &[usize]) -> Result<Model, Failure> {
    loaded.at(vary, places, &mut Diagnostics::new()).ok_or_else(unreadable)
}

fn unreadable() -> Failure {
    Failure::Message("the scenario cannot be read".to_owned())
}

fn failure(error: SweepError<Failure>) -> Failure {
    match error {
        SweepError::Model(failure) => failure,
        SweepError::Run(error) => Failure::Message(error.to_string()),
    }
}

/// A confidence above 50 % and below 100 %.
fn confidence(text: &str) -> Result<f64, String> {
    match relative(text)? {
        share if share > 0.5 && share < 1.0 => Ok(share),
        _ => Err("it must be more than 50% and less than 100%".to_owned()),
    }
}
