//! `blackstart graph`.

use std::path::PathBuf;

use clap::Args;

use super::input::{ScenarioArg, design};
use super::output::{must_not_exist, print_report, write_new_file};
use super::plot::{ThemeArg, drawn_as};
use super::{Failure, Outcome};
use crate::plot::DependencyGraph;

/// Arguments of `graph`.
#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    /// Change the scenario before it is read: a path and a value
    #[arg(long = "set", value_name = "PATH=VALUE")]
    edits: Vec<String>,
    /// New file: .svg, .png or .dot (Graphviz)
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Colours
    #[arg(long, value_enum, default_value_t = ThemeArg::Light)]
    theme: ThemeArg,
}

pub(super) fn graph(args: &GraphArgs) -> Result<Outcome, Failure> {
    must_not_exist(&args.out)?;
    let is_dot = args.out.extension().is_some_and(|e| e.eq_ignore_ascii_case("dot"));
    let draw_as = if is_dot { None } else { Some(drawn_as(&args.out, &["svg", "png", "dot"])?) };
    let loaded = design(&args.scenario, &args.edits)?;
    let graph = DependencyGraph::of(&loaded.model);
    let bytes = match draw_as {
        None => graph.dot().into_bytes(),
        Some(form) => {
            let svg = graph.svg(args.theme.into()).map_err(Failure::of)?;
            form.bytes(svg)?
        }
    };
    write_new_file(&args.out, &bytes)?;
    print_report(&format!("{}\n", args.out.display()))?;
    Ok(Outcome::Done)
}
