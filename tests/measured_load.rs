//! What is measured under load, against numbers worked out by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod loaded;

use blackstart::engine::{Engine, Observer};
use blackstart::measure::{Figures, Meter, STAGE_NAMES, UsageFigures};
use blackstart::model::{Model, UsageId};
use blackstart::plot::{Swimlane, Theme};
use blackstart::random::Replication;
use blackstart::report::{Page, summary_text, trace_json, trace_text};
use blackstart::study::{Progress, RunOptions, Summary, run, summarize, trace};
use blackstart::time::SimTime;
use loaded::{Shop, capacity, metastable};

/// Each line of a story is one line.
const WIDE: Page = Page { columns: 200, colour: false };

/// The meter, and what the engine has booked at the end.
struct Watch {
    meter: Meter,
    /// Made, served, lost and waiting.
    books: [f64; 4],
}

impl Observer for Watch {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.meter.begin(engine);
    }
    fn settled(&mut self, engine: &Engine<'_>) {
        self.meter.settled(engine);
    }
    fn end(&mut self, engine: &Engine<'_>, horizon: SimTime) {
        self.meter.end(engine, horizon);
        let (books, waiting) = engine.books_of(UsageId::at(0)).unwrap();
        self.books = [books.fresh, books.served, books.lost, waiting];
    }
}

fn play(model: &Model) -> Figures {
    let mut watch = Watch { meter: Meter::new(model, 11), books: [0.0; 4] };
    Engine::new(model).replicate(Replication::new(1, 0), &mut watch).unwrap();
    let figures = watch.meter.take();
    let usage = &figures.usages[0];
    let [fresh, served, lost, waiting] = watch.books;
    assert!((fresh - served - lost - waiting).abs() <= 1e-9 * fresh, "requests vanish");
    assert_eq!((usage.requests, usage.lost_requests), (fresh, lost));
    assert!(usage.shed_requests <= usage.lost_requests * (1.0 + 1e-12));
    adds_up(usage);
    figures
}

/// Stages and both columns of causes make up the downtime; a rounding error of a microsecond apart.
fn adds_up(usage: &UsageFigures) {
    let down = usage.down.micros() as f64;
    let sums = [
        usage.stages.iter().sum::<f64>(),
        usage.causes.iter().map(|c| c.initiated).sum(),
        usage.causes.iter().map(|c| c.shared).sum(),
    ];
    for sum in sums {
        assert!((sum - down).abs() <= 1.0 + 1e-12 * down, "{sum} us of {down} us");
    }
}

/// Seconds of downtime by stage, those with any.
fn stages(usage: &UsageFigures) -> Vec<(&'static str, f64)> {
    let named = STAGE_NAMES.iter().zip(usage.stages);
    named.filter(|(_, micros)| *micros > 0.0).map(|(name, micros)| (*name, micros / 1e6)).collect()
}

#[track_caller]
fn near(value: f64, expected: f64, share: f64) {
    assert!((value - expected).abs() <= share * expected.abs(), "{value} instead of {expected}");
}

/// 200/s meet 100/s for 1,000 s at once: half of 200,000 requests is shed. Utilisation 2, and 1,000 s of overload.
#[test]
fn a_surge_is_overload_while_it_lasts() {
    let model = Shop::new(10_000.0, 50.0, &[], capacity(100.0, 0.0)).surge(4.0, 2_000.0, (0.0, 1_000.0, 0.0));
    let model = model.build();
    let figures = play(&model);
    let usage = &figures.usages[0];
    assert_eq!(usage.down.micros(), 1_000_000_000);
    assert_eq!(stages(usage), [("overload", 1_000.0)]);
    near(usage.requests, 50.0 * 9_000.0 + 200.0 * 1_000.0, 1e-9);
    near(usage.lost_requests, 100_000.0, 1e-9);
    near(usage.shed_requests, 100_000.0, 1e-9);
    near(usage.attempts, usage.requests, 1e-9);
    // Four times as many users, half of whom fail, for 1,000 s.
    near(usage.user_minutes_lost, 4.0 * 1_000.0 * 0.5 * 1_000.0 / 60.0, 1e-9);
    let unit = &figures.load[0];
    near(unit.peak, 2.0, 1e-9);
    assert_eq!(unit.peak_impaired, 0.0);
    assert_eq!(unit.overloaded.micros(), 1_000_000_000);
    // Every 1,000 s: at 2,000 s the surge begins, at 3,000 s it is over.
    let rush = |at: usize| f64::from(usage.demand[at]);
    assert_eq!((rush(1), rush(2), rush(3)), (50.0, 200.0, 50.0));
}

