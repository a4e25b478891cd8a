//! Placement of traffic on the network, and what overloaded edges drop.

#![allow(clippy::unwrap_used, reason = "a network that cannot be built is a failed test")]

mod slow_placement;

use blackstart::engine::network::{Drops, Levels, Placement, Topology, UserLoad, Way, drops, place};
use blackstart::model::{
    Builder, ComponentDraft, EdgeId, Flow, Kind, Model, PathId, PlaceId, Profile, SiteId,
};
use blackstart::time::SimTime;
use proptest::prelude::*;
use slow_placement::Slow;

const GBPS: f64 = 1e9;
const MS: u64 = 1_000_000;

// Stories.

/// Links A-B, B-C, C-D, D-A; A to B carries 8 and A to C 6 Gbps.
fn ring() -> Model {
    let links = [("A", "B"), ("B", "C"), ("C", "D"), ("D", "A")];
    let links = links.map(|(a, b)| link(a, b, 10.0 * GBPS, 10 * MS));
    plan(&["A", "B", "C", "D"], &links, &[("A", "B", 8.0 * GBPS, 0), ("A", "C", 6.0 * GBPS, 0)])
}

#[test]
fn a_whole_ring_fills_the_first_side_then_the_other() {
    let model = ring();
    let placement = placed(&model, &whole(&model));
    assert_eq!(placement.flows[0].parts, [(way(&model, "A", &["A-B"], 10), 8.0 * GBPS)]);
    let both = [
        (way(&model, "A", &["A-B", "B-C"], 20), 2.0 * GBPS),
        (way(&model, "A", &["A-D", "C-D"], 20), 4.0 * GBPS),
    ];
    assert_eq!(placement.flows[1].parts, both);
    assert_eq!(placement.flows.iter().map(|flow| flow.lost).collect::<Vec<_>>(), [0.0, 0.0]);
    assert_eq!(
        placement.load,
        [[10.0, 0.0], [2.0, 0.0], [0.0, 4.0], [0.0, 4.0]].map(|both| both.map(|x| x * GBPS))
    );
    assert_eq!(arrived(&model, &whole(&model), &placement, &[]).flows, [1.0, 1.0]);
}

#[test]
fn a_cut_ring_carries_the_first_flow_and_a_part_of_the_second() {
    let model = ring();
    let mut levels = whole(&model);
    levels.edges[0] = 0.0;
    let placement = placed(&model, &levels);
    assert_eq!(placement.flows[0].parts, [(way(&model, "A", &["A-D", "C-D", "B-C"], 30), 8.0 * GBPS)]);
    assert_eq!(placement.flows[0].lost, 0.0);
    assert_eq!(placement.flows[1].parts, [(way(&model, "A", &["A-D", "C-D"], 20), 2.0 * GBPS)]);
    assert_eq!(placement.flows[1].lost, 4.0 * GBPS);
    assert_eq!(placement.load[3], [0.0, 10.0 * GBPS]);
    assert_eq!(arrived(&model, &levels, &placement, &[]).flows, [1.0, 2.0 / 6.0]);
}

#[test]
fn larger_priority_is_placed_first() {
    let links = [link("A", "B", 10.0, MS)];
    let model = plan(&["A", "B"], &links, &[("A", "B", 8.0, 0), ("A", "B", 6.0, 1)]);
    let lost: Vec<_> = placed(&model, &whole(&model)).flows.iter().map(|flow| flow.lost).collect();
    assert_eq!(lost, [4.0, 0.0]);
}

/// Zero latencies: four ways of equal latency. Fewest edges, then next sites, then edges decide.
#[test]
fn ties_go_to_fewest_edges_then_to_the_first_name() {
    let links = [
        named("z", "A", "C", 1.0, 0),
        named("y", "C", "D", 1.0, 0),
        named("x", "A", "B", 1.0, 0),
        named("w", "A", "B", 1.0, 0),
        named("v", "B", "D", 1.0, 0),
        named("u", "B", "D", 9.0, 0),
    ];
    let model = plan(&["D", "C", "B", "A"], &links, &[("A", "D", 9.0, 0)]);
    let placement = placed(&model, &whole(&model));
    let expected = [["w", "u"], ["x", "u"], ["z", "y"]].map(|edges| (way(&model, "A", &edges, 0), 1.0));
    assert_eq!(placement.flows[0].parts, expected);
    assert_eq!(placement.flows[0].lost, 6.0);
}

