//! The engine against known answers: closed forms, Markov chains, published cases. Time unit: one hour.

mod common;

use blackstart::engine::{Blind, Engine};
use blackstart::exact::closed::{
    at_least, average_availability, behind_holdover, marshall_olkin, parallel, renewal_availability, series,
};
use blackstart::exact::repair::{MachineRepair, Standby, black_start_cycle};
use blackstart::law::Law;
use blackstart::model::{
    Builder, ClockDraft, CompId, ComponentDraft, Expression, HazardDraft, Holdover, Kind, ModeDraft, Need,
    OccursDraft, RepairDraft, StandbyDraft, StrikeDraft,
};
use blackstart::random::Replication;
use blackstart::time::SimSpan;
use common::{
    HOUR, assert_mean, assert_probability, down_shares, exp, fixed, hours, levels, met, part, play, watched,
};

/// A strike that takes all its targets down at once, and for good.
fn strike(name: &str, targets: &[CompId]) -> StrikeDraft {
    StrikeDraft::down(name, targets.to_vec(), RepairDraft::of(Law::NEVER))
}

/// A hazard of one strike, each of whose occurrences happens.
fn hazard(name: &str, occurs: OccursDraft, strike: StrikeDraft) -> HazardDraft {
    HazardDraft::new(name, occurs, vec![strike])
}

/// Oracle 1: long-run availability of a renewal process, whatever the repair law.
#[test]
fn oracle_01_one_component() {
    let truth = 1.0 - renewal_availability(1000.0, 1.0);
    let mttr = HOUR;
    let laws = [
        ("Exp", Law::exp(mttr).unwrap()),
        ("Fixed", Law::fixed(mttr).unwrap()),
        // LogNormal of mean 1 h: median = exp(-sigma^2 / 2).
        ("LogNormal", Law::log_normal(mttr * libm::exp(-0.5 * 0.8 * 0.8), 0.8).unwrap()),
        ("Gamma", Law::gamma(mttr, 1.7).unwrap()),
        ("Weibull", Law::weibull(mttr / 2.0, 0.5).unwrap()),
        ("Uniform", Law::uniform(0.0, 2.0 * mttr).unwrap()),
        ("Triangular", Law::triangular(0.0, mttr, 2.0 * mttr).unwrap()),
        ("Empirical", Law::empirical(vec![0.5 * mttr, 1.5 * mttr]).unwrap()),
        ("Mix", Law::mix(vec![(0.5, Law::ZERO), (0.5, Law::exp(2.0 * mttr).unwrap())]).unwrap()),
    ];
    for (name, law) in laws {
        // 200 x 100,000 h: about 20,000 failures, so 1 % is a standard error and a half or more; the start from new
        // biases by less than MTTR / horizon = 1e-5 of the unavailability.
        let mut builder = Builder::new("one component", hours(100_000.0));
        let a = builder.component(part("a", exp(1000.0), law));
        watched(&mut builder, Expression::Level(a));
        let model = builder.build().unwrap();
        let (output, _) = play(&model, 200, 1);
        assert_mean(name, &down_shares(&model, &output), truth);
    }
}

/// Oracle 1, from new: mean of A(t) over a short horizon, and stationary from the start with aged clocks.
#[test]
fn oracle_01_from_new() {
    let (mttf, mttr, horizon) = (10.0, 4.0, 20.0);
    let mut builder = Builder::new("from new", hours(horizon));
    let a = builder.component(part("a", exp(mttf), exp(mttr)));
    watched(&mut builder, Expression::Level(a));
    let model = builder.build().unwrap();
    let (output, _) = play(&model, 20_000, 2);
    let truth = 1.0 - average_availability(1.0 / mttf, 1.0 / mttr, horizon);
    assert_mean("average unavailability", &down_shares(&model, &output), truth);
}

