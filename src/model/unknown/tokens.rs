//! Tokens of retries that all users of a journey have together, where nobody knows how many these are.

use crate::model::ids::JourneyId;
use crate::model::{Model, Usage};

/// Most tokens of all usages of a journey: shared out by the requests that each makes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharedTokens {
    /// The journey.
    pub journey: JourneyId,
    /// All of them, or what stands in for that.
    pub most: f64,
    /// The number of the unknown figure that it is.
    pub figure: Option<usize>,
}

impl SharedTokens {
    /// Shares them out, once all requests are known.
    ///
    /// Formula: most x requests of the usage / requests of all usages of the journey.
    pub(super) fn share_out(self, drawn: &[f64], copy: &mut Model) {
        let known = self.figure.and_then(|figure| drawn.get(figure));
        let most = known.copied().unwrap_or(self.most);
        let of_journey = |usage: &&Usage| usage.journey == self.journey;
        let all: f64 = copy.usages.iter().filter(of_journey).map(|usage| usage.requests_per_second).sum();
        for (usage, load) in copy.usages.iter().zip(&mut copy.load.usages) {
            if usage.journey != self.journey {
                continue;
            }
            let part = if all > 0.0 { most * (usage.requests_per_second / all) } else { most };
            load.budget.iter_mut().for_each(|budget| budget.most = part);
        }
    }
}
