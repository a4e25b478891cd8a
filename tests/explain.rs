//! `blackstart explain`: what is explained is what the program reads and prints, no less and no more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod loaded;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Output;

use assert_cmd::Command;
use blackstart::exact::ExactError;
use blackstart::exact::needs::solve;
use blackstart::measure::STAGE_NAMES;
use blackstart::model::Model;
use blackstart::report::explain::{
    Group, NotFound, Topic, find, topic_list, topic_markdown, topic_text, topics, topics_markdown,
};
use blackstart::report::{
    GateReport, Page, RankingReport, comparison_file, comparison_text, journeys_csv, replications_csv,
    summary_text,
};
use blackstart::scenario::law_spec::LAW_NAMES;
use blackstart::scenario::{Diagnostics, Entry, Node, Sources, Value, differences, load, parse, print_tree};
use blackstart::stats::FEW_EVENTS;
use blackstart::study::{
    CONFIDENCE, CURVE_POINTS, Design, DifferenceGoal, ObjectiveOf, Progress, RankFigure, RankOptions,
    RunOptions, StandsIn, Unmatched, Wanted, changes_from_comparison, check_objectives, compare, rank, run,
    summarize,
};
use blackstart::time::SimSpan;

/// Nothing is broken into lines.
const WIDE: Page = Page { columns: 1_000, colour: false };

/// The records as the reader calls them in its messages, and as the reference does.
const RECORDS: [(&str, &str); 45] = [
    ("a cost", "components.cost"),
    ("a replication", "regions.replicates"),
    ("a site", "sites"),
    ("a corridor", "corridors"),
    ("a cable", "cables"),
    ("a segment of a cable", "cables.segments"),
    ("a link", "links"),
    ("faults by length", "faults"),
    ("the network", "network"),
    ("background traffic", "traffic"),
    ("a rhythm", "failures.rhythm"),
    ("a clustering", "hazards.clusters"),
    ("a scenario", "scenario"),
    ("a zone kind", "zone_kinds"),
    ("a part of a zone", "zone_kinds.parts"),
    ("a region", "regions"),
    ("a crew pool", "crews"),
    ("a service", "services"),
    ("a member", "services.member"),
    ("how a service re-forms", "services.reconfigures"),
    ("a failure mode", "failures"),
    ("a repair", "repair"),
    ("a standby", "standby"),
    ("a need", "needs"),
    ("a journey", "journeys"),
    ("a call", "journeys.calls"),
    ("`FirstOf(of: [...], switch: ..., counts: ...)`", "journeys.calls.FirstOf"),
    ("an objective", "journeys.objective"),
    ("a population", "users"),
    ("a failover", "users.failover"),
    ("a capacity", "services.capacity"),
    ("the capacity in a region", "services.capacity.in_regions"),
    ("trips of overload", "services.capacity.trips"),
    ("autoscaling", "services.capacity.autoscaling"),
    ("`Retries(tries: ..., backoff: ...)`", "journeys.retries.Retries"),
    ("a retry budget", "journeys.retries.Retries.budget"),
    ("a session", "journeys.calls.session"),
    ("`Failing(journey: ..., above: ...)`", "needs.Failing"),
    ("`Overloaded(unit: ..., above: ...)`", "needs.Overloaded"),
    ("a surge", "surges"),
    ("a move of calls", "surges.moves"),
    ("a response", "responses"),
    ("`Calm(below: ..., for: ...)`", "responses.undo.Calm"),
    ("a hazard", "hazards"),
    ("a strike", "hazards.strikes"),
];

/// What the reader calls a choice between variants, and the field in which they stand.
const CHOICES: [(&str, &str); 20] = [
    ("edit", "architectures"),
    ("law", "laws"),
    ("effect", "failures.effect"),
    ("clock", "failures.clock"),
    ("gate", "needs"),
    ("scope", "services.scope"),
    ("spread", "services.spread"),
    ("effect of re-forming", ""),
    ("kind of call", "journeys.calls"),
    ("way to count", "journeys.calls.FirstOf.counts"),
    ("daily profile", "users.day"),
    ("weekly profile", "users.week"),
    ("route", "users.route"),
    ("place of the needs", "users.failover.needs_at"),
    ("way to occur", "hazards.occurs"),
    ("way to try again", "journeys.retries"),
    ("change of a response", "responses.does"),
    ("way to undo", "responses.undo"),
    ("choice of strikes", "hazards.strikes"),
    ("target", "hazards.strikes.targets"),
];

