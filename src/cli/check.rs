//! `blackstart check`.

use clap::{Args, ValueEnum};

use super::input::{Reading, ScenarioArg, reading, say_findings};
use super::output::{print, print_report};
use super::run::json;
use super::screen::{is_quiet, page};
use super::{Failure, Outcome};
use crate::model::{Kind, Model};
use crate::report::{findings, network_in_short, resolved_text};
use crate::scenario::{Loaded, warn_of_unsourced};
use crate::units::{show_counted, show_span};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    /// Change the scenario before it is read: a path and a value
    #[arg(long = "set", value_name = "PATH=VALUE")]
    edits: Vec<String>,
    /// Warn also of figures without `source` or `guess`; warnings end with code 2, as errors do
    #[arg(long)]
    strict: bool,
    /// Print the whole system: every default, every component, every law with its p50, mean, p90, p99 and source
    #[arg(long, conflicts_with = "format")]
    resolved: bool,
    /// Form of what is found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Form of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading, on standard error
    Text,
    /// A list for editors, on standard output
    Json,
}

pub(super) fn check(args: &CheckArgs) -> Result<Outcome, Failure> {
    let Reading { sources, mut found, loaded } = reading(&args.scenario.scenario, &args.edits)?;
    if let Some(loaded) = loaded.as_ref().filter(|_| args.strict) {
        warn_of_unsourced(&loaded.tree, &mut found);
    }
    let list = found.into_vec();
    match args.format {
        Format::Json => print(&json(&findings(&sources, &list))?)?,
        // Warnings are no errors, unless they are asked to be.
        Format::Text if is_quiet() && loaded.is_some() && !args.strict => {}
        Format::Text => say_findings(&sources, &list),
    }
    match loaded {
        Some(loaded) if !args.strict || list.is_empty() => {
            let architectures = architectures(&loaded);
            let loaded = args.scenario.of(loaded)?;
            match args.format {
                Format::Json => {}
                Format::Text if args.resolved => print(resolved_text(&loaded, page()).as_bytes())?,
                Format::Text => print_report(&page().paragraphs(&(description(&loaded) + &architectures)))?,
            }
            Ok(Outcome::Done)
        }
        _ => Err(Failure::Reported),
    }
}

/// A line with the names of the scenario's architectures, if it has any.
fn architectures(loaded: &Loaded) -> String {
    let names: Vec<String> = loaded.architectures.iter().map(|a| format!("\"{}\"", a.name)).collect();
    if names.is_empty() { String::new() } else { format!("  architectures: {}\n", names.join(", ")) }
}

/// What was understood, defaults that matter said aloud.
fn description(loaded: &Loaded) -> String {
    let model = &loaded.model;
    let count = |kind: Kind| model.components.iter().filter(|c| c.kind == kind).count() as u64;
    let start = if model.aged { "aged (failure clocks are stationary at the start)" } else { "new" };
    format!(
        "ok: {}\n  {}, {}, {}, {}, {}\n  {}, {}, {} of populations\n  horizon {}; components start {start}\n  network: {}\n",
        model.title,
        show_counted(count(Kind::Region), "region"),
        show_counted(count(Kind::Zone), "zone"),
        show_counted(count(Kind::Part), "part"),
        show_counted(count(Kind::Member), "member"),
        show_counted(count(Kind::Unit), "unit"),
        show_counted(model.modes.len() as u64, "failure clock"),
        hazards(model),
        show_counted(model.usages.len() as u64, "journey"),
        show_span(model.horizon.micros() as f64),
        network_in_short(model, &loaded.chart),
    )
}

/// Hazards, and where there are any, surges and responses, which are hazards of their own kind.
fn hazards(model: &Model) -> String {
    let (surges, responses) = (model.load.surges.len(), model.load.responses.len());
    let hazards = model.hazards.len() - surges - responses;
    let mut text = show_counted(hazards as u64, "hazard");
    for (count, noun) in [(surges, "surge"), (responses, "response")] {
        if count > 0 {
            text = format!("{text}, {}", show_counted(count as u64, noun));
        }
    }
    text
}
