//! The network in the scenario language: what becomes of it in the model.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use blackstart::law::Law;
use blackstart::model::{CompId, Kind, Landing, Model, NodeId, NodeKind, PlaceId};
use blackstart::report::{Page, render_diagnostics, resolved_text};
use blackstart::scenario::{Diagnostics, Loaded, Sources, figures, load, written_out};
use blackstart::time::{MICROS_PER_YEAR, SimSpan};

const SCENARIO: &str = include_str!("network_language.ron");

fn try_read(text: &str, edits: &[&str]) -> Result<Loaded, String> {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let edits: Vec<String> = edits.iter().map(|edit| (*edit).to_owned()).collect();
    let loaded = load("network", text, &edits, &mut sources, &mut found);
    let said = render_diagnostics(&sources, &found.into_vec(), false);
    match loaded {
        Some(loaded) if said.is_empty() => Ok(loaded),
        _ => Err(said),
    }
}

fn read(edits: &[&str]) -> Loaded {
    try_read(SCENARIO, edits).unwrap_or_else(|said| panic!("{said}"))
}

fn model(edits: &[&str]) -> Model {
    read(edits).model
}

fn named(model: &Model, name: &str) -> CompId {
    model.component_named(name).unwrap_or_else(|| panic!("there is no {name}"))
}

fn place(model: &Model, name: &str) -> PlaceId {
    PlaceId::at(model.network.places.iter().position(|p| p.name == name).unwrap())
}

/// The names of all components of a kind, in order of id.
fn all(model: &Model, kind: Kind) -> Vec<&str> {
    model.components.iter().filter(|c| c.kind == kind).map(|c| c.name.as_str()).collect()
}

/// Mean time to failure of a component's only failure, in years.
fn mean_years(model: &Model, name: &str) -> f64 {
    let modes = &model.modes[model.components[named(model, name).index()].modes.clone()];
    assert_eq!(modes.len(), 1, "{name}");
    modes[0].every.mean() / MICROS_PER_YEAR as f64
}

/// An expression with the names of components.
fn said(model: &Model, node: NodeId) -> String {
    let name = |c: CompId| model.components[c.index()].name.clone();
    let inner = || {
        let list = model.expressions.children(node).iter().map(|child| said(model, *child));
        list.collect::<Vec<_>>().join(", ")
    };
    match model.expressions.kind(node) {
        NodeKind::Level(c) => name(c),
        NodeKind::Up(c) => format!("Up({})", name(c)),
        NodeKind::Down(c) => format!("Down({})", name(c)),
        NodeKind::All => format!("All({})", inner()),
        NodeKind::Any => format!("Any({})", inner()),
        NodeKind::Share => format!("Share({})", inner()),
        NodeKind::Need { at_least: Some(least), .. } => format!("{} >= {least}", inner()),
        NodeKind::Need { .. } => inner(),
        other => format!("{other:?}({})", inner()),
    }
}

fn needs(model: &Model, name: &str) -> String {
    said(model, model.components[named(model, name).index()].support.unwrap())
}

#[test]
fn sites_segments_and_links_are_components() {
    let model = model(&[]);
    assert_eq!(all(&model, Kind::Site), ["fujairah", "suez", "marseille", "mumbai", "dubai", "ship"]);
    assert_eq!(
        all(&model, Kind::Segment),
        ["west/fujairah-suez", "west/suez-marseille", "east/fujairah-mumbai"]
    );
    assert_eq!(all(&model, Kind::Link), ["backhaul", "overland", "radio"]);
    let network = &model.network;
    let ends: Vec<(&str, usize, usize)> = network
        .edges
        .iter()
        .map(|e| (model.components[e.component.index()].name.as_str(), e.ends.0.index(), e.ends.1.index()))
        .collect();
    assert_eq!(
        ends,
        [
            ("west/fujairah-suez", 0, 1),
            ("west/suez-marseille", 1, 2),
            ("east/fujairah-mumbai", 0, 3),
            ("backhaul", 4, 0),
            ("overland", 4, 2),
            ("radio", 5, 2),
        ]
    );
    let capacities: Vec<f64> = network.edges.iter().map(|e| e.capacity).collect();
    assert_eq!(capacities, [2e13, 5e12, f64::INFINITY, 1e13, 1e12, f64::INFINITY]);
    // Sites and edges name what fails there, in the same order.
    let sites: Vec<&str> =
        network.sites.iter().map(|s| model.components[s.component.index()].name.as_str()).collect();
    assert_eq!(sites, all(&model, Kind::Site));
}

