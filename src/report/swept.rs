//! Several designs at the values of one parameter: which has least downtime where.

use super::grid::{Cell, Column, Grid};
use super::sheet::Section;
use super::table::mean_seconds;
use crate::study::{PointFigure, Sweep, SweepPoint};

/// For each journey whose downtime differs between designs, which of them has least at which values. `designs` with their names,
/// the baseline first.
#[must_use]
pub fn swept_sentences(designs: &[(&str, &Sweep)]) -> Vec<String> {
    let sentence = |(journey, population): (&str, &str)| {
        let mut runs: Vec<(Vec<&str>, &str, &str)> = Vec::new();
        for place in 0..values(designs).len() {
            let value = values(designs).get(place).map_or("", String::as_str);
            let least = least(designs, place, (journey, population));
            match runs.last_mut() {
                Some((names, _, until)) if *names == least => *until = value,
                _ => runs.push((least, value, value)),
            }
        }
        // Where all are alike everywhere there is nothing to choose.
        if runs.iter().all(|(names, ..)| names.len() == designs.len()) {
            return None;
        }
        let only = runs.len() == 1;
        let parts = runs.iter().map(|(names, from, until)| {
            // Who does no better than the baseline need not be named.
            let baseline = designs.first().map_or("", |(name, _)| *name);
            let who = if names.contains(&baseline) { baseline.to_owned() } else { names.join(" and ") };
            match (only, from == until) {
                (true, _) => format!("{who} at all values"),
                (false, true) => format!("{who} at {from}"),
                (false, false) => format!("{who} from {from} to {until}"),
            }
        });
        let parts: Vec<String> = parts.collect();
        Some(format!("Least mean downtime of {journey}, {population}: {}.", parts.join("; ")))
    };
    subjects(designs).into_iter().filter_map(sentence).collect()
}

/// For each journey a table: a row for each value, a column for each design.
#[must_use]
pub fn swept_sections(designs: &[(&str, &Sweep)]) -> Vec<Section> {
    let name = designs.first().and_then(|(_, sweep)| sweep.parameters.first()).map_or("", |p| p.short_name());
    let section = |(journey, population): (&str, &str)| {
        let columns = std::iter::once(Column::names(name))
            .chain(designs.iter().map(|(design, _)| Column::values(design)));
        let row = |place: usize| {
            let value: Cell = values(designs).get(place).cloned().unwrap_or_default().into();
            let cell = |(_, sweep): &(&str, &Sweep)| match figure(sweep, place, (journey, population)) {
                Some(found) => Cell::value(mean_seconds(&found.down_s), found.down_s.mean, "s"),
                None => "-".to_owned().into(),
            };
            std::iter::once(value).chain(designs.iter().map(cell)).collect::<Vec<Cell>>()
        };
        let grid = Grid::of(columns.collect(), (0..values(designs).len()).map(row).collect());
        Section::titled(&format!("Mean downtime of {journey}, {population}"), grid)
    };
    subjects(designs).into_iter().map(section).collect()
}

/// Journeys of populations whose downtime is not the same throughout.
fn subjects<'s>(designs: &[(&'s str, &'s Sweep)]) -> Vec<(&'s str, &'s str)> {
    let mut all: Vec<((&str, &str), Vec<f64>)> = Vec::new();
    for found in designs.iter().flat_map(|(_, sweep)| sweep.points.iter().flat_map(|point| &point.figures)) {
        let name = (found.journey.as_str(), found.population.as_str());
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, means)) => means.push(found.down_s.mean),
            None => all.push((name, vec![found.down_s.mean])),
        }
    }
    let differs = |means: &[f64]| means.windows(2).any(|pair| pair.first() != pair.last());
    all.into_iter().filter(|(_, means)| differs(means)).map(|(name, _)| name).collect()
}

fn values<'s>(designs: &[(&'s str, &'s Sweep)]) -> &'s [String] {
    designs.first().and_then(|(_, sweep)| sweep.parameters.first()).map_or(&[], |p| p.values.as_slice())
}

fn figure<'s>(sweep: &'s Sweep, place: usize, of: (&str, &str)) -> Option<&'s PointFigure> {
    let point: &SweepPoint = sweep.points.iter().find(|point| point.places.first() == Some(&place))?;
    point.figures.iter().find(|found| (found.journey.as_str(), found.population.as_str()) == of)
}

/// The designs with the least mean downtime at a value.
fn least<'s>(designs: &[(&'s str, &'s Sweep)], place: usize, of: (&str, &str)) -> Vec<&'s str> {
    let means =
        || designs.iter().filter_map(|(name, sweep)| Some((*name, figure(sweep, place, of)?.down_s.mean)));
    let lowest = means().map(|(_, mean)| mean).fold(f64::INFINITY, f64::min);
    means().filter(|(_, mean)| *mean <= lowest).map(|(name, _)| name).collect()
}
