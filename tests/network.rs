//! The network, told as small stories: every expected instant, latency and event is worked out on paper from
//! docs/semantics.md. The unit of time is the hour.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

mod story;

use blackstart::engine::Engine;
use blackstart::measure::{Meter, UsageFigures};
use blackstart::model::{
    Builder, CallTreeDraft, CompId, ComponentDraft, EdgeId, Expression, Flow, JourneyId, Kind, Landing,
    Model, PathId, PlaceId, Profile, RepairDraft, RouteId, STEP_MICROS, SiteId, StrikeDraft, UsageId,
};
use blackstart::random::Replication;
use blackstart::time::SimTime;
use story::{
    assert_level, assert_numbers, assert_success, breaks, capacity, fixed, hazard, held, history, hour,
    journey, sound, story, strike, system,
};

const MS: u64 = 1_000_000;

/// The ring A-B-C-D, 10 ms and 10 Gbps a link; users join at A, the region at C.
struct Ring {
    b: Builder,
    sites: Vec<SiteId>,
    site_parts: Vec<CompId>,
    /// A-B, B-C, C-D, D-A.
    links: Vec<CompId>,
    users: PlaceId,
    region: PlaceId,
}

fn ring(mut b: Builder) -> Ring {
    let site_parts: Vec<CompId> =
        ["A", "B", "C", "D"].map(|n| b.component(ComponentDraft::new(n, Kind::Site))).to_vec();
    let sites: Vec<SiteId> = site_parts.iter().map(|c| b.site(*c)).collect();
    let links: Vec<CompId> = [(0, 1), (1, 2), (2, 3), (3, 0)]
        .map(|(from, to): (usize, usize)| {
            let name = format!("{}-{}", ["A", "B", "C", "D"][from], ["A", "B", "C", "D"][to]);
            let link = b.component(ComponentDraft::new(name, Kind::Link));
            b.edge(link, (sites[from], sites[to]), 10e9, 10 * MS);
            link
        })
        .to_vec();
    let users = b.place("users", vec![(sites[0], 0)]);
    let region = b.place("region", vec![(sites[2], MS)]);
    Ring { b, sites, site_parts, links, users, region }
}

/// Users of one unit beyond the network.
fn served(ring: &mut Ring) -> (CompId, PathId) {
    let unit = ring.b.component(sound("shop@region"));
    let path = ring.b.path(ring.users, ring.region);
    journey(&mut ring.b, &[vec![unit]], None, |r| CallTreeDraft::Service(vec![(r[0], 1.0)]));
    ring.b.landings(RouteId(0), vec![vec![Landing { path, members: Vec::new() }]]);
    (path, PathId(0))
}

fn latency(model: &Model) -> Vec<(SimTime, Option<u64>)> {
    history(model, |engine| engine.path_latency(PathId(0)).map(|nanos| nanos / MS))
}

fn figures(model: &Model) -> UsageFigures {
    let mut meter = Meter::new(model, 0);
    Engine::new(model).replicate(Replication::new(1, 0), &mut meter).unwrap();
    meter.take().usages.remove(0)
}

/// Hours of the first usage's downtime by cause: initiated, and shared.
fn books(model: &Model) -> Vec<(String, f64, f64)> {
    let hours = |micros: f64| (micros / 3_600e6 * 1e6).round() / 1e6;
    let causes = figures(model).causes;
    let named =
        causes.iter().map(|c| (model.causes[c.cause.index()].clone(), hours(c.initiated), hours(c.shared)));
    let mut list: Vec<_> = named.collect();
    list.sort_by(|a, b| a.0.cmp(&b.0));
    list
}

fn book(name: &str, initiated: f64, shared: f64) -> (String, f64, f64) {
    (name.to_owned(), initiated, shared)
}

