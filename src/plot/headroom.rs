//! Headroom: how full each unit gets at most, over replications, against its capacity.

use super::canvas::{Anchor, Canvas, HEADER, paint};
use super::groups::{Page, paged};
use super::legend::{Legend, Mark};
use super::rows::{BEGIN, MOST_ROWS, ROW, SCALE, Scale, label, middle, rule};
use super::style::{MARGIN, PLAIN, Palette, THIN_DASH, WIDTH, fill, stroke};
use super::ticks::Tick;
use super::{Picture, PlotError, Theme};
use crate::study::{PeakUtilisation, Summary, UnitLoadSummary};
use crate::units::show_percent;

const TITLE: &str = "How full does each unit get?";
/// Where values are printed, right of the scale.
const VALUES: f64 = 250.0;
const BAR: f64 = 22.0;
const MEDIAN_WIDTH: f64 = 3.0;
const CAPACITY_WIDTH: f64 = 2.0;
/// More than this share of capacity is drawn at the edge; its value is printed.
const MOST: f64 = 4.0;
/// Half the height of the arrow that says so.
const ARROW: f64 = 8.0;
/// The axis shows at least this much.
const LEAST: f64 = 1.1;

/// One row. Shares of capacity.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) unit: String,
    pub(super) note: String,
    /// 5 %, 25 %, 50 %, 75 % and 95 % quantiles of the peak.
    pub(super) peak: [f64; 5],
    /// Median of the peak while something was impaired.
    pub(super) impaired: Option<f64>,
    /// What is printed beside it.
    pub(super) values: [String; 2],
}

/// What the pictures show: a row for each unit with a capacity, the fullest first.
pub(super) fn rows(summary: &Summary) -> Vec<Row> {
    let mut units: Vec<&UnitLoadSummary> = summary.load.iter().flat_map(|load| &load.units).collect();
    units.sort_by(|a, b| b.peak.p50.total_cmp(&a.peak.p50).then(a.unit.cmp(&b.unit)));
    units.into_iter().map(row).collect()
}

fn row(unit: &UnitLoadSummary) -> Row {
    let PeakUtilisation { p5, p25, p50, p75, p95, above_probability, above_interval, .. } = unit.peak;
    let percent = |share: f64| show_percent((share * 1000.0).round() / 1000.0);
    let low = percent(above_interval.low);
    let probability = format!("{} to {}", low.trim_end_matches(" %"), percent(above_interval.high));
    let impaired = unit.peak_impaired.as_ref().map(|peak| peak.p50);
    Row {
        unit: unit.unit.clone(),
        note: impaired.map_or_else(String::new, |p50| format!("while impaired {}", percent(p50))),
        peak: [p5, p25, p50, p75, p95],
        impaired,
        values: [percent(p50), format!("over: {} ({probability})", percent(above_probability))],
    }
}

/// Headroom of all units with a capacity; nothing where there is no load.
pub(super) fn draw(summary: &Summary, theme: Theme) -> Result<Vec<Picture>, PlotError> {
    let rows = rows(summary);
    paged(&rows, MOST_ROWS).iter().map(|page| picture(summary, page, theme)).collect()
}

