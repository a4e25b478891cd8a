//! `blackstart check`.

use clap::Args;

use super::input::{ScenarioArg, scenario};
use super::output::print;
use super::{Failure, Outcome};
use crate::model::{Kind, Model};
use crate::units::{show_counted, show_span};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    /// Change the scenario before it is read: a path and a value
    #[arg(long = "set", value_name = "PATH=VALUE")]
    edits: Vec<String>,
}

pub(super) fn check(args: &CheckArgs) -> Result<Outcome, Failure> {
    let loaded = scenario(&args.scenario.scenario, &args.edits)?;
    print(description(&loaded.model).as_bytes())?;
    Ok(Outcome::Done)
}

/// What was understood, defaults that matter said aloud.
fn description(model: &Model) -> String {
    let count = |kind: Kind| model.components.iter().filter(|c| c.kind == kind).count() as u64;
    let start = if model.aged { "aged (failure clocks are stationary at the start)" } else { "new" };
    format!(
        "ok: {}\n  {}, {}, {}, {}, {}\n  {}, {}, {} of populations\n  horizon {}; components start {start}\n  network: perfect, since none is described\n",
        model.title,
        show_counted(count(Kind::Region), "region"),
        show_counted(count(Kind::Zone), "zone"),
        show_counted(count(Kind::Part), "part"),
        show_counted(count(Kind::Member), "member"),
        show_counted(count(Kind::Unit), "unit"),
        show_counted(model.modes.len() as u64, "failure clock"),
        show_counted(model.hazards.len() as u64, "hazard"),
        show_counted(model.usages.len() as u64, "journey"),
        show_span(model.horizon.micros() as f64),
    )
}
