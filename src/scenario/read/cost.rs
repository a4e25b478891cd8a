//! What things cost.

use super::optional;
use crate::scenario::decode::{Fields, quantity, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{CostSpec, MoneySpec};
use crate::scenario::tree::Node;
use crate::units::{self, Money, UnitError};

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

/// An amount of money.
pub(super) fn amount(node: &Node, found: &mut Diagnostics) -> Option<MoneySpec> {
    read(node, "an amount such as \"9k GBP\"", units::MONEY_UNITS, units::money, found)
}

/// An amount of money per time.
pub(super) fn per_time(node: &Node, found: &mut Diagnostics) -> Option<MoneySpec> {
    read(node, "an amount per time such as \"90 GBP/h\"", units::MONEY_RATE_UNITS, units::money_rate, found)
}

fn read(
    node: &Node,
    wanted: &str,
    units: &'static str,
    parse: fn(&str) -> Result<Money, UnitError>,
    found: &mut Diagnostics,
) -> Option<MoneySpec> {
    let Money { amount, currency } = quantity(node, wanted, units, parse, found)?;
    Some(MoneySpec { amount, currency, span: node.span })
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
