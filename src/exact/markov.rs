//! Small Markov chains in continuous time.

use super::ExactError;

/// Mean events per piece of uniformisation: small enough that exp(-64) is far from underflow.
const PIECE: f64 = 64.0;

/// Poisson probabilities below this, past the mean, add nothing.
const NEGLIGIBLE: f64 = 1e-20;

/// A Markov chain in continuous time on the states 0, 1, ...
///
/// Units: rates per unit of time; times in that unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    states: usize,
    transitions: Vec<(usize, usize, f64)>,
}

impl Chain {
    /// The chain with the given transitions `(from, to, rate)`; those between the same states add up.
    ///
    /// Errors: no transition, a transition from a state to itself, or a rate that is not finite and above 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use blackstart::exact::markov::Chain;
    /// let repairable = Chain::new(vec![(0, 1, 0.001), (1, 0, 1.0)])?;
    /// assert!((repairable.steady_state()?[0] - 1.0 / 1.001).abs() < 1e-15);
    /// # Ok::<(), blackstart::exact::ExactError>(())
    /// ```
    pub fn new(transitions: Vec<(usize, usize, f64)>) -> Result<Self, ExactError> {
        for &(from, to, rate) in &transitions {
            if from == to || !rate.is_finite() || rate <= 0.0 {
                return Err(ExactError::Transition { from, to, rate });
            }
        }
        let largest = transitions.iter().map(|(from, to, _)| *from.max(to)).max();
        let states = largest.ok_or(ExactError::NoTransitions)? + 1;
        Ok(Self { states, transitions })
    }

    /// The long-run probability of each state.
    ///
    /// Formula: elimination of the states from the last to the first, by sums, products and quotients of
    /// positive numbers alone, so that the smallest probability has all its digits.
    ///
    /// Source: W. K. Grassmann, M. I. Taksar, D. P. Heyman, Operations Research 33 (1985) 1107-1116.
    ///
    /// Errors: state 0 cannot be reached from some state.
    pub fn steady_state(&self) -> Result<Vec<f64>, ExactError> {
        let mut rates = self.rates();
        let mut exits = vec![0.0; self.states];
        for state in (1..self.states).rev() {
            exits[state] = rates[state][..state].iter().sum();
            if exits[state] == 0.0 {
                return Err(ExactError::NoWayBack { state });
            }
            bypass(&mut rates, state, exits[state]);
        }
        let mut weights = vec![1.0];
        for state in 1..self.states {
            let inflow: f64 = weights.iter().zip(&rates).map(|(weight, row)| weight * row[state]).sum();
            weights.push(inflow / exits[state]);
        }
        let sum: f64 = weights.iter().sum();
        Ok(weights.into_iter().map(|weight| weight / sum).collect())
    }

    /// The probability of each state at `time`.
    ///
    /// Formula: uniformisation, sum over k of Poisson(q t; k) p P^k with P = I + Q / q, q the largest exit
    /// rate.
    ///
    /// Source: A. Jensen, Skandinavisk Aktuarietidskrift 36 (1953) 87-91.
    ///
    /// Errors: `initial` is no distribution over the states, or `time` negative or infinite.
    pub fn transient(&self, initial: &[f64], time: f64) -> Result<Vec<f64>, ExactError> {
        Ok(self.advance(initial, time)?.0)
    }

    /// The expected time spent in each state from 0 to `time`.
    ///
    /// Formula: the integral of [`Chain::transient`]: 1/q sum over k of P(Poisson(q t) > k) p P^k.
    ///
    /// Errors: as for [`Chain::transient`].
    pub fn occupancy(&self, initial: &[f64], time: f64) -> Result<Vec<f64>, ExactError> {
        Ok(self.advance(initial, time)?.1)
    }