/// A hidden failure that inspections find and mend at once: the mean fractional dead time.
///
/// Formula: 1 - (1 - exp(-r T)) / (r T), r the failure rate, T the interval. Source: IEC 61508-6, annex B (whose
/// r T / 2 is its first term).
#[test]
fn inspected_hidden_failures() {
    for (mttf, interval) in [(1000.0, 500.0), (100.0, 700.0)] {
        let mut builder = Builder::new("inspected", hours(35_000.0));
        let inspection = Some(hours(interval) - hours(0.0));
        let mode = ModeDraft { inspection, ..ModeDraft::down("stuck", exp(mttf), Law::ZERO) };
        let a = builder.component(ComponentDraft::new("a", Kind::Part).failing(mode));
        watched(&mut builder, Expression::Level(a));
        let model = builder.build().unwrap();
        let (output, _) = play(&model, 400, 6);
        let x: f64 = interval / mttf;
        assert_mean("dead time", &down_shares(&model, &output), 1.0 - (1.0 - libm::exp(-x)) / x);
    }
}

/// Clustered occurrences: the mean number of events of a self-exciting process with exponential decay.
///
/// Formula: m / (1 - n) (T - n / (b (1 - n)) (1 - exp(-b (1 - n) T))), m the background rate, n the offspring, 1 / b their
/// mean time. Source: A. G. Hawkes, Spectra of some self-exciting and mutually exciting point processes (1971), integrated.
#[test]
fn clustered_occurrences() {
    let (m, n, b, t) = (0.01_f64, 0.6_f64, 0.02_f64, 1_000.0_f64);
    let mut builder = Builder::new("clusters", hours(t));
    let a = builder.component(ComponentDraft::new("a", Kind::Part));
    let hit = StrikeDraft { repair: RepairDraft::of(fixed(1.0)), ..strike("hit", &[a]) };
    let incident = hazard("incident", OccursDraft::Every(exp(1.0 / m)), hit);
    let incident = builder.hazard(HazardDraft { clusters: Some((n, exp(1.0 / b))), ..incident });
    let model = builder.build().unwrap();
    let mut engine = Engine::new(&model);
    let numbers = (0..4_000).map(|replication| {
        engine.replicate(Replication::new(8, replication), &mut Blind).unwrap();
        f64::from(engine.occurrences_of(incident))
    });
    let slower = b * (1.0 - n);
    let truth = m / (1.0 - n) * (t - n / slower * (1.0 - libm::exp(-slower * t)));
    assert_mean("occurrences", &numbers.collect::<Vec<_>>(), truth);
}

/// Oracle 2: independent repairable components in series, parallel and k-of-n.
#[test]
fn oracle_02_structures() {
    let mttfs = [50.0, 80.0, 120.0, 60.0];
    let mttrs = [5.0, 10.0, 6.0, 12.0];
    let single: Vec<f64> = mttfs.iter().zip(mttrs).map(|(f, r)| renewal_availability(*f, r)).collect();
    type Shape = fn(Vec<Expression>) -> Expression;
    let shapes: [(&str, Shape, f64); 3] = [
        ("series", Expression::All, series(&single)),
        ("parallel", Expression::Any, parallel(&single)),
        ("2 of 4", |list| Expression::AtLeast(2, list), at_least(2, &single)),
    ];
    for (name, shape, availability) in shapes {
        let mut builder = Builder::new(name, hours(20_000.0));
        let parts: Vec<_> =
            (0..4).map(|i| builder.component(part(&format!("p{i}"), exp(mttfs[i]), exp(mttrs[i])))).collect();
        watched(&mut builder, shape(levels(&parts)));
        let model = builder.build().unwrap();
        let (output, _) = play(&model, 400, 3);
        assert_mean(name, &down_shares(&model, &output), 1.0 - availability);
    }
}

