//! What a system costs, in its one currency.

use super::components::Components;
use crate::model::{Builder, CostItem, Costs};
use crate::scenario::diagnostics::{Diagnostics, quoted};
use crate::scenario::spec::{CostSpec, MoneySpec, ScenarioSpec};
use crate::time::{MICROS_PER_YEAR, SimSpan};

/// Years over which capital is spread where nothing else is said.
const USUAL_LIFETIME: f64 = 5.0 * MICROS_PER_YEAR as f64;

/// Adds costs, if the scenario has any.
pub(super) fn add(
    spec: &ScenarioSpec,
    components: &Components<'_>,
    builder: &mut Builder,
    found: &mut Diagnostics,
) {
    let mut purse = Purse { currency: spec.currency.as_deref(), seen: false, found };
    let mut items = Vec::new();
    for (id, component) in components.all() {
        let Some(CostSpec { capital, running }) = &component.cost else { continue };
        let units = f64::from(component.count.value);
        let mut of_all = |money: &Option<MoneySpec>| units * purse.take(money.as_ref());
        let (capital, running) = (of_all(capital), of_all(running));
        items.push(CostItem { what: builder.name_of(id).to_owned(), capital, running });
    }
    let crews = spec.crews.iter().map(|(_, crew)| crew.people.value * purse.take(crew.cost.as_ref()));
    let crews = crews.collect();
    // All are looked at, also those that others stand before, so that each wrong currency is found.
    let journeys: Vec<Option<f64>> =
        spec.journeys.iter().map(|(_, journey)| purse.optional(journey.user_minute.as_ref())).collect();
    let mut usages = Vec::new();
    for (_, population) in &spec.users {
        let own = purse.take(population.user_minute.as_ref());
        for (name, _) in &population.does {
            let journey = spec.journeys.iter().position(|(known, _)| known.value == name.value);
            let Some(journey) = journey else { continue };
            usages.push(journeys.get(journey).copied().flatten().unwrap_or(own));
        }
    }
    if !purse.seen {
        return;
    }
    let lifetime = SimSpan::from_micros_f64(spec.lifetime.unwrap_or(USUAL_LIFETIME));
    let currency = spec.currency.clone().unwrap_or_default();
    builder.costs(Costs { currency, lifetime, items, crews, usages, per_year: !super::is_replay(spec) });
}

/// Takes money of one currency only.
struct Purse<'p> {
    currency: Option<&'p str>,
    seen: bool,
    found: &'p mut Diagnostics,
}

impl Purse<'_> {
    fn take(&mut self, money: Option<&MoneySpec>) -> f64 {
        self.optional(money).unwrap_or(0.0)
    }

    fn optional(&mut self, money: Option<&MoneySpec>) -> Option<f64> {
        let money = money?;
        self.seen = true;
        match self.currency {
            Some(currency) if currency == money.currency => {}
            Some(currency) => {
                let message =
                    format!("this amount is in {}, the scenario counts in {currency}", money.currency);
                self.found.error(money.span, message, format!("expected an amount in {currency}"));
            }
            None => {
                let help = format!("write `currency: \"{}\"` beside `title`", money.currency);
                let message = format!(
                    "{} is not the currency of the scenario, which has none",
                    quoted(&money.currency)
                );
                self.found.error(money.span, message, "expected `currency` in the scenario").help(help);
            }
        }
        Some(money.amount)
    }
}
