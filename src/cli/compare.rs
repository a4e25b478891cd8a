//! `blackstart compare`.

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};

use super::input::{PlayArgs, USUAL_REPLICATIONS, architecture, to_play, unknown_figure};
use super::output::{Format, print, print_report, say, write_new_file};
use super::plot::{ThemeArg, new_picture};
use super::progress::watched;
use super::review::ReviewArgs;
use super::run::{json, options};
use super::screen::page;
use super::shell::repeated;
use super::stored::{is_stored, stored};
use super::until::{MOST_REPLICATIONS, Until, relative, wall_time};
use super::{Failure, Outcome};
use crate::model::Model;
use crate::plot::{Differences, pareto_picture};
use crate::report::{comparison_file, comparison_markdown, comparison_text, difference_precision_text};
use crate::scenario::{Changed, Loaded, Sources, differences};
use crate::study::{
    Comparison, Design, DifferenceGoal, Quantity, RunOptions, StoppedBy, Wanted, compare as compare_designs,
};
use crate::units::{show_span, span_micros};

/// Arguments of `compare`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("pictures").multiple(true).args(["plot", "pareto"]))]
pub(super) struct CompareArgs {
    /// Scenario files: the first is the baseline of all others. A single one is compared with its architectures
    #[arg(required = true, value_name = "SCENARIO")]
    files: Vec<PathBuf>,
    /// Compare a single scenario with this architecture of its own; may be repeated [default: all of them]
    #[arg(long = "architecture", value_name = "NAME")]
    architectures: Vec<String>,
    /// Compare with this architecture instead of the scenario as it stands
    #[arg(long, value_name = "NAME")]
    baseline: Option<String>,
    #[command(flatten)]
    play: PlayArgs,
    /// Change only the second of two scenarios, so that a file can be compared with a variant of itself
    #[arg(long = "set-second", value_name = "PATH=VALUE")]
    second_edits: Vec<String>,
    /// Play until a difference is this precise in every design: half its 95 % interval, as a time or number
    /// (down:chat:gulf=0.1h) or as a share of the difference (down:chat:gulf=5%). Then --replications is the upper
    /// limit, 1,000,000 if it is not given; may be repeated
    #[arg(long = "precision-of", value_name = "FIGURE=HALF-WIDTH")]
    precision_of: Vec<String>,
    /// End after this wall-clock time, such as 60s. Then --replications is the upper limit, 1,000,000 if it is not
    /// given
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = wall_time)]
    time: Option<std::time::Duration>,
    /// Draw the differences of downtime to this new file, .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Draw cost against downtime of all designs into this new file, .svg or .png; all of them need prices
    #[arg(long, value_name = "FILE")]
    pareto: Option<PathBuf>,
    #[command(flatten)]
    review: ReviewArgs,
    /// Colours of the pictures
    #[arg(long, value_enum, requires = "pictures", default_value_t = ThemeArg::Light)]
    theme: ThemeArg,
    /// Form of what is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A system that was read, and what it is called.
pub(super) struct Named {
    pub(super) name: String,
    /// The texts that it was read from.
    pub(super) sources: Sources,
    pub(super) loaded: Loaded,
}

