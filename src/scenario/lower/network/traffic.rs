//! Background traffic, and how fast routes change.

use super::site_named;
use crate::model::{Builder, Flow};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::laws::law;
use crate::scenario::lower::profiles::profile;
use crate::scenario::spec::{FlowSpec, ScenarioSpec};

/// Adds the traffic in the order in which it is placed, and the convergence time.
pub(in crate::scenario::lower) fn add_traffic(
    spec: &ScenarioSpec,
    builder: &mut Builder,
    found: &mut Diagnostics,
) {
    let is_perfect = builder.network().is_perfect();
    let flows: Vec<Flow> =
        spec.traffic.iter().filter_map(|(name, f)| flow(&name.value, f, spec, found)).collect();
    if let Some(convergence) = &spec.convergence {
        let takes = law(convergence, spec.span, found);
        if !is_perfect {
            builder.convergence(takes);
        }
    }
    if !is_perfect {
        in_order(flows).into_iter().for_each(|flow| builder.flow(flow));
    }
}

/// Larger priority first, then as written.
fn in_order(mut flows: Vec<Flow>) -> Vec<Flow> {
    flows.sort_by_key(|flow| std::cmp::Reverse(flow.priority));
    flows
}

fn flow(name: &str, flow: &FlowSpec, spec: &ScenarioSpec, found: &mut Diagnostics) -> Option<Flow> {
    let (from, to) = (site_named(&flow.from, spec, found), site_named(&flow.to, spec, found));
    let profile = profile(&flow.demand, flow.span, spec, found);
    let (from, to) = (from?.0, to?.0);
    if from == to {
        let message = format!("this traffic goes from `{}` to itself", flow.from.value);
        found.error(flow.to.span, message, "expected another site");
        return None;
    }
    Some(Flow { name: name.to_owned(), from, to, rate: flow.rate, profile, priority: flow.priority })
}
