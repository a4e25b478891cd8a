//! Names of the scenario and what they stand for, seen from a place.

use std::collections::BTreeMap;

use globset::GlobBuilder;

use super::network::Joins;
use crate::model::{CompId, CrewId, Kind, ServiceId};
use crate::scenario::decode::{Spanned, unknown_name};
use crate::scenario::diagnostics::{Diagnostics, excerpt, suggest};
use crate::scenario::spec::{ScenarioSpec, Scope};

/// A place from which names are looked up: a region, perhaps a zone of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place<'s> {
    pub(super) region: Option<&'s str>,
    pub(super) zone: Option<&'s str>,
}

impl<'s> Place<'s> {
    pub(super) fn region(region: &'s str) -> Self {
        Self { region: Some(region), zone: None }
    }

    pub(super) fn zone(region: &'s str, zone: &'s str) -> Self {
        Self { region: Some(region), zone: Some(zone) }
    }
}

/// All names.
pub(super) struct Names<'s> {
    pub(super) spec: &'s ScenarioSpec,
    paths: Vec<(String, Kind)>,
    /// The first component of each path.
    by_path: BTreeMap<String, CompId>,
    services: BTreeMap<&'s str, ServiceId>,
    /// The members of each `Global` service, by region.
    members: BTreeMap<ServiceId, Vec<(&'s str, Vec<CompId>)>>,
    /// What lies in each corridor.
    corridors: BTreeMap<&'s str, Vec<CompId>>,
    /// Segments and links with the places of their ends.
    pub(super) arcs: Vec<Arc>,
    /// Who joins the network where; `None` if it is perfect.
    pub(super) joins: Option<Joins<'s>>,
}

/// A segment or link between two places.
pub(super) struct Arc {
    pub(super) component: CompId,
    pub(super) ends: ((f64, f64), (f64, f64)),
}

/// Where a component is, as far as ways to it matter.
pub(super) enum Location<'n> {
    /// No way leads there, and none is needed.
    Nowhere,
    /// In a region.
    Region(&'n str),
    /// In several, with its members there.
    Regions(&'n [(&'n str, Vec<CompId>)]),
    /// At a provider outside.
    Outside(ServiceId),
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A component whose level is passed on.
    Component(CompId),
    /// A unit of a service, which is up or not.
    Unit(CompId),
}

impl<'s> Names<'s> {
    pub(super) fn new(spec: &'s ScenarioSpec) -> Self {
        let services =
            spec.services.iter().enumerate().map(|(i, (n, _))| (n.value.as_str(), ServiceId::at(i)));
        Self {
            spec,
            paths: Vec::new(),
            by_path: BTreeMap::new(),
            services: services.collect(),
            members: BTreeMap::new(),
            corridors: spec.corridors.iter().map(|(name, _)| (name.value.as_str(), Vec::new())).collect(),
            arcs: Vec::new(),
            joins: None,
        }
    }

    /// Notes where a service has its members.
    pub(super) fn spreads(&mut self, service: ServiceId, members: Vec<(&'s str, Vec<CompId>)>) {
        self.members.insert(service, members);
    }

    /// Notes that a segment or link lies in a corridor.
    pub(super) fn add_to_corridor(&mut self, corridor: &str, component: CompId) {
        if let Some(list) = self.corridors.get_mut(corridor) {
            list.push(component);
        }
    }

    /// Notes where a segment or link is.
    pub(super) fn add_arc(&mut self, component: CompId, from: (f64, f64), to: (f64, f64)) {
        self.arcs.push(Arc { component, ends: (from, to) });
    }

    /// The paths of all components of a kind.
    pub(super) fn all_of(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.paths.iter().filter(move |(_, k)| *k == kind).map(|(path, _)| path.as_str())
    }

    /// Where a component is.
    pub(super) fn location(&self, component: CompId) -> Location<'_> {
        let path = self.of(component);
        match self.kind(component) {
            Kind::Region | Kind::Zone | Kind::Part | Kind::Member => Location::Region(first_step(path)),
            Kind::Site | Kind::Segment | Kind::Link | Kind::Path | Kind::Signal | Kind::Response => {
                Location::Nowhere
            }
            Kind::Unit => match (path.split_once('@'), self.service(path)) {
                (Some((_, place)), _) => Location::Region(first_step(place)),
                (None, Some(service)) => match self.members.get(&service) {
                    Some(members) => Location::Regions(members),
                    None => Location::Outside(service),
                },
                (None, None) => Location::Nowhere,
            },
        }
    }

    /// Notes the path of the next component.
    pub(super) fn add(&mut self, path: String, kind: Kind) {
        self.by_path.entry(path.clone()).or_insert(CompId::at(self.paths.len()));
        self.paths.push((path, kind));
    }

    /// The path of a component.
    pub(super) fn of(&self, component: CompId) -> &str {
        self.paths.get(component.index()).map_or("", |(path, _)| path)
    }

