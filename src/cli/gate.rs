//! `blackstart gate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::compare::{Named, changes, played, same_horizon};
use super::input::{PlayArgs, ScenarioArg, design, to_play, unknown_figure};
use super::output::{note, print, print_report};
use super::progress::run_with_bar_until;
use super::run::{json, options};
use super::screen::page;
use super::stored::{is_stored, stored};
use super::until::Until;
use super::{Failure, Outcome};
use crate::model::{Model, UsageId};
use crate::report::GateReport;
use crate::scenario::{Loaded, Sources};
use crate::study::{
    Check, Decision, ObjectiveOf, RunOutput, StoppedBy, Summary, changes_from_comparison, changes_from_run,
    check_objectives, objectives, summarize,
};
use crate::units::{probability, show_span, span_micros};

/// Arguments of `gate`.
#[derive(Debug, Args)]
pub(super) struct GateArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    #[command(flatten)]
    play: PlayArgs,
    /// Objective of a journey of a population instead of the scenario's own, such as chat:gulf=99.9%; may be repeated
    #[arg(long = "objective", value_name = "JOURNEY:USERS=SHARE")]
    objectives: Vec<String>,
    /// Fail also if downtime is surely more than that of this baseline: a scenario, which is played with the same
    /// draws, or a run directory or run.json of an earlier run
    #[arg(long, value_name = "SCENARIO|RUN")]
    baseline: Option<PathBuf>,
    /// Additional downtime against the baseline that is allowed, such as 5m; what may be more is undecided
    #[arg(long, value_name = "TIME", requires = "baseline", value_parser = margin)]
    margin: Option<f64>,
    /// Form of what is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For a document
    Markdown,
    /// All checks
    Json,
    /// For build servers
    Junit,
}

pub(super) fn gate(args: &GateArgs) -> Result<Outcome, Failure> {
    let loaded = design(&args.scenario, &args.play.edits)?;
    let wanted = wanted(&loaded.model, &args.objectives)?;
    // Whatever is to be read is read before anything is played.
    let baseline = args.baseline.as_ref().map(|path| baseline(path, &loaded)).transpose()?;
    if wanted.is_empty() && baseline.is_none() {
        return Err(Failure::Message(
            "there is nothing to check: no journey has an objective, and neither --objective nor --baseline is given"
                .to_owned(),
        ));
    }
    let model = &loaded.model;
    let until = Until { interrupted: true, ..Until::default() };
    let output = run_with_bar_until(model, options(&args.play, false), &until)?;
    let mut checks = check_objectives(model, &output, &wanted);
    let mut interrupted = output.stopped_by == StoppedBy::Interrupted;
    if let Some(baseline) = baseline.filter(|_| !interrupted) {
        let (found, stopped_by) = against(args, baseline, &loaded, &output)?;
        checks.extend(found);
        interrupted = stopped_by == StoppedBy::Interrupted;
    }
    let report = GateReport::new(&model.title, args.play.seed, output.options.replications, checks);
    match args.format {
        Format::Text => print_report(&report.text(page()))?,
        Format::Markdown => print(report.markdown().as_bytes())?,
        Format::Json => print(&json(&report)?)?,
        Format::Junit => print(report.junit().as_bytes())?,
    }
    Ok(match report.decision {
        _ if interrupted => Outcome::Interrupted,
        Decision::Passed => Outcome::Done,
        Decision::Failed => Outcome::GateFailed,
        Decision::Undecided => Outcome::Undecided,
    })
}

/// What a system is checked against.
enum Baseline {
    /// Another system, to be played.
    Scenario(Box<Named>),
    /// An earlier run, with its name.
    Run(Box<Summary>, String),
}

fn baseline(path: &std::path::Path, now: &Loaded) -> Result<Baseline, Failure> {
    let name = path.display().to_string();
    if !is_stored(path) {
        // The edits of the command line are what is new.
        let (sources, loaded) = to_play(path, &[])?;
        return Ok(Baseline::Scenario(Box::new(Named { name, sources, loaded })));
    }
    let stored = stored(path)?.run;
    let horizon_s = now.model.horizon.micros() as f64 / 1e6;
    if stored.horizon_s != horizon_s {
        return Err(Failure::Message(format!(
            "different horizons cannot be compared: {name} has {}, the scenario {}",
            show_span(stored.horizon_s * 1e6),
            show_span(horizon_s * 1e6)
        )));
    }
    if stored.blackstart != env!("CARGO_PKG_VERSION") {
        note(&format!(
            "note: {name} was written by blackstart {}; the changelog says under \"Value-breaking\" what gives other figures",
            stored.blackstart
        ));
    }
    Ok(Baseline::Run(Box::new(stored), name))
}