/// The RON blocks of the reference, as scenarios.
fn blocks() -> Vec<String> {
    let text = std::fs::read_to_string("docs/scenario.md").unwrap();
    let inside = text.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("ron\n"));
    let blocks: Vec<String> = inside
        .map(|b| if b.starts_with("Scenario(") { b.to_owned() } else { format!("Scenario({b})") })
        .collect();
    assert!(blocks.len() > 8);
    blocks
}

fn tree(text: &str) -> Node {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    parse::parse(sources.add("block", text), text, &mut found).unwrap_or_else(|| panic!("{text}: {found:?}"))
}

/// Calls `change` on the struct of this number, counted from the outside; false if there are not so many.
fn change(node: &mut Node, number: &mut usize, change_it: &dyn Fn(&mut Node)) -> bool {
    if matches!(node.value, Value::Struct(_)) {
        if *number == 0 {
            change_it(node);
            return true;
        }
        *number -= 1;
    }
    let inside: Vec<&mut Node> = match &mut node.value {
        Value::List(items) => items.iter_mut().collect(),
        Value::Map(pairs) => pairs.iter_mut().map(|(_, value)| value).collect(),
        Value::Struct(inner) => inner.entries.iter_mut().map(|entry| &mut entry.value).collect(),
        _ => Vec::new(),
    };
    inside.into_iter().any(|node| change(node, number, change_it))
}

/// What the reader says after each struct of the reference's blocks was changed, one at a time: message and label.
fn complaints(change_it: &dyn Fn(&mut Node)) -> Vec<(String, String)> {
    let mut said = Vec::new();
    for block in blocks() {
        for number in 0.. {
            let mut tree = tree(&block);
            if !change(&mut tree, &mut number.clone(), change_it) {
                break;
            }
            let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
            let _ = load("changed", &print_tree(&tree), &[], &mut sources, &mut found);
            said.extend(found.into_vec().into_iter().map(|d| (d.message, d.label)));
        }
    }
    said
}

/// The names in "expected one of a, b, c" and "expected a".
fn expected(label: &str) -> BTreeSet<String> {
    let names = label.strip_prefix("expected one of ").or_else(|| label.strip_prefix("expected ")).unwrap();
    names.split(", ").map(|name| name.trim_matches('`').to_owned()).collect()
}

/// The fields that the reader accepts, by its name for the record.
fn accepted_fields() -> BTreeMap<String, BTreeSet<String>> {
    let add_field = |node: &mut Node| {
        let span = node.span;
        let Value::Struct(inner) = &mut node.value else { return };
        if inner.entries.iter().all(|entry| entry.name.is_some()) {
            let value = Node { value: Value::Bool(true), span, bare: false };
            inner.entries.push(Entry { name: Some(("zzz".to_owned(), span)), value });
        }
    };
    let mut fields = BTreeMap::<String, BTreeSet<String>>::new();
    for (message, label) in complaints(&add_field) {
        if let Some(record) = message.strip_prefix("unknown field `zzz` of ") {
            fields.entry(record.to_owned()).or_default().extend(expected(&label));
        }
    }
    fields
}

/// The variants that the reader accepts, by its name for the choice.
fn accepted_variants() -> BTreeMap<String, BTreeSet<String>> {
    let rename = |node: &mut Node| {
        let Value::Struct(inner) = &mut node.value else { return };
        if let Some((name, _)) = &mut inner.name {
            *name = "Zzz".to_owned();
        }
    };
    let mut variants = BTreeMap::<String, BTreeSet<String>>::new();
    for (message, label) in complaints(&rename) {
        if let Some(choice) = message.strip_prefix("there is no ").and_then(|m| m.strip_suffix(" `Zzz`")) {
            variants.entry(choice.to_owned()).or_default().extend(expected(&label));
        }
    }
    variants
}