pub(super) fn compare(args: &CompareArgs) -> Result<Outcome, Failure> {
    let draw_as = args.plot.as_deref().map(new_picture).transpose()?;
    let pareto = args.pareto.as_deref().map(new_picture).transpose()?;
    if args.plot.is_some() && args.plot == args.pareto {
        return Err(Failure::Message("--plot and --pareto name the same file".to_owned()));
    }
    args.review.check_file()?;
    let designs = designs(args)?;
    if pareto.is_some() && designs.iter().any(|design| design.loaded.model.costs.is_none()) {
        return Err(Failure::Message(
            "--pareto needs prices: no `cost` stands in one of the designs".to_owned(),
        ));
    }
    same_horizon(&designs)?;
    same_currency(&designs)?;
    let Some(baseline) = designs.first() else { return Err(nothing_to_compare()) };
    let goals = goals(&baseline.loaded.model, &args.precision_of)?;
    let alone = goals.is_empty() && args.time.is_none();
    let most = if alone { USUAL_REPLICATIONS } else { MOST_REPLICATIONS };
    let options =
        RunOptions { replications: args.play.replications.unwrap_or(most), ..options(&args.play, false) };
    let review = args.review.plan(&designs)?;
    let until = Until { goals: Vec::new(), time: args.time, interrupted: true };
    let comparison = played(&designs, options, &goals, &until)?;
    let changes = changes(&designs);
    let mut interrupted = comparison.stopped_by == StoppedBy::Interrupted;
    if let Some(review) = review.filter(|_| !interrupted) {
        let options = RunOptions { replications: comparison.replications, ..options };
        interrupted = !review.write(&designs, (&comparison, &changes), options, again(args, &comparison))?;
    }
    // A picture of a part of the replications would look like one of all.
    if comparison.stopped_by != StoppedBy::Interrupted {
        let differences = draw_as.map(|file| (file, Differences::of(&comparison).svg(args.theme.into())));
        let costs = pareto
            .map(|file| (file, pareto_picture(&comparison, args.theme.into()).map(|picture| picture.svg)));
        for ((path, form), svg) in differences.into_iter().chain(costs) {
            let svg = svg.map_err(Failure::of)?;
            write_new_file(path, &form.bytes(svg)?)?;
        }
    }
    if interrupted && args.review.is_asked() {
        say("no report was written");
    }
    if comparison.stopped_by == StoppedBy::Interrupted && (args.plot.is_some() || args.pareto.is_some()) {
        say("nothing was drawn");
    }
    match args.format {
        Format::Json => print(&json(&comparison_file(&comparison, &changes))?)?,
        Format::Text => print_report(&comparison_text(&comparison, &changes, page()))?,
        Format::Markdown => print(comparison_markdown(&comparison, &changes).as_bytes())?,
    }
    Ok(if interrupted { Outcome::Interrupted } else { outcome(&comparison) })
}

/// What a command line names to compare the same again.
fn again(args: &CompareArgs, comparison: &Comparison) -> Vec<String> {
    let mut words: Vec<String> = args.files.iter().map(|file| file.display().to_string()).collect();
    words.extend(repeated("--architecture", &args.architectures));
    words.extend(repeated("--baseline", args.baseline.as_slice()));
    words.extend(repeated("--set", &args.play.edits));
    words.extend(repeated("--set-second", &args.second_edits));
    words.extend(
        ["-n", &comparison.replications.to_string(), "--seed", &comparison.seed.to_string()]
            .map(str::to_owned),
    );
    words
}

/// Plays the designs and compares them with the first, under watch.
pub(super) fn played(
    designs: &[Named],
    options: RunOptions,
    goals: &[DifferenceGoal],
    until: &Until,
) -> Result<Comparison, Failure> {
    let named: Vec<Design<'_>> =
        designs.iter().map(|design| Design { name: &design.name, model: &design.loaded.model }).collect();
    let in_all = options.replications.saturating_mul(named.len() as u64);
    watched(in_all, until, |progress| compare_designs(&named, options, goals, progress))?.map_err(Failure::of)
}

/// What each design but the first says otherwise than the first.
pub(super) fn changes(designs: &[Named]) -> Vec<Vec<Changed>> {
    let Some((baseline, others)) = designs.split_first() else { return Vec::new() };
    others.iter().map(|design| differences(&baseline.loaded.tree, &design.loaded.tree)).collect()
}

/// Whether the comparison is what was asked for; where it is not precise enough, that is said on standard error.
fn outcome(comparison: &Comparison) -> Outcome {
    let missed: Vec<String> =
        comparison.precision.iter().filter(|goal| !goal.reached).map(difference_precision_text).collect();
    if missed.is_empty() {
        return Outcome::Done;
    }
    say(&format!("not converged when stopped by {}: {}", comparison.stopped_by, missed.join("; ")));
    Outcome::NotConverged
}

