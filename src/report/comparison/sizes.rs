//! How large a design is beside the baseline, and what it can serve.

use crate::report::grid::{Cell, Column, Grid};
use crate::study::{CapacityOf, DesignComparison, Serves};
use crate::units::{show_count, show_rate};

/// How large a design is beside the baseline: members, and what else differs in number.
pub(super) fn sizes(design: &DesignComparison) -> Vec<String> {
    let sizes = design.sizes.iter().map(|size| match (size.first, size.second) {
        (a, b) if a == b => format!("{} {} in both", size.what, show_count(a)),
        (a, b) => format!("{} {} -> {}", size.what, show_count(a), show_count(b)),
    });
    sizes.collect()
}

/// The same; what services with more or fewer members can serve as before; and whether any can serve more or less.
#[must_use]
pub fn size_texts(design: &DesignComparison) -> Vec<String> {
    let has_other_members = |capacity: &&CapacityOf| {
        let members = format!("members of {}", capacity.service);
        capacity.is_same() && design.sizes.iter().any(|size| size.what == members)
    };
    let as_before = design.capacities.iter().filter(has_other_members);
    let as_before =
        as_before.map(|of| format!("capacity of {} {} in both", of.service, serves_text(of.first)));
    sizes(design).into_iter().chain(as_before).chain(capacity_line(design)).collect()
}

/// Whether the design is larger or smaller, in words.
pub(super) fn capacity_line(design: &DesignComparison) -> Option<String> {
    let capacities = &design.capacities;
    if capacities.is_empty() {
        return None;
    }
    let changed: Vec<String> = capacities.iter().filter(|c| !c.is_same()).map(capacity_change).collect();
    Some(if changed.is_empty() {
        "total capacity: the same in both".to_owned()
    } else {
        format!("total capacity changes, so what follows is an effect of size, too: {}", changed.join("; "))
    })
}

/// "sign-in can serve 10 k/s instead of 5.0 k/s"
fn capacity_change(capacity: &CapacityOf) -> String {
    let name = &capacity.service;
    match (capacity.first, capacity.second) {
        (Serves::NotThere, new) => format!("{name} is new, and can serve {}", serves_text(new)),
        (_, Serves::NotThere) => format!("{name} is gone"),
        (before, now) => format!("{name} can serve {} instead of {}", serves_text(now), serves_text(before)),
    }
}

fn serves_text(serves: Serves) -> String {
    match serves {
        Serves::NotThere => "-".to_owned(),
        Serves::AnyLoad => "any load".to_owned(),
        Serves::UpTo(rate) => show_rate(rate),
    }
}

/// What each service can serve; nothing where nothing is limited.
pub(super) fn capacity_grid(capacities: &[CapacityOf]) -> Option<Grid> {
    if capacities.is_empty() {
        return None;
    }
    let columns = vec![
        Column::names("total capacity"),
        Column::values("baseline"),
        Column::values("design"),
        Column::values("ratio"),
    ];
    let ratio = |capacity: &CapacityOf| match (capacity.first, capacity.second) {
        (Serves::UpTo(a), Serves::UpTo(b)) if a > 0.0 => format!("{:.3}", b / a),
        _ => "-".to_owned(),
    };
    let row = |capacity: &CapacityOf| {
        let cells = [serves_text(capacity.first), serves_text(capacity.second), ratio(capacity)];
        std::iter::once(capacity.service.clone()).chain(cells).map(Cell::from).collect()
    };
    Some(Grid::of(columns, capacities.iter().map(row).collect()))
}
