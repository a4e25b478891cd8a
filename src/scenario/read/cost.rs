//! What things cost.

use super::optional;
use crate::scenario::decode::{Fields, money, money_rate, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::LawKind;
use crate::scenario::sources::Span;
use crate::scenario::spec::{CostSpec, MoneySpec};
use crate::scenario::tree::{Entry, Node, Value};
use crate::scenario::unknowns::figure;
use crate::units::{self, Money};

/// The cost of a component.
pub(super) fn cost(node: &Node, found: &mut Diagnostics) -> Option<CostSpec> {
    let mut fields = Fields::plain(node, "a cost", found)?;
    let capital = optional(fields.take("capital"), found, amount);
    let running = optional(fields.take("running"), found, per_time);
    fields.finish(found);
    let (capital, running) = (capital?, running?);
    if capital.is_none() && running.is_none() {
        found.error(node.span, "a cost of nothing", "expected `capital`, `running` or both");
        return None;
    }
    Some(CostSpec { capital, running })
}

/// An amount of money, which may be unknown.
pub(super) fn amount(node: &Node, found: &mut Diagnostics) -> Option<MoneySpec> {
    read(node, LawKind::Money, money, found)
}

/// An amount of money per time, which may be unknown.
pub(super) fn per_time(node: &Node, found: &mut Diagnostics) -> Option<MoneySpec> {
    read(node, LawKind::MoneyRate, money_rate, found)
}

fn read(
    node: &Node,
    kind: LawKind,
    money: fn(&Node, &mut Diagnostics) -> Option<Money>,
    found: &mut Diagnostics,
) -> Option<MoneySpec> {
    let amount = figure(node, kind, found, |n, f| money(n, f).map(|money| money.amount))?;
    let mut all = Vec::new();
    amounts(node, money, &mut all);
    let (first, others) = all.split_first()?;
    if let Some(other) = others.iter().find(|other| other.currency != first.currency) {
        let message = format!("amounts in {} and in {} make no law", first.currency, other.currency);
        let label = format!("expected an amount in {}", first.currency);
        found.error(other.span, message, label).also(first.span, "the first amount");
        return None;
    }
    Some(MoneySpec { amount, currency: first.currency.clone(), span: first.span })
}

/// An amount in a currency, where it stands.
struct Amount {
    currency: String,
    span: Span,
}

/// The amounts that a price is made of: one, or those of the law of what nobody knows.
fn amounts(node: &Node, money: fn(&Node, &mut Diagnostics) -> Option<Money>, all: &mut Vec<Amount>) {
    match &node.value {
        Value::Struct(inner) => {
            let is_origin = |entry: &&Entry| {
                entry.name.as_ref().is_some_and(|(name, _)| ["source", "guess"].contains(&name.as_str()))
            };
            let values = inner.entries.iter().filter(|entry| !is_origin(entry));
            values.for_each(|entry| amounts(&entry.value, money, all));
        }
        Value::List(items) => items.iter().for_each(|item| amounts(item, money, all)),
        // Shapes and weights are no amounts.
        _ => {
            let currency = money(node, &mut Diagnostics::new()).map(|money| money.currency);
            all.extend(currency.map(|currency| Amount { currency, span: node.span }));
        }
    }
}

/// The one currency of a scenario.
pub(super) fn currency(node: &Node, found: &mut Diagnostics) -> Option<String> {
    let text = spanned(node, found, string)?;
    if !units::is_currency(&text.value) {
        let message = format!("{} is no currency", crate::scenario::diagnostics::quoted(&text.value));
        found.error(text.span, message, "expected three capital letters, such as \"GBP\"");
        return None;
    }
    Some(text.value)
}
