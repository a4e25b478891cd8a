//! `blackstart gate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::compare::{Named, changes, played, same_horizon};
use super::input::{PlayArgs, ScenarioArg, design, to_play, unknown_figure};
use super::output::{print, print_report};
use super::progress::run_with_bar_until;
use super::run::{json, options};
use super::screen::page;
use super::stored::{is_stored, scenario_or_stored, stored};
use super::until::Until;
use super::{Failure, Outcome};
use crate::model::{Model, UsageId};
use crate::report::{GateReport, unlike_text};
use crate::scenario::{Loaded, Sources};
use crate::study::{
    Check, Decision, Identity, ObjectiveOf, RunOutput, StoppedBy, Summary, Unlike, Unmatched,
    changes_from_comparison, changes_from_run, check_objectives, objectives, summarize, unmatched,
};
use crate::units::{probability, show_counted, show_span, span_micros};

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
    #[arg(long, value_name = "TIME", requires = "baseline", allow_hyphen_values = true, value_parser = margin)]
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
    let model = &loaded.model;
    let wanted = wanted(model, &args.objectives)?;
    // Whatever is to be read is read before anything is played.
    let baseline = args.baseline.as_ref().map(|path| baseline(path, &loaded)).transpose()?;
    something_to_check(&wanted, baseline.as_ref(), model)?;
    let until = Until { interrupted: true, ..Until::default() };
    let output = run_with_bar_until(model, options(&args.play, false), &until)?;
    let mut checks = check_objectives(model, &output, &wanted);
    let mut stopped_by = output.stopped_by;
    let mut known = None;
    if let Some(baseline) = baseline {
        let (name, unmatched, mut notes) = baseline.told(model);
        if stopped_by == StoppedBy::Interrupted {
            notes.push(format!("interrupted before the change from {name} was checked"));
        } else {
            let found = against(args, baseline, &loaded, &output)?;
            checks.extend(found.checks);
            stopped_by = found.stopped_by;
            if found.replications < output.options.replications {
                let played = show_counted(found.replications, "replication");
                notes.push(format!("interrupted: the change from {name} is of {played}"));
            }
        }
        known = Some((name, unmatched, notes));
    }
    let mut report = GateReport::new(&model.title, args.play.seed, output.options.replications, checks)
        .stopped(stopped_by);
    if let Some((name, unmatched, notes)) = known {
        report = report.against(&name, unmatched, notes);
    }
    match args.format {
        Format::Text => print_report(&report.text(page()))?,
        Format::Markdown => print(report.markdown().as_bytes())?,
        Format::Json => print(&json(&report)?)?,
        Format::Junit => print(report.junit().as_bytes())?,
    }
    Ok(match report.decision {
        _ if stopped_by == StoppedBy::Interrupted => Outcome::Interrupted,
        Decision::Passed => Outcome::Done,
        Decision::Failed => Outcome::GateFailed,
        Decision::Undecided => Outcome::Undecided,
    })
}

/// Refuses a gate that would pass whatever the system does.
fn something_to_check(
    wanted: &[ObjectiveOf],
    baseline: Option<&Baseline>,
    model: &Model,
) -> Result<(), Failure> {
    if !wanted.is_empty()
        || baseline.is_some_and(|baseline| baseline.identity().shares_a_journey(&Identity::of_model(model)))
    {
        return Ok(());
    }
    let why = match baseline {
        _ if model.usages.is_empty() => "the scenario describes no users".to_owned(),
        None => "no journey has an objective, and neither --objective nor --baseline is given".to_owned(),
        Some(baseline) => format!(
            "no journey has an objective, and {} and the scenario have no journey of the same users in common\n  \
             give an objective (--objective {}=99.9%), or a baseline with the same journeys and users",
            baseline.name(),
            usages(model).first().map_or("chat:gulf", String::as_str)
        ),
    };
    Err(Failure::Message(format!("there is nothing to check: {why}")))
}

/// What a system is checked against.
enum Baseline {
    /// Another system, to be played.
    Scenario(Box<Named>),
    /// An earlier run, with its name.
    Run(Box<Summary>, String),
}

impl Baseline {
    fn name(&self) -> &str {
        match self {
            Self::Scenario(named) => &named.name,
            Self::Run(_, name) => name,
        }
    }

    fn identity(&self) -> Identity {
        match self {
            Self::Scenario(named) => Identity::of_model(&named.loaded.model),
            Self::Run(run, _) => Identity::of_run(run),
        }
    }

