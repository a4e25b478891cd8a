//! Background traffic, and how fast routes change.

use super::site_named;
use crate::model::{Builder, Flow, UnknownPlace};
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
    let flows: Vec<(Flow, Option<usize>)> =
        spec.traffic.iter().filter_map(|(name, f)| flow(&name.value, f, spec, found)).collect();
    if let Some(convergence) = &spec.convergence {
        let takes = law(convergence, spec.span, found);
        if !is_perfect {
            builder.convergence(takes);
        }
    }
    if !is_perfect {
        for (place, (flow, unknown)) in in_order(flows).into_iter().enumerate() {
            builder.flow(flow);
            unknown.into_iter().for_each(|number| builder.unknown_at(UnknownPlace::Traffic(place), number));
        }
    }
}

/// Larger priority first, then as written.
fn in_order(mut flows: Vec<(Flow, Option<usize>)>) -> Vec<(Flow, Option<usize>)> {
    flows.sort_by_key(|(flow, _)| std::cmp::Reverse(flow.priority));
    flows
}

/// Background traffic, and the number of the unknown figure that it is.
fn flow(
    name: &str,
    flow: &FlowSpec,
    spec: &ScenarioSpec,
    found: &mut Diagnostics,
) -> Option<(Flow, Option<usize>)> {
    let (from, to) = (site_named(&flow.from, spec, found), site_named(&flow.to, spec, found));
    let profile = profile(&flow.demand, flow.span, spec, found);
    let (from, to) = (from?.0, to?.0);
    if from == to {
        let message = format!("this traffic goes from `{}` to itself", flow.from.value);
        found.error(flow.to.span, message, "expected another site");
        return None;
    }
    let rate = flow.rate.value;
    let made = Flow { name: name.to_owned(), from, to, rate, profile, priority: flow.priority };
    Some((made, flow.rate.unknown))
}
