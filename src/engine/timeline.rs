//! What simple modes do, drawn a window ahead and sorted: most events of a run, at less than a queue costs.

use super::simple::SimpleMode;
use crate::model::ModeId;
use crate::random::Replication;
use crate::time::{SimSpan, SimTime};

/// Transitions that a window should hold at least: of powers of two from 512 to 8,192 this was measured best.
const IN_WINDOW: usize = 4_096;

/// Transitions that it should hold for each mode, to pay for looking at all of them.
const FOR_EACH_MODE: usize = 2;

/// Microseconds that no window needs to exceed: no horizon is longer.
const LONGEST_WINDOW: f64 = (1_u64 << 60) as f64;

/// Transitions in one interval beyond which insertion would take too long.
const CROWD: u32 = 16;

/// A failure or the end of a repair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transition {
    pub(super) at: SimTime,
    /// Which simple mode.
    pub(super) who: u32,
    /// True for a failure.
    pub(super) fails: bool,
}

impl Transition {
    /// Stands behind the last one.
    const END: Self = Self { at: SimTime::NEVER, who: 0, fails: false };
}

/// The transitions of simple modes, in order of time.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    modes: Vec<SimpleMode>,
    /// Those of the present window, and [`Transition::END`].
    window: Vec<Transition>,
    place: usize,
    /// End of the present window.
    until: SimTime,
    /// Binary logarithm of a window's microseconds.
    length: u32,
    /// Transitions as drawn, mode after mode.
    drawn: Vec<Transition>,
    sorter: Sorter,
}

impl Timeline {
    /// The timeline of `modes`.
    pub(super) fn new(modes: Vec<SimpleMode>) -> Self {
        let transitions = IN_WINDOW.max(FOR_EACH_MODE * modes.len()) as f64;
        let rate: f64 = modes.iter().map(SimpleMode::usual_rate).fold(f64::MIN_POSITIVE, |sum, r| sum + r);
        let micros = SimSpan::from_micros_f64((transitions / rate).clamp(1.0, LONGEST_WINDOW)).micros();
        Self {
            modes,
            window: vec![Transition::END],
            place: 0,
            until: SimTime::START,
            length: micros.ilog2(),
            drawn: Vec::new(),
            sorter: Sorter::default(),
        }
    }

    /// Forgets everything; `first` tells when each mode fails first, if the timeline is to play it.
    pub(super) fn start(&mut self, first: impl Fn(ModeId) -> Option<SimTime>) {
        for mode in &mut self.modes {
            match first(mode.mode()) {
                Some(first) => mode.start(first),
                None => mode.stop(),
            }
        }
        self.until = SimTime::START;
        self.place = 0;
        self.window.clear();
        self.window.push(Transition::END);
    }

    /// When the next transition is due.
    #[inline]
    pub(super) fn next(&self) -> SimTime {
        self.window[self.place].at
    }

    /// Takes the next transition.
    #[inline]
    pub(super) fn pop(&mut self) -> Transition {
        let transition = self.window[self.place];
        self.place += 1;
        transition
    }

    /// True if the next window must be drawn before [`Timeline::next`] can be asked.
    #[inline]
    pub(super) fn is_used_up(&self, horizon: SimTime) -> bool {
        !self.next().occurs() && self.until <= horizon
    }

    /// Draws windows until there is a transition or the horizon is passed; `hand_over` gets what is not for the
    /// timeline: from when on the event queue is to play a mode.
    pub(super) fn draw(
        &mut self,
        replication: Replication,
        horizon: SimTime,
        mut hand_over: impl FnMut(ModeId, SimTime),
    ) {
        self.place = 0;
        self.drawn.clear();
        let mut from = SimTime::NEVER;
        while self.drawn.is_empty() && self.until <= horizon {
            from = self.modes.iter().map(SimpleMode::next).min().unwrap_or(SimTime::NEVER);
            self.until = (from + SimSpan::from_micros(1 << self.length)).min(past(horizon));
            for (who, mode) in self.modes.iter_mut().enumerate() {
                let drawn = &mut self.drawn;
                let visit = |at, fails| drawn.push(Transition { at, who: who as u32, fails });
                if let Some(at) = mode.run(replication, self.until, visit) {
                    hand_over(mode.mode(), at);
                }
            }
        }
        self.sorter.sort(&self.drawn, from, self.length, &mut self.window);
        self.window.push(Transition::END);
    }
}

fn past(horizon: SimTime) -> SimTime {
    horizon + SimSpan::from_micros(1)
}

/// Sorts transitions by time, then mode.
///
/// They are spread about evenly over their window, so that nearly all of the order comes from a distribution
/// into as many intervals as there are transitions.
#[derive(Debug, Clone, Default)]
struct Sorter {
    /// Where the next transition of each interval goes.
    ends: Vec<u32>,
}

