//! Tests of pictures as a whole.

use std::collections::{BTreeMap, BTreeSet};

use resvg::tiny_skia::Pixmap;
use resvg::usvg::Tree;

use super::png::options;
use super::{DependencyGraph, Differences, Picture, PlotError, Swimlane, Theme, Tornado, pictures, png};
use crate::law::Law;
use crate::model::{
    Builder, CallDraft, CallTreeDraft, Capacity, ComponentDraft, Journey, Kind, ModeDraft, Model, Month,
    Objective, Population, Profile, RouteDraft, UnitLoad, UnitLoadDraft, UsageDraft,
};
use crate::study::{
    Design, HazardTime, Progress, RankFigure, RankOptions, RunOptions, Summary, compare, rank, run,
    summarize, trace,
};
use crate::time::{MICROS_PER_DAY, MICROS_PER_HOUR, SimSpan, SimTime};

const DAYS: i64 = 30;
/// 2026-03-01 00:00 UTC.
const START: i64 = 1_772_323_200_000_000;

/// Users of `names` who each depend on a unit of their own, which fails `failures` times a month.
fn model(title: &str, names: &[&str], failures: f64) -> Model {
    let mut builder = Builder::new(title, SimTime::from_micros(DAYS * MICROS_PER_DAY));
    builder.starts_at(START);
    let length = SimSpan::from_micros(31 * MICROS_PER_DAY);
    builder.months(vec![Month { label: "2026-03".to_owned(), begins_micros: 0, length }]);
    let service = builder.service("model", None);
    let objective = Objective { availability: Some(0.999), ..Default::default() };
    let journey = builder.journey(Journey { name: "chat".to_owned(), objective });
    for name in names {
        let unit = builder.component(unit(name, failures));
        builder.component_mut(unit).unit_of = Some(service);
        let population = Population { name: (*name).to_owned(), users: 10.0, profile: Profile::Flat };
        let population = builder.population(population);
        let units = vec![unit];
        let route = builder.route(RouteDraft {
            name: (*name).to_owned(),
            population,
            service,
            units,
            failover: None,
        });
        let calls = vec![CallDraft { to: CallTreeDraft::Service(vec![(route, 1.0)]), times: 1.0 }];
        builder.usage(UsageDraft { population, journey, requests_per_second: 1.0, calls });
    }
    builder.build().unwrap()
}

fn unit(name: &str, failures: f64) -> ComponentDraft {
    let never = ComponentDraft::new(format!("unit of {name}"), Kind::Unit);
    if failures == 0.0 {
        return never;
    }
    let every = Law::exp((DAYS * MICROS_PER_DAY) as f64 / failures).unwrap();
    never.failing(ModeDraft::down("failure", every, Law::exp(2.0 * MICROS_PER_HOUR as f64).unwrap()))
}

fn summary(title: &str, names: &[&str], failures: f64) -> Summary {
    let model = model(title, names, failures);
    let options = RunOptions { replications: 60, seed: 7, threads: 1, curve_points: 97 };
    summarize(&model, &run(&model, options, &Progress::default()).unwrap())
}

/// The document as a reader of SVG understands it.
fn parsed(picture: &Picture) -> Tree {
    Tree::from_str(&picture.svg, &options(&BTreeSet::new()))
        .unwrap_or_else(|e| panic!("{}: {e}", picture.name))
}

const ALL: [&str; 7] =
    ["availability", "success-chat", "exceedance", "outages", "causes", "stages", "blast-radius"];

/// The picture of that name.
fn named(summary: &Summary, name: &str) -> String {
    let pictures = pictures(summary, Theme::Light).unwrap();
    pictures.into_iter().find(|picture| picture.name == name).unwrap().svg
}

/// What a picture is made of: how many elements of each kind, and its texts in order.
pub(super) fn structure(svg: &str) -> String {
    let document = resvg::usvg::roxmltree::Document::parse(svg).unwrap();
    let mut counts = BTreeMap::<&str, usize>::new();
    let mut texts = Vec::new();
    for node in document.descendants().filter(|node| node.is_element()) {
        *counts.entry(node.tag_name().name()).or_default() += 1;
        if node.has_tag_name((node.tag_name().namespace().unwrap_or_default(), "text")) {
            texts.push(node.text().unwrap_or_default().trim().to_owned());
        }
    }
    let counts: Vec<String> = counts.iter().map(|(tag, count)| format!("{tag}: {count}")).collect();
    format!("{}\n\n{}\n", counts.join(", "), texts.join("\n"))
}