/// Users go round a full edge while they can, and over it if they must.
#[test]
fn users_avoid_full_edges() {
    let links = [link("A", "B", 10.0, 10 * MS), link("A", "C", 10.0, 10 * MS), link("B", "C", 10.0, 10 * MS)];
    let draft = Draft::new(&["A", "B", "C"], &links, &[("A", "B", 10.0, 0)]);
    let model = draft.place(&[("A", 3 * MS)]).place(&[("B", 4 * MS)]).path(0, 1).path(1, 0).build();
    let mut levels = whole(&model);
    let placement = placed(&model, &levels);
    let ways: Vec<_> = placement.ways.iter().map(|way| way.clone().unwrap()).collect();
    assert_eq!(ways[0], way(&model, "A", &["A-C", "B-C"], 27));
    assert_eq!(ways[1], way(&model, "B", &["A-B"], 17));
    levels.edges[1] = 0.0;
    let placement = placed(&model, &levels);
    assert_eq!(placement.ways[0], Some(way(&model, "A", &["A-B"], 17)));
    // 10 of background and 10 of users on 10; the answers have the way back for themselves.
    let user = UserLoad { path: PathId::at(0), rate: 10.0, priority: 0 };
    let fallen = arrived(&model, &levels, &placement, &[user]);
    assert_eq!((fallen.users, fallen.flows), (vec![0.5], vec![0.5]));
    assert_eq!((fallen.load[0], fallen.dropped[0]), ([10.0, 5.0], [10.0, 0.0]));
    // Too small to count: dropped like the rest of its priority, all of it below, nothing of it above.
    let share =
        |priority| arrived(&model, &levels, &placement, &[UserLoad { rate: 0.0, priority, ..user }]).users;
    assert_eq!([share(0), share(-1), share(1)], [[1.0], [0.0], [1.0]]);
    levels.sites[1] = 0.0;
    assert_eq!(placed(&model, &levels).ways, [None, None]);
}

/// What is placed by what is announced meets what is really there.
#[test]
fn a_route_carries_only_over_what_is_up() {
    let model = ring();
    let announced = whole(&model);
    let placement = placed(&model, &announced);
    let first = &placement.flows[1].parts[0].0;
    assert!(first.carries(&model.network, &announced));
    for site in 0..3 {
        let mut real = announced.clone();
        real.sites[site] = 0.0;
        assert!(!first.carries(&model.network, &real), "site {site}");
    }
    let mut real = announced;
    real.edges[1] = 0.0;
    assert!(!first.carries(&model.network, &real));
    assert_eq!(arrived(&model, &real, &placement, &[]).flows, [1.0, 4.0 / 6.0]);
    real.edges = vec![0.5, 1.0, 1.0, 1.0];
    // A-B passes half of both; what it drops of the second does not load B-C.
    let fallen = arrived(&model, &real, &placement, &[]);
    assert_eq!(fallen.flows, [0.5, 5.0 / 6.0]);
    assert_eq!(fallen.load[1], [GBPS, 0.0]);
}

#[test]
fn a_way_of_no_edges_needs_its_site() {
    let draft = Draft::new(&["A"], &[], &[("A", "A", 5.0, 0)]);
    let model = draft.place(&[("A", MS)]).place(&[("A", 2 * MS)]).path(0, 1).build();
    let user = UserLoad { path: PathId::at(0), rate: 1.0, priority: 0 };
    let placement = placed(&model, &whole(&model));
    assert_eq!(placement.ways, [Some(way(&model, "A", &[], 3))]);
    assert_eq!(placement.flows[0].parts, [(way(&model, "A", &[], 0), 5.0)]);
    assert_eq!(arrived(&model, &whole(&model), &placement, &[user]).users, [1.0]);
    let dark = Levels { sites: vec![0.0], edges: vec![] };
    let fallen = arrived(&model, &dark, &placement, &[user]);
    assert_eq!((fallen.users, fallen.flows), (vec![0.0], vec![0.0]));
    let placement = placed(&model, &dark);
    assert_eq!((placement.ways, placement.flows[0].lost), (vec![None], 5.0));
}

