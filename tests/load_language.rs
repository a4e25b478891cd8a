//! Load in the scenario language: what becomes of it in the model.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use blackstart::law::Law;
use blackstart::model::{
    Act, CallTree, Change, Kind, Model, NodeId, NodeKind, Occurs, RetryBudget, UnitLoad, UsageLoad, Watched,
};
use blackstart::report::{Page, render_diagnostics, resolved_text};
use blackstart::scenario::{Diagnostics, Loaded, Origin, Sources, figures, load, written_out};
use blackstart::time::{MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, SimSpan};

const SCENARIO: &str = include_str!("load_language.ron");

fn try_read(text: &str, edits: &[&str]) -> Result<Loaded, String> {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let edits: Vec<String> = edits.iter().map(|edit| (*edit).to_owned()).collect();
    let loaded = load("load", text, &edits, &mut sources, &mut found);
    let errors = found.has_errors();
    let said = render_diagnostics(&sources, &found.into_vec(), false);
    match loaded {
        Some(loaded) if !errors => Ok(loaded),
        _ => Err(said),
    }
}

fn read(edits: &[&str]) -> Loaded {
    try_read(SCENARIO, edits).unwrap_or_else(|said| panic!("{said}"))
}

fn model(edits: &[&str]) -> Model {
    read(edits).model
}

fn name(model: &Model, component: blackstart::model::CompId) -> &str {
    &model.components[component.index()].name
}

fn unit<'m>(model: &'m Model, wanted: &str) -> &'m UnitLoad {
    let found = model.load.units.iter().find(|unit| name(model, unit.unit) == wanted);
    found.unwrap_or_else(|| panic!("there is no {wanted}"))
}

fn per_member(model: &Model, wanted: &str) -> f64 {
    unit(model, wanted).capacity.as_ref().unwrap().per_member
}

/// "chat of gulf people".
fn usage_names(model: &Model) -> Vec<String> {
    let name = |usage: &blackstart::model::Usage| {
        let population = &model.populations[usage.population.index()].name;
        format!("{} of {population}", model.journeys[usage.journey.index()].name)
    };
    model.usages.iter().map(name).collect()
}

fn usage<'m>(model: &'m Model, wanted: &str) -> &'m UsageLoad {
    &model.load.usages[usage_names(model).iter().position(|name| name == wanted).unwrap()]
}

/// An expression with the names of components.
fn said(model: &Model, node: NodeId) -> String {
    let inner = || {
        let list = model.expressions.children(node).iter().map(|child| said(model, *child));
        list.collect::<Vec<_>>().join(", ")
    };
    match model.expressions.kind(node) {
        NodeKind::Up(c) => format!("Up({})", name(model, c)),
        NodeKind::All => format!("All({})", inner()),
        NodeKind::Not => format!("Not({})", inner()),
        other => format!("{other:?}({})", inner()),
    }
}

const fn seconds(count: i64) -> SimSpan {
    SimSpan::from_micros(count * MICROS_PER_SECOND)
}

/// A total is of all members of all units: three of the pool in two regions, three racks in three units.
#[test]
fn capacity_is_of_members() {
    let model = model(&[]);
    assert_eq!(per_member(&model, "pool@gulf"), 9_000.0);
    assert_eq!(per_member(&model, "pool@eu"), 9_000.0);
    assert_eq!(per_member(&model, "opus@gulf"), 9_000.0);
    assert_eq!(per_member(&model, "rival"), 2_000.0);
    assert_eq!(per_member(&model, "racks@gulf/b"), 10.0);
    assert!((per_member(&model, "sign-in") - 1e6 / 3_600.0).abs() < 1e-9);
    assert!(unit(&model, "sessions@eu").capacity.is_none());
    let pool = unit(&model, "pool@gulf").capacity.clone().unwrap();
    assert_eq!((pool.gamma, pool.warm_up), (1.5, seconds(300)));
    assert!(pool.scaling.is_none());
    let trips = pool.trips.unwrap();
    assert_eq!((trips.at, trips.after, trips.loses), (1.5, seconds(60), 0.25));
    assert!((trips.rate - 0.1 / 60.0).abs() < 1e-15);
    assert_eq!(trips.restart, Law::exp(2.0 * MICROS_PER_MINUTE as f64).unwrap());
    let eu = unit(&model, "pool@eu").capacity.clone().unwrap().trips.unwrap();
    assert_ne!(trips.restart_stream, eu.restart_stream);
    let opus = unit(&model, "opus@gulf").capacity.clone().unwrap();
    assert_eq!((opus.gamma, opus.warm_up), (0.0, SimSpan::from_micros(0)));
    let scaling = opus.scaling.unwrap();
    assert_eq!((scaling.target, scaling.every, scaling.step), (0.7, seconds(15), 2.0));
    assert_eq!((scaling.between, scaling.down_after), ((1.0, 3.0), seconds(300)));
    assert_eq!(said(&model, scaling.needs.unwrap()), "Up(sign-in)");
}