fn picture(summary: &Summary, page: &Page<'_, Row>, theme: Theme) -> Result<Picture, PlotError> {
    let palette = Palette::of(theme);
    let Palette { main, second, ink, inner, outer, .. } = palette;
    let mut marks = vec![
        (Mark::Line(main, MEDIAN_WIDTH, None), "median of the peak".to_owned()),
        (Mark::Band(fill(main, inner + outer)), "middle 50 % of replications".to_owned()),
        (Mark::Band(fill(main, outer)), "middle 90 %".to_owned()),
        (Mark::Line(second, MEDIAN_WIDTH, None), "median while anything is impaired".to_owned()),
        (Mark::Line(ink, CAPACITY_WIDTH, Some(THIN_DASH)), "capacity".to_owned()),
    ];
    if page.items.iter().any(|row| row.peak[2] > MOST) {
        marks.push((Mark::Arrow(main), "median beyond the axis".to_owned()));
    }
    let legend = Legend::new(marks)?;
    let top = HEADER + legend.height + 30.0;
    let bottom = top + ROW * page.items.len() as f64;
    let title = format!("{TITLE}{}", page.note());
    let place = (BEGIN, WIDTH - MARGIN - VALUES);
    let scale = Scale { place, range: (0.0, longest(page.items)), rows: (top, bottom) };
    let drawn = paint(bottom + SCALE, theme, &title, |canvas| {
        canvas.header(&title, summary, "")?;
        legend.draw(canvas, HEADER)?;
        scale.draw(canvas, &ticks(&scale), "largest offered load of a replication (% of capacity)")?;
        let at = (WIDTH - MARGIN, top - 12.0);
        let confidence = show_percent(summary.confidence);
        let head = format!("median; probability of over 100 % ({confidence} interval)");
        canvas.text(&head, PLAIN, canvas.palette.faint, at, Anchor::Left)?;
        for (index, row) in page.items.iter().enumerate() {
            rule(canvas, top + ROW * index as f64)?;
            draw_row(canvas, &scale, row, middle(top, index))?;
        }
        rule(canvas, bottom)?;
        let x = scale.at(1.0);
        canvas.dashes([(x, top), (x, bottom)], stroke(ink, CAPACITY_WIDTH), Some(THIN_DASH))
    })?;
    Ok(drawn.named("headroom"))
}

const fn values_at() -> f64 {
    WIDTH - MARGIN - VALUES + 18.0
}

/// The end of the axis.
fn longest(rows: &[Row]) -> f64 {
    let all = rows.iter().flat_map(|row| row.peak.into_iter().chain(row.impaired));
    (1.05 * all.fold(0.0, f64::max)).clamp(LEAST, MOST)
}

fn ticks(scale: &Scale) -> Vec<Tick> {
    let end = scale.range.1;
    let step = if end > 2.0 { 0.5 } else { 0.25 };
    let count = libm::floor(end / step + 1e-9) as usize;
    (0..=count).map(|k| step * k as f64).map(|at| Tick::new(at, format!("{:.0}", 100.0 * at))).collect()
}

/// The row in words, with the median as the results hold it.
fn told(row: &Row) -> String {
    let Row { unit, note, peak, values: [peak_words, interval], .. } = row;
    let note = if note.is_empty() { String::new() } else { format!("; {note}") };
    format!("{unit}: peak {peak_words} in the median; {interval}{note}; exactly {}", peak[2])
}

fn draw_row(canvas: &Canvas<'_>, scale: &Scale, row: &Row, y: f64) -> Result<(), PlotError> {
    let Palette { ink, faint, main, second, inner, outer, .. } = canvas.palette;
    canvas.spot((MARGIN, y - 0.5 * ROW), (WIDTH - MARGIN, y + 0.5 * ROW), told(row));
    label(canvas, y, [&row.unit, &row.note])?;
    let [p5, p25, p50, p75, p95] = row.peak.map(|share| scale.at(share));
    let half = 0.5 * BAR;
    canvas.rectangle((p5, y - half), (p95, y + half), fill(main, outer))?;
    canvas.rectangle((p25, y - half), (p75, y + half), fill(main, inner))?;
    canvas.line([(p50, y - half), (p50, y + half)], stroke(main, MEDIAN_WIDTH))?;
    if row.peak[2] > scale.range.1 {
        let x = scale.place.1;
        let arrow = [(x - ARROW, y - ARROW), (x + 3.0, y), (x - ARROW, y + ARROW)];
        canvas.polygon(&arrow, fill(main, 1.0))?;
    }
    if let Some(impaired) = row.impaired {
        let x = scale.at(impaired);
        // Beneath the band, so that both are seen where they fall together.
        canvas.line([(x, y + half + 1.0), (x, y + half + 9.0)], stroke(second, MEDIAN_WIDTH))?;
    }
    canvas.text(&row.values[0], PLAIN, ink, (values_at(), y - 10.0), Anchor::Right)?;
    canvas.text(&row.values[1], PLAIN, faint, (values_at(), y + 10.0), Anchor::Right)
}