/// Around a ring of nine, each flow takes six edges: plain rounds would swing between much and little for ever.
#[test]
fn drops_around_a_ring_settle() {
    let names = ["A", "B", "C", "D", "E", "F", "G", "H", "I"];
    let links: Vec<_> = (0..9).map(|i| link(names[i], names[(i + 1) % 9], 10.0, MS)).collect();
    let mut draft = Draft::new(&names, &links, &[]);
    for name in names {
        draft = draft.place(&[(name, 0)]);
    }
    for from in 0..9 {
        draft = draft.path(from, (from + 4) % 9);
    }
    let model = draft.build();
    let levels = whole(&model);
    let placement = placed(&model, &levels);
    let users: Vec<_> = (0..9).map(|i| UserLoad { path: PathId::at(i), rate: 2.75, priority: 0 }).collect();
    let fallen = arrived(&model, &levels, &placement, &users);
    // Each direction passes p of 2.75 (1 + p + p2 + p3) there; the answers find room: p + p2 + p3 + p4 = 10 / 2.75.
    let share = fallen.users[0];
    let p = share.sqrt().sqrt();
    let passed = 2.75 * (p + p * p + p * p * p + share);
    assert!((passed - 10.0).abs() < 1e-9, "{passed}");
    assert!(fallen.users.iter().all(|other| (other - share).abs() < 1e-9));
}

