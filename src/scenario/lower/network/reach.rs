//! What a need across regions needs besides: a way there.

use super::joins::{nowhere, report};
use crate::model::{CompId, Expression, PlaceId, ServiceId};
use crate::scenario::decode::{Spanned, unknown_name};
use crate::scenario::lower::expressions::Resolver;
use crate::scenario::lower::names::Location;

/// A need that asks for nothing.
const NOTHING: Expression = Expression::All(Vec::new());

impl Resolver<'_, '_> {
    /// `on`, a need for a component, and a way from the own region to it.
    pub(in crate::scenario::lower) fn with_way(&mut self, on: Expression, component: CompId) -> Expression {
        let Some(own) = self.place.region.filter(|_| self.names.joins.is_some()) else { return on };
        let way = match self.names.location(component) {
            Location::Nowhere => None,
            Location::Region(region) => self.way_to_region(own, region),
            Location::Regions(members) => self.way_to_members(own, members),
            Location::Outside(service) => self.way_to_service(own, service),
        };
        match way {
            Some(way) => Expression::All(vec![on, way]),
            None => on,
        }
    }

    /// `Reach(region)`.
    pub(in crate::scenario::lower) fn reach(&mut self, region: &Spanned<String>) -> Option<Expression> {
        let known: Vec<&str> = self.names.spec.regions.iter().map(|(n, _)| n.value.as_str()).collect();
        if !known.contains(&region.value.as_str()) {
            unknown_name(&region.value, region.span, "region", &known, self.found);
            return None;
        }
        let Some(own) = self.place.region else {
            let label = "expected a need of something in a region";
            self.found.error(
                region.span,
                "`Reach` is about the way from the own region, and there is none here",
                label,
            );
            return None;
        };
        Some(self.way_to_region(own, &region.value).unwrap_or(NOTHING))
    }

    /// A way between regions; `None`: none is needed.
    fn way_to_region(&mut self, own: &str, region: &str) -> Option<Expression> {
        if own == region || self.names.joins.is_none() {
            return None;
        }
        let ends = (self.region(own), self.region(region));
        Some(self.way(ends.0?, ends.1?))
    }

    /// A way to one of the regions in which a unit has members that are up. Without a way where all are at home.
    fn way_to_members(&mut self, own: &str, members: &[(&str, Vec<CompId>)]) -> Option<Expression> {
        if members.iter().all(|(region, _)| *region == own) {
            return None;
        }
        let mut alternatives = Vec::new();
        for (region, members) in members {
            let up = any(members.iter().map(|member| Expression::Up(*member)).collect());
            alternatives.push(match self.way_to_region(own, region) {
                Some(way) => Expression::All(vec![way, up]),
                None => up,
            });
        }
        Some(any(alternatives))
    }

    fn way_to_service(&mut self, own: &str, service: ServiceId) -> Option<Expression> {
        let there = self.names.joins.as_ref()?.service(service);
        if there.is_none()
            && let Some((name, _)) = self.names.spec.services.get(service.index())
        {
            report(name, nowhere(&name.value), self.found);
        }
        let own = self.region(own);
        Some(self.way(own?, there?))
    }

    fn way(&mut self, from: PlaceId, to: PlaceId) -> Expression {
        Expression::Up(self.builder.path(from, to))
    }

    /// A region's place; an error if it has none.
    fn region(&mut self, region: &str) -> Option<PlaceId> {
        let place = self.names.joins.as_ref()?.region(region);
        let spec = self.names.spec.regions.iter().find(|(name, _)| name.value == region);
        if let Some((name, _)) = spec.filter(|(_, spec)| place.is_none() && spec.attach.is_empty()) {
            report(name, format!("region `{region}` joins the network nowhere"), self.found);
        }
        place
    }
}

/// One of several; a lone one needs no gate.
fn any(mut alternatives: Vec<Expression>) -> Expression {
    match alternatives.len() {
        1 => alternatives.pop().unwrap_or(NOTHING),
        _ => Expression::Any(alternatives),
    }
}
