//! Sites, cables, links and corridors: their components, and the edges between sites.

mod course;
mod joins;
mod landings;
mod reach;
mod traffic;
mod warnings;

use std::collections::BTreeMap;

pub(super) use joins::{Joins, join, report};
pub(super) use traffic::add_traffic;
pub(super) use warnings::warn;

use super::components::Components;
use super::laws::law;
use super::names::{Names, Place};
use crate::law::Law;
use crate::model::{Builder, CompId, EdgeId, Kind, SiteId, UnknownPlace};
use crate::scenario::chart::{Chart, Corridor, places};
use crate::scenario::decode::{Spanned, unknown_name};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::{ComponentSpec, EdgeSpec, FaultsSpec, ScenarioSpec, SiteSpec};
use crate::scenario::unknowns::Figure;
use course::course;

/// Adds the components of the network, its sites and its edges.
///
/// Without cables and links there is no network: everything reaches everything, and sites are components like others.
pub(super) fn add_all<'s>(
    spec: &'s ScenarioSpec,
    components: &mut Components<'s>,
    names: &mut Names<'s>,
    builder: &mut Builder,
    found: &mut Diagnostics,
) -> Chart {
    check_names(spec, found);
    let mut sites = Vec::new();
    for (name, site) in &spec.sites {
        sites.push(components.add(
            name.value.clone(),
            Kind::Site,
            &site.site,
            Place::default(),
            None,
            names,
            builder,
        ));
    }
    if !spec.cables.is_empty() || !spec.links.is_empty() {
        sites.into_iter().for_each(|site| {
            builder.site(site);
        });
    }
    let corridors = spec.corridors.iter().map(|(name, corridor)| Corridor {
        name: name.value.clone(),
        permit: corridor.permit.as_ref().map(|permit| law(permit, corridor.span, found)),
        edges: Vec::new(),
    });
    let chart = Chart { corridors: corridors.collect(), places: places(spec), ..Default::default() };
    let mut edges = Edges { spec, components, names, builder, chart };
    edges.add_cables(found);
    edges.add_links(found);
    edges.chart
}

/// Edges under way.
struct Edges<'e, 's> {
    spec: &'s ScenarioSpec,
    components: &'e mut Components<'s>,
    names: &'e mut Names<'s>,
    builder: &'e mut Builder,
    chart: Chart,
}