// Random networks.

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_as_listing_every_way(case in case()) {
        let model = case.model(false);
        let slow = Slow { model: &model, levels: &case.levels }.place(&case.rates);
        let fast = place(&Topology::new(&model), &case.levels, &case.rates);
        for (fast, slow) in fast.flows.iter().zip(&slow.flows) {
            prop_assert_eq!(&fast.parts, &slow.0);
            prop_assert_eq!(fast.lost, slow.1);
        }
        prop_assert_eq!(&fast.ways, &slow.ways);
        for way in fast.ways.iter().flatten() {
            prop_assert!(way.carries(&model.network, &case.levels));
        }
    }

    #[test]
    fn flows_go_from_end_to_end_within_capacity(case in case()) {
        let model = case.model(false);
        let network = &model.network;
        let placement = place(&Topology::new(&model), &case.levels, &case.rates);
        let mut load = vec![[0.0; 2]; network.edges.len()];
        for ((placed, flow), rate) in placement.flows.iter().zip(&network.traffic).zip(&case.rates) {
            for (way, part) in &placed.parts {
                prop_assert!(*part > 0.0);
                prop_assert_eq!((way.first, last(&model, way)), (flow.from, flow.to));
                way.edges.iter().for_each(|(edge, forward)| load[edge.index()][usize::from(!forward)] += part);
            }
            close(placed.rate(), *rate)?;
        }
        for (e, (load, placed)) in load.iter().zip(&placement.load).enumerate() {
            let capacity = network.edges[e].capacity * case.levels.edges[e];
            for (load, placed) in load.iter().zip(placed) {
                close(*load, *placed)?;
                prop_assert!(*load <= capacity * (1.0 + 1e-12) || *load == 0.0);
            }
        }
    }

    /// With levels as announced, and with others.
    #[test]
    fn what_is_dropped_is_what_does_not_arrive(case in case(), announced in any::<bool>()) {
        let model = case.model(false);
        let placement = place(&Topology::new(&model), &case.levels, &case.rates);
        let levels = if announced { &case.levels } else { &case.later };
        let fallen = drops(&Topology::new(&model), levels, &placement, &case.users);
        // Into each site: what begins there and what its edges bring. Out of it: what ends there and what it sends on.
        let mut balance = vec![0.0; model.network.sites.len()];
        let mut through = |way: &Way, end: SiteId, rate: f64, share: f64| {
            if !way.edges.is_empty() {
                balance[way.first.index()] += rate;
                balance[end.index()] -= rate * share;
            }
        };
        let (users, parts) = Slow { model: &model, levels }.drops(&placement, &case.users);
        for (placed, shares) in placement.flows.iter().zip(&parts) {
            for ((way, part), share) in placed.parts.iter().zip(shares) {
                through(way, last(&model, way), *part, *share);
            }
        }
        for (user, share) in case.users.iter().zip(&fallen.users) {
            if let Some(way) = &placement.ways[user.path.index()] {
                through(way, way.first, user.rate, *share);
            }
        }
        for (e, edge) in model.network.edges.iter().enumerate() {
            let up = levels.edges[e] > 0.0 && [edge.ends.0, edge.ends.1].iter().all(|s| levels.sites[s.index()] > 0.0);
            let capacity = if up { edge.capacity * levels.edges[e] } else { 0.0 };
            for (direction, (tail, head)) in [edge.ends, (edge.ends.1, edge.ends.0)].into_iter().enumerate() {
                let (passed, dropped) = (fallen.load[e][direction], fallen.dropped[e][direction]);
                prop_assert!(passed <= capacity + 1e-9, "{passed} on {capacity}");
                prop_assert!(passed >= 0.0 && dropped >= 0.0);
                balance[head.index()] += passed;
                balance[tail.index()] -= passed + dropped;
            }
        }
        for rest in balance {
            prop_assert!(rest.abs() < 1e-8, "{rest}");
        }
        for (fast, slow) in fallen.users.iter().zip(&users) {
            prop_assert!((fast - slow).abs() < 1e-8, "{fast} {slow}");
        }
        for ((fast, placed), slow) in fallen.flows.iter().zip(&placement.flows).zip(&parts) {
            let arrives: f64 = placed.parts.iter().zip(slow).map(|((_, part), share)| part * share).sum();
            prop_assert!((fast * placed.rate() - arrives).abs() < 1e-8 || placed.rate() == 0.0);
        }
    }

    /// On one edge whose capacity fell after placement.
    #[test]
    fn a_priority_loses_only_after_all_below_it(
        flows in prop::collection::vec((0.1..5.0, -2_i64..3), 1..8),
        level in 0.05..1.0_f64,
    ) {
        let links = [link("A", "B", 40.0, MS)];
        let flows: Vec<_> = flows.iter().map(|(rate, priority)| ("A", "B", *rate, *priority)).collect();
        let model = plan(&["A", "B"], &links, &flows);
        let placement = placed(&model, &whole(&model));
        let mut levels = whole(&model);
        levels.edges[0] = level;
        let fallen = arrived(&model, &levels, &placement, &[]);
        for (i, a) in flows.iter().enumerate() {
            for (j, b) in flows.iter().enumerate() {
                if a.3 > b.3 && fallen.flows[i] < 1.0 {
                    prop_assert_eq!(fallen.flows[j], 0.0);
                }
                if a.3 == b.3 {
                    close(fallen.flows[i], fallen.flows[j])?;
                }
            }
        }
        let offered: f64 = flows.iter().map(|flow| flow.2).sum();
        close(fallen.load[0][0], offered.min(40.0 * level))?;
    }

    #[test]
    fn nothing_is_lost_without_limits(case in case()) {
        let model = case.model(true);
        let levels = whole(&model);
        let placement = place(&Topology::new(&model), &levels, &case.rates);
        for flow in &placement.flows {
            prop_assert!(flow.lost == 0.0 && flow.parts.len() <= 1);
        }
        let fallen = drops(&Topology::new(&model), &levels, &placement, &case.users);
        prop_assert!(fallen.users.iter().chain(&fallen.flows).all(|share| *share == 1.0));
        // Then a path's latency is the least there is.
        for (path, way) in model.network.paths.iter().zip(&placement.ways) {
            let least = model.network.least_latency(path.from, path.to);
            prop_assert_eq!(way.as_ref().map(|way| way.latency_nanos), least);
        }
    }
}

fn close(a: f64, b: f64) -> Result<(), TestCaseError> {
    prop_assert!((a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0), "{a} {b}");
    Ok(())
}

