//! Paired differences of downtime: each design against the baseline, journey by journey, with intervals and verdicts.

use plotters::style::RGBColor;

use super::canvas::{Anchor, Canvas, HEADER, paint};
use super::legend::{Legend, Mark};
use super::rows::{BEGIN, LABEL_END, SCALE, Scale, rule};
use super::signed_ticks::{AxisUnit, Stretch, signed, told};
use super::style::{MARGIN, PLAIN, Palette, ROW_TITLE, WIDTH, fill, stroke, text_width};
use super::text::{clean, shortened};
use super::ticks::Tick;
use super::{Picture, PlotError, Theme};
use crate::study::{Comparison, Constant, Difference, Quantity, Verdict};
use crate::units::{show_count, show_counted, show_percent, show_span};

const TITLE: &str = "How much downtime does each design save?";
/// Room for what is printed right of the scale.
const VALUES: f64 = 240.0;
/// Rows that are shown; the rest is counted.
const MOST_ROWS: usize = 60;
/// Rows that a page of paper holds.
const PAGE_ROWS: usize = 24;
/// Room for a note under the axis.
const NOTE: f64 = 26.0;
/// How high the name of a design is, and what stands under it.
const HEAD: f64 = 36.0;
const ROW: f64 = 46.0;
/// If the largest difference is so many times the smallest, the axis is stretched.
const FAR: f64 = 30.0;

/// Differences as they are drawn, design by design.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences {
    baseline: String,
    source: String,
    rows: Vec<Row>,
    /// What the axis shows: of all rows, also where they stand on several pictures.
    axis: Axis,
    /// Differences that are exactly 0 in every replication.
    equal: usize,
    /// Further ones that are not shown.
    more: usize,
}

/// The axis of all differences.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    /// Seconds.
    range: (f64, f64),
    stretch: Option<Stretch>,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    design: String,
    journey: String,
    population: String,
    /// Seconds; negative is less downtime.
    mean: f64,
    /// `None` where few replications differ.
    interval: Option<(f64, f64)>,
    verdict: Verdict,
    constant: Option<Constant>,
}

impl Differences {
    /// The picture of a comparison.
    #[must_use]
    pub fn of(comparison: &Comparison) -> Self {
        let mut all = Self::whole(comparison);
        all.more = all.rows.len().saturating_sub(MOST_ROWS);
        all.rows.truncate(MOST_ROWS);
        all.axis = Axis::of(&all.rows);
        all
    }

    /// All differences on as many pictures as let a page hold each, with the same axis; what is said of those that are not shown
    /// stands under the last.
    #[must_use]
    pub fn pages(comparison: &Comparison) -> Vec<Self> {
        let all = Self::whole(comparison);
        let mut pages: Vec<Vec<Row>> = vec![Vec::new()];
        for of_design in all.rows.chunk_by(|a, b| a.design == b.design) {
            for part in of_design.chunks(PAGE_ROWS) {
                match pages.last_mut() {
                    Some(page) if page.len() + part.len() <= PAGE_ROWS => page.extend_from_slice(part),
                    _ => pages.push(part.to_vec()),
                }
            }
        }
        let last = pages.len().saturating_sub(1);
        let page = |(number, rows): (usize, Vec<Row>)| Self {
            rows,
            equal: if number == last { all.equal } else { 0 },
            ..all.clone()
        };
        pages.into_iter().enumerate().map(page).collect()
    }

    fn whole(comparison: &Comparison) -> Self {
        let down = || {
            let all =
                comparison.designs.iter().flat_map(|d| d.differences.iter().map(move |x| (&d.design, x)));
            all.filter(|(_, difference)| difference.figure == Quantity::Down)
        };
        let is_equal = |difference: &Difference| difference.verdict == Verdict::Equal;
        let rows: Vec<Row> = down()
            .filter(|(_, difference)| !is_equal(difference))
            .map(|(design, d)| row(design, d))
            .collect();
        Self {
            baseline: format!("baseline: {}", comparison.baseline),
            source: format!(
                "{} replications each on common random numbers, seed {}; {} intervals",
                show_count(comparison.replications),
                comparison.seed,
                show_percent(comparison.confidence)
            ),
            axis: Axis::of(&rows),
            rows,
            equal: down().filter(|(_, difference)| is_equal(difference)).count(),
            more: 0,
        }
    }

