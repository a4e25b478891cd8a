//! Load, as the builder is told of it, laid flat.

use petgraph::algo::toposort;
use petgraph::graph::{DiGraph, NodeIndex};

use super::flat::Flat;
use super::{Builder, ModelError};
use crate::model::component::Kind;
use crate::model::draft::{ComponentDraft, HazardDraft, OccursDraft, StrikeDraft};
use crate::model::expression::Root;
use crate::model::ids::{CompId, HazardId, ResponseId, ServiceId, SignalId, SurgeId, UsageId};
use crate::model::load::{
    Act, ActDraft, Change, Load, Response, ResponseDraft, Signal, Surge, SurgeDraft, UnitLoad, UnitLoadDraft,
    UsageLoad, UsageLoadDraft, Watched,
};
use crate::model::unknown::UnknownPlace;
use crate::model::users::{Route, Usage};
use crate::random::StreamName;
use crate::time::SimSpan;

/// What the builder has been told of load.
#[derive(Debug, Clone, Default)]
pub(super) struct LoadDrafts {
    units: Vec<UnitLoadDraft>,
    usages: Vec<(UsageId, UsageLoadDraft)>,
    signals: Vec<Signal>,
    /// Of each signal the unknown figures that its threshold and its time are.
    unknown: Vec<[Option<usize>; 2]>,
    surges: Vec<(HazardId, SurgeDraft)>,
    responses: Vec<(HazardId, CompId, ResponseDraft)>,
}

impl Builder {
    /// Says what a unit serves, and which units it calls.
    pub fn unit_load(&mut self, draft: UnitLoadDraft) {
        self.load.units.push(draft);
    }

    /// Says how a usage asks; those of which nothing is said make no retries and keep no sessions.
    pub fn usage_load(&mut self, usage: UsageId, draft: UsageLoadDraft) {
        self.load.usages.push((usage, draft));
    }

    /// A component that is at level 1 once a state has held for a time: what others react to. Each state has one.
    pub fn signal(
        &mut self,
        name: impl Into<String>,
        watches: Watched,
        (threshold, below): (f64, bool),
        holds_for: SimSpan,
    ) -> (SignalId, CompId) {
        self.signal_of_unknown(name, watches, (threshold, below), holds_for, [None; 2])
    }

    /// As [`Builder::signal`], with a threshold or a time that is an unknown figure of that number.
    pub fn signal_of_unknown(
        &mut self,
        name: impl Into<String>,
        watches: Watched,
        (threshold, below): (f64, bool),
        holds_for: SimSpan,
        unknown: [Option<usize>; 2],
    ) -> (SignalId, CompId) {
        let alike = |(s, figures): (&Signal, &[Option<usize>; 2])| {
            (&s.watches, s.below, s.holds_for) == (&watches, below, holds_for)
                && s.threshold.to_bits() == threshold.to_bits()
                && *figures == unknown
        };
        if let Some(known) = self.load.signals.iter().zip(&self.load.unknown).position(alike) {
            return (SignalId::at(known), self.load.signals[known].component);
        }
        let id = SignalId::at(self.load.signals.len());
        self.load.unknown.push(unknown);
        for (place, figure) in
            [UnknownPlace::Threshold(id), UnknownPlace::HoldsFor(id)].into_iter().zip(unknown)
        {
            figure.into_iter().for_each(|figure| self.unknown_at(place, figure));
        }
        let component = self.component(ComponentDraft::new(name, Kind::Signal));
        self.load.signals.push(Signal { component, watches, threshold, below, holds_for });
        (id, component)
    }

    /// Adds a surge; its hazard comes after those added before.
    pub fn surge(&mut self, mut draft: SurgeDraft) -> SurgeId {
        draft.hazard.strikes.clear();
        let hazard = self.hazard(draft.hazard.clone());
        self.load.surges.push((hazard, draft));
        SurgeId::at(self.load.surges.len() - 1)
    }

    /// Adds a response; its hazard comes after those added before.
    pub fn response(&mut self, draft: ResponseDraft) -> ResponseId {
        let component =
            self.component(ComponentDraft::new(format!("response {}", draft.name), Kind::Response));
        let strike = StrikeDraft::down("apply", vec![component], draft.repair.clone());
        let occurs = OccursDraft::When(draft.when.clone());
        let hazard = self.hazard(HazardDraft::new(draft.name.clone(), occurs, vec![strike]));
        self.load.responses.push((hazard, component, draft));
        ResponseId::at(self.load.responses.len() - 1)
    }
}

impl LoadDrafts {
    fn is_empty(&self) -> bool {
        self.units.is_empty()
            && self.usages.is_empty()
            && self.signals.is_empty()
            && self.surges.is_empty()
            && self.responses.is_empty()
    }

    /// Lays all of it flat; nothing at all if nothing was said.
    pub(super) fn build(
        self,
        flat: &mut Flat,
        usages: &[Usage],
        routes: &[Route],
        units_of: &impl Fn(ServiceId) -> Vec<CompId>,
    ) -> Result<Load, ModelError> {
        if self.is_empty() {
            return Ok(Load::default());
        }
        let (usage_loads, priorities) = usage_loads(self.usages, usages);
        let units = sorted(with_all_units(self.units, routes))?;
        let units = units.into_iter().enumerate().map(|(place, draft)| {
            let mut load = draft.load;
            if let (Some(needs), Some(capacity)) = (draft.scaling_needs, &mut load.capacity)
                && let Some(scaling) = &mut capacity.scaling
            {
                scaling.needs = Some(flat.root(needs, Root::Scaling(place as u32)));
            }
            load
        });
        Ok(Load {
            units: units.collect(),
            usages: usage_loads,
            priorities,
            signals: self.signals,
            surges: surges(self.surges, flat, usages),
            responses: responses(self.responses, flat, usages, units_of),
        })
    }
}

