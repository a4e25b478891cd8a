//! Tests of pictures as a whole.

use std::collections::BTreeSet;

use resvg::tiny_skia::Pixmap;
use resvg::usvg::Tree;

use super::png::options;
use super::{Picture, PlotError, Theme, pictures, png};
use crate::law::Law;
use crate::model::{
    Builder, CallDraft, CallTreeDraft, ComponentDraft, Journey, Kind, ModeDraft, Model, Month, Objective,
    Population, Profile, RouteDraft, UsageDraft,
};
use crate::study::{Progress, RunOptions, Summary, run, summarize};
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
    Tree::from_str(&picture.svg, &options()).unwrap_or_else(|e| panic!("{}: {e}", picture.name))
}

fn names(pictures: &[Picture]) -> Vec<&str> {
    pictures.iter().map(|p| p.name.as_str()).collect()
}

#[test]
fn pictures_are_svg_of_a_known_width_in_both_themes() {
    let summary = summary("Two regions", &["gulf", "europe"], 3.0);
    for theme in [Theme::Light, Theme::Dark] {
        let pictures = pictures(&summary, theme).unwrap();
        assert_eq!(names(&pictures), ["success-chat", "exceedance"]);
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
        let image = Pixmap::decode_png(&png(&picture.svg, 0.5).unwrap()).unwrap();
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
    assert_eq!(names(&pictures), ["success-chat", "exceedance"]);
    let svg = &pictures[1].svg;
    assert!(svg.contains("No downtime in any of the 60 replications."), "{svg}");
    // Clopper-Pearson for 0 of 60: 1 - 0.025^(1/60).
    assert!(svg.contains("at most 6.0 %"), "{svg}");
    assert!(!svg.contains("<polygon"));
}

#[test]
fn an_allowed_downtime_is_marked() {
    let mut summary = summary("One region", &["gulf"], 3.0);
    let label = "objective 99.9 %: 45 min a month";
    assert!(pictures(&summary, Theme::Light).unwrap()[1].svg.contains(label));
    summary.journeys[0].objective = Some(1.0);
    summary.journeys[0].budget.as_mut().unwrap().months[0].allowed_s = 0.0;
    assert!(!pictures(&summary, Theme::Light).unwrap()[1].svg.contains("a month"));
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
    assert_eq!(names[..4], ["success-chat-1", "success-chat-1-2", "success-chat-1-3", "success"]);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 14);
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
    assert_eq!((success, pictures.len()), (3, 7));
    assert!(pictures[1].svg.contains("over time (2 of 3)"));
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
