//! A sweep: downtime against the values of one parameter, or a map of two.

mod curve;
mod design_maps;
mod designs;
mod map;

pub use design_maps::DesignMaps;
pub use designs::SweptDesigns;

use super::{PlotError, Theme};
use crate::study::{PointFigure, Sweep, SweepPoint};
use crate::units::show_counted;

/// The picture of a sweep: lines with bands for one parameter, a map with values for two.
///
/// # Errors
/// [`PlotError`] if it cannot be drawn.
pub fn sweep_picture(sweep: &Sweep, theme: Theme) -> Result<String, PlotError> {
    match sweep.parameters.as_slice() {
        [first, second] => map::picture(sweep, (first, second), theme),
        _ => curve::picture(sweep, theme),
    }
}

/// A journey of a population, with its figures at each point that has them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subject<'s> {
    pub(super) label: String,
    pub(super) at: Vec<(&'s SweepPoint, &'s PointFigure)>,
}

/// The journeys of a sweep in the order in which its points first have them.
pub(super) fn subjects(sweep: &Sweep) -> Vec<Subject<'_>> {
    let mut all: Vec<Subject<'_>> = Vec::new();
    for point in &sweep.points {
        for figure in &point.figures {
            let label = format!("{}, {}", figure.journey, figure.population);
            match all.iter_mut().find(|subject| subject.label == label) {
                Some(subject) => subject.at.push((point, figure)),
                None => all.push(Subject { label, at: vec![(point, figure)] }),
            }
        }
    }
    all
}

/// Where the numbers come from.
fn source(sweep: &Sweep, note: &str) -> String {
    let replications = show_counted(sweep.replications, "replication");
    format!("{replications} a point on common random numbers, seed {}{note}", sweep.seed)
}

/// "3 more journeys not shown"
fn left_out(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 more journey not shown".to_owned(),
        more => format!("{more} more journeys not shown"),
    }
}