/// Nothing served for 600 s: what is lost there met something broken, and nobody waits; the time is the repair's work.
#[test]
fn what_is_out_is_broken_and_not_overloaded() {
    let model = Shop::new(10_000.0, 50.0, &[], capacity(100.0, 0.0)).dip(0.0, 1_000.0, 600.0).build();
    let figures = play(&model);
    let usage = &figures.usages[0];
    assert_eq!(stages(usage), [("work", 600.0)]);
    near(usage.lost_requests, 30_000.0, 1e-9);
    assert_eq!(usage.shed_requests, 0.0);
    near(figures.load[0].peak, 0.5, 1e-9);
    assert_eq!(figures.load[0].overloaded.micros(), 0);
}

/// Nothing is served from 900 s on: at 1,000 s those who wait 600 s for their only retry are in no other account, and the report says so.
#[test]
fn who_still_waits_at_the_horizon_is_told() {
    let shop =
        |retries: &[f64]| Shop::new(1_000.0, 100.0, retries, capacity(200.0, 0.0)).dip(0.0, 900.0, 600.0);
    let figures = play(&shop(&[600.0]).build());
    let usage = &figures.usages[0];
    let waiting = 100.0 * 600.0 * -(-100.0_f64 / 600.0).exp_m1();
    near(usage.waiting_requests, waiting, 1e-3);
    near(usage.lost_requests, 10_000.0 - waiting, 1e-2);
    near(usage.requests, 100_000.0, 1e-9);
    let told = |model: &Model| {
        let options = RunOptions { replications: 3, seed: 1, threads: 1, curve_points: 0 };
        let summary = summarize(model, &run(model, options, &Progress::default()).unwrap());
        let load = summary.journeys[0].load.clone().unwrap();
        (load.waiting_requests.map(|w| w.mean), summary_text(&summary, WIDE))
    };
    let (mean, text) = told(&shop(&[600.0]).build());
    near(mean.unwrap(), waiting, 1e-3);
    let line = text.lines().skip_while(|line| !line.contains("waiting at the horizon")).nth(1).unwrap();
    let columns: Vec<f64> = line.split_whitespace().filter_map(|n| n.replace(',', "").parse().ok()).collect();
    assert_eq!(columns[0], 100_000.0);
    assert_eq!(columns[0], columns[1] + columns[2] + columns[3], "{line}");
    let (nobody, text) = told(&shop(&[]).build());
    assert!(nobody.is_none() && !text.contains("waiting at the horizon"), "{text}");
}

/// Half of the capacity for 600 s: 80/s meet 50/s, of which 30/s are shed. Utilisation 1.6 while impaired, 0.8 else.
#[test]
fn headroom_is_that_of_what_is_left() {
    let model = Shop::new(10_000.0, 80.0, &[], capacity(100.0, 0.0)).dip(0.5, 1_000.0, 600.0).build();
    let figures = play(&model);
    let (usage, unit) = (&figures.usages[0], &figures.load[0]);
    near(usage.lost_requests, 18_000.0, 1e-9);
    near(usage.shed_requests, 18_000.0, 1e-9);
    near(unit.peak, 1.6, 1e-9);
    near(unit.peak_impaired, 1.6, 1e-9);
    assert_eq!(unit.overloaded.micros(), 600_000_000);
    assert_eq!(stages(usage), [("work", 600.0)]);
}

/// The dip is mended after 600 s, the overload stays: the tail. Ordinary demand alone would fit.
#[test]
fn what_outlives_its_repair_is_the_tail() {
    let shop = Shop::new(40_000.0, 90.0, &[600.0], capacity(100.0, 2.0)).dip(0.0, 3_600.0, 600.0);
    let figures = play(&shop.build());
    let usage = &figures.usages[0];
    let told = stages(usage);
    let [("work", work), ("overload tail", tail)] = told[..] else { panic!("{told:?}") };
    // Down from the first second of the dip that shows in the share of requests that fail to the horizon.
    near(work, 600.0, 1e-6);
    near(work + tail, 36_400.0, 1e-6);
    // At rest 90/s are new and 90 f/s come back; utilisation 1.565362 is that of a share of 0.739 of retries.
    assert!(figures.load[0].peak > 1.56, "{}", figures.load[0].peak);
    assert!(usage.attempts > 1.6 * usage.requests, "{} {}", usage.attempts, usage.requests);
}

