//! What would take longer to simulate than anybody waits is refused before it begins.

use crate::law::Law;
use crate::model::{Builder, CompId, Model, Occurs, Repair, RhythmId};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::sources::Span;
use crate::scenario::spec::ScenarioSpec;
use crate::time::SimTime;
use crate::units::show_count;

/// Most failure clocks of a scenario; each is wound at the start of each replication, and takes memory.
const MOST_CLOCKS: u64 = 1_000_000;

/// Most events that a replication may be expected to have: about an hour for one replication.
const MOST_EVENTS: f64 = 1e9;

/// From how many medians on a mean says little about how often something happens.
const FAR_MEAN: f64 = 100.0;

/// Reports more clocks than can be kept; `None` if so.
pub(super) fn check_clocks(
    builder: &Builder,
    spans: &[Span],
    scenario: Span,
    found: &mut Diagnostics,
) -> Option<()> {
    let sum: u64 = builder.clocks().sum();
    if sum <= MOST_CLOCKS {
        return Some(());
    }
    let (most, largest) = builder.clocks().enumerate().max_by_key(|(_, clocks)| *clocks).unwrap_or((0, 0));
    let message = format!(
        "{} failure clocks in all, more than the {} that a scenario may have",
        show_count(sum),
        show_count(MOST_CLOCKS)
    );
    let label = format!("`{}` has {} of them", builder.name_of(CompId::at(most)), show_count(largest));
    found.error(spans.get(most).copied().unwrap_or(scenario), message, label).help(
        "units share one clock if their only failure is `Down` after an `Exp` time; else model a part of them",
    );
    None
}

/// Reports more events than can be played; `None` if so.
pub(super) fn check_events(
    model: &Model,
    spec: &ScenarioSpec,
    spans: &[Span],
    found: &mut Diagnostics,
) -> Option<()> {
    let modes = (0..model.modes.len()).map(|index| of_mode(model, index));
    let hazards = (0..model.hazards.len()).map(|index| of_hazard(model, index));
    let all: Vec<f64> = modes.chain(hazards).collect();
    let sum: f64 = all.iter().sum();
    if sum <= MOST_EVENTS {
        return Some(());
    }
    let (index, most) = all.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let (name, span) = match model.modes.get(index) {
        Some(mode) => (mode.name.clone(), spans.get(mode.component.index()).copied()),
        None => {
            let hazards = spec.hazards.iter().map(|(name, _)| name);
            let surges = spec.surges.iter().map(|(name, _)| name);
            let hazard = hazards.chain(surges).nth(index - model.modes.len());
            (hazard.map_or(String::new(), |name| name.value.clone()), hazard.map(|name| name.span))
        }
    };
    let message = format!(
        "about {sum:.1e} events are expected in each replication, more than the limit of {MOST_EVENTS:.0e}"
    );
    found
        .error(span.unwrap_or(spec.span), message, format!("`{name}` alone makes about {most:.1e}"))
        .help("let it happen less often, or shorten the horizon");
    None
}

/// Failures and repairs of one clock within the horizon.
///
/// Formula: 2 x units x horizon / (time to failure + repair), as if its clock ran always: that is an upper bound
/// for clocks that stand still at times. A rhythm counts where it makes the horizon longer than it is.
fn of_mode(model: &Model, index: usize) -> f64 {
    let mode = &model.modes[index];
    let component = &model.components[mode.component.index()];
    let units = if component.pooled { f64::from(component.units) } else { 1.0 };
    let cycle = typical(&mode.every) + typical_repair(&model.repairs[mode.repair.index()]);
    2.0 * units * times(model, mode.rhythm, cycle)
}

/// Occurrences of a hazard within the horizon, its hits and their repairs.
fn of_hazard(model: &Model, index: usize) -> f64 {
    let hazard = &model.hazards[index];
    let occurrences = match &hazard.occurs {
        Occurs::At(list) => list.len() as f64,
        Occurs::Between(..) => 1.0,
        Occurs::Every(law) => times(model, hazard.rhythm, typical(law)),
        // As often as what it waits for, which is counted there.
        Occurs::When(_) => 0.0,
    };
    let hits = |strike: &crate::model::Strike| strike.hits * strike.targets.len() as f64;
    let hits: f64 = model.strikes[hazard.strikes.clone()].iter().map(hits).sum();
    let begotten = hazard.clusters.as_ref().map_or(0.0, |clusters| hazard.probability * clusters.offspring);
    // Each begets so many, and these beget others: a geometric series.
    occurrences / (1.0 - begotten) * (1.0 + 2.0 * hazard.probability * hits)
}

/// How often something fits the horizon, as a rhythm counts it, that takes `cycle` microseconds each time.
fn times(model: &Model, rhythm: Option<RhythmId>, cycle: f64) -> f64 {
    let horizon = model.horizon - SimTime::START;
    let counted = rhythm.map_or(horizon, |r| model.rhythms[r.index()].passed(SimTime::START, model.horizon));
    // What takes no time at all never lets time pass: the engine finds and names it. Time has whole microseconds.
    if cycle > 0.0 { horizon.max(counted).micros_f64() / cycle.max(1.0) } else { 0.0 }
}

fn typical_repair(repair: &Repair) -> f64 {
    typical(&repair.detect) + typical(&repair.travel) + typical(&repair.work)
}

/// The mean; where rare great values make most of it, the median.
fn typical(law: &Law) -> f64 {
    let mean = law.mean();
    if law.is_exponential().is_some() || mean == 0.0 {
        return mean;
    }
    let median = law.quantile(0.5);
    if median > 0.0 && mean > FAR_MEAN * median { median } else { mean }
}
