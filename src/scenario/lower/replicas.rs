//! Copies of data between regions, and how far behind they may be where users are moved to.

use super::laws::law;
use super::names::Names;
use crate::model::{Builder, Holder, Kind, MaxLag, Replica, ReplicaId};
use crate::scenario::decode::{Spanned, unknown_name};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{RegionSpec, ReplicatesSpec, ScenarioSpec};
use crate::scenario::unknowns::Figure;
use crate::time::SimSpan;

/// The copies of all regions, by the regions that they lead from and to.
#[derive(Debug, Default)]
pub(super) struct Replicas<'s> {
    made: Vec<(&'s str, &'s str)>,
}

impl<'s> Replicas<'s> {
    /// Adds all copies.
    pub(super) fn add_all(
        spec: &'s ScenarioSpec,
        names: &Names<'s>,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) -> Self {
        let mut replicas = Self::default();
        for (name, region) in &spec.regions {
            for copy in &region.replicates {
                replicas.add(name, region, copy, names, builder, found);
            }
        }
        replicas
    }

    fn add(
        &mut self,
        from: &'s Spanned<String>,
        region: &'s RegionSpec,
        copy: &'s ReplicatesSpec,
        names: &Names<'s>,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) {
        let to = &copy.to;
        let regions = &names.spec.regions;
        let Some((target, target_region)) = regions.iter().find(|(name, _)| name.value == to.value) else {
            let known: Vec<&str> = regions.iter().map(|(name, _)| name.value.as_str()).collect();
            unknown_name(&to.value, to.span, "region", &known, found);
            return;
        };
        if to.value == from.value {
            let message = format!("`{}` would be copied to itself", from.value);
            found.error(to.span, message, "expected another region");
            return;
        }
        if self.find(&from.value, &to.value).is_some() {
            let message = format!("`{}` is copied to `{}` twice", from.value, to.value);
            found.error(to.span, message, "expected each region once");
            return;
        }
        let holders = (holder(names, from, region), holder(names, target, target_region));
        let (Some(source), Some(keeper)) = holders else { return };
        let name = format!("{} to {}", from.value, to.value);
        let mut replica = Replica::new(name, source, keeper, law(&copy.lag, to.span, found));
        replica.catch_up = law(&copy.catch_up, to.span, found);
        if let Some(joins) = &names.joins {
            for (name, region) in [(from, region), (target, target_region)] {
                if joins.region(&name.value).is_none() && region.attach.is_empty() {
                    let message = format!("region `{}` joins the network nowhere", name.value);
                    super::network::report(name, message, found);
                }
            }
            let ends = joins.region(&from.value).zip(joins.region(&to.value));
            replica.way = ends.map(|(here, there)| builder.path(here, there));
        }
        self.made.push((&from.value, &target.value));
        builder.replica(replica);
    }

    fn find(&self, from: &str, to: &str) -> Option<ReplicaId> {
        self.made.iter().position(|made| *made == (from, to)).map(ReplicaId::at)
    }

    /// How far behind home's data may be in each of the regions of a route; an error if home copies to none of them.
    pub(super) fn max_lag(
        &self,
        most: &Spanned<Figure>,
        regions: &[&str],
        found: &mut Diagnostics,
    ) -> Option<MaxLag> {
        let home = regions.first()?;
        let replicas: Vec<Option<ReplicaId>> = regions.iter().map(|to| self.find(home, to)).collect();
        if replicas.iter().flatten().next().is_none() {
            let message = format!("`{home}` copies its data to none of the regions that users are moved to");
            let label = format!("expected `replicates` in `{home}`, or no `max_lag`");
            found.error(most.span, message, label);
            return None;
        }
        Some(MaxLag { most: SimSpan::from_micros_f64(most.value.value), replicas })
    }
}

/// A region and its zones.
fn holder(names: &Names<'_>, name: &Spanned<String>, region: &RegionSpec) -> Option<Holder> {
    let zone = |zone: &Spanned<String>| names.path(&format!("{}/{}", name.value, zone.value));
    let zones = region.zones.iter().filter_map(|(name, _)| zone(name)).collect();
    let id = names.path(&name.value).filter(|id| names.kind(*id) == Kind::Region)?;
    Some(Holder { region: id, zones })
}
