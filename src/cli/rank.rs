//! `blackstart rank`.

use std::path::PathBuf;

use clap::Args;

use super::input::{PlayArgs, ScenarioArg, design, unknown_figure};
use super::output::{Format, print, print_report, write_new_file};
use super::plot::{ThemeArg, new_picture};
use super::progress::watched;
use super::run::{json, options};
use super::screen::page;
use super::until::Until;
use super::{Failure, Outcome};
use crate::exact::needs::solve;
use crate::model::Model;
use crate::plot::Tornado;
use crate::report::RankingReport;
use crate::study::{RankFigure, RankOptions, StoppedBy, rank as rank_model};
use crate::time::SimSpan;
use crate::units::{show_span, span_micros};

/// How many subjects are replayed if nobody says how many.
pub(super) const USUAL_TOP: u64 = 10;

/// Arguments of `rank`.
#[derive(Debug, Args)]
pub(super) struct RankArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    #[command(flatten)]
    play: PlayArgs,
    /// Figure to rank by: down, hit (probability of any downtime), lost_requests or user_minutes_lost, alone (over all
    /// journeys; down weighted by users) or as down:JOURNEY:POPULATION
    #[arg(long, value_name = "FIGURE", default_value = "down")]
    of: String,
    /// Replay so many with the largest shares of downtime, and so many single points of failure
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = USUAL_TOP, value_parser = clap::value_parser!(u64).range(0..=1000))]
    top: u64,
    /// How long a component is out when it fails once more
    #[arg(long, value_name = "TIME", default_value = "1h", allow_hyphen_values = true)]
    outage: String,
    /// Draw what was replayed to this new file, .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Colours of the picture
    #[arg(long, value_enum, requires = "plot", default_value_t = ThemeArg::Light)]
    theme: ThemeArg,
    /// Form of what is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn rank(args: &RankArgs) -> Result<Outcome, Failure> {
    let draw_as = args.plot.as_deref().map(new_picture).transpose()?;
    let loaded = design(&args.scenario, &args.play.edits)?;
    let model = &loaded.model;
    let figure = figure(model, &args.of)?;
    let outage = outage(model, &args.outage)?;
    let run = options(&args.play, false);
    let ranked = RankOptions { figure: (&args.of, figure), top: args.top as usize, outage, run };
    let until = Until { interrupted: true, ..Until::default() };
    let ranking = watched(run.replications, &until, |progress| rank_model(model, ranked, progress))?
        .map_err(Failure::of)?;
    let report = RankingReport::new(model, &ranking, solve(model, &figure.usages(model)));
    let is_whole = ranking.stopped_by != StoppedBy::Interrupted;
    if let Some((path, form)) = draw_as.filter(|_| is_whole) {
        let svg = Tornado::of(&ranking).svg(args.theme.into());
        write_new_file(path, &form.bytes(svg.map_err(Failure::of)?)?)?;
    }
    match args.format {
        Format::Text => print_report(&report.text(page()))?,
        Format::Markdown => print(report.markdown().as_bytes())?,
        Format::Json => print(&json(&report)?)?,
    }
    Ok(if is_whole { Outcome::Done } else { Outcome::Interrupted })
}

/// The figure of that name; without users there is none.
pub(super) fn figure(model: &Model, name: &str) -> Result<RankFigure, Failure> {
    if model.usages.is_empty() {
        return Err(Failure::Message(
            "the scenario describes no users, so there is nothing to rank".to_owned(),
        ));
    }
    let (names, figures): (Vec<String>, Vec<_>) = RankFigure::all(model).into_iter().unzip();
    let place = names.iter().position(|known| known == name);
    place.map(|place| figures[place]).ok_or_else(|| unknown_figure(name, &names))
}

fn outage(model: &Model, text: &str) -> Result<SimSpan, Failure> {
    let fail = |reason: String| Failure::Message(format!("--outage {text}: {reason}"));
    let micros = span_micros(text).map_err(|error| fail(error.to_string()))?;
    if micros <= 0.0 {
        return Err(fail("it must be more than 0".to_owned()));
    }
    let horizon = model.horizon.micros() as f64;
    if micros > horizon {
        return Err(fail(format!("it is longer than the scenario, which ends after {}", show_span(horizon))));
    }
    Ok(SimSpan::from_micros_f64(micros))
}
