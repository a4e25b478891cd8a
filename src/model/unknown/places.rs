//! Where plain numbers of a model stand that nobody knows, and how they are set once they are drawn.

use super::KnownNumber;
use super::prices::{self, Price};
use super::sizes;
use crate::law::Law;
use crate::model::expression::{NodeFigure, NodeKind};
use crate::model::ids::{
    CompId, CrewId, EdgeId, HazardId, JourneyId, NodeId, PopulationId, RepairId, ResponseId, SignalId,
    SurgeId, UsageId,
};
use crate::model::load::{Act, Capacity, UnitCall, UsageLoad};
use crate::model::{Model, Usage};
use crate::time::SimSpan;

/// Where a plain number of the model is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownPlace {
    /// Probability that an occurrence of a hazard happens.
    Happens(HazardId),
    /// Probability that an occurrence of a surge happens.
    SurgeHappens(SurgeId),
    /// Probability that a strike of a hazard hits a target; by its number among the strikes of the hazard.
    Hits(HazardId, usize),
    /// Weight of a strike of a hazard of which one happens; by its number.
    StrikeWeight(HazardId, usize),
    /// Occurrences that one of a hazard begets.
    Offspring(HazardId),
    /// Occurrences that one of a surge begets.
    SurgeOffspring(SurgeId),
    /// Probability that a move of users works.
    Works(PopulationId),
    /// How far behind a copy may be where users are moved to, microseconds.
    MaxLag(PopulationId),
    /// Clock speed of an idle standby.
    Dormancy(CompId),
    /// Time from inspection to inspection of a component, microseconds; by number among its failure modes.
    Inspection(CompId, usize),
    /// Probability that a standby fails to start.
    FailsToStart(CompId),
    /// Calls per request; by number among the calls of a usage.
    Times(UsageId, usize),
    /// Number of users.
    Users(PopulationId),
    /// Requests per user.
    Requests(PopulationId, JourneyId),
    /// What a unit can serve.
    Unit(CompId, UnitFigure),
    /// What one of its members can serve, requests per second, with what other figures make of it; by number among them.
    Member(CompId, usize),
    /// Calls that a unit makes for each call that it serves; by number among the units that it calls.
    Calls(CompId, usize),
    /// What such a call takes of the capacity of the unit that is called.
    Weight(CompId, usize),
    /// How a usage asks.
    Usage(UsageId, UsageFigure),
    /// Threshold of a signal.
    Threshold(SignalId),
    /// How long a signal must hold.
    HoldsFor(SignalId),
    /// Probability that a response works.
    ResponseWorks(ResponseId),
    /// Share or capacity that a response sets; by number among its changes.
    Act(ResponseId, usize),
    /// Latency of an edge, nanoseconds.
    Latency(EdgeId),
    /// Capacity of an edge, bits per second.
    Bandwidth(EdgeId),
    /// Faults per time of a component, whose mode of this number is exponential: its length, or its faults per length.
    Faults(CompId, usize),
    /// Background traffic, bits per second; by number.
    Traffic(usize),
    /// Bits that each call of a journey sends.
    BitsPerCall(JourneyId),
    /// A number of a gate or need.
    Node(NodeId, NodeFigure),
    /// How many times slower a repair goes without its needs.
    WithoutNeeds(RepairId),
    /// How many crews a pool has.
    CrewSize(CrewId),
    /// How many people each crew of a pool is.
    People(CrewId),
    /// How many units of a component suffice.
    Enough(CompId),
    /// What something costs.
    Price(Price),
}

/// Which figure of what a unit can serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitFigure {
    /// Requests per second of each member.
    PerMember,
    /// How far overload eats capacity.
    Gamma,
    /// Time to full capacity, microseconds; so are the other times.
    WarmUp,
    /// Utilisation beyond which parts are lost.
    TripsAt,
    /// Time from part to part.
    TripsAfter,
    /// Share that is lost each time.
    TripsLose,
    /// Share that can restart per second.
    TripsRate,
    /// Utilisation that autoscaling aims at.
    Target,
    /// Time from look to look.
    Every,
    /// Largest growth at one look.
    Step,
    /// Least capacity.
    Least,
    /// Most capacity.
    Most,
    /// Time that less must have sufficed.
    DownAfter,
}

