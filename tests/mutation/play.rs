//! A text played as far as it can be: read, two replications of a short horizon, their story and their figures.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use blackstart::engine::{Engine, Observer};
use blackstart::measure::Meter;
use blackstart::model::Model;
use blackstart::plot::{Map, Swimlane, Theme, pictures};
use blackstart::random::Replication;
use blackstart::report::{Page, journeys_csv, replications_csv, summary_text, trace_text};
use blackstart::scenario::{Diagnostics, Loaded, Sources, load};
use blackstart::study::{Progress, RunOptions, run, summarize, trace};
use blackstart::time::SimTime;

/// A longer horizon is shortened to this one where the scenario allows it.
const HORIZON: &str = "40d";
const HORIZON_MICROS: i64 = 40 * 24 * 3600 * 1_000_000;

/// Instants that a replication may have here.
const MOST_INSTANTS: u64 = 1_000;

/// Instants that a whole replication may have, going by its first ones: a hundred times the limit of what
/// `check` lets through, since the beginning may be the busiest time.
const NEVER_ENDING: f64 = 1e11;

/// What a text came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// No scenario.
    Refused,
    /// Played as far as the number of instants allows.
    TooLong,
    /// Zero delays without end.
    Loop,
    /// Played to its end.
    Finished,
}

/// Plays a text; panics where the program should not.
pub fn play(text: &str) -> Fate {
    let Some(loaded) = loaded(text, &[]) else { return Fate::Refused };
    let long = loaded.model.horizon.micros() > HORIZON_MICROS;
    let short = if long { self::loaded(text, &[format!("horizon={HORIZON}")]) } else { None };
    let Loaded { model, chart, .. } = short.unwrap_or(loaded);
    for replication in 0..2 {
        match budgeted(&model, replication) {
            Some(true) => {}
            Some(false) => return Fate::Loop,
            None => return Fate::TooLong,
        }
    }
    let options = RunOptions { replications: 2, seed: 1, threads: 1, curve_points: 20 };
    let Ok(output) = run(&model, options, &Progress::default()) else { panic!("played once, but not twice") };
    check_figures(&model, &output);
    let summary = summarize(&model, &output);
    let _ = summary_text(&summary, Page::PLAIN);
    assert!(journeys_csv(&summary).is_ok() && replications_csv(&summary, &output).is_ok());
    assert!(pictures(&summary, Theme::Light).is_ok(), "no picture");
    let Ok(told) = trace(&model, 1, 0) else { panic!("played once, but not told") };
    let _ = trace_text(&model, &told, true, Page::PLAIN);
    assert!(Swimlane::of(&model, &told).svg(Theme::Light).is_ok(), "no lanes");
    let map = Map::of(&model, &chart, Some(&told));
    assert!(map.is_none_or(|map| map.svg(map.worst(), Theme::Light).is_ok()), "no map");
    Fate::Finished
}

fn loaded(text: &str, edits: &[String]) -> Option<Loaded> {
    let mut found = Diagnostics::new();
    let loaded = load("any.ron", text, edits, &mut Sources::new(), &mut found);
    assert_eq!(loaded.is_none(), found.has_errors());
    loaded
}

/// True for a replication that reaches its end, false for one that cannot be played, `None` for one that takes long.
fn budgeted(model: &Model, replication: u64) -> Option<bool> {
    let mut observer = (Budget { left: MOST_INSTANTS }, Meter::new(model, 20));
    let mut engine = Engine::new(model);
    let mut replicate = || engine.replicate(Replication::new(1, replication), &mut observer).is_ok();
    match catch_unwind(AssertUnwindSafe(&mut replicate)) {
        Ok(played) => Some(played),
        Err(reason) => match reason.downcast::<Exhausted>() {
            Ok(spent) => {
                let rate = MOST_INSTANTS as f64 / spent.at.micros().max(1) as f64;
                let whole = rate * model.horizon.micros() as f64;
                assert!(whole <= NEVER_ENDING, "about {whole:.1e} instants, and nothing refuses them");
                None
            }
            Err(reason) => resume_unwind(reason),
        },
    }
}

/// How the budget ends a replication: it unwinds with this, past the panic hook.
struct Exhausted {
    at: SimTime,
}

/// Ends a replication that has too many instants.
struct Budget {
    left: u64,
}

impl Observer for Budget {
    fn begin(&mut self, _: &Engine<'_>) {}

    fn settled(&mut self, engine: &Engine<'_>) {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => resume_unwind(Box::new(Exhausted { at: engine.now() })),
        }
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

/// Nobody is down for longer than the horizon, or for less than no time.
fn check_figures(model: &Model, output: &blackstart::study::RunOutput) {
    let horizon = model.horizon.micros() as f64 / 1e6;
    for usage in output.rows().iter().flat_map(|row| &row.usages) {
        for seconds in [usage.down_s, usage.degraded_s] {
            assert!((0.0..=horizon * (1.0 + 1e-9)).contains(&seconds), "{seconds} s of {horizon} s");
        }
        for count in [usage.lost_requests, usage.user_minutes_lost] {
            assert!(count.is_finite() && count >= 0.0, "{count} lost");
        }
    }
}