    pub(super) fn kind(&self, component: CompId) -> Kind {
        self.paths[component.index()].1
    }

    pub(super) fn path(&self, path: &str) -> Option<CompId> {
        self.by_path.get(path).copied()
    }

    pub(super) fn crew(&self, name: &str) -> Option<CrewId> {
        self.spec.crews.iter().position(|(n, _)| n.value == name).map(CrewId::at)
    }

    /// The crew of that name; an error if there is none.
    pub(super) fn crew_or_error(&self, name: &Spanned<String>, found: &mut Diagnostics) -> Option<CrewId> {
        let crew = self.crew(&name.value);
        if crew.is_none() {
            let known: Vec<&str> = self.spec.crews.iter().map(|(n, _)| n.value.as_str()).collect();
            unknown_name(&name.value, name.span, "crew", &known, found);
        }
        crew
    }

    pub(super) fn service(&self, name: &str) -> Option<ServiceId> {
        self.services.get(name).copied()
    }

    pub(super) fn scope(&self, service: ServiceId) -> Scope {
        self.spec.services[service.index()].1.scope
    }

    /// The unit of a service that serves a place.
    pub(super) fn unit(&self, service: ServiceId, place: Place<'_>) -> Option<CompId> {
        let name = &self.spec.services[service.index()].0.value;
        match (self.scope(service), place.region, place.zone) {
            (Scope::Global | Scope::Outside, ..) => self.path(name),
            (Scope::Regional, Some(region), _) => self.path(&format!("{name}@{region}")),
            (Scope::Zonal, Some(region), Some(zone)) => self.path(&format!("{name}@{region}/{zone}")),
            _ => None,
        }
    }

    /// What a name means at a place; records an error if nothing or too much.
    ///
    /// Names are looked for among the parts of the own zone, the zones of the own region, services, regions
    /// and full paths; two meanings are an error.
    pub(super) fn resolve(
        &self,
        name: &Spanned<String>,
        from: Option<&Spanned<String>>,
        place: Place<'_>,
        found: &mut Diagnostics,
    ) -> Option<Meaning> {
        let service = self.service(&name.value);
        if let Some(from) = from {
            return self.resolve_from(name, service, from, found);
        }
        let meanings = self.meanings(&name.value, service, place);
        match (meanings.as_slice(), service) {
            ([(_, only)], _) => Some(*only),
            ([], Some(service)) => {
                self.no_unit_here(name, service, place, found);
                None
            }
            ([], None) => {
                self.unknown(name, place, found);
                None
            }
            (several, _) => {
                let kinds: Vec<&str> = several.iter().map(|(what, _)| *what).collect();
                found
                    .error(
                        name.span,
                        format!("`{}` is ambiguous", excerpt(&name.value)),
                        format!("means {}", kinds.join(" and ")),
                    )
                    .help("write the full path, or give one of them another name");
                None
            }
        }
    }

    fn meanings(
        &self,
        name: &str,
        service: Option<ServiceId>,
        place: Place<'_>,
    ) -> Vec<(&'static str, Meaning)> {
        let mut meanings = Vec::new();
        let mut add = |what, component: Option<CompId>| {
            if let Some(c) = component {
                let unit = self.kind(c) == Kind::Unit;
                meanings.push((what, if unit { Meaning::Unit(c) } else { Meaning::Component(c) }));
            }
        };
        if let (Some(region), Some(zone)) = (place.region, place.zone) {
            let is_part = |c: &CompId| self.kind(*c) == Kind::Part;
            add("a part of its zone", self.path(&format!("{region}/{zone}/{name}")).filter(is_part));
        }
        if let Some(region) = place.region {
            add("a zone of its region", self.path(&format!("{region}/{name}")));
        }
        add("a service", service.and_then(|s| self.unit(s, place)));
        // A name with its place is a path; a region's name is its own path.
        let is_other = |c: &CompId| self.kind(*c) != Kind::Unit || service.is_none();
        add("a component by its path", self.path(name).filter(is_other));
        meanings
    }

    fn resolve_from(
        &self,
        name: &Spanned<String>,
        service: Option<ServiceId>,
        from: &Spanned<String>,
        found: &mut Diagnostics,
    ) -> Option<Meaning> {
        let Some(service) = service else {
            found.error(
                from.span,
                format!("`{}` is no service", excerpt(&name.value)),
                "`from` names the place of a service's unit",
            );
            return None;
        };
        let (region, zone) =
            from.value.split_once('/').map_or((from.value.as_str(), None), |(r, z)| (r, Some(z)));
        let place = Place { region: Some(region), zone };
        let unit = self.unit(service, place);
        if unit.is_none() {
            let known = self.places_of(service);
            unknown_name(&from.value, from.span, &format!("unit of `{}` at", name.value), &known, found);
        }
        unit.map(Meaning::Unit)
    }