/// Where a way ends; each edge must begin where the one before it ended.
fn last(model: &Model, way: &Way) -> SiteId {
    way.edges.iter().fold(way.first, |at, (edge, forward)| {
        let (a, b) = model.network.edges[edge.index()].ends;
        let (tail, head) = if *forward { (a, b) } else { (b, a) };
        assert_eq!(tail, at);
        head
    })
}

#[derive(Debug, Clone)]
struct Case {
    /// Letters of names, so that order by name is not the order of numbers.
    sites: Vec<char>,
    edges: Vec<(char, usize, usize, f64, u64)>,
    flows: Vec<(usize, usize, i64)>,
    rates: Vec<f64>,
    places: Vec<Vec<(usize, u64)>>,
    paths: Vec<(usize, usize)>,
    users: Vec<UserLoad>,
    levels: Levels,
    later: Levels,
}

impl Case {
    /// `generous`: no edge has a limit, and all sites are connected.
    fn model(&self, generous: bool) -> Model {
        let site = |i: usize| format!("{}{i}", self.sites[i]);
        let names: Vec<_> = (0..self.sites.len()).map(site).collect();
        let mut links: Vec<_> = self
            .edges
            .iter()
            .enumerate()
            .map(|(i, (letter, a, b, capacity, latency))| {
                let capacity = if generous { f64::INFINITY } else { *capacity };
                Link {
                    name: format!("{letter}-{i}"),
                    a: names[*a].clone(),
                    b: names[*b].clone(),
                    capacity,
                    latency: *latency,
                }
            })
            .collect();
        if generous {
            let chain = names.windows(2).map(|pair| link(&pair[0], &pair[1], f64::INFINITY, 3));
            links.extend(chain);
        }
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let flows: Vec<_> =
            self.flows.iter().map(|(a, b, priority)| (names[*a], names[*b], 1.0, *priority)).collect();
        let mut draft = Draft::new(&names, &links, &flows);
        for joins in &self.places {
            let joins: Vec<_> = joins.iter().map(|(site, latency)| (names[*site], *latency)).collect();
            draft = draft.place(&joins);
        }
        self.paths.iter().fold(draft, |draft, (from, to)| draft.path(*from, *to)).build()
    }
}

fn letter() -> impl Strategy<Value = char> {
    prop::char::range('a', 'e')
}

fn case() -> impl Strategy<Value = Case> {
    (2_usize..7, 1_usize..11, 0_usize..7, 1_usize..4).prop_flat_map(|(sites, edges, flows, places)| {
        let site = 0..sites;
        let capacity =
            prop_oneof![2 => (1_u32..6).prop_map(f64::from), 2 => 0.1..6.0_f64, 1 => Just(f64::INFINITY)];
        let edge = (letter(), site.clone(), site.clone(), capacity, 0_u64..4);
        let rate = prop_oneof![1 => Just(0.0), 3 => (1_u32..6).prop_map(f64::from), 3 => 0.1..6.0_f64];
        let place = prop::collection::vec((site.clone(), 0_u64..3), 1..3);
        let paths = prop::sample::subsequence(
            (0..places).flat_map(|a| (0..places).map(move |b| (a, b))).collect::<Vec<_>>(),
            1..=places,
        );
        let things = (
            prop::collection::vec(letter(), sites),
            prop::collection::vec(edge, edges),
            prop::collection::vec((site.clone(), site, -1_i64..2), flows),
            prop::collection::vec(rate, flows),
            prop::collection::vec(place, places),
            paths,
            prop::collection::vec((any::<prop::sample::Index>(), 0.0..6.0_f64, -1_i64..2), 0..5),
            levels(sites, edges),
            levels(sites, edges),
        );
        things.prop_map(|(sites, edges, flows, rates, places, paths, users, levels, later)| {
            let user = |(path, rate, priority): (prop::sample::Index, f64, i64)| UserLoad {
                path: PathId::at(path.index(paths.len())),
                rate,
                priority,
            };
            let users = users.into_iter().map(user).collect();
            Case { sites, edges, flows, rates, places, paths, users, levels, later }
        })
    })
}

