//! Figures that only some scenarios have: latency, background traffic, data at risk.

use super::difference::{Difference, Measure, Quantity, difference, paired, with_differences};
use crate::model::{CompId, Model, UsageId};
use crate::study::tally::ReplicationRow;

/// Rows of the baseline and of the design.
type Rows<'r> = (&'r [ReplicationRow], &'r [ReplicationRow]);

/// Time above the limit of latency where both have one, lost traffic, and data at risk; not yet adjusted for each other.
pub(super) fn differences(
    models: (&Model, &Model),
    pairs: &[(UsageId, UsageId)],
    rows: Rows<'_>,
    is_certain: bool,
) -> Vec<Difference> {
    let time = Measure { all: models.0.horizon.micros() as f64 / 1e6, is_certain };
    let quantity = Quantity::AboveLatencyLimit;
    let has_limit = |model: &Model, usage: UsageId| {
        let journey = model.usages[usage.index()].journey;
        model.journeys[journey.index()].objective.latency_limit.is_some()
    };
    let limited = pairs.iter().filter(|(a, b)| has_limit(models.0, *a) && has_limit(models.1, *b));
    let mut all: Vec<Difference> = limited
        .map(|pair| difference(quantity, models.0.usage_name(pair.0), time, paired(quantity, *pair, rows)))
        .collect();
    let flows = matching(&flows(models.0), &flows(models.1));
    all.extend(flows.iter().map(|(name, a, b)| {
        let lost = |row: &ReplicationRow, flow: usize| row.lost_traffic.get(flow).copied().unwrap_or(0.0);
        let share = Measure { all: 1.0, is_certain };
        of((Quantity::LostTraffic, share), name, rows, (|row| lost(row, *a), |row| lost(row, *b)))
    }));
    let copies = matching(&copies(models.0), &copies(models.1));
    all.extend(copies.iter().map(|(name, a, b)| {
        let exposure = |row: &ReplicationRow, copy: usize| row.exposure_s.get(copy).copied().unwrap_or(0.0);
        of((Quantity::DataExposure, time), name, rows, (|row| exposure(row, *a), |row| exposure(row, *b)))
    }));
    let (first, second) = (Regions::of(models.0), Regions::of(models.1));
    all.extend(matching(&first.names, &second.names).iter().map(|(name, a, b)| {
        of(
            (Quantity::DataLost, time),
            name,
            rows,
            (|row| first.lost_s(row, *a), |row| second.lost_s(row, *b)),
        )
    }));
    all
}

/// Flows and copies that only one of the two has.
pub(super) fn unmatched(first: &Model, second: &Model) -> Vec<String> {
    let only = |a: Vec<String>, b: Vec<String>| -> Vec<String> {
        let shared = |name: &String| b.contains(name);
        let (x, y) = (a.iter().filter(|name| !shared(name)), b.iter().filter(|name| !a.contains(name)));
        x.chain(y).cloned().collect()
    };
    [only(flows(first), flows(second)), only(copies(first), copies(second))].concat()
}

fn flows(model: &Model) -> Vec<String> {
    model.network.traffic.iter().map(|flow| flow.name.clone()).collect()
}

fn copies(model: &Model) -> Vec<String> {
    model.replicas.iter().map(|replica| replica.name.clone()).collect()
}

/// Names that both have, with their places.
fn matching(first: &[String], second: &[String]) -> Vec<(String, usize, usize)> {
    let place = |name: &String| second.iter().position(|other| other == name);
    first.iter().enumerate().filter_map(|(a, name)| Some((name.clone(), a, place(name)?))).collect()
}

fn of(
    (quantity, measure): (Quantity, Measure),
    name: &str,
    (first, second): Rows<'_>,
    values: (impl Fn(&ReplicationRow) -> f64, impl Fn(&ReplicationRow) -> f64),
) -> Difference {
    let columns =
        with_differences(first.iter().map(values.0).collect(), second.iter().map(values.1).collect());
    difference(quantity, (name, ""), measure, columns)
}

/// Regions whose data is copied, with their copies.
struct Regions {
    names: Vec<String>,
    copies: Vec<Vec<usize>>,
}

impl Regions {
    fn of(model: &Model) -> Self {
        let mut regions: Vec<(CompId, Vec<usize>)> = Vec::new();
        for (number, replica) in model.replicas.iter().enumerate() {
            match regions.iter_mut().find(|(region, _)| *region == replica.from.region) {
                Some((_, copies)) => copies.push(number),
                None => regions.push((replica.from.region, vec![number])),
            }
        }
        let name = |(region, _): &(CompId, Vec<usize>)| model.components[region.index()].name.clone();
        Self {
            names: regions.iter().map(name).collect(),
            copies: regions.into_iter().map(|(_, copies)| copies).collect(),
        }
    }

    /// What is lost with a region: what none of its copies has.
    fn lost_s(&self, row: &ReplicationRow, region: usize) -> f64 {
        let copies = self.copies.get(region).map_or(&[][..], Vec::as_slice);
        let lost = copies.iter().filter_map(|copy| row.data_lost_s.get(*copy).copied().flatten());
        lost.min_by(f64::total_cmp).unwrap_or(0.0)
    }
}
