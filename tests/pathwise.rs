//! Improvements that can only help do so in every replication: calendar clocks, no crews, fixed holdovers, no restarts.
//!
//! Faster repair and more crews may cost a replication downtime, so they are not among them: what is mended earlier
//! fails at other times afterwards, and a crew may be busy elsewhere just then. They help in the mean, which is checked
//! on pairs of replications at the end. Nor are restart times among them: see section 11 of docs/semantics.md for how a
//! longer holdover may cost downtime with them.

mod common;

use blackstart::law::Law;
use blackstart::model::{
    Builder, ClockDraft, CompId, ComponentDraft, CrewId, Effect, Expression, HazardDraft, Holdover, Kind,
    ModeDraft, Model, Need, OccursDraft, RepairDraft, StrikeDraft,
};
use blackstart::random::{Replication, StreamName};
use blackstart::time::SimSpan;
use common::{HOUR, exp, fixed, hours, levels, need, part, play};

const SYSTEMS: u64 = 60;
const REPLICATIONS: u64 = 40;

/// What differs between two versions of a system.
#[derive(Clone, Copy)]
struct Version {
    /// Factor on all holdovers.
    longer: f64,
    /// True if everything may use one more part.
    alternative: bool,
}

struct Dice {
    draws: Replication,
    thrown: u32,
}

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.thrown += 1;
        self.draws.draw(StreamName::new("pathwise", "dice"), self.thrown).uniform()
    }

    fn below(&mut self, n: usize) -> usize {
        (self.uniform() * n as f64) as usize
    }

    /// A gate over some of `inputs`, at least two.
    fn gate(&mut self, inputs: &[CompId]) -> Expression {
        let mut chosen: Vec<CompId> = inputs.iter().copied().filter(|_| self.uniform() < 0.6).collect();
        while chosen.len() < 2 {
            chosen.push(inputs[self.below(inputs.len())]);
        }
        let list: Vec<Expression> = chosen.into_iter().map(Expression::Level).collect();
        match self.below(3) {
            0 => Expression::All(list),
            1 => Expression::Any(list),
            _ => Expression::AtLeast(1 + self.below(list.len()), list),
        }
    }
}

/// System `seed`: parts, three layers of components that hold over, a unit.
fn system(seed: u64, version: Version) -> Model {
    let mut dice = Dice { draws: Replication::new(seed, 0), thrown: 0 };
    let mut builder = Builder::new("pathwise", hours(2_000.0));
    let spare = builder.component(part("alternative", exp(100.0), fixed(9.0)));
    let or_spare = |on: Expression| {
        if version.alternative { Expression::Any(vec![on, Expression::Level(spare)]) } else { on }
    };
    let mut all = Vec::new();
    for k in 0..3 + dice.below(3) {
        let every = exp(30.0 + 150.0 * dice.uniform());
        let mend = Law::log_normal((1.0 + 8.0 * dice.uniform()) * HOUR, 1.0).unwrap();
        all.push(builder.component(part(&format!("part {k}"), every, mend)));
    }
    for k in 0..3 {
        let name = format!("layer {k}");
        let on = or_spare(dice.gate(&all));
        let length = fixed(version.longer * 4.0 * dice.uniform());
        let refills_in = (dice.below(2) == 0).then(|| SimSpan::from_micros_f64(10.0 * HOUR * dice.uniform()));
        let holdover = Some(Holdover { length, refills_in, name: name.clone() });
        let need = Expression::Need(Box::new(Need { on, at_least: None, holdover, otherwise: 0.0 }));
        all.push(builder.component(ComponentDraft::new(name, Kind::Part).needing(need)));
    }
    let on = or_spare(dice.gate(&all[all.len() - 3..]));
    let need = Expression::Need(Box::new(Need { on, at_least: None, holdover: None, otherwise: 0.0 }));
    let unit = builder.component(ComponentDraft::new("system", Kind::Unit).needing(need));
    builder.watched_by_users(unit, SimSpan::ZERO);
    builder.build().unwrap()
}

/// Downtime in seconds, replication by replication.
fn down(seed: u64, version: Version) -> Vec<f64> {
    play(&system(seed, version), REPLICATIONS, seed).0.rows().iter().map(|r| r.usages[0].down_s).collect()
}

fn never_costs_downtime(better: Version) {
    let base = Version { longer: 1.0, alternative: false };
    let (mut helped, mut down_at_all) = (0, 0);
    for seed in 0..SYSTEMS {
        for (number, (before, after)) in down(seed, base).into_iter().zip(down(seed, better)).enumerate() {
            assert!(after <= before, "system {seed}, replication {number}: {after} s instead of {before} s");
            helped += u32::from(after < before);
            down_at_all += u32::from(before > 0.0);
        }
    }
    // The check means something only where there is something to gain.
    assert!(helped > 200, "{helped} of {down_at_all} replications with downtime were helped");
}

#[test]
fn a_longer_holdover_never_costs_downtime() {
    never_costs_downtime(Version { longer: 1.7, alternative: false });
}

#[test]
fn an_alternative_never_costs_downtime() {
    never_costs_downtime(Version { longer: 1.0, alternative: true });
}

// ---------------------------------------------------------------------------------------------------------
// In the mean.

const CONTENDED_SYSTEMS: u64 = 12;
const PAIRS: u64 = 2_000;

/// How repairs are staffed.
#[derive(Clone, Copy)]
struct Staff {
    /// Factor on all working times.
    work: f64,
    /// Crews in each pool beyond those that there are.
    more: u32,
}

const AS_IT_IS: Staff = Staff { work: 1.0, more: 0 };

fn human(mean: f64) -> Law {
    Law::log_normal(mean * HOUR, 1.0).unwrap()
}

