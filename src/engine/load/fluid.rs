//! The flow of requests at one time: what each usage asks, what units are offered, what they serve.
//!
//! Loads follow from success and success from loads, so both are found together: from the last shares, in rounds, until none
//! moves. That they start from the last ones is what keeps an overload going after its trigger is gone.

use super::demand::Demand;
use super::overload::served;
use super::walk::{Walk, power};
use crate::engine::state::Engine;
use crate::model::{Model, UnitCall, UsageId};
use crate::time::SimTime;

/// Shares are settled once none moves by more than this.
const SETTLED: f64 = 1e-9;

/// Rounds after which the present shares are taken.
const MOST_ROUNDS: u32 = 100;

/// Nothing is extrapolated by more than this share at a time, since beyond it moves may grow again.
const FARTHEST: f64 = 0.1;

/// Part of a move that may point elsewhere than the one before.
const ALIKE: f64 = 0.05;

/// Rounds after which only half as much of each move is made, since shares may swing.
const ROUNDS_AT_FULL: u32 = 25;

/// What one usage asks and gets.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Flow {
    /// New requests per second, those refused at the door included.
    pub(super) fresh: f64,
    /// New requests per second that are let in, of users who are signed in.
    pub(super) admitted: f64,
    /// Share of new requests that this is, and share of the others that lack of capacity keeps out.
    pub(super) gate: f64,
    pub(super) gate_shed: f64,
    /// First calls per second: new ones and retries.
    pub(super) attempts: f64,
    /// Share of attempts that fail.
    pub(super) failing: f64,
    /// Share of the attempts that fail which was shed.
    pub(super) shed: f64,
    /// Share of wanted retries that the budget allows.
    pub(super) allowed: f64,
    /// Requests per second that succeed, and that are given up.
    pub(super) served: f64,
    pub(super) lost: f64,
}

/// How attempts to sign in fare: the share that succeeds, and the share of the others that is shed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SignIn {
    pub(super) success: f64,
    pub(super) shed: f64,
}

impl Default for SignIn {
    fn default() -> Self {
        Self { success: 1.0, shed: 1.0 }
    }
}

/// A solution.
#[derive(Debug, Clone, Default)]
pub(super) struct Fluid {
    pub(super) demand: Vec<Demand>,
    /// By surge: share of calls that it moves.
    pub(super) moved: Vec<f64>,
    pub(super) flows: Vec<Flow>,
    /// By session.
    pub(super) sign_in: Vec<SignIn>,
    /// By unit: requests per second that it can serve; infinite without a limit.
    pub(super) capacity: Vec<f64>,
    /// By unit and class: requests per second offered, share let in, share of calls that succeed, share that is shed.
    pub(super) offered: Vec<f64>,
    pub(super) share: Vec<f64>,
    pub(super) success: Vec<f64>,
    pub(super) shed: Vec<f64>,
    /// By path, where the network follows load: bits per second sent, and share that comes there and back.
    pub(super) sent: Vec<f64>,
    pub(super) reach: Vec<f64>,
    /// Scratch memory: by lane and by path.
    pub(super) lanes: Vec<f64>,
    pub(super) arrives: Vec<f64>,
    /// By unit and class, then by path: how far the share has moved in this round, and in the one before.
    pub(super) moves: Vec<f64>,
    moves_before: Vec<f64>,
    /// False if rounds ended before loads and success agreed.
    pub(super) is_settled: bool,
}

impl Fluid {
    pub(super) fn new(model: &Model, sessions: usize) -> Self {
        let load = &model.load;
        let cells = load.units.len() * load.priorities.len();
        let paths = model.network.paths.len();
        Self {
            demand: vec![Demand::default(); load.usages.len()],
            moved: vec![0.0; load.surges.len()],
            flows: vec![Flow::default(); load.usages.len()],
            sign_in: vec![SignIn::default(); sessions],
            capacity: vec![f64::INFINITY; load.units.len()],
            offered: vec![0.0; cells],
            share: vec![1.0; cells],
            success: vec![1.0; cells],
            shed: vec![0.0; cells],
            sent: vec![0.0; paths],
            reach: vec![1.0; paths],
            lanes: Vec::new(),
            arrives: Vec::new(),
            moves: vec![0.0; cells + paths],
            moves_before: vec![0.0; cells + paths],
            is_settled: true,
        }
    }

