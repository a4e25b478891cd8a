//! Regions, zones, parts, members and units.

use super::expressions::{Resolver, unknown_among};
use super::failures::Parts;
use super::laws::law;
use super::names::{Names, Place};
use super::rhythms::{Rhythms, clock_of};
use crate::model::{
    Builder, CompId, ComponentDraft, Expression, Kind, ModeDraft, NodeFigure, ServiceId, UnknownPlace,
};
use crate::scenario::decode::unknown_name;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::sources::Span;
use crate::scenario::spec::{
    ComponentSpec, FaultsSpec, RegionSpec, ScenarioSpec, Scope, ServiceSpec, SpreadSpec, ZoneKindSpec,
};
use crate::scenario::unknowns::Figure;

/// A component that has a name but not its needs yet.
struct Open<'s> {
    id: CompId,
    spec: &'s ComponentSpec,
    place: Place<'s>,
    /// What it needs by its nature: a member its zone, a zone its region, a unit its members.
    implied: Option<Expression>,
    /// Faults that come with length, and the length in km.
    faults: Option<(&'s FaultsSpec, Figure)>,
}

/// A unit with its members.
pub(super) struct UnitOf {
    /// The service.
    pub(super) service: ServiceId,
    /// The unit.
    pub(super) id: CompId,
    /// Its members; a provider outside has none.
    pub(super) members: Vec<CompId>,
}

/// Components under way.
#[derive(Default)]
pub(super) struct Components<'s> {
    open: Vec<Open<'s>>,
    spans: Vec<Span>,
    units: Vec<UnitOf>,
}

impl<'s> Components<'s> {
    /// The place of each component's text.
    pub(super) fn into_spans(self) -> Vec<Span> {
        self.spans
    }

    /// All units of services.
    pub(super) fn units(&self) -> &[UnitOf] {
        &self.units
    }

    /// Gives every component its id and name.
    pub(super) fn add_all(
        &mut self,
        spec: &'s ScenarioSpec,
        names: &mut Names<'s>,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) {
        for (name, crew) in &spec.crews {
            let id = builder.crew(&name.value, crew.size.count());
            let figures = [(UnknownPlace::CrewSize(id), crew.size), (UnknownPlace::People(id), crew.people)];
            for (place, figure) in figures {
                figure.unknown.into_iter().for_each(|number| builder.unknown_at(place, number));
            }
        }
        for (name, region) in &spec.regions {
            self.add_region(&name.value, region, spec, names, builder, found);
        }
        for (index, (name, service)) in spec.services.iter().enumerate() {
            builder.service(&name.value, service.plane.clone());
            self.add_service(ServiceId::at(index), &name.value, service, names, builder, found);
        }
    }

    /// All components with what they say.
    pub(super) fn all(&self) -> impl Iterator<Item = (CompId, &'s ComponentSpec)> {
        self.open.iter().map(|open| (open.id, open.spec))
    }

