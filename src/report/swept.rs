//! Several designs at the values of one or two parameters: which of them has surely less downtime than the baseline, and where.

use super::grid::{Cell, Column, Grid};
use super::sheet::Section;
use super::skewed::skew_note;
use super::table::mean_seconds;
use crate::study::{DesignSweeps, Difference, PointFigure, Sweep, SweepParameter, SweepPoint, Verdict};
use crate::units::show_counted;

/// A journey and whose it is.
type Subject<'s> = (&'s str, &'s str);

/// For each journey, at which values which designs have surely less downtime than the baseline, or more. `designs` are their
/// names, the baseline left out.
#[must_use]
pub fn swept_sentences(designs: &[&str], swept: &DesignSweeps) -> Vec<String> {
    subjects(swept).into_iter().flat_map(|of| sentences_of(designs, swept, of)).collect()
}

/// A sentence for all designs of which the same can be said; none for those that do not differ from the baseline at all.
fn sentences_of(designs: &[&str], swept: &DesignSweeps, of: Subject<'_>) -> Vec<String> {
    let mut told: Vec<(Vec<&str>, Vec<Option<Verdict>>)> = Vec::new();
    for (place, name) in designs.iter().enumerate() {
        let at = |point| verdict(swept, point, place + 1, of);
        let verdicts: Vec<_> = (0..points(swept).len()).map(at).collect();
        match told.iter_mut().find(|(_, known)| *known == verdicts) {
            Some((names, _)) => names.push(name),
            None => told.push((vec![name], verdicts)),
        }
    }
    told.retain(|(_, verdicts)| verdicts.iter().flatten().any(|verdict| *verdict != Verdict::Equal));
    let sentence = |(names, verdicts): (Vec<&str>, Vec<Option<Verdict>>)| {
        let parts = match parameters(swept) {
            [parameter] => stretches(parameter, &verdicts),
            _ => counts(&verdicts),
        };
        format!("With {}, downtime of {}, {} is {}.", names.join(" and "), of.0, of.1, parts.join("; "))
    };
    told.into_iter().map(sentence).collect()
}

/// "less than in the baseline from 1m to 5m", value after value.
fn stretches(parameter: &SweepParameter, verdicts: &[Option<Verdict>]) -> Vec<String> {
    let values = || parameter.values.iter().map(String::as_str);
    let known: Vec<(&str, Verdict)> =
        values().zip(verdicts).filter_map(|(value, verdict)| Some((value, (*verdict)?))).collect();
    let all: Vec<_> = known.chunk_by(|a, b| a.1 == b.1).collect();
    let only = all.len() == 1;
    let stretch = |stretch: &[(&str, Verdict)]| {
        let (Some((from, verdict)), Some((to, _))) = (stretch.first(), stretch.last()) else {
            return String::new();
        };
        let place = match (only, from == to) {
            (true, _) => "at all values".to_owned(),
            (false, true) => format!("at {from}"),
            (false, false) => format!("from {from} to {to}"),
        };
        format!("{} {place}", words(*verdict))
    };
    all.into_iter().map(stretch).collect()
}

/// "less than in the baseline at 12 of 20 points"
fn counts(verdicts: &[Option<Verdict>]) -> Vec<String> {
    let points = show_counted(verdicts.len() as u64, "point");
    let count = |wanted: Verdict| verdicts.iter().filter(|verdict| **verdict == Some(wanted)).count();
    let kinds = [Verdict::Better, Verdict::Worse, Verdict::NotDetected, Verdict::Equal];
    let part = |kind| match count(kind) {
        0 => None,
        all if all == verdicts.len() => Some(format!("{} at all {points}", words(kind))),
        some => Some(format!("{} at {some} of {points}", words(kind))),
    };
    kinds.into_iter().filter_map(part).collect()
}

const fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "less than in the baseline",
        Verdict::Worse => "more than in the baseline",
        Verdict::NotDetected => "not told from that of the baseline",
        Verdict::Equal => "the same as in the baseline",
    }
}

