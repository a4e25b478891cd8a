//! Minimal cut sets: by hand for the tutorial, and against the engine, which plays every loss.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use std::path::Path;

use blackstart::model::{Cut, Model, UsageId, cuts};
use blackstart::scenario::{Diagnostics, Sources, load, load_extending};
use blackstart::study::trace;
use common::{extended, scenario_file};

fn tutorial(name: &str) -> Model {
    let file = scenario_file(&Path::new("scenarios/tutorial").join(name)).unwrap();
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    load_extending(&file, &extended, &[], &mut sources, &mut found).unwrap().model
}

fn names(model: &Model, cuts: &[Cut]) -> Vec<String> {
    let name = |cut: &Cut| {
        let names: Vec<&str> =
            cut.components.iter().map(|c| model.components[c.index()].name.as_str()).collect();
        names.join(" + ") + if cut.moving_helps { " (moving helps)" } else { "" }
    };
    cuts.iter().map(name).collect()
}

fn assert_cuts(file: &str, usage: usize, single: &[&str], pairs: &[&str]) {
    let model = tutorial(file);
    let found = cuts(&model, UsageId::at(usage));
    assert_eq!(names(&model, &found.single), single, "{file}");
    assert_eq!(names(&model, found.pairs.as_deref().unwrap()), pairs, "{file}");
}

#[test]
fn the_tutorial_has_the_cuts_that_one_sees() {
    assert_cuts(
        "01-one-zone.ron",
        0,
        &["north", "north/a", "north/a/utility", "north/a/chat", "chat@north"],
        &[],
    );
    // Generators stand in for the grid: it takes both.
    assert_cuts(
        "02-ups-and-generators.ron",
        0,
        &["north", "north/a", "north/a/chat", "chat@north"],
        &["north/a/utility + north/a/generators"],
    );
    let zones = ["north/a + north/b", "north/a + north/c", "north/b + north/c"];
    let moving = zones.map(|pair| format!("{pair} (moving helps)"));
    assert_cuts(
        "04-two-regions.ron",
        0,
        &["north (moving helps)", "chat@north (moving helps)"],
        &moving.each_ref().map(String::as_str),
    );
    // A cycle of needs: either of the two takes the other down.
    assert_cuts("06-cycle.ron", 0, &["north", "sign-in", "database", "chat@north"], &zones);
}

/// No failures but the hazard "loss"; what buys time gives little of it.
const SYSTEM: &str = r#"Scenario(
    title: "Losses",
    start: "2026-01-01T00:00:00Z",
    horizon: "10d",
    zone_kinds: {
        "hall": (
            parts: {
                "utility": (),
                "generators": (standby: (starts_in: Fixed("1s"))),
                "cooling": (),
            },
            needs: [
                (on: Any(["utility", "generators"]), at_least: "50%", holdover: Fixed("5m"), refills_in: "1h"),
                "cooling",
            ],
        ),
    },
    regions: {
        "north": (zones: { "a": "hall", "b": "hall", "c": "hall" }),
        "south": (zones: { "a": "hall", "b": "hall" }),
    },
    services: {
        "store": (scope: Regional, spread: Quorum(2)),
        "names": (scope: Global, in: ["south"]),
        "model": (scope: Regional, member: (needs: [(on: "store", holdover: Fixed("10m"), refills_in: "1h")])),
        "other": (scope: Outside),
    },
    journeys: {
        "chat": (calls: ["names", FirstOf(of: ["model", "other"], switch: Fixed("1s"))]),
        "api": (calls: ["model"]),
    },
    users: {
        "town": (
            count: 1000,
            does: { "chat": "1/h", "api": "1/h" },
            route: Order(["north", "south"]),
            failover: (detect: Fixed("5m"), shift: Fixed("10m"), quiet: Fixed("1h")),
        ),
    },
    hazards: { "loss": (occurs: At("2026-01-02T00:00:00Z"), strikes: { "of": (targets: [TARGETS], repair: Fixed("1000d")) }) },
)"#;

fn with_loss_of(targets: &[&str]) -> Model {
    let quoted: Vec<String> = targets.iter().map(|name| format!("\"{name}\"")).collect();
    let text = SYSTEM.replace("TARGETS", &quoted.join(", "));
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load("losses", &text, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{targets:?}: {found:?}")).model
}

/// Whether each journey goes down when these are lost, and whether it is down still at the end.
fn played(targets: &[&str]) -> Vec<(bool, bool)> {
    let told = trace(&with_loss_of(targets), 1, 0).unwrap();
    told.figures.usages.iter().map(|usage| (!usage.outages.is_empty(), usage.censored)).collect()
}

#[test]
fn every_loss_does_in_the_engine_what_its_cut_says() {
    let model = with_loss_of(&["other"]);
    let components: Vec<&str> = model.components.iter().map(|c| c.name.as_str()).collect();
    let found: Vec<_> = (0..model.usages.len()).map(|u| cuts(&model, UsageId::at(u))).collect();
    let said = |list: &[Cut], lost: &[&str]| {
        let names =
            |cut: &Cut| cut.components.iter().map(|c| components[c.index()]).collect::<Vec<_>>() == lost;
        list.iter().find(|cut| names(cut)).map(|cut| cut.moving_helps)
    };
    let mut seen = [0; 3];
    for (index, first) in components.iter().enumerate() {
        let alone = played(&[first]);
        for (usage, (down, still)) in alone.iter().enumerate() {
            let cut = said(&found[usage].single, &[first]);
            assert_eq!(cut, down.then_some(!still), "{first}, usage {usage}");
            seen[0] += usize::from(*down);
        }
        for second in &components[index + 1..] {
            let other = played(&[second]);
            for (usage, (down, still)) in played(&[first, second]).into_iter().enumerate() {
                if alone[usage].0 || other[usage].0 {
                    continue;
                }
                let pairs = found[usage].pairs.as_deref().unwrap();
                match said(pairs, &[first, second]) {
                    Some(moving_helps) => {
                        assert_eq!((down, !still), (true, moving_helps), "{first} + {second}, usage {usage}");
                        seen[1] += 1;
                    }
                    // Left out where a pair with a zone or region in it says the same.
                    None if down => {
                        let has_place = |cut: &Cut| {
                            cut.components.iter().any(|c| {
                                let name = components[c.index()];
                                matches!(name, "north" | "south") || name.matches('/').count() == 1
                            })
                        };
                        assert!(pairs.iter().any(has_place), "{first} + {second}, usage {usage}");
                        seen[2] += 1;
                    }
                    None => {}
                }
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 4), "{seen:?}");
}
