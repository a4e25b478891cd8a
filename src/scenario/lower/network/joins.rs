//! Who joins the network where.

use std::collections::{BTreeMap, BTreeSet};

use super::course::nanos_between;
use super::site_named;
use crate::model::{Builder, Kind, PlaceId, ServiceId, SiteId};
use crate::scenario::decode::Spanned;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::names::Names;
use crate::scenario::spec::{CallTreeSpec, ScenarioSpec, Scope};

/// The places of all who join the network.
pub(in crate::scenario::lower) struct Joins<'s> {
    regions: BTreeMap<&'s str, PlaceId>,
    users: BTreeMap<&'s str, PlaceId>,
    services: BTreeMap<ServiceId, PlaceId>,
}

impl Joins<'_> {
    pub(in crate::scenario::lower) fn region(&self, name: &str) -> Option<PlaceId> {
        self.regions.get(name).copied()
    }

    pub(in crate::scenario::lower) fn users(&self, name: &str) -> Option<PlaceId> {
        self.users.get(name).copied()
    }

    pub(in crate::scenario::lower) fn service(&self, service: ServiceId) -> Option<PlaceId> {
        self.services.get(&service).copied()
    }
}

/// Lets everybody join who says where; `None` if the network is perfect.
pub(in crate::scenario::lower) fn join<'s>(
    spec: &'s ScenarioSpec,
    names: &Names<'s>,
    builder: &mut Builder,
    found: &mut Diagnostics,
) -> Option<Joins<'s>> {
    let is_perfect = builder.network().is_perfect();
    let mut joins = Joins { regions: BTreeMap::new(), users: BTreeMap::new(), services: BTreeMap::new() };
    let mut missing = Vec::new();
    for (name, region) in &spec.regions {
        let title = format!("region {}", name.value);
        if let Some(place) = place(title, region.at, &region.attach, spec, builder, found) {
            joins.regions.insert(&name.value, place);
        } else if !is_perfect && region.attach.is_empty() && names.has_members(&name.value) {
            missing.push((name, format!("region `{}` joins the network nowhere", name.value)));
        }
    }
    for (name, users) in &spec.users {
        let title = format!("users {}", name.value);
        if let Some(place) = place(title, users.at, &users.attach, spec, builder, found) {
            joins.users.insert(&name.value, place);
        } else if users.attach.is_empty() {
            missing.push((name, format!("users \"{}\" join the network nowhere", name.value)));
        }
    }
    let called = called(spec);
    for (index, (name, service)) in spec.services.iter().enumerate() {
        let title = format!("service {}", name.value);
        if let Some(place) = place(title, None, &service.attach, spec, builder, found) {
            joins.services.insert(ServiceId::at(index), place);
        } else if service.scope == Scope::Outside
            && service.attach.is_empty()
            && called.contains(name.value.as_str())
        {
            missing.push((name, nowhere(&name.value)));
        }
    }
    if is_perfect {
        return None;
    }
    missing.into_iter().for_each(|(name, message)| report(name, message, found));
    Some(joins)
}

/// Says that somebody who is needed or called cannot be reached.
pub(super) fn nowhere(service: &str) -> String {
    format!("the service `{service}` joins the network nowhere")
}

pub(super) fn report(name: &Spanned<String>, message: String, found: &mut Diagnostics) {
    found
        .error(name.span, message, "expected `attach: [\"site\", ...]` in it")
        .help("where there are cables or links, whoever calls or serves must join them");
}

/// A place at the sites that are named; `None` if there are none, or a mistake among them, or no network.
fn place(
    title: String,
    at: Option<(f64, f64)>,
    attach: &[Spanned<String>],
    spec: &ScenarioSpec,
    builder: &mut Builder,
    found: &mut Diagnostics,
) -> Option<PlaceId> {
    let mut joins: Vec<(SiteId, u64)> = Vec::new();
    for name in attach {
        let Some((id, site)) = site_named(name, spec, found) else { continue };
        if joins.iter().any(|(other, _)| *other == id) {
            found.error(name.span, format!("`{}` stands twice", name.value), "expected each site once");
            continue;
        }
        joins.push((id, at.zip(site.at).map_or(0, |(here, there)| nanos_between(here, there))));
    }
    let complete = !joins.is_empty() && joins.len() == attach.len();
    (complete && !builder.network().is_perfect()).then(|| builder.place(title, joins))
}

/// The services that journeys call.
fn called(spec: &ScenarioSpec) -> BTreeSet<&str> {
    let mut called = BTreeSet::new();
    let calls = spec.journeys.iter().flat_map(|(_, journey)| &journey.calls);
    calls.for_each(|call| collect(&call.to, &mut called));
    called
}

fn collect<'s>(tree: &'s CallTreeSpec, called: &mut BTreeSet<&'s str>) {
    match tree {
        CallTreeSpec::Service(name) => {
            called.insert(&name.value);
        }
        CallTreeSpec::FirstOf { of, .. } => of.iter().for_each(|t| collect(t, called)),
        CallTreeSpec::Mix(parts) => parts.iter().for_each(|(_, t)| collect(t, called)),
    }
}

impl Names<'_> {
    /// True if a service runs in that region.
    fn has_members(&self, region: &str) -> bool {
        self.all_of(Kind::Member).any(|path| path.split_once('/').is_some_and(|(first, _)| first == region))
    }
}
