//! Static structure: which independent parts, out together, take the whole down; its probability and what each part has
//! to do with it. Solved by binary decision diagrams.

use biodivine_lib_bdd::{Bdd, BddPointer, BddVariableSet, op_function};

use super::ExactError;

/// Nodes of a diagram above which there is no answer.
const MOST_NODES: usize = 100_000;

/// Parts that are out or not, each independently of all others; diagrams are made of them.
#[derive(Debug, Clone)]
pub struct Parts {
    variables: BddVariableSet,
    count: usize,
}

/// A statement about parts: true or false, depending on which of them work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement(Bdd);

impl Parts {
    /// So many parts, in an order in which those that belong together stand near each other.
    ///
    /// # Errors
    /// [`ExactError::TooLarge`] from 65,000 parts on.
    pub fn new(count: usize) -> Result<Self, ExactError> {
        let number = u16::try_from(count).ok().filter(|number| *number < 65_000);
        let variables = BddVariableSet::new_anonymous(number.ok_or(ExactError::TooLarge)?);
        Ok(Self { variables, count })
    }

    /// "This part works"; always true of a part that there is not.
    #[must_use]
    pub fn works(&self, part: usize) -> Statement {
        if part >= self.count {
            return self.always();
        }
        Statement(self.variables.mk_var(biodivine_lib_bdd::BddVariable::from_index(part)))
    }

    /// What is always true.
    #[must_use]
    pub fn always(&self) -> Statement {
        Statement(self.variables.mk_true())
    }

    /// What is never true.
    #[must_use]
    pub fn never(&self) -> Statement {
        Statement(self.variables.mk_false())
    }

    /// All of them are true.
    ///
    /// # Errors
    /// [`ExactError::TooLarge`] if the diagram grows beyond bounds.
    pub fn all(&self, of: &[Statement]) -> Result<Statement, ExactError> {
        of.iter().try_fold(self.always(), |all, next| all.and(next))
    }

    /// One of them is true.
    ///
    /// # Errors
    /// [`ExactError::TooLarge`] if the diagram grows beyond bounds.
    pub fn any(&self, of: &[Statement]) -> Result<Statement, ExactError> {
        of.iter().try_fold(self.never(), |any, next| any.or(next))
    }

    /// At least `needed` of them are true.
    ///
    /// # Errors
    /// [`ExactError::TooLarge`] if the diagram grows beyond bounds.
    pub fn at_least(&self, needed: usize, of: &[Statement]) -> Result<Statement, ExactError> {
        // For each number whether so many are true among those seen.
        let mut seen = vec![self.never(); needed + 1];
        seen[0] = self.always();
        for next in of {
            for number in (1..=needed).rev() {
                seen[number] = seen[number].or(&seen[number - 1].and(next)?)?;
            }
        }
        Ok(seen.swap_remove(needed))
    }
}

impl Statement {
    /// Both are true.
    ///
    /// # Errors
    /// [`ExactError::TooLarge`] if the diagram grows beyond bounds.
    pub fn and(&self, other: &Self) -> Result<Self, ExactError> {
        let both = Bdd::binary_op_with_limit(MOST_NODES, &self.0, &other.0, op_function::and);
        both.map(Self).ok_or(ExactError::TooLarge)
    }

    /// One of the two is true.
    ///
    /// # Errors
    /// [`ExactError::TooLarge`] if the diagram grows beyond bounds.
    pub fn or(&self, other: &Self) -> Result<Self, ExactError> {
        let either = Bdd::binary_op_with_limit(MOST_NODES, &self.0, &other.0, op_function::or);
        either.map(Self).ok_or(ExactError::TooLarge)
    }

    /// The opposite.
    #[must_use]
    pub fn not(&self) -> Self {
        Self(self.0.not())
    }

    /// The probability that it is true, where part i is out with probability `out[i]`, independently of all others.
    ///
    /// Formula: from the ends of the diagram upward, p(node) = (1 - q) p(works) + q p(out).
    ///
    /// Source: R. E. Bryant, IEEE Transactions on Computers 35 (1986) 677-691; A. Rauzy, Reliability Engineering and System
    /// Safety 40 (1993) 203-211.
    #[must_use]
    pub fn probability(&self, out: &[f64]) -> f64 {
        let mut of_node = vec![0.0; self.0.size()];
        // Whatever a node leads to stands before it.
        for pointer in self.0.pointers() {
            of_node[pointer.to_index()] = match pointer.as_bool() {
                Some(value) => f64::from(u8::from(value)),
                None => self.expectation(pointer, &of_node, out),
            };
        }
        of_node.last().copied().unwrap_or(0.0)
    }

    fn expectation(&self, node: BddPointer, of_node: &[f64], out: &[f64]) -> f64 {
        let q = out.get(self.0.var_of(node).to_index()).copied().unwrap_or(0.0);
        let [works, fails] =
            [self.0.high_link_of(node), self.0.low_link_of(node)].map(|next| of_node[next.to_index()]);
        (1.0 - q) * works + q * fails
    }
}

