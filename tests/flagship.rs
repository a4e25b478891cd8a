//! scenarios/me-central-1.ron: what it must show.

mod common;

use std::path::Path;

use blackstart::engine::{Engine, Observer};
use blackstart::model::{CompId, Model};
use blackstart::random::Replication;
use blackstart::report::{Page, render_diagnostics, summary_text};
use blackstart::scenario::{Diagnostics, Sources, load, load_extending};
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

/// The same with what the survivors can serve.
fn model_under_load(edits: &[&str]) -> Model {
    let edits: Vec<String> = edits.iter().map(|e| (*e).to_owned()).collect();
    let file = common::scenario_file(Path::new("scenarios/me-central-1-load.ron")).unwrap();
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load_extending(&file, &common::extended, &edits, &mut sources, &mut found);
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

/// Most utilisation of the model in Europe, and whether users of `api` in Europe were ever down.
#[derive(Default)]
struct Survivor {
    unit: Option<CompId>,
    peak: f64,
}

impl Observer for Survivor {
    fn begin(&mut self, _: &Engine<'_>) {}

    fn settled(&mut self, engine: &Engine<'_>) {
        self.peak = self.unit.map_or(0.0, |unit| engine.utilisation(unit)).max(self.peak);
    }

    fn end(&mut self, engine: &Engine<'_>, _: SimTime) {
        let books = engine.unit_books().find(|(unit, _)| Some(*unit) == self.unit);
        self.peak = books.map_or(self.peak, |(_, books)| self.peak.max(books.peak_impaired));
    }
}

fn peak_in_europe(edits: &[&str]) -> f64 {
    let model = model_under_load(edits);
    let unit = model.component_named("model@eu-west-1");
    assert!(unit.is_some());
    let mut peak = 0.0_f64;
    for number in 0..20 {
        let mut observer = Survivor { unit, peak: 0.0 };
        Engine::new(&model).replicate(Replication::new(1, number), &mut observer).unwrap();
        peak = peak.max(observer.peak);
    }
    peak
}

/// Europe is large enough for its own users at any hour, and for both regions on an ordinary day, but not for the news as well.
#[test]
fn the_survivor_has_no_headroom_for_the_news() {
    // Nobody moves: the last of these edits.
    let alone = peak_in_europe(&NO_BACKGROUND);
    assert!((0.8..0.9).contains(&alone), "alone {alone}");
    let without_news: Vec<&str> = NO_BACKGROUND[..9].iter().copied().chain(["surges={}"]).collect();
    let both = peak_in_europe(&without_news);
    assert!((0.95..1.0).contains(&both), "both {both}");
    let with_news = peak_in_europe(&NO_BACKGROUND[..9]);
    assert!(with_news > 1.05, "with the news {with_news}");
}

/// One zone lost: the Gulf's region sheds at the peak, unless the news is little. Two lost: its storage has no quorum, and nothing is served.
#[test]
fn one_zone_lost_degrades_and_two_break_it() {
    let model = model_under_load(&NO_BACKGROUND);
    let unit = model.component_named("model@me-central-1").unwrap();
    let store = model.component_named("object store@me-central-1").unwrap();
    let mut shedding = 0;
    for number in 0..20 {
        let mut observer = Hours { unit, store, seen: Vec::new() };
        Engine::new(&model).replicate(Replication::new(1, number), &mut observer).unwrap();
        let most = |from: i64, to: i64| {
            let hours =
                SimTime::from_micros(from * MICROS_PER_HOUR)..SimTime::from_micros(to * MICROS_PER_HOUR);
            observer.seen.iter().filter(|(at, ..)| hours.contains(at)).map(|(.., u)| *u).fold(0.0, f64::max)
        };
        assert!(most(0, 12) < 0.8, "whole: {}", most(0, 12));
        assert!((0.9..1.6).contains(&most(26, 30)), "one zone lost: {}", most(26, 30));
        shedding += u32::from(most(26, 30) > 1.0);
        let stores = |from: i64, to: i64| {
            let hours =
                SimTime::from_micros(from * MICROS_PER_HOUR)..SimTime::from_micros(to * MICROS_PER_HOUR);
            observer.seen.iter().filter(move |(at, ..)| hours.contains(at)).map(|(_, level, _)| *level)
        };
        assert!(stores(13, 30).all(|level| level > 0.0), "one zone lost");
        assert!(stores(32, 40).all(|level| level == 0.0), "two zones lost");
    }
    assert!(shedding >= 16, "{shedding} of 20");
}

/// Level of the Gulf's storage and utilisation of its model at each instant.
struct Hours {
    unit: CompId,
    store: CompId,
    seen: Vec<(SimTime, f64, f64)>,
}

impl Observer for Hours {
    fn begin(&mut self, _: &Engine<'_>) {}

    fn settled(&mut self, engine: &Engine<'_>) {
        let utilisation = Some(engine.utilisation(self.unit)).filter(|u| u.is_finite());
        self.seen.push((engine.now(), engine.level(self.store), utilisation.unwrap_or(0.0)));
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

/// The move waits for the control plane: without that need users are away sooner.
#[test]
fn the_control_plane_delays_the_move() {
    let down = |edits: &[&str]| {
        let summary = summary(&model_under_load(edits), 60);
        let gulf = summary.journeys.iter().find(|j| j.journey == "api" && j.population == "gulf");
        gulf.unwrap().down_s.mean
    };
    // Without the news: it would drive users out of the Gulf while its control plane still answers.
    let mut left = NO_BACKGROUND[..9].to_vec();
    left.push("surges={}");
    let target = down(&left);
    left.push("users.gulf.failover.needs_at=Left");
    let left = down(&left);
    // The region that is left has no control plane after the second strike: hours against minutes.
    assert!(left > 5.0 * target, "{left} s, {target} s");
}