/// Oracle 3: machine repair with few crews, with single components and as one counted component.
#[test]
fn oracle_03_machine_repair() {
    for (machines, mttf, mttr, crews, needed) in
        [(3, 100.0, 10.0, 1, 2), (3, 100.0, 10.0, 3, 2), (5, 20.0, 1.0, 2, 3)]
    {
        let rates = (1.0 / mttf, 1.0 / mttr);
        let exact = MachineRepair { machines, failure_rate: rates.0, repair_rate: rates.1, crews, needed }
            .long_run()
            .unwrap();
        for counted in [false, true] {
            let mut builder = Builder::new("machine repair", hours(50_000.0));
            let crew = builder.crew("crew", crews as u32);
            let mode = || ModeDraft {
                repair: RepairDraft { crew: Some(crew), ..RepairDraft::of(exp(mttr)) },
                ..ModeDraft::down("failure", exp(mttf), exp(mttr))
            };
            let support = if counted {
                let draft = ComponentDraft::new("machines", Kind::Part).failing(mode());
                let all = builder.component(ComponentDraft {
                    units: machines as u32,
                    enough: Some(needed as u32),
                    ..draft
                });
                Expression::LevelAtLeast(all, 1.0)
            } else {
                let parts: Vec<_> = (0..machines)
                    .map(|i| {
                        builder.component(ComponentDraft::new(format!("m{i}"), Kind::Part).failing(mode()))
                    })
                    .collect();
                Expression::AtLeast(needed, levels(&parts))
            };
            watched(&mut builder, support);
            let model = builder.build().unwrap();
            let (output, _) = play(&model, 300, 4);
            let name = format!("{needed} of {machines}, {crews} crews, counted {counted}");
            assert_mean(&name, &down_shares(&model, &output), 1.0 - exact.availability);
            let rate: Vec<f64> =
                output.rows().iter().map(|r| f64::from(r.usages[0].outages) / 50_000.0).collect();
            let truth = 1.0 / (exact.mean_up_time + exact.mean_down_time);
            assert_mean(&format!("{name}: outages per hour"), &rate, truth);
        }
    }
}

/// Oracle 4: active and standby with dormancy.
#[test]
fn oracle_04_standby() {
    for (dormancy, crews) in [(0.4, 2), (0.0, 2), (0.4, 1)] {
        let exact = Standby { units: 2, failure_rate: 0.01, dormancy, repair_rate: 0.5, crews };
        let truth = exact.unavailability().unwrap();
        let mut builder = Builder::new("standby", hours(100_000.0));
        let crew = builder.crew("crew", crews as u32);
        let mode = || ModeDraft {
            repair: RepairDraft { crew: Some(crew), ..RepairDraft::of(exp(2.0)) },
            ..ModeDraft::down("failure", exp(100.0), exp(2.0))
        };
        let active = builder.component(ComponentDraft::new("active", Kind::Part).failing(mode()));
        let standby = StandbyDraft {
            starts_in: Law::ZERO,
            fails_to_start: 0.0,
            repair: RepairDraft::of(exp(2.0)),
            dormancy,
        };
        let draft = ComponentDraft::new("standby", Kind::Part).failing(mode());
        let standby = builder.component(ComponentDraft { standby: Some(standby), ..draft });
        watched(&mut builder, Expression::Any(levels(&[active, standby])));
        let model = builder.build().unwrap();
        let (output, _) = play(&model, 300, 5);
        assert_mean(&format!("dormancy {dormancy}, crews {crews}"), &down_shares(&model, &output), truth);
    }
}

/// Oracle 5: Marshall-Olkin, two components with a common shock and no repair.
#[test]
fn oracle_05_common_shock() {
    let (l1, l2, l12, t) = (0.02, 0.05, 0.03, 10.0);
    let mut builder = Builder::new("common shock", hours(t));
    let a = builder.component(part("a", exp(1.0 / l1), Law::NEVER));
    let b = builder.component(part("b", exp(1.0 / l2), Law::NEVER));
    builder.hazard(hazard("shock", OccursDraft::Every(exp(1.0 / l12)), strike("both", &[a, b])));
    watched(&mut builder, Expression::All(levels(&[a, b])));
    let model = builder.build().unwrap();
    let (output, _) = play(&model, 40_000, 6);
    let survived = output.rows().iter().filter(|r| r.usages[0].outages == 0).count();
    assert_probability("both up", survived, 40_000, marshall_olkin(l1, l2, l12, t, t));
}

