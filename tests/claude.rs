//! scenarios/claude-2026-03-02.ron: where its figures are from, and what it shows.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a scenario that cannot be read is a failed test")]

use blackstart::engine::Engine;
use blackstart::measure::Meter;
use blackstart::model::{Model, UsageId};
use blackstart::random::Replication;
use blackstart::report::render_diagnostics;
use blackstart::scenario::{Diagnostics, Entry, Loaded, Node, Sources, Value, load, warn_of_unsourced};
use blackstart::stats::clopper_pearson;
use blackstart::study::{Progress, RunOptions, RunOutput, run};

const TEXT: &str = include_str!("../scenarios/claude-2026-03-02.ron");
const DOCUMENT: &str = include_str!("../docs/claude-2026-03-02.md");

/// Aims, and what the simulation is asked, are no figures about the world.
const NO_FIGURES: [&str; 5] = ["title", "start", "horizon", "objective", "architectures"];

/// What would make a source of this incident's course: its times, its pages, the counts of its reports.
const OUTCOMES: [&str; 22] = [
    "11:49",
    "12:06",
    "12:21",
    "13:22",
    "13:37",
    "14:05",
    "14:35",
    "15:25",
    "15:47",
    "15:50",
    "17:09",
    "17:15",
    "17:24",
    "17:56",
    "18:54",
    "21:16",
    "03:15",
    "10:27",
    "status page",
    "status.claude.com",
    "status.anthropic.com",
    "downdetector",
];

fn loaded() -> Loaded {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load("claude-2026-03-02.ron", TEXT, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false)))
}

/// The file's tree and those of its architectures.
fn trees(loaded: &Loaded) -> Vec<(String, &Node)> {
    let architectures = loaded.architectures.iter().map(|a| (a.name.clone(), &a.tree));
    std::iter::once(("the file".to_owned(), &loaded.tree)).chain(architectures).collect()
}

fn named<'n>(entries: &'n [Entry], wanted: &str) -> Option<&'n Node> {
    let has = |e: &&Entry| e.name.as_ref().is_some_and(|(name, _)| name == wanted);
    entries.iter().find(has).map(|e| &e.value)
}

/// A number, or a text that begins like a quantity.
fn is_figure(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Str(text) => text.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

/// Visits every figure below `node`, with its path and whether something around it says where it is from.
fn each_figure(node: &Node, path: &str, has_origin: bool, visit: &mut dyn FnMut(&str, bool)) {
    if is_figure(&node.value) {
        visit(path, has_origin);
    }
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| each_figure(item, path, has_origin, visit)),
        Value::Map(pairs) => {
            for (key, value) in pairs {
                let Value::Str(key) = &key.value else { continue };
                each_figure(value, &format!("{path}.{key}"), has_origin, visit);
            }
        }
        Value::Struct(inner) => {
            let said = |name: &str| named(&inner.entries, name).is_some();
            let has_origin = has_origin || said("source") || said("guess");
            for entry in &inner.entries {
                let name = entry.name.as_ref().map_or("", |(name, _)| name.as_str());
                if !NO_FIGURES.contains(&name) && !matches!(name, "source" | "guess") {
                    each_figure(&entry.value, &format!("{path}.{name}"), has_origin, visit);
                }
            }
        }
        _ => {}
    }
}

/// Visits every text of a field of this name.
fn each_text(node: &Node, field: &str, visit: &mut dyn FnMut(&str)) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| each_text(item, field, visit)),
        Value::Map(pairs) => pairs.iter().for_each(|(_, value)| each_text(value, field, visit)),
        Value::Struct(inner) => {
            if let Some(Value::Str(text)) = named(&inner.entries, field).map(|n| &n.value) {
                visit(text);
            }
            inner.entries.iter().for_each(|entry| each_text(&entry.value, field, visit));
        }
        _ => {}
    }
}

#[test]
fn every_figure_has_a_source_or_is_a_guess() {
    let loaded = loaded();
    for (name, tree) in trees(&loaded) {
        let mut found = Diagnostics::new();
        warn_of_unsourced(tree, &mut found);
        assert!(found.into_vec().is_empty(), "{name}");
        let (mut seen, mut without) = (0, Vec::new());
        each_figure(tree, "", false, &mut |path, has_origin| {
            seen += 1;
            if !has_origin {
                without.push(path.to_owned());
            }
        });
        assert!(without.is_empty(), "{name}: {without:?}");
        assert!(seen > 100, "{name}: {seen} figures");
    }
}

#[test]
fn a_figure_from_nowhere_is_found() {
    let text = TEXT.replacen("(size: 2, guess: \"two things at a time\")", "(size: 2)", 1);
    assert!(text != TEXT);
    let loaded = load("x", &text, &[], &mut Sources::new(), &mut Diagnostics::new()).unwrap();
    let mut without = Vec::new();
    each_figure(&loaded.tree, "", false, &mut |path, has| without.extend((!has).then(|| path.to_owned())));
    assert_eq!(without, [".crews.on call.size"]);
}

#[test]
fn no_figure_is_from_the_course_of_the_outage() {
    let loaded = loaded();
    for (name, tree) in trees(&loaded) {
        for field in ["source", "guess"] {
            each_text(tree, field, &mut |said| {
                let small = said.to_lowercase();
                let outcome = OUTCOMES.iter().find(|word| small.contains(**word));
                assert!(outcome.is_none(), "{name}: {said}");
            });
        }
    }
}

