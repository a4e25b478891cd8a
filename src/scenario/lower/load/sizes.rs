//! How large members are: by what their service says, by what it says of their region, or by their part of a total.

use super::place_of;
use crate::model::{CompId, ServiceId};
use crate::scenario::decode::{Spanned, unknown_name};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::components::UnitOf;
use crate::scenario::lower::names::Names;
use crate::scenario::spec::{CapacitySpec, SizeSpec};
use crate::units::show_rate;

/// Sums that differ by less than this share are equal.
const SAME: f64 = 1e-9;

/// A member, or a unit without members, and the region that it is in.
type Part<'n> = (CompId, Option<&'n str>);

/// All members of a service; a unit without members is one itself.
pub(super) fn parts_of<'n>(service: ServiceId, units: &[UnitOf], names: &'n Names<'_>) -> Vec<Part<'n>> {
    let units = units.iter().filter(|unit| unit.service == service);
    let parts = units.flat_map(|unit| {
        let own = unit.members.is_empty().then_some(unit.id);
        unit.members.iter().copied().chain(own)
    });
    parts.map(|part| (part, place_of(names, part).region)).collect()
}

/// What each member of a service can serve, requests per second.
pub(super) fn sizes(
    name: &Spanned<String>,
    spec: &CapacitySpec,
    parts: &[Part<'_>],
    names: &Names<'_>,
    found: &mut Diagnostics,
) -> Vec<(CompId, f64)> {
    let mut own: Vec<Option<f64>> = vec![None; parts.len()];
    let mut is_right = true;
    for (region, size) in &spec.in_regions {
        if !is_there(name, region, parts, names, found) {
            is_right = false;
            continue;
        }
        let there = |part: &Part<'_>| part.1 == Some(region.value.as_str());
        let each = each(*size, parts.iter().filter(|part| there(part)).count());
        own.iter_mut().zip(parts).filter(|(_, part)| there(part)).for_each(|(own, _)| *own = Some(each));
    }
    // What follows from a region that is wrong is no mistake of its own.
    let other = if is_right { other_size(name, spec, &own, parts, found) } else { 1.0 };
    parts.iter().zip(own).map(|((part, _), own)| (*part, own.unwrap_or(other))).collect()
}

fn each(size: SizeSpec, parts: usize) -> f64 {
    match size {
        SizeSpec::PerMember(rate) => rate,
        SizeSpec::Total(rate) => rate / parts.max(1) as f64,
    }
}

/// True if a service has members in a region, else that is said.
fn is_there(
    name: &Spanned<String>,
    region: &Spanned<String>,
    parts: &[Part<'_>],
    names: &Names<'_>,
    found: &mut Diagnostics,
) -> bool {
    let known: Vec<&str> = names.spec.regions.iter().map(|(name, _)| name.value.as_str()).collect();
    if !known.contains(&region.value.as_str()) {
        unknown_name(&region.value, region.span, "region", &known, found);
        return false;
    }
    let mut with: Vec<&str> = parts.iter().filter_map(|(_, region)| *region).collect();
    with.dedup();
    if with.contains(&region.value.as_str()) {
        return true;
    }
    let message = format!("`{}` has no members in `{}`", name.value, region.value);
    let label = match with.as_slice() {
        [] => "it is in no region: expected no `in_regions`".to_owned(),
        [only] => format!("expected {only}"),
        several => format!("expected one of {}", several.join(", ")),
    };
    found.error(region.span, message, label);
    false
}

/// What members in regions without a size of their own can serve: `total` is of all, so they share what is left of it.
fn other_size(
    name: &Spanned<String>,
    spec: &CapacitySpec,
    own: &[Option<f64>],
    parts: &[Part<'_>],
    found: &mut Diagnostics,
) -> f64 {
    let others = own.iter().filter(|own| own.is_none()).count();
    let taken: f64 = own.iter().flatten().sum();
    match &spec.size {
        None => {
            if let Some((_, (_, Some(region)))) = own.iter().zip(parts).find(|(own, _)| own.is_none()) {
                let message = format!("the size of `{}` in `{region}` is missing", name.value);
                let label =
                    format!("expected `per_member` or `total` of all regions, or `{region}` in `in_regions`");
                found.error(spec.span, message, label);
            }
            1.0
        }
        Some(size) if others == 0 && !parts.is_empty() => {
            if let SizeSpec::Total(total) = size.value {
                check_total(total, taken, size, found);
            } else {
                let message = format!("every region of `{}` has a size of its own", name.value);
                found.warning(size.span, message, "so this is the size of none");
            }
            1.0
        }
        Some(Spanned { value: SizeSpec::PerMember(rate), .. }) => *rate,
        Some(Spanned { value: SizeSpec::Total(total), span }) => {
            let left = total - taken;
            if left <= SAME * total {
                let message = format!(
                    "nothing of {} is left for the other regions of `{}`",
                    show_rate(*total),
                    name.value
                );
                let label = format!("expected more than the {} of `in_regions`", show_rate(taken));
                found.error(*span, message, label);
            }
            left / others.max(1) as f64
        }
    }
}

/// Where all regions have a size of their own, they must add up to a total that is given.
fn check_total(total: f64, taken: f64, size: &Spanned<SizeSpec>, found: &mut Diagnostics) {
    if (total - taken).abs() > SAME * total {
        let message = format!("its regions can serve {}, not {}", show_rate(taken), show_rate(total));
        found.error(size.span, message, "expected their sum, or no `total`");
    }
}