/// Ordinary demand beyond capacity, from the start: overload, of which ordinary demand is the cause.
#[test]
fn ordinary_demand_may_be_too_much() {
    let figures = play(&Shop::new(1_000.0, 200.0, &[], capacity(100.0, 0.0)).build());
    assert_eq!(stages(&figures.usages[0]), [("overload", 1_000.0)]);
}

/// What operators do is neither an initiating event nor downtime of a component.
#[test]
fn operators_are_no_cause() {
    let model = metastable().build();
    let figures = play(&model);
    let occurred: Vec<&str> =
        figures.occurrences.iter().map(|(cause, _)| model.causes[cause.index()].as_str()).collect();
    assert_eq!(occurred, ["dip at 3600"]);
    let summary = summary(&model, 30);
    let components: Vec<&str> = summary.components.iter().map(|c| c.component.as_str()).collect();
    assert_eq!(components, ["shop"]);
}

fn summary(model: &Model, replications: u64) -> Summary {
    let options = RunOptions { replications, seed: 1, threads: 1, curve_points: 11 };
    summarize(model, &run(model, options, &Progress::default()).unwrap())
}

#[test]
fn the_report_says_what_load_did() {
    let summary = summary(&metastable().build(), 30);
    insta::assert_snapshot!("metastable_report", summary_text(&summary, WIDE));
    let load = summary.journeys[0].load.as_ref().unwrap();
    assert_eq!(load.tail_probability, 1.0);
    near(
        load.shed_rate + load.broken_rate,
        summary.journeys[0].lost_requests.mean / summary.journeys[0].requests,
        1e-9,
    );
}

/// Files of runs without load, or of older versions, say nothing of it.
#[test]
fn files_without_load_are_read() {
    let mut summary = summary(&metastable().build(), 3);
    (summary.load, summary.journeys[0].load) = (None, None);
    let text = serde_json::to_string(&summary).unwrap();
    assert!(!text.contains("amplification") && !text.contains("peak_impaired"));
    assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary);
}

fn told(model: &Model) -> String {
    trace_text(model, &trace(model, 1, 0).unwrap(), false, WIDE)
}

/// Load moves in hundreds of steps; the story of an overload that operators end fits a screen.
#[test]
fn a_story_of_overload_is_short() {
    let model = metastable().build();
    let text = told(&model);
    assert!(text.lines().count() <= 40, "{text}");
    assert!(!text.contains("response limit") && !text.contains("#2"), "{text}");
    insta::assert_snapshot!("metastable_story", text);
    let json = trace_json(&model, &trace(&model, 1, 0).unwrap()).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let entries = document["entries"].as_array().unwrap();
    for kind in ["overload_begins", "overload_ends", "response_applied", "response_undone"] {
        assert!(entries.iter().any(|entry| entry["kind"] == kind), "{kind}");
    }
    assert_eq!(document["initiating_events"].as_array().unwrap().len(), 1);
}

#[test]
fn surges_and_sessions_are_told() {
    insta::assert_snapshot!("surge_story", told(&loaded::sign_in_storm()));
}

#[test]
fn trips_and_autoscaling_are_told() {
    let text = told(&loaded::trips());
    assert!(text.lines().count() <= 40, "{text}");
    insta::assert_snapshot!("trips_story", text);
}

/// The lane of the unit shows the overload, that of its users how success goes; what operators do has none.
#[test]
fn lanes_show_overload() {
    let model = metastable().build();
    let told = trace(&model, 1, 0).unwrap();
    let lanes = Swimlane::of(&model, &told);
    assert!(format!("{lanes:?}").contains("Overloaded"), "{lanes:?}");
    for theme in [Theme::Light, Theme::Dark] {
        let svg = lanes.svg(theme).unwrap();
        assert!(svg.contains("overloaded") && !svg.contains("response limit"));
    }
    assert!(told.story.success[0].len() > 5, "{:?}", told.story.success);
}