fn names(pictures: &[Picture]) -> Vec<&str> {
    pictures.iter().map(|p| p.name.as_str()).collect()
}

#[test]
fn pictures_are_svg_of_a_known_width_in_both_themes() {
    let summary = summary("Two regions", &["gulf", "europe"], 3.0);
    for theme in [Theme::Light, Theme::Dark] {
        let pictures = pictures(&summary, theme).unwrap();
        assert_eq!(names(&pictures), ALL);
        for picture in &pictures {
            let size = parsed(picture).size();
            assert!((size.width() - 1000.0).abs() < 0.5 && size.height() > 300.0);
        }
    }
}

#[test]
fn themes_differ_and_equal_input_gives_equal_bytes() {
    let summary = summary("Two regions", &["gulf", "europe"], 3.0);
    let light = pictures(&summary, Theme::Light).unwrap();
    assert_eq!(light, pictures(&summary, Theme::Light).unwrap());
    assert_eq!(png(&light[0].svg, 0.5).unwrap(), png(&light[0].svg, 0.5).unwrap());
    assert_ne!(light, pictures(&summary, Theme::Dark).unwrap());
}

#[test]
fn a_png_has_its_size_and_shows_something() {
    let summary = summary("Two regions", &["gulf", "europe"], 3.0);
    for picture in pictures(&summary, Theme::Light).unwrap() {
        let size = parsed(&picture).size();
        let image = Pixmap::decode_png(&png(&picture.svg, 0.5).unwrap().bytes).unwrap();
        assert_eq!(image.width(), 500);
        assert_eq!(image.height(), (0.5 * size.height()).round() as u32);
        let colors: BTreeSet<[u8; 4]> =
            image.pixels().iter().map(|p| [p.red(), p.green(), p.blue(), p.alpha()]).collect();
        assert!(colors.len() > 50, "{} colours", colors.len());
        assert!(colors.iter().all(|[_, _, _, alpha]| *alpha == 255), "the page has holes");
    }
}

#[test]
fn titles_cannot_break_a_picture() {
    let long = "x".repeat(10_000);
    let combining = "\u{301}".repeat(10_000);
    for title in [
        "<script>alert('x')</script> & \"quotes\"",
        "bell\u{7} null\0 escape\u{1b}[31m no character \u{ffff} line\r\nbreak",
        "\u{202e}right to left\u{202c} עברית العربية",
        "]]> --> &lt; &#0; 日本語 🚀",
        &long,
        &combining,
        "",
    ] {
        let summary = summary(title, &["a\"b<c>\u{1}"], 3.0);
        for picture in pictures(&summary, Theme::Light).unwrap() {
            parsed(&picture);
            let svg = &picture.svg;
            assert!(!svg.contains("<script") && !svg.contains("<c>") && !svg.contains('\u{202e}'));
            assert!(!svg.chars().any(|c| c.is_control() && c != '\n'), "{title:?}");
            assert!(svg.len() < 200_000);
        }
    }
}

#[test]
fn no_downtime_is_said_in_words() {
    let pictures = pictures(&summary("Quiet", &["gulf"], 0.0), Theme::Light).unwrap();
    assert_eq!(names(&pictures), ["availability", "success-chat", "exceedance"]);
    let svg = &pictures[2].svg;
    assert!(svg.contains("No downtime in any of the 60 replications."), "{svg}");
    // Clopper-Pearson for 0 of 60: 1 - 0.025^(1/60).
    assert!(svg.contains("at most 6.0 %"), "{svg}");
    assert!(!svg.contains("<polygon"));
}

#[test]
fn over_a_long_horizon_the_downtime_that_it_allows_is_marked() {
    let mut summary = summary("One region", &["gulf"], 3.0);
    summary.horizon_s = 365.0 * 86_400.0;
    let picture = named(&summary, "exceedance");
    assert!(picture.contains("objective 99.9 %: 8.8 h in 365 d") && !picture.contains("a month"));
}

#[test]
fn an_allowed_downtime_is_marked() {
    let mut summary = summary("One region", &["gulf"], 3.0);
    let label = "objective 99.9 %: 45 min a month";
    assert!(named(&summary, "exceedance").contains(label));
    summary.journeys[0].objective = Some(1.0);
    summary.journeys[0].budget.as_mut().unwrap().months[0].allowed_s = 0.0;
    assert!(!named(&summary, "exceedance").contains("a month"));
}