    /// Goes on at once by all that is still to come, if moves shrink, or swing, by the same factor everywhere; returns whether it
    /// did.
    ///
    /// # Formula
    /// Moves r, q r, q^2 r, ... add up to r / (1 - q): Aitken's extrapolation for a vector, with q by least squares. Of a swing
    /// (q < 0) it takes the middle, however large it is.
    fn go_ahead(&mut self, damping: f64) -> bool {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (now, before) = (&self.moves, &self.moves_before);
        let (last, size) = (dot(before, before), dot(now, now));
        let q = dot(now, before) / last;
        if last <= 0.0 || q >= 1.0 {
            return false;
        }
        // What is not along the same direction, squared.
        if size - q * q * last > ALIKE * ALIKE * size {
            return false;
        }
        let largest = now.iter().fold(0.0_f64, |most, moved| most.max(moved.abs()));
        let more = (damping * q / (1.0 - q)).min(FARTHEST / largest);
        for (share, moved) in self.share.iter_mut().chain(&mut self.reach).zip(&self.moves) {
            *share = (*share + more * moved).clamp(0.0, 1.0);
        }
        true
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        self.demand.clone_from(&other.demand);
        self.moved.clone_from(&other.moved);
        self.flows.clone_from(&other.flows);
        self.sign_in.clone_from(&other.sign_in);
        self.capacity.clone_from(&other.capacity);
        self.offered.clone_from(&other.offered);
        self.share.clone_from(&other.share);
        self.success.clone_from(&other.success);
        self.shed.clone_from(&other.shed);
        self.sent.clone_from(&other.sent);
        self.reach.clone_from(&other.reach);
    }

    /// Nothing refused yet.
    pub(super) fn reset(&mut self) {
        self.share.fill(1.0);
        self.success.fill(1.0);
        self.shed.fill(0.0);
        self.forget_loads();
        self.reach.fill(1.0);
        self.sign_in.fill(SignIn::default());
        self.flows.fill(Flow { allowed: 1.0, gate: 1.0, ..Flow::default() });
    }

    /// Nothing offered yet.
    pub(super) fn forget_loads(&mut self) {
        self.offered.fill(0.0);
        self.sent.fill(0.0);
    }

    /// Offered load of a unit, all classes.
    pub(super) fn offered_to(&self, unit: usize, classes: usize) -> f64 {
        self.offered[unit * classes..(unit + 1) * classes].iter().sum()
    }

    /// Offered load over capacity.
    pub(super) fn utilisation(&self, unit: usize, classes: usize) -> f64 {
        let offered = self.offered_to(unit, classes);
        if offered <= 0.0 { 0.0 } else { offered / self.capacity[unit] }
    }
}