impl Sorter {
    fn sort(&mut self, drawn: &[Transition], from: SimTime, length: u32, sorted: &mut Vec<Transition>) {
        sorted.clear();
        sorted.resize(drawn.len(), Transition::END);
        // As many intervals as transitions, by powers of two.
        let shift = length.saturating_sub(drawn.len().next_power_of_two().ilog2());
        let interval = |t: &Transition| ((t.at - from).micros() >> shift) as usize;
        self.ends.clear();
        self.ends.resize((1 << (length - shift)) + 1, 0);
        drawn.iter().for_each(|t| self.ends[interval(t) + 1] += 1);
        let crowded = self.ends.iter().any(|count| *count > CROWD);
        let mut sum = 0;
        for end in &mut self.ends {
            sum += *end;
            *end = sum;
        }
        for transition in drawn {
            let end = &mut self.ends[interval(transition)];
            sorted[*end as usize] = *transition;
            *end += 1;
        }
        if crowded {
            // No mode has two transitions at one instant.
            sorted.sort_unstable_by_key(|t| (t.at, t.who));
        } else {
            insert_in_order(sorted);
        }
    }
}

/// Insertion sort by time that keeps the order of equals: fast where little is out of place.
fn insert_in_order(transitions: &mut [Transition]) {
    for end in 1..transitions.len() {
        let transition = transitions[end];
        let mut place = end;
        while place > 0 && transitions[place - 1].at > transition.at {
            transitions[place] = transitions[place - 1];
            place -= 1;
        }
        transitions[place] = transition;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::law::Law;
    use crate::model::{Builder, ComponentDraft, Kind, ModeDraft, Model};
    use crate::random::StreamName;
    use crate::time::MICROS_PER_HOUR;

    const HOUR: f64 = MICROS_PER_HOUR as f64;
    const HORIZON: SimTime = SimTime::from_micros(10_000 * MICROS_PER_HOUR);

    fn model() -> Model {
        let mut builder = Builder::new("simple modes", HORIZON);
        let exp = |hours: f64| Law::exp(hours * HOUR).unwrap();
        let sometimes_nothing = Law::mix(vec![(0.02, Law::ZERO), (0.98, exp(3.0))]).unwrap();
        let laws = [
            (exp(20.0), exp(5.0)),
            (exp(4_000.0), exp(500.0)),
            (Law::fixed(HOUR).unwrap(), Law::fixed(HOUR).unwrap()),
            (exp(20.0), sometimes_nothing),
            (Law::NEVER, exp(1.0)),
        ];
        for (k, (every, work)) in laws.into_iter().enumerate() {
            let name = format!("part {k}");
            let mode = ModeDraft::down("failure", every, work);
            builder.component(ComponentDraft::new(name, Kind::Part).failing(mode));
        }
        builder.build().unwrap()
    }

    type History = (Vec<(SimTime, u32, bool)>, Vec<(ModeId, SimTime)>);

    /// All that a timeline of windows of 2^`length` microseconds yields and hands over.
    fn history(model: &Model, length: u32) -> History {
        let mut timeline = Engine::new(model).timeline;
        timeline.length = length;
        timeline.start(|mode| (mode.index() < 4).then(|| SimTime::from_micros(1 + mode.index() as i64)));
        let (mut all, mut over) = (Vec::new(), Vec::new());
        loop {
            timeline.draw(Replication::new(3, 1), HORIZON, |mode, at| over.push((mode, at)));
            if !timeline.next().occurs() {
                return (all, over);
            }
            while timeline.next().occurs() {
                let transition = timeline.pop();
                all.push((transition.at, transition.who, transition.fails));
            }
        }
    }

    #[test]
    fn windows_make_no_difference() {
        let model = model();
        let (all, over) = history(&model, 60);
        assert!(all.len() > 10_000 && all.is_sorted(), "{} transitions", all.len());
        assert!(all.iter().all(|(at, ..)| *at <= HORIZON));
        assert_eq!(over.iter().map(|(mode, _)| mode.index()).collect::<Vec<_>>(), [3]);
        for length in [0, 30, 33, 41] {
            assert_eq!(history(&model, length), (all.clone(), over.clone()), "windows of 2^{length} us");
        }
    }

    #[test]
    fn sorted_whether_spread_or_crowded() {
        let (replication, name) = (Replication::new(1, 1), StreamName::new("sort", "test"));
        for (count, spread) in [(0, 1.0), (1, 1.0), (1_000, 1.0), (1_000, 1e-6), (1_000, 1e-3)] {
            let from = SimTime::from_micros(77);
            let draw = |k: u32| replication.draw(name, k).uniform() * spread * (1_u64 << 20) as f64;
            let at = |k: u32| from + SimSpan::from_micros_f64(draw(k));
            let drawn: Vec<_> = (0..count).map(|who| Transition { at: at(who), who, fails: true }).collect();
            let mut sorted = Vec::new();
            Sorter::default().sort(&drawn, from, 20, &mut sorted);
            let mut expected: Vec<_> = drawn.iter().map(|t| (t.at, t.who)).collect();
            expected.sort_unstable();
            assert_eq!(sorted.iter().map(|t| (t.at, t.who)).collect::<Vec<_>>(), expected);
        }
    }
}
