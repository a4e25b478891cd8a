//! Replication between regions, told as small stories: every expected age and integral is worked out on paper from
//! docs/semantics.md. The unit of time is the hour.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

mod story;

use blackstart::engine::{Copying, Engine};
use blackstart::law::Law;
use blackstart::measure::{DataFigures, Meter};
use blackstart::model::{
    Builder, CompId, ComponentDraft, Effect, Holder, Kind, MaxLag, ModeDraft, Model, RepairDraft, Replica,
    ReplicaId, RouteId, StrikeDraft,
};
use blackstart::random::Replication;
use blackstart::report::{Page, render_diagnostics, summary_text, trace_text};
use blackstart::scenario::{Diagnostics, Sources, load};
use blackstart::study::{DataSummary, Progress, RunOptions, run, summarize, trace};
use blackstart::time::{MICROS_PER_HOUR, SimSpan};
use story::{
    assert_success, breaks, exp, fixed, hazard, history, hour, moved_users, sound, story, strike, strikes,
};

const HOUR: f64 = MICROS_PER_HOUR as f64;

/// Two regions of two zones each, and the way between them.
struct Pair {
    b: Builder,
    way: CompId,
    north: Holder,
    south: Holder,
}

fn pair(mut b: Builder) -> Pair {
    let way = b.component(ComponentDraft::new("way", Kind::Part));
    let north = region(&mut b, "north");
    let south = region(&mut b, "south");
    Pair { b, way, north, south }
}

fn region(b: &mut Builder, name: &str) -> Holder {
    let region = b.component(ComponentDraft::new(name, Kind::Region));
    let zones = ["a", "b"].map(|z| b.component(ComponentDraft::new(format!("{name}/{z}"), Kind::Zone)));
    Holder { region, zones: zones.to_vec() }
}

impl Pair {
    /// North's data is copied to the south: half an hour behind, an hour to catch up.
    fn copied(&mut self) -> ReplicaId {
        let replica = Replica::new("north to south", self.north.clone(), self.south.clone(), fixed(0.5));
        self.b.replica(Replica { way: Some(self.way), catch_up: fixed(1.0), ..replica })
    }

    /// Both zones of a region are struck at once.
    fn strike_both(&mut self, name: &str, zones: &[CompId], at: f64, work: Law) {
        let repair = RepairDraft::of(work);
        let strike = StrikeDraft { effect: Effect::Down, repair, ..strike(zones.to_vec()) };
        self.b.hazard(hazard(name, at, strike));
    }
}

/// Figures of all copies in the first replication.
fn data(model: &Model) -> Vec<DataFigures> {
    let mut meter = Meter::new(model, 0);
    Engine::new(model).replicate(Replication::new(1, 0), &mut meter).unwrap();
    meter.take().data
}

/// Integral of exposure (hours squared), its peak, time not current and data lost (hours) of the first copy.
fn figures(model: &Model) -> (f64, f64, f64, Option<f64>) {
    let copy = data(model)[0];
    let integral = (copy.exposure_integral / HOUR / HOUR * 1e9).round() / 1e9;
    (integral, copy.peak.hours(), copy.not_current.hours(), copy.lost.map(SimSpan::hours))
}

/// What replication does, and how far it lags then.
fn told(model: &Model) -> Vec<(f64, Copying, f64)> {
    let id = ReplicaId(0);
    let seen = history(model, |e| (e.copying(id), e.data_lag_grows(id), e.data_lag(id)));
    let mut list: Vec<(f64, Copying, f64)> = Vec::new();
    for (at, (copying, _, lag)) in seen {
        if list.last().is_none_or(|(_, before, _)| *before != copying) {
            list.push((at.micros() as f64 / HOUR, copying, lag.hours()));
        }
    }
    list
}

/// No way from 10 to 14, caught up at 15: the age grows from 0.5 to 5.5 h.
#[test]
fn without_a_way_the_lag_grows_until_it_is_caught_up() {
    let mut pair = pair(story());
    breaks(&mut pair.b, pair.way, &[(10.0, 4.0)]);
    pair.copied();
    let model = pair.b.build().unwrap();
    assert_eq!(
        told(&model),
        [
            (0.0, Copying::Current, 0.5),
            (10.0, Copying::StandsStill, 0.5),
            (14.0, Copying::CatchesUp, 4.5),
            (15.0, Copying::Current, 0.5)
        ]
    );
    // 0.5 h throughout, and a triangle of 5 h by 5 h.
    assert_eq!(figures(&model), (50.0 + 12.5, 5.5, 5.0, None));
}

