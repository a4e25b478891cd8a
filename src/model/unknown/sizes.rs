//! Sizes of members that differ, or that follow from several figures that nobody knows.

use super::{UnknownNumber, UnknownPlace};
use crate::model::Model;
use crate::model::ids::CompId;
use crate::model::load::Capacity;

/// What is left where a total leaves nothing, which it does with a probability that does not count: of what stands in for it.
const LEAST: f64 = 1e-9;

/// Adds what a drawn figure makes of a member's size beyond what stands in for it.
pub(super) fn add(copy: &mut Model, unit: CompId, member: usize, (value, nominal): (f64, f64)) {
    for capacity in capacities(copy, unit) {
        if let Some(size) = capacity.by_member.get_mut(member).filter(|_| value != nominal) {
            // In this order, a size that is one figure is that figure, to the bit.
            *size = *size - nominal + value;
        }
    }
}

/// Every size begins with what is written.
pub(super) fn reset(own: &Model, numbers: &[UnknownNumber], copy: &mut Model) {
    for unit in units(numbers) {
        let sizes = written(own, unit);
        capacities(copy, unit).for_each(|capacity| capacity.by_member.clone_from(&sizes));
    }
}

/// Once all figures have been added: the mean, and single sizes only where they differ.
pub(super) fn finish(own: &Model, numbers: &[UnknownNumber], copy: &mut Model) {
    for unit in units(numbers) {
        let written = written(own, unit);
        for capacity in capacities(copy, unit) {
            for (size, written) in capacity.by_member.iter_mut().zip(&written) {
                *size = size.max(LEAST * written);
            }
            (capacity.per_member, capacity.by_member) =
                Capacity::mean_and_single(std::mem::take(&mut capacity.by_member));
        }
    }
}

/// The units of which single members are not known, each once: their numbers stand one after the other.
fn units(numbers: &[UnknownNumber]) -> Vec<CompId> {
    let unit = |number: &UnknownNumber| match number.place {
        UnknownPlace::Member(unit, _) => Some(unit),
        _ => None,
    };
    let mut units: Vec<CompId> = numbers.iter().filter_map(unit).collect();
    units.dedup();
    units
}

fn capacities(model: &mut Model, unit: CompId) -> impl Iterator<Item = &mut Capacity> {
    let units = model.load.units.iter_mut().filter(move |load| load.unit == unit);
    units.filter_map(|load| load.capacity.as_mut())
}

/// The sizes of all members, or of a unit without members.
fn written(own: &Model, unit: CompId) -> Vec<f64> {
    let members = own.components.get(unit.index()).map_or(1, |component| component.members.len().max(1));
    let load = own.load.units.iter().find(|load| load.unit == unit);
    let capacity = load.and_then(|load| load.capacity.as_ref());
    capacity.map_or_else(Vec::new, |capacity| (0..members).map(|member| capacity.of_member(member)).collect())
}
