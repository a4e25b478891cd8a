//! Sizes by region and tokens of retries that nobody knows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use blackstart::model::{Capacity, Model};
use blackstart::random::Replication;
use blackstart::scenario::{Diagnostics, Sources, load};
use blackstart::study::{Progress, RunOptions, Summary, run, summarize};

/// A shop whose members are in two regions, a store in both, and two populations who try again with tokens of their own.
const SHOP: &str = r#"Scenario(
    title: "Two regions", start: "2026-01-01T00:00:00Z", horizon: "30d",
    zone_kinds: { "hall": (failures: { "loss": (every: Exp("20d"), repair: "4h") }) },
    regions: { "north": (zones: { "a": "hall", "b": "hall" }), "south": (zones: { "a": "hall", "b": "hall", "c": "hall" }) },
    services: {
        "shop": (scope: Global, capacity: (total: "30/s", in_regions: { "north": (per_member: "3/s") })),
        "store": (scope: Regional, capacity: (per_member: "5/s", in_regions: { "south": (total: "12/s") })),
    },
    journeys: { "buy": (calls: ["shop", (on: "store", times: 2)], retries: Retries(tries: 2, backoff: "1s", budget: (ratio: "10%", most: 900))) },
    users: {
        "some": (count: 7_200, does: { "buy": "2/h" }, route: Order(["north"])),
        "others": (count: 3_600, does: { "buy": "2/h" }, route: Order(["south", "north"])),
    },
    surges: { "sale": (occurs: Every(Exp("5d")), factor: 3, lasts: "10h") },
)"#;

fn with(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "no {from}");
        text.replacen(from, to, 1)
    })
}

fn model(text: &str) -> Model {
    let mut found = Diagnostics::new();
    let loaded = load("text", text, &[], &mut Sources::new(), &mut found);
    loaded.unwrap_or_else(|| panic!("{:?}", found.into_vec())).model
}

fn played(text: &str, replications: u64, threads: usize) -> Summary {
    let model = model(text);
    let options = RunOptions { replications, seed: 1, threads, curve_points: 0 };
    summarize(&model, &run(&model, options, &Progress::default()).unwrap())
}

fn capacity<'m>(model: &'m Model, unit: &str) -> &'m Capacity {
    let is_it = |load: &&blackstart::model::UnitLoad| model.components[load.unit.index()].name == unit;
    model.load.units.iter().find(is_it).unwrap().capacity.as_ref().unwrap()
}

#[track_caller]
fn assert_within(found: f64, expected: f64, bound: f64) {
    assert!((found - expected).abs() <= bound, "{found} instead of {expected} -+ {bound}");
}

/// A figure that can have one value only is that value, to the bit, also where what is drawn makes all sizes alike.
#[test]
fn figures_that_are_certain_are_known() {
    let fixed = [
        ("total: \"30/s\"", "total: Uncertain(Fixed(\"30/s\"))"),
        ("per_member: \"3/s\"", "per_member: Uncertain(Fixed(\"3/s\"))"),
        ("per_member: \"5/s\"", "per_member: Uncertain(Fixed(\"5/s\"))"),
        ("total: \"12/s\"", "total: Uncertain(Fixed(\"12/s\"))"),
        ("most: 900", "most: Uncertain(Fixed(900))"),
        ("count: 7_200", "count: Uncertain(Fixed(7_200))"),
    ];
    for known in [SHOP.to_owned(), SHOP.replace("\"30/s\"", "\"15/s\"")] {
        let fixed = fixed.map(|(from, to)| {
            let of = |text: &str| {
                if known == SHOP { text.to_owned() } else { text.replace("\"30/s\"", "\"15/s\"") }
            };
            (of(from), of(to))
        });
        let fixed: Vec<(&str, &str)> = fixed.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let certain = with(&known, &fixed);
        let (known, unknown) = (played(&known, 60, 2), played(&certain, 60, 2));
        assert_eq!(unknown.unknowns.len(), fixed.len());
        assert_eq!((&known.journeys, &known.load), (&unknown.journeys, &unknown.load));
        assert!(known.journeys.iter().any(|journey| journey.lost_requests.mean > 0.0));
    }
}

/// Sizes in a region are what is drawn for it, and the others share what that leaves of the total.
#[test]
fn a_total_is_shared_by_what_is_left_of_it() {
    let text = with(
        SHOP,
        &[
            ("total: \"30/s\"", "total: Uncertain(Uniform(\"20/s\", \"40/s\"))"),
            ("per_member: \"3/s\"", "per_member: Uncertain(Uniform(\"2/s\", \"4/s\"))"),
            ("total: \"12/s\"", "total: Uncertain(Uniform(\"9/s\", \"15/s\"))"),
            ("per_member: \"5/s\"", "per_member: Uncertain(Uniform(\"4/s\", \"6/s\"))"),
        ],
    );
    let model = model(&text);
    let figure = |drawn: &[f64], end: &str| {
        drawn[model.unknowns.figures.iter().position(|unknown| unknown.name.ends_with(end)).unwrap()]
    };
    assert_eq!(capacity(&model, "shop").by_member, [3.0, 3.0, 8.0, 8.0, 8.0]);
    // A copy is used again and again: nothing of the replication before is left in it.
    let mut copy = model.clone();
    for number in [3, 0, 7] {
        let drawn = model.drawn(Replication::new(1, number));
        model.make_known(&drawn, &mut copy);
        let (total, north) = (figure(&drawn, "shop.capacity.total"), figure(&drawn, "north.per_member"));
        let shop = capacity(&copy, "shop");
        assert_eq!(shop.by_member[..2], [north; 2]);
        let south = (total - 2.0 * north) / 3.0;
        shop.by_member[2..].iter().for_each(|size| assert_within(*size, south, 1e-12 * total));
        assert_within(shop.of_all(5), total, 1e-12 * total);
        assert_within(shop.per_member, total / 5.0, 1e-12 * total);
        assert_eq!(capacity(&copy, "store@south").per_member, figure(&drawn, "south.total") / 3.0);
        assert_eq!(capacity(&copy, "store@north").per_member, figure(&drawn, "store.capacity.per_member"));
    }
    assert_eq!(played(&text, 300, 1), played(&text, 300, 3));
}

