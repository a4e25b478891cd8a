//! Improvements that can only help do so in every replication: calendar clocks, no crews, fixed holdovers, no restarts.
//!
//! Faster repair and more crews may cost a replication downtime, so they are not among them. Nor are restart times: see
//! section 11 of docs/semantics.md for how a longer holdover may cost downtime with them.

mod common;

use blackstart::law::Law;
use blackstart::model::{Builder, CompId, ComponentDraft, Expression, Holdover, Kind, Model, Need};
use blackstart::random::{Replication, StreamName};
use blackstart::time::SimSpan;
use common::{HOUR, exp, fixed, hours, part, play};

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