/// Regions with a size of their own have that, the others what is said of all, or their part of what is left of a total.
#[test]
fn capacity_by_region() {
    let of = |edit: &str| model(&[edit]);
    let own = of("services.haiku.capacity=(per_member: 30k/s, in_regions: {gulf: (per_member: 8k/s)})");
    assert_eq!((per_member(&own, "haiku@gulf"), per_member(&own, "haiku@eu")), (8_000.0, 30_000.0));
    let both = of("services.haiku.capacity=(in_regions: {gulf: (per_member: 8k/s), eu: (total: 7k/s)})");
    assert_eq!((per_member(&both, "haiku@gulf"), per_member(&both, "haiku@eu")), (8_000.0, 7_000.0));
    let left = of("services.pool.capacity.in_regions={gulf: (total: 20k/s)}");
    assert_eq!((per_member(&left, "pool@gulf"), per_member(&left, "pool@eu")), (10_000.0, 7_000.0));
    let sum = of(
        "services.haiku.capacity=(total: 20k/s, in_regions: {gulf: (per_member: 8k/s), eu: (total: 4k/s)})",
    );
    assert_eq!(per_member(&sum, "haiku@eu"), 4_000.0);
    let racks = of("services.racks.capacity=(total: 30/s, in_regions: {gulf: (per_member: 5/s)})");
    assert_eq!((per_member(&racks, "racks@gulf/b"), per_member(&racks, "racks@eu/a")), (5.0, 20.0));
    // One unit over two regions.
    let global = of(
        "services.'sign-in'=(scope: Global, capacity: (per_member: 9/s, in_regions: {gulf: (per_member: 3/s)}))",
    );
    let sign_in = unit(&global, "sign-in").capacity.clone().unwrap();
    assert_eq!((sign_in.per_member, sign_in.by_member.clone()), (5.0, vec![3.0, 3.0, 9.0]));
    assert_eq!(sign_in.of_all(3), 15.0);
    let loaded = read(&[
        "services.'sign-in'=(scope: Global, capacity: (per_member: 9/s, in_regions: {gulf: (per_member: 3/s)}))",
    ]);
    let said = resolved_text(&loaded, Page { columns: 1_000, colour: false });
    assert!(
        said.contains(
            "sign-in: serves 15/s, 3/s for each of 2 members in gulf, 9/s for each of 1 member in eu;"
        ),
        "{said}"
    );
}