/// Which figure of how a usage asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageFigure {
    /// Share that is let in.
    Admit,
    /// Retries after the first attempt.
    Tries,
    /// Wait before the first retry, seconds.
    FirstWait,
    /// Growth of waits from retry to retry.
    WaitGrowth,
    /// Longest wait, seconds.
    LongestWait,
    /// Tokens for each success.
    BudgetRatio,
    /// Most tokens.
    BudgetMost,
    /// Mean length of the sessions of a call, seconds.
    SessionMean(usize),
    /// Wait before signing in is tried again, seconds.
    SessionRetry(usize),
}

/// A plain number of the model that follows from an unknown figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnknownNumber {
    /// Where it stands.
    pub place: UnknownPlace,
    /// The number of the figure.
    pub figure: usize,
    /// How many times the figure it is, over how many: another unit, or a part of a total.
    pub times: (f64, f64),
}

impl UnknownNumber {
    /// The number, where the figure is `value`.
    pub(super) fn of(&self, value: f64) -> f64 {
        value * self.times.0 / self.times.1
    }
}

/// Values that several figures multiply into begin with what is written.
pub(super) fn reset(own: &Model, numbers: &[UnknownNumber], copy: &mut Model) {
    if let (Some(own), Some(copy)) = (&own.costs, &mut copy.costs) {
        prices::reset(own, copy);
    }
    for (usage, own) in copy.usages.iter_mut().zip(&own.usages) {
        usage.requests_per_second = own.requests_per_second;
    }
    for number in numbers {
        if let UnknownPlace::Faults(component, mode) = number.place {
            let place = own.components[component.index()].modes.start + mode;
            if let (Some(mode), Some(own)) = (copy.modes.get_mut(place), own.modes.get(place)) {
                mode.every = own.every.clone();
            }
        }
    }
}

