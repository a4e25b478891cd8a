//! What a scenario says of its network that only its readers need to know.

use super::decode::Spanned;
use super::spec::ScenarioSpec;
use crate::law::Law;
use crate::model::EdgeId;

/// Lengths, corridors and coordinates: they are in the model only by what follows from them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// Length of each edge in km, in order of id; `None`: only its latency is known.
    pub lengths: Vec<Option<f64>>,
    /// Corridors, in written order.
    pub corridors: Vec<Corridor>,
    /// Regions, users and sites whose place is known, in that order and as they are written.
    pub places: Vec<Place>,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// What it is.
    pub kind: PlaceKind,
    /// Its name.
    pub name: String,
    /// Latitude and longitude, degrees.
    pub at: (f64, f64),
}

/// What has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// A region with its zones.
    Region,
    /// A population.
    Users,
    /// A landing point, branching unit or exchange.
    Site,
}

/// A corridor and what lies in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Corridor {
    /// Its name.
    pub name: String,
    /// Time from application to grant of a permit, if one is needed.
    pub permit: Option<Law>,
    /// Segments and links in it.
    pub edges: Vec<EdgeId>,
}

/// Everything whose place the scenario knows; who gives no place of its own stands at the first site that it joins.
pub(super) fn places(spec: &ScenarioSpec) -> Vec<Place> {
    let site = |name: &str| spec.sites.iter().find(|(n, _)| n.value == name).and_then(|(_, site)| site.at);
    let joined = |attach: &[Spanned<String>]| attach.iter().find_map(|name| site(&name.value));
    let place = |kind, name: &Spanned<String>, at: Option<(f64, f64)>| {
        Some(Place { kind, name: name.value.clone(), at: at? })
    };
    let regions =
        spec.regions.iter().map(|(n, r)| place(PlaceKind::Region, n, r.at.or_else(|| joined(&r.attach))));
    let users =
        spec.users.iter().map(|(n, u)| place(PlaceKind::Users, n, u.at.or_else(|| joined(&u.attach))));
    let sites = spec.sites.iter().map(|(n, s)| place(PlaceKind::Site, n, s.at));
    regions.chain(users).chain(sites).flatten().collect()
}