/// What operators set at a path is what the path means: all but the regions with a size of their own, or one of those.
#[test]
fn responses_set_capacity_by_region() {
    let members = |path: &str| {
        let model = model(&[
            "services.haiku.capacity.in_regions={gulf: (per_member: 8k/s)}",
            &format!("responses.look.does.0=Set(\"{path}\", 12k/s)"),
        ]);
        let look = model.load.responses.iter().find(|response| response.name == "look").unwrap();
        let Act::Capacity(members, rate) = &look.acts[0] else { panic!() };
        assert_eq!(*rate, 12_000.0);
        members.iter().map(|member| name(&model, *member).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(members("services.haiku.capacity.per_member"), ["eu/a/haiku"]);
    let gulf = members("services.haiku.capacity.in_regions.gulf.per_member");
    assert_eq!(gulf, ["gulf/a/haiku", "gulf/b/haiku"]);
}

#[test]
fn services_call_the_units_that_their_needs_mean() {
    let model = model(&[]);
    let calls = |wanted: &str| {
        let calls = unit(&model, wanted).calls.iter().map(|call| {
            let member = call.member.map_or("all", |member| name(&model, member));
            (member.to_owned(), name(&model, call.to).to_owned(), call.calls, call.weight)
        });
        calls.collect::<Vec<_>>()
    };
    let call =
        |member: &str, to: &str, calls: f64, weight: f64| (member.to_owned(), to.to_owned(), calls, weight);
    assert_eq!(
        calls("opus@gulf"),
        [
            call("gulf/a/opus", "pool@gulf", 8.0, 2.0),
            call("gulf/a/opus", "sessions@eu", 0.5, 1.0),
            call("gulf/b/opus", "pool@gulf", 8.0, 2.0),
            call("gulf/b/opus", "sessions@eu", 0.5, 1.0),
        ]
    );
    assert_eq!(calls("rival"), [call("all", "sign-in", 2.0, 1.0)]);
    assert_eq!(calls("racks@eu/a"), [call("eu/a/racks", "rival", 1.0, 1.0)]);
    assert!(calls("haiku@eu").is_empty());
    // Whoever calls stands before whom it calls.
    let place = |wanted: &str| model.load.units.iter().position(|u| name(&model, u.unit) == wanted).unwrap();
    assert!(place("opus@gulf") < place("pool@gulf"));
    assert!(place("racks@eu/a") < place("rival") && place("rival") < place("sign-in"));
}

#[test]
fn users_try_again() {
    let model = model(&[]);
    assert_eq!(
        usage_names(&model),
        ["chat of gulf people", "api of gulf people", "chat of europeans", "plain of europeans"]
    );
    assert_eq!(model.load.priorities, [2, 0]);
    let chat = usage(&model, "chat of gulf people");
    assert_eq!((chat.class, chat.admit), (0, 0.9));
    assert_eq!(chat.backoffs, [0.5, 1.0, 2.0, 3.0]);
    // Three users of four are of the gulf, so three requests of four are theirs.
    assert_eq!(chat.budget, Some(RetryBudget { ratio: 0.1, most: 75_000.0 }));
    let europeans = usage(&model, "chat of europeans");
    assert_eq!(europeans.budget, Some(RetryBudget { ratio: 0.1, most: 25_000.0 }));
    let plain = usage(&model, "plain of europeans");
    assert_eq!((plain.class, plain.admit, plain.backoffs.len()), (1, 1.0, 0));
    // 1 s and 2 s at most, half of it as a mean; 500 tokens at 5 for a retry, for each user.
    let api = usage(&model, "api of gulf people");
    assert_eq!(api.backoffs, [0.5, 1.0]);
    assert_eq!(api.budget, Some(RetryBudget { ratio: 0.2, most: 100.0 * 300_000.0 }));
}

/// What the presets are: waits in seconds, from the sources that docs/scenario.md names.
#[test]
fn presets_are_known_clients() {
    let sdk = [0.4375, 0.875];
    let code = [0.4375, 0.875, 1.75, 3.5, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0];
    for (client, waits) in
        [("anthropic-python-sdk", &sdk[..]), ("openai-python-sdk", &sdk[..]), ("claude-code", &code[..])]
    {
        let model = model(&[&format!("journeys.api.retries=Preset(\"{client}\")")]);
        let api = usage(&model, "api of gulf people");
        assert_eq!((api.backoffs.as_slice(), api.budget), (waits, None), "{client}");
    }
}

/// Sessions are kept where users are served, on each of their routes.
#[test]
fn sessions_are_kept_in_units() {
    let model = model(&[]);
    let kept = |wanted: &str| {
        let sessions = &usage(&model, wanted).sessions;
        assert_eq!((sessions.len(), sessions[1].is_none()), (2, true));
        let session = sessions[0].as_ref().unwrap();
        assert_eq!((session.mean, session.retry), (7.0 * 86_400.0, 30.0));
        let route = |(route, units): &(blackstart::model::RouteId, Vec<blackstart::model::CompId>)| {
            let units: Vec<&str> = units.iter().map(|unit| name(&model, *unit)).collect();
            format!("{}: {}", model.routes[route.index()].name, units.join(", "))
        };
        session.kept_in.iter().map(route).collect::<Vec<_>>()
    };
    assert_eq!(kept("chat of gulf people"), ["gulf people to opus: sessions@gulf, sessions@eu"]);
    assert_eq!(
        kept("chat of europeans"),
        [
            "europeans to opus from eu: sessions@eu, sessions@gulf",
            "europeans to opus from gulf: sessions@gulf, sessions@eu",
        ]
    );
    assert!(usage(&model, "api of gulf people").sessions.iter().all(Option::is_none));
}

#[test]
fn surges_are_hazards_of_their_own() {
    let model = model(&[]);
    let [first, leave, newcomers] = model.load.surges.as_slice() else { panic!() };
    let names = |surge: &blackstart::model::Surge| {
        let names = usage_names(&model);
        surge.usages.iter().map(|usage| names[usage.index()].clone()).collect::<Vec<_>>()
    };
    // Behind the scenario's only hazard, in their order.
    let hazards: Vec<usize> = model.load.surges.iter().map(|surge| surge.hazard.index()).collect();
    assert_eq!(hazards, [1, 2, 3]);
    let hazard = |surge: &blackstart::model::Surge| &model.hazards[surge.hazard.index()];
    assert_eq!(hazard(first).probability, 0.8);
    assert_eq!(first.change, Change::Factor(Law::uniform(1.0, 3.0).unwrap()));
    assert_eq!(names(first), ["chat of gulf people", "chat of europeans"]);
    let hours = |count: i64| Law::fixed((count * MICROS_PER_HOUR) as f64).unwrap();
    assert_eq!((&first.ramp, &first.lasts, &first.decay), (&hours(5), &hours(72), &hours(24)));
    assert_eq!(leave.change, Change::Moves(Law::fixed(0.4).unwrap()));
    assert_eq!((leave.usages.len(), &leave.ramp), (4, &Law::ZERO));
    let Occurs::When(node) = hazard(leave).occurs else { panic!() };
    assert_eq!(said(&model, node), "Up(chat of gulf people failing above 50 % for 10 min)");
    assert_eq!(newcomers.change, Change::Adds(Law::fixed(50_000.0).unwrap()));
    assert_eq!(names(newcomers), ["chat of europeans", "plain of europeans"]);
    assert!(hazard(newcomers).rhythm.is_some() && hazard(newcomers).clusters.is_some());
}

/// Calls to haiku are moved wherever they stand, in a mix as well as alone; others are not.
#[test]
fn a_surge_moves_calls_wherever_they_stand() {
    let model = model(&[]);
    fn tree(model: &Model, call: &CallTree) -> String {
        match call {
            CallTree::Service(routes) => {
                let names = routes.iter().map(|(route, _)| {
                    let service = model.routes[route.index()].service;
                    model.services[service.index()].name.as_str()
                });
                names.collect::<Vec<_>>().join("+")
            }
            CallTree::FirstOf { of, .. } => {
                format!("FirstOf({})", of.iter().map(|t| tree(model, t)).collect::<Vec<_>>().join(", "))
            }
            CallTree::Mix(parts) => {
                format!("Mix({})", parts.iter().map(|(_, t)| tree(model, t)).collect::<Vec<_>>().join(", "))
            }
            CallTree::Moved { surge, stays, moves } => {
                let name = &model.load.surges[surge.index()].name;
                format!("{} or {} in \"{name}\"", tree(model, stays), tree(model, moves))
            }
        }
    }
    let said = |usage: usize, call: usize| tree(&model, &model.usages[usage].calls[call].to);
    assert_eq!(said(0, 0), "opus");
    assert_eq!(said(0, 1), "FirstOf(Mix(haiku or rival in \"they leave\", sign-in), rival)");
    assert_eq!(said(1, 0), "haiku or rival in \"they leave\"");
    // Two homes by weight.
    assert_eq!(said(3, 0), "haiku+haiku or rival in \"they leave\"");
    let only_chat = self::model(&["surges.they leave.journeys=[\"chat\"]"]);
    assert_eq!(tree(&only_chat, &only_chat.usages[1].calls[0].to), "haiku");
}

#[test]
fn states_are_signals_and_each_is_made_once() {
    let model = model(&[]);
    let signals: Vec<&str> = model.load.signals.iter().map(|s| name(&model, s.component)).collect();
    assert_eq!(
        signals,
        [
            "chat failing above 50 %",
            "chat of gulf people failing above 50 % for 10 min",
            "opus loaded above 120 % for 10 min",
            "opus loaded below 80 % for 30 min",
            "haiku@eu loaded above 100 %",
        ]
    );
    let [chat, gulf, opus, calm, haiku] = model.load.signals.as_slice() else { panic!() };
    assert!(matches!(chat.watches, Watched::Failing { population: None, .. }));
    let Watched::Failing { journey, population: Some(population) } = &gulf.watches else { panic!() };
    assert_eq!((journey.index(), population.index()), (0, 0));
    assert_eq!((gulf.threshold, gulf.below, gulf.holds_for), (0.5, false, seconds(600)));
    let units = |signal: &blackstart::model::Signal| match &signal.watches {
        Watched::Utilisation(units) => {
            units.iter().map(|unit| name(&model, *unit).to_owned()).collect::<Vec<_>>()
        }
        Watched::Failing { .. } => panic!(),
    };
    assert_eq!(units(opus), ["opus@gulf", "opus@eu"]);
    assert_eq!(units(haiku), ["haiku@eu"]);
    assert_eq!((haiku.threshold, haiku.holds_for), (1.0, seconds(0)));
    assert_eq!((calm.threshold, calm.below, &calm.watches), (0.8, true, &opus.watches));
    let only_while = model.hazards[0].only_while.unwrap();
    assert_eq!(said(&model, only_while), "Not(Up(chat failing above 50 %))");
}

#[test]
fn responses_change_what_their_paths_say() {
    let model = model(&[]);
    let [limit, look] = model.load.responses.as_slice() else { panic!() };
    assert_eq!((limit.hazard.index(), look.hazard.index()), (4, 5));
    assert_eq!((limit.works, look.works), (0.7, 1.0));
    let hazard = &model.hazards[limit.hazard.index()];
    let Occurs::When(node) = hazard.occurs else { panic!() };
    let when = "All(Up(opus loaded above 120 % for 10 min), Up(chat failing above 50 %))";
    assert_eq!(said(&model, node), when);
    let repair = &model.repairs[model.strikes[hazard.strikes.start].repair.index()];
    let minutes = |count: i64| Law::fixed((count * MICROS_PER_MINUTE) as f64).unwrap();
    assert_eq!((&repair.detect, &repair.work), (&minutes(28), &minutes(29)));
    // The crew's own travel and work are for repairs.
    assert_eq!((repair.crew.map(|crew| crew.index()), &repair.travel), (Some(0), &Law::ZERO));
    let [Act::Admit(usages, admit), Act::Capacity(capacity, rate), Act::Shed(shed, most), route, back] =
        limit.acts.as_slice()
    else {
        panic!()
    };
    let names = |units: &[blackstart::model::CompId]| {
        units.iter().map(|unit| name(&model, *unit).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((usages.iter().map(|u| u.index()).collect::<Vec<_>>(), *admit), (vec![0, 2], 0.6));
    assert_eq!((names(capacity), *rate), (vec!["eu/a/sign-in".to_owned()], 12_000.0));
    assert_eq!((names(shed), *most), (vec!["opus@gulf".to_owned(), "opus@eu".to_owned()], 0.9));
    let Act::Route(places) = route else { panic!() };
    let places: Vec<&str> = places
        .iter()
        .map(|(route, place)| name(&model, model.routes[route.index()].units[*place as usize]))
        .collect();
    assert_eq!(places, ["opus@eu", "haiku@eu"]);
    let Act::RollBack(hazard) = back else { panic!() };
    assert_eq!(model.hazards[hazard.index()].name, "bad release");
    assert_eq!(limit.undo.map(|undo| undo.index()), Some(3));
    assert_eq!(look.undo, None);
    let of_kind = |kind: Kind| model.components.iter().filter(|c| c.kind == kind).count();
    assert_eq!((of_kind(Kind::Signal), of_kind(Kind::Response)), (5, 2));
}

/// Edits reach every new field.
#[test]
fn edits_by_path() {
    let model = model(&[
        "services.opus.capacity.per_member=12k/s",
        "services.pool.capacity.trips.loses=50%",
        "services.opus.capacity.autoscaling.most=400%",
        "services.opus.member.needs.0.calls=4",
        "journeys.chat.retries.budget.most=1M",
        "journeys.chat.calls.0.session.mean=1d",
        "journeys.plain.priority=-3",
        "journeys.plain.retries=Retries(tries: 1, backoff: 2s)",
        "surges.number one.factor=4",
        "surges.they leave.moves.share=10%",
        "responses.limit.works=90%",
        "responses.limit.does.0=RollBack(\"bad release\")",
        "responses.limit.undo=Calm(below: 50%)",
    ]);
    assert_eq!(per_member(&model, "opus@eu"), 12_000.0);
    let pool = unit(&model, "pool@eu").capacity.clone().unwrap();
    assert_eq!(pool.trips.unwrap().loses, 0.5);
    let opus = unit(&model, "opus@eu");
    assert_eq!(opus.capacity.clone().unwrap().scaling.unwrap().between.1, 4.0);
    assert_eq!(opus.calls[0].calls, 4.0);
    let chat = usage(&model, "chat of europeans");
    assert_eq!(chat.budget.unwrap().most, 250_000.0);
    assert_eq!(chat.sessions[0].as_ref().unwrap().mean, 86_400.0);
    assert_eq!(model.load.priorities, [2, 0, -3]);
    assert_eq!(usage(&model, "plain of europeans").backoffs, [2.0]);
    assert_eq!(model.load.surges[0].change, Change::Factor(Law::fixed(4.0).unwrap()));
    assert_eq!(model.load.surges[1].change, Change::Moves(Law::fixed(0.1).unwrap()));
    assert_eq!(model.load.responses[0].works, 0.9);
    assert!(matches!(model.load.responses[0].acts[0], Act::RollBack(_)));
    assert!(model.load.signals.iter().any(|signal| signal.below && signal.threshold == 0.5));
}

/// A scenario that says nothing of load has none.
#[test]
fn without_its_fields_there_is_no_load() {
    let text = SCENARIO.split("    crews:").next().unwrap().to_owned()
        + "services: { \"chat\": (scope: Regional, member: (needs: [(on: \"store\", holdover: \"1h\")])), \
           \"store\": (scope: Regional) }, journeys: { \"talk\": (calls: [(on: \"chat\", times: 2)]) }, \
           users: { \"all\": (count: 9, does: { \"talk\": \"1/h\" }, route: Order([\"eu\"])) })";
    let loaded = try_read(&text, &[]).unwrap_or_else(|said| panic!("{said}"));
    assert!(loaded.model.load.is_empty());
    assert_eq!(loaded.model.load, blackstart::model::Load::default());
    assert!(!resolved_text(&loaded, Page::PLAIN).contains("\nload;"));
}

/// With every default written out it is the same system, and says where its figures are from.
#[test]
fn written_out_it_means_the_same() {
    let loaded = read(&[]);
    let text = written_out(&loaded);
    let again = try_read(&text, &[]).unwrap_or_else(|said| panic!("{text}\n{said}"));
    assert_eq!(again.model.load, loaded.model.load);
    assert_eq!(again.model.usages, loaded.model.usages);
    for default in ["gamma: 0, // default", "every: \"15s\", // default", "for: \"0s\", // default"] {
        assert!(text.contains(default), "{default}");
    }
    let figures = figures(&loaded.tree);
    let origin = |record: &str, field: &str| {
        let figure = figures.iter().find(|f| f.record == record && f.field == field);
        figure.unwrap_or_else(|| panic!("{record}.{field}")).origin.clone()
    };
    let (pool, opus) = ("services.pool.capacity.trips", "services.opus.capacity.autoscaling");
    assert_eq!(origin(pool, "restart"), Origin::Guess("a breaker".to_owned()));
    assert_eq!(origin(opus, "lag"), Origin::Guess("as planned".to_owned()));
    assert_eq!(origin("surges.number one", "factor"), Origin::Unknown);
}

#[test]
fn resolved_it_is_printed() {
    let text = resolved_text(&read(&[]), Page::PLAIN);
    let load = text.split("\nload;").nth(1).unwrap().split("\n\n").next().unwrap();
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(load) });
}
