//! How large members are: by what their service says, by what it says of their region, or by their part of a total.

use std::collections::BTreeMap;

use super::place_of;
use crate::model::{CompId, ServiceId};
use crate::scenario::decode::{Spanned, unknown_name};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::lower::components::UnitOf;
use crate::scenario::lower::names::Names;
use crate::scenario::sources::Span;
use crate::scenario::spec::{CapacitySpec, SizeSpec};
use crate::scenario::unknowns::Figure;
use crate::units::show_rate;

/// Sums that differ by less than this share are equal.
const SAME: f64 = 1e-9;

/// What stands for a size that is missing or wrong.
const NO_SIZE: Size = Size { value: 1.0, unknown: Vec::new(), is_one_figure: true, ends: (1.0, 1.0) };

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

/// What a member can serve, requests per second.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Size {
    /// It, or what stands in for it.
    pub(super) value: f64,
    /// The figures that it follows from and that nobody knows, and how many times each counts, over how many.
    pub(super) unknown: Vec<(usize, (f64, f64))>,
    /// True if it is no more than a figure, or a part of one.
    pub(super) is_one_figure: bool,
    /// What it may be at least and at most.
    ends: (f64, f64),
}

impl Size {
    /// One of so many equal parts of a figure.
    fn part(figure: Figure, parts: usize) -> Self {
        let over = parts.max(1) as f64;
        Self {
            value: figure.value / over,
            unknown: figure.unknown.iter().map(|number| (*number, (1.0, over))).collect(),
            is_one_figure: true,
            ends: (figure.ends.0 / over, figure.ends.1 / over),
        }
    }

    /// One of so many equal parts of what others leave of a total.
    fn part_of_rest(total: Figure, taken: &[&Self], parts: usize) -> Self {
        let over = parts.max(1) as f64;
        let sum = |of: fn(&Self) -> f64| taken.iter().map(|size| of(size)).sum::<f64>();
        let of_total = total.unknown.iter().map(|number| (*number, (1.0, over)));
        let mut of_others: BTreeMap<usize, f64> = BTreeMap::new();
        for (number, (times, over)) in taken.iter().flat_map(|size| &size.unknown) {
            *of_others.entry(*number).or_default() -= times / over;
        }
        Self {
            value: (total.value - sum(|size| size.value)) / over,
            unknown: of_total
                .chain(of_others.into_iter().map(|(number, times)| (number, (times, over))))
                .collect(),
            is_one_figure: taken.is_empty(),
            ends: ((total.ends.0 - sum(|s| s.ends.1)) / over, (total.ends.1 - sum(|s| s.ends.0)) / over),
        }
    }
}

/// What each member of a service can serve.
pub(super) fn sizes(
    name: &Spanned<String>,
    spec: &CapacitySpec,
    parts: &[Part<'_>],
    names: &Names<'_>,
    found: &mut Diagnostics,
) -> Vec<(CompId, Size)> {
    let mut own: Vec<Option<Size>> = vec![None; parts.len()];
    let mut is_right = true;
    for (region, size) in &spec.in_regions {
        if !is_there(name, region, parts, names, found) {
            is_right = false;
            continue;
        }
        let there = |part: &Part<'_>| part.1 == Some(region.value.as_str());
        let each = each(*size, parts.iter().filter(|part| there(part)).count());
        let of_region = own.iter_mut().zip(parts).filter(|(_, part)| there(part));
        of_region.for_each(|(own, _)| *own = Some(each.clone()));
    }
    // What follows from a region that is wrong is no mistake of its own.
    let other = if is_right { other_size(name, spec, &own, parts, found) } else { NO_SIZE };
    parts.iter().zip(own).map(|((part, _), own)| (*part, own.unwrap_or_else(|| other.clone()))).collect()
}

fn each(size: SizeSpec, parts: usize) -> Size {
    match size {
        SizeSpec::PerMember(rate) => Size::part(rate, 1),
        SizeSpec::Total(rate) => Size::part(rate, parts),
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
    own: &[Option<Size>],
    parts: &[Part<'_>],
    found: &mut Diagnostics,
) -> Size {
    let others = own.iter().filter(|own| own.is_none()).count();
    let taken: Vec<&Size> = own.iter().flatten().collect();
    match &spec.size {
        None => {
            if let Some((_, (_, Some(region)))) = own.iter().zip(parts).find(|(own, _)| own.is_none()) {
                let message = format!("the size of `{}` in `{region}` is missing", name.value);
                let label =
                    format!("expected `per_member` or `total` of all regions, or `{region}` in `in_regions`");
                found.error(spec.span, message, label);
            }
            NO_SIZE
        }
        Some(size) if others == 0 && !parts.is_empty() => {
            if let SizeSpec::Total(total) = size.value {
                check_total(total, &taken, size.span, found);
            } else {
                let message = format!("every region of `{}` has a size of its own", name.value);
                found.warning(size.span, message, "so this is the size of none");
            }
            NO_SIZE
        }
        Some(Spanned { value: SizeSpec::PerMember(rate), .. }) => Size::part(*rate, 1),
        Some(Spanned { value: SizeSpec::Total(total), span }) => {
            let left = Size::part_of_rest(*total, &taken, others);
            if left.ends.0 * others.max(1) as f64 <= SAME * total.ends.0 {
                let may = if left.unknown.is_empty() { "is" } else { "may be" };
                let message = format!(
                    "nothing of {} {may} left for the other regions of `{}`",
                    show_rate(total.ends.0),
                    name.value
                );
                let taken = taken.iter().map(|size| size.ends.1).sum();
                found.error(
                    *span,
                    message,
                    format!("expected more than the {} of `in_regions`", show_rate(taken)),
                );
            }
            left
        }
    }
}

/// Where all regions have a size of their own, they must add up to a total that is given.
fn check_total(total: Figure, taken: &[&Size], span: Span, found: &mut Diagnostics) {
    let sum: f64 = taken.iter().map(|size| size.value).sum();
    if total.unknown.is_some() || taken.iter().any(|size| !size.unknown.is_empty()) {
        let message = "every region has a size of its own, and what is drawn does not add up to a total";
        found.error(span, message, "expected no `total`, or a region without a size of its own");
    } else if (total.value - sum).abs() > SAME * total.value {
        let message = format!("its regions can serve {}, not {}", show_rate(sum), show_rate(total.value));
        found.error(span, message, "expected their sum, or no `total`");
    }
}