/// What is drawn for a region that nobody uses is taken from the one that they use: north can serve 100 to 296 requests a second, so
/// south 396 less that. A surge to 198 takes it down for 10 h in half of the replications; a flood takes 1 to 21 h, by chance. So
/// the size makes 25 h^2 of 25 + 33.3 h^2.
#[test]
fn the_share_of_a_size_is_that_of_an_exact_system() {
    let text = r#"Scenario(
        title: "A surge and a flood", start: "2026-01-01T00:00:00Z", horizon: "30d",
        zone_kinds: { "hall": () },
        regions: { "north": (zones: { "a": "hall" }), "south": (zones: { "a": "hall" }) },
        services: { "shop": (scope: Regional, capacity: (total: "396/s", in_regions: { "north": (total: Uncertain(Uniform("100/s", "296/s"))) })) },
        journeys: { "buy": (calls: ["shop"], objective: (down_at: "1%")) },
        users: { "all": (count: 36_000, does: { "buy": "10/h" }, route: Order(["south"])) },
        surges: { "sale": (occurs: At("2d"), factor: 2, lasts: "10h") },
        hazards: { "flood": (occurs: At("11d"), strikes: { "hall": (targets: ["south/a"], repair: Uniform("1h", "21h")) }) },
    )"#;
    let summary = played(text, 10_000, 2);
    let effect = &summary.unknowns[0].effects[0];
    assert_eq!(summary.unknowns[0].unknown, "services.shop.capacity.in_regions.north.total");
    // Standard error at most (1 - S) 2 sqrt(S / n) = 0.0075.
    assert_within(effect.share.unwrap(), 25.0 / (25.0 + 400.0 / 12.0), 4.0 * 0.0075);
    // Thirds: none, half of them, 10 h surely; beside 11 h. Standard error of a third sqrt(33.3 + 25) h / sqrt(3333) = 0.13 h.
    for (third, surge) in effect.thirds_s.iter().zip([0.0, 5.0, 10.0]) {
        assert_within(third.mean / 3600.0, surge + 11.0, 4.0 * 0.13);
    }
}

/// Tokens follow the requests that are drawn: of all users together by their parts, of each user by their number.
#[test]
fn tokens_follow_the_users() {
    let unknown = [
        ("count: 7_200", "count: Uncertain(Uniform(3_600, 10_800))"),
        (
            "count: 3_600, does: { \"buy\": \"2/h\" }",
            "count: 3_600, does: { \"buy\": Uncertain(Uniform(\"1/h\", \"3/h\")) }",
        ),
    ];
    for most in ["900", "Uncertain(Uniform(500, 1_300))"] {
        let model = model(&with(&with(SHOP, &unknown), &[("most: 900", &format!("most: {most}"))]));
        let mut copy = model.clone();
        for number in [4, 0, 9] {
            let drawn = model.drawn(Replication::new(1, number));
            model.make_known(&drawn, &mut copy);
            let figure = |end: &str| {
                let place = model.unknowns.figures.iter().position(|unknown| unknown.name.ends_with(end));
                place.map(|place| drawn[place])
            };
            let rate = 3_600.0 * figure("others.does.buy").unwrap();
            let (some, others) = (2.0 * figure("some.count").unwrap(), 3_600.0 * rate);
            let all = figure("budget.most").unwrap_or(900.0);
            let tokens = |usage: usize| copy.load.usages[usage].budget.unwrap().most;
            assert_within(tokens(0), all * some / (some + others), 1e-9 * all);
            assert_within(tokens(1), all * others / (some + others), 1e-9 * all);
        }
    }
    let each = with(
        SHOP,
        &[
            (
                "Retries(tries: 2, backoff: \"1s\", budget: (ratio: \"10%\", most: 900))",
                "Preset(\"botocore-standard\")",
            ),
            unknown[0],
        ],
    );
    let model = model(&each);
    let drawn = model.drawn(Replication::new(1, 0));
    let known = model.with_known(&drawn);
    let tokens = |usage: usize| known.load.usages[usage].budget.unwrap().most;
    assert_eq!([tokens(0), tokens(1)], [100.0 * drawn[0], 360_000.0]);
    let text = with(SHOP, &unknown);
    assert_eq!(played(&text, 300, 1), played(&text, 300, 3));
}