/// The names directly below `owner` that have topics of this group.
fn below(topics: &[Topic], group: Group, owner: &str) -> BTreeSet<String> {
    let inside = topics.iter().filter(|topic| topic.group == group);
    let name = |topic: &Topic| match topic.name.rsplit_once('.') {
        Some((place, name)) if place == owner => Some(name.to_owned()),
        None if owner == "scenario" => Some(topic.name.clone()),
        _ => None,
    };
    inside.filter_map(name).collect()
}

#[test]
fn every_field_is_explained_and_every_explained_field_exists() {
    let topics = topics();
    let accepted = accepted_fields();
    let records: BTreeSet<&str> = RECORDS.iter().map(|(_, record)| *record).collect();
    let owners: BTreeSet<&str> = topics
        .iter()
        .filter(|t| t.group == Group::Fields)
        .filter_map(|t| Some(t.name.rsplit_once('.')?.0))
        .collect();
    for owner in owners {
        assert!(records.contains(owner) || matches!(owner, "components" | "anything"), "{owner}");
    }
    for (called, record) in RECORDS {
        let mut fields = accepted.get(called).unwrap_or_else(|| panic!("{called} is in no example")).clone();
        // They may stand in most records, and have entries of their own.
        fields.retain(|field| field != "source" && field != "guess");
        let mut explained = below(&topics, Group::Fields, record);
        if record == "scenario" {
            // Records that stand in no map of the scenario's have entries without a field there.
            let others =
                ["scenario", "anything", "components", "failures", "faults", "repair", "needs", "standby"];
            explained.retain(|name| !others.contains(&name.as_str()));
        }
        assert_eq!(explained, fields, "{record}");
        let parts = &find(&topics, record).unwrap().parts;
        assert!(fields.iter().all(|field| parts.iter().any(|(name, _)| name == field)), "{record}");
    }
    assert_eq!(below(&topics, Group::Fields, "anything"), ["guess", "source"].map(ToOwned::to_owned).into());
    // What all kinds of component may say, taken together.
    let of =
        |called: &str| accepted[called].iter().filter(|f| f.as_str() != "source" && f.as_str() != "guess");
    let common: BTreeSet<String> = of("a part of a zone").cloned().collect();
    assert_eq!(below(&topics, Group::Fields, "components"), common);
}

/// A record or choice that the lists above lack would go unseen: the reader's own text is searched for them.
#[test]
fn every_record_and_choice_of_the_reader_is_in_the_lists() {
    let mut seen = 0;
    for entry in std::fs::read_dir("src/scenario/read").unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for (start, known) in [
            ("Fields::plain(node, \"", RECORDS.map(|(called, _)| called).to_vec()),
            ("Fields::of(node, \"", RECORDS.map(|(called, _)| called).to_vec()),
            ("variant(node, \"", CHOICES.map(|(called, _)| called).to_vec()),
            (
                "plain_variant(n, \"",
                [CHOICES.map(|(called, _)| called).to_vec(), vec!["start of components"]].concat(),
            ),
        ] {
            for behind in text.split(start).skip(1) {
                let name = behind.split('"').next().unwrap();
                assert!(known.contains(&name), "{name}");
                seen += 1;
            }
        }
    }
    assert!(seen >= RECORDS.len() + CHOICES.len() - 2, "{seen}");
}

#[test]
fn every_variant_is_explained_and_every_explained_variant_exists() {
    let topics = topics();
    let accepted = accepted_variants();
    for (called, owner) in CHOICES.into_iter().filter(|(_, owner)| !owner.is_empty()) {
        let variants = accepted.get(called).unwrap_or_else(|| panic!("{called} is in no example"));
        let mut explained = below(&topics, Group::Forms, owner);
        explained.extend(below(&topics, Group::Laws, owner));
        assert_eq!(&explained, variants, "{owner}");
    }
    let start = below(&topics, Group::Forms, "components_start");
    assert_eq!(start, ["Aged", "New"].map(ToOwned::to_owned).into());
    let laws: BTreeSet<String> = LAW_NAMES.map(ToOwned::to_owned).into();
    assert_eq!(below(&topics, Group::Laws, "laws"), laws);
}