/// A region that is out writes nothing: what it has alone stays at 0.5 h from 10 to 20, and is caught up in an hour.
#[test]
fn a_region_that_is_out_writes_nothing() {
    let mut pair = pair(story());
    let zones = pair.north.zones.clone();
    pair.strike_both("flood", &zones, 10.0, fixed(10.0));
    pair.copied();
    let model = pair.b.build().unwrap();
    assert_eq!(figures(&model), (50.0 + 0.5, 1.5, 11.0, None));
}

/// One zone is enough to write and to keep a copy.
#[test]
fn one_zone_is_enough() {
    let mut pair = pair(story());
    breaks(&mut pair.b, pair.north.zones[0], &[(10.0, 10.0)]);
    breaks(&mut pair.b, pair.south.zones[1], &[(15.0, 10.0)]);
    pair.copied();
    assert_eq!(figures(&pair.b.build().unwrap()), (50.0, 0.5, 0.0, None));
}

/// No way from 10 to 14, the region out from 12 to 13: the age grows to 2.5 h, stays, grows to 3.5 h, and to 4.5 h until 15.
#[test]
fn the_lag_stays_while_nothing_is_written() {
    let mut pair = pair(story());
    breaks(&mut pair.b, pair.way, &[(10.0, 4.0)]);
    let zones = pair.north.zones.clone();
    pair.strike_both("flood", &zones, 12.0, fixed(1.0));
    pair.copied();
    // Beyond 0.5 h: 2 x 2 / 2, then 1 x 2, then from 2 to 4 in 2 hours.
    assert_eq!(figures(&pair.b.build().unwrap()), (50.0 + 2.0 + 2.0 + 6.0, 4.5, 5.0, None));
}

/// The target out from 10 to 12, the way cut at 12.5 before the copy is current, until 16: current at 17.
#[test]
fn a_new_cut_ends_catching_up() {
    let mut pair = pair(story());
    let zones = pair.south.zones.clone();
    pair.strike_both("flood", &zones, 10.0, fixed(2.0));
    breaks(&mut pair.b, pair.way, &[(12.5, 3.5)]);
    pair.copied();
    assert_eq!(figures(&pair.b.build().unwrap()), (50.0 + 24.5, 7.5, 7.0, None));
}

/// Cut off at 10, destroyed at 13: 3.5 h of data are lost. From then on nothing is at risk any more.
#[test]
fn what_was_written_since_the_cut_is_lost_with_the_region() {
    let mut pair = pair(story());
    breaks(&mut pair.b, pair.way, &[(10.0, 20.0)]);
    let zones = pair.north.zones.clone();
    pair.strike_both("shelling", &zones, 13.0, Law::NEVER);
    pair.copied();
    let model = pair.b.build().unwrap();
    assert_eq!(figures(&model), (13.0 * 0.5 + 4.5, 3.5, 3.0, Some(3.5)));
    assert_eq!(told(&model).last(), Some(&(13.0, Copying::Lost, 3.5)));
}

/// Cut off and destroyed in one instant: what was under way is lost, no more.
#[test]
fn a_cut_at_the_same_instant_costs_nothing_more() {
    let mut pair = pair(story());
    breaks(&mut pair.b, pair.way, &[(10.0, 20.0)]);
    let zones = pair.north.zones.clone();
    pair.strike_both("shelling", &zones, 10.0, Law::NEVER);
    pair.copied();
    assert_eq!(figures(&pair.b.build().unwrap()), (5.0, 0.5, 0.0, Some(0.5)));
}

/// Zones that are destroyed one after the other: the region is lost with the last of them.
#[test]
fn a_region_is_lost_with_its_last_zone() {
    let mut pair = pair(story());
    for (zone, at) in [(0, 10.0), (1, 15.0)] {
        let zone = pair.north.zones[zone];
        strikes(&mut pair.b, &format!("shelling {at}"), zone, at, Effect::Down, RepairDraft::of(Law::NEVER));
    }
    pair.copied();
    assert_eq!(figures(&pair.b.build().unwrap()), (7.5, 0.5, 0.0, Some(0.5)));
}

/// A zone that will be mended still has the data, whatever keeps it out.
#[test]
fn a_zone_that_will_be_mended_keeps_the_data() {
    let mut pair = pair(story());
    breaks(&mut pair.b, pair.north.zones[0], &[(10.0, 20.0)]);
    let zone = pair.north.zones[1];
    strikes(&mut pair.b, "shelling", zone, 15.0, Effect::Down, RepairDraft::of(Law::NEVER));
    pair.copied();
    // Out from 15 to 30, then an hour to catch up.
    assert_eq!(figures(&pair.b.build().unwrap()), (50.0 + 0.5, 1.5, 16.0, None));
}