/// All designs, the baseline first. All files are read before any is played, so that the mistakes of all are seen.
fn designs(args: &CompareArgs) -> Result<Vec<Named>, Failure> {
    if !args.second_edits.is_empty() && args.files.len() != 2 {
        return Err(Failure::Message("--set-second needs two scenarios".to_owned()));
    }
    for (option, is_given) in
        [("--architecture", !args.architectures.is_empty()), ("--baseline", args.baseline.is_some())]
    {
        if is_given && args.files.len() != 1 {
            return Err(Failure::Message(format!("{option} needs a single scenario, whose own it is")));
        }
    }
    args.files.iter().try_for_each(|path| refuse_stored(path))?;
    let edits = |place: usize| {
        if place == 1 {
            [args.play.edits.clone(), args.second_edits.clone()].concat()
        } else {
            args.play.edits.clone()
        }
    };
    let read: Vec<Result<Named, Failure>> = args
        .files
        .iter()
        .enumerate()
        .map(|(place, path)| {
            let name = path.display().to_string();
            let extra = if place == 1 { args.second_edits.as_slice() } else { &[] };
            let name = extra.iter().fold(name, |name, edit| name + " with " + edit);
            to_play(path, &edits(place)).map(|(sources, loaded)| Named { name, sources, loaded })
        })
        .collect();
    let mut read = all_or_what_is_wrong(read)?;
    if read.len() == 1 {
        let own = read.first().map_or_else(|| Ok(Vec::new()), |file| own(file, &args.architectures))?;
        if own.is_empty() {
            return Err(nothing_to_compare());
        }
        read.extend(own);
        if let Some(name) = &args.baseline {
            read = beside(read, name, args.architectures.is_empty())?;
        }
    }
    Ok(read)
}

/// All files, or what is wrong with any of them: findings in a text have been printed by now, what else is wrong has not.
fn all_or_what_is_wrong(read: Vec<Result<Named, Failure>>) -> Result<Vec<Named>, Failure> {
    let (mut named, mut messages, mut is_wrong) = (Vec::new(), Vec::new(), false);
    for one in read {
        match one {
            Ok(one) => named.push(one),
            Err(Failure::Reported) => is_wrong = true,
            Err(Failure::Message(message)) => messages.push(message),
        }
    }
    match (messages.is_empty(), is_wrong) {
        (true, false) => Ok(named),
        (true, true) => Err(Failure::Reported),
        (false, _) => Err(Failure::Message(messages.join("\nerror: "))),
    }
}

/// Designs of one scenario, which stands first as it is, beside one of its architectures; of all of them the scenario as it stands
/// is a design, too.
fn beside(mut designs: Vec<Named>, name: &str, of_all: bool) -> Result<Vec<Named>, Failure> {
    let Some(scenario) = designs.first() else { return Ok(designs) };
    let baseline = Named {
        name: name.to_owned(),
        sources: scenario.sources.clone(),
        loaded: architecture(&scenario.loaded, name)?,
    };
    if of_all {
        designs.retain(|design| design.name != name);
    } else if designs.iter().any(|design| design.name == name) {
        return Err(Failure::Message(format!("--baseline and --architecture both name {name}")));
    } else {
        designs.remove(0);
    }
    designs.insert(0, baseline);
    Ok(designs)
}

/// The architectures of a scenario: those named, or all.
fn own(file: &Named, names: &[String]) -> Result<Vec<Named>, Failure> {
    let Named { sources, loaded, .. } = file;
    let all: Vec<String> = loaded.architectures.iter().map(|a| a.name.clone()).collect();
    let wanted = if names.is_empty() { &all } else { names };
    if let Some(name) = first_repeated(wanted) {
        return Err(Failure::Message(format!("--architecture {name} is given more than once")));
    }
    let named = |name: &String| {
        Ok(Named { name: name.clone(), sources: sources.clone(), loaded: architecture(loaded, name)? })
    };
    wanted.iter().map(named).collect()
}

/// The first name that stands twice in a list.
fn first_repeated(names: &[String]) -> Option<&String> {
    names
        .iter()
        .enumerate()
        .find(|(place, name)| names.iter().take(*place).any(|other| other == *name))
        .map(|(_, name)| name)
}

