//! Background traffic.

use super::optional;
use super::profile::demand;
use super::repair::whole;
use crate::scenario::decode::{Fields, Provenance, data_rate, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::LawKind;
use crate::scenario::spec::FlowSpec;
use crate::scenario::tree::Node;
use crate::scenario::unknowns::figure;

/// Traffic from one site to another that is not of the scenario's users.
pub(super) fn flow(node: &Node, found: &mut Diagnostics) -> Option<FlowSpec> {
    let mut fields = Fields::plain(node, "background traffic", found)?;
    let from = fields.require_as("from", "a site").and_then(|n| spanned(n, found, string));
    let to = fields.require_as("to", "another site").and_then(|n| spanned(n, found, string));
    let rate = fields
        .require_as("rate", "how much, as a mean")
        .and_then(|n| figure(n, LawKind::DataRate, found, data_rate));
    let demand = demand(&mut fields, found);
    let priority = optional(fields.take("priority"), found, whole);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(FlowSpec {
        span: node.span,
        from: from?,
        to: to?,
        rate: rate?,
        demand: demand?,
        priority: priority?.unwrap_or(0),
    })
}
