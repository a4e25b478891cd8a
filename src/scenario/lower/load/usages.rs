//! How users ask: retries, priorities, what is let in.

use crate::model::{RetryBudget, UsageLoad, UsageLoadDraft};
use crate::scenario::spec::{BudgetSpec, JourneySpec, MostSpec, PopulationSpec, ScenarioSpec};

/// How a population asks for a journey; `None` if the scenario says nothing of it.
pub(in crate::scenario::lower) fn usage_load(
    spec: &ScenarioSpec,
    (name, journey): (&str, &JourneySpec),
    population: &PopulationSpec,
) -> Option<UsageLoadDraft> {
    let says_nothing = journey.retries.is_none()
        && journey.priority.is_none()
        && journey.admit.is_none()
        && journey.calls.iter().all(|call| call.session.is_none());
    if says_nothing {
        return None;
    }
    let retries = journey.retries.as_ref();
    let budget = retries.and_then(|retries| retries.budget.as_ref());
    Some(UsageLoadDraft {
        priority: journey.priority.unwrap_or(0),
        load: UsageLoad {
            admit: journey.admit.unwrap_or(1.0),
            backoffs: retries.map_or_else(Vec::new, |retries| retries.backoffs.clone()),
            budget: budget.map(|budget| shared_out(*budget, spec, name, population)),
            ..UsageLoad::default()
        },
    })
}

/// The part of a budget that one population has: that of all users together goes by requests.
fn shared_out(
    budget: BudgetSpec,
    spec: &ScenarioSpec,
    journey: &str,
    population: &PopulationSpec,
) -> RetryBudget {
    let requests = |population: &PopulationSpec| {
        let rates = population.does.iter().filter(|(name, _)| name.value == journey);
        rates.map(|(_, rate)| rate * population.count as f64).sum::<f64>()
    };
    let all: f64 = spec.users.iter().map(|(_, population)| requests(population)).sum();
    let most = match budget.most {
        MostSpec::Each(most) => most * population.count as f64,
        MostSpec::Together(most) if all > 0.0 => most * (requests(population) / all),
        MostSpec::Together(most) => most,
    };
    RetryBudget { ratio: budget.ratio, most }
}