/// Every field, form and law has an example, and the examples can be read.
#[test]
fn examples_parse() {
    let mut without = Vec::new();
    for topic in topics() {
        let wants = match topic.group {
            Group::Fields => !matches!(topic.name.as_str(), "scenario" | "anything" | "components"),
            Group::Forms => true,
            Group::Laws => topic.name != "laws",
            Group::Measures | Group::Quantities | Group::Chapters => false,
        };
        if wants && topic.same_as.is_none() && topic.example.is_none() {
            without.push(topic.name.clone());
        }
        let Some(example) = topic.example else { continue };
        let is_field = example
            .split_once(": ")
            .is_some_and(|(name, _)| name.chars().all(|c| c == '_' || c.is_lowercase()));
        let text = if is_field { format!("Scenario({example})") } else { example.clone() };
        let read = tree(&text);
        if topic.group == Group::Laws {
            use blackstart::scenario::{decode::law, law_spec::LawKind};
            let kinds = [LawKind::Time, LawKind::Fraction];
            let good = |kind| law(&read, kind, &mut Diagnostics::new()).is_some();
            assert!(kinds.into_iter().any(good), "{example}");
        }
    }
    assert!(without.is_empty(), "no block of docs/scenario.md shows {without:?}");
}

#[test]
fn all_texts_fit_80_columns_and_say_something() {
    let topics = topics();
    for text in topics.iter().map(|t| topic_text(t, Page::PLAIN)).chain([topic_list(&topics, Page::PLAIN)]) {
        for line in text.lines() {
            assert!(line.chars().count() <= 80 && line.trim_end() == line, "{line}\nin\n{text}");
        }
    }
    for topic in &topics {
        let says = !topic.text.is_empty() || !topic.facts.is_empty() || !topic.parts.is_empty();
        assert!(says, "{} is empty", topic.name);
        assert!(topic.text.iter().all(|text| !text.is_empty()), "{}", topic.name);
        let markdown = topic_markdown(topic);
        assert!(markdown.starts_with(&format!("### {}\n", topic.name)), "{markdown}");
        assert!(topics_markdown(&topics).contains(&markdown), "{}", topic.name);
    }
}

#[test]
fn measures_are_complete() {
    let topics = topics();
    let measures: Vec<&Topic> = topics.iter().filter(|topic| topic.group == Group::Measures).collect();
    assert!(measures.len() > 20);
    for measure in &measures {
        let labels: Vec<&str> = measure.facts.iter().map(|(label, _)| label.as_str()).collect();
        let wanted = ["definition", "formula", "unit", "interval", "not in it", "names", "see also"];
        assert_eq!(labels, wanted, "{}", measure.name);
        for other in measure.facts[6].1.split(',') {
            let found = find(&topics, other).unwrap_or_else(|e| panic!("{}: {e}", measure.name));
            assert_ne!(found.name, measure.name);
        }
        for name in &measure.other_names {
            assert!(
                measures.iter().filter(|m| m.other_names.contains(name)).count() == 1,
                "{name} stands twice"
            );
        }
    }
}

/// A price of tutorial 11 that nobody knows.
const UNKNOWN_PRICE: &str =
    r#"zone_kinds.hall.parts.power.cost.capital=Uncertain(Uniform("1M GBP", "3M GBP"))"#;

