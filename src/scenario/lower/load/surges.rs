//! Surges, and the calls that they move.

use super::signals::position;
use crate::model::{
    Builder, CallTreeDraft, Change, JourneyId, PopulationId, SurgeDraft, SurgeId, UnknownPlace,
};
use crate::scenario::decode::Spanned;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::hazards::occurrence;
use crate::scenario::lower::laws::law;
use crate::scenario::lower::names::Names;
use crate::scenario::lower::rhythms::Rhythms;
use crate::scenario::lower::users::{Way, check_service};
use crate::scenario::spec::{ChangeSpec, Named, ScenarioSpec, SurgeSpec};

/// Adds all surges, in their order.
pub(in crate::scenario::lower) fn add_surges(
    spec: &ScenarioSpec,
    names: &Names<'_>,
    rhythms: &mut Rhythms,
    builder: &mut Builder,
    found: &mut Diagnostics,
) {
    for (name, surge) in &spec.surges {
        refuse_name_of(name, &spec.hazards, "hazard", found);
        let hazard = occurrence(&name.value, &surge.occurrence, spec, names, rhythms, builder, found);
        let journeys = all(surge.journeys.as_deref(), "journey", &spec.journeys, found);
        let populations = all(surge.users.as_deref(), "population", &spec.users, found);
        let change = change(surge, names, found);
        if let Some(hazard) = hazard {
            let surge_id = builder.surge(SurgeDraft {
                hazard,
                change,
                journeys: journeys.into_iter().map(JourneyId::at).collect(),
                populations: populations.into_iter().map(PopulationId::at).collect(),
                ramp: law(&surge.ramp, surge.span, found),
                lasts: law(&surge.lasts, surge.span, found),
                decay: law(&surge.decay, surge.span, found),
            });
            let begets = surge.occurrence.clusters.as_ref().and_then(|(offspring, _)| offspring.unknown);
            begets.into_iter().for_each(|n| builder.unknown_at(UnknownPlace::SurgeOffspring(surge_id), n));
            let unknown = surge.occurrence.probability.unknown;
            unknown.into_iter().for_each(|n| builder.unknown_at(UnknownPlace::SurgeHappens(surge_id), n));
        }
    }
}

/// Random streams go by names, so two events of one name would be drawn alike.
pub(super) fn refuse_name_of<T>(
    name: &Spanned<String>,
    others: &Named<T>,
    what: &str,
    found: &mut Diagnostics,
) {
    if let Some((other, _)) = others.iter().find(|(other, _)| other.value == name.value) {
        let message = format!("a {what} is called `{}` as well", name.value);
        found
            .error(name.span, message, "expected a name that is not taken")
            .also(other.span, "it stands here");
    }
}

/// The places of some names; none for all.
fn all<T>(
    wanted: Option<&[Spanned<String>]>,
    what: &str,
    map: &Named<T>,
    found: &mut Diagnostics,
) -> Vec<usize> {
    wanted.unwrap_or_default().iter().filter_map(|name| position(name, what, map, found)).collect()
}

fn change(surge: &SurgeSpec, names: &Names<'_>, found: &mut Diagnostics) -> Change {
    match &surge.change {
        ChangeSpec::Factor(size) => Change::Factor(law(size, surge.span, found)),
        ChangeSpec::Adds(size) => Change::Adds(law(size, surge.span, found)),
        ChangeSpec::Moves(moves) => {
            [&moves.from, &moves.to].into_iter().for_each(|name| check_service(name, names, found));
            Change::Moves(law(&moves.share, surge.span, found))
        }
    }
}

/// True if a surge concerns a journey of a population.
pub(super) fn concerns(surge: &SurgeSpec, journey: &str, population: &str) -> bool {
    let is_among = |names: &Option<Vec<Spanned<String>>>, wanted: &str| {
        names.as_ref().is_none_or(|names| names.iter().any(|name| name.value == wanted))
    };
    is_among(&surge.journeys, journey) && is_among(&surge.users, population)
}

impl Way<'_, '_> {
    /// A call to a service, and to those to which surges move a share of it.
    pub(in crate::scenario::lower) fn moved(
        &mut self,
        name: &Spanned<String>,
        journey: &str,
        stays: CallTreeDraft,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> Option<CallTreeDraft> {
        let mut tree = stays;
        for (place, (_, surge)) in self.spec.surges.iter().enumerate() {
            let ChangeSpec::Moves(moves) = &surge.change else { continue };
            if moves.from.value != name.value || !concerns(surge, journey, self.name) {
                continue;
            }
            let to = self.names.service(&moves.to.value)?;
            let routes = self.routes_to(to, &moves.to, builder, found)?;
            tree = CallTreeDraft::Moved {
                surge: SurgeId::at(place),
                stays: Box::new(tree),
                moves: Box::new(CallTreeDraft::Service(routes)),
            };
        }
        Some(tree)
    }
}
