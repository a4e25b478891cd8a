//! Ways of users through the network to the units that serve them.

use crate::model::{Builder, CompId, Landing, PlaceId};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::names::Location;
use crate::scenario::lower::users::Way;

impl Way<'_, '_> {
    /// For each unit of a route the ways to it; `None` if the network is perfect.
    pub(in crate::scenario::lower) fn landings(
        &self,
        units: &[CompId],
        moves: bool,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> Option<Vec<Vec<Landing>>> {
        self.names.joins.as_ref()?;
        let here = self.place()?;
        let mut landings = Vec::new();
        for (index, unit) in units.iter().enumerate() {
            let ends = self.ends(*unit);
            let is_used = index == 0 || moves;
            let network = builder.network();
            if is_used && ends.iter().all(|(there, _)| network.least_latency(here, *there).is_none()) {
                let unit = self.names.of(*unit);
                let message = format!("users \"{}\" have no way through the network to `{unit}`", self.name);
                let label = "expected cables and links between the sites where they and it join";
                found.error(self.population.span, message, label);
            }
            let landing = |(there, members)| Landing { path: builder.path(here, there), members };
            landings.push(ends.into_iter().map(landing).collect());
        }
        Some(landings)
    }

    /// Nearest first by latency while everything is up; those without a way come last.
    pub(in crate::scenario::lower) fn sort_by_latency(&self, regions: &mut [&str], builder: &Builder) {
        let latency = |region: &str| {
            let there = self.names.joins.as_ref()?.region(region)?;
            builder.network().least_latency(self.place()?, there)
        };
        regions.sort_by_cached_key(|region| (latency(region).unwrap_or(u64::MAX), (*region).to_owned()));
    }

    fn place(&self) -> Option<PlaceId> {
        self.names.joins.as_ref()?.users(self.name)
    }

    /// Where ways to a unit end, and its members there.
    fn ends(&self, unit: CompId) -> Vec<(PlaceId, Vec<CompId>)> {
        let Some(joins) = &self.names.joins else { return Vec::new() };
        match self.names.location(unit) {
            Location::Nowhere => Vec::new(),
            Location::Region(region) => {
                joins.region(region).map(|there| (there, Vec::new())).into_iter().collect()
            }
            Location::Outside(service) => {
                joins.service(service).map(|there| (there, Vec::new())).into_iter().collect()
            }
            Location::Regions(list) => {
                let end =
                    |(region, members): &(&str, Vec<CompId>)| Some((joins.region(region)?, members.clone()));
                list.iter().filter_map(end).collect()
            }
        }
    }
}