/// Oracle 6: a holdover of one hour in front of outages of several laws.
#[test]
fn oracle_06_holdover() {
    let lognormal = Law::log_normal(1.5 * HOUR, 0.8).unwrap();
    // Of the LogNormal D: P(D > 1 h), and E[(D - 1 h)+] by the law weighted with its length.
    let weighted = Law::log_normal(1.5 * HOUR * libm::exp(0.8 * 0.8), 0.8).unwrap();
    let (mean, outlasts) = (lognormal.mean() / HOUR, 1.0 - lognormal.cdf(HOUR));
    let excess = mean * (1.0 - weighted.cdf(HOUR)) - outlasts;
    let cases = [
        (
            "Exp",
            exp(2.0),
            behind_holdover(1000.0, 2.0, libm::exp(-0.5), 2.0 * libm::exp(-0.5)),
            (5.306235, 2.0),
        ),
        ("Fixed", fixed(2.0), behind_holdover(1000.0, 2.0, 1.0, 1.0), (8.748503, 1.0)),
        ("LogNormal", lognormal, behind_holdover(1000.0, mean, outlasts, excess), (6.069868, 1.692373)),
    ];
    for (name, outage, exact, (per_year, length)) in cases {
        assert!((exact.rate * 8766.0 - per_year).abs() < 1e-6, "{name}: {}", exact.rate * 8766.0);
        assert!((exact.mean_length - length).abs() < 1e-6, "{name}: {}", exact.mean_length);
        let mut builder = Builder::new("holdover", hours(20.0 * 8766.0));
        let feed = builder.component(part("feed", exp(1000.0), outage));
        let holdover = Holdover { length: fixed(1.0), refills_in: None, name: "ups".into() };
        let need =
            Need { on: Expression::Level(feed), at_least: None, holdover: Some(holdover), otherwise: 0.0 };
        let unit = ComponentDraft::new("load", Kind::Unit).needing(Expression::Need(Box::new(need)));
        let unit = builder.component(unit);
        builder.watched_by_users(unit, SimSpan::ZERO);
        let model = builder.build().unwrap();
        let (output, _) = play(&model, 400, 7);
        let rates: Vec<f64> = output.rows().iter().map(|r| f64::from(r.usages[0].outages) / 20.0).collect();
        assert_mean(&format!("{name}: outages a year"), &rates, per_year);
        let down: Vec<f64> = output.rows().iter().map(|r| r.usages[0].down_s / 3600.0 / 20.0).collect();
        assert_mean(&format!("{name}: hours down a year"), &down, per_year * length);
    }
}

/// Oracle 7: two components that need each other, with black start.
#[test]
fn oracle_07_black_start_cycle() {
    let truth = black_start_cycle(2, 1000.0, 2.0, 3.0);
    let mut builder = Builder::new("cycle", hours(100_000.0));
    let mode =
        || ModeDraft { clock: ClockDraft::Operating, ..ModeDraft::down("failure", exp(1000.0), exp(2.0)) };
    let draft = |name: &str| {
        let draft = ComponentDraft::new(name, Kind::Part).failing(mode());
        ComponentDraft { black_start: Some(fixed(3.0)), ..draft }
    };
    let a = builder.component(draft("a"));
    let b = builder.component(draft("b"));
    builder.component_mut(a).support = Some(met(b));
    builder.component_mut(b).support = Some(met(a));
    watched(&mut builder, Expression::Level(a));
    let model = builder.build().unwrap();
    let (output, _) = play(&model, 200, 8);
    assert_mean("pair", &down_shares(&model, &output), truth);
}

fn outage_starts(a_and_b_age_together: bool) -> (Vec<f64>, f64) {
    let mut builder = Builder::new("ageing", hours(300.0));
    let a = builder.component(part("a", fixed(100.0), fixed(10.0)));
    let b = builder.component(part("b", fixed(120.0), fixed(10.0)));
    let system = watched(&mut builder, Expression::All(levels(&[a, b])));
    if a_and_b_age_together {
        for c in [a, b] {
            builder.component_mut(c).modes[0].clock = ClockDraft::While(Expression::Up(system));
        }
    }
    let model = builder.build().unwrap();
    let mut log = Starts::default();
    let mut engine = blackstart::engine::Engine::new(&model);
    engine.replicate(blackstart::random::Replication::new(1, 0), &mut log).unwrap();
    let (output, _) = play(&model, 1, 1);
    (log.starts, output.rows()[0].usages[0].down_s / 3600.0)
}

/// Notes the hours at which the only usage goes down.
#[derive(Default)]
struct Starts {
    down: bool,
    starts: Vec<f64>,
}

