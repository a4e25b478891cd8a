//! Downtime of several designs against the values of one parameter: a picture for each journey of a population.

use super::curve::{Curves, Line, MOST_LINES, line_of};
use super::subjects;
use crate::plot::names::stem;
use crate::plot::{Picture, PlotError, Theme};
use crate::study::Sweep;

/// A journey of a population, with what each design does at each value.
#[derive(Debug, Clone, PartialEq)]
pub struct SweptDesigns<'s> {
    /// The journey.
    pub journey: &'s str,
    /// Whose.
    pub population: &'s str,
    /// Values, replications and seed.
    sweep: &'s Sweep,
    lines: Vec<Line>,
}

impl<'s> SweptDesigns<'s> {
    /// What changes over the values or between the designs, by journey and population; `designs` with their names.
    #[must_use]
    pub fn of(designs: &[(&str, &'s Sweep)]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (name, sweep) in designs {
            for subject in subjects(sweep) {
                let Some((_, figure)) = subject.at.first() else { continue };
                let line = line_of(name, sweep, &subject);
                let (journey, population) = (figure.journey.as_str(), figure.population.as_str());
                let same = |one: &&mut Self| one.journey == journey && one.population == population;
                match all.iter_mut().find(same) {
                    Some(one) => one.lines.push(line),
                    None => all.push(Self { journey, population, sweep, lines: vec![line] }),
                }
            }
        }
        all.retain(Self::changes);
        all
    }

    /// Lines that lie on each other throughout as one, under the name of the first.
    fn distinct(&self) -> Vec<Line> {
        let mut all: Vec<(Line, usize)> = Vec::new();
        for line in &self.lines {
            match all.iter_mut().find(|(known, _)| known.points == line.points) {
                Some((_, alike)) => *alike += 1,
                None => all.push((line.clone(), 0)),
            }
        }
        let named = |(line, alike): (Line, usize)| match alike {
            0 => line,
            1 => Line { label: format!("{}, 1 design alike", line.label), ..line },
            more => Line { label: format!("{}, {more} designs alike", line.label), ..line },
        };
        all.into_iter().map(named).collect()
    }

    /// True unless all points of all lines are the same.
    fn changes(&self) -> bool {
        let mut means = self.lines.iter().flat_map(|line| line.points.iter().map(|dot| dot.mean));
        let first = means.next();
        means.any(|mean| Some(mean) != first)
    }

    /// As a picture, with a line for each design.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn picture(&self, theme: Theme) -> Result<Picture, PlotError> {
        let of = format!("{}, {}", self.journey, self.population);
        let mut lines = self.distinct();
        let left_out = match lines.len().saturating_sub(MOST_LINES) {
            0 => String::new(),
            1 => "1 more line is in the table".to_owned(),
            more => format!("{more} more lines are in the table"),
        };
        lines.truncate(MOST_LINES);
        let curves = Curves {
            title: "How does downtime of the designs change?".to_owned(),
            of: &of,
            sweep: self.sweep,
            lines,
            left_out,
        };
        Ok(curves.draw(theme)?.named(stem("sweep", &of)))
    }
}
