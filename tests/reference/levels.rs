//! Levels, standbys, darkness and holdovers.

use blackstart::model::{CompId, Expressions, HoldId, Model, NodeId, NodeKind, Root, root_of};

use super::{Comp, Holding, MOST_ROUNDS, Phase, Reference, Watch};
use blackstart::time::{SimSpan, SimTime};

/// Components grouped so that inputs come first and members of a cycle stand together, and who is in a cycle.
pub(super) fn cycles(model: &Model) -> (Vec<Vec<usize>>, Vec<bool>) {
    let n = model.components.len();
    let mut reaches = vec![vec![false; n]; n];
    for (i, node) in model.expressions.nodes.iter().enumerate() {
        if let Some(target) = Expressions::target(node.kind)
            && let Root::Support(owner) = root_of(&model.expressions, NodeId::at(i))
        {
            reaches[owner.index()][target.index()] = true;
        }
    }
    for via in 0..n {
        for a in 0..n {
            for b in 0..n {
                reaches[a][b] |= reaches[a][via] && reaches[via][b];
            }
        }
    }
    let in_cycle: Vec<bool> = (0..n).map(|c| reaches[c][c]).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (c, from) in reaches.iter().enumerate() {
        match groups.iter_mut().find(|g| from[g[0]] && reaches[g[0]][c]) {
            Some(group) => group.push(c),
            None => groups.push(vec![c]),
        }
    }
    // Who needs somebody reaches all that the other reaches, and the other's group besides.
    groups.sort_by_key(|g| (0..n).filter(|b| reaches[g[0]][*b]).count() + usize::from(!in_cycle[g[0]]));
    (groups, in_cycle)
}

const fn met(yes: bool) -> f64 {
    if yes { 1.0 } else { 0.0 }
}