/// 4.9 us for each km; a great circle counts 1.2 times; what is given counts as given.
#[test]
fn latencies_follow_from_lengths() {
    let model = model(&[]);
    let nanos: Vec<u64> = model.network.edges.iter().map(|e| e.latency_nanos).collect();
    assert_eq!(nanos[0], 5_200 * 4_900);
    assert_eq!(nanos[2], 12_000_000);
    assert_eq!(nanos[5], 270_000_000);
    // Suez to Marseille: 2,747 km on a great circle of 6,371.0088 km radius.
    let (a, b) = ((29.97_f64, 32.55_f64), (43.3_f64, 5.37_f64));
    let (lat1, lat2, d) = (a.0.to_radians(), b.0.to_radians(), (b.1 - a.1).to_radians());
    let angle = (lat1.sin() * lat2.sin() + lat1.cos() * lat2.cos() * d.cos()).acos();
    let wanted = angle * 6_371.008_8 * 1.2 * 4_900.0;
    // The two formulas round differently: 1e-9 of 15 ms is far below a nanosecond's rounding.
    assert!((nanos[1] as f64 - wanted).abs() < 1.0, "{} for {wanted}", nanos[1]);
}

/// Mean time to failure is 1 / (rate x length); a segment's own faults go before its cable's.
#[test]
fn faults_come_with_length() {
    let model = model(&[]);
    let close = |name: &str, years: f64| {
        let mean = mean_years(&model, name);
        assert!((mean / years - 1.0).abs() < 1e-9, "{name}: {mean} for {years}");
    };
    close("west/fujairah-suez", 1.0 / (1e-4 * 5_200.0));
    close("overland", 1.0 / (1e-3 * 7_000.0));
    close("backhaul", 2.0);
    let mode = model.modes.iter().find(|m| m.name == "west/fujairah-suez: fault").unwrap();
    assert!(model.repairs[mode.repair.index()].crew.is_some());
    let east = model.components[named(&model, "east/fujairah-mumbai").index()].modes.clone();
    assert!(east.is_empty());
    let never = self::model(&["cables.west.faults.rate=\"0/1000km/y\""]);
    let mode = never.modes.iter().find(|m| m.name == "west/fujairah-suez: fault").unwrap();
    assert_eq!(mode.every, Law::NEVER);
}

#[test]
fn corridors_ask_for_permits_and_are_targets() {
    let model = model(&[]);
    let permits = |mode: &str| {
        let mode = model.modes.iter().find(|m| m.name == mode).unwrap_or_else(|| panic!("{mode}"));
        mode.permits.len()
    };
    // Only one of its two corridors asks for a permit.
    assert_eq!(permits("west/fujairah-suez: fault"), 1);
    assert_eq!(permits("west/suez-marseille: fault"), 0);
    let targets = |strike: &str| -> Vec<&str> {
        let strike = model.strikes.iter().find(|s| s.name == strike).unwrap_or_else(|| panic!("{strike}"));
        strike.targets.iter().map(|t| model.components[t.component.index()].name.as_str()).collect()
    };
    assert_eq!(targets("anchor: cut"), ["west/fujairah-suez", "east/fujairah-mumbai", "backhaul"]);
    assert_eq!(
        targets("quake: all"),
        ["suez", "west/fujairah-suez", "west/suez-marseille", "east/fujairah-mumbai"]
    );
    // No wildcard matches a way from place to place.
    let ways = all(&model, Kind::Path);
    let everything = targets("everything: all");
    assert!(
        everything.contains(&"fujairah") && everything.contains(&"radio") && everything.contains(&"gulf")
    );
    assert!(!ways.is_empty() && ways.iter().all(|way| !everything.contains(way)));
}

