//! scenarios/me-central-1.ron: what it must show.

use blackstart::engine::{Engine, Observer};
use blackstart::model::{CompId, Model};
use blackstart::random::Replication;
use blackstart::report::{Page, render_diagnostics, summary_text};
use blackstart::scenario::{Diagnostics, Sources, load};
use blackstart::study::{Progress, RunOptions, Summary, run, summarize};
use blackstart::time::{MICROS_PER_HOUR, SimTime};

/// Edits that switch every background failure off.
const NO_BACKGROUND: [&str; 10] = [
    "zone_kinds.hyperscale.parts.utility.failures.'grid loss'.every=Never",
    "zone_kinds.hyperscale.parts.generators.failures.trip.every=Never",
    "zone_kinds.hyperscale.parts.generators.standby.fails_to_start=0%",
    "zone_kinds.hyperscale.parts.chillers.failures.trip.every=Never",
    "zone_kinds.hyperscale.parts.fabric.failures.'network fault'.every=Never",
    "services.'object store'.failures.incident.every=Never",
    "services.sign-in.failures.incident.every=Never",
    "services.'other model'.failures.incident.every=Never",
    "components_start=New",
    // Nobody is moved, so that what the region loses is seen.
    "users.gulf.failover.detect=100d",
];

fn model(edits: &[&str]) -> Model {
    let text = std::fs::read_to_string("scenarios/me-central-1.ron").unwrap();
    let edits: Vec<String> = edits.iter().map(|e| (*e).to_owned()).collect();
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load("me-central-1.ron", &text, &edits, &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false))).model
}

fn summary(model: &Model, replications: u64) -> Summary {
    let options = RunOptions { replications, seed: 1, threads: 0, curve_points: 0 };
    summarize(model, &run(model, options, &Progress::default()).unwrap())
}

/// The report as a stranger sees it: the layout is a promise.
#[test]
fn the_report_reads_like_this() {
    insta::assert_snapshot!(summary_text(&summary(&model(&[]), 1_000), Page::PLAIN));
}

#[test]
fn the_strikes_are_named_and_columns_add_up() {
    let summary = summary(&model(&[]), 1_000);
    let named = |cause: &str| summary.causes.iter().any(|c| c.cause == cause && c.shared > 0.01);
    assert!(named("strike on az2") && named("strike on az3") && named("strike on bahrain"));
    let sum = |f: fn(&blackstart::study::CauseShare) -> f64| summary.causes.iter().map(f).sum::<f64>();
    assert!((sum(|c| c.initiated) - 1.0).abs() < 1e-9);
    assert!((sum(|c| c.shared) - 1.0).abs() < 1e-9);
}

#[test]
fn without_background_only_the_strikes_are_left() {
    let summary = summary(&model(&NO_BACKGROUND[..9]), 500);
    for cause in &summary.causes {
        assert!(cause.cause.starts_with("strike on "), "{}", cause.cause);
    }
    for journey in summary.journeys.iter().filter(|j| j.population == "europe") {
        assert_eq!(journey.down_s.mean, 0.0, "{}", journey.journey);
    }
    assert!(summary.journeys.iter().any(|j| j.population == "gulf" && j.down_s.mean > 60.0));
}

/// Level of one component after each instant.
struct Levels {
    component: CompId,
    levels: Vec<(SimTime, f64)>,
}

impl Observer for Levels {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.levels.push((engine.now(), engine.level(self.component)));
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        self.begin(engine);
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

#[test]
fn the_quorum_survives_one_zone_and_not_two() {
    let model = model(&NO_BACKGROUND);
    let component = model.component_named("object store@me-central-1").unwrap();
    let at = |levels: &[(SimTime, f64)], hours: i64| {
        let time = SimTime::from_micros(hours * MICROS_PER_HOUR);
        levels.iter().rev().find(|(t, _)| *t <= time).map(|(_, level)| *level).unwrap()
    };
    for number in 0..50 {
        let mut observer = Levels { component, levels: Vec::new() };
        Engine::new(&model).replicate(Replication::new(1, number), &mut observer).unwrap();
        // az2 is struck at 12.5 h and carried by its battery for at most 30 min; az3 (perhaps with az1) at 30 to 31 h.
        assert_eq!(at(&observer.levels, 12), 1.0);
        assert_eq!(at(&observer.levels, 20), 1.0, "one zone lost");
        assert_eq!(at(&observer.levels, 32), 0.0, "two zones lost");
    }
}
