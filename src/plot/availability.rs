//! Availability of each journey and population with its interval, on a scale of nines, against the objective.

use super::canvas::{Anchor, Canvas, HEADER, paint};
use super::groups::{Page, paged};
use super::legend::{Legend, Mark};
use super::rows::{BEGIN, MOST_ROWS, ROW, SCALE, Scale, label, middle, rule};
use super::style::{MARGIN, PLAIN, Palette, THIN_DASH, WIDTH, fill, stroke};
use super::ticks::{Candidate, Tick, choose};
use super::{Picture, PlotError, Theme};
use crate::study::{JourneySummary, Summary};
use crate::units::show_percent;

const TITLE: &str = "How available is each journey?";
/// Where values are printed, right of the scale.
const VALUES: f64 = 230.0;
/// More nines than this are beyond any run.
const MOST_NINES: f64 = 9.0;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) journey: String,
    pub(super) population: String,
    /// 1 - mean downtime / horizon.
    pub(super) availability: f64,
    /// Its interval; `None` where few replications had any downtime.
    pub(super) interval: Option<(f64, f64)>,
    pub(super) objective: Option<f64>,
    /// What is printed beside it: the availability, and how sure it is.
    pub(super) value: String,
    pub(super) note: String,
}

/// What the pictures show: a row for each journey of a population.
pub(super) fn rows(summary: &Summary) -> Vec<Row> {
    summary.journeys.iter().map(|journey| row(journey, summary.horizon_s)).collect()
}

fn row(journey: &JourneySummary, horizon_s: f64) -> Row {
    let up = |down_s: f64| (1.0 - down_s / horizon_s).clamp(0.0, 1.0);
    let interval = journey.down_s.interval.map(|i| (up(i.high), up(i.low)));
    let note = match interval {
        _ if journey.down_s.non_zero == 0 => "no downtime seen".to_owned(),
        Some((low, high)) => {
            let decimals = decimals(high - low);
            format!("{:.decimals$} to {:.decimals$} %", 100.0 * low, 100.0 * high)
        }
        None => "few events, no interval".to_owned(),
    };
    let value = match interval {
        Some((low, high)) => format!("{:.*} %", decimals(high - low), 100.0 * journey.availability),
        None => show_percent(journey.availability),
    };
    Row {
        journey: journey.journey.clone(),
        population: journey.population.clone(),
        availability: journey.availability,
        interval,
        objective: journey.objective,
        value,
        note,
    }
}

/// Decimals of a percentage that leave two digits of the width of its interval.
fn decimals(width: f64) -> usize {
    if width <= 0.0 {
        return 1;
    }
    (1.0 - libm::floor(libm::log10(100.0 * width))).clamp(0.0, 9.0) as usize
}

/// Availability of all journeys.
pub(super) fn draw(summary: &Summary, theme: Theme) -> Result<Vec<Picture>, PlotError> {
    let rows = rows(summary);
    paged(&rows, MOST_ROWS).iter().map(|page| picture(summary, page, theme)).collect()
}

fn picture(summary: &Summary, page: &Page<'_, Row>, theme: Theme) -> Result<Picture, PlotError> {
    let palette = Palette::of(theme);
    let legend = Legend::new(vec![
        (Mark::Line(palette.main, 3.0, None), "mean with its interval".to_owned()),
        (Mark::Line(palette.second, 2.5, Some(THIN_DASH)), "objective".to_owned()),
    ])?;
    let top = HEADER + legend.height + 8.0;
    let bottom = top + ROW * page.items.len() as f64;
    let title = format!("{TITLE}{}", page.note());
    let place = (BEGIN, WIDTH - MARGIN - VALUES);
    let scale = Scale { place, range: range(page.items), rows: (top, bottom) };
    let drawn = paint(bottom + SCALE, theme, &title, |canvas| {
        let confidence = show_percent(summary.confidence);
        canvas.header(&title, summary, &format!("; {confidence} intervals"))?;
        legend.draw(canvas, HEADER)?;
        scale.draw(canvas, &ticks(&scale)?, "share of time in which the journey is not down")?;
        for (index, row) in page.items.iter().enumerate() {
            rule(canvas, top + ROW * index as f64)?;
            draw_row(canvas, &scale, row, middle(top, index))?;
        }
        rule(canvas, bottom)
    })?;
    Ok(drawn.named("availability"))
}