    /// Its name, what only it or only `now` has, and what is good to know of it.
    fn told(&self, now: &Model) -> (String, Vec<Unmatched>, Vec<String>) {
        let (was, is, name) = (self.identity(), Identity::of_model(now), self.name());
        let mut notes: Vec<String> = was
            .unlike(&is)
            .iter()
            // Who names two scenarios knows that they are two.
            .filter(|unlike| matches!((self, unlike), (Self::Run(..), _) | (_, Unlike::Start { .. })))
            .map(|unlike| unlike_text(name, unlike))
            .collect();
        notes.extend(self.of_another_version());
        (name.to_owned(), unmatched(&was, &is), notes)
    }

    fn of_another_version(&self) -> Option<String> {
        let Self::Run(run, name) = self else { return None };
        (run.blackstart != env!("CARGO_PKG_VERSION")).then(|| {
            format!(
                "{name} was written by blackstart {}; the changelog says under \"Value-breaking\" what gives other figures",
                run.blackstart
            )
        })
    }
}

fn baseline(path: &std::path::Path, now: &Loaded) -> Result<Baseline, Failure> {
    let name = path.display().to_string();
    if !is_stored(path) {
        scenario_or_stored("--baseline", path)?;
        // The edits of the command line are what is new.
        let (sources, loaded) = to_play(path, &[])?;
        let named = Named { name, sources, loaded };
        let system = Named { name: "the scenario".to_owned(), sources: Sources::new(), loaded: now.clone() };
        let designs = [named, system];
        same_horizon(&designs)?;
        let [named, _] = designs;
        return Ok(Baseline::Scenario(Box::new(named)));
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
    Ok(Baseline::Run(Box::new(stored), name))
}

/// The checks against a baseline, and how much of it was played.
struct Against {
    checks: Vec<Check>,
    stopped_by: StoppedBy,
    replications: u64,
}

fn against(
    args: &GateArgs,
    baseline: Baseline,
    loaded: &Loaded,
    output: &RunOutput,
) -> Result<Against, Failure> {
    match baseline {
        Baseline::Run(stored, name) => {
            let now = summarize(&loaded.model, output);
            Ok(Against {
                checks: changes_from_run(&stored, &now, &name, args.margin),
                stopped_by: output.stopped_by,
                replications: output.options.replications,
            })
        }
        Baseline::Scenario(baseline) => {
            let name = args.scenario.scenario.display().to_string();
            let now = Named { name, sources: Sources::new(), loaded: loaded.clone() };
            let designs = [*baseline, now];
            let until = Until { interrupted: true, ..Until::default() };
            let comparison = played(&designs, options(&args.play, false), &[], &until)?;
            let unchanged = changes(&designs).iter().all(Vec::is_empty);
            Ok(Against {
                checks: changes_from_comparison(&comparison, args.margin, unchanged),
                stopped_by: comparison.stopped_by,
                replications: comparison.replications,
            })
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
        if all.iter().any(|other| other.usage == objective.usage) {
            return Err(twice("--meets", &known, objective.usage));
        }
        all.push(objective);
    }
    all.sort_by_key(|objective| objective.usage.index());
    Ok(all)
}

/// The objectives of the model, with those of the command line in their place or beside them.
fn wanted(model: &Model, texts: &[String]) -> Result<Vec<ObjectiveOf>, Failure> {
    let known = usages(model);
    let mut given = Vec::new();
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
        if given.iter().any(|objective: &ObjectiveOf| objective.usage == usage) {
            return Err(twice("--objective", &known, usage));
        }
        given.push(ObjectiveOf { usage, availability });
    }
    let is_given = |own: &ObjectiveOf| given.iter().any(|objective| objective.usage == own.usage);
    let mut all: Vec<ObjectiveOf> = objectives(model).into_iter().filter(|own| !is_given(own)).collect();
    all.append(&mut given);
    all.sort_by_key(|objective| objective.usage.index());
    Ok(all)
}

/// The message about two objectives of one journey, of which one would be forgotten.
fn twice(option: &str, known: &[String], usage: UsageId) -> Failure {
    let name = known.get(usage.index()).map_or("", String::as_str);
    Failure::Message(format!("{option} is given twice for {name}: give it once"))
}

/// A length of time, seconds.
fn margin(text: &str) -> Result<f64, String> {
    span_micros(text).map(|micros| micros / 1e6).map_err(|error| error.to_string())
}
