//! How large designs are: redundancy must not be taken for size.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Kind, Model};

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

/// What all members of a service together can serve, requests per second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TotalCapacity {
    /// The service.
    pub service: String,
    /// Of the baseline; nothing where no limit is given.
    pub first: Option<f64>,
    /// Of the design.
    pub second: Option<f64>,
}

/// Total capacity of services whose capacity or number of members differs: more of them need not be able to do more.
pub(super) fn capacities(first: &Model, second: &Model, sizes: &[Size]) -> Vec<TotalCapacity> {
    let (a, b) = (capacity(first), capacity(second));
    let names: Vec<&String> = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))).collect();
    let resized = |name: &str| sizes.iter().any(|size| size.what == members_of(name));
    let total = |service: &String| TotalCapacity {
        service: service.clone(),
        first: a.get(service).copied(),
        second: b.get(service).copied(),
    };
    let all = names.into_iter().map(total);
    all.filter(|total| total.first != total.second || resized(&total.service)).collect()
}

/// Formula: sum over units and their members of what each member serves at level 1.
fn capacity(model: &Model) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for load in &model.load.units {
        let unit = model.components.get(load.unit.index());
        let service = unit.and_then(|unit| model.services.get(unit.unit_of?.index()));
        if let (Some(unit), Some(service), Some(capacity)) = (unit, service, &load.capacity) {
            *all.entry(service.name.clone()).or_insert(0.0) += capacity.of_all(unit.members.len());
        }
    }
    all
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
