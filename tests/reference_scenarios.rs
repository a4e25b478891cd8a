//! The scenarios of `scenarios/reference` against their known answers. Time unit: one hour.

mod common;

use blackstart::exact::closed::{
    at_least, behind_holdover, marshall_olkin, parallel, renewal_availability, series,
};
use blackstart::exact::repair::{MachineRepair, Standby, black_start_cycle};
use blackstart::model::{Model, UsageId};
use blackstart::report::render_diagnostics;
use blackstart::scenario::{Diagnostics, Sources, load};
use blackstart::study::{RunOutput, UsageRow};
use common::{assert_mean, assert_probability, play};

/// A played scenario.
struct Played {
    model: Model,
    output: RunOutput,
}

impl Played {
    /// Plays a file of `scenarios/reference`, edited.
    fn of(file: &str, edits: &[&str], replications: u64, seed: u64) -> Self {
        let path = format!("{}/scenarios/reference/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap();
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let edits: Vec<String> = edits.iter().map(|e| (*e).to_owned()).collect();
        let loaded = load(&path, &text, &edits, &mut sources, &mut found);
        let Some(loaded) = loaded else {
            panic!("{}", render_diagnostics(&sources, &found.into_vec(), false));
        };
        let (output, _) = play(&loaded.model, replications, seed);
        Self { model: loaded.model, output }
    }

    /// A figure of a journey, replication by replication.
    fn column(&self, journey: &str, figure: impl Fn(&UsageRow) -> f64) -> Vec<f64> {
        let usages = 0..self.model.usages.len();
        let usage = usages.into_iter().find(|u| self.model.usage_name(UsageId::at(*u)).0 == journey).unwrap();
        self.output.rows().iter().map(|row| figure(&row.usages[usage])).collect()
    }

    fn horizon_s(&self) -> f64 {
        self.model.horizon.micros() as f64 / 1e6
    }

    fn unavailability(&self, journey: &str) -> Vec<f64> {
        let horizon = self.horizon_s();
        self.column(journey, |row| row.down_s / horizon)
    }

    fn assert_unavailability(&self, journey: &str, truth: f64) {
        assert_mean(
            &format!("{}, {journey}: unavailability", self.model.title),
            &self.unavailability(journey),
            truth,
        );
    }

    /// Share of replications in which `journey` was ever down.
    fn assert_hit(&self, journey: &str, truth: f64) {
        let outages = self.column(journey, |row| f64::from(row.outages));
        let hit = outages.iter().filter(|n| **n > 0.0).count();
        assert_probability(&format!("{}: hit", self.model.title), hit, outages.len(), truth);
    }
}

#[test]
fn reference_01_one_component() {
    let truth = 1.0 - renewal_availability(1000.0, 1.0);
    assert!((truth - (1.0 - 0.999_000_999)).abs() < 1e-9);
    for repair in
        ["Exp(1h)", "Fixed(1h)", "Uniform(0h, 2h)", "Gamma(1h, 1.7)", "Mix([(0.5, 0s), (0.5, Exp(2h))])"]
    {
        let edit = format!("zone_kinds.room.parts.a.failures.failure.repair={repair}");
        Played::of("01-one-component.ron", &[&edit], 400, 1).assert_unavailability("system", truth);
    }
}

#[test]
fn reference_02_structures() {
    let single: Vec<f64> = [(50.0, 5.0), (80.0, 10.0), (120.0, 6.0), (60.0, 12.0)]
        .iter()
        .map(|(mttf, mttr)| renewal_availability(*mttf, *mttr))
        .collect();
    let played = Played::of("02-structures.ron", &[], 1_000, 2);
    for (journey, availability, stated) in [
        ("series", series(&single), 0.358_666_025),
        ("parallel", parallel(&single), 0.000_080_167),
        ("two of four", at_least(2, &single), 0.003_527_337),
    ] {
        assert!((1.0 - availability - stated).abs() < 1e-9, "{journey}");
        played.assert_unavailability(journey, 1.0 - availability);
    }
}

#[test]
fn reference_03_crews() {
    for (crews, stated) in [(1, 0.951_683_748_170), (3, 0.976_709_241_172)] {
        let machines = MachineRepair { machines: 3, failure_rate: 0.01, repair_rate: 0.1, crews, needed: 2 };
        let truth = machines.long_run().unwrap().availability;
        assert!((truth - stated).abs() < 1e-11);
        let played = Played::of("03-crews.ron", &[&format!("crews.crew.size={crews}")], 600, 3);
        played.assert_unavailability("system", 1.0 - truth);
    }
}

#[test]
fn reference_04_standby() {
    for (dormancy, crews, stated) in [(0.4, 2, 2.722_994e-4), (0.0, 2, 1.960_400e-4), (0.4, 1, 5.444_505e-4)]
    {
        let exact = Standby { units: 2, failure_rate: 0.01, dormancy, repair_rate: 0.5, crews };
        let truth = exact.unavailability().unwrap();
        assert!((truth - stated).abs() < 1e-10);
        let edits = [
            format!("zone_kinds.room.parts.standby.standby.dormancy={dormancy}"),
            format!("crews.crew.size={crews}"),
        ];
        let played = Played::of("04-standby.ron", &[&edits[0], &edits[1]], 500, 4);
        played.assert_unavailability("system", truth);
    }
}

#[test]
fn reference_05_common_shock() {
    let truth = marshall_olkin(0.02, 0.05, 0.03, 10.0, 10.0);
    assert!((truth - libm::exp(-1.0)).abs() < 1e-12);
    Played::of("05-common-shock.ron", &[], 40_000, 5).assert_hit("both", 1.0 - truth);
}

#[test]
fn reference_06_holdover() {
    let left = libm::exp(-0.5);
    let memoryless = behind_holdover(1000.0, 2.0, left, 2.0 * left);
    assert!((memoryless.rate * 8766.0 - 5.306_235).abs() < 1e-6);
    let played = Played::of("06-holdover.ron", &[], 20_000, 6);
    for (journey, outages, length) in
        [("memoryless", 5.306_235, 2.0), ("constant", 8.748_503, 1.0), ("scattered", 6.069_868, 1.692_373)]
    {
        let seen = played.column(journey, |row| f64::from(row.outages));
        assert_mean(&format!("holdover, {journey}: outages a year"), &seen, outages);
        played.assert_unavailability(journey, outages * length / 8766.0);
    }
}

#[test]
fn reference_07_black_start_cycle() {
    let truth = black_start_cycle(2, 1000.0, 2.0, 3.0);
    assert!((truth - 5.0 / 505.0).abs() < 1e-12);
    Played::of("07-black-start-cycle.ron", &[], 500, 7).assert_unavailability("pair", truth);
}

#[test]
fn reference_07b_black_start_from_outside() {
    // However long the zone is away once the other half of the database is dark.
    for (repair, minutes) in [("1h", 245.0), ("31m", 216.0), ("5h", 485.0)] {
        let edit = format!("hazards.zone lost.strikes.a.repair={repair}");
        let played = Played::of("07b-black-start-from-outside.ron", &[&edit], 1, 1);
        assert_eq!(played.column("sign in", |row| row.down_s / 60.0), [minutes], "{repair}");
    }
}

#[test]
fn reference_08_ageing_while_down() {
    let always = [
        "zone_kinds.room.parts.a.failures.failure.clock=Calendar",
        "zone_kinds.room.parts.b.failures.failure.clock=Calendar",
    ];
    // Horizons that cut off all but the first outages tell when they begin.
    for (edits, begins) in
        [([].as_slice(), [100.0, 130.0, 220.0, 270.0]), (always.as_slice(), [100.0, 120.0, 210.0, 250.0])]
    {
        let whole = Played::of("08-ageing-while-down.ron", edits, 1, 1);
        assert_eq!(whole.column("series", |row| row.down_s / 3600.0), [40.0]);
        assert_eq!(whole.column("series", |row| f64::from(row.outages)), [4.0]);
        assert_eq!(whole.column("series", |row| row.first_outage_s.unwrap() / 3600.0), [100.0]);
        for (number, begin) in begins.iter().enumerate() {
            for (hour, outages) in [(begin - 1.0, number), (begin + 1.0, number + 1)] {
                let horizon = format!("horizon={hour}h");
                let edits: Vec<&str> = edits.iter().copied().chain([horizon.as_str()]).collect();
                let cut = Played::of("08-ageing-while-down.ron", &edits, 1, 1);
                assert_eq!(cut.column("series", |row| f64::from(row.outages)), [outages as f64], "{hour} h");
            }
        }
    }
}

#[test]
fn reference_09_deterministic() {
    let played = Played::of("09-deterministic.ron", &[], 2, 1);
    assert_eq!(played.unavailability("system"), [0.1, 0.1]);
    assert_eq!(played.column("system", |row| f64::from(row.outages)), [10.0, 10.0]);
    assert!(played.output.rows().iter().all(|row| !row.usages[0].censored));
}

#[test]
fn reference_13_98_of_100() {
    let played = Played::of("13-98-of-100.ron", &[], 2_000, 13);
    played.assert_unavailability("system", 0.017_910_584_0);
    // Not the exact count: an outage that ends and begins within one microsecond would be one.
    assert_mean("98 of 100: outages", &played.column("system", |row| f64::from(row.outages)), 74.386);
}

#[test]
fn reference_14_without_repair() {
    for (file, edit, failed_by_1, mean) in [
        ("14-voting.ron", None, 0.349_652_987_3, 2685.0 / 1547.0),
        ("14-spare.ron", None, 0.111_853_063_8, 46.0 / 13.0),
        ("14-trigger.ron", None, 0.198_168_868_0, 68.0 / 25.0),
        ("14-trigger.ron", Some("hazards.trigger.strikes.hit.probability=0"), 0.154_818_121_7, 3.0),
    ] {
        let edits: Vec<&str> = edit.into_iter().collect();
        Played::of(file, &edits, 40_000, 14).assert_hit("system", failed_by_1);
        let long = [edits, vec!["horizon=1000h"]].concat();
        let first = Played::of(file, &long, 40_000, 14);
        let hours = first.column("system", |row| row.first_outage_s.unwrap() / 3600.0);
        assert_mean(&format!("{}: mean time to failure", first.model.title), &hours, mean);
    }
}

#[test]
fn reference_17_redundant_database() {
    let pair = parallel(&[renewal_availability(50.0, 1.5); 2]);
    let group = at_least(3, &[renewal_availability(150.0, 1.5); 4]);
    let truth = 1.0 - pair.powi(4) * group.powi(6);
    assert!((truth - 6.854_844_623e-3).abs() < 1e-12);
    Played::of("17-redundant-database.ron", &[], 200, 17).assert_unavailability("database", truth);
}

#[test]
fn reference_18_static_tree() {
    let failed = |rate: f64| 1.0 - libm::exp(-rate);
    let half = 0.5;
    let any = |list: &[f64]| 1.0 - list.iter().map(|q| 1.0 - q).product::<f64>();
    let truth = half * any(&[half, failed(0.2)]) * any(&[half, failed(0.6), failed(1.0)]);
    assert!((truth - 0.265_505_543_3).abs() < 1e-10);
    Played::of("18-static-tree.ron", &[], 40_000, 18).assert_hit("system", truth);
}