#[test]
fn everybody_joins_where_they_say() {
    let model = model(&[]);
    let joins: Vec<(&str, Vec<usize>)> = model
        .network
        .places
        .iter()
        .map(|p| (p.name.as_str(), p.joins.iter().map(|(site, _)| site.index()).collect()))
        .collect();
    assert_eq!(
        joins,
        [
            ("region gulf", vec![0, 4]),
            ("region eu", vec![2]),
            ("users gulf people", vec![4]),
            ("users europeans", vec![2]),
            ("service mail", vec![3]),
        ]
    );
    // The people of the gulf live at their site, and the provider says of no place.
    assert_eq!(model.network.places[2].joins[0].1, 0);
    assert_eq!(model.network.places[4].joins[0].1, 0);
    // From (24.4, 54.4) to (25.1, 56.3): 207 km on a great circle, 1.2 times that at 4.9 us a km.
    let nanos = model.network.places[0].joins[0].1;
    assert!((nanos as f64 / 1e3 - 207.0 * 1.2 * 4.9).abs() < 5.0, "{nanos}");
}

#[test]
fn the_nearest_region_is_the_one_of_least_latency() {
    let model = model(&[]);
    let least =
        |from: &str, to: &str| model.network.least_latency(place(&model, from), place(&model, to)).unwrap();
    let units = |route: &str| -> Vec<&str> {
        let route = model.routes.iter().find(|r| r.name == route).unwrap_or_else(|| panic!("{route}"));
        route.units.iter().map(|u| model.components[u.index()].name.as_str()).collect()
    };
    assert!(least("users gulf people", "region gulf") < least("users gulf people", "region eu"));
    assert_eq!(units("gulf people to chat"), ["chat@gulf", "chat@eu"]);
    assert_eq!(units("europeans to chat"), ["chat@eu", "chat@gulf"]);
    // No `at` is needed for that, and whoever joins elsewhere is near to others.
    let far = self::model(&["users.'gulf people'.attach=[\"marseille\"]"]);
    let route = far.routes.iter().find(|r| r.name == "gulf people to chat").unwrap();
    assert_eq!(far.components[route.units[0].index()].name, "chat@eu");
}

