//! Background traffic, and how fast routes change.

use super::site_named;
use crate::model::{Builder, Flow, UnknownPlace, WeekPlace};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::laws::law;
use crate::scenario::lower::profiles::{Demand, demand};
use crate::scenario::spec::{FlowSpec, ScenarioSpec};

/// Adds the traffic in the order in which it is placed, and the convergence time.
pub(in crate::scenario::lower) fn add_traffic(
    spec: &ScenarioSpec,
    builder: &mut Builder,
    found: &mut Diagnostics,
) {
    let is_perfect = builder.network().is_perfect();
    let flows: Vec<Made> =
        spec.traffic.iter().filter_map(|(name, f)| flow(&name.value, f, spec, found)).collect();
    if let Some(convergence) = &spec.convergence {
        let takes = law(convergence, spec.span, found);
        if !is_perfect {
            builder.convergence(takes);
        }
    }
    if !is_perfect {
        for (place, made) in in_order(flows).into_iter().enumerate() {
            builder.flow(made.flow);
            made.rate.into_iter().for_each(|number| builder.unknown_at(UnknownPlace::Traffic(place), number));
            made.demand.say_unknown(WeekPlace::Traffic(place), builder);
        }
    }
}

/// Background traffic, with what nobody knows of it.
struct Made {
    flow: Flow,
    /// The number of the unknown figure that its rate is.
    rate: Option<usize>,
    demand: Demand,
}

/// Larger priority first, then as written.
fn in_order(mut flows: Vec<Made>) -> Vec<Made> {
    flows.sort_by_key(|made| std::cmp::Reverse(made.flow.priority));
    flows
}

fn flow(name: &str, flow: &FlowSpec, spec: &ScenarioSpec, found: &mut Diagnostics) -> Option<Made> {
    let (from, to) = (site_named(&flow.from, spec, found), site_named(&flow.to, spec, found));
    let demand = demand(&flow.demand, flow.span, spec, found);
    let (from, to) = (from?.0, to?.0);
    if from == to {
        let message = format!("this traffic goes from `{}` to itself", flow.from.value);
        found.error(flow.to.span, message, "expected another site");
        return None;
    }
    let profile = demand.profile.clone();
    let (rate, priority) = (flow.rate.value, flow.priority);
    let made = Flow { name: name.to_owned(), from, to, rate, profile, priority };
    Some(Made { flow: made, rate: flow.rate.unknown, demand })
}