#[test]
fn names_are_unique_and_safe() {
    let mut summary = summary("Names", &["gulf"], 3.0);
    let figures = summary.journeys.remove(0);
    for name in ["Chat/1", "chat 1", "../../chat-1", "チャット", "会話", "", "CON"] {
        for population in ["a", "b"] {
            let mut figures = figures.clone();
            (figures.journey, figures.population) = (name.to_owned(), population.to_owned());
            summary.journeys.push(figures);
        }
    }
    let pictures = pictures(&summary, Theme::Light).unwrap();
    let names = names(&pictures);
    assert_eq!(names[1..5], ["success-chat-1", "success-chat-1-2", "success-chat-1-3", "success"]);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    assert!(names.iter().all(|n| n.chars().all(safe)));
}

#[test]
fn many_populations_go_on_several_pictures() {
    let mut summary = summary("Many", &["gulf"], 3.0);
    let figures = summary.journeys.remove(0);
    summary.journeys = (0..25)
        .map(|i| (i, figures.clone()))
        .map(|(i, mut f)| {
            f.population = format!("population {i}");
            f
        })
        .collect();
    let pictures = pictures(&summary, Theme::Light).unwrap();
    let success = pictures.iter().filter(|p| p.name.starts_with("success")).count();
    assert_eq!(success, 3);
    assert!(pictures[2].svg.contains("over time (2 of 3)"));
}

#[test]
fn figures_that_are_no_numbers_still_make_a_picture() {
    let mut summary = summary("Broken", &["gulf"], 3.0);
    (summary.start_unix_s, summary.horizon_s) = (f64::NAN, f64::INFINITY);
    let figures = &mut summary.journeys[0];
    figures.curve.as_mut().unwrap().points[3].p50 = f64::NAN;
    figures.curve.as_mut().unwrap().points[4].at_s = f64::INFINITY;
    figures.exceedance[3].down_s = 0.0;
    figures.exceedance[4].probability = f64::NAN;
    pictures(&summary, Theme::Light).unwrap().iter().for_each(|p| {
        parsed(p);
    });
}

#[test]
fn what_is_no_picture_is_an_error() {
    assert!(matches!(png("<svg", 1.0), Err(PlotError::Svg(_))));
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>";
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e6] {
        assert!(matches!(png(svg, scale), Err(PlotError::Size { .. })), "{scale}");
    }
    assert!(png(svg, 1.0).is_ok());
}

#[test]
fn pictures_are_made_of_what_they_were() {
    let summary = summary("Two regions", &["gulf", "europe"], 3.0);
    for name in ALL {
        insta::assert_snapshot!(format!("structure_{name}"), structure(&named(&summary, name)));
    }
    let model = model("Two regions", &["gulf", "europe"], 3.0);
    let told = trace(&model, 7, 0).unwrap();
    let lanes = Swimlane::of(&model, &told);
    insta::assert_debug_snapshot!("view_swimlane", lanes);
    insta::assert_snapshot!("structure_swimlane", structure(&lanes.svg(Theme::Light).unwrap()));
    let graph = DependencyGraph::of(&model);
    insta::assert_debug_snapshot!("view_graph", graph);
    insta::assert_snapshot!("structure_graph", structure(&graph.svg(Theme::Light).unwrap()));
    insta::assert_snapshot!("graph_dot", graph.dot());
}

#[test]
fn pictures_show_what_the_run_found() {
    let summary = summary("Two regions", &["gulf", "europe"], 3.0);
    insta::assert_debug_snapshot!("view_availability", super::availability::rows(&summary));
    insta::assert_debug_snapshot!("view_causes", super::causes::view(&summary));
    insta::assert_debug_snapshot!("view_stages", super::stages::bars(&summary));
    insta::assert_debug_snapshot!("view_blast_radius", super::blast::view(&summary));
    let lines = super::outages::lines(&summary);
    let shown: Vec<_> = lines.iter().map(|l| (&l.label, l.points.first(), l.points.last())).collect();
    insta::assert_debug_snapshot!("view_outages", shown);
}