/// A need that is lost for good destroys no data.
#[test]
fn without_power_nothing_is_destroyed() {
    let mut pair = pair(story());
    let power = pair.b.component(sound("power"));
    for zone in pair.north.zones.clone() {
        pair.b.component_mut(zone).support = Some(blackstart::model::Expression::Level(power));
    }
    strikes(&mut pair.b, "shelling", power, 10.0, Effect::Down, RepairDraft::of(Law::NEVER));
    pair.copied();
    assert_eq!(figures(&pair.b.build().unwrap()), (50.0, 0.5, 90.0, None));
}

/// A failure mode that is never repaired destroys as a strike does.
#[test]
fn a_failure_of_the_region_itself_that_never_ends_destroys_it() {
    let mut pair = pair(story());
    let failure = ModeDraft::down("collapse", fixed(10.0), Law::NEVER);
    pair.b.component_mut(pair.north.region).modes.push(failure);
    pair.copied();
    assert_eq!(figures(&pair.b.build().unwrap()), (5.0, 0.5, 0.0, Some(0.5)));
}

/// If the copy is destroyed first, or at the same instant, all that was written since the start is lost.
#[test]
fn two_lost_regions_lose_everything() {
    for (copy_at, expected) in [(5.0, (2.5 + 5.0 * 5.0 + 12.5, 10.0, 5.0)), (10.0, (5.0, 0.5, 0.0))] {
        let mut pair = pair(story());
        let (north, south) = (pair.north.zones.clone(), pair.south.zones.clone());
        pair.strike_both("quake in the south", &south, copy_at, Law::NEVER);
        pair.strike_both("quake in the north", &north, 10.0, Law::NEVER);
        pair.copied();
        let (integral, peak, not_current) = expected;
        assert_eq!(figures(&pair.b.build().unwrap()), (integral, peak, not_current, Some(10.0)));
    }
}

/// Of two copies the fresher one decides what is lost.
#[test]
fn what_one_copy_has_is_not_lost() {
    let mut pair = pair(story());
    breaks(&mut pair.b, pair.way, &[(10.0, 20.0)]);
    let zones = pair.north.zones.clone();
    pair.strike_both("shelling", &zones, 13.0, Law::NEVER);
    pair.copied();
    let west = region(&mut pair.b, "west");
    pair.b.replica(Replica::new("north to west", pair.north.clone(), west, fixed(2.0)));
    let summary = summary(&pair.b.build().unwrap(), 1, 1);
    assert_eq!(summary.copies.len(), 2);
    let [loss] = summary.regions.as_slice() else { unreachable!("one region copies its data") };
    assert_eq!((loss.region.as_str(), loss.loss_probability), ("north", 1.0));
    assert_eq!(loss.data_lost_s.as_ref().unwrap().mean, 2.0 * 3_600.0);
}

fn summary(model: &Model, replications: u64, threads: usize) -> DataSummary {
    let options = RunOptions { replications, seed: 7, threads, curve_points: 0 };
    summarize(model, &run(model, options, &Progress::default()).unwrap()).data.unwrap()
}

/// Users of home in the north, whose other unit is in the south, moved only if data lags at most an hour there.
fn with_max_lag(pair: &mut Pair, replicas: Vec<Option<ReplicaId>>, home: &[(f64, f64)]) {
    let units = ["home", "other"].map(|name| pair.b.component(sound(name)));
    breaks(&mut pair.b, units[0], home);
    moved_users(&mut pair.b, &units, vec![None, None]);
    let most = hour(1.0) - hour(0.0);
    pair.b.max_lag(RouteId(0), MaxLag { most, replicas });
}

/// No way from 8 to 12, home fails from 10 to 30: decided at 10.5, but data lags 3 h; caught up at 13, moved at 14.
#[test]
fn failover_waits_until_data_is_fresh() {
    let mut pair = pair(story());
    breaks(&mut pair.b, pair.way, &[(8.0, 4.0)]);
    let copy = pair.copied();
    with_max_lag(&mut pair, vec![None, Some(copy)], &[(10.0, 20.0)]);
    assert_success(&pair.b.build().unwrap(), &[(0.0, 1.0), (10.0, 0.0), (14.0, 1.0)]);
}