/// The names of figures in all that `run` and `compare` give for a scenario.
fn printed_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (path, edit) in [
        ("scenarios/me-central-1.ron", None),
        ("scenarios/reference/18-static-tree.ron", None),
        ("scenarios/tutorial/05-storm-and-crew.ron", None),
        ("tests/network_language.ron", Some("journeys.talk.latency_limit=60ms")),
        ("tests/replication.ron", None),
        ("scenarios/tutorial/11-cost.ron", None),
        ("scenarios/tutorial/11-cost.ron", Some(UNKNOWN_PRICE)),
        ("scenarios/tutorial/10-not-known.ron", None),
        // Nothing happens, so nothing is lost.
        ("tests/network_language.ron", Some("horizon=1ms")),
    ] {
        let text = std::fs::read_to_string(path).unwrap();
        let edits: Vec<String> = edit.into_iter().map(ToOwned::to_owned).collect();
        let loaded = load(path, &text, &edits, &mut Sources::new(), &mut Diagnostics::new()).unwrap();
        for replications in [3, 400] {
            figure_names(&loaded.model, replications, &mut names);
        }
    }
    let model = loaded::metastable().build();
    for replications in [3, 400] {
        figure_names(&model, replications, &mut names);
    }
    // Nothing is served from 900 s to the horizon: some still wait.
    let shop =
        loaded::Shop::new(1_000.0, 100.0, &[600.0], loaded::capacity(200.0, 0.0)).dip(0.0, 900.0, 600.0);
    figure_names(&shop.build(), 3, &mut names);
    names.extend(STAGE_NAMES.map(ToOwned::to_owned));
    compared_names("scenarios/tutorial/05-storm-and-crew.ron", "crews.line crew.size=3", &mut names);
    compared_names("scenarios/tutorial/11-cost.ron", "crews.engineers.size=2", &mut names);
    compared_names("scenarios/tutorial/11-cost.ron", UNKNOWN_PRICE, &mut names);
    compared_names("scenarios/tutorial/10-not-known.ron", "crews={}", &mut names);
    compared_names(
        "scenarios/tutorial/09-metastable.ron",
        "services.shop.capacity.per_member=\"60/s\"",
        &mut names,
    );
    let together = ["'ice storm'.strikes.lines.each=false", "'ice storm'.strikes.lines.probability=1"];
    ranked_names(&[], &mut names);
    ranked_names(&together.map(|edit| format!("hazards.{edit}")), &mut names);
    names
}

/// The names of figures in rankings, of a static structure that can be solved and of one that cannot.
fn ranked_names(edits: &[String], names: &mut BTreeSet<String>) {
    let path = "scenarios/tutorial/05-storm-and-crew.ron";
    let text = std::fs::read_to_string(path).unwrap();
    let loaded = load(path, &text, edits, &mut Sources::new(), &mut Diagnostics::new()).unwrap();
    let run = RunOptions { replications: 3, seed: 1, threads: 1, curve_points: 0 };
    let outage = SimSpan::from_micros(3_600_000_000);
    let figure = ("down", RankFigure::ALL_DOWN);
    let ranked = RankOptions { figure, top: 1, outage, run };
    let ranking = rank(&loaded.model, ranked, &Progress::default()).unwrap();
    for solved in [solve(&loaded.model, &figure.1.usages(&loaded.model)), Err(ExactError::TooLarge)] {
        let report = RankingReport::new(&loaded.model, &ranking, solved);
        keys(&serde_json::to_value(&report).unwrap(), names);
        headers(&report.text(WIDE), names);
    }
}

/// The names of figures in all that a run gives.
fn figure_names(model: &Model, replications: u64, names: &mut BTreeSet<String>) {
    let options = RunOptions { replications, seed: 1, threads: 1, curve_points: 3 };
    let output = run(model, options, &Progress::default()).unwrap();
    let summary = summarize(model, &output);
    keys(&serde_json::to_value(&summary).unwrap(), names);
    for csv in [replications_csv(&summary, &output).unwrap(), journeys_csv(&summary).unwrap()] {
        let header = String::from_utf8(csv).unwrap().lines().next().unwrap().to_owned();
        names.extend(header.split(',').map(ToOwned::to_owned));
    }
    headers(&summary_text(&summary, WIDE), names);
    names.extend(summary.journeys.iter().flat_map(|j| j.stages.iter().map(|s| s.stage.clone())));
}

