//! Where the time goes: one bar for each journey of a population, by stage of recovery.

use super::canvas::{Anchor, Canvas, HEADER, paint};
use super::groups::{Page, paged};
use super::legend::{Legend, Mark, readable_on};
use super::rows::{BEGIN, MOST_ROWS, ROW, SCALE, Scale, label, middle};
use super::style::{MARGIN, PLAIN, Palette, WIDTH, fill, text_width};
use super::ticks::Tick;
use super::{Picture, PlotError, Theme};
use crate::measure::STAGE_NAMES;
use crate::study::{JourneySummary, Summary};
use crate::units::{show_percent, show_span};
use plotters::style::RGBColor;

const TITLE: &str = "Where does the downtime go?";
/// Room for what is printed right of the bars.
const VALUES: f64 = 210.0;
const BAR: f64 = 28.0;

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bar {
    pub(super) journey: String,
    pub(super) population: String,
    /// Stages with their share of downtime, in order of a recovery.
    pub(super) parts: Vec<(usize, f64)>,
    /// Mean downtime and its interval, as printed.
    pub(super) down: [String; 2],
}

/// What the pictures show: a bar for each journey of a population that was down at all.
pub(super) fn bars(summary: &Summary) -> Vec<Bar> {
    summary.journeys.iter().filter(|journey| !journey.stages.is_empty()).map(bar).collect()
}

fn bar(journey: &JourneySummary) -> Bar {
    let place = |name: &str| STAGE_NAMES.iter().position(|known| *known == name);
    let down = &journey.down_s;
    let range = match down.interval {
        Some(i) => format!("{} to {}", show_span(i.low * 1e6), show_span(i.high * 1e6)),
        None => "few events".to_owned(),
    };
    Bar {
        journey: journey.journey.clone(),
        population: journey.population.clone(),
        parts: journey.stages.iter().filter_map(|s| Some((place(&s.stage)?, s.share))).collect(),
        down: [show_span(down.mean * 1e6), range],
    }
}

/// Where the time goes, of all journeys with downtime.
pub(super) fn draw(summary: &Summary, theme: Theme) -> Result<Vec<Picture>, PlotError> {
    let bars = bars(summary);
    paged(&bars, MOST_ROWS).iter().map(|page| picture(summary, page, theme)).collect()
}

fn color(palette: &Palette, stage: usize) -> RGBColor {
    let Palette { series: s, more: m, .. } = palette;
    // Stages that often follow each other differ most.
    let colors = [s[4], s[5], s[0], m[1], s[3], m[2], s[6], s[1], m[0], s[2], m[3], m[4], m[5]];
    colors.get(stage).copied().unwrap_or(palette.faint)
}

fn picture(summary: &Summary, page: &Page<'_, Bar>, theme: Theme) -> Result<Picture, PlotError> {
    let palette = Palette::of(theme);
    let present = |stage: &usize| page.items.iter().any(|bar| bar.parts.iter().any(|(s, _)| s == stage));
    let mark = |stage: usize| (Mark::Band(fill(color(&palette, stage), 1.0)), STAGE_NAMES[stage].to_owned());
    let legend = Legend::new((0..STAGE_NAMES.len()).filter(present).map(mark).collect())?;
    // What stands above the values on the right.
    let top = HEADER + legend.height + 30.0;
    let bottom = top + ROW * page.items.len() as f64;
    let title = format!("{TITLE}{}", page.note());
    let place = (BEGIN, WIDTH - MARGIN - VALUES);
    let scale = Scale { place, range: (0.0, 100.0), rows: (top, bottom) };
    let drawn = paint(bottom + SCALE, theme, &title, |canvas| {
        canvas.header(&title, summary, "")?;
        legend.draw(canvas, HEADER)?;
        let ticks = [0.0, 25.0, 50.0, 75.0, 100.0].map(|p| Tick::new(p, p.to_string()));
        scale.draw(canvas, &ticks, "share of downtime in this stage of recovery (%)")?;
        let at = (WIDTH - MARGIN - VALUES + 22.0, top - 12.0);
        let confidence = show_percent(summary.confidence);
        let head = format!("mean, {confidence} interval");
        canvas.text(&head, PLAIN, canvas.palette.faint, at, Anchor::Right)?;
        page.items.iter().enumerate().try_for_each(|(row, bar)| {
            let y = middle(top, row);
            label(canvas, y, [&bar.journey, &bar.population])?;
            draw_bar(canvas, &scale, bar, y)
        })
    })?;
    Ok(drawn.named("stages"))
}

fn draw_bar(canvas: &Canvas<'_>, scale: &Scale, bar: &Bar, y: f64) -> Result<(), PlotError> {
    let mut from = 0.0;
    for (stage, share) in &bar.parts {
        let (left, right) = (scale.at(from), scale.at(from + 100.0 * share));
        from += 100.0 * share;
        let color = color(&canvas.palette, *stage);
        let name = STAGE_NAMES.get(*stage).copied().unwrap_or_default();
        let what = format!(
            "{} {}: {} of downtime in stage {name}",
            bar.journey,
            bar.population,
            show_percent(*share)
        );
        canvas.spot((left, y - 0.5 * BAR), (right, y + 0.5 * BAR), format!("{what}; exactly {share}"));
        let percent = show_percent((share * 1000.0).round() / 1000.0);
        part(canvas, (left, right), y, BAR, color, &[format!("{name} {percent}"), percent])?;
    }
    let at = WIDTH - MARGIN - VALUES + 22.0;
    canvas.text(&bar.down[0], PLAIN, canvas.palette.ink, (at, y - 10.0), Anchor::Right)?;
    canvas.text(&bar.down[1], PLAIN, canvas.palette.faint, (at, y + 10.0), Anchor::Right)
}

/// A part of a bar, with the first of `labels` that has room in it.
pub(super) fn part(
    canvas: &Canvas<'_>,
    (left, right): (f64, f64),
    y: f64,
    height: f64,
    color: RGBColor,
    labels: &[String],
) -> Result<(), PlotError> {
    // A line of the page's colour keeps neighbours apart for those who see no colours.
    let gap = if right - left > 3.0 { 1.0 } else { 0.0 };
    let half = 0.5 * height;
    canvas.rectangle((left, y - half), ((right - gap).max(left), y + half), fill(color, 1.0))?;
    for label in labels {
        if text_width(label, PLAIN)? + 12.0 <= right - left {
            return canvas.text(label, PLAIN, readable_on(color), (0.5 * (left + right), y), Anchor::Middle);
        }
    }
    Ok(())
}
