//! `blackstart check`.

use clap::Args;

use super::Failure;
use super::input::{ScenarioArg, scenario};
use super::output::print;
use crate::model::{Kind, Model};
use crate::units::{show_count, show_span};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    /// Change the scenario before it is read: a path and a value
    #[arg(long = "set", value_name = "PATH=VALUE")]
    edits: Vec<String>,
}

pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let loaded = scenario(&args.scenario.scenario, &args.edits)?;
    print(description(&loaded.model).as_bytes())
}

/// What was understood, defaults that matter said aloud.
fn description(model: &Model) -> String {
    let count = |kind: Kind| model.components.iter().filter(|c| c.kind == kind).count();
    let plural = |n: usize, one: &str| format!("{} {one}{}", show_count(n as u64), if n == 1 { "" } else { "s" });
    let start = if model.aged { "aged (failure clocks are stationary at the start)" } else { "new" };
    format!(
        "ok: {}\n  {}, {}, {}, {}, {}\n  {}, {}, {}\n  horizon {}; components start {start}\n  network: perfect, since none is described\n",
        model.title,
        plural(count(Kind::Region), "region"),
        plural(count(Kind::Zone), "zone"),
        plural(count(Kind::Part), "part"),
        plural(count(Kind::Member), "member"),
        plural(count(Kind::Unit), "unit"),
        plural(model.modes.len(), "failure clock"),
        plural(model.hazards.len(), "hazard"),
        match model.usages.len() {
            1 => "1 journey of a population".to_owned(),
            n => format!("{} journeys of populations", show_count(n as u64)),
        },
        show_span(model.horizon.micros() as f64),
    )
}