#[test]
fn each_unit_of_a_route_has_its_landings() {
    let model = model(&[]);
    let landings = |route: &str| -> Vec<Vec<(String, Vec<String>)>> {
        let route = model.routes.iter().find(|r| r.name == route).unwrap_or_else(|| panic!("{route}"));
        let name = |c: &CompId| model.components[c.index()].name.clone();
        let one = |l: &Landing| (name(&l.path), l.members.iter().map(name).collect());
        route.landings.iter().map(|list| list.iter().map(one).collect()).collect()
    };
    let text = |list: Vec<Vec<(String, Vec<String>)>>| format!("{list:?}");
    assert_eq!(
        text(landings("gulf people to chat")),
        r#"[[("users gulf people to region gulf", [])], [("users gulf people to region eu", [])]]"#
    );
    assert_eq!(
        text(landings("gulf people to sign-in")),
        r#"[[("users gulf people to region gulf", ["gulf/a/sign-in"]), ("users gulf people to region eu", ["eu/a/sign-in", "eu/b/sign-in"])]]"#
    );
    assert_eq!(text(landings("gulf people to mail")), r#"[[("users gulf people to service mail", [])]]"#);
    assert!(model.routes.iter().all(|r| r.landings.len() == r.units.len()));
    // A way that two ask for is one component.
    let ways = all(&model, Kind::Path);
    let mut once = ways.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(ways.len(), once.len());
}

#[test]
fn needs_across_regions_need_a_way() {
    let model = model(&[]);
    assert_eq!(
        needs(&model, "gulf/a/chat"),
        "All(gulf/a, All(store@eu, Up(region gulf to region eu)) >= 0.5, \
         All(Up(sign-in), Any(Up(gulf/a/sign-in), \
         All(Up(region gulf to region eu), Any(Up(eu/a/sign-in), Up(eu/b/sign-in))))), \
         All(Up(mail), Up(region gulf to service mail)), Up(region gulf to region eu), Up(store@gulf))"
    );
    // At home nothing is in the way.
    assert_eq!(
        needs(&model, "eu/a/chat"),
        "All(eu/a, store@eu >= 0.5, \
         All(Up(sign-in), Any(All(Up(region eu to region gulf), Up(gulf/a/sign-in)), \
         Any(Up(eu/a/sign-in), Up(eu/b/sign-in)))), All(Up(mail), Up(region eu to service mail)), All(), Up(store@eu))"
    );
    // Whoever is in no region needs no way, and a condition looks at levels.
    assert_eq!(needs(&model, "mail"), "Up(sign-in)");
    assert_eq!(needs(&model, "radio"), "ship");
    let clock = model.modes.iter().find(|m| m.name == "gulf/a/store: overload").unwrap().clock;
    let blackstart::model::Clock::While(node) = clock else { panic!("{clock:?}") };
    assert_eq!(said(&model, node), "Down(store@eu)");
    // What a move needs is seen from the region that is left.
    let route = model.routes.iter().find(|r| r.name == "gulf people to chat").unwrap();
    let moves: Vec<String> =
        route.failover.as_ref().unwrap().needs.iter().map(|n| said(&model, n.unwrap())).collect();
    assert_eq!(moves, ["Up(region gulf to region eu)", "All()"]);
}

#[test]
fn journeys_say_how_long_and_how_much() {
    let model = model(&[]);
    assert_eq!(model.journeys[0].objective.latency_limit, Some(SimSpan::from_micros(2_000_000)));
    let bits: Vec<(usize, f64)> = model.network.bits_per_call.iter().map(|(j, b)| (j.index(), *b)).collect();
    assert_eq!(bits, [(0, 320_000.0)]);
}

/// Larger priority first, then as written.
#[test]
fn traffic_comes_in_order() {
    let model = model(&[]);
    let flows: Vec<(&str, f64)> = model.network.traffic.iter().map(|f| (f.name.as_str(), f.rate)).collect();
    assert_eq!(flows, [("europe to asia", 2.6e12), ("video", 1e12), ("bulk", 5e11)]);
    assert!(model.network.convergence.as_ref().is_some_and(|law| law.mean() > 40e6));
}

/// Without cables and links nobody needs a way, wherever they join.
#[test]
fn without_edges_the_network_is_perfect() {
    let at = "users.europeans.at=(43.0, 5.0)";
    let edits = ["cables={}", "links={}", "corridors={}", "traffic={}", "hazards={}", at];
    let said = try_read(SCENARIO, &edits).unwrap_err();
    assert!(said.starts_with("warning: no cable and no link joins anything"), "{said}");
    let edits = [&edits[..], &["sites={}", "regions.gulf.attach=[]", "regions.eu.attach=[]"]].concat();
    let edits = [
        &edits[..],
        &["users.'gulf people'.attach=[]", "users.europeans.attach=[]", "services.mail.attach=[]"],
    ]
    .concat();
    let perfect = model(&edits);
    assert!(perfect.network.is_perfect() && all(&perfect, Kind::Path).is_empty());
    assert!(perfect.network.places.is_empty() && perfect.network.convergence.is_none());
    assert!(perfect.routes.iter().all(|r| r.landings.is_empty()));
    assert_eq!(
        needs(&perfect, "gulf/a/chat"),
        "All(gulf/a, store@eu >= 0.5, Up(sign-in), Up(mail), All(), Up(store@gulf))"
    );
}

/// What is written out is the same system, and the report of it fits its columns.
#[test]
fn written_out_it_means_the_same() {
    let loaded = read(&[]);
    let again = try_read(&written_out(&loaded), &[]).unwrap_or_else(|said| panic!("{said}"));
    assert!(loaded.model == again.model && loaded.chart == again.chart);
    let of_faults: Vec<String> = figures(&loaded.tree)
        .iter()
        .filter(|f| f.record.contains("faults") || f.record.starts_with("corridors"))
        .map(|f| format!("{}.{}", f.record, f.field))
        .collect();
    assert_eq!(of_faults, ["corridors.bab-el-mandeb.permit", "links.overland.faults.repair"]);
    let text = resolved_text(&loaded, Page::PLAIN);
    assert!(text.lines().all(|line| line.chars().count() <= 100));
    let from = text.find("\nnetwork: ").unwrap();
    let to = text[from..].find(" laws\n").map(|at| from + at).unwrap();
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(&text[from..to]) });
}

/// Nothing that a user can do makes the rules panic, in particular not names that look like ways.
#[test]
fn names_that_look_like_ways_are_refused() {
    let text = SCENARIO.replace("\"radio\":", "\"region gulf to region eu\":");
    let said = try_read(&text, &[]).unwrap_err();
    assert!(said.contains("a second component is called `region gulf to region eu`"), "{said}");
}