/// Home's region is out, so that its data cannot become fresher: users wait for home.
#[test]
fn users_wait_for_home_if_the_copy_is_too_old() {
    let mut pair = pair(story());
    breaks(&mut pair.b, pair.way, &[(8.0, 4.0)]);
    let zones = pair.north.zones.clone();
    pair.strike_both("flood", &zones, 10.0, fixed(20.0));
    let copy = pair.copied();
    with_max_lag(&mut pair, vec![None, Some(copy)], &[(10.0, 20.0)]);
    assert_success(&pair.b.build().unwrap(), &[(0.0, 1.0), (10.0, 0.0), (30.0, 1.0)]);
}

/// A region that goes down with a fresh copy lags no more, however long it is down. Where there is no copy nobody goes.
#[test]
fn a_fresh_copy_stays_fresh() {
    for (has_copy, back_at) in [(true, 11.5), (false, 30.0)] {
        let mut pair = pair(story());
        let zones = pair.north.zones.clone();
        pair.strike_both("flood", &zones, 10.0, fixed(20.0));
        let copy = pair.copied();
        with_max_lag(&mut pair, vec![None, Some(copy).filter(|_| has_copy)], &[(10.0, 20.0)]);
        assert_success(&pair.b.build().unwrap(), &[(0.0, 1.0), (10.0, 0.0), (back_at, 1.0)]);
    }
}

/// A way that is up for 200 h and down for 10 h in the mean, both exponential, and no lag while it is up. By renewal and
/// reward the mean exposure is E[D^2] / 2 over the mean cycle: 100 / 210 h. It starts up, which in 40,000 h makes less than
/// a thousandth of a standard error.
#[test]
fn mean_exposure_is_that_of_renewal_and_reward() {
    let mut pair = pair(Builder::new("renewal", hour(40_000.0)));
    pair.b.component_mut(pair.way).modes.push(ModeDraft::down("cut", exp(200.0), exp(10.0)));
    let replica = Replica::new("north to south", pair.north.clone(), pair.south.clone(), Law::ZERO);
    pair.b.replica(Replica { way: Some(pair.way), ..replica });
    let model = pair.b.build().unwrap();
    let mut moments = blackstart::stats::Moments::default();
    let mut engine = Engine::new(&model);
    let mut meter = Meter::new(&model, 0);
    for number in 0..400 {
        engine.replicate(Replication::new(11, number), &mut meter).unwrap();
        moments.push(meter.take().data[0].exposure_integral / HOUR / HOUR / 40_000.0);
    }
    let error = moments.standard_error().unwrap();
    assert!(error < 0.01, "{error}");
    assert!((moments.mean() - 100.0 / 210.0).abs() < 4.0 * error, "{} with {error}", moments.mean());
}

/// A region that is lost for good at the rate 1 / 1000 h, with a lag that is uniform from 0 to 2 h, over 500 h.
#[test]
fn probability_and_size_of_a_loss() {
    let mut pair = pair(Builder::new("loss", hour(500.0)));
    let failure = ModeDraft::down("collapse", exp(1_000.0), Law::NEVER);
    pair.b.component_mut(pair.north.region).modes.push(failure);
    let lag = Law::uniform(0.0, 2.0 * HOUR).unwrap();
    pair.b.replica(Replica::new("north to south", pair.north.clone(), pair.south.clone(), lag));
    let model = pair.b.build().unwrap();
    let n = 4_000.0;
    let summary = summary(&model, 4_000, 2);
    let loss = &summary.regions[0];
    let p = 1.0 - libm::exp(-0.5);
    assert!((loss.loss_probability - p).abs() < 4.0 * (p * (1.0 - p) / n).sqrt(), "{loss:?}");
    // The mean of a uniform lag is 1 h with a standard deviation of 2 / sqrt(12) h.
    let lost = loss.data_lost_s.as_ref().unwrap();
    let error = 3_600.0 * 2.0 / 12.0_f64.sqrt() / (p * n).sqrt();
    assert!((lost.mean - 3_600.0).abs() < 4.0 * error, "{lost:?}");
    // The lag is drawn anew in each replication, and exposure is that lag while the region stands.
    assert!(summary.copies[0].peak_exposure_s.interval.is_some());
}

#[test]
fn the_same_on_any_number_of_threads() {
    let mut pair = pair(Builder::new("threads", hour(2_000.0)));
    pair.b.component_mut(pair.way).modes.push(ModeDraft::down("cut", exp(100.0), exp(10.0)));
    let lag = Law::log_normal(HOUR, 1.0).unwrap_or(Law::ZERO);
    let replica = Replica::new("north to south", pair.north.clone(), pair.south.clone(), lag);
    pair.b.replica(Replica { way: Some(pair.way), catch_up: exp(3.0), ..replica });
    let model = pair.b.build().unwrap();
    assert_eq!(summary(&model, 200, 1), summary(&model, 200, 3));
}

