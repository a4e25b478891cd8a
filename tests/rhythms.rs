//! Failure clocks and hazards that follow the hours of the week, against known answers.

mod common;

use blackstart::engine::{Engine, Observer};
use blackstart::law::Law;
use blackstart::model::{
    Builder, ComponentDraft, Expression, HazardId, Kind, ModeDraft, ModeId, Model, Rhythm, STEP_MICROS,
};
use blackstart::random::Replication;
use blackstart::scenario::{Diagnostics, Sources, load};
use blackstart::time::{MICROS_PER_HOUR, SimTime};
use common::{HOUR, assert_mean, exp, hours, part, play, watched};

const STEPS_PER_HOUR: usize = (MICROS_PER_HOUR / STEP_MICROS) as usize;
const WEEK: usize = 168;

/// When each mode fails.
struct Failures {
    counts: Vec<u32>,
    times: Vec<Vec<SimTime>>,
}

impl Observer for Failures {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.settled(engine);
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        for (m, count) in self.counts.iter_mut().enumerate() {
            let now = engine.failures_of(ModeId::at(m));
            // A failure that is mended at once may be followed by another at the same instant.
            self.times[m].extend((*count..now).map(|_| engine.now()));
            *count = now;
        }
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

fn failure_times(engine: &mut Engine<'_>, seed: u64, replication: u64) -> Vec<Vec<SimTime>> {
    let modes = engine.model().modes.len();
    let mut seen = Failures { counts: vec![0; modes], times: vec![Vec::new(); modes] };
    engine.replicate(Replication::new(seed, replication), &mut seen).unwrap();
    seen.times
}

fn model_of(text: &str) -> Model {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load("rhythms", text, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{text}: {:?}", found.into_vec())).model
}

/// Speeds by hour of the week with mean 1: nights at a fifth, weekends at nothing on Sundays.
fn speed(hour_of_week: usize) -> f64 {
    let (day, hour) = (hour_of_week / 24, hour_of_week % 24);
    let raw = match (day, hour) {
        (6, _) => 0.0,
        (_, 8..=17) => 1.0,
        _ => 0.2,
    };
    // 6 days of 10 hours at 1 and 14 at 0.2.
    raw * WEEK as f64 / (6.0 * 12.8)
}

/// One component with one mode, mended at once, on that rhythm.
fn renewed_at_once(every: Law, weeks: usize, aged: bool) -> Model {
    let mut builder = Builder::new("renewed at once", hours((weeks * WEEK) as f64));
    builder.aged(aged);
    let factors: Vec<f64> =
        (0..weeks * WEEK * STEPS_PER_HOUR).map(|s| speed(s / STEPS_PER_HOUR % WEEK)).collect();
    let rhythm = builder.rhythm(Rhythm::from_factors(&factors));
    let mode = ModeDraft { rhythm, ..ModeDraft::down("failure", every, Law::ZERO) };
    builder.component(ComponentDraft::new("a", Kind::Part).failing(mode));
    builder.build().unwrap()
}

/// A memoryless clock with a rhythm is an inhomogeneous Poisson process: its number of failures in a window has the mean
/// and the variance of the integral of its rate.
#[test]
fn a_memoryless_clock_is_a_poisson_process_with_that_rate() {
    let (mttf, weeks, replications) = (30.0, 10, 2_000);
    let model = renewed_at_once(exp(mttf), weeks, false);
    let mut engine = Engine::new(&model);
    let mut by_hour = vec![0.0_f64; WEEK];
    for replication in 0..replications {
        for at in &failure_times(&mut engine, 31, replication)[0] {
            by_hour[(at.micros() / MICROS_PER_HOUR) as usize % WEEK] += 1.0;
        }
    }
    let trials = (weeks as u64 * replications) as f64;
    let windows: [(&str, std::ops::Range<usize>); 6] = [
        ("the first hour", 0..1),
        ("Monday night", 0..8),
        ("Wednesday 14:00 to 15:00", 62..63),
        ("Friday", 96..120),
        ("working hours of Tuesday", 32..42),
        ("the week", 0..WEEK),
    ];
    for (name, window) in windows {
        let seen: f64 = by_hour[window.clone()].iter().sum();
        let mean = trials * window.map(|h| speed(h) / mttf).sum::<f64>();
        let z = (seen - mean) / mean.sqrt();
        println!("{name}: {seen} against {mean:.1}, z {z:+.2}");
        assert!(z.abs() < 4.0, "{name}: {seen} is {z:+.2} standard errors from {mean}");
    }
    assert_eq!(by_hour[144..].iter().sum::<f64>(), 0.0, "Sundays");
}

/// Over whole weeks a rhythm changes nothing in the mean: an aged clock of any law fails horizon / mean times.
#[test]
fn over_whole_weeks_the_mean_number_is_that_without_a_rhythm() {
    let weeks = 6;
    let laws = [
        ("Exp", exp(20.0)),
        ("Weibull", Law::weibull(20.0 * HOUR, 2.0).unwrap()),
        ("Gamma", Law::gamma(20.0 * HOUR, 1.5).unwrap()),
        ("Uniform", Law::uniform(0.0, 40.0 * HOUR).unwrap()),
    ];
    for (name, law) in laws {
        let truth = (weeks * WEEK) as f64 * HOUR / law.mean();
        let model = renewed_at_once(law, weeks, true);
        let mut engine = Engine::new(&model);
        let numbers: Vec<f64> =
            (0..4_000).map(|r| failure_times(&mut engine, 32, r)[0].len() as f64).collect();
        assert_mean(name, &numbers, truth);
    }
}

/// 42 h of clock time are 10 working hours at speed 4.2, to the microsecond, and working hours follow daylight saving.
#[test]
fn a_fixed_time_to_failure_comes_at_the_computed_instant() {
    let model = model_of(
        r#"Scenario(
            title: "working hours", start: "2026-03-02T00:00:00Z", horizon: "40d",
            zone_kinds: { "hall": (failures: { "slip": (
                every: Fixed("42h"),
                rhythm: (
                    day: Hourly([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]),
                    week: Weekend("0%"),
                ),
                repair: "0s",
            ) }) },
            regions: { "north": (clock: "Europe/Berlin", zones: { "a": "hall" }) },
            services: { "shop": (scope: Regional) },
            journeys: { "buy": (calls: ["shop"]) },
            users: { "all": (count: 1, does: { "buy": "1/h" }) },
        )"#,
    );
    // Hours of UTC at which it fails on Tuesday, Wednesday, Thursday and Friday: an hour earlier from 29 March on.
    let (winter, summer) = ([34, 60, 86, 112], [33, 59, 85, 111]);
    let week = |w: usize| if w < 4 { winter } else { summer }.map(|h| hours((w * WEEK + h) as f64));
    let expected: Vec<SimTime> = (0..6).flat_map(week).filter(|at| *at <= model.horizon).collect();
    assert_eq!(expected.len(), 24);
    assert_eq!(failure_times(&mut Engine::new(&model), 1, 1)[0], expected);
}

/// Everybody's rhythm is in the local time of their region; who is in no region has a clock of their own.
#[test]
fn rhythms_are_in_local_time() {
    let slip = r#"failures: { "slip": (every: Fixed("12h"), repair: Never, rhythm: (day: Hourly(
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))) }"#;
    let model = model_of(&format!(
        r#"Scenario(
            title: "clocks", start: "2026-01-05T00:00:00Z", horizon: "2d",
            zone_kinds: {{ "hall": ({slip}, parts: {{ "power": ({slip}) }}) }},
            regions: {{
                "gulf": (clock: "Asia/Dubai", {slip}, zones: {{ "a": "hall" }}),
                "plain": ({slip}, zones: {{ "a": "hall" }}),
            }},
            services: {{
                "regional": (scope: Regional, {slip}, member: ({slip})),
                "zonal": (scope: Zonal, {slip}),
                "global": (scope: Global, clock: "America/New_York", {slip}, member: ({slip})),
                "global plain": (scope: Global, {slip}),
                "outside": (scope: Outside, clock: "Asia/Tokyo", {slip}),
            }},
            journeys: {{ "buy": (calls: ["regional"]) }},
            users: {{ "all": (count: 1, does: {{ "buy": "1/h" }}, route: Order(["gulf"])) }},
        )"#
    ));
    let times = failure_times(&mut Engine::new(&model), 1, 1);
    for (mode, times) in model.modes.iter().zip(times) {
        let first = times[0].micros() as f64 / HOUR;
        let ahead = match mode.name.as_str() {
            "global: slip" => -5.0,
            "outside: slip" => 9.0,
            name if name.contains("gulf") => 4.0,
            _ => 0.0,
        };
        // Half of the hour from 9:00 on, at speed 24.
        assert_eq!(first, 9.5 - ahead, "{}", mode.name);
    }
    assert_eq!(model.modes.len(), 17);
    // Those in the same zone share their steps, which cover the whole horizon.
    assert_eq!(model.rhythms.len(), 4);
}