    /// Gives the last component faults that come with its length.
    pub(super) fn fails_with_length(&mut self, faults: &'s FaultsSpec, km: Figure) {
        if let Some(last) = self.open.last_mut() {
            last.faults = Some((faults, km));
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what a component is made of")]
    pub(super) fn add(
        &mut self,
        path: String,
        kind: Kind,
        spec: &'s ComponentSpec,
        place: Place<'s>,
        implied: Option<Expression>,
        names: &mut Names<'s>,
        builder: &mut Builder,
    ) -> CompId {
        let id = builder.component(ComponentDraft::new(&path, kind));
        names.add(path, kind);
        self.open.push(Open { id, spec, place, implied, faults: None });
        self.spans.push(spec.span);
        id
    }

    fn add_region(
        &mut self,
        name: &'s str,
        region: &'s RegionSpec,
        spec: &'s ScenarioSpec,
        names: &mut Names<'s>,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) {
        let place = Place::region(name);
        let id = self.add(name.to_owned(), Kind::Region, &region.region, place, None, names, builder);
        for (zone, kind_name) in &region.zones {
            let Some((_, kind)) = spec.zone_kinds.iter().find(|(k, _)| k.value == kind_name.value) else {
                let known: Vec<&str> = spec.zone_kinds.iter().map(|(k, _)| k.value.as_str()).collect();
                unknown_name(&kind_name.value, kind_name.span, "zone kind", &known, found);
                continue;
            };
            self.add_zone(id, name, &zone.value, kind, names, builder);
        }
    }

    fn add_zone(
        &mut self,
        region_id: CompId,
        region: &'s str,
        zone: &'s str,
        kind: &'s ZoneKindSpec,
        names: &mut Names<'s>,
        builder: &mut Builder,
    ) {
        let place = Place::zone(region, zone);
        let path = format!("{region}/{zone}");
        let implied = Some(Expression::Level(region_id));
        self.add(path.clone(), Kind::Zone, &kind.zone, place, implied, names, builder);
        for (part, spec) in &kind.parts {
            self.add(format!("{path}/{}", part.value), Kind::Part, spec, place, None, names, builder);
        }
    }

    fn add_service(
        &mut self,
        id: ServiceId,
        name: &'s str,
        service: &'s ServiceSpec,
        names: &mut Names<'s>,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) {
        if service.scope == Scope::Outside {
            self.add_unit(id, name.to_owned(), service, Place::default(), Vec::new(), names, builder, found);
            return;
        }
        let mut all = Vec::new();
        let mut by_region = Vec::new();
        for region in regions_of(service, names.spec, found) {
            let members = self.add_members(name, service, region, names, builder);
            let place = Place::region(region);
            if service.scope == Scope::Global && !members.is_empty() {
                by_region.push((region, members.iter().map(|(_, m)| *m).collect()));
            }
            match service.scope {
                Scope::Zonal => {
                    for (zone, member) in members {
                        let unit = format!("{name}@{region}/{zone}");
                        self.add_unit(
                            id,
                            unit,
                            service,
                            Place::zone(region, zone),
                            vec![member],
                            names,
                            builder,
                            found,
                        );
                    }
                }
                Scope::Regional => {
                    let members = members.into_iter().map(|(_, m)| m).collect();
                    self.add_unit(
                        id,
                        format!("{name}@{region}"),
                        service,
                        place,
                        members,
                        names,
                        builder,
                        found,
                    );
                }
                Scope::Global | Scope::Outside => all.extend(members.into_iter().map(|(_, m)| m)),
            }
        }
        if service.scope == Scope::Global && !all.is_empty() {
            names.spreads(id, by_region);
            self.add_unit(id, name.to_owned(), service, Place::default(), all, names, builder, found);
        }
    }

    fn add_members(
        &mut self,
        name: &str,
        service: &'s ServiceSpec,
        region: &'s str,
        names: &mut Names<'s>,
        builder: &mut Builder,
    ) -> Vec<(&'s str, CompId)> {
        let spec = names.spec;
        let Some((_, region_spec)) = spec.regions.iter().find(|(r, _)| r.value == region) else {
            return Vec::new();
        };
        let mut members = Vec::new();
        for (zone, _) in &region_spec.zones {
            let Some(zone_id) = names.path(&format!("{region}/{}", zone.value)) else { continue };
            let path = format!("{region}/{}/{name}", zone.value);
            let place = Place::zone(region, &zone.value);
            let implied = Some(Expression::Level(zone_id));
            let id = self.add(path, Kind::Member, &service.member, place, implied, names, builder);
            members.push((zone.value.as_str(), id));
        }
        members
    }

    #[allow(clippy::too_many_arguments, reason = "what a unit is made of")]
    fn add_unit(
        &mut self,
        service: ServiceId,
        path: String,
        spec: &'s ServiceSpec,
        place: Place<'s>,
        members: Vec<CompId>,
        names: &mut Names<'s>,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) {
        let leaves: Vec<Expression> = members.iter().map(|m| Expression::Level(*m)).collect();
        let implied = match &spec.spread {
            _ if members.is_empty() => None,
            SpreadSpec::Proportional => Some(Expression::Share(leaves)),
            SpreadSpec::Quorum(k) => {
                let most = k.value.ends.1;
                if most > members.len() as f64 {
                    let message =
                        format!("a quorum of {most} among {} members is never reached", members.len());
                    found.error(k.span, message, format!("expected at most {} (`{path}`)", members.len()));
                }
                let quorum = Expression::Quorum(k.value.count() as usize, leaves);
                Some(quorum.uncertain(unknown_among([(NodeFigure::Count, Some(k.value))])))
            }
        };
        let id = self.add(path, Kind::Unit, &spec.unit, place, implied, names, builder);
        let reconfigure = spec
            .reconfigures
            .as_ref()
            .map(|(takes, errors)| (law(takes, spec.unit.span, found), law(errors, spec.unit.span, found)));
        self.units.push(UnitOf { service, id, members: members.clone() });
        let draft = builder.component_mut(id);
        draft.members = members;
        draft.unit_of = Some(service);
        draft.reconfigure = reconfigure;
    }

    /// Gives every component its needs, failures and the rest, now that all names exist.
    pub(super) fn complete(
        &mut self,
        spec: &ScenarioSpec,
        names: &Names<'_>,
        rhythms: &mut Rhythms,
        builder: &mut Builder,
        found: &mut Diagnostics,
    ) {
        for open in &mut self.open {
            complete(open, spec, names, rhythms, builder, found);
        }
    }
}

/// The regions that a service is in.
fn regions_of<'s>(service: &'s ServiceSpec, spec: &'s ScenarioSpec, found: &mut Diagnostics) -> Vec<&'s str> {
    let known: Vec<&str> = spec.regions.iter().map(|(n, _)| n.value.as_str()).collect();
    let Some(named) = &service.regions else {
        if known.is_empty() {
            found.error(
                service.unit.span,
                "a service with members needs regions",
                "expected `regions` in the scenario, or the scope Outside",
            );
        }
        return known;
    };
    let mut regions: Vec<&str> = Vec::new();
    for name in named {
        match known.iter().find(|k| **k == name.value) {
            Some(region) if regions.contains(region) => {
                found.error(name.span, format!("`{}` stands twice", name.value), "expected each region once");
            }
            Some(region) => regions.push(region),
            None => {
                unknown_name(&name.value, name.span, "region", &known, found);
            }
        }
    }
    regions
}

fn complete(
    open: &mut Open<'_>,
    spec: &ScenarioSpec,
    names: &Names<'_>,
    rhythms: &mut Rhythms,
    builder: &mut Builder,
    found: &mut Diagnostics,
) {
    let owner = names.of(open.id).to_owned();
    let component = open.spec;
    let kind = names.kind(open.id);
    let mut resolver = Resolver::new(names, open.place, &owner, builder, found);
    resolver.refuses_services(matches!(kind, Kind::Site | Kind::Segment | Kind::Link));
    let mut support: Vec<Expression> = open.implied.take().into_iter().collect();
    support.extend(resolver.needs(&component.needs));
    let starts_with = resolver.all(&component.starts_with);
    let parts = Parts { spec, names, place: open.place, owner: &owner };
    let mut modes: Vec<ModeDraft> = Vec::new();
    for (name, m) in &component.failures {
        let local = || clock_of(spec, open.place, &owner);
        let rhythm = m.rhythm.as_ref().and_then(|r| rhythms.add(r, local(), spec, builder, found));
        if let Some(figure) = m.inspection.and_then(|inspection| inspection.unknown) {
            builder.unknown_at(UnknownPlace::Inspection(open.id, modes.len()), figure);
        }
        modes.push(ModeDraft { rhythm, ..parts.mode(&name.value, m, kind, builder, found) });
    }
    if let Some((faults, km)) = open.faults {
        for figure in [faults.rate, km].into_iter().filter_map(|figure| figure.unknown) {
            builder.unknown_at(UnknownPlace::Faults(open.id, modes.len()), figure);
        }
        modes.push(parts.faults(faults, km, builder, found));
    }
    let standby = component.standby.as_ref().and_then(|s| parts.standby(s, component, builder, found));
    if let Some(spec) = &component.standby {
        let places = [
            (UnknownPlace::FailsToStart(open.id), spec.fails_to_start),
            (UnknownPlace::Dormancy(open.id), spec.dormancy),
        ];
        for (place, figure) in places {
            figure.unknown.into_iter().for_each(|number| builder.unknown_at(place, number));
        }
    }
    if let Some(figure) = component.enough.as_ref().and_then(|enough| enough.value.unknown) {
        builder.unknown_at(UnknownPlace::Enough(open.id), figure);
    }
    let draft = builder.component_mut(open.id);
    draft.support = if support.len() == 1 {
        support.pop()
    } else {
        (!support.is_empty()).then_some(Expression::All(support))
    };
    draft.starts_with = starts_with;
    draft.restart = law(&component.restart, component.span, found);
    draft.black_start = component.black_start.as_ref().map(|l| law(l, component.span, found));
    draft.units = component.count.value;
    draft.enough = component.enough.as_ref().map(|enough| enough.value.count());
    draft.modes = modes;
    draft.standby = standby;
}
