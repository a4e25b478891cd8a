//! Systems that leave nothing to chance: every replication of them is the same.

use super::hazard::{Hazard, Occurs, Strike};
use super::unknown::for_each_law;
use super::{Mode, Model};
use crate::law::Law;

impl Model {
    /// True if nothing in it is drawn, so that all of its replications are the same.
    ///
    /// It is judged by what is written: a draw that can change nothing counts as chance, too.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        let mut laws_are = true;
        for_each_law(&mut self.clone(), &mut |law| laws_are &= is_one_value(law));
        // A clock that has run for ever stands anywhere.
        let begins_anywhere = |mode: &Mode| self.aged && mode.every != Law::NEVER;
        let standbys = self.components.iter().filter_map(|component| component.standby.as_ref());
        let failovers = self.routes.iter().filter_map(|route| route.failover.as_ref());
        let responses = self.load.responses.iter();
        let mut chances = (standbys.map(|standby| standby.fails_to_start))
            .chain(failovers.map(|failover| failover.works))
            .chain(responses.map(|response| response.works))
            .chain(self.strikes.iter().map(|strike: &Strike| strike.hits));
        laws_are
            && self.unknowns.figures.is_empty()
            && !self.modes.iter().any(begins_anywhere)
            && chances.all(is_sure)
            && self.hazards.iter().all(occurs_surely)
    }
}

fn is_one_value(law: &Law) -> bool {
    matches!(law, Law::Fixed(_) | Law::Never)
}

/// True for what always or never happens.
fn is_sure(probability: f64) -> bool {
    probability <= 0.0 || probability >= 1.0
}

fn occurs_surely(hazard: &Hazard) -> bool {
    let at_known_times = match &hazard.occurs {
        Occurs::Between(from, to) => from == to,
        Occurs::At(_) | Occurs::Every(_) | Occurs::When(_) => true,
    };
    at_known_times
        && is_sure(hazard.probability)
        && hazard.clusters.is_none()
        && hazard.one_of.as_ref().is_none_or(|weights| weights.len() < 2)
}