/// How many nines a share has: 99.9 % has 3.
fn nines(share: f64) -> f64 {
    (-libm::log10((1.0 - share).max(0.0))).clamp(0.0, MOST_NINES)
}

/// From below the smallest to above the largest, in nines; at least one and a half.
fn range(rows: &[Row]) -> (f64, f64) {
    let of = |row: &Row| {
        let ends = row.interval.map_or([row.availability; 2], |(low, high)| [low, high]);
        ends.into_iter().chain(row.objective).filter(|a| *a < 1.0).map(nines).collect::<Vec<_>>()
    };
    let all: Vec<f64> = rows.iter().flat_map(of).collect();
    let low = all.iter().copied().fold(MOST_NINES, f64::min);
    let high = all.iter().copied().fold(0.0, f64::max);
    if all.is_empty() {
        return (0.0, 4.0);
    }
    let low = (low - 0.3).max(0.0);
    (low, (high + 0.3).max(low + 1.5))
}

/// Whole nines first, then what lies between them.
fn ticks(scale: &Scale) -> Result<Vec<Tick>, PlotError> {
    let mut candidates = vec![Candidate { tick: Tick::new(0.0, "0 %"), level: 0 }];
    for decade in 0..9 {
        let unit = libm::pow(10.0, -f64::from(decade));
        for (missing, level) in [(0.1, 0), (0.5, 1), (0.2, 2)] {
            let share = 1.0 - missing * unit;
            let decimals = usize::try_from(decade - 1).unwrap_or(0);
            let label = format!("{:.decimals$} %", 100.0 * share);
            candidates.push(Candidate { tick: Tick::new(nines(share), label), level });
        }
    }
    choose(candidates, scale.range, scale.place.1 - scale.place.0, |width| width + 14.0)
}

/// The row in words, with the availability as the results hold it.
fn told(row: &Row) -> String {
    let objective = row.objective.map_or(String::new(), |o| format!("; objective {}", show_percent(o)));
    let Row { journey, population, value, note, availability, .. } = row;
    format!(
        "{journey}, {population}: available {value} of the time ({note}){objective}; exactly {availability}"
    )
}

fn draw_row(canvas: &Canvas<'_>, scale: &Scale, row: &Row, y: f64) -> Result<(), PlotError> {
    canvas.spot((MARGIN, y - 0.5 * ROW), (WIDTH - MARGIN, y + 0.5 * ROW), told(row));
    let Palette { main, second, faint, ink, .. } = canvas.palette;
    label(canvas, y, [&row.journey, &row.population])?;
    if let Some(objective) = row.objective {
        let x = scale.at(nines(objective));
        canvas.dashes([(x, y - 20.0), (x, y + 20.0)], stroke(second, 2.5), Some(THIN_DASH))?;
    }
    let x = scale.at(nines(row.availability));
    if let Some((low, high)) = row.interval {
        let (from, to) = (scale.at(nines(low)), scale.at(nines(high)));
        canvas.line([(from, y), (to, y)], stroke(main, 3.0))?;
        for end in [from, to] {
            canvas.line([(end, y - 7.0), (end, y + 7.0)], stroke(main, 2.0))?;
        }
    }
    if row.availability >= 1.0 {
        // Better than the scale can show.
        let right = scale.place.1;
        let tip = [(right - 12.0, y - 7.0), (right, y), (right - 12.0, y + 7.0)];
        canvas.polygon(&tip, fill(main, 1.0))?;
    } else if row.interval.is_some() {
        canvas.disc((x, y), 5.0, fill(main, 1.0))?;
    } else {
        // Hollow: nobody knows how far off it is.
        canvas.disc((x, y), 5.0, stroke(main, 2.0))?;
    }
    let at = WIDTH - MARGIN - VALUES + 18.0;
    canvas.text(&row.value, PLAIN, ink, (at, y - 10.0), Anchor::Right)?;
    canvas.text(&row.note, PLAIN, faint, (at, y + 10.0), Anchor::Right)
}