/// The names of figures in a comparison of two designs of which one has a larger crew.
fn compared_names(path: &str, edit: &str, names: &mut BTreeSet<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    let loaded =
        |edits: &[String]| load(path, &text, edits, &mut Sources::new(), &mut Diagnostics::new()).unwrap();
    let (first, second) = (loaded(&[]), loaded(&[edit.to_owned()]));
    let designs = [("first", &first), ("same", &first), ("second", &second)]
        .map(|(name, loaded)| Design { name, model: &loaded.model });
    let (_, quantity, usage) = DifferenceGoal::figures(&first.model).swap_remove(0);
    let goal = DifferenceGoal { quantity, usage, wanted: Wanted::Relative(0.1) };
    for replications in [3, 400] {
        let options = RunOptions { replications, seed: 1, threads: 1, curve_points: 0 };
        let compared = compare(&designs, options, std::slice::from_ref(&goal), &Progress::default()).unwrap();
        let changes = [vec![], differences(&first.tree, &second.tree)];
        keys(&serde_json::to_value(comparison_file(&compared, &changes)).unwrap(), names);
        headers(&comparison_text(&compared, &changes, WIDE), names);
        let objective = ObjectiveOf { usage, availability: 0.99 };
        let output = run(&second.model, options, &Progress::default()).unwrap();
        let mut checks = check_objectives(&second.model, &output, &[objective]);
        checks.extend(changes_from_comparison(&compared, None, false));
        let gone = Unmatched {
            journey: "old".to_owned(),
            population: "all".to_owned(),
            stands_in: StandsIn::Baseline,
        };
        let report =
            GateReport::new("title", 1, replications, checks).against("first", vec![gone], Vec::new());
        keys(&serde_json::to_value(&report).unwrap(), names);
        headers(&report.text(WIDE), names);
    }
}

fn keys(value: &serde_json::Value, names: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => map.iter().for_each(|(key, value)| {
            names.insert(key.clone());
            keys(value, names);
        }),
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, names)),
        // A quantile without data is a word alone.
        serde_json::Value::String(word) if word == "NoData" => drop(names.insert(word.clone())),
        _ => {}
    }
}

/// Headers of columns, headings of tables, and the words that stand for figures.
fn headers(report: &str, names: &mut BTreeSet<String>) {
    for line in report.lines() {
        let mut cells: Vec<&str> = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let is_header = [
            "median",
            "RAW",
            "initiated",
            "difference",
            "may be",
            "ever",
            "ever full",
            "slower than the limit",
            "overload tail",
            "time in overload",
            "waiting at the horizon",
            "of the spread",
        ]
        .iter()
        .any(|cell| cells.contains(cell));
        let is_heading =
            ["where the time goes", "blast radius", "data at risk", "cost a year", "what we do not know"]
                .iter()
                .any(|start| line.starts_with(start));
        if is_header || is_heading {
            names.extend(cells.drain(..).map(ToOwned::to_owned));
        }
        let starts = |said: &str| said.starts_with("still down") || said == "lost for good";
        if let Some((said, _)) = line.split_once(": ").filter(|(said, _)| starts(said)) {
            names.insert(said.to_owned());
        }
        for word in ["few events", "none seen", "no background traffic is lost", "rests on few long outages"]
            .into_iter()
            .filter(|word| line.contains(word))
        {
            names.insert(word.to_owned());
        }
    }
}

#[test]
fn every_printed_figure_is_explained_and_every_explained_figure_is_printed() {
    let explained: BTreeSet<String> = topics().into_iter().flat_map(|topic| topic.other_names).collect();
    let printed = printed_names();
    let unexplained: Vec<&String> = printed.difference(&explained).collect();
    assert!(unexplained.is_empty(), "without an entry in docs/measures.md: {unexplained:?}");
    let unprinted: Vec<&String> = explained.difference(&printed).collect();
    assert!(unprinted.is_empty(), "in docs/measures.md, but never printed: {unprinted:?}");
}