/// Nothing is said of data where nothing is copied.
#[test]
fn without_copies_the_report_says_nothing() {
    let mut pair = pair(story());
    moved_users(&mut pair.b, &[pair.way], vec![None]);
    let model = pair.b.build().unwrap();
    let options = RunOptions { replications: 3, seed: 7, threads: 1, curve_points: 0 };
    let summary = summarize(&model, &run(&model, options, &Progress::default()).unwrap());
    assert!(summary.data.is_none() && !summary_text(&summary, Page::PLAIN).contains("data at risk"));
}

/// The model of tests/replication.ron after some edits.
fn written(edits: &[&str]) -> Model {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let edits: Vec<String> = edits.iter().map(|edit| (*edit).to_owned()).collect();
    let loaded = load("replication", include_str!("replication.ron"), &edits, &mut sources, &mut found);
    assert_eq!(render_diagnostics(&sources, &found.into_vec(), false), "");
    loaded.unwrap().model
}

#[test]
fn regions_say_where_their_data_is_copied() {
    let model = written(&[]);
    let name = |c: CompId| model.components[c.index()].name.as_str();
    let seen: Vec<_> = model
        .replicas
        .iter()
        .map(|r| (r.name.as_str(), name(r.from.region), r.from.zones.iter().map(|z| name(*z)).collect()))
        .collect();
    let expected: [(&str, &str, Vec<&str>); 2] =
        [("gulf to eu", "gulf", vec!["gulf/a", "gulf/b"]), ("eu to gulf", "eu", vec!["eu/a"])];
    assert_eq!(seen, expected);
    assert_eq!(model.replicas[0].way.map(name), Some("region gulf to region eu"));
    assert_eq!(model.replicas[1].way.map(name), Some("region eu to region gulf"));
    assert_eq!(model.replicas[1].lag, fixed(2.0 / 3_600.0));
    assert_eq!((&model.replicas[1].catch_up, model.replicas[0].catch_up.is_zero()), (&Law::ZERO, false));
    let max_lag = model.routes[0].max_lag.as_ref().unwrap();
    assert_eq!(max_lag.most, SimSpan::from_micros(300_000_000));
    assert_eq!(max_lag.replicas, [None, Some(ReplicaId(0))]);
}

/// Where no cable and no link joins anything, only the regions themselves matter.
#[test]
fn on_a_perfect_network_no_way_is_needed() {
    let model = written(&[
        "cables={}",
        "sites={}",
        "regions.gulf.attach=[]",
        "regions.eu.attach=[]",
        "users.town.attach=[]",
        "crews={}",
    ]);
    assert!(model.replicas.iter().all(|replica| replica.way.is_none()));
}

/// All cables are struck on 1 March, and the region on 2 March: what the report and the trace say of it.
#[test]
fn the_report_and_the_trace_tell_of_data() {
    let hazards = "hazards={
        \"anchors\": (occurs: At([\"2026-03-01T00:00:00Z\"]), strikes: {
            \"cut\": (targets: [\"west/fujairah-marseille\", \"east/fujairah-mumbai\"], repair: \"6h\"),
        }),
        \"shelling\": (occurs: At([\"2026-03-02T00:00:00Z\"]), strikes: { \"hit\": (targets: [\"gulf\"], repair: Never) }),
    }";
    let cables = "cables={
        \"west\": (segments: [(from: \"fujairah\", to: \"marseille\", length: \"8000 km\")]),
        \"east\": (segments: [(from: \"fujairah\", to: \"mumbai\", length: \"2100 km\"), (from: \"mumbai\", to: \"marseille\", length: \"10200 km\")]),
    }";
    let quiet =
        ["regions.gulf.failures={}", "regions.gulf.replicates=(to: \"eu\", lag: \"3s\", catch_up: \"20h\")"];
    let model = written(&[&quiet[..], &["crews={}", cables, hazards]].concat());
    let options = RunOptions { replications: 30, seed: 1, threads: 1, curve_points: 0 };
    let summary = summarize(&model, &run(&model, options, &Progress::default()).unwrap());
    let report = summary_text(&summary, Page::PLAIN);
    let (_, data) = report.split_once("data at risk").unwrap();
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("report", data) });
    let story = trace_text(&model, &trace(&model, 1, 0).unwrap(), true, Page::PLAIN);
    let told: Vec<&str> = story.lines().filter(|line| line.contains("replication of")).collect();
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("trace", told.join("\n")) });
}