impl Engine<'_> {
    /// Solves the flows at `at` for pools, sessions and tokens `y`; starts from the shares that `fluid` holds.
    pub(super) fn solve_fluid(&self, y: &[f64], at: SimTime, demand_at: SimTime, fluid: &mut Fluid) {
        self.find_demand(at, demand_at, fluid);
        self.set_capacities(at, fluid);
        self.find_success(fluid);
        // The first round has none before it to be compared with.
        let (mut ahead, mut damping_before) = (true, 1.0);
        for round in 0..MOST_ROUNDS {
            fluid.forget_loads();
            let mut moved = 0.0_f64;
            let damping = if round < ROUNDS_AT_FULL { 1.0 } else { 0.5 };
            for usage in 0..fluid.flows.len() {
                moved = moved.max(self.ask(UsageId::at(usage), y, fluid));
            }
            moved = moved.max(self.cross_network(damping, fluid));
            moved = moved.max(self.share_out(damping, fluid));
            if moved == 0.0 {
                // Usages have asked by these very shares.
                fluid.is_settled = true;
                return;
            }
            ahead = !ahead && moved > SETTLED && damping == damping_before && fluid.go_ahead(damping);
            damping_before = damping;
            std::mem::swap(&mut fluid.moves, &mut fluid.moves_before);
            self.find_success(fluid);
            fluid.is_settled = moved < SETTLED;
            if fluid.is_settled {
                break;
            }
        }
        // What usages get by the shares found last.
        fluid.forget_loads();
        for usage in 0..fluid.flows.len() {
            self.ask(UsageId::at(usage), y, fluid);
        }
        self.pass_on(fluid);
    }

    /// What one usage asks by the present success, which its calls load; returns how far its failing share has moved.
    fn ask(&self, usage: UsageId, y: &[f64], fluid: &mut Fluid) -> f64 {
        let before = fluid.flows[usage.index()];
        let class = self.model.load.usages[usage.index()].class;
        let walk = Walk { engine: self, class, bits: self.bits_of(usage), y };
        let mut flow = self.let_in(usage, y, before, fluid);
        if self.comes_back_at_once(usage) {
            (flow.failing, flow.shed) = walk.fate(usage, fluid);
            flow.allowed = self.allowed(usage, y, &flow);
        }
        flow.attempts = self.attempts(usage, y, &flow);
        (flow.failing, flow.shed) = walk.usage(usage, flow.attempts, fluid);
        flow.allowed = self.allowed(usage, y, &flow);
        self.settle_flow(usage, y, &mut flow);
        fluid.flows[usage.index()] = flow;
        (flow.failing - before.failing).abs()
    }

    /// Lets units serve by priority what they are offered; returns how far any share has moved.
    fn share_out(&self, damping: f64, fluid: &mut Fluid) -> f64 {
        let classes = self.model.load.priorities.len();
        let mut most = 0.0_f64;
        for unit in 0..self.model.load.units.len() {
            let cells = unit * classes..(unit + 1) * classes;
            let offered = fluid.offered_to(unit, classes);
            let mut left = served(
                self.model.load.units[unit].capacity.as_ref(),
                fluid.capacity[unit],
                offered,
                self.shed_limit(unit),
            );
            for cell in cells {
                let asked = fluid.offered[cell];
                let share = if asked <= 0.0 {
                    // Who asks for nothing would be served if he asked for a little.
                    let has_room = fluid.capacity[unit] > 0.0 && offered < fluid.capacity[unit];
                    f64::from(u8::from(has_room || left > 0.0))
                } else {
                    (left / asked).min(1.0)
                };
                left = (left - asked * share).max(0.0);
                let move_by = share - fluid.share[cell];
                most = most.max(move_by.abs());
                fluid.moves[cell] = move_by;
                fluid.share[cell] += damping * move_by;
            }
            self.call_on(unit, fluid);
        }
        most
    }

    /// Loads what units call by the shares found last.
    pub(super) fn pass_on(&self, fluid: &mut Fluid) {
        (0..self.model.load.units.len()).for_each(|unit| self.call_on(unit, fluid));
    }

    /// What a unit lets in goes on to the units that it calls.
    fn call_on(&self, unit: usize, fluid: &mut Fluid) {
        let classes = self.model.load.priorities.len();
        for call in &self.model.load.units[unit].calls {
            let Some(to) = self.load.place_of(call.to) else { continue };
            let part = call.member.map_or(1.0, |member| self.part_of_member(unit, member));
            for class in 0..classes {
                let cell = unit * classes + class;
                let let_in = fluid.offered[cell] * fluid.share[cell];
                fluid.offered[to * classes + class] += let_in * part * call.calls * call.weight;
            }
        }
    }

    /// Success of a call that reaches a unit, for all: let in, not broken, and answered by those that it calls.
    fn find_success(&self, fluid: &mut Fluid) {
        let classes = self.model.load.priorities.len();
        for unit in (0..self.model.load.units.len()).rev() {
            let component = self.model.load.units[unit].unit.index();
            let whole = self.units[component].success;
            // A unit that is out refuses calls because it is broken.
            let is_out = self.parts[component].level <= 0.0;
            for class in 0..classes {
                let cell = unit * classes + class;
                let (answered, shed_below) = self.answered(unit, class, fluid);
                let share = fluid.share[cell];
                fluid.success[cell] = share * whole * answered;
                fluid.shed[cell] = if is_out { 0.0 } else { (1.0 - share) + share * whole * shed_below };
            }
        }
    }

    /// Share of a unit's requests whose calls to others are all answered, and the share for which one is shed there.
    fn answered(&self, unit: usize, class: usize, fluid: &Fluid) -> (f64, f64) {
        let (mut of_members, mut shed_there) = (1.0, 0.0);
        let mut of_unit = (1.0, 0.0);
        // Members stand side by side: each makes the calls of its own part of the requests.
        for calls in self.model.load.units[unit].calls.chunk_by(|a, b| a.member == b.member) {
            let (answered, shed) = self.answered_in_turn(calls, class, fluid);
            if let Some(member) = calls.first().and_then(|call| call.member) {
                let part = self.part_of_member(unit, member);
                of_members -= part * (1.0 - answered);
                shed_there += part * shed;
            } else {
                of_unit = (answered, shed);
            }
        }
        let of_members = of_members.max(0.0);
        (of_members * of_unit.0, shed_there + of_members * of_unit.1)
    }

    /// The same of calls that one makes after the other.
    fn answered_in_turn(&self, calls: &[UnitCall], class: usize, fluid: &Fluid) -> (f64, f64) {
        let classes = self.model.load.priorities.len();
        let (mut answered, mut shed) = (1.0, 0.0_f64);
        for call in calls {
            let Some(to) = self.load.place_of(call.to) else { continue };
            let cell = to * classes + class;
            let all = power(fluid.success[cell], call.calls);
            shed += answered * (1.0 - all) * ratio(fluid.shed[cell], 1.0 - fluid.success[cell]);
            answered *= all;
        }
        (answered, shed)
    }
}

/// a / b, where b is the larger; 0 of nothing.
pub(super) fn ratio(a: f64, b: f64) -> f64 {
    if b <= 0.0 { 0.0 } else { (a / b).clamp(0.0, 1.0) }
}