#[test]
fn names_are_found_however_they_are_written() {
    let topics = topics();
    for topic in &topics {
        let found = find(&topics, &topic.name).unwrap();
        assert_eq!(&found.name, topic.same_as.as_ref().unwrap_or(&topic.name));
        let wanted = topic.same_as.as_ref().unwrap_or(&topic.name).to_lowercase();
        assert_eq!(find(&topics, &topic.name.to_uppercase()).unwrap().name.to_lowercase(), wanted);
    }
    for (query, name) in [
        ("failover", "users.failover"),
        ("EXP", "laws.Exp"),
        ("law.exp", "laws.Exp"),
        ("Down time", ""),
        ("error_budget", "error budget"),
        ("user minutes lost", "user-minutes lost"),
        ("outages", "outage"),
        ("down_s", "downtime"),
        ("users hit, peak", "peak error"),
        ("services.restart", "components.restart"),
        ("black_start", "components.black_start"),
        ("failure.every", "failures.every"),
        ("At", "hazards.occurs.At"),
        ("duration", "quantities.duration"),
        (" zone kinds ", "zone_kinds"),
    ] {
        match find(&topics, query) {
            Ok(topic) => assert_eq!(topic.name, name, "{query}"),
            Err(NotFound::Unknown { meant, .. }) => {
                assert_eq!((name, meant.as_deref()), ("", Some("downtime")), "{query}");
            }
            Err(other) => panic!("{query}: {other}"),
        }
    }
    let Err(NotFound::Ambiguous { candidates, .. }) = find(&topics, "detect") else { panic!() };
    assert_eq!(candidates, ["repair.detect", "users.failover.detect"]);
    for odd in ["", ".", "\u{1b}[31m", "ä.ö", "*", "a\nb", &"x".repeat(100_000)] {
        assert!(find(&topics, odd).is_err(), "{odd:?}");
    }
}

/// Numbers that docs/measures.md names are those of the program.
#[test]
fn constants_are_the_programs() {
    let topics = topics();
    let says = |name: &str| {
        let facts = &find(&topics, name).unwrap().facts;
        facts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("; ")
    };
    assert!(says("success over time").contains(&format!("at {CURVE_POINTS} instants")));
    assert!(says("few events").contains(&format!("fewer than {FEW_EVENTS} replications")));
    assert!(says("intervals").contains(&format!("a confidence of {:.0} %", 100.0 * CONFIDENCE)));
    for stage in STAGE_NAMES {
        assert!(says("where the time goes").contains(&format!("\"{stage}\"")), "{stage}");
    }
    let path = "scenarios/tutorial/01-one-zone.ron";
    let text = std::fs::read_to_string(path).unwrap();
    let loaded = load(path, &text, &[], &mut Sources::new(), &mut Diagnostics::new()).unwrap();
    let options = RunOptions { replications: 50, seed: 1, threads: 1, curve_points: 0 };
    let summary = summarize(&loaded.model, &run(&loaded.model, options, &Progress::default()).unwrap());
    let lengths = summary.journeys[0].exceedance.len();
    assert!(says("exceedance").contains(&format!("at {lengths} lengths")), "{lengths}");
}

fn explain(args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("blackstart"));
    command.current_dir(folder.path()).arg("explain").args(args).output().unwrap()
}

#[track_caller]
fn prints(args: &[&str]) -> String {
    let output = explain(args);
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn refuses(args: &[&str]) -> String {
    let output = explain(args);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn entries_read_like_this() {
    for (name, topic) in [
        ("list", vec![]),
        ("downtime", vec!["downtime"]),
        ("error_budget", vec!["error", "budget"]),
        ("failover", vec!["users.failover"]),
        ("failover_detect", vec!["Failover.Detect"]),
        ("failures_every", vec!["failures.every"]),
        ("needs", vec!["needs"]),
        ("repair", vec!["repair"]),
        ("log_normal", vec!["LogNormal"]),
        ("quorum", vec!["quorum"]),
        ("names_and_paths", vec!["names and paths"]),
        ("restart_as_markdown", vec!["components.restart", "--format", "markdown"]),
    ] {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, prints(&topic)) });
    }
}

#[test]
fn wrong_topics_are_refused_with_what_was_meant() {
    for (name, topic) in [("unknown", "failver"), ("ambiguous", "count"), ("nonsense", "xyzzy\u{7}")] {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, refuses(&[topic])) });
    }
}

#[test]
fn markdown_holds_every_entry() {
    let text = prints(&["--format", "markdown"]);
    let entries = text.lines().filter(|line| line.starts_with("### ")).count();
    assert_eq!(entries, topics().len());
}