/// One link cut: the other way round, as long and nothing lost. Both: no way until one is back; both are to blame.
#[test]
fn one_cut_goes_round_and_two_isolate() {
    let mut ring = ring(story());
    breaks(&mut ring.b, ring.links[0], &[(10.0, 20.0)]);
    breaks(&mut ring.b, ring.links[3], &[(14.0, 2.0)]);
    let (path, _) = served(&mut ring);
    let model = ring.b.build().unwrap();
    assert_level(&model, path, &[(0.0, 1.0), (14.0, 0.0), (16.0, 1.0)]);
    assert_success(&model, &[(0.0, 1.0), (14.0, 0.0), (16.0, 1.0)]);
    assert_eq!(latency(&model), [(hour(0.0), Some(21)), (hour(14.0), None), (hour(16.0), Some(21))]);
    assert_eq!(books(&model), [book("break A-B", 0.0, 1.0), book("break D-A", 2.0, 1.0)]);
}

/// Routes learn of the cut half an hour late: until then calls are lost on the dead link. That it is mended they learn
/// late, too, but go on round the other way.
#[test]
fn until_routes_converge_calls_are_lost() {
    let mut ring = ring(story());
    ring.b.convergence(fixed(0.5));
    breaks(&mut ring.b, ring.links[0], &[(10.0, 3.0)]);
    let (path, _) = served(&mut ring);
    let model = ring.b.build().unwrap();
    assert_level(&model, path, &[(0.0, 1.0), (10.0, 0.0), (10.5, 1.0)]);
    assert_eq!(books(&model), [book("break A-B", 0.5, 0.5)]);
}

/// A link that is back before routes have heard of its loss: the newer news replaces the older.
#[test]
fn newer_news_replaces_older() {
    let mut ring = ring(story());
    ring.b.convergence(fixed(0.5));
    breaks(&mut ring.b, ring.links[0], &[(10.0, 0.25)]);
    let (path, _) = served(&mut ring);
    let model = ring.b.build().unwrap();
    assert_level(&model, path, &[(0.0, 1.0), (10.0, 0.0), (10.25, 1.0)]);
}

/// Both links of A are cut at 10, A-B until 12, and news takes an hour. Lost on A-B until 11, without a way until 12, and
/// until 13 since nobody knows yet that A-B is back: that last hour is still the two cuts'.
#[test]
fn what_is_mended_but_not_announced_is_still_to_blame() {
    let mut ring = ring(story());
    ring.b.convergence(fixed(1.0));
    breaks(&mut ring.b, ring.links[0], &[(10.0, 2.0)]);
    breaks(&mut ring.b, ring.links[3], &[(10.0, 20.0)]);
    let (path, _) = served(&mut ring);
    let model = ring.b.build().unwrap();
    assert_level(&model, path, &[(0.0, 1.0), (10.0, 0.0), (13.0, 1.0)]);
    assert_eq!(books(&model), [book("break A-B", 3.0, 2.0), book("break D-A", 0.0, 1.0)]);
}

/// A site that is out takes its links with it: B is gone round, A cannot be.
#[test]
fn a_site_takes_its_links_with_it() {
    let mut ring = ring(story());
    breaks(&mut ring.b, ring.site_parts[1], &[(10.0, 5.0)]);
    breaks(&mut ring.b, ring.site_parts[0], &[(20.0, 5.0)]);
    let (path, _) = served(&mut ring);
    let model = ring.b.build().unwrap();
    assert_level(&model, path, &[(0.0, 1.0), (20.0, 0.0), (25.0, 1.0)]);
    assert_eq!(books(&model), [book("break A", 5.0, 5.0)]);
}

/// A cut far from both ends is none of the reasons.
#[test]
fn cuts_elsewhere_are_not_to_blame() {
    let mut ring = ring(story());
    let far = ring.b.component(ComponentDraft::new("E", Kind::Site));
    let e = ring.b.site(far);
    let spur = ring.b.component(ComponentDraft::new("B-E", Kind::Link));
    ring.b.edge(spur, (ring.sites[1], e), 10e9, MS);
    breaks(&mut ring.b, spur, &[(0.0, 90.0)]);
    breaks(&mut ring.b, ring.links[0], &[(10.0, 4.0)]);
    breaks(&mut ring.b, ring.links[3], &[(10.0, 4.0)]);
    served(&mut ring);
    let model = ring.b.build().unwrap();
    assert_eq!(books(&model), [book("break A-B", 4.0, 2.0), book("break D-A", 0.0, 2.0)]);
}

