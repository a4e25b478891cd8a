//! Ways of users to services, and the calls that they make, laid flat.

use super::flat::Flat;
use crate::model::draft::{CallTreeDraft, FailoverDraft, RouteDraft, UsageDraft};
use crate::model::expression::Root;
use crate::model::ids::{RouteId, SwitchId};
use crate::model::users::{
    Call, CallTree, Failover, FailoverStreams, Journey, Population, Route, Switch, Usage,
};
use crate::random::StreamName;

impl Flat {
    pub(super) fn route(&mut self, id: RouteId, draft: RouteDraft) -> Route {
        let streams = FailoverStreams::of(&draft.name);
        let failover = draft.failover.map(|f: FailoverDraft| Failover {
            detect: f.detect,
            shift: f.shift,
            works: f.works,
            quiet: f.quiet,
            needs: f.needs.into_iter().map(|e| e.map(|e| self.root(e, Root::Failover(id)))).collect(),
            needs_at_target: f.needs_at_target,
            streams,
        });
        Route {
            name: draft.name,
            population: draft.population,
            service: draft.service,
            units: draft.units,
            failover,
            landings: Vec::new(),
            max_lag: None,
        }
    }

    pub(super) fn usage(
        &mut self,
        draft: UsageDraft,
        journeys: &[Journey],
        populations: &[Population],
    ) -> Usage {
        let name = format!(
            "{} of {}",
            journeys[draft.journey.index()].name,
            populations[draft.population.index()].name
        );
        let mut calls = Vec::new();
        for (place, call) in draft.calls.into_iter().enumerate() {
            let to = self.call_tree(call.to, &format!("{name}, call {}", place + 1));
            calls.push(Call { to, times: call.times });
        }
        Usage {
            population: draft.population,
            journey: draft.journey,
            requests_per_second: draft.requests_per_second,
            calls,
        }
    }

    fn call_tree(&mut self, draft: CallTreeDraft, name: &str) -> CallTree {
        match draft {
            CallTreeDraft::Service(routes) => CallTree::Service(routes),
            CallTreeDraft::Mix(parts) => CallTree::Mix(
                parts
                    .into_iter()
                    .enumerate()
                    .map(|(i, (weight, part))| {
                        (weight, self.call_tree(part, &format!("{name}, part {}", i + 1)))
                    })
                    .collect(),
            ),
            CallTreeDraft::Moved { surge, stays, moves } => CallTree::Moved {
                surge,
                stays: Box::new(self.call_tree(*stays, &format!("{name}, stays"))),
                moves: Box::new(self.call_tree(*moves, &format!("{name}, moves"))),
            },
            CallTreeDraft::FirstOf { of, switch, degraded } => {
                let first = SwitchId::at(self.switches.len());
                for i in 1..of.len() {
                    let stream = StreamName::new(&format!("{name}, alternative {i}"), "switch");
                    self.switches.push(Switch { takes: switch.clone(), stream });
                }
                let named = |i: usize| format!("{name}, alternative {}", i + 1);
                let of = of.into_iter().enumerate().map(|(i, t)| self.call_tree(t, &named(i))).collect();
                CallTree::FirstOf { of, switch: first, degraded }
            }
        }
    }
}