impl<'s> Edges<'_, 's> {
    fn add_cables(&mut self, found: &mut Diagnostics) {
        for (cable, spec) in &self.spec.cables {
            for segment in &spec.segments {
                let edge = &segment.edge;
                let name = format!("{}/{}-{}", cable.value, edge.from.value, edge.to.value);
                if self.names.path(&name).is_some() {
                    let message = format!("a second segment is called `{name}`");
                    let label = "expected one segment between two sites; another cable may have a second one";
                    found.error(edge.span, message, label);
                    continue;
                }
                let faults = edge.faults.as_ref().or(spec.faults.as_ref());
                let capacity = edge.capacity.or(spec.capacity);
                self.add(name, Kind::Segment, &segment.segment, edge, capacity, faults, found);
            }
        }
    }

    fn add_links(&mut self, found: &mut Diagnostics) {
        for (name, link) in &self.spec.links {
            let edge = &link.edge;
            let faults = edge.faults.as_ref();
            self.add(name.value.clone(), Kind::Link, &link.link, edge, edge.capacity, faults, found);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what an edge is made of")]
    fn add(
        &mut self,
        name: String,
        kind: Kind,
        component: &'s ComponentSpec,
        edge: &'s EdgeSpec,
        capacity: Option<Figure>,
        faults: Option<&'s FaultsSpec>,
        found: &mut Diagnostics,
    ) {
        let place = Place::default();
        let id = self.components.add(name, kind, component, place, None, self.names, self.builder);
        let corridors = self.corridors(edge, found);
        let Some((from, to)) = self.ends(edge, found) else { return };
        let Some(course) = course(edge, (from.1, to.1), faults.is_some(), found) else { return };
        if let (Some(faults), Some(km)) = (faults, course.km) {
            self.components.fails_with_length(faults, km);
        }
        let capacity = capacity.unwrap_or(Figure::known(f64::INFINITY));
        let made = self.builder.edge(id, (from.0, to.0), capacity.value, course.latency_nanos);
        let unknown = capacity.unknown;
        unknown.into_iter().for_each(|n| self.builder.unknown_at(UnknownPlace::Bandwidth(made), n));
        if let Some((number, times)) = course.unknown_latency {
            self.builder.unknown_times(UnknownPlace::Latency(made), number, (times, 1.0));
        }
        self.chart.lengths.push(course.km.map(|km| km.value));
        if let (Some(a), Some(b)) = (from.1.at, to.1.at) {
            self.names.add_arc(id, a, b);
        }
        self.lies_in(id, made, &corridors);
    }

    /// The sites that an edge joins.
    #[allow(clippy::type_complexity, reason = "two ends alike")]
    fn ends(
        &self,
        edge: &EdgeSpec,
        found: &mut Diagnostics,
    ) -> Option<((SiteId, &'s SiteSpec), (SiteId, &'s SiteSpec))> {
        let from = site_named(&edge.from, self.spec, found);
        let to = site_named(&edge.to, self.spec, found);
        let (from, to) = (from?, to?);
        if from.0 == to.0 {
            let message = format!("this leads from `{}` to itself", edge.from.value);
            found.error(edge.to.span, message, "expected another site");
            return None;
        }
        Some((from, to))
    }

    /// The corridors of an edge, by place among all.
    fn corridors(&self, edge: &EdgeSpec, found: &mut Diagnostics) -> Vec<usize> {
        let known: Vec<&str> = self.spec.corridors.iter().map(|(n, _)| n.value.as_str()).collect();
        let mut corridors = Vec::new();
        for name in &edge.on {
            match known.iter().position(|k| *k == name.value) {
                Some(place) if corridors.contains(&place) => {
                    let message = format!("`{}` stands twice", name.value);
                    found.error(name.span, message, "expected each corridor once");
                }
                Some(place) => corridors.push(place),
                None => {
                    unknown_name(&name.value, name.span, "corridor", &known, found);
                }
            }
        }
        corridors
    }

    fn lies_in(&mut self, component: CompId, edge: EdgeId, corridors: &[usize]) {
        for (name, corridor) in corridors.iter().filter_map(|c| Some((&self.spec.corridors.get(*c)?.0, *c))) {
            let Some(corridor) = self.chart.corridors.get_mut(corridor) else { continue };
            corridor.edges.push(edge);
            self.names.add_to_corridor(&name.value, component);
            let permit = (corridor.name.clone(), corridor.permit.clone().unwrap_or(Law::ZERO));
            self.builder.component_mut(component).permits.push(permit);
        }
    }
}

/// The site of that name; an error if there is none.
fn site_named<'s>(
    name: &Spanned<String>,
    spec: &'s ScenarioSpec,
    found: &mut Diagnostics,
) -> Option<(SiteId, &'s SiteSpec)> {
    let place = spec.sites.iter().position(|(site, _)| site.value == name.value);
    if place.is_none() {
        let known: Vec<&str> = spec.sites.iter().map(|(site, _)| site.value.as_str()).collect();
        unknown_name(&name.value, name.span, "site", &known, found);
    }
    place.and_then(|place| Some((SiteId::at(place), &spec.sites.get(place)?.1)))
}

/// Everything that a target may name by one word has a name of its own.
fn check_names(spec: &ScenarioSpec, found: &mut Diagnostics) {
    let regions = spec.regions.iter().map(|(name, _)| ("a region", name));
    let services = spec.services.iter().map(|(name, _)| ("a service", name));
    let sites = spec.sites.iter().map(|(name, _)| ("a site", name));
    let corridors = spec.corridors.iter().map(|(name, _)| ("a corridor", name));
    let cables = spec.cables.iter().map(|(name, _)| ("a cable", name));
    let links = spec.links.iter().map(|(name, _)| ("a link", name));
    let mut taken: BTreeMap<&str, (&str, &Spanned<String>)> =
        regions.chain(services).map(|(what, name)| (name.value.as_str(), (what, name))).collect();
    for (what, name) in sites.chain(corridors).chain(cables).chain(links) {
        if let Some((other, first)) = taken.get(name.value.as_str()) {
            let message = format!("`{}` is {what} and {other}", name.value);
            found
                .error(name.span, message, "expected a name that is not taken")
                .also(first.span, "the first one");
        }
        taken.entry(&name.value).or_insert((what, name));
    }
}
