//! How users ask: retries, priorities, what is let in, sessions.

use super::place_of;
use super::signals::position;
use super::surges::concerns;
use crate::model::{
    Builder, CallTreeDraft, CompId, JourneyId, RetryBudget, ServiceId, Session, SharedTokens, UnknownPlace,
    UsageFigure, UsageId, UsageLoad, UsageLoadDraft,
};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::users::Way;
use crate::scenario::spec::{
    BudgetSpec, CallSpec, CallTreeSpec, ChangeSpec, JourneySpec, MostSpec, PopulationSpec, ScenarioSpec,
    SessionSpec, WaitsSpec,
};
use crate::time::MICROS_PER_SECOND;

/// How a population asks for a journey; `None` if the scenario says nothing of it.
pub(in crate::scenario::lower) fn usage_load(
    spec: &ScenarioSpec,
    (name, journey): (&str, &JourneySpec),
    population: &PopulationSpec,
    sessions: Vec<Option<Session>>,
) -> Option<UsageLoadDraft> {
    // Who writes a default says nothing.
    let says_nothing = journey.retries.is_none()
        && journey.priority == 0
        && journey.admit.unknown.is_none()
        && journey.admit.value >= 1.0
        && sessions.iter().all(Option::is_none);
    if says_nothing {
        return None;
    }
    let retries = journey.retries.as_ref();
    let budget = retries.and_then(|retries| retries.budget.as_ref());
    Some(UsageLoadDraft {
        priority: journey.priority,
        load: UsageLoad {
            admit: journey.admit.value,
            backoffs: retries.map_or_else(Vec::new, |retries| retries.waits.nominal().all()),
            waits: retries.map(|retries| retries.waits).filter(WaitsSpec::is_unknown).map(|w| w.nominal()),
            budget: budget.map(|budget| shared_out(*budget, spec, name, population)),
            sessions,
            ..UsageLoad::default()
        },
    })
}

/// Says which figures of how a usage asks nobody knows.
pub(in crate::scenario::lower) fn say_unknown(
    usage: UsageId,
    (name, journey): (&str, &JourneySpec),
    (spec, population): (&ScenarioSpec, &PopulationSpec),
    builder: &mut Builder,
) {
    const ONE: (f64, f64) = (1.0, 1.0);
    const MICROS: (f64, f64) = (1.0, MICROS_PER_SECOND as f64);
    let mut all = vec![(UsageFigure::Admit, journey.admit, ONE)];
    if let Some(retries) = &journey.retries {
        let waits = &retries.waits;
        all.push((UsageFigure::Tries, waits.tries, ONE));
        all.push((UsageFigure::FirstWait, waits.first, MICROS));
        all.push((UsageFigure::WaitGrowth, waits.grows, ONE));
        all.push((UsageFigure::LongestWait, waits.most, MICROS));
        if let Some(budget) = &retries.budget {
            all.push((UsageFigure::BudgetRatio, budget.ratio, ONE));
            match budget.most {
                MostSpec::Each(most) => all.push((UsageFigure::BudgetMost, population.count, (most, 1.0))),
                MostSpec::Together(_) if has_unknown_requests(spec, name) => {}
                MostSpec::Together(most) => {
                    let part = shared_out(*budget, spec, name, population).most / most.value;
                    all.push((
                        UsageFigure::BudgetMost,
                        most,
                        (if part.is_finite() { part } else { 1.0 }, 1.0),
                    ));
                }
            }
        }
    }
    for (place, call) in journey.calls.iter().enumerate() {
        if let Some(session) = &call.session {
            all.push((UsageFigure::SessionMean(place), session.mean, MICROS));
            all.push((UsageFigure::SessionRetry(place), session.retry, MICROS));
        }
    }
    for (place, figure, times) in all {
        if let Some(number) = figure.unknown {
            builder.unknown_times(UnknownPlace::Usage(usage, place), number, times);
        }
    }
}

/// Says which tokens of retries are shared out among users of whom nobody knows how many they are, or what they ask for.
pub(in crate::scenario::lower) fn say_unknown_tokens(
    id: JourneyId,
    (name, journey): (&str, &JourneySpec),
    spec: &ScenarioSpec,
    builder: &mut Builder,
) {
    let budget = journey.retries.as_ref().and_then(|retries| retries.budget.as_ref());
    if let Some(BudgetSpec { most: MostSpec::Together(most), .. }) = budget
        && has_unknown_requests(spec, name)
    {
        builder.unknown_tokens(SharedTokens { journey: id, most: most.value, figure: most.unknown });
    }
}

/// True if nobody knows how many requests some users make for a journey.
fn has_unknown_requests(spec: &ScenarioSpec, journey: &str) -> bool {
    let is_unknown = |population: &PopulationSpec| {
        let mut rates = population.does.iter().filter(|(name, _)| name.value == journey);
        rates.any(|(_, rate)| rate.unknown.or(population.count.unknown).is_some())
    };
    spec.users.iter().any(|(_, population)| is_unknown(population))
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
        rates.map(|(_, rate)| rate.value * population.count.value).sum::<f64>()
    };
    let all: f64 = spec.users.iter().map(|(_, population)| requests(population)).sum();
    let most = match budget.most {
        MostSpec::Each(most) => most * population.count.value,
        MostSpec::Together(most) if all > 0.0 => most.value * (requests(population) / all),
        MostSpec::Together(most) => most.value,
    };
    RetryBudget { ratio: budget.ratio.value, most }
}

impl Way<'_, '_> {
    /// The sessions that a call keeps: for each place on its routes the unit in which they are.
    pub(in crate::scenario::lower) fn session(
        &self,
        call: &CallSpec,
        routes: &CallTreeDraft,
        journey: &str,
        found: &mut Diagnostics,
    ) -> Option<Session> {
        let spec = call.session.as_ref()?;
        let CallTreeSpec::Service(on) = &call.to else { return None };
        let CallTreeDraft::Service(routes) = routes else {
            let mover = self.spec.surges.iter().find(|(_, surge)| match &surge.change {
                ChangeSpec::Moves(moves) => {
                    moves.from.value == on.value && concerns(surge, journey, self.name)
                }
                _ => false,
            });
            let message = format!("calls to `{}` keep users signed in, so they cannot be moved", on.value);
            let error = found.error(spec.span, message, "expected a call that no surge moves");
            if let Some((name, _)) = mover {
                error.also(name.span, "moved here");
            }
            return None;
        };
        let service = position(&spec.kept_in, "service", &self.spec.services, found).map(ServiceId::at)?;
        let mut kept_in = Vec::new();
        for (route, _) in routes {
            let units: Option<Vec<CompId>> =
                self.units_of(*route).iter().map(|unit| self.keeper(*unit, service, spec, found)).collect();
            kept_in.push((*route, units?));
        }
        Some(Session { mean: spec.mean.value, retry: spec.retry.value, kept_in })
    }

    /// The unit in which the sessions of users are who are served by `unit`.
    fn keeper(
        &self,
        unit: CompId,
        service: ServiceId,
        spec: &SessionSpec,
        found: &mut Diagnostics,
    ) -> Option<CompId> {
        let place = place_of(self.names, unit);
        let keeper = self.names.unit(service, place);
        if keeper.is_none() {
            let unit = self.names.of(unit);
            let message = format!("`{}` has no unit where `{unit}` is", spec.kept_in.value);
            let label =
                "expected a service with a unit in each region that serves this call, or a Global one";
            found.error(spec.kept_in.span, message, label);
        }
        keeper
    }
}