/// Sets a number that is drawn.
pub(super) fn set(number: KnownNumber, own: &Model, copy: &mut Model) {
    let (value, ratio) = (number.value, number.ratio());
    match number.place {
        UnknownPlace::Happens(hazard) => copy.hazards[hazard.index()].probability = value,
        UnknownPlace::SurgeHappens(surge) => {
            let hazard = copy.load.surges[surge.index()].hazard;
            copy.hazards[hazard.index()].probability = value;
        }
        UnknownPlace::Hits(hazard, strike) => {
            let strikes = copy.hazards[hazard.index()].strikes.clone();
            let all = copy.strikes.get_mut(strikes).unwrap_or_default();
            all.iter_mut().skip(strike).take(1).for_each(|strike| strike.hits = value);
        }
        UnknownPlace::StrikeWeight(hazard, strike) => {
            let weights = copy.hazards[hazard.index()].one_of.as_mut();
            weights.and_then(|all| all.get_mut(strike)).into_iter().for_each(|weight| *weight = value);
        }
        UnknownPlace::Times(usage, call) => {
            let call = copy.usages[usage.index()].calls.get_mut(call);
            call.into_iter().for_each(|call| call.times = value);
        }
        UnknownPlace::Works(population) => {
            let routes = copy.routes.iter_mut().filter(|route| route.population == population);
            routes.filter_map(|r| r.failover.as_mut()).for_each(|failover| failover.works = value);
        }
        UnknownPlace::Offspring(hazard) => beget(copy, hazard, value),
        UnknownPlace::SurgeOffspring(surge) => beget(copy, copy.load.surges[surge.index()].hazard, value),
        UnknownPlace::MaxLag(population) => {
            let routes = copy.routes.iter_mut().filter(|route| route.population == population);
            let lags = routes.filter_map(|route| route.max_lag.as_mut());
            lags.for_each(|lag| lag.most = SimSpan::from_micros_f64(value));
        }
        UnknownPlace::Dormancy(component) => {
            let standby = copy.components[component.index()].standby.as_mut();
            standby.into_iter().for_each(|standby| standby.dormancy = value);
        }
        UnknownPlace::Inspection(component, mode) => {
            let component = &copy.components[component.index()];
            // Units that do not share a clock have a mode each, one behind the other.
            let clocks = if component.pooled { 1 } else { component.units.max(1) as usize };
            let first = component.modes.start + mode * clocks;
            let modes = copy.modes.get_mut(first..first + clocks).unwrap_or_default();
            modes.iter_mut().for_each(|mode| mode.inspection = Some(SimSpan::from_micros_f64(value)));
        }
        UnknownPlace::FailsToStart(component) => {
            let standby = copy.components[component.index()].standby.as_mut();
            standby.into_iter().for_each(|standby| standby.fails_to_start = value);
        }
        UnknownPlace::Users(population) => {
            let users = own.populations[population.index()].users;
            copy.populations[population.index()].users = users * ratio;
            multiply(copy, ratio, |usage| usage.population == population);
        }
        UnknownPlace::Requests(population, journey) => {
            multiply(copy, ratio, |usage| usage.population == population && usage.journey == journey);
        }
        UnknownPlace::Unit(unit, figure) => {
            let units = copy.load.units.iter_mut().filter(|load| load.unit == unit);
            units.filter_map(|load| load.capacity.as_mut()).for_each(|c| of_unit(c, figure, value));
        }
        UnknownPlace::Member(unit, member) => sizes::add(copy, unit, member, (value, number.nominal)),
        UnknownPlace::Calls(unit, call) => of_call(copy, unit, call, |call| call.calls = value),
        UnknownPlace::Weight(unit, call) => of_call(copy, unit, call, |call| call.weight = value),
        UnknownPlace::Usage(usage, figure) => {
            let usage = copy.load.usages.get_mut(usage.index());
            usage.into_iter().for_each(|usage| of_usage(usage, figure, value));
        }
        UnknownPlace::Threshold(signal) => {
            let signal = copy.load.signals.get_mut(signal.index());
            signal.into_iter().for_each(|signal| signal.threshold = value);
        }
        UnknownPlace::HoldsFor(signal) => {
            let signal = copy.load.signals.get_mut(signal.index());
            signal.into_iter().for_each(|signal| signal.holds_for = SimSpan::from_micros_f64(value));
        }
        UnknownPlace::ResponseWorks(response) => {
            let response = copy.load.responses.get_mut(response.index());
            response.into_iter().for_each(|response| response.works = value);
        }
        UnknownPlace::Act(response, act) => {
            let response = copy.load.responses.get_mut(response.index());
            match response.and_then(|response| response.acts.get_mut(act)) {
                Some(Act::Admit(_, size) | Act::Capacity(_, size) | Act::Shed(_, size)) => *size = value,
                Some(Act::Route(_) | Act::RollBack(_)) | None => {}
            }
        }
        UnknownPlace::Latency(edge) => {
            let edge = copy.network.edges.get_mut(edge.index());
            edge.into_iter().for_each(|edge| edge.latency_nanos = value.round() as u64);
        }
        UnknownPlace::Bandwidth(edge) => {
            let edge = copy.network.edges.get_mut(edge.index());
            edge.into_iter().for_each(|edge| edge.capacity = value);
        }
        UnknownPlace::Faults(component, mode) => fail_more_often(copy, component, mode, ratio),
        UnknownPlace::Traffic(flow) => {
            let flow = copy.network.traffic.get_mut(flow);
            flow.into_iter().for_each(|flow| flow.rate = value);
        }
        UnknownPlace::BitsPerCall(journey) => {
            let calls = copy.network.bits_per_call.iter_mut().filter(|(known, _)| *known == journey);
            calls.for_each(|(_, bits)| *bits = value);
        }
        UnknownPlace::Node(node, figure) => of_node(copy, node, figure, value),
        UnknownPlace::WithoutNeeds(repair) => copy.repairs[repair.index()].without_needs = Some(value),
        UnknownPlace::CrewSize(crew) => copy.crews[crew.index()].size = whole(value),
        UnknownPlace::People(crew) => {
            let costs = copy.costs.iter_mut().filter_map(|costs| costs.crews.get_mut(crew.index()));
            costs.for_each(|cost| *cost *= ratio);
        }
        UnknownPlace::Enough(component) => copy.components[component.index()].enough = Some(whole(value)),
        UnknownPlace::Price(price) => {
            copy.costs.iter_mut().for_each(|costs| price.set(value, ratio, costs));
        }
    }
}

/// A count that is drawn: the reader of scenarios lets only whole numbers be drawn.
fn whole(value: f64) -> u32 {
    value.round() as u32
}