impl blackstart::engine::Observer for Starts {
    fn begin(&mut self, _: &blackstart::engine::Engine<'_>) {}

    fn settled(&mut self, engine: &blackstart::engine::Engine<'_>) {
        let down = engine.usage_success(blackstart::model::UsageId(0)) < 0.95;
        if down && !self.down {
            self.starts.push(engine.now().micros() as f64 / HOUR);
        }
        self.down = down;
    }

    fn end(&mut self, _: &blackstart::engine::Engine<'_>, _: blackstart::time::SimTime) {}
}

/// Oracle 8: ageing while down. Ageing together, A fails at 100 and 220 h, B at 130 and 270 h. Ageing alone, A is up
/// again at 110 and fails at 210 h, B fails at 120 and 250 h. No two outages touch; each lasts 10 h.
#[test]
fn oracle_08_ageing_while_down() {
    let (starts, down) = outage_starts(true);
    assert_eq!(starts, [100.0, 130.0, 220.0, 270.0]);
    assert_eq!(down, 40.0);
    let (starts, down) = outage_starts(false);
    assert_eq!(starts, [100.0, 120.0, 210.0, 250.0]);
    assert_eq!(down, 40.0);
}

/// Oracle 9: up 90 h, repaired in 10 h, exactly.
#[test]
fn oracle_09_deterministic() {
    let mut builder = Builder::new("deterministic", hours(1000.0));
    let a = builder.component(part("a", fixed(90.0), fixed(10.0)));
    watched(&mut builder, Expression::Level(a));
    let model = builder.build().unwrap();
    let (output, _) = play(&model, 1, 1);
    let usage = output.rows()[0].usages[0];
    assert_eq!(usage.outages, 10);
    assert_eq!(usage.down_s, 100.0 * 3600.0);
    // The tenth repair ends at the horizon, and events at the horizon are applied.
    assert!(!usage.censored);
}

/// Oracle 13: 98 of 100.
#[test]
fn oracle_13_98_of_100() {
    let mut builder = Builder::new("98 of 100", hours(8760.0));
    let repair = Law::log_normal(4.0 * HOUR, 0.8).unwrap();
    let parts: Vec<_> =
        (0..100).map(|i| builder.component(part(&format!("p{i:02}"), exp(1000.0), repair.clone()))).collect();
    watched(&mut builder, Expression::AtLeast(98, levels(&parts)));
    let model = builder.build().unwrap();
    let (output, summary) = play(&model, 2_000, 9);
    assert_mean("unavailability", &down_shares(&model, &output), 0.017_910_584_0);
    let outages: Vec<f64> = output.rows().iter().map(|r| f64::from(r.usages[0].outages)).collect();
    // An outage that ends and begins at one microsecond would be one; the truth counts none of those.
    assert_mean("outages", &outages, 74.386);
    let unavailability = summary.components[0].unavailability;
    assert!((unavailability - 5.508 / 1005.508).abs() < 4.0 * summary.components[0].standard_error.unwrap());
}

/// Oracle 14: cases of the Storm test suite, without repair.
#[test]
fn oracle_14_voting() {
    let mut builder = Builder::new("2 of 3", hours(1_000.0));
    let parts: Vec<_> = [0.3, 0.4, 1.0]
        .iter()
        .enumerate()
        .map(|(i, rate)| builder.component(part(&format!("p{i}"), exp(1.0 / rate), Law::NEVER)))
        .collect();
    watched(&mut builder, Expression::AtLeast(2, levels(&parts)));
    first_failures("voting", builder, 0.349_652_987_3, 2685.0 / 1547.0);
}

#[test]
fn oracle_14_warm_spare() {
    let mut builder = Builder::new("spare", hours(1_000.0));
    let active = builder.component(part("active", exp(2.0), Law::NEVER));
    let standby = StandbyDraft {
        starts_in: Law::ZERO,
        fails_to_start: 0.0,
        repair: RepairDraft::of(Law::NEVER),
        dormancy: 0.3,
    };
    let spare = ComponentDraft { standby: Some(standby), ..part("spare", exp(2.0), Law::NEVER) };
    let spare = builder.component(spare);
    watched(&mut builder, Expression::Any(levels(&[active, spare])));
    first_failures("warm spare", builder, 0.111_853_063_8, 46.0 / 13.0);
}

#[test]
fn oracle_14_trigger() {
    for (probability, by_one, mttf) in [(0.2, 0.198_168_868_0, 68.0 / 25.0), (0.0, 0.154_818_121_7, 3.0)] {
        let mut builder = Builder::new("trigger", hours(1_000.0));
        let [t, a, b] = ["t", "a", "b"].map(|name| builder.component(part(name, exp(2.0), Law::NEVER)));
        let hit = StrikeDraft { hits: probability, each: true, ..strike("hit", &[a, b]) };
        builder.hazard(hazard("trigger", OccursDraft::When(Expression::Down(t)), hit));
        watched(&mut builder, Expression::Any(levels(&[a, b])));
        first_failures(&format!("trigger {probability}"), builder, by_one, mttf);
    }
}

fn first_failures(name: &str, builder: Builder, by_one: f64, mttf: f64) {
    let model = builder.build().unwrap();
    let (output, _) = play(&model, 40_000, 10);
    let first: Vec<f64> =
        output.rows().iter().map(|r| r.usages[0].first_outage_s.unwrap() / 3600.0).collect();
    let failed = first.iter().filter(|t| **t <= 1.0).count();
    assert_probability(&format!("{name}: failed by 1"), failed, first.len(), by_one);
    assert_mean(&format!("{name}: mean time to failure"), &first, mttf);
}

/// Oracle 16 (published with scram as `beta_factor_ccf`): three trains of a pump and a valve. Each fails on demand with
/// probability 0.1, a fifth of it in common with its kind.
#[test]
fn oracle_16_common_cause_by_beta_factor() {
    let mut builder = Builder::new("trains", hours(2.0));
    let names = |kind: &str| [1, 2, 3].map(|train| format!("{kind} {train}"));
    let group = |builder: &mut Builder, kind: &str| {
        let group = names(kind).map(|name| builder.component(ComponentDraft::new(name, Kind::Part)));
        let mut fails = |name: &str, targets: &[CompId], probability: f64| {
            let demand = hazard(name, OccursDraft::At(vec![hours(1.0)]), strike("failure", targets));
            builder.hazard(HazardDraft { probability, ..demand });
        };
        for (name, part) in names(kind).into_iter().zip(group) {
            fails(&name, &[part], 0.08);
        }
        fails(&format!("all {kind}s"), &group, 0.02);
        group
    };
    let (pumps, valves) = (group(&mut builder, "pump"), group(&mut builder, "valve"));
    let trains = (0..3).map(|train| Expression::All(levels(&[pumps[train], valves[train]])));
    watched(&mut builder, Expression::Any(trains.collect()));
    let model = builder.build().unwrap();
    let (output, _) = play(&model, 100_000, 16);
    let down = down_shares(&model, &output).iter().filter(|share| **share > 0.0).count();
    assert_probability("three trains", down, 100_000, 0.043_080_373_1);
}

/// Oracle 15 (qcomp benchmark `cluster`, N = 2): two groups of two hosts with a switch each, a backbone, one crew that comes in
/// 6 min on average, first come, first served. Hours of 2,000 with fewer than two hosts that reach each other.
#[test]
fn oracle_15_workstation_cluster() {
    let mut builder = Builder::new("cluster", hours(2_000.0));
    let crew = builder.crew("crew", 1);
    let mut machine = |name: &str, mttf: f64, mttr: f64| {
        let repair = RepairDraft { crew: Some(crew), travel: exp(0.1), ..RepairDraft::of(exp(mttr)) };
        let mode = ModeDraft { repair, ..ModeDraft::down("failure", exp(mttf), exp(mttr)) };
        builder.component(ComponentDraft::new(name, Kind::Part).failing(mode))
    };
    let left = ["left 1", "left 2"].map(|name| machine(name, 500.0, 0.5));
    let right = ["right 1", "right 2"].map(|name| machine(name, 500.0, 0.5));
    let switches = ["left switch", "right switch"].map(|name| machine(name, 4_000.0, 4.0));
    let backbone = machine("backbone", 5_000.0, 8.0);
    let group = |hosts: [CompId; 2], switch| Expression::All(levels(&[hosts[0], hosts[1], switch]));
    let either = Expression::AtLeast(2, levels(&[left, right].concat()));
    let across = [vec![either], levels(&[switches[0], switches[1], backbone])].concat();
    let premium =
        Expression::Any(vec![group(left, switches[0]), group(right, switches[1]), Expression::All(across)]);
    watched(&mut builder, premium);
    let model = builder.build().unwrap();
    let (output, _) = play(&model, 200_000, 15);
    assert_mean("below premium", &down_shares(&model, &output), 0.076_629_141 / 2_000.0);
}