    /// Where a service has units: the parts of their names behind "@".
    fn places_of(&self, service: ServiceId) -> Vec<&str> {
        let prefix = format!("{}@", self.spec.services[service.index()].0.value);
        self.paths.iter().filter_map(|(path, _)| path.strip_prefix(&prefix)).collect()
    }

    fn no_unit_here(
        &self,
        name: &Spanned<String>,
        service: ServiceId,
        place: Place<'_>,
        found: &mut Diagnostics,
    ) {
        let here = match (place.region, place.zone) {
            (Some(region), Some(zone)) => format!("in {region}/{zone}"),
            (Some(region), None) => format!("in {region}"),
            _ => "without a place".to_owned(),
        };
        let places = self.places_of(service);
        let label = if places.is_empty() {
            "expected a service with units".to_owned()
        } else {
            format!("has units at {}", places.join(", "))
        };
        found
            .error(
                name.span,
                format!("`{}` has no unit that serves a need {here}", excerpt(&name.value)),
                label,
            )
            .help(format!(
                "name one with `(on: \"{}\", from: \"{}\")`",
                name.value,
                places.first().unwrap_or(&"region")
            ));
    }

    fn unknown(&self, name: &Spanned<String>, place: Place<'_>, found: &mut Diagnostics) {
        let label = "expected a part of its zone, a service, a region or a full path";
        let message = format!("there is no component or service `{}`", excerpt(&name.value));
        if found.is_crowded() {
            found.error(name.span, message, label);
            return;
        }
        let mut known: Vec<&str> = self.spec.services.iter().map(|(n, _)| n.value.as_str()).collect();
        if let (Some(region), Some(zone)) = (place.region, place.zone) {
            let prefix = format!("{region}/{zone}/");
            known.extend(self.paths.iter().filter_map(|(path, _)| path.strip_prefix(&prefix)));
        }
        known.extend(self.paths.iter().map(|(path, _)| path.as_str()));
        known.sort_unstable();
        known.dedup();
        found.error(name.span, message, label).did_you_mean(suggest(&name.value, known.into_iter()));
    }

    /// The components that a target names: a path, what lies in a corridor, or a wildcard.
    pub(super) fn targets(&self, name: &Spanned<String>, found: &mut Diagnostics) -> Vec<CompId> {
        let all = || (0..self.paths.len()).map(CompId::at);
        if !name.value.contains(['*', '?', '[', '{']) {
            return match (self.path(&name.value), self.corridors.get(name.value.as_str())) {
                (Some(component), _) => vec![component],
                (None, Some(corridor)) => {
                    if corridor.is_empty() {
                        let message = format!("nothing lies on the corridor `{}`", excerpt(&name.value));
                        found.error(name.span, message, "expected a segment or link with it in `on`");
                    }
                    corridor.clone()
                }
                (None, None) => {
                    self.unknown_target(name, found);
                    Vec::new()
                }
            };
        }
        let glob = match GlobBuilder::new(&name.value).literal_separator(true).build() {
            Ok(glob) => glob.compile_matcher(),
            Err(error) => {
                found.error(name.span, "this wildcard cannot be read", error.kind().to_string());
                return Vec::new();
            }
        };
        let matched: Vec<CompId> = all().filter(|c| glob.is_match(self.of(*c))).collect();
        if matched.is_empty() {
            let label =
                "expected a wildcard that matches, such as \"*/az*/chillers\"; `*` stays within a name";
            found.error(name.span, format!("no component matches `{}`", excerpt(&name.value)), label);
        }
        matched
    }

    fn unknown_target(&self, name: &Spanned<String>, found: &mut Diagnostics) {
        let prefix = format!("{}@", name.value);
        if let Some((unit, _)) = self.paths.iter().find(|(path, _)| path.starts_with(&prefix)) {
            let message = format!("the service `{}` has several units", excerpt(&name.value));
            found
                .error(name.span, message, "expected one of them")
                .help(format!("write `{unit}`, or all of them as `{}@*`", name.value));
            return;
        }
        let prefix = format!("{}/", name.value);
        let is_cable = self.spec.cables.iter().any(|(cable, _)| cable.value == name.value);
        let segment = self.paths.iter().find(|(path, _)| is_cable && path.starts_with(&prefix));
        if let Some((segment, _)) = segment {
            let message = format!("the cable `{}` fails by its segments", excerpt(&name.value));
            found
                .error(name.span, message, "expected one of them")
                .help(format!("write `{segment}`, or all of them as `{}/*`", name.value));
            return;
        }
        let known = self.paths.iter().map(|(path, _)| path.as_str()).chain(self.corridors.keys().copied());
        let meant = if found.is_crowded() { None } else { suggest(&name.value, known) };
        found
            .error(
                name.span,
                format!("there is no component `{}`", excerpt(&name.value)),
                "expected a path such as \"region/zone/part\"",
            )
            .did_you_mean(meant);
    }
}

/// The region of a path.
fn first_step(path: &str) -> &str {
    path.split_once('/').map_or(path, |(first, _)| first)
}