/// The tornado of a ranking: two regions that fail, each with users of its own.
#[test]
fn a_tornado_shows_what_was_replayed() {
    let model = model("Two regions", &["gulf", "europe"], 3.0);
    let run = RunOptions { replications: 60, seed: 7, threads: 1, curve_points: 0 };
    let outage = SimSpan::from_micros(MICROS_PER_HOUR);
    let figures = RankFigure::all(&model);
    let ranked = |top: usize, of: &str| {
        let (name, figure) = figures.iter().find(|(name, _)| name == of).unwrap();
        rank(&model, RankOptions { figure: (name, *figure), top, outage, run }, &Progress::default()).unwrap()
    };
    let tornado = Tornado::of(&ranked(2, "down:chat:gulf"));
    insta::assert_debug_snapshot!("view_tornado", tornado);
    insta::assert_snapshot!("structure_tornado", structure(&tornado.svg(Theme::Light).unwrap()));
    assert_ne!(tornado.svg(Theme::Light).unwrap(), tornado.svg(Theme::Dark).unwrap());
    for of in ["down", "hit", "lost_requests"] {
        assert!(Tornado::of(&ranked(1, of)).svg(Theme::Dark).unwrap().contains(&format!("change of {of}")));
    }
    assert!(Tornado::of(&ranked(0, "down")).svg(Theme::Light).unwrap().contains("Nothing was replayed."));
}

#[test]
fn differences_show_what_was_compared() {
    let [few, more, most] = [3.0, 6.0, 300.0].map(|failures| model("Regions", &["gulf", "europe"], failures));
    let designs = [("few", &few), ("more", &more), ("the same", &few), ("most", &most)]
        .map(|(name, model)| Design { name, model });
    let options = RunOptions { replications: 60, seed: 7, threads: 1, curve_points: 0 };
    let compared = |designs: &[Design<'_>]| {
        Differences::of(&compare(designs, options, &[], &Progress::default()).unwrap())
    };
    let all = compared(&designs);
    insta::assert_debug_snapshot!("view_differences", all);
    insta::assert_snapshot!("structure_differences", structure(&all.svg(Theme::Light).unwrap()));
    let linear = compared(&designs[..2]).svg(Theme::Dark).unwrap();
    assert!(!linear.contains("logarithmic") && linear.contains("worse"));
    let none = compared(&[designs[0], designs[2]]).svg(Theme::Light).unwrap();
    assert!(none.contains("in any replication."), "{none}");
    let many: Vec<String> =
        (0..40).map(|number| format!("design {number} \u{202e}<b>\u{7} 日本語")).collect();
    let mut designs = vec![designs[0]];
    designs.extend(many.iter().map(|name| Design { name, model: &more }));
    let svg = compared(&designs).svg(Theme::Light).unwrap();
    assert!(svg.contains("20 more not shown") && !svg.contains("<b>") && !svg.contains('\u{202e}'));
    parsed(&Picture { name: "many".to_owned(), title: String::new(), svg, spots: Vec::new() });
}

/// Every failure of the one unit hits its users, and nobody else.
#[test]
fn an_occurrence_hits_as_often_as_it_is_counted() {
    let summary = summary("Two regions", &["gulf", "europe"], 3.0);
    for journey in &summary.journeys {
        let [hit] = &journey.hits[..] else { panic!("{:?}", journey.hits) };
        assert_eq!(hit.cause, journey.causes[0].cause);
        assert_eq!(hit.occurrences as f64, journey.causes[0].events * summary.replications as f64);
        // Outages shorter than a minute do not count.
        assert!(hit.hits <= hit.occurrences && hit.hit_probability > 0.98, "{hit:?}");
        let total = hit.user_minutes_per_occurrence * hit.occurrences as f64;
        let expected = journey.causes[0].user_minutes_down * summary.replications as f64;
        assert!((total - expected).abs() < 1e-9 * expected);
    }
}

#[test]
fn a_scenario_without_users_still_has_a_graph() {
    let model = model("Nobody", &[], 0.0);
    let graph = DependencyGraph::of(&model);
    assert!(graph.svg(Theme::Dark).unwrap().contains("0 components"));
    assert!(graph.dot().starts_with("digraph"));
}