/// What one part has to do with the whole being down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Importance {
    /// Probability that the whole is down while the part is out.
    pub if_out: f64,
    /// Probability that the whole is down while the part works.
    pub if_perfect: f64,
    /// Formula: P(down | part out) - P(down | part works).
    ///
    /// Source: Z. W. Birnbaum, in Multivariate Analysis II (1969) 581-592.
    pub birnbaum: f64,
    /// Formula: (P(down) - P(down | part works)) / P(down); 0 where nothing is ever down.
    ///
    /// Source: M. C. Cheok, G. W. Parry, R. R. Sherry, Reliability Engineering and System Safety 60 (1998) 213-226.
    pub fussell_vesely: f64,
    /// Risk achievement worth; none where nothing is ever down.
    ///
    /// Formula: P(down | part out) / P(down).
    pub achievement_worth: Option<f64>,
    /// Risk reduction worth; none where nothing is ever down while the part works.
    ///
    /// Formula: P(down) / P(down | part works).
    pub reduction_worth: Option<f64>,
}

impl Importance {
    /// From the probabilities of being down: as it is, with the part out, with it working.
    #[must_use]
    pub fn of(down: f64, if_out: f64, if_perfect: f64) -> Self {
        Self {
            if_out,
            if_perfect,
            birnbaum: if_out - if_perfect,
            fussell_vesely: if down > 0.0 { (down - if_perfect) / down } else { 0.0 },
            achievement_worth: (down > 0.0).then(|| if_out / down),
            reduction_worth: (if_perfect > 0.0).then(|| down / if_perfect),
        }
    }
}

/// The importance of each part for `down`, where part i is out with probability `out[i]`.
#[must_use]
pub fn importances(down: &Statement, out: &[f64]) -> Vec<Importance> {
    let as_it_is = down.probability(out);
    let mut changed = out.to_vec();
    let mut with = |part: usize, q: f64| {
        let before = std::mem::replace(&mut changed[part], q);
        let probability = down.probability(&changed);
        changed[part] = before;
        probability
    };
    (0..out.len())
        .map(|part| {
            let (if_out, if_perfect) = (with(part, 1.0), with(part, 0.0));
            Importance::of(as_it_is, if_out, if_perfect)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
    }

    /// Storm's `ImportanceTest.dft`: x1 and (x2 or x3) and (x4 or x5 or x6) failed, after one hour.
    #[test]
    fn a_static_tree_has_its_published_importances() {
        let rates =
            [core::f64::consts::LN_2, core::f64::consts::LN_2, 0.2, core::f64::consts::LN_2, 0.6, 1.0];
        let out = rates.map(|rate| -libm::expm1(-rate));
        let parts = Parts::new(6).unwrap();
        let failed: Vec<Statement> = (0..6).map(|part| parts.works(part).not()).collect();
        let groups = [&failed[..1], &failed[1..3], &failed[3..]].map(|group| parts.any(group).unwrap());
        let down = parts.all(&groups).unwrap();
        assert!((down.probability(&out) - 0.265_505_543_3).abs() < 5e-11);
        let printed = [0.531_011, 0.368_041, 0.224_763, 0.059_623_5, 0.054_320_6, 0.081_036_8];
        let digits = [1e-6, 1e-6, 1e-6, 1e-7, 1e-7, 1e-7];
        for ((found, wanted), digit) in importances(&down, &out).iter().zip(printed).zip(digits) {
            assert!((found.birnbaum - wanted).abs() <= 0.5 * digit, "{found:?} {wanted}");
        }
    }

    /// By counting all states of five parts.
    #[test]
    fn diagrams_give_what_counting_states_gives() {
        let out = [0.1, 0.2, 0.3, 0.4, 0.5];
        let parts = Parts::new(5).unwrap();
        let works: Vec<Statement> = (0..5).map(|part| parts.works(part)).collect();
        let three = parts.at_least(3, &works).unwrap();
        let pair = works[0].and(&works[4]).unwrap().not();
        let both = parts.all(&[three, pair]).unwrap();
        let mut truth = 0.0;
        for state in 0_u32..32 {
            let up = |part: usize| state >> part & 1 == 1;
            if state.count_ones() >= 3 && !(up(0) && up(4)) {
                truth += (0..5).map(|p| if up(p) { 1.0 - out[p] } else { out[p] }).product::<f64>();
            }
        }
        near(both.probability(&out), truth);
        near(parts.at_least(0, &works).unwrap().probability(&out), 1.0);
        near(parts.at_least(6, &works).unwrap().probability(&out), 0.0);
        near(parts.any(&[]).unwrap().probability(&out), 0.0);
        near(parts.works(7).probability(&out), 1.0);
    }

    #[test]
    fn measures_follow_their_formulas() {
        // Two in series with a third beside them.
        let out = [0.01, 0.02, 0.1];
        let parts = Parts::new(3).unwrap();
        let series = parts.works(0).and(&parts.works(1)).unwrap();
        let down = series.or(&parts.works(2)).unwrap().not();
        let all = importances(&down, &out);
        let q = (1.0 - 0.99 * 0.98) * 0.1;
        near(down.probability(&out), q);
        near(all[0].birnbaum, 0.98 * 0.1);
        near(all[2].birnbaum, 1.0 - 0.99 * 0.98);
        near(all[2].fussell_vesely, 1.0);
        assert_eq!(all[2].reduction_worth, None);
        near(all[0].achievement_worth.unwrap(), 0.1 / q);
        near(all[0].reduction_worth.unwrap(), q / (0.02 * 0.1));
        near(all[0].fussell_vesely, 1.0 - 1.0 / all[0].reduction_worth.unwrap());
    }
}