    /// As SVG.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn svg(&self, theme: Theme) -> Result<String, PlotError> {
        Ok(self.picture(theme)?.svg)
    }

    /// As a picture, whose values can be pointed at.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn picture(&self, theme: Theme) -> Result<Picture, PlotError> {
        let palette = Palette::of(theme);
        let mark =
            |verdict: Verdict, text: &str| (Mark::Line(color(&palette, verdict), 4.0, None), text.to_owned());
        let mut marks = vec![
            mark(Verdict::Better, "better"),
            mark(Verdict::Worse, "worse"),
            mark(Verdict::NotDetected, "no difference detected"),
        ];
        if self.rows.iter().any(|row| row.interval.is_none() && row.constant.is_none()) {
            marks.push((Mark::Disc(stroke(palette.faint, 2.0)), "few events, no interval".to_owned()));
        }
        let legend = Legend::new(marks)?;
        let top = HEADER + legend.height + 8.0;
        let (places, bottom) = self.places(top);
        let Axis { range: (low, high), stretch } = self.axis;
        let at = |seconds: f64| stretch.map_or(seconds, |stretch| stretch.at(seconds));
        let room = 0.03 * (at(high) - at(low));
        let range = (at(low) - room, at(high) + room);
        let scale = Scale { place: (BEGIN, WIDTH - MARGIN - VALUES), range, rows: (top, bottom) };
        let drawn = paint(bottom + SCALE + NOTE, theme, TITLE, |canvas| {
            canvas.heading([TITLE, &self.baseline, &self.source])?;
            legend.draw(canvas, HEADER)?;
            if self.rows.is_empty() {
                let at = (0.5 * WIDTH, 0.5 * (top + bottom));
                let text = "No difference in downtime in any replication.";
                return canvas.text(text, PLAIN, palette.ink, at, Anchor::Middle);
            }
            scale.draw(canvas, &ticks(&scale, stretch)?, &axis_name(stretch))?;
            let zero = scale.at(0.0);
            canvas.line([(zero, top), (zero, bottom)], stroke(palette.ink, 1.5))?;
            let mut before = "";
            for (row, y) in self.rows.iter().zip(places) {
                if row.design != before {
                    let head = y - 0.5 * ROW - HEAD;
                    rule(canvas, head)?;
                    let name = shortened(&row.design, ROW_TITLE, WIDTH - 2.0 * MARGIN)?;
                    // No line of the scale goes through a long name.
                    let end = MARGIN + text_width(&name, ROW_TITLE)? + 4.0;
                    canvas.rectangle(
                        (MARGIN, head + 4.0),
                        (end, head + HEAD - 4.0),
                        fill(palette.page, 1.0),
                    )?;
                    canvas.text(&name, ROW_TITLE, palette.ink, (MARGIN, head + 0.5 * HEAD), Anchor::Right)?;
                    before = &row.design;
                }
                draw_row(canvas, &scale, row, y, &at)?;
            }
            rule(canvas, bottom)?;
            let at = (MARGIN, bottom + SCALE + 8.0);
            canvas.text(&self.note(), PLAIN, palette.faint, at, Anchor::Right)
        })?;
        Ok(drawn.named("differences"))
    }

    /// The middle of each row, and where they end.
    fn places(&self, top: f64) -> (Vec<f64>, f64) {
        let (mut y, mut before) = (top, "");
        let mut places = Vec::new();
        for row in &self.rows {
            if row.design != before {
                y += HEAD;
                before = &row.design;
            }
            places.push(y + 0.5 * ROW);
            y += ROW;
        }
        (places, y.max(top + ROW))
    }

    fn note(&self) -> String {
        let mut notes = Vec::new();
        if self.equal > 0 {
            let count = show_counted(self.equal as u64, "difference");
            notes.push(format!("{count} 0 in every replication: not shown"));
        }
        if self.more > 0 {
            notes.push(format!("{} more not shown", show_count(self.more as u64)));
        }
        notes.join("; ")
    }
}

impl Axis {
    fn of(rows: &[Row]) -> Self {
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        for row in rows {
            let (from, to) = row.interval.unwrap_or((row.mean, row.mean));
            (low, high) = (low.min(from).min(row.mean), high.max(to).max(row.mean));
        }
        Self { range: if high > low { (low, high) } else { (-1.0, 1.0) }, stretch: Self::stretch(rows) }
    }

    /// How the axis is stretched; not where all differences are of about one size.
    fn stretch(rows: &[Row]) -> Option<Stretch> {
        let sizes = || rows.iter().map(|row| row.mean.abs()).filter(|size| *size > 0.0);
        let (least, most) = (sizes().fold(f64::INFINITY, f64::min), sizes().fold(0.0, f64::max));
        (most > FAR * least).then(|| Stretch { near: least.clamp(1.0, 3_600.0) })
    }
}

impl Row {
    /// The row in words, with the difference as the results hold it.
    fn told(&self) -> String {
        let Self { design, journey, population, mean, .. } = self;
        let verdict = verdict_words(self.verdict);
        let (value, note) = self.value();
        format!(
            "{design}, {journey}, {population}: {value} of downtime ({note}), {verdict}; exactly {mean} s"
        )
    }