#[test]
fn names_cannot_break_dot() {
    let model = model("a \"quoted\" \\ title\n", &["x\"]; n0 -> n1 [label=\"\\"], 3.0);
    let dot = DependencyGraph::of(&model).dot();
    assert!(dot.contains(r#"label="a \"quoted\" \\ title""#), "{dot}");
    let unescaped = dot.replace("\\\\", "").replace("\\\"", "");
    assert!(unescaped.lines().all(|line| line.matches('"').count() % 2 == 0), "{unescaped}");
}

/// Hazards at known times are marked with their clock time; where they stand close, numbers share a place.
#[test]
fn hazards_are_marked() {
    let mut summary = summary("Hazards", &["gulf"], 3.0);
    let hazard = |name: &str, from_s: f64, to_s: f64| HazardTime { hazard: name.to_owned(), from_s, to_s };
    summary.hazards = vec![hazard("strike", 86_400.0, 86_400.0), hazard("storm", 86_500.0, 90_000.0)];
    let svg = named(&summary, "success-chat");
    for text in ["2 Mar 2026 00:00 UTC: strike", "2 Mar 2026 00:01 to 01:00 UTC: storm", "1,2"] {
        assert!(svg.contains(text), "{text}");
    }
}

/// A unit that is offered 1.5 x what it can serve while it is at half of its capacity.
fn under_load() -> Model {
    let mut builder = Builder::new("Under load", SimTime::from_micros(DAYS * MICROS_PER_DAY));
    builder.starts_at(START);
    let service = builder.service("model", None);
    let journey = builder.journey(Journey { name: "chat".to_owned(), objective: Objective::default() });
    for (name, demand) in [("gulf", 75.0), ("europe", 40.0)] {
        let mut draft = ComponentDraft::new(format!("model@{name}"), Kind::Unit);
        let every = Law::exp((DAYS * MICROS_PER_DAY) as f64 / 2.0).unwrap();
        let mut mode = ModeDraft::down("half", every, Law::exp(2.0 * MICROS_PER_HOUR as f64).unwrap());
        mode.effect = crate::model::Effect::Capacity(Law::fixed(0.5).unwrap());
        draft = draft.failing(mode);
        draft.unit_of = Some(service);
        let unit = builder.component(draft);
        let population = Population { name: name.to_owned(), users: 10.0, profile: Profile::Flat };
        let population = builder.population(population);
        let units = vec![unit];
        let route = RouteDraft { name: name.to_owned(), population, service, units, failover: None };
        let route = builder.route(route);
        let calls = vec![CallDraft { to: CallTreeDraft::Service(vec![(route, 1.0)]), times: 1.0 }];
        builder.usage(UsageDraft { population, journey, requests_per_second: demand, calls });
        let (gamma, warm_up) = (0.0, SimSpan::ZERO);
        let capacity =
            Capacity { per_member: 100.0, gamma, by_member: Vec::new(), warm_up, trips: None, scaling: None };
        let load = UnitLoad { unit, capacity: Some(capacity), calls: Vec::new() };
        builder.unit_load(UnitLoadDraft { load, scaling_needs: None });
    }
    builder.build().unwrap()
}

#[test]
fn headroom_is_drawn_where_there_is_load() {
    let model = under_load();
    let options = RunOptions { replications: 60, seed: 7, threads: 1, curve_points: 97 };
    let summary = summarize(&model, &run(&model, options, &Progress::default()).unwrap());
    insta::assert_debug_snapshot!("view_headroom", super::headroom::rows(&summary));
    insta::assert_snapshot!("structure_headroom", structure(&named(&summary, "headroom")));
}

/// Neighbours in a recovery, and all others, are told apart in both themes.
#[test]
fn every_stage_has_a_colour_of_its_own() {
    let mut summary = summary("All stages", &["gulf"], 3.0);
    let share = 1.0 / crate::measure::STAGES as f64;
    let stage = |name: &&str| crate::study::StageShare { stage: (*name).to_owned(), share };
    summary.journeys[0].stages = crate::measure::STAGE_NAMES.iter().map(stage).collect();
    for theme in [Theme::Light, Theme::Dark] {
        let drawn = pictures(&summary, theme).unwrap().into_iter().find(|p| p.name == "stages").unwrap();
        let document = resvg::usvg::roxmltree::Document::parse(&drawn.svg).unwrap();
        let filled =
            document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "rect")));
        let colors: BTreeSet<&str> = filled.filter_map(|node| node.attribute("fill")).collect();
        // All stages and the page.
        assert!(colors.len() > crate::measure::STAGES, "{colors:?}");
    }
}