/// For each journey a table: a row for each point, a column for each design; `designs` are their names, the baseline left out.
#[must_use]
pub fn swept_sections(designs: &[&str], swept: &DesignSweeps) -> Vec<Section> {
    let short = |parameter: &SweepParameter| parameter.short_name().to_owned();
    let names: Vec<String> = parameters(swept).iter().map(short).collect();
    let section = |of: Subject<'_>| {
        let columns = [Column::names(&names.join(", ")), Column::values("baseline")]
            .into_iter()
            .chain(designs.iter().map(|name| Column::values(name)));
        let row = |(number, point): (usize, &SweepPoint)| {
            let value: Cell = point.values.join(", ").into();
            let cell = |(design, sweep): (usize, &Sweep)| {
                let verdict = verdict(swept, number, design, of);
                figure(sweep, number, of)
                    .map_or_else(|| "-".to_owned().into(), |figure| told(figure, verdict))
            };
            std::iter::once(value).chain(swept.sweeps.iter().enumerate().map(cell)).collect::<Vec<Cell>>()
        };
        let grid = Grid::of(columns.collect(), points(swept).iter().enumerate().map(row).collect());
        let notes = skewed(designs, swept, of).into_iter().collect();
        Section { notes, ..Section::titled(&format!("Mean downtime of {}, {}", of.0, of.1), grid) }
    };
    subjects(swept).into_iter().map(section).collect()
}

/// One line on points at which the interval of downtime may be too narrow.
fn skewed(designs: &[&str], swept: &DesignSweeps, of: Subject<'_>) -> Option<String> {
    let names = std::iter::once("baseline").chain(designs.iter().copied());
    let points = names.zip(&swept.sweeps).flat_map(|(name, sweep)| {
        sweep.points.iter().enumerate().filter_map(move |(number, point)| {
            let figure = figure(sweep, number, of)?;
            Some((format!("{name} at {}", point.values.join(", ")), &figure.down_s))
        })
    });
    skew_note(points)
}

/// "2.4 h, less": the mean, and how it stands to that of the baseline.
fn told(figure: &PointFigure, verdict: Option<Verdict>) -> Cell {
    let mean = mean_seconds(&figure.down_s);
    let text = match verdict {
        Some(Verdict::Better) => format!("{mean}, less"),
        Some(Verdict::Worse) => format!("{mean}, more"),
        Some(Verdict::Equal) => format!("{mean}, same"),
        Some(Verdict::NotDetected) | None => mean,
    };
    Cell::value(text, figure.down_s.mean, "s")
}

/// Journeys of populations whose downtime is not the same throughout.
fn subjects(swept: &DesignSweeps) -> Vec<Subject<'_>> {
    let mut all: Vec<(Subject<'_>, Vec<f64>)> = Vec::new();
    let figures = swept.sweeps.iter().flat_map(|sweep| &sweep.points).flat_map(|point| &point.figures);
    for found in figures {
        let name = (found.journey.as_str(), found.population.as_str());
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, means)) => means.push(found.down_s.mean),
            None => all.push((name, vec![found.down_s.mean])),
        }
    }
    let differs = |means: &[f64]| means.windows(2).any(|pair| pair.first() != pair.last());
    all.into_iter().filter(|(_, means)| differs(means)).map(|(name, _)| name).collect()
}

fn parameters(swept: &DesignSweeps) -> &[SweepParameter] {
    swept.sweeps.first().map_or(&[], |sweep| sweep.parameters.as_slice())
}

fn points(swept: &DesignSweeps) -> &[SweepPoint] {
    swept.sweeps.first().map_or(&[], |sweep| sweep.points.as_slice())
}

/// The figures of a journey at the point of this number.
fn figure<'s>(sweep: &'s Sweep, point: usize, of: Subject<'_>) -> Option<&'s PointFigure> {
    let figures = &sweep.points.get(point)?.figures;
    figures.iter().find(|found| (found.journey.as_str(), found.population.as_str()) == of)
}

/// How a design stands to the baseline at the point of this number.
fn verdict(swept: &DesignSweeps, point: usize, design: usize, of: Subject<'_>) -> Option<Verdict> {
    let all = swept.differences.get(point)?.get(design.checked_sub(1)?)?;
    let is_it = |found: &&Difference| (found.journey.as_str(), found.population.as_str()) == of;
    all.iter().find(is_it).map(|difference| difference.verdict)
}
