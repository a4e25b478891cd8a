//! Hazards as basic events of a static structure: each takes several components down together until it is mended.

use crate::law::Law;
use crate::model::{CompId, Effect, Hazard, HazardId, Model, Occurs, Permit, Strike};

/// A strike that takes components down together.
#[derive(Debug, Clone, PartialEq)]
pub struct CommonCause {
    /// Whose strike it is.
    pub hazard: HazardId,
    /// "storm: halls".
    pub name: String,
    /// What it takes down.
    pub components: Vec<CompId>,
    /// Probability that it is not mended yet at some instant.
    pub out: f64,
}

/// Why a hazard is no basic event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// It occurs at known times.
    KnownTimes,
    /// It occurs when something else does, or only while something holds.
    Condition,
    /// Its occurrences come in clusters, or not after exponential times.
    Memory,
    /// Its strikes, or what they hit, are down together for different times.
    Apart,
    /// It leaves capacity, or lets calls fail.
    Partial,
    /// It changes demand.
    Demand,
    /// With it the diagram grows beyond bounds.
    TooLarge,
}

impl LeftOut {
    /// In words: "at known times".
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::KnownTimes => "at known times",
            Self::Condition => "upon a condition",
            Self::Memory => "not after exponential times",
            Self::Apart => "not all down and mended together",
            Self::Partial => "takes nothing down",
            Self::Demand => "changes demand",
            Self::TooLarge => "too large a diagram",
        }
    }
}

/// The basic events that hazards make, and the hazards that make none.
///
/// Formula: 1 - exp(-rate x mttr), rate that of strikes that hit, mttr the mean of detection, the longest permit, travel and
/// work: occurrences do not wait for the repairs of earlier ones. If it is never mended, 1 - exp(-rate x T), T the horizon.
///
/// Source: L. Takacs, Introduction to the Theory of Queues (1962), chapter 3: infinitely many servers.
#[must_use]
pub fn common_causes(model: &Model) -> (Vec<CommonCause>, Vec<(HazardId, LeftOut)>) {
    let (mut causes, mut left_out) = (Vec::new(), Vec::new());
    for (number, hazard) in model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.response.is_none()) {
        let id = HazardId::at(number);
        match of_hazard(model, id, hazard) {
            Ok(events) => causes.extend(events),
            Err(reason) => left_out.push((id, reason)),
        }
    }
    (causes, left_out)
}

fn of_hazard(model: &Model, id: HazardId, hazard: &Hazard) -> Result<Vec<CommonCause>, LeftOut> {
    if hazard.surge.is_some() {
        return Err(LeftOut::Demand);
    }
    let every = match &hazard.occurs {
        Occurs::At(_) | Occurs::Between(..) => return Err(LeftOut::KnownTimes),
        Occurs::When(_) => return Err(LeftOut::Condition),
        Occurs::Every(every) => every,
    };
    if hazard.only_while.is_some() {
        return Err(LeftOut::Condition);
    }
    if matches!(every, Law::Never) || hazard.probability <= 0.0 {
        return Ok(Vec::new());
    }
    let mean = every.is_exponential().filter(|_| hazard.clusters.is_none()).ok_or(LeftOut::Memory)?;
    let strikes = model.strikes.get(hazard.strikes.clone()).unwrap_or_default();
    let shares = shares(hazard, strikes.len())?;
    let rate = hazard.probability / mean;
    strikes.iter().zip(shares).map(|(strike, share)| event(model, id, strike, rate * share)).collect()
}

/// The share of occurrences that each strike has.
fn shares(hazard: &Hazard, strikes: usize) -> Result<Vec<f64>, LeftOut> {
    match &hazard.one_of {
        Some(weights) => {
            let all: f64 = weights.iter().sum();
            Ok(weights.iter().map(|weight| weight / all).collect())
        }
        None if strikes > 1 => Err(LeftOut::Apart),
        None => Ok(vec![1.0; strikes]),
    }
}

fn event(model: &Model, hazard: HazardId, strike: &Strike, rate: f64) -> Result<CommonCause, LeftOut> {
    if !matches!(strike.effect, Effect::Down) {
        return Err(LeftOut::Partial);
    }
    let several = strike.targets.len() > 1;
    let all_at_once = strike.hits >= 1.0
        && !strike.each
        && matches!(strike.delay, Law::Fixed(_))
        && (strike.waves.is_none() || strike.targets.iter().all(|target| target.wave == 0));
    if several && !all_at_once {
        return Err(LeftOut::Apart);
    }
    let permits: &[Permit] = match strike.targets.first() {
        Some(target) if strike.each => &target.permits,
        _ => &strike.permits,
    };
    let mean_time = mean_repair(model, strike, permits);
    Ok(CommonCause {
        hazard,
        name: strike.name.clone(),
        components: strike.targets.iter().map(|target| target.component).collect(),
        out: -libm::expm1(-rate * strike.hits * mean_time),
    })
}

/// Mean time from a strike to its end, microseconds; the horizon if nobody mends it.
fn mean_repair(model: &Model, strike: &Strike, permits: &[Permit]) -> f64 {
    let repair = &model.repairs[strike.repair.index()];
    if matches!(repair.work, Law::Never) {
        return model.horizon.micros() as f64;
    }
    let permit = permits.iter().map(|permit| permit.takes.mean()).fold(0.0, f64::max);
    repair.detect.mean() + permit + repair.travel.mean() + repair.work.mean()
}