/// A need on a way is carried by its holdover for 2 hours, then lost.
#[test]
fn a_need_on_a_way_is_held_over() {
    let mut ring = ring(story());
    breaks(&mut ring.b, ring.links[0], &[(10.0, 6.0)]);
    breaks(&mut ring.b, ring.links[3], &[(10.0, 6.0)]);
    let path = ring.b.path(ring.users, ring.region);
    let unit = system(&mut ring.b, held(Expression::Up(path), 2.0, None));
    let model = ring.b.build().unwrap();
    assert_level(&model, unit, &[(0.0, 1.0), (12.0, 0.0), (16.0, 1.0)]);
    assert_eq!(books(&model), [book("break A-B", 4.0, 2.0), book("break D-A", 0.0, 2.0)]);
}

/// Users whose home cannot be reached are moved to where there is a way, and back when there is one again.
#[test]
fn users_are_moved_to_where_there_is_a_way() {
    let mut ring = ring(story());
    let near = ring.b.place("near", vec![(ring.sites[0], 2 * MS)]);
    breaks(&mut ring.b, ring.links[0], &[(10.0, 10.0)]);
    breaks(&mut ring.b, ring.links[3], &[(10.0, 30.0)]);
    let units = ["home", "other"].map(|name| ring.b.component(sound(name)));
    let paths = [ring.region, near].map(|place| ring.b.path(ring.users, place));
    story::moved_users(&mut ring.b, &units, vec![None, None]);
    let landings = paths.map(|path| vec![Landing { path, members: Vec::new() }]);
    ring.b.landings(RouteId(0), landings.to_vec());
    let model = ring.b.build().unwrap();
    // Detected after half an hour, moved within another hour; home is back at 20, quiet for 2 h, moved in 1 h.
    assert_success(&model, &[(0.0, 1.0), (10.0, 0.0), (11.5, 1.0)]);
    let latency = history(&model, |engine| engine.usage_latency(UsageId(0)) as u64 / MS);
    assert_eq!(latency, [(hour(0.0), 42), (hour(10.0), 0), (hour(11.5), 4), (hour(23.0), 42)]);
}

/// A unit with members in two regions: calls go where the quickest way ends at a member that is up.
#[test]
fn calls_go_where_a_member_is_up() {
    let mut ring = ring(story());
    let near = ring.b.place("near", vec![(ring.sites[1], 0)]);
    let members = ["far/m", "near/m"].map(|name| ring.b.component(ComponentDraft::new(name, Kind::Member)));
    let paths = [ring.region, near].map(|place| ring.b.path(ring.users, place));
    breaks(&mut ring.b, members[1], &[(10.0, 10.0)]);
    breaks(&mut ring.b, ring.site_parts[2], &[(15.0, 2.0)]);
    let support = Expression::Quorum(1, story::levels(&members));
    let unit = ComponentDraft { members: members.to_vec(), ..ComponentDraft::new("global", Kind::Unit) };
    let unit = ring.b.component(unit.needing(support));
    journey(&mut ring.b, &[vec![unit]], None, |r| CallTreeDraft::Service(vec![(r[0], 1.0)]));
    let landings = [0, 1].map(|k: usize| Landing { path: paths[k], members: vec![members[k]] });
    ring.b.landings(RouteId(0), vec![landings.to_vec()]);
    let model = ring.b.build().unwrap();
    assert_success(&model, &[(0.0, 1.0), (15.0, 0.0), (17.0, 1.0)]);
    let latency = history(&model, |engine| engine.usage_latency(UsageId(0)) as u64 / MS);
    let expected = [(0.0, 20), (10.0, 42), (15.0, 0), (17.0, 42), (20.0, 20)];
    assert_eq!(latency, expected.map(|(at, ms)| (hour(at), ms)));
    assert_eq!(books(&model), [book("break C", 2.0, 1.0), book("break near/m", 0.0, 1.0)]);
}

