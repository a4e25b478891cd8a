//! Tests of maps as a whole.

use std::fmt::Write as _;

use super::{Map, MarkKind, Shape};
use crate::plot::{State, Theme};
use crate::scenario::{Diagnostics, Loaded, Sources, load};
use crate::study::{Trace, trace};

/// Three islands, two of them beyond the antimeridian, cables in two corridors between them, and a zone that fails at once.
const ISLANDS: &str = r#"Scenario(
    title: "Islands <&> \"cables\"",
    start: "2026-01-01T00:00:00Z",
    horizon: "10d",
    components_start: New,
    zone_kinds: { "hall": (
        parts: { "power": (failures: { "loss": (every: Fixed("1d"), repair: Fixed("5h")) }) },
        needs: ["power"],
    ) },
    sites: { "suva": (at: (-18.1, 178.4)), "apia": (at: (-13.8, -171.8)), "nukualofa": (at: (-21.1, -175.2)) },
    corridors: { "fiji waters": (permit: Fixed("3d")), "samoa waters": () },
    cables: { "tui": (segments: [
        (from: "suva", to: "apia", on: ["fiji waters", "samoa waters"]),
        (from: "suva", to: "nukualofa"),
    ]) },
    links: { "second": (from: "apia", to: "suva", on: ["fiji waters"]) },
    hazards: { "anchor": (occurs: At("2026-01-03T00:00:00Z"), strikes: { "cut": (targets: ["tui/suva-nukualofa"], repair: Fixed("1d")) }) },
    regions: { "fiji": (at: (-17.7, 178.0), attach: ["suva"], zones: { "a": "hall", "b": "hall" }) },
    services: { "shop": (scope: Regional) },
    journeys: { "buy": (calls: ["shop"]) },
    users: {
        "samoa": (count: 1000, attach: ["apia"], does: { "buy": "1/h" }),
        "tonga": (count: 1000, attach: ["nukualofa"], does: { "buy": "1/h" }),
    },
)
"#;

fn islands() -> (Loaded, Trace) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load("islands.ron", ISLANDS, &[], &mut sources, &mut found);
    let loaded = loaded.unwrap_or_else(|| panic!("{:?}", found.into_vec()));
    let told = trace(&loaded.model, 1, 0).unwrap();
    (loaded, told)
}

/// A mark in a line: what it is, where, and what it goes through.
fn shown(map: &Map) -> String {
    let mut text = String::new();
    for mark in map.marks() {
        let shape = match &mark.shape {
            Shape::Square((x, y), side) => format!("square {side:.0} at {x:.0} {y:.0}"),
            Shape::Disc((x, y), radius) => format!("disc {radius:.1} at {x:.0} {y:.0}"),
            Shape::Line(parts) => {
                let ends = parts.iter().filter_map(|p| Some((p.first()?, p.last()?)));
                let part = |(a, b): (&(f64, f64), &(f64, f64))| {
                    format!("{:.0} {:.0} to {:.0} {:.0}", a.0, a.1, b.0, b.1)
                };
                format!("line {}", ends.map(part).collect::<Vec<_>>().join(", "))
            }
        };
        let hours = |(from, to, state): (f64, f64, State)| {
            format!("{:.1}-{:.1} h {}", from / 3600.0, to / 3600.0, state.name())
        };
        let course: Vec<String> = mark.course().take(3).map(hours).collect();
        let _ = writeln!(text, "{:?} {}: {shape}; {}", mark.kind, mark.name, course.join(", "));
    }
    text
}

#[test]
fn a_map_is_made_of_what_it_was() {
    let (loaded, told) = islands();
    let map = Map::of(&loaded.model, &loaded.chart, Some(&told)).unwrap();
    insta::assert_snapshot!("view_map", shown(&map));
    let svg = map.svg(map.worst(), Theme::Light).unwrap();
    insta::assert_snapshot!("structure_map", crate::plot::tests::structure(&svg));
}

/// Marks are as the lanes of the swimlane, at every time.
#[test]
fn states_are_those_of_the_replication() {
    let (loaded, told) = islands();
    let map = Map::of(&loaded.model, &loaded.chart, Some(&told)).unwrap();
    let mark = |name: &str| map.marks().iter().find(|m| m.name.contains(name)).unwrap();
    let day = 86_400.0;
    // Failure clocks of a replication that starts new: at one day for five hours, then every day of working time.
    assert_eq!(mark("zone fiji/a").state(0.5 * day), None);
    assert_eq!(mark("zone fiji/a").state(1.05 * day), Some(State::Down));
    assert_eq!(mark("zone fiji/a").state(1.5 * day), None);
    assert_eq!(mark("suva-nukualofa").state(2.5 * day), Some(State::Down));
    assert_eq!(mark("suva-apia").state(2.5 * day), None);
    assert_eq!(
        mark("users tonga").state(2.5 * day),
        Some(State::Down),
        "without the cable nobody reaches the shop"
    );
    assert_eq!(mark("users samoa").state(2.5 * day), None);
    // When most fail: both zones are out.
    assert!((map.worst() - day).abs() < 1.0, "{}", map.worst());
    let kinds = |kind| map.marks().iter().filter(|m| m.kind == kind).count();
    assert_eq!([MarkKind::Zone, MarkKind::Users, MarkKind::Site, MarkKind::Edge].map(kinds), [2, 2, 3, 3]);
}

#[test]
fn without_places_there_is_no_map() {
    let (Loaded { model, mut chart, .. }, _) = islands();
    assert!(
        Map::of(&model, &chart, None).unwrap().svg(0.0, Theme::Dark).unwrap().contains("everything is whole")
    );
    chart.places.clear();
    assert_eq!(Map::of(&model, &chart, None), None);
}

/// A map that shows no outline of land, and one of the whole world.
#[test]
fn extreme_places_make_a_map() {
    let (Loaded { model, mut chart, .. }, told) = islands();
    for at in [(90.0, 180.0), (-90.0, -180.0), (0.0, -30.0), (80.0, 179.9)] {
        for place in &mut chart.places {
            place.at = at;
        }
        Map::of(&model, &chart, Some(&told)).unwrap().svg(f64::INFINITY, Theme::Light).unwrap();
    }
    for (index, place) in chart.places.iter_mut().enumerate() {
        place.at = (85.0 - 34.0 * index as f64, 60.0 * index as f64 - 179.0);
    }
    Map::of(&model, &chart, None).unwrap().svg(0.0, Theme::Light).unwrap();
}