/// The checks against a baseline, and what ended the playing of it.
fn against(
    args: &GateArgs,
    baseline: Baseline,
    loaded: &Loaded,
    output: &RunOutput,
) -> Result<(Vec<Check>, StoppedBy), Failure> {
    match baseline {
        Baseline::Run(stored, name) => {
            let now = summarize(&loaded.model, output);
            Ok((changes_from_run(&stored, &now, &name, args.margin), output.stopped_by))
        }
        Baseline::Scenario(baseline) => {
            let name = args.scenario.scenario.display().to_string();
            let now = Named { name, sources: Sources::new(), loaded: loaded.clone() };
            let designs = [*baseline, now];
            same_horizon(&designs)?;
            let until = Until { interrupted: true, ..Until::default() };
            let comparison = played(&designs, options(&args.play, false), &[], &until)?;
            let unchanged = changes(&designs).iter().all(Vec::is_empty);
            Ok((changes_from_comparison(&comparison, args.margin, unchanged), comparison.stopped_by))
        }
    }
}

/// The journeys of populations, by the names that arguments give them.
fn usages(model: &Model) -> Vec<String> {
    let name = |usage: UsageId| {
        let (journey, population) = model.usage_name(usage);
        format!("{journey}:{population}")
    };
    (0..model.usages.len()).map(|usage| name(UsageId::at(usage))).collect()
}

/// The objectives that `--meets` asks for: where no share is given, the scenario's own.
pub(super) fn wished(model: &Model, texts: &[String]) -> Result<Vec<ObjectiveOf>, Failure> {
    let (known, own) = (usages(model), objectives(model));
    let mut all: Vec<ObjectiveOf> = Vec::new();
    for text in texts {
        let fail = |reason: &dyn std::fmt::Display| Failure::Message(format!("--meets {text}: {reason}"));
        let at = |name: &str| known.iter().position(|known| known == name.trim()).map(UsageId::at);
        let objective = match (at(text), text.rsplit_once('=')) {
            (Some(usage), _) => *own.iter().find(|own| own.usage == usage).ok_or_else(|| {
                fail(&"the scenario gives this journey no objective; give one, as in `chat:gulf=99.9%`")
            })?,
            (None, Some((name, share))) => ObjectiveOf {
                usage: at(name).ok_or_else(|| unknown_figure(name.trim(), &known))?,
                availability: probability(share).map_err(|error| fail(&error))?,
            },
            (None, None) => return Err(unknown_figure(text, &known)),
        };
        all.retain(|other| other.usage != objective.usage);
        all.push(objective);
    }
    all.sort_by_key(|objective| objective.usage.index());
    Ok(all)
}

/// The objectives of the model, with those of the command line in their place or beside them.
fn wanted(model: &Model, texts: &[String]) -> Result<Vec<ObjectiveOf>, Failure> {
    let known = usages(model);
    let mut all = objectives(model);
    for text in texts {
        let fail = |reason: &dyn std::fmt::Display| Failure::Message(format!("--objective {text}: {reason}"));
        // The last `=` parts them, since names may hold one.
        let Some((figure, share)) = text.rsplit_once('=') else {
            return Err(fail(&"a journey, users and a share are wanted, as in `chat:gulf=99.9%`"));
        };
        let availability = probability(share).map_err(|error| fail(&error))?;
        let Some(usage) = known.iter().position(|name| name == figure.trim()).map(UsageId::at) else {
            return Err(unknown_figure(figure.trim(), &known));
        };
        all.retain(|objective| objective.usage != usage);
        all.push(ObjectiveOf { usage, availability });
    }
    all.sort_by_key(|objective| objective.usage.index());
    Ok(all)
}

/// A length of time, seconds.
fn margin(text: &str) -> Result<f64, String> {
    span_micros(text).map(|micros| micros / 1e6).map_err(|error| error.to_string())
}