    fn value(&self) -> (String, String) {
        let (value, note) = value(self.mean, self.interval);
        match self.constant {
            Some(constant) => (value, constant_words(constant).to_owned()),
            None => (value, note),
        }
    }
}

/// A difference of seconds with its sign, and how sure it is.
pub(super) fn value(mean: f64, interval: Option<(f64, f64)>) -> (String, String) {
    let sign = if mean > 0.0 { "+" } else { "" };
    let (value, note) = match interval {
        Some(interval) => told(mean, interval),
        None => (show_span(mean * 1e6), "few events".to_owned()),
    };
    (format!("{sign}{value}"), note)
}

const fn constant_words(constant: Constant) -> &'static str {
    match constant {
        Constant::Certain => "exact",
        Constant::Seen => "always the same",
    }
}

pub(super) const fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::NotDetected => "no difference detected",
        Verdict::Equal => "no difference",
    }
}

fn row(design: &str, difference: &Difference) -> Row {
    Row {
        design: design.to_owned(),
        journey: difference.journey.clone(),
        population: difference.population.clone(),
        mean: difference.difference.mean,
        interval: difference.difference.interval.map(|i| (i.low, i.high)),
        verdict: difference.verdict,
        constant: difference.constant,
    }
}

pub(super) const fn color(palette: &Palette, verdict: Verdict) -> RGBColor {
    match verdict {
        Verdict::Better => palette.main,
        Verdict::Worse => palette.second,
        Verdict::NotDetected | Verdict::Equal => palette.faint,
    }
}

fn ticks(scale: &Scale, stretch: Option<Stretch>) -> Result<Vec<Tick>, PlotError> {
    let length = scale.place.1 - scale.place.0;
    match stretch {
        Some(stretch) => stretch.times(scale.range, length),
        None => signed(scale.range, length, AxisUnit::Seconds),
    }
}

fn axis_name(stretch: Option<Stretch>) -> String {
    let stretched = if stretch.is_some() { " (logarithmic except near 0)" } else { "" };
    format!("downtime per replication, design - baseline{stretched}")
}

/// The journey and its population in one line, or in two if that has no room.
fn draw_label(canvas: &Canvas<'_>, row: &Row, y: f64) -> Result<(), PlotError> {
    let Palette { ink, faint, .. } = canvas.palette;
    let (x, room) = (MARGIN + 16.0, LABEL_END - MARGIN - 16.0);
    let both = clean(&format!("{} {}", row.journey, row.population));
    if text_width(&both, PLAIN)? <= room {
        return canvas.text(&both, PLAIN, ink, (x, y), Anchor::Right);
    }
    canvas.text(&shortened(&row.journey, PLAIN, room)?, PLAIN, ink, (x, y - 10.0), Anchor::Right)?;
    canvas.text(&shortened(&row.population, PLAIN, room)?, PLAIN, faint, (x, y + 10.0), Anchor::Right)
}

fn draw_row(
    canvas: &Canvas<'_>,
    scale: &Scale,
    row: &Row,
    y: f64,
    on_axis: &impl Fn(f64) -> f64,
) -> Result<(), PlotError> {
    let Palette { ink, faint, .. } = canvas.palette;
    let color = color(&canvas.palette, row.verdict);
    canvas.spot((MARGIN, y - 0.5 * ROW), (WIDTH - MARGIN, y + 0.5 * ROW), row.told());
    draw_label(canvas, row, y)?;
    let x = scale.at(on_axis(row.mean));
    if let Some((low, high)) = row.interval {
        let (low, high) = (scale.at(on_axis(low)), scale.at(on_axis(high)));
        canvas.line([(low, y), (high, y)], stroke(color, 4.0))?;
        for end in [low, high] {
            canvas.line([(end, y - 7.0), (end, y + 7.0)], stroke(color, 2.0))?;
        }
        canvas.disc((x, y), 5.5, fill(color, 1.0))?;
    } else if row.constant.is_some() {
        canvas.disc((x, y), 5.5, fill(color, 1.0))?;
    } else {
        // Hollow: nobody knows how far off it is.
        canvas.disc((x, y), 5.5, stroke(color, 2.0))?;
    }
    let at = WIDTH - MARGIN - VALUES + 18.0;
    let words = match row.verdict {
        Verdict::Better => ", better",
        Verdict::Worse => ", worse",
        Verdict::NotDetected | Verdict::Equal => "",
    };
    let (value, note) = row.value();
    canvas.text(&format!("{value}{words}"), PLAIN, ink, (at, y - 10.0), Anchor::Right)?;
    canvas.text(&note, PLAIN, faint, (at, y + 10.0), Anchor::Right)
}