fn of_node(copy: &mut Model, node: NodeId, figure: NodeFigure, value: f64) {
    match (&mut copy.expressions.nodes[node.index()].kind, figure) {
        (NodeKind::AtLeast(k) | NodeKind::Quorum(k), NodeFigure::Count) => *k = whole(value),
        (NodeKind::Need { at_least, .. }, NodeFigure::Threshold) => *at_least = Some(value),
        (NodeKind::Need { otherwise, .. }, NodeFigure::Otherwise) => *otherwise = value,
        (NodeKind::Need { hold: Some(hold), .. }, NodeFigure::RefillsIn) => {
            copy.holds[hold.index()].refills_in = Some(SimSpan::from_micros_f64(value));
        }
        _ => {}
    }
}

fn beget(copy: &mut Model, hazard: HazardId, value: f64) {
    copy.hazards[hazard.index()].clusters.iter_mut().for_each(|clusters| clusters.offspring = value);
}

fn multiply(copy: &mut Model, ratio: f64, is_it: impl Fn(&Usage) -> bool) {
    let asked = copy.usages.iter_mut().filter(|usage| is_it(usage));
    asked.for_each(|usage| usage.requests_per_second *= ratio);
}

fn of_call(copy: &mut Model, unit: CompId, number: usize, change: impl Fn(&mut UnitCall)) {
    let units = copy.load.units.iter_mut().filter(|load| load.unit == unit);
    units.filter_map(|load| load.calls.get_mut(number)).for_each(change);
}

/// Formula: mean time to failure = 1 / (faults per time).
fn fail_more_often(copy: &mut Model, component: CompId, mode: usize, ratio: f64) {
    let place = copy.components[component.index()].modes.start + mode;
    if let Some(mode) = copy.modes.get_mut(place) {
        mode.every = Law::exp(mode.every.mean() / ratio).unwrap_or(Law::NEVER);
    }
}

fn of_unit(capacity: &mut Capacity, figure: UnitFigure, value: f64) {
    let span = SimSpan::from_micros_f64(value);
    match figure {
        UnitFigure::PerMember => return capacity.per_member = value,
        UnitFigure::Gamma => return capacity.gamma = value,
        UnitFigure::WarmUp => return capacity.warm_up = span,
        _ => {}
    }
    if let Some(trips) = &mut capacity.trips {
        match figure {
            UnitFigure::TripsAt => trips.at = value,
            UnitFigure::TripsAfter => trips.after = span,
            UnitFigure::TripsLose => trips.loses = value,
            UnitFigure::TripsRate => trips.rate = value,
            _ => {}
        }
    }
    if let Some(scaling) = &mut capacity.scaling {
        match figure {
            UnitFigure::Target => scaling.target = value,
            UnitFigure::Every => scaling.every = span,
            UnitFigure::Step => scaling.step = value,
            UnitFigure::Least => scaling.between.0 = value,
            UnitFigure::Most => scaling.between.1 = value,
            UnitFigure::DownAfter => scaling.down_after = span,
            _ => {}
        }
    }
}

fn of_usage(usage: &mut UsageLoad, figure: UsageFigure, value: f64) {
    match figure {
        UsageFigure::Admit => usage.admit = value,
        UsageFigure::Tries | UsageFigure::FirstWait | UsageFigure::WaitGrowth | UsageFigure::LongestWait => {
            let Some(waits) = &mut usage.waits else { return };
            match figure {
                UsageFigure::Tries => waits.tries = whole(value),
                UsageFigure::FirstWait => waits.first = value,
                UsageFigure::WaitGrowth => waits.grows = value,
                _ => waits.most = value,
            }
            usage.backoffs = waits.all();
        }
        UsageFigure::BudgetRatio => {
            usage.budget.iter_mut().for_each(|budget| budget.ratio = value);
        }
        UsageFigure::BudgetMost => usage.budget.iter_mut().for_each(|budget| budget.most = value),
        UsageFigure::SessionMean(call) => {
            let session = usage.sessions.get_mut(call).and_then(Option::as_mut);
            session.into_iter().for_each(|session| session.mean = value);
        }
        UsageFigure::SessionRetry(call) => {
            let session = usage.sessions.get_mut(call).and_then(Option::as_mut);
            session.into_iter().for_each(|session| session.retry = value);
        }
    }
}