impl Reference<'_> {
    /// The value of an expression where components have the levels `level`.
    pub(super) fn value(&self, node: NodeId, level: &dyn Fn(usize) -> f64) -> f64 {
        self.value_with(node, level, &|hold| self.held(hold))
    }

    fn value_with(
        &self,
        node: NodeId,
        level: &dyn Fn(usize) -> f64,
        held: &dyn Fn(HoldId) -> Option<f64>,
    ) -> f64 {
        let at = |c: CompId| level(c.index());
        let children = self.model.expressions.children(node).iter();
        let inputs: Vec<f64> = children.map(|n| self.value_with(*n, level, held)).collect();
        match self.model.expressions.kind(node) {
            NodeKind::Level(c) => at(c),
            NodeKind::LevelAtLeast(c, x) => met(at(c) >= x),
            NodeKind::Up(c) => met(at(c) > 0.0),
            NodeKind::Down(c) => met(at(c) <= 0.0),
            NodeKind::All => inputs.iter().fold(1.0, |a: f64, b| a.min(*b)),
            NodeKind::Any => inputs.iter().fold(0.0, |a: f64, b| a.max(*b)),
            NodeKind::AtLeast(k) => {
                let mut sorted = inputs;
                sorted.sort_by(|a, b| b.total_cmp(a));
                match k {
                    0 => 1.0,
                    k => sorted.get(k as usize - 1).copied().unwrap_or(0.0),
                }
            }
            NodeKind::Share => inputs.iter().sum::<f64>() / inputs.len() as f64,
            NodeKind::Quorum(k) => met(inputs.iter().filter(|v| **v > 0.0).count() >= k as usize),
            NodeKind::Not => met(inputs[0] <= 0.0),
            NodeKind::Need { at_least, hold, otherwise } => {
                let value = at_least.map_or(inputs[0], |x| met(inputs[0] >= x));
                if value > 0.0 { value } else { hold.and_then(held).unwrap_or(otherwise) }
            }
        }
    }

    /// What a holdover gives in place of a need that is lost.
    fn held(&self, hold: HoldId) -> Option<f64> {
        let state = &self.state.holds[hold.index()];
        let gives = match state.holding {
            Holding::Carrying { .. } => true,
            Holding::Met => self.charge(hold.index()) > 0.0 && state.given > 0.0,
            Holding::UsedUp => false,
        };
        gives.then_some(state.given)
    }

    /// Charge at present of a holdover whose need has been met.
    fn charge(&self, hold: usize) -> f64 {
        let state = &self.state.holds[hold];
        match self.model.holds[hold].refills_in {
            Some(full) if full > SimSpan::ZERO => {
                (state.charge + (self.now - state.since).micros_f64() / full.micros_f64()).min(1.0)
            }
            _ => 1.0,
        }
    }

    pub(super) fn support(&self, c: usize, level: &dyn Fn(usize) -> f64) -> f64 {
        self.model.components[c].support.map_or(1.0, |node| self.value(node, level))
    }

    /// Support from the levels that have been solved; a bridged component sees its mates' hope.
    pub(super) fn seen_support(&self, c: usize) -> f64 {
        self.support(c, &|i| self.seen_level(c, i))
    }

    /// The level of `input` as `c` sees it.
    pub(super) fn seen_level(&self, c: usize, input: usize) -> f64 {
        if self.state.comps[c].bridged {
            let group = self.group_of(c);
            if group.contains(&input) {
                return self.hopes(&group)[input];
            }
        }
        self.state.levels[input]
    }

    fn group_of(&self, c: usize) -> Vec<usize> {
        self.order.iter().find(|g| g.contains(&c)).cloned().unwrap_or_default()
    }

    fn is_idle(&self, c: usize) -> bool {
        self.model.components[c].standby.is_some() && self.state.comps[c].phase != Phase::Running
    }

    /// Levels of a cycle's members if nobody of them were dark (all other components as they are).
    fn hopes(&self, group: &[usize]) -> Vec<f64> {
        let mut hope = self.state.levels.clone();
        for &c in group {
            hope[c] = if self.is_idle(c) { 0.0 } else { self.own(c) };
        }
        loop {
            let before = hope.clone();
            for &c in group {
                let support = self.support(c, &|i| before[i]);
                hope[c] = if self.is_idle(c) { 0.0 } else { self.own(c).min(support) };
            }
            if hope == before {
                return hope;
            }
        }
    }

    /// The greatest solution of the level equations, cycle by cycle, inputs first.
    pub(super) fn solve(&mut self) {
        for group in self.order.clone() {
            let out = |this: &Self, c: usize| this.state.comps[c].dark || this.is_idle(c);
            for &c in &group {
                self.state.levels[c] = if out(self, c) { 0.0 } else { self.own(c) };
            }
            loop {
                let before = self.state.levels.clone();
                for &c in &group {
                    let level = if out(self, c) { 0.0 } else { self.own(c).min(self.seen_support(c)) };
                    self.state.levels[c] = level;
                }
                if self.state.levels == before {
                    break;
                }
            }
        }
    }

    /// Starts and stops standbys; false if that never ends.
    pub(super) fn decide_standbys(&mut self) -> bool {
        for _ in 0..MOST_ROUNDS {
            let standbys =
                (0..self.model.components.len()).filter(|c| self.model.components[*c].standby.is_some());
            let (wanted, unwanted): (Vec<usize>, Vec<usize>) = standbys.partition(|c| self.is_demanded(*c));
            let before = self.state.clone();
            for c in wanted {
                if self.state.comps[c].phase == Phase::Idle {
                    self.start(c);
                }
            }
            for c in unwanted {
                self.state.comps[c].phase = Phase::Idle;
            }
            if self.state == before {
                return true;
            }
            self.solve();
        }
        false
    }

    /// True if a standby stands in the need that a holdover belongs to.
    fn carries_a_standby(&self, hold: HoldId) -> bool {
        self.stands_below(self.model.holds[hold.index()].need)
    }

    fn stands_below(&self, node: NodeId) -> bool {
        let expressions = &self.model.expressions;
        let target = match expressions.kind(node) {
            NodeKind::Level(c) | NodeKind::LevelAtLeast(c, _) | NodeKind::Up(c) | NodeKind::Down(c) => {
                Some(c)
            }
            _ => None,
        };
        target.is_some_and(|c| self.model.components[c.index()].standby.is_some())
            || expressions.children(node).iter().any(|child| self.stands_below(*child))
    }

    /// Formula: value with it and later standbys at 0 < value with it at 1 and later ones at 0.
    fn is_demanded(&self, standby: usize) -> bool {
        self.model.groups.iter().any(|group| {
            let Some(place) = group.standbys.iter().position(|s| s.index() == standby) else { return false };
            let level = |own: f64, c: usize| match group.standbys.iter().position(|s| s.index() == c) {
                Some(p) if p == place => own,
                Some(p) if p > place => 0.0,
                _ => self.state.levels[c],
            };
            // A battery that carries a need in which the standby stands must not keep it from running.
            let held = |hold: HoldId| if self.carries_a_standby(hold) { None } else { self.held(hold) };
            let with = |own: f64| self.value_with(group.expression, &|c| level(own, c), &held);
            with(0.0) < with(1.0)
        })
    }

    fn start(&mut self, c: usize) {
        let Some(standby) = &self.model.components[c].standby else { return };
        let takes = self.span(&standby.starts_in, standby.starts_in_stream, self.state.comps[c].starts);
        self.state.comps[c].starts += 1;
        self.state.comps[c].phase = Phase::Starting(self.now + takes);
        self.start_shows_failures(c);
    }

    /// A start is over: the units that failed to start fail now.
    pub(super) fn started(&mut self, c: usize) {
        let Some(standby) = &self.model.components[c].standby else { return };
        let number = self.state.comps[c].starts - 1;
        self.state.comps[c].phase = Phase::Running;
        if standby.start_modes.is_empty() {
            return;
        }
        let component = &self.model.components[c];
        let units = if component.pooled { self.working_units(c) } else { component.units };
        for u in 0..units {
            let fails =
                self.happens(standby.fails_to_start, standby.fails_stream, number * component.units + u);
            let mode = standby.start_modes.start + if component.pooled { 0 } else { u as usize };
            let active = self.state.failures.iter().any(|f| f.mode == Some(mode));
            if fails && (component.pooled || !active) {
                self.fail(mode);
            }
        }
    }

    /// Darkness, restart and black-start clocks.
    pub(super) fn darkness(&mut self) {
        for c in 0..self.model.components.len() {
            let component = &self.model.components[c];
            let remembers =
                self.in_cycle[c] || component.starts_with.is_some() || !component.restart.is_zero();
            if !remembers {
                continue;
            }
            let real = self.support(c, &|i| self.state.levels[i]);
            let out = if component.standby.is_some() {
                self.own(c).min(self.seen_support(c)) <= 0.0
            } else {
                self.state.levels[c] <= 0.0
            };
            if !self.state.comps[c].dark {
                if out {
                    let comp = &mut self.state.comps[c];
                    comp.dark = true;
                    comp.bridged = false;
                    comp.kept.clear();
                } else if real > 0.0 {
                    self.state.comps[c].bridged = false;
                }
            }
            if self.state.comps[c].dark {
                self.run_restart(c, real);
                self.run_black_start(c, real);
            }
        }
    }

    fn run_restart(&mut self, c: usize, real: f64) {
        let component = &self.model.components[c];
        let may_start = component.starts_with.is_none_or(|n| self.value(n, &|i| self.state.levels[i]) > 0.0);
        let runs = self.own(c) > 0.0 && real > 0.0 && may_start;
        if runs && self.state.comps[c].restart.is_none() {
            let takes = self.span(&component.restart, component.restart_stream, self.state.comps[c].restarts);
            self.state.comps[c].restarts += 1;
            self.state.comps[c].restart = Some(Watch::stopped(takes, self.now));
        }
        if let Some(watch) = &mut self.state.comps[c].restart {
            watch.run(f64::from(runs), self.now);
        }
    }

    fn run_black_start(&mut self, c: usize, real: f64) {
        let component = &self.model.components[c];
        let Some(law) = &component.black_start else { return };
        let runs = self.in_cycle[c] && real <= 0.0 && self.hopes(&self.group_of(c))[c] > 0.0;
        if runs && self.state.comps[c].black_start.is_none() {
            let takes = self.span(law, component.black_start_stream, self.state.comps[c].black_starts);
            self.state.comps[c].black_starts += 1;
            self.state.comps[c].black_start = Some(Watch::stopped(takes, self.now));
        }
        if let Some(watch) = &mut self.state.comps[c].black_start {
            watch.run(f64::from(runs), self.now);
        }
    }

    pub(super) fn light(&mut self, c: usize) {
        let comp: &mut Comp = &mut self.state.comps[c];
        comp.dark = false;
        comp.restart = None;
        comp.black_start = None;
        comp.kept.clear();
    }

    /// What a need is given, holdover aside.
    pub(super) fn need_input(&self, hold: usize) -> f64 {
        let need = self.model.holds[hold].need;
        let raw = self.value(self.model.expressions.children(need)[0], &|c| self.state.levels[c]);
        match self.model.expressions.kind(need) {
            NodeKind::Need { at_least: Some(x), .. } => met(raw >= x),
            _ => raw,
        }
    }

    pub(super) fn holdovers(&mut self) {
        for h in 0..self.model.holds.len() {
            let hold = &self.model.holds[h];
            let value = self.need_input(h);
            let mut state = self.state.holds[h].clone();
            let elapsed = (self.now - state.since).micros_f64();
            match state.holding {
                Holding::Met if value > 0.0 => state.given = value,
                Holding::Met => {
                    state.charge = self.charge(h);
                    state.since = self.now;
                    state.holding = Holding::UsedUp;
                    if state.charge > 0.0 && state.given > 0.0 {
                        let length = self.span(&hold.length, hold.stream, state.losses);
                        let lasts = SimSpan::from_micros_f64(state.charge * length.micros_f64());
                        let until = if length.ends() { self.now + lasts } else { SimTime::NEVER };
                        state.holding = Holding::Carrying { h: length, until };
                    }
                    state.losses += 1;
                }
                _ if value <= 0.0 => {}
                holding => {
                    if let Holding::Carrying { h, .. } = holding
                        && h > SimSpan::ZERO
                    {
                        state.charge = (state.charge - elapsed / h.micros_f64()).max(0.0);
                    }
                    state.holding = Holding::Met;
                    state.since = self.now;
                    state.given = value;
                }
            }
            self.state.holds[h] = state;
        }
    }
}