/// Occurrences of a hazard follow its rhythm, in the local time that it says: every second working day at noon.
#[test]
fn hazards_have_rhythms_too() {
    let model = model_of(
        r#"Scenario(
            title: "patches", start: "2026-01-05T00:00:00Z", horizon: "28d",
            zone_kinds: { "hall": () },
            regions: { "north": (zones: { "a": "hall" }) },
            services: { "shop": (scope: Regional) },
            journeys: { "buy": (calls: ["shop"]) },
            users: { "all": (count: 1, does: { "buy": "1/h" }) },
            hazards: { "patch": (
                // Five working days with an hour each: speed 33.6.
                occurs: Every(Fixed("67h12m")),
                rhythm: (
                    day: Hourly([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
                    week: Weekend("0%"),
                ),
                clock: "Asia/Dubai",
                strikes: { "reboot": (targets: ["north/a"], repair: "1m") },
            ) },
        )"#,
    );
    let mut seen = Occurrences { count: 0, times: Vec::new() };
    Engine::new(&model).replicate(Replication::new(1, 1), &mut seen).unwrap();
    // From 11:00 to 12:00 in Dubai it is 7:00 to 8:00 UTC; two such hours are over at the end of the second.
    let days = [1, 3, 7, 9, 11, 15, 17, 21, 23, 25];
    let expected: Vec<SimTime> = days.iter().map(|day| hours(f64::from(24 * day + 8))).collect();
    assert_eq!(seen.times, expected);
}

/// When the first hazard occurs.
struct Occurrences {
    count: u32,
    times: Vec<SimTime>,
}

impl Observer for Occurrences {
    fn begin(&mut self, _: &Engine<'_>) {}

    fn settled(&mut self, engine: &Engine<'_>) {
        let now = engine.occurrences_of(HazardId::at(0));
        if std::mem::replace(&mut self.count, now) < now {
            self.times.push(engine.now());
        }
    }

    fn end(&mut self, _: &Engine<'_>, _: SimTime) {}
}

/// A rhythm that is flat is no rhythm; one that is flat until the horizon tells the same story through other code.
#[test]
fn a_flat_rhythm_changes_no_bit() {
    let scenario = |rhythm: &str| {
        model_of(&format!(
            r#"Scenario(
                title: "flat", start: "2026-01-01T00:00:00Z", horizon: "90d",
                zone_kinds: {{ "hall": (failures: {{ "slip": (every: Exp("9d"), {rhythm} repair: "2h") }}) }},
                regions: {{ "north": (zones: {{ "a": "hall", "b": "hall" }}) }},
                services: {{ "shop": (scope: Regional) }},
                journeys: {{ "buy": (calls: ["shop"]) }},
                users: {{ "all": (count: 1, does: {{ "buy": "1/h" }}) }},
            )"#
        ))
    };
    let without = scenario("");
    for flat in ["rhythm: (),", "rhythm: (day: Flat, week: Days([3, 3, 3, 3, 3, 3, 3])),"] {
        assert_eq!(scenario(flat), without, "{flat}");
    }
    let system = |flat: bool| {
        let mut builder = Builder::new("flat until the end", hours(5_000.0));
        let mut factors = vec![1.0; 5_000 * STEPS_PER_HOUR];
        factors.push(0.5);
        let rhythm = builder.rhythm(Rhythm::from_factors(&factors)).filter(|_| flat);
        let mut a = part("a", exp(50.0), exp(3.0));
        a.modes.push(ModeDraft::down("other", Law::weibull(60.0 * HOUR, 3.0).unwrap(), exp(1.0)));
        a.modes.iter_mut().for_each(|mode| mode.rhythm = rhythm);
        let a = builder.component(a);
        watched(&mut builder, Expression::Level(a));
        builder.build().unwrap()
    };
    let (with, without) = (system(true), system(false));
    assert!(with.modes.iter().all(|mode| mode.rhythm.is_some()));
    let rows = |model: &Model| format!("{:?}", play(model, 50, 3).0.rows());
    assert_eq!(rows(&with), rows(&without));
}