/// Refuses results of an earlier run, after what is wrong with the file itself has been said.
fn refuse_stored(path: &Path) -> Result<(), Failure> {
    // Any other directory is no scenario either, which reading it says.
    let is_other = path.is_dir() && path.join("run.json").symlink_metadata().is_err();
    if !is_stored(path) || is_other {
        return Ok(());
    }
    stored(path)?;
    let name = path.display();
    Err(Failure::Message(format!(
        "{name} holds the results of a run, and only scenarios can be played with the same draws\n  \
         compare the scenario that it was run from, or check a change against it: blackstart gate SCENARIO --baseline {name}"
    )))
}

fn nothing_to_compare() -> Failure {
    Failure::Message(
        "there is nothing to compare: the scenario has no `architectures`, and no second file is given"
            .to_owned(),
    )
}

/// Refuses designs that are played for different lengths of time: their downtime cannot be compared.
pub(super) fn same_horizon(designs: &[Named]) -> Result<(), Failure> {
    let Some((first, others)) = designs.split_first() else { return Ok(()) };
    let shown = |design: &Named| show_span(design.loaded.model.horizon.micros() as f64);
    match others.iter().find(|other| other.loaded.model.horizon != first.loaded.model.horizon) {
        None => Ok(()),
        Some(other) => Err(Failure::Message(format!(
            "different horizons cannot be compared: {} has {}, {} has {}",
            first.name,
            shown(first),
            other.name,
            shown(other)
        ))),
    }
}

/// Refuses designs with prices in different currencies: nobody says what one is worth in the other.
fn same_currency(designs: &[Named]) -> Result<(), Failure> {
    let currency = |design: &Named| design.loaded.model.costs.as_ref().map(|costs| costs.currency.clone());
    let priced: Vec<(&Named, String)> = designs.iter().filter_map(|d| Some((d, currency(d)?))).collect();
    let Some((first, money)) = priced.first() else { return Ok(()) };
    match priced.iter().find(|(_, other)| other != money) {
        None => Ok(()),
        Some((other, others)) => Err(Failure::Message(format!(
            "different currencies cannot be compared: {} counts in {money}, {} in {others}",
            first.name, other.name
        ))),
    }
}

fn goals(model: &Model, texts: &[String]) -> Result<Vec<DifferenceGoal>, Failure> {
    let known = DifferenceGoal::figures(model);
    texts.iter().map(|text| goal(&known, text)).collect()
}

/// A figure and how precisely its difference shall be known: the last `=` parts them, since names may hold one.
fn goal(known: &[(String, Quantity, crate::model::UsageId)], text: &str) -> Result<DifferenceGoal, Failure> {
    let fail = |reason: String| Failure::Message(format!("--precision-of {text}: {reason}"));
    let Some((name, value)) = text.rsplit_once('=') else {
        return Err(fail("a figure and a half-width are wanted, as in `down:chat:gulf=0.1h`".to_owned()));
    };
    let Some((_, quantity, usage)) = known.iter().find(|(known, ..)| known == name.trim()) else {
        return Err(unknown_figure(
            name.trim(),
            &known.iter().map(|(name, ..)| name.clone()).collect::<Vec<_>>(),
        ));
    };
    let wanted = wanted(*quantity, value.trim()).map_err(fail)?;
    Ok(DifferenceGoal { quantity: *quantity, usage: *usage, wanted })
}

fn wanted(quantity: Quantity, text: &str) -> Result<Wanted, String> {
    if text.ends_with('%') {
        return relative(text).map(Wanted::Relative);
    }
    let value = match quantity {
        Quantity::Down | Quantity::AboveLatencyLimit | Quantity::DataExposure | Quantity::DataLost => {
            span_micros(text).map_err(|error| error.to_string())? / 1e6
        }
        Quantity::LostRequests | Quantity::UserMinutesLost | Quantity::LostTraffic => {
            text.replace('_', "").parse::<f64>().map_err(|_| format!("`{text}` is no number and no share"))?
        }
    };
    if value > 0.0 && value.is_finite() {
        Ok(Wanted::Absolute(value))
    } else {
        Err("it must be more than 0".to_owned())
    }
}