    /// The expected time until the chain is first in one of `targets`; infinite if it may never be.
    ///
    /// Formula: elimination as for [`Chain::steady_state`]; a state that is left out hands the time spent in
    /// it to the states that lead to it.
    ///
    /// Errors: `initial` is no distribution over the states.
    pub fn mean_time_to(&self, initial: &[f64], targets: &[usize]) -> Result<f64, ExactError> {
        self.check_initial(initial)?;
        let mut rates = self.rates();
        // Rates into the targets; and exit rate times the expected time gathered per visit.
        let (targets, open): (Vec<usize>, Vec<usize>) =
            (0..self.states).partition(|state| targets.contains(state));
        let into_targets = |row: &Vec<f64>| targets.iter().map(|target| row[*target]).sum();
        let mut arrivals: Vec<f64> = rates.iter().map(into_targets).collect();
        let mut gathered = vec![1.0; self.states];
        let mut exits = vec![0.0; self.states];
        for (index, &state) in open.iter().enumerate().rev() {
            let remaining = &open[..index];
            exits[state] = arrivals[state] + remaining.iter().map(|to| rates[state][*to]).sum::<f64>();
            for &from in remaining {
                if rates[from][state] == 0.0 {
                    continue;
                }
                // From a state without exit nothing is ever reached.
                if exits[state] == 0.0 {
                    gathered[from] = f64::INFINITY;
                    continue;
                }
                let share = rates[from][state] / exits[state];
                gathered[from] += share * gathered[state];
                arrivals[from] += share * arrivals[state];
                for &to in remaining.iter().filter(|to| **to != from) {
                    rates[from][to] += share * rates[state][to];
                }
            }
        }
        let mut times = vec![0.0; self.states];
        for (index, &state) in open.iter().enumerate() {
            let onward = open[..index].iter().filter(|to| rates[state][**to] > 0.0);
            let sum: f64 = onward.map(|to| rates[state][*to] * times[*to]).sum();
            times[state] = (gathered[state] + sum) / exits[state];
        }
        let started = initial.iter().zip(times).filter(|(share, _)| **share > 0.0);
        Ok(started.map(|(share, time)| share * time).sum())
    }

    /// Rates as a square matrix.
    fn rates(&self) -> Vec<Vec<f64>> {
        let mut rates = vec![vec![0.0; self.states]; self.states];
        for &(from, to, rate) in &self.transitions {
            rates[from][to] += rate;
        }
        rates
    }

    fn check_initial(&self, initial: &[f64]) -> Result<(), ExactError> {
        let positive = initial.iter().all(|share| *share >= 0.0);
        let whole = (initial.iter().sum::<f64>() - 1.0).abs() < 1e-9;
        if initial.len() == self.states && positive && whole { Ok(()) } else { Err(ExactError::Initial) }
    }

    /// Probabilities at `time`, and time spent in each state until then.
    fn advance(&self, initial: &[f64], time: f64) -> Result<(Vec<f64>, Vec<f64>), ExactError> {
        self.check_initial(initial)?;
        if !(time.is_finite() && time >= 0.0) {
            return Err(ExactError::Time(time));
        }
        let mut exits = vec![0.0; self.states];
        for &(from, _, rate) in &self.transitions {
            exits[from] += rate;
        }
        let fastest = exits.iter().copied().fold(0.0, f64::max);
        let pieces = (fastest * time / PIECE).ceil().max(1.0);
        let (mut now, mut spent) = (initial.to_vec(), vec![0.0; self.states]);
        for _ in 0..pieces as u64 {
            now = self.advance_piece(&now, &mut spent, fastest, time / pieces);
        }
        Ok((now, spent))
    }

    fn advance_piece(&self, initial: &[f64], spent: &mut [f64], fastest: f64, time: f64) -> Vec<f64> {
        let mean = fastest * time;
        let mut jumped = initial.to_vec();
        let mut result = vec![0.0; self.states];
        // The probability of `jumps` jumps, and that of more.
        let mut weight = libm::exp(-mean);
        let mut beyond = -libm::expm1(-mean);
        let mut jumps = 0.0;
        loop {
            for state in 0..self.states {
                result[state] += weight * jumped[state];
                spent[state] += beyond / fastest * jumped[state];
            }
            jumps += 1.0;
            weight *= mean / jumps;
            beyond = (beyond - weight).max(0.0);
            if jumps > mean && weight < NEGLIGIBLE {
                return result;
            }
            jumped = self.jump(&jumped, fastest);
        }
    }

    /// One step of the chain that jumps at rate `fastest` in every state, some jumps leading nowhere.
    fn jump(&self, before: &[f64], fastest: f64) -> Vec<f64> {
        let mut after = before.to_vec();
        for &(from, to, rate) in &self.transitions {
            let flow = before[from] * (rate / fastest);
            after[from] -= flow;
            after[to] += flow;
        }
        after
    }
}

/// Leads the paths through `state` past it, to the states before it.
fn bypass(rates: &mut [Vec<f64>], state: usize, exit: f64) {
    let (before, from_here) = rates.split_at_mut(state);
    let onward = &from_here[0][..state];
    for (from, row) in before.iter_mut().enumerate() {
        let share = row[state] / exit;
        for (to, rate) in onward.iter().enumerate().filter(|(to, _)| *to != from) {
            row[to] += share * rate;
        }
    }
}
