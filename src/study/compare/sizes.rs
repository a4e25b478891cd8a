//! How large designs are: redundancy must not be taken for size.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{CompId, Kind, Model};
use crate::study::pairing::ROUNDING;

/// A number of things in both designs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// What is counted: "members of sign-in", "crew hands", "parts".
    pub what: String,
    /// How many the baseline has.
    pub first: u64,
    /// How many the design has.
    pub second: u64,
}

/// What a service can serve in both designs while all of it is up, before autoscaling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapacityOf {
    /// The service.
    pub service: String,
    /// What it can serve in the baseline.
    pub first: Serves,
    /// What it can serve in the design.
    pub second: Serves,
}

/// What a service can serve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Serves {
    /// The design has no such service.
    NotThere,
    /// Nothing limits it.
    AnyLoad,
    /// All of its units together, requests per second; a capacity that is not known counts as its mean.
    UpTo(f64),
}

impl CapacityOf {
    /// True if both can serve the same, but for rounding: a total that is shared out and added up again.
    #[must_use]
    pub fn is_same(&self) -> bool {
        match (self.first, self.second) {
            (Serves::UpTo(a), Serves::UpTo(b)) => (a - b).abs() <= ROUNDING * a.max(b),
            (a, b) => a == b,
        }
    }
}

/// What each service can serve whose capacity is limited in one of the two.
pub(super) fn capacities(first: &Model, second: &Model) -> Vec<CapacityOf> {
    let of_second = second.services.iter().filter(|s| first.services.iter().all(|f| f.name != s.name));
    let names = first.services.iter().chain(of_second).map(|service| &service.name);
    let capacity = |service: &String| CapacityOf {
        service: service.clone(),
        first: serves(first, service),
        second: serves(second, service),
    };
    let is_limited = |capacity: &CapacityOf| {
        [capacity.first, capacity.second].iter().any(|serves| matches!(serves, Serves::UpTo(_)))
    };
    names.map(capacity).filter(is_limited).collect()
}

/// Formula: sum over units of members x requests per second of each; a unit without members counts as one.
fn serves(model: &Model, service: &str) -> Serves {
    let Some(service) = model.services.iter().find(|known| known.name == service) else {
        return Serves::NotThere;
    };
    let of_unit = |unit: &CompId| {
        let load = model.load.units.iter().find(|load| load.unit == *unit)?;
        let members = model.components.get(unit.index())?.members.len();
        Some(load.capacity.as_ref()?.of_all(members))
    };
    let total: Option<f64> = service.units.iter().map(of_unit).sum();
    total.map_or(Serves::AnyLoad, Serves::UpTo)
}

/// What the two systems have different numbers of, behind the number of all members.
pub(super) fn sizes(first: &Model, second: &Model) -> Vec<Size> {
    let (a, b) = (counted(first), counted(second));
    let all = "members".to_owned();
    let names: Vec<&String> = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))).collect();
    let number = |of: &BTreeMap<String, u64>, what: &String| of.get(what).copied().unwrap_or(0);
    let size = |what: &String| Size { what: what.clone(), first: number(&a, what), second: number(&b, what) };
    let others = names.into_iter().filter(|name| **name != all).map(size);
    std::iter::once(size(&all)).chain(others.filter(|size| size.first != size.second)).collect()
}

fn members_of(service: &str) -> String {
    format!("members of {service}")
}

fn counted(model: &Model) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let mut add = |what: String, number: u64| *counts.entry(what).or_insert(0) += number;
    for component in &model.components {
        let units = u64::from(component.units);
        match component.kind {
            Kind::Zone => add("zones".to_owned(), units),
            Kind::Part => add("parts".to_owned(), units),
            Kind::Member => {
                add("members".to_owned(), units);
                let unit = component.member_of.and_then(|unit| model.components.get(unit.index()));
                let service = unit.and_then(|unit| model.services.get(unit.unit_of?.index()));
                if let Some(service) = service {
                    add(members_of(&service.name), units);
                }
            }
            _ => {}
        }
    }
    for crew in &model.crews {
        add(format!("crew {}", crew.name), u64::from(crew.size));
    }
    counts
}
