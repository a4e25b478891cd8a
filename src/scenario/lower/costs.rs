//! What a system costs, in its one currency.

use super::components::Components;
use crate::model::{Builder, CostItem, Costs, CrewId, Price, UnknownPlace, UsageId};
use crate::scenario::diagnostics::{Diagnostics, quoted};
use crate::scenario::spec::{CostSpec, MoneySpec, ScenarioSpec};
use crate::scenario::unknowns::Figure;
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
    let mut purse = Purse { currency: spec.currency.as_deref(), seen: false, unknown: Vec::new(), found };
    let mut items = Vec::new();
    for (id, component) in components.all() {
        let Some(CostSpec { capital, running }) = &component.cost else { continue };
        let units = f64::from(component.count.value);
        let mut of_all = |money: &Option<MoneySpec>, price: Price| {
            let each = purse.take(money.as_ref());
            purse.note(each, price, units);
            units * each.value
        };
        let (capital, running) =
            (of_all(capital, Price::Capital(items.len())), of_all(running, Price::Running(items.len())));
        items.push(CostItem { what: builder.name_of(id).to_owned(), capital, running });
    }
    let mut crews = Vec::new();
    for (name, crew) in &spec.crews {
        if let Some(each) = purse.optional(crew.running.as_ref()) {
            let price = Price::Standing(items.len());
            purse.note(each, price, 1.0);
            purse.note(crew.size, price, 1.0);
            let running = crew.size.value * each.value;
            items.push(CostItem { what: name.value.clone(), capital: 0.0, running });
        }
        let each = purse.take(crew.cost.as_ref());
        purse.note(each, Price::Crew(CrewId::at(crews.len())), 1.0);
        crews.push(crew.people.value * each.value);
    }
    // All are looked at, also those that others stand before, so that each wrong currency is found.
    let journeys: Vec<Option<Figure>> =
        spec.journeys.iter().map(|(_, journey)| purse.optional(journey.user_minute.as_ref())).collect();
    let mut usages = Vec::new();
    for (_, population) in &spec.users {
        let own = purse.take(population.user_minute.as_ref());
        for (name, _) in &population.does {
            let journey = spec.journeys.iter().position(|(known, _)| known.value == name.value);
            let Some(journey) = journey else { continue };
            let price = journeys.get(journey).copied().flatten().unwrap_or(own);
            purse.note(price, Price::UserMinute(UsageId::at(usages.len())), 1.0);
            usages.push(price.value);
        }
    }
    let lifetime = spec.lifetime.unwrap_or(Figure::known(USUAL_LIFETIME));
    purse.note(lifetime, Price::Lifetime, 1.0);
    let Purse { seen, unknown, .. } = purse;
    if !seen {
        return;
    }
    for (price, figure, units) in unknown {
        builder.unknown_times(UnknownPlace::Price(price), figure, (units, 1.0));
    }
    let lifetime = SimSpan::from_micros_f64(lifetime.value.max(1.0));
    let currency = spec.currency.clone().unwrap_or_default();
    builder.costs(Costs {
        currency,
        lifetime,
        items,
        crews,
        usages,
        per_year: !super::has_known_event(spec),
    });
}

/// Takes money of one currency only.
struct Purse<'p> {
    currency: Option<&'p str>,
    seen: bool,
    /// Prices that nobody knows: the number of the figure, and for how many units it is.
    unknown: Vec<(Price, usize, f64)>,
    found: &'p mut Diagnostics,
}

impl Purse<'_> {
    fn take(&mut self, money: Option<&MoneySpec>) -> Figure {
        self.optional(money).unwrap_or(Figure::known(0.0))
    }

    /// Notes where a figure counts, if nobody knows it.
    fn note(&mut self, figure: Figure, price: Price, units: f64) {
        self.unknown.extend(figure.unknown.map(|number| (price, number, units)));
    }

    fn optional(&mut self, money: Option<&MoneySpec>) -> Option<Figure> {
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