/// Whatever occurs at a known time does so at the start, before anything had failed.
#[test]
fn nothing_is_told_when_to_fail() {
    let code: String = TEXT.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let instants = code.match_indices("2026-").filter(|(at, _)| code[at + 5..].starts_with(char::is_numeric));
    let mut seen = 0;
    for (at, _) in instants {
        let instant = &code[at..at + 20];
        assert_eq!(instant, "2026-03-02T00:00:00Z");
        seen += 1;
    }
    assert!(seen >= 4, "{seen}");
    assert!(
        loaded().model.hazards.iter().all(|hazard| hazard.strikes.is_empty() || is_response(&hazard.name))
    );
}

/// Responses strike what their crew works at; no other hazard of the file strikes anything.
fn is_response(name: &str) -> bool {
    ["limit sign-in", "add sign-in", "shed at the models"].iter().any(|response| name.contains(response))
}

const REPLICATIONS: u64 = 200;

fn play(model: &Model) -> RunOutput {
    let options = RunOptions { replications: REPLICATIONS, seed: 1, threads: 0, curve_points: 0 };
    run(model, options, &Progress::default()).unwrap()
}

fn usage(model: &Model, journey: &str) -> usize {
    let usages = 0..model.usages.len();
    usages.into_iter().find(|u| model.usage_name(UsageId::at(*u)).0 == journey).unwrap()
}

/// How often something holds, as the document writes it.
fn share(count: usize) -> String {
    let interval = clopper_pearson(count as u64, REPLICATIONS, 0.95);
    format!(
        "{count} of {REPLICATIONS} (95 % interval {:.0} to {:.0} %)",
        100.0 * interval.low,
        100.0 * interval.high
    )
}

fn documented(what: &str, said: &str) {
    println!("{what}: {said}");
    assert!(DOCUMENT.contains(said), "docs/claude-2026-03-02.md does not say, of {what}: {said}");
}

/// Sign-in fails first, the API methods behind the shared store later, the models not at all; then it comes back.
#[test]
fn surfaces_fail_in_the_published_order_and_trouble_returns() {
    let model = loaded().model;
    let output = play(&model);
    let first =
        |row: &blackstart::study::ReplicationRow, journey| row.usages[usage(&model, journey)].first_outage_s;
    let count = |holds: &dyn Fn(&blackstart::study::ReplicationRow) -> bool| {
        output.rows().iter().filter(|row| holds(row)).count()
    };
    let fails = count(&|row| first(row, "web chat").is_some());
    documented("web chat fails", &share(fails));
    let together = count(&|row| {
        let web = first(row, "web chat");
        ["sign up", "claude code start"]
            .iter()
            .all(|surface| first(row, surface).zip(web).is_some_and(|(a, b)| (a - b).abs() <= 300.0))
    });
    documented("sign-up, web chat and the start of Claude Code within 5 min of each other", &share(together));
    let later = count(&|row| {
        first(row, "api, some methods")
            .zip(first(row, "web chat"))
            .is_some_and(|(api, web)| api > web + 600.0)
    });
    documented("API methods fail at least 10 min after web chat", &share(later));
    let models = count(&|row| first(row, "api").is_some() || first(row, "claude code").is_some());
    documented("the models fail", &share(models));
    let relapse = count(&|row| row.usages[usage(&model, "web chat")].outages >= 2);
    documented("web chat fails again after it was well", &share(relapse));
}

#[test]
fn without_the_shared_store_the_api_is_not_hit() {
    let loaded = loaded();
    let model = &loaded.architectures.iter().find(|a| a.name == "no shared store").unwrap().model;
    let output = play(model);
    let hit = |journey: &str| {
        let usage = usage(model, journey);
        output.rows().iter().filter(|row| row.usages[usage].outages > 0).count()
    };
    assert_eq!((hit("api"), hit("api, some methods")), (0, 0));
    assert!(hit("web chat") > 0);
    let web = usage(model, "web chat");
    let relapse = output.rows().iter().filter(|row| row.usages[web].outages >= 2).count();
    documented("web chat fails again, without the store", &share(relapse));
}

/// Lengths of the first outage of web chat: median, and the middle 80 %.
#[test]
fn the_first_wave_lasts_for_hours() {
    let model = loaded().model;
    let web = usage(&model, "web chat");
    let (mut engine, mut meter) = (Engine::new(&model), Meter::new(&model, 0));
    let mut hours: Vec<f64> = (0..REPLICATIONS)
        .filter_map(|number| {
            engine.replicate(Replication::new(1, number), &mut meter).unwrap();
            let outage = meter.take().usages[web].outages.first().copied();
            outage.map(|outage| outage.length.micros() as f64 / 3.6e9)
        })
        .collect();
    hours.sort_by(f64::total_cmp);
    let at = |share: f64| hours[(share * hours.len() as f64) as usize];
    documented(
        "length of the first wave",
        &format!("{:.1} h in the median, 80 % between {:.1} and {:.1} h", at(0.5), at(0.1), at(0.9)),
    );
}

/// What is short is capacity, not places: the two designs tell the same story to the last bit.
#[test]
fn a_second_region_at_equal_capacity_changes_nothing() {
    let loaded = loaded();
    let two =
        loaded.architectures.iter().find(|a| a.name == "sign-in in two regions, equal capacity").unwrap();
    let options = RunOptions { replications: 20, seed: 1, threads: 0, curve_points: 0 };
    let figures = |model: &Model| -> Vec<(u32, f64, f64)> {
        let output = run(model, options, &Progress::default()).unwrap();
        let rows = output.rows().iter().flat_map(|row| &row.usages);
        rows.map(|usage| (usage.outages, usage.down_s, usage.lost_requests)).collect()
    };
    assert_eq!(figures(&loaded.model), figures(&two.model));
}