/// A repair by one of `crews`: detected, travelled to, worked on.
fn crewed(dice: &mut Dice, crews: &[CrewId], staff: Staff) -> RepairDraft {
    let mean = staff.work * (4.0 + 16.0 * dice.uniform());
    let work = if dice.below(2) == 0 { exp(mean) } else { human(mean) };
    let (detect, travel) = (human(0.2), exp(2.0 * dice.uniform()));
    let priority = dice.below(3) as i64;
    RepairDraft {
        detect,
        travel,
        priority,
        crew: Some(crews[dice.below(crews.len())]),
        ..RepairDraft::of(work)
    }
}

/// A hazard that strikes all `targets` now and then, each with a repair of its own.
fn storm(dice: &mut Dice, targets: Vec<CompId>, crews: &[CrewId], staff: Staff) -> HazardDraft {
    let strike = StrikeDraft {
        name: "hit".into(),
        targets,
        waves: None,
        effect: Effect::Down,
        hits: 0.6,
        delay: exp(1.0),
        repair: crewed(dice, crews, staff),
        each: true,
    };
    HazardDraft {
        name: "storm".into(),
        occurs: OccursDraft::Every(exp(300.0)),
        probability: 1.0,
        strikes: vec![strike],
        one_of: None,
        only_while: None,
        clusters: None,
        rhythm: None,
    }
}

/// System `seed`: 6 to 9 parts that often wait for one or two pools of one or two crews, the later ones with needs of
/// their own, a holdover or a restart; some of their repairs need the first part.
fn contended(seed: u64, staff: Staff) -> Model {
    let mut dice = Dice { draws: Replication::new(1_000 + seed, 0), thrown: 0 };
    let mut builder = Builder::new("contended", hours(1_000.0));
    let crews: Vec<CrewId> = (0..1 + dice.below(2))
        .map(|k| builder.crew(format!("crew {k}"), staff.more + 1 + dice.below(2) as u32))
        .collect();
    let mut all: Vec<CompId> = Vec::new();
    for k in 0..6 + dice.below(4) {
        let mut repair = crewed(&mut dice, &crews, staff);
        repair.needs = (k > 2 && dice.below(3) == 0).then(|| Expression::Up(all[0]));
        let mut mode = ModeDraft::down("failure", exp(100.0 + 150.0 * dice.uniform()), Law::ZERO);
        mode.repair = repair;
        mode.clock = if dice.below(3) == 0 { ClockDraft::Operating } else { ClockDraft::Calendar };
        let mut draft = ComponentDraft::new(format!("part {k}"), Kind::Part).failing(mode);
        if k > 3 {
            let (on, length) = (dice.gate(&all), exp(4.0 * dice.uniform()));
            let holdover = Holdover { length, refills_in: None, name: format!("holdover {k}") };
            let holdover = (dice.below(2) == 0).then_some(holdover);
            draft = draft.needing(Expression::Need(Box::new(Need {
                on,
                at_least: None,
                holdover,
                otherwise: 0.0,
            })));
            draft.restart = human(0.5);
        }
        all.push(builder.component(draft));
    }
    let hit = all.iter().copied().filter(|_| dice.below(2) == 0).collect();
    builder.hazard(storm(&mut dice, hit, &crews, staff));
    let on = Expression::AtLeast(all.len() / 2, levels(&all));
    let unit = builder.component(ComponentDraft::new("system", Kind::Unit).needing(need(on)));
    builder.watched_by_users(unit, SimSpan::ZERO);
    builder.build().unwrap()
}

/// Asserts that the mean downtime of no system rises: 4 standard errors of the paired differences, which a staffing
/// that changes nothing exceeds with probability 3e-5 a system. Returns how often a replication became better, worse.
fn helps_in_the_mean(better: Staff) -> (usize, usize) {
    let (mut improved, mut worsened) = (0, 0);
    for seed in 0..CONTENDED_SYSTEMS {
        let down = |staff| -> Vec<f64> {
            let (output, _) = play(&contended(seed, staff), PAIRS, seed);
            output.rows().iter().map(|r| r.usages[0].down_s / 3600.0).collect()
        };
        let (before, after) = (down(AS_IT_IS), down(better));
        let change: Vec<f64> = before.iter().zip(&after).map(|(b, a)| a - b).collect();
        let n = change.len() as f64;
        let mean = change.iter().sum::<f64>() / n;
        let error = (change.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
        let worse = change.iter().filter(|c| **c > 0.0).count();
        improved += change.iter().filter(|c| **c < 0.0).count();
        worsened += worse;
        let was = before.iter().sum::<f64>() / n;
        println!(
            "system {seed}: {was:.2} h, {mean:+.2} h, standard error {error:.2} h, {worse} of {n} got worse"
        );
        assert!(mean <= 4.0 * error, "system {seed}: {mean} h more downtime, standard error {error} h");
    }
    (improved, worsened)
}

/// Of 24,000 replications 20,415 got better by half the working times, and 942 got worse.
#[test]
fn faster_repair_helps_in_the_mean() {
    let (improved, worsened) = helps_in_the_mean(Staff { work: 0.5, ..AS_IT_IS });
    println!("faster repair: {improved} better, {worsened} worse");
    assert!(improved > 10_000 && worsened > 0, "{improved} better, {worsened} worse");
}

/// Of 24,000 replications 18,618 got better by one more crew in each pool, and 1,127 got worse.
#[test]
fn more_crews_help_in_the_mean() {
    let (improved, worsened) = helps_in_the_mean(Staff { more: 1, ..AS_IT_IS });
    println!("more crews: {improved} better, {worsened} worse");
    assert!(improved > 10_000 && worsened > 0, "{improved} better, {worsened} worse");
}
