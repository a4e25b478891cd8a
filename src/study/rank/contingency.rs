//! N-1 and N-2: which journeys are down when one component is out, or two. From structure alone.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{CompId, Cut, Model, UsageId, cuts};

/// Components that are out together, and who is down then.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contingency {
    /// One component or two.
    pub out: Vec<String>,
    /// Who is down.
    pub down: Vec<Hit>,
    /// How many users those have in all, journey by journey.
    pub users: f64,
}

/// A journey of a population that is down.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// The journey.
    pub journey: String,
    /// Whose.
    pub population: String,
    /// True if it comes back once its users have been moved.
    pub until_moved: bool,
}

/// Single components and pairs that take journeys down, those with the most users first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contingencies {
    /// Single components.
    pub single: Vec<Contingency>,
    /// Pairs, none of whose components does it alone.
    pub pairs: Vec<Contingency>,
    /// Journeys of populations whose pairs were too many to search.
    pub not_searched: Vec<String>,
}

/// The contingencies of all journeys; `singles` has for each component the users whom its loss alone takes down.
pub(super) fn contingencies(model: &Model) -> (Contingencies, Vec<f64>) {
    let mut found: BTreeMap<Vec<CompId>, Vec<(UsageId, bool)>> = BTreeMap::new();
    let mut not_searched = Vec::new();
    for usage in (0..model.usages.len()).map(UsageId::at) {
        let cuts = cuts(model, usage);
        if cuts.pairs.is_none() {
            let (journey, population) = model.usage_name(usage);
            not_searched.push(format!("{journey} {population}"));
        }
        for Cut { components, moving_helps } in cuts.single.into_iter().chain(cuts.pairs.unwrap_or_default())
        {
            // A way is lost by what it leads over, a state by what makes it.
            if components.iter().any(|c| model.components[c.index()].kind.is_derived()) {
                continue;
            }
            found.entry(components).or_default().push((usage, moving_helps));
        }
    }
    let mut users_by_component = vec![0.0; model.components.len()];
    let (mut single, mut pairs) = (Vec::new(), Vec::new());
    for (components, hits) in found {
        let contingency = contingency(model, &components, &hits);
        match components.as_slice() {
            [one] => {
                users_by_component[one.index()] = contingency.users;
                single.push(contingency);
            }
            _ => pairs.push(contingency),
        }
    }
    for list in [&mut single, &mut pairs] {
        list.sort_by(|a, b| b.users.total_cmp(&a.users).then_with(|| a.out.cmp(&b.out)));
    }
    (Contingencies { single, pairs, not_searched }, users_by_component)
}

fn contingency(model: &Model, components: &[CompId], hits: &[(UsageId, bool)]) -> Contingency {
    let users = |usage: UsageId| {
        let population = model.usages[usage.index()].population;
        model.populations[population.index()].users
    };
    let hit = |(usage, until_moved): &(UsageId, bool)| {
        let (journey, population) = model.usage_name(*usage);
        Hit { journey: journey.to_owned(), population: population.to_owned(), until_moved: *until_moved }
    };
    Contingency {
        out: components.iter().map(|c| model.components[c.index()].name.clone()).collect(),
        down: hits.iter().map(hit).collect(),
        users: hits.iter().map(|(usage, _)| users(*usage)).sum(),
    }
}