fn levels(sites: usize, edges: usize) -> impl Strategy<Value = Levels> {
    let site = prop_oneof![8 => Just(1.0), 1 => Just(0.0), 1 => Just(0.5)];
    let edge = prop_oneof![6 => Just(1.0), 1 => Just(0.0), 2 => 0.05..1.0_f64];
    (prop::collection::vec(site, sites), prop::collection::vec(edge, edges))
        .prop_map(|(sites, edges)| Levels { sites, edges })
}

// Building networks.

struct Link {
    name: String,
    a: String,
    b: String,
    capacity: f64,
    latency: u64,
}

fn link(a: &str, b: &str, capacity: f64, latency: u64) -> Link {
    named(&format!("{}-{}", a.min(b), a.max(b)), a, b, capacity, latency)
}

fn named(name: &str, a: &str, b: &str, capacity: f64, latency: u64) -> Link {
    Link { name: name.into(), a: a.into(), b: b.into(), capacity, latency }
}

struct Draft {
    builder: Builder,
    sites: Vec<String>,
}

impl Draft {
    fn new(sites: &[&str], links: &[Link], flows: &[(&str, &str, f64, i64)]) -> Self {
        let builder = Builder::new("network", SimTime::from_micros(1_000_000));
        let mut draft = Self { builder, sites: sites.iter().map(|name| (*name).to_owned()).collect() };
        for name in sites {
            let component = draft.builder.component(ComponentDraft::new(*name, Kind::Site));
            draft.builder.site(component);
        }
        for link in links {
            let component = draft.builder.component(ComponentDraft::new(link.name.clone(), Kind::Link));
            let ends = (draft.site(&link.a), draft.site(&link.b));
            draft.builder.edge(component, ends, link.capacity, link.latency);
        }
        for (number, (from, to, rate, priority)) in flows.iter().enumerate() {
            let (from, to) = (draft.site(from), draft.site(to));
            let (name, profile) = (format!("flow {number}"), Profile::Flat);
            draft.builder.flow(Flow { name, from, to, rate: *rate, profile, priority: *priority });
        }
        draft
    }

    fn place(mut self, joins: &[(&str, u64)]) -> Self {
        let name = format!("place {}", self.builder.network().places.len());
        let joins = joins.iter().map(|(site, latency)| (self.site(site), *latency)).collect();
        self.builder.place(name, joins);
        self
    }

    fn path(mut self, from: usize, to: usize) -> Self {
        self.builder.path(PlaceId::at(from), PlaceId::at(to));
        self
    }

    fn build(self) -> Model {
        self.builder.build().unwrap()
    }

    fn site(&self, name: &str) -> SiteId {
        SiteId::at(self.sites.iter().position(|site| site == name).unwrap())
    }
}

fn plan(sites: &[&str], links: &[Link], flows: &[(&str, &str, f64, i64)]) -> Model {
    Draft::new(sites, links, flows).build()
}

fn whole(model: &Model) -> Levels {
    Levels::whole(&model.network)
}

/// At the mean rates.
fn placed(model: &Model, levels: &Levels) -> Placement {
    let rates: Vec<_> = model.network.traffic.iter().map(|flow| flow.rate).collect();
    place(&Topology::new(model), levels, &rates)
}

fn arrived(model: &Model, levels: &Levels, placement: &Placement, users: &[UserLoad]) -> Drops {
    drops(&Topology::new(model), levels, placement, users)
}

/// The way from a site over edges by name.
fn way(model: &Model, first: &str, edges: &[&str], millis: u64) -> Way {
    let network = &model.network;
    let is =
        |component: blackstart::model::CompId, name: &str| model.components[component.index()].name == name;
    let first = SiteId::at(network.sites.iter().position(|site| is(site.component, first)).unwrap());
    let mut at = first;
    let mut taken = Vec::new();
    for name in edges {
        let edge = network.edges.iter().position(|edge| is(edge.component, name)).unwrap();
        taken.push((EdgeId::at(edge), network.edges[edge].ends.0 == at));
        at = network.edges[edge].across(at).unwrap();
    }
    Way { first, edges: taken, latency_nanos: millis * MS }
}