/// Two segments in a corridor are cut at 10. Both permits take 5 h, side by side; the only ship needs 3 h there and 2 h of
/// work: the first is mended at 20, the second at 25.
#[test]
fn permits_run_side_by_side_and_the_ship_is_shared() {
    let mut ring = ring(story());
    let ship = ring.b.crew("ship", 1);
    for link in [0, 3] {
        ring.b.component_mut(ring.links[link]).permits = vec![("strait".to_owned(), fixed(5.0))];
    }
    let repair = RepairDraft { crew: Some(ship), travel: fixed(3.0), ..RepairDraft::of(fixed(2.0)) };
    let targets = vec![ring.links[0], ring.links[3]];
    let cut = StrikeDraft { repair, each: true, ..strike(targets) };
    ring.b.hazard(hazard("anchor", 10.0, cut));
    let (path, _) = served(&mut ring);
    let links = ring.links.clone();
    let model = ring.b.build().unwrap();
    assert_level(&model, links[0], &[(0.0, 1.0), (10.0, 0.0), (20.0, 1.0)]);
    assert_level(&model, links[3], &[(0.0, 1.0), (10.0, 0.0), (25.0, 1.0)]);
    assert_level(&model, path, &[(0.0, 1.0), (10.0, 0.0), (20.0, 1.0)]);
    let stages = figures(&model).stages.map(|micros| micros / 3_600e6);
    // Per repair: 5 h permit each; then 3 + 2 h of the first beside 5 h of waiting of the second.
    assert_eq!(stages, [0.0, 0.0, 0.0, 0.0, 5.0, 2.5, 1.5, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

/// Traffic of 8 Gbps from A to B and 6 Gbps from A to C on the ring; A-B is cut from 10 to 20: of the 6 Gbps 4 are lost.
#[test]
fn traffic_without_room_is_lost() {
    let mut ring = ring(story());
    flow(&mut ring, "ab", 1, 8e9, Profile::Flat);
    flow(&mut ring, "ac", 2, 6e9, Profile::Flat);
    breaks(&mut ring.b, ring.links[0], &[(10.0, 10.0)]);
    served(&mut ring);
    let model = ring.b.build().unwrap();
    assert_eq!(lost_traffic(&model), [0.0, 4e9 * 10.0 * 3_600.0]);
    assert_numbers(&model, |e| e.edge_load(EdgeId(0))[0] / 1e9, &[(0.0, 10.0), (10.0, 0.0), (20.0, 10.0)]);
    assert_numbers(&model, |e| e.edge_load(EdgeId(3))[1] / 1e9, &[(0.0, 4.0), (10.0, 10.0), (20.0, 4.0)]);
}

fn flow(ring: &mut Ring, name: &str, to: usize, rate: f64, profile: Profile) {
    let (from, to) = (ring.sites[0], ring.sites[to]);
    ring.b.flow(Flow { name: name.into(), from, to, rate, profile, priority: 0 });
}

/// Twice as much by day as by night, 12 h each from hour 0; A-B is cut from 6 to 30. A-D is planned for the day: 10 of 16 Gbps.
/// So 6 Gbps are lost from 6 to 12 and from 24 to 30, and none by night.
#[test]
fn what_is_lost_depends_on_the_time_of_day() {
    let mut ring = ring(story());
    let steps = (hour(100.0).micros() / STEP_MICROS) as usize;
    let day = |step: usize| if (step / 48).is_multiple_of(2) { 2.0 } else { 1.0 };
    flow(&mut ring, "ab", 1, 8e9, Profile::from_factors((0..steps).map(day).collect()));
    breaks(&mut ring.b, ring.links[0], &[(6.0, 24.0)]);
    served(&mut ring);
    assert_eq!(lost_traffic(&ring.b.build().unwrap()), [6e9 * 12.0 * 3_600.0]);
}

/// A link at half its capacity drops what is too much until routes know an hour later, then 5 Gbps go by B and 3 round by D.
#[test]
fn a_link_of_less_capacity_drops_until_routes_know() {
    let mut ring = ring(story());
    ring.b.convergence(fixed(1.0));
    flow(&mut ring, "ab", 1, 8e9, Profile::Flat);
    story::strikes(&mut ring.b, "dim", ring.links[0], 10.0, capacity(0.5), RepairDraft::of(fixed(10.0)));
    served(&mut ring);
    assert_eq!(lost_traffic(&ring.b.build().unwrap()), [3e9 * 3_600.0]);
}

/// Bits lost of each flow of the first replication, to a millionth.
fn lost_traffic(model: &Model) -> Vec<f64> {
    let mut meter = Meter::new(model, 0);
    Engine::new(model).replicate(Replication::new(1, 0), &mut meter).unwrap();
    meter.take().network.flows.iter().map(|flow| (flow.lost_bits / 1e6).round() * 1e6).collect()
}

/// Users who send 15 Gbps by day and 5 by night over links of 10: a third is dropped by day.
#[test]
fn large_calls_are_dropped_at_their_peak() {
    let mut ring = ring(story());
    let steps = (hour(100.0).micros() / STEP_MICROS) as usize;
    let day = |step: usize| if (step / 48).is_multiple_of(2) { 1.5 } else { 0.5 };
    let unit = ring.b.component(sound("shop@region"));
    let path = ring.b.path(ring.users, ring.region);
    journey(&mut ring.b, &[vec![unit]], None, |r| CallTreeDraft::Service(vec![(r[0], 1.0)]));
    ring.b.landings(RouteId(0), vec![vec![Landing { path, members: Vec::new() }]]);
    ring.b.bits_per_call(JourneyId(0), 10e9);
    let mut model = ring.b.build().unwrap();
    model.populations[0].profile = Profile::from_factors((0..steps).map(day).collect());
    let third = 2.0 / 3.0;
    let expected: Vec<(f64, f64)> =
        (0..9).map(|half| (12.0 * f64::from(half), if half % 2 == 0 { third } else { 1.0 })).collect();
    assert_success(&model, &expected);
}

/// Calls that are large: 1,000 a second of 12.5 Mbit each way are 12.5 Gbps on a link of 10: four fifths arrive.
#[test]
fn large_calls_load_the_way_that_they_take() {
    let mut ring = ring(story());
    let unit = ring.b.component(sound("shop@region"));
    let path = ring.b.path(ring.users, ring.region);
    let usage = journey(&mut ring.b, &[vec![unit]], None, |r| CallTreeDraft::Service(vec![(r[0], 1.0)]));
    ring.b.landings(RouteId(0), vec![vec![Landing { path, members: Vec::new() }]]);
    ring.b.bits_per_call(JourneyId(0), 12.5e9);
    let model = ring.b.build().unwrap();
    assert_numbers(&model, |engine| engine.usage_success(usage), &[(0.0, 0.8)]);
}

/// The busy hours come in every replication, whichever a thread has played before: users who send 15 Gbps by day and 5 by night
/// over links of 10, from a night on.
#[test]
fn every_replication_begins_alike() {
    let mut ring = ring(story());
    let steps = (hour(100.0).micros() / STEP_MICROS) as usize;
    let day = |step: usize| if (step / 48).is_multiple_of(2) { 0.5 } else { 1.5 };
    served(&mut ring);
    ring.b.bits_per_call(JourneyId(0), 10e9);
    let mut model = ring.b.build().unwrap();
    model.populations[0].profile = Profile::from_factors((0..steps).map(day).collect());
    let mut engine = Engine::new(&model);
    let mut meter = Meter::new(&model, 0);
    for number in 0..4 {
        engine.replicate(Replication::new(1, number), &mut meter).unwrap();
        // From 12 to 24, 36 to 48, 60 to 72, 84 to 96.
        assert_eq!(meter.take().usages[0].down, hour(48.0) - SimTime::START, "replication {number}");
    }
}
