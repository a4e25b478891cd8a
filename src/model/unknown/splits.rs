//! Calls that are split by weights of which some are not known.

use crate::law::Value;
use crate::model::ids::{RouteId, UsageId};
use crate::model::{CallTree, Model};

/// What is split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SplitPlace {
    /// A population among its routes to a service, in the order of the weights.
    Routes(Vec<RouteId>),
    /// A call of a usage among services: by number among the calls of the usage, and among the mixtures of the call.
    Call(UsageId, usize, usize),
}

/// A split by weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// What is split.
    pub place: SplitPlace,
    /// Its weights, of which only the proportions count.
    pub weights: Vec<Value>,
    /// Its shares until anything is drawn.
    pub nominal: Vec<f64>,
}

impl Split {
    /// Splits in `copy` with these values; as before anything is drawn where they make no shares, which the reader of scenarios
    /// excludes up to a probability of 1e-9.
    pub(super) fn make_known(&self, drawn: &[f64], copy: &mut Model) {
        let shares = self.shares(drawn);
        match &self.place {
            SplitPlace::Routes(routes) => {
                let share = |route: RouteId| {
                    let place = routes.iter().position(|known| *known == route)?;
                    shares.get(place).copied()
                };
                let calls = copy.usages.iter_mut().flat_map(|usage| &mut usage.calls);
                calls.for_each(|call| among_routes(&mut call.to, &share));
            }
            SplitPlace::Call(usage, call, number) => {
                let call = copy.usages[usage.index()].calls.get_mut(*call);
                let mut left = *number;
                call.into_iter().for_each(|call| among_services(&mut call.to, &mut left, &shares));
            }
        }
    }

    /// Formula: weight / sum of weights.
    fn shares(&self, drawn: &[f64]) -> Vec<f64> {
        let weights: Vec<f64> = self.weights.iter().map(|weight| weight.among(drawn)).collect();
        let all: f64 = weights.iter().sum();
        if all > 0.0 && all.is_finite() {
            weights.iter().map(|weight| weight / all).collect()
        } else {
            self.nominal.clone()
        }
    }
}

/// Gives each route its new share, where it has one.
fn among_routes(tree: &mut CallTree, share: &dyn Fn(RouteId) -> Option<f64>) {
    match tree {
        CallTree::Service(routes) => {
            for (route, old) in routes {
                share(*route).into_iter().for_each(|new| *old = new);
            }
        }
        CallTree::FirstOf { of, .. } => of.iter_mut().for_each(|part| among_routes(part, share)),
        CallTree::Mix(parts) => parts.iter_mut().for_each(|(_, part)| among_routes(part, share)),
        CallTree::Moved { stays, moves, .. } => {
            [stays, moves].into_iter().for_each(|part| among_routes(part, share));
        }
    }
}

/// Gives the parts of one mixture their new shares: the one that comes after `left` others, from the top and the left.
fn among_services(tree: &mut CallTree, left: &mut usize, shares: &[f64]) {
    match tree {
        CallTree::Service(_) => {}
        CallTree::FirstOf { of, .. } => of.iter_mut().for_each(|part| among_services(part, left, shares)),
        CallTree::Mix(parts) => {
            if *left == 0 {
                parts.iter_mut().zip(shares).for_each(|((share, _), new)| *share = *new);
            }
            // Behind the last one, no number is left.
            *left = left.checked_sub(1).unwrap_or(usize::MAX);
            parts.iter_mut().for_each(|(_, part)| among_services(part, left, shares));
        }
        CallTree::Moved { stays, moves, .. } => {
            [stays, moves].into_iter().for_each(|part| among_services(part, left, shares));
        }
    }
}
