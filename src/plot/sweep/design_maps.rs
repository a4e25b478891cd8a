//! Designs beside the baseline at the values of two parameters: where which of them is better.

use super::map::{FOOT, Layout, Look, MOST_PANELS};
use crate::plot::canvas::{HEADER, paint};
use crate::plot::differences::{self, color, verdict_words};
use crate::plot::legend::{Legend, Mark};
use crate::plot::names::stem;
use crate::plot::style::{Palette, fill};
use crate::plot::text::clean;
use crate::plot::{Picture, PlotError, Theme};
use crate::study::{DesignSweeps, Difference, Sweep, SweepParameter, Verdict};
use crate::units::{show_counted, show_percent, show_span};

const TITLE: &str = "Where is which design better?";

/// Differences of downtime of a journey of a population from the baseline, a panel for each design.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignMaps<'s> {
    /// The journey.
    pub journey: &'s str,
    /// Whose.
    pub population: &'s str,
    baseline: &'s Sweep,
    parameters: (&'s SweepParameter, &'s SweepParameter),
    panels: Vec<Panel<'s>>,
    /// Seconds.
    largest: f64,
}

/// A design.
#[derive(Debug, Clone, PartialEq)]
struct Panel<'s> {
    design: &'s str,
    /// By value of the first parameter, then of the second.
    cells: Vec<Vec<Option<&'s Difference>>>,
}

impl<'s> DesignMaps<'s> {
    /// All of them, with as many panels as one picture holds; nothing of journeys and designs that never differ from the
    /// baseline, or unless there are two parameters. `designs` are the names, the baseline left out.
    #[must_use]
    pub fn of(designs: &[&'s str], swept: &'s DesignSweeps) -> Vec<Self> {
        let Some(baseline) = swept.sweeps.first() else { return Vec::new() };
        let [first, second] = baseline.parameters.as_slice() else { return Vec::new() };
        let usages: Vec<(&str, &str)> = baseline.points.first().map_or_else(Vec::new, |point| {
            point.figures.iter().map(|figure| (figure.journey.as_str(), figure.population.as_str())).collect()
        });
        let mut all = Vec::new();
        for (journey, population) in usages {
            let panel = |(place, design): (usize, &&'s str)| {
                let cells = cells(swept, place, (first, second), (journey, population));
                Panel { design, cells }
            };
            let panels: Vec<Panel<'_>> =
                designs.iter().enumerate().map(panel).filter(Panel::differs).collect();
            let means = panels.iter().flat_map(Panel::differences).map(|found| found.difference.mean.abs());
            let largest = means.fold(0.0, f64::max);
            all.extend(panels.chunks(MOST_PANELS).map(|panels| Self {
                journey,
                population,
                baseline,
                parameters: (first, second),
                panels: panels.to_vec(),
                largest,
            }));
        }
        all
    }

    /// As a picture, whose values can be pointed at.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn picture(&self, theme: Theme) -> Result<Picture, PlotError> {
        let palette = Palette::of(theme);
        let mark = |verdict, text: &str| (Mark::Band(fill(color(&palette, verdict), 0.6)), text.to_owned());
        let legend = Legend::new(vec![
            mark(Verdict::Better, "better than the baseline"),
            mark(Verdict::Worse, "worse"),
            (Mark::Band(fill(palette.faint, 0.05)), "no difference detected".to_owned()),
            (Mark::Nothing, "stronger colour: more".to_owned()),
        ])?;
        let of = format!("{}, {}", self.journey, self.population);
        let layout = Layout::of(self.parameters);
        let top = HEADER + legend.height + 8.0;
        let height = top + layout.high() * self.panels.len() as f64 + FOOT;
        let drawn = paint(height, theme, TITLE, |canvas| {
            canvas.heading([TITLE, &clean(&of), &self.source()])?;
            legend.draw(canvas, HEADER)?;
            for (number, panel) in self.panels.iter().enumerate() {
                let look = |row: usize, column: usize| {
                    let difference = panel.cells.get(row)?.get(column).copied().flatten()?;
                    Some(self.look(panel.design, difference, [row, column], &palette))
                };
                let horizon = show_span(self.baseline.horizon_s * 1e6);
                let label = format!("{}: downtime in {horizon}, design - baseline", panel.design);
                layout.draw(canvas, top + layout.high() * number as f64, &label, look)?;
            }
            Ok(())
        })?;
        Ok(drawn.named(stem("designs", &of)))
    }

    fn source(&self) -> String {
        let replications = show_counted(self.baseline.replications, "replication");
        let confidence = show_percent(self.baseline.confidence);
        let seed = self.baseline.seed;
        format!("{replications} a point on common random numbers, seed {seed}; {confidence} intervals")
    }

    fn look(&self, design: &str, found: &Difference, places: [usize; 2], palette: &Palette) -> Look {
        let mean = found.difference.mean;
        let is_sure = matches!(found.verdict, Verdict::Better | Verdict::Worse);
        let share = if is_sure && self.largest > 0.0 { mean.abs() / self.largest } else { 0.0 };
        // The least that is sure is still told from what is not.
        let share = if is_sure { 0.2 + 0.8 * share } else { 0.0 };
        let (value, note) = value(found);
        let names = [self.parameters.0, self.parameters.1];
        let at = names.iter().zip(places).filter_map(|(parameter, place)| parameter.values.get(place));
        let at: Vec<&str> = at.map(String::as_str).collect();
        Look {
            cover: (color(palette, found.verdict), share),
            frame: None,
            told: Some(format!(
                "{design} at {}: {value} of downtime ({note}), {}; exactly {mean} s",
                at.join(" and "),
                verdict_words(found.verdict)
            )),
            value,
            note,
        }
    }
}

impl<'s> Panel<'s> {
    fn differences(&self) -> impl Iterator<Item = &'s Difference> {
        self.cells.iter().flatten().copied().flatten()
    }

    fn differs(&self) -> bool {
        self.differences().any(|found| found.verdict != Verdict::Equal)
    }
}

/// The differences of a design, which is the one of this number without the baseline.
fn cells<'s>(
    swept: &'s DesignSweeps,
    design: usize,
    (first, second): (&SweepParameter, &SweepParameter),
    (journey, population): (&str, &str),
) -> Vec<Vec<Option<&'s Difference>>> {
    let columns = second.values.len();
    // The first parameter runs fastest.
    let cell = |row: usize, column: usize| {
        let all = swept.differences.get(column * first.values.len() + row)?.get(design)?;
        all.iter().find(|found| found.journey == journey && found.population == population)
    };
    let row = |row: usize| (0..columns).map(|column| cell(row, column)).collect();
    (0..first.values.len()).map(row).collect()
}

/// The difference with its sign, and how sure it is.
fn value(found: &Difference) -> (String, String) {
    if found.verdict == Verdict::Equal {
        return ("0".to_owned(), "in every replication".to_owned());
    }
    differences::value(found.difference.mean, found.difference.interval.map(|i| (i.low, i.high)))
}