/// How each usage asks, by usage; and the priorities, larger first.
fn usage_loads(drafts: Vec<(UsageId, UsageLoadDraft)>, usages: &[Usage]) -> (Vec<UsageLoad>, Vec<i64>) {
    let mut all: Vec<UsageLoadDraft> = usages.iter().map(|_| UsageLoadDraft::default()).collect();
    drafts.into_iter().for_each(|(usage, draft)| all[usage.index()] = draft);
    let mut priorities: Vec<i64> = all.iter().map(|u| u.priority).collect();
    priorities.sort_unstable_by(|a, b| b.cmp(a));
    priorities.dedup();
    if priorities.is_empty() {
        priorities.push(0);
    }
    let flat = all.into_iter().zip(usages).map(|(draft, usage)| {
        let class = priorities.iter().position(|p| *p == draft.priority).unwrap_or(0);
        let mut load = UsageLoad { class, ..draft.load };
        load.sessions.resize(usage.calls.len(), None);
        load
    });
    let loads = flat.collect();
    (loads, priorities)
}

/// Every unit that users are sent to has an entry, so that what it is offered is known.
fn with_all_units(mut drafts: Vec<UnitLoadDraft>, routes: &[Route]) -> Vec<UnitLoadDraft> {
    let called: Vec<CompId> = drafts.iter().flat_map(|d| d.load.calls.iter().map(|c| c.to)).collect();
    for unit in routes.iter().flat_map(|r| r.units.iter().copied()).chain(called) {
        if !drafts.iter().any(|d| d.load.unit == unit) {
            let load = UnitLoad { unit, capacity: None, calls: Vec::new() };
            drafts.push(UnitLoadDraft { load, scaling_needs: None });
        }
    }
    drafts
}

/// Whoever calls comes before whom it calls.
fn sorted(drafts: Vec<UnitLoadDraft>) -> Result<Vec<UnitLoadDraft>, ModelError> {
    let mut graph = DiGraph::<(), ()>::new();
    drafts.iter().for_each(|_| {
        graph.add_node(());
    });
    let place = |unit: CompId| drafts.iter().position(|d| d.load.unit == unit);
    for (from, draft) in drafts.iter().enumerate() {
        for to in draft.load.calls.iter().filter_map(|call| place(call.to)) {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
        }
    }
    let order = toposort(&graph, None).map_err(|_| {
        let groups = petgraph::algo::tarjan_scc(&graph);
        let cycle = groups.into_iter().max_by_key(Vec::len).unwrap_or_default();
        let mut units: Vec<CompId> = cycle.iter().map(|n| drafts[n.index()].load.unit).collect();
        units.sort_unstable();
        ModelError::CallsInCycle(units)
    })?;
    let mut drafts: Vec<Option<UnitLoadDraft>> = drafts.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|n| drafts[n.index()].take()).collect())
}

fn surges(drafts: Vec<(HazardId, SurgeDraft)>, flat: &mut Flat, usages: &[Usage]) -> Vec<Surge> {
    let mut all = Vec::new();
    for (place, (hazard, draft)) in drafts.into_iter().enumerate() {
        flat.hazards[hazard.index()].surge = Some(SurgeId::at(place));
        let concerns = |usage: &Usage| {
            (draft.journeys.is_empty() || draft.journeys.contains(&usage.journey))
                && (draft.populations.is_empty() || draft.populations.contains(&usage.population))
        };
        let concerned = usages.iter().enumerate().filter(|(_, usage)| concerns(usage));
        let name = draft.hazard.name;
        let stream = |what: &str| StreamName::new(&name, what);
        all.push(Surge {
            hazard,
            usages: concerned.map(|(u, _)| UsageId::at(u)).collect(),
            streams: [
                stream("surge size"),
                stream("surge ramp"),
                stream("surge lasts"),
                stream("surge decay"),
            ],
            change: draft.change,
            ramp: draft.ramp,
            lasts: draft.lasts,
            decay: draft.decay,
            name,
        });
    }
    all
}

fn responses(
    drafts: Vec<(HazardId, CompId, ResponseDraft)>,
    flat: &mut Flat,
    usages: &[Usage],
    units_of: &impl Fn(ServiceId) -> Vec<CompId>,
) -> Vec<Response> {
    let mut all = Vec::new();
    for (place, (hazard, component, draft)) in drafts.into_iter().enumerate() {
        flat.hazards[hazard.index()].response = Some(ResponseId::at(place));
        let act = |act: ActDraft| match act {
            ActDraft::Admit(journey, share) => {
                let made = usages.iter().enumerate().filter(|(_, u)| u.journey == journey);
                Act::Admit(made.map(|(u, _)| UsageId::at(u)).collect(), share)
            }
            ActDraft::Capacity(members, rate) => Act::Capacity(members, rate),
            ActDraft::Shed(service, most) => Act::Shed(units_of(service), most),
            ActDraft::Route(places) => Act::Route(places),
            ActDraft::RollBack(hazard) => Act::RollBack(hazard),
        };
        all.push(Response {
            component,
            hazard,
            works: draft.works,
            works_stream: StreamName::new(&draft.name, "response works"),
            acts: draft.acts.into_iter().map(act).collect(),
            undo: draft.undo,
            name: draft.name,
        });
    }
    all
}

/// True for a change that raises or moves demand.
impl Change {
    /// The law of its size.
    #[must_use]
    pub const fn size(&self) -> &crate::law::Law {
        let (Self::Factor(law) | Self::Adds(law) | Self::Moves(law)) = self;
        law
    }
}
