//! Repair models: machines and crews, standby, black start.

use super::ExactError;
use super::markov::Chain;

/// Equal machines that fail and are repaired by crews, first come first served, all exponential.
///
/// Every machine that is not failed ages, whether the system is up or not.
///
/// Units: rates per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MachineRepair {
    /// How many machines there are.
    pub machines: usize,
    /// Failures per unit of time of one machine.
    pub failure_rate: f64,
    /// Repairs per unit of time of one crew.
    pub repair_rate: f64,
    /// How many crews there are.
    pub crews: usize,
    /// How many machines must work.
    pub needed: usize,
}

/// What a repair model says of its system in the long run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LongRun {
    /// The share of time in which the system is up.
    pub availability: f64,
    /// The mean time from the system's repair to its next failure.
    pub mean_up_time: f64,
    /// The mean time from the system's failure to its repair.
    pub mean_down_time: f64,
}

impl MachineRepair {
    /// The long run of this model.
    ///
    /// Formula: the birth-death chain of the number failed; mean up time is availability over the frequency
    /// of system failures, mean down time unavailability over the same.
    ///
    /// Errors: `needed` must be from 1 to `machines`, rates above 0, crews at least 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use blackstart::exact::repair::MachineRepair;
    /// let two_of_three =
    ///     MachineRepair { machines: 3, failure_rate: 0.01, repair_rate: 0.1, crews: 1, needed: 2 };
    /// assert!((two_of_three.long_run()?.availability - 0.951_684).abs() < 1e-6);
    /// # Ok::<(), blackstart::exact::ExactError>(())
    /// ```
    pub fn long_run(&self) -> Result<LongRun, ExactError> {
        if self.needed == 0 || self.needed > self.machines {
            return Err(ExactError::Units { needed: self.needed, units: self.machines });
        }
        let failures = |failed: usize| (self.machines - failed) as f64 * self.failure_rate;
        let shares = failed_units(self.machines, failures, self.repair_rate, self.crews)?;
        let spare = self.machines - self.needed;
        let (up, down) = shares.split_at(spare + 1);
        let (up, down): (f64, f64) = (up.iter().sum(), down.iter().sum());
        let frequency = shares[spare] * failures(spare);
        Ok(LongRun { availability: up, mean_up_time: up / frequency, mean_down_time: down / frequency })
    }
}

/// One active unit and others that wait to take its place at once, all exponential.
///
/// Units: rates per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standby {
    /// How many units there are, the active one included.
    pub units: usize,
    /// Failures per unit of time of the active unit.
    pub failure_rate: f64,
    /// Failure rate of a waiting unit as a share of the active one's: 0 cold, 1 hot.
    pub dormancy: f64,
    /// Repairs per unit of time of one crew.
    pub repair_rate: f64,
    /// How many crews there are.
    pub crews: usize,
}

impl Standby {
    /// The long-run probability that all units are failed.
    ///
    /// Formula: the birth-death chain of the number failed.
    ///
    /// Errors: at least one unit, rates above 0, crews at least 1.
    pub fn unavailability(&self) -> Result<f64, ExactError> {
        if self.units == 0 {
            return Err(ExactError::Units { needed: 1, units: 0 });
        }
        let failures =
            |failed: usize| self.failure_rate * (1.0 + self.dormancy * (self.units - failed - 1) as f64);
        let shares = failed_units(self.units, failures, self.repair_rate, self.crews)?;
        Ok(shares[self.units])
    }
}

/// Long-run probabilities of 0 to `units` failed units that fail at `failures(number failed)`.
fn failed_units(
    units: usize,
    failures: impl Fn(usize) -> f64,
    repair_rate: f64,
    crews: usize,
) -> Result<Vec<f64>, ExactError> {
    let fail = (0..units).map(|failed| (failed, failed + 1, failures(failed)));
    let repair = (1..=units).map(|failed| (failed, failed - 1, failed.min(crews) as f64 * repair_rate));
    Chain::new(fail.chain(repair).collect())?.steady_state()
}

/// Long-run unavailability of components that all need each other, age only while they are up, fail
/// exponentially, and have a black start once the failed one is repaired.
///
/// Formula: down mttr + black_start in each cycle, up mttf / members.
///
/// Source: the renewal reward theorem.
#[must_use]
pub fn black_start_cycle(members: usize, mttf: f64, mttr: f64, black_start: f64) -> f64 {
    let (up, down) = (mttf / members as f64, mttr + black_start);
    down / (up + down)
}
